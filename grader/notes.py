"""What a teacher should know of a file and its run, in the words of the table."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from nbformat import NotebookNode

from grader.cells import about, is_answer, is_test, name
from grader.intake import Returned
from grader.kernel import Outcome
from grader.repair import Repaired
from grader.runs import Run

LONGEST_NOTE = 2000
MOST_STRANGE = 10
FORGED = "FORGED: a test that must fail was not reported as failed: no points"
# What nobody needs for an answer, and whoever wants to deceive a test may need.
STRANGE = re.compile(
    r"get_ipython|ast_transformers|input_transformers|history_manager|settrace|_hidden_tests"
    r"|\b(IPython|ipykernel|zmq|ctypes|builtins|inspect|importlib|gc|AssertionError)\b"
    r"|sys\.modules|_getframe|do_execute|__(builtins|eq|bool|getattribute|import|subclasses)__"
    r"|(?<![.\w])(exec|eval|globals|compile)\(|\bcheck(\.\w{1,40})? = "
)


@dataclass(frozen=True)
class Notes:
    """Clauses on a file.

    Args:
        shown: to the student too, on the page.
        own: the teacher's, in the table only.
        grave: shown to both, before all others.
    """

    shown: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    grave: tuple[str, ...] = ()

    def __add__(self, other: "Notes") -> "Notes":
        return Notes(self.shown + other.shown, self.own + other.own, self.grave + other.grave)

    def __str__(self) -> str:
        return "; ".join(self.grave + self.own + self.shown)[:LONGEST_NOTE]


def on_files(returned: Sequence[Returned]) -> dict[str, Notes]:
    """Notes on each file, before anything is run, by the file's name."""
    count = Counter((each.student, each.assignment) for each in returned)
    same: dict[str, list[str]] = {}
    for each in returned:
        if each.fingerprint:
            same.setdefault(each.fingerprint, []).append(each.file)
    found = {}
    for each in returned:
        shown, own = [], []
        if others := [file for file in same.get(each.fingerprint, []) if file != each.file]:
            more = f" and {len(others) - 3} more" if len(others) > 3 else ""
            own.append(f"the same content as {', '.join(map(_short, others[:3]))}{more}")
        if (several := count[each.student, each.assignment]) > 1 and each.assignment:
            shown.append(f"{each.student} returned {several} files; each has its row")
        shown += [note for note in (each.note, each.trouble) if note]
        found[each.file] = Notes(tuple(shown), tuple(own))
    return found


def _short(file: str) -> str:
    """A name that leaves room for other notes."""
    return file if len(file) <= 100 else f"{file[:50]}…{file[-49:]}"


def on_run(repaired: Repaired, run: Run) -> Notes:
    """Notes on a run: what had to be repaired, what stopped, and what is strange in it."""
    shown = repaired.notes + _told(run.notebook, run.outcomes)
    own = _strange(run.notebook) + _silent(run.notebook, run.outcomes)
    return Notes(tuple(shown), tuple(own), () if run.believed else (FORGED,))


def _silent(notebook: NotebookNode, outcomes: dict[int, Outcome]) -> list[str]:
    """Tests that passed, but without the word of the self-check that stands in them."""
    return [
        f"{name(cell)} passed without its ✓: read it"
        for index, cell in enumerate(notebook.cells)
        if is_test(cell)
        and outcomes[index].passed
        and re.search(r"^check\.\w", cell.source, re.M)
        and "✓" not in "".join(output.get("text", "") for output in cell.outputs)
    ]


def _told(notebook: NotebookNode, outcomes: dict[int, Outcome]) -> list[str]:
    """What stopped, and how."""
    notes, last = [], "the beginning"
    for index, cell in enumerate(notebook.cells):
        last = name(cell) if is_answer(cell) or is_test(cell) else last
        if index not in outcomes:
            continue
        outcome, place = outcomes[index], last if about(cell) else f"a cell after {last}"
        if outcome.trouble:
            notes.append(f"{place} {outcome.trouble}")
        elif not outcome.passed and (
            is_answer(cell)
            or index == min(outcomes)
            or (is_test(cell) and outcome.error not in ("AssertionError", "NameError"))
        ):
            notes.append(f"{place} stopped with {outcome.error}")
    return notes


def _strange(notebook: NotebookNode) -> list[str]:
    """Words in the student's code that nobody needs for an answer."""
    notes, last = [], "the beginning"
    for cell in notebook.cells:
        last = name(cell) if is_answer(cell) or is_test(cell) else last
        if is_answer(cell) or cell.metadata.get("added"):
            place = last if about(cell) else f"a cell after {last}"
            words = {found[0].strip() for found in STRANGE.finditer(cell.source)}
            notes += [f"{place} names {word}: read it" for word in sorted(words)]
    return notes[:MOST_STRANGE]
