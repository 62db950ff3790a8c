"""What is taken from others: vendored files as VENDORED names them, packages as they are locked."""

import hashlib
import re

from built_book import ROOT

VENDOR = ROOT / "book" / "_static" / "vendor"


def test_checksums():
    head, *lines = (VENDOR / "VENDORED").read_text("utf8").splitlines()
    assert head.startswith("# mathjax@3.2.2, Apache-2.0, sha256 of the npm tarball ")
    files = [path for path in VENDOR.rglob("*") if path.is_file() and path.name != "VENDORED"]
    assert {name: checksum for checksum, name in map(str.split, lines)} == {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }
    assert VENDOR / "mathjax" / "LICENSE" in files


def test_the_browser_has_the_versions_of_the_course():
    """Of what `make lite` serves in pure Python; `make lock` pins both."""
    course, lite = (
        dict(re.findall(r"^([\w.-]+)==(\S+)", (ROOT / path).read_text("utf8"), re.MULTILINE))
        for path in ("requirements.txt", "book/_ext/lite.txt")
    )
    assert {"ipython", "ipywidgets", "anywidget"} <= lite.keys() & course.keys()
    assert {name: course.get(name, version) for name, version in lite.items()} == lite
