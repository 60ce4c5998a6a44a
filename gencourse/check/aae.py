"""Self-checks of chapter 04."""

import torch
from torch import nn

from gencourse.check.game import critics_loss, players_loss
from gencourse.check.report import Answer, as_numbers, require, require_written, self_check


@self_check
def two_islands(answer: Answer) -> None:
    """Check `answer(n)`: codes (n, 2) of two even Gaussians at (±1.5, 0), deviation 0.3."""
    found = answer(2000)
    require_written(found)
    found = as_numbers(found)
    require(
        found.shape == (2000, 2),
        f"For n = 2000 the result has shape {tuple(found.shape)}; expected (2000, 2).",
    )
    x, y = found.T
    require(
        not torch.equal(found, as_numbers(answer(2000))),
        "Two calls give the same codes: a prior must draw anew.",
    )
    right = x > 0
    require(
        0.4 < right.float().mean() < 0.6,
        f"{right.float().mean():.0%} of the codes are on the right; expected about half.",
    )
    require(
        abs(x.abs().mean() - 1.5) < 0.1,
        f"The islands are at ±{x.abs().mean():.2f}; expected ±1.5.",
    )
    require(
        abs(y.mean()) < 0.1 and 0.2 < y.std() < 0.4,
        f"The second number has mean {y.mean():.2f} and deviation {y.std():.2f}; "
        "expected 0 and 0.3.",
    )
    require(
        all(0.2 < x[side].std() < 0.4 for side in (right, ~right)),
        f"An island is {x[right].std():.2f} wide; expected a standard deviation of 0.3.",
    )


@self_check
def divergence_from_logits(answer: Answer) -> None:
    """Check `answer(on_codes)`: KL(codes ‖ prior) in nats, from an ideal critic's logits."""
    logits = torch.tensor([-2.0, -1.0, 0.5])
    found = answer(logits)
    require_written(found)
    found = as_numbers(found)
    require(found.ndim == 0, f"The result has shape {tuple(found.shape)}; expected one number.")
    require(
        not torch.allclose(found, logits.mean()),
        "The sign is wrong: the logit is log prior − log codes, and a divergence is positive.",
    )
    require(
        not torch.allclose(found, -logits.sum()), "You summed; a divergence is a mean over codes."
    )
    require(
        not torch.allclose(found, -logits.sigmoid().log().mean()),
        "This is −log D, the encoder's loss. The divergence needs the logit itself.",
    )
    require(
        torch.allclose(found, -logits.mean()),
        f"For logits −2, −1 and ½ expected 0.833 nats; got {found:.3g}.",
    )


@self_check
def critic_loss(answer: Answer) -> None:
    """Check `answer(on_prior, on_codes)`: the critic's mean loss of logits, (N,) or (N, 1), in
    nats."""
    critics_loss(
        answer,
        swapped="a sample of the prior should pass as real, a code not.",
        half="the critic learns from samples of the prior and from codes.",
        things="codes",
    )


@self_check
def encoder_loss(answer: Answer) -> None:
    """Check `answer(on_codes)`: the mean of −log D of logits, (N,) or (N, 1), in nats."""
    players_loss(
        answer,
        swapped="the encoder wants its codes to pass as samples of the prior.",
        things="codes",
    )


@self_check
def phases(answer: Answer) -> None:
    """Check `answer(encoder, decoder, critic)`: a dict, from "reconstruction", "discriminator"
    and "regularization" to the list of the networks that this phase may move."""
    encoder, decoder, critic = networks = nn.Linear(3, 2), nn.Linear(2, 3), nn.Linear(2, 1)
    found = answer(*networks)
    require_written(found)
    expected = {
        "reconstruction": {encoder, decoder},
        "discriminator": {critic},
        "regularization": {encoder},
    }
    require(isinstance(found, dict), f"Expected a dict; got {type(found).__name__}.")
    require(
        set(found) == set(expected),
        f"The keys are {', '.join(map(str, found)) or 'none'}; expected {', '.join(expected)}.",
    )
    for name, moved in found.items():
        require(
            isinstance(moved, list | tuple | set)
            and all(any(part is network for network in networks) for part in moved),
            f"For {name} expected a list of the given networks, also of one.",
        )
    found = {name: set(moved) for name, moved in found.items()}
    require(
        any(moved != set(networks) for moved in found.values()),
        "Everything moves in every phase: then nobody plays against anybody.",
    )
    require(
        critic not in found["regularization"],
        "The critic moves in the regularization: it would help the encoder that it should catch.",
    )
    require(
        decoder not in found["regularization"],
        "The decoder moves in the regularization: the encoder plays the generator's part, not "
        "the decoder.",
    )
    require(
        encoder not in found["discriminator"],
        "The encoder moves in the discriminator's phase: it would make itself easy to catch.",
    )
    names = dict(zip(networks, ("encoder", "decoder", "critic"), strict=True))
    for phase, moves in expected.items():
        require(
            found[phase] == moves,
            f"In the phase {phase} expected to move: "
            f"{', '.join(names[network] for network in networks if network in moves)}.",
        )
