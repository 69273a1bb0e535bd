"""A model's config as JSON: parsed, and small and flat enough for everyone after it to recurse.

What it means is graph.py's business.
"""

import json
import re

from keras_tfjs.errors import CorruptModelError, UnsafeModelError
from keras_tfjs.ir import Json

_DEEPEST = 200  # nine models nested in each other need 50
_HALF_A_CHARACTER = re.compile(rb"\\u[dD][89a-fA-F]")


def parsed(text: bytes, where: str) -> Json:
    """The JSON of `text`.

    Args:
        text: in UTF-8.
        where: which text it is, for messages.

    Raises:
        CorruptModelError: if it is no JSON.
        UnsafeModelError: if it is nested too deeply to be a model.
    """
    try:
        value = json.loads(text)
        if _HALF_A_CHARACTER.search(text):  # perhaps its other half is beside it
            json.dumps(value, ensure_ascii=False).encode()
    except RecursionError:
        raise _too_deep(where) from None
    except ValueError as error:  # also of decoding, and of numbers with thousands of digits
        raise CorruptModelError(
            f"{where}: is not JSON ({error}). Copy the file again, or save the model again."
        ) from None
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > _DEEPEST:
            raise _too_deep(where)
        level = [child for parent in level for child in _children(parent)]
    return value


def _children(value: Json) -> list[Json]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _too_deep(where: str) -> UnsafeModelError:
    return UnsafeModelError(
        f"{where}: is nested more than {_DEEPEST} levels deep. "
        "Nest fewer models in each other, and save the model again."
    )
