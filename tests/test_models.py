"""Models: known predictions, initial weights, and rows that do not fit."""

import numpy as np
import pytest

from optilab import models
from optilab.regularizers import dropout

X = np.random.default_rng(0).normal(size=(5, 3))


def test_linear_is_a_line():
    params = {"w": np.array([1.0, 2, 3]), "b": np.array(4.0)}
    np.testing.assert_allclose(models.linear(params, [[1, 1, 1], [0, 0, -1]])[0], [10, 1])
    words = np.array([[True, False, True], [False, False, False]])
    np.testing.assert_allclose(models.linear(params, words)[0], [8, 4])


def test_linear_starts_at_zero():
    prediction, _ = models.linear(models.linear_init(3), X)
    np.testing.assert_array_equal(prediction, np.zeros(5))


@pytest.mark.parametrize(
    "activation, f",
    [
        ("tanh", np.tanh),
        ("relu", lambda z: np.where(z > 0, z, 0)),
        ("sigmoid", lambda z: 1 / (1 + np.exp(-z))),
    ],
)
def test_an_mlp_is_its_layers(activation, f):
    params = models.mlp_init(np.random.default_rng(1), [3, 4, 2])
    by_hand = f(X @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"]
    prediction, _ = models.mlp(params, X, activation=activation)
    np.testing.assert_allclose(prediction, by_hand, rtol=1e-14)


def test_training_may_drop_units_that_prediction_keeps():
    params = models.mlp_init(np.random.default_rng(1), [3, 400, 2])
    drop = dropout(0.25, np.random.default_rng(0))
    kept, _ = models.mlp(params, X)
    trained = np.stack([models.mlp(params, X, drop=drop)[0] for _ in range(2000)])
    np.testing.assert_allclose(trained.mean(0), kept, atol=0.015)
    assert trained.std(0).min() > 0.03


def test_a_convolution_slides_one_filter_over_the_image():
    rng = np.random.default_rng(0)
    params = models.cnn_init(rng, side=5, k=2, filters=3, outputs=4)
    images = rng.normal(size=(2, 5, 5))
    by_hand = np.zeros((2, 4))
    for n, row, column, f in np.ndindex(2, 4, 4, 3):
        patch = images[n, row : row + 2, column : column + 2].ravel()
        seen = max(patch @ params["W1"][:, f] + params["b1"][f], 0)
        by_hand[n] += seen * params["W2"][(row * 4 + column) * 3 + f]
    prediction, _ = models.cnn(params, images.reshape(2, 25))
    np.testing.assert_allclose(prediction, by_hand + params["b2"], rtol=1e-12)


def test_glorot_weights_have_his_variance():
    params = models.mlp_init(np.random.default_rng(0), [300, 100, 50])
    assert {name: p.shape for name, p in params.items()} == {
        "W1": (300, 100),
        "b1": (100,),
        "W2": (100, 50),
        "b2": (50,),
    }
    assert params["W1"].var() == pytest.approx(2 / 400, rel=0.03)
    assert not params["b1"].any()
    shapes = {name: p.shape for name, p in models.cnn_init(np.random.default_rng(0)).items()}
    assert shapes == {"W1": (9, 8), "b1": (8,), "W2": (288, 10), "b2": (10,)}


def test_one_output_gives_one_number_per_row():
    params = models.mlp_init(np.random.default_rng(0), [3, 4, 1])
    prediction, _ = models.one_output(models.mlp)(params, X)
    np.testing.assert_array_equal(prediction, models.mlp(params, X)[0][:, 0])


@pytest.mark.parametrize(
    "model, params, d",
    [
        (models.linear, models.linear_init(3), 3),
        (models.mlp, models.mlp_init(np.random.default_rng(0), [3, 2]), 3),
        (models.cnn, models.cnn_init(np.random.default_rng(0), side=4), 16),
    ],
)
@pytest.mark.parametrize("shape", [(5, 4), (3,), (2, 5, 3)])
def test_rows_that_do_not_fit_are_named(model, params, d, shape):
    with pytest.raises(ValueError, match=rf"X must be \(n, {d}\) for weights of shape") as error:
        model(params, np.zeros(shape))
    assert str(error.value).endswith(f"not {shape}")


def test_an_unknown_activation_is_named():
    with pytest.raises(ValueError, match="no activation 'rely', only relu, sigmoid, tanh"):
        models.mlp(models.mlp_init(np.random.default_rng(0), [3, 2]), X, activation="rely")
