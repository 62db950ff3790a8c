"""Models: ``model(params, X) -> (prediction, back)``.

``X`` is ``(n, d)``; ``params`` is a dict of arrays whose last axes are the weight and whose
leading axes, if any, are a sweep.  ``back`` carries d loss / d prediction back to a dict
of gradients shaped like ``params``: the chain rule, one line for each line going forward.
Everything is computed in the type of the weights.

All raise ValueError when X or the weights do not fit each other.
"""

from collections.abc import Callable
from itertools import pairwise
from math import isqrt

import numpy as np

from optilab.valid import floats, nearest, require, require_function, require_generator


def linear(params, X):
    """Return ``X w + b`` of shape ``(..., n)``, for ``w (..., d)`` and ``b (...)``."""
    w, b = _named(params, "w", "b")
    X = _fit(X, w, w.shape[-1])

    def back(dp):
        return {"w": dp @ X, "b": dp.sum(-1)}

    return w @ X.T + b[..., None], back


def linear_init(d):
    """Return zero weights for d columns: the loss is convex, so any start will do."""
    require("linear_init", "a whole number from 1", d=d)
    return {"w": np.zeros(d), "b": np.zeros(())}


# Each activation, and its slope in terms of its own output a.
ACTIVATIONS: dict[str, tuple[Callable, Callable]] = {
    "relu": (lambda z: np.maximum(z, 0), lambda a: a > 0),
    "sigmoid": (lambda z: (1 + np.tanh(z / 2)) / 2, lambda a: a * (1 - a)),
    "tanh": (np.tanh, lambda a: 1 - a**2),
}


def mlp(params, X, activation="tanh", drop=None):
    """Fully connected network with layers ``W1, b1, ..., WL, bL``; the last one is linear.

    Parameters
    ----------
    params : dict
        ``Wi (..., fan_in, fan_out)`` and ``bi (..., fan_out)``.
    X : array (n, d)
    activation : {"tanh", "relu", "sigmoid"}
        Between the layers; the slope of relu at 0 is 0, as in torch.
    drop : layer, optional
        Follows every activation in training: ``dropout(0.5, rng)``.

    Returns
    -------
    prediction : array (..., n, outputs)
    back : function
    """
    if activation not in ACTIVATIONS:
        raise ValueError(
            f"mlp(): no activation {activation!r}, "
            f"only {', '.join(ACTIVATIONS)}{nearest(activation, ACTIVATIONS)}"
        )
    if drop is not None:
        require_function("mlp", "dropout(0.5, rng)", drop=drop)
    f, slope = ACTIVATIONS[activation]
    (W1,) = _named(params, "W1")
    depth = (len(params) + 1) // 2
    inputs, hidden = [_fit(X, W1, W1.shape[-2])], []
    for i in range(1, depth):
        a = f(_affine(params, i, inputs[-1]))
        h, undrop = drop(a) if drop else (a, lambda dh: dh)
        inputs.append(h)
        hidden.append((a, undrop))

    def back(dz):
        grads = {}
        for i in range(depth, 0, -1):
            grads[f"W{i}"] = _T(inputs[i - 1]) @ dz
            grads[f"b{i}"] = dz.sum(-2)
            if i > 1:
                a, undrop = hidden[i - 2]
                dz = undrop(dz @ _T(params[f"W{i}"])) * slope(a)
        return grads

    return _affine(params, depth, inputs[-1]), back


def mlp_init(rng, sizes):
    """Return Glorot normal weights and zero biases for layers of the given sizes.

    Glorot & Bengio (2010), equation 12: variance 2 / (fan_in + fan_out).
    """
    require_generator("mlp_init", rng)
    require("mlp_init", "a whole number from 1", sizes=sizes)
    if np.size(sizes) < 2:
        raise ValueError(f"mlp_init(): sizes are those of input and output at least, not {sizes}")
    params = {}
    for i, (fan_in, fan_out) in enumerate(pairwise(sizes), start=1):
        params[f"W{i}"] = rng.normal(0, np.sqrt(2 / (fan_in + fan_out)), (fan_in, fan_out))
        params[f"b{i}"] = np.zeros(fan_out)
    return params


def cnn(params, X):
    """Network of one convolution, relu and one linear layer, for square images.

    A convolution is a fully connected layer that meets each patch of k x k pixels in turn.

    Parameters
    ----------
    params : dict
        ``W1 (..., k * k, filters)``, ``W2 (..., places * filters, outputs)``, ``b1`` and ``b2``;
        an image of s x s pixels has (s - k + 1)**2 places.
    X : array (n, s * s)
        Pixels row by row.

    Returns
    -------
    prediction : array (..., n, outputs)
    back : function
    """
    W1, W2 = _named(params, "W1", "W2")
    (k2, filters), rows = W1.shape[-2:], W2.shape[-2]
    k = isqrt(k2)
    side = isqrt(rows // filters) + k - 1
    X = _fit(X, W1, side * side)
    windows = np.lib.stride_tricks.sliding_window_view(X.reshape(-1, side, side), (k, k), (1, 2))
    patches = windows.reshape(-1, k2)
    a = np.maximum(_affine(params, 1, patches), 0)
    h = a.reshape(*a.shape[:-2], len(X), rows)

    def back(dz):
        da = (dz @ _T(params["W2"])).reshape(a.shape) * (a > 0)
        return {"W1": patches.T @ da, "b1": da.sum(-2), "W2": _T(h) @ dz, "b2": dz.sum(-2)}

    return _affine(params, 2, h), back


def cnn_init(rng, side=8, k=3, filters=8, outputs=10):
    """Return Glorot normal weights and zero biases for `cnn`."""
    if not 0 < k <= side:
        raise ValueError(f"cnn_init(): a patch of {k} x {k} does not fit {side} x {side} pixels")
    first = mlp_init(rng, (k * k, filters))
    last = mlp_init(rng, ((side - k + 1) ** 2 * filters, outputs))
    return first | {"W2": last["W1"], "b2": last["b1"]}


def one_output(model):
    """Drop the last axis of a model with a single output: ``(..., n, 1) -> (..., n)``.

    So `mlp` predicts one number per row, as `squared` and `logistic` expect.
    """

    def predict(params, X):
        prediction, back = model(params, X)
        if prediction.shape[-1] != 1:
            raise ValueError(f"one_output(): the model has {prediction.shape[-1]} outputs, not 1")
        return prediction[..., 0], lambda dp: back(dp[..., None])

    return predict


def _affine(params, i, h):
    W, b = _named(params, f"W{i}", f"b{i}")
    if h.shape[-1] != W.shape[-2] or W.shape[-1] != b.shape[-1]:
        raise ValueError(
            f"W{i} {W.shape} and b{i} {b.shape} do not fit each other, or the {h.shape[-1]} inputs"
        )
    return h @ W + b[..., None, :]


def _T(x):
    return np.swapaxes(x, -1, -2)


def _fit(X, weights, d):
    """Return X in the type of the weights, which have d rows, or say why it does not fit."""
    X = floats("X", X).astype(np.result_type(weights, 0.0), copy=False)
    if X.ndim != 2 or X.shape[1] != d:
        raise ValueError(f"X must be (n, {d}) for weights of shape {weights.shape}, not {X.shape}")
    return X


def _named(params, *names):
    """Return these weights, or say which one lacks."""
    for name in names:
        if not isinstance(params, dict) or name not in params:
            given = ", ".join(params) if isinstance(params, dict) else type(params).__name__
            raise ValueError(f"the weights need {name!r}, but have {given or 'nothing'}")
    return [params[name] for name in names]
