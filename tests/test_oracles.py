"""Oracles: what each wrapper adds, clips equal to the frameworks, and norms."""

import numpy as np
import pytest
from golden import load
from golden.clipping import CASES, LIMIT, gradients

from optilab import landscapes, losses, models, oracles, quadratic
from optilab.regularizers import l2
from optilab.trees import global_norm

FROZEN = load("clipping")
CLIPS = [oracles.clip_by_value, oracles.clip_by_norm, oracles.clip_by_global_norm]


def frozen(prefix):
    return {x: FROZEN[f"{prefix}/{x}"] for x in "Wb"}


def test_every_case_is_frozen():
    asked = {
        f"{key}/{name}/{x}" for key, case in CASES.items() for name in case.gradients for x in "Wb"
    }
    assert FROZEN.keys() == asked | {f"gradients/{name}/{x}" for name in gradients() for x in "Wb"}


@pytest.mark.parametrize(
    "key, name", [(key, name) for key, case in CASES.items() for name in case.gradients]
)
def test_a_clip_follows_the_library(key, name):
    case = CASES[key]
    with np.errstate(invalid="ignore"):
        ours = getattr(oracles, case.ours)(LIMIT)(frozen(f"gradients/{name}"))
    for x, theirs in frozen(f"{key}/{name}").items():
        np.testing.assert_allclose(ours[x], theirs, rtol=case.rtol)


@pytest.mark.parametrize("clip", CLIPS)
@pytest.mark.parametrize("kind", [np.float64, np.float32])
def test_a_gradient_within_the_limit_is_untouched(clip, kind):
    g = {x: leaf.astype(kind) for x, leaf in frozen("gradients/small").items()}
    for x, leaf in clip(LIMIT)(g).items():
        np.testing.assert_array_equal(leaf, g[x])
        assert leaf.dtype == kind


@pytest.mark.parametrize("clip", CLIPS)
def test_a_sweep_is_clipped_member_by_member(clip):
    members = [frozen(f"gradients/{name}") for name in ("zero", "small", "large", "huge")]
    swept = clip(LIMIT)({x: np.stack([g[x] for g in members]) for x in "Wb"}, sweep=1)
    for i, g in enumerate(members):
        for x, leaf in clip(LIMIT)(g).items():
            np.testing.assert_allclose(swept[x][i], leaf, rtol=1e-14)


def test_clipping_a_norm_keeps_the_direction():
    g = np.random.default_rng(0).normal(0, 10, size=(20, 5))
    clipped = oracles.clip_by_norm(0.5)(g, sweep=1)
    np.testing.assert_allclose(np.linalg.norm(clipped, axis=-1), 0.5, rtol=1e-14)
    np.testing.assert_allclose((g * clipped).sum(-1), 0.5 * np.linalg.norm(g, axis=-1), rtol=1e-14)


def test_float32_gradients_too_large_to_square_are_clipped():
    clipped = oracles.clip_by_norm(1.0)(np.array([3e30, 4e30], np.float32))
    np.testing.assert_allclose(clipped, [0.6, 0.8], rtol=1e-6)


@pytest.mark.parametrize("clip", CLIPS)
@pytest.mark.parametrize("limit", [0, -1.0, np.nan])
def test_a_limit_must_be_positive(clip, limit):
    with pytest.raises(
        ValueError, match=rf"{clip.__name__}\(\): limit must be positive, not {limit}"
    ):
        clip(limit)


NET = models.mlp_init(np.random.default_rng(0), [3, 4, 2])
BATCH = np.random.default_rng(1).normal(size=(5, 3)), np.array([0, 1, 1, 0, 1])
NET_LOSS = oracles.objective(models.mlp, losses.cross_entropy)


def test_a_penalty_spares_the_biases():
    params = {name: p + 1 for name, p in NET.items()}
    value, g = NET_LOSS(params, *BATCH)
    penalized, penalized_g = oracles.with_penalty(NET_LOSS, l2(0.1))(params, *BATCH)
    squares = sum((params[name] ** 2).sum() for name in ("W1", "W2"))
    assert penalized == pytest.approx(value + 0.05 * squares)
    for name, p in params.items():
        np.testing.assert_allclose(penalized_g[name], g[name] + 0.1 * p * name.startswith("W"))


def test_clipping_leaves_the_loss_alone():
    value, g = NET_LOSS(NET, *BATCH)
    clipped, clipped_g = oracles.with_clipping(NET_LOSS, oracles.clip_by_global_norm(0.01))(
        NET, *BATCH
    )
    assert clipped == value
    assert global_norm(clipped_g) == pytest.approx(0.01)
    for name in NET:
        np.testing.assert_allclose(clipped_g[name], g[name] * 0.01 / global_norm(g))


@pytest.mark.parametrize("kind", [np.float64, np.float32])
def test_noise_has_the_given_deviation_and_leaves_the_loss_alone(kind):
    w = np.ones((5000, 2), kind)
    noisy = oracles.with_noise(quadratic(), 0.3, np.random.default_rng(0))
    value, g = noisy(w)
    np.testing.assert_array_equal(value, quadratic()(w)[0])
    assert g.dtype == kind
    np.testing.assert_allclose(g.mean(0), [1, 10], atol=0.015)
    np.testing.assert_allclose(np.cov(g.T.astype(float)), 0.09 * np.eye(2), atol=0.004)
    assert (noisy(w)[1] != g).all()


def test_noise_repeats_with_its_seed():
    (_, a), (_, b) = (
        oracles.with_noise(NET_LOSS, 1.0, np.random.default_rng(7))(NET, *BATCH) for _ in range(2)
    )
    for name in NET:
        np.testing.assert_array_equal(a[name], b[name])


def test_sam_looks_uphill():
    """On a bowl g = H w, so the gradient uphill is H (w + rho g / |g|)."""
    bowl, w = quadratic((1, 10)), np.array([[3.0, 1.0], [-1.0, 0.5], [0.0, 0.0]])
    value, g = oracles.sam(bowl, rho=0.1)(w)
    slope = bowl(w)[1]
    size = np.linalg.norm(slope, axis=-1, keepdims=True)
    np.testing.assert_array_equal(value, bowl(w)[0])
    np.testing.assert_allclose(g, bowl(w + 0.1 * slope / np.where(size, size, 1))[1])
    np.testing.assert_array_equal(g[2], 0)


def test_sam_of_a_network_moves_all_weights_together():
    _, g = NET_LOSS(NET, *BATCH)
    uphill = {name: NET[name] + 0.05 * g[name] / global_norm(g) for name in NET}
    for name, ours in oracles.sam(NET_LOSS)(NET, *BATCH)[1].items():
        np.testing.assert_allclose(ours, NET_LOSS(uphill, *BATCH)[1][name], rtol=1e-12)


def test_wrappers_nest_and_keep_to_their_members():
    f = oracles.with_clipping(
        oracles.with_penalty(oracles.sam(landscapes.rosenbrock), l2(1.0)), oracles.clip_by_norm(2.0)
    )
    w = np.random.default_rng(0).normal(size=(4, 3, 2))
    value, g = f(w)
    for i in np.ndindex(4, 3):
        alone, its_g = f(w[i])
        np.testing.assert_allclose(value[i], alone, rtol=1e-14)
        np.testing.assert_allclose(g[i], its_g, rtol=1e-12)


@pytest.mark.parametrize(
    "tree, norm",
    [
        (np.array([3.0, -4.0]), 5),
        ({"a": np.array([[3.0]]), "b": np.array(-4.0)}, 5),
        (np.array(-2.0), 2),
        (np.array([3e30, 4e30], np.float32), 5e30),
        (np.array([1.0, np.inf]), np.inf),
        (np.array([np.inf, np.nan]), np.nan),
    ],
)
def test_global_norm(tree, norm):
    assert global_norm(tree) == pytest.approx(norm, rel=1e-7, nan_ok=True)
