"""Self-checks of chapter 07."""

import torch

from gencourse.check.report import Answer, as_numbers, require, require_written, self_check


@self_check
def vote(answer: Answer) -> None:
    """Check `answer(codes, known, labels)`: the label of each code's nearest known code, (N,)."""
    known = torch.tensor([[0.0, 0.0], [4.0, 0.0], [0.0, 3.0]])
    labels = torch.tensor([7, 2, 5])
    codes = torch.tensor([[3.0, 0.5], [0.2, 0.1], [0.5, 2.0], [9.0, 1.0]])
    found = answer(codes, known, labels)
    require_written(found)
    found = as_numbers(found)
    require(
        found.shape == (4,),
        f"For four codes the result has shape {tuple(found.shape)}; expected (4,): one label each.",
    )
    require(
        not torch.equal(found, torch.tensor([1.0, 0.0, 2.0, 1.0])),
        "Those are the places of the nearest known codes; look up their labels.",
    )
    require(
        not torch.equal(found, torch.tensor([5.0, 2.0, 2.0, 5.0])),
        "Those are the labels of the farthest known codes; expected the nearest.",
    )
    require(
        torch.equal(found, torch.tensor([2.0, 7.0, 5.0, 2.0])),
        f"In the example the labels are 2, 7, 5, 2; got {', '.join(f'{v:g}' for v in found)}.",
    )


@self_check
def explained(answer: Answer) -> None:
    """Check `answer(predicted, truth)`: R², the share of the truth's variance explained."""
    truth = torch.tensor([0.0, 2.0, 4.0, 6.0])
    predicted = torch.tensor([1.0, 2.0, 4.0, 5.0])
    found = answer(predicted, truth)
    require_written(found)
    found = as_numbers(found)
    require(found.ndim == 0, f"The result has shape {tuple(found.shape)}; expected one number.")
    require(
        not torch.isclose(found, torch.tensor(0.1)),
        "That is the share that is missed; the share explained is 1 less it.",
    )
    require(
        not torch.isclose(found, torch.tensor(0.925)),
        "You divided the variance's sum by N - 1; take a mean over N, as for the errors.",
    )
    require(
        not torch.isclose(found, torch.tensor(0.8)),
        "You divided by the variance of the predictions; the truth's is asked for.",
    )
    require(
        torch.isclose(found, torch.tensor(0.9)),
        f"In the example 0.9 of the variance is explained; got {found:.3g}.",
    )
    far = as_numbers(answer(predicted + 10, truth))
    require(
        far < 0,
        "Predictions that are all 10 too high explain nothing, yet you give them a share: a "
        "correlation does not see a shift, the squared error does.",
    )
