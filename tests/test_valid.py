"""Bad input is named in one line: what was given, what is valid, the nearest right word."""

import re

import numpy as np
import pytest

from optilab import (
    adam,
    descend,
    gd,
    momentum,
    nadam,
    quadratic,
    rosenbrock,
    run,
    sam,
    step,
    with_clipping,
    with_noise,
    with_penalty,
)
from optilab import data as d
from optilab import losses as ls
from optilab import models as m
from optilab import oracles as o
from optilab import problems as p
from optilab import regularizers as r
from optilab import schedules as s
from optilab.dialects import table, translate
from optilab.tuning import compare, tune
from optilab.valid import RANGES, floats, nearest, require, shown

RNG = np.random.default_rng(0)
BOWL, W, P, Y = quadratic(), np.ones(2), np.array([0.1, 0.4]), np.array([0, 1])
Z, X = RNG.normal(size=(2, 3)), RNG.normal(size=(5, 3))
NET = m.mlp_init(RNG, (3, 4, 2))


def task(rng):
    return BOWL, W, [()] * 3


def own(w, g, *, power=1.0):
    return w - g**power


def follow(**hyper):
    return descend(nadam, BOWL, W, 3, **hyper)


RULES = {
    "step, rule": (
        lambda: step("adam", W, W, {}),
        "step(): rule must be a function such as adam, n",
    ),
    "step, t": (lambda: step(adam, W, W, {}, t=0), "step(): t must be at least 1, not 0"),
    "step, lr": (lambda: step(adam, W, W, {}, lr=-1), "adam(): lr must be at least 0, not -1"),
    "step, name": (lambda: step(adam, W, W, {}, bta1=0.5), "hyperparameter 'bta1', only lr, beta"),
    "step, state": (lambda: step(adam, W, W, {"u": 0.0}), "adam(): the state has u, not m, v"),
    "step, no state": (lambda: step(gd, W, W, {"v": 0.0}), "gd(): the state has v, not nothing"),
    "step, number": (lambda: step(adam, W, W, 0.0), "adam(): the state has 0.0, not m, v"),
    "step, long state": (
        lambda: step(momentum, W, W, {"v": np.ones(3)}),
        "momentum(): v has shape (3,), the weights (2,)",
    ),
    "step, state of rows": (
        lambda: step(momentum, np.ones((2, 3)), np.ones((2, 3)), {"v": W}),
        "momentum(): v has shape (2,), the weights (2, 3)",
    ),
    "step, state of more rows": (
        lambda: step(momentum, np.ones((2, 3)), np.ones((2, 3)), {"v": np.ones((4, 3))}),
        "momentum(): v has shape (4, 3), the weights (2, 3)",
    ),
    "step, array": (lambda: step(adam, W, W, np.eye(2)), "adam(): the state has array([[1., 0.],"),
    "step, many": (lambda: step(gd, W, W, {"u": 0, "v": 0}), "gd(): the state has u, v, not nothi"),
    "own setting": (
        lambda: step(own, W, W, {}, power=np.nan),
        "own(): power must be a number, not",
    ),
    "step, long lr": (
        lambda: step(gd, W, W, {}, lr=np.ones(3)),
        "gd(): lr has shape (3,), the weights (2,): its axes must be the first of theirs",
    ),
    "step, deep lr": (lambda: step(gd, W, W, {}, lr=np.ones((2, 1))), "lr has shape (2, 1), the w"),
    "run, rule": (lambda: run("gd", BOWL, W, [()]), "run(): rule must be a function such as adam"),
    "run, oracle": (lambda: run(gd, 3, W, [()]), "run(): oracle must be a function such as"),
    "run, steps": (
        lambda: run(gd, BOWL, W, 100),
        "batches must be tuples, as of minibatches(), not",
    ),
    "run, stop": (
        lambda: follow(stop=0.1),
        "run(): stop must be a function such as lambda w, loss",
    ),
    "run, record": (lambda: follow(record=None), "run(): no record None, only all, w, loss, last"),
    "run, records": (
        lambda: follow(record=["loss"]),
        "only all, w, loss, last; did you mean 'loss'",
    ),
    "run, w0": (lambda: descend(gd, BOWL, [1j, 0], 3), "w0 must be numbers, not [1j, 0j]"),
    "run, w0 of words": (
        lambda: descend(gd, BOWL, np.array([], str), 3),
        "w0 must be numbers, not []",
    ),
    "run, no w0": (lambda: descend(gd, BOWL, None, 3), "w0 must be numbers, not None"),
    "run, psi": (lambda: follow(psi=-1), "nadam(): psi must be at least 0, not -1"),
    "run, eps": (lambda: follow(eps=np.nan), "nadam(): eps must be at least 0, not nan"),
    "run, schedule": (lambda: follow(lr=lambda k: None), "nadam(): lr must be a number, not None"),
    "run, growing": (lambda: follow(lr=lambda k: np.ones(k + 1)), "lr has shape (2,), the weights"),
    "descend, none": (
        lambda: descend(gd, BOWL, W, 0),
        "steps must be a whole number from 1, not 0",
    ),
    "descend, half": (lambda: descend(gd, BOWL, W, 2.5), "steps must be a whole number from 1, no"),
    "translate": (lambda: translate("adamm", "torch"), "no rule 'adamm', only gd, momentum"),
    "translate, near": (lambda: translate("adamm", "torch"), "; did you mean 'adam'?"),
    "library": (lambda: translate("adam", "pytorch"), "no adam in 'pytorch', only torch, keras"),
    "argument": (
        lambda: translate("adam", "keras", lr=1.0),
        "no 'lr' here, only learning_rate, be",
    ),
    "table": (lambda: table("adm"), "no rule 'adm', only gd"),
}
LOSSES = {
    "words": (lambda: ls.squared(["a"], [1]), "predictions must be numbers, not ['a']"),
    "dict": (lambda: ls.squared({"w": P}, Y), "predictions must be numbers, not {'w': "),
    "complex": (lambda: ls.squared(P, 1j * Y), "targets must be numbers, not ["),
    "none": (lambda: ls.absolute([], []), "a mean needs at least one example, not 0"),
    "no rows": (lambda: ls.cross_entropy(Z[:0], Y[:0]), "a mean needs at least one example, not 0"),
    "delta": (lambda: ls.huber(P, Y, delta="1"), "huber(): delta must be a number, not '1'"),
    "-1, 1": (lambda: ls.logistic(P, 2 * Y - 1), "logistic(): labels are 0 or 1, or a probability"),
    "1, 2": (
        lambda: ls.logistic(P, Y + 1),
        "logistic(): labels are 0 or 1, or a probability, not 2",
    ),
    "p, labels": (
        lambda: ls.binary_cross_entropy(P, -Y),
        "labels are 0 or 1, or a probability, no",
    ),
    "eps": (lambda: ls.binary_cross_entropy(P, Y, eps=0), "eps must be between 0 and 1, not 0"),
    "eps of classes": (lambda: ls.categorical_cross_entropy(P[None], [0], eps=0), "eps must be"),
    "two": (
        lambda: ls.cross_entropy(Z, 2 * np.eye(3)[Y]),
        "targets (n, classes) are probabilities",
    ),
    "half": (
        lambda: ls.cross_entropy(Z, 0.5 * np.eye(3)[Y]),
        "targets (n, classes) are probabilities",
    ),
    "complex rows": (lambda: ls.cross_entropy(Z, 1j * Z), "targets must be numbers, not [["),
    "wide": (lambda: ls.kl_divergence(np.ones((1, 40)), np.ones((1, 40))), "not [1.0, 1.0, 1.0,"),
    "negative": (lambda: ls.kl_divergence(Z, [[1, 0, 0], [2, -1, 0]]), "not [2.0, -1.0, 0.0]"),
    "total": (lambda: ls.total(0.5), "total(): loss must be a function such as squared, not 0.5"),
}
SCHEDULES = {
    "rate": (lambda: s.exponential(1, -0.5), "exponential(): rate must be at least 0, not -0.5"),
    "inverse": (lambda: s.inverse_time(1, -2), "inverse_time(): rate must be at least 0, not -2"),
    "power": (lambda: s.polynomial(1, 9, power=0), "polynomial(): power must be positive, not 0"),
    "monro": (lambda: s.robbins_monro(1, -1), "robbins_monro(): power must be at least 0, not -1"),
    "words": (lambda: s.cosine(1, "ten"), "cosine(): steps must be a number, not 'ten'"),
    "piecewise": (
        lambda: s.piecewise(10, [1, 2, 3]),
        "piecewise(): 1 boundaries need 2 values, not",
    ),
    "boundary": (lambda: s.piecewise([np.nan], [1, 2]), "boundaries must be a number, not nan"),
    "boundaries": (lambda: s.piecewise(["a"], [1, 2]), "boundaries must be a number, not"),
    "values": (lambda: s.piecewise([5], [1, np.nan]), "values must be a number, not nan"),
    "warmup": (
        lambda: s.linear_warmup(0.1, 5),
        "schedule must be a function such as constant(0.1)",
    ),
    "one_cycle": (lambda: s.one_cycle(1, 9, div_factor=0), "div_factor must be positive, not 0"),
    "its end": (
        lambda: s.one_cycle(1, 9, final_div_factor=0),
        "final_div_factor must be positive, not 0",
    ),
    "shrink": (lambda: s.cyclic(0, 1, 5, shrink=-1), "cyclic(): shrink must be at least 0, not -1"),
    "no cycle": (lambda: s.cosine_restarts(1, 0), "cosine_restarts(): steps must be positive, not"),
    "restarts": (lambda: s.cosine_restarts(1, 5, shrink=-1), "shrink must be at least 0, not -1"),
    "factor": (
        lambda: s.reduce_on_plateau(1, 1, factor=10),
        "factor must be between 0 and 1, not 1",
    ),
    "patience": (lambda: s.early_stopping(1, patience=-1), "patience must be at least 0, not -1"),
    "delta": (lambda: s.early_stopping(1, min_delta=-1), "min_delta must be at least 0, not -1"),
}
REGULARIZERS = {
    "l1": (lambda: r.l1(-1), "l1(): strength must be at least 0, not -1"),
    "l2": (lambda: r.l2(-1), "l2(): strength must be at least 0, not -1"),
    "l2 of words": (lambda: r.l2("a"), "l2(): strength must be a number, not 'a'"),
    "elastic_net": (
        lambda: r.elastic_net(-1),
        "elastic_net(): strength must be at least 0, not -1",
    ),
    "ratio": (lambda: r.elastic_net(1, 2), "elastic_net(): ratio must be in [0, 1], not 2"),
    "threshold": (lambda: r.soft_threshold(W, -1), "soft_threshold(): amount must be at least 0"),
    "limit": (lambda: r.max_norm(NET["W1"], 0), "max_norm(): limit must be positive, not 0"),
    "bias": (lambda: r.max_norm(W, 1), "max_norm(): w must be (..., fan_in, fan_out), not (2,)"),
    "projection": (lambda: r.projected(gd, 3), "projection must be a function such as lambda w"),
    "no rule": (
        lambda: r.projected("gd", abs),
        "projected(): rule must be a function such as adam",
    ),
    "dropout": (lambda: r.dropout(0.5, 0), "dropout(): rng must be a generator such as np.random"),
    "polyak": (lambda: r.polyak(W, t=0), "polyak(): t must be at least 1, not 0"),
    "ema": (lambda: r.ema(W, beta=1), "ema(): beta must be in [0, 1), not 1"),
    "ema, t": (lambda: r.ema(W, t=0), "ema(): t must be at least 1, not 0"),
    "clip": (lambda: o.clip_by_norm("1"), "clip_by_norm(): limit must be a number, not '1'"),
    "sigma": (lambda: with_noise(BOWL, -1, RNG), "with_noise(): sigma must be at least 0, not -1"),
    "seed": (
        lambda: with_noise(BOWL, 1, None),
        "rng must be a generator such as np.random.default",
    ),
    "sam": (lambda: sam(BOWL, -1), "sam(): rho must be at least 0, not -1"),
    "penalty": (
        lambda: with_penalty(BOWL, 0.1),
        "penalty must be a function such as l2(0.01), not",
    ),
    "clipping": (
        lambda: with_clipping(BOWL, 1),
        "clip must be a function such as clip_by_norm(1.0)",
    ),
    "model": (
        lambda: o.objective(3, ls.squared),
        "objective(): model must be a function such as li",
    ),
    "loss": (lambda: o.objective(m.mlp, "mse"), "objective(): loss must be a function such as squ"),
}
DATA = {
    "seed": (
        lambda: d.moons(0),
        "moons(): rng must be a generator such as np.random.default_rng(0)",
    ),
    "n": (lambda: d.spirals(RNG, 0), "spirals(): n must be a whole number from 1, not 0"),
    "arms": (
        lambda: d.spirals(RNG, 9, 2.5),
        "spirals(): arms must be a whole number from 1, not 2.",
    ),
    "noise": (lambda: d.signals(RNG, 9, -1), "signals(): noise must be at least 0, not -1"),
    "words": (lambda: d.standardize([["a"]]), "standardize(): X must be numbers, not [['a']]"),
    "batches, seed": (
        lambda: next(d.minibatches(0, X, X, 2, 1)),
        "rng must be a generator such as",
    ),
    "batches, size": (
        lambda: next(d.minibatches(RNG, X, X, 2.5, 1)),
        "size must be a whole number",
    ),
    "epochs": (
        lambda: next(d.minibatches(RNG, X, X, 2, 0)),
        "epochs must be a whole number from 1",
    ),
    "no rows": (lambda: next(d.minibatches(RNG, [], [], 2, 1)), "X has 0 rows and y has 0"),
    "landscape": (lambda: rosenbrock("ab"), "rosenbrock(): w must be numbers, not 'ab'"),
    "curvature": (lambda: quadratic(["a"]), "quadratic(): curvature must be numbers, not ['a']"),
    "no curvature": (lambda: quadratic([]), "quadratic(): curvature must be (d,), not (0,)"),
    "angle": (lambda: quadratic([1.0], angle=1), "must be (d,) with d of 2 or more, not (1,)"),
}
MODELS = {
    "missing": (lambda: m.mlp({"W1": NET["W1"]}, X), "the weights need 'b1', but have W1"),
    "missing last": (
        lambda: m.mlp({name: NET[name] for name in ("W1", "b1", "W2")}, X),
        "the weights need 'b2', but have W1, b1, W2",
    ),
    "nothing": (lambda: m.mlp({}, X), "the weights need 'W1', but have nothing"),
    "array": (lambda: m.linear(W, X), "the weights need 'w', but have ndarray"),
    "layers": (
        lambda: m.mlp(NET | {"W2": np.ones((3, 2))}, X),
        "W2 (3, 2) and b2 (2,) do not fit e",
    ),
    "bias": (
        lambda: m.mlp(NET | {"b2": np.ones(3)}, X),
        "W2 (4, 2) and b2 (3,) do not fit each oth",
    ),
    "words": (lambda: m.mlp(NET, [["a"]]), "X must be numbers, not [['a']]"),
    "drop": (lambda: m.mlp(NET, X, drop=0.5), "drop must be a function such as dropout(0.5, rng)"),
    "near": (lambda: m.mlp(NET, X, "rleu"), "only relu, sigmoid, tanh; did you mean 'relu'?"),
    "one size": (
        lambda: m.mlp_init(RNG, [3]),
        "mlp_init(): sizes are those of input and output at",
    ),
    "size": (lambda: m.mlp_init(RNG, [3, 0]), "sizes must be a whole number from 1, not 0"),
    "init, seed": (lambda: m.mlp_init(0, [3, 2]), "mlp_init(): rng must be a generator such as np"),
    "line": (lambda: m.linear_init(0), "linear_init(): d must be a whole number from 1, not 0"),
    "patch": (lambda: m.cnn_init(RNG, side=2), "a patch of 3 x 3 does not fit 2 x 2 pixels"),
    "outputs": (
        lambda: m.one_output(m.mlp)(NET, X),
        "one_output(): the model has 2 outputs, not 1",
    ),
}
PROBLEMS = {
    "C": (lambda: p.reddi(3, C=-1), "reddi(): C must be positive, not -1"),
    "steps": (lambda: p.reddi(2.5), "reddi(): steps must be a whole number from 1, not 2.5"),
    "period": (lambda: p.reddi(3, period=0), "period must be a whole number from 1, not 0"),
    "share": (lambda: p.wilson(RNG, 3, share=2), "wilson(): share must be between 0 and 1, not 2"),
    "rows": (lambda: p.wilson(RNG, 3, n=0), "wilson(): n must be a whole number from 1, not 0"),
    "seed": (lambda: p.wilson(0, 3), "wilson(): rng must be a generator such as np.random.defau"),
    "lessard": (lambda: p.lessard("a"), "lessard(): steps must be a number, not 'a'"),
    "chains": (lambda: p.noisy_mean(RNG, 3, 0), "chains must be a whole number from 1, not 0"),
    "mean, seed": (lambda: p.noisy_mean(0, 3), "noisy_mean(): rng must be a generator such as np"),
}
TUNING = {
    "list": (lambda: tune(gd, task, [0.1], [0]), "tune(): grid must be {name: values}, not [0.1]"),
    "empty": (lambda: tune(gd, task, {"lr": []}, [0]), "tune(): lr must be a row of values to try"),
    "square": (lambda: tune(gd, task, {"lr": [[1.0]]}, [0]), "lr must be a row of values to try"),
    "words": (lambda: tune(gd, task, {"lr": ["a"]}, [0]), "tune(): lr must be numbers, not ['a']"),
    "a seed": (lambda: tune(gd, task, {"lr": [1]}, 3), "seeds must be several, such as range(3)"),
    "no seed": (lambda: tune(gd, task, {"lr": [1]}, []), "seeds must be several, such as range(3)"),
    "task": (lambda: tune(gd, 3, {"lr": [1]}, [0]), "task must be a function such as lambda rng"),
    "score": (
        lambda: tune(gd, task, {"lr": [0.1]}, [0], score=lambda path: 1.0),
        "tune(): the score has shape (), but the grid (1,)",
    ),
    "pair": (
        lambda: compare(task, {"a": gd}, [0]),
        "compare(): 'a' must be (rule, grid), not <func",
    ),
}
MISUSES = {
    f"{area}: {name}": misuse
    for area, misuses in {
        "rules": RULES,
        "losses": LOSSES,
        "schedules": SCHEDULES,
        "regularizers": REGULARIZERS,
        "data": DATA,
        "models": MODELS,
        "problems": PROBLEMS,
        "tuning": TUNING,
    }.items()
    for name, misuse in misuses.items()
}


@pytest.mark.parametrize("call, says", MISUSES.values(), ids=MISUSES)
def test_misuse_is_named_in_one_line(call, says):
    with pytest.raises((TypeError, ValueError), match=re.escape(says)) as caught:
        call()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "words, inside, outside",
    [
        ("a number", (-1e9, 0, np.inf), (np.nan,)),
        ("positive", (1e-300, np.inf), (0, -1, np.nan)),
        ("at least 0", (0, -0.0, 3), (-1e-300, np.nan)),
        ("at least 1", (1, 1.5), (0.999, np.nan)),
        ("in [0, 1)", (0, 0.999), (-0.1, 1, np.nan)),
        ("in [0, 1]", (0, 1), (-0.1, 1.1, np.nan)),
        ("between 0 and 1", (1e-300, 0.999), (0, 1, np.nan)),
        ("a whole number from 1", (1, np.int64(7)), (0, 1.0, -1, np.nan)),
    ],
)
def test_ranges_mean_what_they_say(words, inside, outside):
    assert words in RANGES
    require("f", words, x=np.array(inside), **{f"x{i}": x for i, x in enumerate(inside)})
    for x in outside:
        for given in (x, np.array([x])):
            with pytest.raises(ValueError, match=re.escape(f"f(): x must be {words}, not {x}")):
                require("f", words, x=given)


def test_integers_become_float64_and_floats_stay_as_they_are():
    for x in ([1, 2], [True, False], 3):
        assert floats("x", x).dtype == np.float64
    for kind in (np.float32, np.float64):
        x = np.ones(2, kind)
        assert floats("x", x) is x


def test_a_word_far_from_all_has_no_nearest():
    assert nearest("lrr", ["lr", "beta"]) == "; did you mean 'lr'?"
    assert nearest("q", ["lr", "beta"]) == ""


def test_anything_is_shown_in_one_short_line():
    assert shown("adam") == "'adam'"
    assert "\n" not in shown(np.eye(30))
    assert len(shown(np.eye(30))) <= 40
    assert shown("x" * 38) == repr("x" * 38)
    assert len(shown("x" * 39)) <= 40
