"""Gradient descent to play with, in one dimension and in two."""

import traitlets

from optilab.widgets.explorable import SETTING, Explorable, Number, module


class Descent1D(Explorable):
    r"""Gradient descent on :math:`f(w) = \tfrac L2 w^2`: what each learning rate does.

    The path is that of ``descend(gd, quadratic((curvature,)), [w0], steps, lr=lr)``.

    Parameters
    ----------
    lr : float
        Learning rate, at least 0; the slider ends at 2.2 / curvature.
    curvature : float
        L, from 0.001 to 1000.
    w0 : float
        Start, from -2 to 2.
    steps : int
        From 1 to 100.

    Raises
    ------
    traitlets.TraitError
        A setting out of its bounds, now or at a later ``figure.lr = ...``.
    """

    _esm = module("descent1d.js")
    text = (
        "Gradient descent on the parabola {curvature:g}/2 * w**2 from w = {w0} with lr = {lr}: "
        "its {steps} steps on the curve, and w against the step."
    )

    lr = Number(min=0.0, max=1e6).tag(**SETTING)
    curvature = Number(1.0, min=1e-3, max=1e3).tag(**SETTING)
    w0 = Number(min=-2.0, max=2.0).tag(**SETTING)
    steps = traitlets.Int(1, min=1, max=100).tag(**SETTING)

    def __init__(self, lr=0.3, *, curvature=1.0, w0=-1.6, steps=20):
        super().__init__(lr=lr, curvature=curvature, w0=w0, steps=steps)


# Where each landscape tells its story; the reader's pick of a landscape sets these, too.
PRESETS = {
    "bowl": {"w0": (-1.8, 1.2), "lr": 0.17, "steps": 40},
    "saddle": {"w0": (-1.5, 1e-6), "lr": 0.1, "steps": 100},
    "rosenbrock": {"w0": (-1.2, 1.0), "lr": 0.001, "steps": 1000},
}


class Descent2D(Explorable):
    """Gradient descent on a bowl, a saddle or Rosenbrock's valley: one lr for two directions.

    The path is that of `descend` with `gd` on ``quadratic((1, kappa))``, `saddle` or
    `rosenbrock`.

    Parameters
    ----------
    landscape : {"bowl", "saddle", "rosenbrock"}
    kappa : float
        Condition number of the bowl, from 1 to 1000.
    w0 : pair of floats, optional
        Start, both from -2 to 2; by default one that suits the landscape, like `lr` and `steps`.
    lr : float, optional
        Learning rate, from 0.0001 to 3.16.
    steps : int, optional
        From 1 to 1000.

    Raises
    ------
    traitlets.TraitError
        As for `Descent1D`.
    """

    _esm = module("descent2d.js")
    text = (
        "Gradient descent on a landscape ({landscape}) from {w0} with lr = {lr}: "
        "its {steps} steps on the contours, and how far it comes, step by step."
    )

    landscape = traitlets.Enum(list(PRESETS)).tag(**SETTING)
    kappa = Number(1.0, min=1.0, max=1e3).tag(**SETTING)
    w0 = traitlets.Tuple(traitlets.Float(), traitlets.Float()).tag(**SETTING)
    lr = Number(1e-4, min=1e-4, max=3.16).tag(**SETTING)
    steps = traitlets.Int(1, min=1, max=1000).tag(**SETTING)
    _presets = traitlets.Dict(PRESETS).tag(**SETTING)

    def __init__(self, landscape="bowl", *, kappa=10.0, w0=None, lr=None, steps=None):
        given = {name: v for name, v in dict(w0=w0, lr=lr, steps=steps).items() if v is not None}
        settings = PRESETS.get(landscape, {}) | given
        super().__init__(landscape=landscape, kappa=kappa, **settings)

    @traitlets.validate("w0")
    def _on_the_map(self, proposal):
        if not all(-2 <= x <= 2 for x in proposal.value):
            raise traitlets.TraitError(
                f"Descent2D: w0 = {proposal.value} is off the map, which goes from -2 to 2"
            )
        return proposal.value
