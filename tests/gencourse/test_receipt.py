"""The receipt at the end of a notebook."""

import torch

from gencourse.receipt import receipt


def test_the_receipt_says_what_ran(monkeypatch, capsys):
    monkeypatch.setenv("GENCOURSE_SEED", "4")
    receipt()
    said = dict(row.split(maxsplit=1) for row in capsys.readouterr().out.splitlines())
    assert said["torch"] == torch.__version__
    assert said["seed"] == "4"
    assert int(said["seconds"]) >= 0
    assert {"python", "numpy", "matplotlib", "device", "arithmetic"} <= set(said)
