"""Who came first and second in each election of a municipio, or of many: its picture is a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.view import Result
from dashboard.words import Figure, Sentence, integer, listing, plural, sentence


@dataclass(frozen=True)
class Race:
    """One election: the two leading organisations and their votes, or the words for why there are none."""

    year: str
    first: str | None
    first_votes: int | None
    second: str | None
    second_votes: int | None
    valid: int | None
    missing: str


@dataclass(frozen=True)
class Facts:
    """The elections, oldest first, where, and whether they are those of a single municipio."""

    races: tuple[Race, ...]
    within: str
    single: bool


@dataclass(frozen=True)
class Material:
    """What the table is made of."""

    races: Sequence[Race]
    within: str
    single: bool


def facts(result: Result) -> Facts:
    """The races as they come."""
    material: Material = result.material
    return Facts(tuple(material.races), material.within, material.single)


def text(facts: Facts) -> tuple[Sentence, ...]:
    """The last election with published results, then what is missing."""
    known = [(race, race.first) for race in facts.races if race.first]
    if not facts.single and known:
        return (_most_won(known, facts.within),)
    found = (
        [_result(*known[-1], facts.within)] if known else [sentence("{within} no hay resultados.", within=facts.within)]
    )
    return (*found, *(_missing(race) for race in facts.races if not race.first))


def figure(facts: Facts) -> list[dict[str, str | None]]:
    """The races as data."""
    return [{"anio": race.year, "primero": race.first, "segundo": race.second} for race in facts.races]


def _result(race: Race, first: str, within: str) -> Sentence:
    if race.second is None or race.second_votes is None or race.first_votes is None:
        return sentence("{within}, en {year} ganó {first}.", within=within, year=race.year, first=first)
    margin = race.first_votes - race.second_votes
    return sentence(
        "{within}, en {year} ganó {first} con {votes} votos: {margin} más que {second}.",
        within=within,
        year=race.year,
        first=first,
        votes=Figure(integer(race.first_votes), race.first_votes),
        margin=Figure(plural(margin, "voto", "votos"), margin),
        second=race.second,
    )


def _most_won(known: Sequence[tuple[Race, str]], within: str) -> Sentence:
    """Who won most places in the last election, of those whose result is published."""
    year = known[-1][0].year
    winners = Counter(first for race, first in known if race.year == year)
    won = max(winners.values())
    parties = sorted(party for party, count in winners.items() if count == won)
    each = " cada una" if len(parties) > 1 else ""
    return sentence(
        "{within}, en {year} nadie ganó más alcaldías que {party}: {won}"
        + each
        + ", de {total} con resultado publicado.",
        within=within,
        year=year,
        party=listing(parties),
        won=Figure(integer(won), won),
        total=Figure(integer(winners.total()), winners.total()),
    )


def _missing(race: Race) -> Sentence:
    return sentence("De {year}: {why}.", year=race.year, why=race.missing)
