"""A registry of invented people whose totals by municipio are the published ones, for demonstrations and tests.

In the country, sex x age and sex x literacy of each municipio are exactly the TSE's (padron_municipal); pueblo and
linguistic community follow the shares of Censo 2018; abroad, the people are those of the final 2023 roll, by sex in
the proportion published in January 2023 and by city as far as it was published. Everything else (birth day, mesa,
registration, votes, origin) is drawn by chance from a seed. Identifiers start with «S»: no real one does.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from etl import fields
from etl.country import COUNTRY, departamento_of
from etl.demo.scaled import scaled
from etl.demo.turnout import Floats, Ints, Turnout, days, leaving, registered
from etl.microdata import record
from etl.model import Frames

#: Arrow arrays of text; the stubs give several names to their scalars, which do not stand for one another.
Texts: TypeAlias = "pa.Array[Any]"

SEED = 20260712
CHUNK = 500_000  # records written at a time
ABROAD = 90_708  # TSE, final roll of 2023, residents abroad
ABROAD_WOMEN = 30_075 / 80_608  # Prensa Comunitaria, January 2023: the only figure by sex
# Registered by city: 18,210 in New York and «some 16,000» in Arlington (2023); the rest in proportion to the Minex
# estimate of Guatemalans by state (2024), halved where a state has two centres.
CITY_SHARES = {
    "nueva_york": 18_210,
    "arlington": 16_000,
    "silver_spring": 2_600,  # where people voted in 2019, and in Arlington since
    "los_angeles": 20_500,
    "san_francisco": 3_100,
    "san_diego": 1_900,
    "houston": 5_600,
    "dallas": 2_600,
    "miami": 3_900,
    "lake_worth": 3_300,
    "atlanta": 3_400,
    "raleigh": 1_300,
    "charlotte": 1_500,
    "chicago": 3_200,
    "trenton": 4_100,
    "henderson": 2_098,
}
OLDEST = 95  # completed years of the oldest person invented
PRIME = 999_999_999_989  # largest below 10^12: multiplying by a number modulo it never repeats


class Drawn(NamedTuple):
    """Some invented people: their records, the day (since 1970) each registered, and who has left since."""

    records: pa.Table
    since: Ints
    gone: NDArray[np.bool_]

    def as_of(self, cutoff: date, newest: bool) -> pa.Table:
        """The records of those in the registry as of `cutoff`; of the `newest` one, only of who has not left."""
        return self.records.filter(pa.array((self.since <= days(cutoff)) & ~(self.gone & newest)))


def records(
    tables: Frames, cutoff: date, people: int | None = None, seed: int = SEED, chunk: int = CHUNK
) -> Iterator[pa.Table]:
    """The synthetic registry as of `cutoff`, in tables of about `chunk` records.

    `people` scales it (None: as many as published).
    """
    for drawn in _everybody(tables, cutoff, people, seed, chunk):
        yield drawn.as_of(cutoff, True)


def write(
    tables: Frames,
    cutoff: date,
    path: Path,
    people: int | None = None,
    seed: int = SEED,
    on_rows: Callable[[int], None] = lambda done: None,
    before: Path | None = None,
) -> int:
    """Write the synthetic registry as Parquet, whole or not at all; how many records.

    `before` is where to write, too, the registry of a year earlier (`year_before`): of the same people, without those who
    registered later and with those who have left since.
    """
    written, moments = 0, {path: cutoff, **({before: year_before(cutoff)} if before else {})}
    unfinished = {place: place.with_name(f".{place.name}.{os.getpid()}") for place in moments}
    writers: dict[Path, pq.ParquetWriter] = {}
    try:
        for drawn in _everybody(tables, cutoff, people, seed, CHUNK):
            for place, moment in moments.items():
                table = drawn.as_of(moment, place == path)
                if place not in writers:
                    writers[place] = pq.ParquetWriter(
                        unfinished[place], table.schema, compression="zstd", compression_level=1
                    )
                writers[place].write_table(table, row_group_size=CHUNK // 4)
                written += len(table) if place == path else 0
            on_rows(written)
    finally:
        for writer in writers.values():
            writer.close()
    for place, made in unfinished.items():
        os.replace(made, place)
    return written


def year_before(cutoff: date) -> date:
    """The cut-off of the earlier registry."""
    return record.years_before(cutoff, 1)


def _everybody(tables: Frames, cutoff: date, people: int | None, seed: int, chunk: int) -> Iterator[Drawn]:
    """The people of the registry as of `cutoff`, and those who were in it a year before and have left."""
    rng = np.random.default_rng(seed)
    made = scaled(_groups(tables, rng), people)
    left = leaving(made, rng)
    numbers = np.arange(len(made), dtype=np.int32)
    order = np.concatenate([np.repeat(numbers, made["n"]), np.repeat(numbers + len(made), left)])
    rng.shuffle(order)
    born = _birth_ranges(cutoff)
    made_up = _Inventing(
        made, cutoff, int(rng.integers(PRIME // 3, PRIME // 2)), _dictionaries(tables, made), born,
        Turnout(tables, made, born[0] + born[1] // 2, rng), rng,
    )  # fmt: skip
    for start in range(0, len(order), chunk):
        yield made_up.drawn(order[start : start + chunk], start)


# --- How many of each -------------------------------------------------------------------------------------------------


def groups(tables: Frames, seed: int) -> pd.DataFrame:
    """How many invented people share each combination of municipio (-1 abroad), city and origin (-1 at home), and group."""
    return _groups(tables, np.random.default_rng(seed))


def stood_for(tables: Frames, seed: int) -> int:
    """How many people of the published registry the invented ones stand for, however many they are."""
    return int(groups(tables, seed)["n"].sum())


def _groups(tables: Frames, rng: np.random.Generator) -> pd.DataFrame:
    home = _with_literacy(tables)
    home = _split(home, _shares(tables["censo_2018_pueblo"], "pueblo", fields.PUEBLOS, home), "pueblo", rng)
    maya = home["pueblo"] == list(fields.PUEBLOS).index("maya")
    shares = _shares(
        tables["censo_2018_comunidad_linguistica"], "comunidad_linguistica", fields.COMUNIDADES_LINGUISTICAS, home
    )
    spoken = _split(home[maya], shares, "comunidad", rng)
    home = pd.concat([spoken, home[~maya].assign(comunidad=-1)]).assign(city=-1, origin=-1)
    return pd.concat([home, _abroad(home, tables, rng)], ignore_index=True)


def _with_literacy(tables: Frames) -> pd.DataFrame:
    """municipio x sexo x edad x alfabetismo: the illiterate of each sex shared out by age, older people first."""
    ages = list(fields.GRUPOS_EDAD)
    municipios = sorted(tables["municipios"]["codigo_municipio"])
    by_age = tables["padron_municipal_edad"].pivot_table(
        index=["codigo_municipio", "sexo"], columns="grupo_edad", values="empadronados", aggfunc="sum"
    )[ages]
    literacy = tables["padron_municipal_alfabetismo"].set_index(["codigo_municipio", "sexo", "alfabetismo"])[
        "empadronados"
    ]
    rows = []
    weights = np.linspace(0.4, 2.2, len(ages))
    for m, code in enumerate(municipios):
        for s, sex in enumerate(fields.SEXOS):
            counts = by_age.loc[(code, sex)].to_numpy(dtype=np.int64)
            illiterate = _shared(int(literacy[(code, sex, "analfabeta")]), counts, weights)
            for a in range(len(ages)):
                rows.append((m, s, a, 0, counts[a] - illiterate[a]))
                rows.append((m, s, a, 1, illiterate[a]))
    return pd.DataFrame(rows, columns=["municipio", "sexo", "edad", "alfabetismo", "n"])


def _shared(total: int, limits: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """`total` split in proportion to limits x weights, never above `limits`, adding up exactly."""
    given = np.zeros(len(limits), dtype=np.int64)
    while (left := total - given.sum()) > 0:
        room = limits - given
        share = room * weights
        more = np.minimum(room, np.floor(left * share / share.sum()).astype(np.int64))
        if not more.sum():
            more[np.argmax(share)] = 1
        given += more
    return given


def _shares(census: pd.DataFrame, name: str, labels: Iterable[str], groups: pd.DataFrame) -> Floats:
    """For each municipio (by position), the share of each value; equal shares where nobody was counted."""
    wide = census.pivot_table(index="codigo_municipio", columns=name, values="poblacion", aggfunc="sum").sort_index()
    counts: Floats = wide[list(labels)].to_numpy(dtype=float)
    counts[counts.sum(axis=1) == 0] = 1
    shares: Floats = counts / counts.sum(axis=1, keepdims=True)
    return shares


def _split(groups: pd.DataFrame, shares: Floats, name: str, rng: np.random.Generator) -> pd.DataFrame:
    """Each group split by chance over the values of `name`, in the shares of its municipio."""
    drawn = rng.multinomial(groups["n"].to_numpy(), shares[groups["municipio"].to_numpy()])
    row, value = np.nonzero(drawn)
    split = groups.iloc[row].reset_index(drop=True)
    return split.assign(**{name: value, "n": drawn[row, value]})


def _abroad(home: pd.DataFrame, tables: Frames, rng: np.random.Generator) -> pd.DataFrame:
    """The diaspora: by city, sex, age (younger than at home) and departamento of origin."""
    departamento = np.array(
        [int(departamento_of(code)) - 1 for code in sorted(tables["municipios"]["codigo_municipio"])]
    )
    origin = np.bincount(departamento[home["municipio"]], weights=home["n"], minlength=22) * np.where(
        np.arange(22) >= 7, 1.5, 0.8
    )
    ages = np.array([8, 14, 18, 18, 15, 11, 7, 4, 2.5, 1.5, 1.0])
    cities = np.array(
        [CITY_SHARES.get(city, 0) for city in tables["ciudades_extranjero"]["codigo_ciudad"]], dtype=float
    )
    weights = np.einsum(
        "c,s,a,o->csao",
        cities / cities.sum(),
        [ABROAD_WOMEN, 1 - ABROAD_WOMEN],
        ages / ages.sum(),
        origin / origin.sum(),
    )
    drawn = rng.multinomial(ABROAD, weights.ravel() / weights.sum()).reshape(weights.shape)
    city, sex, age, departamento = np.nonzero(drawn)
    frame = pd.DataFrame({"municipio": -1, "sexo": sex, "edad": age, "alfabetismo": 0, "pueblo": 4, "comunidad": -1})
    return frame.assign(city=city, origin=departamento, n=drawn[city, sex, age, departamento])


# --- Persons ----------------------------------------------------------------------------------------------------------


def _dictionaries(tables: Frames, groups: pd.DataFrame) -> dict[str, tuple[Ints, Texts]]:
    """For each column that the group decides: the position of each group's value, and the values (null for -1)."""
    rows = tables["municipios"].sort_values("codigo_municipio")
    tse = [code.split("-") for code in rows["codigo_tse"]]
    cities = tables["ciudades_extranjero"]
    states = dict(tables["estados_eeuu"][["codigo_estado", "estado"]].itertuples(index=False, name=None))
    order = list(states)
    city_state = np.array([order.index(code) if code in states else -1 for code in cities["codigo_estado"]])
    abroad = groups["city"].to_numpy() >= 0
    names = tables["departamentos"].sort_values("codigo_departamento")["departamento"].tolist()
    departamentos = sorted({int(d) for d, _ in tse} | {int(COUNTRY.abroad)})
    numbers = sorted({int(m) for _, m in tse})
    place = groups["municipio"].to_numpy()
    dep_of = np.array([departamentos.index(int(d)) for d, _ in tse])
    mun_of = np.array([numbers.index(int(m)) for _, m in tse])
    return {
        "CODDEP": (
            np.where(abroad, departamentos.index(int(COUNTRY.abroad)), dep_of[place]),
            pa.array([str(d) for d in departamentos]),
        ),
        "CODMUN": (np.where(abroad, 0, mun_of[place]), pa.array([str(m) for m in numbers])),
        "SEXO": (groups["sexo"].to_numpy(), pa.array(["F", "M"])),
        "ALFABETISMO": (groups["alfabetismo"].to_numpy(), pa.array(["S", "N"])),
        "PUEBLO": (groups["pueblo"].to_numpy(), pa.array(list(fields.PUEBLOS.values()))),
        "COMUNIDAD_LINGUISTICA": (
            groups["comunidad"].to_numpy(),
            pa.array(list(fields.COMUNIDADES_LINGUISTICAS.values())),
        ),
        "PAIS_RESIDENCIA": (np.where(abroad, 0, -1), pa.array(["Estados Unidos"])),
        "ESTADO_RESIDENCIA": (
            np.where(abroad, city_state[groups["city"].to_numpy()], -1),
            pa.array(list(states.values())),
        ),
        "CIUDAD_RESIDENCIA": (groups["city"].to_numpy(), pa.array(cities["ciudad"].tolist())),
        "DEPARTAMENTO_ORIGEN": (groups["origin"].to_numpy(), pa.array(names)),
    }


def _birth_ranges(cutoff: date) -> Ints:
    """First birth day and how many, by age group, as days since 1970."""
    limits = list(record.birth_limits(cutoff).values())
    firsts = [day + timedelta(days=1) for day in limits[1:]] + [record.years_before(cutoff, OLDEST)]
    start = np.array([(day - date(1970, 1, 1)).days for day in firsts])
    return np.stack([start, np.array([(day - date(1970, 1, 1)).days for day in limits]) - start + 1])


@dataclass(frozen=True)
class _Inventing:
    """What records are made from: the groups, and what is drawn for each person of one."""

    groups: pd.DataFrame
    cutoff: date
    step: int
    codes: Mapping[str, tuple[Ints, Texts]]
    born: Ints
    turnout: Turnout
    rng: np.random.Generator

    def drawn(self, order: NDArray[np.int32], start: int) -> Drawn:
        """People of the groups `order` (positions in `groups`, and again for who has left), of which the first is the number
        `start` of everybody invented.
        """
        size, gone = len(order), order >= len(self.groups)
        group = order % len(self.groups)
        age = self.groups["edad"].to_numpy()[group]
        birth = self.born[0][age] + (self.rng.random(size) * self.born[1][age]).astype(np.int64)
        abroad = self.groups["city"].to_numpy()[group] >= 0
        since = registered(birth, abroad, self.cutoff, self.rng.random(size))
        voted = self.turnout.of(group, birth, since, self.rng)
        mesa = np.where(abroad, self.rng.integers(24_428, 24_586, size), self.rng.integers(1, 24_428, size))
        columns: dict[str, pa.Array[Any]] = {
            "CUI": _scrambled(start, size, self.step),
            "NOMBRES": _dictionary(np.zeros(size, np.int8), pa.array(["PERSONA SINTÉTICA"])),
        }
        columns |= {name: _dictionary(position[group], words) for name, (position, words) in self.codes.items()}
        columns["FECHA_NACIMIENTO"] = pa.array(birth.astype(np.int32)).cast(pa.date32())
        columns["MESA"] = pa.array(mesa.astype(np.int32))
        for election, answers in voted.items():
            columns[f"VOTO_{election.replace('-', '_')}"] = _dictionary(answers, pa.array(["NO", "SI"]))
        return Drawn(pa.table(columns), since, gone)


def _scrambled(start: int, size: int, step: int) -> Texts:
    """Identifiers S000000000000 that look unordered and never repeat: n x step modulo a prime, without overflow."""
    values, value = np.empty(size, np.int64), (start + 1) * step % PRIME
    block = np.empty(min(size, 4096), np.int64)
    for i in range(len(block)):
        block[i] = (i * step) % PRIME
    jump = len(block) * step % PRIME
    for first in range(0, size, len(block)):
        part = min(len(block), size - first)
        values[first : first + part] = (block[:part] + value) % PRIME
        value = (value + jump) % PRIME
    digits: Texts = pa.array(values).cast(pa.string())
    return pc.utf8_replace_slice(pc.utf8_lpad(digits, 12, "0"), start=0, stop=0, replacement="S")


def _dictionary(position: NDArray[np.integer], words: Texts) -> Texts:
    kind = np.int8 if len(words) < 127 else np.int16
    return pa.DictionaryArray.from_arrays(pa.array(position.astype(kind), mask=position < 0), words).cast(pa.string())
