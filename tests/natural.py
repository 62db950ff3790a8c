"""Mistakes as learners write them, and a part of the sentence that names each."""


def softmax(shares, price="P[rows, y]", gradient="G[rows, y] -= 1", out="L, G / n"):
    """Return a cross-entropy as learners write it."""
    return (
        f"def f(Z, y):\n n = len(y)\n rows = np.arange(n)\n {shares}\n"
        f" L = -np.log({price}).mean()\n G = P.copy()\n {gradient}\n return {out}"
    )


def coin(p, out="value, p - y"):
    """Return a binary cross-entropy as learners write it."""
    return (
        f"def f(z, y):\n p = 1 / (1 + np.exp(-z))\n {p}\n"
        f" value = -(y * np.log(p) + (1 - y) * np.log(1 - p))\n return {out}"
    )


def prices(out):
    """Return Huber's loss as learners write it."""
    return (
        "def f(r, d):\n v = np.where(abs(r) <= d, r**2 / 2, d * (abs(r) - d / 2))\n"
        f" s = np.clip(r, -d, d)\n return {out}"
    )


def three(out):
    """Return the errors of a table as learners write them."""
    return f"def f(p, y):\n r = p.ravel() - y\n a, s = abs(r).mean(), (r * r).mean()\n return {out}"


def differences(step):
    """Return a check of gradients as learners write it; ``step`` is that of a coordinate."""
    return (
        "def g(f, w, h):\n w, out = w.copy(), []\n for i in range(len(w)):\n"
        f"  e = np.zeros(len(w)); e[i] = h\n  {step}\n return out"
    )


def constant(quantile):
    """Return the best constant as learners write it."""
    return (
        "def f(y, loss, tau):\n if loss == 'squared': return y.mean()\n"
        f" return np.median(y) if loss == 'absolute' else {quantile}"
    )


def descent(step):
    """Return gradient descent as learners write it."""
    return (
        "def f(grad, w, lr, steps):\n path = [w]\n"
        f" for _ in range(steps):\n  {step}\n return np.array(path)"
    )


def bowl(eigenvalues, out):
    """Return the fastest rate as learners write it."""
    return f"def f(H):\n e = np.{eigenvalues}\n k = e[-1] / e[0]\n return {out}"


def search(shrink, first="pass"):
    """Return a line search as learners write it."""
    return (
        f"def g(f, grad, w, lr, c, tau):\n g, old = grad(w), f(w)\n {first}\n"
        f" while f(w - lr * g) > old - c * lr * g @ g: {shrink}\n return lr"
    )


def running(count):
    """Return a running mean as learners write it."""
    return (
        "def f(path, start):\n a = path[start]; out = [a]\n"
        f" for k in range(start + 1, len(path)): a = a + (path[k] - a) / ({count}); out.append(a)\n"
        " return np.array(out)"
    )


def steps(body):
    """Return stochastic gradient descent as learners write it; the body makes a step."""
    return (
        "def f(X, y, w0, lr, batches):\n def slope(A, b, w): return A.T @ (A @ w - b) / len(b)\n"
        f" w, path, k = w0.copy(), [w0], 0\n for idx in batches:\n{body}\n return np.array(path)"
    )


def rule(body, out):
    """Return a rule with a velocity as learners write it; ``u`` is the old one."""
    return f"def f(w, g, v=0.0, *, lr, beta):\n u = v\n v = {body}\n return {out}, v"


def best(lr):
    """Return the best settings for a bowl as learners write them."""
    return (
        "def f(mu, L):\n root = np.sqrt(L / mu)\n"
        f" beta = ((root - 1) / (root + 1)) ** 2\n return {lr}, beta"
    )


def matrix(rows):
    """Return the matrix of a step as learners write it."""
    return f"def f(lr, beta, lam): return np.array([{rows}])"


def ball(step):
    """Return a path of momentum as learners write it."""
    return (
        "def f(grad, w, lr, beta, steps):\n v, path = 0, [w]\n"
        f" for _ in range(steps): {step}\n return np.array(path)"
    )


def tuned(finite, out):
    """Return a search for a learning rate as learners write it."""
    return (
        "def f(train, rates, seeds):\n"
        " S = np.array([[train(rate, seed) for seed in seeds] for rate in rates])\n"
        f" V, T = S.mean(1).T\n {finite}\n i = V.argmin()\n return rates[i], {out}"
    )


def band(width):
    """Return the width of a band as learners write it."""
    return (
        "def f(rates, scores, factor):\n j = k = np.argmin(scores); most = factor * scores[k]\n"
        " while k + 1 < len(rates) and scores[k + 1] <= most: k += 1\n"
        f" while j > 0 and scores[j - 1] <= most: j -= 1\n return {width}"
    )


SHARES = "E = np.exp(Z{}); P = E / E.sum(axis={}, keepdims=True)"
OWN = " - Z.max(axis=1, keepdims=True)"
RIGHT = SHARES.format(OWN, 1)


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


def early_stop(
    better="loss < best - min_delta",
    worse="wait += 1",
    end="if wait >= patience: break",
    out="epoch, at",
    best="np.inf",
):
    """Return a rule to stop by."""
    return (
        f"def f(losses, patience, min_delta):\n best, at, wait = {best}, 0, 0\n"
        f" for epoch, loss in enumerate(losses):\n  if {better}:\n"
        f"   best, at, wait = loss, epoch, 0\n  else:\n   {worse}\n  {end}\n return {out}"
    )


def dropout(*lines, test="return h, np.ones_like(h)"):
    """Return a dropout."""
    drawn = "mask = rng.random(h.shape)"
    return "\n ".join(["def f(h, p, rng, train):", f"if not train: {test}", drawn, *lines])


def range_test(rates="np.geomspace(low, high, steps)", sign="-", lowest="np.nanargmin(losses)"):
    """Return a range test."""
    return (
        f"def f(f, grad, w, low, high, steps):\n rates, losses = {rates}, []\n for lr in rates:\n"
        f"  losses.append(f(w))\n  w = w {sign} lr * grad(w)\n losses = np.array(losses)\n"
        f" return rates[np.argmax(losses < 0.9 * losses[0])], rates[{lowest}]"
    )


def warm(up, down):
    """Return a warm-up and a cosine."""
    return (
        f"def f(k, lr, warmup, steps, end):\n if {up}\n"
        f" return end + (lr - end) * (1 + np.cos(np.pi * {down})) / 2"
    )


def piece(*lines):
    """Return a decay in jumps."""
    return "\n ".join(["def f(k, boundaries, values):", *lines])


def clip(norm, factor="min(1, limit / norm)"):
    """Return a clip of a gradient."""
    return (
        f"def f(g, limit):\n norm = {norm}\n"
        f" return {{name: x * ({factor}) for name, x in g.items()}}"
    )


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
    "slope": {
        "def g(f, x, h): return (f(x) - f(x - h)) / (2 * h)": "to the left alone, and divide as if",
    },
    "errors": {
        three("s, a, s**0.5"): "MAE and MSE have changed places",
        three("s**0.5, s, a"): "MAE and RMSE have changed places",
        three("a, s / 2, s**0.5"): "Only the MSE is halved",
        three("a, s / 2, (s / 2) ** 0.5"): "The MSE is halved",
        three("a, s, (s / 2) ** 0.5"): "In the RMSE the squares are halved",
        three("a / 2, s, s**0.5"): "The MAE is halved",
    },
    "squared_grad": {
        "def f(X, y, w): return X.T @ (X @ w - y) ** 2 / len(y)": "it is squared still",
        "def f(X, y, w): return np.mean((X @ w - y) * X.T)": "You average over the weights",
    },
    "huber": {
        prices("v.mean(), s"): "Your price is a single number",
        prices("v.sum(), s / len(r)"): "Your price is a single number",
        prices("v, s.mean()"): "Your slope is a single number",
        prices("s, v"): "The order is: prices, slopes",
        prices("np.where(abs(r) > d, r**2 / 2, d * (abs(r) - d / 2)), s"): "In the price the two",
        prices("v, np.where(abs(r) > d, r, d * np.sign(r))"): "In the slope the two",
    },
    "bce_with_logits": {
        coin(""): "the logarithm of 0 is not finite",
        coin("p = np.clip(p, 1e-10, 1 - 1e-10)"): "You clip the probability at 1e-10,",
        coin("", "value.mean(), p - y"): "Your price is a single number",
        coin("", "value.mean(), (p - y) / len(y)"): "Your price is a single number",
        coin("value = np.logaddexp(0, z) - y * z; return p - y, value"): "The order is: prices",
    },
    "softmax_ce": {
        softmax(RIGHT): "The softmax of a logit far below the others rounds to 0",
        softmax(RIGHT, "np.clip(P[rows, y], 1e-7, 1)"): "You clip the probability at 1e-7,",
        softmax(RIGHT, "np.maximum(P[rows, y], 1e-10)"): "You clip the probability at 1e-10,",
        softmax(f"{RIGHT}; P = np.clip(P, 1e-15, 1 - 1e-15)"): "no mistake costs more than 34.5",
        softmax(RIGHT, "P[rows, y] + 1e-8"): "You add 1e-8 in the logarithm",
        softmax(RIGHT, "P[rows, y] + 1e-12"): "no mistake costs more than 27.6",
        softmax(SHARES.format("", 0)): "The softmax runs over the examples",
        softmax(SHARES.format(" - Z.max()", 0)): "The softmax runs over the examples",
        softmax(SHARES.format(" - Z.max(axis=0)", 0)): "The softmax runs over the examples",
        softmax(SHARES.format(OWN, 0)): "The sum runs over the examples",
        softmax(RIGHT, gradient="G[rows, y] = -1"): "You put -1 in the place of the probability",
        softmax(RIGHT, gradient="G[y] -= 1"): "you subtract 1 from whole rows",
        softmax(RIGHT, gradient="G[:, y] -= 1"): "you subtract 1 from the classes in y",
        softmax(RIGHT, out="G / n, L"): "The order is: the loss, its gradient",
        softmax(RIGHT, out="-np.log(P[rows, y]), G"): "Return the mean over the examples",
    },
    "numgrad": {
        differences(
            "w[i] += h; up = f(w); w[i] -= 2 * h; out.append((up - f(w)) / (2 * h))"
        ): "You do not put your copy of w back",
        differences("return [(f(w + e) - f(w - e)) / (2 * h)]"): "There is only the first",
        differences("out = (f(w + e) - f(w - e)) / (2 * h)"): "There is only the last",
        "def g(f, w, h): return (f(w + h) - f(w - h)) / (2 * h)": "and return one number",
    },
    "best_constant": {
        constant("np.sort(y)[int(tau * len(y)) - 1]"): "one place too low: int rounds down",
        constant(
            "np.sort(y)[int(np.ceil(tau * len(y)))]"
        ): "For the pinball loss you are one place",
    },
    "gd": {
        descent("path.append(w - lr * grad(w))"): "Every step starts at w0",
        descent("w = w - lr * grad(w)\n path.append(w)"): "Only the start and the last place",
        descent("w = w - lr * grad(w); path.append(w); return np.array(path)"): "does the return",
        "def f(grad, w, lr, steps):\n path = np.zeros((steps + 1, len(w)))\n"
        " for k in range(steps):\n  path[k] = w\n  w = w - lr * grad(w)\n"
        " return path": "The last row is empty",
    },
    "optimal_lr_and_rate": {
        bowl(
            "linalg.eigvalsh(H)", "2 / (e[-1] + e[0]), k - 1 / k + 1"
        ): "in your rate the brackets are",
        bowl("sort(np.diag(H))", "2 / (e[-1] + e[0]), (k - 1) / (k + 1)"): "You read the diagonal",
    },
    "iterations_needed": {
        "def f(k, t): return np.ceil(np.log(t) / np.log(k - 1 / k + 1))": "the brackets are",
    },
    "backtracking": {
        search("lr = c * lr"): "You shrink by c",
        search("lr = tau * lr", "lr = tau * lr"): "You shrink before you have tried lr0",
    },
    "classify": {
        "def f(H, tol):\n e = np.linalg.eigvalsh(H)\n if (e > tol).all(): return 'minimum'\n"
        " return 'maximum' if (e < -tol).all() else 'saddle'": "neither minimum nor maximum",
    },
    "batch_grad": {
        "def f(X, y, w, i): return np.mean((X[i] @ w - y[i]) * X[i].T)": "over the weights as well",
    },
    "n_updates": {
        "def f(n, size, epochs, drop_last): return epochs * n // size": "You multiply first",
    },
    "polyak_average": {
        running("k + 1"): "you count k from the beginning",
        running("k - start"): "The share of the new row is too large",
    },
    "sgd": {
        steps(
            "  for _ in range(len(idx)): w = w - lr * slope(X[idx], y[idx], w)\n  path.append(w)"
        ): "the gradient of the whole batch once for each of its examples. A",
        steps(
            "  for i in idx:\n   w = w - lr * slope(X[idx], y[idx], w)\n   path.append(w)"
        ): "the gradient of the whole batch once for each of its examples, and note every place",
        steps(
            "  for i in idx:\n   w = w - lr * (X[i] @ w - y[i]) * X[i]\n   path.append(w)"
        ): "The path has a row for each example",
        steps(
            "  b = y[k : k + len(idx)]\n  k += len(idx)\n"
            "  w = w - lr * slope(X[idx], b, w)\n  path.append(w)"
        ): "The targets stay in their old order",
        steps(
            "  w = w - lr * slope(X[idx], y[: len(idx)], w)\n  path.append(w)"
        ): "their targets do not",
    },
    "momentum": {
        rule("beta * v - lr * (1 - beta) * g", "w + v"): "That is the average, with lr inside",
        rule("beta * v - lr * g", "w + lr * v"): "lr counts twice: once in the velocity, which",
        rule("beta * v + g", "w - lr * g - beta * v"): "multiplies the gradient alone",
        rule("beta * v + g", "w - lr * (g + v)"): "You add the gradient once more",
    },
    "nesterov": {
        rule("beta * v - lr * g", "w + v"): "That is plain momentum, with lr inside",
        rule("beta * v - lr * g", "w + beta * v"): "The fresh gradient is missing from the step",
        rule("beta * (v + g)", "w - lr * (g + beta * v)"): "You fade the new gradient too",
        rule("beta * v + g", "w - lr * (v + beta * g)"): "gradient and velocity are exchanged",
        rule(
            "beta * v + (1 - beta) * g", "w - lr * ((1 + beta) * v - beta * u)"
        ): "it is the average of the gradients that moves w",
        rule(
            "beta * v + (1 - beta) * g", "w - lr * (v + beta * (v - u))"
        ): "it is the average of the gradients that moves w",
        rule(
            "beta * v - lr * (1 - beta) * g", "w - beta * u + (1 + beta) * v"
        ): "That is the average, with lr inside",
    },
    "convert": {
        "def f(lr, beta, src, dst):\n if src == dst: return lr\n"
        " if dst == 'average': return lr / (1 - beta)\n"
        " return lr * (1 - beta)": "Between sum and inside nothing changes",
    },
    "heavy_ball_params": {
        best("(1 + beta) ** 2 / L"): "it stands where its root belongs",
        best("4 / L"): "your lr is 4 / L",
    },
    "spectral_radius": {
        "def f(lr, beta, lam):\n trace = 1 + beta - lr * lam\n inner = trace**2 - 4 * beta\n"
        " if inner < 0: return np.sqrt(beta)\n"
        " return (trace + np.sqrt(inner)) / 2": "Beyond the limit both roots are negative",
    },
    "nesterov_matrix": {
        matrix(
            "[1 - lr * lam * beta, -lr * beta**2], [lam, beta]"
        ): "the fresh gradient is missing",
        matrix("[1 - lr * (1 + beta), -lr * beta**2], [1, beta]"): "lam is missing from both rows",
        matrix("[1 - lr * lam * (1 + beta), -lr * beta**2], [beta, lam]"): "are exchanged",
    },
    "heavy_ball": {
        ball("w = w - lr * v; v = beta * v + grad(w); path.append(w)"): "The start stands twice",
        ball("path.append(w); v = beta * v + grad(w); w = w - lr * v"): "The start stands twice",
    },
    "tune": {
        tuned("V = np.where(np.isfinite(V), V, np.inf)", "T[i], V[i]"): "The order is: the rate,",
        tuned("V, T = np.nan_to_num(S).mean(1).T", "V[i], T[i]"): "np.nan_to_num makes 0 of NaN",
    },
    "good_band": {
        band("np.log10(rates[k] - rates[j])"): "You subtract the rates within the logarithm",
        band("np.log10(rates[k]) / np.log10(rates[j])"): "You divide the logarithms",
        band("k - j"): "You count the steps of the grid",
    },
    "unfair": {
        "def f(): return ['the seeds']": "Return three names",
        "def f(): return 3 * ['the seeds']": "Return three names",
        "def f(): return ['the seeds', 'the start', 'luck', 'the test']": "Return three names",
        "def f(): return 'the seeds'": "Return three names",
        "def f(): return ['the seeds', 'the start', 'luck']": "A name that is not in the list",
    },
    "forecast": {
        "def f(): return 4 * ['adam']": "Return 5 answers, one for each question; yours are 4.",
        "def f(): return ['nesterov', 'adam', 'neither', 'adam', 'over 15']": "Answer question 3 "
        "with 'adam', 'nesterov' or 'no clear difference'.",
    },
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
    "polynomial_decay": {
        f"def f(k, lr, steps, end, power): return {line}": says
        for line, says in {
            "max((lr - end) * (1 - k / steps) ** power + end, end)": "You cut off below end",
            "(lr - end) * (1 - k / steps) ** power + end": "goes on along the power",
            "max(lr * max(1 - k / steps, 0) ** power, end)": "go down to 0 and cut off below end",
        }.items()
    },
    "piecewise": {
        piece("return values[np.digitize(k, boundaries)]"): "At a boundary you have jumped already",
        piece("return values[sum(k < boundaries)]"): "You count the boundaries beyond k",
        piece(
            "i = 0",
            "while i < len(boundaries) and k >= boundaries[i]: i += 1",
            "return values[i]",
        ): "At a boundary you have jumped already",
    },
    "warmup_cosine": {
        warm(
            "k <= warmup: return lr * (k + 1) / (warmup + 1)", "min(k, steps) / steps"
        ): "After the top yours jumps",
        warm(
            "k < warmup: return lr * k / warmup", "min(k - warmup, steps) / steps"
        ): "The first update has a learning rate of 0",
        warm(
            "k < warmup: return lr * (k + 1) / (warmup + 1)", "(k - warmup) / steps"
        ): "climbs again after the end",
    },
    "lr_range_test": {
        range_test("np.linspace(low, high, steps)"): "Your rates rise by equal amounts",
        range_test(sign="+"): "You climb",
        range_test(lowest="np.argmin(losses)"): "Your lowest loss is NaN",
    },
    "l2_gradient": {
        f"def f(w, g, wd): return {{n: g[n] + {term} * (n[0] != 'b') for n in w}}": says
        for term, says in {
            "wd / 2 * sum(np.sum(x**2) for x in w.values())": "You add the whole penalty",
            "wd / 2 * np.sum(w[n] ** 2)": "You add the penalty, one number",
            "wd / 2 * w[n] ** 2": "You add the square",
        }.items()
    },
    "sgd_decay": {
        f"def f(w, g, *, lr, wd): return {line}": says
        for line, says in {
            "w - lr * (g + wd / 2 * w)": "Half of the decay is missing",
            "w - lr * (g + wd * np.abs(w))": "np.abs makes negative weights grow",
            "w - lr * g - wd * w": "wd without lr",
        }.items()
    },
    "adamw": {
        adamw(v="beta2 * v + (1 - beta2) * (g + wd * w) ** 2"): "The decay has gone into v alone",
        adamw(m="beta1 * m + (1 - beta1) * (g + wd * w)"): "The decay has gone into m",
    },
    "soft_threshold": {
        f"def f(w, amount): return {line}": says
        for line, says in {
            "w * (1 - amount)": "You multiply by 1 - amount, which is L2",
            "np.where(abs(w) <= amount, 0, w + amount * np.sign(w))": "move away from 0",
            "np.sign(w) * (abs(w) - amount)": "jump over 0",
        }.items()
    },
    "dropout": {
        dropout("return h * (mask >= p) / (1 - p)"): "In training the mask is missing",
        dropout("mask = mask >= p", "return h * mask / (1 - p), mask"): "the mask lacks the factor",
        dropout(
            "mask[mask < p] = 0", "return h * mask, mask"
        ): "is multiplied by its random number",
        dropout(
            "mask[mask < p] = 0", "mask /= 1 - p", "return h * mask, mask"
        ): "scaled up, and multiplied by its random number",
        dropout(
            "mask = (mask >= p) / (1 - p)", "return h * mask, mask", test="return h"
        ): "At test time the mask is missing",
        "def f(h, p, rng, train): return [0] * 7": "Return two arrays: the output and the mask",
        "def f(h, p, rng, train): return 'mask'": "Return two arrays: the output and the mask",
        "def f(h, p, rng, train): return h": "The mask is missing. Return two arrays",
    },
    "early_stop": {
        early_stop(end="if wait >= patience - 1: break"): "You stop one epoch early.",
        early_stop(
            worse="wait += 1\n   if wait >= patience - 1: break", end=""
        ): "You stop one epoch early:",
        early_stop(worse="if wait >= patience: break\n   wait += 1", end=""): "one epoch late",
        early_stop(end="if epoch - at > patience: break"): "one epoch late",
        early_stop(out="epoch, np.nanargmin(losses)"): "come after the stop",
        early_stop(out="epoch, losses.tolist().index(min(losses))"): "come after the stop",
        early_stop(out="epoch, np.argmin(losses)"): "among all, and np.argmin takes NaN",
        early_stop(out="epoch, np.nanargmin(losses[: epoch + 1])"): "must exceed min_delta",
        early_stop(out="len(losses) - 1, at"): "You return the last epoch of all",
        early_stop(end="if wait >= patience: return epoch + 1, at"): "Where it stops early, you",
        early_stop(best="losses[0]"): "before you have seen it",
        early_stop(best="0"): "Your best loss starts at 0",
        early_stop("abs(loss - best) > min_delta"): "abs lets a loss that is worse pass",
        early_stop("not loss >= best - min_delta"): "NaN counts as an improvement",
    },
    "clip_by_global_norm": {
        clip("np.sqrt(sum(np.sum(x**2) for x in g.values()))", "min(1, norm / limit)"): "upside",
        clip("np.sqrt(sum(np.mean(x**2) for x in g.values()))"): "You add up means of squares",
        clip("sum(np.linalg.norm(x) for x in g.values())"): "You add up the norms",
        clip("sum(np.sum(x**2) for x in g.values())"): "The root is missing",
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
