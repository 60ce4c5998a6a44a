"""The race: the models with the same data, networks and budget, measured alike.

python -m gencourse.benchmark scoreboard --seeds 0 1 2 3 4 --json gencourse/results/scoreboard.json

makes what chapter 6 shows.
"""

from functools import partial

import torch

from gencourse import data
from gencourse.benchmark.entrants import side_by_side, wide_aae
from gencourse.benchmark.row import Row
from gencourse.evaluation import judge
from gencourse.evaluation.scoreboard import SAMPLES, measure
from gencourse.models import GAN, VAE, VAEGAN, Autoencoder
from gencourse.training import reproducible

LATENT = 16
STEPS = 2808  # twelve passes through the 60,000 digits
ENTRANTS = {
    "AE": lambda: Autoencoder(LATENT),
    "VAE": lambda: VAE(LATENT),
    "AAE": lambda: wide_aae(LATENT),
    "GAN": lambda: GAN(LATENT),
    "VAE + mixture": lambda: VAE(LATENT),
    "AAE + mixture": lambda: wide_aae(LATENT),
    "VAE + critic": lambda: VAEGAN(LATENT),
}


def _race(subject, seed):
    pictures = data.mnist() if subject == "digits" else data.clothes()
    with reproducible(seed):
        shuffled = pictures.test.images[torch.randperm(len(pictures.test))]
    n = min(SAMPLES, len(shuffled) // 2)
    real, others = shuffled[:n], shuffled[n : 2 * n]

    def look(made):
        """The measurements, and the mean of the judge's features, (64,) as a list."""
        centre = judge.features(made, subject).mean(0)
        return measure(made, real, subject) | {"centre": centre.tolist()}

    def row(model, prior):
        found = look(model.generate(n, prior))
        if hasattr(model, "encoder"):
            found["copies"] = (model.reconstruct(real) - real).square().mean().item()
        return found | {"seconds": model.history.seconds}

    measured, seconds = side_by_side(ENTRANTS, pictures.train.images, STEPS, seed, row)
    return {"real": look(others)} | measured, seconds


digits, clothes = partial(_race, "digits"), partial(_race, "clothes")
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
