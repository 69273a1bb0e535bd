"""A bias that varies by place, in stock layers: numbers that a Dense makes of ones, and a sum.

Stock tfjs adds biases along the channels alone. Here they are the kernel of a Dense behind the
layer, without a bias of its own and fed with a one for each sample, and broadcast by an Add. So
what is shared is one number, as in Keras, with the gradient that it has there.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

from keras_tfjs.ir import INPUT, Call, Json, Layer, Model, Tensor, Weight
from keras_tfjs.translate.options import Options


def added(
    options: Options, linear: Layer | None, bias: Weight, counts: Sequence[int], *, trainable: bool
) -> Layer:
    """The layer as a small model that adds the bias, and then applies the activation.

    Args:
        options: of the layer, all declared.
        linear: what comes before the bias; None for a layer that only adds one.
        bias: its numbers.
        counts: how many there are along each axis of the output without the batch: all or 1.
        trainable: whether the bias trains, if the layer does.
    """
    config = options.config
    shape: Json = {"batch_input_shape": options.input_shape, "sparse": False}
    layers = [options.inner("input", INPUT, **shape)]

    def then(layer: Layer, *before: Layer) -> Layer:
        call = Call(tuple(Tensor(each.name, 0, 0) for each in before), {})
        layers.append(replace(layer, calls=(call,)))
        return layer

    product = layers[0]
    if linear is not None:
        product = then(_named(linear, options.inner("linear", "").name), product)
    flat = then(options.inner("flat", "Reshape", target_shape=[-1, 1]), product)
    mean = then(options.inner("mean", "GlobalAveragePooling1D"), flat)
    ones = then(options.inner("ones", "Rescaling", scale=0.0, offset=1.0), mean)
    numbers = then(_numbers(options, bias, trainable=trainable), ones)
    if len(counts) > 1:
        numbers = then(options.inner("shape", "Reshape", target_shape=list(counts)), numbers)
    last = then(options.inner("sum", "Add"), product, numbers)
    if (activation := config["activation"]) != "linear":
        last = then(options.inner("activation", "Activation", activation=activation), last)
    model = Model(
        options.layer.name,
        "functional",
        tuple(layers),
        [Tensor(layers[0].name, 0, 0)],
        [Tensor(last.name, 0, 0)],
    )
    return options.model(model)


def _named(linear: Layer, name: str) -> Layer:
    """The layer without its bias and its activation, by a name for the inside of the model."""
    config = {**linear.config, "name": name, "use_bias": False, "activation": "linear"}
    weights = {key: weight for key, weight in linear.weights.items() if key != "bias"}
    return replace(linear, name=name, config=config, weights=weights, calls=())


def _numbers(options: Options, bias: Weight, *, trainable: bool) -> Layer:
    config, units = options.config, math.prod(bias.shape)
    layer = options.inner(
        "bias",
        "Dense",
        units=units,
        activation="linear",
        use_bias=False,
        kernel_initializer=config["bias_initializer"],
        kernel_regularizer=config["bias_regularizer"],
        kernel_constraint=None,
    )
    kept = {**layer.config, "trainable": bool(config["trainable"] and trainable)}
    return replace(layer, config=kept, weights={"kernel": replace(bias, shape=(1, units))})
