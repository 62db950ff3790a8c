"""The engine of the checks: call, compare with the reference, name the mistake.

An `Exercise` is a reference function, a way to draw the cases that it is tried on, and its
mistakes.  A mistake is an edit of the reference's source (``old: new``) under the sentence that
a teacher would say.  Where an answer differs from the reference, it is compared with each edited
reference; the one that behaves the same names the mistake.

The learner's function is only ever called: it may as well stand in another process.
"""

import contextlib
import copy
import inspect
import io
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from optilab.run import anatomy, returns
from optilab.source import code_of

MOST_CALLS = 500  # of a function that was handed in: by then the loop around it has no end
MOST_ENTRIES = 1_000_000


def close(x, y):
    """Say whether two arrays are equal up to rounding; text must be the same."""
    if x.shape != y.shape or (x.dtype.kind == "U") != (y.dtype.kind == "U"):
        return False
    if x.dtype.kind == "U":
        return np.array_equal(x, y)
    # Rounding follows the largest entry: a result near zero is a difference of larger numbers.
    tolerance = 1e-4 if np.float32 in (x.dtype, y.dtype) else 1e-8
    scale = np.abs(y[np.isfinite(y)]).max(initial=0)
    return np.allclose(x, y, rtol=tolerance, atol=tolerance * scale, equal_nan=True)


def result_of(function, *arguments):
    """Compare what a function returns: the plain `trial`."""
    return function(*arguments)


def steps_of(rule):
    """Return the `trial` of a rule with memory: all that it returns, step after step.

    A case gives the gradient of each step as a row of ``g``, and what the memory starts with.
    """
    memory, _, _ = anatomy(rule)
    names = list(inspect.signature(rule).parameters)[2:]

    def trial(function, w, g, *rest):
        given = dict(zip(names, rest, strict=True))
        state = [given.pop(name) for name in memory]
        seen: list = []
        for gradient in g if np.ndim(g) > np.ndim(w) else [g]:
            result = function(w, gradient, *state, **given)
            if not isinstance(result, tuple | list) or len(result) != 1 + len(memory):
                raise _Told(f"Return {returns(memory).strip('()')}: the weights and the memory.")
            w, *state = result
            seen += result
            if "t" in given:
                given["t"] += 1
        return seen

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
    trial: Callable = result_of

    @property
    def name(self):
        """The name of the reference."""
        return self.reference.__name__

    @property
    def parameters(self):
        """The names of the arguments."""
        return list(inspect.signature(self.reference).parameters)


def example_case(exercise, example):
    """Return the argument tuple of an example."""
    bind = inspect.signature(exercise.reference).bind
    return tuple(eval(f"bind({example})", {"np": np, "bind": bind}).arguments.values())


def edited(reference, edits):
    """Return the function whose source is the reference's with each ``old`` replaced by ``new``."""
    source = code_of(reference)
    for old, new in edits.items():
        if old not in source:
            raise LookupError(f"{old!r} is not in {reference.__name__}()")
        source = source.replace(old, new)
    scope = dict(vars(inspect.getmodule(reference)))
    exec(source, scope)
    return scope[reference.__name__]


def diagnose(exercise, function, cases, rng):
    """Return what is wrong with a function, or in which accepted form it is right, or ``None``.

    Parameters
    ----------
    exercise : Exercise
    function : the learner's
    cases : list of argument tuples
    rng : numpy.random.Generator
        Draws more cases: a mistake must show on these as well before it is named.
    """
    seen = [observe(exercise, function, case) for case in cases]
    wanted = [observe(exercise, exercise.reference, case) for case in cases]
    wrong = [not same(exercise, *pair) for pair in zip(seen, wanted, strict=True)]
    if not any(wrong):
        return None
    more = exercise.cases(rng)
    seen += [observe(exercise, function, case) for case in more]
    for sentence, edits in (exercise.accepted | exercise.mistakes).items():
        other = edited(exercise.reference, edits)
        if all(
            same(exercise, got, observe(exercise, other, case))
            for got, case in zip(seen, [*cases, *more], strict=True)
        ):
            return sentence
    first = wrong.index(True)
    return first_difference(exercise, cases[first], seen[first], wanted[first])


class Outcome(NamedTuple):
    """All that is to be seen of a call."""

    error: str = ""  # a sentence
    result: np.ndarray = np.array([])
    arguments: Mapping[str, np.ndarray] = {}  # the arrays as they stand after the call
    calls: Mapping[str, int] = {}  # of the functions, where they count


def observe(exercise, function, case):
    """Call a function on copies of the arguments."""
    arguments = {name: _copy(x, name) for name, x in zip(exercise.parameters, case, strict=True)}
    try:
        with _quiet():
            result = _plain(exercise.trial(_answering(function), *arguments.values()))
    except _Endless as error:
        return Outcome(str(error), result=error.points)
    except _Told as error:
        return Outcome(str(error))
    except NotImplementedError:
        return Outcome("It is not written yet.")
    except (Exception, SystemExit) as error:
        return Outcome(_crash(exercise, case, error))
    return Outcome(
        result=result,
        arguments={name: x for name, x in arguments.items() if isinstance(x, np.ndarray)},
        calls={
            name: x.calls
            for name, x in arguments.items()
            if isinstance(x, _Asked) and exercise.counts
        },
    )


def same(exercise, seen, wanted):
    """Say whether two outcomes agree."""
    if seen.error or wanted.error:
        return seen.error == wanted.error and close(seen.result, wanted.result)
    return (
        exercise.close(seen.result, wanted.result)
        and all(close(seen.arguments[name], x) for name, x in wanted.arguments.items())
        and seen.calls == wanted.calls
    )


def first_difference(exercise, case, seen, wanted):
    """Say where an outcome parts from the wanted one, without giving a number away."""
    if seen.error:
        return seen.error
    for name, x in wanted.arguments.items():
        if not close(seen.arguments[name], x):
            return f"You changed {name} in place ({name} -= ...). Return a new array: {name} - ..."
    got, want = seen.result, wanted.result
    if exercise.close(got, want):
        name = next(name for name in wanted.calls if seen.calls[name] != wanted.calls[name])
        return f"{name} is called {seen.calls[name]} times; {wanted.calls[name]} are needed."
    if "U" in (got.dtype.kind, want.dtype.kind):
        return f"{shown(got)} is not the answer{_where(exercise, case)}."
    if got.shape != want.shape:
        return f"It returns {_form(got)}, not {_form(want)}{_where(exercise, case)}."
    index = next(i for i in np.ndindex(want.shape) if not exercise.close(got[i], want[i]))
    x, y = got[index], want[index]
    if not np.isfinite(x):
        fault = f"is {x}"
    elif want.dtype.kind == "b":
        fault = "is wrong"
    elif x * y < 0:
        fault = "has the wrong sign"
    else:
        fault = "is too small" if abs(x) < abs(y) else "is too large"
    return f"{_entry(exercise, index)} {fault}{_where(exercise, case)}."


def shown(result):
    """Return a result as one short line."""
    if result.dtype.kind == "f":
        result = result.round(6)
    text = str(result.tolist()) if result.dtype.kind != "U" else repr(str(result))
    return text if len(text) <= 80 else text[:77] + "..."


class _Told(Exception):
    """A sentence for the learner."""


class _Endless(_Told):
    """A loop that does not end, told from others by where it looks, in whatever order."""

    def __init__(self, name, points):
        super().__init__(f"{name} is called without end: does your loop ever stop?")
        self.points = np.unique(np.concatenate([np.ravel(point) for point in points]))


class _Asked:
    """A function argument that counts its calls, and ends a loop that does not end."""

    def __init__(self, function, name):
        self.function, self.name, self.calls, self.points = function, name, 0, []

    def __call__(self, *points):
        if len(points) != 1:
            raise _Told(f"You call {self.name} with {len(points)} arguments. It takes one.")
        point = np.array(points[0])
        self.calls += 1
        if len(self.points) < 6 and not any(np.array_equal(point, p) for p in self.points):
            self.points.append(point)
        if self.calls > MOST_CALLS:
            raise _Endless(self.name, self.points)
        return self.function(point)


def _answering(function):
    """Return the function, which tells the learner when it returns nothing."""

    def answer(*arguments, **settings):
        result = function(*arguments, **settings)
        if result is None:
            raise _Told("It returns nothing: is the return line missing?")
        return result

    return answer


def _copy(argument, name):
    if callable(argument):
        return _Asked(argument, name)
    return copy.deepcopy(argument)


@contextlib.contextmanager
def _quiet():
    """Keep what the learner's code prints and warns of out of the cell.

    nbgrader gives no points for a cell with anything on stderr.
    """
    with (
        np.errstate(all="ignore"),
        warnings.catch_warnings(action="ignore"),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        yield


def _plain(result):
    """Return a result as an array of its own."""
    size = len(result) if isinstance(result, Sequence) else getattr(result, "size", 1)
    if size > MOST_ENTRIES:
        raise _Told(f"It returns {size} entries: that is far too many.")
    try:
        array = np.array(result)
    except ValueError:
        raise _Told("It returns parts of different shapes, which make no array.") from None
    if array.dtype.kind not in "biufU":
        kind = f"an array of {array.dtype}" if array.ndim else type(result).__name__
        raise _Told(f"It returns {kind}, not real numbers.")
    return array


def _crash(exercise, case, error):
    """Tell an error in the learner's code in one line."""
    reason = f"It stops with {type(error).__name__}: {str(error).partition(chr(10))[0][:200]}"
    if isinstance(error, TypeError) and "argument" in reason:
        return f"{reason}. It is called with ({', '.join(exercise.parameters)})."
    return f"{reason}{_where(exercise, case)}."


def _form(result):
    return f"an array of shape {result.shape}" if result.ndim else "a single number"


def _entry(exercise, index):
    """Name an entry of a result."""
    if not index:
        return "The number"
    if exercise.labels:
        return exercise.labels[index[0]]
    return f"The first wrong entry, [{', '.join(map(str, index))}],"


def _where(exercise, case):
    """Tell a case by the shapes of its arrays."""
    shapes = [
        f"{name} of shape {x.shape}"
        for name, x in zip(exercise.parameters, case, strict=True)
        if isinstance(x, np.ndarray)
    ]
    return f" (with {', '.join(shapes)})" if shapes else ""
