"""What a teacher should know of a run, in the words of the table."""

import re

from grader.cells import about, is_answer, is_test, name

# What nobody needs for an answer, and whoever wants to deceive a test may need.
STRANGE = re.compile(
    r"get_ipython|ast_transformers|input_transformers|history_manager|settrace|_hidden_tests"
    r"|\bcheck(\.\w{1,40})? = "
)


def told(notebook, outcomes):
    """Notes on a run: what stopped, and how.

    Args:
        notebook: that was run.
        outcomes: of its code cells, by number.
    Returns:
        A list of clauses.
    """
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


def strange(notebook):
    """Notes on words in the student's code that nobody needs for an answer."""
    notes, last = [], "the beginning"
    for cell in notebook.cells:
        last = name(cell) if is_answer(cell) or is_test(cell) else last
        if is_answer(cell) or cell.metadata.get("added"):
            place = last if about(cell) else f"a cell after {last}"
            words = {found[0].strip() for found in STRANGE.finditer(cell.source)}
            notes += [f"{place} names {word}: read it" for word in sorted(words)]
    return notes
