"""The page that a student gets back: nbgrader's own, made safe to open."""

import copy
import html
from pathlib import Path

import bleach
import nbgrader
from jinja2 import pass_context
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_markdown_cell

from gencourse.homework.cells import about

FORMGRADER = Path(nbgrader.__file__).parent / "server_extensions" / "formgrader"
# A page shows what a student's code wrote. Nothing in it may run, or ask anything of the network.
POLICY = (
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
    "style-src 'unsafe-inline'; img-src data:; font-src data:; form-action 'none'; "
    "base-uri 'none'\">"
)


TAGS = [*bleach.ALLOWED_TAGS, "p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "img", "pre"]
TAGS += ["div", "span", "table", "thead", "tbody", "tr", "th", "td"]


class _Exporter(HTMLExporter):
    """Texts with the tags that show something, and without those that do something."""

    @pass_context
    def markdown2html(self, context, source):
        return bleach.clean(
            super().markdown2html(context, source),
            tags=TAGS,
            attributes={"*": ["class", "id"], "a": ["href"], "img": ["src", "alt"]},
            protocols=["http", "https", "mailto", "data"],
            strip=True,
        )


def page(title, notebook, points, remarks, notes):
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
    for cell in notebook.cells:
        name = about(cell).get("grade_id")
        if name in points:
            about(cell)["score"] = points[name] or 0
        if name in remarks:
            about(cell)["comment"] = remarks[name]
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
    return text.replace("<head>", f"<head>\n{POLICY}", 1).encode()
