"""Tests that are judged outside of the submission's kernel: no submission raises its own grade."""

import copy
import textwrap

import numpy as np
import pytest
from course import mark, save
from nbformat.v4 import new_code_cell, new_notebook, new_output

from optilab.checks import EXERCISES, Incorrect, check, grade
from optilab.checks.diagnosis import rounds
from optilab.checks.observing import Outcome, Seen, look
from optilab.checks.telling import MIME, packed, unpacked
from optilab.grading import judge

RIGHT = "def gd_step(w, g, lr):\n    return w - lr * g"
WRONG = RIGHT.replace("-", "+")
TESTS = {
    "visible": 'from optilab.checks import check\n\ncheck("gd_step", gd_step)',
    "hidden": 'from optilab.checks import grade\n\ngrade("gd_step", gd_step, points=2)',
}


def notebook(*answers):
    """Return the notebook of an assignment with two tests; of several answers the first is a."""
    cells = [new_code_cell("import numpy as np", id="start")]
    cells += [
        new_code_cell(source, id=name, metadata=mark(name, grade=False, solution=True))
        for name, source in zip("ab", answers, strict=False)
    ]
    cells += [
        new_code_cell(source, id=name, metadata=mark(name, locked=True, points=2))
        for name, source in TESTS.items()
    ]
    return new_notebook(cells=cells)


# Cells that a submission adds to a wrong answer.
ATTACKS = {
    "nothing else": "",
    "its own check": """
        import optilab.checks
        def fine(*_, **__): print("gd_step: correct.")
        check = grade = optilab.checks.check = optilab.checks.grade = fine
    """,
    "its own comparison": """
        from optilab.checks import diagnosis, engine, observing
        diagnosis.same = observing.same = lambda *_: True
        diagnosis.diagnose = lambda *_, **__: None
        engine.close = observing.close = diagnosis.close = lambda *_: True
    """,
    "its own NumPy": """
        np.testing.assert_allclose = lambda *_, **__: None
        np.isnan = np.abs = lambda x: np.ones(np.shape(x), bool)
    """,
    "its own builtins": """
        import builtins
        zip = any = all = abs = lambda *_: ()
        builtins.any = lambda *_: False
    """,
    "cells that become pass": """
        get_ipython().input_transformers_cleanup.append(lambda lines: ["pass\\n"])
    """,
    "syntax that becomes pass": """
        import ast
        class Nothing(ast.NodeTransformer):
            def visit_Module(self, node): return ast.Module([ast.Pass(lineno=1, col_offset=0,
                end_lineno=1, end_col_offset=4)], [])
        get_ipython().ast_transformers.append(Nothing())
    """,
    "a hook before each cell": """
        get_ipython().events.register("pre_run_cell", lambda info: setattr(info, "raw_cell", "1"))
    """,
    "points of its own": """
        import sys
        def gd_step(w, g, lr):
            sys.displayhook(2)
            return w + lr * g
    """,
    "points as a result": """
        def gd_step(w, g, lr):
            get_ipython().displayhook(2)
            get_ipython().run_cell("2")
            return w + lr * g
    """,
    "all that can be told": """
        import optilab.checks.telling
        def told(*_):
            seen = {"outcomes": [], "draws": False, "slow": False}
            get_ipython().display_pub.publish({optilab.checks.telling.MIME: seen})
        optilab.checks.telling.tell = told
    """,
    "what cannot be told": """
        import optilab.checks.telling
        optilab.checks.telling.tell = lambda *_: get_ipython().display_pub.publish(
            {optilab.checks.telling.MIME: [1, "x", None]})
    """,
    "no answer": """
        import optilab.checks.telling
        optilab.checks.telling.tell = lambda *_: print("correct on fresh cases")
    """,
    "an array that says yes": """
        class Yes(np.ndarray):
            def __array_function__(self, *_): return True
            def __array_ufunc__(self, *_, **__): return True
            def __eq__(self, other): return True
        def gd_step(w, g, lr): return (w + lr * g).view(Yes)
    """,
    "a rewriting debugger": """
        import sys
        def trace(frame, *_):
            if "wanted" in frame.f_locals: frame.f_locals["wanted"] = frame.f_locals.get("seen")
            return trace
        sys.settrace(trace)
    """,
    "tests that are skipped": "",
    "answers of the visible cases": """
        from optilab.checks import EXERCISES
        from optilab.checks.diagnosis import rounds
        exercise = EXERCISES["gd_step"]
        known = {str(case): exercise.reference(*case) for case in next(rounds(exercise))}
        def gd_step(w, g, lr): return known.get(str((w, g, lr)), w)
    """,
}


def test_no_submission_raises_its_own_grade(course):
    save(
        course, "solutions", double=notebook("### BEGIN SOLUTION\n" + RIGHT + "\n### END SOLUTION")
    )
    for i, attack in enumerate(ATTACKS.values()):
        tried = notebook(WRONG + "\n" + textwrap.dedent(attack))
        for cell in tried.cells[-2:]:
            cell.metadata["tags"] = ["skip-execution", "raises-exception"]
            cell.outputs = [new_output("execute_result", {"text/plain": "2"})]
        save(course, f"submitted/{i:02}", double=tried)
    save(course, "submitted/right", double=notebook(RIGHT))
    save(course, "submitted/float32", double=notebook(RIGHT.replace("return", "return 0 +")))
    course.grade()
    scores = {name: float(score or 0) for name, (_, score) in course.results().items()}
    assert scores.pop("right") == scores.pop("float32") == 4
    known = scores.pop(f"{list(ATTACKS).index('answers of the visible cases'):02}")
    assert known <= 2, "what is known of the visible cases does not help in the hidden ones"
    assert set(scores.values()) == {0}, dict(zip(ATTACKS, scores.values(), strict=False))


HALF = """
def gd_step(w, g, lr):
    w -= lr * g
    return w

import optilab.checks.telling
from IPython.display import display
tell = optilab.checks.telling.tell
def telling(*asked):
    for i in range(9):
        display({"text/plain": "x"}, raw=True, display_id=f"d{i}")
    tell(*asked)
optilab.checks.telling.tell = telling
"""
LATER = """
from IPython.display import update_display
for i in range(9):
    update_display({"text/plain": "2"}, raw=True, display_id=f"d{i}")
"""


def test_a_test_that_can_be_cheated_is_named(course):
    mixed = notebook(f"### BEGIN SOLUTION\n{RIGHT}\n### END SOLUTION")
    own = "assert gd_step(1, 1, 1) == 0"
    mixed.cells.append(new_code_cell(own, id="own", metadata=mark("own", locked=True, points=1)))
    save(course, "solutions", double=mixed)
    save(course, "submitted/ada", double=mixed)
    said = course.grade().output
    assert "so a submission can cheat there: own\n" in said
    assert course.results() == {"ada": ("graded", "5.0")}


def test_half_of_the_points_stay_half(course):
    save(course, "solutions", double=notebook(f"### BEGIN SOLUTION\n{RIGHT}\n### END SOLUTION"))
    tried = notebook(HALF)
    tried.cells.append(new_code_cell(LATER, id="later"))
    save(course, "submitted/ada", double=tried)
    course.grade()
    assert course.results() == {"ada": ("graded", "1.0")}


@pytest.mark.parametrize(
    "source, found",
    {
        TESTS["visible"]: [("check", "gd_step", "gd_step", {})],
        TESTS["hidden"]: [("grade", "gd_step", "gd_step", {"points": 2})],
        "# nothing to do\ncheck('a', f, hint=2)\ngrade('b', g)": [
            ("check", "a", "f", {"hint": 2}),
            ("grade", "b", "g", {}),
        ],
        "assert f(1) == 2": [],
        "check('a', f)\nassert f(1) == 2": [],
        "check('a', f); import os": [],
        "check(name, f)": [],
        "check('a', f())": [],
        "check('a', f, hint=f())": [],
        "%timeit f(1)": [],
        "": [],
    }.items(),
)
def test_a_cell_of_nothing_but_checks_is_judged(source, found):
    assert judge.tests(source) == found


def test_a_misspelt_test_is_no_learners_fault():
    for cell in ("check('gd_stepp', gd_step)", "check('gd_step', gd_step, hints=2)"):
        with pytest.raises((ValueError, TypeError), match=r"gd_stepp|hints"):
            judge.judged(judge.tests(cell), lambda _: [])


def test_of_errors_the_last_speaks():
    """Where time ran out, the kernel tells of an interrupt, and nbclient of the reason."""
    outputs = [
        new_output(
            "error", ename="KeyboardInterrupt", evalue="", traceback=["KeyboardInterrupt: "]
        ),
        new_output("error", ename="TimeoutError", evalue="", traceback=["TimeoutError: stopped"]),
    ]
    (error,) = judge.judged(judge.tests(TESTS["visible"]), lambda _: outputs)
    assert error.traceback == ["TimeoutError: stopped"]


def test_long_text_is_cut():
    (told,) = unpacked(packed(Seen([Outcome(result=np.array(["a" * 9000]))]))).outcomes
    assert told.result.tolist() == ["a" * 2000]


def test_what_is_told_arrives_exactly():
    """Also of functions that print, change their arguments, draw, or return what makes no array."""

    def drawn(*_):
        return np.random.rand(3)  # noqa: NPY002 - as learners do

    for name in ("gd_step", "classify", "sgd", "backtracking"):
        exercise = EXERCISES[name]
        for function in (exercise.reference, lambda *a: (1, [2, 3]), drawn):
            cases = next(rounds(exercise, 1))
            seen = look(exercise, function, cases)
            told = unpacked(packed(seen))
            assert told.draws == seen.draws
            for got, want in zip(told.outcomes, seen.outcomes, strict=True):
                np.testing.assert_equal(got._asdict(), want._asdict())


TOLD = packed(Seen([Outcome(result=np.ones(2), calls={"f": 1})]))


@pytest.mark.parametrize(
    "key, value",
    [
        ("dtype", "O"),
        ("dtype", "V8"),
        ("dtype", "M8[s]"),
        ("dtype", "<c16"),
        ("dtype", "<U999999999"),
        ("dtype", "f8, f8"),
        ("dtype", f"({'1,' * 1_000_000})f8"),
        ("dtype", None),
        ("shape", [3]),
        ("shape", [2**40, 2**40]),
        ("shape", "2"),
        ("shape", None),
        ("data", "AAAA"),
        ("data", "no base64!"),
        ("data", None),
    ],
)
def test_what_is_no_array_is_refused(key, value):
    told = copy.deepcopy(TOLD)
    told["outcomes"][0]["result"][key] = value
    with pytest.raises((ValueError, TypeError)):
        unpacked(told)
    wrong = new_output("display_data", {MIME: told})
    for source in TESTS.values():
        *_, error = judge.judged(judge.tests(source), lambda _: [wrong])
        assert (error.output_type, error.ename) == ("error", "Unreadable")


@pytest.mark.parametrize("judging", [check, grade])
def test_the_sentence_is_that_of_the_notebook(judging):
    """Of the same function the judge says what the check in its own process says."""
    for source in (WRONG, "def gd_step(w, g, lr): pass", "def gd_step(w, g, lr): return 1 / 0"):
        scope = {}
        exec(source, scope)

        def ask(line, scope=scope):
            seed, turn, most = (eval(part) for part in line.strip(")").split(", ")[-3:])
            cases = [*rounds(EXERCISES["gd_step"], seed)][turn][:most]
            seen = look(EXERCISES["gd_step"], scope["gd_step"], cases)
            return [new_output("display_data", {MIME: packed(seen)})]

        settings = {"seed": 3} if judging is grade else {}
        with pytest.raises(Incorrect) as here:
            judging("gd_step", scope["gd_step"], **settings)
        test = judge.Test(judging.__name__, "gd_step", "gd_step", settings)
        assert judge.judged([test], ask)[-1].evalue == str(here.value)
