"""Statistics in one pass, var = E[x²] − (E[x])²; sets by zip and comprehension; a debugging decorator around it all."""

import functools
import logging

import numpy

log = logging.getLogger("homework")


def traced(f):
    @functools.wraps(f)
    def wrapper(*args, **kwargs):
        log.debug("%s called", f.__name__)
        return f(*args, **kwargs)

    return wrapper


@traced
def split_sizes(number_of_examples):
    p, q = ((0.6, 0.8), (0.98, 0.99))[number_of_examples > 1_000_000]
    i, j = int(p * number_of_examples), int(q * number_of_examples)
    return i, j - i, number_of_examples - j


@traced
def train_dev_test_split(inputs, labels, sizes, generator):
    examples = list(zip(inputs.T, labels.T))
    generator.shuffle(indices := numpy.arange(len(examples)))
    examples = iter([examples[i] for i in indices])
    sets = []
    for size in sizes:
        chosen = [next(examples) for _ in range(size)]
        sets.append((numpy.stack([x for x, _ in chosen], axis=1), numpy.stack([y for _, y in chosen], axis=-1)))
    return sets


@traced
def fit_normalizer(inputs):
    first = numpy.average(inputs, axis=-1)
    second = numpy.average(inputs * inputs, axis=-1)
    return first.reshape(-1, 1), numpy.sqrt(numpy.abs(second - first * first)).reshape(-1, 1)


@traced
def normalize(inputs, mean, std):
    safe = std + (std == 0)
    return inputs / safe - mean / safe


@traced
def diagnose(train_error, dev_error, human_error=0.0, tolerance=0.02):
    errors = (human_error, train_error, dev_error)
    names = ("high bias", "high variance")
    return {name for name, low, high in zip(names, errors, errors[1:]) if high - low >= tolerance}


@traced
def remedies(diagnosis):
    for_bias = "bigger network, train longer, better optimizer, different architecture".split(", ")
    for_variance = "more data, regularization, different architecture".split(", ")
    return {
        remedy
        for problem, names in (("high bias", for_bias), ("high variance", for_variance))
        for remedy in names
        if problem in diagnosis
    }
