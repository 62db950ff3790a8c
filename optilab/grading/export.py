"""The table of grades, which tells 0 from "never graded"."""

import csv
import json
from pathlib import Path

from nbgrader.plugins import ExportPlugin

from optilab.grading.intake import ORIGIN, sha256

MOST_CHARACTERS = 300  # of what a submission is called, or what its errors say


class StatusExport(ExportPlugin):
    """Write grades.csv: nbgrader's columns, then the status of every submission and its reason.

    A score is written only where it belongs to the submission that lies there now.  The status
    is ``graded``, ``needs manual grading`` (the score is that of the tests so far), ``failed``,
    ``stale`` (not graded yet, or changed since) or ``missing``.
    """

    def export(self, gradebook):
        """Write the file that ``--to`` names, of the ``--assignment`` and ``--student`` named."""
        rows = [
            row
            for row in grades(self.parent.coursedir, gradebook)
            if row["assignment"] in (self.assignment or [row["assignment"]])
            and row["student_id"] in (self.student or [row["student_id"]])
        ]
        write(rows, self.to or "grades.csv")


def write(rows, path):
    """Write rows of `grades` as a table."""
    with open(path, "w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, COLUMNS)
        table.writeheader()
        table.writerows(rows)


COLUMNS = [
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *("raw_score", "late_submission_penalty", "score", "max_score", "status", "reason"),
]


def grades(coursedir, gradebook):
    """Yield a row of grades.csv for every assignment and student, in order of their names."""
    known = {student.id: student for student in gradebook.students}
    for assignment in sorted(gradebook.assignments, key=lambda a: a.name):
        submissions = {s.student.id: s for s in assignment.submissions}
        for name in sorted(known.keys() | students(coursedir, assignment.name)):
            submission = submissions.get(name)
            status, reason = _status(coursedir, assignment, name, submission)
            row = {
                "assignment": assignment.name,
                "duedate": assignment.duedate,
                "student_id": name,
                "max_score": assignment.max_score,
                "status": status,
                "reason": reason,
            }
            if name in known:
                student = known[name]
                row |= {key: getattr(student, key) for key in ("last_name", "first_name", "email")}
            if submission:
                row["timestamp"] = submission.timestamp
            if submission and status in ("graded", "needs manual grading"):
                penalty = submission.late_submission_penalty
                row["raw_score"] = submission.score
                row["late_submission_penalty"] = penalty
                row["score"] = max(0.0, submission.score - penalty)
            yield row


def students(coursedir, assignment):
    """Return the names of those who handed something in, be it an empty folder."""
    folders = Path(coursedir.root, coursedir.submitted_directory).glob(f"*/{assignment}")
    return {folder.parent.name for folder in folders if folder.is_dir()}


def line(text):
    """Return a text of a submission's as a printable line, cut where it is long."""
    return "".join(c if c.isprintable() else "?" for c in text[:MOST_CHARACTERS])


def _status(coursedir, assignment, student, submission):
    """Return the status of a submission, and the reason where there is something to say."""
    names = {notebook.name for notebook in assignment.notebooks}
    submitted, autograded = (
        {path.stem: path for path in Path(folder).glob("*.ipynb")}
        for folder in (
            coursedir.format_path(coursedir.submitted_directory, student, assignment.name),
            coursedir.format_path(coursedir.autograded_directory, student, assignment.name),
        )
    )
    absent = ", ".join(f"no {name}.ipynb" for name in sorted(names - submitted.keys()))
    if not names & (submitted.keys() | autograded.keys()):
        others = line(", ".join(path.name for path in submitted.values()))
        return "missing", absent + (f", only {others}" if others else "")
    if not submission:
        return "stale", "not graded yet"
    if names & submitted.keys() - autograded.keys() or _untested(submission):
        notes = (c.auto_comment for notebook in submission.notebooks for c in notebook.comments)
        note = next(filter(None, notes), None)
        return ("failed", note) if note else ("stale", "not graded yet")
    for name in names & submitted.keys() & autograded.keys():
        origin = json.loads(autograded[name].read_text(encoding="utf-8"))["metadata"].get(ORIGIN)
        if origin != sha256(submitted[name]):
            return "stale", f"{name}.ipynb changed since it was graded"
    if submission.needs_manual_grade:
        return "needs manual grading", absent
    return "graded", absent


def _untested(submission):
    """Say whether a cell that tests should have graded has no score."""
    answers = {c.name for notebook in submission.notebooks for c in notebook.comments}
    return any(
        grade.auto_score is None and grade.manual_score is None and grade.name not in answers
        for notebook in submission.notebooks
        for grade in notebook.grades
    )
