"""The files that a source is: one, or a folder of them as Spark and Hive write it, with the columns that each brings."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from types import MappingProxyType
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.parquet as pq

from etl.microdata import sheets
from etl.microdata.errors import MicrodataError
from etl.microdata.layout import Layout
from etl.microdata.opened import check_columns
from etl.microdata.streams import TEXT_SUFFIXES, Stream, stream_of
from etl.release import reason

PARQUET_SUFFIXES = (".parquet", ".pq")
COMPRESSED = (".gz", ".zip")
DELIMITERS = (",", ";", "\t", "|", "^", "~")
HEADER_BYTES = 1 << 20
#: The value of a partition column that is empty, as Hive writes it.
NO_VALUE = "__HIVE_DEFAULT_PARTITION__"
#: Folders that a program keeps beside the data of a table whose files are not all of its current content.
TABLES = {"_delta_log": "Delta Lake", "metadata": "Iceberg", ".hoodie": "Hudi"}
HOW = "léala con su programa y expórtela a una carpeta nueva en Parquet o CSV"
#: Other forms that people have, and what to do with them.
ELSEWHERE = {
    ".xls": "ábralo en Excel o LibreOffice y guárdelo como .xlsx",
    ".xlsb": "ábralo en Excel y guárdelo como .xlsx",
    ".ods": "ábralo en LibreOffice y guárdelo como .xlsx o .csv",
    ".dbf": "ábralo en LibreOffice y guárdelo como .csv",
    ".mdb": "exporte la tabla desde Access como .csv",
    ".accdb": "exporte la tabla desde Access como .csv",
    ".sav": "guárdelo desde SPSS como .csv",
    ".dta": "guárdelo desde Stata como .csv",
    ".orc": HOW,
    ".avro": HOW,
    ".7z": "extráigalo y dé el archivo",
    ".rar": "extráigalo y dé el archivo",
    ".bz2": "extráigalo y dé el archivo",
    ".xz": "extráigalo y dé el archivo",
    ".zst": "extráigalo y dé el archivo",
    ".tar": "extráigalo y dé la carpeta",
    ".tgz": "extráigalo y dé la carpeta",
}
KNOWN = "CSV, texto de ancho fijo, Parquet ni Excel (.csv, .tsv, .txt, .dat, .parquet, .xlsx; también .gz y .zip)"


class Form(Enum):
    """How the records of a file are written."""

    TEXT = "texto"
    PARQUET = "Parquet"
    SHEET = "Excel"


@dataclass(frozen=True)
class Part:
    """One file of the source: what it is called in a message, its form and its columns.

    `header` has the columns by position (none in a text of fixed width); `constants`, the value of the columns that the
    names of its folders give; `stream` is how a text is read; `sheet`, the records of a sheet.
    """

    path: Path
    name: str
    form: Form
    header: tuple[str, ...] = ()
    delimiter: str = ","
    constants: Mapping[str, str | None] = field(default_factory=lambda: MappingProxyType({}))
    stream: Stream | None = None
    sheet: sheets.Sheet | None = None


def parts_of(path: Path, layout: Layout, needed: Sequence[str]) -> tuple[list[Part], list[str]]:
    """Every file of the source at `path`, with the columns `needed`, and what was left out, in words.

    MicrodataError when there is nothing, something is not known what to do with, or a file lacks a column.
    """
    if not path.exists():
        raise MicrodataError(f"no existe {path.name or path}")
    files = _inside(path) if path.is_dir() else [path]
    parts: list[Part] = []
    notices: list[str] = []
    for file in files:
        inside = file.relative_to(path) if path.is_dir() else Path(file.name)
        made, left = _parts(file, inside, layout, needed)
        parts += made
        notices += left
    if len(forms := {part.form for part in parts}) > 1:
        words = " y ".join(sorted("CSV" if form is Form.TEXT else form.value for form in forms))
        raise MicrodataError(f"la carpeta {path.name} mezcla {words}: sepárelos")
    return parts, notices


def _inside(folder: Path) -> list[Path]:
    """The files of data of a folder, at any depth; those that begin with `_` or `.` are notes of whoever wrote them."""
    for name, kind in TABLES.items():
        if (folder / name).is_dir():
            raise MicrodataError(f"la carpeta {folder.name} es una tabla de {kind}: {HOW}")
    found, plain, other = [], [], 0
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder).parts
        if inside[0] == "_temporary":
            raise MicrodataError(f"la carpeta {folder.name} no se terminó de escribir (tiene _temporary)")
        if any(name.startswith((".", "_")) for name in inside):
            continue
        if path.is_dir():
            plain += [] if "=" in path.name else [path.name]
        elif path.stat().st_size or path.suffix.lower() not in TEXT_SUFFIXES:
            found.append(path)
            other += _form(path) is None
        else:
            other += 0  # Spark leaves empty parts, without even a header
    if plain:
        raise MicrodataError(
            f"la carpeta {folder.name} tiene carpetas dentro que no son particiones (columna=valor): cuente cada una aparte"
        )
    if not found:
        raise MicrodataError(f"la carpeta {folder.name} no tiene archivos con registros")
    if other:
        raise MicrodataError(f"la carpeta {folder.name} tiene archivos que no son {KNOWN} ({other})")
    return found


def _form(path: Path) -> Form | None:
    """What a file is, by its name; without an extension, as Hive writes it, by its first bytes."""
    suffix = path.suffix.lower()
    if suffix in PARQUET_SUFFIXES:
        return Form.PARQUET
    if suffix in sheets.SUFFIXES:
        return Form.SHEET
    if suffix in (*TEXT_SUFFIXES, *COMPRESSED):
        return Form.TEXT
    if suffix:
        return None
    with path.open("rb") as file:
        return Form.PARQUET if file.read(4) == b"PAR1" else Form.TEXT


def _parts(path: Path, inside: Path, layout: Layout, needed: Sequence[str]) -> tuple[list[Part], list[str]]:
    if not path.is_file():
        raise MicrodataError(f"{path.name} no es un archivo")
    form = _form(path)
    if form is None:
        how = ELSEWHERE.get(path.suffix.lower())
        raise MicrodataError(f"{path.name} no se lee así: {how}" if how else f"{path.name} no es {KNOWN}")
    name, constants = inside.as_posix(), _constants(inside, needed)
    own = [column for column in needed if column not in constants]
    notices: list[str] = []
    try:
        if form is Form.PARQUET:
            header = tuple(pq.read_schema(path).names)
            own += [column for column in constants if column in header]
            parts = [Part(path, name, form, header)]
        elif form is Form.SHEET:
            parts, notices = _sheets(path, name, layout, own)
        else:
            parts = [_text(path, name, layout, own)]
    except pa.ArrowException:
        raise MicrodataError(f"{path.name} no es Parquet o está dañado: no se puede abrir") from None
    except OSError as error:
        raise MicrodataError(
            f"no se puede leer {path.name}: {reason(error) if error.errno else 'archivo dañado'}"
        ) from None
    for part in parts:
        if part.header:
            check_columns(part.header, own, name)
    missing = {key: value for key, value in constants.items() if key not in parts[0].header}
    return [Part(**{**vars(part), "constants": missing}) for part in parts], notices


def _constants(inside: Path, needed: Sequence[str]) -> dict[str, str | None]:
    """The needed columns that the names of the folders of a file give: CODDEP=1/part-0.parquet."""
    pairs = (name.partition("=") for name in inside.parts[:-1])
    values = {unquote(name): unquote(value) for name, _, value in pairs}
    return {name: None if value == NO_VALUE else value for name, value in values.items() if name in needed}


def _sheets(path: Path, name: str, layout: Layout, needed: Sequence[str]) -> tuple[list[Part], list[str]]:
    (day,) = layout.columns.get("fecha_nacimiento", (None,))
    found, others = sheets.sheets_of(path, needed, day, layout.date_format)
    notices = [f"{name}: no se lee la hoja «{other}», que no trae las columnas" for other in others]
    several = len(found) > 1
    return [
        Part(path, f"{name}, hoja {item.name}" if several else name, Form.SHEET, tuple(needed), sheet=item)
        for item in found
    ], notices


def _text(path: Path, name: str, layout: Layout, needed: Sequence[str]) -> Part:
    stream = stream_of(path)
    start = stream.start(HEADER_BYTES)
    if not start.strip():
        raise MicrodataError(f"{path.name} está vacío")
    if start.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in start:
        raise MicrodataError(f"{path.name} no es texto UTF-8 ni Windows-1252 (¿UTF-16 o un archivo binario?)")
    if layout.widths:
        return Part(path, name, Form.TEXT, stream=stream)
    try:
        line = start.decode("utf-8-sig")
    except UnicodeDecodeError:
        line = start.decode("cp1252", "replace")
    header, delimiter = max(
        ((_header(line, mark), mark) for mark in DELIMITERS), key=lambda pair: len(set(pair[0]) & set(needed))
    )
    check_columns(header, needed, name)
    return Part(path, name, Form.TEXT, header, delimiter, stream=stream)


def _header(start: str, delimiter: str) -> tuple[str, ...]:
    try:
        row = next(csv.reader(start.splitlines(keepends=True), delimiter=delimiter), [])
    except csv.Error:
        return ()
    return tuple(name.strip() for name in row)
