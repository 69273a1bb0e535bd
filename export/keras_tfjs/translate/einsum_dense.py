"""Translators of EinsumDense: stock Dense where it is one, else the twin."""

import re

from keras_tfjs.ir import Json, Layer
from keras_tfjs.translate import lowering
from keras_tfjs.translate.lora import merged
from keras_tfjs.translate.options import (
    INT,
    NUMBER,
    TEXT,
    Aim,
    Kind,
    Options,
    optional,
)
from keras_tfjs.translate.quantization import Matrix, dequantized
from keras_tfjs.translate.weights import named

SIZES = Kind(
    "a size or a list of sizes",
    lambda value: all(
        size is None or (isinstance(size, int) and not isinstance(size, bool))
        for size in (value if isinstance(value, list) else [value])
    ),
)
_PRODUCT = re.compile(r"(\.{3}|[a-zA-Z]+)([a-zA-Z]),([a-zA-Z])([a-zA-Z])->(.+)")


def einsum_dense(layer: Layer, aim: Aim) -> Layer:
    """A dense layer by an equation; the stock one where the equation is that of Dense."""
    options = Options(layer, aim, quantized=True)
    chosen = lowering.choice(options)
    equation = options.read("equation", TEXT)
    output_shape = options.read("output_shape", SIZES)
    bias_axes = options.read("bias_axes", optional(TEXT), None)
    options.activation()
    options.initializers(kernel="GlorotUniform", bias="Zeros")
    options.regularizers("kernel", "bias")
    options.constraints("kernel", "bias")
    options.leave("gptq_unpacked_column_size")
    matrix = _matrix(equation, output_shape, options.input_shape)
    source = dequantized(options, matrix, bias=bias_axes is not None)
    rank = options.read("lora_rank", optional(INT), None)
    alpha = options.read("lora_alpha", optional(NUMBER), None)
    source = merged(options, source, "kernel", rank, alpha)
    names = ["kernel", "bias"] if bias_axes is not None else ["kernel"]
    weights = named(source, dict.fromkeys(names))
    kernel, letter = weights["kernel"], _units(equation)
    # Dense hands on a mask, and EinsumDense does not.
    as_dense = letter is not None and bias_axes in (None, letter) and not aim.masked
    if as_dense and (aim.stock or (chosen.shape == "vector" and chosen.trainable)):
        units = options.config["units"] = kernel.shape[-1]
        options.config["use_bias"] = bias_axes is not None
        return lowering.biased(
            options, chosen, weights, name="Dense", exact="Dense", why="", channels=units
        )
    sizes = _sizes(options, equation, output_shape)
    options.config |= {"equation": equation, "output_shape": sizes, "bias_axes": bias_axes}
    return lowering.biased(
        options,
        chosen,
        weights,
        name="EinsumDense",
        exact=None,
        why=f"equation={equation!r}",
        channels=None,
    )


def _sizes(options: Options, equation: str, given: Json) -> Json:
    """The sizes that Keras looks at: those of letters, where it was given more of them.

    Raises:
        UnsupportedOptionError: for an equation that the twin does not compute.
    """
    made = equation.split("->")[1]
    for term in re.split(",|->", equation):
        letters = term.replace(".", "")
        if len(set(letters)) < len(letters):
            raise options.problem(
                f"equation={equation!r} names an axis twice in {term!r}, which has no equal in "
                "TensorFlow.js.",
                "Use a letter for each axis.",
            )
    left = made.startswith("...")
    count = len(made.replace(".", "")) - (0 if left else 1)
    if not isinstance(given, list) or len(given) <= count:
        return given
    if left and len(given) > count:
        raise options.problem(
            f"output_shape={given!r} has more sizes than equation={equation!r} has letters.",
            "Give a size for each letter only.",
        )
    return given[:count]


def _units(equation: str) -> str | None:
    """The letter of the units, if the equation is that of a dense layer, such as abc,cd->abd."""
    product = _PRODUCT.fullmatch(equation)
    if product is None:
        return None
    free, features, contracted, units, made = product.groups()
    letters = free.replace(".", "") + features + units
    distinct = len(set(letters)) == len(letters)
    return units if distinct and features == contracted and made == free + units else None


def _matrix(equation: str, output_shape: Json, input_shape: list[int | None] | None) -> Matrix:
    """The kernel, its sizes read off the output's and the input's, which "..." aligns."""
    left, _, made = equation.replace(" ", "").partition("->")
    given, _, letters = left.partition(",")
    sizes: dict[str, int | None] = {}
    if input_shape is not None:
        sizes |= _aligned(given, input_shape)
    made_shape = output_shape if isinstance(output_shape, list) else [output_shape]
    kept = _aligned(made, [None, *made_shape])
    sizes |= {letter: size for letter, size in kept.items() if size is not None}
    units = tuple(letters.index(letter) for letter in made if letter in letters)
    return Matrix(tuple(sizes.get(letter) for letter in letters), units)


def _aligned(letters: str, shape: list[int | None]) -> dict[str, int | None]:
    """The size of each letter; those on the side of the dots belong to no letter."""
    if letters.endswith("..."):
        return dict(zip(letters[:-3], shape, strict=False))
    own = letters.removeprefix("...")
    return dict(zip(reversed(own), reversed(shape), strict=False))


TRANSLATORS = {"EinsumDense": einsum_dense, "keras_bias>EinsumDense": einsum_dense}
