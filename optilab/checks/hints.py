"""What a visible check says: the symptom, then the suspect, then the line of the formula."""

import re

import numpy as np

from optilab.checks.diagnosis import entry, first_entry, shown

# What a sentence says of all the rest, which is not so if there are two mistakes.
REST = re.compile(r"^[^.:;]*\b(is|are) right[,.;] (but )?|^(One|Two) bugs? (is|are) left: ")


def told(exercise, found, hint):
    """Yield the lines that a check prints of a `Diagnosis`."""
    name = exercise.name
    yield f"{name}: {found.symptom if hint == 1 or not found.suspects else suspicion(found)}"
    if found.besides:
        yield f"Besides: {found.besides}"
    if found.seen[found.first].error and not found.suspects:
        return
    yield from _factor(exercise, found)
    yield from _by_hand(exercise, found)
    if hint == 1:
        yield f'What does that? check("{name}", {name}, hint=2)'
    elif hint == 2:
        if not found.suspects:
            yield "None of the mistakes that this check knows, and no two that it tried."
        yield f'Where is it? check("{name}", {name}, hint=3)'
    else:
        yield from (f"The line to look at: {line}" for line in found.lines)
        yield from _numbers(exercise, found)


def suspicion(found):
    """Return the sentence of the mistake, or of two that were made together."""
    if len(found.suspects) == 1:
        return found.suspects[0]
    one, other = (REST.sub("", sentence) for sentence in found.suspects)
    return f"Two things at once. One: {one} The other: {other}"


def _factor(exercise, found):
    """Say by which factor a step, or a whole result, is off."""
    got, want, case = _first(found)
    if got.shape != want.shape or {got.dtype.kind, want.dtype.kind} - set("fiu"):
        return
    if hasattr(exercise.trial, "parts") and want.ndim:
        got, want = got[0], want[0]
    what = "Your result"
    w = np.asarray(dict(zip(exercise.parameters, case, strict=True)).get("w"))
    if w.ndim and w.shape == want.shape:
        what, got, want = "Your step", got - w, want - w
    if want.size < 2 or not want.all() or not np.isfinite(got).all():
        return
    ratio = got / want
    if np.ptp(ratio) <= 1e-6 * np.abs(ratio).max() and abs(ratio.mean() - 1) > 1e-6:
        yield f"{what} is {ratio.mean():.3g} times what it should be."


def _by_hand(exercise, found):
    """Show the first example that comes out wrong: a check tries them first."""
    for example, got, want in zip(exercise.examples, found.seen, found.wanted, strict=False):
        if not got.error and not exercise.close(got.result, want.result):
            call = f"{exercise.name}({example})"
            yield f"{call} is {shown(want.result)}; yours gives {shown(got.result)}."
            return


def _numbers(exercise, found):
    """Show the first wrong entry and the arguments that lead to it."""
    got, want, case = _first(found)
    if got.shape != want.shape or exercise.close(got, want):
        return
    if (got.dtype.kind == "U") != (want.dtype.kind == "U"):
        return
    index = first_entry(exercise, got, want)
    if want.dtype.kind != "U":
        yield f"{entry(exercise, index)} should be {want[index]:.6g}; yours is {got[index]:.6g}."
    given = [
        f"{name} = {shown(np.asarray(x))}"
        for name, x in zip(exercise.parameters, case, strict=True)
        if not isinstance(x, list) and np.asarray(x).dtype.kind in "biufU"
    ]
    if given:
        yield f"That is with {', '.join(given)}."


def _first(found):
    """Return the first case that differs: what came out, what should, and the arguments."""
    i = found.first
    return found.seen[i].result, found.wanted[i].result, found.cases[i]
