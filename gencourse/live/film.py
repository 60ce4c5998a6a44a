"""A film: frames that a slider or a button turns, without a kernel and without a network."""

import base64
import html
import io
import json
from collections.abc import Mapping
from pathlib import Path
from string import Template

import torch
from PIL import Image

from gencourse.figures.images import sheet
from gencourse.figures.inputs import checked_images, some
from gencourse.live.words import WORDS

SCALE = 2  # screen pixels for each pixel of an image
COLUMNS = 8  # images in a row
TEMPLATE = Template(Path(__file__).with_name("film.html").read_text(encoding="utf-8"))


class Film:
    """Sheets of images, one a frame, with a labelled slider and a button that plays them.

    All frames travel in one picture, which the script moves behind a window, from the
    first on. Without scripts the last frame is seen.

    Args:
        frames: caption → images (N, C, H, W), as many and as large in each.
        name: what the slider turns, such as "epoch".
        alt: what is to be seen, for those who do not see it.
    Raises:
        ValueError: there are no frames, or one has another shape than the first.
        DataError: what is in a frame are no images.
    """

    def __init__(self, frames: Mapping[object, torch.Tensor], name: str, alt: str) -> None:
        some(frames, "frames")
        shape = next(iter(frames.values())).shape
        for caption, images in frames.items():
            if images.shape != shape:
                raise ValueError(
                    f"frame {caption!r} has shape {tuple(images.shape)}; expected {tuple(shape)}, "
                    "that of the first."
                )
        self.captions = [str(caption) for caption in frames]
        self.sheets = [
            sheet(checked_images(images), COLUMNS, padding=1) for images in frames.values()
        ]
        self.name, self.alt = name, alt

    def __repr__(self) -> str:
        return f"Film of {len(self.captions)} frames: {self.alt}"

    def _repr_html_(self) -> str:
        _, height, width = self.sheets[0].shape
        last = len(self.captions) - 1
        return TEMPLATE.substitute(
            strip=self._strip(),
            width=SCALE * width,
            ratio=f"{width} / {height}",
            last=last,
            size=100 * (last + 1),  # the strip is as many times higher than its window
            name=html.escape(self.name),
            alt=html.escape(self.alt),
            caption=html.escape(self.captions[-1]),
            letters=max(4, *map(len, self.captions)),  # so that nothing moves when it changes
            captions=html.escape(json.dumps(self.captions, ensure_ascii=False)),
            **WORDS,
        )

    def _strip(self) -> str:
        """All frames under one another in a PNG: ink on paper in sixteen greys, or 256 colours."""
        strip = torch.cat(self.sheets, dim=1).clamp(0, 1)
        if len(strip) == 1:
            picture = Image.fromarray((255 - 255 * strip[0]).round().byte().numpy()).quantize(16)
        else:
            colours = (255 * strip.permute(1, 2, 0)).round().byte().contiguous()
            picture = Image.fromarray(colours.numpy()).quantize(256)
        file = io.BytesIO()
        picture.save(file, "PNG", optimize=True)
        return base64.b64encode(file.getvalue()).decode()
