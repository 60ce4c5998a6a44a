"""The figures: they draw what they are given, in the course's palette."""

import io
import subprocess
import sys
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest
import torch
from matplotlib.colors import to_hex
from nbclient import NotebookClient

from gencourse import figures
from gencourse.data import DataError, ring
from gencourse.data.torchvision_cpu import make_torchvision_importable
from gencourse.evaluation import latent
from gencourse.figures.images import sheet
from gencourse.figures.style import DIGITS, PALE, ink
from gencourse.training import History

matplotlib.use("agg")
pytestmark = pytest.mark.filterwarnings(
    "error::UserWarning", "error::RuntimeWarning", "default::DeprecationWarning"
)

ROOT = Path(__file__).parent.parent.parent
CODES, LABELS = torch.randn(300, 2), torch.arange(300) % 10
IMAGES = torch.rand(12, 1, 28, 28)


@pytest.fixture(autouse=True)
def drawn():
    """Every figure must survive being drawn at the size of a page."""
    yield
    for number in plt.get_fignums():
        plt.figure(number).savefig(io.BytesIO())
    plt.close("all")


def test_curves_show_each_phase():
    figures.curves(History({"reconstruction": [3.0, 2.0], "discriminator": [1.0, 1.5]}))
    axes = plt.gca()
    assert [list(line.get_ydata()) for line in axes.lines] == [[3.0, 2.0], [1.0, 1.5]]
    assert axes.get_xlabel() == "epoch" and axes.get_ylabel() == "nats per image"
    assert len({line.get_color() for line in axes.lines}) == 2


def test_curves_of_a_training_that_was_stopped_at_once():
    figures.curves(History())


def test_long_trainings_have_fewer_ticks():
    figures.curves(History({"generator": [1.0] * 20}))
    assert list(plt.gca().get_xticks()) == [0, 5, 10, 15, 20]


def test_cases_show_levels_and_zero():
    game = History({"discriminator": [0.2, 0.1], "generator": [0.1, 0.1], "other": [9.0, 9.0]})
    figures.cases({"one": (game, IMAGES), "two": (game, (9 * CODES, LABELS))}, {"discriminator": 1})
    left, right, _, codes = plt.gcf().axes
    assert left.get_title() == "one" and len(right.images) == 1
    assert len(left.lines) == 2, "one loss and its level"
    assert left.get_ylim()[0] == 0 and left.get_ylim()[1] > 1
    assert len(codes.patches) == 3 and codes.get_xlim()[1] > 9


def test_cases_show_losses_that_run_away_in_powers_of_ten():
    away = History({"evidence bound": [500.0, -1e20]})
    figures.cases(
        {"ill": (away, IMAGES), "well": (History({"evidence bound": [500, 100]}), IMAGES)}
    )
    assert [axes.get_yscale() for axes in plt.gcf().axes[::2]] == ["symlog", "linear"]


def test_lines_are_named_and_start_at_zero():
    figures.lines({"AE": ([1, 2], [3, 4]), "PCA": ([1, 2], [5, 6])}, "size", "error")
    axes = plt.gca()
    assert [text.get_text() for text in axes.texts] == ["AE", "PCA"]
    assert axes.get_ylim()[0] == 0 and axes.get_ylim()[1] >= 6
    assert axes.lines[0].get_color() == figures.MODELS["AE"]


def test_image_rows_show_ink_on_paper():
    figures.image_rows({"one": IMAGES[:4], "two": IMAGES[4:8]})
    panels = plt.gcf().axes
    assert len(panels) == 8
    shown = panels[5].images[0]
    assert torch.equal(torch.tensor(shown.get_array()), IMAGES[5, 0])
    assert shown.get_cmap().name == "gray_r" and shown.get_clim() == (0, 1)


def test_image_blocks_are_named():
    figures.image_blocks({name: IMAGES for name in "abcd"}, columns=6)
    assert [axes.get_title() for axes in plt.gcf().axes] == list("abcd")
    figures.image_blocks({name: IMAGES for name in "abc"}, columns=6)
    assert [axes.get_visible() for axes in plt.gcf().axes] == [True] * 3 + [False]


def test_a_sheet_keeps_the_order():
    whole = sheet(IMAGES, columns=4, padding=0)
    assert whole.shape == (1, 3 * 28, 4 * 28)
    assert torch.equal(whole[0, :28, 28:56], IMAGES[1, 0])
    assert torch.equal(whole[0, 28:56, :28], IMAGES[4, 0])


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("size", [(28, 28), (5, 9)])
@pytest.mark.parametrize("columns", [1, 3, 8, 100])
def test_a_sheet_is_torchvisions_grid(channels, size, columns):
    make_torchvision_importable()
    from torchvision.utils import make_grid

    images = torch.rand(11, channels, *size)
    paper = 0 if channels == 1 else 1
    for n in (1, 2, 8, 11):
        for padding in (0, 1, 2, 5):
            grid = make_grid(images[:n], columns, padding, pad_value=paper)[:channels]
            assert torch.equal(sheet(images[:n], columns, padding), grid)


@pytest.mark.parametrize("draw", [
    lambda: figures.latent_map(CODES, LABELS),
    lambda: figures.latent_scatters({"one": CODES}, LABELS),
    lambda: figures.clouds(CODES, CODES.abs(), LABELS),
])  # fmt: skip
def test_a_key_names_each_digit_in_its_colour(draw):
    draw()
    (key,) = plt.gcf().legends
    assert [text.get_text() for text in key.get_texts()] == [str(digit) for digit in range(10)]
    assert [to_hex(dot.get_color()) for dot in key.legend_handles] == list(DIGITS)


@pytest.mark.parametrize("model", ["AE", "VAE", "GAN", "AAE"])
def test_a_diagram_keeps_its_words_within_itself(model):
    figures.diagram(model)
    figure = plt.gcf()
    inside = figure.get_window_extent()
    renderer = figure.canvas.get_renderer()
    figure.draw(renderer)
    for text in plt.gca().texts:
        box = text.get_window_extent(renderer)
        assert inside.contains(*box.min) and inside.contains(*box.max), text.get_text()


def test_an_unknown_diagram_is_named():
    with pytest.raises(ValueError, match="'PCA'; expected one of AE, VAE, GAN, AAE"):
        figures.diagram("PCA")


def test_the_bound_stands_on_its_line():
    z = torch.linspace(-1, 1, 5)
    figures.bound(z, z.abs(), {"far": (z**2, 3.0, 1.0), "near": (z.abs(), 1.0, 1.2)}, 2.0)
    below = plt.gcf().axes[0]
    tops = [bar.get_y() + bar.get_height() for bar in below.patches]
    assert tops == [3.0, 4.0, 1.0, 2.2]
    assert below.lines[-1].get_ydata()[0] == 2.0
    assert [text.get_text() for text in below.texts] == ["gap"]


def test_scatters_share_their_axes():
    figures.latent_scatters({"a": CODES, "b": 5 * CODES}, LABELS)
    a, b = plt.gcf().axes
    assert a.get_xlim() == b.get_xlim() and a.get_ylim() == b.get_ylim()


def test_the_plane_is_the_right_way_up():
    """Low z2 is at the bottom of both panels."""
    fine, coarse = latent.grid(CODES, 10), latent.grid(CODES, 3)
    images = torch.zeros(9, 1, 28, 28)
    images[coarse[:, 1] == coarse[:, 1].min()] = 1
    values = (fine[:, 1] - fine[:, 1].min()) / (fine[:, 1].max() - fine[:, 1].min())
    figures.plane(fine, values, images, CODES)
    left, right = plt.gcf().axes[:2]
    heat = left.images[0]
    assert heat.origin == "lower" and heat.get_array()[0].max() == 0
    picture = right.images[0].get_array()
    assert picture[-10:].mean() > 0.8 and picture[:10].mean() < 0.1


def test_colours_are_distinct():
    assert len(set(DIGITS)) == 10
    assert len(set(figures.ROLES.values()) | set(figures.MODELS.values())) == len(
        figures.ROLES
    ) + len(figures.MODELS)


def test_curves_show_the_level_of_a_balanced_game():
    figures.curves(History({"generator": [1.0, 0.7]}), levels={"generator": 0.6931})
    curve, level = plt.gca().lines
    assert level.get_ydata()[0] == 0.6931 and level.get_linestyle() == "--"
    assert curve.get_color() == level.get_color() == figures.ROLES["generated"]


def test_estimates_settle_at_the_mean():
    figures.estimates({"noisy": torch.arange(100.0)}, 49.5, "gradient")
    means, level = plt.gca().lines
    assert list(means.get_xdata()) == list(range(10, 101))
    assert means.get_ydata()[-1] == level.get_ydata()[0] == 49.5


def test_estimates_of_different_noise_can_all_be_seen():
    """The noisy one fills the panel above, the steady one half of the one below."""
    steady = torch.ones(50).cumsum(0)
    figures.estimates({"noisy": 1000 * steady, "steady": steady}, 0.0, "gradient")
    above, below = plt.gcf().axes
    assert above.get_ylim()[1] > 25_000
    assert below.get_ylim() == (-51, 51)


def test_rate_and_distortion_name_each_beta():
    figures.rate_distortion({0: (100.0, 80.0, 10), 1: (15.0, 100.0, 9), 30: (0.0, 200.0, 0)})
    left, right = plt.gcf().axes
    assert [text.get_text() for text in left.texts] == ["β 0", "β 1", "β 30"]
    assert [bar.get_height() for bar in right.patches] == [10, 9, 0]


def test_clouds_have_two_standard_deviations():
    figures.clouds(CODES[:7], torch.full((7, 2), 0.25), LABELS[:7])
    clouds = [patch for patch in plt.gcf().axes[1].patches if patch.width == 1]
    assert len(clouds) == 7 and all(cloud.height == 1 for cloud in clouds)
    assert to_hex(clouds[3].get_facecolor()) == DIGITS[3]


def test_planes_keep_their_own_axes():
    points = latent.grid(CODES, 5)
    figures.confidence_planes({
        "AE": (10 * points, torch.rand(25), 10 * CODES), "VAE": (points, torch.rand(25), CODES),
    })  # fmt: skip
    first, second = plt.gcf().axes[:2]
    assert first.get_xlim()[1] == pytest.approx(10 * second.get_xlim()[1], rel=1e-5)
    assert first.title.get_color() == figures.MODELS["AE"]


def test_posteriors_show_belief_cloud_and_best():
    offsets = latent.grid(torch.tensor([[-0.3, -0.3], [0.3, 0.3]]), 9)
    figures.posteriors(offsets, torch.rand(2, 81), offsets[:2], torch.full((2, 2), 0.1), IMAGES[:2])
    below = plt.gcf().axes[2]
    assert below.patches[0].width == pytest.approx(0.4)
    assert below.lines[0].get_xdata()[0] == pytest.approx(-0.3)


def test_point_clouds_share_their_axes():
    figures.point_clouds({"aggregated posterior": CODES, "prior": 3 * CODES})
    a, b = plt.gcf().axes
    assert a.get_xlim() == b.get_xlim()
    assert to_hex(b.collections[0].get_facecolor()[0]) == figures.ROLES["prior"]


def test_the_critic_is_drawn_over_the_best():
    x = torch.linspace(-1, 1, 11)
    figures.critic(x, (-(x**2)).exp(), (-((x - 1) ** 2)).exp(), x.sigmoid(), x.sigmoid())
    below = plt.gcf().axes[1]
    assert [line.get_label() for line in below.lines] == ["p / (p + q)", "learned D"]


def test_runs_are_drawn_over_their_centres():
    gaussians = ring()
    figures.point_runs({"one": gaussians.sample(60).view(20, 3, 2)}, gaussians, {"one": "876"})
    panels = plt.gcf().axes
    assert [axes.get_title() for axes in panels] == ["8", "7", "6"]
    assert len(panels[0].collections[0].get_offsets()) == 8


def test_sensitivity_writes_the_modes_of_every_run():
    outcomes = {(rate, beta): [(8, 0.9), (3, 0.1)] for rate in (0.1, 0.2) for beta in (0.0, 0.9)}
    figures.sensitivity(outcomes, (0.1, 0.2), (0.0, 0.9), runs=2)
    assert [text.get_text() for text in plt.gcf().axes[0].texts] == ["8", "3"] * 4


def test_curve_panels_share_an_axis_and_show_the_phases_asked_for():
    game = History({"reconstruction": [150.0, 140.0], "discriminator": [1.2, 1.3]})
    figures.curve_panels({"one": game, "two": game}, {"discriminator": 1.4})
    panels = plt.gcf().axes
    assert [axes.get_title() for axes in panels] == ["one", "two"]
    for axes in panels:
        assert list(axes.lines[0].get_ydata()) == [1.2, 1.3]
        assert set(axes.lines[1].get_ydata()) == {1.4}
    assert panels[0].get_ylim() == panels[1].get_ylim()


def test_the_gallery_has_a_row_for_each_prior_and_draws_the_top_at_the_top():
    square = torch.tensor([[-2.0, -2.0], [2.0, 2.0]])
    dark_below = torch.zeros(9, 1, 28, 28)
    dark_below[:3] = 1  # the grid begins at the bottom left
    room = {
        "codes": CODES, "labels": LABELS, "prior": CODES,
        "points": latent.grid(square, 5), "critic": torch.linspace(0, 1, 25),
        "images": dark_below,
    }  # fmt: skip
    figures.gallery({"ring": room, "star": room})
    panels = plt.gcf().axes[:6]
    assert [axes.get_ylabel() for axes in panels[::3]] == ["ring", "star"]
    assert panels[1].images[0].get_array()[0, 0] == 0 and panels[1].images[0].origin == "lower"
    drawn = panels[2].images[0].get_array()
    assert drawn[-1, 0] == 1 and drawn[0, 0] == 0


def test_bars_carry_their_shares():
    figures.bars({"one": 0.25, "two": 0.031}, "share", ["red", "blue"])
    axes = plt.gca()
    assert [text.get_text() for text in axes.texts] == ["25.0%", "3.1%"]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["one", "two"]


def test_a_trade_has_a_colour_for_each_model_and_arrows():
    runs = {"real": ([1], [1]), "VAE": ([0.1, 0.3], [0.2, 0.4]), "VAE + mixture": ([0.5], [0.6])}
    figures.trade(runs, "recall", "precision", [("VAE", "VAE + mixture")])
    axes = plt.gca()
    real, vae, changed = axes.lines
    assert real.get_color() == "black" and vae.get_color() == changed.get_color()
    assert changed.get_markerfacecolor() == "none" != vae.get_markerfacecolor()
    assert [text.get_text() for text in axes.texts] == ["", "real", "VAE", "VAE + mixture"]
    assert axes.texts[0].xyann == pytest.approx((0.2, 0.3)) and axes.texts[0].xy == (0.5, 0.6)


def test_stacked_parts_add_up():
    parts = {"one": {"low": 1.0, "high": 2.0}, "two": {"low": 0.5, "high": 0.25}}
    figures.stacked(parts, "error", {"low": "black", "high": "red"})
    tops = [bar.get_y() + bar.get_height() for bar in plt.gca().patches]
    assert tops == [1, 0.5, 3, 0.75]


def test_dots_have_a_row_for_each_entrant_in_every_panel():
    panels = {"one": {"AE, 2": [0.1, 0.2], "GAN, 2": [0.5]}, "two": {"AE, 2": [3.0]}}
    figures.dots(panels, {"one": "share", "two": "error"}, ["two"])
    left, right = plt.gcf().axes
    assert [text.get_text() for text in left.get_yticklabels()] == ["AE, 2", "GAN, 2"]
    dots = [line for line in left.lines if line.get_marker() == "o"]
    assert [list(line.get_xdata()) for line in dots] == [[0.1, 0.2], [0.5]]
    assert [list(line.get_ydata()) for line in dots] == [[0, 0], [1]]
    assert dots[0].get_color() == figures.MODELS["AE"] and left.get_xlabel() == "share"
    assert left.yaxis_inverted() and right.get_title() == "two"
    assert right.xaxis_inverted() and not left.xaxis_inverted()


def test_a_confusion_writes_what_is_not_rare():
    shares = 0.9 * torch.eye(10) + 0.01
    shares[4, 9] = 0.3
    figures.confusion(shares)
    written = [text.get_text() for text in plt.gca().texts]
    assert sorted(written) == ["30"] + ["91"] * 10


def test_a_ruler_shows_codes_beside_the_plane():
    figures.ruler(CODES[:, 0], CODES[:, 1], LABELS, torch.rand(9, 1, 28, 28))
    left, right = plt.gcf().axes
    assert torch.equal(torch.tensor(left.collections[0].get_offsets().data).float(), CODES)
    assert len(right.images) == 1


def test_no_import_and_no_figure_changes_the_readers_own_matplotlib():
    """Not in a fresh process, nor after a figure was drawn."""
    code = """
import matplotlib, torch
before = dict(matplotlib.rcParams)
from gencourse import figures
assert dict(matplotlib.rcParams) == before
matplotlib.use("agg")
before = dict(matplotlib.rcParams)
figures.image_rows({"one": torch.zeros(2, 1, 28, 28)})
assert dict(matplotlib.rcParams) == before
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_notebooks_show_the_figure_in_our_style_and_the_readers_plot_in_theirs():
    """Jupyter sets matplotlib up at the first figure; that must outlive the style."""
    drawn = (
        "import torch; from gencourse import figures; figures.bars({'a': 0.5}, 'share', ['red'])"
    )
    own = "import matplotlib.pyplot as plt; plt.plot([1, 2]); plt.rcParams['font.size']"
    last = "figures.bars({'a': 0.5}, 'share', ['red']); plt.isinteractive()"
    cells = [nbformat.v4.new_code_cell(source) for source in (drawn, own, last)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": ROOT}}).execute()
    first, plot, second = (cell.outputs for cell in notebook.cells)
    assert [output.output_type for output in first] == ["display_data"]
    assert first[0].data["image/png"] == second[1].data["image/png"]
    assert second[0].data["text/plain"] == "True"
    assert plot[0].data["text/plain"] == "10.0" and "image/png" in plot[1].data


def test_the_style_holds_until_a_figure_is_drawn():
    """Matplotlib makes ticks late, when the style is off again."""
    figures.latent_scatters({"a": CODES}, LABELS)
    plt.gcf().canvas.draw()
    axes = plt.gcf().axes[0]
    assert {label.get_size() for label in axes.get_xticklabels() + axes.get_yticklabels()} == {12}
    assert plt.gcf().dpi == 130


def test_who_asks_for_more_dots_gets_them():
    with plt.rc_context({"figure.dpi": 200}):
        figures.curves(History({"generator": [1.0]}))
    assert plt.gcf().dpi == 200


def test_what_fails_leaves_no_half_of_a_figure():
    kept = plt.figure()
    with pytest.raises(ValueError, match="codes"):
        figures.latent_scatters({"a": CODES, "b": CODES[:7]}, LABELS)
    assert plt.get_fignums() == [kept.number]


# Figures of nothing, of one thing, and of things that do not fit.

ONE, GAME = torch.zeros(1, 2), History({"discriminator": [1.0]})
GRID, SQUARE = latent.grid(CODES, 3), IMAGES[:9]
ROOM = {
    "codes": CODES, "labels": LABELS, "prior": CODES, "points": GRID, "critic": torch.rand(9),
    "images": SQUARE,
}  # fmt: skip
X = torch.linspace(-1, 1, 5)

OF_NONE = {
    "bars": lambda: figures.bars({}, "share", []),
    "cases": lambda: figures.cases({}),
    "bound": lambda: figures.bound(X, X, {}, 1.0),
    "clouds": lambda: figures.clouds(CODES[:0], CODES[:0], LABELS[:0]),
    "confidence_planes": lambda: figures.confidence_planes({}),
    "confusion": lambda: figures.confusion(torch.zeros(0, 0)),
    "critic": lambda: figures.critic(X[:0], X[:0], X[:0], X[:0], X[:0]),
    "curve_panels": lambda: figures.curve_panels({}, {"discriminator": 1.4}),
    "dots": lambda: figures.dots({}, {}, []),
    "dots without entrants": lambda: figures.dots({"one": {}}, {"one": "share"}, []),
    "estimates": lambda: figures.estimates({}, 1.0, "gradient"),
    "gallery": lambda: figures.gallery({}),
    "image_blocks": lambda: figures.image_blocks({}),
    "image_blocks without images": lambda: figures.image_blocks({"none": IMAGES[:0]}),
    "image_rows": lambda: figures.image_rows({}),
    "image_rows without images": lambda: figures.image_rows({"none": IMAGES[:0]}),
    "latent_map": lambda: figures.latent_map(CODES[:0], LABELS[:0]),
    "latent_scatters": lambda: figures.latent_scatters({}, LABELS),
    "latent_scatters without codes": lambda: figures.latent_scatters({"a": CODES[:0]}, LABELS[:0]),
    "lines": lambda: figures.lines({}, "x", "y"),
    "lines without points": lambda: figures.lines({"AE": ([], [])}, "x", "y"),
    "paths": lambda: figures.paths({}, "x", "y"),
    "paths without places": lambda: figures.paths({"a": CODES[:0]}, "x", "y"),
    "plane": lambda: figures.plane(GRID[:0], X[:0], IMAGES[:0], CODES[:0]),
    "point_clouds": lambda: figures.point_clouds({}),
    "point_runs": lambda: figures.point_runs({}, ring(), {}),
    "posteriors": lambda: figures.posteriors(GRID, X[:0], CODES[:0], CODES[:0], IMAGES[:0]),
    "rate_distortion": lambda: figures.rate_distortion({}),
    "ruler": lambda: figures.ruler(X[:0], X[:0], LABELS[:0], SQUARE),
    "sensitivity": lambda: figures.sensitivity({}, (), (), runs=3),
    "sensitivity without runs": lambda: figures.sensitivity({(1, 0): []}, (1,), (0,), runs=0),
    "stacked": lambda: figures.stacked({}, "error", {"low": "red"}),
    "trade": lambda: figures.trade({}, "x", "y", []),
    "trade without runs": lambda: figures.trade({"VAE": ([], [])}, "x", "y", []),
}

OF_ONE = {
    "bars": lambda: figures.bars({"a": 0.5}, "share", ["red"]),
    "bound": lambda: figures.bound(X[:1], X[:1] + 2, {"a": (X[:1] + 2, 1.0, 0.5)}, 1.0),
    "cases": lambda: figures.cases({"a": (GAME, IMAGES[:1])}),
    "cases of one code": lambda: figures.cases({"a": (GAME, (ONE, LABELS[:1]))}),
    "clouds": lambda: figures.clouds(ONE, ONE + 1, LABELS[:1]),
    "confidence_planes": lambda: figures.confidence_planes({"AE": (GRID, torch.rand(9), ONE)}),
    "confusion": lambda: figures.confusion(torch.ones(1, 1)),
    "critic": lambda: figures.critic(X[:1], X[:1] + 2, X[:1] + 2, X[:1], X[:1]),
    "curve_panels": lambda: figures.curve_panels({"a": GAME}, {"discriminator": 1.4}),
    "curves": lambda: figures.curves(GAME),
    "dots": lambda: figures.dots({"one": {"AE": [0.1]}}, {"one": "share"}, []),
    "estimates": lambda: figures.estimates({"a": torch.rand(10)}, 0.5, "gradient"),
    "gallery": lambda: figures.gallery({"ring": ROOM}),
    "image_blocks": lambda: figures.image_blocks({"a": IMAGES[:1]}),
    "image_rows": lambda: figures.image_rows({"a": IMAGES[:1]}, ["one"]),
    "latent_map": lambda: figures.latent_map(ONE, LABELS[:1]),
    "latent_scatters": lambda: figures.latent_scatters({"a": ONE}, LABELS[:1]),
    "lines": lambda: figures.lines({"AE": ([2], [0.5])}, "x", "y", log_x=True),
    "paths": lambda: figures.paths({"a": ONE}, "x", "y"),
    "plane": lambda: figures.plane(GRID, torch.rand(9), IMAGES[:1], ONE),
    "point_clouds": lambda: figures.point_clouds({"prior": ONE}),
    "point_runs": lambda: figures.point_runs({"a": ONE[:, None]}, ring(), {"a": ["1"]}),
    "posteriors": lambda: figures.posteriors(GRID, torch.rand(1, 9), ONE, ONE + 1, IMAGES[:1]),
    "rate_distortion": lambda: figures.rate_distortion({1: (15.0, 100.0, 9)}),
    "ruler": lambda: figures.ruler(X[:1], X[:1], LABELS[:1], IMAGES[:1]),
    "sensitivity": lambda: figures.sensitivity({(1, 0): [(8, 0.9)]}, (1,), (0,), runs=1),
    "stacked": lambda: figures.stacked({"one": {"low": 1.0}}, "error", {"low": "red"}),
    "trade": lambda: figures.trade({"VAE": ([0.5], [0.5])}, "x", "y", []),
}

UNEVEN = {
    "bars": (lambda: figures.bars({"a": 0.5}, "share", []), "1 values, 0 colours"),
    "bound": (lambda: figures.bound(X, X, {"a": (X[:2], 1, 1)}, 1.0), "5 z, 5 posterior, 2 a"),
    "clouds": (lambda: figures.clouds(CODES, CODES[:9], LABELS), "300 locations, 9 scales"),
    "clouds of three": (lambda: figures.clouds(torch.rand(9, 3), CODES, LABELS), r"\(9, 3\)"),
    "confidence_planes": (
        lambda: figures.confidence_planes({"AE": (GRID, X, CODES)}), "9 points, 5 values",
    ),
    "confidence_planes of a point": (
        lambda: figures.confidence_planes({"AE": (ONE, X[:1], CODES)}), "1 entries.*at least 2",
    ),
    "confusion": (lambda: figures.confusion(torch.zeros(2, 3)), r"\(2, 3\)"),
    "critic": (lambda: figures.critic(X, X, X[:2], X, X), "5 real, 2 made"),
    "curve_panels": (
        lambda: figures.curve_panels({"a": GAME}, {"generator": 1}), "phases discriminator;.*gener",
    ),
    "curve_panels without levels": (lambda: figures.curve_panels({"a": GAME}, {}), "`levels`"),
    "dots": (lambda: figures.dots({"one": {"AE": [1]}}, {}, []), "`notes` says nothing of one"),
    "estimates": (lambda: figures.estimates({"a": X}, 1.0, "g"), "'a' has 5 estimates"),
    "gallery": (lambda: figures.gallery({"ring": {"codes": CODES}}), "'ring' has no labels"),
    "image_rows": (
        lambda: figures.image_rows({"a": IMAGES[:1]}, ["one", "two"]), "2 titles over 1 columns",
    ),
    "latent_map": (lambda: figures.latent_map(CODES, LABELS[:9]), "300 codes, 9 labels"),
    "latent_scatters": (
        lambda: figures.latent_scatters({"a": CODES[:9]}, LABELS), "9 codes, 300 labels",
    ),
    "lines": (lambda: figures.lines({"AE": ([1, 2], [3])}, "x", "y"), "2 x, 1 y"),
    "paths": (lambda: figures.paths({"a": torch.rand(9, 3)}, "x", "y"), r"`a`.*\(9, 3\)"),
    "plane": (lambda: figures.plane(GRID[:8], X, SQUARE, CODES), "8 points, 5 values"),
    "plane of no square": (
        lambda: figures.plane(GRID[:8], torch.rand(8), SQUARE, CODES), "8 entries; expected K × K",
    ),
    "plane of images": (
        lambda: figures.plane(GRID, torch.rand(9), IMAGES[:8], CODES), "`images` has 8 entries",
    ),
    "point_clouds": (lambda: figures.point_clouds({"a": torch.rand(9, 3)}), r"`a`.*\(9, 3\)"),
    "point_runs": (
        lambda: figures.point_runs({"a": torch.rand(9, 3, 2)}, ring(), {"a": "87"}),
        "'a' has 3 runs and 2 titles",
    ),
    "point_runs of codes": (lambda: figures.point_runs({"a": CODES}, ring(), {}), r"\(300, 2\)"),
    "posteriors": (
        lambda: figures.posteriors(GRID, X, ONE, ONE, IMAGES[:2]), "1 best, .*2 images",
    ),
    "ruler": (lambda: figures.ruler(X, X[:2], LABELS[:5], SQUARE), "5 measured, 2 first"),
    "sensitivity": (
        lambda: figures.sensitivity({(1, 0): [(8, 0.9)]}, (1,), (0,), runs=2),
        r"1 runs of \(1, 0\); expected 2",
    ),
    "sensitivity without a pair": (
        lambda: figures.sensitivity({}, (1,), (0,), runs=2), r"0 runs of \(1, 0\)",
    ),
    "stacked": (
        lambda: figures.stacked({"one": {}}, "error", {"low": "red"}), "'one' has no part low",
    ),
    "trade": (lambda: figures.trade({"VAE": ([1], [1, 2])}, "x", "y", []), "1 x, 2 y"),
    "trade to nowhere": (
        lambda: figures.trade({"VAE": ([1], [1])}, "x", "y", [("VAE", "GAN")]), "lead to GAN",
    ),
}  # fmt: skip


def test_every_figure_is_tried_with_none_and_with_one():
    every = {name for name in figures.__all__ if callable(getattr(figures, name))}
    assert {name.split()[0] for name in OF_NONE} == every - {"curves", "diagram"}  # see above
    assert {name.split()[0] for name in OF_ONE} == every - {"diagram"}


@pytest.mark.parametrize("draw", OF_NONE.values(), ids=OF_NONE)
def test_a_figure_of_nothing_says_what_is_missing(draw):
    with pytest.raises((ValueError, DataError), match="empty|shape|no images|expected 0, at least"):
        draw()


@pytest.mark.parametrize("draw", OF_ONE.values(), ids=OF_ONE)
def test_a_figure_of_one_is_drawn(draw):
    draw()
    assert len(plt.get_fignums()) == 1


@pytest.mark.parametrize(("draw", "complaint"), UNEVEN.values(), ids=UNEVEN)
def test_what_does_not_fit_is_named(draw, complaint):
    with pytest.raises(ValueError, match=complaint):
        draw()


@pytest.mark.parametrize("history", [History(), History({"discriminator": []})])
def test_a_training_stopped_in_its_first_epoch_says_so(history):
    figures.curves(history, {"discriminator": 1.4})
    figures.curve_panels({"stopped": history, "well": GAME}, {"discriminator": 1.4})
    figures.cases({"stopped": (history, IMAGES), "well": (GAME, IMAGES)}, {"discriminator": 1.4})
    for number in plt.get_fignums():
        axes, *others = plt.figure(number).axes
        assert [text.get_text() for text in axes.texts] == ["no epoch was finished"]
        assert not axes.lines and axes.get_legend() is None
        assert all(other.get_legend() for other in others if other.lines)


def test_losses_that_are_no_numbers_leave_the_others_on_the_page():
    figures.cases({"ill": (History({"bound": [3.0, float("nan"), float("inf")]}), IMAGES)})
    assert plt.gcf().axes[0].get_ylim() == (0, 3.75)


def test_games_of_different_phases_show_those_that_they_have():
    other = History({"generator": [0.5]})
    figures.curve_panels({"a": GAME, "b": other}, {"discriminator": 1.4, "generator": 0.7})
    assert [axes.lines[0].get_label() for axes in plt.gcf().axes] == ["discriminator", "generator"]


def test_rows_and_blocks_of_different_lengths_have_empty_ends():
    figures.image_rows({"long": IMAGES[:3], "short": IMAGES[:1]}, ["one"])
    assert [len(axes.images) for axes in plt.gcf().axes] == [1, 1, 1, 1, 0, 0]
    assert [axes.axison for axes in plt.gcf().axes] == [True] * 4 + [False] * 2
    assert [axes.get_title() for axes in plt.gcf().axes[:3]] == ["one", "", ""]
    figures.image_blocks({"long": IMAGES, "short": IMAGES[:1]})
    assert len(plt.gcf().axes[1].images) == 1


def test_rows_of_different_runs_have_empty_ends():
    points = {"a": torch.zeros(5, 3, 2), "b": torch.zeros(5, 1, 2)}
    figures.point_runs(points, ring(), {"a": "876", "b": "5"})
    assert [axes.axison for axes in plt.gcf().axes] == [True] * 4 + [False] * 2


def test_dots_show_every_entrant_and_no_empty_panel():
    panels = {"one": {"AE": [0.1]}, "two": {"another": [0.2]}, "three": {}, "four": {"AE": [1]}}
    figures.dots(panels, dict.fromkeys(panels, "share"), ())
    axes = plt.gcf().axes
    assert [text.get_text() for text in axes[0].get_yticklabels()] == ["AE", "another"]
    assert [panel.get_visible() for panel in axes] == [True] * 4 + [False] * 2


def test_lines_with_other_ticks_show_them_all():
    figures.lines({"AE": ([2, 8], [1, 1]), "PCA": ([4, 8], [2, 2])}, "size", "error", log_x=True)
    assert [text.get_text() for text in plt.gca().get_xticklabels()] == ["2", "4", "8"]


def test_clouds_show_no_more_than_can_be_told_apart():
    figures.clouds(CODES, torch.full((300, 2), 0.25), LABELS)
    assert len([patch for patch in plt.gcf().axes[1].patches if patch.width == 1]) == 120


# Labels


SOME_UNKNOWN = torch.where(torch.arange(300) % 3 == 0, -1, LABELS)
LABELLED = {
    "latent_map": lambda labels: figures.latent_map(CODES, labels),
    "latent_scatters": lambda labels: figures.latent_scatters({"a": CODES}, labels),
    "clouds": lambda labels: figures.clouds(CODES, CODES.abs(), labels),
    "cases": lambda labels: figures.cases({"a": (GAME, (CODES, labels))}),
    "gallery": lambda labels: figures.gallery({"ring": ROOM | {"labels": labels}}),
    "ruler": lambda labels: figures.ruler(CODES[:, 0], CODES[:, 1], labels, SQUARE),
}


@pytest.mark.parametrize("draw", LABELLED.values(), ids=LABELLED)
def test_a_digit_that_is_not_known_is_grey_and_below_the_others(draw):
    draw(SOME_UNKNOWN)
    axes = next(axes for axes in plt.gcf().axes if axes.collections)
    unknown, known = axes.collections
    assert {to_hex(colour) for colour in unknown.get_facecolors()} == {PALE}
    assert len(unknown.get_offsets()) == 100 and unknown.get_zorder() < known.get_zorder()
    assert {to_hex(colour) for colour in known.get_facecolors()} == set(DIGITS)
    assert "-1" not in [text.get_text() for axes in plt.gcf().axes for text in axes.texts]


def test_clouds_of_unknown_digits_are_grey_and_below_the_others():
    figures.clouds(CODES[:3], torch.full((3, 2), 0.25), torch.tensor([9, -1, 0]))
    clouds = [patch for patch in plt.gcf().axes[1].patches if patch.width == 1]
    assert [to_hex(cloud.get_facecolor()) for cloud in clouds] == [DIGITS[9], PALE, DIGITS[0]]
    assert clouds[1].get_zorder() < clouds[0].get_zorder() == clouds[2].get_zorder()


def test_nothing_is_known():
    figures.latent_scatters({"a": CODES}, torch.full((300,), -1))
    figures.latent_map(CODES, torch.full((300,), -1))


@pytest.mark.parametrize("draw", LABELLED.values(), ids=LABELLED)
@pytest.mark.parametrize("label", [10, -2])
def test_a_label_without_a_colour_is_refused(draw, label):
    labels = LABELS.clone()
    labels[7] = label
    with pytest.raises(ValueError, match="run from 0 to 10;|run from -2 to 9;"):
        draw(labels)


def test_labels_are_whole_numbers():
    with pytest.raises(ValueError, match=r"torch.float32; expected whole numbers"):
        figures.latent_map(CODES, LABELS / 2)


# Images


DRAWN = {
    "image_rows": lambda images: figures.image_rows({"a": images}),
    "image_blocks": lambda images: figures.image_blocks({"a": images}),
    "cases": lambda images: figures.cases({"a": (GAME, images)}),
    "plane": lambda images: figures.plane(GRID, torch.rand(9), images, CODES),
    "gallery": lambda images: figures.gallery({"ring": ROOM | {"images": images}}),
    "ruler": lambda images: figures.ruler(CODES[:, 0], CODES[:, 1], LABELS, images),
    "posteriors": lambda images: figures.posteriors(
        GRID, torch.rand(9, 9), CODES[:9], CODES[:9], images
    ),
}


@pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)
def test_all_images_pass_one_door(draw):
    with pytest.raises(DataError, match="255"):
        draw(255 * SQUARE)


@pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)
@pytest.mark.parametrize("shape", [(3, 28, 28), (3, 8, 12), (1, 64, 48)])
def test_images_of_other_sizes_and_in_colours_are_drawn(draw, shape, monkeypatch):
    monkeypatch.setattr("gencourse.figures.inputs.check_images", lambda images: None)
    images = torch.rand(9, *shape)
    draw(images)
    drawn = [axes.images[0].get_array() for axes in plt.gcf().axes if axes.images]
    assert any(array.ndim == 3 for array in drawn) == (shape[0] == 3)


def test_colours_are_drawn_as_they_are(monkeypatch):
    monkeypatch.setattr("gencourse.figures.inputs.check_images", lambda images: None)
    images = torch.rand(2, 3, 5, 7)
    figures.image_rows({"a": images})
    shown = torch.tensor(plt.gcf().axes[1].images[0].get_array())
    assert torch.equal(shown, images[1].permute(1, 2, 0))


def test_images_that_are_still_being_learned_are_drawn():
    figures.image_rows({"found": IMAGES[:2].clone().requires_grad_()})


def test_letters_in_a_pale_colour_are_darkened():
    pale, dark = (np.array(ink(colour)) for colour in (figures.PALE_AE, "black"))
    figures.lines({"pale": ([0, 1], [1, 2])}, "x", "y", colours={"pale": figures.PALE_AE})
    axes = plt.gca()
    assert axes.lines[0].get_color() == figures.PALE_AE
    assert tuple(axes.texts[0].get_color()) == tuple(pale) and pale.max() < 0.65
    assert dark.max() == 0


@pytest.mark.parametrize(
    "name",
    [
        "x" * 50,
        "the copies of an autoencoder with convolutions and a long name",
        "naïve copies " * 30,
    ],
)
def test_a_long_name_leaves_the_pictures_their_place(name):
    figures.image_rows({name: torch.rand(10, 1, 8, 8), "b\nc": torch.rand(10, 1, 8, 8)})
    figure = plt.gcf()
    figure.canvas.draw()
    last = figure.axes[9].get_window_extent().x1 - figure.axes[0].get_window_extent().x0
    assert last > 0.3 * figure.bbox.width
    assert figure.axes[0].get_ylabel().count("\n") <= 2 and figure.axes[10].get_ylabel() == "b\nc"
