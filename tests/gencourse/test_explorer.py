"""The latent explorer: what it takes, what it draws, and how it is moved in a real browser."""

import html
import json
import re

import pytest
import torch
from axe_playwright_python.sync_playwright import Axe
from torch import nn

from gencourse.data import DataError
from gencourse.live import Explorer
from gencourse.live.networks import as_the_page_has_it
from gencourse.models import GAN, VAE, Autoencoder
from gencourse.training import reproducible
from gencourse.weights import pretrained
from gencourse.weights.eight_bits import in_eight_bits, rounded

NAMES = {"AE": "autoencoder-plane", "VAE": "vae-plane", "AAE": "aae-plane"}
WIDTHS = {"desktop": 1280, "phone": 390}
ALT = 'Codes of "digits" in the plane'


@pytest.fixture(scope="module")
def models():
    return {name: pretrained(file) for name, file in NAMES.items()}


@pytest.fixture(scope="module")
def figure(models, digits):
    return Explorer(models, digits.test.images, digits.test.labels, ALT)


@pytest.fixture(scope="module")
def written(figure):
    return figure._repr_html_()


def data_of(page):
    return json.loads(re.search(r'application/json">(.*?)</script>', page, re.S)[1])


def small(outputs=2, latent_dim=2, shape=(1, 8, 8), **networks):
    """An untrained autoencoder of small images."""
    pixels = torch.Size(shape).numel()
    networks = {
        "encoder": nn.Sequential(nn.Flatten(), nn.Linear(pixels, outputs)),
        "decoder": nn.Sequential(nn.Linear(latent_dim, pixels), nn.Unflatten(1, shape)),
    } | networks
    with reproducible(0):
        return Autoencoder(latent_dim, image_shape=shape, **networks)


IMAGES, LABELS = torch.linspace(0, 1, 3 * 64).view(3, 1, 8, 8), torch.tensor([7, 0, 7])


# What it takes.


def test_a_figure_of_three_models_is_light_and_needs_nothing_from_elsewhere(figure, written):
    page = written
    assert len(page.encode()) <= 400_000
    assert "http" not in page.replace("http://www.w3.org", "")
    assert repr(figure) == f"Explorer of AE, VAE, AAE: {ALT}"
    assert f'aria-label="{html.escape(ALT)}"' in page
    assert [model["name"] for model in data_of(page)["models"]] == list(NAMES)
    assert "$" not in re.sub("<script>.*</script>", "", page, flags=re.S)


def test_the_first_four_hundred_are_shown_each_as_a_dot_of_its_digit(written, digits):
    page = written
    assert data_of(page)["labels"] == digits.test.labels[:400].tolist()
    plane = re.search("<svg.*?</svg>", page, re.S)[0]
    dots = {
        path[0]: path[1].count("M")
        for path in re.findall(r'<path stroke="(#\w+)" d="(.*?)"', plane)
    }
    assert sorted(dots.values()) == sorted(digits.test.labels[:400].bincount().tolist())
    assert re.findall(r"</span>(\d)</li>", page) == list("0123456789")


def test_one_model_leaves_no_choice():
    page = Explorer({"AE": small()}, IMAGES, LABELS, ALT)._repr_html_()
    assert 'role="radiogroup" hidden' in page
    assert re.findall(r"</span>(\d)</li>", page) == ["0", "7"]
    assert (
        'radiogroup" aria'
        in Explorer(dict(a=small(), b=small()), IMAGES, LABELS, ALT)._repr_html_()
    )


def test_a_name_may_have_any_sign_and_a_figure_one_image():
    name = '<b> & "β" $x </script>'
    page = Explorer({name: small()}, IMAGES[:1], LABELS[:1], ALT)._repr_html_()
    assert data_of(page)["models"][0]["name"] == name
    assert "<b> &" not in page.split('<script type="application/json">')[0]


def test_a_colour_model_keeps_its_colours():
    images = torch.rand(2, 3, 8, 8)
    page = Explorer({"AE": small(shape=(3, 8, 8))}, images, LABELS[:2], ALT)._repr_html_()
    assert data_of(page)["shape"] == [3, 8, 8]


def refused(models, images=IMAGES, labels=LABELS):
    with pytest.raises((ValueError, DataError)) as error:
        Explorer(models, images, labels, ALT)
    return str(error.value)


def test_what_is_no_model_of_the_plane_is_refused():
    assert "`models` is a Autoencoder" in refused(small()).replace("is an ", "is a ")
    assert "`models` is empty" in refused({})
    assert "'three' have 3 numbers; expected latent_dim=2" in refused({"three": small(3, 3)})
    assert "'gan' is a GAN; expected a model with encoder" in refused(
        {"gan": GAN(2, image_shape=(1, 8, 8))}
    )
    assert "'text' is a str; expected a model" in refused({"text": "vae"})
    assert "28, 28" in refused({"large": VAE(2)})


def test_a_decoder_that_a_page_cannot_follow_is_named():
    unflatten = nn.Unflatten(1, (1, 8, 8))
    tanh = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 64), unflatten)
    assert "the decoder of 'mine' has a layer Tanh" in refused({"mine": small(decoder=tanh)})

    class Twice(nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = nn.Sequential(nn.Linear(2, 64), unflatten)

        def forward(self, codes):
            return 5 + self.layers(codes)

    assert "'mine' draws otherwise than the decoder" in refused({"mine": small(decoder=Twice())})


def test_images_labels_and_codes_that_are_none_are_refused():
    model = {"AE": small()}
    assert "no images" in refused(model, IMAGES[:0], LABELS[:0])
    assert "pixels run" in refused(model, 255 * IMAGES)
    assert "expected int64 of shape (3,)" in refused(model, labels=LABELS[:2])
    assert "expected 0 to 9" in refused(model, labels=LABELS + 5)
    broken = small()
    nn.init.constant_(broken.encoder[1].bias, float("nan"))
    assert "codes of 'AE' are no finite numbers" in refused({"AE": broken})


# What a page draws with.


def test_eight_bits_are_as_near_as_their_steps_and_zeros_stay_zeros():
    weights = torch.randn(5, 40)
    weights[2] = 0
    whole, scales = in_eight_bits(weights)
    assert whole.dtype == torch.int8 and scales.shape == (5, 1)
    assert ((rounded(weights) - weights).abs() <= scales / 2 + 1e-7).all()
    assert torch.equal(rounded(weights)[2], weights[2])


@pytest.mark.parametrize("name", NAMES)
def test_the_models_of_the_page_travel_with_the_weights_of_the_page(models, name):
    """So that rounding them again changes nothing that could be seen."""
    model, codes = models[name], torch.randn(200, 2)
    again = as_the_page_has_it(model.decoder, name, codes).sigmoid()
    assert (again - model.decode(codes).flatten(1)).abs().max() < 1 / 255


@pytest.mark.parametrize("name", NAMES)
def test_the_models_of_the_page_are_small_and_copy_well(models, name, digits):
    model, images = models[name], digits.test.images[:2000]
    assert sum(parameter.numel() for parameter in model.decoder.parameters()) < 100_000
    assert (model.reconstruct(images) - images).square().mean() < 0.042


# How it is moved, in a real browser.


@pytest.fixture(scope="module")
def file(written, models, digits, tmp_path_factory):
    """A page of two figures, as a file: of three models, and of one."""
    one = Explorer({"VAE": models["VAE"]}, digits.test.images, digits.test.labels, "One model")
    head = (
        '<!doctype html><html lang="en" data-theme="dark"><meta charset="utf-8"><title>x</title>'
        '<meta name="viewport" content="width=device-width">'
        "<style>body{max-width:44rem;margin:1rem auto;padding:0 1rem;font-family:sans-serif}"
        "html{background:#121212;color:#ddd}</style><main><h1>A page</h1>"
    )
    path = tmp_path_factory.mktemp("explorer") / "page.html"
    far = "<p style='height: 3000px'>Far below stands another.</p>"
    path.write_text(f"{head}{written}{far}{one._repr_html_()}</main>", encoding="utf-8")
    return path


@pytest.fixture(scope="module", params=WIDTHS)
def opened(request, browser, file):
    width = WIDTHS[request.param]
    context = browser.new_context(
        viewport={"width": width, "height": 844}, has_touch=True, reduced_motion="reduce"
    )
    page = context.new_page()
    page.complaints, page.asked = [], []
    page.on("console", lambda said: said.type == "error" and page.complaints.append(said.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("request", lambda asked: page.asked.append(asked.url))
    page.goto(file.as_uri())
    page.wait_for_selector(".explorer .plane.shown svg[tabindex]")
    yield page
    context.close()


class Seen:
    """What is to be seen of the first figure."""

    def __init__(self, page):
        self.page, self.figure = page, page.locator(".explorer").first
        self.plane = self.figure.locator(".plane.shown svg")
        self.sliders = self.figure.locator("input[type=range]").all()

    def choose(self, name):
        self.figure.locator(".choice").get_by_text(name, exact=True).click()

    def code(self):
        return [float(slider.input_value()) for slider in self.sliders]

    def middle_of_point(self):
        box = self.plane.locator(".ring").bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def drawn(self):
        pixels = self.figure.locator(".drawn").evaluate(
            "c => [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data]"
            ".filter((_, i) => i % 4 === 0)"
        )
        return 1 - torch.tensor(pixels).view(28, 28) / 255

    def place(self, x, y):
        """A place in the plane, as shares of its width and height from the left and the top."""
        box = self.plane.bounding_box()
        return box["x"] + x * box["width"], box["y"] + y * box["height"]


@pytest.fixture
def seen(opened):
    opened.evaluate("scrollTo(0, 0)")
    return Seen(opened)


def nearly(first, second, page_pixels=1.5):
    return all(abs(a - b) <= page_pixels for a, b in zip(first, second, strict=True))


SET = """(f, z) => f.querySelectorAll('input[type=range]').forEach((slider, axis) => {
  slider.value = z[axis];
  slider.dispatchEvent(new Event('input'));
})"""

ASK = f"""(f, codes) => codes.map((z) => {{
  ({SET})(f, z);
  return {{
    code: [...f.querySelectorAll('input[type=range]')].map((slider) => +slider.value),
    pixels: [...f.querySelectorAll('canvas')].map((canvas) =>
      [...canvas.getContext('2d').getImageData(0, 0, 28, 28).data].filter((_, i) => i % 4 === 0)),
    label: f.querySelector('.label').textContent,
  }};
}})"""


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_drawn_digits_are_those_of_torch(seen, models, name, digits):
    seen.choose(name)
    codes = models[name].encode(digits.test.images[:400])
    low, high = codes.aminmax(dim=0)
    with reproducible(0):
        random = low + (high - low) * torch.rand(10, 2)
    for wanted, found in zip(random, seen.figure.evaluate(ASK, random.tolist()), strict=True):
        code, pixels = torch.tensor([found["code"]]), torch.tensor(found["pixels"])
        assert (code - wanted).abs().max() < 0.01 * (high - low).max()
        drawn, real = 1 - pixels.view(2, 28, 28) / 255
        assert (drawn - models[name].decode(code)[0, 0]).abs().max() <= 2 / 255
        nearest = (codes - code).norm(dim=1).argmin()
        assert found["label"] == str(digits.test.labels[nearest].item())
        assert (real - digits.test.images[nearest, 0]).abs().max() < 0.1  # sixteen greys


@pytest.mark.slow
def test_a_mouse_clicks_and_drags(seen):
    mouse = seen.page.mouse
    mouse.click(*seen.place(0.3, 0.4))
    assert nearly(seen.middle_of_point(), seen.place(0.3, 0.4))
    before = seen.drawn()
    mouse.move(*seen.place(0.3, 0.4))
    mouse.down()
    mouse.move(*seen.place(0.7, 0.6), steps=4)
    assert nearly(seen.middle_of_point(), seen.place(0.7, 0.6))
    assert not torch.equal(seen.drawn(), before)
    mouse.move(*seen.place(1.4, 0.6))  # beyond the plane it stays at the edge
    assert seen.code()[0] == pytest.approx(float(seen.sliders[0].get_attribute("max")), abs=0.1)
    mouse.up()
    mouse.move(*seen.place(0.2, 0.2))
    assert seen.middle_of_point()[0] > seen.place(0.8, 0)[0]


@pytest.mark.slow
def test_a_finger_taps_drags_the_point_and_scrolls_elsewhere(seen):
    seen.page.touchscreen.tap(*seen.place(0.4, 0.3))
    assert nearly(seen.middle_of_point(), seen.place(0.4, 0.3))
    session = seen.page.context.new_cdp_session(seen.page)

    def stroke(*places, end="touchEnd"):
        for number, (x, y) in enumerate(places):
            kind = "touchMove" if number else "touchStart"
            points = [{"x": x, "y": y}]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        session.send("Input.dispatchTouchEvent", {"type": end, "touchPoints": []})

    stroke(seen.place(0.4, 0.3), seen.place(0.42, 0.4), seen.place(0.45, 0.6))
    assert nearly(seen.middle_of_point(), seen.place(0.45, 0.6))
    assert seen.page.evaluate("scrollY") == 0
    stroke(seen.place(0.8, 0.8), seen.place(0.7, 0.81), seen.place(0.6, 0.8))  # sideways
    assert nearly(seen.middle_of_point(), seen.place(0.6, 0.8))
    here = seen.code()
    upwards = [seen.place(0.2, share) for share in (0.8, 0.6, 0.4, 0.2, 0.1)]
    stroke(*upwards, end="touchCancel")  # else it would go on scrolling for a while
    seen.page.wait_for_function("scrollY > 50")
    assert seen.code() == here


@pytest.mark.slow
def test_arrow_keys_move_it_and_a_slider_one_number_of_it(seen):
    seen.page.mouse.click(*seen.place(0.5, 0.5))
    seen.plane.focus()
    x, y = seen.middle_of_point()
    for key, way in {"ArrowRight": (1, 0), "ArrowUp": (0, -1), "Shift+ArrowLeft": (-1, 0)}.items():
        seen.page.keyboard.press(key)
        new = seen.middle_of_point()
        step = [(a - b) * sign for a, b, sign in zip(new, (x, y), way, strict=True) if sign]
        assert 2 < step[0] < 60
        x, y = new
    assert seen.page.evaluate("scrollY") == 0
    for axis, slider in enumerate(seen.sliders):
        before, drawn = seen.code(), seen.drawn()
        slider.press("ArrowRight")
        slider.press("ArrowRight")
        assert seen.code()[axis] > before[axis] and seen.code()[1 - axis] == before[1 - axis]
        assert not torch.equal(seen.drawn(), drawn)


@pytest.mark.slow
def test_another_model_keeps_the_point_as_far_as_its_plane_reaches(seen):
    seen.choose("AE")
    seen.figure.evaluate(SET, [1.0, -1.0])
    first, drawn = seen.code(), seen.drawn()
    radio = seen.figure.get_by_role("radio", name="VAE")
    radio.focus()
    seen.page.keyboard.press("ArrowRight")
    assert seen.figure.get_by_role("radio", name="AAE").is_checked()
    assert seen.figure.locator(".plane.shown").count() == 1
    assert seen.code() == pytest.approx(first, abs=0.05)
    assert not torch.equal(seen.drawn(), drawn)
    seen.choose("AE")
    assert torch.equal(seen.drawn(), drawn)


@pytest.mark.slow
def test_it_is_said_once_the_point_rests(seen):
    seen.page.mouse.click(*seen.place(0.5, 0.4))
    said = seen.figure.locator("[aria-live=polite]")
    earlier = said.text_content()
    seen.page.keyboard.press("ArrowRight")
    assert said.text_content() == earlier
    label = seen.figure.locator(".label").text_content()
    x, y = (f"{number:.1f}".replace("-", "−") for number in seen.code())
    expect = f"code ({x}, {y}): nearest test digit {label}"
    seen.page.wait_for_function(
        "text => document.querySelector('.said').textContent.endsWith(text)",
        arg=expect.split(":")[1],
        timeout=3000,
    )
    assert re.fullmatch(
        r"code \(−?\d+\.\d, −?\d+\.\d\): nearest test digit \d", said.text_content()
    )


@pytest.mark.slow
def test_it_is_accessible_with_room_for_fingers_and_a_ring_of_focus(seen):
    found = Axe().run(seen.page).response["violations"]
    assert [f"{rule['id']}: {rule['nodes'][0]['html'][:200]}" for rule in found] == []
    controls = seen.figure.locator(".choice label, .sliders input, .hold")
    for control in controls.all():
        if control.is_visible():
            box = control.bounding_box()
            assert min(box["width"], box["height"]) >= 24
    seen.figure.get_by_role("radio", name="AE", exact=True).focus()
    for _ in range(3):  # the plane and two sliders
        seen.page.keyboard.press("Tab")
        style = "getComputedStyle(document.activeElement)"
        assert seen.page.evaluate(f"{style}.outlineStyle") == "solid"
        assert seen.page.evaluate(f"parseFloat({style}.outlineWidth)") >= 2
    texts = seen.figure.locator("svg:visible text")
    assert min(box.bounding_box()["height"] for box in texts.all()[:5]) >= 9


@pytest.mark.slow
def test_it_fits_wakes_in_view_and_nobody_complains(opened):
    wide = opened.evaluate("document.documentElement.scrollWidth")
    assert wide <= opened.viewport_size["width"]
    second = opened.locator(".explorer").nth(1)
    awake = "f => f.querySelector('svg').hasAttribute('tabindex')"
    assert not second.evaluate(awake)  # far below
    assert not second.locator(".choice").is_visible()
    second.scroll_into_view_if_needed()
    opened.wait_for_function(f"({awake})(document.querySelectorAll('.explorer')[1])")
    label = opened.locator(".explorer").first.locator(".label").text_content()
    second.locator("svg").press("ArrowUp")
    assert opened.locator(".explorer").first.locator(".label").text_content() == label
    assert opened.complaints == []
    assert [url for url in opened.asked if not url.startswith(("file:", "data:"))] == []


@pytest.mark.slow
def test_without_scripts_and_on_paper_a_still_is_seen(browser, file):
    for scripts in (False, True):
        context = browser.new_context(java_script_enabled=scripts)
        page = context.new_page()
        page.goto(file.as_uri())
        page.emulate_media(media="print" if scripts else "screen")
        figure = page.locator(".explorer").first
        assert [name.text_content() for name in figure.locator(".name:visible").all()] == list(
            NAMES
        )
        assert figure.locator("svg:visible").count() == figure.locator("img:visible").count() == 3
        assert figure.locator("input:visible, canvas:visible, .point:visible").count() == 0
        assert figure.locator(".key:visible li").count() == 10
        context.close()
