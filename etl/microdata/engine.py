"""The DuckDB of this process: within a memory limit, and leaving nothing on the disk that could be read.

What does not fit in memory is spilled encrypted to a private folder that is removed. No message here repeats what the
engine says: its errors quote values.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from etl.microdata.errors import MicrodataError

MEMORY = "1600MB"


@contextmanager
def private_engine(threads: int | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """An engine with nothing in it; what goes wrong in it is a MicrodataError."""
    spill = Path(tempfile.mkdtemp(prefix="padron-"))
    spill.chmod(0o700)
    engine = duckdb.connect(":memory:")
    try:
        _limit(engine, spill, threads)
        yield engine
    except duckdb.Error as error:
        raise _explained(error) from None
    finally:
        engine.close()
        shutil.rmtree(spill, ignore_errors=True)


def _explained(error: duckdb.Error) -> MicrodataError:
    """What failed, by its kind: the words of the engine may quote a record."""
    kinds = {
        duckdb.OutOfMemoryException: "no hay memoria suficiente para leer el archivo",
        duckdb.IOException: "no se puede leer el archivo, o está dañado o cortado",
        duckdb.InvalidInputException: "el archivo está dañado o mal escrito: comillas sin cerrar, o finales de línea de dos "
        "clases mezclados",
        duckdb.ConversionException: "una columna tiene valores que no son de su tipo",
    }
    for kind, message in kinds.items():
        if isinstance(error, kind):
            return MicrodataError(message)
    return MicrodataError(f"el motor no pudo leer los registros ({type(error).__name__})")


def _limit(engine: duckdb.DuckDBPyConnection, spill: Path, threads: int | None) -> None:
    for setting in (
        f"memory_limit='{MEMORY}'",
        f"temp_directory={literal(str(spill))}",
        "temp_file_encryption=true",
        # The cipher that DuckDB brings; it asks for an extension that is downloaded to call it secure. What spills is in a
        # private folder and is removed: this only makes what a killed job leaves useless to whoever finds it.
        "force_mbedtls_unsafe='true'",
        "autoinstall_known_extensions=false",
        "autoload_known_extensions=false",
        *([f"threads={threads}"] if threads else []),
    ):
        engine.execute(f"SET {setting}")


def literal(value: str) -> str:
    """A text as SQL writes it."""
    return "'" + value.replace("'", "''") + "'"
