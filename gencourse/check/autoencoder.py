"""Self-checks of chapter 01."""

import torch

from gencourse.check.report import as_numbers, report, require, require_written


def squared_error(answer):
    """Check `answer(images, others)`: the mean squared error per pixel of each image, (N,)."""
    report(_squared_error, answer)


def interpolation(answer):
    """Check `answer(start, end, steps)`: codes (steps, latent) on the line from start to end."""
    report(_interpolation, answer)


def _squared_error(answer):
    images, others = torch.zeros(3, 1, 28, 28), torch.zeros(3, 1, 28, 28)
    others[1], others[2] = 0.5, 1.0
    found = answer(images, others)
    require_written(found)
    found = as_numbers(found)
    require(found.ndim > 0, "You averaged over the images too: expected one number for each image.")
    require(
        found.shape == (3,),
        f"The result has shape {tuple(found.shape)}; expected (3,), one number for each image.",
    )
    require(not torch.allclose(found, -torch.tensor([0, 0.25, 1])), "The sign is wrong.")
    require(
        not torch.allclose(found, 784 * torch.tensor([0, 0.25, 1])),
        "You summed over the pixels: expected their mean.",
    )
    require(
        not torch.allclose(found, torch.tensor([0, 0.5, 1])),
        "A difference of one half counts as one half: did you forget to square?",
    )
    require(
        torch.allclose(found, torch.tensor([0, 0.25, 1])), f"Expected 0, 1/4 and 1; got {found}."
    )


def _interpolation(answer):
    start, end = torch.tensor([0.0, 2.0]), torch.tensor([4.0, -2.0])
    found = answer(start, end, 5)
    require_written(found)
    found = as_numbers(found)
    require(
        found.shape == (5, 2),
        f"The result has shape {tuple(found.shape)}; expected (5, 2), one code for each step.",
    )
    require(
        not (torch.allclose(found[0], end) and torch.allclose(found[-1], start)),
        "You walk backwards: the first code should be the start.",
    )
    require(torch.allclose(found[0], start), "The first code should be the start itself.")
    require(torch.allclose(found[-1], end), "The last code should be the end itself.")
    steps = found.diff(dim=0)
    require(
        torch.allclose(steps, steps[:1].expand_as(steps), atol=1e-5),
        "The steps differ in length or direction: expected equal steps along one line.",
    )
