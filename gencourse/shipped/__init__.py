"""Models that take too long to train on a page: their weights travel in the package.

python -m gencourse.shipped                     remakes all of them, with seed 0
python -m gencourse.shipped aae-cluster-16      remakes one

The benchmark trains the same recipes with other seeds. Weights are stored in half
precision beside this file, each with its checksum, as sha256sum writes and checks it.
"""

import hashlib
from functools import cache
from pathlib import Path

from safetensors.torch import load, save

from gencourse.data import DataError, mnist
from gencourse.files import write_atomically
from gencourse.models import ClusteringAAE, SemiSupervisedAAE
from gencourse.training import fit, reproducible

FOLDER = Path(__file__).parent
# name → (how the untrained model is made, epochs)
RECIPES = {
    "aae-semi-100": (lambda: SemiSupervisedAAE(mnist().train.few(100)), 20),
    "aae-semi-1000": (lambda: SemiSupervisedAAE(mnist().train.few(1000)), 20),
    "aae-cluster-16": (lambda: ClusteringAAE(heads=16), 20),
    "aae-cluster-30": (lambda: ClusteringAAE(heads=30), 20),
}


def untrained(name, seed):
    """The model of that name before its training."""
    with reproducible(seed):
        return RECIPES[name][0]()


def train(name, seed):
    """The model of that name, trained now; `model.history` tells of its training."""
    model = untrained(name, seed)
    model.history = fit(model, mnist().train.images, epochs=RECIPES[name][1], seed=seed)
    if model.history.interrupted:
        raise KeyboardInterrupt
    return model


@cache
def shipped(name):
    """The model of that name with the weights that travel in the package (seed 0).

    Raises:
        ValueError: an unknown name.
        DataError: its file is missing or does not have its checksum.
    """
    if name not in RECIPES:
        raise ValueError(f"there is no model {name!r}; expected one of {', '.join(RECIPES)}.")
    file, advice = weights(name), f"Remake it: python -m gencourse.shipped {name}"
    try:
        content, wanted = file.read_bytes(), checksum(name).read_text()
    except OSError as error:
        raise DataError(f"{error.filename} cannot be read ({error}). {advice}") from error
    if wanted != checksum_line(file, content):
        raise DataError(f"{file} does not have its checksum. {advice}")
    model = untrained(name, seed=0)
    model.load_state_dict({key: tensor.float() for key, tensor in load(content).items()})
    return model.eval()


def remake(name):
    """Train the model of that name with seed 0, and store its weights and their checksum."""
    kept = train(name, seed=0).state_dict()
    content = save({key: tensor.half().contiguous() for key, tensor in kept.items()})
    write_atomically(weights(name), content)
    write_atomically(checksum(name), checksum_line(weights(name), content).encode())
    shipped.cache_clear()


def weights(name):
    """The file of that model's weights."""
    return FOLDER / f"{name}.safetensors"


def checksum(name):
    """The file of the checksum of that model's weights."""
    return FOLDER / f"{name}.sha256"


def checksum_line(file, content):
    """What sha256sum says of a file of this content."""
    return f"{hashlib.sha256(content).hexdigest()}  {file.name}\n"
