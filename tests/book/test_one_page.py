"""The models on one page of chapters 1 to 4: plain torch, and the same losses as the package's."""

import jupytext
import pytest
import torch

from gencourse.data import mnist
from gencourse.models import AAE, GAN, VAE, Autoencoder
from gencourse.networks import LatentDiscriminator
from tools.notebooks import CHAPTERS, FORMAT

HEADING = "## The whole model on one page"
IMAGES = mnist().train.images[:300]
ROWS = IMAGES.flatten(1)


def cells(number):
    """The first two cells of code under the heading."""
    (path,) = [path for path in CHAPTERS if path.stem.startswith(number)]
    every = jupytext.reads(path.read_text(), FORMAT).cells
    (start,) = [i for i, cell in enumerate(every) if HEADING in cell.source]
    return [cell.source for cell in every[start:] if cell.cell_type == "code"][:2]


def page(number):
    """The names of the page, before its training."""
    names = {"torch": torch, "mnist": mnist}
    torch.manual_seed(0)
    exec(cells(number)[0], names)
    return names


def alike(there, here):
    """Give one network the weights of another."""
    for new, old in zip(there.parameters(), here.parameters(), strict=True):
        new.data.copy_(old)


def same(one, other):
    torch.manual_seed(7)
    first = one()
    torch.manual_seed(7)
    torch.testing.assert_close(first, other(), rtol=1e-5, atol=1e-5)


def test_the_autoencoder():
    names, model = page("01"), Autoencoder()
    alike(model.encoder, names["encoder"])
    alike(model.decoder, names["decoder"])
    same(lambda: names["loss_of"](ROWS), lambda: model.reconstruction_loss(IMAGES))


def test_the_vae():
    names, model = page("02"), VAE()
    alike(model.encoder, names["encoder"])
    alike(model.decoder, names["decoder"])
    same(lambda: names["loss_of"](ROWS), lambda: model.bound_loss(IMAGES))


def test_the_gan():
    names, model = page("03"), GAN()
    alike(model.generator, names["generator"])
    alike(model.discriminator, names["discriminator"])
    discriminator, generator = model.steps()
    assert [term.name for term in discriminator.terms] == ["discriminator", "R1"]
    same(
        lambda: names["discriminator_loss"](ROWS.clone()),
        lambda: sum(term.weight * term.loss(IMAGES) for term in discriminator.terms),
    )
    same(lambda: names["generator_loss"](ROWS), lambda: generator.terms[0].loss(IMAGES))


def test_the_aae():
    """But for what the chapter says is ours: the noise, and the sines that its critic reads."""
    names, model = page("04"), AAE(discriminator=LatentDiscriminator(2)).eval()
    alike(model.encoder, names["encoder"])
    alike(model.decoder, names["decoder"])
    alike(model.discriminator, names["critic"])
    encoder, discriminator = model.steps()
    same(
        lambda: names["loss_of"](ROWS),
        lambda: sum(term.weight * term.loss(IMAGES) for term in encoder.terms),
    )
    same(lambda: names["discriminator_loss"](ROWS), lambda: discriminator.terms[0].loss(IMAGES))


@pytest.mark.parametrize("number", ["01", "02", "04"])
def test_the_loop_learns(number, capsys):
    names = page(number)
    names["data"] = ROWS
    before = names["loss_of"](ROWS).item()
    exec(cells(number)[1], names)
    assert names["loss_of"](ROWS).item() < before
    assert "epoch 1" in capsys.readouterr().out


def test_the_loop_of_the_gan_moves_both_players(capsys):
    names = page("03")
    names["data"] = ROWS
    players = [names["generator"], names["discriminator"]]
    before = [next(player.parameters()).clone() for player in players]
    exec(cells("03")[1], names)
    for player, old in zip(players, before, strict=True):
        assert not torch.equal(next(player.parameters()), old)
