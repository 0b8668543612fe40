"""What was asked of a table as a cube of figures: which columns are its dimensions, what their values are called, and what the
document says of itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from dashboard.address.extracts import API, COLUMNS, ORDER, PAGE, STATE, STATES, Extract, Offered
from dashboard.address.own import base_url
from dashboard.figures.queries import Data
from dashboard.render.jsonstat import MOST_CELLS, Cube, Dimension, in_order
from dashboard.web.api import Refused
from dashboard.web.extract_asked import AskedExtract
from etl import fields
from etl.model import Field

#: The columns whose values are places of the country, and elections.
OF_PLACES = (
    fields.codigo_departamento.name,
    fields.codigo_municipio.name,
    "codigo_departamento_origen",
    "codigo_vecino",
)
ELECTIONS = "elecciones"
TOO_MANY = f"JSON-stat describe hasta {MOST_CELLS:,} celdas y se piden más: filtre, agrupe o pida menos columnas."


def of_figures(asked: AskedExtract) -> AskedExtract:
    """The same question about figures: their key, or what they are grouped by, and why each is missing. Refused if it has none,
    or asks for what a cube has not.
    """
    extract, offered = asked.extract, asked.offered
    named = dict(extract.asked)
    wrong = [
        f"JSON-stat no toma {name}: una tabla de cifras no tiene páginas ni orden."
        for name in (ORDER,)
        if name in named
    ]
    if extract.limit or extract.skip:
        wrong.append(f"JSON-stat no toma {PAGE}: una tabla de cifras no tiene páginas.")
    figures = sums_of(extract, offered)
    if not figures:
        wrong.append("Lo que se pide no tiene cifras: pídalo en CSV o en JSON.")
    beside = {*offered.table.key, *(offered.state_of(item.name) for item in figures)}
    others = set(extract.columns) - {item.name for item in figures} - beside if COLUMNS in named else set()
    if others:
        known = [item.name for item in offered.figures]
        wrong.append(f"En JSON-stat, {COLUMNS} dice qué cifras se piden, entre {', '.join(known)}.")
    if wrong:
        raise Refused(wrong, ())
    if extract.grouped:
        return replace(asked, extract=replace(extract, order=()))
    states = [state for item in figures if (state := offered.state_of(item.name))]
    columns = tuple(dict.fromkeys((*offered.table.key, *(item.name for item in figures), *states)))
    return replace(asked, extract=replace(extract, columns=columns))


def sums_of(extract: Extract, offered: Offered) -> tuple[Field, ...]:
    """The figures of a question."""
    if extract.grouped:
        return tuple(item for item in offered.outcome(extract) if item.unit)
    return tuple(item for item in offered.figures if item.name in extract.columns)


def cube_of(
    asked: AskedExtract,
    data: Data,
    rows: Sequence[Mapping[str, Any]],
    chosen: Mapping[str, Sequence[Any]] | None = None,
) -> Cube:
    """The cube of some rows; a dimension of which values were `chosen` has just those."""
    extract, offered = asked.extract, asked.offered
    figures = sums_of(extract, offered)
    names = extract.by if extract.grouped else offered.table.key
    dimensions = []
    for name in names:
        item = offered.every[name]
        values = (chosen or {}).get(name) or in_order(item, (row[name] for row in rows))
        dimensions.append(Dimension(item, tuple(values), words_of(data, item)))
    states = (
        {item.name: STATE.format(item.name) for item in figures}
        if extract.grouped
        else {item.name: state for item in figures if (state := offered.state_of(item.name))}
    )
    return cube(asked, tuple(dimensions), figures, states)


def cube(
    asked: AskedExtract, dimensions: tuple[Dimension, ...], figures: tuple[Field, ...], states: Mapping[str, str]
) -> Cube:
    """A cube with what its document says of itself."""
    about, facts = asked.about, asked.facts
    notes = [facts["descripcion"], f"Para citar: {about.citation}"]
    if asked.synthetic:
        notes.insert(0, "DATOS SINTÉTICOS: ninguna cifra es real.")
    return Cube(
        label=facts["titulo"],
        dimensions=dimensions,
        figures=figures,
        states=states,
        source="; ".join(dict.fromkeys(f"{source['editor']}: {source['titulo']}" for source in about.sources)),
        updated=f"{facts['corte']}T00:00:00Z",
        notes=tuple(notes),
        links={"license": about.license_url, **_described(asked)},
        extension={
            "publicacion": asked.release.id,
            "licencia": about.license_id,
            "estados": {**_states(asked.offered), **STATES} if states else {},
        },
    )


def _described(asked: AskedExtract) -> dict[str, str]:
    """Where the columns are described: a document says whole addresses, which are known where the site knows its own."""
    base = base_url()
    return {"describedby": f"{base}{API}/{asked.extract.table}"} if base else {}


def _states(offered: Offered) -> Mapping[str, str]:
    """The words for why a figure is missing, of all the columns that say it."""
    named = {state for item in offered.figures if (state := offered.state_of(item.name))}
    return {value: words for name in sorted(named) for value, words in (offered.columns[name].labels or {}).items()}


def words_of(data: Data, item: Field) -> Mapping[str, str]:
    """The words for each value of a column, by its code."""
    if item.labels:
        return item.labels
    if item.name in OF_PLACES:
        return {**data.territories.municipios, **data.territories.departamentos, "total": "Total"}
    if item.name == fields.eleccion.name and ELECTIONS in data.tables:
        return {row["eleccion"]: row["titulo"] for row in data.records(ELECTIONS)}
    return {"total": "Total"}
