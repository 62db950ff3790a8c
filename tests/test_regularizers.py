"""Regularizers: known penalties, what dropout and projections keep, and averages of weights."""

from functools import wraps

import numpy as np
import pytest

from optilab import descend, gd, momentum, quadratic
from optilab.oracles import with_penalty
from optilab.regularizers import (
    dropout,
    elastic_net,
    ema,
    l1,
    l2,
    max_norm,
    polyak,
    projected,
    soft_threshold,
)

W = np.array([[3.0, -4.0], [0.0, -0.0]])


@pytest.mark.parametrize(
    "penalty, value, gradient",
    [
        (l2(0.1), 1.25, 0.1 * W),
        (l1(0.1), 0.7, [[0.1, -0.1], [0, 0]]),
        (
            elastic_net(0.1, ratio=0.25),
            0.25 * 0.7 + 0.75 * 1.25,
            0.1 * (0.25 * np.sign(W) + 0.75 * W),
        ),
        (elastic_net(0.1), (0.7 + 1.25) / 2, 0.05 * (np.sign(W) + W)),
        (elastic_net(0.1, ratio=1), 0.7, [[0.1, -0.1], [0, 0]]),
        (elastic_net(0.1, ratio=0), 1.25, 0.1 * W),
    ],
)
def test_known_penalties(penalty, value, gradient):
    assert penalty(W)[0] == pytest.approx(value)
    np.testing.assert_allclose(penalty(W)[1], gradient, rtol=1e-15)
    np.testing.assert_allclose(penalty(np.stack([W, 0 * W]), sweep=1)[0], [value, 0])


@pytest.mark.parametrize("rule, alike", [(gd, True), (momentum, False)])
def test_l2_is_decoupled_decay_for_gradient_descent_alone(rule, alike):
    """Decoupled decay multiplies w by 1 - lr * wd before the step."""
    bowl, lr, wd = quadratic((1, 3)), 0.1, 0.2

    @wraps(rule)
    def decayed(w, *state, **settings):
        return rule((1 - lr * wd) * w, *state, **settings)

    coupled = descend(rule, with_penalty(bowl, l2(wd)), [1.0, -2.0], 100, lr=lr).w
    gap = np.abs(coupled - descend(decayed, bowl, [1.0, -2.0], 100, lr=lr).w).max()
    assert gap < 1e-15 if alike else gap > 0.1


@pytest.mark.parametrize("kind", [np.float64, np.float32])
def test_soft_threshold(kind):
    w = np.array([-3, -1, -0.5, -0.0, 0.0, 0.5, 1, 3], kind)
    moved = soft_threshold(w, 1.0)
    np.testing.assert_array_equal(moved, [-2, 0, 0, 0, 0, 0, 0, 2])
    assert moved.dtype == kind


def test_proximal_steps_reach_exact_zeros_and_subgradient_steps_do_not():
    """Minimize (w - c)**2 / 2 + strength |w|: the answer is soft_threshold(c, strength)."""
    c, strength, lr = np.array([3.0, 0.5, -0.2, -2.0]), 1.0, 0.3

    def near(w):
        return ((w - c) ** 2).sum(-1) / 2, w - c

    lasso = projected(gd, lambda w: soft_threshold(w, lr * strength))
    subgradient = descend(gd, with_penalty(near, l1(strength)), np.ones(4), 200, lr=lr).w[-1]
    proximal = descend(lasso, near, np.ones(4), 200, lr=lr).w[-1]
    np.testing.assert_allclose(proximal, [2, 0, 0, -1], atol=1e-15)
    assert np.count_nonzero(proximal) == 2
    assert np.count_nonzero(subgradient) == 4


def test_a_projected_rule_keeps_its_name_and_its_memory():
    box = projected(momentum, lambda w: np.clip(w, -1, 1))
    path = descend(box, quadratic((-1, 1)), [0.5, 0.5], 50, lr=0.1)
    assert path.rule == "momentum"
    assert np.abs(path.w).max() == 1
    assert path.w[-1, 0] == 1
    assert path.state["v"].shape == path.w.shape
    np.testing.assert_array_equal(path.w[0], [0.5, 0.5])


def test_max_norm_shortens_only_long_columns():
    w = np.array([[3.0, 0.3, 0], [4.0, 0.4, 0]])
    shortened = np.array([[1.2, 0.3, 0], [1.6, 0.4, 0]])
    np.testing.assert_allclose(max_norm(w, 2.0), shortened)
    np.testing.assert_allclose(max_norm(np.stack([w, w]), 2.0), [shortened, shortened])
    np.testing.assert_array_equal(max_norm(w, 2.0)[:, 1:], w[:, 1:])
    np.testing.assert_allclose(max_norm(w, 2.0, axis=-1)[0, 0], 2 * 3 / np.hypot(3, 0.3))


@pytest.mark.parametrize("p", [0, 0.2, 0.5, 0.9])
def test_dropout_keeps_the_mean(p):
    h, _ = dropout(p, np.random.default_rng(0))(np.ones((1000, 200)))
    assert set(np.unique(h)) <= {0, 1 / (1 - p)}
    assert h.mean() == pytest.approx(1, abs=0.015)
    assert (h == 0).mean() == pytest.approx(p, abs=0.005)
    assert h.var() == pytest.approx(p / (1 - p), rel=0.02)


def test_dropout_sends_back_what_it_let_through():
    drop, x = dropout(0.5, np.random.default_rng(0)), np.ones((50, 20), np.float32)
    first, back = drop(x)
    np.testing.assert_array_equal(back(x), first)
    assert first.dtype == np.float32
    assert (drop(x)[0] != first).any()
    np.testing.assert_array_equal(back(x), first)


@pytest.mark.parametrize("p", [-0.1, 1, 1.5, np.nan])
def test_dropout_of_everything_is_refused(p):
    with pytest.raises(ValueError, match=rf"dropout\(\): p must be in \[0, 1\), not {p}"):
        dropout(p, np.random.default_rng(0))


def average(rule, path, **settings):
    mean, means = 0.0, []
    for t, w in enumerate(path, start=1):
        mean = rule(w, mean, t, **settings)
        means.append(mean)
    return np.stack(means)


PATH = np.random.default_rng(0).normal(size=(50, 3))


def test_polyak_is_the_running_mean():
    counts = np.arange(1, 51)[:, None]
    np.testing.assert_allclose(average(polyak, PATH), PATH.cumsum(0) / counts, rtol=1e-12)


@pytest.mark.parametrize("beta", [0, 0.5, 0.9, 0.999])
def test_ema_is_bias_corrected(beta):
    """The weights of the past fall by beta and add up to 1."""
    means = average(ema, PATH, beta=beta)
    for t in (1, 2, 10, 50):
        share = beta ** np.arange(t)[::-1]
        np.testing.assert_allclose(means[t - 1], share @ PATH[:t] / share.sum(), rtol=1e-10)


@pytest.mark.parametrize("rule", [polyak, ema])
def test_the_first_average_is_the_first_weights(rule):
    np.testing.assert_array_equal(rule(PATH[0]), PATH[0])


def test_ema_looks_back_a_thousand_steps_by_default():
    assert ema(1.0, 0.0, 10**6) == pytest.approx(1 / 1000)


def test_a_slow_ema_is_polyak():
    np.testing.assert_allclose(
        average(ema, PATH, beta=1 - 1e-9), average(polyak, PATH), rtol=1e-5, atol=1e-7
    )
