"""Self-checks of homework 3; the losses are in `chapter_3`, the steps in `homework_3_steps`."""

from math import isclose
from typing import Any

import torch
from torch import nn

from gencourse.check.mistakes import close
from gencourse.check.optimizer import parameters_of, require_defaults, require_learning_rate
from gencourse.check.properties import one_number, written
from gencourse.check.report import Answer, Mistake, require, require_none, self_check

LAYERS = [nn.Linear, nn.BatchNorm1d, nn.LeakyReLU]


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
    require(
        kinds == LAYERS,
        f"Expected {_names(LAYERS)}, in this order; got {_names(kinds) or 'nothing'}.",
    )
    linear, norm, leak = layers
    sizes = linear.in_features, linear.out_features, norm.num_features
    momentum, slope = norm.momentum, leak.negative_slope
    as_usual = norm.affine and norm.track_running_stats
    shared = _tensors(found) & _tensors(answer(5, 3))
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
        "Two blocks share a layer: make new layers in each call.": shared,
    }
    require_none(mistakes)
    points = torch.randn(20, 5)
    made, expected = written(found(points)), leak(norm(linear(points)))
    if made.shape != expected.shape or not close(made, expected, atol=1e-5):
        raise Mistake(f"The module does not give what {_names(LAYERS)} give, one after the other.")


def _names(kinds):
    return ", ".join(kind.__name__ for kind in kinds)


def _tensors(module):
    return {*module.parameters(), *module.buffers()}


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
