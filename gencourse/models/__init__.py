"""The models, one file each: networks, phases, and the loss under its equation."""

from gencourse.models.aae import AAE, LabelledAAE
from gencourse.models.autoencoder import Autoencoder
from gencourse.models.clustering import ClusteringAAE
from gencourse.models.dimension_reduction import MapAAE
from gencourse.models.gan import GAN, PointGAN
from gencourse.models.semi_supervised import Classifier, SemiSupervisedAAE
from gencourse.models.vae import VAE, PointVAE
from gencourse.models.vae_gan import VAEGAN

__all__ = [
    "AAE",
    "GAN",
    "VAE",
    "VAEGAN",
    "Autoencoder",
    "Classifier",
    "ClusteringAAE",
    "LabelledAAE",
    "MapAAE",
    "PointGAN",
    "PointVAE",
    "SemiSupervisedAAE",
]
