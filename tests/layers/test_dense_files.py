"""Dense is saved, loaded and copied whole, and trades weight files with Keras's."""

import copy
import pickle
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from dense_models import SHAPES, built, close, drawn, values

from keras_bias import layers

# Keras makes arrays of its variables in a way that NumPy 2 deprecates.


@pytest.mark.parametrize("bias_shape", SHAPES)
@pytest.mark.parametrize("trainable", [True, False])
def test_a_saved_model_comes_back_whole(bias_shape: Any, trainable: bool, tmp_path: Path) -> None:
    layer = built(bias_shape, bias_trainable=trainable, activation="relu", name="ours")
    model = keras.Sequential([keras.Input((4, 3)), layer])
    x = drawn(0, 2, 4, 3)

    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")

    assert type(again.layers[0]) is layers.Dense
    assert again.layers[0].get_config() == layer.get_config()
    assert [w.path for w in again.weights] == [w.path for w in model.weights]
    assert [w.trainable for w in again.weights] == [w.trainable for w in model.weights]
    np.testing.assert_array_equal(values(again(x)), values(model(x)))


def test_its_registered_name_is_part_of_the_file_format() -> None:
    config = keras.saving.serialize_keras_object(layers.Dense(2))

    assert config["registered_name"] == "keras_bias>Dense"
    assert config["config"]["bias_shape"] == "vector"
    assert config["config"]["bias_trainable"] is True


@pytest.mark.parametrize("bias_shape", SHAPES)
def test_copies_of_every_kind_are_equal(bias_shape: Any) -> None:
    model = keras.Sequential([keras.Input((4, 3)), built(bias_shape)])
    x = drawn(0, 2, 4, 3)
    clone = keras.models.clone_model(model)
    clone.set_weights(model.get_weights())

    copies = [clone, copy.deepcopy(model), pickle.loads(pickle.dumps(model))]

    for other in copies:
        assert other.layers[0].bias_shape == bias_shape
        np.testing.assert_array_equal(values(other(x)), values(model(x)))


@pytest.mark.parametrize("trainable", [True, False])
def test_weight_files_go_to_keras_and_back(trainable: bool, tmp_path: Path) -> None:
    ours, theirs, back = (
        keras.Sequential([keras.Input((4, 3)), layer])
        for layer in (
            layers.Dense(6, bias_trainable=trainable, bias_initializer="normal", name="a"),
            keras.layers.Dense(6, name="a"),
            layers.Dense(6, bias_trainable=trainable, name="a"),
        )
    )
    x = drawn(0, 2, 4, 3)

    ours.save_weights(tmp_path / "ours.weights.h5")
    theirs.load_weights(tmp_path / "ours.weights.h5")
    theirs.save_weights(tmp_path / "theirs.weights.h5")
    back.load_weights(tmp_path / "theirs.weights.h5")

    close(values(theirs(x)), values(ours(x)))
    np.testing.assert_array_equal(values(back(x)), values(ours(x)))


@pytest.mark.parametrize(
    ("saved", "bias_shape", "shapes"),
    [("vector", "scalar", ("(6,)", "(1,)")), ("scalar", "untied", ("(1,)", "(4, 6)"))],
)
def test_a_saved_bias_of_another_shape_is_refused_with_both_shapes(
    saved: str, bias_shape: str, shapes: tuple[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "saved.weights.h5"
    keras.Sequential([keras.Input((4, 3)), built(saved, name="a")]).save_weights(file)
    model = keras.Sequential([keras.Input((4, 3)), built(bias_shape, name="a")])

    with pytest.raises(ValueError, match="could not be loaded") as raised:
        model.load_weights(file)

    assert (
        f"Layer 'a': the saved bias has shape {shapes[0]}, but bias_shape='{bias_shape}' stores "
        f"shape {shapes[1]}. Load the file into a layer of the saved shape and set this bias from "
        "that one with `bias.assign`: repeated where it was shared, which changes no output, or "
        "its mean where it is to be shared, which is the nearest."
    ) in str(raised.value)


def test_a_saved_kernel_of_another_shape_keeps_keras_s_message(tmp_path: Path) -> None:
    file = tmp_path / "saved.weights.h5"
    keras.Sequential([keras.Input((4, 2)), built(inputs=(4, 2), name="a")]).save_weights(file)
    model = keras.Sequential([keras.Input((4, 3)), built(name="a")])

    with pytest.raises(ValueError, match=r"shape") as raised:
        model.load_weights(file)

    assert "saved bias" not in str(raised.value)
