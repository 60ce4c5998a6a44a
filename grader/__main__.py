"""python -m grader release, and python -m grader grade FOLDER."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from gencourse.terminal import printable, say
from grader.grade import grade
from grader.release import release


def _positive(word: str) -> float:
    try:
        number = float(word)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"{word!r} is no positive number")
    return number


def main(words: Sequence[str] | None = None) -> None:
    """Read the command line, or these words, and do what they say.

    Raises:
        SystemExit: that cannot be done; the message says why.
    """
    parser = argparse.ArgumentParser(prog="python -m grader")
    commands = parser.add_subparsers(dest="command", required=True)
    releasing = commands.add_parser("release", help="make the students' notebooks")
    grading = commands.add_parser("grade", help="grade a folder of returned notebooks")
    for each in releasing, grading:
        each.add_argument(
            "--homework",
            type=Path,
            metavar="FOLDER",
            default=Path("notebooks", "homework"),
            help="with the assignments, source/NAME/NAME.ipynb; %(default)s by default",
        )
    grading.add_argument("folder", type=Path)
    grading.add_argument("--out", type=Path, help="for the results; FOLDER-grades by default")
    for name, default, what in ("--seconds", 60, "a cell"), ("--minutes", 10, "a notebook"):
        grading.add_argument(
            name, type=_positive, metavar="TIME", default=default, help=f"for {what}: {default}"
        )
    asked = parser.parse_args(words)
    try:
        if asked.command == "release":
            for path in release(asked.homework):
                say(str(path))
            return
        folder = asked.folder.resolve()
        out = asked.out or folder.with_name(f"{folder.name}-grades")
        limits = {"cell_seconds": asked.seconds, "total_seconds": 60 * asked.minutes}
        grade(folder, out, asked.homework, **limits)
        say(f"The grades are in {out / 'grades.csv'}, the pages for students in {out}/feedback.")
    except (ValueError, OSError) as error:
        sys.exit(printable(str(error), sys.stderr))
    except KeyboardInterrupt:
        sys.exit("Stopped. The rows of those who were finished are in the table.")


if __name__ == "__main__":
    main()
