"""Models that take too long to train on a page: their weights travel in the package.

They are kept in half precision, each with its checksum, as sha256sum writes and checks it.
"""

import hashlib
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load, save

from gencourse.data import DataError
from gencourse.files import write_atomically
from gencourse.weights.eight_bits import rounded
from gencourse.weights.recipe import train, untrained
from gencourse.weights.recipes import RECIPES

FOLDER = Path(__file__).parent / "files"


def pretrained(name: str, of: str = "digits") -> Any:
    """The model of that name with the weights that travel in the package (seed 0).

    Nobody else holds the object that you get: train it further, if you like. Of a model with
    convolutions, and of one of the plane, travels only what draws and copies, so its discriminator
    is untrained; so is a GAN's generator, whose average travels. A pupil has its teacher's decoder.

    Args:
        name: one of `python -m gencourse.weights`, without what it is of.
        of: "digits" or "clothes".
    Raises:
        ValueError: an unknown name.
        DataError: its file is missing or does not have its checksum.
    """
    if f"{name}-{of}" in RECIPES:
        name = f"{name}-{of}"
    elif of != "digits":
        raise ValueError(f"there is no model {name!r} of {of!r}; expected one of {_names()}.")
    recipe, file = _recipe(name), weights_file(name)
    advice = f"Install the package again, or remake it: python -m gencourse.weights remake {name}"
    try:
        content, wanted = file.read_bytes(), checksum_file(name).read_text()
    except OSError as error:
        raise DataError(f"{error.filename} cannot be read ({error}). {advice}") from error
    if wanted != _checksum_line(file, content):
        raise DataError(f"{file} does not have its checksum. {advice}")
    model = untrained(recipe, seed=0)
    kept = {key: tensor.float() for key, tensor in load(content).items()}
    model.load_state_dict(kept, strict=not recipe.keeps)
    return model.eval()


def remake(name: str) -> None:
    """Train the model of that name with seed 0, and store its weights and their checksum.

    The file says how many seconds that took.

    Raises:
        ValueError: an unknown name.
    """
    recipe = _recipe(name)
    model = train(recipe, seed=0)
    kept = {
        key: _as_it_travels(key, tensor, recipe)
        for key, tensor in model.state_dict().items()
        if not recipe.keeps or key.startswith(recipe.keeps)
    }
    content = save(kept, {"seconds": str(round(model.history.seconds)), "torch": torch.__version__})
    write_atomically(weights_file(name), content)
    write_atomically(checksum_file(name), _checksum_line(weights_file(name), content).encode())


def weights_file(name: str) -> Path:
    """The file of that model's weights."""
    return FOLDER / f"{name}.safetensors"


def checksum_file(name: str) -> Path:
    """The file of the checksum of that model's weights."""
    return FOLDER / f"{name}.sha256"


def _as_it_travels(key, tensor, recipe):
    """A parameter in half precision, and a matrix that a page will have as the page has it."""
    if key.startswith(recipe.rounds) and tensor.ndim == 2:
        tensor = rounded(tensor)
    return tensor.half().contiguous()


def _recipe(name):
    if name not in RECIPES:
        raise ValueError(f"there is no model {name!r}; expected one of {_names()}.")
    return RECIPES[name]


def _names():
    return ", ".join(RECIPES)


def _checksum_line(file, content):
    """What sha256sum says of a file of this content."""
    return f"{hashlib.sha256(content).hexdigest()}  {file.name}\n"
