"""The vocabulary every dataset is declared with: pure declarations that import nothing of ours.

A `Dataset` says everything about one dataset: where its figures come from (`Source`, `Input`), what the published
tables look like (`Table`, `Field`), how a source becomes them (`read`) and what must hold (`checks`). Parquet schema,
validation, data dictionary, download rows, catalogue and tests derive from the declaration.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


class Kind(StrEnum):
    """What a value is; decides its Parquet type, its validation and how it is written for a reader."""

    CODIGO = "codigo"
    TEXTO = "texto"
    CATEGORIA = "categoria"
    ENTERO = "entero"
    DECIMAL = "decimal"
    FECHA = "fecha"
    BOOLEANO = "booleano"
    GEOMETRIA = "geometria"


class Confidence(StrEnum):
    """How far a figure can be trusted, in the words a reader sees."""

    ALTA = "alta"
    MEDIA_ALTA = "media-alta"
    MEDIA = "media"
    MEDIA_BAJA = "media-baja"
    BAJA = "baja"

    @classmethod
    def weakest(cls, levels: Iterable[str]) -> Confidence:
        """The least of `levels`: what can be said of a figure, or a file, that rests on several."""
        return cls(max(levels, key=list(cls).index))


@dataclass(frozen=True)
class Field:
    """One published column: the same name means the same thing in every dataset.

    `labels` maps each allowed value to what a reader sees, in display order; it is what makes a CATEGORIA closed.
    `unit` is the plural noun counted ("personas", "habitantes", "km²"). A GEOMETRIA holds shapely geometries in `crs`,
    whole metres (by default `etl.geometry.METRIC_CRS`, the country's), published as GeoParquet with that CRS.
    """

    name: str
    title: str
    description: str
    kind: Kind
    unit: str | None = None
    labels: Mapping[str, str] | None = None
    pattern: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    nullable: bool = False
    crs: str = "EPSG:32615"


@dataclass(frozen=True)
class Reference:
    """`fields` must exist as `target_fields` of table `target`, except in rows where column = value (`unless`)."""

    fields: tuple[str, ...]
    target: str
    target_fields: tuple[str, ...]
    unless: tuple[str, str] | None = None


# --- Where figures come from ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class License:
    """Terms under which a source or our derived data may be used."""

    name: str
    title: str
    url: str


@dataclass(frozen=True)
class Total:
    """An official total that the figures of a source must reproduce, with the words it was published in."""

    name: str
    value: int
    citation: str


@dataclass(frozen=True)
class Source:
    """Where figures come from: who published them, where, under what terms, as of when, how far to trust them.

    `totals` are the official totals that belong to this cut-off: a new delivery changes them here, with `cutoff`.
    """

    title: str
    publisher: str
    url: str
    license: License
    cutoff: date
    confidence: Confidence
    cutoff_text: str | None = None  # when the source is no exact day: «agosto de 2022»
    note: str | None = None
    totals: tuple[Total, ...] = ()

    def total(self, name: str) -> Total:
        """The official total called `name`; KeyError if the source declares none."""
        for candidate in self.totals:
            if candidate.name == name:
                return candidate
        raise KeyError(f"{self.title} no declara el total {name}")


@dataclass(frozen=True)
class Column:
    """One column expected in a source file, by its exact header.

    `allowed` closes the values; `minimum` applies to numbers (a count below zero is never right).
    """

    name: str
    kind: Kind
    nullable: bool = False
    pattern: str | None = None
    allowed: tuple[str, ...] = ()
    minimum: float | None = 0


@dataclass(frozen=True)
class Rejection:
    """Rows of a source that are not loaded, and why; `matches` gets the raw rows (all text), returns a boolean mask."""

    reason: str
    matches: Callable[[pd.DataFrame], pd.Series]


@dataclass(frozen=True)
class Parsed:
    """A file whose layout is no plain table, as one: header, numbered rows (no number twice) and what is wrong with it."""

    header: tuple[str, ...]
    rows: list[tuple[int, list[str]]]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Input:
    """One committed file under data/source/<dataset>/ with the layout its publisher gave it (.csv, .xlsx or .parquet).

    A column of the file that is not declared is not read. A .parquet is GeoParquet (limites): its columns are text and
    its geometries come, as shapely objects in the CRS of the file, in a column `geometry` (kind GEOMETRIA).
    `parse` reads a layout of its own (a preamble, a ZIP), given the content and the name of the file.
    """

    file: str
    sha256: str
    columns: tuple[Column, ...]
    source: Source
    key: tuple[str, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    parse: Callable[[bytes, str], Parsed] | None = None


#: What a column says in a row that adds up all of its values.
TOTAL = "total"

# --- What is published ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Measured:
    """What a table counts, for the tables whose column names do not say it by themselves.

    `name` is the shared column it stands for (`empadronados`, `votantes`); `columns`, the ones that hold it, filled all or
    not published (`name` itself when empty); `groups`, the population groups that those columns are the values of (women
    in one, men in another); `where`, the rows meant; `level`, the column that says what the place of a row is; `status`,
    the one that says why a value is missing.
    """

    name: str
    columns: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    where: tuple[tuple[str, object], ...] = ()
    level: str | None = None
    status: str | None = None


@dataclass(frozen=True)
class Table:
    """One published table: its columns, its key (also its sort order), what its key refers to, where it comes from.

    `sources` empty means every source of the dataset's own inputs; `measures` empty, that its columns say what it counts.
    `crosses`, for a table with rows that add up all the values of a column (marked `TOTAL`), are the sets of columns that
    are filled together: for each set, and for each part of it, there are rows with just those columns filled.
    """

    name: str
    title: str
    description: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    references: tuple[Reference, ...] = ()
    sources: tuple[Source, ...] = ()
    measures: tuple[Measured, ...] = ()
    crosses: tuple[tuple[str, ...], ...] = ()

    def field(self, name: str) -> Field:
        """The field called `name`; KeyError if the table has none."""
        for candidate in self.fields:
            if candidate.name == name:
                return candidate
        raise KeyError(f"{self.name} no tiene la columna {name}")


@dataclass(frozen=True)
class Artifact:
    """One published file that is not a table (a map, a GeoJSON), with what a reader is told about it."""

    content: bytes
    title: str
    description: str = ""


# --- What can be wrong ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Problem:
    """One reason not to publish, with the place a person must look at (row counts from 1, header included)."""

    file: str
    row: int | None
    column: str | None
    value: str | None
    message: str


@dataclass(frozen=True)
class Notice:
    """A known anomaly of a source that is published as it is, and said."""

    dataset: str
    message: str
    territories: tuple[str, ...] = ()


Frames = Mapping[str, "pd.DataFrame"]
Reader = Callable[[Frames], Frames]
Check = Callable[[Frames], list[Problem]]


@dataclass(frozen=True)
class Dataset:
    """Everything about one dataset.

    `read` turns typed input frames (by file name; the index is the row number in the file) into tidy tables (by table
    name). `needs` names datasets whose tables `read` and the checks also receive, by table name.
    `source_checks` look at the inputs, so they can name file and row; they run even when some cells of an input are bad
    (those arrive as missing). `checks` look at the finished tables and run only when nothing was wrong before.
    `artifacts` makes the extra files of the release (file name -> Artifact) from its tables and those it needs.
    """

    name: str
    title: str
    description: str
    inputs: tuple[Input, ...]
    tables: tuple[Table, ...]
    read: Reader
    source_checks: tuple[Check, ...] = ()
    checks: tuple[Check, ...] = ()
    notices: tuple[Callable[[Frames], list[Notice]], ...] = ()
    disclosure: str = "Cifras agregadas ya publicadas por la fuente: sin control adicional."
    needs: tuple[str, ...] = ()
    artifacts: Callable[[Frames], Mapping[str, Artifact]] | None = None
    license: License | None = None  # None: our licence for derived data (CC BY 4.0)

    def table(self, name: str) -> Table:
        """The table called `name`; KeyError if the dataset has none."""
        for candidate in self.tables:
            if candidate.name == name:
                return candidate
        raise KeyError(f"{self.name} no tiene la tabla {name}")

    def sources(self, table: Table | None = None) -> tuple[Source, ...]:
        """The sources of `table`, or of the whole dataset, each once, in the order they are declared."""
        own = tuple(item.source for item in self.inputs)
        chosen = (table.sources or own) if table else own + tuple(s for t in self.tables for s in t.sources)
        return tuple(dict.fromkeys(chosen))
