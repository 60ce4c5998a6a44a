"""The figures: they draw what they are given, in the course's palette."""

import io

import matplotlib
import matplotlib.pyplot as plt
import pytest
import torch
from matplotlib.colors import to_hex

from gencourse import figures
from gencourse.data import ring
from gencourse.data.torchvision_cpu import make_torchvision_importable
from gencourse.evaluation import latent
from gencourse.training import History

matplotlib.use("agg")

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
    sheet = figures.sheet(IMAGES, columns=4, padding=0)
    assert sheet.shape == (1, 3 * 28, 4 * 28)
    assert torch.equal(sheet[0, :28, 28:56], IMAGES[1, 0])
    assert torch.equal(sheet[0, 28:56, :28], IMAGES[4, 0])


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
            assert torch.equal(figures.sheet(images[:n], columns, padding), grid)


def test_the_map_names_each_digit_once_in_its_colour():
    figures.latent_map(CODES, LABELS)
    texts = [text.get_text() for axes in plt.gcf().axes for text in axes.texts]
    assert sorted(texts) == [str(digit) for digit in range(10)]
    colours = plt.gcf().axes[0].collections[0].get_facecolors()[:10]
    assert [to_hex(colour) for colour in colours] == list(figures.DIGITS)


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
    assert len(set(figures.DIGITS)) == 10
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
    level, means = plt.gca().lines
    assert list(means.get_xdata()) == list(range(10, 101))
    assert means.get_ydata()[-1] == level.get_ydata()[0] == 49.5


def test_rate_and_distortion_name_each_beta():
    figures.rate_distortion({0: (100.0, 80.0, 10), 1: (15.0, 100.0, 9), 30: (0.0, 200.0, 0)})
    left, right = plt.gcf().axes
    assert [text.get_text() for text in left.texts] == ["β 0", "β 1", "β 30"]
    assert [bar.get_height() for bar in right.patches] == [10, 9, 0]


def test_clouds_have_two_standard_deviations():
    figures.clouds(CODES, torch.full((300, 2), 0.25), LABELS, shown=7)
    clouds = [patch for patch in plt.gcf().axes[1].patches if patch.width == 1]
    assert len(clouds) == 7 and all(cloud.height == 1 for cloud in clouds)
    assert to_hex(clouds[3].get_facecolor()) == figures.DIGITS[3]


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
    figures.dots(panels, {"one": "share", "two": "error"}, ["two"], columns=2)
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
