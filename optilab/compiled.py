"""Rules as loops of machine code: the same numbers to the last bit, sooner for many weights.

`optilab.compiled` needs Numba, an extra: ``pip install "optilab[compiled]"``.
"""

import inspect
from functools import cache, partial, wraps

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from optilab.rules import RULES
from optilab.run import BLOCK, anatomy, replaceable
from optilab.valid import nearest, shown

try:
    from numba import njit
except ModuleNotFoundError:
    raise ModuleNotFoundError('compiled() needs Numba: pip install "optilab[compiled]"') from None

# What a loop may call: functions as Numba has them, but sign(-0.0) is 0.0, as NumPy has it.
FUNCTIONS = vars(np) | {"sign": njit(lambda x: np.sign(x) if x else abs(x))}


def compiled(rule):
    """Return one of `RULES` compiled with Numba, as pure and of the same signature.

    Its first call takes a second.  Left to NumPy are a few weights, where it is as fast, and all
    but plain arrays of floats, alike in type and shape.  The maximum of 0.0 and -0.0 is either,
    as NumPy's is from machine to machine.  Anything but one of `RULES` is a TypeError.

    The rule is called with stand-ins that note what it does to arrays; the notes become one
    loop.  What it does to numbers, such as ``1 - beta1**t``, is done by then, once a step.
    """
    if not any(rule is known for known in RULES.values()):
        given = shown(rule) + nearest(getattr(rule, "__name__", rule), RULES)
        raise TypeError(f"compiled(): rule must be one of {', '.join(RULES)}, not {given}")
    signature, n = inspect.signature(rule), 2 + len(anatomy(rule)[0])

    @wraps(rule)
    def fast(*args, reuse=False, **named):
        call = signature.bind(*args, **named)
        call.apply_defaults()
        given = [*call.args, *call.kwargs.values()]
        if not alike(given[0], given[1:n], given[n:]):
            return rule(*args, **named)
        over = [reuse and k > 1 and replaceable(x, given) for k, x in enumerate(given[:n])]
        names = {f"y{k}" if over[k] else f"x{k}": x for k, x in enumerate(given[:n])}
        arrays = [StandIn(f"{name}[i]", x.dtype, names) for name, x in names.items()]
        out = rule(*arrays, *call.args[n:], **call.kwargs)
        new = play(out if isinstance(out, tuple) else (out,), names, given[0].shape)
        return new if isinstance(out, tuple) else new[0]

    fast.reusing = partial(fast, reuse=True)  # type: ignore[attr-defined]
    return fast


def alike(w, others, numbers):
    """Say whether a loop does what the rule would, and sooner."""
    return (
        all(type(x) is np.ndarray for x in (w, *others))
        and all((x.dtype, x.shape) == (w.dtype, w.shape) for x in others)
        and w.size > 2 * BLOCK
        and all(type(x) is np.ndarray or isinstance(x, (int, float, np.number)) for x in numbers)
        and {w.dtype, np.result_type(w, *numbers)} <= {np.dtype("f4"), np.dtype("f8")}
        and np.broadcast(w, *numbers).shape == w.shape
    )


class StandIn(NDArrayOperatorsMixin):
    """An array to a rule; in truth a note of what the rule does to its elements."""

    def __init__(self, note, dtype, names):
        self.note, self.dtype, self.names = note, dtype, names

    def __array_ufunc__(self, function, method, *inputs):
        """Note a call, computed in the type that NumPy would use."""
        if function is np.power and inputs[1] == 2:
            function, inputs = np.square, inputs[:1]  # as NumPy does
        dtype = np.result_type(*(getattr(x, "dtype", x) for x in inputs))
        notes = (x.note if isinstance(x, StandIn) else self.number(x, dtype) for x in inputs)
        return StandIn(f"{function.__name__}({', '.join(notes)})", dtype, self.names)

    def __array_function__(self, function, types, inputs, options):
        return self.__array_ufunc__(function, "__call__", *inputs)

    def number(self, x, dtype):
        """Name a number, or one for each element; return the note of it."""
        x, name = np.asarray(x, dtype), f"x{len(self.names)}"
        self.names[name] = x
        return name + "[i]" * (x.ndim > 0)


def play(out, names, shape):
    """Return the arrays that stand-ins stand for."""
    new = {f"y{k}": names.get(f"y{k}", np.empty(shape, x.dtype)) for k, x in enumerate(out, 1)}
    flat = {k: np.broadcast_to(x, shape).reshape(-1) if x.ndim else x[()] for k, x in names.items()}
    flat |= {y: x.reshape(-1) for y, x in new.items()}  # the others are read-only
    body = f"{', '.join(f'{y}[i]' for y in new)} = {', '.join(x.note for x in out)}"
    machine_code(body, *flat)(*flat.values())
    return tuple(new.values())


@cache
def machine_code(body, *names):
    """Compile a loop over the elements of the results."""
    space: dict = {}
    exec(f"def loop({', '.join(names)}):\n for i in range(y1.size): {body}", FUNCTIONS, space)
    return njit(error_model="numpy")(space["loop"])
