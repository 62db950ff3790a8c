r"""Losses: ``loss(prediction, target) -> (value, d value / d prediction)``.

Predictions are ``(..., n)`` with targets ``(n,)``, or logits ``(..., n, classes)``; leading axes
are a sweep, and the value has their shape.  float32 predictions give float32 results.

Every loss is a mean over the n examples; `total` makes it a sum.  The mean is torch's and Keras'
default; optax returns the losses one by one.

All raise ValueError when the targets do not fit the predictions.
"""

import numpy as np


def squared(p, y):
    r"""Half the mean squared error: estimates the mean of y.

    .. math:: \frac{1}{2n} \sum_i (p_i - y_i)^2

    The gradient is the residual over n.  ``torch.nn.MSELoss``, Keras' ``MeanSquaredError`` and
    ``optax.squared_error`` leave the half out, so their loss and gradient are twice these;
    ``optax.l2_loss`` has it.
    """
    p, y = _fit(p, y)
    r = p - y
    return (r**2).mean(-1) / 2, r / r.shape[-1]


def absolute(p, y):
    r"""Mean absolute error: estimates the median of y.

    .. math:: \frac{1}{n} \sum_i |p_i - y_i|

    At a residual of exactly 0 the subgradient is 0, as in torch; JAX gives +1.
    """
    p, y = _fit(p, y)
    r = p - y
    return np.abs(r).mean(-1), np.sign(r) / r.shape[-1]


def huber(p, y, delta=1.0):
    r"""Squared error up to ``delta``, absolute error beyond: few outliers cannot rule.

    .. math:: \frac{1}{n} \sum_i \begin{cases} r_i^2 / 2 & |r_i| \le \delta \\
              \delta (|r_i| - \delta / 2) & |r_i| > \delta \end{cases}
              \qquad r_i = p_i - y_i

    Huber (1964); ``delta`` has the unit of y.  torch, Keras and optax agree; torch's
    ``SmoothL1Loss(beta)`` is this with delta = beta, divided by beta.
    """
    p, y = _fit(p, y)
    r = p - y
    capped = np.clip(r, -delta, delta)
    return (capped * (r - capped / 2)).mean(-1), capped / r.shape[-1]


def logistic(z, y):
    r"""Binary cross-entropy of labels y in {0, 1}, given logits z.

    .. math:: -\frac{1}{n} \sum_i y_i \log \sigma(z_i) + (1 - y_i) \log (1 - \sigma(z_i))

    Any y in [0, 1] is a probability of class 1.  Finite for any finite logit.  Equal to torch's
    ``BCEWithLogitsLoss``, Keras' ``BinaryCrossentropy(from_logits=True)`` and
    ``optax.sigmoid_binary_cross_entropy``.
    """
    z, y = _fit(z, y)
    log_p, log_q = -np.logaddexp(0, -z), -np.logaddexp(0, z)
    return -(y * log_p + (1 - y) * log_q).mean(-1), (np.exp(log_p) - y) / z.shape[-1]


def cross_entropy(z, y):
    r"""Cross-entropy of class labels y, given logits z ``(..., n, classes)``.

    .. math:: -\frac{1}{n} \sum_i \log \operatorname{softmax}(z_i)_{y_i}

    Equal to torch's ``CrossEntropyLoss``, Keras' ``CategoricalCrossentropy(from_logits=True)``
    and ``optax.softmax_cross_entropy``, each with its twin for integer labels.

    Parameters
    ----------
    z : array (..., n, classes)
    y : integers (n,), or a probability for every class (n, classes)
    """
    z, y = _fit_classes(z, y)
    z = z - z.max(-1, keepdims=True)  # so that exp cannot overflow
    log_p = z - np.log(np.exp(z).sum(-1, keepdims=True))
    return -(y * log_p).sum(-1).mean(-1), (np.exp(log_p) - y) / z.shape[-2]


def _fit(p, y):
    """Return predictions and targets as floats of one type, or say why they do not fit."""
    p, y = _floats(p), np.asarray(y)
    if not p.ndim or y.shape != p.shape[-1:]:
        raise ValueError(
            f"predictions (..., n) have shape {p.shape} and targets (n,) have shape {y.shape}: "
            "the number of examples must agree"
        )
    return p, y.astype(p.dtype)


def _fit_classes(z, y):
    """Return logits and a row of probabilities per example, made from labels if need be."""
    z, y = _floats(z), np.asarray(y)
    labels = y.dtype.kind in "iub" and y.shape == z.shape[-2:-1]
    if z.ndim < 2 or not (labels or y.shape == z.shape[-2:]):
        raise ValueError(
            f"logits (..., n, classes) of shape {z.shape} need n integer labels or targets "
            f"(n, classes), not {y.dtype} of shape {y.shape}"
        )
    if not labels:
        return z, y.astype(z.dtype)
    classes = z.shape[-1]
    if y.size and not 0 <= y.min() <= y.max() < classes:
        raise ValueError(f"labels {y.min()}..{y.max()} for the classes 0..{classes - 1}")
    return z, np.eye(classes, dtype=z.dtype)[y.astype(int)]


def _floats(x):
    return np.multiply(x, 1.0)  # integers become floats, float32 stays
