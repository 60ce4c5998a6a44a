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

from gencourse.explorers import Film, slider
from gencourse.figures import sheet

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
    monkeypatch.setattr("gencourse.explorers.sliders.display", shown.append)
    monkeypatch.setattr(plt, "show", lambda: None)

    def pretend(answer):
        monkeypatch.setattr("gencourse.explorers.sliders.somebody_watches", lambda: answer)
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
