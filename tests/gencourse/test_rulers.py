"""The rulers, each on cases whose answer is known."""

import math

import pytest
import torch
from torch import distributions, nn

from gencourse.data import ring
from gencourse.evaluation import (
    clustering,
    fidelity,
    image_moments,
    latent,
    likelihood,
    sharpness,
    two_sample,
)
from gencourse.training import reproducible


@pytest.fixture(autouse=True)
def seeded():
    with reproducible(0):
        yield


def test_the_laplacian_of_one_dot_and_of_nothing():
    dot = torch.zeros(2, 1, 28, 28)
    dot[0, 0, 10, 10] = 1
    # One −4 and four 1 among 784: their mean is 0, their mean square 20 / 784.
    assert sharpness.laplacian_variance(dot).tolist() == pytest.approx([20 / 784, 0])


def test_blur_lowers_and_noise_raises_the_laplacian_and_both_lower_saturation(digits):
    real = digits.test.images[:1000]
    blurred = nn.functional.avg_pool2d(real, 3, 1, 1)
    noisy = (real + 0.3 * torch.randn_like(real)).clamp(0, 1)
    assert sharpness.laplacian_ratio(real, real) == 1
    assert sharpness.laplacian_ratio(blurred, real) < 0.5
    assert sharpness.laplacian_ratio(noisy, real) > 1.5
    saturated = [sharpness.saturated_share(images).mean() for images in (real, blurred, noisy)]
    assert 0.44 < saturated[0] < 0.54  # real digits: .49
    assert max(saturated[1:]) < saturated[0] - 0.1


def test_the_share_of_fine_detail_of_waves_and_dots():
    """A wave is all fine or all coarse; two waves share by their squared amplitudes."""
    x = torch.arange(28.0).expand(28, 28)
    slow, fast = (torch.sin(2 * math.pi * cycles * x / 28) for cycles in (3, 9))
    board = (x + x.T) % 2
    waves = torch.stack([slow, fast, board, 3 * slow + fast, torch.ones(28, 28)])[:, None]
    images = 0.5 + waves / 8
    expected = [0, 1, 1, 1 / 10, 0]
    assert sharpness.fine_share(images).tolist() == pytest.approx(expected, abs=1e-5)
    assert torch.allclose(sharpness.fine_share(images), sharpness.fine_share(images.mT), atol=1e-5)


def test_the_saturated_share_counts():
    image = torch.zeros(2, 1, 28, 28)
    image[0, 0, 0, :4] = torch.tensor([1.0, 0.95, 0.5, 0.05])
    assert sharpness.saturated_share(image).tolist() == pytest.approx([2 / 3, 0])


def test_frechet_between_gaussians():
    """|μ|² for the shift, d (1 − s)² for the scale."""
    a = torch.randn(40000, 4)
    shifted, scaled = torch.randn(40000, 4) + 2, 3 * torch.randn(40000, 4)
    assert fidelity.frechet_distance(a, a) == pytest.approx(0, abs=1e-6)
    assert fidelity.frechet_distance(a, shifted) == pytest.approx(16, rel=0.03)
    assert fidelity.frechet_distance(a, scaled) == pytest.approx(16, rel=0.03)


def test_frechet_with_covariances_that_do_not_commute():
    a = torch.randn(20000, 2) @ torch.tensor([[2.0, 0.0], [1.0, 0.5]])
    b = torch.randn(20000, 2) @ torch.tensor([[0.3, 1.0], [0.0, 1.5]])
    cov_a, cov_b = torch.cov(a.T.double()), torch.cov(b.T.double())
    root = torch.linalg.eigvals(cov_a @ cov_b).real.sqrt().sum()
    expected = (a.mean(0) - b.mean(0)).square().sum() + cov_a.trace() + cov_b.trace() - 2 * root
    assert fidelity.frechet_distance(a, b) == pytest.approx(expected.item(), rel=1e-4)


def test_frechet_of_features_that_never_move():
    flat = torch.cat([torch.randn(500, 3), torch.zeros(500, 5)], dim=1)
    assert fidelity.frechet_distance(flat, flat + 1) == pytest.approx(8, rel=1e-5)


def test_precision_recall_and_coverage_where_they_are_known():
    def measured(generated, real):
        return fidelity.precision_recall_coverage(generated, real)

    left, right = torch.randn(500, 2), torch.randn(500, 2) + 100
    both = torch.cat([torch.randn(500, 2), torch.randn(500, 2) + 100])
    whole, *others = measured(left, left)
    assert 0.5 < whole < 1 and others == [1, 1]  # half of the balls hold their own points
    assert measured(left, right) == (0, 0, 0)
    # Half of what is real is never generated: nothing is wrong, half is missing.
    precision, recall, coverage = measured(left, both)
    assert precision == pytest.approx(whole, abs=0.08)
    assert 0.4 < recall <= 0.5 and 0.4 < coverage <= 0.5
    # Half of what is generated is not real: the same, mirrored.
    precision, recall, coverage = measured(both, left)
    assert precision == pytest.approx(whole / 2, abs=0.05)
    assert recall > 0.9 and coverage > 0.9
    # One stray real point makes no neighbourhood of all that lies between it and the others.
    strayed = torch.cat([left, torch.tensor([[60.0, 0.0]])])
    between = torch.randn(500, 2) + torch.tensor([30.0, 0.0])
    assert measured(between, strayed)[0] == 0
    with pytest.raises(ValueError, match="more than 5 points"):
        measured(left[:5], right)


@pytest.mark.parametrize("shift", [0.0, 1.0, 3.0])
def test_the_two_sample_test_finds_the_known_area(shift):
    """For unit Gaussians δ apart the best classifier's area is Φ(δ / √2)."""
    a, b = torch.randn(3000, 2), torch.randn(3000, 2) + torch.tensor([shift, 0.0])
    best = distributions.Normal(0.0, 1.0).cdf(torch.tensor(shift / 2**0.5)).item()
    assert two_sample.two_sample_auc(a, b) == pytest.approx(best, abs=0.03)


def test_the_two_sample_test_sees_shape_where_the_moments_agree():
    angle = 2 * math.pi * torch.rand(2000)
    circle = 2**0.5 * torch.stack([angle.cos(), angle.sin()], 1)
    assert two_sample.two_sample_auc(torch.randn(2000, 2), circle) > 0.95


def test_modes_are_counted():
    gaussians = ring(modes=8, radius=1.0, sd=0.01)
    covered, good = two_sample.modes_covered(gaussians.sample(4000), gaussians)
    assert covered == 8
    assert good == pytest.approx(1 - math.exp(-4.5), abs=0.005)  # within 3 sd in the plane
    three = gaussians.centres[:3].repeat(100, 1)
    assert two_sample.modes_covered(three, gaussians) == (3, 1)
    lost = torch.cat([three, torch.zeros(300, 2)])
    assert two_sample.modes_covered(lost, gaussians) == (3, 0.5)
    assert two_sample.modes_covered(torch.zeros(5, 2), gaussians) == (0, 0)
    stray = torch.cat([gaussians.centres[:1].repeat(796, 1), gaussians.centres[1:5]])
    assert two_sample.modes_covered(stray, gaussians) == (1, 1)  # one point makes no mode


class LinearGaussian:
    """x = z + noise in one dimension, with a posterior that is off by a little.

    z ~ N(0, 1), x | z ~ N(z, 1): x ~ N(0, 2), and the true posterior is N(x / 2, 1 / 2).
    """

    prior = distributions.Independent(distributions.Normal(torch.zeros(1), 1.0), 1)

    def posterior(self, images):
        location = images.flatten(1)[:, :1] / 2 + 0.8
        return distributions.Independent(distributions.Normal(location, 0.9), 1)

    def distortion(self, images, codes):
        x = images.flatten(1)[:, :1]
        return -distributions.Normal(codes, 1.0).log_prob(x).sum(1)


def test_the_importance_weighted_bound_goes_from_the_evidence_bound_to_the_truth():
    model, x = LinearGaussian(), torch.randn(20000, 1) * 2**0.5
    truth = -distributions.Normal(0.0, 2**0.5).log_prob(x).mean().item()
    gap = distributions.kl_divergence(
        model.posterior(x),
        distributions.Independent(distributions.Normal(x / 2, 0.5**0.5), 1),
    ).mean()
    one, five, many = (
        likelihood.importance_weighted_bound(model, x, samples) for samples in (1, 5, 200)
    )
    assert one == pytest.approx(truth + gap.item(), abs=0.03)
    assert many == pytest.approx(truth, abs=0.02)
    assert many + 0.02 < five < one - 0.02  # the number of samples is honoured
    with pytest.raises(ValueError, match="samples is 0"):
        likelihood.importance_weighted_bound(model, x, 0)


def leaning_bar(lean):
    image = torch.zeros(1, 1, 28, 28)
    for row in range(4, 24):
        image[0, 0, row, round(14 - lean * (row - 14))] = 1
    return image


def test_slant_and_ink():
    bars = torch.cat([leaning_bar(lean) for lean in (-0.5, 0, 0.5)])
    assert image_moments.slant(bars).tolist() == pytest.approx([-0.5, 0, 0.5], abs=0.03)
    assert torch.allclose(image_moments.slant(bars / 2), image_moments.slant(bars), atol=1e-5)
    assert image_moments.ink(bars).tolist() == pytest.approx([20 / 784] * 3)
    with pytest.raises(ValueError, match="no ink"):
        image_moments.slant(torch.zeros(1, 1, 28, 28))


def test_the_grid_covers_the_box_row_by_row():
    codes = torch.tensor([[0.0, -1.0], [4.0, 1.0], [2.0, 0.5]])
    grid = latent.grid(codes, steps=3)
    assert grid.tolist() == [[x, y] for y in (-1, 0, 1) for x in (0, 2, 4)]


def test_distance_spread_and_binned_means():
    codes = torch.tensor([[0.0, 0.0], [3.0, 4.0]])
    assert latent.distance_to_nearest(torch.tensor([[3.0, 0.0], [3.0, 5.0]]), codes).tolist() == [
        3,
        1,
    ]
    assert latent.spread(codes) == pytest.approx(2.5)
    order = torch.randperm(16)
    positions, values = 1.0 + order, 10.0 * (1 + order)
    centres, means = latent.binned_means(positions, values)
    assert centres.tolist() == [1.5 + 2 * n for n in range(8)]
    assert means.tolist() == [15 + 20 * n for n in range(8)]


def test_a_head_is_named_by_the_images_it_is_surest_of():
    labels = torch.tensor([3, 3, 5, 5, 5, 1])
    scores = torch.tensor([[9.0, 0], [8, 0], [1, 7], [1, 6], [7, 5], [0, 8]])
    assert clustering.names_of_heads(scores, labels, votes=3).tolist() == [3, 5]
    assert clustering.names_of_heads(scores, labels, votes=1).tolist() == [3, 1]
