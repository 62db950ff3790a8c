"""Small real data sets, shipped with the package, and the minibatches made of them.

Nothing is downloaded.  The three sets come from the UCI Machine Learning Repository, which
gives them under the licence CC BY 4.0; ``_data/make.py`` says which files they were made of.
"""

from importlib.resources import as_file, files
from typing import NamedTuple

import numpy as np


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
    E. Alpaydin and C. Kaynak (1998), UCI Machine Learning Repository, doi:10.24432/C50P49.
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
    doi:10.24432/C5PC7J.
    """
    X, y, features = _load("wine")
    return Data(X, y.astype(int), features)


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
    "Auto MPG", R. Quinlan (1993), UCI Machine Learning Repository, doi:10.24432/C5859H.
    """
    return Data(*_load("cars"))


def standardize(X):
    """Return ``X (n, d)`` with columns of mean 0 and standard deviation 1, constant ones with 0."""
    X = np.asarray(X)
    varies = np.ptp(X, axis=0) > 0
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
    if len(X) != len(y):
        raise ValueError(f"minibatches(): X has {len(X)} rows and y has {len(y)}")
    if size < 1:
        raise ValueError(f"minibatches(): size must be 1 or more, not {size}")
    for _ in range(epochs):
        order = rng.permutation(len(X))
        for i in range(0, len(X), size):
            yield X[order[i : i + size]], y[order[i : i + size]]


def _load(name):
    with as_file(files("optilab") / "_data" / f"{name}.npz") as path, np.load(path) as file:
        return file["X"], file["y"], tuple(file["features"].tolist())
