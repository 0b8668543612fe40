"""What the actas of the polling tables say, and where what is written in them does not add up: its picture is a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.view import Result
from dashboard.words import Figure, Sentence, integer, plural, sentence

CAST = "votos_emitidos"


@dataclass(frozen=True)
class Material:
    """Polling tables and discrepancies as published, and the words for each event («Elecciones … 2023»)."""

    tables: Sequence[Mapping[str, Any]]
    discrepancies: Sequence[Mapping[str, Any]]
    events: Mapping[str, str]
    places: Mapping[str, str]


@dataclass(frozen=True)
class Event:
    """The polling tables of one election in one municipio. `registered` and `cast` are of the counted ones."""

    title: str
    tables: int
    counted: int
    registered: int
    cast: int


@dataclass(frozen=True)
class Facts:
    """The events, the discrepancies in plain words and how many actas have one."""

    events: tuple[Event, ...]
    about_cast: tuple[tuple[int, str], ...]
    others: int
    actas: int


def facts(result: Result) -> Facts:
    """Totals by event; the discrepancies about how many voted, and how many more there are."""
    material: Material = result.material
    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row in material.tables:
        groups.setdefault((row["eleccion"], row["codigo_municipio"]), []).append(row)
    about_cast = [row for row in material.discrepancies if row["campo"] == CAST]
    return Facts(
        tuple(_event(material, *key, rows) for key, rows in groups.items()),
        tuple((row["mesa"], row["explicacion"]) for row in about_cast),
        len(material.discrepancies) - len(about_cast),
        len({row["mesa"] for row in material.discrepancies}),
    )


def _event(material: Material, eleccion: str, code: str, rows: Sequence[Mapping[str, Any]]) -> Event:
    counted = [row for row in rows if row["contabilizada"]]
    title = f"{material.places.get(code, 'Extranjero')}, {material.events[eleccion]}"
    registered = sum(row["empadronados"] for row in counted)
    return Event(title, len(rows), len(counted), registered, int(sum(row[CAST] for row in counted)))


def text(facts: Facts) -> tuple[Sentence, ...]:
    """One sentence for each event, then the discrepancies about how many voted."""
    found = [_counted(event) for event in facts.events]
    if facts.actas:
        found.append(
            sentence(
                "En {actas} lo escrito no cuadra. Se usa lo calculado y se publica también lo escrito.",
                actas=Figure(plural(facts.actas, "acta", "actas"), facts.actas),
            )
        )
    found += [
        sentence("Mesa {number}: {words}", number=Figure(str(mesa), mesa), words=words)
        for mesa, words in facts.about_cast
    ]
    if facts.others:
        found.append(
            sentence(
                "{others} de otras casillas del acta están en la tabla de discrepancias.",
                others=Figure(plural(facts.others, "diferencia más", "diferencias más"), facts.others),
            )
        )
    return tuple(found)


def figure(facts: Facts) -> list[dict[str, str | int]]:
    """The totals as data."""
    return [{"evento": event.title, "mesas": event.tables, "contabilizadas": event.counted} for event in facts.events]


def _counted(event: Event) -> Sentence:
    return sentence(
        "{title}: {counted} de {tables} mesas contabilizadas, con {cast} votos emitidos de {registered} personas empadronadas "
        "en ellas.",
        title=event.title,
        counted=Figure(integer(event.counted), event.counted),
        tables=Figure(integer(event.tables), event.tables),
        cast=Figure(integer(event.cast), event.cast),
        registered=Figure(integer(event.registered), event.registered),
    )
