"""Figures: each function draws on the axes ``ax``, or on new ones, and returns them.

Runs come as ``{label: Trajectory}``.  Colour and marker follow the order of that dict, so a run
looks the same in every figure; nothing is told by colour alone.

A phone is one panel wide, so panels stand below each other: ``plt.subplots(2, 1)``.  The legend
stands above the axes, where it hides nothing; what a title would say, the caption says.
"""

import html
import io
import re
from dataclasses import dataclass
from itertools import count, cycle, groupby, pairwise
from pathlib import Path
from typing import Any
from zlib import crc32

import matplotlib.pyplot as plt
import numpy as np
from IPython import get_ipython
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, LogNorm, to_rgb
from matplotlib.ticker import MaxNLocator
from matplotlib_inline.backend_inline import set_matplotlib_formats

from optilab.run import Trajectory
from optilab.valid import nearest, shown

MARKERS = "os^Dvp>"
DASHES = ("-", "--", ":", "-.")
HATCHES = ("", "..", "\\\\", "||", "xx", "--", "++")
MISSING: dict[str, Any] = dict(facecolor="w", edgecolor="#666666", linestyle="-", hatch="////")
SHADES = LinearSegmentedColormap.from_list("shades", ["#bccedf", "#ffffff"])

# A curve beyond this multiple of its start (or of 1) has left: to show it would flatten the rest.
FAR = 1e12
# Longer runs are marked, and animated, at so many of their updates.
MARKS = 40
# Numbers for the players of a session: two of the same picture still differ in name.
NUMBERS = count(1)


def style():
    """Take the course's style, and SVG as the format of figures in a notebook.

    SVG is sharp at every size, and stays small because what would be large, the shades and
    the cells, is a picture inside it.
    """
    plt.style.use("optilab.course")
    if get_ipython():
        set_matplotlib_formats("svg", metadata={"Date": None})


def label(**hyper):
    """Return ``"lr = 0.1, beta = 0.9"`` for ``lr=0.1, beta=0.9``, to four digits."""
    return ", ".join(f"{name} = {value:.4g}" for name, value in hyper.items())


def contour(landscape, window, ax=None):
    """Draw the level lines of a landscape, darker where it is lower.

    Between two lines lies ever more of the window: on a bowl the lines are equally far
    apart, and neither a narrow valley nor the slopes around it stay empty.

    Parameters
    ----------
    landscape : function ``w (..., 2) -> (value (...), gradient)``
    window : ((x0, x1), (y0, y1))
        Paths drawn on the axes later do not move it.  Up to 3 times as long as wide, it has
        equal scales: then the gradient stands at right angles to the lines.
    """
    if np.shape(window) != (2, 2) or not (np.diff(window) > 0).all():
        raise ValueError(
            f"contour(): window must be ((x0, x1), (y0, y1)) with x0 < x1, y0 < y1, "
            f"not {shown(window)}"
        )
    ax = _axes(ax)
    x, y = (np.linspace(low, high, 201) for low, high in window)
    value, _ = landscape(np.stack(np.meshgrid(x, y), axis=-1))
    levels = np.unique(np.quantile(value, np.linspace(0, 1, 13) ** 2))
    if len(levels) < 2:
        raise ValueError("contour(): the landscape is flat in the window, or not finite")
    shades = SHADES(np.linspace(0, 1, len(levels) - 1))
    ax.contourf(x, y, value, levels, colors=shades, zorder=-1)
    ax.set_rasterization_zorder(0)
    ax.contour(x, y, value, levels, colors="#8797a6", linewidths=0.6)
    aspect = "equal" if 1 / 3 <= np.ptp(x) / np.ptp(y) <= 3 else "auto"
    ax.set(xlim=window[0], ylim=window[1], xlabel="$w_1$", ylabel="$w_2$", aspect=aspect)
    ax.locator_params(nbins=6)
    ax.grid(False)
    return ax


def paths(trajectories, ax=None):
    """Draw where runs went in the plane: a white circle at the start, a large marker at the end.

    Small markers are updates, all of them or every n-th of a long run.
    """
    ax = _axes(ax)
    for look, name, w in _walks(trajectories):
        ax.plot(*w.T, **look, markersize=4, markevery=_marks(len(w)).tolist(), label=name)
        _mark_ends(ax, look, w)
    return legend(ax)


def losses(trajectories, ax=None, clock="updates"):
    """Draw the loss against time, with a cross where a run diverges.

    The axis of the loss is logarithmic unless one is negative.

    Parameters
    ----------
    clock : {"updates", "seconds"}, or int, or {label: int}
        What counts the time.  A number counts epochs of so many updates.
    """
    clocks = ("updates", "seconds")
    if isinstance(clock, str) and clock not in clocks:
        raise ValueError(
            f"losses(): no clock {clock!r}, only {', '.join(clocks)}, or the number of updates "
            f"in an epoch{nearest(clock, clocks)}"
        )

    def curve(name, path):
        return {"": _columns(name, "loss", path.loss, 1)[:, 0]}

    ax = _curves(trajectories, curve, ax, clock)
    ax.set(ylabel="loss", yscale=_scale(ax))
    return ax


def errors(trajectories, minimum, ax=None, directions=None, names=None):
    r"""Draw how far runs are from the minimum, direction by direction, on a log axis.

    Parameters
    ----------
    minimum : sequence of d floats
    directions : array (k, d), optional
        Unit vectors, for instance eigenvectors of the Hessian; drawn is
        :math:`|u_i^\top (w - w^*)|`.  Default: the coordinates.
    names : sequence of k str, optional
        What the text calls the directions.
    """
    minimum = np.atleast_1d(minimum)
    axes = np.eye(len(minimum)) if directions is None else np.atleast_2d(directions)
    if names is None:
        names = _components("w" if directions is None else "u", len(axes))

    def curve(name, path):
        error = _columns(name, "w", path.w, len(minimum)) - minimum
        with np.errstate(invalid="ignore", over="ignore"):  # of runs that diverge
            return dict(zip(names, np.abs(error @ axes.T).T, strict=True))

    ax = _curves(trajectories, curve, ax)
    ax.set(ylabel="distance from the minimum", yscale=_scale(ax))
    return ax


def state(trajectories, name, ax=None):
    """Draw one state variable of every run, coordinate by coordinate."""

    def curve(label, path):
        if name not in path.state:
            known = ", ".join(path.state) or "none"
            raise ValueError(f"{label!r}: {path.rule} has no state {name!r}; it has {known}")
        values = _columns(label, name, path.state[name])
        return dict(zip(_components("w", values.shape[1]), values.T, strict=True))

    ax = _curves(trajectories, curve, ax)
    ax.set_ylabel(name)
    return ax


def sweep(values, x, y, quantity, ax=None, missing="diverged"):
    """Draw one number for each pair of hyperparameters, as a map of cells.

    An axis is logarithmic where its values are, and so is the colour scale of positive
    numbers more than a factor of 100 apart.

    Parameters
    ----------
    values : array (len(y), len(x))
    x, y : sequences of floats
        The hyperparameters in rising order, at least two each.
    quantity : str
        What is drawn, with its unit: the label of the colour bar.
    missing : str
        What NaN and infinity mean; such cells are hatched.
    """
    values = np.ma.masked_invalid(values)
    if values.shape != (len(y), len(x)) or min(values.shape) < 2:
        raise ValueError(
            f"values have shape {values.shape}, not (len(y), len(x)) = ({len(y)}, {len(x)}), "
            "two at least each way"
        )
    if not ((np.diff(x) > 0).all() and (np.diff(y) > 0).all()):
        raise ValueError("sweep(): the hyperparameters x and y must rise")
    ax = _axes(ax)
    (x_edges, x_scale), (y_edges, y_scale) = _cells(x), _cells(y)
    low, high = values.min(), values.max()
    norm = LogNorm(low, high) if 0 < 100 * low < high else None
    mesh = ax.pcolormesh(x_edges, y_edges, values, norm=norm, rasterized=True)
    ax.figure.colorbar(mesh, ax=ax, label=quantity)
    ax.set(xscale=x_scale, yscale=y_scale)
    ax.grid(False)
    if values.mask.any():
        ax.patch.set(**MISSING)
        ax.fill([], [], label=missing, **MISSING)
        legend(ax)
    return ax


def basins(starts, ends, minima, ax=None):
    """Draw from which starts a run ends in which minimum.

    Parameters
    ----------
    starts, ends : array (n, 1) or (rows, columns, 2)
        A rising line of starts, drawn as a strip below the curve that is on the axes already;
        or a grid of starts, as `numpy.meshgrid` lays it out.
    minima : array (k, d)
        An end within 1 % of the range of starts belongs to the minimum.
    """
    starts, ends = np.asarray(starts), np.asarray(ends)
    if (starts.ndim, starts.shape[-1]) not in {(2, 1), (3, 2)} or starts.shape != ends.shape:
        raise ValueError(
            f"starts {starts.shape} and ends {ends.shape} must both be (n, 1) or (rows, columns, 2)"
        )
    minima, d = np.asarray(minima), starts.shape[-1]
    if not minima.size or minima.size % d:
        raise ValueError(f"basins(): minima must be (k, {d}), not {minima.shape}")
    minima = minima.reshape(-1, d)
    distance = np.abs(ends[..., None, :] - minima).max(-1)
    arrived = distance.min(-1) < 0.01 * np.ptp(starts)
    home = np.where(arrived, distance.argmin(-1), len(minima))
    names = [f"to {_point(minimum)}" for minimum in minima] + ["elsewhere"]
    looks = [_filling(k) for k in range(len(minima))] + [MISSING]

    ax = _axes(ax)
    draw = _strip if starts.shape[-1] == 1 else _areas
    draw(ax, starts, home, looks, minima)
    for k in np.unique(home):
        ax.fill([], [], label=names[k], **looks[k])
    ax.grid(False)
    return legend(ax)


def legend(ax):
    """Put the legend above the axes; again after you have drawn a labelled curve of your own."""
    labels = ax.get_legend_handles_labels()[1]
    longest = max(len(re.sub(r"[$_{}\\]", "", text)) for text in labels)
    ax.legend(
        loc="lower left",
        bbox_to_anchor=(0, 1),
        borderaxespad=0.2,
        columnspacing=1.2,
        ncols=max(1, 60 // (9 + longest)),  # 60 characters go in a line, 9 of them are the sample
    )
    return ax


@dataclass(frozen=True)
class Player:
    """An animation with a button and a slider; without a script, its last frame."""

    page: str
    alt: str

    def __repr__(self):
        return f"Animation: {self.alt}"

    def _repr_html_(self):
        return self.page


def animate(trajectories, landscape, window, alt, names=("$w_1$", "$w_2$"), below=None):
    """Return a player of `paths` on `contour`, for the last line of a notebook cell.

    It needs no kernel and no network, and stands still until it is asked to play.

    Parameters
    ----------
    alt : str
        What the picture shows, for those who do not see it.
    names : (str, str)
        What the text calls the two weights.
    below : function ``(ax, update) -> artists``, optional
        Draws on the axes of a second panel, below, and returns what is to be seen at this update
        alone.  The rest stays.
    """
    if not (isinstance(alt, str) and alt.strip()):
        raise ValueError("animate() needs alt, a sentence that says what is to be seen")
    runs = list(_walks(trajectories))
    updates = _marks(max(len(w) for *_, w in runs))
    panels = 1 if below is None else 2
    size = plt.rcParams["figure.figsize"] * np.array([1, panels])
    fig, axes = plt.subplots(panels, squeeze=False, figsize=size)
    ax = contour(landscape, window, axes[0, 0])
    ax.set(xlabel=names[0], ylabel=names[1])
    for look, name, w in runs:
        ax.plot([], **look, markersize=4, label=name)
        _mark_ends(ax, look, w).set_gid(f"update-{len(w) - 1}")
        for before, now in pairwise(updates):
            leg = w[before : now + 1]
            if len(leg) > 1:
                ax.plot(*leg.T, **look, markersize=4, markevery=[-1], gid=f"update-{now}")
    legend(ax)
    if below is not None:
        for update in updates:
            for artist in below(axes[1, 0], int(update)):
                artist.set_gid(f"only-{update}")
    svg = io.StringIO()
    bare = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    fig.savefig(svg, format="svg", bbox_inches="tight", metadata=bare)
    plt.close(fig)
    return Player(_page(svg.getvalue(), updates.tolist(), alt), alt)


def rate_bars(rates):
    """Return what `animate` draws below: for each run a bar between the rates of its two weights.

    Parameters
    ----------
    rates : {label: array (updates + 1, 2)}
        ``rates[label][k]`` is what update k multiplied the gradient by, in each coordinate.  Row 0
        is not drawn: no update had been made.
    """

    def below(ax, update):
        ax.set(xscale="log", xlabel="rate of the coordinate", ylim=(len(rates) - 0.4, -0.6))
        ax.set_yticks(range(len(rates)), rates)
        ax.margins(x=0.14)
        artists = []
        for row, (name, values) in enumerate(rates.items() if update else ()):
            pairs = _columns(name, "rates", values, 2)
            pair = pairs[min(update, len(pairs) - 1)]
            artists += ax.plot(pair, [row, row], "|-", color=f"C{row}", lw=7, ms=11, mew=2)
            for i, dx in zip(np.argsort(pair), (-14, 14), strict=True):
                place = dict(textcoords="offset points", ha="center", va="center")
                artists.append(ax.annotate(f"$w_{i + 1}$", (pair[i], row), (dx, 0), **place))
        return artists

    return below


def _page(svg, updates, alt):
    """Put a figure into the player, under names that no other player on the page has."""
    name = f"player-{next(NUMBERS)}-{crc32(svg.encode()):08x}"
    svg = svg[svg.index("<svg") :].replace("*{", f"#{name} svg *{{")
    svg = re.sub(r'id="(update|only)-(\d+)"', r'data-\1="\2"', svg)
    svg = re.sub(rf'data-only="(?!{updates[-1]}")', r'style="display: none" \g<0>', svg)
    svg = re.sub(r'(id="|href="#|url\(#)', rf"\g<1>{name}-", svg)
    spoken = f'role="img" aria-label="{html.escape(alt)}" style="max-width: 100%; height: auto"'
    svg = svg.replace("<svg", f"<svg {spoken}", 1)
    page = Path(__file__).with_name("player.html").read_text(encoding="utf-8")
    return page.replace("PLAYER", name).replace("UPDATES", str(updates)).replace("SVG", svg)


def _axes(ax):
    if not isinstance(ax, Axes | None):
        raise TypeError(f"ax must be one Axes, not {shown(ax)}")
    return plt.subplots()[1] if ax is None else ax


def _runs(trajectories):
    """Yield (look, label, run)."""
    if not isinstance(trajectories, dict):
        raise TypeError(f"figures take {{label: Trajectory}}, not {type(trajectories).__name__}")
    if not trajectories:
        raise ValueError("figures take {label: Trajectory}, one at least")
    looks, markers = cycle(plt.rcParams["axes.prop_cycle"]), cycle(MARKERS)
    for name, path in trajectories.items():
        if not isinstance(path, Trajectory):
            raise TypeError(f"{name!r} must be a Trajectory, not {shown(path)}")
        yield next(looks) | {"marker": next(markers)}, str(name), path


def _walks(trajectories):
    """Yield (look, label, weights (updates + 1, 2)), as long as they are near."""
    for look, name, path in _runs(trajectories):
        w = _columns(name, "w", path.w, 2)
        yield look, name, w[: _near(np.abs(w).max(-1))]


def _near(y):
    """Return how many entries come before the first that is far off, or not finite."""
    far = ~(np.abs(y) <= FAR * max(1, abs(y[0])))
    return max(1, far.argmax()) if far.any() else len(y)


def _columns(name, what, values, d=None):
    """Return what a run kept of every update, as (updates + 1, d)."""
    columns = np.atleast_2d(np.transpose(values)).T
    if columns.ndim == 2 and len(columns) > 1 and d in (None, columns.shape[1]):
        return columns
    found = "a dict" if isinstance(values, dict) else f"of shape {np.shape(values)}"
    raise ValueError(
        f"{name!r}: {what} is {found}, not of shape (updates + 1, {d or 'd'}); "
        "one run at a time, with record='all'"
    )


def _marks(n):
    """Return the first and the last of n, and evenly spaced ones between."""
    return np.linspace(0, n - 1, min(n, MARKS + 1)).astype(int)


def _mark_ends(ax, look, w):
    """Mark start and end, and return the mark of the end."""
    ax.scatter(*w[0], s=70, color="white", ec="black", zorder=4)
    return _mark(ax, look, w[-1], look["marker"])


def _mark(ax, look, point, marker):
    return ax.scatter(*point, s=70, color=look["color"], marker=marker, ec="black", zorder=4)


def _components(letter, d):
    return [f"${letter}_{i}$" if d > 1 else "" for i in range(1, d + 1)]


def _curves(trajectories, curve, ax, clock="updates"):
    """Draw the ``curve(label, run) -> {part: y (updates + 1,)}`` of each run, while it is near."""
    ax = _axes(ax)
    for look, name, path in _runs(trajectories):
        parts = curve(name, path)
        time = _time(name, path, clock)
        for dash, (part, y) in zip(cycle(DASHES), parts.items(), strict=False):
            end = _near(y)
            words = name, part, "diverged" if end < len(y) else ""
            text = ", ".join(filter(None, words))
            (line,) = ax.plot(time[:end], y[:end], **look, markevery=max(1, end // 8), label=text)
            if len(parts) > 1:
                line.set_linestyle(dash)
            if end < len(y):
                _mark(ax, look, (time[end - 1], y[end - 1]), "X")
    ax.set_xlabel(clock if isinstance(clock, str) else "epochs")
    if clock == "updates":
        ax.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
    return legend(ax)


def _time(name, path, clock):
    """Return when a run was at each of its weights, by this clock of `losses`."""
    updates = np.arange(len(path.loss))
    if isinstance(clock, str):
        return updates if clock == "updates" else path.seconds
    return updates / (clock[name] if isinstance(clock, dict) else clock)


def _scale(ax):
    y = np.concatenate([line.get_ydata() for line in ax.lines])
    return "log" if y.min() >= 0 < y.max() else "linear"


def _cells(values):
    """Return the borders of cells around values, and the scale on which these are even."""
    values = np.asarray(values, float)

    def unevenness(v):
        return np.ptp(np.diff(v)) / np.ptp(v)

    log = values.min() > 0 and unevenness(np.log(values)) < unevenness(values)
    u = np.log(values) if log else values
    inner = (u[1:] + u[:-1]) / 2
    edges = np.concatenate([[2 * u[0] - inner[0]], inner, [2 * u[-1] - inner[-1]]])
    return (np.exp(edges), "log") if log else (edges, "linear")


def _strip(ax, starts, home, looks, minima):
    """Draw the basins of a line at the foot of the axes."""
    edges, _ = _cells(starts[:, 0])
    low, high = ax.get_ylim()
    ax.set(xlim=(edges[0], edges[-1]), ylim=(low - 0.12 * (high - low), high))
    for k, group in groupby(range(len(home)), key=home.__getitem__):
        cells = list(group)
        ax.axvspan(edges[cells[0]], edges[cells[-1] + 1], 0, 0.09, linewidth=0, **looks[k])
    _star(ax, minima[:, 0], np.full(len(minima), 0.045), transform=ax.get_xaxis_transform())


def _areas(ax, starts, home, looks, minima):
    """Draw the basins of a plane."""
    x, y = np.moveaxis(starts, -1, 0)
    for k in np.unique(home):
        face, edge, hatch = (looks[k][part] for part in ("facecolor", "edgecolor", "hatch"))
        area = ax.contourf(x, y, home == k, [0.5, 1.5], colors=[face], hatches=[hatch])
        area.set(edgecolor=edge, linewidth=0, rasterized=True)
    _star(ax, *minima.T)
    ax.set(xlabel="$w_1$", ylabel="$w_2$", aspect="equal")


def _star(ax, x, y, **options):
    ax.scatter(x, y, s=90, marker="*", color="black", ec="white", zorder=4, **options)


def _filling(k):
    """Return a pale colour of the cycle and a hatch in its full strength."""
    colors = plt.rcParams["axes.prop_cycle"].by_key()["color"]
    color = np.array(to_rgb(colors[k % len(colors)]))
    face, hatch = 0.65 + 0.35 * color, HATCHES[k % len(HATCHES)]
    return dict(facecolor=face, edgecolor=color, linestyle="-", hatch=hatch)


def _point(w):
    return f"({', '.join(f'{x:.3g}' for x in w)})" if len(w) > 1 else f"{w[0]:.3g}"
