"""What a reader sets from outside: seed, arithmetic, the folder of weights."""

from pathlib import Path

import pytest
import torch

import gencourse
from gencourse import settings
from gencourse.training import arithmetic


@pytest.mark.parametrize("text", ["-1", "1.5", "seven", "", str(2**32)])
def test_a_bad_seed_is_named(text, monkeypatch):
    monkeypatch.setenv("GENCOURSE_SEED", text)
    with pytest.raises(ValueError, match="GENCOURSE_SEED is .*expected a whole number"):
        gencourse.seed()


def test_a_bad_arithmetic_is_named(monkeypatch):
    monkeypatch.setenv("GENCOURSE_ARITHMETIC", "float16")
    with pytest.raises(ValueError, match="GENCOURSE_ARITHMETIC is 'float16'; expected float32"):
        arithmetic(torch.device("cpu"))


def test_a_bad_strictness_is_named(monkeypatch):
    monkeypatch.setenv("GENCOURSE_STRICT", "yes")
    with pytest.raises(ValueError, match="GENCOURSE_STRICT is 'yes'; expected 1"):
        settings.strict()


def test_float32_can_be_asked_for_where_bfloat16_pays(monkeypatch):
    monkeypatch.setenv("GENCOURSE_ARITHMETIC", "float32")
    assert arithmetic(torch.device("cpu")) == "float32"


@pytest.mark.parametrize("empty", [True, False])
def test_where_weights_are_kept(monkeypatch, tmp_path, empty):
    """An empty variable is as if it were not there."""
    for name in ("GENCOURSE_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, "") if empty else monkeypatch.delenv(name, raising=False)
    assert gencourse.cache_folder() == Path.home() / ".cache" / "gencourse"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert gencourse.cache_folder() == tmp_path / "gencourse"


def test_a_tilde_is_the_home(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GENCOURSE_CACHE", "~/weights")
    assert gencourse.cache_folder() == tmp_path / "weights"
    monkeypatch.delenv("GENCOURSE_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", "~/kept")
    assert gencourse.cache_folder() == tmp_path / "kept" / "gencourse"


def test_a_home_that_nobody_knows_is_named(monkeypatch):
    monkeypatch.setenv("GENCOURSE_CACHE", "~nobody-of-this-name/weights")
    with pytest.raises(ValueError, match="~nobody-of-this-name/weights.*set GENCOURSE_CACHE to"):
        gencourse.cache_folder()
