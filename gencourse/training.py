"""The one training loop, for every model of the course."""

import inspect
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

import torch
from tqdm.auto import tqdm

from gencourse import settings
from gencourse.data.dataset import DataError, check_images
from gencourse.game import Step
from gencourse.models.base import as_it_was
from gencourse.validate import named, several, whole
from gencourse.validate import seed as checked_seed
from gencourse.watching import somebody_watches


class TrainingError(FloatingPointError):
    """A loss is no longer a finite number."""


@dataclass
class History:
    """What happened during training.

    losses: term → mean loss of each finished epoch, in nats per image.
    seconds: time spent in the loop.
    interrupted: whether it was stopped before its last epoch.
    """

    losses: dict[str, list[float]] = field(default_factory=dict)
    seconds: float = 0.0
    interrupted: bool = False


def fit(
    model: Any,
    *data: torch.Tensor,
    epochs: int = 12,
    batch_size: int = 256,
    seed: int | None = None,
    device: str = "auto",
    watch: Callable[[int], None] | None = None,
) -> History:
    """Train `model` by taking each of its steps on each batch, in their order.

    The whole set is one tensor, shuffled anew in each epoch; what does not fill
    a last batch is left for the next shuffle. Every step has its own Adam and its own
    one-cycle schedule (Smith and Topin, 2018). The model is trained on
    `device` and then returned to where it was, in evaluation mode.

    Args:
        model: a module with `steps()`.
        data: tensors of equal length, images first; each term's loss gets
            their batches in this order. They are checked by the model's `check`, if it has one;
            else a 4-D first tensor is checked as images.
        epochs: passes through the data.
        batch_size: images in a batch, or all of them if there are fewer.
        seed: for the shuffling and all noise; the course's own by default.
        device: "auto" (CUDA, else MPS, else the processor) or torch's name of one.
        watch: called as watch(epoch) before the first epoch, with 0, and after each. The model is
            in evaluation mode then, and random numbers drawn there change nothing of the training.
    Returns:
        History. After an interrupt (Ctrl-C, the stop button) the model keeps
        what it has learned, and the history says so.
    Raises:
        TrainingError: a loss is not finite; the message names term and epoch.
        DataError: the data are not what the model is trained on; the message says what is.
        ValueError: the tensors differ in length, a number is out of range, a step has nothing to
            move, or a loss is not one number that depends on it.
    """
    _check(model, data)
    epochs = whole(epochs, "epochs")
    batch_size = min(whole(batch_size, "batch_size"), len(data[0]))
    seed = settings.seed() if seed is None else checked_seed(seed)
    steps = several(model.steps(), "the steps()", Step, "[Step([self.encoder], …)]")
    place, history, start = choose_device(device), History(), time.perf_counter()
    with as_it_was(model):
        try:
            model.to(place).train()
            tensors = [tensor.detach().to(place) for tensor in data]
            batches = len(tensors[0]) // batch_size
            turns = [_Turn(step, epochs * batches, place) for step in steps]
            # A watcher of another training may ask for this one, where gradients are off.
            with reproducible(seed), torch.enable_grad():
                _show(watch, model, 0)
                for epoch in tqdm(range(epochs), disable=not somebody_watches(), leave=False):
                    losses = _one_epoch(model, turns, tensors, batch_size, place)
                    _check_finite(losses, epoch)
                    for name, each in losses.items():
                        mean = sum(each, torch.zeros((), device=place)) / len(each)
                        history.losses.setdefault(name, []).append(mean.item())
                    _show(watch, model, epoch + 1)
        except KeyboardInterrupt:
            history.interrupted = True
    history.seconds = time.perf_counter() - start
    model.eval()
    return history


def choose_device(name: str = "auto") -> torch.device:
    """torch's device of that name; for "auto" CUDA, else MPS, else the processor.

    Raises:
        ValueError: there is none.
    """
    if name != "auto":
        try:
            return torch.empty(0, device=torch.device(name)).device
        except (RuntimeError, AssertionError, TypeError) as error:  # torch has one for each way
            raise ValueError(f'torch has no device {name!r} here; expected "auto".') from error
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def bfloat16_pays(device: torch.device) -> bool:
    """Whether the hardware multiplies bfloat16 itself, and may: see settings.arithmetic.

    Elsewhere bfloat16 can be 80 times slower than float32.
    """
    if settings.arithmetic() == "float32":
        return False
    if device.type == "cuda":
        return torch.cuda.get_device_capability(device) >= (8, 0)
    if device.type != "cpu" or not hasattr(torch.cpu, "get_capabilities"):
        return False
    able = torch.cpu.get_capabilities()
    return bool(able.get("avx512_bf16") or able.get("amx_bf16"))


def arithmetic(device: torch.device) -> str:
    """The kind of number that training multiplies on this device, by name."""
    return "bfloat16" if bfloat16_pays(device) else "float32"


ONE_THREAD = threading.RLock()
"""Held by whoever draws from a seed, and by whoever trains for the cache: one lock for both, since
a watcher may ask the cache for a model in the middle of a training."""


@contextmanager
def reproducible(seed: int) -> Iterator[None]:
    """Draw all random numbers inside from `seed`, on every device; outside, nothing has changed.

    A process has one source of random numbers: a thread that comes meanwhile waits its turn.
    """
    seed = checked_seed(seed)
    with ONE_THREAD, _random_numbers_kept():
        torch.manual_seed(seed)
        yield


@contextmanager
def _random_numbers_kept():
    mps = torch.mps.get_rng_state() if torch.backends.mps.is_available() else None
    try:
        with torch.random.fork_rng(devices=range(torch.cuda.device_count())):
            yield
    finally:
        if mps is not None:
            torch.mps.set_rng_state(mps)


class _Turn:
    """A step of the game, with its optimiser and its schedule."""

    def __init__(self, step, batches, device):
        self.step, self.done, self.all = step, 0, batches
        self.moves = [parameter for parameter in step.parameters() if parameter.requires_grad]
        if not self.moves:
            raise ValueError(f"{step} has nothing to move that is not frozen.")
        self.bfloat16 = bfloat16_pays(device)
        self.optimizer = torch.optim.Adam(
            self.moves, lr=step.learning_rate, betas=step.betas, fused=True
        )
        self.schedule = torch.optim.lr_scheduler.OneCycleLR(
            self.optimizer,
            step.learning_rate,
            total_steps=max(batches, 3),  # a shorter cycle has no peak, and would learn nothing
            pct_start=float(step.warm_up),
            cycle_momentum=False,
        )

    def take(self, model, batch, device):
        """One step on a batch; returns term → its loss, of the terms whose turn it is."""
        terms = [term for term in self.step.terms if self.done % term.every == 0]
        self.done += 1
        self.optimizer.zero_grad()
        model.requires_grad_(False)
        for parameter in self.moves:
            parameter.requires_grad_(True)
        with torch.autocast(device.type, torch.bfloat16) if self.bfloat16 else nullcontext():
            losses = {term: term.loss(*batch) for term in terms}
        for term, loss in losses.items():
            if not isinstance(loss, torch.Tensor) or loss.numel() != 1:
                raise ValueError(
                    f"the term {term.name!r} gives {getattr(loss, 'shape', named(loss))}; expected "
                    "one number, as the tensor loss.mean() is."
                )
        total = sum(term.weight * term.every * loss for term, loss in losses.items())
        if not total.requires_grad:
            raise ValueError(
                f"no loss of {self.step} depends on what it moves; look for detach() or no_grad() "
                "on the way, or for another network in `moves`."
            )
        total.backward()
        self.optimizer.step()
        self.schedule.step()
        if self.step.after:
            with torch.no_grad():
                self.step.after(self.done / self.all)
        # Copies, because a loss may be a parameter itself, which the next step moves.
        return {term: loss.detach().clone() for term, loss in losses.items()}


def _one_epoch(model, turns, data, batch_size, device):
    """Term → its loss on each batch; not read here, because reading a loss makes a GPU wait."""
    order = torch.randperm(len(data[0]), device=device)
    losses: dict[str, list] = {}
    for chosen in order.split(batch_size)[: len(order) // batch_size]:
        batch = [tensor[chosen] for tensor in data]
        for turn in turns:
            for term, loss in turn.take(model, batch, device).items():
                losses.setdefault(term.name, []).append(loss)
    return losses


def _show(watch, model, epoch):
    """Let the watcher look without disturbing what it watches."""
    if watch:
        model.eval()
        with torch.no_grad(), _random_numbers_kept():
            watch(epoch)
        model.train()


def _check_finite(losses, epoch):
    """Raise for the term that failed first: soon after it, the others fail too."""
    failed = {name: ~torch.stack(each).flatten().isfinite() for name, each in losses.items()}
    failures = {name: batches.nonzero()[0] for name, batches in failed.items() if batches.any()}
    if failures:
        first = min(failures, key=lambda name: failures[name])
        raise TrainingError(
            f"the loss of the term {first!r} stopped being a finite number in epoch "
            f"{epoch + 1}. Look for a logarithm or a division of zero in it, or lower its "
            "learning rate."
        )


def _check(model, data):
    if isinstance(model, type) or not callable(getattr(model, "steps", None)):
        raise ValueError(f"model is {named(model)}; expected an object with steps(), as VAE() is.")
    if next(model.parameters(), None) is None:
        raise ValueError(
            f"{named(model)} has no parameters; layers in a list belong into an nn.ModuleList."
        )
    if not data:
        raise ValueError("fit needs data: fit(model, images).")
    if hasattr(model, "check"):
        takes = inspect.signature(model.check).parameters
        if len(takes) != len(data):
            raise ValueError(
                f"a {type(model).__name__} is trained on {' and '.join(takes)}; "
                f"got {len(data)} {'thing' if len(data) == 1 else 'things'}."
            )
        model.check(*data)
        if hasattr(model, "try_networks"):
            model.try_networks(data[0][:2])
    elif not isinstance(data[0], torch.Tensor) or data[0].ndim == 4:
        check_images(data[0])
    for tensor in data:
        if not isinstance(tensor, torch.Tensor):
            raise DataError(f"got {named(tensor)} to train on; expected tensors of torch's.")
        if not tensor.ndim:
            raise DataError("got a single number to train on; expected one row for each example.")
    lengths = [len(tensor) for tensor in data]
    if len(set(lengths)) > 1:
        raise ValueError(f"the tensors have lengths {lengths}; expected one length for all.")
    if lengths[0] == 0:
        raise ValueError("the tensors are empty; expected at least one row.")
