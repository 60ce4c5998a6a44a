"""gencourse: the helper package of the course on basic generative models.

What each room is about stands in CONTRIBUTING.md, their order in pyproject.toml (the contract
"rooms"): imports run downward only.
"""

import re
import sys
from types import SimpleNamespace

from gencourse.settings import cache_folder, seed

__all__ = ["cache_folder", "seed"]

GONE = re.compile(
    r"gencourse\.(explorers|phases|scoreboard|shapes|shipped|zoo|benchmark\.published|data\.turning"
    r"|data\.views|evaluation\.(classes|clusters|matching)|models\.pixels)"
)


def _old_notebook(name, path=None, target=None):
    """Asked last for a module: a copy of an older notebook is told where today's are."""
    if GONE.fullmatch(name):
        raise ModuleNotFoundError(
            f"there is no {name} any more: this notebook is older than the package; today's are "
            "at https://gencourse.github.io/gencourse/."
        )


sys.meta_path.append(SimpleNamespace(find_spec=_old_notebook))
