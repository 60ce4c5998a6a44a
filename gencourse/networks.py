"""The networks of the course: compact, and the same for all four models.

Plain perceptrons: on two processor cores they learn MNIST in seconds, and what
distinguishes the models is then not the architecture but who is trained
against what.
"""

from itertools import pairwise

import torch
from torch import nn

PIXELS = 28 * 28
WIDE, NARROW = 512, 256


class Encoder(nn.Module):
    """Images (N, 1, 28, 28) to `outputs` numbers each, (N, outputs)."""

    def __init__(self, outputs):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Flatten(),
            nn.Linear(PIXELS, WIDE),
            nn.ReLU(),
            nn.Linear(WIDE, NARROW),
            nn.ReLU(),
            nn.Linear(NARROW, positive(outputs, "outputs")),
        )

    def forward(self, images):
        return self.layers(images)


class SortingEncoder(nn.Module):
    """Images (N, 1, 28, 28) to `heads` probabilities and `style` numbers, (N, heads + style).

    In training it sees the images through noise. The scores are normalised over the batch
    before the softmax, so that each head is the highest for some images: a head that no
    image chooses would get no gradient, and never be chosen again.
    """

    NOISE, SHARPNESS = 0.3, 4.0

    def __init__(self, heads, style):
        super().__init__()
        self.sizes = [positive(heads, "heads"), positive(style, "style")]
        self.body = Encoder(sum(self.sizes))
        self.even = nn.BatchNorm1d(heads, affine=False)

    def forward(self, images):
        scores, style = self.scores_and_style(images)
        return torch.cat([scores.softmax(1), style], dim=1)

    def scores_and_style(self, images):
        """The logits of the heads (N, heads), and the style (N, style)."""
        if self.training:
            images = images + self.NOISE * torch.randn_like(images)
        scores, style = self.body(images).float().split(self.sizes, dim=1)
        return self.SHARPNESS * self.even(scores), style


class Decoder(nn.Module):
    """Codes (N, latent) to the logits of pixels, (N, 1, 28, 28); the encoder in reverse."""

    def __init__(self, latent):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(positive(latent, "latent"), NARROW),
            nn.ReLU(),
            nn.Linear(NARROW, WIDE),
            nn.ReLU(),
            nn.Linear(WIDE, PIXELS),
            nn.Unflatten(1, (1, 28, 28)),
        )

    def forward(self, codes):
        return self.layers(codes)


class Discriminator(nn.Module):
    """Images, flattened, `pack` of them side by side (N, pack * 784), to one logit each, (N, 1).

    Positive: they look real. The slope of its units below zero is not 0, so that it
    still tells the generator something about images that it is sure are made.
    """

    def __init__(self, pack=1):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(positive(pack, "pack") * PIXELS, WIDE),
            nn.LeakyReLU(0.2),
            nn.Linear(WIDE, NARROW),
            nn.LeakyReLU(0.2),
            nn.Linear(NARROW, 1),
        )

    def forward(self, images):
        return self.layers(images)


class LatentDiscriminator(nn.Module):
    """Codes (N, inputs) to one logit each, (N,). Positive: they look like the prior's.

    Always in float32: bfloat16 has three digits, and a critic of points sees the fourth.

    waves: how many sines and cosines of the codes, in random directions, it sees as well.
        Without them a perceptron is slow to notice what is narrow, such as the gap between
        two classes (Tancik and others, 2020).
    """

    FREQUENCY = 1.5
    """The standard deviation of the waves' frequencies, in radians per unit of the code."""

    def __init__(self, inputs, waves=0):
        super().__init__()
        directions = self.FREQUENCY * torch.randn(positive(inputs, "inputs"), waves)
        self.register_buffer("directions", directions, persistent=waves > 0)
        self.layers = nn.Sequential(
            nn.Linear(inputs + 2 * waves, NARROW),
            nn.LeakyReLU(0.2),
            nn.Linear(NARROW, NARROW),
            nn.LeakyReLU(0.2),
            nn.Linear(NARROW, 1),
        )

    def forward(self, codes):
        with torch.autocast(codes.device.type, enabled=False):
            codes = codes.float()
            phase = codes @ self.directions
            return self.layers(torch.cat([codes, phase.sin(), phase.cos()], dim=1)).squeeze(1)


class Perceptrons(nn.Module):
    """`runs` small networks that share nothing: points (N, runs, inputs) to (N, runs, outputs).

    Trained side by side they are as many independent runs, in little more time than one.
    Always in float32: bfloat16 has three digits, too few for the thin targets of the toys.
    """

    def __init__(self, runs, inputs, outputs, width=64):
        super().__init__()
        sizes = [positive(inputs, "inputs"), width, width, positive(outputs, "outputs")]
        self.weights, self.biases = nn.ParameterList(), nn.ParameterList()
        for pair in pairwise(sizes):
            layers = [nn.Linear(*pair) for _ in range(positive(runs, "runs"))]
            self.weights.append(torch.stack([layer.weight.detach().T for layer in layers]))
            self.biases.append(torch.stack([layer.bias.detach()[None] for layer in layers]))

    def forward(self, points):
        points = points.transpose(0, 1).float()
        with torch.autocast(points.device.type, enabled=False):
            for layer, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
                points = torch.baddbmm(bias, points.relu() if layer else points, weight)
        return points.transpose(0, 1)


def positive(number, name):
    """`number`, if it is a whole number above zero; ValueError otherwise."""
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise ValueError(f"{name} is {number!r}; expected a whole number of 1 or more.")
    return number
