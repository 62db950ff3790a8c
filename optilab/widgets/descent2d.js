// Gradient descent in two dimensions: one step size for two directions.
import {
  AROUND, change, descend, drawable, handle, html, key, line, live, overSteps, picker, plot, power,
  REACH, sentence, show, showFactor, showSteps, slider, stroke, svg, ticks, trail,
} from "./explorable.js";

// kappa -> (w -> [value, gradient]), written like optilab.landscapes
const LANDSCAPES = {
  bowl: (kappa) => ([x, y]) => {
    const g = [x, kappa * y];
    return [(x * g[0] + y * g[1]) / 2, g];
  },
  saddle: () => ([x, y]) => [x * x - y * y, [2 * x, -2 * y]],
  rosenbrock: () => ([x, y]) => {
    const [a, b] = [1 - x, y - x * x];
    return [a * a + 100 * (b * b), [-2 * a - 4 * 100 * x * b, 2 * 100 * b]];
  },
};

export const run = ({ landscape, kappa, w0, lr, steps }) =>
  descend(LANDSCAPES[landscape](kappa), w0, steps, lr);

// The sentence

const STORIES = { bowl: bowlStory, saddle: saddleStory, rosenbrock: valleyStory };

function bowlStory({ kappa, lr }) {
  const factors = [1 - lr, 1 - lr * kappa];
  const [x, y] = factors.map(Math.abs);
  const both = `Every step multiplies x by ${factors.map(showFactor).join(" and y by ")}`;
  const limit = `2/L = ${show(2 / kappa)}`;
  if (Math.abs(lr * kappa - 2) < 1e-9) return [`lr = ${limit}.`, `${both}: y bounces for ever.`];
  if (y > 1)
    return [`lr above ${limit}.`, `${both}: ${x > 1 ? "both grow" : "y grows"}, and it diverges.`];
  const slow = x < y ? "y" : "x";
  const wait = Math.ceil(Math.log(0.1) / Math.log(Math.max(x, y)));
  const rest = wait ? `${slow} takes ${showSteps(wait)} to fall tenfold` : "one step is enough";
  return [`lr below ${limit}.`, `${both}: ${rest}.`];
}

function saddleStory({ lr, w0 }) {
  const [x, y] = [1 - 2 * lr, 1 + 2 * lr];
  const factors = `Every step multiplies x by ${showFactor(x)}`;
  if (Math.abs(x) > 1) return ["It diverges.", `${factors} and y by ${showFactor(y)}.`];
  if (w0[1] === 0)
    return ["It never leaves.", `${factors}; with y = 0 there is no slope along y, and y stays 0.`];
  const wait = Math.ceil(-Math.log(Math.abs(w0[1])) / Math.log(y));
  const rest = wait > 0 ? `, from ${show(w0[1])}, passes 1 after ${showSteps(wait)}` : " rolls off";
  return ["It leaves the saddle.", `${factors} and y by ${showFactor(y)}: y${rest}.`];
}

function valleyStory({ steps }, { w, loss }) {
  const lost = w.findIndex((point) => !point.every((value) => Math.abs(value) < 100));
  if (lost >= 0) return ["It diverges.", `After ${showSteps(lost)} it is more than 100 away.`];
  const [x, y] = w[steps];
  const away = show(Math.hypot(x - 1, y - 1));
  return [
    `f = ${show(loss[steps])} after ${showSteps(steps)}.`,
    `It stands at (${show(x)}, ${show(y)}), ${away} from the minimum at (1, 1).`,
  ];
}

// The contours

const CELLS = 96; // each way
const EDGES = { x: [-1.2 * REACH, 1.2 * REACH], y: [-REACH, REACH] }; // equal scales on 6 : 5
// The root of a bowl is a cone, on which the straight lines of the grid are right.
const RISE = { bowl: Math.sqrt, saddle: (value) => value, rosenbrock: Math.sqrt };
const LEVELS = {
  bowl: Array.from({ length: 12 }, (_, k) => 0.25 * 1.5 ** k),
  saddle: ticks(-3, 3, 8),
  rosenbrock: Array.from({ length: 8 }, (_, k) => 1.7 ** k),
};

function heights(landscape, kappa) {
  const value = LANDSCAPES[landscape](kappa);
  const nodes = ([from, to]) =>
    Array.from({ length: CELLS + 1 }, (_, i) => from + ((to - from) * i) / CELLS);
  return nodes(EDGES.y).map((y) => nodes(EDGES.x).map((x) => RISE[landscape](value([x, y])[0])));
}

/** Marching squares: the line on which the grid is at `level`, and the area below, in cells. */
function levelSet(grid, level) {
  let [border, area] = ["", ""];
  for (let j = 0; j < CELLS; j++) {
    const strip = (from, to) => (from < to ? `M${from} ${j}H${to}v1H${from}Z` : "");
    let start = 0; // of the cells, up to here, that lie wholly below: they become one strip
    for (let i = 0; i < CELLS; i++) {
      const { below, crossings } = cell(grid, level, i, j);
      if (below.length === 4 && !crossings.length) continue;
      area += strip(start, i) + (below.length ? `${line(below)}Z` : "");
      start = i + 1;
      for (let k = 0; k < crossings.length; k += 2) border += line(crossings.slice(k, k + 2));
    }
    area += strip(start, CELLS);
  }
  return { border, area };
}

/** One cell: the outline of its part below `level`, and where the level crosses its sides. */
function cell(grid, level, i, j) {
  const corners = [[i, j], [i + 1, j], [i + 1, j + 1], [i, j + 1]];
  const [below, crossings] = [[], []];
  corners.forEach(([ax, ay], k) => {
    const [bx, by] = corners[(k + 1) % 4];
    const [a, b] = [grid[ay][ax] - level, grid[by][bx] - level];
    if (a < 0) below.push([ax, ay]);
    if (a < 0 === b < 0) return;
    const t = a / (a - b);
    crossings.push([ax + t * (bx - ax), ay + t * (by - ay)]);
    below.push(crossings.at(-1));
  });
  return { below, crossings };
}

function drawContours(axes, landscape, kappa) {
  const grid = heights(landscape, kappa);
  const [right, bottom] = axes.at([EDGES.x[1], EDGES.y[0]]);
  const scale = `scale(${right / CELLS} ${-bottom / CELLS})`;
  const group = svg("g", { transform: `translate(0 ${bottom}) ${scale}` });
  for (const level of LEVELS[landscape]) {
    const { border, area } = levelSet(grid, level);
    group.append(svg("path", { class: "below", d: area }));
    group.append(svg("path", { class: "level", d: border }));
  }
  const [x, y] = axes.at(landscape === "rosenbrock" ? [1, 1] : [0, 0]);
  const cross = svg("path", { class: "cross", d: `M${x - 5} ${y - 5}l10 10m0 -10l-10 10` });
  return [group, cross];
}

// The plot beside

const CURVES = { bowl: ["loss", "|x|", "|y|"], saddle: ["|x|", "|y|"], rosenbrock: ["loss"] };
const LOOKS = { loss: "path", "|x|": "dashed", "|y|": "dotted" };

function drawTrace({ landscape, steps }, { w, loss }) {
  const values = { loss, "|x|": w.map(([x]) => Math.abs(x)), "|y|": w.map(([, y]) => Math.abs(y)) };
  const names = CURVES[landscape];
  const axes = plot({
    label: `${names.join(", ")} against the step, on a logarithmic axis`,
    ...overSteps(steps),
    y: [-8, 3],
    yName: "",
    yTicks: ticks(-8, 2, 5),
    yText: power,
  });
  for (const name of names) {
    const points = drawable(values[name].map((value, k) => [k, Math.log10(value || 1e-300)]), 1e4);
    stroke(axes, LOOKS[name], points);
  }
  key(axes, Object.fromEntries(names.map((name) => [name, LOOKS[name]])), 80);
  return axes.node;
}

// The figure

// What is set is what is shown: three digits.
const logarithmic = { place: Math.log10, value: (place) => +(10 ** place).toPrecision(3) };

function controls(model) {
  const presets = model.get("_presets");
  const pick = picker(model, "landscape", Object.keys(LANDSCAPES), (picked) => presets[picked]);
  const lr = slider(model, "lr", {
    label: "learning rate lr",
    from: -4,
    to: 0.5,
    ...logarithmic,
    marks: { "2/L": () => (model.get("landscape") === "bowl" ? 2 / model.get("kappa") : null) },
  });
  const steps = slider(model, "steps", {
    label: "steps",
    from: 0,
    to: 3,
    ...logarithmic,
    value: (place) => Math.round(10 ** place),
  });
  const kappa = slider(model, "kappa", {
    label: "condition number κ", from: 0, to: 3, ...logarithmic,
  });
  const node = html("div", { class: "controls" }, pick.node, lr.node, steps.node, kappa.node);

  function update() {
    kappa.node.hidden = model.get("landscape") !== "bowl";
    for (const control of [pick, lr, steps, kappa]) control.update();
  }
  return { node, update };
}

function render({ model, el }) {
  const hand = controls(model);
  const says = sentence();
  const plane = plot({
    map: true,
    label: "Contours of the landscape with the path of gradient descent",
    ...EDGES,
    xName: "x",
    yName: "y",
    xTicks: ticks(-REACH, REACH, 4),
    yTicks: ticks(-REACH, REACH, 4),
  });
  const ground = svg("g", {});
  const path = trail();
  plane.paper.append(ground, path.node);
  const start = handle(plane, {
    label: "start (x, y)",
    keys: AROUND,
    place: () => model.get("w0"),
    moveTo: (w0) => change(model, { w0 }),
  });
  const right = html("div", {});
  let drawn;

  function draw(now) {
    const travelled = run(now);
    // The contours are the slow part, and a new learning rate leaves them as they are.
    const wanted = `${now.landscape} ${now.kappa}`;
    if (drawn !== wanted) ground.replaceChildren(...drawContours(plane, now.landscape, now.kappa));
    drawn = wanted;
    path.update(drawable(travelled.w, 1e4).map(plane.at));
    right.replaceChildren(drawTrace(now, travelled));
    hand.update();
    start.update(now.w0.map((value) => show(value)).join(", "));
    says.say(...STORIES[now.landscape](now, travelled));
  }
  const plots = html("div", { class: "plots" }, plane.node, right);
  const settings = ["landscape", "kappa", "w0", "lr", "steps"];
  return live({ model, el }, settings, [hand.node, says.node, plots], draw);
}

export default { render };
