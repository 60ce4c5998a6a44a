"""Every claim of the texts has its evidence: five seeds, held in each, a bound by the rule."""

import pytest

from gencourse.results.evidence import evidence
from tools.claims import page
from tools.claims.bounds import SEEDS
from tools.claims.evidence import problems
from tools.claims.text import said_in
from tools.notebooks import CHAPTERS


@pytest.fixture(params=CHAPTERS, ids=lambda path: path.stem)
def path(request):
    return request.param


def agree(said, claim):
    return (
        said.fits(claim)
        and said.relation == claim["relation"]
        and (said.bound is None or claim["bound"] == pytest.approx(said.bound))
    )


def test_every_claim_in_the_text_has_evidence_and_there_is_no_other(path):
    said, known = said_in(path), evidence()[path.stem]["claims"]
    assert said
    assert not [each for each in said if not any(agree(each, claim) for claim in known)]
    assert not [claim for claim in known if not any(agree(each, claim) for each in said)]


def test_the_evidence_has_five_seeds_and_float32(path):
    runs = evidence()[path.stem]["runs"]
    assert "float32" in runs
    for several in runs.values():
        assert len({run["seed"] for run in several}) >= SEEDS


def test_every_claim_holds_with_every_seed_and_its_bound_follows_the_rule():
    assert not list(problems(evidence()))


def test_the_page_of_all_claims_agrees_with_the_evidence():
    known = evidence()
    expected = page.page(known, page.titles_of(CHAPTERS, known))
    assert page.PAGE.read_text(encoding="utf-8") == expected
