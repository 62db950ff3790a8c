"""The mutant gate: every mistake fails, and is named as itself.

``python tests/test_mutants.py`` prints the table.
"""

import contextlib
import io
from functools import partial

import numpy as np
import pytest
from natural import NATURAL
from test_checks import written

from optilab.checks import EXERCISES, Incorrect, check, grade
from optilab.checks.engine import edited, edited_code
from optilab.checks.observing import observe
from optilab.source import code_of

SEEDS = range(3)
every_exercise = pytest.mark.parametrize("exercise", EXERCISES.values(), ids=list(EXERCISES))


def verdicts(exercise, function):
    """Return what the visible check and the hidden ones suspect; "" where they pass."""
    said = []
    hidden = (partial(grade, seed=seed) for seed in SEEDS)
    for call in (partial(check, hint=2), *hidden):
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                call(exercise.name, function)
        except Incorrect as incorrect:
            said.append(str(incorrect))
        else:
            said.append("")
    return said


def gate(exercise):
    """Return the mistakes of an exercise, those that every check kills, those that each names."""
    said = {
        sentence: verdicts(exercise, edited(exercise.reference, edits))
        for sentence, edits in exercise.mistakes.items()
    }
    killed = {sentence for sentence, lines in said.items() if all(lines)}
    named = {
        sentence
        for sentence, lines in said.items()
        if all(line.startswith(f"{exercise.name}: {sentence}") for line in lines)
    }
    return set(said), killed, named


@every_exercise
def test_every_mistake_is_named_as_itself(exercise):
    mistakes, killed, named = gate(exercise)
    assert len(mistakes) >= 6
    assert mistakes == killed
    assert mistakes == named


@pytest.mark.parametrize(
    "name, source", [(name, source) for name, forms in NATURAL.items() for source in forms]
)
def test_a_natural_form_is_named(name, source):
    """A mistake is named in the words of a learner, too, not only as an edit of the reference."""
    for said in verdicts(EXERCISES[name], written(source)):
        assert NATURAL[name][source] in said


@pytest.mark.parametrize("first, second", [("adam", "adam_path"), ("soft_threshold", "prox_step")])
def test_an_answer_that_calls_another_is_judged_without_its_mistakes(first, second):
    """They cost points where that one was asked for, and an accepted form costs none."""
    called, calls = EXERCISES[first], EXERCISES[second]
    for edits in [*called.accepted.values(), *called.mistakes.values()]:
        scope = {"np": np}
        exec(edited_code(called.reference, edits) + "\n" + code_of(calls.reference), scope)
        own = scope[first]
        assert not any(verdicts(calls, scope[second]))
        assert scope[first] is own
    for sentence, edits in calls.mistakes.items():
        if "ADAMS" not in str(edits):
            exec(edited_code(calls.reference, edits), scope)
            assert all(sentence in said for said in verdicts(calls, scope[second]))


@every_exercise
def test_every_accepted_form_passes_and_is_named(exercise, capsys):
    for sentence, edits in exercise.accepted.items():
        form = edited(exercise.reference, edits)
        assert not any(verdicts(exercise, form))
        check(exercise.name, form)
        assert capsys.readouterr().out == f"{exercise.name}: correct. {sentence}\n"


@every_exercise
def test_the_reference_passes_with_finite_results(exercise):
    assert not any(verdicts(exercise, edited(exercise.reference, {})))
    for seed in range(20):
        for case in exercise.cases(np.random.default_rng(seed)):
            seen = observe(exercise, exercise.reference, case)
            assert not seen.error
            assert seen.result.dtype.kind == "U" or np.isfinite(seen.result).all()


@every_exercise
def test_no_sentence_gives_the_answer_away(exercise):
    """A sentence may point at a part of the formula, never spell out a line."""
    _, *body = code_of(exercise.reference).splitlines()
    answers = [line.strip().removeprefix("return ") for line in body]
    for sentence in exercise.mistakes:
        assert not [line for line in answers if " " in line and line in sentence]


def test_an_edit_that_no_longer_applies_is_reported():
    with pytest.raises(LookupError, match="'w / lr' is not in gd_step"):
        edited(EXERCISES["gd_step"].reference, {"w / lr": "w"})


if __name__ == "__main__":
    table = {name: [len(part) for part in gate(exercise)] for name, exercise in EXERCISES.items()}
    table["all"] = np.sum(list(table.values()), axis=0).tolist()
    print(f"{'exercise':20} {'mutants':>8} {'killed':>8} {'named':>8}")
    for name, counts in table.items():
        print(f"{name:20}", *(f"{count:8}" for count in counts))
