"""Schedules: made once, then called with k, the number of updates already made (0, 1, 2, ...).

A schedule is a pure function and may stand wherever a hyperparameter is a number.  It takes an
array of k too, so ``plot(k, cosine(0.1, 100)(k))`` draws it.  ``steps`` always counts updates,
that is minibatches, not epochs.

What waits for the loss cannot be a function of k: `early_stopping` and `reduce_on_plateau` are
called with every loss, and their signature is their memory, as with the rules.
"""

import numpy as np

from optilab.valid import require, require_function


def constant(lr):
    """Stay at ``lr``."""
    return lambda k: lr + 0.0 * k


def exponential(lr, rate, steps=1, staircase=False):
    r"""Multiply by ``rate`` every ``steps`` updates: :math:`\eta_k = \eta\, r^{k/S}`.

    Keras' ``ExponentialDecay`` and ``optax.exponential_decay``; torch's ``ExponentialLR`` has
    S = 1.

    Parameters
    ----------
    lr, rate : float
    steps : float
    staircase : bool
        Change only when another ``steps`` updates are complete.
    """
    require("exponential", "positive", steps=steps)
    require("exponential", "at least 0", rate=rate)
    return lambda k: lr * rate ** _periods(k, steps, staircase)


def inverse_time(lr, rate, steps=1, staircase=False):
    r"""Divide by a line: :math:`\eta_k = \eta / (1 + r k / S)`; options as in `exponential`.

    Keras' ``InverseTimeDecay``; torch's ``Adagrad(lr_decay)`` has it built in with S = 1.
    """
    require("inverse_time", "positive", steps=steps)
    require("inverse_time", "at least 0", rate=rate)
    return lambda k: lr / (1 + rate * _periods(k, steps, staircase))


def polynomial(lr, steps, end=0.0, power=1.0, cycle=False):
    r"""Fall to ``end`` along a power: :math:`\eta_k = e + (\eta - e)(1 - k/S)^p`, then stay.

    Keras' ``PolynomialDecay``, whose ``end`` is 1e-4 by default; torch's ``PolynomialLR`` ends
    at 0.

    Parameters
    ----------
    lr, steps, end, power : float
    cycle : bool
        Instead of staying at ``end``, rise to a value on a line of twice, three times, ...
        the length.  Only Keras has it.
    """
    require("polynomial", "positive", steps=steps, power=power)

    def schedule(k):
        span = steps * np.maximum(np.ceil(k / steps), 1) if cycle else steps
        return end + (lr - end) * (1 - np.minimum(k / span, 1)) ** power

    return schedule


def piecewise(boundaries, values):
    """Jump from value to value: ``values[i]`` up to and including k = ``boundaries[i]``.

    Inclusive as Keras' ``PiecewiseConstantDecay``; torch's ``MultiStepLR`` and optax already jump
    at the boundary.

    Parameters
    ----------
    boundaries : increasing sequence
    values : sequence, one longer
    """
    boundaries, values = np.atleast_1d(boundaries), np.atleast_1d(values)
    require("piecewise", "a number", boundaries=boundaries, values=values)
    if len(values) != len(boundaries) + 1:
        raise ValueError(
            f"piecewise(): {len(boundaries)} boundaries need {len(boundaries) + 1} values, "
            f"not {len(values)}"
        )
    if not (np.diff(boundaries) > 0).all():
        raise ValueError(f"piecewise(): boundaries must increase, not {boundaries.tolist()}")
    return lambda k: values[np.searchsorted(boundaries, k)]


def step_decay(lr, rate, steps):
    """Multiply by ``rate`` whenever ``steps`` updates are complete.  torch's ``StepLR``."""
    return exponential(lr, rate, steps, staircase=True)


def cosine(lr, steps, end=0.0):
    r"""Fall along half a cosine to ``end``, then stay.

    .. math:: \eta_k = e + (\eta - e) (1 + \cos \pi k / S) / 2

    Loshchilov & Hutter (2017).  ``end`` is a learning rate, as torch's ``eta_min``; Keras and
    optax take it as a fraction ``alpha`` of ``lr``.  torch's ``CosineAnnealingLR`` climbs again
    after S.
    """
    require("cosine", "positive", steps=steps)
    return lambda k: end + (lr - end) * (1 + np.cos(np.pi * np.minimum(k, steps) / steps)) / 2


def cosine_restarts(lr, steps, growth=1, shrink=1.0, end=0.0):
    """Repeat `cosine`; each cycle is ``growth`` times as long and starts ``shrink`` times as high.

    Loshchilov & Hutter (2017), SGDR.  torch's ``CosineAnnealingWarmRestarts`` calls the growth
    ``T_mult``; Keras' ``CosineDecayRestarts`` has ``t_mul`` = 2 by default, ``m_mul`` for shrink,
    and ``alpha`` as in `cosine`.  Heights are counted from ``end``, as in Keras.
    """
    require("cosine_restarts", "positive", steps=steps)
    require("cosine_restarts", "at least 1", growth=growth)
    require("cosine_restarts", "at least 0", shrink=shrink)

    def schedule(k):
        if growth == 1:
            cycle = k // steps
            start = cycle * steps
        else:
            # How many cycles fit before k; rounded, lest 2.9999999999999996 be 2.
            fits = np.log1p(k / steps * (growth - 1)) / np.log(growth)
            cycle = np.floor(np.round(fits, 9))
            start = steps * (growth**cycle - 1) / (growth - 1)
        return cosine(end + (lr - end) * shrink**cycle, steps * growth**cycle, end)(k - start)

    return schedule


def linear_warmup(schedule, steps):
    """Climb to ``schedule(0)`` in ``steps`` even steps, then follow ``schedule`` from its start.

    The first update has 1 / (steps + 1) of the full rate, where Keras' and optax' warm-ups by
    default waste it on a rate of 0.  torch's ``LinearLR(start_factor=1 / (steps + 1))``.
    """
    require_function("linear_warmup", "constant(0.1)", schedule=schedule)
    require("linear_warmup", "positive", steps=steps)

    def warmed(k):
        climb = schedule(0) * (k + 1) / (steps + 1)
        return np.where(k < steps, climb, schedule(np.maximum(k - steps, 0)))[()]

    return warmed


def one_cycle(lr, steps, pct_start=0.3, div_factor=25.0, final_div_factor=1e4):
    """Rise from ``lr / div_factor`` to ``lr``, then fall far below the start: two half cosines.

    Smith & Topin (2018), in the form of torch's ``OneCycleLR``: the peak is at update
    ``pct_start * steps - 1`` and the end, the start over ``final_div_factor``, at the last update.
    optax' peak and end come one update later.  The momentum runs against it:
    ``beta=one_cycle(0.85, steps, div_factor=0.85 / 0.95, final_div_factor=1)``.
    """
    require("one_cycle", "positive", div_factor=div_factor, final_div_factor=final_div_factor)
    peak = pct_start * steps - 1
    if not 0 < peak < steps - 1:
        raise ValueError(
            f"one_cycle(): the peak at pct_start * steps - 1 = {peak:g} must lie inside "
            f"0..{steps - 1}"
        )
    start = lr / div_factor
    rise, fall = cosine(start, peak, lr), cosine(lr, steps - 1 - peak, start / final_div_factor)
    return lambda k: np.where(k <= peak, rise(k), fall(k - peak))[()]


def cyclic(low, high, half, shrink=1.0, staircase=True):
    """Go up and down on straight lines, ``half`` updates each way.

    Smith (2017): his "triangular", and with ``shrink`` = 0.5, which multiplies the height after
    each cycle, "triangular2".  With ``staircase=False`` the height shrinks at every update: his
    "exp_range".  torch's ``CyclicLR`` has all three, the last with gamma = shrink**(1 / 2 half).
    """
    require("cyclic", "positive", half=half)
    require("cyclic", "at least 0", shrink=shrink)

    def schedule(k):
        height = (high - low) * shrink ** _periods(k, 2 * half, staircase)
        return low + height * (1 - np.abs(k / half % 2 - 1))

    return schedule


def robbins_monro(lr, power=1.0):
    r"""Fall as a power of time: :math:`\eta_k = \eta / (k+1)^p`.

    Robbins & Monro (1951): for 1/2 < p <= 1 the rates add up to infinity and their squares do
    not, and noise averages out.  p = 1/2 is the schedule of regret bounds.
    """
    require("robbins_monro", "at least 0", power=power)
    return lambda k: lr / (k + 1) ** power


def early_stopping(loss, best=np.inf, wait=0, *, patience=1, min_delta=0.0):
    """Say when to stop: after ``patience`` losses in a row that were no better than the best.

    Keras' ``EarlyStopping``.  A patience of 0 acts as 1, as there, and NaN is no better.

    Parameters
    ----------
    loss : float, or array of a sweep
    best, wait
        Memory: the best loss so far, and how many were no better since.
    patience, min_delta
        An improvement must exceed ``min_delta``.

    Returns
    -------
    stop, best, wait
        One of each per member of the sweep.
    """
    require("early_stopping", "at least 0", patience=patience, min_delta=min_delta)
    better = loss < best - min_delta
    wait = np.where(better, 0, wait + 1)[()]
    return wait >= max(patience, 1), np.where(better, loss, best)[()], wait


def reduce_on_plateau(
    lr, loss, best=np.inf, wait=0, *, factor=0.1, patience=10, min_delta=1e-4, end=0.0
):
    """Multiply ``lr`` by ``factor`` after ``patience`` losses in a row that were no better.

    Keras' ``ReduceLROnPlateau``.  torch waits one loss longer and by default measures
    ``min_delta`` relative to the best loss.  Neither's cooldown is here.  NaN is no better.

    Parameters
    ----------
    lr, loss : float, or arrays of a sweep
    best, wait, patience, min_delta
        As in `early_stopping`.
    factor, end
        ``lr`` is multiplied by ``factor``, but not to fall below ``end``.

    Returns
    -------
    lr, best, wait
    """
    require("reduce_on_plateau", "between 0 and 1", factor=factor)
    due, best, wait = early_stopping(loss, best, wait, patience=patience, min_delta=min_delta)
    lower = np.minimum(lr, np.maximum(lr * factor, end))
    return np.where(due, lower, lr)[()], best, np.where(due, 0, wait)[()]


def _periods(k, steps, staircase):
    return k // steps if staircase else k / steps
