"""What the models share: codes from a prior become images, and images become codes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from gencourse.data.dataset import check_images, checked_shape
from gencourse.game import Step
from gencourse.priors import Prior
from gencourse.priors import prior as checked_prior
from gencourse.priors.base import checked_codes
from gencourse.validate import floats, named, whole

if TYPE_CHECKING:
    from gencourse.training import History


@contextmanager
def as_it_was(model: nn.Module) -> Iterator[None]:
    """Leave a model at its place, in its modes and with its frozen parts, whatever is raised."""
    home = next(model.parameters()).device
    modes = {part: part.training for part in model.modules()}
    moved = {parameter: parameter.requires_grad for parameter in model.parameters()}
    try:
        yield
    finally:
        model.to(home)
        for part, training in modes.items():
            part.training = training
        for parameter, before in moved.items():
            parameter.requires_grad_(before)


class LatentVariableModel(nn.Module):
    """Networks, a prior over codes, and the steps of the game that trains them.

    All models raise ValueError where a setting is unknown or out of range, and DataError where
    they are given other images than they were made for.

    latent_dim: how many numbers a code has.
    prior: where `generate` takes its codes from.
    image_shape: (C, H, W); () for a model of points.
    history: of its training, where that was kept.
    """

    encoder: Any
    image_shape: tuple[int, ...]
    decoder: Any
    prior: Any  # torch takes what is read from a module for a tensor, unless it is told
    history: "History | None" = None

    def __init__(self, latent_dim: int, prior: Prior, image_shape: tuple[int, ...]):
        super().__init__()
        self.latent_dim = whole(latent_dim, "latent_dim")
        self.prior = prior
        points = isinstance(image_shape, tuple | list | None) and not image_shape
        self.image_shape = () if points else checked_shape(image_shape)

    def steps(self) -> list[Step]:
        """What is done on every batch, in this order."""
        raise TypeError(f"{type(self).__name__} has no steps(); every model needs its own.")

    @property
    def encoder_outputs(self) -> int:
        """How many numbers its encoder gives for an image."""
        return self.latent_dim

    def check(self, images: torch.Tensor) -> None:
        """Raise DataError unless it can be trained on these; its losses take the same."""
        if self.image_shape:
            check_images(images, self.image_shape)

    @torch.no_grad()
    def try_networks(self, images: torch.Tensor) -> None:
        """Send a few images through networks that a reader may have brought.

        Raises:
            ValueError: one of them does not give what it should.
        """
        if not self.image_shape:
            return
        # No chance: a reader's random numbers are left alone.
        codes = torch.linspace(-100, 100, len(images) * self.latent_dim).view(-1, self.latent_dim)
        trials = {
            "encoder": (images, (self.encoder_outputs,), "numbers for each image"),
            "decoder": (codes, self.image_shape, "logits of pixels for each code"),
        }
        with as_it_was(self):
            self.eval()  # batch statistics are left alone too
            for name, (given, shape, what) in trials.items():
                if network := getattr(self, name, None):
                    _try(network, name, given.to(next(self.parameters()).device), shape, what)

    def generate(self, n: int, prior: object = None) -> torch.Tensor:
        """`n` images (n, C, H, W) of codes drawn from `prior`, or the model's own.

        Raises:
            ValueError: `n` is no whole number above 0, or the prior draws other codes.
        """
        source = self.prior if prior is None else checked_prior(prior, self.latent_dim)
        codes = source.sample(n := whole(n, "n"))
        if self.image_shape:  # also of a prior that took the place of the model's own
            checked_codes(codes, f"sample({n})", n, self.latent_dim)
        return self.decode(codes.to(next(self.parameters()).device))

    @torch.no_grad()
    def decode(self, codes: torch.Tensor) -> torch.Tensor:
        """The images of codes (N, latent_dim), (N, C, H, W), pixels in [0, 1].

        Raises:
            ValueError: the codes have another shape or type.
        """
        return self.decoder(self._checked(codes)).sigmoid()

    def encode(self, images: torch.Tensor) -> torch.Tensor:
        """The codes of images (N, C, H, W), (N, latent_dim).

        Raises:
            DataError: the images are not what it was made for.
            TypeError: the model has no encoder.
        """
        if not hasattr(self, "encoder"):
            raise TypeError(
                f"a {type(self).__name__} has no encoder: it draws, and copies nothing."
            )
        check_images(images, self.image_shape)
        with torch.no_grad():
            return self.encoder(images)

    def reconstruct(self, images: torch.Tensor) -> torch.Tensor:
        """Encode and decode again: (N, C, H, W) to (N, C, H, W)."""
        return self.decode(self.encode(images))

    def _checked(self, codes):
        return floats(codes, "codes", "N", self.latent_dim)


def _try(network, name, given, shape, what):
    expected = f"expected {' × '.join(map(str, shape))} {what}"
    try:
        made = network(given)
    except Exception as error:  # a reader's network may raise anything
        raise ValueError(f"the {name} fails ({error}); {expected}.") from error
    found = tuple(getattr(made, "shape", ()))
    if found != (len(given), *shape):
        raise ValueError(f"the {name} gives {found[1:] or named(made)}; {expected}.")
    if name == "decoder" and made.min() >= 0 and made.max() <= 1:
        raise ValueError(
            f"the decoder gives numbers from 0 to 1 alone; {expected}. Leave out the sigmoid at "
            "its end: the model has its own."
        )
