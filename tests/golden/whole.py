"""Paths of Muon, from torch, as it is and without its one cast to bfloat16."""

from typing import NamedTuple
from unittest.mock import patch

import numpy as np

STEPS = 200
KEPT = (1, 2, 3, 10, 50, 200)
SHAPES = {"tall": (6, 4), "wide": (3, 5), "row": (1, 4)}


class Case(NamedTuple):
    """One run; ``tolerance`` is relative to the largest weight."""

    arguments: dict
    bfloat16: bool
    tolerance: float


CASES = {
    "defaults": Case({}, bfloat16=False, tolerance=1e-10),
    "large": Case(dict(lr=0.1, momentum=0.8, weight_decay=0.5), bfloat16=False, tolerance=1e-10),
    "bfloat16": Case({}, bfloat16=True, tolerance=1e-2),
}


def start():
    """Return the weights before the first step."""
    return {name: (np.arange(np.prod(s)).reshape(s) - 4) / 4 for name, s in SHAPES.items()}


def frozen():
    """Ask torch for every path."""
    import torch

    rng = np.random.default_rng(0)
    g = {name: rng.normal(size=(STEPS, *shape)) for name, shape in SHAPES.items()}
    g["tall"][20:30] = 0
    arrays = {f"gradients/{name}": x for name, x in g.items()}
    for key, case in CASES.items():
        w = {name: torch.tensor(x, requires_grad=True) for name, x in start().items()}
        optimizer = torch.optim.Muon(w.values(), **case.arguments)
        path = {name: [] for name in w}
        cast = torch.Tensor.bfloat16 if case.bfloat16 else torch.Tensor.clone
        with patch.object(torch.Tensor, "bfloat16", cast):
            for k in range(STEPS):
                for name, x in w.items():
                    x.grad = torch.tensor(g[name][k])
                optimizer.step()
                for name, x in w.items():
                    path[name].append(x.detach().numpy().copy())
        arrays |= {f"{key}/{name}": np.stack([p[k - 1] for k in KEPT]) for name, p in path.items()}
    return arrays
