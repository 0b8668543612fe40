"""What to write to the tribunal to ask for what is missing: a paragraph generated from the very crosses that are not
published, for a request under the law of access to public information.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dashboard.commitment.crosses import PARTICIPATION, REGISTRY, TOTAL, Availability, Cell, Cross
from dashboard.commitment.supply import GROUPS
from dashboard.figures.counted import ABROAD, CIUDAD, COUNTRY, DEPARTAMENTO, ESTADO, MUNICIPIO, WHOLE
from dashboard.words import listing
from etl import country

LAW = f"la {country.COUNTRY.access_law.name} ({country.COUNTRY.access_law.decree} del Congreso de la República)"
#: Categories are named one by one up to this many.
NAMED = 8
WHO = {
    (REGISTRY, COUNTRY): "el número de ciudadanos empadronados en los municipios del país",
    (REGISTRY, ABROAD): "el número de ciudadanos empadronados en el extranjero",
    (PARTICIPATION, COUNTRY): "el número de ciudadanos que votaron (votos emitidos) en los municipios del país",
    (PARTICIPATION, ABROAD): "el número de ciudadanos que votaron (votos emitidos) en el extranjero",
}
WHERE = {
    (COUNTRY, WHOLE): "todo el país",
    (COUNTRY, DEPARTAMENTO): "cada departamento",
    (COUNTRY, MUNICIPIO): "cada municipio",
    (ABROAD, WHOLE): "todo el extranjero",
    (ABROAD, ESTADO): "cada país (y cada estado, en los Estados Unidos)",
    (ABROAD, CIUDAD): "cada ciudad o circunscripción",
}
#: What a group means for those who live abroad, where its own name would not be understood.
ORIGIN = {(ABROAD, "area"): "área del lugar de origen en Guatemala"}


def petitions_for(cells: Sequence[Cell], elections: Mapping[str, str]) -> tuple[str, ...]:
    """The paragraphs that ask for what `cells` (one topic, residence and division, one or more levels) lack: one for the
    levels that lack the same. `elections` are their names by code.
    """
    gaps: dict[tuple[str, ...], list[Cell]] = {}
    for cell in cells:
        if cell.state is not Availability.PUBLISHED:
            gaps.setdefault(cell.pending, []).append(cell)
    return tuple(_paragraph(found, elections) for found in gaps.values())


def _paragraph(gaps: Sequence[Cell], elections: Mapping[str, str]) -> str:
    cross = gaps[0].cross
    where = listing([WHERE[cross.residence, cell.cross.level] for cell in gaps])
    asked = f"{WHO[cross.topic, cross.residence]}, {_divided(cross.residence, cross.division)}para {where}"
    return (
        f"Con base en {LAW}, solicito al {country.COUNTRY.tribunal.name} {asked}, {_when(gaps[0], elections)}. "
        f"Pido el dato en una tabla de formato abierto (CSV o XLSX), {_layout(cross)}. "
        "Solo pido cifras agregadas, ningún dato personal. "
        "Si el Tribunal no registra este dato, pido que lo diga en su respuesta."
    )


def _layout(cross: Cross) -> str:
    rows = [
        "lugar",
        *(["elección"] if cross.topic == PARTICIPATION else []),
        *([] if cross.division == TOTAL else ["categoría"]),
    ]
    said = f"con una fila por {listing(rows)}, los códigos de lugar y la fecha de corte"
    return said if cross.division == TOTAL else f"{said}, y la definición de cada categoría"


def _divided(residence: str, division: str) -> str:
    if division == TOTAL:
        return ""
    group = GROUPS[division]
    title = ORIGIN.get((residence, division), group.title.lower())
    labels = list((group.labels or {}).values())
    named = listing(labels) if len(labels) <= NAMED else f"{len(labels)} categorías, de «{labels[0]}» a «{labels[-1]}»"
    return f"desagregado por {title} ({named}), "


def _when(gap: Cell, elections: Mapping[str, str]) -> str:
    if gap.cross.topic == REGISTRY:
        return "según el corte más reciente del padrón"
    names = [elections[code] for code in gap.pending]
    if len(names) == 1:
        return f"en «{names[0]}»"
    return f"en cada una de estas {len(names)} votaciones: {'; '.join(names)}"
