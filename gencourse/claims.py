"""Claims: sentences of the book that a run can refute."""

import math
import operator

RELATIONS = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
}


class ClaimError(AssertionError):
    """What the book says is not what was measured."""


def claim(sentence, value, relation, bound):
    """Print the sentence with the measured number and its bound; raise if it does not hold.

    Args:
        sentence: what the book says, in words.
        value: the measured number.
        relation: one of "<", "<=", ">", ">=", "==".
        bound: what it is compared with.
    Raises:
        ClaimError: the relation does not hold, or the value is not a number.
        ValueError: an unknown relation.
    """
    if relation not in RELATIONS:
        raise ValueError(f"relation is {relation!r}; expected one of {', '.join(RELATIONS)}.")
    value, bound = float(value), float(bound)
    measured = f"{sentence}: {value:.4g} {relation} {bound:.4g}"
    if math.isnan(value) or not RELATIONS[relation](value, bound):
        raise ClaimError(f"does not hold here: {measured}")
    print(f"✓ {measured}")
