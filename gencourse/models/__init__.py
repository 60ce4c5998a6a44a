"""The models, one file each: networks, steps, and the loss under its equation."""

from gencourse.models.aae import AAE
from gencourse.models.autoencoder import Autoencoder
from gencourse.models.base import LatentVariableModel
from gencourse.models.clustering import ClusteringAAE
from gencourse.models.dimension_reduction import map_aae
from gencourse.models.gan import GAN
from gencourse.models.labelled import LabelledAAE
from gencourse.models.points import PointGAN, PointVAE
from gencourse.models.semi_supervised import Classifier, SemiSupervisedAAE
from gencourse.models.vae import VAE
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
    "LatentVariableModel",
    "PointGAN",
    "PointVAE",
    "SemiSupervisedAAE",
    "map_aae",
]
