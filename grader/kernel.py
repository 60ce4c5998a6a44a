"""One kernel in a sandbox. Whoever talks to it stands outside and believes little of it."""

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty
from typing import Any

import zmq.asyncio
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbformat import NotebookNode
from nbformat.v4 import new_output

from grader.outputs import Outputs
from grader.sandbox import PYTHON, Sandbox, Workspace, workspace

GRACE = 5
"""Seconds that a cell has to stop in after it was interrupted."""
PAUSES = 1, 3, 9
"""Seconds before a kernel that did not start is started again."""
LONGEST_MESSAGE = 2**27
"""Bytes in one part of a message; all parts together are bounded by the memory of `apart`."""


class KernelDied(Exception):
    """The kernel ended, or did not stop when it was told to."""


@dataclass
class Outcome:
    """What became of a cell.

    `error` is the name of the exception that stopped it, if one did; `trouble` says what is worth
    a note.
    """

    passed: bool
    outputs: list[NotebookNode]
    trouble: str = ""
    error: str = ""


def failure(trouble: str, outputs: Sequence[NotebookNode] = ()) -> Outcome:
    """The Outcome of a cell that was stopped from outside; it says so itself."""
    words = f"This cell {trouble}."
    said = new_output("error", ename="", evalue=words, traceback=[words])
    return Outcome(False, [*outputs, said], trouble)


class _Specs(KernelSpecManager):
    """Knows one kernel, and how it is started here, whatever a notebook asks for."""

    def __init__(self, command: list[str]):
        super().__init__()
        self.command = command

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        return KernelSpec(argv=self.command, language="python")


class _Fair(AsyncZMQSocketChannel):
    """A channel that lets the clock run on, however fast messages come in.

    A message that is there already is no pause: a flood of them would keep all else waiting, also
    what ends the flood.
    """

    async def get_msg(  # type: ignore[override]  # as the class above has it, too
        self, timeout: float | None = None
    ) -> dict[str, Any]:
        await asyncio.sleep(0)
        return await super().get_msg(timeout)


@asynccontextmanager
async def started(place: Workspace, seconds: float) -> AsyncIterator["Kernel"]:
    """A kernel that runs in a workspace until the block is left.

    Args:
        place: a Workspace.
        seconds: for which it may be needed.
    Yields:
        A Kernel.
    Raises:
        RuntimeError: it did not start.
    """
    kernel = await _patiently_started(place, seconds)
    try:
        yield kernel
    finally:
        await kernel.stop()


async def _patiently_started(place: Workspace, seconds: float) -> "Kernel":
    """A kernel. What an earlier one of this student leaves behind may take a while to die."""
    for pause in PAUSES:
        with suppress(RuntimeError):
            return await _started_once(place, seconds)
        await asyncio.sleep(pause)
    return await _started_once(place, seconds)


async def _started_once(place: Workspace, seconds: float) -> "Kernel":
    kernel = Kernel(place, seconds)
    try:
        await kernel.start()
    except RuntimeError:
        await kernel.stop()
        raise
    return kernel


async def require_package(sandbox: Sandbox) -> None:
    """Try whether gencourse can be used in a sandbox.

    Raises:
        ValueError: it cannot, and everybody would get nothing.
        OSError: no folder can be made to try it in.
    """
    try:
        with workspace(sandbox, 0) as place:
            async with started(place, 120) as trial:
                outcome = await trial.run("import gencourse.check", 120)
        errors = [output.evalue for output in outcome.outputs if output.output_type == "error"]
    except (RuntimeError, KernelDied) as error:
        errors = [str(error)]
    if errors:
        raise ValueError(
            f"The package cannot be imported where the notebooks run; Python said: {errors[0]!r}. "
            f"Expected gencourse to be installed for {PYTHON}, as make book does."
        )


class Kernel:
    """A kernel to which cells are given one after the other.

    Args:
        place: the Workspace in which it runs.
        seconds: for which it may be needed.
    """

    def __init__(self, place: Workspace, seconds: float):
        python = [PYTHON, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        # IPython's own exit() ends the kernel after the cell, without a word; Python's raises.
        exits = "--InteractiveShellApp.exec_lines=import sys; exit = quit = sys.exit"
        history = "--HistoryManager.enabled=False"
        command = place.command(seconds, [*python, exits, history])
        context = zmq.asyncio.Context()
        context.setsockopt(zmq.MAXMSGSIZE, LONGEST_MESSAGE)
        self.place = place
        self.manager = AsyncKernelManager(
            kernel_spec_manager=_Specs(command),
            context=context,
            transport="ipc",  # files in a folder, which needs no network
            ip=str(place.wire / "kernel"),
            connection_file=str(place.wire / "kernel.json"),
        )
        self.client: AsyncKernelClient | None = None

    async def start(self) -> None:
        """Start it, and wait until it answers.

        Raises:
            RuntimeError: it did not.
            OSError: its folders cannot be made.
        """
        self.place.prepare()
        self.manager.write_connection_file()
        owner = self.place.desk.stat()  # the kernel's user, who must read how it is reached
        os.chown(self.manager.connection_file, owner.st_uid, owner.st_gid)
        said = self.place.folder / "errors.txt"
        with said.open("wb") as errors:
            await self.manager.start_kernel(
                env=_environment(self.place.home), cwd=self.place.desk, stdout=errors, stderr=errors
            )
        self.client = self.manager.client()
        self.client.iopub_channel_class = _Fair
        self.client.start_channels(stdin=False, hb=False)
        try:
            await self.client.wait_for_ready(timeout=60)
            # It also has to be connected where it is interrupted.
            self._control("kernel_info_request")
            await self.client.control_channel.get_msg(timeout=60)
        except (RuntimeError, Empty):
            with said.open(errors="replace") as errors:
                last = errors.read(10_000).strip().split("\n")[-1]
            raise RuntimeError(f"the kernel did not start: {last}") from None
        self.place.seal()

    def _control(self, request: str) -> None:
        """A request that a kernel answers while a cell runs.

        Messages reach it through the sandbox's walls; a signal would end the sandbox.
        """
        assert self.client, "a Kernel is started before it is asked anything"
        self.client.control_channel.send(self.client.session.msg(request))

    async def stop(self) -> None:
        """End it and everything that it started."""
        if self.client:
            self.client.stop_channels()
        if self.manager.has_kernel:
            await self.manager.shutdown_kernel(now=True)
        self.manager.context.destroy(linger=0)
        self.place.clear()

    async def run(self, source: str, seconds: float) -> Outcome:
        """Run a cell; interrupt it if it takes too long.

        Args:
            source: code.
            seconds: after which it is interrupted.
        Returns:
            An Outcome.
        Raises:
            KernelDied: it ended, or did not heed the interruption.
        """
        assert self.client, "a Kernel is started before it runs anything"
        outputs = Outputs()
        # input() has nobody to ask: it raises.
        reply = asyncio.ensure_future(
            self.client.execute_interactive(
                source, allow_stdin=False, stop_on_error=False, output_hook=outputs.take
            )
        )
        end = asyncio.ensure_future(self._end())
        both, first = {reply, end}, asyncio.FIRST_COMPLETED
        try:
            done, _ = await asyncio.wait(both, timeout=seconds, return_when=first)
            if timed_out := not done:
                self._control("interrupt_request")
                done, _ = await asyncio.wait(both, timeout=GRACE, return_when=first)
            if reply not in done:
                late = f"could not be stopped after {seconds:.0f} s"
                raise KernelDied("ended the kernel" if end in done else late)
            if timed_out:
                trouble = f"was stopped after {seconds:.0f} s"
                kept = [output for output in outputs.kept if output.output_type != "error"]
                return failure(trouble, kept)
            try:
                content = reply.result()["content"]
                error = str(content.get("ename", ""))[:100]
                return Outcome(content["status"] == "ok", outputs.kept, _trouble(content), error)
            except Exception:  # whatever code may send in place of an answer
                raise KernelDied("sent what is no answer of a kernel's") from None
        finally:
            reply.cancel()
            end.cancel()

    async def _end(self) -> None:
        while await self.manager.is_alive():
            await asyncio.sleep(0.2)


def _trouble(content: dict[str, Any]) -> str:
    """What a cell's last word says, if that is more than that something is wrong in it."""
    error, words = content.get("ename"), str(content.get("evalue"))
    if error == "SystemExit":
        return "called exit"
    # The second is torch's.
    if error == "MemoryError" or "can't allocate memory" in words:
        return "ran out of memory"
    return ""


def _environment(home: Path) -> dict[str, str]:
    """What the kernel knows of the machine: little, and nothing of ours."""
    return {
        "PATH": f"{Path(PYTHON).parent}:/usr/bin:/bin",
        "HOME": str(home),
        "USER": "student",
        "LANG": "C.UTF-8",
        "OMP_NUM_THREADS": "1",  # as many students at once as there are cores
        "OPENBLAS_NUM_THREADS": "1",
        "PIP_NO_INDEX": "1",  # !pip install fails at once instead of trying for long
        "PYTHONDONTWRITEBYTECODE": "1",
        "NBGRADER_EXECUTION": "autograde",
    }
