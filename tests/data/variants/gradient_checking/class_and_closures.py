import numpy as np


class Layout(dict):
    pass


class Checker:
    def __init__(self, f, step):
        self.f = f
        self.step = step

    def slope(self, theta, i):
        def at(sign):
            moved = theta.copy()
            moved[i] += sign * self.step
            return self.f(moved)

        return (at(+1) - at(-1)) * 0.5 / self.step

    def gradient(self, theta):
        theta = np.asarray(theta) * 1.0
        return np.fromiter((self.slope(theta, i) for i in range(theta.size)), float)


def parameters_to_vector(parameters):
    layout = [{"name": k, "shape": tuple(v.shape)} for k, v in parameters.items()]
    return np.concatenate([parameters[entry["name"]].reshape(-1) for entry in layout], axis=0), layout


def vector_to_parameters(theta, layout):
    position = iter(theta)
    return {
        entry["name"]: np.array([next(position) for _ in range(int(np.prod(entry["shape"])))]).reshape(entry["shape"])
        for entry in layout
    }


def numerical_gradient(f, theta, epsilon=1e-5):
    return Checker(f, epsilon).gradient(theta)


def relative_error(a, b):
    norm = lambda x: np.sum(np.square(x)) ** 0.5
    total = norm(a) + norm(b)
    return 0.0 if total == 0 else norm(np.subtract(a, b)) / total


def gradient_check(f, gradient, theta, epsilon=1e-5, threshold=1e-6):
    error = relative_error(Checker(f, epsilon).gradient(theta), gradient)
    return error, bool(error < threshold)


def wrong_gradients(f, grads, parameters, threshold=1e-6):
    def is_wrong(name):
        array = parameters[name]

        def f_of_one(vector):
            # changes the dict and puts it back
            before = parameters[name]
            parameters[name] = vector.reshape(array.shape)
            try:
                return f(parameters)
            finally:
                parameters[name] = before

        return not gradient_check(f_of_one, grads["d" + name].ravel(), array.ravel(), threshold=threshold)[1]

    return sorted(filter(lambda g: is_wrong(g[1:]), grads))
