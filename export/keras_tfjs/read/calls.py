"""From a config's JSON to who is called on what: both of Keras's layouts, one result.

Keras 3 writes a call as args and kwargs with tensors in them; Keras 2 as a list of
`[layer, call, tensor, kwargs]`. And where a layer is itself a model, its calls are sometimes
counted from 1, as if its own definition were the first:

* Keras 2: always;
* Keras 3: for a Functional, and only in the outputs of the model around it.

Here they are counted from 0. And what a layer was called on as `inputs=...` is its first argument.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from keras_tfjs.errors import CorruptModelError
from keras_tfjs.ir import Call, Json, Tensor

_CONSTANT = "_CONSTANT_VALUE"  # Keras 2: `[_CONSTANT_VALUE, -1, value, kwargs]`


def is_keras_2(nodes: Json) -> bool:
    """Whether a layer's inbound nodes are written as Keras 2 does."""
    return isinstance(nodes, list) and any(isinstance(node, list) for node in nodes)


def call(node: Json, firsts: Mapping[str, int], where: str) -> Call:
    """One call of a layer.

    Args:
        node: one of its inbound nodes.
        firsts: the number that a layer's first call has in inbound nodes, 0 if left out.
        where: the layer, for messages.

    Raises:
        CorruptModelError: if it cannot be understood.
    """
    if isinstance(node, list):
        return _keras_2_call(node, firsts, where)
    if isinstance(node, dict):
        args, kwargs = node.get("args", []), node.get("kwargs", {})
        if isinstance(args, list) and isinstance(kwargs, dict):
            found_args, found_kwargs = _keras_3_values([args, kwargs], firsts, where)
            if not found_args and "inputs" in found_kwargs:
                found_args = [found_kwargs.pop("inputs")]
            return Call(tuple(found_args), found_kwargs)
    raise damaged(where)


def tensors(structure: Json, firsts: Mapping[str, int], where: str) -> Any:
    """A model's inputs or outputs: a `Tensor`, or lists and dicts of them, as they are nested."""
    if _is_tensor(structure) and len(structure) == 3:
        return _tensor(structure, firsts, where)
    if isinstance(structure, list):
        return [tensors(item, firsts, where) for item in structure]
    if isinstance(structure, dict):
        return {key: tensors(item, firsts, where) for key, item in structure.items()}
    raise damaged(where)


def damaged(where: str) -> CorruptModelError:
    """The error for a graph that cannot be understood."""
    return CorruptModelError(
        f"{where}: its inputs in the config cannot be understood. Save the model again with Keras."
    )


def _is_tensor(value: Json) -> bool:
    return (
        isinstance(value, list)
        and len(value) in (3, 4)
        and isinstance(value[0], str)
        and all(isinstance(number, int) for number in value[1:3])
    )


def _tensor(history: Json, firsts: Mapping[str, int], where: str) -> Tensor:
    if not _is_tensor(history):
        raise damaged(where)
    layer, number, index = history[:3]
    return Tensor(layer, number - firsts.get(layer, 0), index)


def _keras_3_values(value: Json, firsts: Mapping[str, int], where: str) -> Any:
    if isinstance(value, list):
        return [_keras_3_values(item, firsts, where) for item in value]
    if isinstance(value, dict):
        if value.get("class_name") == "__keras_tensor__":
            config = value.get("config")
            if not isinstance(config, dict):
                raise damaged(where)
            found = _tensor(config.get("keras_history"), firsts, where)
            return replace(found, **_described(config))
        return {key: _keras_3_values(item, firsts, where) for key, item in value.items()}
    return value


def _described(config: Mapping[str, Json]) -> dict[str, Any]:
    """What Keras 3 says of a tensor beside where it comes from."""
    shape, dtype = config.get("shape"), config.get("dtype")
    sizes = shape if isinstance(shape, list) else [-1]
    known = all(size is None or (isinstance(size, int) and size >= 0) for size in sizes)
    return {
        "shape": tuple(sizes) if known else None,
        "dtype": dtype if isinstance(dtype, str) else None,
    }


def _keras_2_call(node: list[Json], firsts: Mapping[str, int], where: str) -> Call:
    kwargs: dict[str, Json] = {}

    def first_argument(value: Json) -> Any:
        if isinstance(value, list) and len(value) in (3, 4) and isinstance(value[0], str):
            if len(value) == 4:
                if not isinstance(value[3], dict):
                    raise damaged(where)
                kwargs.update(value[3])
            return value[2] if value[0] == _CONSTANT else _tensor(value, firsts, where)
        if isinstance(value, list):
            return [first_argument(item) for item in value]
        if isinstance(value, dict):
            return {key: first_argument(item) for key, item in value.items()}
        raise damaged(where)

    argument = first_argument(node)
    if isinstance(argument, list) and len(argument) == 1:
        argument = argument[0]
    return Call((argument,), _keras_2_values(kwargs, firsts, where))


def _keras_2_values(value: Json, firsts: Mapping[str, int], where: str) -> Any:
    """Keyword arguments, in which a tensor is a bare `[layer, call, tensor]`."""
    if _is_tensor(value) and len(value) == 3:
        return _tensor(value, firsts, where)
    if isinstance(value, list):
        return [_keras_2_values(item, firsts, where) for item in value]
    if isinstance(value, dict):
        return {key: _keras_2_values(item, firsts, where) for key, item in value.items()}
    return value
