"""SpectralNormalization in training, which is another thing on JAX than on TensorFlow.

On TensorFlow and PyTorch the kernel is divided by its norm before each step, for good. On JAX what
is assigned to a trainable variable in a step is lost. The twin does as TensorFlow: so a step of it
is one of the layer alone, whose kernel has been divided before.
"""

from pathlib import Path

import keras
import numpy as np
import pytest
from keras import layers as kl
from parity.row import random_inputs, with_random_weights
from parity.training import LEARNING_RATE, Trained

from keras_bias import layers as bl
from keras_tfjs import convert
from keras_tfjs.verify import TfjsSession


@pytest.mark.parametrize("iterations", [1, 3])
def test_a_step_divides_the_kernel_by_its_norm(
    iterations: int, tfjs: TfjsSession, tmp_path: Path
) -> None:
    wrapper = kl.SpectralNormalization(kl.Dense(4, name="d"), iterations, name="s")
    model = with_random_weights(
        keras.Sequential([keras.Input((3,)), bl.Bias("vector", name="b"), wrapper])
    )
    inputs = random_inputs(model)
    convert(model, tmp_path / "out")
    vector, kernel = map(np.asarray, wrapper.normalized_weights())
    alone = keras.Sequential([keras.Input((3,)), bl.Bias("vector"), kl.Dense(4)])
    alone.set_weights([model.layers[0].get_weights()[0], kernel, wrapper.layer.get_weights()[1]])
    bias, stepped, offset = Trained.by_keras(alone, inputs).stepped.values()
    trained = Trained.by_keras(alone, inputs)

    loss, actual = tfjs.train_step(tmp_path / "out", inputs, trained.targets, LEARNING_RATE)

    assert loss == pytest.approx(trained.loss, rel=1e-5)
    for name, expected in {
        "b/bias": bias, "s/kernel": stepped, "s/bias": offset, "s/vector_u": vector
    }.items():  # fmt: skip
        np.testing.assert_allclose(actual[name].reshape(expected.shape), expected, atol=1e-5)
    assert tfjs.leaked == 0


def test_a_kernel_of_zeros_stays(tfjs: TfjsSession, tmp_path: Path) -> None:
    layer = kl.SpectralNormalization(kl.Dense(4, kernel_initializer="zeros"), name="s")
    model = keras.Sequential([keras.Input((3,)), layer])
    inputs = random_inputs(model)
    convert(model, tmp_path / "out")

    _, actual = tfjs.train_step(tmp_path / "out", inputs, [np.zeros((3, 4), "float32")], 0.1)

    assert not actual["s/kernel"].any()
    np.testing.assert_allclose(actual["s/vector_u"], np.asarray(layer.vector_u), rtol=1e-6)
