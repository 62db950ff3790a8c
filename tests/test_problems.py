"""The counter-examples are what their docstrings say; test_papers has what the papers prove."""

import numpy as np
import pytest

from optilab import RULES, run
from optilab.problems import noisy_mean, reddi, wilson
from optilab.regularizers import projected
from optilab.schedules import robbins_monro


def test_reddi_falls_towards_minus_one():
    problem = reddi(steps=6, C=4)
    assert [c for (c,) in problem.batches] == [4, -1, -1] * 2
    assert [c for (c,) in reddi(5, 2, period=2).batches] == [2, -1, 2, -1, 2]
    inside = projected(RULES["gd"], lambda w: np.clip(w, -1, 1))
    path = run(inside, *reddi(3000, C=4), lr=robbins_monro(0.5, power=0.5))
    assert path.w[-1] == pytest.approx(-1, abs=0.02)


@pytest.mark.parametrize("rule, lr", [("gd", 0.3), ("momentum", 0.03)])
def test_gradient_descent_finds_the_solution_of_least_norm(rule, lr):
    """It is a sum of rows, each positive one times a, each negative one times b."""
    problem, (X, y) = wilson(np.random.default_rng(0), steps=400, n=60)
    path = run(RULES[rule], *problem, lr=lr, record="last")
    learned = problem.batches[0][1]
    plus, minus = (learned > 0).sum(), (learned < 0).sum()
    scale = 15 * plus + 3 * minus + 8 * plus * minus + 5
    a, b = (4 * minus + 5) / scale, -(4 * plus + 1) / scale
    by_label, by_ones = a * plus - b * minus, 2 * (a * plus + b * minus)
    np.testing.assert_allclose(X @ path.w[-1], by_label * y + by_ones, rtol=1e-8)


@pytest.mark.parametrize("rule, lr", [("adagrad", 0.05), ("rmsprop", 0.001), ("adam", 0.01)])
def test_adaptive_rules_give_all_columns_a_weight_of_one_size(rule, lr):
    problem, (X, y) = wilson(np.random.default_rng(0), steps=1500, n=60)
    path = run(RULES[rule], *problem, lr=lr, record="last")
    size = np.abs(path.w[-1])
    np.testing.assert_allclose(size[size > 0], 0.25, atol=1e-5)
    np.testing.assert_allclose(X @ path.w[-1], np.where(y > 0, 0.75, 0.25), atol=1e-5)


def test_rates_of_1_over_k_give_exactly_the_sample_mean():
    problem = noisy_mean(np.random.default_rng(0), 500, chains=10)
    means = run(RULES["gd"], *problem, lr=robbins_monro(1), record="last").w[-1]
    samples = np.random.default_rng(0).normal(3, 1, (500, 10))
    np.testing.assert_allclose(means, samples.mean(axis=0), rtol=1e-12)


def test_the_noise_floor_of_a_sweep_of_rates():
    lrs = np.array([0.4, 0.2, 0.1])
    problem = noisy_mean(np.random.default_rng(0), 200)
    ends = run(RULES["gd"], *problem, lr=lrs, record="last").w[-1]
    np.testing.assert_allclose(ends.var(axis=1), lrs / (2 - lrs), rtol=0.1)
