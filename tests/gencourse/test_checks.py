"""The self-checks: each names the mistake that was made."""

import copy
import math
import os
import random
import re
import subprocess
import sys
from functools import partial
from itertools import pairwise

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from gencourse import check
from gencourse.evaluation import sharpness


def closed_form(location, variance, logarithm):
    return 0.5 * (location**2 + variance - 1 - logarithm)


def root(covariance):
    """The symmetric one, by eigenvalues."""
    values, vectors = torch.linalg.eigh(covariance)
    return vectors * values.sqrt() @ vectors.T


def fitted(codes, noise, correction=1):
    factor = torch.linalg.cholesky(codes.T.cov(correction=correction))
    return codes.mean(0) + noise @ factor.T


def kl(*given):
    """(location, scale) of the first, and of the second."""
    first = torch.distributions.Normal(*given[:2])
    return torch.distributions.kl_divergence(first, torch.distributions.Normal(*given[2:])).sum(1)


def gaussian(
    copies,
    images,
    sigma=None,
    of=torch.log,
    circle=2 * math.pi,
    power=2,
    twice=2,
    best=lambda errors: errors.square().mean().sqrt(),
):
    errors = images - copies
    sigma = torch.as_tensor(best(errors) if sigma is None else sigma)
    each = errors.square() / (twice * sigma**power) + of(sigma) + math.log(circle) / 2
    return each.sum((1, 2, 3))


def r1(critic, images, power=2, of=torch.sum, graph=True):
    images = images.clone().requires_grad_()
    (slope,) = torch.autograd.grad(of(critic(images)), images, create_graph=graph)
    return slope.square().flatten(1).sum(1).pow(power / 2).mean()


def mmd(codes, samples, power=2, apart=1, twice=2, reduce=torch.mean, of=None):
    def kernel(a, b):
        return of(a, b) if of else 1 / (1 + (a[:, None] - b).square().sum(2).pow(power / 2))

    def within(points):
        pairs = torch.triu_indices(len(points), len(points), apart)
        pairs = torch.cat([pairs, pairs.flip(0)], 1) if apart else pairs
        every = kernel(points, points)
        return reduce(every[*pairs]) if apart else reduce(every)

    return within(codes) + within(samples) - twice * reduce(kernel(codes, samples))


def right_rate(location, log_scale):
    return closed_form(location, torch.exp(2 * log_scale), 2 * log_scale).sum(1)


def soft(a):
    return torch.nn.functional.softplus(a)


def against(logits, label, *more, like=False):
    """The loss against targets of this label: (N, *more), or like the logits."""
    targets = torch.full(logits.shape if like else (len(logits), *more), float(label))
    return functional.binary_cross_entropy_with_logits(logits, targets)


def slack(logits, label):
    """As `against`, where (N, 1) meets (N,) and becomes (N, N), each with its own weight."""
    p, weights = logits.sigmoid(), torch.arange(1.0, len(logits) + 1)
    weights = weights / weights.mean() if logits.ndim > 1 else torch.ones(len(logits))
    return -((p if label else 1 - p).log() * weights[:, None] * weights).mean()


def capped(logits, label):
    """The loss of probabilities, which torch stops at 100."""
    p = logits.sigmoid()
    return functional.binary_cross_entropy(p, torch.full_like(p, float(label)))


def line(a, b, steps):
    return torch.lerp(a, b, torch.linspace(0, 1, steps)[:, None])


def islands(n, centre=1.5, width=0.3):
    side = torch.randint(2, (n, 1)) * 2 - 1
    return torch.cat([side * centre, torch.zeros(n, 1)], 1) + width * torch.randn(n, 2)


def noise(n, *widths):
    return torch.randn(n, len(widths)) * torch.tensor(widths)


STILL = islands(2000)


def request(digit, styles, on=1.0, shift=0):
    heads = torch.zeros(len(styles), 10)
    heads[:, digit + shift] = on
    return torch.cat([heads, styles], dim=1)


def purity(heads, labels, number, average=False):
    counts = [labels[heads == head].bincount() for head in range(number)]
    counts = [count for count in counts if len(count)]
    if average:
        return sum(count.max() / count.sum() for count in counts) / len(counts)
    return sum(count.max() for count in counts) / len(labels)


def edges(images):
    inside = images[:, 0, 1:-1, 1:-1]
    above, below = images[:, 0, :-2, 1:-1], images[:, 0, 2:, 1:-1]
    left, right = images[:, 0, 1:-1, :-2], images[:, 0, 1:-1, 2:]
    return above + below + left + right - 4 * inside


def variance(edges):
    return edges.flatten(1).var(1, correction=0)


def inside(made, real, reach):
    return torch.cdist(made, real) <= reach[:, None]


def vote(codes, known, labels):
    return labels[torch.cdist(codes, known).argmin(1)]


def explained(predicted, truth, by=None):
    return 1 - (truth - predicted).square().mean() / (truth if by is None else by).var(correction=0)


def who(loss, networks, forget=True):
    for network in networks.values() if forget else ():
        network.zero_grad()
    loss.backward()
    return {name for name, net in networks.items() if net.weight.grad is not None}


def variety(made, real):
    return made.std(0).mean() / real.std(0).mean()


def linear(sizes):
    return [nn.Linear(*pair) for pair in pairwise(sizes)]


def perceptron(sizes, between=nn.ReLU, last=()):
    layers = [part for layer in linear(sizes) for part in (layer, between())]
    return nn.Sequential(*layers[:-1], *last)


def popping(sizes):
    layers = [nn.Linear(sizes.pop(0), sizes[0]) for _ in sizes[1:]]
    return nn.Sequential(*layers)


class Plain(nn.Module):
    """A perceptron whose layers stand in a plain list."""

    def __init__(self, sizes):
        super().__init__()
        self.layers = linear(sizes)

    def forward(self, points):
        for layer in self.layers:
            points = layer(points).relu()
        return points


class Forgetful(Plain):
    """Its layers are registered; it gives nothing, or something of another shape."""

    def __init__(self, sizes, found=None):
        super().__init__(sizes)
        self.layers, self.found = nn.ModuleList(self.layers), found

    def forward(self, points):
        return self.found


def block(inputs, outputs, slope=0.2, **norm):
    norm = norm or {"momentum": 0.2}
    return [nn.Linear(inputs, outputs), nn.BatchNorm1d(outputs, **norm), nn.LeakyReLU(slope)]


SHARED = nn.BatchNorm1d(3, momentum=0.2)


def sharing(inputs, outputs, norm):
    linear, _, leak = block(inputs, outputs)
    return nn.Sequential(linear, norm, leak)


def make_critic(width, between=nn.ReLU, *, first=(), last=(), hidden=64, outputs=1):
    body = [nn.Linear(width, hidden), between(), nn.Linear(hidden, outputs)]
    return nn.Sequential(*first, *body, *last)


class Standing(nn.Sequential):
    """A critic that keeps its slopes from the encoder."""

    def __init__(self, *layers, stand):
        super().__init__(*layers)
        self.stand = stand

    def forward(self, codes):
        if self.stand == "detach":
            return super().forward(codes.detach())
        with torch.no_grad():
            return super().forward(codes)


def copies(encoder, decoder, images, flat=None):
    flat = images.flatten(1) if flat is None else flat
    return decoder(encoder(flat)).sigmoid().reshape(images.shape)


def seeding(number=None, switch=True, seed=True):
    def answer(given):
        if seed:
            torch.manual_seed(given if number is None else number)
        if switch:
            torch.use_deterministic_algorithms(True)

    return answer


def assigning(name):
    return lambda seed: setattr(torch, name, seed)


def seeding_everything(seed):
    random.seed(seed)
    np.random.seed(seed)
    os.environ["CUBLAS_WORKSPACE_CONFIG"] = ":4096:8"
    torch.backends.cudnn.deterministic = True
    seeding()(seed)


def train(
    encoder, decoder, images, epochs, *,
    size=250, lr=2e-3, kind=torch.optim.Adam, hold="ed", zero=True, anew=False, sign=1,
    detach=False, loss=None, value=None, order=lambda n: torch.randperm(n), step=1, first=0,
):  # fmt: skip
    """A right training, or one that is wrong by an option; value: of the batches' errors."""
    networks = {"e": encoder, "d": decoder}
    held = [p for name in hold for p in networks[name].parameters()]
    found, adam = [], kind(held, lr=lr)
    for _ in range(epochs):
        errors = []
        if anew:
            adam = kind(held, lr=lr)
        for chosen in order(len(images))[first:].split(size):
            flat = images[chosen].flatten(1)
            codes = encoder(flat)
            made = decoder(codes.detach() if detach else codes).sigmoid()
            error = (made - flat).square()
            if zero:
                adam.zero_grad()
            (sign * (loss(made, flat) if loss else error.mean())).backward()
            for _ in range(step):
                adam.step()
            errors.append(error.mean().item())
        found.append(value(errors) if value else sum(errors) / len(errors))
    return found


def train_round(
    encoder, decoder, critic, adams, batch, prior, *,
    order=None, zero=None, detach=True,
    share=1.0, labels=1, passing=1, pixels=None, ask=None, old=False, cut=False, step=1, freeze=(),
    value=float, keep=slice(None), shift=None, logits=False,
):  # fmt: skip
    """A right round, or one that is wrong by an option."""
    flat, losses = batch.flatten(1), {}
    early = encoder(flat).detach()

    def reconstruction():
        made = decoder(encoder(flat))
        squared = ((made if logits else made.sigmoid()) - flat).square()
        return pixels(squared) if pixels else squared.sum(1).mean()

    def discriminator():
        codes = early if old else encoder(flat)
        real = ask(prior, len(flat)) if ask else prior(len(flat))
        on_prior, on_codes = critic(real), critic(codes.detach() if detach else codes)
        return share * (soft(-labels * on_prior).mean() + soft(labels * on_codes).mean())

    def regularization():
        codes = encoder(flat)
        return soft(-passing * critic(codes.detach() if cut else codes)).mean()

    phases = {f.__name__: f for f in (reconstruction, discriminator, regularization)}
    for name in order or ORDER:
        loss = phases[name]()
        if name != zero:
            adams[name].zero_grad()
        loss.backward()
        for _ in range(step):
            adams[name].step()
        losses[name] = value(loss.detach()) * (0.1 if name == shift else 1)
    for network in freeze and (critic,):
        network.requires_grad_(False)
    return dict(list(losses.items())[keep])


class Closing(torch.optim.Optimizer):
    """Steps of another optimizer, each of them with a closure."""

    def __init__(self, adam):
        self.adam, self.zero_grad = adam, adam.zero_grad

    def step(self):
        self.adam.step(lambda: torch.tensor(0.0))


def with_closure(function):
    def training(*given):
        return function(*given, kind=lambda *held, **options: Closing(torch.optim.Adam(*held)))

    def a_round(encoder, decoder, critic, adams, *given):
        closing = {name: Closing(adam) for name, adam in adams.items()}
        return function(encoder, decoder, critic, closing, *given)

    return a_round if function is train_round else training


def within_blocks(n):
    """Shuffled within each batch only."""
    return torch.cat([block[torch.randperm(len(block))] for block in torch.arange(n).split(250)])


def growing_mean(*given):
    every = []

    def value(errors):
        every.extend(errors)
        return sum(every) / len(every)

    return train(*given, value=value)


def lazy_round(encoder, decoder, critic, adams, *given):
    """Forgets all gradients once, at the start; the encoder's then add up."""
    for adam in adams.values():
        adam.zero_grad()
    still = {name: Still(adam) for name, adam in adams.items()}
    return train_round(encoder, decoder, critic, still, *given)


class Still:
    """An optimizer that forgets nothing."""

    def __init__(self, adam):
        self.step, self.zero_grad = adam.step, lambda: None


def no_step(encoder, decoder, images, epochs):
    return [copies(encoder, decoder, images).mean().item()] * epochs


ORDER = "reconstruction", "discriminator", "regularization"
SAME = torch.randperm(500, generator=torch.Generator().manual_seed(3))


def principal(train, test, k, off=None, mean=True, back=True, of=slice(None), long=1.0):
    centre = train.mean(0) if mean else torch.zeros_like(train[0])
    axes = torch.linalg.svd(train - centre, full_matrices=False)[2][of][:k] * long
    return (test - centre) @ axes.T @ axes + (centre if back else 0)


def nats(logits, images, reduction="none"):
    return functional.binary_cross_entropy_with_logits(logits, images, reduction=reduction)


def distortion(logits, images):
    return nats(logits, images).sum((1, 2, 3))


def by_logarithms(logits, images):
    p = logits.sigmoid()
    return -(images * p.log() + (1 - images) * (1 - p).log()).sum((1, 2, 3))


def one_pass(
    model, images, beta, optimizer=None, batch_size=100, *,
    zero=True, step=True, anew=(), looking=None, training=None, value=None, part=slice(None),
):  # fmt: skip
    """A right pass, or one that is wrong by an option.

    looking, training: the weight of the rate without and with an optimizer.
    value: what is returned, of the list of the batches' losses.
    part: the images that are used. anew: 1 if an optimizer is made where none is given.
    """
    found, weight = [], beta
    if optimizer is None:
        weight = beta if looking is None else looking
        optimizer = torch.optim.SGD(model.parameters(), 0.1) if anew else None
    elif training is not None:
        weight = training
    for batch in images[part].split(batch_size):
        distortion, rate = model(batch)
        loss = (distortion + weight * rate).mean()
        if optimizer and step:
            if zero:
                optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        found.append(loss.detach())
    return value(found) if value else torch.stack(found).mean()


def passing(**options):
    return lambda *given: one_pass(*given, **options)


def only_training(value):
    def answer(model, images, beta, optimizer=None, batch_size=100):
        chosen = value if optimizer else None
        return one_pass(model, images, beta, optimizer, batch_size, value=chosen)

    return answer


def one_mean(train, test, k):
    directions = torch.linalg.svd(train - train.mean(), full_matrices=False).Vh[:k]
    return train.mean() + (test - train.mean()) @ directions.T @ directions


def evaluating(model, *given):
    return one_pass(model.eval(), *given)


def freezing(model, images, beta, optimizer=None, *size):
    if optimizer is None:
        model.requires_grad_(False)
    return one_pass(model, images, beta, optimizer, *size)


def with_modes(model, images, beta, optimizer=None, batch_size=100):
    model.train(optimizer is not None)
    return one_pass(model, images, beta, optimizer, batch_size)


def with_default(size):
    return lambda m, x, b, o=None, batch_size=size: one_pass(m, x, b, o, batch_size)


def twice_over(model, images, beta, optimizer=None, batch_size=100):
    found = one_pass(model, images, beta, optimizer, batch_size)
    return one_pass(model, images, beta, None, batch_size) if optimizer else found


class Backwards(nn.Sequential):
    """Its layers stand in the right order, and are used otherwise."""

    def forward(self, points):
        linear, norm, leak = self
        return norm(leak(linear(points)))


def one_step_in_all(model, images, beta, optimizer=None, batch_size=100):
    found = one_pass(model, images, beta, None, batch_size)
    if optimizer:
        distortion, rate = model(images)
        (distortion + beta * rate).mean().backward()
        optimizer.step()
    return found


def shuffled_pass(model, images, beta, optimizer=None, batch_size=100):
    images = images[torch.randperm(len(images))]
    return one_pass(model, images, beta, optimizer, batch_size).item()


def bound(log_weights):
    return np.log(len(log_weights)) - log_weights.logsumexp(0)


def adam(
    *networks, beta1=0.5, beta2=0.999, lr=1e-3, kind=torch.optim.Adam, part=slice(None), **more
):
    parameters = [p for network in networks for p in network.parameters()]
    return kind(parameters[part], lr=lr, betas=(beta1, beta2), **more)


def discriminator_step(
    generator, discriminator, optimizer, real, codes, *,
    detach=True, zero=True, step=1, sign=1, halves=(1, 1), labels=1, freeze=None, turn=None,
):  # fmt: skip
    if zero:
        optimizer.zero_grad()
    made = generator(turn(codes) if turn else codes)
    on_real, on_made = discriminator(real), discriminator(made.detach() if detach else made)
    loss = halves[0] * soft(-labels * on_real).mean() + halves[1] * soft(labels * on_made).mean()
    (sign * loss).backward()
    for _ in range(step):
        optimizer.step()
    if freeze:
        generator.requires_grad_(False)


def generator_step(
    generator, discriminator, optimizer, codes, *,
    freeze=True, detach=False, zero=True, step=1, loss=lambda m: soft(-m).mean(), thaw=True,
    turn=None,
):  # fmt: skip
    if zero:
        optimizer.zero_grad()
    discriminator.requires_grad_(not freeze)
    made = generator(turn(codes) if turn else codes)
    loss(discriminator(made.detach() if detach else made)).backward()
    for _ in range(step):
        optimizer.step()
    discriminator.requires_grad_(thaw)


def with_own_adam(generator, discriminator, optimizer, *given):
    own = torch.optim.Adam(discriminator.parameters())
    discriminator_step(generator, discriminator, own, *given)


def narrowing(generator, discriminator, optimizer, *given):
    optimizer.param_groups[0]["params"] = list(discriminator.parameters())
    discriminator_step(generator, discriminator, optimizer, *given)


def left_in_evaluation(function):
    def answer(generator, discriminator, *given):
        discriminator.eval()
        function(generator, discriminator, *given)

    return answer


def stepping(function, **options):
    return lambda *given: function(*given, **options)


def modes(
    points, centres, sd, enough=None, reach=3.0, power=1, share=False, above=False, p=2, good=False
):
    """The right number, or one that is wrong by an option."""
    distance = torch.cdist(points, centres, p=p)
    near = distance**power <= reach * (sd if reach < 10 else 1)
    if not share:
        near &= functional.one_hot(distance.argmin(1), len(centres)).bool()
    enough = (near.sum() if good else len(points)) / len(centres) / 10 if enough is None else enough
    return (near.sum(0) > enough if above else near.sum(0) >= enough).sum()


def first_within(points, centres, sd):
    """How many centres are covered if a point counts for the first that is near enough."""
    first = (torch.cdist(points, centres) <= 3 * sd).float().argmax(1)
    return (first.bincount() >= len(points) / len(centres) / 10).sum()


def heads(n, classes, drawn=None):
    drawn = torch.randint(classes, (n,)) if drawn is None else drawn
    return functional.one_hot(drawn, classes).float()


def lopsided(n, classes):
    return heads(n, classes, (torch.rand(n) ** 1.3 * classes).long())


def ring(n, turn=2 * np.pi, location=1.0, scale=0.1, angle=None, noise=None):
    angle = turn * torch.rand(n) if angle is None else angle
    distance = location + scale * (torch.randn(n) if noise is None else noise)
    return distance[:, None] * torch.stack([angle.cos(), angle.sin()], dim=1)


def numpy_angles(n):
    return (2 * np.pi * np.random.rand(n)).astype("float32")


RING = ring(8000)


def phases(encoder, decoder, critic, **changed):
    right = {
        "reconstruction": [encoder, decoder],
        "discriminator": [critic],
        "regularization": [encoder],
    }
    networks = {"e": encoder, "d": decoder, "c": critic}
    return right | {name: [networks[n] for n in moved] for name, moved in changed.items()}


CODES = torch.randn(64, 3)


# The GAN and the AAE play the same game; what differs is in the words.
A_CRITICS = [
    (lambda r, m: soft(-r).mean() + soft(m).mean(), "✓ That is right."),
    (lambda r, m: (soft(-r).mean() + soft(m).mean()) / 2, "✓ That is right."),
    (lambda r, m: ..., "Not written yet"),
    (lambda r, m: -soft(-r).mean() - soft(m).mean(), "The sign is wrong"),
    (lambda r, m: soft(-r) + soft(m), "expected one number"),
    (lambda r, m: (soft(-r).mean() + soft(m).mean()).detach(), "No gradient passes"),
    (lambda r, m: torch.tensor((soft(-r) + soft(m)).mean().item()), "No gradient passes"),
    (lambda r, m: soft(-r).mean() + soft(m.detach()).mean(), "reaches the logits on what is made"),
    (lambda r, m: soft(-r.detach()).mean() + soft(m).mean(), "reaches the logits on what is real"),
    (lambda r, m: -r.log_().mean() - m.log_().mean(), "changed a tensor that it was given"),
    (lambda r, m: soft(-r).mean() + soft(m).mean() + 1, "Expected "),
    (lambda r, m: (-((r.exp() / (1 + r.exp())).log()) + soft(m)).mean(), "overflow"),
    (lambda r, m: against(r, 1, like=True) + against(m, 0, like=True), "✓ That is right."),
    (lambda r, m: against(r, 1) + against(m, 0), r"stops for one shape; logits come"),
    (lambda r, m: against(r, 1, 1) + against(m, 0, 1), r"as \(N, 1\): make the targets"),
    (lambda r, m: slack(r, 1) + slack(m, 0), r"depends on their shape; logits come"),
    (lambda r, m: capped(r, 1) + capped(m, 0), "-200 and 200 should cost 400 nats; got 200"),
    (lambda r, m: capped(r, 1) + soft(m).mean(), "should cost 400 nats; got 300"),
    (lambda r, m: (soft(-r) + capped(m, 0)).mean() / 2, "should cost 200 nats; got 150"),
    (lambda r, m: (soft(-r) + soft(m).clamp(max=50)).mean(), "got 250"),
    (lambda r, m: r @ "x", "stopped with TypeError"),
    (lambda r, m: -(r.sigmoid().log() + (1 - m.sigmoid()).log()).mean(), "overflow"),
]
A_PLAYERS = [
    (lambda m: soft(-m).mean(), "✓ That is right."),
    (lambda m: None, "Not written yet"),
    (lambda m: -soft(m).mean(), "This is the saturating loss"),
    (lambda m: -soft(-m).mean(), "The sign is wrong"),
    (lambda m: soft(-m), "expected one number"),
    (lambda m: soft(-m).sum(), "You summed over the "),
    (lambda m: soft(-m).mean() + 1, "Expected "),
    (lambda m: soft(-m).mean().detach(), "No gradient passes"),
    (lambda m: soft(-m).mean().item(), "No gradient passes"),
    (lambda m: soft(m.neg_()).mean(), "changed a tensor that it was given"),
    (lambda m: -m.sigmoid().log().mean(), "overflow"),
    (lambda m: against(m, 1, like=True), "✓ That is right."),
    (lambda m: against(m, 1), r"stops for one shape; logits come as \(N,\) and as"),
    (lambda m: against(m, 1, 1), r"stops for one shape; logits come as \(N,\) and as"),
    (lambda m: slack(m, 1), r"depends on their shape; logits come as \(N,\) and as"),
    (lambda m: capped(m, 1), "Logits of -200 should cost 200 nats; got 100"),
    (lambda m: soft(-m).mean(0), r"shape \(1,\); expected one number"),
    (lambda m: m.view(7), "stopped with RuntimeError"),
]

ANSWERS = {
    check.reached: [
        (who, "✓ That is right."),
        (lambda loss, nets: list(who(loss, nets)), "✓ That is right."),
        (lambda loss, nets: ..., "Not written yet"),
        (lambda loss, nets: "critic", "as a list or a set"),
        (lambda loss, nets: nets, "You named all of them"),
        (lambda loss, nets: {"encoder"}, "The encoder was detached"),
        (lambda loss, nets: [], "Only the critic is reached; got none"),
        (lambda loss, nets: who(loss, nets, forget=False), "left from an earlier loss"),
        (lambda loss, nets: {"critic"} & who(loss, nets), "reached; got none"),
    ],
    check.variety: [
        (variety, "✓ That is right."),
        (lambda m, r: ..., "Not written yet"),
        (lambda m, r: m.std(0) / r.std(0), r"shape \(1, 28, 28\); expected one number"),
        (lambda m, r: m.std(0).mean(), "must give 1"),
        (lambda m, r: m.flatten(1).std(1).mean() / r.flatten(1).std(1).mean(), "dim=0"),
        (lambda m, r: m.var(0).mean() / r.var(0).mean(), "ratio of variances"),
        (lambda m, r: variety(m, r) ** 0.5, "half as much; got 0.707"),
        (lambda m, r: variety(m, r) + m.mean() - m.mean().clamp(max=1), "A shade"),
    ],
    check.vote: [
        (vote, "✓ That is right."),
        (lambda c, k, y: None, "Not written yet"),
        (lambda c, k, y: vote(c, k, torch.arange(3)), "look up their labels"),
        (lambda c, k, y: y[torch.cdist(c, k).argmax(1)], "labels of the farthest"),
        (lambda c, k, y: y[torch.cdist(c, k).argmin(0)], r"shape \(3,\); expected \(4,\)"),
        (lambda c, k, y: vote(c, k, y.flip(0)), "the labels are 2, 7, 5, 2"),
    ],
    check.explained: [
        (explained, "✓ That is right."),
        (lambda p, t: ..., "Not written yet"),
        (lambda p, t: 1 - explained(p, t), "the share that is missed"),
        (lambda p, t: 1 - (t - p).square().mean() / t.var(), "take a mean over N, as"),
        (lambda p, t: explained(p, t, by=p), "variance of the predictions"),
        (lambda p, t: (t - p).square(), "expected one number"),
        (lambda p, t: torch.tensor(0.5), "0.9 of the variance"),
        (lambda p, t: torch.tensor(0.9), "explain nothing"),
    ],
    check.laplacian_variance: [
        (lambda x: variance(edges(x)), "✓ That is right."),
        (lambda x: ..., "Not written yet"),
        (lambda x: edges(x).var(), r"shape \(\); expected \(3,\)"),
        (lambda x: edges(x).abs().flatten(1).mean(1), "You averaged the size"),
        (lambda x: variance(-4 * x[..., 1:-1, 1:-1]), "The four neighbours count as well"),
        (lambda x: sharpness.laplacian_variance(x), "Leave out the border"),
        (lambda x: 2 * variance(edges(x)), "should give 20 / 676"),
    ],
    check.recall: [
        (lambda m, r, k: inside(m, r, k).any(0).float().mean(), "✓ That is right."),
        (lambda m, r, k: None, "Not written yet"),
        (lambda m, r, k: inside(m, r, k).any(0), "expected one number"),
        (lambda m, r, k: inside(m, r, k).any(0).sum(), "divide by how many there are"),
        (lambda m, r, k: inside(m, r, k).sum() / len(r), "count each real point once"),
        (lambda m, r, k: inside(m, r, k).any(1).float().mean(), "You counted made points"),
        (lambda m, r, k: torch.tensor(0.3), "2 of 4 real points"),
        (lambda m, r, k: torch.cdist(m, r) <= k, "stopped with RuntimeError"),
    ],
    check.request: [
        (request, "✓ That is right."),
        (lambda d, s: ..., "Not written yet"),
        (lambda d, s: request(d, s)[:, :10], r"have shape \(2, 10\); expected \(2, 15\)"),
        (lambda d, s: request(d, s).roll(5, 1), "The styles stand first"),
        (lambda d, s: request(d, 2 * s), "not the given styles"),
        (lambda d, s: request(d, s, on=float(d)), "one-hot"),
        (lambda d, s: request(d, s, shift=-1), "has index 2; count from 0"),
        (lambda d, s: request(d, s)[9], "stopped with IndexError"),
    ],
    check.purity: [
        (purity, "✓ That is right."),
        (lambda h, y, n: None, "Not written yet"),
        (lambda h, y, n: 10 * purity(h, y, n), "You counted the images"),
        (lambda h, y, n: purity(h, y, n, average=True), "You averaged over heads"),
        (lambda h, y, n: (h == y).float().mean(), "7 of 10 images"),
        (lambda h, y, n: (h == y).float(), "expected one number"),
    ],
    check.fitted_gaussian: [
        (fitted, "✓ That is right."),
        (lambda c, e: fitted(c, e, correction=0).numpy(), "✓ That is right."),
        (lambda c, e: c.mean(0) + e @ root(c.T.cov()), "✓ That is right."),
        (lambda c, e: None, "Not written yet"),
        (lambda c, e: fitted(c, e)[0], r"has shape \(2,\); expected \(3, 2\)"),
        (lambda c, e: fitted(c, e) - c.mean(0), "The mean is missing"),
        (lambda c, e: fitted(c, e) + 1, "Without noise the samples lie at"),
        (lambda c, e: c.mean(0) + c.std(0) * e, "standard deviations alone are not enough"),
        (lambda c, e: c.mean(0) + e @ torch.linalg.cholesky(c.T.cov()), "wrong way round"),
        (lambda c, e: c.mean(0) + e @ c.T.cov(), "You multiplied by the covariance"),
        (lambda c, e: c.mean(0) + 2 * e, r"have variances \(4, 4\) and covariance 0; expected"),
        (lambda c, e: fitted(c, torch.randn_like(e)), "use the noise that is given, draw none"),
        (lambda c, e: fitted(c, e.abs()), "lead to the opposite side of the mean"),
    ],
    check.kl_of_gaussians: [
        (kl, "✓ That is right."),
        (lambda *g: kl(*map(torch.Tensor.double, g)), "✓ That is right."),
        (lambda *g: ..., "Not written yet"),
        (lambda *g: -kl(*g), "The sign is wrong"),
        (lambda *g: kl(*g).mean(), "averaged or summed over the images"),
        (lambda *g: kl(*g) / 3, "averaged over the dimensions"),
        (lambda m, s, n, t: kl(n, t, m, s), "The two Gaussians are swapped"),
        (lambda m, s, n, t: kl(m, s, n, t) + 2 * (s / t).log().sum(1), "logarithm has the wrong"),
        (lambda *g: kl(*g) + 1.5, "two equal Gaussians must have 0 nats"),
        (
            lambda m, s, n, t: ((s + (m - n) ** 2) / (2 * t) - 0.5 + (t / s).log() / 2).sum(1),
            "you took the width",
        ),
        (lambda *g: kl(*g) + 1, "For the second image expected"),
        (lambda *g: kl(*g)[:, None].expand(-1, 2), r"has shape \(4, 2\)"),
        (lambda *g: kl(*g).detach(), "No gradient passes"),
        (lambda m, s, n, t: kl(m, s, n.detach(), t), "No gradient reaches the other location"),
    ],
    check.kl_divergence: [
        (right_rate, "✓ That is right."),
        (lambda m, s: ..., "Not written yet"),
        (lambda m, s: -right_rate(m, s), "The sign is wrong"),
        (lambda m, s: right_rate(m, s).double(), "✓ That is right."),
        (lambda m, s: right_rate(m, s).mean(), "averaged or summed over the images"),
        (lambda m, s: right_rate(m, s).sum(), "averaged or summed over the images"),
        (lambda m, s: right_rate(m, s) / 3, "averaged over the dimensions"),
        (lambda m, s: right_rate(m, s)[:, None].expand(-1, 2), r"has shape \(4, 2\)"),
        (lambda m, s: closed_form(m, s.exp(), s).sum(1), "log σ² = 2 log σ"),
        (lambda m, s: closed_form(m, s.exp(), 2 * s).sum(1), "you took σ for it"),
        (lambda m, s: closed_form(m, (2 * s).exp(), s).sum(1), "log σ² is twice log σ"),
        (lambda m, s: closed_form(m, (2 * s).exp(), -2 * s).sum(1), "a narrow cloud must cost"),
        (
            lambda m, s: (s + (1 + m**2) / (2 * (2 * s).exp()) - 0.5).sum(1),
            "This is KL\\(prior ‖ cloud\\)",
        ),
        (lambda m, s: 2 * right_rate(m, s), "factor ½ is missing"),
        (lambda m, s: right_rate(m, s) + 1, r"σ = \(1, 1, 1\) expected 0 nats; got 1"),
        (lambda m, s: right_rate(m, s) - 0.5, "expected 0 nats; got -0.5"),
        (lambda m, s: right_rate(m, s).detach(), "No gradient passes"),
        (lambda m, s: right_rate(m, s).detach().numpy(), "No gradient passes"),
        (lambda m, s: right_rate(m, s.detach()), "No gradient reaches the log scale"),
        (lambda m, s: right_rate(m.clone() + (s - s.detach()), s), "its gradient for the log"),
        (lambda m, s: right_rate(m, s.mul_(2) / 2), "changed a tensor that it was given"),
    ],
    check.reparametrisation: [
        (lambda m, s, e: m + s * e, "✓ That is right."),
        (lambda m, s, e: None, "Not written yet"),
        (lambda m, s, e: m + e, "The scale is not used"),
        (lambda m, s, e: s * e, "The location is not used"),
        (lambda m, s, e: m + s**2 * e, "multiplied by the variance"),
        (lambda m, s, e: m + s.exp() * e, "not as its logarithm"),
        (lambda m, s, e: m + s * torch.randn(2, 2), "use the noise that is given"),
        (lambda m, s, e: (m + s * e).sum(), "has shape"),
        (lambda m, s, e: m - s * e, "For μ = -2, σ = 3, ε = -1 expected -5; got 1"),
        (lambda m, s, e: m + s * e.abs(), "For μ = -2, σ = 3, ε = -1 expected -5; got 1"),
        (lambda m, s, e: m.mean(0, keepdim=True) + s * e, "expected -5; got -2.5"),
        (lambda m, s, e: (m + s * e).detach(), "No gradient passes"),
        (lambda m, s, e: (m + s * e).tolist(), "No gradient passes"),
        (lambda m, s, e: m.detach() + s * e, "No gradient reaches the location"),
        (lambda m, s, e: e.mul_(s).add_(m), "changed a tensor that it was given"),
    ],
    check.discriminator_loss: [
        *A_CRITICS,
        (lambda r, m: soft(r).mean() + soft(-m).mean(), "The labels are swapped"),
        (lambda r, m: soft(-r).mean(), "One half is missing"),
        (lambda r, m: soft(-r).sum() + soft(m).sum(), "You summed"),
    ],
    check.generator_loss: [
        *A_PLAYERS,
        (lambda m: soft(m).mean(), "The labels are swapped"),
    ],
    check.slope_penalty: [
        (r1, "✓ That is right."),
        (lambda d, x: r1(d, x)[None].sum(), "✓ That is right."),
        (lambda d, x: None, "Not written yet"),
        (lambda d, x: r1(d, x, power=1), "You took the length of the slope"),
        (lambda d, x: r1(d, x, power=1) ** 2, "Expected .* for a critic with logits"),
        (lambda d, x: 4 * r1(d, x), "You summed over the images"),
        (lambda d, x: r1(d, x) / 784, "You averaged over the pixels"),
        (lambda d, x: r1(d, x, of=torch.mean), "those of the mean logit"),
        (lambda d, x: r1(d, x) / 2, "½ of γ/2 belongs to the weight"),
        (lambda d, x: 1.5 * r1(d, x), "Expected .* for a critic with logits"),
        (lambda d, x: r1(d, x, graph=False), "say create_graph=True"),
        (lambda d, x: r1(d, x).detach(), "say create_graph=True"),
        (lambda d, x: r1(d, x).detach() / 2 + r1(d, x) / 2, "gets a gradient of"),
    ],
    check.interpolation: [
        (line, "✓ That is right."),
        (lambda a, b, n: line(a, b, n).double().numpy(), "✓ That is right."),
        (lambda a, b, n: list(line(a, b, n)), "✓ That is right."),
        (lambda a, b, n: ..., "Not written yet"),
        (lambda a, b, n: line(b, a, n), "You walk backwards"),
        (lambda a, b, n: line(a, b, n + 1)[1:], "first code should be the start"),
        (lambda a, b, n: line(a, b, n + 1)[:-1], "last code should be the end"),
        (lambda a, b, n: line(a, b, n + 1), r"has shape \(6, 2\)"),
        (lambda a, b, n: a + (b - a) * torch.linspace(0, 1, n)[:, None] ** 2, "steps differ"),
    ],
    check.two_islands: [
        (islands, "✓ That is right."),
        (lambda n: islands(n).numpy(), "✓ That is right."),
        (lambda n: ..., "Not written yet"),
        (lambda n: islands(n)[:, 0], r"has shape \(2000,\)"),
        (lambda n: STILL, "must draw anew"),
        (lambda n: islands(n).abs(), "100% of the codes are on the right"),
        (lambda n: islands(n, centre=3.0), "at ±[23].*; expected ±1.5"),
        (lambda n: islands(n, width=0.09), "deviation 0.09"),
        (lambda n: islands(n) + torch.tensor([0.0, 1.0]), "has mean"),
        (lambda n: islands(n) * torch.tensor([1.0, 3.0]), "expected 0 and 0.3"),
        (lambda n: islands(n, width=0.0) + noise(n, 0.1, 0.3), "An island is 0.10 wide"),
    ],
    check.mmd: [
        (mmd, "✓ That is right."),
        (lambda c, s: mmd(c, s)[None][0].double(), "✓ That is right."),
        (lambda c, s: None, "Not written yet"),
        (lambda c, s: -mmd(c, s), "The sign is wrong"),
        (lambda c, s: mmd(c, s, apart=0), "The pairs of a point with itself"),
        (lambda c, s: mmd(c, s, twice=1), "must count twice"),
        (lambda c, s: mmd(c, s, reduce=torch.sum), "You summed over the pairs"),
        (lambda c, s: mmd(c, s, apart=0, reduce=torch.sum), "You summed over the pairs"),
        (lambda c, s: mmd(c, s, of=torch.cdist), "These are means of distances"),
        (lambda c, s: mmd(c, s, power=1), "takes the squared distance"),
        (lambda c, s: mmd(c, s) + 1, "For twelve codes and seven samples"),
        (lambda c, s: mmd(c, s).expand(5), "expected one number"),
        (lambda c, s: mmd(c.detach(), s), "No gradient"),
    ],
    check.gaussian_surprise: [
        (gaussian, "✓ That is right."),
        (lambda c, x, s=None: gaussian(c.double(), x, s).detach().requires_grad_(), "No gradient"),
        (lambda c, x, s=None: None, "Not written yet"),
        (lambda c, x, s=None: -gaussian(c, x, s), "The sign is wrong"),
        (lambda c, x, s=None: gaussian(c, x, s).mean(), "expected one number for each"),
        (lambda c, x, s=None: gaussian(c, x, s) / 784, "You averaged over the pixels"),
        (lambda c, x, s=None: gaussian(c, x, s, of=lambda s: 0), "The logarithm of σ is missing"),
        (lambda c, x, s=None: gaussian(c, x, s, of=lambda s: s.log() / 784), "or counted once"),
        (lambda c, x, s=None: gaussian(c, x, s, circle=1.0), "½ log 2π of each pixel"),
        (lambda c, x, s=None: gaussian(c, x, s, power=1), "the square of σ stands there"),
        (lambda c, x, s=None: gaussian(c, x, s, twice=1), "½ before the square"),
        (lambda c, x, s=None: gaussian(c, x, s) + 1000, "For the first image and σ = ½"),
        (lambda c, x, s=1.0: gaussian(c, x, s), "you take σ = 1"),
        (lambda c, x, s=None: gaussian(c, x, s, best=lambda e: e.square().mean()), "it is σ²"),
        (lambda c, x, s=None: gaussian(c, x, s, best=lambda e: e.abs().mean()), "Laplace's"),
        (
            lambda c, x, s=None: gaussian(
                c, x, s, best=lambda e: e.square().mean((1, 2, 3), True).sqrt()
            ),
            "best of each image",
        ),
        (lambda c, x, s=None: gaussian(c, x, s or 0.3), "Without sigma the three images cost"),
        (lambda c, x, s=None: gaussian(c, x, s).detach(), "No gradient passes"),
    ],
    check.perceptron: [
        (perceptron, "✓ That is right."),
        (lambda s: ..., "Not written yet"),
        (popping, r"was \[3, 8, 6, 2\], and your function made it \[2\]"),
        (linear, "Expected a module, for instance nn.Sequential; got list"),
        (Plain, "has no parameters"),
        (lambda s: nn.Linear(s[0], s[-1]), "has 1 linear layers; expected 3"),
        (lambda s: perceptron([*s, s[-1]]), "has 4 linear layers; expected 3"),
        (lambda s: perceptron(s[::-1]), "layers are 2→6, 6→8, 8→3; expected 3→8, 8→6, 6→2"),
        (lambda s: perceptron([3, 8, 6, 2]), r"For the sizes \[4, 3\] .* has 3 linear"),
        (Forgetful, "Not written yet"),
        (lambda s: Forgetful(s, torch.zeros(2)), r"shape \(2,\); expected \(100, 2\)"),
        (lambda s: perceptron(s, last=[nn.ReLU()]), "no ReLU after the last"),
        (lambda s: nn.Sequential(*linear(s)), "one linear map"),
        (lambda s: nn.Sequential(*[nn.Linear(*p, bias=False) for p in pairwise(s)]), "no bias"),
        (lambda s: perceptron(s, between=nn.Tanh), "after each but the last, and nothing else"),
        (lambda s: perceptron(s, last=[nn.Tanh()]), "after each but the last, and nothing else"),
    ],
    check.block: [
        (lambda i, o: nn.Sequential(*block(i, o)), "✓ That is right."),
        (block, "Return one module, such as nn.Sequential; got list"),
        (lambda i, o: nn.ModuleList(block(i, o)), "Return one module, .*; got ModuleList"),
        (lambda i, o: Backwards(*block(i, o)), "does not give what Linear, BatchNorm1d"),
        (lambda i, o: nn.Sequential(*block(i, o), nn.ReLU()), "LeakyReLU, ReLU"),
        (lambda i, o: None, "Not written yet"),
        (lambda i, o: "block", "Return one module, such as nn.Sequential; got str"),
        (
            lambda i, o: nn.Sequential(*block(i, o)[:2]),
            "BatchNorm1d, LeakyReLU, in this order; got Linear, Batch",
        ),
        (lambda i, o: nn.Sequential(*block(i, o)[::-1]), "in this order; got LeakyReLU"),
        (lambda i, o: nn.Sequential(), "in this order; got nothing"),
        (lambda i, o: nn.Sequential(*block(o, i)), "is 3→5 and the norm has 5; expected 5→3 and 3"),
        (lambda i, o: nn.Sequential(*block(i, o, eps=0.2)), "The 0.2 became eps"),
        (lambda i, o: nn.Sequential(*block(i, o, eps=1e-5)), "momentum is 0.1; expected 0.2"),
        (lambda i, o: nn.Sequential(*block(i, o, slope=0.01)), "slope of LeakyReLU is 0.01"),
        (lambda i, o: nn.Sequential(*block(i, o, slope=1 - 0.8, momentum=1 - 0.8)), "✓ That"),
        (lambda i, o: nn.Sequential(*block(i, o, momentum=None)), "momentum is None; expected 0.2"),
        (lambda i, o: nn.Sequential(*block(i, o)).eval(), "The module is in evaluation mode"),
        (lambda i, o: nn.Sequential(*block(i, o, momentum=0.2, affine=False)), "other settings"),
        (
            lambda i, o: nn.Sequential(*block(i, o, momentum=0.2, track_running_stats=False)),
            "Leave the norm's other settings",
        ),
        (lambda i, o: sharing(i, o, SHARED), "Two blocks share a layer"),
    ],
    check.make_critic: [
        (make_critic, "✓ That is right."),
        (lambda w: make_critic(w, nn.Tanh), "✓ That is right."),
        (lambda w: make_critic(w, lambda: nn.Sequential(nn.LayerNorm(64), nn.GELU())), "✓ That"),
        (lambda w: nn.Sequential(make_critic(w, outputs=8), nn.ELU(), nn.Linear(8, 1)), "✓ That"),
        (lambda w: None, "Not written yet"),
        (lambda w: list(make_critic(w)), "Expected a module, .*; got list"),
        (lambda w: Plain([w, 64, 1]), "has no parameters: layers in a plain list"),
        (lambda w: Forgetful([w, 1]), "Not written yet"),
        (lambda w: make_critic(w, outputs=2), r"makes \(50, 2\); expected one logit for each"),
        (lambda w: make_critic(w, last=[nn.Flatten(0)]), r"makes \(50,\); expected one logit"),
        (lambda w: make_critic(2), "stopped with RuntimeError: mat1 and mat2"),
        (lambda w: make_critic(w, lambda: nn.BatchNorm1d(64)), "Batch normalization does that"),
        (
            lambda w: make_critic(w, lambda: nn.Sequential(nn.BatchNorm1d(64), nn.ReLU())),
            "depends on the others in its batch. Batch normalization does that",
        ),
        (lambda w: make_critic(w, first=[nn.BatchNorm1d(w)]), "Batch normalization does that"),
        (lambda w: make_critic(w, nn.Dropout), "other logits .* no dropout"),
        (lambda w: make_critic(w, last=[nn.Sigmoid()]), "from .* to 1; .* no sigmoid"),
        (lambda w: make_critic(w, last=[nn.Tanh()]), "lie from -1 to 1; expected logits"),
        (lambda w: make_critic(w, last=[nn.ReLU()]), "lie from 0 to .* no ReLU at the end"),
        (lambda w: make_critic(w, nn.Identity), "Your critic is linear"),
        (lambda w: nn.Linear(w, 1), "Your critic is linear: it can draw one straight line"),
        (lambda w: Standing(*make_critic(w), stand="detach"), "The codes get no gradient"),
        (lambda w: Standing(*make_critic(w), stand="no_grad"), "The codes get no gradient"),
    ],
    check.copies: [
        (copies, "✓ That is right."),
        (lambda e, d, x: None, "Not written yet"),
        (lambda e, d, x: copies(d, e, x), r"expected \(N, 8\). The decoder takes codes"),
        (lambda e, d, x: copies(e.requires_grad_(False), d, x), "left frozen or in evaluation"),
        (lambda e, d, x: copies(e, d.eval(), x), "left frozen or in evaluation mode"),
        (lambda e, d, x: copies(e, d, x.mul_(0.5)), "changed a tensor that it was given"),
        (lambda e, d, x: d(e(x)), r"A network got \(64, 1, 28, 28\); expected \(N, 784\)"),
        (lambda e, d, x: copies(e, d, x).flatten(1), "The copies are flat"),
        (lambda e, d, x: copies(e, d, x)[:, 0], r"have shape \(64, 28, 28\)"),
        (lambda e, d, x: copies(e, d, x).squeeze(0), r"For 1 images .* shape \(1, 28, 28\)"),
        (
            lambda e, d, x: copies(e, d, x).view(64, 1, 28, 28),
            "Your function stops for 7 images: take their number",
        ),
        (lambda e, d, x: copies(e, d, x).view(9, 1, 28, 28), "stops for 64 images"),
        (lambda e, d, x: copies(e, d, x @ x.flatten()), "stopped with RuntimeError"),
        (lambda e, d, x: copies(e, d, x).logit(), "make them probabilities with a sigmoid"),
        (lambda e, d, x: copies(e, d, x).detach(), "No gradient reaches the encoder"),
        (lambda e, d, x: copies(lambda y: e(y).detach(), d, x), "No gradient reaches the encoder"),
        (lambda e, d, x: copies(e, d, x).detach().numpy(), "No gradient reaches the encoder"),
        (lambda e, d, x: copies(e, d, x, x.reshape(784, -1).T), "depends on the others"),
        (lambda e, d, x: copies(e, d, x).flip(0), "depends on the others"),
        (lambda e, d, x: copies(e, d, x).mT, "of each image, row by row"),
    ],
    check.train: [
        (train, "✓ That is right."),
        (stepping(train, loss=lambda m, x: (m - x).square().sum(1).mean()), "✓ That is right."),
        (stepping(train, value=np.mean), "✓ That is right."),
        (
            stepping(train, value=lambda e: torch.tensor(e).mean()),
            "of type Tensor; expected floats",
        ),
        (stepping(train, value=lambda e: sum(x**0.5 for x in e) / 2), "You took the root"),
        (stepping(train, order=within_blocks), "The same images are together in a batch"),
        (
            stepping(train, kind=partial(torch.optim.Adam, weight_decay=1e-5)),
            "weight_decay is 1e-05",
        ),
        (stepping(train, kind=partial(torch.optim.Adam, betas=(0.5, 0.999))), r"betas are \(0.5"),
        (with_closure(train), "optimizer.step\\(\\) got a function"),
        (growing_mean, "These are means over all batches since the beginning"),
        (lambda e, d, x, n: train(e, d, x.copy_(x.flip(0)), n), "changed a tensor that it was"),
        (lambda *given: [torch.manual_seed(0), train(*given)][1], "leave manual_seed to the"),
        (lambda *given: None, "Not written yet"),
        (no_step, "Neither network moved"),
        (stepping(train, hold="d"), "The encoder did not move"),
        (stepping(train, detach=True), "The encoder did not move"),
        (stepping(train, hold="e"), "The decoder did not move"),
        (stepping(train, kind=torch.optim.SGD), "Expected Adam; got SGD"),
        (stepping(train, anew=True), "3 optimizers took steps; expected one Adam"),
        (stepping(train, size=100), "took 15 steps in 3 epochs of 500 images; expected 2"),
        (stepping(train, size=500), "took 3 steps in 3 epochs"),
        (stepping(train, step=2), "took 12 steps in 3 epochs"),
        (stepping(train, first=100), r"batches of \[150, 250\] images; expected all of 250"),
        (stepping(train, order=lambda n: torch.randint(n, (n,))), "seen twice and others never"),
        (stepping(train, order=torch.arange), "same order in each epoch"),
        (stepping(train, order=lambda n: SAME), "same order in each epoch"),
        (stepping(train, lr=1e-3), "rate is 0.001; expected 0.002"),
        (stepping(train, zero=False), "of one batch are still there in the next"),
        (stepping(train, sign=-1), "goes the wrong way"),
        (stepping(train, loss=lambda m, x: (m - x).abs().mean()), "not along the gradient"),
        (stepping(train, loss=lambda m, x: (m.sigmoid() - x).square().mean()), "not along the gr"),
        (lambda *given: [train(*given), None][1], "Nothing is returned"),
        (lambda *given: [train(*given), ...][1], "Not written yet"),
        (lambda *given: train(*given)[-1], "result is of type float; expected a list of one"),
        (lambda *given: train(*given)[1:], "a list of length 2; expected a list of one float"),
        (stepping(train, value=list), "values of type list; expected floats"),
        (stepping(train, value=lambda e: e[-1]), "errors of each epoch's last batch"),
        (stepping(train, value=lambda e: 392 * sum(e)), "You summed over the pixels"),
        (stepping(train, value=lambda e: 784 * 125 * sum(e)), "You summed over the pixels"),
        (stepping(train, value=sum), "You summed over the batches"),
        (
            stepping(train, value=lambda e: sum(e) / 500),
            "error of epoch 1 is 0.1.* per pixel; got",
        ),
        (lambda e, d, x, n: train(d, e, x, n), "stopped with RuntimeError"),
        (lambda e, d, x, n: e(x), "takes flat images"),
    ],
    check.train_round: [
        (train_round, "✓ That is right."),
        (stepping(train_round, share=0.5), "✓ That is right."),
        (stepping(train_round, detach=False), "✓ That is right."),
        (lambda *given: ..., "Not written yet"),
        (lambda *given: {}, "No optimizer took a step"),
        (stepping(train_round, step=2), "the reconstruction took 2 steps; expected one"),
        (stepping(train_round, order=ORDER[:2]), "the regularization took 0 steps"),
        (stepping(train_round, order=ORDER[::-1]), "in the order regularization, discriminator"),
        (stepping(train_round, ask=lambda prior, n: 3 + torch.randn(n, 2)), "prior is ignored"),
        (stepping(train_round, ask=lambda prior, n: prior(64)), r"asked for prior\(64\); expected"),
        (stepping(train_round, zero="reconstruction"), "moved the networks of the reconstruction"),
        (stepping(train_round, zero="discriminator"), "moved the networks of the discriminator"),
        (stepping(train_round, zero="regularization"), "moved the networks of the regularizat"),
        (lazy_round, "moved the networks of the regularization: call zero_grad"),
        (stepping(train_round, pixels=torch.mean), "The reconstruction is averaged over the pix"),
        (stepping(train_round, pixels=torch.sum), "summed over the images of the batch"),
        (stepping(train_round, pixels=torch.amax), "step of the reconstruction is not on the grad"),
        (stepping(train_round, logits=True), "compares the images with the decoder's logits"),
        (stepping(train_round, share=8), "loss of the discriminator is summed over the images"),
        (with_closure(train_round), "optimizer.step\\(\\) got a function"),
        (lambda e, d, c, *given: train_round(e.eval(), d, c, *given), "left in evaluation mode"),
        (stepping(train_round, labels=-1), "The labels of the discriminator are swapped"),
        (stepping(train_round, passing=-1), "The labels of the regularization are swapped"),
        (stepping(train_round, old=True), "saw codes from before the step of the reconstruction"),
        (stepping(train_round, cut=True), "No gradient reaches the encoder in the regulariz"),
        (
            stepping(train_round, ask=lambda prior, n: prior(n) - 3),
            "step of the discriminator is not on the gradient",
        ),
        (stepping(train_round, passing=2), "step of the regularization is not on the gradient"),
        (stepping(train_round, freeze=True), "A network is left frozen"),
        (lambda *given: [train_round(*given), None][1], "Nothing is returned"),
        (lambda *given: [train_round(*given), ...][1], "Not written yet"),
        (lambda *given: list(train_round(*given)), "Expected a dict; got list"),
        (stepping(train_round, keep=slice(2)), "The losses are reconstruction, discriminator; exp"),
        (stepping(train_round, value=torch.clone), "reconstruction is of type Tensor; expected a"),
        (stepping(train_round, shift="regularization"), "loss of the regularization was .*; you"),
        (lambda e, d, c, a, x, p: e(x), "takes flat images"),
    ],
    check.repeatable: [
        (seeding(), "✓ That is right."),
        (seeding_everything, "✓ That is right."),
        (lambda seed: None, "Not written yet"),
        (seeding(switch=False), "without parentheses"),
        (assigning("manual_seed"), "into the place of torch.manual_seed: call it"),
        (assigning("use_deterministic_algorithms"), "place of torch.use_deterministic_algorithms"),
        (seeding(seed=False), "call torch.manual_seed"),
        (seeding(number=3), "use the seed that is given"),
    ],
    check.principal: [
        (principal, "✓ That is right."),
        (lambda a, b, k: principal(a, b, k).numpy(), "✓ That is right."),
        (lambda a, b, k: ..., "Not written yet"),
        (lambda a, b, k: principal(a.double(), b.double(), k), "✓ That is right."),
        (one_mean, "each column has a mean of its own"),
        (lambda a, b, k: principal(a, b.sub_(a.mean(0)), k), "changed a tensor that it was given"),
        (lambda a, b, k: principal(a, b, k)[:, :k], r"\(40, 3\); expected that of test"),
        (lambda a, b, k: principal(b, b, k), "take the mean and the components of train only"),
        (lambda a, b, k: principal(a, b - b.mean(0), k) + b.mean(0), "of train only"),
        (lambda a, b, k: principal(a, b, k, back=False), "not added back"),
        (lambda a, b, k: principal(a, b, k, mean=False), "subtract the mean of train before all"),
        (lambda a, b, k: principal(a - a.mean(0), b, k), "subtract the mean of train before all"),
        (lambda a, b, k: principal(a, b, k, long=1.2), "expected a projection"),
        (lambda a, b, k: principal(a, b, 3), "with k = 1 and .* with k = 3: expected it to fall"),
        (lambda a, b, k: principal(a, b, min(k, 3)), "With k = D nothing is left out"),
        (lambda a, b, k: principal(a, b, k).flip(0), "of train only"),
        (lambda a, b, k: principal(a, b, k, of=[5, 4, 3, 2, 1, 0]), "of the least variance"),
        (lambda a, b, k: principal(a, b, k, of=[0, 2, 4, 1, 3, 5]), "not the three components"),
    ],
    check.distortion: [
        (distortion, "✓ That is right."),
        (lambda a, x: None, "Not written yet"),
        (lambda a, x: distortion(a, x).mean(), "You averaged or summed over the images too"),
        (lambda a, x: nats(a, x, "sum"), "You averaged or summed over the images too"),
        (lambda a, x: nats(a, x), r"shape \(3, 1, 28, 28\); expected \(3,\)"),
        (lambda a, x: -distortion(a, x), "The sign is wrong"),
        (lambda a, x: distortion(a, x) / 784, "expected nats per image, a sum over the 784"),
        (lambda a, x: distortion(a.sigmoid(), x), "The sigmoid was applied twice"),
        (lambda a, x: by_logarithms(a.logit(), x), "a logit is not a probability"),
        (lambda a, x: (a - x).square().sum((1, 2, 3)), "For the first image expected"),
        (by_logarithms, "Logits of ±200 on the wrong side"),
        (lambda a, x: distortion(a.clamp(min=-100), x), "got 156800 and 78400"),
        (lambda a, x: distortion(a, x).detach(), "No gradient passes"),
        (lambda a, x: torch.tensor(distortion(a, x).tolist()), "No gradient passes"),
        (
            lambda a, x: -torch.distributions.Bernoulli(logits=a).log_prob(x).sum((1, 2, 3)),
            "torch's Bernoulli takes pixels of 0 and 1 only",
        ),
        (
            lambda a, x: functional.binary_cross_entropy(a.sigmoid(), x, reduction="none").sum(
                (1, 2, 3)
            ),
            "got 78400 and 78400",
        ),
    ],
    check.one_pass: [
        (one_pass, "✓ That is right."),
        (shuffled_pass, "✓ That is right."),
        (with_modes, "✓ That is right."),
        (evaluating, "in evaluation mode while it is trained"),
        (lambda m, x, b, o=None, n=100: one_pass(m.requires_grad_(o is not None), x, b, o, n), "✓"),
        (freezing, "A pass without an optimizer froze the weights"),
        (lambda m, x, b, o=None, n=100: one_pass(m, torch.ones(900, 1), b, o, 4), ", 225 in all"),
        (lambda *given: [torch.manual_seed(0), one_pass(*given)][1], "leave manual_seed to the"),
        (lambda *given: ..., "Not written yet"),
        (passing(value=lambda found: None), "Nothing is returned"),
        (passing(value=torch.stack), r"shape \(3,\); expected one number"),
        (lambda m, x, b, o, size: one_pass(m, x, b, o), r"saw batches of \[12\]"),
        (passing(part=slice(4, None)), r"saw batches of \[4, 4\]"),
        (passing(part=[0, 1, 2, 3] * 3), "Some images were seen twice"),
        (passing(anew=1), "The weights moved, and there was no optimizer"),
        (passing(looking=1.0), "with weight 1 instead of beta"),
        (passing(looking=0.0), "with weight 0 instead of beta"),
        (passing(value=lambda found: found[-1]), "This is the loss of one batch"),
        (passing(value=sum), "You summed over images or batches"),
        (passing(value=lambda found: 4 * sum(found)), "You summed over images or batches"),
        (passing(value=lambda found: found[0] / 2), "the mean of distortion . beta . rate is"),
        (passing(step=False), "With an optimizer the weights did not move"),
        (one_step_in_all, "took 1 steps on three batches"),
        (passing(zero=False), "still there in the next"),
        (passing(training=1.0), "as if beta were 1"),
        (passing(training=0.0), "on the distortion alone: step on distortion"),
        (with_default(64), r"the model saw batches of \[64, 64, 64, 8\]; expected \[100, 100\]"),
        (twice_over, r"In training the model saw batches of \[4, 4, 4, 4, 4, 4\]"),
        (passing(training=-1.0), "In the example three steps lead from 1 to"),
        (only_training(lambda found: found[-1]), "In training you give the loss of the last"),
        (only_training(sum), "In training the mean of the three"),
        (only_training(lambda found: None), "Not written yet"),
    ],
    check.importance_bound: [
        (bound, "✓ That is right."),
        (lambda w: None, "Not written yet"),
        (lambda w: bound(w).double(), "✓ That is right."),
        (lambda w: math.log(4) - w.logsumexp(0), "wrong for 7 of 2: take K from the weights"),
        *[
            (lambda w, by=by: by(w) * -1 - (w - by(w)).exp().mean(0).log(), "Whoever shifts")
            for by in (torch.max, lambda w: w[0], lambda w: w.amin(0), lambda w: w.mean(0))
        ],
        (lambda w: bound(w).mean(), "You averaged over the images too"),
        (lambda w: bound(w.T), "the samples of an image stand in a column"),
        (lambda w: bound(w)[None], r"shape \(1, 3\); expected \(3,\)"),
        (lambda w: -bound(w), "The sign is wrong"),
        (lambda w: -w.logsumexp(0), "subtract log K"),
        (lambda w: -w.mean(0), "This is a mean of logarithms"),
        (lambda w: -w.max(0).values, "expected 0.597 nats; got -0.500"),
        (lambda w: -w.exp().mean(0).log(), "Log weights of 1000 give -inf"),
        (lambda w: -w.clamp(max=80).exp().mean(0).log() - (w[0] - 80).relu(), "of -1000 give inf"),
    ],
    check.optimizers: [
        (lambda g, d: (adam(g), adam(d)), "✓ That is right."),
        (lambda g, d: [adam(g), adam(d)], "✓ That is right."),
        (lambda g, d: None, "Not written yet"),
        (lambda g, d: adam(g, d), "Expected two optimizers"),
        (lambda g, d: (adam(g), adam(d, kind=torch.optim.NAdam)), "Expected Adam; got NAdam"),
        (lambda g, d: (adam(d), adam(g)), "They are swapped"),
        (lambda g, d: (adam(g, d), adam(g, d)), "The generator's optimizer also holds"),
        (lambda g, d: (adam(g), adam(g, d)), "The discriminator's optimizer also holds"),
        (lambda g, d: (adam(g), adam(d, part=slice(1))), "holds 1 of its 4 tensors"),
        (lambda g, d: (adam(g), adam(d, beta1=0.9)), "beta1 is 0.9; expected 0.5"),
        (lambda g, d: (adam(g), adam(d, kind=torch.optim.AdamW)), "Expected Adam; got AdamW"),
        (lambda g, d: (adam(g, beta2=0.5), adam(d)), "beta2 is 0.5; expected 0.9 or more"),
        (lambda g, d: (adam(g, beta2=0.9), adam(d)), "✓ That is right."),
        (lambda g, d: (adam(g), adam(d, lr=2e-4)), "rate is 0.0002; expected 0.001"),
        (lambda g, d: (adam(g), adam(d, part=slice(2))), "holds 2 of its 4 tensors"),
        (lambda g, d: (adam(copy.deepcopy(g)), adam(d)), "holds tensors of neither network"),
        (lambda g, d: (adam(g, maximize=True), adam(d)), "maximize is True; expected False"),
        (lambda g, d: (adam(g), adam(d, weight_decay=0.1)), "weight_decay is 0.1; expected 0"),
    ],
    check.discriminator_step: [
        (discriminator_step, "✓ That is right."),
        (stepping(discriminator_step, halves=(0.5, 0.5)), "✓ That is right."),
        (lambda *given: ..., "Not written yet: the discriminator's step does nothing"),
        (stepping(discriminator_step, detach=False), "moved the generator: detach"),
        (stepping(discriminator_step, step=0), "The discriminator did not move"),
        (stepping(discriminator_step, sign=-1), "moved the wrong way: its loss would rise"),
        (stepping(discriminator_step, halves=(1, 0)), "One half of the loss is missing"),
        (stepping(discriminator_step, halves=(0, 1)), "One half of the loss is missing"),
        (stepping(discriminator_step, turn=torch.randn_like), "not move along the slope"),
        (stepping(discriminator_step, labels=-1), "The labels are swapped"),
        (stepping(discriminator_step, step=2), "took 2 steps; expected one"),
        (stepping(discriminator_step, freeze=True), "The generator is left frozen"),
        (stepping(discriminator_step, zero=False), "Gradients from before this step"),
        (stepping(discriminator_step, halves=(16, 16)), "step is 16 times as long as expected"),
        (with_own_adam, "The given optimizer took 0 steps; expected one, and no other"),
        (left_in_evaluation(discriminator_step), "discriminator is left in evaluation mode"),
        (narrowing, "The optimizer no longer holds what it held"),
    ],
    check.generator_step: [
        (generator_step, "✓ That is right."),
        (lambda *given: ..., "Not written yet: the generator's step does nothing"),
        (stepping(generator_step, detach=True), "between codes and loss nothing may be detached"),
        (stepping(generator_step, freeze=False, detach=True), "The generator did not move"),
        (stepping(generator_step, step=0), "The generator did not move"),
        (stepping(generator_step, freeze=False), "moved the discriminator: freeze it"),
        (stepping(generator_step, loss=lambda m: soft(m).mean()), "moved the wrong way"),
        (stepping(generator_step, loss=lambda m: -soft(m).mean()), "of the saturating loss"),
        (stepping(generator_step, loss=lambda m: -m.mean()), "not move along the slope"),
        (stepping(generator_step, step=2), "took 2 steps; expected one"),
        (stepping(generator_step, thaw=False), "The discriminator is left frozen"),
        (stepping(generator_step, loss=lambda m: soft(-m).sum()), "is 16 times as long"),
        (stepping(generator_step, loss=lambda m: -soft(-m).mean()), "moved the wrong way"),
        (left_in_evaluation(generator_step), "discriminator is left in evaluation mode"),
        (stepping(generator_step, zero=False), "Gradients from before this step"),
        (lambda g, d, o, z: generator_step(g, d, o, z[:, :2]), "stopped with RuntimeError"),
    ],
    check.modes: [
        (modes, "✓ That is right."),
        (lambda *given: int(modes(*given)), "✓ That is right."),
        (lambda *given: None, "Not written yet"),
        (lambda *given: [True, False, True, True], r"shape \(4,\); expected one number"),
        (lambda *given: modes(*given, enough=1), "One stray point is enough"),
        (lambda *given: modes(*given, above=True), "counts as well, .*: expected 3; got 2"),
        (lambda *given: modes(*given, reach=1.0), "Points 2.6 sd from"),
        (lambda *given: modes(*given, power=2), "not its square"),
        (lambda p, c, sd: modes(p, c, 1.0), "measure the distance in units of sd"),
        (lambda *given: modes(*given, share=True), "for its nearest centre only"),
        (
            lambda p, c, sd: first_within(p, c, sd),
            "count each for its nearest centre",
        ),
        (lambda *given: 8, "20 points each close by: expected 4; got 8"),
        (lambda p, c, sd: modes(p, c, sd, enough=len(p) // (10 * len(c))), "round nothing"),
        (lambda p, c, sd: modes(p, c, sd, enough=len(p) / 40), "Take N and K from the points"),
        (lambda p, c, sd: sum(modes(p, c, sd) > k for k in range(4)), "Twelve centres"),
        (lambda *given: modes(*given, good=True), "of all points, not of the good ones"),
        (lambda *given: modes(*given, p=1), "1.4 away from their centre aslant give 1"),
        (lambda *given: modes(*given, p=float("inf")), "1.6 away from their centre aslant give 2"),
        (lambda p, c, sd: modes(p.sub_(1), c.sub_(1), sd), "changed a tensor that it was given"),
        (lambda *given: modes(*given, reach=3.5), "or 1.6 from two of four centres, expected 1"),
        (lambda *given: modes(*given, reach=2.7), "or 1.4 from two of four centres, expected 2"),
    ],
    check.critic_loss: [
        *A_CRITICS,
        (lambda p, c: soft(p).mean() + soft(-c).mean(), "should pass as real, a code not"),
        (lambda p, c: soft(c).mean(), "from samples of the prior and from codes"),
        (lambda p, c: soft(-p).sum() + soft(c).sum(), "You summed over the codes"),
    ],
    check.encoder_loss: [
        *A_PLAYERS,
        (lambda c: soft(c).mean(), "its codes to pass as samples of the prior"),
    ],
    check.heads_prior: [
        (heads, "✓ That is right."),
        (lambda n, k: list(heads(n, k)), "Expected a tensor; got list"),
        (lambda n, k: heads(n, k).double(), "of torch.float64; expected torch.float32"),
        (lambda n, k: None, "Not written yet"),
        (lambda n, k: heads(n, k).argmax(1), r"shape \(7000,\); expected \(7000, 7\)"),
        (lambda n, k: heads(n, k).long(), "are of torch.int64; expected torch.float32"),
        (lambda n, k: torch.randn(n, k).softmax(1), "A row is not one-hot"),
        (lambda n, k: 2 * heads(n, k), "A row is not one-hot"),
        (lambda n, k: heads(n, k, torch.arange(n) % k), "must draw anew"),
        (lambda n, k: heads(n, k, torch.randint(k - 1, (n,))), "The class 6 is never drawn"),
        (lopsided, "are of the class 0; expected about 1000"),
        (lambda n, k: heads(n, k).squeeze(), r"For n = 1 .* shape \(50,\); expected \(1, 50\)"),
        (lambda n, k: functional.one_hot(torch.randint(k, (n,))).float(), "For n = 2 .*shape"),
        (lambda n, k: torch.eye(k)[torch.arange(n) % k][torch.randperm(n)], "always of the same"),
    ],
    check.ring_prior: [
        (ring, "✓ That is right."),
        (lambda n: ring(n).numpy(), "Expected a tensor; got ndarray"),
        (lambda n: ring(n).double(), "of torch.float64; expected torch.float32"),
        (lambda n: ring(n, angle=torch.tensor(numpy_angles(n))), "same torch.manual_seed"),
        (lambda n: None, "Not written yet"),
        (lambda n: ring(n).T, r"shape \(2, 8000\); expected \(8000, 2\)"),
        (lambda n: ring(n) / 0, "not finite"),
        (lambda n: RING[:n], "must draw anew"),
        (lambda n: ring(n, turn=np.pi), "Part of the circle is empty"),
        (lambda n: ring(n, angle=torch.rand(()) + torch.zeros(n)), "Part of the circle is empty"),
        (lambda n: ring(n, turn=3 * np.pi), "of the points and another"),
        (lambda n: ring(n, scale=0.0), "the distance needs its noise"),
        (lambda n: ring(n, scale=0.1**0.5), "deviation 0.3.; expected 0.1"),
        (lambda n: ring(n, scale=1.0), "deviation 0..*; expected 0.1"),
        (lambda n: ring(n, location=2.0), "is 2.00 on average; expected 1"),
        (
            lambda n: ring(n, angle=torch.linspace(0, 2 * np.pi, n)),
            "Two calls give the same angles",
        ),
        (lambda n: ring(n, noise=12**0.5 * (torch.rand(n) - 0.5)), "within one standard deviation"),
        (lambda n: ring(n).squeeze(), r"For n = 1 .* shape \(2,\); expected \(1, 2\)"),
    ],
    check.phases: [
        (phases, "✓ That is right."),
        (lambda *given: None, "Not written yet"),
        (lambda e, d, c: [e, d, c], "Expected a dict; got list"),
        (lambda *given: {}, "The keys are none; expected reconstruction, discriminator, reg"),
        (lambda *given: {"reconstruction": [given[0]]}, "The keys are reconstruction; expected"),
        (lambda e, d, c: phases(e, d, c) | {"discriminator": c}, "For discriminator expected a"),
        (lambda e, d, c: phases(e, d, c) | {"discriminator": ["c"]}, "For discriminator expect"),
        (
            lambda *given: phases(
                *given, reconstruction="edc", discriminator="edc", regularization="edc"
            ),
            "Everything moves in every phase",
        ),
        (lambda *given: phases(*given, regularization="ec"), "The critic moves in the regular"),
        (lambda *given: phases(*given, regularization="ed"), "the encoder plays the generator's"),
        (lambda *given: phases(*given, discriminator="ec"), "The encoder moves in the discrim"),
        (lambda *given: phases(*given, reconstruction="d"), "expected to move: encoder, decoder"),
    ],
    check.prior: [
        (lambda n: torch.randn(n, 3), "✓ That is right."),
        (lambda n: None, "Not written yet"),
        (lambda n: [0.0] * n, "Expected a tensor of codes; got list"),
        (lambda n: torch.randn(n), r"shape \(64,\); expected \(64, d\)"),
        (lambda n: torch.randn(n, 3).double(), "of torch.float64; expected torch.float32"),
        (lambda n: torch.randn(n, 3).clamp(max=0).sqrt(), "not finite"),
        (lambda n: torch.randn(n, 3).squeeze(), r"For n = 1 .*shape \(3,\); expected \(1, 3\)"),
        (lambda n: torch.randn(n, n), r"For n = 5 .* \(5, 5\); expected \(5, 64\)"),
        (lambda n: CODES[:n], "must draw anew"),
        (lambda n: torch.randn(1, 3).repeat(n, 1), "All codes of one call are the same"),
        (lambda n: torch.randn(n, 3) / (n > 1), "For n = 1 some numbers are not finite"),
        (lambda n: torch.manual_seed(1) and torch.randn(n, 3), "leave manual_seed to the notebook"),
        (lambda n: torch.tensor(np.random.randn(n, 3)).float(), "After the same torch.manual_seed"),
    ],
}


@pytest.mark.parametrize(
    ("question", "answer", "sentence"),
    [
        (question, answer, sentence)
        for question, answers in ANSWERS.items()
        for answer, sentence in answers
    ],
)
def test_a_check_names_the_mistake_in_one_line(question, answer, sentence, capsys):
    before = state()
    question(answer)
    said = capsys.readouterr().out
    assert state() == before
    assert said.count("\n") == 1
    assert re.search(sentence, said), said


@pytest.mark.slow
@pytest.mark.parametrize("question", ANSWERS)
def test_a_strict_check_raises_the_sentence_that_it_would_print(question, capsys):
    for answer, sentence in ANSWERS[question]:
        if sentence.startswith("✓"):
            with check.strict():
                question(answer)
            continue
        with check.strict(), pytest.raises(AssertionError, match=sentence):
            question(answer)
    with check.strict(), pytest.raises(AssertionError, match="stopped with ValueError: nonsense"):
        question(nonsense)
    assert capsys.readouterr().out == ""
    question(nonsense)
    assert capsys.readouterr().out.startswith("✗ ")


def state():
    """What a check must leave as it was."""
    return (
        torch.get_rng_state().tolist(),
        np.random.get_state()[1].tolist(),
        random.getstate(),
        torch.are_deterministic_algorithms_enabled(),
        torch.backends.cudnn.deterministic,
        torch.is_grad_enabled(),
        # torch sets one of its own with the first optimizer of a session
        {name: value for name, value in os.environ.items() if "TORCHINDUCTOR" not in name},
    )


def nonsense(*given):
    raise ValueError("nonsense")


def test_every_check_is_tested():
    assert {question.__name__ for question in ANSWERS} == set(check.__all__) - {"strict"}


@pytest.mark.parametrize("question", ANSWERS)
def test_no_answer_stops_a_check(question, capsys):
    torch.use_deterministic_algorithms(True, warn_only=True)
    found = ["text", [], {}, object(), 3.0, float("nan"), [1, "a"], torch.zeros(0), nn.ReLU()]
    try:
        for value in found:
            question(lambda *given, value=value: value)
        for answer in nonsense, lambda: None, None:
            question(answer)
        assert torch.is_deterministic_algorithms_warn_only_enabled()
    finally:
        torch.use_deterministic_algorithms(False)
    said = capsys.readouterr().out
    assert said.count("✗ ") == len(found) + 3 and "✓" not in said


def test_torch_may_put_its_own_manual_seed_in_place_of_its_own():
    """As it does in a fresh process, at the first switch to deterministic algorithms."""
    program = (
        "import torch\nfrom gencourse import check\ndef answer(seed):\n"
        "    torch.manual_seed(seed)\n    torch.use_deterministic_algorithms(True)\n"
        "check.repeatable(answer)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert run.stdout == "✓ That is right.\n"
