"""Letters that the usual font lacks: another font that has them is taken, or a warning says so."""

import unicodedata
import warnings
from collections.abc import Set
from contextlib import suppress
from functools import cache

from matplotlib.cbook import is_math_text
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findSystemFonts, fontManager, get_font
from matplotlib.text import Text

# Fonts with Korean, Japanese or Chinese letters that systems have or install, the fullest first.
FAMILIES = (
    "Noto Sans CJK KR", "Noto Sans CJK JP", "Noto Sans CJK SC", "Noto Sans KR", "Noto Sans JP",
    "Noto Sans SC", "Source Han Sans", "Source Han Sans K",
    "Apple SD Gothic Neo", "AppleGothic", "Hiragino Sans", "PingFang SC", "Hiragino Sans GB",
    "Heiti TC", "Arial Unicode MS",
    "Malgun Gothic", "Yu Gothic", "Meiryo", "MS Gothic", "Microsoft YaHei", "SimHei",
    "NanumGothic", "NanumBarunGothic", "UnDotum", "Baekmuk Gulim",
    "IPAexGothic", "IPAGothic", "TakaoGothic", "VL Gothic",
    "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Droid Sans Fallback",
)  # fmt: skip

CJK = ("CJK", "HANGUL", "HIRAGANA", "KATAKANA")
_told: set[str] = set()


def find_missing_letters(figure: Figure) -> None:
    """Give the texts of a figure a font for each letter that theirs lacks.

    Where there is none for a letter, a warning says so once, and what to install if that is known,
    in place of matplotlib's own for every letter.
    """
    missing: set[str] = set()
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        if not text.get_text().isascii():
            missing |= _find_fonts(text)
    advice = "."
    if any(unicodedata.name(letter, "").startswith(CJK) for letter in missing):
        advice = (
            ": install one that has them, such as Noto Sans CJK (on Debian, Ubuntu and Colab: "
            "apt-get install fonts-noto-cjk), and restart the kernel."
        )
    if missing and advice not in _told:
        _told.add(advice)
        warnings.warn(
            f"No font here has the letters {''.join(sorted(missing))}, so boxes are drawn{advice}",
            stacklevel=3,  # where the figure was asked for
        )
        warnings.filterwarnings("ignore", r"Glyph \d+ .* missing from", UserWarning)


def _find_fonts(text: Text) -> Set[str]:
    """Add the families that a text needs; return its letters that no font has."""
    # A Mac takes letters of file names to pieces, and no font has all of those.
    text.set_text(unicodedata.normalize("NFC", text.get_text()))
    own = text.get_fontfamily()
    letters = set(filter(str.isprintable, text.get_text())).difference(*map(_letters, own))
    found = [family for family in _installed() if letters & _letters(family)] if letters else []
    # Formulas are written in the first family alone, other texts in the first that has a letter.
    text.set_fontfamily(found + own if is_math_text(text.get_text()) else own + found)
    return letters.difference(*map(_letters, found))


def _letters(family: str) -> Set[str]:
    return _letters_in(fontManager.findfont(FontProperties(family=[family])))


@cache
def _letters_in(path: str) -> Set[str]:
    return frozenset(map(chr, get_font(path).get_charmap()))


@cache
def _installed() -> tuple[str, ...]:
    """Those of the families that are at hand, also those installed since matplotlib looked last."""
    for path in set(findSystemFonts()).difference(font.fname for font in fontManager.ttflist):
        with suppress(Exception):  # matplotlib, too, passes over files that it cannot read
            fontManager.addfont(path)
    names = {font.name for font in fontManager.ttflist}
    return tuple(family for family in FAMILIES if family in names)
