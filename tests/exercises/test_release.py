"""exercises/ is what nbgrader makes of solutions/, to the byte."""

import shutil

import pytest

from optilab.grading import release


@pytest.fixture
def course(tmp_path):
    """A copy of the course's sources and releases."""
    for name in ("solutions", "exercises"):
        shutil.copytree(release.ROOT / name, tmp_path / name)
    shutil.copy(release.ROOT / "nbgrader_config.py", tmp_path)
    return tmp_path


def test_the_release_is_fresh():
    assert release.stale(release.ROOT) == [], "run `make exercises`"


def test_a_stale_release_is_named_and_made_anew(course):
    name = "02-gradient-descent/02-gradient-descent.ipynb"
    notebook = course / "exercises" / name
    notebook.write_text(notebook.read_text().replace("gd_step", "gd_stride"))
    (course / "exercises" / "left-over.txt").touch()
    with pytest.raises(SystemExit, match=f"stale, run `make exercises`: {name}, left-over.txt"):
        release.main(["--check"], course)
    release.main([], course)
    release.main(["--check"], course)


def test_a_source_that_makes_no_release_says_why(course, caplog):
    notebook = next((course / "solutions").glob("*/*.ipynb"))
    notebook.write_text(notebook.read_text().replace("### END SOLUTION", ""))
    with pytest.raises(SystemExit, match="solutions/ makes no release"):
        release.release(course)
    assert "no end solution statement found" in caplog.text
