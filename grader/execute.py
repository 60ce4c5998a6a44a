"""Run a whole notebook, whatever its cells do to the kernel."""

import time
import uuid

from nbformat import NotebookNode

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
    code = {
        index: cell.source for index, cell in enumerate(notebook.cells) if cell.cell_type == "code"
    }
    deadly: dict[int, Outcome] = {}
    believed = None
    while believed is None:
        left = {index: source for index, source in code.items() if index not in deadly}
        async with started(place, total_seconds) as kernel:
            outcomes, died = await _in_turn(kernel, left, cell_seconds, end)
            if died:
                deadly |= died
            else:
                believed = await _reports_failures(kernel)
    return Run.of(notebook, outcomes | deadly, believed)


async def _in_turn(
    kernel: Kernel, code: dict[int, str], cell_seconds: float, end: float
) -> tuple[dict[int, Outcome], dict[int, Outcome]]:
    """The outcomes of cells by number, and of the one that ended the kernel, if one did."""
    outcomes = {}
    for index, source in code.items():
        left = end - time.monotonic()
        if left <= 0:
            outcomes[index] = failure("was not run: the notebook's time was over")
            continue
        try:
            outcomes[index] = await kernel.run(source, min(cell_seconds, left))
        except KernelDied as death:
            return outcomes, {index: failure(f"{death}; the rest was run without it")}
    return outcomes, {}


async def _reports_failures(kernel: Kernel) -> bool:
    """Whether a failing test still fails: a notebook may have changed how errors are told."""
    word = uuid.uuid4().hex
    try:
        outcome = await kernel.run(f"assert False, {word!r}", 10)
    except KernelDied:
        return False
    told = [output for output in outcome.outputs if output.output_type == "error"]
    return not outcome.passed and any(word in output.evalue for output in told)
