"""Who may import whom, seen in a fresh interpreter; import-linter checks the same in the source."""

import subprocess
import sys

import pytest

BACKENDS = "{'keras', 'tensorflow', 'jax', 'torch'}"


def imported_after(statement: str, of: str) -> str:
    """Which of the packages `of` are in `sys.modules` once `statement` has run."""
    program = f"import sys\n{statement}\nprint(sorted({of} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()[-1]


@pytest.mark.parametrize(
    "statement",
    [
        "import keras_tfjs, keras_tfjs.convert, keras_tfjs.cli, keras_tfjs.verify",
        "import keras_tfjs.read, keras_tfjs.translate, keras_tfjs.write",
    ],
)
def test_the_road_imports_neither_keras_nor_a_backend(statement: str) -> None:
    assert imported_after(statement, BACKENDS) == "[]"


def test_a_command_line_asks_for_help_without_loading_anything_heavy() -> None:
    for command in ("keras_tfjs.cli", "keras_bias.cli"):
        heavy = "{'keras', 'tensorflow', 'jax', 'torch', 'numpy', 'h5py'}"
        assert imported_after(f"import {command}", heavy) == "[]"


def test_bias_shapes_are_known_without_keras() -> None:
    assert imported_after("import keras_bias.shape", "{'keras', 'numpy'}") == "[]"


def test_the_page_s_server_is_loaded_for_a_live_view_and_needs_no_keras() -> None:
    assert imported_after("import keras_bias.callbacks", "{'keras_bias_demo'}") == "[]"
    heavy = "{'keras', 'tensorflow', 'jax', 'torch', 'numpy', 'h5py', 'click'}"
    assert imported_after("import keras_bias_demo.live", heavy) == "[]"
