"""Chapter 2, gradient descent: its exercises and how they go wrong."""

import numpy as np

from optilab.checks.engine import Exercise, within


def spd(rng, d, low, high):
    """Return a symmetric matrix with random axes and eigenvalues between two positive numbers."""
    return turned(rng, np.exp(rng.uniform(np.log(low), np.log(high), d)))


def turned(rng, eigenvalues):
    """Return a symmetric matrix with these eigenvalues and random axes."""
    Q, _ = np.linalg.qr(rng.normal(size=2 * (len(eigenvalues),)))
    return Q * eigenvalues @ Q.T


# --- 2.1


def gd_step(w, g, lr):
    """Return the weights after one step."""
    return w - lr * g


def steps(rng):
    """Draw weights and gradients of several shapes and scales."""

    def case(shape, scale=1.0, dtype=float):
        w, g = scale * rng.normal(size=(2, *shape))
        return np.array(w, dtype), np.array(g, dtype), rng.uniform(0.02, 0.9)

    return [
        case((3,)),
        case((4,), 1e-6),
        case((2,), 1e3),
        case(()),
        case((2, 3)),
        case((3,), 1, "f"),
    ]


GD_STEP = Exercise(
    gd_step,
    steps,
    examples=["np.array([1.0, 2.0]), np.array([0.5, -1.0]), 0.1"],
    mistakes={
        "You climb. The gradient points uphill, so subtract the step.": {"w - lr": "w + lr"},
        "The learning rate is missing: the step is lr * g.": {"lr * g": "g"},
        "You divide by the learning rate. Multiply: a small lr makes a small step.": {
            "lr * g": "g / lr"
        },
        "You return the step alone. Return where it leads from w.": {"w - lr": "-lr"},
        "You return lr * g, not the new weights. Did w -= become w =+?": {"w - lr": "lr"},
        "You scale w. The step does not depend on the size of w: subtract it.": {
            "w - lr * g": "w * (1 - lr * g)"
        },
        "You divide the gradient by its length. Keep it: where it is steep, the step is long.": {
            "lr * g": "lr * g / np.linalg.norm(g)"
        },
        "You use only the sign of the gradient. Its size belongs to the step.": {
            "lr * g": "lr * np.sign(g)"
        },
        "You changed w in place (w -= ...). Return a new array: w - ...": {
            "return w - lr * g": "w -= lr * g\n    return w"
        },
    },
)


# --- 2.2


def gd(grad, w0, lr, steps):
    """Return the path of gradient descent, (steps + 1, d)."""
    w = w0
    path = [w]
    for _ in range(steps):
        w = w - lr * grad(w)
        path.append(w)
    return np.array(path)


def descents(rng):
    """Draw starts on hills whose slope is not linear: one step tells nothing of the next."""
    cases = []
    for d, steps in [(2, 3), (3, 6), (1, 2), (4, 1)]:
        H = spd(rng, d, 0.3, 3)
        grad = lambda w, H=H: H @ w + w**3
        cases.append((grad, rng.uniform(0.5, 1.5, d), rng.uniform(0.03, 0.1), steps))
    # From the minimum it stays there, and still takes every step.
    return [*cases, (grad, np.zeros(d), 0.1, 5)]


GD = Exercise(
    gd,
    descents,
    examples=["lambda w: w, np.array([4.0]), 0.5, 2"],
    counts=True,
    mistakes={
        "You climb. The gradient points uphill, so subtract the step.": {"w - lr": "w + lr"},
        "The learning rate is missing: the step is lr * grad(w).": {"lr * grad": "grad"},
        "You ask for the gradient once, before the loop. It changes with w: ask at every step.": {
            "    for": "    g = grad(w)\n    for",
            "lr * grad(w)": "lr * g",
        },
        "You take the gradient at w0 in every step. Take it at w, where you stand.": {
            "grad(w)": "grad(w0)"
        },
        "w -= ... changes the array w0 itself, and every row is that array. "
        "Make a new one: w = w - ...": {"w = w - ": "w -= "},
        "Every row is the same array, which w -= ... keeps changing. Make a new one: w = w - ...": {
            "w = w0": "w = w0.copy()",
            "w = w - ": "w -= ",
        },
        "Every step starts at w0. Start where the last one has ended: w = w - ...": {
            "w = w - lr * grad(w)\n        path.append(w)": "path.append(w - lr * grad(w))"
        },
        "Only the start and the last place are in the path. Append in the loop.": {
            "        path.append(w)": "    path.append(w)"
        },
        "The path ends after the first step: does the return stand inside of the loop?": {
            "    return np.array(path)": "        return np.array(path)"
        },
        "The last row is empty: row k is the place after k steps.": {
            "np.array(path)": "np.array([*path[:-1], 0 * w])"
        },
        "You return a list of steps. Row k is the place after k steps, w, not the step.": {
            "append(w)": "append(lr * grad(w))"
        },
        "The start is missing: row 0 is w0, so the path has steps + 1 rows.": {"[w]": "[]"},
        "One step is missing: the path has steps + 1 rows because it starts with w0.": {
            "range(steps)": "range(steps - 1)"
        },
        "That is one step too many: steps updates make steps + 1 rows.": {
            "range(steps)": "range(steps + 1)"
        },
        "You return the last place. Return the whole path, from w0 on.": {"np.array(path)": "w"},
        "You store w before you change it: the start stands twice, the end is missing.": {
            "w = w - lr * grad(w)\n        path.append(w)": (
                "path.append(w)\n        w = w - lr * grad(w)"
            )
        },
        "The path lies on its side: one row per step, one column per coordinate.": {
            "np.array(path)": "np.array(path).T"
        },
    },
)


# --- 2.3


def max_stable_lr(H):
    """Return the learning rate beyond which gradient descent diverges."""
    L = np.linalg.eigvalsh(H).max()
    return 2 / L


def bowls(rng):
    """Draw Hessians of bowls."""
    return [(spd(rng, d, 0.1, 30) * scale,) for d, scale in [(2, 1), (3, 1e3), (4, 1e-3), (6, 1)]]


MAX_STABLE_LR = Exercise(
    max_stable_lr,
    bowls,
    examples=["np.diag([1.0, 4.0])", "np.array([[2.0, 1.0], [1.0, 2.0]])"],
    mistakes={
        "With that learning rate the steepest direction arrives in one step. "
        "It still converges beyond: where does it begin to diverge?": {"2 / L": "1 / L"},
        "You use the smallest eigenvalue. The steepest direction, the largest, breaks first.": {
            "max()": "min()"
        },
        "You return the largest curvature itself. What step does it bear?": {"2 / L": "L"},
        "Upside down: the steeper the bowl, the smaller the learning rate.": {"2 / L": "L / 2"},
        "You return a limit per direction. They share one learning rate: which limit holds?": {
            ".max()": ""
        },
        "You read the diagonal of H. The steepest direction need not lie along an axis: "
        "take eigenvalues.": {"np.linalg.eigvalsh(H)": "np.diag(H)"},
        "np.linalg.norm(H) mixes all eigenvalues. You need the largest alone.": {
            "np.linalg.eigvalsh(H).max()": "np.linalg.norm(H)"
        },
        "You add the eigenvalues up. Only the largest one sets the limit.": {"max()": "sum()"},
        "That is the fastest learning rate. The largest stable one lies above it.": {
            "2 / L": "2 / (np.linalg.eigvalsh(H).min() + L)"
        },
    },
)


# --- 2.4


def optimal_lr_and_rate(H):
    """Return the fastest learning rate, and what a step leaves of the distance with it."""
    eigenvalues = np.linalg.eigvalsh(H)
    mu, L = eigenvalues[0], eigenvalues[-1]
    return 2 / (mu + L), (L - mu) / (L + mu)


OPTIMAL_LR_AND_RATE = Exercise(
    optimal_lr_and_rate,
    bowls,
    examples=["np.diag([1.0, 4.0])", "np.array([[2.0, 1.0], [1.0, 2.0]])"],
    labels=("The learning rate", "The rate"),
    mistakes={
        "That is the learning rate that suits the steepest direction, and its rate. Go on until "
        "the steepest and the flattest shrink alike.": {
            "2 / (mu + L)": "1 / L",
            "(L - mu) / (L + mu)": "1 - mu / L",
        },
        "The rate is right; your lr suits the steepest direction alone. The fastest makes the "
        "steepest and the flattest shrink alike.": {"2 / (mu + L)": "1 / L"},
        "The rate is right; with your lr the steepest direction no longer shrinks.": {
            "2 / (mu + L)": "2 / L"
        },
        "The rate is right; your lr is half the fastest.": {"2 / (mu + L)": "1 / (mu + L)"},
        "The lr is right; you return kappa. The rate is what a step leaves of the distance.": {
            "(L - mu) / (L + mu)": "L / mu"
        },
        "The lr is right; your rate belongs to lr = 1 / L.": {"(L - mu) / (L + mu)": "1 - mu / L"},
        "The lr is right; your rate is that of the loss. The distance shrinks by its root.": {
            "(L - mu) / (L + mu)": "((L - mu) / (L + mu)) ** 2"
        },
        "The lr is right; your rate is upside down. Above 1 the distance would grow.": {
            "(L - mu) / (L + mu)": "(L + mu) / (L - mu)"
        },
        "The lr is right; your rate is negative. It is what a step leaves of a distance.": {
            "(L - mu) / (L + mu)": "(mu - L) / (L + mu)"
        },
        "The lr is right; your rate has the root of kappa: that is momentum's.": {
            "(L - mu) / (L + mu)": "(np.sqrt(L / mu) - 1) / (np.sqrt(L / mu) + 1)"
        },
        "The lr is right; in your rate the brackets are missing: / comes before - and +.": {
            "(L - mu) / (L + mu)": "L / mu - mu / L + 1"
        },
        "You read the diagonal of H. The steepest direction need not lie along an axis: "
        "take eigenvalues.": {"np.linalg.eigvalsh(H)": "np.sort(np.diag(H))"},
        "The two numbers are in the wrong order: first lr, then the rate.": {
            "2 / (mu + L), (L - mu) / (L + mu)": "(L - mu) / (L + mu), 2 / (mu + L)"
        },
        "The rate is missing. Return two numbers: lr, rate.": {", (L - mu) / (L + mu)": ""},
        "np.linalg.eigvals does not sort, so its ends need not be the extremes. eigvalsh sorts.": {
            "eigvalsh": "eigvals"
        },
    },
)


# --- 2.5


def iterations_needed(kappa, tol):
    """Return the steps after which the distance has shrunk by tol, at the fastest lr."""
    rate = (kappa - 1) / (kappa + 1)
    return int(np.ceil(np.log(tol) / np.log(rate)))


def tolerances(rng):
    """Draw condition numbers, small ones too, and tolerances; half the results round down."""
    cases: list[tuple[float, float]] = []
    while len(cases) < 8:
        kappa = float(np.exp(rng.uniform(0.4, 1) if len(cases) % 2 else rng.uniform(1, 7)))
        tol = float(10 ** rng.uniform(-9, -2))
        part = np.log(tol) / np.log((kappa - 1) / (kappa + 1)) % 1
        if 0.1 < part < 0.4 if len(cases) % 4 < 2 else 0.6 < part < 0.9:
            cases.append((kappa, tol))
    return cases


ITERATIONS_NEEDED = Exercise(
    iterations_needed,
    tolerances,
    examples=["3, 0.1", "10, 1e-6"],
    mistakes={
        "A number of steps is whole: round up.": {
            "int(np.ceil(np.log(tol) / np.log(rate)))": "np.log(tol) / np.log(rate)"
        },
        "You round down: one step earlier the error is still above tol.": {"np.ceil": "np.floor"},
        "You round to the nearest. Round up, or the last step may be missing.": {
            "np.ceil": "np.round"
        },
        "That is one step too many: after one less the error is below tol already.": {
            "np.ceil(np.log(tol) / np.log(rate))": "np.ceil(np.log(tol) / np.log(rate)) + 1"
        },
        "You divide a natural logarithm by a decimal one. Take the same one twice.": {
            "np.log(rate)": "np.log10(rate)"
        },
        "You divide a decimal logarithm by a natural one. Take the same one twice.": {
            "np.log(tol)": "np.log10(tol)"
        },
        "Your rate belongs to lr = 1 / L. With the fastest lr it is smaller.": {
            "(kappa - 1) / (kappa + 1)": "1 - 1 / kappa"
        },
        "Your rate has the root of kappa: that is momentum's.": {
            "(kappa - 1) / (kappa + 1)": "(np.sqrt(kappa) - 1) / (np.sqrt(kappa) + 1)"
        },
        "In your rate the brackets are missing: / comes before - and +.": {
            "(kappa - 1) / (kappa + 1)": "kappa - 1 / kappa + 1"
        },
        "Half the steps: you count until the loss has shrunk by tol, not the distance.": {
            "np.log(rate)": "np.log(rate**2)"
        },
        "A negative number of steps: one logarithm is negative, the other is not.": {
            "np.log(tol)": "np.log(1 / tol)"
        },
        "tol lacks its logarithm: solve rate**k = tol for k.": {"np.log(tol)": "tol"},
        "That is the estimate for a large kappa. Use the rate itself.": {
            "np.log(tol) / np.log(rate)": "kappa / 2 * np.log(1 / tol)"
        },
        "kappa * log(1 / tol) is about twice as many as needed. Use the rate.": {
            "np.log(tol) / np.log(rate)": "kappa * np.log(1 / tol)"
        },
    },
)


# --- 2.6


def backtracking(f, grad, w, lr0, c, tau):
    """Return the first of lr0, tau lr0, tau^2 lr0, ... that lowers f as Armijo (1966) asks."""
    g = grad(w)
    height = f(w)
    lr = lr0
    while f(w - lr * g) > height - c * lr * g @ g:
        lr = tau * lr
    return lr


def searches(rng):
    """Draw hills, steep and flat, and first guesses from good to far too large."""
    cases = []
    for shrinks in range(10):
        H = spd(rng, 3, 0.3, 3)
        f = lambda w, H=H: w @ H @ w / 2 + (w**4).sum() / 4
        grad = lambda w, H=H: H @ w + w**3
        w = rng.uniform(0.5, 1.5, 3) * (1 if shrinks % 2 else 0.2)
        c, tau = rng.uniform(0.3, 0.8), rng.uniform(0.6, 0.9)
        cases.append((f, grad, w, 0.2 * tau**-shrinks, c, tau))
    return cases


BACKTRACKING = Exercise(
    backtracking,
    searches,
    examples=["lambda w: w @ w / 2, lambda w: w, np.array([4.0]), 3.0, 0.5, 0.5"],
    mistakes={
        "You let f rise. It has to fall by a share of what the slope promises.": {
            "height - c": "height + c"
        },
        "You take any lr that lowers f. Ask for a share c of what the slope promises.": {
            " - c * lr * g @ g": ""
        },
        "You shrink once more after the condition holds. Return the first lr that passes.": {
            "return lr": "return tau * lr"
        },
        "You return the last lr that failed, one shrink too early.": {
            "        lr = tau * lr": "        last = lr\n        lr = tau * lr",
            "    lr = lr0\n": "    last = lr = lr0\n",
            "return lr": "return last",
        },
        "c is missing: you ask for all that the slope promises, not for a share of it.": {
            "c * lr": "lr"
        },
        "You move while you search. Try every lr from the same w.": {
            "        lr = tau * lr": (
                "        w = w - lr * g\n        g, height = grad(w), f(w)\n        lr = tau * lr"
            )
        },
        "You look uphill: the step goes against g.": {"w - lr * g": "w + lr * g"},
        "You always try the full gradient. The step to try is lr * g.": {"w - lr * g": "w - g"},
        "The promise takes the length of g squared, without a root.": {
            "g @ g": "np.linalg.norm(g)"
        },
        "The promise lacks lr: a shorter step promises less.": {"c * lr": "c"},
        "The promise uses lr0. It has to shrink with the step.": {"c * lr": "c * lr0"},
        "You shrink before you have tried lr0. It may pass.": {
            "    lr = lr0\n": "    lr = tau * lr0\n"
        },
        "You shrink by c, which says how much f must fall. tau is what shrinks lr.": {
            "lr = tau * lr": "lr = c * lr"
        },
        "You shrink once. Go on until the condition holds.": {"while": "if"},
        "You shrink lr0 each time, which gives the same lr again. Shrink lr.": {
            "lr = tau * lr": "lr = tau * lr0"
        },
        "You divide by tau, which makes lr larger. Multiply.": {"tau * lr": "lr / tau"},
        "The condition is turned round: shrink while f is still too high.": {
            "> height": "<= height"
        },
        "You return the new place. Return the learning rate.": {"return lr": "return w - lr * g"},
    },
)


# --- 2.7


def classify(H, tol):
    """Say what the eigenvalues of a Hessian make of a place without slope."""
    eigenvalues = np.linalg.eigvalsh(H)
    up, down = (eigenvalues > tol).any(), (eigenvalues < -tol).any()
    if up and down:
        return "saddle"
    if (np.abs(eigenvalues) <= tol).any():
        return "degenerate"
    return "minimum" if up else "maximum"


def hessians(rng):
    """Draw every kind of Hessian, with clear eigenvalues and some within tol of 0."""
    kinds = ["++", "+++", "--", "---", "+-", "++-", "--++", "+0", "++0", "-0", "--0", "+-0", "00"]
    cases = []
    for kind in 2 * kinds:
        tol = rng.uniform(0.01, 0.2)
        size = {"+": (2, 9), "-": (-9, -2), "0": (-0.9, 0.9)}
        eigenvalues = tol * np.array([rng.uniform(*size[sign]) for sign in kind])
        cases.append((turned(rng, eigenvalues), tol))
    return cases


CLASSIFY = Exercise(
    classify,
    hessians,
    examples=["np.diag([2.0, 1.0]), 1e-8", "np.diag([2.0, -1.0]), 1e-8"],
    mistakes={
        "Minimum and maximum are exchanged: at a minimum every direction curves up.": {
            "if up else": "if down else"
        },
        "tol is not used: an eigenvalue between -tol and tol counts as 0.": {
            "> tol": "> 0",
            "< -tol": "< 0",
            "<= tol": "== 0",
        },
        "One direction up and one down is a saddle, even if a third is flat. Ask for that first.": {
            'up and down:\n        return "saddle"\n    if (np.abs(eigenvalues) <= tol).any():\n'
            '        return "degenerate"': "(np.abs(eigenvalues) <= tol).any():\n"
            '        return "degenerate"\n    if up and down:\n        return "saddle"'
        },
        "You read the diagonal of H. Its eigenvalues tell, unless H is diagonal.": {
            "np.linalg.eigvalsh(H)": "np.diag(H)"
        },
        "Singular values are never negative: they have lost the sign. Take eigenvalues.": {
            "np.linalg.eigvalsh(H)": "np.linalg.svd(H)[1]"
        },
        "The sign of the determinant is enough in two dimensions only. Take eigenvalues.": {
            "up and down": "np.linalg.det(H) < 0"
        },
        "You know no saddle: look for an eigenvalue above tol and one below -tol.": {
            "up and down": "False"
        },
        "What is neither minimum nor maximum is a saddle with you. At a saddle some direction "
        "curves up and another down; else the place is degenerate.": {'"degenerate"': '"saddle"'},
        "A flat direction, an eigenvalue within tol of 0, leaves the kind open: degenerate.": {
            '    if (np.abs(eigenvalues) <= tol).any():\n        return "degenerate"\n': ""
        },
        "Only an eigenvalue below -tol goes down, not every one below tol.": {"< -tol": "< tol"},
        'The words in full: "minimum" and "maximum".': {"minimum": "min", "maximum": "max"},
    },
)


# --- 2.8


def predictions():
    """Return |w| after 100 steps from w = 1 on w**2 / 2, for five learning rates."""
    rates = np.array([0.01, 0.1, 1.9, 2.0, 2.1])
    return np.abs(1 - rates) ** 100


PREDICTIONS = Exercise(
    predictions,
    lambda rng: [()],
    close=within(2),
    labels=[f"Your prediction for lr = {lr}" for lr in (0.01, 0.1, 1.9, 2.0, 2.1)],
    mistakes={
        "That is |w| after one step. A hundred steps multiply a hundred times.": {" ** 100": ""},
        "You multiply by 100. A hundred steps make a power, not a product.": {"** 100": "* 100"},
        "You give the logarithm of |w|. Give |w| itself.": {
            "np.abs(1 - rates) ** 100": "100 * np.log10(np.abs(1 - rates))"
        },
        "The slope of w**2 / 2 is w, not 2 w.": {"1 - rates": "1 - 2 * rates"},
        "You climb. The gradient points uphill, so subtract the step.": {"1 - rates": "1 + rates"},
        "exp(-100 lr) is for tiny steps. Long ones can jump across the minimum.": {
            "np.abs(1 - rates) ** 100": "np.exp(-100 * rates)"
        },
    },
)


# --- 2.9


def gd_until(grad, w0, lr, tol, max_steps):
    """Return the path of gradient descent until the gradient is no longer than tol."""
    w = w0
    path = [w]
    g = grad(w)
    while np.linalg.norm(g) > tol and len(path) <= max_steps:
        w = w - lr * g
        path.append(w)
        g = grad(w)
    return np.array(path)


def journeys(rng):
    """Draw descents that arrive, that run out of steps, and that need not start."""
    cases = []
    for d, tol, max_steps in [(2, 0.5, 99), (3, 0.3, 99), (1, 0.2, 99), (2, 1e-9, 5), (2, 99, 9)]:
        H = spd(rng, d, 0.8, 2)
        grad = lambda w, H=H: H @ w + w**3
        signs = (-1.0) ** np.arange(1, d + 1)
        cases.append(
            (grad, signs * rng.uniform(0.8, 1.5, d), rng.uniform(0.1, 0.2), tol, max_steps)
        )
    return cases


GD_UNTIL = Exercise(
    gd_until,
    journeys,
    examples=["lambda w: 2 * w, np.array([4.0]), 0.25, 2.5, 10"],
    mistakes={
        "Two bugs are left: every row shows one place, and it never notices that it has arrived.": {
            "w = w0": "w = w0.copy()",
            "w = w - ": "w -= ",
            "        g = grad(w)\n": "",
        },
        "One bug is left: every row is the same array, which w -= ... keeps changing.": {
            "w = w0": "w = w0.copy()",
            "w = w - ": "w -= ",
        },
        "One bug is left: the gradient stays that of w0, so the walk cannot see that it has "
        "arrived.": {"        g = grad(w)\n": ""},
        "w -= ... changes w0 itself, and every row is that array. Make a new one: w = w - ...": {
            "w = w - ": "w -= "
        },
        "You ask for the gradient before you move: the test sees the slope of the step before.": {
            "        w = w - lr * g\n        path.append(w)\n        g = grad(w)": (
                "        g = grad(w)\n        w = w - lr * g\n        path.append(w)"
            )
        },
        "You climb. The gradient points uphill, so subtract the step.": {"w - lr": "w + lr"},
        "max_steps steps make max_steps + 1 rows: you stop one step early.": {
            "<= max_steps": "< max_steps"
        },
        "You forgot max_steps: some walks never arrive.": {" and len(path) <= max_steps": ""},
        "You compare the largest entry of g with tol. A negative entry is a slope too: "
        "take the norm.": {"np.linalg.norm(g)": "g.max()"},
        "You compare the steepest entry of g with tol. The length of g counts them all: its "
        "norm.": {"np.linalg.norm(g)": "np.abs(g).max()"},
        "You return the last place. Return the whole path, from w0 on.": {"np.array(path)": "w"},
    },
)

EXERCISES = [
    GD_STEP,
    GD,
    MAX_STABLE_LR,
    OPTIMAL_LR_AND_RATE,
    ITERATIONS_NEEDED,
    BACKTRACKING,
    CLASSIFY,
    PREDICTIONS,
    GD_UNTIL,
]
