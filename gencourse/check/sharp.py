"""Self-checks of chapter 06."""

import torch

from gencourse.check.report import Answer, as_numbers, require, require_written, self_check


@self_check
def laplacian_variance(answer: Answer) -> None:
    """Check `answer(images)`: the variance of each image's Laplacian, (N,)."""
    images = torch.zeros(3, 1, 28, 28)
    images[0, 0, 10, 10] = 1.0
    images[1, 0, 10, 10] = 0.5
    images[2] = torch.linspace(0, 1, 28)
    found = answer(images)
    require_written(found)
    found = as_numbers(found)
    require(
        found.shape == (3,),
        f"For three images the result has shape {tuple(found.shape)}; expected (3,): one number "
        "an image.",
    )
    # Seen without its border, a dot leaves one -4 and four 1 among 26 × 26.
    expected = torch.tensor([20 / 676, 5 / 676])
    require(
        not torch.allclose(found[:2], torch.tensor([8 / 676, 4 / 676]), rtol=0.02),
        "You averaged the size of the Laplacian; the variance averages its square.",
    )
    require(
        not torch.allclose(found[:2], 16 * expected / 20, rtol=0.02),
        "The four neighbours count as well, each once.",
    )
    require(
        found[2].abs() < 1e-6,
        "A picture that grows evenly darker has no edge: its Laplacian is 0 everywhere inside. "
        "Leave out the border, where a pixel has no neighbour.",
    )
    require(
        torch.allclose(found[:2], expected, rtol=0.02),
        f"A single black pixel should give 20 / 676 = 0.0296 and a grey one a quarter of that; "
        f"got {found[0]:.3g} and {found[1]:.3g}.",
    )


@self_check
def recall(answer: Answer) -> None:
    """Check `answer(made, real, reach)`: the share of real points near a made one."""
    real = torch.tensor([[0.0, 0.0], [1.0, 0.0], [10.0, 0.0], [20.0, 0.0]])
    made = torch.tensor([[0.5, 0.0], [0.4, 0.0], [0.6, 0.0], [30.0, 0.0], [31.0, 0.0]])
    reach = torch.tensor([1.0, 1.0, 0.2, 5.0, 1.0])
    found = answer(made, real, reach)
    require_written(found)
    found = as_numbers(found)
    require(found.ndim == 0, f"The result has shape {tuple(found.shape)}; expected one number.")
    require(
        not torch.isclose(found, torch.tensor(2.0)),
        "You counted the real points; divide by how many there are.",
    )
    require(
        not torch.isclose(found, torch.tensor(1.0)),
        "Two real points lie in two balls each; count each real point once.",
    )
    require(
        not torch.isclose(found, torch.tensor(2 / 5)),
        "You counted made points whose ball holds a real one; recall counts real points.",
    )
    require(
        torch.isclose(found, torch.tensor(0.5)),
        f"In the example 2 of 4 real points lie in the ball of a made one; got {found:.3g}.",
    )
