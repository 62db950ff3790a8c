"""Data: what the shipped sets hold, and minibatches that use every row once per epoch."""

from functools import partial

import numpy as np
import pytest

from optilab import data, models, momentum, objective, run
from optilab.losses import cross_entropy
from optilab.trees import tree_map

relu = partial(models.mlp, activation="relu")

# name, shape, first row's end, target counts or range: facts of the sources.
SETS = {
    "digits": (data.digits, (1797, 64), [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]),
    "wine": (data.wine, (178, 13), [59, 71, 48]),
    "breast cancer": (data.breast_cancer, (569, 30), [212, 357]),
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


def test_breast_cancer_has_the_decimals_of_the_source():
    X, _, features = data.breast_cancer()
    np.testing.assert_array_equal(X[0, 1:8], [10.38, 122.8, 1001, 0.1184, 0.2776, 0.3001, 0.1471])
    area = X[:, features.index("worst area")]
    assert (area.min(), area.max()) == (185.2, 4254.0)


def test_cars_are_described_in_their_units():
    X, y, features = data.cars()
    assert X.shape == (392, 5)
    assert (y.min(), y.max()) == (9.0, 46.6)
    weight = X[:, features.index("weight (lb)")]
    assert (weight.min(), weight.max()) == (1613, 5140)
    assert np.corrcoef(weight, y)[0, 1] == pytest.approx(-0.832, abs=5e-4)


def test_sotu_is_sparse_and_sorted_by_how_common_its_words_are():
    X, y, words = data.sotu()
    assert (X.shape, X.dtype, len(set(words))) == ((5927, 4000), bool, 4000)
    assert X.mean() == pytest.approx(0.0090, abs=5e-5)
    assert X.sum(axis=1).mean() == pytest.approx(36.1, abs=0.05)
    assert (y.min(), y.max(), (y >= 1933).sum()) == (1790, 2021, 1738)
    assert X[y >= 1933, words.index("soviet")].sum() > 50
    assert not X[y < 1900, words.index("soviet")].any()
    assert X[:, :40].mean() > 10 * X[:, -40:].mean()


def test_moons_are_half_circles():
    X, y, features = data.moons(np.random.default_rng(0), n=500, noise=0)
    assert (X.shape, len(features)) == ((500, 2), 2)
    assert np.unique(y).tolist() == [0, 1]
    centers = np.where(y[:, None], [1.0, 0.5], [0.0, 0.0])
    np.testing.assert_allclose(np.linalg.norm(X - centers, axis=1), 1)
    assert ((X - centers)[:, 1] * (1 - 2 * y) >= 0).all()


@pytest.mark.parametrize("arms", [2, 3, 5])
def test_spirals_turn_once(arms):
    X, y, _ = data.spirals(np.random.default_rng(0), n=500, arms=arms, noise=0)
    assert np.unique(y).tolist() == list(range(arms))
    radius, angle = np.hypot(*X.T), np.arctan2(X[:, 1], X[:, 0])
    turns = (angle / (2 * np.pi) - radius - y / arms) % 1
    np.testing.assert_allclose(np.minimum(turns, 1 - turns), 0, atol=1e-12)
    assert 0.1 <= radius.min() < radius.max() <= 1


@pytest.mark.parametrize("make", [data.moons, data.spirals, data.signals])
def test_generators_repeat_with_their_seed(make):
    a, b, other = (make(np.random.default_rng(seed), 50) for seed in (0, 0, 1))
    np.testing.assert_array_equal(a.X, b.X)
    np.testing.assert_array_equal(a.y, b.y)
    assert (a.X != other.X).any()
    assert len(a.features) == a.X.shape[1]


@pytest.mark.parametrize(
    "make, deviation", [(data.moons, 0.2), (data.spirals, 0.2), (data.signals, 0.5)]
)
def test_noise_lies_around_the_shapes(make, deviation):
    noisy, clean = (make(np.random.default_rng(0), 4000, noise=s).X for s in (deviation, 0))
    assert (noisy - clean).std() == pytest.approx(deviation, rel=0.03)


def test_signals_ask_for_more_than_a_line():
    """A linear model stays below 45 % on new rows; a network passes 70 % in 15 epochs."""
    rng = np.random.default_rng(0)
    X, y, _ = data.signals(rng, 3000)
    right = {}
    for sizes in ((40, 10), (40, 64, 64, 10)):
        start = tree_map(np.float32, models.mlp_init(rng, sizes))
        batches = data.minibatches(rng, X[:2500], y[:2500], 50, epochs=15)
        path = run(momentum, objective(relu, cross_entropy), start, batches, lr=0.05, record="last")
        prediction, _ = relu({name: w[-1] for name, w in path.w.items()}, X[2500:])
        right[len(sizes)] = (prediction.argmax(-1) == y[2500:]).mean()
    assert 0.15 < right[2] < 0.45
    assert right[4] > 0.7


@pytest.mark.parametrize(
    "load, raw, standardized", [(data.wine, 4.6e8, 45.5), (data.breast_cancer, 2.38e12, 9.98e4)]
)
def test_standardizing_cures_the_units(load, raw, standardized):
    """Condition numbers with a column of ones for the bias; what columns share stays."""
    X, _, _ = load()

    def condition(X):
        return np.linalg.cond(np.column_stack([X, np.ones(len(X))])) ** 2

    assert condition(X) == pytest.approx(raw, rel=0.01)
    assert condition(data.standardize(X)) == pytest.approx(standardized, rel=0.002)


def test_a_column_with_a_hole_is_no_constant_column():
    X = np.array([[np.nan, 1], [2, 3]])
    np.testing.assert_array_equal(data.standardize(X), [[np.nan, -1], [np.nan, 1]])


def test_lists_make_minibatches_too():
    ((X, y),) = data.minibatches(np.random.default_rng(0), [[1], [2]], [1, 2], size=2, epochs=1)
    np.testing.assert_array_equal(X[:, 0], y)


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
    [(4, 2, "X has 5 rows and y has 4"), (5, 0, "size must be a whole number from 1, not 0")],
)
def test_batches_that_cannot_be_are_named(rows, size, message):
    batches = data.minibatches(np.random.default_rng(0), np.zeros(5), np.zeros(rows), size, 1)
    with pytest.raises(ValueError, match=message):
        next(batches)
