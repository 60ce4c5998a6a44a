"""The recipes of the models whose weights travel in the package, by name."""

from torch import nn

from gencourse.data import clothes, mnist
from gencourse.data.dataset import DIGIT
from gencourse.models import AAE, GAN, VAE, Autoencoder, ClusteringAAE, SemiSupervisedAAE
from gencourse.models.reference_classifier import ReferenceClassifier
from gencourse.networks import ConvDecoder, ConvDiscriminator, ConvEncoder
from gencourse.weights.pupil import Pupil, by_other_hands
from gencourse.weights.recipe import Recipe

LATENT, GAN_LATENT = 16, 32
"""Numbers in a code of the models with convolutions."""


def _aae(name, make):
    return Recipe(name, make, lambda: (mnist().train.images,), epochs=20)


def _judge(of, pictures, epochs):
    return Recipe(
        f"judge-{of}",
        ReferenceClassifier,
        lambda: (pictures().train.images, pictures().train.labels),
        epochs,
    )


def _conv(kind, make, epochs, keeps):
    """Digits by convolutions, in batches of 128."""
    return Recipe(f"{kind}-conv-digits", make, lambda: (mnist().train.images,), epochs, 128, keeps)


def _gan_conv():
    return GAN(
        GAN_LATENT, gamma=1.0, penalty_every=8, learning_rate=2e-3, beta1=0.0, beta2=0.99,
        warm_up=0.05, decay=0.998,
        decoder=ConvDecoder(GAN_LATENT), discriminator=ConvDiscriminator(),
    )  # fmt: skip


def _coder(outputs=LATENT):
    return {"encoder": ConvEncoder(outputs), "decoder": ConvDecoder(LATENT)}


COPIES = ("encoder.", "decoder.")


def _plane(kind, make, epochs=20):
    """Digits in the plane, by perceptrons so small that three decoders fit into a figure."""
    return Recipe(
        f"{kind}-plane-digits", make, lambda: (mnist().train.images,), epochs,
        keeps=COPIES, rounds=("decoder.",),
    )  # fmt: skip


def _small_coder(outputs=2):
    """An encoder of 141,000 weights and a decoder of 60,000."""
    return {
        "encoder": nn.Sequential(
            nn.Flatten(), nn.Linear(784, 160), nn.ReLU(),
            nn.Linear(160, 96), nn.ReLU(), nn.Linear(96, outputs),
        ),
        "decoder": nn.Sequential(
            nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 128), nn.ReLU(),
            nn.Linear(128, 56), nn.ReLU(), nn.Linear(56, 784), nn.Unflatten(1, DIGIT),
        ),
    }  # fmt: skip


def _pupil(kind, unit, outputs=2):
    """An encoder of 34,000 weights for a sheet to draw on, and the decoder of the plane."""

    def make():
        from gencourse.weights.pretrained import pretrained  # which reads these recipes

        encoder = nn.Sequential(
            nn.AvgPool2d(2), nn.Flatten(), nn.Linear(196, 128), nn.ReLU(),
            nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, outputs),
        )  # fmt: skip
        return Pupil(pretrained(f"{kind}-plane"), encoder, unit)

    return Recipe(
        f"{kind}-pupil-digits", make, lambda: (by_other_hands(mnist().train.images),), epochs=8,
        keeps=("encoder.",), rounds=("encoder.",),
    )  # fmt: skip


RECIPES = {
    recipe.name: recipe
    for recipe in (
        _judge("digits", mnist, epochs=18),
        _judge("clothes", clothes, epochs=72),
        _aae("aae-semi-100", lambda: SemiSupervisedAAE(mnist().train.few(100))),
        _aae("aae-semi-1000", lambda: SemiSupervisedAAE(mnist().train.few(1000))),
        _aae("aae-cluster-16", lambda: ClusteringAAE(16)),
        _aae("aae-cluster-30", lambda: ClusteringAAE(30)),
        _conv("autoencoder", lambda: Autoencoder(LATENT, **_coder()), 20, COPIES),
        _conv("vae", lambda: VAE(LATENT, **_coder(2 * LATENT)), 20, COPIES),
        _conv("gan", _gan_conv, 26, ("average.",)),
        _conv("aae", lambda: AAE(LATENT, **_coder()), 20, COPIES),
        _plane("autoencoder", lambda: Autoencoder(2, **_small_coder())),
        _plane("vae", lambda: VAE(2, **_small_coder(4))),
        _plane("aae", lambda: AAE(2, **_small_coder())),
        _pupil("autoencoder", unit=11.0),
        _pupil("vae", unit=1.5, outputs=4),
    )
}
