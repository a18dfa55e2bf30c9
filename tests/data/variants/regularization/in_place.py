"""Updates in place, of copies and of the arguments themselves."""
import numpy as np

def l2_penalty(parameters, lambd, m):
    s = 0
    for k in parameters:
        if k.startswith('W'):
            s += np.square(parameters[k]).sum()
    s *= lambd
    s /= 2 * m
    return s

def l1_penalty(parameters, lambd, m):
    s = 0
    for k in list(parameters):
        if 'W' in k:
            np.abs(parameters[k], out=parameters[k])
            s += parameters[k].sum()
    return np.array(s * lambd / (2 * m))

def l2_gradient(dW, W, lambd, m):
    dW += lambd / m * W
    return dW

def l1_gradient(dW, W, lambd, m):
    W[W > 0] = 1
    W[W < 0] = -1
    dW += W * lambd / (2 * m)
    return dW

def weight_decay_update(W, dW, learning_rate, lambd, m):
    W *= 1 - learning_rate * lambd / m
    W -= learning_rate * dW
    return W

def dropout_forward(A, keep_prob, rng):
    D = rng.random(A.shape)
    D = D < keep_prob
    A *= D
    A /= keep_prob
    return A, D

def dropout_backward(dA, mask, keep_prob):
    dA *= mask
    dA /= keep_prob
    return dA

def forward_with_dropout(X, parameters, keep_probs, rng):
    L = len(parameters) // 2
    caches, masks = [], []
    A = X
    for l in range(1, L):
        A_prev = A
        Z = np.dot(parameters['W' + str(l)], A_prev) + parameters['b' + str(l)]
        A = Z.copy()
        A[A < 0] = 0
        A, D = dropout_forward(A, keep_probs[l - 1], rng)
        masks.append(D)
        caches.append(((A_prev, parameters['W' + str(l)], parameters['b' + str(l)]), Z))
    Z = np.dot(parameters['W' + str(L)], A) + parameters['b' + str(L)]
    caches.append(((A, parameters['W' + str(L)], parameters['b' + str(L)]), Z))
    AL = np.exp(-Z)
    AL += 1
    AL **= -1
    return AL, caches, masks

def backward_with_dropout(AL, Y, caches, masks, keep_probs):
    grads = {}
    m = AL.shape[1]
    L = len(caches)
    masks.reverse()
    dZ = AL
    dZ -= Y
    for l in range(L, 0, -1):
        (A_prev, W, b), Z = caches.pop()
        grads['dW' + str(l)] = 1. / m * np.dot(dZ, A_prev.T)
        grads['db' + str(l)] = 1. / m * np.sum(dZ, axis=1, keepdims=True)
        if l > 1:
            dA = np.dot(W.T, dZ)
            dA = dropout_backward(dA, masks.pop(0), keep_probs[l - 2])
            dA[caches[-1][1] <= 0] = 0
            dZ = dA
    return grads

def early_stopping(dev_costs, patience):
    seen = []
    while dev_costs:
        seen.append(dev_costs.pop(0))
        if len(seen) - 1 - seen.index(min(seen)) == patience:
            break
    return seen.index(min(seen))

def flip_horizontal(images):
    images[:] = images[:, :, ::-1].copy()
    return images

def random_crop(images, size, rng):
    crops = []
    for image in images:
        top = rng.integers(0, image.shape[0] - size + 1)
        left = rng.integers(0, image.shape[1] - size + 1)
        image = np.delete(image, np.r_[0:top, top + size:image.shape[0]], axis=0)
        image = np.delete(image, np.r_[0:left, left + size:image.shape[1]], axis=1)
        crops.append(image)
    return crops

def rotate_quarter_turns(images, turns):
    turns %= 4
    while turns > 0:
        images = images.transpose(0, 2, 1)[:, ::-1]
        turns -= 1
    return images

def ensemble_average(probabilities):
    total = probabilities[0]
    for p in probabilities[1:]:
        total += p
    total /= len(probabilities)
    return total
