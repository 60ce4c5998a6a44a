"""Self-checks of homework 3; the losses are in `chapter_3`."""

from math import isclose
from typing import Any

import torch
from torch import nn
from torch.nn.functional import cosine_similarity, softplus

from gencourse.check.mistakes import close
from gencourse.check.networks import flat, parameters_of, require_left_alone, weights_of
from gencourse.check.optimizer import require_defaults, require_learning_rate
from gencourse.check.properties import one_number, written
from gencourse.check.report import Answer, Mistake, require, require_none, self_check

RATE, SAMPLES = 1e-3, 16
REAL, MADE = 1, -1


@self_check
def block(answer: Answer) -> None:
    """Check `answer(inputs, outputs)`: Linear, BatchNorm1d of momentum 0.2, LeakyReLU of slope
    0.2, in one module."""
    found = written(answer(5, 3))
    if not isinstance(found, nn.Module) or isinstance(found, nn.ModuleList):
        raise Mistake(f"Return one module, such as nn.Sequential; got {type(found).__name__}.")
    parts = [part for part in found.modules() if not isinstance(part, nn.Sequential)]
    layers: list[Any] = [part for part in parts if not list(part.children())]
    kinds = [type(layer) for layer in layers]
    names = ", ".join(kind.__name__ for kind in kinds) or "nothing"
    if kinds != [nn.Linear, nn.BatchNorm1d, nn.LeakyReLU]:
        raise Mistake(f"Expected Linear, BatchNorm1d, LeakyReLU, in this order; got {names}.")
    linear, norm, leak = layers
    sizes = linear.in_features, linear.out_features, norm.num_features
    momentum, slope = norm.momentum, leak.negative_slope
    as_usual = norm.affine and norm.track_running_stats
    first, second = ({*each.parameters(), *each.buffers()} for each in (found, answer(5, 3)))
    mistakes = {
        f"For 5 inputs and 3 outputs the linear layer is {sizes[0]}→{sizes[1]} and the norm has "
        f"{sizes[2]}; expected 5→3 and 3.": sizes != (5, 3, 3),
        f"The {norm.eps:g} became eps, the second argument of BatchNorm1d: write "
        "momentum=0.2.": norm.eps >= 0.01,
        f"The norm's momentum is {momentum}; expected 0.2, the share of the new "
        "batch.": not isclose(momentum or 0, 0.2),
        f"The slope of LeakyReLU is {slope:g}; expected 0.2.": not isclose(slope, 0.2),
        "Leave the norm's other settings as torch sets them.": not as_usual,
        "The module is in evaluation mode, in which batch normalization takes no mean of a "
        "batch.": not found.training or not norm.training,
        "Two blocks share a layer: make new layers in each call.": first & second,
    }
    require_none(mistakes)
    points = torch.randn(20, 5)
    made, expected = written(found(points)), leak(norm(linear(points)))
    if made.shape != expected.shape or not close(made, expected, atol=1e-5):
        raise Mistake(
            "The module does not give what Linear, BatchNorm1d, LeakyReLU give, one after the "
            "other."
        )


@self_check
def optimizers(answer: Answer) -> None:
    """Check `answer(generator, discriminator)`: an Adam for each, in this order, with learning
    rate 0.001 and beta1 = 0.5."""
    layers = [nn.Linear(*sizes) for sizes in ((2, 3), (3, 4), (4, 1))]
    networks = layers[0], nn.Sequential(layers[1], nn.ReLU(), layers[2])
    found = written(answer(*networks))
    if not isinstance(found, list | tuple) or len(found) != 2:
        raise Mistake("Expected two optimizers: the generator's and the discriminator's.")
    for optimizer in found:
        kind = type(optimizer)
        require(kind is torch.optim.Adam, f"Expected Adam; got {kind.__name__}.")
    held = [parameters_of(optimizer) for optimizer in found]
    own = [set(network.parameters()) for network in networks]
    require(held != own[::-1], "They are swapped: expected the generator's optimizer first.")
    for name, holds, needs in zip(("generator", "discriminator"), held, own, strict=True):
        mistakes = {
            f"The {name}'s optimizer holds tensors of neither network, copies perhaps: take "
            "network.parameters() itself.": holds - (own[0] | own[1]),
            f"The {name}'s optimizer also holds the other network's parameters. If a filter chose "
            "them: is it true for all?": holds - needs,
            f"The {name}'s optimizer holds {len(holds)} of its {len(needs)} tensors of "
            "parameters; expected all.": needs - holds,
        }
        require_none(mistakes)
    for optimizer in found:
        for group in optimizer.param_groups:
            beta1, beta2 = group["betas"]
            require(beta1 == 0.5, f"beta1 is {beta1:g}; expected 0.5, the first of the betas.")
            require(beta2 >= 0.9, f"beta2 is {beta2:g}; expected 0.9 or more: 0.999 is usual.")
            require_learning_rate(group, 1e-3)
        require_defaults(optimizer)


@self_check
def modes(answer: Answer) -> None:
    """Check `answer(points, centres, sd)`: how many centres (K, 2) have at least N / (10 K) of
    the points (N, 2) that are nearest to them within 3 sd."""
    corners = torch.tensor([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0], [10.0, 10.0]])
    neighbours = torch.tensor([[0.0, 0.0], [1.0, 0.0], [10.0, 0.0], [0.0, 10.0]])

    def count(points, centres):
        return one_number(answer(points, centres, 0.5))

    def around(centres, numbers, distance=0.3, towards=(-1.0, 0.0)):
        """The count for so many points at a distance from each centre; the first's are near."""
        distances = torch.tensor([0.3] + (len(centres) - 1) * [distance])
        places = centres + distances[:, None] * torch.tensor(towards)
        return count(places.repeat_interleave(torch.tensor(numbers), 0), centres)

    even, stray = around(corners, [20, 20, 20, 20]), around(corners, [40, 38, 1, 1])
    exact = around(corners, [38, 40, 2, 0])
    within, beyond = (around(corners, [40, 40, 0, 0], distance) for distance in (1.3, 2.0))
    wide = beyond == 2
    shared, second = (around(neighbours, numbers) for numbers in ([80, 0, 0, 0], [40, 40, 0, 0]))
    mistakes = {
        f"Four centres with 20 points each close by: expected 4; got {even:g}.": even != 4,
        "One stray point is enough for you; a centre needs N / (10 K) points, here 2.": stray == 4,
        "A centre with exactly N / (10 K) points, here 2, counts as well, and one with none "
        f"does not: expected 3; got {exact:g}.": exact != 3,
        "Points 2.6 sd from their centre do not count for you: the bound is 3 sd, for the distance "
        "itself and not its square.": within == 1,
        "Points 4 sd from their centre count for you; measure the distance in units of sd.": wide,
        "Two centres that are close share their points; count each for its nearest centre "
        "only.": shared == 2,
        "Points that lie nearest to one of two close centres count for the other one with you; "
        "count each for its nearest centre.": second != 2,
    }
    require_none(mistakes)
    three, twelve = corners[:3], torch.cat([corners, corners + 30, corners + 60])
    stacked = three.repeat_interleave(torch.tensor([91, 6, 2]), 0)
    far = torch.cat([corners[:1].repeat(19, 1), corners[1:2], corners[:1].repeat(60, 1) + 4.0])
    uneven, good = count(torch.cat([three + 0.1, stacked]), three), count(far, corners)
    many = count(twelve.repeat(5, 1) + 0.1, twelve)
    mistakes = {
        "Three centres, 102 points, 3 of them at the last: it needs N / (10 K) = 3.4, so 2 are "
        f"covered; got {uneven:g}. Take N and K from the points and the centres, and round "
        "nothing.": uneven != 2,
        f"Twelve centres with points at each: expected 12; got {many:g}.": many != 12,
        "Of 80 points 60 are far from all centres, and 1 at the second: it needs N / (10 K) = 2 of "
        f"all points, not of the good ones. Expected 1; got {good:g}.": good != 1,
    }
    require_none(mistakes)
    for expected, numbers, distance in (2, [60, 20, 0, 0], 1.4), (1, [40, 40, 0, 0], 1.6):
        found = around(corners, numbers, distance)
        aslant = around(corners, [40, 40, 0, 0], distance, (-(0.5**0.5), 0.5**0.5))
        mistakes = {
            f"With 3 sd = 1.5, and 80 points at distance 0.3 or {distance} from two of four "
            f"centres, expected {expected}; got {found:g}.": found != expected,
            f"With 3 sd = 1.5, points {distance} away from their centre aslant give {aslant:g}; "
            f"expected {expected}: the distance is that of Pythagoras.": aslant != expected,
        }
        require_none(mistakes)


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
    either_half = any(_along(move, half) for half in halves)
    upwards = cosine_similarity(move, right, dim=0) >= 0.5
    mistakes = {
        "The discriminator's step moved the generator: detach the made images.": dragged,
        "The discriminator did not move: backward(), then optimizer.step().": not move.any(),
        "One half of the loss is missing: the discriminator learns from real and made "
        "images.": either_half,
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
    nothing = not game.done and not anybody
    not_one = steps != 1 and (steps or anybody)
    mistakes = {
        f"Not written yet: the {player}'s step does nothing.": nothing,
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
