"""Code as printed: the same function without its docstring, and what changes between two."""

import math
from functools import wraps

import pytest

from optilab.source import code_of, diff_of


def before(w, g, *, lr=0.1):
    """One line."""
    return w - lr * g


def after(w, g, v=0.0, *, lr=0.1):
    """Several lines.

    And more.
    """

    # A comment that stays.
    v = v + g

    return w - lr * v, v


def bare(w):
    return w


LAMBDA = lambda w: w


def decorated(function):
    """The first statement is itself decorated."""

    @wraps(function)
    def inner(*args):
        return function(*args)

    return inner


@pytest.mark.parametrize(
    "function, code",
    [
        (before, "def before(w, g, *, lr=0.1):\n    return w - lr * g\n"),
        (
            after,
            "def after(w, g, v=0.0, *, lr=0.1):\n"
            "    # A comment that stays.\n    v = v + g\n\n    return w - lr * v, v\n",
        ),
        (bare, "def bare(w):\n    return w\n"),
        (decorated(bare), "def bare(w):\n    return w\n"),
        (
            decorated,
            "def decorated(function):\n    @wraps(function)\n    def inner(*args):\n"
            "        return function(*args)\n\n    return inner\n",
        ),
    ],
)
def test_only_the_docstring_is_left_out(function, code):
    assert code_of(function) == code


def test_a_diff_shows_the_lines_that_change():
    assert diff_of(bare, before) == (
        "- def bare(w):\n-     return w\n+ def before(w, g, *, lr=0.1):\n+     return w - lr * g\n"
    )
    assert diff_of(before, before) == "  def before(w, g, *, lr=0.1):\n      return w - lr * g\n"


@pytest.mark.parametrize("thing", [math.sin, 3, LAMBDA])
def test_what_has_no_def_is_named(thing):
    with pytest.raises(TypeError, match=r"code_of\(\): .* (has no Python source|by a def)"):
        code_of(thing)
