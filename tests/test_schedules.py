"""Schedules: equal to the frameworks, known values, boundaries, and settings that make no sense."""

import numpy as np
import pytest
from golden import load
from golden.schedules import CASES, LOSSES, LR, PATIENCE, UPDATES

from optilab import schedules
from optilab.schedules import (
    constant,
    cosine,
    cosine_restarts,
    cyclic,
    early_stopping,
    exponential,
    inverse_time,
    linear_warmup,
    one_cycle,
    piecewise,
    polynomial,
    reduce_on_plateau,
    robbins_monro,
    step_decay,
)

FROZEN = load("schedules")


def make(name, arguments):
    """Return our schedule of a golden case; all start from LR but the piecewise one."""
    if name == "piecewise":
        return piecewise(**arguments)
    start = constant(LR) if name == "linear_warmup" else LR
    return getattr(schedules, name)(start, **arguments)


def test_every_case_is_frozen():
    waiting = {
        f"{rule}/{n}"
        for n in PATIENCE
        for rule in ("plateau, keras", "plateau, torch", "stop, keras")
    }
    assert FROZEN.keys() == CASES.keys() | waiting


@pytest.mark.parametrize("key", CASES)
def test_a_schedule_follows_the_library(key):
    """Keras takes its cosines in float32."""
    case = CASES[key]
    rates = make(case.ours, case.arguments)(np.arange(UPDATES))
    atol = 1e-7 * LR if (case.library, case.ours[:6]) == ("keras", "cosine") else 0
    np.testing.assert_allclose(rates, FROZEN[key], rtol=1e-10, atol=atol)


# schedule, {k: its value}
KNOWN = {
    "Keras' example": (
        exponential(0.01, 0.9, 10_000),
        {0: 0.01, 5_000: 0.01 * 0.9**0.5, 10_000: 0.009, 20_000: 0.0081},
    ),
    "its staircase": (
        exponential(0.01, 0.9, 10_000, staircase=True),
        {0: 0.01, 9_999: 0.01, 10_000: 0.009, 19_999: 0.009, 20_000: 0.0081},
    ),
    "step_decay": (step_decay(0.01, 0.9, 10_000), {9_999: 0.01, 10_000: 0.009}),
    "inverse_time": (
        inverse_time(0.01, 0.9, 10_000),
        {0: 0.01, 10_000: 0.01 / 1.9, 20_000: 0.01 / 2.8},
    ),
    "inverse_time, update by update": (inverse_time(1, 0.5), {0: 1, 1: 1 / 1.5, 4: 1 / 3}),
    "cosine": (
        cosine(0.01, 100),
        {0: 0.01, 25: 0.005 + 0.0025 * 2**0.5, 50: 0.005, 100: 0, 101: 0, 250: 0},
    ),
    "piecewise keeps the old value at a boundary": (
        piecewise([100, 200], [3, 2, 1]),
        {0: 3, 99: 3, 100: 3, 101: 2, 200: 2, 201: 1, 10**9: 1},
    ),
    "piecewise, one boundary": (piecewise([5], [2, 1]), {5: 2, 6: 1}),
    "piecewise, neighbours": (piecewise([5, 6], [3, 2, 1]), {5: 3, 6: 2, 7: 1}),
    "polynomial": (polynomial(1, 10, end=0.5), {0: 1, 5: 0.75, 10: 0.5, 11: 0.5}),
    "polynomial, in cycles": (
        polynomial(1, 10, cycle=True),
        {0: 1, 10: 0, 11: 0.45, 15: 0.25, 20: 0, 21: 0.3},
    ),
    "cosine_restarts": (
        cosine_restarts(1, 10, growth=2, shrink=0.5),
        {0: 1, 5: 0.5, 9: 0.5 + 0.5 * np.cos(0.9 * np.pi), 10: 0.5, 20: 0.25, 30: 0.25, 70: 0.125},
    ),
    "cosine_restarts between updates": (
        cosine_restarts(1, 10, growth=1.5),
        {10: 1, 25: 1, 50: 0.5 + 0.5 * np.cos(np.pi * 2.5 / 33.75)},
    ),
    "linear_warmup": (
        linear_warmup(cosine(1, 10), 4),
        {0: 0.2, 1: 0.4, 3: 0.8, 4: 1, 9: 0.5, 14: 0, 15: 0},
    ),
    "linear_warmup asks for no k below 0": (
        linear_warmup(robbins_monro(1), 4),
        {0: 0.2, 4: 1, 5: 1 / 2},
    ),
    "one_cycle": (one_cycle(1, 100), {0: 0.04, 29: 1, 64: 0.5 + 2e-6, 99: 4e-6, 150: 4e-6}),
    "one_cycle, early peak": (one_cycle(1, 4, pct_start=0.5), {0: 0.04, 1: 1, 3: 4e-6}),
    "one_cycle, late peak": (one_cycle(1, 4, pct_start=0.9), {0: 0.04, 3: 4e-6}),
    "one_cycle of momentum": (
        one_cycle(0.85, 100, div_factor=0.85 / 0.95, final_div_factor=1),
        {0: 0.95, 29: 0.85, 64: 0.9, 99: 0.95},
    ),
    "Smith's triangle": (
        cyclic(0.001, 0.006, 2000),
        {0: 0.001, 1000: 0.0035, 2000: 0.006, 4000: 0.001, 6000: 0.006},
    ),
    "Smith's triangular2": (cyclic(0, 1, 10, shrink=0.5), {10: 1, 30: 0.5, 50: 0.25}),
    "Smith's exp_range": (
        cyclic(0, 1, 10, shrink=0.25, staircase=False),
        {0: 0, 5: 2**-1.5, 10: 0.5, 20: 0, 30: 0.125},
    ),
    "robbins_monro": (robbins_monro(1), {0: 1, 1: 1 / 2, 9: 1 / 10}),
    "robbins_monro, slower": (robbins_monro(2, power=0.5), {0: 2, 3: 1, 99: 0.2}),
    "constant": (constant(0.3), {0: 0.3, 10**9: 0.3}),
}
every_schedule = pytest.mark.parametrize("schedule, values", KNOWN.values(), ids=KNOWN)


@every_schedule
def test_known_values(schedule, values):
    for k, value in values.items():
        assert schedule(k) == pytest.approx(value, rel=1e-12, abs=1e-15)


@every_schedule
def test_an_array_of_updates_gives_each_its_rate_and_calling_changes_nothing(schedule, values):
    k = np.arange(300).reshape(3, 100)
    rates = schedule(k)
    for i, one in np.ndenumerate(k):
        assert np.ndim(schedule(int(one))) == 0
        assert schedule(int(one)) == pytest.approx(rates[i], rel=1e-12, abs=1e-15)
    np.testing.assert_array_equal(schedule(k), rates)


SWEPT = [
    lambda lr: constant(lr),
    lambda lr: exponential(lr, 0.9),
    lambda lr: inverse_time(lr, 0.9),
    lambda lr: polynomial(lr, 10),
    lambda lr: cosine(lr, 10),
    lambda lr: cosine_restarts(lr, 4, growth=2, shrink=0.5),
    lambda lr: linear_warmup(cosine(lr, 10), 4),
    lambda lr: one_cycle(lr, 20),
    lambda lr: cyclic(lr / 4, lr, 5),
    lambda lr: robbins_monro(lr),
]


@pytest.mark.parametrize("make", SWEPT)
def test_a_sweep_of_rates_may_share_a_schedule(make):
    lrs = np.array([0.1, 0.2, 0.4])
    for k in range(25):
        np.testing.assert_allclose(make(lrs)(k), [make(lr)(k) for lr in lrs], rtol=1e-14)


@pytest.mark.parametrize("growth", [2, 3, 1.5, 7])
def test_restarts_come_at_the_exact_update(growth):
    """Where the logarithm of 3**5 over that of 3 is 4.999999999999999."""
    schedule, start, length = cosine_restarts(1, 2**6, growth=growth), 0, 2**6
    for _ in range(7):
        assert schedule(np.ceil(start)) > 0.99
        start, length = start + length, length * growth
        assert schedule(np.ceil(start) - 1) < 0.01


@pytest.mark.parametrize("patience", PATIENCE)
@pytest.mark.parametrize("library", ["keras", "torch"])
def test_a_plateau_is_seen_when_the_library_sees_it(library, patience):
    rates = plateau(LOSSES, LR, factor=0.5, patience=patience, end=2**-7)
    np.testing.assert_array_equal(rates, FROZEN[f"plateau, {library}/{patience}"])


@pytest.mark.parametrize("patience", PATIENCE)
def test_we_stop_when_keras_stops(patience):
    memory, stops = (), []
    for loss in LOSSES:
        stop, *memory = early_stopping(loss, *memory, patience=patience)
        stops.append(stop)
    assert np.argmax(stops) == FROZEN[f"stop, keras/{patience}"] > 0


def test_each_member_of_a_sweep_waits_for_itself():
    losses = np.array([[3, 3, 3], [2, 3, np.nan], [1, 3, 3.5], [0.5, 2.95, np.nan]])
    memory, stops = (), []
    for loss in losses:
        stop, *memory = early_stopping(loss, *memory, patience=2, min_delta=0.1)
        stops.append(stop.tolist())
    assert stops == [[False] * 3, [False] * 3, [False, True, True], [False, True, True]]
    np.testing.assert_array_equal(memory[0], [0.5, 3, 3])


def plateau(losses, lr=1.0, **settings):
    """Return the learning rate after each loss."""
    memory, rates = (), []
    for loss in losses:
        lr, *memory = reduce_on_plateau(lr, loss, *memory, **settings)
        rates.append(lr)
    return rates


def test_the_defaults_of_a_plateau():
    """Ten losses within 1e-4 of the best, then a tenth of the rate, as often as need be."""
    assert plateau([1.0] * 31) == pytest.approx([1] * 10 + [0.1] * 10 + [0.01] * 10 + [0.001])
    assert plateau(1 - 0.99e-4 * np.arange(2), patience=1) == [1, 0.1]
    assert plateau(1 - 1.01e-4 * np.arange(2), patience=1) == [1, 1]
    assert plateau([np.nan, np.nan], patience=2) == [1, 0.1]


def test_the_defaults_of_stopping():
    """At the first loss that is not below the best."""
    assert not early_stopping(1.0)[0]
    assert early_stopping(1.0, best=1.0)[0]
    assert not early_stopping(1 - 1e-12, best=1.0)[0]
    assert early_stopping(np.nan)[0]
    assert not early_stopping(np.nan, patience=2)[0]


def test_a_patience_of_0_acts_as_1():
    assert not early_stopping(1.0, patience=0)[0]
    assert early_stopping(2.0, best=1.0, patience=0)[0]
    assert reduce_on_plateau(0.5, 1.0, patience=0)[0] == 0.5


def test_a_plateau_never_raises_the_rate():
    assert reduce_on_plateau(1e-3, 2.0, best=1.0, patience=1, end=1e-2)[0] == 1e-3


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: exponential(1, 0.9, 0), r"exponential\(\): steps must be positive, not 0"),
        (lambda: inverse_time(1, 0.9, -1), r"inverse_time\(\): steps must be positive, not -1"),
        (lambda: polynomial(1, 0), r"polynomial\(\): steps must be positive, not 0"),
        (lambda: cosine(1, np.nan), r"cosine\(\): steps must be positive, not nan"),
        (
            lambda: cosine_restarts(1, 5, 0),
            r"cosine_restarts\(\): growth must be at least 1, not 0",
        ),
        (lambda: linear_warmup(constant(1), 0), r"linear_warmup\(\): steps must be positive"),
        (lambda: cyclic(0, 1, 0), r"cyclic\(\): half must be positive, not 0"),
        (lambda: one_cycle(1, 3), r"peak at pct_start \* steps - 1 = -0.1 must lie inside 0\.\.2"),
        (lambda: one_cycle(1, 2, 0.5), r"peak at pct_start \* steps - 1 = 0 must lie inside"),
        (lambda: one_cycle(1, 10, 1.0), r"= 9 must lie inside 0\.\.9"),
        (lambda: one_cycle(1, 10, 2.0), r"= 19 must lie inside 0\.\.9"),
        (lambda: piecewise([1, 2], [1, 2]), "2 boundaries need 3 values, not 2"),
        (lambda: piecewise([1], [1, 2, 3]), "1 boundaries need 2 values, not 3"),
        (lambda: piecewise([2, 2], [1, 2, 3]), r"boundaries must increase, not \[2, 2\]"),
        (lambda: piecewise([2, 1], [1, 2, 3]), r"boundaries must increase, not \[2, 1\]"),
    ],
)
def test_settings_that_make_no_schedule_are_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()
