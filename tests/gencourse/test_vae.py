"""The VAE: its bound against closed forms."""

import math

import pytest
import torch
from torch import nn

from gencourse import priors
from gencourse.evaluation import likelihood
from gencourse.models import VAE
from gencourse.training import fit, reproducible


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


def test_the_code_of_an_image_is_the_location_or_a_sample():
    model, images = VAE(latent_dim=2), torch.rand(400, 1, 28, 28)
    constant(model.encoder, [1.0, -2.0, math.log(0.5), math.log(3.0)])
    assert model.encode(images).unique(dim=0).tolist() == [[1, -2]]
    with reproducible(0):
        codes = model.encode(images, sample=True)
    assert codes.mean(0).tolist() == pytest.approx([1, -2], abs=0.5)
    assert codes.std(0).tolist() == pytest.approx([0.5, 3], rel=0.1)


def test_the_posterior_differentiates_through_its_samples():
    model = VAE(latent_dim=2)
    model.posterior(torch.rand(4, 1, 28, 28)).rsample().square().sum().backward()
    location, log_scale = model.encoder.layers[-1].bias.grad.split(2)
    assert (location != 0).all() and (log_scale != 0).all()


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: VAE(family="cauchy"), "family is 'cauchy'; expected one of normal, laplace"),
        (lambda: VAE(beta=-1), "beta is -1"),
        (lambda: VAE(latent_dim=0), "latent_dim is 0"),
    ],
)
def test_bad_options_are_named(make, complaint):
    with pytest.raises(ValueError, match=complaint):
        make()
