"""nbgrader's configuration: the course is the folder of this file.

Read by `nbgrader generate_assignment`, `autograde`, `generate_feedback`, `export`, by
Formgrader in a JupyterLab started from this folder, and by `python -m optilab.grading`.
"""

import os
import shutil
import sysconfig
from pathlib import Path

from nbconvert.preprocessors import ClearMetadataPreprocessor, CSSHTMLHeaderPreprocessor
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    ClearOutput,
    GetGrades,
    IgnorePattern,
    LimitOutput,
    OverwriteKernelspec,
    SaveAutoGrades,
)
from nbgrader.utils import is_grade

from optilab.grading.export import StatusExport
from optilab.grading.feedback import HideTests, sanitized
from optilab.grading.intake import RestoreCells, intake
from optilab.grading.sandbox import SandboxedExecute

c = get_config()  # noqa: F821 - put here by whoever reads the file
root = Path(__file__).resolve().parent

# nbgrader calls the command `alembic` for a new gradebook; without an activated environment it
# is not on the path.
if not shutil.which("alembic"):
    os.environ["PATH"] += os.pathsep + sysconfig.get_path("scripts")

c.CourseDirectory.root = str(root)
c.CourseDirectory.course_id = "optilab"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
# The defaults, solution/ and source_with_tests/, would stand beside solutions/.
c.CourseDirectory.solution_directory = "_build/solution"
c.CourseDirectory.source_with_tests_directory = "_build/source_with_tests"

# Submissions are graded in parallel; SQLite gives up on a lock after 5 s unless told to wait.
c.CourseDirectory.db_url = f"sqlite:///{root / 'gradebook.db'}?timeout=60"

# No link out of a submission, and no old score for a new submission.
c.Autograde.pre_convert_hook = intake(c.CourseDirectory.db_url)

# RestoreCells stands for nbgrader's DeduplicateIds and OverwriteCells, which give up on a
# duplicated cell, on lost metadata, and on a test deleted together with its question.
c.Autograde.sanitize_preprocessors = [
    RestoreCells,
    ClearOutput,
    OverwriteKernelspec,
    CheckCellMetadata,
]

# SandboxedExecute stands for nbgrader's Execute, which runs submissions as you.
c.Autograde.autograde_preprocessors = [
    SandboxedExecute,
    IgnorePattern,
    ClearMetadataPreprocessor,
    LimitOutput,
    SaveAutoGrades,
    AssignLatePenalties,
    CheckCellMetadata,
]

# Seconds. A test is quick, and an endless loop costs this once for every test that runs into
# it; imports on a busy machine are not quick, and nobody shall fail for them.
c.Execute.timeout_func = lambda cell: 10 if is_grade(cell) else 30
c.Execute.iopub_timeout = 30
c.Execute.error_on_timeout = {
    "ename": "TimeoutError",
    "evalue": "",
    "traceback": ["TimeoutError: stopped, for it took too long. Does a loop never end?"],
}

# nbgrader gives 0 to a test that writes to stderr; a warning or a progress bar is no mistake.
c.IgnorePattern.enabled = True
c.IgnorePattern.pattern = r"\S"

# A loop that prints would make a page of megabytes.
c.LimitOutput.max_lines = 200

# A script in a submission's output must not run in the browser of whoever looks at it.
c.HTMLExporter.sanitize_html = True
c.HTMLExporter.filters = {"strip_files_prefix": sanitized}

# nbgrader prints hidden tests into the feedback.
c.GenerateFeedback.preprocessors = [GetGrades, HideTests, CSSHTMLHeaderPreprocessor]

# nbgrader's own export writes 0 for a submission that was never graded.
c.ExportApp.plugin_class = StatusExport
