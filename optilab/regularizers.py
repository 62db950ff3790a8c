"""Regularizers: what keeps weights small, few, bounded or calm.

A penalty is made once, then called as ``penalty(w, sweep=0) -> (value, gradient)``: the first
``sweep`` axes of the array w are a sweep, and the value has their shape.  `oracles.with_penalty`
adds one to an objective.
"""

from functools import wraps

import numpy as np

from optilab.valid import require, require_function, require_generator


def l2(strength):
    r"""Penalize :math:`\frac{\lambda}{2} \sum w^2`: every step shrinks each weight by a share.

    The same as torch's ``weight_decay`` in SGD.  Keras' ``L2`` has no half: its strength is half
    as large for the same effect.  Under Adam the shrinking is rescaled with the gradient, which
    `adamw` avoids (Loshchilov & Hutter, 2019).
    """
    require("l2", "at least 0", strength=strength)
    return lambda w, sweep=0: (strength / 2 * _sum(w**2, sweep), strength * w)


def l1(strength):
    r"""Penalize :math:`\lambda \sum |w|`: every step moves each weight towards 0 by an amount.

    At 0 the subgradient is 0, as in torch; JAX gives +1.  Steps jump over 0 and leave small
    weights; `soft_threshold` leaves exact zeros.  Tibshirani (1996).
    """
    require("l1", "at least 0", strength=strength)
    return lambda w, sweep=0: (strength * _sum(np.abs(w), sweep), strength * np.sign(w))


def elastic_net(strength, ratio=0.5):
    """Mix ``ratio`` parts of `l1` with ``1 - ratio`` parts of `l2`.

    Zou & Hastie (2005), in the form of scikit-learn's ``ElasticNet(alpha, l1_ratio)``.
    """
    require("elastic_net", "at least 0", strength=strength)
    require("elastic_net", "in [0, 1]", ratio=ratio)
    lasso, ridge = l1(strength * ratio), l2(strength * (1 - ratio))

    def penalty(w, sweep=0):
        (a, da), (b, db) = lasso(w, sweep), ridge(w, sweep)
        return a + b, da + db

    return penalty


def soft_threshold(w, amount):
    """Move every weight towards 0 by ``amount``, and those nearer than that to exactly 0.

    The proximal step of `l1`: ``projected(gd, lambda w: soft_threshold(w, lr * strength))``.
    """
    require("soft_threshold", "at least 0", amount=amount)
    return np.sign(w) * np.maximum(np.abs(w) - amount, 0)


def max_norm(w, limit, axis=-2):
    """Shrink every column of ``w (..., fan_in, fan_out)`` that is longer than ``limit`` to it.

    Srivastava et al. (2014).  Keras' ``MaxNorm`` (limit 2 by default) also shrinks the shorter
    ones, by a factor 1 - 1e-7 / norm.
    """
    require("max_norm", "positive", limit=limit)
    if w.ndim < 2:
        raise ValueError(f"max_norm(): w must be (..., fan_in, fan_out), not {w.shape}")
    norm = np.sqrt((w**2).sum(axis, keepdims=True))
    return w * (limit / np.maximum(norm, limit))


def projected(rule, projection):
    """Return the rule that follows each step of ``rule`` by ``projection(w) -> w``.

    For constraints, such as ``lambda w: np.clip(w, -1, 1)`` or `max_norm`, and for proximal steps.
    In a dict of weights each array is projected on its own.
    """
    require_function("projected", "adam", rule=rule)
    require_function("projected", "lambda w: np.clip(w, -1, 1)", projection=projection)

    @wraps(rule)
    def constrained(*args, **settings):
        out = rule(*args, **settings)
        if isinstance(out, tuple):
            return projection(out[0]), *out[1:]
        return projection(out)

    return constrained


def dropout(p, rng):
    """Return a layer ``h (..., n, units) -> (output, back)`` that drops units, for training.

    Each unit of each row becomes 0 with probability ``p``, the rest are divided by 1 - p, so that
    the mean stays and nothing is to be done at test time ("inverted dropout").  ``back`` drops
    the same units of the slope.  All members of a sweep lose the same units.

    Srivastava et al. (2014), where p is the probability to stay.  In torch and Keras it is the
    probability to go, as here; both also allow p = 1.

    Parameters
    ----------
    p : float in [0, 1)
    rng : numpy.random.Generator
    """
    require("dropout", "in [0, 1)", p=p)
    require_generator("dropout", rng)

    def drop(h):
        mask = (rng.random(h.shape[-2:]) >= p).astype(h.dtype) / (1 - p)
        return h * mask, lambda dh: dh * mask

    return drop


def polyak(w, mean=0.0, t=1):
    r"""Average all weights so far: :math:`\bar w_t = \bar w_{t-1} + (w_t - \bar w_{t-1}) / t`.

    Polyak & Juditsky (1992).  Start it where the noise floor is reached, with t = 1.  torch's
    ``AveragedModel``.
    """
    require("polyak", "at least 1", t=t)
    return mean + (w - mean) / t


def ema(w, mean=0.0, t=1, *, beta=0.999):
    r"""Average the last weights, about :math:`1 / (1 - \beta)` of them.

    .. math:: \bar w_t = \bar w_{t-1} + \frac{1 - \beta}{1 - \beta^t} (w_t - \bar w_{t-1})

    An exponential moving average that is bias-corrected as in `adam`, so that it starts as
    `polyak` and equals ``optax.ema``.  torch's ``get_ema_multi_avg_fn`` starts at the first
    weights instead and stays near them for long.
    """
    require("ema", "at least 1", t=t)
    require("ema", "in [0, 1)", beta=beta)
    return mean + (1 - beta) / (1 - beta**t) * (w - mean)


def _sum(x, sweep):
    return x.sum(tuple(range(sweep, x.ndim)))
