"""Many small perceptrons side by side: as many independent runs as there are."""

from itertools import pairwise

import torch
from torch import nn

from gencourse.validate import whole

HIDDEN = 64


class PerceptronEnsemble(nn.Module):
    """`runs` networks that share nothing: points (N, runs, inputs) to (N, runs, outputs).

    Trained side by side they are as many independent runs, in little more time than one.
    Always in float32: bfloat16 has three digits, too few for the thin targets of the toys.
    """

    def __init__(self, runs: int, inputs: int, outputs: int):
        super().__init__()
        sizes = [whole(inputs, "inputs"), HIDDEN, HIDDEN, whole(outputs, "outputs")]
        self.weights, self.biases = nn.ParameterList(), nn.ParameterList()
        for pair in pairwise(sizes):
            layers = [nn.Linear(*pair) for _ in range(whole(runs, "runs"))]
            self.weights.append(torch.stack([layer.weight.detach().T for layer in layers]))
            self.biases.append(torch.stack([layer.bias.detach()[None] for layer in layers]))

    def forward(self, points: torch.Tensor) -> torch.Tensor:
        """What the networks make of points (N, runs, inputs), (N, runs, outputs)."""
        points = points.transpose(0, 1).float()
        with torch.autocast(points.device.type, enabled=False):
            for layer, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
                points = torch.baddbmm(bias, points.relu() if layer else points, weight)
        return points.transpose(0, 1)
