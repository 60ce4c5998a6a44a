"""The semi-supervised AAE: a few labels give the heads their names."""

import torch
from torch import nn

from gencourse.data import DataError, Split
from gencourse.data.dataset import DIGIT, check_images, check_labels, check_split, checked_shape
from gencourse.game import Step, Term
from gencourse.models.aae import AAE
from gencourse.models.heads import WithHeads, supervised_loss
from gencourse.networks import HeadsEncoder
from gencourse.validate import real, whole


class LabelledExamples(nn.Module):
    """A few images whose labels are known. They move with their model, and are not stored."""

    images: torch.Tensor
    labels: torch.Tensor

    def __init__(self, examples: Split, classes: int):
        super().__init__()
        classes = whole(classes, "classes")
        if len(check_split(examples)) < 2 or examples.labels.max() >= classes:
            raise DataError(
                f"there are {len(examples)} examples, with labels {examples.labels.unique()}; "
                f"expected at least two, with labels from 0 to {classes - 1}."
            )
        self.register_buffer("images", examples.images, persistent=False)
        self.register_buffer("labels", examples.labels, persistent=False)

    def draw(self, n: int) -> tuple[torch.Tensor, torch.Tensor]:
        """`n` of the examples with their labels, drawn with replacement."""
        chosen = torch.randint(len(self.images), (n,), device=self.images.device)
        return self.images[chosen], self.labels[chosen]


class SemiSupervisedAAE(WithHeads, AAE):
    """A clustering AAE with a head for each class, and a term that learns the names.

    (Makhzani and others, 2016, on semi-supervised learning.)

    examples: a Split of the few images whose labels are known; the images that `fit`
        trains on need no labels.
    classes: how many there are.
    style: how many numbers tell one member of a class from another.
    weight: of the regularization, as in the AAE.
    consistency, classification: the weights of these terms; 0 leaves the former out.
    decoder: of codes (N, classes + style), if it is not to be a perceptron.

    Raises:
        DataError: no Split, fewer than two examples, or a label that is not below `classes`.
    """

    DRAWN = 100
    """How many examples each step looks at."""

    def __init__(
        self,
        examples: Split,
        classes: int = 10,
        style: int = 5,
        weight: float = 40.0,
        consistency: float = 40.0,
        classification: float = 40.0,
        decoder: nn.Module | None = None,
    ):
        known = LabelledExamples(examples, classes)
        shape = tuple(examples.images.shape[1:])
        super().__init__(classes, style, consistency, shape, weight=weight, decoder=decoder)
        self.examples = known
        self.classification = real(classification, "classification", least=0)

    def head_terms(self) -> list[Term]:
        """Consistency, and what the examples teach."""
        names = Term("classification", self.classification_loss, self.classification)
        return [*super().head_terms(), names]

    def classification_loss(self, images: torch.Tensor) -> torch.Tensor:
        """Cross-entropy of the heads of a hundred views of the examples, in nats."""
        return supervised_loss(self.encoder, *self.examples.draw(self.DRAWN))

    def predict(self, images: torch.Tensor) -> torch.Tensor:
        """The class of each image (N, C, H, W), (N,): heads carry their names."""
        return self.assign(images)


class Classifier(nn.Module):
    """The same encoder with labelled images alone: what the AAE has to beat."""

    def __init__(self, classes: int = 10, image_shape: tuple[int, ...] = DIGIT):
        super().__init__()
        self.classes, self.image_shape = whole(classes, "classes"), checked_shape(image_shape)
        self.encoder = HeadsEncoder(self.classes, style=1, image_shape=self.image_shape)

    def steps(self) -> list[Step]:
        """One step: the encoder learns the labels."""
        return [Step([self.encoder], [Term("classification", self.classification_loss)])]

    def check(self, images: torch.Tensor, labels: torch.Tensor) -> None:
        """Raise DataError unless it can be trained on these."""
        check_labels(labels, len(check_images(images, self.image_shape)), self.classes)

    def classification_loss(self, images: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        """Cross-entropy of the heads of a view of each image, in nats."""
        return supervised_loss(self.encoder, images, labels)

    @torch.no_grad()
    def predict(self, images: torch.Tensor) -> torch.Tensor:
        """The class of each image (N, C, H, W), (N,)."""
        check_images(images, self.image_shape)
        return self.encoder.scores_and_style(images)[0].argmax(1)
