"""The adversarial autoencoder, and the labelled one."""

import dataclasses
import math

import pytest
import torch
from torch import nn

from gencourse.data import mnist
from gencourse.evaluation import latent
from gencourse.models import AAE, Autoencoder, LabelledAAE
from gencourse.training import fit, reproducible

LABELS = torch.arange(64) % 11 - 1


def state(network):
    return [parameter.detach().clone() for parameter in network.parameters()]


def images(n=64):
    return torch.rand(n, 1, 28, 28)


@pytest.mark.parametrize("kind", [AAE, LabelledAAE])
def test_who_learns_in_which_step(kind):
    """The generator of this game is the encoder, not the decoder: see the next test but two."""
    model = kind()
    autoencoder, discriminator = model.steps()
    assert autoencoder.moves == [model.encoder, model.decoder]
    assert [term.name for term in autoencoder.terms] == ["reconstruction", "regularization"]
    assert [term.weight for term in autoencoder.terms] == [1, 40]
    assert discriminator.moves == [model.discriminator]
    assert [term.name for term in discriminator.terms] == ["discriminator"]


@pytest.mark.parametrize(("kind", "labels"), [(AAE, ()), (LabelledAAE, (LABELS,))])
def test_regularization_does_not_reach_the_decoder(kind, labels):
    model = kind()
    model.regularization_loss(images(), *labels).backward()
    assert all(parameter.grad is None for parameter in model.decoder.parameters())
    assert any(parameter.grad.abs().sum() > 0 for parameter in model.encoder.parameters())
    model.zero_grad()
    model.discriminator_loss(images(), *labels).backward()
    for parameter in [*model.encoder.parameters(), *model.decoder.parameters()]:
        assert parameter.grad is None


def test_the_discriminator_learns_prior_as_real_and_codes_as_fake():
    """Swapped labels are a known bug: train the discriminator alone and ask it."""
    model = AAE()
    nn.init.zeros_(model.encoder.layers[-1].weight)
    nn.init.constant_(model.encoder.layers[-1].bias, 4.0)
    alone = model.steps()[1:]
    model.steps = lambda: alone
    fit(model, images(2048), epochs=10, batch_size=64, seed=0)
    with torch.no_grad():
        assert model.logits(torch.zeros(1, 2)) > 2
        assert model.logits(torch.full((1, 2), 4.0)) < -2


def test_the_encoder_moves_towards_what_the_discriminator_takes_for_the_prior():
    model = AAE()
    model.logits = lambda codes: codes[:, 0]  # the farther to the right, the more real
    step = model.steps()[0]
    alone = [dataclasses.replace(step, terms=step.terms[1:])]
    model.steps = lambda: alone
    some, decoder = images(), state(model.decoder)
    before = model.encode(some)[:, 0].mean()
    fit(model, some, epochs=5, seed=0)
    assert model.encode(some)[:, 0].mean() > before + 0.1
    assert all(map(torch.equal, decoder, state(model.decoder)))


def test_a_discriminator_that_cannot_tell_costs_two_logarithms_of_two_and_one():
    for model, data in ((AAE(), [images(8)]), (LabelledAAE(), [images(8), LABELS[:8]])):
        nn.init.zeros_(model.discriminator.layers[-1].weight)
        nn.init.zeros_(model.discriminator.layers[-1].bias)
        assert model.discriminator_loss(*data).item() == pytest.approx(2 * math.log(2))
        assert model.regularization_loss(*data).item() == pytest.approx(math.log(2))


def test_without_regularization_it_copies_like_an_autoencoder():
    some, seed = images(), 0
    copies = []
    for kind in (Autoencoder, lambda: AAE(weight=0.0)):
        with reproducible(seed):
            model = kind()
        played = model.steps()[:1]
        model.steps = lambda played=played: played
        fit(model, some, epochs=3, seed=seed)
        copies.append(model.reconstruct(some))
    assert torch.allclose(*copies, atol=1e-4)


@pytest.mark.slow
def test_codes_take_the_shape_of_the_prior():
    """Four hundred steps on 512 digits: codes from around the origin come to lie on a ring."""
    some = mnist().train.images[:512]
    with reproducible(0):
        model = AAE(prior="ring")
        before = model.encode(some)
        fit(model, some, epochs=100, batch_size=128, seed=0)
        after = model.encode(some)
    assert before.norm(dim=1).mean() < 0.5
    assert after.norm(dim=1).median().item() == pytest.approx(1.5, abs=0.2)
    assert latent.spread(after) > 0.9  # around the origin, not in one place


@pytest.mark.slow
def test_in_more_dimensions_the_images_are_not_forgotten():
    """With the last noise of the plane the discriminator is ahead, copies are smears: over .035."""
    some = mnist().train.images[:5120]
    with reproducible(0):
        model = AAE(latent_dim=8)
    fit(model, some, epochs=15, batch_size=128, seed=0)
    assert (model.reconstruct(some) - some).square().mean() < 0.03


def test_the_noise_at_the_end_is_wider_outside_the_plane():
    assert [AAE(latent_dim).noise.last for latent_dim in (1, 2, 3)] == [0.5, 0.005, 0.5]
    assert AAE(8, last_noise=0.1).noise.last == 0.1


def test_the_labels_reach_the_discriminator():
    model, codes = LabelledAAE(), torch.randn(3, 2)
    says = [model.logits(codes, torch.full((3,), label)) for label in (-1, 0, 9)]
    assert not torch.allclose(says[0], says[1]) and not torch.allclose(says[1], says[2])
    assert says[0].shape == (3,)
