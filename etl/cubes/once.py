"""What may never be published beside what already is: another count of the same people.

Two counts of the same votes, or of the registry of the same day, differ by the people who moved between groups or left in
between: whoever subtracts one from the other sees what those few did. So an election is published at one cut-off, for ever,
and what was published of a registry or of an election stays as it is. An error is corrected with a recorded reason
(`etl.cubes.recounts`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from etl.cubes.exact import Exact
from etl.cubes.parts import Part
from etl.cubes.public import Earlier, broken_down, parts_told
from etl.cubes.recounts import FILE, Recount, count_of, words
from etl.model import TOTAL, Problem
from etl.release import Past

WHY_ONCE = (
    "comparar dos cuentas de los mismos votos dice cómo votó quien cambió de grupo o salió del padrón entre una y otra"
)
WHY_SAME = "comparar las dos cuentas señalaría a las personas que cambian de una a otra"


@dataclass(frozen=True)
class Told:
    """What kept releases told of a count that waits, and told otherwise: at `cutoff`, which is its own or another."""

    part: Part
    cutoff: str
    releases: tuple[str, ...]

    @property
    def count(self) -> str:
        """What was counted."""
        return count_of(self.part)

    def but(self, replaced: set[tuple[str, str]]) -> Told | None:
        """The same without the releases whose count was replaced (release and count); None when nothing is left."""
        left = tuple(name for name in self.releases if (name, self.count) not in replaced)
        return Told(self.part, self.cutoff, left) if left else None


def told_otherwise(found: Mapping[str, Exact], past: Past, before: Sequence[Earlier]) -> list[Told]:
    """What kept releases published of the counts that wait and is not what would be published now.

    An election at another cut-off; and figures of the same cut-off and election (`before`) that are others now.
    """
    elections: dict[tuple[str, str], set[str]] = {}
    for name, kept in past.kept.items():
        for part in parts_told(kept):
            if part.election:
                elections.setdefault((part.election, part.cutoff), set()).add(name)
    told = [
        Told(exact.part, cutoff, tuple(sorted(names)))
        for exact in found.values()
        for (election, cutoff), names in sorted(elections.items())
        if exact.part.election == election and exact.part.cutoff != cutoff
    ]
    told += [
        Told(item.part, item.part.cutoff, item.releases)
        for item in before
        if item.contradicts(found[str(item.part)].frame)
    ]
    return told


def replaced_by(recounts: Iterable[Recount]) -> set[tuple[str, str]]:
    """The releases whose count was replaced, each with which count."""
    return {(name, item.count) for item in recounts for name in item.replaces}


def refusals(
    found: Mapping[str, Exact],
    told: Sequence[Told],
    recounts: Iterable[Recount],
    waiting: Mapping[str, Recount],
) -> list[Problem]:
    """Why what waits may not be published: `told` is what was told otherwise, `recounts` what kept releases say that they
    corrected, and `waiting` the corrections that wait.
    """
    replaced = replaced_by([*recounts, *waiting.values()])
    folders = {exact.part: exact.folder for exact in found.values()}
    problems: dict[tuple[str, str], Problem] = {}
    for item in filter(None, (one.but(replaced) for one in told)):
        problems.setdefault((item.count, item.part.cutoff), _refused(item, folders[item.part]))
    refused = {count for count, _ in problems}
    return [
        *problems.values(),
        *(problem for count, problem in _counted_twice(found.values()) if count not in refused),
        *_corrections_of_nothing(found.values(), told, waiting),
        *_more_on_a_roll(found),
    ]


def _refused(told: Told, folder: Path) -> Problem:
    by = told.releases[0] + (f" (y {len(told.releases) - 1} más)" if len(told.releases) > 1 else "")
    again = f"«python -m etl corregir {folder.name} --motivo … --quien …»"
    if told.cutoff != told.part.cutoff:
        message = (
            f"{words(told.part)} ya se publicó, con corte {told.cutoff}, en la publicación {by}, y se publica una sola vez: "
            f"{WHY_ONCE}. Si esta carpeta sobra, quítela: el padrón de su corte no la necesita. Si lo publicado estaba mal "
            f"contado, quite la cuenta de {told.cutoff} y diga por qué con {again}"
        )
    else:
        message = (
            f"{words(told.part)} da otras cifras que las que publicó {by}: {WHY_SAME}. Si esta cuenta es la equivocada, "
            f"vuelva a contar como entonces. Si lo era la publicada, diga por qué con {again}"
        )
    return Problem(_place(folder), None, None, None, message)


def _counted_twice(found: Iterable[Exact]) -> Iterator[tuple[str, Problem]]:
    """The elections that wait at several cut-offs."""
    cutoffs: dict[str, dict[str, Path]] = {}
    for exact in found:
        if exact.part.election:
            cutoffs.setdefault(exact.part.election, {})[exact.part.cutoff] = exact.folder
    for election, folders in cutoffs.items():
        if len(folders) > 1:
            message = (
                f"la participación de {election} espera contada con varios cortes, {' y '.join(sorted(folders))}, y se "
                f"publica una sola vez: {WHY_ONCE}. Deje la que se contó del padrón más cercano a la elección y quite las demás"
            )
            yield election, Problem(_place(folders[max(folders)]), None, None, None, message)


def _corrections_of_nothing(
    found: Iterable[Exact], told: Iterable[Told], waiting: Mapping[str, Recount]
) -> Iterator[Problem]:
    """Corrections that name a release that did not tell that count otherwise."""
    folders = {count_of(exact.part): exact.folder for exact in found}
    otherwise = {(name, item.count) for item in told for name in item.releases}
    for count, item in waiting.items():
        wrong = sorted(name for name in item.replaces if (name, count) not in otherwise)
        if wrong:
            message = (
                f"no corrige nada: {', '.join(wrong)} no dio otra cuenta que esta. Quítela de ahí, o quite el archivo"
            )
            yield Problem(f"{_place(folders[count])}/{FILE}", None, "sustituye", None, message)


def _more_on_a_roll(found: Mapping[str, Exact]) -> Iterator[Problem]:
    """Rolls with more people in a cell than the registry of the same cut-off: they were not counted from it."""
    registries = {
        (exact.part.cutoff, exact.cube.residence): exact for exact in found.values() if not exact.part.election
    }
    for exact in found.values():
        registry = registries.get((exact.part.cutoff, exact.cube.residence))
        if exact.part.election and registry is not None:
            cell = _first_above(exact, registry)
            if cell:
                message = (
                    f"en el padrón de {exact.part.election} hay más personas que en el registro del que es parte, de corte "
                    f"{exact.part.cutoff}; la primera celda: {cell}. Cuente los dos de una vez, con una sola orden «microdata»"
                )
                yield Problem(_place(exact.folder), None, None, None, message)


def _first_above(roll: Exact, registry: Exact) -> str:
    """The first cell where there are more people on `roll` than in `registry`, in words; nothing when there is none.

    Only cells of what both count people by: an age is the one of another day.
    """
    shared = [item for item in roll.cube.dimensions if item in registry.cube.dimensions]
    columns = [level.name for item in shared for level in item.levels]
    count = roll.cube.measures[0].name
    totals = [name for name in {*roll.cube.columns, *registry.cube.columns} if name not in columns]
    own, other = (
        frame[(frame[[name for name in totals if name in frame]] == TOTAL).all(axis=1)]
        for frame in (roll.frame, registry.frame)
    )
    own = own[broken_down(own, columns).isin(broken_down(other, columns).unique())]
    both = own.merge(other[[*columns, count]], on=columns, how="left", suffixes=("", "|"))
    above = both[both[count] > both[f"{count}|"].fillna(0)]
    return " · ".join(value for value in above[columns].iloc[0] if value != TOTAL) or TOTAL if len(above) else ""


def _place(folder: Path) -> str:
    return f"{folder.parent.name}/{folder.name}"
