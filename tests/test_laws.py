"""Laws that every rule obeys, and the identities between them.  One entry in RULES is enough."""

import importlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from optilab import (
    RULES,
    adam,
    adamw,
    amsgrad,
    descend,
    gd,
    lion,
    momentum,
    nesterov,
    quadratic,
    schedule_free,
    step,
)
from optilab.run import BLOCK, anatomy

every_rule = pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
numbers = st.floats(-10, 10, width=32)
gradients = arrays(float, (5, 3), elements=numbers)


def follow(rule, w, gs, **hyper):
    """Apply ``rule`` to a fixed sequence of gradients; return the weights after each."""
    state, path = anatomy(rule)[0], []
    for t, g in enumerate(gs, start=1):
        w, state = step(rule, w, g, state, t, **hyper)
        path.append(w)
    return np.stack(path)


@every_rule
@given(gs=gradients)
def test_a_batch_is_its_members(rule, gs):
    w = np.arange(6.0).reshape(2, 3)
    both = follow(rule, w, np.stack([gs, -2 * gs], axis=1))
    np.testing.assert_array_equal(both[:, 0], follow(rule, w[0], gs))
    np.testing.assert_array_equal(both[:, 1], follow(rule, w[1], -2 * gs))


@every_rule
@given(gs=gradients, data=st.data())
def test_a_sweep_is_its_members(rule, gs, data):
    """Two values of every hyperparameter at once, as columns, against each alone."""
    defaults = anatomy(rule)[1]
    name = data.draw(st.sampled_from(sorted(defaults)))
    values = np.array([defaults[name], defaults[name] / 2])
    swept = follow(rule, np.ones((2, 3)), np.stack([gs, gs], axis=1), **{name: values[:, None]})
    for i, value in enumerate(values.tolist()):
        alone = follow(rule, np.ones(3), gs, **{name: value})
        np.testing.assert_allclose(swept[:, i], alone, rtol=1e-12, atol=1e-12)


@every_rule
@given(gs=gradients)
def test_a_dict_is_its_leaves(rule, gs):
    w, g = {"W": np.ones((2, 3)), "b": np.zeros(3)}, {"W": gs[:2], "b": gs[2]}
    first = {s: dict.fromkeys(w, value) for s, value in anatomy(rule)[0].items()}
    w_new, state = step(rule, w, g, first)
    for key in w:
        alone, memory = step(rule, w[key], g[key], anatomy(rule)[0])
        np.testing.assert_array_equal(w_new[key], alone)
        for s in memory:
            np.testing.assert_array_equal(state[s][key], memory[s])


@every_rule
@pytest.mark.parametrize("n", [3, BLOCK + 1])
def test_a_step_changes_nothing_in_place(rule, n):
    w, g = np.ones(n), np.full(n, 2.0)
    state = {s: np.full(n, value) for s, value in anatomy(rule)[0].items()}
    given = (w, g, *state.values())
    before = np.copy(given)
    new, after = step(rule, w, g, state)
    np.testing.assert_array_equal(given, before)
    assert not any(np.shares_memory(a, b) for a in (new, *after.values()) for b in (w, g))


@every_rule
def test_a_call_without_memory_is_the_first_step(rule):
    w, g = np.ones(3), np.array([3.0, -0.5, 1e-3])
    out = rule(w, g)
    first, _ = step(rule, w, g, anatomy(rule)[0], t=1)
    np.testing.assert_array_equal(out[0] if isinstance(out, tuple) else out, first)


@every_rule
@given(gs=gradients)
def test_nan_stays_in_its_coordinate(rule, gs):
    poisoned = gs.copy()
    poisoned[1, 0] = np.nan
    clean, path = follow(rule, np.ones(3), gs), follow(rule, np.ones(3), poisoned)
    np.testing.assert_array_equal(path[:, 1:], clean[:, 1:])
    assert np.isnan(path[1:, 0]).all()


@every_rule
@pytest.mark.parametrize("zero", [0.0, -0.0])
def test_without_a_slope_nothing_moves(rule, zero):
    w = np.array([1.0, 0.0, -3.0])
    still = {"wd": 0.0} if "wd" in anatomy(rule)[1] else {}
    path = follow(rule, w, np.full((5, 3), zero), **still)
    np.testing.assert_array_equal(path, np.tile(w, (5, 1)))


@every_rule
def test_no_setting_is_below_0_and_no_beta_is_1(rule):
    w = np.ones(2)
    for name in anatomy(rule)[1]:
        for value in (-0.1, 1.0) if name.startswith("beta") else (-0.1,):
            with pytest.raises(ValueError, match=rf"\(\): {name} must be .* not {value}"):
                step(rule, w, w, {}, **{name: value})


@every_rule
def test_the_first_step_goes_downhill(rule):
    g = np.array([3.0, -0.5, 1e-3])
    w, _ = step(rule, np.zeros(3), g, anatomy(rule)[0])
    assert (np.sign(w) == -np.sign(g)).all()


@every_rule
@given(gs=arrays(np.float32, (5, 3), elements=numbers))
def test_float32_stays_float32(rule, gs):
    """In the arithmetic too: a float64 inside would show as another result."""
    w, state = np.ones(3, np.float32), anatomy(rule)[0]
    for t, g in enumerate(gs, start=1):
        out = rule(w, g, **state, **({"t": t} if anatomy(rule)[2] else {}))
        w, *values = out if isinstance(out, tuple) else (out,)
        state = dict(zip(state, values, strict=True))
        assert np.result_type(w, *values) == np.float32


@every_rule
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("reuse", [False, True])
@pytest.mark.parametrize("swept", [False, True])
def test_blocks_are_the_whole(rule, dtype, reuse, swept, monkeypatch):
    """To the last bit, in a shape that no block divides, its gradient not contiguous."""
    rng = np.random.default_rng(0)
    shape = (3, BLOCK + 5)
    w = rng.normal(size=shape).astype(dtype)
    gs = rng.normal(size=(4, *shape[::-1])).astype(dtype).swapaxes(1, 2)
    hyper = {"lr": np.array([0.1, 0.01, 0.001])} if swept else {}

    def end():
        now, state = w, {s: np.full_like(w, value) for s, value in anatomy(rule)[0].items()}
        for t, g in enumerate(gs, start=1):
            now, state = step(rule, now, g, state, t, reuse=reuse, **hyper)
        return now, state

    blocks, memory = end()
    monkeypatch.setattr(importlib.import_module("optilab.run"), "BLOCK", w.size)
    whole, same = end()
    assert blocks.dtype == dtype
    np.testing.assert_array_equal(blocks, whole)
    for s in memory:
        np.testing.assert_array_equal(memory[s], same[s])


def test_a_rule_of_your_own_sees_its_weights_whole():
    """It may be no elementwise rule: this one divides by the norm."""

    def normalized(w, g, *, lr=0.1):
        return w - lr * g / np.linalg.norm(g)

    w, _ = step(normalized, np.zeros(BLOCK + 1), np.ones(BLOCK + 1), {})
    assert np.linalg.norm(w) == pytest.approx(0.1)


@given(gs=gradients)
def test_no_momentum_is_gradient_descent(gs):
    w = np.ones(3)
    for rule in (momentum, nesterov):
        np.testing.assert_array_equal(follow(rule, w, gs, beta=0.0), follow(gd, w, gs))


@given(lr=st.floats(0.001, 0.1), beta=st.floats(0, 0.95))
def test_nesterov_looks_ahead(lr, beta):
    """Its w is the point x - lr beta v at which Sutskever et al. (2013) take the gradient."""
    bowl, x, v, path = quadratic(), np.array([-4.0, 2.0]), 0.0, []
    for _ in range(30):
        v = beta * v + bowl(x - lr * beta * v)[1]
        x = x - lr * v
        path.append(x - lr * beta * v)
    ours = descend(nesterov, bowl, [-4.0, 2.0], 30, lr=lr, beta=beta).w[1:]
    np.testing.assert_allclose(ours, path, rtol=1e-9, atol=1e-9)


@given(gs=gradients, beta=st.floats(0.1, 0.95))
def test_heavy_ball_is_polyaks(gs, beta):
    """x_{t+1} = x_t - lr g_t + beta (x_t - x_{t-1}), from rest."""
    lr, before, x, path = 0.1, np.ones(3), np.ones(3), []
    for g in gs:
        before, x = x, x - lr * g + beta * (x - before)
        path.append(x)
    np.testing.assert_allclose(
        follow(momentum, np.ones(3), gs, lr=lr, beta=beta), path, rtol=1e-12, atol=1e-12
    )


@given(gs=gradients)
def test_adamw_without_decay_is_adam(gs):
    np.testing.assert_array_equal(
        follow(adamw, np.ones(3), gs, wd=0.0), follow(adam, np.ones(3), gs)
    )


@given(gs=gradients)
def test_adamw_shrinks_first(gs):
    """Whatever the gradients, their steps are Adam's and the weights decay beside them."""
    shrunk, w, state = np.ones(3), np.zeros(3), anatomy(adam)[0]
    for t, g in enumerate(gs, start=1):
        before = w
        w, state = step(adam, w, g, state, t, lr=0.1)
        shrunk = shrunk * (1 - 0.1 * 0.5) + (w - before)
    path = follow(adamw, np.ones(3), gs, lr=0.1, wd=0.5)
    np.testing.assert_allclose(path[-1], shrunk, rtol=1e-12, atol=1e-12)


SCALE_FREE = ("adagrad", "rmsprop", "adam", "adamax", "amsgrad", "nadam", "adamw", "lion")


@pytest.mark.parametrize("name", SCALE_FREE)
@given(gs=gradients, power=st.integers(-40, 40))
def test_the_scale_of_the_gradient_does_not_matter(name, gs, power):
    """To the last bit for powers of two, at eps = 0; gradients of 0 would be 0/0 there."""
    gs = np.where(np.abs(gs) < 1e-3, 1.0, gs)
    exact = {"eps": 0.0} if "eps" in anatomy(RULES[name])[1] else {}
    np.testing.assert_array_equal(
        follow(RULES[name], np.ones(3), 2.0**power * gs, **exact),
        follow(RULES[name], np.ones(3), gs, **exact),
    )


@given(gs=gradients)
def test_amsgrad_never_divides_by_less(gs):
    w, state, last = np.ones(3), anatomy(amsgrad)[0], 0.0
    for t, g in enumerate(gs, start=1):
        w, state = step(amsgrad, w, g, state, t)
        assert (state["v_max"] >= last).all()
        assert (state["v_max"] >= state["v"]).all()
        last = state["v_max"]


@given(gs=gradients)
def test_lion_steps_by_lr(gs):
    moved = np.diff(follow(lion, np.zeros(3), gs, lr=0.5), axis=0, prepend=np.zeros((1, 3)))
    assert set(moved.flat) <= {-0.5, 0.0, 0.5}


@given(gs=gradients, beta=st.floats(0, 0.99))
def test_schedule_free_averages_the_path_of_gradient_descent(gs, beta):
    """z is gradient descent, w + a its running mean, and w the point between."""
    w, state, path = np.ones(3), anatomy(schedule_free)[0], follow(gd, np.ones(3), gs)
    for t, g in enumerate(gs, start=1):
        w, state = step(schedule_free, w, g, state, t, lr=0.1, beta=beta)
        mean = path[:t].mean(0)
        np.testing.assert_allclose(w + state["a"], mean, rtol=1e-9, atol=1e-9)
        between = (1 - beta) * path[t - 1] + beta * mean
        np.testing.assert_allclose(w, between, rtol=1e-9, atol=1e-9)


SQUARES = ("adagrad", "rmsprop", "adadelta", "adam", "amsgrad", "nadam", "radam", "adamw")


@pytest.mark.parametrize("name", SQUARES)
@pytest.mark.parametrize("size", [1e-170, 1e160])
def test_a_square_out_of_range_is_no_nan(name, size):
    """g**2 is then 0 or inf; the step is finite, and 0 or nearly where g**2 is inf."""
    hyper = {"wd": 0.0} if name == "adamw" else {}
    with np.errstate(over="ignore"):
        path = follow(RULES[name], np.ones(2), np.full((10, 2), size), **hyper)
    assert np.isfinite(path).all()
    if name != "radam":  # its first five steps do not divide
        np.testing.assert_allclose(path, 1.0, atol=1e-100)
