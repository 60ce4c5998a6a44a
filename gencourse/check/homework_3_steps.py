"""Self-checks of homework 3's steps of the two players of a GAN: who moves, and which way."""

import torch
from torch import nn
from torch.nn.functional import cosine_similarity, softplus

from gencourse.check.mistakes import close
from gencourse.check.networks import flat, require_left_alone, weights_of
from gencourse.check.optimizer import parameters_of
from gencourse.check.report import Answer, Mistake, require, require_none, self_check

RATE, SAMPLES = 1e-3, 16
REAL, MADE = 1, -1


@self_check
def discriminator_step(answer: Answer) -> None:
    """Check `answer(generator, discriminator, optimizer, real, codes)`: one step of the loss
    −log D(x) − log(1 − D(G(z))), means; images (N, 1, 28, 28), codes (N, 4), D's logits (N, 1).
    The optimizer holds the parameters of both networks."""
    game, moved = _moved(answer, "discriminator")
    move, dragged = moved["discriminator"], moved["generator"].any()
    right = _slope("discriminator", real_as=REAL, made_as=MADE)
    swapped = _slope("discriminator", real_as=MADE, made_as=REAL)
    halves = _slope("discriminator", real_as=REAL), _slope("discriminator", made_as=MADE)
    upwards = cosine_similarity(move, right, dim=0) >= 0.5
    mistakes = {
        "The discriminator's step moved the generator: detach the made images.": dragged,
        "The discriminator did not move: backward(), then optimizer.step().": not move.any(),
        "One half of the loss is missing: the discriminator learns from real and made images.": any(
            _along(move, half) for half in halves
        ),
        "The labels are swapped: real should pass as real.": _along(move, swapped),
        "The discriminator moved the wrong way: its loss would rise.": upwards,
        "The discriminator did not move along the slope of −log D(x) − log(1 − D(G(z))), for the "
        "given images and codes.": not _along(move, right),
    }
    require_none(mistakes)
    _require_length(move, right, 1.0, 0.5)
    _require_tidy(answer, "discriminator", game)


@self_check
def generator_step(answer: Answer) -> None:
    """Check `answer(generator, discriminator, optimizer, codes)`: one step of −log D(G(z)), a
    mean; codes (N, 4), images (N, 1, 28, 28), D's logits (N, 1). The optimizer holds the
    parameters of both networks."""
    try:
        game, moved = _moved(answer, "generator")
    except RuntimeError as error:
        if "does not require grad" not in str(error):
            raise
        raise Mistake(
            "No gradient reaches the generator: between codes and loss nothing may be detached, "
            "nor stand under no_grad."
        ) from error
    move, dragged = moved["generator"], moved["discriminator"].any()
    right, saturating = _slope("generator", made_as=REAL), -_slope("generator", made_as=MADE)
    saturates = _along(move, saturating)
    mistakes = {
        "The generator did not move: leave the made images their gradient, call backward(), then "
        "optimizer.step().": not move.any(),
        "The generator's step moved the discriminator: freeze it with "
        "requires_grad_(False).": dragged,
        "The generator moved the wrong way: its images should pass as real more often, not "
        "less.": _along(-move, right) or _along(-move, saturating),
        "This is a step of the saturating loss, log(1 − D): expected −log D.": saturates,
        "The generator did not move along the slope of −log D(G(z)), for the given "
        "codes.": not _along(move, right),
    }
    require_none(mistakes)
    _require_length(move, right, 1.0)
    _require_tidy(answer, "generator", game)


class _Game:
    """Two small players, an optimizer that holds both, images and codes: each time the same."""

    def __init__(self):
        torch.manual_seed(0)
        layers = nn.Linear(4, 784), nn.Linear(784, 8), nn.Linear(8, 1)
        self.generator = nn.Sequential(layers[0], nn.Sigmoid(), nn.Unflatten(1, (1, 28, 28)))
        self.discriminator = nn.Sequential(nn.Flatten(), layers[1], nn.Tanh(), layers[2])
        with torch.no_grad():  # so that D is sure of some images and not of others
            layers[2].weight.mul_(5)
        self.players = {"generator": self.generator, "discriminator": self.discriminator}
        self.real, self.codes = torch.rand(SAMPLES, 1, 28, 28), 3 * torch.randn(SAMPLES, 4)
        self.given = {"generator": (self.codes,), "discriminator": (self.real, self.codes)}
        self.parameters = [p for player in self.players.values() for p in player.parameters()]
        self.optimizer = torch.optim.SGD(self.parameters, lr=RATE)
        self.done: list[str] = []
        self.discriminator.register_forward_hook(lambda *_: self.done.append("call"))
        self.optimizer.register_step_post_hook(lambda *_: self.done.append("step"))


def _slope(player, real_as=0, made_as=0):
    """The gradient of a player, flat, of −log D where images should pass as REAL, and of
    −log(1 − D) where as MADE, means; real_as, made_as: 0 if these images are left out."""
    game = _Game()
    on_real, on_made = game.discriminator(game.real), game.discriminator(game.generator(game.codes))
    loss = abs(real_as) * softplus(-real_as * on_real).mean()
    loss = loss + abs(made_as) * softplus(-made_as * on_made).mean()
    return flat(torch.autograd.grad(loss, list(game.players[player].parameters())))


def _moved(answer, player, stale=False):
    """The game after the answer's step, and how far each player's parameters moved in it."""
    game = _Game()
    if stale:
        for parameter in game.parameters:
            parameter.grad = torch.ones_like(parameter)
    before = weights_of(game.players)
    answer(*game.players.values(), game.optimizer, *game.given[player])
    moved = {name: now - before[name] for name, now in weights_of(game.players).items()}
    steps, anybody = game.done.count("step"), any(move.any() for move in moved.values())
    something = game.done or anybody
    not_one = steps != 1 and (steps or anybody)
    mistakes = {
        f"Not written yet: the {player}'s step does nothing.": not something,
        f"The given optimizer took {steps} steps; expected one, and no other optimizer.": not_one,
    }
    require_none(mistakes)
    return game, moved


def _along(move, slope):
    """Whether a move goes down this slope; how far does not matter."""
    return cosine_similarity(move, -slope, dim=0) > 0.9999


def _require_length(move, slope, *shares):
    """That a step is as long as the learning rate says, or so much of it."""
    length = (move.norm() / slope.norm() / RATE).item()
    require(
        any(abs(length - share) < 0.02 for share in shares),
        f"The direction is right, but the step is {length:.3g} times as long as expected: the "
        f"loss is a mean over the samples, and they were {SAMPLES}.",
    )


def _require_tidy(answer, player, game):
    """No gradient of another step in it, and nobody and nothing left otherwise than it was."""
    if parameters_of(game.optimizer) != set(game.parameters):
        raise Mistake("The optimizer no longer holds what it held: leave its param_groups alone.")
    for name, network in game.players.items():
        require_left_alone(network, f"The {name}", "the step")
    again, _ = _moved(answer, player, stale=True)
    require(
        close(flat(again.parameters), flat(game.parameters), atol=1e-6),
        "Gradients from before this step moved a network: call optimizer.zero_grad() before "
        "backward().",
    )
