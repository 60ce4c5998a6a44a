"""The networks of the course, the same for all models, at two scales.

Perceptrons learn MNIST in seconds on two processor cores; what distinguishes the models is then not
the architecture but who is trained against what. Small convolutions take minutes, and draw better.
"""

from gencourse.networks.convolutions import ConvDecoder, ConvDiscriminator, ConvEncoder
from gencourse.networks.heads import HeadsEncoder
from gencourse.networks.latent import InstanceNoise, LatentDiscriminator
from gencourse.networks.perceptrons import Decoder, Discriminator, Encoder, PerceptronEnsemble

__all__ = [
    "ConvDecoder",
    "ConvDiscriminator",
    "ConvEncoder",
    "Decoder",
    "Discriminator",
    "Encoder",
    "HeadsEncoder",
    "InstanceNoise",
    "LatentDiscriminator",
    "PerceptronEnsemble",
]
