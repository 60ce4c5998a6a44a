"""The palette and the style of the figures.

Colours are fixed: a digit, a role and a model have the same one everywhere.
The ten of the digits are Petroff's (2021), chosen to stay apart for colour-blind
readers; the digit is written beside its colour wherever there is room.
Images are drawn as ink on paper: 0 is white, 1 is black.
"""

import matplotlib.pyplot as plt
from cycler import cycler

DIGITS = (
    "#3f90da", "#ffa90e", "#bd1f01", "#94a4a2", "#832db6",
    "#a96b59", "#e76300", "#b9ac70", "#717581", "#92dadd",
)  # fmt: skip
ROLES = {
    "real": "#000000",
    "generated": "#ee6677",
    "encoder": "#56b4e9",
    "decoder": "#e69f00",
    "discriminator": "#cc79a7",
    "prior": "#009e73",
}
MODELS = {"PCA": "#777777", "AE": "#0072b2", "VAE": "#aa3377", "GAN": "#b84f00", "AAE": "#228833"}
PALE = "#c8c8c8"
PALE_AE = "#7fb8d8"

WIDTH = 6.4  # inches, the width of the text
plt.rcParams.update(
    {
        "figure.figsize": (WIDTH, 4.0),
        "figure.dpi": 130,
        "figure.constrained_layout.use": True,
        "figure.facecolor": "white",
        "font.size": 12,
        "axes.titlesize": 12,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.prop_cycle": cycler(color=["#0072b2", "#cc79a7", "#e69f00", "#009e73"]),
        "legend.frameon": False,
        "lines.linewidth": 2.2,
        "lines.markersize": 7,
    }
)
