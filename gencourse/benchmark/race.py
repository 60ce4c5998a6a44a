"""The race: the models with the same data, networks and budget, measured alike.

python -m gencourse.benchmark scoreboard --seeds 0 1 2 3 4 --json FILE

makes what chapter 6 shows.
"""

import torch

from gencourse import data, priors
from gencourse.evaluation import judge
from gencourse.models import AAE, GAN, VAE, VAEGAN, Autoencoder
from gencourse.scoreboard import SAMPLES, as_html, measure
from gencourse.training import fit, reproducible

LATENT = 16
STEPS = 2808  # twelve passes through the 60,000 digits
# Entrant → its untrained model, and whether it gets, instead of its prior, the mixture of twenty
# Gaussians that fits its codes. An autoencoder has no prior of its own.
ENTRANTS = {
    "AE": (lambda: Autoencoder(LATENT), True),
    "VAE": (lambda: VAE(LATENT), False),
    "AAE": (lambda: AAE(LATENT, weight=10.0, last_blur=1.0), False),
    "GAN": (lambda: GAN(LATENT), False),
    "VAE + mixture": (lambda: VAE(LATENT), True),
    "AAE + mixture": (lambda: AAE(LATENT, weight=10.0, last_blur=1.0), True),
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
            runners[kind] = _trained(untrained, pictures.train.images, seed)
            total += runners[kind].history.seconds
        model = runners[kind]
        with reproducible(seed):
            prior = model.prior if hasattr(model, "prior") else None
            if mixture:
                codes = model.encode(pictures.train.images[:20_000])
                prior = priors.mixture_fitted_to(codes, components=20)
            row = _row(model.generate(n, prior), real, subject)
        if hasattr(model, "reconstruct"):
            row["copies"] = (model.reconstruct(real) - real).square().mean().item()
        measured[name] = row | {"seconds": model.history.seconds}
    flat = {f"{name}: {key}": value for name, row in measured.items() for key, value in row.items()}
    return flat, total


def _trained(untrained, images, seed):
    with reproducible(seed):
        model = untrained()
    epochs = round(STEPS / (len(images) // 256))
    model.history = fit(model, images, epochs=epochs, seed=seed)
    if model.history.interrupted:
        raise KeyboardInterrupt
    return model


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
        return (row["quality"][key], row["sd"][key]) if key in row["quality"] else None

    def lines(self):
        """The table's words: for each measure its name and the text of each entrant."""
        for key, form in FORMS.items():
            entries = [row[key] for row in self.values()]
            yield key, [" ± ".join(map(form.format, entry)) if entry else "–" for entry in entries]

    def __repr__(self):
        head = " " * 10 + "".join(f"{name:>16}" for name in self)
        return "\n".join(
            [
                head,
                *(f"{key:<10}" + "".join(f"{c:>16}" for c in cells) for key, cells in self.lines()),
            ]
        )

    def _repr_html_(self):
        return as_html(self.label, list(self), self.lines())
