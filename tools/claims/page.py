"""The page of all claims, book/claims.md, made by `make book`: python -m tools.claims.page"""

import re
from pathlib import Path

from gencourse.files import write_atomically
from gencourse.results.evidence import evidence, in_words
from tools import notebooks
from tools.claims.rows import NONE, states

PAGE = Path(__file__).parents[2] / "book" / "claims.md"
HEAD = """\
# All claims

A line with ✓ in a chapter is a **claim**: a sentence, what was measured, and its bound. The bound
stands where the sentence would stop being true. A claim is no proof, and no test of a hypothesis.
It is a check that fails when what the book says has ceased to be so. Here stands what each measured
with several seeds, in float32, on one thread, as mean ± standard deviation and as all the numbers.
One number alone is the same with every seed: it is about weights or results that travel with the
package, about a fixed picture, or a count that is full.

*Measured before a change* says that the chapter up to there, or the code that trains, has changed
since the runs; *not yet measured*, that the claim is newer than they are.
"""


def page(texts: list[Path], known: dict[str, dict]) -> str:
    """The page as Markdown."""
    return "\n".join([HEAD, *(_chapter(text, known.get(text.stem, NONE)) for text in texts)])


def _chapter(text, chapter):
    title = notebooks.read(text).cells[0].source.split("\n")[0].removeprefix("# ")
    lines = [f"## [{title}](../notebooks/{text.stem}.ipynb)\n"]
    if chapter["seeds"]:
        origin = chapter["origin"]
        seeds, commit = ", ".join(map(str, chapter["seeds"])), origin["commit"] or "unknown"
        lines.append(
            f"Seeds {seeds}, in this order; {origin['date']}, commit {commit[:12]}, torch "
            f"{origin['torch']}, {_plain(origin['processor'])}.\n"
        )
    # Lists and not a table: they fit a phone.
    for claim, state, rows in states(notebooks.claims_of(text), chapter):
        bound = f"{_plain(claim.relation)} {claim.bound:.4g}"
        if not rows:
            sentence = claim.sentence(("…",) * claim.words.count(None))
            lines.append(f"- {_plain(sentence)}: {bound}\n  - {state}")
        for row in rows:
            values = [value for value in row["values"] if value is not None]
            each = ", ".join(f"{value:.4g}" for value in values)
            told = in_words(values) + (f" ({each})" if len(set(values)) > 1 else "")
            lines.append(f"- {_plain(row['sentence'])}: {bound}\n  - {state}: {told}")
    return "\n".join(lines) + "\n"


def _plain(text):
    """The text with the signs quoted that mean something in Markdown."""
    return re.sub(r"([\\`*_{}\[\]<>$|~#])", r"\\\1", text)


def main() -> None:
    write_atomically(PAGE, page(notebooks.CHAPTERS, evidence()).encode())


if __name__ == "__main__":
    main()
