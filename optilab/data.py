"""Data: small real sets that ship with the package, generators, and minibatches.

Nothing is downloaded.  `digits`, `wine`, `breast_cancer` and `cars` come from the UCI Machine
Learning Repository, which gives them under the licence CC BY 4.0; the texts of `sotu` are in the
public domain.  ``_data/make.py`` says which files they were made of.
"""

from importlib.resources import as_file, files
from typing import NamedTuple

import numpy as np

from optilab.valid import floats, require, require_generator


class Data(NamedTuple):
    """Rows ``X (n, d)``, targets ``y (n,)`` and the names of the d columns."""

    X: np.ndarray
    y: np.ndarray
    features: tuple[str, ...]


def digits():
    """Handwritten digits: 1,797 images of 8 x 8 pixels in [0, 1], and the digit 0..9.

    Returns
    -------
    Data
        ``X (1797, 64)`` is ink per pixel as a fraction (sixteenths in the source), row by row;
        ``y`` holds integers.

    Notes
    -----
    The writer-independent test part of "Optical Recognition of Handwritten Digits",
    E. Alpaydin and C. Kaynak (1998), UCI Machine Learning Repository, doi:10.24432/C50P49,
    CC BY 4.0.
    """
    X, y, features = _load("digits")
    return Data(X / 16, y.astype(int), features)


def wine():
    """Wine: 13 chemical measurements of 178 Italian wines, and the cultivar 0..2.

    Returns
    -------
    Data
        ``X (178, 13)`` in units that differ a thousandfold (proline in mg/l, hue without a
        unit): the course's example of bad conditioning.  ``y`` holds integers.

    Notes
    -----
    "Wine", S. Aeberhard and M. Forina (1992), UCI Machine Learning Repository,
    doi:10.24432/C5PC7J, CC BY 4.0.
    """
    X, y, features = _load("wine")
    return Data(X, y.astype(int), features)


def breast_cancer():
    """Breast cancer: 30 measurements of the cell nuclei of 569 tumours, and 1 if benign, else 0.

    Returns
    -------
    Data
        ``X (569, 30)``: for each of ten measurements the mean over the nuclei of an image, its
        standard error, and the mean of the three largest.  Radius, perimeter and area say nearly
        the same: standardised, its columns are still the course's worst conditioned.

    Notes
    -----
    "Breast Cancer Wisconsin (Diagnostic)", W. Wolberg, O. Mangasarian, N. Street and W. Street
    (1993), UCI Machine Learning Repository, doi:10.24432/C5DW2B, CC BY 4.0.
    """
    (digits, decimals), y, features = _load("breast_cancer")
    return Data(digits / 10.0**decimals, y.astype(int), features)


def cars():
    """Cars: 5 measurements of 392 cars of 1970-82, and their miles per gallon.

    Returns
    -------
    Data
        ``X (392, 5)``: cylinders, displacement (cubic inches), horsepower, weight (pounds),
        seconds from 0 to 60 mph; ``y`` in miles per gallon.  Cars with a missing value are
        left out.

    Notes
    -----
    "Auto MPG", R. Quinlan (1993), UCI Machine Learning Repository, doi:10.24432/C5859H, CC BY 4.0.
    """
    return Data(*_load("cars"))


def sotu():
    """State of the Union: which words 5,927 passages of the addresses hold, and their year.

    Real sparse data: 0.9 % of X is true, 36 words in a row.  The course asks of a passage whether
    it dates from 1933 or later, ``y >= 1933``.

    Returns
    -------
    Data
        ``X (5927, 4000)`` of bool (24 MB), a column per word, the commonest first; ``y`` holds the
        years 1790..2021.

    Notes
    -----
    Every third passage of 100 words of 233 addresses.  The 100 commonest words are left out, and
    of the rest the 4,000 that occur in most passages are kept.  Rows of one address resemble
    each other: split by year or address when that matters.

    The addresses are works of the United States Government.  Collected as "datasets-sotu" 0.2.3
    by The Stdlib Authors (2018): contents CC0 1.0, database PDDL 1.0.
    """
    packed, y, words = _load("sotu")
    X = np.unpackbits(packed, axis=1, count=len(words)).view(bool)
    return Data(X, y.astype(int), words)


def moons(rng, n=200, noise=0.15):
    """Two interleaved half circles: ``X (n, 2)`` and a class y in {0, 1}.

    Parameters
    ----------
    rng : numpy.random.Generator
    n : int
    noise : float
        Standard deviation around the circles, whose radius is 1.
    """
    _require("moons", rng, noise, n=n)
    angle, y = rng.uniform(0, np.pi, n), rng.integers(0, 2, n)
    X = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    X = np.where(y[:, None], [1.0, 0.5] - X, X)
    return Data(X + rng.normal(0, noise, X.shape), y, ("x", "y"))


def spirals(rng, n=300, arms=3, noise=0.03):
    """Spiral arms around the origin, each of one turn: ``X (n, 2)`` and the arm y.

    Parameters
    ----------
    rng : numpy.random.Generator
    n, arms : int
    noise : float
        Standard deviation around the arms, whose outer radius is 1.
    """
    _require("spirals", rng, noise, n=n, arms=arms)
    radius, y = rng.uniform(0.1, 1, n), rng.integers(0, arms, n)
    angle = 2 * np.pi * (radius + y / arms)
    X = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return Data(X + rng.normal(0, noise, X.shape), y, ("x", "y"))


def signals(rng, n=4000, noise=0.25):
    """Ten shapes in time, moved, stretched, tilted and under noise: ``X (n, 40)``, y in 0..9.

    Small enough for seconds of training, yet a linear model fails and a network does not.  After
    MNIST-1D, Greydanus & Kobak (2024), with shapes and distortions of our own.

    Parameters
    ----------
    rng : numpy.random.Generator
    n : int
    noise : float
        Standard deviation of a noise that lasts nine points; the shapes are about 1 high.
    """
    _require("signals", rng, noise, n=n)
    time, y = np.linspace(0, 1, 40), rng.integers(0, len(SHAPES), n)
    start, width = rng.uniform(0, 0.4, n), rng.uniform(0.45, 0.6, n)
    knots = start[:, None] + width[:, None] * np.linspace(0, 1, SHAPES.shape[1])
    X = np.stack([np.interp(time, at, SHAPES[k], 0, 0) for at, k in zip(knots, y, strict=True)])
    X *= rng.uniform(0.7, 1.3, (n, 1))
    X += rng.normal(0, 0.5, (n, 1)) * (time - 0.5)
    hiss = np.lib.stride_tricks.sliding_window_view(rng.normal(0, noise / 3, (n, 48)), 9, axis=1)
    return Data(X + hiss.sum(-1), y, tuple(f"{t:.3f}" for t in time))


SHAPES = np.array([
    [4, 6, 8, 7, 5, 4, 4, 5, 7, 8, 6, 4],
    [0, 1, 2, 3, 5, 8, 8, 5, 3, 2, 1, 0],
    [6, 8, 7, 4, 2, 1, 1, 2, 2, 3, 4, 4],
    [5, 7, 4, 2, 4, 7, 7, 4, 2, 4, 7, 5],
    [8, 6, 4, 3, 3, 3, 3, 8, 8, 3, 2, 2],
    [7, 7, 7, 5, 3, 3, 5, 6, 5, 3, 1, 1],
    [1, 2, 4, 6, 8, 8, 6, 6, 7, 6, 4, 2],
    [8, 8, 8, 7, 6, 5, 4, 3, 2, 2, 1, 1],
    [3, 6, 6, 3, 2, 1, 1, 2, 4, 8, 8, 4],
    [2, 5, 7, 7, 5, 3, 3, 4, 5, 6, 7, 8],
]) / 4  # fmt: skip


def standardize(X):
    """Return ``X (n, d)`` with columns of mean 0 and standard deviation 1, constant ones with 0."""
    X = floats("standardize(): X", X)
    varies = np.ptp(X, axis=0) != 0  # a NaN does, and stays
    return np.where(varies, X - X.mean(axis=0), 0) / np.where(varies, X.std(axis=0), 1)


def minibatches(rng, X, y, size, epochs):
    """Yield ``(X, y)`` minibatches, reshuffled each epoch; a short last batch is kept.

    Parameters
    ----------
    rng : numpy.random.Generator
    X, y : arrays of n rows
    size : int
        Rows in a batch; n or more gives full-batch steps.
    epochs : int
        Passes over the data.

    Raises
    ------
    ValueError
        X and y have different numbers of rows, or batches would be empty.
    """
    require_generator("minibatches", rng)
    require("minibatches", "a whole number from 1", size=size, epochs=epochs)
    X, y = np.asarray(X), np.asarray(y)
    if len(X) != len(y) or not len(X):
        raise ValueError(f"minibatches(): X has {len(X)} rows and y has {len(y)}")
    for _ in range(epochs):
        order = rng.permutation(len(X))
        for i in range(0, len(X), size):
            yield X[order[i : i + size]], y[order[i : i + size]]


def _require(caller, rng, noise, **counts):
    require_generator(caller, rng)
    require(caller, "at least 0", noise=noise)
    require(caller, "a whole number from 1", **counts)


def _load(name):
    with as_file(files("optilab") / "_data" / f"{name}.npz") as path, np.load(path) as file:
        return file["X"], file["y"], tuple(file["features"].tolist())
