"""The few constructs that engines spell differently; everything else of the statement is plain SQLAlchemy Core.

To run on another engine (Trino, Snowflake, BigQuery…) its SQLAlchemy dialect is enough when the default spelling
is valid there; otherwise add one `@compiles` here. See docs/microdatos.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import CompoundSelect, Select, String, Text, and_, case, func, literal, or_
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ColumnElement, FunctionElement

from etl.microdata import record
from etl.microdata.layout import ISO, SIGNS, YEARS, date_parts

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
    """The ten characters AAAA-MM-DD of a text in `date_format`, or NULL when it is not a date of the calendar.

    Any sign stands for another, and a time after the date is not looked at. A year of two digits is of this century up to
    `pivot`, and after it of the one before.
    """

    type = Text()
    inherit_cache = True
    name = "iso_date"

    def __init__(self, value: Expression, date_format: str, pivot: int | None = None):
        self.parts = date_parts(date_format) or ()
        self.pivot = pivot or 0
        super().__init__(value)

    def _gen_cache_key(self, *args: Any) -> None:
        return None  # the format is not part of the clauses: never cached as if it were the same


#: What may follow a date, as STRPTIME wants it.
HOURS = ("", " %H:%M:%S", "T%H:%M:%S", " %H:%M:%S.%f", " %H:%M")
STRPTIME = {"AAAA": "%Y", "MM": "%m", "DD": "%d"}
#: The first three letters of each month, in Spanish and in English.
MONTHS = ("ene jan", "feb", "mar", "abr apr", "may", "jun", "jul", "ago aug", "sep set", "oct", "nov", "dic dec")
# Leap years a living person may have been born in.
LEAP_YEARS = tuple(str(y) for y in range(1880, 2100) if y % 4 == 0 and (y % 100 != 0 or y % 400 == 0))


@compiles(IsoDate, "duckdb")
def _iso_date_duckdb(element: IsoDate, compiler: SQLCompiler, **options: Any) -> str:
    """Its own functions where they are enough: they are several times faster, and need no zeros."""
    if not _is_quick(element.parts):
        return _iso_date(element, compiler, **options)
    value = compiler.process(next(iter(element.clauses)), **options)
    patterns = ", ".join(f"'{pattern}'" for pattern in _patterns(element.parts))
    day = f"CAST(TRY_STRPTIME({value}, [{patterns}]) AS DATE)"
    if "".join(element.parts) == ISO:
        day = f"COALESCE(TRY_CAST({value} AS DATE), {day})"
    day = f"CAST({day} AS VARCHAR)"
    return f"CASE WHEN {day} >= '1000' THEN {day} END"  # 4/5/90 is not of the year 90


def _patterns(parts: Sequence[str]) -> list[str]:
    """A format as STRPTIME wants it: as declared first, and then with other signs and with an hour after it."""
    signs = list(dict.fromkeys([*(part for part in parts if part in SIGNS), *SIGNS])) if len(parts) == 5 else [""]
    days = ["".join(STRPTIME.get(part, sign) for part in parts) for sign in signs]
    return [day + hour for hour in HOURS for day in days]


def _is_quick(parts: Sequence[str]) -> bool:
    """Whether DuckDB's own functions read nearly every date of a format."""
    return {YEARS[0], "MM"} <= set(parts)


@compiles(IsoDate)
def _iso_date(element: IsoDate, compiler: SQLCompiler, **options: Any) -> str:
    """Cut the parts by their place and check them as text: no engine can fail on a bad date."""
    value = next(iter(element.clauses))
    place, shape = 1, ""
    found: dict[str, Expression] = {}
    for part in element.parts:
        if part in SIGNS:
            shape += "[-/. ]"
        else:
            found[part] = func.substr(value, place, len(part))
            shape += "[A-Za-z]{3}" if part == "MON" else f"[0-9]{{{len(part)}}}"
        place += len(part)
    day = found["DD"]
    if "MM" in found:
        month = found["MM"]
    else:
        written = func.lower(found["MON"])
        month = case(*((written.in_(name.split()), f"{n:02}") for n, name in enumerate(MONTHS, 1)), else_="")
    if "AAAA" in found:
        year = found["AAAA"]
    else:
        year = case((found["AA"] <= f"{element.pivot:02}", "20"), else_="19").concat(found["AA"])
    last = case(
        (month.in_(("04", "06", "09", "11")), "30"),
        (and_(month == "02", year.in_(LEAP_YEARS)), "29"),
        (month == "02", "28"),
        else_="31",
    )
    valid = and_(
        value.regexp_match(f"^{shape}([ T].*)?$"),
        month.between("01", "12"),
        day.between("01", "31"),
        or_(day <= last, day == "01"),
    )
    whole = case((valid, year.concat("-").concat(month).concat("-").concat(day)), else_=None)
    return compiler.process(whole, **options)


class WithZeros(FunctionElement[Any]):
    """A text with days and months of two digits, where signs tell the parts apart: 4/5/1990 is 04/05/1990."""

    type = Text()
    inherit_cache = True
    name = "with_zeros"

    def __init__(self, value: Expression, date_format: str):
        self.parts = date_parts(date_format) or ()
        super().__init__(value)

    def _gen_cache_key(self, *args: Any) -> None:
        return None  # the format is not part of the clauses


@compiles(WithZeros)
def _zeros(element: WithZeros, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(_with_zeros(next(iter(element.clauses)), element.parts), **options)


@compiles(WithZeros, "duckdb")
def _zeros_duckdb(element: WithZeros, compiler: SQLCompiler, **options: Any) -> str:
    """Only when the date is to be cut: its own functions need no zeros."""
    if _is_quick(element.parts):
        return compiler.process(next(iter(element.clauses)), **options)
    return _zeros(element, compiler, **options)


def _with_zeros(value: Expression, parts: Sequence[str]) -> Expression:
    place = 1
    for part in parts:
        if part in ("DD", "MM") and len(parts) == 5:
            short = func.substr(value, place + 1, 1).in_(("", "T", *SIGNS))
            rest: Expression = func.substr(value, place, 40)
            before = func.substr(value, 1, place - 1).concat("0") if place > 1 else literal("0")
            value = case((short, before.concat(rest)), else_=value)
        place += len(part)
    return value


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


@compiles(BinaryOrder, "mysql", "mariadb")
def _binary_order_mysql(element: BinaryOrder, compiler: SQLCompiler, **options: Any) -> str:
    return f"CONVERT({_binary_order(element, compiler, **options)} USING utf8mb4) COLLATE utf8mb4_bin"


@compiles(BinaryOrder, "sqlite")
def _binary_order_sqlite(element: BinaryOrder, compiler: SQLCompiler, **options: Any) -> str:
    return f"({_binary_order(element, compiler, **options)}) COLLATE BINARY"


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


@compiles(Fingerprint, "spark")
def _fingerprint_spark(element: Fingerprint, compiler: SQLCompiler, **options: Any) -> str:
    """Its hash of nothing is a number."""
    value = compiler.process(next(iter(element.clauses)), **options)
    return f"CASE WHEN {value} IS NOT NULL THEN xxhash64({value}) END"


class Without(FunctionElement[Any]):
    """A text without some characters."""

    type = Text()
    inherit_cache = True
    name = "without"

    def __init__(self, value: Expression, characters: str):
        self.characters = characters
        super().__init__(value)

    def _gen_cache_key(self, *args: Any) -> None:
        return None  # the characters are not part of the clauses


@compiles(Without)
def _without(element: Without, compiler: SQLCompiler, **options: Any) -> str:
    value = next(iter(element.clauses))
    for character in element.characters:
        value = func.replace(value, character, "")
    return compiler.process(value, **options)


@compiles(Without, "mysql", "mariadb")
def _without_mysql(element: Without, compiler: SQLCompiler, **options: Any) -> str:
    """In a column of Latin-1 the dashes of Unicode have no place to be looked for."""
    value = func.convert(_Using(next(iter(element.clauses))))
    return _without(Without(value, element.characters), compiler, **options)


class _Using(FunctionElement[Any]):
    inherit_cache = True


@compiles(_Using)
def _using(element: _Using, compiler: SQLCompiler, **options: Any) -> str:
    return f"{compiler.process(next(iter(element.clauses)), **options)} USING utf8mb4"


@compiles(Without, "duckdb")
def _without_duckdb(element: Without, compiler: SQLCompiler, **options: Any) -> str:
    """Looking for what is seldom there costs a tenth of taking it out of ten million identifiers."""
    value = next(iter(element.clauses))
    plain = [character for character in element.characters if character.isascii()]
    rare: list[Condition] = [func.contains(value, character) for character in plain]
    if len(plain) < len(element.characters):
        rare.append(func.strlen(value) != func.length(value))  # bytes and characters: some character is not ASCII
    if not rare:
        return compiler.process(value, **options)
    clean = _without(element, compiler, **options)
    return f"CASE WHEN {compiler.process(or_(*rare), **options)} THEN {clean} ELSE {compiler.process(value, **options)} END"


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
