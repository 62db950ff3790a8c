"""Losses: equal to the frameworks, known values, far logits, and targets that do not fit."""

from functools import partial
from inspect import isfunction

import numpy as np
import pytest
from golden import load
from golden.losses import CASES, inputs

from optilab import losses

FROZEN = load("losses")


def ours(case):
    """Return our loss of a golden case."""
    *reduction, name = case.ours.split()
    loss = partial(getattr(losses, name), **case.arguments)
    return losses.total(loss) if reduction else loss


def test_every_case_is_frozen():
    answers = {f"{key}/{what}" for key in CASES for what in ("value", "gradient")}
    drawn = {f"inputs/{name}/{what}" for name in inputs() for what in "py"}
    assert FROZEN.keys() == answers | drawn


def test_every_loss_is_compared():
    """All but the quantile loss, which none of the libraries has."""
    functions = {
        name
        for name, f in vars(losses).items()
        if isfunction(f) and f.__module__ == losses.__name__ and name[0] != "_"
    }
    compared = {case.ours.split()[-1] for case in CASES.values()}
    assert functions - compared == {"quantile", "total"}


@pytest.mark.parametrize("key", CASES)
def test_a_loss_follows_the_library(key):
    """Keras takes its means in float32."""
    case = CASES[key]
    p, y = (FROZEN[f"inputs/{case.inputs}/{what}"] for what in "py")
    with np.errstate(invalid="ignore"):
        value, gradient = ours(case)(p, y)
    keras = case.library == "keras"
    np.testing.assert_allclose(
        case.factor * value, FROZEN[f"{key}/value"], rtol=2e-7 if keras else 1e-10, atol=1e-15
    )
    np.testing.assert_allclose(
        case.factor * gradient, FROZEN[f"{key}/gradient"], rtol=1e-10, atol=1e-15
    )


# Five house prices and their predictions: errors -30, -20, -20, -10, -25.
PRICES = np.array([130.0, 170, 220, 260, 325])
PREDICTED = np.array([100.0, 150, 200, 250, 300])


@pytest.mark.parametrize(
    "loss, value",
    [
        (losses.squared, 485 / 2),
        (losses.absolute, 21),
        (partial(losses.huber, delta=15), 205),
        (partial(losses.quantile, tau=0.75), 0.75 * 21),
        (losses.total(losses.absolute), 105),
        (partial(losses.huber, delta=1e9), 485 / 2),
    ],
)
def test_a_table_worked_by_hand(loss, value):
    assert loss(PREDICTED, PRICES)[0] == value
    assert loss(list(PREDICTED), list(PRICES))[0] == value


@pytest.mark.parametrize("scale", [1, 1e-12, 1e12])
def test_huber_has_no_jump_at_delta(scale):
    r = scale * np.array([1 - 1e-15, 1, 1 + 1e-15])
    (value, slope), zero = losses.huber(r[:, None], [0.0], delta=scale), np.zeros(3)
    np.testing.assert_allclose(value / scale**2 - 1 / 2, zero, atol=1e-14)
    np.testing.assert_allclose(slope[:, 0] / scale - 1, zero, atol=1e-14)


@pytest.mark.parametrize(
    "loss, residual, slope",
    [
        (losses.absolute, 0.0, 0.0),
        (losses.absolute, -0.0, 0.0),
        (losses.huber, 1.0, 1.0),
        (losses.huber, -1.0, -1.0),
        (losses.quantile, 0.0, 0.0),
        (partial(losses.quantile, tau=0.9), 0.0, -0.4),
    ],
)
def test_subgradients_at_kinks(loss, residual, slope):
    assert loss([residual], [0.0])[1] == slope


def test_hinge_is_flat_from_the_margin_on():
    value, slope = losses.hinge([1.0, -1.0, 0.999, 5.0], [1, -1, 1, -1])
    assert value == pytest.approx((0.001 + 6) / 4)
    np.testing.assert_array_equal(slope, [0, 0, -1 / 4, 1 / 4])


# loss, prediction, target, value, slope: where exp overflows, and where log would meet 0.
FAR = [
    (losses.logistic, [1000.0], [1], 0, [0]),
    (losses.logistic, [1000.0], [0], 1000, [1]),
    (losses.logistic, [-1000.0], [1], 1000, [-1]),
    (losses.logistic, [-1000.0], [0], 0, [0]),
    (losses.logistic, [40.0], [0], 40, [1]),
    (losses.logistic, [20.0], [1], np.log1p(np.exp(-20.0)), [-1 / (1 + np.exp(20.0))]),
    (losses.logistic, [0.0], [1], np.log(2), [-0.5]),
    (losses.cross_entropy, [[1000.0, 0, -1000]], [0], 0, [[0, 0, 0]]),
    (losses.cross_entropy, [[1000.0, 0, -1000]], [1], 1000, [[1, -1, 0]]),
    (losses.cross_entropy, [[1000.0, 0, -1000]], [2], 2000, [[1, 0, -1]]),
    (losses.cross_entropy, [[1000.0, 1000]], [1], np.log(2), [[0.5, -0.5]]),
    (losses.cross_entropy, np.zeros((4, 10)), [0, 3, 7, 9], np.log(10), None),
    (losses.kl_divergence, [[1000.0, 0, -1000]], [[1.0, 0, 0]], 0, [[0, 0, 0]]),
    (losses.kl_divergence, [[1000.0, 0, -1000]], [[0.5, 0, 0.5]], 1000 - np.log(2), None),
    (losses.log_cosh, [1000.0], [0.0], 1000 - np.log(2), [1]),
    (losses.log_cosh, [-1000.0], [0.0], 1000 - np.log(2), [-1]),
    (losses.hinge, [-1000.0], [1], 1001, [-1]),
    (losses.binary_cross_entropy, [0.0], [1], -np.log(1e-7), [0]),
    (losses.binary_cross_entropy, [0.5], [1], np.log(2), [-2]),
    (losses.categorical_cross_entropy, [[0.0, 5.0]], [0], -np.log(1e-7), [[0, 0]]),
    (losses.categorical_cross_entropy, [[5.0, 0.0]], [0], -np.log1p(-1e-7), [[0, 0]]),
]


@pytest.mark.parametrize("kind", [np.float64, np.float32])
@pytest.mark.parametrize("loss, z, y, value, slope", FAR)
def test_far_logits_stay_exact(loss, z, y, value, slope, kind):
    ours = loss(np.array(z, kind), y)
    eps = np.finfo(kind).eps
    np.testing.assert_allclose(ours[0], value, rtol=4 * eps, atol=eps)
    if slope is not None:
        np.testing.assert_allclose(ours[1], slope, rtol=4 * eps, atol=eps)


def test_logistic_is_cross_entropy_of_two_classes():
    z, y = np.linspace(-5, 5, 7), np.array([0, 1, 1, 0, 1, 0, 1])
    one, two = losses.logistic(z, y), losses.cross_entropy(np.stack([0 * z, z], axis=-1), y)
    np.testing.assert_allclose(one[0], two[0], rtol=1e-14)
    np.testing.assert_allclose(one[1], two[1][:, 1], rtol=1e-14, atol=1e-16)


def test_cross_entropy_sees_only_differences_of_logits():
    z, y = np.random.default_rng(0).normal(size=(5, 4)), np.array([0, 1, 2, 3, 0])
    value, slope = losses.cross_entropy(z, y)
    moved, moved_slope = losses.cross_entropy(z + 100.0, y)
    np.testing.assert_allclose(moved, value, rtol=1e-12)
    np.testing.assert_allclose(moved_slope, slope, atol=1e-14)
    np.testing.assert_allclose(slope.sum(-1), 0, atol=1e-16)


@pytest.mark.parametrize("y", [[0, 1, 2, 3, 0], [False, True, True, False, True]])
def test_a_label_is_its_one_hot_row(y):
    z, rows = np.random.default_rng(0).normal(size=(5, 4)), np.eye(4)[np.array(y, int)]
    for ours, hot in zip(losses.cross_entropy(z, y), losses.cross_entropy(z, rows), strict=True):
        np.testing.assert_array_equal(ours, hot)


@pytest.mark.parametrize(
    "loss, best",
    [
        (losses.squared, np.mean),
        (losses.absolute, np.median),
        (partial(losses.huber, delta=1e9), np.mean),
        (partial(losses.huber, delta=1e-9), np.median),
        (partial(losses.quantile, tau=0.3), lambda y: np.quantile(y, 0.3, method="inverted_cdf")),
        (partial(losses.quantile, tau=0.7), lambda y: np.quantile(y, 0.7, method="inverted_cdf")),
    ],
)
def test_the_best_constant_is_the_statistic_a_loss_estimates(loss, best):
    y = np.array([-3.0, 0.5, 1, 4, 30])
    constants = np.append(np.linspace(-5, 35, 4001), best(y))
    values = loss(np.repeat(constants[:, None], 5, axis=1), y)[0]
    assert values[-1] <= values.min() * (1 + 1e-12)


def test_smoothing_moves_a_share_of_the_target_to_all_classes():
    z, y = np.random.default_rng(0).normal(size=(5, 4)), np.array([0, 1, 2, 3, 0])
    smoothed = 0.925 * np.eye(4)[y] + 0.025 * (1 - np.eye(4)[y])
    for a, b in zip(
        losses.cross_entropy(z, y, label_smoothing=0.1),
        losses.cross_entropy(z, smoothed),
        strict=True,
    ):
        np.testing.assert_allclose(a, b, rtol=1e-14, atol=1e-17)


def test_kl_divergence_is_zero_only_where_the_distributions_agree():
    y = np.random.default_rng(0).dirichlet(np.ones(3), size=4)
    value, slope = losses.kl_divergence(np.log(y), y)
    assert value == pytest.approx(0, abs=1e-15)
    np.testing.assert_allclose(slope, 0, atol=1e-16)
    assert losses.kl_divergence(np.zeros((4, 3)), y)[0] > 0


def test_probabilities_taken_for_logits_raise_the_loss():
    """The bug of p = .9 fed where logits belong: .3412 instead of .1054."""
    assert losses.logistic([0.9], [1])[0] == pytest.approx(0.3412, abs=5e-5)
    assert losses.binary_cross_entropy([0.9], [1])[0] == pytest.approx(0.1054, abs=5e-5)


ELEMENTWISE = [
    losses.squared,
    losses.absolute,
    losses.huber,
    losses.quantile,
    losses.log_cosh,
    losses.hinge,
    losses.logistic,
    losses.binary_cross_entropy,
    losses.total(losses.squared),
]


@pytest.mark.parametrize("loss", ELEMENTWISE)
@pytest.mark.parametrize(
    "p, y", [((5,), (4,)), ((5,), (5, 1)), ((5, 1), (5,)), ((3, 5), (3,)), ((), ())]
)
def test_targets_that_do_not_fit_are_named(loss, p, y):
    with pytest.raises(ValueError, match="number of examples must agree") as error:
        loss(np.zeros(p), np.zeros(y))
    assert str(p) in str(error.value)
    assert str(y) in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("label", [0, 2, -0.5])
def test_labels_of_another_convention_are_named(label):
    with pytest.raises(ValueError, match=rf"hinge\(\): labels are -1 or \+1, not {label}"):
        losses.hinge([0.3, 0.2, 0.1], [1, label, 9])


@pytest.mark.parametrize(
    "loss, setting, values, message",
    [
        (losses.huber, "delta", (0, -1), "must be positive"),
        (losses.quantile, "tau", (-0.5, 0, 1, 2), "must be between 0 and 1"),
        (losses.cross_entropy, "label_smoothing", (-0.1, 1, 2), r"must be in \[0, 1\)"),
    ],
)
def test_settings_out_of_range_are_named(loss, setting, values, message):
    for value in values:
        words = rf"{loss.__name__}\(\): {setting} {message}, not {value}"
        with pytest.raises(ValueError, match=words):
            loss(np.zeros((2, 2)), [0, 1], **{setting: value})


def test_a_sure_and_right_logit_keeps_its_relative_precision():
    """Where log(1 + exp(z)) - z would be 0."""
    assert losses.logistic([40.0], [1])[0] == pytest.approx(np.exp(-40.0), rel=1e-14)


@pytest.mark.parametrize(
    "loss", [losses.cross_entropy, losses.kl_divergence, losses.categorical_cross_entropy]
)
@pytest.mark.parametrize(
    "z, y, message",
    [
        (np.zeros((5, 3)), np.zeros(4, int), r"not int\d+ of shape \(4,\)"),
        (np.zeros((5, 3)), np.zeros(5), r"need n integer labels .* not float64"),
        (np.zeros((5, 3)), np.zeros((5, 2)), r"of shape \(5, 2\)"),
        (np.zeros((5, 3)), np.zeros((6, 3)), r"of shape \(6, 3\)"),
        (np.zeros((5, 3)), np.zeros(6, int), r"of shape \(6,\)"),
        (np.zeros(3), np.zeros(3), r"shape \(3,\) need"),
        (np.zeros(3), np.array(1), r"shape \(3,\) need"),
        (np.zeros((2, 3)), [0, 3], r"for 3 classes, not 3"),
        (np.zeros((2, 4)), [0, 4], r"labels are 0\.\.3 for 4 classes, not 4"),
        (np.zeros((2, 3)), [9, 5], r"labels are 0\.\.2 for 3 classes, not 9"),
        (np.zeros((2, 3)), [-1, 1], r"for 3 classes, not -1"),
    ],
)
def test_labels_that_do_not_fit_are_named(loss, z, y, message):
    with pytest.raises(ValueError, match=message):
        loss(z, y)
