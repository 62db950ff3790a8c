"""Fair comparisons: the same tasks, as many settings for each, and a word when a grid is too small.

Wilson et al. (2017) and Schmidt et al. (2021) show how far rankings depend on this.
"""

import math
import warnings
from typing import NamedTuple

import numpy as np

from optilab.run import rule_name, run
from optilab.valid import floats, require_function, shown


class Tuned(NamedTuple):
    """How a rule fared on a grid.

    Attributes
    ----------
    best : dict
        The setting with the lowest mean score over the seeds.
    scores : array (seeds,)
        The scores of that setting.
    grid : dict of arrays (n,)
        The values tried.
    all_scores : array (seeds, n, ...)
        One axis for each entry of ``grid``; inf where a run diverged.
    """

    best: dict
    scores: np.ndarray
    grid: dict
    all_scores: np.ndarray


def last_loss(path):
    """Score a trajectory, or each member of a sweep, by its last loss."""
    return path.loss[-1]


def tune(rule, task, grid, seeds, score=last_loss):
    """Try every setting of a grid on one task per seed, and warn if the best lies at its edge.

    Parameters
    ----------
    rule : function
    task : function ``rng -> (oracle, w0, batches)``
        What to learn, made of a random generator: equal seeds make equal tasks.
    grid : dict
        Values for each hyperparameter, tried in all combinations.
    seeds : iterable of int
    score : function ``trajectory -> number``
        Lower is better; an array for a sweep.  Not from the data that judges the winner.

    Returns
    -------
    Tuned
    """
    require_function("tune", "adam", rule=rule)
    require_function("tune", "lambda rng: (oracle, w0, batches)", task=task)
    seeds = _listed(seeds)
    if not isinstance(grid, dict):
        raise TypeError(f"tune(): grid must be {{name: values}}, not {shown(grid)}")
    values = {name: np.atleast_1d(floats(f"tune(): {name}", v)) for name, v in grid.items()}
    for name, v in values.items():
        if v.ndim > 1 or not v.size:
            raise ValueError(f"tune(): {name} must be a row of values to try, not {shown(v)}")
    mesh = dict(zip(values, np.ix_(*values.values()), strict=True))
    rows = []
    for seed in seeds:
        path = run(rule, *task(np.random.default_rng(seed)), record="loss", **mesh)
        rows.append(score(path))
        shape = tuple(map(len, values.values()))
        if np.shape(rows[-1]) != shape:
            raise ValueError(
                f"tune(): the score has shape {np.shape(rows[-1])}, but the grid {shape}"
            )
    scores = np.nan_to_num(np.stack(rows), nan=np.inf, posinf=np.inf)
    winner = np.unravel_index(scores.mean(0).argmin(), scores.shape[1:])
    if np.isinf(scores.mean(0)[winner]):
        warnings.warn(f"{rule_name(rule)}(): every setting of the grid diverged", stacklevel=2)
    best = {name: values[name][i].item() for name, i in zip(values, winner, strict=True)}
    for name, value in best.items():
        _warn_at_edge(rule, name, value, values[name])
    return Tuned(best, scores[:, *winner], values, scores)


def _warn_at_edge(rule, name, best, tried):
    edges = {tried.min(): "smallest", tried.max(): "largest"}
    if best in edges and best != 0 and len(tried) > 1:  # nothing lies beyond 0
        warnings.warn(
            f"{rule_name(rule)}(): the best {name}, {best:g}, is the {edges[best]} of its grid: "
            "try beyond it",
            stacklevel=3,
        )


def compare(task, contenders, seeds, score=last_loss):
    """Tune each contender on the same tasks with the same number of settings.

    Parameters
    ----------
    task, seeds, score
        As in `tune`.
    contenders : dict
        ``{label: (rule, grid)}``

    Returns
    -------
    dict of Tuned
        By label; scores are paired, entry i of each comes from the same seed.

    Raises
    ------
    ValueError
        Grids of different sizes: whoever tries more settings wins more often.
    """
    seeds = _listed(seeds)
    for label, pair in contenders.items():
        if not (isinstance(pair, tuple) and len(pair) == 2 and isinstance(pair[1], dict)):
            raise TypeError(f"compare(): {label!r} must be (rule, grid), not {shown(pair)}")
    sizes = {
        label: math.prod(np.size(values) for values in grid.values())
        for label, (_, grid) in contenders.items()
    }
    if len(set(sizes.values())) > 1:
        tries = ", ".join(f"{label} {size}" for label, size in sizes.items())
        raise ValueError(f"compare(): every grid needs as many settings, not {tries}")
    return {
        label: tune(rule, task, grid, seeds, score) for label, (rule, grid) in contenders.items()
    }


def _listed(seeds):
    try:
        seeds = list(seeds)
    except TypeError:
        raise TypeError(f"seeds must be several, such as range(3), not {shown(seeds)}") from None
    if not seeds:
        raise ValueError("seeds must be several, such as range(3), not none")
    return seeds
