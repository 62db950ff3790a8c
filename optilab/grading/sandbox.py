"""Where a submission runs: beside Python, optilab and the files that were handed in with it.

bubblewrap gives each kernel namespaces of its own: no network, no other process, no home, no
gradebook and nobody else's work.  nbgrader's tests still run in the learner's kernel, and whoever
takes them apart there can raise their own grade; that is all that is within reach.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from jupyter_client.manager import AsyncKernelManager
from nbgrader.preprocessors import Execute
from traitlets import Bool, Instance, default

import optilab

# Of one process; a submission that needs more is stopped by an error in its own code.
LIMITS = {"as": 4 << 30, "fsize": 64 << 20, "core": 0}
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


def shut_in(room):
    """Return the words before a command that let it see, beside the system, a folder to write."""
    words = ["prlimit", *(f"--{name}={most}" for name, most in LIMITS.items())]
    words += ["bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--clearenv"]
    words += ["--cap-drop", "ALL", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]
    for path in (*SYSTEM, *sorted(PYTHON)):
        words += ["--ro-bind-try", path, path]
    for name, value in ENVIRONMENT.items():
        words += ["--setenv", name, value]
    return [*words, "--bind", str(room), str(room), "--chdir", str(room)]


def missing():
    """Say in a line why no sandbox can be had, if so."""
    for tool, package in {"bwrap": "bubblewrap", "prlimit": "util-linux"}.items():
        if not shutil.which(tool):
            return f"there is no sandbox, for {tool} (package {package}) is not installed"
    with tempfile.TemporaryDirectory() as room:
        tried = subprocess.run([*shut_in(room), "true"], capture_output=True, text=True)
    said = tried.stderr.strip().splitlines() or [f"exit status {tried.returncode}"]
    return f"there is no sandbox: {said[-1]}" if tried.returncode else ""


class SandboxedKernelManager(AsyncKernelManager):
    """Starts kernels in the sandbox, on copies of the files beside the notebook."""

    sandbox = Bool(True, help="Shut kernels in; without, submissions run as you").tag(config=True)
    room = Instance(tempfile.TemporaryDirectory)

    @default("room")
    def _room_default(self):
        return tempfile.TemporaryDirectory(prefix="kernel-")

    @default("transport")
    def _transport_default(self):
        """Sockets are files of the room.  Two kernels may be given the same TCP port at once."""
        return "tcp" if sys.platform == "win32" else "ipc"

    @default("ip")
    def _ip_default(self):
        return super()._ip_default() if self.transport == "tcp" else self.room.name + "/socket"

    @default("connection_file")
    def _connection_file_default(self):
        return self.room.name + "/connection.json"

    async def start_kernel(self, *, cwd, **options):  # type: ignore[override]  # stub: not async
        """Start the kernel in a copy of the folder."""
        if self.sandbox:
            cwd = shutil.copytree(cwd, self.room.name + "/work", symlinks=True)
        await super().start_kernel(cwd=cwd, **options)

    def format_kernel_cmd(self, extra_arguments=None):
        """Return the command that starts the kernel."""
        command = super().format_kernel_cmd(extra_arguments)
        if not self.sandbox:
            return command
        assert self.kernel_spec is not None
        self.kernel_spec.interrupt_mode = "message"  # a signal would reach bubblewrap alone
        return [*shut_in(self.room.name), "--chdir", self.room.name + "/work", *command]

    def cleanup_resources(self, restart=False):
        """Forget the room together with the kernel."""
        super().cleanup_resources(restart)
        if not restart:
            self.room.cleanup()


class SandboxedExecute(Execute):
    """nbgrader's step that runs a notebook, with kernels of `SandboxedKernelManager`."""

    def __init__(self, *args, **options):
        super().__init__(*args, kernel_manager_class=SandboxedKernelManager, **options)
