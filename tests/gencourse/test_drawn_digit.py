"""A digit drawn in the page: what the figure takes, what the small encoders are worth, and how it
is drawn in a real browser."""

import copy
import html
import json
import math
import re
from itertools import pairwise

import pytest
import torch
from axe_playwright_python.sync_playwright import Axe
from torch import nn

from gencourse.data import DataError
from gencourse.live import DrawnDigit
from gencourse.models import GAN, VAE, Autoencoder
from gencourse.training import reproducible
from gencourse.weights import pretrained
from gencourse.weights.eight_bits import in_eight_bits
from gencourse.weights.pupil import Pupil, by_other_hands

NAMES = {"AE": "autoencoder", "VAE": "vae"}
ALT = 'A sheet for a "digit"'
TWO = [[(0.3, 0.4), (0.35, 0.25), (0.6, 0.2), (0.7, 0.4), (0.3, 0.8), (0.75, 0.8)]]
SEVEN = [[(0.3, 0.2), (0.7, 0.2), (0.45, 0.85)], [(0.4, 0.5), (0.65, 0.52)]]


@pytest.fixture(scope="module")
def models():
    return {name: pretrained(f"{kind}-pupil") for name, kind in NAMES.items()}


@pytest.fixture(scope="module")
def written(models, digits):
    return DrawnDigit(models, digits.test.images, digits.test.labels, ALT)._repr_html_()


def said(model, images):
    """What the encoder says, its weights rounded as they travel: scales and biases are halves."""
    encoder = copy.deepcopy(model.encoder)
    with torch.no_grad():
        for layer in encoder:
            if isinstance(layer, nn.Linear):
                whole, scales = in_eight_bits(layer.weight)
                layer.weight.copy_(whole * scales.half().float())
                layer.bias.copy_(layer.bias.half())
        return encoder(images)


# What it takes.


def test_a_figure_of_two_models_is_light_and_needs_nothing_from_elsewhere(written):
    assert len(written.encode()) <= 330_000
    assert "http" not in written
    assert f'aria-label="{html.escape(ALT)}"' in written
    assert re.findall(r'alt="test digit (\d)"', written) == list("0123456789")
    data = json.loads(re.search(r'application/json">(.*?)</script>', written, re.S)[1])
    assert [(model["name"], model["encoder"]["pool"]) for model in data["models"]] == [
        ("AE", 2), ("VAE", 2),
    ]  # fmt: skip
    assert all(len(model["encoder"]["weights"]) < 75_000 for model in data["models"])


def plain(outputs=2, **networks):
    encoder = nn.Sequential(nn.Flatten(), nn.Linear(784, outputs))
    with reproducible(0):
        decoder = nn.Sequential(nn.Linear(2, 784), nn.Unflatten(1, (1, 28, 28)))
    return Autoencoder(2, **{"encoder": encoder, "decoder": decoder} | networks)


def refused(models, images, labels):
    with pytest.raises((ValueError, DataError)) as error:
        DrawnDigit(models, images, labels, ALT)
    return str(error.value)


def test_what_a_page_cannot_follow_is_refused(digits):
    images, labels = digits.test.images[:20], digits.test.labels[:20]
    page = DrawnDigit({"<a>": plain()}, images, labels, ALT)
    assert repr(page) == f"DrawnDigit for <a>: {ALT}"
    assert 'radiogroup" hidden' in page._repr_html_()
    assert "`models` is empty" in refused({}, images, labels)
    assert "'gan' is a GAN" in refused({"gan": GAN(2)}, images, labels)
    assert "(N, 1, 28, 28)" in refused({"AE": plain()}, images[..., :20, :20], labels)
    assert "expected int64" in refused({"AE": plain()}, images, labels[:3])
    threes = nn.Sequential(nn.AvgPool2d(3), nn.Flatten(), nn.Linear(81, 2))
    assert "takes the means of 3 pixels" in refused({"AE": plain(encoder=threes)}, images, labels)
    tanh = nn.Sequential(nn.Flatten(), nn.Linear(784, 2), nn.Tanh())
    assert "the encoder of 'AE' has a layer Tanh" in refused(
        {"AE": plain(encoder=tanh)}, images, labels
    )


# The small encoders.


@pytest.mark.parametrize("name", NAMES)
def test_a_pupil_says_nearly_what_its_teacher_says(models, name, digits):
    pupil, teacher = models[name], pretrained(f"{NAMES[name]}-plane")
    images = digits.test.images[:2000]
    assert sum(parameter.numel() for parameter in pupil.encoder.parameters()) < 55_000
    codes = teacher.encode(images)
    off = (pupil.encode(images) - codes).norm(dim=1).median()
    assert off / codes.var(0).sum().sqrt() < 0.06
    copies, wanted = (
        (model.reconstruct(images) - images).square().mean() for model in (pupil, teacher)
    )
    assert copies / wanted < 1.1
    assert all(map(torch.equal, pupil.decoder.parameters(), teacher.decoder.parameters()))


def test_only_the_pupil_learns_and_pays_for_what_it_says_otherwise(few):
    encoders = [nn.Sequential(nn.Flatten(), nn.Linear(784, 4)) for _ in range(2)]
    teacher = VAE(2, encoder=encoders[0], decoder=plain().decoder)
    pupil, images = Pupil(teacher, encoders[1], unit=1.0), few.train.images
    (step,) = pupil.steps()
    assert set(step.parameters()) == set(encoders[1].parameters())
    sum(term.weight * term.loss(images) for term in step.terms).backward()
    learns = {key for key, each in pupil.named_parameters() if each.grad is not None}
    assert learns == {"encoder.1.weight", "encoder.1.bias"}
    same = Pupil(teacher, teacher.encoder, unit=1.0)
    assert same.distance_loss(images) < 0.04 < pupil.distance_loss(images)
    assert torch.equal(same.encode(images), teacher.encode(images))
    assert same.copy_loss(images) != pupil.copy_loss(images)


def test_other_hands_write_the_same_a_little_otherwise(digits):
    images = digits.test.images[:200]
    both = by_other_hands(images)
    other = both[200:]
    assert torch.equal(both[:200], images) and torch.equal(both, by_other_hands(images))
    assert other.min() >= 0 and other.max() <= 1
    assert 0.01 < (other - images).square().mean() < 0.06


# The same in Python: a pen of 2.4 pixels, the longer side in 20 pixels, the mass in the middle.


def inked(lines, pen=2.4):
    y, x = torch.meshgrid(torch.arange(28.0), torch.arange(28.0), indexing="ij")
    at, far = torch.stack([x, y], -1), torch.full((28, 28), math.inf)
    for line in lines:
        for start, end in pairwise(line):
            way = end - start
            share = ((at - start) @ way / way.square().sum()).clamp(0, 1)
            far = far.minimum((at - start - share[..., None] * way).norm(dim=-1))
    return (pen / 2 + 0.5 - far).clamp(0, 1)


def as_digit(strokes, box=20 - 2.4):
    strokes = [torch.tensor(stroke) for stroke in strokes]
    low, high = torch.cat(strokes).aminmax(dim=0)
    lines = [14 + box / (high - low).max() * (s - (low + high) / 2) for s in strokes]
    ink, steps = inked(lines), torch.arange(28.0)
    middle = torch.stack([ink.sum(0) @ steps, ink.sum(1) @ steps]) / ink.sum()
    return inked([line + 14 - middle for line in lines])


def test_a_drawing_is_as_mnist_would_have_it():
    for strokes in (TWO, SEVEN):
        ink, steps = as_digit(strokes), torch.arange(28.0)
        assert max((ink > 0).any(0).sum(), (ink > 0).any(1).sum()) in (20, 21)
        for axis in (0, 1):
            assert abs(ink.sum(axis) @ steps / ink.sum() - 14) < 0.05


# In a real browser.


@pytest.fixture(scope="module", params=[1280, 390])
def page(request, browser, written, tmp_path_factory):
    path = tmp_path_factory.mktemp("digit") / "page.html"
    path.write_text(
        '<!doctype html><html lang="en" data-theme="dark"><meta charset="utf-8"><title>x</title>'
        '<meta name="viewport" content="width=device-width"><style>body{max-width:44rem;'
        "margin:1rem auto;padding:0 1rem;font-family:sans-serif}html{background:#121212;"
        f"color:#ddd}}</style><main><h1>A page</h1>{written}<p style='height: 2000px'></p></main>",
        encoding="utf-8",
    )
    context = browser.new_context(
        viewport={"width": request.param, "height": 844}, has_touch=True, reduced_motion="reduce"
    )
    page = context.new_page()
    page.complaints, page.asked = [], []
    page.on("console", lambda said: said.type == "error" and page.complaints.append(said.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("request", lambda asked: page.asked.append(asked.url))
    page.goto(path.as_uri())
    page.wait_for_selector(".drawn-digit[data-code]")
    yield page
    context.close()


def pixels(page, canvas):
    grey = page.locator(f".{canvas}").evaluate(
        "c => [...c.getContext('2d').getImageData(0, 0, 28, 28).data].filter((_, i) => i % 4 === 0)"
    )
    return 1 - torch.tensor(grey).view(28, 28) / 255


def code(page):
    numbers = page.locator(".drawn-digit").get_attribute("data-code")
    return torch.tensor([float(number) for number in numbers.split()])


def places(page, stroke):
    box = page.locator(".pad").bounding_box()
    return [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]


def agrees(page, model):
    """Code and copy are torch's, for what the network sees."""
    seen = pixels(page, "seen")[None, None]
    wanted = said(model, seen)[0]
    assert (code(page) - wanted).norm() <= 1e-3 * wanted.norm()
    exact = model.encode(seen)[0]
    assert (code(page)[:2] - exact).norm() <= 2e-3 * model.unit  # about the spread of its codes
    drawn = model.decode(code(page)[None, :2])[0, 0]
    assert (pixels(page, "copy") - drawn).abs().max() <= 2 / 255


@pytest.mark.slow
def test_a_test_digit_is_taken_by_keys_and_read_as_torch_reads_it(page, models, digits):
    assert page.locator("[aria-pressed=true]").get_attribute("value") == "7"
    for name in reversed(NAMES):
        page.get_by_role("radio", name=name, exact=True).check(force=True)
        for digit in (0, 4, 9):
            button = page.get_by_role("button", name=f"test digit {digit}")
            button.focus()
            page.keyboard.press("Enter")
            image = digits.test.images[digits.test.labels == digit][0, 0]
            assert (pixels(page, "seen") - image).abs().max() <= 1 / 255
            agrees(page, models[name])
            assert page.locator(".label").text_content() in "0123456789"
    page.wait_for_function(
        "document.querySelector('.said').textContent.includes('nearest test digit')", timeout=3000
    )


@pytest.mark.slow
def test_a_mouse_draws_and_the_sheet_is_cleared(page, models):
    for strokes in (TWO, SEVEN):
        page.get_by_role("button", name="New sheet").click()
        assert pixels(page, "seen").sum() == pixels(page, "copy").sum() == 0
        assert not page.locator(".plane.shown .point").is_visible()
        for stroke in strokes:
            for number, place in enumerate(places(page, stroke)):
                page.mouse.move(*place)
                if not number:
                    page.mouse.down()
            page.mouse.up()
        assert (pixels(page, "seen") - as_digit(strokes)).abs().max() <= 2 / 255
        for name, model in models.items():
            page.locator(".choice").get_by_text(name, exact=True).click()
            agrees(page, model)
            cloud = page.locator(".plane.shown .landing .cloud")
            assert cloud.is_visible() == (name == "VAE")
    page.mouse.move(*places(page, [(0.5, 0.5)])[0])  # the pen is up
    assert (pixels(page, "seen") - as_digit(SEVEN)).abs().max() <= 2 / 255


@pytest.mark.slow
def test_a_finger_draws_and_the_page_stays(page, models):
    page.get_by_role("button", name="test digit 3").click()
    page.evaluate("scrollTo(0, 0)")
    session = page.context.new_cdp_session(page)
    for number, (x, y) in enumerate(places(page, TWO[0])):
        kind = "touchMove" if number else "touchStart"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert page.evaluate("scrollY") == 0
    # A finger's path begins once it has moved a little: the test digit is gone all the same.
    assert page.locator("[aria-pressed=true]").count() == 0
    assert (pixels(page, "seen") - as_digit(TWO)).abs().mean() < 0.02
    name = page.locator(".choice :checked + span").text_content()
    agrees(page, models[name])


@pytest.mark.slow
def test_it_is_accessible_fits_and_nobody_complains(page):
    found = Axe().run(page).response["violations"]
    assert [f"{rule['id']}: {rule['nodes'][0]['html'][:200]}" for rule in found] == []
    for control in page.locator(".choice label, .drawn-digit button").all():
        box = control.bounding_box()
        assert min(box["width"], box["height"]) >= 24
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= page.viewport_size["width"]
    assert page.complaints == []
    assert [url for url in page.asked if not url.startswith(("file:", "data:"))] == []


@pytest.mark.slow
def test_without_scripts_and_on_paper_a_still_is_seen(browser, written, tmp_path):
    (tmp_path / "page.html").write_text(f"<!doctype html><meta charset='utf-8'>{written}", "utf-8")
    for scripts in (False, True):
        context = browser.new_context(java_script_enabled=scripts)
        page = context.new_page()
        page.goto((tmp_path / "page.html").as_uri())
        page.emulate_media(media="print" if scripts else "screen")
        names = page.locator(".name:visible").all_text_contents()
        assert names == list(NAMES)
        assert page.locator("svg:visible").count() == page.locator("img:visible").count() == 2
        assert page.locator("button:visible, canvas:visible, .point:visible").count() == 0
        context.close()
