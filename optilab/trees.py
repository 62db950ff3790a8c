"""Weights are an array or a dict of arrays; these treat both alike."""

import numpy as np


def tree_map(fn, *trees):
    """Apply ``fn`` to arrays, or leaf by leaf to dicts of arrays."""
    if isinstance(trees[0], dict):
        return {key: tree_map(fn, *(tree[key] for tree in trees)) for key in trees[0]}
    return fn(*trees)


def global_norm(tree, sweep=0):
    """Return the Euclidean norm of all entries together, for each member of a sweep.

    Parameters
    ----------
    tree : array, or dict of arrays
    sweep : int
        How many axes lead as a sweep.

    Returns
    -------
    float64 array of the sweep's shape; inf if the norm exceeds 1e154, NaN if an entry is NaN
    """
    leaves = tree.values() if isinstance(tree, dict) else [tree]
    squares = (np.square(x, dtype=float) for x in leaves)
    return np.sqrt(sum(s.sum(tuple(range(sweep, s.ndim))) for s in squares))


def scaled(tree, factor):
    """Multiply each member of a sweep by its own factor; float32 stays float32."""

    def multiply(x):
        trailing = (1,) * (x.ndim - np.ndim(factor))
        return x * np.reshape(factor, np.shape(factor) + trailing).astype(x.dtype)

    return tree_map(multiply, tree)
