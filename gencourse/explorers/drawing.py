"""A sheet to draw a prior on, for readers with a kernel."""

import json
from uuid import uuid4

import ipywidgets
from IPython.display import display

from gencourse.explorers.words import WORDS
from gencourse.watching import somebody_watches

SIZE = 300  # pixels
REACH = 2.7  # the sheet shows the plane from −REACH to REACH

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

    def __init__(self, otherwise):
        self.otherwise = otherwise
        self.field = None
        if somebody_watches():
            self._show()

    @property
    def strokes(self):
        lines = json.loads((self.field.value if self.field else "") or "[]")
        return [[_on_the_plane(*point) for point in line] for line in lines] or self.otherwise

    def _show(self):
        name, words = f"drawing-{uuid4().hex}", WORDS["en"]
        self.field = ipywidgets.Textarea(layout={"display": "none"})
        self.field.add_class(name)
        sheet, clear = ipywidgets.HTML(), ipywidgets.Button(description=words["clear"])

        def new_sheet(turn):
            self.field.value = ""
            sheet.value = SHEET.format(size=SIZE, label=words["draw"], name=name, turn=turn)

        turns = iter(range(1, 10**9))  # a sheet that differs in nothing would not be drawn anew
        clear.on_click(lambda _: new_sheet(next(turns)))
        new_sheet(0)
        display(ipywidgets.VBox([sheet, clear, self.field]))


def _on_the_plane(x, y):
    return (2 * x / SIZE - 1) * REACH, (1 - 2 * y / SIZE) * REACH
