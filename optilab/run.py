"""The one training loop, and the record it leaves."""

import inspect
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import repeat
from time import perf_counter

import numpy as np

from optilab.rules import RULES
from optilab.trees import tree_map
from optilab.valid import floats, nearest, require, require_function, shown


@dataclass(frozen=True)
class Trajectory:
    """What happened.  Entry k is what stood before update k + 1; the last entry is the end.

    Attributes
    ----------
    rule : str
        Name of the rule.
    hyper : dict
        Every hyperparameter, the defaults included.
    w : array (steps + 1, *sweep, *shape of w0), or a dict of such arrays
        The weights, fewer if the run was stopped; only the last of them (1, ...) under
        ``record="loss"`` and ``"last"``.
    state : dict
        Each state variable, shaped like ``w``; only the last unless ``record="all"``.
    loss : array (steps + 1, *sweep, ...)
        ``loss[k]`` belongs to ``w[k]``; only the last under ``record="last"``.
    seconds : array (steps + 1,)
        The time from the start of the run to ``w[k]``, kept as ``loss`` is.
    """

    rule: str
    hyper: dict
    w: np.ndarray | dict
    state: dict
    loss: np.ndarray
    seconds: np.ndarray = field(repr=False)

    @property
    def diverged(self):
        """True, per member of the sweep, where the last loss is not finite."""
        return ~np.isfinite(self.loss[-1])


# What each value of run's `record` keeps of every step; the rest keeps its last entry.
RECORDS = {
    "all": ("w", "state", "loss", "seconds"),
    "w": ("w", "loss", "seconds"),
    "loss": ("loss", "seconds"),
    "last": (),
}


def run(rule, oracle, w0, batches, *, record="all", stop=None, progress=False, **hyper):
    """Follow ``rule`` from ``w0``, one update per batch.

    Parameters
    ----------
    rule : function ``(w, g, *state, t, *, hyperparameters) -> (w, *state)``
        One of `RULES`, or your own.
    oracle : function ``(w, *batch) -> (loss, gradient)``
    w0 : array, or dict of arrays
        float32 stays float32; anything else becomes float64.
    batches : iterable of tuples
        For instance `minibatches`.
    record : {"all", "w", "loss", "last"}
        What to keep of every step: weights, state and loss; weights and loss; the loss;
        nothing.  Large sweeps need no more than ``"loss"``.
    stop : function ``(w, loss) -> bool``, optional
        Asked before each update; the run ends where it is true for every member of the sweep.
    progress : bool
        Show a progress bar.
    **hyper
        A number, a schedule (a function of k, the updates made so far, from 0), or an array:
        arrays are broadcast together and their axes lead, so ``lr`` of shape (20,) follows 20
        trajectories at once.

    Returns
    -------
    Trajectory
        A run that diverges ends like any other: see `Trajectory.diverged`.

    Raises
    ------
    TypeError
        Unknown hyperparameter, or a rule or an oracle that does not return what it must.
    ValueError
        No batches, NaN in a batch, shapes that do not fit, or a setting out of its range.
    """
    require_function("run", "adam", rule=rule)
    require_function("run", "objective(linear, squared)", oracle=oracle)
    if stop is not None:
        require_function("run", "lambda w, loss: loss < 0.1", stop=stop)
    if not hasattr(batches, "__iter__"):
        raise TypeError(f"run(): batches must be tuples, as of minibatches(), not {shown(batches)}")
    if record not in tuple(RECORDS):
        raise ValueError(
            f"run(): no record {record!r}, only {', '.join(RECORDS)}" + nearest(record, RECORDS)
        )
    hyper = _complete(rule, hyper)
    schedules = {name: h for name, h in hyper.items() if callable(h)}
    first = {name: h(0) if callable(h) else h for name, h in hyper.items()}
    sweep = _broadcast(rule, {name: np.shape(h) for name, h in first.items()})
    settings = {name: _setting(rule, name, h, sweep) for name, h in first.items()}

    w = tree_map(lambda x: np.broadcast_to(_floating(x), sweep + np.shape(x)), w0)
    state = {
        name: tree_map(lambda x, value=value: np.full_like(x, value), w)
        for name, value in anatomy(rule)[0].items()
    }
    log: dict[str, list] = {name: [] for name in RECORDS[record]}

    def keep(**now):
        for name, entries in log.items():
            entries.append(now[name])

    if progress:
        from tqdm.auto import tqdm

        batches = tqdm(batches, desc=rule_name(rule), unit="step")
    batch, began = None, perf_counter()
    with np.errstate(over="ignore", invalid="ignore"):
        for k, batch in enumerate(batches):
            _require_finite(rule, batch, k)
            seconds = perf_counter() - began
            loss, g = _ask(rule, oracle, w, batch, sweep)
            if stop is not None and np.all(stop(w, loss)):
                break
            keep(w=w, state=state, loss=loss, seconds=seconds)
            for name, schedule in schedules.items():
                settings[name] = _setting(rule, name, schedule(k), sweep)
            w, state = _update(rule, w, g, state, k + 1, settings, reuse=record != "all")
        else:
            if batch is None:
                raise ValueError(f"{rule_name(rule)}(): no steps, batches is empty")
            seconds = perf_counter() - began
            loss, _ = _ask(rule, oracle, w, batch, sweep)

    def entries(name, last):
        return [*log.get(name, ()), last]

    return Trajectory(
        rule=rule_name(rule),
        hyper=hyper,
        w=_stack(entries("w", w)),
        state=_stack(entries("state", state)),
        loss=np.stack(entries("loss", loss)),
        seconds=np.array(entries("seconds", seconds)),
    )


def descend(rule, landscape, w0, steps=100, **options):
    """Follow ``rule`` down a landscape ``w (..., d) -> (value (...), gradient (..., d))``.

    Options as in `run`.  Many starts on one of `optilab.landscapes` are followed a few at a time,
    since they know nothing of each other: the same numbers, sooner.
    """
    require("descend", "a whole number from 1", steps=steps)
    w0 = np.asarray(w0)
    alone = rule in ELEMENTWISE and hasattr(landscape, "window")
    if not alone or w0.size <= BLOCK or options.keys() & {"stop", "progress"}:
        return run(rule, landscape, w0, repeat((), steps), **options)
    *many, d = w0.shape
    few = max(1, BLOCK // d)
    # one coordinate after another in memory, as a landscape reads them
    starts = np.asfortranarray(w0.reshape(-1, d))
    groups = [starts[i : i + few] for i in range(0, len(starts), few)]
    paths = [run(rule, landscape, group, repeat((), steps), **options) for group in groups]

    def join(parts, *last):
        """Put the starts of all groups side by side, and back into their shape."""
        whole = np.concatenate(parts, axis=-1 - len(last))
        return whole.reshape(*whole.shape[: -1 - len(last)], *many, *last)

    return replace(
        paths[0],
        w=join([path.w for path in paths], d),
        state={s: join([path.state[s] for path in paths], d) for s in paths[0].state},
        loss=join([path.loss for path in paths]),
        seconds=sum(path.seconds for path in paths),
    )


def step(rule, w, g, state, t=1, *, reuse=False, **hyper):
    """Make one update of an array, or of every array in a dict.

    The first step, t = 1, looks at everything it is given; the others are quick.

    Parameters
    ----------
    rule, w, g
        A rule, the weights and their gradient.
    state : dict
        The state variables by name; ``{}`` before the first step.
    t : int
        The number of this step, from 1.
    reuse : bool
        Allow a large step to write the new state over the arrays of the old one.
    **hyper
        Numbers, or arrays whose axes lead those of ``w``.

    Returns
    -------
    w, state

    Raises
    ------
    TypeError
        Unknown hyperparameter or state, or a rule that does not return what it must.
    ValueError
        Shapes that do not fit, or a setting out of its range.
    """
    if t <= 1:
        require_function("step", "adam", rule=rule)
        require("step", "at least 1", t=t)
        hyper = {name: _setting(rule, name, h) for name, h in _complete(rule, hyper).items()}
        state = _memory(rule, w, state)
    return _update(rule, w, g, state, t, hyper, reuse)


def _memory(rule, w, state):
    """Return every state variable; of those not given, the value before the first step."""
    slots = anatomy(rule)[0]
    if not (isinstance(state, dict) and state.keys() <= slots.keys()):
        given = ", ".join(state) if isinstance(state, dict) else shown(state)
        raise TypeError(
            f"{rule_name(rule)}(): the state has {given}, not {', '.join(slots) or 'nothing'}"
        )
    memory = slots | state
    if isinstance(w, dict):
        return {
            name: old if isinstance(old, dict) else tree_map(lambda _, old=old: old, w)
            for name, old in memory.items()
        }
    for name, old in memory.items():
        if not _fits(np.shape(old)[::-1], np.shape(w)[::-1]):
            raise ValueError(
                f"{rule_name(rule)}(): {name} has shape {np.shape(old)}, the weights {np.shape(w)}"
            )
    return memory


def _update(rule, w, g, state, t, settings, reuse):
    """Make a step with settings that are known to make sense."""
    if isinstance(w, dict):
        if not isinstance(g, dict) or g.keys() != w.keys():
            given = ", ".join(g) if isinstance(g, dict) else type(g).__name__
            raise ValueError(
                f"{rule_name(rule)}(): the gradient has {given}, the weights {', '.join(w)}"
            )
        new = {}
        for key in w:
            old = {s: state[s][key] for s in state}
            new[key] = _update(rule, w[key], g[key], old, t, settings, reuse)
        return {key: new[key][0] for key in w}, {
            s: {key: new[key][1][s] for key in w} for s in state
        }
    slots, _, takes_t = anatomy(rule)
    w, g = np.asarray(w), np.asarray(g)
    if g.shape != w.shape:
        raise ValueError(
            f"{rule_name(rule)}(): the gradient has shape {g.shape}, the weights {w.shape}"
        )
    settings = settings | {"t": t} if takes_t else settings.copy()
    for name, h in settings.items():
        if isinstance(h, np.ndarray):
            settings[name] = _leading(rule, name, h, w)
    if w.size > BLOCK and rule in ELEMENTWISE:
        out = _in_blocks(rule, w, g, state, settings, reuse)
    else:
        call = getattr(rule, "reusing", rule) if reuse else rule  # of compiled()
        out = call(w, g, **state, **settings)
    w_new, *values = out if isinstance(out, tuple) else (out,)
    if len(values) != len(slots):
        raise TypeError(
            f"{rule_name(rule)}() must return {returns(slots)}: "
            f"{len(slots)} state value(s) after the weights, not {len(values)}"
        )
    dtype = w.dtype if w.dtype.kind == "f" else float
    w_new = np.asarray(w_new, dtype)
    if w_new.shape != w.shape:
        raise ValueError(
            f"{rule_name(rule)}() returned weights of shape {w_new.shape}, not {w.shape}"
        )
    return w_new, {s: np.asarray(x, dtype) for s, x in zip(slots, values, strict=True)}


def _leading(rule, name, h, w):
    """Let the axes of a setting lead, and those of one weight follow."""
    if not _fits(h.shape, w.shape):
        raise ValueError(
            f"{rule_name(rule)}(): {name} has shape {h.shape}, the weights {w.shape}: "
            "its axes must be the first of theirs"
        )
    return h.reshape(h.shape + (1,) * (w.ndim - h.ndim))


def _fits(axes, whole):
    """Say whether the axes are the first ones of the whole, or 1 long."""
    return len(axes) <= len(whole) and all(n in (1, m) for n, m in zip(axes, whole, strict=False))


# Rules that may see a few of the weights at a time.  Of a rule of your own we cannot know.
ELEMENTWISE = frozenset(RULES.values())
# Elements: the temporaries of a rule stay in the cache, and below the 128 KiB from which the
# C allocator asks the system for each of them anew.
BLOCK = 10_240


def _in_blocks(rule, w, g, state, settings, reuse):
    """Call an elementwise rule on one block after another: the same numbers, sooner."""
    arrays = {name: h for name, h in settings.items() if isinstance(h, np.ndarray)}
    given = [w, g, *state.values(), *arrays.values()]
    old = [x if reuse and replaceable(x, given) else None for x in state.values()]
    dtype = np.result_type(w, 0.0)
    with np.nditer(
        [*given, None, *old],
        flags=["external_loop", "buffered"],
        # NumPy's stub has one list where the function takes one per array
        op_flags=[["readonly"]] * len(given) + [["writeonly", "allocate"]] * (1 + len(old)),  # type: ignore[arg-type]
        op_dtypes=[np.asarray(x).dtype for x in given] + [dtype] * (1 + len(old)),
        buffersize=BLOCK,
    ) as blocks:
        for block in blocks:
            here = dict(zip([*state, *arrays], block[2 : len(given)], strict=True))
            out = rule(*block[:2], **settings | here)
            for target, value in zip(
                block[len(given) :], out if isinstance(out, tuple) else (out,), strict=True
            ):
                target[...] = value
        return blocks.operands[len(given) :]


def replaceable(x, given):
    """Say whether a step may write over x, of all it is given: an array like w, and no other's."""
    w = given[0]
    return (
        isinstance(x, np.ndarray)
        and (x.dtype, x.shape, x.flags.carray) == (w.dtype, w.shape, True)
        and sum(np.may_share_memory(x, other) for other in given) == 1
    )


@cache
def anatomy(rule):
    """Read a rule's signature: ``(state defaults, hyperparameter defaults, takes t?)``."""
    params = list(inspect.signature(rule).parameters.values())
    hyper = {p.name: p.default for p in params if p.kind is p.KEYWORD_ONLY}
    slots = {p.name: p.default for p in params[2:] if p.kind is not p.KEYWORD_ONLY}
    takes_t = slots.pop("t", None) is not None
    for name, start in slots.items():
        if start is inspect.Parameter.empty:
            raise TypeError(
                f"{rule_name(rule)}(): {name!r} has no starting value; memory needs one "
                f"({name}=0.0), and settings such as lr stand after a *"
            )
    return slots, hyper, takes_t


def returns(slots):
    """Say what a rule with these state variables returns."""
    return f"({', '.join(['w', *slots])})" if slots else "w"


def rule_name(rule):
    """Return the name of a rule, or of the rule inside a `functools.partial`."""
    return getattr(rule, "func", rule).__name__


def _complete(rule, hyper):
    """Return all hyperparameters, the defaults included."""
    slots, defaults, _ = anatomy(rule)
    for name in hyper:
        if name in slots:
            raise TypeError(
                f"{rule_name(rule)}(): {name!r} stands before the *, among the memory; "
                "settings stand after it"
            )
        if name not in defaults:
            raise TypeError(
                f"{rule_name(rule)}() has no hyperparameter {name!r}, "
                f"only {', '.join(defaults) or 'none'}{nearest(name, defaults)}"
            )
    complete = defaults | hyper
    for name, h in complete.items():
        if h is inspect.Parameter.empty:
            raise TypeError(f"{rule_name(rule)}() needs a value for {name!r}")
    return complete


def _broadcast(rule, shapes):
    """Return the axes of the sweep."""
    try:
        return np.broadcast_shapes(*shapes.values())
    except ValueError:
        swept = {name: shape for name, shape in shapes.items() if shape}
        raise ValueError(
            f"{rule_name(rule)}(): sweeps of {', '.join(f'{n} {s}' for n, s in swept.items())} "
            f"do not fit together; {next(iter(swept))}[:, None] would try all pairs"
        ) from None


# What a hyperparameter of this name may be, in every rule.
WORDS = {
    **dict.fromkeys(("lr", "eps", "wd", "psi"), "at least 0"),
    **dict.fromkeys(("beta", "beta1", "beta2"), "in [0, 1)"),
}


def _setting(rule, name, h, sweep=()):
    """Check a value and put the axes of the sweep first; a number stays a number."""
    require(rule_name(rule), WORDS.get(name, "a number"), **{name: h})
    h = np.asarray(h)
    return h.reshape((1,) * (len(sweep) - h.ndim) + h.shape) if h.ndim else h.item()


def _ask(rule, oracle, w, batch, sweep):
    """Return the oracle's loss and gradient."""
    answer = oracle(w, *batch)
    if not (isinstance(answer, tuple) and len(answer) == 2):
        raise TypeError(f"{rule_name(rule)}(): the oracle must return (loss, gradient)")
    loss, g = answer
    if np.shape(loss)[: len(sweep)] != sweep:
        raise ValueError(
            f"{rule_name(rule)}(): the loss has shape {np.shape(loss)}, "
            f"but the axes {sweep} of the sweep come first"
        )
    return loss, g


def _floating(x):
    x = floats("w0", x)
    return x if x.dtype == np.float32 else x.astype(float, copy=False)


def _stack(trees):
    return tree_map(lambda *leaves: np.stack(leaves), *trees)


def _require_finite(rule, batch, k):
    """Name the first NaN or infinity of a batch: no rule can learn from it."""
    if not isinstance(batch, tuple | list):
        raise TypeError(
            f"{rule_name(rule)}(): batch {k} must be a tuple such as (X, y), "
            f"not {type(batch).__name__}"
        )
    for i, array in enumerate(map(np.asarray, batch)):
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            index = tuple(map(int, np.argwhere(~np.isfinite(array))[0]))
            raise ValueError(
                f"{rule_name(rule)}(): batch {k} holds {array[index]} in array {i} at {index}"
            )
