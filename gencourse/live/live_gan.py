"""A GAN on points of the plane that is trained in the page, without a kernel."""

import html
from pathlib import Path
from string import Template

import torch

from gencourse import settings
from gencourse.data import Gaussians
from gencourse.figures.inputs import as_points
from gencourse.live.plane import inline
from gencourse.live.words import WORDS
from gencourse.validate import real
from gencourse.validate import seed as checked_seed

MOST = 12  # heaps; more would touch each other
BATCH, HIDDEN, LATENT = 64, 32, 2  # a size that a phone trains before one's eyes
CHOICES = {
    "rate_d": (5e-4, 1e-3, 2e-3, 4e-3, 8e-3),
    "rate_g": (5e-4, 1e-3, 2e-3, 4e-3, 8e-3),
    "beta1": (0, 0.5, 0.9),
    "gamma": (0, 0.1, 0.3, 1, 3),
    "pack": (1, 2),
}
BEGINNING = {"rate_d": 4e-3, "rate_g": 4e-3, "beta1": 0.9, "gamma": 0, "pack": 1}
FOLDER = Path(__file__).parent
FIGURE = Template((FOLDER / "live_gan.html").read_text(encoding="utf-8"))
PARTS = {
    name: (FOLDER / file).read_text(encoding="utf-8")
    for name, file in {
        "style": "live_gan.css",
        "training": "training.js",
        "game": "game.js",
        "figure": "live_gan.js",
    }.items()
}


class LiveGAN:
    """Real points in heaps, a generator and a discriminator, which learn before the reader's eyes.

    The reader runs and stops the game (Goodfellow and others, 2014), lets either player make one
    step alone, sets learning rates, Adam's β₁, the weight γ of the penalty R1 (Mescheder and
    others, 2018) and how many points the discriminator judges at once (packing: Lin and others,
    2018), and drags, adds and removes heaps by mouse, finger or keys. It begins with settings that
    fail. Without scripts the real points are seen; on paper, what was last on the screen.

    Args:
        heaps: where the real points come from; at most 12 centres (K, 2), such as `ring(sd=0.05)`.
        alt: what is to be seen, for those who do not see it.
        seed: of networks, points and codes; the course's own by default.
    Raises:
        ValueError: there are other centres, or the seed is none.
    """

    def __init__(self, heaps: Gaussians, alt: str, seed: int | None = None) -> None:
        if not isinstance(heaps, Gaussians):
            raise ValueError(
                f"`heaps` is a {type(heaps).__name__}; expected Gaussians of "
                "gencourse.data, such as ring(sd=0.05)."
            )
        centres = as_points(heaps.centres, "centres").float()
        if not 1 <= len(centres) <= MOST or not centres.isfinite().all():
            raise ValueError(
                f"`heaps` has {len(centres)} centres; expected 1 to {MOST} finite points, such as "
                "those of ring(sd=0.05)."
            )
        self.heaps, self.alt, self.centres = heaps, alt, centres
        self.sd = real(heaps.sd, "sd", above=0)
        self.reach = 1.5 * max(centres.abs().max().item(), 4 * self.sd)
        self.seed = settings.seed() if seed is None else checked_seed(seed)

    def __repr__(self) -> str:
        return f"LiveGAN of {len(self.centres)} heaps: {self.alt}"

    def _repr_html_(self) -> str:
        data = {
            "heaps": [[round(x, 4) for x in centre] for centre in self.centres.tolist()],
            "sd": self.sd,
            "reach": round(self.reach, 4),
            "seed": self.seed,
            "most": MOST,
            "batch": BATCH,
            "hidden": HIDDEN,
            "latent": LATENT,
            "words": {key: word for key, word in WORDS.items() if key.startswith("gan_")},
        }
        return FIGURE.substitute(
            alt=html.escape(self.alt),
            still=self._still(),
            **{f"{name}_choices": _options(name) for name in CHOICES},
            data=inline(data),
            **PARTS,
            **WORDS,
        )

    def _still(self) -> str:
        """Real points for those without scripts: a path of dots in a plane of 1000 × 1000."""
        spread = torch.randn(400, 2, generator=torch.Generator().manual_seed(self.seed))
        points = self.centres.repeat(400 // len(self.centres) + 1, 1)[:400] + self.sd * spread
        places = (500 + 500 * points * torch.tensor([1, -1]) / self.reach).round().int()
        return "".join(f"M{x} {y}h0" for x, y in places.tolist())


def _options(name: str) -> str:
    return "".join(
        f"<option{' selected' if value == BEGINNING[name] else ''}>{value:g}</option>"
        for value in CHOICES[name]
    )
