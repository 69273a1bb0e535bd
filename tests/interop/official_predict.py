"""Run by the official converter's own environment: loads folders with `tensorflowjs`, predicts.

`python official_predict.py FOLDER...`; each folder holds model.json and inputs.npz, and gets
outputs.npz.
"""

import sys
from pathlib import Path

import numpy as np
from tensorflowjs.converters import load_keras_model


def predict(folder: Path) -> None:
    """Write what the official package computes for the folder's inputs."""
    model = load_keras_model(str(folder / "model.json"))
    with np.load(folder / "inputs.npz") as stored:
        inputs = [stored[f"arr_{number}"] for number in range(len(stored.files))]
    outputs = model.predict(inputs, verbose=0)
    np.savez(folder / "outputs.npz", *(outputs if isinstance(outputs, list) else [outputs]))


if __name__ == "__main__":
    for name in sys.argv[1:]:
        predict(Path(name))
