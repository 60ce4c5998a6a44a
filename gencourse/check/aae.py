"""Self-checks of chapter 04."""

from torch import nn

from gencourse.check.adversarial_losses import require_discriminator_loss, require_generator_loss
from gencourse.check.properties import written
from gencourse.check.report import Answer, require, self_check


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
    require_generator_loss(
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
    written(found)
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
