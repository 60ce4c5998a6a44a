"""The page of feedback: what a student wrote is shown, and does nothing."""

import re

import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_markdown_cell, new_notebook

from grader import feedback
from grader.outputs import Outputs


def rendered(text):
    """A text as the page shows it."""
    page = feedback.page("hw0", new_notebook(cells=[new_markdown_cell(text)]), {}, {}, [])
    return BeautifulSoup(page, "html.parser").select_one("#notebook-container")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<script>alert(1)</script> one", "one"),
        ("<b onclick='alert(1)'>one</b>", "one"),
        ("<img src='x' onerror='alert(1)' alt='a'> one", "one"),
        ("[one](javascript:alert(1))", "one"),
        ("<a href='JaVa&#x09;script:alert(1)'>one</a>", "one"),
        ("<a href=' vbscript:alert(1)'>one</a>", "one"),
        ("<p style='position:fixed'>one</p>", "one"),
        ("<style>body { display: none }</style> one", "one"),
        ("<svg onload='alert(1)'><script>alert(1)</script></svg> one", "one"),
        ("<svg><style><img src='x' onerror='alert(1)'></style></svg> one", "one"),
        ("<math><mtext><table><mglyph><style><img src onerror=alert(1)></table></math> one", ""),
        ("one <!-- <img src='x' onerror='alert(1)'> -->", "one"),
        ("<iframe src='http://x'></iframe><object data='x'></object> one", "one"),
        ("<form action='http://x'><input name='a'></form> one", "one"),
        ("<base href='http://x'><link rel='stylesheet' href='x'> one", "one"),
        ("<noscript><p title='</noscript><img src=x onerror=alert(1)>'></p></noscript> one", "one"),
        ("<textarea></div><script>alert(1)</script>", ""),
    ],
)
def test_what_does_something_is_left_out(text, shown):
    cell = rendered(text)
    assert shown in cell.get_text()
    forbidden = "script style svg math iframe object form input base link meta textarea noscript"
    assert not cell.find_all(forbidden.split())
    for tag in cell.find_all(True):
        assert not [name for name in tag.attrs if name.startswith("on") or name == "style"]
        for name in "href", "src":
            scheme = "".join(tag.get(name, "").split()).casefold()
            assert not scheme.startswith(("javascript:", "vbscript:"))


def test_what_shows_something_is_kept():
    cell = rendered(
        "# 제목\n\n한국어 **굵게** *기울임* `x < 1` & <span>여기</span>\n\n"
        "- 하나\n\n1. 둘\n\n> 셋\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n---\n\n"
        "```python\nreturn 1\n```\n\n[web](http://a.b) [safe](https://a.b) [mail](mailto:a@b.c)\n\n"
        "<img src='data:image/png;base64,AAAA' alt='그림' width='9'>"
    )
    tags = {"h1", "strong", "em", "code", "ul", "ol", "li", "blockquote", "hr", "pre"}
    tags |= {"table", "thead", "tbody", "tr", "th", "td"}
    assert tags <= {tag.name for tag in cell.find_all(True)}
    text = cell.get_text()
    assert all(part in text for part in ("제목", "한국어", "굵게", "x < 1", "하나", "return 1"))
    assert "여기" in [span.text for span in cell.find_all("span")]
    links = {link.text: link.attrs for link in cell.find_all("a") if "." in link["href"]}
    assert links == {
        "web": {"href": "http://a.b"},
        "safe": {"href": "https://a.b"},
        "mail": {"href": "mailto:a@b.c"},
    }
    picture = cell.find("img", alt="그림")
    assert picture["src"] == "data:image/png;base64,AAAA" and "width" not in picture.attrs


def test_a_script_is_text_to_be_read():
    assert "alert(1)" in rendered("<script>alert(1)</script>").get_text()


def test_a_text_cannot_look_like_the_page():
    cell = rendered(
        "<div class='panel-heading' id='toc'><h4 class='a'>x (Score: 30.0 / 30.0)</h4></div>"
    )
    shown = cell.find("h4", string=re.compile("30.0 / 30.0"))
    for tag in shown, shown.parent:
        assert not tag.attrs


def test_a_picture_that_is_lost_costs_no_page():
    gif = {"a.gif": {"image/gif": "R0lGODlhAQABAAAAACwAAAAAAQABAAA="}}
    cell = new_markdown_cell(
        "![one](attachment:a.gif) ![two](attachment:lost.png) ![](attachment:<b c>)",
        attachments=gif,
    )
    page = feedback.page("hw0", new_notebook(cells=[cell]), {}, {}, [])
    shown = BeautifulSoup(page, "html.parser").select_one("#notebook-container")
    assert shown.find("img", alt="one")["src"].startswith("data:image/gif")
    assert "src" not in shown.find("img", alt="two").attrs


def test_a_picture_has_no_say_in_its_size():
    outputs = Outputs()
    metadata = {"image/png": {"width": 9999, "height": 9999, "alt": "x"}, "needs_background": "l"}
    content = {"data": {"image/png": "AAAA", "text/html": "<b>"}, "metadata": metadata}
    outputs.take({"msg_type": "display_data", "content": content})
    [kept] = outputs.kept
    assert kept.data == {"image/png": "AAAA"} and not kept.metadata
