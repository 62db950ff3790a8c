"""The package is a building: a module imports only from floors below its own."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import optilab

FLOORS = [
    {"rules", "source", "trees", "valid", "whole"},
    {"data", "landscapes", "losses", "models", "schedules"},
    {"dialects", "oracles", "problems", "regularizers", "run"},
    {"comparison", "compiled", "plots", "tuning"},
    {"checks"},
    {"grading", "notebook", "widgets"},
]
FLOOR = {name: floor for floor, names in enumerate(FLOORS) for name in names}
CORE = set.union(*FLOORS[:3])
PACKAGE = Path(optilab.__file__).parent
FILES = {
    path: path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    for path in sorted(PACKAGE.rglob("*.py"))
    if path.relative_to(PACKAGE).parts[0] not in ("__init__.py", "_data")
}


def imported(path):
    """Yield the parts of optilab that a file imports, wherever in the file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        yield from (name.split(".")[1] for name in names if name.startswith("optilab."))


def test_every_module_has_a_floor():
    assert set(FILES.values()) <= FLOOR.keys()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_go_down(path):
    part = FILES[path]
    up = {name for name in imported(path) if name != part and FLOOR.get(name, 9) >= FLOOR[part]}
    assert not up, f"optilab.{part} stands on floor {FLOOR[part]}, too low for {up}"


def test_the_core_needs_only_numpy():
    """Import it in a fresh interpreter and see what else came in."""
    modules = ", ".join(f"optilab.{name}" for name in CORE & set(FILES.values()))
    code = (
        "import sys; before = set(sys.modules)\n"
        f"import optilab, {modules}\n"
        "print(*{name.split('.')[0] for name in set(sys.modules) - before})"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(out.stdout.split()) - set(sys.stdlib_module_names) == {"numpy", "optilab"}
