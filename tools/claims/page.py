"""The page of all claims, made from their evidence: python -m tools.claims.page"""

import re
from pathlib import Path

from gencourse.files import write_atomically
from gencourse.results.evidence import evidence, mean_and_sd
from tools.notebooks import CHAPTERS, read

PAGE = Path(__file__).parents[2] / "book" / "claims.md"
HEAD = """\
# All claims

A line with ✓ in a chapter is a **claim**: a sentence, what was measured, and the bound that it had
to keep. Every chapter was run with several seeds. Where the processor can multiply in bfloat16, all
of that was done in float32 too, as most laptops do. Below each sentence and its bound stand, for
each arithmetic, the mean ± the standard deviation, and all the numbers. Where these are the same
for every seed, the sentence is about something that no seed changes: weights or results that travel
with the package, a fixed picture, a count that is full.

A claim is no proof. It is a check that fails when what the book says has ceased to be so, with its
evidence beside it. Three rules hold for a bound, and the numbers of both arithmetics count as one
set. It holds for every number. It lies at least three standard deviations from their mean, so that
chance does not break it; or, if it is not 0 and no number is on the other side of zero, no farther
from zero than a third of the smallest. And it lies at most twelve of them away, or within a factor
of two of the mean, so that it still says something. But a bound of 0 or 1 only says which of two is
larger, = only has to hold, a bound of counts may lie one whole number away, and a thousandth is
never too much room.

This page is written by `make claims`, which runs every chapter with every seed. Since the commit
that is named, some sentences have got other words, a few of their numbers are computed from those
of the runs in another way (a logarithm, a sum, the largest or the smallest of several), and bounds
have moved; nothing was run again for that. The runs had one thread, the pages two, which add in
another order: so seed 0 of a page is another run.
"""


def page(known: dict[str, dict], titles: dict[str, str]) -> str:
    """The page as Markdown.

    Args:
        known: the evidence for each chapter.
        titles: chapter → its title, of the chapters to show, in their order.
    """
    return "\n".join([HEAD, *(_chapter(name, known[name], titles[name]) for name in titles)])


def titles_of(chapters: list[Path], known: dict[str, dict]) -> dict[str, str]:
    """The titles of those chapters for which there is evidence."""
    first = {
        text.stem: read(text).cells[0].source.split("\n")[0]
        for text in chapters
        if text.stem in known
    }
    return {name: line.removeprefix("# ") for name, line in first.items()}


def _chapter(name, chapter, title):
    seeds = {run["seed"] for runs in chapter["runs"].values() for run in runs}
    lines = [
        f"## [{title}](../notebooks/{name}.ipynb)\n",
        f"Seeds {', '.join(map(str, sorted(seeds)))}, in this order. {_origin(chapter['runs'])}\n",
    ]
    # Lists and not a table: they fit a phone.
    for claim in chapter["claims"]:
        lines.append(f"- {_plain(claim['sentence'])}: {_bound(claim)}")
        for arithmetic, values in claim["values"].items():
            measured = ", ".join(map(_number, values))
            lines.append(f"  - {arithmetic}: {mean_and_sd(values)} ({measured})")
    return "\n".join(lines) + "\n"


def _origin(runs):
    """Where the runs come from, each thing once."""
    every = [run for several in runs.values() for run in several]
    found = {key: dict.fromkeys(run[key] for run in every) for key in every[0]}
    # The first letters of a commit name it; that there were changes is said too.
    commits = ", ".join(
        re.sub(r"^(\w{12})\w+", r"\1", commit or "unknown") for commit in found["commit"]
    )
    return (
        f"Run on {', '.join(sorted(found['date']))} at commit {commits}, with torch "
        f"{', '.join(found['torch'])} on {_plain(', '.join(found['processor']))}, "
        f"threads: {', '.join(map(str, found['threads']))}."
    )


def _bound(claim):
    measured_too = isinstance(claim["bound"], dict)
    return f"{_plain(claim['relation'])} {'measured' if measured_too else _number(claim['bound'])}"


def _number(value):
    return "–" if value is None else f"{value:.4g}"


def _plain(text):
    """The text with the signs quoted that mean something in Markdown."""
    return re.sub(r"([\\`*_{}\[\]<>$|~#])", r"\\\1", text)


def main() -> None:
    known = evidence()
    write_atomically(PAGE, page(known, titles_of(CHAPTERS, known)).encode())


if __name__ == "__main__":
    main()
