"""Compiled rules: the numbers of the rules, to the last bit."""

import inspect
import re
import subprocess
import sys
from functools import partial

import numpy as np
import pytest

from optilab import RULES, adam, gd, momentum, muon, run, step
from optilab.run import BLOCK, anatomy

pytest.importorskip("numba", reason="no Numba for this machine")

from optilab.compiled import compiled, machine_code

every_rule = pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
MANY = 2 * BLOCK + 1


def gradients(shape, dtype, steps=8):
    """Yield all sizes of numbers, and from step 4 on whatever is no number in a few places."""
    rng = np.random.default_rng(0)
    for t in range(1, steps + 1):
        g = rng.normal(size=shape) * 10.0 ** rng.integers(-50, 50, size=shape)
        g.flat[:3] = [0.0, -0.0, 1e300]
        if t >= 4:
            g.flat[3:6] = [np.nan, np.inf, -np.inf]
        with np.errstate(over="ignore"):
            yield g.astype(dtype)


def assert_same_bits(one, two):
    for x, y in zip(map(np.asarray, one), map(np.asarray, two), strict=True):
        assert (x.dtype, x.shape) == (y.dtype, y.shape)
        np.testing.assert_array_equal(x, y)
        known = ~np.isnan(x)
        np.testing.assert_array_equal(np.signbit(x[known]), np.signbit(y[known]))


@every_rule
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(), (MANY,), (3, BLOCK)], ids=str)
@pytest.mark.parametrize("reuse", [False, True])
@np.errstate(all="ignore")
def test_every_bit_is_that_of_the_rule(rule, dtype, shape, reuse):
    fast = compiled(rule)
    w = x = np.random.default_rng(1).normal(size=shape).astype(dtype)
    state, memory = ({s: np.full_like(w, h) for s, h in anatomy(rule)[0].items()} for _ in "12")
    for t, g in enumerate(gradients(shape, dtype), start=1):
        w, state = step(rule, w, g, state, t)
        x, memory = step(fast, x, g, memory, t, reuse=reuse)
        assert_same_bits([w, *state.values()], [x, *memory.values()])


@every_rule
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("record", ["last", "all"])
def test_a_sweep_over_everything_in_a_run(rule, dtype, record):
    """Every hyperparameter takes three values, in a dict of two arrays."""
    rng = np.random.default_rng(0)
    w0 = {"W": rng.normal(size=(3, BLOCK)).astype(dtype), "b": np.ones(2, dtype)}
    hyper = {
        name: h * np.array([1, 0.9, 0.5]) if record == "last" else h
        for name, h in anatomy(rule)[1].items()
    }

    def oracle(w):
        loss = (w["W"] ** 2).mean(axis=(-2, -1))
        return loss, {key: np.sin(x) for key, x in w.items()}

    one, two = (
        run(r, oracle, w0, [()] * 4, record=record, **hyper) for r in (rule, compiled(rule))
    )
    for key in w0:
        assert_same_bits(
            [one.w[key], *(one.state[s][key] for s in one.state)],
            [two.w[key], *(two.state[s][key] for s in two.state)],
        )


@every_rule
def test_what_depends_on_t_alone_stays_outside(rule):
    """One loop serves all steps, before and after radam is ready too."""
    machine_code.cache_clear()
    fast, g = compiled(rule), np.ones(MANY)
    for t in (1, 2, 3, 1000):
        fast(g, g, *[g] * len(anatomy(rule)[0]), **({"t": t} if anatomy(rule)[2] else {}))
    assert machine_code.cache_info().misses == 1


@every_rule
def test_a_compiled_rule_changes_nothing_in_place(rule):
    arrays = [np.full(MANY, 2.0) for _ in range(2 + len(anatomy(rule)[0]))]
    for array in arrays:
        array.setflags(write=False)
    out = compiled(rule)(*arrays)
    for new in out if isinstance(out, tuple) else (out,):
        assert not any(np.shares_memory(new, array) for array in arrays)


def test_a_step_may_write_over_the_old_state_alone():
    w, g, m, v = np.ones((4, MANY))
    new, state = step(compiled(adam), w, g, {"m": m, "v": v}, 2, reuse=True, lr=0.1)
    assert np.shares_memory(state["m"], m)
    assert np.shares_memory(state["v"], v)
    np.testing.assert_array_equal([w, g], 1.0)
    assert (new < 1).all()


def test_a_shared_state_is_not_written_over():
    """It has fewer numbers than the weights, or may not be written to."""
    w, fixed = np.ones((2, MANY)), np.ones((2, MANY))
    fixed.setflags(write=False)
    for v in (np.ones(MANY), fixed):
        kept = v.copy()
        _, state = step(compiled(momentum), w, w, {"v": v}, 2, reuse=True, lr=0.1, beta=0.5)
        np.testing.assert_array_equal(state["v"], 1.5 * w)
        np.testing.assert_array_equal(v, kept)


@every_rule
def test_a_call_without_memory_is_the_first_step(rule):
    w = np.linspace(-1, 1, MANY, dtype=np.float32)
    one, two = rule(w, w), compiled(rule)(w, w)
    assert_same_bits(*(out if isinstance(out, tuple) else (out,) for out in (one, two)))


@every_rule
def test_it_looks_like_the_rule(rule):
    fast = compiled(rule)
    assert inspect.signature(fast) == inspect.signature(rule)
    assert (fast.__name__, fast.__doc__) == (rule.__name__, rule.__doc__)


def own(w, g, v=1.0, *, lr=0.5, most=2.0):
    """All that arrays know, and a branch on a number."""
    v = np.minimum(v, np.maximum(-g, most)) if lr else v
    return w - np.where(lr > 1, g, lr * np.sign(g)) * np.abs(v) ** 0.5, v**2


@pytest.mark.parametrize("rule", [own, partial(own, lr=2.0), partial(own, lr=0)], ids=str)
def test_a_rule_of_your_own(rule):
    w, g = np.random.default_rng(0).normal(size=(2, MANY))
    assert_same_bits(rule(w, g, g), compiled(rule)(w, g, v=g))
    assert run(compiled(rule), lambda w: (0.0, w), w, [()]).rule == "own"


@pytest.mark.parametrize(
    "update, needs",
    [
        (lambda w, g: w - np.exp(g), "exp of float64"),
        (lambda w, g: w - g**3, "power of float64"),
        (lambda w, g: w - g if g else w, "a branch"),
        (lambda w, g: w - g / g.sum(), "sum"),
        (lambda w, g: w - g / np.add.reduce(g), "add with reduce"),
        (lambda w, g: np.subtract(w, g, out=w), "subtract with out"),
        (lambda w, g: w - np.linalg.norm(g), "norm of float64"),
        (lambda w, g: w - np.float16(1) * g.astype(np.float16), "astype"),
        (muon, "ndim"),
    ],
)
def test_what_cannot_be_compiled_is_named(update, needs):
    w = np.ones((2, MANY))
    says = rf"^compiled\(\): .*\(\) needs {needs}; float32 and float64 arrays have only add, .*"
    with pytest.raises(TypeError, match=says):
        compiled(update)(w, w)


def test_other_types_are_named():
    w = np.ones(MANY, np.float16)
    with pytest.raises(TypeError, match=re.escape("gd() needs multiply of float16; float32 and")):
        compiled(gd)(w, w)


def test_without_numba_one_line_says_what_to_install():
    code = "import sys; sys.modules['numba'] = None; import optilab; import optilab.compiled"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert out.stderr.endswith(
        'ModuleNotFoundError: compiled() needs Numba: pip install "optilab[compiled]"\n'
    )
