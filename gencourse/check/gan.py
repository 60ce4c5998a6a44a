"""Self-checks of chapter 03."""

import torch
from torch.optim import Adam

from gencourse.check.optimizer import parameters_of, require_defaults
from gencourse.check.properties import as_numbers, written
from gencourse.check.report import Answer, require, self_check


@self_check
def optimizers(answer: Answer) -> None:
    """Check `answer(generator, discriminator)`: an Adam for each, in this order, with learning
    rate 0.001 and beta1 = 0.5."""
    layers = [torch.nn.Linear(*sizes) for sizes in ((2, 3), (3, 4), (4, 1))]
    networks = layers[0], torch.nn.Sequential(layers[1], torch.nn.ReLU(), layers[2])
    found = answer(*networks)
    written(found)
    require(
        isinstance(found, list | tuple) and len(found) == 2,
        "Expected two optimizers: the generator's and the discriminator's.",
    )
    for optimizer in found:
        require(type(optimizer) is Adam, f"Expected Adam; got {type(optimizer).__name__}.")
    held = [parameters_of(optimizer) for optimizer in found]
    own = [set(network.parameters()) for network in networks]
    require(held != own[::-1], "They are swapped: expected the generator's optimizer first.")
    for name, holds, needs in zip(("generator", "discriminator"), held, own, strict=True):
        require(
            not holds - set.union(*own),
            f"The {name}'s optimizer holds tensors of neither network, copies perhaps: take "
            "network.parameters() itself.",
        )
        require(
            not holds - needs,
            f"The {name}'s optimizer also holds the other network's parameters. If a filter chose "
            "them: is it true for all?",
        )
        require(
            holds == needs,
            f"The {name}'s optimizer holds {len(holds)} of its {len(needs)} tensors of "
            "parameters; expected all.",
        )
    for optimizer in found:
        for group in optimizer.param_groups:
            require(
                group["betas"][0] == 0.5,
                f"beta1 is {group['betas'][0]:g}; expected 0.5, the first of the betas.",
            )
            require(
                group["betas"][1] >= 0.9,
                f"beta2 is {group['betas'][1]:g}; expected 0.9 or more: 0.999 is usual.",
            )
            require(
                abs(group["lr"] - 1e-3) < 1e-9,
                f"The learning rate is {group['lr']:g}; expected 0.001.",
            )
        require_defaults(optimizer)


@self_check
def modes(answer: Answer) -> None:
    """Check `answer(points, centres, sd)`: how many centres (K, 2) have at least N / (10 K) of
    the points (N, 2) that are nearest to them within 3 sd."""
    corners = torch.tensor([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0], [10.0, 10.0]])
    close = torch.tensor([[0.0, 0.0], [1.0, 0.0], [10.0, 0.0], [0.0, 10.0]])

    def look(centres, numbers, distance, towards=(-1.0, 0.0)):
        """The answer for so many points at a distance from each centre; the first's are near."""
        distances = torch.tensor([0.3] + (len(centres) - 1) * [distance])
        places = centres + distances[:, None] * torch.tensor(towards)
        found = answer(places.repeat_interleave(torch.tensor(numbers), 0), centres, 0.5)
        written(found)
        found = as_numbers(found)
        require(found.ndim == 0, f"The result has shape {tuple(found.shape)}; expected one number.")
        return found

    found = look(corners, [20, 20, 20, 20], 0.3)
    require(
        found == 4,
        f"Four centres with 20 points each close by: expected 4; got {found:g}.",
    )
    require(
        look(corners, [40, 38, 1, 1], 0.3) != 4,
        "One stray point is enough for you; a centre needs N / (10 K) points, here 2.",
    )
    require(
        look(corners, [38, 40, 2, 0], 0.3) == 3,
        "A centre with exactly N / (10 K) points, here 2, counts as well, and one with none "
        f"does not: expected 3; got {look(corners, [38, 40, 2, 0], 0.3):g}.",
    )
    require(
        look(corners, [40, 40, 0, 0], 1.3) != 1,
        "Points 2.6 sd from their centre do not count for you: the bound is 3 sd, for the distance "
        "itself and not its square.",
    )
    require(
        look(corners, [40, 40, 0, 0], 2.0) != 2,
        "Points 4 sd from their centre count for you; measure the distance in units of sd.",
    )
    require(
        look(close, [80, 0, 0, 0], 0.3) != 2,
        "Two centres that are close share their points; count each for its nearest centre only.",
    )
    require(
        look(close, [40, 40, 0, 0], 0.3) == 2,
        "Points that lie nearest to one of two close centres count for the other one with you; "
        "count each for its nearest centre.",
    )
    three = torch.cat([corners[:3] + 0.1, corners[:1].repeat(91, 1), corners[1:2].repeat(6, 1)])
    found = as_numbers(
        answer(torch.cat([three, corners[2:3].repeat(2, 1)])[:102], corners[:3], 0.5)
    )
    require(
        found == 2,
        "Three centres, 102 points, 3 of them at the last: it needs N / (10 K) = 3.4, so 2 are "
        f"covered; got {found:g}. Take N and K from the points and the centres, and round nothing.",
    )
    many = torch.cat([corners, corners + 30, corners + 60])
    found = as_numbers(answer(many.repeat(5, 1) + 0.1, many, 0.5))
    require(found == 12, f"Twelve centres with points at each: expected 12; got {found:g}.")
    far = torch.cat([corners[:1].repeat(19, 1), corners[1:2], corners[:1].repeat(60, 1) + 4.0])
    found = as_numbers(answer(far, corners, 0.5))
    require(
        found == 1,
        "Of 80 points 60 are far from all centres, and 1 at the second: it needs N / (10 K) = 2 of "
        f"all points, not of the good ones. Expected 1; got {found:g}.",
    )
    for expected, numbers, distance in (2, [60, 20, 0, 0], 1.4), (1, [40, 40, 0, 0], 1.6):
        found = look(corners, numbers, distance)
        require(
            found == expected,
            f"With 3 sd = 1.5, and 80 points at distance 0.3 or {distance} from two of four "
            f"centres, expected {expected}; got {found:g}.",
        )
    for expected, distance in (2, 1.4), (1, 1.6):
        found = look(corners, [40, 40, 0, 0], distance, (-(0.5**0.5), 0.5**0.5))
        require(
            found == expected,
            f"With 3 sd = 1.5, points {distance} away from their centre aslant give {found:g}; "
            f"expected {expected}: the distance is that of Pythagoras.",
        )
