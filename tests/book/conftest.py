"""The built book, and the extension as a module."""

import sys

from built_book import ROOT, site  # noqa: F401

sys.path.insert(0, str(ROOT / "book" / "_ext"))
