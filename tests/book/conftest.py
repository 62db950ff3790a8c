"""The built book, and the extension as a module."""

import sys

from built_book import ROOT, site  # noqa: F401

sys.path.insert(0, str(ROOT / "book" / "_ext"))


def pytest_collection_modifyitems(items):
    """Let one test build the book while other workers run what needs none; readers come last."""
    items.sort(
        key=lambda item: "site" in getattr(item, "fixturenames", ()) and item.name != "test_builds"
    )
