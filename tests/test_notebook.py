"""What cells show: code without docstrings, and claims that the page can find."""

from optilab import gd, momentum, notebook
from optilab.notebook import claim, show, show_diff


def test_code_is_shown_as_it_stands():
    code = show(gd, momentum)
    assert code.data.startswith(
        "def gd(w, g, *, lr=0.1):\n    return w - lr * g\n\n\ndef momentum("
    )
    assert code.language == "python"


def test_a_rule_is_shown_as_its_difference():
    diff = show_diff(gd, momentum)
    assert "-     return w - lr * g\n" in diff.data
    assert "+     v = beta * v + g\n" in diff.data
    assert diff.language == "diff"


def test_a_claim_is_an_output_under_its_name(monkeypatch):
    shown = []
    monkeypatch.setattr(notebook, "display", lambda *data, **options: shown.append((data, options)))
    claim("rate", 1)
    (((data,), options),) = shown
    assert data == {"application/papermill.record/text/plain": "1.0"}
    assert options["metadata"]["scrapbook"]["name"] == "rate"
