"""Writes the page as a folder of files, with models beside it: for any web host, and for a disk.

A page that was opened from a disk may fetch nothing, so beside each file that it would fetch stands
a script that carries it: `FILE.js` puts the bytes of FILE, in base64, where the page looks.
"""

import base64
import json
import re
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from keras_bias_demo import serve
from keras_bias_demo.models import LISTING, FoundModel, found_models
from keras_tfjs.write.folder import OURS as MODEL_FILES
from keras_tfjs.write.folder import new_folder


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
        found_models(models) as found,
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


def _add(model: FoundModel, site: Path) -> None:
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
