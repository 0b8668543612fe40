"""How a release gets to the disk and becomes the current one.

Killing the process at any instant leaves the old release or the new one, whole: files are written and flushed to disk
in a hidden folder, which is renamed to its final name, and only then the `current` link is replaced by one rename.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from etl.release.disk import flush, reason, replace_file, write_file
from etl.release.names import CURRENT, MANIFEST, LockedError, ReleaseError
from etl.release.opened import Release

UNFINISHED = re.compile(r"\..+\.\d+")
OnFile = Callable[[int], None]


def publish(release_id: str, files: Mapping[str, bytes], destination: Path) -> Release:
    """Write `files` as the release `release_id` under `destination` and make it current.

    ReleaseError if it cannot be written, LockedError if another operation is at work there.
    """
    with only_one(destination):
        write(release_id, files, destination)
        return make_current(release_id, destination)


def write(release_id: str, files: Mapping[str, bytes], destination: Path, on_file: OnFile = lambda size: None) -> None:
    """Write the release `release_id` under `destination`, whole, without making it current; only while `only_one`.

    `on_file` is told the bytes of each file as it reaches the disk. ReleaseError if it cannot be written.
    """
    with _writing(destination):
        _forget_unfinished(destination)
        _place(destination / release_id, files, on_file)


def make_current(release_id: str, destination: Path) -> Release:
    """Make a release already under `destination` the current one, by one rename; only while `only_one`.

    ReleaseError if it is missing or damaged (the current one stays), or if it cannot be written.
    """
    release = Release.open(destination / release_id)
    with _writing(destination):
        _make_current(release.root)
    return release


def releases(destination: Path) -> list[str]:
    """The ids of the releases kept under `destination`, in alphabetical order."""
    if not destination.is_dir():
        return []
    names = [path.parent.name for path in destination.glob(f"*/{MANIFEST}")]
    return sorted(name for name in names if name != CURRENT and not name.startswith("."))


def _place(target: Path, files: Mapping[str, bytes], on_file: OnFile) -> None:
    """`target` with exactly `files`, by one rename of a folder already on disk."""
    if target.exists():
        _repair(target, files, on_file)
        return
    unfinished = target.parent / f".{target.name}.{os.getpid()}"
    try:
        unfinished.mkdir()
        for name, content in files.items():
            write_file(unfinished / name, content)
            on_file(len(content))
        flush(unfinished)
        os.rename(unfinished, target)
    except BaseException:  # a full disk or an order to stop: what is half done would only take room
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    flush(target.parent)


@contextmanager
def only_one(destination: Path) -> Iterator[None]:
    """Hold the lock of `destination`: LockedError if another process has it, ReleaseError if it cannot be written.

    The system frees it even if the process is killed.
    """
    with _writing(destination):
        destination.mkdir(parents=True, exist_ok=True)
        lock = (destination / ".candado").open("w")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LockedError(f"otra construcción está publicando en {destination}: espere a que termine") from None
        yield


@contextmanager
def _writing(destination: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ReleaseError(f"no se puede escribir en {destination}: {reason(error)}") from None


def _forget_unfinished(destination: Path) -> None:
    """Remove what a killed build left half done (hidden, ending in its process id); only while holding the lock."""
    for path in destination.iterdir():
        if UNFINISHED.fullmatch(path.name):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()


def _repair(target: Path, files: Mapping[str, bytes], on_file: OnFile) -> None:
    """A release with this id exists: its content is known by its name, so any file that differs was damaged."""
    for name, content in files.items():
        path = target / name
        if not path.is_file() or path.read_bytes() != content:
            replace_file(path, content, target.parent / f".{name}.{os.getpid()}")
        on_file(len(content))
    flush(target)


def _make_current(target: Path) -> None:
    link = target.parent / f".{CURRENT}.{os.getpid()}"
    link.symlink_to(target.name)
    os.replace(link, target.parent / CURRENT)
    flush(target.parent)
