"""The table of grades: a CSV file that a spreadsheet shows, and that a teacher writes into."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from gencourse.files import write_atomically

FIRST = ["student", "file", "assignment"]
LAST = ["automatic", "total", "maximum", "to grade by hand", "note", "fingerprint"]
# A spreadsheet would compute what begins so, also behind a sign that it may take for the end of a
# cell; a file may be called anything. The mark makes a text of it.
FORMULA = re.compile("""((?:^|[;\t\r\n])["']*)(?=[=+@\t\r-])""")
GUARDED = re.compile("""((?:^|[;\t\r\n])["']*)'(?=[=+@\t\r-])""")


# A task of another assignment. An empty cell of a task is one to fill in by hand.
NOT_HERE = "–"


def write(
    path: Path, rows: Iterable[Mapping[str, str]], titles: Mapping[str, Mapping[str, str]]
) -> None:
    """Write the table.

    Args:
        path: of the file.
        rows: dictionaries by column, those of tasks by grade id.
        titles: for each assignment the titles of its tasks by grade id, in order.
    Raises:
        OSError: the file cannot be written; on Windows, because a spreadsheet has it open.
    """
    count = Counter(title for own in titles.values() for title in own.values())
    columns = {
        _apart(title, assignment) if count[title] > 1 else title: (assignment, task)
        for assignment, own in titles.items()
        for task, title in own.items()
    }
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_guarded(name) for name in [*FIRST, *columns, *LAST])
    for row in rows:
        points = [
            row.get(task, NOT_HERE) if row["assignment"] == assignment else NOT_HERE
            for assignment, task in columns.values()
        ]
        first, last = ([row.get(name, "") for name in names] for names in (FIRST, LAST))
        writer.writerow(_guarded(str(value)) for value in [*first, *points, *last])
    # With the mark, Excel knows that the Korean in it is UTF-8.
    write_atomically(path, text.getvalue().encode("utf-8-sig", "replace"))


def read(path: Path, titles: Mapping[str, Mapping[str, str]]) -> list[dict[str, str]]:
    """The rows of a table that may have been through a spreadsheet.

    Args:
        path: of the file.
        titles: as for `write`; columns named by their grade ids are known too.
    Returns:
        Dictionaries by column, those of tasks by grade id; none if there is no such file.
    Raises:
        ValueError: it is no table of grades any more.
        OSError: it cannot be read.
    """
    if not path.exists():
        return []
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp949", "replace")  # as a Korean Excel saves it
    head = text.split("\n")[0]
    try:
        rows = list(csv.DictReader(io.StringIO(text), delimiter=max(",;\t", key=head.count)))
    except csv.Error as error:
        raise ValueError(f"{path} is no table of grades: {error}. Move it away.") from error
    if not {*FIRST, *LAST} <= set(rows[0] if rows else next(csv.reader([head]), [])):
        raise ValueError(
            f"{path} is no table of grades; expected the columns {', '.join([*FIRST, *LAST])}. "
            "Move it away and grade again."
        )
    return [_by_grade_id(row, titles) for row in rows]


def _by_grade_id(
    written: Mapping[str, str], titles: Mapping[str, Mapping[str, str]]
) -> dict[str, str]:
    cells = {
        _without_maximum(_unguarded(name)): _unguarded(text or "")
        for name, text in written.items()
        if name
    }
    row = {name: cells[name] for name in [*FIRST, *LAST]}
    for task, title in titles.get(row["assignment"], {}).items():
        for name in map(_without_maximum, (_apart(title, row["assignment"]), title, task)):
            # Old code pages have no such dash: it may have become another sign.
            if name in cells and not re.fullmatch(r"[^\w\s]", cells[name].strip()):
                row[task] = cells[name]
                break
    return row


def _apart(title: str, assignment: str) -> str:
    """A title that several assignments have."""
    return f"{title} ({assignment})"


def _without_maximum(title: str) -> str:
    """A title that stays the same when a task is worth more."""
    return re.sub(r" /[\d.]+(?= \(|$)", "", title)


def _guarded(value: str) -> str:
    return FORMULA.sub(r"\1'", value)


def _unguarded(value: str) -> str:
    return GUARDED.sub(r"\1", value)
