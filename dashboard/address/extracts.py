"""What may be asked of a whole published table: which rows, which columns, in which order, or the sums of what can be added.

An `Extract` is the question, already read; `Offered` is what one table lets it ask. Both derive from what the release declares of
its columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from dashboard.address.named_release import PUBLICATION
from dashboard.address.selection import URL_NAMES
from etl import fields
from etl.model import Field, Kind, Table

#: The value of the column with the state of a count, when the count is confidential; and when, nearly all of its table being
#: so, none of it is published.
CONFIDENTIAL = "confidencial"
WITHHELD = (CONFIDENTIAL, "no_tabulada")
#: Where the tables are asked for.
API = "/api/v1/datasets"
#: The column of the tables that count invented people, which no answer of theirs is without.
SYNTHETIC = "sintetico"
#: What is asked of any table, besides its columns.
COLUMNS, ORDER, GROUP, SUM = "columnas", "orden", "agrupar", "sumar"
EMPTY, FILLED, PAGE, CURSOR = "vacias", "con_dato", "limite", "cursor"
OF_ANY_TABLE = (COLUMNS, ORDER, GROUP, SUM, EMPTY, FILLED, PAGE, CURSOR, PUBLICATION)
#: How the limits of a column are called.
FROM, TO = "_desde", "_hasta"
#: What the page of an answer has at most, what is grouped by, and how many values are taken of one column.
MOST_PAGE, MOST_GROUPED, MOST_VALUES, LONGEST = 10_000, 6, 400, 200
#: The site's own parameters that are another name for a column, the first of these that a table has.
ALSO_CALLED = {
    "departamento": ("codigo_departamento",),
    **{URL_NAMES[name]: (name,) for name in ("grupo_edad", "codigo_departamento_origen")},
    "pais": ("pais_residencia", "codigo_pais"),
    "estado": ("estado_residencia", "codigo_estado"),
    "ciudad": ("ciudad_residencia", "codigo_ciudad"),
    "papeleta": ("cargo",),
    "centro": ("codigo_centro",),
}
#: A place of the country: a departamento, or a municipio.
PLACE = "lugar"
DEPARTAMENTO, MUNICIPIO = fields.codigo_departamento.name, fields.codigo_municipio.name
DIGITS_OF_DEPARTAMENTO = 2
#: Columns that are filled from the coarsest: a finer one says also what it is inside of.
CHAINS = ((DEPARTAMENTO, MUNICIPIO), ("pais_residencia", "estado_residencia", "ciudad_residencia"))
#: How the state of a sum is called, and its values.
STATE = "estado_suma_{}"
ADDED, LACKING, APART = "sumada", "sin_dato", "no_se_suma"
STATES = {
    ADDED: "Es la suma de todas las filas del grupo",
    CONFIDENTIAL: "No se publica: alguna de sus filas es confidencial",
    LACKING: "No se suma: alguna de sus filas no tiene dato publicado",
    APART: "No se suma: alguna de sus filas es parcial",
}
ROWS = Field(
    "filas",
    "Filas",
    "Cuántas filas de la tabla hay en el grupo.",
    Kind.ENTERO,
    unit="filas",
    minimum=0,
    english=("Rows", "How many rows of the table are in the group."),
)
RANGED = (Kind.ENTERO, Kind.DECIMAL, Kind.FECHA)
FIGURES = (Kind.ENTERO, Kind.DECIMAL)


@dataclass(frozen=True)
class Condition:
    """What the value of a column is in every row that is wanted: one of `values`, or from `least` to `most`, both included;
    not `but`; `missing` or not.
    """

    column: str
    values: tuple[object, ...] = ()
    least: object = None
    most: object = None
    but: object = None
    missing: bool | None = None


@dataclass(frozen=True)
class Extract:
    """What is asked of a table: `columns` of the rows that keep all the `conditions`, in an `order` (column, whether from the
    highest) that ends with the key; or, grouped `by` some columns, the sums of others. `limit` rows after the first `skip`,
    or all. `asked` is the address that says so, without what chooses a page: pairs in a fixed order.
    """

    table: str
    columns: tuple[str, ...]
    conditions: tuple[Condition, ...] = ()
    order: tuple[tuple[str, bool], ...] = ()
    by: tuple[str, ...] = ()
    sums: tuple[str, ...] = ()
    limit: int | None = None
    skip: int = 0
    asked: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    @property
    def grouped(self) -> bool:
        """Whether its rows are groups."""
        return bool(self.by)

    @property
    def whole(self) -> Extract:
        """The same without a page."""
        return replace(self, limit=None, skip=0)


@dataclass(frozen=True)
class Filter:
    """A parameter that chooses rows: by the value of a `field`, or of `code` when what is asked is one (`departamento=16` and, in
    a table that has the names too, `departamento=Petén`). With `limit`, FROM or TO, by the least or the most of it.
    """

    name: str
    title: str
    field: Field
    code: Field | None = None
    limit: str = ""


class Offered:
    """What a table lets an address ask."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.columns = {item.name: item for item in table.columns if item.kind is not Kind.GEOMETRIA}

    @cached_property
    def derived(self) -> Mapping[str, Field]:
        """The columns that it does not have and that follow from one that it has."""
        has = MUNICIPIO in self.columns and DEPARTAMENTO not in self.columns
        return {DEPARTAMENTO: fields.codigo_departamento} if has else {}

    @cached_property
    def every(self) -> Mapping[str, Field]:
        """Every column that rows are chosen or grouped by."""
        return {**self.columns, **self.derived}

    @cached_property
    def filters(self) -> Mapping[str, Filter]:
        """The parameters that choose rows, by name."""
        return {item.name: item for item in self._filters()}

    def _filters(self) -> Iterator[Filter]:
        for name, item in self.every.items():
            if name not in OF_ANY_TABLE:  # a column called so is chosen by its limits
                yield Filter(name, item.title, item)
            if item.kind in RANGED:
                yield Filter(name + FROM, f"{item.title}, desde", item, limit=FROM)
                yield Filter(name + TO, f"{item.title}, hasta", item, limit=TO)
        for name, columns in ALSO_CALLED.items():
            if column := next((column for column in columns if column in self.every), None):
                own = self.columns.get(name)
                yield Filter(name, self.every[column].title, own or self.every[column], self.every[column])
        if DEPARTAMENTO in self.every:
            yield Filter(PLACE, "Lugar", self.columns.get(PLACE, self.place), self.place)

    @cached_property
    def place(self) -> Field:
        """What `lugar=` asks for: the code of a departamento or, where there are any, of a municipio."""
        pattern = r"\d{2}(\d{2})?" if MUNICIPIO in self.columns else r"\d{2}"
        return Field(PLACE, "Lugar", "Código de un departamento o de un municipio.", Kind.CODIGO, pattern=pattern)

    @cached_property
    def additive(self) -> tuple[Field, ...]:
        """The columns whose figures can be added."""
        return tuple(item for item in self.table.fields if item.additive)

    @cached_property
    def figures(self) -> tuple[Field, ...]:
        """The columns that say how much or how many, which are no part of its key."""
        return tuple(
            item
            for item in self.table.fields
            if item.kind in FIGURES and item.name not in self.table.key and (item.unit or item.additive)
        )

    def state_of(self, name: str) -> str | None:
        """The column that says why a figure is missing."""
        return next(
            (one.status for one in self.table.measures if one.status and name in (one.columns or (one.name,))), None
        )

    @cached_property
    def hides(self) -> bool:
        """Whether some of its counts are confidential."""
        return any(CONFIDENTIAL in (item.labels or {}) for item in self.columns.values())

    @cached_property
    def crossed(self) -> frozenset[str]:
        """The columns whose totals are rows too."""
        return frozenset(name for cross in self.table.crosses for name in cross)

    def outcome(self, extract: Extract) -> tuple[Field, ...]:
        """The columns of the answer to a question, in order."""
        if not extract.grouped:
            return tuple(self.columns[name] for name in extract.columns)
        sums = (replace(self.columns[name], nullable=True) for name in extract.sums)
        found = [self.every[name] for name in extract.by] + [ROWS]
        for item in sums:
            state = Field(
                STATE.format(item.name),
                f"Estado: {item.title}",
                "Si se suma.",
                Kind.CATEGORIA,
                labels=STATES,
                english=(f"Status: {item.english[0] or item.name}", "Whether it is added up."),
            )
            found += [item, state]
        return tuple(found)
