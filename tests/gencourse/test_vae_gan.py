"""The VAE with a discriminator: likelihood for the encoder, both for the decoder."""

import math

import pytest
import torch
from torch import nn

from gencourse.models import VAE, VAEGAN
from gencourse.training import reproducible


def constant(network, value):
    """Make the last linear layer of a network give `value` whatever it is shown."""
    last = [layer for layer in network.modules() if isinstance(layer, nn.Linear)][-1]
    nn.init.zeros_(last.weight)
    with torch.no_grad():
        last.bias.copy_(torch.as_tensor(value))


def test_the_discriminator_of_a_vae_moves_the_decoder_and_never_the_encoder():
    model, images = VAEGAN(latent_dim=4), torch.rand(32, 1, 28, 28)
    autoencoder, discriminator = model.steps()
    bound, realism = autoencoder.terms
    told, penalty = discriminator.terms
    assert bound.weight == 1 and realism.weight == model.REALISM == 100
    assert autoencoder.moves == [model.encoder, model.decoder]
    assert discriminator.moves == [model.discriminator]
    realism.loss(images).backward()
    assert all(parameter.grad is None for parameter in model.encoder.parameters())
    assert any(parameter.grad.abs().sum() > 0 for parameter in model.decoder.parameters())
    model.zero_grad()
    told.loss(images).backward()
    penalty.loss(images).backward()
    for parameter in [*model.encoder.parameters(), *model.decoder.parameters()]:
        assert parameter.grad is None


def test_the_losses_of_the_vae_with_a_discriminator():
    """Where it says the same of every image its slope is 0: the losses of the game."""
    model, images, logit = VAEGAN(latent_dim=4), torch.rand(8, 1, 28, 28), -0.7
    constant(model.discriminator, [logit])
    at_real, at_fake = math.log1p(math.exp(-logit)), math.log1p(math.exp(logit))
    assert model.discriminator_loss(images).item() == pytest.approx(at_real + at_fake, rel=1e-5)
    assert model.realism_loss(images).item() == pytest.approx(at_real, rel=1e-5)


def test_a_steep_discriminator_pays_for_its_slope():
    model, images = VAEGAN(latent_dim=4), torch.rand(8, 1, 28, 28)
    model.discriminator = nn.Sequential(nn.Flatten(), nn.Linear(784, 1), nn.Flatten(0))
    _, penalty = model.steps()[1].terms
    slope = model.discriminator[1].weight.square().sum().item()
    assert penalty.weight == 3 / 2
    assert penalty.loss(images).item() == pytest.approx(slope, rel=1e-3)


def test_without_weight_the_discriminator_changes_nothing(few, monkeypatch):
    """The decoder and the encoder of a VAE, though the discriminator looks on."""
    monkeypatch.setattr(VAEGAN, "REALISM", 0.0)
    kept = []
    for kind in (VAE, VAEGAN):
        with reproducible(0):
            model = kind(latent_dim=4)
        model.fake = lambda n: torch.rand(n, 1, 28, 28, generator=torch.Generator())
        autoencoder = model.steps()[0]
        with reproducible(1):
            losses = [term.weight * term.loss(few.train.images[:50]) for term in autoencoder.terms]
            sum(losses).backward()
        kept.append([parameter.grad for parameter in autoencoder.parameters()])
    assert all(torch.equal(a, b) for a, b in zip(*kept, strict=True))
