"""The VAE and the GAN: losses against closed forms, phases, and bugs seen elsewhere."""

import math

import pytest
import torch
from torch import nn

from gencourse import priors, training
from gencourse.data import ring
from gencourse.evaluation import likelihood
from gencourse.models import GAN, VAE, VAEGAN, PointGAN, PointVAE
from gencourse.training import fit, reproducible


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


def test_the_rate_is_the_closed_form_of_kingma_and_welling():
    """½ Σ (μ² + σ² − 1 − log σ²): the sign, σ against σ², and the sum over dimensions."""
    model = VAE(latent_dim=2)
    constant(model.encoder, [1.0, -2.0, math.log(0.5), math.log(3.0)])
    images = torch.rand(5, 1, 28, 28)
    posterior = model.posterior(images)
    rate = model.rate(posterior, posterior.sample())
    expected = 0.5 * (1 + 4 + 0.25 + 9 - 2 - math.log(0.25) - math.log(9))
    assert rate.tolist() == pytest.approx([expected] * 5, rel=1e-5)


def test_without_a_code_the_bound_is_known():
    """Posterior = prior and grey pixels: rate 0, distortion 784 log 2."""
    for family in priors.FAMILIES:
        model = VAE(latent_dim=3, family=family)
        constant(model.encoder, [0.0] * 6)
        constant(model.decoder, [0.0] * 784)
        loss = model.bound_loss(torch.rand(7, 1, 28, 28))
        assert loss.item() == pytest.approx(784 * math.log(2), rel=1e-5)


@pytest.mark.parametrize("beta", [0.0, 1.0, 4.0])
def test_beta_weighs_the_rate_and_nothing_else(beta):
    model = VAE(latent_dim=1, beta=beta)
    constant(model.encoder, [3.0, 0.0])
    constant(model.decoder, [0.0] * 784)
    loss = model.bound_loss(torch.rand(4, 1, 28, 28))
    assert loss.item() == pytest.approx(784 * math.log(2) + beta * 4.5, rel=1e-5)


@pytest.mark.parametrize("family", ["normal", "laplace", "logistic"])
def test_divergences_agree_with_monte_carlo_and_are_differentiable(family):
    location = torch.tensor([[0.5, -1.0]], requires_grad=True)
    q = priors.FAMILIES[family](location, torch.tensor([[0.7, 1.3]]))
    p = priors.standard(family, 2).distribution
    with reproducible(0):
        samples = q.rsample((100_000,))
    monte_carlo = (q.log_prob(samples) - p.log_prob(samples)).mean()
    divergence = priors.divergence(q, p, samples).mean()
    assert divergence.item() == pytest.approx(monte_carlo.item(), abs=0.01)
    divergence.backward()
    assert location.grad[0, 0] > 0 > location.grad[0, 1]  # back to the prior


def test_the_logistic_has_its_density_and_its_spread():
    prior = priors.standard("logistic", 1)
    points = torch.tensor([[0.0], [2.0]])
    expected = [-math.log(4), -2 - 2 * math.log1p(math.exp(-2))]
    assert prior.log_prob(points).tolist() == pytest.approx(expected, rel=1e-4)
    with reproducible(0):
        spread = prior.sample(100_000).std().item()
    assert spread == pytest.approx(math.pi / 3**0.5, rel=0.02)


def test_the_two_terms_make_the_bound(few):
    model = VAE(latent_dim=2)
    with reproducible(3):
        rate, distortion = likelihood.rate_and_distortion(model, few.test.images)
    with reproducible(3), torch.no_grad():
        bound = model.bound_loss(few.test.images)
    assert (rate + distortion).mean().item() == pytest.approx(bound.item(), rel=1e-5)


def test_one_importance_sample_is_the_bound_and_more_are_tighter(few):
    model = VAE(latent_dim=2)
    fit(model, few.train.images, epochs=3)
    rate, distortion = likelihood.rate_and_distortion(model, few.test.images)
    one, many = (
        likelihood.importance_weighted_bound(model, few.test.images, samples) for samples in (1, 50)
    )
    assert one == pytest.approx((rate + distortion).mean().item(), rel=0.02)
    assert many < one


def test_units_that_do_not_answer_are_not_active(few):
    model = VAE(latent_dim=3)
    with torch.no_grad():
        model.encoder.layers[-1].weight[1] = 0
        model.encoder.layers[-1].weight[[0, 2]] *= 30
    assert likelihood.active_units(model, few.test.images) == 2


def test_a_resampled_prior_draws_what_it_was_given_and_has_no_density():
    codes = torch.arange(6.0).view(3, 2)
    drawn = priors.Resampled(codes).sample(200)
    assert {tuple(code) for code in drawn.tolist()} == {(0, 1), (2, 3), (4, 5)}
    assert not hasattr(priors.Resampled(codes), "log_prob")


@pytest.mark.parametrize(
    "model",
    [
        VAE(latent_dim=5),
        VAE(latent_dim=5, family="logistic"),
        GAN(latent_dim=5),
        VAEGAN(latent_dim=5),
    ],
)
def test_shapes_and_ranges(model):
    prior = priors.Resampled(torch.zeros(4, 5))
    for images in (model.decode(torch.randn(3, 5)), model.generate(3), model.generate(3, prior)):
        assert images.shape == (3, 1, 28, 28)
        assert images.min() >= 0 and images.max() <= 1 and not images.requires_grad
    if isinstance(model, VAE):
        images = torch.rand(3, 1, 28, 28)
        assert model.encode(images).shape == (3, 5)
        assert torch.equal(model.encode(images), model.encode(images))  # the mean, no noise
        assert model.reconstruct(images).shape == images.shape


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: VAE(family="cauchy"), "family is 'cauchy'; expected one of normal, laplace"),
        (lambda: VAE(beta=-1), "beta is -1"),
        (lambda: VAE(latent_dim=0), "latent is 0"),
        (lambda: VAEGAN(realism=-1), "realism is -1"),
        (lambda: PointVAE(noise=0), "noise is 0"),
        (lambda: GAN(gamma=-1), "penalty is -1"),
        (lambda: GAN(pack=0), "pack is 0"),
        (lambda: GAN(pack=2).logits(torch.zeros(3, 1, 28, 28)), "3 samples cannot be judged"),
    ],
)
def test_bad_options_are_named(make, complaint):
    with pytest.raises(ValueError, match=complaint):
        make()


def test_the_losses_of_the_game():
    """With D = sigmoid(l) for every image: −log D − log(1 − D), and the two generator losses."""
    logit, real = 1.5, torch.rand(8, 1, 28, 28)
    at_real, at_made = math.log1p(math.exp(-logit)), math.log1p(math.exp(logit))
    for saturating, expected in ((False, at_real), (True, -at_made)):
        model = GAN(saturating=saturating)
        constant(model.discriminator, [logit])
        assert model.discriminator_loss(real).item() == pytest.approx(at_real + at_made, rel=1e-5)
        assert model.generator_loss(real).item() == pytest.approx(expected, rel=1e-5)


def test_the_penalty_is_half_the_squared_slope():
    """A linear discriminator of two numbers: its slope is its weight."""
    losses = []
    for penalty in (0.0, 3.0):
        model = PointGAN(latent_dim=2, gamma=penalty)
        model.discriminator = nn.Linear(2, 1)
        model.discriminator.bias.requires_grad_(False).zero_()
        model.make = lambda n: torch.zeros(n, 1, 2)
        with torch.no_grad():
            model.discriminator.weight.copy_(torch.tensor([[3.0, 4.0]]))
        with reproducible(0):
            losses.append(model.discriminator_loss(torch.zeros(6, 1, 2)).item())
    assert losses[1] - losses[0] == pytest.approx(3 / 2 * 25, rel=1e-4)


def test_each_player_moves_alone():
    """A missing detach, or an optimiser that trains everything, are known bugs."""
    for turn, name in enumerate(("discriminator", "generator")):
        model = GAN(latent_dim=4)
        phases = model.steps()
        model.steps = lambda phases=phases, turn=turn: [phases[turn]]
        before = {n: snapshot(getattr(model, n)) for n in ("generator", "discriminator")}
        fit(model, torch.rand(64, 1, 28, 28), epochs=1, batch_size=32)
        for other, parameters in before.items():
            assert any(moved(parameters, getattr(model, other))) is (other == name)


def test_the_discriminators_loss_does_not_reach_the_generator():
    model = GAN(latent_dim=4)
    model.discriminator_loss(torch.rand(4, 1, 28, 28)).backward()
    assert all(parameter.grad is None for parameter in model.generator.parameters())


def test_the_critic_of_a_vae_moves_the_decoder_and_never_the_encoder():
    model, images = VAEGAN(latent_dim=4), torch.rand(32, 1, 28, 28)
    bound, critic, realism = model.steps()
    assert realism.joins == bound.name and realism.weight == model.realism == 100
    for phase, name in ((critic, "discriminator"), (realism, "decoder")):
        assert phase.trains == [getattr(model, name)]
    realism.loss(images).backward()
    assert all(parameter.grad is None for parameter in model.encoder.parameters())
    assert any(parameter.grad.abs().sum() > 0 for parameter in model.decoder.parameters())
    model.zero_grad()
    critic.loss(images).backward()
    for parameter in [*model.encoder.parameters(), *model.decoder.parameters()]:
        assert parameter.grad is None


def test_the_losses_of_the_vae_with_a_critic():
    """Where the critic says the same of every image its slope is 0: the losses of the game."""
    model, images, logit = VAEGAN(latent_dim=4), torch.rand(8, 1, 28, 28), -0.7
    constant(model.discriminator, [logit])
    at_real, at_made = math.log1p(math.exp(-logit)), math.log1p(math.exp(logit))
    assert model.discriminator_loss(images).item() == pytest.approx(at_real + at_made, rel=1e-5)
    assert model.realism_loss(images).item() == pytest.approx(at_real, rel=1e-5)


def test_without_weight_the_critic_changes_nothing(few):
    """The decoder and the encoder of a VAE, though the critic looks on."""
    kept = []
    for kind, options in ((VAE, {}), (VAEGAN, {"realism": 0.0})):
        with reproducible(0):
            model = kind(latent_dim=4, **options)
        model.make = lambda n: torch.rand(n, 1, 28, 28, generator=torch.Generator())
        with reproducible(1):
            model.bound_loss(few.train.images[:50]).backward()
        kept.append([parameter.grad for parameter in model.decoder.parameters()])
    assert all(torch.equal(a, b) for a, b in zip(*kept, strict=True))


def test_the_average_follows_the_generator(few):
    model = GAN(latent_dim=4)
    fit(model, few.train.images, epochs=2)
    pairs = list(zip(model.average.module.parameters(), model.generator.parameters(), strict=True))
    assert not any(torch.equal(a, b) for a, b in pairs)
    codes = torch.randn(2, 4)
    assert torch.equal(model.decode(codes), model.average(codes))


def test_a_pack_is_judged_together():
    model = GAN(latent_dim=4, pack=3)
    images = torch.rand(6, 1, 28, 28)
    logits = model.logits(images)
    assert logits.shape == (2,)
    other = images.clone()
    other[1] = 0
    changed = model.logits(other)
    assert changed[0] != logits[0] and changed[1] == logits[1]


def test_points_are_learned_in_float32(monkeypatch):
    """bfloat16 would blur a target that is a hundredth wide."""
    monkeypatch.setattr(training, "bfloat16_pays", lambda device: True)
    model = PointGAN(latent_dim=2)
    with torch.autocast("cpu", torch.bfloat16):
        assert model.make(3).dtype == model.logits(torch.zeros(3, 1, 2)).dtype == torch.float32
    fit(model, ring().sample(512)[:, None], epochs=1, batch_size=64)
    assert model.generate(5).shape == (5, 1, 2)


def test_the_surprise_of_points_is_that_of_a_gaussian():
    model, points = PointVAE(runs=3, noise=0.5), torch.randn(10, 3, 2)
    model.decoder.forward = lambda codes: torch.zeros(10, 3, 2)
    distance = points.square().sum(-1)
    expected = distance / (2 * 0.25) + 2 * math.log(0.5 * math.sqrt(2 * math.pi))
    assert torch.allclose(model.distortion(points, torch.zeros(10, 3, 2)), expected, atol=1e-5)
    posterior = model.posterior(points)
    assert model.rate(posterior, posterior.sample()).shape == (10, 3)
    assert model.encode(points).shape == model.generate(10).shape == (10, 3, 2)


@pytest.mark.slow
def test_a_vae_learns_a_gaussian_to_within_its_noise():
    with reproducible(0):
        data = torch.randn(4096, 2, 2) * 0.5 + torch.tensor([2.0, -1.0])
        model = PointVAE(runs=2, noise=0.1)
        fit(model, data, epochs=80, seed=0)
        made = model.generate(4000)
    for run in made.unbind(1):
        assert run.mean(0).tolist() == pytest.approx([2, -1], abs=0.15)
        assert run.std(0).tolist() == pytest.approx([0.5, 0.5], abs=0.15)


def test_runs_side_by_side_are_the_runs_alone():
    """Each run's gradients are its own: its neighbours could as well not be there."""
    with reproducible(0):
        both, points = PointGAN(runs=2, gamma=0.5, pack=2), torch.randn(64, 2, 2)
        made = torch.randn(64, 2, 2)
    alone = PointGAN(runs=1, gamma=0.5, pack=2)
    for one, two in zip(alone.parameters(), both.parameters(), strict=True):
        one.data = two.data[1:].clone()
    both.make, alone.make = lambda n: made, lambda n: made[:, 1:]
    both.discriminator_loss(points).backward()
    alone.discriminator_loss(points[:, 1:]).backward()
    for one, two in zip(
        alone.discriminator.parameters(), both.discriminator.parameters(), strict=True
    ):
        # The loss is the mean over runs, so each has half the gradient; Adam does not mind.
        assert torch.allclose(one.grad[0], 2 * two.grad[1], atol=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("arithmetic", ["", "float32"])
def test_gan_learns_a_gaussian(arithmetic, monkeypatch):
    """The game has its fixed point at the data: mean and spread of a shifted Gaussian.

    A single run circles that point, the nearer the steeper its penalty; their middle is there.
    """
    monkeypatch.setenv("GENCOURSE_ARITHMETIC", arithmetic)
    with reproducible(0):
        data = torch.randn(4096, 8, 2) * 0.5 + torch.tensor([2.0, -1.0])
        model = PointGAN(latent_dim=2, runs=8, gamma=1.0)
        fit(model, data, epochs=80, seed=0)
        made = model.generate(4000)
    means, spreads = made.mean(0), made.std(0)
    assert means.mean(0).tolist() == pytest.approx([2, -1], abs=0.1)
    assert spreads.mean(0).tolist() == pytest.approx([0.5, 0.5], abs=0.12)
    assert (means - torch.tensor([2.0, -1.0])).abs().max() < 0.4


def test_the_posterior_differentiates_through_its_samples():
    model = VAE(latent_dim=2)
    model.posterior(torch.rand(4, 1, 28, 28)).rsample().square().sum().backward()
    location, log_scale = model.encoder.layers[-1].bias.grad.split(2)
    assert (location != 0).all() and (log_scale != 0).all()
