"""What Keras makes of a model's weights in training, to be compared with TensorFlow.js."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import jax
import keras
import numpy as np
from jax import numpy as jnp
from parity.row import Array, compiled, keras_outputs, structured

LEARNING_RATE = 0.05


@dataclass(frozen=True)
class Trained:
    """Gradients of a model, and a step of gradient descent.

    Attributes:
        model: Keras's.
        inputs: one array for each of its inputs.
        cotangents: one for each output; the gradients are those of sum(output * cotangent).
        targets: one for each output; the loss is the mean squared error from them.
        gradients: by the path of a trainable variable.
        loss: before the step, with what the layers add to it.
        stepped: every variable after the step, by its path.
    """

    model: keras.Model
    inputs: list[Array]
    cotangents: list[Array]
    targets: list[Array]
    gradients: dict[str, Array]
    loss: float
    stepped: dict[str, Array]

    @classmethod
    def by_keras(
        cls, model: keras.Model, inputs: list[Array], outputs: Sequence[Array] | None = None
    ) -> "Trained":
        """What Keras computes on JAX.

        Args:
            model: it is left as it is.
            inputs: one array for each of its inputs.
            outputs: what it gives for them, if that is known.
        """
        shapes = [o.shape for o in outputs or keras_outputs(model, inputs)]
        cotangents, targets = (
            [random.normal(size=shape).astype("float32") for shape in shapes]
            for random in map(np.random.default_rng, (3, 4))
        )
        trainable, frozen = model.trainable_variables, model.non_trainable_variables
        weights, state = ([v.value for v in variables] for variables in (trainable, frozen))
        given = structured(model, inputs)

        def weighed(weights: Any) -> Any:
            outputs, _ = model.stateless_call(weights, state, given)
            flat = keras.tree.flatten(outputs)
            return sum(jnp.sum(o * c) for o, c in zip(flat, cotangents, strict=True))

        def loss(weights: Any) -> Any:
            outputs, updated, penalties = model.stateless_call(
                weights, state, given, training=True, return_losses=True
            )
            flat = keras.tree.flatten(outputs)
            errors = [jnp.mean((o - t) ** 2) for o, t in zip(flat, targets, strict=True)]
            return sum(errors) + sum(penalties), updated

        def both(weights: Any) -> Any:
            (before, updated), slopes = jax.value_and_grad(loss, has_aux=True)(weights)
            stepped = [w - LEARNING_RATE * g for w, g in zip(weights, slopes, strict=True)]
            return jax.grad(weighed)(weights), before, stepped, updated

        # One graph for all: JAX is slow to compile, and slower still without.
        nothing: tuple[Any, ...] = ([], 0, [], [])
        gradients, before, stepped, updated = compiled(model, both)(weights) if weights else nothing
        return cls(
            model,
            inputs,
            cotangents,
            targets,
            _by_path(trainable, gradients),
            float(before),
            _by_path(trainable, stepped) | _by_path(frozen if weights else [], updated),
        )


def _by_path(variables: Sequence[Any], values: Sequence[Any]) -> dict[str, Array]:
    return {v.path: np.asarray(value) for v, value in zip(variables, values, strict=True)}
