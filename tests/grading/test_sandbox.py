"""What a submission reaches from the sandbox: Python, optilab and its own files."""

import os
import socket
import subprocess
import sys
import textwrap

import pytest
from course import double, save

import optilab
from optilab.grading import sandbox
from optilab.grading.__main__ import main


def shut_in(room, code):
    """Run Python code in the sandbox."""
    command = [*sandbox.shut_in(str(room)), sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True)


def test_the_course_can_be_used(tmp_path):
    code = "import numpy, optilab, IPython; open('notes', 'w').write(optilab.__file__)"
    assert shut_in(tmp_path, code).stderr == ""
    assert (tmp_path / "notes").read_text() == optilab.__file__


def test_processes_are_few(tmp_path):
    """Of root's there may be more, so the limit is read."""
    code = "import resource; raise SystemExit(str(resource.getrlimit(resource.RLIMIT_NPROC)))"
    assert (
        shut_in(tmp_path, code).stderr == f"({sandbox.MOST_PROCESSES}, {sandbox.MOST_PROCESSES})\n"
    )


ATTACKS = {
    "other files": ("open({file!r})", "FileNotFoundError"),
    "optilab": ("open({package!r}, 'a')", "Read-only file system"),
    "the network": ("import socket; socket.create_connection({address})", "refused"),
    "processes": ("import os; os.kill({pid}, 0)", "ProcessLookupError"),
    "settings": ("import os; print(os.environ['SECRET'])", "KeyError"),
    "settings of bwrap": (
        "assert b'SECRET' not in open('/proc/1/environ', 'rb').read(); 1 / 0",
        "Z",
    ),
    "much of the memory as files": (
        "for i in range(9): open(f'/tmp/{{i}}', 'wb').write(bytes(60 << 20))",
        "No space left",
    ),
    "devices": ("open('/dev/x', 'w')", "Read-only file system"),
    "memory": ("bytearray(5 << 30)", "MemoryError"),
    "a mount": (
        "import subprocess; subprocess.run(['mount', '-t', 'tmpfs', 'x', '/usr'], check=True)",
        "CalledProcessError",
    ),
}


@pytest.mark.parametrize("code, error", ATTACKS.values(), ids=ATTACKS)
def test_nothing_else_is_within_reach(tmp_path, monkeypatch, code, error):
    monkeypatch.setenv("SECRET", "1")
    room, file = tmp_path / "room", tmp_path / "gradebook.db"
    room.mkdir()
    file.touch()
    with socket.create_server(("127.0.0.1", 0)) as server:
        reach = {
            "file": str(file),
            "package": optilab.__file__,
            "address": server.getsockname(),
            "pid": os.getpid(),
        }
        assert error in shut_in(room, code.format(**reach)).stderr


def test_a_submission_has_its_own_files_and_no_others(course):
    """It writes beside them, and nothing of it stays."""
    answer = (
        "import os; open('x', 'w').close(); print(os.listdir(), os.listdir('..')); return 2 * x"
    )
    save(course, "submitted/ada", double=double(answer))
    (course.folder("ada") / "data.txt").write_text("1")
    save(course, "submitted/bob", double=double("return 2 * x"))
    assert course.grade().status == 0
    assert course.results() == dict.fromkeys(("ada", "bob"), ("graded", "2.0"))
    seen = course.feedback_text("ada")
    assert "data.txt" in seen
    assert "gradebook.db" not in seen
    assert "bob" not in seen
    assert not (course.folder("ada", "autograded") / "x").exists()


def test_neither_the_log_nor_the_terminal_is_within_reach(course):
    seen = "from pathlib import Path\n    for fd in Path('/proc/self/fd').iterdir():\n        "
    seen += "print(fd.is_symlink() and fd.readlink())\n    return 2 * x"
    save(course, "submitted/ada", double=double(seen))
    assert course.grade().status == 0
    assert "grading.log" not in course.feedback_text("ada")
    assert "/dev/null" in course.feedback_text("ada")
    assert "never awaited" not in (course.root / "grading.log").read_text()


def test_of_a_flood_the_beginning_is_kept(course):
    flood = "print('x' * 30_000_000); return 2 * x"
    pictures = "from IPython.display import HTML, display\n    for _ in range(30):\n        "
    pictures += "display(HTML('y' * 100_000))\n    return 2 * x"
    save(course, "submitted/ada", double=double(flood))
    save(course, "submitted/bob", double=double(pictures))
    assert course.grade().status == 0
    assert course.results() == dict.fromkeys(("ada", "bob"), ("graded", "2.0"))
    for student in ("ada", "bob"):
        assert course.feedback(student).stat().st_size < 3_000_000
        assert "the rest is left out" in course.feedback_text(student)


FLOODS = {
    "an error": "raise ValueError('x' * 20_000_000)",
    "text beside data": """
        data = {"text/plain": "y" * 20_000_000}
        send("display_data", {"text": "x", "data": data, "metadata": {}})
    """,
    "a message of no kind": "send('m' * 20_000_000, {})",
    "many errors": """
        for _ in range(9):
            send("error", {"ename": "a", "evalue": "y" * 9_000_000, "traceback": []})
    """,
}
SEND = """
def send(kind, content):
    kernel = get_ipython().kernel
    parent = kernel.get_parent("shell")
    kernel.session.send(kernel.iopub_socket, kind, content, parent=parent, ident=b"x")
"""


def test_no_kind_of_message_makes_a_flood(course):
    for i, flood in enumerate(FLOODS.values()):
        notebook = double("return 2 * x")
        notebook.cells[0].source += f"\n{SEND}\n{textwrap.dedent(flood)}"
        save(course, f"submitted/{i}", double=notebook)
    course.grade()
    assert course.results() == {str(i): ("graded", "2.0") for i in range(len(FLOODS))}
    assert (course.root / "grading.log").stat().st_size < 100_000
    for i in range(len(FLOODS)):
        assert course.feedback(str(i)).stat().st_size < 3_000_000


def test_a_room_may_be_deep(course):
    deep = "import os\n    for _ in range(1500): os.mkdir('a'); os.chdir('a')\n    return 2 * x"
    save(course, "submitted/ada", double=double(deep))
    assert course.grade().status == 0
    assert course.results() == {"ada": ("graded", "2.0")}


def test_a_huge_file_is_refused(course):
    save(course, "submitted/ada", double=double("return 2 * x"))
    with (course.folder("ada") / "data.bin").open("wb") as file:
        file.truncate(1 << 30)
    done = course.grade()
    assert "ada: failed: " in done.output
    assert "data.bin has over 32 MB" in done.output


def test_nothing_of_a_room_stays_and_no_link_is_followed(tmp_path):
    outside, room = tmp_path / "outside", tmp_path / "room"
    outside.mkdir(mode=0o500)
    (room / "shut").mkdir(parents=True)
    (room / "shut" / "link").symlink_to(outside)
    (room / "shut").chmod(0o500)
    sandbox.remove(str(room))
    assert not room.exists()
    assert outside.stat().st_mode & 0o777 == 0o500


def test_plain_nbgrader_says_that_there_is_no_sandbox(course):
    save(course, "submitted/ada", double=double("return 2 * x"))
    course.nbgrader("generate_assignment", "double")
    nothing = "import shutil; shutil.which = lambda name: None"
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text() + nothing)
    done = course.nbgrader("autograde", "double")
    assert done.status == 1
    assert "there is no sandbox, for bwrap" in done.output


def test_an_endless_loop_is_interrupted(course):
    save(course, "submitted/ada", double=double("while True: pass"))
    assert course.grade().status == 0
    assert course.results() == {"ada": ("graded", "0.0")}
    assert "it took too long" in course.feedback_text("ada")


@pytest.mark.parametrize("tool", ["bwrap", "prlimit"])
def test_without_a_sandbox_nothing_runs(course, monkeypatch, capsys, tool):
    save(course, "submitted/ada", double=double("return 2 * x"))
    monkeypatch.setattr(sandbox.shutil, "which", lambda name: name != tool)
    with pytest.raises(SystemExit, match="2"):
        main(["grade", "double", "--course", str(course.root)])
    assert f"there is no sandbox, for {tool}" in capsys.readouterr().err


def test_a_sandbox_that_the_system_forbids_is_told(monkeypatch):
    monkeypatch.setattr(sandbox, "SYSTEM", ())
    told = "there is no sandbox: bwrap: execvp prlimit: No such file or directory"
    assert sandbox.missing() == told
