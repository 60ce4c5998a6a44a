"""The AAE that is trained in the page: arithmetic beside torch's, shapes that are met, and how it
is operated in a real browser."""

import re
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
import torch
from axe_playwright_python.sync_playwright import Axe
from torch import nn
from torch.nn import functional

from gencourse import priors
from gencourse.data import DataError
from gencourse.evaluation.two_sample import two_sample_auc
from gencourse.game import bce_fake, bce_real
from gencourse.live import LiveAAE
from gencourse.live.live_aae import FOLDER, GAME, SAMPLES, SIZES, WEIGHT
from gencourse.training import reproducible

ALT = 'Codes of "digits" in a shape'
SHAPES = {"gaussian": "gaussian", "<ring>": "ring"}
SCRIPTS = "".join((FOLDER / name).read_text("utf-8") for name in ("training.js", "aae.js"))


@pytest.fixture(scope="module")
def written(digits):
    return LiveAAE(SHAPES, digits.test.images, digits.test.labels, ALT)._repr_html_()


# What it takes.


def test_a_figure_of_five_shapes_is_light_and_needs_nothing_from_elsewhere(written, digits):
    images, labels = digits.test.images, digits.test.labels
    five = dict.fromkeys("abcde", "petals")
    assert len(LiveAAE(five, images, labels, ALT)._repr_html_().encode()) <= 150_000
    assert "http" not in written
    assert 'aria-label="Codes of &quot;digits&quot; in a shape"' in written
    assert "$" not in re.sub("<script>.*</script>", "", written, flags=re.S)
    assert "<ring>" not in written and written.count("&lt;ring&gt;") == 2
    assert repr(LiveAAE(SHAPES, images, labels, ALT)) == f"LiveAAE for gaussian, <ring>: {ALT}"


def test_the_seed_reaches_the_samples_and_others_keep_theirs(written, digits, monkeypatch):
    def made(**seed):
        return LiveAAE(SHAPES, digits.test.images[:9], digits.test.labels[:9], ALT, **seed)

    assert '"seed":0' in written
    monkeypatch.setenv("GENCOURSE_SEED", "7")
    before = torch.random.get_rng_state()
    assert torch.equal(made().shapes["gaussian"], made(seed=7).shapes["gaussian"])
    assert not torch.equal(made().shapes["gaussian"], made(seed=0).shapes["gaussian"])
    assert torch.equal(before, torch.random.get_rng_state())


def test_what_it_cannot_show_is_refused(digits):
    images, labels = digits.test.images[:20], digits.test.labels[:20]

    def refused(shapes=SHAPES, images=images, labels=labels, **seed):
        with pytest.raises((ValueError, DataError)) as error:
            LiveAAE(shapes, images, labels, ALT, **seed)
        return str(error.value)

    assert "`shapes` is a str; expected a name for each prior" in refused("ring")
    assert "`shapes` is empty" in refused({})
    assert "prior is 'heart'; expected one of gaussian" in refused({"heart": "heart"})
    assert "sample(1)" in refused({"three": priors.gaussian(3)})
    assert "(N, 1, 28, 28)" in refused(images=images[..., :20, :20])
    assert "expected int64" in refused(labels=labels[:3])
    assert "seed is -1" in refused(seed=-1)


# Its arithmetic.


@pytest.fixture(scope="module")
def scripts(browser):
    """A page that has the scripts alone."""
    page = browser.new_page()
    page.add_script_tag(content=SCRIPTS)
    yield page
    page.close()


ONCE = """() => {
  const { uniform, normal } = chance(3), x = Float32Array.from({ length: 7 * 9 }, uniform);
  const sizes = { pixels: 9, hidden: 6, critical: 5, waves: 3, batch: 7 };
  const game = newAutoencoder(x, sizes, 1), players = ["encoder", "decoder", "critic"];
  const numbers = (...parts) => players.map((player) =>
    game[player].layers.flatMap((layer) => parts.map((part) => [...layer[part]])));
  const samples = Float32Array.from({ length: 14 }, normal);
  const before = numbers("weights", "biases");
  const codes = [...game.gradients(x, samples, { weight: 5, noise: 0 })];
  return { x: [...x], samples: [...samples], before, codes, directions: [...game.directions],
    gradients: numbers("ofWeights", "ofBiases") };
}"""


@pytest.mark.slow
def test_losses_and_their_gradients_are_those_of_torch(scripts):
    found = scripts.evaluate(ONCE)

    def network(numbers, *sizes, leak=0.0):
        layers = []
        for inputs, outputs, weights, biases in zip(
            sizes, sizes[1:], numbers[::2], numbers[1::2], strict=False
        ):
            linear = nn.Linear(inputs, outputs)
            linear.weight.data = torch.tensor(weights).view(outputs, inputs)
            linear.bias.data = torch.tensor(biases)
            layers += [linear, nn.LeakyReLU(leak)]
        return nn.Sequential(*layers[:-1])

    x, samples = torch.tensor(found["x"]).view(7, 9), torch.tensor(found["samples"]).view(7, 2)
    directions = torch.tensor(found["directions"]).view(3, 2)
    encoder = network(found["before"][0], 9, 6, 6, 2)
    decoder = network(found["before"][1], 2, 6, 6, 9)
    critic = network(found["before"][2], 8, 5, 5, 1, leak=0.2)

    def logits(codes):
        phase = codes @ directions.T
        return critic(torch.cat([codes, phase.sin(), phase.cos()], dim=1))

    codes = encoder(x)
    copy = functional.binary_cross_entropy_with_logits(decoder(codes), x, reduction="sum") / 7
    moving = [*encoder.parameters(), *decoder.parameters()]
    wanted = torch.autograd.grad(copy + 5 * bce_real(logits(codes)).mean(), moving)
    judged = bce_real(logits(samples)).mean() + bce_fake(logits(codes.detach())).mean()
    wanted += torch.autograd.grad(judged, [*critic.parameters()])
    torch.testing.assert_close(torch.tensor(found["codes"]), codes.detach().flatten())
    for ours, theirs in zip(sum(found["gradients"], []), wanted, strict=True):
        torch.testing.assert_close(torch.tensor(ours), theirs.flatten(), atol=1e-4, rtol=1e-4)


@pytest.mark.slow
def test_a_drawn_line_and_the_measure_are_those_of_the_course(scripts):
    lines = [[(-2.0, 0.0), (1.0, 0.0), (1.0, 1.0)]]
    ask = "([lines, n]) => [...along(lines, n, chance(1))]"
    ours = torch.tensor(scripts.evaluate(ask, [lines, 2000])).view(-1, 2)
    with reproducible(0):
        assert two_sample_auc(ours, priors.along(lines, 2000)) < 0.55
        points = torch.randn(2, 300, 2) + torch.tensor([[[0.0]], [[0.7]]])
    dot = torch.tensor(scripts.evaluate(ask, [[[(1, 2)]], 2000])).view(-1, 2)
    torch.testing.assert_close(dot.mean(0), torch.tensor([1.0, 2.0]), atol=0.03, rtol=0)
    near = torch.cdist(points.flatten(0, 1), points.flatten(0, 1)).fill_diagonal_(torch.inf)
    own = (near.argmin(1) < 300) == (torch.arange(600) < 300)
    found = scripts.evaluate(
        "(two) => alike(...two.map((points) => Float32Array.from(points.flat())))", points.tolist()
    )
    assert found == pytest.approx(own.float().mean().item())


MEET = """([images, prior, sizes, rules, seed]) => {
  const game = newAutoencoder(Float32Array.from(images), sizes, seed), dice = chance(seed + 1);
  const sample = (n) => Float32Array.from(Array.from({ length: n }, () =>
    prior[Math.floor(dice.uniform() * prior.length)]).flat());
  for (let step = 0; step < rules.anneal; step += 1) {
    game.step(sample, { ...settled(step, rules), weight: rules.weight });
  }
  return [...game.look()];
}"""


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "shape"), list(enumerate(["petals", "swiss roll", "ring"])))
def test_a_shape_is_met(scripts, digits, seed, shape):
    """The codes of the digits can hardly be told from samples of the prior."""
    images = functional.avg_pool2d(digits.test.images[:500], 2).flatten()
    with reproducible(seed):
        prior = priors.prior(shape, 2)
        given = [images.tolist(), prior.sample(SAMPLES).tolist(), SIZES]
        found = scripts.evaluate(MEET, [*given, GAME | {"weight": WEIGHT}, seed])
        assert two_sample_auc(torch.tensor(found).view(-1, 2), prior.sample(500)) <= 0.7


# How it is operated, in a real browser.


@pytest.fixture(scope="module")
def folder(written, tmp_path_factory):
    path = tmp_path_factory.mktemp("live_aae")
    for theme, colours in ("dark", "#121212;color:#ddd"), ("light", "#fff;color:#222"):
        (path / f"{theme}.html").write_text(
            f'<!doctype html><html lang="en" data-theme="{theme}"><meta charset="utf-8">'
            '<title>x</title><meta name="viewport" content="width=device-width"><link rel="icon" '
            'href="data:,"><style>body{max-width:44rem;margin:1rem auto;padding:0 1rem;font-family:'
            f"sans-serif}}html{{background:{colours}}}</style><main><h1>A page</h1>{written}"
            "<p style='height: 3000px'>Far below.</p></main>",
            encoding="utf-8",
        )
    return path


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def site(folder):
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(params=[1280, 390])
def seen(request, browser, folder, site):
    """A page with the figure, awake: a wide dark one from a file, a narrow light one from http."""
    context = browser.new_context(
        viewport={"width": request.param, "height": 1300}, has_touch=True, reduced_motion="reduce"
    )
    page = context.new_page()
    page.complaints, page.asked = [], []
    page.on("console", lambda said: said.type == "error" and page.complaints.append(said.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("request", lambda asked: page.asked.append(asked.url))
    wide = request.param == 1280
    page.goto((folder / "dark.html").as_uri() if wide else f"{site}/light.html")
    page.wait_for_selector(".live-aae[data-codes]")
    yield page
    assert page.complaints == []
    assert [url for url in page.asked if not url.startswith(("file:", "data:", site))] == []
    context.close()


def data(page, name):
    return float(page.locator(".live-aae").get_attribute(f"data-{name}"))


def codes(page):
    text = page.locator(".live-aae").get_attribute("data-codes")
    return torch.tensor([float(number) for number in text.split()]).view(-1, 2)


def run_to(page, steps):
    page.get_by_role("button", name="Run").click()
    page.wait_for_function(
        "steps => +document.querySelector('.live-aae').dataset.steps >= steps", arg=steps
    )
    page.get_by_role("button", name="Pause").click()


@pytest.mark.slow
def test_it_runs_only_when_asked_and_the_codes_come_out(seen):
    said = seen.locator(".said")
    seen.wait_for_timeout(200)
    assert data(seen, "steps") == 0 and said.text_content() == "" and codes(seen).std() < 0.2
    seen.get_by_role("radio", name="<ring>").check(force=True)
    run_to(seen, 150)
    assert "of codes and samples are told apart" in said.text_content()
    assert data(seen, "error") < 0.1 and codes(seen).shape == (500, 2) and codes(seen).std() > 0.2
    here = data(seen, "steps")
    seen.get_by_role("radio", name="gaussian").check(force=True)  # the codes stay where they are
    assert data(seen, "steps") == here
    seen.get_by_label("Weight of the critic").select_option("0")
    seen.get_by_role("button", name="Begin again").click()
    assert data(seen, "steps") == 0
    seen.get_by_role("button", name="Run").click()
    seen.evaluate("scrollTo(0, 3000)")  # who looks elsewhere pays for nothing
    seen.wait_for_function("document.querySelector('.run').textContent === 'Run'")


def ink(page):
    """How many pixels of the plane are the shape's green, or nearly; other dots have some too."""
    return page.locator(".seen").evaluate(
        "c => { const d = c.getContext('2d').getImageData(0, 0, 800, 800).data; let n = 0;"
        " for (let i = 0; i < d.length; i += 4) n += d[i + 3] > 60 && d[i + 1] > d[i] + 60;"
        " return n; }"
    )


@pytest.mark.slow
def test_a_shape_is_drawn_by_mouse_finger_and_keys(seen):
    seen.locator(".choice").get_by_text("Draw your own").click()
    field, run = seen.locator(".field"), seen.get_by_role("button", name="Run")
    clear = seen.get_by_role("button", name="New sheet")
    assert seen.locator(".hint").is_visible() and run.is_disabled() and ink(seen) < 200
    box = field.bounding_box()
    way = [(box["x"] + x * box["width"], box["y"] + 60 + 40 * x) for x in (0.2, 0.5, 0.8)]
    seen.mouse.move(*way[0])
    seen.mouse.down()
    for place in way[1:]:
        seen.mouse.move(*place)
    seen.mouse.up()
    drawn = ink(seen)
    assert drawn > 1000 and run.is_enabled() and not seen.locator(".hint").is_visible()
    seen.mouse.move(*way[0])  # the pen is up
    assert ink(seen) == drawn
    clear.click()
    assert ink(seen) < 200 and run.is_disabled()
    session = seen.context.new_cdp_session(seen)
    for number, (x, y) in enumerate(way):
        kind = "touchMove" if number else "touchStart"
        points = [{"x": x, "y": y + 40 * number}]  # also downwards: the page stays
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert ink(seen) > 1000 and seen.evaluate("scrollY") == 0
    clear.click()
    field.focus()
    for pressed in ("ArrowLeft", "Enter", *4 * ["ArrowUp"], "Enter", "Shift+ArrowDown"):
        seen.keyboard.press(pressed)
    assert ink(seen) > 500
    run_to(seen, 3)
    seen.get_by_role("radio", name="gaussian").check(force=True)
    assert not clear.is_visible() and field.get_attribute("tabindex") is None


@pytest.mark.slow
def test_it_is_accessible_fits_and_has_room_for_fingers(seen):
    seen.locator(".choice").get_by_text("Draw your own").click()
    found = Axe().run(seen).response["violations"]
    assert [f"{rule['id']}: {rule['nodes'][0]['html'][:200]}" for rule in found] == []
    for control in seen.locator(".live-aae :is(button, select, .choice label)").all():
        box = control.bounding_box()
        assert min(box["width"], box["height"]) >= 24
    wide = seen.evaluate("document.documentElement.scrollWidth")
    assert wide <= seen.viewport_size["width"]


@pytest.mark.slow
def test_without_scripts_the_shapes_are_seen_and_on_paper_the_last_picture(browser, folder):
    for scripts in (False, True):
        context = browser.new_context(java_script_enabled=scripts)
        page = context.new_page()
        page.goto((folder / "light.html").as_uri())
        page.emulate_media(media="print" if scripts else "screen")
        assert page.locator(".stills svg:visible").count() == (0 if scripts else 2)
        assert page.locator(".seen").is_visible() == scripts
        assert page.locator("button:visible, select:visible, label:visible").count() == 0
        context.close()
