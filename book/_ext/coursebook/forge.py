"""Links to the repository: only where its remote is a page that a reader can open."""

import re
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from sphinx.application import Sphinx
from sphinx.config import Config

# Names that never resolve on the public network (RFC 2606, 6761, 6762, 8375, 9476).
PRIVATE = re.compile(
    r"(^|\.)(example(\.com|\.net|\.org)?|invalid|test|localhost|local|internal|lan|corp|arpa)$"
)
FORGE = re.compile(r"(^|\.)git(hub|lab)\.")


def web_page(remote: str) -> str | None:
    """Return the address of a public repository, without the credentials a remote may carry.

    Parameters
    ----------
    remote : str
        As ``git remote get-url`` prints it: ``https://...``, ``ssh://...`` or ``user@host:path``.
    """
    if "://" not in remote and "@" in remote:
        remote = "ssh://" + remote.replace(":", "/", 1)
    url = urlsplit(remote)
    host = url.hostname or ""
    path = url.path.removesuffix("/").removesuffix(".git")
    public = FORGE.search(host) and not PRIVATE.search(host)
    if url.scheme not in ("https", "ssh") or not public or not re.fullmatch(r"(/[^/]+){2,}", path):
        return None
    port = f":{url.port}" if url.scheme == "https" and url.port else ""
    return f"https://{host}{port}{path}"


def add_repository(app: Sphinx, config: Config) -> None:
    """Give the theme the repository to link, or none."""
    root = Path(app.srcdir)
    options = config.html_theme_options
    options["repository_url"] = web_page(_git(root, "remote", "get-url", "origin"))
    if options["repository_url"]:
        head = _git(root, "symbolic-ref", "--short", "refs/remotes/origin/HEAD")
        options["repository_branch"] = head.removeprefix("origin/") or "main"
        options["use_repository_button"] = options["use_edit_page_button"] = True


def add_launch_button(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any
) -> None:
    """Open a notebook of the repository on Binder; chapters are no notebooks there."""
    options = app.config.html_theme_options
    if not options["repository_url"] or context.get("page_source_suffix") != ".ipynb":
        return
    url = urlsplit(options["repository_url"])
    path = url.path.strip("/")
    provider = {"github.com": f"gh/{path}", "gitlab.com": f"gl/{quote(path, safe='')}"}
    repository = provider.get(url.netloc, f"git/{quote(url.geturl(), safe='')}")
    context["header_buttons"].append(
        {
            "type": "link",
            "url": f"https://mybinder.org/v2/{repository}/{options['repository_branch']}"
            f"?urlpath=lab/tree/{page}.ipynb",
            "tooltip": "Work on this notebook on Binder",
            "icon": "fas fa-rocket",
            "label": "launch-button",
        }
    )


def _git(root: Path, *arguments: str) -> str:
    """Return what git says, or nothing where there is no git or no such thing."""
    try:
        answer = subprocess.run(
            ["git", "-C", str(root), *arguments], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return answer.stdout.strip()


def setup(app: Sphinx) -> None:
    """Connect both; the theme draws header buttons at priority 501."""
    app.connect("config-inited", add_repository)
    app.connect("html-page-context", add_launch_button, priority=502)
