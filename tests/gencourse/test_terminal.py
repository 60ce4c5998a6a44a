"""Words reach a terminal in whatever encoding it has."""

import io
import os
import subprocess
import sys

import pytest

from gencourse.terminal import printable, say


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", "김 é –\n1"),
        ("latin-1", "? é ?\n1"),
        ("ascii", "? ? ?\n1"),
        ("cp949", "김 ? ?\n1"),
    ],
)
def test_a_letter_that_the_encoding_lacks(encoding, said):
    code = "from gencourse.terminal import say; say('김 é \\u2013\\n1')"
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode(encoding).splitlines() == said.splitlines()


def test_a_sign_that_a_terminal_would_obey(capsys):
    say("a\x1b[2Jb\rc\td\x07e\x9bf\u202eg\udcb1\x00h\nnext")
    assert capsys.readouterr().out == "a?[2Jb?c?d?e?f?g??h\nnext\n"


def test_a_stream_without_an_encoding():
    assert printable("김\x1b", io.StringIO()) == "김?"
