"""Pack the built book into one zip that needs no server and no network: ``make zip``."""

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

BUILD = Path(__file__).parents[2] / "_build"
NAME = "optimizers-of-deep-learning"
NOTE = """\
Optimizers of Deep Learning, to read offline.

Unpack the whole archive (a preview of it will not do), then open index.html in a browser.
Nothing has to be installed, and nothing is sent anywhere. Each chapter offers itself as a
notebook; to run it you need Python and the package optilab.
"""


def write(site: Path, target: Path) -> None:
    """Write the files of a site into one folder, without clock or owner: same site, same bytes."""
    with ZipFile(target, "w") as archive:
        add(archive, "READ ME FIRST.txt", NOTE.encode())
        for path in sorted(site.rglob("*")):
            if path.is_file() and path.name != ".buildinfo":
                add(archive, path.relative_to(site).as_posix(), path.read_bytes())


def add(archive: ZipFile, name: str, content: bytes) -> None:
    """Add one file, readable for all."""
    info = ZipInfo(f"{NAME}/{name}")
    info.external_attr = 0o644 << 16
    archive.writestr(info, content, ZIP_DEFLATED)


def main() -> None:
    """Pack the site that ``make book`` has built."""
    target = BUILD / f"{NAME}.zip"
    write(BUILD / "html", target)
    print(f"wrote {target}")


if __name__ == "__main__":
    main()
