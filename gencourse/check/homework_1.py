"""Self-checks of homework 1, but for the training: that is in `homework_1_training`."""

import os
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from unittest.mock import patch

import torch
from torch import nn
from torch.nn.functional import relu

from gencourse.check.mistakes import close
from gencourse.check.networks import Flat, require_module
from gencourse.check.properties import as_numbers, shaped, written
from gencourse.check.report import Answer, Mistake, require, require_none, self_check


@self_check(seeds=True)
def repeatable(answer: Answer) -> None:
    """Check `answer(seed)`: seeds torch and turns its deterministic algorithms on."""
    with _switches_kept():
        torch.use_deterministic_algorithms(True)  # the first call puts a manual_seed of torch's own
    own = {name: getattr(torch, name) for name in ("manual_seed", "use_deterministic_algorithms")}

    def numbers_after(seed):
        answer(seed)
        for name, function in own.items():
            require(
                getattr(torch, name) is function,
                f"Your function puts something else into the place of torch.{name}: call it, with "
                "parentheses, instead of assigning to it.",
            )
        return torch.rand(8)

    with _switches_kept(), patch.dict(os.environ), patch.multiple(torch, **own):  # all put back
        torch.use_deterministic_algorithms(False)
        first, again, other = (numbers_after(seed) for seed in (7, 7, 8))
        on = torch.are_deterministic_algorithms_enabled()
    no_seed, same = not torch.equal(first, again), torch.equal(first, other)
    mistakes = {
        "Not written yet: the function neither seeds nor switches anything on.": no_seed and not on,
        "The deterministic algorithms are not switched on: call "
        "torch.use_deterministic_algorithms(True); without parentheses it is only named.": not on,
        "The same seed twice, and torch's numbers differ: call torch.manual_seed(seed).": no_seed,
        "Two seeds, and torch's numbers are the same: use the seed that is given.": same,
    }
    require_none(mistakes)


@contextmanager
def _switches_kept():
    """Restore whatever a function that promises repeatable runs may have switched."""
    cudnn = torch.backends.cudnn
    before = cudnn.deterministic, cudnn.benchmark
    on = torch.are_deterministic_algorithms_enabled()
    warn_only = torch.is_deterministic_algorithms_warn_only_enabled()
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(on, warn_only=warn_only)
        cudnn.deterministic, cudnn.benchmark = before


@self_check
def perceptron(answer: Answer) -> None:
    """Check `answer(sizes)`: a module, (N, sizes[0]) to (N, sizes[-1]), ReLU between its layers."""
    for sizes in [3, 8, 6, 2], [4, 3]:
        given = list(sizes)
        network = written(answer(given))
        require(
            given == sizes,
            f"The list of sizes was {sizes}, and your function made it {given}: read it, without "
            "pop or insert.",
        )
        require_module(network)
        layers = [part for part in network.modules() if isinstance(part, nn.Linear)]
        found = [(layer.in_features, layer.out_features) for layer in layers]
        expected = list(pairwise(sizes))
        got, wanted = (", ".join(f"{a}→{b}" for a, b in pairs) for pairs in (found, expected))
        other = sorted(found) != sorted(expected)
        no_bias = any(layer.bias is None for layer in layers)
        mistakes = {
            f"For the sizes {sizes} the module has {len(layers)} linear layers; expected "
            f"{len(expected)}.": len(layers) != len(expected),
            "A linear layer has no bias; expected one, as torch makes it.": no_bias,
            f"For the sizes {sizes} the linear layers are {got}; expected {wanted}.": other,
        }
        require_none(mistakes)
        _require_relu_between(network, [layers[found.index(pair)] for pair in expected], sizes)


@torch.no_grad()
def _require_relu_between(network, layers, sizes):
    """What comes out, when the weights are large enough to see it."""
    for parameter in network.parameters():
        parameter.normal_()
    inputs = 10 * torch.randn(100, sizes[0])
    found = shaped(network(inputs), (100, sizes[-1]))
    expected = layers[0](inputs)
    for layer in layers[1:]:
        expected = layer(relu(expected))
    halfway, between = ((rows[:50] + rows[50:]) / 2 for rows in (inputs, found))
    positive, straight = found.min() >= 0, close(network(halfway), between, atol=1e-2)
    linear, off = len(layers) > 1 and straight, not close(found, expected, rtol=1e-3, atol=1e-2)
    mistakes = {
        "What comes out is never negative: expected no ReLU after the last layer.": positive,
        "All your layers together are one linear map: expected ReLU between them.": linear,
        "Expected ReLU between the linear layers, after each but the last, and nothing else.": off,
    }
    require_none(mistakes)


@self_check
def principal(answer: Answer) -> None:
    """Check `answer(train, test, k)`: copies of test (M, D) from the k principal components of
    train (N, D)."""
    turn = torch.linalg.qr(torch.randn(6, 6))[0]
    train = torch.randn(200, 6) * torch.tensor([6.0, 4.0, 2.0, 0.2, 0.15, 0.1]) @ turn
    train = train + torch.arange(6.0)  # a mean of its own in each column
    test = torch.randn(40, 6) * torch.tensor([1.0, 4.0, 0.5, 3.0, 2.0, 2.0]) @ turn

    def copy(test, k=3, shift=0.0):
        found = as_numbers(written(answer(train + shift, test + shift, k)))
        require(
            found.shape == test.shape,
            f"For k = {k} and test of shape {tuple(test.shape)} the result has shape "
            f"{tuple(found.shape)}; expected that of test.",
        )
        return found

    same = partial(close, rtol=1e-3, atol=2e-2)
    found, some, moved = copy(test), copy(test[:20]), copy(test, shift=3.0)
    mistakes = {
        "The copy of one row depends on the other rows of test: take the mean and the components "
        "of train only.": not same(some, found[:20]),
        "The mean is subtracted and not added back to the copies.": same(moved, found),
        "If train and test are moved together, the copies do not move along: subtract the mean of "
        "train before all else, and add it back at the end.": not same(moved, found + 3),
    }
    require_none(mistakes)

    def is_projected(mean, kept):
        axes = torch.linalg.svd(train - mean, full_matrices=False).Vh[kept]
        return same(found, (test - mean) @ axes.T @ axes + mean)

    most, least = (is_projected(train.mean(0), kept) for kept in (slice(3), slice(3, None)))
    twice, whole = copy(found), copy(test, 6)
    one, three = ((copy(test, k) - test).square().mean() for k in (1, 3))
    mistakes = {
        "Copies of the copies differ from the copies: expected a projection, with components of "
        "length 1.": not same(twice, found),
        f"The error is {one:.3g} with k = 1 and {three:.3g} with k = 3: expected it to "
        "fall.": not three < 0.99 * one,
        "With k = D nothing is left out, yet the copies differ from test.": not same(whole, test),
        "You subtracted one mean of all numbers: each column has a mean of its own, "
        "mean(0).": is_projected(train.mean(), slice(3)),
        "These are the components of the least variance; expected those of the most.": least,
        "These are not the three components of train of most variance.": not most,
    }
    require_none(mistakes)


@self_check
def copies(answer: Answer) -> None:
    """Check `answer(encoder, decoder, images)`: copies (N, 1, 28, 28), pixels in [0, 1], where
    the encoder takes (N, 784) and the decoder gives logits (N, 784)."""
    encoder, decoder = Flat(784, 8), Flat(8, 784)
    with torch.no_grad():
        decoder.weight.normal_(0, 5)
    for n in 64, 7, 1:
        try:
            found = answer(encoder, decoder, torch.rand(n, 1, 28, 28))
        except RuntimeError as error:
            if n == 64 and "invalid for input of size" not in str(error):
                raise
            raise Mistake(
                f"Your function stops for {n} images: take their number from the images."
            ) from error
        numbers = as_numbers(written(found))
        require(
            numbers.shape != (n, 784),
            f"The copies are flat, ({n}, 784); expected ({n}, 1, 28, 28), the shape of the images.",
        )
        shaped(numbers, (n, 1, 28, 28), of=f"For {n} images the copies have")
    images = torch.rand(7, 1, 28, 28)
    found = answer(encoder, decoder, images)
    numbers = as_numbers(found)
    least, most = numbers.aminmax()
    others = torch.cat([images[:1], 1 - images[1:]])
    among = as_numbers(answer(encoder, decoder, others))
    expected = decoder(encoder(images.flatten(1))).sigmoid().reshape(7, 1, 28, 28)
    as_before = all(each.training and each.weight.requires_grad for each in (encoder, decoder))
    reached = as_before and getattr(found, "requires_grad", False)
    if reached:
        slope = torch.autograd.grad(found.sum(), encoder.weight, allow_unused=True)[0]
        reached = slope is not None
    right = close(numbers, expected, atol=1e-4)
    mistakes = {
        f"The pixels lie between {least:.3g} and {most:.3g}: the decoder gives logits, make them "
        "probabilities with a sigmoid.": not (least >= 0 and most <= 1),
        "A network is left frozen or in evaluation mode, and it was not: copying changes "
        "neither.": not as_before,
        "No gradient reaches the encoder: no detach, no_grad or numpy on the way.": not reached,
        "The copy of one image depends on the others of its batch: flatten(1) keeps them "
        "apart.": not close(numbers[0], among[0], atol=1e-4),
        "Expected the sigmoid of the decoder of the encoder of each image, row by row.": not right,
    }
    require_none(mistakes)
