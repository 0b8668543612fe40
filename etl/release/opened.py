"""A release that is there: what it holds, as it says itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from etl.model import Field, Kind, Measured, Table
from etl.release.disk import reason
from etl.release.facts import Manifest
from etl.release.names import DATAPACKAGE, MANIFEST, DamagedError, ReleaseError
from etl.release.verified import Verified

#: The types of a Data Package that are one kind of ours; text is told apart by its constraints.
KINDS = {kind.package: kind for kind in Kind if kind.package != Kind.TEXTO.package}
#: Our own kinds, by the word that our datapackage.json says each with.
OWN_KINDS = {kind.value: kind for kind in Kind}


@dataclass(frozen=True)
class Release:
    """A published release, by its own folder (never by the `current` link, which may move while it is served)."""

    root: Path
    manifest: Manifest = field(repr=False, hash=False, compare=False)
    #: The SHA-256 of the manifest.json that `manifest` was read from; empty when it was read from no file.
    sha256: str = field(default="", repr=False, hash=False, compare=False)

    @classmethod
    def open(cls, path: Path | str, whole: bool = True) -> Release:
        """The release at `path` (a release folder or the `current` link); ReleaseError if missing or damaged.

        Not `whole`, only its manifest has to be readable: each other file is looked at when it is asked for.
        """
        root = Path(path).resolve()
        try:
            content = (root / MANIFEST).read_bytes()
            manifest: Manifest = json.loads(content)
            files = [(str(item["nombre"]), item["bytes"]) for item in manifest["archivos"]]
            _all_text(manifest)
        except FileNotFoundError:
            raise ReleaseError(f"no hay ninguna publicación en {path}: falta {MANIFEST}") from None
        except OSError as error:
            raise ReleaseError(f"no se puede leer {path}: {reason(error)}") from None
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise ReleaseError(f"la publicación de {path} está dañada: {MANIFEST} no se puede leer") from None
        for name, size in files if whole else ():
            found = root / name
            if not found.is_file() or found.stat().st_size != size:
                raise ReleaseError(f"la publicación de {path} está dañada: {name} falta o no tiene {size} bytes")
        return cls(root, manifest, hashlib.sha256(content).hexdigest())

    @property
    def id(self) -> str:
        """Its name: latest cut-off and hash of the content, as in 2026-07-12-1a2b3c4d."""
        return self.manifest["publicacion"]

    @cached_property
    def package(self) -> Mapping[str, Any]:
        """Its datapackage.json: what each file is, and each column of each table."""
        try:
            package: Mapping[str, Any] = json.loads((self.root / DATAPACKAGE).read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            raise DamagedError(self.id, DATAPACKAGE) from None
        return package

    @cached_property
    def tables(self) -> Mapping[str, Table]:
        """The tables it has, by name, as its own datapackage.json describes them: never as the code would today."""
        resources = (item for item in self.package["resources"] if "schema" in item)
        return {item["name"]: _table(item) for item in resources}

    @cached_property
    def files(self) -> Verified:
        """Whether each of its files is what was published."""
        return self._unread()

    def _unread(self) -> Verified:
        hashes = {item["nombre"]: item["sha256"] for item in self.manifest["archivos"]}
        return Verified(self.root, self.id, hashes, self.sha256)

    def path(self, file_name: str) -> Path:
        """Where the file `file_name` of this release is; ReleaseError if it has no such file, DamagedError if it is not
        what was published.
        """
        if all(item["nombre"] != file_name for item in self.manifest["archivos"]):
            raise ReleaseError(f"la publicación {self.id} no tiene el archivo {file_name}")
        if not self.files.sound(file_name):
            raise DamagedError(self.id, file_name)
        return self.root / file_name

    def table(self, table_name: str) -> Path:
        """The Parquet file of the table `table_name`; ReleaseError if it has no such table, DamagedError as in `path`."""
        return self.path(self.table_file(table_name))

    def table_file(self, table_name: str) -> str:
        """The name of the file of the table `table_name`."""
        named = (item["nombre"] for item in self.manifest["archivos"] if item.get("tabla") == table_name)
        return next(named, f"{table_name}.parquet")

    @property
    def synthetic(self) -> bool:
        """Whether its people are invented: a demonstration, which every page and file must say."""
        return bool(self.manifest.get("sintetica"))

    @property
    def invented(self) -> tuple[int, int] | None:
        """How many its invented people are, and how many of the registry they stand for; None if it does not say it."""
        people, registered = self.manifest.get("inventadas"), self.manifest.get("representan")
        return (people, registered) if people and registered else None

    def damaged_files(self) -> list[str]:
        """Names of the files that are missing or are not what was published: reads everything."""
        return list(self._unread().damaged())


def _all_text(manifest: Manifest) -> None:
    """Raises TypeError or KeyError when the name, or what tells its files apart, is not there or is not text."""
    texts: list[object] = [manifest["publicacion"]]
    for item in manifest["archivos"]:
        texts += (item["nombre"], item["sha256"])
    if not all(isinstance(text, str) for text in texts):
        raise TypeError


def _table(resource: Mapping[str, Any]) -> Table:
    """A table as a resource of datapackage.json describes it. What an older release did not write stays empty."""
    schema = resource["schema"]
    return Table(
        resource["name"],
        resource["title"],
        resource["description"],
        tuple(_field(item) for item in schema["fields"] if not item.get("de_la_fila")),
        tuple(schema["primaryKey"]),
        measures=tuple(_measured(item) for item in resource.get("mide", ())),
        crosses=tuple(tuple(cross) for cross in resource.get("cruces", ())),
        told=tuple(_field(item) for item in schema["fields"] if item.get("de_la_fila")),
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
        decimals=item.get("decimales"),
        english=(item.get("title_en", ""), item.get("description_en", "")),
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
