"""The recipes of the models whose weights travel in the package, by name."""

from gencourse.data import clothes, mnist
from gencourse.models import ClusteringAAE, SemiSupervisedAAE
from gencourse.models.reference_classifier import ReferenceClassifier
from gencourse.weights.recipe import Recipe


def _semi_supervised(labels):
    return Recipe(
        f"aae-semi-{labels}",
        lambda: SemiSupervisedAAE(mnist().train.few(labels)),
        lambda: (mnist().train.images,),
        epochs=20,
    )


def _clustering(heads):
    return Recipe(
        f"aae-cluster-{heads}",
        lambda: ClusteringAAE(heads),
        lambda: (mnist().train.images,),
        epochs=20,
    )


def _judge(of, pictures, epochs):
    return Recipe(
        f"judge-{of}",
        ReferenceClassifier,
        lambda: (pictures().train.images, pictures().train.labels),
        epochs,
    )


RECIPES = {
    recipe.name: recipe
    for recipe in (
        _judge("digits", mnist, epochs=18),
        _judge("clothes", clothes, epochs=72),
        _semi_supervised(100),
        _semi_supervised(1000),
        _clustering(16),
        _clustering(30),
    )
}
