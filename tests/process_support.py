"""The command line as real processes that start quickly: forked from one that has loaded the libraries and nothing of ours.

Loading pandas, DuckDB and the rest is most of the time of a small command. What a process of these runs is the project
in its own working folder (a copy, perhaps with other datasets), with an environment, an input and an output of its own.
Where the start itself is the promise (the hash seed, the language of the machine), use `subprocess` instead.
"""

from __future__ import annotations

import multiprocessing
import os
import runpy
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from multiprocessing.context import ForkServerProcess
from pathlib import Path

#: What the commands load that is not ours, and pytest, which every new process is told that its parent is.
LIBRARIES = (
    "alembic.command", "babel.numbers", "duckdb", "geopandas", "highspy", "openpyxl", "pandas", "pandera.pandas",
    "pandera.backends.pandas.builtin_checks", "psycopg", "pyarrow.parquet", "pytest", "rich.progress", "rich.table",
    "shapely", "sqlalchemy.dialects.postgresql", "sqlalchemy.dialects.sqlite", "topojson", "typer.rich_utils",
    "xlsxwriter", "tests.process_support",
)  # fmt: skip
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(list(LIBRARIES))


def start(
    arguments: Sequence[object],
    folder: Path,
    environment: Mapping[str, str],
    said: str = "",
    output: Path | None = None,
    module: str = "etl",
) -> ForkServerProcess:
    """Start `python -m etl …` (or another `module`) in `folder` and leave it running.

    What it prints goes to files beside `output` (`.out` and `.err`), nowhere if None.
    """
    words = [module, *(str(argument) for argument in arguments)]
    process = CONTEXT.Process(target=_run, args=(words, folder, dict(environment), said, output))
    process.start()
    return process


def finished(
    arguments: Sequence[object], folder: Path, environment: Mapping[str, str], said: str = "", module: str = "etl"
) -> subprocess.CompletedProcess[str]:
    """Run `python -m etl …` (or another `module`) in `folder` to its end, as `subprocess.run` would."""
    with tempfile.TemporaryDirectory(prefix="padron-salida-") as place:
        output = Path(place) / "salida"
        process = start(arguments, folder, environment, said, output, module)
        process.join()
        code, stdout, stderr = process.exitcode, *(_read(output.with_suffix(name)) for name in (".out", ".err"))
        process.close()
    return subprocess.CompletedProcess(list(arguments), code, stdout, stderr)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _run(words: list[str], folder: Path, environment: dict[str, str], said: str, output: Path | None) -> None:
    """In the new process: become `python -m <words>` run by hand in `folder`."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.dont_write_bytecode = False  # compiled once, not by each of many processes
    tempfile.tempdir = None  # another TMPDIR, perhaps
    with tempfile.TemporaryFile() as typed:
        typed.write(said.encode())
        typed.seek(0)
        os.dup2(typed.fileno(), 0)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 — it lives as long as the process
    for stream, suffix in ((1, ".out"), (2, ".err")):
        path = output.with_suffix(suffix) if output else Path(os.devnull)
        target = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(target, stream)
        os.close(target)
    sys.path[:] = [str(folder), *(path for path in sys.path if Path(path or ".").resolve() != _ROOT)]
    sys.argv = words
    runpy.run_module(words[0], run_name="__main__", alter_sys=True)


_ROOT = Path(__file__).resolve().parent.parent
