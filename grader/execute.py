"""Run a whole notebook, whatever its cells do to the kernel."""

import time
import uuid

from grader.kernel import KernelDied, failure, started


async def execute(notebook, sandbox, number, *, cell_seconds, total_seconds):
    """Run a notebook's code cells, and fill in their outputs.

    A cell that ends the kernel, or cannot be stopped, has failed. The others are
    run again without it in a new kernel, so that it costs its own points only.

    Args:
        notebook: its code cells get outputs.
        sandbox, number: as for `kernel.started`.
        cell_seconds: after which a cell is interrupted.
        total_seconds: after which the remaining cells are not run.
    Returns:
        An Outcome for each code cell's number, and whether they can be believed.
    Raises:
        RuntimeError: the kernel does not start.
    """
    end = time.monotonic() + total_seconds
    code = [index for index, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    left_out = {}
    while True:
        async with started(sandbox, number, total_seconds) as kernel:
            outcomes = dict(left_out)
            for index in code:
                if index in left_out:
                    continue
                try:
                    left = end - time.monotonic()
                    outcomes[index] = (
                        await kernel.run(notebook.cells[index].source, min(cell_seconds, left))
                        if left > 0
                        else failure("was not run: the notebook's time was over")
                    )
                except KernelDied as death:
                    left_out[index] = failure(f"{death}; the rest was run without it")
                    break
            else:
                believed = await _reports_failures(kernel)
                break
    for index, outcome in outcomes.items():
        notebook.cells[index].outputs = outcome.outputs
    return outcomes, believed


async def _reports_failures(kernel):
    """Whether a failing test still fails: a notebook may have changed how errors are told."""
    word = uuid.uuid4().hex
    try:
        outcome = await kernel.run(f"assert False, {word!r}", 10)
    except KernelDied:
        return False
    told = [output for output in outcome.outputs if output.output_type == "error"]
    return not outcome.passed and any(word in output.evalue for output in told)
