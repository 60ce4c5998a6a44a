"""Weights that travel in the package: whole, made by their command, and as good as they say."""

import hashlib
import subprocess
import sys

import pytest
import torch

from gencourse import shipped
from gencourse.data import DataError
from gencourse.evaluation import clusters
from gencourse.models import ClusteringAAE


@pytest.mark.parametrize("name", shipped.RECIPES)
def test_every_model_is_there_and_has_its_checksum(name):
    model = shipped.pretrained(name)
    assert not model.training
    digest = hashlib.sha256(shipped.weights(name).read_bytes()).hexdigest()
    assert shipped.checksum(name).read_text() == f"{digest}  {name}.safetensors\n"
    assert model.generate(2).shape == (2, 1, 28, 28)


@pytest.mark.parametrize(("name", "most"), [("aae-semi-100", 0.05), ("aae-semi-1000", 0.03)])
def test_the_semi_supervised_models_are_as_good_as_asked(digits, name, most):
    wrong = shipped.pretrained(name).predict(digits.test.images) != digits.test.labels
    assert wrong.double().mean() <= most


@pytest.mark.slow
@pytest.mark.parametrize(("heads", "least"), [(16, 0.80), (30, 0.88)])
def test_the_clusterings_are_as_good_as_asked(digits, heads, least):
    model = shipped.pretrained(f"aae-cluster-{heads}")
    names = clusters.names_of_heads(model.scores(digits.train.images), digits.train.labels)
    right = names[model.predict(digits.test.images)] == digits.test.labels
    assert right.double().mean() >= least


def test_the_labelled_digits_are_those_that_the_shipped_model_learned_from(digits):
    """They are drawn again when it is loaded; it knows them all."""
    model = shipped.pretrained("aae-semi-100")
    assert len(model.images) == 100
    assert (model.predict(model.images) == model.labels).double().mean() > 0.97


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A small recipe and an empty folder, in the place of the real ones."""
    monkeypatch.setattr(shipped, "FOLDER", tmp_path)
    monkeypatch.setattr(shipped, "RECIPES", {"small": (lambda: ClusteringAAE(2), 1)})
    shipped.shipped.cache_clear()
    yield tmp_path
    shipped.shipped.cache_clear()


def test_what_is_remade_is_loaded(folder, few, monkeypatch):
    monkeypatch.setattr(shipped, "mnist", lambda: few)
    shipped.remake("small")
    first = shipped.weights("small").read_bytes()
    images = few.test.images
    codes = shipped.pretrained("small").encode(images)
    assert torch.allclose(codes, shipped.train("small", 0).encode(images), atol=0.05)
    shipped.remake("small")
    assert shipped.weights("small").read_bytes() == first
    said = subprocess.run(["sha256sum", "-c", "small.sha256"], cwd=folder, capture_output=True)
    assert said.returncode == 0


def test_missing_and_damaged_weights_say_how_to_remake_them(folder, few, monkeypatch):
    with pytest.raises(DataError, match="cannot be read.*python -m gencourse.shipped small"):
        shipped.pretrained("small")
    monkeypatch.setattr(shipped, "mnist", lambda: few)
    shipped.remake("small")
    file = shipped.weights("small")
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    with pytest.raises(DataError, match="checksum.*python -m gencourse.shipped small"):
        shipped.pretrained("small")


def test_an_unknown_name_is_refused():
    with pytest.raises(ValueError, match="there is no model 'aae'; expected one of aae-semi-100"):
        shipped.pretrained("aae")
    command = [sys.executable, "-m", "gencourse.shipped", "aae"]
    said = subprocess.run(command, capture_output=True, text=True)
    assert said.returncode == 1 and "there is no aae; there are aae-semi-100" in said.stderr
