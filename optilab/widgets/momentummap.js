// Momentum on a parabola: what each pair of learning rate and beta does.
import {
  AROUND, change, drawWalk, handle, html, live, plot, sentence, show, showFactor, showSteps, slider,
  stroke, svg, ticks,
} from "./explorable.js";

const W0 = 1;

/** Momentum on w**2 / 2, rounded as optilab rounds. */
export function run({ lr, beta, steps }) {
  const w = [W0];
  for (let k = 0, v = 0; k < steps; k++) {
    v = beta * v + w[k];
    w.push(w[k] - lr * v);
  }
  return { w: w.map((value) => [value]), loss: w.map((value) => (value * value) / 2) };
}

// The sentence

/** Name the regime, which hangs on the eigenvalues of a step. */
function story({ lr, beta }) {
  const [half, limit] = [(1 + beta - lr) / 2, 2 + 2 * beta];
  const inside = half * half - beta; // of the root
  const rate = inside < 0 ? Math.sqrt(beta) : Math.abs(half) + Math.sqrt(inside);
  const is = (a, b) => Math.abs(a - b) < 1e-9;
  const wait = Math.ceil(Math.log(0.1) / Math.log(rate));
  const fall = `a tenth is left after ${showSteps(wait)}`;

  if (lr === 0) return ["lr = 0.", "The velocity grows, and w never moves."];
  if (is(lr, limit))
    return [`lr = 2 + 2 beta = ${show(limit)}.`, "It changes sides at every step, for ever."];
  if (lr > limit)
    return [
      `lr above 2 + 2 beta = ${show(limit)}.`,
      `In the long run every step multiplies w by ${showFactor(-rate)}: it diverges.`,
    ];
  if (is(rate, 0)) return ["Critical damping.", "The first step lands on the minimum."];
  const left = `a step leaves ${showFactor(rate)}`;
  if (is(inside, 0)) return ["Critical damping.", `The eigenvalues meet: ${left} in the long run.`];
  if (inside < 0)
    return ["It swings.", `Of a swing ${left} = √beta, whatever lr is: ${fall}.`];
  if (half > 0) return ["It creeps.", `The slower eigenvalue decides: ${left}; ${fall}.`];
  return ["It zigzags.", `The slower eigenvalue is negative: ${left}; ${fall}.`];
}

// The map

const RATES = [0.4, 0.6, 0.8, 0.9, 0.95, 1];
const RANGES = { lr: [0, 4.2, 20], beta: [0, 0.99, 100] }; // from, to, steps per unit

/** Where the rate is at most `rho`: a trapezoid, whose top is the level where swings decide. */
const trapezoid = (rho) => [
  [1 - rho, 0], [(1 - rho) ** 2, rho ** 2], [(1 + rho) ** 2, rho ** 2], [1 + rho, 0],
];

function drawMap() {
  const axes = plot({
    map: true,
    label: "Map of the settings with lines of equal convergence rate, and yours on it",
    x: [0, 4.2],
    y: [0, 1.03],
    xName: "learning rate × curvature",
    yName: "beta",
    xTicks: ticks(0, 4, 4),
    yTicks: ticks(0, 1, 5),
  });
  for (const rho of RATES) {
    const points = trapezoid(rho);
    stroke(axes, "below", points);
    stroke(axes, "level", points);
    const [x, y] = axes.at([1 + rho, rho ** 2]);
    const words = { x, y: y - 3, "text-anchor": "middle", "aria-hidden": "true" };
    if (rho < 1) axes.paper.append(svg("text", words, `rate ${rho}`));
  }
  const damped = Array.from({ length: 64 }, (_, i) => [(i / 31) ** 2, (1 - i / 31) ** 2]);
  stroke(axes, "curve dotted", damped.filter(([, beta]) => beta <= 1));
  return axes;
}

// The figure

function render({ model, el }) {
  const critical = () => (1 - Math.sqrt(model.get("lr"))) ** 2;
  const lr = slider(model, "lr", {
    label: "learning rate lr",
    from: 0,
    to: RANGES.lr[1],
    marks: { "2+2β": () => 2 + 2 * model.get("beta") },
  });
  const beta = slider(model, "beta", {
    label: "momentum beta",
    from: 0,
    to: RANGES.beta[1],
    marks: { critical: () => (critical() <= RANGES.beta[1] ? critical() : null) },
  });
  const says = sentence();
  const left = drawMap();
  const knob = handle(left, {
    label: "settings lr, beta",
    keys: AROUND,
    ranges: [RANGES.lr, RANGES.beta],
    place: () => [model.get("lr"), model.get("beta")],
    moveTo: ([lr, beta]) => change(model, { lr, beta }),
  });
  const right = html("div", {});

  function draw(now) {
    right.replaceChildren(drawWalk(run(now).w, now.steps).node);
    for (const control of [lr, beta]) control.update();
    knob.update(`${show(now.lr)}, ${show(now.beta)}`);
    says.say(...story(now));
  }
  const controls = html("div", { class: "controls" }, lr.node, beta.node);
  const plots = html("div", { class: "plots" }, left.node, right);
  return live({ model, el }, ["lr", "beta", "steps"], [controls, says.node, plots], draw);
}

export default { render };
