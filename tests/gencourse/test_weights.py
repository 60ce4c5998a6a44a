"""The cache: train once, keep, load; survive damage, full disks, company and odd folders."""

import os
import subprocess
import sys
import threading
import time
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import torch
from filelock import FileLock, Timeout

from gencourse import files, priors, training, weights
from gencourse.data import Dataset, Split
from gencourse.models import VAE, Autoencoder
from gencourse.training import fit
from gencourse.weights import Recipe, recipe, trained
from gencourse.weights import cache as room


def stored(cache):
    return sorted(cache.glob("*.safetensors"))


@pytest.fixture
def trainings(monkeypatch):
    """Counts how often a model is really trained."""
    count = []

    def counting(*args, **kwargs):
        count.append(1)
        return training_fit(*args, **kwargs)

    training_fit = recipe.fit
    monkeypatch.setattr(recipe, "fit", counting)
    return count


def ask(few, **options):
    return trained("autoencoder", data=few, **{"latent_dim": 2, "seed": 0, "epochs": 1, **options})


def same(a, b):
    return all(torch.equal(a.state_dict()[k], b.state_dict()[k]) for k in a.state_dict())


def test_the_second_time_it_is_loaded(few, cache, trainings):
    first, second = ask(few), ask(few)
    assert len(trainings) == 1 and len(stored(cache)) == 1
    assert same(first, second)
    assert first.history == second.history
    assert not second.training


@pytest.mark.parametrize("change", [{"seed": 1}, {"latent_dim": 3}, {"epochs": 2}])
def test_what_determines_the_weights_determines_the_name(few, cache, trainings, change):
    ask(few)
    ask(few, **change)
    assert len(trainings) == len(stored(cache)) == 2


def test_other_data_arithmetic_or_source_are_trained_anew(few, cache, trainings, monkeypatch):
    ask(few)
    other = type(few)("other", few.test, few.train, few.classes)
    trained("autoencoder", data=other, latent_dim=2, seed=0, epochs=1)
    monkeypatch.setattr(room, "SOURCE", "another source")
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


def test_a_folder_whose_name_is_too_long(few, tmp_path, monkeypatch):
    monkeypatch.setenv("GENCOURSE_CACHE", str(tmp_path / ("x" * 300)))
    with pytest.warns(UserWarning) as said:
        assert ask(few).history.losses
    assert "could not be kept" in str(said.list[0].message) and len(said) == 1


def test_an_interrupted_training_is_not_kept(few, cache, monkeypatch):
    original = recipe.fit

    def interrupted(*args, **kwargs):
        history = original(*args, **kwargs)
        history.interrupted = True
        return history

    monkeypatch.setattr(recipe, "fit", interrupted)
    assert ask(few).history.interrupted
    assert not stored(cache)


@pytest.mark.slow
def test_two_processes_at_once_train_once(cache):
    code = (
        "from gencourse import weights; import torch\n"
        "from gencourse.weights import recipe\n"
        "from gencourse.data import Dataset, Split\n"
        "torch.manual_seed(0)\n"
        "s = Split(torch.rand(3000, 1, 28, 28), torch.zeros(3000, dtype=torch.int64))\n"
        "fit = recipe.fit\n"
        "recipe.fit = lambda *a, **k: (print('trained'), fit(*a, **k))[1]\n"
        "m = weights.trained('autoencoder', data=Dataset('d', s, s, ('x',)), seed=0, epochs=5)\n"
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
    with pytest.raises(
        ValueError, match="vae has no option 'temperature'; it has latent_dim, beta"
    ):
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


def test_what_is_no_data_set_is_named(few):
    for data, kind in ((few.train, "Split"), (few.train.images, "Tensor"), ("mnist", "str")):
        with pytest.raises(ValueError, match=f"data is a {kind}; expected a Dataset"):
            trained("vae", data=data)


def test_every_default_written_out_is_accepted(few, trainings):
    """Also the one that is no number: last_noise=None."""
    for name, model in room.MODELS.items():
        trained(name, data=few, epochs=1)
        trained(name, data=few, epochs=1, **room._defaults(name))
        assert model.__init__.__defaults__
    assert len(trainings) == len(room.MODELS)


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"epochs": 0}, "epochs is 0"),
        ({"epochs": 1.0}, "epochs is 1.0"),
        ({"beta": None}, "beta is None; expected a number or a text"),
        ({"beta": "1"}, "beta is '1'; expected a number of 0 or more"),
        ({"latent_dim": [2]}, r"latent_dim is \[2\]; expected a number or a text"),
        ({"latent_dim": 2.0}, "latent_dim is 2.0; expected a whole number"),
        ({"image_shape": (1, 28, 28)}, "vae has no option 'image_shape'"),
        ({"encoder": None}, "vae has no option 'encoder'"),
    ],
)
def test_options_that_are_none_are_named(few, cache, options, complaint):
    with pytest.raises(ValueError, match=complaint):
        trained("vae", data=few, **{"epochs": 1} | options)
    assert not stored(cache)


def test_colour_is_kept_and_loaded(cache, trainings):
    split = Split(torch.rand(64, 3, 16, 12), torch.zeros(64, dtype=torch.int64))
    data = Dataset("colour", split, split, ("none",))
    first, second = (trained("vae", data=data, epochs=1) for _ in range(2))
    assert len(trainings) == 1 and same(first, second)
    assert second.generate(2).shape == (2, 3, 16, 12)


OTHERS = {
    "learning_rate": 1e-4, "latent_dim": 5, "beta": 50.0, "family": "laplace", "saturating": True,
    "gamma": 0.5, "penalty_every": 2, "pack": 2, "beta1": 0.1, "beta2": 0.9, "warm_up": 0.1,
    "decay": 0.5, "prior": "ring", "weight": 2.0, "first_noise": 0.5, "last_noise": 0.1,
}  # fmt: skip


@pytest.mark.parametrize("name", room.MODELS)
def test_what_makes_another_model_makes_another_file(few, cache, monkeypatch, name):
    """Each option and each constant by itself: else its weights would be given to a stranger."""

    def untrained(recipe, seed):
        model = recipe.make()
        model.history = training.History()
        return model

    monkeypatch.setattr(room, "train_as_far_as_it_goes", untrained)
    trained(name, data=few)
    for number, key in enumerate(room._defaults(name), 2):
        trained(name, data=few, **{key: OTHERS[key]})
        assert len(stored(cache)) == number
    for constant in room._constants(room.MODELS[name]):
        monkeypatch.setattr(room.MODELS[name], constant, 0.5)
        trained(name, data=few)
        number += 1
        assert len(stored(cache)) == number


def test_no_model_is_kept_whose_name_would_not_say_what_it_is():
    """A recipe of one's own may hide anything in its code: it is trained, and not kept."""
    assert set(weights.__all__) == {"Recipe", "pretrained", "train", "trained"}
    assert not hasattr(Recipe("own", VAE, tuple, 1), "options")


def copied(few):
    """A data set of the same content, whose tensors may be changed."""
    splits = (Split(split.images.clone(), split.labels.clone()) for split in (few.train, few.test))
    return Dataset("copied", *splits, few.classes)


def test_data_of_the_same_content_are_the_same(few, trainings):
    ask(few)
    ask(copied(few))
    assert len(trainings) == 1


def test_data_changed_in_place_are_other_data(few, trainings):
    """The weights of black images must never be served for clean ones."""
    data = copied(few)
    clean = ask(data)
    data.train.images.mul_(0)
    black = ask(data)
    assert len(trainings) == 2 and not same(clean, black)
    assert same(ask(few), clean) and len(trainings) == 2


def test_threads_get_the_weights_of_their_own_seeds(few, cache):
    """Whatever the threads do meanwhile, and what is kept under a seed is that seed's."""

    def ask_for(seed):
        got[seed] = ask(few, seed=seed)

    got = {}
    threads = [threading.Thread(target=ask_for, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = {seed: ask(few, seed=seed) for seed in range(4)}
    for path in stored(cache):
        path.unlink()
    for seed in range(4):
        alone = ask(few, seed=seed)
        assert same(got[seed], alone) and same(kept[seed], alone)


def test_threads_that_ask_for_the_same_train_once(few, trainings):
    threads = [threading.Thread(target=ask, args=(few,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(trainings) == 1


HOLDER = """
import sys, time
from filelock import FileLock
with FileLock(sys.argv[1]):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


@pytest.fixture
def held(few, cache):
    """Another process that holds the lock of the weights that `ask` asks for."""
    ask(few)
    (weights,) = stored(cache)
    holders = []

    def hold(seconds):
        words = [sys.executable, "-c", HOLDER, f"{weights}.lock", str(seconds)]
        holders.append(subprocess.Popen(words, stdout=subprocess.PIPE, text=True))
        assert holders[-1].stdout.readline() == "held\n"
        return weights

    yield hold
    for holder in holders:
        holder.kill()
        holder.communicate()


def test_what_is_there_already_is_loaded_though_its_lock_is_held(few, held, trainings):
    held(60)
    start = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ask(few)
    assert time.perf_counter() - start < room.PATIENCE
    assert not trainings


def test_what_is_awaited_is_said_after_a_while(few, held, trainings, monkeypatch):
    monkeypatch.setattr(room, "PATIENCE", 0.2)
    held(3).unlink()
    with pytest.warns(UserWarning, match=r"another process trains the same.*waiting.*\.lock"):
        ask(few)
    assert len(trainings) == 1  # once the other is gone, since it left nothing


def test_nobody_is_awaited_for_ever(few, held, trainings, monkeypatch):
    monkeypatch.setattr(room, "PATIENCE", 0.2)
    monkeypatch.setattr(room, "LONGEST_WAIT", 0.2)
    weights = held(60)
    weights.unlink()
    with (
        pytest.warns(UserWarning, match="waiting for it"),
        pytest.warns(UserWarning, match="takes too long; training here as well"),
    ):
        ask(few)
    assert len(trainings) == 1 and weights.exists()


def test_a_short_wait_is_not_spoken_of(few, held, trainings):
    held(0.5).unlink()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ask(few)
    assert len(trainings) == 1


@pytest.mark.parametrize(
    "error",
    [
        NotImplementedError("FileSystem does not appear to support flock"),  # filelock 3.12–3.20
        OSError(5, "Input/output error"),
        OSError(9, "Bad file descriptor"),
        OSError(30, "Read-only file system"),
    ],
)
def test_where_there_are_no_locks_it_goes_on_without(few, cache, trainings, monkeypatch, error):
    def refuse(*_, **__):
        raise error

    monkeypatch.setattr(FileLock, "acquire", refuse)
    first, second = ask(few), ask(few)
    assert len(trainings) == len(stored(cache)) == 1 and same(first, second)


def test_where_no_lock_is_ever_had_it_goes_on_without_a_long_wait(few, trainings, monkeypatch):
    """Some file systems answer that the lock is taken, to everybody, for ever."""
    waited = []

    def never(lock, timeout=None, **_):
        waited.append(timeout)
        raise Timeout(lock.lock_file)

    monkeypatch.setattr(FileLock, "acquire", never)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # nobody trains the same: it would not be true
        ask(few)
    assert len(trainings) == 1 and sum(waited) <= room.PATIENCE


def test_an_error_in_training_frees_the_lock(few, cache, monkeypatch):
    def fails(*_, **__):
        raise training.TrainingError("nan")

    monkeypatch.setattr(recipe, "fit", fails)
    with pytest.raises(training.TrainingError):
        ask(few)
    (lock,) = cache.glob("*.lock")
    with FileLock(lock, timeout=0):
        pass


@pytest.mark.parametrize("place", [None, "~", "~nobody-of-that-name/kept"])
def test_a_home_that_nobody_knows_costs_the_file_and_not_the_model(few, monkeypatch, place):
    def unknown(path):
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "expanduser", unknown)
    monkeypatch.delenv("GENCOURSE_CACHE", raising=False)
    if place:
        monkeypatch.setenv("GENCOURSE_CACHE", place)
    with pytest.warns(UserWarning, match=r"where that home is; set GENCOURSE_CACHE.*without keep"):
        assert ask(few).history.losses


def test_a_tilde_in_the_folder_is_the_home(few, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GENCOURSE_CACHE", "~/gc")
    ask(few)
    assert stored(tmp_path / "home" / "gc")
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


def test_an_empty_or_unset_folder_litters_nothing(few, tmp_path, monkeypatch):
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("GENCOURSE_CACHE", "")
    ask(few)
    monkeypatch.delenv("GENCOURSE_CACHE")
    ask(few)
    assert len(stored(tmp_path / "xdg" / "gencourse")) == 1
    assert not list(here.iterdir())


def test_a_relative_folder_is_one_here(few, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GENCOURSE_CACHE", "kept/weights")
    ask(few)
    assert stored(tmp_path / "kept" / "weights")


@pytest.fixture(params=[0o000, 0o444, 0o555])
def sealed(request):
    """A folder that may not be written to, and mostly not be entered; not by root either."""
    user = os.geteuid()
    with TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        folder = Path(place) / "sealed"
        folder.mkdir()
        folder.chmod(request.param)
        if user == 0:  # who may do everything: be somebody who may not
            os.seteuid(65534)
        yield folder
        os.seteuid(user)
        folder.chmod(0o755)


def test_a_folder_that_may_not_be_entered_costs_the_file_and_not_the_model(
    few, monkeypatch, trainings, sealed
):
    """As the parent of the cache, and as the cache itself."""
    for folder in (sealed / "gc", sealed):
        monkeypatch.setenv("GENCOURSE_CACHE", str(folder))
        with pytest.warns(UserWarning, match="could not be kept in .*set GENCOURSE_CACHE"):
            assert ask(few).history.losses
    assert len(trainings) == 2


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


def test_a_watcher_and_another_thread_may_ask_the_cache_at_once(few):
    """Two locks would have each wait for the other's."""
    asked, started = [], threading.Event()

    def watch(epoch):
        started.set()
        time.sleep(0.2)  # so that the other thread comes to where it waits
        asked.append(ask(few, seed=1))

    def other():
        started.wait()
        asked.append(ask(few, seed=2))

    thread = threading.Thread(target=other, daemon=True)
    fitting = threading.Thread(
        target=lambda: fit(Autoencoder(2), few.train.images, epochs=1, watch=watch), daemon=True
    )
    for each in (thread, fitting):
        each.start()
    for each in (thread, fitting):
        each.join(timeout=60)
        assert not each.is_alive()
    assert len(asked) == 3
