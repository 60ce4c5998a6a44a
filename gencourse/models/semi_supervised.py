"""The semi-supervised AAE: a few labels give the heads their names."""

import torch
from torch import nn
from torch.nn import functional

from gencourse.data.dataset import DataError
from gencourse.data.views import view
from gencourse.models.clustering import ClusteringAAE
from gencourse.networks import SortingEncoder
from gencourse.phases import Phase


class SemiSupervisedAAE(ClusteringAAE):
    """A clustering AAE with a head for each class, and a phase that learns the names.

    (Makhzani and others, 2016, on semi-supervised learning.)

    examples: a Split of the few images whose labels are known; the images that `fit`
        trains on need no labels.
    classes: how many there are.
    classification: the weight of the phase that learns from the examples.

    Raises:
        DataError: fewer than two examples, or a label that is not below `classes`.
    """

    def __init__(
        self, examples, classes=10, style=5, weight=40.0, consistency=40.0, classification=40.0
    ):
        super().__init__(classes, style, weight, consistency)
        if len(examples) < 2 or not 0 <= examples.labels.min() <= examples.labels.max() < classes:
            raise DataError(
                f"there are {len(examples)} examples, with labels {examples.labels.unique()}; "
                f"expected at least two, with labels from 0 to {classes - 1}."
            )
        self.classification = classification
        # Not among the weights that are stored, but moved with them to a GPU.
        self.register_buffer("images", examples.images, persistent=False)
        self.register_buffer("labels", examples.labels, persistent=False)

    def phases(self):
        return [
            *super().phases(),
            Phase(
                "classification",
                self.classification_loss,
                [self.encoder],
                joins="reconstruction",
                weight=self.classification,
            ),
        ]

    def classification_loss(self, images):
        """Cross-entropy of the heads of a hundred views of the examples, in nats."""
        chosen = torch.randint(len(self.images), (100,), device=self.images.device)
        return named(self.encoder, self.images[chosen], self.labels[chosen])


class Classifier(nn.Module):
    """The same encoder with labelled images alone: what the AAE has to beat."""

    def __init__(self, classes=10):
        super().__init__()
        self.encoder = SortingEncoder(classes, style=1)

    def phases(self):
        return [Phase("classification", self.classification_loss, [self.encoder])]

    def classification_loss(self, images, labels):
        """Cross-entropy of the heads of a view of each image, in nats."""
        return named(self.encoder, images, labels)

    @torch.no_grad()
    def sort(self, images):
        """The class of each image (N, 1, 28, 28), (N,)."""
        return self.encoder.scores_and_style(images)[0].argmax(1)


def named(encoder, images, labels):
    """Cross-entropy of a sorting encoder's heads with the labels, for views of images."""
    scores, _ = encoder.scores_and_style(view(images))
    return functional.cross_entropy(scores, labels)
