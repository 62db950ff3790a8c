"""Momentum to play with, in one dimension: on a bowl, and between two valleys."""

import traitlets

from optilab.widgets.explorable import SETTING, Explorable, Number, module


class MomentumMap(Explorable):
    r"""Momentum on :math:`f(w) = w^2/2`: the map of its two settings, and what each pair does.

    The path is that of ``descend(momentum, quadratic((1,)), [1], steps, lr=lr, beta=beta)``.  On
    another curvature it is the same at the same learning rate times curvature.

    Parameters
    ----------
    lr : float
        Learning rate, from 0 to 4.2.
    beta : float
        From 0 to 0.99.
    steps : int
        From 1 to 100.
    """

    _esm = module("momentummap.js")
    text = (
        "Momentum on the parabola w**2 / 2 from w = 1 with lr = {lr} and beta = {beta}: the pair "
        "on a map of convergence rates, and w against the step, {steps} steps long."
    )

    lr = Number(min=0.0, max=4.2).tag(**SETTING)
    beta = Number(min=0.0, max=0.99).tag(**SETTING)
    steps = traitlets.Int(1, min=1, max=100).tag(**SETTING)

    def __init__(self, lr=0.3, beta=0.9, *, steps=60):
        super().__init__(lr=lr, beta=beta, steps=steps)


class Basins(Explorable):
    """Momentum on `double_well` with lr = 0.01: which starts end in the lower valley.

    The ends are those of ``descend(momentum, double_well, starts, 2500, lr=0.01, beta=beta)``,
    for 201 starts from -2 to 2, beside those of gradient descent.  One walk is drawn.

    Parameters
    ----------
    beta : float
        From 0 to 0.99.
    w0 : float
        Start of the walk, from -2 to 2.
    """

    _esm = module("basins.js")
    text = (
        "Momentum on the double well (w**2 - 1)**2 + 0.3 * w with beta = {beta}: which of 201 "
        "starts end in its lower valley, beside those of gradient descent, and the walk from "
        "w = {w0}."
    )

    beta = Number(min=0.0, max=0.99).tag(**SETTING)
    w0 = Number(min=-2.0, max=2.0).tag(**SETTING)

    def __init__(self, beta=0.9, *, w0=1.8):
        super().__init__(beta=beta, w0=w0)
