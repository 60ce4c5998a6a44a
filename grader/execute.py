"""Run a whole notebook, whatever its cells do to the kernel."""

import random
import time

from nbformat import NotebookNode

from grader.cells import is_test
from grader.kernel import Kernel, KernelDied, Outcome, failure, started
from grader.runs import Run
from grader.sandbox import Workspace


async def execute(
    notebook: NotebookNode,
    place: Workspace,
    *,
    cell_seconds: float,
    total_seconds: float,
) -> Run:
    """Run a notebook's code cells.

    A cell that ends the kernel, or cannot be stopped, has failed. The others are
    run again without it in a new kernel, so that it costs its own points only.

    Args:
        notebook: stays as it is.
        place: a Workspace.
        cell_seconds: after which a cell is interrupted.
        total_seconds: after which the remaining cells are not run.
    Returns:
        A Run.
    Raises:
        RuntimeError: the kernel does not start.
        OSError: there are no folders for it.
    """
    end = time.monotonic() + total_seconds
    code = {index: cell for index, cell in enumerate(notebook.cells) if cell.cell_type == "code"}
    deadly: dict[int, Outcome] = {}
    believed = None
    while believed is None:
        left = {index: cell for index, cell in code.items() if index not in deadly}
        async with started(place, total_seconds) as kernel:
            outcomes, died, honest = await _in_turn(kernel, left, cell_seconds, end)
        if died:
            deadly |= died
        else:
            believed = honest
    return Run.of(notebook, outcomes | deadly, believed)


async def _in_turn(
    kernel: Kernel, code: dict[int, NotebookNode], cell_seconds: float, end: float
) -> tuple[dict[int, Outcome], dict[int, Outcome], bool]:
    """The outcomes of cells by number, and of the one that ended the kernel, if one did; and
    whether no test passed that had to fail."""
    outcomes, honest = {}, True
    for index, cell in code.items():
        left = end - time.monotonic()
        if left <= 0:
            outcomes[index] = failure("was not run: the notebook's time was over")
            continue
        try:
            for source, counts in _twins(cell.source) if is_test(cell) else [(cell.source, True)]:
                outcome = await kernel.run(source, min(cell_seconds, left))
                if counts:
                    outcomes[index] = outcome
                else:
                    honest &= not outcome.passed
        except KernelDied as death:
            return outcomes, {index: failure(f"{death}; the rest was run without it")}, honest
    return outcomes, {}, honest


def _twins(test: str) -> list[tuple[str, bool]]:
    """A test and a twin that must fail, at its first line, in either order; and which one counts.

    A notebook may have changed how cells run and how errors are told. The kernel cannot tell the
    twins apart, but by comparing the numbers as it should.
    """
    low, high = sorted(random.SystemRandom().sample(range(10**6), 2))
    twins = [(f"assert {low} < {high}  {test}", True), (f"assert {high} < {low}  {test}", False)]
    random.SystemRandom().shuffle(twins)
    return twins
