"""Everything entry by entry, with the math module."""
import math


def parameters_to_vector(p):
    values, where = [], []
    for key in sorted(p):
        rows, columns = p[key].shape
        where.append([key, rows, columns])
        for r in range(rows):
            for c in range(columns):
                values.append(float(p[key][r, c]))
    return values, where


def vector_to_parameters(vector, where):
    result = {}
    k = 0
    for key, rows, columns in where:
        array = []
        for r in range(rows):
            row = []
            for c in range(columns):
                row.append(vector[k])
                k += 1
            array.append(row)
        result[key] = array
    return result


def numerical_gradient(J, x, h=1e-5):
    import numpy as np
    x = np.array([float(v) for v in x])
    out = []
    for i in range(len(x)):
        old = x[i]
        x[i] = old + h
        plus = J(x)
        x[i] = old - h
        minus = J(x)
        x[i] = old
        out.append((plus - minus) / (2 * h))
    return out


def relative_error(u, v):
    distance = math.sqrt(sum((float(p) - float(q)) ** 2 for p, q in zip(u, v)))
    lengths = math.sqrt(sum(float(p) ** 2 for p in u)) + math.sqrt(sum(float(q) ** 2 for q in v))
    if lengths == 0:
        return 0
    return distance / lengths


def gradient_check(J, grad, x, h=1e-5, limit=1e-6):
    e = relative_error(numerical_gradient(J, x, h), grad)
    if e < limit:
        return [e, 1]
    return [e, 0]


def wrong_gradients(J, grads, params, limit=1e-6):
    import numpy as np
    bad = []
    for name in params:
        numeric = np.zeros(params[name].shape)
        for index in np.ndindex(*params[name].shape):
            total = 0.0
            for sign in (1, -1):
                moved = {k: v.copy() for k, v in params.items()}
                moved[name][index] += sign * 1e-5
                total += sign * J(moved)
            numeric[index] = total / 2e-5
        if relative_error(numeric.flatten(), grads["d" + name].flatten()) >= limit:
            bad.append("d" + name)
    bad.sort()
    return bad
