"""Self-checks for exercises: they call what the reader wrote and name the mistake.

They look at properties (signs, scales, shapes, end points, who moves), not at stored answers, and
print a sentence; an exercise not yet begun is not an error. Under `strict()` they raise the
sentence instead, for tests and grading. A check is in the file of the chapter or the homework that
uses it; of both, in the chapter's. Checks of priors are in `priors`.
"""

from gencourse.check.chapter_1 import fitted_gaussian, interpolation
from gencourse.check.chapter_2 import kl_divergence, kl_of_gaussians, reparametrisation
from gencourse.check.chapter_3 import discriminator_loss, generator_loss, slope_penalty
from gencourse.check.chapter_4 import mmd, two_islands
from gencourse.check.chapter_5 import purity, request
from gencourse.check.chapter_6 import laplacian_variance, recall
from gencourse.check.chapter_7 import explained, vote
from gencourse.check.chapter_8 import reached, variety
from gencourse.check.homework_1 import copies, perceptron, principal, repeatable
from gencourse.check.homework_1_training import train
from gencourse.check.homework_2 import distortion, gaussian_surprise, importance_bound, one_pass
from gencourse.check.homework_3 import block, discriminator_step, generator_step, modes, optimizers
from gencourse.check.homework_4 import critic_loss, encoder_loss, make_critic, phases, train_round
from gencourse.check.priors import heads_prior, prior, ring_prior
from gencourse.check.report import strict

__all__ = [
    "block", "copies", "critic_loss", "discriminator_loss", "discriminator_step", "distortion",
    "encoder_loss", "explained", "fitted_gaussian", "gaussian_surprise", "generator_loss",
    "generator_step", "heads_prior", "importance_bound", "interpolation", "kl_divergence",
    "kl_of_gaussians", "laplacian_variance", "make_critic", "mmd", "modes", "one_pass",
    "optimizers", "perceptron", "phases", "principal", "prior", "purity", "reached", "recall",
    "reparametrisation", "repeatable", "request", "ring_prior", "slope_penalty", "strict", "train",
    "train_round", "two_islands", "variety", "vote",
]  # fmt: skip
