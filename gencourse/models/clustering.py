"""The clustering AAE: half of the code says which, the other half says how."""

import torch
from torch.nn import functional

from gencourse.data.views import view
from gencourse.models.aae import AAE
from gencourse.networks import SortingEncoder
from gencourse.phases import Phase
from gencourse.priors import HeadAndStyle


class ClusteringAAE(AAE):
    """An AAE whose prior is one of `heads` and, independent of it, a Gaussian style.

    (Makhzani and others, 2016, on unsupervised clustering.) The paper has a critic for each
    half; here one critic sees both, so that head and style must be independent as well. Two
    things are not in the paper, and without them little more than half was sorted: scores
    that are normalised over the batch (`SortingEncoder`), and the phase "consistency".

    heads: how many clusters.
    style: how many numbers tell one member of a cluster from another.
    weight: of the regularization, as in the AAE.
    consistency: the weight of that phase; 0 leaves it out.
    """

    def __init__(self, heads=16, style=5, weight=40.0, consistency=40.0):
        # A critic without blur could tell a probability of .999 from a 1.
        super().__init__(heads + style, HeadAndStyle(heads, style), weight, 0.2, 0.2)
        self.encoder = SortingEncoder(heads, style)
        self.consistency = consistency

    def phases(self):
        phases = super().phases()
        if self.consistency:
            phases.append(
                Phase(
                    "consistency",
                    self.consistency_loss,
                    [self.encoder],
                    joins="reconstruction",
                    weight=self.consistency,
                )
            )
        return phases

    def consistency_loss(self, images):
        """Cross-entropy of the heads of a view of each image with the image's own, in nats.

        (Hu and others, 2017, with views in the place of their noise.)
        """
        with torch.no_grad():
            scores, _ = self.encoder.scores_and_style(images)
        of_view, _ = self.encoder.scores_and_style(view(images))
        return functional.cross_entropy(of_view, scores.softmax(1))

    def sort(self, images):
        """The head of each image (N, 1, 28, 28), (N,)."""
        return self.scores(images).argmax(1)

    @torch.no_grad()
    def scores(self, images):
        """The logits of the heads for images, (N, heads)."""
        return self.encoder.scores_and_style(images)[0]

    def split(self, codes):
        """Codes in their two halves: heads (N, heads) and style (N, style)."""
        return codes.split(self.encoder.sizes, dim=1)
