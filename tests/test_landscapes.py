"""Landscapes: their minima, their windows, and points that do not fit."""

import numpy as np
import pytest

from optilab import landscapes
from optilab.problems import lessard_curve

LANDSCAPES = {
    "quadratic": landscapes.quadratic(),
    "quadratic, turned": landscapes.quadratic((0.2, 4), angle=0.5),
    "quadratic, indefinite": landscapes.quadratic((1, -0.5, 2)),
    "quadratic, of one": landscapes.quadratic([2]),
    "rosenbrock": landscapes.rosenbrock,
    "saddle": landscapes.saddle,
    "monkey_saddle": landscapes.monkey_saddle,
    "beale": landscapes.beale,
    "himmelblau": landscapes.himmelblau,
    "rastrigin": landscapes.rastrigin,
    "ravine": landscapes.ravine,
    "plateau": landscapes.plateau,
    "double_well": landscapes.double_well,
    "lessard_curve": lessard_curve,
}
every_landscape = pytest.mark.parametrize("f", LANDSCAPES.values(), ids=LANDSCAPES)


@every_landscape
def test_minima_are_minima(f):
    """No slope there, nothing lower around, the lowest first, and all inside the window."""
    low, high = np.transpose(f.window)
    assert (low < high).all()
    assert (low < f.minima).all()
    assert (f.minima < high).all()
    values, slopes = f(f.minima)
    np.testing.assert_allclose(slopes, 0, atol=1e-11)
    assert (np.diff(values) >= -1e-12).all()
    around = np.random.default_rng(0).normal(0, 1e-3, (500, *f.minima.shape))
    assert (f(f.minima + around)[0] > values - 1e-15).all()


@every_landscape
def test_nothing_in_the_window_lies_below_the_first_minimum(f):
    grid = np.meshgrid(*(np.linspace(*side, 61) for side in f.window))
    values = f(np.stack(grid, axis=-1))[0]
    if len(f.minima):
        assert values.min() >= f(f.minima[0])[0]
    else:
        edge = [values[0], values[-1], values[:, 0], values[:, -1]]
        assert values.min() == min(side.min() for side in edge)


@pytest.mark.parametrize("name", [name for name in LANDSCAPES if hasattr(landscapes, name)])
def test_a_landscape_has_its_name_and_its_words(name):
    f = getattr(landscapes, name)
    assert f.__name__ == name
    assert f.__doc__


@every_landscape
def test_points_with_other_coordinates_are_refused(f):
    d = len(f.window)
    for shape in ((d + 1,), (2, d + 1), ()):
        with pytest.raises(ValueError, match=rf"\(\): w must be \(\.\.\., {d}\), not \("):
            f(np.zeros(shape))


@pytest.mark.parametrize("angle", [0, 0.3, np.pi / 2])
def test_a_turned_bowl_is_the_bowl_in_turned_coordinates(angle):
    c, s = np.cos(angle), np.sin(angle)
    w = np.random.default_rng(0).normal(size=(20, 2))
    value = landscapes.quadratic((1, 100), angle)(w @ [[c, s], [-s, c]])[0]
    np.testing.assert_allclose(value, landscapes.quadratic((1, 100))(w)[0], rtol=1e-12)


def test_a_valley_has_no_lowest_point():
    assert landscapes.quadratic((1, 0)).minima.shape == (0, 2)


def test_a_curvature_must_be_a_row():
    with pytest.raises(ValueError, match=r"curvature must be \(d,\), not \(2, 2\)"):
        landscapes.quadratic(np.eye(2))


# landscape, point, value there: published, or by hand.
VALUES = [
    (landscapes.quadratic(), (1, 1), 5.5),
    (landscapes.rosenbrock, (-1.2, 1), 24.2),
    (landscapes.beale, (0, 0), 14.203125),
    (landscapes.himmelblau, (0, 0), 170),
    (landscapes.rastrigin, (1, 1), 2),
    (landscapes.rastrigin, (0.5, 0), 20.25),
    (landscapes.monkey_saddle, (1, 1), -2),
    (landscapes.plateau, (3, 4), 1 - np.exp(-12.5)),
    (landscapes.ravine, (2, np.sin(2)), 0.2),
    (landscapes.double_well, (-1,), -0.3),
]


@pytest.mark.parametrize("f, w, value", VALUES)
def test_known_values(f, w, value):
    assert f(w)[0] == pytest.approx(value, rel=1e-14)


def test_the_monkey_saddle_has_three_ways_down():
    angle = np.linspace(0, 2 * np.pi, 12, endpoint=False) + 0.1
    value, _ = landscapes.monkey_saddle(np.stack([np.cos(angle), np.sin(angle)], axis=-1))
    assert np.count_nonzero(np.diff(np.sign(value), append=np.sign(value[0]))) == 6


def test_parameters_move_the_minimum():
    for value, slope in (
        landscapes.rosenbrock([2.0, 4.0], 2.0),
        landscapes.rosenbrock([2.0, 4.0], a=2.0),
    ):
        assert value == 0
        np.testing.assert_array_equal(slope, 0)
    assert landscapes.double_well([-1.0], tilt=0)[0] == 0
