"""Translators of the layers that look up, count and encode categories.

Keras's integers come out as floats of the same value, which tfjs's layers can take. Its WebGL keeps
whole numbers as floats too: they must be below 2^24.
"""

from keras_tfjs.errors import CorruptModelError
from keras_tfjs.ir import Json, Layer
from keras_tfjs.translate.call_arguments import INPUTS
from keras_tfjs.translate.options import (
    BOOL,
    INT,
    NUMBERS,
    SIZES,
    TEXT,
    Aim,
    Options,
    optional,
)
from keras_tfjs.translate.recurrent import NAMES
from keras_tfjs.translate.weights import named

MODES = ("int", "one_hot", "multi_hot", "count")
LARGEST = 2**24

TOO_LARGE = "Number the tokens anew, from 0 on, before the model."


def discretization(layer: Layer, aim: Aim) -> Layer:
    """Between which boundaries a number lies."""
    options = Options(layer, aim)
    boundaries = options.take("bin_boundaries", optional(NUMBERS), None)
    if not boundaries:
        raise options.problem("has no bin_boundaries.", "Call adapt() before the model is saved.")
    if boundaries != sorted(boundaries):
        raise options.unsupported("bin_boundaries", boundaries, "Give them in ascending order.")
    options.leave("num_bins", "epsilon")
    _mode(options, MODES, "int")
    return options.twin("keras>Discretization", "a Discretization")


def category_encoding(layer: Layer, aim: Aim) -> Layer:
    """Which of the categories there are, or how often, or with what weight."""
    options = Options(layer, aim)
    options.take("num_tokens", INT)
    mode = _mode(options, MODES[1:], "multi_hot")
    inputs = options.read(INPUTS, optional(NAMES), None)
    if inputs and mode != "count":
        raise options.problem("is called with count_weights.", "Use output_mode='count' with them.")
    return options.twin("keras>CategoryEncoding", "a CategoryEncoding")


def hashing(layer: Layer, aim: Aim) -> Layer:
    """Bins by the hash of a whole number's digits, which tfjs has."""
    options = Options(layer, aim)
    options.take("num_bins", INT)
    options.take("mask_value", optional(INT), None)
    _unsalted(options)
    _mode(options, MODES, "int")
    return options.twin("keras>Hashing", "a Hashing")


def integer_lookup(layer: Layer, aim: Aim) -> Layer:
    """The place of a whole number in a vocabulary, or the other way round."""
    options = Options(layer, aim)
    unknown = options.take("num_oov_indices", INT, 1)
    mask = options.take("mask_token", optional(INT), None)
    oov = options.take("oov_token", optional(INT), -1)
    invert = options.take("invert", BOOL, False)
    mode = _mode(options, (*MODES, "tf_idf"), "int")
    options.pin("vocabulary_dtype", "int64", "Keras itself knows no other.")
    padded = options.read("pad_to_max_tokens", BOOL, False)
    most = options.read("max_tokens", optional(INT), None)
    options.leave("vocabulary_size", "has_input_vocabulary", "idf_weights")
    if options.take("oov_method", TEXT, "floormod") == "farmhash" and unknown > 1:
        _unsalted(options)
    else:
        options.leave("salt")
    special = [mask] if mask is not None and mode == "int" else []
    special += [oov] * unknown
    vocabulary = _vocabulary(options, special)
    options.config["vocabulary"] = vocabulary
    depth = most if padded and most else len(vocabulary) + unknown
    options.config["depth"] = depth
    if unknown == 0 and not invert:
        options.note("gives -1, or nothing, for what its vocabulary has not; Keras stops there")
    weights = {} if mode != "tf_idf" else named(layer, {"idf_weights": (depth,)})
    return options.twin("keras>IntegerLookup", "an IntegerLookup", weights)


def _vocabulary(options: Options, special: list[Json]) -> list[int]:
    """Without the special tokens, which may stand in front of it."""
    vocabulary = options.read("vocabulary", optional(SIZES), None)
    found = vocabulary if isinstance(vocabulary, list) else []
    tokens = found[len(special) :] if found[: len(special)] == special else found
    if not tokens:
        raise options.problem(
            "has no vocabulary.", "Call adapt() before the model is saved, as a .keras file."
        )
    if len(set(tokens)) < len(tokens):
        raise CorruptModelError(
            f"Layer '{options.layer.where}': its vocabulary has a token twice. "
            "The file is damaged: save the model again."
        )
    largest = max(tokens, key=abs)
    if abs(largest) >= LARGEST:
        raise options.unsupported("vocabulary", largest, TOO_LARGE, "a token beyond 2^24")
    return tokens


def _mode(options: Options, modes: tuple[str, ...], default: str) -> str:
    options.pin("sparse", False, "TensorFlow.js has dense tensors only: use sparse=False.")
    mode: str = options.take("output_mode", TEXT, default)
    if mode not in modes:
        raise options.unsupported("output_mode", mode, f"Use one of {', '.join(modes)}.")
    return mode


def _unsalted(options: Options) -> None:
    options.pin("salt", None, "Use salt=None: TensorFlow.js has no SipHash.")
    options.note("must be fed with whole numbers below 2^24 on WebGL, which rounds others")


TRANSLATORS = {
    "Discretization": discretization,
    "CategoryEncoding": category_encoding,
    "Hashing": hashing,
    "IntegerLookup": integer_lookup,
}
