"""Counter-examples from the literature, ready for `run`: ``run(rule, *problem, lr=...)``."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np

from optilab.landscapes import landscape
from optilab.valid import require, require_generator


class Problem(NamedTuple):
    """What `run` needs beside a rule."""

    oracle: Callable
    w0: np.ndarray
    batches: Iterable[tuple]


def reddi(steps, C=3.0, period=3):
    """Losses ``C w, -w, -w`` in turn, on which Adam goes the wrong way.

    The first of each ``period`` losses is ``C w``.  Start at 1, where w must stay in [-1, 1]:
    ``projected(adam, lambda w: np.clip(w, -1, 1))``.  The mean loss falls towards -1, which
    AMSGrad and gradient descent find.  With beta1 = 0, beta2 = 1 / (1 + C**2) and
    ``lr=robbins_monro(alpha, 0.5)`` Adam ends at +1 for every C > 2 and alpha < sqrt(1 - beta2);
    with C = period = 101, beta1 = 0.9, beta2 = 0.99 and alpha = 1 its momentum is no help.

    Reddi, Kale & Kumar (2018), theorem 1, and the online problem of section 5, a tenth as large.
    """
    require("reddi", "a whole number from 1", steps=steps, period=period)
    require("reddi", "positive", C=C)

    def oracle(w, c):
        return c * w, np.full_like(w, c)

    return Problem(oracle, np.array(1.0), [((-1.0, C)[k % period == 0],) for k in range(steps)])


def wilson(rng, steps, n=200, share=0.6):
    """Least squares that every method solves, and after which adaptive methods predict nothing.

    A row holds its label, -1 or +1, then 1, 1, then a block of five columns of its own, of which
    a positive row fills one and a negative row all five.  Gradient descent generalizes; Adagrad,
    RMSprop and Adam give every column a weight of the same size, call every new row positive, and
    so err on the share of the negatives.

    Wilson et al. (2017), section 3.3.

    Parameters
    ----------
    rng : numpy.random.Generator
    steps : int
    n : int
        Rows to learn from, and as many to test.
    share : float
        The probability of a positive row.

    Returns
    -------
    problem : Problem
    test : (X, y)
    """
    require_generator("wilson", rng)
    require("wilson", "a whole number from 1", steps=steps, n=n)
    require("wilson", "between 0 and 1", share=share)
    y = np.where(rng.random(2 * n) < share, 1.0, -1.0)
    blocks = np.zeros((2 * n, 2 * n, 5))
    own = np.arange(2 * n)
    blocks[own, own] = np.where(y[:, None] > 0, [1, 0, 0, 0, 0], 1)
    X = np.column_stack([y, np.ones((2 * n, 2)), blocks.reshape(2 * n, -1)])

    def oracle(w, X, y):
        residual = w @ X.T - y
        return (residual**2).mean(-1) / 2, residual @ X / len(y)

    w0 = np.zeros(X.shape[1])
    return Problem(oracle, w0, [(X[:n], y[:n])] * steps), (X[n:], y[n:])


@landscape(window=((-3, 4),), minima=[0])
def lessard_curve(w):
    """Convex curve with slopes 25 w below 1, w + 24 up to 2, and 25 w - 24 above."""
    x = w[..., 0]
    over = np.clip(x, 1, 2)
    return 12.5 * x**2 - 12 * (over - 1) * (2 * x - over - 1), 25 * w - 24 * (np.clip(w, 1, 2) - 1)


def lessard(steps):
    """Follow a convex curve on which the best heavy ball for a parabola circles for ever.

    With lr = 1/9 and beta = 4/9 `momentum` ends in the cycle 792/1225, -2208/1225, 2592/1225;
    gradient descent and Nesterov's method reach 0.  Lessard, Recht & Packard (2016), section 4.6.
    """
    require("lessard", "a whole number from 1", steps=steps)
    return Problem(lessard_curve, np.array([3.3]), [()] * steps)


def noisy_mean(rng, steps, chains=4000):
    """Estimate the mean of N(3, 1) from one number at a time, in many independent chains.

    A learning rate of 1/k gives exactly the sample mean; a constant one has a noise floor of
    variance lr / (2 - lr); rates with a finite sum stop short.  Robbins & Monro (1951).
    """
    require_generator("noisy_mean", rng)
    require("noisy_mean", "a whole number from 1", steps=steps, chains=chains)

    def oracle(w, x):
        return (w - x) ** 2 / 2, w - x

    batches = ((rng.normal(3, 1, chains),) for _ in range(steps))
    return Problem(oracle, np.zeros(chains), batches)
