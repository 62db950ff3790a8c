// Momentum in a double well: which starts end in the lower valley, and which change sides.
import {
  change, drawWalk, handle, html, key, line, live, plot, REACH, sentence, show, SIDEWAYS, slider,
  svg, ticks,
} from "./explorable.js";

const LR = 0.01;
const STARTS = Array.from({ length: 201 }, (_, i) => i * 0.02 - REACH);
const LONG = 2500; // steps, after which every walk rests
const SHOWN = 300;

const height = (w) => (w * w - 1) ** 2 + 0.3 * w;
const slope = (w) => 4 * w * (w * w - 1) + 0.3;

/** Where momentum is after some steps from `w`, rounded as optilab rounds. */
function end(beta, w, steps) {
  for (let k = 0, v = 0; k < steps; k++) {
    v = beta * v + slope(w);
    w -= LR * v;
  }
  return w;
}

const walk = (beta, w0) => Array.from({ length: SHOWN + 1 }, (_, k) => [end(beta, w0, k)]);

/** Which starts end in the lower valley, the left one. */
const lower = (beta) => STARTS.map((w) => end(beta, w, LONG) < 0);
const PLAIN = lower(0);

export function run({ beta, w0 }) {
  const ball = lower(beta);
  const rescued = ball.map((found, i) => found && !PLAIN[i]);
  const thrown = ball.map((found, i) => !found && PLAIN[i]);
  return { plain: PLAIN, ball, rescued, thrown, w: walk(beta, w0), still: walk(0, w0) };
}

function story({ plain, ball, rescued, thrown }) {
  const share = (starts) => `${((100 * starts.filter(Boolean).length) / starts.length).toFixed(1)} %`;
  return [
    `Of the starts ${share(rescued)} are rescued, ${share(thrown)} thrown out.`,
    `${share(ball)} end in the lower valley, ${share(plain)} by gradient descent.`,
  ];
}

// Below the curve there are three strips, each with a bar for every start that it names.
const STRIPS = [
  { y: -1.15, words: "lower valley, by gradient descent", bars: { plain: [-9, "bars"] } },
  { y: -2.2, words: "lower valley, by momentum", bars: { ball: [-9, "bars"] } },
  { y: -3.25, words: "▲ rescued ▼ thrown out", bars: { rescued: [-9, "bars"], thrown: [9, "path"] } },
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
  const curve = STARTS.map((w) => axes.at([w, height(w)]));
  axes.paper.append(svg("path", { class: "curve", d: line(curve) }));
  for (const { y, words } of STRIPS) {
    const [left, right] = [-REACH, REACH].map((w) => axes.at([w, y]));
    axes.paper.append(svg("path", { class: "curve", d: line([left, right]) }));
    const above = { x: left[0], y: left[1] - 13, "aria-hidden": "true" };
    axes.paper.append(svg("text", above, words));
  }
  return axes;
}

function drawBars(axes, found) {
  return STRIPS.flatMap(({ y, bars }) =>
    Object.entries(bars).map(([name, [length, look]]) => {
      const feet = STARTS.filter((_, i) => found[name][i]).map((w) => axes.at([w, y]));
      return svg("path", { class: look, d: feet.map(([a, b]) => `M${a} ${b}v${length}`).join("") });
    }),
  );
}

function drawWalks({ w, still }) {
  const axes = drawWalk(w, SHOWN);
  const points = still.map(([value], k) => axes.at([k, value]));
  axes.paper.append(svg("path", { class: "curve dashed", d: line(points) }));
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
