"""Plain perceptrons: encoder, decoder and discriminator of images, and ensembles for points."""

import math
from itertools import pairwise

import torch
from torch import nn

from gencourse.data.dataset import DIGIT, checked_shape
from gencourse.validate import whole

WIDE, NARROW = 512, 256
HIDDEN = 64  # in an ensemble


class Encoder(nn.Module):
    """Images (N, C, H, W) to `outputs` numbers each, (N, outputs)."""

    def __init__(self, outputs: int, image_shape: tuple[int, ...] = DIGIT):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Flatten(),
            nn.Linear(_pixels(image_shape), WIDE),
            nn.ReLU(),
            nn.Linear(WIDE, NARROW),
            nn.ReLU(),
            nn.Linear(NARROW, whole(outputs, "outputs")),
        )

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.layers(images)


class Decoder(nn.Module):
    """Codes (N, latent_dim) to the logits of pixels, (N, C, H, W); the encoder in reverse."""

    def __init__(self, latent_dim: int, image_shape: tuple[int, ...] = DIGIT):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(whole(latent_dim, "latent_dim"), NARROW),
            nn.ReLU(),
            nn.Linear(NARROW, WIDE),
            nn.ReLU(),
            nn.Linear(WIDE, _pixels(image_shape)),
            nn.Unflatten(1, checked_shape(image_shape)),
        )

    def forward(self, codes: torch.Tensor) -> torch.Tensor:
        return self.layers(codes)


class Discriminator(nn.Module):
    """Images (N, C, H, W) to one logit for each `pack` of them, (N / pack,).

    Positive: they look real. The slope of its units below zero is not 0, so that it still tells
    the generator something about images that it is sure are generated.
    """

    def __init__(self, pack: int = 1, image_shape: tuple[int, ...] = DIGIT):
        super().__init__()
        self.pack = whole(pack, "pack")
        self.layers = nn.Sequential(
            nn.Linear(self.pack * _pixels(image_shape), WIDE),
            nn.LeakyReLU(0.2),
            nn.Linear(WIDE, NARROW),
            nn.LeakyReLU(0.2),
            nn.Linear(NARROW, 1),
        )

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.layers(packed(images, self.pack).flatten(1)).squeeze(1).float()


class PerceptronEnsemble(nn.Module):
    """`runs` networks that share nothing: points (N, runs, inputs) to (N, runs, outputs).

    Trained side by side they are as many independent runs, in little more time than one.
    Always in float32: bfloat16 has three digits, too few for the thin targets of the toys.
    """

    def __init__(self, runs: int, inputs: int, outputs: int):
        super().__init__()
        sizes = [whole(inputs, "inputs"), HIDDEN, HIDDEN, whole(outputs, "outputs")]
        self.weights, self.biases = nn.ParameterList(), nn.ParameterList()
        for pair in pairwise(sizes):
            layers = [nn.Linear(*pair) for _ in range(whole(runs, "runs"))]
            self.weights.append(torch.stack([layer.weight.detach().T for layer in layers]))
            self.biases.append(torch.stack([layer.bias.detach()[None] for layer in layers]))

    def forward(self, points: torch.Tensor) -> torch.Tensor:
        points = points.transpose(0, 1).float()
        with torch.autocast(points.device.type, enabled=False):
            for layer, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
                points = torch.baddbmm(bias, points.relu() if layer else points, weight)
        return points.transpose(0, 1)


def packed(samples: torch.Tensor, pack: int) -> torch.Tensor:
    """Samples (N, …) in packs, (N / pack, pack, …).

    Raises:
        ValueError: N is not a multiple of the pack.
    """
    if len(samples) % pack:
        raise ValueError(f"{len(samples)} samples cannot be judged in packs of {pack}.")
    return samples.unflatten(0, (-1, pack))


def _pixels(image_shape):
    return math.prod(checked_shape(image_shape))
