"""Where the records are: files, a folder of them, a database or a Spark; opened so that only declared columns are read."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from etl.microdata.databases import Database, opened_database
from etl.microdata.errors import MicrodataError
from etl.microdata.files import opened_files
from etl.microdata.grouped import GroupingDatabase
from etl.microdata.layout import Layout
from etl.microdata.opened import Opened
from etl.microdata.spark import opened_spark
from etl.microdata.spark_session import is_spark

#: Engines that add up every cube by themselves; the others make the groups, and the cubes are added up here.
WITHOUT_GROUPING_SETS = ("mysql", "mariadb", "sqlite", "oracle", "mssql")


def _kind(engine: str) -> type[Database]:
    return GroupingDatabase if engine in WITHOUT_GROUPING_SETS else Database


def _is_sqlite(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(16) == b"SQLite format 3\0"


@contextmanager
def opened(
    source: str,
    layout: Layout,
    elections: Sequence[str] = (),
    table_name: str | None = None,
    query: str | None = None,
    threads: int | None = None,
) -> Iterator[Opened]:
    """The source with the columns of `layout` and the vote of `elections`; MicrodataError if it cannot be opened or lacks one."""
    if source.startswith("env:"):
        source = os.environ.get(source.removeprefix("env:"), "")
        if not source:
            raise MicrodataError("la variable de entorno indicada con env: no existe o está vacía")
    if is_spark(source):
        with opened_spark(source, layout.needed(elections), table_name, query) as ready:
            yield ready
        return
    if "://" not in source and _is_sqlite(Path(source)):
        source = f"sqlite:///{source}"
    if "://" in source:
        with opened_database(source, layout.needed(elections), table_name, query, _kind) as ready:
            yield ready
        return
    if table_name or query:
        raise MicrodataError("--tabla y --consulta solo valen con la dirección de una base de datos o de Spark")
    with opened_files(Path(source), layout, elections, threads) as ready:
        yield ready
