"""Records in, cubes out, every row accounted for: read = loaded + rejected, or nothing comes out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from sqlalchemy import FromClause

from etl.country import COUNTRY, departamento_of
from etl.cubes.declared import CUBES, Cube, Dimension
from etl.disclosure.like import depth_of
from etl.microdata import ages, record
from etl.microdata.errors import MicrodataError
from etl.microdata.layout import Layout
from etl.microdata.opened import Opened
from etl.microdata.question import PAIS, Count, Question
from etl.model import TOTAL, Field, Frames

#: Words that nobody declared, of one column, that are told: the most frequent.
MOST_WORDS = 10


@dataclass(frozen=True)
class Word:
    """A word that nobody declared and many rows have in a column."""

    column: str
    word: str
    rows: int


@dataclass(frozen=True)
class Account:
    """How many rows were read, how many are in the cubes, and how many were rejected for each reason (by its code).

    `unknown` says how many of the loaded rows have, in each optional column, a word that nobody declared: they are counted
    there as without an answer. `words` are the words, of any column, that many rows have. `abroad` are the loaded rows of
    who lives abroad.
    """

    read: int
    loaded: int
    rejected: Mapping[str, int] = field(default_factory=dict)
    unknown: Mapping[str, int] = field(default_factory=dict)
    words: tuple[Word, ...] = ()
    abroad: int = 0

    @property
    def share(self) -> float:
        """Rejected rows over rows read, from 0 to 1."""
        return sum(self.rejected.values()) / self.read if self.read else 0.0

    def unknown_share(self, name: str) -> float:
        """The rows without an answer in the column `name`, over those that had to have one, from 0 to 1."""
        return self.unknown[name] / (self.abroad if name in record.OF_ABROAD else self.loaded)


@dataclass(frozen=True)
class Outcome:
    """What came out: cubes that could be made, each with its cells, what was left out and why, and the account.

    `told` is the account in words.
    """

    made: tuple[tuple[Count, pd.DataFrame], ...]
    account: Account
    notices: tuple[str, ...]
    told: tuple[str, ...] = ()

    def of(self, *elections: str | None) -> tuple[dict[str, Cube], Frames]:
        """The cubes of these elections (None: those of none) and their cells, by the name of the cube."""
        chosen = [(item.cube, frame) for item, frame in self.made if item.election in elections]
        return {cube.name: cube for cube, _ in chosen}, {cube.name: frame for cube, frame in chosen}


@dataclass(frozen=True)
class Task:
    """A job ready to run over an open source."""

    question: Question
    opened: Opened
    notices: tuple[str, ...] = ()
    say: Callable[[str], None] = lambda words: None

    def run(self) -> Outcome:
        """Count; MicrodataError when there is nothing to count or the account does not close."""
        repeated = self._repeated()
        self.opened.forget_damaged()
        self.say("Contando por grupo de población")
        rows = self.opened.counted(self.question, repeated)
        damaged = len(self.opened.damaged())
        account = _account(rows, damaged)
        self.say("Completando los cubos")
        every = self.question.counts
        empty = [f"{item.name} no se hace: {_nobody(item)}" for item in every if not _somebody(item, rows)]
        made = [(item, _cells(item, rows, self.question.municipios)) for item in every if _somebody(item, rows)]
        return Outcome(tuple(made), account, (*self.notices, *empty))

    def rejections(self) -> Iterator[tuple[str, int, str]]:
        """File, row and reason (its code) of every rejected row, in order."""
        repeated = self._repeated()
        self.opened.forget_damaged()
        found = [(str(f), int(r), m) for f, r, m in self.opened.rejected(self.question, repeated)]
        damaged = self.opened.damaged()
        yield from sorted([*_shifted(found, damaged), *((f, r, "fila_danada") for f, r in damaged)])

    def _repeated(self) -> FromClause | None:
        """Where the fingerprints of repeated identifiers are; None when every identifier is its own."""
        self.say("Buscando identificadores repetidos")
        return self.opened.repeated(self.question)


def prepared(
    opened: Opened,
    layout: Layout,
    cutoff: date,
    elections: Sequence[str],
    territory: Frames,
    say: Callable[[str], None] = lambda words: None,
) -> Task:
    """The job over `opened`; what the layout does not bring is left out and said."""
    columns = {name for name in layout.columns if name not in ("identificador", "mesa")} | {"grupo_edad"}
    if "municipio" in columns:
        columns |= {"codigo_departamento", "codigo_municipio"}
    if "departamento_origen" in columns:
        columns.add("codigo_departamento_origen")
    if "estado_residencia" in columns:
        columns.add("ciudad_residencia")
    measures = {"empadronados"} | ({"votantes"} if elections else set())
    counts: list[Count] = []
    notices = [*opened.notices]
    for declared in CUBES:
        if declared.of_election and not elections:
            notices.append(f"{declared.name} no se hace: no se indicó --eleccion")
            continue
        cube = declared.limited_to(columns, measures)
        if cube is None:
            notices.append(f"{declared.name} no se hace: el extracto no trae sus columnas")
            continue
        left = [cross for cross in declared.crosses if cross not in cube.crosses]
        notices += [
            f"{declared.name}: el cruce {' × '.join(f.name for f in cross)} no se hace: faltan columnas"
            for cross in left
        ]
        counts += [Count(cube, election) for election in (elections if cube.of_election else (None,))]
    question = Question(
        tuple(counts),
        layout,
        cutoff,
        tuple(elections),
        municipio_codes(territory),
        departamento_words(territory),
        record.state_words(territory["estados_eeuu"]),
        record.city_words(territory["ciudades_extranjero"]),
        ages.election_days(territory.get("elecciones"), elections),
    )
    return Task(question, opened, (*notices, *ages.at_cutoff(question)), say)


def municipio_codes(territory: Frames) -> dict[str, str]:
    """Codes of the TSE («2-1») to the INE's («0301»)."""
    rows = territory["municipios"]
    return dict(zip(rows["codigo_tse"], rows["codigo_municipio"], strict=True))


def departamento_words(territory: Frames) -> dict[str, str]:
    """Names and TSE codes of the departamentos to the INE's codes."""
    rows = territory["departamentos"]
    names = dict(zip(rows["departamento"], rows["codigo_departamento"], strict=True))
    codes = dict(zip(rows["codigo_tse"], rows["codigo_departamento"], strict=True))
    return names | codes | {code.zfill(COUNTRY.departamento_digits): ine for code, ine in codes.items()}


def _account(rows: pd.DataFrame, damaged: int) -> Account:
    account = rows[rows["cubo"] == "cuenta"]
    counts = {
        (None if pd.isna(m) else m): int(n) for m, n in zip(account["motivo"], account["empadronados"], strict=True)
    }
    abroad = int(account.loc[account["motivo"].isna(), "votantes"].sum())
    loaded = counts.pop(None, 0)
    rejected = {reason: counts[reason] for reason in record.REASONS if counts.get(reason)}
    if damaged:
        rejected["fila_danada"] = damaged
    read = int(account["empadronados"].sum()) + damaged
    if read == 0:
        raise MicrodataError("la fuente no tiene ningún registro")
    found = rows[rows["cubo"] == "desconocidos"].sort_values(["motivo", "empadronados"], ascending=[True, False])
    unknown = {name: int(count) for name, count in found.groupby("motivo")["votantes"].sum().items() if count}
    said = found[found["palabra"].notna()].groupby("motivo").head(MOST_WORDS)
    words = [
        Word(name, word, int(count))
        for name, word, count in zip(said["motivo"], said["palabra"], said["empadronados"], strict=True)
    ]
    unsaid = {str(name): count for name, count in unknown.items()}
    return Account(read, loaded, rejected, unsaid, tuple(words), abroad)


def _somebody(item: Count, rows: pd.DataFrame) -> bool:
    """Whether the cube counts anybody: of people who are not in the registry nothing is said, not even a zero."""
    return bool((rows.loc[rows["cubo"] == item.name, item.cube.measures[0].name] > 0).any())


def _nobody(item: Count) -> str:
    """Why a cube without anybody is not made, in words."""
    where = "el país" if item.cube.residence == PAIS else "el extranjero"
    whom = "del padrón de la elección" if item.election else "del registro"
    return f"ninguna persona {whom} reside en {where}"


def _cells(count: Count, rows: pd.DataFrame, municipios: Mapping[str, str]) -> pd.DataFrame:
    """Every cell of the cube, zeros included, in order; columns as `etl.cubes.declared` says.

    A cell is one number: the positions of its values in each dimension, as the digits of a mixed base.
    """
    cube = count.cube
    measures = [item.name for item in cube.measures]
    own = rows.loc[rows["cubo"] == count.name, [*cube.columns, *measures]]
    own = own.assign(**{name: own[name].astype("str").fillna(TOTAL) for name in cube.columns})
    values = [sorted(_values(cube, item, own, municipios)) for item in cube.dimensions]
    bases = [len(found) for found in values]
    keys = np.unique(np.concatenate([_keys_of(cube, cross, values, bases) for cross in cube.crosses]))
    mine = np.ravel_multi_index(
        [_positions(own, item, found) for item, found in zip(cube.dimensions, values, strict=True)], bases, mode="clip"
    )
    place = np.searchsorted(keys, mine).clip(max=len(keys) - 1)
    if (keys[place] != mine).any() or len(np.unique(mine)) != len(mine):
        raise MicrodataError(f"{cube.name}: hay celdas fuera de los valores declarados")
    full = _labelled(cube, keys, values, bases)
    for name in measures:
        counts = np.zeros(len(keys), dtype=np.int64)
        counts[place] = own[name].to_numpy(dtype=np.int64)
        full[name] = counts
    return full


def _keys_of(
    cube: Cube, cross: tuple[Field, ...], values: Sequence[list[tuple[str, ...]]], bases: list[int]
) -> NDArray[np.intp]:
    """The numbers of every cell of a cross: all values of its dimensions down to its level, only the total of the others."""
    deep = depth_of(cube, cross)
    chosen = [
        np.flatnonzero([sum(part != TOTAL for part in value) <= deep.get(item.field.name, 0) for value in found])
        for item, found in zip(cube.dimensions, values, strict=True)
    ]
    grids = [grid.ravel() for grid in np.meshgrid(*chosen, indexing="ij")]
    keys: NDArray[np.intp] = np.ravel_multi_index(grids, bases)
    return keys


def _positions(own: pd.DataFrame, dimension: Dimension, values: list[tuple[str, ...]]) -> np.ndarray:
    """Where each row's value of a dimension is in `values`; MicrodataError when one is not there."""
    names = [level.name for level in dimension.levels]
    known = pd.MultiIndex.from_tuples(values) if len(names) > 1 else pd.Index([value for (value,) in values])
    given = pd.MultiIndex.from_frame(own[names]) if len(names) > 1 else pd.Index(own[names[0]])
    found = known.get_indexer(given)
    if (found < 0).any():
        raise MicrodataError(f"{names[-1]}: hay valores que no son de su catálogo")
    return found


def _labelled(
    cube: Cube, keys: NDArray[np.intp], values: Sequence[list[tuple[str, ...]]], bases: list[int]
) -> pd.DataFrame:
    """The columns that say which cell each number is."""
    columns = {}
    for item, found, digits in zip(cube.dimensions, values, np.unravel_index(keys, bases), strict=True):
        for level, words in zip(item.levels, zip(*found, strict=True), strict=True):
            columns[level.name] = pd.Series(pa.array(words).take(pa.array(digits)).to_pandas(), dtype="str")
    return pd.DataFrame(columns)


def _values(
    cube: Cube, dimension: Dimension, own: pd.DataFrame, municipios: Mapping[str, str]
) -> list[tuple[str, ...]]:
    """Every value of a dimension at every level, as the tuple of its level columns."""
    names = [level.name for level in dimension.levels]
    leaves: list[tuple[str, ...]]
    if dimension.field.name == "codigo_municipio":
        leaves = [(departamento_of(code), code) for code in sorted(municipios.values())]
    elif dimension.field.name == "codigo_departamento_origen":
        known = sorted({departamento_of(code) for code in municipios.values()})
        leaves = [(code,) for code in (*known, *_extra(dimension, own))]
    elif dimension.field.labels:
        leaves = [(code,) for code in (*dimension.field.labels, *_extra(dimension, own))]
    else:
        leaves = sorted(set(own[names].itertuples(index=False, name=None)))
        leaves = [leaf for leaf in leaves if TOTAL not in leaf]
    depth = len(names)
    return list(
        dict.fromkeys(leaf[:d] + (TOTAL,) * (depth - d) for leaf in leaves for d in range(depth + 1))
        or [(TOTAL,) * depth]
    )


def _extra(dimension: Dimension, own: pd.DataFrame) -> list[str]:
    """The values that only a registry has, of those that somebody has."""
    seen = set(own[dimension.field.name])
    return [code for code, _ in dimension.extra if code in seen]


def _shifted(found: list[tuple[str, int, str]], damaged: list[tuple[str, int]]) -> list[tuple[str, int, str]]:
    """Row numbers of a CSV as a person sees them: DuckDB does not count the damaged rows before each."""
    lines: dict[str, list[int]] = {}
    for file, line in damaged:
        lines.setdefault(file, []).append(line)
    shifted = []
    for file, row, reason in found:
        for line in lines.get(file, []):
            if line <= row:
                row += 1
        shifted.append((file, row, reason))
    return shifted
