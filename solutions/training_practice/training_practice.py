# %% [markdown]
# # Preparing data, reading errors
#
# A network that does not work well can be changed in a hundred ways: more data, more layers, more iterations, more
# regularization. Most of these changes cost days, and most of them do not help. Which one will help can be read off
# from a few numbers, if the data were prepared so that the numbers can be trusted.
#
# That is what you write here: first the preparation (how many examples go where, the shuffle, the scaling), then the
# reading (what is wrong with a network, and what can be done about it).
#
# **Notation.** $m$ examples stand side by side as the *columns* of $X$, shape $(n_x, m)$; a row of $X$ is a *feature*.
# The labels $Y$ have shape $(1, m)$ and are 0 or 1. Column $i$ of $X$ and column $i$ of $Y$ belong together. An *error*
# is the share of examples with a wrong answer, a number from 0 to 1.
#
# Functions return new arrays and leave their arguments as they are. Randomness comes from the generator `rng` that is
# passed in, and from nowhere else.
#
# Run `grader check` in this folder whenever you like.

# %%
import numpy as np

# %% [markdown]
# ## Three sets
#
# The *training set* is what the network learns from. Its error on these examples says little about others, since it may
# have learned them by heart. So a second set, the *dev set*, is kept apart, and on it you compare one network with
# another. But with every comparison you choose what happens to suit the dev set, and in the end its error is too good,
# too. The *test set* is looked at once, when everything is decided.
#
# A dev or test set must be large enough to measure an error, and no larger, because every other example is better used
# for training. With a few thousand examples that takes a fifth of them; with millions, one in a hundred is plenty:
#
# | examples | train | dev | test |
# |---|---|---|---|
# | $m \le 1{,}000{,}000$ | 60 % | 20 % | 20 % |
# | $m > 1{,}000{,}000$ | 98 % | 1 % | 1 % |
#
# Most shares are no whole numbers: 60 % of 4 is 2.4. Rounded by itself, each of the three sizes may be a little wrong,
# and then they no longer add up to $m$. Whoever gives the difference to the last set may give it too much: with
# $m = 4$, the first two rounded down make 2 and 0, and 2 examples are left for a test set that should have 0.8.
# It is easier to think of the two places where the row of examples is *cut*.


# %%
def split_sizes(m):
    """How many of m examples go into the training set, the dev set and the test set.

    m: number of examples, an integer of at least 1.

    Returns (train, dev, test), three whole numbers, none negative, whose sum is exactly m. Their shares are 60, 20 and
    20 % up to and including 1,000,000 examples, and 98, 1 and 1 % above. Each size lies within 1 of its exact share
    of m; how you round is free as long as that holds.

    >>> split_sizes(1000)
    (600, 200, 200)
    >>> split_sizes(2_000_000)
    (1960000, 20000, 20000)
    """
    # BEGIN SOLUTION
    train, dev = (60, 20) if m <= 1_000_000 else (98, 1)
    # Each cut is off by one half at most, so the size between two cuts is off by 1 at most.
    first, second = round(m * train / 100), round(m * (train + dev) / 100)
    return first, second - first, m - second
    # END SOLUTION


# %% [markdown]
# ## The shuffle
#
# Data rarely come in random order. They were gathered class by class or day by day, and then the last fifth is not like
# the first. So the examples are dealt out at random, such that every example is as likely as every other to get into
# each set.
#
# Three things must hold, and none of them can be seen from the shapes:
#
# - Every example goes into exactly one set. A network that is tested on what it was trained with looks too good.
# - Every example keeps its label. Drawing one order for $X$ and another for $Y$ leaves labels that mean nothing.
# - What is shuffled are the columns. Many functions shuffle along the first axis, and here that is the axis of the
#   features.
#
# All three follow if *one* random order of the numbers $0, \dots, m - 1$ is drawn, cut into three, and each part used
# to pick columns of both arrays.


# %%
def train_dev_test_split(X, Y, sizes, rng):
    """Deal out examples at random to a training, a dev and a test set.

    X: (n_x, m). Y: (1, m). sizes: (train, dev, test), whole numbers with the sum m.
    rng: a numpy.random.Generator, the only source of randomness.

    Returns (X_train, Y_train), (X_dev, Y_dev), (X_test, Y_test): every X part has shape (n_x, size) and every Y part
    (1, size), with the sizes in the order of `sizes`. Every example is in exactly one set, as likely as every other,
    and together with its label. The order of the examples within a set is free.

    >>> X, Y = np.array([[1.0, 2.0, 3.0, 4.0]]), np.array([[0, 0, 1, 1]])
    >>> train, dev, test = train_dev_test_split(X, Y, (2, 1, 1), np.random.default_rng(0))
    >>> X_train, Y_train = train
    >>> X_train.shape, bool(np.all(Y_train == (X_train > 2)))
    ((1, 2), True)
    """
    # BEGIN SOLUTION
    train, dev, _ = sizes
    order = rng.permutation(X.shape[1])
    parts = order[:train], order[train : train + dev], order[train + dev :]
    return tuple((X[:, part], Y[:, part]) for part in parts)
    # END SOLUTION


# %% [markdown]
# ## Normalization
#
# One feature is an age, from 0 to 100, another an income, from 0 to 100,000. The cost is then a long narrow valley, and
# gradient descent crawls along it: a learning rate small enough for the steep direction is far too small for the flat
# one. Normalization gives every feature the mean 0 and the standard deviation 1. For feature $j$,
#
# $$\mu_j = \frac{1}{m} \sum_{i=1}^{m} x_j^{(i)}, \qquad
# \sigma_j = \sqrt{\frac{1}{m} \sum_{i=1}^{m} \big(x_j^{(i)} - \mu_j\big)^2}, \qquad
# x_j \leftarrow \frac{x_j - \mu_j}{\sigma_j}.$$
#
# The sum of squares is taken after $\mu$ was subtracted, and what is divided by is its *root*: a standard deviation
# has the unit of the feature itself, so that the unit cancels.
#
# $\mu$ and $\sigma$ are measured **once, on the training set**, and then used for all three sets. They are part of the
# model, as the weights are: the network must see the same number for the same age, wherever the example comes from.


# %%
def fit_normalizer(X):
    """Mean and standard deviation of every feature of a training set.

    X: (n_x, m), the training set.

    Returns mean and std, both of shape (n_x, 1). The sum of the squared deviations is divided by m (not by m - 1).

    >>> fit_normalizer(np.array([[1.0, 3.0], [5.0, 11.0]]))
    (array([[2.],
           [8.]]), array([[1.],
           [3.]]))
    """
    # BEGIN SOLUTION
    mean = np.mean(X, axis=1, keepdims=True)
    std = np.sqrt(np.mean((X - mean) ** 2, axis=1, keepdims=True))
    return mean, std
    # END SOLUTION


# %% [markdown]
# A feature can be constant in the training set, a pixel in the corner of an image, say. Its standard deviation is 0,
# and $0 / 0$ is NaN, which spreads to every number that is computed from it. Such a feature tells nothing, so 0 is a
# good value for it.


# %%
def normalize(X, mean, std):
    """X with the statistics of the training set: (X - mean) / std for every feature.

    X: (n_x, m), any of the three sets. mean, std: (n_x, 1), as fit_normalizer returned them.

    Returns an array of the shape of X. Where std is exactly 0, an entry that equals the mean gives 0, and any other
    entry some finite number of your choice; NaN and infinity never occur.

    >>> normalize(np.array([[2.0, 5.0], [7.0, 7.0]]), np.array([[3.0], [7.0]]), np.array([[2.0], [0.0]]))
    array([[-0.5,  1. ],
           [ 0. ,  0. ]])
    """
    # BEGIN SOLUTION
    return (X - mean) / np.where(std == 0, 1, std)
    # END SOLUTION


# %% [markdown]
# ## Bias and variance
#
# Three numbers tell what is wrong with a network. People who do the task make errors as well, and the *human error*
# stands for what can be reached at all. So the training error alone says nothing: 8 % is poor where people make
# 1 %, and excellent where they make 7.5 %. What counts is the two gaps:
#
# $$\text{avoidable bias} = \text{train error} - \text{human error}, \qquad
# \text{variance} = \text{dev error} - \text{train error}$$
#
# ![Three errors as bars, and the two gaps between them](data/errors.svg)
#
# A large first gap means that the network does not even fit the examples it was trained with: *high bias*. A large
# second gap means that what it learned does not hold for other examples: *high variance*. One can occur without the
# other, and so can both or none:
#
# | human | train | dev | avoidable bias | variance | |
# |---|---|---|---|---|---|
# | 0 % | 1 % | 11 % | 1 % | 10 % | high variance |
# | 0 % | 15 % | 16 % | 15 % | 1 % | high bias |
# | 0 % | 15 % | 30 % | 15 % | 15 % | both |
# | 14 % | 15 % | 16 % | 1 % | 1 % | none |


# %%
def diagnose(train_error, dev_error, human_error=0.0, tolerance=0.02):
    """What is wrong with a network, judging by its errors.

    train_error, dev_error, human_error: errors from 0 to 1.
    tolerance: how large a gap may be; a number above 0.

    Returns a set: "high bias" is in it if train_error - human_error is above the tolerance, and "high variance" if
    dev_error - train_error is. A set with both, with one or with none of them is possible. (A gap that equals the
    tolerance does not occur.)

    >>> diagnose(0.01, 0.11)
    {'high variance'}
    >>> sorted(diagnose(0.15, 0.30))
    ['high bias', 'high variance']
    >>> diagnose(0.15, 0.16, 0.14)
    set()
    """
    # BEGIN SOLUTION
    diagnosis = set()
    if train_error - human_error > tolerance:
        diagnosis.add("high bias")
    if dev_error - train_error > tolerance:
        diagnosis.add("high variance")
    return diagnosis
    # END SOLUTION


# %% [markdown]
# ## Remedies
#
# Against high bias the network must become able to fit its training set; against high variance it must be kept from
# learning it by heart.
#
# | high bias | high variance |
# |---|---|
# | bigger network | more data |
# | train longer | regularization |
# | better optimizer | |
# | different architecture | different architecture |
#
# More data do not help a network that cannot fit the data it has. That is the point of the diagnosis.


# %%
def remedies(diagnosis):
    """What can be tried against what is wrong.

    diagnosis: a set as diagnose returns it, of "high bias", "high variance", both or none.

    Returns a set of names: for "high bias" it holds "bigger network", "train longer", "better optimizer" and
    "different architecture"; for "high variance" it holds "more data", "regularization" and "different architecture";
    for both, all that help against one or the other; for none, nothing.

    >>> sorted(remedies({"high variance"}))
    ['different architecture', 'more data', 'regularization']
    >>> remedies(set())
    set()
    """
    # BEGIN SOLUTION
    known = {
        "high bias": {"bigger network", "train longer", "better optimizer", "different architecture"},
        "high variance": {"more data", "regularization", "different architecture"},
    }
    return set().union(*(known[problem] for problem in diagnosis))
    # END SOLUTION
