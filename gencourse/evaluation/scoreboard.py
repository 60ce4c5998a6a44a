"""The scoreboard: the same measurements for every model of the book."""

import torch

from gencourse.data import Dataset
from gencourse.evaluation import fidelity, judge, sharpness
from gencourse.evaluation.class_histogram import kl_to_uniform, shares_of
from gencourse.evaluation.table import FORMATS, Table
from gencourse.models import LatentVariableModel

SAMPLES = 2000
COLUMNS = ("copies", "plausible", "uneven", "sharp", "black", "Fréchet", "recall", "coverage")


def measure(generated: torch.Tensor, real: torch.Tensor, of: str = "digits") -> dict[str, float]:
    """What generated images (N, C, H, W) are worth beside real ones; measure → number.

    plausible: share that the judge is over 90 % sure of. uneven: KL of their classes to
    even shares, nats. sharp: Laplacian ratio. black, fine: saturated share and share of fine
    detail, as ratios. Fréchet, precision, recall, coverage: in the judge's features.

    of: what the images show, "digits" or "clothes"; each has its judge.
    """
    known, (features, probabilities) = judge.features(real, of), judge.look(generated, of)
    precision, recall, coverage = fidelity.precision_recall_coverage(features, known)
    return {
        "plausible": (probabilities.max(1).values > judge.SURE).float().mean().item(),
        "uneven": kl_to_uniform(shares_of(probabilities)),
        "sharp": sharpness.laplacian_ratio(generated, real),
        "black": _ratio(sharpness.saturated_share, generated, real),
        "fine": _ratio(sharpness.fine_share, generated, real),
        "Fréchet": fidelity.frechet_distance(features, known),
        "precision": precision,
        "recall": recall,
        "coverage": coverage,
    }


def _ratio(share, generated, real):
    return (share(generated).mean() / share(real).mean()).item()


class Scoreboard(dict):
    """Name → its measurements; shows itself as a table."""

    def table(self) -> Table:
        rows = {
            name: [FORMATS[key].format(row[key]) if key in row else "–" for key in COLUMNS]
            for name, row in self.items()
        }
        return Table("scoreboard", list(COLUMNS), rows)

    def __repr__(self) -> str:
        return repr(self.table())

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def scoreboard(models: dict[str, LatentVariableModel], digits: Dataset) -> Scoreboard:
    """The scoreboard of some models, under a row of real digits.

    Args:
        models: name → a model with `generate`; "copies" is the squared error per pixel of
            those that can also encode.
        digits: a Dataset. Generated images are compared with one part of its test digits;
            the row of real digits compares another part with it.
    """
    shuffled = digits.test.images[torch.randperm(len(digits.test))]
    real, others = shuffled[:SAMPLES], shuffled[SAMPLES : 2 * SAMPLES]
    rows = Scoreboard({"real digits": measure(others, real)})
    for name, model in models.items():
        rows[name] = measure(model.generate(SAMPLES), real)
        if hasattr(model, "encoder"):
            rows[name]["copies"] = (model.reconstruct(real) - real).square().mean().item()
    return rows
