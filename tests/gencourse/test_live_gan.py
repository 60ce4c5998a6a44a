"""The GAN that is trained in the page: arithmetic beside torch's, story, and controls."""

import re

import pytest
import torch
from axe_playwright_python.sync_playwright import Axe
from torch import nn

from gencourse.data import Gaussians, ring
from gencourse.evaluation.two_sample import modes_covered
from gencourse.game import bce_fake, bce_real, r1
from gencourse.live import LiveGAN
from gencourse.live.live_gan import BATCH, FOLDER, HIDDEN, LATENT, MOST

ALT = 'Eight "heaps" on a ring, and a GAN'
HEAPS = ring(sd=0.05)
SCRIPTS = "".join((FOLDER / name).read_text("utf-8") for name in ("training.js", "game.js"))


@pytest.fixture(scope="module")
def written():
    return LiveGAN(HEAPS, ALT)._repr_html_()


# What it takes.


def test_a_figure_is_light_and_needs_nothing_from_elsewhere(written):
    assert len(written.encode()) <= 50_000
    assert "http" not in written
    assert 'aria-label="Eight &quot;heaps&quot; on a ring, and a GAN"' in written
    assert "$" not in re.sub("<script>.*</script>", "", written, flags=re.S)
    assert repr(LiveGAN(HEAPS, ALT)) == f"LiveGAN of 8 heaps: {ALT}"


def test_the_seed_of_the_course_reaches_it(written, monkeypatch):
    assert '"seed":0' in written
    monkeypatch.setenv("GENCOURSE_SEED", "7")
    assert '"seed":7' in LiveGAN(HEAPS, ALT)._repr_html_()
    assert '"seed":3' in LiveGAN(HEAPS, ALT, seed=3)._repr_html_()


def test_what_are_no_heaps_is_refused():
    with pytest.raises(ValueError, match="`heaps` is a Tensor; expected Gaussians"):
        LiveGAN(HEAPS.centres, ALT)
    with pytest.raises(ValueError, match=f"has 13 centres; expected 1 to {MOST}"):
        LiveGAN(ring(13), ALT)
    with pytest.raises(ValueError, match=r"shape \(3, 3\); expected \(N, 2\)"):
        LiveGAN(Gaussians(torch.zeros(3, 3), 0.1), ALT)
    with pytest.raises(ValueError, match="seed is -1"):
        LiveGAN(HEAPS, ALT, seed=-1)


# Its arithmetic.


@pytest.fixture(scope="module")
def scripts(browser):
    """A page that has the scripts alone."""
    page = browser.new_page()
    page.add_script_tag(content=SCRIPTS)
    yield page
    page.close()


PLAY = """([pack, gamma, beta1, rate, count]) => {
  const uniform = chance(5).uniform, normal = chance(6).normal;
  const player = perceptron([2 * pack, 6, 7, 1], 0.2, uniform), move = adam(player);
  const numbers = (parts) =>
    player.layers.flatMap((layer) => parts.map((part) => [...layer[part]]));
  const [real, made] = [0, 1].map(() => Float32Array.from({ length: 32 * pack }, normal));
  const found = { real: [...real], made: [...made], before: numbers(["weights", "biases"]) };
  for (let step = 0; step < count; step += 1) {
    const onReal = player.forward(real);
    found.logits = [...onReal];
    player.learn(onReal.map((logit) => -sigmoidOf(-logit) / 16));
    if (gamma) found.r1 = player.learnSlope(gamma / 2 / 16) / 16;
    player.learn(player.forward(made).map((logit) => sigmoidOf(logit) / 16));
    found.gradients = numbers(["ofWeights", "ofBiases"]);
    const onMade = player.forward(made);
    found.inMade = [...player.backward(onMade.map((logit) => -sigmoidOf(-logit) / 16))];
    move(rate, beta1);
  }
  return { ...found, after: numbers(["weights", "biases"]) };
}"""


def network(numbers, inputs):
    layers = [nn.Linear(inputs, 6), nn.Linear(6, 7), nn.Linear(7, 1)]
    with torch.no_grad():
        for parameter, values in zip(
            [p for layer in layers for p in (layer.weight, layer.bias)], numbers, strict=True
        ):
            parameter.copy_(torch.tensor(values).view_as(parameter))
    leaks = [nn.LeakyReLU(0.2), nn.LeakyReLU(0.2)]
    return nn.Sequential(layers[0], leaks[0], layers[1], leaks[1], layers[2])


@pytest.mark.slow
@pytest.mark.parametrize(("pack", "gamma", "beta1"), [(1, 0, 0.9), (1, 0.7, 0.5), (2, 0.7, 0.0)])
def test_losses_slopes_and_steps_are_those_of_torch(scripts, pack, gamma, beta1):
    found = scripts.evaluate(PLAY, [pack, gamma, beta1, 0.01, 5])
    real, made = (torch.tensor(found[name]).view(-1, 2 * pack) for name in ("real", "made"))
    player = network(found["before"], 2 * pack)
    adam = torch.optim.Adam(player.parameters(), lr=0.01, betas=(beta1, 0.999))
    for _ in range(5):
        logits, made = player(real), made.detach().requires_grad_()
        slope = r1(player, real)
        (in_made,) = torch.autograd.grad(bce_real(player(made)).mean(), made)
        loss = (bce_real(logits) + bce_fake(player(made))).mean() + gamma / 2 * slope
        adam.zero_grad()
        loss.backward()
        gradients = [parameter.grad.flatten().clone() for parameter in player.parameters()]
        adam.step()
    torch.testing.assert_close(torch.tensor(found["logits"]), logits[:, 0], atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(
        torch.tensor(found["inMade"]), in_made.flatten(), atol=1e-4, rtol=1e-4
    )
    if gamma:
        assert found["r1"] == pytest.approx(slope.item(), abs=1e-4)
    for ours, theirs in zip(found["gradients"], gradients, strict=True):
        torch.testing.assert_close(torch.tensor(ours), theirs, atol=1e-4, rtol=1e-4)
    for ours, theirs in zip(found["after"], player.parameters(), strict=True):
        torch.testing.assert_close(
            torch.tensor(ours), theirs.detach().flatten(), atol=1e-4, rtol=1e-4
        )


@pytest.mark.slow
def test_modes_and_good_points_are_those_of_the_course(scripts):
    points = torch.cat([HEAPS.sample(60), 0.9 * HEAPS.centres[:3].repeat(20, 1)])
    points[:40] = HEAPS.centres[0]
    ask = "([points, heaps, sd]) => modesCovered(Float32Array.from(points), heaps, sd)"
    given = [points.flatten().tolist(), HEAPS.centres.tolist(), HEAPS.sd]
    found = scripts.evaluate(ask, given)
    assert (found["modes"], found["good"]) == pytest.approx(modes_covered(points, HEAPS))


TELL = f"""([heaps, sd, seed, beta1, gamma, steps]) => {{
  const sizes = {{ batch: {BATCH}, hidden: {HIDDEN}, latent: {LATENT}, sd, pack: 1 }};
  const game = newGame(heaps, sizes, seed), eye = chance(seed + 1), found = [];
  const codes = Float32Array.from({{ length: 1000 }}, eye.normal);
  for (let step = 1; step <= steps; step += 1) {{
    game.stepDiscriminator({{ rate: 0.004, beta1, gamma }});
    game.stepGenerator({{ rate: 0.004, beta1 }});
    if (step % 100 === 0) found.push(modesCovered(game.generator.forward(codes), heaps, sd));
  }}
  return found;
}}"""


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_much_momentum_loses_modes_and_less_with_the_penalty_finds_all(scripts, seed):
    """What chapter 3 says of the first two tries, at every hundredth step but the first few."""

    def told(*settings):
        return scripts.evaluate(TELL, [HEAPS.centres.tolist(), HEAPS.sd, seed, *settings])

    fails, cured = told(0.9, 0, 600)[2:], told(0.5, 0.1, 1000)[5:]
    assert sum(one["modes"] for one in fails) / len(fails) < 3
    assert max(one["modes"] for one in cured) == 8
    assert sum(one["modes"] for one in cured) / len(cured) > 6
    assert sum(one["good"] for one in cured) / len(cured) > 0.3


# How it is played, in a real browser.


@pytest.fixture(scope="module")
def file(written, tmp_path_factory):
    path = tmp_path_factory.mktemp("live_gan") / "page.html"
    path.write_text(
        '<!doctype html><html lang="en" data-theme="dark"><meta charset="utf-8"><title>x</title>'
        '<meta name="viewport" content="width=device-width">'
        "<style>body{max-width:44rem;margin:1rem auto;padding:0 1rem;font-family:sans-serif}"
        "html{background:#121212;color:#ddd}</style><main><h1>A page</h1>"
        f"{written}<p style='height: 3000px'>Far below.</p></main>",
        encoding="utf-8",
    )
    return path


@pytest.fixture(params=[1280, 390])
def seen(request, browser, file):
    """A page with the figure, awake, with what it complained of and what it asked for."""
    context = browser.new_context(
        viewport={"width": request.param, "height": 1100}, has_touch=True, reduced_motion="reduce"
    )
    page = context.new_page()
    page.complaints, page.asked = [], []
    page.on("console", lambda said: said.type == "error" and page.complaints.append(said.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("request", lambda asked: page.asked.append(asked.url))
    page.goto(file.as_uri())
    page.wait_for_selector(".live-gan.live")
    yield page
    assert page.complaints == []
    assert [url for url in page.asked if not url.startswith(("file:", "data:"))] == []
    context.close()


def steps(page):
    return int(page.locator(".live-gan").get_attribute("data-steps"))


def middle(handle):
    box = handle.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.mark.slow
def test_it_runs_only_when_asked_and_says_what_came_of_it(seen):
    said, run = seen.locator(".said"), seen.locator(".run")
    seen.wait_for_timeout(300)
    assert steps(seen) == 0 and said.text_content() == ""
    seen.get_by_role("button", name="One step of D").click()
    assert steps(seen) == 0
    seen.get_by_role("button", name="One step of G").click()
    assert steps(seen) == 1
    run.click()
    seen.wait_for_function("+document.querySelector('.live-gan').dataset.steps > 5")
    assert run.text_content() == "Pause"
    run.click()
    here = steps(seen)
    assert re.fullmatch(
        r"\d of 8 modes covered, \d+ % good points after \d+ steps", said.text_content()
    )
    seen.wait_for_timeout(200)
    assert steps(seen) == here
    seen.get_by_label("Points judged at once").select_option("2")  # another discriminator
    assert steps(seen) == 0
    run.click()
    seen.evaluate("scrollTo(0, 3000)")  # who looks elsewhere pays for nothing
    seen.wait_for_function("document.querySelector('.run').textContent === 'Run'")


@pytest.mark.slow
def test_heaps_are_dragged_moved_by_keys_added_and_removed(seen):
    heaps, mouse = seen.locator(".heaps g"), seen.mouse
    x, y = middle(heaps.nth(2))
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + 30, y + 40, steps=3)
    mouse.up()
    assert middle(heaps.nth(2)) == pytest.approx((x + 30, y + 40), abs=1.5)
    seen.keyboard.press("ArrowLeft")
    assert middle(heaps.nth(2))[0] < x + 28
    session = seen.context.new_cdp_session(seen)
    x, y = middle(heaps.nth(6))
    for kind, dy in ("touchStart", 0), ("touchMove", -15), ("touchMove", -30), ("touchEnd", None):
        points = [] if dy is None else [{"x": x, "y": y + dy}]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    assert middle(heaps.nth(6)) == pytest.approx((x, y - 30), abs=1.5)
    assert seen.evaluate("scrollY") == 0
    seen.get_by_role("button", name="Add a heap").click()
    assert heaps.count() == 9 and "of 9 modes" in seen.locator(".state").text_content()
    heaps.nth(0).focus()
    seen.keyboard.press("Delete")
    assert heaps.count() == 8
    while heaps.count() > 1:
        seen.get_by_role("button", name="Remove the heap").click()
    assert seen.get_by_role("button", name="Remove the heap").is_disabled()


@pytest.mark.slow
def test_it_is_accessible_fits_and_has_room_for_fingers(seen):
    found = Axe().run(seen).response["violations"]
    assert [f"{rule['id']}: {rule['nodes'][0]['html'][:200]}" for rule in found] == []
    for control in seen.locator(".live-gan :is(button, select, .hold)").all():
        box = control.bounding_box()
        assert min(box["width"], box["height"]) >= 24
    wide = seen.evaluate("document.documentElement.scrollWidth")
    assert wide <= seen.viewport_size["width"]


@pytest.mark.slow
def test_without_scripts_the_real_points_are_seen_and_on_paper_the_last_picture(browser, file):
    for scripts in (False, True):
        context = browser.new_context(java_script_enabled=scripts)
        page = context.new_page()
        page.goto(file.as_uri())
        page.emulate_media(media="print" if scripts else "screen")
        assert page.locator(".still").is_visible() != scripts
        assert page.locator(".plane canvas").is_visible() == scripts
        assert page.locator("button:visible, select:visible").count() == 0
        context.close()
