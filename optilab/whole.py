"""Update rules that need a whole tensor at once; otherwise like those of `optilab.rules`."""

import numpy as np


def muon(w, g, m=0.0, *, lr=0.001, beta=0.95, eps=1e-7, wd=0.1):
    r"""Muon: momentum, its singular values all brought near 1.

    .. math:: m_t = \beta m_{t-1} + (1-\beta) g_t \qquad
              o_t = \mathrm{orthogonal}\big(\beta m_t + (1-\beta) g_t\big)

    .. math:: w_t = (1 - \eta\lambda) w_{t-1} - \eta \sqrt{\max(1, r / c)} \, o_t

    Jordan et al. (2024), https://kellerjordan.github.io/posts/muon.  ``w`` is a matrix of r rows
    and c columns, or many along the leading axes; vectors keep another rule.  PyTorch rounds to
    bfloat16 before it orthogonalizes.  Keras has :math:`0.2 \sqrt{\max(r, c)}` for the root;
    optax has c / r in it, and corrects m for its start at zero.
    """
    if w.ndim < 2:
        raise ValueError(f"muon() moves matrices, not weights of shape {w.shape}")
    rows, columns = w.shape[-2:]
    m = beta * m + (1 - beta) * g
    step = orthogonal(beta * m + (1 - beta) * g, eps)
    return (1 - lr * wd) * w - lr * max(1, rows / columns) ** 0.5 * step, m


def orthogonal(x, eps=1e-7):
    r"""Return roughly the nearest orthogonal matrix: singular values between 0.7 and 1.2.

    Five steps of a Newton-Schulz iteration, an odd polynomial that acts on the singular values
    alone,

    .. math:: x \leftarrow 3.4445 \, x - 4.775 \, x x^\top x + 2.0315 \, (x x^\top)^2 x.

    Parameters
    ----------
    x : array (..., rows, columns)
    eps : float
        The least norm to divide by, so that 0 stays 0.
    """
    if x.shape[-2] > x.shape[-1]:
        return orthogonal(x.mT, eps).mT
    x = x / np.maximum(np.linalg.norm(x, axis=(-2, -1), keepdims=True), eps)
    for _ in range(5):
        square = x @ x.mT
        x = 3.4445 * x + (-4.775 * square + 2.0315 * square @ square) @ x
    return x
