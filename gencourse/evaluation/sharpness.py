"""How sharp images are: three numbers, because no single one can be trusted.

The Laplacian's variance falls with blur but rises with noise. So does the share of
energy in fine detail. The share of saturated pixels falls under both. Read them together.

All raise DataError where they are given no images.
"""

import torch
from torch.nn import functional

from gencourse.data.dataset import check_images

LAPLACIAN = torch.tensor([[0.0, 1.0, 0.0], [1.0, -4.0, 1.0], [0.0, 1.0, 0.0]])


def laplacian_variance(images: torch.Tensor) -> torch.Tensor:
    """The variance of each image's discrete Laplacian, (N,); paper surrounds the image."""
    edges = functional.conv2d(
        check_images(images), LAPLACIAN[None, None].to(images.device), padding=1
    )
    return edges.flatten(1).var(1, correction=0)


def laplacian_ratio(images: torch.Tensor, real: torch.Tensor) -> float:
    """Mean Laplacian variance of images (N, 1, 28, 28) over that of real ones; 1 is as sharp."""
    return (laplacian_variance(images).mean() / laplacian_variance(real).mean()).item()


def saturated_share(images: torch.Tensor) -> torch.Tensor:
    """Of each image's inked pixels (above .1), the share that is nearly black (above .9), (N,)."""
    check_images(images)
    inked, black = ((images > level).flatten(1).sum(1) for level in (0.1, 0.9))
    return black / inked.clamp(min=1)


def fine_share(images: torch.Tensor) -> torch.Tensor:
    """Of each image's energy, the share in waves shorter than four pixels, (N,).

    Energy: the squared amplitudes of the discrete Fourier transform, without the mean;
    by Parseval's theorem the image's variance. An even image has none, and gives 0.
    """
    size = check_images(images).shape[-1]
    energy = torch.fft.fft2(images - images.mean((2, 3), keepdim=True)).abs().square()
    across = torch.fft.fftfreq(size, device=images.device)  # cycles per pixel
    fine = torch.hypot(across[:, None], across) > 1 / 4
    return (energy * fine).sum((1, 2, 3)) / energy.sum((1, 2, 3)).clamp(min=1e-9)
