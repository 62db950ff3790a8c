"""Mistakes as learners write them, and a part of the sentence that names each."""


def path(step, hats="m_hat = m / (1 - b1**t)\n  v_hat = v / (1 - b2**t)"):
    """Return a path of Adam in which the rule is written out."""
    return (
        "def f(grad, w0, steps, lr, b1, b2, eps):\n w, m, v, path = w0, 0, 0, [w0]\n"
        " for t in range(1, steps + 1):\n  g = grad(w)\n"
        f"  m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g**2\n  {hats}\n"
        f"  w = {step}\n  path.append(w)\n return path"
    )


def method(head, *lines):
    """Return a rule of chapter 5 or 6."""
    return f"def f(w, g, {head}):\n " + "\n ".join(lines)


def adagrad(s, root="np.sqrt(s) + eps", kept="s"):
    """Return an Adagrad."""
    return method("s=0.0, *, lr, eps", f"s = {s}", f"return w - lr * g / ({root}), {kept}")


def rmsprop(v, root="np.sqrt(v) + eps"):
    """Return an RMSprop."""
    return method("v=0.0, *, lr, beta, eps", f"v = {v}", f"return w - lr * g / ({root}), v")


def adadelta(*lines):
    """Return an Adadelta."""
    return method("v=0.0, u=0.0, *, beta, eps", "v = beta * v + (1 - beta) * g * g", *lines)


def adam(
    *first,
    m="beta1 * m + (1 - beta1) * g",
    v="beta2 * v + (1 - beta2) * g * g",
    hats="m / (1 - beta1**t), v / (1 - beta2**t)",
    step="lr * m_hat / (np.sqrt(v_hat) + eps)",
):
    """Return an Adam."""
    return method(
        "m=0.0, v=0.0, t=1, *, lr, beta1, beta2, eps",
        *first,
        f"m = {m}",
        f"v = {v}",
        f"m_hat, v_hat = {hats}",
        f"return w - {step}, m, v",
    )


def adamw(**lines):
    """Return an AdamW."""
    return adam(**lines).replace("eps):", "eps, wd):", 1)


def training(k):
    """Return a training whose learning rate decays with k."""
    return (
        "def f(grad, w, lr, rate, steps, epochs, batches):\n"
        " for epoch in range(epochs):\n  for batch in range(batches):\n"
        f"   w = w - lr * rate ** ({k} / steps) * grad(w)\n return w"
    )


DELTA = "d = np.sqrt((u + eps) / (v + eps)) * g"
U = "u = beta * u + (1 - beta) * "


NATURAL = {
    "adagrad": {
        **{
            adagrad(f"{kept} * s + (1 - {kept}) * g**2"): f"an average with {kept} is RMSprop"
            for kept in (0.8, 0.9, 0.95, 0.99, 0.999)
        },
        adagrad("np.sqrt(s + g**2)", "s + eps"): "You keep the root of the sum",
        adagrad("s + g**2", kept="np.sqrt(s)"): "You keep the root of the sum",
        adagrad("np.sqrt(s**2 + g**2)", "s + eps"): "s is a root in yours",
        adagrad("np.hypot(s, g)", "s + eps"): "s is a root in yours",
        adagrad("s + g @ g"): "g @ g adds up over the weights",
        adagrad("s + np.dot(g, g)"): "np.dot adds up over the weights",
        adagrad("s + np.linalg.norm(g) ** 2"): "You sum over the weights",
        adagrad("s + g * g", "np.sqrt(s) + 1e-8"): "You add 1e-8 whatever eps is",
        adagrad("s + g * g").replace("return w -", "return"): "That is the step alone",
    },
    "rmsprop": {
        rmsprop("0.9 * v + 0.1 * g**2"): "You keep 0.9 whatever beta is",
        rmsprop("0.99 * v + 0.01 * g**2"): "You keep 0.99 whatever beta is",
        rmsprop("np.sqrt(beta * v + (1 - beta) * g**2)", "v + eps"): "You keep the root",
        rmsprop("beta * v + (1 - beta) * g @ g"): "g @ g adds up over the weights",
        rmsprop("beta * v + (1 - beta) * g**2", "np.sqrt(v) + 1e-8"): "You add 1e-8 whatever",
    },
    "adadelta": {
        adadelta(f"{U}g * g", DELTA, "return w - d, v, u"): "u is updated before the step",
        adadelta(DELTA, f"{U}d * d", DELTA, "return w - d, v, u"): "take the step anew",
        adadelta(DELTA, f"{U}g * g", "return w - d, v, u"): "u averages squared gradients",
        adadelta(DELTA[:-4], f"{U}d * d", "return w - d * g, v, u"): "u averages the quotient",
        adadelta(DELTA, f"{U}d * d", "return w + d, v, u"): "You climb",
    },
    "adam": {
        adam("beta1, beta2 = 0.9, 0.999"): "You use 0.9 and 0.999 whatever the betas are",
        adam("eps = 1e-8"): "You add 1e-8 whatever eps is",
        adam("beta1, beta2, eps = 0.9, 0.999, 1e-8"): "The other: You use 0.9 and 0.999",
        adam(m="0.9 * m + 0.1 * g", v="0.999 * v + 0.001 * g**2"): "Both averages keep 0.9 and",
        adam(hats="m / (1 - beta1**t), v / (1 - beta2) ** t"): "In the correction by beta2 the",
        adam(hats="m / (1 - beta1) ** t, v / (1 - beta2**t)"): "In the correction by beta1 the",
        adam(hats="m / (1 - beta1) ** t, v / (1 - beta2) ** t"): "The power belongs inside",
        adam(hats="m / (1 - beta1), v / (1 - beta2)"): "The power is missing",
        adam(hats="m, v"): "Nothing is corrected",
        adam(step="lr * m_hat / np.sqrt(v_hat)"): "eps is missing",
        adam(step="lr * m_hat / np.sqrt(v_hat) + eps"): "eps lands on the weights",
        adam(v="beta2 * v + (1 - beta2) * g @ g"): "g @ g adds up over the weights",
    },
    "adam_path": {
        path("w - lr * m_hat / np.sqrt(v_hat)"): "eps is missing",
        path("w - lr * m_hat / np.sqrt(v_hat + eps)"): "eps is inside the root",
        path("w - lr * m_hat / np.sqrt(v_hat) + eps"): "eps lands on the weights",
        path("w + lr * m_hat / (np.sqrt(v_hat) + eps)"): "You climb",
        path("w - lr * m_hat / (v_hat + eps)"): "The root is missing",
        path("w - lr * m / (np.sqrt(v) + eps)"): "There is no correction at all",
        path("w - lr * m_hat / (np.sqrt(v) + eps)"): "m is corrected and v is not",
        path(
            "w - lr * m_hat / (np.sqrt(v_hat) + eps)",
            "m_hat = m / (1 - b1)\n  v_hat = v / (1 - b2)",
        ): "t is 1 in every step",
    },
    "adamw": {
        adamw(v="beta2 * v + (1 - beta2) * (g + wd * w) ** 2"): "The decay has gone into v alone",
        adamw(m="beta1 * m + (1 - beta1) * (g + wd * w)"): "The decay has gone into m",
    },
    "train_decaying": {
        training("epoch"): "the schedule gets the epoch",
        training("batch"): "the batch within its epoch",
        training("(epoch * epochs + batch)"): "You multiply epoch and epochs",
        training("(batch * epochs + epoch)"): "You have exchanged epoch and batch",
        training("(epoch * batches + batch + 1)"): "You count k from 1",
        training("steps * (epoch * batches + batch) / epochs / batches"): "the whole training",
    },
}
