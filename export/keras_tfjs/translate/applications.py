"""Translators of the layers that architectures of keras.applications bring along."""

from dataclasses import replace

from keras_tfjs.ir import INPUT, Call, Layer, Model, Tensor
from keras_tfjs.translate.options import INT, NUMBER, Aim, Options
from keras_tfjs.translate.weights import named


def layer_scale(layer: Layer, aim: Aim) -> Layer:
    """A factor for each channel (ConvNeXt): a convolution in depth, of windows of one pixel."""
    options = Options(layer, aim)
    channels = options.read("projection_dim", INT)
    start = options.read("init_values", NUMBER)
    gamma = named(layer, {"gamma": (channels,)})["gamma"]
    if options.rank != 4:
        raise options.problem(
            f"scales an input of {options.rank or 'unknown many'} axes, and is known for images.",
            "Use keras_bias or keras layers instead: a BatchNormalization has factors too.",
        )
    options.config |= {
        "kernel_size": [1, 1],
        "use_bias": False,
        "data_format": "channels_last",
        "depthwise_initializer": {"class_name": "Constant", "config": {"value": start}},
    }
    kernel = replace(gamma, shape=(1, 1, channels, 1))
    return options.stock("DepthwiseConv2D", {"depthwise_kernel": kernel})


def custom_scale(layer: Layer, aim: Aim) -> Layer:
    """A sum with the second tensor scaled (InceptionResNetV2)."""
    options = Options(layer, aim)
    scale = options.read("scale", NUMBER)
    shapes = layer.input_shape
    if not isinstance(shapes, list) or len(shapes) != 2:
        raise options.problem("the shapes of its inputs are unknown.", "Save the model as .keras.")
    inputs = [
        options.inner(f"input_{at}", INPUT, batch_input_shape=shape, sparse=False)
        for at, shape in enumerate(shapes)
    ]
    one, other = (Tensor(each.name, 0, 0) for each in inputs)
    scaled = options.inner("scaled", "Rescaling", scale=scale, offset=0.0)
    total = options.inner("sum", "Add")
    layers = (
        *inputs,
        replace(scaled, calls=(Call((other,), {}),)),
        replace(total, calls=(Call((one, Tensor(scaled.name, 0, 0)), {}),)),
    )
    model = Model(layer.name, "functional", layers, [one, other], [Tensor(total.name, 0, 0)])
    return options.model(model)


def stochastic_depth(layer: Layer, aim: Aim) -> Layer:
    """What drops a whole branch in training (ConvNeXt)."""
    options = Options(layer, aim)
    options.read("drop_path_rate", NUMBER)
    options.note("hands on its input: TensorFlow.js drops no branches in training")
    return options.linear()


TRANSLATORS = {
    "LayerScale": layer_scale,
    "CustomScaleLayer": custom_scale,
    "StochasticDepth": stochastic_depth,
}
