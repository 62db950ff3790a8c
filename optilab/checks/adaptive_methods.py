"""Chapter 5, Adagrad, RMSprop, Adam: its exercises and how they go wrong."""

import inspect

import numpy as np

from optilab.checks.engine import Exercise, Told, edited, nearly, steps_of
from optilab.run import anatomy
from optilab.source import code_of


def walks(rule):
    """Return the cases of a rule: five gradients in a row, from rest or with a memory.

    From rest the memory is None: what the function starts with by default.
    """
    memory, _, _ = anatomy(rule)
    names = list(inspect.signature(rule).parameters)[2:]

    def draw(rng):
        def case(shape, scale=1.0, eps=None, moving=False, dtype=float):
            w, g = rng.normal(size=shape), scale * rng.normal(size=(5, *shape))
            drawn = {name: scale**2 * rng.uniform(0.1, 1, shape) for name in memory}
            drawn["m"] = scale * rng.normal(size=shape)
            if not moving:
                drawn = dict.fromkeys(drawn)
            drawn |= {
                "t": int(rng.integers(2, 9)) if moving else 1,
                "lr": rng.uniform(0.02, 0.4),
                "beta": rng.uniform(0.5, 0.95),
                "beta1": rng.uniform(0.5, 0.95),
                "beta2": rng.uniform(0.6, 0.99),
                "eps": eps or rng.uniform(1e-3, 1e-1),
                "wd": rng.uniform(0.2, 1),
            }
            return np.array(w, dtype), np.array(g, dtype), *(drawn[name] for name in names)

        silent = case((3,))
        silent[1][2] = 0  # in one step every weight, in every step one weight
        silent[1][:, 1] = 0
        return [
            silent,
            case((2, 3), moving=True),
            case(()),
            case((), moving=True),
            case((4,), scale=1e-4, eps=1e-3),
            case((2,), eps=0.5),
            case((3,), dtype="f"),
        ]

    return draw


def around(helper):
    """Return the `trial` of a function that may call an earlier answer: it gets a right one.

    The learner's own was asked for before, and its mistakes cost points there alone.
    """
    name, right = helper.__name__, edited(helper, {})

    def trial(function, *given):
        names: dict = getattr(inspect.unwrap(function), "__globals__", {})
        own = names.get(name)
        if getattr(own, "__globals__", None) is not names:
            return function(*given)
        names[name] = right
        try:
            return function(*given)
        finally:
            names[name] = own

    return trial


# --- Mistakes that several rules share.


def of_any_rule(rule):
    """Return the mistakes that the last line of any rule can have."""
    *_, last = code_of(rule).splitlines()
    step, *memory = last.removeprefix("    return w - ").rsplit(", ", len(anatomy(rule)[0]))
    kept = ", ".join(memory)
    return {
        "You climb. The gradient points uphill: subtract the step.": {"w - ": "w + "},
        "You return the step alone. Return where it leads.": {"w - ": "-"},
        "That is the step alone. Subtract it from w.": {"w - ": ""},
        f"The order is w, {kept}: the weights come first.": {
            last: f"    return {kept}, w - {step}"
        },
        "You changed w in place (w -= ...). Make a new array.": {
            last: f"    w -= {step}\n    return w, {kept}"
        },
    }


def of_a_quotient(top, square):
    """Return the mistakes of a step ``lr * top / (np.sqrt(square) + eps)``."""
    root = f"np.sqrt({square})"
    return {
        "The learning rate is missing from the step.": {"lr * ": ""},
        "The step has no direction: above the line stands lr alone.": {f"lr * {top} /": "lr /"},
        "You multiply by the root. Divide by it: large gradients get a small rate.": {
            f"/ ({root}": f"* ({root}"
        },
        "The root is missing: divide by the root of the squares.": {root: square},
        "eps is missing: a weight that never had a gradient gets 0 / 0.": {" + eps": ""},
        "You add 1e-8 whatever eps is. Use the argument.": {" + eps": " + 1e-8"},
        "You multiply by eps. Add it: it only keeps the divisor away from zero.": {
            f"{root} + eps": f"{root} * eps"
        },
        "eps lands on the weights: / comes before +. Put brackets around the divisor.": {
            f"({root} + eps)": f"{root} + eps"
        },
        "eps is added to the quotient. It belongs into the divisor.": {
            f"{top} / ({root} + eps)": f"({top} / {root} + eps)"
        },
        "The divisor needs brackets: only the root divides, and eps multiplies.": {
            f"lr * {top} / ({root} + eps)": f"lr / {root} + eps * {top}"
        },
    }


def of_an_average(name, beta, new):
    """Return the mistakes of ``name = beta * name + (1 - beta) * new``."""
    right = f"{name} = {beta} * {name} + (1 - {beta}) * {new}\n"
    return {
        sentence: {right: f"{wrong}\n"}
        for sentence, wrong in {
            f"In {name}, {beta} and 1 - {beta} are exchanged. {beta} is what is kept.": (
                f"{name} = (1 - {beta}) * {name} + {beta} * {new}"
            ),
            f"The new value enters {name} in full. In an average the two shares add up to 1.": (
                f"{name} = {beta} * {name} + {new}"
            ),
            f"Nothing fades in {name}: multiply the old average by {beta}.": (
                f"{name} = {name} + (1 - {beta}) * {new}"
            ),
            f"{name} is a sum, in which nothing fades. Make an average of it.": (
                f"{name} = {name} + {new}"
            ),
            f"{name} forgets: the old average is missing.": f"{name} = (1 - {beta}) * {new}",
            f"{name} is the newest value alone: the old average and {beta} are missing.": (
                f"{name} = {new}"
            ),
            f"{name} += ... adds to the old average what should replace it.": (
                f"{name} = {name} + {beta} * {name} + (1 - {beta}) * {new}"
            ),
            f"In {name} the brackets go around 1 - {beta}: * comes before -.": (
                f"{name} = {beta} * {name} + 1 - {beta} * {new}"
            ),
            f"You changed {name} in place ({name} *= ...). Make a new array.": (
                f"{name} *= {beta}\n    {name} += (1 - {beta}) * {new}"
            ),
        }.items()
    }


OF_SQUARES = {
    "The square is missing: a negative gradient would end in the root of a negative number.": {
        "g**2": "g"
    },
    "g * 2 doubles. A square is g**2.": {"g**2": "g * 2"},
    "In Python ^ is no power. A square is g**2.": {"g**2": "g ^ 2"},
    "You take |g| where its square belongs: the root comes later.": {"g**2": "np.abs(g)"},
    "You sum over the weights. Each weight has a record of its own: square entry by entry.": {
        "g**2": "np.sum(g**2)"
    },
    "g @ g adds up over the weights. Each has a record of its own: square entry by entry.": {
        "g**2": "g @ g"
    },
    "np.dot adds up over the weights. Each has a record of its own: square entry by entry.": {
        "g**2": "np.dot(g, g)"
    },
    "You average over the weights. Each weight has a record of its own, over the steps.": {
        "g**2": "np.mean(g**2)"
    },
}


# --- 5.1


def adagrad(w, g, s=0.0, *, lr, eps):
    """Return the weights and the sum of squared gradients after one step."""
    s = s + g**2
    return w - lr * g / (np.sqrt(s) + eps), s


ADAGRAD = Exercise(
    adagrad,
    walks(adagrad),
    trial=steps_of(adagrad),
    examples=[
        "np.array([1.0, 2.0]), np.array([3.0, -1.0]), np.array([16.0, 0.0]), lr=0.1, eps=1.0"
    ],
    accepted={
        "Your sum starts at 0.1, as in Keras and optax: small gradients make shorter first "
        "steps.": {"s=0.0": "s=0.1"},
    },
    mistakes=of_any_rule(adagrad)
    | of_a_quotient("g", "s")
    | OF_SQUARES
    | {
        "The sum forgets: s is the last square alone, and every step has the size of lr.": {
            "s + g**2": "g**2"
        },
        "The s that you return is the old one: nothing is ever added up.": {
            "    s = s + g**2\n": "    old, s = s, s + g**2\n",
            "+ eps), s": "+ eps), old",
        },
        **{
            f"That forgets: an average with {kept} is RMSprop, which is next. Adagrad adds up.": {
                "s + g**2": f"{kept} * s + (1 - {kept}) * g**2"
            }
            for kept in (0.8, 0.9, 0.95, 0.99, 0.999)
        },
        "You keep the root of the sum. Keep the sum, and take its root where you divide.": {
            "s + g**2": "np.sqrt(s + g**2)",
            "np.sqrt(s) +": "s +",
        },
        "s is a root in yours, squared and taken anew in each step. Keep the sum itself.": {
            "s + g**2": "np.hypot(s, g)",
            "np.sqrt(s)": "s",
        },
        "You divide by the sum as it was before this gradient. Add first, then divide.": {
            "    s = s + g**2\n    return w - lr * g / (np.sqrt(s) + eps), s": (
                "    return w - lr * g / (np.sqrt(s) + eps), s + g**2"
            )
        },
        "The sum counts twice: s += s + ... doubles it in every step.": {
            "s + g**2": "2 * s + g**2"
        },
        "You square the sum as well. Square the new gradient, then add.": {
            "s + g**2": "(s + g)**2"
        },
        "lr is in the sum. The sum holds squared gradients alone.": {"g**2": "(lr * g)**2"},
        "eps is inside the root, as in Keras. Here it is added after the root is taken.": {
            "np.sqrt(s) + eps": "np.sqrt(s + eps)"
        },
        "You add up |g| and divide by the sum. Add up squares, and divide by the root of their "
        "sum.": {"g**2": "np.abs(g)", "np.sqrt(s)": "s"},
        "You changed s in place (s += ...). Make a new array.": {"s = s + g**2": "s += g**2"},
    },
)


# --- 5.2


def rmsprop(w, g, v=0.0, *, lr, beta, eps):
    """Return the weights and the running mean of squared gradients after one step."""
    v = beta * v + (1 - beta) * g**2
    return w - lr * g / (np.sqrt(v) + eps), v


RMSPROP = Exercise(
    rmsprop,
    walks(rmsprop),
    trial=steps_of(rmsprop),
    examples=[
        "np.array([1.0, 2.0]), np.array([2.0, -1.0]), np.array([4.0, 0.0]), "
        "lr=0.1, beta=0.75, eps=0.5"
    ],
    accepted={
        "Your average starts with the first square, as in fast.ai's course: the first step has "
        "the size of lr, where the book's is longer.": {
            "beta * v + (1 - beta) * g**2": ("beta * v + (1 - beta) * g**2 if np.any(v) else g**2")
        },
        "Each weight's average starts with its first square that is not 0, so that the first step "
        "has the size of lr, where the book's is longer.": {
            "beta * v + (1 - beta) * g**2": "np.where(v == 0, g**2, beta * v + (1 - beta) * g**2)"
        },
    },
    mistakes=of_any_rule(rmsprop)
    | of_a_quotient("g", "v")
    | of_an_average("v", "beta", "g**2")
    | OF_SQUARES
    | {
        "1 - beta is squared too: the bracket ends too late.": {
            "(1 - beta) * g**2": "((1 - beta) * g)**2"
        },
        **{
            f"You keep {kept} whatever beta is. Use the argument.": {
                "beta * v + (1 - beta)": f"{kept} * v + (1 - {kept})"
            }
            for kept in (0.9, 0.99)
        },
        "You keep the root of the average. Keep the average, and take its root where you divide.": {
            "beta * v + (1 - beta) * g**2": "np.sqrt(beta * v + (1 - beta) * g**2)",
            "np.sqrt(v) +": "v +",
        },
        "The v that you return is the old one: the average never moves.": {
            "    v = beta": "    old = v\n    v = beta",
            "+ eps), v": "+ eps), old",
        },
        "You divide by the average as it was before this gradient. Average first, then divide.": {
            "    v = beta * v + (1 - beta) * g**2\n    return w - lr * g / (np.sqrt(v) + eps), v": (
                "    return w - lr * g / (np.sqrt(v) + eps), beta * v + (1 - beta) * g**2"
            )
        },
        "You correct v for its start at zero. That is Adam; RMSprop takes v as it is.": {
            "np.sqrt(v)": "np.sqrt(v / (1 - beta))"
        },
        "You subtract a mean first: that makes a variance. RMSprop averages the square of the "
        "gradient itself.": {"g**2": "(g - np.mean(g))**2"},
        "eps is inside the root, as in Keras. Here it is added after the root is taken.": {
            "np.sqrt(v) + eps": "np.sqrt(v + eps)"
        },
    },
)


# --- 5.3


def adadelta(w, g, v=0.0, u=0.0, *, beta, eps):
    """Return the weights and the running means of squared gradients and of squared steps."""
    v = beta * v + (1 - beta) * g**2
    delta = np.sqrt((u + eps) / (v + eps)) * g
    u = beta * u + (1 - beta) * delta**2
    return w - delta, v, u


ADADELTA = Exercise(
    adadelta,
    walks(adadelta),
    trial=steps_of(adadelta),
    examples=[
        "np.array([1.0, 2.0]), np.array([2.0, -1.0]), np.array([2.0, 5.0]), np.array([0.0, 15.0]), "
        "beta=0.5, eps=1.0"
    ],
    mistakes=of_any_rule(adadelta)
    | of_an_average("v", "beta", "g**2")
    | of_an_average("u", "beta", "delta**2")
    | OF_SQUARES
    | {
        "u is updated before the step. It is made of steps, so this one has to come first.": {
            "    delta = np": "    u = beta * u + (1 - beta) * g**2\n    delta = np",
            "    u = beta * u + (1 - beta) * delta**2\n": "",
        },
        "After u is updated you take the step anew. It is made with u as it was before.": {
            "delta**2\n": "delta**2\n    delta = np.sqrt((u + eps) / (v + eps)) * g\n"
        },
        "v is updated after the step. Its average already knows this gradient.": {
            "    v = beta * v + (1 - beta) * g**2\n": "",
            "* g\n": "* g\n    v = beta * v + (1 - beta) * g**2\n",
        },
        "u averages squared gradients, as v does. It averages squared steps.": {"delta**2": "g**2"},
        "u averages the quotient alone. It averages squared steps, and a step has the gradient in "
        "it.": {"delta**2": "(u + eps) / (v + eps)"},
        "u averages the squares of the new weights. It averages squared steps.": {
            "delta**2": "(w - delta)**2"
        },
        "The square of the step is missing in u.": {"delta**2": "delta"},
        "u never changes: average the squared step into it.": {
            "    u = beta * u + (1 - beta) * delta**2\n": ""
        },
        "beta and 1 - beta are exchanged, in both averages.": {
            "beta * v + (1 - beta)": "(1 - beta) * v + beta",
            "beta * u + (1 - beta)": "(1 - beta) * u + beta",
        },
        "The quotient is upside down: the size of the steps stands above, that of the gradients "
        "below.": {"(u + eps) / (v + eps)": "(v + eps) / (u + eps)"},
        "Without eps above the line it never starts: u is zero, and so every step is.": {
            "(u + eps)": "u"
        },
        "eps is missing below the line: a weight that never had a gradient gets a division by "
        "zero.": {"(v + eps)": "v"},
        "eps is added after the roots. In Adadelta it is inside both.": {
            "np.sqrt((u + eps) / (v + eps))": "(np.sqrt(u) + eps) / (np.sqrt(v) + eps)"
        },
        "Below the line eps is added after the root. In Adadelta it is inside both.": {
            "np.sqrt((u + eps) / (v + eps))": "np.sqrt(u + eps) / (np.sqrt(v) + eps)"
        },
        "The roots are missing: u and v are averages of squares.": {"np.sqrt(": "("},
        "The root above the line is missing.": {
            "np.sqrt((u + eps) / (v + eps))": "(u + eps) / np.sqrt(v + eps)"
        },
        "The root below the line is missing.": {
            "np.sqrt((u + eps) / (v + eps))": "np.sqrt(u + eps) / (v + eps)"
        },
        "The gradient is missing from the step, and with it the direction.": {" * g\n": "\n"},
        "The averages are returned in the wrong order: w, v, u.": {"delta, v, u": "delta, u, v"},
    },
)


# --- 5.4


def adam(w, g, m=0.0, v=0.0, t=1, *, lr, beta1, beta2, eps):
    """Return the weights and both running means after one step."""
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


# Misreadings of Adam that the book's museum shows as well: there are boxes of some in 5.8.
SUSPECTS = {
    "no correction": {"m / (1 - beta1**t)": "m", "v / (1 - beta2**t)": "v"},
    "t stays 1": {"**t": ""},
    "t starts at 2": {"**t": "**(t + 1)"},
    "stored back": {", m, v": ", m_hat, v_hat"},
    "eps inside": {"np.sqrt(v_hat) + eps": "np.sqrt(v_hat + eps)"},
    "no root": {"np.sqrt(v_hat)": "v_hat"},
    "no square": {"g**2": "g"},
    "betas swapped": {"beta1": "beta_", "beta2": "beta1", "beta_": "beta2"},
}

# AMSGrad and AdamW have these mistakes as well.
OF_ADAMS = (
    of_a_quotient("m_hat", "v_hat")
    | of_an_average("m", "beta1", "g")
    | of_an_average("v", "beta2", "g**2")
    | OF_SQUARES
    | {
        "The betas are exchanged: beta1 is for m, beta2 for v.": SUSPECTS["betas swapped"],
        "The average m uses beta2. Its own is beta1.": {
            "beta1 * m + (1 - beta1)": "beta2 * m + (1 - beta2)"
        },
        "The average v uses beta1. Its own is beta2.": {
            "beta2 * v + (1 - beta2)": "beta1 * v + (1 - beta1)"
        },
        "v averages the square of m. It averages the square of the gradient.": {"g**2": "m**2"},
        "You step along g itself, and m is never used. Step along its corrected average.": {
            "lr * m_hat": "lr * g"
        },
        "The power is missing from the corrections: 1 - beta is right in step 1 alone. (Or does t "
        "stay 1?)": SUSPECTS["t stays 1"],
        "beta * t is no power. After t steps beta to the power t is left of the start.": {
            "**t": " * t"
        },
        "The power belongs inside the brackets: 1 minus beta to the power t.": {
            "(1 - beta1**t)": "(1 - beta1)**t",
            "(1 - beta2**t)": "(1 - beta2)**t",
        },
        "In the correction by beta1 the power belongs inside the brackets.": {
            "(1 - beta1**t)": "(1 - beta1)**t"
        },
        "In the correction by beta2 the power belongs inside the brackets.": {
            "(1 - beta2**t)": "(1 - beta2)**t"
        },
        "The corrections need brackets: / comes before -.": {
            "(1 - beta1**t)": "1 - beta1**t",
            "(1 - beta2**t)": "1 - beta2**t",
        },
        "You multiply by the correction, which makes the small averages smaller. Divide.": {
            "/ (1 -": "* (1 -"
        },
        "Your first step already counts as step 2. t arrives as the number of this step, from 1: "
        "do not advance it here.": SUSPECTS["t starts at 2"],
        "Your first step counts as step 0, and its correction divides by zero. t arrives as the "
        "number of this step, from 1.": {"**t": "**(t - 1)"},
        "eps is inside the root. There it competes with a square: 1e-8 outweighs every gradient "
        "below 1e-4. Add it after the root is taken.": SUSPECTS["eps inside"],
    }
)

# AdamW has these as well.
OF_TWO_MEANS = OF_ADAMS | {
    # The correction.
    "Nothing is corrected. Both averages start at zero, and after t steps a share beta**t of "
    "that zero is still in them.": SUSPECTS["no correction"],
    "v is corrected and m is not: the first steps are too short.": {"m / (1 - beta1**t)": "m"},
    "m is corrected and v is not: it divides, and is too small at first.": {
        "v / (1 - beta2**t)": "v"
    },
    "The power is missing from the correction of m: 1 - beta1 is right in step 1 alone.": {
        "beta1**t": "beta1"
    },
    "The power is missing from the correction of v: 1 - beta2 is right in step 1 alone.": {
        "beta2**t": "beta2"
    },
    "Both corrections use beta1. The average v fades by beta2.": {"beta2**t": "beta1**t"},
    "Both corrections use beta2. The average m fades by beta1.": {"beta1**t": "beta2**t"},
    "The root is taken before the correction. Correct v, then take the root.": {
        "v_hat = v / (1": "v_hat = np.sqrt(v) / (1",
        "np.sqrt(v_hat)": "v_hat",
    },
    "In the efficient form the correction of v moves out of a root, so the root stays with it.": {
        "lr * m_hat / (np.sqrt(v_hat) + eps)": (
            "lr * (1 - beta2**t) / (1 - beta1**t) * m / (np.sqrt(v) + eps)"
        )
    },
    "eps**2 inside the root has the right unit, but the book adds eps after the root.": {
        "np.sqrt(v_hat) + eps": "np.sqrt(v_hat + eps**2)"
    },
    # The averages.
    "The averages use each other's beta, the corrections the right one.": {
        "beta1 * m + (1 - beta1)": "beta2 * m + (1 - beta2)",
        "beta2 * v + (1 - beta2)": "beta1 * v + (1 - beta1)",
    },
    "You use 0.9 and 0.999 whatever the betas are. Use the arguments.": {
        "beta1 * m + (1 - beta1)": "0.9 * m + 0.1",
        "beta2 * v + (1 - beta2)": "0.999 * v + 0.001",
        "beta1**t": "0.9**t",
        "beta2**t": "0.999**t",
    },
    "Both averages keep 0.9 and 0.999 whatever the betas are. Use the arguments.": {
        "beta1 * m + (1 - beta1)": "0.9 * m + 0.1",
        "beta2 * v + (1 - beta2)": "0.999 * v + 0.001",
    },
    "In both averages beta and 1 - beta are exchanged. beta is what is kept.": {
        "beta1 * m + (1 - beta1)": "(1 - beta1) * m + beta1",
        "beta2 * v + (1 - beta2)": "(1 - beta2) * v + beta2",
    },
    "Gradient and square enter in full. In an average the two shares add up to 1.": {
        "(1 - beta1) * g\n": "g\n",
        "(1 - beta2) * g**2": "g**2",
    },
    "Both += ... add to the old averages what should replace them.": {
        "m = beta1 * m": "m = m + beta1 * m",
        "v = beta2 * v": "v = v + beta2 * v",
    },
    "In both averages the brackets go around 1 - beta: * comes before -.": {
        "(1 - beta1) * g\n": "1 - beta1 * g\n",
        "(1 - beta2) * g**2": "1 - beta2 * g**2",
    },
    "1 - beta2 is squared too: the bracket ends too late.": {
        "(1 - beta2) * g**2": "((1 - beta2) * g)**2"
    },
    # What is returned.
    "You return the corrected averages, and they will be corrected again. Keep m and v as "
    "they were.": SUSPECTS["stored back"],
    "You return the corrected m, and it will be corrected again. Keep m as it was.": {
        ", m, v": ", m_hat, v"
    },
    "You return the corrected v, and it will be corrected again. Keep v as it was.": {
        ", m, v": ", m, v_hat"
    },
    "The averages that you return are the old ones: nothing is ever remembered.": {
        "    m = beta1": "    old = m, v\n    m = beta1",
        ", m, v": ", *old",
    },
    "m and v are returned in the wrong order.": {", m, v": ", v, m"},
    "You changed m and v in place (m *= ...). Make new arrays.": {
        "m = beta1 * m + (1 - beta1) * g\n": "m *= beta1\n    m += (1 - beta1) * g\n",
        "v = beta2 * v + (1 - beta2) * g**2": "v *= beta2\n    v += (1 - beta2) * g**2",
    },
}

ADAM = Exercise(
    adam,
    walks(adam),
    trial=steps_of(adam),
    examples=["np.array(1.0), np.array(2.0), 1.0, 1.6, 2, lr=0.1, beta1=0.5, beta2=0.6, eps=0.5"],
    accepted={
        "You add eps to the root of the uncorrected v: the efficient form in the paper, whose eps "
        "is called eps-hat, and that of Keras. Beside small gradients its numbers differ from "
        "those of Algorithm 1.": {
            "(np.sqrt(v_hat) + eps)": "(np.sqrt(v_hat) + eps / np.sqrt(1 - beta2**t))"
        },
    },
    mistakes=of_any_rule(adam)
    | OF_TWO_MEANS
    | {
        "You step before you average: this gradient counts only in the next step.": {
            "    m = beta1 * m + (1 - beta1) * g\n    v = beta2 * v + (1 - beta2) * g**2\n": "",
            "    return w - lr * m_hat / (np.sqrt(v_hat) + eps), m, v": (
                "    w = w - lr * m_hat / (np.sqrt(v_hat) + eps)\n"
                "    return w, beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2"
            ),
        },
    },
)


# --- 5.5


# Mistakes of those who write Adam into the loop, that are none of the loop.
WRITTEN_OUT = [
    sentence
    for sentence in ADAM.mistakes
    if sentence.startswith(
        (
            "You climb",
            "The learning rate is missing",
            "The root is missing",
            "The square is missing",
            "eps is missing",
            "eps is inside",
            "eps lands",
            "v is corrected and m",
            "m is corrected and v",
        )
    )
]
ADAMS = {
    sentence: edited(adam, {**ADAM.accepted, **ADAM.mistakes}[sentence])
    for sentence in [*ADAM.accepted, *WRITTEN_OUT]
}


def adam_path(grad, w0, steps, lr, beta1, beta2, eps):
    """Return the path of Adam, (steps + 1, d)."""
    w, m, v = w0, 0.0, 0.0
    path = [w]
    for t in range(1, steps + 1):
        w, m, v = adam(w, grad(w), m, v, t, lr=lr, beta1=beta1, beta2=beta2, eps=eps)
        path.append(w)
    return np.array(path)


def hills(rng):
    """Draw walks on hills whose slope is not linear."""
    cases = []
    for d, steps, eps in [(2, 5, 1e-8), (3, 6, 1e-3), (1, 4, 0.5), (4, 2, 1e-8)]:
        h = rng.uniform(0.3, 2, d)
        grad = lambda w, h=h: h * w + w**3
        betas = rng.uniform(0.5, 0.95), rng.uniform(0.6, 0.99)
        cases.append((grad, rng.uniform(0.5, 1.5, d), steps, rng.uniform(0.03, 0.3), *betas, eps))
    return cases


ADAM_PATH = Exercise(
    adam_path,
    hills,
    trial=around(adam),
    examples=["lambda w: w, np.array([4.0]), 2, 0.5, 0.5, 0.6, 0.5"],
    counts=True,
    accepted={sentence: {"= adam(": f"= ADAMS[{sentence!r}]("} for sentence in ADAM.accepted},
    mistakes={sentence: {"= adam(": f"= ADAMS[{sentence!r}]("} for sentence in WRITTEN_OUT}
    | {
        "t starts at 0: the first correction divides by zero. The first step is step 1.": {
            "range(1, steps + 1)": "range(steps)"
        },
        "t is 2 in the first step: it is advanced before it is used, or starts too high.": {
            "range(1, steps + 1)": "range(2, steps + 2)"
        },
        "t is 1 in every step. It has to advance with each step (not with each epoch).": {
            "v, t,": "v, 1,"
        },
        "t advances by two in each step.": {"range(1, steps + 1)": "range(1, 2 * steps + 1, 2)"},
        "t counts down. The correction fades with time, not the other way round.": {
            "range(1, steps + 1)": "range(steps, 0, -1)"
        },
        "t is the total number of steps, in every step. It is the number of this one.": {
            "v, t,": "v, steps,"
        },
        "There is no correction at all: both averages start at zero.": {"v, t,": "v, np.inf,"},
        "The corrected averages are stored back into m and v, and corrected again.": {
            "        path.append": (
                "        m, v = m / (1 - beta1**t), v / (1 - beta2**t)\n        path.append"
            )
        },
        "m and v are lost: they start at zero in every step. Keep them outside of the loop.": {
            "m, v, t,": "0.0, 0.0, t,"
        },
        "m is lost in every step, v is kept.": {"m, v, t,": "0.0, v, t,"},
        "v is lost in every step, m is kept.": {"m, v, t,": "m, 0.0, t,"},
        "m and v are exchanged on the way: the order is w, m, v, out and in.": {
            "m, v, t,": "v, m, t,"
        },
        "beta1 and beta2 are exchanged.": {"beta1=beta1, beta2=beta2": "beta1=beta2, beta2=beta1"},
        "You take the gradient at w0 in every step. Take it at w.": {"grad(w)": "grad(w0)"},
        "You take the gradient once, before the loop. Take it at every w anew.": {
            "    path = [w]\n": "    path, g = [w], grad(w)\n",
            "grad(w), m": "g, m",
        },
        "Each step starts at w0 again. Go on from where the last one led.": {
            "adam(w, grad(w)": "adam(w0, grad(w)"
        },
        "All rows are the same array: append a copy, or make a new array in each step.": {
            "w, m, v = w0, 0.0, 0.0": "w, m, v = w0.copy(), 0.0, 0.0",
            "        w, m, v = adam": "        w[:], m, v = adam",
        },
        "w -= ... changes the array w0 itself, and every row is that array.": {
            "        w, m, v = adam": "        w[:], m, v = adam"
        },
        "w -= ... changes the array w0 itself. Start with a copy.": {
            "        w, m, v = adam": "        w[:], m, v = adam",
            "[w]": "[w.copy()]",
            "append(w)": "append(w.copy())",
        },
        "The start is missing: row 0 is w0.": {"[w]": "[]"},
        "The path starts at zero. Row 0 is w0.": {"w, m, v = w0,": "w, m, v = 0 * w0,"},
        "One step too many: steps updates make steps + 1 rows.": {"steps + 1)": "steps + 2)"},
        "One step is missing: steps updates make steps + 1 rows.": {"steps + 1)": "steps)"},
        "The path ends after one step: the return is inside of the loop.": {
            "    return": "        return"
        },
        "You return the end alone. Return the whole path.": {"np.array(path)": "w"},
    },
)


# --- 5.6


def amsgrad(w, g, m=0.0, v=0.0, v_max=0.0, t=1, *, lr, beta1, beta2, eps):
    """Return the weights, both running means and the largest v after one step."""
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    v_max = np.maximum(v_max, v)
    m_hat = m / (1 - beta1**t)
    v_hat = v_max / (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), m, v, v_max


AMSGRAD = Exercise(
    amsgrad,
    walks(amsgrad),
    trial=steps_of(amsgrad),
    examples=[
        "np.array([1.0, 1.0]), np.array([2.0, 2.0]), np.array([1.0, 1.0]), np.array([1.6, 1.6]), "
        "np.array([1.6, 5.76]), 2, lr=0.1, beta1=0.5, beta2=0.6, eps=0.5"
    ],
    accepted={
        "You take the maximum of the corrected v, as optax does. The book, and PyTorch, correct "
        "the maximum: early steps differ.": {
            "(v_max, v)": "(v_max, v / (1 - beta2**t))",
            "v_max / (1 - beta2**t)": "v_max",
        },
        "You correct nothing, as in the paper on AMSGrad. The book, and PyTorch, correct m and "
        "the maximum: early steps differ.": {
            "m / (1 - beta1**t)": "m",
            "v_max / (1 - beta2**t)": "v_max",
        },
        "You add eps to the root of the uncorrected maximum, as Keras does. Beside small "
        "gradients the numbers differ from the book's.": {
            "(np.sqrt(v_hat) + eps)": "(np.sqrt(v_hat) + eps / np.sqrt(1 - beta2**t))"
        },
    },
    mistakes=of_any_rule(amsgrad)
    | OF_ADAMS
    | {
        "That is Adam: the maximum is kept, and not used. Divide by it.": {
            "v_hat = v_max": "v_hat = v"
        },
        "v_max is the last v: it has to be the larger of the two.": {"np.maximum(v_max, v)": "v"},
        "You take the smaller of the two.": {"np.maximum": "np.minimum"},
        "You take one maximum over all weights. np.maximum compares two arrays weight by weight.": {
            "np.maximum(v_max, v)": "np.maximum(np.max(v_max), np.max(v)) + 0 * v"
        },
        "np.max of both takes one maximum over all weights. np.maximum compares two arrays weight "
        "by weight.": {"np.maximum(v_max, v)": "np.max([v_max, v])"},
        "np.max takes the maximum of one array. np.maximum compares two.": {"np.maximum": "np.max"},
        "max() and if ask one question of a whole array. np.maximum compares two arrays weight by "
        "weight.": {"np.maximum": "max"},
        "The old v_max is compared with g**2. Compare it with the average v.": {
            "(v_max, v)": "(v_max, g**2)"
        },
        "You use the v_max of the step before. Compare first, then divide.": {
            "    v_max = np.maximum(v_max, v)\n": "",
            "eps), m, v, v_max": "eps), m, v, np.maximum(v_max, v)",
        },
        "v is replaced by the maximum. v itself goes on forgetting; only the divisor does not.": {
            "eps), m, v, v_max": "eps), m, v_max, v_max"
        },
        "The v_max that you return is the old one: the maximum over all steps is lost.": {
            "    m = beta1": "    old = v_max\n    m = beta1",
            "eps), m, v, v_max": "eps), m, v, old",
        },
        "You return v where v_max belongs: in the next step the maximum is lost.": {
            "eps), m, v, v_max": "eps), m, v, v"
        },
        "The memory is returned in the wrong order: m, v, v_max.": {
            "eps), m, v, v_max": "eps), m, v_max, v"
        },
        "You return the corrected maximum as v_max, and it will be corrected again.": {
            "eps), m, v, v_max": "eps), m, v, v_hat"
        },
        "You return the corrected averages, and they will be corrected again.": {
            "eps), m, v, v_max": "eps), m_hat, v / (1 - beta2**t), v_max"
        },
        "The maximum is corrected and m is not: the first steps are too short.": {
            "m / (1 - beta1**t)": "m"
        },
        "m is corrected and the maximum is not: it divides, and is too small at first.": {
            "v_max / (1 - beta2**t)": "v_max"
        },
        "The maximum is taken of the corrected v, and then corrected again.": {
            "(v_max, v)": "(v_max, v / (1 - beta2**t))"
        },
        "The larger m is kept as well. Only the divisor keeps its maximum.": {
            "m_hat = m /": "m_hat = np.maximum(m, m_old) /",
            "    m = beta1": "    m_old = m\n    m = beta1",
        },
    },
)


# --- 5.7


def corrected_means(xs, beta):
    """Return the running mean after each number, corrected for its start at zero."""
    m, means = 0.0, []
    for t, x in enumerate(xs, start=1):
        m = beta * m + (1 - beta) * x
        means.append(m / (1 - beta**t))
    return np.array(means)


CORRECTED_MEANS = Exercise(
    corrected_means,
    lambda rng: [(rng.normal(3, 2, n), rng.uniform(0.3, 0.95)) for n in (1, 3, 4, 7)],
    examples=["np.array([10.0, 10.0, 10.0]), 0.5", "np.array([4.0, 1.0]), 0.5"],
    mistakes={
        "Nothing is corrected: after t numbers a share beta**t of the starting zero is left.": {
            "m / (1 - beta**t)": "m"
        },
        "1 - beta is right for the first number alone: the correction is a power. (A sum that "
        "fades, without any correction, is the same.)": {"beta**t": "beta"},
        "t starts at 0: the first correction divides by zero.": {"start=1": "start=0"},
        "t starts at 2: the first number already counts as the second.": {"start=1": "start=2"},
        "The corrected mean goes on as the running one, and is corrected again.": {
            "means.append(m / (1 - beta**t))": "m = m / (1 - beta**t)\n        means.append(m)"
        },
        "You multiply by the correction, which makes the mean smaller. Divide.": {
            "/ (1 - beta**t)": "* (1 - beta**t)"
        },
        "beta * t is no power. After t numbers beta to the power t is left of the start.": {
            "beta**t": "beta * t"
        },
        "beta and 1 - beta are exchanged in the mean. beta is what is kept.": {
            "beta * m + (1 - beta) * x": "(1 - beta) * m + beta * x"
        },
        "The numbers enter in full. In an average the two shares add up to 1.": {
            "(1 - beta) * x": "x"
        },
        "That is the plain mean so far: every number counts the same. Here the old ones fade.": {
            "beta * m + (1 - beta) * x": "m + x",
            "m / (1 - beta**t)": "m / t",
        },
        "You start with the first number, and so there is nothing to correct; but that number "
        "weighs too much. Start at zero.": {
            "m = beta * m + (1 - beta) * x": ("m = x if t == 1 else beta * m + (1 - beta) * x"),
            "m / (1 - beta**t)": "m",
        },
        "You start with the first number and correct a zero that was never there.": {
            "m = beta * m + (1 - beta) * x": "m = x if t == 1 else beta * m + (1 - beta) * x"
        },
        "You correct every mean as if all numbers had been seen. t is how many it has seen.": {
            "beta**t": "beta**len(xs)"
        },
        "You return the last mean alone. Return one after each number.": {
            "np.array(means)": "means[-1]"
        },
    },
)


def first_steps(g, lr, beta1, beta2, eps):
    """Return the change of a weight in the first step of four methods."""
    adagrad = -lr * g / (abs(g) + eps)
    rmsprop = -lr * g / (np.sqrt(1 - beta2) * abs(g) + eps)
    adam = -lr * g / (abs(g) + eps)
    uncorrected = -lr * (1 - beta1) * g / (np.sqrt(1 - beta2) * abs(g) + eps)
    return [adagrad, rmsprop, adam, uncorrected]


def slopes(rng):
    """Draw gradients of both signs and of three sizes."""
    return [
        (
            scale * rng.uniform(0.5, 2),
            rng.uniform(0.05, 0.5),
            rng.uniform(0.5, 0.9),
            rng.uniform(0.6, 0.99),
            10 ** rng.uniform(-4, -1),
        )
        for scale in (1, -1, -1e-3, 100)
    ]


FIRST_STEPS = Exercise(
    first_steps,
    slopes,
    examples=["2.0, 0.1, 0.9, 0.99, 0.8", "-2.0, 0.1, 0.9, 0.99, 0.8"],
    labels=[
        "Adagrad's change",
        "RMSprop's change",
        "Adam's change",
        "The uncorrected Adam's change",
    ],
    mistakes={
        "You go uphill: the change of the weight is against the gradient.": {"-lr": "lr"},
        "You give the size of the steps. A change has a sign, against that of g.": {
            "-lr * g": "lr * abs(g)",
            "-lr * (1 - beta1) * g": "lr * (1 - beta1) * abs(g)",
        },
        "Those are the changes for a large and positive g: its sign is missing, and eps.": {
            "-lr * g / (abs(g) + eps)": "-lr",
            "-lr * g / (np.sqrt(1 - beta2) * abs(g) + eps)": "-lr / np.sqrt(1 - beta2)",
            "(1 - beta1) * g / (np.sqrt(1 - beta2) * abs(g) + eps)": (
                "(1 - beta1) / np.sqrt(1 - beta2)"
            ),
        },
        "The root of a square is |g|: it is not negative where g is.": {"abs(g)": "g"},
        "In Adagrad and in Adam the root of g squared is |g|: it is not negative where g is.": {
            "(abs(g) + eps)": "(g + eps)"
        },
        "RMSprop corrects nothing: at first its v is a small share of the square.": {
            "rmsprop = -lr * g / (np.sqrt(1 - beta2) * abs(g) + eps)": (
                "rmsprop = -lr * g / (abs(g) + eps)"
            )
        },
        "The root of 1 - beta2 is missing: the root is taken of all of v.": {
            "np.sqrt(1 - beta2)": "(1 - beta2)"
        },
        "What enters v is 1 - beta2 of the square, not beta2.": {
            "np.sqrt(1 - beta2)": "np.sqrt(beta2)"
        },
        "Adam corrects, and at t = 1 both factors cancel. You give the uncorrected step.": {
            "adam = -lr * g / (abs(g) + eps)": (
                "adam = -lr * (1 - beta1) * g / (np.sqrt(1 - beta2) * abs(g) + eps)"
            )
        },
        "Adam corrects m as well: at t = 1 its factor cancels.": {
            "adam = -lr * g": "adam = -lr * (1 - beta1) * g"
        },
        "Uncorrected, both factors stay: that of m above the line, the root of that of v below.": {
            "-lr * (1 - beta1) * g / (np.sqrt(1 - beta2) * abs(g) + eps)": (
                "-lr * g / (abs(g) + eps)"
            )
        },
        "The two Adams are exchanged: the corrected one comes first.": {
            "adam, uncorrected]": "uncorrected, adam]"
        },
        "In the uncorrected Adam, m is a small share of g: a factor is missing above the line.": {
            "-lr * (1 - beta1) * g": "-lr * g"
        },
        "In the uncorrected Adam, what enters m is 1 - beta1 of g, not beta1.": {
            "(1 - beta1) * g": "beta1 * g"
        },
        "In the uncorrected Adam, v is a small share of the square: a factor is missing below the "
        "line.": {
            "(1 - beta1) * g / (np.sqrt(1 - beta2) * abs(g) + eps)": (
                "(1 - beta1) * g / (abs(g) + eps)"
            )
        },
        "eps is missing. It matters where the gradient is small beside it.": {" + eps": ""},
        "The factor multiplies eps as well. eps is added after the root is taken.": {
            "(np.sqrt(1 - beta2) * abs(g) + eps)": "(np.sqrt(1 - beta2) * (abs(g) + eps))"
        },
        "eps is inside the root. It is added after the root is taken.": {
            "(abs(g) + eps)": "np.sqrt(g**2 + eps)",
            "(np.sqrt(1 - beta2) * abs(g) + eps)": "np.sqrt((1 - beta2) * g**2 + eps)",
        },
        "lr is missing.": {"-lr * ": "-"},
    },
)


# --- 5.8


# What is in the boxes.
BOXES = {"A": "t starts at 2", "B": "stored back", "C": "eps inside"}


def black_box(name):
    """Return an Adam with a bug, which nobody can read: box A, B or C."""
    return edited(adam, SUSPECTS[BOXES[name]])


def name_the_bugs():
    """Return the names of the bugs in the boxes A, B and C."""
    return ["t starts at 2", "stored back", "eps inside"]


def behaviour(function):
    """Return what the suspects would do: 3 steps with g = 1, and a first one with g = 1e-4."""
    names = function()
    if isinstance(names, str) or len(names) != len(BOXES):
        raise Told("Return three names, in a list.")
    steps = []
    for name in names:
        if str(name).strip().lower() not in SUSPECTS:
            raise Told(f"{name!r} is none of the suspects: {', '.join(SUSPECTS)}.")
        rule = edited(adam, SUSPECTS[str(name).strip().lower()])
        settings = dict(lr=1.0, beta1=0.9, beta2=0.999, eps=1e-8)
        w, m, v = 0.0, 0.0, 0.0
        for t in (1, 2, 3):
            old, (w, m, v) = w, rule(w, 1.0, m, v, t, **settings)
            steps.append(old - w)
        steps.append(-rule(0.0, 1e-4, **settings)[0])
    return steps


NAME_THE_BUGS = Exercise(
    name_the_bugs,
    lambda rng: [()],
    trial=behaviour,
    labels=[
        f"With the bug that you name for {box}, {what}"
        for box in BOXES
        for what in ("step 1", "step 2", "step 3", "a first step at g = 1e-4")
    ],
    mistakes={
        "A has another bug: without correction its first step would be longer than lr, and it is "
        "shorter.": {'"t starts at 2"': '"no correction"'},
        "A has another bug: a t that stays 1 is right in the first step, and A is not.": {
            '"t starts at 2"': '"t stays 1"'
        },
        "B has another bug: a t that stays 1 makes the later steps longer, and B's get shorter.": {
            '"stored back"': '"t stays 1"'
        },
        "B has another bug: without correction the first step would be wrong, and B's is right.": {
            '"stored back"': '"no correction"'
        },
        "C has another bug: without a root a small gradient would make a huge step.": {
            '"eps inside"': '"no root"'
        },
        "C has another bug: without the square a negative gradient would end in NaN. Try one.": {
            '"eps inside"': '"no square"'
        },
        "C has a bug. Try more than one size of the gradient.": {'"eps inside"': '"betas swapped"'},
        "The right bugs, in the wrong boxes: A and B are exchanged.": {
            '"t starts at 2", "stored back"': '"stored back", "t starts at 2"'
        },
    },
)


# --- 5.9


def state_floats(method, n):
    """Return how many numbers a method keeps from one step to the next, for n weights."""
    memory = {
        "gd": 0,
        "momentum": 1,
        "nesterov": 1,
        "adagrad": 1,
        "rmsprop": 1,
        "adadelta": 2,
        "adam": 2,
        "amsgrad": 3,
    }
    return memory[method] * n


METHODS = ("gd", "momentum", "nesterov", "adagrad", "rmsprop", "adadelta", "adam", "amsgrad")

STATE_FLOATS = Exercise(
    state_floats,
    lambda rng: [(method, int(rng.integers(10, 10_000))) for method in METHODS],
    examples=["'momentum', 1000"],
    mistakes={
        "Gradient descent forgets every gradient: it keeps nothing.": {'"gd": 0': '"gd": 1'},
        "Momentum keeps a velocity, which has an entry for each weight.": {
            '"momentum": 1': '"momentum": 0'
        },
        "Nesterov's gradient is taken ahead, but that place is not kept: only the velocity is.": {
            '"nesterov": 1': '"nesterov": 2'
        },
        "Nesterov keeps a velocity, as momentum does.": {'"nesterov": 1': '"nesterov": 0'},
        "Adagrad adds its squares up: what it keeps is one sum for each weight.": {
            '"adagrad": 1': '"adagrad": 0'
        },
        "RMSprop averages squares alone. The mean of the gradients comes with Adam.": {
            '"rmsprop": 1': '"rmsprop": 2'
        },
        "RMSprop forgets slowly: what it keeps is one mean for each weight.": {
            '"rmsprop": 1': '"rmsprop": 0'
        },
        "Adadelta keeps a second mean beside that of the squared gradients: of its own squared "
        "steps.": {'"adadelta": 2': '"adadelta": 1'},
        "Adam keeps two means: of the gradients, and of their squares.": {'"adam": 2': '"adam": 1'},
        "AMSGrad keeps the largest v beside v, which goes on forgetting, and beside m.": {
            '"amsgrad": 3': '"amsgrad": 2'
        },
        "AMSGrad keeps what Adam keeps, and one thing more.": {'"amsgrad": 3': '"amsgrad": 1'},
        "The corrected means are made anew in every step. Only m and v are kept.": {
            '"adam": 2': '"adam": 4',
            '"amsgrad": 3': '"amsgrad": 5',
        },
        "t is not counted: it is one number for all weights, and the loop has it anyway.": {
            "memory[method] * n": "memory[method] * n + (method in ('adam', 'amsgrad'))"
        },
        "You count a t for each weight. It is one number for all of them, and left out here.": {
            '"adam": 2': '"adam": 3',
            '"amsgrad": 3': '"amsgrad": 4',
        },
        "You count the weights as well. Asked is what comes on top of them.": {
            "memory[method] * n": "(memory[method] + 1) * n"
        },
        "You count weights and gradients as well. Asked is what comes on top of them.": {
            "memory[method] * n": "(memory[method] + 2) * n"
        },
        "That is for one weight. There are n of them.": {" * n": ""},
        "You count bytes. Asked are numbers.": {" * n": " * n * 4"},
        "All but gd get one number for each weight. If there is an or: each side of it asks anew, "
        "method == ... or method == ...": {"memory[method]": "(method != 'gd')"},
        "Whatever the method, you say one number for each weight.": {"memory[method]": "1"},
    },
)


# --- 5.10


def predict_steps():
    """Return the size of a step, in learning rates, in seven walks."""
    adagrad_1 = 1.0
    adagrad_100 = 1 / np.sqrt(100)
    rmsprop_1 = 1 / np.sqrt(1 - 0.99)
    adam_1 = 1.0
    adam_100 = 1.0
    adam_tiny = 1 / (1 + 1)
    adam_turn = (0.1 - 0.9 * 0.1) / (1 - 0.9**2)
    return [adagrad_1, adagrad_100, rmsprop_1, adam_1, adam_100, adam_tiny, adam_turn]


PREDICT_STEPS = Exercise(
    predict_steps,
    lambda rng: [()],
    # Ten per cent are near enough, and signs do not matter.
    close=nearly(lambda guess, length: np.abs(np.abs(guess) - length) <= 0.1 * length),
    labels=[
        f"Prediction {i}, {what},"
        for i, what in enumerate(
            (
                "Adagrad's first step",
                "Adagrad's 100th step",
                "RMSprop's first step",
                "Adam's first step",
                "Adam's 100th step",
                "Adam's first step with a tiny gradient",
                "Adam's step after a turn",
            ),
            start=1,
        )
    ],
    mistakes={
        "1,000 is the gradient, and so the step of gradient descent. These methods divide by its "
        "size.": {"adagrad_1 = 1.0": "adagrad_1 = 1000.0", "adam_1 = 1.0": "adam_1 = 1000.0"},
        "Adagrad's rate falls like one over the root of t, not like 1 / t.": {
            "np.sqrt(100)": "100"
        },
        "Adagrad does not stop, and its rate does not stay: the sum is a hundred squares.": {
            "adagrad_100 = 1 / np.sqrt(100)": "adagrad_100 = 1.0"
        },
        "RMSprop corrects nothing: at first v is 1 - beta of the square.": {
            "1 / np.sqrt(1 - 0.99)": "1.0"
        },
        "3.16 is RMSprop's first step at beta = 0.9. Here beta is 0.99.": {"0.99": "0.9"},
        "RMSprop divides by the root of v: take the root of 1 - beta too.": {
            "np.sqrt(1 - 0.99)": "(1 - 0.99)"
        },
        "RMSprop divides by the root, so its first step is long, not short.": {
            "1 / np.sqrt(1 - 0.99)": "np.sqrt(1 - 0.99)"
        },
        "Adam is not slow at first: m is a tenth of g, but it is corrected.": {
            "adam_1 = 1.0": "adam_1 = 0.1"
        },
        "Adam corrects its averages: 3.16 is the first step without correction.": {
            "adam_1 = 1.0": "adam_1 = 0.1 / np.sqrt(0.001)"
        },
        "Adam averages, and does not add up: equal gradients make equal steps.": {
            "adam_100 = 1.0": "adam_100 = 0.1"
        },
        "A gradient as small as eps: the divisor is twice its size.": {"1 / (1 + 1)": "1.0"},
        "After the turn m is nearly zero, and not zero: correct what is left of it.": {
            "(0.1 - 0.9 * 0.1) / (1 - 0.9**2)": "0.0"
        },
        "After the turn m is nearly zero: the first gradient pulls the other way.": {
            "(0.1 - 0.9 * 0.1) / (1 - 0.9**2)": "1.0"
        },
        "After the turn you forgot to correct m: it has seen two gradients.": {
            "(0.1 - 0.9 * 0.1) / (1 - 0.9**2)": "0.1 - 0.9 * 0.1"
        },
    },
)

EXERCISES = [
    ADAGRAD,
    RMSPROP,
    ADADELTA,
    ADAM,
    ADAM_PATH,
    AMSGRAD,
    CORRECTED_MEANS,
    FIRST_STEPS,
    NAME_THE_BUGS,
    STATE_FLOATS,
    PREDICT_STEPS,
]
