"""A small adversarial autoencoder that is trained in the page, towards any shape of the plane."""

import html
from collections.abc import Mapping

import torch
from torch.nn import functional

from gencourse import priors, settings
from gencourse.data.dataset import DIGIT, check_images, check_labels
from gencourse.figures.images import sheet
from gencourse.figures.inputs import some
from gencourse.figures.style import DIGITS
from gencourse.live.drawing import REACH
from gencourse.live.networks import SCRIPT, address, half_bytes
from gencourse.live.plane import FOLDER, choice, inline, key, picture, template
from gencourse.live.words import WORDS
from gencourse.training import reproducible
from gencourse.validate import seed as checked_seed

MOST = 500  # images; a page trains on them before one's eyes
COLUMNS = 25  # images in a row of the sheet
SAMPLES = 2000  # of each shape, from which the page draws
DOTS = 250  # of each shape in its still
POOL = 2  # pixels in a side of the squares whose means are an image's pixels in the page
SIZES = {
    "pixels": (DIGIT[1] // POOL) * (DIGIT[2] // POOL),
    "hidden": 64,
    "critical": 64,
    "waves": 32,
    "batch": 32,
}
GAME = {
    "rate": 2e-3,
    "rateCritic": 4e-3,
    "fall": 0.25,
    "first": 1.0,
    "last": 0.03,
    "anneal": 1200,
}  # rates fall by that share, and the noise from its first to its last, over so many steps
WEIGHTS = (0, 1, 10, 100)  # of the regularization, in nats of an image of a quarter of the pixels
WEIGHT = 10
FIGURE = template("live_aae.html")
PARTS = {
    "style": "".join(
        (FOLDER / name).read_text(encoding="utf-8") for name in ("explorer.css", "live_aae.css")
    ),
    "networks": SCRIPT,
    **{
        name: (FOLDER / f"{name}.js").read_text(encoding="utf-8")
        for name in ("training", "aae", "live_aae")
    },
}


class LiveAAE:
    """A shape, chosen or drawn, and the codes of digits, which learn to lie in it as one looks on.

    The reader chooses a prior or draws one by mouse, finger or keys, runs and stops the game
    (Makhzani and others, 2016), and sets the weight of the critic; with weight 0 it is a plain
    autoencoder. Beside the codes are ten digits with their copies, and what the decoder draws at
    samples of the prior. The digits are reduced to 14 × 14 pixels, means of 2 × 2. Without scripts
    the shapes are seen; on paper, what was last on the screen.

    Args:
        shapes: name → a name in `priors.PRIORS`, "gaussian", or anything with `sample(n)`, codes
            (n, 2). The plane is seen from −2.7 to 2.7.
        images: (N, 1, 28, 28), to be learned; the first 500 are.
        labels: (N,), int64, from 0 to 9.
        alt: what is to be seen, for those who do not see it.
        seed: of networks, samples and batches; the course's own by default.
    Raises:
        ValueError: there are no shapes, one is no prior of the plane, or the seed is none.
        DataError: images or labels are none, or the images are no digits of 28 × 28.
    """

    def __init__(
        self,
        shapes: Mapping[str, object],
        images: torch.Tensor,
        labels: torch.Tensor,
        alt: str,
        seed: int | None = None,
    ) -> None:
        if not isinstance(shapes, Mapping):
            raise ValueError(
                f"`shapes` is a {type(shapes).__name__}; expected a name for each prior, such as "
                '{"a ring": "ring"}.'
            )
        some(shapes, "shapes")
        self.seed = settings.seed() if seed is None else checked_seed(seed)
        images = check_images(images, DIGIT).detach()
        self.labels = check_labels(labels, len(images), classes=len(DIGITS))[:MOST]
        self.images, self.alt = functional.avg_pool2d(images[:MOST], POOL), alt
        with reproducible(self.seed):
            self.shapes = {
                str(name): priors.prior(which, 2).sample(SAMPLES).cpu()
                for name, which in shapes.items()
            }

    def __repr__(self) -> str:
        return f"LiveAAE for {', '.join(self.shapes)}: {self.alt}"

    def _repr_html_(self) -> str:
        data = {
            "shapes": [address(half_bytes(points)) for points in self.shapes.values()],
            "images": picture(sheet(self.images, COLUMNS, padding=0), greys=16),
            "columns": min(COLUMNS, len(self.images)),
            "labels": self.labels.tolist(),
            "colours": DIGITS,
            "reach": REACH,
            "seed": self.seed,
            "samples": SAMPLES,
            "sizes": SIZES,
            "game": GAME,
            "words": {key: word for key, word in WORDS.items() if key.startswith(("aae_", "gan_"))},
        }
        return FIGURE.substitute(
            alt=html.escape(self.alt),
            choices="".join(map(choice, [*self.shapes, WORDS["aae_own"]])),
            stills="".join(_still(name, points) for name, points in self.shapes.items()),
            key=key(self.labels),
            weights="".join(
                f"<option{' selected' if weight == WEIGHT else ''}>{weight}</option>"
                for weight in WEIGHTS
            ),
            data=inline(data),
            **PARTS,
            **WORDS,
        )


def _still(name: str, points: torch.Tensor) -> str:
    """A shape for those without scripts: a path of dots in a plane of 200 × 200."""
    places = (100 + 100 * points[:DOTS] * torch.tensor([1, -1]) / REACH).round().int()
    path = "".join(f"M{x} {y}h0" for x, y in places.tolist())
    return (
        f'<div><svg viewBox="0 0 200 200" aria-hidden="true"><path d="{path}"/></svg>'
        f"<p>{html.escape(name)}</p></div>"
    )
