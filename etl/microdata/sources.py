"""Where the records are: CSV, Parquet, a folder of either, or a database; opened so that only declared columns are read."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from etl.microdata.databases import opened_database
from etl.microdata.errors import MicrodataError
from etl.microdata.files import opened_files
from etl.microdata.layout import Layout
from etl.microdata.opened import Opened


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
    needed = layout.needed(elections)
    if source.startswith("env:"):
        source = os.environ.get(source.removeprefix("env:"), "")
        if not source:
            raise MicrodataError("la variable de entorno indicada con env: no existe o está vacía")
    if "://" in source:
        with opened_database(source, needed, table_name, query) as ready:
            yield ready
        return
    if table_name or query:
        raise MicrodataError("--tabla y --consulta solo valen con la dirección de una base de datos")
    with opened_files(Path(source), needed, threads) as ready:
        yield ready
