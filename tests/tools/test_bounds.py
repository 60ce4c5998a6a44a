"""The rule of bounds: not so tight that chance breaks it, not so loose that it says nothing."""

import pytest

from tools.claims.bounds import judge_bound

# Mean 10, standard deviation .7071.
TEN = [9.0, 9.0, 9.5, 10.0, 10.0, 10.0, 10.0, 10.5, 11.0, 11.0 + 1e-9]
SD = 0.7071


@pytest.mark.parametrize(
    ("relation", "bound", "word"),
    [
        ("<", 10.5, "refuted"),
        ("<", 11.5, "tight"),  # holds for all, and yet nearer than 3 sd
        ("<", 12.5, "good"),
        ("<", 19.9, "good"),  # a factor of two
        ("<", 20.5, "loose"),
        (">", 9.5, "refuted"),
        (">", 8.0, "tight"),
        (">", 7.5, "good"),
        (">", 1.6, "good"),  # 12 sd
        (">", 1.2, "loose"),
        (">", 0, "good"),  # which of two is larger
        (">", 1, "good"),
        (">=", 0.5, "loose"),
    ],
)
def test_a_bound_keeps_its_distance_and_not_too_much_of_it(relation, bound, word):
    assert judge_bound(TEN, relation, bound).word == word


@pytest.mark.parametrize(
    ("relation", "bound", "word"),
    [("<", -9.5, "refuted"), ("<", -8.0, "tight"), ("<", -5.0, "good"), (">", -19.9, "good"),
     (">", -20.5, "loose"), ("<", 0, "good"), ("<", 0.1, "loose")],
)  # fmt: skip
def test_negative_values_are_judged_alike(relation, bound, word):
    assert judge_bound([-value for value in TEN], relation, bound).word == word


@pytest.mark.parametrize(
    ("relation", "bound", "word"),
    [("<", 0.2, "refuted"), ("<", 0.21, "good"), ("<", 0.4, "good"), ("<", 0.41, "loose"),
     (">", 0.1, "good"), (">", 0.09, "loose"), (">", 0.0, "good")],
)  # fmt: skip
def test_what_does_not_vary_has_a_factor_of_two(relation, bound, word):
    assert judge_bound([0.2] * 10, relation, bound).word == word


@pytest.mark.parametrize(
    ("relation", "bound", "word"),
    [(">", 3000, "refuted"), (">", 1000, "tight"), (">", 900, "good"), (">", 20, "good"),
     (">", 0, "tight")],
)  # fmt: skip
def test_what_varies_by_factors_has_a_factor_of_three(relation, bound, word):
    """Mean 7,085, standard deviation 3,900: the bound of 3 sd would be below zero."""
    assert judge_bound([2900, 5000, 6100, 7000, 14000], relation, bound).word == word
    losses = [-2900, -5000, -6100, -7000, -14000]
    assert judge_bound(losses, "<", -bound).word == word


def test_rounding_may_have_a_thousandth_and_no_more():
    values = [1e-7, 3e-7, 2e-7, 2e-7, 1e-7]
    assert judge_bound(values, "<", 1e-3).word == "good"
    assert judge_bound(values, "<", 1e-2).word == "loose"


@pytest.mark.parametrize(
    ("values", "relation", "bound", "word"),
    [
        ([2, 2, 2, 2, 2], "==", 2, "good"),
        ([2, 2, 3, 2, 2], "==", 2, "refuted"),
        ([8, 8, 8, 8, 8], ">=", 8, "good"),
        ([8, 8, 8, 8, 8], ">", 7, "good"),
        ([8, 8, 8, 8, 8], ">", 8, "refuted"),
        ([8, 8, 7, 8, 8], ">=", 7, "tight"),  # the next may well be a six
        ([8, 8, 7, 8, 8], ">=", 6, "good"),
        ([0, 0, 0, 0, 0], "<", 1, "good"),
        ([0, 0, 0, 0, 0], "<=", 1, "good"),
        ([0, 0, 0, 0, 0], "<=", 2, "loose"),
        ([5, 5, 6, 5, 6], ">=", 4, "good"),
        ([5, 5, 6, 5, 6], ">=", 5, "tight"),
        ([1.0, 1.0, 1.0, 1.0, 1.0], ">", 0.9, "good"),  # a share that happens to be whole
    ],
)
def test_counts_have_nothing_between_whole_numbers(values, relation, bound, word):
    assert judge_bound(values, relation, bound).word == word


def test_the_verdict_says_where_a_bound_may_lie():
    verdict = judge_bound(TEN, "<", 10.5)
    assert verdict.near == pytest.approx(10 + 3 * SD, abs=1e-3) and verdict.far == pytest.approx(20)
    assert str(verdict) == "refuted; a bound may lie from 12.12 to 20"
    for bound in (verdict.near, verdict.far):
        assert judge_bound(TEN, "<", bound).word == "good"


@pytest.mark.parametrize(
    ("values", "relation", "said"),
    [([1.0], "<", "at least two finite"), ([1.0, float("nan")], "<", "at least two finite"),
     ([1.0, 2.0], "=<", "expected one of <, <=")],
)  # fmt: skip
def test_what_cannot_be_judged_is_refused(values, relation, said):
    with pytest.raises(ValueError, match=said):
        judge_bound(values, relation, 1.0)
