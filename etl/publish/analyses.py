"""Lists the analyses that others published, from a folder with a .toml for each and the files that they name."""

from __future__ import annotations

import hashlib
import json
import os
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from etl.country import COUNTRY
from etl.release import NAME
from etl.release.analyses import ANALYSES, FILE_NAME, FILE_TYPES, LIST, Analysis
from etl.release.disk import replace_file

NEEDED = ("titulo", "organizacion", "fecha", "publicacion")
ALSO = ("resumen", "autores", "archivo", "enlace")
SPARE = ".{}-{}.nuevo"
#: Letters of a text, and bytes of a file.
LONGEST, LARGEST = {"titulo": 200, "organizacion": 200, "resumen": 1_000}, 50_000_000


@dataclass
class Problems:
    """What is wrong with what was read, each with the file that it is in."""

    found: list[str] = field(default_factory=list)

    def say(self, path: Path, text: str) -> None:
        """Note something that is wrong."""
        self.found.append(f"{path.name}: {text}")


def read(source: Path, releases: Collection[str], problems: Problems) -> list[Analysis]:
    """The analyses that `source` declares, the newest first. `releases` are those that were ever published.

    What is wrong goes to `problems`, all of it; OSError if the disk fails.
    """
    found: list[Analysis] = []
    for path in sorted(source.glob("*.toml")):
        item = _one(path, releases, problems)
        if item is not None:
            found.append(item)
    named = [item["archivo"] for item in found if "archivo" in item]
    for name in sorted({name for name in named if named.count(name) > 1}):
        problems.found.append(f"{name}: lo nombran dos análisis")
    return sorted(found, key=lambda item: (item["fecha"], item["titulo"]), reverse=True)


def publish(found: Iterable[Analysis], source: Path, destination: Path) -> None:
    """Put the files of some analyses and their list beside the releases of `destination`; the files that no analysis names
    any more go last. Only while holding `etl.release.only_one`. OSError.
    """
    folder = destination / ANALYSES
    folder.mkdir(parents=True, exist_ok=True)
    kept = {LIST}
    listed = [item.copy() for item in found]
    for item in listed:
        if name := item.get("archivo"):
            content = (source / name).read_bytes()
            stem, _, suffix = name.rpartition(".")
            digest = hashlib.sha256(content).hexdigest()
            # With its content in its name, no reader finds a file that is not the one that the list says.
            item["archivo"], item["sha256"], item["bytes"] = f"{stem}_{digest[:8]}.{suffix}", digest, len(content)
            replace_file(folder / item["archivo"], content, folder / SPARE.format(name, os.getpid()))
            kept.add(item["archivo"])
    content = (json.dumps({"analisis": listed}, ensure_ascii=False, indent=1) + "\n").encode()
    replace_file(folder / LIST, content, folder / SPARE.format(LIST, os.getpid()))
    for path in folder.iterdir():
        if path.name not in kept:
            path.unlink(missing_ok=True)


# --- One analysis ---------------------------------------------------------------------------------------------------------


def _one(path: Path, releases: Collection[str], problems: Problems) -> Analysis | None:
    """What a .toml declares; None if anything in it is wrong."""
    before = len(problems.found)
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problems.say(path, f"no se puede leer: {error}")
        return None
    for name in sorted(set(told) - {*NEEDED, *ALSO}):
        problems.say(path, f"no se conoce «{name}»; se puede decir {', '.join((*NEEDED, *ALSO))}")
    for name in NEEDED:
        if name not in told:
            problems.say(path, f"falta «{name}»")
    _texts(path, told, problems)
    _day(path, told.get("fecha"), problems)
    _release(path, told.get("publicacion"), releases, problems)
    _where(path, told, problems)
    if len(problems.found) > before:
        return None
    item: Any = {name: told[name] for name in (*NEEDED, *ALSO) if name in told}
    item["fecha"] = told["fecha"].isoformat()
    found: Analysis = item
    return found


def _texts(path: Path, told: Mapping[str, Any], problems: Problems) -> None:
    for name, longest in LONGEST.items():
        text = told.get(name, "-")
        if not isinstance(text, str) or not text.strip() or not text.isprintable():
            problems.say(path, f"«{name}» es un texto de una línea, entre comillas")
        elif len(text) > longest:
            problems.say(path, f"«{name}» tiene {len(text)} letras y caben {longest}")
    authors = told.get("autores", [])
    if not isinstance(authors, list) or not all(isinstance(one, str) and one.isprintable() and one for one in authors):
        problems.say(path, '«autores» es una lista de nombres: ["Nombre Apellido"]')


def _day(path: Path, day: Any, problems: Problems) -> None:
    if day is None:
        return
    if type(day) is not date:
        problems.say(path, "«fecha» es un día, AAAA-MM-DD, sin comillas")
    elif day > COUNTRY.today():
        problems.say(path, f"«fecha» es un día que no ha llegado: {day}")


def _release(path: Path, name: Any, releases: Collection[str], problems: Problems) -> None:
    if name is None:
        return
    if not isinstance(name, str) or not NAME.fullmatch(name):
        problems.say(path, "«publicacion» es el nombre de la publicación que cita: 2026-07-12-1a2b3c4d")
    elif name not in releases:
        problems.say(path, f"no ha habido ninguna publicación {name}: «python -m etl history» dice cuáles ha habido")


def _where(path: Path, told: Mapping[str, Any], problems: Problems) -> None:
    """What is wrong with the file or the link."""
    if "archivo" not in told and "enlace" not in told:
        problems.say(path, "falta «archivo» o «enlace»: dónde se lee")
    if "enlace" in told and not _is_link(told["enlace"]):
        problems.say(path, "«enlace» es una dirección completa, que empieza por https://")
    name = told.get("archivo")
    if name is None:
        return
    if not isinstance(name, str) or not FILE_NAME.fullmatch(name):
        kinds = ", ".join(FILE_TYPES)
        problems.say(path, f"«archivo» se escribe con minúsculas, números y guiones, y termina en uno de: {kinds}")
        return
    file = path.parent / name
    if file.is_symlink() or not file.is_file():
        problems.say(path, f"no está el archivo {name} en la misma carpeta")
    elif not file.stat().st_size or file.stat().st_size > LARGEST:
        problems.say(path, f"{name} está vacío o pasa de {LARGEST // 1_000_000} MB")


def _is_link(address: Any) -> bool:
    if not isinstance(address, str) or not address.isprintable() or " " in address:
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("https", "http") and "." in parts.netloc and "@" not in parts.netloc
