"""Rules as loops of machine code: the same numbers to the last bit, sooner for many weights.

`optilab.compiled` needs Numba, an extra: ``pip install "optilab[compiled]"``.
"""

import inspect
from functools import cache, partial, wraps
from itertools import count

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from optilab.run import BLOCK, rule_name

try:
    from numba import njit
except ModuleNotFoundError:
    raise ModuleNotFoundError('compiled() needs Numba: pip install "optilab[compiled]"') from None

# What a rule may do to arrays, and what NumPy makes of `**`: Numba rounds these alike.
KNOWN = (
    *(np.add, np.subtract, np.multiply, np.divide, np.negative, np.square, np.sqrt),
    *(np.abs, np.sign, np.maximum, np.minimum, np.where),
)
POWERS = {2: np.square, 0.5: np.sqrt}


def compiled(rule):
    """Compile an elementwise rule, one of `RULES` or your own, with Numba.

    The rule is called with stand-ins that note what it does to arrays; the notes become one
    loop.  What it does to numbers, such as ``1 - beta1**t``, is done by then, once a step.

    Returns
    -------
    function
        Of the same signature, as pure, for `run` and `step` as for calls of your own.  A few
        weights are left to NumPy, which is as fast; the first call with many takes a second.

    Raises
    ------
    TypeError
        At the first call with many weights: the rule does what cannot be compiled.
    """
    signature = inspect.signature(rule)

    @wraps(rule)
    def fast(*args, reuse=False, **named):
        given = signature.bind(*args, **named)
        if np.size(given.args[0]) <= 2 * BLOCK:
            return rule(*args, **named)
        notes = Notes(rule_name(rule), reuse)
        out = rule(*map(notes.stand_in, given.args, count(-1)), **given.kwargs)
        new = notes.play(out if isinstance(out, tuple) else (out,))
        return new if isinstance(out, tuple) else new[0]

    fast.__name__ = rule_name(rule)
    fast.reusing = partial(fast, reuse=True)  # type: ignore[attr-defined]
    return fast


class StandIn(NDArrayOperatorsMixin):
    """An array to a rule; in truth a name in the notes of what the rule does to it."""

    def __init__(self, notes, name, dtype):
        self.notes, self.name, self.dtype = notes, name, dtype

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        if method != "__call__" or options:
            self.notes.refuse(f"{ufunc.__name__} with {', '.join(options) or method}")
        return self.notes.take(ufunc, inputs)

    def __array_function__(self, function, types, inputs, options):
        return self.notes.take(function, inputs)

    def __bool__(self):
        self.notes.refuse("a branch")

    def __getattr__(self, name):
        self.notes.refuse(name)


class Notes:
    """The lines of a loop over elements, and its arrays and numbers by name: x, results y."""

    def __init__(self, rule, reuse):
        self.rule, self.reuse, self.lines, self.given = rule, reuse, [], {}

    def refuse(self, what):
        """Say what cannot be compiled, and what can."""
        known = ", ".join(function.__name__ for function in KNOWN)
        raise TypeError(
            f"compiled(): {self.rule}() needs {what}; float32 and float64 arrays have only {known}"
        )

    def stand_in(self, x, k):
        """Return what the rule gets for an array, the old value of its result k, if k > 0."""
        if not isinstance(x, np.ndarray):
            return x
        over = self.reuse and k > 0 and x.flags.carray and x.shape == self.given["x0"].shape
        return StandIn(self, self.element(x, f"y{k}" if over else None), x.dtype)

    def element(self, x, name=None):
        """Give the loop an array, or a number for all its elements; return what to call it."""
        name = name or f"x{len(self.given)}"
        self.given[name] = x
        return name + "[i]" * (x.ndim > 0)

    def take(self, function, inputs):
        """Note a line, computed in the type that NumPy would use."""
        if function is np.power and type(inputs[1]) in (int, float):
            function, inputs = POWERS.get(inputs[1], function), inputs[:1]
        dtype = np.result_type(*(getattr(x, "dtype", x) for x in inputs))
        if function not in KNOWN or dtype.char not in "fd":
            self.refuse(f"{function.__name__} of {dtype}")
        names = (
            x.name if isinstance(x, StandIn) else self.element(np.asarray(x, dtype)) for x in inputs
        )
        self.lines.append(f"v{len(self.lines)} = {function.__name__}({', '.join(names)})")
        return StandIn(self, f"v{len(self.lines) - 1}", dtype)

    def play(self, out):
        """Return what the rule returned, with arrays for stand-ins."""
        shape = np.broadcast_shapes(*(x.shape for x in self.given.values()))
        made = {f"y{k}": x for k, x in enumerate(out) if isinstance(x, StandIn)}
        flat = {  # read-only, but for the results below
            name: np.broadcast_to(x, shape).reshape(-1) if x.ndim else x[()]
            for name, x in self.given.items()
        }
        new = {
            y: self.given[y] if y in self.given else np.empty(shape, x.dtype)
            for y, x in made.items()
        }
        flat |= {y: x.reshape(-1) for y, x in new.items()}
        ends = f"{', '.join(f'{y}[i]' for y in made)} = {', '.join(x.name for x in made.values())}"
        machine_code("; ".join([*self.lines, ends]), *flat)(*flat.values())
        return tuple(new.get(f"y{k}", x) for k, x in enumerate(out))


@cache
def machine_code(body, *names):
    """Compile a loop over the elements of the results."""
    space: dict = {function.__name__: function for function in KNOWN}
    space["where"] = njit(lambda condition, x, y: x if condition else y)  # for single numbers
    exec(f"def loop({', '.join(names)}):\n for i in range(y0.size): {body}", space)
    return njit(error_model="numpy")(space["loop"])
