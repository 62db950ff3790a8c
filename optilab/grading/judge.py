"""Tests judged outside of the submission's kernel, which only calls the learner's functions.

The kernel tells what came out of the cases; what should come out, and what it is worth, is found
here, where nothing of a submission runs.  A kernel that was taken over can tell what it likes: it
must be right in cases drawn anew.
"""

import ast
import contextlib
import io
import secrets
from typing import NamedTuple

from nbclient.exceptions import DeadKernelError
from nbconvert.filters import strip_ansi
from nbformat.v4 import new_output
from nbgrader.utils import is_grade, is_solution

from optilab.checks import EXERCISES, Incorrect, check, grade, pictures
from optilab.checks.observing import Elsewhere
from optilab.checks.telling import MIME, tell, unpacked

JUDGES = {"check": check, "grade": grade}


class Test(NamedTuple):
    """A call of check or grade in a test cell."""

    judge: str
    name: str  # of the exercise
    answer: str  # what the notebook calls the learner's function
    settings: dict


def is_test(cell):
    """Say whether a cell of nbgrader's is an automatic test."""
    return cell.cell_type == "code" and is_grade(cell) and not is_solution(cell)


def tests(source):
    """Return the tests that a cell consists of; none if there is anything else in it.

    Imports of the two are no more than that, for here they are always at hand.
    """
    found = []
    try:
        statements = ast.parse(source).body
    except SyntaxError:  # a magic of IPython's
        return []
    for statement in statements:
        match statement:
            case ast.ImportFrom(module="optilab.checks"):
                pass
            case ast.Expr(
                ast.Call(
                    ast.Name("check" | "grade" as judge),
                    [ast.Constant(str(name)), ast.Name(answer)],
                    keywords,
                )
            ) if all(isinstance(word.value, ast.Constant) for word in keywords):
                settings = {word.arg: ast.literal_eval(word.value) for word in keywords}
                found.append(Test(judge, name, answer, settings))
            case _:
                return []
    return found


def judged(found, ask):
    """Return the outputs of a test cell, and the grade with them, as nbgrader reads it.

    Parameters
    ----------
    found : list of Test
    ask : function ``source -> outputs``
        Runs a line in the submission's kernel.
    """
    outputs: list = []
    for test in found:
        outputs += _judged(test, ask)
        if outputs[-1].output_type == "error":
            break
    return outputs


class _Failed(Exception):
    """The kernel shows an error, of this name, instead of an answer."""

    def __init__(self, name, said):
        super().__init__(said)
        self.name = name


def _judged(test, ask):
    settings = test.settings
    if test.judge == "grade":
        settings = {"seed": secrets.randbelow(2**32)} | settings

    heard: list[int] = []

    def told(turn, most):
        asked = f"({test.name!r}, {test.answer}, {settings.get('seed')}, {turn}, {most})"
        outputs = ask(f"__import__('{tell.__module__}', fromlist=['tell']).tell{asked}")
        heard.append(turn)
        answers = [output.data[MIME] for output in outputs if MIME in output.get("data", ())]
        errors = [output for output in outputs if output.output_type == "error"]
        if errors and not answers:
            raise _Failed(errors[-1].ename, strip_ansi(errors[-1].traceback[-1]))
        return unpacked(answers[0])

    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            credit = JUDGES[test.judge](test.name, Elsewhere(told), **settings)
    except Incorrect as error:
        drawn = pictures.picture(EXERCISES[test.name], error.found) if test.judge == "check" else {}
        shown = [new_output("display_data", drawn)] if drawn else []
        return [*shown, _error("Incorrect", str(error))]
    except _Failed as error:
        return [_error(error.name, str(error))]
    except DeadKernelError:
        raise
    except Exception as error:
        if not heard:  # the cell is wrong, not the answer
            raise
        said = f"What your function returns could not be read ({type(error).__name__}: {error})."
        return [_error("Unreadable", said)]
    outputs = [new_output("stream", text=printed.getvalue())]
    if credit is not None:
        outputs.append(new_output("execute_result", {"text/plain": repr(credit)}))
    return outputs


def _error(name, said):
    return new_output("error", ename=name, evalue=said, traceback=[said])
