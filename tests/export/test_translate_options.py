"""No option is lost in silence: each is taken over, pinned, left out by name, or refused."""

from typing import Any

import keras
import numpy as np
import pytest
from layers_as_ir import Shape, as_weight, translation_of
from one_of_each import ONE_OF_EACH

from keras_tfjs.errors import ConversionError, CorruptModelError, UnsupportedOptionError
from keras_tfjs.translate.images import IDENTICAL
from keras_tfjs.translate.registry import LAYERS

L = keras.layers
VECTOR: tuple[Shape, ...] = ((4,),)
SEQUENCE: tuple[Shape, ...] = ((4, 3),)

# What a model trains of these is said by what is inside of them.
WRAPPERS = ("RNN", "Bidirectional", "TimeDistributed", "SpectralNormalization")

# Options that change no output: why they may go.
LEFT_OUT = {
    "seed": "noise is made anew in the browser",
    "renorm_clipping": "training with renorm only, which has its note",
    "renorm_momentum": "the same",
    "synchronized": "has its note",
    "renorm": "has its note",
    "unroll": "how steps are computed, and not what",
    "l1": "has its note",
    "l2": "the same",
    "drop_path_rate": "matters in training only, which has its note",
}


# The same for one layer only.
LEFT_OUT_OF = {
    "Normalization": ("mean", "variance"),  # which go out as weights
    "AutoContrast": ("data_format",),  # it has no say in Keras
    "Discretization": ("num_bins", "epsilon"),  # of adapt()
    "IntegerLookup": (
        "pad_to_max_tokens", "max_tokens", "vocabulary_size",  # without a max_tokens, or alone
        "idf_weights",  # which go out as a weight
        "salt",  # of a hash that it does not take
    ),
    "STFTSpectrogram": ("window", "periodic", "scaling"),  # they are in its weights
}  # fmt: skip


def test_there_is_one_row_for_every_class_of_keras() -> None:
    own = {name for name in LAYERS if ">" not in name} - {"InputLayer", "GroupedQueryAttention"}
    own -= set(IDENTICAL)  # whose options are for training only

    assert set(ONE_OF_EACH) == own


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_no_option_of_the_installed_keras_goes_by_unseen(name: str) -> None:
    """Change every option to a value that nobody knows: it must show, or be refused."""
    build, shapes = ONE_OF_EACH[name]
    layer = build()
    plain, plain_translation = translation_of(layer, *shapes)
    unseen = []

    for key, value in layer.get_config().items():
        if key in LEFT_OUT_OF.get(name, ()):
            continue
        if key in ("name", "dtype") or key in LEFT_OUT or (key == "trainable" and name in WRAPPERS):
            continue
        other = other_than(value)
        try:
            changed, translation = translation_of(layer, *shapes, **{key: other})
        except ConversionError:
            continue
        same_config = changed.config == plain.config and changed.class_name == plain.class_name
        same_inside = changed.model == plain.model
        if same_config and same_inside and translation.notes == plain_translation.notes:
            unseen.append(key)

    assert unseen == []


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_an_option_of_a_keras_to_come_is_refused(name: str) -> None:
    build, shapes = ONE_OF_EACH[name]
    layer = build()

    with pytest.raises(UnsupportedOptionError) as refused:
        translation_of(layer, *shapes, warp=9)

    assert str(refused.value) == (
        f"Layer '{layer.name}': warp=9 has no known equal in TensorFlow.js. "
        "Build the layer without this option, or with its default."
    )


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_an_option_that_is_off_may_be_unknown(name: str) -> None:
    build, shapes = ONE_OF_EACH[name]

    plain, _ = translation_of(build(), *shapes)
    with_off, _ = translation_of(build(), *shapes, warp=False, weft=None)

    assert with_off.class_name == plain.class_name


def other_than(value: Any) -> Any:
    """A value of the same type that nobody would choose."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    if isinstance(value, str):
        return f"{value}_other"
    if isinstance(value, list | tuple):
        return [other_than(item) for item in value]
    return {"class_name": "Other", "config": {}, "registered_name": None}


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("glorot_uniform", {"class_name": "GlorotUniform", "config": {"seed": None}}),
        ("lecun_normal", {"class_name": "LeCunNormal", "config": {"seed": None}}),
        ("orthogonal", {"class_name": "Orthogonal", "config": {"gain": 1.0, "seed": None}}),
        ("identity", {"class_name": "Identity", "config": {}}),
        (keras.initializers.Constant(2.0), {"class_name": "Constant", "config": {"value": 2.0}}),
        ("stft", {"class_name": "Zeros", "config": {}}),
    ],
)
def test_initializers_go_by_their_tfjs_spelling(given: Any, written: Any) -> None:
    keras_layer = L.Dense(4)
    keras_layer.build((None, 4))
    initializer = keras.initializers.get(given)
    config = keras.saving.serialize_keras_object(initializer)

    layer, _ = translation_of(keras_layer, *VECTOR, kernel_initializer=config)

    assert layer.config["kernel_initializer"] == written


def test_regularizers_have_both_factors() -> None:
    layer, _ = translation_of(
        L.Dense(2, kernel_regularizer="l2", bias_regularizer=keras.regularizers.L1(0.5)), *VECTOR
    )

    l2 = layer.config["kernel_regularizer"]
    assert l2["class_name"] == "L1L2"
    assert l2["config"]["l1"] == 0.0
    assert l2["config"]["l2"] == pytest.approx(0.01, rel=1e-6)  # Keras holds it as float32
    assert layer.config["bias_regularizer"] == {
        "class_name": "L1L2",
        "config": {"l1": 0.5, "l2": 0.0},
    }


def test_what_is_left_out_is_said() -> None:
    keras_layer = L.Dense(
        4,
        name="d",
        kernel_regularizer=keras.regularizers.OrthogonalRegularizer(),
        kernel_constraint="max_norm",
        activity_regularizer="l2",
        dtype="mixed_bfloat16",
    )

    layer, translation = translation_of(keras_layer, *VECTOR)

    assert layer.config["kernel_constraint"] is None
    assert translation.notes == (
        "Layer 'd': computes in float32, where Keras computed in mixed_bfloat16.",
        "Layer 'd': the activity regularizer is left out: TensorFlow.js has none.",
        "Layer 'd': kernel_regularizer=OrthogonalRegularizer is left out: "
        "TensorFlow.js has no such regularizer.",
        "Layer 'd': kernel_constraint=MaxNorm is left out: it would alter the weights at loading.",
    )


def test_a_quantised_policy_of_a_layer_that_keras_does_not_quantise_is_refused() -> None:
    keras_layer = L.Conv1D(2, 2, name="c")
    policy = keras.dtype_policies.QuantizedDTypePolicy("int8", "float32")

    with pytest.raises(UnsupportedOptionError) as refused:
        translation_of(keras_layer, *SEQUENCE, dtype=policy.name)

    assert str(refused.value) == (
        "Layer 'c': dtype='int8_from_float32' has no equal in TensorFlow.js. "
        "Convert the model as it was before quantize(), or build the layer in float32."
    )


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            {"units": "many"},
            "Layer 'd': the option 'units' is 'many', where Keras writes a whole number. "
            "The file is damaged: save the model again.",
        ),
        (
            {"units": 3},
            "Layer 'd': its weight 'kernel' has shape (4, 2) in the file, and its options call "
            "for (4, 3). The file is damaged: save the model again.",
        ),
        (
            {"use_bias": False},
            "Layer 'd': the file has 2 of its weights, and its options call for 1 (kernel). "
            "The file is damaged: save the model again.",
        ),
    ],
)
def test_weights_that_contradict_the_options_are_refused(
    changed: dict[str, Any], message: str
) -> None:
    with pytest.raises(CorruptModelError) as refused:
        translation_of(L.Dense(2, name="d"), *VECTOR, **changed)

    assert str(refused.value) == message


def test_lora_of_a_legacy_file_is_merged() -> None:
    from dataclasses import replace

    from layers_as_ir import as_ir, model_of

    from keras_tfjs.translate import translated

    kernel, a, b = np.eye(2), np.array([[1.0], [2.0]]), np.array([[3.0, 4.0]])
    data = as_ir(L.Dense(2, name="d", use_bias=False), ((2,),), lora_rank=1, lora_alpha=2)
    weights = {"kernel": kernel, "lora_kernel_a": a, "lora_kernel_b": b}
    data = replace(data, weights={name: as_weight(values) for name, values in weights.items()})

    layer = translated(model_of(data, ((2,),))).model.layers[1]

    assert layer.weights["kernel"].array().tolist() == [[7.0, 8.0], [12.0, 17.0]]
