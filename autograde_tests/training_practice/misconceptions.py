"""Known wrong ideas about preparing data and reading errors.

Each function answers as a learner with that idea would. Those about the shuffle draw from rng as such code mostly does,
by one rng.permutation; code that draws in another way is found by the checks, and told by their words what is wrong.
Mistakes that raise (np.random.choice of the columns of a matrix, an `X[order]` with too few rows) have no entry.
"""

import numpy as np

from grader.checks import misconception

MILLION = 1_000_000

# split_sizes


def _cut(m, train, dev, whole=100):
    """Sizes from shares in percent, the two cuts rounded."""
    first, second = round(m * train / whole), round(m * (train + dev) / whole)
    return first, second - first, m - second


def _shares(m):
    return (60, 20, 20) if m <= MILLION else (98, 1, 1)


@misconception(
    "split_sizes",
    rationale="All three sizes are rounded down, and together they are fewer than m: some examples are in no set.",
    help="Round the places where the examples are cut, round(0.6 * m) and round(0.8 * m), and take the sizes as "
    "differences; what is left until m goes to the test set.",
)
def all_sizes_rounded_down(m):
    return tuple(m * share // 100 for share in _shares(m))


@misconception(
    "split_sizes",
    rationale="All three sizes are rounded, each by itself, and together they are not always m.",
    help="Round the places where the examples are cut, round(0.6 * m) and round(0.8 * m), and take the sizes as "
    "differences; what is left until m goes to the test set.",
)
def all_sizes_rounded(m):
    return tuple(round(m * share / 100) for share in _shares(m))


@misconception(
    "split_sizes",
    rationale="The first two sizes are rounded down and the test set takes what is left. Both lose almost one example, "
    "so that the test set can be almost 2 too large.",
    help="Try m = 4: 60 % is 2.4 and 20 % is 0.8. Round to the nearest whole number, or round the places where the "
    "examples are cut.",
)
def test_takes_what_was_rounded_off(m):
    train, dev, _ = (m * share // 100 for share in _shares(m))
    return train, dev, m - train - dev


@misconception(
    "split_sizes",
    rationale="Dev and test size are rounded down and the training set takes what is left. Both lose almost one "
    "example, so that the training set can be almost 2 too large.",
    help="Try m = 4: 20 % is 0.8. Round to the nearest whole number, or round the places where the examples are cut.",
)
def train_takes_what_was_rounded_off(m):
    _, dev, test = (m * share // 100 for share in _shares(m))
    return m - dev - test, dev, test


@misconception(
    "split_sizes",
    rationale="The first two sizes are rounded up and the test set gets what is left, which can be more than 1 too "
    "little, or even less than nothing.",
    help="Try m = 1 and m = 6. Round to the nearest whole number, or round the places where the examples are cut.",
)
def rounded_up(m):
    train, dev, _ = (-(-m * share // 100) for share in _shares(m))
    return train, dev, m - train - dev


@misconception(
    "split_sizes",
    rationale="The shares of m are returned as they are, with fractions of an example.",
    help="Round the places where the examples are cut, round(0.6 * m) and round(0.8 * m), and take the sizes as "
    "differences.",
)
def sizes_not_rounded(m):
    return tuple(m * share / 100 for share in _shares(m))


@misconception(
    "split_sizes",
    rationale="The shares themselves are returned; what is asked for is numbers of examples.",
    help="Multiply the shares by m, and round.",
)
def shares_instead_of_sizes(m):
    return tuple(share / 100 for share in _shares(m))


@misconception(
    "split_sizes",
    rationale="The percentages are returned; what is asked for is numbers of examples.",
    help="Take m * 60 / 100 and so on, and round.",
)
def percentages_instead_of_sizes(m):
    return _shares(m)


@misconception(
    "split_sizes",
    rationale="More than a million examples are split 60/20/20 as well. A dev set of one in a hundred is large enough "
    "then.",
    help="Ask whether m is above 1_000_000, and use 98, 1 and 1 % there.",
)
def always_60_20_20(m):
    return _cut(m, 60, 20)


@misconception(
    "split_sizes",
    rationale="98/1/1 is used for few examples as well: 1 % of a thousand examples is no dev set.",
    help="Use 60, 20 and 20 % up to 1_000_000 examples.",
)
def always_98_1_1(m):
    return _cut(m, 98, 1)


@misconception(
    "split_sizes",
    rationale="The two splits are exchanged: 98/1/1 is used for few examples and 60/20/20 for many.",
    help="Few examples need a larger share for dev and test: 60/20/20 if m <= 1_000_000.",
)
def splits_exchanged(m):
    return _cut(m, 98, 1) if m <= MILLION else _cut(m, 60, 20)


@misconception(
    "split_sizes",
    rationale="Exactly 1,000,000 examples are split 98/1/1; that begins above a million.",
    help="Write m <= 1_000_000 for 60/20/20, or m > 1_000_000 for 98/1/1.",
)
def a_million_counted_as_above(m):
    return _cut(m, 60, 20) if m < MILLION else _cut(m, 98, 1)


@misconception(
    "split_sizes",
    rationale="98/1/1 begins at a hundred thousand examples; it should begin above a million.",
    help="Count the zeros: 1_000_000.",
)
def threshold_of_a_hundred_thousand(m):
    return _cut(m, 60, 20) if m <= MILLION // 10 else _cut(m, 98, 1)


@misconception(
    "split_sizes",
    rationale="98/1/1 begins at ten thousand examples; it should begin above a million.",
    help="Count the zeros: 1_000_000.",
)
def threshold_of_ten_thousand(m):
    return _cut(m, 60, 20) if m <= MILLION // 100 else _cut(m, 98, 1)


@misconception(
    "split_sizes",
    rationale="Up to a million examples are split 70/15/15; 60/20/20 was asked for.",
    help="Cut at round(0.6 * m) and round(0.8 * m).",
)
def split_of_70_15_15(m):
    return _cut(m, 70, 15) if m <= MILLION else _cut(m, 98, 1)


@misconception(
    "split_sizes",
    rationale="Up to a million examples are split 80/10/10; 60/20/20 was asked for.",
    help="Cut at round(0.6 * m) and round(0.8 * m).",
)
def split_of_80_10_10(m):
    return _cut(m, 80, 10) if m <= MILLION else _cut(m, 98, 1)


@misconception(
    "split_sizes",
    rationale="More than a million examples are split 99.5/0.25/0.25; 98/1/1 was asked for.",
    help="Cut at round(0.98 * m) and round(0.99 * m).",
)
def split_of_99_5(m):
    return _cut(m, 60, 20) if m <= MILLION else _cut(m, 9950, 25, 10_000)


@misconception(
    "split_sizes",
    rationale="There are two sizes, of a training and a test set, 70 % and 30 %; the dev set is missing.",
    help="Return three sizes: train, dev, test.",
)
def no_dev_set(m):
    first = round(0.7 * m)
    return first, m - first


@misconception(
    "split_sizes",
    rationale="The places where the examples are cut are returned, where each set ends; what is asked for is sizes.",
    help="The sizes are the differences: first, second - first, m - second.",
)
def ends_instead_of_sizes(m):
    train, dev, test = _cut(m, *_shares(m)[:2])
    return train, train + dev, train + dev + test


@misconception(
    "split_sizes",
    rationale="The sizes are in reverse order: the training set, the largest, comes first.",
    help="Return train, dev, test.",
)
def sizes_in_reverse_order(m):
    return _cut(m, *_shares(m)[:2])[::-1]


# train_dev_test_split


def _parts(sizes):
    """Slices for three sets that follow each other."""
    train, dev, test = sizes
    return slice(train), slice(train, train + dev), slice(train + dev, train + dev + test)


def _sets(X, Y, sizes):
    return tuple((X[:, part], Y[:, part]) for part in _parts(sizes))


@misconception(
    "train_dev_test_split",
    rationale="The examples are not shuffled: the sets are cut from X in the order that the data came in.",
    help="Draw order = rng.permutation(m), and cut X[:, order] and Y[:, order].",
)
def cut_without_shuffling(X, Y, sizes, rng):
    return _sets(X, Y, sizes)


@misconception(
    "train_dev_test_split",
    rationale="X and Y are shuffled independently of each other: two orders are drawn, and examples lose their labels.",
    help="Draw one order, order = rng.permutation(m), and use it for both: X[:, order] and Y[:, order].",
)
def x_and_y_shuffled_independently(X, Y, sizes, rng):
    m = X.shape[1]
    return _sets(X[:, rng.permutation(m)], Y[:, rng.permutation(m)], sizes)


@misconception(
    "train_dev_test_split",
    rationale="Only X is shuffled; Y stays in its old order, and examples lose their labels.",
    help="Use the same order for both: X[:, order] and Y[:, order].",
)
def only_x_shuffled(X, Y, sizes, rng):
    return _sets(X[:, rng.permutation(X.shape[1])], Y, sizes)


@misconception(
    "train_dev_test_split",
    rationale="The features of every example are shuffled, and not the examples: rng.permutation(X) and rng.shuffle(X) "
    "work along the first axis, the rows.",
    help="Examples are columns. Draw order = rng.permutation(X.shape[1]), and take X[:, order].",
)
def rows_shuffled(X, Y, sizes, rng):
    return _sets(rng.permutation(X), Y, sizes)


@misconception(
    "train_dev_test_split",
    rationale="The order is drawn with replacement: some examples occur several times, in several sets even, and "
    "others never.",
    help="rng.permutation(m) holds every number once; rng.integers does not, and rng.choice only with replace=False.",
)
def drawn_with_replacement(X, Y, sizes, rng):
    m = X.shape[1]
    order = rng.integers(m, size=m)
    return _sets(X[:, order], Y[:, order], sizes)


@misconception(
    "train_dev_test_split",
    rationale="Every set is drawn by itself from all examples, so that the same example gets into more than one of "
    "them.",
    help="Draw one order of all examples, and cut it into three parts.",
)
def sets_drawn_independently(X, Y, sizes, rng):
    chosen = [rng.choice(X.shape[1], size, replace=False) for size in sizes]
    return tuple((X[:, part], Y[:, part]) for part in chosen)


@misconception(
    "train_dev_test_split",
    rationale="Every set is drawn by itself from all examples, so that the same example gets into more than one of "
    "them.",
    help="Draw one order of all examples, and cut it into three parts.",
)
def a_new_order_for_every_set(X, Y, sizes, rng):
    orders = [rng.permutation(X.shape[1])[:size] for size in sizes]
    return tuple((X[:, part], Y[:, part]) for part in orders)


@misconception(
    "train_dev_test_split",
    rationale="The sets are cut first and shuffled afterwards, each in itself: the test set still holds the examples "
    "that came last.",
    help="Shuffle first, with one order of all examples, and cut then.",
)
def shuffled_after_the_cut(X, Y, sizes, rng):
    sets = []
    for X_part, Y_part in _sets(X, Y, sizes):
        order = rng.permutation(X_part.shape[1])
        sets.append((X_part[:, order], Y_part[:, order]))
    return tuple(sets)


@misconception(
    "train_dev_test_split",
    rationale="Only the training set is drawn at random. Of the examples that are left, the dev set gets the first "
    "ones and the test set the last ones, in the order that the data came in.",
    help="Draw one order of all m examples, and cut it into three parts.",
)
def the_rest_in_its_old_order(X, Y, sizes, rng):
    order = rng.permutation(X.shape[1])
    order[sizes[0] :].sort()
    return _sets(X[:, order], Y[:, order], sizes)


@misconception(
    "train_dev_test_split",
    rationale="The argument sizes is not used: the sets have the sizes that split_sizes gives.",
    help="Cut at sizes[0] and at sizes[0] + sizes[1].",
)
def sizes_ignored(X, Y, sizes, rng, *, reference):
    return reference.train_dev_test_split(X, Y, reference.split_sizes(X.shape[1]), rng)


@misconception(
    "train_dev_test_split",
    rationale="The sizes are used as the places where the sets end; the dev set ends at train + dev.",
    help="Cut at sizes[0] and at sizes[0] + sizes[1].",
)
def sizes_taken_for_ends(X, Y, sizes, rng):
    train, dev, test = sizes
    order = rng.permutation(X.shape[1])
    parts = order[:train], order[train:dev], order[dev:test]
    return tuple((X[:, part], Y[:, part]) for part in parts)


@misconception(
    "train_dev_test_split",
    rationale="The dev set goes on to the end, and so holds all examples of the test set, too.",
    help="The dev set ends where the test set begins: order[train : train + dev].",
)
def dev_set_holds_the_test_set(X, Y, sizes, rng):
    train, dev, _ = sizes
    order = rng.permutation(X.shape[1])
    parts = order[:train], order[train:], order[train + dev :]
    return tuple((X[:, part], Y[:, part]) for part in parts)


@misconception(
    "train_dev_test_split",
    rationale="The dev set and the test set are exchanged.",
    help="Return the pairs in the order train, dev, test.",
)
def dev_and_test_exchanged(X, Y, sizes, rng, *, reference):
    train, dev, test = reference.train_dev_test_split(X, Y, sizes, rng)
    return train, test, dev


@misconception(
    "train_dev_test_split",
    rationale="Six arrays are returned in a row; what is asked for is three pairs.",
    help="Return (X_train, Y_train), (X_dev, Y_dev), (X_test, Y_test), with these parentheses.",
)
def six_arrays_in_a_row(X, Y, sizes, rng, *, reference):
    return tuple(array for pair in reference.train_dev_test_split(X, Y, sizes, rng) for array in pair)


@misconception(
    "train_dev_test_split",
    rationale="The inputs are grouped together, and the labels; what is asked for is an X and a Y for every set.",
    help="Return (X_train, Y_train), (X_dev, Y_dev), (X_test, Y_test).",
)
def grouped_by_x_and_y(X, Y, sizes, rng, *, reference):
    return tuple(zip(*reference.train_dev_test_split(X, Y, sizes, rng), strict=True))


@misconception(
    "train_dev_test_split",
    rationale="The labels have lost their first dimension: they have shape (size,), and should have (1, size).",
    help="Pick columns by Y[:, order]; Y[0] and Y.ravel() have no rows any more.",
)
def labels_flattened(X, Y, sizes, rng, *, reference):
    return tuple((X_part, Y_part[0]) for X_part, Y_part in reference.train_dev_test_split(X, Y, sizes, rng))


@misconception(
    "train_dev_test_split",
    rationale="The argument rng is not used: the order comes from a generator with the fixed seed 0, and every split "
    "is the same.",
    help="Draw from rng itself: rng.permutation(m).",
)
def seed_fixed_at_0(X, Y, sizes, rng, *, reference):
    return reference.train_dev_test_split(X, Y, sizes, np.random.default_rng(0))


@misconception(
    "train_dev_test_split",
    rationale="The argument rng is not used: the order comes from a generator with the fixed seed 42, and every split "
    "is the same.",
    help="Draw from rng itself: rng.permutation(m).",
)
def seed_fixed_at_42(X, Y, sizes, rng, *, reference):
    return reference.train_dev_test_split(X, Y, sizes, np.random.default_rng(42))


# fit_normalizer


def _mean(X):
    return np.mean(X, axis=1, keepdims=True)


@misconception(
    "fit_normalizer",
    rationale="std is the variance: the square root is missing. The notes divide by the variance, and that is a slip: "
    "what has the unit of the feature, and is divided by, is the standard deviation.",
    help="Take np.sqrt of it, or use np.std(X, axis=1, keepdims=True).",
)
def variance_instead_of_std(X):
    return _mean(X), np.var(X, axis=1, keepdims=True)


@misconception(
    "fit_normalizer",
    rationale="std is the root of the mean of x², with the mean left in. The notes write the variance as the mean of "
    "x², and that is a slip here: it holds only after the mean was subtracted.",
    help="Take the mean of (X - mean) ** 2, and its root.",
)
def mean_not_subtracted(X):
    return _mean(X), np.sqrt(np.mean(X**2, axis=1, keepdims=True))


@misconception(
    "fit_normalizer",
    rationale="std is the mean of x². The notes have this formula for the variance, with two slips: the mean must be "
    "subtracted from x first, and the standard deviation is the square root of the variance.",
    help="Take np.sqrt(np.mean((X - mean) ** 2, axis=1, keepdims=True)).",
)
def mean_of_squares_as_in_the_notes(X):
    return _mean(X), np.mean(X**2, axis=1, keepdims=True)


@misconception(
    "fit_normalizer",
    rationale="The squared deviations are divided by m - 1; here they are divided by m.",
    help="Leave out ddof=1: np.std divides by m unless it is told otherwise.",
)
def divided_by_m_minus_1(X):
    return _mean(X), np.std(X, axis=1, ddof=1, keepdims=True)


@misconception(
    "fit_normalizer",
    rationale="std is the root of the sum of the squared deviations; the division by m is missing.",
    help="Take the mean in place of the sum: np.sqrt(np.mean((X - mean) ** 2, axis=1, keepdims=True)).",
)
def sum_of_squared_deviations(X):
    return _mean(X), np.sqrt(np.sum((X - _mean(X)) ** 2, axis=1, keepdims=True))


@misconception(
    "fit_normalizer",
    rationale="std is the mean absolute deviation; the standard deviation squares the deviations.",
    help="Take the root of the mean of (X - mean) ** 2.",
)
def mean_absolute_deviation(X):
    return _mean(X), np.mean(np.abs(X - _mean(X)), axis=1, keepdims=True)


@misconception(
    "fit_normalizer",
    rationale="In place of the standard deviation you return the range, largest minus smallest value.",
    help="Take np.std(X, axis=1, keepdims=True).",
)
def range_instead_of_std(X):
    return _mean(X), np.ptp(X, axis=1, keepdims=True)


@misconception(
    "fit_normalizer",
    rationale="Smallest value and range are returned, for a scaling to [0, 1]; what is asked for is mean and standard "
    "deviation.",
    help="Take np.mean and np.std with axis=1, keepdims=True.",
)
def smallest_value_and_range(X):
    return np.min(X, axis=1, keepdims=True), np.ptp(X, axis=1, keepdims=True)


@misconception(
    "fit_normalizer",
    rationale="Mean and std are taken over the features of each example (axis=0); every feature needs its own, over "
    "all examples.",
    help="Examples are columns: average along the rows, with axis=1, keepdims=True.",
)
def over_the_features(X):
    return np.mean(X, axis=0, keepdims=True), np.std(X, axis=0, keepdims=True)


@misconception(
    "fit_normalizer",
    rationale="Mean and std are taken over the features of each example (axis=0); every feature needs its own, over "
    "all examples.",
    help="Examples are columns: average along the rows, with axis=1, keepdims=True.",
)
def over_the_features_without_keepdims(X):
    return np.mean(X, axis=0), np.std(X, axis=0)


@misconception(
    "fit_normalizer",
    rationale="Mean and std are taken over the features of each example (axis=0) and then turned into a column; every "
    "feature needs its own, over all examples.",
    help="Examples are columns: average along the rows, with axis=1, keepdims=True.",
)
def over_the_features_as_a_column(X):
    return np.mean(X, axis=0).reshape(-1, 1), np.std(X, axis=0).reshape(-1, 1)


@misconception(
    "fit_normalizer",
    rationale="There is one mean and one std of all entries together: axis is missing. Every feature needs its own.",
    help="Use axis=1, keepdims=True in both.",
)
def over_everything(X):
    return np.mean(X), np.std(X)


@misconception(
    "fit_normalizer",
    rationale="The values are right, but have lost their second dimension: keepdims=True is missing.",
    help="With shape (n_x,) NumPy would subtract the mean along the examples. Use axis=1, keepdims=True.",
)
def without_keepdims(X):
    return np.mean(X, axis=1), np.std(X, axis=1)


@misconception(
    "fit_normalizer",
    rationale="The sums are divided by the number of features, X.shape[0]; they should be divided by the number of "
    "examples.",
    help="m is the number of columns: X.shape[1].",
)
def divided_by_the_number_of_features(X):
    n = X.shape[0]
    mean = np.sum(X, axis=1, keepdims=True) / n
    return mean, np.sqrt(np.sum((X - mean) ** 2, axis=1, keepdims=True) / n)


@misconception(
    "fit_normalizer",
    rationale="mean and std are returned in the wrong order.",
    help="Return mean, std.",
)
def std_before_mean(X):
    return np.std(X, axis=1, keepdims=True), _mean(X)


@misconception(
    "fit_normalizer",
    rationale="In place of the mean you return the median.",
    help="Take np.mean(X, axis=1, keepdims=True).",
)
def median_instead_of_mean(X):
    return np.median(X, axis=1, keepdims=True), np.std(X, axis=1, keepdims=True)


# normalize


def _quotient(a, b):
    """a / b, with NaN and infinity where b is 0, and no warning."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return a / b


def _safe(std):
    return np.where(std == 0, 1, std)


@misconception(
    "normalize",
    rationale="A feature with std 0 is divided by 0: that gives NaN in the training set, and infinity elsewhere.",
    help="Divide by 1 where std is 0: np.where(std == 0, 1, std). Or add a tiny number to std, 1e-8.",
)
def divided_by_zero(X, mean, std):
    return _quotient(X - mean, std)


@misconception(
    "normalize",
    rationale="A feature with std 0 is divided by 0, and only NaN is replaced afterwards: in other sets than the "
    "training set the quotient is infinite.",
    help="Divide by 1 where std is 0: np.where(std == 0, 1, std).",
)
def only_nan_replaced(X, mean, std):
    quotient = _quotient(X - mean, std)
    return np.where(np.isnan(quotient), 0, quotient)


@misconception(
    "normalize",
    rationale="A feature with std 0 is left as it is; in the training set it should become 0.",
    help="Subtract the mean from all features, and divide by 1 where std is 0.",
)
def constant_feature_left_as_it_is(X, mean, std):
    return np.where(std == 0, X, (X - mean) / _safe(std))


@misconception(
    "normalize",
    rationale="X is normalized with its own mean and standard deviation, and the arguments are not used. Dev and test "
    "examples must be treated exactly as the training examples were.",
    help="Use the arguments: (X - mean) / std.",
)
def with_its_own_statistics(X, mean, std):
    own = np.std(X, axis=1, keepdims=True)
    return (X - _mean(X)) / _safe(own)


@misconception(
    "normalize",
    rationale="The argument mean is not used: the mean of X itself is subtracted.",
    help="Use the arguments: (X - mean) / std.",
)
def with_its_own_mean(X, mean, std):
    return (X - _mean(X)) / _safe(std)


@misconception(
    "normalize",
    rationale="The difference is divided by std squared, the variance. The notes divide by the variance, and that is a "
    "slip: only the standard deviation has the unit of the feature.",
    help="Divide by std as it is: (X - mean) / std.",
)
def divided_by_the_variance(X, mean, std):
    return (X - mean) / _safe(std) ** 2


@misconception(
    "normalize",
    rationale="X is divided by std squared, and the mean is not subtracted. The notes write X / variance, and that is "
    "a slip: it is the standard deviation that is divided by, after the mean was subtracted.",
    help="(X - mean) / std.",
)
def x_by_variance_as_in_the_notes(X, mean, std):
    return X / _safe(std) ** 2


@misconception(
    "normalize",
    rationale="The difference is divided by the root of std; std is a root already.",
    help="Divide by std as it is: (X - mean) / std.",
)
def divided_by_the_root_of_std(X, mean, std):
    return (X - mean) / np.sqrt(_safe(std))


@misconception(
    "normalize",
    rationale="The mean is not subtracted.",
    help="(X - mean) / std, with the parentheses.",
)
def only_divided(X, mean, std):
    return X / _safe(std)


@misconception(
    "normalize",
    rationale="The mean is subtracted, but nothing is divided by std.",
    help="(X - mean) / std.",
)
def only_centred(X, mean, std):
    return X - mean


@misconception(
    "normalize",
    rationale="The parentheses are missing: X - mean / std means X - (mean / std).",
    help="Division binds more tightly than subtraction. Write (X - mean) / std.",
)
def parentheses_forgotten(X, mean, std):
    return X - mean / _safe(std)


@misconception(
    "normalize",
    rationale="The mean is added; it should be subtracted.",
    help="(X - mean) / std.",
)
def mean_added(X, mean, std):
    return (X + mean) / _safe(std)


@misconception(
    "normalize",
    rationale="All signs are wrong: X is subtracted from the mean.",
    help="(X - mean) / std.",
)
def x_subtracted_from_the_mean(X, mean, std):
    return (mean - X) / _safe(std)


@misconception(
    "normalize",
    rationale="X is multiplied by std, where it should be divided.",
    help="(X - mean) / std.",
)
def multiplied_by_std(X, mean, std):
    return (X - mean) * std


@misconception(
    "normalize",
    rationale="The number added to std is 1e-3, so large that it changes the result.",
    help="Use 1e-8 or less, or np.where(std == 0, 1, std).",
)
def epsilon_of_a_thousandth(X, mean, std):
    return (X - mean) / (std + 1e-3)


@misconception(
    "normalize",
    rationale="The number added to std is 1e-5, so large that it changes the result.",
    help="Use 1e-8 or less, or np.where(std == 0, 1, std).",
)
def epsilon_of_a_hundred_thousandth(X, mean, std):
    return (X - mean) / (std + 1e-5)


@misconception(
    "normalize",
    rationale="X is scaled to [0, 1] by its own smallest and largest values; what is asked for is mean and standard "
    "deviation.",
    help="(X - mean) / std, with the arguments.",
)
def scaled_to_0_and_1(X, mean, std):
    low = np.min(X, axis=1, keepdims=True)
    return (X - low) / _safe(np.ptp(X, axis=1, keepdims=True))


@misconception(
    "normalize",
    rationale="mean and std have lost their second dimension, so that they are used along the examples: column j is "
    "normalized with the statistics of feature j.",
    help="Leave mean and std as columns, (n_x, 1): NumPy then repeats them for every example.",
)
def along_the_examples(X, mean, std):
    return (X - mean.ravel()) / _safe(std).ravel()


# diagnose


def _diagnosis(has_bias, has_variance):
    return {name for name, has in (("high bias", has_bias), ("high variance", has_variance)) if has}


@misconception(
    "diagnose",
    rationale="The dev error is compared with the human error; the variance is what the dev error adds to the train "
    "error.",
    help="variance = dev_error - train_error.",
)
def dev_compared_with_human(train_error, dev_error, human_error=0.0, tolerance=0.02):
    return _diagnosis(train_error - human_error > tolerance, dev_error - human_error > tolerance)


@misconception(
    "diagnose",
    rationale='"high bias" and "high variance" are exchanged.',
    help="A train error far above the human error is bias; a dev error far above the train error is variance.",
)
def bias_and_variance_exchanged(train_error, dev_error, human_error=0.0, tolerance=0.02):
    return _diagnosis(dev_error - train_error > tolerance, train_error - human_error > tolerance)


@misconception(
    "diagnose",
    rationale="The human error is not used: the train error alone decides on the bias. Where people make as many "
    "errors, there is little to gain.",
    help="The avoidable bias is train_error - human_error.",
)
def human_error_ignored(train_error, dev_error, human_error=0.0, tolerance=0.02):
    return _diagnosis(train_error > tolerance, dev_error - train_error > tolerance)


@misconception(
    "diagnose",
    rationale="The tolerance is not used: 0.02 is written into the function.",
    help="Compare both gaps with the argument tolerance.",
)
def tolerance_always_2_percent(train_error, dev_error, human_error=0.0, tolerance=0.02):
    return _diagnosis(train_error - human_error > 0.02, dev_error - train_error > 0.02)


@misconception(
    "diagnose",
    rationale="Every gap above 0 counts as high; it should be above the tolerance.",
    help="train_error - human_error > tolerance, and the same for the other gap.",
)
def any_gap_is_high(train_error, dev_error, human_error=0.0, tolerance=0.02):
    return _diagnosis(train_error > human_error, dev_error > train_error)


@misconception(
    "diagnose",
    rationale="Only one problem is reported: where the bias is high, the variance is not looked at any more.",
    help="Two ifs, one after the other, and no else or elif: both can be high.",
)
def no_variance_beside_bias(train_error, dev_error, human_error=0.0, tolerance=0.02):
    has_bias = train_error - human_error > tolerance
    return _diagnosis(has_bias, not has_bias and dev_error - train_error > tolerance)


@misconception(
    "diagnose",
    rationale="Only one problem is reported: where the variance is high, the bias is not looked at any more.",
    help="Two ifs, one after the other, and no else or elif: both can be high.",
)
def no_bias_beside_variance(train_error, dev_error, human_error=0.0, tolerance=0.02):
    has_variance = dev_error - train_error > tolerance
    return _diagnosis(not has_variance and train_error - human_error > tolerance, has_variance)


@misconception(
    "diagnose",
    rationale="Only the larger one of the two gaps is reported; both can be high.",
    help="Compare each gap with the tolerance by itself, and not one with the other.",
)
def only_the_larger_gap(train_error, dev_error, human_error=0.0, tolerance=0.02):
    bias, variance = train_error - human_error, dev_error - train_error
    return _diagnosis(bias > tolerance and bias >= variance, variance > tolerance and variance > bias)


@misconception(
    "diagnose",
    rationale="The sign of the variance is wrong: the dev error is subtracted from the train error.",
    help="variance = dev_error - train_error: a network does worse on examples that it has not seen.",
)
def variance_with_wrong_sign(train_error, dev_error, human_error=0.0, tolerance=0.02):
    return _diagnosis(train_error - human_error > tolerance, train_error - dev_error > tolerance)


@misconception(
    "diagnose",
    rationale="The absolute values of the gaps are compared. A dev error far below the train error is no high "
    "variance, and a train error below the human error no high bias.",
    help="Leave out abs: only a positive gap is a problem.",
)
def absolute_gaps(train_error, dev_error, human_error=0.0, tolerance=0.02):
    return _diagnosis(abs(train_error - human_error) > tolerance, abs(dev_error - train_error) > tolerance)


@misconception(
    "diagnose",
    rationale="The bias is judged by the dev error; it is the train error that tells whether a network fits the "
    "examples it learned from.",
    help="The avoidable bias is train_error - human_error.",
)
def bias_from_the_dev_error(train_error, dev_error, human_error=0.0, tolerance=0.02):
    return _diagnosis(dev_error - human_error > tolerance, dev_error - train_error > tolerance)


@misconception(
    "diagnose",
    rationale="The variance is judged by the dev error alone; what counts is how much it adds to the train error.",
    help="variance = dev_error - train_error.",
)
def variance_from_the_dev_error_alone(train_error, dev_error, human_error=0.0, tolerance=0.02):
    return _diagnosis(train_error - human_error > tolerance, dev_error > tolerance)


@misconception(
    "diagnose",
    rationale='What is not high is reported as "low"; the set should hold the problems only.',
    help="Add nothing where a gap is small: with no problem at all the set is empty.",
)
def low_is_reported_too(train_error, dev_error, human_error=0.0, tolerance=0.02):
    return {
        f"{'high' if train_error - human_error > tolerance else 'low'} bias",
        f"{'high' if dev_error - train_error > tolerance else 'low'} variance",
    }


@misconception(
    "diagnose",
    rationale='The set holds single letters: set("high bias") takes a text apart.',
    help='Write {"high bias"}, or diagnosis.add("high bias").',
)
def letters_instead_of_names(train_error, dev_error, human_error=0.0, tolerance=0.02):
    return set().union(*_diagnosis(train_error - human_error > tolerance, dev_error - train_error > tolerance))


@misconception(
    "diagnose",
    rationale='The words "high bias" and "high variance" are shortened to "bias" and "variance".',
    help='Use exactly the texts "high bias" and "high variance".',
)
def names_without_high(train_error, dev_error, human_error=0.0, tolerance=0.02):
    found = _diagnosis(train_error - human_error > tolerance, dev_error - train_error > tolerance)
    return {name.removeprefix("high ") for name in found}


# remedies

AGAINST_BIAS = frozenset({"bigger network", "train longer", "better optimizer", "different architecture"})
AGAINST_VARIANCE = frozenset({"more data", "regularization", "different architecture"})


def _remedies(diagnosis, against_bias=AGAINST_BIAS, against_variance=AGAINST_VARIANCE):
    found = set()
    if "high bias" in diagnosis:
        found |= against_bias
    if "high variance" in diagnosis:
        found |= against_variance
    return found


@misconception(
    "remedies",
    rationale="The two lists are exchanged: what helps against high bias is returned for high variance, and the other "
    "way round.",
    help="High bias: the network must fit better, so it gets bigger or trains longer. High variance: it must "
    "generalize better, by more data or regularization.",
)
def lists_exchanged(diagnosis):
    return _remedies(diagnosis, AGAINST_VARIANCE, AGAINST_BIAS)


@misconception(
    "remedies",
    rationale="With both problems only what helps against both is returned, the intersection; whatever helps against "
    "one of them is worth a try.",
    help="Join the two sets by |, not by &.",
)
def only_what_helps_against_both(diagnosis):
    return set(AGAINST_BIAS & AGAINST_VARIANCE) if len(diagnosis) == 2 else _remedies(diagnosis)


@misconception(
    "remedies",
    rationale="With both problems only the remedies against high bias are returned.",
    help="Two ifs, one after the other, that add to the same set.",
)
def only_against_bias_where_both(diagnosis):
    return _remedies({"high bias"} if "high bias" in diagnosis else diagnosis)


@misconception(
    "remedies",
    rationale="With both problems only the remedies against high variance are returned.",
    help="Two ifs that add to the same set; the second must not replace what the first has found.",
)
def only_against_variance_where_both(diagnosis):
    return _remedies({"high variance"} if "high variance" in diagnosis else diagnosis)


@misconception(
    "remedies",
    rationale="More data are offered against high bias, too. They do not help a network that cannot even fit the data "
    "it has.",
    help='"more data" belongs to high variance only.',
)
def more_data_against_bias(diagnosis):
    return _remedies(diagnosis, against_bias=AGAINST_BIAS | {"more data"})


@misconception(
    "remedies",
    rationale="Regularization is offered against high bias. It keeps a network from fitting too closely, and makes a "
    "high bias higher.",
    help='"regularization" belongs to high variance only.',
)
def regularization_against_bias(diagnosis):
    return _remedies(diagnosis, against_bias=AGAINST_BIAS | {"regularization"})


@misconception(
    "remedies",
    rationale="A bigger network is offered against high variance; by itself it can fit the training set even more "
    "closely.",
    help='"bigger network" belongs to high bias only.',
)
def bigger_network_against_variance(diagnosis):
    return _remedies(diagnosis, against_variance=AGAINST_VARIANCE | {"bigger network"})


@misconception(
    "remedies",
    rationale="Longer training is offered against high variance; it lets a network learn its training set by heart.",
    help='"train longer" belongs to high bias only.',
)
def longer_training_against_variance(diagnosis):
    return _remedies(diagnosis, against_variance=AGAINST_VARIANCE | {"train longer"})


@misconception(
    "remedies",
    rationale="A different architecture is missing among the remedies against high variance; it can help against "
    "either problem.",
    help='"different architecture" belongs to both sets.',
)
def architecture_only_against_bias(diagnosis):
    return _remedies(diagnosis, against_variance=AGAINST_VARIANCE - {"different architecture"})


@misconception(
    "remedies",
    rationale="A different architecture is missing among the remedies against high bias; it can help against either "
    "problem.",
    help='"different architecture" belongs to both sets.',
)
def architecture_only_against_variance(diagnosis):
    return _remedies(diagnosis, against_bias=AGAINST_BIAS - {"different architecture"})


@misconception(
    "remedies",
    rationale="All remedies are returned, whatever the diagnosis is.",
    help='Ask for each problem by itself: if "high bias" in diagnosis: …',
)
def everything_whatever_the_diagnosis(diagnosis):
    return set(AGAINST_BIAS | AGAINST_VARIANCE)


@misconception(
    "remedies",
    rationale="A better optimizer is missing among the remedies against high bias: it finds a lower cost with the same "
    "network.",
    help='Against high bias: "bigger network", "train longer", "better optimizer", "different architecture".',
)
def optimizer_forgotten(diagnosis):
    return _remedies(diagnosis, against_bias=AGAINST_BIAS - {"better optimizer"})


@misconception(
    "remedies",
    rationale="Where nothing is wrong, remedies against high variance are returned; there is nothing to try then.",
    help='Do not treat "no high bias" as high variance: the else of an if is not the other problem.',
)
def variance_wherever_no_bias(diagnosis):
    return _remedies(diagnosis if "high bias" in diagnosis else {"high variance"})


@misconception(
    "remedies",
    rationale="Where nothing is wrong, remedies against high bias are returned; there is nothing to try then.",
    help='Do not treat "no high variance" as high bias: the else of an if is not the other problem.',
)
def bias_wherever_no_variance(diagnosis):
    return _remedies(diagnosis if "high variance" in diagnosis else {"high bias"})


@misconception(
    "remedies",
    rationale="The set holds single letters: set of a text takes it apart.",
    help='Write {"more data"}, or use add("more data").',
)
def letters_of_remedies(diagnosis):
    return set().union(*_remedies(diagnosis))
