"""The scoreboard: the same measurements for every model of the book."""

import torch

from gencourse.evaluation import classes, fidelity, judge, sharpness

SAMPLES = 2000
COLUMNS = {
    "copies": "{:.3f}",
    "plausible": "{:.2f}",
    "uneven": "{:.2f}",
    "sharp": "{:.2f}",
    "black": "{:.2f}",
    "Fréchet": "{:.0f}",
    "recall": "{:.2f}",
    "coverage": "{:.2f}",
}


def measure(made, real):
    """What made images (N, 1, 28, 28) are worth beside real ones; column → number.

    plausible: share that the judge is over 90 % sure of. uneven: KL of their classes to
    even shares, nats. sharp: Laplacian ratio. black: saturated share, as a ratio.
    Fréchet, recall, coverage: in the judge's features. (Precision is left out: the balls
    of a few odd real digits hold the features of any smudge.)
    """
    known, features = judge.features(real), judge.features(made)
    _, recall, coverage = fidelity.precision_recall_coverage(features, known)
    black = sharpness.saturated_share(made).mean() / sharpness.saturated_share(real).mean()
    return {
        "plausible": (judge.confidence(made) > judge.SURE).float().mean().item(),
        "uneven": classes.kl_to_uniform(classes.class_shares(made)),
        "sharp": sharpness.laplacian_ratio(made, real),
        "black": black.item(),
        "Fréchet": fidelity.frechet_distance(features, known),
        "recall": recall,
        "coverage": coverage,
    }


def scoreboard(models, digits):
    """Measure and print a row for each model, under a row of real digits; returns name → row.

    Args:
        models: name → a model with `generate`; "copies" is the squared error per pixel of
            those that can also encode.
        digits: a Dataset. Made images are compared with one part of its test digits;
            the row of real digits compares another part with it.
    """
    shuffled = digits.test.images[torch.randperm(len(digits.test))]
    real, others = shuffled[:SAMPLES], shuffled[SAMPLES : 2 * SAMPLES]
    rows = {"real digits": measure(others, real)}
    for name, model in models.items():
        rows[name] = measure(model.generate(SAMPLES), real)
        if hasattr(model, "reconstruct"):
            rows[name]["copies"] = (model.reconstruct(real) - real).square().mean().item()
    print(" " * 12 + "".join(f"{column:>10}" for column in COLUMNS))
    for name, row in rows.items():
        cells = [form.format(row[key]) if key in row else "-" for key, form in COLUMNS.items()]
        print(f"{name:<12}" + "".join(f"{cell:>10}" for cell in cells))
    return rows
