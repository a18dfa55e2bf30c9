"""Known wrong ideas about deep networks.

Each function answers as a learner with that idea would. Mistakes that raise (`np.dot(Y, np.log(AL))`, a gradient called
"W1" in place of "dW1") give no value to recognise; the exception is explained where it is reported.
"""

import itertools

import numpy as np

from grader.checks import misconception

# parameter_shapes


@misconception(
    "parameter_shapes",
    rationale="The shapes of the weights are exchanged: W of layer l has a row for each of its own units and a "
    "column for each unit of the layer before.",
    help="W{l} has shape (n_l, n_{l-1}), so that W @ A_prev is defined.",
)
def weights_transposed(layer_dims, *, reference):
    shapes = reference.parameter_shapes(layer_dims)
    return {key: shape[::-1] if key.startswith("W") else shape for key, shape in shapes.items()}


@misconception(
    "parameter_shapes",
    rationale="The biases have one dimension only: a bias is a column, of shape (n, 1).",
    help="With shape (n,) NumPy would add the bias along the examples. Write (n_l, 1).",
)
def biases_without_second_dimension(layer_dims, *, reference):
    shapes = reference.parameter_shapes(layer_dims)
    return {key: shape if key.startswith("W") else shape[:1] for key, shape in shapes.items()}


@misconception(
    "parameter_shapes",
    rationale="The biases are rows, (1, n): a bias is a column, with one entry for every unit of its layer.",
    help="Write (n_l, 1).",
)
def biases_as_rows(layer_dims, *, reference):
    shapes = reference.parameter_shapes(layer_dims)
    return {key: shape if key.startswith("W") else shape[::-1] for key, shape in shapes.items()}


@misconception(
    "parameter_shapes",
    rationale="The biases have an entry for every unit of the layer *before*; a bias belongs to the units of its own "
    "layer.",
    help="b{l} has shape (n_l, 1): as many rows as W{l}.",
)
def biases_of_the_layer_before(layer_dims, *, reference):
    shapes = reference.parameter_shapes(layer_dims)
    return {key: shape if key.startswith("W") else (layer_dims[int(key[1:]) - 1], 1) for key, shape in shapes.items()}


# initialize_parameters


def _drawn(layer_dims, draw):
    parameters = {}
    for layer, (n_prev, n) in enumerate(itertools.pairwise(layer_dims), start=1):
        parameters[f"W{layer}"] = draw(n, n_prev)
        parameters[f"b{layer}"] = np.zeros((n, 1))
    return parameters


@misconception(
    "initialize_parameters",
    rationale="The weights are drawn uniformly from [0, 1), so that none is negative. The notes write np.random.rand "
    "here, and that is a slip: He initialization draws from a normal distribution around 0.",
    help="Use rng.standard_normal((n, n_prev)) * np.sqrt(2 / n_prev).",
)
def uniform_instead_of_normal(layer_dims, rng):
    return _drawn(layer_dims, lambda n, n_prev: rng.random((n, n_prev)) * np.sqrt(2 / n_prev))


@misconception(
    "initialize_parameters",
    rationale="The factor is 2 / sqrt(n): the root belongs over the whole fraction.",
    help="Write np.sqrt(2 / n_prev).",
)
def root_of_denominator_only(layer_dims, rng):
    return _drawn(layer_dims, lambda n, n_prev: rng.standard_normal((n, n_prev)) * 2 / np.sqrt(n_prev))


@misconception(
    "initialize_parameters",
    rationale="The factor is 2 / n, the variance; the standard deviation is its square root.",
    help="Write np.sqrt(2 / n_prev).",
)
def variance_as_factor(layer_dims, rng):
    return _drawn(layer_dims, lambda n, n_prev: rng.standard_normal((n, n_prev)) * 2 / n_prev)


@misconception(
    "initialize_parameters",
    rationale="The factor is sqrt(1 / n): that is Xavier initialization, which suits tanh. Relu sets half of the "
    "signals to zero, and needs sqrt(2 / n).",
    help="Write np.sqrt(2 / n_prev).",
)
def xavier_instead_of_he(layer_dims, rng):
    return _drawn(layer_dims, lambda n, n_prev: rng.standard_normal((n, n_prev)) * np.sqrt(1 / n_prev))


@misconception(
    "initialize_parameters",
    rationale="The weights are scaled by 0.01, a fixed factor: in a deep network the signals would die out.",
    help="Scale by np.sqrt(2 / n_prev).",
)
def fixed_small_factor(layer_dims, rng):
    return _drawn(layer_dims, lambda n, n_prev: rng.standard_normal((n, n_prev)) * 0.01)


@misconception(
    "initialize_parameters",
    rationale="The factor is missing: the weights have standard deviation 1.",
    help="Multiply the draws by np.sqrt(2 / n_prev).",
)
def factor_forgotten(layer_dims, rng):
    return _drawn(layer_dims, lambda n, n_prev: rng.standard_normal((n, n_prev)))


@misconception(
    "initialize_parameters",
    rationale="The factor counts the units of the layer itself; what matters is how many inputs are summed up, the "
    "units of the layer before.",
    help="Write np.sqrt(2 / layer_dims[l - 1]).",
)
def fan_out_instead_of_fan_in(layer_dims, rng):
    return _drawn(layer_dims, lambda n, n_prev: rng.standard_normal((n, n_prev)) * np.sqrt(2 / n))


@misconception(
    "initialize_parameters",
    rationale="All weights are zero: every unit of a layer would compute, and learn, the same.",
    help="Draw the weights from rng; only biases start at zero.",
)
def all_zero(layer_dims, rng):
    return _drawn(layer_dims, lambda n, n_prev: np.zeros((n, n_prev)))


@misconception(
    "initialize_parameters",
    rationale="The factor is sqrt(2) / n: the root belongs over the whole fraction.",
    help="Write np.sqrt(2 / n_prev).",
)
def root_of_numerator_only(layer_dims, rng):
    return _drawn(layer_dims, lambda n, n_prev: rng.standard_normal((n, n_prev)) * np.sqrt(2) / n_prev)


@misconception(
    "initialize_parameters",
    rationale="The weights are multiplied by 10, the factor of the bad example: the signals would explode.",
    help="Scale by np.sqrt(2 / n_prev).",
)
def fixed_large_factor(layer_dims, rng):
    return _drawn(layer_dims, lambda n, n_prev: rng.standard_normal((n, n_prev)) * 10)


@misconception(
    "initialize_parameters",
    rationale="The weights are transposed: W of layer l has a row for each of its own units.",
    help="W{l} has shape (n_l, n_{l-1}): rng.standard_normal((n, n_prev)).",
)
def weights_transposed_at_the_start(layer_dims, rng):
    return _drawn(layer_dims, lambda n, n_prev: rng.standard_normal((n_prev, n)) * np.sqrt(2 / n_prev))


@misconception(
    "initialize_parameters",
    rationale="The biases have one dimension only: a bias is a column, of shape (n, 1).",
    help="Write np.zeros((n, 1)), with two pairs of parentheses.",
)
def flat_biases(layer_dims, rng, *, reference):
    parameters = reference.initialize_parameters(layer_dims, rng)
    return {key: value if key.startswith("W") else value.ravel() for key, value in parameters.items()}


@misconception(
    "initialize_parameters",
    rationale="The biases are ones; they should start at zero.",
    help="Write np.zeros((n, 1)).",
)
def biases_of_one(layer_dims, rng, *, reference):
    parameters = reference.initialize_parameters(layer_dims, rng)
    return {key: value if key.startswith("W") else value + 1 for key, value in parameters.items()}


@misconception(
    "initialize_parameters",
    rationale="The biases are drawn at random, too; they should start at zero. Only weights must differ from unit to "
    "unit.",
    help="Write np.zeros((n, 1)).",
)
def biases_drawn_too(layer_dims, rng):
    parameters = {}
    for layer, (n_prev, n) in enumerate(itertools.pairwise(layer_dims), start=1):
        parameters[f"W{layer}"] = rng.standard_normal((n, n_prev)) * np.sqrt(2 / n_prev)
        parameters[f"b{layer}"] = rng.standard_normal((n, 1))
    return parameters


@misconception(
    "initialize_parameters",
    rationale="Every layer starts from the same random numbers: a generator is made anew inside the loop.",
    help="Draw all layers from the rng that is passed in, one after the other.",
)
def same_draws_in_every_layer(layer_dims, rng):
    seed = int(rng.integers(1 << 31))
    return _drawn(
        layer_dims, lambda n, n_prev: np.random.default_rng(seed).standard_normal((n, n_prev)) * np.sqrt(2 / n_prev)
    )


# affine_forward


@misconception(
    "affine_forward",
    rationale="The bias b is never added.",
    help="Z = W @ A_prev + b.",
)
def bias_forgotten(A_prev, W, b):
    return W @ A_prev, (A_prev, W, b)


@misconception(
    "affine_forward",
    rationale="b is subtracted.",
    help="Z = W @ A_prev + b.",
)
def bias_subtracted(A_prev, W, b):
    return W @ A_prev - b, (A_prev, W, b)


@misconception(
    "affine_forward",
    rationale="W is transposed before the product. The notes write Z = WᵀX + b beside a W of shape (n, n_prev), and "
    "that is a slip: with this shape it is W itself.",
    help="Z = W @ A_prev + b.",
)
def weights_transposed_in_product(A_prev, W, b):
    return W.T @ A_prev + b, (A_prev, W, b)


@misconception(
    "affine_forward",
    rationale="Z is right, but the cache has another order: the next function expects (A_prev, W, b).",
    help="Return Z, (A_prev, W, b).",
)
def cache_in_other_order(A_prev, W, b):
    return W @ A_prev + b, (W, A_prev, b)


@misconception(
    "affine_forward",
    rationale="Z is right, but the cache holds Z in place of the input A_prev.",
    help="Return Z, (A_prev, W, b).",
)
def cache_holds_output(A_prev, W, b):
    Z = W @ A_prev + b
    return Z, (Z, W, b)


@misconception(
    "affine_forward",
    rationale="W and A_prev are multiplied entry by entry; Z is their matrix product.",
    help="Z = W @ A_prev + b, or np.dot(W, A_prev) + b. The sign * multiplies entry by entry.",
)
def weights_times_inputs_by_entries(A_prev, W, b):
    return W * A_prev + b, (A_prev, W, b)


@misconception(
    "affine_forward",
    rationale="The bias is added along the examples: as a row, with an entry for every example.",
    help="Leave b as the column (n, 1) that it is: Z = W @ A_prev + b.",
)
def bias_added_as_a_row(A_prev, W, b):
    return W @ A_prev + b.T, (A_prev, W, b)


@misconception(
    "affine_forward",
    rationale="Z comes back without the cache.",
    help="Return two values: return Z, (A_prev, W, b).",
)
def cache_left_out(A_prev, W, b):
    return W @ A_prev + b


@misconception(
    "affine_forward",
    rationale="Z is right, but the cache has no b: it is (A_prev, W, b).",
    help="Return Z, (A_prev, W, b).",
)
def cache_without_bias(A_prev, W, b):
    return W @ A_prev + b, (A_prev, W)


# activation_forward


@misconception(
    "activation_forward",
    rationale="The cache is the activation A; the backward step needs Z, the number before the activation.",
    help="Return A, Z.",
)
def cache_holds_activation(Z, activation, *, reference):
    A, _ = reference.activation_forward(Z, activation)
    return A, A


@misconception(
    "activation_forward",
    rationale='"relu" and "sigmoid" are exchanged.',
    help='"relu" is np.maximum(0, Z), "sigmoid" is 1 / (1 + np.exp(-Z)).',
)
def activations_exchanged(Z, activation, *, reference):
    return reference.activation_forward(Z, {"relu": "sigmoid", "sigmoid": "relu"}[activation])


@misconception(
    "activation_forward",
    rationale="Sigmoid is applied whatever the activation is.",
    help='Look at the argument activation: "relu" asks for np.maximum(0, Z).',
)
def always_sigmoid(Z, activation, *, reference):
    return reference.activation_forward(Z, "sigmoid")


@misconception(
    "activation_forward",
    rationale="The sign in the exponent of the sigmoid is wrong: it falls where it should rise.",
    help="sigmoid(z) = 1 / (1 + exp(-z)).",
)
def sigmoid_rises_the_wrong_way(Z, activation, *, reference):
    if activation == "sigmoid":
        return 1 / (1 + np.exp(Z)), Z
    return reference.activation_forward(Z, activation)


@misconception(
    "activation_forward",
    rationale="Relu is applied whatever the activation is.",
    help='Look at the argument activation: "sigmoid" asks for 1 / (1 + np.exp(-Z)).',
)
def always_relu(Z, activation, *, reference):
    return reference.activation_forward(Z, "relu")


@misconception(
    "activation_forward",
    rationale="Relu gives 1 where Z is positive. That is its derivative; relu keeps the value.",
    help="Use np.maximum(0, Z).",
)
def mask_instead_of_relu(Z, activation, *, reference):
    if activation == "relu":
        return (Z > 0).astype(float), Z
    return reference.activation_forward(Z, activation)


@misconception(
    "activation_forward",
    rationale="The sigmoid divides by the sum over all entries. That is softmax; the sigmoid of an entry does not "
    "depend on the others.",
    help="sigmoid(z) = 1 / (1 + exp(-z)), without np.sum.",
)
def softmax_instead_of_sigmoid(Z, activation, *, reference):
    if activation == "sigmoid":
        return np.exp(Z) / np.sum(np.exp(Z)), Z
    return reference.activation_forward(Z, activation)


@misconception(
    "activation_forward",
    rationale="The denominator of the sigmoid is not in parentheses: 1 / 1 + exp(-z) means (1 / 1) + exp(-z).",
    help="Write 1 / (1 + np.exp(-Z)).",
)
def sigmoid_without_parentheses(Z, activation, *, reference):
    if activation == "sigmoid":
        return 1 / 1 + np.exp(-Z), Z
    return reference.activation_forward(Z, activation)


@misconception(
    "activation_forward",
    rationale="That is the leaky relu: negative entries become 0.01 z, and should become 0.",
    help="Use np.maximum(0, Z).",
)
def leaky_relu_instead_of_relu(Z, activation, *, reference):
    if activation == "relu":
        return np.where(Z > 0, Z, 0.01 * Z), Z
    return reference.activation_forward(Z, activation)


# layer_forward


@misconception(
    "layer_forward",
    rationale="The activation is left out: A is the linear half Z.",
    help="Send Z through activation_forward(Z, activation).",
)
def activation_left_out(A_prev, W, b, activation, *, reference):
    Z, cache = reference.affine_forward(A_prev, W, b)
    return Z, (cache, Z)


@misconception(
    "layer_forward",
    rationale="A is right, but the parts of the cache are exchanged: it is (affine_cache, Z).",
    help="Return A, (affine_cache, Z).",
)
def layer_cache_exchanged(A_prev, W, b, activation, *, reference):
    A, (affine_cache, Z) = reference.layer_forward(A_prev, W, b, activation)
    return A, (Z, affine_cache)


@misconception(
    "layer_forward",
    rationale="A is right, but the cache holds A in place of Z; the backward step needs the number before the "
    "activation.",
    help="Return A, (affine_cache, Z).",
)
def layer_cache_holds_activation(A_prev, W, b, activation, *, reference):
    A, (affine_cache, _) = reference.layer_forward(A_prev, W, b, activation)
    return A, (affine_cache, A)


@misconception(
    "layer_forward",
    rationale="A is right, but the cache is flat, (A_prev, W, b, Z): it should have two parts, (affine_cache, Z).",
    help="Return A, (affine_cache, Z), and leave affine_cache as affine_forward gives it.",
)
def flat_layer_cache(A_prev, W, b, activation, *, reference):
    A, (affine_cache, Z) = reference.layer_forward(A_prev, W, b, activation)
    return A, (*affine_cache, Z)


@misconception(
    "layer_forward",
    rationale="The layer uses relu whatever the activation is.",
    help="Pass the argument on: activation_forward(Z, activation).",
)
def layer_is_always_relu(A_prev, W, b, activation, *, reference):
    return reference.layer_forward(A_prev, W, b, "relu")


@misconception(
    "layer_forward",
    rationale="The layer uses sigmoid whatever the activation is.",
    help="Pass the argument on: activation_forward(Z, activation).",
)
def layer_is_always_sigmoid(A_prev, W, b, activation, *, reference):
    return reference.layer_forward(A_prev, W, b, "sigmoid")


# model_forward


def _forward(X, parameters, activation_of, reference, layers=None):
    A, caches = X, []
    L = len(parameters) // 2
    for layer in layers or range(1, L + 1):
        A, cache = reference.layer_forward(A, parameters[f"W{layer}"], parameters[f"b{layer}"], activation_of(layer, L))
        caches.append(cache)
    return A, caches


@misconception(
    "model_forward",
    rationale="The last layer uses relu; it should use sigmoid, so that its output is a probability.",
    help='Use "sigmoid" for layer L and "relu" for the layers before it.',
)
def relu_in_last_layer(X, parameters, *, reference):
    return _forward(X, parameters, lambda layer, L: "relu", reference)


@misconception(
    "model_forward",
    rationale="Every layer uses sigmoid; the hidden ones should use relu.",
    help='Use "relu" for the layers 1 to L - 1 and "sigmoid" for layer L.',
)
def sigmoid_in_all_layers(X, parameters, *, reference):
    return _forward(X, parameters, lambda layer, L: "sigmoid", reference)


@misconception(
    "model_forward",
    rationale="The first layer gets the input again and again: each layer should take the output of the layer before.",
    help="Assign A = … in the loop and pass A on.",
)
def only_the_last_layer_sees_the_input(X, parameters, *, reference):
    L = len(parameters) // 2
    caches = []
    for layer in range(1, L + 1):
        activation = "sigmoid" if layer == L else "relu"
        A, cache = reference.layer_forward(X, parameters[f"W{layer}"], parameters[f"b{layer}"], activation)
        caches.append(cache)
    return A, caches


@misconception(
    "model_forward",
    rationale="The cache of the last layer is missing.",
    help="Append the cache of layer L as well: caches has one entry for every layer.",
)
def last_cache_forgotten(X, parameters, *, reference):
    AL, caches = reference.model_forward(X, parameters)
    return AL, caches[:-1]


@misconception(
    "model_forward",
    rationale="The last layer is left out: AL is the output of layer L - 1.",
    help="range(1, L) ends with L - 1. Add layer L, with sigmoid, after the loop.",
)
def last_layer_left_out(X, parameters, *, reference):
    L = len(parameters) // 2
    if L == 1:
        return X, []
    return _forward(X, parameters, lambda layer, L: "relu", reference, range(1, L))


@misconception(
    "model_forward",
    rationale="The activations are exchanged: sigmoid in the hidden layers, and relu in the last one.",
    help='Use "relu" for the layers 1 to L - 1 and "sigmoid" for layer L.',
)
def hidden_and_last_exchanged(X, parameters, *, reference):
    return _forward(X, parameters, lambda layer, L: "relu" if layer == L else "sigmoid", reference)


@misconception(
    "model_forward",
    rationale="The network ends after two layers: W1, b1, W2 and b2 are written out by hand.",
    help="Use a loop over the layers: L = len(parameters) // 2 is their number.",
)
def forward_of_two_layers_only(X, parameters, *, reference):
    return reference.model_forward(X, {key: parameters[key] for key in ("W1", "b1", "W2", "b2")})


@misconception(
    "model_forward",
    rationale="AL is right, but the caches stand in reverse order.",
    help="Use caches.append(cache) in the loop: the first layer comes first.",
)
def caches_reversed(X, parameters, *, reference):
    AL, caches = reference.model_forward(X, parameters)
    return AL, caches[::-1]


@misconception(
    "model_forward",
    rationale="AL is right, but of the caches only the linear halves (A_prev, W, b) are kept.",
    help="Append the whole cache of layer_forward, (affine_cache, Z).",
)
def caches_without_preactivations(X, parameters, *, reference):
    AL, caches = reference.model_forward(X, parameters)
    return AL, [affine_cache for affine_cache, _ in caches]


@misconception(
    "model_forward",
    rationale="The answers 0 and 1 come back; AL holds the probabilities.",
    help="Return the output of the last sigmoid as it is; comparing it with 0.5 is the work of predict.",
)
def answers_instead_of_probabilities(X, parameters, *, reference):
    AL, caches = reference.model_forward(X, parameters)
    return (AL > 0.5).astype(float), caches


# cross_entropy_cost


@misconception(
    "cross_entropy_cost",
    rationale="The minus sign is missing: the cost is negative.",
    help="The logarithm of a probability is negative, and the cost is minus the mean of them.",
)
def minus_forgotten(AL, Y, *, reference):
    return -reference.cross_entropy_cost(AL, Y)


@misconception(
    "cross_entropy_cost",
    rationale="The cost is the sum over the examples; it should be their mean (1/m is missing).",
    help="Use np.mean, or divide by m = Y.shape[1].",
)
def sum_instead_of_mean(AL, Y, *, reference):
    return reference.cross_entropy_cost(AL, Y) * Y.shape[1]


@misconception(
    "cross_entropy_cost",
    rationale="The second term, (1 - y) log(1 - a), is left out: examples with label 0 cost nothing. (The notes write "
    "L(ŷ, 1) in both cases; for y = 0 the loss is -log(1 - ŷ).)",
    help="Sum up both terms: Y * np.log(AL) + (1 - Y) * np.log(1 - AL).",
)
def only_the_ones_count(AL, Y):
    return -np.mean(Y * np.log(AL))


@misconception(
    "cross_entropy_cost",
    rationale="Y and the logarithm are multiplied in shapes (1, m) and (m, 1), which NumPy broadcasts to all pairs of "
    "examples, (m, m).",
    help="Multiply entry by entry, Y * np.log(AL), or take the matrix product np.dot(Y, np.log(AL).T); do not mix "
    "the two.",
)
def every_label_with_every_prediction(AL, Y):
    return -np.sum(Y * np.log(AL).T + (1 - Y) * np.log(1 - AL).T) / Y.shape[1]


@misconception(
    "cross_entropy_cost",
    rationale="A factor ½ stands in front; it belongs to the squared error.",
    help="The cross-entropy is minus the mean, without ½.",
)
def half_of_it(AL, Y, *, reference):
    return reference.cross_entropy_cost(AL, Y) / 2


@misconception(
    "cross_entropy_cost",
    rationale="That is the mean squared error with ½, not the cross-entropy.",
    help="Use the logarithms: Y * np.log(AL) + (1 - Y) * np.log(1 - AL).",
)
def squared_error(AL, Y):
    return np.mean((AL - Y) ** 2) / 2


@misconception(
    "cross_entropy_cost",
    rationale="The logarithm has base 10; the cross-entropy uses the natural one.",
    help="Use np.log.",
)
def logarithm_to_base_ten(AL, Y, *, reference):
    return reference.cross_entropy_cost(AL, Y) / np.log(10)


@misconception(
    "cross_entropy_cost",
    rationale="The epsilon inside the logarithm is 1e-5, so large that it changes the cost.",
    help="Use 1e-8 or less, or np.clip.",
)
def epsilon_too_large(AL, Y):
    return -np.mean(Y * np.log(AL + 1e-5) + (1 - Y) * np.log(1 - AL + 1e-5))


@misconception(
    "cross_entropy_cost",
    rationale="The losses of the examples are returned; the cost is their mean, one number.",
    help="Use np.mean, or np.sum(…) / m.",
)
def losses_not_summed(AL, Y):
    return -(Y * np.log(AL) + (1 - Y) * np.log(1 - AL))


@misconception(
    "cross_entropy_cost",
    rationale="The matrix product goes the wrong way round: (m, 1) times (1, m) gives a number for every pair of "
    "examples, (m, m).",
    help="Transpose the second factor: np.dot(Y, np.log(AL).T) is (1, m) times (m, 1), one number.",
)
def matrix_of_all_pairs(AL, Y):
    return -(np.dot(Y.T, np.log(AL)) + np.dot((1 - Y).T, np.log(1 - AL))) / Y.shape[1]


@misconception(
    "cross_entropy_cost",
    rationale="Only the examples with label 0 count: the first term, y log(a), is left out.",
    help="Sum up both terms: Y * np.log(AL) + (1 - Y) * np.log(1 - AL).",
)
def only_the_zeros_count(AL, Y):
    return -np.mean((1 - Y) * np.log(1 - AL))


@misconception(
    "cross_entropy_cost",
    rationale="The second term is subtracted; both terms are added, and the minus stands in front of their sum.",
    help="Write -np.mean(Y * np.log(AL) + (1 - Y) * np.log(1 - AL)).",
)
def second_term_subtracted(AL, Y):
    return -np.mean(Y * np.log(AL) - (1 - Y) * np.log(1 - AL))


@misconception(
    "cross_entropy_cost",
    rationale="The labels are exchanged: log(a) belongs to the examples with label 1, and log(1 - a) to those with 0.",
    help="Write Y * np.log(AL) + (1 - Y) * np.log(1 - AL).",
)
def labels_exchanged(AL, Y):
    return -np.mean((1 - Y) * np.log(AL) + Y * np.log(1 - AL))


@misconception(
    "cross_entropy_cost",
    rationale="That is the mean squared error, not the cross-entropy.",
    help="Use the logarithms: Y * np.log(AL) + (1 - Y) * np.log(1 - AL).",
)
def squared_error_without_half(AL, Y):
    return np.mean((AL - Y) ** 2)


@misconception(
    "cross_entropy_cost",
    rationale="That is the sum of squared errors, not the mean cross-entropy.",
    help="Use the logarithms: Y * np.log(AL) + (1 - Y) * np.log(1 - AL), and take the mean.",
)
def sum_of_squared_errors(AL, Y):
    return np.sum((AL - Y) ** 2)


@misconception(
    "cross_entropy_cost",
    rationale="The logarithm has base 2; the cross-entropy uses the natural one.",
    help="Use np.log.",
)
def logarithm_to_base_two(AL, Y, *, reference):
    return reference.cross_entropy_cost(AL, Y) / np.log(2)


@misconception(
    "cross_entropy_cost",
    rationale="The epsilon inside the logarithm is 1e-4, so large that it changes the cost.",
    help="Use 1e-8 or less, or np.clip.",
)
def epsilon_of_1e4(AL, Y):
    return -np.mean(Y * np.log(AL + 1e-4) + (1 - Y) * np.log(1 - AL + 1e-4))


@misconception(
    "cross_entropy_cost",
    rationale="The epsilon inside the logarithm is 1e-6, so large that it changes the cost.",
    help="Use 1e-8 or less, or np.clip.",
)
def epsilon_of_1e6(AL, Y):
    return -np.mean(Y * np.log(AL + 1e-6) + (1 - Y) * np.log(1 - AL + 1e-6))


# affine_backward


def _affine_backward(dZ, affine_cache, *, dW=None, db=None, dA_prev=None):
    """The right gradients, some of them replaced."""
    A_prev, W, _ = affine_cache
    m = A_prev.shape[1]
    right = (W.T @ dZ, dZ @ A_prev.T / m, np.sum(dZ, axis=1, keepdims=True) / m)
    return tuple(own if own is not None else value for own, value in zip((dA_prev, dW, db), right, strict=True))


@misconception(
    "affine_backward",
    rationale="dW and db are exactly m times too large: the mean over the examples (1/m) is missing.",
    help="Divide both by m = A_prev.shape[1].",
)
def missing_mean(dZ, affine_cache):
    A_prev = affine_cache[0]
    return _affine_backward(dZ, affine_cache, dW=dZ @ A_prev.T, db=np.sum(dZ, axis=1, keepdims=True))


@misconception(
    "affine_backward",
    rationale="dW is exactly m times too large: the mean over the examples (1/m) is missing there.",
    help="dW = dZ @ A_prev.T / m.",
)
def missing_mean_in_dW(dZ, affine_cache):
    return _affine_backward(dZ, affine_cache, dW=dZ @ affine_cache[0].T)


@misconception(
    "affine_backward",
    rationale="db is exactly m times too large: the mean over the examples (1/m) is missing there.",
    help="db = np.sum(dZ, axis=1, keepdims=True) / m.",
)
def missing_mean_in_db(dZ, affine_cache):
    return _affine_backward(dZ, affine_cache, db=np.sum(dZ, axis=1, keepdims=True))


@misconception(
    "affine_backward",
    rationale="dA_prev is divided by m, too. The mean enters once, in dW and db; in dA_prev it would enter again in "
    "every layer.",
    help="dA_prev = W.T @ dZ.",
)
def mean_in_dA_prev(dZ, affine_cache):
    A_prev, W, _ = affine_cache
    return _affine_backward(dZ, affine_cache, dA_prev=W.T @ dZ / A_prev.shape[1])


@misconception(
    "affine_backward",
    rationale="db is the sum over all entries of dZ, one number; each unit has its own bias.",
    help="Sum over the examples only: np.sum(dZ, axis=1, keepdims=True) / m.",
)
def db_summed_over_everything(dZ, affine_cache):
    return _affine_backward(dZ, affine_cache, db=np.sum(dZ) / affine_cache[0].shape[1])


@misconception(
    "affine_backward",
    rationale="db is summed over the units (axis=0); it should be summed over the examples (axis=1).",
    help="db = np.sum(dZ, axis=1, keepdims=True) / m, of shape (n, 1).",
)
def db_summed_over_units(dZ, affine_cache):
    return _affine_backward(dZ, affine_cache, db=np.sum(dZ, axis=0, keepdims=True) / affine_cache[0].shape[1])


@misconception(
    "affine_backward",
    rationale="db has lost its second dimension: keepdims=True is missing.",
    help="db = np.sum(dZ, axis=1, keepdims=True) / m, of shape (n, 1).",
)
def db_without_keepdims(dZ, affine_cache):
    return _affine_backward(dZ, affine_cache, db=np.sum(dZ, axis=1) / affine_cache[0].shape[1])


@misconception(
    "affine_backward",
    rationale="db is not summed at all: it has a column for every example.",
    help="db = np.sum(dZ, axis=1, keepdims=True) / m, of shape (n, 1).",
)
def db_not_summed(dZ, affine_cache):
    return _affine_backward(dZ, affine_cache, db=dZ / affine_cache[0].shape[1])


@misconception(
    "affine_backward",
    rationale="dW is divided by the number of units where it should be divided by the number of examples.",
    help="m is the number of columns: A_prev.shape[1].",
)
def rows_counted_as_examples(dZ, affine_cache):
    A_prev = affine_cache[0]
    n = A_prev.shape[0]
    return _affine_backward(dZ, affine_cache, dW=dZ @ A_prev.T / n, db=np.sum(dZ, axis=1, keepdims=True) / n)


@misconception(
    "affine_backward",
    rationale="dW is divided by m twice.",
    help="Divide once, in dW and in db.",
)
def mean_taken_twice(dZ, affine_cache):
    A_prev = affine_cache[0]
    m = A_prev.shape[1]
    return _affine_backward(dZ, affine_cache, dW=dZ @ A_prev.T / m**2, db=np.sum(dZ, axis=1, keepdims=True) / m**2)


@misconception(
    "affine_backward",
    rationale="dW comes out transposed.",
    help="dW = dZ @ A_prev.T / m has the shape of W.",
)
def dW_transposed(dZ, affine_cache):
    A_prev = affine_cache[0]
    return _affine_backward(dZ, affine_cache, dW=A_prev @ dZ.T / A_prev.shape[1])


@misconception(
    "affine_backward",
    rationale="dW is divided by the number of units of the layer where it should be divided by the number of examples.",
    help="m is the number of columns: dZ.shape[1].",
)
def units_counted_as_examples(dZ, affine_cache):
    n = dZ.shape[0]
    return _affine_backward(dZ, affine_cache, dW=dZ @ affine_cache[0].T / n, db=np.sum(dZ, axis=1, keepdims=True) / n)


@misconception(
    "affine_backward",
    rationale="dZ and A_prev are multiplied entry by entry for dW; dW is a matrix product.",
    help="dW = dZ @ A_prev.T / m: the sum over the examples is inside the product.",
)
def dW_by_entries(dZ, affine_cache):
    A_prev = affine_cache[0]
    return _affine_backward(dZ, affine_cache, dW=dZ * A_prev / A_prev.shape[1])


@misconception(
    "affine_backward",
    rationale="A_prev is not transposed in the product for dW.",
    help="dW = dZ @ A_prev.T / m: (n, m) times (m, n_prev).",
)
def inputs_not_transposed(dZ, affine_cache):
    A_prev = affine_cache[0]
    return _affine_backward(dZ, affine_cache, dW=dZ @ A_prev / A_prev.shape[1])


@misconception(
    "affine_backward",
    rationale="W and dZ are multiplied entry by entry for dA_prev; it is a matrix product.",
    help="dA_prev = W.T @ dZ.",
)
def dA_prev_by_entries(dZ, affine_cache):
    return _affine_backward(dZ, affine_cache, dA_prev=affine_cache[1] * dZ)


@misconception(
    "affine_backward",
    rationale="W is not transposed in the product for dA_prev.",
    help="dA_prev = W.T @ dZ: what went forward through W comes back through its transpose.",
)
def weights_not_transposed_backward(dZ, affine_cache):
    return _affine_backward(dZ, affine_cache, dA_prev=affine_cache[1] @ dZ)


@misconception(
    "affine_backward",
    rationale="db is the mean of all entries of dZ, one number; each unit has its own bias.",
    help="Take the mean over the examples only: np.mean(dZ, axis=1, keepdims=True).",
)
def db_mean_of_everything(dZ, affine_cache):
    return _affine_backward(dZ, affine_cache, db=np.mean(dZ))


@misconception(
    "affine_backward",
    rationale="db is summed over the units (axis=0), and flat; it should be summed over the examples (axis=1), and be "
    "a column.",
    help="db = np.sum(dZ, axis=1, keepdims=True) / m, of shape (n, 1).",
)
def db_summed_over_units_and_flat(dZ, affine_cache):
    return _affine_backward(dZ, affine_cache, db=np.sum(dZ, axis=0) / affine_cache[0].shape[1])


@misconception(
    "affine_backward",
    rationale="db is dZ itself: it is neither summed over the examples nor divided by m.",
    help="db = np.sum(dZ, axis=1, keepdims=True) / m, of shape (n, 1).",
)
def db_is_dZ(dZ, affine_cache):
    return _affine_backward(dZ, affine_cache, db=dZ.copy())


@misconception(
    "affine_backward",
    rationale="The order of the results is dW, db, dA_prev; it should be dA_prev, dW, db.",
    help="Return dA_prev first.",
)
def dW_returned_first(dZ, affine_cache):
    dA_prev, dW, db = _affine_backward(dZ, affine_cache)
    return dW, db, dA_prev


# activation_backward


@misconception(
    "activation_backward",
    rationale="The derivative of the activation is returned alone; it should be multiplied by dA.",
    help="dZ = dA * g'(Z).",
)
def dA_left_out(dA, Z, activation, *, reference):
    return reference.activation_backward(np.ones_like(dA), Z, activation)


@misconception(
    "activation_backward",
    rationale="The mask of relu looks at dA; what counts is the sign of Z.",
    help="dZ = dA * (Z > 0).",
)
def mask_by_dA(dA, Z, activation, *, reference):
    if activation == "relu":
        return dA * (dA > 0)
    return reference.activation_backward(dA, Z, activation)


@misconception(
    "activation_backward",
    rationale="For sigmoid Z itself is put into s (1 - s); s is sigmoid(Z).",
    help="Compute s = 1 / (1 + np.exp(-Z)) first, and then dA * s * (1 - s).",
)
def z_taken_for_the_sigmoid(dA, Z, activation, *, reference):
    if activation == "sigmoid":
        return dA * Z * (1 - Z)
    return reference.activation_backward(dA, Z, activation)


@misconception(
    "activation_backward",
    rationale="The factor (1 - s) is missing in the derivative of the sigmoid.",
    help="The derivative is s * (1 - s).",
)
def one_minus_s_forgotten(dA, Z, activation, *, reference):
    if activation == "sigmoid":
        return dA / (1 + np.exp(-Z))
    return reference.activation_backward(dA, Z, activation)


@misconception(
    "activation_backward",
    rationale="relu(Z) stands where its derivative should: the slope is 1 where Z is positive, not Z.",
    help="dZ = dA * (Z > 0).",
)
def relu_instead_of_its_derivative(dA, Z, activation, *, reference):
    if activation == "relu":
        return dA * np.maximum(0, Z)
    return reference.activation_backward(dA, Z, activation)


@misconception(
    "activation_backward",
    rationale="The derivative of the sigmoid is used for relu, too.",
    help='Look at the argument activation: for "relu" dZ = dA * (Z > 0).',
)
def always_the_slope_of_sigmoid(dA, Z, activation, *, reference):
    return reference.activation_backward(dA, Z, "sigmoid")


@misconception(
    "activation_backward",
    rationale="dA goes through unchanged where relu should stop it: entries with Z ≤ 0 get no gradient.",
    help="dZ = dA * (Z > 0).",
)
def relu_stops_nothing(dA, Z, activation, *, reference):
    return dA.copy() if activation == "relu" else reference.activation_backward(dA, Z, activation)


@misconception(
    "activation_backward",
    rationale="dA and the slope are multiplied as matrices; the activation works entry by entry, and so does its "
    "derivative.",
    help="Use * in place of @ or np.dot: dZ = dA * g'(Z).",
)
def matrix_product_with_the_slope(dA, Z, activation, *, reference):
    return dA @ reference.activation_backward(np.ones_like(dA), Z, activation)


@misconception(
    "activation_backward",
    rationale="The mask of relu is returned without dA: 1 where Z is positive, in place of dA there.",
    help="dZ = dA * (Z > 0).",
)
def mask_alone(dA, Z, activation, *, reference):
    if activation == "relu":
        return (Z > 0).astype(float)
    return reference.activation_backward(dA, Z, activation)


@misconception(
    "activation_backward",
    rationale="The derivative of relu is used for sigmoid, too.",
    help='Look at the argument activation: for "sigmoid" dZ = dA * s * (1 - s), with s = sigmoid(Z).',
)
def always_the_slope_of_relu(dA, Z, activation, *, reference):
    return reference.activation_backward(dA, Z, "relu")


@misconception(
    "activation_backward",
    rationale="The sigmoid is taken of dA; its slope belongs to Z, the number that the activation was given.",
    help="s = 1 / (1 + np.exp(-Z)), and then dA * s * (1 - s).",
)
def sigmoid_of_dA(dA, Z, activation, *, reference):
    if activation == "sigmoid":
        return reference.activation_backward(dA, dA, activation)
    return reference.activation_backward(dA, Z, activation)


@misconception(
    "activation_backward",
    rationale="1 - s is not in parentheses: dA * s * 1 - s means (dA * s) - s.",
    help="Write dA * s * (1 - s).",
)
def slope_without_parentheses(dA, Z, activation, *, reference):
    if activation == "sigmoid":
        s = 1 / (1 + np.exp(-Z))
        return dA * s * 1 - s
    return reference.activation_backward(dA, Z, activation)


@misconception(
    "activation_backward",
    rationale="relu stops the wrong entries: dA should pass where Z is positive, and it passes where Z is negative.",
    help="dZ = dA * (Z > 0), or dZ[Z <= 0] = 0 on a copy of dA.",
)
def relu_mask_turned_round(dA, Z, activation, *, reference):
    if activation == "relu":
        return dA * (Z < 0)
    return reference.activation_backward(dA, Z, activation)


# layer_backward


@misconception(
    "layer_backward",
    rationale="The activation is skipped: dA goes into the linear half where dZ belongs.",
    help="First dZ = activation_backward(dA, Z, activation), then affine_backward(dZ, affine_cache).",
)
def activation_skipped(dA, layer_cache, activation, *, reference):
    return reference.affine_backward(dA, layer_cache[0])


@misconception(
    "layer_backward",
    rationale="The order of the results is dW, db, dA_prev; it should be dA_prev, dW, db.",
    help="Return dA_prev first.",
)
def results_in_other_order(dA, layer_cache, activation, *, reference):
    dA_prev, dW, db = reference.layer_backward(dA, layer_cache, activation)
    return dW, db, dA_prev


@misconception(
    "layer_backward",
    rationale="The layer uses the slope of relu whatever the activation is.",
    help="Pass the argument on: activation_backward(dA, Z, activation).",
)
def layer_always_relu_backward(dA, layer_cache, activation, *, reference):
    return reference.layer_backward(dA, layer_cache, "relu")


@misconception(
    "layer_backward",
    rationale="The layer uses the slope of sigmoid whatever the activation is.",
    help="Pass the argument on: activation_backward(dA, Z, activation).",
)
def layer_always_sigmoid_backward(dA, layer_cache, activation, *, reference):
    return reference.layer_backward(dA, layer_cache, "sigmoid")


@misconception(
    "layer_backward",
    rationale="The first result is dZ, of the layer's own units; it should be dA_prev, of the units before.",
    help="Return what affine_backward(dZ, affine_cache) returns.",
)
def dZ_in_place_of_dA_prev(dA, layer_cache, activation, *, reference):
    _, dW, db = reference.layer_backward(dA, layer_cache, activation)
    return reference.activation_backward(dA, layer_cache[1], activation), dW, db


@misconception(
    "layer_backward",
    rationale="dA_prev is right, but the last two results are exchanged: it should be dA_prev, dW, db.",
    help="Return dA_prev, dW, db.",
)
def dW_and_db_exchanged(dA, layer_cache, activation, *, reference):
    dA_prev, dW, db = reference.layer_backward(dA, layer_cache, activation)
    return dA_prev, db, dW


# model_backward


def _backward(AL, Y, caches, reference, *, dAL=None, activation_of=None):
    L = len(caches)
    grads = {}
    dA = -Y / AL + (1 - Y) / (1 - AL) if dAL is None else dAL
    for layer in reversed(range(1, L + 1)):
        activation = (activation_of or _usual)(layer, L)
        dA, grads[f"dW{layer}"], grads[f"db{layer}"] = reference.layer_backward(dA, caches[layer - 1], activation)
    return grads


def _usual(layer, L):
    return "sigmoid" if layer == L else "relu"


@misconception(
    "model_backward",
    rationale="All gradients have the wrong sign: the derivative of the cost by AL starts with the wrong sign.",
    help="dAL = -Y / AL + (1 - Y) / (1 - AL).",
)
def wrong_sign_at_the_end(AL, Y, caches, *, reference):
    return _backward(AL, Y, caches, reference, dAL=Y / AL - (1 - Y) / (1 - AL))


@misconception(
    "model_backward",
    rationale="AL - Y is dZ of the last layer, and is used as dA: the slope of the sigmoid is multiplied in once too "
    "often.",
    help="Either start with dAL = -Y / AL + (1 - Y) / (1 - AL), or use AL - Y as dZ and go on with affine_backward.",
)
def dz_used_as_da(AL, Y, caches, *, reference):
    return _backward(AL, Y, caches, reference, dAL=AL - Y)


@misconception(
    "model_backward",
    rationale="The second part of the derivative of the cost is left out: examples with label 0 send no gradient.",
    help="dAL = -Y / AL + (1 - Y) / (1 - AL).",
)
def only_ones_send_gradients(AL, Y, caches, *, reference):
    return _backward(AL, Y, caches, reference, dAL=-Y / AL)


@misconception(
    "model_backward",
    rationale="Every layer is treated as a sigmoid layer on the way back; the hidden ones use relu.",
    help='Use "sigmoid" for layer L and "relu" for all layers before it.',
)
def sigmoid_all_the_way_back(AL, Y, caches, *, reference):
    return _backward(AL, Y, caches, reference, activation_of=lambda layer, L: "sigmoid")


@misconception(
    "model_backward",
    rationale="Every layer is treated as a relu layer on the way back; the last one uses sigmoid.",
    help='Use "sigmoid" for layer L and "relu" for all layers before it.',
)
def relu_all_the_way_back(AL, Y, caches, *, reference):
    return _backward(AL, Y, caches, reference, activation_of=lambda layer, L: "relu")


@misconception(
    "model_backward",
    rationale="The mean over the examples is taken once more at the end of the network: all gradients are m times "
    "too small.",
    help="1/m belongs into affine_backward, and only there.",
)
def mean_taken_once_more(AL, Y, caches, *, reference):
    return {key: grad / Y.shape[1] for key, grad in reference.model_backward(AL, Y, caches).items()}


@misconception(
    "model_backward",
    rationale="The gradients stand under the wrong names: they are counted from the end of the network.",
    help="The gradient of W1 is dW1: number the layers as in parameters, from 1 at the input.",
)
def layers_counted_backwards(AL, Y, caches, *, reference):
    grads, L = reference.model_backward(AL, Y, caches), len(caches)
    return {f"{key[:2]}{L + 1 - int(key[2:])}": grad for key, grad in grads.items()}


@misconception(
    "model_backward",
    rationale="Both parts of the derivative of the cost have the same sign: the minus stands before their sum, and "
    "belongs to the first part alone.",
    help="dAL = -Y / AL + (1 - Y) / (1 - AL), or -(Y / AL - (1 - Y) / (1 - AL)).",
)
def minus_before_both_parts(AL, Y, caches, *, reference):
    return _backward(AL, Y, caches, reference, dAL=-(Y / AL + (1 - Y) / (1 - AL)))


@misconception(
    "model_backward",
    rationale="Every layer gets the derivative at the end of the network: the dA that a layer returns is not passed on "
    "to the layer before.",
    help="Assign dA = … in the loop, or look up the key of the layer above.",
)
def every_layer_gets_the_end(AL, Y, caches, *, reference):
    dAL = -Y / AL + (1 - Y) / (1 - AL)
    grads = {}
    for layer in reversed(range(1, len(caches) + 1)):
        activation = _usual(layer, len(caches))
        _, grads[f"dW{layer}"], grads[f"db{layer}"] = reference.layer_backward(dAL, caches[layer - 1], activation)
    return grads


@misconception(
    "model_backward",
    rationale="The activations are counted from the wrong end: sigmoid in layer 1, and relu in all others.",
    help='Use "sigmoid" for layer L and "relu" for all layers before it.',
)
def sigmoid_in_the_first_layer_backward(AL, Y, caches, *, reference):
    return _backward(
        AL, Y, caches, reference, activation_of=lambda layer, L: "sigmoid" if layer == 1 < L or L == 1 else "relu"
    )


# update_parameters


@misconception(
    "update_parameters",
    rationale="The step goes up the gradient: the learning rate times the gradient is added, and should be subtracted.",
    help="W - learning_rate * dW.",
)
def ascent(parameters, grads, learning_rate):
    return {key: value + learning_rate * grads[f"d{key}"] for key, value in parameters.items()}


@misconception(
    "update_parameters",
    rationale="The new parameters are the step alone, learning_rate * gradient; it should be subtracted from the old "
    "ones.",
    help="W - learning_rate * dW.",
)
def step_instead_of_parameters(parameters, grads, learning_rate):
    return {key: learning_rate * grads[f"d{key}"] for key in parameters}


@misconception(
    "update_parameters",
    rationale="The learning rate is not used: the whole gradient is subtracted.",
    help="W - learning_rate * dW.",
)
def learning_rate_ignored(parameters, grads, learning_rate):
    return {key: value - grads[f"d{key}"] for key, value in parameters.items()}


@misconception(
    "update_parameters",
    rationale="Only the weights are updated; the biases stay as they are.",
    help="Update b with db as well.",
)
def biases_not_updated(parameters, grads, learning_rate, *, reference):
    updated = reference.update_parameters(parameters, grads, learning_rate)
    return {key: updated[key] if key.startswith("W") else parameters[key] for key in parameters}


@misconception(
    "update_parameters",
    rationale="The last layer is not updated.",
    help="Let the layer run from 1 to L: range(1, L + 1).",
)
def last_layer_not_updated(parameters, grads, learning_rate, *, reference):
    updated, L = reference.update_parameters(parameters, grads, learning_rate), len(parameters) // 2
    return {key: parameters[key] if key.endswith(str(L)) else updated[key] for key in parameters}


@misconception(
    "update_parameters",
    rationale="Nothing is updated: the parameters come back as they were.",
    help="Return the new values W - learning_rate * dW.",
)
def nothing_updated(parameters, grads, learning_rate):
    return dict(parameters)


@misconception(
    "update_parameters",
    rationale="The first layer is not updated.",
    help="Let the layer run from 1 to L: range(1, L + 1).",
)
def first_layer_not_updated(parameters, grads, learning_rate, *, reference):
    updated = reference.update_parameters(parameters, grads, learning_rate)
    return {key: parameters[key] if key[1:] == "1" else updated[key] for key in parameters}


@misconception(
    "update_parameters",
    rationale="Only the biases are updated; the weights stay as they are.",
    help="Update W with dW as well.",
)
def weights_not_updated(parameters, grads, learning_rate, *, reference):
    updated = reference.update_parameters(parameters, grads, learning_rate)
    return {key: updated[key] if key.startswith("b") else parameters[key] for key in parameters}


@misconception(
    "update_parameters",
    rationale="The terms are exchanged: the parameters are subtracted from the step.",
    help="W - learning_rate * dW.",
)
def parameters_subtracted_from_step(parameters, grads, learning_rate):
    return {key: learning_rate * grads[f"d{key}"] - value for key, value in parameters.items()}


# fit


@misconception(
    "fit",
    rationale="The parameters are initialized anew in every iteration, so that nothing learned is kept.",
    help="Initialize once, before the loop.",
)
def initialized_in_every_iteration(X, Y, layer_dims, learning_rate, iterations, rng, *, reference):
    costs = []
    for _ in range(iterations):
        parameters, cost = reference.fit(X, Y, layer_dims, learning_rate, 1, rng)
        costs += cost
    return parameters, costs


@misconception(
    "fit",
    rationale="The updated parameters are thrown away: every iteration starts from the first ones.",
    help="Assign the result: parameters = update_parameters(…).",
)
def update_thrown_away(X, Y, layer_dims, learning_rate, iterations, rng, *, reference):
    parameters = reference.initialize_parameters(layer_dims, rng)
    AL, _ = reference.model_forward(X, parameters)
    return parameters, [reference.cross_entropy_cost(AL, Y)] * iterations


@misconception(
    "fit",
    rationale="Training ends after one step, whatever the number of iterations is.",
    help="Check that `return` stands behind the loop, not in it.",
)
def one_step_only(X, Y, layer_dims, learning_rate, iterations, rng, *, reference):
    return reference.fit(X, Y, layer_dims, learning_rate, 1, rng)


@misconception(
    "fit",
    rationale="The gradients are computed once, before the loop, and used again in every step.",
    help="Go forward and backward in every iteration, with the current parameters.",
)
def gradients_computed_once(X, Y, layer_dims, learning_rate, iterations, rng, *, reference):
    parameters = reference.initialize_parameters(layer_dims, rng)
    AL, caches = reference.model_forward(X, parameters)
    grads = reference.model_backward(AL, Y, caches)
    costs = []
    for _ in range(iterations):
        costs.append(reference.cross_entropy_cost(reference.model_forward(X, parameters)[0], Y))
        parameters = reference.update_parameters(parameters, grads, learning_rate)
    return parameters, costs


# predict


@misconception(
    "predict",
    rationale="The probabilities are returned as they are; the answer is 1 where they are above 0.5, and 0 elsewhere.",
    help="Return (AL > 0.5).astype(int).",
)
def probabilities_returned(parameters, X, *, reference):
    return reference.model_forward(X, parameters)[0]


@misconception(
    "predict",
    rationale="The answers are exchanged: 1 where the probability is below one half.",
    help="Return (AL > 0.5).astype(int).",
)
def answers_exchanged(parameters, X, *, reference):
    return 1 - reference.predict(parameters, X)


@misconception(
    "predict",
    rationale="Every example gets the answer 1: a probability is always above 0. The threshold is 0.5.",
    help="Return (AL > 0.5).astype(int).",
)
def threshold_of_zero(parameters, X, *, reference):
    return (reference.model_forward(X, parameters)[0] > 0).astype(int)


@misconception(
    "predict",
    rationale="np.argmax finds the largest entry of each column, and a column has only one: every answer is 0.",
    help="argmax is for several classes. With one output unit compare with 0.5: (AL > 0.5).astype(int).",
)
def argmax_of_one_row(parameters, X, *, reference):
    return np.argmax(reference.model_forward(X, parameters)[0], axis=0)


@misconception(
    "predict",
    rationale="The answers are right, but have one dimension only: their shape should be (1, m).",
    help="Leave AL in its shape: (AL > 0.5).astype(int), without np.squeeze or flatten.",
)
def flat_answers(parameters, X, *, reference):
    return reference.predict(parameters, X).ravel()


@misconception(
    "predict",
    rationale="The answers are -1 and 1; they should be 0 and 1, as in Y.",
    help="Return (AL > 0.5).astype(int).",
)
def minus_one_for_zero(parameters, X, *, reference):
    return 2 * reference.predict(parameters, X) - 1


# dicts in which keys are missing or misnamed: nothing else explains those


@misconception(
    "parameter_shapes",
    rationale="The last layer is missing: layer_dims counts the input, too, so a list of L + 1 sizes makes L layers.",
    help="Let the layer run from 1 to len(layer_dims) - 1: range(1, len(layer_dims)).",
)
def last_layer_forgotten(layer_dims, *, reference):
    return reference.parameter_shapes(layer_dims[:-1])


@misconception(
    "parameter_shapes",
    rationale="There are two layers whatever the network is: W1, b1, W2 and b2 are written out by hand.",
    help="Use a loop over the layers: for layer in range(1, len(layer_dims)).",
)
def shapes_of_two_layers_only(layer_dims, *, reference):
    shapes = reference.parameter_shapes(layer_dims)
    return {key: shapes[key] for key in ("W1", "b1", "W2", "b2")}


@misconception(
    "parameter_shapes",
    rationale="The layers are counted from 0; the first layer is layer 1, with W1 and b1.",
    help='Let the layer run from 1 to L: range(1, len(layer_dims)), and name it f"W{layer}".',
)
def layers_counted_from_zero(layer_dims, *, reference):
    shapes = reference.parameter_shapes(layer_dims)
    return {f"{key[0]}{int(key[1:]) - 1}": shape for key, shape in shapes.items()}


@misconception(
    "model_backward",
    rationale="The first layer has no gradients: the loop ends one layer too early.",
    help="Go on to layer 1: reversed(range(1, L + 1)), or reversed(range(L - 1)) for the layers before the last.",
)
def first_layer_without_gradients(AL, Y, caches, *, reference):
    grads = reference.model_backward(AL, Y, caches)
    return {key: grad for key, grad in grads.items() if key[2:] != "1"}


@misconception(
    "model_backward",
    rationale="The last layer has no gradients.",
    help="Start with layer L, the sigmoid: its gradients are dWL and dbL.",
)
def last_layer_without_gradients(AL, Y, caches, *, reference):
    grads = reference.model_backward(AL, Y, caches)
    return {key: grad for key, grad in grads.items() if key[2:] != str(len(caches))}


@misconception(
    "model_backward",
    rationale="The gradients are counted from 0: dW0 stands where dW1 should.",
    help='Lists count from 0, layers from 1: caches[layer - 1] belongs to f"dW{layer}".',
)
def gradients_counted_from_zero(AL, Y, caches, *, reference):
    grads = reference.model_backward(AL, Y, caches)
    return {f"{key[:2]}{int(key[2:]) - 1}": grad for key, grad in grads.items()}


@misconception(
    "model_backward",
    rationale="The gradients stand under the names of the parameters; they are called dW1, db1, …",
    help='Write grads[f"dW{layer}"] = dW.',
)
def gradients_named_like_parameters(AL, Y, caches, *, reference):
    return {key[1:]: grad for key, grad in reference.model_backward(AL, Y, caches).items()}


@misconception(
    "update_parameters",
    rationale="There are two layers whatever the network is: W1, b1, W2 and b2 are written out by hand.",
    help="Use a loop over the layers: L = len(parameters) // 2 is their number.",
)
def update_of_two_layers_only(parameters, grads, learning_rate, *, reference):
    updated = reference.update_parameters(parameters, grads, learning_rate)
    return {key: updated[key] for key in ("W1", "b1", "W2", "b2")}


@misconception(
    "update_parameters",
    rationale="The new values stand under the names of the gradients, dW1, db1, …",
    help='The keys of the result are those of parameters: "W1", "b1", …',
)
def new_values_named_like_gradients(parameters, grads, learning_rate, *, reference):
    updated = reference.update_parameters(parameters, grads, learning_rate)
    return {f"d{key}": value for key, value in updated.items()}
