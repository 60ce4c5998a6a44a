"""The GAN: the losses of the game, and who moves when."""

import math

import pytest
import torch
from torch import nn

from gencourse.models import GAN, PointGAN
from gencourse.training import fit


def snapshot(network):
    return [parameter.detach().clone() for parameter in network.parameters()]


def moved(before, network):
    return [not torch.equal(a, b) for a, b in zip(before, network.parameters(), strict=True)]


def constant(network, value):
    """Make the last linear layer of a network give `value` whatever it is shown."""
    last = [layer for layer in network.modules() if isinstance(layer, nn.Linear)][-1]
    nn.init.zeros_(last.weight)
    with torch.no_grad():
        last.bias.copy_(torch.as_tensor(value))


def test_the_losses_of_the_game():
    """With D = sigmoid(l) for every image: −log D − log(1 − D), and the two generator losses."""
    logit, real = 1.5, torch.rand(8, 1, 28, 28)
    at_real, at_fake = math.log1p(math.exp(-logit)), math.log1p(math.exp(logit))
    for saturating, expected in ((False, at_real), (True, -at_fake)):
        model = GAN(saturating=saturating)
        constant(model.discriminator, [logit])
        assert model.discriminator_loss(real).item() == pytest.approx(at_real + at_fake, rel=1e-5)
        assert model.generator_loss(real).item() == pytest.approx(expected, rel=1e-5)


def test_the_penalty_is_half_the_squared_slope():
    """A linear discriminator of two numbers: its slope is its weight."""
    model = PointGAN(latent_dim=2, gamma=3.0)
    model.discriminator = nn.Linear(2, 1)
    with torch.no_grad():
        model.discriminator.weight.copy_(torch.tensor([[3.0, 4.0]]))
    _, penalty = model.steps()[0].terms
    paid = penalty.weight * penalty.loss(torch.zeros(6, 1, 2)).item()
    assert paid == pytest.approx(3 / 2 * 25, rel=1e-4)
    assert len(PointGAN(gamma=0.0).steps()[0].terms) == 1


def test_each_player_moves_alone():
    """A missing detach, or an optimiser that trains everything, are known bugs."""
    for turn, name in enumerate(("discriminator", "generator")):
        model = GAN(latent_dim=4)
        steps = model.steps()
        model.steps = lambda steps=steps, turn=turn: [steps[turn]]
        before = {n: snapshot(getattr(model, n)) for n in ("generator", "discriminator")}
        fit(model, torch.rand(64, 1, 28, 28), epochs=1, batch_size=32)
        for other, parameters in before.items():
            assert any(moved(parameters, getattr(model, other))) is (other == name)


def test_the_discriminators_loss_does_not_reach_the_generator():
    model = GAN(latent_dim=4)
    model.discriminator_loss(torch.rand(4, 1, 28, 28)).backward()
    assert all(parameter.grad is None for parameter in model.generator.parameters())


def test_the_average_follows_the_generator(few):
    model = GAN(latent_dim=4)
    fit(model, few.train.images, epochs=2)
    pairs = list(zip(model.average.module.parameters(), model.generator.parameters(), strict=True))
    assert not any(torch.equal(a, b) for a, b in pairs)
    codes = torch.randn(2, 4)
    assert torch.equal(model.decode(codes), model.average(codes))


def test_a_gan_draws_and_copies_nothing():
    for call in (GAN().encode, GAN().reconstruct):
        with pytest.raises(TypeError, match="a GAN has no encoder: it draws, and copies nothing"):
            call(torch.rand(2, 1, 28, 28))


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: GAN(gamma=-1), "gamma is -1"),
        (lambda: GAN(pack=0), "pack is 0"),
        (lambda: GAN(learning_rate=0), "learning_rate is 0"),
        (lambda: GAN(beta1=-0.1), "beta1 is -0.1; expected a number of 0 or more and below 1"),
        (lambda: GAN(beta1=1), "beta1 is 1; expected a number of 0 or more and below 1"),
        (lambda: GAN(pack=2).logits(torch.zeros(3, 1, 28, 28)), "3 samples cannot be judged"),
    ],
)
def test_bad_options_are_named(make, complaint):
    with pytest.raises(ValueError, match=complaint):
        make()
