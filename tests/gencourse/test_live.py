"""The film and the sheet to draw on: what they show, and that they ask nothing of anybody."""

import base64
import html
import io
import json
import re

import numpy
import pytest
import torch
from PIL import Image

from gencourse.data import DataError
from gencourse.figures.images import sheet
from gencourse.live import Drawing, Film

FRAMES = {0: torch.zeros(8, 1, 28, 28), 5: torch.rand(8, 1, 28, 28), 10: torch.ones(8, 1, 28, 28)}


@pytest.fixture
def page():
    return Film(FRAMES, "epoch", 'Eight "images"')._repr_html_()


def captions(page):
    return json.loads(html.unescape(re.search(r'data-captions="([^"]*)"', page)[1]))


def test_all_frames_are_in_the_strip_as_ink_on_paper(page):
    data = re.search(r"base64,([\w+/=]+)", page)[1]
    picture = Image.open(io.BytesIO(base64.b64decode(data))).convert("L")
    strip = torch.from_numpy(numpy.array(picture)).float()
    first, middle, last = strip.view(3, -1, 8 * 29 + 1)
    assert first[1:28, 1:28].min() == 255 and last[1:28, 1:28].max() == 0
    expected = 255 - 255 * sheet(FRAMES[5], 8, padding=1)[0]
    assert (middle - expected).abs().max() <= 20  # sixteen greys


def test_a_film_is_labelled_and_needs_nothing_from_elsewhere(page):
    assert 'aria-label="Eight &quot;images&quot;"' in page
    assert re.search(r"<label[^>]*>epoch\s*<input type=\"range\" min=\"0\" max=\"2\"", page)
    assert captions(page) == ["0", "5", "10"]
    assert "http" not in page and "<script>" in page
    assert "{" not in re.sub(r"<script>.*</script>", "", page, flags=re.S)


def test_a_film_says_in_words_what_it_shows():
    assert repr(Film(FRAMES, "epoch", "Eight images")) == "Film of 3 frames: Eight images"


def test_a_caption_may_have_any_sign():
    frames = {'β | "1" <b> & $x': FRAMES[0], "원본": FRAMES[5]}
    page = Film(frames, "epoch & time", "a $sign")._repr_html_()
    assert captions(page) == list(frames)
    assert "<b>" not in page and "epoch &amp; time" in page and 'aria-label="a $sign"' in page


def test_a_film_of_one_frame_and_of_one_image():
    page = Film({"only": FRAMES[5][:1]}, "epoch", "One image")._repr_html_()
    assert 'max="0"' in page and captions(page) == ["only"]


def test_a_film_of_nothing_or_of_uneven_frames_says_so():
    with pytest.raises(ValueError, match="`frames` is empty"):
        Film({}, "epoch", "Nothing")
    with pytest.raises(ValueError, match=r"frame 5 has shape \(3, 1, 28, 28\); expected \(8, 1"):
        Film({0: FRAMES[0], 5: FRAMES[5][:3]}, "epoch", "Eight, then three")
    with pytest.raises(DataError, match="255"):
        Film({0: 255 * FRAMES[10]}, "epoch", "Eight images")


def test_a_film_in_colours_keeps_them(monkeypatch):
    monkeypatch.setattr("gencourse.figures.inputs.check_images", lambda images: None)
    red = torch.tensor([1.0, 0, 0]).view(1, 3, 1, 1).expand(2, 3, 9, 12)
    page = Film({0: red, 1: 1 - red}, "epoch", "Red, then cyan")._repr_html_()
    picture = Image.open(io.BytesIO(base64.b64decode(re.search(r"base64,([\w+/=]+)", page)[1])))
    assert picture.size == (2 * 13 + 1, 2 * (9 + 2))
    colours = [picture.convert("RGB").getpixel(place) for place in ((0, 0), (5, 5), (5, 16))]
    assert colours == [(255, 255, 255), (255, 0, 0), (0, 255, 255)]


@pytest.fixture
def watching(monkeypatch):
    """Pretends that somebody watches, or not, and keeps what is displayed."""
    shown = []
    monkeypatch.setattr("gencourse.live.drawing.display", shown.append)

    def pretend(answer):
        monkeypatch.setattr("gencourse.live.drawing.somebody_watches", lambda: answer)
        return shown

    return pretend


def test_what_is_drawn_comes_back_as_strokes_on_the_plane(watching):
    shown, face = watching(True), [[(0, 0), (1, 1)]]
    pad = Drawing(face)
    sheet, clear, field = shown[0].children
    assert pad.strokes == face
    field.value = "[[[0, 300], [150, 150]]]"
    assert pad.strokes == [[(-2.7, -2.7), (0, 0)]]
    blank = sheet.value
    clear.click()
    assert pad.strokes == face and sheet.value != blank


def test_where_nobody_watches_there_is_no_sheet(watching):
    shown, strokes = watching(False), [[(0, 0), (1, 1)]]
    assert Drawing(strokes).strokes == strokes and shown == []
