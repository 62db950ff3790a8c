"""What torch, Keras, optax and the papers call our hyperparameters, and how to convert them.

``DIALECTS[rule][library]`` is data: the call, its arguments with their defaults, and each of
our hyperparameters as an expression in theirs.  The book prints the table; the goldens prove
every row.
"""

from typing import NamedTuple

import numpy as np


class Dialect(NamedTuple):
    """How one library says a rule.

    Attributes
    ----------
    call : str
        The class or function, with the switches that select this rule.
    theirs : dict
        Their arguments and defaults; None where a value must be given.
    ours : dict
        Our hyperparameters as expressions in ``theirs``; ``t`` counts steps from 1.
    differs : str
        What no conversion reaches; empty where the paths are equal.
    """

    call: str
    theirs: dict[str, float | None]
    ours: dict[str, str]
    differs: str = ""


EPS_INSIDE = "eps inside the root: equal where eps is negligible"

DIALECTS = {
    "gd": {
        "torch": Dialect("SGD", dict(lr=1e-3), dict(lr="lr")),
        "keras": Dialect("SGD", dict(learning_rate=1e-2), dict(lr="learning_rate")),
        "optax": Dialect("sgd", dict(learning_rate=None), dict(lr="learning_rate")),
    },
    "momentum": {
        "torch": Dialect("SGD", dict(lr=1e-3, momentum=0.0), dict(lr="lr", beta="momentum")),
        "keras": Dialect(
            "SGD",
            dict(learning_rate=1e-2, momentum=0.0),
            dict(lr="learning_rate", beta="momentum"),
            "under a schedule: its velocity keeps the old learning rates",
        ),
        "optax": Dialect(
            "sgd",
            dict(learning_rate=None, momentum=None),
            dict(lr="learning_rate", beta="momentum"),
        ),
    },
    "nesterov": {
        "torch": Dialect(
            "SGD(nesterov=True)",
            dict(lr=1e-3, momentum=0.0),
            dict(lr="lr", beta="momentum"),
        ),
        "keras": Dialect(
            "SGD(nesterov=True)",
            dict(learning_rate=1e-2, momentum=0.0),
            dict(lr="learning_rate", beta="momentum"),
            "under a schedule: its velocity keeps the old learning rates",
        ),
        "optax": Dialect(
            "sgd(nesterov=True)",
            dict(learning_rate=None, momentum=None),
            dict(lr="learning_rate", beta="momentum"),
        ),
    },
}


def translate(rule, library, **theirs):
    """Return our hyperparameters for the arguments that a library was given.

    Parameters
    ----------
    rule : str
        A name of `RULES`.
    library : {"torch", "keras", "optax", "paper"}
    **theirs
        Arguments in the library's words; the rest take the library's defaults.

    Returns
    -------
    dict
        For `run`: numbers, and schedules where their setting means a different number of ours
        at each step.

    Examples
    --------
    >>> translate("momentum", "torch", lr=0.1, momentum=0.9)
    {'lr': 0.1, 'beta': 0.9}
    """
    dialect = DIALECTS[rule][library]
    if unknown := theirs.keys() - dialect.theirs.keys():
        raise TypeError(
            f"{dialect.call}: no {unknown.pop()!r} here, only {', '.join(dialect.theirs)}"
        )
    given = dialect.theirs | theirs
    for name, value in given.items():
        if value is None:
            raise TypeError(f"{dialect.call}: no default for {name!r}, give a value")
    return {ours: _evaluate(expression, given) for ours, expression in dialect.ours.items()}


def _evaluate(expression, given):
    code = compile(expression, "<dialect>", "eval")
    known = {"sqrt": np.sqrt, "inf": np.inf} | given
    if "t" in code.co_names:
        return lambda k: eval(code, known | {"t": k + 1})
    return eval(code, known)
