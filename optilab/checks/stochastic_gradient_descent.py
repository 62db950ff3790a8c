"""Chapter 3, stochastic gradient descent: its exercises and how they go wrong."""

import copy
from itertools import chain, islice, pairwise

import numpy as np

from optilab.checks.engine import Exercise, Told, within


def regression(rng, n, d=3):
    """Draw rows, targets far from any plane through 0, and weights that fit badly."""
    X = rng.normal(size=(n, d))
    return X, X @ rng.uniform(1, 2, d) + 4 + rng.normal(size=n), rng.uniform(-2, -1, d)


# --- 3.1


def minibatches(n, size, epochs, rng):
    """Return the indices of every batch, epoch after epoch."""
    batches = []
    for _ in range(epochs):
        order = rng.permutation(n)
        batches += [order[i : i + size] for i in range(0, n, size)]
    return batches


def sampling(function, n, size, epochs, rng):
    """Return what is to be seen of batches, however they were drawn: see `SIGHTS`."""
    per_epoch = -(-n // size)

    def draw(rng):
        batches = list(islice(function(n, size, epochs, rng), 2 * epochs * per_epoch))
        if any(isinstance(batch, list) and any(map(np.ndim, batch)) for batch in batches):
            raise Told("What should be a batch of row numbers is a list of batches.")
        if any(np.size(batch) and np.asarray(batch).dtype.kind not in "iu" for batch in batches):
            raise Told("A batch should be row numbers: whole numbers, to index with.")
        return [np.atleast_1d(batch).astype(int).tolist() for batch in batches]

    other = np.random.default_rng(rng.integers(2**32))
    batches, again, others = draw(copy.deepcopy(rng)), draw(rng), draw(other)
    sizes = [len(batch) for batch in batches] or [0]
    drawn = list(chain(*batches))
    passes = [tuple(drawn[k * n : (k + 1) * n]) for k in range(epochs)]
    groups = [batches[k * per_epoch : (k + 1) * per_epoch] for k in range(epochs)]
    return [
        len(batches),
        max(sizes),
        min(sizes),
        sum(sorted(one) == list(range(n)) for one in passes),
        all(len(set(batch)) == len(batch) for batch in batches),
        drawn[:n] != sorted(drawn[:n]),
        len(set(passes)),
        len({frozenset(map(frozenset, group)) for group in groups}),
        batches == again,
        batches != others,
    ]


# Each may be "too small" or "too large".
SIGHTS = (
    "The number of batches",
    "The largest batch",
    "The smallest batch",
    "The number of epochs that hold every example once",
    "The variety inside a batch",
    "The disorder of the examples",
    "The number of epochs with an order of their own",
    "The number of epochs in which other examples come together",
    "The agreement of two equal generators",
    "The variety from generator to generator",
)


def samplers(rng):
    """Draw sizes that divide n, that do not, and that exceed it; large enough to rule out luck."""
    return [
        (n, size, epochs, np.random.default_rng(rng.integers(2**32)))
        for n, size, epochs in [
            (29 + rng.integers(5), 7, 3),
            (40, 8, 2),
            (23, 23 + rng.integers(1, 9), 2),
            (30 + rng.integers(9), 1, 4),
        ]
    ]


MINIBATCHES = Exercise(
    minibatches,
    samplers,
    trial=sampling,
    labels=SIGHTS,
    mistakes={
        "Every epoch comes out in the same order. Draw a new permutation for each: slices of one "
        "array that is shuffled in place are views, and all show its last order.": {
            "    for _": "    order = rng.permutation(n)\n    for _",
            "        order = rng.permutation(n)\n": "",
        },
        "A generator with a seed of its own, made inside the loop, starts anew in every epoch. "
        "Draw from rng.": {"rng.permutation": "np.random.default_rng(0).permutation"},
        "A generator with a fixed seed gives the same batches in every training. Draw from rng.": {
            "    batches = []": "    rng = np.random.default_rng(0)\n    batches = []"
        },
        "You draw from NumPy's global generator, which nobody can seed for you. Draw from rng.": {
            "rng.permutation": "np.random.permutation"
        },
        "Nothing is shuffled: the batches are consecutive rows, in every epoch the same.": {
            "rng.permutation": "np.arange"
        },
        "You shuffle the batches, not the examples: the same ones always come together.": {
            "rng.permutation(n)": "np.arange(n)",
            "[order[i : i + size] for i in range(0, n, size)]": (
                "[order[i : i + size] for i in size * rng.permutation(-(-n // size))]"
            ),
        },
        "You draw with replacement: about 37 % of the examples are missing from an epoch, and "
        "others come twice.": {"rng.permutation(n)": "rng.integers(n, size=n)"},
        "You draw each batch on its own: no example comes twice in a batch, but in an epoch some "
        "come twice and some never.": {
            "order[i : i + size]": "rng.choice(n, min(size, n - i), replace=False)"
        },
        "The short batch at the end is missing: its examples are never seen in that epoch.": {
            "range(0, n, size)": "range(0, n - size + 1, size)"
        },
        "You draw each batch on its own, without putting back. Still, in an epoch some examples "
        "come twice and some never.": {"order[i : i + size]": "rng.choice(n, size, replace=False)"},
        "You draw each batch on its own, and put back. In an epoch some examples come twice and "
        "some never.": {"order[i : i + size]": "rng.choice(n, size)"},
        "Where size divides n, each epoch ends with an empty batch.": {
            "range(0, n, size)": "range(0, n + 1, size)"
        },
        "You cut into parts of about one size (np.array_split does that). All batches hold size "
        "rows, but for the last one.": {
            "[order[i : i + size] for i in range(0, n, size)]": (
                "np.array_split(order, -(-n // size))"
            )
        },
        "A slice ends before a place, not after a number of rows: only the first batch of an epoch "
        "is full.": {"i + size]": "size]"},
        "You number the rows from 1. They are 0 to n - 1.": {
            "rng.permutation(n)": "1 + rng.permutation(n)"
        },
        "You fill the last batch up with examples that this epoch has seen. Leave it short.": {
            "order[i : i + size]": "np.resize(order, n + size)[i : i + size]"
        },
        "One example is missing from every batch: a slice already leaves its end out.": {
            "i + size]": "i + size - 1]"
        },
        "Neighbouring batches share an example: a slice already leaves its end out.": {
            "i + size]": "i + size + 1]"
        },
        "You return the batches of one epoch. All epochs go into one list.": {
            "range(epochs)": "range(1)"
        },
        "You return a list for each epoch. Put the batches of all epochs into one list.": {
            "[order[i : i + size] for i in range(0, n, size)]": (
                "[[order[i : i + size] for i in range(0, n, size)]]"
            )
        },
        "You return single indices in one long row. Cut it into batches.": {
            "[order[i : i + size] for i in range(0, n, size)]": "list(order)"
        },
    },
)


# --- 3.2


def batch_grad(X, y, w, idx):
    """Return the gradient of half the mean squared error on some of the rows."""
    A, r = X[idx], X[idx] @ w - y[idx]
    return A.T @ r / len(idx)


def batches(rng):
    """Draw data and rows of it: one, some, all, and some of them twice."""
    cases = []
    for n, d, size in [(9, 2, 4), (12, 3, 1), (8, 3, 8), (10, 1, 3)]:
        X, y, w = regression(rng, n, d)
        cases.append((X, y, w, rng.permutation(n)[:size]))
    X, y, w = regression(rng, 7)
    cases.append((X, y, w, np.array([2, 5, 2, 3])))
    return cases


TOY = "np.array([[1.0], [2.0], [3.0]]), np.array([1.0, 2.0, 6.0])"

BATCH_GRAD = Exercise(
    batch_grad,
    batches,
    examples=[f"{TOY}, np.array([1.0]), np.array([0, 2])"],
    mistakes={
        "You divide by the number of all rows. The mean is over the batch.": {"len(idx)": "len(X)"},
        "You sum over the batch. Take the mean, or the step grows with the batch.": {
            " / len(idx)": ""
        },
        "A factor of 2 too much: the loss is half the mean squared error.": {
            "A.T @ r": "2 * A.T @ r"
        },
        "The sign is wrong: the residual is the prediction minus the target.": {
            "A.T @ r": "-A.T @ r"
        },
        "You use all rows. Only those in idx are in the batch.": {
            "X[idx], X[idx] @ w - y[idx]": "X, X @ w - y",
            "len(idx)": "len(X)",
        },
        "You use the first rows, as many as the batch has. idx says which.": {
            "X[idx], X[idx] @ w - y[idx]": "X[: len(idx)], X[: len(idx)] @ w - y[: len(idx)]"
        },
        "The rows come from the batch, their targets do not: take both with idx.": {
            "y[idx]": "y[: len(idx)]"
        },
        "Only the last row of the batch counts in yours. Add up in the loop, with +=.": {
            "A.T @ r": "A[-1] * r[-1]"
        },
        "That is mean residual times mean row. Multiply first, each row by its own residual.": {
            "A.T @ r / len(idx)": "r.mean() * A.mean(axis=0)"
        },
        "You make a step. Only the gradient is asked for.": {"return A.T": "return w - A.T"},
        "A row that idx names twice counts twice. You count it once.": {
            "    A": "    idx = np.unique(idx)\n    A"
        },
        "You forget the targets: the residual is the prediction minus y.": {" - y[idx]": ""},
        "You average over the weights as well. Return one number per weight.": {
            "A.T @ r / len(idx)": "np.mean(A * r[:, None])"
        },
        "You return a gradient per example. Their mean is asked for.": {
            "A.T @ r / len(idx)": "A * r[:, None]"
        },
        "You return the loss. Its gradient is asked for, one number per weight.": {
            "A.T @ r / len(idx)": "r @ r / len(idx) / 2"
        },
    },
)


# --- 3.3


def sgd(X, y, w0, lr, batches):
    """Return the path of stochastic gradient descent, (batches + 1, d)."""
    w = w0
    path = [w]
    for idx in batches:
        w = w - lr * batch_grad(X, y, w, idx)
        path.append(w)
    return np.array(path)


def trainings(rng):
    """Draw data and a few batches, the last of them short."""
    cases = []
    for n, d, size in [(7, 2, 3), (5, 3, 1), (6, 1, 6), (11, 3, 4)]:
        X, y, w = regression(rng, n, d)
        order = rng.permutation(n)
        parts = [order[i : i + size] for i in range(0, n, size)]
        cases.append((X, y, w, rng.uniform(0.02, 0.2), parts))
    return cases


SGD = Exercise(
    sgd,
    trainings,
    examples=[f"{TOY}, np.array([0.0]), 0.5, [np.array([0]), np.array([1])]"],
    mistakes={
        "You climb. The gradient points uphill, so subtract the step.": {"w - lr": "w + lr"},
        "The learning rate is missing: the step is lr times the gradient.": {"lr * batch": "batch"},
        "You take every gradient at w0. Take it at w, where the last batch has left you.": {
            "y, w, idx": "y, w0, idx"
        },
        "Each step uses all rows: one pass per batch. Use the rows of the batch.": {
            "w, idx)": "w, np.arange(len(y)))"
        },
        "Each step uses the first batch. Go through them.": {"w, idx)": "w, batches[0])"},
        "Larger batches make larger steps here. The gradient is a mean: leave the step alone.": {
            "lr * batch": "lr * len(idx) * batch"
        },
        "Every step starts at w0. Start where the last batch has left you.": {
            "w = w - lr * batch_grad(X, y, w, idx)": "w = w0 - lr * batch_grad(X, y, w0, idx)"
        },
        "You divide by the number of all rows. The mean is over the batch.": {
            "lr * batch": "lr * len(idx) / len(y) * batch"
        },
        "A factor of 2 too much: the loss is half the mean squared error.": {
            "lr * batch": "2 * lr * batch"
        },
        "Only the start and the last place are in the path. Append in the loop.": {
            "        path.append(w)": "    path.append(w)"
        },
        "The path ends after the first batch: does the return stand inside of the loop?": {
            "    return np.array(path)": "        return np.array(path)"
        },
        "You make a step for each example. The batch makes one step with its mean gradient.": {
            "        w = w - lr * batch_grad(X, y, w, idx)": (
                "        for i in idx:\n            w = w - lr * batch_grad(X, y, w, [i])"
            )
        },
        "You step with the gradient of the whole batch once for each of its examples. A batch "
        "makes one step.": {
            "        w = w - lr * batch_grad(X, y, w, idx)": (
                "        for _ in idx:\n            w = w - lr * batch_grad(X, y, w, idx)"
            )
        },
        "You step with the gradient of the whole batch once for each of its examples, and note "
        "every place. A batch makes one step.": {
            "in batches": "in (idx for idx in batches for _ in idx)"
        },
        "The path has a row for each example. A batch makes one step, with its mean gradient.": {
            "in batches": "in ([i] for idx in batches for i in idx)"
        },
        "The targets stay in their old order while the rows do not: take both with idx.": {
            "    path = [w]": "    path, seen = [w], 0",
            "        w = w - lr * batch_grad(X, y, w, idx)": (
                "        A, b = X[idx], y[seen : seen + len(idx)]\n"
                "        seen += len(idx)\n"
                "        w = w - lr * A.T @ (A @ w - b) / len(idx)"
            ),
        },
        "The rows come from the batch, their targets do not: take both with idx.": {
            "X, y, w, idx": "X[idx], y[: len(idx)], w, np.arange(len(idx))"
        },
        "The place after the last batch is missing from the path. The batch may be short, but it "
        "counts.": {"in batches": "in batches[:-1]"},
        "w -= ... changes the array w0 itself, and every row is that array. "
        "Make a new one: w = w - ...": {"w = w - ": "w -= "},
        "Every row is the same array, which w -= ... keeps changing. Make a new one: w = w - ...": {
            "w = w0": "w = w0.copy()",
            "w = w - ": "w -= ",
        },
        "The start is missing: row 0 is w0, so there is one row more than there are batches.": {
            "[w]": "[]"
        },
        "You return the last place. Return the whole path, from w0 on.": {"np.array(path)": "w"},
    },
)


# --- 3.4


def grad_variance(X, y, w, size, replace, reps, rng):
    """Return what the sampled variance is near to: trace(Sigma) / B, and less without replacement.

    The learner measures it with ``rng`` in ``reps`` batches.
    """
    n = len(y)
    G = (X @ w - y)[:, None] * X
    one = ((G - G.mean(axis=0)) ** 2).sum(axis=1).mean()
    finite = 1 if replace else (n - size) / (n - 1)
    return finite * one / size


def measurements(rng):
    """Draw data and batches: some with replacement, some of more than half of the rows."""
    cases = []
    for share, replace in [(0.2, True), (0.6, False), (0.6, True), (0.8, False)]:
        n = int(rng.integers(20, 40))
        X, y, w = regression(rng, n)
        seed = np.random.default_rng(rng.integers(2**32))
        cases.append((X, y, w, int(share * n), replace, 500, seed))
    return cases


GRAD_VARIANCE = Exercise(
    grad_variance,
    measurements,
    close=within(4 / 3),
    mistakes={
        "You always draw with replacement. Pass replace on.": {
            "1 if replace else": "1 if True else"
        },
        "You always draw without replacement. Pass replace on.": {"1 if replace else": "0 or"},
        "You draw with replacement where replace is False, and the other way round.": {
            "if replace": "if not replace"
        },
        "That is the mean squared length of the gradients. Measure their distance from the "
        "gradient of all rows.": {
            "return finite * one / size": (
                "return finite * one / size + (G.mean(axis=0) ** 2).sum()"
            )
        },
        "That is the root of it: the squared distance is asked for, not the distance.": {
            "finite * one / size": "(finite * one / size) ** 0.5"
        },
        "You draw single examples. Each gradient is the mean over a batch of size rows.": {
            "finite * one / size": "one"
        },
        "That is the variance per coordinate. Add the coordinates up: a squared distance.": {
            ".sum(axis=1).mean()": ".mean()"
        },
        "You add up over the repetitions. Take the mean of the squared distances.": {
            "one / size": "one / size * reps"
        },
        "You multiply the variance by the batch size. Just measure; it will shrink by itself.": {
            "one / size": "one"
        },
        "You divide by the batch size once more: the gradient of a batch is a mean already.": {
            "one / size": "one / size**2"
        },
    },
)


# --- 3.5


def noise_floor(lr, lam, sigma):
    """Return the mean of w**2 in the long run."""
    return lr * sigma**2 / (lam * (2 - lr * lam))


def floors(rng):
    """Draw curvatures and learning rates up to close below the limit."""
    cases = []
    for share in (0.05, 0.5, 0.8, 0.95):
        lam = rng.uniform(0.3, 6)
        cases.append((share * 2 / lam, lam, rng.uniform(0.2, 3)))
    return cases


NOISE_FLOOR = Exercise(
    noise_floor,
    floors,
    examples=["1.0, 1.0, 3.0", "0.5, 2.0, 1.0"],
    mistakes={
        "The noise enters squared: variances add up, not standard deviations.": {
            "sigma**2": "sigma"
        },
        "That is the estimate for a small learning rate. Solve the equation exactly.": {
            "(2 - lr * lam)": "2"
        },
        "That is the standard deviation. The mean of w squared is asked for.": {
            "return lr * sigma**2 / (lam * (2 - lr * lam))": (
                "return (lr * sigma**2 / (lam * (2 - lr * lam))) ** 0.5"
            )
        },
        "The curvature is missing from the denominator: a steeper bowl has a lower floor.": {
            "lam * (2": "(2"
        },
        "The sign in the denominator: near the limit 2 / lam the floor rises without end.": {
            "2 - lr": "2 + lr"
        },
        "That is the noise of one step. Each step adds that much and keeps a share of the rest.": {
            "lr * sigma**2 / (lam * (2 - lr * lam))": "lr**2 * sigma**2"
        },
        "You forget the square in (1 - lr lam)**2: w shrinks by the factor, w**2 by its square.": {
            "lr * sigma**2 / (lam * (2 - lr * lam))": "lr * sigma**2 / lam"
        },
        "The noise is multiplied by lr before it moves w, so its variance by lr squared.": {
            "lr * sigma**2": "sigma**2"
        },
        "lr is missing at the noise. It multiplies the noise in a step, and so its variance by lr "
        "squared.": {"lr * sigma**2": "sigma**2 / lr"},
        "Put the whole denominator into brackets: what comes after / lam * multiplies.": {
            "/ (lam * (2 - lr * lam))": "/ lam * (2 - lr * lam)"
        },
        "That is the excess loss, lam / 2 times as much. The mean of w squared is asked for.": {
            "/ (lam * (2 - lr * lam))": "/ (2 * (2 - lr * lam))"
        },
    },
)


# --- 3.6


def n_updates(n, size, epochs, drop_last):
    """Return how many updates a training makes."""
    full, rest = divmod(n, size)
    return epochs * (full if drop_last or rest == 0 else full + 1)


def budgets(rng):
    """Draw batches that fit, that leave a little or much over, and that hold more than all."""
    cases = []
    for full, rest in [(7, 0), (12, 0.2), (3, 0.8), (0, 0.3), (0, 0.7)]:
        for drop_last in (False, True):
            size = int(rng.integers(20, 60))
            n = full * size + int(rest * size)
            cases.append((n, size, int(rng.integers(3, 9)), drop_last))
    return cases


N_UPDATES = Exercise(
    n_updates,
    budgets,
    examples=["1500, 100, 2, False", "10, 4, 3, False", "10, 4, 3, True"],
    mistakes={
        "The short batch at the end of an epoch makes an update too, unless drop_last is True.": {
            "drop_last or rest == 0": "True"
        },
        "With drop_last the short batch at the end of an epoch makes no update.": {
            "drop_last or rest == 0": "rest == 0"
        },
        "It is the other way round: drop_last=True leaves the short batch out.": {
            "drop_last or rest == 0": "not drop_last or rest == 0"
        },
        "Where the batches fit exactly there is no short one.": {
            "drop_last or rest == 0": "drop_last"
        },
        "A batch does not reach into the next epoch: round per epoch, then multiply.": {
            "epochs * (full if drop_last or rest == 0 else full + 1)": (
                "n * epochs // size if drop_last else -(-n * epochs // size)"
            )
        },
        "Without drop_last a batch of yours reaches into the next epoch: round per epoch, then "
        "multiply.": {
            "epochs * (full if drop_last or rest == 0 else full + 1)": (
                "epochs * full if drop_last else -(-n * epochs // size)"
            )
        },
        "You multiply first and round down then. Count the batches of one epoch, the short one "
        "too.": {"epochs * (full if drop_last or rest == 0 else full + 1)": "epochs * n // size"},
        "You add one short batch in all. Every epoch has one.": {
            "epochs * (full if drop_last or rest == 0 else full + 1)": (
                "epochs * full + (0 if drop_last or rest == 0 else 1)"
            )
        },
        "What is left over are examples. Together they make one batch.": {
            "full + 1": "full + rest"
        },
        "A number of updates is whole. Count the batches of an epoch.": {
            "epochs * (full if drop_last or rest == 0 else full + 1)": "epochs * n / size"
        },
        "You round to the nearest. The short batch counts in full, or not at all.": {
            "epochs * (full if drop_last or rest == 0 else full + 1)": "epochs * round(n / size)"
        },
        "That is one epoch. Multiply by the number of epochs.": {"epochs * ": ""},
        "You count examples. A batch of them makes one update.": {
            "epochs * (full if drop_last or rest == 0 else full + 1)": "epochs * n"
        },
    },
)


# --- 3.7


def robbins_monro(power):
    """Say whether the sum of (k + 1)**-power diverges, and whether that of its square converges."""
    return power <= 1, 2 * power > 1


def powers(rng):
    """Draw powers of every kind; the borders are where it is hard."""
    borders = [0, 1 / 4, 1 / 3, 1 / 2, 2 / 3, 1, 3 / 2, 2, 3]  # right ones, and what one may think
    between = [(rng.uniform(*ends),) for ends in pairwise(borders)]
    return [(0.0,), (0.5,), (1.0,), (2.0,), *between]


ROBBINS_MONRO = Exercise(
    robbins_monro,
    powers,
    examples=["0.0", "2.0"],
    labels=(
        "Whether the learning rates add up to infinity",
        "Whether their squares have a finite sum",
    ),
    mistakes={
        "1 + 1/2 + 1/3 + ... grows without end, if slowly: power 1 diverges.": {"<= 1": "< 1"},
        "At power 1/2 the squares are 1, 1/2, 1/3, ..., and those diverge.": {"> 1": ">= 1"},
        "The squares fall twice as fast: their power is 2 * power. Compare that with 1.": {
            "2 * power > 1": "power > 1"
        },
        "The first answer is turned round: it is True where the sum is infinite.": {
            "power <= 1": "power > 1"
        },
        "The second answer is turned round: it is True where the sum is finite.": {
            "2 * power > 1": "2 * power <= 1"
        },
        "Both borders are wrong by the same slip: 1 + 1/2 + 1/3 + ... diverges.": {
            "<= 1": "< 1",
            "> 1": ">= 1",
        },
        "That the rates go to 0 does not make a sum finite: 1 + 1/2 + 1/3 + ... is infinite.": {
            "power <= 1": "power <= 0",
            "2 * power > 1": "power > 0",
        },
        "Terms that are positive for ever may have a finite sum: 1 + 1/4 + 1/9 + ... has.": {
            "power <= 1": "True"
        },
        "The order is: does the sum of the rates diverge, does that of the squares converge.": {
            "power <= 1, 2 * power > 1": "2 * power > 1, power <= 1"
        },
    },
)


# --- 3.8


def polyak_average(path, start):
    """Return the running means of the rows from start on."""
    tail = path[start:]
    counts = np.arange(1, len(tail) + 1)
    return np.cumsum(tail, axis=0) / counts[:, None]


def paths(rng):
    """Draw paths, and where to begin."""
    return [
        (rng.normal(3, 1, size=(n, d)), start)
        for n, d, start in [(6, 2, 2), (5, 3, 0), (8, 1, 3), (4, 4, 1)]
    ]


POLYAK_AVERAGE = Exercise(
    polyak_average,
    paths,
    examples=["np.array([[9.0], [1.0], [3.0], [5.0]]), 1"],
    mistakes={
        "start is not used: the way down from the first weights stays in the mean.": {
            "[start:]": ""
        },
        "You begin one row late: row start itself belongs to the mean.": {
            "[start:]": "[start + 1 :]"
        },
        "You begin at the first row and cut afterwards: the means still hold the way down.": {
            "path[start:]": "path",
            "return np.cumsum(tail, axis=0) / counts[:, None]": (
                "return (np.cumsum(tail, axis=0) / counts[:, None])[start:]"
            ),
        },
        "You divide every row by the number of all rows. Row k is a mean of k + 1 rows.": {
            "counts[:, None]": "len(tail)"
        },
        "You count from 0: row k is a mean of k + 1 rows.": {
            "np.arange(1, len(tail) + 1)": "np.arange(len(tail))"
        },
        "You divide by the number of rows since the beginning. Count from start.": {
            "np.arange(1, len(tail) + 1)": "np.arange(1, len(tail) + 1) + start"
        },
        "Each mean is one row short: a slice leaves its end out, and row k belongs to its mean.": {
            "np.cumsum(tail, axis=0) / counts[:, None]": (
                "(np.cumsum(tail, axis=0) - tail) / (counts[:, None] - 1)"
            )
        },
        "You take the middle of the mean so far and the new row, which then weighs half. All rows "
        "weigh the same.": {
            "    return np.cumsum(tail, axis=0) / counts[:, None]": (
                "    tail = tail.copy()\n"
                "    for k in counts[:-1]:\n"
                "        tail[k] = (tail[k - 1] + tail[k]) / 2\n"
                "    return tail"
            )
        },
        "The new row enters with a share of 1 / (k + 1), but you count k from the beginning of the "
        "path. Count from start.": {
            "    return np.cumsum(tail, axis=0) / counts[:, None]": (
                "    tail = tail.copy()\n"
                "    for k in counts[:-1]:\n"
                "        tail[k] = tail[k - 1] + (tail[k] - tail[k - 1]) / (start + k + 1)\n"
                "    return tail"
            )
        },
        "The share of the new row is too large: it is the first of 1, the second of 2 rows.": {
            "    return np.cumsum(tail, axis=0) / counts[:, None]": (
                "    tail = tail.copy()\n"
                "    for k in counts[:-1]:\n"
                "        tail[k] = tail[k - 1] + (tail[k] - tail[k - 1]) / k\n"
                "    return tail"
            )
        },
        "You add up and do not divide.": {" / counts[:, None]": ""},
        "That is the mean at the end. Return one for every row from start on.": {
            "np.cumsum(tail, axis=0) / counts[:, None]": "tail.mean(axis=0)"
        },
        "You average over the weights of a row. Average over rows: axis 0.": {
            "np.cumsum(tail, axis=0) / counts[:, None]": "tail.mean(axis=1)"
        },
        "You return the rows themselves. Average all from start up to each.": {
            "np.cumsum(tail, axis=0) / counts[:, None]": "tail"
        },
    },
)


# --- 3.9


def floor_predictions():
    """Return E w**2 in the long run on w**2 / 2: examples of variance 1, in five settings."""
    lr, size = np.array([0.05, 0.1, 0.1, 1.0, 1.9]), np.array([1, 1, 10, 10, 10])
    return lr / size / (2 - lr)


SETTINGS = ("lr 0.05, B 1", "lr 0.1, B 1", "lr 0.1, B 10", "lr 1, B 10", "lr 1.9, B 10")


FLOOR_PREDICTIONS = Exercise(
    floor_predictions,
    lambda rng: [()],
    close=within(1.5),
    labels=[f"Your prediction for {setting}" for setting in SETTINGS],
    mistakes={
        "lr / 2B holds for small learning rates only: at 1 and 1.9 the floor is higher.": {
            "(2 - lr)": "2"
        },
        "The batch is not in your numbers: B examples divide the variance by B.": {" / size": ""},
        "The variance falls with B, not with its root: that is the standard deviation's.": {
            "/ size": "/ np.sqrt(size)"
        },
        "Those are standard deviations. Give the mean of w squared.": {
            "lr / size / (2 - lr)": "np.sqrt(lr / size / (2 - lr))"
        },
        "That is the noise of one step, (lr**2 / B). The floor is what all steps leave.": {
            "lr / size / (2 - lr)": "lr**2 / size"
        },
        "You give the gradient's variance, 1 / B. It moves w only by lr times as much.": {
            "lr / size / (2 - lr)": "1 / size + 0 * lr"
        },
        "Twice too much in the small ones: the floor is about lr / 2B.": {
            "lr / size / (2 - lr)": "lr / size"
        },
        "That is the excess loss, half of w squared. Give the mean of w squared.": {
            "lr / size / (2 - lr)": "lr / size / (2 - lr) / 2"
        },
    },
)


# --- 3.10


def epoch(X, y, w, lr, size, order):
    """Return the weights after one epoch in this order."""
    X, y = X[order], y[order]
    for i in range(0, len(X), size):
        A, b = X[i : i + size], y[i : i + size]
        w = w - lr * A.T @ (A @ w - b) / len(A)
    return w


def epochs(rng):
    """Draw data, and batches that do not divide them, but once."""
    cases = []
    for n, d, size in [(7, 2, 3), (10, 3, 4), (8, 1, 4), (5, 2, 9)]:
        X, y, w = regression(rng, n, d)
        cases.append((X, y, w, rng.uniform(0.05, 0.2), size, rng.permutation(n)))
    return cases


EPOCH = Exercise(
    epoch,
    epochs,
    examples=[f"{TOY}, np.array([0.0]), 0.5, 2, np.array([2, 0, 1])"],
    mistakes={
        "Two bugs are left: the targets are not shuffled along with their rows, and the short "
        "batch is divided by size.": {"y[order]": "y", "len(A)": "size"},
        "One bug is left: the targets are not shuffled along with their rows.": {"y[order]": "y"},
        "One bug is left: you divide by size, but the last batch is shorter.": {"len(A)": "size"},
        "Rows and targets are both in their old order: order is not used.": {
            "X[order], y[order]": "X, y"
        },
        "You drop the short batch. Keep it, and divide by what it holds.": {
            "range(0, len(X), size)": "range(0, len(X) - size + 1, size)"
        },
        "You divide by the number of all rows. The mean is over the batch.": {"len(A)": "len(X)"},
        "You sum over the batch. Take the mean, or the step grows with the batch.": {
            " / len(A)": ""
        },
        "You climb. The gradient points uphill, so subtract the step.": {"w - lr": "w + lr"},
        "w -= ... changes the array that was handed in. Make a new one: w = w - ...": {
            "w = w - ": "w -= "
        },
        "You return after the first batch. The return line stands behind the loop.": {
            "    return w": "        return w"
        },
        "The targets are sorted back: y[order] is all it takes, the same as for the rows.": {
            "y[order]": "y[np.argsort(order)]"
        },
    },
)

EXERCISES = [
    MINIBATCHES,
    BATCH_GRAD,
    SGD,
    GRAD_VARIANCE,
    NOISE_FLOOR,
    N_UPDATES,
    ROBBINS_MONRO,
    POLYAK_AVERAGE,
    FLOOR_PREDICTIONS,
    EPOCH,
]
