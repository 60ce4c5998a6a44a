"""Every claim of the texts has its evidence: five seeds, held in each, a bound by the rule."""

import re

import nbformat
import pytest

from gencourse.results.evidence import evidence, spread
from tools.claims import page
from tools.claims.bounds import SEEDS
from tools.claims.evidence import ORIGIN, problems
from tools.claims.text import measuring_code, said_in
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


def test_the_evidence_has_the_same_five_seeds_in_every_arithmetic_and_says_whence(path):
    chapter = evidence()[path.stem]
    runs = chapter["runs"]
    assert "float32" in runs
    seeds = [[run["seed"] for run in several] for several in runs.values()]
    assert all(each == seeds[0] for each in seeds)
    assert len(set(seeds[0])) == len(seeds[0]) >= SEEDS
    for run in (run for several in runs.values() for run in several):
        assert set(run) == set(ORIGIN) and None not in run.values()
        assert re.fullmatch("[0-9a-f]{40}", run["commit"]), "measured with changes"
    for claim in chapter["claims"]:
        assert {name: len(each) for name, each in claim["values"].items()} == {
            name: len(seeds[0]) for name in runs
        }


def test_every_claim_of_the_text_is_plain_and_has_words_of_its_own(path):
    source = "\n".join(measuring_code(path))
    assert len(said_in(path)) == len(re.findall(r"\bclaim\(", source))
    words = [claim.sentence for claim in said_in(path)]
    assert len(set(words)) == len(words)


def test_the_notebook_shows_the_claims_of_the_evidence_in_their_order(path):
    """Each with its spread below, as a run prints them."""
    printed = "".join(
        output.text
        for cell in nbformat.read(path.with_suffix(".ipynb"), as_version=4).cells
        for output in cell.get("outputs", ())
        if output.output_type == "stream"
    )
    shown = re.findall(r"^✓ (.+): \S+ (\S+) \S+\n    (.+)$", printed, re.MULTILINE)
    assert shown == [
        (claim["sentence"], claim["relation"], spread(claim["sentence"]))
        for claim in evidence()[path.stem]["claims"]
    ]


def test_every_claim_holds_with_every_seed_and_its_bound_follows_the_rule():
    assert not list(problems(evidence()))


def test_the_page_of_all_claims_agrees_with_the_evidence():
    known = evidence()
    expected = page.page(known, page.titles_of(CHAPTERS, known))
    assert page.PAGE.read_text(encoding="utf-8") == expected
