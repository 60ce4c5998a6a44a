"""The one training loop, for every model of the course."""

import math
import time
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field

import torch
from tqdm.auto import tqdm

from gencourse.data.dataset import check_images
from gencourse.networks import positive
from gencourse.settings import seed as course_seed
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
    a last batch is left for the next shuffle. Every phase has its own Adam and
    its own one-cycle schedule (Smith and Topin, 2018). The model is trained on
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
        ValueError: the tensors differ in length, or a number is out of range.
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
    runners = [_Runner(phase, steps, device) for phase in model.phases()]
    start = time.perf_counter()
    try:
        with reproducible(course_seed() if seed is None else seed):
            _show(watch, model, 0)
            for epoch in tqdm(range(epochs), disable=not somebody_watches(), leave=False):
                losses = _one_epoch(model, runners, data, batch_size, device)
                _check_finite(runners, epoch)
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
    """Whether the hardware multiplies bfloat16 itself; elsewhere it can be 80 times slower."""
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


class _Runner:
    """A phase with its optimiser, its schedule and the first step whose loss was not finite."""

    def __init__(self, phase, steps, device):
        self.phase = phase
        self.parameters = [p for p in phase.parameters() if p.requires_grad]
        self.steps = 0
        self.first_failure = torch.tensor(math.inf, device=device)
        self.optimizer = torch.optim.Adam(
            self.parameters, lr=phase.learning_rate, betas=phase.betas, fused=True
        )
        self.schedule = torch.optim.lr_scheduler.OneCycleLR(
            self.optimizer,
            phase.learning_rate,
            total_steps=max(steps, 3),  # a shorter cycle has no peak, and would learn nothing
            cycle_momentum=False,
        )

    def step(self, model, batch, device):
        """One step of the phase; returns its loss."""
        model.requires_grad_(False)
        for parameter in self.parameters:
            parameter.requires_grad_(True)
        pays = bfloat16_pays(device)
        with torch.autocast(device.type, torch.bfloat16) if pays else nullcontext():
            loss = self.phase.loss(*batch)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        self.schedule.step()
        if self.phase.after:
            with torch.no_grad():
                self.phase.after()
        self.steps += 1
        failure = torch.where(loss.detach().isfinite(), math.inf, float(self.steps))
        self.first_failure = torch.minimum(self.first_failure, failure)
        return loss.detach()


def _one_epoch(model, runners, data, batch_size, device):
    """Phase → mean loss; read once, because reading a loss makes a GPU wait."""
    batches = len(data[0]) // batch_size
    order = torch.randperm(len(data[0]), device=device)
    totals = {runner.phase.name: torch.zeros((), device=device) for runner in runners}
    for chosen in order.split(batch_size)[:batches]:
        batch = [tensor[chosen] for tensor in data]
        for runner in runners:
            totals[runner.phase.name] += runner.step(model, batch, device)
    return {name: (total / batches).item() for name, total in totals.items()}


def _show(watch, model, epoch):
    """Let the watcher look without disturbing what it watches."""
    if watch:
        model.eval()
        with torch.no_grad(), _random_numbers_kept():
            watch(epoch)
        model.train()


def _check_finite(runners, epoch):
    """Raise for the phase that failed first: soon after it, the others fail too."""
    first = min(runners, key=lambda runner: runner.first_failure.item())
    if first.first_failure.isfinite():
        raise TrainingError(
            f"the loss of the phase {first.phase.name!r} stopped being a finite number in epoch "
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
