"""What a cell showed, as far as there is room for it and it can do nothing but show."""

from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import output_from_msg

LONGEST_OUTPUT = 1_000_000
"""Characters of a cell's output that are kept; a figure has a tenth of it."""
MOST_OUTPUTS = 100
SHOWN = {"text/plain", "image/png", "image/jpeg"}
"""Kinds of output that are kept: those that can do nothing but show."""


class Outputs:
    """A cell's outputs, as far as there is room for them."""

    def __init__(self) -> None:
        self.kept: list[NotebookNode] = []
        self.room = LONGEST_OUTPUT

    def take(self, message: dict[str, Any]) -> None:
        """Keep what a message of the kernel's shows."""
        if message["msg_type"] not in ("stream", "display_data", "execute_result", "error"):
            return
        output = output_from_msg(message)
        result = output.get("data", {}).get("text/plain", "")
        if output.output_type == "execute_result" and len(result) < 100:  # it may be points
            output.data = {"text/plain": result}
            self.kept.append(output)
            return
        if len(self.kept) >= MOST_OUTPUTS:
            return
        if output.output_type == "error":
            output.ename = output.ename[:100]
            output.evalue = output.evalue[:2000]
            output.traceback = _frames(output.traceback)
            self.kept.append(output)
            return
        if self.room <= 0:
            return
        if output.output_type == "stream":
            output.text = output.text[: self.room]
            self.room -= len(output.text)
            last = self.kept[-1] if self.kept else None
            if last and last.output_type == "stream" and last.name == output.name:
                last.text += output.text
                return
        else:
            output.data = {kind: output.data[kind] for kind in SHOWN & set(output.data)}
            self.room -= len(str(output))
            if self.room < 0:
                return
        self.kept.append(output)


def _frames(traceback: list[str]) -> list[str]:
    """What a student can use of a traceback: what was wrong, and where in the notebook."""
    *frames, last = traceback or [""]
    own = [frame for frame in frames if "Cell" in frame[:100] and "In[" in frame[:200]]
    return [part[:2000] for part in [*own[-5:], last]]
