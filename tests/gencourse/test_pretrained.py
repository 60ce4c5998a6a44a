"""Weights that travel in the package: whole, made by their command, and as good as they say."""

import hashlib
import importlib
import subprocess
import sys

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load, load_file

from gencourse.data import DataError
from gencourse.evaluation import clustering, judge
from gencourse.models import ClusteringAAE
from gencourse.training import History, fit
from gencourse.weights import Recipe, pretrained, recipe, train
from gencourse.weights import __main__ as command
from gencourse.weights.recipes import RECIPES

room = importlib.import_module("gencourse.weights.pretrained")  # the function has the same name


@pytest.mark.parametrize("name", RECIPES)
def test_every_model_is_there_and_has_its_checksum(name):
    model = pretrained(name)
    assert not model.training
    digest = hashlib.sha256(room.weights_file(name).read_bytes()).hexdigest()
    assert room.checksum_file(name).read_text() == f"{digest}  {name}.safetensors\n"
    if not name.startswith("judge"):
        assert model.generate(2).shape == (2, 1, 28, 28)


def test_no_file_lies_there_that_no_recipe_makes():
    files = {f"{name}.{kind}" for name in RECIPES for kind in ("safetensors", "sha256")}
    assert {path.name for path in room.FOLDER.iterdir()} == files


@pytest.mark.parametrize(("name", "most"), [("aae-semi-100", 0.05), ("aae-semi-1000", 0.03)])
def test_the_semi_supervised_models_are_as_good_as_asked(digits, name, most):
    wrong = pretrained(name).predict(digits.test.images) != digits.test.labels
    assert wrong.double().mean() <= most


@pytest.mark.slow
@pytest.mark.parametrize(("heads", "least"), [(16, 0.80), (30, 0.88)])
def test_the_clusterings_are_as_good_as_asked(digits, heads, least):
    model = pretrained(f"aae-cluster-{heads}")
    names = clustering.names_of_heads(model.scores(digits.train.images), digits.train.labels)
    right = names[model.assign(digits.test.images)] == digits.test.labels
    assert right.double().mean() >= least


def test_the_labelled_digits_are_those_that_the_shipped_model_learned_from(digits):
    """They are drawn again when it is loaded; it knows them all."""
    model = pretrained("aae-semi-100")
    some = model.examples
    assert len(some.images) == 100
    assert (model.predict(some.images) == some.labels).double().mean() > 0.97


@pytest.fixture
def folder(tmp_path, monkeypatch, few):
    """A small recipe and an empty folder, in the place of the real ones."""
    monkeypatch.setattr(room, "FOLDER", tmp_path)
    recipe = Recipe("small", lambda: ClusteringAAE(2), lambda: (few.train.images,), epochs=1)
    monkeypatch.setattr(room, "RECIPES", {"small": recipe})
    return tmp_path


def test_what_is_remade_is_loaded(folder, few):
    room.remake("small")
    first = load(room.weights_file("small").read_bytes())
    images = few.test.images
    codes = pretrained("small").encode(images)
    again = train(room.RECIPES["small"], 0)
    assert torch.allclose(codes, again.encode(images), atol=0.05)
    room.remake("small")
    again = load(room.weights_file("small").read_bytes())
    assert first and all(torch.equal(first[key], again[key]) for key in first)
    with safe_open(room.weights_file("small"), "pt") as file:
        assert file.metadata()["seconds"].isdecimal()
    said = subprocess.run(["sha256sum", "-c", "small.sha256"], cwd=folder, capture_output=True)
    assert said.returncode == 0


def test_missing_and_damaged_weights_say_how_to_remake_them(folder):
    with pytest.raises(DataError, match="cannot be read.*python -m gencourse.weights remake small"):
        pretrained("small")
    room.remake("small")
    file = room.weights_file("small")
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    with pytest.raises(DataError, match="checksum.*python -m gencourse.weights remake small"):
        pretrained("small")


def test_a_damaged_judge_is_named(tmp_path, monkeypatch):
    damaged = tmp_path / "judge-digits.safetensors"
    damaged.write_bytes(room.weights_file("judge-digits").read_bytes()[:-1] + b"!")
    checksum = room.checksum_file("judge-digits")
    (tmp_path / checksum.name).write_bytes(checksum.read_bytes())
    monkeypatch.setattr(room, "FOLDER", tmp_path)
    judge._judge.cache_clear()
    said = "python -m gencourse.weights remake judge-digits"
    with pytest.raises(DataError, match=f"checksum.*{said}"):
        judge.features(torch.rand(2, 1, 28, 28))
    damaged.unlink()
    with pytest.raises(DataError, match=f"cannot be read.*{said}"):
        judge.features(torch.rand(2, 1, 28, 28))


def test_an_interrupted_remaking_keeps_what_was_there(folder, monkeypatch):
    room.remake("small")
    before = room.weights_file("small").read_bytes()

    def interrupted(*_, **__):
        return History(interrupted=True)

    monkeypatch.setattr(recipe, "fit", interrupted)
    with pytest.raises(KeyboardInterrupt):
        room.remake("small")
    assert room.weights_file("small").read_bytes() == before


def test_what_one_reader_spoils_nobody_else_holds(digits):
    """A model that travels may be trained further; the judge stays what it was."""
    images, before = digits.test.images[:100], judge.confidence(digits.test.images[:100])
    mine = pretrained("judge", of="digits")
    fit(mine, digits.train.images[:256], digits.train.labels[:256] * 0, epochs=1)
    assert torch.equal(judge.confidence(images), before)
    assert not torch.equal(mine.body(images), pretrained("judge-digits").body(images))


@pytest.mark.parametrize("name", [name for name in RECIPES if "-conv-" in name])
def test_of_a_model_with_convolutions_travels_what_draws_and_copies(name, digits):
    model, images = pretrained(name), digits.test.images[:1000]
    sure = (judge.confidence(model.generate(1000)) > judge.SURE).double().mean()
    assert room.weights_file(name).stat().st_size < 1.4e6
    if name.startswith("gan"):
        assert sure > 0.7
    else:
        error = (model.reconstruct(images) - images).square().mean()
        assert (
            error < 0.015
            and sum("discriminator" in key for key in load_file(room.weights_file(name))) == 0
        )


def test_an_unknown_name_is_refused():
    with pytest.raises(ValueError, match="there is no model 'gan-conv' of 'shoes'"):
        pretrained("gan-conv", of="shoes")
    with pytest.raises(ValueError, match="there is no model 'aae'; expected one of judge-digits"):
        pretrained("aae")
    words = [sys.executable, "-m", "gencourse.weights", "remake", "aae"]
    said = subprocess.run(words, capture_output=True, text=True)
    assert said.returncode == 2 and "invalid choice: 'aae'" in said.stderr
    assert "judge-digits" in said.stderr and "aae-semi-100" in said.stderr


def test_the_command_names_and_remakes(folder, capsys, monkeypatch):
    monkeypatch.setattr(command, "RECIPES", room.RECIPES)
    command.main([])
    assert capsys.readouterr().out == "small\n"
    command.main(["remake", "small"])
    assert capsys.readouterr().out == "small\n" and room.weights_file("small").exists()
