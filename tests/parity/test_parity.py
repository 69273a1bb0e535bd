"""Keras -> file -> TensorFlow.js: what comes out at the other end is what went in.

Each model of the table has random weights, also where Keras starts from zeros and ones.
"""

import json
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from parity import (
    activation_models,
    attention_models,
    bias_models,
    conv_lstm_models,
    convolution_models,
    dot_attention_models,
    graph_models,
    layer_models,
    lone_cell_models,
    masked_models,
    normalization_models,
    operation_models,
    preprocessing_models,
    recurrent_models,
    refused_models,
    refused_recurrent_models,
    spatial_models,
    stock_models,
    wrapped_models,
)
from parity.row import (
    Array,
    Row,
    keras_outputs,
    one,
    random_inputs,
    with_random_weights,
)
from parity.training import LEARNING_RATE, Trained

from keras_bias import layers as bias_layers
from keras_tfjs import convert
from keras_tfjs.verify import TfjsSession, agrees, largest_difference

# Keras's variables on JAX and NumPy 2 do not agree on how to be copied.
ROWS = [
    *layer_models.ROWS,
    *bias_models.ROWS,
    *graph_models.ROWS,
    *activation_models.ROWS,
    *normalization_models.ROWS,
    *dot_attention_models.ROWS,
    *attention_models.ROWS,
    *convolution_models.ROWS,
    *conv_lstm_models.ROWS,
    *recurrent_models.ROWS,
    *lone_cell_models.ROWS,
    *wrapped_models.ROWS,
    *masked_models.ROWS,
    *stock_models.ROWS,
    *operation_models.ROWS,
    *spatial_models.ROWS,
    *preprocessing_models.ROWS,
]

REFUSED = [
    *refused_models.ROWS,
    *refused_recurrent_models.ROWS,
    *dot_attention_models.REFUSED,
    *wrapped_models.REFUSED,
    *preprocessing_models.REFUSED,
]

# What stock layers call them: depthwise ones the kernel, and a lowered bias is a Dense's kernel.
LOWERED = {"kernel": ("/depthwise_kernel",), "bias": ("/bias/kernel",)}


def named(rows: list[Row]) -> pytest.MarkDecorator:
    """The rows as the cases of a test, each under its own name."""
    assert len({row.name for row in rows}) == len(rows)
    return pytest.mark.parametrize("row", rows, ids=[row.name for row in rows])


@named(ROWS)
@pytest.mark.filterwarnings("ignore:.*Explicitly requested dtype int64")  # Keras's of JAX
@pytest.mark.filterwarnings("ignore:.*one_hot input should be integer-typed")
def test_tfjs_computes_what_keras_computes(row: Row, tfjs: TfjsSession, tmp_path: Path) -> None:
    model = with_random_weights(row.build())
    inputs = list(row.inputs) if row.inputs is not None else random_inputs(model)
    model.save(tmp_path / "model.keras")

    convert(tmp_path / "model.keras", tmp_path / "out", stock=row.stock)
    trains = row.trains and (row.stock or metadata(tmp_path / "out")["twins"])
    trained = Trained.by_keras(model, inputs) if trains and model.trainable_variables else None
    expected = trained.outputs if trained else keras_outputs(model, inputs)
    actual = tfjs.predict(tmp_path / "out", inputs)
    leaked = tfjs.leaked
    tfjs.resave(tmp_path / "out", tmp_path / "resaved")
    resaved = tfjs.predict(tmp_path / "resaved", inputs)

    assert agrees(expected, actual, row.tolerance), largest_difference(expected, actual)
    assert largest_difference(actual, resaved) == 0
    assert leaked == 0
    if trained:
        same_gradients(trained, tfjs, tmp_path / "out")
        same_training_step(trained, tfjs, tmp_path / "out")


@named(REFUSED)
@pytest.mark.filterwarnings("ignore:You are saving a model that has not yet been built")
@pytest.mark.filterwarnings("ignore:The object being serialized includes a `lambda`")
def test_what_cannot_be_converted_is_refused_by_name(row: Row, tmp_path: Path) -> None:
    path = tmp_path / "model.keras"
    row.build().save(path)
    assert row.error is not None

    with pytest.raises(row.error) as raised:
        convert(path, tmp_path / "out")

    assert str(raised.value).replace(str(path), path.name) == row.message
    assert type(raised.value) is row.error
    assert not (tmp_path / "out").exists()


# Activations are asked for more than random numbers: edges, and the ends of float32.


@pytest.mark.parametrize("name", sorted(set(activation_models.NAMES)))
def test_activations_agree_on_edges_and_extremes(
    name: str, tfjs: TfjsSession, tmp_path: Path
) -> None:
    along = name in activation_models.ALONG_AN_AXIS
    model = activation_models.activation(name, 4 if along else 1)
    values: Array = (
        activation_models.ROWS_OF_FOUR
        if along
        else np.concatenate([activation_models.GRID, activation_models.HUGE_AND_TINY])
    )
    values = values[np.abs(values).max(axis=1) <= activation_models.UP_TO.get(name, np.inf)]
    convert(model, tmp_path / "out")

    [actual] = tfjs.predict(tmp_path / "out", [values])

    # Relative, since outputs reach from 1e-30 to 1e30; absolute where differences cancel.
    np.testing.assert_allclose(actual, keras_outputs(model, [values])[0], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", sorted(set(activation_models.NAMES)))
def test_gradients_of_activations_agree_on_a_grid(
    name: str, tfjs: TfjsSession, tmp_path: Path
) -> None:
    # In a Bias, so that the gradient of the input is one of a weight. The grid avoids the edges,
    # where the derivative is a matter of taste.
    values = np.linspace(-6.1, 6.3, 84, dtype=np.float32).reshape(1, 21, 4)
    model = one(partial(bias_layers.Bias, "untied", activation=name), 21, 4)()
    convert(model, tmp_path / "out")

    same_gradients(Trained.by_keras(model, [values]), tfjs, tmp_path / "out")


def same_gradients(trained: Trained, tfjs: TfjsSession, folder: Path) -> None:
    """Assert that sum(output * cotangent) has the same gradients in both."""
    if not trained.gradients:
        return
    names = tfjs_names(trained.model, folder)
    expected = {names[path]: gradient for path, gradient in trained.gradients.items()}

    actual = tfjs.gradients(folder, trained.inputs, trained.cotangents)

    assert sorted(actual) == sorted(expected)
    same_by_name(expected, actual)


def same_training_step(trained: Trained, tfjs: TfjsSession, folder: Path) -> None:
    """Assert that gradient descent on the mean squared error does the same in both."""
    if not trained.gradients:
        return
    names = tfjs_names(trained.model, folder)
    # State that tfjs has no variable for, a seed's, has no name there.
    expected = {names[path]: value for path, value in trained.stepped.items() if path in names}

    actual_loss, actual = tfjs.train_step(folder, trained.inputs, trained.targets, LEARNING_RATE)

    assert actual_loss == pytest.approx(trained.loss, rel=1e-5)
    same_by_name(expected, actual)
    assert tfjs.leaked == 0


def same_by_name(expected: Mapping[str, Array], actual: Mapping[str, Array]) -> None:
    """Assert that the arrays of the same name agree."""
    different = {
        name: largest_difference([array.reshape(-1)], [actual[name].reshape(-1)])
        for name, array in expected.items()
        if not agrees([array.reshape(-1)], [actual[name].reshape(-1)])
    }
    assert different == {}


def metadata(folder: Path) -> dict[str, Any]:
    """What the converter says of itself in the file."""
    model = json.loads((folder / "model.json").read_text())
    about: dict[str, Any] = model["userDefinedMetadata"]["keras_tfjs"]
    return about


def tfjs_names(model: keras.Model, folder: Path) -> dict[str, str]:
    """By Keras's path: of the file's weights of a layer, the nth kernel is its nth kernel."""
    manifest = json.loads((folder / "model.json").read_text())["weightsManifest"]
    written = [weight["name"] for group in manifest for weight in group["weights"]]
    return _names(model, written, metadata(folder)["renamed"])


def _names(
    model: keras.Model, written: Sequence[str], renamed: Mapping[str, str]
) -> dict[str, str]:
    names: dict[str, str] = {}
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            names |= _names(layer, written, renamed)
            continue
        own = f"{renamed.get(layer.name, layer.name)}/"
        left = [name for name in written if name.startswith(own)]
        for variable in layer.weights:
            ends = LOWERED.get(variable.name, ())
            match = [name for name in left if name.endswith((f"/{variable.name}", *ends))]
            if match:
                left.remove(match[0])
                names[variable.path] = match[0]
    return names
