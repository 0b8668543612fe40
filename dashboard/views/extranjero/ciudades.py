"""Where could those abroad vote, and where are they registered? The cities of one election."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.address.abroad import ABROAD, CENTRES, CIRCLES, Where
from dashboard.figures.abroad import Figures, voted_abroad
from dashboard.figures.published import of_the_rows
from dashboard.figures.queries import Data
from dashboard.kinds import ciudades
from dashboard.view import EVIDENCE, PictureKind, Result, View, number_column, text_column
from dashboard.words import NO_DATA, Figure, Sentence, integer, listing, plural, sentence
from etl.model import Confidence

TABLES = ("extranjero", "centros_extranjero")
ANNOUNCED = "anunciado"
LISTED = "De la lista publicada antes de votar"
LEAD = (
    "En {year} podían votar desde el extranjero {registered} personas, en {centres} de {cities}, todas en los Estados "
    "Unidos. En la primera vuelta votaron {voters}: {turnout}."
)
KNOWN = {
    "empadronados": "Cuántos de los empadronados son de cada ciudad solo se conoce en {count}: {names}.",
    "votantes": "Cuántos votaron en cada ciudad solo se conoce en {count}: {names}.",
    CENTRES: "La lista publicada antes de votar tiene centros en {count}.",
}
NONE = "De ninguna ciudad se ha publicado ese dato."


def query(data: Data, selection: Where) -> Result:
    """The centres of the published list by city, and every figure published of a place smaller than the country."""
    figures = Figures(data)
    centres = {item.code: _centres(data, item.code) for item in voted_abroad(data)}
    here = centres.get(selection.eleccion, [])
    listed = _by_city(here)
    places = list(figures.by_place(selection.eleccion))
    cities = {city["codigo_ciudad"]: city for city in data.records("ciudades_extranjero")}
    states = {row["codigo_estado"]: row["estado"] for row in data.records("estados_eeuu")}
    material = ciudades.Material(
        cities=[
            _city(code, cities[code]["ciudad"], rows, places, selection.mostrar, figures)
            for code, rows in listed.items()
        ],
        measure=CIRCLES[selection.mostrar],
        largest=_largest(figures, centres, selection.mostrar),
        lead=LEAD,
        slots=_slots(figures, selection, len(listed)),
        known=KNOWN[selection.mostrar],
        none=NONE,
        more=_list_and_total(figures, here, selection),
    )
    rows = [_listed_row(code, cities[code], states, rows, figures) for code, rows in listed.items()]
    rows += [_figure_row(row, cities, states, figures) for row in places]
    return Result(
        question="¿Desde dónde votan los guatemaltecos en el extranjero?",
        columns=COLUMNS,
        rows=tuple(rows),
        material=material,
        tables=TABLES,
        notes=tuple(_announced(data, selection.eleccion)),
    )


def _centres(data: Data, event: str) -> list[Mapping[str, Any]]:
    rows = data.records("centros_extranjero")
    return [row for row in rows if row["eleccion"] == event and row["situacion"] != ANNOUNCED]


def _by_city(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in sorted(rows, key=lambda row: row["ciudad"]):
        found.setdefault(row["codigo_ciudad"], []).append(row)
    return found


def _city(
    code: str,
    name: str,
    centres: Sequence[Mapping[str, Any]],
    places: Sequence[Mapping[str, Any]],
    shown: str,
    figures: Figures,
) -> ciudades.City:
    if shown == CENTRES:
        return ciudades.City(code, name, len(centres), integer(len(centres)))
    row = next((row for row in places if row["codigo_ciudad"] == code and row["indicador"] == shown), None)
    if row is None:
        return ciudades.City(code, name, None, NO_DATA)
    figure = figures.published(row)
    # A figure of a zone larger than the city has the name that its source gives to the zone.
    named = name if row["nivel"] == "ciudad" else row["lugar"]
    return ciudades.City(code, named, figure.value, figure.text, figure.exact and row["nivel"] == "ciudad")


def _largest(figures: Figures, centres: Mapping[str, Sequence[Mapping[str, Any]]], shown: str) -> float:
    if shown == CENTRES:
        return max((len(rows) for found in centres.values() for rows in _by_city(found).values()), default=1)
    values = [
        row["valor"]
        for event in centres
        for row in figures.by_place(event)
        if row["indicador"] == shown and row["codigo_ciudad"] and row["valor"] is not None
    ]
    return max(values, default=1)


def _slots(figures: Figures, selection: Where, cities: int) -> dict[str, str | Figure]:
    event = selection.eleccion
    centres = figures.total(event, "centros")
    return {
        "year": figures.label(event),
        "registered": figures.total(event, "empadronados").figure(),
        "centres": Figure(f"{centres.text} centros", centres.value),
        "cities": Figure(plural(cities, "ciudad", "ciudades"), cities),
        "voters": figures.total(event, "votantes").figure(),
        "turnout": figures.turnout(event).figure(),
    }


def _list_and_total(figures: Figures, rows: Sequence[Mapping[str, Any]], selection: Where) -> tuple[Sentence, ...]:
    """When the list that is known is shorter than the published number of centres."""
    total = figures.total(selection.eleccion, "centros")
    if total.value is None or len(rows) >= total.value:
        return ()
    template = "La lista publicada antes de votar nombra {listed} centros; hubo {total}."
    listed = Figure(integer(len(rows)), len(rows))
    return (sentence(template, listed=listed, total=total.figure()),)


def _announced(data: Data, event: str) -> list[str]:
    rows = [row for row in data.records("centros_extranjero") if row["eleccion"] == event]
    names = [row["ciudad"] for row in rows if row["situacion"] == ANNOUNCED]
    return [f"Anunciado antes y fuera de la lista: {listing(names)}. No se cuenta."] if names else []


def _listed_row(
    code: str, city: Mapping[str, Any], states: Mapping[str, str], rows: Sequence[Mapping[str, Any]], figures: Figures
) -> tuple[Any, ...]:
    names = [" · ".join(filter(None, (row["centro"], row["direccion"]))) or "centro sin nombre" for row in rows]
    notes = [row["nota"] for row in rows if row["nota"]]
    return (
        code,
        city["ciudad"],
        states.get(city["codigo_estado"], ""),
        "Centros de votación en la lista",
        integer(len(rows)),
        len(rows),
        None,
        None,
        figures.precisions["exacta"],
        "; ".join([*names, *notes]),
        LISTED,
        str(Confidence.weakest(row["confianza"] for row in rows)),
        "; ".join(dict.fromkeys(row["corte_texto"] for row in rows)),
        "; ".join(dict.fromkeys(row["fuente"] for row in rows)),
        next((row["url"] for row in rows if row["url"]), ""),
        "",
        *of_the_rows(rows),
    )


def _figure_row(
    row: Mapping[str, Any], cities: Mapping[str, Mapping[str, Any]], states: Mapping[str, str], figures: Figures
) -> tuple[Any, ...]:
    state = row["codigo_estado"] or cities.get(row["codigo_ciudad"], {}).get("codigo_estado", "")
    return (
        row["codigo_ciudad"] or "",
        row["lugar"],
        states.get(state, "") if row["nivel"] == "ciudad" else "",
        figures.measures[row["indicador"]],
        figures.published(row).text,
        row["valor"],
        row["valor_minimo"],
        row["valor_maximo"],
        figures.precisions[row["precision"]],
        row["nota"] or "",
        *figures.published(row).evidence(),
    )


COLUMNS = (
    text_column("codigo_ciudad", "Código de la ciudad", "Código de la ciudad en el catálogo.", hidden=True),
    text_column("lugar", "Lugar", "La ciudad, o la zona con las palabras de la fuente."),
    text_column("estado", "Estado", "Estado de la ciudad."),
    text_column("medida", "Qué se cuenta", "Lo que mide la cifra."),
    text_column("cifra", "Cifra", "La cifra como se escribe en la página."),
    number_column("valor", "Valor", "Cifra exacta o aproximada; vacía si solo se conoce un rango.", "según medida"),
    number_column("valor_minimo", "Valor mínimo", "Lo menos que puede ser.", "según medida"),
    number_column("valor_maximo", "Valor máximo", "Lo más que puede ser.", "según medida"),
    text_column("precision", "Exactitud", "Con qué exactitud la da su fuente."),
    text_column("detalle", "Detalle", "Los centros de la lista, o la nota de la cifra."),
    *EVIDENCE,
)
VIEW = View(
    "extranjero_ciudades",
    "Ciudades del extranjero donde se votó",
    PictureKind.of(ciudades),
    query,
    topic="extranjero",
    contract=ABROAD.only("eleccion", "mostrar"),
)
