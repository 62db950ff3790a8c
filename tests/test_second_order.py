"""Wrong answers that nobody wrote down: pairs of mistakes, and random edits of the references.

None passes unless it behaves as the reference does, and no sentence is false: what is named was
made, or behaves as the answer does, also in cases that the diagnosis has not seen.

``python tests/test_second_order.py`` prints the counts.
"""

import ast
import copy
from collections import Counter
from itertools import chain, combinations

import numpy as np
import pytest

from optilab.checks import EXERCISES, observing
from optilab.checks.diagnosis import diagnose, rounds
from optilab.checks.engine import edited, run_source
from optilab.checks.observing import observe, same
from optilab.source import code_of

SWAPS = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Pow: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.And: ast.Or,
    ast.Or: ast.And,
}


def changes(node, names):
    """Yield ``(field, value)`` for each small change of a node."""
    match node:
        case ast.BinOp(op=op) | ast.BoolOp(op=op) if type(op) in SWAPS:
            yield "op", SWAPS[type(op)]()
        case ast.Compare(ops=[op]) if type(op) in SWAPS:
            yield "ops", [SWAPS[type(op)]()]
        case ast.Constant(value=int() | float() as x) if not isinstance(x, bool):
            yield from (("value", y) for y in (x + 1, x - 1, 2 * x) if y != x)
        case ast.Name(id=name, ctx=ast.Load()) if name in names:
            yield from (("id", other) for other in names if other != name)


def variants(exercise):
    """Return the reference's source with one small change, in every way."""
    tree = ast.parse(code_of(exercise.reference))
    found = []
    for i, node in enumerate(ast.walk(tree)):
        for field, value in changes(node, exercise.parameters):
            other = copy.deepcopy(tree)
            setattr(list(ast.walk(other))[i], field, value)
            found.append(ast.unparse(other))
    return found


def random_edits(rng, n):
    """Draw ``n`` functions with one small change each."""
    every = [(e, source) for e in EXERCISES.values() for source in variants(e)]
    for i in rng.choice(len(every), n, replace=False):
        exercise, source = every[i]
        yield exercise, run_source(exercise.reference, source), [source]


def random_pairs(rng, n):
    """Draw ``n`` functions with two of the known mistakes."""
    every = [
        (e, pair)
        for e in EXERCISES.values()
        for pair in combinations(e.mistakes.values(), 2)
        if not set(pair[0]) & set(pair[1])
    ]
    drawn = 0
    for i in rng.permutation(len(every)):
        exercise, pair = every[i]
        try:
            other = edited(exercise.reference, dict(chain(*(edits.items() for edits in pair))))
        except (LookupError, SyntaxError):
            continue  # the first leaves the second nothing to change
        yield exercise, other, pair
        drawn += 1
        if drawn == n:
            return


def alike(exercise, one, other, rng):
    """Say whether two functions behave the same in fresh cases."""
    cases = chain(*(exercise.cases(rng) for _ in range(5)))
    return all(
        same(exercise, *(observe(exercise, f, case) for f in (one, other))) for case in cases
    )


def verdict(exercise, function, seed, made):
    """Return what the hidden check makes of a function, and whether it is true.

    A mistake that was made may be named alone: it may hide the other.
    """
    rng = np.random.default_rng(seed)
    found = diagnose(exercise, function, rounds(exercise, seed))
    if found is None:
        return "passes", alike(exercise, function, exercise.reference, rng)
    if not found.suspects:
        return "first difference", True
    edits = exercise.accepted | exercise.mistakes
    named = edited(
        exercise.reference, dict(chain(*(edits[sentence].items() for sentence in found.suspects)))
    )
    kind = "accepted" if found.accepted else f"named, {len(found.suspects)}"
    if all(edits[sentence] in made for sentence in found.suspects):
        return kind, True
    return kind, alike(exercise, function, named, rng)


DRAWS = {"pairs": (random_pairs, 300), "edits": (random_edits, 500)}


def judged(kind):
    """Yield exercise, what was done to it, and the verdict, for every function drawn."""
    draw, n = DRAWS[kind]
    for seed, (exercise, function, what) in enumerate(draw(np.random.default_rng(0), n)):
        yield exercise.name, what, *verdict(exercise, function, seed, what)


# The clock that stops a suspect may ring in a finalizer of Python's; it rings again.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("kind", DRAWS)
def test_no_wrong_answer_passes_and_no_sentence_is_false(kind, monkeypatch):
    monkeypatch.setattr(observing, "MOST_SECONDS", 0.3)
    verdicts = list(judged(kind))
    assert len(verdicts) == DRAWS[kind][1]
    assert [(name, what, said) for name, what, said, true in verdicts if not true] == []


if __name__ == "__main__":
    observing.MOST_SECONDS = 0.3
    for kind in DRAWS:
        print(kind, dict(Counter(said for *_, said, true in judged(kind))))
