"""The zoo: train once, keep, load; survive damage, full disks and company."""

import subprocess
import sys

import pytest
import torch

from gencourse import files, priors, training, zoo
from gencourse.weights import trained


def stored(cache):
    return sorted(cache.glob("*.safetensors"))


@pytest.fixture
def trainings(monkeypatch):
    """Counts how often the zoo really trains."""
    count = []

    def counting(*args, **kwargs):
        count.append(1)
        return training_fit(*args, **kwargs)

    training_fit = training.fit
    monkeypatch.setattr(training, "fit", counting)
    return count


def ask(few, **options):
    return trained("autoencoder", data=few, **{"latent": 2, "seed": 0, "epochs": 1, **options})


def same(a, b):
    return all(torch.equal(a.state_dict()[k], b.state_dict()[k]) for k in a.state_dict())


def test_the_second_time_it_is_loaded(few, cache, trainings):
    first, second = ask(few), ask(few)
    assert len(trainings) == 1 and len(stored(cache)) == 1
    assert same(first, second)
    assert first.history == second.history
    assert not second.training


@pytest.mark.parametrize("change", [{"seed": 1}, {"latent": 3}, {"epochs": 2}])
def test_what_determines_the_weights_determines_the_name(few, cache, trainings, change):
    ask(few)
    ask(few, **change)
    assert len(trainings) == len(stored(cache)) == 2


def test_other_data_arithmetic_or_source_are_trained_anew(few, cache, trainings, monkeypatch):
    ask(few)
    other = type(few)("other", few.test, few.train, few.classes)
    trained("autoencoder", data=other, latent_dim=2, seed=0, epochs=1)
    monkeypatch.setattr(zoo, "SOURCE", "another source")
    ask(few)
    monkeypatch.setattr(training, "arithmetic", lambda device: "another arithmetic")
    ask(few)
    assert len(trainings) == len(stored(cache)) == 4


def test_the_environments_seed_is_the_default(few, cache, monkeypatch):
    monkeypatch.setenv("GENCOURSE_SEED", "11")
    trained("autoencoder", data=few, epochs=1)
    assert stored(cache)[0].name.startswith("autoencoder-2-11-")


def flip_a_bit(path):
    content = bytearray(path.read_bytes())
    content[-5] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(
    "damage",
    [
        flip_a_bit,
        lambda path: path.write_bytes(
            path.read_bytes().replace(b"reconstruction", b"reconstructioN")
        ),
        lambda path: path.write_bytes(path.read_bytes().replace(b"seconds", b"secondz")),
        lambda path: path.write_bytes(path.read_bytes()[:1000]),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"not weights at all" * 10),
    ],
)
def test_a_damaged_file_is_trained_again_with_a_warning(few, cache, trainings, damage):
    first = ask(few)
    damage(stored(cache)[0])
    with pytest.warns(UserWarning, match="damaged.*training again"):
        second = ask(few)
    assert len(trainings) == 2
    assert same(first, second)
    assert same(first, ask(few)) and len(trainings) == 2


def test_a_full_disk_costs_the_file_and_not_the_model(few, cache, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.warns(UserWarning, match="could not be kept.*No space left"):
        model = ask(few)
    assert model.history.losses
    assert not stored(cache)
    assert not [path for path in cache.iterdir() if path.suffix != ".lock"]


def test_a_cache_that_cannot_be_a_folder(few, tmp_path, monkeypatch):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    monkeypatch.setenv("GENCOURSE_CACHE", str(blocked))
    with pytest.warns(UserWarning, match="set GENCOURSE_CACHE"):
        assert ask(few).history.losses


def test_an_interrupted_training_is_not_kept(few, cache, monkeypatch):
    original = training.fit

    def interrupted(*args, **kwargs):
        history = original(*args, **kwargs)
        history.interrupted = True
        return history

    monkeypatch.setattr(training, "fit", interrupted)
    assert ask(few).history.interrupted
    assert not stored(cache)


@pytest.mark.slow
def test_two_processes_at_once_train_once(cache):
    code = (
        "from gencourse import zoo, training; import torch\n"
        "from gencourse.data import Dataset, Split\n"
        "torch.manual_seed(0)\n"
        "s = Split(torch.rand(3000, 1, 28, 28), torch.zeros(3000, dtype=torch.int64))\n"
        "fit = training.fit\n"
        "training.fit = lambda *a, **k: (print('trained'), fit(*a, **k))[1]\n"
        "m = zoo.trained('autoencoder', data=Dataset('d', s, s, ('x',)), seed=0, epochs=5)\n"
        "print(m.state_dict()['decoder.layers.0.bias'][0].item())\n"
    )
    pair = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    outputs = [process.communicate(timeout=120)[0].split() for process in pair]
    assert sorted(len(words) for words in outputs) == [1, 2]
    assert outputs[0][-1] == outputs[1][-1]
    assert len(stored(cache)) == 1


def test_options_reach_the_model_and_the_name(few, cache, trainings):
    soft, hard = (
        trained("vae", data=few, latent_dim=2, epochs=1, seed=0, beta=beta) for beta in (0.5, 4.0)
    )
    assert (soft.beta, hard.beta) == (0.5, 4.0)
    assert len(trainings) == len(stored(cache)) == 2
    assert trained("vae", data=few, latent_dim=2, epochs=1, seed=0, beta=4.0).beta == 4.0
    assert len(trainings) == 2


def test_a_default_written_out_is_the_default(few, cache, trainings):
    for options in ({}, {"beta": 1.0}, {"family": "normal"}):
        trained("vae", data=few, latent_dim=2, epochs=1, seed=0, **options)
    assert len(trainings) == 1


def test_a_gan_comes_back_with_its_average(few, cache):
    first, second = (trained("gan", data=few, latent_dim=4, epochs=1, seed=0) for _ in range(2))
    codes = torch.randn(3, 4)
    assert torch.equal(first.decode(codes), second.decode(codes))


def test_an_unknown_option_is_named():
    with pytest.raises(ValueError, match="vae has no option 'temperature'; it has latent, beta"):
        trained("vae", temperature=2)


def test_every_model_has_its_own_default_size(few, cache):
    for name, size in {"aae": 2, "gan": 32}.items():
        trained(name, data=few, epochs=1, seed=0).decode(torch.randn(1, size))


def test_a_prior_of_ones_own_cannot_be_kept():
    with pytest.raises(ValueError, match="prior is .*trained with fit"):
        trained("aae", prior=priors.gaussian(2))


def test_an_unknown_model_is_named():
    with pytest.raises(ValueError, match="no model 'gna'; expected one of autoencoder"):
        trained("gna")


def test_an_interrupted_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "file"
    files.write_atomically(path, b"old")

    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(files.os, "replace", stopped)
    with pytest.raises(KeyboardInterrupt):
        files.write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
