"""A digit drawn in the page: where an encoder sends it, and what the decoder makes of that."""

import html
from collections.abc import Mapping
from typing import Any

import torch
from torch import nn

from gencourse.data.dataset import DIGIT, check_images, check_labels
from gencourse.figures.images import sheet
from gencourse.figures.style import DIGITS
from gencourse.live.networks import SCRIPT, as_the_page_has_it, layers_of, packed
from gencourse.live.plane import (
    FOLDER,
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

TOLERANCE = 0.05  # between what encoder and page say, the mean, as a share of the numbers' spread
POOLS = (1, 2, 4, 7)  # pixels in a side of the squares whose means an encoder may take
LENS = 4  # times that a cloud is enlarged beside its place
POINT = f"""\
<g class="point"><path class="guides"/><g class="landing"><circle class="ring" r="32"/>
<ellipse class="cloud"/><circle class="spot" r="18"/></g><g class="lens"><path class="guides"/>
<g transform="translate({LEFT + SIDE - 112} {TOP + 112})"><circle class="glass" r="110"/>
<ellipse class="cloud"/><text class="axis" y="148">{WORDS["digit_cloud"]} × {LENS}</text>
</g></g></g>"""
FIGURE = template("drawn_digit.html")
PARTS = {
    "style": "".join(
        (FOLDER / name).read_text(encoding="utf-8") for name in ("explorer.css", "drawn_digit.css")
    ),
    "networks": SCRIPT,
    "plane": SHARED,
    "script": (FOLDER / "drawn_digit.js").read_text(encoding="utf-8"),
}


class DrawnDigit:
    """A sheet for a digit, the point or the cloud that is its code, and the copy of it.

    The reader draws by mouse or finger, or takes a test digit, also by keys. The drawing is scaled
    and centred as the digits of MNIST are (LeCun and others, 1998). If the encoder gives a cloud,
    it is seen as an ellipse of two standard deviations; the copy is that of its centre. With
    several models one is chosen, and the drawing stays. Without scripts and on paper a still is
    seen: of each model the codes of test digits, and ten of them with their copies.

    Args:
        models: name → a model of digits with a code of two numbers, whose encoder and decoder have
            linear layers and rectifiers alone, such as `pretrained("vae-pupil")`; the encoder may
            begin with nn.AvgPool2d(2).
        images: (N, 1, 28, 28), whose codes are shown; the first 400 are.
        labels: (N,), int64, from 0 to 9.
        alt: what is to be seen, for those who do not see it.
    Raises:
        ValueError: there are no models, or one is no such model.
        DataError: images or labels are none, or the images are no digits of 28 × 28.
    """

    def __init__(
        self,
        models: Mapping[str, LatentVariableModel],
        images: torch.Tensor,
        labels: torch.Tensor,
        alt: str,
    ) -> None:
        images = check_images(images, DIGIT).detach()
        self.labels = check_labels(labels, len(images), classes=len(DIGITS))[:MOST]
        self.images, self.alt = images[:MOST], alt
        self.planes = [
            Plane(str(name), model, self.images, self.labels)
            for name, model in named(models).items()
        ]
        self.encoders = [
            _packed_encoder(str(name), model, self.images) for name, model in models.items()
        ]
        self.copies = [model.reconstruct(self._examples()) for model in models.values()]

    def __repr__(self) -> str:
        names = ", ".join(plane.name for plane in self.planes)
        return f"DrawnDigit for {names}: {self.alt}"

    def _repr_html_(self) -> str:
        data = {
            "models": [
                plane.data | {"encoder": encoder}
                for plane, encoder in zip(self.planes, self.encoders, strict=True)
            ],
            "labels": self.labels.tolist(),
            "area": [LEFT, TOP, SIDE],
            "lens": LENS,
            "says": WORDS["explorer_says"],
        }
        examples = self._examples()
        return FIGURE.substitute(
            alt=html.escape(self.alt),
            alone="" if len(self.planes) > 1 else " hidden",
            choices="".join(choice(plane.name) for plane in self.planes),
            planes="".join(
                plane.html(POINT, _in_pairs(examples, copies), "digit_copies", greys=16)
                for plane, copies in zip(self.planes, self.copies, strict=True)
            ),
            key=key(self.labels),
            ready="".join(
                f'<button type="button" value="{digit}"><img width="28" height="28" '
                f'src="{picture(image, greys=256)}" alt="{WORDS["digit_test"]} {digit}"></button>'
                for digit, image in zip(self.labels.unique().tolist(), examples, strict=True)
            ),
            data=inline(data),
            **PARTS,
            **WORDS,
        )

    def _examples(self):
        """The first image of each digit that there is."""
        return torch.stack([self.images[self.labels == digit][0] for digit in self.labels.unique()])


def _packed_encoder(name: str, model: Any, images: torch.Tensor) -> dict[str, Any]:
    """The encoder as the page has it; it begins with means of so many pixels as `pool` says."""
    encoder = f"the encoder of {name!r}"
    first, *others = layers_of(model.encoder, encoder)
    pool: Any = first.kernel_size if isinstance(first, nn.AvgPool2d) else 1
    if pool not in POOLS:
        raise ValueError(f"{encoder} takes the means of {pool} pixels; expected one of {POOLS}.")
    network = nn.Sequential(*others) if pool > 1 else nn.Sequential(first, *others)
    pooled = nn.functional.avg_pool2d(images, pool)
    with torch.no_grad():
        again, told = as_the_page_has_it(network, encoder, pooled), model.encoder(images)
    written = packed(network, encoder)
    off = (again - told).abs().mean() if again.shape == told.shape else torch.inf
    if not off <= TOLERANCE * told.std():
        raise ValueError(
            f"{encoder} says otherwise in weights of eight bits; the page cannot follow it."
        )
    return {"pool": pool, "layers": written.layers, "weights": written.weights}


def _in_pairs(images: torch.Tensor, copies: torch.Tensor) -> torch.Tensor:
    """A sheet of five columns: a row of images, under it a row of their copies, and again."""
    rows = [row for pair in zip(images.split(5), copies.split(5), strict=True) for row in pair]
    return sheet(torch.cat(rows), min(5, len(images)), padding=0)
