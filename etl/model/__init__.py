"""The vocabulary every dataset is declared with: pure declarations that import nothing of ours.

A `Dataset` says the structure of one dataset: what its files must bring (`Input`), what the published tables look like
(`Table`, `Field`), how the ones become the others (`read`) and what must hold (`checks`). Where its files come from is
data (`Provenance`), read from the `fuente.toml` of its folder when the pipeline runs. Parquet schema, validation, data
dictionary, download rows, catalogue and tests derive from both.

sources  where figures come from
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from etl.model.sources import Confidence, License, Provenance, Source, SourceFile, Total

if TYPE_CHECKING:
    import pandas as pd

PandasType = Literal["str", "Int64", "float64", "datetime64[ns]", "boolean", "object"]
ArrowType = Literal["string", "int64", "double", "date32", "bool", "binary"]


class Kind(StrEnum):
    """What a value is; decides how it is validated, how it is written for a reader, and its type in each technology.

    Types by name: of a pandas column, of Arrow and Parquet, of a column in SQL and of a field of a Data Package.
    """

    def __new__(cls, value: str, pandas: PandasType, arrow: ArrowType, sql: str, package: str) -> Kind:
        made = str.__new__(cls, value)
        made._value_ = value
        made.pandas, made.arrow, made.sql, made.package = pandas, arrow, sql, package
        return made

    _value_: str
    pandas: PandasType
    arrow: ArrowType
    sql: str
    package: str

    CODIGO = "codigo", "str", "string", "VARCHAR", "string"
    TEXTO = "texto", "str", "string", "VARCHAR", "string"
    CATEGORIA = "categoria", "str", "string", "VARCHAR", "string"
    ENTERO = "entero", "Int64", "int64", "BIGINT", "integer"
    DECIMAL = "decimal", "float64", "double", "DOUBLE PRECISION", "number"
    FECHA = "fecha", "datetime64[ns]", "date32", "DATE", "date"
    BOOLEANO = "booleano", "boolean", "bool", "BOOLEAN", "boolean"
    GEOMETRIA = "geometria", "object", "binary", "BLOB", "any"


@dataclass(frozen=True)
class Field:
    """One published column: the same name means the same thing in every dataset.

    `labels` maps each allowed value to what a reader sees, in display order; it is what makes a CATEGORIA closed.
    `unit` is the plural noun counted ("personas", "habitantes", "km²"); `decimals`, how many of a DECIMAL mean something:
    it is published rounded to them. A GEOMETRIA holds shapely geometries in `crs`, whole metres (None: the country's own),
    published as GeoParquet with that CRS. `english` is its title and its description in English: a dictionary has both.
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
    crs: str | None = None
    decimals: int | None = None
    english: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class Reference:
    """`fields` must exist as `target_fields` of table `target`, except in rows where column = value (`unless`)."""

    fields: tuple[str, ...]
    target: str
    target_fields: tuple[str, ...]
    unless: tuple[str, str] | None = None


# --- What a file brings ----------------------------------------------------------------------------------------------


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
    """A file whose layout is no plain table, as one: its columns of text (None when it has no row), and what is wrong with it.

    The first row of `frame` is row 1. `notices` say what of the file was not read, once per cause.
    """

    frame: pd.DataFrame | None
    problems: tuple[Problem, ...] = ()
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Input:
    """What a file of a dataset must bring, whoever delivers it and under whatever name (.csv, .xlsx or .parquet).

    `name` is how `fuente.toml`, the reader and the checks call it; no table that they also see has the same name. A column
    of the file that is not declared is not read. A .parquet is GeoParquet (limites): its columns are text and its
    geometries come, as shapely objects in the CRS of the file, in a column `geometry` (kind GEOMETRIA). `parse` reads a
    layout of its own (a preamble, a ZIP), given the content and the name of the file. With `several`, any number of files
    of the layout are read as one. With `accumulates`, each delivery stays beside the ones of other cut-offs: the rows of
    all of them are read as one, and the column `DELIVERED` of each row is the cut-off of its delivery. Otherwise a new
    delivery takes the place of the one before it. With `spent`, its rows are millions, and only the reader and the checks
    of sources look at them: they are forgotten once the tables are made.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    parse: Callable[[bytes, str], Parsed] | None = None
    several: bool = False
    accumulates: bool = False
    spent: bool = False


#: In the rows of an input that accumulates, the cut-off of the delivery that each comes from (a day).
DELIVERED = "corte_entrega"

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
    """One published table: its columns, its key (also its sort order) and what its key refers to.

    `measures` empty means that its columns say what it counts.
    `crosses`, for a table with rows that add up all the values of a column (marked `TOTAL`), are the sets of columns that
    are filled together: for each set, and for each part of it, there are rows with just those columns filled.
    `accumulates`, for a dataset with inputs that do, is whether it has the figures of every delivery; if not, it has those
    of the newest one, and rests on its source alone. `told` are the columns that a published one has besides its own: what
    each row says of itself.
    """

    name: str
    title: str
    description: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    references: tuple[Reference, ...] = ()
    measures: tuple[Measured, ...] = ()
    crosses: tuple[tuple[str, ...], ...] = ()
    accumulates: bool = False
    told: tuple[Field, ...] = ()

    @cached_property
    def columns(self) -> tuple[Field, ...]:
        """Every column of its file, in order: its own and what each row says of itself."""
        return (*self.fields, *self.told)

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of its own columns."""
        return frozenset(item.name for item in self.fields)

    @cached_property
    def shaped(self) -> bool:
        """Whether it is a table of boundaries and not of figures."""
        return any(item.kind is Kind.GEOMETRIA for item in self.fields)

    def field(self, name: str) -> Field:
        """The field called `name`; KeyError if the table has none."""
        if found := next((item for item in self.fields if item.name == name), None):
            return found
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
    """One reason not to publish, with the place a person must look at (row counts from 1, header included).

    A check gives an input as `file` and the label of a row as `row`: a reader gets the file of that input and the row in it.
    In a TOML file `column` is a key. `cause` joins problems of one reason whose words differ.
    """

    file: str
    row: int | None
    column: str | None
    value: str | None
    message: str
    cause: str = field(default="", compare=False)


@dataclass(frozen=True)
class Notice:
    """A known anomaly of a source that is published as it is, and said."""

    dataset: str
    message: str
    territories: tuple[str, ...] = ()


Frames = Mapping[str, "pd.DataFrame"]


class NotRead(LookupError):
    """A check asked for an input that could not be read; what is wrong with that input is already said."""


class Given(dict[str, "pd.DataFrame"]):
    """What a reader or a check is given: frames by name, and where each of them comes from.

    The names are those of the inputs of the dataset, of its own tables (for what runs after the reader) and of the tables
    of the datasets that it needs. Asking for a frame that is not there is NotRead.
    """

    def __init__(self, frames: Frames, origins: Mapping[str, tuple[Source, ...]]) -> None:
        super().__init__(frames)
        self._origins = origins
        self.checked: set[Total] = set()

    def __missing__(self, name: str) -> pd.DataFrame:
        raise NotRead(name)

    def sources(self, name: str) -> tuple[Source, ...]:
        """The sources of the input or table called `name`."""
        return self._origins[name]

    def source(self, name: str) -> Source:
        """The source of the input or table called `name`; of several, the one of the latest cut-off."""
        return max(self.sources(name), key=lambda source: source.cutoff)

    def totals(self, name: str) -> tuple[Total, ...]:
        """The official totals of the input called `name`, which from now on count as checked."""
        found = tuple(total for source in self.sources(name) for total in source.totals)
        self.checked.update(found)
        return found

    def total(self, name: str, total: str, cutoff: date | None = None) -> Total | None:
        """The official total called `total` of the input called `name`, which from now on counts as checked.

        With `cutoff`, the one of the delivery of that day.
        """
        for source in self.sources(name):
            for candidate in source.totals:
                if candidate.name == total and cutoff in (None, source.cutoff):
                    self.checked.add(candidate)
                    return candidate
        return None


Reader = Callable[[Given], Frames]
Check = Callable[[Given], list[Problem]]


@dataclass(frozen=True)
class Dataset:
    """Everything about one dataset.

    `read` turns typed input frames (by input; the index labels rows, and is the row number when one file fills the input)
    into tidy tables (by table name). `needs` names datasets whose tables `read` and the checks also receive, by table name.
    `source_checks` look at the inputs, so they can name file and row; they run even when some cells of an input are bad
    (those arrive as missing). `checks` look at the finished tables and run only when nothing was wrong before.
    `artifacts` makes the extra files of the release (file name -> Artifact) from its tables and those it needs.
    `provenance` is None until the pipeline reads it from the folder that it runs on. `topic` is what the catalogue lists it
    under, one of `etl.fields.labels.TEMAS`.
    """

    name: str
    title: str
    description: str
    inputs: tuple[Input, ...]
    tables: tuple[Table, ...]
    read: Reader
    source_checks: tuple[Check, ...] = ()
    checks: tuple[Check, ...] = ()
    notices: tuple[Callable[[Given], list[Notice]], ...] = ()
    disclosure: str = "Cifras agregadas ya publicadas por la fuente: sin control adicional."
    needs: tuple[str, ...] = ()
    artifacts: Callable[[Frames], Mapping[str, Artifact]] | None = None
    license: License | None = None  # None: our licence for derived data (CC BY 4.0)
    provenance: Provenance | None = None
    topic: str = ""

    def table(self, name: str) -> Table:
        """The table called `name`; KeyError if the dataset has none."""
        if found := next((item for item in self.tables if item.name == name), None):
            return found
        raise KeyError(f"{self.name} no tiene la tabla {name}")

    def sources(self, table: Table | None = None) -> tuple[Source, ...]:
        """The sources of `table`, or of the whole dataset, each once; LookupError while its provenance is not known."""
        if self.provenance is None:
            raise LookupError(f"no se ha leído de dónde viene {self.name}")
        return self.provenance.of_table(table.name) if table else self.provenance.all


__all__ = [
    "DELIVERED",
    "TOTAL",
    "ArrowType",
    "Artifact",
    "Check",
    "Column",
    "Confidence",
    "Dataset",
    "Field",
    "Frames",
    "Given",
    "Input",
    "Kind",
    "License",
    "Measured",
    "NotRead",
    "Notice",
    "PandasType",
    "Parsed",
    "Problem",
    "Provenance",
    "Reader",
    "Reference",
    "Rejection",
    "Source",
    "SourceFile",
    "Table",
    "Total",
]
