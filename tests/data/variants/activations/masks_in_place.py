"""Boolean masks that write into an array of results; nothing is computed where it is not needed."""
import numpy as np

def sigmoid(Z):
    A = np.zeros(Z.shape)
    pos = Z >= 0
    neg = ~pos
    A[pos] = 1.0 / (1.0 + np.exp(-Z[pos]))
    A[neg] = np.exp(Z[neg]) / (1.0 + np.exp(Z[neg]))
    assert A.shape == Z.shape
    return A

def tanh(Z):
    # from -2|z|, which cannot overflow
    E = np.exp(-2 * np.abs(Z))
    A = (1 - E) / (1 + E)
    A[Z < 0] *= -1
    return A

def relu(Z):
    A = Z.copy()
    A[A < 0] = 0
    return A

def leaky_relu(Z, alpha=0.01):
    A = np.array(Z, dtype=float)
    A[Z <= 0] = alpha * A[Z <= 0]
    return A

def sigmoid_derivative(Z):
    S = sigmoid(Z)
    S *= 1 - S
    return S

def tanh_derivative(Z):
    T = tanh(Z)
    T **= 2
    T *= -1
    T += 1
    return T

def relu_derivative(Z):
    # a mask of booleans is 0 and 1 as well
    return Z > 0

def leaky_relu_derivative(Z, alpha=0.01):
    dZ = np.ones_like(Z)
    dZ[Z < 0] = alpha
    return dZ
