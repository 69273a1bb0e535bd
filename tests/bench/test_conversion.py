"""What a conversion costs, beside the official converter and beside copying the file."""

import itertools
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cost import Cost, cost_of, side_by_side

pytestmark = pytest.mark.bench


def said(cost: Cost) -> str:
    return f"{cost.seconds:.2f} s, {cost.megabytes:.0f} MB"


@pytest.mark.parametrize(
    ("model", "rounds", "wanted"),
    [
        ("dense", 3, ">= 25 times faster, <= 80 MB"),
        ("resnet50", 3, ">= 15 times faster, <= 200 MB"),
    ],
)
def test_converting_beside_the_official_converter(
    model: str,
    rounds: int,
    wanted: str,
    models: Path,
    our_converter: Path,
    official_converter: Path,
    tmp_path: Path,
    add_row: Callable[..., None],
) -> None:
    number = itertools.count()
    keras_file, h5_file = models / f"{model}.keras", models / f"{model}.h5"

    costs = side_by_side(
        {
            "ours": lambda: [our_converter, "convert", keras_file, tmp_path / str(next(number))],
            "official": lambda: [
                official_converter,
                "--input_format=keras",
                h5_file,
                tmp_path / str(next(number)),
            ],
        },
        rounds,
    )

    ours, official = costs["ours"], costs["official"]
    reached = f"{official.seconds / ours.seconds:.0f} times faster, {ours.megabytes:.0f} MB"
    add_row(f"convert {model}, whole process", said(ours), said(official), reached, wanted)


def test_converting_beside_copying(
    models: Path, our_converter: Path, tmp_path: Path, add_row: Callable[..., None]
) -> None:
    number = itertools.count()
    source = models / "wide.keras"
    copy = (
        "import os, shutil, sys; shutil.copyfile(*sys.argv[1:]); "
        "f = open(sys.argv[2], 'rb'); os.fsync(f.fileno())"
    )
    idle = cost_of([our_converter, "convert", models / "dense.keras", tmp_path / "idle"])

    costs = side_by_side(
        {
            "convert": lambda: [our_converter, "convert", source, tmp_path / str(next(number))],
            "dense": lambda: [
                our_converter,
                "convert",
                models / "dense.keras",
                tmp_path / str(next(number)),
            ],
            "copy": lambda: [sys.executable, "-c", copy, source, tmp_path / str(next(number))],
            "python": lambda: [sys.executable, "-c", "import os, shutil"],
        },
        5,
    )

    after_imports = costs["convert"].seconds - costs["dense"].seconds
    copying = costs["copy"].seconds - costs["python"].seconds
    size = source.stat().st_size / 1e6
    add_row(
        f"convert after imports, {size:.0f} MB",
        f"{after_imports:.2f} s, {costs['convert'].megabytes - idle.megabytes:.0f} MB more",
        f"copy {copying:.2f} s",
        f"{after_imports / copying:.1f} times",
        "<= 3 times",
    )
