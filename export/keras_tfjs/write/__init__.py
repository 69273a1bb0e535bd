"""Writes a translated model as a folder that `tf.loadLayersModel` opens: all of it or nothing.

The folder holds `model.json`, the shards of the weights, and `keras-tfjs.js` if twins are needed.
The same model gives the same bytes.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from keras_tfjs.errors import OutputError
from keras_tfjs.ir import Json, Model, Source, Translation
from keras_tfjs.version import __version__
from keras_tfjs.write.folder import new_folder
from keras_tfjs.write.shards import named_weights, write_shards
from keras_tfjs.write.topology import structure_of_names, topology

RUNTIME = "keras-tfjs.js"


@dataclass(frozen=True, slots=True)
class Written:
    """What was written.

    Attributes:
        files: sizes in bytes by file name, in the order of writing.
        weights: how many weights.
        parameters: how many numbers they hold.
    """

    files: dict[str, int]
    weights: int
    parameters: int


def written(
    translation: Translation,
    source: Source,
    out_dir: Path,
    overwrite: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Written:
    """Write the model into the folder `out_dir`.

    Args:
        translation: the model in tfjs's words.
        source: what it was read from.
        out_dir: the folder to make.
        overwrite: whether to replace it if it is there already.
        progress: is told how many numbers are written, of how many.

    Raises:
        OutputError: if the folder cannot be written.
        CorruptModelError: if a weight is not what its shape and type say.
    """
    weights = list(named_weights(translation.model))
    parameters = sum(weight.size for _, weight in weights)
    everything = parameters + sum(weight.size for _, weight in translation.optimizer)
    script = _runtime() if translation.twins else None
    done = 0

    def advanced(size: int) -> None:
        nonlocal done
        done += size // 4
        progress(done, everything)

    with new_folder(out_dir, overwrite=overwrite) as folder:
        manifest, shards = write_shards(weights, folder, advanced, translation.optimizer)
        description = folder / "model.json"
        description.write_bytes(_as_bytes(model_json(translation, source, manifest)))
        files = [description, *shards]
        if script is not None:
            (folder / RUNTIME).write_bytes(script)
            files.append(folder / RUNTIME)
        sizes = {path.name: path.stat().st_size for path in files}
    return Written(sizes, len(weights), parameters)


def model_json(translation: Translation, source: Source, manifest: Json) -> Json:
    """What model.json says."""
    model = translation.model
    inputs, outputs = _ends(model)
    training = translation.training
    return {
        "format": "layers-model",
        "generatedBy": f"keras v{source.keras_version}",
        "convertedBy": f"keras-tfjs {__version__}",
        "modelTopology": {
            "keras_version": source.keras_version,
            "backend": "tensorflow",
            "model_config": topology(model),
        },
        **({} if training is None else {"trainingConfig": training}),
        "weightsManifest": manifest,
        "userDefinedMetadata": {
            "keras_tfjs": {
                "version": __version__,
                "source": {
                    "format": source.format,
                    "keras_version": source.keras_version,
                    "sha256": source.sha256,
                },
                "twins": list(translation.twins),
                "renamed": translation.renamed,
                "inputs": structure_of_names(model, inputs),
                "outputs": structure_of_names(model, outputs),
                "notes": list(translation.notes),
            }
        },
    }


def _ends(model: Model) -> tuple[Json, Json]:
    if model.kind == "functional":
        return model.inputs, model.outputs
    return model.layers[0].name, model.layers[-1].name


def _as_bytes(description: Json) -> bytes:
    text = json.dumps(description, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode() + b"\n"


def _runtime() -> bytes:
    script = resources.files("keras_tfjs") / "_js" / RUNTIME
    try:
        return script.read_bytes()
    except FileNotFoundError as error:
        raise OutputError(
            f"This model needs {RUNTIME}, which this installation of keras-tfjs lacks. "
            "In a checkout, build it with `make build`; elsewhere, install keras-bias again."
        ) from error
