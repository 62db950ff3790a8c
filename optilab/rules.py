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

import numpy as np


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


def adagrad(w, g, s=0.0, *, lr=0.01, eps=1e-10):
    r"""Adagrad: divide each step by the root of all squared gradients so far.

    .. math:: s_t = s_{t-1} + g_t^2 \qquad
              w_t = w_{t-1} - \eta \frac{g_t}{\sqrt{s_t} + \epsilon}

    Duchi, Hazan & Singer (2011), figure 1 with the diagonal matrix.  Keras and optax start at
    s = 0.1, not 0, and put eps inside the root.
    """
    s = s + g**2
    return w - lr * g / (np.sqrt(s) + eps), s


def rmsprop(w, g, v=0.0, *, lr=0.01, beta=0.99, eps=1e-8):
    r"""RMSprop: Adagrad that forgets, a running mean in place of the sum.

    .. math:: v_t = \beta v_{t-1} + (1-\beta) g_t^2 \qquad
              w_t = w_{t-1} - \eta \frac{g_t}{\sqrt{v_t} + \epsilon}

    Tieleman & Hinton (2012), lecture 6e.  Keras and optax put eps inside the root, unless optax
    is given ``eps_in_sqrt=False``; their beta is 0.9.
    """
    v = beta * v + (1 - beta) * g**2
    return w - lr * g / (np.sqrt(v) + eps), v


def adadelta(w, g, v=0.0, u=0.0, *, lr=1.0, beta=0.9, eps=1e-6):
    r"""Adadelta: RMSprop whose learning rate is the running size of its own steps.

    .. math:: v_t = \beta v_{t-1} + (1-\beta) g_t^2 \qquad
              \delta_t = \sqrt{\frac{u_{t-1} + \epsilon}{v_t + \epsilon}} \, g_t

    .. math:: u_t = \beta u_{t-1} + (1-\beta) \delta_t^2 \qquad w_t = w_{t-1} - \eta \delta_t

    Zeiler (2012), arXiv:1212.5701, Algorithm 1, which has no lr.  Keras and optax agree, but
    Keras multiplies by lr = 0.001 unless told otherwise.
    """
    v = beta * v + (1 - beta) * g**2
    delta = np.sqrt((u + eps) / (v + eps)) * g
    u = beta * u + (1 - beta) * delta**2
    return w - lr * delta, v, u


def adam(w, g, m=0.0, v=0.0, t=1, *, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    r"""Adam: momentum and RMSprop together, both corrected for their start at zero.

    .. math:: m_t = \beta_1 m_{t-1} + (1-\beta_1) g_t \qquad
              v_t = \beta_2 v_{t-1} + (1-\beta_2) g_t^2

    .. math:: \hat m_t = \frac{m_t}{1-\beta_1^t} \qquad \hat v_t = \frac{v_t}{1-\beta_2^t} \qquad
              w_t = w_{t-1} - \eta \frac{\hat m_t}{\sqrt{\hat v_t} + \epsilon}

    Kingma & Ba (2015), arXiv:1412.6980, Algorithm 1; optax agrees.  The eps of Keras is the
    paper's :math:`\hat\epsilon`, added to the root of the uncorrected v.
    """
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def adamax(w, g, m=0.0, u=0.0, t=1, *, lr=0.002, beta1=0.9, beta2=0.999, eps=1e-8):
    r"""Adamax: Adam with a fading maximum in place of the mean square.

    .. math:: m_t = \beta_1 m_{t-1} + (1-\beta_1) g_t \qquad
              u_t = \max(\beta_2 u_{t-1}, |g_t| + \epsilon)

    .. math:: w_t = w_{t-1} - \eta \frac{m_t / (1-\beta_1^t)}{u_t}

    Kingma & Ba (2015), arXiv:1412.6980, Algorithm 2, which has no eps; optax agrees.  Keras
    adds eps to u when dividing.
    """
    m = beta1 * m + (1 - beta1) * g
    u = np.maximum(beta2 * u, np.abs(g) + eps)
    m_hat = m / (1 - beta1**t)
    return w - lr * m_hat / u, m, u


def amsgrad(w, g, m=0.0, v=0.0, v_max=0.0, t=1, *, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    r"""AMSGrad: Adam that divides by the largest v so far, so that no step size grows back.

    .. math:: m_t = \beta_1 m_{t-1} + (1-\beta_1) g_t \qquad
              v_t = \beta_2 v_{t-1} + (1-\beta_2) g_t^2 \qquad
              v^{\max}_t = \max(v^{\max}_{t-1}, v_t)

    .. math:: \hat m_t = \frac{m_t}{1-\beta_1^t} \qquad
              \hat v_t = \frac{v^{\max}_t}{1-\beta_2^t} \qquad
              w_t = w_{t-1} - \eta \frac{\hat m_t}{\sqrt{\hat v_t} + \epsilon}

    Reddi, Kale & Kumar (2018), arXiv:1904.09237, Algorithm 2, which corrects nothing and has no
    eps.  optax takes the maximum after the correction; the eps of Keras is that of its Adam.
    """
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    v_max = np.maximum(v_max, v)
    m_hat = m / (1 - beta1**t)
    v_hat = v_max / (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), m, v, v_max


def nadam(w, g, m=0.0, v=0.0, P=1.0, t=1, *, lr=0.002, beta1=0.9, beta2=0.999, eps=1e-8, psi=0.004):
    r"""Nadam: Adam with Nesterov's look-ahead and a momentum that rises to beta1.

    .. math:: \mu_t = \beta_1 (1 - \tfrac12 0.96^{t\psi}) \qquad P_t = \mu_t P_{t-1} \qquad
              \hat m_t = \frac{\mu_{t+1} m_t}{1 - \mu_{t+1} P_t} + \frac{(1-\mu_t) g_t}{1 - P_t}

    .. math:: m_t = \beta_1 m_{t-1} + (1-\beta_1) g_t \qquad
              v_t = \beta_2 v_{t-1} + (1-\beta_2) g_t^2

    .. math:: w_t = w_{t-1} - \eta \frac{\hat m_t}{\sqrt{v_t / (1-\beta_2^t)} + \epsilon}

    Dozat (2016), whose m follows mu where PyTorch's, and this one, follows beta1.  Keras has
    psi = 1; optax has a constant momentum, which is psi = inf.
    """
    mu, mu_next = (beta1 * (1 - 0.5 * 0.96 ** (k * psi)) for k in (t, t + 1))
    P = mu * P
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = mu_next * m / (1 - mu_next * P) + (1 - mu) * g / (1 - P)
    v_hat = v / (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), m, v, P


def radam(w, g, m=0.0, v=0.0, t=1, *, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    r"""RAdam: Adam that waits until v has seen enough, and then rectifies its variance.

    .. math:: \rho_\infty = \tfrac{2}{1-\beta_2} - 1 \qquad
              \rho_t = \rho_\infty - \frac{2 t \beta_2^t}{1-\beta_2^t} \qquad
              r_t = \sqrt{\frac{(\rho_t-4)(\rho_t-2)\rho_\infty}
                               {(\rho_\infty-4)(\rho_\infty-2)\rho_t}}

    .. math:: w_t = w_{t-1} - \eta \hat m_t
              \begin{cases} r_t \sqrt{1-\beta_2^t} \, / \, (\sqrt{v_t} + \epsilon) & \rho_t > 5 \\
                            1 & \text{before} \end{cases}

    Liu et al. (2020), arXiv:1908.03265, Algorithm 2, with m, v and :math:`\hat m` of Adam; the
    paper starts at :math:`\rho_t > 4`, one step sooner, and has no eps.  optax adds eps to the
    root of the corrected v.  Keras has no RAdam.
    """
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    rho_inf = 2 / (1 - beta2) - 1
    rho = rho_inf - 2 * t * beta2**t / (1 - beta2**t)
    ready = rho > 5  # before, r need not exist
    above, below = (rho - 4) * (rho - 2) * rho_inf, (rho_inf - 4) * (rho_inf - 2) * rho
    r = (ready * above / (ready * below + (1 - ready))) ** 0.5
    adapted = r * (1 - beta2**t) ** 0.5 / (np.sqrt(v) + eps)
    return w - lr * m_hat * np.where(ready, adapted, 1.0), m, v


def adamw(w, g, m=0.0, v=0.0, t=1, *, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8, wd=0.01):
    r"""AdamW: shrink the weights, then Adam; the decay stays out of its moments.

    .. math:: w_t = \mathrm{Adam}\big((1 - \eta\lambda) w_{t-1},\ g_t\big)

    Loshchilov & Hutter (2019), arXiv:1711.05101, Algorithm 2, whose lambda is the lr * wd of
    this rule.  Keras and optax agree, with wd = 0.004 and 0.0001; the eps of Keras is that of
    its Adam.
    """
    return adam((1 - lr * wd) * w, g, m, v, t, lr=lr, beta1=beta1, beta2=beta2, eps=eps)


def lion(w, g, m=0.0, *, lr=1e-4, beta1=0.9, beta2=0.99, wd=0.0):
    r"""Lion: step by the sign of the gradient mixed into its momentum.

    .. math:: w_t = w_{t-1} - \eta \big(\operatorname{sign}(\beta_1 m_{t-1} + (1-\beta_1) g_t)
              + \lambda w_{t-1}\big) \qquad m_t = \beta_2 m_{t-1} + (1-\beta_2) g_t

    Chen et al. (2023), arXiv:2302.06675, Algorithm 2; Keras and optax agree, with other values
    of lr and wd.  PyTorch has no Lion.
    """
    direction = np.sign(beta1 * m + (1 - beta1) * g)
    m = beta2 * m + (1 - beta2) * g
    return w - lr * (direction + wd * w), m


def schedule_free(w, g, a=0.0, t=1, *, lr=1.0, beta=0.9):
    r"""Schedule-free SGD: no decay of the learning rate, an average of the path in its place.

    .. math:: z_t = z_{t-1} - \eta g_t \qquad x_t = (1 - \tfrac1t) x_{t-1} + \tfrac1t z_t \qquad
              w_t = (1-\beta) z_t + \beta x_t

    Defazio et al. (2024), arXiv:2405.15682, section 1, from z = x = w.  The gradient is taken
    at w, and ``w + a`` is the average x to evaluate; z follows from both.  The paper counts the
    start as a point of the average, 1/(t+1) for 1/t.  optax weights points by the square of lr,
    which is the same at constant lr.
    """
    z = -beta / (1 - beta) * a - lr * g  # all three as seen from the old w
    x = (1 - 1 / t) * a + z / t
    y = (1 - beta) * z + beta * x
    return w + y, x - y


RULES = {
    rule.__name__: rule
    for rule in (
        *(gd, momentum, nesterov),
        *(adagrad, rmsprop, adadelta),
        *(adam, adamax, amsgrad, nadam, radam, adamw),
        *(lion, schedule_free),
    )
}
