"""The game: its losses, its penalty, its steps and terms."""

import math

import pytest
import torch
from torch import nn

from gencourse.game import Step, Term, bce_fake, bce_real, negative_log_likelihood, r1


def test_logits_of_zero_cost_log_two_for_each_pixel():
    """The sum over channels and pixels, of each image for itself."""
    images = torch.rand(5, 3, 16, 12)
    costs = negative_log_likelihood(torch.zeros_like(images), images)
    assert costs.tolist() == pytest.approx([3 * 16 * 12 * math.log(2)] * 5, rel=1e-5)


def test_a_pixel_costs_the_cross_entropy_of_its_grey():
    image, logit = torch.tensor([[[[0.3]]]]), torch.tensor([[[[1.2]]]])
    ink = 1 / (1 + math.exp(-1.2))
    expected = -(0.3 * math.log(ink) + 0.7 * math.log(1 - ink))
    assert negative_log_likelihood(logit, image).item() == pytest.approx(expected, rel=1e-5)


def test_reconstruction_is_counted_in_float32():
    images = torch.rand(2, 1, 28, 28)
    costs = negative_log_likelihood(torch.zeros_like(images).bfloat16(), images)
    assert costs.dtype == torch.float32


@pytest.mark.parametrize("logit", [-200.0, -1.5, 0.0, 3.0, 200.0])
def test_real_and_fake_are_the_logarithms_of_the_two_answers(logit):
    """Also where the exponential has no number any more."""
    logits = torch.tensor([logit], dtype=torch.float64)
    assert (bce_fake(logits) - bce_real(logits)).item() == pytest.approx(logit)
    if abs(logit) < 100:
        answer = 1 / (1 + math.exp(-logit))
        assert bce_real(logits).item() == pytest.approx(-math.log(answer))
        assert bce_fake(logits).item() == pytest.approx(-math.log(1 - answer))


@pytest.mark.parametrize("shape", [(6, 2), (6, 4, 2)])
def test_r1_is_the_mean_squared_slope(shape):
    """A linear discriminator has the same slope everywhere, (3, 4): 25, whatever the shape."""
    slope = torch.tensor([3.0, 4.0])
    assert r1(lambda real: real @ slope, torch.randn(shape)).item() == pytest.approx(25, rel=1e-5)


def test_r1_can_be_differentiated():
    weight = torch.tensor([3.0, 4.0], requires_grad=True)
    r1(lambda real: real @ weight, torch.randn(6, 2)).backward()
    assert weight.grad.tolist() == pytest.approx([6, 8], rel=1e-5)


def test_r1_is_computed_in_float32_whatever_the_training_multiplies():
    network, real = (
        nn.Sequential(nn.Linear(2, 8), nn.Softplus(), nn.Linear(8, 1)),
        torch.randn(9, 2),
    )
    exact = r1(network, real)
    with torch.autocast("cpu", torch.bfloat16):
        assert torch.equal(r1(network, real), exact)


def test_a_step_has_each_parameter_once():
    """Networks may share layers, or hold one another."""
    shared, own = nn.Linear(2, 2), nn.Linear(2, 1)
    step = Step([nn.Sequential(shared, own), shared], [Term("loss", lambda x: x.mean())])
    assert step.parameters() == [*shared.parameters(), *own.parameters()]


def test_steps_and_terms_are_not_changed_afterwards():
    term = Term("loss", lambda x: x.mean())
    assert term.weight == 1
    for thing, name in ((term, "weight"), (Step([nn.Linear(1, 1)], [term]), "learning_rate")):
        with pytest.raises(AttributeError):
            setattr(thing, name, 2.0)
