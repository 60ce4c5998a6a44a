"""What holds for every model: its steps, its shapes, its place in the house."""

import dataclasses
import importlib
import inspect
import math
import pkgutil

import pytest
import torch
from torch import nn

from gencourse import figures, models, priors
from gencourse.data import Split
from gencourse.models import (
    AAE,
    GAN,
    VAE,
    VAEGAN,
    Autoencoder,
    Classifier,
    ClusteringAAE,
    LabelledAAE,
    PointGAN,
    PointVAE,
    SemiSupervisedAAE,
    faulty,
    map_aae,
)
from gencourse.models.reference_classifier import ReferenceClassifier
from gencourse.networks import (
    ConvDecoder,
    ConvDiscriminator,
    ConvEncoder,
    Decoder,
    Discriminator,
    Encoder,
)
from gencourse.training import fit, reproducible

SMALL = (3, 16, 12)
"""Colour, and neither square nor 28 wide."""


def pictures(shape=(1, 28, 28), n=64):
    return torch.rand(n, *shape)


def labels(n=64):
    return torch.arange(n) % 10


def examples(shape=(1, 28, 28)):
    return Split(pictures(shape, 20), labels(20))


MODELS = {
    "Autoencoder": (Autoencoder, pictures),
    "VAE": (VAE, pictures),
    "VAE, Laplace": (lambda: VAE(family="laplace"), pictures),
    "GAN": (GAN, pictures),
    "GAN, packed": (lambda: GAN(pack=2, gamma=0.0, saturating=True), pictures),
    "GAN, lazy": (lambda: GAN(penalty_every=3), pictures),
    "VAEGAN": (VAEGAN, pictures),
    "AAE": (AAE, pictures),
    "AAE, eight": (lambda: AAE(8), pictures),
    "LabelledAAE": (LabelledAAE, pictures, labels),
    "ClusteringAAE": (ClusteringAAE, pictures),
    "SemiSupervisedAAE": (lambda: SemiSupervisedAAE(examples()), pictures),
    "map_aae": (lambda: map_aae(examples()), pictures),
    "Classifier": (Classifier, pictures, labels),
    "ReferenceClassifier": (ReferenceClassifier, pictures, labels),
    "PointGAN": (lambda: PointGAN(runs=3), lambda: torch.randn(64, 3, 2)),
    "PointVAE": (lambda: PointVAE(runs=3), lambda: torch.randn(64, 3, 2)),
    "NoDetach": (faulty.PATIENTS[3], pictures),
    "BatchNormInTheCritic": (faulty.PATIENTS[6], pictures),
}


def made(name):
    """The model of that name, the same at each call, and what it is trained on."""
    make, *data = MODELS[name]
    with reproducible(0):
        return make(), [some() for some in data]


def every_class():
    """Every class that is defined in gencourse.models."""
    for room in pkgutil.iter_modules(models.__path__, "gencourse.models."):
        module = importlib.import_module(room.name)
        for _, thing in inspect.getmembers(module, inspect.isclass):
            if thing.__module__ == module.__name__ and issubclass(thing, nn.Module):
                yield thing


def steps_up(kind):
    """The longest way from a class to torch's Module, in steps of inheritance."""
    return 0 if kind is nn.Module else 1 + max(map(steps_up, filter(is_module, kind.__bases__)))


def is_module(kind):
    return issubclass(kind, nn.Module)


def test_no_model_is_more_than_three_steps_from_torchs_module():
    """Who reads a model must not have to climb."""
    depths = {kind.__name__: steps_up(kind) for kind in every_class()}
    assert {"Autoencoder", "ClusteringAAE", "PointGAN", "TooStrong"} <= set(depths)
    assert depths["Autoencoder"] == 2 and max(depths.values()) == 3


@pytest.mark.parametrize("name", MODELS)
def test_the_steps_that_are_listed_are_those_that_run_in_that_order(name):
    (model, data), ran = made(name), []

    def noted(number, term):
        return lambda *batch: (ran.append((number, term.name)), term.loss(*batch))[1]

    listed = model.steps()
    noting = [
        dataclasses.replace(
            step,
            terms=[dataclasses.replace(term, loss=noted(number, term)) for term in step.terms],
        )
        for number, step in enumerate(listed)
    ]
    model.steps = lambda: noting
    history = fit(model, *data, epochs=2, batch_size=32)
    assert ran == [
        (number, term.name)
        for batch in range(4)
        for number, step in enumerate(listed)
        for term in step.terms
        if batch % term.every == 0
    ]
    assert list(history.losses) == [term.name for step in listed for term in step.terms]
    lengths = {name: len(losses) for name, losses in history.losses.items()}
    assert all(epochs == 2 or name == "R1" for name, epochs in lengths.items())


@pytest.mark.parametrize("name", MODELS)
def test_a_step_moves_its_own_networks_and_nothing_else(name):
    """Each step alone; the average of a GAN moves too, but by following, not by a slope."""
    model, _ = made(name)
    for number in range(len(model.steps())):
        model, data = made(name)
        alone = model.steps()[number]
        model.steps = lambda alone=alone: [alone]
        before = [(p, p.detach().clone()) for p in model.parameters()]
        average = {id(p) for p in getattr(model, "average", nn.Identity()).parameters()}
        fit(model, *data, epochs=3, batch_size=32, seed=0)
        moved = {id(p) for p, old in before if not torch.equal(p, old)} - average
        own = [{id(p) for p in network.parameters()} for network in alone.moves]
        assert moved <= set().union(*own)
        assert all(moved & network for network in own if network)


@pytest.mark.parametrize("name", MODELS)
def test_no_loss_of_a_step_leaves_a_gradient_behind_in_what_it_does_not_move(name):
    model, data = made(name)
    steps = model.steps()
    fit(model, *data, epochs=1, batch_size=32)
    moving = {id(p) for step in steps for p in step.parameters()}
    assert all(p.grad is None for p in model.parameters() if id(p) not in moving)
    assert all(p.requires_grad for step in steps for p in step.parameters())


@pytest.mark.parametrize(
    "make",
    [
        lambda: VAE(latent_dim=5),
        lambda: VAE(latent_dim=5, family="logistic"),
        lambda: GAN(latent_dim=5),
        lambda: VAEGAN(latent_dim=5),
        lambda: AAE(latent_dim=5),
        lambda: ClusteringAAE(heads=3, style=2),
    ],
)
def test_shapes_and_ranges(make):
    model, prior = make(), priors.Resampled(torch.zeros(4, 5))
    for images in (model.decode(torch.randn(3, 5)), model.generate(3), model.generate(3, prior)):
        assert images.shape == (3, 1, 28, 28)
        assert images.min() >= 0 and images.max() <= 1 and not images.requires_grad
    if not isinstance(model, GAN):
        model.eval()
        images = torch.rand(3, 1, 28, 28)
        assert model.encode(images).shape == (3, 5) and not model.encode(images).requires_grad
        assert torch.equal(model.encode(images), model.encode(images))  # the mean, no noise
        assert model.reconstruct(images).shape == images.shape


@pytest.mark.parametrize(
    ("make", "data"),
    [
        (Autoencoder, ()),
        (VAE, ()),
        (GAN, ()),
        (VAEGAN, ()),
        (AAE, ()),
        (LabelledAAE, (labels(),)),
        (ClusteringAAE, ()),
        (lambda image_shape: SemiSupervisedAAE(examples(image_shape)), ()),
        (lambda image_shape: map_aae(examples(image_shape)), ()),
        (Classifier, (labels(),)),
        (ReferenceClassifier, (labels(),)),
    ],
)
@pytest.mark.parametrize("shape", [SMALL, list(SMALL)])
def test_colour_and_other_sizes_do_where_a_model_is_made_for_them(make, data, shape):
    model, images = make(image_shape=shape), pictures(SMALL)
    history = fit(model, images, *data, epochs=1, batch_size=32)
    assert all(torch.tensor(losses).isfinite().all() for losses in history.losses.values())
    assert model.image_shape == SMALL
    if hasattr(model, "generate"):
        assert model.generate(2).shape == (2, *SMALL)
    if hasattr(model, "encode") and not isinstance(model, GAN):
        assert model.encode(images).shape == (64, model.latent_dim)
        assert model.reconstruct(images).shape == images.shape


@pytest.mark.parametrize(
    "make", [Autoencoder, VAE, GAN, VAEGAN, AAE, LabelledAAE, ClusteringAAE, Classifier]
)
@pytest.mark.parametrize("shape", [(28, 28), 28, (2, 28, 28), (28, 28, 1), (1, 0, 4), "28", None])
def test_an_image_shape_that_is_none_is_named(make, shape):
    with pytest.raises(ValueError, match="image_shape is .*; expected|a size in image_shape is 0"):
        make(image_shape=shape)


@pytest.mark.parametrize("model", [Autoencoder(3), VAE(3), GAN(3), AAE(3)])
@pytest.mark.parametrize(
    ("codes", "complaint"),
    [
        (torch.zeros(3), r"shape \(3,\) .*expected float32 of shape \(N, 3\)"),
        (torch.zeros(2, 4), r"shape \(2, 4\) .*expected float32 of shape \(N, 3\)"),
        (torch.zeros(2, 3).double(), "type torch.float64; expected float32"),
        (torch.zeros(2, 3).numpy(), "codes are a numpy.ndarray; expected a tensor"),
        ([[0.0, 0.0, 0.0]], "codes are a list; expected a tensor"),
    ],
)
def test_wrong_codes_are_named(model, codes, complaint):
    with pytest.raises(ValueError, match=complaint):
        model.decode(codes)


def test_a_model_without_steps_says_so():
    class Lazy(models.LatentVariableModel):
        def __init__(self):
            super().__init__(2, priors.gaussian(2), None)
            self.encoder = nn.Linear(2, 2)

    with pytest.raises(TypeError, match=r"Lazy has no steps\(\); every model needs its own"):
        fit(Lazy(), torch.randn(8, 2))


def by_convolutions(kind, shape):
    """A model of four numbers that is made of convolutions throughout."""
    networks = {"decoder": ConvDecoder(4, shape)}
    if kind is not GAN:
        networks["encoder"] = ConvEncoder(8 if issubclass(kind, VAE) else 4, shape)
    if kind in (GAN, VAEGAN):
        networks["discriminator"] = ConvDiscriminator(image_shape=shape)
    return kind(4, image_shape=shape, **networks)


@pytest.mark.parametrize("kind", [Autoencoder, VAE, GAN, AAE, VAEGAN])
@pytest.mark.parametrize("shape", [(3, 32, 32), (1, 20, 36), (1, 9, 13)])
def test_convolutions_take_colour_and_any_size(kind, shape):
    model = by_convolutions(kind, shape)
    history = fit(model, pictures(shape, 32), epochs=2, batch_size=16)
    assert all(math.isfinite(loss) for losses in history.losses.values() for loss in losses)
    drawn = model.generate(6)
    assert drawn.shape == (6, *shape)
    figures.image_rows({"drawn": drawn})


def test_an_image_that_is_too_small_for_convolutions_is_named():
    with pytest.raises(ValueError, match="images are 7 × 20; convolutions expect at least 8 × 8"):
        ConvEncoder(4, (1, 7, 20))


class Pairs(nn.Module):
    def forward(self, images):
        return images.flatten(1)[:, :4], images.flatten(1)[:, :4]


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: VAE(4, encoder=Encoder(4)), "the encoder gives .4,.; expected 8 numbers"),
        (lambda: Autoencoder(4, encoder=Encoder(5)), "the encoder gives .5,.; expected 4 numbers"),
        (lambda: AAE(4, decoder=Decoder(3)), "the decoder fails .*; expected 1 × 28 × 28 logits"),
        (lambda: Autoencoder(4, decoder=Decoder(4, (1, 28, 27))), "the decoder gives .1, 28, 27"),
        (
            lambda: VAE(4, decoder=nn.Sequential(Decoder(4), nn.Sigmoid())),
            "numbers from 0 to 1 alone.* Leave out the sigmoid",
        ),
        (lambda: GAN(4, decoder=nn.Sequential(Decoder(4), nn.Sigmoid())), "Leave out the sigmoid"),
        (lambda: GAN(4, decoder=Decoder(3)), "the decoder fails .*; expected 1 × 28 × 28 logits"),
        (lambda: VAE(4, encoder=Pairs()), "the encoder gives a tuple; expected 8"),
        (lambda: VAE(4, encoder="conv"), "the encoder fails"),
    ],
)
def test_a_network_that_gives_something_else_is_refused_on_the_first_batch(make, complaint):
    with pytest.raises(ValueError, match=complaint):
        fit(make(), pictures(), epochs=1)


@pytest.mark.parametrize(
    "make",
    [
        lambda: GAN(discriminator=nn.Sequential(nn.Flatten(), nn.Linear(784, 1))),  # a column
        lambda: GAN(pack=3, discriminator=Discriminator(3)),
        lambda: GAN(discriminator=nn.Conv2d(1, 1, 8, 4)),  # a verdict on each patch
        lambda: GAN(discriminator=nn.Sequential(Discriminator(), nn.ReLU())),
        lambda: AAE(4, decoder=nn.Sequential(Decoder(4), nn.Hardtanh(-5, 5))),
        lambda: Autoencoder(4, encoder=nn.Sequential(nn.AdaptiveAvgPool2d(2), nn.Flatten())),
        lambda: Autoencoder(decoder=nn.Sequential(nn.Linear(2, 64), nn.Tanh(), Decoder(64))),
        lambda: Autoencoder(encoder=nn.Sequential(Encoder(2), nn.Sigmoid())),
    ],
)
def test_a_network_that_gives_what_it_should_is_taken(make):
    fit(make(), pictures(), epochs=1, batch_size=6)


@pytest.mark.parametrize("shape", [torch.tensor([1, 28, 28]), torch.zeros(1, 28, 28).shape])
def test_an_image_shape_of_another_library_is_one(shape):
    assert VAE(image_shape=shape).image_shape == GAN(image_shape=shape).image_shape == (1, 28, 28)
    assert VAE(image_shape=torch.as_tensor(shape).numpy()).image_shape == (1, 28, 28)


@pytest.mark.parametrize("classes", [1, 0, 2.0, "10"])
def test_a_map_needs_two_places(classes):
    few = Split(pictures(), torch.zeros(len(pictures()), dtype=torch.int64))
    with pytest.raises(ValueError, match="classes is .*; expected a whole number of 2 or more"):
        map_aae(few, classes)
