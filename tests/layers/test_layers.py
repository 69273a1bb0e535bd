"""`keras_bias.layers` stands in for `keras.layers`, name by name, and costs nothing until used."""

import os
import subprocess
import sys

import keras
import pytest

import keras_bias
from keras_bias import layers


def test_every_layer_of_keras_is_here() -> None:
    names = [name for name in dir(keras.layers) if not name.startswith("_")]

    assert set(names) <= set(dir(layers))
    for name in set(names) - set(layers.__all__):
        assert getattr(layers, name) is getattr(keras.layers, name)


def test_every_name_that_keras_has_for_a_layer_of_ours_is_ours() -> None:
    twins = {
        theirs: getattr(layers, name)
        for name in layers.__all__
        if isinstance(theirs := getattr(keras.layers, name, None), type)
    }

    for name in dir(keras.layers):
        theirs = getattr(keras.layers, name)
        if isinstance(theirs, type) and theirs in twins:
            assert getattr(layers, name) is twins[theirs], name
            assert issubclass(twins[theirs], theirs), name
            assert name in layers.__all__


def test_a_layer_without_a_bias_refuses_a_shape_of_one() -> None:
    with pytest.raises(ValueError, match="bias_shape"):
        layers.MaxPooling2D(2, bias_shape="scalar")


def test_a_layer_nobody_has_is_named() -> None:
    with pytest.raises(AttributeError) as raised:
        _ = layers.Dance

    assert str(raised.value) == (
        "module 'keras_bias.layers' has no attribute 'Dance', and keras.layers has none either"
    )


def test_the_package_hands_out_its_layers_and_nothing_unknown() -> None:
    assert keras_bias.layers is layers
    with pytest.raises(AttributeError, match="module 'keras_bias' has no attribute 'Dance'"):
        _ = keras_bias.Dance


def test_keras_is_loaded_with_the_layers_and_not_before() -> None:
    code = (
        "import sys, keras_bias; before = 'keras' in sys.modules; "
        "keras_bias.layers; print(before, 'keras' in sys.modules)"
    )

    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )

    assert done.stdout.strip() == "False True"
