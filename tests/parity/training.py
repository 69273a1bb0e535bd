"""What Keras makes of a model's weights in training, to be compared with TensorFlow.js."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import jax
import keras
import numpy as np
from jax import numpy as jnp
from parity.row import Array, compiled, structured

LEARNING_RATE = 0.05


@dataclass(frozen=True)
class Trained:
    """Gradients of a model, and a step of gradient descent.

    Attributes:
        model: Keras's.
        inputs: one array for each of its inputs.
        outputs: what it gives for them outside of training.
        cotangents: one for each output; the gradients are those of sum(output * cotangent).
        targets: one for each output; the loss is the mean squared error from them.
        gradients: by the path of a trainable variable.
        loss: before the step, with what the layers add to it.
        stepped: every variable after the step, by its path.
    """

    model: keras.Model
    inputs: list[Array]
    outputs: list[Array]
    cotangents: list[Array]
    targets: list[Array]
    gradients: dict[str, Array]
    loss: float
    stepped: dict[str, Array]

    @classmethod
    def by_keras(cls, model: keras.Model, inputs: list[Array]) -> "Trained":
        """What Keras computes on JAX.

        Args:
            model: it is left as it is.
            inputs: one array for each of its inputs.
        """
        trainable, frozen = model.trainable_variables, model.non_trainable_variables
        weights, state = ([v.value for v in variables] for variables in (trainable, frozen))
        given = structured(model, inputs)
        cotangents, targets = np.random.default_rng(3), np.random.default_rng(4)
        drawn: dict[str, list[Array]] = {}

        def weighed(weights: Any) -> Any:
            outputs = keras.tree.flatten(model.stateless_call(weights, state, given)[0])
            for name, random in (("cotangents", cotangents), ("targets", targets)):
                drawn[name] = [random.normal(size=o.shape).astype("float32") for o in outputs]
            paired = zip(outputs, drawn["cotangents"], strict=True)
            return sum(jnp.sum(o * c) for o, c in paired), outputs

        def loss(weights: Any) -> Any:
            outputs, updated, penalties = model.stateless_call(
                weights, state, given, training=True, return_losses=True
            )
            paired = zip(keras.tree.flatten(outputs), drawn["targets"], strict=True)
            return sum(jnp.mean((o - t) ** 2) for o, t in paired) + sum(penalties), updated

        def all_of_it(weights: Any) -> Any:
            (_, outputs), gradients = jax.value_and_grad(weighed, has_aux=True)(weights)
            (before, updated), slopes = jax.value_and_grad(loss, has_aux=True)(weights)
            stepped = [w - LEARNING_RATE * g for w, g in zip(weights, slopes, strict=True)]
            return outputs, gradients, before, stepped, updated

        # One graph for all: JAX is slow to compile, and slower still without.
        outputs, gradients, before, stepped, updated = compiled(model, all_of_it)(weights)
        return cls(
            model,
            inputs,
            [np.asarray(output) for output in outputs],
            drawn["cotangents"],
            drawn["targets"],
            _by_path(trainable, gradients),
            float(before),
            _by_path(trainable, stepped) | _by_path(frozen, updated),
        )


def _by_path(variables: Sequence[Any], values: Sequence[Any]) -> dict[str, Array]:
    return {v.path: np.asarray(value) for v, value in zip(variables, values, strict=True)}
