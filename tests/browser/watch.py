"""An open page, and what it did that no page may do."""

from contextlib import contextmanager


@contextmanager
def watched(browser, base):
    """Open an empty page and write down what it asks for elsewhere, misses, or complains of."""
    context = browser.new_context()
    page = context.new_page()
    complaints = []

    def on_request(request):
        if not request.url.startswith((base, "data:", "blob:")):
            complaints.append(f"asks for {request.url}")

    def on_response(response):
        if response.status >= 400:
            complaints.append(f"{response.status} {response.url}")

    def on_console(message):
        if message.type in ("error", "warning"):
            complaints.append(f"console: {message.text}")

    page.on("request", on_request)
    page.on("response", on_response)
    page.on("requestfailed", lambda request: complaints.append(f"failed: {request.url}"))
    page.on("console", on_console)
    page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
    yield page, complaints
    context.close()


FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


def settle(page):
    """Wait until formulas are set, explorables stand, sizes are seen, and nothing is loading."""
    page.wait_for_load_state("networkidle")
    page.evaluate("() => window.MathJax?.startup?.promise")
    page.wait_for_function(
        "() => [...document.querySelectorAll('.optilab-explorable')].every(e => e.children.length)"
    )
    page.evaluate(FRAMES)
