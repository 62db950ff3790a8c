"""One call of a learner's function, whatever it does, and all that is to be seen of it.

This is made for accidents.  A function that wants to cheat, by taking the checks or the clock
apart, can do so in its own process.  In grading, another process compares: see `telling`.
"""

import contextlib
import copy
import functools
import io
import itertools
import pickle
import signal
import sys
import threading
import traceback
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import process_time
from typing import NamedTuple

import numpy as np
from numpy.random import mtrand

from optilab.checks.engine import RAGGED, REFERENCES, Told, close, gradients_of, plain
from optilab.checks.pictures import shell

MOST_CALLS = 500  # of a function that was handed in: by then the loop around it has no end
MOST_PRINTED = 100_000  # characters
MOST_SECONDS = 3.0  # of computing: a busy machine is nobody's fault
MOST_SECONDS_OF_AN_EXPERIMENT = 60.0
ASLEEP = 10  # times as many by the clock on the wall
SLOW = 0.2  # seconds for all cases: a function that takes longer is tried in one case more

UNWRITTEN = "It is not written yet."

# What Python says of a common slip, and what helps.
ADVICE = {
    "^": "To raise to a power, write **: ^ is none.",
    "bitwise_xor": "To raise to a power, write **: ^ is none.",
    "to Python scalars": "A function of math takes one number: for an array take that of np.",
    "truth value of an array": "An if asks about one number: use np.where, or a loop.",
    "math domain error": "math has no root and no logarithm of a negative number, and no log 0.",
    "object is not callable": "A bracket behind it calls it: is a * missing, or a method?",
    "could not be broadcast": "Shapes meet from the right: is keepdims=True or [:, None] missing?",
    "core dimension": "A @ B needs as many columns in A as B has rows: is a .T missing?",
    "input requests": "Take what you need from the arguments, without input().",
    "'NoneType'": "Something before returned nothing, as sort and shuffle do.",
}

CHECKS = str(Path(__file__).parent)
PACKAGE = str(Path(__file__).parents[1])
NUMPY = str(Path(np.__file__).parent)
LIBRARY = str(Path(contextlib.__file__).parent)
NAMES = {module: dict(vars(module)) for module in (np, np.linalg, np.random)}


class Outcome(NamedTuple):
    """All that is to be seen of a call."""

    error: str = ""  # a sentence
    result: np.ndarray = np.array([])
    arguments: Mapping[str, np.ndarray] = {}  # the arrays as they stand after the call
    calls: Mapping[str, int] = {}  # of the functions, where they count
    late: bool = False  # it was stopped, and is asked no more
    form: str = ""  # of the parts that it returned the last time


class Seen(NamedTuple):
    """All that is to be seen of a function in several cases."""

    outcomes: Sequence[Outcome]  # up to one that is late
    draws: bool = False  # from np.random
    slow: bool = False


class Elsewhere:
    """A learner's function that another process calls.

    Parameters
    ----------
    ask : function ``(turn, most) -> Seen``
        Of the rounds of cases, the first being turn 0, the first ``most`` cases.
    """

    def __init__(self, ask):
        self.ask, self.turns = ask, itertools.count()


def look(exercise, function, cases):
    """Have the learner's function called in one case after another; return what is `Seen`."""
    if isinstance(function, Elsewhere):
        return function.ask(next(function.turns), len(cases))
    if not callable(function):
        call = f'check("{exercise.name}", {exercise.name})'
        said = f"Hand in the function itself: {call}, not what it returns."
        return Seen([Outcome(said, late=True)])
    function, outcomes = guarded(exercise, function), []
    with put_back():
        state, start = random_state(), process_time()
        for case in cases:
            outcomes.append(observe(exercise, function, case))
            if outcomes[-1].late:
                break
        return Seen(outcomes, random_state() != state, process_time() - start > SLOW)


def observe(exercise, function, case, seconds=None):
    """Call a function on copies of the arguments.

    Parameters
    ----------
    exercise : Exercise
    function : the learner's, or a reference
    case : tuple
        The arguments.
    seconds : float, optional
        Stops it earlier than a learner's function would be.
    """
    most = _most(exercise)
    arguments = {name: _copy(x, name) for name, x in zip(exercise.parameters, case, strict=True)}
    parts: list = []

    @functools.wraps(function)
    def kept(*arguments, **settings):
        result = function(*arguments, **settings)
        parts[:] = result if isinstance(result, tuple | list) else [result]
        return result

    try:
        with _quiet(), _in_time(seconds or most):
            result = plain(exercise.trial(kept, *arguments.values()))
            told = _forms(parts)
    except _TooLong:
        return Outcome(f"It takes more than {most:g} seconds: does a loop never end?", late=True)
    except _Endless as error:
        return Outcome(str(error), result=error.points)
    except Told as error:
        said = str(error)
        return Outcome(said, form=_forms(parts) if said == RAGGED else "")
    except SystemExit:
        return Outcome("It calls exit or quit, which end the notebook. A function ends at return.")
    except KeyboardInterrupt:  # by the learner, of the check
        raise
    except BaseException as error:
        return Outcome(_crash(exercise, case, error))
    return Outcome(
        result=result,
        form=told,
        arguments={name: x for name, x in arguments.items() if isinstance(x, np.ndarray)},
        calls={
            name: x.calls
            for name, x in arguments.items()
            if isinstance(x, _Asked) and exercise.counts
        },
    )


def form(result):
    """Say of which form a result is."""
    if isinstance(result, tuple | list | dict):
        return f"a {type(result).__name__}"
    return f"an array of shape {result.shape}" if np.ndim(result) else "a single number"


def same(exercise, seen, wanted):
    """Say whether two outcomes agree."""
    if seen.error or wanted.error:
        return seen.error == wanted.error and close(seen.result, wanted.result)
    return (
        exercise.close(seen.result, wanted.result)
        and all(close(seen.arguments[name], x) for name, x in wanted.arguments.items())
        and seen.calls == wanted.calls
    )


def guarded(exercise, function):
    """Return the learner's function, which tells what else it does, and what it cannot return."""

    def answer(*arguments, **settings):
        borrowed: set[str] = set()

        def spy(frame, event, _):
            if event == "call" and _is_foreign(frame, exercise.experiment):
                borrowed.add(frame.f_code.co_name)

        before = sys.getprofile()
        sys.setprofile(spy)
        try:
            with _untouched(), _in_time(ASLEEP * _most(exercise), asleep=True):
                result = function(*arguments, **settings)
        finally:
            sys.setprofile(before)
        if borrowed:
            raise Told(f"You call {min(borrowed)}() of optilab. Compute it yourself.")
        if result is None:
            raise Told("It returns nothing, here at least: is a return missing, or an else?")
        parts = result if isinstance(result, tuple | list) else [result]
        if any(isinstance(part, np.ma.MaskedArray) for part in parts[:10]):
            raise Told("It returns a masked array, with gaps. Return a plain array.")
        return result

    return functools.update_wrapper(answer, function)


def _is_foreign(frame, experiment):
    """Say whether a call is one of optilab that the learner should have written."""
    code = frame.f_code
    if not code.co_filename.startswith(PACKAGE):
        return False
    if code in REFERENCES:  # which call each other in their module
        return frame.f_back.f_globals.get("__name__") != frame.f_globals["__name__"]
    return not experiment and not code.co_filename.startswith(CHECKS)


@contextlib.contextmanager
def put_back():
    """Put back, after all calls, what all code shares; keep what is displayed out of the cell."""
    bits, state = mtrand.get_bit_generator(), np.random.get_state(legacy=False)  # noqa: NPY002
    depth = sys.getrecursionlimit()
    pyplot = sys.modules.get("matplotlib.pyplot")
    figures = pyplot.get_fignums() if pyplot else ()
    notebook = shell()
    with contextlib.ExitStack() as stack:
        if notebook:
            from IPython.utils.capture import capture_output

            stack.enter_context(capture_output(stdout=False, stderr=False))
            notebook.ask_exit = sys.exit  # exit() there ends the kernel, and raises nothing
            stack.callback(vars(notebook).pop, "ask_exit", None)  # a check inside this one may have
        try:
            yield
        finally:
            _names_back()  # a generator changes them when it is asked
            mtrand.set_bit_generator(bits)
            np.random.set_state(state)  # noqa: NPY002
            sys.setrecursionlimit(depth)
            if pyplot:
                for number in set(pyplot.get_fignums()).difference(figures):
                    pyplot.close(number)


def random_state():
    """Return where np.random stands, whichever generator it draws from."""
    return pickle.dumps(np.random.get_state(legacy=False))  # noqa: NPY002


def where(exercise, case):
    """Tell a case by its words, and by the shapes of its arrays."""
    given = dict(zip(exercise.parameters, case, strict=True))
    if hasattr(exercise.trial, "parts"):
        given["g"] = np.asarray(gradients_of(given["w"], given["g"])[0])
    told = [
        f"{name} {x!r}" if isinstance(x, str) else f"{name} of shape {x.shape}"
        for name, x in given.items()
        if isinstance(x, str | np.ndarray)
    ]
    return f" (with {', '.join(told)})" if told else ""


class _TooLong(BaseException):
    """Time is up.  No ``except Exception`` in a learner's loop catches it."""


class _Endless(Told):
    """A loop that does not end, told from others by where it looks, in whatever order."""

    def __init__(self, name, points):
        super().__init__(f"{name} is called without end: does your loop ever stop?")
        self.points = np.unique(np.concatenate([np.ravel(point) for point in points]))


class _Asked:
    """A function argument that counts its calls, and ends a loop that does not end."""

    def __init__(self, function, name):
        self.function, self.name, self.calls, self.points = function, name, 0, {}

    def __call__(self, *points):
        if len(points) != 1:
            raise Told(f"You call {self.name} with {len(points)} arguments. It takes one.")
        point = np.array(points[0])
        self.calls += 1
        if len(self.points) < 6:
            self.points.setdefault(point.tobytes(), point)
        if self.calls > MOST_CALLS:
            raise _Endless(self.name, self.points.values())
        return self.function(point)


class _Ear(io.StringIO):
    """Takes what is printed, up to a limit."""

    def write(self, text):
        if self.tell() > MOST_PRINTED:
            raise Told(f"It prints over {MOST_PRINTED} characters: take print out of the loop.")
        return super().write(text)


def _most(exercise):
    return MOST_SECONDS_OF_AN_EXPERIMENT if exercise.experiment else MOST_SECONDS


def _forms(parts):
    return " and ".join(map(form, parts)) if len(parts) <= 3 else f"{len(parts)} parts"


def _copy(argument, name):
    """Return what to hand in.  Matrices lie column after column, as transposed ones do."""
    if callable(argument):
        return _Asked(argument, name)
    if isinstance(argument, np.ndarray):
        return argument.copy(order="F")
    return copy.deepcopy(argument)


@contextlib.contextmanager
def _quiet():
    """Keep what the learner's code prints and warns of out of the cell.

    nbgrader gives no points for a cell with anything on stderr.
    """
    with (
        np.errstate(all="ignore"),
        warnings.catch_warnings(action="ignore"),
        contextlib.redirect_stdout(_Ear()),
        contextlib.redirect_stderr(_Ear()),
    ):
        yield


@contextlib.contextmanager
def _untouched():
    """Put NumPy's settings and names back, which belong to everybody, and tell who changed them."""
    errors, options = np.geterr(), np.get_printoptions()
    try:
        yield
    finally:
        replaced = _names_back()
        changed = np.geterr() != errors or np.get_printoptions() != options
        np.seterr(**errors)
        np.set_printoptions(**options)
        if replaced:
            said = f"It gives {replaced[0]} another meaning, for everybody."
            raise Told(f"{said} Use a name of your own.")
    if changed:
        raise Told("It changes NumPy's settings, for everybody. Use np.errstate around a line.")


def _names_back():
    """Give NumPy's names their meanings back; return those that had another."""
    replaced = [
        (module, name)
        for module, old in NAMES.items()
        for name, x in old.items()
        if vars(module).get(name) is not x
    ]
    for module, name in replaced:
        vars(module)[name] = NAMES[module][name]
    return [f"{module.__name__}.{name}".replace("numpy", "np", 1) for module, name in replaced]


@contextlib.contextmanager
def _in_time(seconds, asleep=False):
    """Stop what takes too long.

    The seconds are those of computing, or those that pass ``asleep`` as well.  A loop that does its
    work inside a bare ``except:`` catches this, too: the time that nbgrader gives a cell ends it.
    """
    if not hasattr(signal, "setitimer"):
        with contextlib.nullcontext() if asleep else _line_by_line(seconds):
            yield
        return
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(*_):
        raise _TooLong

    if asleep:
        clock, bell = signal.ITIMER_REAL, signal.SIGALRM
    else:
        clock, bell = signal.ITIMER_PROF, signal.SIGPROF
    before = signal.signal(bell, ring)
    # Again and again: a bare `except:` catches what rings inside its `try`, and no more.
    timer = signal.setitimer(clock, seconds, 0.1)
    try:
        yield
    finally:
        signal.setitimer(clock, 0)
        signal.signal(bell, before)
        signal.setitimer(clock, *timer)


@contextlib.contextmanager
def _line_by_line(seconds):
    """Stop what computes too long where no clock rings, as in a browser: ask at each line of it."""
    end = process_time() + seconds

    def trace(frame, event, _):
        if frame.f_code.co_filename.startswith((PACKAGE, NUMPY, LIBRARY)):
            return None
        if process_time() > end:
            raise _TooLong
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield
    finally:
        sys.settrace(before)


def _crash(exercise, case, error):
    """Tell an error in the learner's code in one line."""
    if type(error) is NotImplementedError:
        return UNWRITTEN
    try:
        said = str(error).partition("\n")[0][:200].replace(_Asked.__name__, "function")
    except Exception:
        said = "its message cannot be printed"
    name = type(error).__name__
    files = [frame.f_code.co_filename for frame, _ in traceback.walk_tb(error.__traceback__)]
    if all(file.startswith((CHECKS, NUMPY)) for file in files):  # none of the learner's
        if files.count(__file__) == 1:  # the call was over
            return f"What it returns is not what is asked for ({name}: {said})."
        if isinstance(error, TypeError) and "argument" in said:
            called = ", ".join(exercise.parameters)
            return f"It stops with {name}: {said}. It is called with ({called})."
    advice = (f" {helps}" for sign, helps in ADVICE.items() if sign in said)
    return f"It stops with {name}: {said}{where(exercise, case)}.{next(advice, '')}"
