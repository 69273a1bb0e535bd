"""Layers that prepare data: normalized, resized, looked up, encoded, and as spectrograms."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import keras
import numpy as np
from keras import layers as kl
from parity.row import Array, Row, floats, one

from keras_bias import layers as bias_layers
from keras_tfjs.errors import UnsupportedLayerError, UnsupportedOptionError

FIRST: dict[str, Any] = {"data_format": "channels_first"}
INTERPOLATIONS = ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5")


def behind_bias(layer: Callable[[], Any], *shape: int | None) -> Callable[[], keras.Model]:
    """A builder of a layer behind one that trains, so that the gradient of its input is seen."""

    def build() -> keras.Model:
        return keras.Sequential([keras.Input(shape), bias_layers.Bias("vector"), layer()])

    return build


def adapted(layer: Callable[[], Any], data: Any) -> Callable[[], Any]:
    """The layer after `adapt`."""

    def build() -> Any:
        made = layer()
        made.adapt(data)
        return made

    return build


def in_a_row(*layers: Callable[[], Any], shape: Sequence[int], dtype: str = "float32") -> Any:
    """A builder of a functional model of several layers, one behind the other."""

    def build() -> keras.Model:
        inputs = outputs = keras.Input(shape, dtype=dtype)
        for layer in layers:
            outputs = layer()(outputs)
        return keras.Model(inputs, outputs)

    return build


def stacked(*layers: Callable[[], Any], shape: Sequence[int], dtype: str = "float32") -> Any:
    """The same as a Sequential, which says of no layer in between what type it gives."""

    def build() -> keras.Model:
        made = [layer() for layer in layers]
        return keras.Sequential([keras.Input(shape, dtype=dtype), *made])

    return build


def pixels(*shape: int, dtype: str = "uint8") -> list[Array]:
    """Integers up to the ends of their type."""
    ends = np.iinfo(dtype)
    least, most = max(ends.min, -70000), min(ends.max, 70000)
    return [np.random.default_rng(5).integers(least, most + 1, shape).astype(dtype)]


_data = np.random.default_rng(6).normal(3.0, 2.0, (7, 4, 5)).astype("float32")

NORMALIZATIONS = [
    Row("normalization", behind_bias(kl.Normalization, 4, 5), "random mean and variance"),
    Row(
        "normalization_adapted",
        behind_bias(adapted(kl.Normalization, _data), 4, 5),
        "its shape is that of the data",
    ),
    Row("normalization_axis_1", behind_bias(partial(kl.Normalization, 1), 4, 5), "not last"),
    Row("normalization_equal", behind_bias(partial(kl.Normalization, 1), 4, 4), "looks alike"),
    Row("normalization_axes", behind_bias(partial(kl.Normalization, (-1, 1)), 4, 2, 5), "sorted"),
    Row("normalization_none", behind_bias(partial(kl.Normalization, None), None, 5), "scalars"),
    Row(
        "normalization_invert",
        behind_bias(partial(kl.Normalization, invert=True), 4, 5),
        "brings back",
    ),
    Row(
        "normalization_given",
        behind_bias(partial(kl.Normalization, mean=[1, 2.5, 3], variance=[4.0, 0, 0.25]), 4, 3),
        "in the configuration, and one variance 0",
    ),
    Row(
        "normalization_given_one",
        behind_bias(partial(kl.Normalization, (1, 2), mean=[1e4, 2], variance=[4.0, 9]), 3, 2),
        "for the last of two axes, and large",
    ),
    Row(
        "normalization_given_number",
        behind_bias(partial(kl.Normalization, None, mean=3.0, variance=2, invert=True), 4, 3),
        "a number",
    ),
    Row("normalization_ints", one(kl.Normalization, 4, dtype="int32"), "of int32"),
    Row("normalization_stock", one(kl.Normalization, 4, 5), "as a Rescaling", stock=True),
    Row(
        "normalization_stock_invert",
        one(partial(kl.Normalization, None, mean=3.0, variance=2, invert=True), 4),
        "as a Rescaling",
        stock=True,
    ),
]

SIZED = [
    *(
        Row(
            f"resizing_{interpolation}",
            behind_bias(partial(kl.Resizing, 5, 4, interpolation=interpolation), 3, 7, 2),
            "larger and smaller",
        )
        for interpolation in INTERPOLATIONS
    ),
    *(
        Row(
            f"resizing_{interpolation}_antialias",
            behind_bias(
                partial(kl.Resizing, 3, 4, interpolation=interpolation, antialias=True, **FIRST),
                2,
                7,
                4,
            ),
            "smaller by all pixels, and the same, channels first",
        )
        for interpolation in INTERPOLATIONS
    ),
    Row(
        "resizing_unknown",
        behind_bias(partial(kl.Resizing, 3, 5), None, None, 2),
        "of any size",
    ),
    *(
        Row(
            f"resizing_{kind}_{'x'.join(map(str, shape))}{'_first' if first else ''}",
            behind_bias(
                partial(
                    kl.Resizing,
                    *target,
                    **{f"{kind}_to_aspect_ratio": True},
                    fill_value=1.5,
                    **(FIRST if first else {}),
                ),
                *((2, *shape) if first else (*shape, 2)),
            ),
            "in proportion",
        )
        for kind in ("crop", "pad")
        for shape, target, first in [
            ((7, 4), (3, 3), False),
            ((4, 7), (5, 4), True),
            ((9, 3), (2, 7), False),
            ((4, 4), (2, 2), False),
        ]
    ),
    Row(
        "resizing_uint8",
        one(partial(kl.Resizing, 5, 4, "bicubic"), 3, 7, 2, dtype="uint8"),
        "Keras rounds, and clips what goes beyond",
        inputs=pixels(3, 3, 7, 2),
    ),
    Row(
        "resizing_int16",
        stacked(
            partial(kl.RandomContrast, 0.5),
            partial(kl.Resizing, 5, 4, "lanczos5"),
            shape=(3, 7, 2),
            dtype="int16",
        ),
        "behind a layer that says it makes floats, and does not",
        inputs=pixels(3, 3, 7, 2, dtype="int16"),
    ),
    Row(
        "resizing_int32",
        in_a_row(
            partial(kl.RandomBrightness, 0.5),
            partial(kl.Resizing, 5, 4),
            partial(kl.Resizing, 4, 6, pad_to_aspect_ratio=True, fill_value=0.75),
            shape=(3, 7, 2),
            dtype="int32",
        ),
        "rounded twice, and margins too",
        inputs=pixels(3, 3, 7, 2, dtype="int32"),
    ),
    Row(
        "resizing_floats_of_uint8",
        stacked(
            partial(kl.Rescaling, 0.01), partial(kl.Resizing, 5, 4), shape=(3, 7, 2), dtype="uint8"
        ),
        "not rounded",
        inputs=pixels(3, 3, 7, 2),
    ),
    Row("center_crop", behind_bias(partial(kl.CenterCrop, 3, 4), 6, 7, 2), "odd margins"),
    Row("center_crop_same", behind_bias(partial(kl.CenterCrop, 6, 6), 6, 6, 2), "of none"),
    Row(
        "center_crop_first",
        behind_bias(partial(kl.CenterCrop, 2, 5, **FIRST), 3, 5, 8),
        "channels first",
    ),
    Row("center_crop_small", behind_bias(partial(kl.CenterCrop, 5, 3), 4, 7, 2), "too small"),
    Row(
        "center_crop_tiny",
        behind_bias(partial(kl.CenterCrop, 9, 2, **FIRST), 2, 1, 3),
        "one pixel at least",
    ),
    Row(
        "center_crop_ints",
        one(partial(kl.CenterCrop, 5, 3), 4, 7, 2, dtype="uint8"),
        "floats, unlike Resizing",
        inputs=pixels(3, 4, 7, 2),
    ),
    Row("auto_contrast", one(kl.AutoContrast, 4, 5, 2), "over 0 to 255"),
    Row(
        "auto_contrast_range",
        one(partial(kl.AutoContrast, (-1, 2.5), **FIRST), 3, 4, 5),
        "over the second and third axis in any case",
    ),
    Row(
        "auto_contrast_plain",
        one(kl.AutoContrast, 2, 3, 1),
        "a plain image stays as it is",
        inputs=[floats(np.arange(3).repeat(6).reshape(3, 2, 3, 1) * 7.5)],
    ),
]

AUGMENTATIONS: dict[str, Callable[[], Any]] = {
    "aug_mix": kl.AugMix,
    "cut_mix": kl.CutMix,
    "mix_up": kl.MixUp,
    "rand_augment": kl.RandAugment,
    "random_brightness": partial(kl.RandomBrightness, 0.5, (0, 1)),
    "random_color_degeneration": partial(kl.RandomColorDegeneration, 0.5),
    "random_color_jitter": partial(kl.RandomColorJitter, (0, 1), 0.5, 0.5, 0.5, 0.5, 3),
    "random_contrast": partial(kl.RandomContrast, 0.5),
    "random_crop": partial(kl.RandomCrop, 4, 5),
    "random_elastic_transform": kl.RandomElasticTransform,
    "random_erasing": kl.RandomErasing,
    "random_flip": partial(kl.RandomFlip, "vertical", seed=3),
    "random_gaussian_blur": kl.RandomGaussianBlur,
    "random_grayscale": kl.RandomGrayscale,
    "random_hue": partial(kl.RandomHue, 0.5),
    "random_invert": kl.RandomInvert,
    "random_perspective": kl.RandomPerspective,
    "random_posterization": partial(kl.RandomPosterization, 3),
    "random_rotation": partial(kl.RandomRotation, 0.5),
    "random_saturation": partial(kl.RandomSaturation, 0.5),
    "random_sharpness": partial(kl.RandomSharpness, 0.5),
    "random_shear": partial(kl.RandomShear, 0.5, 0.5),
    "random_translation": partial(kl.RandomTranslation, 0.5, 0.5),
    "random_zoom": partial(kl.RandomZoom, 0.5),
    "solarization": partial(kl.Solarization, 0.5, 0.5),
}

AUGMENTED = [
    Row(
        "augmentations",
        in_a_row(*AUGMENTATIONS.values(), shape=(4, 5, 3)),
        "all of them, one behind the other",
        trains=False,
    ),
    Row(
        "augmentations_stacked",
        stacked(*AUGMENTATIONS.values(), shape=(4, 5, 3), dtype="uint8"),
        "of integers",
        inputs=pixels(2, 4, 5, 3),
        trains=False,
    ),
    Row(
        "random_crop_smaller",
        stacked(partial(kl.RandomCrop, 2, 3), kl.GlobalMaxPooling2D, shape=(4, 5, 3)),
        "what is not cropped in inference keeps its size",
        trains=False,
    ),
]

_numbers = [floats([[0.0, 1.0, 2.5, -3.0], [1.5, np.nan, 1e9, 0.99999994]])]
_bins = [0.0, 1.0, 1.0, 2.5]
_indices = [np.array([[0, 3, 3], [4, 1, -1]], "int32")]
_tokens = [np.array([[5, 9, -7], [123456, 0, 8], [3, -1, -2]], "int32")]
_vocabulary = [9, 5, 123456, -7]
_special = [0, -1, 9, 5, 123456, -7]


def weighed_counts() -> keras.Model:
    indices, weights = keras.Input((3,), dtype="int32"), keras.Input((3,))
    scaled = bias_layers.Bias("vector")(weights)
    encode = kl.CategoryEncoding(4, output_mode="count")
    return keras.Model([indices, weights], encode(indices, count_weights=scaled))


def embedded() -> keras.Model:
    tokens = keras.Input((3,), dtype="int64")
    indices = kl.IntegerLookup(vocabulary=_vocabulary, mask_token=0)(tokens)
    return keras.Model(tokens, kl.Embedding(6, 2, mask_zero=True)(indices))


def computed() -> keras.Model:
    numbers = keras.Input((4,))
    bins = kl.Discretization(_bins)(numbers)
    return keras.Model(numbers, [bins, bins // 2, bins / 2, kl.Dense(2)(bins)])


LOOKUPS: dict[str, dict[str, Any]] = {
    "int": {"vocabulary": _vocabulary},
    "special": {"vocabulary": _special, "mask_token": 0},
    "many": {"vocabulary": _vocabulary, "mask_token": 8, "num_oov_indices": 3},
    "farmhash": {"vocabulary": _vocabulary, "num_oov_indices": 3, "oov_method": "farmhash"},
    "one_hot": {"vocabulary": _vocabulary, "output_mode": "one_hot", "mask_token": 0},
    "multi_hot": {
        "vocabulary": _vocabulary,
        "output_mode": "multi_hot",
        "num_oov_indices": 2,
    },
    "count": {
        "vocabulary": _vocabulary,
        "output_mode": "count",
        "max_tokens": 9,
        "pad_to_max_tokens": True,
    },
    "tf_idf": {
        "vocabulary": _vocabulary,
        "output_mode": "tf_idf",
        "idf_weights": [0.5, 1.5, 2.0, 0.25],
    },
}

HASHES: dict[str, dict[str, Any]] = {
    "int": {"num_bins": 5},
    "mask": {"num_bins": 4, "mask_value": 3},
    "one_bin": {"num_bins": 1, "mask_value": 3},
    "count": {"num_bins": 3, "output_mode": "count"},
}

CATEGORIES = [
    *(
        Row(
            f"discretization_{mode}",
            one(partial(kl.Discretization, _bins, output_mode=mode), 4),
            "on its boundaries, beyond them, and not a number",
            inputs=_numbers,
        )
        for mode in ("int", "one_hot", "multi_hot", "count")
    ),
    *(
        Row(
            f"discretization_{mode}_rank_3",
            one(partial(kl.Discretization, _bins, output_mode=mode), 4, 1),
            "along the second axis, or without the last",
        )
        for mode in ("one_hot", "multi_hot", "count")
    ),
    Row(
        "discretization_adapted",
        one(adapted(partial(kl.Discretization, num_bins=3), _data), 4),
        "what adapt() has found is in the configuration",
    ),
    Row("discretization_computed", computed, "integers for some, floats for others"),
    *(
        Row(
            f"category_encoding_{mode}",
            one(partial(kl.CategoryEncoding, 4, mode), 3, dtype="int32"),
            "and what is no category",
            inputs=_indices,
        )
        for mode in ("one_hot", "multi_hot", "count")
    ),
    *(
        Row(
            f"category_encoding_{mode}_floats",
            one(partial(kl.CategoryEncoding, 4, mode), 2, 1),
            "along the second axis; one mode truncates",
            inputs=[floats([[[0.0], [3]], [[1.5], [2]]])],
        )
        for mode in ("one_hot", "multi_hot", "count")
    ),
    Row("category_encoding_weights", weighed_counts, "weights have a gradient"),
    *(
        Row(
            f"integer_lookup_{name}",
            in_a_row(partial(kl.IntegerLookup, **options), shape=(3,), dtype="int32"),
            "negative, large and unknown tokens",
            inputs=_tokens,
        )
        for name, options in LOOKUPS.items()
    ),
    Row(
        "integer_lookup_known",
        in_a_row(
            partial(kl.IntegerLookup, vocabulary=[5], num_oov_indices=0, mask_token=7),
            shape=(2,),
            dtype="int32",
        ),
        "no index for others, a single token",
        inputs=[np.array([[5, 7]], "int32")],
    ),
    *(
        Row(
            f"integer_lookup_invert{'_mask' if mask else ''}",
            in_a_row(
                partial(
                    kl.IntegerLookup,
                    vocabulary=_vocabulary,
                    invert=True,
                    mask_token=mask,
                    oov_token=-4,
                ),
                shape=(4,),
                dtype="int32",
            ),
            "from indices to tokens",
            inputs=[np.array([[0, 1, 2, 3], [4, 5, 6, -1]], "int32")],
        )
        for mask in (None, 77)
    ),
    *(
        Row(
            f"integer_lookup_adapted_{mode}",
            in_a_row(
                adapted(partial(kl.IntegerLookup, output_mode=mode), np.array([[5, 9], [5, -7]])),
                shape=(3,),
                dtype="int32",
            ),
            "its vocabulary is a file of the archive",
            inputs=_tokens,
        )
        for mode in ("int", "tf_idf")
    ),
    Row("integer_lookup_embedded", embedded, "whose zeros are masked", inputs=_tokens),
    *(
        Row(
            f"hashing_{name}",
            in_a_row(partial(kl.Hashing, **options), shape=(3,), dtype="int32"),
            "by the digits",
            inputs=_tokens,
        )
        for name, options in HASHES.items()
    ),
]

FRAMES: dict[str, Any] = {"frame_length": 6, "frame_step": 4}
MELS: dict[str, Any] = {
    "fft_length": 16, "sequence_stride": 5, "num_mel_bins": 4, "sampling_rate": 1000,
}  # fmt: skip

HEARD: dict[str, dict[str, Any]] = {
    "plain": {"power_to_db": False},
    "decibels": {"min_freq": 100.0, "max_freq": 400},
    "shorter": {
        "sequence_length": 13,
        "window": "hamming",
        "mag_exp": 1.0,
        "top_db": 6.0,
        "ref_power": 3.0,
        "min_power": 0.5,
    },
    "odd": {"fft_length": 15, "window": None, "sequence_stride": 7},
    "listed": {"window": [float(n) for n in range(1, 17)], "power_to_db": False},
}

SPECTROGRAMS = [
    *(
        Row(
            f"stft_{mode}",
            one(partial(kl.STFTSpectrogram, mode, **FRAMES, padding=padding), 20, 2),
            "its weights train",
        )
        for mode, padding in {
            "log": "valid",
            "magnitude": "same",
            "psd": "valid",
            "real": "same",
            "imag": "valid",
            "angle": "same",
            "stft": "valid",
        }.items()
    ),
    *(
        Row(
            f"stft_{'first' if first else 'last'}_{'expanded' if expand else 'flat'}",
            behind_bias(
                partial(
                    kl.STFTSpectrogram,
                    "stft",
                    5,
                    window="hamming",
                    periodic=True,
                    scaling="spectrum",
                    expand_dims=expand,
                    **(FIRST if first else {}),
                ),
                *((3, 17) if first else (17, 3)),
            ),
            "half a frame apart, of 8 frequencies",
        )
        for first in (False, True)
        for expand in (False, True)
    ),
    Row(
        "stft_unknown",
        one(partial(kl.STFTSpectrogram, "psd", 2, 1, 2, expand_dims=True), None, 2),
        "of any length, without a frequency in the middle",
    ),
    *(
        Row(
            f"mel_{name}",
            behind_bias(partial(kl.MelSpectrogram, **(MELS | options)), 41),
            "as decibels below the loudest",
            tolerance=1e-4,
        )
        for name, options in HEARD.items()
    ),
    Row(
        "mel_default",
        one(kl.MelSpectrogram, None),
        "of any length",
        inputs=[np.random.default_rng(9).normal(size=(1, 3000)).astype("float32")],
        tolerance=1e-4,
    ),
]


def with_labels() -> keras.Model:
    images, labels = keras.Input((4, 4, 3)), keras.Input((2,))
    made = kl.MixUp(name="m")({"images": images, "labels": labels})
    return keras.Model([images, labels], [made["images"], made["labels"]])


def masked() -> keras.Model:
    steps = keras.Input((4, 3))
    normal = adapted(kl.Normalization, _data[:, :, :3])()(kl.Masking()(steps))
    return keras.Model(steps, kl.GlobalAveragePooling1D()(normal))


PIPELINES = [
    Row(
        "normalization_masked",
        masked,
        "hands on a mask",
        inputs=[floats([[[1, 2, 3], [0, 0, 0], [4, 5, 6], [0, 0, 0]]])],
    ),
    Row(
        "resizing_at_each_step",
        in_a_row(
            lambda: kl.TimeDistributed(kl.Resizing(5, 4, "bicubic")),
            shape=(2, 3, 7, 2),
            dtype="uint8",
        ),
        "rounded there, too",
        inputs=pixels(2, 2, 3, 7, 2),
    ),
    Row(
        "pipeline_augmenting",
        in_a_row(lambda: kl.Pipeline([kl.RandomFlip(), kl.RandomZoom(0.5)]), shape=(3, 4, 2)),
        "hands on its input",
        trains=False,
    ),
    Row(
        "pipeline_ints",
        in_a_row(
            lambda: kl.Pipeline([kl.RandomContrast(0.5), kl.Resizing(5, 4, "bicubic")]),
            partial(kl.Resizing, 4, 6, "lanczos3"),
            shape=(3, 7, 2),
            dtype="uint8",
        ),
        "Keras rounds in it, and behind it",
        inputs=pixels(2, 3, 7, 2),
    ),
    Row(
        "pipeline_weights",
        stacked(
            lambda: kl.Pipeline(
                [kl.RandomFlip(), kl.Normalization(), kl.Normalization(1), kl.CenterCrop(2, 2)]
            ),
            partial(kl.Dense, 2),
            shape=(4, 3, 2),
            dtype="uint8",
        ),
        "its layers' weights, of floats",
        inputs=pixels(2, 4, 3, 2),
        trains=False,
    ),
]

ROWS = [*NORMALIZATIONS, *SIZED, *AUGMENTED, *CATEGORIES, *SPECTROGRAMS, *PIPELINES]


def texts(layer: Callable[[], Any]) -> Callable[[], keras.Model]:
    """A builder of a model of a layer on texts."""

    def build() -> keras.Model:
        inputs = keras.Input((1,), dtype="string", name="s")
        return keras.Model(inputs, layer()(inputs))

    return build


def crossed() -> keras.Model:
    inputs = [keras.Input((1,), dtype="int32"), keras.Input((1,), dtype="int32")]
    return keras.Model(inputs, kl.HashedCrossing(4, name="c")(inputs))


_TEXT_INPUT = (
    "Layer 's': dtype='string' cannot be fed to TensorFlow.js. "
    "Turn the data into numbers outside of the model, and give it an input of numbers."
)
_LOOK_UP = (
    "a model in TensorFlow.js cannot take texts. Look the texts up before the model, in Python or "
    "JavaScript, and convert the model from its whole numbers on."
)


def refused(
    name: str, build: Callable[[], keras.Model], message: str, *, layer: bool = False
) -> Row:
    """A row that is refused with that message, for a layer or for one of its options."""
    error = UnsupportedLayerError if layer else UnsupportedOptionError
    return Row(name, build, "it cannot be carried over", error=error, message=message)


REFUSED = [
    refused(
        "images_with_labels",
        with_labels,
        "Layer 'm': is called on more than images, such as labels or boxes. "
        "Call it on the images alone.",
    ),
    refused(
        "string_lookup",
        texts(partial(kl.StringLookup, vocabulary=["a", "b"], name="l")),
        "The model has 2 layers or options that cannot be converted:\n"
        f"  {_TEXT_INPUT}\n  Layer 'l' is a StringLookup: {_LOOK_UP}",
        layer=True,
    ),
    refused(
        "text_vectorization",
        texts(partial(kl.TextVectorization, vocabulary=["a", "b"], name="l")),
        "The model has 2 layers or options that cannot be converted:\n"
        f"  {_TEXT_INPUT}\n  Layer 'l' is a TextVectorization: {_LOOK_UP}",
        layer=True,
    ),
    refused(
        "hashed_crossing",
        crossed,
        "Layer 'c' is a HashedCrossing: TensorFlow.js cannot compute its fingerprints. Compute the "
        "crossing before the model, and convert the model from its bins on.",
        layer=True,
    ),
    refused(
        "max_num_bounding_boxes",
        one(partial(kl.MaxNumBoundingBoxes, 3, name="b"), 4, 4, 3),
        "Layer 'b' is a MaxNumBoundingBoxes: it is called on a dictionary of images and boxes. "
        "Leave it out of the model: it only changes boxes.",
        layer=True,
    ),
    refused(
        "clahe",
        one(partial(kl.ContrastLimitedAdaptiveHistogramEqualization, name="e"), 8, 8, 3),
        "Layer 'e' is a ContrastLimitedAdaptiveHistogramEqualization: TensorFlow.js has no "
        "histograms of tiles. Equalize the images before the model.",
        layer=True,
    ),
    refused(
        "hashing_salted",
        one(partial(kl.Hashing, 3, salt=7, name="h"), 2, dtype="int32"),
        "Layer 'h': salt=[7, 7] has no equal in TensorFlow.js. "
        "Use salt=None: TensorFlow.js has no SipHash.",
    ),
    refused(
        "lookup_salted",
        one(
            partial(
                kl.IntegerLookup,
                vocabulary=[1],
                num_oov_indices=2,
                oov_method="farmhash",
                salt=7,
                name="l",
            ),
            2,
            dtype="int32",
        ),
        "Layer 'l': salt=[7, 7] has no equal in TensorFlow.js. "
        "Use salt=None: TensorFlow.js has no SipHash.",
    ),
    refused(
        "lookup_large",
        one(partial(kl.IntegerLookup, vocabulary=[1, -(2**24)], name="l"), 2, dtype="int32"),
        "Layer 'l': vocabulary=-16777216 has a token beyond 2^24. "
        "Number the tokens anew, from 0 on, before the model.",
    ),
    refused(
        "lookup_unknown",
        one(partial(kl.IntegerLookup, name="l"), 2, dtype="int32"),
        "Layer 'l': has no vocabulary. Call adapt() before the model is saved, as a .keras file.",
    ),
    refused(
        "discretization_descending",
        one(partial(kl.Discretization, [2.0, 1.0], name="d"), 2),
        "Layer 'd': bin_boundaries=[2.0, 1.0] has no equal in TensorFlow.js. "
        "Give them in ascending order.",
    ),
    refused(
        "lookup_normalized",
        in_a_row(
            partial(kl.IntegerLookup, vocabulary=[1, 2]),
            partial(kl.LayerNormalization, name="n"),
            shape=(3,),
            dtype="int32",
        ),
        "Layer 'n': Keras computes it in integers, as its input is of them, "
        "and TensorFlow.js in float32. Give it an input of floats.",
    ),
    refused(
        "resizing_one_image",
        in_a_row(partial(kl.Resizing, 3, 3, name="r"), shape=(4, 2)),
        "Layer 'r': its input has 3 axes, the batch included, which Keras takes for one image. "
        "Call it on batches of images: Input((height, width, channels)).",
    ),
    refused(
        "resizing_of_what",
        stacked(
            partial(kl.AveragePooling2D, 2),
            partial(kl.Resizing, 3, 3, name="r"),
            shape=(4, 4, 2),
            dtype="uint8",
        ),
        "Layer 'r': resizes numbers of the type 'unknown'. "
        "Put a Rescaling(1.0) before it, so that it resizes floats.",
    ),
]
