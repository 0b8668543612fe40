"""Rows of a published table as a program asks for them, a few at a time: filtered, searched, ordered, and how many there are.

Every name comes from the release and every value is a bound parameter; what a table does not have is NotInTable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

from sqlalchemy import Column, ColumnElement, FromClause, Select, String, and_, cast, false, func, or_, select, types
from sqlalchemy import Table as SqlTable

from dashboard.figures.queries import Data
from etl.country import fold
from etl.model import Field, Kind

Value: TypeAlias = "str | int | float | bool | None"
#: The most rows of one answer, and the most values of one filter.
MOST_ROWS, MOST_VALUES = 32_000, 200
#: The most words that are searched for at once, and the letters in them.
MOST_WORDS, LONGEST_WORDS = 8, 200
#: What holds only text, and so may be searched.
TEXTS = (Kind.CODIGO, Kind.TEXTO, Kind.CATEGORIA)
BOOLEANS = {"true": True, "t": True, "1": True, "false": False, "f": False, "0": False}


class NotInTable(ValueError):
    """What was asked of a table that it does not have: the name of what was asked, and why not, in Spanish."""

    def __init__(self, asked: str, why: str) -> None:
        self.asked = asked
        super().__init__(why)


@dataclass(frozen=True)
class Search:
    """What is asked of a table: the `columns` (all, when empty) of the rows whose columns have one of some values, and that have
    all the `words` in their text (or in that of one column); in which order (column, whether downwards), from which and how many.
    """

    columns: tuple[str, ...] = ()
    equal: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    order: tuple[tuple[str, bool], ...] = ()
    limit: int = 100
    offset: int = 0
    distinct: bool = False
    total: bool = True


@dataclass(frozen=True)
class Rows:
    """What was found: the columns, the rows, and how many there are in all (None when nobody asked)."""

    fields: tuple[Field, ...]
    rows: Sequence[tuple[Any, ...]]
    total: int | None


#: Where to search for words in any column.
ANYWHERE = ""
#: The number of a row in its table, from 1.
NUMBER = Field("_id", "Fila", "El número de la fila en su tabla, desde 1.", Kind.ENTERO)
Columns: TypeAlias = "Callable[[str], ColumnElement[Any]]"


def search(data: Data, name: str, asked: Search) -> Rows:
    """The rows of the table called `name` that a search finds. NotInTable; Unaskable if the release has no such table."""
    table = data.table(name)
    declared = {NUMBER.name: NUMBER} | {item.name: item for item in table.columns}
    every = table.columns if asked.distinct else tuple(declared.values())
    fields = tuple(_known(declared, column, "fields") for column in asked.columns) or every
    order = _order(declared, fields, table.key, asked)
    _check(declared, asked)

    def found(source: SqlTable) -> tuple[Select[Any], Columns]:
        base, column = _numbered(source, table.columns)
        wanted = [*_equal(declared, column, asked), *_saying(declared, source, column, asked)]
        chosen = select(*(column(item.name) for item in fields)).select_from(base).where(and_(True, *wanted))
        return (chosen.distinct() if asked.distinct else chosen), column

    def page(source: SqlTable) -> Select[Any]:
        statement, column = found(source)
        by = ((column(one).desc() if down else column(one)).nulls_last() for one, down in order)
        return statement.order_by(*by).limit(asked.limit).offset(asked.offset)

    def count(source: SqlTable) -> Select[Any]:
        return select(func.count()).select_from(found(source)[0].subquery())

    rows = data.found(name, page) if asked.limit else []
    return Rows(fields, rows, int(data.found(name, count)[0][0]) if asked.total else None)


def _numbered(source: SqlTable, columns: Iterable[Field]) -> tuple[FromClause, Columns]:
    """The rows of a table, each with its number, and how to call its columns."""
    # What every row says of itself is in the file too, though the site declares only some of it.
    own = (Column(item.name, getattr(types, item.kind.sql.replace(" ", "_"))) for item in columns)
    rows = select(func.row_number().over().label(NUMBER.name), *own).select_from(source).subquery()
    return rows, lambda name: rows.c[name]


def _known(declared: Mapping[str, Field], column: str, asked: str) -> Field:
    if column not in declared:
        raise NotInTable(asked, f"La tabla no tiene la columna «{column[:60]}».")
    return declared[column]


def _order(
    declared: Mapping[str, Field], fields: tuple[Field, ...], key: tuple[str, ...], asked: Search
) -> list[tuple[str, bool]]:
    """In which order, so that no two rows may change places: with what tells one from another at the end."""
    order = [(_known(declared, column, "sort").name, down) for column, down in asked.order]
    chosen = [item.name for item in fields]
    if asked.distinct:
        if any(column not in chosen for column, _ in order):
            raise NotInTable("sort", "Con distinct, solo se ordena por lo que se pide en fields.")
        return order + [(name, False) for name in chosen if name not in dict(order)]
    return order + [(name, False) for name in key if name not in dict(order)] if order else [(NUMBER.name, False)]


def _check(declared: Mapping[str, Field], asked: Search) -> None:
    """Raise NotInTable for what a table cannot be asked."""
    for name, values in asked.equal.items():
        item = _known(declared, name, "filters")
        if len(values) > MOST_VALUES:
            raise NotInTable("filters", f"{name}: caben {MOST_VALUES} valores.")
        for value in values:
            _read(item, value)
    for name, words in asked.words.items():
        if name != ANYWHERE:
            _known(declared, name, "q")
        if len(words) > LONGEST_WORDS or len(words.split()) > MOST_WORDS:
            raise NotInTable("q", f"Caben {MOST_WORDS} palabras y {LONGEST_WORDS} letras.")


def _equal(declared: Mapping[str, Field], column: Columns, asked: Search) -> list[ColumnElement[bool]]:
    return [_has_one(declared[name], column(name), values) for name, values in asked.equal.items()]


def _saying(
    declared: Mapping[str, Field], source: SqlTable, column: Columns, asked: Search
) -> list[ColumnElement[bool]]:
    """That each word is in the text of some column, without accents or capitals."""
    found = []
    for name, words in asked.words.items():
        where = [item for item in declared.values() if item.kind in TEXTS] if name == ANYWHERE else [declared[name]]
        where = [item for item in where if item is not NUMBER]
        found += [
            or_(false(), *(column(item.name).in_(_values(source, item, word)) for item in where))
            for word in fold(words).split()
        ]
    return found


def _values(source: SqlTable, item: Field, word: str) -> Select[Any]:
    """The values of a column with a word in them: they are a few, and the rows, many."""
    own = Column(item.name, getattr(types, item.kind.sql.replace(" ", "_")))
    every = select(own.label("valor")).select_from(source).distinct().subquery()
    plain = func.lower(func.strip_accents(cast(every.c.valor, String)))
    return select(every.c.valor).where(func.contains(plain, word))


def _has_one(item: Field, column: ColumnElement[Any], values: tuple[Value, ...]) -> ColumnElement[bool]:
    read = [_read(item, value) for value in values]
    some = [value for value in read if value is not None]
    one = column.in_(some) if some else false()
    return or_(one, column.is_(None)) if len(some) < len(read) else one


def _read(item: Field, value: Value) -> Any:
    """A value as a column has it: of a code, the text that it is, with its zeros."""
    if value is None:
        return None
    text = str(value).strip()
    try:
        if item.kind is Kind.ENTERO:
            return _whole(text)
        if item.kind is Kind.DECIMAL:
            return float(text)
        if item.kind is Kind.FECHA:
            return date.fromisoformat(text.removesuffix("T00:00:00"))
        if item.kind is Kind.BOOLEANO:
            return BOOLEANS[text.lower()]
    except (ValueError, KeyError, OverflowError):
        raise NotInTable("filters", f"«{text[:60]}» no es un valor de {item.name} ({item.kind.value}).") from None
    return str(value)


def _whole(text: str) -> int:
    found = int(text)
    if abs(found) >= 1 << 63:
        raise OverflowError
    return found
