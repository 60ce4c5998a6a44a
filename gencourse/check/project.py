"""The self-check of the project."""

import torch

from gencourse.check.priors import drawn, require_anew, require_torch
from gencourse.check.report import Answer, Mistake, require, self_check


@self_check
def prior(answer: Answer) -> None:
    """Check `answer(n)`: new codes in each call, (n, d), float32, from torch's random numbers."""
    found = drawn(answer, 64, None)
    require(found.isfinite().all(), "Some numbers are not finite.")
    for n in 5, 1:
        require(
            drawn(answer, n, found.shape[1]).isfinite().all(),
            f"For n = {n} some numbers are not finite: a code must not depend on the others.",
        )
    if torch.equal(found, found[:1].expand_as(found)):
        raise Mistake("All codes of one call are the same: draw each by itself.")
    require_anew(found, answer(64))
    require_torch(answer)
