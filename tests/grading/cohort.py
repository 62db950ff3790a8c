"""A class that hands in all that a class hands in: made from the current release, by a table.

python -m tests.grading.cohort DIR    # writes a course with their submissions
"""

import copy
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import nbformat

ROOT = Path(__file__).parents[2]
ASSIGNMENT = "02-gradient-descent"
NOTEBOOK = f"{ASSIGNMENT}.ipynb"


class Sample(NamedTuple):
    """A submission, and what must become of it."""

    hand_in: Callable  # (solved notebook, folder) -> None
    lost: str = ""  # the questions whose tests fail
    says: str = ""  # in the feedback; or, if there is no score, in the reason
    status: str = "needs manual grading"  # for there is a written answer
    kept: float = 0.0  # points for tests in which most of the numbers are right

    @property
    def expected(self):
        """The status and the score in grades.csv."""
        if self.status in ("failed", "missing"):
            return self.status, ""
        lost = sum(POINTS[question] for question in self.lost.split())
        return self.status, str(sum(POINTS.values()) - lost + self.kept)


def notebook(*changes):
    """Hand in the solved notebook with these changes."""

    def hand_in(nb, folder):
        for change in changes:
            change(nb)
        nbformat.write(nb, folder / NOTEBOOK)

    return hand_in


def file(spoil, name=NOTEBOOK):
    """Hand in the solved notebook as other bytes, or under another name."""

    def hand_in(nb, folder):
        (folder / name).write_bytes(spoil(nbformat.writes(nb)))

    return hand_in


def edit(question, old, new):
    """Replace a part of an answer."""

    def change(nb):
        cell = find(nb, question)
        if old not in cell.source:
            raise LookupError(f"{old!r} is not in the answer to {question}:\n{cell.source}")
        cell.source = cell.source.replace(old, new, 1)

    return change


def answer(question, source):
    """Replace an answer."""

    def change(nb):
        find(nb, question).source = source

    return change


def find(nb, name):
    """Return the cell that nbgrader knows by this name."""
    return next(c for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade_id") == name)


def delete(*names):
    """Delete cells."""

    def change(nb):
        doomed = [find(nb, name) for name in names]
        nb.cells = [cell for cell in nb.cells if cell not in doomed]

    return change


def duplicate(name):
    """Copy a cell and paste it below, as JupyterLab does: with nbgrader's metadata."""

    def change(nb):
        cell = find(nb, name)
        twin = copy.deepcopy(cell)
        twin.id = f"{cell.id}-copy"
        nb.cells.insert(nb.cells.index(cell) + 1, twin)

    return change


def every_mark(change):
    """Do something to the metadata of every cell that nbgrader knows."""

    def change_all(nb):
        for cell in nb.cells:
            if "nbgrader" in cell.metadata:
                change(cell.metadata)

    return change_all


def blank_out(*questions):
    """Leave questions as they are released."""

    def change(nb):
        for question in questions:
            answer(question, find(release(), question).source)(nb)

    return change


def release():
    """Return the notebook as learners get it."""
    return nbformat.read(ROOT / "exercises" / ASSIGNMENT / NOTEBOOK, 4)


def source():
    """Return the notebook as the instructor wrote it."""
    return nbformat.read(ROOT / "solutions" / ASSIGNMENT / NOTEBOOK, 4)


def solved():
    """Return the release with the instructor's answers."""
    nb = release()
    for cell in source().cells:
        mark = cell.metadata.get("nbgrader", {})
        if mark.get("solution"):
            lines = cell.source.splitlines()
            answer(mark["grade_id"], "\n".join(x for x in lines if "### " not in x))(nb)
    return nb


def points():
    """Return the points of each question, ``{name: points}``: those of the tests that follow."""
    found, question = {}, None
    for cell in source().cells:
        mark = cell.metadata.get("nbgrader", {})
        if mark.get("solution"):
            question = mark["grade_id"]
            found[question] = 0.0
        elif mark.get("grade"):
            found[question] += mark["points"]
    return found


def with_link(nb, folder):
    """Hand in a way to the gradebook beside the notebook."""
    nbformat.write(nb, folder / NOTEBOOK)
    (folder / "data.npz").symlink_to("../../../gradebook.db")


POINTS = points()
STEP = "return w - lr * g"
BOTH = "gd-step gd"  # the second uses the first
COHORT = {
    "right": Sample(notebook()),
    "right-spelled-out": Sample(
        notebook(
            edit("gd-step", STEP, "step = np.multiply(g, lr); return w - step"),
            answer(
                "gd",
                "def gd(grad, w0, lr, steps):\n"
                "    path = np.empty((steps + 1, len(w0)))\n"
                "    path[0] = w0\n"
                "    for k in range(steps):\n"
                "        path[k + 1] = path[k] - lr * grad(path[k])\n"
                "    return path",
            ),
        )
    ),
    "right-in-float32": Sample(
        notebook(edit("gd", "np.array(path)", "np.array(path, dtype=np.float32)"))
    ),
    "right-but-logs": Sample(  # to stderr, while it is tested
        notebook(
            edit("gd-step", "def", "import logging\nlogging.basicConfig()\ndef"),
            edit("gd-step", STEP, f"logging.warning('a step of %s', lr); {STEP}"),
        )
    ),
    "climbs": Sample(notebook(edit("gd-step", "w - lr", "w + lr")), BOTH, "You climb."),
    "no-rate": Sample(
        notebook(edit("gd-step", "lr * g", "g")), BOTH, "The learning rate is missing"
    ),
    "in-place": Sample(
        notebook(edit("gd-step", STEP, "w -= lr * g; return w")),
        BOTH,
        "in place",
        kept=1.0,
    ),
    "scales": Sample(
        notebook(edit("gd-step", "w - lr * g", "w * (1 - lr * g)")), BOTH, "You scale w."
    ),
    "one-short": Sample(
        notebook(edit("gd", "range(steps)", "range(steps - 1)")), "gd", "One step is missing"
    ),
    "nothing-written": Sample(notebook(blank_out("wine-answer")), status="graded"),
    "blank": Sample(notebook(blank_out(*POINTS)), " ".join(POINTS), "not written yet", "graded"),
    "no-import": Sample(
        notebook(edit("gd-step", "def", "import tensor_fly\ndef")), BOTH, "No module named"
    ),
    "endless": Sample(
        notebook(edit("classify", "eigenvalues =", "while True: pass\n    eigenvalues =")),
        "classify",
        "does a loop never end?",
    ),
    "deleted-tests": Sample(notebook(delete("gd-step-check", "gd-hidden"))),
    "deleted-answers": Sample(
        notebook(delete("classify", "classify-check", "wine-answer")),
        "classify",
        "NameError: name 'classify' is not defined",
    ),
    "duplicated-cells": Sample(notebook(duplicate("gd-step"), duplicate("gd-check"))),
    "no-metadata": Sample(notebook(every_mark(lambda metadata: metadata.pop("nbgrader")))),
    "old-schema": Sample(notebook(every_mark(lambda m: m.nbgrader.update(schema_version=1)))),
    "more-points": Sample(notebook(every_mark(lambda m: m.nbgrader.update(points=400)))),
    "with-link": Sample(with_link),
    "exits": Sample(
        notebook(edit("gd-step", STEP, f"import os; os._exit(0); {STEP}")),
        status="failed",
        says=f"{NOTEBOOK}: DeadKernelError",
    ),
    "kills-its-grader": Sample(
        notebook(edit("gd-step", STEP, f"import os; os.kill(os.getppid(), 9); {STEP}"))
    ),
    "cut-off": Sample(
        file(lambda text: text[:-100].encode()),
        status="failed",
        says=f"{NOTEBOOK}: JSONDecodeError",
    ),
    "latin-1": Sample(
        file(lambda text: text.encode().replace(b"numpy", "nümpy".encode("latin-1"))),
        status="failed",
        says=f"{NOTEBOOK}: UnicodeDecodeError",
    ),
    "byte-order-mark": Sample(
        file(lambda text: text.encode("utf-8-sig")), status="failed", says="UTF-8 BOM"
    ),
    "renamed": Sample(
        file(str.encode, f"{ASSIGNMENT}-Copy1.ipynb"),
        status="missing",
        says=f"no {NOTEBOOK}, only {ASSIGNMENT}-Copy1.ipynb",
    ),
    "empty-folder": Sample(lambda nb, folder: None, status="missing", says=f"no {NOTEBOOK}"),
}


def hand_in(course, student, sample):
    """Put a submission where nbgrader looks for it."""
    folder = course / "submitted" / student / ASSIGNMENT
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    sample.hand_in(solved(), folder)


def write(course, students=tuple(COHORT)):
    """Write a course like this repository, with submissions of these students and no grades."""
    shutil.rmtree(course / "submitted", ignore_errors=True)
    (course / "gradebook.db").unlink(missing_ok=True)
    for name in ("solutions", "exercises"):
        shutil.copytree(ROOT / name, course / name, dirs_exist_ok=True)
    shutil.copy(ROOT / "nbgrader_config.py", course)
    for student in students:
        hand_in(course, student, COHORT[student])


if __name__ == "__main__":
    write(Path(sys.argv[1]))
