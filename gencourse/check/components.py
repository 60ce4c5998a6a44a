"""The self-check of principal components, the autoencoder that is linear."""

import torch

from gencourse.check.properties import as_numbers, written
from gencourse.check.report import Answer, require, self_check


@self_check
def principal(answer: Answer) -> None:
    """Check `answer(train, test, k)`: copies of test (M, D) from the k principal components of
    train (N, D)."""
    turn = torch.linalg.qr(torch.randn(6, 6))[0]
    train = torch.randn(200, 6) * torch.tensor([6.0, 4.0, 2.0, 0.2, 0.15, 0.1]) @ turn
    train = train + torch.arange(6.0)  # a mean of its own in each column
    test = torch.randn(40, 6) * torch.tensor([1.0, 4.0, 0.5, 3.0, 2.0, 2.0]) @ turn

    def copy(test, k=3, shift=0.0, train=train):
        found = answer(train + shift, test + shift, k)
        written(found)
        found = as_numbers(found)
        require(
            found.shape == test.shape,
            f"For k = {k} and test of shape {tuple(test.shape)} the result has shape "
            f"{tuple(found.shape)}; expected that of test.",
        )
        return found

    def same(found, expected):
        return torch.allclose(found, expected, rtol=1e-3, atol=2e-2)

    found = copy(test)
    require(
        same(copy(test[:20]), found[:20]),
        "The copy of one row depends on the other rows of test: take the mean and the components "
        "of train only.",
    )
    moved = copy(test, shift=3.0)
    require(not same(moved, found), "The mean is subtracted and not added back to the copies.")
    require(
        same(moved, found + 3),
        "If train and test are moved together, the copies do not move along: subtract the mean of "
        "train before all else, and add it back at the end.",
    )
    require(
        same(copy(found), found),
        "Copies of the copies differ from the copies: expected a projection, with components of "
        "length 1.",
    )
    one, three = ((copy(test, k) - test).square().mean() for k in (1, 3))
    require(
        three < 0.99 * one,
        f"The error is {one:.3g} with k = 1 and {three:.3g} with k = 3: expected it to fall.",
    )
    require(
        same(copy(test, 6), test),
        "With k = D nothing is left out, yet the copies differ from test.",
    )
    _, _, axes = torch.linalg.svd(train - train.mean(0), full_matrices=False)
    least, most = (
        (test - train.mean(0)) @ kept.T @ kept + train.mean(0) for kept in (axes[3:], axes[:3])
    )
    shifted = train.mean()
    _, _, tilted = torch.linalg.svd(train - shifted, full_matrices=False)
    require(
        not same(found, (test - shifted) @ tilted[:3].T @ tilted[:3] + shifted),
        "You subtracted one mean of all numbers: each column has a mean of its own, mean(0).",
    )
    require(
        not same(found, least),
        "These are the components of the least variance; expected those of the most.",
    )
    require(same(found, most), "These are not the three components of train of most variance.")
