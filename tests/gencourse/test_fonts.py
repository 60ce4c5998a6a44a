"""Titles in Korean, Japanese and Chinese: in a font that has them, or with one clear warning."""

import io
import warnings

import matplotlib
import matplotlib.pyplot as plt
import pytest
import torch
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from matplotlib.font_manager import fontManager

from gencourse import figures
from gencourse.figures import fonts

matplotlib.use("agg")
IMAGES = torch.rand(3, 1, 28, 28)
FAMILY = "Gencourse Test"
NO_WARNING = pytest.mark.filterwarnings("error::UserWarning", "default::DeprecationWarning")


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    """Nothing was told yet, and no fonts were looked up."""
    monkeypatch.setattr(fonts, "_told", set())
    fonts._installed.cache_clear()
    yield
    fonts._installed.cache_clear()
    plt.close("all")


@pytest.fixture
def small_font(tmp_path, monkeypatch):
    """A font with two letters, 원 and 本, installed after matplotlib looked for fonts."""
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for corner in ((0, 700), (700, 700), (700, 0)):
        pen.lineTo(corner)
    pen.closePath()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "square"])
    builder.setupCharacterMap({ord("원"): "square", ord("本"): "square"})
    builder.setupGlyf({".notdef": pen.glyph(), "square": pen.glyph()})
    builder.setupHorizontalMetrics({".notdef": (800, 0), "square": (800, 0)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": FAMILY, "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    path = tmp_path / "small.ttf"
    builder.save(path)
    monkeypatch.setattr(fonts, "findSystemFonts", lambda: [str(path)])
    monkeypatch.setattr(fonts, "FAMILIES", (FAMILY,))
    known = list(fontManager.ttflist)
    yield
    fontManager.ttflist[:] = known


def drawn():
    """Draw the figure, as a page does; the warnings that this gives are the reader's."""
    plt.gcf().savefig(io.BytesIO())
    return {text.get_text(): text for text in plt.gcf().findobj(matplotlib.text.Text)}


@NO_WARNING
@pytest.mark.parametrize("word", ["원", "本", "원 VAE", "원\n0.5", "원: $z_1$"])
def test_letters_are_drawn_in_a_font_that_has_them(word, small_font):
    figures.image_rows({word: IMAGES, "copy": IMAGES}, [word, "two", "three"])
    texts = drawn()
    assert FAMILY in texts[word].get_fontfamily()
    assert FAMILY not in texts["copy"].get_fontfamily()
    assert plt.gcf().axes[0].get_title() == word


@NO_WARNING
def test_names_below_bars_find_their_font_too(small_font):
    figures.bars({"원": 0.5, "two": 0.25}, "本", ["red", "blue"])
    texts = drawn()
    assert FAMILY in texts["원"].get_fontfamily() and FAMILY in texts["本"].get_fontfamily()


def test_letters_in_pieces_are_put_together(small_font):
    """File names on a Mac have 원 as three letters."""
    figures.image_rows({"\u110b\u116f\u11ab": IMAGES})
    assert plt.gcf().axes[0].get_ylabel() == "원"


def test_without_a_font_one_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setattr(fonts, "FAMILIES", ())
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for _ in range(2):
            figures.image_rows({"원본": IMAGES, "画像": IMAGES})
            drawn()
            figures.bars({"원본": 0.5}, "中文", ["red"])
            drawn()
    (warning,) = caught
    assert "원" in str(warning.message) and "fonts-noto-cjk" in str(warning.message)
    assert warning.filename == __file__, "it points at the reader's own line"


@pytest.mark.parametrize("word", ["ต้นฉบับ", "🙂", "Ⴀ𐎠"])
def test_letters_that_nobody_has_a_cure_for_are_only_named(word, monkeypatch):
    monkeypatch.setattr(fonts, "FAMILIES", ())
    with pytest.warns(UserWarning, match="No font here has the letters") as caught:
        figures.image_rows({word: IMAGES})
    assert not any("install" in str(each.message) for each in caught)
    with pytest.warns(UserWarning, match="fonts-noto-cjk"):  # for letters with a cure
        figures.image_rows({"원본": IMAGES})


@NO_WARNING
def test_greek_and_signs_need_no_other_font():
    figures.image_rows({"β = 1, → ½ ± é": IMAGES})
    texts = drawn()
    assert texts["β = 1, → ½ ± é"].get_fontfamily() == texts[""].get_fontfamily()


@NO_WARNING
@pytest.mark.parametrize("word", ["원본", "元の画像", "原始图像"])
def test_the_fonts_of_this_machine(word):
    letters = set(word)
    if not any(letters <= fonts._letters(family) for family in fonts._installed()):
        pytest.skip("no font here has these letters")
    figures.image_rows({word: IMAGES})
    assert any(letters <= fonts._letters(f) for f in drawn()[word].get_fontfamily())
