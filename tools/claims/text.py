"""What the text of a chapter says in its claims: sentences, relations and bounds.

What a run measures does not depend on the bounds. So a bound may be moved, once it is known
what was measured, and no run is repeated for it.
"""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

from IPython.core.inputtransformer2 import TransformerManager

from tools import notebooks


@dataclass(frozen=True)
class Said:
    """A claim as it stands in the text.

    sentence: a pattern of its words; what is filled in when it runs may be anything.
    relation: one of those of `claim`.
    bound: None where it is measured too.
    """

    sentence: str
    relation: str
    bound: float | None

    def fits(self, row: dict) -> bool:
        """Whether a row, or a claim of the evidence, has this sentence."""
        return re.fullmatch(self.sentence, row["sentence"]) is not None


def said_in(text: Path) -> list[Said]:
    """The claims of a chapter, in their order."""
    return [
        Said(_pattern(call.args[0]), ast.literal_eval(call.args[2]), _number(call.args[3]))
        for tree in _cells(text)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and _is_claim(call)
    ]


def restated(rows: list[dict], said: list[Said]) -> list[dict]:
    """The rows of a run with the relations and the bounds that the text has now.

    Bounds that were measured stay as they are.
    """
    return [row | _restatement(row, said) for row in rows]


def measuring_code(text: Path) -> list[str]:
    """The code of each cell without comments, and without what its claims ask of the numbers."""
    return [ast.unparse(_WithoutBounds().visit(tree)) for tree in _cells(text)]


def _restatement(row, said):
    found = [claim for claim in said if claim.fits(row) and claim.bound is not None]
    return {"relation": found[0].relation, "bound": found[0].bound} if found else {}


class _WithoutBounds(ast.NodeTransformer):
    def visit_Call(self, node):
        if _is_claim(node) and _number(node.args[3]) is not None:
            node.args = node.args[:2]
        return self.generic_visit(node)


def _cells(text):
    plain = TransformerManager()  # IPython's lines with % and ! become calls
    for cell in notebooks.read(text).cells:
        if cell.cell_type == "code":
            yield ast.parse(plain.transform_cell(cell.source))


def _is_claim(call):
    return getattr(call.func, "id", "") == "claim"


def _pattern(sentence):
    parts = sentence.values if isinstance(sentence, ast.JoinedStr) else [sentence]
    return "".join(re.escape(str(p.value)) if isinstance(p, ast.Constant) else ".+" for p in parts)


def _number(bound):
    try:
        return float(ast.literal_eval(bound))
    except ValueError:  # it is measured too
        return None
