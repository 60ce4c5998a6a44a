"""Work on a student's file in a process of its own: what it takes is bounded, and it can be ended.

Whatever a file makes us do, endless parsing, pages of a billion tags, messages of gigabytes, costs
that file alone.
"""

import asyncio
import multiprocessing
import os
import resource
import signal
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from multiprocessing.connection import Connection
from typing import Any

MEMORY = 2 * 2**30
"""Bytes that such a process may use: a large notebook needs a fifth of it."""

# The processes come from one that has read our code already, and has no threads.
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["grader.pipeline"])


class Ended(Exception):
    """The work was ended; the words say why."""


@asynccontextmanager
async def apart(work: Callable[..., Any], *given: Any) -> AsyncIterator[Callable[[float], Any]]:
    """Begin some work; it is ended when the block is left.

    Args:
        work: a function, known by its module and name, or a generator.
        given: its arguments.
    Yields:
        A function that takes seconds, and waits so long for what the function returns, or for the
        next thing that the generator yields. It raises Ended if there is none.
    """
    ours, theirs = _CONTEXT.Pipe(duplex=False)
    process = _CONTEXT.Process(target=_do, args=(theirs, work, given))
    process.start()
    theirs.close()

    async def told(seconds: float) -> Any:
        loop, readable = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(ours.fileno(), readable.set)
        try:
            await asyncio.wait_for(readable.wait(), seconds)
        except TimeoutError:
            raise Ended(f"it took more than {seconds:.0f} s") from None
        finally:
            loop.remove_reader(ours.fileno())
        try:
            said, trouble = ours.recv()
        except EOFError:
            raise Ended(f"it needed more than {MEMORY // 2**30} GB of memory, or crashed") from None
        if trouble:
            raise Ended(trouble)
        return said

    try:
        yield told
    finally:
        process.kill()
        process.join()
        ours.close()


def _do(theirs: Connection, work: Callable[..., Any], given: tuple[Any, ...]) -> None:
    """In the new process: do the work, and tell what comes of it, or why nothing more does."""
    signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C is for the grader, which ends us
    threading.Thread(target=_end_with_the_grader, daemon=True).start()
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, most))  # a kernel may take more
    try:
        done = work(*given)
        for said in done if isinstance(done, Iterator) else [done]:
            theirs.send((said, ""))
    except MemoryError:
        theirs.send((None, f"it needed more than {MEMORY // 2**30} GB of memory"))
    except Exception as error:  # whatever a returned file may bring about
        theirs.send((None, f"{type(error).__name__}: {error}"[:2000]))


def _end_with_the_grader() -> None:
    parent = multiprocessing.parent_process()
    assert parent, "this is a process of multiprocessing's"
    parent.join()
    os._exit(1)
