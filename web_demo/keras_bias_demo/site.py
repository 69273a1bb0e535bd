"""Writes the page as a folder of files, with models beside it: for any web host, and for a disk.

A page that was opened from a disk may fetch nothing, so beside each file that it would fetch stands
a script that carries it: `FILE.js` puts the bytes of FILE, in base64, where the page looks.
"""

import base64
import json
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from keras_bias_demo import serve
from keras_tfjs import convert
from keras_tfjs.errors import ConversionError
from keras_tfjs.write.folder import OURS as MODEL_FILES
from keras_tfjs.write.folder import new_folder

LISTING = "models.json"


class NoModelError(ConversionError):
    """A path is no model, nor a folder of models."""


@dataclass(frozen=True)
class Site:
    """What was written.

    Attributes:
        models: their names.
        files: how many.
        size: of all of them, in bytes.
    """

    models: Sequence[str]
    files: int
    size: int


@dataclass(frozen=True)
class _Model:
    folder: Path
    about: dict[str, Any]


def write_site(out_dir: Path, models: Iterable[Path] = (), *, overwrite: bool = False) -> Site:
    """Writes the page, and models beside it; all of it or nothing.

    Args:
        out_dir: the folder to make; its parent is there already.
        models: each a ".keras" or ".h5" file, the folder of an exported model, or a folder of such
            folders with a models.json, as `keras-bias demo` writes it.
        overwrite: whether to replace the folder if it is there already.

    Raises:
        ConversionError: if a model is none or cannot be converted, or the folder not be written.
        PageNotBuiltError: if there is no page.
    """
    page = serve.page()
    names = [re.escape(path.name) for path in page.iterdir()]
    ours = re.compile("|".join([*names, "models"]))
    with (
        _found(models) as found,
        new_folder(out_dir, overwrite=overwrite, ours=ours, writer="keras-bias site") as folder,
    ):
        shutil.copytree(page, folder, dirs_exist_ok=True)
        for model in found:
            _add(model, folder)
        listing = {"models": [model.about for model in found]}
        (folder / LISTING).write_text(json.dumps(listing, ensure_ascii=False), "utf-8")
        _carry(folder / LISTING, folder)
        files = [path for path in folder.rglob("*") if path.is_file()]
        size = sum(path.stat().st_size for path in files)
    return Site([model.about["name"] for model in found], len(files), size)


@contextmanager
def _found(paths: Iterable[Path]) -> Iterator[list[_Model]]:
    """The models, those that must be converted in a folder that lasts as long as the block."""
    with tempfile.TemporaryDirectory(prefix="keras-bias-site-") as scratch:
        found: list[_Model] = []
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


def _listed(folder: Path) -> list[_Model]:
    try:
        listed = json.loads((folder / LISTING).read_text("utf-8"))["models"]
        return [_model(folder / about["name"], about["name"], about) for about in listed]
    except (KeyError, TypeError, ValueError) as error:
        raise NoModelError(
            f"{folder / LISTING} lists no models. Give their folders one by one."
        ) from error


def _model(folder: Path, title: str, about: dict[str, Any] | None = None) -> _Model:
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
    return _Model(folder, {**told, "name": name, "path": f"models/{name}/model.json"})


def _size(shape: Sequence[int]) -> int:
    size = 1
    for length in shape:
        size *= length
    return size


def _add(model: _Model, site: Path) -> None:
    target = site / "models" / model.about["name"]
    target.mkdir(parents=True)
    for path in sorted(model.folder.iterdir()):
        if MODEL_FILES.fullmatch(path.name):
            shutil.copyfile(path, target / path.name)
            if path.suffix != ".js":
                _carry(target / path.name, site)


def _carry(path: Path, site: Path) -> None:
    """Writes the script that carries a file."""
    name = json.dumps(path.relative_to(site).as_posix())
    text = base64.b64encode(path.read_bytes()).decode()
    path.with_name(f"{path.name}.js").write_text(
        f'(globalThis.kerasBiasFiles ??= {{}})[{name}] = "{text}";\n', "utf-8"
    )
