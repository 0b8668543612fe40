"""A registry that an Apache Spark cluster reads: the cluster does the work, and only its results travel.

Spark has no snapshot for several questions nor rows with a number of their own. What the statement names many times is kept
in the cluster while the job lasts; and a rejected row is told by its place in its Parquet file or, of other tables, in
the order in which Spark reads them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import uuid4

import pandas as pd
from sqlalchemy import FromClause, column, table

from etl.microdata import spark_session, statement
from etl.microdata.dialects import Query
from etl.microdata.errors import MicrodataError
from etl.microdata.opened import Opened, check_columns
from etl.microdata.question import DECIMAL, ENTERO, FECHA, TEXTO, Origin, Question
from etl.microdata.spark_sql import FORMATS, Named, Step, for_spark, named, quoted, unended

#: How this job calls what it names in its session.
RECORDS, ROWS, REPEATED = "padron_registros", "padron_filas", "padron_repetidos"
#: Where a row is when its file does not say: as in other databases.
NOWHERE = "base de datos"
#: A place in the order of Spark is the number of a part of the table, and below this bit, that of a row in it.
PART_BIT = 33
IN_FILES = ("_metadata.file_path AS archivo", "_metadata.row_index + 1 AS fila")
IN_ORDER = (f"'{NOWHERE}' AS archivo", "monotonically_increasing_id() AS fila")


@dataclass
class Spark(Opened):
    """A table, a query or the files of a folder, in a session of Spark."""

    spark: Any
    in_order: bool
    kept: list[Any] = field(default_factory=list)

    def frame(self, query: Query) -> pd.DataFrame:
        frame: pd.DataFrame = self._asked(query).toArrow().to_pandas()
        return frame

    def rows(self, query: Query) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self._asked(query).collect()]

    def repeated(self, question: Question) -> FromClause | None:
        _, words = for_spark(statement.repeated_inside(question, self.origin))
        found = self._named(Step(REPEATED, words, True))
        # Not sent to every worker through whoever shares out the work, which may be this machine.
        found.hint("shuffle_hash").createOrReplaceTempView(REPEATED)
        return table(REPEATED, column("huella")) if found.count() else None

    def rejected(self, question: Question, repeated: FromClause | None) -> list[tuple[Any, ...]]:
        found = super().rejected(question, repeated)
        if not self.in_order:
            return [(_file(path), row, reason) for path, row, reason in found]
        sizes = f"SELECT shiftright(fila, {PART_BIT}), count(*) FROM {ROWS} GROUP BY 1 ORDER BY 1"
        parts = [(int(part), int(size)) for part, size in self.spark.sql(sizes).collect()]
        before = dict(zip((part for part, _ in parts), accumulate((n for _, n in parts), initial=0), strict=False))
        return [(name, before[row >> PART_BIT] + row % (1 << PART_BIT) + 1, reason) for name, row, reason in found]

    def damaged(self) -> list[tuple[str, int]]:
        return []  # a table has no rows that cannot be cut into cells, and a text that has one stops the job

    def forget_damaged(self) -> None:
        pass

    def _asked(self, query: Query) -> Any:
        steps, words = for_spark(query)
        for step in steps:
            self._named(step)
        return self.spark.sql(words)

    def _named(self, step: Step) -> Any:
        """What a query answers, under a name where others find it."""
        frame = self.spark.sql(step.words)
        if step.kept:
            self.kept.append(frame.persist())
        frame.createOrReplaceTempView(step.name)
        return frame

    def forget(self) -> None:
        """Let the cluster forget what it kept: a Spark Connect server would keep it for others."""
        for frame in self.kept:
            with suppress(Exception):
                frame.unpersist()


@contextmanager
def opened_spark(source: str, needed: Sequence[str], table_name: str | None, query: str | None) -> Iterator[Spark]:
    """The table, the files or the query that a Spark reads; MicrodataError if it cannot be asked or lacks a column."""
    if bool(table_name) == bool(query):
        raise MicrodataError("con Spark indique --tabla o --consulta, una de las dos")
    asked = named(table_name) if table_name else None
    shown = f"tabla {table_name}" if table_name else "consulta"
    with spark_session.session(source) as spark:
        found = _relation(spark, asked, query or "", shown)
        check_columns(found.columns, needed, f"la {shown}")
        kinds = _kinds(found, needed)
        in_order = _named_here(found, kinds)
        records, rows = (
            table(name, *map(column, (*needed, *more))) for name, more in ((RECORDS, ()), (ROWS, ("archivo", "fila")))
        )
        opened = Spark(Origin(records, rows, kinds), f"spark: {shown}", (), (), spark, in_order)
        try:
            yield opened
        finally:
            opened.forget()


def _relation(spark: Any, asked: Named | None, query: str, shown: str) -> Any:
    """What is to be counted, as Spark sees it: nothing is read yet."""
    from pyspark.errors import AnalysisException

    if asked is None:  # inside another query, nothing but a query is valid
        return spark.sql(f"SELECT * FROM (\n{unended(query)}\n) AS origen")
    if asked.form:
        return spark.read.format(asked.form).options(**FORMATS[asked.form]).load(asked.parts[0])
    try:
        found = spark.table(asked.quoted)
        found.columns  # noqa: B018 — with Spark Connect, it is only now that the table is looked for
        return found
    except AnalysisException as error:
        if (error.getCondition() or "").split(".")[0] in ("TABLE_OR_VIEW_NOT_FOUND", "SCHEMA_NOT_FOUND"):
            raise MicrodataError(f"Spark no tiene la {shown}") from None
        raise


def _kinds(found: Any, needed: Sequence[str]) -> dict[str, str]:
    """The kind of each needed column."""
    types = {item.name: item.dataType for item in found.schema.fields}
    return {name: _kind(types[name].typeName()) for name in needed}


def _named_here(found: Any, kinds: Mapping[str, str]) -> bool:
    """Name the records, and the same with their place, for the statement; whether that is their order in Spark."""
    from pyspark.errors import AnalysisException

    # A text that is compared in an order of its own, without capitals perhaps, is compared as any other.
    texts = (f"CAST({quoted(n)} AS STRING) AS {quoted(n)}" if kind == TEXTO else quoted(n) for n, kind in kinds.items())
    columns = list(texts)
    # A server keeps results by the query they answer: those of a job that was killed would answer this one.
    found = found.where(f"'{uuid4()}' <> ''")
    found.selectExpr(*columns).createOrReplaceTempView(RECORDS)
    try:
        found.selectExpr(*columns, *IN_FILES).createOrReplaceTempView(ROWS)
    except AnalysisException:
        found.selectExpr(*columns, *IN_ORDER).createOrReplaceTempView(ROWS)
        return True
    return False


def _kind(name: str) -> str:
    if name in ("byte", "short", "integer", "long"):
        return ENTERO
    if name in ("float", "double") or name.startswith("decimal"):
        return DECIMAL
    if name == "date":
        return FECHA
    return TEXTO if name.startswith(("string", "char", "varchar")) else "otro"


def _file(path: str) -> str:
    """The name of a file, with the folders above it that are values of its columns."""
    parts = [unquote(part) for part in urlsplit(path).path.split("/")]
    above = len(parts) - 1
    while above > 0 and "=" in parts[above - 1]:
        above -= 1
    return "/".join(parts[above:])
