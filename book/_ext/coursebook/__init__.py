"""The book's Sphinx extension: what Jupyter Book does not do by itself.

``claims`` re-checks the numbers of the prose, ``downloads`` offers each chapter as a notebook,
``flashcards`` turns terms and questions into cards, ``forge`` links the public repository if there
is one, ``apidoc`` and ``repairs`` mend what other tools get wrong; this module keeps stale results
out.
"""

import hashlib
import os
import sys
from pathlib import Path

from sphinx.application import ENV_PICKLE_FILENAME, Sphinx
from sphinx.config import Config

from coursebook import apidoc, claims, downloads, flashcards, forge, repairs


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect all parts; Sphinx calls this."""
    app.connect("config-inited", import_from_checkout)
    app.connect("config-inited", spare_threads)
    app.connect("config-inited", key_execution_cache)
    app.connect("build-finished", forget_failed_build)
    for part in (apidoc, claims, downloads, flashcards, forge, repairs):
        part.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def import_from_checkout(app: Sphinx, config: Config) -> None:
    """Let pages and API docs import the optilab beside them, whichever is installed."""
    root = str(app.srcdir)
    sys.path.insert(0, root)
    inherited = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join([root, inherited] if inherited else [root])


def spare_threads(app: Sphinx, config: Config) -> None:
    """Let pages multiply their small matrices in one thread: several spend more time waiting."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")


def key_execution_cache(app: Sphinx, config: Config) -> None:
    """Keep outputs per state of optilab: jupyter-cache itself looks at code cells alone.

    The path is a setting that pages depend on, so Sphinx reads them all again when it changes.
    """
    cache = Path(app.outdir).parent / ".jupyter_cache" / fingerprint(Path(app.srcdir))
    config.nb_execution_cache_path = str(cache)


def fingerprint(root: Path) -> str:
    """Hash all that an output depends on besides its cell: optilab, the lock, Python."""
    digest = hashlib.sha256(sys.version.encode())
    for path in [root / "requirements.txt", *sorted((root / "optilab").rglob("*"))]:
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def forget_failed_build(app: Sphinx, exception: Exception | None) -> None:
    """Make the next build read all pages again after one that warned.

    Sphinx warns of what it reads, so a second ``-W`` build would pass without a change.
    """
    if app._warncount:
        (Path(app.doctreedir) / ENV_PICKLE_FILENAME).unlink(missing_ok=True)
