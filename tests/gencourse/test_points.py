"""The games over points of the plane, many runs side by side."""

import math

import numpy as np
import pytest
import torch

from gencourse import training
from gencourse.data import DataError, ring
from gencourse.models import PointGAN, PointVAE
from gencourse.training import fit, reproducible


def test_points_are_learned_in_float32(monkeypatch):
    """bfloat16 would blur a target that is a hundredth wide."""
    monkeypatch.setattr(training, "bfloat16_pays", lambda device: True)
    model = PointGAN(latent_dim=2)
    with torch.autocast("cpu", torch.bfloat16):
        assert model.fake(3).dtype == model.logits(torch.zeros(3, 1, 2)).dtype == torch.float32
    fit(model, ring().sample(512)[:, None], epochs=1, batch_size=64)
    assert model.generate(5).shape == (5, 1, 2)


def test_the_distortion_of_points_is_that_of_a_gaussian():
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
        generated = model.generate(4000)
    for run in generated.unbind(1):
        assert run.mean(0).tolist() == pytest.approx([2, -1], abs=0.15)
        assert run.std(0).tolist() == pytest.approx([0.5, 0.5], abs=0.15)


def test_runs_side_by_side_are_the_runs_alone():
    """Each run's gradients are its own: its neighbours could as well not be there."""
    with reproducible(0):
        both, points = PointGAN(runs=2, gamma=0.5, pack=2), torch.randn(64, 2, 2)
        fake = torch.randn(64, 2, 2)
    alone = PointGAN(runs=1, gamma=0.5, pack=2)
    for one, two in zip(alone.parameters(), both.parameters(), strict=True):
        one.data = two.data[1:].clone()
    both.fake, alone.fake = lambda n: fake, lambda n: fake[:, 1:]
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
        generated = model.generate(4000)
    means, spreads = generated.mean(0), generated.std(0)
    assert means.mean(0).tolist() == pytest.approx([2, -1], abs=0.1)
    assert spreads.mean(0).tolist() == pytest.approx([0.5, 0.5], abs=0.12)
    assert (means - torch.tensor([2.0, -1.0])).abs().max() < 0.4


def test_a_noise_of_points_that_is_none_is_named():
    with pytest.raises(ValueError, match="noise is 0"):
        PointVAE(noise=0)


@pytest.mark.parametrize("kind", [PointGAN, PointVAE])
@pytest.mark.parametrize(
    ("points", "complaint"),
    [
        (torch.randn(64, 2), r"have shape \(64, 2\) .*expected float32 of shape \(N, 3, 2\)"),
        (torch.randn(64, 1, 2), r"expected float32 of shape \(N, 3, 2\)"),
        (torch.randn(64, 3, 2).double(), r"type torch.float64; expected float32"),
        (torch.full((64, 3, 2), math.nan), "not all finite"),
        (torch.zeros(0, 3, 2), "there are no points"),
        (np.zeros((64, 3, 2), "float32"), "points are a numpy.ndarray; expected a tensor"),
        (ring(), "points are a .*Gaussians; expected a tensor"),
    ],
)
def test_wrong_points_are_named(kind, points, complaint):
    model = kind(runs=3)
    with pytest.raises(DataError, match=complaint):
        fit(model, points, epochs=1)
    if kind is PointVAE:
        with pytest.raises(DataError, match=complaint):
            model.encode(points)
