// Gradient descent on a parabola: which learning rate does what.
import {
  change, descend, drawable, handle, html, line, live, plot, REACH, sentence, show, showFactor,
  SIDEWAYS, slider, svg, ticks, trail,
} from "./explorable.js";

const parabola = (curvature) => ([w]) => {
  const g = curvature * w;
  return [(w * g) / 2, [g]];
};

export const run = ({ curvature, w0, lr, steps }) => descend(parabola(curvature), [w0], steps, lr);

/** Name the regime, which hangs on one number: lr * L. */
function story({ lr, curvature, w0 }) {
  const factor = 1 - lr * curvature;
  const [best, limit] = [1, 2].map((n) => `${n}/L = ${show(n / curvature)}`);
  const product = `Every step multiplies w by ${showFactor(factor)}:`;
  const is = (multiple) => Math.abs(lr * curvature - multiple) < 1e-9;

  if (lr === 0) return ["lr = 0.", "Every step has length 0."];
  if (is(1))
    return [`lr = ${best}.`, "The first step lands on the minimum, from any start."];
  if (is(2))
    return [`lr = ${limit}.`, `${product} from ${show(w0)} to ${show(-w0)} and back, for ever.`];
  if (factor > 0) return [`lr below ${best}.`, `${product} it shrinks and stays on its side.`];
  if (factor > -1)
    return [
      `lr between ${best} and ${limit}.`,
      `${product} it overshoots and changes sides, but shrinks.`,
    ];
  return [`lr above ${limit}.`, `${product} it overshoots by more each time and diverges.`];
}

const EDGE = 2.25; // of both plots: a little beyond the furthest start
const WTICKS = ticks(-REACH, REACH, 4);

/** Height on the parabola, in units of its height at the edge: one drawing for all curvatures. */
const onCurve = (w) => [w, (w / EDGE) ** 2];

function drawParabola() {
  const axes = plot({
    map: true,
    label: "The parabola f with the steps of gradient descent on it",
    x: [-EDGE, EDGE],
    y: [-0.06, 1],
    xName: "w",
    yName: "f(w)",
    xTicks: WTICKS,
    yTicks: [],
  });
  const curve = Array.from({ length: 91 }, (_, i) => axes.at(onCurve(EDGE * (i / 45 - 1))));
  axes.paper.append(svg("path", { class: "curve", d: line(curve) }));
  return axes;
}

function drawTrace(path, steps) {
  const axes = plot({
    label: "w against the step",
    x: [-0.02 * steps, 1.02 * steps],
    y: [-EDGE, EDGE],
    xName: "step",
    yName: "w",
    xTicks: ticks(0, steps, Math.min(steps, 5)),
    yTicks: WTICKS,
  });
  const points = trail();
  points.update(path.map((w, k) => axes.at([k, w])));
  const zero = line([axes.at([0, 0]), axes.at([steps, 0])]);
  axes.paper.append(svg("path", { class: "curve", d: zero }), points.node);
  return axes.node;
}

function render({ model, el }) {
  const L = () => model.get("curvature");
  const lr = slider(model, "lr", {
    label: "learning rate lr",
    from: 0,
    to: 2.2,
    place: (value) => value * L(),
    value: (place) => place / L(),
    marks: { "1/L": () => 1 / L(), "2/L": () => 2 / L() },
  });
  const says = sentence();
  const left = drawParabola();
  const steps = trail();
  left.paper.append(steps.node);
  const start = handle(left, {
    label: "start w",
    keys: SIDEWAYS,
    place: () => onCurve(model.get("w0")),
    moveTo: ([w0]) => change(model, { w0 }),
  });
  const right = html("div", {});

  function draw(now) {
    const path = drawable(run(now).w, EDGE).flat();
    steps.update(path.map((w) => left.at(onCurve(w))));
    right.replaceChildren(drawTrace(path, now.steps));
    lr.update();
    start.update(show(now.w0));
    says.say(...story(now));
  }
  const plots = html("div", { class: "plots" }, left.node, right);
  return live({ model, el }, ["lr", "curvature", "w0", "steps"], [lr.node, says.node, plots], draw);
}

export default { render };
