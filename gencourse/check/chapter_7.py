"""Self-checks of chapter 7."""

import torch

from gencourse.check.mistakes import AnythingBut, name_mistakes
from gencourse.check.properties import as_numbers, one_number, shaped
from gencourse.check.report import Answer, require, self_check


@self_check
def vote(answer: Answer) -> None:
    """Check `answer(codes, known, labels)`: the label of each code's nearest known code, (N,)."""
    known = torch.tensor([[0.0, 0.0], [4.0, 0.0], [0.0, 3.0]])
    labels = torch.tensor([7, 2, 5])
    codes = torch.tensor([[3.0, 0.5], [0.2, 0.1], [0.5, 2.0], [9.0, 1.0]])
    nearest, farthest = torch.tensor([1, 0, 2, 1]), torch.tensor([2, 1, 1, 2])
    found = answer(codes, known, labels)
    found = shaped(found, (4,), ": one label each", of="For four codes the result has")
    listed, right = ", ".join(f"{label:g}" for label in found), AnythingBut(labels[nearest])
    mistakes = {
        "Those are the places of the nearest known codes; look up their labels.": nearest,
        "Those are the labels of the farthest known codes; expected the nearest.": labels[farthest],
        f"In the example the labels are 2, 7, 5, 2; got {listed}.": right,
    }
    name_mistakes(found, mistakes, rtol=0, atol=0)


@self_check
def explained(answer: Answer) -> None:
    """Check `answer(predicted, truth)`: R², the share of the truth's variance explained."""
    truth = torch.tensor([0.0, 2.0, 4.0, 6.0])
    predicted = torch.tensor([1.0, 2.0, 4.0, 5.0])
    found = one_number(answer(predicted, truth))
    mistakes = {
        "That is the share that is missed; the share explained is 1 less it.": 0.1,
        "You divided the variance's sum by N - 1; take a mean over N, as for the errors.": 0.925,
        "You divided by the variance of the predictions; the truth's is asked for.": 0.8,
        f"In the example 0.9 of the variance is explained; got {found:.3g}.": AnythingBut(0.9),
    }
    name_mistakes(found, mistakes)
    far = as_numbers(answer(predicted + 10, truth))
    require(
        far < 0,
        "Predictions that are all 10 too high explain nothing, yet you give them a share: a "
        "correlation does not see a shift, the squared error does.",
    )
