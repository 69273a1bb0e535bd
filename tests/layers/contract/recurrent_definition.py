"""What recurrent layers and attention are, in NumPy, written from the definitions, not from Keras.

Arguments and weights are those of the Keras layers; a bias has an axis for each thing that it may
vary along, such as (gate, unit).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from bias_definition import Array
from layers.contract.convolution_definition import convolution
from layers.contract.row import Weights


def sigmoid(x: Array) -> Array:
    result: Array = 1 / (1 + np.exp(-x))
    return result


def softmax(x: Array) -> Array:
    """Over the last axis."""
    e = np.exp(x)
    result: Array = e / e.sum(axis=-1, keepdims=True)
    return result


def steps(arguments: Mapping[str, Any], x: Array) -> list[Array]:
    """The input step by step, in the order in which the layer takes them."""
    taken = [x[:, t] for t in range(x.shape[1])]
    return taken[::-1] if arguments.get("go_backwards") else taken


def given_back(arguments: Mapping[str, Any], states: list[Array]) -> Array:
    """The last state, or all of them."""
    return np.stack(states, axis=1) if arguments.get("return_sequences") else states[-1]


def of_cell(weights: Weights) -> tuple[Array, Array, Array]:
    """Kernel, recurrent kernel and bias of the one cell."""
    by_name = {path.rpartition("/")[2]: weight for path, weight in weights.items()}
    return by_name["kernel"], by_name["recurrent_kernel"], by_name["bias"]


def simple_rnn(arguments: Mapping[str, Any], weights: Weights, inputs: Sequence[Array]) -> Array:
    """H = tanh(x W + h U + b)."""
    w, u, b = of_cell(weights)
    h: Array = np.zeros((len(inputs[0]), len(u)))
    states = []
    for x in steps(arguments, inputs[0]):
        h = np.tanh(x @ w + h @ u + b[0])
        states.append(h)
    return given_back(arguments, states)


def lstm(arguments: Mapping[str, Any], weights: Weights, inputs: Sequence[Array]) -> Array:
    """C = f c + i tanh(g), h = o tanh(c); the gates i, f, g, o of x W + h U + b."""
    w, u, b = of_cell(weights)
    units = len(u)
    h, c = (np.zeros((len(inputs[0]), units)) for _ in "hc")
    states = []
    for x in steps(arguments, inputs[0]):
        i, f, g, o = (
            x @ w[:, n * units : (n + 1) * units] + h @ u[:, n * units : (n + 1) * units] + b[n]
            for n in range(4)
        )
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        states.append(h)
    return given_back(arguments, states)


def gru(arguments: Mapping[str, Any], weights: Weights, inputs: Sequence[Array]) -> Array:
    """H = z h + (1 - z) tanh(candidate); the gates z, r and the candidate of x W + b and h U.

    The candidate sees r h, or, if the reset comes after, r (h U + b'), b' being a second row of
    biases, which the other gates have as well.
    """
    w, u, b = of_cell(weights)
    units = len(u)
    after = arguments.get("reset_after", True)
    mine, theirs = b if after else (b, np.zeros_like(b))
    h: Array = np.zeros((len(inputs[0]), units))
    states = []
    for x in steps(arguments, inputs[0]):
        wz, wr, wh = (x @ w[:, n * units : (n + 1) * units] + mine[n] for n in range(3))
        uz, ur, uh = (u[:, n * units : (n + 1) * units] for n in range(3))
        z, r = sigmoid(wz + h @ uz + theirs[0]), sigmoid(wr + h @ ur + theirs[1])
        candidate = np.tanh(wh + (r * (h @ uh + theirs[2]) if after else (r * h) @ uh))
        h = z * h + (1 - z) * candidate
        states.append(h)
    return given_back(arguments, states)


def conv_lstm(arguments: Mapping[str, Any], weights: Weights, inputs: Sequence[Array]) -> Array:
    """An LSTM whose products are convolutions, the state's with stride 1 and its size kept.

    The bias has the axes (*places, gate, filter), or (gate, filter, *places) with channels first.
    """
    w, u, b = of_cell(weights)
    (x,) = inputs
    first = arguments.get("data_format") == "channels_first"
    if first:
        x, b = np.moveaxis(x, 2, -1), np.moveaxis(b, (0, 1), (-2, -1))
    filters = u.shape[-2]
    h = c = np.zeros((len(x), *b.shape[:-2], filters))
    states = []
    for seen in steps(arguments, x):
        i, f, g, o = (
            convolution(seen, w[..., n * filters : (n + 1) * filters], arguments)
            + convolution(h, u[..., n * filters : (n + 1) * filters], {"padding": "same"})
            + b[..., n, :]
            for n in range(4)
        )
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        states.append(np.moveaxis(h, -1, 1) if first else h)
    return given_back(arguments, states)


def attention(arguments: Mapping[str, Any], weights: Weights, inputs: Sequence[Array]) -> Array:
    """softmax(q k' / sqrt(size)) v for each head, and the heads together through the output.

    Where there are fewer heads of keys and values, each serves as many consecutive heads of
    queries.
    """

    def projected(x: Array, name: str) -> Array:
        y: Array = np.einsum("btc,chd->bthd", x, weights[f"{name}/kernel"])
        return y + weights.get(f"{name}/bias", np.zeros(()))

    queries, values = inputs
    q, k, v = (projected(queries, "query"), projected(values, "key"), projected(values, "value"))
    k, v = (np.repeat(each, q.shape[2] // each.shape[2], axis=2) for each in (k, v))
    scores = np.einsum("bthd,bshd->bhts", q, k) / np.sqrt(q.shape[-1])
    mixed = np.einsum("bhts,bshd->bthd", softmax(scores), v)
    y: Array = np.einsum("bthd,hdo->bto", mixed, weights["attention_output/kernel"])
    return y + weights["attention_output/bias"]
