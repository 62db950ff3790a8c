"""The loop: what it records, how it sweeps, when it stops, and what it says to bad input."""

import importlib
import re
from functools import partial
from itertools import count, repeat

import numpy as np
import pytest

from optilab import RULES, adam, descend, gd, momentum, quadratic, rosenbrock, run, step
from optilab.landscapes import landscape
from optilab.run import BLOCK, anatomy

bowl = quadratic()
W0 = np.array([1.0, 1.0])


def test_loss_k_belongs_to_w_k():
    path = descend(momentum, rosenbrock, [-1.0, 1.0], 20, lr=1e-3)
    assert path.w.shape == (21, 2)
    assert path.state["v"].shape == (21, 2)
    np.testing.assert_array_equal(path.loss, rosenbrock(path.w)[0])
    assert (path.rule, path.hyper) == ("momentum", {"lr": 1e-3, "beta": 0.9})


def test_a_rule_with_settings_of_its_own_is_that_rule():
    path = descend(partial(momentum, beta=0.5), bowl, W0)
    assert (path.rule, path.hyper) == ("momentum", {"lr": 0.1, "beta": 0.5})
    np.testing.assert_array_equal(path.w, descend(momentum, bowl, W0, 100, beta=0.5).w)


@pytest.mark.parametrize(
    "record, lengths",
    [("all", (6, 6, 6)), ("w", (6, 1, 6)), ("loss", (1, 1, 6)), ("last", (1, 1, 1))],
)
def test_a_record_keeps_what_it_says(record, lengths):
    path = descend(momentum, bowl, W0, 5, record=record)
    whole = descend(momentum, bowl, W0, 5)
    assert (len(path.w), len(path.state["v"]), len(path.loss)) == lengths
    np.testing.assert_array_equal(path.w[-1], whole.w[-1])
    np.testing.assert_array_equal(path.state["v"][-1], whole.state["v"][-1])
    np.testing.assert_array_equal(path.loss[-1], whole.loss[-1])


def test_what_the_oracle_was_given_stays_as_it_was():
    """Even where a large run writes new state over old."""
    seen = []

    def oracle(w):
        seen.append(w)
        return w.sum(), np.ones_like(w)

    descend(momentum, oracle, np.zeros(BLOCK + 1), 3, record="last", lr=1.0, beta=0.5)
    assert [float(w[0]) for w in seen] == [0.0, -1.0, -2.5, -4.25]


@pytest.mark.parametrize("name", RULES)
def test_sweep_axes_lead(name):
    lr = np.array([0.01, 0.02, 0.03])
    path = descend(RULES[name], bowl, W0, 7, lr=lr)
    assert path.w.shape == (8, 3, 2)
    assert path.loss.shape == (8, 3)
    for i, value in enumerate(lr):
        np.testing.assert_allclose(
            path.w[:, i], descend(RULES[name], bowl, W0, 7, lr=value).w, rtol=1e-12
        )


def test_sweeps_broadcast_together():
    path = descend(momentum, bowl, W0, 3, lr=np.array([[0.1], [0.2]]), beta=np.array([0.5, 0.9, 0]))
    assert path.w.shape == (4, 2, 3, 2)
    np.testing.assert_allclose(path.w[:, 1, 2], descend(gd, bowl, W0, 3, lr=0.2).w)


def test_many_starts_are_one_run():
    starts = np.random.default_rng(0).normal(size=(4, 5, 2))
    path = descend(momentum, bowl, starts, 9)
    np.testing.assert_allclose(path.w[:, 3, 1], descend(momentum, bowl, starts[3, 1], 9).w)


def normalized(w, g, v=0.0, *, lr=0.1):
    """A rule of your own that sees all starts at once."""
    return w - lr * g / np.linalg.norm(g), v


@pytest.mark.parametrize("hyper", [{}, {"lr": np.array([[0.01], [0.1]])}], ids=["one", "swept"])
@pytest.mark.parametrize("rule", [momentum, normalized])
def test_a_crowd_of_starts_walks_like_each_of_them(rule, hyper):
    starts = np.random.default_rng(0).normal(size=(3, BLOCK // 4 + 1, 2))
    crowd = descend(rule, rosenbrock, starts, 3, **hyper)
    whole = run(rule, rosenbrock, starts, repeat((), 3), **hyper)
    np.testing.assert_array_equal(crowd.w, whole.w)
    np.testing.assert_array_equal(crowd.state["v"], whole.state["v"])
    np.testing.assert_array_equal(crowd.loss, whole.loss)
    assert (crowd.rule, crowd.hyper.keys()) == (whole.rule, whole.hyper.keys())


def test_a_crowd_may_have_more_coordinates_than_a_block():
    @landscape(window=((-1, 1),) * (BLOCK + 1), minima=[])
    def wide(w):
        return (w**2).sum(-1) / 2, w

    starts = np.array([[1.0], [2.0]]) * np.ones(BLOCK + 1)
    np.testing.assert_allclose(descend(gd, wide, starts, 1, lr=0.5).w[-1], starts / 2)


def test_a_schedule_counts_updates_from_0():
    ks = []
    path = descend(gd, lambda w: (0.0, np.ones(1)), [0.0], 3, lr=lambda k: ks.append(k) or 10.0**-k)
    np.testing.assert_allclose(path.w[:, 0], [0, -1, -1.1, -1.11])
    assert ks[-3:] == [0, 1, 2]


def test_a_schedule_may_sweep():
    path = descend(gd, bowl, W0, 4, lr=lambda k: np.array([0.1, 0.2]) / (k + 1))
    np.testing.assert_allclose(path.w[:, 1], descend(gd, bowl, W0, 4, lr=lambda k: 0.2 / (k + 1)).w)


def test_a_schedule_joins_a_sweep_of_more_axes():
    lr, beta = np.array([0.1, 0.2, 0.3]), np.array([[0.5], [0.9]])
    path = descend(momentum, bowl, W0, 4, lr=lambda k: lr, beta=beta)
    np.testing.assert_array_equal(path.w, descend(momentum, bowl, W0, 4, lr=lr, beta=beta).w)


def test_a_dict_sweeps_leaf_by_leaf():
    def oracle(w):
        return (w["a"] ** 2).sum(-1) + w["b"] ** 2, {"a": 2 * w["a"], "b": 2 * w["b"]}

    w0 = {"a": np.ones(2), "b": np.array(3.0)}
    path = run(momentum, oracle, w0, repeat((), 5), lr=np.array([0.1, 0.2]))
    assert {key: x.shape for key, x in path.w.items()} == {"a": (6, 2, 2), "b": (6, 2)}
    assert path.state["v"]["b"].shape == (6, 2)
    alone = run(momentum, oracle, w0, repeat((), 5), lr=0.2)
    np.testing.assert_allclose(path.w["b"][:, 1], alone.w["b"])


def test_batches_are_used_in_order():
    def pull(w, target):
        return ((w - target) ** 2).sum() / 2, w - target

    path = run(gd, pull, [0.0], [(1.0,), (5.0,), (-2.0,)], lr=1.0)
    np.testing.assert_array_equal(path.w[:, 0], [0, 1, 5, -2])
    np.testing.assert_array_equal(path.loss, [0.5, 8, 24.5, 0])


def test_a_batch_may_hold_anything_but_nan():
    seen = []
    run(gd, lambda w, *batch: seen.append(batch) or (0.0, w), [0.0], [("a", None), [{1}]])
    assert seen[:2] == [("a", None), ({1},)]


@pytest.mark.parametrize("kind", ["f4", "f2", "g", "i8", "?"])
def test_float32_stays_float32_and_all_else_becomes_float64(kind):
    w = descend(momentum, bowl, np.ones(2, kind), 2).w
    assert w.dtype == (np.float32 if kind == "f4" else np.float64)


@pytest.mark.parametrize("lr", [np.float64(0.1), lambda k: np.float64(0.1)])
def test_a_number_of_numpy_leaves_float32_alone(lr):
    w0 = np.array([0.1, 0.7], np.float32)
    w, v = w0, 0.0
    for _ in range(3):
        w, v = momentum(w, bowl(w)[1], v, lr=0.1)
    np.testing.assert_array_equal(descend(momentum, bowl, w0, 3, lr=lr).w[-1], w)


def test_a_state_that_is_not_given_is_that_before_the_first_step():
    w = {"a": W0, "b": {"c": W0}}
    for state in ({}, {"m": 0.0}, anatomy(adam)[0]):
        new, memory = step(adam, w, w, state)
        np.testing.assert_array_equal(new["b"]["c"], adam(W0, W0)[0])
        np.testing.assert_array_equal(memory["v"]["a"], adam(W0, W0)[2])


def test_a_state_may_be_shared_by_the_members_of_a_sweep():
    w, g = np.ones((2, 3)), np.arange(6.0).reshape(2, 3)
    for v in (np.arange(3.0), np.ones((2, 1))):
        new, _ = step(momentum, w, g, {"v": v})
        np.testing.assert_array_equal(new, momentum(w, g, v)[0])


@pytest.mark.parametrize("record", ["all", "w", "loss", "last"])
@pytest.mark.parametrize("starts, groups", [(W0, 1), (np.ones((BLOCK, 2)), 2)])
def test_a_run_is_timed(record, starts, groups, monkeypatch):
    """By a clock that shows one second more at every look."""
    monkeypatch.setattr(importlib.import_module("optilab.run"), "perf_counter", count().__next__)
    path = descend(gd, bowl, starts, 5, record=record)
    seconds = groups * np.arange(1.0, 7.0)
    np.testing.assert_array_equal(path.seconds, seconds[-1:] if record == "last" else seconds)
    assert "seconds" not in repr(path)


def test_divergence_is_a_result():
    path = descend(gd, bowl, W0, 2000, lr=np.array([0.1, 1.0]))
    np.testing.assert_array_equal(path.diverged, [False, True])


def test_the_last_loss_says_whether_a_run_diverged():
    def cliff(w):
        return np.sqrt(w[..., 0]), np.ones_like(w)

    for steps, diverged in ((2, False), (3, True)):
        assert descend(gd, cliff, [2.5], steps, lr=1.0).diverged == diverged


def shared(**same):
    """Return w, g, lr and a state of two: arrays of their own, but for the same."""
    arrays = np.random.default_rng(0).uniform(1, 2, size=(5, 2 * BLOCK + 1))
    return dict(zip(["w", "g", "lr", "m", "v"], arrays, strict=True)) | same


one, two = np.random.default_rng(1).uniform(1, 2, size=(2, 2 * BLOCK + 2))
fixed = np.broadcast_to(2.0, 2 * BLOCK + 1)
SHARED = {
    "m and v": shared(m=one[1:], v=one[1:]),
    "m and w": shared(m=one[1:], w=one[1:]),
    "v and g": shared(v=one[1:], g=one[1:]),
    "v and lr": shared(v=one[1:], lr=one[1:]),
    "most of m and v": shared(m=one[1:], v=one[:-1]),
    "all numbers of v": shared(v=fixed),
    "m for all": shared(m=np.array(0.5)),
    "v in one number": shared(v=np.ones(1)),
    "v in fewer bits": shared(v=fixed.astype("f4")),
    "v with gaps": shared(v=np.repeat(two[1:], 2)[::2]),
    "g and v in fewer bits": shared(g=fixed.astype("f4"), v=fixed.astype("f4")),
    "v in fewer bits, one lr": shared(v=fixed.astype("f4"), lr=0.1),
    "numbers alone": shared(m=0.5, v=1.0, lr=0.1),
}
every_shared = pytest.mark.parametrize("arrays", SHARED.values(), ids=SHARED)


def step_over_shared(rule, arrays):
    """Compare a step that may write over its state with one from arrays apart."""

    def end(w, g, lr, m, v, **reuse):
        new, state = step(rule, w, g, {"m": m, "v": v}, 2, lr=lr, **reuse)
        return np.stack(np.broadcast_arrays(new, state["m"], state["v"], w, g, lr))

    apart = {name: np.copy(x)[()] for name, x in arrays.items()}
    np.testing.assert_array_equal(end(**apart), end(**arrays, reuse=True))


@every_shared
def test_a_step_writes_over_nothing_that_is_shared(arrays):
    step_over_shared(adam, arrays)


def test_a_step_that_may_write_over_its_state_does():
    w, g, v = np.ones((3, BLOCK + 1))
    for reuse in (False, True):
        _, state = step(momentum, w, g, {"v": v}, 2, lr=0.1, beta=0.9, reuse=reuse)
        assert np.shares_memory(state["v"], v) == reuse


@pytest.mark.parametrize("rule", [gd, momentum])
@pytest.mark.parametrize("n", [2, BLOCK + 1])
def test_whole_numbers_and_lists_move_as_floats(rule, n):
    w, g = np.arange(n), np.ones(n, int)
    for given in ((w, g), (w.tolist(), g.tolist())):
        np.testing.assert_array_equal(step(rule, *given, {}, lr=0.3)[0], w - 0.3)


def test_a_run_is_its_steps():
    w, state = W0, anatomy(momentum)[0]
    for t in range(1, 4):
        w, state = step(momentum, w, bowl(w)[1], state, t, lr=0.1, beta=0.9)
    np.testing.assert_array_equal(w, descend(momentum, bowl, W0, 3).w[-1])


def test_stop_ends_before_the_update():
    path = descend(gd, bowl, W0, 1000, stop=lambda w, loss: loss < 1e-3, lr=0.1)
    assert path.loss[-1] < 1e-3 <= path.loss[-2]
    assert len(path.w) == len(path.loss)
    np.testing.assert_array_equal(path.loss, bowl(path.w)[0])


def test_a_run_that_stops_leaves_the_other_batches_alone():
    def pull(w, target):
        return abs(w - target).sum(), w - target

    batches = iter([(1.0,), (0.0,), (5.0,), (7.0,)])
    path = run(gd, pull, [0.0], batches, stop=lambda w, loss: w == 1.0 and loss == 1.0, lr=1.0)
    np.testing.assert_array_equal(path.w[:, 0], [0, 1])
    assert list(batches) == [(5.0,), (7.0,)]


def test_a_sweep_stops_with_its_last_member():
    lr = np.array([0.05, 0.1])
    path = descend(gd, bowl, W0, 1000, stop=lambda w, loss: loss < 1e-3, lr=lr)
    slow = descend(gd, bowl, W0, 1000, stop=lambda w, loss: loss < 1e-3, lr=0.05)
    assert len(path.loss) == len(slow.loss)


def test_a_crowd_stops_with_its_last_member():
    """Not group by group: the first ones are there from the start."""
    starts = np.zeros((BLOCK, 2))
    starts[-1] = 1.0
    path = descend(gd, bowl, starts, 50, record="loss", stop=lambda w, loss: loss < 1e-3, lr=0.1)
    alone = descend(gd, bowl, W0, 50, stop=lambda w, loss: loss < 1e-3, lr=0.1)
    np.testing.assert_array_equal(path.loss[:, -1], alone.loss)


def test_progress_shows_the_rule(capsys):
    descend(gd, bowl, W0, 3)
    assert not capsys.readouterr().err
    descend(gd, bowl, W0, 3, progress=True)
    assert "gd" in capsys.readouterr().err
    descend(gd, bowl, np.ones((BLOCK, 2)), 3, progress=True)
    assert capsys.readouterr().err.count("\n") == 1  # a crowd has one bar


def forgetful(w, g, v=0.0, *, lr=0.1):
    return w - lr * g


def summing(w, g, *, lr=0.1):
    return (w - lr * g).sum()


def unstarted(w, g, v, *, lr=0.1):
    return w - lr * v, v


def flat(w, g, lr=0.1):
    return w - lr * g, lr


def needy(w, g, *, lr):
    return w - lr * g


ONES = (np.ones((2, 2)), np.ones(2))


def feed(*batches, oracle=lambda w, *_: (0.0, w)):
    return lambda: run(momentum, oracle, W0, batches)


@pytest.mark.parametrize(
    "call, error, says",
    [
        (
            lambda: descend(momentum, bowl, W0, 1, momentun=0.9),
            TypeError,
            "momentum() has no hyperparameter 'momentun', only lr, beta",
        ),
        (
            lambda: descend(momentum, bowl, W0, 1, beat=0.9),
            TypeError,
            "momentum() has no hyperparameter 'beat', only lr, beta; did you mean 'beta'?",
        ),
        (
            lambda: descend(gd, bowl, W0, 1, record="lost"),
            ValueError,
            "run(): no record 'lost', only all, w, loss, last; did you mean 'loss'?",
        ),
        (
            lambda: descend(forgetful, bowl, W0, 1),
            TypeError,
            "forgetful() must return (w, v): 1 state value(s) after the weights, not 0",
        ),
        (
            lambda: descend(summing, bowl, W0, 1),
            ValueError,
            "summing() returned weights of shape (), not (2,)",
        ),
        (
            lambda: descend(unstarted, bowl, W0, 1),
            TypeError,
            "unstarted(): 'v' has no starting value; memory needs one (v=0.0)",
        ),
        (feed(), ValueError, "momentum(): no steps, batches is empty"),
        (
            feed(ONES, (np.array([1.0, np.nan, np.inf]), 1.0)),
            ValueError,
            "momentum(): batch 1 holds nan in array 0 at (1,)",
        ),
        (
            feed((np.ones((2, 2)), np.array([0.0, np.inf]))),
            ValueError,
            "momentum(): batch 0 holds inf in array 1 at (1,)",
        ),
        (
            feed(np.ones((2, 2))),
            TypeError,
            "momentum(): batch 0 must be a tuple such as (X, y), not ndarray",
        ),
        (
            feed(ONES, oracle=lambda w, *_: (0.0, np.ones(3))),
            ValueError,
            "momentum(): the gradient has shape (3,), the weights (2,)",
        ),
        (
            lambda: run(gd, lambda w: (0.0, {"a": W0}), {"a": W0, "b": W0}, [()]),
            ValueError,
            "gd(): the gradient has a, the weights a, b",
        ),
        (
            feed(ONES, oracle=lambda w, *_: w),
            TypeError,
            "momentum(): the oracle must return (loss, gradient)",
        ),
        (
            feed(ONES, oracle=lambda w, *_: (0.0, w, {})),
            TypeError,
            "momentum(): the oracle must return (loss, gradient)",
        ),
        (
            lambda: descend(gd, lambda w: (w.sum(), w), W0, 1, lr=np.array([0.1, 0.2])),
            ValueError,
            "gd(): the loss has shape (), but the axes (2,) of the sweep come first",
        ),
        (
            lambda: descend(momentum, bowl, W0, 1, lr=np.ones(2), beta=np.zeros(3)),
            ValueError,
            "momentum(): sweeps of lr (2,), beta (3,) do not fit together; "
            "lr[:, None] would try all pairs",
        ),
        (
            lambda: descend(adam, bowl, W0, 1, beta1=np.zeros(2), beta2=np.zeros(3)),
            ValueError,
            "adam(): sweeps of beta1 (2,), beta2 (3,) do not fit together; beta1[:, None] would",
        ),
        (
            lambda: descend(gd, bowl, W0, 1, lr=-0.1),
            ValueError,
            "gd(): lr must be at least 0, not -0.1",
        ),
        (
            lambda: descend(gd, bowl, W0, 3, lr=lambda k: 0.1 - k),
            ValueError,
            "gd(): lr must be at least 0, not -0.9",
        ),
        (
            lambda: descend(momentum, bowl, W0, 1, beta=np.array([0.9, 1.0, 1.1])),
            ValueError,
            "momentum(): beta must be in [0, 1), not 1",
        ),
        (
            lambda: descend(gd, bowl, W0, 1, lr="0.1x"),
            TypeError,
            "gd(): lr must be a number, not '0.1x'",
        ),
        (
            lambda: descend(flat, bowl, W0, 1, lr=0.1),
            TypeError,
            "flat(): 'lr' stands before the *, among the memory; settings stand after it",
        ),
        (
            lambda: descend(needy, bowl, W0, 1),
            TypeError,
            "needy() needs a value for 'lr'",
        ),
        (
            lambda: descend(flat, bowl, W0, 1, beta=0.1),
            TypeError,
            "flat() has no hyperparameter 'beta', only none",
        ),
        (
            lambda: run(gd, lambda w: (0.0, W0), {"a": W0}, [()]),
            ValueError,
            "gd(): the gradient has ndarray, the weights a",
        ),
        (
            lambda: descend(momentum, bowl, W0, 1, lr=float("nan")),
            ValueError,
            "momentum(): lr must be at least 0, not nan",
        ),
    ],
)
def test_bad_input_is_named_in_one_line(call, error, says):
    with pytest.raises(error, match=re.escape(says)) as caught:
        call()
    assert "\n" not in str(caught.value)
