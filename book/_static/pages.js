// What the pages do by themselves: hints where something is cut, figures that open large, and
// paper that shows what is folded. Without scripts everything is still there.

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
  const scrollers = ".highlight pre, div.math, span.math, [role=region][style*=overflow]," +
    " .pst-scrollable-table-container";
  for (const scroller of document.querySelectorAll(scrollers)) {
    scroller.addEventListener("scroll", () => hint(scroller), { passive: true });
    resized.observe(scroller);
    // A formula grows inside its frame when it is typeset.
    if (scroller.matches(".math")) {
      new MutationObserver(() => hint(scroller)).observe(scroller, { childList: true });
    }
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

// Paper is white, and nothing on it can be unfolded.
function onPaper() {
  const page = document.documentElement, theme = page.dataset.theme;
  const folded = [...document.querySelectorAll("article details:not([open])")];
  page.dataset.theme = "light";
  folded.forEach((solution) => { solution.open = true; });
  window.addEventListener("afterprint", () => {
    page.dataset.theme = theme;
    folded.forEach((solution) => { solution.open = false; });
  }, { once: true });
}

watch();
document.addEventListener("click", enlarge);
window.addEventListener("beforeprint", onPaper);
