"""The figures: what is on the axes, what leaves them, and the page that the player is."""

import json
import re
from html.parser import HTMLParser
from itertools import pairwise

import matplotlib as mpl
import numpy as np
import pytest

mpl.use("Agg")

import matplotlib.pyplot as plt
from IPython import InteractiveShell

from optilab import descend, double_well, gd, momentum, plots, quadratic, run

bowl = quadratic((0.2, 4))
WINDOW = ((-6, 2), (-3, 3))
W0 = [-5.0, -2.0]


@pytest.fixture(autouse=True)
def paper():
    """Every test starts from the style of the course and leaves no figure behind."""
    with mpl.rc_context():
        plots.style()
        yield
    plt.close("all")


def runs(*rates, rule=gd, steps=20):
    return {plots.label(lr=lr): descend(rule, bowl, W0, steps, lr=lr) for lr in rates}


def words(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def crosses(ax):
    """Where curves are marked as diverged."""
    return [tuple(mark.get_offsets()[0]) for mark in ax.collections]


FIGURES = {
    "contour": lambda ax: plots.contour(bowl, WINDOW, ax),
    "paths": lambda ax: plots.paths(runs(0.4), ax),
    "losses": lambda ax: plots.losses(runs(0.4), ax),
    "errors": lambda ax: plots.errors(runs(0.4), [0, 0], ax),
    "state": lambda ax: plots.state(runs(0.1, rule=momentum), "v", ax),
    "sweep": lambda ax: plots.sweep(np.eye(3), [1, 2, 3], [1, 10, 100], "loss", ax),
    "basins": lambda ax: plots.basins([[0.0], [1.0]], [[0.0], [1.0]], [0.0, 1.0], ax),
}


@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_figures_return_the_axes_they_drew_on(figure):
    ax = plt.subplots()[1]
    assert figure(ax) is ax
    assert figure(None) not in (ax, None)
    for number in plt.get_fignums():
        plt.figure(number).canvas.draw()


def test_labels_are_numbers_not_representations():
    assert plots.label(lr=np.float64(0.06), beta=np.float32(0.9)) == "lr = 0.06, beta = 0.9"
    assert plots.label(lr=0.1 + 0.2) == "lr = 0.3"
    run = descend(gd, bowl, W0, 3)
    assert words(plots.losses({np.float64(0.06): run})) == ["0.06"]


@pytest.mark.parametrize("landscape", [bowl, quadratic((1, 1e4), 0.3), lambda w: (w[..., 0], w)])
def test_no_band_of_a_contour_is_empty_and_none_is_all(landscape):
    """Each of the twelve bands covers its share of the window, (2k + 1) / 144."""
    ax = plots.contour(landscape, WINDOW)
    levels = ax.collections[0].levels
    grid = np.stack(np.meshgrid(*(np.linspace(*side, 201) for side in WINDOW)), -1)
    share = np.histogram(landscape(grid)[0], levels)[0] / 201**2
    np.testing.assert_allclose(share, (2 * np.arange(12) + 1) / 144, atol=0.01)


def test_scales_are_equal_unless_the_window_is_long():
    assert plots.contour(bowl, WINDOW).get_aspect() == 1
    assert plots.contour(bowl, ((-1, 1), (-60, 60))).get_aspect() == "auto"


@pytest.mark.parametrize("lr", [0.4, 0.6, 30.0, np.inf])
def test_a_path_that_leaves_does_not_move_the_window(lr):
    ax = plots.paths(runs(lr, steps=1000), plots.contour(bowl, WINDOW))
    ax.figure.canvas.draw()
    assert (ax.get_xlim(), ax.get_ylim()) == WINDOW


def test_runs_differ_in_more_than_colour():
    ax = plots.losses(runs(*np.linspace(0.1, 0.4, 7)))
    for look in ("get_color", "get_marker"):
        assert len({getattr(line, look)() for line in ax.lines}) == 7
    assert all(a.get_linestyle() != b.get_linestyle() for a, b in pairwise(ax.lines))


def test_a_run_looks_the_same_in_every_figure():
    two = runs(0.1, 0.2, rule=momentum)
    figures = plots.paths(two), plots.losses(two), plots.errors(two, [0, 0]), plots.state(two, "v")
    looks = [dict.fromkeys((i.get_color(), i.get_marker()) for i in ax.lines) for ax in figures]
    assert len(looks[0]) == 2
    assert all(list(look) == list(looks[0]) for look in looks)


def test_curves_show_every_update():
    two = runs(0.4, 0.6)
    for line, path in zip(plots.losses(two).lines, two.values(), strict=True):
        np.testing.assert_array_equal(line.get_ydata(), path.loss)


@pytest.mark.parametrize(
    "clock, label, ends",
    [
        ("updates", "updates", (20, 20)),
        ("seconds", "seconds", None),
        (5, "epochs", (4, 4)),
        ({"lr = 0.4": 10, "lr = 0.5": 2}, "epochs", (2, 10)),
    ],
)
def test_three_clocks_may_time_a_loss(clock, label, ends):
    two = runs(0.4, 0.5)
    ax = plots.losses(two, clock=clock)
    assert ax.get_xlabel() == label
    times = [line.get_xdata() for line in ax.lines]
    assert all(len(time) == 21 for time in times)
    assert tuple(time[-1] for time in times) == (
        ends or tuple(path.seconds[-1] for path in two.values())
    )


@pytest.mark.parametrize("lr", [1.0, 1e200, np.inf])
def test_a_run_that_diverges_ends_in_a_cross(lr):
    path = descend(gd, bowl, W0, 2000, lr=lr)
    ax = plots.losses({"calm": descend(gd, bowl, W0, 2000, lr=0.1), "wild": path})
    assert words(ax) == ["calm", "wild, diverged"]
    shown = ax.lines[1].get_ydata()
    assert 1 <= len(shown) < len(path.loss)
    assert crosses(ax) == [(len(shown) - 1, path.loss[len(shown) - 1])]
    assert not path.loss[len(shown)] <= plots.FAR * path.loss[0]
    assert ax.get_ylim()[1] < 1e3 * plots.FAR
    assert words(plots.errors({"wild": path}, [0, 0]))[1] == "wild, $w_2$, diverged"


@pytest.mark.parametrize(
    "landscape, w0, scale",
    [(bowl, W0, "log"), (double_well, [-0.9], "linear"), (bowl, [0.0, 0.0], "linear")],
)
def test_losses_are_on_a_log_axis_where_there_is_one(landscape, w0, scale):
    ax = plots.losses({"run": descend(gd, landscape, w0, 20, lr=0.05)})
    ax.figure.canvas.draw()
    assert ax.get_yscale() == scale


def test_errors_of_a_bowl_are_straight_lines():
    """Their slopes are log|1 - lr curvature|, whatever the angle, seen along its eigenvectors."""
    angle = 0.7
    minimum = np.array([3.0, 1.0])
    eigenvectors = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    turned = quadratic((0.2, 4), angle)
    path = descend(gd, lambda w: turned(w - minimum), W0, 20, lr=0.4)
    ax = plots.errors({"gd": path}, minimum, directions=eigenvectors)
    assert words(ax) == ["gd, $u_1$", "gd, $u_2$"]
    for line, factor in zip(ax.lines, (0.92, 0.6), strict=True):
        np.testing.assert_allclose(np.diff(np.log(line.get_ydata())), np.log(factor), rtol=1e-6)


def test_coordinates_are_named_only_where_there_are_several():
    two = runs(0.4, 0.6)
    assert words(plots.errors(two, [0, 0]))[:2] == ["lr = 0.4, $w_1$", "lr = 0.4, $w_2$"]
    assert words(plots.errors(two, [0, 0], directions=[[0, 1]])) == ["lr = 0.4", "lr = 0.6"]
    line = {"run": descend(gd, lambda w: (w**2 / 2, w), 1.0, 5)}
    assert words(plots.errors(line, 0.0)) == ["run"]


def test_state_shows_the_state():
    (path,) = (two := runs(0.1, rule=momentum)).values()
    drawn = [line.get_ydata() for line in plots.state(two, "v").lines]
    np.testing.assert_array_equal(np.transpose(drawn), path.state["v"])


def test_cells_surround_their_values_on_either_scale():
    x, y = np.geomspace(1e-3, 1, 7), np.linspace(0, 0.9, 10)
    ax = plots.sweep(np.ones((10, 7)), x, y, "loss")
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "linear")
    edges = ax.collections[0].get_coordinates()
    np.testing.assert_allclose(edges[0, :-1, 0] * edges[0, 1:, 0], x**2)
    np.testing.assert_allclose((edges[:-1, 0, 1] + edges[1:, 0, 1]) / 2, y, atol=1e-12)


@pytest.mark.parametrize("holes, legend", [([], None), ([(0, 1), (2, 0)], ["never"])])
def test_what_is_missing_is_hatched_and_named(holes, legend):
    values = np.ones((3, 4))
    for hole, nothing in zip(holes, (np.nan, np.inf), strict=False):
        values[hole] = nothing
    ax = plots.sweep(values, [1, 2, 3, 4], [1, 2, 3], "steps", missing="never")
    assert np.ma.getmaskarray(ax.collections[0].get_array()).sum() == len(holes)
    assert (ax.get_legend() and words(ax)) == legend
    assert bool(ax.patch.get_hatch()) == bool(holes)
    assert ax.figure.axes[1].get_ylabel() == "steps"


def test_basins_of_a_line_tile_it():
    starts = np.linspace(-2, 2, 201)[:, None]
    ends = descend(gd, double_well, starts, 2000, lr=0.01, record="last").w[-1]
    ends[-1] = np.nan
    ax = plots.basins(starts, ends, [-1.036, 0.960])
    assert words(ax) == ["to -1.04", "to 0.96", "elsewhere"]
    strips = [p for p in ax.patches if hasattr(p, "get_width")]
    left, right = np.transpose([(p.get_x(), p.get_x() + p.get_width()) for p in strips])
    np.testing.assert_allclose(left[1:], right[:-1])
    np.testing.assert_allclose((left[0], right[-1]), (-2.01, 2.01))
    assert (ends[:, 0] < 0).mean() * 4.02 == pytest.approx(right[0] - left[0])
    assert len({p.get_hatch() for p in strips}) == len({p.get_facecolor() for p in strips}) == 3


def test_basins_of_a_plane():
    starts = np.stack(np.meshgrid(np.linspace(-1, 1, 21), np.linspace(-2, 2, 21)), -1)
    ends = np.sign(starts) * [1, 0]  # left goes left, right goes right, the middle stays
    ax = plots.basins(starts, ends, [[-1, 0], [1, 0]])
    assert words(ax) == ["to (-1, 0)", "to (1, 0)", "elsewhere"]
    ax.figure.canvas.draw()


MISTAKES = {
    "not a dict": (lambda: plots.paths(runs(0.1)["lr = 0.1"]), "{label: Trajectory}, not Traj"),
    "a sweep": (
        lambda: plots.paths({"a": descend(gd, bowl, W0, 3, lr=np.array([0.1, 0.2]))}),
        "'a': w is of shape (4, 2, 2), not of shape (updates + 1, 2)",
    ),
    "not kept": (
        lambda: plots.errors({"a": descend(gd, bowl, W0, 3, record="loss")}, [0, 0]),
        "'a': w is of shape (1, 2), not of shape (updates + 1, 2)",
    ),
    "a network": (
        lambda: plots.paths({"a": run(gd, lambda w: (0.0, w), {"b": np.zeros(2)}, [()] * 3)}),
        "'a': w is a dict, not of shape",
    ),
    "no such state": (
        lambda: plots.state(runs(0.1, rule=momentum), "m"),
        "'lr = 0.1': momentum has no state 'm'; it has v",
    ),
    "no state": (lambda: plots.state(runs(0.1), "v"), "gd has no state 'v'; it has none"),
    "rows for columns": (
        lambda: plots.sweep(np.ones((3, 4)), [1, 2, 3], [1, 2, 3, 4], "loss"),
        "values have shape (3, 4), not (len(y), len(x)) = (4, 3)",
    ),
    "a flat list of starts": (
        lambda: plots.basins([0.0, 1.0], [0.0, 1.0], [0.0]),
        "starts (2,) and ends (2,) must both be (n, 1) or",
    ),
    "columns that fall": (
        lambda: plots.sweep(np.ones((2, 2)), [2, 1], [1, 2], "loss"),
        "sweep(): the hyperparameters x and y must rise",
    ),
    "rows that stay": (lambda: plots.sweep(np.ones((2, 2)), [1, 2], [1, 1], "loss"), "must rise"),
    "no minima": (
        lambda: plots.basins(np.ones((3, 1)), np.ones((3, 1)), []),
        "basins(): minima must be (k, 1), not (0,)",
    ),
    "minima of a plane": (
        lambda: plots.basins(np.ones((3, 3, 2)), np.ones((3, 3, 2)), [[1, 2, 3]]),
        "basins(): minima must be (k, 2), not (1, 3)",
    ),
    "one side of a window": (
        lambda: plots.contour(bowl, (0, 1)),
        "contour(): window must be ((x0, x1), (y0, y1)) with x0 < x1, y0 < y1, not (0, 1)",
    ),
    "a window turned round": (lambda: plots.contour(bowl, ((1, 0), (0, 1))), "with x0 < x1"),
    "a plain": (
        lambda: plots.contour(lambda w: (0 * w[..., 0], w), WINDOW),
        "contour(): the landscape is flat in the window, or not finite",
    ),
    "no runs": (lambda: plots.losses({}), "figures take {label: Trajectory}, one at least"),
    "no run": (lambda: plots.losses({"a": 3}), "'a' must be a Trajectory, not 3"),
    "many axes": (
        lambda: plots.losses(runs(0.1), plt.subplots(2)[1]),
        "ax must be one Axes, not array([<Axes: >",
    ),
    "a clock": (
        lambda: plots.losses(runs(0.1), clock="second"),
        "losses(): no clock 'second', only updates, seconds, or the number of updates in an "
        "epoch; did you mean 'seconds'?",
    ),
    "no words": (lambda: plots.animate(runs(0.1), bowl, WINDOW, alt=None), "needs alt"),
    "no alt": (lambda: plots.animate(runs(0.1), bowl, WINDOW, alt=" "), "needs alt"),
    "no rates": (
        lambda: plots.rate_bars({"lr = 0.1": None})(plt.subplots()[1], 1),
        "'lr = 0.1': rates is of shape (), not of shape (updates + 1, 2)",
    ),
}


@pytest.mark.parametrize("mistake, message", MISTAKES.values(), ids=MISTAKES)
def test_mistakes_are_named_in_one_line(mistake, message):
    with pytest.raises((TypeError, ValueError), match=re.escape(message)) as caught:
        mistake()
    assert "\n" not in str(caught.value)


class Page(HTMLParser):
    """The elements of a page and the addresses that they load."""

    def __init__(self, player):
        super().__init__()
        self.elements = []
        self.feed(player._repr_html_())

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def all(self, name):
        return [attrs[name] for _, attrs in self.elements if name in attrs]

    def one(self, tag):
        (found,) = (attrs for name, attrs in self.elements if name == tag)
        return found


def test_the_player_is_complete_in_itself():
    page = Page(plots.animate(runs(0.4, 0.6), bowl, WINDOW, alt="Two paths"))
    names = page.all("id")
    assert len(names) == len(set(names))
    addresses = page.all("href") + page.all("xlink:href") + page.all("src")
    assert addresses
    assert all(a.startswith("data:") or a.removeprefix("#") in names for a in addresses)
    cuts = re.findall(r"url\((.*?)\)", " ".join(page.all("clip-path")))
    assert cuts
    assert {cut.removeprefix("#") for cut in cuts} <= set(names)
    assert not {"link", "iframe"} & {tag for tag, _ in page.elements}


def test_the_player_is_named_and_still():
    alt = 'Two paths, "calm" & <wild> SVG'
    player = plots.animate(runs(0.4), bowl, WINDOW, alt=alt)
    page = Page(player)
    assert page.one("svg")["aria-label"] == alt
    assert page.one("svg")["role"] == "img"
    assert page.one("input")["aria-label"]
    assert not [name for _, attrs in page.elements for name in attrs if name.startswith("on")]
    assert repr(player) == f"Animation: {alt}"
    assert not plt.get_fignums()  # or the notebook would show the last frame once more


def test_players_of_one_page_share_no_name():
    one, other = (Page(plots.animate(runs(0.4), bowl, WINDOW, alt="A path")) for _ in range(2))
    assert set(one.all("id")).isdisjoint(other.all("id"))


@pytest.mark.parametrize("steps, frames", [(7, 7), (1000, plots.MARKS)])
def test_the_player_shows_a_leg_per_frame(steps, frames):
    short = descend(gd, bowl, W0, 3)
    long = descend(gd, bowl, W0, steps)
    player = plots.animate({"short": short, "long": long}, bowl, WINDOW, alt="Two paths")
    updates = sorted({int(update) for update in Page(player).all("data-update")})
    assert len(updates) == frames + (steps > 40)  # the short run ends between two frames
    assert updates[-1] == steps
    (shown,) = re.findall(r"const updates = (\[.*\]);", player._repr_html_())
    assert json.loads(shown) == sorted({0, *updates} - ({3} if steps > 40 else set()))
    assert len(player._repr_html_()) < 300_000


def test_the_player_shows_below_what_belongs_to_a_frame():
    def below(ax, update):
        ax.plot([0, 10], [0, 0])
        return ax.plot(update, 0, "o") + ax.plot(update, 1, "s")

    page = Page(plots.animate(runs(0.4), bowl, WINDOW, alt="A path", below=below))
    frames = sorted({0, *map(int, page.all("data-update"))})
    assert sorted(map(int, page.all("data-only"))) == sorted(2 * frames)
    still = [a["data-only"] for _, a in page.elements if "data-only" in a and "style" not in a]
    assert still == 2 * [str(frames[-1])]  # without a script there is the last frame alone


def test_figures_name_the_weights_as_the_text_does():
    ax = plots.errors(runs(0.4), [0, 0], names=["east", "north"])
    assert words(ax) == ["lr = 0.4, east", "lr = 0.4, north"]
    player = plots.animate(runs(0.4), bowl, WINDOW, alt="A path", names=("east", "north"))
    assert "<!-- east -->" in player.page
    assert "<!-- north -->" in player.page


def test_the_bars_reach_from_rate_to_rate():
    """There is none before the first update."""
    run = runs(0.4, steps=3)
    rates = {name: path.w**2 for name, path in run.items()}
    player = plots.animate(run, bowl, WINDOW, alt="A path", below=plots.rate_bars(rates))
    assert set(Page(player).all("data-only")) == {"1", "2", "3"}
    _, ax = plt.subplots()
    bar, *names = plots.rate_bars(rates)(ax, 2)
    np.testing.assert_array_equal(bar.get_xdata(), rates["lr = 0.4"][2])
    assert {name.get_text(): name.xy[0] for name in names} == dict(
        zip(["$w_1$", "$w_2$"], bar.get_xdata(), strict=True)
    )


def test_the_style_is_legible():
    """Text of 4.5 : 1 and more, and lines of 3 : 1 for the first four runs of a figure."""

    def contrast(color):
        rgb = np.array(mpl.colors.to_rgb(color))
        linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
        return 1.05 / (linear @ [0.2126, 0.7152, 0.0722] + 0.05)

    rc = plt.rcParams
    assert mpl.colors.to_rgba(rc["savefig.facecolor"]) == (1, 1, 1, 1)
    for part in ("text.color", "axes.labelcolor", "xtick.color", "ytick.color"):
        assert contrast(rc[part]) >= 4.5
    for color in rc["axes.prop_cycle"].by_key()["color"][:4]:
        assert contrast(color) >= 3
    on_a_phone = 350 / (96 * rc["figure.figsize"][0])
    for size in ("font.size", "legend.fontsize", "xtick.labelsize", "ytick.labelsize"):
        assert rc[size] * 96 / 72 * on_a_phone >= 10


def test_a_notebook_shows_the_same_svg_each_time():
    shell = InteractiveShell.instance()
    try:
        plots.style()
        ax = plots.paths(runs(0.4), plots.contour(bowl, WINDOW))
        first, second = (shell.display_formatter.format(ax.figure)[0] for _ in range(2))
    finally:
        InteractiveShell.clear_instance()
    assert first.keys() == {"image/svg+xml", "text/plain"}
    assert first == second
    assert "<dc:date>" not in first["image/svg+xml"]
    assert len(first["image/svg+xml"]) < 100_000
