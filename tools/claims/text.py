"""What the text of a chapter says in its claims: sentences, relations and bounds.

While claims are measured none of them raises, so what a run measures does not depend on their
bounds. A bound may be moved, once it is known what was measured, and no run is repeated for it.
Only claims in plain form are read so: `claim("…" or f"…", value, "<", bound)`. All else is code
like any other.
"""

import ast
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

from IPython.core.inputtransformer2 import TransformerManager

from gencourse.claims import RELATIONS
from tools import notebooks


@dataclass(frozen=True)
class Said:
    """A claim as it stands in the text.

    sentence: a pattern of its words; what is filled in when it runs may be anything.
    relation: one of those of `claim`.
    bound: None where it is measured too.
    exact: whether nothing is filled in.
    """

    sentence: str
    relation: str
    bound: float | None
    exact: bool

    def fits(self, row: dict) -> bool:
        """Whether a row, or a claim of the evidence, has this sentence."""
        return re.fullmatch(self.sentence, row["sentence"]) is not None


def said_in(text: Path) -> list[Said]:
    """The plain claims of a chapter."""
    calls = (call for tree in _cells(text) for call in ast.walk(tree) if _is_plain_claim(call))
    return [
        Said(
            _pattern(words),
            ast.literal_eval(relation),
            _number(bound),
            isinstance(words, ast.Constant),
        )
        for words, _, relation, bound in (call.args for call in calls)
    ]


def restated(rows: list[dict], said: list[Said]) -> list[dict]:
    """The rows of a run with the relations and the bounds that the text has now.

    A row stays as it is where the bound was measured too, or where several claims may be meant.
    """
    return [row | _restatement(row, said) for row in rows]


def measuring_code(text: Path) -> list[str]:
    """The code of each cell without comments, and without what its claims ask of the numbers."""
    return [ast.unparse(_WithoutBounds().visit(tree)) for tree in _cells(text)]


def _restatement(row, said):
    fitting = [claim for claim in said if claim.fits(row)]
    meant = [claim for claim in fitting if claim.exact] or fitting
    if len(meant) != 1 or meant[0].bound is None:
        return {}
    return {"relation": meant[0].relation, "bound": meant[0].bound}


class _WithoutBounds(ast.NodeTransformer):
    def visit_Call(self, node):
        if _is_plain_claim(node) and _number(node.args[3]) is not None:
            node.args = node.args[:2]
        return self.generic_visit(node)


def _cells(text):
    plain = TransformerManager()  # IPython's lines with % and ! become calls
    for cell in notebooks.read(text).cells:
        if cell.cell_type == "code":
            try:
                yield ast.parse(plain.transform_cell(cell.source))
            except SyntaxError:  # which the run will report
                yield ast.parse(repr(cell.source))


def _is_plain_claim(node: ast.AST) -> TypeGuard[ast.Call]:
    match node:
        case ast.Call(
            func=ast.Name("claim"),
            args=[ast.Constant(str()) | ast.JoinedStr(), _, ast.Constant(relation), _],
            keywords=[],
        ):
            return relation in RELATIONS
    return False


def _pattern(sentence):
    parts = sentence.values if isinstance(sentence, ast.JoinedStr) else [sentence]
    return "".join(re.escape(str(p.value)) if isinstance(p, ast.Constant) else ".+" for p in parts)


def _number(bound):
    try:
        return float(ast.literal_eval(bound))
    except (ValueError, TypeError, OverflowError):  # it is measured too, or no number at all
        return None
