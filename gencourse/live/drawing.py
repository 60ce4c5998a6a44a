"""A sheet to draw a prior on, for readers with a kernel."""

import json
from collections.abc import Sequence
from itertools import count
from uuid import uuid4

import ipywidgets
from IPython.display import display

from gencourse.live.words import WORDS
from gencourse.watching import somebody_watches

SIZE = 300  # pixels
REACH = 2.7  # the sheet shows the plane from −REACH to REACH

Strokes = Sequence[Sequence[Sequence[float]]]

# A widget that holds HTML runs no scripts, but the handlers of its elements. So each handler
# stands in its place, and what was drawn travels through a hidden text field, which any front
# end keeps in step with the kernel.
SHEET = """\
<canvas width="{size}" height="{size}" role="img" aria-label="{label}"
  style="border: 1px solid #888; background: white; touch-action: none; cursor: crosshair"
  onpointerdown="this.setPointerCapture(event.pointerId);
    this.line = []; (this.lines = this.lines || []).push(this.line)"
  onpointermove="if (!this.line) return;
    const pen = this.getContext('2d'), last = this.line.at(-1);
    const here = [event.offsetX, event.offsetY];
    if (last) {{ pen.lineWidth = 4; pen.lineCap = 'round'; pen.beginPath();
      pen.moveTo(...last); pen.lineTo(...here); pen.stroke() }}
    this.line.push(here)"
  onpointerup="this.line = null;
    const field = document.querySelector('.{name} textarea');
    field.value = JSON.stringify(this.lines);
    for (const kind of ['input', 'change'])
      field.dispatchEvent(new Event(kind, {{bubbles: true}}))"
></canvas><!-- {turn} -->"""


class Drawing:
    """What a reader has drawn: `strokes`, a list of lines, each a list of points (x, y).

    Where nobody watches there is no sheet, and the drawing is the one that was given.

    otherwise: the strokes to use as long as nothing is drawn.
    """

    def __init__(self, otherwise: Strokes) -> None:
        self.otherwise = otherwise
        self.field: ipywidgets.Textarea | None = None
        if somebody_watches():
            self._show()

    @property
    def strokes(self) -> Strokes:
        lines = json.loads((self.field.value if self.field else "") or "[]")
        return [[_on_the_plane(*point) for point in line] for line in lines] or self.otherwise

    def _show(self) -> None:
        name = f"drawing-{uuid4().hex}"
        self.field = field = ipywidgets.Textarea(layout={"display": "none"})
        field.add_class(name)
        sheet, clear = ipywidgets.HTML(), ipywidgets.Button(description=WORDS["clear"])

        def new_sheet(turn: int) -> None:
            field.value = ""
            sheet.value = SHEET.format(size=SIZE, label=WORDS["draw"], name=name, turn=turn)

        turns = count(1)  # a sheet that differs in nothing would not be drawn anew
        clear.on_click(lambda _: new_sheet(next(turns)))
        new_sheet(0)
        display(ipywidgets.VBox([sheet, clear, field]))


def _on_the_plane(x: float, y: float) -> tuple[float, float]:
    return (2 * x / SIZE - 1) * REACH, (1 - 2 * y / SIZE) * REACH
