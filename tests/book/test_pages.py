"""The built book, opened in a headless browser as readers open it: wide and on a phone."""

import gzip
import html
import json
import re
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from sphinxcontrib.katex import katex_version

from answers import HOMEWORK, secrets
from gencourse.live.drawing import SHEET
from grader.release import sources

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
HTML = ROOT / "_build" / "html"
CONTENTS = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
PAGES = [
    CONTENTS["root"],
    *(page["file"] for part in CONTENTS["parts"] for page in part["chapters"]),
]
WIDTHS = {"desktop": 1280, "phone": 390}
FILMS = {  # and what is turned
    "02_variational_autoencoder": "β",
    "03_generative_adversarial_network": "epoch",
    "06_blurry_versus_sharp": "from",
}

# Faults of the theme itself, and of docutils' bibliography, each by rule and by the element it is
# found on.
THEME_FAULTS = {
    "label-content-name-mismatch": r"search-button",
    "region": r"logo__(image|title)",
    "aria-allowed-role": r'role="doc-biblioentry"',
    "aria-deprecated-role": r'role="doc-biblioentry"',
    "aria-required-children": r'class="citation-list"',
}


@pytest.fixture(scope="module")
def site():
    """The address of a server for the built book."""
    assert (HTML / "index.html").exists(), "the book is not built: make book"

    class Silent(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=HTML))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(scope="module", params=[(p, w) for p in PAGES for w in WIDTHS], ids="-".join)
def opened(request, site, browser):
    """A page, loaded to the end, with what it asked for and what it complained of."""
    name, width = request.param
    page = browser.new_page(viewport={"width": WIDTHS[width], "height": 844})
    page.asked, page.complaints = [], []
    page.on("request", lambda asked: page.asked.append(asked.url))
    page.on("console", lambda said: said.type == "error" and page.complaints.append(said.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto(f"{site}/{name}.html", wait_until="networkidle")
    yield page
    page.close()


def uncover(opened):
    """Whatever is covered until the reader has guessed."""
    show = opened.get_by_label("Show every answer")
    if show.count():
        show.check()


def is_chapter(opened):
    return "/notebooks/" in opened.url


def test_the_tests_open_every_page():
    built = {
        path.relative_to(HTML).with_suffix("").as_posix()
        for folder in ("book", "notebooks")
        for path in (HTML / folder).rglob("*.html")
    }
    assert built == set(PAGES)


def test_no_script_complains(opened):
    assert opened.complaints == []


def test_nothing_is_asked_of_another_host(opened, site):
    assert opened.asked
    assert [url for url in opened.asked if not url.startswith((site, "data:", "blob:"))] == []


def test_links_to_a_section_lead_there(opened, site):
    """Of the book's own pages, in the text of the page."""
    links = opened.evaluate(
        "[...document.querySelectorAll('article a[href*=\"#\"]')].map(a => a.href)"
    )
    for link in {link for link in links if link.startswith(site)}:
        page, _, section = link.removeprefix(f"{site}/").partition("#")
        assert re.search(rf'id="{re.escape(section)}"', (HTML / page).read_text()), link


def test_nothing_scrolls_sideways(opened):
    wide = opened.evaluate("document.documentElement.scrollWidth")
    assert wide <= opened.viewport_size["width"]
    # Nor does anything stick out of the text, unless it scrolls by itself.
    outside = opened.evaluate(
        """() => [...document.querySelectorAll('article img, article p, article figure')]
        .filter(e => e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML)"""
    )
    assert outside == []


def test_every_picture_has_alt_text_and_is_there(opened):
    pictures = opened.evaluate(
        """() => Promise.all([...document.querySelectorAll('article :not(button) > img')]
        .map(async (i) => {
          i.loading = 'eager'; // as if it had been scrolled to
          await i.decode();
          return [i.alt, i.complete, i.naturalWidth];
        }))"""
    )
    assert pictures or not is_chapter(opened)
    for alt, complete, width in pictures:
        assert len(alt) > 20 and complete and width > 0


def test_every_figure_has_a_caption(opened):
    captions = opened.evaluate(
        """() => [...document.querySelectorAll('article figure')]
        .map(f => f.querySelector('figcaption')?.textContent ?? '')"""
    )
    assert captions or not is_chapter(opened)
    assert all(len(caption) > 20 for caption in captions)


def test_accessible(opened):
    uncover(opened)
    found = Axe().run(opened).response["violations"]
    faults = [
        f"{rule['id']}: {node['html'][:200]}"
        for rule in found
        for node in rule["nodes"]
        if not re.search(THEME_FAULTS.get(rule["id"], r"(?!)"), node["html"])
    ]
    assert faults == []


def test_formulas_are_typeset(opened):
    if is_chapter(opened):
        assert opened.evaluate("document.querySelectorAll('.katex-html').length") > 3


def test_formulas_have_the_styles_of_the_version_that_set_them():
    styles = (HTML / "_static" / "katex" / "katex.min.css").read_text()
    assert f'content:"{katex_version}"' in styles


def test_a_solution_is_folded_and_opens(opened):
    if not is_chapter(opened):
        return
    solution = opened.locator("details.hide").first
    assert not solution.locator(".cell_input").is_visible()
    solution.locator("summary").first.click()
    assert solution.locator(".cell_input").is_visible()


def test_what_is_folded_is_read_on_paper(opened):
    opened.emulate_media(media="print")
    opened.evaluate("dispatchEvent(new Event('beforeprint'))")
    unseen = opened.evaluate(
        """() => [...document.querySelectorAll('article details > *')].filter(part =>
        !part.parentElement.open || part.getAnimations().length).map(part => part.outerHTML)"""
    )
    opened.emulate_media(media="screen")
    opened.evaluate("dispatchEvent(new Event('afterprint'))")
    assert unseen == []


def test_printed_source_is_coloured_as_code(opened):
    for source in opened.locator(".cell_output pre.source").all():
        assert re.match(r"(def|class) .+\n    \S", source.text_content())
        assert source.locator("span.k").count()
    printed = opened.locator(".cell_output pre:not(.source)").all_text_contents()
    assert not [text for text in printed if re.search(r"^ *(def|class) ", text, re.MULTILINE)]


def test_chapters_open_in_colab(opened):
    if not is_chapter(opened):
        return
    name = re.search(r"(\w+)\.html", opened.url)[1]
    links = opened.evaluate("[...document.querySelectorAll('a')].map(a => a.href)")
    assert any(re.search(rf"colab\..*/blob/main/notebooks/{name}\.ipynb", a) for a in links)
    assert any(link.endswith(f"/edit/main/notebooks/{name}.md") for link in links)


def test_the_film_turns_by_slider_by_key_and_by_button(opened):
    film, name = opened.locator(".film"), FILMS.get(re.search(r"(\w+)\.html", opened.url)[1])
    assert film.count() == (name is not None)
    if name is None:
        return
    frame = film.get_by_role("img")
    slider, button = film.get_by_role("slider", name=name), film.get_by_role("button")
    last = int(slider.get_attribute("max"))
    captions = json.loads(film.locator("output").get_attribute("data-captions"))
    assert film.locator("output").text_content() == captions[0]  # the end is not given away
    begin = frame.screenshot()
    slider.fill(str(last))
    shown = [film.locator("output").text_content(), frame.screenshot()]
    assert begin != shown[1]
    slider.fill("0")
    assert film.locator("output").text_content() == captions[0]
    slider.press("ArrowRight")
    assert film.locator("output").text_content() == captions[1]
    slider.fill(str(last - 1))
    button.click()
    opened.wait_for_function(
        "last => document.querySelector('.film output').textContent === last", arg=captions[-1]
    )
    opened.wait_for_function("document.querySelector('.film button').textContent === 'Play'")
    assert [film.locator("output").text_content(), frame.screenshot()] == shown
    # On paper, every frame.
    opened.evaluate("dispatchEvent(new Event('beforeprint'))")
    frames = opened.locator(".strip > div")
    assert frames.all_text_contents() == [f"{name} {caption}" for caption in captions]
    opened.evaluate("dispatchEvent(new Event('afterprint'))")
    assert frames.count() == 0


def test_what_a_page_weighs(opened, site):
    """With all that it asks for, as a server sends it, and pictures further down; but for films."""
    images = opened.evaluate("[...document.querySelectorAll('article img')].map(i => i.src)")
    urls = {url.split("?")[0].split("#")[0] for url in opened.asked + images if site in url}
    sent = {url: (HTML / url.removeprefix(f"{site}/")).read_bytes() for url in urls}
    film = sum(map(len, re.findall(rb"base64,[\w+/=]{5000,}", sent[opened.url])))
    assert film <= 5e5
    packed = (".html", ".css", ".js", ".svg")
    weight = sum(
        len(gzip.compress(file) if url.endswith(packed) else file) for url, file in sent.items()
    )
    assert weight - film <= 1.1e6, weight


def test_what_the_site_weighs():
    assert sum(path.stat().st_size for path in HTML.rglob("*") if path.is_file()) <= 15e6


def test_every_icon_is_drawn(opened):
    """Also one that the theme begins to use: it needs a line in icons.css."""
    missing = opened.evaluate(
        """() => [...document.querySelectorAll('.fa-solid, .fas, .fab, .fa-regular, .far')]
        .filter(i => !getComputedStyle(i).maskImage.startsWith('url')).map(i => i.outerHTML)"""
    )
    assert missing == []


def test_the_keyboard_is_seen_on_every_button(opened):
    opened.keyboard.press("Tab")
    buttons = opened.locator(".bd-header-article button:visible, .bd-header-article a.btn:visible")
    assert buttons.count() > 2
    for button in buttons.all():
        button.focus()
        assert button.evaluate("b => getComputedStyle(b).outlineStyle") == "solid"
    opened.evaluate("document.activeElement.blur()")


def test_printed_tables_keep_their_columns(opened):
    wraps = opened.evaluate(
        """() => [...document.querySelectorAll('.cell_output pre')]
        .filter(p => getComputedStyle(p).whiteSpace !== 'pre').map(p => p.textContent)"""
    )
    assert [text for text in wraps if text[0] not in "✓✗" and text.count("\n") > 1] == []


def test_what_is_cut_says_so_and_the_keyboard_reaches_it(opened):
    silent = opened.evaluate(
        """() => [...document.querySelectorAll('.highlight pre, article .math')]
        .filter(e => e.checkVisibility() && getComputedStyle(e).overflowX == 'auto')
        .filter(e => e.scrollWidth > e.clientWidth + 3)
        .filter(e => getComputedStyle(e).maskImage == 'none' || e.tabIndex < 0)
        .map(e => e.textContent)"""
    )
    assert silent == []


def test_a_figure_keeps_its_shape_and_opens_large(opened):
    if not is_chapter(opened):
        return
    uncover(opened)
    link = opened.locator("a.enlarge").first
    link.scroll_into_view_if_needed()
    # Pictures are loaded when they come into view, so each is waited for.
    shape = "i.clientWidth / i.clientHeight - i.naturalWidth / i.naturalHeight"
    assert abs(link.locator("img").evaluate(f"i => i.decode().then(() => {shape})")) < 0.05
    column = link.bounding_box()["width"]
    for opens, closes in (("click", "Close"), ("Enter", "Escape")):
        link.click() if opens == "click" else link.press(opens)
        large = opened.locator("dialog.large")
        large.locator("img").evaluate("i => i.decode()")
        assert large.locator("img").bounding_box()["width"] > column
        if closes == "Close":
            large.get_by_role("button", name=closes).click()
        else:
            opened.keyboard.press(closes)
        large.wait_for(state="detached")


READY = "domcontentloaded"  # when the page's own script has run


@pytest.fixture(params=["mouse", "touch"])
def reader(request, browser, site):
    """Opens a page as a new reader with a mouse or on a phone, and says how to press."""
    touch = request.param == "touch"
    width = WIDTHS["phone" if touch else "desktop"]
    context = browser.new_context(viewport={"width": width, "height": 844}, has_touch=touch)
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.route(re.compile("_images"), lambda asked: asked.abort())  # not needed, and slow
    page.press_on = lambda found: found.tap() if touch else found.click()
    page.read = lambda name, folder="notebooks": page.goto(
        f"{site}/{folder}/{name}.html", wait_until=READY
    )
    yield page
    context.close()


def focused(page):
    return page.evaluate("document.activeElement.textContent")


def test_a_patient_is_named_and_the_name_is_kept(reader):
    reader.read("08_failure_clinic")
    answers = reader.locator("article p:has(> strong:first-child)").filter(
        has_text=re.compile(r"^[a-h]\. ")
    )
    assert answers.count() == 8 and not any(answer.is_visible() for answer in answers.all())
    letters = [text[0] for text in answers.all_text_contents()]
    assert sorted(letters) == list("abcdefgh")  # each once, as the chapter says
    second = reader.locator("#patient-2")
    wrong, right = (
        second.get_by_role("button", name=f"{letter}: ") for letter in ("c", letters[1])
    )
    reader.press_on(wrong)
    assert "Not c" in second.get_by_role("status").text_content()
    assert not answers.nth(1).is_visible() and right.is_enabled()
    reader.press_on(right)
    assert "0 of 1" in second.get_by_role("status").text_content()
    assert answers.nth(1).is_visible() and not wrong.is_enabled()
    first = reader.locator("#patient-1").get_by_role("button", name=f"{letters[0]}: ")
    first.press("Enter")
    assert "1 of 2" in reader.locator(".guesses output").text_content()
    reader.reload(wait_until=READY)
    assert [answer.is_visible() for answer in answers.all()] == [True] * 2 + [False] * 6
    reader.get_by_role("button", name="Start again").press("Space")
    assert not answers.first.is_visible() and right.is_enabled()
    assert reader.locator(".guesses output").text_content() == ""


@pytest.mark.parametrize("reader", ["mouse"], indirect=True)
def test_what_is_covered_can_be_had_without_a_guess(reader):
    reader.read("08_failure_clinic")
    answer = reader.locator("#patient-3 p").filter(has_text=re.compile("^b\\. "))
    printed = reader.locator("#patient-3 .covered + .cell")
    assert "Covered" in reader.locator("#patient-3 .covered").text_content()
    reader.locator("#patient-3").get_by_role("button", name="Show").press("Enter")
    assert answer.is_visible() and focused(reader) == printed.text_content()
    # On paper, and without scripts, everything is there.
    last = reader.locator("#patient-8 p").filter(has_text=re.compile("^d\\. "))
    reader.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert last.is_visible()
    reader.evaluate("dispatchEvent(new Event('afterprint'))")
    assert not last.is_visible()
    # What the browser's search finds is opened (it cannot be made to search from here).
    last.evaluate("p => p.dispatchEvent(new Event('beforematch', {bubbles: true}))")
    assert last.is_visible()
    # All at once, for good, on every page; also where nothing can be kept.
    reader.get_by_role("button", name="Start again").click()
    reader.get_by_label("Show every answer").press("Space")
    assert last.is_visible() and answer.is_visible()
    reader.reload(wait_until=READY)
    assert last.is_visible()
    reader.add_init_script(
        "Storage.prototype.getItem = Storage.prototype.setItem = () => { throw 1 }"
    )
    reader.reload(wait_until=READY)
    assert not last.is_visible()
    reader.get_by_label("Show every answer").check()
    assert last.is_visible()


def test_a_prediction_uncovers_what_came_of_it(reader):
    reader.read("01_autoencoder")
    section = reader.locator("#three-seeds-three-maps")
    figure, said = section.locator("figure"), section.get_by_text("Find the 1 in each panel")
    assert not figure.is_visible() and not said.is_visible()
    assert section.get_by_role("button").all_text_contents()[:2] == [
        "the same map",
        "the same, turned a little",
    ]
    reader.press_on(section.get_by_role("button", name="another"))
    assert figure.is_visible() and said.is_visible()
    assert "uncovered" in section.get_by_role("status").text_content()
    # Where the text has no choices, there is nothing but the note; a link uncovers, too.
    last = reader.locator("#so-what-should-we-put-in")
    assert last.get_by_role("group", name="Your guess").count() == 0
    reader.evaluate("location.hash = 'fig-ae-samples'")
    last.locator("figure").wait_for(state="visible")
    # Only guesses at questions with a right choice are counted.
    assert reader.locator(".guesses output").text_content() == ""


def test_every_prediction_has_its_cover_and_every_chapter_two_questions(opened):
    if not is_chapter(opened):
        assert opened.locator(".covered, .guess").count() == 0
        return
    name = re.search(r"(\w+)\.html", opened.url)[1]
    text = (ROOT / "notebooks" / f"{name}.md").read_text(encoding="utf-8")
    asked = len(re.findall(r"\*\*Predict(?: before you run)?[:.]?\*\*", text))
    assert opened.locator(".covered").count() == asked + text.count("*Your letter?*")
    right = opened.evaluate(
        "questions.filter((one) => !one.covered.length).map((one) => one.right)"
    )
    assert len(right) == 2 and -1 not in right


def test_a_question_explains_each_choice(reader):
    reader.read("07_choosing_a_prior_and_a_model")
    choices = reader.locator("#two-questions details")
    told = [choice.text_content() for choice in choices.all()]
    right = next(number for number, text in enumerate(told) if "Yes." in text)
    wrong = next(number for number, text in enumerate(told) if "Yes." not in text)
    score = reader.locator(".score")
    for number, verdict in ((right, "right"), (wrong, "wrong")):
        assert choices.nth(number).get_attribute("open") is None
        reader.press_on(choices.nth(number).locator("summary"))
        assert choices.nth(number).get_attribute("open") == ""
        assert choices.nth(number).get_attribute("data-verdict") == verdict
        assert "1 of 1" in score.text_content()  # the first guess counts
    choices.nth(right).locator("summary").press("Enter")
    assert choices.nth(right).get_attribute("open") is None  # folds again
    reader.reload(wait_until=READY)
    assert "1 of 1" in score.text_content() and choices.nth(wrong).get_attribute("open") == ""
    # Paper shows all of them, and that is no guess.
    reader.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert reader.locator("#two-questions details:not([open])").count() == 0
    reader.evaluate("dispatchEvent(new Event('afterprint'))")
    assert "1 of 1" in score.text_content()


def test_nothing_is_covered_without_scripts(browser, site):
    page = browser.new_page(java_script_enabled=False)
    page.goto(f"{site}/notebooks/08_failure_clinic.html")
    assert page.locator("#patient-8 p").filter(has_text=re.compile("^d\\. ")).is_visible()
    assert page.locator(".guess, .covered, .guesses").count() == 0
    page.close()


def test_the_guide_asks_and_answers(reader):
    reader.read("decision_guide", "book")
    reader.press_on(reader.get_by_label("I want to sort"))
    case = reader.get_by_role("group", name="Which of these is it?")
    reader.press_on(case.get_by_label("You have some labels"))
    answer = reader.locator(".chooser [aria-live=polite] > p")  # a screen reader says it
    assert "Give the AAE a prior" in answer.text_content() and answer.get_by_role("link").count()
    case.get_by_role("radio").first.press("ArrowDown")  # the keyboard goes on from there
    assert "plain classifier" in answer.text_content()
    reader.press_on(reader.get_by_label("GAN", exact=True))
    assert "lost modes" in answer.nth(1).text_content()
    names = reader.evaluate("[...document.querySelectorAll('[id]')].map((one) => one.id)")
    assert len(names) == len(set(names))


def test_what_a_shared_link_shows(opened):
    for name in ("[name=description]", "[property='og:image']", "[property='og:title']"):
        assert len(opened.locator(f"meta{name}").get_attribute("content")) > 20
    assert (HTML / "_static" / "card.png").exists()


def test_korean_is_marked_and_no_check_fails_on_a_page(opened):
    text = opened.locator("article").inner_text()
    korean = opened.evaluate(
        "[...document.querySelectorAll('article [lang=ko]')].map(e => e.textContent).join('')"
    )
    hangul = re.compile("[가-힣]")
    told = opened.locator("article pre").all_inner_texts()
    assert len(hangul.findall(text)) == len(hangul.findall(korean + "".join(told)))
    assert "✗ Not written yet" not in text


def test_the_book_does_not_tell_the_homework():
    """Neither on a page nor among the files that come with it."""
    kept = {line for name in sources(HOMEWORK) for line in secrets(name)}
    # What a chapter teaches may be an answer as well.
    taught = "".join(path.read_text() for path in HTML.parents[1].glob("notebooks/*.ipynb"))
    kept = {line for line in kept if json.dumps(line)[1:-1] not in taught}
    assert len(kept) > 60
    for path in HTML.rglob("*"):
        assert "homework" not in path.relative_to(HTML).parts
        if path.suffix in (".html", ".md", ".ipynb", ".txt", ".js", ".json"):
            text = html.unescape(re.sub(r"<[^>]+>", "", path.read_text()))
            assert not [line for line in kept if line in text or json.dumps(line)[1:-1] in text]


def test_the_sheet_is_drawn_on_and_tells_its_field(browser):
    """As a notebook shows it: the sheet's HTML beside the hidden field of a widget."""
    page = browser.new_page()
    sheet = SHEET.format(size=300, label="A sheet", name="field", turn=0)
    page.set_content(f"{sheet}<div class='field'><textarea style='display: none'></textarea></div>")
    heard = (
        "document.querySelector('textarea').addEventListener('change', () => window.told = true)"
    )
    page.evaluate(heard)
    box = page.get_by_role("img", name="A sheet").bounding_box()
    for x in (50, 100):  # two strokes
        page.mouse.move(box["x"] + x, box["y"] + 20)
        page.mouse.down()
        page.mouse.move(box["x"] + x, box["y"] + 220, steps=5)
        page.mouse.up()
    first, second = json.loads(page.locator("textarea").input_value())
    assert page.evaluate("window.told")
    assert [point[0] for point in first] == pytest.approx([49] * len(first), abs=2)
    assert [point[0] for point in second] == pytest.approx([99] * len(second), abs=2)
    assert first[-1][1] - first[0][1] > 100
    ink = "(c => c.getContext('2d').getImageData(50, 100, 1, 1).data[3])"
    assert page.evaluate(f"{ink}(document.querySelector('canvas'))") > 0
    page.close()
