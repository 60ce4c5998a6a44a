"""The choice: models and priors side by side, for each purpose.

python -m gencourse.benchmark choice --seeds 0 1 2 3 4 --json gencourse/results/choice.json

makes what chapter 7 shows.
"""

from functools import partial

import torch

from gencourse import data
from gencourse.benchmark.entrants import side_by_side, wide_aae
from gencourse.benchmark.row import Row
from gencourse.evaluation import downstream
from gencourse.evaluation.scoreboard import SAMPLES, measure
from gencourse.models import AAE, GAN, VAE, Autoencoder
from gencourse.training import reproducible

STEPS = 1170  # five passes through the 60,000 digits
ENTRANTS = {
    "AE, 2": lambda: Autoencoder(2),
    "VAE, 2": lambda: VAE(2),
    "AAE, 2, Gaussian": lambda: AAE(2),
    "AAE, 2, petals": lambda: AAE(2, "petals"),
    "AAE, 2, ring": lambda: AAE(2, "ring"),
    "AAE, 2, swiss roll": lambda: AAE(2, "swiss roll"),
    "GAN, 2": lambda: GAN(2),
    "AE, 16": lambda: Autoencoder(16),
    "VAE, 16": lambda: VAE(16),
    "AAE, 16, Gaussian": lambda: wide_aae(16),
    "GAN, 16": lambda: GAN(16),
}


def _choice(subject, seed):
    pictures = data.mnist() if subject == "digits" else data.clothes()
    train, test = pictures.train, pictures.test
    with reproducible(seed):
        few, shuffled = train.few(100), test.images[torch.randperm(len(test))]
    real = shuffled[: min(SAMPLES, len(test) // 2)]
    some = data.Split(train.images[:5000], train.labels[:5000])

    def row(model, prior):
        found = measure(model.generate(len(real), prior), real, subject)
        found = {key: found[key] for key in ("plausible", "Fréchet")}
        if hasattr(model, "encoder"):
            found["classify"] = downstream.classify(model, few, test)
            found["cluster"] = downstream.cluster(model, some, test)
            found["regress"] = downstream.regress(model, some, test)
            found["interpolate"] = downstream.interpolate(model, shuffled, subject)
        return found

    return side_by_side(ENTRANTS, train.images, STEPS, seed, row)


digits, clothes = partial(_choice, "digits"), partial(_choice, "clothes")
ROWS = [
    Row(
        name="choice-digits",
        protocol="1,170 steps of 256 of the 60,000 digits; 2,000 inventions; classify: error of "
        "the five nearest of 100 labelled codes; cluster: accuracy of k-means with ten heaps, "
        "named by their commonest label; regress: R² of the slant by the ten nearest of 5,000 "
        "codes; interpolate: share of plausible pictures half way between the codes of two test "
        "images",
        reference="no free lunch; chapter 7 chooses",
        run=digits,
    ),
    Row(
        name="choice-clothes",
        protocol="the same steps with 10,000 clothes, 1,000 inventions",
        reference="the same",
        run=clothes,
    ),
]
