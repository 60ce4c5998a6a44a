"""How surprised a decoder is by an image: the reconstruction term of every model."""

from torch.nn import functional


def surprise(logits, images):
    r"""−log p(x | z) of each image, in nats, (N,).

    Each pixel is a probability of ink:
    −log p(x | z) = −Σᵢ [xᵢ log x̂ᵢ + (1 − xᵢ) log(1 − x̂ᵢ)], x̂ = sigmoid(logits).

    Grey pixels are taken as they are, so the figure has a floor above zero
    (about 46 nats on MNIST) and cannot be compared with one of binarised images.
    """
    per_pixel = functional.binary_cross_entropy_with_logits(
        logits.float(), images, reduction="none"
    )
    return per_pixel.flatten(1).sum(1)
