"""The race: the models with the same data, networks and budget, measured alike.

python -m gencourse.benchmark scoreboard --seeds 0 1 2 3 4 --json FILE

makes what chapter 6 shows.
"""

import torch

from gencourse import data
from gencourse.benchmark.entrants import found_prior, trained, wide_aae
from gencourse.evaluation import judge
from gencourse.models import GAN, VAE, VAEGAN, Autoencoder
from gencourse.scoreboard import SAMPLES, as_html, measure
from gencourse.training import reproducible

LATENT = 16
STEPS = 2808  # twelve passes through the 60,000 digits
# Entrant → its untrained model, and whether its prior is found afterwards. An autoencoder has
# none of its own.
ENTRANTS = {
    "AE": (lambda: Autoencoder(LATENT), True),
    "VAE": (lambda: VAE(LATENT), False),
    "AAE": (lambda: wide_aae(LATENT), False),
    "GAN": (lambda: GAN(LATENT), False),
    "VAE + mixture": (lambda: VAE(LATENT), True),
    "AAE + mixture": (lambda: wide_aae(LATENT), True),
    "VAE + critic": (lambda: VAEGAN(LATENT), False),
}

FORMS = {
    "copies": "{:.3f}",
    "plausible": "{:.2f}",
    "uneven": "{:.2f}",
    "sharp": "{:.2f}",
    "black": "{:.2f}",
    "fine": "{:.2f}",
    "Fréchet": "{:.0f}",
    "precision": "{:.2f}",
    "recall": "{:.2f}",
    "coverage": "{:.2f}",
    "seconds": "{:.0f}",
}


def digits(seed):
    """each model with codes of 16 numbers, 2,808 steps of 256 of the 60,000 digits; 2,000 \
pictures of each against 2,000 test pictures; AE and "+ mixture": codes from a mixture of 20 \
Gaussians fitted to 20,000 training codes; "real": the other test pictures"""
    return _race(data.mnist(), "digits", seed)


def clothes(seed):
    """the same steps with 10,000 clothes; 1,000 pictures of each against 1,000 test pictures"""
    return _race(data.clothes(), "clothes", seed)


def _race(pictures, subject, seed):
    with reproducible(seed):
        shuffled = pictures.test.images[torch.randperm(len(pictures.test))]
    n = min(SAMPLES, len(shuffled) // 2)
    real, others = shuffled[:n], shuffled[n : 2 * n]
    measured = {"real": _row(others, real, subject)}
    total, runners = 0.0, {}
    for name, (untrained, mixture) in ENTRANTS.items():
        kind = name.removesuffix(" + mixture")
        if kind not in runners:
            runners[kind] = trained(untrained, pictures.train.images, STEPS, seed)
            total += runners[kind].history.seconds
        model = runners[kind]
        with reproducible(seed):
            prior = found_prior(model, pictures.train.images) if mixture else None
            row = _row(model.generate(n, prior), real, subject)
        if hasattr(model, "reconstruct"):
            row["copies"] = (model.reconstruct(real) - real).square().mean().item()
        measured[name] = row | {"seconds": model.history.seconds}
    flat = {f"{name}: {key}": value for name, row in measured.items() for key, value in row.items()}
    return flat, total


def _row(made, real, subject):
    """The measurements, and the mean of the judge's features, (64,) as a list."""
    centre = judge.features(made, subject).mean(0)
    return measure(made, real, subject) | {"centre": centre.tolist()}


class Table(dict):
    """entrant → measure → (mean, standard deviation); shows itself, entrants side by side."""

    def __init__(self, row, entrants):
        """row: of `published("scoreboard")`. entrants: names, "real" first where it is wanted."""
        self.label = row["name"]
        super().__init__(
            (name, {key: self._entry(row, f"{name}: {key}") for key in FORMS}) for name in entrants
        )

    @staticmethod
    def _entry(row, key):
        """Mean and standard deviation, or what there is of them."""
        figures = row["quality"].get(key), row["sd"].get(key)
        return [figure for figure in figures if figure is not None]

    def lines(self):
        """The table's words: for each measure its name and the text of each entrant."""
        for key, form in FORMS.items():
            entries = [row[key] for row in self.values()]
            yield key, [" ± ".join(map(form.format, entry)) if entry else "–" for entry in entries]

    def __repr__(self):
        lines = [("", list(self)), *self.lines()]
        return "\n".join(
            f"{key:<10}" + "".join(f"{cell:>16}" for cell in cells) for key, cells in lines
        )

    def _repr_html_(self):
        return as_html(self.label, list(self), self.lines())
