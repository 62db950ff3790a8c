"""Grade a cohort with nbgrader, every submission in a process of its own.

A submission can make nbgrader give up on all that follow, or kill the process that grades it.
So each gets one, forked from a server that has nbgrader loaded already: that costs 20 ms where
an ``nbgrader`` command costs 2 s, and as many run at once as there are processors.
"""

import asyncio
import collections
import glob
import logging
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import traceback
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.apps.baseapp import NbGrader
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.converters.base import NbGraderException
from tqdm import tqdm

from optilab.grading import export, judge
from optilab.grading.intake import forget, originals_of
from optilab.grading.sandbox import remove

if sys.platform == "win32":
    PROCESSES = multiprocessing.get_context("spawn")
else:
    import resource

    PROCESSES = multiprocessing.get_context("forkserver")
    PROCESSES.set_forkserver_preload([__name__, "IPython"])

MOST_BYTES = 32 << 20  # of a file that was handed in: it is copied four times
MOST_MEMORY = 4 << 30  # of the process that grades
MOST_MINUTES = 15  # for a submission, which may have many slow cells


@dataclass(frozen=True)
class Batch:
    """The submissions of one assignment.

    Parameters
    ----------
    root : Path
        The course: the folder with nbgrader_config.py.
    assignment : str
    submitted : Path, optional
        A folder of submissions elsewhere, ``<student>/<assignment>/*.ipynb`` below it.
    sandbox : bool
        Whether submissions are shut in; without it, they run as you.
    """

    root: Path
    assignment: str
    submitted: Path | None = None
    sandbox: bool = True

    def open(self, *options):
        """Return nbgrader's application, configured by the course and by its own options."""
        if self.submitted:
            options += (f"--CourseDirectory.submitted_directory={self.submitted}",)
        if not self.sandbox:
            options += ("--SandboxedKernelManager.sandbox=False",)
        app = NbGrader()
        app.initialize([f"--course-dir={self.root}", *options])
        return app

    @property
    def log(self):
        """The file that takes all that nbgrader says."""
        return self.root / "grading.log"


def grade(batch, jobs=None):
    """Grade every submission anew, and make its feedback.

    Parameters
    ----------
    batch : Batch
    jobs : int, optional
        Submissions graded at once; by default as many as there are processors.

    Returns
    -------
    dict
        ``{student: why there is no feedback}``.  What could not be graded, and why, stands in
        the gradebook: see `report`.

    Raises
    ------
    RuntimeError
        If the assignment itself cannot be read.
    """
    batch.log.write_text("", encoding="utf-8")
    if problem := _isolated(batch, _Register):
        raise RuntimeError(f"the assignment {batch.assignment} cannot be used: {problem}")
    coursedir = batch.open().coursedir
    students = sorted(export.students(coursedir, batch.assignment))
    without = {}
    with ThreadPoolExecutor(jobs or os.cpu_count()) as pool:
        futures = {pool.submit(_grade_one, batch, coursedir, name): name for name in students}
        progress = tqdm(as_completed(futures), batch.assignment, len(futures), disable=None)
        try:
            for future in progress:
                if problem := future.result():
                    without[futures[future]] = problem
        except KeyboardInterrupt:
            # The submissions under way have had the signal as well; the others never start.
            pool.shutdown(cancel_futures=True)
            raise
    return without


def report(batch, without_feedback):
    """Write grades.csv, print a line for every problem, and return how many are not graded.

    Parameters
    ----------
    batch : Batch
    without_feedback : dict
        What `grade` returned.
    """
    coursedir = batch.open().coursedir
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        rows = list(export.grades(coursedir, gradebook))
        unsafe = list(_unsafe(gradebook.find_assignment(batch.assignment)))
    export.write(rows, batch.root / "grades.csv")
    students = export.students(coursedir, batch.assignment)
    rows = [r for r in rows if r["assignment"] == batch.assignment and r["student_id"] in students]
    counts = collections.Counter(row["status"] for row in rows).most_common()
    print(f"{batch.assignment}: {', '.join(f'{n} {status}' for status, n in counts)}")
    ungraded = [row for row in rows if "score" not in row]
    for row in ungraded:
        print(f"  {row['student_id']}: {row['status']}: {row['reason']}")
    for student, problem in without_feedback.items():
        print(f"  {student}: no feedback: {problem}")
    if unsafe:
        print(f"  Not only check and grade, so a submission can cheat there: {', '.join(unsafe)}")
    print(f"Grades: {batch.root / 'grades.csv'}")
    return len(ungraded)


def _unsafe(assignment):
    """Yield the names of the tests that run in the submission's own kernel."""
    for notebook in assignment.notebooks:
        for name, cell in originals_of(notebook).items():
            if judge.is_test(cell) and not judge.tests(cell.source):
                yield name


def _grade_one(batch, coursedir, student):
    """Grade a submission; return why there is no feedback."""
    if problem := _isolated(batch, _Autograde, student):
        forget(coursedir.db_url, batch.assignment, student, problem)
        for step in (coursedir.autograded_directory, coursedir.feedback_directory):
            folder = coursedir.format_path(step, student, batch.assignment)
            shutil.rmtree(folder, ignore_errors=True)
        return None
    return _isolated(batch, GenerateFeedback, student)


class _Register(GenerateAssignment):
    """Enter an assignment into the gradebook, and leave exercises/ as it is."""

    _output_directory = ""

    def start(self):
        with tempfile.TemporaryDirectory() as self._output_directory:
            super().start()


class _Autograde(Autograde):
    """Grade a submission; an error says in which file it is."""

    def init_assignment(self, assignment_id, student_id):
        where = self.coursedir.submitted_directory, student_id, assignment_id
        for path in Path(self.coursedir.format_path(*where)).rglob("*"):
            if path.lstat().st_size > MOST_BYTES:
                raise ValueError(f"{path.name} has over {MOST_BYTES >> 20} MB")
        super().init_assignment(assignment_id, student_id)

    def convert_single_notebook(self, notebook_filename):
        try:
            super().convert_single_notebook(notebook_filename)
        except Exception as error:
            error.add_note(os.path.basename(notebook_filename))
            raise


def _isolated(batch, converter, student="."):
    """Run a converter of nbgrader's in a process of its own; return what went wrong, in a line."""
    folder = tempfile.mkdtemp()
    receive, send = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=_convert, args=(send, folder, batch, converter, student))
    process.start()
    send.close()
    try:
        if receive.poll(60 * MOST_MINUTES):
            return receive.recv()
        process.kill()
        return f"it took over {MOST_MINUTES} minutes"
    except EOFError:
        return "the process that graded it was killed"
    finally:
        process.join()
        remove(folder)


def _convert(send, folder, batch, converter, student):
    """Run a converter, and send back what went wrong: the other end of `_isolated`."""
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    tempfile.tempdir = folder  # which the other end removes, even if this one is killed
    with batch.log.open("a") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)

    def interrupted(*_):
        # At once: an exception may rise where Python ignores it, as in a finalizer.
        send.send("it was interrupted")
        os._exit(1)

    signal.signal(signal.SIGINT, interrupted)
    options = ["--log-level=INFO", "--BaseConverter.force=True"]
    logged = _LastError()
    try:
        app = batch.open(*options)
        app.log.addHandler(logged)
        app.coursedir.assignment_id = batch.assignment
        app.coursedir.student_id = glob.escape(student)
        converter(coursedir=app.coursedir, parent=app).start()
    except NbGraderException as error:
        send.send(_told(logged.error or error))
    except BaseException as error:
        traceback.print_exc()
        send.send(_told(error))
    else:
        send.send("")


class _LastError(logging.Handler):
    """Keep the error that nbgrader only logs, before it raises one that says less."""

    error = None

    def emit(self, record):
        self.error = sys.exc_info()[1] or self.error


def _told(error):
    """Return an error in a line: where it is, and the first line of its cause."""
    where = "".join(f"{note}: " for note in getattr(error, "__notes__", ()))
    while cause := error.__cause__ or (not error.__suppress_context__ and error.__context__):
        if isinstance(cause, asyncio.CancelledError):
            break
        error = cause
    what = str(error).partition("\n")[0]
    return export.line(where + type(error).__name__ + (f": {what}" if what else ""))
