"""A film: frames that a slider or a button turns, without a kernel and without a network."""

import base64
import html
import io

from PIL import Image

from gencourse.explorers.words import WORDS
from gencourse.figures.images import sheet

SCALE = 2  # screen pixels for each pixel of a digit


class Film:
    """Sheets of images, one a frame, with a labelled slider and a button that plays them.

    All frames travel in one picture, which the script moves behind a window. Without
    scripts the last frame is seen.

    Args:
        frames: caption → images (N, 1, 28, 28), the same N in each.
        name: what the slider turns, such as "epoch".
        alt: what is to be seen, for those who do not see it.
        columns: images in a row.
    """

    def __init__(self, frames, name, alt, columns=8, language="en"):
        self.captions = [str(caption) for caption in frames]
        self.sheets = [sheet(images, columns, padding=1) for images in frames.values()]
        self.name, self.alt, self.words = name, alt, WORDS[language]

    def __repr__(self):
        return f"Film of {len(self.captions)} frames: {self.alt}"

    def _repr_html_(self):
        height, width = self.sheets[0].shape[1:]
        last = len(self.captions) - 1
        return TEMPLATE.format(
            strip=self._strip(),
            width=SCALE * width,
            height=SCALE * height,
            ratio=f"{width} / {height}",
            last=last,
            size=100 * (last + 1),
            name=html.escape(self.name),
            alt=html.escape(self.alt, quote=True),
            caption=html.escape(self.captions[-1]),
            captions=html.escape("|".join(self.captions), quote=True),
            play=self.words["play"],
            pause=self.words["pause"],
        )

    def _strip(self):
        """All frames under one another, as ink on paper, in a PNG of sixteen greys."""
        height, width = self.sheets[0].shape[1:]
        strip = Image.new("L", (width, height * len(self.sheets)), 255)
        for frame, image in enumerate(self.sheets):
            ink = (255 - 255 * image[0]).round().byte().numpy()
            strip.paste(Image.fromarray(ink), (0, frame * height))
        file = io.BytesIO()
        strip.quantize(16).save(file, "PNG", optimize=True)
        return base64.b64encode(file.getvalue()).decode()


# The window has the size of one frame; the strip behind it is as many times higher.
TEMPLATE = """
<div class="film" style="max-width: {width}px">
<div role="img" aria-label="{alt}" style="width: 100%; aspect-ratio: {ratio}; \
border: 1px solid #c8c8c8; image-rendering: pixelated; background-size: 100% {size}%; \
background-position: 0 100%; background-image: url(data:image/png;base64,{strip})"></div>
<div style="display: flex; gap: .6em; align-items: center; padding-top: .4em">
<button type="button" data-play="{play}" data-pause="{pause}" \
style="min-width: 4.5em; min-height: 2em">{play}</button>
<label style="flex: 1; display: flex; gap: .6em; align-items: center; margin: 0">{name}
<input type="range" min="0" max="{last}" value="{last}" style="flex: 1; min-width: 4em"></label>
<output style="min-width: 2.5em" data-captions="{captions}">{caption}</output>
</div>
<script>
(function (film) {{
  const picture = film.querySelector("[role=img]"), range = film.querySelector("input"),
    button = film.querySelector("button"), output = film.querySelector("output"),
    captions = output.dataset.captions.split("|");
  let timer = null;
  function show() {{
    picture.style.backgroundPosition = "0 " + 100 * range.value / Math.max(1, range.max) + "%";
    output.textContent = captions[range.value];
    range.setAttribute("aria-valuetext", captions[range.value]);
  }}
  function stop() {{
    clearInterval(timer);
    timer = null;
    button.textContent = button.dataset.play;
  }}
  function step() {{
    range.value = +range.value + 1;
    show();
    if (range.value === range.max) stop();
  }}
  button.onclick = function () {{
    if (timer) return stop();
    if (range.value === range.max) range.value = 0;
    show();
    button.textContent = button.dataset.pause;
    timer = setInterval(step, 600);
  }};
  range.oninput = function () {{ stop(); show(); }};
  show();
}})(document.currentScript.parentElement);
</script>
</div>
"""
