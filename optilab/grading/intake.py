"""What becomes of a submission before nbgrader runs it.

Named in nbgrader_config.py, and so the same for nbgrader's commands, Formgrader and `batch`.
"""

import hashlib
from pathlib import Path

from nbformat.v4 import new_code_cell, new_markdown_cell, upgrade
from nbgrader.api import Gradebook
from nbgrader.nbgraderformat import SCHEMA_VERSION
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_locked, is_solution, is_task

# Where an autograded notebook keeps the checksum of the submission that it was made from.
ORIGIN = "submission_sha256"


def intake(db_url):
    """Return the hook that nbgrader calls before it touches a submission.

    Left alone, nbgrader copies what a symbolic link points to (the gradebook, say) into the
    feedback, waits for a pipe that nobody writes to, and keeps the score of an earlier submission
    when a new one cannot be graded.
    """

    def hook(assignment, student, notebooks):
        folder = Path(notebooks[0]).parent
        for path in folder.rglob("*"):
            if path.is_symlink() or not (path.is_file() or path.is_dir()):
                path.unlink()
        # `student` is the pattern of the command line: "*" for a whole class.
        forget(db_url, assignment, folder.parent.name, "nbgrader did not finish, see its log")

    return hook


def forget(db_url, assignment, student, reason):
    """Drop the automatic scores of a submission and note why; a human grader's scores stay."""
    # Without autoflush, for nbgrader adds a submission to the session after its parts.
    with Gradebook(db_url) as gradebook, gradebook.db.no_autoflush:
        gradebook.update_or_create_student(student)
        submission = gradebook.update_or_create_submission(assignment, student)
        for notebook in submission.notebooks:
            for grade in notebook.grades:
                grade.auto_score = None
                grade.needs_manual_grade = True
            for comment in notebook.comments:
                comment.auto_comment = reason
        gradebook.db.commit()


class RestoreCells(NbGraderPreprocessor):
    """Take the instructor's cells from the gradebook, and only the answers from the submission.

    The notebook also learns which file it was made from.
    """

    def preprocess(self, nb, resources):
        """See the class."""
        where, source = resources["nbgrader"], resources["metadata"]
        with Gradebook(where["db_url"]) as gradebook:
            originals = originals_of(
                gradebook.find_notebook(where["notebook"], where["assignment"])
            )
        nb = upgrade(nb)
        nb.cells = list(restored(nb.cells, originals))
        nb.metadata.pop("kernelspec", None)  # of an environment that is not here
        nb.metadata[ORIGIN] = sha256(Path(source["path"], source["name"] + ".ipynb"))
        return nb, resources


def restored(cells, originals):
    """Yield the cells of a submission with the instructor's put right.

    Of a duplicated cell the last copy counts, for it runs last; the others become ordinary
    cells.  A deleted test returns in front of the next of the instructor's cells, or at the
    end.  So does a written answer, with a note to the grader; other answers do not.

    Parameters
    ----------
    cells : list of cells
        As handed in, with whatever is left of nbgrader's metadata.
    originals : dict ``{name: cell}``
        The instructor's, in order.
    """
    last = {_name(cell): cell for cell in cells}
    due = list(originals)

    def missing(names):
        for cell in (originals[name] for name in names if name not in last):
            if is_grade(cell) and is_solution(cell):
                # The answer may stand in another cell: as it was, this one would get 0 at once.
                cell.source = f"*This cell was not in the submission.*\n\n{cell.source}"
            if is_locked(cell) or is_grade(cell) or is_task(cell):
                yield cell

    for cell in cells:
        name = _name(cell)
        cell.metadata.pop("nbgrader", None)
        if name not in originals or cell is not last[name]:
            yield cell
            continue
        if name in due:
            place = due.index(name)
            yield from missing(due[:place])
            del due[: place + 1]
        original = originals[name]
        original.id = cell.id
        if not is_locked(original):
            original.source = cell.source
        yield original
    yield from missing(due)


def originals_of(notebook):
    """Return the instructor's cells by name, in order, as the gradebook keeps them."""
    points = {cell.name: cell.max_score for cell in notebook.grade_cells + notebook.task_cells}
    flags = {
        "grade": {cell.name for cell in notebook.grade_cells},
        "solution": {cell.name for cell in notebook.solution_cells},
        "task": {cell.name for cell in notebook.task_cells},
    }
    cells = {}
    for cell in notebook.source_cells:
        mark = {flag: cell.name in names for flag, names in flags.items()}
        mark |= {"grade_id": cell.name, "locked": cell.locked, "schema_version": SCHEMA_VERSION}
        mark |= {"points": points[cell.name]} if cell.name in points else {}
        mark |= {"checksum": cell.checksum} if cell.checksum else {}
        new = new_code_cell if cell.cell_type == "code" else new_markdown_cell
        cells[cell.name] = new(cell.source, metadata={"nbgrader": mark})
    return cells


def _name(cell):
    """Return the name that nbgrader knows a cell by, if it has one."""
    mark = cell.metadata.get("nbgrader")
    name = mark.get("grade_id") if isinstance(mark, dict) else None
    return name if isinstance(name, str) else None


def sha256(path):
    """Return the checksum of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
