"""Landscapes: functions ``w (..., d) -> (value (...), gradient (..., d))`` to walk on.

Each has two attributes: ``window``, the part worth drawing as ``((low, high), ...)`` per
coordinate, and ``minima (m, d)``, the minima there, the lowest first.  Points with another number
of coordinates raise ValueError.
"""

from functools import wraps

import numpy as np


def landscape(window, minima):
    """Decorate a function of points with its window and minima, and have it check its points."""

    def decorate(function):
        @wraps(function)
        def checked(w, *parameters, **named):
            w = np.multiply(w, 1.0)  # integers become floats, float32 stays
            if w.shape[-1:] != (len(window),):
                raise ValueError(
                    f"{function.__name__}(): w must be (..., {len(window)}), not {w.shape}"
                )
            return function(w, *parameters, **named)

        checked.__dict__.update(window=window, minima=np.reshape(minima, (-1, len(window))))
        return checked

    return decorate


def quadratic(curvature=(1.0, 10.0), angle=0.0):
    r"""Return the bowl :math:`\tfrac12 w^\top H w` with the given eigenvalues.

    Parameters
    ----------
    curvature : sequence of d floats
        The eigenvalues of H; a negative one makes a saddle.
    angle : float
        Radians by which the first two eigenvectors are turned from the axes.
    """
    h = np.asarray(curvature, float)
    if h.ndim != 1:
        raise ValueError(f"quadratic(): curvature must be (d,), not {h.shape}")
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
    grad = np.stack([-2 * (a - x) - 4 * b * x * (y - x**2), 2 * b * (y - x**2)], axis=-1)
    return value, grad


@landscape(window=((-2, 2), (-2, 2)), minima=[])
def saddle(w):
    """``x**2 - y**2``: a slope of 0 at the origin, and no minimum anywhere."""
    x, y = w[..., 0], w[..., 1]
    return x**2 - y**2, np.stack([2 * x, -2 * y], axis=-1)


@landscape(window=((-2, 2),), minima=[-1.0355787140888537, 0.9601495555191055])
def double_well(w, tilt=0.3):
    """``(w**2 - 1)**2 + tilt * w`` in one dimension: two valleys, the left one lower."""
    x = w[..., 0]
    return (x**2 - 1) ** 2 + tilt * x, 4 * w * (w**2 - 1) + tilt
