"""Self-checks of chapter 1."""

import torch

from gencourse.check.mistakes import OPPOSITE_SIGN, AnythingBut, close, name_mistakes
from gencourse.check.properties import as_numbers, shaped, written
from gencourse.check.report import Answer, Mistake, require, self_check


@self_check
def squared_error(answer: Answer) -> None:
    """Check `answer(images, others)`: the mean squared error per pixel of each image, (N,)."""
    images, others = torch.zeros(3, 1, 28, 28), torch.zeros(3, 1, 28, 28)
    others[1], others[2] = 0.5, 1.0
    right = torch.tensor([0, 0.25, 1])
    found = as_numbers(written(answer(images, others)))
    require(found.ndim > 0, "You averaged over the images too: expected one number for each image.")
    shaped(found, (3,), ", one number for each image")
    mistakes = {
        f"{OPPOSITE_SIGN}.": -right,
        "You summed over the pixels: expected their mean.": 784 * right,
        "A difference of one half counts as one half: did you forget to square?": right.sqrt(),
        f"Expected 0, 1/4 and 1; got {found}.": AnythingBut(right),
    }
    name_mistakes(found, mistakes)


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
