"""Laws of everything that returns (value, gradient), from one table; and of the oracles."""

from functools import partial

import numpy as np
import pytest

from optilab import landscapes, losses, models, problems, regularizers
from optilab.oracles import objective, with_penalty
from optilab.trees import tree_map

RNG = np.random.default_rng(0)
P, Y = RNG.normal(size=6), RNG.normal(size=6)
LABELS = np.array([0, 1, 1, 0, 1, 0])
Z, CLASSES = RNG.normal(size=(6, 3)), np.array([0, 2, 1, 1, 0, 2])
SHARES = RNG.dirichlet(np.ones(3), size=6)
POINT = np.array([-1.3, 0.7])

# A function of one array, and where to look at it.
DIFFERENTIABLE = {
    "squared": (lambda p: losses.squared(p, Y), P),
    "absolute": (lambda p: losses.absolute(p, Y), P),
    "huber": (lambda p: losses.huber(p, Y, delta=0.7), P),
    "quantile": (lambda p: losses.quantile(p, Y, tau=0.2), P),
    "log_cosh": (lambda p: losses.log_cosh(p, Y), P),
    "hinge": (lambda z: losses.hinge(z, 2 * LABELS - 1), P),
    "logistic": (lambda z: losses.logistic(z, LABELS), P),
    "cross_entropy of labels": (lambda z: losses.cross_entropy(z, CLASSES), Z),
    "cross_entropy of shares": (lambda z: losses.cross_entropy(z, SHARES), Z),
    "cross_entropy, smoothed": (
        lambda z: losses.cross_entropy(z, CLASSES, label_smoothing=0.1),
        Z,
    ),
    "kl_divergence": (lambda z: losses.kl_divergence(z, SHARES), Z),
    "binary_cross_entropy": (lambda p: losses.binary_cross_entropy(p, LABELS), SHARES[:, 0]),
    "categorical_cross_entropy": (
        lambda p: losses.categorical_cross_entropy(p, CLASSES),
        3 * SHARES,
    ),
    "total": (lambda p: losses.total(losses.squared)(p, Y), P),
    "penalized rosenbrock": (with_penalty(landscapes.rosenbrock, regularizers.l2(3.0)), POINT),
    "quadratic": (landscapes.quadratic((1, 10)), POINT),
    "quadratic, turned": (landscapes.quadratic((1, 10), angle=0.6), POINT),
    "quadratic, 3 dimensions": (landscapes.quadratic((1, -2, 3), angle=0.6), P[:3]),
    "rosenbrock": (landscapes.rosenbrock, POINT),
    "saddle": (landscapes.saddle, POINT),
    "monkey_saddle": (landscapes.monkey_saddle, POINT),
    "beale": (landscapes.beale, POINT),
    "himmelblau": (landscapes.himmelblau, POINT),
    "rastrigin": (landscapes.rastrigin, POINT),
    "ravine": (landscapes.ravine, POINT),
    "plateau": (landscapes.plateau, POINT),
    "double_well": (landscapes.double_well, POINT[:1]),
    "lessard_curve": (problems.lessard_curve, POINT[:1]),
    **{
        name: (lambda w, penalty=penalty: penalty(w, sweep=w.ndim - 2), Z)
        for name, penalty in {
            "l1": regularizers.l1(0.3),
            "l2": regularizers.l2(0.3),
            "elastic_net": regularizers.elastic_net(0.3, ratio=0.2),
        }.items()
    },
}
every_row = pytest.mark.parametrize("f, x", DIFFERENTIABLE.values(), ids=DIFFERENTIABLE)


def differences(f, x, h=1e-6):
    """Return the gradient of f at x by central differences."""
    g = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        e = np.zeros_like(x)
        e[i] = h
        g[i] = (f(x + e)[0] - f(x - e)[0]) / (2 * h)
    return g


def read_only(x):
    x = x.copy()
    x.setflags(write=False)
    return x


@every_row
def test_the_gradient_is_the_slope_of_the_value(f, x):
    np.testing.assert_allclose(f(read_only(x))[1], differences(f, x), rtol=1e-6, atol=1e-8)


@every_row
def test_a_sweep_is_its_members(f, x):
    members = np.stack([[x, 2 * x, -x], [x + 1, x - 0.3, x / 3]])
    value, gradient = f(members)
    assert value.shape == (2, 3)
    for i in np.ndindex(2, 3):
        alone = f(members[i])
        np.testing.assert_allclose(value[i], alone[0], rtol=1e-14)
        np.testing.assert_allclose(gradient[i], alone[1], rtol=1e-14)


@every_row
def test_float32_stays_float32(f, x):
    value, gradient = f(x.astype(np.float32))
    assert (value.dtype, gradient.dtype) == (np.float32, np.float32)
    for ours, exact in zip((value, gradient), f(x), strict=True):
        np.testing.assert_allclose(ours, exact, rtol=1e-5, atol=1e-6)


@every_row
def test_integers_count_as_numbers(f, x):
    x = np.round(3 * x)
    for ours, exact in zip(f(x.astype(int)), f(x), strict=True):
        np.testing.assert_array_equal(ours, exact)


X = RNG.normal(size=(6, 2))
LINE = {"w": P[:2], "b": np.array(0.3)}
NET = models.mlp_init(RNG, [2, 4, 5, 3]) | {"b1": RNG.normal(size=4), "b2": RNG.normal(size=5)}


def thinned(params, X):
    """Return the prediction of a network that drops the same units at every call."""
    return models.mlp(params, X, drop=regularizers.dropout(0.4, np.random.default_rng(1)))


# An oracle, its weights and its batch.
OBJECTIVES = {
    "linear": (objective(models.linear, losses.squared), LINE, (X, Y)),
    **{
        f"mlp, {activation}": (
            objective(partial(models.mlp, activation=activation), losses.cross_entropy),
            NET,
            (X, CLASSES),
        )
        for activation in models.ACTIVATIONS
    },
    "mlp, thinned": (objective(thinned, losses.cross_entropy), NET, (X, CLASSES)),
    "mlp, one output": (
        objective(models.one_output(models.mlp), losses.logistic),
        models.mlp_init(RNG, [2, 4, 1]),
        (X, LABELS),
    ),
    "cnn": (
        objective(models.cnn, losses.cross_entropy),
        models.cnn_init(RNG, side=4, k=2, filters=2, outputs=3),
        (RNG.normal(size=(6, 16)), CLASSES),
    ),
    "penalized": (
        with_penalty(objective(models.mlp, losses.cross_entropy), regularizers.elastic_net(0.3)),
        NET,
        (X, CLASSES),
    ),
}
every_objective = pytest.mark.parametrize("f, w, batch", OBJECTIVES.values(), ids=OBJECTIVES)


@every_objective
def test_an_oracle_gives_the_slope_of_its_loss(f, w, batch):
    gradients = f(tree_map(read_only, w), *map(read_only, batch))[1]
    for name, p in w.items():
        slope = differences(lambda q, name=name: f(w | {name: q}, *batch), p)
        np.testing.assert_allclose(gradients[name], slope, rtol=1e-6, atol=1e-8, err_msg=name)


@every_objective
def test_a_sweep_of_weights_is_its_members(f, w, batch):
    scales = np.array([[1, 2, -1], [0.5, 0.1, -3]])
    value, gradients = f(tree_map(partial(np.multiply.outer, scales), w), *batch)
    assert value.shape == scales.shape
    for i, scale in np.ndenumerate(scales):
        alone, its_gradients = f(tree_map(partial(np.multiply, scale), w), *batch)
        np.testing.assert_allclose(value[i], alone, rtol=1e-13)
        for name, g in its_gradients.items():
            np.testing.assert_allclose(gradients[name][i], g, rtol=1e-11, atol=1e-14)


@every_objective
def test_an_oracle_computes_in_the_type_of_the_weights(f, w, batch):
    value, gradients = f(tree_map(np.float32, w), *batch)
    exact, exact_gradients = f(w, *batch)
    assert value.dtype == np.float32
    np.testing.assert_allclose(value, exact, rtol=1e-5)
    for name, g in gradients.items():
        assert g.dtype == np.float32
        np.testing.assert_allclose(g, exact_gradients[name], rtol=1e-4, atol=1e-6)
