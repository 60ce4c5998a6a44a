"""The models, one file each: networks, phases, and the loss under its equation."""

from gencourse.models.aae import AAE, LabelledAAE
from gencourse.models.autoencoder import Autoencoder
from gencourse.models.gan import GAN, PointGAN
from gencourse.models.vae import VAE

__all__ = ["AAE", "GAN", "VAE", "Autoencoder", "LabelledAAE", "PointGAN"]
