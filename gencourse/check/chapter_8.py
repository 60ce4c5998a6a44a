"""Self-checks of chapter 8."""

import torch
from torch import nn

from gencourse.check.mistakes import close
from gencourse.check.properties import as_numbers, one_number, written
from gencourse.check.report import Answer, Mistake, require, require_none, self_check


@self_check
def reached(answer: Answer) -> None:
    """Check `answer(loss, networks)`: the names, in a list, a set or a tuple, of the networks that
    the loss's gradient reaches; networks: name → module."""
    networks = {name: nn.Linear(3, 3) for name in ("encoder", "decoder", "critic")}
    encoder, decoder, critic = networks.values()
    batch = torch.arange(6.0).view(2, 3)
    found = written(answer(critic(encoder(batch).detach()).square().mean(), networks))
    if isinstance(found, str) or not all(isinstance(name, str) for name in found):
        raise Mistake("Expected names, as a list or a set of texts.")
    names, listed = set(found), ", ".join(sorted(found)) or "none"
    mistakes = {
        "You named all of them. A parameter that no gradient has reached has grad "
        "None.": not networks.keys() - names,
        "The encoder was detached: no gradient reaches it.": "encoder" in names,
        f"Only the critic is reached; got {listed}.": names != {"critic"},
    }
    require_none(mistakes)
    found = answer(decoder(encoder(batch)).square().mean(), networks)
    names, listed = set(found), ", ".join(sorted(found)) or "none"
    right = names == {"encoder", "decoder"}
    mistakes = {
        "The critic's gradient is left from an earlier loss: set it to zero, or to None, "
        "first.": "critic" in names,
        f"The encoder and the decoder are reached; got {listed}.": not right,
    }
    require_none(mistakes)


@self_check
def variety(answer: Answer) -> None:
    """Check `answer(made, real)`: how much images vary, beside how much real ones do."""
    real = torch.rand(400, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    found = one_number(answer(real, real))
    require(close(found, 1.0), "Real images beside themselves must give 1.")
    alike, half, lighter = (
        as_numbers(answer(made, real))
        for made in (real[:1].expand(400, -1, -1, -1), real / 2, real + 1)
    )
    quarter, half_as_much = close(half, 0.25, atol=1e-3), close(half, 0.5, atol=1e-3)
    varied, unchanged = not alike < 1e-3, close(lighter, 1.0, atol=1e-3)
    mistakes = {
        f"The same image 400 times has no variety; got {alike:.3g}. The standard deviation is "
        "over the images (dim=0), pixel by pixel, not over the pixels of an image.": varied,
        "That is a ratio of variances; expected one of standard deviations.": quarter,
        f"Images at half the contrast vary half as much; got {half:.3g}.": not half_as_much,
        "A shade that is added to all images changes nothing; yours does.": not unchanged,
    }
    require_none(mistakes)
