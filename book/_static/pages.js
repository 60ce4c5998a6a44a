// What the pages do by themselves: hints where something is cut, figures that open large, questions
// whose answers are covered until the reader has guessed, a guide that asks, and paper that shows
// what is folded and covered. Without scripts everything is still there.

// Code, tables and formulas that are wider than the page fade at the edge behind which they go on.
function hint(scroller) {
  const hidden = scroller.scrollWidth - scroller.clientWidth;
  const sides = [];
  if (scroller.scrollLeft > 2) sides.push("left");
  if (scroller.scrollLeft < hidden - 2) sides.push("right");
  scroller.dataset.more = sides.join(" ");
  if (sides.length) scroller.tabIndex = 0; // the keyboard scrolls it, too
}

function watch() {
  const resized = new ResizeObserver((entries) => entries.forEach((entry) => hint(entry.target)));
  const scrollers = ".highlight pre, div.math, [role=region][style*=overflow]," +
    " .pst-scrollable-table-container";
  for (const scroller of document.querySelectorAll(scrollers)) {
    scroller.addEventListener("scroll", () => hint(scroller), { passive: true });
    resized.observe(scroller);
  }
}

// A figure is a link to its picture; with scripts it opens on the page itself.
function enlarge(event) {
  const link = event.target.closest("a.enlarge");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const picture = link.querySelector("img");
  const large = document.createElement("dialog");
  large.className = "large";
  large.setAttribute("aria-label", "Figure, enlarged");
  large.innerHTML = "<form method=dialog><button>Close</button></form><img>";
  Object.assign(large.querySelector("img"), { src: link.href, alt: picture.alt });
  large.querySelector("img").onclick = () => large.close();
  large.onclose = () => { large.remove(); link.focus({ preventScroll: true }); };
  document.body.append(large);
  large.showModal();
}

// A browser may refuse to keep anything; then it is known until the page is left.
const kept = {
  known: {},
  read(key, otherwise) {
    try {
      return JSON.parse(localStorage.getItem(key)) ?? otherwise;
    } catch {
      return this.known[key] ?? otherwise;
    }
  },
  write(key, value) {
    this.known[key] = value;
    try {
      localStorage.setItem(key, JSON.stringify(value));
    } catch { /* known, but not kept */ }
  },
};
const SHOWN = "gencourse: every answer is shown";
const GUESSES = `gencourse: guesses in ${location.pathname.split("/").pop()}`;
const SHOW = -1; // among a reader's guesses: the wish to be shown the answer
const questions = [];

function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

// A question: what is covered until it is answered, and which choice is right (undefined where the
// text alone can say). Its guesses, in their order, are numbers of choices.
function add(question) {
  const section = question.place.closest("section").id;
  const before = questions.filter((other) => other.id.startsWith(`${section} `)).length;
  Object.assign(question, { id: `${section} ${before + 1}`, covered: question.covered ?? [] });
  questions.push(question);
}

function guess(question, choice) {
  const guesses = kept.read(GUESSES, {});
  (guesses[question.id] ??= []).push(choice);
  kept.write(GUESSES, guesses);
  render();
}

// How many of the questions that were answered, among those with a right choice.
function score(guesses) {
  const graded = questions.filter(({ right }) => right !== undefined);
  const first = graded.map(({ id }) => (guesses[id] ?? []).find((choice) => choice !== SHOW));
  const right = graded.filter((question, number) => first[number] === question.right).length;
  const answered = first.filter((choice) => choice !== undefined).length;
  return answered ? `${right} of ${answered} right at the first guess` : "";
}

// Brings the page in line with what is kept.
function render() {
  const all = kept.read(SHOWN, false), guesses = kept.read(GUESSES, {});
  const soFar = score(guesses), bar = document.querySelector(".guesses");
  for (const question of questions) {
    const made = guesses[question.id] ?? [], graded = question.right !== undefined;
    const solved = graded ? made.includes(question.right) : made.length > 0;
    const open = all || solved || made.includes(SHOW);
    for (const part of question.covered) {
      if (open) part.removeAttribute("hidden");
      else part.setAttribute("hidden", "until-found"); // a search in the page finds and opens it
    }
    if (question.note) question.note.hidden = open;
    question.show(made, { all, open, solved, soFar });
  }
  bar.querySelector("input").checked = all;
  document.querySelectorAll(".guesses output, .score output").forEach(
    (output) => { output.textContent = soFar; });
  bar.querySelector("button").hidden = Object.keys(guesses).length === 0;
}

// The note that stands where an answer will be. Whoever presses it goes on reading there.
function cover(question) {
  const button = make("button", { type: "button", textContent: "Show" });
  const words = make("span", { textContent: "Covered until you have guessed." });
  question.note = make("p", { className: "covered" }, words, " ", button);
  question.covered[0].before(question.note);
  button.onclick = () => {
    guess(question, SHOW);
    question.covered[0].tabIndex = -1;
    question.covered[0].focus({ preventScroll: true });
  };
  for (const part of question.covered) {
    part.addEventListener("beforematch", () => guess(question, SHOW));
  }
}

function buttons(question, words, name) {
  const all = words.map((word, number) => make("button", {
    type: "button", textContent: word, onclick: () => guess(question, number),
  }));
  question.status = make("p");
  question.status.setAttribute("role", "status");
  question.box = make("div", { className: `guess ${name}` }, make("div", {}, ...all), question.status);
  question.box.setAttribute("role", "group");
  question.box.setAttribute("aria-label", "Your guess");
  question.place.after(question.box);
  return all;
}

// The clinic. Its text lists the faults by letters, asks "Your letter?" of each patient, and begins
// the answer, below what was planted, with the letter.
function clinic() {
  const first = [...document.querySelectorAll("article li > p > strong, article li > strong")]
    .find((strong) => strong.textContent === "a");
  if (!first) return;
  const faults = [...first.closest("ul").children].map(
    (fault) => fault.textContent.trim().replace(/[;.]$/, ""));
  const asked = [...document.querySelectorAll("article p")]
    .filter((text) => [...text.querySelectorAll("em")].some((em) => em.textContent === "Your letter?"));
  for (const place of asked) {
    const letter = (part) => part.querySelector(":scope > strong:first-child")?.textContent;
    let answer = place;
    while (!/^[a-z]\.$/.test(letter(answer))) answer = answer.nextElementSibling;
    const right = faults.findIndex((fault) => fault[0] === letter(answer)[0]);
    const question = { place, right, covered: [answer.previousElementSibling, answer] };
    add(question);
    cover(question);
    const choices = buttons(question, faults, "letters");
    question.show = (made, { open, solved, soFar }) => {
      choices.forEach((button, number) => {
        const tried = made.includes(number) || (open && !solved && number === right);
        button.dataset.verdict = !tried ? "" : number === right ? "right" : "wrong";
        button.disabled = open && number !== right;
      });
      const last = made.at(-1);
      question.status.textContent =
        solved ? `Yes, ${faults[right][0]}. Why, is said below, after the measurement. (${soFar}.)`
        : last >= 0 && !open ? `Not ${faults[last][0]}. Look at the measurement below, and choose again.`
        : "";
    };
  }
}

// "Predict" in bold asks for a guess before the next figure or printed result. Where words in
// italics follow in the paragraph, two or more, these are the choices. Covered are the result and
// what is said of it, up to the next code: which choice came true, only the text can say.
function predictions() {
  const bold = [...document.querySelectorAll("article section > p > strong")]
    .filter((strong) => /^Predict( before you run)?[:.]?$/.test(strong.textContent));
  for (const place of bold.map((strong) => strong.parentElement)) {
    let part = place.nextElementSibling;
    const result = () => part?.querySelector(":scope > .cell_output :is(figure, table, pre:not(.source))");
    while (part && !result()) part = part.nextElementSibling;
    if (!part) continue;
    const covered = [result().closest(".cell_output")];
    let read = false;
    for (part = part.nextElementSibling; part; part = part.nextElementSibling) {
      const code = part.matches(".cell");
      if (part.matches("section") || (code && read)) break;
      read ||= !code;
      covered.push(part);
    }
    const question = { place, covered, show() {} };
    add(question);
    cover(question);
    const words = [...place.querySelectorAll("strong ~ em")].map((em) => em.textContent);
    if (words.length < 2) continue;
    const choices = buttons(question, [...words, "something else"], "prediction");
    question.show = (made, { all, open }) => {
      question.box.hidden = all && made.length === 0;
      choices.forEach((button, number) => {
        button.setAttribute("aria-pressed", made.includes(number));
        button.disabled = open && !made.includes(number);
      });
      question.status.textContent = open && made.length ? "What came of it is uncovered below." : "";
    };
  }
}

// The questions at a chapter's end: a list of choices that open, each with what is to be said of
// it; the right one's words begin with "Yes". They open without this, too.
function quiz() {
  const lists = [...document.querySelectorAll("article ul:has(> li > details)")];
  for (const place of lists) {
    const choices = [...place.querySelectorAll("details")];
    const right = choices.findIndex((choice) => /^\s*Yes/.test(choice.lastChild.textContent));
    const question = { place, right, covered: [] };
    add(question);
    let before = [];
    question.show = (made) => {
      choices.forEach((choice, number) => {
        const tried = made.includes(number);
        choice.dataset.verdict = !tried ? "" : number === right ? "right" : "wrong";
        if (tried !== before.includes(number)) choice.open = tried;
      });
      before = made;
    };
    choices.forEach((choice, number) => {
      choice.querySelector("summary").addEventListener("click", (event) => {
        if (choice.dataset.verdict) return; // opens and folds as it likes, once it is tried
        event.preventDefault();
        guess(question, number);
      });
    });
  }
  if (lists.length) lists.at(-1).after(make("p", { className: "score" }, make("output")));
}

// Whether all answers are shown, on every page; and how the reader did on this one.
function bar() {
  const box = make("input", { type: "checkbox" });
  box.onchange = () => { kept.write(SHOWN, box.checked); render(); };
  const again = make("button", { type: "button", textContent: "Start again" });
  again.onclick = () => { kept.write(GUESSES, {}); render(); box.focus(); };
  const label = make("label", {}, box, " Show every answer");
  const words = "Guess first: on this page, answers are covered until you do.";
  // Above the first question, so that nothing moves on the screen that is seen first.
  const [first] = questions.map(({ place }) => place).sort((one, other) =>
    one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1);
  first.before(make("div", { className: "guesses" },
    make("span", { textContent: words }), label, make("output"), again));
}

// A link may lead to what is covered.
function uncoverTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  const question = questions.find(({ covered }) => covered.some((part) => part.contains(target)));
  if (question) guess(question, SHOW);
  target.scrollIntoView(); // what was covered above it has moved it
}

function ask() {
  clinic();
  predictions();
  quiz();
  if (!questions.length) return;
  bar();
  render();
  window.addEventListener("hashchange", uncoverTarget);
  uncoverTarget();
}

// The guide asks first what is wanted, which its sections name; then which of a section's cases it
// is, which the bold words name; and shows what is said of it. The last section warns of each model.
function chooser() {
  const place = document.querySelector("article .chooser");
  if (!place) return;
  const sections = [...document.querySelectorAll("article section section")];
  const warnings = sections.pop();
  const title = (section) => section.querySelector("h2").firstChild.textContent;
  const [which, answer, model, warning] = [1, 2, 3, 4].map(() => make("div"));
  for (const said of [answer, warning]) said.setAttribute("aria-live", "polite");
  const ask = (legend, words, then) => make("fieldset", {}, make("legend", { textContent: legend }),
    ...words.map((word, number) => make("label", {}, make("input", {
      type: "radio", name: legend, onchange: () => then(number),
    }), make("span", { textContent: word }))));
  const cases = (section, legend, said, then) => {
    const all = [...section.querySelectorAll("p:has(> strong:first-child)")];
    const words = all.map((one) => one.firstChild.textContent.replace(/[.:]$/, ""));
    return ask(legend, words, (number) => {
      const copy = all[number].cloneNode(true);
      copy.querySelectorAll("[id]").forEach((part) => part.removeAttribute("id"));
      said.replaceChildren(copy);
      then();
    });
  };
  const warn = () => {
    if (!model.firstChild) {
      model.append(cases(warnings, "Which model will you take?", warning, () => {}));
    }
  };
  place.append(ask("What do you want?", sections.map(title), (number) => {
    for (const said of [answer, model, warning]) said.replaceChildren();
    which.replaceChildren(cases(sections[number], "Which of these is it?", answer, warn));
  }), which, answer, model, warning);
}

// A film begins at its beginning, and lies on paper as a strip.
function strip(film) {
  const picture = film.querySelector("[role=img]"), output = film.querySelector("output");
  const captions = JSON.parse(output.dataset.captions);
  const name = film.querySelector("label").textContent.trim();
  const frames = captions.map((caption, number) => {
    const frame = picture.cloneNode();
    frame.style.backgroundPosition = `0 ${100 * number / Math.max(1, captions.length - 1)}%`;
    return make("div", {}, frame, `${name} ${caption}`);
  });
  return make("div", { className: "strip" }, ...frames);
}

function rewind() {
  for (const range of document.querySelectorAll(".film input")) {
    range.value = 0;
    range.dispatchEvent(new Event("input"));
  }
}

// Paper is white, and nothing on it can be unfolded.
function onPaper() {
  const page = document.documentElement, theme = page.dataset.theme;
  const folded = [...document.querySelectorAll("article details:not([open])")];
  const covered = [...document.querySelectorAll("article [hidden=until-found]")];
  const strips = [...document.querySelectorAll(".film")].map(strip);
  page.dataset.theme = "light";
  folded.forEach((solution) => { solution.open = true; });
  covered.forEach((answer) => answer.removeAttribute("hidden"));
  document.querySelectorAll(".film").forEach((film, number) => film.after(strips[number]));
  window.addEventListener("afterprint", () => {
    strips.forEach((one) => one.remove());
    page.dataset.theme = theme;
    folded.forEach((solution) => { solution.open = false; });
    covered.forEach((answer) => answer.setAttribute("hidden", "until-found"));
  }, { once: true });
}

watch();
rewind();
ask();
chooser();
document.addEventListener("click", enlarge);
window.addEventListener("beforeprint", onPaper);
