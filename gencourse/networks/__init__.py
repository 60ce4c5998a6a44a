"""The networks of the course: compact, and the same for all models.

On two processor cores they learn MNIST in seconds, and what distinguishes the models is then not
the architecture but who is trained against what.
"""

from gencourse.networks.heads import HeadsEncoder
from gencourse.networks.latent import InstanceNoise, LatentDiscriminator
from gencourse.networks.perceptrons import Decoder, Discriminator, Encoder, PerceptronEnsemble

__all__ = [
    "Decoder",
    "Discriminator",
    "Encoder",
    "HeadsEncoder",
    "InstanceNoise",
    "LatentDiscriminator",
    "PerceptronEnsemble",
]
