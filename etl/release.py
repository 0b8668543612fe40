"""A release: one flat folder of files that never changes, and the atomic rename that makes it the current one.

Killing the process at any instant leaves the old release or the new one, whole: files are written and flushed to disk
in a hidden folder, which is renamed to its final name, and only then the `current` link is replaced by one rename.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from etl.steps import Result

CURRENT = "current"
MANIFEST = "manifest.json"
DATAPACKAGE = "datapackage.json"


class ReleaseError(Exception):
    """A release that is missing, damaged or cannot be published; the message is for the reader, in Spanish."""


@dataclass(frozen=True)
class Release:
    """A published release, by its own folder (never by the `current` link, which may move while it is served)."""

    root: Path
    manifest: Mapping = field(repr=False, hash=False, compare=False)

    @classmethod
    def open(cls, path: Path | str) -> Release:
        """The release at `path` (a release folder or the `current` link); ReleaseError if missing or damaged."""
        root = Path(path).resolve()
        try:
            manifest = json.loads((root / MANIFEST).read_text(encoding="utf-8"))
            files = [(item["nombre"], item["bytes"]) for item in manifest["archivos"]]
            manifest["publicacion"]
        except FileNotFoundError:
            raise ReleaseError(f"no hay ninguna publicación en {path}: falta {MANIFEST}") from None
        except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError):
            raise ReleaseError(f"la publicación de {path} está dañada: {MANIFEST} no se puede leer") from None
        for name, size in files:
            found = root / name
            if not found.is_file() or found.stat().st_size != size:
                raise ReleaseError(f"la publicación de {path} está dañada: {name} falta o no tiene {size} bytes")
        return cls(root, manifest)

    @property
    def id(self) -> str:
        """Its name: latest cut-off and hash of the content, as in 2026-07-12-1a2b3c4d."""
        return self.manifest["publicacion"]

    def path(self, file_name: str) -> Path:
        """Where the file `file_name` of this release is; ReleaseError if it has no such file."""
        if all(item["nombre"] != file_name for item in self.manifest["archivos"]):
            raise ReleaseError(f"la publicación {self.id} no tiene el archivo {file_name}")
        return self.root / file_name

    def table(self, table_name: str) -> Path:
        """The Parquet file of the table `table_name`; ReleaseError if it has no such table."""
        return self.path(f"{table_name}.parquet")

    def damaged_files(self) -> list[str]:
        """Names of the files whose SHA-256 is not the manifest's: reads everything."""
        return [
            item["nombre"]
            for item in self.manifest["archivos"]
            if hashlib.sha256((self.root / item["nombre"]).read_bytes()).hexdigest() != item["sha256"]
        ]


def publish(result: Result, destination: Path) -> Release:
    """Write `result` as a release under `destination` and make it current; ReleaseError if another build is running."""
    from etl.packaging import release_files  # here, so that opening a release does not import the ETL

    with _only_one(destination):
        _forget_unfinished(destination)
        release_id, files = release_files(result)
        target = destination / release_id
        if target.exists():
            _repair(target, files)
        else:
            unfinished = destination / f".{release_id}.{os.getpid()}"
            unfinished.mkdir()
            for name, content in files.items():
                _write(unfinished / name, content)
            _flush(unfinished)
            os.rename(unfinished, target)
        _flush(destination)
        _make_current(target)
    return Release.open(target)


@contextmanager
def _only_one(destination: Path) -> Iterator[None]:
    """Hold the lock of `destination`; the system frees it even if the process is killed."""
    try:
        destination.mkdir(parents=True, exist_ok=True)
        lock = (destination / ".candado").open("w")
    except OSError as error:
        raise ReleaseError(f"no se puede escribir en {destination}: {error.strerror}") from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ReleaseError(f"otra construcción está publicando en {destination}: espere a que termine") from None
        yield


def _forget_unfinished(destination: Path) -> None:
    """Remove what a killed build left half done (hidden folders and links); safe only while holding the lock."""
    for path in destination.glob(".*"):
        if path.is_symlink():
            path.unlink()
        elif path.is_dir():
            shutil.rmtree(path)


def _repair(target: Path, files: Mapping[str, bytes]) -> None:
    """A release with this id exists: its content is known by its name, so any file that differs was damaged."""
    for name, content in files.items():
        path = target / name
        if not path.is_file() or path.read_bytes() != content:
            spare = target.parent / f".{name}.{os.getpid()}"
            _write(spare, content)
            os.replace(spare, path)
    _flush(target)


def _make_current(target: Path) -> None:
    link = target.parent / f".{CURRENT}.{os.getpid()}"
    link.symlink_to(target.name)
    os.replace(link, target.parent / CURRENT)
    _flush(target.parent)


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
