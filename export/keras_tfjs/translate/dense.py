"""What all dense layers have in common: Keras's own and keras_bias's."""

from keras_tfjs.ir import Weight
from keras_tfjs.translate.lora import merged
from keras_tfjs.translate.options import BOOL, INT, NUMBER, Options, optional
from keras_tfjs.translate.weights import Sizes, named

UNQUANTIZED = "Convert the model as it was before quantize()."


def dense_weights(
    options: Options, bias: tuple[int | None, ...] | None = None
) -> dict[str, Weight]:
    """Declare what `keras.layers.Dense` knows; the weights.

    Args:
        options: of the layer.
        bias: the bias's shape if it is not one per unit; sizes that are None may be any.
    """
    units = options.take("units", INT)
    options.activation()
    use_bias = options.take("use_bias", BOOL, True)
    options.initializers(kernel="GlorotUniform", bias="Zeros")
    options.regularizers("kernel", "bias")
    options.constraints("kernel", "bias")
    options.pin("quantization_config", None, UNQUANTIZED)
    width = options.input_shape[-1] if options.input_shape else None
    shapes: dict[str, Sizes | None] = {"kernel": (width, units)}
    if use_bias:
        shapes["bias"] = (units,) if bias is None else bias
    rank = options.read("lora_rank", optional(INT), None)
    alpha = options.read("lora_alpha", optional(NUMBER), None)
    layer = merged(options, "kernel", rank, alpha) if rank else options.layer
    return named(layer, shapes)
