"""Chapter 7, an honest comparison: its exercises and how they go wrong."""

import numpy as np

from optilab.checks.engine import Exercise, Told, nearly
from optilab.comparison import RATES, best, results

# --- 7.1


def tune(train, rates, seeds):
    """Return the chosen rate, its mean validation score, and its mean test score."""
    scores = np.array([[train(rate, seed) for seed in seeds] for rate in rates])
    scores = np.where(np.isfinite(scores), scores, np.inf)
    validation, test = scores.mean(axis=1).T
    i = validation.argmin()
    return rates[i], validation[i], test[i]


def training(function, train, rates, seeds):
    """Hand over ``train(rate, seed)``; the function of a case takes the two as one point."""

    def train_once(rate, seed):
        if np.ndim(rate) or np.ndim(seed):
            raise Told("train takes one rate and one seed at a time.")
        return train((rate, seed))

    return function(train_once, rates, seeds)


def trainings(rng):
    """Draw tasks: the luckiest seed, the best test score and the diverged run mislead."""
    cases = []
    for n, lost, place in [(5, None, 0), (7, "nan", 2), (4, "inf", 1), (6, "nan", 0)]:
        rates = np.geomspace(1e-3, 1, n)
        seeds = rng.permutation(np.arange(3, 90))[:3].tolist()
        validation, test = 0.5 + rng.random((2, n, 3)) / 10
        order = rng.permutation(n)[:4]
        chosen, lucky, shown, gone = (order - order[3] + place) % n
        validation[chosen] = [0.35, 0.41, 0.38] + rng.random(3) / 50
        validation[lucky] = [0.6, 0.1, 0.7] + rng.random(3) / 50
        test[shown] -= 0.3
        test[chosen] = [0.44, 0.36, 0.49] + rng.random(3) / 50
        if lost:
            validation[gone] = [0.2, float(lost), 0.2] + rng.random(3) / 50
            test[gone, 1] = float(lost)
        table = {
            (rate, seed): (validation[i, k], test[i, k])
            for i, rate in enumerate(rates.tolist())
            for k, seed in enumerate(seeds)
        }
        unknown = rng.uniform(0.8, 0.9, 2)  # to a seed that was not asked for
        train = lambda point, table=table, unknown=unknown: table.get(
            (float(point[0]), int(point[1])), tuple(unknown + point[1] / 999)
        )
        cases.append((train, rates, seeds))
    return cases


TUNE = Exercise(
    tune,
    trainings,
    trial=training,
    labels=("The rate", "The validation score", "The test score"),
    counts=True,
    mistakes={
        "You choose by the test score. It is for the report alone: choose by validation.": {
            "i = validation": "i = test"
        },
        "You report the lowest test score of all rates. Report that of the chosen rate.": {
            "test[i]": "test.min()"
        },
        "You choose the rate with the luckiest seed. Take the mean over the seeds.": {
            "    validation, test = scores.mean(axis=1).T\n    i = validation.argmin()": (
                "    validation, test = scores.mean(axis=1).T\n"
                "    i = scores[..., 0].min(1).argmin()"
            )
        },
        "The rate is right, but you report its luckiest seed. Report means over the seeds.": {
            "validation[i], test[i]": "scores[i, :, 0].min(), scores[i, :, 1].min()"
        },
        "A run that diverged gives NaN, and argmin takes NaN for the lowest. Make it inf first.": {
            "    scores = np.where(np.isfinite(scores), scores, np.inf)\n": ""
        },
        "np.nanmean leaves out the seed that diverged. A rate that fails under one seed of three "
        "is no good rate.": {
            "    scores = np.where(np.isfinite(scores), scores, np.inf)\n": "",
            "scores.mean(axis=1)": "np.nanmean(scores, axis=1)",
        },
        "The first rate diverged, and you keep it, for nothing is less than NaN. Begin with an "
        "error of infinity.": {
            "np.isfinite(scores), scores": (
                "np.isfinite(scores) | (np.arange(len(scores)) == 0)[:, None, None], scores"
            )
        },
        "You report the luckiest run of all. Take means over the seeds, then choose.": {
            "    i = validation.argmin()\n    return rates[i], validation[i], test[i]": (
                "    i, k = np.unravel_index(scores[..., 0].argmin(), scores.shape[:2])\n"
                "    return rates[i], scores[i, k, 0], scores[i, k, 1]"
            )
        },
        "You add up over the seeds. Take the mean.": {".mean(axis=1)": ".sum(axis=1)"},
        "You average over the rates. Average over the seeds, for each rate.": {
            ".mean(axis=1)": ".mean(axis=0)"
        },
        "train takes the rate first, then the seed.": {"train(rate, seed)": "train(seed, rate)"},
        "You leave out the seed that diverged (a mean of the finite ones). A rate that "
        "fails under one seed of three is no good rate.": {
            "np.isfinite(scores), scores, np.inf": "np.isfinite(scores), scores, np.nan",
            "scores.mean(axis=1).T": "np.nanmean(scores, axis=1).T",
        },
        "A run that diverged counts as 0 with you, the best of all.": {
            "scores, np.inf": "scores, 0.0"
        },
        "np.nan_to_num makes 0 of NaN, the best of all. Make it inf.": {
            "np.where(np.isfinite(scores), scores, np.inf)": "np.nan_to_num(scores)"
        },
        "You train under one seed. One seed is an anecdote: use all of them.": {
            "for seed in seeds]": "for seed in seeds[:1]]"
        },
        "You hand train the position of a seed (0, 1, 2). Hand it the seed itself.": {
            "for seed in seeds]": "for seed in range(len(seeds))]"
        },
        "Every rate gets a seed of its own. All rates need all seeds: then luck is the same.": {
            "[train(rate, seed) for seed in seeds] for rate in rates": (
                "[train(rate, seeds[k % len(seeds)])] for k, rate in enumerate(rates)"
            )
        },
        "You choose the highest score. These are errors: lower is better.": {"argmin": "argmax"},
        "You return the position of the rate in the grid. Return the rate.": {"rates[i],": "i,"},
        "You report the validation score twice. The third number is the test score.": {
            "test[i]": "validation[i]"
        },
        "Validation and test are exchanged: train returns (validation, test).": {
            "validation, test = scores": "test, validation = scores"
        },
        "The order is: the rate, its errors on validation, its errors on test.": {
            "validation[i], test[i]": "test[i], validation[i]"
        },
        "You take the median over the seeds. The mean is asked for: a bad seed should hurt.": {
            "scores.mean(axis=1)": "np.median(scores, axis=1)"
        },
        "You train twice, once for each score. One call gives both.": {
            "train(rate, seed) for": "(train(rate, seed)[0], train(rate, seed)[1]) for"
        },
    },
)


# --- 7.2


def beyond(rates, scores):
    """Say on which side of the grid to go on."""
    rates, scores = np.array(rates), np.array(scores)
    finite = np.where(np.isfinite(scores), scores, np.inf)
    chosen = rates[finite.argmin()]
    if chosen == rates.min():
        return "smaller"
    return "larger" if chosen == rates.max() else "stop"


def grids(rng):
    """Draw grids in order and out of order, with the best inside, at either end, and beside NaN."""
    cases = []
    for lost in (False, True):
        for where in ("low", "high", "next to low", "next to high", "middle"):
            for order in ("rising", "falling", "mixed"):
                n = int(rng.integers(7, 9))
                rates = np.geomspace(1e-4, 1, n) * rng.uniform(1, 3)
                i = {"low": 0, "high": -1, "next to low": 1, "next to high": -2, "middle": 3}[where]
                scores = rng.uniform(0.5, 0.6, n)
                scores[i] = 0.3
                scores[{0: 2, 1: 3, 3: 4, -1: -3, -2: -4}[i]] = np.nan if lost else 0.9
                mixed = np.r_[2:n, 0:2] if order == "mixed" else np.arange(n)
                turn = mixed[::-1] if order == "falling" else mixed
                cases.append((rates[turn], scores[turn]))
    return cases


BEYOND = Exercise(
    beyond,
    grids,
    examples=[
        "np.array([0.01, 0.1, 1.0]), np.array([0.5, 0.4, 0.3])",
        "np.array([0.01, 0.1, 1.0]), np.array([0.5, 0.3, 0.4])",
    ],
    mistakes={
        "You look at the position in the list, and the list need not be in order. Compare the "
        "rate with the smallest and the largest.": {
            "chosen == rates.min()": "finite.argmin() == 0",
            "chosen == rates.max()": "finite.argmin() == len(rates) - 1",
        },
        "smaller and larger are exchanged: at the smallest rate, go on to smaller ones.": {
            '"smaller"': '"larger"',
            '"larger" if': '"smaller" if',
        },
        "You know one border only: the best may lie at the smallest rate as well.": {
            'if chosen == rates.min():\n        return "smaller"\n    return': "return"
        },
        "You know one border only: the best may lie at the largest rate as well.": {
            '"larger" if chosen == rates.max() else "stop"': '"stop"'
        },
        "You take the highest score for the best. These are errors: lower is better.": {
            "argmin": "argmax",
            "scores, np.inf": "scores, -np.inf",
        },
        "argmin takes NaN for the lowest. A run that diverged is the worst, not the best.": {
            "np.where(np.isfinite(scores), scores, np.inf)": "scores"
        },
        "You stop one rate too early: next to the border is inside.": {
            "chosen == rates.min()": "chosen <= np.sort(rates)[1]",
            "chosen == rates.max()": "chosen >= np.sort(rates)[-2]",
        },
        'The words are "smaller", "larger" and "stop".': {'"stop"': '"inside"'},
    },
)


# --- 7.3


def good_band(rates, scores, factor):
    """Return the width in decades of the stretch around the best that is nearly as good."""
    good = scores <= factor * scores.min()
    low = high = scores.argmin()
    while low > 0 and good[low - 1]:
        low -= 1
    while high < len(rates) - 1 and good[high + 1]:
        high += 1
    return np.log10(rates[high] / rates[low])


def valleys(rng):
    """Draw scores with a stretch of good rates, some of it at an end, and others across a gap."""
    cases = []
    for left, right, gap in [(1, 2, 2), (2, 1, 1), (0, 3, 1), (3, 0, 2), (1, 1, 1), (2, 2, 2)]:
        best, factor = rng.uniform(0.1, 0.4), rng.uniform(1.3, 1.8)
        near = lambda n, best=best, factor=factor: (
            best * rng.uniform(1.05, 1 + 0.9 * (factor - 1), n)
        )
        far = lambda n, best=best, factor=factor: best * rng.uniform(1.3 * factor, 3 * factor, n)
        scores = np.r_[near(1), far(gap), near(left), best, near(right), far(gap), near(2), far(1)]
        step = rng.uniform(1.5, 4)
        cases.append((1e-4 * step ** np.arange(len(scores)), scores, factor))
    # At either end; and a score of exactly factor times the best, in numbers without rounding.
    gentle = [9, 3.5, 2.5, 2, 2.5, 3.5, 9]
    for scores in (gentle, [2.5, 2, 2.5, 9, 2.5], [2.5, 9, 8, 2.5, 2], [9, 3, 2, 2.5, 3, 8, 2.5]):
        rates = 1e-4 * rng.uniform(2, 4) ** np.arange(len(scores))
        cases.append((rates, 2.0 ** rng.integers(-3, 3) * np.array(scores), 1.5))
    return cases


GOOD_BAND = Exercise(
    good_band,
    valleys,
    examples=[
        "np.array([0.001, 0.01, 0.1, 1.0]), np.array([0.9, 0.3, 0.25, 0.8]), 1.5",
        "np.array([0.001, 0.01, 0.1, 1.0]), np.array([0.9, 0.5, 0.25, 0.5]), 2",
    ],
    mistakes={
        "You measure from the first good rate to the last, across the bad ones between. Walk "
        "outward from the best and stop at the first that is not good.": {
            "low = high = scores.argmin()": (
                "low, high = np.flatnonzero(good)[0], np.flatnonzero(good)[-1]"
            )
        },
        "You count all good rates, those beyond a gap as well. Walk outward from the best.": {
            "np.log10(rates[high] / rates[low])": (
                "(good.sum() - 1) * np.log10(rates[1] / rates[0])"
            )
        },
        "That is the natural logarithm. A decade is a factor of ten.": {"np.log10": "np.log"},
        "That is how many times as large. In decades it is the logarithm to base ten.": {
            "np.log10(rates[high] / rates[low])": "rates[high] / rates[low]"
        },
        "You subtract the rates. A learning rate counts in factors: divide, then take log10.": {
            "np.log10(rates[high] / rates[low])": "rates[high] - rates[low]"
        },
        "You subtract the rates within the logarithm. A decade is a factor: divide.": {
            "rates[high] / rates[low]": "rates[high] - rates[low]"
        },
        "You divide the logarithms. Divide the rates, or subtract their logarithms.": {
            "np.log10(rates[high] / rates[low])": "np.log10(rates[high]) / np.log10(rates[low])"
        },
        "You count the steps of the grid. How wide is each?": {
            "np.log10(rates[high] / rates[low])": "high - low"
        },
        "You count rates. The width depends on how far apart they are.": {
            "np.log10(rates[high] / rates[low])": "high - low + 1"
        },
        "You walk to larger rates only. The band has a lower half as well.": {"low -= 1": "break"},
        "You walk to smaller rates only. The band has an upper half as well.": {
            "high += 1": "break"
        },
        "Your walk to smaller rates goes on over the end: rates[-1] is the last one. Stop at 0.": {
            "low > 0 and good": "good"
        },
        "Your walk to smaller rates never reaches the first of them.": {"low > 0": "low > 1"},
        "You compare with the rate next door. Compare with the best.": {
            "good[low - 1]": "scores[low - 1] <= factor * scores[low]",
            "good[high + 1]": "scores[high + 1] <= factor * scores[high]",
        },
        "A width is positive: divide the larger rate by the smaller.": {
            "rates[high] / rates[low]": "rates[low] / rates[high]"
        },
        "The first bad rate on either side belongs to your band. Stop before it.": {
            "return np": "low, high = max(low - 1, 0), min(high + 1, len(rates) - 1)\n    return np"
        },
        "A score of exactly factor times the best is still good: at most, not less than.": {
            "scores <= factor": "scores < factor"
        },
        "factor is not used: only scores as low as the best count as good.": {
            "factor * scores.min()": "scores.min()"
        },
        "You add the factor to the best score. Multiply: 1.25 means a quarter worse.": {
            "factor * scores": "factor + scores"
        },
        "You measure from the worst score. Good is what is near the best.": {
            "scores <= factor * scores.min()": "scores <= scores.max() / factor"
        },
    },
)


# --- 7.4


def paired_interval(a, b, rng):
    """Return the 95 % interval of the mean of a - b, by a paired bootstrap."""
    d = a - b
    draws = rng.integers(len(d), size=(10_000, len(d)))
    return np.quantile(d[draws].mean(axis=1), [0.025, 0.975])


def races(rng):
    """Draw scores of two methods under the same seeds; the seed matters more than the method."""
    cases = []
    for n, gap in [(12, 0.5), (20, -0.8)]:
        seed = rng.normal(20, 4, n)
        a, b = seed + rng.normal(gap, 1, (2, n)) * [[1], [0.5]]
        cases.append((a, b, np.random.default_rng(rng.integers(2**32))))
    return cases


PAIRED_INTERVAL = Exercise(
    paired_interval,
    races,
    # Each bootstrap has a noise of its own, about a hundredth of the interval.
    close=nearly(lambda ends, wanted: np.abs(ends - wanted) <= 0.05 * np.ptp(wanted)),
    labels=("The lower end", "The upper end"),
    mistakes={
        "You draw a and b separately: that is the unpaired bootstrap, and the luck of the seeds, "
        "which both shared, makes your interval wide. Draw seeds, and take both scores of each.": {
            "d[draws].mean(axis=1)": (
                "a[draws].mean(axis=1) - b[rng.permutation(draws)].mean(axis=1)"
            )
        },
        "Those are quantiles of single differences. Draw as many as there are seeds, take their "
        "mean, and do that often.": {"d[draws].mean(axis=1)": "d[draws].ravel()"},
        "You draw without replacement: a shuffled list has the same mean every time.": {
            "rng.integers(len(d), size=(10_000, len(d)))": (
                "rng.permuted(np.tile(np.arange(len(d)), (10_000, 1)), axis=1)"
            )
        },
        "The difference is a - b. You have the signs of b - a.": {"a - b": "b - a"},
        "Your interval holds 90 % (5 % off at each end). 95 % leaves 2.5 % at each end.": {
            "[0.025, 0.975]": "[0.05, 0.95]"
        },
        "Your interval holds two thirds: mean plus and minus one standard error. 95 % is wider.": {
            "[0.025, 0.975]": "[0.16, 0.84]"
        },
        "Your interval holds the middle half. 95 % leaves 2.5 % at each end.": {
            "[0.025, 0.975]": "[0.25, 0.75]"
        },
        "You take the size of each difference. Its sign says which method was better.": {
            "a - b": "np.abs(a - b)"
        },
        "The numbers in the quantile are shares, from 0 to 1; yours leave 0.25 % at each end.": {
            "[0.025, 0.975]": "[0.0025, 0.9975]"
        },
        "You add the differences up. Take their mean.": {".mean(axis=1)": ".sum(axis=1)"},
        "You draw twice as many seeds as there are, as if more had been run, and the interval is "
        "too narrow. Draw as many as there are.": {"(10_000, len(d))": "(10_000, 2 * len(d))"},
        "You give the middle and the half width. Give the two ends.": {
            "return np.quantile(d[draws].mean(axis=1), [0.025, 0.975])": (
                "low, high = np.quantile(d[draws].mean(axis=1), [0.025, 0.975])\n"
                "    return (low + high) / 2, (high - low) / 2"
            )
        },
        "The ends are in the wrong order: first the lower one.": {
            "[0.025, 0.975]": "[0.975, 0.025]"
        },
        "You use the first method alone. The question is how far it is from the second.": {
            "a - b": "a"
        },
    },
)


# --- 7.5


def updates_for_budget(gradients, settings, seeds, per_update):
    """Return how many updates each training may make."""
    return gradients // (settings * seeds * per_update)


def purses(rng):
    """Draw budgets that do not divide evenly, and methods that ask once or more in an update."""
    cases = []
    for per_update, share in [(1, 0.3), (2, 0.8), (3, 0.2), (1, 0.7), (2, 0.4)]:
        settings, seeds = int(rng.integers(4, 18)), int(rng.integers(3, 6))
        each = settings * seeds * per_update
        gradients = int(each * (rng.integers(50, 300) + share))
        cases.append((gradients, settings, seeds, per_update))
    return cases


UPDATES_FOR_BUDGET = Exercise(
    updates_for_budget,
    purses,
    examples=["3000, 5, 3, 1", "3000, 5, 3, 2", "100, 3, 3, 1"],
    mistakes={
        "Every setting is trained under every seed: the number of seeds is missing.": {
            "settings * seeds * per_update": "settings * per_update"
        },
        "A search tries many settings, and each of them costs: settings is missing.": {
            "settings * seeds * per_update": "seeds * per_update"
        },
        "A method that asks for two gradients in an update can make half as many updates.": {
            " * per_update": ""
        },
        "More gradients per update make fewer updates, not more: divide by per_update.": {
            "(settings * seeds * per_update)": "(settings * seeds) * per_update"
        },
        "Put the divisor into brackets: what comes after // settings multiplies.": {
            "(settings * seeds * per_update)": "settings * seeds * per_update"
        },
        "Settings and seeds are combined: multiply their numbers, do not add them.": {
            "settings * seeds": "(settings + seeds)"
        },
        "Updates are whole: round down.": {"//": "/"},
        "You round up: then the last update is not paid for.": {
            "gradients // (settings * seeds * per_update)": (
                "-(-gradients // (settings * seeds * per_update))"
            )
        },
        "You round to the nearest: half the time that is more than the budget holds.": {
            "gradients // (settings * seeds * per_update)": (
                "round(gradients / (settings * seeds * per_update))"
            )
        },
        "That is what each training may ask for. How many updates is that?": {
            "gradients // (settings * seeds * per_update)": (
                "gradients // (settings * seeds * per_update) * per_update"
            )
        },
        "That is the price of the search for one update each, not how often it can be paid.": {
            "gradients // (settings * seeds * per_update)": "settings * seeds * per_update"
        },
    },
)


# --- 7.6

SUSPECTS = (
    "the number of epochs",
    "the number of settings",
    "the rates are on a log scale",
    "the border of a grid",
    "the test set chooses",
    "the batch size",
    "the seeds",
    "the start",
)


def unfair():
    """Return the three faults of the comparison of exercise 7.6."""
    return ["the number of settings", "the test set chooses", "the seeds"]


def accused(function):
    """Say whether a name is on no list, and of each suspect whether it was named."""
    names = [str(name).strip().lower() for name in function()]
    if len(names) != 3 or len(set(names)) < 3:
        raise Told("Return three names, each of them once.")
    return [not set(names) <= set(SUSPECTS), *(suspect in names for suspect in SUSPECTS)]


UNFAIR = Exercise(
    unfair,
    lambda rng: [()],
    trial=accused,
    labels=(
        "A name that is not in the list",
        *(f"Your verdict on {suspect!r}" for suspect in SUSPECTS),
    ),
    mistakes={
        "Two are right. The epochs are not the third: both train for 30. Look at how many rates "
        "each side tries.": {"the number of settings": "the number of epochs"},
        "Two are right. A log scale is no fault, it is the rule. Look at how many rates each side "
        "tries.": {"the number of settings": "the rates are on a log scale"},
        "Two are right. Print the rates that were chosen: neither lies at the end of its grid. "
        "But how many rates does each side try?": {
            "the number of settings": "the border of a grid"
        },
        "Two are right. Both use batches of 128. Which scores decide on the best rate?": {
            "the test set chooses": "the batch size"
        },
        "Two are right. Print the rates that were chosen: neither lies at the end of its grid. "
        "But which scores chose them?": {"the test set chooses": "the border of a grid"},
        "Two are right. Both start at the same place under the same seed. But do both report the "
        "same statistic of several seeds?": {"the seeds": "the start"},
        "Two are right. Print the rates that were chosen: neither lies at the end of its grid. "
        "But whose luck is counted?": {"the seeds": "the border of a grid"},
        "Two are right. The epochs are equal. Look at what is reported of several seeds.": {
            "the seeds": "the number of epochs"
        },
    },
)


# --- 7.7

EITHER = "no clear difference"
OPTIONS = (
    ("adagrad", "nesterov", EITHER),
    ("adam", "nesterov", EITHER),
    ("adam", "nesterov", EITHER),
    ("adam", "nesterov", EITHER),
    ("under 5", "5 to 15", "over 15"),
)


def forecast():
    """Return the answers to the questions of exercise 7.7."""
    return ["no clear difference", "adam", "nesterov", "no clear difference", "over 15"]


def ticked(function):
    """Say of each option of each question whether it was chosen."""
    answers = [str(answer).strip().lower() for answer in function()]
    if len(answers) != len(OPTIONS):
        raise Told(
            f"Return {len(OPTIONS)} answers, one for each question; yours are {len(answers)}."
        )
    for k, (options, answer) in enumerate(zip(OPTIONS, answers, strict=True), 1):
        if answer not in options:
            *others, last = map(repr, options)
            raise Told(f"Answer question {k} with {', '.join(others)} or {last}.")
    return [
        [option == answer for option in options]
        for options, answer in zip(OPTIONS, answers, strict=True)
    ]


FORECAST = Exercise(
    forecast,
    lambda rng: [()],
    trial=ticked,
    labels=[f"Your answer to question {k}" for k in range(1, len(OPTIONS) + 1)],
    mistakes={
        "Question 1: that is what one hears of sparse data. It was seen in the training cost, with "
        "grids of some length. What of errors on new passages, with long grids?": {
            '["no clear difference", "adam"': '["adagrad", "adam"'
        },
        "Question 1: look at the interval of the differences, not at which mean is lower.": {
            '["no clear difference", "adam"': '["nesterov", "adam"'
        },
        "Question 2: two rules with a rate for each weight need not fare alike. Look at the last "
        "column of the table of differences.": {'"adam", "nesterov"': '"nesterov", "nesterov"'},
        "Question 2: half a point is little, but under the same seeds it comes back every time.": {
            '"adam", "nesterov"': '"no clear difference", "nesterov"'
        },
        "Question 3: no method wins everywhere. This is the task on which the order turns.": {
            '"nesterov", "no clear': '"adam", "no clear'
        },
        "Question 3: the difference is more than a point, and its interval is clear of 0.": {
            '"nesterov", "no clear': '"no clear difference", "no clear'
        },
        "Question 4: the training cost of one is lower. The errors are asked for.": {
            '"no clear difference", "over': '"adam", "over'
        },
        "Question 4: with dropout the seeds vary more than these two differ.": {
            '"no clear difference", "over': '"nesterov", "over'
        },
        "Question 5: the default is not made for this task, or for any.": {"over 15": "under 5"},
        "Question 5: it is worse than that. At 0.001 this training has hardly begun.": {
            "over 15": "5 to 15"
        },
    },
)


# --- 7.8


def adam_on_digits():
    """Return the rate of Adam that validation chooses, and the errors there, in %."""
    measured = results()["digits"]["adam"]
    i = best(measured["validation"])
    return RATES[i], measured["validation"].mean(0)[i], measured["test"].mean(0)[i]


def near_in_rate_and_errors(result, expected):
    """Say what agrees with a measurement under other seeds: one rate aside, 1.5 points of error."""
    near_rate = np.abs(np.log(result[:1] / expected[:1])) < np.log(3.3)
    return np.append(near_rate, np.abs(result - expected)[1:] < 1.5)


ADAM_ON_DIGITS = Exercise(
    adam_on_digits,
    lambda rng: [()],
    close=nearly(near_in_rate_and_errors),
    labels=("The rate", "The errors on validation", "The errors on test"),
    experiment=True,
    mistakes={
        "That is Adam at its default. Search the whole grid.": {
            'best(measured["validation"])': "4"
        },
        "You choose by the training cost. Choose by the errors on validation.": {
            'best(measured["validation"])': 'best(measured["cost"])'
        },
        "That is the largest rate of the grid: argmin, not argmax or -1.": {
            'best(measured["validation"])': "-1"
        },
        "Those are shares. Give the errors in %.": {
            ".mean(0)[i]": ".mean(0)[i] / 100",
        },
        "Those are hits. Give the errors.": {
            'measured["validation"].mean(0)[i], measured["test"].mean(0)[i]': (
                '100 - measured["validation"].mean(0)[i], 100 - measured["test"].mean(0)[i]'
            )
        },
        "You give the position in the grid. Give the rate.": {"RATES[i],": "i,"},
        "That is gradient descent's column. Train Adam.": {'["adam"]': '["gd"]'},
        "The order is: the rate, the errors on validation, the errors on test.": {
            'RATES[i], measured["validation"].mean(0)[i], measured["test"].mean(0)[i]': (
                'measured["validation"].mean(0)[i], measured["test"].mean(0)[i], RATES[i]'
            )
        },
    },
)

EXERCISES = [
    TUNE,
    BEYOND,
    GOOD_BAND,
    PAIRED_INTERVAL,
    UPDATES_FOR_BUDGET,
    UNFAIR,
    FORECAST,
    ADAM_ON_DIGITS,
]
