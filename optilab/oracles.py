"""Oracles: ``oracle(w, *batch) -> (loss, gradient)``, the question that a step asks.

What changes the gradient wraps the oracle; what changes the step is a rule.  Wrappers nest:
``with_clipping(with_penalty(objective(mlp, cross_entropy), l2(0.01)), clip_by_norm(1.0))``.

The weights are an array or a dict of arrays.  The axes of the loss are those of the sweep, and
norms and penalties are taken for each member of it.
"""

import numpy as np

from optilab.trees import global_norm, scaled, tree_map
from optilab.valid import require, require_function, require_generator


def objective(model, loss):
    """Return the oracle ``(params, X, y) -> (value, gradients)`` of a model under a loss.

    Parameters
    ----------
    model : function ``(params, X) -> (prediction, back)``
    loss : function ``(prediction, y) -> (value, d value / d prediction)``
    """
    require_function("objective", "linear", model=model)
    require_function("objective", "squared", loss=loss)

    def oracle(params, X, y):
        prediction, back = model(params, X)
        value, dp = loss(prediction, y)
        return value, back(dp)

    return oracle


def with_penalty(oracle, penalty):
    """Add a penalty, such as `l2`, on the weights; biases, named ``b...`` in a dict, are free."""
    require_function("with_penalty", "l2(0.01)", penalty=penalty)

    def penalized(w, *batch):
        value, g = oracle(w, *batch)
        sweep = np.ndim(value)
        if not isinstance(w, dict):
            cost, slope = penalty(w, sweep)
            return value + cost, g + slope
        terms = {name: penalty(x, sweep) for name, x in w.items() if not name.startswith("b")}
        value = value + sum(cost for cost, _ in terms.values())
        return value, g | {name: g[name] + slope for name, (_, slope) in terms.items()}

    return penalized


def with_clipping(oracle, clip):
    """Pass the gradient through a clip, such as `clip_by_global_norm`."""
    require_function("with_clipping", "clip_by_norm(1.0)", clip=clip)

    def clipped(w, *batch):
        value, g = oracle(w, *batch)
        return value, clip(g, np.ndim(value))

    return clipped


def with_noise(oracle, sigma, rng):
    """Add normal noise of standard deviation ``sigma`` to every entry of the gradient.

    The stand-in for minibatches on a landscape: the noise floor without data.  Each entry of a
    sweep has its own noise, drawn from the ``numpy.random.Generator``.
    """
    require("with_noise", "at least 0", sigma=sigma)
    require_generator("with_noise", rng)

    def noisy(w, *batch):
        value, g = oracle(w, *batch)
        return value, tree_map(lambda x: x + sigma * rng.standard_normal(x.shape, x.dtype), g)

    return noisy


def sam(oracle, rho=0.05):
    r"""Take the gradient uphill, at :math:`w + \rho\, g / \|g\|`: sharpness-aware minimization.

    Foret et al. (2021).  Valleys narrower than :math:`\rho` lose their attraction.  It asks the
    oracle twice; the loss is that at w.
    """
    require("sam", "at least 0", rho=rho)

    def sharpness_aware(w, *batch):
        value, g = oracle(w, *batch)
        norm = global_norm(g, np.ndim(value))
        uphill = scaled(g, rho / np.where(norm > 0, norm, 1))
        return value, oracle(tree_map(np.add, w, uphill), *batch)[1]

    return sharpness_aware


def clip_by_value(limit):
    """Return the clip of every entry to [-limit, limit].  NaN stays NaN."""
    require("clip_by_value", "positive", limit=limit)
    return lambda g, sweep=0: tree_map(lambda x: np.clip(x, -limit, limit), g)


def clip_by_norm(limit):
    """Return the clip of every array to a norm of at most ``limit``; each of a dict on its own.

    Keras' ``clipnorm``.  See `clip_by_global_norm` for what becomes of infinity and NaN.
    """
    require("clip_by_norm", "positive", limit=limit)
    return lambda g, sweep=0: tree_map(lambda x: _shrink(x, limit, sweep), g)


def clip_by_global_norm(limit):
    """Return the clip of a whole gradient to a norm of at most ``limit``; its direction stays.

    Pascanu et al. (2013).  A gradient within the limit is untouched, to the last bit, as in
    optax; torch's ``clip_grad_norm_`` divides by the norm + 1e-6.

    One infinite entry becomes NaN and the finite ones 0, as in torch and optax; one NaN makes
    every entry NaN: the run has diverged, and it shows.
    """
    require("clip_by_global_norm", "positive", limit=limit)
    return lambda g, sweep=0: _shrink(g, limit, sweep)


def _shrink(g, limit, sweep):
    return scaled(g, limit / np.maximum(global_norm(g, sweep), limit))
