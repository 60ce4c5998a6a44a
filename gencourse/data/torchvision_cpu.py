"""Let torchvision be imported beside a CPU build of torch.

torchvision's published wheel is compiled against a CUDA build of torch. Beside a CPU build its
compiled operators cannot be loaded, and `import torchvision` stops with "operator torchvision::nms
does not exist", although data sets and transforms, all that this course asks of it, need no such
operator. Declaring the two operators that the import looks up is enough. It must happen before the
first import, and only where the operators are really missing; whoever imports torchvision calls
`make_torchvision_importable` first.
"""

import importlib.util
from pathlib import Path

import torch
from torch.library import define


def make_torchvision_importable() -> None:
    """Declare torchvision's missing operators, if they are missing."""
    if torch.version.cuda is not None or torch.version.hip is not None:
        return
    spec = importlib.util.find_spec("torchvision")  # finds it without importing it
    if spec is None or spec.origin is None:
        return
    libraries = list(Path(spec.origin).parent.glob("_C*.*"))
    try:
        for library in libraries:
            torch.ops.load_library(library)
    except OSError:
        _declare("torchvision::nms")
        _declare("torchvision::qnms")


def _declare(operator):
    try:
        define(operator, "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    except RuntimeError as error:  # declared already: by the reader, or by a reload
        if "multiple times" not in str(error):
            raise
