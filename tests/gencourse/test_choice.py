"""The choice of chapter 7: every entrant measured for every purpose, and what is published."""

from gencourse.benchmark import choice
from gencourse.data import Split
from gencourse.results import published, runs_of


def test_the_choice_measures_every_entrant_for_every_purpose(monkeypatch, few):
    monkeypatch.setattr(choice.data, "mnist", lambda: few)
    monkeypatch.setattr(choice, "STEPS", 1)
    monkeypatch.setattr(
        few.train.__class__, "few", lambda self, n: Split(self.images, self.labels), raising=True
    )
    monkeypatch.setattr(choice, "ENTRANTS", dict(list(choice.ENTRANTS.items())[:3]))
    measured, seconds = choice.digits(seed=0)
    assert seconds > 0
    for name in choice.ENTRANTS:
        assert set(measured[name]) == {
            "plausible",
            "Fréchet",
            "classify",
            "cluster",
            "regress",
            "interpolate",
        }


def test_the_published_choice_has_five_seeds_of_every_entrant():
    for which in ("digits", "clothes"):
        row = published("choice")[which]
        assert row["seeds"] == [0, 1, 2, 3, 4]
        coders = {name for name in choice.ENTRANTS if not name.startswith("GAN")}
        for purpose in ("plausible", "Fréchet"):
            assert set(runs_of(row, purpose)) == set(choice.ENTRANTS)
        for purpose in ("classify", "cluster", "regress", "interpolate"):
            runs = runs_of(row, purpose)
            assert set(runs) == coders and all(len(values) == 5 for values in runs.values())
            assert all(0 <= value <= 1 for values in runs.values() for value in values)
