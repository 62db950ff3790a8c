"""Chapter 1, loss functions: its exercises and how they go wrong."""

import numpy as np

from optilab.checks.engine import Exercise, Told, within

# --- 1.1


def errors(p, y):
    """Return MAE, MSE and RMSE."""
    r = np.ravel(p) - y
    mse = np.mean(r**2)
    return np.mean(np.abs(r)), mse, np.sqrt(mse)


def predictions_and_targets(rng):
    """Draw errors of both signs; one of the predictions is a column, as models return it."""
    cases = []
    for n, bias in [(4, 0.3), (7, -1.5), (12, 0.3)]:
        y = rng.uniform(2, 5, n)
        cases.append((y + rng.normal(bias, 1, n), y))
    p, y = cases[0]
    return [*cases, (p[:, None], y)]


ERRORS = Exercise(
    errors,
    predictions_and_targets,
    examples=["np.array([100, 150, 200, 250, 300.0]), np.array([130, 170, 220, 260, 325.0])"],
    labels=("The MAE", "The MSE", "The RMSE"),
    mistakes={
        "A column minus a row is a table: every prediction meets every target. "
        "Give both the same shape.": {"np.ravel(p)": "p"},
        "A row minus a column is a table: every prediction meets every target. "
        "Give both the same shape.": {"np.ravel(p) - y": "p - y[:, None]"},
        "You sum. Take means, or the errors grow with the number of examples.": {
            "np.mean": "np.sum"
        },
        "The MSE is halved. That is the loss of the book; the MSE itself has no half.": {
            "mse = np.mean(r**2)": "mse = np.mean(r**2) / 2"
        },
        "Too high and too low cancel in the MAE. Take the size of each error first.": {
            "np.abs(r)": "r"
        },
        "In the MAE you take the mean first, and then its size: too high and too low cancel.": {
            "np.mean(np.abs(r))": "np.abs(np.mean(r))"
        },
        "In the MSE you take the mean first, and then its square: too high and too low cancel.": {
            "np.mean(r**2)": "np.mean(r) ** 2"
        },
        "The root is missing: the RMSE is back in the unit of the target.": {"np.sqrt(mse)": "mse"},
        "The root of each square is the size of the error: your RMSE is the MAE. "
        "First the mean, then the root.": {"np.sqrt(mse)": "np.mean(np.sqrt(r**2))"},
        "Your RMSE is the root of a sum. First the mean, then the root.": {
            "np.sqrt(mse)": "np.sqrt(np.sum(r**2))"
        },
        "In the RMSE you take the root of the sum, and then divide. First the mean, then the "
        "root.": {"np.sqrt(mse)": "np.sqrt(np.sum(r**2)) / len(r)"},
        "np.std takes the mean error off first. What all predictions are off by counts too.": {
            "np.sqrt(mse)": "np.std(r)"
        },
        "np.var and np.std take the mean error off first. What all predictions are off by counts "
        "too.": {"mse = np.mean(r**2)": "mse = np.var(r)"},
        "You divide the squares by one less than their number. That estimates a variance.": {
            "np.mean(r**2)": "np.sum(r**2) / (len(r) - 1)"
        },
        "Only the MSE is halved. That is the loss of the book; the MSE itself has no half.": {
            "mse, np.sqrt": "mse / 2, np.sqrt"
        },
        "In the RMSE the squares are halved. First their mean, then the root.": {
            "np.sqrt(mse)": "np.sqrt(mse / 2)"
        },
        "The MAE is halved. It has no half.": {"np.mean(np.abs(r))": "np.mean(np.abs(r)) / 2"},
        "MSE and RMSE have changed places.": {"mse, np.sqrt(mse)": "np.sqrt(mse), mse"},
        "MAE and MSE have changed places.": {
            "np.mean(np.abs(r)), mse,": "mse, np.mean(np.abs(r)),"
        },
        "MAE and RMSE have changed places.": {
            "np.mean(np.abs(r)), mse, np.sqrt(mse)": "np.sqrt(mse), mse, np.mean(np.abs(r))"
        },
        "You divide by the targets. The MAE is in their unit, not relative to them.": {
            "np.abs(r)": "np.abs(r / y)"
        },
        "The M in MAE is the mean. You take the median.": {
            "np.mean(np.abs(r))": "np.median(np.abs(r))"
        },
    },
)


# --- 1.2


def squared_grad(X, y, w):
    """Return the gradient of half the mean squared error of a linear model."""
    r = X @ w - y
    return X.T @ r / len(y)


def regressions(rng):
    """Draw data sets with more rows than columns, and weights that fit badly."""
    return [
        (rng.normal(size=(n, d)), rng.uniform(3, 5, n), rng.uniform(-2, -1, d))
        for n, d in [(5, 2), (9, 3), (4, 1), (12, 5)]
    ]


SQUARED_GRAD = Exercise(
    squared_grad,
    regressions,
    examples=["np.array([[1.0], [2.0]]), np.array([1.0, 5.0]), np.array([2.0])"],
    mistakes={
        "A factor of 2 too much: the loss is half the mean squared error.": {
            "X.T @ r": "2 * X.T @ r"
        },
        "A half too much: the 2 from the square has cancelled it.": {"X.T @ r": "X.T @ r / 2"},
        "You sum over the examples. The loss is a mean: divide by their number.": {" / len(y)": ""},
        "You divide by the number of all entries of X. The mean is over the examples.": {
            "len(y)": "X.size"
        },
        "Only the last example counts in yours. Add up in the loop, with +=.": {
            "X.T @ r": "X[-1] * r[-1]"
        },
        "Only the first example counts: does the return stand inside of the loop?": {
            "X.T @ r": "X[0] * r[0]"
        },
        "That is mean residual times mean row. Multiply first, each row by its own residual.": {
            "X.T @ r / len(y)": "r.mean() * X.mean(axis=0)"
        },
        "You make a step. Only the gradient is asked for.": {"return X.T": "return w - X.T"},
        "You divide by the number of weights. The mean is over the examples.": {"len(y)": "len(w)"},
        "The sign is wrong: the residual is the prediction minus the target.": {
            "X.T @ r": "-X.T @ r"
        },
        "You forget the targets: the residual is the prediction minus y.": {" - y": ""},
        "You use only the sign of each residual: that is the absolute error's gradient.": {
            "X.T @ r": "X.T @ np.sign(r)"
        },
        "Differentiated, a square leaves the residual itself: here it is squared still.": {
            "X.T @ r": "X.T @ r**2"
        },
        "You average over the weights as well. Return one number per weight.": {
            "X.T @ r / len(y)": "np.mean(X * r[:, None])"
        },
        "You return a gradient per example. Their mean is asked for.": {
            "X.T @ r / len(y)": "X * r[:, None]"
        },
        "That is the slope in the predictions. The chain rule has one more factor: X.": {
            "X.T @ r / len(y)": "r / len(y)"
        },
        "You return the loss. Its gradient is asked for, one number per weight.": {
            "X.T @ r / len(y)": "r @ r / len(y) / 2"
        },
    },
)


# --- 1.3


def huber(r, delta):
    """Return the price of each residual, and its slope."""
    small = np.abs(r) <= delta
    value = np.where(small, r**2 / 2, delta * (np.abs(r) - delta / 2))
    slope = np.where(small, r, delta * np.sign(r))
    return value, slope


def residuals(rng):
    """Draw residuals on both sides of both kinks, and the kinks themselves."""
    cases = []
    for n in (1, 3, 6):
        delta = rng.uniform(1.5, 3)
        near, far = rng.uniform(0.2, 0.9, n), rng.uniform(1.2, 3, n)
        cases.append((delta * np.r_[near, -near, far, -far, 1, -1, 0], delta))
    return cases


def one_for_each(function, x, *rest):
    """Return a price and a slope for every entry of x."""
    pair = function(x, *rest)
    if isinstance(pair, tuple | list) and len(pair) == 2:
        for name, part in zip(("price", "slope"), pair, strict=True):
            if not np.iterable(part):
                raise Told(f"Your {name} is a single number. Return one for each: no mean, no sum.")
    return pair


HUBER = Exercise(
    huber,
    residuals,
    trial=one_for_each,
    examples=["np.array([-4.0, 1.0, 6.0]), 2.0"],
    labels=("The price", "The slope"),
    mistakes={
        "The half is missing near 0, so the price jumps at delta.": {"r**2 / 2": "r**2"},
        "Beyond delta the price is too high by a constant: at delta both parts must meet.": {
            "(np.abs(r) - delta / 2)": "np.abs(r)"
        },
        "Beyond delta the brackets are missing: delta multiplies the difference.": {
            "(np.abs(r) - delta / 2)": "np.abs(r) - delta / 2"
        },
        "Near 0 the slope is r: the half cancels when the square is differentiated.": {
            "(small, r,": "(small, r / 2,"
        },
        "The order is: prices, slopes.": {"return value, slope": "return slope, value"},
        "The slopes are missing. Return two arrays.": {"return value, slope": "return value"},
        "Beyond delta you take off too much: at delta both parts must meet.": {
            "- delta / 2": "- delta"
        },
        "The two parts have changed places: squared is for small residuals.": {
            "np.abs(r) <= delta": "np.abs(r) > delta"
        },
        "In the price the two parts have changed places: squared is for small residuals.": {
            "small, r**2": "~small, r**2"
        },
        "In the slope the two parts have changed places: up to delta it is r.": {
            "small, r,": "~small, r,"
        },
        "A large negative residual counts as small. Compare its size.": {
            "np.abs(r) <= delta": "r <= delta"
        },
        "Far below 0 the price comes out negative: use the size of the residual.": {
            "(np.abs(r) - delta / 2)": "(r - delta / 2)"
        },
        "Beyond delta the slope is ±1. It should go on from where it was: ±delta.": {
            "delta * np.sign(r)": "np.sign(r)"
        },
        "The slope is positive on both sides. Far below 0 it is negative.": {
            "delta * np.sign(r)": "delta"
        },
        "The slope is 0 beyond delta. Huber limits the pull of an outlier; it does not end it.": {
            "delta * np.sign(r)": "0 * r"
        },
        "That is divided by delta: PyTorch's SmoothL1, not Huber's loss.": {
            "return value, slope": "return value / delta, slope / delta"
        },
        "delta is not used: you take 1 in its place.": {"    small": "    delta = 1\n    small"},
        "That is the squared error throughout. Beyond delta the price is a straight line.": {
            "    small": "    delta = np.inf\n    small",
            "delta * (np.abs(r) - delta / 2)": "0",
            "delta * np.sign(r)": "0",
        },
    },
)


# --- 1.4


def bce_with_logits(z, y):
    """Return the price of each logit, and its slope."""
    value = np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))
    p = np.exp(-np.logaddexp(0, -z))
    return value, p - y


def coins(rng):
    """Draw logits of either sign for either class, and far ones."""
    cases = []
    for n in (2, 5):
        z = rng.uniform(0.3, 4, 4 * n) * np.tile([1, -1, 1, -1], n)
        cases.append((z, np.tile([0.0, 0.0, 1.0, 1.0], n)))
    far = rng.uniform(800, 1200)
    cases.append((np.array([far, -far, far, -far]), np.array([0.0, 0.0, 1.0, 1.0])))
    return cases


PRICE = "np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))"
CHANCE = "1 / (1 + np.exp(-z))"
FLOORS = ("1e-7", "1e-8", "1e-9", "1e-10", "1e-12", "1e-15")


def plateau(what, eps):
    """Say what a floor under the probability does to the price."""
    most = -np.log(float(eps))
    return f"{what}, so no mistake costs more than {most:.1f}. Work with the logit."


def clipped(eps):
    """Return the price of a clipped probability, as code."""
    q = f"np.clip({CHANCE}, {eps}, 1 - {eps})"
    return f"-y * np.log({q}) - (1 - y) * np.log(1 - {q})"


def raised(eps):
    """Return the price where the logarithm never sees a 0, as code."""
    return f"-y * np.log({CHANCE} + {eps}) - (1 - y) * np.log(1 - {CHANCE} + {eps})"


BCE_WITH_LOGITS = Exercise(
    bce_with_logits,
    coins,
    trial=one_for_each,
    examples=["np.array([0.0, 1000.0]), np.array([1.0, 0.0])"],
    labels=("The price", "The slope"),
    mistakes={
        "For a far logit the probability rounds to 0 or 1, and the logarithm of 0 is not finite. "
        "Work with the logit.": {PRICE: f"-y * np.log({CHANCE}) - (1 - y) * np.log(1 - {CHANCE})"},
        **{
            plateau(f"You clip the probability at {eps}", eps): {PRICE: clipped(eps)}
            for eps in FLOORS
        },
        **{
            plateau(f"You add {eps} in the logarithm", eps): {PRICE: raised(eps)}
            for eps in ("1e-7", "1e-8", "1e-12", "1e-15")  # others are hardly told from clipping
        },
        "exp overflows for a far logit. In the logarithm of a sum of exps, take the larger "
        "exponent out first (np.logaddexp does).": {PRICE: "np.log(1 + np.exp(z)) - y * z"},
        "You clip the logit at 500, so no mistake costs more. Any finite logit is allowed.": {
            "    value =": "    z = np.clip(z, -500, 500)\n    value ="
        },
        "The sigmoid is that of -z: its exponent has the wrong sign.": {
            "np.logaddexp(0, -z)": "np.logaddexp(0, z)"
        },
        "That is the slope in the probability. The chain rule has one more factor.": {
            ", p - y": ", -y / p + (1 - y) / (1 - p)"
        },
        "The sign of y * z: a large logit is cheap where y = 1.": {"- y * z": "+ y * z"},
        "The size is missing in the exponent: with it exp cannot overflow.": {
            "np.exp(-np.abs(z))": "np.exp(-z)"
        },
        "The sigmoid comes twice: you take the probability for a logit.": {
            "    value =": f"    z = {CHANCE}\n    value ="
        },
        "The classes are swapped: y = 1 wants a large logit.": {
            "    value =": "    y = 1 - y\n    value ="
        },
        "You take the labels for -1 and +1. They are 0 and 1.": {
            "    value =": "    y = 2 * y - 1\n    value ="
        },
        "The price of class 0 is missing.": {PRICE: "y * np.logaddexp(0, -z)"},
        "The price of class 1 is missing.": {PRICE: "(1 - y) * np.logaddexp(0, z)"},
        "The price is negative: the minus before the logarithm is missing.": {
            "return value": "return -value"
        },
        "The order is: prices, slopes.": {"return value, p - y": "return p - y, value"},
        "The sign of the slope is wrong: probability minus target.": {"p - y": "y - p"},
        "The slope takes the logit for the probability.": {", p - y": ", z - y"},
        "The slope carries the sigmoid's slope once too often: that is the squared error's.": {
            ", p - y": ", (p - y) * p * (1 - p)"
        },
        "That is the logarithm to the base 2. Use the natural one.": {
            "return value": "return value / np.log(2)"
        },
        "You divide by the number of examples. Each has a price of its own here.": {
            "return value, p - y": "return value / len(z), (p - y) / len(z)"
        },
    },
)


# --- 1.5


def softmax_ce(Z, y):
    """Return the mean cross-entropy of rows of logits, and its gradient."""
    Z = Z - Z.max(axis=1, keepdims=True)
    log_p = Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))
    rows = np.arange(len(y))
    loss = -log_p[rows, y].mean()
    dZ = np.exp(log_p)
    dZ[rows, y] -= 1
    return loss, dZ / len(y)


def loss_then_gradient(function, Z, y):
    """Return the loss and the entries of the gradient in one row."""
    pair = function(Z, y)
    if not isinstance(pair, tuple | list) or len(pair) != 2:
        raise Told("It does not return two things, the loss and its gradient.")
    loss, dZ = pair
    if np.iterable(loss) and not np.iterable(dZ):
        raise Told("The order is: the loss, its gradient.")
    if np.iterable(loss):
        raise Told("Your loss is not a single number. Return the mean over the examples.")
    return [loss, *np.ravel(dZ)]


def dice(rng):
    """Draw logits and labels: near ones, rows far from each other, and mistakes that are sure."""
    cases = []
    for n, classes in [(4, 3), (7, 2), (5, 6)]:
        cases.append((2 * rng.normal(size=(n, classes)), rng.permutation(n) % classes))
    Z, y = cases[0]
    apart = Z + 1000 * rng.permutation([-1, 0, 1, 2])[:, None]
    sure = Z - rng.uniform(800, 1200) * np.eye(3)[y]
    return [*cases, (apart, y), (sure, y)]


LOG_P = "Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))"
SHARE = "np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)"

TRUE = "np.exp(log_p[rows, y])"
LOSS = "-log_p[rows, y].mean()"

SOFTMAX_CE = Exercise(
    softmax_ce,
    dice,
    trial=loss_then_gradient,
    labels=("The loss", *30 * ["An entry of the gradient"]),
    mistakes={
        "exp overflows for large logits. Subtract the largest of the row first.": {
            "Z - Z.max(axis=1, keepdims=True)": "Z"
        },
        "You subtract the largest logit of all. In a row far below it, every exp is 0: "
        "each row needs its own.": {"Z.max(axis=1, keepdims=True)": "Z.max()"},
        "exp overflows for large logits, and inf / inf is nan. Subtract the largest of the row "
        "first.": {"Z - Z.max(axis=1, keepdims=True)": "Z", LOG_P: f"np.log({SHARE})"},
        "You subtract the largest logit of all. In a row far below it every exp is 0, and 0 / 0 is "
        "nan: each row needs its own.": {
            "Z.max(axis=1, keepdims=True)": "Z.max()",
            LOG_P: f"np.log({SHARE})",
        },
        "The softmax of a logit far below the others rounds to 0, and the logarithm of 0 is not "
        "finite. Work with the logits.": {LOG_P: f"np.log({SHARE})"},
        **{
            plateau(f"You clip the probability at {eps}", eps): {
                LOSS: f"-np.log(np.clip({TRUE}, {eps}, 1)).mean()"
            }
            for eps in FLOORS
        },
        **{
            plateau(f"You add {eps} in the logarithm", eps): {
                LOSS: f"-np.log({TRUE} + {eps}).mean()"
            }
            for eps in FLOORS[:3]  # smaller ones are hardly told from clipping
        },
        # After those of overflow, with which it goes together: the edits are made in this order.
        "The softmax runs over the examples. The probabilities of one example, a row, add up "
        "to 1.": {"axis=1": "axis=0"},
        "The sum runs over the examples. The probabilities of one example, a row, add up to 1.": {
            "sum(axis=1": "sum(axis=0"
        },
        "You divide by the sum of all rows together. Each row must add up to 1.": {
            "Z.max(axis=1, keepdims=True)": "Z.max()",
            "np.exp(Z).sum(axis=1, keepdims=True)": "np.exp(Z).sum()",
        },
        "You subtract the largest of each column. Each row needs its own.": {
            "Z.max(axis=1, keepdims=True)": "Z.max(axis=0)"
        },
        "Your loss is a mean over all entries. It is a mean over the examples.": {
            "-log_p[rows, y].mean()": "-log_p[rows, y].sum() / Z.size"
        },
        "Only the last example is in the loss. Add up in the loop, with += or -=.": {
            "-log_p[rows, y].mean()": "-log_p[-1, y[-1]] / len(y)"
        },
        "You subtract the number of the class. The target is 1 at the true class, 0 elsewhere.": {
            "dZ[rows, y] -= 1": "dZ -= y[:, None]"
        },
        "You sum over the examples, in the loss and in the gradient. Take the mean.": {
            ".mean()": ".sum()",
            " / len(y)": "",
        },
        "The loss is a sum over the examples. Take the mean.": {".mean()": ".sum()"},
        "The loss is a mean, so its gradient is divided by the number of examples too.": {
            " / len(y)": ""
        },
        "You divide the gradient by the number of all logits. The mean is over the examples.": {
            "/ len(y)": "/ Z.size"
        },
        "The targets are missing from the gradient: probability minus target.": {
            "    dZ[rows, y] -= 1\n": ""
        },
        "You put -1 in the place of the probability. Subtract 1 from it: -=, not = -.": {
            "dZ[rows, y] -= 1": "dZ[rows, y] = -1"
        },
        "In the gradient you subtract 1 from whole rows, those that y names. In row i only the "
        "class y[i] has the target 1: index both.": {"dZ[rows, y]": "dZ[y]"},
        "In the gradient you subtract 1 from the classes in y, in every row. In row i only the "
        "class y[i] has the target 1: index both.": {"dZ[rows, y]": "dZ[:, y]"},
        "You subtract 1 from every class. Only the true class of a row has the target 1.": {
            "dZ[rows, y] -= 1": "dZ -= 1"
        },
        "The sign of the gradient is wrong: probability minus target.": {"loss, dZ": "loss, -dZ"},
        "The logarithm is missing from the loss.": {
            "-log_p[rows, y].mean()": "-np.exp(log_p[rows, y]).mean()"
        },
        "The minus before the logarithm is missing.": {"= -log_p": "= log_p"},
        "You take the classes in y from every row. Row i has the class y[i]: index both.": {
            "log_p[rows, y].mean()": "log_p[:, y].mean()"
        },
        "You changed Z in place (Z -= ...). Make a new array: Z - ...": {"Z = Z -": "Z -="},
    },
)


# --- 1.6


def numgrad(f, w, h):
    """Return the central differences of f at w."""
    g = np.zeros(len(w))
    for i in range(len(w)):
        e = np.zeros(len(w))
        e[i] = h
        g[i] = (f(w + e) - f(w - e)) / (2 * h)
    return g


def curves(rng):
    """Draw functions with a third derivative, and steps so long that it shows."""
    cases = []
    for d in (1, 2, 4):
        a, b = rng.uniform(0.5, 1.5, d), rng.uniform(0.5, 1.5, d)
        f = lambda w, a=a, b=b: float(np.exp(a @ w) + b @ w**3 + (b @ w) ** 2)
        cases.append((f, rng.uniform(0.3, 0.8, d), rng.uniform(0.1, 0.3)))
    return cases


NUMGRAD = Exercise(
    numgrad,
    curves,
    examples=["lambda w: w[0] ** 3, np.array([2.0]), 1.0"],
    mistakes={
        "That is the one-sided difference, forward. The central one looks both ways.": {
            "(f(w + e) - f(w - e)) / (2 * h)": "(f(w + e) - f(w)) / h"
        },
        "That is the one-sided difference, backward. The central one looks both ways.": {
            "(f(w + e) - f(w - e)) / (2 * h)": "(f(w) - f(w - e)) / h"
        },
        "A factor of 2 too much: the two points are twice h apart.": {"(2 * h)": "h"},
        "x / 2 * h multiplies by h. Put the divisor into brackets.": {"(2 * h)": "2 * h"},
        "The sign is wrong: forward minus backward.": {
            "f(w + e) - f(w - e)": "f(w - e) - f(w + e)"
        },
        "Both looks are at the same place. wp = w is no copy, but one more name: w.copy().": {
            "f(w + e) - f(w - e)": "f(w) - f(w)"
        },
        "You move by 1. Move by h.": {"e[i] = h": "e[i] = 1"},
        "Only the first coordinate is filled: does the return stand inside of the loop?": {
            "return g": "return g * (np.arange(len(w)) == 0)"
        },
        "There is only the first coordinate: does the return stand inside of the loop?": {
            "return g": "return g[:1]"
        },
        "There is only the last coordinate. Collect one in every round of the loop.": {
            "return g": "return g[-1]"
        },
        "Both pairs of brackets are missing: around the difference, and around what divides it.": {
            "(f(w + e) - f(w - e)) / (2 * h)": "f(w + e) - f(w - e) / 2 * h"
        },
        "You look forward alone, and divide as if you had looked both ways.": {"f(w - e)": "f(w)"},
        "You move all coordinates at once. Move one, and leave the others.": {
            "e[i] = h": "e[:] = h"
        },
        "You move all coordinates at once, and return one number. Move one at a time.": {
            "return g": "return (f(w + h) - f(w - h)) / (2 * h)"
        },
        "You do not take the last coordinate back before you move the next.": {
            "    for": "    e = np.zeros(len(w))\n    for",
            "        e = np.zeros(len(w))\n": "",
        },
        "You go half of h to each side. Go h.": {"e[i] = h": "e[i] = h / 2", "(2 * h)": "h"},
        "You take a step of your own. h is handed in.": {"    g = np": "    h = 1e-5\n    g = np"},
        "You do not put w back: after both looks it is h too low, and f sees it.": {
            "        g[i] = (f(w + e) - f(w - e)) / (2 * h)": (
                "        w[i] += h\n        up = f(w)\n        w[i] -= 2 * h\n"
                "        g[i] = (up - f(w)) / (2 * h)"
            )
        },
        "You do not put your copy of w back: after both looks it is h too low, and f sees it.": {
            "        g[i] = (f(w + e) - f(w - e)) / (2 * h)": (
                "        g[i] = (f(w + e) - f(w - e)) / (2 * h)\n        w = w - e"
            )
        },
        "You add the slopes up. Return one per coordinate.": {"return g": "return g.sum()"},
        "You divide by nothing: that is a difference, not a slope.": {" / (2 * h)": ""},
    },
)


# --- 1.7


def best_constant(y, loss, tau):
    """Return the constant prediction with the least mean loss."""
    if loss == "squared":
        return np.mean(y)
    share = 0.5 if loss == "absolute" else tau
    return np.sort(y)[int(np.ceil(share * len(y))) - 1]


def samples(rng):
    """Draw lopsided samples whose best constant is a single number, and shares below a half."""
    cases = []
    for n, tau in [(5, 0.3), (9, 0.15), (13, 0.4), (13, 0.3)]:
        y = rng.exponential(size=n) + rng.uniform(1, 2)
        cases += [(y, loss, tau) for loss in ("squared", "absolute", "pinball")]
    return cases


BEST_CONSTANT = Exercise(
    best_constant,
    samples,
    examples=[
        f"np.array([1.0, 90.0, 2.0, 4.0, 3.0]), '{loss}', 0.3"
        for loss in ("squared", "absolute", "pinball")
    ],
    mistakes={
        "Mean and median have changed places.": {
            '"absolute"': '"middle"',
            '"squared"': '"absolute"',
            '"middle"': '"squared"',
        },
        "You always return the mean. Only the squared error asks for it.": {
            'loss == "squared"': "True"
        },
        "You return the median for the pinball loss. That is the case of tau = 0.5.": {
            "else tau": "else 0.5"
        },
        "You return the 1 - tau quantile. Where tau is small, guessing too high costs more.": {
            "else tau": "else 1 - tau"
        },
        "You take tau for the absolute error as well. It asks for the middle.": {
            '0.5 if loss == "absolute" else tau': "tau"
        },
        "The targets are not sorted.": {"np.sort(y)": "y"},
        "For the absolute error the targets are not sorted.": {
            "np.sort(y)": '(y if loss == "absolute" else np.sort(y))'
        },
        "y.sort() changes y itself. np.sort(y) returns a sorted copy.": {
            '    if loss == "squared"': '    y.sort()\n    if loss == "squared"'
        },
        "You are one place too low: the first with a share of at least tau at or below it.": {
            " - 1]": " - 2]"
        },
        "For the pinball loss you are one place too low: int rounds down, and Python counts from 0 "
        "besides.": {" - 1]": ' - (1 if loss == "absolute" else 2)]'},
        "For the pinball loss you are one place too high: Python counts from 0.": {
            " - 1]": ' - (loss == "absolute")]'
        },
        "You are one place too high: Python counts from 0.": {" - 1]": "]"},
        "The quantile lies between two targets here: np.quantile interpolates unless told not to. "
        "One of the targets has the least loss.": {
            "np.sort(y)[int(np.ceil(share * len(y))) - 1]": "np.quantile(y, share)"
        },
        "tau is a share, not a percentage.": {"else tau": "else tau / 100"},
        "The squared error does not ask for the middle between smallest and largest.": {
            "np.mean(y)": "(y.min() + y.max()) / 2"
        },
    },
)


# --- 1.8


def cross_entropy(Z, y):
    """Return the mean cross-entropy of rows of logits."""
    p = np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)
    return -np.log(p[np.arange(len(y)), y]).mean()


CROSS_ENTROPY = Exercise(
    cross_entropy,
    lambda rng: dice(rng)[:-2],
    examples=["np.zeros((2, 4)), np.array([3, 0])"],
    mistakes={
        "Two bugs are left: the softmax runs over the examples, and p[y] takes rows.": {
            "axis=1, keepdims=True": "axis=0",
            "np.arange(len(y)), y": "y",
        },
        "One bug is left: the softmax runs over the examples. Each row must add up to 1.": {
            "axis=1, keepdims=True": "axis=0"
        },
        "One bug is left: p[y] takes whole rows. From row i take the class y[i].": {
            "np.arange(len(y)), y": "y"
        },
        "p[:, y] takes the classes in y from every row. From row i take only y[i].": {
            "np.arange(len(y)), y": ":, y"
        },
        "You sum over the examples. Take the mean.": {".mean()": ".sum()"},
        "You divide by the sum of all rows together. Each row must add up to 1.": {
            "axis=1, keepdims=True": ""
        },
        "You take the mean over all classes. Only the true one has a price.": {
            "p[np.arange(len(y)), y]": "p"
        },
        "That is the logarithm to the base 2. Use the natural one.": {"np.log(": "np.log2("},
        "You return a price per example. Their mean is asked for.": {".mean()": ""},
        "Row and class are exchanged: first the row, then its class.": {
            "p[np.arange(len(y)), y]": "p[y, np.arange(len(y))]"
        },
        "The logarithm comes after the mean. Each example has its own price.": {
            "np.log(p[np.arange(len(y)), y]).mean()": "np.log(p[np.arange(len(y)), y].mean())"
        },
        "The minus before the logarithm is missing.": {"-np.log": "np.log"},
        "The logarithm is missing.": {"-np.log": "-"},
    },
)


# --- 1.9


def loss_predictions():
    """Return a blind guess's price among ten and two, a sure mistake's, and two constants."""
    blind, coin, sure = np.log(10), np.log(2), 40.0
    middle, mean = 3.0, 20.0
    return [blind, coin, sure, middle, mean]


LOSS_PREDICTIONS = Exercise(
    loss_predictions,
    lambda rng: [()],
    close=within(1.05),
    labels=[f"Prediction {i}" for i in range(1, 6)],
    mistakes={
        "Prediction 1 takes the logarithm to the base 10. Use the natural one.": {
            "np.log(10)": "np.log10(10)"
        },
        "Predictions 1 and 2 take the logarithm to the base 10. Use the natural one.": {
            "np.log(10), np.log(2)": "np.log10(10), np.log10(2)"
        },
        "Prediction 1 is the probability of a blind guess. The price is minus its logarithm.": {
            "np.log(10)": "0.1"
        },
        "Prediction 2 is the probability of logit 0. The price is minus its logarithm.": {
            "np.log(2)": "0.5"
        },
        "Prediction 2 takes the logit for the price. A logit of 0 is a probability of a half.": {
            "np.log(2)": "0.0"
        },
        "Prediction 3: a sure mistake is not infinitely dear. Its price grows like the logit.": {
            "40.0": "np.inf"
        },
        "Prediction 3 is that of a clipped probability. Nothing is clipped here.": {"40.0": "16.1"},
        "Prediction 3: the class is 0, and the logit says 1. That is not free.": {"40.0": "0.0"},
        "Predictions 4 and 5 have changed places.": {"3.0, 20.0": "20.0, 3.0"},
        "Prediction 4 is the mean. The absolute error does not care how far 90 is.": {
            "3.0, 20.0": "20.0, 20.0"
        },
        "Prediction 5 is the median. The squared error lets 90 rule.": {"3.0, 20.0": "3.0, 3.0"},
    },
)

EXERCISES = [
    ERRORS,
    SQUARED_GRAD,
    HUBER,
    BCE_WITH_LOGITS,
    SOFTMAX_CE,
    NUMGRAD,
    BEST_CONSTANT,
    CROSS_ENTROPY,
    LOSS_PREDICTIONS,
]
