"""Self-checks of chapter 08."""

import torch
from torch import nn

from gencourse.check.report import Answer, as_numbers, require, require_written, self_check


@self_check
def reached(answer: Answer) -> None:
    """Check `answer(loss, networks)`: the names of the networks that the loss's gradient reaches.

    networks: name → module. The names may come as a list, a set or a tuple.
    """
    networks = {name: nn.Linear(3, 3) for name in ("encoder", "decoder", "critic")}
    batch = torch.arange(6.0).view(2, 3)
    codes = networks["encoder"](batch)
    found = answer(networks["critic"](codes.detach()).square().mean(), networks)
    require_written(found)
    require(
        not isinstance(found, str) and all(isinstance(name, str) for name in found),
        "Expected names, as a list or a set of texts.",
    )
    require(
        set(found) != set(networks),
        "You named all of them. A parameter that no gradient has reached has grad None.",
    )
    require("encoder" not in found, "The encoder was detached: no gradient reaches it.")
    require(set(found) == {"critic"}, f"Only the critic is reached; got {_listed(found)}.")
    found = answer(networks["decoder"](networks["encoder"](batch)).square().mean(), networks)
    require(
        "critic" not in found,
        "The critic's gradient is left from an earlier loss: set it to zero, or to None, first.",
    )
    require(
        set(found) == {"encoder", "decoder"},
        f"The encoder and the decoder are reached; got {_listed(found)}.",
    )


def _listed(names):
    return ", ".join(sorted(names)) or "none"


@self_check
def variety(answer: Answer) -> None:
    """Check `answer(made, real)`: how much images vary, beside how much real ones do."""
    random = torch.Generator().manual_seed(0)
    real = torch.rand(400, 1, 28, 28, generator=random)
    found = answer(real, real)
    require_written(found)
    found = as_numbers(found)
    require(found.ndim == 0, f"The result has shape {tuple(found.shape)}; expected one number.")
    require(torch.isclose(found, torch.tensor(1.0)), "Real images beside themselves must give 1.")
    alike = as_numbers(answer(real[:1].expand(400, -1, -1, -1), real))
    require(
        alike < 1e-3,
        f"The same image 400 times has no variety; got {alike:.3g}. The standard deviation is "
        "over the images (dim=0), pixel by pixel, not over the pixels of an image.",
    )
    half = as_numbers(answer(real / 2, real))
    require(
        not torch.isclose(half, torch.tensor(0.25), atol=1e-3),
        "That is a ratio of variances; expected one of standard deviations.",
    )
    require(
        torch.isclose(half, torch.tensor(0.5), atol=1e-3),
        f"Images at half the contrast vary half as much; got {half:.3g}.",
    )
    require(
        torch.isclose(as_numbers(answer(real + 1, real)), torch.tensor(1.0), atol=1e-3),
        "A shade that is added to all images changes nothing; yours does.",
    )
