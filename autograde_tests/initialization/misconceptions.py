"""Known wrong ideas about initialization.

Each function answers as a learner with that idea would. Ideas about random weights draw from rng as most people would,
layer after layer, so that they can be told from their very numbers; other draws are named by their distribution, in the
tests. Mistakes that raise (products of shapes that do not fit) give no value to recognise; the exception is explained
where it is reported. A dict without its last layer is named in the tests, too.
"""

import itertools

import numpy as np

from grader.checks import misconception


def _layers(layer_dims):
    """(layer, n_prev, n) for every layer."""
    return [(layer, *sizes) for layer, sizes in enumerate(itertools.pairwise(layer_dims), start=1)]


def _network(layer_dims, weights):
    """Parameters with zero biases, and with weights(n, n_prev) for every layer in turn."""
    parameters = {}
    for layer, n_prev, n in _layers(layer_dims):
        parameters[f"W{layer}"] = weights(n, n_prev)
        parameters[f"b{layer}"] = np.zeros((n, 1))
    return parameters


def _with_biases(parameters, bias):
    """`parameters` with bias(b) in place of every b, and with the weights as they are."""
    return {name: bias(value) if name.startswith("b") else value for name, value in parameters.items()}


# zeros


@misconception(
    "zeros",
    rationale="The weights have their sizes exchanged: W of layer l has a row for each of its own units and a column "
    "for each unit of the layer before.",
    help="np.zeros((layer_dims[l], layer_dims[l - 1])).",
)
def zeros_transposed(layer_dims):
    return _network(layer_dims, lambda n, n_prev: np.zeros((n_prev, n)))


@misconception(
    "zeros",
    rationale="The biases have one dimension only: a bias is a column, of shape (n, 1).",
    help="Write np.zeros((n, 1)), with two pairs of parentheses.",
)
def zeros_flat_biases(layer_dims, *, reference):
    return _with_biases(reference.zeros(layer_dims), np.ravel)


@misconception(
    "zeros",
    rationale="The biases are rows, (1, n): a bias is a column, with one entry for every unit of its layer.",
    help="np.zeros((n, 1)).",
)
def zeros_biases_as_rows(layer_dims, *, reference):
    return _with_biases(reference.zeros(layer_dims), np.transpose)


@misconception(
    "zeros",
    rationale="The biases have an entry for every unit of the layer *before*; a bias belongs to the units of its own "
    "layer.",
    help="b{l} has shape (n_l, 1): as many rows as W{l}.",
)
def zeros_biases_of_the_layer_before(layer_dims, *, reference):
    biases = {f"b{layer}": np.zeros((n_prev, 1)) for layer, n_prev, _ in _layers(layer_dims)}
    return reference.zeros(layer_dims) | biases


@misconception(
    "zeros",
    rationale="The arrays are filled with ones; zeros were asked for.",
    help="np.zeros(shape).",
)
def zeros_as_ones(layer_dims, *, reference):
    return {name: value + 1 for name, value in reference.zeros(layer_dims).items()}


@misconception(
    "zeros",
    rationale="The biases are ones; they are zero, too.",
    help="np.zeros((n, 1)) for the biases as well.",
)
def zeros_with_biases_of_one(layer_dims, *, reference):
    return _with_biases(reference.zeros(layer_dims), lambda b: b + 1)


@misconception(
    "zeros",
    rationale="The layers are counted from 0; the first one is W1, and its shape comes from n_0 and n_1.",
    help='Let the layer run from 1 to L, and use layer_dims[layer - 1] for the layer before: parameters[f"W{layer}"].',
)
def zeros_counted_from_zero(layer_dims, *, reference):
    return {f"{name[0]}{int(name[1:]) - 1}": value for name, value in reference.zeros(layer_dims).items()}


# scaled_normal


@misconception(
    "scaled_normal",
    rationale="The weights are drawn uniformly from [0, 1), so that none is negative. The notes write np.random.rand "
    "here, and that is a slip: the draws lie around 0.",
    help="Use rng.standard_normal((n, n_prev)) * scale.",
)
def scaled_normal_never_negative(layer_dims, scale, rng):
    return _network(layer_dims, lambda n, n_prev: rng.random((n, n_prev)) * scale)


@misconception(
    "scaled_normal",
    rationale="The weights are drawn uniformly between -scale and scale; that has the standard deviation "
    "scale / sqrt(3).",
    help="Use rng.standard_normal((n, n_prev)) * scale, or the limit np.sqrt(3) * scale for uniform draws.",
)
def scaled_normal_scale_as_limit(layer_dims, scale, rng):
    return _network(layer_dims, lambda n, n_prev: rng.uniform(-scale, scale, (n, n_prev)))


@misconception(
    "scaled_normal",
    rationale="The factor scale is missing: the weights have the standard deviation 1.",
    help="Multiply the draws by scale.",
)
def scaled_normal_scale_forgotten(layer_dims, scale, rng):
    return _network(layer_dims, lambda n, n_prev: rng.standard_normal((n, n_prev)))


@misconception(
    "scaled_normal",
    rationale="The factor is always 0.01; the argument scale is not used.",
    help="Multiply the draws by scale.",
)
def scaled_normal_scale_ignored(layer_dims, scale, rng):
    return _network(layer_dims, lambda n, n_prev: rng.standard_normal((n, n_prev)) * 0.01)


@misconception(
    "scaled_normal",
    rationale="scale is taken for the variance: its root is the factor. scale is the standard deviation itself.",
    help="Multiply by scale, without the root.",
)
def scaled_normal_root_of_scale(layer_dims, scale, rng):
    return _network(layer_dims, lambda n, n_prev: rng.standard_normal((n, n_prev)) * np.sqrt(scale))


@misconception(
    "scaled_normal",
    rationale="The factor is the square of scale, which would be the variance; rng.normal, too, takes the standard "
    "deviation.",
    help="Use rng.standard_normal((n, n_prev)) * scale, or rng.normal(0, scale, (n, n_prev)).",
)
def scaled_normal_square_of_scale(layer_dims, scale, rng):
    return _network(layer_dims, lambda n, n_prev: rng.normal(0, scale**2, (n, n_prev)))


@misconception(
    "scaled_normal",
    rationale="The draws are divided by scale.",
    help="Multiply by scale: a small scale gives small weights.",
)
def scaled_normal_divided_by_scale(layer_dims, scale, rng):
    return _network(layer_dims, lambda n, n_prev: rng.standard_normal((n, n_prev)) / scale)


@misconception(
    "scaled_normal",
    rationale="scale is the mean of the draws, and their standard deviation is 1: the first argument of rng.normal is "
    "the mean.",
    help="Use rng.normal(0, scale, (n, n_prev)), or rng.standard_normal((n, n_prev)) * scale.",
)
def scaled_normal_scale_as_mean(layer_dims, scale, rng):
    return _network(layer_dims, lambda n, n_prev: rng.normal(scale, size=(n, n_prev)))


@misconception(
    "scaled_normal",
    rationale="The draws are divided by the root of the number of inputs as well, as in Xavier initialization; here "
    "they are multiplied by scale alone.",
    help="Use rng.standard_normal((n, n_prev)) * scale.",
)
def scaled_normal_xavier_as_well(layer_dims, scale, rng):
    return _network(layer_dims, lambda n, n_prev: rng.standard_normal((n, n_prev)) * scale / np.sqrt(n_prev))


@misconception(
    "scaled_normal",
    rationale="All weights are equal to scale, none is drawn: all units of a layer would compute, and learn, the same.",
    help="Use rng.standard_normal((n, n_prev)) * scale.",
)
def scaled_normal_all_equal(layer_dims, scale, rng):
    return _network(layer_dims, lambda n, n_prev: np.full((n, n_prev), scale))


# xavier


@misconception(
    "xavier",
    rationale="The factor is 1 / n, the variance; the standard deviation is its square root.",
    help="Write np.sqrt(1 / n_prev).",
)
def xavier_variance_as_factor(layer_dims, rng):
    return _network(layer_dims, lambda n, n_prev: rng.standard_normal((n, n_prev)) / n_prev)


@misconception(
    "xavier",
    rationale="The factor is sqrt(2 / n): that is He initialization, which makes up for relu. tanh needs sqrt(1 / n).",
    help="Write np.sqrt(1 / n_prev).",
)
def xavier_he_instead(layer_dims, rng):
    return _network(layer_dims, lambda n, n_prev: rng.standard_normal((n, n_prev)) * np.sqrt(2 / n_prev))


@misconception(
    "xavier",
    rationale="The factor is that of Glorot initialization, which counts the units on both sides. (Some call that one "
    "Xavier, after the same author; here the inputs alone count.)",
    help="Write np.sqrt(1 / n_prev).",
)
def xavier_glorot_instead(layer_dims, rng):
    return _network(layer_dims, lambda n, n_prev: rng.standard_normal((n, n_prev)) * np.sqrt(2 / (n_prev + n)))


@misconception(
    "xavier",
    rationale="sqrt(1 / n) is used as the limit of uniform draws. Their standard deviation is limit / sqrt(3), so the "
    "weights are too small.",
    help="Use rng.standard_normal((n, n_prev)) * np.sqrt(1 / n_prev), or the limit np.sqrt(3 / n_prev).",
)
def xavier_std_as_limit(layer_dims, rng):
    def weights(n, n_prev):
        limit = np.sqrt(1 / n_prev)
        return rng.uniform(-limit, limit, (n, n_prev))

    return _network(layer_dims, weights)


@misconception(
    "xavier",
    rationale="sqrt(3 / n) is a limit for uniform draws, and is used here as the standard deviation of normal ones.",
    help="Write rng.standard_normal((n, n_prev)) * np.sqrt(1 / n_prev).",
)
def xavier_limit_as_std(layer_dims, rng):
    return _network(layer_dims, lambda n, n_prev: rng.standard_normal((n, n_prev)) * np.sqrt(3 / n_prev))


@misconception(
    "xavier",
    rationale="The draws are multiplied by sqrt(n), and should be divided by it: the more inputs are added up, the "
    "smaller their weights.",
    help="Write np.sqrt(1 / n_prev).",
)
def xavier_multiplied_by_root(layer_dims, rng):
    return _network(layer_dims, lambda n, n_prev: rng.standard_normal((n, n_prev)) * np.sqrt(n_prev))


# glorot


@misconception(
    "glorot",
    rationale="The factor is 2 / sqrt(n_prev + n): the root belongs over the whole fraction.",
    help="Write np.sqrt(2 / (n_prev + n)).",
)
def glorot_root_of_denominator_only(layer_dims, rng):
    return _network(layer_dims, lambda n, n_prev: rng.standard_normal((n, n_prev)) * 2 / np.sqrt(n_prev + n))


@misconception(
    "glorot",
    rationale="The factor is 2 / (n_prev + n), the variance; the standard deviation is its square root.",
    help="Write np.sqrt(2 / (n_prev + n)).",
)
def glorot_variance_as_factor(layer_dims, rng):
    return _network(layer_dims, lambda n, n_prev: rng.standard_normal((n, n_prev)) * 2 / (n_prev + n))


@misconception(
    "glorot",
    rationale="The factor is sqrt(1 / (n_prev + n)): the 2 is missing. The *mean* of both sizes takes the place of n.",
    help="Write np.sqrt(2 / (n_prev + n)).",
)
def glorot_without_the_two(layer_dims, rng):
    return _network(layer_dims, lambda n, n_prev: rng.standard_normal((n, n_prev)) * np.sqrt(1 / (n_prev + n)))


@misconception(
    "glorot",
    rationale="sqrt(6 / (n_prev + n)) is the limit of uniform draws, and is used here as the standard deviation of "
    "normal ones.",
    help="Write rng.standard_normal((n, n_prev)) * np.sqrt(2 / (n_prev + n)).",
)
def glorot_limit_as_std(layer_dims, rng):
    return _network(layer_dims, lambda n, n_prev: rng.standard_normal((n, n_prev)) * np.sqrt(6 / (n_prev + n)))


@misconception(
    "glorot",
    rationale="sqrt(2 / (n_prev + n)) is used as the limit of uniform draws. Their standard deviation is "
    "limit / sqrt(3), so the weights are too small.",
    help="Use rng.standard_normal((n, n_prev)) * np.sqrt(2 / (n_prev + n)), or the limit np.sqrt(6 / (n_prev + n)).",
)
def glorot_std_as_limit(layer_dims, rng):
    def weights(n, n_prev):
        limit = np.sqrt(2 / (n_prev + n))
        return rng.uniform(-limit, limit, (n, n_prev))

    return _network(layer_dims, weights)


@misconception(
    "glorot",
    rationale="The factor is sqrt(2 / n_prev), He initialization: the sum with the units of the layer itself is "
    "missing.",
    help="Write np.sqrt(2 / (n_prev + n)).",
)
def glorot_without_the_sum(layer_dims, rng):
    return _network(layer_dims, lambda n, n_prev: rng.standard_normal((n, n_prev)) * np.sqrt(2 / n_prev))


@misconception(
    "glorot",
    rationale="The factor is sqrt(1 / n_prev), Xavier initialization: the units of the layer itself do not enter.",
    help="Write np.sqrt(2 / (n_prev + n)).",
)
def glorot_xavier_instead(layer_dims, rng):
    return _network(layer_dims, lambda n, n_prev: rng.standard_normal((n, n_prev)) * np.sqrt(1 / n_prev))


@misconception(
    "glorot",
    rationale="The parentheses around the sum are missing: 2 / n_prev + n means (2 / n_prev) + n.",
    help="Write np.sqrt(2 / (n_prev + n)).",
)
def glorot_without_parentheses(layer_dims, rng):
    return _network(layer_dims, lambda n, n_prev: rng.standard_normal((n, n_prev)) * np.sqrt(2 / n_prev + n))


@misconception(
    "glorot",
    rationale="The sizes are multiplied under the root; they should be added.",
    help="Write np.sqrt(2 / (n_prev + n)).",
)
def glorot_product_of_sizes(layer_dims, rng):
    return _network(layer_dims, lambda n, n_prev: rng.standard_normal((n, n_prev)) * np.sqrt(2 / (n_prev * n)))


@misconception(
    "glorot",
    rationale="The factor counts the units of the layer itself alone; the sum with those of the layer before belongs "
    "under the root.",
    help="Write np.sqrt(2 / (n_prev + n)).",
)
def glorot_fan_out_only(layer_dims, rng):
    return _network(layer_dims, lambda n, n_prev: rng.standard_normal((n, n_prev)) * np.sqrt(2 / n))


# he


@misconception(
    "he",
    rationale="The factor is 2 / sqrt(n): the root belongs over the whole fraction.",
    help="Write np.sqrt(2 / n_prev).",
)
def he_root_of_denominator_only(layer_dims, rng):
    return _network(layer_dims, lambda n, n_prev: rng.standard_normal((n, n_prev)) * 2 / np.sqrt(n_prev))


@misconception(
    "he",
    rationale="The factor is sqrt(2) / n: the root belongs over the whole fraction.",
    help="Write np.sqrt(2 / n_prev).",
)
def he_root_of_numerator_only(layer_dims, rng):
    return _network(layer_dims, lambda n, n_prev: rng.standard_normal((n, n_prev)) * np.sqrt(2) / n_prev)


@misconception(
    "he",
    rationale="The factor is 2 / n, the variance; the standard deviation is its square root.",
    help="Write np.sqrt(2 / n_prev).",
)
def he_variance_as_factor(layer_dims, rng):
    return _network(layer_dims, lambda n, n_prev: rng.standard_normal((n, n_prev)) * 2 / n_prev)


@misconception(
    "he",
    rationale="The factor is sqrt(1 / n): that is Xavier initialization, which suits tanh. Relu sets half of the "
    "signals to zero, and needs sqrt(2 / n).",
    help="Write np.sqrt(2 / n_prev).",
)
def he_xavier_instead(layer_dims, rng):
    return _network(layer_dims, lambda n, n_prev: rng.standard_normal((n, n_prev)) * np.sqrt(1 / n_prev))


@misconception(
    "he",
    rationale="The factor is that of Glorot initialization, which counts the units on both sides.",
    help="Write np.sqrt(2 / n_prev), without the units of the layer itself.",
)
def he_glorot_instead(layer_dims, rng):
    return _network(layer_dims, lambda n, n_prev: rng.standard_normal((n, n_prev)) * np.sqrt(2 / (n_prev + n)))


@misconception(
    "he",
    rationale="sqrt(2 / n) is used as the limit of uniform draws. Their standard deviation is limit / sqrt(3), so the "
    "weights are too small.",
    help="Use rng.standard_normal((n, n_prev)) * np.sqrt(2 / n_prev), or the limit np.sqrt(6 / n_prev).",
)
def he_std_as_limit(layer_dims, rng):
    def weights(n, n_prev):
        limit = np.sqrt(2 / n_prev)
        return rng.uniform(-limit, limit, (n, n_prev))

    return _network(layer_dims, weights)


@misconception(
    "he",
    rationale="sqrt(6 / n) is the limit of uniform draws, and is used here as the standard deviation of normal ones.",
    help="Write rng.standard_normal((n, n_prev)) * np.sqrt(2 / n_prev).",
)
def he_limit_as_std(layer_dims, rng):
    return _network(layer_dims, lambda n, n_prev: rng.standard_normal((n, n_prev)) * np.sqrt(6 / n_prev))


# What goes wrong in all random initializations alike

# Each as its factor is written in Python, and how large that is. That of scaled_normal is its argument.
_FACTORS = {
    "scaled_normal": ("scale", None),
    "xavier": ("np.sqrt(1 / n_prev)", lambda n, n_prev: np.sqrt(1 / n_prev)),
    "glorot": ("np.sqrt(2 / (n_prev + n))", lambda n, n_prev: np.sqrt(2 / (n_prev + n))),
    "he": ("np.sqrt(2 / n_prev)", lambda n, n_prev: np.sqrt(2 / n_prev)),
}


def _in(*exercises, rationale, help):
    """Mark an idea as a misconception of several random initializations.

    The idea takes layer_dims, rng, and the right factor as a function of n and n_prev. Its key begins with the name of
    the exercise. {factor} in help stands for the factor as it is written in Python.
    """

    def mark(idea):
        for exercise in exercises:
            text, factor = _FACTORS[exercise]
            key = f"{exercise}_{idea.__name__}"
            said = misconception(exercise, key=key, rationale=rationale, help=help.replace("{factor}", text))
            globals()[key] = said(_as_exercise(idea, factor))
        return idea

    return mark


def _as_exercise(idea, factor):
    """`idea` with the signature of its exercise."""
    if factor is None:
        return lambda layer_dims, scale, rng: idea(layer_dims, rng, lambda n, n_prev: scale)
    return lambda layer_dims, rng: idea(layer_dims, rng, factor)


@_in(
    "xavier",
    "glorot",
    "he",
    rationale="The weights are drawn uniformly from [0, 1), so that none is negative. The notes write "
    "np.random.rand(shape) * sqrt(…) here, and that is a slip: the draws lie around 0.",
    help="Use rng.standard_normal((n, n_prev)) * {factor}.",
)
def never_negative(layer_dims, rng, factor):
    return _network(layer_dims, lambda n, n_prev: rng.random((n, n_prev)) * factor(n, n_prev))


@_in(
    "xavier",
    "glorot",
    "he",
    rationale="The weights are scaled by 0.01 in every layer: in a deep network the signals would vanish.",
    help="Multiply the draws by {factor}.",
)
def fixed_small_factor(layer_dims, rng, factor):
    return _network(layer_dims, lambda n, n_prev: rng.standard_normal((n, n_prev)) * 0.01)


@_in(
    "xavier",
    "glorot",
    "he",
    rationale="The factor is missing: the weights have the standard deviation 1, and the signals would explode.",
    help="Multiply the draws by {factor}.",
)
def factor_forgotten(layer_dims, rng, factor):
    return _network(layer_dims, lambda n, n_prev: rng.standard_normal((n, n_prev)))


@_in(
    "xavier",
    "glorot",
    "he",
    rationale="The weights are multiplied by 10, the factor of the bad example: the signals would explode.",
    help="Multiply the draws by {factor}.",
)
def fixed_large_factor(layer_dims, rng, factor):
    return _network(layer_dims, lambda n, n_prev: rng.standard_normal((n, n_prev)) * 10)


@_in(
    "xavier",
    "he",
    rationale="The factor counts the units of the layer itself (fan-out); what matters is how many inputs are added "
    "up, the units of the layer before (fan-in).",
    help="n_prev in {factor} is layer_dims[l - 1], the number of columns of W{l}.",
)
def fan_out_for_fan_in(layer_dims, rng, factor):
    return _network(layer_dims, lambda n, n_prev: rng.standard_normal((n, n_prev)) * factor(n_prev, n))


@_in(
    "xavier",
    "he",
    rationale="The factor counts the inputs of the whole network, n_0, in every layer; each layer has inputs of its "
    "own.",
    help="n_prev in {factor} is layer_dims[l - 1], the number of columns of W{l}.",
)
def first_size_for_all_layers(layer_dims, rng, factor):
    return _network(layer_dims, lambda n, n_prev: rng.standard_normal((n, n_prev)) * factor(n, layer_dims[0]))


@_in(
    *_FACTORS,
    rationale="The weights are transposed: W of layer l has a row for each of its own units and a column for each unit "
    "of the layer before.",
    help="W{l} has shape (n_l, n_{l-1}): rng.standard_normal((n, n_prev)).",
)
def transposed(layer_dims, rng, factor):
    return _network(layer_dims, lambda n, n_prev: rng.standard_normal((n_prev, n)) * factor(n, n_prev))


@_in(
    *_FACTORS,
    rationale="Every layer starts from the same random numbers: a generator is made anew, or its seed set again, for "
    "each layer.",
    help="Draw all layers from the rng that is passed in, one after the other.",
)
def same_draws_in_every_layer(layer_dims, rng, factor):
    seed = int(rng.integers(1 << 31))
    return _network(
        layer_dims, lambda n, n_prev: np.random.default_rng(seed).standard_normal((n, n_prev)) * factor(n, n_prev)
    )


@_in(
    *_FACTORS,
    rationale="The numbers come from a generator with a seed of its own; the argument rng is not used.",
    help="Draw from rng, and create no generator inside.",
)
def own_generator(layer_dims, rng, factor):
    own = np.random.default_rng(3)
    return _network(layer_dims, lambda n, n_prev: own.standard_normal((n, n_prev)) * factor(n, n_prev))


@_in(
    *_FACTORS,
    rationale="All units of a layer start alike: one row is drawn and repeated, so that they get the same gradient and "
    "stay alike for ever.",
    help="Draw a whole matrix: rng.standard_normal((n, n_prev)).",
)
def one_row_for_all_units(layer_dims, rng, factor):
    return _network(layer_dims, lambda n, n_prev: np.tile(rng.standard_normal((1, n_prev)), (n, 1)) * factor(n, n_prev))


@_in(
    *_FACTORS,
    rationale="All weights are zero: all units of a layer would compute, and learn, the same.",
    help="Draw the weights, rng.standard_normal((n, n_prev)) * {factor}; only biases start at zero.",
)
def weights_of_zero(layer_dims, rng, factor):
    return _network(layer_dims, lambda n, n_prev: np.zeros((n, n_prev)))


@_in(
    *_FACTORS,
    rationale="The biases have one dimension only: a bias is a column, of shape (n, 1).",
    help="Write np.zeros((n, 1)), with two pairs of parentheses.",
)
def flat_biases(layer_dims, rng, factor):
    return _with_biases(_right(layer_dims, rng, factor), np.ravel)


@_in(
    *_FACTORS,
    rationale="The biases are ones; they start at zero.",
    help="Write np.zeros((n, 1)).",
)
def biases_of_one(layer_dims, rng, factor):
    return _with_biases(_right(layer_dims, rng, factor), lambda b: b + 1)


@_in(
    *_FACTORS,
    rationale="The biases are drawn at random, too; they start at zero. Only weights must differ from unit to unit.",
    help="Write np.zeros((n, 1)).",
)
def biases_drawn_too(layer_dims, rng, factor):
    parameters = {}
    for layer, n_prev, n in _layers(layer_dims):
        parameters[f"W{layer}"] = rng.standard_normal((n, n_prev)) * factor(n, n_prev)
        parameters[f"b{layer}"] = rng.standard_normal((n, 1)) * factor(n, n_prev)
    return parameters


def _right(layer_dims, rng, factor):
    return _network(layer_dims, lambda n, n_prev: rng.standard_normal((n, n_prev)) * factor(n, n_prev))


# hidden_units_identical


@misconception(
    "hidden_units_identical",
    rationale="The columns are compared; the weights of a unit are a row of W.",
    help="Compare every row with the first one: W == W[0].",
)
def columns_compared(W):
    return bool(np.allclose(W, W[:, :1]))


@misconception(
    "hidden_units_identical",
    rationale="All entries of W are compared with one number; the weights of one unit may differ from each other, only "
    "the rows must be equal.",
    help="Compare whole rows: np.all(W == W[0]), not W[0, 0].",
)
def all_entries_compared(W):
    return bool(np.allclose(W, W[0, 0]))


@misconception(
    "hidden_units_identical",
    rationale="The answer is True as soon as two rows are equal; all of them should be.",
    help="Compare every row with the first one: np.all(W == W[0]).",
)
def two_rows_suffice(W):
    return any(np.allclose(one, other) for one, other in itertools.combinations(W, 2))


@misconception(
    "hidden_units_identical",
    rationale="Only the first two rows are compared.",
    help="Compare every row with the first one: np.all(W == W[0]).",
)
def first_two_rows_only(W):
    return bool(np.allclose(W[0], W[1]))


@misconception(
    "hidden_units_identical",
    rationale="Only the first row and the last one are compared.",
    help="Compare every row with the first one: np.all(W == W[0]).",
)
def first_and_last_row_only(W):
    return bool(np.allclose(W[0], W[-1]))


@misconception(
    "hidden_units_identical",
    rationale="The sums (or means) of the rows are compared: different rows can have one sum.",
    help="Compare the rows entry by entry: np.all(W == W[0]).",
)
def sums_of_rows_compared(W):
    sums = W.sum(axis=1)
    return bool(np.allclose(sums, sums[0]))


@misconception(
    "hidden_units_identical",
    rationale="The norms of the rows are compared: different rows can be equally long.",
    help="Compare the rows entry by entry: np.all(W == W[0]).",
)
def norms_of_rows_compared(W):
    norms = np.linalg.norm(W, axis=1)
    return bool(np.allclose(norms, norms[0]))


@misconception(
    "hidden_units_identical",
    rationale="The rank of W is 1 whenever its rows are multiples of each other; they need not be equal.",
    help="Compare the rows entry by entry: np.all(W == W[0]).",
)
def rank_of_one(W):
    return bool(np.linalg.matrix_rank(W) <= 1)


@misconception(
    "hidden_units_identical",
    rationale="W is compared with its transpose. That is another kind of symmetry; here the rows should be equal to "
    "each other.",
    help="Compare every row with the first one: np.all(W == W[0]).",
)
def symmetric_matrix(W):
    return bool(np.array_equal(W, W.T))


@misconception(
    "hidden_units_identical",
    rationale="np.any asks whether some entry is equal, and one always is: the first row is compared with itself, too.",
    help="Use np.all.",
)
def any_for_all(W):
    return bool(np.any(np.equal(W, W[0])))


@misconception(
    "hidden_units_identical",
    rationale="The answers are exchanged: True where the rows differ.",
    help="Return True when all rows are equal.",
)
def answer_exchanged(W, *, reference):
    return not reference.hidden_units_identical(W)


@misconception(
    "hidden_units_identical",
    rationale="There is an answer for every row (or entry); one for the whole matrix was asked for.",
    help="Use np.all without axis.",
)
def answer_for_every_row(W):
    return np.all(np.equal(W, W[0]), axis=1)


# linear_chain_norms


def _chain(x, W, depth, norm=np.linalg.norm):
    """The norms along the chain, with another norm than the right one."""
    norms = [norm(x)]
    for _ in range(depth):
        x = W @ x
        norms.append(norm(x))
    return np.array(norms)


@misconception(
    "linear_chain_norms",
    rationale="The norms are squared: the root is missing.",
    help="np.linalg.norm(x), or np.sqrt(np.sum(x ** 2)).",
)
def norms_squared(x, W, depth):
    return _chain(x, W, depth, lambda v: np.sum(v**2))


@misconception(
    "linear_chain_norms",
    rationale="W is transposed (or x stands on the left of it).",
    help="x = W @ x.",
)
def chain_transposed(x, W, depth):
    return _chain(x, W.T, depth)


@misconception(
    "linear_chain_norms",
    rationale="The norm of x itself is missing: the list starts with ‖W x‖.",
    help="Begin with norms = [np.linalg.norm(x)], before the loop.",
)
def start_missing(x, W, depth):
    return _chain(x, W, depth)[1:]


@misconception(
    "linear_chain_norms",
    rationale="The last norm is missing: with the one of x there are depth + 1 of them.",
    help="Multiply by W exactly depth times, and append a norm after each.",
)
def last_layer_missing(x, W, depth):
    return _chain(x, W, depth)[:-1]


@misconception(
    "linear_chain_norms",
    rationale="The chain goes one layer too far: depth + 2 norms, where depth + 1 were asked for.",
    help="Multiply by W exactly depth times.",
)
def one_layer_too_many(x, W, depth):
    return _chain(x, W, depth + 1)


@misconception(
    "linear_chain_norms",
    rationale="There are depth + 1 norms, but they begin with ‖W x‖: every one is a layer too late.",
    help="The first norm is that of x itself.",
)
def one_layer_too_late(x, W, depth):
    return _chain(x, W, depth + 1)[1:]


@misconception(
    "linear_chain_norms",
    rationale="The signal is not passed on: W x is computed from the first x in every layer.",
    help="Assign the result: x = W @ x.",
)
def signal_not_passed_on(x, W, depth):
    return np.array([np.linalg.norm(x)] + [np.linalg.norm(W @ x)] * depth)


@misconception(
    "linear_chain_norms",
    rationale="These are the norms of W, W², …, without x.",
    help="Multiply by x, and take the norm of the column: np.linalg.norm(W @ x).",
)
def norms_of_the_matrices(x, W, depth):
    return np.array([np.linalg.norm(x)] + [np.linalg.norm(np.linalg.matrix_power(W, k)) for k in range(1, depth + 1)])


@misconception(
    "linear_chain_norms",
    rationale="W ** k takes the power of every entry; W^k is the matrix product of W with itself.",
    help="x = W @ x in a loop, or np.linalg.matrix_power(W, k) @ x.",
)
def powers_of_the_entries(x, W, depth):
    return np.array([np.linalg.norm(x)] + [np.linalg.norm(W**k @ x) for k in range(1, depth + 1)])


@misconception(
    "linear_chain_norms",
    rationale="W and x are multiplied entry by entry; W x is their matrix product.",
    help="x = W @ x, or np.dot(W, x). The sign * multiplies entry by entry.",
)
def chain_by_entries(x, W, depth):
    norms = [np.linalg.norm(x)]
    for _ in range(depth):
        x = W * x
        norms.append(np.linalg.norm(x))
    return np.array(norms)


@misconception(
    "linear_chain_norms",
    rationale="The absolute values are added up; the Euclidean norm is the root of the sum of the squares.",
    help="np.linalg.norm(x), without a second argument.",
)
def sum_of_absolutes(x, W, depth):
    return _chain(x, W, depth, lambda v: np.sum(np.abs(v)))


@misconception(
    "linear_chain_norms",
    rationale="The largest absolute value is taken; the Euclidean norm is the root of the sum of the squares.",
    help="np.linalg.norm(x), without a second argument.",
)
def largest_entry(x, W, depth):
    return _chain(x, W, depth, lambda v: np.max(np.abs(v)))


@misconception(
    "linear_chain_norms",
    rationale="The mean of the squares is taken where their sum belongs: each norm is too small by the root of n.",
    help="np.linalg.norm(x), or np.sqrt(np.sum(x ** 2)).",
)
def root_mean_square(x, W, depth):
    return _chain(x, W, depth, lambda v: np.sqrt(np.mean(v**2)))


@misconception(
    "linear_chain_norms",
    rationale="Only the last norm is returned; one for every layer, and the one of x, were asked for.",
    help="Append every norm to a list.",
)
def last_norm_only(x, W, depth):
    return _chain(x, W, depth)[-1]


@misconception(
    "linear_chain_norms",
    rationale="There is a relu after every layer; this chain is linear, without activation.",
    help="x = W @ x, and nothing else.",
)
def relu_in_the_chain(x, W, depth):
    norms = [np.linalg.norm(x)]
    for _ in range(depth):
        x = np.maximum(0, W @ x)
        norms.append(np.linalg.norm(x))
    return np.array(norms)


# layer_activation_std


def _stds(X, parameters, activation, *, spread=np.std, transposed=False, bias=True):
    """What `spread` gives for the activations of every layer."""
    A, found = X, []
    for layer in range(1, len(parameters) // 2 + 1):
        W = parameters[f"W{layer}"]
        Z = (W.T if transposed else W) @ A
        if bias:
            Z = Z + parameters[f"b{layer}"]
        A = _activation(Z, activation)
        found.append(spread(A))
    return np.array(found)


def _activation(Z, activation):
    return np.tanh(Z) if activation == "tanh" else np.maximum(0, Z)


@misconception(
    "layer_activation_std",
    rationale="The sum of the squares is divided by the number of entries minus 1 (ddof=1); here it is divided by the "
    "number of entries.",
    help="Use np.std(A), without ddof.",
)
def sample_std(X, parameters, activation):
    return _stds(X, parameters, activation, spread=lambda A: np.std(A, ddof=1))


@misconception(
    "layer_activation_std",
    rationale="The standard deviation is taken for each unit by itself, and then averaged: what differs from unit to "
    "unit does not count.",
    help="Use np.std(A), without axis: all entries together.",
)
def averaged_over_units(X, parameters, activation):
    return _stds(X, parameters, activation, spread=lambda A: np.mean(np.std(A, axis=1)))


@misconception(
    "layer_activation_std",
    rationale="The standard deviation is taken for each example by itself, and then averaged.",
    help="Use np.std(A), without axis: all entries together.",
)
def averaged_over_examples(X, parameters, activation):
    return _stds(X, parameters, activation, spread=lambda A: np.mean(np.std(A, axis=0)))


@misconception(
    "layer_activation_std",
    rationale="These are the variances; the standard deviation is their root.",
    help="Use np.std(A) in place of np.var(A).",
)
def variances(X, parameters, activation):
    return _stds(X, parameters, activation, spread=np.var)


@misconception(
    "layer_activation_std",
    rationale="That is the root of the mean square; the mean has to be subtracted before the entries are squared.",
    help="Use np.std(A).",
)
def mean_not_subtracted(X, parameters, activation):
    return _stds(X, parameters, activation, spread=lambda A: np.sqrt(np.mean(A**2)))


@misconception(
    "layer_activation_std",
    rationale="These are the means of the activations; their standard deviations were asked for.",
    help="Use np.std(A).",
)
def means(X, parameters, activation):
    return _stds(X, parameters, activation, spread=np.mean)


@misconception(
    "layer_activation_std",
    rationale="The standard deviation is that of Z, before the activation; A was asked for.",
    help="First A = g(Z), then np.std(A).",
)
def std_of_z(X, parameters, activation):
    A, found = X, []
    for layer in range(1, len(parameters) // 2 + 1):
        Z = parameters[f"W{layer}"] @ A + parameters[f"b{layer}"]
        found.append(np.std(Z))
        A = _activation(Z, activation)
    return np.array(found)


@misconception(
    "layer_activation_std",
    rationale="The last layer is left out.",
    help="Let the layer run from 1 to L: range(1, L + 1), with L = len(parameters) // 2.",
)
def last_layer_left_out(X, parameters, activation):
    return _stds(X, parameters, activation)[:-1]


@misconception(
    "layer_activation_std",
    rationale="The last layer has no activation; here it gets the same one as all others.",
    help="Apply the activation in every layer, the last included.",
)
def last_layer_linear(X, parameters, activation):
    return np.append(_stds(X, parameters, activation)[:-1], std_of_z(X, parameters, activation)[-1])


@misconception(
    "layer_activation_std",
    rationale="The last layer uses sigmoid, as in a classifier; here it gets the same activation as all others.",
    help="Apply the activation in every layer, the last included.",
)
def last_layer_sigmoid(X, parameters, activation):
    A, L = X, len(parameters) // 2
    found = []
    for layer in range(1, L + 1):
        Z = parameters[f"W{layer}"] @ A + parameters[f"b{layer}"]
        A = 1 / (1 + np.exp(-Z)) if layer == L else _activation(Z, activation)
        found.append(np.std(A))
    return np.array(found)


@misconception(
    "layer_activation_std",
    rationale="The standard deviation of the inputs X comes first; only the layers 1, …, L were asked for.",
    help="Append np.std(A) after the activation, not before the layer.",
)
def inputs_counted_too(X, parameters, activation):
    return np.append(np.std(X), _stds(X, parameters, activation))


@misconception(
    "layer_activation_std",
    rationale="Every layer shows the standard deviation of its input: X in place of A1, and so on. The last activation "
    "is left out.",
    help="Append np.std(A) after the activation, not before the layer.",
)
def one_layer_too_early(X, parameters, activation):
    return np.append(np.std(X), _stds(X, parameters, activation)[:-1])


@misconception(
    "layer_activation_std",
    rationale="The activation is tanh whatever was asked for.",
    help='Look at the argument activation: "relu" asks for np.maximum(0, Z).',
)
def always_tanh(X, parameters, activation):
    return _stds(X, parameters, "tanh")


@misconception(
    "layer_activation_std",
    rationale="The activation is relu whatever was asked for.",
    help='Look at the argument activation: "tanh" asks for np.tanh(Z).',
)
def always_relu(X, parameters, activation):
    return _stds(X, parameters, "relu")


@misconception(
    "layer_activation_std",
    rationale="The biases are never added.",
    help="Z = W @ A + b.",
)
def biases_forgotten(X, parameters, activation):
    return _stds(X, parameters, activation, bias=False)


@misconception(
    "layer_activation_std",
    rationale="W is transposed before the product. The notes write Z = WᵀX + B beside a W of shape (n[l], n[l-1]), and "
    "that is a slip: with this shape it is W itself. Unless all sizes are equal, the shapes do not even fit.",
    help="Z = W @ A + b.",
)
def weights_transposed_in_product(X, parameters, activation):
    return _stds(X, parameters, activation, transposed=True)


@misconception(
    "layer_activation_std",
    rationale="The standard deviations are those of the weights; the activations were asked for.",
    help="Send X through the layers, and take np.std(A) in each.",
)
def std_of_the_weights(X, parameters, activation):
    return np.array([np.std(parameters[f"W{layer}"]) for layer in range(1, len(parameters) // 2 + 1)])
