"""The zoo: models trained once, kept, and loaded when they are asked for again."""

import hashlib
import inspect
import json
import warnings
from contextlib import contextmanager, suppress
from dataclasses import asdict

import torch
from filelock import FileLock
from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from gencourse import models, networks, phases, priors, settings, shapes, training
from gencourse.data import mnist
from gencourse.files import write_atomically
from gencourse.models import latent_variable, pixels

MODELS = {
    "autoencoder": models.Autoencoder,
    "vae": models.VAE,
    "gan": models.GAN,
    "aae": models.AAE,
    "vae-gan": models.VAEGAN,
}
BATCH_SIZE = 256


def trained(name, *, seed=None, data=None, epochs=12, **options):
    """A trained model: from the cache if it was trained before, trained now otherwise.

    The weights are kept as safetensors in `gencourse.cache_folder()`, under a
    name made of everything that determines them: model, latent size, options,
    seed, epochs, data, arithmetic, torch's version, and the source code itself.
    Two processes that ask at once train once.

    Args:
        name: "autoencoder", "vae", "gan", "aae" or "vae-gan".
        seed: of the first weights and of the training; the course's own by default.
        data: a Dataset; MNIST by default.
        epochs: passes through the training images.
        options: of the model, such as latent=8, or beta=4.0 for a VAE.
    Returns:
        The model in evaluation mode; `model.history` tells of its training.
        A training that was interrupted gives what was learned, and is not kept.
    Raises:
        ValueError: an unknown name, an option that the model does not have, or one that
            is neither a number nor a text, so that no file could be named after it.
    Warns:
        when a kept file is damaged (it is trained again) or cannot be written.
    """
    if name not in MODELS:
        raise ValueError(f"there is no model {name!r}; expected one of {', '.join(MODELS)}.")
    known = inspect.signature(MODELS[name]).parameters
    if unknown := set(options) - set(known):
        raise ValueError(f"{name} has no option {min(unknown)!r}; it has {', '.join(known)}.")
    for key, value in options.items():
        if not isinstance(value, int | float | str):
            raise ValueError(
                f"{key} is {value!r}; expected a number or a text. A model with a prior of your "
                "own is trained with fit."
            )
    # Written out or left to its default, an option is the same.
    options = {key: parameter.default for key, parameter in known.items()} | options
    data = mnist() if data is None else data
    device = training.choose_device()
    recipe = {
        "model": name,
        "options": options,
        "seed": settings.seed() if seed is None else seed,
        "epochs": epochs,
        "batch_size": BATCH_SIZE,
        "data": data.fingerprint,
        "arithmetic": f"{device.type} {training.arithmetic(device)}",
        "torch": torch.__version__,
        "source": SOURCE,
    }
    file = f"{name}-{options['latent']}-{recipe['seed']}-{_digest(recipe)}.safetensors"
    path = settings.cache_folder() / file
    with training.reproducible(recipe["seed"]):
        model = MODELS[name](**options)
    with _alone(path):
        if not _load(model, path):
            model.history = training.fit(
                model, data.train.images, epochs=epochs, batch_size=BATCH_SIZE, seed=recipe["seed"]
            )
            if not model.history.interrupted:
                _keep(model, path, recipe)
    return model.eval()


def _digest(content):
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def _content_digest(tensors, history):
    digest = hashlib.sha256(history.encode())
    for name in sorted(tensors):
        digest.update(tensors[name].numpy().tobytes())
    return digest.hexdigest()


# Taken when the code is imported: what runs is what was read then.
SOURCE = _digest(
    [
        inspect.getsource(room)
        for room in [
            networks,
            phases,
            priors,
            shapes,
            training,
            latent_variable,
            pixels,
            *map(inspect.getmodule, MODELS.values()),
        ]
    ]
)


@contextmanager
def _alone(path):
    """Keep other processes waiting while this one trains what they would train too."""
    lock = FileLock(f"{path}.lock")
    # A folder where no lock can be made is one where no weights can be kept either:
    # _keep will say so.
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _load(model, path):
    """Fill the model from the file; False, the model untouched, if it cannot be trusted."""
    if not path.exists():
        return False
    try:
        with safe_open(path, "pt") as file:
            about = file.metadata()
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (no dict)
        if _content_digest(tensors, about["history"]) != about["digest"]:
            raise ValueError("it does not have its checksum")
        history = training.History(**json.loads(about["history"]))
    except (SafetensorError, OSError, KeyError, TypeError, ValueError) as error:
        warnings.warn(f"{path} is damaged ({error}); training again.", stacklevel=3)
        return False
    model.load_state_dict(tensors)
    model.history = history
    return True


def _keep(model, path, recipe):
    tensors = {name: tensor.contiguous() for name, tensor in model.state_dict().items()}
    history = json.dumps(asdict(model.history))
    about = {
        "recipe": json.dumps(recipe),
        "history": history,
        "digest": _content_digest(tensors, history),
    }
    try:
        write_atomically(path, save(tensors, about))
    except OSError as error:
        warnings.warn(
            f"the trained weights could not be kept in {path.parent} ({error}); "
            "set GENCOURSE_CACHE to a folder that can be written to.",
            stacklevel=3,
        )
