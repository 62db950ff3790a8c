"""Models: ``model(params, X) -> (prediction, back)``.

``X`` is ``(n, d)``; ``params`` is a dict of arrays whose last axes are the weight and whose
leading axes, if any, are a sweep.  ``back`` carries d loss / d prediction back to a dict
of gradients shaped like ``params``: the chain rule, one line for each line going forward.
"""

from itertools import pairwise

import numpy as np


def linear(params, X):
    """Return ``X w + b`` of shape ``(..., n)``, for ``w (..., d)`` and ``b (...)``."""
    w, b = params["w"], params["b"]

    def back(dp):
        return {"w": dp @ X, "b": dp.sum(-1)}

    return w @ X.T + b[..., None], back


def linear_init(d):
    """Return zero weights for d columns: the loss is convex, so any start will do."""
    return {"w": np.zeros(d), "b": np.zeros(())}


def mlp(params, X):
    """Tanh network with layers ``W1, b1, ..., WL, bL``; the last layer is linear.

    Returns predictions ``(..., n, sizes[-1])``, for ``Wi (..., fan_in, fan_out)`` and
    ``bi (..., fan_out)``.
    """
    depth = len(params) // 2
    a = [X]
    for i in range(1, depth + 1):
        z = a[-1] @ params[f"W{i}"] + params[f"b{i}"][..., None, :]
        a.append(np.tanh(z) if i < depth else z)

    def back(dz):
        grads = {}
        for i in range(depth, 0, -1):
            grads[f"W{i}"] = np.swapaxes(a[i - 1], -1, -2) @ dz
            grads[f"b{i}"] = dz.sum(-2)
            if i > 1:
                dz = (dz @ np.swapaxes(params[f"W{i}"], -1, -2)) * (1 - a[i - 1] ** 2)
        return grads

    return a[-1], back


def mlp_init(rng, sizes):
    """Return Glorot normal weights and zero biases for layers of the given sizes.

    Glorot & Bengio (2010), equation 12: variance 2 / (fan_in + fan_out).
    """
    params = {}
    for i, (fan_in, fan_out) in enumerate(pairwise(sizes), start=1):
        params[f"W{i}"] = rng.normal(0, np.sqrt(2 / (fan_in + fan_out)), (fan_in, fan_out))
        params[f"b{i}"] = np.zeros(fan_out)
    return params
