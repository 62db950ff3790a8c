"""What is seen of a function in one process, told to another that believes nothing.

Only text, numbers and arrays of them are told, in JSON: a submission may tell anything, and what
it tells is data to whoever takes it.
"""

import base64
import re
from itertools import islice

import numpy as np

from optilab.checks import EXERCISES
from optilab.checks.diagnosis import rounds
from optilab.checks.observing import Outcome, Seen, look
from optilab.checks.pictures import shell

MIME = "application/vnd.optilab.seen+json"
MOST_TEXT = 2000  # characters
KINDS = re.compile(r"[<>|][biufU][0-9]{1,4}")  # of arrays: numbers and text


def tell(name, function, seed, turn, most):
    """Publish, from a notebook, what is seen of a learner's function.

    Parameters
    ----------
    name : str
        Of the exercise.
    function : the learner's
    seed, turn, most : int
        Which of the `rounds` of this seed, and how many of its cases.
    """
    exercise = EXERCISES[name]
    cases = next(islice(rounds(exercise, seed), turn, None))[:most]
    shell().display_pub.publish({MIME: packed(look(exercise, function, cases))})


def packed(seen):
    """Return what is `Seen` as JSON has it."""
    outcomes = [
        one._asdict()
        | {
            "result": _array(one.result),
            "arguments": {name: _array(x) for name, x in one.arguments.items()},
        }
        for one in seen.outcomes
    ]
    return seen._asdict() | {"outcomes": outcomes}


def unpacked(told):
    """Return what is `Seen`, in exact types.

    Raises
    ------
    ValueError, TypeError, KeyError, AttributeError
        For anything that `packed` does not make.
    """
    return Seen(
        [_outcome(one) for one in told["outcomes"]], *map(bool, (told["draws"], told["slow"]))
    )


def _outcome(told):
    return Outcome(
        error=str(told["error"])[:MOST_TEXT],
        result=_as_array(told["result"]),
        arguments={str(name): _as_array(x) for name, x in told["arguments"].items()},
        calls={str(name): int(n) for name, n in told["calls"].items()},
        late=bool(told["late"]),
        form=str(told["form"])[:MOST_TEXT],
    )


def _array(x):
    if x.dtype.kind == "U" and x.dtype.itemsize > 4 * MOST_TEXT:
        x = x.astype(f"U{MOST_TEXT}")
    return {"dtype": x.dtype.str, "shape": x.shape, "data": base64.b64encode(x.tobytes()).decode()}


def _as_array(told):
    if not KINDS.fullmatch(told["dtype"]):
        raise ValueError(f"an array of {told['dtype'][:20]}")
    data = base64.b64decode(told["data"], validate=True)
    return np.frombuffer(data, told["dtype"]).reshape(tuple(told["shape"])).copy()
