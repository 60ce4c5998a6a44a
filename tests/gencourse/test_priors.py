"""Priors: densities, shapes, drawings, and those that a reader brings."""

import math

import numpy as np
import pytest
import torch
from torch import distributions, nn

from gencourse import priors
from gencourse.evaluation import latent
from gencourse.models import AAE, GAN, VAE, Autoencoder, LabelledAAE
from gencourse.training import fit, reproducible


class Own:
    """A reader's prior: whatever `draw` says of a number of codes."""

    def __init__(self, draw):
        self.sample = draw


def test_priors_have_the_densities_they_claim():
    point = torch.tensor([[1.0, -2.0]])
    expected = -0.5 * 5 - math.log(2 * math.pi)
    assert priors.gaussian(2).log_prob(point).item() == pytest.approx(expected, rel=1e-6)
    codes = torch.tensor([[0.0, 0.0], [2.0, 4.0]])
    assert priors.box_around(codes).log_prob(codes.mean(0, keepdim=True)).item() == pytest.approx(
        -math.log(8)
    )


def test_fitted_priors_find_what_the_codes_were_drawn_from():
    with reproducible(0):
        left = torch.randn(2000, 2) * 0.5 + torch.tensor([-5.0, 0.0])
        right = torch.randn(6000, 2) + torch.tensor([5.0, 0.0])
        codes = torch.cat([left, right])
        mixture, one = priors.mixture_fitted_to(codes, 2), priors.gaussian_fitted_to(codes)
        drawn = mixture.sample(20000)
        assert one.sample(5).shape == (5, 2)
    assert (drawn[:, 0] < 0).float().mean().item() == pytest.approx(0.25, abs=0.02)
    assert drawn[drawn[:, 0] < 0].std(0).tolist() == pytest.approx([0.5, 0.5], abs=0.03)
    assert drawn[drawn[:, 0] > 0].mean(0).tolist() == pytest.approx([5, 0], abs=0.1)
    mean_log_probs = mixture.log_prob(codes).mean(), one.log_prob(codes).mean()
    assert mean_log_probs[0] > mean_log_probs[1] + 0.5
    assert one.distribution.mean.tolist() == pytest.approx(codes.mean(0).tolist(), abs=1e-5)


def test_a_seed_reaches_the_mixture():
    codes = torch.randn(500, 2)

    def fitted(seed):
        with reproducible(seed):
            return priors.mixture_fitted_to(codes, 3).sample(4)

    assert torch.equal(fitted(0), fitted(0))
    assert not torch.equal(fitted(0), fitted(1))


def test_more_components_than_codes_are_named():
    with pytest.raises(ValueError, match="4 components cannot be fitted to 3 codes"):
        priors.mixture_fitted_to(torch.randn(3, 2), 4)


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


def test_a_resampled_prior_draws_what_it_was_given_and_has_no_density():
    codes = torch.arange(6.0).view(3, 2)
    drawn = priors.Resampled(codes).sample(200)
    assert {tuple(code) for code in drawn.tolist()} == {(0, 1), (2, 3), (4, 5)}
    assert not hasattr(priors.Resampled(codes), "log_prob")


@pytest.mark.parametrize("name", priors.PRIORS)
def test_shapes_have_parts_that_are_even_and_apart(name):
    shape = priors.prior(name, 2)
    with reproducible(0):
        codes = shape.sample(20_000)
        share = latent.nearest_part(codes, shape).bincount(minlength=10) / len(codes)
        parts = torch.arange(2000) % 10
        found = latent.nearest_part(shape.sample_of(parts), shape)
    assert codes.shape == (20_000, 2)
    assert share.tolist() == pytest.approx([0.1] * 10, abs=0.02)
    assert (found == parts).float().mean() > 0.9
    assert codes.std(0).min() > 0.8 and codes.std(0).max() < 1.3  # about a standard Gaussian's


def test_a_part_that_is_not_known_is_any():
    shape = priors.petals()
    with reproducible(0):
        codes = shape.sample_of(torch.tensor([-1] * 2000 + [3] * 100))
        found = latent.nearest_part(codes, shape)
    assert found[:2000].unique().tolist() == list(range(10))
    assert (found[2000:] == 3).float().mean() > 0.95  # petals touch near the centre


@pytest.mark.parametrize("part", [5, 7, -2])
@pytest.mark.parametrize("name", priors.PRIORS)
def test_a_part_that_is_not_there_is_named(name, part):
    """Seven of five would come round to the place of two."""
    with pytest.raises(ValueError, match=f"parts run from .*{part}.*; expected -1 to 4"):
        priors.PRIORS[name](5).sample_of(torch.tensor([0, part, 4]))


def test_a_drawing_is_inked_evenly_by_length(monkeypatch):
    monkeypatch.setattr(priors.drawn, "SOFT", 0.01)
    with reproducible(0):
        points = priors.along([[(0, 0), (3, 0)], [(0, 5), (1, 5)], [(9, 9)]], 8000)
    below = points[:, 1] < 2
    assert below.float().mean().item() == pytest.approx(0.75, abs=0.02)
    assert points[below, 0].mean().item() == pytest.approx(1.5, abs=0.05)
    assert points[~below, 1].std().item() == pytest.approx(0.01, abs=0.002)


def test_a_picture_is_upright_and_inked_by_its_pixels():
    picture = torch.tensor([[0.0, 3.0], [1.0, 0.0], [0.0, 0.0]])  # three rows, the ink at the top
    with reproducible(0):
        points = priors.points_in(picture, 8000)
    right = points[:, 0] > 0
    assert right.float().mean().item() == pytest.approx(0.75, abs=0.02)
    assert points[right, 1].min() > 0.6 and points[right, 1].max() <= 2
    assert points[~right, 1].abs().max() <= 2 / 3 + 1e-5


@pytest.mark.parametrize("picture", [torch.zeros(3, 3), torch.ones(2, 3, 3), -torch.ones(2, 2)])
def test_a_picture_without_ink_is_named(picture):
    with pytest.raises(ValueError, match=r"expected a picture \(H, W\)"):
        priors.points_in(picture, 5)


@pytest.mark.parametrize("strokes", [[], [[(1, 1)]], [[(1, 1), (1, 1)]]])
def test_a_drawing_without_a_line_is_named(strokes):
    with pytest.raises(ValueError, match="there is no line"):
        priors.along(strokes, 5)


def test_the_prior_is_one_head_and_a_gaussian_independent_of_it():
    with reproducible(0):
        codes = priors.HeadAndStyle(4, 2).sample(40_000)
    heads, style = codes.split([4, 2], dim=1)
    assert set(heads.unique().tolist()) == {0.0, 1.0} and (heads.sum(1) == 1).all()
    assert heads.mean(0) == pytest.approx([0.25] * 4, abs=0.01)
    assert style.mean(0) == pytest.approx([0, 0], abs=0.02)
    assert style.std(0) == pytest.approx([1, 1], abs=0.02)
    assert torch.corrcoef(codes.T)[:4, 4:].abs().max() < 0.02


def test_the_prior_gives_the_head_that_is_asked_for():
    heads = torch.tensor([2, 0, 2])
    codes = priors.HeadAndStyle(3, 1).sample_of(heads)
    assert codes.shape == (3, 4) and torch.equal(codes[:, :3].argmax(1), heads)


@pytest.mark.parametrize("head", [3, -1])
def test_a_head_that_is_not_there_is_named(head):
    with pytest.raises(ValueError, match=f"heads run from .*{head}; expected 0 to 2|from {head} "):
        priors.HeadAndStyle(3, 1).sample_of(torch.tensor([head, 1]))


@pytest.mark.parametrize("size", [(0, 5), (3, 0), (2.0, 5)])
def test_impossible_sizes_are_refused(size):
    with pytest.raises(ValueError, match="whole number"):
        priors.HeadAndStyle(*size)


def test_any_samples_will_do():
    AAE(latent_dim=3, prior=priors.Resampled(torch.randn(10, 3))).generate(2)


@pytest.mark.parametrize("own", [Own(lambda n: torch.randn(n, 2)), nn.Module()])
def test_a_prior_of_ones_own_trains_and_generates(own, few):
    own.sample = lambda n: torch.randn(n, 2)
    model = AAE(prior=own)
    fit(model, few.train.images, epochs=1)
    assert model.generate(3).shape == VAE().generate(3, own).shape == (3, 1, 28, 28)


def test_a_prior_of_ones_own_keeps_what_else_it_can(few):
    """Here the parts that a model with labels asks for."""
    own = Own(lambda n: torch.randn(n, 2))
    own.parts, own.sample_of = 10, lambda parts: parts[:, None].float().expand(-1, 2)
    model = LabelledAAE(own)
    assert model.prior.sample_of(torch.tensor([3])).tolist() == [[3, 3]]
    assert not hasattr(model.prior, "log_prob")
    fit(model, few.train.images, few.train.labels, epochs=1)


@pytest.mark.parametrize(
    ("prior", "latent_dim", "sentence"),
    [
        ("star", 2, "prior is 'star'; expected one of gaussian, petals"),
        ("ring", 3, r"sample\(1\) have shape \(1, 2\) .*of shape \(1, 3\)"),
        (priors.gaussian(4), 2, r"\(1, 4\) and .*of shape \(1, 2\)"),
        (None, 2, r"prior is a NoneType; expected a name or an object with sample\(n\)"),
        (torch.randn(9, 2), 2, r"a torch.Tensor; expected a name or an object with sample\(n\)"),
        (Own, 2, "the class Own; expected a name or an object"),
        (priors.ring, 2, r"a function; expected .*priors.ring\(\)"),
        (Own(lambda n: torch.randn(1, 2)), 2, r"sample\(3\) gives 1 codes; expected 3"),
        (Own(lambda n: torch.randn(64, 2)), 2, r"sample\(1\) gives 64 codes; expected 1"),
        (Own(lambda n: torch.randn(n)), 2, r"sample\(1\) have shape \(1,\) .*shape \(1, 2\)"),
        (Own(lambda n: torch.randn(n, 2).double()), 2, r"torch.float64; .*: \.float\(\) makes"),
        (Own(lambda n: torch.randint(9, (n, 2))), 2, r"torch.int64; .*: \.float\(\) makes"),
        (Own(lambda n: torch.full((n, 2), math.nan)), 2, "are not all finite"),
        (Own(lambda n: torch.full((n, 2), math.inf)), 2, "are not all finite"),
        (
            Own(lambda n: np.zeros((n, 2), "float32")),
            2,
            r"sample\(1\) are a numpy.ndarray; expected a ten",
        ),
        (Own(lambda n: [[0.0, 0.0]] * n), 2, r"sample\(1\) are a list; expected a tensor"),
        (distributions.Normal(torch.zeros(2), torch.ones(2)), 2, r"distribution.sample\(\(n,\)\)"),
        (priors.normal(torch.zeros(2), torch.ones(2)), 2, r"such as priors.gaussian\(2\)"),
    ],
)
def test_a_prior_that_does_not_fit_is_named(prior, latent_dim, sentence):
    with pytest.raises(ValueError, match=sentence):
        AAE(latent_dim=latent_dim, prior=prior)
    if prior is not None and not isinstance(prior, str):  # None is the model's own
        for model in (VAE(latent_dim), GAN(latent_dim)):
            with pytest.raises(ValueError, match=sentence):
                model.generate(2, prior)


@pytest.mark.parametrize(
    ("prior", "classes", "sentence"),
    [
        (priors.petals(5), 10, r"has 5 parts; expected one for each of the 10.*petals\(10\)"),
        ("ring", 5, r"has 10 parts; expected one for each of the 5 classes.*petals\(5\)"),
        ("gaussian", 10, "has no parts"),
        (Own(lambda n: torch.randn(n, 2)), 10, "has no parts"),
    ],
)
def test_a_prior_without_a_part_for_each_class_is_named(prior, classes, sentence):
    with pytest.raises(ValueError, match=sentence):
        LabelledAAE(prior, classes)


def test_a_prior_moves_with_its_model():
    for prior in (priors.gaussian(2), priors.petals(), priors.HeadAndStyle(3, 2)):
        assert prior.to("meta").device.type == "meta"
        assert prior.sample(4).device.type == "meta"
    assert not AAE(prior="ring").prior.state_dict()  # nothing of it is kept among the weights


POINTS = torch.randn(40, 2)
LATER = {
    "too few": (lambda n: POINTS[:n], r"sample\(50\) gives 40 codes; expected 50.*randint"),
    "at most eight": (lambda n: POINTS[: min(n, 8)], r"sample\(50\) gives 8 codes"),
    "one too many": (lambda n: torch.randn(n + n // 10, 2), r"sample\(50\) gives 55 codes"),
    "nan later": (lambda n: torch.full((n, 2), math.nan if n > 9 else 0.0), "not all finite"),
    "double later": (lambda n: torch.randn(n, 2).double() if n > 9 else POINTS[:n], "float64"),
    "wider later": (lambda n: torch.randn(n, 2 + (n > 9)), r"\(50, 3\) .*of shape \(50, 2\)"),
}


@pytest.mark.parametrize("sort", LATER)
def test_every_draw_is_counted(sort, few):
    """By whichever way a prior comes to a model, in training and after it."""
    sample, sentence = LATER[sort]
    module = type("Module", (priors.Prior,), {"sample": lambda self, n: sample(n)})()
    shape = priors.Shape(1, lambda parts: sample(len(parts)))
    for own in (Own(sample), module, shape):
        draws = [
            lambda own=own: AAE(prior=own).generate(50),
            lambda own=own: VAE().generate(50, own),
            lambda own=own: fit(AAE(prior=own), few.train.images, epochs=1, batch_size=50),
        ]
        if isinstance(own, nn.Module):
            put = Autoencoder()
            put.prior = own
            draws.append(lambda put=put: put.generate(50))
        for draw in draws:
            with pytest.raises(ValueError, match=sentence):
                draw()


def test_the_codes_of_parts_are_counted(few):
    own = Own(lambda n: torch.randn(n, 2))
    own.parts, own.sample_of = 10, lambda parts: POINTS[: len(parts)]
    with pytest.raises(ValueError, match=r"sample_of gives 40 codes; expected 50"):
        fit(LabelledAAE(own), few.train.images, few.train.labels, epochs=1, batch_size=50)


CODES = torch.randn(40, 2)
FITTED = [
    priors.Resampled,
    priors.box_around,
    priors.gaussian_fitted_to,
    lambda codes: priors.mixture_fitted_to(codes, 1),
]


@pytest.mark.parametrize("fitted", FITTED)
@pytest.mark.parametrize(
    ("codes", "sentence"),
    [
        (CODES.numpy(), "codes are a numpy.ndarray; expected a tensor"),
        (CODES.tolist(), "codes are a list; expected a tensor"),
        (CODES.double(), r"float64; expected float32 .*\.float\(\) makes them so"),
        (CODES[:, 0], r"shape \(40,\) .*expected float32 of shape \(N, latent_dim\)"),
        (torch.rand(4, 1, 8, 8), r"shape \(4, 1, 8, 8\)"),
        (CODES[:0], "there are no codes"),
        (CODES / 0, "codes are not all finite"),
    ],
)
def test_a_prior_is_fitted_to_codes_alone(fitted, codes, sentence):
    with pytest.raises(ValueError, match=sentence):
        fitted(codes)
    assert fitted(CODES).sample(3).shape == (3, 2)


@pytest.mark.filterwarnings("ignore:cov")
@pytest.mark.parametrize("fitted", FITTED[1:3])
@pytest.mark.parametrize("codes", [torch.ones(9, 2), CODES[:1]])
def test_codes_in_one_place_have_no_density(fitted, codes):
    with pytest.raises(ValueError, match=r"in one place.* priors\.Resampled"):
        fitted(codes)


@pytest.mark.parametrize("name", ["petals", "ring", "gaussian"])
def test_a_model_generates_from_a_prior_by_name(name):
    assert VAE().generate(3, name).shape == (3, 1, 28, 28)
    with pytest.raises(ValueError, match="expected one of gaussian, petals"):
        VAE().generate(3, name + "s and more")
