"""The page that a student gets back: nbgrader's own, made safe to open."""

import copy
import html
import re
import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import nbgrader
import nh3
from jinja2 import pass_context
from jinja2.runtime import Context
from latex2mathml.converter import convert
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.markdown_mistune import InvalidNotebook
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from grader.cells import about, is_answer, name

FORMGRADER = Path(nbgrader.__file__).parent / "server_extensions" / "formgrader"
# A page shows what a student's code wrote. Nothing in it may run, or ask anything of the network.
POLICY = (
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
    "style-src 'unsafe-inline'; img-src data:; font-src data:; form-action 'none'; "
    "base-uri 'none'\">"
)
# What a text is written with: it shows something, and does nothing.
TAGS = {
    "a", "abbr", "acronym", "b", "blockquote", "br", "code", "div", "em", "h1", "h2", "h3", "h4",
    "h5", "h6", "hr", "i", "img", "li", "ol", "p", "pre", "span", "strong", "table", "tbody", "td",
    "th", "thead", "tr", "ul",
}  # fmt: skip
# No class and no id: they would be the page's own, which shows points.
ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}}
SCHEMES = {"http", "https", "mailto", "data"}


class _Exporter(HTMLExporter):
    """Texts with the tags that show something, and without those that do something."""

    @pass_context
    def markdown2html(self, context: Context, source: str) -> str:
        kept = context.get("cell", {}).get("attachments", {})

        def found(picture: re.Match[str]) -> str:
            return picture[0] if picture[1] in kept else "lost:"

        some = re.sub(r"""attachment:([^\s)>"']*)""", found, source)
        for text in source, some, source.replace("attachment:", "lost:"):
            with suppress(InvalidNotebook):  # for a picture that is not there
                made = super().markdown2html(context, text)
                break
        return nh3.clean(
            made,
            tags=TAGS,
            clean_content_tags=set(),  # what stood in a script is shown as text, to be read
            attributes=ATTRIBUTES,
            url_schemes=SCHEMES,
            link_rel=None,  # the links are as the text has them; no script could use the opener
        )


def page(
    title: str,
    notebook: NotebookNode,
    points: Mapping[str, float | None],
    remarks: Mapping[str, str],
    notes: Sequence[str],
) -> bytes:
    """A graded notebook as HTML.

    Args:
        title: of the page.
        notebook: run, with outputs.
        points: by grade id; None for an answer that waits for its reader.
        remarks: by grade id, shown below an answer.
        notes: shown at the top.
    Returns:
        The page as bytes.
    """
    notebook = copy.deepcopy(notebook)
    notebook.metadata.pop("widgets", None)
    names: dict[str, str] = {}
    formulas: dict[str, str] = {}
    for cell in notebook.cells:
        task = about(cell).get("grade_id", "")
        if task in points:
            names[task] = name(cell)
            about(cell)["score"] = points[task] or 0
        if task in remarks:
            about(cell)["comment"] = remarks[task]
        if cell.cell_type == "markdown" and not is_answer(cell) and not cell.metadata.get("added"):
            cell.source = _set_aside(cell.source, formulas)
    if notes:
        notebook.cells.insert(0, new_markdown_cell("\n".join(f"- {note}" for note in notes)))
    most = sum(about(cell)["points"] for cell in notebook.cells if about(cell).get("grade"))
    exporter = _Exporter(
        template_name="feedback",
        extra_template_basedirs=[str(FORMGRADER / "templates")],
        extra_template_paths=[
            str(FORMGRADER / "static" / "node_modules" / "bootstrap" / "dist" / "css")
        ],
        sanitize_html=True,
    )
    text, _ = exporter.from_notebook_node(
        notebook,
        resources={
            "nbgrader": {
                "notebook": html.escape(title),
                "score": sum(score or 0 for score in points.values()),
                "max_score": most,
                "late_penalty": 0,
            }
        },
    )
    waiting = [task for task, score in points.items() if score is None]
    text = _with_names(text, names, waiting)
    if not points:
        text = text.replace("(Score: 0.0 / 0.0)", "(not graded)", 1)
    for word, formula in formulas.items():
        text = text.replace(word, formula)
    return text.replace("<head>", f"<head>\n{POLICY}", 1).encode("utf-8", "replace")


def _set_aside(source: str, formulas: dict[str, str]) -> str:
    """Our own text with a word for each formula; what it stands for goes into `formulas`.

    MathML needs no script. It comes in when the rest of the page is clean, and never from a
    student: the converter would pass on tags.
    """

    def word(found: re.Match[str]) -> str:
        word = f"formula{uuid.uuid4().hex}"
        display = "block" if found[1] else "inline"
        formulas[word] = convert(found[1] or found[2], display=display)
        return word

    return re.sub(r"\$\$(.+?)\$\$|\$(.+?)\$", word, source, flags=re.S)


def _with_names(text: str, names: Mapping[str, str], waiting: Sequence[str]) -> str:
    """The template's page with the tasks' own names in its list, and no score where none is yet."""
    text = re.sub(r'<li><a href="#comment-[^"]*">Comment</a></li>', "", text)
    for task, own in names.items():
        link = f'<a href="#{task}">'
        before, found, after = text.partition(link)
        text = before + found + html.escape(own) + after[after.find("</a>") :]
    for task in waiting:
        for place in f'<a href="#{task}">', f'<a name="{task}"></a>':
            before, found, after = text.partition(place)
            text = before + found + re.sub(r"Score: [\d.]+ /", "not yet read; of", after, count=1)
    return text
