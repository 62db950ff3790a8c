"""Chapter 6, schedules and regularization: its exercises and how they go wrong."""

import copy

import numpy as np

from optilab.checks.adaptive_methods import ADAM, OF_TWO_MEANS, around, of_any_rule, walks
from optilab.checks.engine import Exercise, Told, close, nearly, plain, steps_of


def twice(schedule, k, *settings):
    """Return what a schedule gives at k, the second time as well as the first."""
    values = [plain(schedule(k, *settings)) for _ in range(2)]
    if values[0].tobytes() != values[1].tobytes():
        raise Told("The second call with the same k gives another value.")
    return values[0]


REMEMBERS = {
    "The second call with the same k gives another value: your schedule remembers. Compute the "
    "value from the arguments alone.": {
        "):\n": ", seen=[]):\n    return seen.append(k) or len(seen)\n"
    }
}


def of_dicts(function, *given):
    """Return all entries of a dict of arrays in a row."""
    before = copy.deepcopy(given)
    result = function(*given)
    if not isinstance(result, dict):
        raise Told("It does not return a dict.")
    if result.keys() != before[0].keys():
        raise Told("It returns a dict with other names than it was given.")
    if any(np.shape(given[0][name]) != np.shape(x) for name, x in result.items()):
        raise Told("It returns arrays of other shapes than it was given.")
    if not all(
        close(old[name], new[name])
        for old, new in zip(before, given, strict=True)
        if isinstance(old, dict)
        for name in old
    ):
        raise Told("It changes the arrays that it was given. Make new ones.")
    return np.concatenate([np.ravel(x) for x in result.values()])


# --- 6.1


def exponential_decay(k, lr, steps, rate, staircase):
    """Return the learning rate after k updates: times rate in every steps of them."""
    periods = k / steps
    if staircase:
        periods = np.floor(periods)
    return lr * rate**periods


def moments(rng):
    """Draw settings, each with updates within, at and beyond the end of a period."""
    cases: list[tuple] = []
    for staircase in (False, True):
        for share in (0.4, 0.7, 1, 1.3, 2.6, 3.7):
            steps = 10 * int(rng.integers(2, 7))
            lr, rate = 10 ** rng.uniform(-3, -1), rng.uniform(0.2, 0.9)
            cases.append((int(share * steps), lr, steps, rate, staircase))
        cases.append((0, lr, steps, rate, staircase))
    return cases


EXPONENTIAL_DECAY = Exercise(
    exponential_decay,
    moments,
    trial=twice,
    examples=[
        "0, 0.01, 100, 0.9, False",
        "50, 0.01, 100, 0.9, False",
        "100, 0.01, 100, 0.9, False",
        "99, 0.01, 100, 0.9, True",
    ],
    mistakes={
        **REMEMBERS,
        "You always take whole periods. That is the staircase, and only if it is asked for.": {
            "if staircase": "if True"
        },
        "The staircase stands where there should be none, and the other way round.": {
            "if staircase": "if not staircase"
        },
        "You round to the nearest period. A period counts when it is complete.": {
            "np.floor": "np.round"
        },
        "You round up: the staircase falls one period too early.": {"np.floor": "np.ceil"},
        "With the staircase you divide by steps twice.": {
            "np.floor(periods)": "np.floor(periods) / steps"
        },
        "Your staircase rounds the learning rate, not the number of periods.": {
            "periods = np.floor(periods)": "return np.floor(lr * rate**periods)"
        },
        "It falls once and never again: rate is applied for every period that is complete.": {
            "k / steps": "float(k >= steps)"
        },
        "It falls where a period ends and is back at lr one update later: nothing remembers, so "
        "apply rate for every period that has passed.": {"k / steps": "float(k % steps == 0)"},
        "steps is not used: you decay as much in every update, as torch's ExponentialLR does.": {
            "k / steps": "k"
        },
        "Without the staircase you divide after taking the power: the exponent is k / steps. Mind "
        "the brackets.": {
            "    return": "    if not staircase:\n        return lr * rate**k / steps\n    return"
        },
        "Without the staircase steps is not used: you decay as much in every update.": {
            "    return": "    return lr * rate ** (periods if staircase else k)\n    return"
        },
        "The staircase is missing: with staircase=True only whole periods count.": {
            "if staircase": "if False"
        },
        "steps is upside down: the exponent is the number of periods that have passed.": {
            "k / steps": "steps / max(k, 1)"
        },
        "You divide after taking the power: the exponent is k / steps. Mind the brackets.": {
            "rate**periods": "rate ** (periods * steps) / steps"
        },
        "You multiply where rate should be raised to a power.": {"rate**periods": "rate * periods"},
        "That is a straight line. Each period keeps the same share of what was left before.": {
            "rate**periods": "(1 - (1 - rate) * periods)"
        },
        "You apply rate once too often: at k = 0 nothing has decayed.": {
            "rate**periods": "rate ** (periods + 1)"
        },
        "It grows. A rate below 1 needs a positive exponent.": {"rate**periods": "rate**-periods"},
        "You keep 1 - rate of it. rate is what is kept in a period.": {
            "rate**periods": "(1 - rate) ** periods"
        },
        "That is exp(-rate * periods). rate is the factor of a period, not its exponent.": {
            "rate**periods": "np.exp(-rate * periods)"
        },
        "That is inverse-time decay, the next exercise.": {
            "* rate**periods": "/ (1 + rate * periods)"
        },
        "You count k from 1. It is the number of updates made: 0 before the first.": {
            "periods = k": "periods = (k + 1)"
        },
        "You return the factor. Multiply it by lr.": {"lr * ": ""},
        "The learning rate is raised to the power too.": {
            "lr * rate**periods": "(lr * rate) ** periods"
        },
    },
)


def inverse_time(k, lr, steps, rate):
    """Return the learning rate after k updates: lr divided by a line."""
    return lr / (1 + rate * k / steps)


INVERSE_TIME = Exercise(
    inverse_time,
    lambda rng: [case[:4] for case in moments(rng)[:7]],
    trial=twice,
    examples=["100, 0.01, 100, 1.0", "100, 0.01, 100, 0.9"],
    mistakes={
        **REMEMBERS,
        "It increases: k has slipped out of the denominator. Put brackets around all of it.": {
            "(1 + rate * k / steps)": "(1 + rate) * k / steps"
        },
        "The brackets are missing: that is lr plus a line, and it increases.": {
            "(1 + rate * k / steps)": "1 + rate * k / steps"
        },
        "The 1 is missing: at k = 0 you divide by 0.": {"1 + rate": "rate"},
        "It increases: you multiply by k once more.": {"k / steps)": "k / steps) * k"},
        "You divide by the root of the line.": {
            "lr / (1 + rate * k / steps)": "lr / (1 + rate * k / steps) ** 0.5"
        },
        "That is exponential decay, the exercise before.": {
            "lr / (1 + rate * k / steps)": "lr * rate ** (k / steps)"
        },
        "steps is not used: rate belongs to steps updates, not to each.": {" / steps": ""},
        "You multiply by steps. Divide: k / steps periods have passed.": {"/ steps": "* steps"},
        "rate is not used: it says how much one period adds to the denominator.": {"rate * ": ""},
        "A minus in the denominator makes it grow.": {"1 + rate": "1 - rate"},
        "You multiply by the line. Divide by it.": {"lr / (": "lr * ("},
        "You take a power of the denominator. It is a line.": {
            "lr / (1 + rate * k / steps)": "lr / (1 + rate) ** (k / steps)"
        },
        "Only whole periods count in yours: that is the staircase form.": {
            "rate * k / steps": "rate * (k // steps)"
        },
        "You count k from 1. It is the number of updates made: 0 before the first.": {
            "rate * k": "rate * (k + 1)"
        },
        "// rounds down: your line goes up in stairs.": {"k / steps": "k // steps"},
        "rate stands beside k / steps. It multiplies it.": {"rate * k": "rate + k"},
        "You return the factor. Multiply it by lr.": {"lr /": "1 /"},
    },
)


def polynomial_decay(k, lr, steps, end, power):
    """Return the learning rate after k updates: down to end along a power, and then end."""
    left = 1 - min(k / steps, 1)
    return end + (lr - end) * left**power


def descents(rng):
    """Draw settings, each with updates on the way; after the end only with whole powers.

    Without the end, a part of the way that is below 0 has no root.
    """
    cases = []
    for power in (1.0, 2.0, 3.0, rng.uniform(0.3, 0.8), rng.uniform(2.2, 4)):
        steps = 10 * int(rng.integers(4, 12))
        lr, end = rng.uniform(0.05, 0.5), rng.uniform(0.01, 0.04)
        ks = [0, 1, steps // 4, steps // 2, steps - 1, steps]
        ks += [steps + 1, 2 * steps + 7] if power % 1 == 0 else []
        cases += [(k, lr, steps, end, power) for k in ks]
    return cases


POLYNOMIAL_DECAY = Exercise(
    polynomial_decay,
    descents,
    trial=twice,
    examples=[f"{k}, 0.1, 100, 0.02, {power}" for power in (1.0, 2.0) for k in (0, 50, 100, 150)],
    mistakes={
        **REMEMBERS,
        "After the end yours goes on along the power. It stays at end.": {
            "min(k / steps, 1)": "k / steps"
        },
        "You cut off below end. Beyond steps an even power goes up again: stop k there.": {
            "min(k / steps, 1)": "k / steps",
            "end + (lr - end) * left**power": "max(end, end + (lr - end) * left**power)",
        },
        "After the end yours is 0. It stays at end.": {
            "    return": "    if k > steps:\n        return 0.0\n    return"
        },
        "After the end yours begins again at the top. It stays at end.": {
            "min(k / steps, 1)": "k / steps % 1"
        },
        "After the end yours goes up again and comes down more slowly, as Keras' does with "
        "cycle=True. Here it stays at end.": {
            "k / steps": "k / (steps * max(np.ceil(k / steps), 1))"
        },
        "end is not used: you go down to 0.": {"end + (lr - end)": "lr"},
        "You go down to 0, and jump to end there. The power itself leads from lr to end.": {
            "    return": "    if k >= steps:\n        return end\n    return",
            "end + (lr - end)": "lr",
        },
        "You raise both parts, that of lr and that of end. They are to add up to 1: end takes what "
        "lr leaves.": {
            "end + (lr - end) * left**power": "lr * left**power + end * (1 - left) ** power"
        },
        "You go down to 0 and cut off below end. The power itself leads from lr to end.": {
            "end + (lr - end) * left**power": "max(end, lr * left**power)"
        },
        "You add end on top: what falls is lr - end, so that the start is lr.": {
            "(lr - end)": "lr"
        },
        "end is missing at the end: what falls to 0 is lr - end, and end stays.": {"end + ": ""},
        "Mind the brackets: lr - end is multiplied as a whole.": {"(lr - end)": "lr - end"},
        "power is not used: that is a straight line.": {"**power": ""},
        "You multiply by power. Raise to it.": {"**power": " * power"},
        "You take a root: the power is power itself, not one over it.": {
            "**power": "** (1 / power)"
        },
        "lr - end is raised to the power too. Only the part of the way that is left is.": {
            "(lr - end) * left**power": "((lr - end) * left) ** power"
        },
        "You raise what is gone, and subtract it from 1: that falls slowly first, steeply at the "
        "end. Subtract first, and raise what is left.": {
            "left**power": "(1 - (1 - left) ** power)"
        },
        "It climbs: that is the part of the way that is gone. Raise what is left of it.": {
            "1 - min": "min"
        },
        "lr and end are exchanged: it climbs from end to lr.": {
            "end + (lr - end)": "lr + (end - lr)"
        },
        "// rounds down: yours stays at lr, and falls all at once at the end.": {
            "k / steps": "k // steps"
        },
        "steps is upside down: k / steps of the way is gone.": {"k / steps": "steps / max(k, 1)"},
        "You reach the end one update early: at k = steps yours has been there for an update.": {
            "k / steps": "k / (steps - 1)"
        },
        "You count k from 1. It is the number of updates made: 0 before the first.": {
            "k / steps": "(k + 1) / steps"
        },
        "You return the factor. It takes lr - end, and end is added.": {"end + (lr - end) * ": ""},
    },
)


# --- 6.2


def piecewise(k, boundaries, values):
    """Return the value of the piece in which k lies; a boundary belongs to the piece before."""
    return values[np.sum(k > boundaries)]


def pieces(rng):
    """Draw boundaries, each with the updates before, at and after it."""
    cases = []
    for n in (1, 2, 4):
        boundaries = np.cumsum(rng.integers(5, 50, n))
        values = rng.uniform(0.5, 1, n + 1) * 0.3 ** np.arange(n + 1)
        for near in boundaries:
            cases += [(int(near) + step, boundaries, values) for step in (-1, 0, 1)]
        cases += [(k, boundaries, values) for k in (0, int(boundaries[-1]) + 100)]
    return cases


PIECES = "np.array([100, 200]), np.array([0.1, 0.05, 0.01])"

PIECEWISE = Exercise(
    piecewise,
    pieces,
    trial=twice,
    examples=[f"{k}, {PIECES}" for k in (0, 100, 101, 200, 201)],
    mistakes={
        **REMEMBERS,
        "At a boundary you have jumped already, as torch's MultiStepLR does. Here, as in Keras, "
        "the old value still holds there.": {"k > boundaries": "k >= boundaries"},
        "You jump one update late: right after a boundary the next value holds.": {
            "k > boundaries": "k > boundaries + 1"
        },
        "The last value never comes: there is one value more than there are boundaries.": {
            "[np.sum(k > boundaries)]": "[min(np.sum(k > boundaries), len(boundaries) - 1)]"
        },
        "You only know the first boundary: after it, yours never changes again.": {
            "np.sum(k > boundaries)": "int(k > boundaries[0])"
        },
        "You are one piece behind: up to the first boundary values[0] holds, then values[1].": {
            "[np.sum(k > boundaries)]": "[max(np.sum(k > boundaries) - 1, 0)]"
        },
        "You are one piece ahead: up to the first boundary values[0] holds.": {
            "[np.sum(k > boundaries)]": "[min(np.sum(k > boundaries) + 1, len(boundaries))]"
        },
        "You are one piece behind. In the first piece your index is -1: the last value.": {
            "boundaries)]": "boundaries) - 1]"
        },
        "After the last boundary yours is back at the first value.": {
            "boundaries)]": "boundaries) % len(boundaries)]"
        },
        "Only at a boundary itself is yours anything but values[0]. Nothing remembers that it has "
        "been passed.": {
            "np.sum(k > boundaries)": "np.sum(np.arange(1, len(values)) * (k == boundaries))"
        },
        "You count the boundaries that are still to come. Count those that k has passed.": {
            "k > boundaries": "k <= boundaries"
        },
        "You count the boundaries beyond k. Count those that k has passed.": {
            "k > boundaries": "k < boundaries"
        },
        "You return which piece it is. Return its value.": {
            "values[np.sum(k > boundaries)]": "np.sum(k > boundaries)"
        },
        "You multiply the values passed, as if they were factors (optax). Here they are learning "
        "rates.": {
            "values[np.sum(k > boundaries)]": "np.prod(values[: np.sum(k > boundaries) + 1])"
        },
        "You draw a line between the values. They jump.": {
            "values[np.sum(k > boundaries)]": ("np.interp(k, np.append(0, boundaries), values)")
        },
        "Your loop goes on after it has found its piece, and a later one wins. Return at once.": {
            "return values[np.sum(k > boundaries)]": (
                "return values[-1] if k > boundaries[-1] else values[len(boundaries) - 1]"
            )
        },
    },
)


# --- 6.3


def warmup_cosine(k, lr, warmup, steps, end):
    """Return the learning rate after k updates: even steps up, then half a cosine down."""
    if k < warmup:
        return lr * (k + 1) / (warmup + 1)
    part = min((k - warmup) / steps, 1)
    return end + (lr - end) * (1 + np.cos(np.pi * part)) / 2


def climbs(rng):
    """Draw settings, each with updates on the way up, at the top, on the way down and after."""
    cases = []
    for _ in range(2):
        warmup, steps = int(rng.integers(8, 20)), 10 * int(rng.integers(4, 12))
        lr, end = rng.uniform(0.05, 0.5), rng.uniform(0.01, 0.04)
        top, bottom = warmup, warmup + steps
        ks = (0, 3, top - 1, top, top + 1, top + steps // 3, bottom - 2, bottom, bottom + 17)
        cases += [(k, lr, warmup, steps, end) for k in ks]
    return cases


WARMUP_COSINE = Exercise(
    warmup_cosine,
    climbs,
    trial=twice,
    examples=[f"{k}, 0.1, 4, 100, 0.0" for k in (0, 3, 4, 54, 104, 154)],
    mistakes={
        **REMEMBERS,
        "The first update has a learning rate of 0 and is wasted. Begin one step up, at k = 0.": {
            "(k + 1) / (warmup + 1)": "k / warmup"
        },
        "You are at the top one update early. There are warmup + 1 even steps from 0 to lr: the "
        "last one is at k = warmup.": {"(warmup + 1)": "warmup"},
        "Your warm-up does not climb: all its updates have the learning rate of the first.": {
            "(k + 1)": "1"
        },
        "There is no warm-up: the full learning rate from the start.": {
            "lr * (k + 1) / (warmup + 1)": "lr"
        },
        "You climb from end. The warm-up climbs from 0, and its first step is not 0.": {
            "return lr * (k + 1)": "return end + (lr - end) * (k + 1)"
        },
        "The learning rate climbs again after the end, as torch's CosineAnnealingLR does. Here it "
        "stays.": {"min((k - warmup) / steps, 1)": "(k - warmup) / steps"},
        "Where the warm-up ends, yours jumps: the cosine begins there, not at k = 0.": {
            "(k - warmup) / steps": "k / steps"
        },
        "After the top yours jumps: the cosine begins at warmup, not at k = 0.": {
            "k < warmup": "k <= warmup",
            "(k - warmup) / steps": "k / steps",
        },
        "steps counts the cosine alone, as in Keras. In yours it includes the warm-up, as in "
        "optax.": {"(k - warmup) / steps": "(k - warmup) / (steps - warmup)"},
        "The cosine begins at k = 0, not where the warm-up ends, and climbs before it ends.": {
            "min((k - warmup) / steps, 1)": "(k / steps if k <= warmup + steps else 1)"
        },
        "The cosine begins one update late: at the top the learning rate is lr for one update, not "
        "for two.": {"(k - warmup) / steps": "max(k - warmup - 1, 0) / steps"},
        "After the end yours is 0. It stays at end.": {
            "    part": "    if k > warmup + steps:\n        return 0.0\n    part"
        },
        "You end the cosine at k = steps. It begins at warmup and so ends at warmup + steps.": {
            "    part": "    if k > steps:\n        return end\n    part"
        },
        "end is not used: you go down to 0.": {"end + (lr - end)": "lr"},
        "Yours are the steps of np.linspace(0, lr, warmup): nothing at k = 0, and all of lr one "
        "update before the top.": {"(k + 1) / (warmup + 1)": "k / (warmup - 1)"},
        "The cosine begins at k = 0, not where the warm-up ends, and climbs again after its end.": {
            "min((k - warmup) / steps, 1)": "k / steps"
        },
        "After the end yours begins again at the top. It stays at end.": {
            "min((k - warmup) / steps, 1)": "(k - warmup) % steps / steps"
        },
        "A cosine goes from 1 to -1: without 1 + and / 2 yours falls far below end.": {
            "(1 + np.cos(np.pi * part)) / 2": "np.cos(np.pi * part)"
        },
        "np.cos takes radians, not degrees: half a turn is pi.": {"np.pi": "180"},
        "np.cos takes radians, not degrees: half a turn is pi. (After the end yours is right.)": {
            "np.pi": "(180 if part < 1 else np.pi)",
        },
        "Your angle is in radians already: np.radians would turn degrees into them.": {
            "np.pi": "np.radians(np.pi)"
        },
        "That is a whole turn of the cosine: down and up again. Half a turn leads down.": {
            "np.pi": "2 * np.pi"
        },
        "A quarter of a turn of a cosine, without the 1 +: steep at the end. Half a turn is flat "
        "at both ends.": {"(1 + np.cos(np.pi * part)) / 2": "np.cos(np.pi * part / 2)"},
        "You go down along a straight line.": {"(1 + np.cos(np.pi * part)) / 2": "(1 - part)"},
        "Twice too high: 1 + cos is 2 at the top.": {" / 2": ""},
        "The cosine is upside down: it starts at the end and rises.": {"1 + np.cos": "1 - np.cos"},
        "You take end as a fraction of lr, as Keras and optax do. Here it is a learning rate.": {
            "return end + (lr - end)": "end = end * lr\n    return end + (lr - end)"
        },
        "You add end on top: the cosine takes lr - end, so that the top is lr.": {
            "(lr - end)": "lr"
        },
        "You go down to 0 and cut off below end. The cosine itself leads from lr to end.": {
            "end + (lr - end) * (1 + np.cos(np.pi * part)) / 2": (
                "max(end, lr * (1 + np.cos(np.pi * part)) / 2)"
            )
        },
    },
)


# --- 6.4


def lr_range_test(f, grad, w, low, high, steps):
    """Return the learning rates at which the loss has fallen by a tenth, and is lowest."""
    rates = low * (high / low) ** (np.arange(steps) / (steps - 1))
    losses = []
    for lr in rates:
        losses.append(f(w))
        w = w - lr * grad(w)
    fallen = np.flatnonzero(np.array(losses) < 0.9 * losses[0])
    return rates[fallen[0]], rates[np.nanargmin(losses)]


def hills(rng):
    """Draw hills that a run leaves when the learning rates get too large, on some as far as NaN.

    On the first, even wrong learning rates go down for a while; on the second, all of them.
    """
    cases = []
    for d, bend, low, high, steps in [
        (1, 0.0, 0.1, 6.0, 8),
        (1, 0.0, 0.3, 1.2, 8),
        (2, 0.0, 0.005, 30.0, 32),
        (3, 0.2, 0.005, 100.0, 36),
        (2, 1.0, 0.005, 300.0, 40),
    ]:
        h = rng.uniform(0.6, 1.2, d)
        f = lambda w, h=h, bend=bend: np.sum(h * w**2 / 2 + bend * w**4 / 4)
        grad = lambda w, h=h, bend=bend: h * w + bend * w**3
        w = rng.uniform(1, 2, d) * rng.choice([-1, 1], d)
        low, high = rng.uniform(0.8, 1.2, 2) * (low, high)
        cases.append((f, grad, w, low, high, steps + int(rng.integers(4))))
    return cases


LR_RANGE_TEST = Exercise(
    lr_range_test,
    hills,
    examples=["lambda w: w[0] ** 2 / 2, lambda w: w, np.array([1.0]), 0.1, 6.4, 7"],
    labels=("The first rate, where the loss has fallen,", "The second rate, where it is lowest,"),
    accepted={
        "Your rate would be high in the update after the last, as in the book's figure. The band "
        "is the same, up to one rise of the rate.": {"(steps - 1)": "steps"},
    },
    mistakes={
        "Your lowest loss is NaN: np.argmin takes it for one. A loss that is NaN is no loss.": {
            "np.nanargmin": "np.argmin"
        },
        "Your rates rise by equal amounts, so that nearly all are of the size of high. Multiply "
        "by the same factor each time.": {
            "low * (high / low) ** (np.arange(steps) / (steps - 1))": (
                "low + (high - low) * np.arange(steps) / (steps - 1)"
            )
        },
        "Your rates rise by equal amounts: the second one is so large that no loss has fallen. "
        "Multiply by the same factor each time.": {
            "low * (high / low) ** (np.arange(steps) / (steps - 1))": (
                "np.linspace(low, high, steps)"
            ),
            "fallen[0]": "fallen[0] if fallen.size else 0",
        },
        "You multiply by high / low each time. That is the ratio of the last rate to the first.": {
            " ** (np.arange(steps) / (steps - 1))": " ** np.arange(steps)"
        },
        "The rate does not rise: every step is made with low.": {"w - lr": "w - low"},
        "Each rate makes one step from the start. A range test is one run: go on from where the "
        "last step led.": {
            "        losses.append(f(w))\n        w = w - lr * grad(w)\n": (
                "        losses.append(f(w - lr * grad(w)))\n"
            )
        },
        "You write down the loss after the step. The loss of an update is the one before it.": {
            "        losses.append(f(w))\n        w = w - lr * grad(w)\n": (
                "        w = w - lr * grad(w)\n        losses.append(f(w))\n"
            )
        },
        "You write down the loss that an update leads to, so that both rates come out one update "
        "early. Its loss is the one before its step.": {
            "    losses = []\n": "    first, losses = f(w), []\n",
            "        losses.append(f(w))\n        w = w - lr * grad(w)\n": (
                "        w = w - lr * grad(w)\n        losses.append(f(w))\n"
            ),
            "losses[0]": "first",
        },
        "The rate has already risen in the first update. There it is low.": {
            "np.arange(steps)": "np.arange(1, steps + 1)"
        },
        "np.logspace takes powers of ten. From one number to another leads np.geomspace.": {
            "low * (high / low) ** (np.arange(steps) / (steps - 1))": (
                "np.logspace(low, high, steps)"
            )
        },
        "The gradient is always that of the start. Take it at w, in each update.": {
            "    losses = []\n": "    losses, g = [], grad(w)\n",
            "lr * grad(w)": "lr * g",
        },
        "You climb: subtract the step.": {"w - lr": "w + lr"},
        "You climb, and no loss has fallen: subtract the step.": {
            "w - lr": "w + lr",
            "fallen[0]": "fallen[0] if fallen.size else 0",
        },
        "You changed w in place (w -= ...). Make a new array.": {"w = w - ": "w -= "},
        "Fallen by a tenth is fallen to nine tenths, not to one.": {"0.9 *": "0.1 *"},
        "You subtract 0.1. A tenth is a tenth of the first loss.": {
            "0.9 * losses[0]": "losses[0] - 0.1"
        },
        "You look for a fall by a tenth within one update. Compare with the first loss.": {
            "0.9 * losses[0]": "0.9 * np.append(losses[0], losses[:-1])"
        },
        "You take the first loss that is lower at all. It is to be lower by a tenth.": {
            "0.9 * losses[0]": "losses[0]"
        },
        "Of the losses that have fallen by a tenth you take the last one. Take the first.": {
            "fallen[0]": "fallen[-1]"
        },
        "That is the last rate before the loss has fallen by a tenth. Take the one after.": {
            "fallen[0]": "fallen[0] - 1"
        },
        "The second is where the loss falls most in one update. Asked is where it is lowest.": {
            "np.nanargmin(losses)": "np.nanargmin(np.diff(losses))"
        },
        "The second is where the loss is largest. Asked is where it is lowest.": {
            "np.nanargmin": "np.nanargmax"
        },
        "The second is the last rate before the lowest loss.": {
            "np.nanargmin(losses)": "np.nanargmin(losses) - 1"
        },
        "You return the numbers of the updates. Return their learning rates.": {
            "rates[fallen[0]], rates[np.nanargmin(losses)]": ("fallen[0], np.nanargmin(losses)")
        },
        "You return the losses. Return the learning rates that belong to them.": {
            "return rates[fallen[0]], rates[": "return losses[fallen[0]], losses["
        },
        "The second is the lowest loss. Return the learning rate that belongs to it.": {
            "rates[np.nanargmin(losses)]": "np.nanmin(losses)"
        },
        "The order is: first where it has fallen, then where it is lowest.": {
            "rates[fallen[0]], rates[np.nanargmin(losses)]": (
                "rates[np.nanargmin(losses)], rates[fallen[0]]"
            )
        },
    },
)


# --- 6.5


def l2_gradient(w, g, wd):
    """Return the gradient with that of wd / 2 times the sum of squares added, biases left out."""
    return {name: g[name] + wd * w[name] * (name[0] != "b") for name in w}


def layers(rng):
    """Draw the weights of two layers, and gradients."""

    def tree():
        shapes = {"W": (2, 3), "b": (3,), "W_embed": (3, 2), "b_embed": (2,)}
        return {name: rng.normal(size=shape) for name, shape in shapes.items()}

    return [(tree(), tree(), rng.uniform(0.2, 2)) for _ in range(3)]


LAYER = "{'W': np.array([3.0, -1.0]), 'b': np.array([2.0])}"
SLOPES = "{'W': np.array([0.5, 0.0]), 'b': np.array([1.0])}"


L2_GRADIENT = Exercise(
    l2_gradient,
    layers,
    trial=of_dicts,
    examples=[f"{LAYER}, {SLOPES}, 0.1"],
    mistakes={
        "The biases are decayed too. Those whose name begins with b stay free.": {
            ' * (name[0] != "b")': ""
        },
        "A factor of 2 too much: the penalty has a half, and Keras' L2 has none.": {
            "wd * w": "2 * wd * w"
        },
        "The half of the penalty cancels when it is differentiated. Yours is still there.": {
            "wd * w": "0.5 * wd * w"
        },
        "The sign: that makes the weights grow. The slope of the penalty is added.": {
            "+ wd": "- wd"
        },
        "That is the slope of L1, which pulls equally at small and large weights.": {
            "w[name]": "np.sign(w[name])"
        },
        "You add the square. The gradient needs its derivative.": {"w[name]": "w[name] ** 2 / 2"},
        "You add the penalty, one number to every entry. Each weight has a slope of its own.": {
            "w[name]": "np.sum(w[name] ** 2) / 2"
        },
        "You add the whole penalty, the same number everywhere. Each weight has its own slope.": {
            "w[name]": "sum(np.sum(x**2) for x in w.values()) / 2"
        },
        "That is the slope of the norm, not of half its square.": {
            "w[name]": "w[name] / np.linalg.norm(w[name])"
        },
        "wd is not used: it is the strength of the penalty.": {"wd * ": ""},
        "You decay the gradient. The penalty is one on the weights.": {
            "wd * w[name]": "wd * g[name]"
        },
        "The wrong way round: you decay the biases and leave the weights free.": {"!=": "=="},
        "You leave every name free that has a b in it. Biases are those that begin with b.": {
            'name[0] != "b"': '"b" not in name'
        },
        "Only the bias named b is free in yours. Every name that begins with b is that of one.": {
            "name[0]": "name"
        },
        "The gradient of the loss is gone: add the slope of the penalty to it.": {"g[name] + ": ""},
        "The weights have lost the gradient of the loss: add the slope of the penalty to it.": {
            'g[name] + wd * w[name] * (name[0] != "b")': (
                'wd * w[name] if name[0] != "b" else g[name]'
            )
        },
        "np.abs makes negative weights grow. The slope has the sign of the weight.": {
            "w[name]": "np.abs(w[name])"
        },
        "There is no penalty in it.": {'g[name] + wd * w[name] * (name[0] != "b")': "g[name]"},
        "The result has not the names of w. Biases are in it too: they keep their gradient.": {
            "for name in w}": 'for name in w if name[0] != "b"}'
        },
        "Return a dict with the same names as w.": {"{name: ": "[", "}": "]"},
        "You changed a dict that was handed in. Make a new one, with new arrays.": {
            "return {name: g[name]": "return {name: g.update({name: g[name]",
            '"b")': '"b")}) or g[name]',
        },
    },
)


def sgd_decay(w, g, *, lr, wd):
    """Return the weights after one step of gradient descent, with decay outside of it."""
    return (1 - lr * wd) * w - lr * g


def shrinking(rng):
    """Draw weights of several shapes and their gradients."""
    return [
        (
            np.array(rng.normal(size=shape), dtype),
            np.array(rng.normal(size=shape), dtype),
            rng.uniform(0.05, 0.4),
            rng.uniform(0.1, 1),
        )
        for shape, dtype in [((3,), float), ((2, 3), float), ((), float), ((4,), np.float32)]
    ]


SGD_DECAY = Exercise(
    sgd_decay,
    shrinking,
    trial=lambda function, w, g, lr, wd: function(w, g, lr=lr, wd=wd),
    examples=["np.array([1.0, -2.0]), np.array([0.5, 0.0]), lr=0.1, wd=0.5"],
    mistakes={
        "You decay after the step. Then the step shrinks too, by lr times wd of it: small, but not "
        "the same.": {"(1 - lr * wd) * w - lr * g": "(1 - lr * wd) * (w - lr * g)"},
        "wd without lr: the share lost in a step is their product, so that a schedule for lr "
        "slows the decay down as well.": {"lr * wd": "wd"},
        "Nothing decays.": {"(1 - lr * wd) * w": "w"},
        "The sign: your weights grow.": {"1 - lr": "1 + lr"},
        "The decay is counted twice.": {"lr * wd": "2 * lr * wd"},
        "Half of the decay is missing: the share lost in a step is lr times wd.": {
            "lr * wd": "lr * wd / 2"
        },
        "The decay is multiplied by lr twice.": {"lr * wd": "lr**2 * wd"},
        "np.abs makes negative weights grow. A share of a weight has its sign.": {
            "(1 - lr * wd) * w": "w - lr * wd * np.abs(w)"
        },
        "You keep lr * wd of the weights. That is the share to lose.": {"(1 - lr * wd)": "lr * wd"},
        "That moves every weight by the same amount: L1, not L2.": {
            "(1 - lr * wd) * w": "w - lr * wd * np.sign(w)"
        },
        "You subtract lr * wd itself. It is a share: that part of w.": {
            "(1 - lr * wd) * w": "w - lr * wd"
        },
        "Mind the brackets: you keep 1 - lr times wd, not 1 - lr * wd.": {
            "(1 - lr * wd)": "(1 - lr) * wd"
        },
        "You decay the gradient. The decay is one of the weights.": {
            "(1 - lr * wd) * w - lr * g": "w - lr * (1 - lr * wd) * g"
        },
        "The weights decay, but there is no step.": {" - lr * g": ""},
        "You climb: subtract the step.": {"w - lr": "w + lr"},
        "The learning rate is missing from the step.": {"lr * g": "g"},
        "You return the step alone. Return where it leads.": {
            "(1 - lr * wd) * w - lr * g": "-lr * (g + wd * w)"
        },
        "You changed w in place (w *= ...). Make a new array.": {
            "return (1 - lr * wd) * w": "w *= 1 - lr * wd\n    return w"
        },
    },
)


def adamw(w, g, m=0.0, v=0.0, t=1, *, lr, beta1, beta2, eps, wd):
    """Return the weights, which decay outside of Adam's fraction, and both moments."""
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps) - lr * wd * w, m, v


ADAMW = Exercise(
    adamw,
    walks(adamw),
    trial=steps_of(adamw),
    examples=[
        "np.array([1.0, 2.0]), np.array([0.5, -1.0]), np.zeros(2), np.zeros(2), 1, "
        "lr=0.1, beta1=0.6, beta2=0.8, eps=0.0, wd=0.5"
    ],
    accepted=ADAM.accepted,
    mistakes=of_any_rule(adamw)
    | OF_TWO_MEANS
    | {
        "That is Adam with L2: the decay has gone into the gradient, so into m and v, and is "
        "divided by the root of v. Weights with large gradients hardly shrink.": {
            "    m = beta1": "    g = g + wd * w\n    m = beta1",
            " - lr * wd * w, m": ", m",
        },
        "The decay has gone into m: it lasts on as momentum, and is divided by the root of v. "
        "Keep it out of both moments.": {
            "beta1) * g\n": "beta1) * (g + wd * w)\n",
            " - lr * wd * w, m": ", m",
        },
        "The decay has gone into v alone: it changes how long a step is, and pulls nothing towards "
        "0. Keep it out of both moments.": {
            "beta2) * g**2": "beta2) * (g + wd * w)**2",
            " - lr * wd * w, m": ", m",
        },
        "The decay is both in the gradient and outside. Outside is right; take it out of g.": {
            "    m = beta1": "    g = g + wd * w\n    m = beta1",
        },
        "The decay is inside the fraction: it is divided by the root of v. Put it outside.": {
            "lr * m_hat / (np.sqrt(v_hat) + eps) - lr * wd * w": (
                "lr * (m_hat + wd * w) / (np.sqrt(v_hat) + eps)"
            )
        },
        "You decay after the step, which shrinks the step as well. Decay the old weights.": {
            "w - lr * m_hat / (np.sqrt(v_hat) + eps) - lr * wd * w": (
                "(1 - lr * wd) * (w - lr * m_hat / (np.sqrt(v_hat) + eps))"
            )
        },
        "wd without lr: that is the paper's lambda. In this rule, as in PyTorch and Keras, the "
        "share lost in a step is their product.": {"lr * wd": "wd"},
        "Adam's step lacks the learning rate; the decay has it.": {"lr * m_hat": "m_hat"},
        "Mind the brackets: you keep 1 - lr times wd, not 1 - lr * wd.": {
            "w - lr * m_hat": "(1 - lr) * wd * w - lr * m_hat",
            " - lr * wd * w, m": ", m",
        },
        "You subtract lr * wd itself. It is a share: that part of w.": {"wd * w": "wd"},
        "That is Adam: nothing decays.": {" - lr * wd * w": ""},
        "The sign of the decay: your weights grow.": {"- lr * wd": "+ lr * wd"},
        "The decay is counted twice.": {"lr * wd": "2 * lr * wd"},
        "The decay is multiplied by lr twice.": {"lr * wd": "lr**2 * wd"},
        "That moves every weight by the same amount: L1, not L2.": {"wd * w": "wd * np.sign(w)"},
        "np.abs makes negative weights grow. A share of a weight has its sign.": {
            "wd * w": "wd * np.abs(w)"
        },
        "You changed w in place (w -= ...). Make a new array.": {
            "    return w - lr * m_hat": "    w -= lr * wd * w\n    w -= lr * m_hat",
            " - lr * wd * w, m": "\n    return w, m",
        },
    },
)


# --- 6.6


def soft_threshold(w, amount):
    """Return the weights moved towards 0 by an amount, and those nearer than that at 0."""
    return np.sign(w) * np.maximum(np.abs(w) - amount, 0)


def near_and_far(rng):
    """Draw weights on both sides of 0, some nearer to it than the amount."""
    cases = []
    for shape in ((6,), (2, 4), (5,)):
        amount = rng.uniform(0.3, 2)
        share = rng.permutation([0.0, *rng.uniform(0.1, 0.9, 2), *rng.uniform(1.2, 4, 5)])
        sign = rng.permutation([1, 1, 1, 1, -1, -1, -1, -1])
        cases.append(((amount * share * sign)[: np.prod(shape)].reshape(shape), amount))
    spread = rng.uniform(0.2, 3, 4) * np.array([1, -1, 1, -1])
    return [*cases, (spread, 0.0), (spread.astype(np.float32), 1.0), (np.array(-2.5), 1.0)]


SOFT_THRESHOLD = Exercise(
    soft_threshold,
    near_and_far,
    examples=["np.array([3.0, 0.5, -2.0]), 1.0"],
    mistakes={
        "Small weights jump over 0 and come out on the other side: that is a step along the "
        "subgradient. Those nearer than amount stop at exactly 0.": {
            "np.maximum(np.abs(w) - amount, 0)": "(np.abs(w) - amount)"
        },
        "Weights nearer to 0 than amount come out on the other side, and 0 itself moves. Those "
        "stop at exactly 0.": {
            "np.sign(w) * np.maximum(np.abs(w) - amount, 0)": (
                "np.where(w > 0, w - amount, w + amount)"
            )
        },
        "That is the hard threshold: the large weights keep their size. Here they move too.": {
            "np.sign(w) * np.maximum(np.abs(w) - amount, 0)": "np.where(np.abs(w) > amount, w, 0)"
        },
        "The sign is lost: negative weights come out positive.": {"np.sign(w) * ": ""},
        "Negative weights all become 0. Take their size, and give the sign back at the end.": {
            "np.sign(w) * np.maximum(np.abs(w) - amount, 0)": "np.maximum(w - amount, 0)"
        },
        "Positive and negative weights move the same way. Each moves towards 0.": {
            "np.sign(w) * np.maximum(np.abs(w) - amount, 0)": (
                "np.where(np.abs(w) > amount, w - amount, 0)"
            )
        },
        "The weights below amount are not those below -amount: yours moves small positive ones "
        "up.": {
            "np.sign(w) * np.maximum(np.abs(w) - amount, 0)": (
                "np.where(w > amount, w - amount, np.where(w < amount, w + amount, 0))"
            )
        },
        "You keep what should be taken away: that is w clipped to amount.": {
            "np.maximum(np.abs(w) - amount, 0)": "np.minimum(np.abs(w), amount)"
        },
        "The weights move away from 0. Subtract the amount from their size.": {
            "- amount": "+ amount"
        },
        "You subtract nothing: small weights rise to amount instead.": {
            "np.abs(w) - amount, 0": "np.abs(w), amount"
        },
        "You multiply by 1 - amount, which is L2. Here every weight moves by the same amount.": {
            "np.sign(w) * np.maximum(np.abs(w) - amount, 0)": "(1 - amount) * w"
        },
        "The large weights move away from 0. Subtract the amount from their size.": {
            "np.maximum(np.abs(w) - amount, 0)": (
                "np.where(np.abs(w) > amount, np.abs(w) + amount, 0)"
            )
        },
        "You shrink by a share, which is L2. Here every weight moves by the same amount.": {
            "np.maximum(np.abs(w) - amount, 0)": "np.abs(w) * max(1 - amount, 0)"
        },
        "np.minimum keeps only what lies beyond 0 on the wrong side. Take the maximum.": {
            "np.maximum": "np.minimum"
        },
        "You set small weights to 0 after moving the others, and so lose those that were moved "
        "below amount.": {
            "np.maximum(np.abs(w) - amount, 0)": (
                "np.where(np.abs(w) < 2 * amount, 0, np.abs(w) - amount)"
            )
        },
        "Only half the amount is taken away.": {"- amount": "- amount / 2"},
        "Positive weights come out right, negative ones do not move.": {
            "np.sign(w) * np.maximum(np.abs(w) - amount, 0)": (
                "np.where(w > 0, np.maximum(w - amount, 0), w)"
            )
        },
        "You changed w in place. Make a new array.": {
            "return np.sign(w) * np.maximum(np.abs(w) - amount, 0)": (
                "w[...] = np.sign(w) * np.maximum(np.abs(w) - amount, 0)\n    return w"
            )
        },
    },
)


def prox_step(w, g, lr, strength):
    """Return the weights after a step of gradient descent and the proximal step of L1."""
    return soft_threshold(w - lr * g, lr * strength)


def thresholds(rng):
    """Draw weights that stop at 0 and weights that do not."""
    cases = []
    for shape in ((6,), (2, 3), (4,)):
        w, g = rng.normal(size=shape), rng.normal(size=shape)
        lr, strength = rng.uniform(0.1, 0.5), rng.uniform(0.5, 2)
        w.flat[0] = lr * g.flat[0] + 0.5 * lr * strength
        w.flat[1] = lr * g.flat[1] - 3 * lr * strength
        w.flat[2] = 0.5 * lr * strength * np.sign(g.flat[2])
        cases.append((w, g, lr, strength))
    return cases


PROX_STEP = Exercise(
    prox_step,
    thresholds,
    trial=around(soft_threshold),
    examples=["np.array([1.0, 0.3, -1.0]), np.array([1.0, 1.0, 1.0]), 0.25, 1.0"],
    mistakes={
        "The threshold is strength without lr. In a step of length lr the pull of L1 moves a "
        "weight by their product.": {"lr * strength": "strength"},
        "The threshold is lr without strength.": {"lr * strength": "lr"},
        "You threshold first and step afterwards: nothing stays at exactly 0.": {
            "soft_threshold(w - lr * g, lr * strength)": (
                "soft_threshold(w, lr * strength) - lr * g"
            )
        },
        "That is a step along the subgradient of L1: it jumps over 0 and leaves no exact zeros.": {
            "soft_threshold(w - lr * g, lr * strength)": ("w - lr * (g + strength * np.sign(w))")
        },
        "After the step you jump over 0 in place of stopping there.": {
            "return soft_threshold(w - lr * g, lr * strength)": (
                "w = w - lr * g\n    return w - lr * strength * np.sign(w)"
            )
        },
        "The arguments of soft_threshold are exchanged: first the weights, then the amount.": {
            "w - lr * g, lr * strength": "lr * strength, w - lr * g"
        },
        "You threshold the gradient. Threshold the weights, after the step.": {
            "soft_threshold(w - lr * g, lr * strength)": ("w - lr * soft_threshold(g, strength)")
        },
        "That is gradient descent: there is no threshold.": {
            "soft_threshold(w - lr * g, lr * strength)": "w - lr * g"
        },
        "There is no step, only the threshold.": {"w - lr * g": "w"},
        "You climb: subtract the step.": {"w - lr": "w + lr"},
        "The learning rate is missing from the step.": {"lr * g": "g"},
        "You shrink by a share, which is L2.": {
            "soft_threshold(w - lr * g, lr * strength)": "(1 - lr * strength) * w - lr * g"
        },
        "That is the hard threshold: weights beyond it keep their size. Here they move too.": {
            "soft_threshold(w - lr * g, lr * strength)": (
                "(w - lr * g) * (np.abs(w - lr * g) > lr * strength)"
            )
        },
        "You pull with the subgradient and with the threshold: L1 counts twice.": {
            "w - lr * g": "w - lr * (g + strength * np.sign(w))"
        },
        "You changed w in place (w -= ...). Make a new array.": {
            "    return soft_threshold(w - lr * g": "    w -= lr * g\n    return soft_threshold(w"
        },
    },
)


# --- 6.7


def dropout(h, p, rng, train):
    """Return h with each entry dropped with probability p, and the factor of each entry."""
    mask = np.ones_like(h)
    if train:
        mask = (rng.random(h.shape) >= p) / (1 - p)
    return h * mask, mask


def drops(function, h, p, rng, train):
    """Return what is to be seen of dropout, however it was drawn: see `DROPPED`."""
    again, other = copy.deepcopy(rng), np.random.default_rng(0)
    pair = function(h, p, rng, train)
    if isinstance(pair, np.ndarray) and pair.shape == h.shape:
        raise Told(f"It does not return output and mask with train={train}.")
    if not isinstance(pair, tuple | list | np.ndarray) or len(pair) != 2:
        raise Told("Return two arrays: the output and the mask.")
    output, mask = (np.broadcast_to(x, h.shape) for x in pair)
    factor = output / h
    gone = factor == 0
    share = next((q for q in (0, p, 0.5, 1 - p, 1) if abs(gone.mean() - q) < 0.08), gone.mean())
    seen = [share, factor.max(), np.min(factor, initial=np.inf, where=~gone)]
    if not train:  # the mask is looked at where the output is right
        return [*seen, not np.array_equal(output, h) or np.array_equal(mask, np.ones_like(h))]
    return [
        *seen,
        np.array_equal(mask == 0, gone),
        np.max(mask),
        (gone != gone[0]).any(),
        (gone != gone[:, :1]).any(),
        np.array_equal(output, function(h, p, again, train)[0]),
        np.array_equal(output, function(h, p, other, train)[0]),
    ]


DROPPED = (
    "The share that is dropped",
    "The factor on what stays (its largest value)",
    "The factor on what stays (its smallest value)",
    "The agreement of the mask with the output",
    "The largest entry of the mask",
    "The variety from row to row",
    "The variety from unit to unit",
    "The agreement of two equal generators",
    "The agreement of two generators that differ",
)


def activations(rng):
    """Draw activations without a 0, and probabilities not near one half."""
    return [
        (
            rng.uniform(0.5, 2, size=(40, 25)) * rng.choice([-1, 1], size=(40, 25)),
            p,
            np.random.default_rng(rng.integers(2**32)),
            train,
        )
        for p, train in [
            (rng.uniform(0.15, 0.3), True),
            (rng.uniform(0.7, 0.85), True),
            (rng.uniform(0.15, 0.3), False),
        ]
    ]


DROPOUT = Exercise(
    dropout,
    activations,
    trial=drops,
    labels=DROPPED,
    mistakes={
        "What stays is not scaled up: the mean of the output shrinks by 1 - p.": {" / (1 - p)": ""},
        "You take p as the probability to stay, as the first paper did. Here it is the probability "
        "to go.": {">= p) / (1 - p)": "< p) / p"},
        "The scale is right, but an entry stays with probability p. It should go with it.": {
            ">= p": "< p"
        },
        "The share dropped is right, but you divide by p. Divide by the probability to stay.": {
            "/ (1 - p)": "/ p"
        },
        "The output is right; the mask lacks the factor 1 / (1 - p), which the way back needs "
        "too.": {"return h * mask, mask": "return h * mask, np.minimum(mask, 1)"},
        "The mask is scaled up; the output is not, so that its mean shrinks by 1 - p.": {
            "return h * mask": "return h * np.minimum(mask, 1)"
        },
        "You drop at test time too. With train=False h stays as it is.": {"if train": "if True"},
        "At test time the output is right, but every entry of the mask should be 1.": {
            "np.ones_like(h)\n": "np.ones_like(h)\n    if not train:\n        return h, 0 * h\n"
        },
        "That is dropout as it was first published, scaled down at test time. Here what stays is "
        "scaled up in training, and nothing is to be done at test time.": {
            " / (1 - p)": "",
            "np.ones_like(h)": "np.full_like(h, 1 - p)",
        },
        "Scaled twice: up in training, and at test time down once more. At test time h stays as "
        "it is.": {"np.ones_like(h)": "np.full_like(h, 1 - p)"},
        "At test time yours scales up. There h stays as it is.": {
            "np.ones_like(h)": "np.full_like(h, 1 / (1 - p))"
        },
        "You drop at test time too; only the scale depends on train. There h stays as it is.": {
            "if train": "if True",
            "(1 - p)": "(1 - p if train else 1)",
        },
        "train is the wrong way round: drop in training only.": {"if train": "if not train"},
        "You multiply by the probability to stay. Divide by it, so that the mean is kept.": {
            "/ (1 - p)": "* (1 - p)"
        },
        "You draw twice: the mask that you return is not the one that was used. The way back "
        "would drop other units.": {
            "return h * mask, mask": (
                "again = (rng.random(h.shape) >= p) / (1 - p)\n"
                "    return h * mask, again if train else mask"
            )
        },
        "The mask holds what was dropped. It is the factor of each entry.": {
            "return h * mask, mask": "return h * mask, (mask == 0 if train else mask)"
        },
        "p is not used in the draw: half of the entries go.": {">= p": ">= 0.5"},
        "Every row loses the same units. Draw for each entry of h.": {
            "rng.random(h.shape)": "rng.random(h.shape[-1])"
        },
        "A row is dropped as a whole, or not at all. Draw for each entry of h.": {
            "rng.random(h.shape)": "rng.random((len(h), 1))"
        },
        "One draw decides for all entries. Draw for each entry of h.": {
            "rng.random(h.shape)": "rng.random()"
        },
        "Equal generators drop different units: you draw from somewhere else. Draw from rng.": {
            "rng.random(": "np.random.random_sample("
        },
        "Different generators drop the same units: you do not draw from rng.": {
            "rng.random(": "np.random.default_rng(0).random("
        },
        "Nothing is dropped.": {
            "mask = (rng.random(h.shape) >= p) / (1 - p)": "mask = np.ones_like(h)"
        },
        "Nothing is dropped: each entry is multiplied by a random number. Compare it with p.": {
            "(rng.random(h.shape) >= p) / (1 - p)": "rng.random(h.shape)"
        },
        "What stays is multiplied by its random number. That number only decides; the factor of "
        "what stays is 1 / (1 - p).": {
            "(rng.random(h.shape) >= p) / (1 - p)": (
                "rng.random(h.shape)\n        mask = mask * (mask >= p)"
            )
        },
        "What stays is scaled up, and multiplied by its random number. That number only decides.": {
            "(rng.random(h.shape) >= p) / (1 - p)": (
                "rng.random(h.shape)\n        mask = mask * (mask >= p) / (1 - p)"
            )
        },
        "The order is output, mask.": {"h * mask, mask": "mask, h * mask"},
        "The mask is missing. Return two arrays.": {"h * mask, mask": "h * mask"},
        "In training the mask is missing. Return two arrays.": {
            "return h * mask, mask": "return h * mask if train else (h, mask)"
        },
        "At test time the mask is missing. Return two arrays.": {
            "return h * mask, mask": "return (h * mask, mask) if train else h"
        },
        "You changed h in place (h *= ...). Make a new array.": {
            "return h * mask": "h *= mask\n    return h"
        },
    },
)


# --- 6.8


def early_stop(losses, patience, min_delta):
    """Return the epoch after which training stops, and the one with the best loss."""
    best, best_at, wait = np.inf, 0, 0
    for epoch, loss in enumerate(losses):
        if loss < best - min_delta:
            best, best_at, wait = loss, epoch, 0
        else:
            wait += 1
        if wait >= patience:
            break
    return epoch, best_at


def histories(rng):
    """Draw losses in which the order, ties, small gains and NaN matter."""
    nan = np.nan
    patterns = [
        ([9, 7, 5, 6, 8, 7, 6.5, 2], 3, 0.0),
        ([9, 5, 6, 7, 4, 6, 5, 3.5, 6, 7, 8, 9], 3, 0.0),
        ([9, 8, 7, 6, 5, 4], 2, 0.0),
        ([6, 9, 5, 7, 4, 6], 3, 0.0),
        ([9, 6, 6, 6, 6, 6], 3, 0.0),
        ([9, 8, 7.6, 7.2, 6.8, 6.4, 6.0, 5.6], 2, 0.9),
        ([9, 8, 7.6, 7.2, 6.8, 6.4, 6.0, 5.6], 2, 1.1),
        ([9, 5, nan, nan, 4, 6, nan, 8, 7, 3], 3, 0.0),
        ([9, 8, 8.5, 7, 7.5, 7.2, 7.1, 6], 1, 0.0),
        ([9, 5, 5.5, 5.2, 5.4, 5.8, 4.9, 6, 3], 4, 0.5),
    ]
    unit, base = rng.uniform(0.05, 0.2), rng.uniform(0, 1)
    return [
        (base + unit * np.array(levels), patience, unit * min_delta)
        for levels, patience, min_delta in patterns
    ]


EARLY_STOP = Exercise(
    early_stop,
    histories,
    examples=[
        "np.array([9.0, 7.0, 5.0, 6.0, 8.0, 7.0, 2.0]), 3, 0.0",
        "np.array([9.0, 7.0, 5.0, 4.0]), 3, 0.0",
        "np.array([9.0, 5.0, 4.9, 4.8, 3.0]), 2, 0.5",
    ],
    labels=("The epoch in which it stops", "The best epoch"),
    mistakes={
        "You stop one epoch late: patience losses in a row without an improvement are enough.": {
            ">= patience": "> patience"
        },
        "You stop one epoch early.": {">= patience": ">= patience - 1"},
        "You stop one epoch early: wait for patience losses that are none, not for one less.": {
            "            wait += 1\n": (
                "            wait += 1\n"
                "            if wait >= patience - 1:\n"
                "                break\n"
            )
        },
        "You return the last epoch as the best one. Remember where the best loss was.": {
            "return epoch, best_at": "return epoch, epoch"
        },
        "You return the epoch before the waiting, whatever it was. Only an improvement makes a "
        "best epoch.": {"return epoch, best_at": "return epoch, max(epoch - patience, 0)"},
        "Where it does not stop early, your best epoch is the last one. Look it up there too.": {
            "return epoch, best_at": "return epoch, best_at if wait >= patience else epoch"
        },
        "Where it does not stop early, you return the number of losses. The last epoch is one "
        "less.": {"return epoch,": "return epoch + (wait < patience),"},
        "Your comparison asks for what is worse, and lets equal losses and NaN pass as "
        "improvements. Ask for what is better.": {
            "if loss < best - min_delta:": "if not loss > best - min_delta:"
        },
        "You look for the best loss among those that come after the stop, too. Training has ended "
        "by then.": {"return epoch, best_at": "return epoch, np.nanargmin(losses)"},
        "You look for the best loss among all, and np.argmin takes NaN for it. Training has ended "
        "before the last of them.": {"return epoch, best_at": "return epoch, np.argmin(losses)"},
        "Your best epoch has the lowest loss, but an improvement must exceed min_delta.": {
            "return epoch, best_at": "return epoch, np.nanargmin(losses[: epoch + 1])"
        },
        "Your best epoch has the lowest loss, for which np.argmin takes NaN. And an improvement "
        "must exceed min_delta.": {
            "return epoch, best_at": "return epoch, np.argmin(losses[: epoch + 1])"
        },
        "You never stop early. End the loop when patience has run out.": {
            "            break": "            pass"
        },
        "The waiting is not reset by an improvement: you count all bad epochs, in a row or not.": {
            "loss, epoch, 0": "loss, epoch, wait"
        },
        "An equal loss is no improvement: less than, not less or equal.": {
            "loss < best - min_delta": "loss <= best - min_delta"
        },
        "min_delta is not used: an improvement must exceed it.": {" - min_delta": ""},
        "min_delta has the wrong sign: a loss that is slightly worse counts as an improvement.": {
            "- min_delta": "+ min_delta"
        },
        "abs lets a loss that is worse pass as an improvement. It has to be lower.": {
            "loss < best - min_delta": "abs(best - loss) > min_delta"
        },
        "Your best loss is the first one before you have seen it, so that it is no improvement.": {
            "np.inf": "losses[0]"
        },
        "Your best loss starts at 0, and none is below that. Start at infinity.": {"np.inf": "0"},
        "You compare with the loss before. Compare with the best so far.": {
            "            wait += 1\n": "            wait += 1\n            best = loss\n"
        },
        "A small improvement lowers your best loss without counting. Then slow progress never "
        "adds up to min_delta.": {
            "            wait += 1\n": "            wait += 1\n            best = min(best, loss)\n"
        },
        "A small gain moves your best epoch, but the waiting goes on. It is an improvement only if "
        "it exceeds min_delta.": {
            "            wait += 1\n": (
                "            wait += 1\n"
                "            if loss < best:\n"
                "                best, best_at = loss, epoch\n"
            )
        },
        "NaN counts as an improvement in yours: compare so that NaN makes it false.": {
            "if loss < best - min_delta:": "if not loss >= best - min_delta:"
        },
        "You stop at the first NaN. It is one more loss that is no better.": {
            "        else:\n": ("        elif np.isnan(loss):\n            break\n        else:\n")
        },
        "NaN is skipped in yours. It is one more loss that is no better.": {
            "            wait += 1\n": "            wait += not np.isnan(loss)\n"
        },
        "You look for the largest loss. Smaller is better.": {
            "np.inf": "-np.inf",
            "loss < best - min_delta": "loss > best + min_delta",
        },
        "You count epochs from 1. The first one is epoch 0.": {
            "return epoch, best_at": "return epoch + 1, best_at + 1"
        },
        "You count the best epoch from 1. The first one is epoch 0.": {
            "loss, epoch, 0": "loss, epoch + 1, 0"
        },
        "You return the best loss. Return the epoch in which it was.": {
            "return epoch, best_at": "return epoch, best"
        },
        "The order is: where it stops, then the best epoch.": {
            "return epoch, best_at": "return best_at, epoch"
        },
        "It stops at the epoch after the last one that was run.": {
            "return epoch,": "return epoch + 1,"
        },
        "Where it stops early, you return the epoch after the last one that was run.": {
            "            break": "            return epoch + 1, best_at"
        },
        "You return the last epoch of all. Where it stops early, not all are run.": {
            "return epoch,": "return len(losses) - 1,"
        },
    },
)


# --- 6.9


def clip_by_global_norm(g, limit):
    """Return the gradient, shrunk to the length limit if it is longer, all arrays together."""
    norm = np.sqrt(sum(np.sum(x**2) for x in g.values()))
    return {name: x * (limit / np.maximum(norm, limit)) for name, x in g.items()}


def gradients(rng):
    """Draw gradients that are too long, short enough, and zero."""
    cases = []
    # Of numbers below 1 the squared norm is the smaller one: it may lie within the limit.
    for size, share in [(1, 0.1), (1, 0.4), (1, 0.8), (1, 1.05), (1, 3.0), (0.1, 0.8)]:
        g = {name: size * x for name, x in layers(rng)[0][0].items()}
        cases.append((g, share * np.sqrt(sum(np.sum(x**2) for x in g.values()))))
    short = {name: 0.1 * x for name, x in layers(rng)[0][0].items()}
    zero = {name: 0 * x for name, x in short.items()}
    return [*cases, (short, rng.uniform(5, 9)), (zero, rng.uniform(0.5, 2))]


CLIP_BY_GLOBAL_NORM = Exercise(
    clip_by_global_norm,
    gradients,
    trial=of_dicts,
    examples=[
        "{'W': np.array([3.0, 0.0]), 'b': np.array([4.0])}, 1.0",
        "{'W': np.array([0.3, 0.0]), 'b': np.array([0.4])}, 1.0",
        "{'W': np.zeros(2), 'b': np.zeros(1)}, 1.0",
    ],
    accepted={
        "You add 1e-6 to the norm, as torch does: a clipped gradient is a little shorter than "
        "the limit.": {"limit / np.maximum(norm, limit)": "min(1, limit / (norm + 1e-6))"}
    },
    mistakes={
        "You clip each array on its own, as Keras' clipnorm does. The direction of the whole "
        "gradient turns. Take one norm over all arrays.": {
            "x * (limit / np.maximum(norm, limit))": (
                "x * (limit / np.maximum(np.sqrt(np.sum(x**2)), limit))"
            )
        },
        "You clip every entry to the limit. That turns the gradient, and it may still be longer "
        "than the limit. Multiply all of it by one number.": {
            "x * (limit / np.maximum(norm, limit))": "np.clip(x, -limit, limit)"
        },
        "You clip every entry from above only, and the gradient turns.": {
            "x * (limit / np.maximum(norm, limit))": "np.minimum(x, limit)"
        },
        "A zero gradient becomes NaN, and short ones are stretched to the limit. A gradient "
        "within the limit stays as it is.": {"np.maximum(norm, limit)": "norm"},
        "Short gradients are stretched to the limit. A gradient within it stays as it is.": {
            "limit / np.maximum(norm, limit)": "limit / np.maximum(norm, 1e-12)"
        },
        "Short gradients come out as 0. A gradient within the limit stays as it is.": {
            "limit / np.maximum(norm, limit)": "limit / norm if norm > limit else 0"
        },
        "A clipped gradient has the length 1 in yours. Make it as long as the limit.": {
            "limit / np.maximum(norm, limit)": "1 / norm if norm > limit else 1"
        },
        "The factor is upside down: it is limit over norm.": {
            "limit / np.maximum(norm, limit)": "min(1, norm / limit)"
        },
        "You clip nothing.": {"limit / np.maximum(norm, limit)": "1"},
        "The wrong way round: short gradients are stretched, and long ones are not clipped.": {
            "limit / np.maximum(norm, limit)": "max(1, limit / norm)"
        },
        "Every gradient gets the length 1 in yours. Only one that is longer than the limit "
        "changes, and becomes as long as the limit.": {
            "limit / np.maximum(norm, limit)": "1 / norm"
        },
        "A long gradient is divided by the limit. Its factor is limit over norm.": {
            "limit / np.maximum(norm, limit)": "1 / limit if norm > limit else 1"
        },
        "A long gradient is multiplied by the limit. Its factor is limit over norm.": {
            "limit / np.maximum(norm, limit)": "limit if norm > limit else 1"
        },
        "The factor is never more than 1; you allow up to limit.": {
            "limit / np.maximum(norm, limit)": "min(limit, limit / norm)"
        },
        "The root is missing: that is the squared norm.": {"np.sqrt(": "("},
        "Only the last array is in your norm. Add up in the loop, with +=.": {
            "sum(np.sum(x**2) for x in g.values())": "np.sum(list(g.values())[-1] ** 2)"
        },
        "You add up the norms of the arrays. Add up their squares, then take the root.": {
            "np.sqrt(sum(np.sum(x**2) for x in g.values()))": (
                "sum(np.sqrt(np.sum(x**2)) for x in g.values())"
            )
        },
        "You add up sizes: that is the 1-norm. Here it is the Euclidean one.": {
            "np.sqrt(sum(np.sum(x**2) for x in g.values()))": (
                "sum(np.sum(np.abs(x)) for x in g.values())"
            )
        },
        "That is the largest entry. The norm is the root of the sum of all squares.": {
            "np.sqrt(sum(np.sum(x**2) for x in g.values()))": (
                "max(np.max(np.abs(x)) for x in g.values())"
            )
        },
        "You take the largest norm of an array. The norm is that of all arrays together.": {
            "np.sqrt(sum(np.sum(x**2) for x in g.values()))": (
                "max(np.sqrt(np.sum(x**2)) for x in g.values())"
            )
        },
        "You add up means of squares. The norm is the root of the sum of all squares.": {
            "np.sum(x**2)": "np.mean(x**2)"
        },
        "You take a mean of the squares. The norm is the root of their sum.": {
            "np.sqrt(sum(np.sum(x**2) for x in g.values()))": (
                "np.sqrt(sum(np.sum(x**2) for x in g.values()) / sum(x.size for x in g.values()))"
            )
        },
        "Biases are left out of the norm. All arrays belong to the gradient.": {
            "for x in g.values()))": 'for name, x in g.items() if name[0] != "b"))'
        },
        "You divide by the norm plus the limit, so that short gradients shrink too.": {
            "np.maximum(norm, limit)": "(norm + limit)"
        },
        "You changed a dict that was handed in. Make a new one, with new arrays.": {
            "    return {name: x * (limit / np.maximum(norm, limit)) for name, x in g.items()}": (
                "    for x in g.values():\n"
                "        x *= limit / np.maximum(norm, limit)\n"
                "    return g"
            )
        },
    },
)


# --- 6.10


def train_decaying(grad, w, lr, rate, steps, epochs, batches):
    """Return the weights after a training whose learning rate decays exponentially."""
    k = 0
    for _ in range(epochs):
        for _ in range(batches):
            w = w - lr * rate ** (k / steps) * grad(w)
            k += 1
    return w


def trainings(rng):
    """Draw trainings of a few epochs, not on a bowl: there rates in another order end the same."""
    cases = []
    for d, epochs, batches in [(2, 2, 3), (3, 3, 2), (1, 4, 5), (2, 1, 4)]:
        h = rng.uniform(0.3, 2, d)
        cases.append(
            (
                lambda w, h=h: h * w + w**3,
                rng.uniform(0.5, 1.5, d),
                rng.uniform(0.05, 0.3),
                rng.uniform(0.3, 0.8),
                int(rng.integers(3, 9)),
                epochs,
                batches,
            )
        )
    return cases


TRAIN_DECAYING = Exercise(
    train_decaying,
    trainings,
    examples=["lambda w: 1 + 0 * w, np.array([0.0]), 1.0, 0.5, 1, 2, 2"],
    counts=True,
    mistakes={
        "Both bugs are left: the schedule gets the epoch for the number of updates, and lr is "
        "overwritten, so that it decays from what is already decayed.": {
            "for _ in range(epochs)": "for k in range(epochs)",
            "    k = 0\n": "",
            "            k += 1\n": "",
            "w = w - lr * rate ** (k / steps) * grad(w)": (
                "lr = lr * rate ** (k / steps)\n            w = w - lr * grad(w)"
            ),
        },
        "One bug is left: the schedule gets the epoch. It counts updates, so within an epoch it "
        "should fall too.": {
            "for _ in range(epochs)": "for k in range(epochs)",
            "    k = 0\n": "",
            "            k += 1\n": "",
        },
        "One bug is left: you overwrite lr, so each update decays what is decayed already. Give "
        "the result another name.": {
            "w = w - lr * rate ** (k / steps) * grad(w)": (
                "lr = lr * rate ** (k / steps)\n            w = w - lr * grad(w)"
            )
        },
        "The schedule gets the batch within its epoch: every epoch begins at the full learning "
        "rate again. Count on.": {
            "        for _ in range(batches)": "        k = 0\n        for _ in range(batches)"
        },
        "Your count of updates is wrong: k grows by one in every update, not by one in every "
        "epoch and batch.": {"            k += 1\n": "            k += 1\n        k += 1\n"},
        "You multiply epoch and epochs to count updates. An epoch has batches of them.": {
            "k / steps": "(k // batches * epochs + k % batches) / steps"
        },
        "You count k from 1. It is the number of updates made: 0 before the first.": {
            "k = 0": "k = 1"
        },
        "The learning rate does not decay at all: k stays 0.": {"            k += 1\n": ""},
        "steps is not used: you decay by rate in every update.": {"(k / steps)": "k"},
        "Only whole periods count in yours: that is the staircase.": {"k / steps": "k // steps"},
        "You decay once per epoch, by rate. It is steps that says how many updates that takes.": {
            "(k / steps)": "(k // batches)"
        },
        "One bug and a half are left: you decay once per epoch, by the number of the epoch, and "
        "overwrite lr.": {
            "for _ in range(epochs):": (
                "for e in range(epochs):\n        lr = lr * rate ** (e / steps)"
            ),
            " * rate ** (k / steps)": "",
        },
        "The number of updates is right where an epoch begins, but within it the learning rate "
        "should fall too.": {"(k / steps)": "(k // batches * batches / steps)"},
        "You add epoch and batch to count updates. Each epoch before has made batches of them.": {
            "k / steps": "(k // batches + k % batches) / steps"
        },
        "You have exchanged epoch and batch: each epoch before has made batches of updates.": {
            "k / steps": "(k % batches * epochs + k // batches) / steps"
        },
        "You decay by rate over the whole training. It is steps that says how many updates that "
        "takes.": {"k / steps": "k / (epochs * batches)"},
        "You multiply epoch and batch to count updates: in the first epoch, and in the first batch "
        "of each, that gives 0.": {"k / steps": "(k // batches) * (k % batches) / steps"},
        "You multiply by rate in every update, from the first on. It takes steps updates to lose "
        "that much.": {"k / steps": "k + 1"},
        "You divide the epoch by batches. Multiply by it, and add the batch.": {
            "k / steps": "k // batches / batches / steps"
        },
        "You climb: subtract the step.": {"w - lr": "w + lr"},
        "w -= ... changes the array that was handed in. Make a new one: w = w - ...": {
            "w = w - ": "w -= "
        },
        "You return after the first epoch. The return line stands after the loops.": {
            "    return w": "        return w"
        },
        "You take one step per epoch. The batches each make one.": {
            "        for _ in range(batches):\n": "        for _ in range(1):\n"
        },
    },
)


# --- 6.11


def predict_decay():
    """Return what the law says is left of w = 1, under Adam with L2 and under AdamW.

    lr = 0.001, wd = 0.1 and 2000 steps, with gradients that are noise of the given sizes.
    """
    decay, size = 0.001 * 0.1 * 2000, np.array([0.01, 0.1, 1.0, 10.0])
    coupled = np.exp(-decay / size)
    decoupled = np.exp(-decay) * np.ones(2)
    return np.append(coupled, decoupled).round(2)  # more digits than that no run confirms


PREDICT_DECAY = Exercise(
    predict_decay,
    lambda rng: [()],
    close=nearly(lambda guess, left: np.abs(guess - left) <= 0.1),
    labels=[
        f"Your prediction for {rule}, noise of size {size},"
        for rule, sizes in (("Adam with L2", (0.01, 0.1, 1, 10)), ("AdamW", (0.01, 10)))
        for size in sizes
    ],
    mistakes={
        "AdamW is right. Under Adam with L2 the decay is part of the gradient, and Adam divides by "
        "the size of that: it is not the same for all.": {"-decay / size": "-decay + 0 * size"},
        "Upside down: Adam divides by the size of the gradient, so the weight with the large "
        "gradients shrinks least.": {"-decay / size": "-decay * size"},
        "Adam with L2 is right. In AdamW the decay is not divided by anything.": {
            "np.exp(-decay) * np.ones(2)": "coupled[[0, 3]]"
        },
        "Adam with L2 is right. AdamW shrinks too, by lr times wd in each of the steps.": {
            "np.exp(-decay) * np.ones(2)": "np.ones(2)"
        },
        "Adam with L2 is right. In AdamW a step takes lr times wd of the weight, not wd.": {
            "np.exp(-decay) * np.ones(2)": "np.zeros(2)"
        },
        "AdamW is right. Adam with L2 does shrink weights, above all those with small gradients.": {
            "np.exp(-decay / size)": "np.ones(4)"
        },
        "AdamW is right. Adam with L2 still shrinks a weight whose gradients are not tiny: by lr "
        "times wd over their size in a step.": {"np.exp(-decay / size)": "np.zeros(4)"},
        "Both are exchanged: the table begins with Adam with L2.": {
            "np.append(coupled, decoupled)": "np.append(decoupled, coupled)"
        },
        "That is what is lost. Give what is left of 1.": {
            "return np.append(coupled, decoupled)": "return 1 - np.append(coupled, decoupled)"
        },
        "That is after one step. Two thousand steps multiply two thousand times.": {
            "return np.append(coupled, decoupled)": (
                "return np.append(coupled, decoupled) ** (1 / 2000)"
            )
        },
        "You count the decay twice.": {"0.001 * 0.1": "0.001 * 0.2"},
        "You give percent. Give shares of 1.": {
            "return np.append(coupled, decoupled)": "return 100 * np.append(coupled, decoupled)"
        },
    },
)

EXERCISES = [
    EXPONENTIAL_DECAY,
    INVERSE_TIME,
    POLYNOMIAL_DECAY,
    PIECEWISE,
    WARMUP_COSINE,
    LR_RANGE_TEST,
    L2_GRADIENT,
    SGD_DECAY,
    ADAMW,
    SOFT_THRESHOLD,
    PROX_STEP,
    DROPOUT,
    EARLY_STOP,
    CLIP_BY_GLOBAL_NORM,
    TRAIN_DECAYING,
    PREDICT_DECAY,
]
