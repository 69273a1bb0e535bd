"""What all dense layers have in common: Keras's own and keras_bias's."""

from keras_tfjs.ir import Weight
from keras_tfjs.translate.lora import merged
from keras_tfjs.translate.options import BOOL, INT, NUMBER, Options, optional
from keras_tfjs.translate.quantization import Matrix, dequantized
from keras_tfjs.translate.weights import Sizes, named

UNQUANTIZED = "Convert the model as it was before quantize()."


def dense_weights(options: Options, *, any_bias: bool = False) -> dict[str, Weight]:
    """Declare what `keras.layers.Dense` knows; the weights.

    Args:
        options: of the layer.
        any_bias: whether the bias may have another shape than one per unit.
    """
    units = options.take("units", INT)
    options.activation()
    use_bias = options.take("use_bias", BOOL, True)
    options.initializers(kernel="GlorotUniform", bias="Zeros")
    options.regularizers("kernel", "bias")
    options.constraints("kernel", "bias")
    width = options.input_shape[-1] if options.input_shape else None
    layer = dequantized(options, Matrix((width, units), units=(1,)), bias=use_bias)
    shapes: dict[str, Sizes | None] = {"kernel": (width, units)}
    if use_bias:
        shapes["bias"] = None if any_bias else (units,)
    rank = options.read("lora_rank", optional(INT), None)
    alpha = options.read("lora_alpha", optional(NUMBER), None)
    layer = merged(options, layer, "kernel", rank, alpha)
    return named(layer, shapes)
