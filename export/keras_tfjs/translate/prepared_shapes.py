"""How the layers that prepare data change shapes: as they compute, where Keras says otherwise."""

from collections.abc import Callable, Sequence

from keras_tfjs.ir import Json
from keras_tfjs.translate.images import IDENTICAL
from keras_tfjs.translate.spatial_shapes import Shape, joined, spatial
from keras_tfjs.translate.spectrograms import fft_length

Inputs = Sequence[Shape]


def _same(config: Json, inputs: Inputs) -> Shape:
    return list(inputs[0])


def _sized(config: Json, inputs: Inputs) -> Shape:
    _, channels = spatial(config, inputs[0])
    return joined(config, inputs[0][0], [config["height"], config["width"]], channels)


def _encoded(config: Json, inputs: Inputs) -> Shape:
    name, shape = config.get("output_mode", "int"), inputs[0]
    if "bin_boundaries" in config:
        depth = len(config["bin_boundaries"]) + 1
    elif "vocabulary_size" in config:
        depth = config["max_tokens"] if config["pad_to_max_tokens"] else config["vocabulary_size"]
    else:
        depth = config.get("num_tokens") or config["num_bins"]
    if name == "int":
        return shape
    if name == "one_hot":
        return [*(shape[:-1] if shape[-1] == 1 and len(shape) > 1 else shape), depth]
    return [shape[0], *shape[2:], depth]


def _stft(config: Json, inputs: Inputs) -> Shape:
    batch = inputs[0][0]
    (steps,), channels = spatial(config, inputs[0])
    length, step = config["frame_length"], config["frame_step"] or config["frame_length"] // 2
    half = fft_length(length, config["fft_length"]) // 2 + 1
    many = half * (2 if config["mode"] == "stft" else 1)
    if steps is None:
        frames = None
    else:
        frames = -(-steps // step) if config["padding"] == "same" else (steps - length) // step + 1
    if config["expand_dims"]:
        return joined(config, batch, [frames, many], channels)
    return joined(config, batch, [frames], None if channels is None else channels * many)


def _mel(config: Json, inputs: Inputs) -> Shape:
    batch, steps = inputs[0]
    odd, step = config["fft_length"] % 2, config["sequence_stride"]
    return [batch, config["num_mel_bins"], None if steps is None else (steps - odd) // step + 1]


RULES: dict[str, Callable[[Json, Inputs], Shape]] = {
    **dict.fromkeys(["Normalization", "AutoContrast", *IDENTICAL], _same),
    **dict.fromkeys(["Resizing", "CenterCrop"], _sized),
    **dict.fromkeys(["Discretization", "CategoryEncoding", "Hashing", "IntegerLookup"], _encoded),
    "STFTSpectrogram": _stft,
    "MelSpectrogram": _mel,
}
