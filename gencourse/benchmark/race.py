"""The race: the models with the same data, networks and budget, measured alike.

python -m gencourse.benchmark scoreboard --seeds 0 1 2 3 4 --json gencourse/results/scoreboard.json

makes what chapter 6 shows.
"""

import torch

from gencourse import data
from gencourse.benchmark.entrants import epochs_of, found_prior, trained, wide_aae
from gencourse.benchmark.row import Row
from gencourse.evaluation import judge
from gencourse.evaluation.scoreboard import SAMPLES, measure
from gencourse.models import GAN, VAE, VAEGAN, Autoencoder
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


def digits(seed: int) -> tuple[dict, float]:
    """With the 60,000 digits."""
    return _race(data.mnist(), "digits", seed)


def clothes(seed: int) -> tuple[dict, float]:
    """With the embedded 10,000 clothes."""
    return _race(data.clothes(), "clothes", seed)


ROWS = [
    Row(
        name="scoreboard-digits",
        protocol="each model with codes of 16 numbers, 2,808 steps of 256 of the 60,000 digits; "
        '2,000 pictures of each against 2,000 test pictures; AE and "+ mixture": codes from a '
        'mixture of 20 Gaussians fitted to 20,000 training codes; "real": the other test pictures',
        reference="the open question of the seminar; chapter 6 answers it",
        run=digits,
    ),
    Row(
        name="scoreboard-clothes",
        protocol="the same steps with 10,000 clothes; 1,000 pictures of each against 1,000 test "
        "pictures",
        reference="the same",
        run=clothes,
    ),
]


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
            images = pictures.train.images
            runners[kind] = trained(untrained, images, epochs_of(STEPS, images), seed)
            total += runners[kind].history.seconds
        model = runners[kind]
        with reproducible(seed):
            prior = found_prior(model, pictures.train.images) if mixture else None
            row = _row(model.generate(n, prior), real, subject)
        if hasattr(model, "encoder"):
            row["copies"] = (model.reconstruct(real) - real).square().mean().item()
        measured[name] = row | {"seconds": model.history.seconds}
    return measured, total


def _row(made, real, subject):
    """The measurements, and the mean of the judge's features, (64,) as a list."""
    centre = judge.features(made, subject).mean(0)
    return measure(made, real, subject) | {"centre": centre.tolist()}
