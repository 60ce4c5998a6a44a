"""The AAE at work: heads and styles, few labels, clusters, maps."""

import math

import pytest
import torch
from torch import nn

from gencourse.data import DataError, Split
from gencourse.evaluation import clusters, moments
from gencourse.models import AAE, Classifier, ClusteringAAE, MapAAE, SemiSupervisedAAE
from gencourse.networks import SortingEncoder
from gencourse.priors import HeadAndStyle
from gencourse.training import fit, reproducible

EXAMPLES = Split(torch.rand(20, 1, 28, 28), torch.arange(20) % 10)

TWO = Split(torch.rand(2, 1, 28, 28), torch.tensor([0, 2]))


def phases(model):
    return {phase.name: phase for phase in model.steps()}


def images(n=64):
    return torch.rand(n, 1, 28, 28)


def test_the_prior_is_one_head_and_a_gaussian_independent_of_it():
    with reproducible(0):
        codes = HeadAndStyle(4, 2).sample(40_000)
    heads, style = codes.split([4, 2], dim=1)
    assert set(heads.unique().tolist()) == {0.0, 1.0} and (heads.sum(1) == 1).all()
    assert heads.mean(0) == pytest.approx([0.25] * 4, abs=0.01)
    assert style.mean(0) == pytest.approx([0, 0], abs=0.02)
    assert style.std(0) == pytest.approx([1, 1], abs=0.02)
    assert torch.corrcoef(codes.T)[:4, 4:].abs().max() < 0.02


def test_the_prior_gives_the_head_that_is_asked_for():
    heads = torch.tensor([2, 0, 2])
    codes = HeadAndStyle(3, 1).sample_of(heads)
    assert codes.shape == (3, 4) and torch.equal(codes[:, :3].argmax(1), heads)


@pytest.mark.parametrize("size", [(0, 5), (3, 0), (2.0, 5)])
def test_impossible_sizes_are_refused(size):
    with pytest.raises(ValueError, match="whole number"):
        HeadAndStyle(*size)


def test_a_view_is_nearly_the_image_and_differs_each_time(digits):
    some = digits.train.images[:2000]
    with reproducible(0):
        seen, again = view(some), view(some)
    assert seen.shape == some.shape and seen.min() >= 0 and seen.max() <= 1 + 1e-5
    assert not torch.equal(seen, again)
    assert seen.sum().item() == pytest.approx(some.sum().item(), rel=0.05)
    # Slanted to both sides alike, moved to both sides alike.
    change = moments.slant(seen) - moments.slant(some)
    assert abs(change.mean()) < 0.02 and 0.05 < change.std() < 0.5
    columns = torch.arange(28.0)
    centre = [(x.sum((1, 2)) * columns).sum(1) / x.sum((1, 2, 3)) for x in (some, seen)]
    moved = centre[1] - centre[0]
    assert abs(moved.mean()) < 0.2 and 0.5 < moved.std() < 3


def test_an_encoder_that_sorts_gives_probabilities_and_uses_every_head():
    with reproducible(0):
        encoder, some = SortingEncoder(7, 2), images(512)
        codes = encoder.train()(some)
    assert codes.shape == (512, 9)
    torch.testing.assert_close(codes[:, :7].sum(1), torch.ones(512))
    assert codes[:, :7].argmax(1).bincount(minlength=7).min() > 0
    encoder.eval()
    assert torch.equal(encoder(some), encoder(some))  # no noise after training


def test_who_learns_in_which_phase():
    model = SemiSupervisedAAE(EXAMPLES)
    aae = {"reconstruction", "discriminator", "regularization"}
    assert set(phases(AAE())) == aae
    assert set(phases(ClusteringAAE())) == aae | {"consistency"}
    assert set(phases(ClusteringAAE(consistency=0))) == aae
    assert set(phases(model)) == aae | {"consistency", "classification"}
    for name in ("regularization", "consistency", "classification"):
        assert phases(model)[name].trains == [model.encoder]
        assert phases(model)[name].joins == "reconstruction"


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


def test_the_critic_sees_through_blur_in_training_only():
    model, codes = ClusteringAAE(heads=4, style=1), torch.zeros(8, 5)
    with torch.no_grad():
        model.train()
        assert model.logits(codes).std() > 0
        model.eval()
        assert torch.equal(model.logits(codes), model.logits(codes))


@pytest.mark.slow
def test_classification_uses_the_examples_alone():
    with reproducible(0):
        model = SemiSupervisedAAE(EXAMPLES, style=1).train()
        alone = [phases(model)["classification"]]
    decoder = [p.clone() for p in model.decoder.parameters()]
    model.steps = lambda: [type(alone[0])("c", alone[0].loss, alone[0].trains)]
    history = fit(model, images(256), epochs=60, batch_size=64, seed=0)
    assert history.losses["c"][-1] < 0.3 * history.losses["c"][0]
    assert all(map(torch.equal, decoder, model.decoder.parameters()))


@pytest.mark.parametrize("labels", [[10, 0], [-1, 3], [1]])
def test_impossible_examples_are_refused(labels):
    with pytest.raises(DataError, match="expected at least two, with labels from 0 to 9"):
        SemiSupervisedAAE(Split(images(len(labels)), torch.tensor(labels)))


def test_the_examples_are_not_among_the_weights():
    """They are data, and the shipped weights should not hold them."""
    kept = SemiSupervisedAAE(EXAMPLES).state_dict()
    assert kept.keys() == ClusteringAAE(heads=10).state_dict().keys()


def test_few_examples_are_even_drawn_anew_and_true(digits):
    with reproducible(0):
        some, other = digits.train.few(100), digits.train.few(100)
    assert some.labels.bincount().tolist() == [10] * 10
    assert not torch.equal(some.images, other.images)
    first = (digits.train.images == some.images[0]).flatten(1).all(1)
    assert digits.train.labels[first].tolist() == [some.labels[0].item()]


def test_few_examples_of_data_that_lack_a_class():
    labels = torch.tensor([0, 0, 3, 3, 3])
    assert Split(images(5), labels).few(4).labels.tolist() == [0, 0, 3, 3]


@pytest.mark.parametrize("n", [0, 5, 105, 70_000])
def test_few_examples_that_cannot_be_drawn(digits, n):
    with pytest.raises(DataError, match="cannot be drawn evenly"):
        digits.train.few(n)


def test_a_head_is_named_by_the_images_it_is_surest_of():
    labels = torch.tensor([3, 3, 5, 5, 5, 1])
    scores = torch.tensor([[9.0, 0], [8, 0], [1, 7], [1, 6], [7, 5], [0, 8]])
    assert clusters.names_of_heads(scores, labels, votes=3).tolist() == [3, 5]
    assert clusters.names_of_heads(scores, labels, votes=1).tolist() == [3, 1]


def test_neighbours_vote():
    known = torch.tensor([[0.0], [0.1], [0.2], [5.0], [5.1], [5.2]])
    labels = torch.tensor([0, 0, 1, 1, 1, 1])
    codes, truth = torch.tensor([[0.05], [5.1], [0.15]]), torch.tensor([0, 1, 1])
    assert clusters.neighbour_error(codes, truth, known, labels, 3) == pytest.approx(1 / 3)


def test_a_map_puts_a_code_at_its_heads_place_moved_by_its_style():
    atlas = MapAAE(TWO, classes=3)
    codes = torch.tensor([[0.0, 1, 0, 0.5, -2], [0.5, 0.5, 0, 0, 0]])
    places = atlas.decoder.places
    wanted = torch.stack([places[1] + torch.tensor([0.5, -2]), (places[0] + places[1]) / 2])
    torch.testing.assert_close(atlas.decoder.place(codes), wanted)
    torch.testing.assert_close(torch.pdist(places), torch.full((3,), atlas.decoder.APART))
    assert atlas.locate(images(4)).shape == (4, 2)
    assert atlas.decode(codes).shape == (2, 1, 28, 28)


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
