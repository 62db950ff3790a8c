"""Optimizers small enough to hold in the head."""

from optilab.landscapes import double_well, quadratic, rosenbrock, saddle
from optilab.oracles import objective
from optilab.rules import RULES, gd, momentum, nesterov
from optilab.run import Trajectory, descend, run, step

__all__ = [
    "RULES",
    "Trajectory",
    "descend",
    "double_well",
    "gd",
    "momentum",
    "nesterov",
    "objective",
    "quadratic",
    "rosenbrock",
    "run",
    "saddle",
    "step",
]
