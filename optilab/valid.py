"""What may be given, and the one line that says so of anything else: TypeError or ValueError."""

import difflib
from textwrap import shorten

import numpy as np

# The words of the message, and what they mean.
RANGES = {
    "a number": lambda x: x == x,
    "positive": lambda x: x > 0,
    "at least 0": lambda x: x >= 0,
    "at least 1": lambda x: x >= 1,
    "in [0, 1)": lambda x: (x >= 0) & (x < 1),
    "in [0, 1]": lambda x: (x >= 0) & (x <= 1),
    "between 0 and 1": lambda x: (x > 0) & (x < 1),
    "a whole number from 1": lambda x: (x >= 1) & (np.asarray(x).dtype.kind in "iu"),
}


def require(caller, words, **settings):
    """Raise unless every setting, a number or an array, is what the ``words`` of `RANGES` say."""
    for name, given in settings.items():
        if isinstance(given, (float, int)) and RANGES[words](given):
            continue  # as most do, and arrays take time
        value = np.asarray(given)
        if value.dtype.kind not in "fiub":
            raise TypeError(f"{caller}(): {name} must be a number, not {shown(given)}")
        outside = value[~RANGES[words](value)]
        if outside.size:
            raise ValueError(f"{caller}(): {name} must be {words}, not {outside[0].item()}")


def require_function(caller, example, **functions):
    """Raise unless every argument can be called."""
    for name, given in functions.items():
        if not callable(given):
            raise TypeError(
                f"{caller}(): {name} must be a function such as {example}, not {shown(given)}"
            )


def require_generator(caller, rng):
    """Raise unless ``rng`` is a generator: a seed would not say where a sequence stands."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            f"{caller}(): rng must be a generator such as np.random.default_rng(0), "
            f"not {shown(rng)}"
        )


def floats(what, x):
    """Return an array of floats: integers become float64, floats stay as they are."""
    x = np.asarray(x)
    if x.dtype.kind not in "fiub":
        raise TypeError(f"{what} must be numbers, not {shown(x.tolist())}")
    return x if x.dtype.kind == "f" else x.astype(float)


def shown(given):
    """Return how anything looks, in 40 characters of one line."""
    return shorten(repr(given), 40, placeholder=" ...")


def nearest(word, words):
    """Return ``"; did you mean 'lr'?"``, or nothing where no word is near."""
    near = difflib.get_close_matches(str(word), words, n=1, cutoff=0.2)
    return f"; did you mean {near[0]!r}?" if near else ""
