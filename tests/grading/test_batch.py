"""The command, what lies in the course after it, and nbgrader's own commands beside it."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

import nbformat
import pytest
from course import HIDDEN, double, mark, save
from nbformat.v4 import new_markdown_cell, new_notebook
from nbgrader.api import Gradebook

from optilab.grading import batch
from optilab.grading.__main__ import main

RIGHT, WRONG = double("return 2 * x"), double("return x")
EXITS = double("import os; os._exit(0)")
KILLS_ITS_GRADER = double("import os; os.kill(os.getppid(), 9)")
BROKEN = '{"cells": ['


def test_the_second_time_gives_the_same_grades(course):
    save(course, "submitted/ada", double=RIGHT)
    save(course, "submitted/bob", double=WRONG)
    save(course, "submitted/cy", double=EXITS)
    save(course, "submitted/dee")
    assert course.grade().status == 1
    assert course.results() == {
        "ada": ("graded", "2.0"),
        "bob": ("graded", "0.0"),
        "cy": ("failed", ""),
        "dee": ("missing", ""),
    }
    first = (course.root / "grades.csv").read_text()
    assert course.grade("--jobs", "1").status == 1
    assert (course.root / "grades.csv").read_text() == first


def test_a_broken_resubmission_loses_the_old_score(course):
    resubmissions = {
        "ada": ({"double": BROKEN}, "failed", "double.ipynb: JSONDecodeError: Expecting value"),
        "bob": ({"double": EXITS}, "failed", "double.ipynb: DeadKernelError"),
        "cy": ({"copy": RIGHT}, "missing", "no double.ipynb, only copy.ipynb"),
    }
    for student in resubmissions:
        save(course, f"submitted/{student}", double=RIGHT)
    assert course.grade().status == 0
    assert course.results() == dict.fromkeys(resubmissions, ("graded", "2.0"))

    for student, (notebooks, _, _) in resubmissions.items():
        assert course.feedback(student).exists()
        save(course, f"submitted/{student}", **notebooks)
    done = course.grade()
    assert done.status == 1
    for student, (_, status, reason) in resubmissions.items():
        assert f"  {student}: {status}: {reason}" in done.output
        assert course.results()[student] == (status, "")
        assert score_in_gradebook(course, student) == 0
        assert not course.folder(student, "autograded").exists()
        assert not course.feedback(student).exists()

    for student in resubmissions:
        save(course, f"submitted/{student}", double=WRONG)
    assert course.grade().status == 0
    assert course.results() == dict.fromkeys(resubmissions, ("graded", "0.0"))


def test_the_kernel_is_the_courses(course):
    elsewhere = double("return 2 * x")
    elsewhere.metadata["kernelspec"] = {"name": "myenv", "display_name": "My", "language": "python"}
    save(course, "submitted/ada", double=elsewhere)
    course.grade()
    assert course.results() == {"ada": ("graded", "2.0")}


def test_files_with_odd_names_and_pipes_end_no_batch(course):
    """What they are called is told in one printable line."""
    ada, bob, cy, dee = (os.fsencode(course.folder(name)) for name in ("ada", "bob", "cy", "dee"))
    for folder in (ada, bob, cy, dee):
        os.makedirs(folder)
    with open(ada + b"/data\xff.bin", "wb") as file:
        file.truncate(33 << 20)
    for name in (b"copy\xff.ipynb", b"two\nlines \x1b[31m.ipynb", b"x" * 240 + b".ipynb"):
        open(bob + b"/" + name, "wb").close()
    os.mkfifo(cy + b"/double.ipynb")
    with open(dee + b"/timestamp.txt", "w") as file:
        file.write("1 " * 500_000)
    for folder in (ada, dee):
        with open(folder + b"/double.ipynb", "w") as file:
            file.write(nbformat.writes(RIGHT))
    save(course, "submitted/eve", double=RIGHT)
    done = course.grade()
    statuses = {name: status for name, (status, _) in course.results().items()}
    assert statuses == {
        "ada": "failed",
        "bob": "missing",
        "cy": "missing",
        "dee": "failed",
        "eve": "graded",
    }
    assert "data?.bin has over 32 MB" in done.output
    assert "two?lines ?[31m.ipynb" in done.output
    assert max(map(len, done.output.splitlines())) < 400


class Sleeps:
    """A converter of nbgrader's that has no end."""

    def __init__(self, **_):
        pass

    def start(self):
        time.sleep(600)


def test_a_submission_has_some_minutes(course, monkeypatch):
    monkeypatch.setattr(batch, "MOST_MINUTES", 0.01)
    told = batch._isolated(batch.Batch(course.root, "double"), Sleeps)
    assert told == "it took over 0.01 minutes"


def test_outside_the_sandbox_a_submission_ends_no_batch(course):
    save(course, "submitted/ada", double=KILLS_ITS_GRADER)
    save(course, "submitted/bob", double=RIGHT)
    done = course.grade("--unsandboxed", "--jobs", "1")
    assert "ada: failed: the process that graded it was killed" in done.output
    assert course.results()["bob"] == ("graded", "2.0")


def test_what_is_interrupted_is_told_and_can_be_resumed(course):
    save(course, "submitted/ada", double=double("while True: pass"))
    save(course, "submitted/bob", double=RIGHT)
    command = [sys.executable, "-m", "optilab.grading", "grade", "double", "--jobs", "1"]
    process = subprocess.Popen(
        command,
        cwd=course.root,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # which a shell may have taken from what it runs in the background
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    wait_for((course.folder("ada", "autograded") / "double.ipynb").exists)
    os.killpg(process.pid, signal.SIGINT)  # what Ctrl-C does
    output, _ = process.communicate()
    assert process.returncode == 130
    assert "ada: failed: it was interrupted" in output
    assert "bob: stale: not graded yet" in output
    save(course, "submitted/ada", double=WRONG)
    assert course.grade().status == 0
    assert course.results() == {"ada": ("graded", "0.0"), "bob": ("graded", "2.0")}


def test_plain_nbgrader_does_the_same(course):
    answer, test = RIGHT.cells
    twin = double("return 2 * x").cells[0]
    twin.id = "twin"  # a cell pasted in JupyterLab has an id of its own, and nbgrader's old mark
    save(course, "submitted/ada", double=RIGHT)
    save(course, "submitted/bob", double=new_notebook(cells=[answer, twin, test]))
    for command in ("generate_assignment", "autograde", "generate_feedback"):
        done = course.nbgrader(command, "double")
        assert done.status == 0, done.output
    release = (course.root / "exercises" / "double" / "double.ipynb").read_text()
    assert "NotImplementedError" in release
    assert HIDDEN not in release
    assert HIDDEN not in course.feedback_text("ada")
    course.nbgrader("export")
    assert course.results() == {"ada": ("graded", "2.0"), "bob": ("graded", "2.0")}

    save(course, "submitted/ada", double=BROKEN)
    course.report()
    assert course.results()["ada"] == ("stale", "")
    assert course.nbgrader("autograde", "double", "--force").status == 1
    course.report()
    assert course.results()["ada"] == ("failed", "")
    assert score_in_gradebook(course, "ada") == 0


def test_a_written_answer_waits_for_a_grader(course):
    blank = new_markdown_cell("YOUR ANSWER HERE", metadata=mark("why", points=3, solution=True))
    question = new_markdown_cell("Why?", metadata=blank.metadata)
    answer = new_markdown_cell("Because.", metadata=blank.metadata)
    save(course, "solutions", double=RIGHT, essay=new_notebook(cells=[question]))
    save(course, "submitted/blank", essay=new_notebook(cells=[blank]))
    save(course, "submitted/deleter", double=RIGHT, essay=new_notebook())
    save(course, "submitted/writer", double=RIGHT, essay=new_notebook(cells=[answer]))
    assert course.grade().status == 0
    assert course.results() == {
        "blank": ("graded", "0.0"),
        "deleter": ("needs manual grading", "2.0"),
        "writer": ("needs manual grading", "2.0"),
    }
    assert course.rows()["blank"]["reason"] == "no double.ipynb"

    with gradebook(course) as book:
        grade = book.find_grade("why", "essay", "double", "writer")
        grade.manual_score, grade.needs_manual_grade = 3, False
        book.db.commit()
    course.report()
    assert course.results()["writer"] == ("graded", "5.0")
    assert course.grade().status == 0
    assert course.results()["writer"] == ("needs manual grading", "5.0")


def test_formgrader_lists_the_submissions(course):
    save(course, "submitted/ada", double=RIGHT)
    save(course, "submitted/bob", double=BROKEN)
    course.grade()
    runtime = course.root / "runtime"
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyter_server", *SERVER],
        cwd=course.root,
        env=os.environ | {"JUPYTER_RUNTIME_DIR": str(runtime)},
        stderr=subprocess.DEVNULL,
    )
    try:
        url = wait_for(lambda: address(runtime))
        [assignment] = get(f"{url}formgrader/api/assignments")
        submissions = get(f"{url}formgrader/api/submissions/double")
    finally:
        server.terminate()
        server.wait()
    assert assignment["name"] == "double"
    assert assignment["source_path"] == "solutions/double"
    assert assignment["num_submissions"] == 2
    assert {s["student"]: (s["autograded"], s["score"]) for s in submissions} == {
        "ada": (True, 2),
        "bob": (False, 0),
    }


SERVER = ["--no-browser", "--allow-root", "--ServerApp.port=0", "--IdentityProvider.token=abc"]


def address(runtime):
    """Return where a Jupyter server listens, as soon as it answers."""
    for file in runtime.glob("jpserver-*.json"):
        with contextlib.suppress(json.JSONDecodeError, urllib.error.URLError):
            url = json.loads(file.read_text())["url"]
            get(f"{url}api/status")
            return url
    return None


def get(url):
    request = urllib.request.Request(url, headers={"Authorization": "token abc"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def wait_for(condition, seconds=120):
    """Return what the condition gives as soon as it is true."""
    end = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.05)
    return value


@pytest.mark.parametrize(
    "options, message",
    [
        (["doubel"], "solutions/ has no 'doubel'; did you mean 'double'?"),
        (["double", "--jobs", "0"], "--jobs 0: at least 1"),
        (["double", "--submitted", "inbox"], "inbox/<student>/double"),
        (["double", "--course", "solutions"], "solutions is no course: it has no nbgrader_config"),
    ],
)
def test_nothing_starts_without_a_course_and_submissions(
    course, monkeypatch, capsys, options, message
):
    monkeypatch.chdir(course.root)
    with pytest.raises(SystemExit, match="2"):
        main(["grade", *options])
    assert message in capsys.readouterr().err


def gradebook(course):
    return Gradebook(f"sqlite:///{course.root / 'gradebook.db'}", "optilab")


def score_in_gradebook(course, student):
    """Return the score that Formgrader shows."""
    with gradebook(course) as book:
        return book.find_submission(course.assignment, student).score
