"""Known wrong ideas about networks with one hidden layer.

Each function answers as a learner with that idea would. Mistakes that raise (`np.dot(Y, np.log(A2))`, `A1.T @ A1` for a
square, `grads["W1"]` in place of `grads["dW1"]`, XᵀX + b for a layer) give no value to recognise; the exception is
explained where it is reported. Nor do gradients under other names: the missing key is.
"""

import numpy as np

from grader.checks import misconception

# initialize_parameters


def _drawn(n_x, n_h, n_y, draw):
    return {"W1": draw(n_h, n_x), "b1": np.zeros((n_h, 1)), "W2": draw(n_y, n_h), "b2": np.zeros((n_y, 1))}


@misconception(
    "initialize_parameters",
    rationale="The weights are drawn uniformly from [0, 1), so that none is negative. The notes write np.random.rand "
    "here, and that is a slip: the weights are normal draws around 0.",
    help="Use rng.standard_normal((n_h, n_x)) * scale.",
)
def uniform_instead_of_normal(n_x, n_h, n_y, rng, scale=0.01):
    return _drawn(n_x, n_h, n_y, lambda n, n_prev: rng.random((n, n_prev)) * scale)


@misconception(
    "initialize_parameters",
    rationale="The weights are drawn uniformly between -scale and scale, where normal draws are asked for: their "
    "standard deviation is scale / sqrt(3).",
    help="Use rng.standard_normal((n_h, n_x)) * scale.",
)
def uniform_around_zero(n_x, n_h, n_y, rng, scale=0.01):
    return _drawn(n_x, n_h, n_y, lambda n, n_prev: rng.uniform(-scale, scale, (n, n_prev)))


@misconception(
    "initialize_parameters",
    rationale="The factor scale is missing: the weights have standard deviation 1, and tanh begins where it is flat.",
    help="Multiply the draws by scale.",
)
def scale_forgotten(n_x, n_h, n_y, rng, scale=0.01):
    return _drawn(n_x, n_h, n_y, lambda n, n_prev: rng.standard_normal((n, n_prev)))


@misconception(
    "initialize_parameters",
    rationale="The factor is always 0.01; the argument scale is not used.",
    help="Multiply the draws by scale, whose default is 0.01 already.",
)
def scale_ignored(n_x, n_h, n_y, rng, scale=0.01):
    return _drawn(n_x, n_h, n_y, lambda n, n_prev: rng.standard_normal((n, n_prev)) * 0.01)


@misconception(
    "initialize_parameters",
    rationale="The weights are divided by the root of the number of inputs, as in Xavier initialization; here they are "
    "multiplied by scale.",
    help="Use rng.standard_normal((n_h, n_x)) * scale.",
)
def xavier_instead_of_scale(n_x, n_h, n_y, rng, scale=0.01):
    return _drawn(n_x, n_h, n_y, lambda n, n_prev: rng.standard_normal((n, n_prev)) / np.sqrt(n_prev))


@misconception(
    "initialize_parameters",
    rationale="The weights are exchanged in shape: W1 has a row for each hidden unit and a column for each input. (The "
    "notes write Z = WᵀX + B beside a W of shape (n[l], n[l-1]), and that is a slip: with this shape it is W itself.)",
    help="W1 has shape (n_h, n_x) and W2 shape (n_y, n_h), so that W1 @ X is defined.",
)
def weights_transposed(n_x, n_h, n_y, rng, scale=0.01):
    return _drawn(n_x, n_h, n_y, lambda n, n_prev: rng.standard_normal((n_prev, n)) * scale)


@misconception(
    "initialize_parameters",
    rationale="The biases have one dimension only: a bias is a column, of shape (n, 1).",
    help="With shape (n,) NumPy would add the bias along the examples. Write np.zeros((n_h, 1)).",
)
def biases_without_second_dimension(n_x, n_h, n_y, rng, scale=0.01, *, reference):
    parameters = reference.initialize_parameters(n_x, n_h, n_y, rng, scale)
    return parameters | {"b1": np.zeros(n_h), "b2": np.zeros(n_y)}


@misconception(
    "initialize_parameters",
    rationale="All weights are zero: every hidden unit would compute, and learn, the same.",
    help="Draw the weights from rng; only the biases start at zero.",
)
def all_zero(n_x, n_h, n_y, rng, scale=0.01):
    return _drawn(n_x, n_h, n_y, lambda n, n_prev: np.zeros((n, n_prev)))


@misconception(
    "initialize_parameters",
    rationale="All hidden units start alike: one row is drawn and repeated, so that they get the same gradient and "
    "stay alike for ever.",
    help="Draw a whole matrix: rng.standard_normal((n_h, n_x)) * scale.",
)
def one_row_for_all_units(n_x, n_h, n_y, rng, scale=0.01):
    return _drawn(n_x, n_h, n_y, lambda n, n_prev: np.repeat(rng.standard_normal((1, n_prev)), n, axis=0) * scale)


@misconception(
    "initialize_parameters",
    rationale="The biases are drawn at random, too; they start at zero.",
    help="Use np.zeros((n_h, 1)) and np.zeros((n_y, 1)).",
)
def random_biases(n_x, n_h, n_y, rng, scale=0.01):
    parameters = _drawn(n_x, n_h, n_y, lambda n, n_prev: rng.standard_normal((n, n_prev)) * scale)
    biases = {key: rng.standard_normal(parameters[key].shape) * scale for key in ("b1", "b2")}
    return parameters | biases


@misconception(
    "initialize_parameters",
    rationale="The numbers come from a generator with a seed of its own; the argument rng is not used.",
    help="Draw from rng, and create no generator and set no seed inside.",
)
def own_generator(n_x, n_h, n_y, rng, scale=0.01):
    own = np.random.default_rng(2)
    return _drawn(n_x, n_h, n_y, lambda n, n_prev: own.standard_normal((n, n_prev)) * scale)


# forward


def _sigmoid(Z):
    return 1 / (1 + np.exp(-Z))


def _forward(X, parameters, *, hidden=np.tanh, output=_sigmoid, changed=None):
    """The forward pass with other activations, or with some parameters changed."""
    used = parameters | (changed or {})
    Z1 = used["W1"] @ X + used["b1"]
    A1 = hidden(Z1)
    Z2 = used["W2"] @ A1 + used["b2"]
    A2 = output(Z2)
    return A2, {"Z1": Z1, "A1": A1, "Z2": Z2, "A2": A2}


@misconception(
    "forward",
    rationale="The biases b1 and b2 are never added.",
    help="Z1 = W1 @ X + b1, and Z2 = W2 @ A1 + b2.",
)
def biases_forgotten(X, parameters):
    return _forward(X, parameters, changed={"b1": 0.0, "b2": 0.0})


@misconception(
    "forward",
    rationale="The bias b1 of the hidden layer is never added.",
    help="Z1 = W1 @ X + b1.",
)
def hidden_bias_forgotten(X, parameters):
    return _forward(X, parameters, changed={"b1": 0.0})


@misconception(
    "forward",
    rationale="The bias b2 of the output layer is never added.",
    help="Z2 = W2 @ A1 + b2.",
)
def output_bias_forgotten(X, parameters):
    return _forward(X, parameters, changed={"b2": 0.0})


@misconception(
    "forward",
    rationale="W1 and W2 are transposed before the products. The notes write Z = WᵀX + B beside a W of shape "
    "(n[l], n[l-1]), and that is a slip: with this shape it is W itself. Unless all sizes are equal, the shapes do not "
    "even fit.",
    help="Z1 = W1 @ X + b1, and Z2 = W2 @ A1 + b2.",
)
def weights_transposed_in_products(X, parameters):
    return _forward(X, parameters, changed={"W1": parameters["W1"].T, "W2": parameters["W2"].T})


@misconception(
    "forward",
    rationale="W1 is transposed before the product. The notes write Z = WᵀX + B beside a W of shape (n[l], n[l-1]), "
    "and that is a slip: with this shape it is W itself.",
    help="Z1 = W1 @ X + b1.",
)
def hidden_weights_transposed_in_product(X, parameters):
    return _forward(X, parameters, changed={"W1": parameters["W1"].T})


@misconception(
    "forward",
    rationale="The hidden layer uses sigmoid; it should use tanh.",
    help="A1 = np.tanh(Z1).",
)
def sigmoid_in_hidden_layer(X, parameters):
    return _forward(X, parameters, hidden=_sigmoid)


@misconception(
    "forward",
    rationale="The hidden layer uses relu; it should use tanh.",
    help="A1 = np.tanh(Z1).",
)
def relu_in_hidden_layer(X, parameters):
    return _forward(X, parameters, hidden=lambda Z: np.maximum(0, Z))


@misconception(
    "forward",
    rationale="The hidden layer has no activation: two linear layers in a row are one linear layer.",
    help="A1 = np.tanh(Z1), and Z2 is computed from A1.",
)
def no_activation_in_hidden_layer(X, parameters):
    return _forward(X, parameters, hidden=lambda Z: Z)


@misconception(
    "forward",
    rationale="A1 is computed and then not used: the output layer gets Z1.",
    help="Z2 = W2 @ A1 + b2.",
)
def output_layer_sees_z1(X, parameters):
    _, cache = _forward(X, parameters, hidden=lambda Z: Z)
    return cache["A2"], cache | {"A1": np.tanh(cache["Z1"])}


@misconception(
    "forward",
    rationale="The output layer uses tanh, which is no probability; it should use sigmoid.",
    help="A2 = 1 / (1 + np.exp(-Z2)).",
)
def tanh_in_output_layer(X, parameters):
    return _forward(X, parameters, output=np.tanh)


@misconception(
    "forward",
    rationale="The output layer has no activation: A2 is Z2, which is no probability.",
    help="A2 = 1 / (1 + np.exp(-Z2)).",
)
def no_activation_in_output_layer(X, parameters):
    return _forward(X, parameters, output=lambda Z: Z)


@misconception(
    "forward",
    rationale="The sign in the exponent of the sigmoid is wrong: it falls where it should rise.",
    help="A2 = 1 / (1 + np.exp(-Z2)).",
)
def sigmoid_rises_the_wrong_way(X, parameters):
    return _forward(X, parameters, output=lambda Z: _sigmoid(-Z))


@misconception(
    "forward",
    rationale="A2 is right, but in the cache Z and A are exchanged: Z1 and Z2 are the sums before the activation.",
    help='Return A2, {"Z1": Z1, "A1": A1, "Z2": Z2, "A2": A2}.',
)
def z_and_a_exchanged_in_cache(X, parameters):
    A2, cache = _forward(X, parameters)
    return A2, {"Z1": cache["A1"], "A1": cache["Z1"], "Z2": cache["A2"], "A2": cache["Z2"]}


@misconception(
    "forward",
    rationale="A2 is right, but the cache is a tuple; it should be a dict.",
    help='Return A2, {"Z1": Z1, "A1": A1, "Z2": Z2, "A2": A2}.',
)
def cache_as_tuple(X, parameters):
    A2, cache = _forward(X, parameters)
    return A2, tuple(cache.values())


# cross_entropy_cost


@misconception(
    "cross_entropy_cost",
    rationale="The minus sign is missing: the cost is negative.",
    help="The logarithm of a probability is negative, and the cost is minus the mean of them.",
)
def minus_forgotten(A2, Y, *, reference):
    return -reference.cross_entropy_cost(A2, Y)


@misconception(
    "cross_entropy_cost",
    rationale="The cost is the sum over the examples; it should be their mean (1/m is missing).",
    help="Use np.mean, or divide by m = Y.shape[1]; len(Y) is 1.",
)
def sum_instead_of_mean(A2, Y, *, reference):
    return reference.cross_entropy_cost(A2, Y) * Y.shape[1]


@misconception(
    "cross_entropy_cost",
    rationale="The second term, (1 - y) log(1 - a), is left out: examples with label 0 cost nothing.",
    help="Sum up both terms: Y * np.log(A2) + (1 - Y) * np.log(1 - A2).",
)
def only_the_ones_count(A2, Y):
    return -np.mean(Y * np.log(A2))


@misconception(
    "cross_entropy_cost",
    rationale="Every example is treated as one with label 1: the loss is -log(a) for all. The notes write L(ŷ, 1) in "
    'both cases ("we want ŷ to be the largest"), and that is a slip: for y = 0 the loss is -log(1 - ŷ).',
    help="Sum up both terms: Y * np.log(A2) + (1 - Y) * np.log(1 - A2).",
)
def every_label_taken_for_one(A2, Y):
    return -np.mean(np.log(A2))


@misconception(
    "cross_entropy_cost",
    rationale="Y and the logarithm are multiplied in shapes (1, m) and (m, 1), which NumPy broadcasts to all pairs of "
    "examples, (m, m).",
    help="Multiply entry by entry, Y * np.log(A2), or take the matrix product np.dot(Y, np.log(A2).T); do not mix "
    "the two.",
)
def every_label_with_every_prediction(A2, Y):
    return -np.sum(Y * np.log(A2).T + (1 - Y) * np.log(1 - A2).T) / Y.shape[1]


@misconception(
    "cross_entropy_cost",
    rationale="The matrix product is taken the wrong way round: (m, 1) times (1, m) gives an (m, m) table of all "
    "pairs, not one number.",
    help="Write np.dot(Y, np.log(A2).T), or multiply entry by entry and take the mean.",
)
def table_of_all_pairs(A2, Y):
    return -(np.dot(Y.T, np.log(A2)) + np.dot((1 - Y).T, np.log(1 - A2))) / Y.shape[1]


@misconception(
    "cross_entropy_cost",
    rationale="A factor ½ stands in front; it belongs to the squared error.",
    help="The cross-entropy is minus the mean, without ½.",
)
def half_of_it(A2, Y, *, reference):
    return reference.cross_entropy_cost(A2, Y) / 2


@misconception(
    "cross_entropy_cost",
    rationale="That is the mean squared error with ½, not the cross-entropy.",
    help="Use the logarithms: Y * np.log(A2) + (1 - Y) * np.log(1 - A2).",
)
def squared_error(A2, Y):
    return np.mean((A2 - Y) ** 2) / 2


@misconception(
    "cross_entropy_cost",
    rationale="The logarithm has base 10; the cross-entropy uses the natural one.",
    help="Use np.log.",
)
def logarithm_to_base_ten(A2, Y, *, reference):
    return reference.cross_entropy_cost(A2, Y) / np.log(10)


@misconception(
    "cross_entropy_cost",
    rationale="The epsilon inside the logarithm is 1e-5, so large that it changes the cost.",
    help="Use 1e-8 or less, or np.clip.",
)
def epsilon_too_large(A2, Y):
    return -np.mean(Y * np.log(A2 + 1e-5) + (1 - Y) * np.log(1 - A2 + 1e-5))


@misconception(
    "cross_entropy_cost",
    rationale="Each example has its own loss in the result; the cost is the mean of these losses, one number.",
    help="Use np.mean.",
)
def losses_not_averaged(A2, Y):
    return -(Y * np.log(A2) + (1 - Y) * np.log(1 - A2))


# backward


def _backward(parameters, cache, X, Y, *, dZ2=None, slope=None):
    """The gradients with another error of the output layer, or with another slope of the hidden layer."""
    m, A1 = X.shape[1], cache["A1"]
    dZ2 = cache["A2"] - Y if dZ2 is None else dZ2
    dZ1 = parameters["W2"].T @ dZ2 * (1 - A1**2 if slope is None else slope)
    return {
        "dW1": dZ1 @ X.T / m,
        "db1": np.sum(dZ1, axis=1, keepdims=True) / m,
        "dW2": dZ2 @ A1.T / m,
        "db2": np.sum(dZ2, axis=1, keepdims=True) / m,
    }


def _errors(parameters, cache, Y):
    """dZ1 and dZ2, both right."""
    dZ2 = cache["A2"] - Y
    return parameters["W2"].T @ dZ2 * (1 - cache["A1"] ** 2), dZ2


@misconception(
    "backward",
    rationale="All four gradients are exactly m times too large: the mean over the examples (1/m) is missing.",
    help="Divide each of them by m = X.shape[1].",
)
def missing_mean(parameters, cache, X, Y):
    return {key: grad * X.shape[1] for key, grad in _backward(parameters, cache, X, Y).items()}


@misconception(
    "backward",
    rationale="dW1 and dW2 are exactly m times too large: the mean over the examples (1/m) is missing there.",
    help="dW2 = dZ2 @ A1.T / m, and dW1 = dZ1 @ X.T / m.",
)
def missing_mean_in_weights(parameters, cache, X, Y):
    grads = _backward(parameters, cache, X, Y)
    return {key: grad * X.shape[1] if "W" in key else grad for key, grad in grads.items()}


@misconception(
    "backward",
    rationale="db1 and db2 are exactly m times too large: the mean over the examples (1/m) is missing there.",
    help="db2 = np.sum(dZ2, axis=1, keepdims=True) / m, and the same for db1.",
)
def missing_mean_in_biases(parameters, cache, X, Y):
    grads = _backward(parameters, cache, X, Y)
    return {key: grad * X.shape[1] if "b" in key else grad for key, grad in grads.items()}


@misconception(
    "backward",
    rationale="The mean over the examples is taken twice: once in dZ2, and once more in the gradients.",
    help="dZ2 = A2 - Y; divide by m only in dW and db.",
)
def mean_taken_twice(parameters, cache, X, Y):
    return {key: grad / X.shape[1] for key, grad in _backward(parameters, cache, X, Y).items()}


@misconception(
    "backward",
    rationale="The gradients are divided by the number of inputs; m is the number of examples, the columns of X.",
    help="m = X.shape[1].",
)
def inputs_counted_as_examples(parameters, cache, X, Y):
    n_x, m = X.shape
    return {key: grad * m / n_x for key, grad in _backward(parameters, cache, X, Y).items()}


@misconception(
    "backward",
    rationale="db1 is the sum over all entries of dZ1, one number; each hidden unit has its own bias.",
    help="Sum over the examples only: np.sum(dZ1, axis=1, keepdims=True) / m.",
)
def db_summed_over_everything(parameters, cache, X, Y):
    dZ1, _ = _errors(parameters, cache, Y)
    return _backward(parameters, cache, X, Y) | {"db1": np.sum(dZ1) / X.shape[1]}


@misconception(
    "backward",
    rationale="db1 and db2 are the sums over all entries, one number each; they should be columns, an entry for each "
    "unit.",
    help="Sum over the examples only: np.sum(dZ1, axis=1, keepdims=True) / m.",
)
def both_db_summed_over_everything(parameters, cache, X, Y):
    dZ1, dZ2 = _errors(parameters, cache, Y)
    m = X.shape[1]
    return _backward(parameters, cache, X, Y) | {"db1": np.sum(dZ1) / m, "db2": np.sum(dZ2) / m}


@misconception(
    "backward",
    rationale="The biases' gradients are summed over the units (axis=0); they should be summed over the examples "
    "(axis=1).",
    help="db1 = np.sum(dZ1, axis=1, keepdims=True) / m, of shape (n_h, 1).",
)
def db_summed_over_units(parameters, cache, X, Y):
    dZ1, dZ2 = _errors(parameters, cache, Y)
    sums = {key: np.sum(dZ, axis=0, keepdims=True) / X.shape[1] for key, dZ in (("db1", dZ1), ("db2", dZ2))}
    return _backward(parameters, cache, X, Y) | sums


@misconception(
    "backward",
    rationale="db1 and db2 have lost their second dimension: keepdims=True is missing.",
    help="db1 = np.sum(dZ1, axis=1, keepdims=True) / m, of shape (n_h, 1).",
)
def db_without_keepdims(parameters, cache, X, Y):
    grads = _backward(parameters, cache, X, Y)
    return {key: grad[:, 0] if "b" in key else grad for key, grad in grads.items()}


@misconception(
    "backward",
    rationale="The biases' gradients are not summed at all: they have a column for every example.",
    help="db1 = np.sum(dZ1, axis=1, keepdims=True) / m, of shape (n_h, 1).",
)
def db_not_summed(parameters, cache, X, Y):
    dZ1, dZ2 = _errors(parameters, cache, Y)
    return _backward(parameters, cache, X, Y) | {"db1": dZ1 / X.shape[1], "db2": dZ2 / X.shape[1]}


@misconception(
    "backward",
    rationale="The slope of tanh is computed as 1 - Z1²; the square is that of A1 = tanh(Z1).",
    help="dZ1 = W2.T @ dZ2 * (1 - A1**2).",
)
def slope_from_z1(parameters, cache, X, Y):
    return _backward(parameters, cache, X, Y, slope=1 - cache["Z1"] ** 2)


@misconception(
    "backward",
    rationale="tanh is applied twice: the slope is computed as 1 - tanh(A1)², and A1 is tanh(Z1) already.",
    help="dZ1 = W2.T @ dZ2 * (1 - A1**2).",
)
def tanh_taken_twice(parameters, cache, X, Y):
    return _backward(parameters, cache, X, Y, slope=1 - np.tanh(cache["A1"]) ** 2)


@misconception(
    "backward",
    rationale="The slope of the hidden layer is that of the sigmoid, A1 (1 - A1); tanh has the slope 1 - A1².",
    help="dZ1 = W2.T @ dZ2 * (1 - A1**2).",
)
def slope_of_sigmoid(parameters, cache, X, Y):
    return _backward(parameters, cache, X, Y, slope=cache["A1"] * (1 - cache["A1"]))


@misconception(
    "backward",
    rationale="The slope of the hidden layer is that of relu, 1 where Z1 is positive; tanh has the slope 1 - A1².",
    help="dZ1 = W2.T @ dZ2 * (1 - A1**2).",
)
def slope_of_relu(parameters, cache, X, Y):
    return _backward(parameters, cache, X, Y, slope=cache["Z1"] > 0)


@misconception(
    "backward",
    rationale="The square is missing in the slope of tanh: it is 1 - A1², not 1 - A1.",
    help="dZ1 = W2.T @ dZ2 * (1 - A1**2).",
)
def square_forgotten(parameters, cache, X, Y):
    return _backward(parameters, cache, X, Y, slope=1 - cache["A1"])


@misconception(
    "backward",
    rationale="The slope of tanh is left out: the error goes through the hidden layer unchanged.",
    help="dZ1 = W2.T @ dZ2 * (1 - A1**2).",
)
def slope_left_out(parameters, cache, X, Y):
    return _backward(parameters, cache, X, Y, slope=1.0)


@misconception(
    "backward",
    rationale="tanh itself stands where its slope should: dZ1 is multiplied by A1.",
    help="dZ1 = W2.T @ dZ2 * (1 - A1**2).",
)
def tanh_instead_of_its_slope(parameters, cache, X, Y):
    return _backward(parameters, cache, X, Y, slope=cache["A1"])


@misconception(
    "backward",
    rationale="All gradients have the wrong sign: dZ2 is Y - A2, and should be A2 - Y.",
    help="dZ2 = A2 - Y.",
)
def error_with_the_wrong_sign(parameters, cache, X, Y):
    return _backward(parameters, cache, X, Y, dZ2=Y - cache["A2"])


@misconception(
    "backward",
    rationale="The slope of the sigmoid is multiplied into dZ2. With the cross-entropy it cancels out: what is left is "
    "A2 - Y. (With the slope it would be the gradient of the squared error.)",
    help="dZ2 = A2 - Y.",
)
def slope_of_sigmoid_in_error(parameters, cache, X, Y):
    A2 = cache["A2"]
    return _backward(parameters, cache, X, Y, dZ2=(A2 - Y) * A2 * (1 - A2))


@misconception(
    "backward",
    rationale="dZ2 is the derivative of the loss by A2; the slope of the sigmoid, A2 (1 - A2), is missing.",
    help="Multiplied in, it leaves dZ2 = A2 - Y.",
)
def derivative_by_a2(parameters, cache, X, Y):
    A2 = cache["A2"]
    return _backward(parameters, cache, X, Y, dZ2=-Y / A2 + (1 - Y) / (1 - A2))


@misconception(
    "backward",
    rationale="Examples with label 0 send no gradient: the second term of the loss is left out.",
    help="With both terms dZ2 = A2 - Y.",
)
def only_ones_send_gradients(parameters, cache, X, Y):
    return _backward(parameters, cache, X, Y, dZ2=-Y * (1 - cache["A2"]))


@misconception(
    "backward",
    rationale="dW2 is computed with Z1; the output layer got A1.",
    help="dW2 = dZ2 @ A1.T / m.",
)
def dw2_from_z1(parameters, cache, X, Y):
    _, dZ2 = _errors(parameters, cache, Y)
    return _backward(parameters, cache, X, Y) | {"dW2": dZ2 @ cache["Z1"].T / X.shape[1]}


@misconception(
    "backward",
    rationale="dW1 and dW2 come out transposed.",
    help="dW1 = dZ1 @ X.T / m has the shape of W1, and dW2 = dZ2 @ A1.T / m that of W2.",
)
def weights_gradients_transposed(parameters, cache, X, Y):
    grads = _backward(parameters, cache, X, Y)
    return {key: grad.T if "W" in key else grad for key, grad in grads.items()}


# update_parameters


@misconception(
    "update_parameters",
    rationale="The step goes up the gradient: the learning rate times the gradient is added, and should be subtracted.",
    help="W1 - learning_rate * dW1.",
)
def ascent(parameters, grads, learning_rate):
    return {key: value + learning_rate * grads[f"d{key}"] for key, value in parameters.items()}


@misconception(
    "update_parameters",
    rationale="The new parameters are the step alone, learning_rate * gradient; it should be subtracted from the old "
    "ones.",
    help="W1 - learning_rate * dW1.",
)
def step_instead_of_parameters(parameters, grads, learning_rate):
    return {key: learning_rate * grads[f"d{key}"] for key in parameters}


@misconception(
    "update_parameters",
    rationale="The new parameters are minus the step, -learning_rate * gradient; the old ones are left out. `W =- x` "
    "means W = (-x).",
    help="W1 = W1 - learning_rate * dW1, or W1 -= learning_rate * dW1 on a copy.",
)
def minus_step_instead_of_parameters(parameters, grads, learning_rate):
    return {key: -learning_rate * grads[f"d{key}"] for key in parameters}


@misconception(
    "update_parameters",
    rationale="The learning rate is not used: the whole gradient is subtracted.",
    help="W1 - learning_rate * dW1.",
)
def learning_rate_ignored(parameters, grads, learning_rate):
    return {key: value - grads[f"d{key}"] for key, value in parameters.items()}


@misconception(
    "update_parameters",
    rationale="Only the weights are updated; the biases stay as they are.",
    help="Update b1 with db1 and b2 with db2 as well.",
)
def biases_not_updated(parameters, grads, learning_rate, *, reference):
    updated = reference.update_parameters(parameters, grads, learning_rate)
    return updated | {key: parameters[key] for key in ("b1", "b2")}


@misconception(
    "update_parameters",
    rationale="Only the output layer is updated; W1 and b1 stay as they are.",
    help="Update all four: W1, b1, W2 and b2.",
)
def hidden_layer_not_updated(parameters, grads, learning_rate, *, reference):
    updated = reference.update_parameters(parameters, grads, learning_rate)
    return updated | {key: parameters[key] for key in ("W1", "b1")}


@misconception(
    "update_parameters",
    rationale="Only the hidden layer is updated; W2 and b2 stay as they are.",
    help="Update all four: W1, b1, W2 and b2.",
)
def output_layer_not_updated(parameters, grads, learning_rate, *, reference):
    updated = reference.update_parameters(parameters, grads, learning_rate)
    return updated | {key: parameters[key] for key in ("W2", "b2")}


@misconception(
    "update_parameters",
    rationale="Nothing is updated: the parameters come back as they were.",
    help="Return the new values W1 - learning_rate * dW1, and so on.",
)
def nothing_updated(parameters, grads, learning_rate):
    return dict(parameters)


# fit


def _trained(X, Y, n_h, learning_rate, iterations, rng, reference, *, start=None, step=None):
    """Training as it should be, with another start or another step: (parameters, grads, X, Y) → new parameters."""
    parameters = reference.initialize_parameters(X.shape[0], n_h, 1, rng) if start is None else start
    costs = []
    for _ in range(iterations):
        A2, cache = reference.forward(X, parameters)
        costs.append(reference.cross_entropy_cost(A2, Y))
        grads = reference.backward(parameters, cache, X, Y)
        if step is None:
            parameters = reference.update_parameters(parameters, grads, learning_rate)
        else:
            parameters = step(parameters, grads, cache)
    return parameters, np.array(costs)  # an array takes less room in the recorded answers


@misconception(
    "fit",
    rationale="The parameters are initialized anew in every iteration, so that nothing learned is kept.",
    help="Initialize once, before the loop.",
)
def initialized_in_every_iteration(X, Y, n_h, learning_rate, iterations, rng, *, reference):
    costs = []
    for _ in range(iterations):
        parameters, cost = _trained(X, Y, n_h, learning_rate, 1, rng, reference)
        costs += list(cost)
    return parameters, np.array(costs)


@misconception(
    "fit",
    rationale="The updated parameters are thrown away: every iteration starts from the first ones.",
    help="Assign the result: parameters = update_parameters(…).",
)
def update_thrown_away(X, Y, n_h, learning_rate, iterations, rng, *, reference):
    return _trained(X, Y, n_h, learning_rate, iterations, rng, reference, step=lambda parameters, *_: parameters)


@misconception(
    "fit",
    rationale="Training is right, but the parameters of the start are returned.",
    help="Return the parameters that the last update gave.",
)
def start_returned(X, Y, n_h, learning_rate, iterations, rng, *, reference):
    start = reference.initialize_parameters(X.shape[0], n_h, 1, rng)
    return start, _trained(X, Y, n_h, learning_rate, iterations, rng, reference, start=start)[1]


@misconception(
    "fit",
    rationale="The weights start at zero: all hidden units get the same gradient, here none at all, and only the bias "
    "b2 ever learns.",
    help="Start from initialize_parameters(n_x, n_h, 1, rng).",
)
def starts_from_zero(X, Y, n_h, learning_rate, iterations, rng, *, reference):
    drawn = reference.initialize_parameters(X.shape[0], n_h, 1, rng)
    start = {key: np.zeros_like(value) for key, value in drawn.items()}
    return _trained(X, Y, n_h, learning_rate, iterations, rng, reference, start=start)


@misconception(
    "fit",
    rationale="All hidden units start alike, so that they get the same gradient and stay alike: the network is worth "
    "one hidden unit.",
    help="Start from initialize_parameters(n_x, n_h, 1, rng), which draws every weight by itself.",
)
def units_start_alike(X, Y, n_h, learning_rate, iterations, rng, *, reference):
    drawn = reference.initialize_parameters(X.shape[0], n_h, 1, rng)
    start = drawn | {
        "W1": np.repeat(drawn["W1"][:1], n_h, axis=0),
        "W2": np.repeat(drawn["W2"][:, :1], n_h, axis=1),
    }
    return _trained(X, Y, n_h, learning_rate, iterations, rng, reference, start=start)


@misconception(
    "fit",
    rationale="The start comes from a generator with a seed of its own; the argument rng is not used.",
    help="Pass rng on to initialize_parameters.",
)
def rng_ignored(X, Y, n_h, learning_rate, iterations, rng, *, reference):
    return _trained(X, Y, n_h, learning_rate, iterations, np.random.default_rng(0), reference)


@misconception(
    "fit",
    rationale="The hidden layer always has 4 units; the argument n_h is not used.",
    help="Pass n_h on to initialize_parameters.",
)
def always_four_units(X, Y, n_h, learning_rate, iterations, rng, *, reference):
    return _trained(X, Y, 4, learning_rate, iterations, rng, reference)


@misconception(
    "fit",
    rationale="Training ends after one iteration: the return stands inside the loop.",
    help="Take the return out of the loop, to the indentation of `for`.",
)
def one_iteration_only(X, Y, n_h, learning_rate, iterations, rng, *, reference):
    return _trained(X, Y, n_h, learning_rate, 1, rng, reference)


@misconception(
    "fit",
    rationale="fit makes one update more than it is told: range(iterations + 1) has one number too many.",
    help="Let the loop run over range(iterations).",
)
def one_iteration_too_many(X, Y, n_h, learning_rate, iterations, rng, *, reference):
    return _trained(X, Y, n_h, learning_rate, iterations + 1, rng, reference)


@misconception(
    "fit",
    rationale="fit makes one update fewer than it is told: range(1, iterations) has one number too few.",
    help="Let the loop run over range(iterations).",
)
def one_iteration_too_few(X, Y, n_h, learning_rate, iterations, rng, *, reference):
    return _trained(X, Y, n_h, learning_rate, iterations - 1, rng, reference)


@misconception(
    "fit",
    rationale="The learning rate is not used: every step is the whole gradient.",
    help="Pass learning_rate on to update_parameters.",
)
def learning_rate_left_out(X, Y, n_h, learning_rate, iterations, rng, *, reference):
    return _trained(X, Y, n_h, 1.0, iterations, rng, reference)


@misconception(
    "fit",
    rationale="Every step is m times too small: the gradients are divided by the number of examples once more.",
    help="The mean over the examples is in the gradients already: W1 - learning_rate * dW1.",
)
def steps_divided_by_examples(X, Y, n_h, learning_rate, iterations, rng, *, reference):
    return _trained(X, Y, n_h, learning_rate / X.shape[1], iterations, rng, reference)


@misconception(
    "fit",
    rationale="The steps go up the gradient, so that the cost rises.",
    help="Subtract: W1 - learning_rate * dW1.",
)
def uphill(X, Y, n_h, learning_rate, iterations, rng, *, reference):
    return _trained(X, Y, n_h, -learning_rate, iterations, rng, reference)


@misconception(
    "fit",
    rationale="The parameters are updated during the backward pass: the gradients of the hidden layer are computed "
    "with the W2 of the next step, and so do not belong to the parameters that the forward pass used.",
    help="Compute all four gradients first, then change all four parameters.",
)
def updated_during_backward(X, Y, n_h, learning_rate, iterations, rng, *, reference):
    def step(parameters, grads, cache):
        updated = reference.update_parameters(parameters, grads, learning_rate)
        late = reference.backward(parameters | {"W2": updated["W2"]}, cache, X, Y)
        hidden = reference.update_parameters(parameters, late, learning_rate)
        return updated | {key: hidden[key] for key in ("W1", "b1")}

    return _trained(X, Y, n_h, learning_rate, iterations, rng, reference, step=step)


@misconception(
    "fit",
    rationale="The gradients are computed once, before the loop, and used in every iteration.",
    help="Go forward and backward inside the loop, with the current parameters.",
)
def gradients_of_the_start(X, Y, n_h, learning_rate, iterations, rng, *, reference):
    first = {}

    def step(parameters, grads, cache):
        first.setdefault("grads", grads)
        return reference.update_parameters(parameters, first["grads"], learning_rate)

    return _trained(X, Y, n_h, learning_rate, iterations, rng, reference, step=step)


@misconception(
    "fit",
    rationale="Only the output layer is trained; the hidden layer keeps its random weights.",
    help="Update all four: W1, b1, W2 and b2.",
)
def hidden_layer_not_trained(X, Y, n_h, learning_rate, iterations, rng, *, reference):
    def step(parameters, grads, cache):
        updated = reference.update_parameters(parameters, grads, learning_rate)
        return updated | {key: parameters[key] for key in ("W1", "b1")}

    return _trained(X, Y, n_h, learning_rate, iterations, rng, reference, step=step)


@misconception(
    "fit",
    rationale="The parameters are right, but every recorded cost is that of the start.",
    help="Compute the cost inside the loop, from the current A2.",
)
def cost_of_the_start_repeated(X, Y, n_h, learning_rate, iterations, rng, *, reference):
    parameters, costs = _trained(X, Y, n_h, learning_rate, iterations, rng, reference)
    return parameters, np.full(iterations, costs[0])


@misconception(
    "fit",
    rationale="The results are exchanged: the parameters come first, then the costs.",
    help="Return parameters, costs.",
)
def results_exchanged(X, Y, n_h, learning_rate, iterations, rng, *, reference):
    return _trained(X, Y, n_h, learning_rate, iterations, rng, reference)[::-1]


# predict


@misconception(
    "predict",
    rationale="The probabilities are returned as they are; the answer is 1 where they are above 0.5, and 0 elsewhere.",
    help="Return (A2 > 0.5).astype(int).",
)
def probabilities_returned(parameters, X, *, reference):
    return reference.forward(X, parameters)[0]


@misconception(
    "predict",
    rationale="The answers are exchanged: 1 where the probability is below one half.",
    help="Return (A2 > 0.5).astype(int).",
)
def answers_exchanged(parameters, X, *, reference):
    return 1 - reference.predict(parameters, X)


@misconception(
    "predict",
    rationale="Z2 is compared with 0.5; it is the probability A2 that counts (A2 = 0.5 belongs to Z2 = 0).",
    help="Return (A2 > 0.5).astype(int).",
)
def z2_compared(parameters, X, *, reference):
    return (reference.forward(X, parameters)[1]["Z2"] > 0.5).astype(int)


@misconception(
    "predict",
    rationale="A2 is compared with 0; every probability is above that.",
    help="Return (A2 > 0.5).astype(int).",
)
def compared_with_zero(parameters, X, *, reference):
    return (reference.forward(X, parameters)[0] > 0).astype(int)


@misconception(
    "predict",
    rationale="The answers are -1 and 1; they should be 0 and 1, as the labels are.",
    help="Return (A2 > 0.5).astype(int).",
)
def minus_one_for_no(parameters, X, *, reference):
    return 2 * reference.predict(parameters, X) - 1


@misconception(
    "predict",
    rationale="The answers have lost their first dimension: they should have the shape (1, m), as Y has.",
    help="Compare the whole array, (A2 > 0.5).astype(int), without squeeze or ravel.",
)
def row_lost(parameters, X, *, reference):
    return reference.predict(parameters, X)[0]
