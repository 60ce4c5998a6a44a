"""A slider for readers with a kernel; the page has a still copy of what it shows."""

import ipywidgets
import matplotlib.pyplot as plt
from IPython.display import display

from gencourse.watching import somebody_watches


def slider(name, choices, draw):
    """Let a reader choose among `choices` and see `draw(choice)`, where a person is reading.

    Nothing is shown in a run that nobody watches: what a slider shows there could not
    be moved by anybody, and is on the page already.

    Args:
        name: what is chosen.
        choices: the values, from left to right.
        draw: draws a matplotlib figure for a value.
    Returns:
        the ipywidgets box that holds the slider and what it drew.
    """
    handle = ipywidgets.SelectionSlider(
        options=list(choices), description=name, continuous_update=False
    )

    def redraw(choice):
        draw(choice)
        plt.show()

    widget = ipywidgets.VBox([handle, ipywidgets.interactive_output(redraw, {"choice": handle})])
    if somebody_watches():
        display(widget)
    return widget
