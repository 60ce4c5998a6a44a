"""Self-checks of chapter 05."""

import torch

from gencourse.check.report import Answer, as_numbers, require, require_written, self_check


@self_check
def request(answer: Answer) -> None:
    """Check `answer(digit, styles)`: codes of ten heads, one-hot, before the styles (N, 5)."""
    styles = torch.tensor([[0.5, -1.0, 2.0, 0.0, 1.5], [1.0, 1.0, 1.0, 1.0, 1.0]])
    found = answer(3, styles)
    require_written(found)
    found = as_numbers(found)
    require(
        found.shape == (2, 15),
        f"For two styles the codes have shape {tuple(found.shape)}; expected (2, 15): ten heads "
        "and five numbers of style.",
    )
    require(
        not torch.equal(found[:, :5], styles),
        "The styles stand first; the decoder expects the heads before them.",
    )
    require(torch.equal(found[:, 10:], styles), "The last five numbers are not the given styles.")
    heads = found[:, :10]
    require(
        torch.equal(heads.sum(1), torch.ones(2)) and heads.max() == 1,
        "A head is one-hot: a single 1 and nine 0, for each style.",
    )
    require(
        heads[:, 3].all(),
        f"For digit 3 the head that is 1 has index {int(heads[0].argmax())}; count from 0.",
    )


@self_check
def purity(answer: Answer) -> None:
    """Check `answer(heads, labels, number)`: the share of images with their head's commonest
    label."""
    heads = torch.tensor([0, 0, 0, 1, 1, 3, 3, 3, 3, 3])
    labels = torch.tensor([7, 7, 2, 5, 5, 7, 7, 7, 1, 2])
    found = answer(heads, labels, 4)
    require_written(found)
    found = as_numbers(found)
    require(found.ndim == 0, f"The result has shape {tuple(found.shape)}; expected one number.")
    require(
        not torch.isclose(found, torch.tensor(7.0)),
        "You counted the images; divide by how many there are.",
    )
    require(
        not torch.isclose(found, torch.tensor((2 / 3 + 1 + 3 / 5) / 3)),
        "You averaged over heads: a head with many images then counts no more than a small one. "
        "Count images.",
    )
    require(
        torch.isclose(found, torch.tensor(0.7)),
        f"In the example 7 of 10 images have their head's commonest label; got {found:.3g}. "
        "Two heads may have the same name.",
    )
