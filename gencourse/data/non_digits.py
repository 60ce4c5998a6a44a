"""What a reference classifier is shown besides pictures of its classes: what is none of them."""

import torch
from torch.nn import functional


def soften(images: torch.Tensor) -> torch.Tensor:
    """Every second image (N, C, H, W) a little out of focus: a soft digit is still a digit."""
    images = images.clone()
    share = torch.rand(len(images[::2]), 1, 1, 1, device=images.device)
    images[::2] += share * (functional.avg_pool2d(images[::2], 3, 1, 1) - images[::2])
    return images


def blend(images: torch.Tensor, targets: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Weighted means of two images (N, C, H, W) and of their targets (N, classes).

    In between, in two minds (mixup of Zhang, Cisse, Dauphin and Lopez-Paz, 2018).
    """
    share = torch.rand(len(images), 1, device=images.device) * 0.4 + 0.3
    mixed = share[:, :, None, None] * images + (1 - share[:, :, None, None]) * images.flip(0)
    return mixed, share * targets + (1 - share) * targets.flip(0)


def non_digits(images: torch.Tensor) -> torch.Tensor:
    """As many images (N, C, H, W) that are no digit: torn, averaged, blurred to nothing, noise."""
    torn, averaged, veiled, noise = images.tensor_split(4)
    down, across = images.shape[2] // 2, images.shape[3] // 2
    torn = torn.roll([(down, 0), (0, across), (down, across)][int(torch.randint(3, ()))], (2, 3))
    averaged = torch.stack([averaged.roll(k, 0) for k in range(5)]).sum(0) / 5
    strength = torch.rand(len(veiled), 1, 1, 1, device=images.device)
    veiled = strength**2 * functional.avg_pool2d(veiled, 9, 1, 4)
    density = torch.rand(len(noise), 1, 1, 1, device=images.device)
    noise = functional.avg_pool2d((torch.rand_like(noise) < density).float(), 3, 1, 1)
    return torch.cat([torn, averaged, veiled, noise])
