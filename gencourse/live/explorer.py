"""The latent explorer: a point in the plane is moved, and what a decoder draws there is seen."""

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

from gencourse.data.dataset import check_labels
from gencourse.figures.images import sheet
from gencourse.figures.inputs import as_points, checked_images, some
from gencourse.figures.style import DIGITS
from gencourse.live.networks import SCRIPT, address, as_the_page_has_it, half_bytes, packed
from gencourse.live.words import WORDS
from gencourse.models.base import LatentVariableModel

MOST = 400  # images; each costs a hundred bytes
COLUMNS = 25  # images in a row of the sheet
GRID = 8  # images in a row and in a column of the still
TOLERANCE = 0.02  # between what the model and the page draw, the mean over pixels in [0, 1]
LEFT, TOP, SIDE = 105, 15, 880  # the square of the codes in a plane of 1000 × 955
ROOM = 55  # that a digit needs to be read, in units of the plane
NAMED = ("explorer_codes", "explorer_grid")  # words about one model
FOLDER = Path(__file__).parent


def _template(name):
    return Template((FOLDER / name).read_text(encoding="utf-8"))


FIGURE, PLANE = _template("explorer.html"), _template("plane.html")
PARTS = {
    "style": (FOLDER / "explorer.css").read_text(encoding="utf-8"),
    "networks": SCRIPT,
    "explorer": (FOLDER / "explorer.js").read_text(encoding="utf-8"),
}


class Explorer:
    """Codes of digits in the plane, a point to move among them, and what is drawn there.

    The point is moved by mouse, finger, arrow keys or two sliders. Beside what the decoder draws
    there stands the image whose code is nearest. With several models one is chosen; the point stays
    where it is, as far as the plane of the other reaches. Without scripts and on paper a still
    is seen: of each model its codes, and what it draws on a grid among them.

    Args:
        models: name → a model with an encoder and a code of two numbers, whose decoder has linear
            layers and rectifiers alone, such as `pretrained("vae-plane")`.
        images: (N, C, H, W), whose codes are shown; the first 400 are.
        labels: (N,), int64, from 0 to 9.
        alt: what is to be seen, for those who do not see it.
    Raises:
        ValueError: there are no models, or one is no such model.
        DataError: images or labels are none, or the images are not what a model was made for.
    """

    def __init__(
        self,
        models: Mapping[str, LatentVariableModel],
        images: torch.Tensor,
        labels: torch.Tensor,
        alt: str,
    ) -> None:
        if not isinstance(models, Mapping):
            raise ValueError(
                f"`models` is a {type(models).__name__}; expected a name for each model, such as "
                '{"VAE": model}.'
            )
        some(models, "models")
        images = checked_images(images)
        labels = check_labels(labels, len(images), classes=len(DIGITS))
        self.images, self.labels, self.alt = images[:MOST], labels[:MOST], alt
        self.planes = [
            _Plane(str(name), model, self.images, self.labels) for name, model in models.items()
        ]

    def __repr__(self) -> str:
        names = ", ".join(plane.name for plane in self.planes)
        return f"Explorer of {names}: {self.alt}"

    def _repr_html_(self) -> str:
        number, *shape = self.images.shape
        data = {
            "models": [plane.data for plane in self.planes],
            "labels": self.labels.tolist(),
            "images": _picture(sheet(self.images, COLUMNS, padding=0), greys=16),
            "columns": min(COLUMNS, number),
            "shape": shape,
            "area": [LEFT, TOP, SIDE],
            "says": WORDS["explorer_says"],
            "plane": WORDS["explorer_plane"],
        }
        known = self.labels.unique().tolist()
        return FIGURE.substitute(
            alt=html.escape(self.alt),
            alone="" if len(self.planes) > 1 else " hidden",
            choices="".join(_choice(plane.name) for plane in self.planes),
            planes="".join(plane.html() for plane in self.planes),
            key="".join(
                f'<li><span style="background: {DIGITS[digit]}"></span>{digit}</li>'
                for digit in known
            ),
            height=shape[1],
            width=shape[2],
            data=json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/"),
            **PARTS,
            **WORDS,
        )


class _Plane:
    """A model's codes, drawn, and all that the page must know to draw with its decoder."""

    def __init__(self, name: str, model: Any, images: torch.Tensor, labels: torch.Tensor) -> None:
        self.name, self.labels = name, labels
        self.codes = _codes(name, model, images)
        low, high = self.codes.min(0).values, self.codes.max(0).values
        self.middle = (low + high) / 2
        self.reach = 0.52 * (high - low).max().item() or 1.0  # one code, or many in one place
        self.grid = self._grid(model)
        network = packed(model.decoder, f"the decoder of {name!r}")
        self.data = {
            "name": name,
            "middle": [round(number, 4) for number in self.middle.tolist()],
            "reach": round(self.reach, 4),
            "codes": address(half_bytes(self.codes)),
            "layers": network.layers,
            "weights": network.weights,
        }

    def html(self) -> str:
        """The codes as dots, and beside them the images of a grid."""
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
            grid=_picture(sheet(self.grid, GRID, padding=0), greys=8),
            **{key: html.escape(WORDS[key].format(name=self.name)) for key in NAMED},
        )

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


def _choice(name):
    return f'<label><input type="radio"><span>{html.escape(name)}</span></label>'


def _picture(sheet: torch.Tensor, greys: int) -> str:
    """The address of a PNG of ink on paper, or of 256 colours."""
    tones = (255 * sheet.clamp(0, 1)).round().byte()
    if len(tones) == 1:
        picture = Image.fromarray((255 - tones[0]).numpy()).quantize(greys)
    else:
        picture = Image.fromarray(tones.permute(1, 2, 0).contiguous().numpy()).quantize(256)
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return address(file.getvalue(), "image/png")
