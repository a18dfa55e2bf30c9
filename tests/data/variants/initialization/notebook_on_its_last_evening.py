# %%
"""A notebook on its last evening: course helpers, plots, prints, asserts, cells that fail, functions written twice."""

# %%
import numpy as np
import h5py
import matplotlib.pyplot as plt
import sklearn.datasets
from init_utils import sigmoid, relu, compute_loss, forward_propagation, load_dataset
# %matplotlib inline

plt.rcParams["figure.figsize"] = (7.0, 4.0)
np.random.seed(1)
print("numpy", np.__version__)

# %%
train_X, train_Y, test_X, test_Y = load_dataset()


# %%
def zeros(layers_dims):
    parameters = {}
    L = len(layers_dims)
    for l in range(1, L):
        parameters["W" + str(l)] = np.zeros((layers_dims[l], layers_dims[l - 1]))
        parameters["b" + str(l)] = np.zeros((layers_dims[l], 1))
    parameters["L"] = L - 1
    print("zeros", parameters.keys())
    return parameters


# %%
def scaled_normal(layers_dims, scale, rng):
    raise NotImplementedError("later")


# %%
def scaled_normal(layers_dims, scale=10, rng=None, seed=3):
    np.random.seed(seed)  # from the first version; the draws come from rng
    rng = np.random.default_rng() if rng is None else rng
    parameters = {}
    L = len(layers_dims)
    for l in range(1, L):
        parameters["W" + str(l)] = rng.normal(0, 1, (layers_dims[l], layers_dims[l - 1])) * scale
        parameters["b" + str(l)] = np.zeros((layers_dims[l], 1)) * scale
        assert parameters["W" + str(l)].shape == (layers_dims[l], layers_dims[l - 1])
    return parameters


# %%
def xavier(layers_dims, rng, kind="tanh"):
    parameters = scaled_normal(layers_dims, 1, rng)
    for l in range(len(layers_dims) - 1):
        parameters["W" + str(l + 1)] = parameters["W" + str(l + 1)] / (np.sqrt(layers_dims[l]) + 1e-8)
        print("layer", l + 1, parameters["W" + str(l + 1)].std())
    return parameters


# %%
def glorot(layers_dims, rng):
    d = dict()
    for l in range(1, len(layers_dims)):
        fan_in, fan_out = layers_dims[l - 1], layers_dims[l]
        sd = np.sqrt(6.0 / (fan_in + fan_out))
        d["W" + str(l)] = (rng.random((fan_out, fan_in)) - 0.5) * 2 * sd
        d["b" + str(l)] = np.zeros(shape=(fan_out, 1))
        d["limit" + str(l)] = sd
    return d


# %%
def he(layers_dims, rng):
    np.random.seed(3)
    parameters = {}
    L = len(layers_dims) - 1
    for l in range(1, L + 1):
        parameters["W" + str(l)] = rng.standard_normal((layers_dims[l], layers_dims[l - 1])) * np.sqrt(
            2.0 / layers_dims[l - 1]
        )
        parameters["b" + str(l)] = np.zeros((layers_dims[l], 1))
    return parameters


# %%
def hidden_units_identical(W, tolerance=1e-8):
    same = 1
    for row in W:
        if not np.allclose(row, W[0], atol=tolerance):
            print("this one differs:", row)
            same = 0
    return same


# %%
def linear_chain_norms(x, W, L):
    assert x.shape == (W.shape[1], 1)
    norms = np.array([])
    h = x
    for l in range(L + 1):
        norms = np.append(norms, np.linalg.norm(h))
        h = np.dot(W, h)
    print(norms)
    plt.semilogy(norms)
    plt.show()
    return norms


# %%
def layer_activation_std(X, params, act="relu"):
    L = len([key for key in params if key.startswith("W")])
    a = X
    stds = []
    for l in range(1, L + 1):
        z = np.dot(params["W" + str(l)], a) + params["b" + str(l)]
        if act == "tanh":
            a = np.tanh(z)
        elif act == "relu":
            a = np.maximum(0, z)
        else:
            raise ValueError("activation?")
        assert a.shape == z.shape
        stds.append(np.std(a))
        plt.subplot(1, L, l)
        plt.hist(a.flatten(), 30)
    plt.show()
    return np.array(stds)


# %%
parameters = model(train_X, train_Y, initialization="he")

# %%
assert np.allclose(he([3, 2], np.random.default_rng(0))["W1"], 0), "left over from debugging"

# %%
print(undefined_name_from_a_deleted_cell)
