"""The latent explorer: a point in the plane is moved, and what a decoder draws there is seen."""

import html
from collections.abc import Mapping

import torch

from gencourse.data.dataset import check_labels
from gencourse.figures.images import sheet
from gencourse.figures.inputs import checked_images
from gencourse.figures.style import DIGITS
from gencourse.live.networks import SCRIPT
from gencourse.live.plane import (
    FOLDER,
    GRID,
    LEFT,
    MOST,
    SHARED,
    SIDE,
    TOP,
    Plane,
    choice,
    inline,
    key,
    named,
    picture,
    template,
)
from gencourse.live.words import WORDS
from gencourse.models.base import LatentVariableModel

COLUMNS = 25  # images in a row of the sheet
POINT = """\
<g class="point"><path class="guides"/><circle class="nearest" r="19"/>
<g class="handle"><circle class="hold" r="75"/><circle class="ring" r="27"/></g></g>"""
FIGURE = template("explorer.html")
PARTS = {
    "style": (FOLDER / "explorer.css").read_text(encoding="utf-8"),
    "networks": SCRIPT,
    "plane": SHARED,
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
        images = checked_images(images)
        labels = check_labels(labels, len(images), classes=len(DIGITS))
        self.images, self.labels, self.alt = images[:MOST], labels[:MOST], alt
        self.planes = [
            Plane(str(name), model, self.images, self.labels)
            for name, model in named(models).items()
        ]

    def __repr__(self) -> str:
        names = ", ".join(plane.name for plane in self.planes)
        return f"Explorer of {names}: {self.alt}"

    def _repr_html_(self) -> str:
        number, *shape = self.images.shape
        data = {
            "models": [plane.data for plane in self.planes],
            "labels": self.labels.tolist(),
            "images": picture(sheet(self.images, COLUMNS, padding=0), greys=16),
            "columns": min(COLUMNS, number),
            "shape": shape,
            "area": [LEFT, TOP, SIDE],
            "says": WORDS["explorer_says"],
            "plane": WORDS["explorer_plane"],
        }
        return FIGURE.substitute(
            alt=html.escape(self.alt),
            alone="" if len(self.planes) > 1 else " hidden",
            choices="".join(choice(plane.name) for plane in self.planes),
            planes="".join(
                plane.html(POINT, sheet(plane.grid, GRID, padding=0), "explorer_grid")
                for plane in self.planes
            ),
            key=key(self.labels),
            height=shape[1],
            width=shape[2],
            data=inline(data),
            **PARTS,
            **WORDS,
        )
