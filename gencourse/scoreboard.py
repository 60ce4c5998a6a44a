"""The scoreboard: the same measurements for every model of the book."""

import html

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


def measure(made, real, of="digits"):
    """What made images (N, 1, 28, 28) are worth beside real ones; measure → number.

    plausible: share that the judge is over 90 % sure of. uneven: KL of their classes to
    even shares, nats. sharp: Laplacian ratio. black, fine: saturated share and share of fine
    detail, as ratios. Fréchet, precision, recall, coverage: in the judge's features.

    of: what the images show, "digits" or "clothes"; each has its judge.
    """
    known, features = judge.features(real, of), judge.features(made, of)
    precision, recall, coverage = fidelity.precision_recall_coverage(features, known)
    return {
        "plausible": (judge.confidence(made, of) > judge.SURE).float().mean().item(),
        "uneven": classes.kl_to_uniform(classes.class_shares(made, of)),
        "sharp": sharpness.laplacian_ratio(made, real),
        "black": _ratio(sharpness.saturated_share, made, real),
        "fine": _ratio(sharpness.fine_share, made, real),
        "Fréchet": fidelity.frechet_distance(features, known),
        "precision": precision,
        "recall": recall,
        "coverage": coverage,
    }


def _ratio(share, made, real):
    return (share(made).mean() / share(real).mean()).item()


class Scoreboard(dict):
    """name → its measurements; shows itself as a table."""

    def cells(self):
        """The table's words: for each row its name and the text of each column."""
        for name, row in self.items():
            yield name, [form.format(row[c]) if c in row else "–" for c, form in COLUMNS.items()]

    def __repr__(self):
        lines = [" " * 12 + "".join(f"{column:>10}" for column in COLUMNS)]
        lines += [
            f"{name:<12}" + "".join(f"{c:>10}" for c in cells) for name, cells in self.cells()
        ]
        return "\n".join(lines)

    def _repr_html_(self):
        return as_html("scoreboard", list(COLUMNS), self.cells())


def as_html(label, columns, rows):
    """A table of texts as HTML; rows: (name, the cells' texts)."""
    head = "".join(f'<th scope="col">{html.escape(column)}</th>' for column in columns)
    body = "".join(
        f'<tr><th scope="row">{html.escape(name)}</th>'
        + "".join(f"<td>{cell}</td>" for cell in cells)
        + "</tr>"
        for name, cells in rows
    )
    # A table that is wider than the page scrolls by itself, also by keyboard.
    return (
        f'<div style="overflow-x: auto" tabindex="0" role="region" aria-label="{label}">'
        f'<table class="dataframe"><thead><tr><td></td>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def scoreboard(models, digits):
    """The scoreboard of some models, under a row of real digits.

    Args:
        models: name → a model with `generate`; "copies" is the squared error per pixel of
            those that can also encode.
        digits: a Dataset. Made images are compared with one part of its test digits;
            the row of real digits compares another part with it.
    """
    shuffled = digits.test.images[torch.randperm(len(digits.test))]
    real, others = shuffled[:SAMPLES], shuffled[SAMPLES : 2 * SAMPLES]
    rows = Scoreboard({"real digits": measure(others, real)})
    for name, model in models.items():
        rows[name] = measure(model.generate(SAMPLES), real)
        if hasattr(model, "reconstruct"):
            rows[name]["copies"] = (model.reconstruct(real) - real).square().mean().item()
    return rows
