"""The command says what it wrote, or in one message why it did not."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import keras
import pytest
from click.testing import CliRunner, Result

import keras_tfjs
from keras_tfjs.cli import main

L = keras.layers
ROOT = Path(__file__).parents[2]


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "model.keras"
    layers = [keras.Input((1,)), L.Dense(5, name="my hidden"), L.AlphaDropout(0.1, name="drop")]
    keras.Sequential([*layers, L.Dense(2)]).save(path)
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_says_what_was_written_and_how_to_load_it(model: Path, tmp_path: Path) -> None:
    result = run("convert", model, tmp_path / "out")

    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0].startswith(f"{tmp_path / 'out'}: 2 files, ")
    assert ", 4 weights, 22 parameters, " in lines[0]
    assert lines[2:] == [
        "  group1-shard1of1.bin  88 bytes",
        "Layers renamed, since TensorFlow.js would not find them otherwise:",
        "  my hidden -> my_hidden",
        "Changed or left out:",
        "  Layer 'drop': in training, TensorFlow.js sets what it drops to +1.758 "
        "and not to -1.758.",
        "TensorFlow.js itself has all its layers. In a page:",
        '  <script src="tf.min.js"></script>',
        '  <script>tf.loadLayersModel("model.json").then(model => ...)</script>',
    ]


def test_the_report_as_json(model: Path, tmp_path: Path) -> None:
    result = run("convert", model, tmp_path / "out", "--json")

    report = json.loads(result.stdout)
    assert result.exit_code == 0
    assert report["parameters"] == 22
    assert report["renamed"] == {"my hidden": "my_hidden"}


def test_a_refusal_is_one_message_and_nothing_is_written(model: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()

    result = run("convert", model, out)

    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == (
        f"error: {out} is there already. Choose another folder, or replace it with --overwrite "
        "(overwrite=True).\n"
    )
    assert list(out.iterdir()) == []


def test_overwrite_replaces(model: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()

    result = run("convert", model, tmp_path / "out", "--overwrite")

    assert result.exit_code == 0


def test_a_missing_file_is_refused_without_a_traceback(tmp_path: Path) -> None:
    result = run("convert", tmp_path / "no.keras", tmp_path / "out")

    assert result.exit_code == 1
    assert result.stderr.startswith("error: ")
    assert "Traceback" not in result.output
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_is_said(model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("keras_tfjs.cli.convert", interrupt)

    result = run("convert", model, tmp_path / "out")

    assert result.exit_code == 1
    assert result.stderr == "error: Interrupted. Nothing was written.\n"


@pytest.mark.parametrize("arguments", [["convert"], ["convert", "a"], ["convert", "a", "b", "--x"]])
def test_wrong_usage_is_exit_code_2(arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


def test_the_version_is_the_distributions() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    result = run("--version")

    assert result.stdout == f"keras-tfjs, version {project['version']}\n"
    assert keras_tfjs.__version__ == project["version"]


def test_help_needs_neither_numpy_nor_h5py() -> None:
    program = (
        "import sys; from keras_tfjs.cli import main; main(['--help'], standalone_mode=False); "
        "sys.exit(bool({'numpy', 'h5py', 'keras'} & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)

    assert done.returncode == 0
