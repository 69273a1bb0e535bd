"""The whole way, from a saved or live Keras model to a folder for TensorFlow.js.

NumPy and h5py are loaded when the first model is converted, not before: the command's `--help`
and whoever only imports the package need neither.
"""

import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from keras_tfjs.errors import NotAKerasModelError, understood

Progress = Callable[[int, int], None]
"""Is told how many numbers are written, of how many."""


@runtime_checkable
class LiveModel(Protocol):
    """A `keras.Model`, as far as it matters here."""

    def save(self, path: str) -> Any:
        """Write the model to a file."""

    def get_config(self) -> Any:
        """Its configuration."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a conversion wrote.

    Attributes:
        out_dir: the folder.
        files: sizes in bytes by file name.
        weights: how many weights.
        parameters: how many numbers they hold.
        twins: what keras-tfjs.js registers for this model; empty if it is not needed.
        renamed: new layer names by old ones; nested layers' with their path.
        notes: everything that was changed or left out, said in words.
        seconds: how long it took.
    """

    out_dir: Path
    files: dict[str, int]
    weights: int
    parameters: int
    twins: tuple[str, ...]
    renamed: dict[str, str]
    notes: tuple[str, ...]
    seconds: float

    def as_json(self) -> dict[str, Any]:
        """The same as plain values, for `json.dumps`."""
        listed = {"twins": list(self.twins), "notes": list(self.notes)}
        return {**asdict(self), **listed, "out_dir": str(self.out_dir)}


def convert(
    model: LiveModel | str | os.PathLike[str],
    out_dir: str | os.PathLike[str],
    *,
    overwrite: bool = False,
    stock: bool = False,
    with_optimizer: bool = False,
    progress: Progress = lambda done, total: None,
) -> Report:
    """Write a Keras model as a folder that `tf.loadLayersModel` opens.

    Args:
        model: the path of a ".keras" or ".h5" file, or a live `keras.Model`.
        out_dir: the folder to make; its parent is there already.
        overwrite: whether to replace the folder if it is there already.
        stock: whether to use layers only that TensorFlow.js itself knows.
        with_optimizer: whether to write the optimizer's variables too, so that training goes on
            in TensorFlow.js where it stood in Keras.
        progress: is told how many numbers are written, of how many.

    Raises:
        ConversionError: if the model cannot be read or converted, or the folder not be written;
            its subclasses say which. Nothing is written then.
    """
    start = time.perf_counter()

    def converted(path: Path) -> Report:
        return _convert_file(path, Path(out_dir), overwrite, stock, with_optimizer, progress)

    if isinstance(model, str | os.PathLike):
        report = converted(Path(model))
    elif isinstance(model, LiveModel):
        with tempfile.TemporaryDirectory(prefix="keras-tfjs-") as folder:
            path = Path(folder) / "model.keras"
            model.save(str(path))
            report = converted(path)
    else:
        raise NotAKerasModelError(
            f"Not a Keras model: {type(model).__name__}. "
            "Give the path of a .keras or .h5 file, or a keras.Model."
        )
    return replace(report, seconds=time.perf_counter() - start)


def _convert_file(
    path: Path,
    out_dir: Path,
    overwrite: bool,
    stock: bool,
    with_optimizer: bool,
    progress: Progress,
) -> Report:
    from keras_tfjs.read import opened
    from keras_tfjs.translate import translated
    from keras_tfjs.write import written

    with opened(path, optimizer=with_optimizer) as saved:
        with understood(path):
            translation = translated(
                saved.model, stock=stock, training=saved.training, with_optimizer=with_optimizer
            )
        result = written(translation, saved.source, out_dir, overwrite, progress)
    return Report(
        out_dir=out_dir,
        files=result.files,
        weights=result.weights,
        parameters=result.parameters,
        twins=translation.twins,
        renamed=translation.renamed,
        notes=translation.notes,
        seconds=0.0,
    )
