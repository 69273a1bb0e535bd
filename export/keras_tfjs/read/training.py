"""How a saved model was compiled, and its optimizer's variables.

A model computes without this, so nothing here refuses a file: what cannot be read is not there.
"""

import re

from keras_tfjs.errors import ConversionError
from keras_tfjs.ir import Json, Training, Weight
from keras_tfjs.read import config
from keras_tfjs.read.hdf5 import Group


def of_archive(entry: Json, root: Group | None) -> Training | None:
    """How a model in a .keras file was compiled; None if it was not.

    Args:
        entry: the model's config.
        root: the groups of model.weights.h5, if the optimizer's variables are wanted.
    """
    compiled = entry.get("compile_config") if isinstance(entry, dict) else None
    if not compiled:
        return None
    own = root.at("optimizer/vars") if root else None
    numbered = own.weights if own else {}
    names = sorted((name for name in numbered if name.isdecimal()), key=int)
    variables = {name: numbered[name] for name in names} if root else None
    return Training(compiled if isinstance(compiled, dict) else None, variables)


def of_hdf5(root: Group, where: str, *, with_variables: bool) -> Training | None:
    """How a model in an .h5 file was compiled; None if it was not.

    Args:
        root: of the file.
        where: the file, for messages.
        with_variables: whether the optimizer's variables are wanted.
    """
    try:
        text = root.text("training_config")
        if text is None:
            return None
        compiled = config.parsed(text.encode(), where)
        variables = _variables(root) if with_variables else None
    except ConversionError:
        return Training(None)
    if not isinstance(compiled, dict):
        return Training(None)
    return Training({**compiled, "optimizer": compiled.get("optimizer_config")}, variables)


def _variables(root: Group) -> dict[str, Weight]:
    """The optimizer's variables by name, in the file's order."""
    group = root.groups.get("optimizer_weights")
    found: dict[str, Weight] = {}
    for name in group.texts("weight_names") if group else ():
        folder, _, last = name.rpartition("/")
        below = group.at(folder) if group and folder else group
        if below and last in below.weights:
            found[re.sub(r":\d+$", "", name)] = below.weights[last]
    return found
