"""Many readers at once who ask for the rows of a municipio and a year as JSON, here and in Datasette: how many each answers in a
second.

Both servers are there at the same time, with one process each, and are asked by turns: each address once, and one address again
and again. Datasette is asked in two ways: as it answers whoever asks for nothing else, and as it answers soonest, without
counting the rows nor suggesting by what to group them. What is promised is beside the first; the second is told too.
"""

from __future__ import annotations

import json
import random
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

import pyarrow.parquet as pq

from bench.figures import Figure
from bench.load import Load, loaded

SEED, CLIENTS, ROUNDS = 327, 16, 3
#: How many of the addresses have their answers compared, before and after.
COMPARED = 12
#: How many times the answers per second of Datasette are promised: of addresses that nobody had asked, and of one asked before.
TIMES_NEW, TIMES_KEPT = 2, 5
#: Addresses for each second of a round: more than are ever answered.
PER_SECOND = 3_000
BESIDE = "Datasette 0.65"
#: How it is asked for all the rows of an answer, as objects, and for no more than them.
USUAL, FASTEST = "&_shape=objects&_size=max", "&_nocount=1&_nofacet=1&_nosuggest=1"


@dataclass(frozen=True)
class Server:
    """One of the two: where it answers, the address of each municipio and year, and the rows of an answer."""

    address: str
    path: Callable[[str, int], str]
    rows: Callable[[dict[str, object]], list[dict[str, object]]]

    def figures(self, place: str, year: int) -> list[tuple[object, ...]]:
        """What it answers, as text and numbers in order."""
        with urllib.request.urlopen(self.address + self.path(place, year)) as answer:
            found = self.rows(json.load(answer))
        return sorted((row["sexo"], row["grupo_edad_poblacion"], row["poblacion"]) for row in found)


def measured(ours: str, theirs: str, table: str, file: Path, folder: Path, seconds: float) -> list[Figure]:
    """Milliseconds for each answer with many readers, of both kinds of address; RuntimeError if an answer is not right."""
    here = Server(ours, lambda place, year: f"/api/v1/datasets/{table}/data.json?{_asked(place, year)}", _data)
    there = Server(theirs, lambda place, year: f"/tabla/{table}.json?{_asked(place, year)}{USUAL}", _rows)
    fastest = Server(theirs, lambda place, year: f"/tabla/{table}.json?{_asked(place, year)}{USUAL}{FASTEST}", _rows)
    pairs = _pairs(file)
    kept, new = pairs[:1], pairs[1:]
    _same(here, there, kept)
    most = int(seconds * PER_SECOND)
    found: dict[tuple[str, str], list[Load]] = {}
    for turn in range(ROUNDS):
        part = [new[(turn * most + number) % len(new)] for number in range(min(most, len(new) // ROUNDS))]
        for kind, asked in (("nuevas", part), ("la misma", kept)):
            for name, server in (("aquí", here), ("allá", there), ("lo más rápido", fastest)):
                load = loaded(
                    server.address,
                    [server.path(*pair) for pair in asked],
                    folder,
                    CLIENTS,
                    seconds,
                    encoding="identity",
                )
                _right(load, server.address, len(asked) if kind == "nuevas" else None, seconds)
                found.setdefault((kind, name), []).append(load)
    _same(here, there, random.Random(SEED).sample(new, min(COMPARED, len(new))))
    return [
        _figure(words, found[kind, "aquí"], found[kind, "allá"], found[kind, "lo más rápido"], times)
        for kind, words, times in (
            ("nuevas", "cada dirección una vez", TIMES_NEW),
            ("la misma", "la misma dirección", TIMES_KEPT),
        )
    ]


def _asked(place: str, year: int) -> str:
    return urlencode({"codigo_municipio": place, "anio": year})


def _data(told: dict[str, object]) -> list[dict[str, object]]:
    found = told["data"]
    assert isinstance(found, list)
    return found


def _rows(told: dict[str, object]) -> list[dict[str, object]]:
    found = told["rows"]
    assert isinstance(found, list)
    return found


def _pairs(file: Path) -> list[tuple[str, int]]:
    """Every municipio and year of a table, in no order."""
    table = pq.read_table(file, columns=["codigo_municipio", "anio"])
    found = sorted(set(zip(*(table[name].to_pylist() for name in table.column_names), strict=True)))
    random.Random(SEED).shuffle(found)
    return found


def _same(here: Server, there: Server, pairs: Sequence[tuple[str, int]]) -> None:
    for pair in pairs:
        mine, other = here.figures(*pair), there.figures(*pair)
        if not mine or mine != other:
            raise RuntimeError(f"the two do not answer the same of {pair}: {mine[:3]} and {other[:3]}")


def _right(load: Load, address: str, most: int | None, seconds: float) -> None:
    """Every answer was good and, of addresses asked once, there were enough."""
    if load.wrong or load.lost:
        raise RuntimeError(f"{address}: {load.wrong} wrong answers and {load.lost} lost")
    if most is not None and load.per_second * seconds > most:
        raise RuntimeError(f"{address}: it answered more than the {most} addresses that there were")


def _figure(what: str, ours: Sequence[Load], theirs: Sequence[Load], fastest: Sequence[Load], times: int) -> Figure:
    """Milliseconds for each answer: the longer, the fewer in a second."""
    here, there, most = (median(load.per_second for load in loads) for loads in (ours, theirs, fastest))
    worst = max(load.p99_ms for load in ours)
    return Figure(
        f"JSON de un municipio y un año, {CLIENTS} clientes a la vez, {what}: tiempo por petición",
        1000 / here,
        "ms",
        1000 / there / times,
        BESIDE,
        1000 / there,
        f"{here:,.0f} peticiones por segundo y {there:,.0f}: {here / there:.1f} veces; sin contar ni sugerir, "
        f"Datasette da {most:,.0f}: {here / most:.1f} veces; 99 de cada 100, hasta {worst:.0f} ms",
    )
