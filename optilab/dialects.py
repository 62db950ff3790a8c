"""What torch, Keras, optax and the papers call our hyperparameters, and how to convert them.

``DIALECTS[rule][library]`` is data: the call, its arguments with their defaults, and each of
our hyperparameters as an expression in theirs.  The book prints the table; the goldens prove
every row.
"""

from typing import Any, NamedTuple

import numpy as np

from optilab.valid import nearest


class Dialect(NamedTuple):
    """How one library says a rule.

    Attributes
    ----------
    call : str
        The class or function, or the paper, with the switches that select this rule.
    theirs : dict
        Their arguments and defaults; None where a value must be given.
    ours : dict
        Our hyperparameters as expressions in ``theirs``; ``t`` counts steps from 1.
    differs : str
        What no conversion reaches; empty where the paths are equal.
    """

    call: str
    theirs: dict[str, Any]
    ours: dict[str, str]
    differs: str = ""

    def parts(self):
        """Return the name in ``call`` and its switches: ``("Adam", {"amsgrad": True})``."""
        name, _, switches = self.call.removesuffix(")").partition("(")
        return name, eval(f"dict({switches})")


# What the descendants of Adam share.
_ADAM_TORCH = dict(lr="lr", beta1="betas[0]", beta2="betas[1]", eps="eps")
_ADAM_KERAS = dict(lr="learning_rate", beta1="beta_1", beta2="beta_2", eps="epsilon")
_ADAM_OPTAX = dict(lr="learning_rate", beta1="b1", beta2="b2", eps="eps")
_ADAM_PAPER = dict(lr="alpha", beta1="beta_1", beta2="beta_2", eps="0.0")
# Keras adds its epsilon to the root of the uncorrected v.
_EPS_HAT = dict(eps="epsilon / sqrt(1 - beta_2**t)")


def _torch(**defaults):
    return dict(lr=1e-3, betas=(0.9, 0.999), eps=1e-8) | defaults


def _keras(**defaults):
    return dict(learning_rate=1e-3, beta_1=0.9, beta_2=0.999, epsilon=1e-7) | defaults


def _optax(**defaults):
    return dict(learning_rate=None, b1=0.9, b2=0.999, eps=1e-8) | defaults


_OLD_LR = "under a schedule: its velocity keeps the old learning rates"
_EPS_INSIDE = "eps is inside the root: equal only at eps = 0"

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
            _OLD_LR,
        ),
        "optax": Dialect(
            "sgd",
            dict(learning_rate=None, momentum=None),
            dict(lr="learning_rate", beta="momentum"),
        ),
        "paper": Dialect("Polyak", dict(alpha=None, beta=None), dict(lr="alpha", beta="beta")),
    },
    "nesterov": {
        "torch": Dialect(
            "SGD(nesterov=True)", dict(lr=1e-3, momentum=0.0), dict(lr="lr", beta="momentum")
        ),
        "keras": Dialect(
            "SGD(nesterov=True)",
            dict(learning_rate=1e-2, momentum=0.0),
            dict(lr="learning_rate", beta="momentum"),
            _OLD_LR,
        ),
        "optax": Dialect(
            "sgd(nesterov=True)",
            dict(learning_rate=None, momentum=None),
            dict(lr="learning_rate", beta="momentum"),
        ),
        "paper": Dialect(
            "Sutskever et al.",
            dict(epsilon=None, mu=None),
            dict(lr="epsilon", beta="mu"),
            "our w is its look-ahead theta + mu v",
        ),
    },
    "adagrad": {
        "torch": Dialect("Adagrad", dict(lr=1e-2, eps=1e-10), dict(lr="lr", eps="eps")),
        "keras": Dialect(
            "Adagrad(initial_accumulator_value=0.0)",
            dict(learning_rate=1e-3, epsilon=1e-7),
            dict(lr="learning_rate", eps="sqrt(epsilon)"),
            f"{_EPS_INSIDE}; the sum starts at 0.1 unless told otherwise",
        ),
        "optax": Dialect(
            "adagrad(initial_accumulator_value=0.0)",
            dict(learning_rate=None, eps=1e-7),
            dict(lr="learning_rate", eps="sqrt(eps)"),
            f"{_EPS_INSIDE}; the sum starts at 0.1 unless told otherwise",
        ),
        "paper": Dialect("Duchi et al.", dict(eta=None, delta=None), dict(lr="eta", eps="delta")),
    },
    "rmsprop": {
        "torch": Dialect(
            "RMSprop",
            dict(lr=1e-2, alpha=0.99, eps=1e-8),
            dict(lr="lr", beta="alpha", eps="eps"),
        ),
        "keras": Dialect(
            "RMSprop",
            dict(learning_rate=1e-3, rho=0.9, epsilon=1e-7),
            dict(lr="learning_rate", beta="rho", eps="sqrt(epsilon)"),
            _EPS_INSIDE,
        ),
        "optax": Dialect(
            "rmsprop(eps_in_sqrt=False)",
            dict(learning_rate=None, decay=0.9, eps=1e-8),
            dict(lr="learning_rate", beta="decay", eps="eps"),
            "eps is inside the root unless told otherwise",
        ),
    },
    "adadelta": {
        "torch": Dialect(
            "Adadelta", dict(lr=1.0, rho=0.9, eps=1e-6), dict(lr="lr", beta="rho", eps="eps")
        ),
        "keras": Dialect(
            "Adadelta",
            dict(learning_rate=1e-3, rho=0.95, epsilon=1e-7),
            dict(lr="learning_rate", beta="rho", eps="epsilon"),
        ),
        "optax": Dialect(
            "adadelta",
            dict(learning_rate=None, rho=0.9, eps=1e-6),
            dict(lr="learning_rate", beta="rho", eps="eps"),
            "without learning_rate it climbs",
        ),
        "paper": Dialect(
            "Zeiler", dict(rho=0.95, epsilon=1e-6), dict(lr="1.0", beta="rho", eps="epsilon")
        ),
    },
    "adam": {
        "torch": Dialect("Adam", _torch(), _ADAM_TORCH),
        "keras": Dialect("Adam", _keras(), _ADAM_KERAS | _EPS_HAT),
        "optax": Dialect("adam", _optax(), _ADAM_OPTAX),
        "paper": Dialect(
            "Kingma & Ba",
            dict(alpha=1e-3, beta_1=0.9, beta_2=0.999, epsilon=1e-8),
            _ADAM_PAPER | dict(eps="epsilon"),
        ),
    },
    "adamax": {
        "torch": Dialect("Adamax", _torch(lr=2e-3), _ADAM_TORCH),
        "keras": Dialect(
            "Adamax", _keras(), _ADAM_KERAS, "eps is outside the maximum: equal only at eps = 0"
        ),
        "optax": Dialect("adamax", _optax(), _ADAM_OPTAX),
        "paper": Dialect("Kingma & Ba", dict(alpha=2e-3, beta_1=0.9, beta_2=0.999), _ADAM_PAPER),
    },
    "amsgrad": {
        "torch": Dialect("Adam(amsgrad=True)", _torch(), _ADAM_TORCH),
        "keras": Dialect("Adam(amsgrad=True)", _keras(), _ADAM_KERAS | _EPS_HAT),
        "optax": Dialect(
            "amsgrad(bias_correction_mu=False, bias_correction_nu=False)",
            _optax(),
            _ADAM_OPTAX
            | dict(
                lr="learning_rate * (1 - b1**t) / sqrt(1 - b2**t)",
                eps="eps / sqrt(1 - b2**t)",
            ),
            "takes the maximum after the correction unless it corrects nothing",
        ),
        "paper": Dialect(
            "Reddi et al.",
            dict(alpha=None, beta_1=0.9, beta_2=0.999),
            _ADAM_PAPER | dict(lr="alpha * (1 - beta_1**t) / sqrt(1 - beta_2**t)"),
        ),
    },
    "nadam": {
        "torch": Dialect(
            "NAdam",
            _torch(lr=2e-3, momentum_decay=0.004),
            _ADAM_TORCH | dict(psi="momentum_decay"),
        ),
        "keras": Dialect("Nadam", _keras(), _ADAM_KERAS | dict(psi="1.0")),
        "optax": Dialect("nadam", _optax(), _ADAM_OPTAX | dict(psi="inf")),
    },
    "radam": {
        "torch": Dialect("RAdam", _torch(), _ADAM_TORCH),
        "optax": Dialect("radam", _optax(), _ADAM_OPTAX | dict(eps="eps * sqrt(1 - b2**t)")),
        "paper": Dialect(
            "Liu et al.",
            dict(alpha=None, beta_1=0.9, beta_2=0.999),
            _ADAM_PAPER,
            "adapts from rho > 4, one step sooner",
        ),
    },
    "adamw": {
        "torch": Dialect("AdamW", _torch(weight_decay=1e-2), _ADAM_TORCH | dict(wd="weight_decay")),
        "keras": Dialect(
            "AdamW", _keras(weight_decay=4e-3), _ADAM_KERAS | _EPS_HAT | dict(wd="weight_decay")
        ),
        "optax": Dialect("adamw", _optax(weight_decay=1e-4), _ADAM_OPTAX | dict(wd="weight_decay")),
        "paper": Dialect(
            "Loshchilov & Hutter",
            dict(alpha=1e-3, beta_1=0.9, beta_2=0.999, epsilon=1e-8, lambda_=None),
            _ADAM_PAPER | dict(eps="epsilon", wd="lambda_ / alpha"),
        ),
    },
    "lion": {
        "keras": Dialect(
            "Lion",
            dict(learning_rate=1e-3, beta_1=0.9, beta_2=0.99, weight_decay=0.0),
            dict(lr="learning_rate", beta1="beta_1", beta2="beta_2", wd="weight_decay"),
        ),
        "optax": Dialect(
            "lion",
            dict(learning_rate=None, b1=0.9, b2=0.99, weight_decay=1e-3),
            dict(lr="learning_rate", beta1="b1", beta2="b2", wd="weight_decay"),
        ),
        "paper": Dialect(
            "Chen et al.",
            dict(eta=None, beta_1=0.9, beta_2=0.99, lambda_=None),
            dict(lr="eta", beta1="beta_1", beta2="beta_2", wd="lambda_"),
        ),
    },
    "schedule_free": {
        "optax": Dialect(
            "contrib.schedule_free_sgd",
            dict(learning_rate=1.0, b1=0.9),
            dict(lr="learning_rate", beta="b1"),
            "under a schedule: weights the average by lr squared",
        ),
        "paper": Dialect(
            "Defazio et al.",
            dict(gamma=None, beta=0.9),
            dict(lr="gamma", beta="beta"),
            "counts the start as a point of the average",
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
    dialect = _known(_known(DIALECTS, "rule", rule), f"{rule} in", library)
    for name in theirs:
        if name not in dialect.theirs:
            raise TypeError(
                f"{dialect.call}: no {name!r} here, "
                f"only {', '.join(dialect.theirs)}{nearest(name, dialect.theirs)}"
            )
    given = dialect.theirs | theirs
    for name, value in given.items():
        if value is None:
            raise TypeError(f"{dialect.call}: no default for {name!r}, give a value")
    return {ours: _evaluate(expression, given) for ours, expression in dialect.ours.items()}


def table(rule):
    """Return the dialects of a rule as a Markdown table: their calls, our settings in their words.

    A last column says what differs, where something does.

    Parameters
    ----------
    rule : str
    """
    dialects = _known(DIALECTS, "rule", rule)
    settings = list(next(iter(dialects.values())).ours)
    differs = any(dialect.differs for dialect in dialects.values())
    head = ["library", "call and defaults", *settings] + ["differs"] * differs
    rows = [head, ["---"] * len(head)]
    for library, dialect in dialects.items():
        name, switches = dialect.parts()
        given = {key: "..." if value is None else value for key, value in dialect.theirs.items()}
        call = f"{name}({', '.join(f'{key}={value}' for key, value in (given | switches).items())})"
        words = [f"`{dialect.ours[setting]}`" for setting in settings]
        rows.append([library, f"`{call}`", *words] + [dialect.differs] * differs)
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _known(table, what, word):
    """Look a word up, or name those that are there."""
    if word not in table:
        raise ValueError(f"no {what} {word!r}, only {', '.join(table)}{nearest(word, table)}")
    return table[word]


def _evaluate(expression, given):
    code = compile(expression, "<dialect>", "eval")
    known = {"sqrt": np.sqrt, "inf": np.inf} | given
    if "t" in code.co_names:
        return lambda k: eval(code, known | {"t": k + 1})
    return eval(code, known)
