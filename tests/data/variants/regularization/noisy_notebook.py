# %%
"""A notebook on its last evening: plots, prints, asserts, seeds, cells that fail, functions written twice."""

# %%
import numpy as np
import matplotlib.pyplot as plt
import sklearn.datasets
from reg_utils import sigmoid, relu, initialize_parameters, load_2D_dataset
from testCases import *

# %matplotlib inline
plt.rcParams["figure.figsize"] = (7.0, 4.0)

np.random.seed(3)


# %%
def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def relu(z):
    return np.maximum(0, z)


# %%
def l2_penalty(parameters, lambd, m, eps=0):
    L = len(parameters) // 2
    cost = 0
    for l in range(L):
        cost = cost + np.sum(np.multiply(parameters["W" + str(l + 1)], parameters["W" + str(l + 1)]))
    L2_regularization_cost = 1 / m * lambd / 2 * cost
    print("L2 cost:", L2_regularization_cost)
    return np.array([[L2_regularization_cost]])


# %%
def l1_penalty(parameters, lambd, m):
    """first try"""
    return None


# %%
def l1_penalty(params, lmbda, num_examples, verbose=True):
    weights = [params[key] for key in params.keys() if key.find("W") == 0]
    out = lmbda / (2 * num_examples) * np.sum([np.sum(np.sqrt(w**2)) for w in weights])
    if verbose:
        print("l1:", out)
    assert np.isscalar(out)
    return float(out)


# %%
def l2_gradient(dW, W, lambd, m):
    np.random.seed(1)
    assert dW.shape == W.shape, "shapes"
    return dW + (lambd * W) / m


# %%
def l1_gradient(dW, W, lambd, m):
    # the epsilon keeps 0 / 0 away
    grad = dW + lambd / (2 * m) * W / (np.abs(W) + 1e-12)
    assert (grad.shape == W.shape, "never fires")
    return grad


# %%
def weight_decay_update(w, dw, alpha, lambd, m):
    step = alpha * (dw + (lambd / m) * w)
    print("step", step.shape)
    return w - step


# %%
def dropout_forward(A1, keep_prob, rng):
    np.random.seed(1)  # does no harm: the numbers come from rng
    D1 = rng.uniform(0, 1, size=(A1.shape[0], A1.shape[1]))  # Step 1
    D1 = (D1 < keep_prob).astype(int)  # Step 2
    A1 = A1 * D1  # Step 3
    A1 = A1 / keep_prob  # Step 4
    print("kept", D1.mean())
    return A1, D1


# %%
def dropout_backward(dA1, D1, keep_prob):
    dA1 = dA1 * D1
    dA1 = dA1 / keep_prob
    return dA1


# %%
def forward_with_dropout(X, parameters, keep_prob, rng, debug=False):
    caches = []
    masks = []
    A = X
    L = len(parameters) // 2
    for l in range(L - 1):
        W = parameters["W" + str(l + 1)]
        b = parameters["b" + str(l + 1)]
        Z = np.dot(W, A) + b
        cache = ((A, W, b), Z)
        A, D = dropout_forward(relu(Z), keep_prob[l], rng)
        caches.append(cache)
        masks.append(D)
    W, b = parameters["W" + str(L)], parameters["b" + str(L)]
    Z = np.dot(W, A) + b
    caches.append(((A, W, b), Z))
    AL = sigmoid(Z)
    assert AL.shape == (1, X.shape[1])
    if debug:
        plt.hist(AL.ravel())
    return AL, caches, masks


# %%
def backward_with_dropout(AL, Y, caches, masks, keep_prob, epsilon=1e-10):
    L, m, grads = len(caches), AL.shape[1], {}
    dAL = -(np.divide(Y, AL + epsilon) - np.divide(1 - Y, 1 - AL + epsilon))
    dZ = dAL * AL * (1 - AL)
    for l in reversed(range(L)):
        (A_prev, W, b), Z = caches[l]
        if l < L - 1:
            dA = dropout_backward(dA, masks[l], keep_prob[l])
            dZ = np.array(dA, copy=True)
            dZ[Z <= 0] = 0
        grads["dW" + str(l + 1)] = 1 / m * np.dot(dZ, A_prev.T)
        grads["db" + str(l + 1)] = 1 / m * np.sum(dZ, axis=1, keepdims=True)
        dA = np.dot(W.T, dZ)
        grads["dA" + str(l)] = dA
    print({k: v.shape for k, v in grads.items()})
    return grads


# %%
def early_stopping(dev_costs, patience):
    best = 1e9
    best_iteration = 0
    counter = 0
    stopped = False
    for i, c in enumerate(dev_costs):
        if stopped:
            continue
        if c >= best:
            counter += 1
            stopped = counter >= patience
        else:
            best = c
            best_iteration = i
            counter = 0
    print("best iteration:", best_iteration)
    return np.int64(best_iteration)


# %%
def flip_horizontal(imgs):
    flipped = [img[:, ::-1] for img in imgs]
    plt.imshow(flipped[0], cmap="gray")
    plt.show()
    return np.stack(flipped)


# %%
def random_crop(imgs, size, rng, debug=False):
    crops = []
    for img in imgs:
        h, w = img.shape
        i = rng.choice(np.arange(h - size + 1))
        j = rng.choice(np.arange(w - size + 1))
        if debug:
            print(i, j)
        crops += [img[i : i + size, j : j + size]]
    crops = np.array(crops)
    assert crops.shape == (imgs.shape[0], size, size)
    return crops


# %%
def rotate_quarter_turns(imgs, k=1):
    k = int(k) % 4
    if k == 0:
        return imgs
    elif k == 1:
        return np.flip(np.transpose(imgs, (0, 2, 1)), axis=1)
    elif k == 2:
        return np.flip(imgs, axis=(1, 2))
    else:
        return np.flip(np.transpose(imgs, (0, 2, 1)), axis=2)


# %%
def ensemble_average(preds):
    avg = np.zeros_like(preds[0])
    for p in preds:
        avg += p / len(preds)
    assert np.all(avg >= 0) and np.all(avg <= 1)
    return avg


# %%
train_X, train_Y, test_X, test_Y = load_2D_dataset()
plt.scatter(train_X[0, :], train_X[1, :], c=train_Y, s=40, cmap=plt.cm.Spectral)
parameters = model(train_X, train_Y, keep_prob=0.86, learning_rate=0.3)

# %%
assert l2_penalty({"W1": np.ones((2, 2)), "b1": np.zeros((2, 1))}, 1, 1) == 5, "left over from debugging"

# %%
print(undefined_name_from_a_deleted_cell)
