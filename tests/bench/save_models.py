"""Saves the models that the benchmarks convert: `python save_models.py FOLDER`."""

import sys
from pathlib import Path

import keras


def save_all(folder: Path) -> None:
    """Save each model in Keras's format and, for the official converter, as HDF5."""
    dense = keras.Sequential([keras.Input((1,)), keras.layers.Dense(5), keras.layers.Dense(2)])
    wide = keras.Sequential([keras.Input((2048,))] + [keras.layers.Dense(2048) for _ in range(6)])
    resnet = keras.applications.ResNet50(weights=None)
    for name, model in {"dense": dense, "wide": wide, "resnet50": resnet}.items():
        model.save(folder / f"{name}.keras")
        model.save(folder / f"{name}.h5")


if __name__ == "__main__":
    save_all(Path(sys.argv[1]))
