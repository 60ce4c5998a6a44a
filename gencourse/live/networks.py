"""What a page needs of a network: its layers in words, its weights in bytes (networks.js)."""

import base64
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from gencourse.weights.eight_bits import in_eight_bits, rounded

SCRIPT = Path(__file__).with_name("networks.js").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Packed:
    """A network as it travels in a page.

    layers: such as ["linear", 2, 64] and ["relu"].
    weights: an address that holds them all.
    """

    layers: list[list[str | int]]
    weights: str


def packed(network: nn.Module, name: str) -> Packed:
    """Linear layers and rectifiers, one after another; the weights in eight bits.

    network: nn.Sequential, or a network of the course, whose `layers` are one.
    name: what it is called, for the message.

    Raises:
        ValueError: it has other layers.
    """
    layers: list[list[str | int]] = []
    content = b""
    for layer in layers_of(network, name):
        if isinstance(layer, nn.Linear):
            layers.append(["linear", layer.in_features, layer.out_features])
            whole, scales = in_eight_bits(layer.weight)
            content += whole.cpu().numpy().tobytes() + half_bytes(scales) + half_bytes(_bias(layer))
        elif isinstance(layer, nn.ReLU):
            layers.append(["relu"])
        elif not isinstance(layer, nn.Flatten | nn.Unflatten):  # numbers have no shape in a page
            raise _refused(name, type(layer).__name__)
    return Packed(layers, address(content))


def as_the_page_has_it(network: nn.Module, name: str, inputs: torch.Tensor) -> torch.Tensor:
    """What the packed network makes of `inputs` (N, …), (N, outputs), computed here.

    Raises:
        ValueError: as `packed`.
    """
    numbers = inputs
    for layer in layers_of(network, name):
        if isinstance(layer, nn.Linear):
            numbers = nn.functional.linear(numbers, rounded(layer.weight), _bias(layer))
        elif isinstance(layer, nn.ReLU):
            numbers = numbers.relu()
        else:
            numbers = numbers.flatten(1)
    return numbers


def half_bytes(numbers: torch.Tensor) -> bytes:
    """The numbers in half precision, one after another, the lower byte first."""
    return numbers.detach().cpu().numpy().astype("<f2").tobytes()


def address(content: bytes, kind: str = "") -> str:
    """The address that holds these bytes, of such a kind as image/png."""
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def layers_of(network: nn.Module, name: str) -> nn.Sequential:
    """The layers of a network, one after another; errors as of `packed`."""
    layers = getattr(network, "layers", network)
    if not isinstance(layers, nn.Sequential):
        raise _refused(name, type(network).__name__)
    return layers


def _bias(layer):
    if layer.bias is None:
        return torch.zeros(layer.out_features)
    return layer.bias.detach().float()


def _refused(name, what):
    return ValueError(
        f"{name} has a layer {what}; a page draws with nn.Linear and nn.ReLU alone, in an "
        'nn.Sequential, such as the decoder of pretrained("vae-plane").'
    )
