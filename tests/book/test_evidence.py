"""The claims of the texts and their evidence: none contradicts the other, and no row is left over.

That every claim has five seeds is asked once a week, and before a release: see tools.claims.
"""

import re

import nbformat
import pytest

from gencourse.results.evidence import evidence
from tools.claims import page, rows
from tools.notebooks import CHAPTERS, claims_of


@pytest.fixture(params=CHAPTERS, ids=lambda path: path.stem)
def path(request):
    return request.param


def test_no_value_contradicts_its_claim(path):
    assert not rows.contradicted(claims_of(path), evidence().get(path.stem, rows.NONE))


def test_every_row_is_of_a_claim_and_says_its_words(path):
    said, chapter = claims_of(path), evidence().get(path.stem, rows.NONE)
    assert not rows.orphans(said, chapter)
    for row, claim in rows.owned(said, chapter):
        assert row["sentence"] == claim.sentence(tuple(row["filled"]))
        assert len(row["values"]) == len(chapter["seeds"])


def test_every_claim_has_words_of_its_own(path):
    words = [claim.words for claim in claims_of(path)]
    assert words and len(set(words)) == len(words)


def test_the_notebook_shows_the_claims_with_the_bounds_of_the_text(path):
    printed = "".join(
        output.text
        for cell in nbformat.read(path.with_suffix(".ipynb"), as_version=4).cells
        for output in cell.get("outputs", ())
        if output.output_type == "stream"
    )
    assert "✗" not in re.sub("✗ Not written yet.*", "", printed)
    for claim in claims_of(path):
        words = "".join(".+" if word is None else re.escape(word) for word in claim.words)
        bound = re.escape(f"{claim.relation} {claim.bound:.4g}")
        assert re.search(f"^✓ {words}: \\S+ {bound}$", printed, re.MULTILINE), claim.words


def test_the_page_has_every_claim(path):
    made = page.page([path], evidence())
    assert made.count("\n- ") >= len(claims_of(path))
    assert "measured" in made
