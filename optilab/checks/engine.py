"""What an exercise is: a reference, the cases it is tried on, and how it goes wrong.

A mistake is an edit of the reference's source (``old: new``) under the sentence that a teacher
would say.  `observing` calls a learner's function, `diagnosis` compares and names the mistake.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from types import CodeType

import numpy as np

from optilab.run import anatomy, returns
from optilab.source import code_of

MOST_ENTRIES = 100_000
RAGGED = "It returns parts of different shapes, which make no array."
REFERENCES: set[CodeType] = set()  # the code of every right answer


class Told(Exception):
    """A sentence for the learner."""


def close(x, y):
    """Say whether two arrays are equal up to rounding; text must be the same."""
    if x.shape != y.shape or (x.dtype.kind == "U") != (y.dtype.kind == "U"):
        return False
    if x.dtype.kind == "U":
        return np.array_equal(x, y)
    # Rounding follows the largest entry: a result near zero is a difference of larger numbers.
    tolerance = 1e-4 if np.float32 in (x.dtype, y.dtype) else 1e-8
    x, y = np.asarray(x, float), np.asarray(y, float)
    finite = np.isfinite(y)
    size = np.abs(y)
    scale = size.max(initial=0, where=finite)
    # As np.allclose, which takes three times as long: thousands of suspects are compared.
    with np.errstate(invalid="ignore", over="ignore"):
        near = finite & (np.abs(x - y) <= tolerance * scale + tolerance * size)
    return bool((near | (x == y) | np.isnan(x) & np.isnan(y)).all())


def nearly(near):
    """Return a `close` for estimates and measurements.

    Parameters
    ----------
    near : function ``(result, expected) -> array of bool``
        Which entries are near enough.  Both are numbers of the same shape.
    """

    def close(result, expected):
        if result.shape != expected.shape or result.dtype.kind == "U":
            return False
        with np.errstate(divide="ignore", invalid="ignore"):
            return bool(np.all(near(result, expected)))

    return close


def within(factor):
    """Return a `close` for what is right up to a factor."""

    def near(result, expected):
        ratio = result / expected
        return (ratio >= 1 / factor) & (ratio <= factor) | (result == expected)

    return nearly(near)


def plain(result):
    """Return a result as an array of its own."""
    size = len(result) if isinstance(result, Sequence) else getattr(result, "size", 1)
    if size > MOST_ENTRIES:
        raise Told(f"It returns {size} entries: that is far too many.")
    try:
        array = np.array(result)
    except ValueError:
        raise Told(RAGGED) from None
    if array.dtype == object and all(isinstance(x, int | float) for x in array.flat):
        array = array.astype(float)  # some whole number is too long for NumPy
    if array.dtype.kind not in "biufU":
        kind = f"an array of {array.dtype}" if array.ndim else type(result).__name__
        raise Told(f"It returns {kind}, not real numbers.")
    return array


def result_of(function, *arguments):
    """Compare what a function returns: the plain `trial`."""
    return function(*arguments)


def gradients_of(w, g):
    """Return the gradient of each step: a row of ``g``, or the only one."""
    return g if np.ndim(g) > np.ndim(w) else [g]


def steps_of(rule):
    """Return the `trial` of a rule with memory: all that it returns, step after step.

    A case gives the gradient of each step as a row of ``g``, and what the memory starts with;
    None is what the function itself starts with.  ``trial.parts`` names the results of one step.
    """
    memory, _, _ = anatomy(rule)
    names = list(inspect.signature(rule).parameters)[2:]

    def trial(function, w, g, *rest):
        given = dict(zip(names, rest, strict=True))
        state = [given.pop(name) for name in memory]
        single = w.dtype == np.float32
        seen: list = []
        for gradient in gradients_of(w, g):
            result = function(w, gradient, *(x for x in state if x is not None), **given)
            if not isinstance(result, tuple | list) or len(result) != 1 + len(memory):
                raise Told(f"Return {returns(memory).strip('()')}: the weights and the memory.")
            w, *state = result
            seen += result
            if "t" in given:
                given["t"] += 1
        # Some right forms make float64 of it, and then need not agree beyond the digits it had.
        return [np.asarray(x, np.float32) for x in seen] if single else seen

    trial.parts = ("w", *memory)  # type: ignore[attr-defined]
    return trial


@dataclass(frozen=True)
class Exercise:
    """What a learner is asked to write, and how it goes wrong.

    Attributes
    ----------
    reference : function
        The right answer: finite numbers, or text, in every case.
    cases : function ``rng -> list of argument tuples``
        Arrays, numbers and functions.  Their constants are random, so that no two mistakes
        agree by chance.
    mistakes : dict ``{sentence: {old: new}}``
        Edits of the reference's source.
    accepted : dict ``{sentence: {old: new}}``
        Edits that leave it right in another form; the sentence says in which.
    examples : sequence of str
        Arguments as one types them, with results that can be checked by hand.
    close : function ``(result, expected) -> bool``
        When two results count as equal.
    labels : sequence of str
        Names of the entries of the result, where they have names.
    counts : bool
        Whether it matters how often the functions among the arguments are called.
    experiment : bool
        Whether it may train with optilab, which takes longer than a formula.
    trial : function ``(function, *arguments) -> result``
        Calls the function and returns what there is to compare; of something drawn at random, for
        instance, what does not depend on the draw.
    """

    reference: Callable
    cases: Callable
    mistakes: Mapping[str, Mapping[str, str]]
    accepted: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    examples: Sequence[str] = ()
    close: Callable = close
    labels: Sequence[str] = ()
    counts: bool = False
    experiment: bool = False
    trial: Callable = result_of

    def __post_init__(self):
        REFERENCES.add(self.reference.__code__)

    @property
    def name(self):
        """The name of the reference."""
        return self.reference.__name__

    @property
    def parameters(self):
        """The names of the arguments."""
        return _parameters(self.reference)


@cache
def _parameters(function):
    return tuple(inspect.signature(function).parameters)


def example_case(exercise, example):
    """Return the argument tuple of an example."""
    bind = inspect.signature(exercise.reference).bind
    return tuple(eval(f"bind({example})", {"np": np, "bind": bind}).arguments.values())


def edited_code(reference, edits):
    """Return the reference's source with each ``old`` replaced by ``new``."""
    source = _code(reference)
    for old, new in edits.items():
        if old not in source:
            raise LookupError(f"{old!r} is not in {reference.__name__}()")
        source = source.replace(old, new)
    return source


@cache  # for thousands of pairs of edits
def _code(function):
    return code_of(function)


def edited(reference, edits):
    """Return the function of the edited source."""
    return run_source(reference, edited_code(reference, edits))


def run_source(reference, source):
    """Return the function of a changed source, in the module of the reference."""
    scope = dict(vars(inspect.getmodule(reference)))
    exec(source, scope)
    return scope[reference.__name__]
