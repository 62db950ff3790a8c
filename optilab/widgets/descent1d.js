// Gradient descent on a parabola: which learning rate does what.
import {
  change, descend, drawable, drawWalk, handle, html, live, plot, REACH, sentence, show, showFactor,
  SIDEWAYS, slider, stroke, ticks, trail,
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

const EDGE = 2.25; // a little beyond the furthest start

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
    xTicks: ticks(-REACH, REACH, 4),
    yTicks: [],
  });
  stroke(axes, "curve", Array.from({ length: 91 }, (_, i) => onCurve(EDGE * (i / 45 - 1))));
  return axes;
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
    const { w } = run(now);
    steps.update(drawable(w, EDGE).map(([value]) => left.at(onCurve(value))));
    right.replaceChildren(drawWalk(w, now.steps).node);
    lr.update();
    start.update(show(now.w0));
    says.say(...story(now));
  }
  const plots = html("div", { class: "plots" }, left.node, right);
  return live({ model, el }, ["lr", "curvature", "w0", "steps"], [lr.node, says.node, plots], draw);
}

export default { render };
