"""A copy of an older notebook says where today's are; what else is missing is missed as ever."""

import importlib.util

import pytest


@pytest.mark.parametrize(
    "line",
    [
        "from gencourse.zoo import trained",
        "import gencourse.shipped",
        "from gencourse import explorers",
        "from gencourse.evaluation.matching import distance_to_nearest",
        "import gencourse.data.views as views",
    ],
)
def test_what_is_gone_says_where_todays_notebooks_are(line):
    with pytest.raises(
        ModuleNotFoundError, match=r"older than the package; .*https://\S+github\.io/"
    ):
        exec(line)


@pytest.mark.parametrize(
    "name", ["gencourse.nothing", "zoo", "shapes", "gencoursex", "gencourse.zo"]
)
def test_other_modules_are_missed_as_ever(name):
    assert importlib.util.find_spec(name) is None
    with pytest.raises(ModuleNotFoundError, match=f"No module named '{name}'"):
        importlib.import_module(name)
