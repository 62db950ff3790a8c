"""Schedules of the learning rate to play with, where gradients are noisy."""

import traitlets

from optilab.widgets.explorable import SETTING, Explorable, Number, module

SCHEDULES = (
    "constant",
    "staircase",
    "exponential",
    "inverse time",
    "linear",
    "cosine",
    "cosine with restarts",
)


class NoisyDescent(Explorable):
    """Gradient descent on a noisy bowl: which schedule leaves how much expected loss.

    The bowl is ``quadratic(curvature)``, the walk starts with ones, makes 1000 updates, and every
    gradient is that of ``with_noise(bowl, noise, rng)``.  The loss is not simulated: it is the
    mean over all walks.

    Parameters
    ----------
    schedule : str
        One of `SCHEDULES`.
    lr : float
        Learning rate that the schedule starts from, from 0.0002 to 2.4; the slider goes up to
        2.4 / L, with L the largest curvature.
    length : int
        Updates until a hundredth of ``lr`` is left, from 20 to 2000.
    warmup : int
        Updates of linear warm-up, from 0 to 500.
    noise : float
        Standard deviation, from 0 to 5.
    curvature : sequence of floats
        From 1 to 100; one for each coordinate.
    """

    _esm = module("noisydescent.js")
    text = (
        "Gradient descent on a noisy bowl (schedule: {schedule}) from lr = {lr}: the learning "
        "rate and the expected loss against 1000 updates, beside those of a constant rate."
    )

    schedule = traitlets.Enum(list(SCHEDULES)).tag(**SETTING)
    lr = Number(2e-4, min=2e-4, max=2.4).tag(**SETTING)
    length = traitlets.Int(20, min=20, max=2000).tag(**SETTING)
    warmup = traitlets.Int(0, min=0, max=500).tag(**SETTING)
    noise = Number(min=0.0, max=5.0).tag(**SETTING)
    curvature = traitlets.List(Number(min=1.0, max=100.0), minlen=1).tag(**SETTING)

    def __init__(
        self,
        schedule="cosine",
        *,
        lr=0.0198,
        length=1000,
        warmup=0,
        noise=3.0,
        curvature=(1.0, 100.0),
    ):
        super().__init__(
            schedule=schedule,
            lr=lr,
            length=length,
            warmup=warmup,
            noise=noise,
            curvature=list(curvature),
        )
