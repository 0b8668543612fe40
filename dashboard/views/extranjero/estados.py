"""How many Guatemalans are estimated to live in each state, and how many of every thousand are registered?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.address.abroad import ABROAD, PAINTS, PER_THOUSAND, Where
from dashboard.figures.abroad import Figures, voted_abroad
from dashboard.figures.published import of_the_row
from dashboard.figures.queries import Data
from dashboard.kinds import estados
from dashboard.view import EVIDENCE, PictureKind, Result, View, number_column, text_column
from dashboard.words import COUNT, Figure, Sentence, Unit, integer, sentence
from etl.country import fold

ESTIMATES, OTHERS = "guatemaltecos_eeuu", "guatemaltecos_eeuu_otras_fuentes"
#: The estimate of the whole country among the other estimates: its code in the table.
WHOLE_COUNTRY = "01"
NATURE = "Estimación: no es padrón ni censo"
RATE = Unit(decimals=1, phrase="por cada 1,000 guatemaltecos estimados")
LEAD = {
    False: "La red consular del Minex estima {total} guatemaltecos en {count}: sobre todo en {top_name} ({top}), {rest}.",
    True: "La tasa más alta, {top} por cada 1,000, está en {top_name}; después, {rest}.",
}
EMPTY = (
    "Ninguna fuente publica cuántos empadronados hay en cada estado: no se puede decir cuántos son por cada 1,000, y no se "
    "deducen de las ciudades donde se vota."
)


def query(data: Data, selection: Where) -> Result:
    """Every state of the catalogue, those with an estimate first, from the highest."""
    figures = Figures(data)
    names = {row["codigo_estado"]: row["estado"] for row in data.records("estados_eeuu")}
    estimates: dict[str, Mapping[str, Any]] = {row["codigo_estado"]: row for row in data.records(ESTIMATES)}
    registered = _registered(figures, selection.eleccion)
    rates = {code: _rate(registered.get(code), estimates[code]["guatemaltecos_estimados"]) for code in estimates}
    by_rate = selection.ver == PER_THOUSAND
    values = {
        code: rates.get(code) if by_rate else estimates.get(code, {}).get("guatemaltecos_estimados") for code in names
    }
    ordered = sorted(names, key=lambda code: (values[code] is None, -(values[code] or 0), fold(names[code])))
    material = estados.Material(
        {code: values[code] for code in ordered},
        names,
        PAINTS[selection.ver],
        RATE if by_rate else COUNT,
        LEAD[by_rate],
        EMPTY,
        _country(data, figures, selection, by_rate, sum(row["guatemaltecos_estimados"] for row in estimates.values())),
    )
    return Result(
        question=(
            "¿Cuántos están empadronados por cada 1,000 que viven allí?"
            if by_rate
            else "¿En qué estados se estima que viven?"
        ),
        columns=COLUMNS,
        rows=tuple(
            _row(code, names[code], estimates.get(code), registered.get(code), rates.get(code)) for code in ordered
        ),
        material=material,
        tables=(ESTIMATES, OTHERS, "extranjero") if by_rate else (ESTIMATES, OTHERS),
        notes=(
            "La estimación sale de quienes gestionan trámites en los consulados: no es un padrón ni un censo, y cuenta a "
            "personas de todas las edades. Un estado sin dato publicado no es un estado sin guatemaltecos.",
        ),
    )


def _registered(figures: Figures, event: str) -> dict[str, int]:
    """Registered by state, where a source gives the whole state; the figure of a city is not that of its state."""
    return {
        row["codigo_estado"]: row["valor"]
        for row in figures.by_place(event)
        if row["nivel"] == "estado" and row["indicador"] == "empadronados" and row["precision"] == "exacta"
    }


def _rate(registered: int | None, estimated: int) -> float | None:
    return None if registered is None or not estimated else 1000 * registered / estimated


def _country(data: Data, figures: Figures, selection: Where, by_rate: bool, listed: int) -> tuple[Sentence, ...]:
    """What the states do not say: the published total, or the only rate that can be computed."""
    whole = next((row for row in data.records(OTHERS) if row["cifra"] == WHOLE_COUNTRY), None)
    if whole is None:
        return ()
    total = Figure(integer(whole["valor"]), whole["valor"])
    if not by_rate:
        rest = Figure(integer(whole["valor"] - listed), whole["valor"] - listed)
        return (
            sentence("El total que publica es {total}: de {rest} no se publicó el estado.", total=total, rest=rest),
        )
    when = whole["corte_texto"]
    registered = figures.total(selection.eleccion, "empadronados")
    year, latest = figures.label(selection.eleccion), voted_abroad(data)[-1:]
    if selection.eleccion not in [item.code for item in latest] or registered.value is None:
        return (sentence(f"La estimación es de {when}: no se divide entre ella el padrón de {year}."),)
    rate = 1000 * registered.value / whole["valor"]
    return (
        sentence(
            f"En todo el país, {{registered}} empadronados de {year} entre {{total}} guatemaltecos que se "
            f"estimaban en {when}: {{rate}} por cada 1,000.",
            registered=registered.figure(),
            total=total,
            rate=Figure(RATE.write(rate), rate),
        ),
    )


def _row(
    code: str, name: str, estimate: Mapping[str, Any] | None, registered: int | None, rate: float | None
) -> tuple[Any, ...]:
    if estimate is None:
        return (code, name, None, registered, rate, *[""] * len(EVIDENCE), "")
    evidence = (
        estimate["confianza"],
        estimate["corte_texto"],
        estimate["fuente"],
        estimate["url"] or "",
        "",
        *of_the_row(estimate),
    )
    value = estimate["guatemaltecos_estimados"]
    return (code, name, value, registered, rate, NATURE, *evidence, estimate["nota"] or "")


COLUMNS = (
    text_column("codigo_estado", "Código del estado", "Código postal del estado.", hidden=True),
    text_column("estado", "Estado", "Estado, distrito o territorio de los Estados Unidos."),
    number_column(
        "guatemaltecos_estimados",
        "Guatemaltecos, estimación",
        "Estimación de la red consular del Minex: no es padrón ni censo.",
        "personas",
        COUNT,
    ),
    number_column(
        "empadronados", "Empadronados", "Empadronados que una fuente publica del estado entero.", "personas", COUNT
    ),
    number_column(
        "por_mil",
        "Por cada 1,000 estimados",
        "Empadronados del estado por cada 1,000 guatemaltecos estimados.",
        "por cada 1,000",
        RATE,
        decimal=True,
    ),
    *EVIDENCE,
    text_column("nota_fila", "Nota", "Observación sobre la cifra.", hidden=True),
)
VIEW = View(
    "extranjero_estados",
    "Guatemaltecos en los Estados Unidos por estado (estimación)",
    PictureKind.of(estados),
    query,
    topic="extranjero",
    contract=ABROAD.only("eleccion", "ver"),
)
