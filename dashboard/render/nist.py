"""The results of one election as NIST SP 1500-100 V2 («Election Results Common Data Format») writes them, in JSON.

One report for each election of the catalogue. What the law calls an election (of each office, with its own ballot) is an
Election of the report, so that the ballots cast of each are told apart. What has no place in the format is left out, and
docs/normas-electorales.md says what.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from dashboard.figures import returns, units
from dashboard.figures.elections import GENERAL
from dashboard.figures.returns import Returns, Votes
from dashboard.figures.units import Unit
from dashboard.render.formats import JSON, Format
from etl.country import COUNTRY
from etl.release import Release

NIST = Format(JSON.suffix, "NIST SP 1500-100 V2 (JSON)", JSON.media_type)
PREFIX = "nist_"
TYPE = "@type"
#: The type of each kind of unit; those that the format has no name for are «other», with their own.
UNIT_TYPES = {
    units.NATION: "country",
    units.MUNICIPIO: "municipality",
    units.ABROAD_COUNTRY: "country",
    units.ABROAD_STATE: "state",
    units.ABROAD_CITY: "city",
    units.CENTRE: "polling-place",
    units.TABLE: "precinct",
}
ELECTION_TYPES = {GENERAL: "general", "segunda_vuelta": "runoff", "repeticion": "special"}
#: The offices that the whole country chooses, and the one that each municipio does. The districts of the others are not in
#: any table, and they have no contest.
NATIONAL, LOCAL, REFERENDUM = (
    ("presidencia", "diputados_lista_nacional", "parlacen"),
    "corporacion_municipal",
    "consulta_popular",
)
BLOCK = 1 << 16
encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True)
class Report:
    """The report of one election, by its code, of the release in a folder."""

    root: Path
    code: str


class Written(str):
    """Something that is JSON already."""


class Streamed(dict[str, Any]):
    """An object with lists that are written as they are made: iterators, of things to encode or of other such objects."""


def file_name(code: str) -> str:
    """How the report of an election is called: «nist_2023_1.json»."""
    return f"{PREFIX}{code.replace('-', '_')}.{NIST.suffix}"


def write(report: Report, file: BinaryIO) -> None:
    """Write a report, a piece at a time: the actas of an election are a hundred thousand."""
    release = Release.open(report.root, whole=False)
    pieces: list[str] = []
    size = 0
    for piece in _pieces(_report(release, returns.returns(release, report.code))):
        pieces.append(piece)
        size += len(piece)
        if size >= BLOCK:
            file.write("".join(pieces).encode())
            pieces, size = [], 0
    file.write("".join(pieces).encode())


def _pieces(value: Any) -> Iterator[str]:
    if isinstance(value, Iterator):
        yield "["
        for number, item in enumerate(value):
            if number:
                yield ","
            if type(item) is Written:
                yield item
            else:
                yield from _pieces(item)
        yield "]"
    elif isinstance(value, Streamed):
        yield "{"
        for number, (name, item) in enumerate(value.items()):
            yield f"{',' if number else ''}{encode(name)}:"
            yield from _pieces(item)
        yield "}"
    else:
        yield encode(value)


# --- The report ------------------------------------------------------------------------------------------------------


def _report(release: Release, found: Returns) -> Streamed:
    parties = {name: f"partido-{number}" for number, name in enumerate(sorted({v.party for v in found.votes}), 1)}
    detailed = any(unit.kind == units.TABLE for unit in found.units)
    facts = [item for item in release.manifest["archivos"] if item["tabla"] in found.used]
    test = {"IsTest": True, "TestType": "Personas inventadas"} if release.synthetic else {}
    return Streamed(
        {
            TYPE: _type("ElectionReport"),
            "Format": "precinct-level" if detailed else "summary-contest",
            # The same release is always the same bytes: it says as of when its figures are, and not when they were written.
            "GeneratedDate": f"{max(item['corte'] for item in facts)}T00:00:00{COUNTRY.utc_offset}",
            "Issuer": "Padrón Abierto",
            "IssuerAbbreviation": COUNTRY.iso,
            "SequenceStart": 1,
            "SequenceEnd": 1,
            "Status": "unofficial-complete" if found.whole else "unofficial-partial",
            "VendorApplicationId": f"Padrón Abierto {release.manifest['version_codigo']}",
            **test,
            "Notes": _notes(facts),
            "ExternalIdentifier": [_other("publicacion", release.id)],
            "GpUnit": (_unit(unit) for unit in found.units),
            "Party": (_party(id_, name) for name, id_ in parties.items()),
            "Election": (_election(found, office, parties) for office in found.offices or ("",)),
        }
    )


def _type(name: str) -> str:
    return f"ElectionResults.{name}"


def _notes(facts: Iterable[Any]) -> str:
    """Whose figures they are: this is a transcription of what was published, never the document of the tribunal."""
    sources = dict.fromkeys(
        f"{source['editor']}: {source['titulo']} ({source['corte_texto'] or source['corte']})"
        for item in facts
        for source in item["fuentes"]
    )
    return (
        f"Transcripción de lo publicado; no es un documento del {COUNTRY.tribunal.title}. GeneratedDate es el corte más "
        f"reciente de sus fuentes. Fuentes: {' | '.join(sources)}."
    )


def _text(content: str) -> dict[str, Any]:
    written = {TYPE: _type("LanguageString"), "Content": content, "Language": "es"}
    return {TYPE: _type("InternationalizedText"), "Text": [written]}


def _identifier(kind: str, value: str, label: str = "") -> dict[str, str]:
    said = {TYPE: _type("ExternalIdentifier"), "Type": kind, "Value": value}
    return said | ({"Label": label} if label else {})


def _other(name: str, value: str) -> dict[str, str]:
    return _identifier("other", value) | {"OtherType": name}


def _unit(unit: Unit) -> dict[str, Any]:
    said: dict[str, Any] = {TYPE: _type("ReportingUnit"), "@id": unit.id}
    said |= {"Type": UNIT_TYPES[unit.kind]} if unit.kind in UNIT_TYPES else {"Type": "other", "OtherType": unit.kind}
    known = {
        "Name": _text(unit.name) if unit.name else None,
        "Number": unit.code if unit.kind in (units.TABLE, units.CENTRE) else None,
        "ExternalIdentifier": _codes(unit),
        "VotersRegistered": unit.registered,
        "VotersParticipated": unit.participated,
        "TotalSubUnits": unit.tables,
        "ComposingGpUnitIds": sorted(unit.inside, key=lambda inner: (len(inner), inner)),
    }
    return said | {name: value for name, value in known.items() if value is not None and value != []}


def _codes(unit: Unit) -> list[dict[str, str]]:
    found = [_identifier("ocd-id", unit.ocd)] if unit.ocd else []
    if unit.kind in (units.DEPARTAMENTO, units.MUNICIPIO, units.ABROAD, units.DISTRICT):
        whose = "INE" if unit.kind in (units.DEPARTAMENTO, units.MUNICIPIO) else COUNTRY.tribunal.acronym
        found.append(_identifier("national-level", unit.code, whose))
    if unit.iso:
        found.append(_other("iso-3166-2" if unit.kind == units.DEPARTAMENTO else "iso-3166-1", unit.iso))
    return found


def _party(id_: str, name: str) -> dict[str, Any]:
    return {TYPE: _type("Party"), "@id": id_, "Name": _text(name)}


# --- Its elections ---------------------------------------------------------------------------------------------------


def _election(found: Returns, office: str, parties: dict[str, str]) -> Streamed:
    event = found.event
    kind = ELECTION_TYPES.get(event["tipo"], "other")
    day = event["fecha_eleccion"].isoformat()
    other = {"OtherType": event["tipo"]} if kind == "other" else {}
    title = f"{event['titulo']}: {found.offices[office]}" if office else event["titulo"]
    identifiers = [_other("eleccion", event["eleccion"])] + ([_other("cargo", office)] if office else [])
    return Streamed(
        {
            TYPE: _type("Election"),
            "Name": _text(title),
            "Type": kind,
            **other,
            "StartDate": day,
            "EndDate": day,
            "ElectionScopeId": found.units.country.id,
            "ExternalIdentifier": identifiers,
            "Contest": _contests(found, office, parties),
            "BallotCounts": (_ballots(count) for count in found.counts(office)),
        }
    )


def _ballots(count: returns.Count) -> Written:
    """A count of ballots, of which an election has hundreds of thousands."""
    return Written(f'{_kind(count.name)},"GpUnitId":{encode(count.unit)},"BallotsCast":{count.value}}}')


@lru_cache(32)
def _kind(name: str) -> str:
    """How its JSON begins. Ballots cast are the total; the valid, blank and null ones, other kinds of the same count."""
    kind = {"Type": "total"} if name == returns.CAST else {"Type": "other", "OtherType": name}
    return encode({TYPE: _type("BallotCounts"), **kind}).removesuffix("}")


def _contests(found: Returns, office: str, parties: dict[str, str]) -> Iterator[dict[str, Any]]:
    votes = [item for item in found.votes if item.office == office]
    if office == REFERENDUM:
        yield _contest(found, office, found.units.country, "BallotMeasureContest") | {"Type": "referendum"}
    elif office in NATIONAL:
        yield _contest(found, office, found.units.country) | _selections(votes, f"eleccion-{office}", parties)
    elif office == LOCAL:
        by_place: dict[str, list[Votes]] = {unit.id: [] for unit in found.chosen(office)}
        for item in votes:
            if (unit := found.units.municipio_of(found.units[item.unit])) is not None:
                by_place.setdefault(unit.id, []).append(item)
        for place, given in by_place.items():
            contest = _contest(found, office, found.units[place])
            yield contest | _selections(given, contest["@id"], parties)


def _contest(found: Returns, office: str, district: Unit, kind: str = "PartyContest") -> dict[str, Any]:
    national = district is found.units.country
    said: dict[str, Any] = {
        TYPE: _type(kind),
        "@id": f"eleccion-{office}" if national else f"eleccion-{office}-{district.code}",
        "Name": found.offices[office] if national else f"{found.offices[office]}, {district.name}",
        "ElectionDistrictId": district.id,
    }
    if (tables := found.reported.get((office, district.id))) is not None:
        said |= {"TotalSubUnits": tables[0], "SubUnitsReported": tables[1]}
    return said


def _selections(votes: list[Votes], contest: str, parties: dict[str, str]) -> dict[str, Any]:
    """The votes of each party of a contest, unit by unit; nothing when none were published."""
    by_party: dict[str, list[dict[str, Any]]] = {}
    for item in votes:
        counted = {TYPE: _type("VoteCounts"), "GpUnitId": item.unit, "Type": "total", "Count": item.value}
        by_party.setdefault(item.party, []).append(counted)
    chosen = [
        {
            TYPE: _type("PartySelection"),
            "@id": f"{contest}-{parties[name]}",
            "PartyIds": [parties[name]],
            "VoteCounts": counts,
        }
        for name, counts in by_party.items()
    ]
    return {"ContestSelection": chosen} if chosen else {}
