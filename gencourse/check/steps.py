"""Self-checks of one step of the two players of a GAN: who moves, and which way."""

import torch
from torch import nn
from torch.nn import functional

from gencourse.check.report import Answer, Mistake, require, self_check

RATE = 1e-3
SAMPLES = 16
NAMES = "generator", "discriminator"


class _Table:
    """Two small players, an optimizer that holds both, images and codes: each time the same."""

    def __init__(self):
        torch.manual_seed(0)
        self.generator = nn.Sequential(
            nn.Linear(4, 784), nn.Sigmoid(), nn.Unflatten(1, (1, 28, 28))
        )
        self.discriminator = nn.Sequential(
            nn.Flatten(), nn.Linear(784, 8), nn.Tanh(), nn.Linear(8, 1)
        )
        with torch.no_grad():  # so that D is sure of some images and not of others
            self.discriminator[-1].weight.mul_(5)
        self.real, self.codes = torch.rand(SAMPLES, 1, 28, 28), 3 * torch.randn(SAMPLES, 4)
        both = [*self.generator.parameters(), *self.discriminator.parameters()]
        self.optimizer = torch.optim.SGD(both, lr=RATE)
        self.calls = self.steps = 0
        self.discriminator.register_forward_hook(self._called)
        self.optimizer.register_step_post_hook(self._stepped)

    def _called(self, *_):
        self.calls += 1

    def _stepped(self, *_):
        self.steps += 1

    def weights(self):
        """The parameters of each player, in one flat tensor a player."""
        players = self.generator, self.discriminator
        return [nn.utils.parameters_to_vector(player.parameters()).detach() for player in players]

    def losses(self):
        """−log D(x), −log(1 − D(G(z))), −log D(G(z)) and −log(1 − D(x)), means."""
        on_real, on_made = (
            self.discriminator(images) for images in (self.real, self.generator(self.codes))
        )
        terms = -on_real, on_made, -on_made, on_real
        return torch.stack([functional.softplus(term).mean() for term in terms])

    def slope(self, player, *weights):
        """The slope of the weighted sum of the losses in a player's parameters, flat."""
        loss = (self.losses() * torch.tensor(weights)).sum()
        slopes = torch.autograd.grad(loss, list(player.parameters()))
        return torch.cat([slope.flatten() for slope in slopes])


@self_check
def discriminator_step(answer: Answer) -> None:
    """Check `answer(generator, discriminator, optimizer, real, codes)`: one step of the loss
    −log D(x) − log(1 − D(G(z))), means; images (N, 1, 28, 28), codes (N, 4), D's logits (N, 1).
    The optimizer holds the parameters of both networks."""
    table, moves = _watched(answer, "discriminator", lambda t: (t.real, t.codes))
    require(
        not moves[0].any(),
        "The discriminator's step moved the generator: detach the made images.",
    )
    _require_one_step(table, moves[1])
    require(
        moves[1].any(),
        "The discriminator did not move: backward(), then optimizer.step().",
    )
    fresh = _Table()
    right = fresh.slope(fresh.discriminator, 1.0, 1.0, 0.0, 0.0)
    for half in (1.0, 0.0, 0.0, 0.0), (0.0, 1.0, 0.0, 0.0):
        require(
            not _along(moves[1], fresh.slope(fresh.discriminator, *half)),
            "One half of the loss is missing: the discriminator learns from real and made images.",
        )
    require(
        not _along(moves[1], fresh.slope(fresh.discriminator, 0.0, 0.0, 1.0, 1.0)),
        "The labels are swapped: real should pass as real.",
    )
    require(
        functional.cosine_similarity(moves[1], right, dim=0) < 0.5,
        "The discriminator moved the wrong way: its loss would rise.",
    )
    require(
        _along(moves[1], right),
        "The discriminator did not move along the slope of −log D(x) − log(1 − D(G(z))), for the "
        "given images and codes.",
    )
    _require_length(moves[1], right, 1.0, 0.5)
    _require_tidy(answer, "discriminator", lambda t: (t.real, t.codes), table)


@self_check
def generator_step(answer: Answer) -> None:
    """Check `answer(generator, discriminator, optimizer, codes)`: one step of −log D(G(z)), a
    mean; codes (N, 4), images (N, 1, 28, 28), D's logits (N, 1). The optimizer holds the
    parameters of both networks."""
    try:
        table, moves = _watched(answer, "generator", lambda t: (t.codes,))
    except RuntimeError as error:
        if "does not require grad" not in str(error):
            raise
        raise Mistake(
            "No gradient reaches the generator: between codes and loss nothing may be detached, "
            "nor stand under no_grad."
        ) from error
    _require_one_step(table, moves[0])
    require(
        moves[0].any(),
        "The generator did not move: leave the made images their gradient, call backward(), then "
        "optimizer.step().",
    )
    require(
        not moves[1].any(),
        "The generator's step moved the discriminator: freeze it with requires_grad_(False).",
    )
    fresh = _Table()
    right = fresh.slope(fresh.generator, 0.0, 0.0, 1.0, 0.0)
    saturating = -fresh.slope(fresh.generator, 0.0, 1.0, 0.0, 0.0)
    require(
        not _along(moves[0], -right) and not _along(moves[0], -saturating),
        "The generator moved the wrong way: its images should pass as real more often, not less.",
    )
    require(
        not _along(moves[0], saturating),
        "This is a step of the saturating loss, log(1 − D): expected −log D.",
    )
    require(
        _along(moves[0], right),
        "The generator did not move along the slope of −log D(G(z)), for the given codes.",
    )
    _require_length(moves[0], right, 1.0)
    _require_tidy(answer, "generator", lambda t: (t.codes,), table)


def _watched(answer, player, given, stale=False):
    """The table after the answer's step, and how far each player's parameters moved."""
    table = _Table()
    parameters = [*table.generator.parameters(), *table.discriminator.parameters()]
    if stale:
        for parameter in parameters:
            parameter.grad = torch.ones_like(parameter)
    before = table.weights()
    answer(table.generator, table.discriminator, table.optimizer, *given(table))
    moves = [now - old for now, old in zip(table.weights(), before, strict=True)]
    require(
        table.calls or table.steps or any(move.any() for move in moves),
        f"Not written yet: the {player}'s step does nothing.",
    )
    return table, moves


def _along(move, slope):
    """Whether a move goes down this slope; how far does not matter."""
    return functional.cosine_similarity(move, -slope, dim=0) > 0.9999


def _require_one_step(table, move):
    require(
        table.steps == 1 or not (table.steps or move.any()),
        f"The given optimizer took {table.steps} steps; expected one, and no other optimizer.",
    )


def _require_length(move, slope, *shares):
    """That a step is as long as the learning rate says, or so much of it."""
    length = (move.norm() / slope.norm() / RATE).item()
    require(
        any(abs(length - share) < 0.02 for share in shares),
        f"The direction is right, but the step is {length:.3g} times as long as expected: the "
        f"loss is a mean over the samples, and they were {SAMPLES}.",
    )


def _require_tidy(answer, player, given, table):
    """No gradient of another step in it, and nobody and nothing left otherwise than it was."""
    held = {id(p) for group in table.optimizer.param_groups for p in group["params"]}
    players = table.generator, table.discriminator
    require(
        held == {id(p) for player in players for p in player.parameters()},
        "The optimizer no longer holds what it held: leave its param_groups alone.",
    )
    for name in NAMES:
        require(
            getattr(table, name).training,
            f"The {name} is left in evaluation mode, and it was in training mode.",
        )
        require(
            all(parameter.requires_grad for parameter in getattr(table, name).parameters()),
            f"The {name} is left frozen: call requires_grad_(True) after the step.",
        )
    again, _ = _watched(answer, player, given, stale=True)
    require(
        all(
            torch.allclose(a, b, atol=1e-6)
            for a, b in zip(again.weights(), table.weights(), strict=True)
        ),
        "Gradients from before this step moved a network: call optimizer.zero_grad() before "
        "backward().",
    )
