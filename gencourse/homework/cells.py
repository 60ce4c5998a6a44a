"""The cells of an assignment: answers, tests, and the first lines that they are known by."""

import re
import unicodedata


def about(cell):
    """What nbgrader's metadata say of one of our own cells; empty for an ordinary cell."""
    return cell.metadata.get("nbgrader", {})


def is_answer(cell):
    """A cell that the student fills in."""
    return bool(about(cell).get("solution"))


def is_test(cell):
    """A cell of tests, which earns its points or does not."""
    return bool(about(cell).get("grade")) and not is_answer(cell)


def is_read_by_hand(cell):
    """An answer that a teacher reads and gives points for."""
    return bool(about(cell).get("grade")) and is_answer(cell)


def plain(text):
    """A text with one way to write Korean and one way to write a space."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()


def marker(text):
    """A cell's first line, by which it is known when its metadata are lost."""
    return plain(text.strip().split("\n")[0]).casefold()


def defined(text):
    """Names of the functions and classes that a code cell defines."""
    return set(re.findall(r"^(?:def|class)\s+(\w+)", text, re.M))
