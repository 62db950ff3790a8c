"""Values and gradients of every loss, from torch, Keras and optax."""

from typing import NamedTuple

import numpy as np


class Case(NamedTuple):
    """A library's loss ``call(**theirs)``, which is ``factor`` times ours."""

    ours: str
    arguments: dict
    library: str
    call: str
    theirs: dict
    inputs: str
    factor: float = 1.0


NONE: dict = {}
SUM = dict(reduction="sum")
LOGITS = dict(from_logits=True)
HALF, WIDE, SMOOTH = dict(delta=0.5), dict(delta=30.0), dict(label_smoothing=0.1)
ROWS = [
    Case("squared", NONE, "torch", "mse_loss", NONE, "numbers", factor=2),
    Case("squared", NONE, "keras", "MeanSquaredError", NONE, "numbers", factor=2),
    Case("squared", NONE, "optax", "squared_error", NONE, "numbers", factor=2),
    Case("squared", NONE, "optax", "l2_loss", NONE, "numbers"),
    Case("absolute", NONE, "torch", "l1_loss", NONE, "numbers, no NaN"),
    Case("absolute", NONE, "keras", "MeanAbsoluteError", NONE, "numbers, none equal"),
    Case("huber", NONE, "torch", "huber_loss", NONE, "numbers"),
    Case("huber", HALF, "torch", "huber_loss", HALF, "numbers"),
    Case("huber", WIDE, "torch", "huber_loss", WIDE, "numbers"),
    Case("huber", HALF, "torch", "smooth_l1_loss", dict(beta=0.5), "numbers", factor=2),
    Case("huber", NONE, "keras", "Huber", NONE, "numbers"),
    Case("huber", HALF, "keras", "Huber", HALF, "numbers"),
    Case("huber", NONE, "optax", "huber_loss", NONE, "numbers"),
    Case("huber", HALF, "optax", "huber_loss", HALF, "numbers"),
    Case("log_cosh", NONE, "keras", "LogCosh", NONE, "numbers"),
    Case("log_cosh", NONE, "optax", "log_cosh", NONE, "numbers"),
    Case("hinge", NONE, "keras", "Hinge", NONE, "scores"),
    Case("hinge", NONE, "optax", "hinge_loss", NONE, "scores"),
    Case("logistic", NONE, "torch", "binary_cross_entropy_with_logits", NONE, "logits"),
    Case("logistic", NONE, "keras", "BinaryCrossentropy", LOGITS, "logits"),
    Case("logistic", NONE, "optax", "sigmoid_binary_cross_entropy", NONE, "logits"),
    Case("cross_entropy", NONE, "torch", "cross_entropy", NONE, "classes"),
    Case("cross_entropy", NONE, "torch", "cross_entropy", NONE, "labels"),
    Case("cross_entropy", SMOOTH, "torch", "cross_entropy", SMOOTH, "labels"),
    Case("cross_entropy", NONE, "keras", "CategoricalCrossentropy", LOGITS, "classes"),
    Case("cross_entropy", SMOOTH, "keras", "CategoricalCrossentropy", LOGITS | SMOOTH, "classes"),
    Case("cross_entropy", NONE, "keras", "SparseCategoricalCrossentropy", LOGITS, "labels"),
    Case("cross_entropy", NONE, "optax", "softmax_cross_entropy", NONE, "classes"),
    Case(
        "cross_entropy", NONE, "optax", "softmax_cross_entropy_with_integer_labels", NONE, "labels"
    ),
    Case("kl_divergence", NONE, "torch", "kl_div", dict(reduction="batchmean"), "classes"),
    Case("kl_divergence", NONE, "torch", "kl_div", dict(reduction="mean"), "classes", factor=1 / 3),
    Case("kl_divergence", NONE, "optax", "kl_divergence", NONE, "classes"),
    Case("binary_cross_entropy", NONE, "keras", "BinaryCrossentropy", NONE, "probabilities"),
    Case("categorical_cross_entropy", NONE, "keras", "CategoricalCrossentropy", NONE, "shares"),
    Case("total squared", NONE, "torch", "mse_loss", SUM, "numbers", factor=2),
    Case("total absolute", NONE, "torch", "l1_loss", SUM, "numbers, no NaN"),
    Case("total cross_entropy", NONE, "torch", "cross_entropy", SUM, "labels"),
]
CASES = {f"{i} {row.ours}, {row.library}": row for i, row in enumerate(ROWS)}


def inputs():
    """Draw predictions, a row or a matrix per member of a sweep, and their targets."""
    rng = np.random.default_rng(0)
    y = rng.normal(size=8)
    off = rng.normal(size=(6, 8)) * np.array([1, 1, 1e-6, 1e6, 1, 1])[:, None]
    off[4, :3] = 0.0, -0.0, 0.0
    off[5, 2] = np.nan
    far = rng.choice([-1000.0, -40.0, 40.0, 1000.0], size=(8, 3))
    z = np.stack([*rng.normal(size=(2, 8, 3)), 1e-6 * rng.normal(size=(8, 3)), far])
    shares = rng.dirichlet(np.ones(3), size=8)
    probabilities = rng.uniform(size=(3, 8))
    probabilities[1, :4] = 0, 1, 1e-9, 1 - 1e-9
    sized = rng.uniform(0.1, 3, size=(3, 8, 3))
    sized[1, 0], sized[1, 1] = [0, 1, 2], [5, 0, 0]
    binary = rng.integers(0, 2, 8)
    return {
        "numbers": (y + off, y),
        "numbers, no NaN": (y + off[:5], y),
        "numbers, none equal": (y + off[:4], y),
        "logits": (np.concatenate([off, far.T]), binary),
        "scores": (off, 2 * binary - 1),
        "classes": (z, shares),
        "labels": (z, rng.integers(0, 3, 8)),
        "probabilities": (probabilities, binary),
        "shares": (sized, np.eye(3)[rng.integers(0, 3, 8)]),
    }


def frozen():
    """Ask every library for every loss, one member of the sweep at a time."""
    arrays = {}
    drawn = inputs()
    for name, (p, y) in drawn.items():
        arrays |= {f"inputs/{name}/p": p, f"inputs/{name}/y": y}
    for key, case in CASES.items():
        predictions, y = drawn[case.inputs]
        answers = [ASK[case.library](case.call, case.theirs, p, y) for p in predictions]
        arrays[f"{key}/value"], arrays[f"{key}/gradient"] = map(
            np.stack, zip(*answers, strict=True)
        )
    return arrays


def ask_torch(call, arguments, p, y):
    """Ask ``torch.nn.functional``."""
    import torch

    p, y = torch.tensor(p, requires_grad=True), torch.tensor(y)
    labels = call == "cross_entropy" and y.ndim == 1
    given = p.log_softmax(-1) if call == "kl_div" else p
    value = getattr(torch.nn.functional, call)(given, y if labels else y.to(p.dtype), **arguments)
    value.backward()
    return value.detach().numpy(), p.grad.numpy()


def ask_keras(call, arguments, p, y):
    """Ask a class of ``keras.losses``."""
    import jax
    import keras

    loss = getattr(keras.losses, call)(**arguments)
    return jax.value_and_grad(lambda p: loss(y, p))(p)


def ask_optax(call, arguments, p, y):
    """Ask a function of ``optax.losses``, and take the mean that optax leaves to its caller."""
    import jax
    import optax

    loss = getattr(optax.losses, call)
    given = jax.nn.log_softmax if call == "kl_divergence" else lambda p: p
    return jax.value_and_grad(lambda p: loss(given(p), y, **arguments).mean())(p)


ASK = {"torch": ask_torch, "keras": ask_keras, "optax": ask_optax}
