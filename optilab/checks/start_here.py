"""Chapter 0, start here: its exercises and how they go wrong."""

import numpy as np

from optilab.checks.engine import Exercise, within

# --- 0.1


def descend_once(x, slope, lr):
    """Return the place after one step downhill."""
    return x - lr * slope


def slopes(rng):
    """Draw places, slopes that rise and fall, and learning rates."""
    return [
        (rng.uniform(1, 4) * side, rng.uniform(0.5, 3) * way, rng.uniform(0.02, 0.9))
        for side in (1, -1)
        for way in (1, -1)
    ]


DESCEND_ONCE = Exercise(
    descend_once,
    slopes,
    examples=["3.0, 2.0, 0.1", "3.0, -2.0, 0.1"],
    mistakes={
        "You climb. A positive slope means that the ground rises to the right: step left.": {
            "x - lr": "x + lr"
        },
        "The learning rate is missing: it says how much of the slope is stepped.": {
            "lr * slope": "slope"
        },
        "The slope is missing from the step: where it is steep, the step is long.": {
            "lr * slope": "lr"
        },
        "You use only the sign of the slope. Its size belongs to the step.": {
            "lr * slope": "lr * np.sign(slope)"
        },
        "You step left wherever you are. The sign of the slope says which way is down.": {
            "lr * slope": "lr * abs(slope)"
        },
        "You divide by lr. Multiply: a small lr makes a small step.": {"lr * slope": "slope / lr"},
        "You add lr and the slope. Multiply them.": {"lr * slope": "(lr + slope)"},
        "You return the step alone. Return where it leads from x.": {"x - lr": "-lr"},
        "You return lr * slope, not a place. Did x -= become x =+?": {"x - lr": "lr"},
        "You scale x. The step does not depend on where you stand: subtract it.": {
            "x - lr * slope": "x * (1 - lr * slope)"
        },
        "A bracket has changed the order: lr belongs to the slope, not to x.": {
            "x - lr * slope": "(x - lr) * slope"
        },
        "x and lr have changed places.": {"x - lr * slope": "lr - x * slope"},
    },
)


# --- 0.2


def slope(f, x, h):
    """Return the central difference of f at x."""
    return (f(x + h) - f(x - h)) / (2 * h)


def curves(rng):
    """Draw curves that bend, rising or falling, places, and distances that are not small."""
    cases = []
    for way in (-1, 1, -1, 1):
        a, b, c = rng.uniform(0.5, 2, 3)
        f = lambda x, a=a, b=b, c=c, way=way: way * (a * x**3 + b * np.exp(x / 2) - c)
        cases.append((f, rng.uniform(-1.5, 1.5), rng.uniform(0.1, 0.6)))
    return cases


SLOPE = Exercise(
    slope,
    curves,
    examples=["lambda x: x**2, 3.0, 1.0", "lambda x: x**3, 1.0, 1.0"],
    mistakes={
        "You look to the right alone. Look to both sides.": {"f(x - h)": "f(x)", "(2 * h)": "h"},
        "You look to the left alone. Look to both sides.": {"f(x + h)": "f(x)", "(2 * h)": "h"},
        "You look to the right alone, and divide as if you had looked to both sides.": {
            "f(x - h)": "f(x)"
        },
        "You look to the left alone, and divide as if you had looked to both sides.": {
            "f(x + h)": "f(x)"
        },
        "You look twice as far to the right, and not to the left.": {
            "x - h": "x",
            "x + h": "x + 2 * h",
        },
        "You compare the places x and h. But h is a distance: how far to go from x.": {
            "(f(x + h) - f(x - h)) / (2 * h)": "(f(x) - f(h)) / (x - h)"
        },
        "That is the slope of x squared, whatever f is. Ask f for the two heights.": {
            "(f(x + h) - f(x - h)) / (2 * h)": "2 * x"
        },
        "You look a distance of your own. Use the h that is given.": {
            "x + h": "x + 1e-5",
            "x - h": "x - 1e-5",
            "(2 * h)": "2e-5",
        },
        "That is twice the slope: from the left place to the right one is more than h.": {
            "(2 * h)": "h"
        },
        "/ 2 * h divides by 2 and then multiplies by h. Put the product in brackets.": {
            "(2 * h)": "2 * h"
        },
        "Only the second height is divided: / comes before -. Put the difference in brackets.": {
            "(f(x + h) - f(x - h))": "f(x + h) - f(x - h)"
        },
        "Both pairs of brackets are missing: around the difference, and around what divides it.": {
            "(f(x + h) - f(x - h)) / (2 * h)": "f(x + h) - f(x - h) / 2 * h"
        },
        "You divide by the square of h. The two places lie twice h apart.": {"(2 * h)": "h**2"},
        "You add 2 and h. The two places lie twice h apart.": {"2 * h": "2 + h"},
        "The sign is turned round: the slope is positive where f rises to the right.": {
            "f(x + h) - f(x - h)": "f(x - h) - f(x + h)"
        },
        "You add the two heights. Their difference tells the slope.": {"- f": "+ f"},
        "The sign is lost: where f falls to the right, the slope is negative.": {
            "(f(x + h) - f(x - h))": "abs(f(x + h) - f(x - h))"
        },
        "Both heights are those of the same place, so that their difference is 0.": {
            "f(x + h)": "f(x - h)"
        },
        "Upside down: divide the difference in height by the distance.": {
            "(f(x + h) - f(x - h)) / (2 * h)": "2 * h / (f(x + h) - f(x - h))"
        },
        "You divide by 2 alone. The two places lie twice h apart.": {"(2 * h)": "2"},
        "That is the difference in height. Divide it by the distance.": {" / (2 * h)": ""},
        "You move the height by h. Move the place: inside the brackets of f.": {
            "f(x + h)": "(f(x) + h)",
            "f(x - h)": "(f(x) - h)",
        },
        "You look half as far as asked: h to either side.": {
            "x + h": "x + h / 2",
            "x - h": "x - h / 2",
            "(2 * h)": "h",
        },
    },
)


# --- 0.3


def bowl_heights(a, b, xs, ys):
    """Return (a x**2 + b y**2) / 2 over a grid: a row for every y, a column for every x."""
    X, Y = np.meshgrid(xs, ys)
    return (a * X**2 + b * Y**2) / 2


def grids(rng):
    """Draw curvatures and grids, square ones too, on which no x is a y."""
    return [
        (*rng.uniform(0.5, 5, 2), rng.normal(size=columns), rng.normal(size=rows))
        for columns, rows in [(3, 4), (5, 2), (3, 3), (1, 4)]
    ]


BOWL_HEIGHTS = Exercise(
    bowl_heights,
    grids,
    examples=["1.0, 4.0, np.array([0.0, 1.0, 2.0]), np.array([0.0, 1.0])"],
    mistakes={
        "Rows and columns are exchanged: a row belongs to one y and holds every x.": {
            "(xs, ys)": '(xs, ys, indexing="ij")'
        },
        "xs and ys are exchanged: the columns, and a, belong to x.": {"(xs, ys)": "(ys, xs)"},
        "You use the a and b of the example. Use those that are given.": {
            "a * X**2 + b * Y**2": "X**2 + 4 * Y**2"
        },
        "a and b are exchanged: a belongs to x.": {"a * X**2 + b * Y**2": "b * X**2 + a * Y**2"},
        "The half is missing.": {" / 2": ""},
        "Only the first term is halved. Put the sum in brackets.": {
            "(a * X**2 + b * Y**2) / 2": "a * X**2 / 2 + b * Y**2"
        },
        "Only the second term is halved: / comes before +. Put the sum in brackets.": {
            "(a * X**2 + b * Y**2)": "a * X**2 + b * Y**2"
        },
        "X * 2 doubles. A square is written with two stars.": {"X**2": "X * 2", "Y**2": "Y * 2"},
        "The squares are missing: that is a slanted plane.": {"X**2": "X", "Y**2": "Y"},
        "You square a and b as well. Only x and y are squared.": {
            "a * X**2": "(a * X)**2",
            "b * Y**2": "(b * Y)**2",
        },
        "You subtract: that is a saddle. A bowl rises in both directions.": {"+ b": "- b"},
        "Each x meets one y only. Every x has to meet every y.": {
            "X, Y = np.meshgrid(xs, ys)": ("X, Y = np.array([[*pair] for pair in zip(xs, ys)]).T")
        },
        "xs and ys are added entry by entry. Every x has to meet every y: make a grid of each.": {
            "np.meshgrid(xs, ys)": "xs, ys"
        },
        "That is the last row. Collect a row for every y.": {
            "(a * X**2 + b * Y**2) / 2": "(a * X[-1] ** 2 + b * Y[-1] ** 2) / 2"
        },
        "There is one row, the last. Append each row where it is finished, inside of the outer "
        "loop.": {"(a * X**2 + b * Y**2) / 2": "[(a * X[-1] ** 2 + b * Y[-1] ** 2) / 2]"},
        "All rows are like the last. [[0] * m] * n is one row, n times: what you write into it "
        "is in all.": {
            "(a * X**2 + b * Y**2) / 2": (
                "np.tile((a * X[-1] ** 2 + b * Y[-1] ** 2) / 2, (len(ys), 1))"
            )
        },
        "Only the first row is filled: does the return stand inside of the outer loop?": {
            "(a * X**2 + b * Y**2) / 2": "(a * X**2 + b * Y**2) / 2 * (Y == ys[0])"
        },
        "That is one height: does the return stand inside of the loops?": {
            "(a * X**2 + b * Y**2) / 2": "(a * X[0, 0] ** 2 + b * Y[0, 0] ** 2) / 2"
        },
        "The rows are upside down: the first belongs to the first y.": {
            "(xs, ys)": "(xs, ys[::-1])"
        },
        "All heights stand in one line. A grid has a row for every y.": {
            "(a * X**2 + b * Y**2) / 2": "((a * X**2 + b * Y**2) / 2).ravel()"
        },
    },
)


# --- 0.4


def predict_slopes():
    """Return the five differences of the table."""
    right = lambda f, x, h: (f(x + h) - f(x)) / h
    both = lambda f, x, h: (f(x + h) - f(x - h)) / (2 * h)
    square = lambda x: x**2
    cube = lambda x: x**3
    return [
        right(square, 3, 1),
        both(square, 3, 1),
        right(square, 3, 0.1),
        both(cube, 1, 1),
        both(cube, 1, 0.1),
    ]


PREDICT_SLOPES = Exercise(
    predict_slopes,
    lambda rng: [()],
    close=within(1.001),  # 3 is not near enough to 3.01
    labels=[f"Your {n} prediction" for n in ("first", "second", "third", "fourth", "fifth")],
    mistakes={
        "Those are the slopes at x itself. A difference over a distance h is not always the same: "
        "work out the two heights.": {
            "(f(x + h) - f(x)) / h": "(f(x + 1e-6) - f(x)) / 1e-6",
            "(f(x + h) - f(x - h)) / (2 * h)": "(f(x + 1e-6) - f(x)) / 1e-6",
        },
        "The last two are the slopes of the cube itself. A central difference is exact for a "
        "parabola, not for every curve.": {
            "both(cube, 1, 1)": "3",
            "both(cube, 1, 0.1)": "3",
        },
        "The last is the slope of the cube itself. Work out the two heights.": {
            "both(cube, 1, 0.1)": "3"
        },
        "The one-sided differences should look to the right of x, yours look to the left.": {
            "(f(x + h) - f(x)) / h": "(f(x) - f(x - h)) / h"
        },
        "You looked to the right in all five. Three of them look to both sides.": {
            "f(x - h)) / (2 * h)": "f(x)) / h"
        },
        "Your central differences are twice too large: left and right are 2 h apart.": {
            "/ (2 * h)": "/ h"
        },
        "Those are differences in height. Divide each by its distance.": {
            " / h": "",
            " / (2 * h)": "",
        },
        "You took the square in all five. The last two are of the cube.": {
            "both(cube, 1, 1)": "both(square, 1, 1)",
            "both(cube, 1, 0.1)": "both(square, 1, 0.1)",
        },
    },
)


# --- 0.5


def lowest(f, xs):
    """Return the place among xs where f is lowest."""
    best = xs[0]
    for x in xs:
        if f(x) < f(best):
            best = x
    return best


def searches(rng):
    """Draw hilly curves, above and below zero, and places in and out of order, never 0."""
    cases = []
    for shift in (-5, 5, 0, -5, 1e6, 0):
        a, b = rng.uniform(2, 4), rng.uniform(-2, 2)
        f = lambda x, a=a, b=b, s=shift: np.sin(a * x + b) + 0.1 * x**2 + s
        cases.append((f, rng.permutation(np.linspace(-3, 3, 10) + rng.uniform(-0.2, 0.2, 10))))
    left, right = (lambda x: x + 0.5), (lambda x: -x - 0.5)
    xs = np.sort(rng.uniform(1, 3, 5))
    return [*cases, (left, xs), (right, xs)]


LOWEST = Exercise(
    lowest,
    searches,
    examples=[
        "lambda x: (x - 2) ** 2, np.array([0.0, 1.0, 2.0, 3.0])",
        "lambda x: (x - 2) ** 2 + 9, np.array([0.0, 1.0, 2.0, 3.0])",
    ],
    mistakes={
        "The bug is still there: a height, f(x), is compared with a place, best.": {
            "f(x) < f(best)": "f(x) < best"
        },
        "A place, x, is compared with a height.": {"f(x) < f(best)": "x < f(best)"},
        "best is a height at first and then becomes a place. Keep it a place.": {
            "xs[0]": "f(xs[0])",
            "f(x) < f(best)": "f(x) < best",
        },
        "You compare with the first height throughout. Compare with the lowest so far.": {
            "f(best)": "f(xs[0])"
        },
        "You compare places: that finds the smallest x, whatever f is.": {
            "f(x) < f(best)": "x < best"
        },
        "That is the highest place. Turn the comparison round.": {"<": ">"},
        "You return a height. Return the place where it is.": {"return best": "return f(best)"},
        "best is a place at first and then becomes a height. Keep it a place.": {
            "            best = x": "            best = f(x)"
        },
        "You return the last place, whatever was found.": {"return best": "return x"},
        "The return stands inside of the loop: it ends with the first place.": {
            "    return best": "        return best"
        },
        "The return stands inside of the if: it ends with the first better place.": {
            "            best = x\n": "            return x\n"
        },
        "You walk through the numbers 0, 1, 2 and so on. Walk through xs.": {
            "in xs": "in range(len(xs))"
        },
        "You return the number of the place in the list. Return the place itself.": {
            "return best": "return list(xs).index(best)"
        },
        "You begin with a lowest height of 0: nothing above 0 is lower. Begin with that of the "
        "first place.": {"f(x) < f(best)": "f(x) < min(0, f(best))"},
        "You start with 0, which need not be one of the places.": {"xs[0]": "0.0"},
        "You never look at the last place.": {"in xs": "in xs[:-1]"},
        "You stop at the first rise. Lower ground may lie behind it.": {
            "            best = x\n": (
                "            best = x\n        elif f(x) > f(best):\n            break\n"
            )
        },
        "That is where f is nearest to 0. Lowest may be far below 0.": {
            "f(x) < f(best)": "abs(f(x)) < abs(f(best))"
        },
    },
)

EXERCISES = [DESCEND_ONCE, SLOPE, BOWL_HEIGHTS, PREDICT_SLOPES, LOWEST]
