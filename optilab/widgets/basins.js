// Momentum in a double well: which starts end in the lower valley, and which change sides.
import {
  change, drawWalk, handle, html, key, live, plot, REACH, sentence, show, SIDEWAYS, slider,
  stroke, svg, ticks,
} from "./explorable.js";

const LR = 0.01;
const STARTS = Array.from({ length: 201 }, (_, i) => i * 0.02 - REACH);
const LONG = 2500; // steps, after which every walk rests
const SHOWN = 300;

const height = (w) => (w * w - 1) ** 2 + 0.3 * w;
const slope = (w) => 4 * w * (w * w - 1) + 0.3;

/** Where momentum is from `w` on, after 0 to `steps` steps, rounded as optilab rounds. */
function walk(beta, w, steps) {
  const places = [w];
  for (let v = 0; places.length <= steps; places.push(w)) {
    v = beta * v + slope(w);
    w -= LR * v;
  }
  return places;
}

/** Which starts end in the lower valley, the left one. */
const lower = (beta) => STARTS.map((w) => walk(beta, w, LONG).at(-1) < 0);
const PLAIN = lower(0);

export function run({ beta, w0 }) {
  const ball = lower(beta);
  const rescued = ball.map((found, i) => found && !PLAIN[i]);
  const thrown = ball.map((found, i) => !found && PLAIN[i]);
  const [w, still] = [beta, 0].map((kept) => walk(kept, w0, SHOWN).map((x) => [x]));
  return { plain: PLAIN, ball, rescued, thrown, w, still };
}

function story({ plain, ball, rescued, thrown }) {
  const percent = 100 / STARTS.length;
  const share = (starts) => `${(percent * starts.filter(Boolean).length).toFixed(1)} %`;
  return [
    `Of the starts ${share(rescued)} are rescued, ${share(thrown)} thrown out.`,
    `${share(ball)} end in the lower valley, ${share(plain)} by gradient descent.`,
  ];
}

// Below the curve there are three strips, each with a bar for every start that it names.
const UP = { class: "bars", length: -9 };
const DOWN = { class: "path", length: 9 };
const STRIPS = [
  { y: -1.15, words: "lower valley, by gradient descent", bars: { plain: UP } },
  { y: -2.2, words: "lower valley, by momentum", bars: { ball: UP } },
  { y: -3.25, words: "▲ rescued ▼ thrown out", bars: { rescued: UP, thrown: DOWN } },
];

function drawWell() {
  const axes = plot({
    map: true,
    label: "The double well, and below it the starts that end in its lower valley",
    x: [-1.05 * REACH, 1.05 * REACH],
    y: [-3.6, 3],
    xName: "start w",
    yName: "f(w)",
    xTicks: ticks(-REACH, REACH, 4),
    yTicks: [],
  });
  stroke(axes, "curve", STARTS.map((w) => [w, height(w)]));
  for (const strip of STRIPS) {
    stroke(axes, "curve", [[-REACH, strip.y], [REACH, strip.y]]);
    const [x, y] = axes.at([-REACH, strip.y]);
    axes.paper.append(svg("text", { x, y: y - 13, "aria-hidden": "true" }, strip.words));
  }
  return axes;
}

function drawBars(axes, found) {
  return STRIPS.flatMap(({ y, bars }) =>
    Object.entries(bars).map(([name, { class: look, length }]) => {
      const feet = STARTS.filter((_, i) => found[name][i]).map((w) => axes.at([w, y]));
      return svg("path", { class: look, d: feet.map(([a, b]) => `M${a} ${b}v${length}`).join("") });
    }),
  );
}

function drawWalks({ w, still }) {
  const axes = drawWalk(w, SHOWN);
  stroke(axes, "curve dashed", still.map(([value], k) => [k, value]));
  key(axes, { momentum: "path", "gradient descent": "dashed" }, 120);
  return axes.node;
}

function render({ model, el }) {
  const beta = slider(model, "beta", {
    label: "momentum beta", from: 0, to: 0.99, marks: { 0.9: () => 0.9 },
  });
  const says = sentence();
  const left = drawWell();
  const bars = svg("g", {});
  left.paper.append(bars);
  const start = handle(left, {
    label: "start w",
    keys: SIDEWAYS,
    place: () => [model.get("w0"), Math.min(3, height(model.get("w0")))],
    moveTo: ([w0]) => change(model, { w0 }),
  });
  const right = html("div", {});

  function draw(now) {
    const found = run(now);
    bars.replaceChildren(...drawBars(left, found));
    right.replaceChildren(drawWalks(found));
    beta.update();
    start.update(show(now.w0));
    says.say(...story(found));
  }
  const plots = html("div", { class: "plots" }, left.node, right);
  return live({ model, el }, ["beta", "w0"], [beta.node, says.node, plots], draw);
}

export default { render };
