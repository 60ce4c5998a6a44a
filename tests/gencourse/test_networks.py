"""The networks: their shapes, and what each has that the others lack."""

import itertools
import math

import pytest
import torch
from torch import nn

from gencourse.game import Step, Term, bce_fake, bce_real
from gencourse.models import AAE, GAN, ClusteringAAE
from gencourse.networks import (
    Decoder,
    Discriminator,
    Encoder,
    HeadsEncoder,
    InstanceNoise,
    LatentDiscriminator,
    PerceptronEnsemble,
)
from gencourse.training import fit, reproducible


def images(n=64):
    return torch.rand(n, 1, 28, 28)


@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 16, 12)])
def test_shapes(shape):
    some = torch.rand(6, *shape)
    assert Encoder(5, shape)(some).shape == (6, 5)
    assert Decoder(5, shape)(torch.randn(6, 5)).shape == some.shape
    assert Discriminator(image_shape=shape)(some).shape == (6,)
    assert Discriminator(3, shape)(some).shape == (2,)
    assert HeadsEncoder(4, 2, shape)(some).shape == (6, 6)
    assert LatentDiscriminator(5)(torch.randn(6, 5)).shape == (6,)
    assert PerceptronEnsemble(3, 2, 4)(torch.randn(6, 3, 2)).shape == (6, 3, 4)


def test_a_pack_is_judged_together():
    model = GAN(latent_dim=4, pack=3)
    some = torch.rand(6, 1, 28, 28)
    logits = model.logits(some)
    assert logits.shape == (2,)
    other = some.clone()
    other[1] = 0
    changed = model.logits(other)
    assert changed[0] != logits[0] and changed[1] == logits[1]


def test_an_ensemble_is_as_many_networks_as_there_are_runs():
    """The first run changes: its answers do, and those of the others do not."""
    networks, points = PerceptronEnsemble(3, 2, 1), torch.randn(5, 3, 2)
    before = networks(points)
    points[:, 0] += 1
    assert (networks(points) != before).squeeze(2).all(0).tolist() == [True, False, False]
    points[:, :] = points[:, :1]
    answers = networks(points).squeeze(2)
    assert not torch.allclose(answers[:, 0], answers[:, 1])  # they have weights of their own


class Guesser(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.discriminator = LatentDiscriminator(2, features)

    def steps(self):
        return [Step([self.discriminator], [Term("discriminator", self.loss)])]

    def loss(self, real, fake):
        return (bce_real(self.discriminator(real)) + bce_fake(self.discriminator(fake))).mean()


@pytest.mark.slow
def test_fourier_features_show_the_discriminator_a_narrow_gap():
    """Two discriminators, with features and without, of a full plane and one with two stripes."""
    says = {}
    for features in (0, 32):
        with reproducible(0):
            critic = Guesser(features)
            full, gapped = torch.randn(20_000, 2), torch.randn(40_000, 2)
            gapped = gapped[(gapped[:, 0].abs() - 1).abs() > 0.15][:20_000]
            fit(critic, full, gapped, epochs=3, batch_size=200, seed=0)
            in_a_stripe = torch.stack([torch.ones(500), torch.randn(500)], dim=1)
            with torch.no_grad():
                says[features] = critic.discriminator(in_a_stripe).median().item()
    assert says[32] > 1 and says[32] > 3 * says[0]


def test_the_discriminator_sees_more_clearly_as_training_goes_on():
    model, seen = AAE(first_noise=1.0, last_noise=0.01), []
    model.discriminator_loss = lambda some: (
        seen.append(model.noise.sd) or model.logits(model.encoder(some)).mean()
    )
    fit(model, images(), epochs=5, batch_size=32, seed=0)
    assert seen[0] == 1.0 and model.noise.sd == pytest.approx(0.01)
    shrinks = [b / a for a, b in itertools.pairwise(seen)]
    assert shrinks == pytest.approx([0.01 ** (1 / 10)] * 9)
    with torch.no_grad():
        codes = torch.zeros(2000, 2)
        assert torch.equal(model.noise(codes), codes)  # not in use, only in training
        model.train()
        assert model.noise(codes).std().item() == pytest.approx(0.01, rel=0.1)


def test_the_discriminator_sees_through_noise_in_training_only():
    model, codes = ClusteringAAE(heads=4, style=1), torch.zeros(8, 5)
    with torch.no_grad():
        model.train()
        assert model.logits(codes).std() > 0
        model.eval()
        assert torch.equal(model.logits(codes), model.logits(codes))


@pytest.mark.parametrize(
    "noise", [{"first_noise": 0.0}, {"last_noise": -1.0}, {"first_noise": math.nan}]
)
def test_a_noise_that_is_none_is_named(noise):
    with pytest.raises(ValueError, match=f"{min(noise)} is .*; expected a number above 0"):
        AAE(**noise)


def test_noise_starts_anew_with_a_new_network():
    noise = InstanceNoise(1.0, 0.1)
    noise.anneal(0.5)
    assert noise.sd == pytest.approx(0.1**0.5)
    assert InstanceNoise(1.0, 0.1).sd == 1


def test_an_encoder_with_heads_gives_probabilities_and_uses_every_head():
    with reproducible(0):
        encoder, some = HeadsEncoder(7, 2), images(512)
        codes = encoder.train()(some)
    assert codes.shape == (512, 9)
    torch.testing.assert_close(codes[:, :7].sum(1), torch.ones(512))
    assert codes[:, :7].argmax(1).bincount(minlength=7).min() > 0
    encoder.eval()
    assert torch.equal(encoder(some), encoder(some))  # no noise after training


def test_one_image_is_no_batch_in_training_and_is_read_afterwards():
    encoder = HeadsEncoder(7, 2)
    with pytest.raises(ValueError, match="expected a batch_size of 2 or more"):
        encoder.train()(images(1))
    assert encoder.eval()(images(1)).shape == (1, 9)


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: Encoder(0), "outputs is 0"),
        (lambda: Decoder(1.5), "latent_dim is 1.5"),
        (lambda: Discriminator(0), "pack is 0"),
        (lambda: Discriminator(2)(images(3)), "3 samples cannot be judged in packs of 2"),
        (lambda: LatentDiscriminator(2, -1), "fourier_features is -1"),
        (lambda: PerceptronEnsemble(0, 2, 1), "runs is 0"),
        (lambda: HeadsEncoder(3, True), "style is True"),
    ],
)
def test_bad_sizes_are_named(make, complaint):
    with pytest.raises(ValueError, match=complaint):
        make()
