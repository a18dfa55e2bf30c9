"""Known wrong ideas about logistic regression.

Each function answers as a learner with that idea would. Mistakes that raise (`w @ X` without the transpose,
`np.dot(Y, np.log(A))`, `math.exp` of an array) give no value to recognise; the exception is explained where it is
reported. Loops over examples are no misconception either: their results are right, and the line is named by the test
that counts.
"""

import numpy as np

from grader.checks import misconception


def _sigmoid(z):
    return 1 / (1 + np.exp(-z))


# sigmoid


@misconception(
    "sigmoid",
    rationale="The sign in the exponent is wrong: your sigmoid falls from 1 to 0 where it should rise from 0 to 1.",
    help="The formula is 1 / (1 + np.exp(-z)). Check one value: for a large positive z the result is close to 1.",
)
def sigmoid_rises_the_wrong_way(z):
    return 1 / (1 + np.exp(z))


@misconception(
    "sigmoid",
    rationale="The denominator is not in parentheses: 1 / 1 + exp(-z) means (1 / 1) + exp(-z).",
    help="Write 1 / (1 + np.exp(-z)).",
)
def sigmoid_without_parentheses(z):
    return 1 / 1 + np.exp(-z)


@misconception(
    "sigmoid",
    rationale="That is tanh(z), which lies between -1 and 1; the sigmoid lies between 0 and 1.",
    help="The formula is 1 / (1 + np.exp(-z)).",
)
def tanh_in_place_of_sigmoid(z):
    return np.tanh(z)


@misconception(
    "sigmoid",
    rationale="The exponentials are divided by their sum over all entries. That is softmax; the sigmoid of an entry "
    "does not depend on the others.",
    help="The formula is 1 / (1 + np.exp(-z)), without np.sum.",
)
def softmax_in_place_of_sigmoid(z):
    return np.exp(z) / np.sum(np.exp(z))


@misconception(
    "sigmoid",
    rationale="Every entry is 0 or 1. That is the answer, not the probability.",
    help="Return 1 / (1 + np.exp(-z)) as it is; comparing it with a threshold is the work of predict.",
)
def decision_in_place_of_sigmoid(z):
    return np.where(z > 0, 1.0, 0.0)


@misconception(
    "sigmoid",
    rationale="That is the derivative a * (1 - a), not the sigmoid a itself.",
    help="Return 1 / (1 + np.exp(-z)).",
)
def derivative_in_place_of_sigmoid(z):
    return _sigmoid(z) * (1 - _sigmoid(z))


@misconception(
    "sigmoid",
    rationale="e is taken for 2.718. It is 2.71828…, so the result is wrong from the fourth digit on.",
    help="Use np.exp(-z).",
)
def rounded_e(z):
    return 1 / (1 + 2.718 ** (-z))


# initialize_parameters


@misconception(
    "initialize_parameters",
    rationale="w has one dimension only, (n_x,): it should be a column, (n_x, 1).",
    help="Write np.zeros((n_x, 1)), with two pairs of parentheses. Without the second dimension w.T is w, and shapes "
    "go astray without an error.",
)
def weights_without_second_dimension(n_x):
    return np.zeros(n_x), 0.0


@misconception(
    "initialize_parameters",
    rationale="w is a row, (1, n_x): it should be a column, with one entry for each feature.",
    help="Write np.zeros((n_x, 1)).",
)
def weights_as_a_row(n_x):
    return np.zeros((1, n_x)), 0.0


@misconception(
    "initialize_parameters",
    rationale="w is a square matrix: the neuron has one weight for each feature, so w is a column.",
    help="Write np.zeros((n_x, 1)).",
)
def weights_as_a_square(n_x):
    return np.zeros((n_x, n_x)), 0.0


@misconception(
    "initialize_parameters",
    rationale="The weights are ones; they start at zero.",
    help="Write np.zeros((n_x, 1)).",
)
def weights_of_one(n_x):
    return np.ones((n_x, 1)), 0.0


@misconception(
    "initialize_parameters",
    rationale="b has an entry for each feature. A neuron has one bias, whatever the number of its features is.",
    help="Write b = 0.0.",
)
def bias_for_each_feature(n_x):
    return np.zeros((n_x, 1)), np.zeros((n_x, 1))


@misconception("initialize_parameters", rationale="The bias is 1; it starts at zero.", help="Write b = 0.0.")
def bias_of_one(n_x):
    return np.zeros((n_x, 1)), 1.0


@misconception(
    "initialize_parameters",
    rationale="The order is b, w; it should be w, b.",
    help="Return w, b.",
)
def bias_returned_first(n_x):
    return 0.0, np.zeros((n_x, 1))


@misconception(
    "initialize_parameters",
    rationale="Only w comes back; the bias b is missing.",
    help="Return two values: return np.zeros((n_x, 1)), 0.0.",
)
def bias_left_out(n_x):
    return np.zeros((n_x, 1))


# forward


@misconception(
    "forward",
    rationale="The bias b is never added.",
    help="A = sigmoid(w.T @ X + b).",
)
def bias_forgotten(w, b, X):
    return _sigmoid(w.T @ X)


@misconception("forward", rationale="b is subtracted.", help="A = sigmoid(w.T @ X + b).")
def bias_subtracted(w, b, X):
    return _sigmoid(w.T @ X - b)


@misconception(
    "forward",
    rationale="The inputs are multiplied with themselves, and the weights w are not used. The notes write g(XᵀX + b) "
    "for a neuron, and that is a slip: it is g(wᵀX + b).",
    help="A = sigmoid(w.T @ X + b), of shape (1, m).",
)
def inputs_with_themselves(w, b, X):
    return _sigmoid(X.T @ X + b)


@misconception(
    "forward",
    rationale="The factors are exchanged: Xᵀ w is a column, (m, 1). The values are right, but A should be a row, (1, "
    "m), as Y is.",
    help="A = sigmoid(w.T @ X + b). A column A beside a row Y becomes (m, m) in A - Y.",
)
def factors_exchanged(w, b, X):
    return _sigmoid(X.T @ w + b)


@misconception(
    "forward",
    rationale="w and X are multiplied entry by entry, and nothing is summed up: a neuron takes the sum over the "
    "features.",
    help="w.T @ X does both. The sign * multiplies entry by entry.",
)
def weights_times_inputs_by_entries(w, b, X):
    return _sigmoid(w * X + b)


@misconception(
    "forward",
    rationale="The sum runs over the examples, too, so that one number is left for all of them.",
    help="Sum over the features only: w.T @ X, or np.sum(w * X, axis=0, keepdims=True).",
)
def summed_over_everything(w, b, X):
    return _sigmoid(np.sum(w * X) + b)


@misconception(
    "forward",
    rationale="The sigmoid is left out: A is the sum wᵀX + b, which is no probability.",
    help="A = sigmoid(w.T @ X + b).",
)
def sigmoid_left_out(w, b, X):
    return w.T @ X + b


@misconception(
    "forward",
    rationale="The sigmoid is applied twice, so that all probabilities lie between 0.5 and 0.73.",
    help="A = sigmoid(w.T @ X + b).",
)
def sigmoid_taken_twice(w, b, X):
    return _sigmoid(_sigmoid(w.T @ X + b))


@misconception(
    "forward",
    rationale="The bias is added after the sigmoid; it belongs inside, to the sum.",
    help="A = sigmoid(w.T @ X + b).",
)
def bias_added_after_the_sigmoid(w, b, X):
    return _sigmoid(w.T @ X) + b


@misconception(
    "forward",
    rationale="The answers 0 and 1 come back; A holds the probabilities.",
    help="Return sigmoid(w.T @ X + b) as it is; comparing it with a threshold is the work of predict.",
)
def answers_in_place_of_probabilities(w, b, X):
    return (w.T @ X + b > 0).astype(float)


@misconception(
    "forward",
    rationale="The probabilities are right, but have one dimension only: A should have the shape (1, m).",
    help="Leave w as the column that it is: w.T @ X is (1, m). Neither ravel nor np.squeeze is needed.",
)
def flat_probabilities(w, b, X):
    return _sigmoid(w.T @ X + b).ravel()


@misconception(
    "forward",
    rationale="The sign of z is wrong: A is the probability of label 0, one minus the one of label 1.",
    help="A = sigmoid(w.T @ X + b), and no minus before it.",
)
def probability_of_the_other_label(w, b, X):
    return _sigmoid(-(w.T @ X + b))


# cross_entropy_cost


def _logarithms(A, epsilon=1e-15):
    """log(a) and log(1 - a), finite everywhere."""
    A = np.clip(A, epsilon, 1 - epsilon)
    return np.log(A), np.log(1 - A)


@misconception(
    "cross_entropy_cost",
    rationale="The minus sign is missing: the cost is negative.",
    help="The logarithm of a probability is negative, and the cost is minus the mean of them.",
)
def minus_forgotten(A, Y, *, reference):
    return -reference.cross_entropy_cost(A, Y)


@misconception(
    "cross_entropy_cost",
    rationale="The cost is the sum over the examples; it should be their mean (1/m is missing).",
    help="Use np.mean, or divide by m = Y.shape[1]; len(Y) and Y.shape[0] are 1.",
)
def sum_instead_of_mean(A, Y, *, reference):
    return reference.cross_entropy_cost(A, Y) * Y.shape[1]


@misconception(
    "cross_entropy_cost",
    rationale="The second term, (1 - y) log(1 - a), is left out: examples with label 0 cost nothing.",
    help="Sum up both terms: Y * np.log(A) + (1 - Y) * np.log(1 - A).",
)
def only_the_ones_count(A, Y):
    return -np.mean(Y * _logarithms(A)[0])


@misconception(
    "cross_entropy_cost",
    rationale="Every example is treated as one with label 1: the loss is -log(a) for all. The notes write L(ŷ, 1) in "
    "both cases, and that is a slip: for y = 0 the loss is -log(1 - ŷ).",
    help="Write Y * np.log(A) + (1 - Y) * np.log(1 - A).",
)
def every_label_taken_for_one(A, Y):
    return -np.mean(_logarithms(A)[0])


@misconception(
    "cross_entropy_cost",
    rationale="Only the examples with label 0 count: the first term, y log(a), is left out.",
    help="Sum up both terms: Y * np.log(A) + (1 - Y) * np.log(1 - A).",
)
def only_the_zeros_count(A, Y):
    return -np.mean((1 - Y) * _logarithms(A)[1])


@misconception(
    "cross_entropy_cost",
    rationale="The labels are exchanged: log(a) belongs to the examples with label 1, and log(1 - a) to those with 0.",
    help="Write Y * np.log(A) + (1 - Y) * np.log(1 - A).",
)
def labels_exchanged(A, Y, *, reference):
    return reference.cross_entropy_cost(A, 1 - Y)


@misconception(
    "cross_entropy_cost",
    rationale="The second term is subtracted; both terms are added, and the minus stands in front of their sum.",
    help="Write -np.mean(Y * np.log(A) + (1 - Y) * np.log(1 - A)).",
)
def second_term_subtracted(A, Y):
    of_one, of_zero = _logarithms(A)
    return -np.mean(Y * of_one - (1 - Y) * of_zero)


@misconception(
    "cross_entropy_cost",
    rationale="Y and the logarithm are multiplied in shapes (1, m) and (m, 1), which NumPy broadcasts to all pairs of "
    "examples, (m, m).",
    help="Multiply entry by entry, Y * np.log(A), or take the matrix product np.dot(Y, np.log(A).T); do not mix the "
    "two.",
)
def every_label_with_every_prediction(A, Y):
    of_one, of_zero = _logarithms(A)
    return -np.sum(Y * of_one.T + (1 - Y) * of_zero.T) / Y.shape[1]


@misconception(
    "cross_entropy_cost",
    rationale="The matrix product goes the wrong way round: (m, 1) times (1, m) gives a number for every pair of "
    "examples, (m, m).",
    help="Transpose the second factor: np.dot(Y, np.log(A).T) is (1, m) times (m, 1), one number.",
)
def table_of_all_pairs(A, Y):
    of_one, of_zero = _logarithms(A)
    return -(np.dot(Y.T, of_one) + np.dot((1 - Y).T, of_zero)) / Y.shape[1]


@misconception(
    "cross_entropy_cost",
    rationale="Each example has its own loss in the result; the cost is the mean of these losses, one number.",
    help="Use np.mean, or np.sum(…) / m.",
)
def losses_not_averaged(A, Y):
    of_one, of_zero = _logarithms(A)
    return -(Y * of_one + (1 - Y) * of_zero)


@misconception(
    "cross_entropy_cost",
    rationale="A factor ½ stands in front; it belongs to the squared error.",
    help="The cross-entropy is minus the mean, without ½.",
)
def half_of_it(A, Y, *, reference):
    return reference.cross_entropy_cost(A, Y) / 2


@misconception(
    "cross_entropy_cost",
    rationale="That is the squared error, the other cost of this assignment.",
    help="Use the logarithms: Y * np.log(A) + (1 - Y) * np.log(1 - A).",
)
def squared_error_in_place_of_it(A, Y):
    return np.mean((A - Y) ** 2) / 2


@misconception(
    "cross_entropy_cost",
    rationale="The logarithm has base 10; the cross-entropy uses the natural one.",
    help="Use np.log.",
)
def logarithm_to_base_ten(A, Y, *, reference):
    return reference.cross_entropy_cost(A, Y) / np.log(10)


@misconception(
    "cross_entropy_cost",
    rationale="The logarithm has base 2; the cross-entropy uses the natural one.",
    help="Use np.log.",
)
def logarithm_to_base_two(A, Y, *, reference):
    return reference.cross_entropy_cost(A, Y) / np.log(2)


@misconception(
    "cross_entropy_cost",
    rationale="The epsilon inside the logarithm is 1e-5, so large that it changes the cost.",
    help="Use 1e-8 or less, or np.clip(A, 1e-15, 1 - 1e-15).",
)
def epsilon_too_large(A, Y):
    return -np.mean(Y * np.log(A + 1e-5) + (1 - Y) * np.log(1 - A + 1e-5))


@misconception(
    "cross_entropy_cost",
    rationale="The formula is right, but where A is exactly 0 or 1 it takes the logarithm of 0: the cost is infinite, "
    "or NaN, since 0 times infinity is no number.",
    help="Move A a little away from 0 and 1 first: A = np.clip(A, 1e-15, 1 - 1e-15).",
)
def logarithm_of_zero(A, Y):
    return -np.mean(Y * np.log(A) + (1 - Y) * np.log(1 - A))


@misconception(
    "cross_entropy_cost",
    rationale="Examples whose loss is infinite or NaN count as 0: an answer that is certain and wrong costs nothing.",
    help="Move A a little away from 0 and 1 before the logarithm, np.clip(A, 1e-15, 1 - 1e-15), in place of repairing "
    "the result.",
)
def infinite_losses_left_out(A, Y):
    losses = -(Y * np.log(A) + (1 - Y) * np.log(1 - A))
    return np.mean(np.where(np.isfinite(losses), losses, 0))


# squared_error_cost


@misconception(
    "squared_error_cost",
    rationale="The factor ½ is missing: the loss of an example is (a - y)² / 2.",
    help="Write np.mean((A - Y) ** 2) / 2. With ½ the derivative by a is a - y, without a factor.",
)
def half_forgotten(A, Y):
    return np.mean((A - Y) ** 2)


@misconception(
    "squared_error_cost",
    rationale="The losses are summed up; the cost is their mean (1/m is missing).",
    help="Use np.mean, or divide by m = Y.shape[1].",
)
def losses_summed_up(A, Y):
    return np.sum((A - Y) ** 2) / 2


@misconception(
    "squared_error_cost",
    rationale="That is the sum of the squares: both the mean over the examples and the factor ½ are missing.",
    help="Write np.mean((A - Y) ** 2) / 2.",
)
def sum_of_squares(A, Y):
    return np.sum((A - Y) ** 2)


@misconception(
    "squared_error_cost",
    rationale="The errors are not squared, so that positive and negative ones cancel out.",
    help="Write np.mean((A - Y) ** 2) / 2.",
)
def errors_not_squared(A, Y):
    return np.mean(A - Y) / 2


@misconception(
    "squared_error_cost",
    rationale="The absolute errors are averaged; they should be squared.",
    help="Write np.mean((A - Y) ** 2) / 2.",
)
def absolute_errors(A, Y):
    return np.mean(np.abs(A - Y)) / 2


@misconception(
    "squared_error_cost",
    rationale="The root of the mean is taken: the norm of the errors is the root of the sum of their squares.",
    help="Leave the squares as they are: np.mean((A - Y) ** 2) / 2.",
)
def root_of_the_mean(A, Y):
    return np.sqrt(np.mean((A - Y) ** 2))


@misconception(
    "squared_error_cost",
    rationale="½ is squared, too: ((a - y) / 2)² is a quarter of the square.",
    help="Write np.mean((A - Y) ** 2) / 2, and divide after squaring.",
)
def half_squared_too(A, Y):
    return np.mean(((A - Y) / 2) ** 2)


@misconception(
    "squared_error_cost",
    rationale="A row (1, m) meets a column (m, 1), which NumPy broadcasts to all pairs of examples, (m, m).",
    help="A and Y have one shape: A - Y, without a transpose.",
)
def errors_of_all_pairs(A, Y):
    return np.mean((A - Y.T) ** 2) / 2


@misconception(
    "squared_error_cost",
    rationale="The matrix product goes the wrong way round: (m, 1) times (1, m) gives a number for every pair of "
    "examples, (m, m).",
    help="Write np.mean((A - Y) ** 2) / 2; as a product it is (A - Y) @ (A - Y).T, (1, m) times (m, 1).",
)
def products_of_all_pairs(A, Y):
    return (A - Y).T @ (A - Y) / (2 * Y.shape[1])


@misconception(
    "squared_error_cost",
    rationale="Each example has its own loss in the result; the cost is the mean of these losses, one number.",
    help="Use np.mean.",
)
def squares_not_averaged(A, Y):
    return (A - Y) ** 2 / 2


@misconception(
    "squared_error_cost",
    rationale="That is the cross-entropy, the other cost of this assignment.",
    help="Write np.mean((A - Y) ** 2) / 2, without logarithms.",
)
def cross_entropy_in_place_of_it(A, Y, *, reference):
    return reference.cross_entropy_cost(A, Y)


# backward


def _gradient(X, error):
    """What follows when `error`, (1, m), is taken for the derivative by z."""
    m = X.shape[1]
    return X @ error.T / m, np.sum(error) / m


@misconception(
    "backward",
    rationale="dw and db are exactly m times too large: the mean over the examples (1/m) is missing.",
    help="Divide both by m = X.shape[1].",
)
def missing_mean(X, A, Y):
    return X @ (A - Y).T, np.sum(A - Y)


@misconception(
    "backward",
    rationale="dw is exactly m times too large: the mean over the examples (1/m) is missing there. A matrix product "
    "sums up, and does not average.",
    help="dw = X @ (A - Y).T / m.",
)
def missing_mean_in_dw(X, A, Y):
    return X @ (A - Y).T, np.mean(A - Y)


@misconception(
    "backward",
    rationale="db is exactly m times too large: the mean over the examples (1/m) is missing there.",
    help="db = np.sum(A - Y) / m, or np.mean(A - Y).",
)
def missing_mean_in_db(X, A, Y):
    return X @ (A - Y).T / X.shape[1], np.sum(A - Y)


@misconception(
    "backward",
    rationale="The mean over the examples is taken twice: dw and db are exactly m times too small.",
    help="Divide by m once, in dw and in db; A - Y is not divided.",
)
def mean_taken_twice(X, A, Y):
    return _gradient(X, (A - Y) / X.shape[1])


@misconception(
    "backward",
    rationale="The gradients are divided by the number of features; m is the number of examples, the columns of X.",
    help="m = X.shape[1].",
)
def features_counted_as_examples(X, A, Y):
    n_x = X.shape[0]
    return X @ (A - Y).T / n_x, np.sum(A - Y) / n_x


@misconception(
    "backward",
    rationale="Both gradients have the wrong sign: they belong to Y - A, and the derivative by z is A - Y.",
    help="dw = X @ (A - Y).T / m and db = np.mean(A - Y).",
)
def sign_exchanged(X, A, Y):
    return _gradient(X, Y - A)


@misconception(
    "backward",
    rationale="The labels are left out: A takes the place of A - Y.",
    help="The derivative by z is A - Y.",
)
def labels_left_out(X, A, Y):
    return _gradient(X, A)


@misconception(
    "backward",
    rationale="Every example is treated as one with label 1: A - 1 takes the place of A - Y. The notes write L(ŷ, 1) "
    "in both cases, and that is a slip: the loss of an example depends on its label.",
    help="The derivative by z is A - Y.",
)
def gradient_for_label_one(X, A, Y):
    return _gradient(X, A - 1)


@misconception(
    "backward",
    rationale="That is the gradient of the squared error: the slope a (1 - a) of the sigmoid is multiplied in. In the "
    "cross-entropy it cancels out.",
    help="The derivative of the cross-entropy by z is A - Y.",
)
def gradient_of_the_squared_error(X, A, Y):
    return _gradient(X, (A - Y) * A * (1 - A))


@misconception(
    "backward",
    rationale="The derivative by a is used as the derivative by z: the slope a (1 - a) of the sigmoid is missing.",
    help="Multiply -Y / A + (1 - Y) / (1 - A) by A * (1 - A); what is left is A - Y.",
)
def slope_of_the_sigmoid_left_out(X, A, Y):
    return _gradient(X, -Y / A + (1 - Y) / (1 - A))


@misconception(
    "backward",
    rationale="A factor 2 is too much, as from a square without ½; the cross-entropy has no square.",
    help="The derivative by z is A - Y.",
)
def factor_two(X, A, Y):
    return _gradient(X, 2 * (A - Y))


@misconception(
    "backward",
    rationale="db is not summed: it has an entry for every example. b is one number, and so is db.",
    help="db = np.sum(A - Y) / m, or np.mean(A - Y).",
)
def db_not_summed(X, A, Y):
    return X @ (A - Y).T / X.shape[1], A - Y


@misconception(
    "backward",
    rationale="db is divided by m, but not summed: it has an entry for every example. b is one number, and so is db.",
    help="db = np.sum(A - Y) / m, or np.mean(A - Y).",
)
def db_divided_but_not_summed(X, A, Y):
    return X @ (A - Y).T / X.shape[1], (A - Y) / X.shape[1]


@misconception(
    "backward",
    rationale="db is summed along the wrong axis: A - Y has one row, so a sum with axis=0 leaves all examples apart.",
    help="db = np.sum(A - Y) / m, without axis.",
)
def db_summed_over_rows(X, A, Y):
    return X @ (A - Y).T / X.shape[1], np.sum(A - Y, axis=0) / X.shape[1]


@misconception(
    "backward",
    rationale="db is the sum over all entries of dw; the bias has a gradient of its own, the mean of A - Y.",
    help="db = np.mean(A - Y).",
)
def db_from_dw(X, A, Y):
    dw, _ = _gradient(X, A - Y)
    return dw, np.sum(dw)


@misconception(
    "backward",
    rationale="X and A - Y are multiplied entry by entry, and nothing is summed up: dw has a column for every example.",
    help="dw = X @ (A - Y).T / m. The sign * multiplies entry by entry.",
)
def dw_by_entries(X, A, Y):
    return X * (A - Y) / X.shape[1], np.mean(A - Y)


@misconception(
    "backward",
    rationale="dw is a row, (1, n_x): it should have the shape of w, (n_x, 1). Subtracting a row from the column w "
    "would give (n_x, n_x).",
    help="dw = X @ (A - Y).T / m; (A - Y) @ X.T is its transpose.",
)
def dw_as_a_row(X, A, Y):
    return (A - Y) @ X.T / X.shape[1], np.mean(A - Y)


@misconception(
    "backward",
    rationale="dw has one dimension only, (n_x,): it should be a column, (n_x, 1).",
    help="dw = X @ (A - Y).T / m; np.sum and np.mean over the examples need keepdims=True.",
)
def dw_without_second_dimension(X, A, Y):
    return np.mean(X * (A - Y), axis=1), np.mean(A - Y)


@misconception("backward", rationale="The order is db, dw; it should be dw, db.", help="Return dw, db.")
def db_returned_first(X, A, Y):
    return np.mean(A - Y), X @ (A - Y).T / X.shape[1]


# gradient_descent


def _descend(w, b, X, Y, learning_rate, iterations, reference):
    """w, b and cost at the start and after every step, with what `reference` has for the gradient."""
    way = []
    for _ in range(iterations + 1):
        A = reference.forward(w, b, X)
        way.append((w, b, reference.cross_entropy_cost(A, Y)))
        dw, db = reference.backward(X, A, Y)
        w, b = w - learning_rate * dw, b - learning_rate * db
    return way


@misconception(
    "gradient_descent",
    rationale="The steps go up the gradient: learning_rate times the gradient is added, and should be subtracted.",
    help="w = w - learning_rate * dw.",
)
def ascent(w, b, X, Y, learning_rate, iterations, *, reference):
    return reference.gradient_descent(w, b, X, Y, -learning_rate, iterations)


@misconception(
    "gradient_descent",
    rationale="The learning rate is not used: the whole gradient is subtracted.",
    help="w = w - learning_rate * dw.",
)
def learning_rate_not_used(w, b, X, Y, learning_rate, iterations, *, reference):
    return reference.gradient_descent(w, b, X, Y, 1.0, iterations)


@misconception(
    "gradient_descent",
    rationale="There is one step only, whatever the number of iterations is.",
    help="Check that `return` stands behind the loop, not in it.",
)
def one_step_only(w, b, X, Y, learning_rate, iterations, *, reference):
    return reference.gradient_descent(w, b, X, Y, learning_rate, 1)


@misconception(
    "gradient_descent",
    rationale="There is one step fewer than asked for.",
    help="range(iterations) runs as often as asked for; range(1, iterations) leaves out one.",
)
def one_step_too_few(w, b, X, Y, learning_rate, iterations, *, reference):
    return reference.gradient_descent(w, b, X, Y, learning_rate, iterations - 1)


@misconception(
    "gradient_descent",
    rationale="There is one step more than asked for.",
    help="range(iterations) runs as often as asked for; range(iterations + 1) adds one.",
)
def one_step_too_many(w, b, X, Y, learning_rate, iterations, *, reference):
    return reference.gradient_descent(w, b, X, Y, learning_rate, iterations + 1)


@misconception(
    "gradient_descent",
    rationale="The descent starts from zero; it should start from the w and b that are passed in.",
    help="Leave out initialize_parameters here: that is the work of fit.",
)
def start_not_used(w, b, X, Y, learning_rate, iterations, *, reference):
    return reference.gradient_descent(np.zeros_like(w), 0.0, X, Y, learning_rate, iterations)


@misconception(
    "gradient_descent",
    rationale="The gradients are computed once, before the loop, and used again in every step.",
    help="Go forward and backward in every iteration, with the current w and b.",
)
def gradients_computed_once(w, b, X, Y, learning_rate, iterations, *, reference):
    dw, db = reference.backward(X, reference.forward(w, b, X), Y)
    costs = []
    for _ in range(iterations):
        costs.append(reference.cross_entropy_cost(reference.forward(w, b, X), Y))
        w, b = w - learning_rate * dw, b - learning_rate * db
    return w, b, costs


@misconception(
    "gradient_descent",
    rationale="The probabilities are computed once, before the loop: gradients and costs are the same in every "
    "iteration.",
    help="Put A = forward(w, b, X) into the loop.",
)
def probabilities_computed_once(w, b, X, Y, learning_rate, iterations, *, reference):
    A = reference.forward(w, b, X)
    dw, db = reference.backward(X, A, Y)
    cost = reference.cross_entropy_cost(A, Y)
    return w - iterations * learning_rate * dw, b - iterations * learning_rate * db, [cost] * iterations


@misconception(
    "gradient_descent",
    rationale="w is updated first, and db is then computed with the new w; both gradients belong to the same w and b.",
    help="Compute dw and db together, dw, db = backward(X, A, Y), before either of w and b changes.",
)
def db_from_the_new_w(w, b, X, Y, learning_rate, iterations, *, reference):
    costs = []
    for _ in range(iterations):
        A = reference.forward(w, b, X)
        costs.append(reference.cross_entropy_cost(A, Y))
        w = w - learning_rate * reference.backward(X, A, Y)[0]
        b = b - learning_rate * reference.backward(X, reference.forward(w, b, X), Y)[1]
    return w, b, costs


@misconception(
    "gradient_descent",
    rationale="The bias is not updated: b comes back as it was passed in.",
    help="Update b with db as well: b = b - learning_rate * db.",
)
def bias_not_updated(w, b, X, Y, learning_rate, iterations, *, reference):
    costs = []
    for _ in range(iterations):
        A = reference.forward(w, b, X)
        costs.append(reference.cross_entropy_cost(A, Y))
        w = w - learning_rate * reference.backward(X, A, Y)[0]
    return w, b, costs


@misconception(
    "gradient_descent",
    rationale="The weights are not updated: w comes back as it was passed in.",
    help="Update w with dw as well: w = w - learning_rate * dw.",
)
def weights_not_updated(w, b, X, Y, learning_rate, iterations, *, reference):
    costs = []
    for _ in range(iterations):
        A = reference.forward(w, b, X)
        costs.append(reference.cross_entropy_cost(A, Y))
        b = b - learning_rate * reference.backward(X, A, Y)[1]
    return w, b, costs


@misconception(
    "gradient_descent",
    rationale="Nothing is updated: w and b come back as they were passed in.",
    help="Assign the new values in the loop: w = w - learning_rate * dw, and the same for b.",
)
def nothing_updated(w, b, X, Y, learning_rate, iterations, *, reference):
    cost = reference.cross_entropy_cost(reference.forward(w, b, X), Y)
    return w, b, [cost] * iterations


@misconception(
    "gradient_descent",
    rationale="The step takes the place of the parameters: w and b become learning_rate times the gradient, and what "
    "they were is lost.",
    help="Subtract the step from the old value: w = w - learning_rate * dw.",
)
def step_in_place_of_parameters(w, b, X, Y, learning_rate, iterations, *, reference):
    costs = []
    for _ in range(iterations):
        A = reference.forward(w, b, X)
        costs.append(reference.cross_entropy_cost(A, Y))
        dw, db = reference.backward(X, A, Y)
        w, b = learning_rate * dw, learning_rate * db
    return w, b, costs


@misconception(
    "gradient_descent",
    rationale="The steps are divided by m, although dw and db are means already.",
    help="w = w - learning_rate * dw: the mean is the work of backward.",
)
def step_divided_by_m(w, b, X, Y, learning_rate, iterations, *, reference):
    return reference.gradient_descent(w, b, X, Y, learning_rate / X.shape[1], iterations)


@misconception(
    "gradient_descent",
    rationale="The costs are recorded after the step: the one of the start is missing, and there is one too late.",
    help="Append the cost of the A that the gradients are computed from, before w and b change.",
)
def costs_after_the_step(w, b, X, Y, learning_rate, iterations, *, reference):
    way = _descend(w, b, X, Y, learning_rate, iterations, reference)
    return *way[-1][:2], [cost for _, _, cost in way[1:]]


@misconception(
    "gradient_descent",
    rationale="There is one cost more than there are iterations: that of the returned w and b is recorded, too.",
    help="Append the cost in the loop, before the step, and nowhere else.",
)
def last_cost_added(w, b, X, Y, learning_rate, iterations, *, reference):
    way = _descend(w, b, X, Y, learning_rate, iterations, reference)
    return *way[-1][:2], [cost for _, _, cost in way]


@misconception(
    "gradient_descent",
    rationale="w and b come back without the costs.",
    help="Return three values: return w, b, costs.",
)
def costs_left_out(w, b, X, Y, learning_rate, iterations, *, reference):
    return reference.gradient_descent(w, b, X, Y, learning_rate, iterations)[:2]


@misconception(
    "gradient_descent",
    rationale="Only the last cost is kept; costs holds one for each iteration.",
    help="Begin with costs = [] before the loop, and append in it.",
)
def last_cost_only(w, b, X, Y, learning_rate, iterations, *, reference):
    w, b, costs = reference.gradient_descent(w, b, X, Y, learning_rate, iterations)
    return w, b, costs[-1:]


@misconception(
    "gradient_descent",
    rationale="The last cost comes back as a number; costs is a list with one for each iteration.",
    help="Begin with costs = [] before the loop, append in it, and return the list.",
)
def number_in_place_of_costs(w, b, X, Y, learning_rate, iterations, *, reference):
    w, b, costs = reference.gradient_descent(w, b, X, Y, learning_rate, iterations)
    return w, b, costs[-1]


@misconception(
    "gradient_descent",
    rationale="costs is empty: no cost is recorded.",
    help="Append the cost in the loop: costs.append(cross_entropy_cost(A, Y)).",
)
def no_costs_recorded(w, b, X, Y, learning_rate, iterations, *, reference):
    return *reference.gradient_descent(w, b, X, Y, learning_rate, iterations)[:2], []


@misconception(
    "gradient_descent",
    rationale="Only every tenth cost is recorded; costs holds one for each iteration.",
    help="Append the cost in every iteration, not only where i % 10 == 0.",
)
def every_tenth_cost(w, b, X, Y, learning_rate, iterations, *, reference):
    w, b, costs = reference.gradient_descent(w, b, X, Y, learning_rate, iterations)
    return w, b, costs[::10]


@misconception(
    "gradient_descent",
    rationale="The recorded costs are squared errors; what is descended, and asked for, is the cross-entropy.",
    help="costs.append(cross_entropy_cost(A, Y)).",
)
def squared_errors_recorded(w, b, X, Y, learning_rate, iterations, *, reference):
    way = _descend(w, b, X, Y, learning_rate, iterations, reference)
    costs = [reference.squared_error_cost(reference.forward(*parameters, X), Y) for *parameters, _ in way[:-1]]
    return *way[-1][:2], costs


@misconception(
    "gradient_descent",
    rationale="The gradients come back in place of w and b.",
    help="Return w, b, costs.",
)
def gradients_returned(w, b, X, Y, learning_rate, iterations, *, reference):
    *before, costs = reference.gradient_descent(w, b, X, Y, learning_rate, iterations - 1)
    A = reference.forward(*before, X)
    return *reference.backward(X, A, Y), [*costs, reference.cross_entropy_cost(A, Y)]


# predict


@misconception(
    "predict",
    rationale="The probabilities are returned as they are; the answer is 1 where they are above the threshold, and 0 "
    "elsewhere.",
    help="Return (A > threshold).astype(int).",
)
def probabilities_returned(w, b, X, threshold=0.5, *, reference):
    return reference.forward(w, b, X)


@misconception(
    "predict",
    rationale="The argument threshold is not used: the probabilities are always compared with 0.5.",
    help="Return (A > threshold).astype(int); np.round knows one half only.",
)
def threshold_ignored(w, b, X, threshold=0.5, *, reference):
    return reference.predict(w, b, X)


@misconception(
    "predict",
    rationale="The answers are exchanged: 1 where the probability is below the threshold.",
    help="Return (A > threshold).astype(int).",
)
def answers_exchanged(w, b, X, threshold=0.5, *, reference):
    return 1 - reference.predict(w, b, X, threshold)


@misconception(
    "predict",
    rationale="The sum wᵀX + b is compared with the threshold; the threshold is one for probabilities.",
    help="Compare A = forward(w, b, X) with it. A sum of 0 is a probability of one half.",
)
def sums_compared_with_threshold(w, b, X, threshold=0.5):
    return (w.T @ X + b > threshold).astype(int)


@misconception(
    "predict",
    rationale="The answers are right, but have one dimension only: their shape should be (1, m).",
    help="Leave A in its shape: (A > threshold).astype(int), without np.squeeze or ravel.",
)
def flat_answers(w, b, X, threshold=0.5, *, reference):
    return reference.predict(w, b, X, threshold).ravel()


@misconception(
    "predict",
    rationale="The answers are right, but stand in a column, (m, 1): their shape should be (1, m), as that of Y.",
    help="Leave A in its shape: (A > threshold).astype(int).",
)
def answers_in_a_column(w, b, X, threshold=0.5, *, reference):
    return reference.predict(w, b, X, threshold).T


@misconception(
    "predict",
    rationale="The answers are -1 and 1; they should be 0 and 1, as in Y.",
    help="Return (A > threshold).astype(int).",
)
def minus_one_for_zero(w, b, X, threshold=0.5, *, reference):
    return 2 * reference.predict(w, b, X, threshold) - 1


@misconception(
    "predict",
    rationale="np.argmax finds the largest entry of each column, and a column has only one: every answer is 0.",
    help="argmax is for several classes. With one probability compare: (A > threshold).astype(int).",
)
def argmax_of_one_row(w, b, X, threshold=0.5):
    return np.argmax(w.T @ X + b, axis=0)


@misconception(
    "predict",
    rationale="The largest of all probabilities decides: argmax without an axis gives one number, the place of it.",
    help="argmax is for several classes. With one probability compare: (A > threshold).astype(int).",
)
def place_of_the_largest(w, b, X, threshold=0.5):
    return np.argmax(w.T @ X + b)


# fit


@misconception(
    "fit",
    rationale="The trained w and b are thrown away: those of the start come back.",
    help="Assign the result: w, b, costs = gradient_descent(…).",
)
def start_returned(X, Y, learning_rate, iterations, *, reference):
    return reference.initialize_parameters(X.shape[0])


@misconception(
    "fit",
    rationale="The costs come back, too; fit returns w and b only.",
    help="Unpack what gradient_descent returns, w, b, _ = gradient_descent(…), and return w, b.",
)
def costs_returned_too(X, Y, learning_rate, iterations, *, reference):
    w, b = reference.initialize_parameters(X.shape[0])
    return reference.gradient_descent(w, b, X, Y, learning_rate, iterations)


@misconception(
    "fit",
    rationale="w and b come back in a dict; fit returns the two themselves.",
    help="Return w, b.",
)
def parameters_in_a_dict(X, Y, learning_rate, iterations, *, reference):
    w, b = reference.fit(X, Y, learning_rate, iterations)
    return {"w": w, "b": b}


@misconception("fit", rationale="The order is b, w; it should be w, b.", help="Return w, b.")
def b_returned_first(X, Y, learning_rate, iterations, *, reference):
    return reference.fit(X, Y, learning_rate, iterations)[::-1]


@misconception(
    "fit",
    rationale="The result is that of one step, whatever the number of iterations is.",
    help="Pass iterations on to gradient_descent. In a loop of your own, initialize before it, and return behind it.",
)
def training_of_one_step(X, Y, learning_rate, iterations, *, reference):
    return reference.fit(X, Y, learning_rate, 1)


@misconception(
    "fit",
    rationale="Training makes one step fewer than it is told.",
    help="range(iterations) runs as often as asked for.",
)
def training_one_step_too_short(X, Y, learning_rate, iterations, *, reference):
    return reference.fit(X, Y, learning_rate, iterations - 1)


@misconception(
    "fit",
    rationale="Training makes one step more than it is told.",
    help="range(iterations) runs as often as asked for.",
)
def training_one_step_too_long(X, Y, learning_rate, iterations, *, reference):
    return reference.fit(X, Y, learning_rate, iterations + 1)


@misconception(
    "fit",
    rationale="The number of iterations is fixed at 100; the argument is not used.",
    help="Pass iterations on to gradient_descent.",
)
def always_100_iterations(X, Y, learning_rate, iterations, *, reference):
    return reference.fit(X, Y, learning_rate, 100)


@misconception(
    "fit",
    rationale="The learning rate is fixed at 0.01; the argument is not used.",
    help="Pass learning_rate on to gradient_descent.",
)
def learning_rate_of_its_own(X, Y, learning_rate, iterations, *, reference):
    return reference.fit(X, Y, 0.01, iterations)


@misconception(
    "fit",
    rationale="The bias is not trained: it stays at zero.",
    help="Keep what gradient_descent returns for b.",
)
def bias_not_trained(X, Y, learning_rate, iterations, *, reference):
    w, b = reference.initialize_parameters(X.shape[0])
    for _ in range(iterations):
        w, _, _ = reference.gradient_descent(w, b, X, Y, learning_rate, 1)
    return w, b


@misconception(
    "fit",
    rationale="Training starts from ones; it should start from zeros.",
    help="w, b = initialize_parameters(X.shape[0]).",
)
def started_from_ones(X, Y, learning_rate, iterations, *, reference):
    return reference.gradient_descent(np.ones((X.shape[0], 1)), 0.0, X, Y, learning_rate, iterations)[:2]


@misconception(
    "fit",
    rationale="The features are normalized inside of fit, so that w and b do not fit the X that was passed in.",
    help="Use X as it is. Normalizing is done before, and then also for what is predicted.",
)
def normalized_inside(X, Y, learning_rate, iterations, *, reference):
    X = (X - X.mean(axis=1, keepdims=True)) / X.std(axis=1, keepdims=True)
    return reference.fit(X, Y, learning_rate, iterations)


@misconception(
    "fit",
    rationale="The descent follows the gradient of the squared error: the slope a (1 - a) is multiplied in.",
    help="Use backward, the gradient of the cross-entropy.",
)
def trained_on_the_squared_error(X, Y, learning_rate, iterations, *, reference):
    w, b = reference.initialize_parameters(X.shape[0])
    for _ in range(iterations):
        A = reference.forward(w, b, X)
        dw, db = _gradient(X, (A - Y) * A * (1 - A))
        w, b = w - learning_rate * dw, b - learning_rate * db
    return w, b


@misconception(
    "fit",
    rationale="The gradients are computed once, at the start, and used again in every step.",
    help="Go forward and backward in every iteration, with the current w and b: gradient_descent does.",
)
def gradients_of_the_start(X, Y, learning_rate, iterations, *, reference):
    return reference.fit(X, Y, learning_rate * iterations, 1)
