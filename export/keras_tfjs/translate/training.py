"""How a model was compiled, in tfjs's words: all of it exactly, or nothing.

tfjs compiles a model as it loads it if model.json has a `trainingConfig`, and fails at loading if
one entry of it is unknown to it. So it is written only where optimizer, loss and metrics all have
equals there; otherwise a note says why not, and the model goes out as if it had not been compiled.
It never asks for a script that the layers do not need, unless the optimizer itself is asked for.
"""

from keras_tfjs.errors import UnsupportedOptionError
from keras_tfjs.ir import Json, Model, Training, Weight
from keras_tfjs.translate import objectives, optimizers, shapes, training_order
from keras_tfjs.translate.inexact import Inexact
from keras_tfjs.translate.options import Aim

_WHOLE = ("loss_weights", "weighted_metrics", "sample_weight_mode")


def compiled(
    training: Training | None, model: Model, written: Model, aim: Aim, *, with_optimizer: bool
) -> tuple[Json, tuple[tuple[str, Weight], ...]]:
    """The `trainingConfig`, or None, and the optimizer's weights.

    Args:
        training: how the model was compiled; None if it was not.
        model: in Keras's words.
        written: in tfjs's.
        aim: its notes and twins may grow.
        with_optimizer: whether the optimizer's weights are asked for.

    Raises:
        UnsupportedOptionError: if they are, and there is no equal.
    """
    try:
        if training is None:
            if with_optimizer:
                raise Inexact("the model was saved without having been compiled")
            return None, ()
        if training.config is None or not isinstance(training.config.get("optimizer"), dict):
            raise Inexact("it cannot be read")
        optimizer = optimizers.optimizer(training.config["optimizer"])
        if optimizer.twin is not None:
            if aim.stock:
                raise Inexact(f"{optimizer.spoken} has no exact equal among stock optimizers")
            if not with_optimizer and not aim.twins:
                raise Inexact(
                    f"{optimizer.spoken} would need keras-tfjs.js, which the layers do not "
                    "(--with-optimizer writes both)"
                )
        config = {
            "optimizer_config": optimizer.config,
            **_objectives(training, model, written, aim),
        }
        state: tuple[tuple[str, Weight], ...] = ()
        if with_optimizer:
            places = training_order.places(model, written)
            state = optimizers.state(optimizer, training.variables or {}, places)
    except Inexact as reason:
        if with_optimizer:
            raise UnsupportedOptionError(
                f"The optimizer cannot be written: {reason}. Leave --with-optimizer "
                "(with_optimizer=True) out, and compile the model in TensorFlow.js."
            ) from None
        aim.notes.append(
            f"The training configuration is left out: {reason}. "
            "Compile the model in TensorFlow.js to train it."
        )
        return None, ()
    if optimizer.twin is not None:
        aim.twins.add(optimizer.twin)
    return config, state


def _objectives(training: Training, model: Model, written: Model, aim: Aim) -> Json:
    """The loss and the metrics."""
    config = training.config or {}
    for key in _WHOLE:
        if config.get(key):
            raise Inexact(f"{key}={config[key]!r} has no equal in TensorFlow.js")
    if aim.masked_outputs:
        raise Inexact("an output has a mask, which Keras leaves out of the loss")
    ends = objectives.ends(model, written, shapes.of_outputs(model))
    losses = objectives.losses(config.get("loss"), model, ends)
    metrics = objectives.metrics(config.get("metrics"), model, ends, losses)
    return {"loss": losses[0] if len(losses) == 1 else losses, "metrics": metrics}
