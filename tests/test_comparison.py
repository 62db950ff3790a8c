"""The comparison that ships: complete, repeatable, and blind where it has to be."""

import json

import numpy as np
import pytest

from optilab import comparison
from optilab.checks.honest_comparison import OPTIONS, forecast, paired_interval
from optilab.comparison import CONTENDERS, FRESH_SEEDS, RATES, TASKS, TUNING_SEEDS, best, results

SHIPPED = results()
PAIRS = [(task, rule) for task in TASKS for rule in CONTENDERS]


def test_the_results_are_those_of_this_protocol():
    made = json.loads(comparison.RESULTS.read_text("utf8"))
    np.testing.assert_allclose(made["rates"], RATES, rtol=1e-3)
    assert made["tuning_seeds"] == list(TUNING_SEEDS)
    assert made["fresh_seeds"] == list(FRESH_SEEDS)
    assert {"python", "numpy", "made_by"} < made.keys()
    assert comparison.RESULTS.stat().st_size < 300_000


@pytest.mark.parametrize("task, rule", PAIRS)
def test_every_rule_is_measured_on_every_task_and_no_best_rate_is_at_the_border(task, rule):
    measured = SHIPPED[task][rule]
    for name in ("cost", "validation", "test"):
        assert measured[name].shape == (len(TUNING_SEEDS), len(RATES))
    assert measured["curve"].shape == (TASKS[task].epochs, len(RATES))
    for name in ("fresh_cost", "fresh_validation", "fresh_test", "seconds"):
        assert np.isfinite(measured[name]).all()
        assert measured[name].shape == (len(FRESH_SEEDS),)
    assert 0 < best(measured["validation"]) < len(RATES) - 1


def test_a_column_is_repeated():
    """Below the best rate; above it rounding grows, and another processor rounds otherwise."""
    measured = SHIPPED["digits"]["adam"]
    calm = best(measured["validation"])
    curve, validation, test, seconds = comparison.column(TASKS["digits"], "adam", 0, RATES[:calm])
    np.testing.assert_allclose(curve[-1], measured["cost"][0, :calm], rtol=0.01)
    np.testing.assert_allclose(validation, measured["validation"][0, :calm], atol=0.6)
    np.testing.assert_allclose(test, measured["test"][0, :calm], atol=0.6)
    assert seconds > 0


def test_the_rows_that_judge_are_never_seen_by_a_choice():
    groups = np.repeat(np.arange(30), 4)
    parts = [comparison.split(np.random.default_rng(seed), groups) for seed in range(5)]
    for learn, choose, judge in parts:
        np.testing.assert_array_equal(learn + choose + 2 * judge > 0, True)
        assert not (learn & choose).any()
        np.testing.assert_array_equal(judge, parts[0][2])
        for part in (learn, choose, judge):
            assert set(part.reshape(30, 4).sum(1)) <= {0, 4}
    assert any((parts[0][0] != other[0]).any() for other in parts[1:])
    assert [part.sum() for part in parts[0]] == [72, 24, 24]


def test_luck_is_the_same_for_every_rule():
    oracle, w0, batches, _ = comparison.deal(TASKS["dropout"], np.random.default_rng(3))
    again, start, order, _ = comparison.deal(TASKS["dropout"], np.random.default_rng(3))
    for (X, y), (A, b) in zip(batches, order, strict=True):
        np.testing.assert_array_equal(X, A)
        np.testing.assert_array_equal(y, b)
    for name in w0:
        np.testing.assert_array_equal(w0[name], start[name])
        assert w0[name].dtype == np.float32
    np.testing.assert_array_equal(oracle(w0, X, y)[0], again(start, X, y)[0])


def test_what_is_measured_survives_an_interruption(tmp_path, monkeypatch):
    asked = []

    def measure(task, rule):
        asked.append(rule)
        if len(asked) == 3:
            raise KeyboardInterrupt
        return {"cost": np.array([np.nan, 1.23456]), "validation": np.eye(2, 17)}

    monkeypatch.setattr(comparison, "measure", measure)
    monkeypatch.setattr(comparison, "TASKS", {"one": None})
    out = tmp_path / "results.json"
    with pytest.raises(KeyboardInterrupt):
        comparison.main(["--out", str(out)])
    assert asked == list(CONTENDERS[:3])
    comparison.main(["--out", str(out)])
    assert asked[3:] == list(CONTENDERS[2:])
    np.testing.assert_array_equal(results(out)["one"]["gd"]["cost"], [np.nan, 1.235])
    comparison.main(["--out", str(out), "--anew"])
    assert len(asked) == 3 + 4 + 6


def test_the_forecast_of_chapter_7_is_what_ships():
    def verdict(task, a, b):
        rules = SHIPPED[task]
        low, high = paired_interval(
            rules[a]["fresh_test"], rules[b]["fresh_test"], np.random.default_rng(0)
        )
        return a if high < 0 else b if low > 0 else "no clear difference"

    default = SHIPPED["digits"]["adam"]["test"].mean(0)[4]
    assert RATES[4] == pytest.approx(0.001)
    assert forecast() == [
        verdict("speeches", "adagrad", "nesterov"),
        verdict("speeches", "adam", "nesterov"),
        verdict("signals", "adam", "nesterov"),
        verdict("dropout", "adam", "nesterov"),
        OPTIONS[4][np.searchsorted([5, 15], default)],
    ]
