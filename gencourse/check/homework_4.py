"""Self-checks of homework 4, but for its priors and its training, in `homework_4_round`."""

import torch
from torch import nn

from gencourse.check.chapter_3 import require_discriminator_loss, require_generator_loss
from gencourse.check.mistakes import close
from gencourse.check.networks import require_module
from gencourse.check.properties import require_keys, written
from gencourse.check.report import Answer, require, require_none, self_check


@self_check
def critic_loss(answer: Answer) -> None:
    """Check `answer(on_prior, on_codes)`: the mean loss of logits, (N,) or (N, 1), in nats."""
    swapped = "a sample of the prior should pass as real, a code not."
    half = "the critic learns from samples of the prior and from codes."
    require_discriminator_loss(answer, swapped, half, things="codes")


@self_check
def encoder_loss(answer: Answer) -> None:
    """Check `answer(on_codes)`: the mean of −log D of logits, (N,) or (N, 1), in nats."""
    swapped = "the encoder wants its codes to pass as samples of the prior."
    require_generator_loss(answer, swapped, things="codes")


@self_check
def phases(answer: Answer) -> None:
    """Check `answer(encoder, decoder, critic)`: a dict, from "reconstruction", "discriminator"
    and "regularization" to the list of the networks that this phase may move."""
    networks = {"encoder": nn.Linear(3, 2), "decoder": nn.Linear(2, 3), "critic": nn.Linear(2, 1)}
    names = {network: name for name, network in networks.items()}
    expected = {
        "reconstruction": ["encoder", "decoder"],
        "discriminator": ["critic"],
        "regularization": ["encoder"],
    }
    found = written(answer(*networks.values()))
    require_keys(found, expected, "keys")
    for phase, moved in found.items():
        require(
            isinstance(moved, list | tuple | set)
            and all(any(part is network for network in names) for part in moved),
            f"For {phase} expected a list of the given networks, also of one.",
        )
    moves = {phase: {names[network] for network in moved} for phase, moved in found.items()}
    everything = all(moved == set(networks) for moved in moves.values())
    mistakes = {
        "Everything moves in every phase: then nobody plays against anybody.": everything,
        "The critic moves in the regularization: it would help the encoder that it should "
        "catch.": "critic" in moves["regularization"],
        "The decoder moves in the regularization: the encoder plays the generator's part, not "
        "the decoder.": "decoder" in moves["regularization"],
        "The encoder moves in the discriminator's phase: it would make itself easy to "
        "catch.": "encoder" in moves["discriminator"],
    } | {
        f"In the phase {phase} expected to move: {', '.join(right)}.": moves[phase] != set(right)
        for phase, right in expected.items()
    }
    require_none(mistakes)


@self_check
def make_critic(answer: Answer) -> None:
    """Check `answer(width)`: a module from codes (N, width) to logits (N, 1), not linear, in which
    the logit of a code depends on that code alone."""
    for width in 2, 5:
        critic = written(answer(width))
        require_module(critic)
        critic.train()
        codes, others = torch.randn(50, width), 5 + 3 * torch.randn(30, width)
        logits = written(critic(codes))
        require(
            logits.shape == (50, 1),
            f"Of codes {tuple(codes.shape)} the critic makes {tuple(logits.shape)}; expected one "
            "logit for each, (50, 1).",
        )
        _require_logits(critic, codes, others)
        ends = 10 * torch.randn(2, 50, width)
        straight = close(critic(ends.mean(0)), critic(ends).mean(0), rtol=1e-3, atol=1e-2)
        asking = codes.clone().requires_grad_()
        total = critic(asking).sum()
        slope = torch.autograd.grad(total, asking, allow_unused=True)[0] if total.grad_fn else None
        mistakes = {
            "Your critic is linear: it can draw one straight line, and not a ring. Expected a "
            "hidden layer, and ReLU or its like behind it.": straight,
            "The codes get no gradient through your critic, so the encoder could not learn from "
            "it: expected no detach and no torch.no_grad in it.": slope is None or not slope.any(),
        }
        require_none(mistakes)


@torch.no_grad()
def _require_logits(critic, codes, others):
    """That the critic judges each code by itself, in numbers of both signs."""
    once, again = critic(codes), critic(codes)
    among = critic(torch.cat([codes, others]))[: len(codes)]
    results = []
    for _ in range(20):  # with parameters that are large
        for parameter in critic.parameters():
            parameter.normal_()
        results.append(critic(10 * torch.randn(100, codes.shape[1])))
    least, most = torch.cat(results).aminmax()
    mistakes = {
        "The same codes got other logits when they came again: expected nothing random in the "
        "critic, no dropout.": not close(once, again, atol=1e-5),
        "The logit of a code depends on the others in its batch. Batch normalization does that: "
        "it takes from samples and codes their own mean and width, which the critic should "
        "compare. Leave it out.": not close(among, once, atol=1e-4),
        f"The critic's results all lie from {least:.2g} to {most:.2g}; expected logits, which may "
        "be any number: no sigmoid and no ReLU at the end.": not (least < 0 and most > 1),
    }
    require_none(mistakes)
