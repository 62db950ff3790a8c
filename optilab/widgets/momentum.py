"""Momentum to play with, in one dimension."""

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
