"""Each assignment, run as a learner and as nbgrader run it."""

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient
from nbgrader.utils import determine_grade, is_grade, is_solution
from nbgrader.validator import Validator

from optilab.checks import EXERCISES
from optilab.comparison import TASKS, column
from optilab.grading.release import ROOT

SOURCES = sorted((ROOT / "solutions").glob("*/*.ipynb"))
every_assignment = pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)


def opened(path):
    return nbformat.read(path, nbformat.NO_CONVERT)


def released(path):
    return ROOT / "exercises" / path.relative_to(ROOT / "solutions")


@every_assignment
def test_the_source_is_ready_to_be_released(path):
    nb = opened(path)
    nbformat.validate(nb)
    assert nb.metadata.kernelspec.name == "python3"
    for cell in nb.cells:
        if "nbgrader" in cell.metadata:
            assert cell.metadata.nbgrader.grade_id == cell.id
            assert cell.metadata.nbgrader.schema_version == 3
        if cell.cell_type == "code":
            assert not cell.outputs
            assert cell.execution_count is None


@every_assignment
def test_the_release_keeps_no_answer_and_every_test_a_line(path):
    for cell in opened(released(path)).cells:
        assert "HIDDEN TESTS" not in cell.source
        assert "SOLUTION" not in cell.source
        if is_grade(cell):
            assert cell.source.strip()


@every_assignment
def test_a_hidden_test_knows_what_it_is_worth(path):
    for cell in opened(path).cells:
        if is_grade(cell) and "HIDDEN TESTS" in cell.source:
            assert f", points={cell.metadata.nbgrader.points:g})\n" in cell.source, cell.id


@every_assignment
def test_nbgrader_validates_the_solved_notebook(path):
    assert Validator().validate(str(path)) == {}


@every_assignment
def test_a_blank_notebook_says_so_and_scores_nothing(path):
    """The tests of the source on the answers of the release, as when it is graded."""
    nb, answers = opened(path), {cell.id: cell for cell in opened(released(path)).cells}
    nb.cells = [answers[cell.id] if is_solution(cell) else cell for cell in nb.cells]
    NotebookClient(nb, allow_errors=True, timeout=60).execute()
    for cell in filter(is_grade, nb.cells):
        assert determine_grade(cell)[0] == 0, cell.id
        if not is_solution(cell):
            (error,) = cell.outputs
            assert error.traceback[0].split(" [")[0].endswith(": It is not written yet.")
    for cell in nb.cells:
        if not is_grade(cell) and cell.cell_type == "code":
            assert not [output for output in cell.outputs if output.output_type == "error"]


def test_no_grid_of_the_unfair_comparison_ends_too_early():
    """By the rule of 7.2 the border is no fault, neither as test chooses nor as validation does."""
    comparison, border = EXERCISES["unfair"], EXERCISES["beyond"]
    (path,) = [path for path in SOURCES if path.stem.startswith("07")]
    (cell,) = [cell for cell in opened(path).cells if cell.id == f"{comparison.name}-broken"]
    seen = []

    def noted(task, rule, seed, rates):
        curve, validation, test, seconds = column(task, rule, seed, rates)
        seen.append((rule, len(rates)))
        assert {border.reference(rates, scores) for scores in (validation, test)} == {"stop"}
        return curve, validation, test, seconds

    exec(cell.source, {"np": np, "TASKS": TASKS, "column": noted})
    assert sorted(set(seen)) == [("adam", 13), ("gd", 4)]
