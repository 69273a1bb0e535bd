"""The demo command, run as a user runs it: training, export, proof, table."""

import json
import math
import os
import subprocess
import sys
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from keras_bias_demo.train import BACKENDS, CELSIUS, TARGETS, NoBackendError, chosen_backend

COMMAND = [sys.executable, "-c", "from keras_bias.cli import main; main()", "demo"]


@dataclass(frozen=True)
class Run:
    """What one run of the command left."""

    models: dict[str, dict[str, Any]]
    stdout: str
    stderr: str
    out: Path


def demo(*arguments: object, cwd: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("demo")
    done = demo("--no-serve", "--json", "table.json", cwd=folder, KERAS_BACKEND="jax")
    assert done.returncode == 0, done.stderr
    models = json.loads((folder / "table.json").read_text())["models"]
    by_name = {model["name"]: model for model in models}
    return Run(by_name, done.stdout, done.stderr, folder / "demo-models")


def test_five_variants_in_the_order_of_the_question(run: Run) -> None:
    assert list(run.models) == ["vector", "scalar", "none", "fixed", "relu"]


@pytest.mark.parametrize(
    ("name", "parameters", "biases", "trained"),
    [
        ("vector", 22, 7, 7),
        ("scalar", 17, 2, 2),
        ("none", 15, 0, 0),
        ("fixed", 22, 7, 0),
        ("relu", 22, 7, 7),
    ],
)
def test_the_table_counts_biases(
    run: Run, name: str, parameters: int, biases: int, trained: int
) -> None:
    model = run.models[name]

    assert model["parameters"] == parameters
    assert model["bias_parameters"] == biases
    assert model["trained_bias_parameters"] == trained


def test_without_biases_the_error_is_the_best_that_lines_through_the_origin_can_do(
    run: Run,
) -> None:
    slopes = (CELSIUS * TARGETS).sum(axis=0) / (CELSIUS**2).sum()
    best = math.sqrt(np.mean((CELSIUS * slopes - TARGETS) ** 2))

    # 1e-4: Adam stops a hair above the minimum.
    assert run.models["none"]["error"] == pytest.approx(best, rel=1e-4)
    assert best == pytest.approx(math.sqrt((32**2 + 273.15**2) / 2), rel=1e-4)


@pytest.mark.parametrize("name", ["vector", "scalar", "fixed", "relu"])
def test_every_kind_of_bias_learns_the_answer(run: Run, name: str) -> None:
    # Also one number a layer, and numbers that are fixed: without relu the two layers are one
    # line for each output, whose offset the kernels can make of any bias but 0.
    assert run.models[name]["error"] < 0.1


@pytest.mark.parametrize("name", ["vector", "scalar", "none", "fixed", "relu"])
def test_tfjs_computes_what_keras_trained(run: Run, name: str) -> None:
    # The outputs reach 473 degrees, and float32 gives them to 1e-5 of that.
    assert run.models[name]["difference"] <= 1e-5 * 473.15
    assert run.models[name]["agrees"] is True


@pytest.mark.parametrize("name", ["vector", "scalar", "none", "fixed", "relu"])
def test_each_model_is_a_folder_that_tfjs_loads(run: Run, name: str) -> None:
    assert run.models[name]["path"] == f"models/{name}/model.json"
    assert json.loads((run.out / name / "model.json").read_text())["format"] == "layers-model"


def test_the_table_is_printed_with_its_columns_aligned(run: Run) -> None:
    lines = run.stdout.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("variant"))
    table = lines[start : start + 7]

    assert [line.split()[0] for line in table[2:]] == list(run.models)
    assert len({len(line) for line in table}) == 1
    assert lines[start].split("  ")[0] == "variant"


def test_the_one_who_waits_is_told_what_for(run: Run) -> None:
    said = [" ".join(line.split()[:-2]) for line in run.stderr.splitlines()]

    assert said == ["Loading Keras on jax ...", *(f"Training {name}" for name in run.models)]


def test_a_second_run_replaces_the_models_of_the_first(run: Run) -> None:
    old = (run.out / "scalar" / "model.json").stat().st_mtime_ns

    done = demo("--no-serve", cwd=run.out.parent, KERAS_BACKEND="jax")

    assert done.returncode == 0, done.stderr
    assert (run.out / "scalar" / "model.json").stat().st_mtime_ns > old


def test_a_backend_that_is_not_there_is_refused_with_the_way_out(tmp_path: Path) -> None:
    done = demo("--no-serve", cwd=tmp_path, KERAS_BACKEND="theano")

    assert done.returncode == 1
    assert done.stderr.startswith("Error: KERAS_BACKEND=theano is not a backend that is installed")
    assert "Install one: pip install tensorflow or pip install jax" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "demo-models").exists()


def test_without_any_backend_the_way_out_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    monkeypatch.setattr("keras_bias_demo.train.find_spec", lambda name: None)

    with pytest.raises(NoBackendError) as raised:
        chosen_backend()

    assert str(raised.value) == (
        "Training needs a Keras backend, and none is installed: "
        "pip install tensorflow or pip install jax or pip install torch"
    )


@pytest.mark.parametrize("name", BACKENDS)
def test_the_one_backend_that_is_there_is_taken(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    monkeypatch.setattr("keras_bias_demo.train.find_spec", lambda asked: asked == name or None)

    assert chosen_backend() == name


def test_models_of_ones_own_are_served(run: Run, tmp_path: Path) -> None:
    saved = tmp_path / "my net.keras"
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    model.save(saved)
    arguments = [saved, run.out / "scalar", "--port", "0", "--no-open"]
    command = [*COMMAND, *map(str, arguments)]

    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as program:
        try:
            assert program.stdout is not None
            said = [program.stdout.readline().strip() for _ in range(3)]
            url = said[2].split()[1]
            root = url.split("#")[0]
            with urllib.request.urlopen(f"{root}models.json", timeout=60) as answer:
                listed = json.load(answer)["models"]
            with urllib.request.urlopen(f"{root}{listed[0]['path']}", timeout=60) as answer:
                shown = json.load(answer)
        finally:
            program.kill()

    assert said[:2] == ["models/my-net", "models/scalar"]
    assert url.endswith("/#v=1&view=open")
    assert [(each["title"], each["bias_parameters"]) for each in listed] == [
        ("my net", 2),
        ("scalar", 2),
    ]
    assert shown["format"] == "layers-model"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["my net.keras"]


def test_what_is_no_model_is_refused_before_anything_is_served(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    done = demo("empty", "--no-open", cwd=tmp_path)

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == (
        "Error: empty is no model: it has no model.json with weights. "
        "Give a .keras or .h5 file, or the folder of an exported model.\n"
    )
