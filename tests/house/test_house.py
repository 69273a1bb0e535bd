"""The house rules that no linter knows."""

import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXTS = (".py", ".ts", ".tsx", ".js", ".mjs", ".css", ".html", ".md", ".toml", ".json", ".yml", "")


def tracked(*patterns: str) -> list[Path]:
    """The files that git knows or would take, in order."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in sorted(listed.stdout.split("\n")) if name]


def test_export_is_a_folder_and_no_package() -> None:
    assert not (ROOT / "export" / "__init__.py").exists()


@pytest.mark.parametrize("room", ["keras_bias", "export", "web_demo"])
def test_no_source_file_is_longer_than_one_thing_needs(room: str) -> None:
    sources = [p for p in tracked(room) if p.suffix in {".py", ".ts", ".tsx", ".css"}]

    long = {p.name: n for p in sources if (n := len(p.read_text().splitlines())) > 400}

    assert long == {}


def test_every_python_module_says_its_job() -> None:
    modules = [p for p in tracked("*.py") if p.read_text().strip()]

    silent = [str(p) for p in modules if not re.match(r'(#!.*\n)?r?"""[A-Z`]', p.read_text())]

    assert silent == []


def test_no_file_names_a_registry_host_or_a_machine() -> None:
    # Put together here, so that this file does not name them either.
    hosts = ["files.python" + "hosted.org", "registry.npm" + "js.org", "/wo" + "rk/", "/ro" + "ot/"]

    found = [
        f"{path.relative_to(ROOT)}: {host}"
        for path in tracked()
        if path.is_file() and path.suffix in TEXTS
        for host in hosts
        if host in path.read_text()
    ]

    assert found == []


def test_package_lock_names_no_addresses() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())

    addresses = [p["resolved"] for p in lock["packages"].values() if "://" in p.get("resolved", "")]

    assert addresses == []


def test_contributing_fits_on_a_screen() -> None:
    assert len((ROOT / "CONTRIBUTING.md").read_text().splitlines()) <= 45


def test_one_version_everywhere() -> None:
    pyproject = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert pyproject
    packages = [ROOT / "export/runtime/package.json", ROOT / "web_demo/package.json"]

    versions = {json.loads(path.read_text())["version"] for path in packages}

    assert versions == {pyproject[1]}
