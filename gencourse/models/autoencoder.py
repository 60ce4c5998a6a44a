"""The autoencoder: trained to copy through a narrow place."""

from gencourse import priors
from gencourse.models.latent_variable import EncoderDecoder
from gencourse.models.pixels import surprise
from gencourse.networks import Decoder, Encoder
from gencourse.phases import Phase


class Autoencoder(EncoderDecoder):
    """Encoder and decoder, trained together to give back the image that went in.

    (Rumelhart, Hinton and Williams, 1986; Hinton and Salakhutdinov, 2006.)

    latent: how many numbers the code has.
    prior: where `generate` takes its codes from. Training does not know of it:
        an autoencoder is never told where its codes should lie.
    """

    def __init__(self, latent=2):
        super().__init__()
        self.encoder = Encoder(latent)
        self.decoder = Decoder(latent)
        self.prior = priors.gaussian(latent)

    def phases(self):
        return [
            Phase("reconstruction", self.reconstruction_loss, [self.encoder, self.decoder]),
        ]

    def reconstruction_loss(self, images):
        """−log p(x | z), z = encoder(x), in nats per image."""
        return surprise(self.decoder(self.encoder(images)), images).mean()
