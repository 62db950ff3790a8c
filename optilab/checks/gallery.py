"""Every mistake that the checks know, as a page: the wrong line, what it does, what is said."""

from html import escape

import numpy as np
from IPython.display import HTML

from optilab.checks.diagnosis import changed_lines, first_difference
from optilab.checks.engine import edited
from optilab.checks.observing import observe, same
from optilab.checks.pictures import curves

WIDTH, HEIGHT = 140, 70


def gallery(exercises):
    """Return the mistakes of exercises, one to open for each exercise."""
    return HTML("\n".join(map(_of_exercise, exercises)))


def _of_exercise(exercise):
    cases = exercise.cases(np.random.default_rng(0))
    wanted = [observe(exercise, exercise.reference, case) for case in cases]
    items = []
    for sentence, edits in exercise.mistakes.items():
        wrong = edited(exercise.reference, edits)
        seen = [observe(exercise, wrong, case) for case in cases]
        pairs = zip(cases, seen, wanted, strict=True)
        symptom = next(
            first_difference(exercise, case, got, want)
            for case, got, want in pairs
            if not same(exercise, got, want)
        )
        items.append(
            f"<li>{_curve(exercise, seen, wanted)}<div><pre>{_wrong_lines(exercise, edits)}</pre>"
            f"<p><span>{escape(symptom)}</span> <b>{escape(sentence)}</b></p></div></li>"
        )
    return (
        f'<details class="mistakes"><summary><code>{exercise.name}</code>: {len(items)} mistakes'
        f"</summary><ul>{''.join(items)}</ul></details>"
    )


def _wrong_lines(exercise, edits):
    """Return the lines that are not as in the reference; those that are missing, struck out."""
    gone, new = changed_lines(exercise.reference, edits)
    return "\n".join(map(escape, new)) or "\n".join(f"<del>{escape(line)}</del>" for line in gone)


def _curve(exercise, seen, wanted):
    """Return the wrong curve, dashed, on the right one; the symptom beside it says it in words."""
    drawn = curves(exercise, seen, wanted)
    if drawn is None:
        return ""
    _, yours, right = drawn
    span = np.ptp(right) or 1.0
    x = np.linspace(4, WIDTH - 4, len(right))

    def line(y, look):
        # The right curve takes the middle half; what lies far beyond leaves the picture.
        height = np.nan_to_num((y - right.min()) / span, posinf=3, neginf=-3).clip(-3, 3)
        pairs = zip(x, HEIGHT * (3 - 2 * height) / 4, strict=True)
        points = " ".join(f"{a:.0f},{b:.0f}" for a, b in pairs)
        return f'<polyline class="{look}" points="{points}"/>'

    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" aria-hidden="true">'
        f"{line(right, 'right')}{line(yours, 'wrong')}</svg>"
    )
