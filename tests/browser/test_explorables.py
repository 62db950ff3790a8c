"""The explorables in a real Chromium: they count as the package does, and answer the hand."""

import functools
import http.server
import re
import threading
from contextlib import contextmanager
from itertools import repeat

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from optilab import (
    data,
    descend,
    double_well,
    gd,
    losses,
    models,
    momentum,
    objective,
    quadratic,
    rosenbrock,
    run,
    saddle,
    schedules,
)
from optilab.oracles import with_noise
from optilab.widgets import Basins, Descent1D, Descent2D, LineFits, MomentumMap, NoisyDescent

PAGE = """<!doctype html>
<html lang="en" data-theme="{theme}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Explorables</title>
<link rel="icon" href="data:,">
<style>
  html {{ font: 16px/1.5 sans-serif; }}
  html[data-theme="dark"] {{ background: #14181e; color: #ced6dd; }}
</style>
<main><h1>Explorables</h1>{figures}</main>
"""


@pytest.fixture
def show(browser, tmp_path):
    """Return ``show(*figures)``: a tab with them, which may log nothing and ask for nothing."""
    contexts, troubles = [], []

    def note_request(request):
        if not re.match(r"data:|.*/page\.html$", request.url):
            troubles.append(request.url)

    def show(*figures, theme="light", address=None, **options):
        source = PAGE.format(theme=theme, figures="".join(map(as_html, figures)))
        (tmp_path / "page.html").write_text(source, "utf8")
        contexts.append(browser.new_context(**options))
        tab = contexts[-1].new_page()
        tab.on("pageerror", lambda error: troubles.append(str(error)))
        tab.on("console", lambda message: troubles.append(message.text))
        tab.on("request", note_request)
        tab.goto(f"{address or tmp_path.as_uri()}/page.html")
        return tab

    yield show
    for context in contexts:
        context.close()
    assert not troubles


def as_html(figure):
    data, _ = figure._repr_mimebundle_()
    return data["text/html"]


def module_of(figure):
    return re.search(r"data:text/javascript[^\"]+", as_html(figure))[0]


def settings_of(figure):
    return {name: getattr(figure, name) for name in figure.traits(figure=True)}


def typeset(text):
    return text.replace("-", "\N{MINUS SIGN}")


def sentence(tab):
    return tab.locator(".sentence")


def start(tab):
    return tab.get_by_role("slider", name="start")


def path(tab):
    """The points of the path, in the units of the drawing; of the map where it is on a map."""
    on_a_map, other = tab.locator("svg[role=group] .path"), tab.locator(".path")
    d = (on_a_map if on_a_map.count() else other).get_attribute("d")
    return [tuple(map(float, point.split())) for point in d.removeprefix("M").split("L")]


# What it computes


@pytest.mark.parametrize(
    "landscape, figures",
    [
        (quadratic((1,)), [Descent1D(0.3)]),
        (quadratic((2.9,)), [Descent1D(0.7, curvature=2.9, w0=1.37, steps=100)]),
        (quadratic((20,)), [Descent1D(0.11, curvature=20, steps=50)]),
        (quadratic((1, 10)), [Descent2D(), Descent2D(lr=0.3, steps=100)]),
        (quadratic((1, 777)), [Descent2D(kappa=777, lr=0.0025, w0=(0.3, -2), steps=1000)]),
        (saddle, [Descent2D("saddle"), Descent2D("saddle", w0=(2, 0), lr=1.1)]),
        (rosenbrock, [Descent2D("rosenbrock"), Descent2D("rosenbrock", w0=(2, -2), lr=2e-4)]),
        (rosenbrock, [Descent2D("rosenbrock", lr=1, steps=20)]),  # to infinity and to NaN
    ],
)
def test_the_page_counts_as_the_package_does(show, landscape, figures):
    tab = show()
    for figure in figures:
        expected = descend(gd, landscape, np.atleast_1d(figure.w0), figure.steps, lr=figure.lr)
        assert_counts(tab, figure, expected)


def test_the_page_counts_momentum_as_the_package_does(show):
    tab = show()
    for settings in [(0.3, 0.9), (1.0, 0.0), (3.9, 0.99), (4.2, 0.4), (0.25, 0.25)]:
        figure = MomentumMap(*settings, steps=100)
        hyper = dict(lr=figure.lr, beta=figure.beta)
        assert_counts(tab, figure, descend(momentum, quadratic((1,)), [1.0], 100, **hyper))


SCHEDULES = {
    "constant": lambda lr, length: schedules.constant(lr),
    "staircase": lambda lr, length: schedules.step_decay(lr, 0.1, length / 2),
    "exponential": lambda lr, length: schedules.exponential(lr, 0.01, length),
    "inverse time": lambda lr, length: schedules.inverse_time(lr, 99, length),
    "linear": lambda lr, length: schedules.polynomial(lr, length, end=lr / 100),
    "cosine": lambda lr, length: schedules.cosine(lr, length, end=lr / 100),
    "cosine with restarts": lambda lr, length: schedules.cosine_restarts(lr, length, end=lr / 100),
}


@pytest.mark.parametrize("name", SCHEDULES)
def test_the_page_follows_the_schedules_of_the_package(show, name):
    tab = show()
    classic = dict(lr=0.9, length=100, noise=1.0, curvature=[1.0])
    for settings in [{}, dict(lr=0.0123, length=290, warmup=70, noise=1.3), classic]:
        figure = NoisyDescent(name, **settings)
        found = counts(tab, figure)
        lr = SCHEDULES[name](figure.lr, figure.length)
        if figure.warmup:
            lr = schedules.linear_warmup(lr, figure.warmup)
        np.testing.assert_allclose(found["lr"], lr(np.arange(1001)), rtol=1e-12, atol=0)
        start = np.ones(len(figure.curvature))
        still = descend(gd, quadratic(figure.curvature), start, 1000, lr=lr)
        np.testing.assert_allclose(found["way"], still.loss, rtol=1e-9, atol=0)


def test_the_expected_loss_of_the_page_is_the_mean_of_many_walks(show):
    figure = NoisyDescent("exponential", length=600, warmup=50)
    lr = schedules.linear_warmup(schedules.exponential(figure.lr, 0.01, 600), 50)
    noisy = with_noise(quadratic((1, 100)), figure.noise, np.random.default_rng(0))
    loss = descend(gd, noisy, np.ones((20_000, 2)), 1000, lr=lr, record="loss").loss.mean(1)
    np.testing.assert_allclose(counts(show(), figure)["loss"], loss, rtol=0.05)


def test_the_page_counts_basins_as_the_package_does(show):
    tab, starts = show(), np.linspace(-2, 2, 201)
    for figure in Basins(0), Basins(0.9), Basins(0.96, w0=-1.7), Basins(0.99, w0=0.05):
        found = counts(tab, figure)
        for rule, hyper, lower, walk in [
            (gd, dict(lr=0.01), "plain", "still"),
            (momentum, dict(lr=0.01, beta=figure.beta), "ball", "w"),
        ]:
            ends = descend(rule, double_well, starts[:, None], 2500, record="last", **hyper).w[-1]
            np.testing.assert_array_equal(found[lower], ends[:, 0] < 0)
            path = descend(rule, double_well, [figure.w0], 300, **hyper).w
            np.testing.assert_allclose(found[walk], path, rtol=1e-12, atol=0)
        changed = np.array(found["ball"], int) - found["plain"]
        np.testing.assert_array_equal(np.array(found["rescued"], int) - found["thrown"], changed)


FITS = {"squared": losses.squared, "absolute": losses.absolute, "Huber": losses.huber}


@pytest.mark.parametrize("name", FITS)
def test_the_page_fits_the_line_that_the_package_learns(show, name):
    Z = data.standardize(np.arange(10.0)[:, None])
    slope, _ = counts(show(), LineFits())[name]
    train, lr = objective(models.linear, FITS[name]), schedules.inverse_time(1.0, rate=0.1)
    batches = repeat((Z, LineFits().y), 3000)
    w = run(gd, train, models.linear_init(1), batches, lr=lr, record="last").w["w"]
    assert slope == pytest.approx(w.item() / np.arange(10).std(), abs=1e-3)


@pytest.mark.parametrize("name", FITS)
def test_no_line_near_that_of_the_page_has_less_loss(show, name):
    """Nor has any other, then: the losses are convex."""
    tab, rng = show(), np.random.default_rng(0)
    angle = np.linspace(0, 2 * np.pi, 361)[:, None]
    for y in [
        LineFits().y,
        *rng.integers(-15, 51, (8, 10)).astype(float),
        rng.uniform(-15, 50, 10),
    ]:
        slope, intercept = counts(tab, LineFits(y))[name]
        x = np.arange(10)
        around = (slope + 1e-5 * np.cos(angle)) * x + intercept + 1e-4 * np.sin(angle)
        least, _ = FITS[name](slope * x + intercept, y)
        assert FITS[name](around, y)[0].min() >= least - 1e-12


def counts(tab, figure):
    return tab.evaluate(
        "async ([url, settings]) => (await import(url)).run(settings)",
        [module_of(figure), settings_of(figure)],
    )


def assert_counts(tab, figure, expected):
    found = counts(tab, figure)
    for name in ("w", "loss"):
        values = np.array(found[name], float)
        np.testing.assert_allclose(values, getattr(expected, name), rtol=1e-12, atol=0)


# What it says

SENTENCES = [
    (Descent1D(0), "lr = 0. "),
    (Descent1D(0.3), "lr below 1/L = 1. Every step multiplies w by 0.7: it shrinks and stays"),
    (Descent1D(0.25, curvature=4), "lr = 1/L = 0.25. The first step lands on the minimum"),
    (Descent1D(0.4, curvature=4), "lr between 1/L = 0.25 and 2/L = 0.5. Every step multiplies w"),
    (Descent1D(1.6), "w by -0.6: it overshoots and changes sides, but shrinks."),
    (Descent1D(2), "lr = 2/L = 2. Every step multiplies w by -1: from -1.6 to 1.6 and back"),
    (Descent1D(2.1), "lr above 2/L = 2. Every step multiplies w by -1.1: it overshoots by more"),
    (Descent2D(), "lr below 2/L = 0.2. Every step multiplies x by 0.83 and y by -0.7: x takes 13"),
    (Descent2D(lr=0.2), "lr = 2/L = 0.2. Every step multiplies x by 0.8 and y by -1: y bounces"),
    (Descent2D(lr=0.25), "lr above 2/L = 0.2. Every step multiplies x by 0.75 and y by -1.5: y g"),
    (Descent2D(lr=2.5), "x by -1.5 and y by -24: both grow, and it diverges."),
    (Descent2D(kappa=1000, lr=3), "x by -2 and y by -3000: both grow"),
    (Descent2D(kappa=1, lr=1), "one step is enough"),
    (Descent2D(kappa=1, lr=0.95), "x takes 1 step to"),
    (Descent2D(kappa=1000, lr=0.0019), "x by 0.9981 and y by -0.9: x takes 1211 steps"),
    (Descent2D("saddle"), "x by 0.8 and y by 1.2: y, from 0.000001, passes 1 after 76 steps"),
    (Descent2D("saddle", w0=(1, 0)), "It never leaves."),
    (Descent2D("saddle", w0=(1, 1)), "y rolls off"),
    (Descent2D("saddle", lr=1.5), "It diverges. Every step multiplies x by -2 and y by 4."),
    (Descent2D("rosenbrock", w0=(1, 1), steps=1), "f = 0 after 1 step."),
    (Descent2D("rosenbrock", lr=0.01), "It diverges."),
    (MomentumMap(0), "lr = 0. "),
    (MomentumMap(), "It swings. Of a swing a step leaves 0.95 = √beta, whatever lr is: a tenth"),
    (MomentumMap(3.0), "It swings. Of a swing a step leaves 0.95 = √beta, whatever lr is: a tenth"),
    (
        MomentumMap(0.1, 0.3),
        "It creeps. The slower eigenvalue decides: a step leaves 0.84; a tenth",
    ),
    (MomentumMap(2.2, 0.2), "It zigzags. The slower eigenvalue is negative: a step leaves 0.72;"),
    (MomentumMap(0.25, 0.25), "Critical damping. The eigenvalues meet: a step leaves 0.5 in the"),
    (MomentumMap(1, 0), "Critical damping. The first step lands on the minimum."),
    (
        MomentumMap(0.5, 0),
        "It creeps. The slower eigenvalue decides: a step leaves 0.5; a tenth is",
    ),
    (MomentumMap(3.8, 0.9), "lr = 2 + 2 beta = 3.8. It changes sides at every step, for ever."),
    (
        MomentumMap(4, 0.9),
        "lr above 2 + 2 beta = 3.8. In the long run every step multiplies w by -1",
    ),
    (NoisyDescent(), "The loss ends at 0.00928. All of it is noise; a constant rate ends at 4.5."),
    (NoisyDescent("constant"), "The loss ends at 4.5. All of it is noise."),
    (NoisyDescent("exponential", noise=0), "All of it is the way still to go; a constant rate"),
    (
        NoisyDescent("exponential", length=460),
        "The loss ends at 0.0196. 0.0092 of it is the way still to go, 0.0104 noise; a constant",
    ),
    (
        Basins(),
        "Of the starts 10.0 % are rescued, 6.0 % thrown out. "
        "55.7 % end in the lower valley, 51.7 % by gradient descent.",
    ),
    (Basins(0.5), "Of the starts 0.0 % are rescued, 0.0 % thrown out. 51.7 % end"),
    (
        LineFits(),
        "Slopes: squared 3.64, absolute 2, Huber 2.08. The line of the absolute error runs through",
    ),
    (
        LineFits([0] * 10),
        "Huber 0. The line of the absolute error runs through 10 of the 10 points.",
    ),
    (
        NoisyDescent("inverse time", lr=1.0, length=100, noise=1.0, curvature=[1.0]),
        "The loss ends at 0.0005. All of it is noise; a constant rate ends at 0.5.",
    ),
    (NoisyDescent("constant", lr=0.024), "It diverges. lr is above 2/L = 0.02 for too long."),
]


def test_every_regime_has_its_sentence(show):
    figures, words = zip(*SENTENCES, strict=True)
    expect(sentence(show(*figures))).to_contain_text([typeset(text) for text in words])


def test_only_the_last_sentence_of_a_movement_is_read_aloud(show):
    tab = show(Descent1D())
    heard = tab.locator("[aria-live=polite]")
    expect(heard).to_contain_text("lr below 1/L")
    tab.evaluate(
        """async () => {
            window.spoken = [];
            const region = document.querySelector("[aria-live=polite]");
            const note = () => spoken.push(region.textContent);
            new MutationObserver(note).observe(region, { childList: true });
            const slider = document.querySelector("input");
            for (slider.value = 0.5; slider.value < 1.5; slider.value = +slider.value + 0.1) {
              slider.dispatchEvent(new Event("input"));
              await null;  // a drawing each, but no time between
            }
        }"""
    )
    expect(heard).to_contain_text("lr between")
    assert tab.evaluate("spoken") == [sentence(tab).inner_text()]


# Where it lives


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@contextmanager
def served(folder):
    handler = functools.partial(Quiet, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize(
    "figure, limit", [(Descent1D, "2/L"), (Descent2D, "2/L"), (MomentumMap, "2 + 2 beta")]
)
@pytest.mark.parametrize("origin", ["http", "file"])
def test_it_answers_from_a_server_and_from_a_file(show, tmp_path, figure, limit, origin):
    with served(tmp_path) as address:
        tab = show(figure(), address=address if origin == "http" else None)
        before = path(tab)
        tab.get_by_label("learning rate").press("End")
        expect(sentence(tab)).to_contain_text(f"above {limit}")
        assert path(tab)[0] == before[0]
        assert path(tab)[1] != before[1]


def test_figures_of_a_page_do_not_disturb_each_other(show):
    tab = show(Descent1D(0.5), Descent1D(1.5), Descent2D())
    tab.get_by_label("learning rate").first.press("End")
    expect(sentence(tab)).to_contain_text(["lr above 2/L", "lr between", "lr below 2/L"])


def test_a_kernel_moves_it_until_the_view_is_closed(show):
    """As in Jupyter, where the model is not the page's and outlives a view."""
    said, listening = show().evaluate(
        """async (url) => {
            const settings = { lr: 0.5, curvature: 1, w0: 1, steps: 5 };
            const listeners = new Map();
            const model = {
              get: (name) => settings[name],
              on: (event, listener) => listeners.set(event, listener),
              off: (event, listener) =>
                listeners.get(event) === listener && listeners.delete(event),
            };
            const el = document.createElement("div");
            const close = (await import(url)).default.render({ model, el });
            settings.lr = 2;
            listeners.get("change:lr")();
            await null;
            close();
            return [el.querySelector(".sentence").textContent, listeners.size];
        }""",
        module_of(Descent1D()),
    )
    assert said.startswith("lr = 2/L")
    assert listening == 0


def test_without_javascript_the_page_says_what_is_missing(show):
    tab = show(Descent1D(), java_script_enabled=False)
    assert "Gradient descent on the parabola 1/2 * w**2" in tab.locator("main").inner_text()


# The hand


def test_a_mark_sets_exactly(show):
    tab = show(Descent1D(curvature=7))  # 2/7 has no short decimal
    tab.get_by_role("button", name="Set lr to 2/L").click()
    expect(sentence(tab)).to_contain_text(
        typeset("lr = 2/L = 0.286. Every step multiplies w by -1:")
    )


def test_arrow_keys_move_the_start_to_the_edge(show):
    tab = show(Descent1D(w0=-1.6))
    before = path(tab)
    start(tab).press("ArrowRight")
    expect(start(tab)).to_have_attribute("aria-valuetext", typeset("-1.55"))
    assert path(tab)[0][0] > before[0][0]
    for _ in range(10):
        start(tab).press("ArrowLeft")
    expect(start(tab)).to_have_attribute("aria-valuetext", typeset("-2"))


def test_arrow_keys_find_the_ridge_of_the_saddle(show):
    tab = show(Descent2D("saddle"))
    start(tab).press("ArrowUp")
    expect(start(tab)).to_have_attribute("aria-valuetext", typeset("-1.5, 0.05"))
    start(tab).press("ArrowDown")
    expect(sentence(tab)).to_contain_text("It never leaves.")


def test_arrow_keys_walk_over_the_map_of_momentum(show):
    tab = show(MomentumMap(0.3, 0.9))
    settings = tab.get_by_role("slider", name="settings")
    settings.press("ArrowRight")
    settings.press("ArrowUp")
    expect(settings).to_have_attribute("aria-valuetext", "0.35, 0.91")
    for _ in range(20):
        settings.press("ArrowUp")
    expect(settings).to_have_attribute("aria-valuetext", "0.35, 0.99")


def test_beta_recolours_the_starts_and_an_arrow_key_moves_the_walk(show):
    tab = show(Basins(0.5))
    bars, walk = tab.locator(".bars[d*=v]"), tab.locator("svg[role=img] svg .path")
    plain, by_momentum = [strip.get_attribute("d") for strip in bars.all()]
    tab.get_by_role("button", name="Set beta to 0.9").click()
    expect(sentence(tab)).to_contain_text("10.0 % are rescued")
    expect(bars).to_have_count(3)  # with the rescued
    assert bars.nth(0).get_attribute("d") == plain
    assert bars.nth(1).get_attribute("d") != by_momentum
    before = walk.get_attribute("d")
    start(tab).press("ArrowLeft")
    expect(start(tab)).to_have_attribute("aria-valuetext", "1.75")
    assert walk.get_attribute("d") != before


def test_the_marks_of_momentum_find_its_borders(show):
    tab = show(MomentumMap(0.5, 0.7))
    tab.get_by_role("button", name="Set beta to critical").click()
    expect(sentence(tab)).to_contain_text("The eigenvalues meet")
    tab.get_by_role("button", name="Set lr to 2+2β").click()
    expect(sentence(tab)).to_contain_text("for ever")


def test_an_arrow_key_moves_every_slider_of_a_schedule(show):
    tab = show(NoisyDescent(lr=0.01, length=500, warmup=100, noise=1))
    for slider in tab.locator("input[type=range]").all():
        slider.press("ArrowLeft")
    settings = tab.locator("output").all_inner_texts()
    assert settings == ["0.00999", "490", "90", "0.99"]


def test_a_picked_schedule_redraws_both_plots(show):
    tab = show(NoisyDescent())
    paths = tab.locator(".path[d*=L]")
    before = [line.get_attribute("d") for line in paths.all()]
    tab.get_by_role("combobox", name="schedule").select_option("exponential")
    expect(sentence(tab)).not_to_contain_text("0.00928")
    after = [line.get_attribute("d") for line in paths.all()]
    assert all(a != b for a, b in zip(after, before, strict=True))
    tab.get_by_role("combobox", name="schedule").select_option("constant")
    expect(tab.get_by_label("updates until 1 % is left")).to_be_hidden()


def test_arrow_keys_move_one_point_of_ten(show):
    tab = show(LineFits())
    inner, last = (tab.get_by_role("slider", name=f"point at x = {x}") for x in (3, 9))
    inner.press("ArrowUp")
    expect(inner).to_have_attribute("aria-valuenow", "8")
    expect(sentence(tab)).to_contain_text("through 8 of the 10 points")
    for _ in range(3):
        last.press("ArrowUp")
    expect(last).to_have_attribute("aria-valuetext", "50")


def knob(tab):
    """The middle of the start, or of the last point, in pixels of the page."""
    box = tab.locator(".knob").last.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_mouse_drags_a_point_straight_down(show):
    tab = show(LineFits())
    x, y = knob(tab)
    tab.mouse.move(x, y)
    tab.mouse.down()
    tab.mouse.move(x - 50, y + 80, steps=3)
    tab.mouse.up()
    assert knob(tab) == pytest.approx((x, y + 80), abs=3)


@pytest.mark.parametrize("figure, slope", [(Descent1D(w0=0), 0), (Descent2D(w0=(-1, 1)), 1)])
def test_a_mouse_drags_the_start(show, figure, slope):
    tab = show(figure)
    x, y = knob(tab)
    tab.mouse.move(x, y)
    tab.mouse.down()
    tab.mouse.move(x + 60, y + 40 * slope, steps=3)
    tab.mouse.up()
    dropped = start(tab).get_attribute("aria-valuetext")
    tab.mouse.move(x, y, steps=20)
    expect(start(tab)).to_have_attribute("aria-valuetext", dropped)
    half_a_step = 2
    assert knob(tab)[0] == pytest.approx(x + 60, abs=half_a_step)
    if isinstance(figure, Descent2D):
        assert knob(tab)[1] == pytest.approx(y + 40, abs=half_a_step)


def test_a_finger_drags_the_start_and_does_not_scroll(show):
    tab = show(Descent2D(), viewport={"width": 390, "height": 400}, has_touch=True)
    start(tab).scroll_into_view_if_needed()
    x, y = knob(tab)
    scrolled = tab.evaluate("scrollY")
    touch = tab.context.new_cdp_session(tab)
    for kind, shift in {"touchStart": [0], "touchMove": [20, 40], "touchEnd": [None]}.items():
        for by in shift:
            points = [] if by is None else [{"x": x + by, "y": y + by}]
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    expect(start(tab)).to_have_attribute("aria-valuetext", typeset("-1.2, 0.6"))
    assert tab.evaluate("scrollY") == scrolled


def test_a_picked_landscape_brings_its_own_start(show):
    tab = show(Descent2D(w0=(2, 2), lr=0.01, steps=3))
    tab.get_by_role("combobox", name="landscape").select_option("rosenbrock")
    expect(start(tab)).to_have_attribute("aria-valuetext", typeset("-1.2, 1"))
    expect(sentence(tab)).to_contain_text("after 1000 steps")
    expect(tab.get_by_label("condition number")).to_be_hidden()
    expect(tab.get_by_role("button", name="2/L")).to_be_hidden()


def test_contours_follow_the_condition_number_only(show):
    tab = show(Descent2D(kappa=1))
    before = [line.get_attribute("d") for line in tab.locator(".level").all()]
    tab.get_by_label("learning rate").press("End")
    expect(sentence(tab)).to_contain_text("lr above")
    assert [line.get_attribute("d") for line in tab.locator(".level").all()] == before
    tab.get_by_label("condition number").press("End")
    expect(tab.locator(".level").first).not_to_have_attribute("d", before[0])


@pytest.mark.parametrize(
    "figure", [Basins(), Descent1D(curvature=7), Descent2D(), MomentumMap(), NoisyDescent()]
)
@pytest.mark.parametrize("end", ["Home", "End"])
def test_a_kernel_accepts_both_ends_of_every_slider(show, figure, end):
    tab = show(figure)
    for slider in tab.locator("input[type=range]").all():
        slider.press(end)
    for output in tab.locator("output").all():
        name, text = output.get_attribute("name"), output.inner_text()
        setattr(figure, name, type(getattr(figure, name))(text))


# For everybody

EACH = Basins(), Descent1D(1.9), Descent2D(), LineFits(), MomentumMap(), NoisyDescent()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(show, theme):
    tab = show(*EACH, theme=theme)
    results = Axe().run(tab)
    assert results.violations_count == 0, results.generate_report()


def test_it_fits_a_narrow_phone_and_a_thumb(show):
    tab = show(*EACH, viewport={"width": 320, "height": 640})
    assert tab.evaluate("document.documentElement.scrollWidth") == 320
    for target in tab.locator("input, select, button, .reach").all():
        box = target.bounding_box()
        assert min(box["width"], box["height"]) >= 24, target
