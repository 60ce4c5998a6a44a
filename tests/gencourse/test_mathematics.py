"""Each ✓ of book/mathematics.md: both sides, computed."""

import math

import pytest
import torch
from torch import distributions
from torch.nn import functional

from gencourse import priors
from gencourse.evaluation.fidelity import frechet_distance
from gencourse.evaluation.sharpness import laplacian_variance
from gencourse.evaluation.two_sample import two_sample_auc
from gencourse.game import bce_fake, bce_real, negative_log_likelihood

# Steps of a line that holds all that the densities below have.
LINE = torch.linspace(-10, 10, 20_001, dtype=torch.float64)
STEP = LINE[1] - LINE[0]


def normal(mean, sd):
    return distributions.Normal(*torch.tensor([mean, sd], dtype=torch.float64))


def over(function):
    """The integral over the line."""
    return (function * STEP).sum()


def kl(p, q):
    return over(torch.xlogy(p, p / q))


@pytest.fixture
def densities():
    """p and q of chapter 3, on the line."""
    mixed = (
        0.5 * normal(-1.0, 0.6).log_prob(LINE).exp() + 0.5 * normal(2.0, 1.0).log_prob(LINE).exp()
    )
    return normal(0.5, 1.5).log_prob(LINE).exp(), mixed


def test_surprise_is_lowest_at_the_pixel_itself_and_then_its_entropy():
    pixels = torch.rand(50, 1, 28, 28)
    own = negative_log_likelihood(pixels.logit(), pixels)
    entropy = distributions.Bernoulli(pixels).entropy().flatten(1).sum(1)
    torch.testing.assert_close(own, entropy)
    assert (negative_log_likelihood((0.9 * pixels + 0.05).logit(), pixels) > own).all()
    assert (
        negative_log_likelihood(torch.zeros(1, 1, 28, 28), torch.full((1, 1, 28, 28), 0.5))
        > entropy.max()
    )


@pytest.mark.parametrize("loss", [functional.mse_loss, functional.binary_cross_entropy])
def test_the_mean_costs_least(loss):
    images = torch.rand(30, 40).round()
    answers = torch.cat([images.mean(0, keepdim=True).clamp(0.01, 0.99), torch.rand(100, 40)])
    costs = torch.stack([loss(answer.expand(30, -1), images) for answer in answers])
    assert costs.argmin() == 0
    nearby = answers[0] + 0.01 * torch.randn(100, 40)
    assert all(loss(near.clamp(0, 1).expand(30, -1), images) > costs[0] for near in nearby)


def test_no_projection_beats_the_principal_components():
    points = torch.randn(200, 6, dtype=torch.float64) @ torch.randn(6, 6, dtype=torch.float64)
    points = points - points.mean(0)
    values, vectors = torch.linalg.eigh(points.T @ points / 200)

    def error(basis):
        return (points - points @ basis @ basis.T).square().sum(1).mean()

    torch.testing.assert_close(error(vectors[:, -2:]), values[:-2].sum())
    for _ in range(100):
        basis, _ = torch.linalg.qr(torch.randn(6, 2, dtype=torch.float64))
        assert error(basis) > values[:-2].sum()


def test_the_gap_of_the_bound_is_the_divergence_from_the_true_posterior():
    prior, likelihood = normal(0.0, 1.0).log_prob(LINE), normal(1.3, 0.5).log_prob(LINE)
    joint = (prior + likelihood).exp()
    evidence, cloud = over(joint), normal(0.4, 0.7).log_prob(LINE).exp()
    bound = over(cloud * (prior + likelihood)) - over(torch.xlogy(cloud, cloud))
    torch.testing.assert_close(evidence.log(), bound + kl(cloud, joint / evidence))


def test_the_rate_of_a_gaussian():
    for mean, sd in (0.0, 1.0), (1.5, 0.3), (-0.2, 1.2):
        formula = -math.log(sd) - 0.5 + 0.5 * (mean**2 + sd**2)
        cloud, prior = normal(mean, sd), normal(0.0, 1.0)
        assert kl(cloud.log_prob(LINE).exp(), prior.log_prob(LINE).exp()) == pytest.approx(formula)
        assert priors.divergence(cloud, prior, None) == pytest.approx(formula)


def test_a_mean_rate_is_information_and_mismatch():
    clouds = [
        normal(mean, sd).log_prob(LINE).exp() for mean, sd in ((-2.0, 0.5), (0.0, 1.0), (1.0, 0.2))
    ]
    prior, together = normal(0.0, 1.0).log_prob(LINE).exp(), sum(clouds) / 3
    rate = sum(kl(cloud, prior) for cloud in clouds) / 3
    information = sum(kl(cloud, together) for cloud in clouds) / 3
    torch.testing.assert_close(rate, information + kl(together, prior))


def test_more_samples_tighten_the_bound():
    prior, cloud, likelihood = normal(0.0, 1.0), normal(0.4, 0.9), normal(1.3, 0.5)
    codes = cloud.sample((100_000, 32))
    weights = prior.log_prob(codes) + likelihood.log_prob(codes) - cloud.log_prob(codes)
    bounds = [(weights[:, :k].logsumexp(1) - math.log(k)).mean().item() for k in (1, 2, 4, 8, 32)]
    evidence = over((prior.log_prob(LINE) + likelihood.log_prob(LINE)).exp()).log().item()
    assert bounds == sorted(bounds) and bounds[0] < evidence - 0.1
    assert bounds[-1] == pytest.approx(evidence, abs=0.02)


def test_both_gradients_through_chance_are_the_same():
    mean, sd = torch.tensor(0.7, dtype=torch.float64, requires_grad=True), 0.8
    density = distributions.Normal(mean, sd).log_prob(LINE).exp()
    (true,) = torch.autograd.grad(over(density * LINE.sin()), mean)
    density = density.detach()
    torch.testing.assert_close(over(density * LINE.cos()), true)
    score = (LINE - mean.detach()) / sd**2
    torch.testing.assert_close(over(density * LINE.sin() * score), true)
    torch.testing.assert_close(over(density * (LINE.sin() + 5) * score), true)
    assert over(density * ((LINE.sin() + 5) * score).square()) > 10 * over(
        density * (LINE.sin() * score).square()
    )


def test_the_best_critic_and_what_it_pays(densities):
    p, q = densities

    def pays(logits):
        return over(p * bce_real(logits) + q * bce_fake(logits))

    best = p.log() - q.log()
    torch.testing.assert_close(best.sigmoid(), p / (p + q))
    middle = (p + q) / 2
    shannon = (kl(p, middle) + kl(q, middle)) / 2
    torch.testing.assert_close(pays(best), 2 * math.log(2) - 2 * shannon)
    for other in best + 0.1, 0.9 * best, best + 0.1 * LINE.sin(), torch.zeros_like(best):
        assert pays(other) > pays(best)
        assert math.log(2) - pays(other) / 2 < shannon


def test_the_two_slopes_of_the_generator():
    logits = torch.linspace(-6, 6, 50, dtype=torch.float64, requires_grad=True)
    (saturating,) = torch.autograd.grad(-bce_fake(logits).sum(), logits)
    (other,) = torch.autograd.grad(bce_real(logits).sum(), logits)
    chance = logits.detach().sigmoid()
    torch.testing.assert_close(saturating, -chance)
    torch.testing.assert_close(other, chance - 1)


def test_a_critic_knows_the_divergence_and_the_encoder_pays_log_2_at_least(densities):
    p, q = densities
    best = p.log() - q.log()
    torch.testing.assert_close(-over(q * best), kl(q, p))
    torch.testing.assert_close(over(p * best), kl(p, q))
    torch.testing.assert_close(over(q * bce_real(best)), over(q * (1 + q / p).log()))
    assert over(q * (1 + q / p).log()) > math.log(2)
    torch.testing.assert_close(over(p * (1 + p / p).log()).item(), math.log(2))


def test_a_step_of_the_encoder_follows_another_divergence(densities):
    p, _ = densities
    centre = torch.tensor(1.2, dtype=torch.float64, requires_grad=True)
    q = distributions.Normal(centre, 0.7).log_prob(LINE).exp()
    best = (p.log() - q.log()).detach()  # the critic stands still
    (step,) = torch.autograd.grad(over(q * bce_real(best)), centre, retain_graph=True)
    (slope,) = torch.autograd.grad(2 * kl((p + q) / 2, p), centre)
    torch.testing.assert_close(step, slope)
    assert slope.abs() > 0.1


@pytest.mark.slow
def test_the_area_of_two_samples_of_one_distribution():
    torch.manual_seed(0)
    areas = [two_sample_auc(torch.randn(1000, 2), torch.randn(1000, 2)) for _ in range(5)]
    assert sum(areas) / 5 == pytest.approx(0.5, abs=0.03)


def test_the_frechet_distance_in_one_dimension():
    a, b = torch.randn(500, 1), 2 + 3 * torch.randn(400, 1)
    expected = (a.mean() - b.mean()) ** 2 + (a.std() - b.std()) ** 2
    assert frechet_distance(a, b) == pytest.approx(expected.item(), rel=1e-4)


def test_noise_adds_twenty_times_its_variance_to_the_laplacians():
    noise = 0.5 + 0.05 * torch.randn(200, 1, 100, 100)  # pixels in [0, 1]
    smooth = torch.linspace(0, 1, 100).expand(1, 1, 100, 100)
    frame = laplacian_variance(torch.full((1, 1, 100, 100), 0.5))  # beyond it all is zero
    edges = (laplacian_variance(noise) - frame).mean()
    assert edges == pytest.approx(20 * 0.05**2, rel=0.03)
    inner = functional.conv2d(smooth, torch.ones(1, 1, 3, 3) / 9)  # a slope has no Laplacian
    assert laplacian_variance(inner)[0] < edges
