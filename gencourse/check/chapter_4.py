"""Self-checks of chapter 4."""

import torch
from torch.nn.functional import softplus

from gencourse.check.mistakes import OPPOSITE_SIGN, AnythingBut, name_mistakes
from gencourse.check.properties import as_numbers, one_number, shaped
from gencourse.check.report import Answer, Mistake, require, require_none, self_check


@self_check
def two_islands(answer: Answer) -> None:
    """Check `answer(n)`: codes (n, 2) of two even Gaussians at (±1.5, 0), deviation 0.3."""
    found = shaped(answer(2000), (2000, 2), of="For n = 2000 the result has")
    if torch.equal(found, as_numbers(answer(2000))):
        raise Mistake("Two calls give the same codes: a prior must draw anew.")
    x, y = found.T
    right = x > 0
    share, distance, mean, deviation = right.float().mean(), x.abs().mean(), y.mean(), y.std()
    require(0.4 < share < 0.6, f"{share:.0%} of the codes are on the right; expected about half.")
    require(abs(distance - 1.5) < 0.1, f"The islands are at ±{distance:.2f}; expected ±1.5.")
    width, of_left = x[right].std(), x[~right].std()
    fits = 0.2 < width < 0.4 and 0.2 < of_left < 0.4
    mistakes = {
        f"The second number has mean {mean:.2f} and deviation {deviation:.2f}; expected 0 and "
        "0.3.": not (abs(mean) < 0.1 and 0.2 < deviation < 0.4),
        f"An island is {width:.2f} wide; expected a standard deviation of 0.3.": not fits,
    }
    require_none(mistakes)


@self_check
def divergence_from_logits(answer: Answer) -> None:
    """Check `answer(on_codes)`: KL(codes ‖ prior) in nats, from an ideal critic's logits."""
    logits = torch.tensor([-2.0, -1.0, 0.5])
    right = -logits.mean()
    found = one_number(answer(logits))
    of_encoder = softplus(-logits).mean()
    mistakes = {
        f"{OPPOSITE_SIGN}: the logit is log prior − log codes, and a divergence is "
        "positive.": -right,
        "You summed; a divergence is a mean over codes.": 3 * right,
        "This is −log D, the encoder's loss. The divergence needs the logit itself.": of_encoder,
        f"For logits −2, −1 and ½ expected 0.833 nats; got {found:.3g}.": AnythingBut(right),
    }
    name_mistakes(found, mistakes)
