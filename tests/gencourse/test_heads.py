"""The AAEs with heads: few labels, clusters, maps; and the classifier that they have to beat."""

import dataclasses
import math

import pytest
import torch
from torch import nn

from gencourse.data import DataError, Split
from gencourse.models import AAE, Classifier, ClusteringAAE, SemiSupervisedAAE, map_aae
from gencourse.training import fit, reproducible

EXAMPLES = Split(torch.rand(20, 1, 28, 28), torch.arange(20) % 10)

TWO = Split(torch.rand(2, 1, 28, 28), torch.tensor([0, 2]))


def terms(model):
    """The terms of the encoder's step, by name."""
    return {term.name: term for term in model.steps()[0].terms}


def images(n=64):
    return torch.rand(n, 1, 28, 28)


def test_who_learns_in_which_step():
    model = SemiSupervisedAAE(EXAMPLES)
    aae = {"reconstruction", "regularization"}
    assert set(terms(AAE())) == aae
    assert set(terms(ClusteringAAE())) == aae | {"consistency"}
    assert set(terms(ClusteringAAE(consistency=0))) == aae
    assert set(terms(model)) == aae | {"consistency", "classification"}
    assert set(terms(SemiSupervisedAAE(EXAMPLES, consistency=0))) == aae | {"classification"}
    autoencoder, discriminator = model.steps()
    assert autoencoder.moves == [model.encoder, model.decoder]
    assert discriminator.moves == [model.discriminator]
    assert [term.name for term in discriminator.terms] == ["discriminator"]
    for name in ("regularization", "consistency", "classification"):
        model.zero_grad()
        terms(model)[name].loss(images()).backward()
        assert any(parameter.grad is not None for parameter in model.encoder.parameters())
        assert all(parameter.grad is None for parameter in model.decoder.parameters())


def test_every_term_has_its_weight():
    model = SemiSupervisedAAE(EXAMPLES, weight=2.0, consistency=3.0, classification=4.0)
    weights = {name: term.weight for name, term in terms(model).items()}
    assert weights == {
        "reconstruction": 1, "regularization": 2, "consistency": 3, "classification": 4
    }  # fmt: skip


def test_consistency_costs_nothing_to_an_encoder_that_is_sure_and_log_k_to_one_in_doubt():
    model = ClusteringAAE(heads=4).eval()
    nn.init.zeros_(model.encoder.body.layers[-1].weight)
    model.encoder.body.layers[-1].bias.data = torch.tensor([100.0] + [0.0] * 8)
    assert model.consistency_loss(images()).item() == pytest.approx(0, abs=1e-4)
    nn.init.zeros_(model.encoder.body.layers[-1].bias)
    assert model.consistency_loss(images()).item() == pytest.approx(math.log(4), abs=1e-4)


def test_the_consistency_of_an_image_does_not_move_the_heads_of_the_image_itself():
    """Both sides could meet half-way otherwise, in a corner that says nothing."""
    model = ClusteringAAE(heads=4).eval()
    asked = []

    def heads(some):
        scores = torch.zeros(len(some), 4, requires_grad=torch.is_grad_enabled())
        asked.append(scores)
        return scores, None

    model.encoder.scores_and_style = heads
    model.consistency_loss(images())
    assert [scores.requires_grad for scores in asked] == [False, True]


def test_classification_uses_the_examples_alone():
    with reproducible(0):
        model = SemiSupervisedAAE(EXAMPLES, style=1).train()
        step, term = model.steps()[0], terms(model)["classification"]
    decoder = [p.clone() for p in model.decoder.parameters()]
    model.steps = lambda: [
        dataclasses.replace(
            step, moves=[model.encoder], terms=[dataclasses.replace(term, weight=1.0)]
        )
    ]
    history = fit(model, images(256), epochs=60, batch_size=64, seed=0)
    losses = history.losses["classification"]
    assert losses[-1] < 0.3 * losses[0]
    assert all(map(torch.equal, decoder, model.decoder.parameters()))


@pytest.mark.parametrize("labels", [[10, 0], [1]])
def test_impossible_examples_are_refused(labels):
    with pytest.raises(DataError, match="expected at least two, with labels from 0 to 9"):
        SemiSupervisedAAE(Split(images(len(labels)), torch.tensor(labels)))


@pytest.mark.parametrize("make", [SemiSupervisedAAE, map_aae])
@pytest.mark.parametrize("examples", [images(3), (images(3), torch.arange(3)), None])
def test_examples_that_are_no_split_are_named(make, examples):
    with pytest.raises(DataError, match=r"got a.*; expected a Split\(images, labels\)"):
        make(examples)


def test_the_whole_data_set_is_no_split(few):
    with pytest.raises(DataError, match="got a gencourse.data.dataset.Dataset; .*mnist.*train"):
        SemiSupervisedAAE(few)


def test_the_examples_are_not_among_the_weights():
    """They are data, and the weights that travel should not hold them."""
    kept = SemiSupervisedAAE(EXAMPLES).state_dict()
    assert kept.keys() == ClusteringAAE(heads=10).state_dict().keys()


def test_the_examples_are_drawn_with_their_labels():
    examples = SemiSupervisedAAE(EXAMPLES).examples
    assert torch.equal(examples.images, EXAMPLES.images)
    assert torch.equal(examples.labels, EXAMPLES.labels)
    some, labels = examples.draw(200)
    which = (some[:, None] == EXAMPLES.images[None]).flatten(2).all(2).int().argmax(1)
    assert torch.equal(EXAMPLES.labels[which], labels) and len(which.unique()) > 10


def test_heads_and_style_are_the_two_halves_of_a_code():
    model = ClusteringAAE(heads=4, style=2).eval()
    heads, style = model.split(torch.arange(12.0).view(2, 6))
    assert heads.tolist() == [[0, 1, 2, 3], [6, 7, 8, 9]] and style.tolist() == [[4, 5], [10, 11]]
    some = images(5)
    codes = model.encode(some)
    torch.testing.assert_close(model.split(codes)[0], model.scores(some).softmax(1))
    assert torch.equal(model.assign(some), model.split(codes)[0].argmax(1))


def test_a_map_puts_a_code_at_its_heads_place_moved_by_its_style():
    atlas = map_aae(TWO, classes=3)
    codes = torch.tensor([[0.0, 1, 0, 0.5, -2], [0.5, 0.5, 0, 0, 0]])
    places = atlas.decoder.places
    wanted = torch.stack([places[1] + torch.tensor([0.5, -2]), (places[0] + places[1]) / 2])
    torch.testing.assert_close(atlas.decoder.place(codes), wanted)
    torch.testing.assert_close(torch.pdist(places), torch.full((3,), atlas.decoder.APART))
    assert atlas.decoder.place(atlas.encode(images(4))).shape == (4, 2)
    assert atlas.decode(codes).shape == (2, 1, 28, 28)


@pytest.mark.parametrize("make", [ClusteringAAE, Classifier, lambda: SemiSupervisedAAE(EXAMPLES)])
def test_a_batch_of_one_is_named(make, few):
    """Nothing can be normalised over one image; where there is only one, there is no other way."""
    model = make()
    labels = (few.train.labels,) if isinstance(model, Classifier) else ()
    for n, batch_size in ((100, 1), (1, 256)):
        data = [tensor[:n] for tensor in (few.train.images, *labels)]
        with pytest.raises(ValueError, match="batch of one image .*batch_size of 2 or more"):
            fit(model, *data, epochs=1, batch_size=batch_size)
    assert model.training  # as it was


@pytest.mark.slow
def test_few_labels_name_the_heads_on_other_data_too(digits):
    """Here a fifth of the digits, upside down. That it beats a classifier is the book's claim."""
    flipped = digits.train.images[:12_000].flip(2, 3)
    train = Split(flipped, digits.train.labels[:12_000])
    test, truth = digits.test.images[:2000].flip(2, 3), digits.test.labels[:2000]
    with reproducible(0):
        model = SemiSupervisedAAE(train.few(100))
    fit(model, train.images, epochs=10, seed=0)
    assert (model.predict(test) != truth).double().mean() < 0.2


def test_a_classifier_learns_its_examples(digits):
    with reproducible(0):
        model, few = Classifier(), digits.train.few(50)
    fit(model, few.images, few.labels, epochs=100, seed=0)
    assert (model.predict(few.images) == few.labels).double().mean() > 0.9
