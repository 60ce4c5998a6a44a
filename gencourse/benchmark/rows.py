"""The rows: each trains with a seed and gives what was measured, and the seconds of training."""

import tempfile
import time
from collections import deque

import torch

from gencourse import shipped
from gencourse.benchmark import choice, peers, race
from gencourse.data import mnist, ring
from gencourse.evaluation import classes, clusters, fidelity, judge, likelihood, matching, sharpness
from gencourse.models import AAE, GAN, VAE, Autoencoder, PointGAN
from gencourse.training import fit, reproducible

BATCH_SIZE = 256


def autoencoder_2(seed):
    """AE, latent size 2, 12 epochs, batch 256, grey MNIST; test MSE per pixel"""
    model, seconds = _trained(Autoencoder, seed, latent=2, epochs=12)
    images = mnist().test.images
    return {"mse": (model.reconstruct(images) - images).square().mean().item()}, seconds


def vae_2(seed):
    """VAE, latent size 2, 16 epochs, batch 256, grey MNIST; negative bound of the test digits"""
    model, seconds = _trained(VAE, seed, latent=2, epochs=16)
    return {"bound": _bound(model, seed)}, seconds


def vae_20(seed):
    """VAE, latent size 20, 5 epochs, batch 240, grey MNIST; negative bound of the test digits; \
ratio: seconds of the plain recipe to ours, in the same process (10 epochs, `plain_bound`)"""
    model, seconds = _trained(VAE, seed, latent=20, epochs=5, batch_size=240)
    with reproducible(seed), tempfile.TemporaryDirectory() as folder:
        plain = peers.PlainVAE()
        plain_seconds = plain.fit(peers.loader(folder, batch_size=128))
    quality = {"bound": _bound(model, seed), "ratio": plain_seconds / seconds}
    return {**quality, "plain_bound": _bound(plain.eval(), seed)}, seconds


def gan(seed):
    """GAN, 12 epochs, batch 256, grey MNIST; 10,000 samples against the test digits; a class \
counts from a hundredth of the samples; frechet: in the judge's features, not Inception's"""
    model, seconds = _trained(GAN, seed, latent=32, epochs=12)
    real = mnist().test.images
    with reproducible(seed):
        made = model.generate(len(real))
    shares = classes.class_shares(made)
    quality = {
        "classes": (shares >= 0.01).sum().item(),
        "histogram_kl": classes.kl_to_uniform(shares),
        "laplacian_ratio": sharpness.laplacian_ratio(made, real),
        "frechet": fidelity.frechet_distance(judge.features(made), judge.features(real)),
    }
    return quality, seconds


def ring_of_eight(seed):
    """packed GAN (2), 8,000 steps of 128, ring of radius 1, sd .02; 2,500 points; a mode counts \
from a tenth of its even share, a point is good within 3 sd"""
    gaussians = ring()
    with reproducible(seed):
        model, points = PointGAN(penalty=0.0, pack=2), gaussians.sample(25_600)[:, None]
        history = fit(model, points, epochs=40, batch_size=128, seed=seed)
        modes, good = matching.modes_covered(model.generate(2500)[:, 0], gaussians)
    _not_interrupted(history)
    return {"modes": modes, "good_share": good}, history.seconds


def aae_2(prior):
    """The row of an AAE in two dimensions with the prior of that name."""

    def row(seed):
        model, seconds = _trained(AAE, seed, latent=2, epochs=11, prior=prior)
        images = mnist().test.images
        codes = model.encode(images)
        with reproducible(seed):
            auc = matching.two_sample_auc(codes, model.prior.sample(len(codes)))
        return {"auc": auc, "mse": (model.decode(codes) - images).square().mean().item()}, seconds

    row.__doc__ = (
        f"AAE, latent size 2, prior {prior}, 11 epochs, batch 256, grey MNIST; area under the "
        "curve of a classifier that tells the test digits' codes from as many samples of the "
        "prior; test MSE per pixel"
    )
    return row


def aae_semi(labels):
    """The row of a semi-supervised AAE with so many labels."""

    def row(seed):
        model = shipped.train(f"aae-semi-{labels}", seed)
        test = mnist().test
        wrong = model.sort(test.images) != test.labels
        return {"error": wrong.double().mean().item()}, model.history.seconds

    row.__doc__ = (
        f"semi-supervised AAE, {labels} labels drawn with the seed, the other training digits "
        f"without, {shipped.RECIPES[f'aae-semi-{labels}'][1]} epochs, batch 256, views of the "
        "digits; share of the test digits put under a wrong head"
    )
    return row


def aae_cluster(heads):
    """The row of a clustering AAE with so many heads."""

    def row(seed):
        model = shipped.train(f"aae-cluster-{heads}", seed)
        train, test = mnist().train, mnist().test
        scores, found = model.scores(train.images), model.sort(test.images)
        quality = {}
        for figure, votes in {"accuracy": 100, "accuracy_one": 1}.items():
            names = clusters.names_of_heads(scores, train.labels, votes)
            quality[figure] = (names[found] == test.labels).double().mean().item()
        return quality, model.history.seconds

    row.__doc__ = (
        f"clustering AAE, {heads} heads, no labels, "
        f"{shipped.RECIPES[f'aae-cluster-{heads}'][1]} epochs, batch 256, views of the digits; "
        "test accuracy after naming each head by the hundred training digits that it is surest of, "
        "and by the one, as the paper does"
    )
    return row


def data(seed):
    """loading one shuffled pass of 60,000 images, batch 256; ratio: DataLoader's seconds to ours"""
    images, labels = mnist().train.images, mnist().train.labels
    with reproducible(seed), tempfile.TemporaryDirectory() as folder:
        loader = peers.loader(folder, BATCH_SIZE)
        ours = _seconds(lambda: _slices(images, labels))
        theirs = _seconds(lambda: deque(loader, maxlen=0))
    return {"seconds_per_epoch": ours, "ratio": theirs / ours}, ours


def _trained(kind, seed, latent, epochs, batch_size=BATCH_SIZE, **options):
    """A model of this kind, trained anew on MNIST, and the seconds it took."""
    with reproducible(seed):
        model = kind(latent, **options)
    images = mnist().train.images
    history = fit(model, images, epochs=epochs, batch_size=batch_size, seed=seed)
    _not_interrupted(history)
    return model, history.seconds


def _not_interrupted(history):
    if history.interrupted:
        raise KeyboardInterrupt


def _bound(model, seed):
    with reproducible(seed):
        rate, distortion = likelihood.rate_and_distortion(model, mnist().test.images)
    return (rate + distortion).mean().item()


def _slices(images, labels):
    for chosen in torch.randperm(len(images)).split(BATCH_SIZE):
        images[chosen], labels[chosen]


def _seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


# name → (what runs with a seed and gives quality and seconds, the reference)
ROWS = {
    "autoencoder-2": (autoencoder_2, "convolutional AE, 20 epochs, train MSE .038"),
    "vae-2": (vae_2, "keras.io's convolutional VAE, 30 epochs, train bound 146.95"),
    "vae-20": (vae_20, "784-400-20 of pytorch/examples, 10 epochs: 105.6 in 103 s; ratio 1"),
    "gan": (gan, "a plain DCGAN of 32 channels: KL .085, Laplacian ratio 1.05 after 98 s"),
    "ring": (ring_of_eight, "modes, at half this sd: GAN 6.3, PacGAN2 7.9 (Lin and others, 2018)"),
    "aae-2-gaussian": (aae_2("gaussian"), "15 epochs, untuned: area .60, MSE .037 in 52-55 s"),
    "aae-2-mixture": (aae_2("petals"), "15 epochs, untuned: area .69, MSE .039 in 52-55 s"),
    "aae-2-swissroll": (aae_2("swiss roll"), "15 epochs, untuned: area .73, MSE .040 in 52-55 s"),
    "aae-semi-100": (aae_semi(100), "1.90 ± .10 % error, reproduced by no public code found"),
    "aae-semi-1000": (aae_semi(1000), "1.60 % error (Makhzani and others, 2016)"),
    "aae-cluster-16": (aae_cluster(16), "90.45 ± 2.05 % (ibid.)"),
    "aae-cluster-30": (aae_cluster(30), "95.90 ± 1.13 % (ibid.)"),
    "scoreboard-digits": (race.digits, "the open question of the seminar; chapter 6 answers it"),
    "scoreboard-clothes": (race.clothes, "the same"),
    "choice-digits": (choice.digits, "no free lunch; chapter 7 chooses"),
    "choice-clothes": (choice.clothes, "the same"),
    "data": (data, "torchvision MNIST with ToTensor in a DataLoader, in the same run: ratio 1"),
}
