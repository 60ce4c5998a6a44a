"""The judge: a small classifier that says which digit it sees, and how surely.

There is a second one, for clothes: `of="clothes"` asks it.

An ordinary classifier is sure of almost anything. This one has also been shown
what is not a digit (blends, fragments, blur, noise) and taught to shrug at it,
so that its confidence answers the question "is this a digit?" (the outlier
exposure of Hendrycks, Mazeika and Dietterich, 2019, and the mixup of Zhang,
Cisse, Dauphin and Lopez-Paz, 2018). Its last hidden layer serves as feature space.

    python -m gencourse.evaluation.judge digits      trains it anew and stores its weights
"""

import hashlib
import sys
from functools import cache
from pathlib import Path

import torch
from safetensors.torch import load, save
from torch import nn
from torch.nn import functional

from gencourse.data import DataError, clothes, mnist
from gencourse.data.dataset import check_images
from gencourse.files import write_atomically
from gencourse.phases import Phase
from gencourse.training import fit, reproducible

FOLDER = Path(__file__).parent
# subject → (its pictures, epochs of training, checksum of the weights)
SUBJECTS = {
    "digits": (mnist, 18, "69ad3c8cc7cd9740eb15f57aa606d844c78f2f72f83ae5068a8004a7d8b5860e"),
    "clothes": (clothes, 72, "7e844ed1e2261648a59fd10bb3b8d6a306436a9a13fb665bc271d210fd16894e"),
}
SURE = 0.9
"""Confidence from which the course calls an image a plausible digit."""


class Judge(nn.Module):
    """A convolutional network, images (N, 1, 28, 28) to logits of ten classes (N, 10)."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, 32, 4, stride=2, padding=1),
            nn.ReLU(),
            nn.Conv2d(32, 64, 4, stride=2, padding=1),
            nn.ReLU(),
            nn.Conv2d(64, 64, 3, padding=1),
            nn.ReLU(),
            nn.Flatten(),
            nn.Linear(64 * 7 * 7, 64),
            nn.ReLU(),
        )
        self.head = nn.Sequential(nn.Dropout(0.2), nn.Linear(64, 10))

    def phases(self):
        networks = [self.body, self.head]
        return [Phase("classification", self.classification_loss, networks, 3e-3, (0.9, 0.999))]

    def classification_loss(self, images, labels):
        """Cross-entropy in nats per image, on moved digits and on what is no digit."""
        digits, targets = shift(images), functional.one_hot(labels, 10).float()
        half = len(digits) // 2
        mixed, mixed_targets = blend(digits[:half], targets[:half])
        nothing = non_digits(digits[half:])
        shown = torch.cat([soften(digits), mixed, nothing])
        logits = self.head(self.body(shown)).float()
        uniform = torch.full((len(nothing), 10), 0.1, device=images.device)
        return functional.cross_entropy(logits, torch.cat([targets, mixed_targets, uniform]))


def probabilities(images, of="digits"):
    """The judge's probabilities of the ten classes, (N, 10), for images (N, 1, 28, 28).

    of: which judge, "digits" or "clothes"; ValueError for another.
    """
    return _judged(images, of, lambda judge, batch: judge.head(judge.body(batch)).softmax(1))


def confidence(images, of="digits"):
    """The judge's largest probability, (N,): how sure it is to see a digit."""
    return probabilities(images, of).max(1).values


def features(images, of="digits"):
    """The judge's last hidden layer, (N, 64)."""
    return _judged(images, of, lambda judge, batch: judge.body(batch))


@torch.no_grad()
def _judged(images, of, function):
    check_images(images)
    return torch.cat([function(shipped(of), batch) for batch in images.split(1000)])


@cache
def shipped(of="digits"):
    """The judge with the weights that travel in the package.

    Raises:
        ValueError: there is no judge of that.
        DataError: the file is missing or does not have its checksum.
    """
    if of not in SUBJECTS:
        raise ValueError(f"there is no judge of {of!r}; expected one of {', '.join(SUBJECTS)}.")
    file, checksum = weights(of), SUBJECTS[of][2]
    advice = f"Install the package again, or remake it: python -m gencourse.evaluation.judge {of}"
    try:
        content = file.read_bytes()
    except OSError as error:
        raise DataError(f"{file} cannot be read ({error}). {advice}") from error
    if hashlib.sha256(content).hexdigest() != checksum:
        raise DataError(f"{file} does not have the checksum {checksum}. {advice}")
    judge = Judge()
    judge.load_state_dict({name: tensor.float() for name, tensor in load(content).items()})
    return judge.eval()


def weights(of):
    """The file of that judge's weights."""
    return FOLDER / f"judge-{of}.safetensors"


# What the judge is shown besides digits.


def shift(images, most=2):
    """Each image moved by up to `most` pixels in each direction."""
    padded = functional.pad(images, (most,) * 4)
    size = 2 * most + 1
    moves = torch.randint(size, (2, len(images)), device=images.device)
    rows = moves[0, :, None] + torch.arange(28, device=images.device)
    columns = moves[1, :, None] + torch.arange(28, device=images.device)
    which = torch.arange(len(images), device=images.device)[:, None, None]
    return padded[which, 0, rows[:, :, None], columns[:, None, :]].unsqueeze(1)


def soften(images):
    """Every second image a little out of focus: a soft digit is still a digit."""
    images = images.clone()
    share = torch.rand(len(images[::2]), 1, 1, 1, device=images.device)
    images[::2] += share * (functional.avg_pool2d(images[::2], 3, 1, 1) - images[::2])
    return images


def blend(images, targets):
    """Weighted means of two images and of their targets: in between, in two minds."""
    share = torch.rand(len(images), 1, device=images.device) * 0.4 + 0.3
    mixed = share[:, :, None, None] * images + (1 - share[:, :, None, None]) * images.flip(0)
    return mixed, share * targets + (1 - share) * targets.flip(0)


def non_digits(images):
    """As many images that are no digit: taken apart, averaged, blurred to nothing, noise."""
    torn, averaged, veiled, noise = images.tensor_split(4)
    torn = torn.roll([(14, 0), (0, 14), (14, 14)][int(torch.randint(3, ()))], (2, 3))
    averaged = sum(averaged.roll(k, 0) for k in range(5)) / 5
    strength = torch.rand(len(veiled), 1, 1, 1, device=images.device)
    veiled = strength**2 * functional.avg_pool2d(veiled, 9, 1, 4)
    density = torch.rand(len(noise), 1, 1, 1, device=images.device)
    noise = functional.avg_pool2d((torch.rand_like(noise) < density).float(), 3, 1, 1)
    return torch.cat([torn, averaged, veiled, noise])


def main(of):
    """Train that judge and store its weights; prints the checksum to put into SUBJECTS."""
    pictures, epochs, _ = SUBJECTS[of]
    data = pictures()
    with reproducible(0):
        judge = Judge()
    history = fit(judge, data.train.images, data.train.labels, epochs=epochs, seed=0)
    if history.interrupted:
        raise KeyboardInterrupt
    kept = {name: tensor.half().contiguous() for name, tensor in judge.state_dict().items()}
    content = save(kept)
    write_atomically(weights(of), content)
    judge.load_state_dict({name: tensor.float() for name, tensor in kept.items()})
    judge.eval()
    with torch.no_grad():
        guesses = judge.head(judge.body(data.test.images)).argmax(1)
    accuracy = (guesses == data.test.labels).double().mean()
    print(f"{of}: test accuracy {accuracy:.4f} after {history.seconds:.0f} s")
    print(f'checksum "{hashlib.sha256(content).hexdigest()}"')


if __name__ == "__main__":
    for subject in sys.argv[1:] or SUBJECTS:
        main(subject)
