"""What a table of a release counts, of whom, where and when: read from its own declaration, whatever its name."""

from __future__ import annotations

from dashboard.address.extracts import CONFIDENTIAL as CONFIDENTIAL
from dashboard.address.extracts import WITHHELD as WITHHELD
from etl.model import Measured, Table

COUNTRY, ABROAD = "pais", "extranjero"
WHOLE, DEPARTAMENTO, MUNICIPIO, ESTADO, CIUDAD = "todo", "departamento", "municipio", "estado", "ciudad"
#: The columns that hold the code of a place, the finest first, with the level it is of.
LEVEL_OF_COLUMN = {
    "codigo_municipio": MUNICIPIO,
    "codigo_departamento": DEPARTAMENTO,
    "codigo_ciudad": CIUDAD,
    "ciudad_residencia": CIUDAD,
    "codigo_estado": ESTADO,
    "estado_residencia": ESTADO,
    "codigo_pais": ESTADO,
    "pais_residencia": ESTADO,
}
#: Places of these levels are abroad, whatever else the table says.
FOREIGN = frozenset({CIUDAD, ESTADO})
#: Columns that say where the people counted live.
RESIDENCE = ("residencia", "ambito")
#: Columns that say when the figure of a row is of.
OCCASIONS = ("eleccion", "anio", "fecha", "fecha_texto")
#: The column that says as of when the rows of a cube were counted: a release may have several cut-offs of each.
CUTOFF = "fecha_corte"
AGE = "grupo_edad"
#: The shared columns that are counts of the registry or of an election.
COUNTS = ("empadronados", "votos_emitidos", "votantes", "votos_validos")


def names_of(table: Table) -> frozenset[str]:
    """The names of its columns."""
    return table.names


def how_old(table: Table) -> tuple[str, ...]:
    """On which day its ages were counted, in its own words; nothing when it has no ages."""
    said = (item.description for item in table.fields if item.name == AGE)
    return tuple(f"Edad: {words[:1].lower()}{words[1:]}" for words in said if words)


def has_shapes(table: Table) -> bool:
    """Whether it is a table of boundaries and not of figures."""
    return table.shaped


def measures(table: Table) -> tuple[Measured, ...]:
    """What a table counts: what it declares, or else the shared columns it has."""
    if table.measures:
        return table.measures
    names = names_of(table)
    return tuple(Measured(name) for name in COUNTS if name in names)


def level_of(table: Table) -> tuple[str, str]:
    """(residence, level) of the finest place that the columns of a table have."""
    names = names_of(table)
    level = next((level for name, level in LEVEL_OF_COLUMN.items() if name in names), WHOLE)
    return (ABROAD if level in FOREIGN else COUNTRY), level
