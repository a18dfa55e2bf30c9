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
    rationale="The last layer is missing: layer_dims counts the input, too, so a list of L + 1 sizes makes L layers.",
    help="Let the layer run from 1 to len(layer_dims) - 1: range(1, len(layer_dims)).",
)
def last_layer_forgotten(layer_dims, *, reference):
    return reference.parameter_shapes(layer_dims[:-1])


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
