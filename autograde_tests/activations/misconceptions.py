"""Known wrong ideas about activation functions and their derivatives.

Each function answers as a learner with that idea would. Three mistakes that are common too have no entry, because they
give no value to recognise: `if z > 0` on an array and `math.exp` of an array raise, and the exception is explained
where it is reported; tanh written with exponentials is NaN only for saturated inputs, which costs no points.
"""

import numpy as np

from grader.checks import misconception

# sigmoid


@misconception(
    "sigmoid",
    rationale="The sign in the exponent is wrong: your sigmoid falls from 1 to 0 where it should rise from 0 to 1.",
    help="The formula is 1 / (1 + exp(-z)). Check one value: for a large positive z the result must be close to 1.",
)
def sigmoid_without_minus(z):
    return 1 / (1 + np.exp(z))


@misconception(
    "sigmoid",
    rationale="The sum in the denominator is not in parentheses: 1 / 1 + exp(-z) means (1 / 1) + exp(-z).",
    help="Division binds more tightly than addition. Write 1 / (1 + exp(-z)).",
)
def sigmoid_without_parentheses(z):
    return 1 / 1 + np.exp(-z)


@misconception(
    "sigmoid",
    rationale="Your sigmoid is 0 wherever z holds whole numbers: the result is stored in an array of integers, which "
    "cuts off everything behind the point.",
    help="np.zeros_like(z) and np.empty_like(z) take over the dtype of z. Add dtype=float, or build the result by one "
    "expression on the whole array.",
)
def sigmoid_stored_as_integers(z, *, reference):
    result = np.zeros_like(z)
    result[...] = reference.sigmoid(z)
    return result


@misconception(
    "sigmoid",
    rationale="exp(z) / (1 + exp(z)) is the sigmoid, but for a large positive z it divides infinity by infinity, "
    "which is NaN.",
    help="Use this form only where z is negative, and 1 / (1 + exp(-z)) elsewhere; or take the exponential of -abs(z), "
    "which cannot overflow.",
)
def sigmoid_infinity_over_infinity(z):
    return np.exp(z) / (1 + np.exp(z))


@misconception(
    "sigmoid",
    rationale="Your function returns tanh(z), which lies between -1 and 1; the sigmoid lies between 0 and 1.",
    help="The two are related by tanh(z) = 2 * sigmoid(2 * z) - 1, but they are not the same. The formula is "
    "1 / (1 + exp(-z)).",
)
def sigmoid_as_tanh(z):
    return np.tanh(z)


@misconception(
    "sigmoid",
    rationale="Your function divides exp(z) by the sum over all entries. That is softmax, not the sigmoid.",
    help="The sigmoid of an entry does not depend on the other entries, so no np.sum is needed: 1 / (1 + exp(-z)).",
)
def sigmoid_as_softmax(z):
    return np.exp(z) / np.sum(np.exp(z))


@misconception(
    "sigmoid",
    rationale="Your function returns 0 or 1 for every entry. That is the decision, not the probability.",
    help="Return 1 / (1 + exp(-z)) without rounding it or comparing it with a threshold; that is the job of predict.",
)
def sigmoid_as_decision(z):
    return np.where(z > 0, 1.0, 0.0)


@misconception(
    "sigmoid",
    rationale="Your function raises 2.718 to the power -z. The number e is 2.71828…, so the result is off from the "
    "fourth digit on.",
    help="np.exp(-z) uses e to full precision, and it is faster than a power.",
)
def sigmoid_with_rounded_e(z):
    return 1 / (1 + 2.718 ** (-z))


@misconception(
    "sigmoid",
    rationale="Your function returns the derivative of the sigmoid, a * (1 - a), and not the sigmoid a itself.",
    help="Return 1 / (1 + exp(-z)) here; the derivative is an exercise of its own.",
)
def sigmoid_as_its_derivative(z):
    a = 1 / (1 + np.exp(-z))
    return a * (1 - a)


# tanh


@misconception(
    "tanh",
    rationale="Your function returns sigmoid(z), which lies between 0 and 1; tanh lies between -1 and 1.",
    help="Use (exp(z) - exp(-z)) / (exp(z) + exp(-z)), or np.tanh.",
)
def tanh_as_sigmoid(z):
    return 1 / (1 + np.exp(-z))


@misconception(
    "tanh",
    rationale="Your function returns tanh(z / 2): a factor 2 in the exponent is missing.",
    help="tanh(z) = 2 * sigmoid(2 * z) - 1, with 2 * z inside as well. Written out, it is 2 / (1 + exp(-2 * z)) - 1.",
)
def tanh_of_half(z):
    return 2 / (1 + np.exp(-z)) - 1


@misconception(
    "tanh",
    rationale="Numerator and denominator are the wrong way round: your function returns 1 / tanh(z).",
    help="The difference stands above, the sum below: (exp(z) - exp(-z)) / (exp(z) + exp(-z)). The result lies between "
    "-1 and 1.",
)
def tanh_upside_down(z):
    return (np.exp(z) + np.exp(-z)) / (np.exp(z) - np.exp(-z))


@misconception(
    "tanh",
    rationale="Your function returns (exp(z) - exp(-z)) / 2, which is sinh: it grows without bound.",
    help="Divide by exp(z) + exp(-z), not by 2.",
)
def tanh_as_sinh(z):
    return (np.exp(z) - np.exp(-z)) / 2


@misconception(
    "tanh",
    rationale="Numerator and denominator are not in parentheses: a - b / a + b means a - (b / a) + b.",
    help="Write (exp(z) - exp(-z)) / (exp(z) + exp(-z)), with both pairs of parentheses.",
)
def tanh_without_parentheses(z):
    return np.exp(z) - np.exp(-z) / np.exp(z) + np.exp(-z)


@misconception(
    "tanh",
    rationale="Your function returns the tangent, tan(z), and not the hyperbolic tangent, tanh(z).",
    help="The h matters: np.tanh is what you need. np.tan is the one from trigonometry; it runs to infinity at pi / 2.",
)
def tanh_as_tan(z):
    return np.tan(z)


@misconception(
    "tanh",
    rationale="Your function returns the derivative of tanh, 1 - tanh(z)**2, and not tanh(z) itself.",
    help="Return tanh(z) here; the derivative is an exercise of its own.",
)
def tanh_as_its_derivative(z):
    return 1 - np.tanh(z) ** 2


# relu


@misconception(
    "relu",
    rationale="Negative entries come back unchanged; they should become 0.",
    help="Decide entry by entry: np.maximum(0, z), or np.where. An `if` with z.any() decides once for the whole array.",
)
def relu_keeps_negatives(z):
    return z.copy() if (z > 0).any() else np.zeros_like(z)


@misconception(
    "relu",
    rationale="Your relu is 0 everywhere; positive entries should stay as they are.",
    help="Decide entry by entry: np.maximum(0, z), or np.where. An `if` with z.all() decides once for the whole array, "
    "and one negative entry is then enough to lose all the others.",
)
def relu_is_zero_everywhere(z):
    return z.copy() if (z > 0).all() else np.zeros_like(z)


@misconception(
    "relu",
    rationale="Your function returns the largest entries along the first axis. In np.max(z, 0) the 0 is not compared "
    "with z: it is the axis.",
    help="np.max finds the largest entry of one array; np.maximum(0, z) compares two, entry by entry.",
)
def relu_maximum_along_axis(z):
    return np.max(z, 0)


@misconception(
    "relu",
    rationale="Your function returns abs(z): negative entries change their sign, but they should become 0.",
    help="Use np.maximum(0, z), which replaces whatever lies below 0 by 0.",
)
def relu_as_absolute_value(z):
    return np.abs(z)


@misconception(
    "relu",
    rationale="Your function keeps the negative entries and drops the positive ones: it is min(0, z).",
    help="Relu is max(0, z); turn the comparison round.",
)
def relu_as_minimum(z):
    return np.minimum(0, z)


@misconception(
    "relu",
    rationale="Your function returns 1 for positive entries. That is the derivative of relu; relu keeps their value.",
    help="A mask such as z > 0 tells where z is positive. Multiply it by z, or use np.maximum(0, z).",
)
def relu_as_its_derivative(z):
    return np.where(z > 0, 1.0, 0.0)


@misconception(
    "relu",
    rationale="Your function returns the leaky relu: negative entries become 0.01 * z, but they should become 0.",
    help="Use np.maximum(0, z); the leaky relu is an exercise of its own.",
)
def relu_as_leaky_relu(z):
    return np.where(z > 0, z, 0.01 * z)


@misconception(
    "relu",
    rationale="Your relu stops at 1; it should let every positive entry through as it is, however large.",
    help="np.clip(z, 0, 1) bounds both sides. Only the lower bound is wanted: np.maximum(0, z).",
)
def relu_stops_at_one(z):
    return np.clip(z, 0, 1)


@misconception(
    "relu",
    rationale="Your function returns log(1 + exp(z)). That is softplus, a smooth relative of relu, and not max(0, z).",
    help="Use np.maximum(0, z).",
)
def relu_as_softplus(z):
    return np.logaddexp(0, z)


@misconception(
    "relu",
    rationale="The digits behind the point are lost. np.vectorize gets the type of all results from the first, and "
    "when that is the integer 0, every result becomes an integer.",
    help="Return 0.0 instead of 0, or leave np.vectorize out: np.maximum(0, z) works on the whole array.",
)
def relu_vectorized_to_integers(z):
    return np.vectorize(lambda entry: max(0, entry))(z)


# leaky_relu


# The next two agree wherever no entry lies between 0 and the slope, so the first one's words fit both.
@misconception(
    "leaky_relu",
    rationale="Negative entries become the slope itself, always the same number; they should become slope * z.",
    help="Multiply by z on the negative side too: np.where(z > 0, z, slope * z). np.maximum(slope, z) compares z "
    "with the constant.",
)
def leaky_relu_constant_for_negatives(z, slope=0.01):
    return np.where(z > 0, z, slope)


@misconception(
    "leaky_relu",
    rationale="Entries below the slope become the slope itself; negative ones should become slope * z.",
    help="np.maximum(slope, z) compares z with the constant. Compare it with slope * z, or use np.where.",
)
def leaky_relu_maximum_with_slope(z, slope=0.01):
    return np.maximum(slope, z)


@misconception(
    "leaky_relu",
    rationale="Without a second argument your slope is 0.1, ten times too large.",
    help="The default is 0.01: def leaky_relu(z, slope=0.01).",
)
def leaky_relu_default_of_one_tenth(z, slope=0.1):
    return np.where(z > 0, z, slope * z)


@misconception(
    "leaky_relu",
    rationale="Your function always uses the slope 0.01, whatever slope it is given.",
    help="Use the parameter slope in the formula, and not the number 0.01.",
)
def leaky_relu_ignores_slope(z, slope=0.01):
    return np.where(z > 0, z, 0.01 * z)


@misconception(
    "leaky_relu",
    rationale="Negative entries become 0, as in the plain relu; they should become slope * z.",
    help="The leak is what keeps a unit learning: np.where(z > 0, z, slope * z).",
)
def leaky_relu_without_leak(z, slope=0.01):
    return np.maximum(0, z)


@misconception(
    "leaky_relu",
    rationale="The sign is wrong on the negative side: negative entries come back positive.",
    help="There the function is slope * z, and z is negative already; no minus and no abs is needed.",
)
def leaky_relu_turned_upwards(z, slope=0.01):
    return np.where(z > 0, z, -slope * z)


@misconception(
    "leaky_relu",
    rationale="The two sides are exchanged: positive entries are multiplied by the slope, negative ones are kept.",
    help="np.where(condition, a, b) takes a where the condition holds. For a slope below 1 it is also "
    "np.maximum(slope * z, z), not np.minimum.",
)
def leaky_relu_sides_exchanged(z, slope=0.01):
    return np.where(z > 0, slope * z, z)


@misconception(
    "leaky_relu",
    rationale="All entries are multiplied by the slope, the positive ones too; those should stay as they are.",
    help="Decide entry by entry: np.where(z > 0, z, slope * z). An `if` with z.all() decides once for the whole array.",
)
def leaky_relu_scales_everything(z, slope=0.01):
    return slope * z


@misconception(
    "leaky_relu",
    rationale="slope * z is added to positive entries as well, which makes them too large by the factor 1 + slope.",
    help="max(0, z) + slope * z adds the leak on both sides. Write max(0, z) + slope * min(0, z), or use np.where.",
)
def leaky_relu_adds_leak_everywhere(z, slope=0.01):
    return np.maximum(0, z) + slope * z


@misconception(
    "leaky_relu",
    rationale="Your function returns the derivative of the leaky relu, 1 or the slope, and not the function itself.",
    help="Positive entries stay z and negative ones become slope * z; the derivative is an exercise of its own.",
)
def leaky_relu_as_its_derivative(z, slope=0.01):
    return np.where(z > 0, 1.0, slope)


# sigmoid_derivative


@misconception(
    "sigmoid_derivative",
    rationale="Your function computes z * (1 - z). The formula a * (1 - a) is right for the activation a = sigmoid(z), "
    "but the function is given z itself.",
    help="First compute a = sigmoid(z), then return a * (1 - a).",
)
def sigmoid_derivative_of_activation(z):
    return z * (1 - z)


@misconception(
    "sigmoid_derivative",
    rationale="One of the two factors uses z instead of the activation: your function returns sigmoid(z) * (1 - z).",
    help="Compute a = sigmoid(z) once, and use a in both places: a * (1 - a).",
)
def sigmoid_derivative_half_of_activation(z):
    return (1 - z) / (1 + np.exp(-z))


@misconception(
    "sigmoid_derivative",
    rationale="The sigmoid is applied twice: your function returns the derivative at sigmoid(z), and not at z.",
    help="Apply sigmoid once, a = sigmoid(z), and return a * (1 - a) without calling sigmoid again.",
)
def sigmoid_derivative_sigmoid_twice(z, *, reference):
    a = reference.sigmoid(reference.sigmoid(z))
    return a * (1 - a)


@misconception(
    "sigmoid_derivative",
    rationale="Your function returns the sigmoid itself, and not its derivative.",
    help="With a = sigmoid(z), return a * (1 - a).",
)
def sigmoid_derivative_as_sigmoid(z, *, reference):
    return reference.sigmoid(z)


@misconception(
    "sigmoid_derivative",
    rationale="Your function returns 1 - sigmoid(z): the factor sigmoid(z) is missing.",
    help="With a = sigmoid(z), the derivative is a * (1 - a). Written with exponentials the denominator is squared: "
    "exp(-z) / (1 + exp(-z))**2.",
)
def sigmoid_derivative_without_factor(z, *, reference):
    return 1 - reference.sigmoid(z)


@misconception(
    "sigmoid_derivative",
    rationale="Your function returns 1 - a**2, the rule for tanh, with a = sigmoid(z).",
    help="For the sigmoid the rule is a * (1 - a), that is a - a**2.",
)
def sigmoid_derivative_by_tanh_rule(z, *, reference):
    return 1 - reference.sigmoid(z) ** 2


@misconception(
    "sigmoid_derivative",
    rationale="Your function returns a * (1 + a) with a = sigmoid(z): the sign inside the parentheses is wrong.",
    help="The derivative is a * (1 - a). It can never be larger than 0.25.",
)
def sigmoid_derivative_plus_for_minus(z, *, reference):
    a = reference.sigmoid(z)
    return a * (1 + a)


@misconception(
    "sigmoid_derivative",
    rationale="Your derivative is 1 everywhere, as if the sigmoid were a straight line.",
    help="With a = sigmoid(z), return a * (1 - a): steep near 0, flat far from it.",
)
def sigmoid_derivative_is_one(z):
    return np.ones_like(z)


# tanh_derivative


@misconception(
    "tanh_derivative",
    rationale="Your function computes 1 - z**2. The formula 1 - a**2 is right for the activation a = tanh(z), but the "
    "function is given z itself.",
    help="First compute a = tanh(z), then return 1 - a**2.",
)
def tanh_derivative_of_activation(z):
    return 1 - z**2


@misconception(
    "tanh_derivative",
    rationale="tanh is applied twice: your function returns the derivative at tanh(z), and not at z.",
    help="Apply tanh once, a = tanh(z), and return 1 - a**2 without calling tanh again.",
)
def tanh_derivative_tanh_twice(z):
    return 1 - np.tanh(np.tanh(z)) ** 2


@misconception(
    "tanh_derivative",
    rationale="Your function returns tanh itself, and not its derivative.",
    help="With a = tanh(z), return 1 - a**2.",
)
def tanh_derivative_as_tanh(z):
    return np.tanh(z)


@misconception(
    "tanh_derivative",
    rationale="The square is missing: your function returns 1 - tanh(z).",
    help="With a = tanh(z), the derivative is 1 - a**2. It is the same for z and -z, and never larger than 1.",
)
def tanh_derivative_without_square(z):
    return 1 - np.tanh(z)


@misconception(
    "tanh_derivative",
    rationale="The square is in the wrong place: your function returns (1 - a)**2, with a = tanh(z).",
    help="Square a alone: 1 - a**2. In Python ** binds more tightly than -, so no parentheses are needed.",
)
def tanh_derivative_squares_difference(z):
    return (1 - np.tanh(z)) ** 2


@misconception(
    "tanh_derivative",
    rationale="Your function returns 1 + tanh(z)**2: the sign before the square is wrong.",
    help="The derivative is 1 - tanh(z)**2. With a plus it would be the rule for the tangent of trigonometry.",
)
def tanh_derivative_plus_for_minus(z):
    return 1 + np.tanh(z) ** 2


@misconception(
    "tanh_derivative",
    rationale="Your function returns a * (1 - a), the rule for the sigmoid, with a = tanh(z).",
    help="For tanh the rule is 1 - a**2.",
)
def tanh_derivative_by_sigmoid_rule(z):
    a = np.tanh(z)
    return a * (1 - a)


@misconception(
    "tanh_derivative",
    rationale="Your function returns 1 / cosh(z): the square is missing.",
    help="The derivative is 1 / cosh(z)**2, which is the same as 1 - tanh(z)**2.",
)
def tanh_derivative_cosh_without_square(z):
    return 1 / np.cosh(z)


@misconception(
    "tanh_derivative",
    rationale="Your derivative is 1 everywhere, as if tanh were a straight line.",
    help="With a = tanh(z), return 1 - a**2: steep near 0, flat far from it.",
)
def tanh_derivative_is_one(z):
    return np.ones_like(z)


# relu_derivative


@misconception(
    "relu_derivative",
    rationale="Your function returns relu(z) itself. Its derivative is 1 for positive entries, whatever their size.",
    help="Return 1 where z is positive and 0 where it is negative, for instance with np.where(z > 0, 1.0, 0.0).",
)
def relu_derivative_as_relu(z):
    return np.maximum(0, z)


@misconception(
    "relu_derivative",
    rationale="Your derivative is 1 everywhere. Relu is flat for negative z, so its derivative is 0 there.",
    help="Decide entry by entry: np.where(z > 0, 1.0, 0.0). An `if` with z.any() decides once for the whole array.",
)
def relu_derivative_is_one(z):
    return np.ones_like(z)


@misconception(
    "relu_derivative",
    rationale="Your derivative is 0 everywhere. Where z is positive, relu rises with the slope 1.",
    help="Decide entry by entry: np.where(z > 0, 1.0, 0.0). An `if` with z.all() decides once for the whole array.",
)
def relu_derivative_is_zero(z):
    return np.zeros_like(z)


@misconception(
    "relu_derivative",
    rationale="The two sides are exchanged: your derivative is 1 for negative entries and 0 for positive ones.",
    help="np.where(condition, a, b) takes a where the condition holds. Relu rises where z is positive.",
)
def relu_derivative_sides_exchanged(z):
    return np.where(z > 0, 0.0, 1.0)


@misconception(
    "relu_derivative",
    rationale="Your derivative is -1 for negative entries, but relu is flat there: its derivative is 0.",
    help="np.sign(z) would be the derivative of abs(z). Use np.where(z > 0, 1.0, 0.0).",
)
def relu_derivative_as_sign(z):
    return np.sign(z)


@misconception(
    "relu_derivative",
    rationale="Your function returns the derivative of the leaky relu: 0.01 for negative entries, and not 0.",
    help="Plain relu is flat on the negative side. Use np.where(z > 0, 1.0, 0.0).",
)
def relu_derivative_as_leaky_relu_derivative(z):
    return np.where(z > 0, 1.0, 0.01)


@misconception(
    "relu_derivative",
    rationale="relu(z) / z is right where z is not 0, but at exactly 0 it is 0 / 0, which is NaN.",
    help="Compare instead of dividing: np.where(z > 0, 1.0, 0.0). At 0, any of 0 and 1 will do.",
)
def relu_derivative_by_division(z):
    return np.maximum(0, z) / z


# leaky_relu_derivative


@misconception(
    "leaky_relu_derivative",
    rationale="Your function always uses the slope 0.01, whatever slope it is given.",
    help="Use the parameter slope, and not the number 0.01: np.where(z > 0, 1.0, slope).",
)
def leaky_relu_derivative_ignores_slope(z, slope=0.01):
    return np.where(z > 0, 1.0, 0.01)


@misconception(
    "leaky_relu_derivative",
    rationale="Without a second argument your slope is 0.1, ten times too large.",
    help="The default is 0.01: def leaky_relu_derivative(z, slope=0.01).",
)
def leaky_relu_derivative_default_of_one_tenth(z, slope=0.1):
    return np.where(z > 0, 1.0, slope)


@misconception(
    "leaky_relu_derivative",
    rationale="Your derivative is 0 for negative entries, as for the plain relu; there it should be the slope.",
    help="The line on the negative side is slope * z, and its derivative is slope: np.where(z > 0, 1.0, slope).",
)
def leaky_relu_derivative_without_leak(z, slope=0.01):
    return np.where(z > 0, 1.0, 0.0)


@misconception(
    "leaky_relu_derivative",
    rationale="The sign is wrong on the negative side: your derivative is -slope there.",
    help="The leaky relu rises on both sides, so its derivative is never negative: np.where(z > 0, 1.0, slope).",
)
def leaky_relu_derivative_turned_upwards(z, slope=0.01):
    return np.where(z > 0, 1.0, -slope)


@misconception(
    "leaky_relu_derivative",
    rationale="The two sides are exchanged: your derivative is the slope for positive entries and 1 for negative ones.",
    help="np.where(condition, a, b) takes a where the condition holds: np.where(z > 0, 1.0, slope).",
)
def leaky_relu_derivative_sides_exchanged(z, slope=0.01):
    return np.where(z > 0, slope, 1.0)


@misconception(
    "leaky_relu_derivative",
    rationale="Your function returns the leaky relu itself, and not its derivative.",
    help="The derivative of z is 1, and that of slope * z is slope: np.where(z > 0, 1.0, slope).",
)
def leaky_relu_derivative_as_leaky_relu(z, slope=0.01):
    return np.where(z > 0, z, slope * z)


@misconception(
    "leaky_relu_derivative",
    rationale="For negative entries your function returns slope * z, the leaky relu itself; its derivative is slope.",
    help="A derivative is constant along a straight line: np.where(z > 0, 1.0, slope).",
)
def leaky_relu_derivative_keeps_z_for_negatives(z, slope=0.01):
    return np.where(z > 0, 1.0, slope * z)


@misconception(
    "leaky_relu_derivative",
    rationale="For positive entries your function returns z, the leaky relu itself; its derivative there is 1.",
    help="A derivative is constant along a straight line: np.where(z > 0, 1.0, slope).",
)
def leaky_relu_derivative_keeps_z_for_positives(z, slope=0.01):
    return np.where(z > 0, z, slope)


@misconception(
    "leaky_relu_derivative",
    rationale="Your derivative is 1 everywhere. On the negative side the leaky relu rises with the slope only.",
    help="Decide entry by entry: np.where(z > 0, 1.0, slope). An `if` with z.any() decides once for the whole array.",
)
def leaky_relu_derivative_is_one(z, slope=0.01):
    return np.ones_like(z)
