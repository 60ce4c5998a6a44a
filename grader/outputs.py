"""What a cell showed, as far as there is room for it and it can do nothing but show."""

from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

LONGEST_OUTPUT = 1_000_000
"""Characters of a cell's output that are kept; a figure has a tenth of it."""
MOST_OUTPUTS = 100
SHOWN = "text/plain", "image/png", "image/jpeg"
"""Kinds of output that are kept: those that can do nothing but show."""


class Outputs:
    """A cell's outputs, as far as there is room for them.

    Of a message, those fields are taken that are expected, if they are texts; not its metadata,
    which could change how a page looks.
    """

    def __init__(self) -> None:
        self.kept: list[NotebookNode] = []
        self.room = LONGEST_OUTPUT

    def take(self, message: dict[str, Any]) -> None:
        """Keep what a message of the kernel's shows."""
        content, kind = message["content"], message["msg_type"]
        if not isinstance(content, dict):
            return
        shown = content.get("data")
        data = shown if isinstance(shown, dict) else {}
        result = _text(data, "text/plain")
        points = kind == "execute_result" and len(result) < 100  # they may be
        if points and not any(output.output_type == kind for output in self.kept):
            self.kept.append(new_output(kind, data={"text/plain": result}))
            return
        if len(self.kept) >= MOST_OUTPUTS:
            return
        if kind == "error":
            name, words = _text(content, "ename")[:100], _text(content, "evalue")[:2000]
            frames = _frames(content.get("traceback"))
            self.kept.append(new_output(kind, ename=name, evalue=words, traceback=frames))
        elif kind == "stream":
            self._stream(_text(content, "name")[:100], _text(content, "text")[: self.room])
        elif kind in ("display_data", "execute_result"):
            kept = {name: _text(data, name) for name in SHOWN if name in data}
            self.room -= sum(map(len, kept.values()))
            if self.room >= 0:
                self.kept.append(new_output(kind, data=kept))

    def _stream(self, name: str, text: str) -> None:
        if self.room <= 0:
            return
        self.room -= len(text)
        last = self.kept[-1] if self.kept else None
        if last and last.output_type == "stream" and last.name == name:
            last.text += text
        else:
            self.kept.append(new_output("stream", name=name, text=text))


def _text(fields: dict[str, Any], name: str) -> str:
    """A field, if it is a text; one that is none says nothing."""
    text = fields.get(name, "")
    return text if isinstance(text, str) else ""


def _frames(traceback: Any) -> list[str]:
    """What a student can use of a traceback: what was wrong, and where in the notebook."""
    lines = traceback if isinstance(traceback, list) else []
    *frames, last = [line for line in lines[-1000:] if isinstance(line, str)] or [""]
    own = [frame for frame in frames if "Cell" in frame[:100] and "In[" in frame[:200]]
    return [part[:2000] for part in [*own[-5:], last]]
