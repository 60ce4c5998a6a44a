"""Self-checks of homework 4; those of its priors are in `priors`."""

from functools import partial
from typing import NamedTuple

import torch
from torch import nn
from torch.nn.functional import softplus

from gencourse.check.chapter_3 import require_discriminator_loss, require_generator_loss
from gencourse.check.mistakes import close
from gencourse.check.networks import Flat, flat, require_left_alone, require_module
from gencourse.check.optimizer import require_no_closure
from gencourse.check.properties import require_keys, written
from gencourse.check.report import Answer, Mistake, require, require_none, self_check

RATE = 0.01
PHASES = {
    "reconstruction": "the squared error of sigmoid(logits), summed over pixels, mean over images",
    "discriminator": "−log D(samples of the prior) − log(1 − D(codes)), means",
    "regularization": "−log D(codes), a mean, with the codes of the encoder as it now is",
}
SHARES = {"reconstruction": (1,), "discriminator": (1, 0.5), "regularization": (1,)}
"""What may stand before a phase's loss: a discriminator's may be the mean of its two halves."""


@self_check
def critic_loss(answer: Answer) -> None:
    """Check `answer(on_prior, on_codes)`: the mean loss of logits, (N,) or (N, 1), in nats."""
    swapped = "a sample of the prior should pass as real, a code not."
    half = "the critic learns from samples of the prior and from codes."
    require_discriminator_loss(answer, swapped, half, things="codes")


@self_check
def encoder_loss(answer: Answer) -> None:
    """Check `answer(on_codes)`: the mean of −log D of logits, (N,) or (N, 1), in nats."""
    swapped = "the encoder wants its codes to pass as samples of the prior."
    require_generator_loss(answer, swapped, things="codes")


@self_check
def phases(answer: Answer) -> None:
    """Check `answer(encoder, decoder, critic)`: a dict, from "reconstruction", "discriminator"
    and "regularization" to the list of the networks that this phase may move."""
    networks = {"encoder": nn.Linear(3, 2), "decoder": nn.Linear(2, 3), "critic": nn.Linear(2, 1)}
    names = {network: name for name, network in networks.items()}
    expected = {
        "reconstruction": ["encoder", "decoder"],
        "discriminator": ["critic"],
        "regularization": ["encoder"],
    }
    found = written(answer(*networks.values()))
    require_keys(found, expected, "keys")
    for phase, moved in found.items():
        require(
            isinstance(moved, list | tuple | set)
            and all(any(part is network for network in names) for part in moved),
            f"For {phase} expected a list of the given networks, also of one.",
        )
    moves = {phase: {names[network] for network in moved} for phase, moved in found.items()}
    everything = all(moved == set(networks) for moved in moves.values())
    mistakes = {
        "Everything moves in every phase: then nobody plays against anybody.": everything,
        "The critic moves in the regularization: it would help the encoder that it should "
        "catch.": "critic" in moves["regularization"],
        "The decoder moves in the regularization: the encoder plays the generator's part, not "
        "the decoder.": "decoder" in moves["regularization"],
        "The encoder moves in the discriminator's phase: it would make itself easy to "
        "catch.": "encoder" in moves["discriminator"],
    } | {
        f"In the phase {phase} expected to move: {', '.join(right)}.": moves[phase] != set(right)
        for phase, right in expected.items()
    }
    require_none(mistakes)


@self_check
def make_critic(answer: Answer) -> None:
    """Check `answer(width)`: a module from codes (N, width) to logits (N, 1), not linear, in which
    the logit of a code depends on that code alone."""
    for width in 2, 5:
        critic = written(answer(width))
        require_module(critic)
        critic.train()
        codes, others = torch.randn(50, width), 5 + 3 * torch.randn(30, width)
        logits = written(critic(codes))
        require(
            logits.shape == (50, 1),
            f"Of codes {tuple(codes.shape)} the critic makes {tuple(logits.shape)}; expected one "
            "logit for each, (50, 1).",
        )
        _require_logits(critic, codes, others)
        ends = 10 * torch.randn(2, 50, width)
        straight = close(critic(ends.mean(0)), critic(ends).mean(0), rtol=1e-3, atol=1e-2)
        asking = codes.clone().requires_grad_()
        total = critic(asking).sum()
        slope = torch.autograd.grad(total, asking, allow_unused=True)[0] if total.grad_fn else None
        mistakes = {
            "Your critic is linear: it can draw one straight line, and not a ring. Expected a "
            "hidden layer, and ReLU or its like behind it.": straight,
            "The codes get no gradient through your critic, so the encoder could not learn from "
            "it: expected no detach and no torch.no_grad in it.": slope is None or not slope.any(),
        }
        require_none(mistakes)


@torch.no_grad()
def _require_logits(critic, codes, others):
    """That the critic judges each code by itself, in numbers of both signs."""
    once, again = critic(codes), critic(codes)
    among = critic(torch.cat([codes, others]))[: len(codes)]
    results = []
    for _ in range(20):  # with parameters that are large
        for parameter in critic.parameters():
            parameter.normal_()
        results.append(critic(10 * torch.randn(100, codes.shape[1])))
    least, most = torch.cat(results).aminmax()
    mistakes = {
        "The same codes got other logits when they came again: expected nothing random in the "
        "critic, no dropout.": not close(once, again, atol=1e-5),
        "The logit of a code depends on the others in its batch. Batch normalization does that: "
        "it takes from samples and codes their own mean and width, which the critic should "
        "compare. Leave it out.": not close(among, once, atol=1e-4),
        f"The critic's results all lie from {least:.2g} to {most:.2g}; expected logits, which may "
        "be any number: no sigmoid and no ReLU at the end.": not (least < 0 and most > 1),
    }
    require_none(mistakes)


@self_check
def train_round(answer: Answer) -> None:
    """Check `answer(encoder, decoder, critic, adams, batch, prior)`: one step of each phase, of
    which adams names the optimizer, on a batch of images; gives the losses as floats, under the
    same names. The encoder takes (N, 784), decoder and critic give logits (N, 784) and (N, 1)."""
    game = _Round()
    networks = game.encoder, game.decoder, game.critic
    for n in 8, 5:
        batch = torch.rand(n, 1, 28, 28)
        game.begin(batch)
        found = answer(*networks, dict(game.optimizers), batch.clone(), game.prior)
        if not game.steps:
            written(found)
        _require_order([step.phase for step in game.steps])
        if not game.asked:
            raise Mistake("The prior is ignored: what is real for the critic comes from prior(n).")
        require(
            n in game.asked,
            f"For {n} images you asked for prior({game.asked[0]}); expected as many samples as "
            "images.",
        )
        for step in game.steps:
            require_none(step.mistakes)
        _require_losses(found, game.steps)
        for network in networks:
            require_left_alone(network, "A network", "its phase")


class _Step(NamedTuple):
    """What a phase's optimizer did."""

    phase: str
    losses: list[float]  # that the phase may have had: one for each draw of the prior
    mistakes: dict[str, bool]  # of its gradient; none if that is right


class _Round:
    """Networks, optimizers and a prior that write down what is done with them."""

    def __init__(self):
        self.encoder, self.decoder, self.critic = Flat(784, 2), nn.Linear(2, 784), nn.Linear(2, 1)
        with torch.no_grad():  # so that real and made differ
            self.critic.weight.copy_(torch.tensor([[1.0, -0.7]]))
        autoencoder = [*self.encoder.parameters(), *self.decoder.parameters()]
        self.held = {
            "reconstruction": autoencoder,
            "discriminator": list(self.critic.parameters()),
            "regularization": list(self.encoder.parameters()),
        }
        self.optimizers = {phase: torch.optim.SGD(p, lr=RATE) for phase, p in self.held.items()}
        for phase, optimizer in self.optimizers.items():
            optimizer.register_step_pre_hook(partial(self._stepping, phase))
        self.fresh: dict[nn.Parameter, torch.Tensor] = {}
        for parameter in [*autoencoder, *self.critic.parameters()]:
            parameter.grad = torch.ones_like(parameter)
            parameter.register_hook(lambda slope, p=parameter: self.fresh.update({p: slope}))

    def begin(self, batch):
        self.images, self.asked, self.samples, self.steps = batch.flatten(1), [], [], []
        with torch.no_grad():
            self.old_codes = self.encoder(self.images)

    def prior(self, n):
        self.asked.append(n)
        self.samples.append(3 + torch.randn(n, 2))
        return self.samples[-1].clone()

    def _stepping(self, phase, _, *given):
        require_no_closure(*given)
        held = self.held[phase]
        slope = flat(torch.zeros_like(p) if p.grad is None else p.grad for p in held)
        fresh = flat(self.fresh.get(p, torch.zeros_like(p)) for p in held)
        self.fresh.clear()

        def is_of(slope, losses):
            """Whether it is the gradient of one of these losses, or of a share of it."""
            shares = [share * each for each in losses for share in SHARES[phase]]
            slopes = [flat(torch.autograd.grad(each, held, retain_graph=True)) for each in shares]
            return any((slope - each).norm() < 1e-3 * each.norm() for each in slopes)

        with torch.enable_grad():
            right, wrong = self._losses(phase)
            mistakes = {
                f"Gradients from before moved the networks of the {phase}: call zero_grad() of its "
                "optimizer before backward().": is_of(fresh, right),
                **{sentence: is_of(fresh, losses) for sentence, losses in wrong.items()},
                "No gradient reaches the encoder in the regularization: do not detach its codes "
                "there.": phase == "regularization" and not slope.any(),
                f"The step of the {phase} is not on the gradient of {PHASES[phase]}.": True,
            }
            mistakes = {} if is_of(slope, right) else mistakes
        self.steps.append(_Step(phase, [loss.item() for loss in right], mistakes))

    def _losses(self, phase):
        """Right losses of a phase, one for each draw of the prior, and sentence → wrong ones."""
        summed = (
            f"The loss of the {phase} is summed over the images of the batch; expected their mean."
        )
        codes, images = self.encoder(self.images), self.images
        on_codes = self.critic(codes)
        if phase == "reconstruction":
            logits = self.decoder(codes)
            squared = (logits.sigmoid() - images).square()
            return [squared.sum(1).mean()], {
                "The reconstruction is averaged over the pixels; expected their sum, and a mean "
                "over the images.": [squared.mean()],
                "The reconstruction compares the images with the decoder's logits; expected their "
                "sigmoid.": [(logits - images).square().sum(1).mean()],
                summed: [squared.sum()],
            }
        if phase == "regularization":
            return [softplus(-on_codes).mean()], {
                summed: [softplus(-on_codes).sum()],
                "The labels of the regularization are swapped: the encoder wants its codes to pass "
                "as samples of the prior.": [softplus(on_codes).mean()],
            }
        on_old = self.critic(self.old_codes)
        real = [self.critic(samples) for samples in self.samples if len(samples) == len(images)]
        return [softplus(-each).mean() + softplus(on_codes).mean() for each in real], {
            summed: [softplus(-each).sum() + softplus(on_codes).sum() for each in real],
            "The labels of the discriminator are swapped: a sample of the prior should pass as "
            "real.": [softplus(each).mean() + softplus(-on_codes).mean() for each in real],
            "The discriminator saw codes from before the step of the reconstruction: encode "
            "anew.": [softplus(-each).mean() + softplus(on_old).mean() for each in real],
        }


def _require_order(phases):
    require(phases, "No optimizer took a step; expected one of each phase.")
    for name in PHASES:
        number = phases.count(name)
        require(number == 1, f"The optimizer of the {name} took {number} steps; expected one.")
    require(
        phases == list(PHASES),
        f"The phases stepped in the order {', '.join(phases)}; expected {', '.join(PHASES)}.",
    )


def _require_losses(found, steps):
    require(found is not None, "Nothing is returned; expected a dict of three losses.")
    require_keys(written(found), PHASES, "losses")
    for step in steps:
        phase, losses, value = step.phase, step.losses, found[step.phase]
        require(
            isinstance(value, float),
            f"The loss of the {phase} is of type {type(value).__name__}; expected a float.",
        )
        right = [share * loss for loss in losses for share in SHARES[phase]]
        if not any(abs(value - each) < 1e-3 * abs(each) for each in right):
            raise Mistake(f"The loss of the {phase} was {losses[0]:.4g}; you returned {value:.4g}.")
