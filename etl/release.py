"""A release: one flat folder of files that never changes, and the atomic rename that makes it the current one.

Killing the process at any instant leaves the old release or the new one, whole: files are written and flushed to disk
in a hidden folder, which is renamed to its final name, and only then the `current` link is replaced by one rename.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypedDict

from etl.model import Field, Kind, Measured, Table

CURRENT = "current"
MANIFEST = "manifest.json"
DATAPACKAGE = "datapackage.json"
#: The types of a Data Package that are one kind of ours; text is told apart by its constraints.
KINDS = {kind.package: kind for kind in Kind if kind.package != Kind.TEXTO.package}
#: Our own kinds, by the word that our datapackage.json says each with.
OWN_KINDS = {kind.value: kind for kind in Kind}
UNFINISHED = re.compile(r"\..+\.\d+")
OnFile = Callable[[int], None]


class ReleaseError(Exception):
    """A release that is missing, damaged or cannot be published; the message is for the reader, in Spanish."""


class LockedError(ReleaseError):
    """Another process is publishing in the same folder."""


# --- What manifest.json says, by the names that it has in it ----------------------------------------------------------


class SourceFacts(TypedDict):
    """A source, as a reader is told about it; the cut-off is ISO, and `corte_texto` its words when it is no exact day."""

    titulo: str
    editor: str
    url: str
    licencia: str
    licencia_url: str
    corte: str
    corte_texto: str | None
    confianza: str
    nota: str | None


class FileFacts(TypedDict):
    """A file of the release; `tabla` and `filas` are those of its table, None for a file that is not one."""

    nombre: str
    dataset: str
    tabla: str | None
    titulo: str
    descripcion: str
    formato: str
    filas: int | None
    bytes: int
    sha256: str
    licencia: str
    licencia_url: str
    corte: str
    confianza: str
    fuentes: list[SourceFacts]


class RejectionFacts(TypedDict):
    """How many rows of the sources of a dataset were not loaded for one reason."""

    motivo: str
    filas: int


class LossFacts(TypedDict):
    """What protection hides of one figure in one cross of a cube, in cells and in people."""

    cruce: str
    cifra: str
    celdas: int
    celdas_ocultas: int
    personas: int
    personas_en_celdas_ocultas: int


class CorrectionFacts(TypedDict):
    """An error of a source that was corrected as data."""

    archivo: str
    que: str
    por_que: str
    reporta: str


class Losses(TypedDict, total=False):
    """What the manifest says of cubes only."""

    utilidad: list[LossFacts]


class DatasetFacts(Losses):
    """A dataset: what was read and loaded of its sources, and what was done with it."""

    nombre: str
    titulo: str
    descripcion: str
    tablas: list[str]
    filas_leidas: int
    filas_cargadas: int
    filas_rechazadas: list[RejectionFacts]
    control_de_divulgacion: str
    correcciones: list[CorrectionFacts]
    fuentes: list[SourceFacts]


class InputFacts(TypedDict):
    """A file that the release was made from."""

    dataset: str
    archivo: str
    sha256: str
    filas: int


class NoticeFacts(TypedDict):
    """A known anomaly that is published as it is, and the codes of the places that it is about."""

    dataset: str
    mensaje: str
    territorios: list[str]


class Mark(TypedDict, total=False):
    """What a release says only when its people are invented."""

    sintetica: bool


class Content(Mark):
    """What a release holds: its name is made from it."""

    version_codigo: str
    datasets: list[DatasetFacts]
    archivos: list[FileFacts]
    entradas: list[InputFacts]
    advertencias: list[NoticeFacts]


class Manifest(Content):
    """The manifest of a release: its name and what it holds."""

    publicacion: str


@dataclass(frozen=True)
class Release:
    """A published release, by its own folder (never by the `current` link, which may move while it is served)."""

    root: Path
    manifest: Manifest = field(repr=False, hash=False, compare=False)

    @classmethod
    def open(cls, path: Path | str) -> Release:
        """The release at `path` (a release folder or the `current` link); ReleaseError if missing or damaged."""
        root = Path(path).resolve()
        try:
            manifest: Manifest = json.loads((root / MANIFEST).read_text(encoding="utf-8"))
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

    @cached_property
    def package(self) -> Mapping[str, Any]:
        """Its datapackage.json: what each file is, and each column of each table."""
        package: Mapping[str, Any] = json.loads((self.root / DATAPACKAGE).read_text(encoding="utf-8"))
        return package

    @cached_property
    def tables(self) -> Mapping[str, Table]:
        """The tables it has, by name, as its own datapackage.json describes them: never as the code would today."""
        resources = (item for item in self.package["resources"] if item["type"] == "table")
        return {item["name"]: _table(item) for item in resources}

    def path(self, file_name: str) -> Path:
        """Where the file `file_name` of this release is; ReleaseError if it has no such file."""
        if all(item["nombre"] != file_name for item in self.manifest["archivos"]):
            raise ReleaseError(f"la publicación {self.id} no tiene el archivo {file_name}")
        return self.root / file_name

    def table(self, table_name: str) -> Path:
        """The Parquet file of the table `table_name`; ReleaseError if it has no such table."""
        for item in self.manifest["archivos"]:
            if item.get("tabla") == table_name:
                return self.root / item["nombre"]
        return self.path(f"{table_name}.parquet")

    @property
    def synthetic(self) -> bool:
        """Whether its people are invented: a demonstration, which every page and file must say."""
        return bool(self.manifest.get("sintetica"))

    def damaged_files(self) -> list[str]:
        """Names of the files whose SHA-256 is not the manifest's: reads everything."""
        return [
            item["nombre"]
            for item in self.manifest["archivos"]
            if hashlib.sha256((self.root / item["nombre"]).read_bytes()).hexdigest() != item["sha256"]
        ]


def _table(resource: Mapping[str, Any]) -> Table:
    """A table as a resource of datapackage.json describes it. What an older release did not write stays empty."""
    schema = resource["schema"]
    return Table(
        resource["name"],
        resource["title"],
        resource["description"],
        tuple(_field(item) for item in schema["fields"]),
        tuple(schema["primaryKey"]),
        measures=tuple(_measured(item) for item in resource.get("mide", ())),
        crosses=tuple(tuple(cross) for cross in resource.get("cruces", ())),
    )


def _field(item: Mapping[str, Any]) -> Field:
    limits = item.get("constraints", {})
    labels = {pair["value"]: pair["label"] for pair in item.get("categories", ())} or None
    text = Kind.CATEGORIA if labels else Kind.CODIGO if "pattern" in limits else Kind.TEXTO
    return Field(
        item["name"],
        item["title"],
        item["description"],
        OWN_KINDS[item["tipo"]] if "tipo" in item else KINDS.get(item["type"], text),
        item.get("unit"),
        labels,
        limits.get("pattern"),
        limits.get("minimum"),
        limits.get("maximum"),
        not limits.get("required", False),
    )


def _measured(item: Mapping[str, Any]) -> Measured:
    return Measured(
        item["name"],
        tuple(item.get("columns", ())),
        tuple(item.get("groups", ())),
        tuple((name, value) for name, value in item.get("where", ())),
        item.get("level"),
        item.get("status"),
    )


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
    unfinished.mkdir()
    for name, content in files.items():
        _write(unfinished / name, content)
        on_file(len(content))
    _flush(unfinished)
    os.rename(unfinished, target)
    _flush(target.parent)


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
        raise ReleaseError(f"no se puede escribir en {destination}: {error.strerror}") from None


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
            spare = target.parent / f".{name}.{os.getpid()}"
            _write(spare, content)
            os.replace(spare, path)
        on_file(len(content))
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
