"""Self-checks of chapter 6."""

import torch

from gencourse.check.mistakes import AnythingBut, close, name_mistakes
from gencourse.check.properties import one_number, shaped
from gencourse.check.report import Answer, require_none, self_check


@self_check
def laplacian_variance(answer: Answer) -> None:
    """Check `answer(images)`: the variance of each image's Laplacian, (N,)."""
    images = torch.zeros(3, 1, 28, 28)
    images[0, 0, 10, 10] = 1.0
    images[1, 0, 10, 10] = 0.5
    images[2] = torch.linspace(0, 1, 28)
    why = ": one number an image"
    found = shaped(answer(images), (3,), why, of="For three images the result has")
    black, grey, even = found
    # Seen without its border, a dot leaves one -4 and four 1 among 26 × 26.
    right, sizes = torch.tensor([20, 5]) / 676, torch.tensor([8, 4]) / 676
    mistakes = {
        "You averaged the size of the Laplacian; the variance averages its square.": sizes,
        "The four neighbours count as well, each once.": 16 * right / 20,
    }
    name_mistakes(found[:2], mistakes, rtol=0.02)
    on_edges = {
        "A picture that grows evenly darker has no edge: its Laplacian is 0 everywhere inside. "
        "Leave out the border, where a pixel has no neighbour.": not even.abs() < 1e-6,
        f"A single black pixel should give 20 / 676 = 0.0296 and a grey one a quarter of that; "
        f"got {black:.3g} and {grey:.3g}.": not close(found[:2], right, rtol=0.02),
    }
    require_none(on_edges)


@self_check
def recall(answer: Answer) -> None:
    """Check `answer(made, real, reach)`: the share of real points near a made one."""
    real = torch.tensor([[0.0, 0.0], [1.0, 0.0], [10.0, 0.0], [20.0, 0.0]])
    made = torch.tensor([[0.5, 0.0], [0.4, 0.0], [0.6, 0.0], [30.0, 0.0], [31.0, 0.0]])
    reach = torch.tensor([1.0, 1.0, 0.2, 5.0, 1.0])
    found, right = one_number(answer(made, real, reach)), AnythingBut(0.5)
    mistakes = {
        "You counted the real points; divide by how many there are.": 2.0,
        "Two real points lie in two balls each; count each real point once.": 1.0,
        "You counted made points whose ball holds a real one; recall counts real points.": 2 / 5,
        f"In the example 2 of 4 real points lie in the ball of a made one; got {found:.3g}.": right,
    }
    name_mistakes(found, mistakes)
