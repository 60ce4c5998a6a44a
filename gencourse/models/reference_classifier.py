"""The reference classifier, in prose the judge: it says which class it sees, and how surely.

An ordinary classifier is sure of almost anything. This one has also been shown what is not a digit
(blends, fragments, blur, noise) and taught to shrug at it, so that its confidence answers the
question "is this a digit?" (the outlier exposure of Hendrycks, Mazeika and Dietterich, 2019).
"""

import torch
from torch import nn
from torch.nn import functional

from gencourse.data.augmentations import shift
from gencourse.data.dataset import DIGIT, check_images, check_labels, checked_shape
from gencourse.data.non_digits import blend, non_digits, soften
from gencourse.game import Step, Term
from gencourse.validate import whole

FEATURES = 64


class ReferenceClassifier(nn.Module):
    """A convolutional network, images (N, C, H, W) to features (N, 64) and logits (N, classes)."""

    def __init__(self, classes: int = 10, image_shape: tuple[int, ...] = DIGIT):
        super().__init__()
        self.classes, self.image_shape = whole(classes, "classes"), checked_shape(image_shape)
        channels, height, width = self.image_shape
        self.body = nn.Sequential(
            nn.Conv2d(channels, 32, 4, stride=2, padding=1),
            nn.ReLU(),
            nn.Conv2d(32, 64, 4, stride=2, padding=1),
            nn.ReLU(),
            nn.Conv2d(64, 64, 3, padding=1),
            nn.ReLU(),
            nn.Flatten(),
            nn.Linear(64 * (height // 4) * (width // 4), FEATURES),
            nn.ReLU(),
        )
        self.head = nn.Sequential(nn.Dropout(0.2), nn.Linear(FEATURES, self.classes))

    def steps(self) -> list[Step]:
        """One step: the whole network learns the labels, and to shrug."""
        terms = [Term("classification", self.classification_loss)]
        return [Step([self.body, self.head], terms, learning_rate=3e-3, betas=(0.9, 0.999))]

    def check(self, images: torch.Tensor, labels: torch.Tensor) -> None:
        """Raise DataError unless it can be trained on these."""
        check_labels(labels, len(check_images(images, self.image_shape)), self.classes)

    def classification_loss(self, images: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        """Cross-entropy in nats per image, on moved digits and on what is no digit."""
        digits = shift(images)
        targets = functional.one_hot(labels, self.classes).float()
        half = len(digits) // 2
        mixed, mixed_targets = blend(digits[:half], targets[:half])
        nothing = non_digits(digits[half:])
        shown = torch.cat([soften(digits), mixed, nothing])
        logits = self.head(self.body(shown)).float()
        uniform = torch.full((len(nothing), self.classes), 1 / self.classes, device=images.device)
        return functional.cross_entropy(logits, torch.cat([targets, mixed_targets, uniform]))
