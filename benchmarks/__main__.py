"""How long steps take, here and in torch and optax: ``make benchmarks``.

One process on one core; contenders take turns, and each shows its fastest turn.  Read the ratios:
they hold from machine to machine better than the times.
"""

import os
import subprocess
import sys
import time

os.environ |= {"OMP_NUM_THREADS": "1", "JAX_ENABLE_X64": "1", "JAX_PLATFORMS": "cpu"}
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

import jax
import numpy as np
import optax
import torch

from optilab import adam, descend, objective, run, step
from optilab.compiled import compiled
from optilab.data import digits, minibatches
from optilab.landscapes import himmelblau
from optilab.losses import cross_entropy
from optilab.models import mlp, mlp_init
from optilab.run import anatomy

torch.set_num_threads(1)
SETTINGS = anatomy(adam)[1]


def race(contenders, turns=9, pause=0.02):
    """Return the seconds of one call of each contender, the best of their turns."""
    best, calls = {}, {}
    for name, call in contenders.items():
        call()  # compiles, allocates, imports
        began = time.perf_counter()
        call()
        calls[name] = max(1, round(pause / (time.perf_counter() - began)))
    for _ in range(turns):
        for name, call in contenders.items():
            began = time.perf_counter()
            for _ in range(calls[name]):
                call()
            took = (time.perf_counter() - began) / calls[name]
            best[name] = min(took, best.get(name, took))
    return best


def show(title, columns, unit, scale, *references):
    """Print times, and their ratios to the reference rows."""
    names = list(next(iter(columns.values())))
    print(f"\n{title}; {unit}" + "".join(f", ratio to {r}" for r in references))
    print(f"{'':28}" + "".join(f"{column:>26}" for column in columns))
    for name in names:
        cells = [
            f"{times[name] * scale:.4g}"
            + "".join(f" {times[name] / times[r]:6.2f}" for r in references)
            for times in columns.values()
        ]
        print(f"{name:28}" + "".join(f"{cell:>26}" for cell in cells))


class InPlace:
    """Adam by hand in NumPy, without one temporary."""

    def __init__(self, w, g):
        self.w, self.g, self.t = w.copy(), g, 0
        self.m, self.v, self.a, self.b = (np.zeros_like(w) for _ in range(4))

    def __call__(self):
        """Make one step."""
        self.t += 1
        w, g, m, v, a, b = self.w, self.g, self.m, self.v, self.a, self.b
        lr, beta1, beta2, eps = SETTINGS.values()
        np.multiply(g, 1 - beta1, out=a)
        m *= beta1
        m += a
        np.multiply(g, g, out=a)
        a *= 1 - beta2
        v *= beta2
        v += a
        np.divide(v, 1 - beta2**self.t, out=a)
        np.sqrt(a, out=a)
        a += eps
        np.multiply(m, lr / (1 - beta1**self.t), out=b)
        b /= a
        w -= b


class Stepped:
    """Adam through `step`, as a loop of one's own would call it, or as `run` does."""

    def __init__(self, w, g, reuse, rule=adam):
        self.rule, self.w, self.g, self.t, self.reuse = rule, w, g, 0, reuse
        self.state = {name: np.zeros_like(w) for name in "mv"}

    def __call__(self):
        """Make one step."""
        self.t += 1
        self.w, self.state = step(
            self.rule, self.w, self.g, self.state, self.t, reuse=self.reuse, **SETTINGS
        )


def torch_adam(w, g, **options):
    """Return a step of torch's Adam."""
    parameter = torch.tensor(w, requires_grad=True)
    parameter.grad = torch.tensor(g)
    return torch.optim.Adam([parameter], **options).step


class Jitted:
    """A step of optax's Adam under jit, its arrays donated."""

    def __init__(self, w, g):
        adam = optax.adam(SETTINGS["lr"])
        self.w, self.g = jax.numpy.array(w), jax.numpy.array(g)
        self.state = adam.init(self.w)

        def update(w, state, g):
            updates, state = adam.update(g, state)
            return optax.apply_updates(w, updates), state

        self.update = jax.jit(update, donate_argnums=(0, 1))

    def __call__(self):
        """Make one step."""
        self.w, self.state = jax.block_until_ready(self.update(self.w, self.state, self.g))


def one_step(n, dtype=float):
    """Time one step of Adam on n weights."""
    w, g = np.random.default_rng(0).normal(size=(2, n)).astype(dtype)
    m, v, a = np.zeros((3, n), dtype)

    def naive():
        return adam(w, g, m, v, 3, **SETTINGS)

    times = race(
        {
            "the rule, one call": naive,
            "step": Stepped(w, g, reuse=False),
            "step as in run": Stepped(w, g, reuse=True),
            "step as in run, compiled": Stepped(w, g, reuse=True, rule=compiled(adam)),
            "NumPy in place, by hand": InPlace(w, g),
            "torch": torch_adam(w, g),
            "torch foreach": torch_adam(w, g, foreach=True),
            "torch fused": torch_adam(w, g, fused=True),
            "optax jit": Jitted(w, g),
            "memory floor, 7 arrays": lambda: np.add(m, a, out=m),
        }
    )
    times["memory floor, 7 arrays"] *= 7 / 3  # an addition in place moves three
    return times


def sweep(side=512, steps=300, lr=0.05):
    """Time 300 steps of Adam from 512 x 512 starts on Himmelblau's function."""
    w0 = np.stack(np.meshgrid(*[np.linspace(-5, 5, side)] * 2), axis=-1)

    def by_hand():
        w, m, v = w0, 0.0, 0.0
        for t in range(1, steps + 1):
            w, m, v = adam(w, himmelblau(w)[1], m, v, t, lr=lr)

    def slope(w, stack):
        x, y = w[..., 0], w[..., 1]
        p, q = x**2 + y - 11, x + y**2 - 7
        return stack([4 * x * p + 2 * q, 2 * p + 4 * y * q])

    def with_torch():
        w = torch.tensor(w0, requires_grad=True)
        optimizer = torch.optim.Adam([w], lr=lr, fused=True)
        for _ in range(steps):
            w.grad = slope(w.detach(), lambda parts: torch.stack(parts, dim=-1))
            optimizer.step()

    optimizer = optax.adam(lr)

    @jax.jit
    def with_optax(w):
        def body(_, carry):
            w, state = carry
            g = slope(w, lambda parts: jax.numpy.stack(parts, axis=-1))
            updates, state = optimizer.update(g, state)
            return optax.apply_updates(w, updates), state

        return jax.lax.fori_loop(0, steps, body, (w, optimizer.init(w)))[0]

    return race(
        {
            "a loop by hand": by_hand,
            "descend": lambda: descend(adam, himmelblau, w0, steps, record="last", lr=lr),
            "torch fused": with_torch,
            "optax jit": lambda: with_optax(w0).block_until_ready(),
        },
        turns=3,
    )


def network(sizes=(64, 128, 128, 10), size=128, epochs=10):
    """Time a step of a network on the digits."""
    X, y, *_ = digits()
    oracle = objective(mlp, cross_entropy)
    w0 = mlp_init(np.random.default_rng(0), sizes)
    batches = list(minibatches(np.random.default_rng(0), X, y, size, epochs))

    def by_hand():
        w, state = w0, dict.fromkeys(w0, (0.0, 0.0))
        for t, batch in enumerate(batches, start=1):
            _, g = oracle(w, *batch)
            new = {key: adam(w[key], g[key], *state[key], t) for key in w}
            w = {key: out[0] for key, out in new.items()}
            state = {key: out[1:] for key, out in new.items()}

    times = race(
        {
            "a loop by hand": by_hand,
            'run, record="last"': lambda: run(adam, oracle, w0, batches, record="last"),
            'run, record="all"': lambda: run(adam, oracle, w0, batches),
        }
    )
    return {name: seconds / len(batches) for name, seconds in times.items()}


def importing():
    """Time a fresh interpreter with and without us."""
    lines = {"python": "pass", "import numpy": "import numpy", "import optilab": "import optilab"}
    return race(
        {
            name: lambda line=line: subprocess.run([sys.executable, "-c", line], check=True)
            for name, line in lines.items()
        }
    )


if __name__ == "__main__":
    columns = {f"n = {n:.0e}": one_step(n) for n in (2, 1000, 100_000, 10_000_000)}
    columns["n = 1e7, float32"] = one_step(10_000_000, np.float32)
    show("One step of Adam", columns, "µs", 1e6, "the rule, one call", "torch")
    show("300 steps of Adam, 512 x 512 starts", {"Himmelblau": sweep()}, "s", 1, "a loop by hand")
    show(
        "A step on the digits, 64-128-128-10, batch 128",
        {"": network()},
        "µs",
        1e6,
        "a loop by hand",
    )
    show("A fresh interpreter", {"": importing()}, "ms", 1e3, "python")
