"""From a Keras model to the same model in tfjs's words: renamed and reshaped, never approximated.

Where stock tfjs has no equal of a layer, or one that is silently wrong, the layer keeps its Keras
configuration and goes out under the class name of a twin (`keras>ReLU`), which keras-tfjs.js
registers. What neither has is refused, all of a model's problems in one error.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from keras_tfjs.errors import UnsupportedLayerError, UnsupportedOptionError, gathered
from keras_tfjs.ir import Layer, Model, Training, Translation
from keras_tfjs.translate import feeding, masks, registry
from keras_tfjs.translate.bare_inputs import with_an_axis
from keras_tfjs.translate.distributing import distributed
from keras_tfjs.translate.explicit_masks import ONE_MODEL, explicit
from keras_tfjs.translate.graph import flattened, stretched, wired
from keras_tfjs.translate.lone_cells import as_layers
from keras_tfjs.translate.mask_inputs import with_mask_inputs
from keras_tfjs.translate.names import Names
from keras_tfjs.translate.options import Aim
from keras_tfjs.translate.shapes import with_shapes
from keras_tfjs.translate.training import compiled
from keras_tfjs.translate.types import with_input_dtypes

__all__ = ["Translation", "translated"]

Problem = UnsupportedLayerError | UnsupportedOptionError


def translated(
    model: Model,
    *,
    stock: bool = False,
    training: Training | None = None,
    with_optimizer: bool = False,
) -> Translation:
    """The model in tfjs's words.

    Args:
        model: in Keras's words.
        stock: whether to use layers only that stock tfjs knows.
        training: how it was compiled; None if it was not.
        with_optimizer: whether the optimizer's variables are to go out.

    Raises:
        UnsupportedLayerError: for layers that a browser cannot run.
        UnsupportedOptionError: if there are only options of that kind.
        CorruptModelError: if weights or calls do not fit the configuration.
    """
    problems: list[Problem] = []
    unsupported: list[UnsupportedOptionError] = []
    notes: list[str] = []
    model = as_layers(distributed(with_an_axis(model, notes), unsupported))
    if unsupported:
        raise gathered(unsupported)
    outer = {layer.where for layer in model.layers}
    masked = masks.found(model)
    if not stock and (masked.problems or masks.by_hand(model)):
        notes.extend([ONE_MODEL] if any(layer.model for layer in model.layers) else [])
        model, masked = explicit(model)
    aim = Aim(
        stock=stock,
        masked=bool(masked.makers),
        notes=notes,
        mask_inputs=masked.inputs,
        unmasked=masked.unmasked,
        masked_outputs=masked.at_outputs,
    )
    names = Names()
    result = names.given(_model(with_input_dtypes(with_shapes(model)), aim, problems))
    problems.extend(masked.problems)
    if problems:
        raise gathered(problems)
    written = _each(result)
    config, optimizer = compiled(training, model, written, aim, with_optimizer=with_optimizer)
    return Translation(
        model=written,
        twins=tuple(sorted(aim.twins)),
        renamed={**_inlined(result, outer), **names.renamed},
        notes=(*_shared(model), *dict.fromkeys(aim.notes)),
        training=config,
        optimizer=optimizer,
    )


def _inlined(model: Model, outer: set[str]) -> dict[str, str]:
    """New names by the paths of layers that stood in nested models, and stand beside them now."""
    return {
        layer.where: layer.name
        for layer in model.layers
        if "/" in layer.where
        and layer.where not in outer
        and layer.where.rpartition("/")[2] != layer.name
        and layer.class_name not in ("keras>Masked", "keras>Unmasked", "keras>Operation")
    }


def _model(model: Model, aim: Aim, problems: list[Problem]) -> Model:
    """The model's layers in tfjs's words, still under Keras's names and numbers."""
    option_problems: list[UnsupportedOptionError] = []
    flat = flattened(model, aim, option_problems)
    problems.extend(option_problems)
    layers = []
    for layer in flat.layers:
        if layer.model is not None:
            problems.extend(stretched(layer))
            layers.append(replace(layer, model=_model(layer.model, aim, problems)))
            continue
        try:
            layers.append(registry.translated(layer, aim))
        except (UnsupportedLayerError, UnsupportedOptionError) as problem:
            problems.append(problem)
    if len(layers) < len(flat.layers):
        return flat  # to be refused: its graph does not matter any more
    result = with_mask_inputs(replace(flat, layers=tuple(layers)), aim)
    problems.extend(feeding.refusals(result))
    return feeding.fed(result)


def _each(model: Model) -> Model:
    """The model and those nested in it, with their graphs as tfjs builds them."""
    layers = tuple(
        replace(
            layer,
            config={**layer.config, "name": layer.name} if layer.config else {},
            model=None if layer.model is None else _each(layer.model),
        )
        for layer in model.layers
    )
    return wired(replace(model, layers=layers))


def _shared(model: Model) -> Iterator[str]:
    """A note for every layer that nested models share."""
    where: dict[int, list[str]] = {}
    for layer in _all_layers(model):
        if layer.shared_id is not None and layer.weights:
            where.setdefault(layer.shared_id, []).append(layer.where)
    for places in where.values():
        if Counter(places).total() > 1:
            listed = ", ".join(f"'{place}'" for place in places)
            yield f"Layers {listed} are one in Keras; here each has its own copy of the weights."


def _all_layers(model: Model) -> Iterator[Layer]:
    for layer in model.layers:
        yield layer
        if layer.model is not None:
            yield from _all_layers(layer.model)
