"""Paths of every rule, from torch, Keras and optax."""

from operator import attrgetter
from typing import NamedTuple

import numpy as np

from optilab.dialects import DIALECTS

STEPS = 200
SEEDS = (0, 1)
KEPT = (1, 2, 3, 10, 50, 200)
# The parameters of one run: tensors of several shapes, optimized together.
SHAPES = {"odd": (10,), "matrix": (2, 3), "cube": (2, 1, 2), "scalar": ()}


class Case(NamedTuple):
    """One run of a library's optimizer; ``arguments`` in the library's words."""

    rule: str
    library: str
    arguments: dict
    seed: int


# Two runs of each optimizer of each library, the first with its defaults where it has them.
# Where only eps = 0 has a translation, one too small to matter is asked.
NONE = 1e-300
ARGUMENTS = {
    "gd": {
        "torch": [{}, dict(lr=0.3)],
        "keras": [{}, dict(learning_rate=0.3)],
        "optax": [dict(learning_rate=0.01), dict(learning_rate=0.3)],
    },
    "momentum": {
        "torch": [dict(lr=0.1, momentum=0.9), dict(momentum=0.99)],
        "keras": [dict(momentum=0.9), dict(learning_rate=0.1, momentum=0.5)],
        "optax": [dict(learning_rate=0.1, momentum=0.9), dict(learning_rate=1.0, momentum=0.5)],
    },
    "nesterov": {
        "torch": [dict(lr=0.1, momentum=0.9), dict(momentum=0.99)],
        "keras": [dict(momentum=0.9), dict(learning_rate=0.1, momentum=0.5)],
        "optax": [dict(learning_rate=0.1, momentum=0.9), dict(learning_rate=1.0, momentum=0.5)],
    },
    "adagrad": {
        "torch": [{}, dict(lr=1.0, eps=1e-2)],
        "keras": [dict(epsilon=NONE), dict(learning_rate=1.0, epsilon=NONE)],
        "optax": [dict(learning_rate=0.01, eps=NONE), dict(learning_rate=1.0, eps=NONE)],
    },
    "rmsprop": {
        "torch": [{}, dict(lr=0.1, alpha=0.9, eps=1e-2)],
        "keras": [dict(epsilon=NONE), dict(learning_rate=0.1, rho=0.99, epsilon=NONE)],
        "optax": [dict(learning_rate=0.01), dict(learning_rate=0.1, decay=0.99, eps=1e-2)],
    },
    "adadelta": {
        "torch": [{}, dict(lr=0.5, rho=0.95, eps=1e-2)],
        "keras": [{}, dict(learning_rate=1.0, rho=0.9, epsilon=1e-2)],
        "optax": [dict(learning_rate=1.0), dict(learning_rate=0.5, rho=0.95, eps=1e-2)],
    },
    "adam": {
        "torch": [{}, dict(lr=0.1, betas=(0.5, 0.9), eps=1e-2)],
        "keras": [{}, dict(learning_rate=0.1, beta_1=0.5, beta_2=0.9, epsilon=1e-2)],
        "optax": [dict(learning_rate=0.001), dict(learning_rate=0.1, b1=0.5, b2=0.9, eps=1e-2)],
    },
    "adamax": {
        "torch": [{}, dict(lr=0.1, betas=(0.5, 0.9), eps=1e-2)],
        "keras": [
            dict(epsilon=NONE),
            dict(learning_rate=0.1, beta_1=0.5, beta_2=0.9, epsilon=NONE),
        ],
        "optax": [dict(learning_rate=0.001), dict(learning_rate=0.1, b1=0.5, b2=0.9, eps=1e-2)],
    },
    "amsgrad": {
        "torch": [{}, dict(lr=0.1, betas=(0.5, 0.9), eps=1e-2)],
        "keras": [{}, dict(learning_rate=0.1, beta_1=0.5, beta_2=0.9, epsilon=1e-2)],
        "optax": [dict(learning_rate=0.001), dict(learning_rate=0.1, b1=0.5, b2=0.9, eps=1e-2)],
    },
    "nadam": {
        "torch": [{}, dict(lr=0.1, betas=(0.5, 0.9), eps=1e-2, momentum_decay=0.1)],
        "keras": [{}, dict(learning_rate=0.1, beta_1=0.5, beta_2=0.9, epsilon=1e-2)],
        "optax": [dict(learning_rate=0.001), dict(learning_rate=0.1, b1=0.5, b2=0.9, eps=1e-2)],
    },
    "radam": {
        "torch": [{}, dict(lr=0.1, betas=(0.5, 0.9), eps=1e-2)],
        "optax": [dict(learning_rate=0.001), dict(learning_rate=0.1, b1=0.5, b2=0.9, eps=1e-2)],
    },
    "adamw": {
        "torch": [{}, dict(lr=0.1, betas=(0.5, 0.9), eps=1e-2, weight_decay=0.5)],
        "keras": [{}, dict(learning_rate=0.1, beta_1=0.5, epsilon=1e-2, weight_decay=0.5)],
        "optax": [dict(learning_rate=0.001), dict(learning_rate=0.1, b1=0.5, weight_decay=0.5)],
    },
    "lion": {
        "keras": [{}, dict(learning_rate=0.1, beta_1=0.5, beta_2=0.9, weight_decay=0.5)],
        "optax": [dict(learning_rate=0.001), dict(learning_rate=0.1, b1=0.5, weight_decay=0.5)],
    },
    "schedule_free": {
        "optax": [{}, dict(learning_rate=0.1, b1=0.5)],
    },
}
CASES = {
    f"{rule}-{library}-{seed}": Case(rule, library, arguments, seed)
    for rule, libraries in ARGUMENTS.items()
    for library, pair in libraries.items()
    for seed, arguments in zip(SEEDS, pair, strict=True)
}


def start():
    """Return the weights before the first step, some of them 0."""
    return {name: (np.arange(np.prod(s)).reshape(s) - 4) / 4 for name, s in SHAPES.items()}


def gradients(seed):
    """Draw (STEPS, ...) gradients per tensor; the columns of "odd" are the hard cases."""
    rng = np.random.default_rng(seed)
    g = {name: rng.normal(size=(STEPS, *shape)) for name, shape in SHAPES.items()}
    odd = g["odd"]
    odd[:, 0] = 0.0
    odd[:, 1] = -0.0
    odd[:, 2] *= 1e-30
    odd[:, 3] *= 1e-130
    odd[:, 4] *= 1e30
    odd[:, 5] *= 1e150
    odd[:, 6] *= np.arange(STEPS) % 20 == 7  # a rare feature
    odd[50, 7] = np.nan
    odd[:, 8] = 3.0
    odd[:, 9] *= np.exp(-np.arange(STEPS) / 30)
    return g


def flat(tensors, lead=()):
    """Lay tensors side by side: (*lead, all coordinates)."""
    return np.concatenate([np.reshape(tensors[s], (*lead, -1)) for s in SHAPES], axis=-1)


def frozen():
    """Ask every library for every path."""
    arrays = {f"gradients/{s}": flat(gradients(s), (STEPS,)) for s in SEEDS}
    for key, case in CASES.items():
        method, switches = DIALECTS[case.rule][case.library].parts()
        arguments = case.arguments | switches
        path = LIBRARIES[case.library](method, arguments, start(), gradients(case.seed))
        arrays[key] = np.stack([flat(w) for w in path])[list(KEPT)]
    return arrays


def torch_path(method, arguments, w0, gradients):
    """Yield the weights of ``torch.optim``, before and after each step."""
    import torch

    w = {name: torch.tensor(x, requires_grad=True) for name, x in w0.items()}
    optimizer = getattr(torch.optim, method)(w.values(), **arguments)
    yield w0
    for k in range(STEPS):
        for name, x in w.items():
            x.grad = torch.tensor(gradients[name][k])
        optimizer.step()
        yield {name: x.detach().numpy().copy() for name, x in w.items()}


def keras_path(method, arguments, w0, gradients):
    """Yield the weights of ``keras.optimizers``, before and after each step."""
    import keras

    w = {name: keras.Variable(x, dtype="float64") for name, x in w0.items()}
    optimizer = getattr(keras.optimizers, method)(**arguments)
    yield w0
    for k in range(STEPS):
        optimizer.apply([keras.ops.array(gradients[name][k]) for name in w], list(w.values()))
        yield {name: np.array(x) for name, x in w.items()}


def optax_path(method, arguments, w0, gradients):
    """Yield the weights of optax, before and after each step."""
    import jax
    import optax

    optimizer = attrgetter(method)(optax)(**arguments)
    update = jax.jit(optimizer.update)
    w, state = w0, optimizer.init(w0)
    yield w0
    for k in range(STEPS):
        g = {name: gradients[name][k] for name in w0}
        updates, state = update(g, state, w)
        w = optax.apply_updates(w, updates)
        yield {name: np.array(x) for name, x in w.items()}


LIBRARIES = {"torch": torch_path, "keras": keras_path, "optax": optax_path}
