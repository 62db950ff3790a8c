import contextlib
import re
import sys
import warnings

import matplotlib.pyplot as plt
import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from styles import STYLES

from optilab import RULES
from optilab.checks import EXERCISES, Incorrect, check, diagnosis, grade, observing
from optilab.checks.engine import edited
from optilab.run import anatomy


def written(source):
    """Return the function of a piece of a notebook."""
    scope = {"np": np}
    exec(source, scope)
    return [value for value in scope.values() if callable(value)][-1]


def answer(name):
    """Return a right answer that is the learner's own: a copy of the reference."""
    return edited(EXERCISES[name].reference, {})


@pytest.mark.parametrize(
    "name, source", [(name, style) for name, styles in STYLES.items() for style in styles]
)
def test_other_right_ways_to_write_it_pass(name, source):
    check(name, written(source))
    for seed in range(3):
        grade(name, written(source), seed=seed)


def test_every_exercise_has_other_right_ways():
    assert sorted(EXERCISES.keys() - STYLES.keys()) == []


@pytest.mark.parametrize("name", ["adam", "dropout", "gd_step", "paired_interval", "state_floats"])
def test_a_wrong_answer_is_called_as_often_as_a_right_one(name):
    """Unless it does what a mistake does, which is tried in more cases."""
    calls = {1: 0, 7: 0}

    def times(factor, right):
        def called(*arguments, **settings):
            calls[factor] += 1
            result = right(*arguments, **settings)
            one = not isinstance(result, tuple)
            return factor * result if one else tuple(factor * np.asarray(x) for x in result)

        return called

    check(name, times(1, answer(name)))
    with pytest.raises(Incorrect, match="None of the mistakes that this check knows"):
        check(name, times(7, answer(name)), hint=2)
    assert calls[1] == calls[7]


def test_a_slow_function_is_called_once_more_before_its_mistake_is_named(monkeypatch):
    monkeypatch.setattr(observing, "SLOW", -1)  # a clock may stand still
    calls = []
    for sign in (-1, 1):
        with contextlib.suppress(Incorrect):
            check("gd_step", lambda w, g, lr, s=sign: calls.append(s) or w + s * lr * g)
    assert calls.count(1) == calls.count(-1) + 1


def test_a_question_without_arguments_is_asked_once():
    calls = []

    def in_shares():
        calls.append(1)
        rate, *errors = answer("adam_on_digits")()
        return rate, *np.divide(errors, 100)

    with pytest.raises(Incorrect, match="Those are shares"):
        check("adam_on_digits", in_shares, hint=2)
    assert calls == [1]


@pytest.mark.parametrize("name", ["adam", "amsgrad", "adamw"])
def test_the_pairs_of_mistakes_that_are_tried_are_not_too_many(name):
    tried = [len(sentences) for sentences, _ in diagnosis._suspects(EXERCISES[name], pairs=True)]
    forms = len(EXERCISES[name].accepted)
    assert tried.count(2) <= diagnosis.MOST_PAIRS + forms * (forms - 1) / 2


@pytest.mark.parametrize("name", EXERCISES)
def test_the_reference_is_nobody_s_own_answer(name):
    with pytest.raises(Incorrect, match=rf"You call {name}\(\) of optilab\. Compute it yourself"):
        check(name, EXERCISES[name].reference)


HEAD = "def gd_step(w, g, lr):"
WRONG = {
    "It is not written yet.": f"{HEAD} raise NotImplementedError()",
    "is a return missing, or an else?": f"{HEAD} w - lr * g",
    "It returns text, '[": f"{HEAD} return str(w - lr * g)",
    "It is called with (w, g, lr).": "def gd_step(w, g): return w - g",
    "NameError: name 'learning_rate' is not defined": f"{HEAD} return w - learning_rate * g",
    "iteration over a 0-d array (with w of shape (), g of shape ()).": f"{HEAD}\n"
    " return [a - lr * b for a, b in zip(w, g)]",
    "It calls exit or quit": f"import sys\n{HEAD} sys.exit()",
    "RecursionError": f"{HEAD} return gd_step(w, g, lr)",
    "It returns text, 'downhill', where numbers": f"{HEAD} return 'downhill'",
    "It returns generator, not real numbers.": f"{HEAD} return (x for x in w)",
    "It returns an array of object, not": f"{HEAD} return np.array([None])",
    "It returns an array of complex128, not": f"{HEAD} return w - 1j * g",
    "an array of shape (2,) and a single number, not an array of shape (2,) (with": f"{HEAD}\n"
    " return [w, 1]",
    "a single number and a list, not an array of": f"{HEAD} return 1, [w, 2]",
    "It returns 4 parts, not an array of": f"{HEAD} return [*w, *w[:1], w] if w.ndim else w",
    "It stops with NoInput: no input requests.": "class NoInput(NotImplementedError): pass\n"
    f"{HEAD} raise NoInput('no input requests.')",
    "2000000 entries": f"{HEAD} return np.zeros(2_000_000)",
    "1000000000000 entries": f"{HEAD} return range(10**12)",
    "a single number, not an array of shape (2,)": f"{HEAD} return (w - lr * g).sum()",
    "an array of shape (1, 2), not": f"{HEAD} return (w - lr * g)[None]",
    "[0], is nan": f"{HEAD} return w - lr * g + np.nan",
    "[1], is too large": f"{HEAD} return w - lr * g + 1e-6 * np.arange(w.size).reshape(w.shape)",
    "[0], has the wrong sign": f"{HEAD} return 2 * lr * g - 2 * w",
    "You changed g in place": f"{HEAD}\n g *= lr\n return w - g",
    "whole numbers": f"{HEAD} return (w - lr * g).astype(int)",
    "a masked array": f"{HEAD} return np.ma.masked_less(w - lr * g, 0)",
    "It returns generator, not real numbers": f"{HEAD} return (x for x in w - lr * g)",
    "prints over 100000 characters": f"{HEAD}\n while True: print('x' * 999)",
    "changes NumPy's settings": f"{HEAD}\n np.seterr(all='raise')\n return w - lr * g",
    "It gives np.abs another meaning": f"{HEAD}\n np.abs = lambda x: 0 * x\n return w + lr * g",
    "It gives np.linalg.norm another": f"{HEAD}\n del np.linalg.norm\n return w - lr * g",
    "It stops with Stop: enough": f"class Stop(BaseException): pass\n{HEAD} raise Stop('enough')",
    "It stops with Mute: its message cannot be printed": "class Mute(Exception):\n"
    f" def __str__(self): raise self\n{HEAD} raise Mute",
    "shares. Nothing here needs chance.": f"{HEAD}\n np.random.seed(0)\n return w - lr * g",
    "write **: ^ is none": f"{HEAD} return w - lr ^ g",
    "for an array take that of np": f"import math\n{HEAD} return w - lr * math.fabs(g)",
    "'b' (with w of shape": f"def step(a, b): return a - b\n{HEAD} return step(w)",
    "You call gd() of optilab": f"from optilab import gd\n{HEAD} return gd(w, g, lr=lr)",
    "You call gd_step() of optilab": "from optilab.checks import EXERCISES\n"
    f"{HEAD} return EXERCISES['gd_step'].reference(w, g, lr)",
}


@pytest.mark.parametrize("says, source", WRONG.items())
def test_what_is_no_known_mistake_is_told_in_a_line(says, source):
    with pytest.raises(Incorrect) as visible:
        check("gd_step", written(source))
    assert says in str(visible.value).split("\n")[0]
    with pytest.raises(Incorrect) as hidden:
        grade("gd_step", written(source), seed=1)
    assert str(hidden.value).count("\n") == 0


KIND = {
    "It returns set, not real numbers": ("exponential_decay", {1.0}),
    "It returns dict, not real numbers": ("exponential_decay", {"lr": 1.0}),
    "It returns an array of object, not": ("inverse_time", np.array([None])),
    "It returns a masked array": ("piecewise", np.ma.masked_less([1.0], 2)),
    "returns a masked array": ("dropout", (np.ma.masked_less([1.0], 2), 1)),
    "A batch should be row numbers": ("minibatches", [np.array([0.0, 1.0])]),
    "A batch should be row numbers:": ("minibatches", [None]),
    "A batch should be row numbers: whole": ("minibatches", ["a"]),
    "What it returns is not what is asked for (TypeError: 'int' object is not": ("minibatches", 5),
    "not what is asked for (TypeError: ": ("forecast", 5),
    "not what is asked for (ValueError: ": ("dropout", (np.ones(3), np.ones(7))),
    "The order is: the loss, its gradient.": ("softmax_ce", (np.ones((4, 3)), 1.0)),
}


@pytest.mark.parametrize("says, name, result", [(says, *rest) for says, rest in KIND.items()])
def test_what_is_returned_is_judged_before_anything_is_made_of_it(says, name, result):
    with pytest.raises(Incorrect, match=re.escape(says)):
        check(name, lambda *arguments, **settings: result)


@pytest.mark.parametrize("answer", [5, "w - lr * g", np.ones(2)])
def test_what_is_no_function_is_no_answer(answer):
    with pytest.raises(Incorrect, match=r'^gd_step: Hand in .*: check\("gd_step", gd_step\), not'):
        check("gd_step", answer)
    with pytest.raises(Incorrect, match="Hand in the function"):
        grade("gd_step", answer)


@pytest.mark.parametrize("body", ["try: lr += 1\n  except: pass", "time.sleep(0.01)"])
def test_a_loop_that_calls_nothing_ends(body, monkeypatch):
    monkeypatch.setattr(observing, "MOST_SECONDS", 0.1)
    endless = f"import time\n{HEAD}\n while True:\n  {body}"
    with pytest.raises(Incorrect, match=r"takes more than 0.1 seconds: does a loop never end\?"):
        check("gd_step", written(endless))


def test_a_loop_ends_where_no_clock_rings(monkeypatch):
    monkeypatch.delattr("signal.setitimer")
    monkeypatch.setattr(observing, "MOST_SECONDS", 0.1)
    with pytest.raises(Incorrect, match=r"takes more than 0.1 seconds: does a loop never end\?"):
        check("gd_step", written(f"{HEAD}\n while True:\n  lr += 1"))
    check("gd_step", answer("gd_step"))


CLIMB = f"{HEAD} return w + lr * g"
CLIMB_TWICE = f"{HEAD} return 2 * (w + lr * g)"


def hints(source, name="gd_step"):
    """Return what each of the three hints says."""
    said = []
    for hint in (1, 2, 3):
        with pytest.raises(Incorrect) as incorrect:
            check(name, written(source), hint)
        said.append(str(incorrect.value))
    return said


def test_a_hint_says_the_symptom_then_the_suspect_then_the_line():
    symptom, suspect, line = hints(CLIMB)
    assert symptom.startswith("gd_step: The first wrong entry, [0], is too large")
    assert "Your step is -1 times what it should be." in symptom
    assert 'check("gd_step", gd_step, hint=2)' in symptom
    assert suspect.startswith("gd_step: You climb.")
    assert 'check("gd_step", gd_step, hint=3)' in suspect
    assert "The line to look at: return w - lr * g" in line
    assert "hint=" not in line
    assert "You climb" not in symptom
    assert "w - lr * g" not in symptom + suspect


def test_a_mistake_that_nobody_knows_gets_its_numbers_in_the_end():
    _, suspect, line = hints(CLIMB_TWICE)
    assert "None of the mistakes that this check knows" in suspect
    assert re.search(r"\[0\], should be \S+; yours is \S+\.", line)
    assert re.search(r"That is with w = .*, g = .*, lr = ", line)


def test_what_needs_no_hint_offers_none():
    for said in hints(f"{HEAD} raise NotImplementedError"):
        assert said == "gd_step: It is not written yet."


def test_every_hint_copes_with_text_and_with_batches_of_several_sizes():
    for said in hints(f"{HEAD} return 'downhill'"):
        assert said.startswith("gd_step: It returns text, 'downhill'")
    stays = "def sgd(X, y, w0, lr, batches): return np.array([w0] * (len(batches) + 1))"
    assert "should be" in hints(stays, "sgd")[2]


def test_of_two_mistakes_none_says_that_the_rest_is_right():
    both = "def f(mu, L): return 2 / (mu + L), ((L - mu) / (L + mu)) ** 2"
    _, suspect, _ = hints(both, "heavy_ball_params")
    assert "Two things at once" in suspect
    assert "The other: The learning rate is a square" in suspect
    assert "is right" not in suspect


def test_there_are_three_hints():
    with pytest.raises(ValueError, match=r"check\(\): hint is 1, 2 or 3, not 4"):
        check("gd_step", written(CLIMB), hint=4)


def test_two_mistakes_at_once_are_both_named():
    both = "def momentum(w, g, v=0.0, *, lr, beta):\n v = v + g\n return w + lr * v, v"
    with pytest.raises(Incorrect, match=r"Two things at once\. One: You climb.*Nothing fades"):
        grade("momentum", written(both), seed=1)


def test_a_loop_that_stops_at_a_single_number_hides_no_mistake():
    climb = f"{HEAD} return np.array([a + lr * b for a, b in zip(w, g)])"
    besides = (
        r"Besides: It stops with TypeError: iteration over a 0-d array \(with w of shape \(\),"
    )
    symptom, suspect, _ = hints(climb)
    assert symptom.startswith("gd_step: The first wrong entry, [0], is too large")
    assert suspect.startswith("gd_step: You climb.")
    assert re.search(besides, symptom)
    with pytest.raises(Incorrect, match=f"You climb.*{besides}"):
        grade("gd_step", written(climb), seed=1)
    with pytest.raises(Incorrect, match=r"^gd_step: It stops with TypeError"):
        check("gd_step", written(climb.replace("+", "-")))
    keras = answer("adagrad")
    with pytest.raises(Incorrect, match=r"^adagrad: Your sum starts at 0.1, as in Keras.*Besides"):
        grade("adagrad", lambda w, g, s=0.1, **given: (len(w), keras(w, g, s, **given))[1], seed=1)


def test_half_of_the_points_where_most_of_the_numbers_are_right(capsys):
    in_place = written(f"{HEAD}\n w -= lr * g\n return w")
    assert grade("gd_step", in_place, points=3, seed=1) == 1.5
    reason, credit = capsys.readouterr().out.splitlines()
    assert reason.startswith("gd_step: You changed w in place")
    assert credit.startswith("Half of the points")
    with pytest.raises(Incorrect, match="You climb"):
        grade("gd_step", written(CLIMB), points=3)
    assert grade("gd_step", written(f"{HEAD} return w - lr * g"), points=3) is None


def test_a_rule_is_followed_for_several_steps():
    with pytest.raises(Incorrect, match="Return w, v: the weights and the memory"):
        check("momentum", lambda w, g, v=0.0, *, lr, beta: w - lr * (beta * v + g))
    with pytest.raises(Incorrect, match="w after step 2 is too small"):
        grade("momentum", lambda w, g, v=0.0, *, lr, beta: (w - lr * g, g + v**2), seed=1)


def test_a_case_is_told_by_its_words_and_by_the_shapes_of_one_step():
    def crashes(w, g, v=0.0, *, lr, beta):
        return [(w - lr * g, v)[2]] if np.ndim(w) == 2 else right(w, g, v, lr=lr, beta=beta)

    right = answer("momentum")
    with pytest.raises(Incorrect, match=r"\(with w of shape \(2, 3\), g of shape \(2, 3\)"):
        check("momentum", crashes)
    with pytest.raises(Incorrect, match=r"The number is too small \(with method 'adam'\)\."):
        check("state_floats", lambda method, n: {"gd": 0, "adadelta": 2}.get(method, 1) * n)


def test_the_methods_of_chapter_5_remember_what_their_rules_do():
    count = EXERCISES["state_floats"]
    for method, n in count.cases(np.random.default_rng(0)):
        assert count.reference(method, n) == len(anatomy(RULES[method])[0]) * n


def test_what_is_no_dict_or_no_pair_is_told_as_such():
    with pytest.raises(Incorrect, match=r"^l2_gradient: It does not return a dict\."):
        check("l2_gradient", lambda w, g, wd: g["W"])
    with pytest.raises(Incorrect, match=r"^dropout: It does not return output and mask with train"):
        check("dropout", lambda h, p, rng, train: h)


def test_a_misspelt_word_is_told_from_a_wrong_one():
    right = answer("classify")
    with pytest.raises(Incorrect, match="'sadle' is misspelt"):
        check("classify", lambda H, tol: right(H, tol).replace("dd", "d"))
    with pytest.raises(Incorrect, match="'hill' is not the answer"):
        check("classify", lambda H, tol: right(H, tol).replace("maximum", "hill"))


def test_the_first_wrong_entry_is_judged_beside_the_others():
    """The width of the interval says how near an end has to be; the errors are no rates."""
    right = answer("paired_interval")
    with pytest.raises(Incorrect, match="The upper end is too large"):
        check("paired_interval", lambda a, b, rng: np.add(right(a, b, rng), [0, 1]))
    with pytest.raises(Incorrect, match="The errors on test is too large"):
        check("adam_on_digits", lambda: [0.316, 4.5, 5.5])
    with pytest.raises(Incorrect, match="None of the mistakes that this check knows"):
        check("adam_on_digits", lambda: [0.316, 4.5, 5.5], hint=2)


def test_a_wrong_yes_or_no_is_neither_too_small_nor_too_large():
    with pytest.raises(Incorrect, match="Whether the learning rates add up to infinity is wrong"):
        grade("robbins_monro", lambda power: (power < 0.3, power > 0.5), seed=1)


def test_the_number_of_calls_counts_where_it_matters():
    greedy = "def gd(grad, w0, lr, steps):\n path = [w0]\n for _ in range(steps):\n"
    greedy += "  path.append(path[-1] - lr * (grad(path[-1]) + grad(path[-1])) / 2)\n return path"
    with pytest.raises(Incorrect, match="grad is called 4 times; 2 are needed"):
        check("gd", written(greedy))


def test_a_function_argument_checks_how_it_is_called():
    with pytest.raises(Incorrect, match="You call grad with 2 arguments"):
        check("gd", lambda grad, w0, lr, steps: grad(w0, lr))


def test_a_loop_without_end_around_a_function_argument_ends():
    def endless(f, grad, w, lr0, c, tau):
        while f(w) > -1:
            pass

    with pytest.raises(Incorrect, match="f is called without end"):
        check("backtracking", endless)


def test_a_loop_without_end_is_named_however_often_it_looks():
    def grows(f, grad, w, lr0, c, tau):
        lr, g = lr0, grad(w)
        while not (f(w) - f(w - lr * g) >= c * lr * (g @ g)):
            lr /= tau
        return lr

    with pytest.raises(Incorrect, match="You divide by tau"):
        check("backtracking", grows, hint=2)


def test_examples_show_their_numbers_and_hidden_cases_none():
    """Seven digits that are too large by one part in a million name no number of the answer."""
    for name in ("gd_step", "max_stable_lr", "optimal_lr_and_rate", "backtracking", "gd_until"):
        reference = answer(name)

        def wrong(*args, reference=reference):
            return np.asarray(reference(*args)) * 1.000001

        with pytest.raises(Incorrect, match=r"yours gives") as visible:
            check(name, wrong)
        assert re.search(r" is \[*\d+\.\d+.*; yours gives", str(visible.value))
        with pytest.raises(Incorrect) as hidden:
            grade(name, wrong, seed=5)
        assert not re.search(r"\d\.\d", str(hidden.value))


def test_a_hidden_check_draws_anew_unless_told_its_seed():
    def seen(seed=None):
        calls = []
        with pytest.raises(Incorrect, match=r"\[seed \d+\]$"):
            grade("gd_step", lambda w, g, lr: calls.append((w.tolist(), lr)), seed=seed)
        return calls

    assert seen(7) == seen(7)
    assert seen() != seen()


def test_a_shell_shows_the_message_alone(capsys):
    shell = InteractiveShell.instance()
    try:
        shell.push({"grade": grade})
        shell.run_cell("grade('gd_step', lambda w, g, lr: w + lr * g, seed=1)")
    finally:
        InteractiveShell.clear_instance()
    said = "gd_step: You climb. The gradient points uphill, so subtract the step. [seed 1]\n"
    assert capsys.readouterr() == (said, "")


def test_a_notebook_shows_yours_beside_the_right_one(capsys):
    shell = InteractiveShell.instance()
    try:
        shell.push({"check": check, "f": written(CLIMB), "blank": lambda w, g, lr: None})
        shell.run_cell("check('gd_step', f)")
        shell.run_cell("check('gd_step', blank)")
        shell.push({"draws": written(f"{HEAD}\n np.random.rand()\n return w - lr * g")})
        shell.run_cell("check('gd_step', draws)")
    finally:
        InteractiveShell.clear_instance()
    said = capsys.readouterr().out
    assert said.count("[Figure: your answer, dashed, beside the right one]") == 1
    assert said.splitlines()[-1].startswith("gd_step: It draws from np.random")


def test_a_notebook_lives_and_shows_nothing_that_a_function_shows(capsys, monkeypatch):
    ended: list = []
    monkeypatch.setattr(InteractiveShell, "ask_exit", ended.append, raising=False)
    shell = InteractiveShell.instance()
    try:
        shell.push({"check": check})
        shell.run_cell(
            "from IPython.display import display\nimport matplotlib.pyplot as plt\n"
            f"{HEAD}\n display('shown', plt.figure())\n exit()\ncheck('gd_step', gd_step)"
        )
        assert not plt.get_fignums()
        shell.ask_exit(1)
    finally:
        InteractiveShell.clear_instance()
    assert ended == [1]
    said = "gd_step: It calls exit or quit, which end the notebook. A function ends at return.\n"
    assert capsys.readouterr().out == said


def test_a_check_inside_a_function_leaves_the_notebook_whole(capsys):
    shell = InteractiveShell.instance()
    try:
        shell.push({"check": check, "right": written(f"{HEAD} return w - lr * g")})
        shell.run_cell(
            f"{HEAD}\n check('gd_step', right)\n return w - lr * g\ncheck('gd_step', gd_step)"
        )
    finally:
        InteractiveShell.clear_instance()
    assert "Traceback" not in capsys.readouterr().out
    assert "ask_exit" not in vars(shell)


def test_what_the_learner_prints_warns_and_sets_stays_inside(capsys):
    settings, filters = np.geterr(), list(warnings.filters)

    def noisy(w, g, lr):
        print("step")
        print("problem", file=sys.stderr)
        warnings.warn("a warning", stacklevel=1)
        np.seterr(all="raise")
        np.log(np.zeros(1))
        return w - lr * g

    with pytest.raises(Incorrect, match="FloatingPointError"):
        check("gd_step", noisy)
    out, err = capsys.readouterr()
    assert out == err == ""
    assert np.geterr() == settings
    assert warnings.filters == filters


@pytest.mark.parametrize("result", ["w - lr * g", "w + lr * g", "2 * g"])
def test_what_all_code_shares_is_put_back(result):
    """Also after the calls that look for the name of a mistake."""
    kept = np.abs, sys.getrecursionlimit(), observing.random_state()
    draws = f"import sys\n{HEAD}\n sys.setrecursionlimit(9999)\n np.random.rand()\n return {result}"
    for besides in ("", " np.abs = abs\n", " np.random.set_bit_generator(np.random.PCG64(1))\n"):
        source = draws.replace(" return", f"{besides} return")
        with pytest.raises(Incorrect):
            check("gd_step", written(source), hint=2)
        assert (np.abs, sys.getrecursionlimit(), observing.random_state()) == kept


@pytest.mark.parametrize("name", ["array", "ndarray", "asarray", "errstate", "random"])
def test_no_name_of_numpy_takes_the_check_apart(name):
    for exercise, source in {
        "minibatches": "def f(n, size, epochs, rng): np.{} = None",
        "tune": "def f(train, rates, seeds): np.{} = list",
        "gd_step": "def f(w, g, lr): np.{} = 1; return 1 / 0",
    }.items():
        with pytest.raises(Incorrect, match=f"gives np.{name} another meaning"):
            check(exercise, written(source.format(name)))


def test_a_check_can_be_interrupted():
    with pytest.raises(KeyboardInterrupt):
        check("gd_step", written(f"{HEAD} raise KeyboardInterrupt"))


def test_an_unknown_exercise_names_the_nearest():
    with pytest.raises(ValueError, match=r"no exercise 'gd_stp'; did you mean 'gd_step'\?"):
        check("gd_stp", None)
