"""A small encoder that a large one has taught, so that a page can carry it."""

import torch
from torch import nn
from torch.nn import functional

from gencourse.game import Step, Term, negative_log_likelihood
from gencourse.models import VAE, Autoencoder
from gencourse.models.base import LatentVariableModel
from gencourse.training import reproducible

NATS = 600.0
"""What a code costs that is off by one unit; a copy that is worse by a nat costs one."""
WIDTHS = 0.1
"""What a width of the cloud costs that is e times too large or too small, in units."""


class Pupil(LatentVariableModel):
    """The teacher's decoder, and a small encoder that learns to say what the teacher's says.

    (Distillation: Hinton, Vinyals and Dean, 2015.) The teacher stands still. The pupil pays for
    the distance of its codes from the teacher's, and for the copies that the decoder draws there.

    teacher: a trained Autoencoder or VAE.
    encoder: images (N, C, H, W) to as many numbers as the teacher's gives.
    unit: a distance between codes that is large, such as their spread.
    """

    def __init__(self, teacher: Autoencoder | VAE, encoder: nn.Module, unit: float):
        super().__init__(teacher.latent_dim, teacher.prior, teacher.image_shape)
        self.teacher, self.encoder, self.unit = teacher.requires_grad_(False), encoder, unit
        self.decoder = teacher.decoder

    @property
    def encoder_outputs(self) -> int:
        """As many as the teacher's."""
        return self.teacher.encoder_outputs

    def steps(self) -> list[Step]:
        """One step: the small encoder learns."""
        terms = [Term("distance", self.distance_loss, NATS), Term("copy", self.copy_loss)]
        return [Step([self.encoder], terms)]

    def distance_loss(self, images: torch.Tensor) -> torch.Tensor:
        """From the teacher's code to the pupil's, in units; widths of clouds count too."""
        off = (self.encoder(images) - self.teacher.encoder(images)).float()
        code, widths = off[:, : self.latent_dim], off[:, self.latent_dim :]
        distance = code.square().sum(1).add(1e-3 * self.unit**2).sqrt() / self.unit
        return (distance + WIDTHS * widths.abs().sum(1)).mean()

    def copy_loss(self, images: torch.Tensor) -> torch.Tensor:
        """−log p(x | z) at the pupil's code, a cloud's centre, in nats per image."""
        codes = self.encoder(images)[:, : self.latent_dim]
        return negative_log_likelihood(self.decoder(codes), images).mean()

    def encode(self, images: torch.Tensor) -> torch.Tensor:
        """The codes, or the clouds' centres, (N, latent_dim)."""
        self.check(images)
        with torch.no_grad():
            return self.encoder(images)[:, : self.latent_dim]


def by_other_hands(images: torch.Tensor) -> torch.Tensor:
    """The images (N, C, H, W), and of each a second that another hand may have written (2 N, …).

    It is slanted, larger or smaller, moved by up to a pixel, with a thicker or thinner pen.
    """
    with reproducible(0):
        slant, size, across, down, pen = 2 * torch.rand(5, len(images)) - 1
    grown, none = 1 + 0.08 * size, torch.zeros(len(images))
    rows = [
        torch.stack([grown, 0.2 * slant, across / 14], dim=1),
        torch.stack([none, grown, down / 14], dim=1),
    ]
    places = functional.affine_grid(torch.stack(rows, 1), list(images.shape), align_corners=False)
    moved = functional.grid_sample(images, places, align_corners=False)
    thick = functional.max_pool2d(moved, 3, stride=1, padding=1)
    thin = -functional.max_pool2d(-moved, 3, stride=1, padding=1)
    share = 0.7 * pen.view(-1, 1, 1, 1)
    other = torch.where(share > 0, moved.lerp(thick, share), moved.lerp(thin, -share))
    return torch.cat([images, other])
