"""Goldens: numbers that torch, Keras and optax gave, frozen in npz files beside their tables."""

import io
import zipfile
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent


def load(name):
    """Return the frozen arrays of a table by key, read-only."""
    with np.load(HERE / f"{name}.npz") as file:
        arrays = dict(file)
    for array in arrays.values():
        array.setflags(write=False)
    return arrays


def save(name, arrays):
    """Freeze arrays so that equal numbers give an equal file: sorted, stored, without a date."""
    with zipfile.ZipFile(HERE / f"{name}.npz", "w") as file:
        for key in sorted(arrays):
            content = io.BytesIO()
            np.lib.format.write_array(content, np.asarray(arrays[key]))
            file.writestr(zipfile.ZipInfo(f"{key}.npy"), content.getvalue())
