"""A wheel from the sources, in an empty environment: no backend, no Node, and the commands run."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run(*command: object, **options: object) -> str:
    done = subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        **options,  # type: ignore[call-overload]  # options are subprocess.run's own
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return str(done.stdout)


@pytest.fixture(scope="module")
def uv() -> str:
    found = shutil.which("uv") or str(ROOT / ".uv/bin/uv")
    assert Path(found).exists(), "make setup brings uv"
    return found


@pytest.fixture(scope="module")
def wheel(uv: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(uv, "build", "--wheel", "--out-dir", folder, ROOT)
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_three_packages_and_the_built_javascript(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()

    tops = {name.split("/")[0] for name in names if ".dist-info" not in name}
    assert tops == {"keras_bias", "keras_tfjs", "keras_bias_demo"}
    assert "keras_tfjs/_js/keras-tfjs.js" in names
    assert "keras_tfjs/_js/verify.mjs" in names
    assert "keras_bias_demo/_site/index.html" in names
    assert "keras_bias_demo/_site/question.html" in names
    assert {f"{top}/py.typed" for top in tops} <= set(names)


def test_the_commands_run_without_backend_and_without_node(
    uv: str, wheel: Path, dense_model: Path, tmp_path: Path
) -> None:
    python = tmp_path / "env" / "bin" / "python"
    run(uv, "venv", "--python", sys.executable, tmp_path / "env")
    run(uv, "pip", "install", "--python", python, "-c", ROOT / "constraints.txt", wheel)
    bare = {"PATH": str(python.parent), "HOME": os.environ.get("HOME", "")}

    converted = run(
        python.parent / "keras-tfjs", "convert", dense_model, tmp_path / "out", env=bare
    )
    helped = run(python.parent / "keras-bias", "demo", "--help", env=bare)

    assert (tmp_path / "out" / "model.json").is_file()
    assert "model.json" in converted
    assert "--no-serve" in helped
    packages = run(uv, "pip", "list", "--python", python)
    assert not {"tensorflow", "jax", "torch"} & {line.split()[0] for line in packages.splitlines()}
