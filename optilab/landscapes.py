"""Landscapes: functions ``w (..., d) -> (value (...), gradient (..., d))`` to walk on.

Each has two attributes: ``window``, the part worth drawing as ``((low, high), ...)`` per
coordinate, and ``minima (m, d)``, the minima there, the lowest first.  Points with another number
of coordinates raise ValueError.
"""

from functools import wraps

import numpy as np

from optilab.valid import floats


def landscape(window, minima):
    """Decorate a function of points with its window and minima, and have it check its points."""

    def decorate(function):
        @wraps(function)
        def checked(w, *parameters, **named):
            w = floats(f"{function.__name__}(): w", w)
            if w.shape[-1:] != (len(window),):
                raise ValueError(
                    f"{function.__name__}(): w must be (..., {len(window)}), not {w.shape}"
                )
            return function(w, *parameters, **named)

        checked.__dict__.update(window=window, minima=np.reshape(minima, (-1, len(window))))
        return checked

    return decorate


def slopes(w, *parts):
    """Put the partial derivatives side by side, laid out in memory as w is."""
    g = np.empty_like(w)
    for i, part in enumerate(parts):
        g[..., i] = part
    return g


def quadratic(curvature=(1.0, 10.0), angle=0.0):
    r"""Return the bowl :math:`\tfrac12 w^\top H w` with the given eigenvalues.

    Parameters
    ----------
    curvature : sequence of d floats
        The eigenvalues of H; a negative one makes a saddle.
    angle : float
        Radians by which the first two eigenvectors are turned from the axes.
    """
    h = floats("quadratic(): curvature", curvature)
    if h.ndim != 1 or len(h) < 1 + bool(angle):
        least = "(d,) with d of 2 or more" if angle else "(d,)"
        raise ValueError(f"quadratic(): curvature must be {least}, not {h.shape}")
    Q = np.eye(len(h))
    if angle:
        Q[:2, :2] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    H = Q * h @ Q.T

    minima = [np.zeros(len(h))] if (h > 0).all() else []

    @landscape(window=((-5, 5),) * len(h), minima=minima)
    def bowl(w):
        g = w @ H.astype(w.dtype)
        return (w * g).sum(-1) / 2, g

    return bowl


@landscape(window=((-2, 2), (-1, 3)), minima=[(1, 1)])
def rosenbrock(w, a=1.0, b=100.0):
    """Curved valley with its minimum 0 at ``(a, a**2)``.  Rosenbrock (1960)."""
    x, y = w[..., 0], w[..., 1]
    value = (a - x) ** 2 + b * (y - x**2) ** 2
    grad = slopes(w, -2 * (a - x) - 4 * b * x * (y - x**2), 2 * b * (y - x**2))
    return value, grad


@landscape(window=((-2, 2), (-2, 2)), minima=[])
def saddle(w):
    """``x**2 - y**2``: a slope of 0 at the origin, and no minimum anywhere."""
    x, y = w[..., 0], w[..., 1]
    return x**2 - y**2, slopes(w, 2 * x, -2 * y)


@landscape(window=((-2, 2), (-2, 2)), minima=[])
def monkey_saddle(w):
    """``x**3 - 3 x y**2``: flat to second order at the origin, with three ways down."""
    x, y = w[..., 0], w[..., 1]
    return x**3 - 3 * x * y**2, slopes(w, 3 * x**2 - 3 * y**2, -6 * x * y)


@landscape(window=((-4.5, 4.5), (-4.5, 4.5)), minima=[(3, 0.5)])
def beale(w):
    """Plains and steep corners; the minimum is 0.  Beale (1958)."""
    x, y = w[..., 0], w[..., 1]
    value, grad = 0.0, 0.0
    for c, power in ((1.5, 1), (2.25, 2), (2.625, 3)):
        r = c - x + x * y**power
        value = value + r**2
        slope = slopes(w, y**power - 1, power * x * y ** (power - 1))
        grad = grad + 2 * r[..., None] * slope
    return value, grad


@landscape(
    window=((-5, 5), (-5, 5)),
    minima=[
        (3, 2),
        (-2.805118086952745, 3.131312518250573),
        (-3.779310253377747, -3.2831859912861696),
        (3.5844283403304917, -1.8481265269644036),
    ],
)
def himmelblau(w):
    """Four valleys, each with a minimum of 0.  Himmelblau (1972)."""
    x, y = w[..., 0], w[..., 1]
    p, q = x**2 + y - 11, x + y**2 - 7
    return p**2 + q**2, slopes(w, 4 * x * p + 2 * q, 2 * p + 4 * y * q)


@landscape(window=((-5.12, 5.12), (-5.12, 5.12)), minima=[(0, 0)])
def rastrigin(w):
    """Bowl full of dimples, one near each pair of integers; only the lowest is listed, 0.

    Rastrigin (1974), in two dimensions.
    """
    wave = 2 * np.pi * w
    return (w**2 + 10 - 10 * np.cos(wave)).sum(-1), 2 * w + 20 * np.pi * np.sin(wave)


@landscape(window=((-7, 7), (-3, 3)), minima=[(0, 0)])
def ravine(w):
    """``x**2 / 20 + 5 (y - sin x)**2``: steep walls along a floor that winds gently down to 0."""
    x, y = w[..., 0], w[..., 1]
    off = y - np.sin(x)
    grad = slopes(w, x / 10 - 10 * off * np.cos(x), 10 * off)
    return x**2 / 20 + 5 * off**2, grad


@landscape(window=((-4, 4), (-4, 4)), minima=[(0, 0)])
def plateau(w):
    """``1 - exp(-(x**2 + y**2) / 2)``: a hole in a plain where the slope all but vanishes."""
    depth = np.exp(-(w**2).sum(-1) / 2)
    return 1 - depth, w * depth[..., None]


@landscape(window=((-2, 2),), minima=[-1.0355787140888537, 0.9601495555191055])
def double_well(w, tilt=0.3):
    """``(w**2 - 1)**2 + tilt * w`` in one dimension: two valleys, the left one lower."""
    x = w[..., 0]
    return (x**2 - 1) ** 2 + tilt * x, 4 * w * (w**2 - 1) + tilt
