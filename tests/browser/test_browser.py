"""Every page as its reader meets it: offline, silent, accessible, on a phone, by keyboard."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from built_book import ROOT
from playwright.sync_api import expect
from watch import settle, watched

AXE = {
    "resultTypes": ["violations"],
    "preload": False,  # else axe itself asks for stylesheets, below wrong addresses
    "rules": {
        "label-content-name-mismatch": {"enabled": True},  # WCAG 2.5.3
        "empty-table-header": {"enabled": False},  # reads no formulas; tests/book looks at all
    },
}
IN_COLOUR = {"runOnly": ["color-contrast", "link-in-text-block"]}
# Controls that Tab must reach; of a radio group it reaches the chosen one.
LIST_CONTROLS = """() => {
  const seen = element => element.checkVisibility({visibilityProperty: true})
    && !element.closest("details:not([open]) > :not(summary), [inert]");
  const chosen = element => element.type !== "radio" || element.checked
    || !document.querySelector(`input[name="${element.name}"]:checked`);
  const every = "a[href], button, input, select, textarea, summary, iframe, [tabindex]";
  window.isStop = element =>
    element.tabIndex >= 0 && !element.disabled && seen(element) && chosen(element);
  window.stops = [...document.querySelectorAll(every)].filter(window.isStop);
  window.reached = new Set();
  document.addEventListener("focusin", event => window.reached.add(event.target));
  document.activeElement.blur();
  return window.stops.length;
}"""
MISSED = """() => window.stops.filter(stop => !window.reached.has(stop) && window.isStop(stop))
  .map(stop => stop.outerHTML.slice(0, 120))"""
# The theme looks for what scrolls a while after the window has changed its size.
STATE = """() => document.querySelector("article.bd-article, main").outerHTML
  .replace(/ tabindex="[^"]*"/g, "")"""
# What sticks out of the page, other than inside of something that scrolls.
STICKS_OUT = """() => {
  const clipped = element => element !== document.body
    && (getComputedStyle(element).overflowX !== "visible" || clipped(element.parentElement));
  return [...document.querySelectorAll("body *")].filter(element => {
    const box = element.getBoundingClientRect();
    return box.width && box.right > document.documentElement.clientWidth
      && element.checkVisibility({visibilityProperty: true}) && !clipped(element);
  }).map(element => element.outerHTML.slice(0, 120));
}"""
# What hides a part of itself until it is scrolled.
CUT = """selector => [...document.querySelectorAll(selector)]
  .filter(element => element.checkVisibility() && element.scrollWidth > element.clientWidth)
  .map(element => element.innerText.slice(0, 120))"""
# A transition answers to a change, such as the theme's to its colours.
MOVING = """() => document.getAnimations()
  .filter(animation => !(animation instanceof CSSTransition))
  .map(animation => animation.effect.target.outerHTML.slice(0, 120))"""
TRANSITIONS = "() => Promise.all(document.getAnimations().map(animation => animation.finished))"


def expects(path, code):
    """Tell whether the source of a page has that code."""
    source = (ROOT / path).with_suffix(".md")
    return source.is_file() and code in source.read_text("utf8")


def test_is_quiet(page):
    """The fixture looks at requests, console and errors."""
    assert page.title()


def test_opens_from_disk(path, browser, site):
    with watched(browser, site.as_uri()) as (page, complaints):
        page.goto(f"{site.as_uri()}/{path}")
        settle(page)
    assert complaints == []


def test_axe_finds_nothing(page):
    found = Axe().run(page, options=AXE)
    assert found.violations_count == 0, found.generate_report()


def test_axe_finds_nothing_in_the_dark(page):
    page.emulate_media(color_scheme="dark")
    page.wait_for_selector("html[data-theme=dark]")
    page.evaluate(TRANSITIONS)
    found = Axe().run(page, options=AXE | IN_COLOUR)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("width", [320, 390])
def test_fits_a_phone(page, width):
    page.set_viewport_size({"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.evaluate(STICKS_OUT)


@pytest.mark.parametrize(
    "width, selector",
    [
        (1280, ".pst-scrollable-table-container, .cell_output pre, div.math mjx-container"),
        (390, "[id^=equation-] mjx-container"),
    ],
)
def test_cuts_nothing_off(page, width, selector):
    """Code that is typed may be wider: it is for a wider window."""
    page.set_viewport_size({"width": width, "height": 900})
    assert page.evaluate(CUT, selector) == []


def test_keyboard_reaches_every_control(page):
    for _ in range(page.evaluate(LIST_CONTROLS) + 10):
        page.keyboard.press("Tab")
    assert page.evaluate(MISSED) == []


def test_formulas_are_set(page):
    sources = page.locator("article .math:not(.nohighlight *)")
    assert page.locator("article .math mjx-container").count() >= sources.count()


def test_nothing_moves_by_itself(page):
    before = page.evaluate(STATE)
    page.wait_for_timeout(400)
    assert page.evaluate(STATE) == before
    assert page.evaluate(MOVING) == []


def test_explorables_answer(page, path):
    explorables = page.locator(".optilab-explorable").all()
    assert bool(explorables) == expects(path, "from optilab.widgets import")
    for explorable in explorables:
        explorable.locator("svg, canvas").first.wait_for()
        for slider in explorable.locator("input[type=range]").all():
            before = explorable.inner_html()
            slider.focus()
            slider.press("ArrowRight")
            slider.press("ArrowRight")
            assert explorable.inner_html() != before, slider.evaluate("e => e.outerHTML")


def test_keyboard_leaves_explorables_backwards(page):
    for explorable in page.locator(".optilab-explorable").all():
        controls = explorable.locator("input, select, button, [tabindex='0']")
        controls.last.focus()
        for _ in range(controls.count()):
            page.keyboard.press("Shift+Tab")
        assert not explorable.evaluate("element => element.matches(':focus-within')")


def test_search_finds(browser, base):
    with watched(browser, base) as (page, complaints):
        page.goto(f"{base}/search.html?q=curvature")
        page.locator("#search-results li a", has_text="Gradient descent").first.wait_for()
        settle(page)
    assert complaints == []


def test_animations_play_when_asked(page, path):
    players = page.locator("figure[aria-label=Animation]").all()
    assert bool(players) == expects(path, "plots.animate(")
    for player in players:
        slider = player.locator("input[type=range]")
        player.get_by_role("button").click()
        end = slider.get_attribute("max")
        page.wait_for_function(
            "([input, end]) => input.value !== end", arg=[slider.element_handle(), end]
        )
        player.get_by_role("button").click()


def test_a_flash_card_that_was_known_moves_to_the_end(browser, base):
    with watched(browser, base) as (page, complaints):
        page.goto(f"{base}/book/flash-cards.html")
        settle(page)
        fronts = page.locator(".flashcards").first.locator("summary")
        first, second = (fronts.nth(i).inner_text() for i in range(2))
        fronts.first.press("Enter")
        page.get_by_role("button", name="I knew it").press("Enter")
        expect(fronts.nth(1)).to_be_focused()
        page.reload()
        expect(fronts.first).to_have_text(second)
        expect(fronts.last).to_contain_text(first)
        settle(page)
    assert complaints == []


def test_flash_cards_need_no_script_and_print_both_sides(browser, base):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{base}/book/flash-cards.html")
    backs = page.locator(".flashcard > div")
    expect(backs.first).to_be_hidden()
    page.locator(".flashcard > summary").first.press("Enter")
    expect(backs.first).to_be_visible()
    expect(backs.last).to_be_hidden()
    page.emulate_media(media="print")
    expect(backs.last).to_be_visible()
    context.close()
