"""From a model's config to its layers: what each is, how it is called, what is a model itself.

No weights here: they come later, from state.py or legacy.py.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from keras_tfjs.errors import CorruptModelError, NotAKerasModelError, UnsupportedLayerError
from keras_tfjs.ir import INPUT, Json, Layer, Model
from keras_tfjs.read import calls, wiring

_AGAIN = "Save the model again with Keras."
AT_EACH_STEP = "TimeDistributed"
"""The layer that may hold a model, and calls it at each step."""

_WIRING = ("layers", "input_layers", "output_layers")


def model(entry: Json, where: str) -> Model:
    """The model that a config describes, without its weights.

    A layer's `shared_id` is Keras's own here, and marks the layers that may share their weights.

    Args:
        entry: the config: class name, config and more.
        where: the file, for messages.

    Raises:
        NotAKerasModelError: if it is the config of something else.
        CorruptModelError: if parts are missing or contradict each other.
        UnsupportedLayerError: if it is a model that is no graph of layers.
    """
    if not isinstance(entry, dict) or not isinstance(entry.get("class_name"), str):
        raise NotAKerasModelError(
            f"{where}: its config describes no model. "
            "Save a model with Keras: model.save('model.keras')."
        )
    class_name = entry["class_name"]
    config = _model_config(class_name, entry.get("config"))
    kind = _kind(class_name, config)
    if kind is not None:
        return _model(kind, entry, config, "")
    module = entry.get("module")
    if isinstance(module, str) and module.split(".")[0] == "keras":
        raise NotAKerasModelError(
            f"{where}: holds a {class_name}, not a model. "
            "Put it in a keras.Sequential, and save that."
        )
    raise UnsupportedLayerError(
        f"{where}: {class_name} is a subclassed model, whose graph only its Python code knows. "
        "Build it from its layers as keras.Sequential or keras.Model(inputs, outputs), "
        "and save that."
    )


def _model_config(class_name: str, config: Json) -> Json:
    # The oldest files have nothing but the list of layers.
    if class_name == "Sequential" and isinstance(config, list):
        return {"name": "sequential", "layers": config}
    return config


def _kind(class_name: str, config: Json) -> str | None:
    """How a model is wired; None for what is no model. Subclasses count by their config."""
    if class_name == "Sequential":
        return "sequential"
    if class_name in ("Functional", "Model") and isinstance(config, dict) and "layers" in config:
        return "functional"
    if not isinstance(config, dict) or not isinstance(config.get("layers"), list):
        return None
    if "input_layers" in config and "output_layers" in config:
        return "functional"
    return "sequential" if "build_input_shape" in config else None


def _is_pipeline(entry: Mapping[str, Json]) -> bool:
    """Whether it is Keras's stack of preprocessing layers, which is no model there."""
    module = entry.get("module")
    return entry.get("class_name") == "Pipeline" and module == "keras.layers"


def _model(kind: str, entry: Mapping[str, Json], config: Json, where: str) -> Model:
    if not isinstance(config, dict):
        raise CorruptModelError(f"{_titled(where)}: has no config. {_AGAIN}")
    name = config.get("name") or entry.get("name")
    if not isinstance(name, str):
        raise CorruptModelError(f"{_titled(where)}: has no name in the config. {_AGAIN}")
    entries = config.get("layers")
    if not isinstance(entries, list) or not entries:
        raise CorruptModelError(f"{_titled(where, name)}: has no layers in the config. {_AGAIN}")
    layers = tuple(_layer(each, where, at, name) for at, each in enumerate(entries))
    seen: set[str] = set()
    for layer in layers:
        if layer.name in seen:
            raise CorruptModelError(
                f"{_titled(where, name)}: has two layers named {layer.name!r}, so that neither can "
                "be told from the other. Give each layer a name of its own, and save it again."
            )
        seen.add(layer.name)
    if kind == "sequential":
        return _sequential(name, entry, config, layers, where)
    return _functional(name, config, entries, layers, where)


def _sequential(
    name: str,
    entry: Mapping[str, Json],
    config: Mapping[str, Json],
    layers: tuple[Layer, ...],
    where: str,
) -> Model:
    first = layers[0]
    if first.class_name == INPUT:
        return Model(name, "sequential", layers)
    shapes = (
        config.get("build_input_shape"),
        _input_shape(entry),
        first.config.get("batch_input_shape"),
        first.input_shape,
        first.model and _batch_shape(first.model.layers[0]),
    )
    shape = next((shape for shape in shapes if _is_shape(shape)), None)
    if shape is None:
        raise CorruptModelError(
            f"{_titled(where, name)}: is not built, so the shape of its input is unknown. "
            "Call model.build(input_shape) or put keras.Input(shape) in front, and save it again."
        )
    taken = {layer.name for layer in layers}
    candidates = ("input_layer", *(f"input_layer_{number}" for number in range(1, len(taken) + 1)))
    input_name = next(candidate for candidate in candidates if candidate not in taken)
    input_config = {"batch_shape": shape, "dtype": "float32", "sparse": False, "name": input_name}
    input_layer = Layer(
        input_name,
        INPUT,
        "keras.layers",
        config=input_config,
        where=_below(where, input_name),
    )
    return Model(name, "sequential", (input_layer, *layers))


def _functional(
    name: str,
    config: Mapping[str, Json],
    entries: list[Mapping[str, Json]],
    layers: tuple[Layer, ...],
    where: str,
) -> Model:
    titled = _titled(where, name)
    for key in _WIRING:
        if key not in config:
            raise CorruptModelError(f"{titled}: has no {key} in the config. {_AGAIN}")
    keras_2 = any(calls.is_keras_2(entry.get("inbound_nodes")) for entry in entries)
    models = {
        layer.name: layer.model
        for layer in layers
        if layer.model and layer.class_name != AT_EACH_STEP
    }
    inside = dict.fromkeys(models, 1) if keras_2 else {}
    outside = {name: 1 for name, inner in models.items() if keras_2 or inner.kind == "functional"}
    wired = []
    for entry, layer in zip(entries, layers, strict=True):
        nodes = entry.get("inbound_nodes")
        if not isinstance(nodes, list):
            raise calls.damaged(_named(layer.where))
        made = tuple(calls.call(node, inside, _named(layer.where)) for node in nodes)
        wired.append(replace(layer, calls=made))
    found = Model(
        name,
        "functional",
        tuple(wired),
        calls.tensors(config["input_layers"], outside, titled),
        calls.tensors(config["output_layers"], outside, titled),
    )
    wiring.check(found, titled)
    return found


def _layer(entry: Json, where: str, at: int, model_name: str) -> Layer:
    title = f"{_titled(where, model_name)}: layer {at} of the config"
    if not isinstance(entry, dict):
        raise CorruptModelError(f"{title} is no layer. {_AGAIN}")
    class_name, config = entry.get("class_name"), entry.get("config")
    if not isinstance(class_name, str) or not class_name:
        raise CorruptModelError(f"{title} has no class name. {_AGAIN}")
    config = _model_config(class_name, config)
    if not isinstance(config, dict):
        raise CorruptModelError(f"{title} ({class_name}) has no config. {_AGAIN}")
    name = entry.get("name", config.get("name"))
    if not isinstance(name, str) or not name:
        raise CorruptModelError(f"{title} ({class_name}) has no name. {_AGAIN}")
    kind = "sequential" if _is_pipeline(entry) else _kind(class_name, config)
    module, registered_name = entry.get("module"), entry.get("registered_name")
    if "module" not in entry:
        if ">" in class_name:  # .h5 files write a registered class by its registered name only
            registered_name, class_name = class_name, class_name.rpartition(">")[2]
        elif kind is None and _is_legacy_operation(class_name, config):
            module = "keras.src.ops"
    below = _below(where, name)
    inner = _model(kind, entry, config, below) if kind else None
    if inner:
        config = {key: value for key, value in config.items() if key not in _WIRING}
    elif class_name == AT_EACH_STEP:
        inner = _at_each_step(config.get("layer"), below)
    shared_id = entry.get("shared_object_id")
    return Layer(
        name,
        class_name,
        module if isinstance(module, str) else None,
        registered_name if isinstance(registered_name, str) else None,
        config,
        model=inner,
        where=below,
        input_shape=_input_shape(entry),
        shared_id=shared_id if isinstance(shared_id, int) else None,
    )


def _at_each_step(entry: Json, where: str) -> Model | None:
    """The model that is called at each step; None for a layer."""
    if not isinstance(entry, dict) or not isinstance(entry.get("class_name"), str):
        return None  # a damaged config: its translator will say so
    config = _model_config(entry["class_name"], entry.get("config"))
    kind = _kind(entry["class_name"], config)
    return _model(kind, entry, config, where) if kind else None


def _is_legacy_operation(class_name: str, config: Mapping[str, Json]) -> bool:
    # .h5 files drop the module, by which an operation `Add` is told from a layer `Add`.
    # Every layer but these says whether it is trainable; no operation does.
    layer = class_name == INPUT or class_name.startswith("SpatialDropout")
    return not layer and "trainable" not in config


def _input_shape(entry: Mapping[str, Json]) -> Json:
    build = entry.get("build_config")
    if not isinstance(build, dict):
        return None
    return build.get("input_shape", build.get("shapes_dict"))


def _batch_shape(layer: Layer) -> Json:
    return layer.config.get("batch_shape", layer.config.get("batch_input_shape"))


def _is_shape(value: Any) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(size is None or isinstance(size, int) for size in value)
    )


def _below(where: str, name: str) -> str:
    return f"{where}/{name}" if where else name


def _named(where: str) -> str:
    return f"Layer '{where}'"


def _titled(where: str, name: str | None = None) -> str:
    title = where or name
    return f"Model '{title}'" if title else "The model"
