"""Checks of the course's exercises that say what went wrong.

`check` is what a learner calls, `grade` what hidden tests call: the same engine on other cases.
"""

import difflib
import secrets

import numpy as np

from optilab.checks import gradient_descent, loss_functions, momentum, stochastic_gradient_descent
from optilab.checks.engine import Exercise, diagnose, example_case, observe, shown

__all__ = ["EXERCISES", "Exercise", "Incorrect", "check", "grade"]

EXERCISES = {
    exercise.name: exercise
    for chapter in (loss_functions, gradient_descent, stochastic_gradient_descent, momentum)
    for exercise in chapter.EXERCISES
}


class Incorrect(AssertionError):
    """What a check says of a wrong answer.

    IPython shows the sentence alone: no traceback, and so no line of a test.
    """

    def _render_traceback_(self):
        return [str(self)]


def check(name, function):
    """Say whether a function is right, and what is wrong with it.

    The cases are the same every time; the examples among them are shown with their numbers.

    Parameters
    ----------
    name : str
        One of `EXERCISES`.
    function : the learner's

    Raises
    ------
    Incorrect
        With the name of the mistake where it is a known one, else with the first difference.
    ValueError
        Unknown exercise.
    """
    exercise = _exercise(name)
    rng = np.random.default_rng(0)
    examples = [example_case(exercise, example) for example in exercise.examples]
    said = diagnose(exercise, function, [*examples, *exercise.cases(rng)], rng)
    if said and said not in exercise.accepted:
        raise Incorrect("\n".join([f"{name}: {said}", *_by_hand(exercise, function)]))
    print(f"{name}: correct. {said or ''}".rstrip())


def grade(name, function, seed=None):
    """Like `check`, on cases drawn anew at every run and without a number of them.

    Parameters
    ----------
    name, function
        As for `check`.
    seed : int, optional
        Draws the same cases again; a failure tells its seed.
    """
    exercise = _exercise(name)
    seed = secrets.randbelow(2**32) if seed is None else seed
    rng = np.random.default_rng(seed)
    said = diagnose(exercise, function, exercise.cases(rng), rng)
    if said and said not in exercise.accepted:
        raise Incorrect(f"{name}: {said} [seed {seed}]")
    print(f"{name}: correct on fresh cases.")


def _exercise(name):
    if name in EXERCISES:
        return EXERCISES[name]
    near = difflib.get_close_matches(name, EXERCISES, n=1, cutoff=0)
    raise ValueError(f"there is no exercise {name!r}; did you mean {near[0]!r}?")


def _by_hand(exercise, function):
    """Show the first example that comes out wrong."""
    for example in exercise.examples:
        case = example_case(exercise, example)
        got, want = (observe(exercise, f, case) for f in (function, exercise.reference))
        if not got.error and not exercise.close(got.result, want.result):
            call = f"{exercise.name}({example})"
            yield f"  {call} is {shown(want.result)}; yours gives {shown(got.result)}."
            return
