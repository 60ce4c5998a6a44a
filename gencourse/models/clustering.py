"""The clustering AAE: half of the code says which, the other half says how."""

from gencourse.data.dataset import DIGIT
from gencourse.models.aae import AAE
from gencourse.models.heads import WithHeads


class ClusteringAAE(WithHeads, AAE):
    """An AAE whose prior is one of `heads` and, independent of it, a Gaussian style.

    (Makhzani and others, 2016, on unsupervised clustering.) The paper has a discriminator for
    each half; here one sees both, so that head and style must be independent as well. Two
    things are not in the paper, and without them little more than half was sorted: scores
    that are normalised over the batch (`HeadsEncoder`), and the term "consistency".

    heads: how many clusters.
    style: how many numbers tell one member of a cluster from another.
    consistency: the weight of that term; 0 leaves it out.
    """

    def __init__(
        self,
        heads: int = 16,
        style: int = 5,
        consistency: float = 40.0,
        image_shape: tuple[int, ...] = DIGIT,
    ):
        super().__init__(heads, style, consistency, image_shape)
