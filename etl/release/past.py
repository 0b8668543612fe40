"""What a folder of releases already told: the kept ones that publish certain tables, and whether none is lost or changed.

What was published stays published: the manifest of each release that has such tables names all the earlier ones that have
them (`anteriores`), with the SHA-256 of their manifests, so that deleting or changing one of them does not hide it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from etl.release.facts import EarlierFacts, Manifest
from etl.release.names import MANIFEST
from etl.release.opened import Release
from etl.release.verified import Verified

RESTORE = "Lo que se publicó no se quita ni se cambia: recupere esta publicación, entera, de la copia de seguridad"


@dataclass(frozen=True)
class Kept:
    """A release that is kept: the name of its folder and what its manifest says; None when that cannot be read.

    `damage` says what of it is not what was published, in words; empty when nothing is.
    """

    root: Path
    manifest: Manifest | None = field(repr=False)
    sha256: str
    damage: str = ""

    @property
    def id(self) -> str:
        """Its name: the one it says, wherever its folder was moved."""
        return str(self.manifest["publicacion"]) if self.manifest else self.root.name

    @property
    def release(self) -> Release | None:
        """The release to read, if its manifest can be read."""
        return Release(self.root, self.manifest) if self.manifest else None

    @cached_property
    def earlier(self) -> Mapping[str, str]:
        """The earlier releases that it names, with the SHA-256 of the manifest of each; none in those of long ago."""
        named = self.manifest.get("anteriores", ()) if self.manifest else ()
        return {item["publicacion"]: item["sha256"] for item in named}

    @property
    def facts(self) -> EarlierFacts:
        """How a later release names it."""
        return {"publicacion": self.id, "sha256": self.sha256}


@dataclass
class Past:
    """The releases of real people of a folder that publish some of `tables`, by name; and the named ones that are lost."""

    tables: frozenset[str] = frozenset()
    kept: dict[str, Kept] = field(default_factory=dict)
    lost: dict[str, str] = field(default_factory=dict)  # the id of each, and who names it

    @property
    def facts(self) -> list[EarlierFacts]:
        """What a new release names."""
        return [self.kept[name].facts for name in sorted(self.kept)]

    def broken(self, but: str = "") -> list[tuple[str, str]]:
        """The releases that are lost or are not what was published, each with what is wrong and how it is repaired.

        Not the one called `but`, if it is kept: publishing it again repairs it.
        """
        lost = [(name, f"no está, y {by} la nombra entre las anteriores") for name, by in sorted(self.lost.items())]
        damaged = [(name, item.damage) for name, item in sorted(self.kept.items()) if item.damage and name != but]
        return [(name, f"{words}. {RESTORE}") for name, words in lost + damaged]

    def named_by(self, name: str) -> list[EarlierFacts]:
        """What the kept release `name` names; when its manifest cannot be trusted, what it must have named: the others
        that do not name it.
        """
        own = self.kept[name]
        if not own.damage:
            return [{"publicacion": one, "sha256": own.earlier[one]} for one in own.earlier]
        return [other.facts for _, other in sorted(self.kept.items()) if other is not own and name not in other.earlier]


def past_of(destination: Path, tables: Collection[str]) -> Past:
    """What the releases under `destination` that publish some of `tables` are, every file of those tables read.

    Those of invented people are of nobody: they are skipped.
    """
    seen = [_kept(path, tables) for path in sorted(_folders(destination))]
    every = [item for item in seen if item is not None]
    past = Past(frozenset(tables))
    for item in sorted(
        every, key=lambda one: one.root.name != one.id
    ):  # first those that are in a folder of their name
        first = past.kept.get(item.id)
        if first is None:
            past.kept[item.id] = item
        elif first.sha256 != item.sha256:
            past.kept[item.root.name] = item
    for item in (one for one in every if not one.damage):
        for name, sha256 in item.earlier.items():
            own = past.kept.get(name) or _plain(destination / name)
            if own is None:
                past.lost.setdefault(name, item.id)
            elif own.sha256 != sha256 and not own.damage:
                past.kept[name] = replace(own, damage=f"no es la que nombra {item.id}: cambió su {MANIFEST}")
    return past


def _folders(destination: Path) -> list[Path]:
    if not destination.is_dir():
        return []
    return [path for path in destination.iterdir() if path.is_dir() and not path.is_symlink() and path.name[:1] != "."]


def _plain(root: Path) -> Kept | None:
    """A release that seems to have none of the tables, though another one names it for them."""
    manifest, sha256 = _manifest(root)
    return Kept(root, manifest, sha256) if manifest else None


def _kept(root: Path, tables: Collection[str]) -> Kept | None:
    """The release in `root`, if its manifest or its files say that it has some of `tables`."""
    manifest, sha256 = _manifest(root)
    on_disk = [f"{name}.parquet" for name in sorted(tables) if (root / f"{name}.parquet").is_file()]
    if manifest is None:
        return Kept(root, None, sha256, f"no se puede leer su {MANIFEST}") if on_disk else None
    files = {item["nombre"]: item["sha256"] for item in manifest["archivos"] if item.get("tabla") in tables}
    if not on_disk and (manifest.get("sintetica") or not files):
        return None
    return Kept(root, manifest, sha256, _damage(root, manifest, files, on_disk))


def _damage(root: Path, manifest: Manifest, files: Mapping[str, str], on_disk: Collection[str]) -> str:
    name = str(manifest["publicacion"])
    if root.name != name:
        return f"está en la carpeta {root.name}: devuélvale su nombre"
    wrong = [*Verified(root, name, files).damaged(), *sorted(set(on_disk) - set(files))]
    return f"no es lo que se publicó: {', '.join(wrong)}" if wrong else ""


def _manifest(root: Path) -> tuple[Manifest | None, str]:
    """The manifest of a folder and its SHA-256; None when there is none that can be read."""
    try:
        content = (root / MANIFEST).read_bytes()
    except OSError:
        return None, ""
    sha256 = hashlib.sha256(content).hexdigest()
    try:
        manifest: Any = json.loads(content)
        _check(manifest)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None, sha256
    return manifest, sha256


def _check(manifest: Any) -> None:
    """Raises when what is read of a manifest here is not there, or is not what it should be."""
    named = manifest.get("anteriores", [])
    texts = [manifest["publicacion"], *(item[key] for item in named for key in ("publicacion", "sha256"))]
    texts += [item[key] for item in manifest["archivos"] for key in ("nombre", "sha256")]
    if not all(isinstance(text, str) for text in texts):
        raise TypeError
