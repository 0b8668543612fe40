"""`fuente.toml`: where what is in a folder of data/source comes from, as data. Its keys, how it is read and written.

It is the only place with these facts. Whatever is wrong with one is said with its key, and nothing guessed.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from etl.model import Confidence, Problem

FILE = "fuente.toml"
HEADER = "# De dónde viene lo que hay en esta carpeta. Las claves se explican en data/source/LEEME.md."

NOT_BLANK = r"\S"
NAME = r"^[a-z0-9_]+$"
REFERENCE = r"^[a-z0-9_]+(\.[a-z0-9_]+)?$"
TOTAL = r"^[a-z0-9_-]+$"
HASH = r"^[0-9a-f]{64}$"
FILE_NAME = r"^[^./\\][^/\\]*$"

Text = Annotated[str, StringConstraints(pattern=NOT_BLANK)]
SourceName = Annotated[str, StringConstraints(pattern=NAME)]
SourceReference = Annotated[str, StringConstraints(pattern=REFERENCE)]
TotalName = Annotated[str, StringConstraints(pattern=TOTAL)]
STRICT = ConfigDict(extra="forbid", strict=True, frozen=True)


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
    confianza: Annotated[Confidence, Field(strict=False)]
    nota: Text | None = None
    totales: dict[TotalName, TotalFacts] = {}


class FileFacts(BaseModel):
    """A file of the folder: which input of the dataset it fills, its name, its SHA-256 and its source."""

    model_config = STRICT
    entrada: Text
    archivo: Annotated[str, StringConstraints(pattern=FILE_NAME)]
    sha256: Annotated[str, StringConstraints(pattern=HASH)]
    fuente: SourceReference


class Document(BaseModel):
    """A whole `fuente.toml`. A source of another dataset is named `dataset.fuente`."""

    model_config = STRICT
    fuentes: dict[SourceName, SourceFacts] = {}
    archivos: Annotated[list[FileFacts], Field(min_length=1)]
    tablas: dict[str, Annotated[list[SourceReference], Field(min_length=1)]] = {}


# --- Reading ----------------------------------------------------------------------------------------------------------


def read(folder: Path) -> Document | list[Problem]:
    """What the `fuente.toml` of `folder` says, or everything that is wrong with it."""
    place = place_of(folder)
    try:
        content = (folder / FILE).read_bytes()
    except FileNotFoundError:
        return [Problem(place, None, None, None, "no existe: ahí se dice de dónde viene cada archivo de la carpeta")]
    except OSError as error:
        return [Problem(place, None, None, None, f"no se puede leer el archivo: {error.strerror}")]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        return [Problem(place, row, None, None, "el archivo no está en UTF-8: guárdelo así y vuelva a intentarlo")]
    return parsed(text, place)


def place_of(folder: Path) -> str:
    """How a problem names the `fuente.toml` of `folder`: with its folder, since every dataset has one."""
    return f"{folder.name}/{FILE}"


def parsed(text: str, place: str) -> Document | list[Problem]:
    """What a `fuente.toml` says, or everything that is wrong with it; `place` names it."""
    try:
        facts = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number too long to read is a plain ValueError
        line = re.search(r"at line (\d+)", str(error))
        message = "no es TOML válido: ¿falta una comilla, un corchete o un signo =, o está repetida una clave?"
        return [Problem(place, int(line[1]) if line else None, None, None, message)]
    try:
        return Document.model_validate(facts)
    except ValidationError as error:
        return [_problem(place, item) for item in error.errors(include_url=False)]


WORDS = {
    "missing": "falta",
    "extra_forbidden": "clave desconocida",
    "string_type": "se esperaba un texto entre comillas",
    "date_type": "se esperaba una fecha AAAA-MM-DD, sin comillas",
    "int_type": "se esperaba un número entero",
    "greater_than_equal": "no puede ser negativo",
    "enum": f"valor desconocido; se esperaba uno de: {', '.join(Confidence)}",
    "list_type": "se esperaba una lista entre corchetes",
    "too_short": "no puede estar vacía",
}
PATTERN_WORDS = {
    NOT_BLANK: "no puede estar vacío",
    NAME: "se esperaba un nombre en minúsculas, sin acentos ni espacios",
    REFERENCE: "se esperaba el nombre de una fuente, o dataset.fuente",
    TOTAL: "se esperaba un nombre en minúsculas, sin acentos ni espacios",
    HASH: "se esperaban 64 cifras hexadecimales en minúscula",
    FILE_NAME: "se esperaba el nombre de un archivo de esta carpeta",
}
OTHER = "se esperaba una tabla con sus claves"


def _problem(place: str, error: ErrorDetails) -> Problem:
    kind, given = error["type"], error["input"]
    message = PATTERN_WORDS[error["ctx"]["pattern"]] if kind == "string_pattern_mismatch" else WORDS.get(kind, OTHER)
    shown = str(given) if isinstance(given, str | int | float | date) and kind != "missing" else None
    return Problem(place, None, _key(error["loc"]), shown, message)


def _key(path: tuple[str | int, ...]) -> str:
    """A key as a person finds it, the entries of a list counted from 1: `archivos[2].sha256`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part + 1}]"
        elif part != "[key]":  # what pydantic adds when the wrong thing is the key itself
            text += f".{part}" if text else part
    return text


# --- Writing ----------------------------------------------------------------------------------------------------------


def as_toml(document: Document) -> str:
    """The text that `read` gives back as `document`: always the same for the same facts, so that a change shows alone."""
    return "\n".join([HEADER, *_lines(document)]) + "\n"


def _lines(document: Document) -> Iterator[str]:
    for name, source in document.fuentes.items():
        yield from _section(f"[fuentes.{name}]", source.model_dump(exclude={"totales"}, exclude_none=True))
        if source.totales:
            yield from ("", f"[fuentes.{name}.totales]")
            for total, facts in source.totales.items():
                yield f"{total} = {{ valor = {_written(facts.valor)}, cita = {_written(facts.cita)} }}"
    for file in document.archivos:
        yield from _section("[[archivos]]", file.model_dump())
    if document.tablas:
        yield from _section("[tablas]", document.tablas)


def _section(title: str, facts: Mapping[str, object]) -> Iterator[str]:
    yield from ("", title)
    for key, value in facts.items():
        yield f"{key} = {_written(value)}"


def _written(value: object) -> str:
    """A value in TOML. The escapes of a string in JSON are those of TOML, which also wants one for DEL."""
    if isinstance(value, str):
        return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    return f"{value:_}"
