"""`fuente.toml`: where what is in a folder of data/source comes from, as data. Its keys, how it is read and written.

It is the only place with these facts. Whatever is wrong with one is said with its key, and nothing guessed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, Field

from etl.model import Confidence, Problem
from etl.pipeline import facts
from etl.pipeline.facts import STRICT, Text, matching, one_of
from etl.release.periods import EXPECTED, PATTERN

FILE = "fuente.toml"
HEADER = "# De dónde viene lo que hay en esta carpeta. Las claves se explican en data/source/LEEME.md."
NAME = "se esperaba un nombre en minúsculas, sin acentos ni espacios"

SourceName = Annotated[str, matching(r"^[a-z0-9_]+\Z", NAME)]
TotalName = Annotated[str, matching(r"^[a-z0-9_-]+\Z", NAME)]
#: A source of the same document, `dataset.fuente`, or `dataset.*` for all of another dataset.
SourceReference = Annotated[
    str, matching(r"^[a-z0-9_]+(\.([a-z0-9_]+|\*))?\Z", "se esperaba el nombre de una fuente, o dataset.fuente")
]
Sha256 = Annotated[str, matching(r"^[0-9a-f]{64}\Z", "se esperaban 64 cifras hexadecimales en minúscula")]
FileName = Annotated[str, matching(r"^[^./\\\s][^/\\\n\0]*\Z", "se esperaba el nombre de un archivo de esta carpeta")]
Level = Annotated[str, one_of(Confidence)]


class TotalFacts(BaseModel):
    """An official total, and the words it was published in."""

    model_config = STRICT
    valor: Annotated[int, Field(ge=0)]
    cita: Text


class SourceFacts(BaseModel):
    """A source: `url` is where it was published or, if it was not, who delivered it and how."""

    model_config = STRICT
    titulo: Text
    editor: Text
    url: Text
    licencia: Text
    corte: date
    corte_texto: Text | None = None
    confianza: Level
    transcrita_por: Text | None = None
    periodo: Annotated[str, matching(PATTERN, EXPECTED)] | None = None
    nota: Text | None = None
    totales: dict[TotalName, TotalFacts] = {}


class FileFacts(BaseModel):
    """A file of the folder: which input of the dataset it fills, its name, its SHA-256 and its source."""

    model_config = STRICT
    entrada: Text
    archivo: FileName
    sha256: Sha256
    fuente: SourceReference


class PreviousFacts(BaseModel):
    """A file of the folder that is no longer read, because another delivery took its place: what it was, and its cut-off."""

    model_config = STRICT
    entrada: Text
    archivo: FileName
    sha256: Sha256
    corte: date
    url: Text


class Document(BaseModel):
    """A whole `fuente.toml`. A source of another dataset is named `dataset.fuente`."""

    model_config = STRICT
    fuentes: dict[SourceName, SourceFacts] = {}
    archivos: Annotated[list[FileFacts], Field(min_length=1)]
    tablas: dict[str, Annotated[list[SourceReference], Field(min_length=1)]] = {}
    anteriores: list[PreviousFacts] = []


def read(folder: Path) -> Document | list[Problem]:
    """What the `fuente.toml` of `folder` says, or everything that is wrong with it."""
    return facts.read(folder / FILE, place_of(folder), Document)


def place_of(folder: Path) -> str:
    """How a problem names the `fuente.toml` of `folder`: with its folder, since every dataset has one."""
    return f"{folder.name}/{FILE}"


# --- Writing ----------------------------------------------------------------------------------------------------------


def as_toml(document: Document) -> str:
    """The text that `read` gives back as `document`: always the same for the same facts, so that a change shows alone."""
    return "\n".join([HEADER, *_lines(document)]) + "\n"


def _lines(document: Document) -> Iterator[str]:
    for name, source in document.fuentes.items():
        yield from _section(f"[fuentes.{name}]", source.model_dump(exclude={"totales"}, exclude_none=True))
        if source.totales:
            yield from ("", f"[fuentes.{name}.totales]")
            for total, told in source.totales.items():
                yield f"{total} = {{ valor = {written(told.valor)}, cita = {written(told.cita)} }}"
    for file in document.archivos:
        yield from _section("[[archivos]]", file.model_dump())
    if document.tablas:
        yield from _section("[tablas]", document.tablas)
    for previous in document.anteriores:
        yield from _section("[[anteriores]]", previous.model_dump())


def _section(title: str, told: Mapping[str, object]) -> Iterator[str]:
    yield from ("", title)
    for key, value in told.items():
        yield f"{key} = {written(value)}"


def written(value: object) -> str:
    """A value in TOML. The escapes of a string in JSON are those of TOML, which also wants one for DEL."""
    if isinstance(value, str):
        return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return f"[{', '.join(map(written, value))}]"
    return f"{value:_}"
