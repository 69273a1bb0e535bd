"""Translator of ReversibleEmbedding: a stock Embedding if nobody goes the way back."""

from keras_tfjs.ir import Layer
from keras_tfjs.translate.dense import UNQUANTIZED
from keras_tfjs.translate.lora import merged
from keras_tfjs.translate.options import BOOL, INT, NUMBER, TEXT, Aim, Options, optional
from keras_tfjs.translate.quantization import dequantized_table
from keras_tfjs.translate.weights import named


def reversible_embedding(layer: Layer, aim: Aim) -> Layer:
    """A table of vectors, gone through both ways; a LoRA is merged into it."""
    back = any(len(call.args) > 1 for call in layer.calls)
    simple = not back and layer.config.get("tie_weights", True) is True
    options = Options(layer, aim, quantized=simple)
    rows = options.take("input_dim", INT)
    width = options.take("output_dim", INT)
    tied = options.take("tie_weights", BOOL, True)
    options.take("mask_zero", BOOL, False)
    options.take("logit_soft_cap", optional(NUMBER), None)
    options.initializers(embeddings="RandomUniform")
    options.regularizers("embeddings")
    options.constraints("embeddings")
    if not simple:
        options.pin("quantization_config", None, UNQUANTIZED)
    options.leave("input_length", "weights")
    if (given := options.read("reverse_dtype", optional(TEXT), None)) not in (None, "float32"):
        options.note(f"goes back in float32, where Keras computed in {given}")
    rank = options.read("lora_rank", optional(INT), None)
    alpha = options.read("lora_alpha", optional(NUMBER), None)
    source = dequantized_table(options, rows, width) if simple else layer
    source = merged(options, source, "embeddings", rank, alpha)
    shapes = {"embeddings": (rows, width), "reverse_embeddings": (width, rows)}
    weights = named(source, {"embeddings": (rows, width)} if tied else shapes)
    if back:
        return options.twin("keras>ReversibleEmbedding", "reverse=True", weights)
    if not tied:
        options.note("its reverse_embeddings are left out: nothing is called with reverse=True")
    for key in ("tie_weights", "logit_soft_cap"):
        del options.config[key]
    return options.stock("Embedding", {"embeddings": weights["embeddings"]})


TRANSLATORS = {"ReversibleEmbedding": reversible_embedding}
