"""The command ``python -m optilab.grading grade ASSIGNMENT``."""

import argparse
import difflib
import sys
from pathlib import Path

from optilab.grading import sandbox
from optilab.grading.batch import Batch, grade, report
from optilab.grading.export import students


def main(argv=None):
    """Run the command; return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m optilab.grading")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    command = commands.add_parser(
        "grade",
        help="grade all submissions of an assignment",
        description="Grade SUBMITTED/<student>/ASSIGNMENT/*.ipynb, all of them and anew. Writes "
        "gradebook.db, feedback/<student>/ASSIGNMENT/*.html and grades.csv in the course, and "
        "grading.log, which has the details of every problem. Submissions run in a sandbox: "
        "without network, your files, the gradebook or each other.",
        epilog="Exit status: 0 if every submission is graded, 1 if some could not be, 2 if "
        "nothing could start, 130 after Ctrl-C: what was graded until then counts.",
    )
    command.add_argument("assignment", metavar="ASSIGNMENT", help="a folder of solutions/")
    command.add_argument(
        "--course",
        metavar="DIR",
        type=Path,
        default=Path(),
        help="the folder with nbgrader_config.py (default: this one)",
    )
    command.add_argument(
        "--submitted",
        metavar="DIR",
        type=Path,
        help="the submissions (default: submitted in the course)",
    )
    command.add_argument(
        "--jobs", metavar="N", type=int, help="graded at once (default: one per processor)"
    )
    command.add_argument(
        "--unsandboxed",
        action="store_true",
        help="run submissions as you, with your rights: only of people you trust with your files",
    )
    options = parser.parse_args(argv)
    batch = Batch(
        options.course.resolve(),
        options.assignment,
        options.submitted and options.submitted.resolve(),
        sandbox=not options.unsandboxed,
    )
    if problem := _unfit(batch, options.jobs):
        command.error(problem)
    try:
        without_feedback = grade(batch, options.jobs)
    except KeyboardInterrupt:
        print("Interrupted: the submissions below have no grade yet.")
        report(batch, {})
        return 130
    except RuntimeError as error:
        command.error(str(error))
    return 1 if report(batch, without_feedback) else 0


def _unfit(batch, jobs):
    """Say in a line why nothing can be graded, if so."""
    if jobs is not None and jobs < 1:
        return f"--jobs {jobs}: at least 1 submission is graded at once"
    if not (batch.root / "nbgrader_config.py").is_file():
        return f"{batch.root} is no course: it has no nbgrader_config.py"
    coursedir = batch.open().coursedir
    assignments = {path.name for path in Path(coursedir.root, coursedir.source_directory).iterdir()}
    if batch.assignment not in assignments:
        near = difflib.get_close_matches(batch.assignment, assignments, n=1, cutoff=0)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        return f"{coursedir.source_directory}/ has no {batch.assignment!r}{hint}"
    if not students(coursedir, batch.assignment):
        where = Path(coursedir.root, coursedir.submitted_directory)
        return f"nothing to grade: no folder {where}/<student>/{batch.assignment}"
    if batch.sandbox and (problem := sandbox.missing()):
        return f"{problem}; --unsandboxed would run submissions as you"
    return None


if __name__ == "__main__":
    sys.exit(main())
