"""Self-checks of chapter 1."""

import torch

from gencourse.check.mistakes import AnythingBut, close, name_mistakes
from gencourse.check.properties import as_numbers, shaped
from gencourse.check.report import Answer, Mistake, as_row, require, self_check


@self_check
def fitted_gaussian(answer: Answer) -> None:
    """Check `answer(codes, noise)`: from codes (N, d) and standard normal noise (n, d) samples
    (n, d) of the Gaussian with the codes' mean and covariance.

    Such a function is affine in its noise. Where there is none it gives the mean; what it adds for
    noise of one in each direction in turn are the rows of A, and the covariance is AᵀA. Any such A
    will do.
    """
    codes = torch.randn(60, 2) @ torch.tensor([[2.0, 0.6], [0.0, 0.5]]) + torch.tensor([3.0, -1.0])
    mean, right = codes.mean(0), codes.T.cov()
    none, added = torch.zeros(3, 2), torch.eye(2)
    found = shaped(answer(codes, none), (3, 2), ", one code for each row of noise")
    require(
        close(found, as_numbers(answer(codes, none))),
        "Two calls with the same noise differ: use the noise that is given, draw none.",
    )
    require(not close(found, 0.0), "The mean is missing: without noise, expected the codes' mean.")
    require(
        close(found, mean, atol=1e-3),
        f"Without noise the samples lie at {as_row(found[0])}; expected the codes' mean, "
        f"{as_row(mean)}.",
    )
    added, taken = (as_numbers(answer(codes, sign * added)) - mean for sign in (1, -1))
    require(
        close(added, -taken, atol=1e-3),
        "Opposite noise should lead to the opposite side of the mean: the noise enters as it is, "
        "times a matrix.",
    )
    covariance = added.T @ added
    lower = torch.linalg.cholesky(right)
    mistakes = {
        "The two numbers of your samples are not correlated as those of the codes: standard "
        "deviations alone are not enough.": right.diag().diag(),
        "The factor stands the wrong way round: for samples in rows, noise @ L.T.": lower.T @ lower,
        "You multiplied by the covariance; take a root of it, such as torch.linalg.cholesky "
        "gives.": right @ right,
        f"Your samples have variances {as_row(covariance.diag())} and covariance "
        f"{covariance[0, 1]:.3g}; expected {as_row(right.diag())} and "
        f"{right[0, 1]:.3g}.": AnythingBut(right),
    }
    name_mistakes(covariance, mistakes, rtol=0.03, atol=1e-3)  # N or N − 1 is the same to us


@self_check
def interpolation(answer: Answer) -> None:
    """Check `answer(start, end, steps)`: codes (steps, latent) on the line from start to end."""
    start, end = torch.tensor([0.0, 2.0]), torch.tensor([4.0, -2.0])
    found = shaped(answer(start, end, 5), (5, 2), ", one code for each step")
    if close(found[0], end) and close(found[-1], start):
        raise Mistake("You walk backwards: the first code should be the start.")
    require(close(found[0], start), "The first code should be the start itself.")
    require(close(found[-1], end), "The last code should be the end itself.")
    steps = found.diff(dim=0)
    require(
        close(steps, steps[:1], atol=1e-5),
        "The steps differ in length or direction: expected equal steps along one line.",
    )
