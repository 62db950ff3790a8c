"""Compiled rules: the numbers of the rules, to the last bit."""

import inspect
import re
import subprocess
import sys
from functools import partial

import numpy as np
import pytest
from test_run import every_shared, step_over_shared

from optilab import RULES, adam, momentum, muon, run, step
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


@every_rule
def test_a_call_without_memory_is_the_first_step(rule):
    w = np.linspace(-1, 1, MANY, dtype=np.float32)
    one, two = rule(w, w), compiled(rule)(w, w)
    assert type(one) is type(two)
    assert_same_bits(*(out if isinstance(out, tuple) else (out,) for out in (one, two)))


@every_rule
def test_it_looks_like_the_rule(rule):
    fast = compiled(rule)
    assert inspect.signature(fast) == inspect.signature(rule)
    assert (fast.__name__, fast.__doc__) == (rule.__name__, rule.__doc__)


def mixed(*dtypes):
    return [np.linspace(-1, 1, MANY).astype(dtype) for dtype in dtypes]


UNLIKE = {
    "integer gradient": (mixed(float, int, float), {}),
    "integer weights": (mixed(int, float, float), {}),
    "float32 gradient": (mixed(float, "f4", float), {}),
    "float32 weights": (mixed("f4", float, float), {}),
    "float32 state": (mixed(float, float, "f4"), {}),
    "half": (mixed("f2", "f2", "f2"), {}),
    "other byte order": (mixed(">f8", ">f8", ">f8"), {}),
    "one state for all": ([*mixed(float, float), np.array(0.5)], {}),
    "one gradient for all": ([*mixed(float), np.ones(1), *mixed(float)], {}),
    "rows of gradients": ([*mixed(float), np.ones((2, MANY)), *mixed(float)], {}),
    "more rates than weights": (mixed(float, float, float), {"lr": np.ones((2, 1))}),
    "strong rate": (mixed("f4", "f4", "f4"), {"lr": np.float64(0.1)}),
    "integer beta": (mixed("f4", "f4", "f4"), {"beta": np.zeros(MANY, "i1")}),
}


@pytest.mark.parametrize("arrays, hyper", UNLIKE.values(), ids=UNLIKE)
def test_unlike_arrays_come_out_as_of_numpy(arrays, hyper):
    assert_same_bits(momentum(*arrays, **hyper), compiled(momentum)(*arrays, **hyper))


@every_rule
@pytest.mark.parametrize("t", [np.int8(3), np.int64(3), np.float64(3), np.full(MANY, 3.0)])
@np.errstate(all="ignore")
def test_whatever_counts_the_steps(rule, t):
    slots, _, takes_t = anatomy(rule)
    args = [*mixed(*["f4"] * (2 + len(slots))), *[t] * takes_t]
    one, two = rule(*args), compiled(rule)(*args)
    assert_same_bits(*(out if isinstance(out, tuple) else (out,) for out in (one, two)))


@pytest.mark.parametrize("masked", range(3))
def test_a_mask_stays(masked):
    arrays = mixed(float, float, float)
    arrays[masked] = np.ma.masked_less(arrays[masked], 0)
    for one, two in zip(momentum(*arrays), compiled(momentum)(*arrays), strict=True):
        np.testing.assert_array_equal(np.ma.getmaskarray(one), np.ma.getmaskarray(two))
        np.testing.assert_array_equal(np.ma.filled(one, 7), np.ma.filled(two, 7))


@every_rule
@np.errstate(all="ignore")
def test_the_sign_of_a_zero(rule):
    """Of weights, gradient and first state; no rule has a negative zero in the others."""
    signs = np.stack(np.meshgrid(*[[0.0, -0.0, 1.0]] * 3)).reshape(3, -1).repeat(MANY // 8, axis=1)
    others = [np.zeros_like(signs[0])] * (len(anatomy(rule)[0]) - 1)
    arrays = [*signs, *others][: 2 + len(anatomy(rule)[0])]
    one, two = (r(*arrays, lr=0.1) for r in (rule, compiled(rule)))
    assert_same_bits(*(out if isinstance(out, tuple) else (out,) for out in (one, two)))


@every_shared
def test_nothing_shared_is_written_over(arrays):
    step_over_shared(compiled(adam), arrays)


@pytest.mark.parametrize(
    "other, says",
    [
        (lambda w, g: w - g, "<function <lambda> at"),
        (muon, "<function muon at"),
        (partial(adam, lr=1.0), "functools.partial"),
        (compiled(adam), "<function adam at"),
        ("adam", "'adam'; did you mean 'adam'?"),
        (np.ones(3), "array([1., 1., 1.])"),
    ],
)
def test_only_the_rules_of_the_book(other, says):
    says = rf"^compiled\(\): rule must be one of gd, momentum, .*, not {re.escape(says)}.*$"
    with pytest.raises(TypeError, match=says):
        compiled(other)


def test_a_slip_is_understood():
    with pytest.raises(TypeError, match=r"; did you mean 'adam'\?$"):
        compiled("adm")


def test_without_numba_one_line_says_what_to_install():
    code = "import sys; sys.modules['numba'] = None; import optilab; import optilab.compiled"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert out.stderr.endswith(
        'ModuleNotFoundError: compiled() needs Numba: pip install "optilab[compiled]"\n'
    )
