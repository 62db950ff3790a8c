"""Chapter 4, momentum: its exercises and how they go wrong."""

import numpy as np

from optilab.checks.engine import Exercise, steps_of, within


def walks(rng):
    """Draw five gradients in a row for weights of several shapes, at rest or on the move."""

    def case(shape, scale=1.0, moving=False, dtype=float, beta=None):
        w, g = rng.normal(size=shape), scale * rng.normal(size=(5, *shape))
        v = moving * scale * rng.normal(size=shape)
        beta = rng.uniform(0.5, 0.95) if beta is None else beta
        return (
            np.array(w, dtype),
            np.array(g, dtype),
            np.array(v, dtype),
            rng.uniform(0.02, 0.4),
            beta,
        )

    paused = case((3,))
    paused[1][2] = 0
    return [
        paused,
        case((2, 3), moving=True),
        case((), moving=True),
        case((4,), 1e-4),
        case((2,), beta=0.0),
        case((3,), dtype="f"),
    ]


# --- 4.1


def momentum(w, g, v=0.0, *, lr, beta):
    """Return the weights and the velocity after one step."""
    v = beta * v + g
    return w - lr * v, v


MOMENTUM = Exercise(
    momentum,
    walks,
    trial=steps_of(momentum),
    examples=[
        "np.array([1.0, 2.0]), np.array([0.5, -1.0]), np.array([0.2, 0.0]), lr=0.1, beta=0.5"
    ],
    accepted={
        "You keep lr inside the velocity, as Keras does: the same path while lr stays the same.": {
            "beta * v + g": "beta * v - lr * g",
            "w - lr * v": "w + v",
        },
        "You keep lr inside the velocity, which points uphill: the same path while lr stays the "
        "same.": {"+ g": "+ lr * g", "w - lr * v": "w - v"},
        "You keep an average and divide lr by 1 - beta: the same path in other units.": {
            "+ g": "+ (1 - beta) * g",
            "lr * v": "lr / (1 - beta) * v",
        },
        "Your velocity points downhill, the opposite of the book's: the same path.": {
            "+ g": "- g",
            "w - lr": "w + lr",
        },
    },
    mistakes={
        "That is the average: the new gradient enters with a share of 1 - beta, and every step is "
        "too short by that factor. Here it enters in full.": {"+ g": "+ (1 - beta) * g"},
        "That is the average, with lr inside: every step is too short by a factor of 1 - beta. "
        "Here the new gradient enters in full.": {
            "+ g": "- (1 - beta) * lr * g",
            "w - lr * v": "w + v",
        },
        "You climb. The velocity is made of gradients, which point uphill: subtract.": {
            "w - lr": "w + lr"
        },
        "The velocity that you return is the old one: it never gathers speed. Return the one that "
        "you moved along.": {
            "v = beta * v + g\n    return w - lr * v, v": ("return w - lr * (beta * v + g), v")
        },
        "You move along the old velocity. Update it first, then move: fade, add, move.": {
            "v = beta * v + g\n    return w - lr * v, v": ("return w - lr * v, beta * v + g")
        },
        "The velocity forgets: without the old one, faded, this is gradient descent.": {
            "beta * v + g": "g"
        },
        "Nothing fades: the old velocity is kept in full. Multiply it by beta.": {"beta * v": "v"},
        "You add to the velocity what should replace it: v += beta * v keeps 1 + beta of it.": {
            "v = beta * v + g\n    return w - lr * v, v": (
                "v = v + beta * v - lr * g\n    return w + v, v"
            )
        },
        "You keep 1 - beta of the old velocity. beta is what is kept.": {
            "beta * v": "(1 - beta) * v"
        },
        "beta stands at the gradient. It fades the old velocity; the gradient enters in full.": {
            "beta * v + g": "v + beta * g"
        },
        "beta and 1 - beta are exchanged, and the gradient needs neither.": {
            "beta * v + g": "(1 - beta) * v + beta * g"
        },
        "You fade the new gradient too. beta belongs to the old velocity alone.": {
            "beta * v + g": "beta * (v + g)"
        },
        "That is Nesterov's step, the next exercise. Here move along the velocity itself.": {
            "w - lr * v": "w - lr * (g + beta * v)"
        },
        "lr counts twice: once in the velocity and once in the step.": {"+ g": "+ lr * g"},
        "lr counts twice: once in the velocity, which points downhill, and once in the step.": {
            "+ g": "- lr * g",
            "w - lr * v": "w + lr * v",
        },
        "The learning rate multiplies the gradient alone. It multiplies the velocity, which holds "
        "the gradient already.": {"lr * v": "lr * g - beta * v"},
        "You add the gradient once more. The new velocity holds it already.": {
            "lr * v": "lr * (g + v)"
        },
        "The learning rate is missing from the step.": {"lr * v": "v"},
        "The sign of g: the velocity adds it up, and the step subtracts.": {"+ g": "- g"},
        "Your velocity points downhill, as in Keras, where it is added to w.": {
            "+ g": "- lr * g",
            "w - lr * v": "w - v",
        },
        "You fade w. It is the old velocity that fades.": {"beta * v": "beta * w"},
        "You return the step alone. Return where it leads.": {"w - lr": "-lr"},
        "The order is w, v.": {"w - lr * v, v": "v, w - lr * v"},
        "You changed w in place (w -= ...). Make a new array.": {
            "return w - lr * v": "w -= lr * v\n    return w"
        },
        "You changed v in place (v *= ...). Make a new array.": {
            "v = beta * v + g": "v *= beta\n    v += g"
        },
    },
)


# --- 4.2


def nesterov(w, g, v=0.0, *, lr, beta):
    """Return the weights, which look ahead, and the velocity after one step."""
    v = beta * v + g
    return w - lr * (g + beta * v), v


NESTEROV = Exercise(
    nesterov,
    walks,
    trial=steps_of(nesterov),
    examples=[
        "np.array([1.0, 2.0]), np.array([0.5, -1.0]), np.array([0.2, 0.0]), lr=0.1, beta=0.5"
    ],
    accepted={
        "You keep lr inside the velocity, as Keras does: the same path while lr stays the same.": {
            "v = beta * v + g": "v = beta * v - lr * g",
            "w - lr * (g + beta * v)": "w + beta * v - lr * g",
        },
        "You keep lr inside the velocity, which points uphill: the same path while lr stays the "
        "same.": {"v + g": "v + lr * g", "lr * (g + beta * v)": "(lr * g + beta * v)"},
        "You keep an average and divide lr by 1 - beta: the same path in other units.": {
            "v + g": "v + (1 - beta) * g",
            "(g + beta * v)": "(g + beta * v / (1 - beta))",
        },
        "Your velocity points downhill, the opposite of the book's: the same path.": {
            "v + g": "v - g",
            "(g + beta": "(g - beta",
        },
    },
    mistakes={
        "That is plain momentum. (If you meant beta times the velocity before the update: adding g "
        "to it only gives the new velocity.)": {"(g + beta * v)": "v"},
        "That is plain momentum, with lr inside: in the step the velocity fades, and the fresh "
        "gradient is added.": {
            "v = beta * v + g": "v = beta * v - lr * g",
            "w - lr * (g + beta * v)": "w + v",
        },
        "In the step the velocity fades once more: beta is missing there.": {
            "(g + beta * v)": "(g + v)"
        },
        "The fresh gradient is missing from the step.": {"(g + beta * v)": "beta * v"},
        "The fresh gradient is missing from the step: with lr inside, too, it is added.": {
            "v = beta * v + g": "v = beta * v - lr * g",
            "w - lr * (g + beta * v)": "w + beta * v",
        },
        "You fade the new gradient too, in the velocity. beta belongs to the old one alone.": {
            "v = beta * v + g": "v = beta * (v + g)"
        },
        "The look-ahead uses the velocity alone, not the fresh gradient and its fade.": {
            "(g + beta * v)": "(v + beta * v)"
        },
        "The velocity is updated twice: it holds g already when the step is made.": {
            "(g + beta * v)": "(g + beta * (beta * v + g))"
        },
        "You climb. The velocity is made of gradients, which point uphill: subtract.": {
            "w - lr": "w + lr"
        },
        "The velocity that you return is the old one: it never gathers speed.": {
            "v = beta * v + g\n    return w - lr * (g + beta * v), v": (
                "return w - lr * (g + beta * (beta * v + g)), v"
            )
        },
        "The velocity forgets: it is the last gradient alone.": {"beta * v + g": "g"},
        "Nothing fades in the memory: the old velocity is kept in full.": {"beta * v + g": "v + g"},
        "That is the average: the new gradient enters with a share of 1 - beta. Here it enters in "
        "full.": {"v + g": "v + (1 - beta) * g"},
        "That is the average, and it is the average of the gradients that moves w: every step is "
        "too short by a factor of 1 - beta. Divide lr by it.": {
            "v + g": "v + (1 - beta) * g",
            "(g + beta * v)": "((1 - beta) * g + beta * v)",
        },
        "That is the average, with lr inside: every step is too short by a factor of 1 - beta. "
        "Here the new gradient enters in full.": {
            "v = beta * v + g": "v = beta * v - (1 - beta) * lr * g",
            "w - lr * (g + beta * v)": "w + beta * v - (1 - beta) * lr * g",
        },
        "In the step, gradient and velocity are exchanged: the fresh gradient enters in full, the "
        "velocity fades.": {"(g + beta * v)": "(v + beta * g)"},
        "You keep 1 - beta of the velocity, in both places. beta is what is kept.": {
            "beta * v": "(1 - beta) * v"
        },
        "You mix two forms. Keras adds beta times a velocity that points downhill; this one points "
        "uphill.": {"w - lr * (g + beta * v)": "w - lr * g + beta * v"},
        "The sign of beta * v: the whole step is subtracted. Mind the brackets.": {
            "(g + beta * v)": "(g - beta * v)"
        },
        "The learning rate multiplies the gradient alone. It multiplies the whole step.": {
            "lr * (g + beta * v)": "(lr * g + beta * v)"
        },
        "lr counts twice: once in the velocity and once in the step.": {"v + g": "v + lr * g"},
        "The learning rate is missing from the step.": {"lr * (g": "(g"},
        "You return the step alone. Return where it leads.": {"w - lr": "-lr"},
        "The order is w, v.": {"w - lr * (g + beta * v), v": "v, w - lr * (g + beta * v)"},
        "You changed w in place (w -= ...). Make a new array.": {
            "return w - lr * (g + beta * v)": "w -= lr * (g + beta * v)\n    return w"
        },
        "You changed v in place (v *= ...). Make a new array.": {
            "v = beta * v + g": "v *= beta\n    v += g"
        },
    },
)


# --- 4.3


def convert(lr, beta, src, dst):
    """Return the learning rate with which the form dst follows the path of the form src."""
    if src == "average":
        lr = lr * (1 - beta)
    if dst == "average":
        lr = lr / (1 - beta)
    return lr


def conversions(rng):
    """Draw settings for every pair of forms."""
    forms = ("sum", "average", "inside")
    return [
        (rng.uniform(0.01, 0.5), rng.uniform(0.6, 0.95), src, dst) for src in forms for dst in forms
    ]


CONVERT = Exercise(
    convert,
    conversions,
    examples=["0.1, 0.9, 'sum', 'average'", "0.1, 0.9, 'sum', 'inside'"],
    mistakes={
        "The wrong way round: an average is smaller than the sum, so its learning rate is "
        "larger.": {
            'if src == "average":\n        lr = lr * (1 - beta)\n'
            '    if dst == "average":\n        lr = lr / (1 - beta)': (
                'if src == "average":\n        lr = lr / (1 - beta)\n'
                '    if dst == "average":\n        lr = lr * (1 - beta)'
            )
        },
        "lr stays the same between sum and inside only. The average needs another.": {
            "lr * (1 - beta)": "lr",
            "lr / (1 - beta)": "lr",
        },
        "The way to the average is right; the way back is missing.": {"lr * (1 - beta)": "lr"},
        "The way from the average is right; the way to it is missing.": {"lr / (1 - beta)": "lr"},
        "You convert to the average by beta. The weights of the sum add up to 1 / (1 - beta).": {
            "(1 - beta)": "beta"
        },
        "You convert inside as if it were an average. It is the sum times -lr: same lr.": {
            'src == "average"': 'src != "sum"',
            'dst == "average"': 'dst != "sum"',
        },
        "From average to average nothing changes: there both conversions apply.": {
            "    if dst": "    elif dst"
        },
        "From average to average nothing changes: there you convert all the same.": {
            'if src == "average"': 'if src == "average" and dst != "average"'
        },
        "Between sum and average you are right. inside has the same lr as sum, and needs the same "
        "factor on the way to the average and back.": {
            'src == "average"': 'src == "average" and dst == "sum"',
            'dst == "average"': 'dst == "average" and src == "sum"',
        },
        "Between sum and inside nothing changes. The factor belongs to the average alone.": {
            '    if src == "average"': '    if src != dst and dst != "average"',
            '    if dst == "average"': '    if dst == "average" and src != dst',
        },
        "lr is positive in every form: the minus of inside stands in its rule.": {
            "return lr": 'return -lr if (src == "inside") != (dst == "inside") else lr'
        },
        "The brackets around 1 - beta are missing.": {"(1 - beta)": "1 - beta"},
        "You return beta. It is the same in every form; the learning rate is not.": {
            "return lr": "return beta"
        },
        "The factor is 1 / (1 - beta), not 1 / (1 + beta).": {"1 - beta": "1 + beta"},
    },
)


# --- 4.4


def heavy_ball_params(mu, L):
    """Return the fastest learning rate and beta for curvatures from mu to L."""
    low, high = np.sqrt(mu), np.sqrt(L)
    return (2 / (high + low)) ** 2, ((high - low) / (high + low)) ** 2


HEAVY_BALL_PARAMS = Exercise(
    heavy_ball_params,
    lambda rng: [
        (mu, mu * rng.uniform(3, 500)) for mu in 10 ** rng.uniform([-3, -1, 0, 1], [-2, 0, 1, 2])
    ],
    examples=["1.0, 9.0", "0.25, 4.0"],
    labels=("The learning rate", "beta"),
    mistakes={
        "Those are the settings of gradient descent: 2 / (mu + L), and no memory.": {
            "(2 / (high + low)) ** 2, ((high - low) / (high + low)) ** 2": "2 / (mu + L), 0.0"
        },
        "Those are Nesterov's: lr = 1 / L and the root of the heavy ball's beta.": {
            "(2 / (high + low)) ** 2": "1 / L",
            "((high - low) / (high + low)) ** 2": "(high - low) / (high + low)",
        },
        "The roots are missing: momentum works with the roots of mu and L.": {
            "np.sqrt(mu), np.sqrt(L)": "mu, L"
        },
        "beta is right. The learning rate is a square: both its units and the roots ask for it.": {
            "(2 / (high + low)) ** 2,": "2 / (high + low),"
        },
        "The roots are missing in beta, and in lr you have 4 / (mu + L): add the roots, then "
        "square.": {
            "(2 / (high + low)) ** 2": "4 / (mu + L)",
            "((high - low) / (high + low)) ** 2": "((L - mu) / (L + mu)) ** 2",
        },
        "beta is right, but your lr is gradient descent's.": {
            "(2 / (high + low)) ** 2": "2 / (mu + L)"
        },
        "beta is right, but your lr is 1 / L. Momentum dares more: up to nearly 4 / L.": {
            "(2 / (high + low)) ** 2": "1 / L"
        },
        "beta is right, but your lr is 4 / (mu + L): add the roots, then square.": {
            "(2 / (high + low)) ** 2": "4 / (mu + L)"
        },
        "beta is right, but your lr is 4 / L. Momentum only comes near to that.": {
            "(2 / (high + low)) ** 2": "4 / L"
        },
        "beta is right, but in your lr it stands where its root belongs.": {
            "(2 / (high + low)) ** 2": "(1 + ((high - low) / (high + low)) ** 2) ** 2 / L"
        },
        "lr is right, but your beta is the rate. A step leaves the root of beta.": {
            "((high - low) / (high + low)) ** 2": "(high - low) / (high + low)"
        },
        "lr is right, but your beta holds mu and L in place of their roots.": {
            "((high - low) / (high + low)) ** 2": "((L - mu) / (L + mu)) ** 2"
        },
        "lr is right, but your beta is upside down: it must stay below 1.": {
            "(high - low) / (high + low)": "(high + low) / (high - low)"
        },
        "You return beta first. The order is lr, beta.": {
            "(2 / (high + low)) ** 2, ((high - low) / (high + low)) ** 2": (
                "((high - low) / (high + low)) ** 2, (2 / (high + low)) ** 2"
            )
        },
        "beta is missing. Return two numbers: lr, beta.": {
            ", ((high - low) / (high + low)) ** 2": ""
        },
    },
)


# --- 4.5


def spectral_radius(lr, beta, lam):
    """Return what a step leaves of the error, in the long run."""
    M = np.array([[1 - lr * lam, -lr * beta], [lam, beta]])
    return np.abs(np.linalg.eigvals(M)).max()


def settings(rng, n=12):
    """Draw settings on both sides of critical damping and of the limit, and not near them."""
    cases: list[tuple[float, float, float]] = []
    while len(cases) < n:
        beta, lam = rng.uniform(0.3, 0.95), 10 ** rng.uniform(-1, 1)
        low, high, limit = (1 - beta**0.5) ** 2, (1 + beta**0.5) ** 2, 2 + 2 * beta
        ends = [(0.1 * low, 0.9 * low), (2 * low, 0.9 * high), (1.1 * limit, 1.5 * limit)]
        cases.append((rng.uniform(*ends[len(cases) % 3]) / lam, beta, lam))
    return cases


SPECTRAL_RADIUS = Exercise(
    spectral_radius,
    settings,
    examples=["0.5, 0.81, 1.0", "4.0, 0.9, 1.0"],
    mistakes={
        "The root of beta holds while the roots are complex. Overdamped, or beyond the limit, "
        "the larger one decides.": {"np.abs(np.linalg.eigvals(M)).max()": "np.sqrt(beta)"},
        "You take the smaller eigenvalue. The larger one is what is left in the end.": {
            "max()": "min()"
        },
        "The size of a complex number is its np.abs, not its real part.": {
            "np.abs(np.linalg.eigvals(M))": "np.linalg.eigvals(M).real"
        },
        "The size of an eigenvalue, also of a negative one: take np.abs of both, real or not.": {
            "np.abs(np.linalg.eigvals(M)).max()": (
                "np.abs(max(np.linalg.eigvals(M), key=lambda z: z.real))"
            )
        },
        "Beyond the limit both roots are negative, and the larger one has the smaller size. Take "
        "np.abs of both.": {
            "np.abs(np.linalg.eigvals(M)).max()": (
                "max(abs(z) if np.iscomplex(z) else z.real for z in np.linalg.eigvals(M))"
            )
        },
        "np.linalg.norm(M, 2) is the most that one step can do, not what many do on average.": {
            "np.abs(np.linalg.eigvals(M)).max()": "np.linalg.norm(M, 2)"
        },
        "That is the determinant, the product of the two. Its root is their geometric mean.": {
            "np.abs(np.linalg.eigvals(M)).max()": "np.abs(np.linalg.det(M))"
        },
        "That is gradient descent's factor, |1 - lr lam|. Here a step is a matrix.": {
            "np.abs(np.linalg.eigvals(M)).max()": "np.abs(M[0, 0])"
        },
        "Your step moves along the old velocity: put the new one into the first row.": {
            "[1 - lr * lam, -lr * beta]": "[1, -lr]"
        },
        "The sign of lr * beta in the first row: the velocity is subtracted.": {"-lr": "lr"},
        "The new velocity in the first row carries beta: -lr times all of it.": {
            "-lr * beta": "-lr"
        },
        "The second row makes the velocity, which has no lr in this form.": {
            "[lam, beta]": "[lr * lam, beta]"
        },
        "np.sqrt of a negative number is nan. Where the roots are complex, give it a complex "
        "number: z + 0j.": {
            "np.linalg.eigvals(M)": (
                "(M[0, 0] + beta + np.sqrt((M[0, 0] + beta) ** 2 - 4 * beta) * np.array([1, -1]))"
                " / 2"
            ),
        },
        "lam stands in the second row too: it turns w into a gradient.": {
            "[lam, beta]": "[1, beta]"
        },
        "That is Nesterov's matrix.": {
            "1 - lr * lam, -lr * beta": "1 - lr * lam * (1 + beta), -lr * beta**2"
        },
        "You return the squared size. Leave the square away, or take the root.": {
            "np.abs(np.linalg.eigvals(M)).max()": "np.abs(np.linalg.eigvals(M)).max() ** 2"
        },
    },
)


# --- 4.6


def half_life(beta):
    """Return the steps after which half of a gradient has faded from the velocity."""
    return np.log(0.5) / np.log(beta)


HALF_LIFE = Exercise(
    half_life,
    lambda rng: [(beta,) for beta in (rng.uniform(0.2, 0.45), *rng.uniform(0.55, 0.99, 4))],
    examples=["0.5", "0.9"],
    mistakes={
        "1 / (1 - beta) is the sum of the weights. By then more than half has faded.": {
            "np.log(0.5) / np.log(beta)": "1 / (1 - beta)"
        },
        "beta / (1 - beta) is the mean age of the gradients in the velocity.": {
            "np.log(0.5) / np.log(beta)": "beta / (1 - beta)"
        },
        "log 0.5 and log beta are both negative. With log 2 the sign is wrong.": {
            "np.log(0.5)": "np.log(2)"
        },
        "Upside down: the slower it fades, the longer the half-life.": {
            "np.log(0.5) / np.log(beta)": "np.log(beta) / np.log(0.5)"
        },
        "Two different logarithms. Take the same one twice.": {"np.log(0.5)": "np.log10(0.5)"},
        "A half-life need not be whole: do not round.": {
            "np.log(0.5) / np.log(beta)": "np.ceil(np.log(0.5) / np.log(beta))"
        },
        "After that many steps 1 / e is left, about 37 %, not one half.": {
            "np.log(0.5) / np.log(beta)": "-1 / np.log(beta)"
        },
        "log(1 - beta): in a step beta is kept, and 1 - beta is lost.": {
            "np.log(beta)": "np.log(1 - beta)"
        },
        "Fading multiplies; it does not subtract. Solve beta**k = 0.5 for k.": {
            "np.log(0.5) / np.log(beta)": "0.5 / (1 - beta)"
        },
        "A gradient fades by beta a step. The root of beta is how swings shrink.": {
            "np.log(beta)": "np.log(np.sqrt(beta))"
        },
    },
)


def effective_lr(lr, beta):
    """Return how far one gradient of 1 moves a weight, all told."""
    return lr / (1 - beta)


EFFECTIVE_LR = Exercise(
    effective_lr,
    lambda rng: [(rng.uniform(0.01, 0.9), rng.uniform(0.55, 0.95)) for _ in range(4)],
    examples=["0.1, 0.9", "0.02, 0.5"],
    mistakes={
        "You shorten it. The gradient acts again and again: divide by 1 - beta.": {
            "lr / (1 - beta)": "lr * (1 - beta)"
        },
        "That is its first step alone. It goes on acting, fainter by beta each time.": {
            "lr / (1 - beta)": "lr"
        },
        "That is what comes after the first step. Count the first one too.": {
            "lr / (1 - beta)": "lr * beta / (1 - beta)"
        },
        "That is two steps. Add up all of them: a geometric series.": {
            "lr / (1 - beta)": "lr * (1 + beta)"
        },
        "The series is 1 + beta + beta**2 + ...; its sum is not 1 / beta.": {"(1 - beta)": "beta"},
        "lr is missing: the sum of the weights multiplies it.": {"lr / (": "1 / ("},
        "1 + beta in the denominator belongs to a series with changing signs.": {
            "1 - beta": "1 + beta"
        },
        "The brackets are missing: lr is divided by 1, and then beta subtracted.": {
            "(1 - beta)": "1 - beta"
        },
        "That is its second step alone. Add up all of them: a geometric series.": {
            "lr / (1 - beta)": "lr * beta"
        },
        "Divide once: the square belongs to a sum of k * beta**k.": {
            "(1 - beta)": "(1 - beta) ** 2"
        },
    },
)


# --- 4.7


def nesterov_matrix(lr, beta, lam):
    """Return the matrix that takes (w, v) to (w, v) in a step of Nesterov on lam * w**2 / 2."""
    return np.array([[1 - lr * lam * (1 + beta), -lr * beta**2], [lam, beta]])


NESTEROV_MATRIX = Exercise(
    nesterov_matrix,
    lambda rng: settings(rng, 50),
    examples=["0.1, 0.5, 2.0"],
    mistakes={
        "That is the matrix of plain momentum. Nesterov's step is -lr * (g + beta * v), with the "
        "new velocity.": {"1 - lr * lam * (1 + beta), -lr * beta**2": "1 - lr * lam, -lr * beta"},
        "The first entry is right. In the second, the old velocity has faded twice: once into the "
        "new one, once in the step.": {"-lr * beta**2": "-lr * beta"},
        "The second entry is right. In the first, the gradient counts twice: fresh, and faded "
        "within the new velocity.": {"lam * (1 + beta)": "lam"},
        "The second entry is right. In the first, the fresh gradient is missing.": {
            "lam * (1 + beta)": "lam * beta"
        },
        "In the first entry beta is missing: within the velocity the gradient fades once.": {
            "(1 + beta)": "2"
        },
        "The sign of the second entry: the velocity is subtracted.": {"-lr * beta": "lr * beta"},
        "The sign of the first entry: it falls with lr.": {"1 - lr": "1 + lr"},
        "The order is (w, v): that is the matrix for (v, w).": {
            "[[1 - lr * lam * (1 + beta), -lr * beta**2], [lam, beta]]": (
                "[[beta, lam], [-lr * beta**2, 1 - lr * lam * (1 + beta)]]"
            )
        },
        "Rows and columns are exchanged: the first row makes the new w.": {
            "np.array([[1 - lr * lam * (1 + beta), -lr * beta**2], [lam, beta]])": (
                "np.array([[1 - lr * lam * (1 + beta), -lr * beta**2], [lam, beta]]).T"
            )
        },
        "That moves the position theta, with its velocity. Same eigenvalues, but here w is where "
        "the gradient is taken.": {
            "1 - lr * lam * (1 + beta), -lr * beta**2": (
                "1 - lr * lam, -lr * beta * (1 - lr * lam)"
            ),
            "[lam, beta]": "[lam, beta * (1 - lr * lam)]",
        },
        "That takes (w now, w before) one step on. It has the same eigenvalues, but here the pair "
        "is (w, v).": {
            "[[1 - lr * lam * (1 + beta), -lr * beta**2], [lam, beta]]": (
                "[[(1 + beta) * (1 - lr * lam), -beta * (1 - lr * lam)], [1.0, 0.0]]"
            )
        },
        "lam is missing from the second row: the gradient is lam * w.": {"[lam,": "[1.0,"},
        "lam is missing from both rows: the gradient is lam * w.": {
            "lr * lam": "lr",
            "[lam,": "[1.0,",
        },
        "The entries of the second row are exchanged: first what comes of w, then what of v.": {
            "[lam, beta]": "[beta, lam]"
        },
        "The second row makes the velocity, which has no lr in this form.": {"[lam,": "[lr * lam,"},
        "The sign of the second row: the velocity adds the gradient up.": {"[lam,": "[-lam,"},
        "lr is missing from the second entry: it multiplies the whole step.": {
            "-lr * beta": "-beta"
        },
        "beta is missing from the second row: the old velocity fades.": {"lam, beta]": "lam, 1.0]"},
    },
)


# --- 4.8


def heavy_ball(grad, w0, lr, beta, steps):
    """Return the path of momentum, (steps + 1, d)."""
    w, v = w0, 0.0
    path = [w]
    for _ in range(steps):
        v = beta * v + grad(w)
        w = w - lr * v
        path.append(w)
    return np.array(path)


def hills(rng):
    """Draw walks on hills whose slope is not linear."""
    cases = []
    for d, steps in [(2, 4), (3, 6), (1, 3), (4, 2)]:
        h = rng.uniform(0.3, 2, d)
        grad = lambda w, h=h: h * w + w**3
        w0 = rng.uniform(0.5, 1.5, d)
        cases.append((grad, w0, rng.uniform(0.03, 0.1), rng.uniform(0.5, 0.9), steps))
    return cases


HEAVY_BALL = Exercise(
    heavy_ball,
    hills,
    examples=["lambda w: w, np.array([4.0]), 0.5, 0.5, 2"],
    counts=True,
    mistakes={
        "The bug is still there: compare the line that makes v with the book's, term by term.": {
            "+ grad(w)": "+ (1 - beta) * grad(w)"
        },
        "You converted lr the wrong way: the average is smaller than the sum, so divide.": {
            "+ grad(w)": "+ (1 - beta) * grad(w)",
            "lr * v": "lr * (1 - beta) * v",
        },
        "Now it is as fast as gradient descent, because it is gradient descent: the memory is "
        "gone, or set to 0 in every step.": {"beta * v + grad(w)": "grad(w)"},
        "Nothing fades any more: the old velocity is kept in full.": {"beta * v": "v"},
        "You moved 1 - beta to the old velocity. beta was right there.": {
            "beta * v": "(1 - beta) * v"
        },
        "It moves before it updates the velocity: fade, add, move.": {
            "        v = beta * v + grad(w)\n        w = w - lr * v\n": (
                "        g = grad(w)\n        w = w - lr * v\n        v = beta * v + g\n"
            )
        },
        "The start stands twice, and the end is missing: fade, add, move, then note the place.": {
            "        v = beta * v + grad(w)\n        w = w - lr * v\n        path.append(w)\n": (
                "        path.append(w)\n        v = beta * v + grad(w)\n        w = w - lr * v\n"
            )
        },
        "That is Nesterov's method. Right, but not this one.": {
            "        v = beta * v + grad(w)\n        w = w - lr * v": (
                "        g = grad(w)\n        v = beta * v + g\n        w = w - lr * (g + beta * v)"
            )
        },
        "You climb.": {"w - lr": "w + lr"},
        "You fade the new gradient too. beta belongs to the old velocity alone.": {
            "beta * v + grad(w)": "beta * (v + grad(w))"
        },
        "lr counts twice: once in the velocity and once in the step.": {
            "+ grad(w)": "+ lr * grad(w)"
        },
        "beta and 1 - beta are exchanged, and the gradient needs neither.": {
            "beta * v + grad(w)": "(1 - beta) * v + beta * grad(w)"
        },
        "The velocity starts with a gradient. It starts at rest.": {"w0, 0.0": "w0, grad(w0)"},
        "One step is missing at the end.": {"range(steps)": "range(steps - 1)"},
        "You take the gradient at w0 in every step. Take it at w.": {"grad(w)": "grad(w0)"},
        "w -= ... changes the array w0 itself, and every row is that array.": {
            "w = w - lr * v": "w -= lr * v"
        },
        "The start is missing: row 0 is w0.": {"[w]": "[]"},
    },
)


# --- 4.9


def predict_momentum():
    """Return about |w| after 100 steps from w = 1 on w**2 / 2, for five settings."""
    lr = np.array([0.5, 0.5, 3.0, 0.5, 4.0])
    beta = np.array([0.0, 0.9, 0.9, 0.99, 0.9])
    trace = 1 + beta - lr
    z = (np.abs(trace) + np.sqrt(trace**2 - 4 * beta + 0j)) / 2
    return np.abs(z) ** 100


PREDICT_MOMENTUM = Exercise(
    predict_momentum,
    lambda rng: [()],
    close=within(10),
    labels=[
        f"Your prediction for lr = {lr}, beta = {beta}"
        for lr, beta in ((0.5, 0), (0.5, 0.9), (3.0, 0.9), (0.5, 0.99), (4.0, 0.9))
    ],
    mistakes={
        "That is gradient descent, |1 - lr| to the 100. With memory a step leaves the root of "
        "beta while it swings.": {"np.abs(z)": "np.abs(1 - lr)"},
        "A step leaves the root of beta of a swing, not beta: a hundred steps make beta to the "
        "50.": {"np.abs(z)": "np.abs(z) ** 2"},
        "Four are right. The last one is beyond the limit 2 + 2 beta: the larger root decides.": {
            "np.abs(z)": "np.where(lr < 4, np.abs(z), np.sqrt(beta))"
        },
        "lr = 3 diverges without momentum. With beta = 0.9 the limit is 3.8.": {
            "np.abs(z)": "np.where(lr == 3, 2.0, np.abs(z))"
        },
        "That is |w| after one step. A hundred steps multiply a hundred times.": {" ** 100": ""},
        "You give the logarithm of |w|. Give |w| itself.": {
            "np.abs(z) ** 100": "100 * np.log10(np.abs(z))"
        },
        "You counted 50 steps.": {"** 100": "** 50"},
        "beta = 0 is gradient descent: half of w is left in each step.": {
            "np.abs(z)": "np.where(beta == 0, 0.0, np.abs(z))"
        },
    },
)

EXERCISES = [
    MOMENTUM,
    NESTEROV,
    CONVERT,
    HEAVY_BALL_PARAMS,
    SPECTRAL_RADIUS,
    HALF_LIFE,
    EFFECTIVE_LR,
    NESTEROV_MATRIX,
    HEAVY_BALL,
    PREDICT_MOMENTUM,
]
