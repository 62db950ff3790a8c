"""Mistakes as learners write them, and a part of the sentence that names each."""


def path(step, hats="m_hat = m / (1 - b1**t)\n  v_hat = v / (1 - b2**t)"):
    """Return a path of Adam in which the rule is written out."""
    return (
        "def f(grad, w0, steps, lr, b1, b2, eps):\n w, m, v, path = w0, 0, 0, [w0]\n"
        " for t in range(1, steps + 1):\n  g = grad(w)\n"
        f"  m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g**2\n  {hats}\n"
        f"  w = {step}\n  path.append(w)\n return path"
    )


NATURAL = {
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
}
