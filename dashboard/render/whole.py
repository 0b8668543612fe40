"""A whole release in one file: a ZIP with every file of it, and its tables as a database of DuckDB or of SQLite.

They are made when somebody asks for them, in a process of their own, from files that are what was published: nothing of them
takes room in a release or time of whoever publishes it. The ZIP and SQLite are the same bytes each time. DuckDB writes names at
random into its files, so of that one only the content is always the same: its address promises no bytes.
"""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from shutil import copyfileobj
from typing import BinaryIO, cast

from dashboard.figures.whole import Described, Files, write_duckdb, write_sqlite
from dashboard.render.about import listed
from dashboard.render.dictionary import COLUMNS, DICTIONARY_FORMATS, NAME, Dictionary, entries
from dashboard.render.formats import CSV, Format
from dashboard.render.ocd import NO_TIME, ZIP
from dashboard.render.source_list import NAME as SOURCES
from dashboard.render.source_list import SOURCE_FORMATS, SourceList
from dashboard.render.tables import PublishedTable, write_csv
from etl.release import CATALOGUES, FileFacts, Release

SQLITE = Format("sqlite", "SQLite", "application/vnd.sqlite3")
DUCKDB = Format("duckdb", "DuckDB", "application/vnd.duckdb")
STEM = "padron_abierto"
#: Compressed already: pressing them again takes time and gives nothing.
PRESSED = (".parquet", ".gpkg", ".zip")
BLOCK = 1 << 20
README = """Padrón Abierto, publicación {release}
{invented}
Qué hay aquí:

  datos/         los archivos de la publicación, tal como se publicaron: {published}. Con ellos, manifest.json (qué es cada uno
                 y su SHA-256) y datapackage.json (qué es cada columna, para programas)
  csv/           cada tabla en CSV: UTF-8, comas, punto decimal, fechas AAAA-MM-DD; vacío es «sin dato publicado»
  diccionario.csv   qué es cada columna de cada tabla, en español y en inglés
  fuentes.csv    qué es cada clave de fuente de las filas

Los códigos (de municipio, de departamento…) son texto: «0101» no es 101. Al abrir un CSV en una hoja de cálculo, impórtelo
con esas columnas como texto.

Cada archivo lleva su licencia en manifest.json (licencia). La mayoría: CC BY 4.0. Para citar una tabla: el campo «cita» de su
archivo en manifest.json.

Esta publicación no cambia. En el sitio: /datos
"""
INVENTED = "\nDEMOSTRACIÓN: las personas de las tablas sintéticas son inventadas. No es una cifra real y no se cita.\n"


@dataclass(frozen=True)
class WholeFile:
    """One of those files: its `name` in the addresses of a release, its format, what it is called, what is in it and how it is
    written (a function that other processes can run). With `same_bytes`, they are those each time that it is made.
    """

    name: str
    format: Format
    title: str
    words: str
    write: Callable[[BinaryIO], None]
    same_bytes: bool = True


def whole_files(release: Release) -> tuple[WholeFile, ...]:
    """Every one that a release has."""
    found = (
        (ZIP, "Todo en un ZIP", "los archivos publicados, las tablas en CSV y el diccionario.", write_zip, True),
        (SQLITE, "Una base de SQLite", "las tablas con sus tipos; para R, Python, QGIS, DBeaver.", _sqlite, True),
        (DUCKDB, "Una base de DuckDB", "lo mismo; el contenido no cambia, sus bytes pueden cambiar.", _duckdb, False),
    )
    return tuple(
        WholeFile(f"{STEM}.{form.suffix}", form, title, words, partial(write, release.root), same)
        for form, title, words, write, same in found
    )


def write_zip(root: Path, file: BinaryIO) -> None:
    """The ZIP of the release in a folder: always the same bytes for the same files."""
    release = Release.open(root, whole=False)
    with zipfile.ZipFile(file, "w") as archive:
        _add(archive, "LEAME.txt", partial(_say, _readme(release)))
        dictionary = Dictionary(release.id, tuple(release.tables.values()))
        _add(archive, f"{NAME}.csv", partial(DICTIONARY_FORMATS[CSV.suffix].write, dictionary))
        if sources := SourceList.of(release):
            _add(archive, f"{SOURCES}.csv", partial(SOURCE_FORMATS[CSV.suffix].write, sources))
        for name in _published(release):
            _add(archive, f"datos/{name}", partial(_copy, root / name))
        for item in _figures(release):
            table = PublishedTable(root / item["nombre"], item, release.id)
            _add(archive, f"csv/{Path(item['nombre']).stem}.csv", partial(write_csv, table))


def _published(release: Release) -> Iterator[str]:
    """The names of its files: the catalogues that it has, then the others in order."""
    yield from (name for name in CATALOGUES if (release.root / name).is_file())
    yield from sorted(item["nombre"] for item in release.manifest["archivos"])


def _figures(release: Release) -> Iterator[FileFacts]:
    """The tables without shapes."""
    yield from (item for item in release.manifest["archivos"] if item["formato"] == "Parquet")


def _add(archive: zipfile.ZipFile, name: str, write: Callable[[BinaryIO], None]) -> None:
    """A file of a ZIP, with no time and no owner of its own."""
    entry = zipfile.ZipInfo(name, NO_TIME)
    entry.compress_type = zipfile.ZIP_STORED if name.endswith(PRESSED) else zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    entry.create_system = 3
    with archive.open(entry, "w", force_zip64=True) as inside:
        write(cast(BinaryIO, inside))


def _say(words: str, file: BinaryIO) -> None:
    file.write(words.encode())


def _copy(path: Path, file: BinaryIO) -> None:
    with path.open("rb") as source:
        copyfileobj(source, file, BLOCK)


def _readme(release: Release) -> str:
    kinds = sorted({item["formato"] for item in release.manifest["archivos"]})
    invented = INVENTED if release.synthetic else ""
    return README.format(release=release.id, published=", ".join(kinds), invented=invented)


def _duckdb(root: Path, file: BinaryIO) -> None:
    _database(root, file, write_duckdb)


def _sqlite(root: Path, file: BinaryIO) -> None:
    _database(root, file, write_sqlite)


def _database(root: Path, file: BinaryIO, write: Callable[[Path, Files, tuple[Described, ...]], None]) -> None:
    """The tables of the release in a folder as `write` makes a database of them."""
    release = Release.open(root, whole=False)
    files = {item["tabla"]: root / item["nombre"] for item in release.manifest["archivos"] if item["tabla"]}
    tables = {name: (release.tables[name], path) for name, path in files.items() if name in release.tables}
    with tempfile.TemporaryDirectory(prefix="base-") as folder:
        path = Path(folder) / STEM
        write(path, tables, _described(release))
        _copy(path, file)


def _described(release: Release) -> tuple[Described, ...]:
    """What says, inside a database, what its tables are."""
    manifest = release.manifest
    facts = (
        "tabla",
        "titulo",
        "descripcion",
        "dataset",
        "filas",
        "nombre",
        "sha256",
        "licencia",
        "corte",
        "confianza",
        "cita",
    )
    tables = tuple(
        tuple(item.get(name) for name in facts) for item in manifest["archivos"] if item["tabla"] in release.tables
    )
    columns = tuple(tuple(entry.values()) for entry in entries(tuple(release.tables.values())))
    names, *rows = listed(tuple({json.dumps(one): one for one in _sources(release)}.values()))
    told = (
        ("publicacion", release.id),
        ("manifest_sha256", release.sha256),
        ("sintetica", str(release.synthetic).lower()),
    )
    return (
        Described("_publicacion", ("dato", "valor"), told),
        Described("_tablas", facts, tables),
        Described("_diccionario", tuple(COLUMNS), columns),
        Described("_fuentes", names, tuple(rows)),
    )


def _sources(release: Release) -> Iterator[dict[str, object]]:
    for item in release.manifest["archivos"]:
        yield from (dict(source) for source in item["fuentes"])
