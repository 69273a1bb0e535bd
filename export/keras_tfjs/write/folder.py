"""A folder that is there whole or not at all.

Everything is written into a new folder beside the wanted one, brought to the disk, and then
renamed. Whatever fails on the way takes that folder with it. Where an older folder is to be
replaced, it stays whole until the new one is: the two are swapped by renames.
"""

import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from keras_tfjs.errors import OutputError, OutputExistsError

OURS = re.compile(r"model\.json|keras-tfjs\.js|group\d+-shard\d+of\d+\.bin")
"""What a conversion writes: a folder that holds anything else is never replaced."""

PARTIAL = ".partial"
REPLACED = ".replaced"


@contextmanager
def new_folder(
    out_dir: Path,
    *,
    overwrite: bool,
    ours: re.Pattern[str] = OURS,
    writer: str = "conversion",
) -> Iterator[Path]:
    """An empty folder to write into, that becomes `out_dir` if the block ends without an error.

    Args:
        out_dir: the wanted folder. A symbolic link to a folder stands for that folder.
        overwrite: whether it may be there already.
        ours: names of what is written, which may be lost when it is replaced.
        writer: what writes, for who is told that something else would be lost.

    Raises:
        OutputExistsError: if it is there, and may not be.
        OutputError: if it cannot be written.
    """
    target = _checked(out_dir, overwrite, ours, writer)
    partial = _sibling(target, PARTIAL)
    try:
        partial.mkdir()
    except OSError as error:
        raise OutputError(f"Cannot write into {target.parent}: {_reason(error)}.") from error
    try:
        yield partial
        _flush(partial)
        _put_in_place(partial, target)
    except OSError as error:
        raise OutputError(
            f"Cannot write {out_dir}: {_reason(error)}. Nothing was written."
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _checked(out_dir: Path, overwrite: bool, ours: re.Pattern[str], writer: str) -> Path:
    target = out_dir.resolve() if out_dir.is_symlink() else Path(os.path.abspath(out_dir))
    if target.exists() and not target.is_dir():
        raise OutputExistsError(f"{out_dir} is a file. Choose a folder to write into.")
    if target.exists() and not overwrite:
        raise OutputExistsError(
            f"{out_dir} is there already. Choose another folder, or replace it with --overwrite "
            "(overwrite=True)."
        )
    if (strange := _strange(target, ours)) is not None:
        raise OutputExistsError(
            f"{out_dir} holds {strange!r}, which no {writer} wrote and which would be lost. "
            "Choose another folder, or move it away."
        )
    if not target.parent.is_dir():
        raise OutputError(
            f"{target.parent} is not a folder, so {target.name} cannot be made in it. "
            "Make it first, or choose another place."
        )
    if target.exists() and (target == Path.cwd() or target in Path.cwd().parents):
        raise OutputError(
            f"{out_dir} is or holds the folder that you work in, and cannot be replaced. "
            "Choose a folder inside of it."
        )
    return target


def _strange(target: Path, ours: re.Pattern[str]) -> str | None:
    """A name in the folder that is not ours, if there is one."""
    if not target.is_dir():
        return None
    names = sorted(path.name for path in target.iterdir())
    return next((name for name in names if not ours.fullmatch(name)), None)


def _sibling(target: Path, suffix: str) -> Path:
    return target.with_name(f".{target.name}.{secrets.token_hex(8)}{suffix}")


def _flush(folder: Path) -> None:
    for path in folder.rglob("*"):
        _fsync(path)
    _fsync(folder)


def _put_in_place(partial: Path, target: Path) -> None:
    if not target.exists():
        os.rename(partial, target)
    else:
        replaced = _sibling(target, REPLACED)
        os.rename(target, replaced)
        try:
            os.rename(partial, target)
        except BaseException:
            os.rename(replaced, target)
            raise
        shutil.rmtree(replaced, ignore_errors=True)
    _fsync(target.parent)


def _fsync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _reason(error: OSError) -> str:
    return error.strerror or str(error)
