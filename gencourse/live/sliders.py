"""A slider for readers with a kernel; the page has a still copy of what it shows."""

from collections.abc import Callable, Iterable
from typing import TypeVar

import ipywidgets
import matplotlib.pyplot as plt
from IPython.display import display

from gencourse.watching import somebody_watches

Choice = TypeVar("Choice")


def slider(
    name: str, choices: Iterable[Choice], draw: Callable[[Choice], object]
) -> ipywidgets.VBox | None:
    """Let a reader choose among `choices` and see the matplotlib figure that `draw` makes of it.

    name: what is chosen. choices: from left to right.

    Returns:
        the ipywidgets box that holds the slider and the figure. None in a run that nobody
        watches: nobody could move a slider, and what it would show is on the page already.
    """
    if not somebody_watches():
        return None
    handle = ipywidgets.SelectionSlider(
        options=list(choices), description=name, continuous_update=False
    )

    def redraw(choice: Choice) -> None:
        draw(choice)
        plt.show()

    widget = ipywidgets.VBox([handle, ipywidgets.interactive_output(redraw, {"choice": handle})])
    display(widget)
    return widget
