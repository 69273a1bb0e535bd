"""Translators of the layers around others.

Stock tfjs makes a Bidirectional's backward layer of the forward one, and names both after it. It
runs stock recurrent layers only, so one with a twin in it is a twin. Its TimeDistributed runs any
layer, but hands it the mask of all steps at each step, and takes one number of steps only.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from keras_tfjs.ir import Json, Layer, Weight
from keras_tfjs.translate import parts
from keras_tfjs.translate.call_arguments import INPUTS
from keras_tfjs.translate.inner import (
    LAYER,
    below,
    named_for_tfjs,
    part,
    serialised,
)
from keras_tfjs.translate.options import INT, OTHER_WAY, QUANTIZED, TEXT, Aim, Options, optional
from keras_tfjs.translate.recurrent import NAMES, begun, drafted
from keras_tfjs.translate.weights import named

Translate = Callable[[Layer, Aim], Layer]

READING_MASKS = (
    "Softmax", "SimpleRNN", "LSTM", "GRU", "RNN", "Bidirectional", "ConvLSTM1D", "ConvLSTM2D",
    "ConvLSTM3D", "TimeDistributed", "GlobalAveragePooling1D", "BatchNormalization",
    "MultiHeadAttention", "GroupQueryAttention", "Attention", "AdditiveAttention",
)  # fmt: skip
"""Layers that compute otherwise with masks."""


def bidirectional(layer: Layer, aim: Aim) -> Layer:
    """Two recurrent layers, one of which goes backwards."""
    options = Options(layer, aim)
    inputs = options.read(INPUTS, NAMES, [])
    given = options.read("layer", LAYER)
    options.leave("num_constants", "weights")
    merge = options.take("merge_mode", optional(TEXT), "concat")
    stem = str(given["config"].get("name")).removeprefix("forward_")
    forward = drafted(_way(layer, given, "forward", stem), aim)
    given_back = options.read("backward_layer", optional(LAYER), None)
    if given_back is None:  # as Keras 2 wrote one that it had made of the other
        config = {**given["config"], "name": f"backward_{stem}", "go_backwards": True}
        given_back = {**given, "config": config}
    backward = drafted(_way(layer, given_back, "backward", stem), aim)
    options.config["trainable"] = True  # what Keras trains is a matter of the layers in it
    why = forward.why or backward.why or begun(options, inputs)
    if why is None and merge is None and forward.options.config["stateful"]:
        why = "stateful=True with several outputs"  # of which stock tfjs computes each
    if why is None and not _mirrored(forward.options.config, backward.options.config):
        why = "a backward layer of its own"
    ahead = named_for_tfjs(forward.written(why))
    back = backward.written(why)
    if why is not None:
        options.config["layer"] = serialised(ahead)
        options.config["backward_layer"] = serialised(named_for_tfjs(back))
        weights = {**_under("forward", ahead.weights), **_under("backward", back.weights)}
        return options.twin("keras>Bidirectional", why, weights)
    stem = ahead.name.removeprefix("forward_")
    options.config["layer"] = serialised(replace(ahead, config={**ahead.config, "name": stem}))
    return options.stock(
        "Bidirectional",
        {
            **_under(f"forward_{stem}", ahead.weights),
            **_under(f"backward_{stem}", back.weights),
        },
    )


def _way(layer: Layer, given: Json, way: str, stem: str) -> Layer:
    """The layer that goes forward or backward."""
    name = str(given["config"].get("name"))
    weights = below(layer.weights, f"{way}_layer", name, f"{way}_{stem}")
    return part(layer, given, weights, layer.input_shape)


def _mirrored(forward: Mapping[str, Json], backward: Mapping[str, Json]) -> bool:
    """Whether the layers differ in their direction only."""

    def rest(config: Mapping[str, Json]) -> dict[str, Json]:
        return {
            key: value
            for key, value in config.items()
            if key not in ("name", "go_backwards") and not key.endswith("_initializer")
        }

    return rest(forward) == rest(backward) and forward["go_backwards"] != backward["go_backwards"]


def _under(prefix: str, weights: Mapping[str, Weight]) -> dict[str, Weight]:
    return {f"{prefix}/{name}": weight for name, weight in weights.items()}


def translators(translate: Translate) -> dict[str, Translate]:
    """The wrappers' translators.

    Args:
        translate: that of any layer.
    """

    def wrapped(options: Options, shape: list[int | None] | None) -> tuple[Layer, Layer]:
        """The layer in it, in Keras's words and in tfjs's."""
        layer = options.layer
        given = options.read("layer", LAYER)
        weights = below(layer.weights, "layer", str(given["config"].get("name")))
        inner = part(layer, given, weights, shape)
        if "layers" in inner.config:
            raise options.problem(
                "it has a model in it, which cannot be converted.",
                f"Put a {layer.class_name} around each of the model's layers.",
            )
        if inner.config.get("return_state"):
            raise options.problem("it has a layer with several outputs in it.", "Give it one.")
        if QUANTIZED.fullmatch(parts.policy_name(inner.config.get("dtype"))):
            raise options.problem(
                "it has a quantized layer in it, which Keras computes without its scales.",
                "Convert the model as it was before quantize().",
            )
        written = translate(inner, options.aim)
        if written.model is not None:
            raise options.problem(
                f"a {inner.class_name} with these options takes several layers.", OTHER_WAY
            )
        options.config["trainable"] = written.config.get("trainable", True)
        options.config["layer"] = serialised(named_for_tfjs(written))
        return inner, written

    def time_distributed(layer: Layer, aim: Aim) -> Layer:
        """Any layer, at each step."""
        options = Options(layer, aim)
        inner, written = wrapped(options, _step_shape(options.input_shape))
        if aim.masked and inner.class_name in READING_MASKS:
            why = f"a {inner.class_name} at each step, in a model with masks,"
            return options.twin("keras>TimeDistributed", why, dict(written.weights))
        if len(layer.calls) > 1 and None in (options.input_shape or [None, None])[1:]:
            why = "a TimeDistributed called on several numbers of steps"
            return options.twin("keras>TimeDistributed", why, dict(written.weights))
        return options.stock("TimeDistributed", dict(written.weights))

    def spectral_normalization(layer: Layer, aim: Aim) -> Layer:
        """A layer that Keras calls as it is, but in training."""
        options = Options(layer, aim)
        options.take("power_iterations", INT, 1)
        inner, written = wrapped(options, options.input_shape)
        if inner.config.get("mask_zero"):
            raise options.problem(
                "it has a layer in it that makes masks, which it does not hand on.",
                "Build the layer in it without mask_zero.",
            )
        own = {path: weight for path, weight in layer.weights.items() if "/" not in path}
        own = dict(list(own.items())[-1:])  # newer files have the kernel here, too
        vector = named(replace(layer, weights=own), {"vector_u": (1, None)})
        return options.twin(
            "keras>SpectralNormalization", "a SpectralNormalization", {**written.weights, **vector}
        )

    return {
        "Bidirectional": bidirectional,
        "TimeDistributed": time_distributed,
        "SpectralNormalization": spectral_normalization,
    }


def _step_shape(shape: list[int | None] | None) -> list[int | None] | None:
    return None if shape is None else [shape[0], *shape[2:]]
