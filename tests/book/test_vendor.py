"""The vendored files are those that VENDORED names, all of them, unchanged."""

import hashlib

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
