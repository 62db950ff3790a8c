// Gradient descent on a noisy bowl: what a schedule leaves of the way, and of the noise.
import {
  drawable, html, key, live, overSteps, picker, plot, power, sentence, show, slider, stroke, svg,
  ticks,
} from "./explorable.js";

const STEPS = 1000;
const LEFT = 0.01; // of the learning rate after `length` updates, whatever the schedule

const cosine = (lr, length) => (k) =>
  LEFT * lr + ((lr - LEFT * lr) * (1 + Math.cos((Math.PI * Math.min(k, length)) / length))) / 2;

/** name -> (lr, length) -> (k -> learning rate), written like optilab.schedules */
const SCHEDULES = {
  constant: (lr) => () => lr,
  staircase: (lr, length) => (k) => lr * 0.1 ** Math.floor(k / (length / 2)),
  exponential: (lr, length) => (k) => lr * LEFT ** (k / length),
  "inverse time": (lr, length) => (k) => lr / (1 + ((1 / LEFT - 1) * k) / length),
  linear: (lr, length) => (k) => LEFT * lr + (lr - LEFT * lr) * (1 - Math.min(k / length, 1)),
  cosine,
  "cosine with restarts": (lr, length) => (k) => cosine(lr, length)(k % length),
};

const warmed = (schedule, steps) => (k) =>
  k < steps ? (schedule(0) * (k + 1)) / (steps + 1) : schedule(k - steps);

const limit = (curvature) => 2 / Math.max(...curvature); // 2/L

/**
 * The expected loss from w = (1, ..., 1), in closed form: the mean walk is one without noise, and
 * the variance of each coordinate shrinks with it and grows by the noise.
 */
function expected(schedule, noise, curvature) {
  let [mean, variance] = [curvature.map(() => 1), curvature.map(() => 0)];
  const loss = (squares) => squares.reduce((sum, x, i) => sum + curvature[i] * x, 0) / 2;
  const found = { lr: [], way: [], noise: [] };
  for (let k = 0; k <= STEPS; k++) {
    const lr = schedule(k);
    found.lr.push(lr);
    found.way.push(loss(mean.map((m) => m * m)));
    found.noise.push(loss(variance));
    const factors = curvature.map((c) => 1 - lr * c);
    mean = mean.map((m, i) => factors[i] * m);
    variance = variance.map((v, i) => factors[i] ** 2 * v + (lr * noise) ** 2);
  }
  return { ...found, loss: found.way.map((way, k) => way + found.noise[k]) };
}

export const run = ({ schedule, lr, length, warmup, noise, curvature }) =>
  expected(warmed(SCHEDULES[schedule](lr, length), warmup), noise, curvature);

// The sentence

function story({ schedule, warmup, curvature }, found, constant) {
  const [loss, way, noise] = [found.loss, found.way, found.noise].map((values) => values.at(-1));
  const enough = (part) => part > 0.01 * loss;
  const parts = `${show(way)} of it is the way still to go, ${show(noise)} noise`;
  const split = !enough(noise)
    ? "All of it is the way still to go"
    : !enough(way) ? "All of it is noise" : parts;
  const other = `a constant rate ends at ${show(constant.loss.at(-1))}`;
  const title = loss < 1e6 ? `The loss ends at ${show(loss)}.` : "It diverges.";
  if (loss >= 1e6) return [title, `lr is above 2/L = ${show(limit(curvature))} for too long.`];
  return [title, schedule === "constant" && !warmup ? `${split}.` : `${split}; ${other}.`];
}

// The plots

const follow = (axes, look, values) =>
  stroke(axes, look, drawable(values.map((y, k) => [k, y]), 1e4));

function drawSchedule({ lr }, border) {
  const axes = plot({
    label: "learning rate against updates",
    ...overSteps(STEPS, "updates"),
    y: [0, 1.3 * border],
    yName: "learning rate",
    yTicks: ticks(0, border, 2),
  });
  stroke(axes, "curve dashed", [[0, border], [STEPS, border]]);
  follow(axes, "path", lr);
  const [x, y] = axes.at([STEPS, border]);
  axes.top.append(svg("text", { x, y: y - 6, "text-anchor": "end", "aria-hidden": "true" }, "2/L"));
  return axes.node;
}

function drawLoss({ loss, way }, constant) {
  const axes = plot({
    label: "expected loss against updates, logarithmic, beside that of a constant rate",
    ...overSteps(STEPS, "updates"),
    y: [-4, 3],
    yName: "",
    yTicks: ticks(-4, 2, 3),
    yText: power,
  });
  const logs = (values) => values.map((value) => Math.log10(value || 1e-300));
  follow(axes, "curve dashed", logs(constant.loss));
  follow(axes, "dotted", logs(way));
  follow(axes, "path", logs(loss));
  key(axes, { loss: "path", "way to go": "dotted", constant: "dashed" }, 105);
  return axes.node;
}

// The figure

/** Updates go in tens, of which the arrow keys take one. */
const tens = { place: (value) => value / STEPS, value: (place) => 10 * Math.round(100 * place) };

function render({ model, el }) {
  const pick = picker(model, "schedule", Object.keys(SCHEDULES));
  const border = () => limit(model.get("curvature"));
  const twentieths = {
    place: (value) => (20 * value) / border(),
    value: (place) => (place / 20) * border(),
  };
  const sliders = [
    slider(model, "lr", {
      label: "learning rate lr",
      from: 0.2,
      to: 24,
      ...twentieths,
      marks: { "1/L": () => border() / 2, "2/L": border },
    }),
    slider(model, "length", { label: "updates until 1 % is left", from: 0.02, to: 2, ...tens }),
    slider(model, "warmup", { label: "updates of warm-up", from: 0, to: 0.5, ...tens }),
    slider(model, "noise", { label: "noise σ", from: 0, to: 5 }),
  ];
  const hand = [pick, ...sliders];
  const says = sentence();
  const [left, right] = [html("div", {}), html("div", {})];

  function draw(now) {
    const found = run(now);
    const constant = expected(() => now.lr, now.noise, now.curvature);
    for (const control of hand) control.update();
    sliders[1].node.hidden = now.schedule === "constant";
    left.replaceChildren(drawSchedule(found, border()));
    right.replaceChildren(drawLoss(found, constant));
    says.say(...story(now, found, constant));
  }
  const controls = html("div", { class: "controls" }, ...hand.map(({ node }) => node));
  const plots = html("div", { class: "plots" }, left, right);
  const settings = ["schedule", "lr", "length", "warmup", "noise", "curvature"];
  return live({ model, el }, settings, [controls, says.node, plots], draw);
}

export default { render };
