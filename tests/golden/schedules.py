"""Learning rates of the first 121 updates from every schedule of torch, Keras and optax.

All settings are exact in float32: Keras, and optax in part, compute in it.
"""

from typing import NamedTuple

import numpy as np

UPDATES = 121
LR = 0.125


class Case(NamedTuple):
    """A library's schedule ``call(**theirs)`` and ours, which starts from LR unless it says."""

    ours: str
    arguments: dict
    library: str
    call: str
    theirs: dict


HALVE = dict(decay_rate=0.5, decay_steps=40)
STAIRS = HALVE | dict(staircase=True)
DECAY = dict(decay_steps=40)
VALUES = dict(boundaries=[10, 40], values=[0.5, 0.25, 0.125])
HALF = dict(rate=0.5, steps=40)
ROWS = [
    Case("exponential", HALF, "keras", "ExponentialDecay", HALVE),
    Case("exponential", HALF | dict(staircase=True), "keras", "ExponentialDecay", STAIRS),
    Case("exponential", dict(rate=0.75), "torch", "ExponentialLR", dict(gamma=0.75)),
    Case(
        "exponential",
        HALF,
        "optax",
        "exponential_decay",
        dict(init_value=LR, transition_steps=40, decay_rate=0.5),
    ),
    Case("inverse_time", HALF, "keras", "InverseTimeDecay", HALVE),
    Case("inverse_time", HALF | dict(staircase=True), "keras", "InverseTimeDecay", STAIRS),
    Case(
        "polynomial",
        dict(steps=40, end=0.0625),
        "keras",
        "PolynomialDecay",
        DECAY | dict(end_learning_rate=0.0625),
    ),
    Case(
        "polynomial",
        dict(steps=40, end=0.0625, power=2, cycle=True),
        "keras",
        "PolynomialDecay",
        DECAY | dict(end_learning_rate=0.0625, power=2, cycle=True),
    ),
    Case(
        "polynomial",
        dict(steps=40, power=2),
        "torch",
        "PolynomialLR",
        dict(total_iters=40, power=2),
    ),
    Case(
        "polynomial",
        dict(steps=40, end=0.0625, power=2),
        "optax",
        "polynomial_schedule",
        dict(init_value=LR, end_value=0.0625, power=2, transition_steps=40),
    ),
    Case("piecewise", VALUES, "keras", "PiecewiseConstantDecay", VALUES),
    Case(
        "piecewise",
        dict(boundaries=[9, 39], values=[0.125, 0.0625, 0.03125]),
        "torch",
        "MultiStepLR",
        dict(milestones=[10, 40], gamma=0.5),
    ),
    Case("step_decay", HALF, "torch", "StepLR", dict(step_size=40, gamma=0.5)),
    Case("cosine", dict(steps=40), "keras", "CosineDecay", DECAY),
    Case(
        "cosine",
        dict(steps=40, end=LR / 16),
        "keras",
        "CosineDecay",
        DECAY | dict(alpha=1 / 16),
    ),
    Case(
        "cosine",
        dict(steps=120, end=LR / 16),
        "torch",
        "CosineAnnealingLR",
        dict(T_max=120, eta_min=LR / 16),
    ),
    Case(
        "cosine",
        dict(steps=40, end=LR / 16),
        "optax",
        "cosine_decay_schedule",
        dict(init_value=LR, decay_steps=40, alpha=1 / 16),
    ),
    Case(
        "cosine_restarts",
        dict(steps=40),
        "torch",
        "CosineAnnealingWarmRestarts",
        dict(T_0=40),
    ),
    Case(
        "cosine_restarts",
        dict(steps=8, growth=3, end=LR / 16),
        "torch",
        "CosineAnnealingWarmRestarts",
        dict(T_0=8, T_mult=3, eta_min=LR / 16),
    ),
    Case(
        "cosine_restarts",
        dict(steps=8, growth=2, shrink=0.5, end=LR / 16),
        "keras",
        "CosineDecayRestarts",
        dict(first_decay_steps=8, m_mul=0.5, alpha=1 / 16),
    ),
    Case(
        "linear_warmup", dict(steps=7), "torch", "LinearLR", dict(start_factor=1 / 8, total_iters=7)
    ),
    Case("one_cycle", dict(steps=121), "torch", "OneCycleLR", dict(max_lr=LR, total_steps=121)),
    Case(
        "one_cycle",
        dict(steps=121, pct_start=0.5, div_factor=4, final_div_factor=8),
        "torch",
        "OneCycleLR",
        dict(max_lr=LR, total_steps=121, pct_start=0.5, div_factor=4, final_div_factor=8),
    ),
    Case(
        "cyclic",
        dict(high=0.5, half=16),
        "torch",
        "CyclicLR",
        dict(base_lr=LR, max_lr=0.5, step_size_up=16, cycle_momentum=False),
    ),
    Case(
        "cyclic",
        dict(high=0.5, half=16, shrink=0.5),
        "torch",
        "CyclicLR",
        dict(base_lr=LR, max_lr=0.5, step_size_up=16, mode="triangular2", cycle_momentum=False),
    ),
    Case(
        "cyclic",
        dict(high=0.5, half=16, shrink=0.75**32, staircase=False),
        "torch",
        "CyclicLR",
        dict(
            base_lr=LR,
            max_lr=0.5,
            step_size_up=16,
            mode="exp_range",
            gamma=0.75,
            cycle_momentum=False,
        ),
    ),
]
CASES = {f"{i} {row.ours}, {row.library}": row for i, row in enumerate(ROWS)}

# Losses of 40 epochs for the rules that wait: a slow fall, a plateau, NaN, an outlier, a rise.
LOSSES = np.concatenate(
    [
        np.linspace(1, 0.5, 8),
        np.full(10, 0.5),
        [np.nan, 0.25, 0.75, np.nan],
        np.full(6, 0.24995),
        np.linspace(0.2, 0.4, 12),
    ]
)
# patience: Keras', which is ours.
PATIENCE = (1, 2, 3, 5)


def frozen():
    """Ask every library for every schedule, and those that have them for the rules that wait."""
    arrays = {key: ASK[case.library](case.call, case.theirs) for key, case in CASES.items()}
    for patience in PATIENCE:
        arrays[f"plateau, keras/{patience}"] = keras_plateau(patience)
        arrays[f"plateau, torch/{patience}"] = torch_plateau(patience)
        arrays[f"stop, keras/{patience}"] = keras_stop(patience)
    return arrays


def ask_torch(call, arguments):
    """Run ``torch.optim.lr_scheduler`` beside an optimizer."""
    import torch

    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=LR)
    scheduler = getattr(torch.optim.lr_scheduler, call)(optimizer, **arguments)
    rates = []
    for k in range(UPDATES):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if k < UPDATES - 1:
            scheduler.step()
    return np.array(rates)


def ask_keras(call, arguments):
    """Call ``keras.optimizers.schedules``."""
    import keras

    start = {} if "values" in arguments else {"initial_learning_rate": LR}
    schedule = getattr(keras.optimizers.schedules, call)(**start, **arguments)
    return np.array([schedule(k) for k in range(UPDATES)], float)


def ask_optax(call, arguments):
    """Call a schedule of optax."""
    import optax

    schedule = getattr(optax, call)(**arguments)
    return np.array([schedule(k) for k in range(UPDATES)], float)


def torch_plateau(patience):
    """Return torch's learning rate after each loss; its patience counts one less."""
    import torch

    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=LR)
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(
        optimizer, factor=0.5, patience=patience - 1, threshold_mode="abs", min_lr=2**-7
    )
    rates = []
    for loss in LOSSES:
        scheduler.step(loss)
        rates.append(optimizer.param_groups[0]["lr"])
    return np.array(rates)


def keras_model():
    """Return the least model that a Keras callback can act on."""
    import keras

    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(LR), "mse")
    return model


def keras_plateau(patience):
    """Return Keras' learning rate after each loss."""
    import keras

    model = keras_model()
    callback = keras.callbacks.ReduceLROnPlateau(
        monitor="loss", factor=0.5, patience=patience, min_lr=2**-7
    )
    callback.set_model(model)
    callback.on_train_begin()
    rates = []
    for epoch, loss in enumerate(LOSSES):
        callback.on_epoch_end(epoch, {"loss": loss})
        rates.append(float(model.optimizer.learning_rate))
    return np.array(rates)


def keras_stop(patience):
    """Return the epoch at which Keras stops, or -1."""
    import keras

    model = keras_model()
    callback = keras.callbacks.EarlyStopping(monitor="loss", patience=patience)
    callback.set_model(model)
    callback.on_train_begin()
    for epoch, loss in enumerate(LOSSES):
        callback.on_epoch_end(epoch, {"loss": loss})
        if model.stop_training:
            return np.array(epoch)
    return np.array(-1)


ASK = {"torch": ask_torch, "keras": ask_keras, "optax": ask_optax}
