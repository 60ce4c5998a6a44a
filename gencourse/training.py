"""The one training loop, for every model of the course."""

import math
import time
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field

import torch
from tqdm.auto import tqdm

from gencourse import settings
from gencourse.data.dataset import check_images
from gencourse.networks import positive
from gencourse.watching import somebody_watches


class TrainingError(FloatingPointError):
    """A loss is no longer a finite number."""


@dataclass
class History:
    """What happened during training.

    losses: phase → mean loss of each finished epoch, in nats per image.
    seconds: time spent in the loop.
    interrupted: whether it was stopped before its last epoch.
    """

    losses: dict[str, list[float]] = field(default_factory=dict)
    seconds: float = 0.0
    interrupted: bool = False


def fit(model, *data, epochs=12, batch_size=256, seed=None, device="auto", watch=None):
    """Train `model` by running each of its phases on each batch.

    The whole set is one tensor, shuffled anew in each epoch; what does not fill
    a last batch is left for the next shuffle. Every phase that joins no other has its
    own Adam and its own one-cycle schedule (Smith and Topin, 2018). The model is trained on
    `device` and then returned to where it was, in evaluation mode.

    Args:
        model: a module with `phases()`.
        data: tensors of equal length, images first; each phase's loss gets
            their batches in this order. A 4-D first tensor is checked as images.
        epochs: passes through the data.
        batch_size: images in a batch, or all of them if there are fewer.
        seed: for the shuffling and all noise; the course's own by default.
        device: "auto" (CUDA, else MPS, else the processor) or torch's name of one.
        watch: called as watch(epoch) before the first epoch, with 0, and after each.
            The model is in evaluation mode then, and random numbers drawn there
            change nothing of the training.
    Returns:
        History. After an interrupt (Ctrl-C, the stop button) the model keeps
        what it has learned, and the history says so.
    Raises:
        TrainingError: a loss is not finite; the message names phase and epoch.
        DataError: images are not float32, (N, 1, 28, 28), in [0, 1].
        ValueError: the tensors differ in length, a number is out of range, or a phase
            joins one that does not stand before it.
    """
    _check(data)
    positive(epochs, "epochs")
    batch_size = min(positive(batch_size, "batch_size"), len(data[0]))
    device, home = choose_device(device), next(model.parameters()).device
    history = History()
    model.to(device).train()
    data = [tensor.detach().to(device) for tensor in data]
    trainable = [parameter for parameter in model.parameters() if parameter.requires_grad]
    steps = epochs * (len(data[0]) // batch_size)
    turns = [_Turn(phases, steps, device) for phases in _joined(model.phases())]
    start = time.perf_counter()
    try:
        with reproducible(settings.seed() if seed is None else seed):
            _show(watch, model, 0)
            for epoch in tqdm(range(epochs), disable=not somebody_watches(), leave=False):
                losses = _one_epoch(model, turns, data, batch_size, device)
                _check_finite(turns, epoch)
                for name, loss in losses.items():
                    history.losses.setdefault(name, []).append(loss)
                _show(watch, model, epoch + 1)
    except KeyboardInterrupt:
        history.interrupted = True
    finally:
        history.seconds = time.perf_counter() - start
        for parameter in trainable:
            parameter.requires_grad_(True)
        model.to(home).eval()
    return history


def choose_device(name="auto"):
    """torch's device of that name; for "auto" CUDA, else MPS, else the processor."""
    if name != "auto":
        return torch.device(name)
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def bfloat16_pays(device):
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


def arithmetic(device):
    """The kind of number that training multiplies on this device, by name."""
    return "bfloat16" if bfloat16_pays(device) else "float32"


@contextmanager
def reproducible(seed):
    """Draw all random numbers inside from `seed`, on every device; outside, nothing has changed."""
    with _random_numbers_kept():
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
    """Phases that take one step together: their optimiser, its schedule, and for each phase
    the first step whose loss was not finite."""

    def __init__(self, phases, steps, device):
        self.trained = {
            phase: [p for p in phase.parameters() if p.requires_grad] for phase in phases
        }
        self.steps, self.all_steps = 0, steps
        self.first_failure = {phase: torch.tensor(math.inf, device=device) for phase in phases}
        everything = {p: None for trained in self.trained.values() for p in trained}
        self.optimizer = torch.optim.Adam(
            list(everything), lr=phases[0].learning_rate, betas=phases[0].betas, fused=True
        )
        self.schedule = torch.optim.lr_scheduler.OneCycleLR(
            self.optimizer,
            phases[0].learning_rate,
            total_steps=max(steps, 3),  # a shorter cycle has no peak, and would learn nothing
            cycle_momentum=False,
        )

    def step(self, model, batch, device):
        """One step; returns phase → its loss."""
        self.steps += 1
        self.optimizer.zero_grad()
        losses = {phase: self._backward(phase, model, batch, device) for phase in self.trained}
        self.optimizer.step()
        self.schedule.step()
        for phase in filter(lambda phase: phase.after, self.trained):
            with torch.no_grad():
                phase.after(self.steps / self.all_steps)
        return losses

    def _backward(self, phase, model, batch, device):
        model.requires_grad_(False)
        for parameter in self.trained[phase]:
            parameter.requires_grad_(True)
        pays = bfloat16_pays(device)
        with torch.autocast(device.type, torch.bfloat16) if pays else nullcontext():
            loss = phase.loss(*batch)
        (phase.weight * loss).backward()
        failure = torch.where(loss.detach().isfinite(), math.inf, float(self.steps))
        self.first_failure[phase] = torch.minimum(self.first_failure[phase], failure)
        return loss.detach()


def _joined(phases):
    """The phases in groups: first one that joins no other, then those that join it."""
    groups = {}
    for phase in phases:
        if phase.joins is None:
            groups[phase.name] = [phase]
        elif phase.joins in groups:
            groups[phase.joins].append(phase)
        else:
            raise ValueError(
                f"the phase {phase.name!r} joins {phase.joins!r}; expected one of the phases "
                f"before it that join no other: {', '.join(groups) or 'there is none'}."
            )
    return list(groups.values())


def _one_epoch(model, turns, data, batch_size, device):
    """Phase → mean loss; read once, because reading a loss makes a GPU wait."""
    batches = len(data[0]) // batch_size
    order = torch.randperm(len(data[0]), device=device)
    totals = {
        phase.name: torch.zeros((), device=device) for turn in turns for phase in turn.trained
    }
    for chosen in order.split(batch_size)[:batches]:
        batch = [tensor[chosen] for tensor in data]
        for turn in turns:
            for phase, loss in turn.step(model, batch, device).items():
                totals[phase.name] += loss
    return {name: (total / batches).item() for name, total in totals.items()}


def _show(watch, model, epoch):
    """Let the watcher look without disturbing what it watches."""
    if watch:
        model.eval()
        with torch.no_grad(), _random_numbers_kept():
            watch(epoch)
        model.train()


def _check_finite(turns, epoch):
    """Raise for the phase that failed first: soon after it, the others fail too."""
    failures = {phase: at.item() for turn in turns for phase, at in turn.first_failure.items()}
    first = min(failures, key=failures.get)
    if math.isfinite(failures[first]):
        raise TrainingError(
            f"the loss of the phase {first.name!r} stopped being a finite number in epoch "
            f"{epoch + 1}. Look for a logarithm or a division of zero in it, or lower its "
            "learning rate."
        )


def _check(data):
    if not data:
        raise ValueError("fit needs data: fit(model, images).")
    if data[0].ndim == 4:
        check_images(data[0])
    lengths = [len(tensor) for tensor in data]
    if len(set(lengths)) > 1:
        raise ValueError(f"the tensors have lengths {lengths}; expected one length for all.")
    if lengths[0] == 0:
        raise ValueError("the tensors are empty; expected at least one row.")
