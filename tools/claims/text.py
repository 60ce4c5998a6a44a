"""What the text of a chapter says in its claims, and by which code each is known.

A claim is known by the code of its value, and by how many claims before it have the same. So it may
be reworded or moved, and its bound too, without another run: what it measures depends on none of
them. Its digest tells whether anything that it does depend on has changed since.
"""

import ast
import hashlib
import json
import re
from collections import Counter
from dataclasses import dataclass

from IPython.core.inputtransformer2 import TransformerManager

from gencourse.claims import RELATIONS
from gencourse.files import PACKAGE, digest_below
from gencourse.results import RACES
from gencourse.weights.cache import SOURCE


@dataclass(frozen=True)
class Said:
    """A claim as it stands in the text.

    words: of its sentence; None stands where something is filled in when it runs.
    relation, bound: what its value must keep.
    code: of its value and of what is filled into its sentence, with its number among the claims
        that have the same.
    digest: of all that its value depends on but for the seed: the code up to here, the rooms that
        training depends on, and the published results if they are read.
    """

    words: tuple[str | None, ...]
    relation: str
    bound: float
    code: str
    digest: str

    def filled(self, sentence: str) -> tuple[str, ...] | None:
        """What was filled in to give this sentence; None if it is another claim's."""
        pattern = "".join("(.+)" if word is None else re.escape(word) for word in self.words)
        found = re.fullmatch(pattern, sentence)
        return found.groups() if found else None

    def sentence(self, filled: tuple[str, ...] = ()) -> str:
        """The sentence with what was filled in.

        Raises:
            ValueError: it takes more or fewer of them.
        """
        if len(filled) != self.words.count(None):
            raise ValueError(f"{self.words} takes other words than {filled}; run the chapter anew.")
        rest = iter(filled)
        return "".join(next(rest) if word is None else word for word in self.words)

    def holds(self, value: float) -> bool:
        """Whether a value keeps the bound."""
        return bool(RELATIONS[self.relation](value, self.bound))


def said_in(cells: list[str]) -> list[Said]:
    """The claims in the cells of code of a chapter, in their order.

    Raises:
        ValueError: a claim is not in plain form: `claim("…" or f"…", value, "<", number)`.
    """
    said, before, times = [], [SOURCE], Counter[str]()
    for tree in map(_tree, cells):
        before.append(_measuring(tree))
        if "gencourse.results" in before[-1]:
            before.append(_results())
        digest = hashlib.sha256(json.dumps(before).encode()).hexdigest()[:16]
        for call in _claims(tree):
            words, value, relation, bound = _plain(call)
            # What is filled in belongs to it: in another order it would be another claim.
            code = " | ".join(map(ast.unparse, [value, *_fillings(call)]))
            times[code] += 1
            said.append(Said(words, relation, bound, f"{code} #{times[code]}", digest))
    return said


def named(said: list[Said], sentence: str) -> tuple[Said, tuple[str, ...]] | None:
    """The claim that has this sentence, and what was filled in; None if none has."""
    fitting = [(claim, filled) for claim in said if (filled := claim.filled(sentence)) is not None]
    return min(fitting, key=lambda each: len(each[1]), default=None)  # words for words first


def code_apart_from_claims(cells: list[str]) -> list[str]:
    """The code of each cell, without comments and claims."""
    return [ast.unparse(_WithoutClaims().visit(_tree(cell))) for cell in cells]


def successors(old: list[Said], new: list[Said]) -> dict[str, Said | None]:
    """What became of claims that may have been reworded, reordered, dropped or added.

    Returns:
        The code of an old claim → the new one of the same code. None if there is none, or if
        several had this code, some of them are gone, and nobody knows which.
    """
    now = {claim.code: claim for claim in new}
    before, after = (Counter(_base(claim.code) for claim in side) for side in (old, new))
    return {
        claim.code: now.get(claim.code)
        if after[(base := _base(claim.code))] >= before[base]
        else None
        for claim in old
    }


def _results():
    races = [f"{race}.json" for race in RACES]
    return digest_below(PACKAGE / "results", lambda path: path.name in races)


def _tree(cell):
    plain = TransformerManager().transform_cell(cell)  # IPython's lines with % and ! become calls
    try:
        return ast.parse(plain)
    except SyntaxError:  # which the run will report
        return ast.parse(repr(cell))


def _measuring(tree):
    tree = ast.parse(ast.unparse(tree))
    for call in _claims(tree):
        call.args = call.args[1:2]
    return ast.unparse(tree)


def _base(code):
    return code.rpartition(" #")[0]


class _WithoutClaims(ast.NodeTransformer):
    def visit_Expr(self, node):
        return ast.Pass() if _claims(node) else self.generic_visit(node)


def _claims(tree):
    """The calls, in the order in which they stand."""
    calls = [node for node in ast.walk(tree) if _is_claim(node)]
    return sorted(calls, key=lambda call: (call.lineno, call.col_offset))


def _is_claim(node):
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "claim"


def _fillings(call):
    return [part.value for part in getattr(call.args[0], "values", ()) if _is_filled(part)]


def _is_filled(part):
    return isinstance(part, ast.FormattedValue)


def _plain(call):
    try:
        sentence, value, relation, bound = call.args
        parts = sentence.values if isinstance(sentence, ast.JoinedStr) else [sentence]
        words = tuple(part.value if isinstance(part, ast.Constant) else None for part in parts)
        relation, bound = ast.literal_eval(relation), float(ast.literal_eval(bound))
        if call.keywords or relation not in RELATIONS or not any(words):
            raise ValueError
    except (ValueError, TypeError):
        raise ValueError(
            f'expected claim("…" or f"…", value, "<", number); got {ast.unparse(call)}'
        ) from None
    return words, value, relation, bound
