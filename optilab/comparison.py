"""The comparison of chapter 7: its tasks, its protocol, and the results that ship.

Every rule meets the same tasks with the same learning rates, under the same seeds.  Some seeds
choose the rate, others see how the chosen one fares.  ``python -m optilab.comparison`` computes
what is missing from the results; ``OMP_NUM_THREADS=1`` before it leaves the other cores alone.
"""

import argparse
import json
import platform
import time
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

import numpy as np

from optilab import data
from optilab.losses import cross_entropy
from optilab.models import mlp, mlp_init
from optilab.oracles import objective
from optilab.regularizers import dropout
from optilab.rules import RULES
from optilab.run import run
from optilab.schedules import robbins_monro
from optilab.trees import tree_map

RESULTS = Path(__file__).with_name("_data") / "comparison.json"
CONTENDERS = ("gd", "nesterov", "adagrad", "rmsprop", "adadelta", "adam")
# Two rates in a decade, the same for every rule; all other settings are the defaults.
RATES = np.geomspace(1e-5, 1e3, 17)
TUNING_SEEDS = range(5)
FRESH_SEEDS = range(100, 120)
BATCH = 128


class Task(NamedTuple):
    """What all rules are asked to learn.

    Attributes
    ----------
    rows : function ``() -> (X, y, groups)``
        Rows of one group, such as one address, stay together when the data are split.
    sizes : tuple of int
        Layers of the network; two make softmax regression, which is convex.
    epochs : int
    power : float
        The learning rate falls as ``lr / t**power``.
    drop : float
        The share of hidden units that dropout takes away.
    """

    rows: Callable
    sizes: tuple[int, ...]
    epochs: int
    power: float = 0.0
    drop: float = 0.0


@cache
def _speeches():
    X, year, _ = data.sotu()
    return X, (year >= 1933).astype(int), year


@cache
def _digits():
    X, y, _ = data.digits()
    return X, y, np.arange(len(y))


@cache
def _signals():
    X, y, _ = data.signals(np.random.default_rng(0), 2000)
    return X, y, np.arange(len(y))


TASKS = {
    "speeches": Task(_speeches, (4000, 2), epochs=15, power=0.5),
    "digits": Task(_digits, (64, 10), epochs=30, power=0.5),
    "dropout": Task(_digits, (64, 64, 64, 10), epochs=40, drop=0.5),
    "signals": Task(_signals, (40, 64, 64, 10), epochs=60),
}


def split(rng, groups):
    """Mark the rows to learn from, to choose by, and to judge by: 3/5, 1/5 and 1/5 of the groups.

    The last are the same whatever ``rng`` is, so that no choice has ever seen them.
    """
    names = np.random.default_rng(0).permutation(np.unique(groups))
    fifth = len(names) // 5
    judges, others = names[:fifth], rng.permutation(names[fifth:])
    return [np.isin(groups, part) for part in (others[fifth:], others[:fifth], judges)]


def deal(task, rng):
    """Draw all that luck decides: the split, the start, the order, the units that drop out.

    Returns
    -------
    oracle, w0, batches
        For `run`, in float32.
    judge : function ``w -> (errors on the rows to choose by, on those to judge by)``
        In %.
    """
    X, y, groups = task.rows()
    learn, choose, test = split(rng, groups)
    w0 = mlp_init(rng, task.sizes)
    convex = len(task.sizes) == 2
    w0 = tree_map(lambda x: np.float32(0 * x if convex else x), w0)
    net = partial(mlp, activation="relu")
    drop = dropout(task.drop, rng) if task.drop else None
    batches = data.minibatches(rng, X[learn], y[learn], BATCH, task.epochs)

    def judge(w):
        with np.errstate(over="ignore", invalid="ignore"):  # of runs that diverged
            return [
                100 * np.mean(net(w, X[rows])[0].argmax(-1) != y[rows], axis=-1)
                for rows in (choose, test)
            ]

    return objective(partial(net, drop=drop), cross_entropy), w0, batches, judge


def column(task, rule, seed, rates=RATES):
    """Train one rule under one seed with every learning rate.

    Returns
    -------
    curve : array (epochs, rates)
        The loss of the mini-batches, a mean per epoch: the training cost, dropout included.
    validation, test : arrays (rates,)
        The errors in % on the rows to choose by, and on those to judge by.
    seconds : float
        Processor time of the training, all rates together.
    """
    oracle, w0, batches, judge = deal(task, np.random.default_rng(seed))
    lr = robbins_monro(np.float32(rates), task.power)
    start = time.process_time()
    path = run(RULES[rule], oracle, w0, batches, lr=lr, record="loss")
    seconds = time.process_time() - start
    curve = path.loss[:-1].reshape(task.epochs, -1, len(rates)).mean(1)
    return curve, *judge(tree_map(lambda w: w[-1], path.w)), seconds


def columns(task, rule, seeds, rates):
    """Return what `column` returns, stacked: the seeds lead."""
    each = [column(task, rule, seed, rates) for seed in seeds]
    return [np.array(part) for part in zip(*each, strict=True)]


def best(scores):
    """Return the index of the lowest mean over the seeds, (seeds, rates) -> int."""
    return int(np.nan_to_num(scores, nan=np.inf).mean(0).argmin())


def measure(task, rule):
    """Choose the rate of one rule by validation, then run it under fresh seeds.

    Returns
    -------
    dict
        Of the tuning seeds ``cost``, ``validation`` and ``test`` (seeds, rates), and their mean
        ``curve`` (epochs, rates); of fresh seeds at the chosen rate ``fresh_cost``,
        ``fresh_validation``, ``fresh_test`` and ``seconds``, a number for each seed.
    """
    curves, validation, test, _ = columns(task, rule, TUNING_SEEDS, RATES)
    chosen = RATES[[best(validation)]]
    again, *errors, seconds = columns(task, rule, FRESH_SEEDS, chosen)
    return {
        "cost": curves[:, -1],
        "validation": validation,
        "test": test,
        "curve": curves.mean(0),
        "fresh_cost": again[:, -1, 0],
        "fresh_validation": errors[0][:, 0],
        "fresh_test": errors[1][:, 0],
        "seconds": seconds,
    }


def results(path=RESULTS):
    """Return the results that ship: ``results()[task][rule]`` is what `measure` returned."""
    return {
        task: {
            rule: {name: np.array(values, float) for name, values in measured.items()}
            for rule, measured in rules.items()
        }
        for task, rules in _read(path)["tasks"].items()
    }


def main(arguments=None):
    """Compute what is missing and keep each piece as soon as it is there."""
    parser = argparse.ArgumentParser(prog="python -m optilab.comparison", description=__doc__)
    parser.add_argument("--anew", action="store_true", help="forget the results that are there")
    parser.add_argument("--out", type=Path, default=RESULTS, help="the file of the results")
    options = parser.parse_args(arguments)

    from tqdm import tqdm

    known = {} if options.anew or not options.out.exists() else _read(options.out)["tasks"]
    todo = [(t, r) for t in TASKS for r in CONTENDERS if r not in known.get(t, {})]
    for name, rule in tqdm(todo, unit="rule"):
        measured = measure(TASKS[name], rule)
        if best(measured["validation"]) in (0, len(RATES) - 1):
            tqdm.write(f"{name}, {rule}: the best rate is at the border of the grid")
        known.setdefault(name, {})[rule] = {key: _plain(x) for key, x in measured.items()}
        _write(options.out, known)


def _read(path):
    return json.loads(path.read_text("utf8"))


def _write(path, tasks):
    """Replace the file in one go: an interruption leaves the old one or the new one."""
    made = {
        "made_by": "python -m optilab.comparison",
        "python": platform.python_version(),
        "numpy": np.__version__,
        "rates": _plain(RATES),
        "tuning_seeds": list(TUNING_SEEDS),
        "fresh_seeds": list(FRESH_SEEDS),
        "tasks": tasks,
    }
    new = path.with_suffix(".new")
    text = json.dumps(made, allow_nan=False).replace('"cost"', '\n"cost"')  # a line for each rule
    new.write_text(text + "\n", "utf8")
    new.replace(path)


def _plain(x):
    """Return numbers of four digits in lists; None where a run diverged."""
    if np.ndim(x):
        return [_plain(entry) for entry in x]
    return float(f"{x:.4g}") if np.isfinite(x) else None


if __name__ == "__main__":
    main()
