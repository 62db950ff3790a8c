"""What the papers prove about their rules, in numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optilab import (
    RULES,
    adam,
    adamw,
    amsgrad,
    descend,
    gd,
    momentum,
    nesterov,
    radam,
    rmsprop,
    run,
    step,
)
from optilab.dialects import translate
from optilab.problems import lessard, noisy_mean, reddi, wilson
from optilab.regularizers import projected
from optilab.run import anatomy
from optilab.schedules import robbins_monro

KAPPA = 100.0
ROOT = np.sqrt(KAPPA)


def radius(rule, curvature, **hyper):
    """Return the rate of a rule with a velocity on ``curvature * w**2 / 2``.

    The rule is linear in (w, v): the rate is the spectral radius of its matrix.
    """
    columns = [rule(w, curvature * w, v, **hyper) for w, v in np.eye(2)]
    return np.abs(np.linalg.eigvals(np.transpose(columns))).max()


def slowest(rule, **hyper):
    """Return the worst rate over the curvatures from 1 to KAPPA."""
    return max(radius(rule, c, **hyper) for c in np.linspace(1, KAPPA, 100))


@pytest.mark.parametrize(
    "rule, lr, beta, rate",
    [
        # Polyak (1964): the best of heavy ball; beta = 0 is gradient descent
        (momentum, 2 / (KAPPA + 1), 0.0, (KAPPA - 1) / (KAPPA + 1)),
        (momentum, (2 / (ROOT + 1)) ** 2, ((ROOT - 1) / (ROOT + 1)) ** 2, (ROOT - 1) / (ROOT + 1)),
        # Lessard, Recht & Packard (2016), table 1: Nesterov as usual, and tuned to parabolas
        (nesterov, 1 / KAPPA, (ROOT - 1) / (ROOT + 1), 1 - 1 / ROOT),
        (
            nesterov,
            4 / (3 * KAPPA + 1),
            (np.sqrt(3 * KAPPA + 1) - 2) / (np.sqrt(3 * KAPPA + 1) + 2),
            1 - 2 / np.sqrt(3 * KAPPA + 1),
        ),
    ],
)
def test_rates_on_a_parabola(rule, lr, beta, rate):
    assert slowest(rule, lr=lr, beta=beta) == pytest.approx(rate, abs=1e-6)


@given(product=st.floats(0.01, 4.5), beta=st.floats(0, 0.99))
def test_momentum_is_stable_up_to_2_plus_2_beta(product, beta):
    """Goh (2017): lr * curvature < 2 + 2 beta."""
    rate = radius(momentum, product, lr=1.0, beta=beta)
    if abs(product - 2 - 2 * beta) > 1e-6:
        assert (rate < 1) == (product < 2 + 2 * beta)


@given(product=st.floats(0.01, 0.99))
def test_critical_damping(product):
    """Goh (2017): no beta is faster than (1 - sqrt(lr * curvature))**2."""
    best = (1 - np.sqrt(product)) ** 2
    rate = radius(momentum, product, lr=1.0, beta=best)
    assert rate == pytest.approx(np.sqrt(best), abs=1e-6)
    for beta in (0.9 * best, best + 0.1 * (1 - best)):
        assert radius(momentum, product, lr=1.0, beta=beta) > rate


def chain(w):
    """Nesterov's worst parabola in the world: every step passes the news on by one coordinate."""
    g = 2 * w
    g[1:] -= w[:-1]
    g[:-1] -= w[1:]
    g[0] -= 1
    g = g / 4
    return (w @ g - w[0] / 4) / 2, g


def test_nesterov_on_his_worst_function():
    """Between his lower bound for any method and his upper bound for this one.

    Nesterov (2004), theorems 2.1.7 and 2.2.2, with curvature at most 1 and n = 2 k + 1.
    """
    k = 1000
    n = 2 * k + 1
    least = (-1 + 1 / (n + 1)) / 8
    distance = np.sum((1 - np.arange(1, n + 1) / (n + 1)) ** 2)
    fast, slow = (
        descend(rule, chain, np.zeros(n), k, record="last", lr=1.0, **hyper).loss[-1] - least
        for rule, hyper in [(nesterov, {"beta": lambda k: k / (k + 3)}), (gd, {})]
    )
    assert 3 * distance / (32 * (k + 1) ** 2) < fast < 2 * distance / (k + 1) ** 2
    assert slow == pytest.approx(3.09e-3, rel=1e-2)


@pytest.mark.parametrize("start", [3.08, 3.3, 3.45])
def test_heavy_ball_circles_for_ever(start):
    """Lessard, Recht & Packard (2016), section 4.6: a convex function, tuned for parabolas."""
    problem = lessard(600)._replace(w0=np.array([start]))
    end = run(momentum, *problem, lr=1 / 9, beta=4 / 9).w[-3:, 0]
    np.testing.assert_allclose(np.sort(end), np.array([-2208, 792, 2592]) / 1225, rtol=1e-9)


@pytest.mark.parametrize(
    "rule, hyper, start",
    [
        (momentum, {"lr": 1 / 9, "beta": 4 / 9}, 3.06),
        (momentum, {"lr": 1 / 9, "beta": 4 / 9}, 3.47),
        (nesterov, {"lr": 1 / 25, "beta": 2 / 3}, 3.3),
        (gd, {"lr": 1 / 25}, 3.3),
    ],
)
def test_others_reach_the_minimum_beside_the_cycle(rule, hyper, start):
    problem = lessard(600)._replace(w0=np.array([start]))
    assert abs(run(rule, *problem, **hyper).w[-1, 0]) < 1e-9


@pytest.mark.parametrize("C", [2.5, 3.0, 4.0, 10.0])
def test_adam_goes_the_wrong_way(C):
    """Reddi, Kale & Kumar (2018), theorem 1: after every third step w is back at 1."""
    steps = 3000
    settings = dict(beta1=0.0, beta2=1 / (1 + C**2), eps=0.0)
    lr = robbins_monro(0.5 * np.sqrt(1 - settings["beta2"]), 0.5)
    clipped = (projected(rule, lambda w: np.clip(w, -1, 1)) for rule in (adam, amsgrad))
    wrong, right = (run(rule, *reddi(steps, C), lr=lr, **settings) for rule in clipped)
    np.testing.assert_array_equal(wrong.w[::3], 1.0)
    assert right.w[-1] < -0.9
    regret = wrong.loss[:-1].mean() + (C - 2) / 3
    assert regret == pytest.approx(2 * (C - 2) / 3, rel=0.15)


def test_momentum_does_not_turn_adam_round():
    """The online problem of their section 5; 20,200 steps, where the figure has 5,000,000."""
    settings = dict(beta1=0.9, beta2=0.99, eps=0.0, lr=robbins_monro(1.0, 0.5), record="w")
    clipped = (projected(rule, lambda w: np.clip(w, -1, 1)) for rule in (adam, amsgrad))
    wrong, right = (run(rule, *reddi(20_200, 101.0, 101), **settings) for rule in clipped)
    np.testing.assert_array_equal(wrong.w[50 * 101 :: 101], 1.0)  # after every round
    assert right.w[-1] == pytest.approx(-0.87, abs=0.005)


WILSON = {
    "gd": dict(lr=0.3),
    "momentum": dict(lr=0.05, beta=0.9),
    "adagrad": dict(lr=0.1),
    "rmsprop": dict(lr=0.001),
    "adam": dict(lr=0.001),
}


@pytest.mark.parametrize("name", WILSON)
def test_adaptive_methods_learn_all_and_predict_nothing(name):
    """Wilson et al. (2017), section 3.3."""
    problem, (X, y) = wilson(np.random.default_rng(0), 2000, n=50)
    path = run(RULES[name], *problem, record="last", **WILSON[name])
    wrong = (np.sign(X @ path.w[-1]) != y).mean()
    assert path.loss[-1] < 1e-3
    if name in ("gd", "momentum"):
        assert wrong == 0
    else:
        assert wrong == (y < 0).mean()


@pytest.mark.parametrize(
    "lr, mean, variance",
    [
        (lambda k: 1 / (k + 1), 3.0, 1 / 1000),  # the sample mean
        (0.1, 3.0, 0.1 / 1.9),  # lr / (2 - lr), for ever
        (lambda k: 1 / (k + 2) ** 2, 1.5, np.pi**2 / 3 - 3.25),  # a finite sum: half the way
    ],
)
def test_noise_needs_a_decaying_rate_but_not_too_fast(lr, mean, variance):
    """Robbins & Monro (1951)."""
    end = run(gd, *noisy_mean(np.random.default_rng(0), 1000), record="last", lr=lr).w[-1]
    assert end.mean() == pytest.approx(mean, abs=0.02)
    assert end.var() == pytest.approx(variance, rel=0.1)


@given(g=st.floats(1e-100, 1e100), lr=st.floats(1e-3, 10))
def test_the_first_step_of_adam_is_lr(g, lr):
    """Kingma & Ba (2015), section 2.1: whatever the gradient, at eps = 0."""
    assert adam(0.0, g, lr=lr, eps=0.0)[0] == pytest.approx(-lr, rel=1e-12)


def test_a_rare_gradient_makes_the_longest_step_of_adam():
    """Section 2.1: (1 - beta1) / sqrt(1 - beta2) of lr, after a long silence."""
    assert adam(0.0, 7.0, t=10**6, lr=1.0, eps=0.0)[0] == pytest.approx(-np.sqrt(10), rel=1e-9)


def test_the_first_step_of_rmsprop_is_long():
    """It corrects nothing: lr / sqrt(1 - beta), with the defaults ten times lr."""
    assert rmsprop(0.0, 7.0, lr=1.0, eps=0.0)[0] == pytest.approx(-10)


@pytest.mark.parametrize("beta2", [0.9, 0.99, 0.999])
def test_radam_adapts_from_its_sixth_step(beta2):
    """Steps are those of momentum, which follow the scale of the gradient, until then."""

    def moves(scale):
        w, state, path = np.zeros(1), anatomy(radam)[0], []
        for t in range(1, 9):
            w, state = step(radam, w, np.array([scale]), state, t, beta2=beta2, eps=0.0)
            path.append(w[0])
        return np.diff(path, prepend=0)

    np.testing.assert_allclose((moves(8.0) / moves(1.0)), [8] * 5 + [1] * 3)


def test_l2_fades_behind_large_gradients_and_decay_does_not():
    """Loshchilov & Hutter (2019): Adam divides the penalty by the gradient, AdamW does not."""
    noise, steps, lr, wd = np.random.default_rng(0).normal(size=(2000, 500)), 2000, 1e-3, 0.1

    def kept(rule, penalty, scale, **hyper):
        def oracle(w, k):
            return 0.0, scale * noise[k] + penalty * w

        path = run(
            rule, oracle, np.ones(500), ((k,) for k in range(steps)), record="last", lr=lr, **hyper
        )
        return path.w[-1].mean()

    coupled = [kept(adam, wd, scale) for scale in (1, 100)]
    decoupled = [kept(adamw, 0.0, scale, wd=wd) for scale in (1, 100)]
    expected = (1 - lr * wd) ** steps
    np.testing.assert_allclose(decoupled, expected, atol=0.005)
    assert coupled[0] < 0.85
    assert coupled[1] > 0.99


def amsgrad_of_the_paper(w, g, m, v, v_max, t, alpha, beta_1=0.9, beta_2=0.999):
    m = beta_1 * m + (1 - beta_1) * g
    v = beta_2 * v + (1 - beta_2) * g**2
    v_max = np.maximum(v_max, v)
    return w - alpha * m / np.sqrt(v_max), m, v, v_max


def adamw_of_the_paper(w, g, m, v, t, lambda_, alpha=1e-3, beta_1=0.9, beta_2=0.999, epsilon=1e-8):
    m = beta_1 * m + (1 - beta_1) * g
    v = beta_2 * v + (1 - beta_2) * g**2
    m_hat, v_hat = m / (1 - beta_1**t), v / (1 - beta_2**t)
    return w - (alpha * m_hat / (np.sqrt(v_hat) + epsilon) + lambda_ * w), m, v


def adamax_of_the_paper(w, g, m, u, t, alpha=2e-3, beta_1=0.9, beta_2=0.999):
    m = beta_1 * m + (1 - beta_1) * g
    u = np.maximum(beta_2 * u, np.abs(g))
    return w - alpha / (1 - beta_1**t) * m / u, m, u


@pytest.mark.parametrize(
    "name, paper, settings",
    [
        ("amsgrad", amsgrad_of_the_paper, dict(alpha=0.1, beta_2=0.9)),
        ("adamw", adamw_of_the_paper, dict(lambda_=0.01)),
        ("adamax", adamax_of_the_paper, dict()),
    ],
)
def test_a_paper_that_says_it_otherwise_is_translated(name, paper, settings):
    gs = np.random.default_rng(0).normal(size=(50, 3))
    path = run(
        RULES[name],
        lambda w, k: (0.0, gs[k]),
        np.ones(3),
        [(k,) for k in range(50)],
        **translate(name, "paper", **settings),
    )
    w, *state = np.ones(3), *np.zeros((len(path.state), 3))
    for t, g in enumerate(gs, start=1):
        w, *state = paper(w, g, *state, t, **settings)
    np.testing.assert_allclose(path.w[-1], w, rtol=1e-12)
