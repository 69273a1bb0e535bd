"""The order in which Keras runs a model's calls (`map_graph` in `keras/src/ops/function.py`).

By their distance from the outputs, the farthest first; all calls of one layer count as far as the
farthest that was met before them.
"""

from keras_tfjs.ir import Model, Tensor, tensors

Place = tuple[str, int]
"""A layer's name, and which of its calls."""


def order(model: Model) -> list[Place]:
    """The calls that lead to the outputs of a functional model, in the order of their run."""
    used = {
        (layer.name, at): tensors([call.args, dict(call.kwargs)])
        for layer in model.layers
        for at, call in enumerate(layer.calls)
    }
    depths: dict[Place, int] = {}
    layers: dict[str, int] = {}
    for place in reversed(_from_inputs(tensors(model.outputs), used)):
        depth = max(depths.get(place, 0), layers.get(place[0], 0))
        layers[place[0]] = depths[place] = depth
        for tensor in used.get(place, ()):
            before = (tensor.layer, tensor.call)
            depths[before] = max(depth + 1, depths.get(before, 0))
    # Of those as far, the ones first that were met first: sorting keeps them so.
    return sorted(depths, key=lambda place: -depths[place])


def _from_inputs(outputs: list[Tensor], used: dict[Place, list[Tensor]]) -> list[Place]:
    """Each call behind those that it uses, as a search from the outputs meets them."""
    found: list[Place] = []
    met: set[Place] = set()
    for output in outputs:
        waiting = [((output.layer, output.call), False)]
        while waiting:
            place, done = waiting.pop()
            if done:
                found.append(place)
            elif place not in met:
                met.add(place)
                waiting.append((place, True))
                before = [(tensor.layer, tensor.call) for tensor in used.get(place, ())]
                waiting += [(each, False) for each in reversed(before)]
    return found
