"""The models, one file each: networks, phases, and the loss under its equation."""

from gencourse.models.autoencoder import Autoencoder

__all__ = ["Autoencoder"]
