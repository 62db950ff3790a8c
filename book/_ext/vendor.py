"""Fetch the third-party files that pages serve from book/_static/vendor: ``make vendor``.

VENDORED lists them in the form of ``sha256sum``; tests compare the files with the list.
"""

import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

VENDOR = Path(__file__).parents[1] / "_static" / "vendor"
MATHJAX = "mathjax@3.2.2"
LICENCE = "Apache-2.0"
TARBALL = "1b9c0a1c44df864e915690558e72adb9cc5203360daefd385084ced3b6c64c09"
# The renderer that Sphinx asks for, its fonts, and the TeX packages that it loads on demand.
WANTED = (
    "LICENSE",
    "es5/tex-mml-chtml.js",
    "es5/output/chtml/fonts/woff-v2/",
    "es5/input/tex/extensions/",
)


def main() -> None:
    """Replace book/_static/vendor by what the npm package holds."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", "--silent", MATHJAX]
        subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, check=True)
        (tarball,) = Path(folder).glob("*.tgz")
        if sha256(tarball) != TARBALL:
            raise SystemExit(f"{tarball.name}: sha256 {sha256(tarball)}, expected {TARBALL}")
        shutil.rmtree(VENDOR, ignore_errors=True)
        unpack(tarball, VENDOR / "mathjax")
    (VENDOR / "VENDORED").write_text(listing(), "utf8")


def unpack(tarball: Path, target: Path) -> None:
    """Copy the files below ``WANTED``; the path that MathJax expects starts after ``es5/``."""
    with tarfile.open(tarball) as archive:
        for member in archive:
            name = member.name.removeprefix("package/")
            content = archive.extractfile(member)
            if content and name.startswith(WANTED):
                path = target / name.removeprefix("es5/")
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content.read())


def listing() -> str:
    """Name the package and every file with its sha256."""
    files = sorted(path for path in VENDOR.rglob("*") if path.is_file() and path.name != "VENDORED")
    lines = [f"# {MATHJAX}, {LICENCE}, sha256 of the npm tarball {TARBALL}"]
    lines += [f"{sha256(path)}  {path.relative_to(VENDOR).as_posix()}" for path in files]
    return "\n".join(lines) + "\n"


def sha256(path: Path) -> str:
    """Return the checksum of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    main()
