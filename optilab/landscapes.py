"""Landscapes: functions ``w (..., d) -> (value (...), gradient (..., d))`` to walk on."""

import numpy as np


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
    Q = np.eye(len(h))
    if angle:
        Q[:2, :2] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    H = Q * h @ Q.T

    def bowl(w):
        g = w @ H
        return (w * g).sum(-1) / 2, g

    return bowl


def rosenbrock(w, a=1.0, b=100.0):
    """Curved valley with its minimum 0 at ``(a, a**2)``.  Rosenbrock (1960)."""
    x, y = w[..., 0], w[..., 1]
    value = (a - x) ** 2 + b * (y - x**2) ** 2
    grad = np.stack([-2 * (a - x) - 4 * b * x * (y - x**2), 2 * b * (y - x**2)], axis=-1)
    return value, grad


def saddle(w):
    """``x**2 - y**2``: a slope of 0 at the origin, and no minimum anywhere."""
    x, y = w[..., 0], w[..., 1]
    return x**2 - y**2, np.stack([2 * x, -2 * y], axis=-1)


def double_well(w, tilt=0.3):
    """``(w**2 - 1)**2 + tilt * w`` in one dimension: two valleys, the left one lower."""
    x = w[..., 0]
    return (x**2 - 1) ** 2 + tilt * x, 4 * w * (w**2 - 1) + tilt
