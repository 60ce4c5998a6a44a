"""What a prior is, and the door for priors that readers bring."""

from abc import ABC, abstractmethod
from typing import Any

import torch
from torch import distributions, nn

from gencourse.validate import floats, named


class Prior(nn.Module, ABC):
    """Where codes are drawn from: `sample(n)` gives codes (n, latent_dim).

    One that also knows its density has `log_prob(codes)`, in nats, (n,). A prior is a module
    without parameters: it moves with its model, and draws on the device where it is.
    """

    anchor: torch.Tensor

    def __init__(self):
        super().__init__()
        self.register_buffer("anchor", torch.zeros(0), persistent=False)

    @property
    def device(self) -> torch.device:
        """Where the codes are drawn."""
        return self.anchor.device

    @abstractmethod
    def sample(self, n: int) -> torch.Tensor:
        """`n` codes, (n, latent_dim)."""


class Given(Prior):
    """A prior that a model was given: anything with `sample(n)`. Every draw is looked at."""

    def __init__(self, own: Any, latent_dim: int):
        super().__init__()
        self.own, self.latent_dim = own, latent_dim

    def sample(self, n: int) -> torch.Tensor:
        codes = checked_codes(self.own.sample(n), f"sample({n})", n, self.latent_dim)
        return codes.to(self.device)

    def __getattr__(self, name):
        """What else it can do, such as `log_prob` or `sample_of`."""
        try:
            return super().__getattr__(name)
        except AttributeError:
            if name == "own":  # not there yet
                raise
            found = getattr(self.own, name)
        if name != "sample_of":
            return found
        return lambda parts: checked_codes(found(parts), name, len(parts), self.latent_dim)


def checked_codes(codes: torch.Tensor, call: str, n: int, latent_dim: int) -> torch.Tensor:
    """What a prior's `call` gave, if that is `n` finite float32 codes of `latent_dim` numbers.

    Raises:
        ValueError: it is not.
    """
    if isinstance(codes, torch.Tensor) and codes.shape[1:] == (latent_dim,) and len(codes) != n:
        raise ValueError(
            f"the prior's {call} gives {len(codes)} codes; expected {n}. From a list of codes draw "
            "as often as you are asked: codes[torch.randint(len(codes), (n,))]."
        )
    return floats(codes, f"codes of the prior's {call}", n, latent_dim)


def require_range(numbers: torch.Tensor, name: str, least: int, end: int) -> None:
    """Raise ValueError unless all these whole numbers (N,) are from `least` to below `end`."""
    if len(numbers) and not (least <= numbers.min() and numbers.max() < end):
        raise ValueError(
            f"{name} run from {numbers.min()} to {numbers.max()}; expected {least} to {end - 1}."
        )


def as_prior(which: Any, latent_dim: int) -> Prior:
    """The given prior, if its `sample(n)` draws float32 codes of `latent_dim` numbers, n of them.

    Raises:
        ValueError: it does not; the message says what it does.
    """
    if isinstance(which, distributions.Distribution):
        raise ValueError(
            f"prior is torch's distribution {which!r}; expected something whose sample(n) gives "
            f"codes (n, {latent_dim}), such as priors.gaussian({latent_dim}), or a class of your "
            "own that calls distribution.sample((n,))."
        )
    if isinstance(which, type) or not callable(getattr(which, "sample", None)):
        raise ValueError(
            f"prior is {named(which)}; expected a name or an object with sample(n), such as "
            "priors.ring()."
        )
    given = Given(which, latent_dim)
    for n in (1, 3):
        given.sample(n)
    return given
