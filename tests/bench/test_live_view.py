"""What it costs a training to be watched, beside the same training unwatched."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.bench

PROGRAM = Path(__file__).with_name("live_view.py")


@pytest.mark.parametrize("backend", ["tensorflow", "jax"])
def test_fit_with_a_live_view_beside_fit(backend: str, add_row: Callable[..., None]) -> None:
    environment = {**os.environ, "KERAS_BACKEND": backend, "TF_CPP_MIN_LOG_LEVEL": "3"}
    environment.pop("XLA_FLAGS", None)  # the tests' own, which trade speed for compile time

    done = subprocess.run(
        [sys.executable, PROGRAM], env=environment, check=True, capture_output=True, text=True
    )

    for row in json.loads(done.stdout.splitlines()[-1]):
        add_row(
            f"fit watched by LiveView, {backend}: {row['model']}",
            f"{row['watched']:.2f} s, {row['samples']} samples",
            f"unwatched {row['plain']:.2f} s",
            f"{row['ratio']:.3f} times, its own part {row['own']:.2%}",
            "own part < 2 %",
        )
