"""The self-check of the importance-weighted bound."""

import math
from itertools import permutations

import torch

from gencourse.check.properties import as_numbers, written
from gencourse.check.report import Answer, as_row, require, self_check


@self_check
def importance_bound(answer: Answer) -> None:
    """Check `answer(log_weights)`, (K, N): −log (1/K) Σₖ wₖ of each image, (N,), in nats."""
    log_weights = torch.tensor([[-1.0, 0.0, 1.0], [-3.0, 2.0, 1.5], [0.5, -2.0, 2.0], [-2, 1, 3]])
    found = answer(log_weights)
    written(found)
    found = as_numbers(found)
    require(found.ndim > 0, "You averaged over the images too: expected one number for each.")
    require(
        found.shape != (4,),
        "You averaged over the images: the samples of an image stand in a column.",
    )
    require(
        found.shape == (3,),
        f"For weights (4, 3) the result has shape {tuple(found.shape)}; expected (3,).",
    )
    summed = log_weights.logsumexp(0)
    right = math.log(4) - summed
    require(not torch.allclose(found, -right), "The sign is wrong: expected −log of the mean.")
    require(
        not torch.allclose(found, -summed),
        "The number of samples is missing: divide the sum by K, or subtract log K.",
    )
    require(
        not torch.allclose(found, -log_weights.mean(0)),
        "This is a mean of logarithms, the ELBO; expected the logarithm of a mean.",
    )
    require(
        torch.allclose(found, right, atol=1e-4),
        f"For log weights −1, −3, ½ and −2 expected {right[0]:.3f} nats; got {found[0]:.3f}.",
    )
    more = torch.randn(7, 2)
    found = as_numbers(answer(more))
    require(
        found.shape == (2,) and torch.allclose(found, math.log(7) - more.logsumexp(0), atol=1e-4),
        "The result is right for 4 samples of 3 images, and wrong for 7 of 2: take K from the "
        "weights.",
    )
    for size in 1000.0, -1000.0:
        large = as_numbers(answer(torch.full((4, 3), size)))
        require(
            torch.allclose(large, torch.tensor(-size)),
            f"Log weights of {size:g} give {large[0]:g}; expected {-size:g}. Use logsumexp.",
        )
    apart = torch.tensor([[-300.0, -1000.0], [-200.0, -1150.0], [-150.0, -1300.0]])
    for rows in permutations(range(3)):
        found = as_numbers(answer(apart[list(rows)]))
        require(
            torch.allclose(found, torch.tensor([150.0, 1000.0]) + math.log(3), atol=1e-2),
            f"A column of log weights {as_row(apart[list(rows), 0])} beside one of "
            f"{as_row(apart[list(rows), 1])} gives {as_row(found)}; expected about (151, 1001). "
            "Whoever shifts before exp must take the largest of each column, as logsumexp does.",
        )
