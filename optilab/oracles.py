"""Oracles: ``oracle(w, *batch) -> (loss, gradient)``, the question that a step asks.

What changes the gradient wraps the oracle; what changes the step is a rule.
"""


def objective(model, loss):
    """Return the oracle ``(params, X, y) -> (value, gradients)`` of a model under a loss.

    Parameters
    ----------
    model : function ``(params, X) -> (prediction, back)``
    loss : function ``(prediction, y) -> (value, d value / d prediction)``
    """

    def oracle(params, X, y):
        prediction, back = model(params, X)
        value, dp = loss(prediction, y)
        return value, back(dp)

    return oracle
