"""The rows: each trains with a seed and gives what was measured, and the seconds of training."""

import tempfile
import time
from collections import deque

import torch

from gencourse.benchmark import choice, peers, race
from gencourse.benchmark.entrants import BATCH_SIZE, trained
from gencourse.benchmark.row import Row
from gencourse.data import mnist, ring
from gencourse.evaluation import (
    class_histogram,
    clustering,
    fidelity,
    judge,
    likelihood,
    sharpness,
    two_sample,
)
from gencourse.models import AAE, GAN, VAE, Autoencoder, PointGAN
from gencourse.training import reproducible
from gencourse.weights import train
from gencourse.weights.recipes import RECIPES


def autoencoder_2(seed: int) -> tuple[dict, float]:
    model = trained(lambda: Autoencoder(2), mnist().train.images, epochs=12, seed=seed)
    images = mnist().test.images
    mse = (model.reconstruct(images) - images).square().mean().item()
    return {"mse": mse}, model.history.seconds


def vae_2(seed: int) -> tuple[dict, float]:
    model = trained(lambda: VAE(2), mnist().train.images, epochs=16, seed=seed)
    return {"bound": _bound(model, seed)}, model.history.seconds


def vae_20(seed: int) -> tuple[dict, float]:
    model = trained(lambda: VAE(20), mnist().train.images, epochs=5, seed=seed, batch_size=240)
    seconds = model.history.seconds
    with reproducible(seed), tempfile.TemporaryDirectory() as folder:
        plain = peers.PlainVAE()
        plain_seconds = plain.fit(peers.loader(folder, batch_size=128))
    quality = {"bound": _bound(model, seed), "ratio": plain_seconds / seconds}
    return {**quality, "plain_bound": _bound(plain.eval(), seed)}, seconds


def gan(seed: int) -> tuple[dict, float]:
    model = trained(lambda: GAN(32), mnist().train.images, epochs=12, seed=seed)
    real = mnist().test.images
    with reproducible(seed):
        made = model.generate(len(real))
    shares = class_histogram.class_shares(made)
    quality = {
        "classes": (shares >= 0.01).sum().item(),
        "histogram_kl": class_histogram.kl_to_uniform(shares),
        "laplacian_ratio": sharpness.laplacian_ratio(made, real),
        "frechet": fidelity.frechet_distance(judge.features(made), judge.features(real)),
    }
    return quality, model.history.seconds


def ring_of_eight(seed: int) -> tuple[dict, float]:
    gaussians = ring()
    with reproducible(seed):
        points = gaussians.sample(25_600)[:, None]
    model = trained(lambda: PointGAN(gamma=0.0, pack=2), points, 40, seed, batch_size=128)
    with reproducible(seed):
        modes, good = two_sample.modes_covered(model.generate(2500)[:, 0], gaussians)
    return {"modes": modes, "good_share": good}, model.history.seconds


def aae_2(name: str, prior: str, reference: str) -> Row:
    """The row of an AAE in two dimensions with the prior of that name."""

    def run(seed):
        untrained, images = lambda: AAE(2, prior), mnist().test.images
        model = trained(untrained, mnist().train.images, epochs=11, seed=seed)
        codes = model.encode(images)
        with reproducible(seed):
            auc = two_sample.two_sample_auc(codes, model.prior.sample(len(codes)))
        mse = (model.decode(codes) - images).square().mean().item()
        return {"auc": auc, "mse": mse}, model.history.seconds

    protocol = (
        f"AAE, latent size 2, prior {prior}, 11 epochs, batch 256, grey MNIST; area under the "
        "curve of a classifier that tells the test digits' codes from as many samples of the "
        "prior; test MSE per pixel"
    )
    return Row(name, protocol, reference, run)


def aae_semi(labels: int, reference: str) -> Row:
    """The row of a semi-supervised AAE with so many labels."""
    name = f"aae-semi-{labels}"

    def run(seed):
        model = train(RECIPES[name], seed)
        test = mnist().test
        wrong = model.predict(test.images) != test.labels
        return {"error": wrong.double().mean().item()}, model.history.seconds

    protocol = (
        f"semi-supervised AAE, {labels} labels drawn with the seed, the other training digits "
        f"without, {RECIPES[name].epochs} epochs, batch 256, views of the digits; share of "
        "the test digits put under a wrong head"
    )
    return Row(name, protocol, reference, run)


def aae_cluster(heads: int, reference: str) -> Row:
    """The row of a clustering AAE with so many heads."""
    name = f"aae-cluster-{heads}"

    def run(seed):
        model = train(RECIPES[name], seed)
        known, test = mnist().train, mnist().test
        scores, found = model.scores(known.images), model.assign(test.images)
        quality = {}
        for figure, votes in {"accuracy": 100, "accuracy_one": 1}.items():
            names = clustering.names_of_heads(scores, known.labels, votes)
            quality[figure] = (names[found] == test.labels).double().mean().item()
        return quality, model.history.seconds

    protocol = (
        f"clustering AAE, {heads} heads, no labels, {RECIPES[name].epochs} epochs, batch 256, "
        "views of the digits; test accuracy after naming each head by the hundred training digits "
        "that it is surest of, and by the one, as the paper does"
    )
    return Row(name, protocol, reference, run)


def data(seed: int) -> tuple[dict, float]:
    images, labels = mnist().train.images, mnist().train.labels
    with reproducible(seed), tempfile.TemporaryDirectory() as folder:
        loader = peers.loader(folder, BATCH_SIZE)
        start = time.perf_counter()
        for chosen in torch.randperm(len(images)).split(BATCH_SIZE):
            images[chosen], labels[chosen]
        ours = time.perf_counter() - start
        start = time.perf_counter()
        deque(loader, maxlen=0)
        theirs = time.perf_counter() - start
    return {"seconds_per_epoch": ours, "ratio": theirs / ours}, ours


def _bound(model, seed):
    with reproducible(seed):
        rate, distortion = likelihood.rate_and_distortion(model, mnist().test.images)
    return (rate + distortion).mean().item()


_ROWS = [
    Row(
        name="autoencoder-2",
        protocol="AE, latent size 2, 12 epochs, batch 256, grey MNIST; test MSE per pixel",
        reference="convolutional AE, 20 epochs, train MSE .038",
        run=autoencoder_2,
    ),
    Row(
        name="vae-2",
        protocol="VAE, latent size 2, 16 epochs, batch 256, grey MNIST; negative bound of the "
        "test digits",
        reference="keras.io's convolutional VAE, 30 epochs, train bound 146.95",
        run=vae_2,
    ),
    Row(
        name="vae-20",
        protocol="VAE, latent size 20, 5 epochs, batch 240, grey MNIST; negative bound of the "
        "test digits; ratio: seconds of the plain recipe to ours, in the same process (10 "
        "epochs, `plain_bound`)",
        reference="784-400-20 of pytorch/examples, 10 epochs: 105.6 in 103 s; ratio 1",
        run=vae_20,
    ),
    Row(
        name="gan",
        protocol="GAN, 12 epochs, batch 256, grey MNIST; 10,000 samples against the test digits; "
        "a class counts from a hundredth of the samples; frechet: in the judge's features, not "
        "Inception's",
        reference="a plain DCGAN of 32 channels: KL .085, Laplacian ratio 1.05 after 98 s",
        run=gan,
    ),
    Row(
        name="ring",
        protocol="packed GAN (2), 8,000 steps of 128, ring of radius 1, sd .02; 2,500 points; a "
        "mode counts from a tenth of its even share, a point is good within 3 sd",
        reference="modes, at half this sd: GAN 6.3, PacGAN2 7.9 (Lin and others, 2018)",
        run=ring_of_eight,
    ),
    aae_2("aae-2-gaussian", "gaussian", "15 epochs, untuned: area .60, MSE .037 in 52-55 s"),
    aae_2("aae-2-mixture", "petals", "15 epochs, untuned: area .69, MSE .039 in 52-55 s"),
    aae_2("aae-2-swissroll", "swiss roll", "15 epochs, untuned: area .73, MSE .040 in 52-55 s"),
    aae_semi(100, "1.90 ± .10 % error, reproduced by no public code found"),
    aae_semi(1000, "1.60 % error (Makhzani and others, 2016)"),
    aae_cluster(16, "90.45 ± 2.05 % (ibid.)"),
    aae_cluster(30, "95.90 ± 1.13 % (ibid.)"),
    *race.ROWS,
    *choice.ROWS,
    Row(
        name="data",
        protocol="loading one shuffled pass of 60,000 images, batch 256; ratio: DataLoader's "
        "seconds to ours",
        reference="torchvision MNIST with ToTensor in a DataLoader, in the same run: ratio 1",
        run=data,
    ),
]
ROWS = {row.name: row for row in _ROWS}
