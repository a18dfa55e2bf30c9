"""Known wrong ideas about regularization.

Each function answers as a learner with that idea would. Ideas about random numbers draw from rng as most people would,
so that they can be told from their very numbers. Mistakes that raise (W3 asked of a network with two layers, shapes
that do not fit) give no value to recognise; the exception is explained where it is reported.
"""

import numpy as np

from grader.checks import misconception

# l2_penalty


def _weights(parameters):
    return [value for name, value in parameters.items() if name.startswith("W")]


def _sum_of_squares(arrays):
    return sum(np.sum(array**2) for array in arrays)


def _sum_of_absolutes(arrays):
    return sum(np.sum(np.abs(array)) for array in arrays)


@misconception(
    "l2_penalty",
    rationale="That is the L1 penalty: it adds up absolute values. The notes exchange the two names, and that is a "
    "slip: L2 is the sum of the squares.",
    help="np.sum(W ** 2).",
)
def l2_penalty_with_absolute_values(parameters, lambd, m):
    return lambd / (2 * m) * _sum_of_absolutes(_weights(parameters))


@misconception(
    "l2_penalty",
    rationale="λ is missing. The notes write the regularized cost of a network with 1/(2m) alone, and that is a slip: "
    "the factor is λ/(2m).",
    help="lambd / (2 * m) * …",
)
def l2_penalty_without_lambda(parameters, lambd, m):
    return _sum_of_squares(_weights(parameters)) / (2 * m)


@misconception(
    "l2_penalty",
    rationale="The norms are added up without being squared.",
    help="The squared norm is the sum of the squares, without a root: np.sum(W ** 2).",
)
def l2_penalty_norm_not_squared(parameters, lambd, m):
    return lambd / (2 * m) * sum(np.sqrt(np.sum(W**2)) for W in _weights(parameters))


@misconception(
    "l2_penalty",
    rationale="The biases are penalized, too; only the weights W1, …, WL should be.",
    help="Take the entries of parameters whose names begin with W.",
)
def l2_penalty_with_biases(parameters, lambd, m):
    return lambd / (2 * m) * _sum_of_squares(parameters.values())


@misconception(
    "l2_penalty",
    rationale="The penalty is exactly twice what it should be: the ½ is missing.",
    help="The factor is lambd / (2 * m).",
)
def l2_penalty_without_half(parameters, lambd, m):
    return lambd / m * _sum_of_squares(_weights(parameters))


@misconception(
    "l2_penalty",
    rationale="The penalty is not divided by the number of examples m.",
    help="The factor is lambd / (2 * m).",
)
def l2_penalty_without_m(parameters, lambd, m):
    return lambd / 2 * _sum_of_squares(_weights(parameters))


@misconception(
    "l2_penalty",
    rationale="m is multiplied where it should divide: in Python, lambd / 2 * m is (lambd / 2) * m.",
    help="Write lambd / (2 * m), with parentheses.",
)
def l2_penalty_times_m(parameters, lambd, m):
    return lambd / 2 * m * _sum_of_squares(_weights(parameters))


@misconception(
    "l2_penalty",
    rationale="The weights are added up first and the sum is squared: weights of opposite signs cancel.",
    help="Square every weight, then add up: np.sum(W ** 2), not np.sum(W) ** 2.",
)
def l2_penalty_square_of_the_sum(parameters, lambd, m):
    return lambd / (2 * m) * sum(np.sum(W) ** 2 for W in _weights(parameters))


@misconception(
    "l2_penalty",
    rationale="np.linalg.norm(W, 2) of a matrix is its largest singular value, not the root of the sum of all squares.",
    help="Use np.sum(W ** 2), or np.linalg.norm(W) ** 2 without the second argument.",
)
def l2_penalty_spectral_norm(parameters, lambd, m):
    return lambd / (2 * m) * sum(np.linalg.norm(W, 2) ** 2 for W in _weights(parameters))


@misconception(
    "l2_penalty",
    rationale="The squares are averaged; they should be added up.",
    help="np.sum(W ** 2), not np.mean: the number of weights does not enter.",
)
def l2_penalty_mean_of_squares(parameters, lambd, m):
    return lambd / (2 * m) * sum(np.mean(W**2) for W in _weights(parameters))


@misconception(
    "l2_penalty",
    rationale="Only the first two layers are penalized.",
    help="Let a loop run over all layers: L = len(parameters) // 2.",
)
def l2_penalty_of_two_layers(parameters, lambd, m):
    return lambd / (2 * m) * _sum_of_squares(_weights(parameters)[:2])


@misconception(
    "l2_penalty",
    rationale="Exactly three layers are penalized, W1, W2 and W3, whatever the depth of the network.",
    help="Let a loop run over all layers: L = len(parameters) // 2.",
)
def l2_penalty_of_three_layers(parameters, lambd, m):
    return lambd / (2 * m) * _sum_of_squares([parameters["W1"], parameters["W2"], parameters["W3"]])


@misconception(
    "l2_penalty",
    rationale="The weights of the last layer are left out.",
    help="The loop should reach L: range(1, L + 1).",
)
def l2_penalty_without_last_layer(parameters, lambd, m):
    return lambd / (2 * m) * _sum_of_squares(_weights(parameters)[:-1])


@misconception(
    "l2_penalty",
    rationale="Only the last layer counts: each layer's sum takes the place of those before.",
    help="Add up in the loop: total += np.sum(W ** 2).",
)
def l2_penalty_of_last_layer(parameters, lambd, m):
    return lambd / (2 * m) * _sum_of_squares(_weights(parameters)[-1:])


# l1_penalty


@misconception(
    "l1_penalty",
    rationale="That is the L2 penalty: it adds up squares. The notes exchange the two names, and that is a slip: L1 "
    "is the sum of the absolute values.",
    help="np.sum(np.abs(W)).",
)
def l1_penalty_with_squares(parameters, lambd, m):
    return lambd / (2 * m) * _sum_of_squares(_weights(parameters))


@misconception(
    "l1_penalty",
    rationale="λ is missing. The notes write the regularized cost of a network with 1/(2m) alone, and that is a slip: "
    "the factor is λ/(2m).",
    help="lambd / (2 * m) * …",
)
def l1_penalty_without_lambda(parameters, lambd, m):
    return _sum_of_absolutes(_weights(parameters)) / (2 * m)


@misconception(
    "l1_penalty",
    rationale="The absolute values are forgotten: weights of opposite signs cancel.",
    help="np.sum(np.abs(W)).",
)
def l1_penalty_signed_sum(parameters, lambd, m):
    return lambd / (2 * m) * sum(np.sum(W) for W in _weights(parameters))


@misconception(
    "l1_penalty",
    rationale="The weights are added up first and the absolute value is taken of the sum: weights of opposite signs "
    "cancel.",
    help="np.sum(np.abs(W)), not np.abs(np.sum(W)).",
)
def l1_penalty_absolute_value_of_the_sum(parameters, lambd, m):
    return lambd / (2 * m) * sum(np.abs(np.sum(W)) for W in _weights(parameters))


@misconception(
    "l1_penalty",
    rationale="np.linalg.norm(W, 1) of a matrix is the largest sum of a column, not the sum over all entries.",
    help="Use np.sum(np.abs(W)).",
)
def l1_penalty_largest_column(parameters, lambd, m):
    return lambd / (2 * m) * sum(np.linalg.norm(W, 1) for W in _weights(parameters))


@misconception(
    "l1_penalty",
    rationale="The Frobenius norm is the root of the sum of the squares; L1 adds up the absolute values.",
    help="Use np.sum(np.abs(W)).",
)
def l1_penalty_frobenius_norm(parameters, lambd, m):
    return lambd / (2 * m) * sum(np.linalg.norm(W) for W in _weights(parameters))


@misconception(
    "l1_penalty",
    rationale="The biases are penalized, too; only the weights W1, …, WL should be.",
    help="Take the entries of parameters whose names begin with W.",
)
def l1_penalty_with_biases(parameters, lambd, m):
    return lambd / (2 * m) * _sum_of_absolutes(parameters.values())


@misconception(
    "l1_penalty",
    rationale="The penalty is exactly twice what it should be: the ½ is missing. In this course L1 has the factor "
    "λ/(2m), as L2 has.",
    help="The factor is lambd / (2 * m).",
)
def l1_penalty_without_half(parameters, lambd, m):
    return lambd / m * _sum_of_absolutes(_weights(parameters))


@misconception(
    "l1_penalty",
    rationale="The penalty is not divided by the number of examples m.",
    help="The factor is lambd / (2 * m).",
)
def l1_penalty_without_m(parameters, lambd, m):
    return lambd / 2 * _sum_of_absolutes(_weights(parameters))


@misconception(
    "l1_penalty",
    rationale="Only the first two layers are penalized.",
    help="Let a loop run over all layers: L = len(parameters) // 2.",
)
def l1_penalty_of_two_layers(parameters, lambd, m):
    return lambd / (2 * m) * _sum_of_absolutes(_weights(parameters)[:2])


@misconception(
    "l1_penalty",
    rationale="The weights of the last layer are left out.",
    help="The loop should reach L: range(1, L + 1).",
)
def l1_penalty_without_last_layer(parameters, lambd, m):
    return lambd / (2 * m) * _sum_of_absolutes(_weights(parameters)[:-1])


# l2_gradient


@misconception(
    "l2_gradient",
    rationale="The gradient of the penalty has a ½ too much: deriving w² gives 2w, and the 2 cancels the ½ of λ/(2m).",
    help="dW + lambd / m * W.",
)
def l2_gradient_with_half(dW, W, lambd, m):
    return dW + lambd / (2 * m) * W


@misconception(
    "l2_gradient",
    rationale="The gradient of the penalty has a 2 too much: the 2 of 2w cancels the ½ of λ/(2m).",
    help="dW + lambd / m * W.",
)
def l2_gradient_with_two(dW, W, lambd, m):
    return dW + 2 * lambd / m * W


@misconception(
    "l2_gradient",
    rationale="The gradient of the penalty is not divided by the number of examples m.",
    help="dW + lambd / m * W.",
)
def l2_gradient_without_m(dW, W, lambd, m):
    return dW + lambd * W


@misconception(
    "l2_gradient",
    rationale="λ does not enter: W/m is added where λ/m W should be.",
    help="dW + lambd / m * W.",
)
def l2_gradient_without_lambda(dW, W, lambd, m):
    return dW + W / m


@misconception(
    "l2_gradient",
    rationale="dW comes back as it is: the gradient of the penalty is missing.",
    help="dW + lambd / m * W.",
)
def l2_gradient_penalty_forgotten(dW, W, lambd, m):
    return dW.copy()


@misconception(
    "l2_gradient",
    rationale="The gradient of the penalty comes back alone; it should be added to dW.",
    help="dW + lambd / m * W.",
)
def l2_gradient_dW_forgotten(dW, W, lambd, m):
    return lambd / m * W


@misconception(
    "l2_gradient",
    rationale="The gradient of the penalty is subtracted. It is part of the gradient and is added; the minus comes "
    "with the step against the gradient.",
    help="dW + lambd / m * W.",
)
def l2_gradient_subtracted(dW, W, lambd, m):
    return dW - lambd / m * W


@misconception(
    "l2_gradient",
    rationale="dW is divided by m as well. It is a mean over the examples already; only the penalty still needs 1/m.",
    help="dW + lambd / m * W, without parentheses around the sum.",
)
def l2_gradient_mean_taken_twice(dW, W, lambd, m):
    return (dW + lambd * W) / m


@misconception(
    "l2_gradient",
    rationale="That is the gradient of the L1 penalty, with the sign of W. The notes exchange the names L1 and L2, "
    "and that is a slip: L2 is the sum of the squares, and its gradient has W itself.",
    help="dW + lambd / m * W.",
)
def l2_gradient_of_l1(dW, W, lambd, m):
    return dW + lambd / (2 * m) * np.sign(W)


@misconception(
    "l2_gradient",
    rationale="The arguments are exchanged: λ/m belongs to W, and dW is added as it is.",
    help="dW + lambd / m * W. The first argument is dW.",
)
def l2_gradient_arguments_exchanged(dW, W, lambd, m):
    return W + lambd / m * dW


@misconception(
    "l2_gradient",
    rationale="The penalty itself, one number, is added to every entry; its gradient should be.",
    help="The derivative of λ/(2m) w² by w is λ/m w: dW + lambd / m * W.",
)
def l2_gradient_adds_the_penalty(dW, W, lambd, m):
    return dW + lambd / (2 * m) * np.sum(W**2)


# l1_gradient


@misconception(
    "l1_gradient",
    rationale="The gradient of the penalty is twice what it should be: the ½ of λ/(2m) stays, because deriving |w| "
    "gives sign(w) and no 2 to cancel it.",
    help="dW + lambd / (2 * m) * np.sign(W).",
)
def l1_gradient_without_half(dW, W, lambd, m):
    return dW + lambd / m * np.sign(W)


@misconception(
    "l1_gradient",
    rationale="The sign is missing: the penalty pulls every weight towards 0, so negative weights get a negative term.",
    help="dW + lambd / (2 * m) * np.sign(W).",
)
def l1_gradient_without_sign(dW, W, lambd, m):
    return dW + lambd / (2 * m)


@misconception(
    "l1_gradient",
    rationale="The absolute value is not derived: |w| stands where its slope, sign(w), should.",
    help="dW + lambd / (2 * m) * np.sign(W).",
)
def l1_gradient_with_absolute_value(dW, W, lambd, m):
    return dW + lambd / (2 * m) * np.abs(W)


@misconception(
    "l1_gradient",
    rationale="That is the gradient of the L2 penalty. The notes exchange the names L1 and L2, and that is a slip: L1 "
    "is the sum of the absolute values, and its gradient has the sign of W.",
    help="dW + lambd / (2 * m) * np.sign(W).",
)
def l1_gradient_of_l2(dW, W, lambd, m):
    return dW + lambd / m * W


@misconception(
    "l1_gradient",
    rationale="W itself stands where its sign should: L1 pulls all weights alike, whatever their size.",
    help="dW + lambd / (2 * m) * np.sign(W).",
)
def l1_gradient_with_weights(dW, W, lambd, m):
    return dW + lambd / (2 * m) * W


@misconception(
    "l1_gradient",
    rationale="The sign is taken of dW; it should be that of the weights W.",
    help="dW + lambd / (2 * m) * np.sign(W).",
)
def l1_gradient_sign_of_dW(dW, W, lambd, m):
    return dW + lambd / (2 * m) * np.sign(dW)


@misconception(
    "l1_gradient",
    rationale="W > 0 is 1 for positive weights and 0 for negative ones; the slope of |w| is -1 there.",
    help="Use np.sign(W), which is 1 or -1.",
)
def l1_gradient_of_positive_weights_only(dW, W, lambd, m):
    return dW + lambd / (2 * m) * (W > 0)


@misconception(
    "l1_gradient",
    rationale="The gradient of the penalty is not divided by the number of examples m.",
    help="dW + lambd / (2 * m) * np.sign(W).",
)
def l1_gradient_without_m(dW, W, lambd, m):
    return dW + lambd / 2 * np.sign(W)


@misconception(
    "l1_gradient",
    rationale="λ does not enter.",
    help="dW + lambd / (2 * m) * np.sign(W).",
)
def l1_gradient_without_lambda(dW, W, lambd, m):
    return dW + np.sign(W) / (2 * m)


@misconception(
    "l1_gradient",
    rationale="The gradient of the penalty comes back alone; it should be added to dW.",
    help="dW + lambd / (2 * m) * np.sign(W).",
)
def l1_gradient_dW_forgotten(dW, W, lambd, m):
    return lambd / (2 * m) * np.sign(W)


@misconception(
    "l1_gradient",
    rationale="dW comes back as it is: the gradient of the penalty is missing.",
    help="dW + lambd / (2 * m) * np.sign(W).",
)
def l1_gradient_penalty_forgotten(dW, W, lambd, m):
    return dW.copy()


@misconception(
    "l1_gradient",
    rationale="The gradient of the penalty is subtracted. It is part of the gradient and is added; the minus comes "
    "with the step against the gradient.",
    help="dW + lambd / (2 * m) * np.sign(W).",
)
def l1_gradient_subtracted(dW, W, lambd, m):
    return dW - lambd / (2 * m) * np.sign(W)


# weight_decay_update


@misconception(
    "weight_decay_update",
    rationale="The weights do not decay: that is a plain step, and λ does not enter.",
    help="(1 - learning_rate * lambd / m) * W - learning_rate * dW.",
)
def decay_forgotten(W, dW, learning_rate, lambd, m):
    return W - learning_rate * dW


@misconception(
    "weight_decay_update",
    rationale="The weights decay, but the step against dW is missing.",
    help="(1 - learning_rate * lambd / m) * W - learning_rate * dW.",
)
def decay_without_step(W, dW, learning_rate, lambd, m):
    return (1 - learning_rate * lambd / m) * W


@misconception(
    "weight_decay_update",
    rationale="The learning rate is missing in the decay: the factor is 1 - λ/m where it should be 1 - αλ/m.",
    help="(1 - learning_rate * lambd / m) * W - learning_rate * dW.",
)
def decay_without_learning_rate(W, dW, learning_rate, lambd, m):
    return (1 - lambd / m) * W - learning_rate * dW


@misconception(
    "weight_decay_update",
    rationale="The number of examples m is missing in the decay: the factor is 1 - αλ where it should be 1 - αλ/m.",
    help="(1 - learning_rate * lambd / m) * W - learning_rate * dW.",
)
def decay_without_m(W, dW, learning_rate, lambd, m):
    return (1 - learning_rate * lambd) * W - learning_rate * dW


@misconception(
    "weight_decay_update",
    rationale="The decay is half of what it should be: the gradient of λ/(2m) w² is λ/m w, without ½.",
    help="(1 - learning_rate * lambd / m) * W - learning_rate * dW.",
)
def decay_by_half(W, dW, learning_rate, lambd, m):
    return (1 - learning_rate * lambd / (2 * m)) * W - learning_rate * dW


@misconception(
    "weight_decay_update",
    rationale="The weights grow where they should shrink: the factor is 1 + αλ/m.",
    help="(1 - learning_rate * lambd / m) * W - learning_rate * dW.",
)
def decay_that_grows(W, dW, learning_rate, lambd, m):
    return (1 + learning_rate * lambd / m) * W - learning_rate * dW


@misconception(
    "weight_decay_update",
    rationale="The step goes up the gradient: α dW is added, and should be subtracted.",
    help="(1 - learning_rate * lambd / m) * W - learning_rate * dW.",
)
def decay_with_ascent(W, dW, learning_rate, lambd, m):
    return (1 - learning_rate * lambd / m) * W + learning_rate * dW


@misconception(
    "weight_decay_update",
    rationale="The step shrinks, too: the factor 1 - αλ/m is applied to W - α dW; it belongs to W alone.",
    help="(1 - learning_rate * lambd / m) * W - learning_rate * dW.",
)
def decay_of_the_step(W, dW, learning_rate, lambd, m):
    return (1 - learning_rate * lambd / m) * (W - learning_rate * dW)


@misconception(
    "weight_decay_update",
    rationale="The penalty enters twice: as the decay, and once more in the gradient.",
    help="dW comes without penalty: (1 - learning_rate * lambd / m) * W - learning_rate * dW.",
)
def decay_applied_twice(W, dW, learning_rate, lambd, m):
    return (1 - learning_rate * lambd / m) * W - learning_rate * (dW + lambd / m * W)


@misconception(
    "weight_decay_update",
    rationale="The learning rate is missing before dW: the whole gradient is subtracted.",
    help="(1 - learning_rate * lambd / m) * W - learning_rate * dW.",
)
def decay_with_whole_gradient(W, dW, learning_rate, lambd, m):
    return (1 - learning_rate * lambd / m) * W - dW


@misconception(
    "weight_decay_update",
    rationale="W and dW are exchanged: here W is the first argument, and dW the second.",
    help="def weight_decay_update(W, dW, learning_rate, lambd, m).",
)
def decay_arguments_exchanged(W, dW, learning_rate, lambd, m):
    return (1 - learning_rate * lambd / m) * dW - learning_rate * W


@misconception(
    "weight_decay_update",
    rationale="The weights decay towards 0 by a constant, with the sign of W: that belongs to the L1 penalty.",
    help="(1 - learning_rate * lambd / m) * W - learning_rate * dW.",
)
def decay_by_sign(W, dW, learning_rate, lambd, m):
    return W - learning_rate * (dW + lambd / (2 * m) * np.sign(W))


# dropout_forward


@misconception(
    "dropout_forward",
    rationale="The comparison is the wrong way round: numbers below keep_prob are dropped. The notes say so (numbers "
    "that are less than 0.8 will be dropped), and that is a slip: they are kept.",
    help="mask = rng.random(A.shape) < keep_prob.",
)
def comparison_inverted(A, keep_prob, rng):
    mask = rng.random(A.shape) > keep_prob
    return A * mask / keep_prob, mask


@misconception(
    "dropout_forward",
    rationale="keep_prob is taken for the probability to drop: the share 1 - keep_prob is kept, and divided by itself.",
    help="mask = rng.random(A.shape) < keep_prob, and A * mask / keep_prob.",
)
def keep_prob_taken_for_drop_probability(A, keep_prob, rng):
    mask = rng.random(A.shape) >= keep_prob
    return A * mask / (1 - keep_prob), mask


@misconception(
    "dropout_forward",
    rationale="Normal numbers are compared with keep_prob. They are below 0.8 in 79 % of all cases, which looks "
    "right, but below 0.25 in 60 %: the numbers have to be uniform on [0, 1).",
    help="rng.random(A.shape) < keep_prob, not rng.standard_normal.",
)
def normal_numbers_compared(A, keep_prob, rng):
    mask = rng.standard_normal(A.shape) < keep_prob
    return A * mask / keep_prob, mask


@misconception(
    "dropout_forward",
    rationale="What is kept is not divided by keep_prob, so that the signals get smaller on average.",
    help="Inverted dropout divides at once: A * mask / keep_prob.",
)
def scaling_forgotten(A, keep_prob, rng):
    mask = rng.random(A.shape) < keep_prob
    return A * mask, mask


@misconception(
    "dropout_forward",
    rationale="What is kept is multiplied by keep_prob; it should be divided by it.",
    help="A * mask / keep_prob: fewer entries, each of them larger.",
)
def scaled_the_wrong_way(A, keep_prob, rng):
    mask = rng.random(A.shape) < keep_prob
    return A * mask * keep_prob, mask


@misconception(
    "dropout_forward",
    rationale="What is kept is divided by 1 - keep_prob, the probability of the others.",
    help="A * mask / keep_prob.",
)
def divided_by_drop_probability(A, keep_prob, rng):
    mask = rng.random(A.shape) < keep_prob
    return A * mask / (1 - keep_prob), mask


@misconception(
    "dropout_forward",
    rationale="What is kept is divided by the share that happened to be kept; it should be divided by keep_prob.",
    help="A * mask / keep_prob.",
)
def divided_by_kept_share(A, keep_prob, rng):
    mask = rng.random(A.shape) < keep_prob
    return A * mask / max(mask.mean(), 1e-8), mask


@misconception(
    "dropout_forward",
    rationale="One fate is drawn for each unit and shared by all examples: whole rows are dropped.",
    help="Draw a number for every entry: rng.random(A.shape).",
)
def one_mask_for_all_examples(A, keep_prob, rng):
    mask = np.repeat(rng.random((A.shape[0], 1)) < keep_prob, A.shape[1], axis=1)
    return A * mask / keep_prob, mask


@misconception(
    "dropout_forward",
    rationale="One fate is drawn for each unit and shared by all examples: the mask is a single column, (n, 1).",
    help="Draw a number for every entry: rng.random(A.shape).",
)
def mask_is_one_column(A, keep_prob, rng):
    mask = rng.random((A.shape[0], 1)) < keep_prob
    return A * mask / keep_prob, mask


@misconception(
    "dropout_forward",
    rationale="One fate is drawn for each example and shared by all units: whole columns are dropped.",
    help="Draw a number for every entry: rng.random(A.shape).",
)
def one_mask_for_all_units(A, keep_prob, rng):
    mask = np.repeat(rng.random((1, A.shape[1])) < keep_prob, A.shape[0], axis=0)
    return A * mask / keep_prob, mask


@misconception(
    "dropout_forward",
    rationale="A fixed number of entries is chosen; every entry should have its own chance, so that the number varies.",
    help="mask = rng.random(A.shape) < keep_prob.",
)
def fixed_number_of_entries(A, keep_prob, rng):
    mask = np.zeros(A.size, dtype=bool)
    mask[rng.permutation(A.size)[: round(keep_prob * A.size)]] = True
    mask = mask.reshape(A.shape)
    return A * mask / keep_prob, mask


@misconception(
    "dropout_forward",
    rationale="A fixed number of units is chosen in each example; every entry should have its own chance, so that the "
    "number varies.",
    help="mask = rng.random(A.shape) < keep_prob.",
)
def fixed_number_of_units(A, keep_prob, rng):
    ranks = rng.random(A.shape).argsort(axis=0).argsort(axis=0)
    mask = ranks < round(keep_prob * A.shape[0])
    return A * mask / keep_prob, mask


@misconception(
    "dropout_forward",
    rationale="A_dropped is right, but the mask marks what was dropped; True should stand for what is kept.",
    help="mask = rng.random(A.shape) < keep_prob, and return this very mask.",
)
def mask_of_the_dropped(A, keep_prob, rng):
    mask = rng.random(A.shape) < keep_prob
    return A * mask / keep_prob, ~mask


@misconception(
    "dropout_forward",
    rationale="A_dropped is right, but the mask is already divided by keep_prob; it should be True and False only.",
    help="Keep the mask as it was drawn, and divide A * mask.",
)
def mask_already_scaled(A, keep_prob, rng):
    mask = (rng.random(A.shape) < keep_prob) / keep_prob
    return A * mask, mask


@misconception(
    "dropout_forward",
    rationale="The two results are exchanged: A_dropped comes first, then the mask.",
    help="return A_dropped, mask.",
)
def dropout_results_exchanged(A, keep_prob, rng):
    mask = rng.random(A.shape) < keep_prob
    return mask, A * mask / keep_prob


@misconception(
    "dropout_forward",
    rationale="Nothing is dropped: A comes back as it is, with a mask that keeps everything.",
    help="mask = rng.random(A.shape) < keep_prob, and A * mask / keep_prob.",
)
def nothing_dropped(A, keep_prob, rng):
    return A.copy(), np.ones(A.shape, dtype=bool)


@misconception(
    "dropout_forward",
    rationale="The numbers are drawn with a seed of your own, so that every call drops the same entries.",
    help="Draw from the rng that is passed in: rng.random(A.shape).",
)
def seed_of_its_own(A, keep_prob, rng):
    mask = np.random.default_rng(0).random(A.shape) < keep_prob
    return A * mask / keep_prob, mask


@misconception(
    "dropout_forward",
    rationale="The same seed is set in every call, so that every call drops the same entries; rng is not used.",
    help="Draw from the rng that is passed in: rng.random(A.shape).",
)
def global_seed_set(A, keep_prob, rng):
    mask = np.random.RandomState(1).random_sample(A.shape) < keep_prob
    return A * mask / keep_prob, mask


# dropout_backward


@misconception(
    "dropout_backward",
    rationale="The gradient is not divided by keep_prob, but the forward step was.",
    help="dA * mask / keep_prob.",
)
def scaling_forgotten_backward(dA, mask, keep_prob):
    return dA * mask


@misconception(
    "dropout_backward",
    rationale="The gradient is multiplied by keep_prob; it should be divided by it, as in the forward step.",
    help="dA * mask / keep_prob.",
)
def scaled_the_wrong_way_backward(dA, mask, keep_prob):
    return dA * mask * keep_prob


@misconception(
    "dropout_backward",
    rationale="The gradient is divided by 1 - keep_prob, the probability of the others.",
    help="dA * mask / keep_prob.",
)
def divided_by_drop_probability_backward(dA, mask, keep_prob):
    return dA * mask / (1 - keep_prob)


@misconception(
    "dropout_backward",
    rationale="The mask is not used: the gradient goes through dropped entries, too.",
    help="dA * mask / keep_prob.",
)
def mask_ignored_but_scaled(dA, mask, keep_prob):
    return dA / keep_prob


@misconception(
    "dropout_backward",
    rationale="dA comes back as it is: neither mask nor keep_prob are used.",
    help="dA * mask / keep_prob.",
)
def dropout_skipped_backward(dA, mask, keep_prob):
    return dA.copy()


@misconception(
    "dropout_backward",
    rationale="The mask is used the wrong way round: the gradient goes through what was dropped.",
    help="mask is True where the entry was kept: dA * mask / keep_prob.",
)
def mask_inverted_backward(dA, mask, keep_prob):
    return dA * ~mask / keep_prob


@misconception(
    "dropout_backward",
    rationale="The gradient is divided by keep_prob twice.",
    help="dA * mask / keep_prob.",
)
def divided_twice_backward(dA, mask, keep_prob):
    return dA * mask / keep_prob**2


@misconception(
    "dropout_backward",
    rationale="A new mask is drawn. The gradient has to take the way that the signal took: through the mask of the "
    "forward step.",
    help="Use the argument mask: dA * mask / keep_prob.",
)
def mask_drawn_anew(dA, mask, keep_prob):
    return dA * (np.random.default_rng(0).random(dA.shape) < keep_prob) / keep_prob


@misconception(
    "dropout_backward",
    rationale="A new mask is drawn, after setting a seed. The gradient has to take the way that the signal took: "
    "through the mask of the forward step.",
    help="Use the argument mask: dA * mask / keep_prob.",
)
def mask_drawn_anew_with_global_seed(dA, mask, keep_prob):
    return dA * (np.random.RandomState(1).random_sample(dA.shape) < keep_prob) / keep_prob


@misconception(
    "dropout_backward",
    rationale="The mask alone comes back, scaled: dA is not used.",
    help="dA * mask / keep_prob.",
)
def dA_forgotten(dA, mask, keep_prob):
    return mask / keep_prob


# forward_with_dropout


def _drop(A, keep_prob, rng):
    mask = rng.random(A.shape) < keep_prob
    return A * mask / keep_prob, mask


def _forward(X, parameters, keep_probs, rng, *, drop=_drop, hidden=None, output=None, cached=None):
    """The right forward pass, with pieces that can be replaced.

    drop: dropout of a layer. hidden, output: the activations. cached: (A before dropout, A after it, Z, mask) → what
    the caches hold as input of the next layer, and as Z of this one.
    """
    L = len(parameters) // 2
    A, remembered, caches, masks = X, X, [], []
    for layer in range(1, L + 1):
        W, b = parameters[f"W{layer}"], parameters[f"b{layer}"]
        Z = W @ A + b
        before, entry = remembered, Z
        if layer < L:
            whole = (hidden or (lambda z: np.maximum(0, z)))(Z)
            A, mask = drop(whole, keep_probs[layer - 1], rng)
            masks.append(mask)
            remembered, entry = (cached or (lambda whole, A, Z, mask: (A, Z)))(whole, A, Z, mask)
        caches.append(((before, W, b), entry))
    return (output or _sigmoid)(Z), caches, masks


def _sigmoid(z):
    return 1 / (1 + np.exp(-z))


@misconception(
    "forward_with_dropout",
    rationale="Dropout is also applied to the output: some examples get the answer 0. Only hidden layers drop units.",
    help="Drop only where layer < L.",
)
def output_dropped(X, parameters, keep_probs, rng):
    AL, caches, masks = _forward(X, parameters, keep_probs, rng)
    last = keep_probs[-1] if keep_probs else 1.0
    return AL * (rng.random(AL.shape) < last) / last, caches, masks


@misconception(
    "forward_with_dropout",
    rationale="Dropout is also applied to the output layer, which has a mask of its own in masks. Only hidden layers "
    "drop units, so there are L - 1 masks.",
    help="Drop only where layer < L.",
)
def output_dropped_with_mask(X, parameters, keep_probs, rng):
    AL, caches, masks = _forward(X, parameters, keep_probs, rng)
    last = keep_probs[-1] if keep_probs else 1.0
    AL, mask = _drop(AL, last, rng)
    return AL, caches, [*masks, mask]


@misconception(
    "forward_with_dropout",
    rationale="Dropout is applied to what goes into each hidden layer, so the input X is dropped and the last hidden "
    "layer is not. It should be applied to what comes out of each hidden layer.",
    help="A = relu(Z), then dropout of A, for the layers 1, …, L - 1.",
)
def input_dropped(X, parameters, keep_probs, rng):
    L = len(parameters) // 2
    A, caches, masks = X, [], []
    for layer in range(1, L + 1):
        if layer < L:
            A, mask = _drop(A, keep_probs[layer - 1], rng)
            masks.append(mask)
        W, b = parameters[f"W{layer}"], parameters[f"b{layer}"]
        Z = W @ A + b
        caches.append(((A, W, b), Z))
        A = np.maximum(0, Z)
    return _sigmoid(Z), caches, masks


@misconception(
    "forward_with_dropout",
    rationale="All hidden layers use the first of the keep_probs; each has its own.",
    help="Layer l has keep_probs[l - 1].",
)
def first_keep_prob_for_all(X, parameters, keep_probs, rng):
    return _forward(X, parameters, [*keep_probs[:1]] * len(keep_probs), rng)


@misconception(
    "forward_with_dropout",
    rationale="The keep_probs are used from the end: the first one belongs to the first hidden layer.",
    help="Layer l has keep_probs[l - 1].",
)
def keep_probs_reversed(X, parameters, keep_probs, rng):
    return _forward(X, parameters, keep_probs[::-1], rng)


@misconception(
    "forward_with_dropout",
    rationale="The masks are right, but have no effect: the next layer gets the activations from before the dropout.",
    help="A, mask = dropout_forward(A, keep_prob, rng), and go on with this A.",
)
def dropped_activations_not_used(X, parameters, keep_probs, rng):
    def drop(A, keep_prob, rng):
        return A, rng.random(A.shape) < keep_prob

    return _forward(X, parameters, keep_probs, rng, drop=drop)


@misconception(
    "forward_with_dropout",
    rationale="What is kept is not divided by keep_prob.",
    help="A = A * mask / keep_prob in every hidden layer; dropout_forward does it.",
)
def layers_without_scaling(X, parameters, keep_probs, rng):
    def drop(A, keep_prob, rng):
        mask = rng.random(A.shape) < keep_prob
        return A * mask, mask

    return _forward(X, parameters, keep_probs, rng, drop=drop)


@misconception(
    "forward_with_dropout",
    rationale="The comparison is the wrong way round: numbers below keep_prob are dropped. The notes say so (numbers "
    "that are less than 0.8 will be dropped), and that is a slip: they are kept.",
    help="mask = rng.random(A.shape) < keep_prob; dropout_forward does it.",
)
def layers_with_comparison_inverted(X, parameters, keep_probs, rng):
    def drop(A, keep_prob, rng):
        mask = rng.random(A.shape) > keep_prob
        return A * mask / keep_prob, mask

    return _forward(X, parameters, keep_probs, rng, drop=drop)


@misconception(
    "forward_with_dropout",
    rationale="Normal numbers are compared with keep_prob; they have to be uniform on [0, 1).",
    help="mask = rng.random(A.shape) < keep_prob; dropout_forward does it.",
)
def layers_with_normal_numbers(X, parameters, keep_probs, rng):
    def drop(A, keep_prob, rng):
        mask = rng.standard_normal(A.shape) < keep_prob
        return A * mask / keep_prob, mask

    return _forward(X, parameters, keep_probs, rng, drop=drop)


@misconception(
    "forward_with_dropout",
    rationale="Each unit is kept or dropped for all examples together; every entry should have its own fate.",
    help="Draw as many numbers as A has entries: rng.random(A.shape).",
)
def layers_with_one_mask_for_all_examples(X, parameters, keep_probs, rng):
    def drop(A, keep_prob, rng):
        mask = np.repeat(rng.random((A.shape[0], 1)) < keep_prob, A.shape[1], axis=1)
        return A * mask / keep_prob, mask

    return _forward(X, parameters, keep_probs, rng, drop=drop)


@misconception(
    "forward_with_dropout",
    rationale="The caches hold the activations from before the dropout; the backward step needs what the layer really "
    "got.",
    help="Put the A that goes into W @ A + b into the cache.",
)
def cache_holds_undropped(X, parameters, keep_probs, rng):
    return _forward(X, parameters, keep_probs, rng, cached=lambda whole, A, Z, mask: (whole, Z))


@misconception(
    "forward_with_dropout",
    rationale="Z is dropped as well in the cache: it should be W A_prev + b as it was computed.",
    help="Cache Z before anything is done with it.",
)
def cache_holds_dropped_Z(X, parameters, keep_probs, rng):
    return _forward(X, parameters, keep_probs, rng, cached=lambda whole, A, Z, mask: (A, Z * mask))


@misconception(
    "forward_with_dropout",
    rationale="The caches hold the activation in place of Z, the number before the activation.",
    help="The cache of a layer is ((A_prev, W, b), Z).",
)
def cache_holds_activation(X, parameters, keep_probs, rng):
    return _forward(X, parameters, keep_probs, rng, cached=lambda whole, A, Z, mask: (A, whole))


@misconception(
    "forward_with_dropout",
    rationale="The hidden layers use sigmoid; they should use relu.",
    help="A = np.maximum(0, Z) in the layers 1, …, L - 1.",
)
def sigmoid_in_hidden_layers(X, parameters, keep_probs, rng):
    return _forward(X, parameters, keep_probs, rng, hidden=_sigmoid)


@misconception(
    "forward_with_dropout",
    rationale="The hidden layers have no activation: Z itself is dropped and handed on.",
    help="A = np.maximum(0, Z) in the layers 1, …, L - 1, and then dropout.",
)
def relu_forgotten(X, parameters, keep_probs, rng):
    return _forward(X, parameters, keep_probs, rng, hidden=lambda z: z)


@misconception(
    "forward_with_dropout",
    rationale="The last layer uses relu; it should use sigmoid, so that AL is a probability.",
    help="AL = 1 / (1 + np.exp(-Z)).",
)
def relu_in_last_layer(X, parameters, keep_probs, rng):
    return _forward(X, parameters, keep_probs, rng, output=lambda z: np.maximum(0, z))


@misconception(
    "forward_with_dropout",
    rationale="There is no dropout: all masks keep everything.",
    help="A, mask = dropout_forward(A, keep_prob, rng) in the layers 1, …, L - 1.",
)
def network_without_dropout(X, parameters, keep_probs, rng):
    return _forward(X, parameters, keep_probs, rng, drop=lambda A, keep_prob, rng: (A, np.ones(A.shape, dtype=bool)))


# backward_with_dropout


def _backward(AL, Y, caches, masks, keep_probs, *, start=None, through=None, relu=None, inputs=None, m=None):
    """The right backward pass, with pieces that can be replaced.

    through: (dA, index of the hidden layer) → the gradient before the dropout. relu: Z → the slope used for it.
    inputs: (A_prev, index of the hidden layer or None) → what dW is computed with.
    """
    grads, m = {}, m or Y.shape[1]
    dZ = AL - Y if start is None else start
    for layer in reversed(range(1, len(caches) + 1)):
        (A_prev, W, _), _ = caches[layer - 1]
        hidden = layer - 2 if layer > 1 else None
        used = A_prev if inputs is None else inputs(A_prev, hidden)
        grads[f"dW{layer}"] = dZ @ used.T / m
        grads[f"db{layer}"] = np.sum(dZ, axis=1, keepdims=True) / m
        if hidden is not None:
            dA = W.T @ dZ
            dA = dA * masks[hidden] / keep_probs[hidden] if through is None else through(dA, hidden)
            Z = caches[hidden][1]
            dZ = dA * ((Z > 0) if relu is None else relu(Z))
    return grads


@misconception(
    "backward_with_dropout",
    rationale="The dropout is left out on the way back: the gradients are those of a network without it.",
    help="dA = dropout_backward(dA, mask, keep_prob) in every hidden layer.",
)
def backward_without_dropout(AL, Y, caches, masks, keep_probs):
    return _backward(AL, Y, caches, masks, keep_probs, through=lambda dA, hidden: dA)


@misconception(
    "backward_with_dropout",
    rationale="The gradient is not divided by keep_prob on the way back, but the activations were on the way forward.",
    help="dA = dA * mask / keep_prob in every hidden layer.",
)
def backward_without_scaling(AL, Y, caches, masks, keep_probs):
    return _backward(AL, Y, caches, masks, keep_probs, through=lambda dA, hidden: dA * masks[hidden])


@misconception(
    "backward_with_dropout",
    rationale="The gradient is divided by keep_prob, but not stopped where the mask is False.",
    help="dA = dA * mask / keep_prob in every hidden layer.",
)
def backward_without_masks(AL, Y, caches, masks, keep_probs):
    return _backward(AL, Y, caches, masks, keep_probs, through=lambda dA, hidden: dA / keep_probs[hidden])


@misconception(
    "backward_with_dropout",
    rationale="The gradient is multiplied by keep_prob on the way back; it should be divided by it.",
    help="dA = dA * mask / keep_prob in every hidden layer.",
)
def backward_scaled_the_wrong_way(AL, Y, caches, masks, keep_probs):
    return _backward(
        AL, Y, caches, masks, keep_probs, through=lambda dA, hidden: dA * masks[hidden] * keep_probs[hidden]
    )


@misconception(
    "backward_with_dropout",
    rationale="The masks are used the wrong way round: the gradient goes through what was dropped.",
    help="A mask is True where an entry was kept: dA * mask / keep_prob.",
)
def backward_with_masks_inverted(AL, Y, caches, masks, keep_probs):
    return _backward(
        AL, Y, caches, masks, keep_probs, through=lambda dA, hidden: dA * ~masks[hidden] / keep_probs[hidden]
    )


@misconception(
    "backward_with_dropout",
    rationale="New masks are drawn on the way back. The gradient has to take the way that the signal took: through "
    "the masks of the forward pass.",
    help="Use the argument masks: dA * masks[l - 1] / keep_probs[l - 1].",
)
def backward_with_new_masks(AL, Y, caches, masks, keep_probs):
    rng = np.random.default_rng(0)
    return _backward(
        AL,
        Y,
        caches,
        masks,
        keep_probs,
        through=lambda dA, hidden: dA * (rng.random(dA.shape) < keep_probs[hidden]) / keep_probs[hidden],
    )


@misconception(
    "backward_with_dropout",
    rationale="All hidden layers use the first of the keep_probs; each has its own.",
    help="Layer l has keep_probs[l - 1].",
)
def backward_with_first_keep_prob(AL, Y, caches, masks, keep_probs):
    return _backward(AL, Y, caches, masks, keep_probs[:1] * len(keep_probs))


@misconception(
    "backward_with_dropout",
    rationale="The keep_probs are used from the end: the first one belongs to the first hidden layer.",
    help="Layer l has keep_probs[l - 1].",
)
def backward_with_keep_probs_reversed(AL, Y, caches, masks, keep_probs):
    return _backward(AL, Y, caches, masks, keep_probs[::-1])


@misconception(
    "backward_with_dropout",
    rationale="In dW the activations are dropped and scaled once more: the cache holds them after dropout already.",
    help="dW = dZ @ A_prev.T / m, with A_prev as it is in the cache.",
)
def activations_dropped_again(AL, Y, caches, masks, keep_probs):
    def inputs(A_prev, hidden):
        return A_prev if hidden is None else A_prev * masks[hidden] / keep_probs[hidden]

    return _backward(AL, Y, caches, masks, keep_probs, inputs=inputs)


@misconception(
    "backward_with_dropout",
    rationale="The slope of relu is left out: in the hidden layers dZ is dA after dropout.",
    help="dZ = dA * (Z > 0), after the dropout step.",
)
def relu_skipped_backward(AL, Y, caches, masks, keep_probs):
    return _backward(AL, Y, caches, masks, keep_probs, relu=np.ones_like)


@misconception(
    "backward_with_dropout",
    rationale="The slope of the sigmoid is used in the hidden layers, which are relu layers.",
    help="dZ = dA * (Z > 0) in the layers 1, …, L - 1.",
)
def sigmoid_slope_in_hidden_layers(AL, Y, caches, masks, keep_probs):
    return _backward(AL, Y, caches, masks, keep_probs, relu=lambda Z: _sigmoid(Z) * (1 - _sigmoid(Z)))


@misconception(
    "backward_with_dropout",
    rationale="All gradients have the wrong sign: dZ of the last layer is AL - Y, not Y - AL.",
    help="dZ = AL - Y.",
)
def wrong_sign_at_the_end(AL, Y, caches, masks, keep_probs):
    return _backward(AL, Y, caches, masks, keep_probs, start=Y - AL)


@misconception(
    "backward_with_dropout",
    rationale="AL - Y is dZ of the last layer already, and is multiplied by the slope of the sigmoid once more.",
    help="dZ = AL - Y; or start with dA = -Y / AL + (1 - Y) / (1 - AL) and multiply that by AL * (1 - AL).",
)
def sigmoid_slope_taken_twice(AL, Y, caches, masks, keep_probs):
    return _backward(AL, Y, caches, masks, keep_probs, start=(AL - Y) * AL * (1 - AL))


@misconception(
    "backward_with_dropout",
    rationale="The slope of the sigmoid is left out: the derivative of the cost by AL is used as dZ of the last layer.",
    help="dZ = dA * AL * (1 - AL), which is AL - Y.",
)
def sigmoid_slope_forgotten(AL, Y, caches, masks, keep_probs):
    return _backward(AL, Y, caches, masks, keep_probs, start=-Y / AL + (1 - Y) / (1 - AL))


@misconception(
    "backward_with_dropout",
    rationale="Examples with label 0 send no gradient. (The notes write L(ŷ, 1) in both cases; for y = 0 the loss is "
    "-log(1 - ŷ).)",
    help="dZ = AL - Y.",
)
def only_ones_send_gradients(AL, Y, caches, masks, keep_probs):
    return _backward(AL, Y, caches, masks, keep_probs, start=-Y * (1 - AL))


@misconception(
    "backward_with_dropout",
    rationale="All gradients are exactly m times too large: the mean over the examples (1/m) is missing.",
    help="Divide dW and db by m = Y.shape[1].",
)
def missing_mean(AL, Y, caches, masks, keep_probs):
    return _backward(AL, Y, caches, masks, keep_probs, m=1)


@misconception(
    "backward_with_dropout",
    rationale="The mean over the examples is taken twice: all gradients are m times too small.",
    help="Divide by m once, in dW and db, and not in dZ.",
)
def mean_taken_twice(AL, Y, caches, masks, keep_probs):
    return _backward(AL, Y, caches, masks, keep_probs, m=Y.shape[1] ** 2)


@misconception(
    "backward_with_dropout",
    rationale="The gradients stand under the wrong names: they are counted from the end of the network.",
    help="The gradient of W1 is dW1: number the layers as in parameters, from 1 at the input.",
)
def layers_counted_backwards(AL, Y, caches, masks, keep_probs):
    grads, L = _backward(AL, Y, caches, masks, keep_probs), len(caches)
    return {f"{key[:2]}{L + 1 - int(key[2:])}": grad for key, grad in grads.items()}


# early_stopping


def _stop(dev_costs, patience, *, is_better=lambda cost, best, before: cost < best, forget=True, extra=0):
    """Best index and index of the stop, with pieces that can be replaced."""
    best, waited = 0, 0
    for i in range(1, len(dev_costs)):
        if is_better(dev_costs[i], dev_costs[best], dev_costs[i - 1]):
            best, waited = i, waited * (not forget)
        else:
            waited += 1
        if waited >= patience + extra:
            return best, i
    return best, len(dev_costs) - 1


@misconception(
    "early_stopping",
    rationale="Training goes on to the end: the answer is the best of all iterations, also of those after the stop.",
    help="Leave the loop as soon as `patience` iterations in a row brought no new best.",
)
def patience_ignored(dev_costs, patience):
    return int(np.argmin(dev_costs))


@misconception(
    "early_stopping",
    rationale="Training stops at the first iteration that brings no new best; it should wait for `patience` of them "
    "in a row.",
    help="Count the iterations since the last best, and compare the count with patience.",
)
def stops_at_the_first_rise(dev_costs, patience):
    return _stop(dev_costs, 1)[0]


@misconception(
    "early_stopping",
    rationale="The index is that of the iteration where training stops; it should be that of the best one until then.",
    help="Remember the index of the best cost, and return it.",
)
def index_of_the_stop(dev_costs, patience):
    return _stop(dev_costs, patience)[1]


@misconception(
    "early_stopping",
    rationale="The lowest cost comes back; its index was asked for.",
    help="Remember the index of the best cost, and return it.",
)
def cost_instead_of_index(dev_costs, patience):
    return dev_costs[_stop(dev_costs, patience)[0]]


@misconception(
    "early_stopping",
    rationale="A cost that only equals the best counts as a new best; it has to be strictly lower.",
    help="Compare with <, not <=.",
)
def ties_count(dev_costs, patience):
    return _stop(dev_costs, patience, is_better=lambda cost, best, before: cost <= best)[0]


@misconception(
    "early_stopping",
    rationale="The count of iterations without a new best is never set back, so that training stops too early.",
    help="Set the count to 0 whenever there is a new best.",
)
def count_never_set_back(dev_costs, patience):
    return _stop(dev_costs, patience, forget=False)[0]


@misconception(
    "early_stopping",
    rationale="Training stops one iteration too late: it waits for patience + 1 iterations without a new best.",
    help="Stop when the count reaches patience: waited >= patience.",
)
def stops_one_too_late(dev_costs, patience):
    return _stop(dev_costs, patience, extra=1)[0]


@misconception(
    "early_stopping",
    rationale="Each cost is compared with the one before it; it should be compared with the best one until then.",
    help="Remember the best cost, and compare with it.",
)
def compared_with_the_one_before(dev_costs, patience):
    waited, last = 0, 0
    for i in range(1, len(dev_costs)):
        waited = 0 if dev_costs[i] < dev_costs[i - 1] else waited + 1
        last = i
        if waited == patience:
            break
    return int(np.argmin(dev_costs[: last + 1]))


@misconception(
    "early_stopping",
    rationale="The answer is the iteration `patience` before the stop, counted even where training never stopped.",
    help="Remember the index of the best cost, and return it.",
)
def patience_before_the_stop(dev_costs, patience):
    return max(_stop(dev_costs, patience)[1] - patience, 0)


@misconception(
    "early_stopping",
    rationale="The iterations are counted from 1; the index of the first one is 0.",
    help="Return the index into dev_costs.",
)
def counted_from_one(dev_costs, patience):
    return _stop(dev_costs, patience)[0] + 1


# flip_horizontal


@misconception(
    "flip_horizontal",
    rationale="The images are turned upside down: their rows are reversed. For left and right it is the columns, axis "
    "2.",
    help="images[:, :, ::-1]. np.fliplr reverses axis 1, which are the rows here.",
)
def flipped_upside_down(images):
    return images[:, ::-1, :]


@misconception(
    "flip_horizontal",
    rationale="The order of the images is reversed, and the images themselves are not: axis 0 counts the images.",
    help="images[:, :, ::-1] reverses the columns, axis 2.",
)
def order_of_images_reversed(images):
    return images[::-1]


@misconception(
    "flip_horizontal",
    rationale="Rows and columns are both reversed: that is half a turn, not a mirror image.",
    help="Reverse the columns only: images[:, :, ::-1].",
)
def half_turn_instead_of_flip(images):
    return images[:, ::-1, ::-1]


@misconception(
    "flip_horizontal",
    rationale="All three axes are reversed: np.flip does that when no axis is given.",
    help="np.flip(images, axis=2).",
)
def all_axes_reversed(images):
    return np.flip(images)


@misconception(
    "flip_horizontal",
    rationale="Rows and columns are exchanged: that is the transposed image, not its mirror image.",
    help="Reverse the columns: images[:, :, ::-1].",
)
def transposed_instead_of_flipped(images):
    return images.transpose(0, 2, 1)


@misconception(
    "flip_horizontal",
    rationale="The images come back as they are.",
    help="Reverse the columns: images[:, :, ::-1].",
)
def not_flipped(images):
    return images.copy()


# random_crop


def _cut(images, size, rows, columns):
    return np.stack([image[r : r + size, c : c + size] for image, r, c in zip(images, rows, columns, strict=True)])


@misconception(
    "random_crop",
    rationale="All images are cropped at the same place: row and column are drawn once, for all of them.",
    help="Draw for every image by itself: rng.integers(0, h - size + 1, size=m).",
)
def same_place_for_all_images(images, size, rng):
    _, h, w = images.shape
    r, c = rng.integers(0, h - size + 1), rng.integers(0, w - size + 1)
    return images[:, r : r + size, c : c + size]


@misconception(
    "random_crop",
    rationale="The window is always the middle of the image; its place should be random.",
    help="Draw the first row and the first column from rng.",
)
def middle_of_the_image(images, size, rng):
    r, c = (images.shape[1] - size) // 2, (images.shape[2] - size) // 2
    return images[:, r : r + size, c : c + size]


@misconception(
    "random_crop",
    rationale="The window is always the upper left corner; its place should be random.",
    help="Draw the first row and the first column from rng.",
)
def upper_left_corner(images, size, rng):
    return images[:, :size, :size]


@misconception(
    "random_crop",
    rationale="The last position is never drawn: rng.integers excludes its upper limit.",
    help="rng.integers(0, h - size + 1), and the same with w.",
)
def last_position_never_drawn(images, size, rng):
    m, h, w = images.shape
    rows, columns = rng.integers(0, max(h - size, 1), size=m), rng.integers(0, max(w - size, 1), size=m)
    return _cut(images, size, rows, columns)


@misconception(
    "random_crop",
    rationale="The same number is used as first row and as first column, so that all windows lie on the diagonal.",
    help="Draw a number for the row and another one for the column.",
)
def windows_on_the_diagonal(images, size, rng):
    m, h, w = images.shape
    places = rng.integers(0, min(h, w) - size + 1, size=m)
    return _cut(images, size, places, places)


@misconception(
    "random_crop",
    rationale="Positions at the edge are drawn half as often as the others: rounding a uniform number to the nearest "
    "whole number gives each end only half an interval.",
    help="Use rng.integers(0, h - size + 1), or round down: int(rng.random() * (h - size + 1)).",
)
def rounded_positions(images, size, rng):
    m, h, w = images.shape
    rows = np.rint(rng.random(m) * (h - size)).astype(int)
    columns = np.rint(rng.random(m) * (w - size)).astype(int)
    return _cut(images, size, rows, columns)


@misconception(
    "random_crop",
    rationale="Rows and columns are picked at random; a window has neighbouring rows and neighbouring columns.",
    help="Draw the first row and the first column, and take `size` from there: images[i, r : r + size, c : c + size].",
)
def rows_and_columns_picked(images, size, rng):
    _, h, w = images.shape
    crops = []
    for image in images:
        rows = np.sort(rng.choice(h, size=size, replace=False))
        columns = np.sort(rng.choice(w, size=size, replace=False))
        crops.append(image[np.ix_(rows, columns)])
    return np.stack(crops)


@misconception(
    "random_crop",
    rationale="The window goes over the edge and continues on the opposite side; it has to lie inside the image.",
    help="The last possible first row is h - size: rng.integers(0, h - size + 1).",
)
def windows_around_the_edge(images, size, rng):
    m, h, w = images.shape
    rows, columns = rng.integers(0, h, size=m), rng.integers(0, w, size=m)
    steps = np.arange(size)
    return np.stack(
        [image[np.ix_((r + steps) % h, (c + steps) % w)] for image, r, c in zip(images, rows, columns, strict=True)]
    )


@misconception(
    "random_crop",
    rationale="The images are drawn at random, too: crop i should be cut out of image i.",
    help="Go through the images in order, and draw only the place.",
)
def images_drawn_at_random(images, size, rng):
    m, h, w = images.shape
    rows, columns = rng.integers(0, h - size + 1, size=m), rng.integers(0, w - size + 1, size=m)
    return _cut(images[rng.integers(0, m, size=m)], size, rows, columns)


@misconception(
    "random_crop",
    rationale="The windows come out transposed: their rows and columns are exchanged.",
    help="images[i, r : r + size, c : c + size]: rows first, then columns.",
)
def windows_transposed(images, size, rng):
    m, h, w = images.shape
    rows, columns = rng.integers(0, h - size + 1, size=m), rng.integers(0, w - size + 1, size=m)
    return _cut(images, size, rows, columns).transpose(0, 2, 1)


# rotate_quarter_turns


@misconception(
    "rotate_quarter_turns",
    rationale="The images are turned clockwise; a positive number of turns goes counter-clockwise.",
    help="np.rot90(images, turns, axes=(1, 2)): from the rows towards the columns.",
)
def turned_clockwise(images, turns):
    return np.rot90(images, -turns, axes=(1, 2))


@misconception(
    "rotate_quarter_turns",
    rationale="np.rot90 turns the axes 0 and 1 when no axes are given; axis 0 counts the images here.",
    help="np.rot90(images, turns, axes=(1, 2)).",
)
def axes_forgotten(images, turns):
    return np.rot90(images, turns)


@misconception(
    "rotate_quarter_turns",
    rationale="Rows and columns are exchanged for an odd number of turns: that mirrors the image at its diagonal. A "
    "turn also reverses one axis.",
    help="A quarter turn is transposing and then reversing the rows.",
)
def transposed_instead_of_turned(images, turns):
    return images.transpose(0, 2, 1) if turns % 2 else np.rot90(images, turns, axes=(1, 2))


@misconception(
    "rotate_quarter_turns",
    rationale="The numbers are only written into the new shape (reshape), row by row; no pixel turns around.",
    help="np.rot90(images, turns, axes=(1, 2)).",
)
def reshaped_instead_of_turned(images, turns):
    m, h, w = images.shape
    return images.reshape(m, w, h) if turns % 2 else np.rot90(images, turns, axes=(1, 2))


@misconception(
    "rotate_quarter_turns",
    rationale="There is always one turn, whatever the argument turns is.",
    help="np.rot90(images, turns, axes=(1, 2)).",
)
def always_one_turn(images, turns):
    return np.rot90(images, 1, axes=(1, 2))


@misconception(
    "rotate_quarter_turns",
    rationale="Negative numbers of turns do nothing; they should turn clockwise.",
    help="Begin with turns % 4, which is 0, 1, 2 or 3 for negative numbers, too.",
)
def negative_turns_do_nothing(images, turns):
    return np.rot90(images, max(turns, 0), axes=(1, 2))


@misconception(
    "rotate_quarter_turns",
    rationale="The minus of a negative number of turns is dropped; it should turn clockwise.",
    help="Begin with turns % 4, which is 0, 1, 2 or 3 for negative numbers, too.",
)
def sign_of_turns_dropped(images, turns):
    return np.rot90(images, abs(turns), axes=(1, 2))


@misconception(
    "rotate_quarter_turns",
    rationale="Numbers of turns other than 0 to 3 do nothing; they count modulo 4.",
    help="Begin with turns % 4.",
)
def only_zero_to_three_turns(images, turns):
    return np.rot90(images, turns if 0 <= turns <= 3 else 0, axes=(1, 2))


@misconception(
    "rotate_quarter_turns",
    rationale="Half a turn is done as a mirror image: only the columns are reversed, and the rows should be, too.",
    help="Two turns are images[:, ::-1, ::-1].",
)
def half_turn_as_flip(images, turns):
    return images[:, :, ::-1] if turns % 4 == 2 else np.rot90(images, turns, axes=(1, 2))


# ensemble_average


@misconception(
    "ensemble_average",
    rationale="The probabilities are added up and not divided by the number of networks.",
    help="Divide by len(probabilities).",
)
def sum_of_probabilities(probabilities):
    return sum(probabilities)


@misconception(
    "ensemble_average",
    rationale="The mean is taken over everything, one number; every example has its own.",
    help="np.mean(probabilities, axis=0): over the networks only.",
)
def mean_over_everything(probabilities):
    return np.mean(probabilities)


@misconception(
    "ensemble_average",
    rationale="The mean is taken over the examples, one number for each network; it should be taken over the networks.",
    help="np.mean(probabilities, axis=0).",
)
def mean_over_examples(probabilities):
    return np.mean(np.concatenate(probabilities), axis=1, keepdims=True).T


@misconception(
    "ensemble_average",
    rationale="The sum is divided by the number of examples; it should be divided by the number of networks.",
    help="Divide by len(probabilities).",
)
def divided_by_examples(probabilities):
    return sum(probabilities) / probabilities[0].shape[1]


@misconception(
    "ensemble_average",
    rationale="The second dimension got lost: the shape should be (1, m).",
    help="np.mean(probabilities, axis=0) keeps (1, m); after np.concatenate use keepdims=True.",
)
def average_without_second_dimension(probabilities):
    return np.mean(np.concatenate(probabilities), axis=0)


@misconception(
    "ensemble_average",
    rationale="The networks vote: each gives 0 or 1, and the share of the votes comes back. The probabilities "
    "themselves should be averaged.",
    help="np.mean(probabilities, axis=0).",
)
def share_of_votes(probabilities):
    return np.mean([p > 0.5 for p in probabilities], axis=0)


@misconception(
    "ensemble_average",
    rationale="The answers 0 and 1 of the averaged network come back; its probabilities were asked for.",
    help="Return the mean without comparing it with 0.5.",
)
def answers_instead_of_probabilities(probabilities):
    return (np.mean(probabilities, axis=0) > 0.5).astype(float)


@misconception(
    "ensemble_average",
    rationale="The average is updated as (average + p) / 2 from network to network, so that the last network counts "
    "half.",
    help="Add up first, then divide once by the number of networks.",
)
def halved_again_and_again(probabilities):
    average = probabilities[0]
    for p in probabilities[1:]:
        average = (average + p) / 2
    return average


@misconception(
    "ensemble_average",
    rationale="That is the median; the mean was asked for.",
    help="np.mean(probabilities, axis=0).",
)
def median_of_probabilities(probabilities):
    return np.median(probabilities, axis=0)


@misconception(
    "ensemble_average",
    rationale="That is the geometric mean (logarithms were averaged); the arithmetic mean was asked for.",
    help="np.mean(probabilities, axis=0).",
)
def geometric_mean(probabilities):
    return np.exp(np.mean(np.log(probabilities), axis=0))
