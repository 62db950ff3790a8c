r"""Update rules: one function per optimizer, in the order the book meets them.

Every rule has the same shape::

    def rule(w, g, *state, t, *, hyperparameters):
        ...
        return new_w, *new_state

``w`` are the weights and ``g`` the gradient at ``w``.  A state variable carries its value
before the first step as its default - "initialise m = 0, v = 0" is the signature - so
``adam(w, g)`` is step one.  ``t`` counts steps from 1.  Keyword-only arguments are the
hyperparameters: numbers, or arrays that broadcast against ``w``.

Rules are pure and elementwise: nothing is changed in place, all arrays share the shape of
``w``, and the same function serves one point, a batch of points ``(..., d)`` and each
tensor of a network.  The names are those of the notation table: lr is :math:`\eta`, wd is
:math:`\lambda`.
"""


def gd(w, g, *, lr=0.1):
    r"""Gradient descent: step against the slope.

    .. math:: w_t = w_{t-1} - \eta g_t

    Cauchy (1847).
    """
    return w - lr * g


def momentum(w, g, v=0.0, *, lr=0.1, beta=0.9):
    r"""Heavy ball: move along a velocity that accumulates gradients.

    .. math:: v_t = \beta v_{t-1} + g_t \qquad w_t = w_{t-1} - \eta v_t

    Polyak (1964).  PyTorch's form; Keras keeps :math:`-\eta` inside v, which is the same
    path at constant :math:`\eta` and another under a schedule.
    """
    v = beta * v + g
    return w - lr * v, v


def nesterov(w, g, v=0.0, *, lr=0.1, beta=0.9):
    r"""Momentum that also takes the coming velocity into account.

    .. math:: v_t = \beta v_{t-1} + g_t \qquad w_t = w_{t-1} - \eta (g_t + \beta v_t)

    Nesterov (1983), in the coordinates of Sutskever et al. (2013): w is the look-ahead point.
    """
    v = beta * v + g
    return w - lr * (g + beta * v), v


RULES = {rule.__name__: rule for rule in (gd, momentum, nesterov)}
