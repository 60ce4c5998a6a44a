"""The rule of bounds: where the bound of a claim must lie, given what five seeds measured.

All values of a claim, over its seeds and both arithmetics, have a mean and a standard
deviation, sd. A bound is good when

1. it holds for every value;
2. it lies at least 3 sd from the mean, so that it does not fail by chance. Had the values a
   normal distribution, the next one would be beyond such a bound once in a hundred times
   (Student's t with nine degrees of freedom, for ten values), or three times where both
   arithmetics give the same (four degrees, for five); and most bounds lie farther;
3. it lies at most 12 sd from the mean, or within a factor of two of it, so that it still says
   something. An sd that is estimated from five values may be three times too small, and a
   bound should be a round number: hence four times the room of 2. The factor of two is for
   what hardly varies, a published result for instance.

Some claims have a clause of their own. "==" says all by holding. Where all values are on one side
of zero, a bound but 0 is not tight either if each of them is three times as far from zero: what
varies by factors, such as a ratio, is spread unevenly, and may have three sd end below zero, where
it cannot be. A bound of 0 or 1
says which of two is larger, by their difference or their ratio: it cannot be too far. Counts
have no values between whole numbers, so "<= 3" is read as "< 3.5", and one whole number of
room is never too much. For what is no count, a thousandth is never too much, as where numbers
differ by rounding alone.
"""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from gencourse.claims import RELATIONS

SEEDS = 5
NEAR, FAR = 3, 12
"""Standard deviations from the mean: the least and the most."""
FACTOR = 3
"""How many times as far from zero the values are, where that is room enough."""
COUNT, ROUNDING = 1.5, 1e-3
"""Room that is never too much, for counts and for everything else."""


@dataclass(frozen=True)
class Verdict:
    """What the rule says of a bound.

    word: "good"; "refuted", a value does not hold; "tight", it may fail by chance; "loose",
        it says too little.
    near, far: where a bound may lie, the end that is nearer to the values first.
    """

    word: str
    near: float
    far: float

    def __str__(self) -> str:
        return f"{self.word}; a bound may lie from {self.near:.4g} to {self.far:.4g}"


def judge_bound(values: Sequence[float], relation: str, bound: float) -> Verdict:
    """Judge the bound of a claim by what its runs measured; the rule stands above.

    Raises:
        ValueError: fewer than two values, a value that is not finite, or an unknown relation.
    """
    if relation not in RELATIONS:
        raise ValueError(f"relation is {relation!r}; expected one of {', '.join(RELATIONS)}.")
    if len(values) < 2 or not all(map(math.isfinite, values)):
        raise ValueError(f"values are {list(values)}; expected at least two finite numbers.")
    holds = all(RELATIONS[relation](value, bound) for value in values)
    if relation == "==":
        return Verdict("good" if holds else "refuted", bound, bound)
    counts = all(float(number).is_integer() for number in (*values, bound))
    # A claim of more is one of less with the signs turned, so that there is one case.
    sign = -1 if relation.startswith(">") else 1
    turned, edge = [sign * value for value in values], sign * bound
    if counts:
        edge += 0.5 if relation.endswith("=") else -0.5
    mean, sd = statistics.fmean(turned), statistics.stdev(turned)
    twofold = mean if mean > 0 else -mean / 2
    worst = max(turned)
    by_factors = worst / FACTOR if worst < 0 and bound else math.inf
    near = max(min(mean + NEAR * sd, by_factors), worst)
    far = mean + max(FAR * sd, twofold, COUNT if counts else ROUNDING)
    if not holds:
        word = "refuted"
    elif edge < near:
        word = "tight"
    elif edge > far and bound not in (0, 1):
        word = "loose"
    else:
        word = "good"
    return Verdict(word, sign * near, sign * far)
