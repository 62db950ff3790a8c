"""Every exercise solved in other ways than the reference, as students write them."""

STYLES = {
    "descend_once": [
        "def f(x, slope, lr): return x + (-slope) * lr",
        "def f(x, slope, lr):\n x -= lr * slope\n return x",
        "def f(x, slope, lr): return np.float32(x) - np.float32(lr) * np.float32(slope)",
    ],
    "slope": [
        "def f(f, x, h): return 0.5 * (f(x + h) / h - f(x - h) / h)",
        "def g(f, x, h):\n"
        " left, right = (f(x) - f(x - h)) / h, (f(x + h) - f(x)) / h\n return (left + right) / 2",
        "def g(f, x, h):\n low, high = f(x - h), f(x + h)\n return -(low - high) / h / 2",
    ],
    "bowl_heights": [
        "def f(a, b, xs, ys): return [[0.5 * (a * x * x + b * y * y) for x in xs] for y in ys]",
        "def f(a, b, xs, ys): return a / 2 * xs**2 + b / 2 * ys[:, None] ** 2",
        "def f(a, b, xs, ys):\n"
        " Z = np.zeros((len(ys), len(xs)))\n"
        " for i in range(len(ys)):\n"
        "  for j in range(len(xs)): Z[i, j] = (a * xs[j] ** 2 + b * ys[i] ** 2) / 2\n return Z",
    ],
    "predict_slopes": [
        "def f(): return [7, 6, 6.1, 4, 3.01]",
        "def f(): return np.array([16 - 9, (16 - 4) / 2, 6.1, 8 / 2, (1.331 - 0.729) / 0.2])",
    ],
    "lowest": [
        "def f(f, xs): return xs[np.argmin([f(x) for x in xs])]",
        "def g(f, xs): return min(xs, key=f)",
        "def g(f, xs):\n"
        " height, place = np.inf, None\n"
        " for x in xs:\n  if f(x) < height: height, place = f(x), x\n return place",
    ],
    "errors": [
        "def f(p, y):\n"
        " r = np.reshape(p, y.shape) - y\n"
        " return [abs(r).mean(), r @ r / len(r), np.linalg.norm(r) / len(r) ** 0.5]",
        "def f(p, y):\n"
        " r = [float(a) - b for a, b in zip(np.array(p).flatten(), y)]\n"
        " mse = sum(e * e for e in r) / len(r)\n"
        " return np.array([sum(map(abs, r)) / len(r), mse, mse**0.5])",
    ],
    "squared_grad": [
        "def f(X, y, w): return -(y - X @ w) @ X / len(X)",
        "def f(X, y, w): return np.mean([(a @ w - b) * a for a, b in zip(X, y)], axis=0)",
        "def f(X, y, w): return (X.T @ X @ w - X.T @ y) / y.size",
    ],
    "huber": [
        "def f(r, delta):\n"
        " slope = np.clip(r, -delta, delta)\n return slope * (r - slope / 2), slope",
        "def f(r, delta):\n"
        " near, far = np.minimum(abs(r), delta), np.maximum(abs(r) - delta, 0)\n"
        " return [near**2 / 2 + delta * far, near * np.sign(r)]",
    ],
    "bce_with_logits": [
        "def f(z, y):\n"
        " value = y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)\n"
        " return value, (1 + np.tanh(z / 2)) / 2 - y",
        "def f(z, y):\n"
        " m = np.where(y == 1, z, -z)\n"
        " value = np.where(m > 0, np.log1p(np.exp(-m)), -m + np.log1p(np.exp(m)))\n"
        " return [value, 1 / (1 + np.exp(-z)) - y]",
    ],
    "softmax_ce": [
        "def f(Z, y):\n"
        " top = Z.max(1)[:, None]\n E = np.exp(Z - top)\n P = E / E.sum(1)[:, None]\n"
        " right = np.eye(Z.shape[1])[y]\n"
        " loss = np.mean(np.log(E.sum(1)) + top[:, 0] - Z[range(len(y)), y])\n"
        " return loss, (P - right) / len(Z)",
        "def f(Z, y):\n"
        " lse = np.logaddexp.reduce(Z, axis=1)\n"
        " dZ = np.exp(Z - lse[:, None])\n dZ[np.arange(len(Z)), y] -= 1\n"
        " return (lse - np.take_along_axis(Z, y[:, None], 1)[:, 0]).mean(), dZ / len(Z)",
    ],
    "numgrad": [
        "def f(f, w, h): return [(f(w + e) - f(w - e)) / 2 / h for e in h * np.eye(w.size)]",
        "def g(f, w, h):\n"
        " out, w = np.empty_like(w), w.copy()\n"
        " for i in range(w.size):\n"
        "  old = w[i]\n  w[i] = old + h\n  up = f(w)\n  w[i] = old - h\n"
        "  out[i] = (up - f(w)) / (2 * h)\n  w[i] = old\n"
        " return out",
    ],
    "best_constant": [
        "def f(y, loss, tau):\n"
        " if loss == 'squared': return sum(y) / len(y)\n"
        " if loss == 'absolute': return np.median(y)\n"
        " return np.quantile(y, tau, method='inverted_cdf')",
        "def f(y, loss, tau):\n"
        " if loss == 'squared': return y.mean()\n"
        " tau = tau if loss == 'pinball' else 0.5\n"
        " price = [np.maximum(tau * (y - c), (tau - 1) * (y - c)).mean() for c in y]\n"
        " return y[np.argmin(price)]",
    ],
    "cross_entropy": [
        "def f(Z, y):\n"
        " return np.mean([np.log(np.exp(row).sum()) - row[k] for row, k in zip(Z, y)])",
        "def f(Z, y):\n"
        " Z = Z - Z.max(axis=-1)[:, None]\n P = np.exp(Z).T / np.exp(Z).sum(axis=-1)\n"
        " return -np.sum(np.eye(len(P))[y] * np.log(P.T)) / len(y)",
    ],
    "loss_predictions": [
        "def f(): return [2.3, 0.7, 40, 3, 20]",
        "def f(): return np.array([-np.log(0.1), -np.log(0.5), 40, 3.0, 100 / 5])",
    ],
    "gd_step": [
        "def gd_step(w, g, lr): return w + -lr * g",
        "def gd_step(a, b, c): return np.subtract(a, np.multiply(b, c))",
        "def gd_step(w, g, lr): return (w - lr * g).tolist()",
        "def gd_step(w, g, lr): return np.float32(w) - np.float32(lr) * np.float32(g)",
        "def gd_step(w, g, lr):\n w = w.copy()\n w -= lr * g\n return w",
        "def gd_step(*args):\n w, g, lr = args\n return lr * (w / lr - g)",
    ],
    "gd": [
        "def gd(grad, w0, lr, steps):\n"
        " path = np.empty((steps + 1, w0.size))\n path[0] = w0\n"
        " for k in range(steps): path[k + 1] = path[k] - lr * grad(path[k])\n return path",
        "def gd(grad, w0, lr, steps):\n"
        " w, path = w0.copy(), [w0.tolist()]\n"
        " while len(path) <= steps:\n  w -= lr * grad(w)\n  path.append(list(w))\n return path",
        "def gd(grad, w0, lr, steps):\n"
        " w, path = w0.astype('f'), [w0]\n"
        " for _ in range(steps):\n  w = w - np.float32(lr) * grad(w).astype('f')\n"
        "  path = np.vstack([path, w])\n return path.astype('f')",
        "def gd(grad, w0, lr, steps):\n"
        " if steps == 0: return w0[None]\n"
        " return np.r_[w0[None], gd(grad, w0 - lr * grad(w0), lr, steps - 1)]",
    ],
    "max_stable_lr": [
        "def max_stable_lr(H): return 2 / np.linalg.norm(H, 2)",
        "def max_stable_lr(H): return 2 * min(1 / np.linalg.eigvals(H).real)",
        "def max_stable_lr(H): return np.float32(2 / np.linalg.svd(H)[1][0])",
    ],
    "optimal_lr_and_rate": [
        "def f(H):\n e = np.linalg.eigvals(H)\n k = e.max() / e.min()\n"
        " return [2 / (e.max() + e.min()), (k - 1) / (k + 1)]",
        "def f(H):\n e = np.linalg.eigvalsh(H)\n lr = 2 / (e[0] + e[-1])\n"
        " return np.array([lr, 1 - lr * e[0]])",
    ],
    "iterations_needed": [
        "def f(kappa, tol):\n k, left = 0, 1.0\n while left > tol:\n"
        "  left *= (kappa - 1) / (kappa + 1)\n  k += 1\n return k",
        "def f(k, tol): return np.ceil(np.log10(1 / tol) / np.log10((k + 1) / (k - 1)))",
        "def f(kappa, tol): return int(np.log(tol) / np.log(1 - 2 / (kappa + 1))) + 1",
    ],
    "backtracking": [
        "def f(f, grad, w, lr0, c, tau):\n"
        " f0, g = f(w), grad(w)\n promise = c * np.linalg.norm(g) ** 2\n lr = lr0\n"
        " while not f(w - lr * g) <= f0 - lr * promise: lr *= tau\n return float(lr)",
        "def f(f, grad, w, lr0, c, tau):\n"
        " for lr in lr0 * tau ** np.arange(100):\n"
        "  d = -grad(w)\n"
        "  if f(w + lr * d) <= f(w) + c * lr * grad(w) @ d: return lr",
    ],
    "classify": [
        "def f(H, tol):\n"
        " signs = {0 if abs(e) <= tol else np.sign(e) for e in np.linalg.eigvals(H)}\n"
        " if {1, -1} <= signs: return 'saddle'\n"
        " return 'degenerate' if 0 in signs else 'minimum' if 1 in signs else 'maximum'",
        "def f(H, tol):\n"
        " e = np.linalg.eigvalsh(H)\n"
        " return np.select([e[0] * e[-1] < 0 and min(-e[0], e[-1]) > tol, min(abs(e)) <= tol, "
        "e[0] > 0], ['saddle', 'degenerate', 'minimum'], 'maximum')",
    ],
    "predictions": [
        "def predictions(): return [0.3, 2e-5, 3e-5, 1, 10_000]",
        "def predictions(): return tuple(np.exp(100 * np.log([0.99, 0.9, 0.9, 1, 1.1])))",
    ],
    "gd_until": [
        "def f(grad, w0, lr, tol, max_steps):\n"
        " path = [w0]\n"
        " for _ in range(max_steps):\n"
        "  if sum(grad(path[-1]) ** 2) ** 0.5 <= tol: break\n"
        "  path += [path[-1] - lr * grad(path[-1])]\n return path",
    ],
    "minibatches": [
        "def f(n, size, epochs, rng):\n"
        " for _ in range(epochs):\n"
        "  order = np.arange(n)\n  rng.shuffle(order)\n"
        "  yield from np.split(order, range(size, n, size))",
        "def f(n, size, epochs, rng):\n"
        " out = []\n"
        " for _ in range(epochs):\n"
        "  left = rng.random(n).argsort().tolist()\n"
        "  while left:\n   out.append(left[:size])\n   left = left[size:]\n"
        " return tuple(out)",
    ],
    "batch_grad": [
        "def f(X, y, w, idx): return np.mean([(X[i] @ w - y[i]) * X[i] for i in idx], axis=0)",
        "def f(X, y, w, idx): return -(y[idx] - w @ X[idx].T) @ X[idx] / np.size(idx)",
    ],
    "sgd": [
        "def f(X, y, w0, lr, batches):\n"
        " path = [w0]\n"
        " for b in batches:\n"
        "  path += [path[-1] - lr * (X[b].T @ (X[b] @ path[-1] - y[b]) / len(b))]\n return path",
        "def f(X, y, w0, lr, batches):\n"
        " path = np.zeros((len(batches) + 1, len(w0)))\n path[0] = w0\n"
        " for k, b in enumerate(batches):\n"
        "  path[k + 1] = path[k] - lr * np.mean((X[b] @ path[k] - y[b])[:, None] * X[b], axis=0)\n"
        " return path",
    ],
    "grad_variance": [
        "def f(X, y, w, size, replace, reps, rng):\n"
        " full, far = X.T @ (X @ w - y) / len(y), 0\n"
        " for _ in range(reps):\n"
        "  i = rng.choice(len(y), size, replace=replace)\n"
        "  far += sum((X[i].T @ (X[i] @ w - y[i]) / size - full) ** 2) / reps\n return far",
        "def f(X, y, w, size, replace, reps, rng):\n"
        " G = (X @ w - y)[:, None] * X\n"
        " draw = lambda: rng.integers(len(y), size=size) if replace else rng.permutation(len(y))\n"
        " g = np.array([G[draw()[:size]].mean(0) for _ in range(reps)])\n"
        " return g.var(axis=0, ddof=1).sum()",
    ],
    "noise_floor": [
        "def f(lr, lam, sigma): return (lr * sigma) ** 2 / (1 - (1 - lr * lam) ** 2)",
        "def f(lr, lam, sigma):\n"
        " m = 0\n for _ in range(5000): m = (1 - lr * lam) ** 2 * m + (lr * sigma) ** 2\n return m",
    ],
    "n_updates": [
        "def f(n, size, epochs, drop_last):\n"
        " return epochs * int((np.floor if drop_last else np.ceil)(n / size))",
        "def f(n, size, epochs, drop_last):\n"
        " lengths = [len(range(n)[i:i + size]) for i in range(0, n, size)]\n"
        " return epochs * sum(b == size or not drop_last for b in lengths)",
    ],
    "robbins_monro": [
        "def f(power): return [not power > 1, power > 0.5]",
        "def f(p): return np.array([p <= 1, p * 2 > 1], int)",
    ],
    "polyak_average": [
        "def f(path, start):\n"
        " return [path[start:k].mean(0) for k in range(start + 1, len(path) + 1)]",
        "def f(path, start):\n"
        " mean, out = 0, []\n"
        " for t, w in enumerate(path[start:], 1):\n"
        "  mean = mean + (w - mean) / t\n  out.append(mean)\n return np.array(out)",
    ],
    "floor_predictions": [
        "def f(): return [1 / 40, 0.05, 0.005, 0.1, 2]",
        "def f(): return np.array([0.0256, 0.0526, 0.00526, 0.1, 1.9])",
    ],
    "epoch": [
        "def f(X, y, w, lr, size, order):\n"
        " for i in range(0, len(y), size):\n"
        "  b = order[i:i + size]\n"
        "  w = w - lr * X[b].T @ (X[b] @ w - y[b]) / len(b)\n return w",
        "def f(X, y, w, lr, size, order):\n"
        " w = w.copy()\n"
        " for b in np.split(order, range(size, len(y), size)):\n"
        "  w -= lr * np.mean((X[b] @ w - y[b])[:, None] * X[b], axis=0)\n return w",
    ],
    "momentum": [
        "def f(w, g, v=0.0, *, lr, beta):\n v = g + v * beta\n return [-lr * v + w, v]",
        "def f(a, b, c=0.0, **by):\n c = np.array(c) * by['beta']\n c += b\n"
        " return np.subtract(a, np.multiply(by['lr'], c)), c",
        "def f(w, g, v=0.0, *, lr, beta):\n"
        " w, g, v, lr, beta = map(np.float32, (w, g, v, lr, beta))\n"
        " return w - lr * beta * v - lr * g, beta * v + g",
    ],
    "nesterov": [
        "def f(w, g, v=0.0, *, lr, beta):\n"
        " old, v = v, beta * v + g\n return w - lr * ((1 + beta) * v - beta * old), v",
        "def f(w, g, v=0.0, *, lr, beta):\n"
        " theta = w + lr * beta * v\n v = beta * v + g\n theta = theta - lr * v\n"
        " return theta - lr * beta * v, v",
    ],
    "convert": [
        "def f(lr, beta, src, dst):\n"
        " power = (src == 'average') - (dst == 'average')\n return lr * (1 - beta) ** power",
        "def f(lr, beta, src, dst):\n"
        " unit = {'sum': 1, 'inside': 1, 'average': 1 / (1 - beta)}\n"
        " return lr * unit[dst] / unit[src]",
    ],
    "heavy_ball_params": [
        "def f(mu, L):\n k = (L / mu) ** 0.5\n beta = ((k - 1) / (k + 1)) ** 2\n"
        " return [(1 + beta**0.5) ** 2 / L, beta]",
        "def f(mu, L):\n lr = 4 / (mu + L + 2 * np.sqrt(mu * L))\n"
        " return np.array([lr, (1 - np.sqrt(lr * mu)) ** 2])",
    ],
    "spectral_radius": [
        "def f(lr, beta, lam): return max(abs(np.roots([1, lr * lam - 1 - beta, beta])))",
        "def f(lr, beta, lam):\n b = 1 + beta - lr * lam\n d = b * b - 4 * beta\n"
        " return beta**0.5 if d < 0 else (abs(b) + d**0.5) / 2",
    ],
    "half_life": [
        "def f(beta): return 1 / np.log2(1 / beta)",
        "def f(beta): return np.emath.logn(beta, 0.5)",
    ],
    "effective_lr": [
        "def f(lr, beta): return lr * sum(beta**i for i in range(2000))",
        "def f(lr, beta): return np.float32(lr) / np.float32(1 - beta)",
    ],
    "nesterov_matrix": [
        "def f(lr, beta, lam):\n def step(w, v):\n  v = beta * v + lam * w\n"
        "  return w - lr * (lam * w + beta * v), v\n"
        " return np.column_stack([step(1, 0), step(0, 1)])",
        "def f(lr, beta, lam):\n a = lr * lam\n"
        " return ((1 - a - beta * a, -lr * beta**2), (lam, beta))",
    ],
    "heavy_ball": [
        "def f(grad, w0, lr, beta, steps):\n"
        " w, v, path = w0.copy(), np.zeros_like(w0), [w0.copy()]\n"
        " for _ in range(steps):\n  v *= beta\n  v += (1 - beta) * grad(w)\n"
        "  w -= lr / (1 - beta) * v\n  path.append(w.copy())\n return path",
        "def f(grad, w0, lr, beta, steps):\n path = [w0, w0 - lr * grad(w0)]\n"
        " while len(path) <= steps:\n  w, old = path[-1], path[-2]\n"
        "  path.append(w - lr * grad(w) + beta * (w - old))\n return path",
    ],
    "predict_momentum": [
        "def f(): return [1e-30, 0.005, 0.005, 0.6, 4e17]",
        "def f(): return (0.5**100, 0.9**50, 0.9**50, 0.99**50, 1.5**100)",
        "def f(): return 7.9e-31, 2.9e-3, 1.1e-2, 0.55, 1.1e18",
    ],
    "adagrad": [
        "def f(w, g, s=0.0, *, lr, eps):\n s = s + g * g\n return [w - lr / (s**0.5 + eps) * g, s]",
        "def f(w, g, s=0.0, **by):\n"
        " total = np.square(g)\n total = total + s\n"
        " return np.subtract(w, by['lr'] * g / (by['eps'] + np.sqrt(total))), total",
        "def f(w, g, s=0.0, *, lr, eps):\n"
        " w, g, s, lr, eps = map(np.float32, (w, g, s, lr, eps))\n"
        " return w + -lr * g / (np.hypot(np.sqrt(s), g) + eps), s + g**2",
    ],
    "rmsprop": [
        "def f(w, g, v=0.0, *, lr, beta, eps):\n"
        " v = v + (1 - beta) * (g**2 - v)\n return w - lr * (g / (eps + v**0.5)), v",
        "def f(w, g, v=0.0, *, lr, beta, eps):\n"
        " new = np.array(v) * beta\n new = new - (beta - 1) * g * g\n"
        " return (w - lr * g / (np.sqrt(new) + eps)).tolist(), new.tolist()",
        "def f(w, g, v=None, *, lr, beta, eps):\n"
        " v = g**2 if v is None else beta * v + (1 - beta) * g**2\n"
        " return w - lr * g / (np.sqrt(v) + eps), v",
        "def f(w, g, v=0.0, *, lr, beta, eps):\n"
        " if np.all(v == 0): v = g**2\n"
        " v = beta * v + (1 - beta) * g**2\n return w - lr * g / (np.sqrt(v) + eps), v",
    ],
    "adadelta": [
        "def f(w, g, v=0.0, u=0.0, *, beta, eps):\n"
        " rms = lambda x: np.sqrt(x + eps)\n"
        " new = beta * v + (1 - beta) * g * g\n step = -rms(u) / rms(new) * g\n"
        " return w + step, new, beta * u + (1 - beta) * step**2",
        "def f(w, g, v=0.0, u=0.0, *, beta, eps):\n"
        " v = v + (1 - beta) * (g**2 - v)\n square = g**2 * (u + eps) / (v + eps)\n"
        " return w - np.sign(g) * np.sqrt(square), v, u + (1 - beta) * (square - u)",
    ],
    "adam": [
        "def f(w, g, m=0.0, v=0.0, t=1, *, lr, beta1, beta2, eps):\n"
        " m = m + (1 - beta1) * (g - m)\n v = v + (1 - beta2) * (g * g - v)\n"
        " return [w - lr * (m / (1 - beta1**t)) / (eps + (v / (1 - beta2**t)) ** 0.5), m, v]",
        "def f(w, g, m=0.0, v=0.0, t=1, **by):\n"
        " (b1, b2), root = (by['beta1'], by['beta2']), np.sqrt(1 - by['beta2'] ** t)\n"
        " m, v = b1 * m + g - b1 * g, b2 * v + (1 - b2) * np.abs(g) ** 2\n"
        " step = by['lr'] * root / (1 - b1**t) * m / (np.sqrt(v) + by['eps'] * root)\n"
        " return w - step, m, v",
        "def f(w, g, m=0.0, v=0.0, t=1, *, lr, beta1, beta2, eps):\n"
        " w, g, m, v = (np.array(x, 'f') for x in (w, g, m, v))\n"
        " m, v = m.copy(), v.copy()\n"
        " m *= np.float32(beta1)\n m = m + np.float32(1 - beta1) * g\n"
        " v *= np.float32(beta2)\n v = v + np.float32(1 - beta2) * g**2\n"
        " root = np.sqrt(v / np.float32(1 - beta2**t))\n"
        " return w - np.float32(lr / (1 - beta1**t)) * m / (root + np.float32(eps)), m, v",
    ],
    "adam_path": [
        "def f(grad, w0, steps, lr, beta1, beta2, eps):\n"
        " path, m, v = np.empty((steps + 1, len(w0))), np.zeros_like(w0), np.zeros_like(w0)\n"
        " path[0] = w0\n"
        " for k in range(steps):\n"
        "  g, t = grad(path[k]), k + 1\n"
        "  m = beta1 * m + (1 - beta1) * g\n  v = beta2 * v + (1 - beta2) * g**2\n"
        "  top, bottom = m / (1 - beta1**t), np.sqrt(v / (1 - beta2**t)) + eps\n"
        "  path[k + 1] = path[k] - lr * top / bottom\n"
        " return path",
        "def f(grad, w0, steps, lr, beta1, beta2, eps):\n"
        " w, m, v, t, path = w0.copy(), 0, 0, 0, [w0.tolist()]\n"
        " while t < steps:\n"
        "  t += 1\n  g = grad(w)\n"
        "  m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g\n"
        "  w -= lr * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps)\n"
        "  path.append(w.tolist())\n"
        " return path",
        "def f(grad, w0, steps, lr, beta1, beta2, eps):\n"
        " w, m, v, path = w0, 0, 0, [w0]\n"
        " for t in range(1, steps + 1):\n"
        "  g, rate = grad(w), lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)\n"
        "  m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2\n"
        "  w = w - rate * m / (np.sqrt(v) + eps)\n  path.append(w)\n"
        " return path",
    ],
    "amsgrad": [
        "def f(w, g, m=0.0, v=0.0, v_max=0.0, t=1, *, lr, beta1, beta2, eps):\n"
        " m, v = m + (1 - beta1) * (g - m), v + (1 - beta2) * (g * g - v)\n"
        " v_max = np.where(v > v_max, v, v_max)\n"
        " root = np.sqrt(v_max) / np.sqrt(1 - beta2**t)\n"
        " return w - lr / (1 - beta1**t) * m / (root + eps), m, v, v_max",
        "def f(w, g, m=0.0, v=0.0, v_max=0.0, t=1, *, lr, beta1, beta2, eps):\n"
        " m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2\n"
        " v_max = np.max([v_max + 0 * v, v], axis=0)\n"
        " hat = m / (1 - beta1**t), v_max / (1 - beta2**t)\n"
        " return [w - lr * hat[0] / (hat[1] ** 0.5 + eps), m, v, v_max]",
    ],
    "corrected_means": [
        "def f(xs, beta):\n"
        " ages = [beta ** np.arange(t)[::-1] for t in range(1, len(xs) + 1)]\n"
        " return [np.average(xs[: len(a)], weights=a) for a in ages]",
        "def f(xs, beta):\n"
        " m, left, out = 0, 1, []\n"
        " for x in xs:\n"
        "  m, left = beta * m + x, left * beta\n  out += [m * (1 - beta) / (1 - left)]\n"
        " return out",
    ],
    "first_steps": [
        "def f(g, lr, beta1, beta2, eps):\n"
        " v, share = g * g, 1 - beta2\n"
        " top = -lr * g * np.array([1, 1, 1, 1 - beta1])\n"
        " return top / (np.sqrt([v, share * v, v, share * v]) + eps)",
        "def f(g, lr, beta1, beta2, eps):\n"
        " full = -lr * np.sign(g) / (1 + eps / abs(g))\n"
        " late = lr / ((1 - beta2) ** 0.5 + eps / abs(g)) * (-1 if g > 0 else 1)\n"
        " return full, late, full, late - beta1 * late",
    ],
    "name_the_bugs": [
        "def f(): return 't starts at 2', 'stored back', 'eps inside'",
        "def f(): return np.array(['t starts at 2', 'stored back', 'eps inside'])",
    ],
    "state_floats": [
        "def f(method, n):\n"
        " if method == 'gd': return 0\n"
        " each = 1\n"
        " if method.startswith('a') and method != 'adagrad': each += 1\n"
        " if method == 'amsgrad': each += 1\n"
        " return each * n",
        "def f(method, n):\n"
        " kept = dict(gd='', adadelta='vu', adam='mv', amsgrad='mvV')\n"
        " return n * len(kept.get(method, 'v'))",
        "def f(method, n):\n"
        " slots = {'gd': [], 'adadelta': [0, 0], 'adam': [0, 0], 'amsgrad': [0, 0, 0]}\n"
        " return sum(np.zeros(n).size for _ in slots.get(method, [0]))",
    ],
    "predict_steps": [
        "def f(): return 1, 0.1, 10, 1, 1, 0.5, 0.05",
        "def f(): return np.array([1, 1 / 10, 1 / 0.1, 1, 1, 1 / 2, 0.01 / 0.19])",
        "def f(): return [1.05, 0.1, 9.5, 1, 1, 0.5, 0.0526]",
    ],
    "exponential_decay": [
        "def f(k, lr, steps, rate, staircase):\n"
        " periods = k // steps if staircase else k / steps\n"
        " return np.exp(np.log(lr) + periods * np.log(rate))",
        "def f(k, lr, steps, rate, staircase):\n"
        " if not staircase: return lr * (rate ** (1 / steps)) ** k\n"
        " for _ in range(int(k / steps)): lr *= rate\n"
        " return lr",
    ],
    "inverse_time": [
        "def f(k, lr, steps, rate): return lr * steps / (steps + rate * k)",
        "def f(k, lr, steps, rate): return np.array([1 / (1 / lr + rate / lr * k / steps)])[0]",
    ],
    "polynomial_decay": [
        "def f(k, lr, steps, end, power):\n"
        " if k >= steps: return end\n"
        " part = (1 - k / steps) ** power\n return lr * part + end * (1 - part)",
        "def f(k, lr, steps, end, power):\n"
        " k = np.clip(k, 0, steps)\n return (lr - end) * ((steps - k) / steps) ** power + end",
        "def f(k, lr, steps, end, power):\n"
        " return np.interp(max(steps - k, 0) / steps, [0, 1], [0, 1]) ** power * (lr - end) + end",
    ],
    "piecewise": [
        "def f(k, boundaries, values):\n"
        " for boundary, value in zip(boundaries, values):\n"
        "  if k <= boundary: return value\n"
        " return values[-1]",
        "def f(k, boundaries, values):\n"
        " i = 0\n while i < len(boundaries) and k > boundaries[i]: i += 1\n return values[i]",
        "def f(k, b, v): return v[0] + ((k > b) * np.diff(v)).sum()",
    ],
    "warmup_cosine": [
        "def f(k, lr, warmup, steps, end):\n"
        " if k >= warmup + steps: return end\n"
        " if k >= warmup:\n"
        "  return end + (lr - end) * np.cos(np.pi / 2 * (k - warmup) / steps) ** 2\n"
        " return np.linspace(0, lr, warmup + 2)[k + 1]",
        "def f(k, lr, warmup, steps, end):\n"
        " x = np.clip((k - warmup) / steps, 0, 1)\n"
        " down = (lr + end) / 2 + (lr - end) / 2 * np.cos(np.pi * x)\n"
        " return min((k + 1) / (warmup + 1), 1) * lr if k < warmup else down",
    ],
    "lr_range_test": [
        "def f(f, grad, w, low, high, steps):\n"
        " lr, first = low, f(w)\n best, fallen = (first, low), None\n"
        " for _ in range(steps):\n"
        "  loss = f(w)\n"
        "  if fallen is None and first - loss > first / 10: fallen = lr\n"
        "  if loss < best[0]: best = loss, lr\n"
        "  w = w - lr * grad(w)\n  lr *= (high / low) ** (1 / (steps - 1))\n"
        " return fallen, best[1]",
        "def f(f, grad, w, low, high, steps):\n"
        " rates, path = np.logspace(np.log10(low), np.log10(high), steps), [w]\n"
        " for lr in rates: path.append(path[-1] - lr * grad(path[-1]))\n"
        " losses = np.nan_to_num([f(w) for w in path[:-1]], nan=np.inf, posinf=np.inf)\n"
        " return [rates[losses < 0.9 * losses[0]][0], rates[losses.argmin()]]",
        "def f(f, grad, w, low, high, steps):\n"
        " rates, losses = low * np.exp(np.linspace(0, np.log(high / low), steps)), []\n"
        " for lr in rates:\n"
        "  loss = f(w)\n"
        "  if not np.isfinite(loss): break\n"
        "  losses.append(loss)\n  w = w - lr * grad(w)\n"
        " k = next(k for k, x in enumerate(losses) if x <= 0.9 * losses[0])\n"
        " return rates[k], rates[np.argmin(losses)]",
    ],
    "l2_gradient": [
        "def f(w, g, wd):\n"
        " out = {}\n"
        " for name in g:\n"
        "  out[name] = g[name].copy()\n"
        "  if name[0] != 'b': out[name] += wd * w[name]\n"
        " return out",
        "def f(w, g, wd):\n"
        " decay = {name: 0 if name.startswith('b') else wd for name in w}\n"
        " return {name: (g[name] + decay[name] * w[name]).tolist() for name in w}",
    ],
    "sgd_decay": [
        "def f(w, g, *, lr, wd): return w - lr * (g + wd * w)",
        "def f(w, g, *, lr, wd):\n w = np.array(w)\n w *= 1 - lr * wd\n w -= lr * g\n return w",
    ],
    "adamw": [
        "def f(w, g, m=0.0, v=0.0, t=1, *, lr, beta1, beta2, eps, wd):\n"
        " m = m + (1 - beta1) * (g - m)\n v = v + (1 - beta2) * (g * g - v)\n"
        " step = (m / (1 - beta1**t)) / ((v / (1 - beta2**t)) ** 0.5 + eps)\n"
        " return [w * (1 - lr * wd) - lr * step, m, v]",
        "def f(w, g, m=0.0, v=0.0, t=1, **s):\n"
        " m, v = s['beta1'] * m + g - s['beta1'] * g, s['beta2'] * v + (1 - s['beta2']) * g**2\n"
        " c1, c2 = 1 - s['beta1'] ** t, np.sqrt(1 - s['beta2'] ** t)\n"
        " decay = s['lr'] * s['wd'] * w\n"
        " w = w - s['lr'] * c2 / c1 * m / (np.sqrt(v) + s['eps'] * c2)\n return w - decay, m, v",
    ],
    "soft_threshold": [
        "def f(w, amount): return np.maximum(w - amount, 0) + np.minimum(w + amount, 0)",
        "def f(w, amount):\n"
        " out = np.zeros_like(w)\n"
        " out[w > amount] = w[w > amount] - amount\n"
        " out[w < -amount] = w[w < -amount] + amount\n return out",
        "def f(w, amount):\n return np.where(abs(w) <= amount, 0, w - amount * np.sign(w))",
    ],
    "prox_step": [
        "def f(w, g, lr, strength):\n"
        " u, a = w - lr * g, lr * strength\n return u - np.clip(u, -a, a)",
        "def f(w, g, lr, strength):\n"
        " u = w - lr * g\n"
        " return np.sign(u) * (abs(u) - lr * strength) * (abs(u) > lr * strength)",
    ],
    "dropout": [
        "def f(h, p, rng, train):\n"
        " if not train: return [h, 1.0]\n"
        " mask = rng.binomial(1, 1 - p, size=h.shape) / (1 - p)\n return [h * mask, mask]",
        "def f(h, p, rng, train):\n"
        " mask = np.full(h.shape, 1 / (1 - p) if train else 1.0)\n"
        " if train: mask[rng.uniform(size=h.shape) < p] = 0\n return np.multiply(mask, h), mask",
        "def f(h, p, rng, train):\n"
        " stay = 1 - p if train else 1\n"
        " mask = rng.choice([0, 1 / stay], h.shape, p=[1 - stay, stay])\n"
        " return mask * h, mask",
        "def f(h, p, rng, train):\n"
        " mask = (rng.random(h.shape) >= p) / (1 - p) if train else np.ones(h.shape)\n"
        " return np.array([mask * h, mask])",
    ],
    "early_stop": [
        "def f(losses, patience, min_delta):\n"
        " best = None\n"
        " for k in range(len(losses)):\n"
        "  if not np.isnan(losses[k]) and (best is None or losses[best] - losses[k] > min_delta):\n"
        "   best = k\n"
        "  since = k + 1 if best is None else k - best\n"
        "  if since == patience: return k, best or 0\n"
        " return len(losses) - 1, best or 0",
        "def f(losses, patience, min_delta):\n"
        " low, at, bad, k = float('inf'), 0, 0, -1\n"
        " while bad < patience and k + 1 < len(losses):\n"
        "  k += 1\n  bad += 1\n"
        "  if losses[k] + min_delta < low: low, at, bad = losses[k], k, 0\n"
        " return [k, at]",
    ],
    "clip_by_global_norm": [
        "def f(g, limit):\n"
        " norm = np.linalg.norm(np.concatenate([x.ravel() for x in g.values()]))\n"
        " if norm <= limit: return g\n"
        " return {name: limit * x / norm for name, x in g.items()}",
        "def f(g, limit):\n"
        " square = sum((x * x).sum() for x in g.values())\n"
        " scale = 1 / max(1, square**0.5 / limit)\n"
        " return dict(zip(g, [scale * x for x in g.values()]))",
    ],
    "train_decaying": [
        "def f(grad, w, lr, rate, steps, epochs, batches):\n"
        " w = w.copy()\n"
        " for epoch in range(epochs):\n"
        "  for i in range(batches):\n"
        "   w -= lr * rate ** ((epoch * batches + i) / steps) * grad(w)\n"
        " return w",
        "def f(grad, w, lr, rate, steps, epochs, batches):\n"
        " for _ in range(epochs * batches):\n"
        "  w = w - lr * grad(w)\n  lr *= rate ** (1 / steps)\n"
        " return w",
    ],
    "predict_decay": [
        "def f(): return [0.02, 0.19, 0.82, 0.98, 0.82, 0.82]",
        "def f(): return np.exp([-20, -2, -0.2, -0.02, -0.2, -0.2])",
        "def f(): return 0, 0.1, 0.8, 1, 0.8, 0.8",
    ],
    "tune": [
        "def f(train, rates, seeds):\n"
        " best = None\n"
        " for rate in rates:\n"
        "  pairs = [train(rate, seed) for seed in seeds]\n"
        "  validation = np.mean([v for v, _ in pairs])\n"
        "  test = sum(t for _, t in pairs) / len(seeds)\n"
        "  if np.isfinite(validation) and (best is None or validation < best[1]):\n"
        "   best = rate, validation, test\n"
        " return best",
        "def f(train, rates, seeds):\n"
        " V, T = np.zeros((2, len(rates), len(seeds)))\n"
        " for k, seed in enumerate(seeds):\n"
        "  for i in range(len(rates)): V[i, k], T[i, k] = train(rates[i], seed)\n"
        " V = np.nan_to_num(V, nan=1e9, posinf=1e9)\n"
        " i = np.argsort(V.mean(1))[0]\n"
        " return np.array([rates[i], V[i].mean(), T[i].mean()])",
    ],
    "beyond": [
        "def f(rates, scores):\n"
        " order = np.argsort(rates)\n"
        " i = np.nanargmin(np.array(scores)[order])\n"
        " return {0: 'smaller', len(rates) - 1: 'larger'}.get(i, 'stop')",
        "def f(rates, scores):\n"
        " pairs = sorted((s, r) for s, r in zip(scores, rates) if np.isfinite(s))\n"
        " best = pairs[0][1]\n"
        " if not any(r < best for r in rates): return 'smaller'\n"
        " return 'stop' if any(r > best for r in rates) else 'larger'",
    ],
    "good_band": [
        "def f(rates, scores, factor):\n"
        " best, bad = np.argmin(scores), np.flatnonzero(scores > factor * min(scores))\n"
        " low = max([k + 1 for k in bad if k < best], default=0)\n"
        " high = min([k - 1 for k in bad if k > best], default=len(rates) - 1)\n"
        " return np.log10(rates[high]) - np.log10(rates[low])",
        "def f(rates, scores, factor):\n"
        " i = int(np.argmin(scores))\n"
        " def far(step):\n"
        "  k = i\n"
        "  while 0 <= k + step < len(rates) and scores[k + step] / scores[i] <= factor: k += step\n"
        "  return rates[k]\n"
        " return np.log(far(1) / far(-1)) / np.log(10)",
    ],
    "paired_interval": [
        "def f(a, b, rng):\n"
        " means = [np.mean(rng.choice(a - b, len(a))) for _ in range(10_000)]\n"
        " return np.percentile(means, 2.5), np.percentile(means, 97.5)",
        "def f(a, b, rng):\n"
        " i = rng.integers(0, len(a), (len(a), 10_000))\n"
        " means = np.sort(a[i].mean(0) - b[i].mean(0))\n"
        " return [means[250], means[-251]]",
    ],
    "updates_for_budget": [
        "def f(gradients, settings, seeds, per_update):\n"
        " return int(gradients / settings / seeds / per_update + 1e-9)",
        "def f(gradients, settings, seeds, per_update):\n"
        " n = 0\n"
        " while (n + 1) * settings * seeds * per_update <= gradients: n += 1\n"
        " return n",
    ],
    "unfair": [
        "def f(): return {'the seeds', 'the test set chooses', 'the number of settings'}",
        "def f(): return ('the test set chooses', 'the seeds', 'the number of settings')",
    ],
    "forecast": [
        "def f():\n"
        " same = 'no clear difference'\n"
        " return np.array([same, 'adam', 'nesterov', same, 'over 15'])",
        "def f(): return ('no clear difference', 'adam', 'nesterov', 'no clear difference', "
        "'over 15')",
    ],
    "adam_on_digits": [
        "def f(): return [0.3, 4.0, 2.6]",
        "def f():\n"
        " from optilab.comparison import RATES, TASKS, column\n"
        " columns = [column(TASKS['digits'], 'adam', seed) for seed in (5, 6, 7)]\n"
        " v, t = (np.array([c[k] for c in columns]) for k in (1, 2))\n"
        " i = v.mean(0).argmin()\n"
        " return RATES[i], v.mean(0)[i], t.mean(0)[i]",
    ],
}
