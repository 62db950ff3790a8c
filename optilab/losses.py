"""Losses: ``loss(prediction, target) -> (value, d value / d prediction)``.

Predictions are ``(..., n)``, or ``(..., n, classes)`` for `cross_entropy`; leading axes are a
sweep and the value has their shape.  Every loss is a mean over the n examples.
"""

import numpy as np


def squared(p, y):
    r"""Half the mean squared error: estimates the mean of y.

    .. math:: \frac{1}{2n} \sum_i (p_i - y_i)^2

    The gradient is the residual over n.  ``torch.nn.MSELoss`` and Keras leave the half out,
    so their loss and gradient are twice these; ``optax.l2_loss`` has it.
    """
    r = p - y
    return (r**2).mean(-1) / 2, r / r.shape[-1]


def absolute(p, y):
    r"""Mean absolute error: estimates the median of y.

    .. math:: \frac{1}{n} \sum_i |p_i - y_i|

    At a residual of exactly 0 the subgradient is 0, as in torch; JAX gives +1.
    """
    r = p - y
    return np.abs(r).mean(-1), np.sign(r) / r.shape[-1]


def huber(p, y, delta=1.0):
    r"""Squared error up to ``delta``, absolute error beyond: few outliers cannot rule.

    .. math:: \frac{1}{n} \sum_i \begin{cases} r_i^2 / 2 & |r_i| \le \delta \\
              \delta (|r_i| - \delta / 2) & |r_i| > \delta \end{cases}

    Huber (1964); ``delta`` has the unit of y.  torch, Keras and optax agree; torch's
    ``SmoothL1Loss(beta)`` is this with delta = beta, divided by beta.
    """
    r = p - y
    capped = np.clip(r, -delta, delta)
    return (capped * (r - capped / 2)).mean(-1), capped / r.shape[-1]


def logistic(z, y):
    r"""Binary cross-entropy of labels y in {0, 1}, given logits z.

    .. math:: \frac{1}{n} \sum_i \log(1 + e^{z_i}) - y_i z_i

    Finite for any finite logit.  Equal to torch's ``BCEWithLogitsLoss``, Keras'
    ``BinaryCrossentropy(from_logits=True)`` and ``optax.sigmoid_binary_cross_entropy``.
    """
    softplus = np.logaddexp(0, z)
    return (softplus - y * z).mean(-1), (np.exp(z - softplus) - y) / z.shape[-1]


def cross_entropy(z, y):
    r"""Cross-entropy of integer labels y ``(n,)``, given logits z ``(..., n, classes)``.

    .. math:: -\frac{1}{n} \sum_i \log \operatorname{softmax}(z_i)_{y_i}

    Equal to torch's ``CrossEntropyLoss`` and Keras'
    ``SparseCategoricalCrossentropy(from_logits=True)``; optax returns it row by row.
    """
    log_p = z - np.logaddexp.reduce(z, axis=-1, keepdims=True)
    one_hot = np.eye(z.shape[-1], dtype=z.dtype)[y]
    return -(one_hot * log_p).sum(-1).mean(-1), (np.exp(log_p) - one_hot) / z.shape[-2]
