"""The model's JSON, in the layout of Keras 2 that tfjs reads.

A nested model owns call 0 in tfjs: the one that joined its own inputs to its outputs. Calls from
outside are therefore counted from 1, in calls and among the outputs alike.
"""

from keras_tfjs.ir import Json, Layer, Model, Tensor, tensors

CLASS_NAMES = {"sequential": "Sequential", "functional": "Functional"}


def topology(model: Model) -> Json:
    """The class name and configuration of a model in tfjs's words."""
    if model.kind == "sequential":
        layers = [_layer(layer) for layer in model.layers]
        return _entry(model, {"name": model.name, "layers": layers})
    nested = {layer.name for layer in model.layers if layer.model is not None}

    def triple(tensor: Tensor) -> Json:
        return [tensor.layer, tensor.call + (tensor.layer in nested), tensor.index]

    return _entry(
        model,
        {
            "name": model.name,
            "layers": [
                {
                    "name": layer.name,
                    **_layer(layer),
                    "inbound_nodes": [
                        [[*triple(tensor), {}] for tensor in call.args] for call in layer.calls
                    ],
                }
                for layer in model.layers
            ],
            "input_layers": [triple(tensor) for tensor in tensors(model.inputs)],
            "output_layers": [triple(tensor) for tensor in tensors(model.outputs)],
        },
    )


def structure_of_names(model: Model, structure: Json) -> Json:
    """The model's inputs or outputs as the user gave them, each named by its layer."""
    if isinstance(structure, Tensor):
        return structure.layer
    if isinstance(structure, list | tuple):
        return [structure_of_names(model, item) for item in structure]
    if isinstance(structure, dict):
        return {key: structure_of_names(model, item) for key, item in structure.items()}
    return structure


def _layer(layer: Layer) -> Json:
    if layer.model is None:
        return {"class_name": layer.class_name, "config": dict(layer.config)}
    entry = topology(layer.model)
    entry["config"]["name"] = layer.name  # tfjs looks it up by both, so they must be the same
    return entry


def _entry(model: Model, config: Json) -> Json:
    return {"class_name": CLASS_NAMES[model.kind], "config": config}
