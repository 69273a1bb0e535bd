"""The models that a user names on the command line: saved by Keras, or exported already."""

import json
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from keras_tfjs import convert
from keras_tfjs.errors import ConversionError

LISTING = "models.json"


class NoModelError(ConversionError):
    """A path is no model, nor a folder of models."""


@dataclass(frozen=True)
class FoundModel:
    """An exported model.

    Attributes:
        folder: where its files are.
        about: what the page is told of it, "name", "title" and "path" among it.
    """

    folder: Path
    about: dict[str, Any]


@contextmanager
def found_models(paths: Iterable[Path]) -> Iterator[list[FoundModel]]:
    """The models, those that must be converted in a folder that lasts as long as the block.

    Args:
        paths: each a ".keras" or ".h5" file, the folder of an exported model, or a folder of such
            folders with a models.json, as `keras-bias demo` writes it.

    Raises:
        ConversionError: if one is no model or cannot be converted, or two have the same name.
    """
    with tempfile.TemporaryDirectory(prefix="keras-bias-") as scratch:
        found: list[FoundModel] = []
        for path in paths:
            if path.suffix in (".keras", ".h5") and path.is_file():
                folder = Path(scratch) / str(len(found))
                convert(path, folder)
                found.append(_model(folder, path.stem))
            elif (path / LISTING).is_file():
                found += _listed(path)
            else:
                found.append(_model(path, path.resolve().name))
        names = [model.about["name"] for model in found]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise NoModelError(
                f"More than one model goes by the name {twice[0]!r}. Rename a file or folder."
            )
        yield found


def _listed(folder: Path) -> list[FoundModel]:
    try:
        listed = json.loads((folder / LISTING).read_text("utf-8"))["models"]
        return [_model(folder / about["name"], about["name"], about) for about in listed]
    except (KeyError, TypeError, ValueError) as error:
        raise NoModelError(
            f"{folder / LISTING} lists no models. Give their folders one by one."
        ) from error


def _model(folder: Path, title: str, about: dict[str, Any] | None = None) -> FoundModel:
    try:
        text = (folder / "model.json").read_text("utf-8")
        weights = [w for group in json.loads(text)["weightsManifest"] for w in group["weights"]]
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise NoModelError(
            f"{folder} is no model: it has no model.json with weights. "
            "Give a .keras or .h5 file, or the folder of an exported model."
        ) from error
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", title).strip(".-") or "model"
    counted = sum(
        _size(weight["shape"]) for weight in weights if re.search("(^|[/_])bias$", weight["name"])
    )
    told = {"title": title, "bias_parameters": counted, **(about or {})}
    return FoundModel(folder, {**told, "name": name, "path": f"models/{name}/model.json"})


def _size(shape: Sequence[int]) -> int:
    size = 1
    for length in shape:
        size *= length
    return size
