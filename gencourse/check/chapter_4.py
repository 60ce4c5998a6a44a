"""Self-checks of chapter 4."""

import torch

from gencourse.check.mistakes import OPPOSITE_SIGN, AnythingBut, name_mistakes
from gencourse.check.properties import as_numbers, one_number, require_gradients, shaped
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
def mmd(answer: Answer) -> None:
    """Check `answer(codes, samples)`, (N, d) and (M, d): the squared maximum mean discrepancy with
    the kernel 1 / (1 + ‖a − b‖²), no point paired with itself (Gretton and others, 2012, eq. 3)."""
    codes, samples = torch.randn(12, 2) + 2, torch.randn(7, 2)

    def parts(of):
        """The sums of a function of two points: over codes, samples, and pairs of the two."""
        return of(codes, codes).sum(), of(samples, samples).sum(), of(codes, samples).sum()

    def expected(within, between):
        return (within[0] - 12) / 132 + (within[1] - 7) / 42 - 2 * between / 84

    *within, between = parts(_kernel)
    *rooted, across = parts(lambda a, b: 1 / (1 + torch.cdist(a, b)))
    *lengths, apart = parts(torch.cdist)
    distances = lengths[0] / 132 + lengths[1] / 42 - 2 * apart / 84
    right = expected(within, between)
    found = one_number(answer(codes, samples))
    mistakes = {
        f"{OPPOSITE_SIGN}: it is large where codes and samples lie apart.": -right,
        "The pairs of a point with itself are in your means: leave them out, and divide by "
        "N (N − 1).": within[0] / 144 + within[1] / 49 - 2 * between / 84,
        "The mean over pairs of a code and a sample must count twice.": right + between / 84,
        "You summed over the pairs; expected means.": (
            within[0] - 12 + within[1] - 7 - 2 * between,
            within[0] + within[1] - 2 * between,
        ),
        "These are means of distances; expected means of the kernel.": (distances, -distances),
        "The kernel takes the squared distance.": expected(rooted, across),
        f"For twelve codes and seven samples expected {right:.4f}; got {found:.4f}.": AnythingBut(
            right
        ),
    }
    name_mistakes(found, mistakes, atol=1e-5)
    require_gradients(
        lambda given: answer(given, samples),
        lambda given: (
            (_kernel(given, given).sum() - 12) / 132 - 2 * _kernel(given, samples).sum() / 84
        ),
        codes=codes,
    )


def _kernel(a, b):
    return 1 / (1 + (a[:, None] - b).square().sum(2))
