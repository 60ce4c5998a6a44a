"""Formulas are set by KaTeX when the book is built: a page needs no script to show them.

A screen reader gets MathML. The styles and the letters lie in book/_static/katex, of the same
version as the script that sphinxcontrib-katex brings.
"""

import json
from functools import cache
from importlib.resources import files

from docutils import nodes
from py_mini_racer import JSEvalException, MiniRacer
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.writers.html5 import HTML5Translator


@cache
def katex() -> MiniRacer:
    """KaTeX, ready for formulas."""
    engine = MiniRacer()
    engine.eval(files("sphinxcontrib").joinpath("katex.min.js").read_text(encoding="utf-8"))
    return engine


@cache
def typeset(formula: str, display: bool) -> str:
    r"""The HTML of a formula, such as r"\log p(x)".

    Raises:
        ExtensionError: KaTeX does not understand it.
    """
    options = {"displayMode": display, "strict": "error"}
    try:
        return katex().eval(f"katex.renderToString({json.dumps(formula)}, {json.dumps(options)})")
    except JSEvalException as error:
        reason = str(error).strip().split("\n")[0]
        raise ExtensionError(f"the formula {formula!r} cannot be set: {reason}") from error


def write_inline(page: HTML5Translator, node: nodes.math) -> None:
    page.body.append(f'<span class="math">{typeset(node.astext(), display=False)}</span>')
    raise nodes.SkipNode


def write_display(page: HTML5Translator, node: nodes.math_block) -> None:
    page.body.append(f'<div class="math">{typeset(node.astext(), display=True)}</div>\n')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_html_math_renderer("katex", (write_inline, None), (write_display, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
