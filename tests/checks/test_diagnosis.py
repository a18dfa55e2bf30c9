"""A diagnosis names what explains every wrong call to rounding, and is silent otherwise."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.checks.advice import collect_advice
from grader.checks.diagnosis import AllTests, ObservedCall, diagnose
from grader.checks.misconceptions import Misconception
from grader.recordings import NotRecorded

SEEDS = st.integers(0, 2**32 - 1)


def observe(function, args, value, exception=""):
    return ObservedCall(function, tuple(args), {}, value, exception)


def name_of(reference, wrong, cases, misconceptions=()):
    """The diagnosis of a function `f` that answers `wrong(*args)` for each of `cases`, or None."""
    calls = [observe("f", args, wrong(*args)) for args in cases]
    return diagnose(calls, "f", SimpleNamespace(f=reference), misconceptions)


def words(diagnosis):
    return None if diagnosis is None else (diagnosis.key, diagnosis.rationale)


# Exercises that are wrong in one way each.


def affine_backward(dZ, A_prev, W):
    m = dZ.shape[1]
    return W.T @ dZ, dZ @ A_prev.T / m, dZ.sum(axis=1, keepdims=True) / m


def gradients(dZ, A_prev, W):
    return dict(zip(("dA", "dW", "db"), affine_backward(dZ, A_prev, W), strict=True))


def draw(rng, n, n_prev, m):
    return rng.normal(size=(n, m)), rng.normal(size=(n_prev, m)), rng.normal(size=(n, n_prev))


@pytest.fixture
def cases(rng):
    return [draw(rng, *sizes) for sizes in ((2, 3, 7), (4, 5, 6), (3, 3, 9))]


def times(factor, *keys):
    """Gradients of which those under `keys` are `factor(m)` times what they should be."""

    def wrong(dZ, A_prev, W):
        grads = gradients(dZ, A_prev, W)
        return grads | {key: factor(dZ.shape[1]) * grads[key] for key in keys}

    return wrong


FACTORS = {
    "the mean is missing": (lambda m: m, "m"),
    "the mean is taken twice": (lambda m: 1 / m, "1/m"),
    "twice as large": (lambda m: 2, "2"),
    "half as large": (lambda m: 0.5, "½"),
    "2m": (lambda m: 2 * m, "2m"),
    "1/(2m)": (lambda m: 0.5 / m, "1/(2m)"),
    "sign and mean": (lambda m: -m, "−m"),
    "minus 1/m": (lambda m: -1 / m, "−1/m"),
}


@pytest.mark.parametrize(("factor", "name"), FACTORS.values(), ids=FACTORS)
@pytest.mark.parametrize("keys", [("dW",), ("dW", "db"), ("dA", "dW", "db")])
def test_a_factor_is_named_though_m_differs_from_call_to_call(cases, factor, name, keys):
    found = name_of(gradients, times(factor, *keys), cases)

    what = {1: "dW", 2: "dW and db", 3: "dA, dW and db"}[len(keys)]
    assert words(found) == ("pattern_factor", f"Exactly {name} times as large as it should be: {what}.")


def test_a_factor_that_is_the_same_in_all_calls_is_named_with_its_size(rng):
    found = name_of(gradients, times(lambda m: 1 / m, "dW"), [draw(rng, 2, 3, 7)] * 2)

    assert found.rationale == "Exactly 1/m (m = 7) times as large as it should be: dW."


def test_m_is_the_number_of_columns_that_most_arguments_have(rng):
    """W comes first and has 3 columns, one for each input; the examples are the 7 columns of the others."""
    W, X, Y = rng.normal(size=(4, 3)), rng.normal(size=(3, 7)), rng.normal(size=(4, 7))

    def mean(W, X, Y):
        return (W @ X - Y) @ X.T / 7

    def wrong(factor):
        return name_of(mean, lambda *args: factor * mean(*args), [(W, X, Y)]).rationale

    assert wrong(7) == "Exactly m (m = 7) times as large as it should be: the result."
    assert wrong(1 / 4) == "Exactly 1/n (n = 4) times as large as it should be: the result."


def test_a_number_among_the_arguments_may_be_the_factor(rng):
    cases = [(rng.normal(size=(3, 4)), keep_prob) for keep_prob in (0.8, 0.25)]

    found = name_of(lambda dA, keep_prob: dA / keep_prob, lambda dA, keep_prob: dA, cases)

    assert words(found) == ("pattern_factor", "Exactly keep_prob times as large as it should be: the result.")


def test_a_factor_without_a_name_is_not_called_one(cases):
    assert name_of(gradients, times(lambda m: 1.37, "dA", "dW", "db"), cases) is None


def test_two_different_factors_are_no_common_factor(cases):
    def wrong(*args):
        return times(lambda m: m, "dW")(*args) | {"dA": 2 * gradients(*args)["dA"]}

    assert name_of(gradients, wrong, cases).key == "pattern_parts"


def test_a_wrong_sign_is_named(cases):
    found = name_of(gradients, times(lambda m: -1, "dW", "db"), cases)

    assert words(found) == ("pattern_sign", "The sign of dW and db is wrong; all else is right.")


@pytest.mark.parametrize("shape", [(), (1, 1)])
def test_the_sign_of_a_cost_is_named_in_any_form_of_a_number(rng, shape):
    found = name_of(lambda A: np.mean(A), lambda A: np.full(shape, -np.mean(A)), [(rng.normal(size=(1, 5)),)])

    assert words(found) == ("pattern_sign", "The sign of the result is wrong; all else is right.")


@pytest.mark.parametrize("n_prev", [3, 2], ids=["another shape", "square"])
def test_a_transposed_matrix_is_named(rng, n_prev):
    def wrong(*args):
        return gradients(*args) | {"dW": gradients(*args)["dW"].T}

    found = name_of(gradients, wrong, [draw(rng, 2, n_prev, 5), draw(rng, 4, 3, 5)])

    assert words(found) == ("pattern_transposed", "The axes of dW are exchanged; the values are right.")


def relu_backward(dA, Z):
    return dA * (Z > 0)


@pytest.mark.parametrize(
    ("wrong", "sign"),
    [
        (lambda dA, Z: dA, "≤ 0"),
        (lambda dA, Z: np.where(Z > 0, dA, 0.01 * dA), "≤ 0"),
        (lambda dA, Z: np.where(Z > 0, 1.0, 0.0), "> 0"),
        (lambda dA, Z: np.where(Z > 0, np.nan, 0.0), "> 0"),
    ],
)
def test_a_region_is_named_by_the_argument_that_draws_it(rng, wrong, sign):
    cases = [rng.normal(size=(2, *shape)) for shape in ((3, 4), (5, 2), (1, 9))]

    found = name_of(relu_backward, wrong, cases)

    assert words(found) == (
        "pattern_region",
        f"the result is wrong exactly where argument 2 is {sign}, and right elsewhere.",
    )


def test_a_region_of_few_entries_is_an_accident(rng):
    dA, Z = np.array([[2.0, 3.0, -1.0, 4.0]]), np.array([[1.0, -1.0, 2.0, -2.0]])

    assert name_of(relu_backward, lambda dA, Z: dA, [(dA, Z)]) is None


@pytest.mark.parametrize(
    ("index", "line"), [((-1, slice(None)), "row 2"), ((slice(None), 0), "column 0"), ((1, slice(2, 4)), "row 1")]
)
def test_one_wrong_line_is_named(rng, index, line):
    def wrong(A):
        result = A.copy()
        result[index] = 0
        return result

    found = name_of(lambda A: A, wrong, [(rng.normal(size=(3, m)),) for m in (5, 6)])

    assert words(found) == ("pattern_line", f"the result is wrong in {line} only.")


def test_lines_that_differ_from_call_to_call_are_not_named(rng):
    def wrong(A):
        result = A.copy()
        result[A.shape[0] - 1] = 0
        return result

    assert name_of(lambda A: A, wrong, [(rng.normal(size=(n, 5)),) for n in (3, 4)]) is None


def test_of_several_values_the_wrong_ones_are_named(cases):
    def wrong(*args):
        dA, dW, db = affine_backward(*args)
        return dA, dW + 1, np.exp(db)

    assert words(name_of(affine_backward, wrong, cases)) == (
        "pattern_parts",
        "Wrong: value 2 and value 3. Right: value 1.",
    )


def test_a_value_of_another_shape_is_named_among_several(cases):
    def wrong(*args):
        return gradients(*args) | {"db": gradients(*args)["db"].ravel()}

    assert words(name_of(gradients, wrong, cases)) == ("pattern_parts", "Wrong: db. Right: dA and dW.")


def test_a_number_in_an_array_of_one_entry_counts_as_right(rng):
    """check_close accepts it with advice, so it is not what is wrong."""

    def wrong(w, X):
        return -w.T @ X, np.full((1, 1), X.sum())

    found = name_of(lambda w, X: (w.T @ X, X.sum()), wrong, [(rng.normal(size=(3, 1)), rng.normal(size=(3, 6)))])

    assert words(found) == ("pattern_sign", "The sign of value 1 is wrong; all else is right.")


def test_values_inside_values_are_named_by_their_path(rng):
    def right(A):
        return A, {"Z1": (A + 1, A - 1)}

    found = name_of(right, lambda A: (A, {"Z1": (A + 1, np.exp(A))}), [(rng.normal(size=(2, 3)),)])

    assert found.rationale == "Wrong: value 2 Z1 value 2. Right: value 1 and value 2 Z1 value 1."


def several(count, wrong):
    """A function that returns `count` values, the first `wrong` of which are not right."""
    return lambda A: tuple(np.exp(A + i) if i < wrong else A + i for i in range(count))


@pytest.mark.parametrize(("count", "key"), [(6, "pattern_parts"), (7, None)])
def test_a_list_of_more_than_six_names_helps_nobody(rng, count, key):
    found = name_of(several(count, 0), several(count, 2), [(rng.normal(size=(2, 3)),)])

    assert (found and found.key) == key


# silence


@given(SEEDS)
@settings(max_examples=40)
def test_right_code_in_any_style_is_given_no_name(seed):
    rng = np.random.default_rng(seed)

    def right(dZ, A_prev, W):
        m = dZ.shape[1]
        dW = sum(np.outer(dZ[:, i], A_prev[:, i]) for i in reversed(range(m))) / m
        return {"dZ": dZ, "db": np.mean(dZ, axis=1, keepdims=True).tolist(), "dW": dW, "dA": np.dot(dZ.T, W).T}

    assert name_of(gradients, right, [draw(rng, *rng.integers(1, 6, size=3)) for _ in range(3)]) is None


@given(SEEDS, st.floats(1e-4, 10))
@settings(max_examples=100)
def test_a_random_perturbation_is_given_no_name(seed, size):
    rng = np.random.default_rng(seed)

    def wrong(dZ, Z):
        return relu_backward(dZ, Z) + size * rng.normal(size=dZ.shape)

    cases = [rng.normal(size=(2, *rng.integers(3, 6, size=2))) for _ in range(2)]

    assert name_of(relu_backward, wrong, cases) is None


@given(SEEDS)
@settings(max_examples=100)
def test_randomly_chosen_wrong_entries_are_given_no_name(seed):
    """Among 30 entries a random choice follows the signs of an argument in one case of 2**30."""
    rng = np.random.default_rng(seed)
    chosen = rng.random(size=(5, 6)) < 0.5
    chosen[:2, :2] = True  # in more than one row and column

    found = name_of(
        relu_backward, lambda dA, Z: relu_backward(dA, Z) + chosen * (1 + rng.random()), [rng.normal(size=(2, 5, 6))]
    )

    assert found is None


@given(SEEDS, st.sampled_from([1e-3, 1e-5]))
@settings(max_examples=60)
def test_a_factor_with_noise_is_no_factor(seed, noise):
    rng = np.random.default_rng(seed)

    def wrong(dZ, A_prev, W):
        return 7 * gradients(dZ, A_prev, W)["dW"] * (1 + noise * rng.normal(size=W.shape))

    assert name_of(lambda *args: gradients(*args)["dW"], wrong, [draw(rng, 3, 4, 7)]) is None


@pytest.mark.parametrize(
    "value", [None, "text", np.ones(2), {"dW": 1.0}, (), [np.ones(1)] * 3, {"dA": None, "dW": "x", "db": {}}, 3 + 1j]
)
@pytest.mark.parametrize("reference", [gradients, affine_backward, lambda *args: 1.0], ids=["dict", "tuple", "number"])
def test_a_value_of_another_kind_is_given_no_name(cases, reference, value):
    assert name_of(reference, lambda *args: value, cases) is None


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_an_answer_without_a_finite_number_is_given_no_name(rng, value):
    A = rng.normal(size=(4, 5))

    assert name_of(lambda A: A, lambda A: np.full((4, 5), value), [(A,)]) is None


def test_a_finite_answer_where_infinity_is_right_is_given_no_name():
    assert name_of(lambda A: np.array([np.inf, 1.0]), lambda A: np.array([3.0, 1.0]), [(np.ones(2),)]) is None


def test_nothing_was_called_or_nothing_is_wrong(cases):
    assert name_of(gradients, gradients, []) is None
    assert name_of(gradients, gradients, cases) is None
    other = [observe("g", args, -1.0) for args in cases]
    assert diagnose(other, "f", SimpleNamespace(f=gradients), ()) is None


def test_a_diagnosis_advises_nothing_and_changes_no_argument(rng):
    def changing(A):
        A *= 2
        return float(A.sum())

    A = rng.normal(size=(2, 3))
    before = A.copy()
    with collect_advice(show_values=False) as advice:
        assert name_of(changing, lambda A: np.full((1, 1), -2 * A.sum()), [(A,)]).key == "pattern_sign"

    assert advice == []
    np.testing.assert_array_equal(before, A)


# misconceptions


def idea(key, function, exercise="f"):
    return Misconception(exercise, key, f"Known: {key}.", "Try.", function)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def derivative(z):
    return sigmoid(z) * (1 - sigmoid(z))


OF_THE_ACTIVATION = idea("of_the_activation", lambda z: z * (1 - z))
NOT_FOR_NEGATIVE = idea("not_for_negative", lambda z: np.where(z > 0, derivative(z), 0.0))


def test_a_misconception_is_named_before_any_pattern(rng):
    cases = [(rng.normal(size=(3, 4)),), (rng.normal(size=(5,)),)]

    found = name_of(derivative, lambda z: z * (1 - z), cases, (NOT_FOR_NEGATIVE, OF_THE_ACTIVATION))

    assert found == OF_THE_ACTIVATION.feedback()


def test_the_first_of_two_misconceptions_that_agree_is_named(rng):
    ideas = (OF_THE_ACTIVATION, idea("the_same", lambda z: z - z**2))

    assert name_of(derivative, lambda z: z - z * z, [(rng.normal(size=4),)], ideas).key == "of_the_activation"


def test_a_misconception_is_named_when_some_calls_are_right_in_spite_of_it():
    """For positive z the idea gives the right answer, and so does the student."""
    cases = [(np.array([1.0, 2.0]),), (np.array([1.0, -2.0]),)]

    assert name_of(derivative, NOT_FOR_NEGATIVE.function, cases, (NOT_FOR_NEGATIVE,)).key == "not_for_negative"


@pytest.mark.parametrize("odd", [0, 1, 2])
def test_one_call_that_it_does_not_explain_is_enough_against_a_misconception(rng, odd):
    cases = [(rng.normal(size=(3, 4)),) for _ in range(3)]
    answers = [z * (1 - z) for (z,) in cases]
    for value in (answers[odd] + 1e-4, derivative(cases[odd][0]), answers[odd][:, :3], None):
        calls = [observe("f", args, value if i == odd else answers[i]) for i, args in enumerate(cases)]

        assert diagnose(calls, "f", SimpleNamespace(f=derivative), (OF_THE_ACTIVATION,)) is None


def test_a_misconception_that_answers_rightly_explains_no_wrong_answer(rng):
    right = idea("right", derivative)

    assert name_of(derivative, lambda z: derivative(z) * (1 + 5e-7), [(rng.normal(size=4),)], (right,)) is None


def test_a_misconception_of_another_exercise_is_not_asked(rng):
    other = idea("other", lambda z: z * (1 - z), exercise="g")

    assert name_of(derivative, lambda z: z * (1 - z), [(rng.normal(size=(3, 4)),)], (other,)) is None


def test_a_misconception_that_raises_explains_nothing(rng):
    raising = idea("raising", lambda z: z["W1"])

    found = name_of(derivative, lambda z: z * (1 - z), [(rng.normal(size=4),)], (raising, OF_THE_ACTIVATION))

    assert found.key == "of_the_activation"


def test_a_misconception_with_infinity_does_not_explain_a_finite_answer():
    infinite = idea("infinite", lambda A: np.array([np.inf, 2.0]))

    found = name_of(lambda A: np.array([4.0, 2.0]), lambda A: np.array([5.0, 2.0]), [(np.ones(2),)], (infinite,))

    assert found is None


def test_keys_that_the_reference_does_not_have_do_not_matter(rng):
    def wrong(A):
        return {"dW": -A, "dA": np.ones(3)}

    found = name_of(lambda A: {"dW": A}, lambda A: {"dW": -A}, [(rng.normal(size=(2, 3)),)], (idea("extra", wrong),))

    assert found.key == "extra"


def test_a_misconception_sees_the_arguments_as_they_were(rng):
    def changing(z):
        z -= 1
        return z * 2

    cases = [(rng.normal(size=4),)]

    assert name_of(derivative, lambda z: 2 * (z - 1), cases, (idea("changing", changing),)).key == "changing"
    assert name_of(changing, lambda z: z * 3, cases, (idea("triple", lambda z: z * 3),)).key == "triple"


# names for answers in few ways, once all tests of an exercise are done


def labels(z):
    return (z > 0).astype(int)


ALL_ONES = idea("all_ones", lambda z: np.ones_like(z, dtype=int))
LONG, SHORT = np.linspace(-2.0, 3.0, 30), np.array([1.0, -1.0, 2.0, -2.0])


def name_in_all(ideas, reference, calls, *, lost=(), passed=()):
    """The key that the first of `ideas`, given to a test with these calls, becomes after the other tests."""
    tests = AllTests([*calls, *lost], passed, "f", SimpleNamespace(f=reference), ideas)
    found = tests.name(ideas[0].feedback(), calls)
    return None if found is None else found.key


def test_a_name_that_fits_all_tests_stays():
    short, long = (observe("f", (z,), np.ones_like(z)) for z in (SHORT, LONG))

    assert name_in_all([ALL_ONES], labels, [short], lost=[long]) == "all_ones"


@pytest.mark.parametrize("kind", ["lost", "passed"])
@pytest.mark.parametrize("other", [labels(LONG), 1 - labels(LONG), labels(LONG)[::-1], "text"], ids=str)
def test_a_name_that_fits_the_labels_of_one_test_falls_with_the_answers_of_another(other, kind):
    short, long = observe("f", (SHORT,), np.ones_like(SHORT)), observe("f", (LONG,), other)

    assert name_of(labels, np.ones_like, [(SHORT,)], (ALL_ONES,)).key == "all_ones"
    assert name_in_all([ALL_ONES], labels, [short], **{kind: [long]}) is None


@pytest.mark.parametrize(("count", "name"), [(1, None), (2, None), (4, "all_ones"), (40, "all_ones")])
def test_a_few_labels_alone_are_an_accident(count, name):
    z = -np.resize([1.0, -1.0], count)

    assert name_in_all([ALL_ONES], labels, [observe("f", (z,), np.ones_like(z))]) == name


def test_a_name_for_numbers_stays_though_another_test_found_another_mistake(rng):
    z = rng.normal(size=5)
    one, other = observe("f", (z,), z * (1 - z)), observe("f", (z + 1,), z)

    assert name_in_all([OF_THE_ACTIVATION], derivative, [one], lost=[other]) == "of_the_activation"


def test_of_two_ideas_that_fit_one_test_the_one_that_fits_all_is_named():
    positive, mixed = np.array([1.5, 0.5]), np.array([1.5, -0.5])
    half, half_of_positive = (
        idea("half", lambda z: z / 2),
        idea("half_of_positive", lambda z: np.where(z > 0, z / 2, z)),
    )
    calls = [observe("f", (positive,), positive / 2)]
    other = [observe("f", (mixed,), np.array([0.75, -0.5]))]

    assert name_of(lambda z: z, lambda z: z / 2, [(positive,)], (half, half_of_positive)).key == "half"
    assert name_in_all([half, half_of_positive], lambda z: z, calls, lost=other) == "half_of_positive"


def test_a_pattern_is_no_name_that_can_fall():
    call = observe("f", (SHORT,), np.ones_like(SHORT))
    pattern = name_of(lambda A: A, lambda A: -A, [(LONG,)])

    assert AllTests([call], [], "f", SimpleNamespace(f=labels), (ALL_ONES,)).name(pattern, [call]) == pattern


# calls without an answer to compare with


def test_calls_that_raised_are_left_out(rng):
    z = rng.normal(size=(3, 4))
    calls = [observe("f", (z,), None, "ValueError"), observe("f", (z,), z * (1 - z))]

    assert diagnose(calls, "f", SimpleNamespace(f=derivative), (OF_THE_ACTIVATION,)).key == "of_the_activation"


def test_calls_that_are_not_recorded_are_left_out(rng):
    z = rng.normal(size=(3, 4))

    def recorded(x):
        if x.ndim == 1:
            raise NotRecorded("no recorded answer")
        return derivative(x)

    calls = [observe("f", (z[0],), "anything"), observe("f", (z,), z * (1 - z))]

    assert diagnose(calls, "f", SimpleNamespace(f=recorded), (OF_THE_ACTIVATION,)).key == "of_the_activation"


def test_a_call_that_should_raise_has_no_right_value_to_compare_with():
    def refusing(z):
        raise ValueError("unknown activation")

    assert name_of(refusing, lambda z: -z, [(np.ones(3),)], (idea("minus", lambda z: -z),)) is None


def test_of_hundreds_of_calls_the_first_ones_decide(rng):
    evaluated = []

    def counted(z):
        evaluated.append(z)
        return derivative(z)

    cases = [(rng.normal(size=3),) for _ in range(300)]

    assert name_of(counted, lambda z: z * (1 - z), cases, (OF_THE_ACTIVATION,)).key == "of_the_activation"
    assert len(evaluated) == 20


def test_keyword_arguments_reach_reference_and_misconception(rng):
    def right(A, *, scale):
        return A * scale

    z = rng.normal(size=(2, 3))
    call = ObservedCall("f", (z,), {"scale": 3.0}, z + 3.0)

    found = diagnose([call], "f", SimpleNamespace(f=right), (idea("added", lambda A, *, scale: A + scale),))

    assert found.key == "added"


# random draws, costs


def draws(rng, n):
    return rng.normal(size=(n, 3))


@pytest.mark.parametrize("by_name", [False, True])
def test_another_draw_than_the_references_has_no_pattern(by_name):
    """Minus a normal draw is as right as the draw; only a known mistake can be told."""
    args, kwargs = ((4,), {"rng": np.random.default_rng(3)}) if by_name else ((np.random.default_rng(3), 4), {})

    def f(*args, rng=None):
        return draws(rng, *args) if rng is not None else draws(*args)

    call = ObservedCall("f", args, kwargs, -draws(np.random.default_rng(3), 4))

    assert diagnose([call], "f", SimpleNamespace(f=f), ()) is None
    minus = idea("minus", lambda *args, **kwargs: -f(*args, **kwargs))
    assert diagnose([call], "f", SimpleNamespace(f=f), (minus,)).key == "minus"


def cross_entropy(A, Y, *, epsilon=0.0, m=None):
    return -float(np.sum(Y * np.log(A + epsilon) + (1 - Y) * np.log(1 - A + epsilon))) / (m or A.shape[1])


@pytest.mark.parametrize("epsilon", [0.0, 1e-8])
def test_a_known_mistake_in_a_cost_is_named_with_an_epsilon_in_the_logarithm(rng, epsilon):
    cases = [(rng.uniform(0.02, 0.98, size=(1, m)), rng.integers(0, 2, size=(1, m))) for m in (5, 7)]
    summed = idea("summed", lambda A, Y: cross_entropy(A, Y, m=1))

    found = name_of(cross_entropy, lambda A, Y: cross_entropy(A, Y, epsilon=epsilon, m=1), cases, (summed,))

    assert found.key == "summed"


def test_a_cost_that_differs_by_an_epsilon_only_is_right(rng):
    A, Y = rng.uniform(0.02, 0.98, size=(1, 9)), rng.integers(0, 2, size=(1, 9))

    def close(A, Y):
        return cross_entropy(A, Y, epsilon=1e-8)

    assert name_of(cross_entropy, close, [(A, Y)], (idea("same", close),)) is None


def test_a_matrix_is_compared_without_the_tolerance_of_costs(rng):
    almost = idea("almost", lambda A: 2 * A * (1 + 5e-7))

    assert name_of(lambda A: A, lambda A: 2 * A, [(rng.normal(size=(3, 4)),)], (almost,)).key == "pattern_factor"
