"""The rows: each trains with a seed and gives what was measured, and the seconds of training."""

import tempfile
import time
from collections import deque

import torch
from safetensors import safe_open

from gencourse import priors
from gencourse.benchmark import choice, peers, race
from gencourse.benchmark.entrants import BATCH_SIZE
from gencourse.benchmark.row import Row
from gencourse.data import mnist, ring
from gencourse.evaluation import (
    class_histogram,
    clustering,
    fidelity,
    judge,
    likelihood,
    scoreboard,
    sharpness,
    two_sample,
)
from gencourse.models import AAE, GAN, VAE, Autoencoder, PointGAN
from gencourse.training import reproducible
from gencourse.weights import Recipe, pretrained, train
from gencourse.weights.pretrained import weights_file
from gencourse.weights.recipes import RECIPES


def _run(recipe, measure):
    """seed → what `measure(model)` finds, which draws from it too, and the seconds of training."""

    def run(seed):
        model = train(recipe, seed)
        with reproducible(seed):
            return measure(model), model.history.seconds

    return run


def _with_digits(make, epochs, batch_size=BATCH_SIZE):
    return Recipe("row", make, lambda: (mnist().train.images,), epochs, batch_size)


def _mse(model):
    images = mnist().test.images
    return {"mse": (model.reconstruct(images) - images).square().mean().item()}


def _bound(model):
    rate, distortion = likelihood.rate_and_distortion(model, mnist().test.images)
    return {"bound": (rate + distortion).mean().item()}


def _samples(model):
    real = mnist().test.images
    made = model.generate(len(real))
    shares = class_histogram.class_shares(made)
    return {
        "classes": (shares >= 0.01).sum().item(),
        "histogram_kl": class_histogram.kl_to_uniform(shares),
        "laplacian_ratio": sharpness.laplacian_ratio(made, real),
        "frechet": fidelity.frechet_distance(judge.features(made), judge.features(real)),
    }


def _codes_and_copies(model):
    codes = model.encode(mnist().test.images)
    return {"auc": two_sample.two_sample_auc(codes, model.prior.sample(len(codes))), **_mse(model)}


def _error(model):
    test = mnist().test
    return {"error": (model.predict(test.images) != test.labels).double().mean().item()}


def _accuracies(model):
    known, test = mnist().train, mnist().test
    scores, found = model.scores(known.images), model.assign(test.images)
    quality = {}
    for figure, votes in {"accuracy": 100, "accuracy_one": 1}.items():
        names = clustering.names_of_heads(scores, known.labels, votes)
        quality[figure] = (names[found] == test.labels).double().mean().item()
    return quality


autoencoder_2 = _run(_with_digits(lambda: Autoencoder(2), epochs=12), _mse)


def vae_20(seed: int) -> tuple[dict, float]:
    ours = _with_digits(lambda: VAE(20), epochs=5, batch_size=240)
    quality, seconds = _run(ours, _bound)(seed)
    with reproducible(seed), tempfile.TemporaryDirectory() as folder:
        plain = peers.PlainVAE()
        plain_seconds = plain.fit(peers.loader(folder, batch_size=128))
    with reproducible(seed):
        plain_bound = _bound(plain.eval())["bound"]
    return {**quality, "ratio": plain_seconds / seconds, "plain_bound": plain_bound}, seconds


def ring_of_eight(seed: int) -> tuple[dict, float]:
    gaussians = ring()
    with reproducible(seed):
        points = gaussians.sample(25_600)[:, None]

    def covered(model):
        modes, good = two_sample.modes_covered(model.generate(2500)[:, 0], gaussians)
        return {"modes": modes, "good_share": good}

    recipe = Recipe("row", lambda: PointGAN(gamma=0.0, pack=2), lambda: (points,), 40, 128)
    return _run(recipe, covered)(seed)


def _aae_2(name, prior, reference):
    protocol = (
        f"AAE, latent size 2, prior {prior}, 11 epochs, batch 256, grey MNIST; area under the "
        "curve of a classifier that tells the test digits' codes from as many samples of the "
        "prior; test MSE per pixel"
    )
    recipe = _with_digits(lambda: AAE(2, prior), epochs=11)
    return Row(name, protocol, reference, _run(recipe, _codes_and_copies))


def _aae_semi(labels, reference):
    recipe = RECIPES[f"aae-semi-{labels}"]
    protocol = (
        f"semi-supervised AAE, {labels} labels drawn with the seed, the other training digits "
        f"without, {recipe.epochs} epochs, batch 256, views of the digits; share of "
        "the test digits put under a wrong head"
    )
    return Row(recipe.name, protocol, reference, _run(recipe, _error))


def _aae_cluster(heads, reference):
    recipe = RECIPES[f"aae-cluster-{heads}"]
    protocol = (
        f"clustering AAE, {heads} heads, no labels, {recipe.epochs} epochs, batch 256, "
        "views of the digits; test accuracy after naming each head by the hundred training digits "
        "that it is surest of, and by the one, as the paper does"
    )
    return Row(recipe.name, protocol, reference, _run(recipe, _accuracies))


def _convolutions(kind, components=0):
    """A model whose weights travel: the seed draws its samples, the seconds are of its making."""

    def run(seed):
        model, digits = pretrained(f"{kind}-conv"), mnist()
        with reproducible(seed):
            if components:
                codes = model.encode(digits.train.images[:10_000])
                model.prior = priors.mixture_fitted_to(codes, components)
            quality = scoreboard.measure(model.generate(2000), digits.test.images[:2000])
        with safe_open(weights_file(f"{kind}-conv-digits"), "pt") as file:
            return quality, float(file.metadata()["seconds"])

    source = f"a mixture of {components} fitted to 10,000 codes" if components else "its own prior"
    protocol = (
        f"{kind} with convolutions, the weights that travel, asked from {source}; 2,000 samples "
        "against 2,000 test digits; ratios to real digits; each seed draws other samples"
    )
    name = f"{kind}-conv" + ("-mixture" if components else "")
    return Row(name, protocol, "the perceptrons of the scoreboards", run)


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
        run=_run(_with_digits(lambda: VAE(2), epochs=16), _bound),
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
        run=_run(_with_digits(lambda: GAN(32), epochs=12), _samples),
    ),
    Row(
        name="ring",
        protocol="packed GAN (2), 8,000 steps of 128, ring of radius 1, sd .02; 2,500 points; a "
        "mode counts from a tenth of its even share, a point is good within 3 sd",
        reference="modes, at half this sd: GAN 6.3, PacGAN2 7.9 (Lin and others, 2018)",
        run=ring_of_eight,
    ),
    _aae_2("aae-2-gaussian", "gaussian", "15 epochs, untuned: area .60, MSE .037 in 52-55 s"),
    _aae_2("aae-2-mixture", "petals", "15 epochs, untuned: area .69, MSE .039 in 52-55 s"),
    _aae_2("aae-2-swissroll", "swiss roll", "15 epochs, untuned: area .73, MSE .040 in 52-55 s"),
    _aae_semi(100, "1.90 ± .10 % error, reproduced by no public code found"),
    _aae_semi(1000, "1.60 % error (Makhzani and others, 2016)"),
    _aae_cluster(16, "90.45 ± 2.05 % (ibid.)"),
    _aae_cluster(30, "95.90 ± 1.13 % (ibid.)"),
    _convolutions("autoencoder", components=100),
    _convolutions("vae"),
    _convolutions("vae", components=100),
    _convolutions("gan"),
    _convolutions("aae"),
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
