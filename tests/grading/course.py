"""A small course to grade, and the commands that an instructor types."""

import contextlib
import csv
import html
import io
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from optilab.grading.__main__ import main
from optilab.grading.batch import Batch, report

ROOT = Path(__file__).parents[2]
HIDDEN = "assert double(-1) == -2"


class Done(NamedTuple):
    """What a command left on the screen."""

    status: int
    output: str


class Course:
    """A course folder.

    Parameters
    ----------
    root : Path
        With nbgrader_config.py and solutions/.
    assignment : str
        The one that the commands are about; its notebook has the same name.
    """

    def __init__(self, root, assignment):
        self.root, self.assignment = root, assignment

    def folder(self, student, step="submitted"):
        return self.root / step / student / self.assignment

    def feedback(self, student):
        """Return the page that tells a student what was wrong."""
        return self.folder(student, "feedback") / f"{self.assignment}.html"

    def feedback_text(self, student):
        """Return what a student sees of that page."""
        body = self.feedback(student).read_text(encoding="utf-8").partition("<body")[2]
        return html.unescape(re.sub(r"<[^>]*>", "", body))

    def grade(self, *options):
        """Run ``python -m optilab.grading grade``."""
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            status = main(["grade", self.assignment, "--course", str(self.root), *options])
        return Done(status, output.getvalue())

    def report(self):
        """Write grades.csv anew from what lies there, as `nbgrader export` does."""
        report(Batch(self.root, self.assignment), {})

    def nbgrader(self, *words):
        """Run one of nbgrader's own commands, as it is typed."""
        command = [sys.executable, "-m", "nbgrader", *words]
        done = subprocess.run(command, cwd=self.root, capture_output=True, text=True)
        return Done(done.returncode, done.stderr)

    def rows(self):
        """Return grades.csv, ``{student: row}``."""
        with (self.root / "grades.csv").open(newline="", encoding="utf-8") as file:
            return {row["student_id"]: row for row in csv.DictReader(file)}

    def results(self):
        """Return what matters of grades.csv, ``{student: (status, score)}``."""
        return {name: (row["status"], row["score"]) for name, row in self.rows().items()}


def small_course(root):
    """Make a course with one small assignment, double, and no submissions."""
    shutil.copy(ROOT / "nbgrader_config.py", root)
    course = Course(root, "double")
    solution = "### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"
    save(course, "solutions", double=double(solution))
    return course


def save(course, step, **notebooks):
    """Write the notebooks of the assignment, or their text; what stood there goes."""
    folder = course.root / step / course.assignment
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, notebook in notebooks.items():
        text = notebook if isinstance(notebook, str) else nbformat.writes(notebook)
        (folder / f"{name}.ipynb").write_text(text, encoding="utf-8")


def double(answer):
    """Return the notebook of the small assignment: 2 points for twice a number."""
    question = f"def double(x):\n    {answer}"
    test = f"assert double(3) == 6\n### BEGIN HIDDEN TESTS\n{HIDDEN}\n### END HIDDEN TESTS"
    return new_notebook(
        cells=[
            new_code_cell(question, id="a", metadata=mark("a", grade=False, solution=True)),
            new_code_cell(test, id="b", metadata=mark("b", locked=True, points=2)),
        ]
    )


def mark(name, **marks):
    """Return the metadata that makes a cell nbgrader's."""
    defaults = {"grade": True, "locked": False, "schema_version": 3, "solution": False}
    return {"nbgrader": {"grade_id": name, **defaults, "task": False, **marks}}
