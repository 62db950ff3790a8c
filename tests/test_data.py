"""Data: what the shipped sets hold, and minibatches that use every row once per epoch."""

import numpy as np
import pytest

from optilab import data

# name, shape, first row's end, target counts or range: facts of the sources.
SETS = {
    "digits": (data.digits, (1797, 64), [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]),
    "wine": (data.wine, (178, 13), [59, 71, 48]),
}


@pytest.mark.parametrize("load, shape, counts", SETS.values(), ids=SETS)
def test_classes_are_counted_as_in_the_source(load, shape, counts):
    X, y, features = load()
    assert X.shape == shape
    assert X.dtype == float
    assert len(features) == shape[1]
    assert np.bincount(y).tolist() == counts


def test_digits_are_fractions_of_ink():
    X, _, _ = data.digits()
    assert (X.min(), X.max()) == (0, 1)
    np.testing.assert_array_equal(X * 16, np.round(X * 16))


def test_cars_are_described_in_their_units():
    X, y, features = data.cars()
    assert X.shape == (392, 5)
    assert (y.min(), y.max()) == (9.0, 46.6)
    weight = X[:, features.index("weight (lb)")]
    assert (weight.min(), weight.max()) == (1613, 5140)
    assert np.corrcoef(weight, y)[0, 1] == pytest.approx(-0.832, abs=5e-4)


def test_wine_becomes_well_conditioned_by_standardizing():
    """With a column of ones for the bias: condition number 4.6e8 before, 45.5 after."""
    X, _, _ = data.wine()

    def condition(X):
        A = np.column_stack([X, np.ones(len(X))])
        return np.linalg.cond(A.T @ A / len(A))

    assert condition(X) == pytest.approx(4.6e8, rel=0.01)
    assert condition(data.standardize(X)) == pytest.approx(45.5, abs=0.05)


def test_a_constant_column_becomes_zero():
    X = np.column_stack([np.full(49, 0.1), np.arange(49)])
    Z = data.standardize(X)
    np.testing.assert_array_equal(Z[:, 0], 0)
    assert Z[:, 1].mean() == pytest.approx(0)
    assert Z[:, 1].std() == pytest.approx(1)


@pytest.mark.parametrize("size, lengths", [(1, [1] * 7), (3, [3, 3, 1]), (7, [7]), (10, [7])])
def test_an_epoch_is_a_partition(size, lengths):
    X, y = np.arange(7)[:, None], np.arange(7)
    batches = list(data.minibatches(np.random.default_rng(0), X, y, size, epochs=3))
    assert [len(b) for _, b in batches] == lengths * 3
    epochs = np.concatenate([b for _, b in batches]).reshape(3, 7)
    np.testing.assert_array_equal(np.sort(epochs), [y] * 3)
    assert len({tuple(epoch) for epoch in epochs.tolist()}) == 3
    for rows, targets in batches:
        np.testing.assert_array_equal(rows[:, 0], targets)


def test_a_seed_repeats_its_batches():
    X = np.arange(20.0)
    a, b = (
        [rows for rows, _ in data.minibatches(np.random.default_rng(1), X, X, 6, epochs=2)]
        for _ in range(2)
    )
    for ours, again in zip(a, b, strict=True):
        np.testing.assert_array_equal(ours, again)


@pytest.mark.parametrize(
    "rows, size, message",
    [(4, 2, "X has 5 rows and y has 4"), (5, 0, "size must be 1 or more, not 0")],
)
def test_batches_that_cannot_be_are_named(rows, size, message):
    batches = data.minibatches(np.random.default_rng(0), np.zeros(5), np.zeros(rows), size, 1)
    with pytest.raises(ValueError, match=message):
        next(batches)
