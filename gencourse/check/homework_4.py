"""Self-checks of homework 4, but for the training: that is in `homework_4_round`."""

import math

import torch
from torch import nn

from gencourse.check.adversarial_losses import require_discriminator_loss, require_generator_loss
from gencourse.check.mistakes import close, require_none
from gencourse.check.networks import require_module
from gencourse.check.priors import drawn, require_anew, require_torch
from gencourse.check.properties import require_keys, written
from gencourse.check.report import Answer, Mistake, require, self_check


@self_check
def critic_loss(answer: Answer) -> None:
    """Check `answer(on_prior, on_codes)`: the critic's mean loss of logits, (N,) or (N, 1), in
    nats."""
    require_discriminator_loss(
        answer,
        swapped="a sample of the prior should pass as real, a code not.",
        half="the critic learns from samples of the prior and from codes.",
        things="codes",
    )


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


@self_check
def heads_prior(answer: Answer) -> None:
    """Check `answer(n, classes)`: one-hot rows (n, classes), float32, each class as likely."""
    n, classes = 7000, 7
    found = drawn(answer, n, classes, classes)
    one_hot = ((found == 0) | (found == 1)).all() and (found.sum(1) == 1).all()
    require(one_hot, "A row is not one-hot: expected a single 1, and 0 for all other classes.")
    require_anew(found, drawn(answer, n, classes, classes))
    counts = found.sum(0)
    rare = int((counts - n / classes).abs().argmax())
    mistakes = {
        f"The class {int(counts.argmin())} is never drawn.": counts.min() == 0,
        f"Of {n} rows {int(counts[rare])} are of the class {rare}; expected about "
        f"{n // classes}.": abs(counts[rare] - n / classes) >= 200,
    }
    require_none(mistakes)
    for _ in range(3):
        drawn(answer, 2, 50, 50)  # fewer rows than classes, seldom with the last of them
    first, *others = (drawn(answer, 1, 50, 50) for _ in range(4))
    if all(torch.equal(other, first) for other in others):
        raise Mistake("A single row is always of the same class: draw the class of each row.")


@self_check
def ring_prior(answer: Answer) -> None:
    """Check `answer(n)`: points (n, 2), float32, at a uniform angle, their distance from 0
    Normal(1, 0.1), from torch's random numbers."""
    found = drawn(answer, 8000, 2)
    require(found.isfinite().all(), "Some numbers are not finite.")
    require_anew(found, drawn(answer, 8000, 2))
    angles, others = (torch.atan2(points[:, 1], points[:, 0]) for points in (found, answer(8000)))
    eighths = ((angles / (2 * math.pi)) % 1 * 8).long() % 8
    least, most = eighths.bincount(minlength=8).aminmax()
    kinds = (1000 * angles).round().unique().numel()
    distance = found.norm(dim=1)
    mean, deviation = distance.mean(), distance.std()
    within = ((distance - 1).abs() < 0.1).float().mean()
    anew = (angles - others).abs().median() > 1e-3
    mistakes = {
        "Part of the circle is empty: expected angles from 0 to 2π, one a point.": least == 0,
        f"One eighth of the circle has {most / 8000:.0%} of the points and another "
        f"{least / 8000:.0%}; expected about 12% in each.": least <= 800 or most >= 1200,
        f"There are only {kinds} different angles among 8000: any angle must be possible.": kinds
        <= 2000,
        "Two calls give the same angles: draw them at random, not in equal steps.": not anew,
        "All points are equally far from 0: the distance needs its noise.": deviation <= 0.02,
        f"The distance from 0 has standard deviation {deviation:.2f}; expected 0.1 (its "
        "square is the variance).": not 0.08 < deviation < 0.13,
        f"The distance from 0 is {mean:.2f} on average; expected 1.": abs(mean - 1) >= 0.03,
        f"{within:.0%} of the points are within one standard deviation of the ring; expected 68%, "
        "as a normal distribution has.": within <= 0.65,
    }
    require_none(mistakes)
    drawn(answer, 1, 2)
    require_torch(answer)
