"""What is accepted of each table: the parameters of its addresses, with their words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dashboard.address.extract_query import FLAGS, TEXT
from dashboard.address.extracts import (
    COLUMNS,
    CURSOR,
    EMPTY,
    FILLED,
    FROM,
    GROUP,
    MOST_GROUPED,
    MOST_PAGE,
    MOST_VALUES,
    ORDER,
    PAGE,
    ROWS,
    SUM,
    Filter,
    Offered,
)
from dashboard.address.named_release import OF_RELEASE
from dashboard.address.parameters import Parameter
from etl.model import Field, Kind, Table

NUMBER, DAY = r"-?\d{1,19}", r"\d{4}-\d{2}-\d{2}"
PATTERNS = {Kind.ENTERO: NUMBER, Kind.DECIMAL: r"-?\d{1,15}(\.\d{1,9})?", Kind.FECHA: DAY, Kind.TEXTO: TEXT}


def parameters(offered: Offered) -> list[Parameter]:
    """Every parameter of a table, in the order in which they are canonical."""
    return [*(_filter(item) for item in offered.filters.values()), *_others(offered)]


def _filter(item: Filter) -> Parameter:
    if item.limit:
        words = "Desde este valor" if item.limit == FROM else "Hasta este valor"
        return Parameter(item.name, item.title, f"{words}, incluido", {}, pattern=PATTERNS[item.field.kind])
    code = f"; o su código, como {item.code.pattern}" if item.code and item.code is not item.field else ""
    listed = "Uno o varios valores, con comas" if item.field.kind is not Kind.TEXTO else "El texto entero"
    taken = _values(item.field)
    return Parameter(
        item.name,
        item.title,
        f"{listed}{code}",
        taken,
        pattern="" if taken else PATTERNS.get(item.field.kind) or item.field.pattern or TEXT,
        most=MOST_VALUES,
    )


def _values(item: Field) -> Mapping[str, str]:
    if item.kind is Kind.BOOLEANO:
        return {value: value for value in FLAGS}
    return item.labels or {}


def common() -> list[Parameter]:
    """The parameters of any table, without the columns of one."""
    return list(_others(Offered(Table("", "", "", (), ()))))


def _others(offered: Offered) -> Iterator[Parameter]:
    columns = {name: item.title for name, item in offered.columns.items()}
    adds = {ROWS.name: ROWS.title, **{item.name: item.title for item in offered.additive}}
    signed = {f"-{name}": f"{words}, de mayor a menor" for name, words in columns.items()}
    every = {name: item.title for name, item in offered.every.items() if not item.additive}
    yield Parameter(COLUMNS, "Columnas", "Cuáles y en qué orden; si falta, todas", columns, most=MOST_VALUES)
    yield Parameter(GROUP, "Agrupar", "Por qué columnas se suma", every, most=MOST_GROUPED)
    yield Parameter(SUM, "Sumar", "Qué se suma; si falta, todo lo que se puede sumar", adds, most=MOST_VALUES)
    yield Parameter(
        ORDER, "Orden", "Por qué columnas; con un guion, de mayor a menor", columns | signed, most=MOST_VALUES
    )
    yield Parameter(EMPTY, "Vacías", "Solo las filas en que estas columnas no tienen dato", columns, most=MOST_VALUES)
    yield Parameter(FILLED, "Con dato", "Solo las filas en que estas columnas lo tienen", columns, most=MOST_VALUES)
    yield Parameter(
        PAGE, "Límite", f"Cuántas filas por página, hasta {MOST_PAGE:,}; si falta, todas", {}, pattern=r"\d{1,5}"
    )
    yield Parameter(CURSOR, "Cursor", "Página siguiente: lo da la respuesta", {}, pattern=r"[A-Za-z0-9_-]{1,400}")
    yield OF_RELEASE
