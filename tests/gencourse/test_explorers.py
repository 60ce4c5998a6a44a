"""The film and the slider: what they show, and that they ask nothing of anybody."""

import base64
import io
import re

import matplotlib
import matplotlib.pyplot as plt
import numpy
import pytest
import torch
from PIL import Image

from gencourse.explorers import Drawing, Film, slider
from gencourse.figures.images import sheet

matplotlib.use("agg")
FRAMES = {0: torch.zeros(8, 1, 28, 28), 5: torch.rand(8, 1, 28, 28), 10: torch.ones(8, 1, 28, 28)}


@pytest.fixture
def page():
    return Film(FRAMES, "epoch", 'Eight "images"', columns=4)._repr_html_()


def test_all_frames_are_in_the_strip_as_ink_on_paper(page):
    data = re.search(r"base64,([\w+/=]+)", page)[1]
    picture = Image.open(io.BytesIO(base64.b64decode(data))).convert("L")
    strip = torch.from_numpy(numpy.array(picture)).float()
    first, middle, last = strip.view(3, -1, 4 * 29 + 1)
    assert first[1:28, 1:28].min() == 255 and last[1:28, 1:28].max() == 0
    expected = 255 - 255 * sheet(FRAMES[5], 4, padding=1)[0]
    assert (middle - expected).abs().max() <= 20  # sixteen greys


def test_a_film_is_labelled_and_needs_nothing_from_elsewhere(page):
    assert 'aria-label="Eight &quot;images&quot;"' in page
    assert re.search(r"<label[^>]*>epoch\s*<input type=\"range\" min=\"0\" max=\"2\"", page)
    assert 'data-captions="0|5|10"' in page
    assert "http" not in page and "<script>" in page
    assert "{" not in re.sub(r"<script>.*</script>", "", page, flags=re.S)


def test_a_film_says_in_words_what_it_shows():
    assert repr(Film(FRAMES, "epoch", "Eight images")) == "Film of 3 frames: Eight images"


@pytest.fixture
def watching(monkeypatch):
    """Pretends that somebody watches, or not, and keeps what is displayed."""
    shown = []
    rooms = ("sliders", "drawing")
    for room in rooms:
        monkeypatch.setattr(f"gencourse.explorers.{room}.display", shown.append)
    monkeypatch.setattr(plt, "show", lambda: None)

    def pretend(answer):
        for room in rooms:
            monkeypatch.setattr(f"gencourse.explorers.{room}.somebody_watches", lambda: answer)
        return shown

    return pretend


def test_a_slider_draws_what_is_chosen(watching):
    shown, drawn = watching(True), []
    box = slider("β", [0, 1, 10], drawn.append)
    handle = box.children[0]
    assert shown == [box] and handle.description == "β" and drawn == [0]
    handle.value = 10
    assert drawn == [0, 10]


def test_where_nobody_watches_there_is_no_slider(watching):
    shown, drawn = watching(False), []
    assert slider("β", [0, 1], drawn.append) is None
    assert shown == drawn == []


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
