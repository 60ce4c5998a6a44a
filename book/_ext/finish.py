"""The last step of a build: what Sphinx and its theme write is cut to what readers need.

Each function mends one thing on a page that is written, whatever wrote it.
"""

import re
import shutil
import textwrap
from pathlib import Path
from urllib.parse import urlsplit

import imagesize
from bs4 import BeautifulSoup
from docutils import nodes
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from sphinx.application import Sphinx

# Files that no page asks for: the theme's icons (icons.css has those that are used), its
# translations, maps for debuggers, templates.
UNASKED = ["vendor", "locales", "**/*.map", "*macros.html"]

# What readers search for, where the book says it otherwise.
SYNONYMS = {
    "reparametrisation": "reparameterization, reparameterisation, reparametrization",
    "Fréchet distance": "FID, Frechet",
    "evidence lower bound": "ELBO",
}
SOURCE = re.compile(r"\s*(@|def |class )")
KOREAN = re.compile("([가-힣]+(?: [가-힣]+)*)")


def finish(app: Sphinx, error: Exception | None) -> None:
    """Trim the site and mend each of its pages, when all are written."""
    if error or app.builder.name != "html":
        return
    site = Path(app.outdir)
    trim(site / "_static")
    addresses = []
    for path in sorted(site.rglob("*.html")):
        page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        without_the_icon_font(page)
        with_styles_first(page)
        with_pictures_that_can_wait(page, path.parent)
        with_the_setup_folded(page)
        with_films_as_figures(page)
        with_printed_source_as_code(page)
        with_words_that_wrap(page)
        without_what_a_reader_has_not_written(page)
        with_titles_that_hold_together(page)
        with_short_cells_on_one_line(page)
        with_points_beside_formulas(page)
        with_korean_marked(page)
        with_a_way_to_run(page)
        with_a_card(page, app.config.html_baseurl)
        if path.name == "404.html":
            at_any_address(page, app.config.html_baseurl)
        elif path.parent != site:  # not the search and the index
            addresses.append(page.select_one("link[rel=canonical]")["href"])
        path.write_text(str(page), encoding="utf-8")
    (site / "sitemap.txt").write_text("\n".join(addresses) + "\n", encoding="utf-8")


def trim(static: Path) -> None:
    """Remove the files that no page asks for."""
    for pattern in UNASKED:
        for path in list(static.glob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def without_the_icon_font(page: BeautifulSoup) -> None:
    """The theme loads thousands of icons as a font, and once more as a script, before all else."""
    for link in page.select('[href*="fontawesome"], [src*="fontawesome"]'):
        link.decompose()


def with_styles_first(page: BeautifulSoup) -> None:
    """Nothing is painted before the styles are there: they come at once, and scripts wait."""
    for link in page.select('link[rel="preload"][as="script"]'):
        link.decompose()
    if theme := page.select_one('link[href*="styles/theme.css"]'):
        # It does nothing but import this one, a round trip later.
        theme["href"] = theme["href"].split("styles/")[0] + "basic.css"
    for script in page.select("head script[src]"):
        if "documentation_options" not in script["src"]:  # a line in the page goes on with it
            script["defer"] = ""


def with_pictures_that_can_wait(page: BeautifulSoup, folder: Path) -> None:
    """Pictures come when they are near, have room until then, and lead to themselves, large."""
    for picture in page.select("article img:not([src^='data:'])"):
        width, height = imagesize.get(folder / picture["src"])
        picture.attrs |= {"width": width, "height": height}
        picture.attrs |= {"loading": "lazy", "decoding": "async"}
        if picture.find_parent("figure") and not picture.find_parent("a"):
            link = page.new_tag("a", href=picture["src"], attrs={"class": "enlarge"})
            picture.wrap(link)


def with_the_setup_folded(page: BeautifulSoup) -> None:
    """A chapter begins with an idea, not with what Colab installs and a kernel imports."""
    for cell in page.select(".cell_input:-soup-contains('google.colab')"):
        folded = (
            '<details class="admonition hide above-input"><summary>'
            '<p class="collapsed admonition-title">Set up</p>'
            '<p class="expanded admonition-title">Fold the set-up</p></summary></details>'
        )
        cell.parent["class"] = [*cell.parent["class"], "tag_hide-input"]
        details = BeautifulSoup(folded, "html.parser").details
        cell.wrap(details)


def with_films_as_figures(page: BeautifulSoup) -> None:
    """A film has its words below, as figures have."""
    for film in page.select(".film"):
        figure = film.wrap(page.new_tag("figure", attrs={"class": "align-default"}))
        words = page.new_tag("span", attrs={"class": "caption-text"})
        words.string = film.select_one("[role=img]")["aria-label"]
        caption = page.new_tag("figcaption")
        caption.append(page.new_tag("p"))
        caption.p.append(words)
        figure.append(caption)


def with_printed_source_as_code(page: BeautifulSoup) -> None:
    """What a chapter prints of the package has the colours of code, and begins at the edge."""
    for printed in page.select(".cell_output pre"):
        text = printed.get_text()
        if not SOURCE.match(text):
            continue
        # Several functions, some of them out of a class: each by itself.
        parts: list[list[str]] = []
        edge = 0  # where the part begins
        for line in text.splitlines(keepends=True):
            depth = len(line) - len(line.lstrip())
            if not parts or (SOURCE.match(line) and depth < edge):
                parts.append([])
                edge = depth
            parts[-1].append(line)
        source = "".join(textwrap.dedent("".join(part)) for part in parts)
        coloured = highlight(source, PythonLexer(), HtmlFormatter(nowrap=True))
        code = BeautifulSoup(f'<pre class="source">{coloured}</pre>', "html.parser")
        printed.replace_with(code)  # parsed within it, or its white space would be lost


def with_words_that_wrap(page: BeautifulSoup) -> None:
    """A printed sentence wraps on a phone; a printed table keeps its columns, and scrolls."""
    for printed in page.select(".cell_output pre"):
        text = printed.get_text()
        if text.startswith(("✓", "✗")) or text.count("\n") < 2:
            printed["class"] = [*printed.get("class", []), "words"]


def without_what_a_reader_has_not_written(page: BeautifulSoup) -> None:
    """Exercises come unsolved, and their checks say so; on a page that looks like a failure."""
    for output in page.select(".cell_output"):
        if output.get_text().strip().startswith("✗ Not written yet"):
            output.decompose()
    # What a solution's button says is its name.
    for summary in page.select("summary[aria-label]"):
        del summary["aria-label"]


def with_titles_that_hold_together(page: BeautifulSoup) -> None:
    """A number stays beside the title's first word."""
    for title in page.select("h1, .prev-next-title"):
        for text in title.find_all(string=re.compile(" · ")):
            text.replace_with(text.replace(" · ", "\u00a0·\u00a0"))


def with_short_cells_on_one_line(page: BeautifulSoup) -> None:
    """A sum or "chapter 1" in a table does not break."""
    for cell in page.select("table.table td"):
        if len(cell.get_text().strip()) <= len("chapter 1"):
            cell["class"] = [*cell.get("class", []), "text-nowrap"]


def with_points_beside_formulas(page: BeautifulSoup) -> None:
    """No line begins with the full stop or the bracket that follows a formula."""
    for formula in page.select("span.math"):
        after = formula.next_sibling
        if not isinstance(after, str) or not (sign := re.match(r"[^\s\w(\[–—]+", after)):
            continue
        if len(formula.select(".base")) == 1:  # a longer one may break, and must on a phone
            after.replace_with(after[sign.end() :])
            formula.wrap(page.new_tag("span", attrs={"class": "text-nowrap"})).append(sign[0])


def with_korean_marked(page: BeautifulSoup) -> None:
    """Said by a Korean voice, broken by Korean rules, and upright (course.css)."""
    for text in page.find_all(string=KOREAN):
        if text.find_parent(["script", "style", "pre", "title"]):
            continue
        if text.parent.name == "em":
            text.parent["lang"] = "ko"
            continue
        parts = KOREAN.split(text)  # every second one is Korean
        for number in range(1, len(parts), 2):
            korean = page.new_tag("span", lang="ko")
            korean.string = parts[number]
            parts[number] = korean
        text.replace_with(*parts)


def with_a_way_to_run(page: BeautifulSoup) -> None:
    """Below a chapter's first line, what the rocket at the top does, in words."""
    colab = page.select_one(".dropdown-launch-buttons a[href*='colab.']")
    first = page.select_one("article h1 ~ p")
    if colab and first:
        words = (
            f'<p class="colab"><a href="{colab["href"]}">Open in Colab</a> and choose '
            "<em>Runtime → Run all</em>: it runs at Google, with an account there and nothing to "
            "install. To keep what you change, choose <em>File → Save a copy in Drive</em>.</p>"
        )
        first.insert_after(BeautifulSoup(words, "html.parser"))


def with_a_card(page: BeautifulSoup, home: str) -> None:
    """What a search engine and a shared link show: title, description, picture."""
    title, first = page.select_one("article h1"), page.select_one("article p")
    link = page.select_one("link[rel=canonical]")
    if not (title and first and link):
        return
    seen = page.select('article p:-soup-contains("You will see") + ul li')
    words = " ".join(tag.get_text() for tag in seen or [first])
    own, _, book = page.title.get_text().partition(" — ")
    if book.startswith(own):  # the first page's title is the book's
        page.title.string = book
    card = {
        "description": textwrap.shorten(words, 200, placeholder=" …"),
        "og:title": page.title.get_text(),
        "og:description": textwrap.shorten(words, 200, placeholder=" …"),
        "og:type": "article",
        "og:url": link["href"],
        "og:image": f"{home}_static/card.png",
        "twitter:card": "summary_large_image",
    }
    for name, content in card.items():
        key = "property" if name.startswith("og:") else "name"
        page.head.append(page.new_tag("meta", attrs={key: name, "content": content}))
    # Sphinx, the theme and Jupyter Book each add one.
    for again in page.select("meta[name=viewport]")[1:]:
        again.decompose()


def at_any_address(page: BeautifulSoup, home: str) -> None:
    """The page for addresses that do not exist is shown at any of them, in any folder."""
    page.head.insert(0, page.new_tag("base", href=urlsplit(home).path))


def with_synonyms(app: Sphinx, tree: nodes.document, name: str) -> None:
    """Let the search find a page by the words of others, too."""
    words = tree.astext()
    for ours, others in SYNONYMS.items():
        if ours in words:
            tree.append(nodes.meta(name="keywords", lang="en", content=others))


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("doctree-resolved", with_synonyms)
    app.connect("build-finished", finish, priority=900)  # the last: others still copy files then
    return {"parallel_read_safe": True, "parallel_write_safe": True}
