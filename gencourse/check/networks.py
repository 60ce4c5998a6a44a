"""Self-checks of networks: what they are made of."""

from itertools import pairwise
from math import isclose

import torch
from torch import nn
from torch.nn import functional

from gencourse.check.properties import written
from gencourse.check.report import Answer, require, self_check

BLOCK = [nn.Linear, nn.BatchNorm1d, nn.LeakyReLU]


def require_module(network):
    """Raise Mistake unless it is a module that has parameters."""
    require(
        isinstance(network, nn.Module),
        f"Expected a module, for instance nn.Sequential; got {type(network).__name__}.",
    )
    require(
        list(network.parameters()),
        "The module has no parameters: layers in a plain list are not registered. Use "
        "nn.Sequential or nn.ModuleList.",
    )


def _tensors(module):
    """The set of all tensors of a module."""
    return {*module.parameters(), *module.buffers()}


@self_check
def perceptron(answer: Answer) -> None:
    """Check `answer(sizes)`: a module, (N, sizes[0]) to (N, sizes[-1]), ReLU between its layers."""
    for sizes in [3, 8, 6, 2], [4, 3]:
        given = list(sizes)
        network = answer(given)
        written(network)
        require(
            given == sizes,
            f"The list of sizes was {sizes}, and your function made it {given}: read it, without "
            "pop or insert.",
        )
        require_module(network)
        layers = [part for part in network.modules() if isinstance(part, nn.Linear)]
        expected = list(pairwise(sizes))
        require(
            len(layers) == len(expected),
            f"For the sizes {sizes} the module has {len(layers)} linear layers; expected "
            f"{len(expected)}.",
        )
        require(
            all(layer.bias is not None for layer in layers),
            "A linear layer has no bias; expected one, as torch makes it.",
        )
        found = [(layer.in_features, layer.out_features) for layer in layers]
        require(
            sorted(found) == sorted(expected),
            f"For the sizes {sizes} the linear layers are {_arrows(found)}; expected "
            f"{_arrows(expected)}.",
        )
        _compare(network, [layers[found.index(pair)] for pair in expected], sizes)


@torch.no_grad()
def _compare(network, layers, sizes):
    """What comes out, when the weights are large enough to see it."""
    for parameter in network.parameters():
        parameter.normal_()
    inputs = 10 * torch.randn(100, sizes[0])
    found, expected = network(inputs), inputs
    written(found)
    for layer in layers:
        expected = layer(expected if layer is layers[0] else functional.relu(expected))
    require(
        found.shape == expected.shape,
        f"The result has shape {tuple(found.shape)}; expected {tuple(expected.shape)}.",
    )
    require(
        found.min() < 0,
        "What comes out is never negative: expected no ReLU after the last layer.",
    )
    halfway = (inputs[:50] + inputs[50:]) / 2
    require(
        len(layers) == 1
        or not torch.allclose(network(halfway), (found[:50] + found[50:]) / 2, atol=1e-2),
        "All your layers together are one linear map: expected ReLU between them.",
    )
    require(
        torch.allclose(found, expected, rtol=1e-3, atol=1e-2),
        "Expected ReLU between the linear layers, after each but the last, and nothing else.",
    )


@self_check
def block(answer: Answer) -> None:
    """Check `answer(inputs, outputs)`: Linear, BatchNorm1d of momentum 0.2, LeakyReLU of slope
    0.2, in one module."""
    found = answer(5, 3)
    written(found)
    require(
        isinstance(found, nn.Module) and not isinstance(found, nn.ModuleList),
        f"Return one module, such as nn.Sequential; got {type(found).__name__}.",
    )
    layers = [
        part
        for part in found.modules()
        if not list(part.children()) and not isinstance(part, nn.Sequential)
    ]
    require(
        [type(layer) for layer in layers] == BLOCK,
        f"Expected {_names(BLOCK)}, in this order; got {_names(map(type, layers)) or 'nothing'}.",
    )
    linear, norm, leak = layers
    require(
        (linear.in_features, linear.out_features) == (5, 3) and norm.num_features == 3,
        f"For 5 inputs and 3 outputs the linear layer is {linear.in_features}→"
        f"{linear.out_features} and the norm has {norm.num_features}; expected 5→3 and 3.",
    )
    require(
        norm.eps < 0.01,
        f"The {norm.eps:g} became eps, the second argument of BatchNorm1d: write momentum=0.2.",
    )
    require(
        isclose(norm.momentum or 0, 0.2),
        f"The norm's momentum is {norm.momentum}; expected 0.2, the share of the new batch.",
    )
    require(
        isclose(leak.negative_slope, 0.2),
        f"The slope of LeakyReLU is {leak.negative_slope:g}; expected 0.2.",
    )
    require(
        norm.affine and norm.track_running_stats,
        "Leave the norm's other settings as torch sets them.",
    )
    require(
        found.training and norm.training,
        "The module is in evaluation mode, in which batch normalization takes no mean of a batch.",
    )
    require(
        not _tensors(found) & _tensors(answer(5, 3)),
        "Two blocks share a layer: make new layers in each call.",
    )
    points = torch.randn(20, 5)
    made = found(points)
    written(made)
    expected = leak(norm(linear(points)))
    require(
        made.shape == expected.shape and torch.allclose(made, expected, atol=1e-5),
        f"The module does not give what {_names(BLOCK)} give, one after the other.",
    )


def _arrows(pairs):
    return ", ".join(f"{a}→{b}" for a, b in pairs)


def _names(kinds):
    return ", ".join(kind.__name__ for kind in kinds)
