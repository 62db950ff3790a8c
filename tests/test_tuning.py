"""Comparisons are fair: paired tasks, equal effort, and a word at the edge of a grid."""

import re
from itertools import repeat

import numpy as np
import pytest

from optilab import adam, descend, gd, momentum, quadratic
from optilab.tuning import compare, tune

bowl = quadratic((1.0, 10.0))


def task(rng):
    return bowl, rng.normal(size=2), repeat((), 30)


def test_every_setting_is_tried_on_every_seed():
    grid = {"lr": [0.01, 0.1, 0.15, 0.5], "beta": [0.0, 0.5, 0.9]}
    tuned = tune(momentum, task, grid, seeds=[3, 4, 5])
    assert tuned.all_scores.shape == (3, 4, 3)
    w0 = np.random.default_rng(4).normal(size=2)
    alone = descend(momentum, bowl, w0, 30, lr=0.15, beta=0.5).loss[-1]
    np.testing.assert_allclose(tuned.all_scores[1, 2, 1], alone)


def test_the_best_has_the_lowest_mean():
    tuned = tune(gd, task, {"lr": [0.01, 0.1, 0.15, 0.5]}, seeds=range(3))
    i = tuned.all_scores.mean(0).argmin()
    assert tuned.best == {"lr": tuned.grid["lr"][i]}
    np.testing.assert_array_equal(tuned.scores, tuned.all_scores[:, i])


def test_a_run_that_diverges_never_wins():
    def flat(rng):
        return (
            lambda w: (w.sum(-1), np.where(w > 1e200, np.nan, -1e200)),
            np.zeros(1),
            repeat((), 9),
        )

    tuned = tune(gd, flat, {"lr": [0.0, 1.0, 10.0]}, seeds=[0])
    np.testing.assert_array_equal(tuned.all_scores[0], [0, np.inf, np.inf])


@pytest.mark.parametrize(
    "lrs, says",
    [
        ([0.001, 0.01], "gd(): the best lr, 0.01, is the largest of its grid: try beyond it"),
        ([0.15, 0.5], "gd(): the best lr, 0.15, is the smallest of its grid: try beyond it"),
    ],
)
def test_the_edge_of_a_grid_is_announced(lrs, says):
    with pytest.warns(UserWarning, match=re.escape(says)):
        tune(gd, task, {"lr": lrs}, seeds=[0])


@pytest.mark.parametrize("grid", [{"lr": [0.1], "beta": [0.0, 0.9]}, {"lr": [0.01, 0.1, 0.5]}])
def test_one_value_and_0_have_nothing_beyond(grid):
    """Warnings are errors in this suite."""
    tune(momentum, task, grid, seeds=[0])


def test_a_grid_on_which_all_diverge_has_no_best():
    def lost(path):
        return np.full(2, np.nan)

    with pytest.warns(UserWarning, match=r"gd\(\): every setting of the grid diverged"):
        tune(gd, task, {"lr": [0.0, 0.1]}, seeds=[0], score=lost)


def test_another_score_may_judge():
    tuned = tune(gd, task, {"lr": [0.0, 0.1, 0.15]}, seeds=[0], score=lambda path: -path.loss[-1])
    assert tuned.best == {"lr": 0.0}


def test_contenders_meet_the_same_tasks():
    lrs = [0.01, 0.1, 0.15, 0.5]
    result = compare(task, {"a": (gd, {"lr": lrs}), "b": (gd, {"lr": lrs})}, seeds=iter(range(3)))
    np.testing.assert_array_equal(result["a"].scores, result["b"].scores)


def test_one_value_may_stand_alone():
    settings = {"lr": [0.01, 0.1, 0.5], "beta": 0.0}
    result = compare(task, {"a": (momentum, settings)}, seeds=[0])
    assert result["a"].best == {"lr": 0.1, "beta": 0.0}


def test_unequal_effort_is_refused():
    contenders = {"gd": (gd, {"lr": [0.1]}), "adam": (adam, {"lr": [0.1, 0.2], "beta1": [0, 0.5]})}
    says = "compare(): every grid needs as many settings, not gd 1, adam 4"
    with pytest.raises(ValueError, match=re.escape(says)):
        compare(task, contenders, seeds=[0])
