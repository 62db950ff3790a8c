// What the figures share: the descent itself, axes, controls, and life without Jupyter.

/** Gradient descent on `landscape(w) -> [value, gradient]`, rounded as optilab rounds. */
export function descend(landscape, w0, steps, lr) {
  const w = [w0];
  for (let k = 0; k < steps; k++) {
    const g = landscape(w[k])[1];
    w.push(w[k].map((x, i) => x - lr * g[i]));
  }
  return { w, loss: w.map((point) => landscape(point)[0]) };
}

// Elements and text

const SVG = "http://www.w3.org/2000/svg";

export const html = (tag, attributes, ...children) =>
  fill(document.createElement(tag), attributes, children);
export const svg = (tag, attributes, ...children) =>
  fill(document.createElementNS(SVG, tag), attributes, children);

function fill(node, attributes, children = []) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** A number as text, with a true minus sign. */
export const show = (value, digits = 3) =>
  String(+value.toPrecision(digits)).replaceAll("-", "−");

/** What one step multiplies by; near 1 it takes more digits to see on which side. */
export function showFactor(value) {
  const near = Math.abs(Math.abs(value) - 1) < 0.01;
  return near ? show(+value.toFixed(5), 6) : show(+value.toFixed(2));
}

/** 10 to the power n, for an axis; n has one digit. */
export const power = (n) => `10${n < 0 ? "⁻" : ""}${"⁰¹²³⁴⁵⁶⁷⁸⁹"[Math.abs(n)]}`;

export const showSteps = (count) => `${count} step${count === 1 ? "" : "s"}`;

// Axes

const SIZE = { width: 360, height: 320 };
const MARGIN = { left: 38, right: 16, top: 28, bottom: 37 };

/** About `count` round numbers from `low` to `high`. */
export function ticks(low, high, count) {
  const least = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = power * [1, 2, 5, 10].find((m) => m * power >= 0.999 * least);
  const first = Math.ceil(low / step);
  const length = Math.floor(high / step) - first + 1;
  return Array.from({ length }, (_, i) => (first + i) * step);
}

/**
 * Axes over the limits `x` and `y`, 6 : 5.  `paper` clips what is drawn on it, `top` does not;
 * `at` takes a point of the data to the drawing, `under` a pointer event to a point of the data.
 * A map holds a start to move, and no lines across, which would look like contours.
 */
export function plot({ label, map, x, y, xName, yName, xTicks, yTicks, yText = show }) {
  const width = SIZE.width - MARGIN.left - MARGIN.right;
  const height = SIZE.height - MARGIN.top - MARGIN.bottom;
  const across = (value) => ((value - x[0]) / (x[1] - x[0])) * width;
  const down = (value) => ((y[1] - value) / (y[1] - y[0])) * height;

  const axes = svg("g", { class: "axes", "aria-hidden": "true" });
  const write = (words, px, py, anchor) =>
    axes.append(svg("text", { x: px, y: py, "text-anchor": anchor }, words));
  for (const value of xTicks) {
    axes.append(svg("path", { d: `M${across(value)} ${height}v5` }));
    write(show(value), across(value), height + 19, "middle");
  }
  for (const value of yTicks) {
    const tick = { d: `M0 ${down(value)}h${map ? -5 : width}`, class: map ? "" : "grid" };
    axes.append(svg("path", tick));
    write(yText(value), -8, down(value) + 4, "end");
  }
  axes.append(svg("path", { d: `M0 ${height}h${width}` }));
  write(xName, width, height + 33, "end");
  write(yName, -8, -12, "start");

  // A nested svg clips without a clipPath, whose id two figures of a page would share.
  const paper = svg("svg", { width, height });
  const top = svg("g", { transform: `translate(${MARGIN.left} ${MARGIN.top})` }, axes, paper);
  const viewBox = `0 0 ${SIZE.width} ${SIZE.height}`;
  const role = map ? "group" : "img"; // what is in an img cannot be reached
  const node = svg("svg", { viewBox, role, "aria-label": label }, top);

  function under(event) {
    const pointer = new DOMPoint(event.clientX, event.clientY);
    const place = pointer.matrixTransform(top.getScreenCTM().inverse());
    return [x[0] + (place.x / width) * (x[1] - x[0]), y[1] - (place.y / height) * (y[1] - y[0])];
  }
  return { node, paper, top, under, at: ([a, b]) => [across(a), down(b)] };
}

/** Axes against the step, up to `steps`. */
export const overSteps = (steps, xName = "step") => ({
  x: [-0.02 * steps, 1.02 * steps],
  xName,
  xTicks: ticks(0, steps, Math.min(steps, 5)),
});

/** Axes with a walk on them, whose points `w[k]` have one coordinate, as far as it can be drawn. */
export function drawWalk(w, steps) {
  const edge = 1.125 * REACH;
  const axes = plot({
    label: "w against the step",
    ...overSteps(steps),
    y: [-edge, edge],
    yName: "w",
    yTicks: ticks(-REACH, REACH, 4),
  });
  stroke(axes, "curve", [[0, 0], [steps, 0]]);
  const points = trail();
  points.update(drawable(w.map(([value], k) => [k, value]), 1e4).map(axes.at));
  axes.paper.append(points.node);
  return axes;
}

/** Say above a plot what its lines are: `{name: class}`, each `width` wide. */
export function key(axes, looks, width) {
  Object.entries(looks).forEach(([name, look], i) => {
    const x = 8 + i * width; // beside the name of y
    axes.top.append(
      svg("path", { class: look, d: `M${x} -15h26` }),
      svg("text", { x: x + 32, y: -11, "aria-hidden": "true" }, name),
    );
  });
}

const coordinates = (point) => point.map((value) => value.toFixed(2)).join(" ");
export const line = (points) => `M${points.map(coordinates).join("L")}`;
/** Points without length, which round line caps make dots: one element for any number of them. */
const dots = (points) => points.map((point) => `M${coordinates(point)}h0`).join("");

/** Draw a line through points of the data. */
export const stroke = (axes, look, points) =>
  axes.paper.append(svg("path", { class: look, d: line(points.map(axes.at)) }));

/** A path that joins its points: small dots when there are many. */
export function trail() {
  const [way, stops] = [svg("path", { class: "path" }), svg("path", {})];
  function update(points) {
    fill(way, { d: line(points) });
    fill(stops, { d: dots(points), class: points.length > 100 ? "dots many" : "dots" });
  }
  return { node: svg("g", {}, way, stops), update };
}

/** What can be drawn of a path, which may diverge: all up to the first point beyond `limit`. */
export function drawable(points, limit) {
  const beyond = points.findIndex((point) => !point.every((value) => Math.abs(value) < limit));
  const kept = beyond < 0 ? points : points.slice(0, beyond + 1);
  return kept.filter((point) => point.every(Number.isFinite));
}

// Controls

/** Let the reader change settings, here and in the kernel. */
export function change(model, settings) {
  for (const [name, value] of Object.entries(settings)) model.set(name, value);
  model.save_changes();
}

/** A list to pick the setting `name` from; `brings(picked)` are further settings that it sets. */
export function picker(model, name, options, brings = () => ({})) {
  const select = html("select", {}, ...options.map((option) => html("option", {}, option)));
  select.addEventListener("change", () =>
    change(model, { [name]: select.value, ...brings(select.value) }),
  );
  const node = html("div", { class: "control" }, html("label", {}, name, select));
  return { node, update: () => (select.value = model.get(name)) };
}

const same = (value) => value;

/**
 * A labelled slider for the setting `name`, between two places `from` and `to`.
 * `place(value)` is where a value lies and `value(place)` what a place means, by default the same;
 * `marks` are `{words: () => value}` that a click sets exactly, hidden while there is no value.
 */
export function slider(model, name, { label, from, to, place = same, value = same, marks = {} }) {
  const input = html("input", { type: "range", min: from, max: to, step: 0.01 });
  const output = html("output", { name, "aria-live": "off" });
  const node = html("div", { class: "control" }, html("label", {}, label, input), output);
  input.addEventListener("input", () => change(model, { [name]: value(+input.value) }));

  const row = html("div", { class: "marks" });
  const buttons = Object.entries(marks).map(([words, wanted]) => {
    const button = html("button", { "aria-label": `Set ${name} to ${words}` }, words);
    button.addEventListener("click", () => change(model, { [name]: wanted() }));
    row.append(button);
    return [button, wanted];
  });
  if (buttons.length) node.append(row);

  function update() {
    const now = model.get(name);
    input.value = place(now);
    output.textContent = show(now);
    input.setAttribute("aria-valuetext", output.textContent);
    for (const [button, wanted] of buttons) {
      button.hidden = wanted() === null;
      button.style.setProperty("--at", (place(wanted()) - from) / (to - from));
    }
  }
  return { node, update };
}

/** The keys that move a point, and where to. */
export const SIDEWAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
export const UPRIGHT = { ArrowUp: [0, 1], ArrowDown: [0, -1] };
export const AROUND = { ...SIDEWAYS, ...UPRIGHT };

/** A start lies within -REACH .. REACH, and on a grid, so that a hand can bring it to exactly 0. */
export const REACH = 2;
const START = [-REACH, REACH, 20]; // from, to, steps per unit
const snap = (value, [from, to, perUnit]) =>
  Math.min(to, Math.max(from, Math.round(value * perUnit) / perUnit));

/**
 * A point on a plot to take hold of, by pointer or by arrow keys: `place()` is where it stands,
 * `moveTo(point)` is asked to bring it elsewhere, within `ranges` of its coordinates.  `hint` stands
 * beside it until it moves.
 */
export function handle(axes, options) {
  const { label, hint = "drag", keys, place, moveTo, ranges = [START, START] } = options;
  const main = keys === UPRIGHT ? 1 : 0; // the coordinate that is its value
  const [from, to] = ranges[main];
  const [x, anchor] = axes.at(place())[0] < SIZE.width / 2 ? [14, "start"] : [-14, "end"];
  const word = svg("text", { x, y: -12, "text-anchor": anchor, "aria-hidden": "true" }, hint);
  const reach = svg("circle", { class: "reach", r: 20 }); // for the finger, not for the eye
  const knob = svg("circle", { class: "knob", r: 7.5 });
  const aria = { "aria-label": label, "aria-valuemin": from, "aria-valuemax": to };
  const attributes = { class: "handle", role: "slider", tabindex: 0, ...aria };
  const node = svg("g", attributes, word, reach, knob);
  function bring(point) {
    word.remove();
    moveTo(point.map((value, i) => snap(value, ranges[i])));
  }
  // Else a finger scrolls the page: Chromium does not heed `touch-action` inside an svg.
  node.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
  node.addEventListener("pointerdown", (event) => node.setPointerCapture(event.pointerId));
  node.addEventListener("pointermove", (event) => {
    if (node.hasPointerCapture(event.pointerId)) bring(axes.under(event));
  });
  node.addEventListener("keydown", (event) => {
    const way = keys[event.key];
    if (!way) return;
    event.preventDefault();
    bring(place().map((value, i) => value + way[i] / ranges[i][2]));
  });
  axes.top.append(node);

  function update(text) {
    fill(node, {
      transform: `translate(${coordinates(axes.at(place()))})`,
      "aria-valuenow": place()[main],
      "aria-valuetext": text,
    });
  }
  return { node, update };
}

/** The sentence under the controls.  It is read aloud when the hand rests, not at every pixel. */
export function sentence() {
  const [title, rest] = [html("strong", {}), html("span", {})];
  const seen = html("p", { class: "sentence", "aria-hidden": "true" }, title, " ", rest);
  const heard = html("p", { class: "heard", "aria-live": "polite" });
  let timer;
  function say(first, second) {
    title.textContent = first;
    rest.textContent = second;
    clearTimeout(timer);
    timer = setTimeout(() => (heard.textContent = `${first} ${second}`), 600);
  }
  return { node: html("div", {}, seen, heard), say };
}

// A figure

/**
 * Show the parts of a figure in `element`: `draw(settings)` now, and after changes of the settings
 * `names`, once however many change together.  Returns the way to stop.
 */
export function live({ model, el: element }, names, parts, draw) {
  let due = false;
  const now = () => {
    due = false;
    draw(Object.fromEntries(names.map((name) => [name, model.get(name)])));
  };
  const soon = () => {
    if (!due) queueMicrotask(now);
    due = true;
  };
  now();
  names.forEach((name) => model.on(`change:${name}`, soon));
  element.classList.add("optilab-explorable");
  element.append(...parts);
  // JupyterLab would take the arrow keys to walk from cell to cell.
  for (const control of element.querySelectorAll("input, select, button, [tabindex]"))
    control.dataset.lmSuppressShortcuts = "";
  return () => names.forEach((name) => model.off(`change:${name}`, soon));
}

/** Show a figure in a page without Jupyter: `element` carries the settings that a kernel would. */
export function mount(figure, element) {
  const settings = JSON.parse(element.dataset.settings);
  const changes = new EventTarget();
  const model = {
    get: (name) => settings[name],
    set(name, value) {
      settings[name] = value;
      changes.dispatchEvent(new Event(`change:${name}`));
    },
    save_changes() {},
    on: (name, listener) => changes.addEventListener(name, listener),
    off: (name, listener) => changes.removeEventListener(name, listener),
  };
  figure.render({ model, el: element });
}
