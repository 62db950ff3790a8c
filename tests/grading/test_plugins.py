"""What nbgrader_config.py plugs into nbgrader, without a kernel."""

import copy
import re

import cohort
import nbformat
from course import double, save
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.utils import is_grade, is_locked, is_solution

from optilab.grading.feedback import HideTests
from optilab.grading.intake import restored

RELEASE = cohort.release()
NAMES = [cell.metadata.nbgrader.grade_id for cell in RELEASE.cells if "nbgrader" in cell.metadata]
MARKS = st.one_of(
    st.none(),
    st.integers(),
    st.lists(st.integers()),
    st.fixed_dictionaries({"grade_id": st.sampled_from([*NAMES, "gone", None, 7])}),
    st.fixed_dictionaries({"schema_version": st.sampled_from([1, 99])}),
)
CELLS = st.integers(0, len(RELEASE.cells) - 1)
HARM = st.lists(
    st.one_of(
        st.tuples(st.just("delete"), CELLS, st.none()),
        st.tuples(st.just("paste"), CELLS, CELLS),
        st.tuples(st.just("mark"), CELLS, MARKS),
        st.tuples(st.just("write"), CELLS, st.text(max_size=9)),
    ),
    max_size=12,
)


def harmed(harm):
    """Return the cells of the release after a learner got hold of them."""
    cells = copy.deepcopy(RELEASE.cells)
    for deed, place, what in harm:
        place %= len(cells)
        if deed == "delete" and len(cells) > 1:
            del cells[place]
        elif deed == "paste":
            cells.insert(what % len(cells), copy.deepcopy(cells[place]))
        elif deed == "mark":
            cells[place].metadata["nbgrader"] = nbformat.from_dict(what)
        elif deed == "write":
            cells[place].source = what
    return cells


def originals():
    """Return the instructor's cells, ``{name: cell}``."""
    cells = copy.deepcopy(RELEASE.cells)
    return {c.metadata.nbgrader.grade_id: c for c in cells if "nbgrader" in c.metadata}


def name_of(cell):
    """Return the name that nbgrader knows a cell by, if it has one that can be read."""
    mark = cell.metadata.get("nbgrader")
    name = mark.get("grade_id") if isinstance(mark, dict) else None
    return name if isinstance(name, str) else None


@given(HARM)
def test_the_instructors_cells_come_back_and_no_answer_is_lost(harm):
    ours, cells = originals(), harmed(harm)
    locked = {name for name, cell in ours.items() if is_locked(cell)}
    texts = [cell.source for cell in cells if name_of(cell) not in locked]
    back = nbformat.from_dict({"cells": list(restored(cells, originals()))})

    MetadataValidator().validate_nb(back)
    found = [name_of(cell) for cell in back.cells if "nbgrader" in cell.metadata]
    assert len(found) == len(set(found))
    assert {name for name, cell in ours.items() if is_grade(cell)} <= set(found) <= ours.keys()
    for cell in back.cells:
        if name := name_of(cell):
            assert cell.metadata == ours[name].metadata
            assert cell.source == ours[name].source or name not in locked
    sources = [cell.source for cell in back.cells]
    assert all(sources.count(text) >= texts.count(text) for text in texts)


def test_what_nobody_touched_stays_as_it_is():
    assert list(restored(harmed([]), originals())) == RELEASE.cells


def test_a_deleted_test_returns_behind_its_answer():
    cells = [cell for cell in harmed([]) if not is_locked(cell)]
    names = [name_of(cell) for cell in restored(cells, originals())]
    assert [name for name in names if name] == NAMES


def test_a_lost_written_answer_is_left_to_a_grader():
    [name] = [name for name, c in originals().items() if is_grade(c) and is_solution(c)]
    cells = [cell for cell in harmed([]) if name_of(cell) != name]
    [back] = [cell for cell in restored(cells, originals()) if name_of(cell) == name]
    assert "not in the submission" in back.source


def test_feedback_shows_the_learners_frames_and_no_test():
    hidden = "### BEGIN HIDDEN TESTS\nassert f(3) == 9\n### END HIDDEN TESTS"
    traceback = [
        "\x1b[31mZeroDivisionError\x1b[39m  Traceback (most recent call last)",
        "\x1b[36mCell\x1b[39m\x1b[36m \x1b[39m\x1b[32mIn[7]\x1b[39m, line 3\n-> assert f(3) == 9",
        "\x1b[36mCell\x1b[39m\x1b[36m \x1b[39m\x1b[32mIn[5]\x1b[39m, line 2, in f\n----> x / 0",
        "\x1b[36mFile \x1b[39m\x1b[32m/lib/optilab/checks/engine.py:9\x1b[39m, in diagnose",
        "\x1b[31mZeroDivisionError\x1b[39m: division by zero",
    ]
    test = new_code_cell(
        f"# Square.\n{hidden}",
        execution_count=7,
        outputs=[new_output("error", ename="", evalue="", traceback=list(traceback))],
        metadata={"nbgrader": {"grade": True, "solution": False}},
    )
    shown, _ = HideTests().preprocess_cell(test, {}, 0)
    assert shown.source == "# Square."
    assert shown.outputs[0].traceback == [traceback[0], traceback[2], traceback[4]]

    answer = new_code_cell(hidden, outputs=test.outputs)  # by a learner who plays the test
    assert HideTests().preprocess_cell(copy.deepcopy(answer), {}, 0)[0] == answer


def test_markdown_brings_no_script(course):
    notebook = double("return 2 * x")
    text = "# A head\n\n*so* $a < b$ `x < y`\n\n| a |\n|---|\n| 1 |\n\n<script>alert(1)</script>"
    text += "<img src=x onerror='alert(2)'> [link](javascript:alert(3))"
    text += " <a href='javascript:alert(4)'>x</a>"
    notebook.cells.append(new_markdown_cell(text, id="text"))
    save(course, "submitted/ada", double=notebook)
    course.grade()
    page = course.feedback("ada").read_text(encoding="utf-8").partition("<body")[2]
    assert not re.search(r"<script[^>]*>alert|onerror|=.javascript:", page)
    for kept in ("<h1", "<em>so</em>", "a &lt; b", "<code>x &lt; y</code>", "<td>1</td>"):
        assert kept in page
