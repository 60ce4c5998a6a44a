"""The reader's cache: models trained once, kept, and loaded when they are asked for again."""

import hashlib
import inspect
import json
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
from filelock import FileLock, Timeout
from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from gencourse import settings, training
from gencourse.data import Dataset, mnist
from gencourse.files import PACKAGE, digest_below, write_atomically
from gencourse.models import AAE, GAN, VAE, VAEGAN, Autoencoder
from gencourse.validate import seed as checked_seed
from gencourse.validate import whole
from gencourse.weights.recipe import Recipe, train_as_far_as_it_goes, untrained

MODELS = {"autoencoder": Autoencoder, "vae": VAE, "gan": GAN, "aae": AAE, "vae-gan": VAEGAN}
NOT_OPTIONS = {"image_shape", "encoder", "decoder", "discriminator"}
"""What a model may be made of, but no file can be named after."""
TRAINS = {"data", "networks", "game.py", "priors", "models", "training.py", "validate.py"}
"""The rooms of the package that training depends on."""
SOURCE = digest_below(PACKAGE, lambda path: path.suffix == ".py" and path.parts[0] in TRAINS)
"""Of these rooms. Taken at import: what runs is what was read then."""
PATIENCE, LONGEST_WAIT = 5, 900
"""Seconds of waiting for another process until it is said, and until nobody is waited for."""


def trained(
    name: str,
    *,
    seed: int | None = None,
    data: Dataset | None = None,
    epochs: int = 12,
    **options: object,
) -> Any:
    """A trained model: from the cache if it was trained before, trained now otherwise.

    The weights are kept as safetensors in `gencourse.cache_folder()`, under a name made of
    everything that determines them: the options, the content of the data, the seed, the
    arithmetic, torch's version, and the source code itself. Two processes that ask at once train
    once, and so do two threads.

    Nothing else is kept: a model of your own is trained with `fit`, or with `train` if it has a
    recipe. No name could be made of what only its code says.

    Args:
        name: "autoencoder", "vae", "gan", "aae" or "vae-gan".
        seed: of the first weights and of the training; the course's own by default.
        data: a Dataset; MNIST by default.
        epochs: passes through the training images.
        options: of the model, such as latent_dim=8, or beta=4.0 for a VAE.
    Returns:
        The model in evaluation mode; `model.history` tells of its training.
        A training that was interrupted gives what was learned, and is not kept.
    Raises:
        ValueError: an unknown name, an option that the model does not have, or one that
            is neither a number nor a text, so that no file could be named after it.
    Warns:
        when a kept file is damaged (it is trained again), when it cannot be written, and when
        another process is waited for.
    """
    if name not in MODELS:
        raise ValueError(f"there is no model {name!r}; expected one of {', '.join(MODELS)}.")
    data = mnist() if data is None else data
    if not isinstance(data, Dataset):
        raise ValueError(f"data is a {type(data).__name__}; expected a Dataset, such as clothes().")
    options = {**_all_options(name, options), "image_shape": data.image_shape}
    recipe = Recipe(
        name,
        lambda: MODELS[name](**options),
        lambda: (data.train.images,),
        whole(epochs, "epochs"),
    )
    return _load_or_train(recipe, options, settings.seed() if seed is None else checked_seed(seed))


def _load_or_train(recipe, options, seed):
    """The recipe's model; `options` are all that its `make` depends on."""
    with training.ONE_THREAD:
        device = training.choose_device()
        about = {
            "name": recipe.name,
            "options": options,
            "constants": _constants(MODELS[recipe.name]),
            "seed": seed,
            "epochs": recipe.epochs,
            "batch_size": recipe.batch_size,
            "data": [_digest(f"{t.dtype} {tuple(t.shape)}", t) for t in recipe.data()],
            "arithmetic": f"{device.type} {training.arithmetic(device)}",
            "torch": torch.__version__,
            "source": SOURCE,
        }
        digest = _digest(json.dumps(about, sort_keys=True))[:16]
        name = f"{recipe.name}-{options['latent_dim']}-{seed}-{digest}.safetensors"
        try:
            path = settings.cache_folder() / name
        except ValueError as error:
            warnings.warn(f"{error} Training without keeping anything.", stacklevel=3)
            return train_as_far_as_it_goes(recipe, seed).eval()
        model = untrained(recipe, seed)
        if _load(model, path):
            return model.eval()
        with _alone(path):
            if not _load(model, path):  # another process may have trained it meanwhile
                model = train_as_far_as_it_goes(recipe, seed)
                if not model.history.interrupted:
                    _keep(model, path, about)
        return model.eval()


def _defaults(name):
    known = inspect.signature(MODELS[name]).parameters
    return {key: known[key].default for key in known if key not in NOT_OPTIONS}


def _all_options(name, given):
    """Those given, as Python's own numbers and texts; the others at their defaults."""
    known = _defaults(name)
    options = known.copy()
    if unknown := set(given) - set(known):
        raise ValueError(f"{name} has no option {min(unknown)!r}; it has {', '.join(known)}.")
    for key, value in given.items():
        plain = value.item() if getattr(value, "ndim", None) == 0 else value
        if not isinstance(plain, int | float | str) and plain is not known[key]:
            raise ValueError(
                f"{key} is {value!r}; expected a number or a text. A model with a prior of your "
                "own is trained with fit."
            )
        options[key] = plain
    return options


def _constants(kind):
    """Those of a model's classes as they are now: a reader may have set one, such as REALISM."""
    parts = reversed(kind.__mro__)
    return {key: value for part in parts for key, value in vars(part).items() if key.isupper()}


def _digest(text, *tensors):
    """Of a text, and of what is in tensors now, whatever was in them before."""
    digest = hashlib.sha256(text.encode())
    for tensor in tensors:
        digest.update(tensor.detach().cpu().contiguous().numpy().data)
    return digest.hexdigest()


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Keep other processes waiting while this one trains what they would train too.

    Where no lock can be had, it goes on without: two trainings of the same cost time, not truth.
    A folder where no lock can be made is one where no weights can be kept either: _keep says so.
    """
    lock = FileLock(f"{path}.lock")
    with suppress(OSError, NotImplementedError):  # the latter where the file system has no locks
        path.parent.mkdir(parents=True, exist_ok=True)
        _acquire(lock, path)
    try:
        yield
    finally:
        lock.release()


def _acquire(lock, path):
    """Wait for the lock, but say so, and not for ever."""
    try:
        lock.acquire(timeout=PATIENCE)
        return
    except Timeout:
        if not _locks_work(path.parent):
            return
    warnings.warn(
        f"another process trains the same model; waiting for it ({lock.lock_file}).", stacklevel=5
    )
    try:
        lock.acquire(timeout=LONGEST_WAIT)
    except Timeout:
        warnings.warn("it takes too long; training here as well.", stacklevel=5)


def _locks_work(folder):
    """Whether a lock that nobody holds can be had in this folder."""
    with TemporaryDirectory(dir=folder, prefix=".lock-") as trial:
        try:
            with FileLock(Path(trial) / "lock").acquire(timeout=0):
                return True
        except (OSError, NotImplementedError):
            return False


def _load(model, path):
    """Fill the model from the file; False, the model untouched, if it cannot be trusted."""
    if not os.access(path, os.R_OK):  # also where no file can be kept: _keep says so
        return False
    try:
        with safe_open(path, "pt") as file:
            about = file.metadata()
            tensors = {name: file.get_tensor(name) for name in sorted(file.keys())}
        if _digest(about["history"], *tensors.values()) != about["digest"]:
            raise ValueError("it does not have its checksum")
        history = training.History(**json.loads(about["history"]))
        model.load_state_dict(tensors)
    except (SafetensorError, OSError, KeyError, TypeError, ValueError, RuntimeError) as error:
        warnings.warn(f"{path} is damaged ({error}); training again.", stacklevel=4)
        return False
    model.history = history
    return True


def _keep(model, path, about):
    tensors = {name: tensor.contiguous() for name, tensor in sorted(model.state_dict().items())}
    history = json.dumps(asdict(model.history))
    metadata = {
        "recipe": json.dumps(about),
        "history": history,
        "digest": _digest(history, *tensors.values()),
    }
    try:
        write_atomically(path, save(tensors, metadata))
    except OSError as error:
        warnings.warn(
            f"the trained weights could not be kept in {path.parent} ({error}); "
            "set GENCOURSE_CACHE to a folder that can be written to.",
            stacklevel=4,
        )
