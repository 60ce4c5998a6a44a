"""The networks of the course: compact, and the same for all four models.

Plain perceptrons: on two processor cores they learn MNIST in seconds, and what
distinguishes the models is then not the architecture but who is trained
against what.
"""

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


def positive(number, name):
    """`number`, if it is a whole number above zero; ValueError otherwise."""
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise ValueError(f"{name} is {number!r}; expected a whole number of 1 or more.")
    return number
