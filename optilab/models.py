"""Models: ``model(params, X) -> (prediction, back)``.

``X`` is ``(n, d)``; ``params`` is a dict of arrays whose last axes are the weight and whose
leading axes, if any, are a sweep.  ``back`` carries d loss / d prediction back to a dict
of gradients shaped like ``params``: the chain rule, one line for each line going forward.
Everything is computed in the type of the weights.

All raise ValueError when X does not fit the weights.
"""

from collections.abc import Callable
from itertools import pairwise

import numpy as np


def linear(params, X):
    """Return ``X w + b`` of shape ``(..., n)``, for ``w (..., d)`` and ``b (...)``."""
    w, b = params["w"], params["b"]
    X = _fit(X, w, w.shape[-1])

    def back(dp):
        return {"w": dp @ X, "b": dp.sum(-1)}

    return w @ X.T + b[..., None], back


def linear_init(d):
    """Return zero weights for d columns: the loss is convex, so any start will do."""
    return {"w": np.zeros(d), "b": np.zeros(())}


# Each activation, and its slope in terms of its own output a.
ACTIVATIONS: dict[str, tuple[Callable, Callable]] = {
    "relu": (lambda z: np.maximum(z, 0), lambda a: a > 0),
    "sigmoid": (lambda z: (1 + np.tanh(z / 2)) / 2, lambda a: a * (1 - a)),
    "tanh": (np.tanh, lambda a: 1 - a**2),
}


def mlp(params, X, activation="tanh"):
    """Fully connected network with layers ``W1, b1, ..., WL, bL``; the last one is linear.

    Parameters
    ----------
    params : dict
        ``Wi (..., fan_in, fan_out)`` and ``bi (..., fan_out)``.
    X : array (n, d)
    activation : {"tanh", "relu", "sigmoid"}
        Between the layers; the slope of relu at 0 is 0, as in torch.

    Returns
    -------
    prediction : array (..., n, outputs)
    back : function
    """
    if activation not in ACTIVATIONS:
        raise ValueError(f"mlp(): no activation {activation!r}, only {', '.join(ACTIVATIONS)}")
    f, slope = ACTIVATIONS[activation]
    depth = len(params) // 2
    a = [_fit(X, params["W1"], params["W1"].shape[-2])]
    for i in range(1, depth + 1):
        z = a[-1] @ params[f"W{i}"] + params[f"b{i}"][..., None, :]
        a.append(f(z) if i < depth else z)

    def back(dz):
        grads = {}
        for i in range(depth, 0, -1):
            grads[f"W{i}"] = np.swapaxes(a[i - 1], -1, -2) @ dz
            grads[f"b{i}"] = dz.sum(-2)
            if i > 1:
                dz = (dz @ np.swapaxes(params[f"W{i}"], -1, -2)) * slope(a[i - 1])
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


def one_output(model):
    """Drop the last axis of a model with a single output: ``(..., n, 1) -> (..., n)``.

    So `mlp` predicts one number per row, as `squared` and `logistic` expect.
    """

    def predict(params, X):
        prediction, back = model(params, X)
        return prediction[..., 0], lambda dp: back(dp[..., None])

    return predict


def _fit(X, weights, d):
    """Return X in the type of the weights, which have d rows, or say why it does not fit."""
    X = np.asarray(X, np.result_type(weights, 0.0))
    if X.ndim != 2 or X.shape[1] != d:
        raise ValueError(f"X must be (n, {d}) for weights of shape {weights.shape}, not {X.shape}")
    return X
