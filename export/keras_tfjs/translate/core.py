"""Translators of the core layers: input, dense, embedding, masking and those that only compute."""

from keras_tfjs.errors import UnsupportedOptionError
from keras_tfjs.ir import INPUT, Json, Layer
from keras_tfjs.translate import lowering, parts
from keras_tfjs.translate.dense import dense_weights
from keras_tfjs.translate.lora import merged
from keras_tfjs.translate.options import (
    BOOL,
    INT,
    NUMBER,
    NUMBERS,
    SHAPE,
    Aim,
    Options,
    optional,
)
from keras_tfjs.translate.quantization import dequantized_table
from keras_tfjs.translate.weights import named

MOST_AXES = 6
"""That TensorFlow.js cuts batches from, the batch included."""


def input_layer(layer: Layer, aim: Aim) -> Layer:
    """An input: its shape by tfjs's key, its type one that tfjs can be fed with."""
    # Its dtype is the data's and no policy, so it must not meet the options' look at policies.
    config = dict(layer.config)
    given = parts.policy_name(config.pop("dtype", None))
    for key in ("batch_shape", "batch_input_shape", "input_shape", "shape"):
        if (shape := parts.plain(config.pop(key, None))) is not None:
            if key in ("input_shape", "shape"):
                shape = [parts.plain(config.pop("batch_size", None)), *shape]
            config["batch_shape"] = shape
            break
    options = Options(Layer(**{**_fields(layer), "config": config}), aim)
    options.leave("optional", "ragged", "batch_size", "batch_input_shape", "input_shape")
    shape = options.take("batch_shape", SHAPE, named="batch_input_shape")
    if len(shape) > MOST_AXES and "/" not in layer.where:
        instead = (
            f"Flatten the data to at most {MOST_AXES} axes, and put a Reshape behind the input."
        )
        raise options.problem(f"an input of {len(shape)} axes is too many to be fed.", instead)
    options.pin("sparse", False, "Feed the model with dense tensors: Input(sparse=False).")
    options.config["dtype"] = _fed_type(options, given)
    options.config["sparse"] = False
    del options.config["trainable"]  # Keras 2, which reads these files too, refuses it here
    return options.stock(INPUT)


def dense(layer: Layer, aim: Aim) -> Layer:
    """A dense layer; a LoRA is merged into its kernel."""
    options = Options(layer, aim, quantized=True)
    weights = dense_weights(options)
    chosen = lowering.choice(options)
    return lowering.biased(
        options,
        chosen,
        weights,
        name="Dense",
        exact="Dense",
        why="",
        channels=options.config["units"],
    )


def embedding(layer: Layer, aim: Aim) -> Layer:
    """A table of vectors; a LoRA is merged into it."""
    options = Options(layer, aim, quantized=True)
    rows = options.take("input_dim", INT)
    width = options.take("output_dim", INT)
    options.initializers(embeddings="RandomUniform")
    options.regularizers("embeddings")
    options.constraints("embeddings")
    options.take("mask_zero", BOOL, False)
    options.leave("input_length", "weights")
    source = dequantized_table(options, rows, width)
    rank = options.read("lora_rank", optional(INT), None)
    alpha = options.read("lora_alpha", optional(NUMBER), None)
    source = merged(options, source, "embeddings", rank, alpha)
    return options.stock("Embedding", named(source, {"embeddings": (rows, width)}))


def masking(layer: Layer, aim: Aim) -> Layer:
    """A mask over steps that hold one value only."""
    options = Options(layer, aim)
    options.take("mask_value", NUMBER, 0.0)
    return options.stock("Masking")


def rescaling(layer: Layer, aim: Aim) -> Layer:
    """Scale and offset: numbers, or one per channel."""
    options = Options(layer, aim)
    options.take("scale", NUMBERS)
    options.take("offset", NUMBERS, 0.0)
    return options.stock("Rescaling")


def identity(layer: Layer, aim: Aim) -> Layer:
    """The linear activation: what tfjs calls Identity is an initializer."""
    return Options(layer, aim).linear()


def activity_regularization(layer: Layer, aim: Aim) -> Layer:
    """The linear activation: only its penalty is lost."""
    options = Options(layer, aim)
    options.read("l1", NUMBER, 0.0)
    options.read("l2", NUMBER, 0.0)
    options.note("hands on its input: TensorFlow.js has no activity regularizer")
    return options.linear()


def activation(layer: Layer, aim: Aim) -> Layer:
    """An activation of its own; the one that changes the shape needs a layer that knows it."""
    options = Options(layer, aim)
    name = options.activation(changing_shape=True)
    if name == "keras>glu":
        return options.twin("keras>Activation", "activation='glu'")
    return options.stock("Activation")


def _fields(layer: Layer) -> dict[str, Json]:
    return {name: getattr(layer, name) for name in layer.__slots__}


def _fed_type(options: Options, given: str) -> str:
    for prefix, fed in (("float", "float32"), ("bfloat", "float32"), ("mixed_", "float32")):
        if given.startswith(prefix):
            return fed
    if given.startswith(("int", "uint")):
        return "int32"
    if given == "bool":
        return "bool"
    raise UnsupportedOptionError(
        f"Layer '{options.layer.where}': dtype={given!r} cannot be fed to TensorFlow.js. "
        "Turn the data into numbers outside of the model, and give it an input of numbers."
    )


TRANSLATORS = {
    INPUT: input_layer,
    "Dense": dense,
    "Embedding": embedding,
    "Masking": masking,
    "Rescaling": rescaling,
    "Identity": identity,
    "Activation": activation,
    "ActivityRegularization": activity_regularization,
}
