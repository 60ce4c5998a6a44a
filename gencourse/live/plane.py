"""The codes of digits in the plane, drawn, and what a page must know to draw with their decoder."""

import html
import io
import json
from collections.abc import Mapping
from pathlib import Path
from string import Template
from typing import Any

import torch
from matplotlib.ticker import MaxNLocator
from PIL import Image

from gencourse.figures.inputs import as_points, some
from gencourse.figures.style import DIGITS
from gencourse.live.networks import address, as_the_page_has_it, half_bytes, packed
from gencourse.live.words import WORDS
from gencourse.models.base import LatentVariableModel

MOST = 400  # images; each costs a hundred bytes
GRID = 8  # images in a row and in a column of the grid
TOLERANCE = 0.02  # between what the model and the page draw, the mean over pixels in [0, 1]
LEFT, TOP, SIDE = 105, 15, 880  # the square of the codes in a plane of 1000 × 955
ROOM = 55  # that a digit needs to be read, in units of the plane
FOLDER = Path(__file__).parent


def template(name: str) -> Template:
    """The template of that name, beside this file."""
    return Template((FOLDER / name).read_text(encoding="utf-8"))


def inline(data: Mapping[str, Any]) -> str:
    """JSON that can stand in a script of a page: no name in it ends or begins an element."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


PLANE = template("plane.html")
SHARED = (FOLDER / "plane.js").read_text(encoding="utf-8")


class Plane:
    """A model's codes, drawn, and all that the page must know to draw with its decoder.

    Raises:
        ValueError: the model has no decoder that a page can follow, or no codes of the plane.
    """

    def __init__(self, name: str, model: Any, images: torch.Tensor, labels: torch.Tensor) -> None:
        self.name, self.labels = name, labels
        self.codes = _codes(name, model, images)
        low, high = self.codes.min(0).values, self.codes.max(0).values
        self.middle = (low + high) / 2
        # Where there is one code, or many in one place, the plane shows some room around it.
        self.reach = round(0.52 * (high - low).max().item(), 4) or 1.0
        self.grid = self._grid(model)
        network = packed(model.decoder, f"the decoder of {name!r}")
        self.data = {
            "name": name,
            "middle": [round(number, 4) for number in self.middle.tolist()],
            "reach": self.reach,
            "codes": address(half_bytes(self.codes)),
            "layers": network.layers,
            "weights": network.weights,
        }

    def html(self, point: str, still: torch.Tensor, words: str, greys: int = 8) -> str:
        """The codes as dots, and beside them what stands there without a script.

        point: what only a script can move, in SVG.
        still: a sheet of images (C, H, W); `words` names what it shows, in the table of words.
        """
        digits = self.labels.unique().tolist()
        return PLANE.substitute(
            name=html.escape(self.name),
            right=LEFT + SIDE,
            left=LEFT,
            top=TOP,
            bottom=TOP + SIDE,
            side=SIDE,
            ticks="".join(self._ticks()),
            dots="".join(self._dots(digit) for digit in digits),
            digits="".join(self._digits()),
            point=point,
            still=picture(still, greys),
            codes=self._says("explorer_codes"),
            shown=self._says(words),
        )

    def _says(self, words):
        return html.escape(WORDS[words].format(name=self.name))

    def _grid(self, model):
        """What is drawn at the middles of as many squares, row by row, from the top left."""
        steps = self.reach * ((2 * torch.arange(GRID) + 1) / GRID - 1)
        y, x = torch.meshgrid(-steps, steps, indexing="ij")
        places = torch.stack([x, y], dim=-1).view(-1, 2) + self.middle
        images = model.decode(places)
        decoder = f"the decoder of {self.name!r}"
        again = as_the_page_has_it(model.decoder, decoder, places).sigmoid().view_as(images)
        if not (images - again).abs().mean() <= TOLERANCE:
            raise ValueError(
                f"{self.name!r} draws otherwise than {decoder} alone, in weights of eight bits; "
                "the page cannot follow it."
            )
        return images

    def _at(self, places):
        """From codes (N, 2) to the plane's own whole numbers, x from the left, y from the top."""
        x, y = ((places - self.middle) / self.reach).unbind(-1)
        return (torch.stack([LEFT + SIDE * (1 + x) / 2, TOP + SIDE * (1 - y) / 2], dim=-1)).round()

    def _dots(self, digit):
        places = self._at(self.codes[self.labels == digit]).int().tolist()
        path = "".join(f"M{x} {y}h0" for x, y in places)
        return f'<path stroke="{DIGITS[digit]}" d="{path}"/>'

    def _digits(self):
        """Each digit at the median of its codes, the outermost first, where there is room."""
        places = {
            digit: self._at(self.codes[self.labels == digit].median(0).values)
            for digit in self.labels.unique().tolist()
        }
        middle, written = self._at(self.codes.median(0).values), torch.empty(0, 2)
        for digit in sorted(places, key=lambda digit: -(places[digit] - middle).norm()):
            if (written - places[digit]).norm(dim=1).lt(ROOM).any():
                continue
            written = torch.cat([written, places[digit][None]])
            x, y = places[digit].int().tolist()
            yield f'<text x="{x}" y="{y}" dy=".35em">{digit}</text>'

    def _ticks(self):
        for axis, middle in enumerate(self.middle.tolist()):
            first, last = middle - self.reach, middle + self.reach
            for tick in MaxNLocator(5).tick_values(first, last):
                if first <= tick <= last:
                    place = torch.full((2,), float(tick))
                    x, y = self._at(place).int().tolist()
                    text = f"{tick:g}".replace("-", "−")
                    if axis == 0:
                        yield f'<text x="{x}" y="{TOP + SIDE + 45}" class="x">{text}</text>'
                        yield f'<path d="M{x} {TOP + SIDE}v10"/>'
                    else:
                        yield f'<text x="{LEFT - 18}" y="{y}" dy=".35em" class="y">{text}</text>'
                        yield f'<path d="M{LEFT} {y}h-10"/>'


def _codes(name, model, images):
    """The codes of the images, if the model has such as a plane can show."""
    if not isinstance(model, LatentVariableModel) or not hasattr(model, "encoder"):
        raise ValueError(
            f"{name!r} is a {type(model).__name__}; expected a model with encoder and decoder, "
            'such as pretrained("vae-plane").'
        )
    if model.latent_dim != 2:
        raise ValueError(
            f"the codes of {name!r} have {model.latent_dim} numbers; expected latent_dim=2, a "
            "point of the plane."
        )
    codes = as_points(model.encode(images), f"codes of {name}").float().cpu()
    if not codes.isfinite().all():
        raise ValueError(f"codes of {name!r} are no finite numbers; is it trained?")
    return codes


def choice(name: str) -> str:
    """A button of a choice among models."""
    return f'<label><input type="radio"><span>{html.escape(name)}</span></label>'


def key(labels: torch.Tensor) -> str:
    """The colours of the digits that there are, as a list's rows."""
    return "".join(
        f'<li><span style="background: {DIGITS[digit]}"></span>{digit}</li>'
        for digit in labels.unique().tolist()
    )


def named(models: Mapping[str, LatentVariableModel]) -> Mapping[str, LatentVariableModel]:
    """The models again, if each has a name.

    Raises:
        ValueError: they are no mapping, or none.
    """
    if not isinstance(models, Mapping):
        raise ValueError(
            f"`models` is a {type(models).__name__}; expected a name for each model, such as "
            '{"VAE": model}.'
        )
    some(models, "models")
    return models


def picture(sheet: torch.Tensor, greys: int) -> str:
    """The address of a PNG of ink on paper, or of 256 colours."""
    tones = (255 * sheet.clamp(0, 1)).round().byte()
    if len(tones) == 1:
        picture = Image.fromarray((255 - tones[0]).numpy()).quantize(greys)
    else:
        picture = Image.fromarray(tones.permute(1, 2, 0).contiguous().numpy()).quantize(256)
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return address(file.getvalue(), "image/png")
