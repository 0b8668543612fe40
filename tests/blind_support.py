"""The blind attack on two cut-offs: whoever knows that somebody left a place, or came to it, and reads what is published then and
before, matches the changes of the cells and learns the rest of that person. The exact records serve only to check the guesses.

A guess is made of a group whose people changed by fewer than ten: if the change of one value of a trait is the whole change,
those who changed are of that value. The same of who voted. A value that is hidden is worked out when it is the only one. Where
everybody was and is of one value nothing is guessed: a single cut-off says it (`auditar` tells how many groups are so).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as made

import numpy as np
import pandas as pd

from etl import fields
from etl.fields.ages import bounds
from etl.model import Field

TOTAL = "total"
TRAITS = ("grupo_edad", "alfabetismo", "pueblo", "comunidad_linguistica")
#: What no table of the tribunal tells: the promise is about these. It publishes age and literacy by itself, at every cut-off.
SENSITIVE = ("pueblo", "comunidad_linguistica", "voto")
FEW = 10
NOT_GROUPS = {"empadronados", "votantes", "estado_celda", "estado_votantes", "fecha_corte", "eleccion", "sintetico"}


@dataclass(frozen=True)
class Guess:
    """All the people of a group who left (or arrived: `change` above zero) have `value` of `trait`."""

    group: tuple[tuple[str, str], ...]
    trait: str
    value: str
    change: int

    @property
    def aged(self) -> bool:
        """Whether it is of something that no table of the tribunal tells, and supposes that nobody of an age changed of it."""
        return self.trait in SENSITIVE and "grupo_edad" in dict(self.group)


@dataclass
class Learnt:
    """People (rows of the exact records of who left, and of who arrived) of whom each trait follows; and how many guesses were
    right, and wrong.
    """

    left: dict[str, set[int]] = made(default_factory=dict)
    arrived: dict[str, set[int]] = made(default_factory=dict)
    right: int = 0
    wrong: int = 0

    def people(self, *traits: str) -> int:
        """Of how many people one of the traits, at least, is known."""
        return sum(len(set().union(*(known.get(one, set()) for one in traits))) for known in (self.left, self.arrived))


def guesses(before: Mapping[str, pd.DataFrame], after: Mapping[str, pd.DataFrame]) -> Iterator[Guess]:
    """Every guess that the cubes of two cut-offs allow, each cube by its name (and election)."""
    for name in before.keys() & after.keys():
        columns = [str(one) for one in before[name] if one not in NOT_GROUPS and one in after[name]]
        changes = _changes(before[name], after[name], columns)
        for trait in (one for one in TRAITS if one in columns):
            yield from _of_trait(changes, columns, trait)
        if "votantes" in changes:
            yield from _of_votes(changes, columns)


def learnt(
    before: Mapping[str, pd.DataFrame],
    after: Mapping[str, pd.DataFrame],
    left: pd.DataFrame,
    arrived: pd.DataFrame,
    asked: Callable[[Guess], bool] = lambda guess: True,
) -> Learnt:
    """What the blind attack learns of the people who left and arrived, whose records have a column for each of the cubes, and
    `voto` («sí», «no»). A guess (of those `asked`) counts if it is true of everybody who left (or arrived) in its group.
    """
    found = Learnt()
    masks: dict[tuple[bool, str, str], np.ndarray] = {
        (gone, str(column), str(value)): (people[column] == value).to_numpy()
        for gone, people in ((True, left), (False, arrived))
        for column in people
        for value in people[column].unique()
    }
    for guess in filter(asked, guesses(before, after)):
        gone = guess.change < 0
        people, known = (left, found.left) if gone else (arrived, found.arrived)
        nobody = np.zeros(len(people), dtype=bool)
        inside = np.logical_and.reduce(
            [~nobody, *(masks.get((gone, column, value), nobody) for column, value in guess.group)]
        )
        right = inside & masks.get((gone, guess.trait, guess.value), nobody)
        if inside.sum() == abs(guess.change) == right.sum():
            known.setdefault(guess.trait, set()).update(np.flatnonzero(right).tolist())
            found.right += 1
        else:
            found.wrong += 1
    return found


def coded(people: pd.DataFrame, cutoff: str, election: str) -> pd.DataFrame:
    """Records of a registry of nobody as the cubes name what they say; ages are those of `cutoff`."""
    born, day = pd.to_datetime(people["FECHA_NACIMIENTO"]), pd.Timestamp(cutoff)
    ages = day.year - born.dt.year - _later(born, day)
    groups = {group: bounds(group) for group in fields.grupo_edad.labels or {}}
    place = people["CODDEP"].astype(int).astype(str).str.zfill(2)
    return pd.DataFrame(
        {
            "codigo_departamento": place,
            "codigo_municipio": place + people["CODMUN"].astype(int).astype(str).str.zfill(2),
            "sexo": people["SEXO"].map({"F": "mujeres", "M": "hombres"}),
            "grupo_edad": [_group_of(int(age), groups) for age in ages],
            "alfabetismo": people["ALFABETISMO"].map({"S": "alfabeta", "N": "analfabeta"}),
            "pueblo": people["PUEBLO"].map(_codes(fields.pueblo)),
            "comunidad_linguistica": people["COMUNIDAD_LINGUISTICA"]
            .map(_codes(fields.comunidad_linguistica))
            .fillna("no_aplica"),
            "voto": people[f"VOTO_{election.replace('-', '_')}"].map({"SI": "sí", "NO": "no"}),
        }
    ).reset_index(drop=True)


def _later(born: pd.Series, day: pd.Timestamp) -> pd.Series:
    """One for whoever's birthday of that year comes after that day."""
    later: pd.Series = ((born.dt.month > day.month) | ((born.dt.month == day.month) & (born.dt.day > day.day))).astype(
        int
    )
    return later


def _group_of(age: int, groups: Mapping[str, tuple[int, float]]) -> str:
    """Whoever is 70 is in the last group, as the tribunal counts."""
    return next(name for name, (first, last) in reversed(list(groups.items())) if first <= age <= last)


def _codes(field: Field) -> dict[str, str]:
    return {label: code for code, label in (field.labels or {}).items()}


def _changes(before: pd.DataFrame, after: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """The change of each cell of both: NaN where one of the counts is hidden."""
    counts = [name for name in ("empadronados", "votantes") if name in before and name in after]
    both = before[[*columns, *counts]].merge(after[[*columns, *counts]], on=columns, suffixes=("|", ""))
    for name in counts:
        both[f"{name} then"] = both[f"{name}|"]
        both[f"{name} now"] = both[name]
        both[name] = both[name].astype("Float64").to_numpy(dtype=float, na_value=np.nan) - both.pop(f"{name}|").astype(
            "Float64"
        ).to_numpy(dtype=float, na_value=np.nan)
    return both


def _group(row: Mapping[Hashable, object], columns: list[str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, str(row[name])) for name in columns if row[name] != TOTAL)


def _of_trait(changes: pd.DataFrame, columns: list[str], trait: str) -> Iterator[Guess]:
    others = [name for name in columns if name != trait]
    parts = changes[changes[trait] != TOTAL]
    totals = changes[(changes[trait] == TOTAL) & changes["empadronados"].abs().between(1, FEW - 1)]
    counts = [name for name in map(str, changes) if name.startswith("empadronados")]
    both = parts.merge(totals[[*others, *counts]], on=others, suffixes=("", "|"))
    alone = (both["empadronados then"] == both["empadronados then|"]) & (
        both["empadronados now"] == both["empadronados now|"]
    )
    both = both[~alone.fillna(False).astype(bool)]
    for _, rows in both.groupby(others, sort=False):
        whole, own = int(rows["empadronados|"].iloc[0]), rows["empadronados"]
        unknown, moved = own.isna(), own.notna() & (own != 0)
        if moved.sum() == 1 and own[moved].iloc[0] == whole:
            value = rows.loc[moved, trait].iloc[0]
        elif not moved.any() and unknown.sum() == 1:
            value = rows.loc[unknown, trait].iloc[0]
        else:
            continue
        yield Guess(_group(rows.iloc[0].to_dict(), others), trait, str(value), whole)


def _of_votes(changes: pd.DataFrame, columns: list[str]) -> Iterator[Guess]:
    rows = changes[changes["empadronados"].abs().between(1, FEW - 1) & changes["votantes"].notna()]
    for row in rows.to_dict("records"):
        voted, whole = int(row["votantes"]), int(row["empadronados"])
        if voted in (0, whole):
            yield Guess(_group(row, columns), "voto", "sí" if voted else "no", whole)
