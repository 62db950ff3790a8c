"""From the outcomes of a learner's function to the name of the mistake.

Where an answer differs from the reference, it is compared with each edited reference, and then
with two edits at once; the one that behaves the same names the mistake.
"""

import difflib
from collections.abc import Sequence
from functools import cache
from itertools import chain, combinations, islice
from typing import NamedTuple

import numpy as np

from optilab.checks.engine import RAGGED, close, edited, edited_code, example_case
from optilab.checks.observing import Outcome, form, look, observe, same, where
from optilab.source import code_of

# Half of the points where the numbers come out right in so many of the cases.
MOSTLY = 2 / 3
# For two mistakes at once, which together may loop for ever.
PAIR_SECONDS = 0.05
MOST_PAIRS = 1500  # in a quarter of a second


class Diagnosis(NamedTuple):
    """What is wrong with a function, from the symptom to the line; or in which form it is right.

    Attributes
    ----------
    symptom : str
        What is to be seen, without a number that gives the answer away.
    suspects : tuple of str
        The sentences of the mistakes that do the same: one, or two that were made together.
    lines : tuple of str
        The lines of the reference that those mistakes change.
    accepted : bool
        Whether the function is right, in the form that the suspect names.
    besides : str
        The error at a single number, of a function that is wrong elsewhere too.
    share : float
        Of the points.
    first : int
        The case that differs first, among
    cases, seen, wanted : sequences
        the arguments, what came out and what should.
    """

    symptom: str
    suspects: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    accepted: bool = False
    besides: str = ""
    share: float = 0.0
    first: int = 0
    cases: Sequence[tuple] = ()
    seen: Sequence[Outcome] = ()
    wanted: Sequence[Outcome] = ()


def rounds(exercise, seed=None):
    """Yield the cases to try; then more, on which a mistake must show as well before it is named.

    Parameters
    ----------
    exercise : Exercise
    seed : int, optional
        Without one they are those of the visible check: the examples, and the same every time.
    """
    rng = np.random.default_rng(seed or 0)
    examples = exercise.examples if seed is None else ()
    examples = [example_case(exercise, example) for example in examples]
    yield [*examples, *exercise.cases(rng)]
    # A function without arguments has said all that it can say.
    yield [case for case in (*exercise.cases(rng), *exercise.cases(rng)) if case]


def diagnose(exercise, function, rounds, pairs=True):
    """Return a `Diagnosis`, or None for a function that is right in every case.

    Parameters
    ----------
    exercise : Exercise
    function : the learner's
    rounds : iterator of lists of argument tuples
        As of `rounds`.
    pairs : bool
        Look for two mistakes at once, which takes longer than all the rest.
    """
    cases = next(rounds)
    seen, draws, slow = look(exercise, function, cases)
    if seen[-1].late:
        return _complaint(seen[-1].error, cases[len(seen) - 1])
    wanted = [observe(exercise, exercise.reference, case) for case in cases]
    wrong = [not same(exercise, *pair) for pair in zip(seen, wanted, strict=True)]
    if not any(wrong):
        helps = "Draw from rng." if "rng" in exercise.parameters else "Nothing here needs chance."
        said = f"It draws from np.random, or seeds it, which all code shares. {helps}"
        return _complaint(said, cases[0]) if draws else None
    alone = [_at_a_number(*pair) for pair in zip(seen, cases, strict=True)]
    first = next((i for i, bad in enumerate(wrong) if bad and not alone[i]), wrong.index(True))
    right = [
        not got.error and exercise.close(got.result, want.result)
        for got, want in zip(seen, wanted, strict=True)
    ]
    found = Diagnosis(
        symptom=first_difference(exercise, cases[first], seen[first], wanted[first]),
        besides="" if seen[first].error else next(filter(None, alone), ""),
        share=0.5 if np.mean(right) >= MOSTLY else 0.0,
        first=first,
        cases=cases,
        seen=seen,
        wanted=wanted,
    )

    @cache
    def more():
        fresh = next(rounds)[: 1 if slow else None]
        # One that stopped is asked no more, and what is not known speaks for nobody.
        return list(zip(look(exercise, function, fresh).outcomes, fresh, strict=False))

    def evidence():
        # The first wrong case comes first: most suspects are cleared there, and few need more.
        yield seen[first], cases[first]
        yield from zip(seen, cases, strict=True)
        yield from more()

    for sentences, other in _suspects(exercise, pairs and not seen[first].error):
        seconds = PAIR_SECONDS if len(sentences) == 2 else None
        if all(
            same(exercise, got, observe(exercise, other, case, seconds))
            for got, case in evidence()
            if not (found.besides and _at_a_number(got, case))
        ):
            accepted = exercise.accepted.keys() >= set(sentences) and not found.besides
            edits = exercise.accepted | exercise.mistakes
            made = dict(chain(*(edits[sentence].items() for sentence in sentences)))
            return found._replace(
                suspects=sentences,
                lines=changed_lines(exercise.reference, made)[0],
                accepted=accepted,
                share=1.0 if accepted else found.share,
            )
    return found


def _at_a_number(got, case):
    """Return the error of a function that stops at a single number, as a loop over entries does."""
    return got.error if any(isinstance(x, np.ndarray) and not x.ndim for x in case) else ""


def _complaint(said, case):
    """Return the diagnosis of a function that is stopped or told before anything is compared."""
    return Diagnosis(said, cases=[case], seen=[Outcome(said)], wanted=[Outcome()])


def _suspects(exercise, pairs):
    """Yield sentences and the function that they describe: each form and mistake, then pairs."""
    edits = exercise.accepted | exercise.mistakes
    one = ((sentence,) for sentence in edits)
    right = combinations(exercise.accepted, 2)
    wrong = combinations([*exercise.mistakes, *exercise.accepted] if pairs else (), 2)
    for sentences in chain(one, right, islice(wrong, MOST_PAIRS)):
        other = _suspect(exercise.reference, *(tuple(edits[s].items()) for s in sentences))
        if other is not None:
            yield sentences, other


@cache
def _suspect(reference, *edits):
    """Return the edited reference; None if two edits are after the same words."""
    both = dict(chain(*edits))
    if len(both) < sum(map(len, edits)):
        return None
    try:
        return edited(reference, both)
    except (LookupError, SyntaxError):
        if len(edits) == 1:
            raise
        return None


def changed_lines(reference, edits):
    """Return the lines of the reference that the edits take away, and those that they put there."""
    codes = (code_of(reference).splitlines(), edited_code(reference, edits).splitlines())
    lines = list(difflib.ndiff(*codes))
    return tuple(
        tuple(line[2:].strip() for line in lines if line.startswith(sign)) for sign in ("- ", "+ ")
    )


def first_difference(exercise, case, seen, wanted):
    """Say where an outcome parts from the wanted one, without giving a number away."""
    if seen.error == RAGGED:
        return f"It returns {seen.form}, not {wanted.form}{where(exercise, case)}."
    if seen.error:
        return seen.error
    for name, x in wanted.arguments.items():
        if not close(seen.arguments[name], x):
            return f"You changed {name} in place (as {name} -= ... does). Make a new array."
    got, want = seen.result, wanted.result
    if exercise.close(got, want):
        name = next(name for name in wanted.calls if seen.calls[name] != wanted.calls[name])
        return f"{name} is called {seen.calls[name]} times; {wanted.calls[name]} are needed."
    if got.dtype.kind == "U" != want.dtype.kind:
        return f"It returns text, {shown(got)}, where numbers are asked for."
    if want.dtype.kind == "U":
        what = shown(got)
        if want.ndim and got.shape == want.shape:
            index = first_entry(exercise, got, want)
            what, got, want = entry(exercise, index), got[index], want[index]
        near = difflib.get_close_matches(str(got), [str(want)], cutoff=0.8)
        return f"{what} is {'misspelt' if near else 'not the answer'}{where(exercise, case)}."
    if got.shape != want.shape:
        return f"It returns {form(got)}, not {form(want)}{where(exercise, case)}."
    if got.dtype.kind in "iu" and want.dtype.kind == "f" and (np.abs(got - want) < 1).all():
        return "It returns whole numbers. Is there a // or an array of integers?"
    index = first_entry(exercise, got, want)
    x, y = got[index], want[index]
    if not np.isfinite(x):
        fault = f"is {x}"
    elif want.dtype.kind == "b":
        fault = "is wrong"
    elif x * y < 0:
        fault = "has the wrong sign"
    else:
        fault = "is too small" if abs(x) < abs(y) else "is too large"
    return f"{entry(exercise, index)} {fault}{where(exercise, case)}."


def first_entry(exercise, got, want):
    """Return the index of the first entry that is wrong, were all others right."""
    # float32 stays: it is compared as such.
    dtype = got.dtype if got.dtype == np.float32 else np.result_type(got, want)

    def wrong(index):
        one = want.astype(dtype)
        one[index] = got[index]
        return not exercise.close(one, want)

    return next(filter(wrong, np.ndindex(want.shape)))


def shown(result):
    """Return a result as one short line."""
    if result.dtype.kind == "f":
        result = result.round(6)
    text = str(result.tolist()) if result.dtype.kind != "U" else repr(str(result))
    return text if len(text) <= 80 else text[:77] + "..."


def entry(exercise, index):
    """Name an entry of a result."""
    if not index:
        return "The number"
    if exercise.labels:
        return exercise.labels[index[0]]
    if parts := getattr(exercise.trial, "parts", ()):
        step, part = divmod(index[0], len(parts))
        return f"{parts[part]} after step {step + 1}"
    return f"The first wrong entry, [{', '.join(map(str, index))}],"
