"""Ask the libraries again: ``make goldens``, or ``python -m golden rules`` for one table.

The versions are those of requirements.txt.  A table is a module here with a ``frozen()`` that
returns its arrays by key.
"""

import importlib
import os
import sys

TABLES = ("clipping", "losses", "rules", "schedules", "whole")

if __name__ == "__main__":
    os.environ |= {"KERAS_BACKEND": "jax", "JAX_ENABLE_X64": "1", "JAX_PLATFORMS": "cpu"}

    import keras
    import torch

    from golden import save

    keras.config.set_floatx("float64")
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    for table in sys.argv[1:] or TABLES:
        save(table, importlib.import_module(f"golden.{table}").frozen())
