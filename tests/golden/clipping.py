"""Gradients clipped by torch, Keras and optax."""

from typing import NamedTuple

import numpy as np


class Case(NamedTuple):
    """A library's clip to LIMIT and ours; ``gradients`` are those that both define alike."""

    ours: str
    library: str
    call: str
    gradients: tuple[str, ...]
    rtol: float = 1e-10


LIMIT = 2.0
FINITE = ("zero", "small", "large", "huge")
ALL = (*FINITE, "infinite", "nan")
TORCH = 1e-6  # torch divides by the norm + 1e-6
KERAS = 1e-5  # Keras computes norms in float32
ROWS = [
    Case("clip_by_value", "torch", "clip_grad_value_", ALL),
    Case("clip_by_value", "keras", "clipvalue", FINITE, KERAS),
    Case("clip_by_value", "optax", "clip", ALL),
    Case("clip_by_norm", "keras", "clipnorm", FINITE, KERAS),
    Case("clip_by_global_norm", "torch", "clip_grad_norm_", ALL, TORCH),
    Case("clip_by_global_norm", "keras", "global_clipnorm", FINITE, KERAS),
    Case("clip_by_global_norm", "optax", "clip_by_global_norm", ALL),
]
CASES = {f"{row.ours}, {row.library}": row for row in ROWS}


def gradients():
    """Draw gradients of a matrix and a row."""
    rng = np.random.default_rng(0)
    drawn = {"W": rng.normal(size=(3, 2)), "b": rng.normal(size=2)}
    scales = {"zero": 0.0, "small": 0.1, "large": 10.0, "huge": 1e15}
    trees = {name: {x: g * scale for x, g in drawn.items()} for name, scale in scales.items()}
    trees["large"]["b"][0] = -0.0
    for name, odd in (("infinite", -np.inf), ("nan", np.nan)):
        trees[name] = {x: g.copy() for x, g in drawn.items()}
        trees[name]["W"][1, 1] = odd
    return trees


def frozen():
    """Ask every library for every gradient."""
    trees = gradients()
    arrays = {f"gradients/{name}/{x}": g for name, tree in trees.items() for x, g in tree.items()}
    for key, case in CASES.items():
        for name in case.gradients:
            clipped = ASK[case.library](case.call, list(trees[name].values()))
            arrays |= {f"{key}/{name}/{x}": np.array(g) for x, g in zip("Wb", clipped, strict=True)}
    return arrays


def ask_torch(call, gradients):
    """Ask ``torch.nn.utils``."""
    import torch

    leaves = [torch.zeros(g.shape, requires_grad=True) for g in gradients]
    for leaf, g in zip(leaves, gradients, strict=True):
        leaf.grad = torch.tensor(g)
    getattr(torch.nn.utils, call)(leaves, LIMIT)
    return [leaf.grad.numpy() for leaf in leaves]


def ask_keras(call, gradients):
    """Take a step of 1 from 0 with a clipping ``keras.optimizers.SGD``."""
    import keras

    leaves = [keras.Variable(0 * g, dtype="float64") for g in gradients]
    keras.optimizers.SGD(1.0, **{call: LIMIT}).apply(
        [keras.ops.array(g) for g in gradients], leaves
    )
    return [-np.array(leaf) for leaf in leaves]


def ask_optax(call, gradients):
    """Ask a transformation of optax."""
    import optax

    clip = getattr(optax, call)(LIMIT)
    return clip.update(gradients, clip.init(gradients))[0]


ASK = {"torch": ask_torch, "keras": ask_keras, "optax": ask_optax}
