"""The exercises in the browser: a learner without any installation works at one."""

import re

from playwright.sync_api import expect
from watch import watched

START = "exercises/02-gradient-descent/02-gradient-descent.html"
STEP, CHECK, PATH, PICTURE = 1, 2, 4, 7  # cells of code
CLIMB = "def gd_step(w, g, lr):\n    return w + lr * g"
DESCEND = CLIMB.replace("+", "-")
ENDLESS = "def gd_step(w, g, lr):\n    while True:\n        w = w - lr * g"
WALK = """\
def gd(grad, w0, lr, steps):
    path = [w0]
    for _ in range(steps):
        path.append(gd_step(path[-1], grad(path[-1]), lr))
    return np.array(path)"""


def test_a_learner_works_at_an_assignment(browser, base_with_lite):
    """One test, since Python takes long to start there."""
    with watched(browser, base_with_lite) as (page, complaints):
        page.goto(f"{base_with_lite}/{START}")
        page.get_by_role("link", name="Work it in the browser").click()
        page.wait_for_selector(".jp-CodeCell")
        notebook = Notebook(page)
        notebook.run(0)
        notebook.run(STEP)
        assert notebook.run(CHECK) == "gd_step: It is not written yet."

        notebook.run(STEP, CLIMB)
        assert "Your step is -1 times what it should be." in notebook.run(CHECK)
        assert notebook.cell(CHECK).locator("img").count() == 1
        notebook.run(STEP, f'{CLIMB}\n\ncheck("gd_step", gd_step, hint=2)')
        assert notebook.output(STEP).startswith("gd_step: You climb.")
        notebook.run(STEP, ENDLESS)
        assert notebook.run(CHECK).endswith("does a loop never end?")
        notebook.run(STEP, DESCEND)
        assert notebook.run(CHECK) == "gd_step: correct."

        notebook.run(PATH, WALK)
        assert notebook.run(PICTURE).endswith("It is the same as the package's.")
        picture = notebook.cell(PICTURE).locator(".jupyter-widgets img")
        before = picture.get_attribute("src")
        notebook.cell(PICTURE).locator(".noUi-handle").first.press("ArrowRight")
        expect(picture).not_to_have_attribute("src", before)
        assert page.locator("[data-mime-type='application/vnd.jupyter.stderr']").count() == 0

        with page.expect_popup() as popup:
            page.get_by_role("link", name="The update").first.click()
        assert popup.value.url == f"{base_with_lite}/book/02-gradient-descent.html#22-the-update"
        # JupyterLab warns on its console of itself.
        assert [said for said in complaints if not said.startswith("console: ")] == []


class Notebook:
    """The open notebook."""

    def __init__(self, page):
        self.page = page

    def cell(self, i):
        return self.page.locator(".jp-CodeCell").nth(i)

    def run(self, i, source=None):
        """Run a cell, with another source if there is one; return its output."""
        self.cell(i).locator(".cm-content").click()
        if source:
            self.page.keyboard.press("ControlOrMeta+a")
            self.page.keyboard.insert_text(source)
        prompt = self.cell(i).locator(".jp-InputPrompt")
        before = prompt.inner_text()
        self.page.keyboard.press("Shift+Enter")
        expect(prompt).not_to_have_text(before)
        expect(prompt).to_have_text(re.compile(r"\d"), timeout=300_000)  # [*]: while it runs
        return self.output(i)

    def output(self, i):
        return "\n".join(self.cell(i).locator(".jp-OutputArea-output").all_inner_texts()).strip()
