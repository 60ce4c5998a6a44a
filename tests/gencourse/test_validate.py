"""The door for numbers: whichever library a number comes from, and no other things."""

import fractions
import math

import numpy as np
import pytest
import torch

from gencourse import validate
from gencourse.models import AAE, GAN, VAE, ClusteringAAE, LabelledAAE, PointGAN, PointVAE
from gencourse.training import fit, reproducible
from gencourse.weights import trained

WHOLE_TWO = [2, np.int64(2), np.uint8(2), np.array(2), torch.tensor(2), torch.tensor(2).byte()]
NOT_WHOLE = [True, np.True_, torch.tensor(True), "0", "2", 1.5, 2.0, np.float64(2), None, [2], 2j]


@pytest.mark.parametrize("number", WHOLE_TWO)
def test_a_whole_number_of_any_library_is_one(number):
    assert validate.whole(number, "n") == 2
    assert type(validate.whole(number, "n")) is int
    assert VAE(number).latent_dim == GAN(number).latent_dim == AAE(number).latent_dim == 2
    assert ClusteringAAE(number, number).decode(torch.zeros(1, 4)).shape == (1, 1, 28, 28)
    assert PointGAN(number, number, number).generate(number).shape == (2, 2, 2)
    assert VAE(number).generate(number).shape == (2, 1, 28, 28)


@pytest.mark.parametrize("number", [*NOT_WHOLE, -1])
def test_what_is_none_is_named(number):
    with pytest.raises(ValueError, match="n is .*; expected a whole number of 1 or more"):
        validate.whole(number, "n")
    for make in (VAE, GAN, AAE, PointVAE):
        with pytest.raises(ValueError, match="latent_dim is .*; expected a whole number"):
            make(number)
    with pytest.raises(ValueError, match="latent_dim is .*; expected a whole number"):
        AAE(number, prior="ring")
    for sizes in ((number, 5), (5, number)):
        with pytest.raises(ValueError, match="(heads|style) is .*; expected a whole number"):
            ClusteringAAE(*sizes)
    with pytest.raises(ValueError, match="classes is .*; expected a whole number"):
        LabelledAAE(classes=number)
    with pytest.raises(ValueError, match="n is .*; expected a whole number"):
        VAE().generate(number)


def test_a_whole_number_out_of_its_range_is_named():
    assert validate.whole(0, "n", least=0) == 0 and validate.whole(7, "n", most=7) == 7
    with pytest.raises(ValueError, match="n is 8; expected a whole number from 1 to 7"):
        validate.whole(8, "n", most=7)


@pytest.mark.parametrize("number", [0.5, np.float32(0.5), torch.tensor(0.5), np.array(0.5)])
def test_a_number_of_any_library_is_one(number):
    assert validate.real(number, "beta") == 0.5 and type(validate.real(number, "beta")) is float
    assert VAE(beta=number).beta == GAN(gamma=number).gamma == 0.5


def test_whole_numbers_and_fractions_are_numbers_too():
    assert validate.real(1, "beta") == validate.real(fractions.Fraction(1), "beta") == 1


@pytest.mark.parametrize(
    "number",
    [True, "0.5", None, math.nan, math.inf, torch.ones(2), 2j, pytest.param(10**400, id="huge")],
)
def test_what_is_no_number_is_named(number):
    with pytest.raises(ValueError, match="beta is .*; expected a number"):
        validate.real(number, "beta")
    with pytest.raises(ValueError, match="beta is .*; expected a number of 0 or more"):
        VAE(beta=number)


def test_the_ends_of_a_range():
    assert validate.real(0, "beta", least=0) == 0
    with pytest.raises(ValueError, match="beta is -0.1; expected a number of 0 or more"):
        validate.real(-0.1, "beta", least=0)
    with pytest.raises(ValueError, match=r"sd is 0; expected a number above 0\.$"):
        validate.real(0, "sd", above=0)
    with pytest.raises(ValueError, match=r"share is 1; expected a number above 0 and below 1\.$"):
        validate.real(1, "share", above=0, below=1)
    with pytest.raises(ValueError, match=r"beta is inf; expected a number\.$"):
        validate.real(math.inf, "beta")


@pytest.mark.parametrize("number", [0, np.int64(3), torch.tensor(3), 2**32 - 1])
def test_a_seed_of_any_library_is_one(few, number):
    assert type(validate.seed(number)) is int
    with reproducible(number):
        first = torch.rand(1)
    with reproducible(int(number)):
        assert torch.equal(first, torch.rand(1))


@pytest.mark.parametrize("number", [*NOT_WHOLE, -1, 2**32])
def test_a_seed_that_is_none_is_named(few, number):
    with pytest.raises(ValueError, match="seed is .*expected a whole number from 0 to 4294967295"):
        validate.seed(number)
    if number is not None:  # None is the course's own
        with pytest.raises(ValueError, match="seed is "):
            fit(VAE(), few.train.images, epochs=1, seed=number)
        with pytest.raises(ValueError, match="seed is "):
            trained("vae", data=few, epochs=1, seed=number)


def test_numbers_of_other_libraries_train_what_pythons_own_train(few):
    own = trained("vae", data=few, epochs=1, seed=2, latent_dim=3, beta=0.5)
    others = (
        {"seed": np.int64(2), "latent_dim": np.int64(3), "beta": np.float64(0.5)},
        {"seed": torch.tensor(2), "latent_dim": torch.tensor(3), "epochs": np.int64(1)},
    )
    for options in others:
        model = trained("vae", data=few, **{"epochs": 1, "beta": 0.5} | options)
        assert all(map(torch.equal, own.state_dict().values(), model.state_dict().values()))
