"""Which layers a `training=...` of a call could matter to.

Keras's `fit` and `predict` tell every layer of a model whether it trains, over the head of what it
was called with when the model was built (`operation_fn` in keras/src/models/functional.py), and so
do those of tfjs. Only `model(x)` heeds it, without a `training` of its own.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from keras_tfjs.ir import Json, Layer
from keras_tfjs.translate import images

ALWAYS_TRAINING = ("Pipeline", *images.TRANSLATORS)
"""Layers whose calls Keras writes with training=True, whatever they were called with."""

RATES = ("rate", "stddev", "dropout", "recurrent_dropout", "drop_path_rate")
"""The options that are 0 where a layer draws nothing in training."""

NORMALIZING = ("BatchNormalization", "SpectralNormalization")


def changes(layer: Layer) -> bool:
    """Whether the layer computes otherwise in training, or one that is in it."""
    if layer.model is not None:
        return any(map(changes, layer.model.layers))
    return layer.class_name not in ALWAYS_TRAINING and _changes(layer.class_name, layer.config)


def _changes(class_name: str, config: Mapping[str, Json]) -> bool:
    return (
        (class_name in NORMALIZING and config.get("trainable", True) is not False)
        or any(config.get(key) for key in RATES)
        or any(_changes(str(part.get("class_name")), part["config"]) for part in _parts(config))
    )


def _parts(config: Mapping[str, Json]) -> Iterator[Mapping[str, Any]]:
    """The layers and cells in a configuration."""
    for value in config.values():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict) and isinstance(each.get("config"), dict):
                yield each
