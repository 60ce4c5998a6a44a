"""Claims: printed when they hold, refused when they do not."""

import pytest
import torch

from gencourse.claims import ClaimError, claim


@pytest.mark.parametrize(
    ("relation", "bound"), [("<", 2), ("<=", 1), (">", 0.5), (">=", 1), ("==", 1)]
)
def test_a_claim_that_holds_is_printed_with_number_and_bound(relation, bound, capsys):
    claim("One is one", torch.tensor(1.0), relation, bound)
    assert capsys.readouterr().out == f"✓ One is one: 1 {relation} {bound:.4g}\n"


@pytest.mark.parametrize(
    ("value", "relation"), [(3, "<"), (1, ">"), (float("nan"), "<"), (1, "==")]
)
def test_a_claim_that_does_not_hold_raises(value, relation):
    with pytest.raises(ClaimError, match="does not hold here: It is so: "):
        claim("It is so", value, relation, 2)


def test_an_unknown_relation_is_named():
    with pytest.raises(ValueError, match="expected one of <, <="):
        claim("It is so", 1, "=<", 2)
