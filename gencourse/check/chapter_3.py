"""Self-checks of chapter 3, which homework 3 uses too."""

from gencourse.check.adversarial_losses import require_discriminator_loss, require_generator_loss
from gencourse.check.report import Answer, self_check


@self_check
def discriminator_loss(answer: Answer) -> None:
    """Check `answer(on_real, on_made)`: the mean loss of logits, (N,) or (N, 1), in nats."""
    require_discriminator_loss(
        answer,
        swapped="real should pass as real.",
        half="the discriminator learns from real and from made samples.",
        things="samples",
    )


@self_check
def generator_loss(answer: Answer) -> None:
    """Check `answer(on_made)`: the mean of −log D of logits, (N,) or (N, 1), in nats."""
    require_generator_loss(
        answer, swapped="the generator wants its samples to pass as real.", things="samples"
    )
