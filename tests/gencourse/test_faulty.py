"""The clinic: each patient has its fault, and nothing else is wrong with it."""

import pytest
import torch
from torch import nn

from gencourse.data import ring
from gencourse.models import AAE, GAN, VAE, PointGAN, faulty
from gencourse.training import TrainingError, fit, reproducible

IMAGES = range(2, 9)  # the patients that are shown images, not points


def twins(ill, well):
    """A patient and a healthy model with the same weights."""
    with reproducible(0):
        patient = ill()
    with reproducible(0):
        return patient, well()


def loss(model, name, *data):
    """The loss of a term, drawn from the same random numbers each time."""
    (term,) = [term for step in model.steps() for term in step.terms if term.name == name]
    with reproducible(1):
        return term.loss(*data)


def reached(model, name, images):
    """The networks that the gradient of a term's loss reaches."""
    model.zero_grad()
    loss(model, name, images).backward()
    return {
        child
        for child, network in model.named_children()
        if any(p.grad is not None and p.grad.any() for p in network.parameters())
    }


@pytest.mark.parametrize("number", [number for number in IMAGES if number != 4])
def test_all_but_one_can_be_trained(number, few):
    with reproducible(0):
        patient = faulty.PATIENTS[number]()
    history = fit(patient, few.train.images, epochs=1)
    assert all(torch.tensor(values).isfinite().all() for values in history.losses.values())


def test_the_first_plays_on_the_ring():
    points = ring().sample(600).view(100, 6, 2)
    history = fit(faulty.PATIENTS[1](), points, epochs=1, batch_size=50)
    assert set(history.losses) == {"discriminator", "generator"}
    patient = faulty.PATIENTS[1]()
    assert type(patient) is PointGAN and patient.adam["betas"][0] == 0.9
    assert patient.gamma == 0 and patient.generate(3).shape == (3, 6, 2)


def test_the_second_differs_by_its_penalty_alone(few):
    patient, well = twins(faulty.PATIENTS[2], lambda: GAN(saturating=True))
    ill, fine = (loss(model, "generator", few.train.images) for model in (patient, well))
    assert torch.equal(ill, fine)
    well.gamma = 0.0
    ill, fine = (loss(model, "discriminator", few.train.images) for model in (patient, well))
    assert torch.equal(ill, fine)


def test_the_third_moves_its_generator_for_the_discriminator(few):
    patient, well = twins(faulty.PATIENTS[3], GAN)
    images = few.train.images
    torch.testing.assert_close(
        loss(patient, "discriminator", images), loss(well, "discriminator", images)
    )
    assert reached(well, "discriminator", images) == {"discriminator"}
    assert reached(patient, "discriminator", images) == {"discriminator", "generator"}
    discriminator, generator = patient.steps()
    assert patient.generator in discriminator.moves
    assert generator.moves == [patient.generator]


def test_the_fourth_subtracts_the_rate(few):
    patient, well = twins(faulty.PATIENTS[4], VAE)
    images = few.train.images
    well.beta = -1.0
    torch.testing.assert_close(
        loss(patient, "evidence bound", images), loss(well, "evidence bound", images)
    )


@pytest.mark.slow
def test_the_fourth_does_not_survive(few):
    with reproducible(0):
        patient = faulty.PATIENTS[4](latent_dim=8)
    with pytest.raises(TrainingError, match="evidence bound"):
        fit(patient, few.train.images.repeat(20, 1, 1, 1), epochs=20)


def test_the_fifth_is_a_vae_with_a_beta_of_784(few):
    patient, well = twins(faulty.PATIENTS[5], VAE)
    well.beta = 784.0
    ill, fine = (loss(model, "evidence bound", few.train.images) for model in (patient, well))
    torch.testing.assert_close(784 * ill, fine)


def test_the_sixth_does_not_see_where_codes_are():
    patient, well = faulty.PATIENTS[6](), AAE()
    codes = torch.randn(500, 2)
    for model, change in ((patient, 0.0), (well, None)):
        model.noise = nn.Identity()
        before, after = model.logits(codes), model.logits(3 * codes + 5)
        if change is None:
            assert (after - before).abs().mean() > 1e-3
        else:
            torch.testing.assert_close(after, before, atol=1e-4, rtol=0)


def test_the_seventh_wants_to_be_found_out(few):
    patient, well = twins(faulty.PATIENTS[7], AAE)
    for model, sign in ((patient, 1), (well, -1)):
        model.logits = lambda codes: torch.full((len(codes),), 3.0)
        taken = model.regularization_loss(few.train.images)
        model.logits = lambda codes: torch.full((len(codes),), -3.0)
        assert sign * (taken - model.regularization_loss(few.train.images)) > 2


def test_the_eighth_shows_the_same_samples_again_and_again(few):
    patient, seen = faulty.PATIENTS[8](), []
    judged = patient.logits
    patient.logits = lambda codes: seen.append(codes) or judged(codes)
    for _ in range(2):
        patient.discriminator_loss(few.train.images)
    assert torch.equal(seen[0], seen[2]) and seen[0].shape == (256, 2)
    assert not any(torch.equal(patient.prior.sample(256), samples) for samples in seen[::2])


def test_the_fault_is_the_source_of_the_patient(capsys):
    faulty.fault(7)
    printed = capsys.readouterr().out
    assert printed.startswith("class LabelsSwapped(AAE):") and "bce_fake" in printed
    faulty.fault(1)
    assert capsys.readouterr().out.startswith("def too_much_momentum() -> PointGAN:")


@pytest.mark.parametrize("number", [0, 9, "7", None])
def test_a_patient_that_is_not_there(number):
    with pytest.raises(ValueError, match="expected 1 to 8"):
        faulty.fault(number)
