"""What a bias shape costs a training step in Keras, beside Keras's own layers."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.bench

PROGRAM = Path(__file__).with_name("training_steps.py")
WANTED = {"vector": "<= 1.02 times", "untied": "<= 1.10 times"}


@pytest.mark.parametrize("backend", ["tensorflow", "jax"])
def test_training_steps_beside_keras_s(backend: str, add_row: Callable[..., None]) -> None:
    environment = {**os.environ, "KERAS_BACKEND": backend, "TF_CPP_MIN_LOG_LEVEL": "3"}
    environment.pop("XLA_FLAGS", None)  # the tests' own, which trade speed for compile time

    done = subprocess.run(
        [sys.executable, PROGRAM], env=environment, check=True, capture_output=True, text=True
    )

    for row in json.loads(done.stdout.splitlines()[-1]):
        rival = "no bias, plus the add" if row["bias"] == "untied" else "keras.layers"
        add_row(
            f"training step, {backend}: {row['layer']} {row['bias']}",
            f"{row['ours']:.1f} ms",
            f"{rival} {row['theirs']:.1f} ms",
            f"{row['ours'] / row['theirs']:.2f} times",
            WANTED.get(row["bias"], "<= 1.05 times"),
        )
