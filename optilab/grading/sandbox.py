"""Where a submission runs: beside Python, optilab and the files that were handed in with it.

bubblewrap gives each kernel namespaces of its own: no network, no other process, no home, no
gradebook and nobody else's work.  What its functions return is judged outside: see `judge`.
"""

import asyncio
import contextlib
import copy
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from jupyter_client.manager import AsyncKernelManager
from nbgrader.preprocessors import Execute
from traitlets import Bool, Unicode, default

import optilab
from optilab.grading import judge

# Of each process, in bytes; of all together there is no limit that every system can set.
LIMITS = {"as": 4 << 30, "fsize": 64 << 20, "core": 0}
MOST_PROCESSES = 64  # and threads, in the sandbox; it does not hold for root
MOST_IN_MEMORY = 256 << 20  # of files
MOST_SHOWN = 1_000_000  # characters of a cell's output
MOST_TOLD = 32_000_000  # characters that a kernel answers to a test
MESSAGES = {"status", "execute_input", "clear_output", "comm_open", "comm_msg", "comm_close"}
MESSAGES |= {"stream", "display_data", "update_display_data", "execute_result", "error"}
# What Python reads of the system.
SYSTEM = ("/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/fonts", "/etc/alternatives")
PYTHON = {sys.base_prefix, sys.prefix, str(Path(optilab.__file__).parent)}
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "HOME": "/tmp",
    "LANG": "C.UTF-8",
    "PYTHONPATH": str(Path(optilab.__file__).parents[1]),
    "NBGRADER_EXECUTION": "autograde",
    "OPENBLAS_NUM_THREADS": "1",  # each would take address space
}


def shut_in(room, work="."):
    """Return the words before a command that let it see, beside the system, a folder to write.

    Parameters
    ----------
    room : str
        The folder.
    work : str
        Where in it the command starts.
    """
    # bubblewrap's own environment could be read as that of process 1.
    words = ["env", "-i", *(f"{name}={value}" for name, value in ENVIRONMENT.items())]
    words += ["prlimit", *(f"--{name}={most}" for name, most in LIMITS.items())]
    words += ["bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL"]
    words += ["--proc", "/proc", "--dev", "/dev"]
    for path in ("/tmp", "/dev/shm"):
        words += ["--size", str(MOST_IN_MEMORY), "--tmpfs", path]
    words += ["--remount-ro", "/dev"]
    for path in (*SYSTEM, *sorted(PYTHON)):
        words += ["--ro-bind-try", path, path]
    words += ["--bind", room, room, "--chdir", os.path.join(room, work)]
    # Set within, it counts those of this sandbox alone.
    return [*words, "prlimit", f"--nproc={MOST_PROCESSES}"]


def missing():
    """Say in a line why no sandbox can be had, if so."""
    for tool, package in {"bwrap": "bubblewrap", "prlimit": "util-linux"}.items():
        if not shutil.which(tool):
            return f"there is no sandbox, for {tool} (package {package}) is not installed"
    with tempfile.TemporaryDirectory() as room:
        tried = subprocess.run([*shut_in(room), "true"], capture_output=True, text=True)
    said = tried.stderr.strip().splitlines() or [f"exit status {tried.returncode}"]
    return f"there is no sandbox: {said[-1]}" if tried.returncode else ""


def remove(room):
    """Delete a folder, however deep and shut, and follow no link out of it."""
    if sys.platform == "win32":
        shutil.rmtree(room, ignore_errors=True)
    else:  # Python would go down folder by folder in calls of calls
        for command in (["chmod", "-R", "u+rwx"], ["rm", "-rf"]):
            subprocess.run([*command, room], stderr=subprocess.DEVNULL, check=False)


class SandboxedKernelManager(AsyncKernelManager):
    """Starts kernels in the sandbox, on copies of the files beside the notebook."""

    sandbox = Bool(True, help="Shut kernels in; without, submissions run as you").tag(config=True)
    room = Unicode()

    @default("room")
    def _room_default(self):
        return tempfile.mkdtemp(prefix="kernel-")

    @default("transport")
    def _transport_default(self):
        """Sockets are files of the room.  Two kernels may be given the same TCP port at once."""
        return "tcp" if sys.platform == "win32" else "ipc"

    @default("ip")
    def _ip_default(self):
        return super()._ip_default() if self.transport == "tcp" else f"{self.room}/socket"

    @default("connection_file")
    def _connection_file_default(self):
        return f"{self.room}/connection.json"

    async def start_kernel(self, *, cwd, **options):  # type: ignore[override]  # stub: not async
        """Start the kernel in a copy of the folder, with neither the log nor the terminal open."""
        if self.sandbox:
            if problem := missing():
                raise RuntimeError(
                    f"{problem}; SandboxedKernelManager.sandbox=False runs it as you"
                )
            cwd = shutil.copytree(cwd, f"{self.room}/work", symlinks=True)
            options |= {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        await super().start_kernel(cwd=cwd, **options)

    def format_kernel_cmd(self, extra_arguments=None):
        """Return the command that starts the kernel."""
        command = super().format_kernel_cmd(extra_arguments)
        if not self.sandbox:
            return command
        assert self.kernel_spec is not None
        self.kernel_spec.interrupt_mode = "message"  # a signal would reach bubblewrap alone
        return [*shut_in(self.room, "work"), *command]

    async def _async_cleanup_resources(self, restart=False):
        await super()._async_cleanup_resources(restart)
        if not restart:
            remove(self.room)

    cleanup_resources = _async_cleanup_resources


class SandboxedExecute(Execute):
    """nbgrader's step that runs a notebook, with kernels of `SandboxedKernelManager`.

    Tests that are calls of check and grade are judged here; of the kernel they want to know what
    the learner's functions return.
    """

    def __init__(self, *args, **options):
        super().__init__(*args, kernel_manager_class=SandboxedKernelManager, **options)
        self.shown = {}
        self.interrupted = signal.getsignal(signal.SIGINT)

    async def async_start_new_kernel(self, **options):
        """Start the kernel, and give Ctrl-C back: nbclient takes it, and goes on with no kernel."""
        with contextlib.suppress(NotImplementedError):  # on Windows
            asyncio.get_running_loop().remove_signal_handler(signal.SIGINT)
            signal.signal(signal.SIGINT, self.interrupted)
        await super().async_start_new_kernel(**options)

    def preprocess_cell(self, cell, resources, index):
        """Run a cell, or judge it."""
        if not judge.is_test(cell) or not (tests := judge.tests(cell.source)):
            return super().preprocess_cell(cell, resources, index)

        def ask(source):
            request = copy.deepcopy(cell)
            request.source = source
            self.execute_cell(request, index, store_history=not cell.execution_count)
            self.nb.cells[index] = cell  # for nbclient puts there what it ran
            self.clear_display_id_mapping(index)  # and would let later cells change it
            cell.execution_count = cell.execution_count or request.execution_count
            return request.outputs

        cell.outputs = judge.judged(tests, ask)
        return cell, resources

    def on_cell_executed(self, *, cell, **more):
        """Take an error that came without a message, and of a flood its beginning."""
        super().on_cell_executed(cell=cell, **more)
        for output in cell.outputs:
            if output.output_type == "error" and len(str(output)) > MOST_SHOWN:
                output.evalue = output.evalue[:MOST_SHOWN]
                output.traceback = [output.evalue]

    def process_message(self, msg, cell, cell_index):
        """Take a message of the kernel, and of a flood its beginning."""
        kind, content = msg["msg_type"], msg["content"]
        if kind not in MESSAGES:
            return None
        if kind != "status":
            most = MOST_SHOWN if cell is self.nb.cells[cell_index] else MOST_TOLD
            before = self.shown.get(cell_index, 0)
            now = before + len(str(content))
            self.shown[cell_index] = now
            if before >= most:
                return None
            if now > most:
                text = str(content.get("text", ""))[: most - before]
                note = f"\n[It shows over {most} characters: the rest is left out.]\n"
                stream = {"msg_type": "stream"}
                msg = msg | stream | {"header": msg["header"] | stream}
                msg["content"] = {"name": "stdout", "text": text + note}
        return super().process_message(msg, cell, cell_index)
