"""Every claim of the texts has its evidence: five seeds, held in each, a bound by the rule."""

import ast
import re

import nbformat
import pytest

from gencourse.results.evidence import evidence
from tools.claims import page
from tools.claims.bounds import SEEDS
from tools.claims.evidence import problems
from tools.notebooks import NOTEBOOKS


def calls(path):
    """The calls of `claim` in a notebook: (pattern of the sentence, relation, bound or None)."""
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type != "code":
            continue
        code = re.sub(r"^(\s*)[%!].*$", r"\1pass", cell.source, flags=re.M)
        for node in ast.walk(ast.parse(code)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "claim":
                sentence, _, relation, bound = node.args
                yield pattern(sentence), ast.literal_eval(relation), number(bound)


def pattern(sentence):
    """What the words of a claim look like; the parts that are filled in may be anything."""
    parts = sentence.values if isinstance(sentence, ast.JoinedStr) else [sentence]
    return "".join(re.escape(p.value) if isinstance(p, ast.Constant) else ".+" for p in parts)


def number(bound):
    try:
        return ast.literal_eval(bound)
    except ValueError:  # it is measured too
        return None


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def path(request):
    return request.param


def fits(call, claim):
    sentence, relation, bound = call
    return (
        re.fullmatch(sentence, claim["sentence"])
        and relation == claim["relation"]
        and (bound is None or claim["bound"] == pytest.approx(bound))
    )


def test_every_claim_in_the_text_has_evidence_and_there_is_no_other(path):
    said, known = list(calls(path)), evidence()[path.stem]["claims"]
    assert said
    assert not [call for call in said if not any(fits(call, claim) for claim in known)]
    assert not [claim for claim in known if not any(fits(call, claim) for call in said)]


def test_the_evidence_has_five_seeds_and_float32(path):
    runs = evidence()[path.stem]["runs"]
    assert "float32" in runs
    for several in runs.values():
        assert len({run["seed"] for run in several}) >= SEEDS


def test_every_claim_holds_with_every_seed_and_its_bound_follows_the_rule():
    assert not list(problems(evidence()))


def test_the_page_of_all_claims_agrees_with_the_evidence():
    known = evidence()
    expected = page.page(known, page.titles_of(NOTEBOOKS, known))
    assert page.PAGE.read_text(encoding="utf-8") == expected
