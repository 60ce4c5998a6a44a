"""The autoencoder: it copies, and its loss is in nats."""

import math

import pytest
import torch
from torch import nn

from gencourse.models import Autoencoder
from gencourse.training import fit


def snapshot(network):
    return [parameter.detach().clone() for parameter in network.parameters()]


def moved(before, network):
    return [not torch.equal(a, b) for a, b in zip(before, network.parameters(), strict=True)]


def test_the_autoencoders_step_moves_both_networks(few):
    model = Autoencoder(latent_dim=2)
    before = snapshot(model)
    fit(model, few.train.images, epochs=1)
    assert all(moved(before, model))


def test_the_loss_is_nats_per_image():
    """Logits of zero say one half for each pixel: 784 log 2 nats, whatever the image and batch."""
    model = Autoencoder(latent_dim=3)
    nn.init.zeros_(model.decoder.layers[-2].weight)
    nn.init.zeros_(model.decoder.layers[-2].bias)
    for n in (1, 7):
        loss = model.reconstruction_loss(torch.rand(n, 1, 28, 28))
        assert loss.item() == pytest.approx(784 * math.log(2), rel=1e-5)


@pytest.mark.parametrize("latent_dim", [0, -1, 1.5, "2", True])
def test_a_bad_latent_size_is_named(latent_dim):
    with pytest.raises(ValueError, match="latent_dim is .*; expected a whole number of 1 or more"):
        Autoencoder(latent_dim)


def test_shapes_and_range_of_the_autoencoder():
    model = Autoencoder(latent_dim=5)
    codes = model.encode(torch.rand(3, 1, 28, 28))
    assert codes.shape == (3, 5) and not codes.requires_grad
    for images in (
        model.decode(codes),
        model.generate(4),
        model.reconstruct(torch.rand(2, 1, 28, 28)),
    ):
        assert images.shape[1:] == (1, 28, 28)
        assert images.min() >= 0 and images.max() <= 1
    assert len(model.generate(4)) == 4


def test_batch_size_is_free_in_the_decoder():
    """A batch shape fixed in the decoder is a known bug."""
    model = Autoencoder(latent_dim=2)
    codes = torch.randn(9, 2)
    assert torch.allclose(model.decode(codes)[4:5], model.decode(codes[4:5]), atol=1e-6)
