"""Helpers of the ETL tests: real files of data/source, damaged copies of them, and the pipeline run on those."""

from __future__ import annotations

import csv
import hashlib
import io
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

from typer.testing import CliRunner, Result

from etl.__main__ import app
from etl.datasets import with_needs
from etl.model import Problem
from etl.pipeline.provenance import FILE, Document, as_toml, read
from etl.pipeline.run import Result as PipelineResult
from etl.pipeline.run import run
from tests.browser_support import ROOT

SOURCE = ROOT / "data" / "source"
#: The 104,745 actas of 2019, which would slow each case of a test about other files down.
COUNTRY_2019 = "mesas_2019_r1.parquet"
PADRON = "tse_empadronados_activos_2026-07-12.csv"
Damage = Callable[[bytes], bytes]


def source_copy(folder: Path, *datasets: str) -> Path:
    """A copy of data/source (of all of it, or only of `datasets` and what they need) in `folder`."""
    wanted = (
        [item.name for item in with_needs(datasets)]
        if datasets
        else [path.name for path in SOURCE.iterdir() if path.is_dir()]
    )
    for name in wanted:
        shutil.copytree(SOURCE / name, folder / name)
    return folder


def provenance(folder: Path) -> Document:
    """What the `fuente.toml` of `folder` says, which must be well written."""
    document = read(folder)
    assert isinstance(document, Document), document
    return document


def accept(folder: Path, file: str, content: bytes, instead_of: str = "") -> None:
    """Put `content` in `folder` as `file`, with its hash noted: a delivery that staff have accepted.

    It takes the place of the file called `instead_of`, or of the one of its own name.
    """
    (folder / file).write_bytes(content)
    new = {"archivo": file, "sha256": hashlib.sha256(content).hexdigest()}
    document = provenance(folder)
    replaced = instead_of or file
    assert replaced in [item.archivo for item in document.archivos]
    files = [item.model_copy(update=new) if item.archivo == replaced else item for item in document.archivos]
    note(folder, document.model_copy(update={"archivos": files}))


def add(folder: Path, file: str, content: bytes, like: int = 0) -> None:
    """Put `content` in `folder` as one more file, of the same input and source as the one numbered `like`."""
    (folder / file).write_bytes(content)
    document = provenance(folder)
    new = document.archivos[like].model_copy(update={"archivo": file, "sha256": hashlib.sha256(content).hexdigest()})
    note(folder, document.model_copy(update={"archivos": [*document.archivos, new]}))


def forget(folder: Path, file: str) -> None:
    """Leave `file` out of what the `fuente.toml` of `folder` lists."""
    document = provenance(folder)
    kept = [item for item in document.archivos if item.archivo != file]
    assert len(kept) < len(document.archivos)
    note(folder, document.model_copy(update={"archivos": kept}))


def note(folder: Path, document: Document) -> None:
    """Write `document` as the `fuente.toml` of `folder`."""
    (folder / FILE).write_text(as_toml(document), encoding="utf-8")


def run_damaged(folder: Path, name: str, file: str, damage: Damage) -> PipelineResult:
    """The pipeline of dataset `name`, whose `file` was damaged and its new hash noted, so that only the damage shows.

    What it needs is as it is, and is read once for all.
    """
    shutil.copytree(SOURCE / name, folder / name)
    accept(folder / name, file, damage((folder / name / file).read_bytes()))
    (dataset,) = (item for item in with_needs([name]) if item.name == name)
    return run([dataset], folder, after=needs_of(name))


@cache
def needs_of(name: str) -> PipelineResult:
    """What the pipeline makes of the datasets that the one called `name` needs, from the files of data/source."""
    return run([item for item in with_needs([name]) if item.name != name], SOURCE)


def run_on(origin: Path, *names: str) -> PipelineResult:
    """The pipeline of the datasets `names`, and of what they need, on the files of `origin`."""
    return run(with_needs(names), origin)


def places(problems: list[Problem]) -> list[tuple[int | None, str | None, str | None]]:
    """Row, column and value of each problem."""
    return [(problem.row, problem.column, problem.value) for problem in problems]


def etl(*arguments: str) -> Result:
    """The command line, in this process; an exception that is not an exit fails the test."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def tree(folder: Path) -> dict[str, str]:
    """Every path under `folder` with the hash of its content, or the target of a link; what Python compiles does not count."""
    return {
        path.relative_to(folder).as_posix(): str(path.readlink())
        if path.is_symlink()
        else hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if (path.is_symlink() or path.is_file()) and "__pycache__" not in path.parts
    }


# --- Damages ----------------------------------------------------------------------------------------------------------


def cell(row: int, column: str, value: str) -> Damage:
    """Write `value` in one cell; rows count from 1, header included, as in a spreadsheet."""
    return cells(row, {column: value})


def cells(row: int, values: dict[str, str]) -> Damage:
    """Write several cells of one row."""

    def damage(content: bytes) -> bytes:
        rows = table(content)
        for column, value in values.items():
            rows[row - 1][rows[0].index(column)] = value
        return written(rows)

    return damage


def header(column: str, name: str) -> Damage:
    """Rename a column."""
    return cell(1, column, name)


def without_column(column: str) -> Damage:
    """Remove a column."""

    def damage(content: bytes) -> bytes:
        rows = table(content)
        index = rows[0].index(column)
        return written([row[:index] + row[index + 1 :] for row in rows])

    return damage


def with_column(column: str, value: str) -> Damage:
    """Add a column with the same value in every row."""

    def damage(content: bytes) -> bytes:
        first, *rows = table(content)
        return written([[*first, column], *([*row, value] for row in rows)])

    return damage


def without_row(row: int) -> Damage:
    """Remove a row."""

    def damage(content: bytes) -> bytes:
        rows = table(content)
        del rows[row - 1]
        return written(rows)

    return damage


def repeated_row(row: int) -> Damage:
    """Repeat a row at the end."""

    def damage(content: bytes) -> bytes:
        rows = table(content)
        return written([*rows, rows[row - 1]])

    return damage


def with_row(values: dict[str, str], like: int = 2) -> Damage:
    """Add a row at the end: that of `like` with some other values."""

    def damage(content: bytes) -> bytes:
        rows = table(content)
        row = dict(zip(rows[0], rows[like - 1], strict=True)) | values
        return written([*rows, list(row.values())])

    return damage


def cut(characters: int) -> Damage:
    """Remove the end of the file, as an interrupted download does."""
    return lambda content: content[:-characters]


def encoded(encoding: str) -> Damage:
    """Save the file in another encoding."""
    return lambda content: content.decode("utf-8").encode(encoding)


def emptied(content: bytes) -> bytes:
    """Nothing left of the file."""
    return b""


def table(content: bytes) -> list[list[str]]:
    """The rows of a CSV file."""
    return list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))


def written(rows: list[list[str]]) -> bytes:
    """Rows as a CSV file."""
    sink = io.StringIO()
    csv.writer(sink, lineterminator="\n").writerows(rows)
    return sink.getvalue().encode("utf-8")
