"""The self-check of one round of an AAE: three phases, one step each, on its own loss."""

import torch
from torch import nn
from torch.nn.functional import softplus

from gencourse.check.networks import Flat
from gencourse.check.optimizer import require_no_closure
from gencourse.check.properties import written
from gencourse.check.report import Answer, Mistake, require, self_check

PHASES = "reconstruction", "discriminator", "regularization"
RATE = 0.01


class _Round:
    """Networks, optimizers and a prior that write down what is done with them."""

    def __init__(self):
        self.encoder, self.decoder, self.critic = Flat(784, 2), nn.Linear(2, 784), nn.Linear(2, 1)
        with torch.no_grad():  # so that real and made differ
            self.critic.weight.copy_(torch.tensor([[1.0, -0.7]]))
        self.networks = self.encoder, self.decoder, self.critic
        self.held = {
            phase: [p for network in parts for p in network.parameters()]
            for phase, parts in zip(
                PHASES, (self.networks[:2], self.networks[2:], self.networks[:1]), strict=True
            )
        }
        self.optimizers = {phase: torch.optim.SGD(p, lr=RATE) for phase, p in self.held.items()}
        for phase, optimizer in self.optimizers.items():
            optimizer.register_step_pre_hook(
                lambda _, args, kwargs, phase=phase: self._stepping(phase, args, kwargs)
            )
        self.fresh = {}  # what the latest backward() gave, without what was there before
        for parameter in [p for network in self.networks for p in network.parameters()]:
            parameter.grad = torch.ones_like(parameter)
            parameter.register_hook(lambda slope, p=parameter: self.fresh.update({p: slope}))

    def begin(self, batch):
        self.flat, self.asked, self.samples, self.steps = batch.flatten(1), [], [], []
        with torch.no_grad():
            self.old_codes = self.encoder(self.flat)

    def prior(self, n):
        self.asked.append(n)
        self.samples.append(3 + torch.randn(n, 2))
        return self.samples[-1].clone()

    def _stepping(self, phase, *given):
        """Before a step: its gradients, and those of all losses that it may have been."""
        require_no_closure(*given)
        held = self.held[phase]
        found = _flat([torch.zeros_like(p) if p.grad is None else p.grad for p in held])
        fresh = _flat([self.fresh.get(p, torch.zeros_like(p)) for p in held])
        self.fresh.clear()
        with torch.enable_grad():
            losses = self._losses(phase)
            slopes = {
                name: [_flat(torch.autograd.grad(each, held, retain_graph=True)) for each in some]
                for name, some in losses.items()
            }
        values = {name: [each.item() for each in some] for name, some in losses.items()}
        self.steps.append((phase, found, fresh, slopes, values))

    def _losses(self, phase):
        """The right loss of a phase, and wrong ones: one of each for each draw of the prior."""
        codes, flat = self.encoder(self.flat), self.flat
        if phase == "reconstruction":
            squared = (self.decoder(codes).sigmoid() - flat).square()
            logits = self.decoder(codes)
            return {
                "right": [squared.sum(1).mean()],
                "averaged": [squared.mean()],
                "summed": [squared.sum()],
                "logits": [(logits - flat).square().sum(1).mean()],
            }
        on_codes = self.critic(codes)
        if phase == "regularization":
            return {
                "right": [softplus(-on_codes).mean()],
                "swapped": [softplus(on_codes).mean()],
                "summed": [softplus(-on_codes).sum()],
            }
        on_old = self.critic(self.old_codes)
        found = {"right": [], "swapped": [], "old": [], "summed": []}
        for samples in [s for s in self.samples if len(s) == len(flat)]:
            on_prior = self.critic(samples)
            found["right"].append(softplus(-on_prior).mean() + softplus(on_codes).mean())
            found["swapped"].append(softplus(on_prior).mean() + softplus(-on_codes).mean())
            found["old"].append(softplus(-on_prior).mean() + softplus(on_old).mean())
            found["summed"].append(softplus(-on_prior).sum() + softplus(on_codes).sum())
        return found


def _flat(slopes):
    return torch.cat([slope.detach().flatten() for slope in slopes])


@self_check
def train_round(answer: Answer) -> None:
    """Check `answer(encoder, decoder, critic, adams, batch, prior)`: one step of each phase, of
    which adams names the optimizer, on a batch of images; gives the losses as floats, under the
    same names. The encoder takes (N, 784), decoder and critic give logits (N, 784) and (N, 1)."""
    game = _Round()
    for n in 8, 5:
        batch = torch.rand(n, 1, 28, 28)
        game.begin(batch)
        found = answer(*game.networks, dict(game.optimizers), batch.clone(), game.prior)
        if not game.steps:
            written(found)
        _require_order([phase for phase, *_ in game.steps])
        _require_prior(game.asked, n)
        for phase, *step in game.steps:
            _require_slope(phase, *step)
        _require_losses(found, game.steps)
        require(
            all(network.training for network in game.networks),
            "A network is left in evaluation mode, and it was in training mode.",
        )
        require(
            all(p.requires_grad for network in game.networks for p in network.parameters()),
            "A network is left frozen: call requires_grad_(True) after its phase.",
        )


def _require_order(phases):
    require(phases, "No optimizer took a step; expected one of each phase.")
    for name in PHASES:
        number = phases.count(name)
        require(number == 1, f"The optimizer of the {name} took {number} steps; expected one.")
    require(
        phases == list(PHASES),
        f"The phases stepped in the order {', '.join(phases)}; expected {', '.join(PHASES)}.",
    )


def _require_prior(asked, n):
    require(asked, "The prior is ignored: what is real for the critic comes from prior(n).")
    require(
        n in asked,
        f"For {n} images you asked for prior({asked[0]}); expected as many samples as images.",
    )


def _require_slope(phase, found, fresh, slopes, _):
    """That a step is on the gradient of its loss; the critic's may be half as long."""

    def is_of(slope, name, *shares):
        return any(_close(slope, s * each) for each in slopes.get(name, []) for s in shares or [1])

    halves = (1, 0.5) if phase == "discriminator" else (1,)
    if is_of(found, "right", *halves):
        return
    if is_of(fresh, "right", *halves):
        raise Mistake(
            f"Gradients from before moved the networks of the {phase}: call zero_grad() of its "
            "optimizer before backward()."
        )
    require(
        not is_of(fresh, "averaged"),
        "The reconstruction is averaged over the pixels; expected their sum, and a mean over the "
        "images.",
    )
    require(
        not is_of(fresh, "logits"),
        "The reconstruction compares the images with the decoder's logits; expected their sigmoid.",
    )
    require(
        not is_of(fresh, "summed", *halves),
        f"The loss of the {phase} is summed over the images of the batch; expected their mean.",
    )
    require(
        not is_of(fresh, "swapped", *halves),
        "The labels of the discriminator are swapped: a sample of the prior should pass as real."
        if phase == "discriminator"
        else "The labels of the regularization are swapped: the encoder wants its codes to pass "
        "as samples of the prior.",
    )
    require(
        not is_of(fresh, "old", *halves),
        "The discriminator saw codes from before the step of the reconstruction: encode anew.",
    )
    require(
        found.any() or phase != "regularization",
        "No gradient reaches the encoder in the regularization: do not detach its codes there.",
    )
    raise Mistake(f"The step of the {phase} is not on the gradient of {WORDS[phase]}.")


WORDS = {
    "reconstruction": "the squared error of sigmoid(logits), summed over pixels, mean over images",
    "discriminator": "−log D(samples of the prior) − log(1 − D(codes)), means",
    "regularization": "−log D(codes), a mean, with the codes of the encoder as it now is",
}


def _close(slope, expected):
    return (slope - expected).norm() < 1e-3 * expected.norm()


def _require_losses(found, steps):
    require(found is not None, "Nothing is returned; expected a dict of three losses.")
    written(found)
    require(isinstance(found, dict), f"Expected a dict; got {type(found).__name__}.")
    require(
        set(found) == set(PHASES),
        f"The losses are {', '.join(map(str, found)) or 'none'}; expected {', '.join(PHASES)}.",
    )
    for phase, _, _, _, values in steps:
        value = found[phase]
        require(
            isinstance(value, float),
            f"The loss of the {phase} is of type {type(value).__name__}; expected a float.",
        )
        shares = (1, 0.5) if phase == "discriminator" else (1,)
        right = values["right"]
        require(
            any(abs(value - s * each) < 1e-3 * abs(each) for each in right for s in shares),
            f"The loss of the {phase} was {right[0]:.4g}; you returned {value:.4g}.",
        )
