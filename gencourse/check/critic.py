"""The self-check of a critic for codes."""

import torch

from gencourse.check.networks import require_module
from gencourse.check.properties import written
from gencourse.check.report import Answer, require, self_check


@self_check
def make_critic(answer: Answer) -> None:
    """Check `answer(width)`: a module from codes (N, width) to logits (N, 1), not linear, in which
    the logit of a code depends on that code alone."""
    for width in 2, 5:
        critic = answer(width)
        written(critic)
        require_module(critic)
        critic.train()
        codes, others = torch.randn(50, width), 5 + 3 * torch.randn(30, width)
        logits = critic(codes)
        written(logits)
        require(
            logits.shape == (50, 1),
            f"Of codes {tuple(codes.shape)} the critic makes {tuple(logits.shape)}; expected one "
            "logit for each, (50, 1).",
        )
        _require_own_judgement(critic, codes, others)
        _require_logits(critic, width)
        ends = 10 * torch.randn(2, 50, width)
        require(
            not torch.allclose(critic(ends.mean(0)), critic(ends).mean(0), rtol=1e-3, atol=1e-2),
            "Your critic is linear: it can draw one straight line, and not a ring. Expected a "
            "hidden layer, and ReLU or its like behind it.",
        )
        asking = codes.clone().requires_grad_()
        total = critic(asking).sum()
        slope = torch.autograd.grad(total, asking, allow_unused=True)[0] if total.grad_fn else None
        require(
            slope is not None and slope.any(),
            "The codes get no gradient through your critic, so the encoder could not learn from "
            "it: expected no detach and no torch.no_grad in it.",
        )


@torch.no_grad()
def _require_logits(critic, width):
    """Whether numbers of both signs come out, when the parameters are large and drawn often."""
    results = []
    for _ in range(20):
        for parameter in critic.parameters():
            parameter.normal_()
        results.append(critic(10 * torch.randn(100, width)))
    least, most = torch.cat(results).aminmax()
    require(
        least < 0 and most > 1,
        f"The critic's results all lie from {least:.2g} to {most:.2g}; expected logits, which may "
        "be any number: no sigmoid and no ReLU at the end.",
    )


@torch.no_grad()
def _require_own_judgement(critic, codes, others):
    """Whether the critic judges a code by itself."""
    again = [critic(codes) for _ in range(2)]
    require(
        torch.allclose(*again, atol=1e-5),
        "The same codes got other logits when they came again: expected nothing random in the "
        "critic, no dropout.",
    )
    among = critic(torch.cat([codes, others]))[: len(codes)]
    require(
        torch.allclose(among, again[0], atol=1e-4),
        "The logit of a code depends on the others in its batch. Batch normalization does that: "
        "it takes from samples and codes their own mean and width, which the critic should "
        "compare. Leave it out.",
    )
