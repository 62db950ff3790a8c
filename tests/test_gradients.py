"""Laws of everything that returns (value, gradient), from one table; and of the models."""

from functools import partial

import numpy as np
import pytest

from optilab import landscapes, losses, models
from optilab.oracles import objective

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
    "logistic": (lambda z: losses.logistic(z, LABELS), P),
    "cross_entropy of labels": (lambda z: losses.cross_entropy(z, CLASSES), Z),
    "cross_entropy of shares": (lambda z: losses.cross_entropy(z, SHARES), Z),
    "quadratic": (landscapes.quadratic((1, 10)), POINT),
    "quadratic, turned": (landscapes.quadratic((1, 10), angle=0.6), POINT),
    "quadratic, 3 dimensions": (landscapes.quadratic((1, -2, 3), angle=0.6), P[:3]),
    "rosenbrock": (landscapes.rosenbrock, POINT),
    "saddle": (landscapes.saddle, POINT),
    "double_well": (landscapes.double_well, POINT[:1]),
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

# A model, its weights, a loss and targets for the rows of X.
MODELS = {
    "linear": (models.linear, LINE, losses.squared, Y),
    **{
        f"mlp, {activation}": (
            partial(models.mlp, activation=activation),
            NET,
            losses.cross_entropy,
            CLASSES,
        )
        for activation in models.ACTIVATIONS
    },
    "mlp, one output": (
        models.one_output(models.mlp),
        models.mlp_init(RNG, [2, 4, 1]),
        losses.logistic,
        LABELS,
    ),
}
every_model = pytest.mark.parametrize("model, params, loss, y", MODELS.values(), ids=MODELS)


@every_model
def test_a_model_carries_the_slope_back(model, params, loss, y):
    f = objective(model, loss)
    gradients = f({name: read_only(p) for name, p in params.items()}, read_only(X), y)[1]
    assert gradients.keys() == params.keys()
    for name, p in params.items():
        slope = differences(lambda q, name=name: f(params | {name: q}, X, y), p)
        np.testing.assert_allclose(gradients[name], slope, rtol=1e-6, atol=1e-8, err_msg=name)


@every_model
def test_a_sweep_of_models_is_its_members(model, params, loss, y):
    f = objective(model, loss)
    scales = np.array([[1, 2, -1], [0.5, 0.1, -3]])
    value, gradients = f({name: np.multiply.outer(scales, p) for name, p in params.items()}, X, y)
    for i, scale in np.ndenumerate(scales):
        alone, its_gradients = f({name: scale * p for name, p in params.items()}, X, y)
        np.testing.assert_allclose(value[i], alone, rtol=1e-13)
        for name, g in its_gradients.items():
            np.testing.assert_allclose(gradients[name][i], g, rtol=1e-12, atol=1e-14)


@every_model
def test_a_model_computes_in_the_type_of_its_weights(model, params, loss, y):
    f = objective(model, loss)
    value, gradients = f({name: p.astype(np.float32) for name, p in params.items()}, X, y)
    exact, exact_gradients = f(params, X, y)
    assert value.dtype == np.float32
    np.testing.assert_allclose(value, exact, rtol=1e-5)
    for name, g in gradients.items():
        assert g.dtype == np.float32
        np.testing.assert_allclose(g, exact_gradients[name], rtol=1e-4, atol=1e-6)
