"""Muon follows torch, and its orthogonal step is what it says."""

import numpy as np
import pytest
from golden import load
from golden.whole import CASES, KEPT, SHAPES, STEPS, start

from optilab import muon, run
from optilab.whole import orthogonal

FROZEN = load("whole")
GRADIENTS = {name: FROZEN[f"gradients/{name}"] for name in SHAPES}
THEIRS = {"lr": "lr", "momentum": "beta", "weight_decay": "wd"}


def follow(w0, gradients, **hyper):
    """Return the weights under fixed gradients, a dict of (STEPS, ...) arrays."""

    def oracle(w, k):
        loss = np.zeros(np.broadcast_shapes(*(np.shape(h)[:1] for h in hyper.values()), ()))
        return loss, {name: np.broadcast_to(gradients[name][k], w[name].shape) for name in w}

    return run(muon, oracle, w0, [(k,) for k in range(STEPS)], record="w", **hyper).w


def test_every_case_is_frozen():
    keys = {f"{case}/{name}" for case in [*CASES, "gradients"] for name in SHAPES}
    assert FROZEN.keys() == keys


@pytest.mark.parametrize("key", CASES)
def test_muon_follows_torch(key):
    case = CASES[key]
    path = follow(start(), GRADIENTS, **{THEIRS[k]: v for k, v in case.arguments.items()})
    for name in SHAPES:
        theirs = FROZEN[f"{key}/{name}"]
        np.testing.assert_allclose(
            path[name][list(KEPT)], theirs, rtol=0, atol=case.tolerance * np.abs(theirs).max()
        )


def test_a_sweep_is_its_members():
    lr = np.array([0.001, 0.1])
    swept = follow(start(), GRADIENTS, lr=lr)
    for i in range(2):
        alone = follow(start(), GRADIENTS, lr=lr[i])
        for name in SHAPES:
            np.testing.assert_allclose(swept[name][:, i], alone[name], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("shape", [(4, 4), (3, 7), (7, 3), (2, 5, 3)])
def test_singular_values_come_near_1_and_the_factors_stay(shape):
    x = np.random.default_rng(0).normal(size=shape)
    s = np.linalg.svd(orthogonal(x), compute_uv=False)
    assert s.min() > 0.67
    assert s.max() < 1.21
    # U and V are those of x: between them nothing is left but a diagonal
    U, _, Vt = np.linalg.svd(x, full_matrices=False)
    core = U.mT @ orthogonal(x) @ Vt.mT
    np.testing.assert_allclose(core * (1 - np.eye(core.shape[-1])), 0, atol=1e-12)


def test_muon_ignores_the_scale_of_the_gradient():
    g = np.random.default_rng(0).normal(size=(3, 5))
    np.testing.assert_array_equal(muon(g, g, eps=0.0)[0], muon(g, 1024 * g, eps=0.0)[0])


def test_a_norm_below_eps_is_divided_by_eps():
    """So small, five steps of the iteration are linear; 1e-7 where nothing is said."""
    w, g = np.zeros((3, 5)), 1e-20 * np.random.default_rng(0).normal(size=(3, 5))
    for given, eps in (({}, 1e-7), ({"eps": 1.0}, 1.0)):
        five = 3.4445**5 * g / eps
        np.testing.assert_allclose(orthogonal(g, **given), five, rtol=1e-12)
        np.testing.assert_allclose(orthogonal(g.T, **given), five.T, rtol=1e-12)
        np.testing.assert_allclose(-muon(w, g, lr=1.0, beta=0.0, **given)[0], five, rtol=1e-12)


def test_zero_stays_zero():
    w, m = muon(np.ones((2, 3)), np.zeros((2, 3)), wd=0.0)
    np.testing.assert_array_equal(w, np.ones((2, 3)))
    np.testing.assert_array_equal(m, np.zeros((2, 3)))


def test_float32_stays_float32():
    w, m = muon(np.ones((2, 3), np.float32), np.ones((2, 3), np.float32))
    assert (w.dtype, m.dtype) == (np.float32, np.float32)


def test_a_vector_is_refused():
    with pytest.raises(ValueError, match=r"muon\(\) moves matrices, not weights of shape \(3,\)"):
        muon(np.ones(3), np.ones(3))
