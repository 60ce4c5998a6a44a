"""The recipes of the models whose weights travel in the package, by name."""

from gencourse.data import clothes, mnist
from gencourse.models import ClusteringAAE, SemiSupervisedAAE
from gencourse.models.reference_classifier import ReferenceClassifier
from gencourse.weights.recipe import Recipe


def _aae(name, make):
    return Recipe(name, make, lambda: (mnist().train.images,), epochs=20)


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
        _aae("aae-semi-100", lambda: SemiSupervisedAAE(mnist().train.few(100))),
        _aae("aae-semi-1000", lambda: SemiSupervisedAAE(mnist().train.few(1000))),
        _aae("aae-cluster-16", lambda: ClusteringAAE(16)),
        _aae("aae-cluster-30", lambda: ClusteringAAE(30)),
    )
}
