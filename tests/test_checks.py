"""The self-checks: each names the mistake that was made."""

import re

import pytest
import torch

from gencourse import check
from gencourse.evaluation import sharpness


def difference(power=2, dims=(1, 2, 3)):
    return lambda a, b: (a - b).abs().pow(power).mean(dims)


def closed_form(location, variance, logarithm):
    return 0.5 * (location**2 + variance - 1 - logarithm)


def right_rate(location, log_scale):
    return closed_form(location, torch.exp(2 * log_scale), 2 * log_scale).sum(1)


def soft(a):
    return torch.nn.functional.softplus(a)


def line(a, b, steps):
    return torch.lerp(a, b, torch.linspace(0, 1, steps)[:, None])


def islands(n, centre=1.5, width=0.3):
    side = torch.randint(2, (n, 1)) * 2 - 1
    return torch.cat([side * centre, torch.zeros(n, 1)], 1) + width * torch.randn(n, 2)


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
    check.squared_error: [
        (difference(), "✓ That is right."),
        (lambda a, b: ..., "Not written yet"),
        (lambda a, b: None, "Not written yet"),
        (lambda a, b: (a - b).square().mean(), "You averaged over the images too"),
        (lambda a, b: (a - b).square().sum((1, 2, 3)), "You summed over the pixels"),
        (difference(power=1), "did you forget to square"),
        (lambda a, b: -(a - b).square().mean((1, 2, 3)), "The sign is wrong"),
        (lambda a, b: (a - b).square().mean((2, 3)), r"has shape \(3, 1\)"),
        (lambda a, b: a @ b[0, 0, 0, 0, 0], "stopped with IndexError"),
        (difference(power=3), "Expected 0, 1/4 and 1"),
    ],
    check.kl_divergence: [
        (right_rate, "✓ That is right."),
        (lambda m, s: ..., "Not written yet"),
        (lambda m, s: -right_rate(m, s), "The sign is wrong"),
        (lambda m, s: right_rate(m, s).mean(), "averaged over the images"),
        (lambda m, s: right_rate(m, s) / 2, "averaged over the dimensions"),
        (lambda m, s: right_rate(m, s)[:, None].expand(-1, 2), r"has shape \(3, 2\)"),
        (lambda m, s: closed_form(m, s.exp(), s).sum(1), "log σ² = 2 log σ"),
        (lambda m, s: 2 * right_rate(m, s), "factor ½ is missing"),
        (lambda m, s: right_rate(m, s) + 1, "expected 2.5 nats; got 3.5"),
    ],
    check.reparametrisation: [
        (lambda m, s, e: m + s * e, "✓ That is right."),
        (lambda m, s, e: None, "Not written yet"),
        (lambda m, s, e: m + e, "The scale is not used"),
        (lambda m, s, e: s * e, "The location is not used"),
        (lambda m, s, e: m + s**2 * e, "multiplied by the variance"),
        (lambda m, s, e: m + s.exp() * e, "not as its logarithm"),
        (lambda m, s, e: m + s * torch.randn(1, 2), "use the noise that is given"),
        (lambda m, s, e: (m + s * e).sum(), "has shape"),
        (lambda m, s, e: m - s * e, "expected 2; got 0"),
    ],
    check.discriminator_loss: [
        (lambda r, m: soft(-r).mean() + soft(m).mean(), "✓ That is right."),
        (lambda r, m: (soft(-r).mean() + soft(m).mean()) / 2, "✓ That is right."),
        (lambda r, m: ..., "Not written yet"),
        (lambda r, m: -soft(-r).mean() - soft(m).mean(), "The sign is wrong"),
        (lambda r, m: soft(r).mean() + soft(-m).mean(), "The labels are swapped"),
        (lambda r, m: soft(-r).mean(), "One half is missing"),
        (lambda r, m: soft(-r).sum() + soft(m).sum(), "You summed"),
        (lambda r, m: soft(-r) + soft(m), "expected one number"),
        (lambda r, m: soft(-r).mean() + soft(m).mean() + 1, "Expected "),
        (lambda r, m: (-((r.exp() / (1 + r.exp())).log()) + soft(m)).mean(), "overflow"),
    ],
    check.generator_loss: [
        (lambda m: soft(-m).mean(), "✓ That is right."),
        (lambda m: None, "Not written yet"),
        (lambda m: -soft(m).mean(), "This is the saturating loss"),
        (lambda m: soft(m).mean(), "The labels are swapped"),
        (lambda m: -soft(-m).mean(), "The sign is wrong"),
        (lambda m: soft(-m), "expected one number"),
        (lambda m: soft(-m).sum(), "Expected "),
        (lambda m: -m.sigmoid().log().mean(), "overflow"),
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
    ],
    check.divergence_from_logits: [
        (lambda a: -a.mean(), "✓ That is right."),
        (lambda a: None, "Not written yet"),
        (lambda a: a.mean(), "The sign is wrong"),
        (lambda a: -a.sum(), "You summed"),
        (lambda a: -a, "expected one number"),
        (lambda a: soft(-a).mean(), "the encoder's loss"),
        (lambda a: a.square().mean(), "expected 0.833"),
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
    question(answer)
    said = capsys.readouterr().out
    assert said.count("\n") == 1
    assert re.search(sentence, said), said
