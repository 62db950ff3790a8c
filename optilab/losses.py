r"""Losses: ``loss(prediction, target) -> (value, d value / d prediction)``.

Predictions are ``(..., n)`` with targets ``(n,)``, or logits ``(..., n, classes)``; leading axes
are a sweep, and the value has their shape.  float32 predictions give float32 results.

Every loss is a mean over the n examples; `total` makes it a sum.  The mean is the default of
torch and Keras too; optax returns the losses one by one.

All raise ValueError when the targets do not fit the predictions, or a setting is out of range, and
TypeError for what are no numbers.
"""

from math import log

import numpy as np

from optilab.valid import floats, require, require_function, shown


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
    require("huber", "positive", delta=delta)
    p, y = _fit(p, y)
    r = p - y
    capped = np.clip(r, -delta, delta)
    return (capped * (r - capped / 2)).mean(-1), capped / r.shape[-1]


def quantile(p, y, tau=0.5):
    r"""Pinball loss: estimates the ``tau`` quantile of y.

    .. math:: \frac{1}{n} \sum_i \max(\tau (y_i - p_i), (\tau - 1) (y_i - p_i))

    Koenker & Bassett (1978).  Half the absolute error at tau = 0.5; at a residual of exactly 0 the
    subgradient is the middle one.  scikit-learn calls it ``mean_pinball_loss(alpha=tau)``.
    """
    require("quantile", "between 0 and 1", tau=tau)
    p, y = _fit(p, y)
    r = p - y
    slope = np.sign(r) / 2 + (0.5 - tau)
    return (slope * r).mean(-1), slope / r.shape[-1]


def log_cosh(p, y):
    r"""Smooth `huber`: half the squared error near 0, absolute error less log 2 far out.

    .. math:: \frac{1}{n} \sum_i \log \cosh (p_i - y_i)

    Finite for any finite residual.  Equal to Keras' ``LogCosh`` and ``optax.log_cosh``.
    """
    p, y = _fit(p, y)
    r = p - y
    return (np.logaddexp(r, -r) - log(2)).mean(-1), np.tanh(r) / r.shape[-1]


def hinge(z, y):
    r"""Hinge loss of labels y in {-1, +1}, given scores z: asks for a margin of 1.

    .. math:: \frac{1}{n} \sum_i \max(0, 1 - y_i z_i)

    Cortes & Vapnik (1995).  At a margin of exactly 1 the subgradient is 0; JAX halves the slope
    there.  Otherwise equal to ``optax.hinge_loss`` and Keras' ``Hinge``, which also takes labels in
    {0, 1} and turns them into these.
    """
    z, y = _fit(z, y)
    odd = y[np.abs(y) != 1]
    if odd.size:
        raise ValueError(f"hinge(): labels are -1 or +1, not {odd[0]:g}")
    gap = 1 - y * z
    return np.maximum(gap, 0).mean(-1), -y * (gap > 0) / z.shape[-1]


def logistic(z, y):
    r"""Binary cross-entropy of labels y in {0, 1}, given logits z.

    .. math:: -\frac{1}{n} \sum_i \big(y_i \log \sigma(z_i) + (1 - y_i) \log (1 - \sigma(z_i))\big)

    Any y in [0, 1] is a probability of class 1.  Finite for any finite logit.  Equal to torch's
    ``BCEWithLogitsLoss``, Keras' ``BinaryCrossentropy(from_logits=True)`` and
    ``optax.sigmoid_binary_cross_entropy``.
    """
    z, y = _fit(z, y)
    _require_chances("logistic", y)
    log_p, log_q = -np.logaddexp(0, -z), -np.logaddexp(0, z)
    loss = -(y * log_p + (1 - y) * log_q).mean(-1)
    return loss, (np.exp(log_p) - y) / z.shape[-1]


def cross_entropy(z, y, label_smoothing=0.0):
    r"""Cross-entropy of class labels y, given logits z ``(..., n, classes)``.

    .. math:: -\frac{1}{n} \sum_i \log \operatorname{softmax}(z_i)_{y_i}

    Equal to torch's ``CrossEntropyLoss``, Keras' ``CategoricalCrossentropy(from_logits=True)``
    and ``optax.softmax_cross_entropy``, each with its twin for integer labels.

    Parameters
    ----------
    z : array (..., n, classes)
    y : integers (n,), or a probability for every class (n, classes)
    label_smoothing : float
        The share s of every target that is spread evenly over all K classes: the right class
        gets 1 - s + s / K.  Szegedy et al. (2016); torch, Keras and optax agree.
    """
    require("cross_entropy", "in [0, 1)", label_smoothing=label_smoothing)
    z, y = _fit_classes(z, y)
    y = (1 - label_smoothing) * y + label_smoothing / z.shape[-1]
    z = z - z.max(-1, keepdims=True)  # so that exp cannot overflow
    log_p = z - np.log(np.exp(z).sum(-1, keepdims=True))
    return -(y * log_p).sum(-1).mean(-1), (np.exp(log_p) - y) / z.shape[-2]


def kl_divergence(z, y):
    r"""Kullback-Leibler divergence of softmax(z) from the probabilities y ``(n, classes)``.

    .. math:: \frac{1}{n} \sum_i \sum_c y_{ic} \log \frac{y_{ic}}{\operatorname{softmax}(z_i)_c}

    The cross-entropy less the entropy of y, so it has the same gradient and a minimum of 0.
    z may be log-probabilities, as torch's ``KLDivLoss`` and ``optax.kl_divergence`` take.  torch's
    reduction "mean" divides by n times the classes, "batchmean" by n, as here.  Keras'
    ``KLDivergence`` takes probabilities and clips both to [1e-7, 1].
    """
    z, y = _fit_classes(z, y)
    value, slope = cross_entropy(z, y)
    return value + (y * np.log(np.where(y > 0, y, 1))).sum(-1).mean(-1), slope


def binary_cross_entropy(p, y, eps=1e-7):
    r"""`logistic` for probabilities p instead of logits, clipped to [eps, 1 - eps] as Keras does.

    .. math:: -\frac{1}{n} \sum_i \big(y_i \log p_i + (1 - y_i) \log (1 - p_i)\big)

    Outside the clip the gradient is 0, and a sure mistake costs 16.1 instead of infinity: learn
    from logits.  torch's ``BCELoss`` clamps the logarithm at -100 instead.
    """
    p, y = _fit(p, y)
    _require_chances("binary_cross_entropy", y)
    require("binary_cross_entropy", "between 0 and 1", eps=eps)
    q = np.clip(p, eps, 1 - eps)
    slope = np.where(p == q, (q - y) / (q * (1 - q)), 0)
    return -(y * np.log(q) + (1 - y) * np.log(1 - q)).mean(-1), slope / p.shape[-1]


def categorical_cross_entropy(p, y, eps=1e-7):
    r"""`cross_entropy` for rows of probabilities p ``(..., n, classes)``, as Keras computes it.

    .. math:: -\frac{1}{n} \sum_i \sum_c y_{ic} \log \frac{p_{ic}}{\sum_k p_{ik}}

    The rows are made to sum to 1 and clipped to [eps, 1 - eps], and what is clipped has gradient 0:
    logits fed by mistake raise no error.  torch has no such form: its ``NLLLoss`` takes log p.
    """
    p, y = _fit_classes(p, y)
    require("categorical_cross_entropy", "between 0 and 1", eps=eps)
    size = p.sum(-1, keepdims=True)
    share = p / size
    q = np.clip(share, eps, 1 - eps)
    slope = np.where(share == q, -y / q, 0)
    slope = (slope - (slope * share).sum(-1, keepdims=True)) / size
    return -(y * np.log(q)).sum(-1).mean(-1), slope / p.shape[-2]


def total(loss):
    """Return the loss as a sum over the examples instead of their mean.

    The gradient grows with n, so the largest stable learning rate shrinks with it.  torch and
    Keras: ``reduction="sum"``.
    """
    require_function("total", "squared", loss=loss)

    def summed(p, y):
        value, slope = loss(p, y)
        return value * len(y), slope * len(y)

    return summed


def _fit(p, y):
    """Return predictions and targets as floats of one type, or say why they do not fit."""
    p, y = floats("predictions", p), floats("targets", y)
    if y.ndim != 1 or y.shape != p.shape[-1:]:
        raise ValueError(
            f"predictions (..., n) have shape {p.shape} and targets (n,) have shape {y.shape}: "
            "the number of examples must agree"
        )
    _require_examples(y)
    return p, y.astype(p.dtype)


def _fit_classes(z, y):
    """Return logits and a row of probabilities per example, made from labels if need be."""
    z, y = floats("logits", z), np.asarray(y)
    labels = y.dtype.kind in "iub" and y.shape == z.shape[-2:-1]
    if z.ndim < 2 or not (labels or y.shape == z.shape[-2:]):
        raise ValueError(
            f"logits (..., n, classes) of shape {z.shape} need n integer labels or targets "
            f"(n, classes), not {y.dtype} of shape {y.shape}"
        )
    _require_examples(y)
    if not labels:
        y = floats("targets", y)
        odd = y[(y < 0).any(-1) | (np.abs(y.sum(-1) - 1) > 1e-3)]
        if odd.size:
            raise ValueError(
                f"targets (n, classes) are probabilities, in sum 1, not {shown(odd[0].tolist())}"
            )
        return z, y.astype(z.dtype)
    classes = z.shape[-1]
    odd = y[(y < 0) | (y >= classes)]
    if odd.size:
        raise ValueError(f"labels are 0..{classes - 1} for {classes} classes, not {odd[0]}")
    return z, np.eye(classes, dtype=z.dtype)[y.astype(int)]


def _require_examples(y):
    if not len(y):
        raise ValueError("a mean needs at least one example, not 0")


def _require_chances(name, y):
    odd = y[(y < 0) | (y > 1)]
    if odd.size:
        raise ValueError(f"{name}(): labels are 0 or 1, or a probability, not {odd[0]:g}")
