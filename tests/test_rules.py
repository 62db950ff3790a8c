"""Every rule follows torch, Keras and optax, in their words."""

import re

import numpy as np
import pytest
from golden import load
from golden.rules import CASES, KEPT, SEEDS, STEPS, flat, start

from optilab import RULES, run
from optilab.dialects import DIALECTS, table, translate
from optilab.run import anatomy

FROZEN = load("rules")


def test_every_case_is_frozen():
    assert FROZEN.keys() == {*CASES, *(f"gradients/{seed}" for seed in SEEDS)}


def test_every_rule_is_compared_with_every_library_that_has_it():
    assert DIALECTS.keys() == RULES.keys()
    said = {(rule, lib) for rule in DIALECTS for lib in DIALECTS[rule] if lib != "paper"}
    assert {(case.rule, case.library) for case in CASES.values()} == said


@pytest.mark.parametrize("key", CASES)
def test_rule_follows_the_library(key):
    """Equal to 1e-10 of the largest value that a coordinate takes, NaN where theirs is."""
    case = CASES[key]
    gradients, theirs = FROZEN[f"gradients/{case.seed}"], FROZEN[key]
    path = run(
        RULES[case.rule],
        lambda w, k: (0.0, gradients[k]),
        flat(start()),
        [(k,) for k in range(STEPS)],
        record="w",
        **translate(case.rule, case.library, **case.arguments),
    )
    scale = np.nanmax(np.abs(theirs), axis=0)
    np.testing.assert_allclose(path.w[list(KEPT)] / scale, theirs / scale, rtol=0, atol=1e-10)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_gradients_hold_the_hard_cases(seed):
    g = FROZEN[f"gradients/{seed}"]
    zero, minus_zero, tiny, tinier, huge, huger, rare = np.abs(g[:, :7]).T
    assert (zero == 0).all()
    assert (minus_zero == 0).all()
    assert np.signbit(g[:, 1]).all()
    assert tiny.max() < 1e-28
    assert tinier.max() < 1e-128
    assert huge.max() > 1e29
    assert huger.max() > 1e149
    assert np.count_nonzero(rare) == STEPS / 20
    assert np.isnan(g).sum() == 1


@pytest.mark.parametrize("name", RULES)
def test_a_translation_sets_every_hyperparameter(name):
    for dialect in DIALECTS[name].values():
        assert dialect.ours.keys() == anatomy(RULES[name])[1].keys()


# Defaults that no library has, because the book needs others or torch has no such rule.
OWN_DEFAULTS = {
    "gd": {"lr": 0.1},
    "momentum": {"lr": 0.1, "beta": 0.9},
    "nesterov": {"lr": 0.1, "beta": 0.9},
    "lion": {"lr": 1e-4, "beta1": 0.9, "beta2": 0.99, "wd": 0.0},
    "schedule_free": {"lr": 1.0, "beta": 0.9},
}


@pytest.mark.parametrize("name", RULES)
def test_defaults_are_those_of_torch(name):
    assert anatomy(RULES[name])[1] == (OWN_DEFAULTS.get(name) or translate(name, "torch"))


@pytest.mark.parametrize(
    "library, theirs, says",
    [
        ("torch", dict(momentum=0.9), "SGD: no 'momentum' here, only lr"),
        ("optax", dict(), "sgd: no default for 'learning_rate'"),
    ],
)
def test_a_wrong_argument_is_named(library, theirs, says):
    with pytest.raises(TypeError, match=re.escape(says)):
        translate("gd", library, **theirs)


@pytest.mark.parametrize("name", RULES)
def test_the_table_has_a_row_for_each_library(name):
    head, _, *rows = [line.strip("| ").split(" | ") for line in table(name).splitlines()]
    differs = any(dialect.differs for dialect in DIALECTS[name].values())
    assert head[2:] == [*anatomy(RULES[name])[1]] + ["differs"] * differs
    assert [row[0] for row in rows] == list(DIALECTS[name])


def test_the_table_says_how():
    assert (
        "| keras | `Adam(learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-07, "
        "amsgrad=True)` | `learning_rate` | `beta_1` | `beta_2` | "
        "`epsilon / sqrt(1 - beta_2**t)` |"
    ) in table("amsgrad")
