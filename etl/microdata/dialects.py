"""The few constructs that engines spell differently; everything else of the statement is plain SQLAlchemy Core.

To run on another engine (Trino, Spark, Snowflake, BigQuery…) its SQLAlchemy dialect is enough when the default spelling
is valid there; otherwise add one `@compiles` here. See docs/microdatos.md.
"""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import CompoundSelect, Select, String, Text, and_, case, func, or_
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ColumnElement, FunctionElement

from etl.microdata import record

#: An expression of the statement: what its column holds is only known when the source is opened.
Expression = ColumnElement[Any]
Condition = ColumnElement[bool]
Rows = Select[*tuple[Any, ...]]
Query = Rows | CompoundSelect[*tuple[Any, ...]]


class DuckDB(PGDialect):
    """The words of DuckDB: those of PostgreSQL but for what is spelled differently below."""

    name = "duckdb"
    #: With values written as `$1`, a per cent sign in a text is only a per cent sign.
    default_paramstyle = "numeric_dollar"


DUCKDB = DuckDB()


def for_duckdb(query: Query) -> str:
    """`query` as text that DuckDB runs, values included: they are ours, codes and words of the layout and dates."""
    return str(query.compile(dialect=DUCKDB, compile_kwargs={"literal_binds": True}))


class IsoDate(FunctionElement[Any]):
    """The ten characters AAAA-MM-DD of a text in `date_format`, or NULL when it is not a date of the calendar."""

    type = Text()
    inherit_cache = True
    name = "iso_date"

    def __init__(self, value: Expression, date_format: str):
        self.date_format = date_format
        super().__init__(value)

    def _gen_cache_key(self, *args: Any) -> None:
        return None  # the format is not part of the clauses: never cached as if it were the same


STRPTIME = {"AAAA": "%Y", "MM": "%m", "DD": "%d"}
# Leap years a living person may have been born in.
LEAP_YEARS = tuple(str(y) for y in range(1880, 2100) if y % 4 == 0 and (y % 100 != 0 or y % 400 == 0))


@compiles(IsoDate, "duckdb")
def _iso_date_duckdb(element: IsoDate, compiler: SQLCompiler, **options: Any) -> str:
    value = compiler.process(next(iter(element.clauses)), **options)
    if element.date_format == "AAAA-MM-DD":
        return f"CAST(TRY_CAST({value} AS DATE) AS VARCHAR)"
    pattern = re.sub("AAAA|MM|DD", lambda found: STRPTIME[found[0]], element.date_format)
    return f"CAST(CAST(TRY_STRPTIME({value}, '{pattern}') AS DATE) AS VARCHAR)"


@compiles(IsoDate)
def _iso_date(element: IsoDate, compiler: SQLCompiler, **options: Any) -> str:
    """Cut the parts by their place and check them as text: no engine can fail on a bad date."""
    value = func.substr(next(iter(element.clauses)), 1, 10)
    year, month, day = (
        func.substr(value, element.date_format.index(part) + 1, len(part)) for part in ("AAAA", "MM", "DD")
    )
    shape = "".join(
        f"[0-9]{{{len(part)}}}" if part in STRPTIME else re.escape(part) for part in _parts(element.date_format)
    )
    last = case(
        (month.in_(("04", "06", "09", "11")), "30"),
        (and_(month == "02", year.in_(LEAP_YEARS)), "29"),
        (month == "02", "28"),
        else_="31",
    )
    valid = and_(
        value.regexp_match(f"^{shape}$"),
        month.between("01", "12"),
        day.between("01", "31"),
        or_(day <= last, day == "01"),
    )
    whole = case((valid, year.concat("-").concat(month).concat("-").concat(day)), else_=None)
    return compiler.process(whole, **options)


def _parts(date_format: str) -> list[str]:
    return re.findall("AAAA|MM|DD|.", date_format)


class BinaryOrder(FunctionElement[Any]):
    """A text compared byte by byte, so that every engine puts the same copy of a repeated record first."""

    type = String()
    inherit_cache = True
    name = "binary_order"


@compiles(BinaryOrder)
def _binary_order(element: BinaryOrder, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(next(iter(element.clauses)), **options)


@compiles(BinaryOrder, "postgresql")
def _binary_order_postgresql(element: BinaryOrder, compiler: SQLCompiler, **options: Any) -> str:
    return f'({_binary_order(element, compiler, **options)}) COLLATE "C"'


@compiles(BinaryOrder, "duckdb")
def _binary_order_duckdb(element: BinaryOrder, compiler: SQLCompiler, **options: Any) -> str:
    return _binary_order(element, compiler, **options)


class Fingerprint(FunctionElement[Any]):
    """What two records with the same identifier share: a 64-bit hash where the engine has one, else the identifier."""

    inherit_cache = True
    name = "fingerprint"


@compiles(Fingerprint)
def _fingerprint(element: Fingerprint, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(next(iter(element.clauses)), **options)


@compiles(Fingerprint, "duckdb")
def _fingerprint_duckdb(element: Fingerprint, compiler: SQLCompiler, **options: Any) -> str:
    return f"hash({compiler.process(next(iter(element.clauses)), **options)})"


class Folded(FunctionElement[Any]):
    """A text as `record.folded` leaves it: without accents, apostrophes, capitals or spaces around."""

    type = Text()
    inherit_cache = True
    name = "folded"


@compiles(Folded)
def _folded(element: Folded, compiler: SQLCompiler, **options: Any) -> str:
    plain = func.trim(func.lower(next(iter(element.clauses))))
    return compiler.process(func.translate(plain, record.ACCENTED + record.APOSTROPHES, record.UNACCENTED), **options)


@compiles(Folded, "duckdb")
def _folded_duckdb(element: Folded, compiler: SQLCompiler, **options: Any) -> str:
    # DuckDB's translate builds its map for every row: these are fifty times faster.
    plain = func.strip_accents(func.trim(func.lower(next(iter(element.clauses)))))
    for mark in record.APOSTROPHES:
        plain = func.replace(plain, mark, "")
    return compiler.process(plain, **options)
