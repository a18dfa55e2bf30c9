"""Known wrong ideas about gradient checking.

A theta or a dict of parameters that is changed and not put back gives no value to recognise; its tests say so in
their own words.
"""

import numpy as np

from grader.checks import misconception

# parameters_to_vector


@misconception(
    "parameters_to_vector",
    rationale="theta is a column of shape (n, 1); a vector of shape (n,) was asked for.",
    help="Use ravel() in place of reshape(-1, 1).",
)
def column_instead_of_vector(parameters, *, reference):
    theta, layout = reference.parameters_to_vector(parameters)
    return theta.reshape(-1, 1), layout


@misconception(
    "parameters_to_vector",
    rationale="Only the weights are in theta; the biases are parameters, too.",
    help="Go through all entries of the dict, whatever their names are.",
)
def biases_left_out(parameters, *, reference):
    weights = {name: array for name, array in parameters.items() if not name.startswith("b")}
    return reference.parameters_to_vector(weights)


@misconception(
    "parameters_to_vector",
    rationale="The last array is missing in theta.",
    help="Go through all entries of the dict; range(1, L) ends at L - 1.",
)
def last_array_left_out(parameters, *, reference):
    names = list(parameters)[:-1] or list(parameters)
    return reference.parameters_to_vector({name: parameters[name] for name in names})


@misconception(
    "parameters_to_vector",
    rationale="The entries are sorted by their values, so nobody can tell any more where each one came from.",
    help="Write the arrays one after the other, each with ravel().",
)
def entries_sorted(parameters, *, reference):
    theta, layout = reference.parameters_to_vector(parameters)
    return np.sort(theta), layout


@misconception(
    "parameters_to_vector",
    rationale="theta holds whole numbers: the decimals of the parameters are cut off.",
    help="Do not fill an array of integers; np.concatenate keeps the dtype of the parameters.",
)
def entries_truncated(parameters, *, reference):
    theta, layout = reference.parameters_to_vector(parameters)
    return theta.astype(int), layout


# vector_to_parameters


@misconception(
    "vector_to_parameters",
    rationale="The arrays have the right entries, but stay vectors: their shapes are not restored.",
    help="Keep the shapes in the layout, and reshape each piece to its own.",
)
def shapes_not_restored(theta, layout, *, reference):
    return {name: array.ravel() for name, array in reference.vector_to_parameters(theta, layout).items()}


@misconception(
    "vector_to_parameters",
    rationale="Every array begins at the first entry of theta.",
    help="Each array begins where the one before has ended: begin += size.",
)
def every_array_from_the_start(theta, layout):
    return {name: theta[: int(np.prod(shape))].reshape(shape) for name, shape in layout}


@misconception(
    "vector_to_parameters",
    rationale="The entries of a matrix come back by columns, and were written by rows.",
    help="Use the same order in both directions: reshape and ravel, both without order=….",
)
def order_of_columns(theta, layout, *, reference):
    parameters = reference.vector_to_parameters(theta, layout)
    return {name: array.ravel().reshape(array.shape, order="F") for name, array in parameters.items()}


@misconception(
    "vector_to_parameters",
    rationale="The arrays have their two sizes exchanged.",
    help="Reshape to the shape that the layout tells: (rows, columns).",
)
def shapes_exchanged(theta, layout, *, reference):
    parameters = reference.vector_to_parameters(theta, layout)
    return {name: array.reshape(array.shape[::-1]) for name, array in parameters.items()}


# numerical_gradient


def _differences(f, theta, one):
    """`one` for every entry: it is given theta as floats and the unit vector of that entry."""
    theta = np.asarray(theta, dtype=float)
    return np.array([one(theta, unit) for unit in np.eye(theta.size)])


@misconception(
    "numerical_gradient",
    rationale="That is the difference to one side, (f(θ + ε) − f(θ)) / ε: its error shrinks with ε only, and not "
    "with ε².",
    help="(f(theta + epsilon * e) - f(theta - epsilon * e)) / (2 * epsilon), with e the unit vector.",
)
def forward_difference(f, theta, epsilon=1e-5):
    return _differences(f, theta, lambda t, e: (f(t + epsilon * e) - f(t)) / epsilon)


@misconception(
    "numerical_gradient",
    rationale="That is the difference to one side, (f(θ) − f(θ − ε)) / ε: its error shrinks with ε only, and not "
    "with ε².",
    help="(f(theta + epsilon * e) - f(theta - epsilon * e)) / (2 * epsilon), with e the unit vector.",
)
def backward_difference(f, theta, epsilon=1e-5):
    return _differences(f, theta, lambda t, e: (f(t) - f(t - epsilon * e)) / epsilon)


@misconception(
    "numerical_gradient",
    rationale="The difference is divided by ε; both points together are 2ε apart, so everything is twice too large.",
    help="Divide by (2 * epsilon).",
)
def divided_by_epsilon(f, theta, epsilon=1e-5):
    return _differences(f, theta, lambda t, e: (f(t + epsilon * e) - f(t - epsilon * e)) / epsilon)


@misconception(
    "numerical_gradient",
    rationale="The difference is divided by 2 and then multiplied by ε, since / 2 * epsilon is read from left to "
    "right.",
    help="Put the divisor in parentheses: / (2 * epsilon).",
)
def multiplied_by_epsilon(f, theta, epsilon=1e-5):
    return _differences(f, theta, lambda t, e: (f(t + epsilon * e) - f(t - epsilon * e)) / 2 * epsilon)


@misconception(
    "numerical_gradient",
    rationale="The sign is wrong: f(θ − ε) comes first.",
    help="(f(theta + epsilon * e) - f(theta - epsilon * e)) / (2 * epsilon).",
)
def wrong_sign(f, theta, epsilon=1e-5):
    return _differences(f, theta, lambda t, e: (f(t - epsilon * e) - f(t + epsilon * e)) / (2 * epsilon))


@misconception(
    "numerical_gradient",
    rationale="All parameters are shifted together, so every entry is the sum of the whole gradient.",
    help="Shift one entry at a time: a loop over the entries of theta.",
)
def all_entries_shifted(f, theta, epsilon=1e-5):
    return _differences(f, theta, lambda t, e: (f(t + epsilon) - f(t - epsilon)) / (2 * epsilon))


@misconception(
    "numerical_gradient",
    rationale="All parameters are shifted together, and there is one number in place of one for each parameter.",
    help="Shift one entry at a time, in a loop over the entries of theta, and collect the differences in an array.",
)
def one_number(f, theta, epsilon=1e-5):
    theta = np.asarray(theta, dtype=float)
    return (f(theta + epsilon) - f(theta - epsilon)) / (2 * epsilon)


@misconception(
    "numerical_gradient",
    rationale="The step is always 1e-5, whatever epsilon it is given.",
    help="Use the parameter epsilon, and not the number.",
)
def step_ignored(f, theta, epsilon=1e-5, *, reference):
    return reference.numerical_gradient(f, theta)


@misconception(
    "numerical_gradient",
    rationale="For integers everything is 0: an array of integers to which a small step is added stays what it was.",
    help="theta = np.array(theta, dtype=float) at the beginning.",
)
def integers_stay_integers(f, theta, epsilon=1e-5):
    theta = theta.copy()
    gradient = np.zeros(theta.shape)
    for i in range(theta.size):
        before = theta[i]
        theta[i] = before + epsilon
        above = f(theta)
        theta[i] = before - epsilon
        gradient[i] = (above - f(theta)) / (2 * epsilon)
        theta[i] = before
    return gradient


@misconception(
    "numerical_gradient",
    rationale="An entry is not put back before the next one is shifted, so the later differences belong to another "
    "point.",
    help="Remember the entry before you shift it, and write it back afterwards; or shift a copy each time.",
)
def entry_not_put_back(f, theta, epsilon=1e-5):
    theta = np.array(theta, dtype=float)
    gradient = np.zeros(theta.shape)
    for i in range(theta.size):
        theta[i] += epsilon
        above = f(theta)
        theta[i] -= 2 * epsilon
        gradient[i] = (above - f(theta)) / (2 * epsilon)
    return gradient


# relative_error


@misconception(
    "relative_error",
    rationale="That is the absolute distance ‖a − b‖: it is not divided by the lengths.",
    help="Divide by np.linalg.norm(a) + np.linalg.norm(b).",
)
def not_divided(a, b):
    return np.linalg.norm(a - b)


@misconception(
    "relative_error",
    rationale="The distance is divided by the length of the sum, ‖a + b‖, and not by the sum of the lengths.",
    help="np.linalg.norm(a) + np.linalg.norm(b).",
)
def length_of_the_sum(a, b):
    length = np.linalg.norm(a + b)
    return np.linalg.norm(a - b) / length if length else 0.0


@misconception(
    "relative_error",
    rationale="The roots are missing: squared lengths are divided.",
    help="np.linalg.norm takes the root; np.sum(a ** 2) does not.",
)
def squares_without_roots(a, b):
    total = np.sum(a**2) + np.sum(b**2)
    return np.sum((a - b) ** 2) / total if total else 0.0


@misconception(
    "relative_error",
    rationale="The distance is divided by the longer of the two, and not by both together.",
    help="np.linalg.norm(a) + np.linalg.norm(b).",
)
def divided_by_the_longer(a, b):
    longer = max(np.linalg.norm(a), np.linalg.norm(b))
    return np.linalg.norm(a - b) / longer if longer else 0.0


@misconception(
    "relative_error",
    rationale="The distance is divided by the length of the first vector alone.",
    help="Divide by np.linalg.norm(a) + np.linalg.norm(b).",
)
def divided_by_the_first(a, b):
    return np.linalg.norm(a - b) / np.linalg.norm(a) if a.any() else 0.0


@misconception(
    "relative_error",
    rationale="The error is the difference of the two lengths; vectors of one length may point anywhere.",
    help="The length of the difference, np.linalg.norm(a - b), belongs above the line.",
)
def difference_of_lengths(a, b):
    one, other = np.linalg.norm(a), np.linalg.norm(b)
    return abs(one - other) / (one + other) if one + other else 0.0


@misconception(
    "relative_error",
    rationale="Absolute values are added up; Euclidean lengths were asked for.",
    help="np.linalg.norm(a), the root of the sum of the squares.",
)
def sums_of_absolutes(a, b):
    total = np.sum(np.abs(a)) + np.sum(np.abs(b))
    return np.sum(np.abs(a - b)) / total if total else 0.0


@misconception(
    "relative_error",
    rationale="For two zero vectors it is 0 / 0, which is NaN; equal vectors should have the error 0.",
    help="Return 0.0 when the sum of the lengths is 0.",
)
def nan_for_zeros(a, b):
    return np.linalg.norm(a - b) / (np.linalg.norm(a) + np.linalg.norm(b))


# gradient_check


@misconception(
    "gradient_check",
    rationale="passed is True when the error is above the threshold.",
    help="A small error is good: error < threshold.",
)
def comparison_reversed(f, gradient, theta, epsilon=1e-5, threshold=1e-6, *, reference):
    error, passed = reference.gradient_check(f, gradient, theta, epsilon, threshold)
    return error, not passed


@misconception(
    "gradient_check",
    rationale="The two results are exchanged: the error comes first.",
    help="return error, error < threshold.",
)
def results_exchanged(f, gradient, theta, epsilon=1e-5, threshold=1e-6, *, reference):
    return reference.gradient_check(f, gradient, theta, epsilon, threshold)[::-1]


@misconception(
    "gradient_check",
    rationale="The threshold is always 1e-6, whatever it is given.",
    help="Compare with the parameter threshold.",
)
def threshold_ignored(f, gradient, theta, epsilon=1e-5, threshold=1e-6, *, reference):
    return reference.gradient_check(f, gradient, theta, epsilon)


@misconception(
    "gradient_check",
    rationale="The numerical gradient is taken with the step 1e-5, whatever epsilon is given.",
    help="Pass it on: numerical_gradient(f, theta, epsilon).",
)
def epsilon_not_passed_on(f, gradient, theta, epsilon=1e-5, threshold=1e-6, *, reference):
    return reference.gradient_check(f, gradient, theta, 1e-5, threshold)


@misconception(
    "gradient_check",
    rationale="The error is the absolute distance of the two gradients.",
    help="Use relative_error.",
)
def absolute_error(f, gradient, theta, epsilon=1e-5, threshold=1e-6, *, reference):
    error = float(np.linalg.norm(reference.numerical_gradient(f, theta, epsilon) - gradient))
    return error, error < threshold


@misconception(
    "gradient_check",
    rationale="The gradient is compared with itself, so it always passes.",
    help="Compare it with numerical_gradient(f, theta, epsilon).",
)
def always_passes(f, gradient, theta, epsilon=1e-5, threshold=1e-6):
    return 0.0, True


# wrong_gradients


@misconception(
    "wrong_gradients",
    rationale="These are the names of the gradients that are right.",
    help="Collect a name when its check does not pass.",
)
def right_ones_named(f, grads, parameters, threshold=1e-6, *, reference):
    return sorted(set(grads) - set(reference.wrong_gradients(f, grads, parameters, threshold)))


@misconception(
    "wrong_gradients",
    rationale='The names are those of the parameters ("W1"); those of the gradients were asked for ("dW1").',
    help='Append f"d{name}".',
)
def parameters_named(f, grads, parameters, threshold=1e-6, *, reference):
    return [name.removeprefix("d") for name in reference.wrong_gradients(f, grads, parameters, threshold)]


@misconception(
    "wrong_gradients",
    rationale="One error is computed for all gradients together, so either all are named or none.",
    help="Check each array by itself, with the others held fixed.",
)
def all_or_none(f, grads, parameters, threshold=1e-6, *, reference):
    return sorted(grads) if reference.wrong_gradients(f, grads, parameters, threshold) else []


@misconception(
    "wrong_gradients",
    rationale="Only the first wrong gradient is named.",
    help="Do not return inside the loop; collect the names.",
)
def only_the_first(f, grads, parameters, threshold=1e-6, *, reference):
    return reference.wrong_gradients(f, grads, parameters, threshold)[:1]


@misconception(
    "wrong_gradients",
    rationale="The names are right, but not sorted.",
    help="return sorted(names).",
)
def names_not_sorted(f, grads, parameters, threshold=1e-6, *, reference):
    wrong = reference.wrong_gradients(f, grads, parameters, threshold)
    return [f"d{name}" for name in parameters if f"d{name}" in wrong]


@misconception(
    "wrong_gradients",
    rationale="Only the gradients of the weights are checked; those of the biases can be wrong as well.",
    help="Go through all parameters, whatever their names are.",
)
def biases_not_checked(f, grads, parameters, threshold=1e-6, *, reference):
    wrong = reference.wrong_gradients(f, grads, parameters, threshold)
    return [name for name in wrong if not name.startswith("db")]


@misconception(
    "wrong_gradients",
    rationale="The threshold is always 1e-6, whatever it is given.",
    help="Pass the threshold on to gradient_check.",
)
def threshold_not_passed_on(f, grads, parameters, threshold=1e-6, *, reference):
    return reference.wrong_gradients(f, grads, parameters)
