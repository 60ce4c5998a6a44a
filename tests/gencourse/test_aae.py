"""The adversarial autoencoder, and the shapes that its codes can take."""

import dataclasses
import itertools
import math

import pytest
import torch
from torch import nn

from gencourse import priors
from gencourse.data import mnist
from gencourse.evaluation import latent
from gencourse.game import bce_fake, bce_real
from gencourse.models import AAE, Autoencoder, LabelledAAE
from gencourse.networks import LatentDiscriminator
from gencourse.training import fit, reproducible

LABELS = torch.arange(64) % 11 - 1


def state(network):
    return [parameter.detach().clone() for parameter in network.parameters()]


def phase(model, name):
    return next(phase for phase in model.steps() if phase.name == name)


def images(n=64):
    return torch.rand(n, 1, 28, 28)


@pytest.mark.parametrize("kind", [AAE, LabelledAAE])
def test_who_learns_in_which_phase(kind):
    """The generator of this game is the encoder, not the decoder."""
    model = kind()
    trains = {phase.name: phase.trains for phase in model.steps()}
    assert trains == {
        "reconstruction": [model.encoder, model.decoder],
        "discriminator": [model.discriminator],
        "regularization": [model.encoder],
    }


@pytest.mark.slow
def test_the_critic_learns_prior_as_real_and_codes_as_fake():
    """Swapped labels are a known bug: train the critic alone and ask it."""
    model = AAE()
    nn.init.zeros_(model.encoder.layers[-1].weight)
    nn.init.constant_(model.encoder.layers[-1].bias, 4.0)
    alone = [phase(model, "discriminator")]
    model.steps = lambda: alone
    fit(model, images(2048), epochs=10, batch_size=64, seed=0)
    with torch.no_grad():
        assert model.logits(torch.zeros(1, 2)) > 2
        assert model.logits(torch.full((1, 2), 4.0)) < -2


def test_the_encoder_moves_towards_what_the_critic_takes_for_the_prior():
    model = AAE()
    model.logits = lambda codes: codes[:, 0]  # the farther to the right, the more real
    alone = [dataclasses.replace(phase(model, "regularization"), joins=None)]
    model.steps = lambda: alone
    some, decoder = images(), state(model.decoder)
    before = model.encode(some)[:, 0].mean()
    fit(model, some, epochs=5, seed=0)
    assert model.encode(some)[:, 0].mean() > before + 0.1
    assert all(map(torch.equal, decoder, state(model.decoder)))


def test_a_critic_that_cannot_tell_costs_two_logarithms_of_two_and_one():
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
        played = [phase for phase in model.steps() if phase.name != "discriminator"]
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


def test_the_critic_sees_more_clearly_as_training_goes_on():
    model, seen = AAE(first_noise=1.0, last_noise=0.01), []
    model.discriminator_loss = lambda some: (
        seen.append(model.blur_now) or model.logits(model.encoder(some)).mean()
    )
    fit(model, images(), epochs=5, batch_size=32, seed=0)
    assert seen[0] == 1.0 and model.blur_now == pytest.approx(0.01)
    shrinks = [b / a for a, b in itertools.pairwise(seen)]
    assert shrinks == pytest.approx([0.01 ** (1 / 10)] * 9)
    with torch.no_grad():
        codes = torch.zeros(2000, 2)
        assert torch.equal(model.blurred(codes), codes)  # not in use, only in training
        model.train()
        assert model.blurred(codes).std().item() == pytest.approx(0.01, rel=0.1)


@pytest.mark.slow
def test_in_more_dimensions_the_images_are_not_forgotten():
    """With the last blur of the plane the critic is ahead and copies become smears: over .035."""
    some = mnist().train.images[:5120]
    with reproducible(0):
        model = AAE(latent_dim=8)
    fit(model, some, epochs=15, batch_size=128, seed=0)
    assert (model.reconstruct(some) - some).square().mean() < 0.03


@pytest.mark.slow
def test_waves_show_the_critic_a_narrow_gap():
    """Two critics, with waves and without, of a full plane and one with two empty stripes."""
    says = {}
    for waves in (0, 32):
        with reproducible(0):
            critic = Guesser(waves)
            full, gapped = torch.randn(20_000, 2), torch.randn(40_000, 2)
            gapped = gapped[(gapped[:, 0].abs() - 1).abs() > 0.15][:20_000]
            fit(critic, full, gapped, epochs=3, batch_size=200, seed=0)
            in_a_stripe = torch.stack([torch.ones(500), torch.randn(500)], dim=1)
            with torch.no_grad():
                says[waves] = critic.discriminator(in_a_stripe).median().item()
    assert says[32] > 1 and says[32] > 3 * says[0]


class Guesser(nn.Module):
    def __init__(self, waves):
        super().__init__()
        self.discriminator = LatentDiscriminator(2, waves)

    def steps(self):
        return [Phase("discriminator", self.loss, [self.discriminator])]

    def loss(self, real, made):
        on_real, on_made = self.discriminator(real), self.discriminator(made)
        return (bce_real(on_real) + bce_fake(on_made)).mean()


@pytest.mark.parametrize("blurs", [{"blur": 0.0}, {"last_noise": -1.0}, {"blur": math.nan}])
def test_a_blur_that_is_none_is_named(blurs):
    with pytest.raises(ValueError, match="expected both above 0"):
        AAE(**blurs)


def test_the_labels_reach_the_critic():
    model, codes = LabelledAAE(), torch.randn(3, 2)
    says = [model.logits(codes, torch.full((3,), label)) for label in (-1, 0, 9)]
    assert not torch.allclose(says[0], says[1]) and not torch.allclose(says[1], says[2])
    assert says[0].shape == (3,)


@pytest.mark.slow
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


def test_a_drawing_is_inked_evenly_by_length():
    with reproducible(0):
        points = priors.along([[(0, 0), (3, 0)], [(0, 5), (1, 5)], [(9, 9)]], 8000, width=0.01)
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


def test_any_samples_will_do():
    AAE(latent_dim=3, prior=priors.Resampled(torch.randn(10, 3))).generate(2)


@pytest.mark.parametrize(
    ("prior", "latent_size", "sentence"),
    [
        ("star", 2, "prior is 'star'; expected one of gaussian, petals"),
        ("ring", 3, r"sample\(1\) is \(1, 2\); expected \(1, 3\)"),
        (priors.gaussian(4), 2, r"\(1, 4\); expected \(1, 2\)"),
    ],
)
def test_a_prior_that_does_not_fit_is_named(prior, latent_size, sentence):
    with pytest.raises(ValueError, match=sentence):
        AAE(latent_dim=latent_size, prior=prior)
