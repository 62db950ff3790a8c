"""Checks of the course's exercises that say what went wrong.

`check` is what a learner calls, `grade` what hidden tests call: the same engine on other cases.
"""

import difflib
import secrets

from optilab.checks import (
    adaptive_methods,
    gradient_descent,
    honest_comparison,
    loss_functions,
    momentum,
    pictures,
    schedules_and_regularization,
    start_here,
    stochastic_gradient_descent,
)
from optilab.checks.diagnosis import diagnose, rounds
from optilab.checks.engine import Exercise
from optilab.checks.hints import suspicion, told

__all__ = ["EXERCISES", "Exercise", "Incorrect", "check", "grade"]

EXERCISES = {
    exercise.name: exercise
    for chapter in (
        start_here,
        loss_functions,
        gradient_descent,
        stochastic_gradient_descent,
        momentum,
        adaptive_methods,
        schedules_and_regularization,
        honest_comparison,
    )
    for exercise in chapter.EXERCISES
}


class Incorrect(AssertionError):
    """What a check says of a wrong answer.

    IPython shows the sentence alone: no traceback, and so no line of a test.
    """

    def __init__(self, said, found):
        super().__init__(said)
        self.found = found

    def _render_traceback_(self):
        return [str(self)]


def check(name, function, hint=1):
    """Say whether a function is right, and what is wrong with it.

    The cases are the same every time.  In a notebook a small figure shows the wrong answer beside
    the right one.

    Parameters
    ----------
    name : str
        One of `EXERCISES`.
    function : the learner's
    hint : {1, 2, 3}
        How much to say: the symptom; the mistake that does this; the line of the formula, and
        the numbers.

    Raises
    ------
    Incorrect
    ValueError
        Unknown exercise, or a hint that is none of the three.
    """
    exercise = _exercise(name)
    if hint not in (1, 2, 3):
        raise ValueError(f"check(): hint is 1, 2 or 3, not {hint!r}")
    found = diagnose(exercise, function, rounds(exercise), pairs=hint > 1)
    if found and not found.accepted:
        pictures.show(exercise, found)
        raise Incorrect("\n  ".join(told(exercise, found, hint)), found)
    print(" ".join([f"{name}: correct.", *(found.suspects if found else ())]))


def grade(name, function, points=0.0, seed=None):
    """Like `check`, on cases drawn anew at every run, and without a number of them.

    Parameters
    ----------
    name, function
        As for `check`.
    points : float
        What the test is worth.
    seed : int, optional
        Draws the same cases again; a failure tells its seed.

    Returns
    -------
    float or None
        Half of the points where most of the numbers come out right, printed with the reason:
        nbgrader takes what a test cell returns for partial credit.

    Raises
    ------
    Incorrect, ValueError
        As for `check`.
    """
    exercise = _exercise(name)
    seed = secrets.randbelow(2**32) if seed is None else seed
    found = diagnose(exercise, function, rounds(exercise, seed))
    if found is None or found.accepted:
        print(f"{name}: correct on fresh cases.")
        return None
    said = [suspicion(found) if found.suspects else found.symptom]
    said += [f"Besides: {found.besides}"] if found.besides else []
    reason = f"{name}: {' '.join(said)} [seed {seed}]"
    if not (credit := found.share * points):
        raise Incorrect(reason, found)
    print(f"{reason}\nHalf of the points, for most of the numbers come out right.")
    return credit


def _exercise(name):
    if name in EXERCISES:
        return EXERCISES[name]
    near = difflib.get_close_matches(name, EXERCISES, n=1, cutoff=0)
    raise ValueError(f"there is no exercise {name!r}; did you mean {near[0]!r}?")
