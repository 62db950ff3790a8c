"""Make exercises/ from solutions/, never by hand: ``python -m optilab.grading.release``.

With ``--check`` it writes nothing, and fails if exercises/ is not what solutions/ makes.
"""

import argparse
import logging
import shutil
import sys
import tempfile
from pathlib import Path

from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from traitlets.config import PyFileConfigLoader

ROOT = Path(__file__).resolve().parents[2]
LOG = logging.getLogger(__name__)
CLUTTER = shutil.ignore_patterns(".ipynb_checkpoints")


def release(root):
    """Return what exercises/ should hold, as ``{path below it: bytes}``.

    nbgrader makes it in a course of its own and without a gradebook: an instructor's stays as
    it is.
    """
    config = PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
    config.GenerateAssignment.no_database = True
    config.SaveCells.enabled = False
    config.CourseDirectory.assignment_id = "*"
    with tempfile.TemporaryDirectory() as folder:
        config.CourseDirectory.root = folder
        shutil.copytree(root / "solutions", Path(folder, "solutions"), ignore=CLUTTER)
        course = CourseDirectory(config=config)
        try:
            GenerateAssignment(coursedir=course, config=config, log=LOG).start()
        except NbGraderException:
            sys.exit("solutions/ makes no release, for the reason above")
        return _files(Path(folder, "exercises"))


def stale(root):
    """Return the files in exercises/ that are missing, changed or left over."""
    wanted, found = release(root), _files(root / "exercises")
    return sorted(
        path for path in wanted.keys() | found.keys() if wanted.get(path) != found.get(path)
    )


def write(root):
    """Make exercises/ anew."""
    files = release(root)
    shutil.rmtree(root / "exercises", ignore_errors=True)
    for path, content in files.items():
        target = root / "exercises" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def _files(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".ipynb_checkpoints" not in path.parts
    }


def main(argv=None, root=ROOT):
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing, fail if stale")
    if parser.parse_args(argv).check:
        if files := stale(root):
            sys.exit(f"exercises/ is stale, run `make exercises`: {', '.join(files)}")
    else:
        write(root)


if __name__ == "__main__":
    main()
