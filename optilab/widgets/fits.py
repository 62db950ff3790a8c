"""Lines through ten points to play with: how hard each loss lets a point pull."""

import traitlets

from optilab.widgets.explorable import SETTING, Explorable, Number, module

START = (*range(1, 19, 2), 49)  # y = 2x + 1, the last point 30 too high


class LineFits(Explorable):
    """The lines with the least squared, absolute and Huber loss through ten points.

    Parameters
    ----------
    y : sequence of 10 floats
        Heights of the points at x = 0, 1, ..., 9, from -15 to 50.
    """

    _esm = module("linefits.js")
    text = (
        "Ten points at x = 0, 1, ..., 9 with the heights {y}, and the three lines through them "
        "that have the least squared, absolute and Huber loss."
    )

    y = traitlets.List(Number(min=-15.0, max=50.0), minlen=10, maxlen=10).tag(**SETTING)

    def __init__(self, y=START):
        super().__init__(y=list(y))
