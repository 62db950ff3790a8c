// Lines through ten points: how hard each loss lets a point pull.
import {
  change, handle, html, key, line, live, plot, sentence, show, svg, ticks, UPRIGHT,
} from "./explorable.js";

const DELTA = 1; // of Huber's loss

const residuals = (y, [slope, intercept]) => y.map((value, x) => slope * x + intercept - value);
const sum = (values) => values.reduce((total, value) => total + value, 0);

// y -> [slope, intercept]

/** The line with the least weighted sum of squares. */
function squared(y, weights = y.map(() => 1)) {
  const mean = (values) => sum(values.map((value, x) => weights[x] * value)) / sum(weights);
  const [x0, y0] = [mean(y.map((_, x) => x)), mean(y)];
  const slope = mean(y.map((value, x) => (x - x0) * value)) / mean(y.map((_, x) => (x - x0) ** 2));
  return [slope, y0 - slope * x0];
}

/** Some line with the least absolute error runs through two of the points: ask all pairs. */
function absolute(y) {
  let [best, least] = [null, Infinity];
  for (let b = 1; b < y.length; b++)
    for (let a = 0; a < b; a++) {
      const slope = (y[b] - y[a]) / (b - a);
      const fit = [slope, y[a] - slope * a];
      const price = sum(residuals(y, fit).map(Math.abs));
      if (price < least - 1e-9) [best, least] = [fit, price];
    }
  return best;
}

/** Least squares again and again, a far point's weight being what it takes to pull like DELTA. */
function huber(y) {
  let fit = squared(y);
  for (let moved = Infinity, round = 0; moved > 1e-12 && round < 5000; round++) {
    const weights = residuals(y, fit).map((r) => Math.min(1, DELTA / Math.abs(r)));
    const next = squared(y, weights);
    moved = Math.hypot(next[0] - fit[0], next[1] - fit[1]);
    fit = next;
  }
  return fit;
}

export const run = ({ y }) => ({ squared: squared(y), absolute: absolute(y), Huber: huber(y) });

function story({ y }, fits) {
  const slopes = Object.entries(fits).map(([name, [slope]]) => `${name} ${show(slope)}`);
  const hit = residuals(y, fits.absolute).filter((r) => Math.abs(r) < 1e-9).length;
  return [
    `Slopes: ${slopes.join(", ")}.`,
    `The line of the absolute error runs through ${hit} of the 10 points.`,
  ];
}

const LOOKS = { squared: "path", absolute: "dashed", Huber: "dotted" };
const HEIGHTS = [-15, 50, 1]; // from, to, steps per unit

function render({ model, el }) {
  const says = sentence();
  const axes = plot({
    map: true,
    label: "Ten points to move up and down, and three lines through them",
    x: [-0.6, 9.6],
    y: [-17, 57],
    xName: "x",
    yName: "",
    xTicks: ticks(0, 9, 9),
    yTicks: ticks(-10, 50, 6),
  });
  const lines = Object.fromEntries(
    Object.entries(LOOKS).map(([name, look]) => [name, svg("path", { class: look })]),
  );
  axes.paper.append(...Object.values(lines));
  key(axes, LOOKS, 105);
  const points = model.get("y").map((_, x) =>
    handle(axes, {
      label: `point at x = ${x}`,
      hint: x === 9 ? "drag" : "",
      keys: UPRIGHT,
      ranges: [[x, x, 1], HEIGHTS],
      place: () => [x, model.get("y")[x]],
      moveTo: ([, y]) => change(model, { y: model.get("y").with(x, y) }),
    }),
  );

  function draw(now) {
    const fits = run(now);
    for (const [name, [slope, intercept]] of Object.entries(fits)) {
      const ends = [-1, 10].map((x) => axes.at([x, slope * x + intercept]));
      lines[name].setAttribute("d", line(ends));
    }
    points.forEach((point, x) => point.update(show(now.y[x])));
    says.say(...story(now, fits));
  }
  const plots = html("div", { class: "plots" }, axes.node);
  return live({ model, el }, ["y"], [says.node, plots], draw);
}

export default { render };
