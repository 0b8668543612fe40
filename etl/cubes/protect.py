"""The last step before packaging: exact cubes become tables of the release, protected together with all that is public.

Choosing what to hide takes longer than everything else, so what was chosen is kept beside the exact cubes, under the
hash of all it depends on: the cubes, what is public about the same people, and the code that chooses.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import BrokenExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import perf_counter

import pandas as pd

from etl import disclosure
from etl.cubes.declared import CUBES, Cube
from etl.cubes.exact import Exact, waiting
from etl.cubes.kept import keep, read_kept
from etl.cubes.once import refusals, told_otherwise
from etl.cubes.parts import Part, systems, united
from etl.cubes.public import Earlier, SamePeople, Told, earlier, known, parts_told, told_before, told_of
from etl.cubes.recounts import facts_of, notice_of, told_recounts, waiting_recounts
from etl.cubes.rhythm import at_rhythm
from etl.cubes.tables import cube_dataset, cube_frame
from etl.cubes.workers import side_by_side
from etl.disclosure.frames import protect_together
from etl.disclosure.suppression import DisclosureError
from etl.disclosure.tables import TablesError
from etl.disclosure.utility import utility
from etl.model import Frames, Notice, Problem
from etl.pipeline import validate
from etl.pipeline.run import Account, Result
from etl.release import Past, past_of

CACHE = "protegidos"
HERE = Path(__file__).parent
CODE = (
    *sorted(Path(disclosure.__file__).parent.glob("*.py")),
    HERE / "declared.py",
    HERE / "parts.py",
    HERE / "public.py",
    HERE / "rows.py",
)
Say = Callable[[str], None]
Chosen = tuple[
    Frames, list[str]
]  # what may be published, and the names of the published tables that it was joined with


def add_cubes(
    result: Result,
    folder: Path,
    destination: Path,
    say: Say = lambda words: None,
    tell: Say = lambda words: None,
    synthetic: bool = False,
) -> None:
    """Add to `result` the exact cubes waiting in `folder`, protected; whatever is wrong is among its problems.

    Every cut-off and election that waits is published, at the rhythm of `etl.cubes.rhythm` and once (`etl.cubes.once`).
    `destination` holds the releases already published: what they say of the same people is already public. `say` is what is
    being done, and `tell` what whoever publishes must know: what of the waiting cubes is left out. `synthetic` cubes count
    invented people, of whom nothing was told before.
    """
    cubes = waiting(folder)
    result.loose += cubes.problems
    for line in cubes.left_out:
        tell(line)
    result.past = Past() if synthetic else past_of(destination, [cube.name for cube in CUBES])
    if not cubes.found or result.problems:
        return
    parts = [exact.part for exact in cubes.found.values()]
    before = _before(result, parts)
    found, late = at_rhythm(cubes.found, result.past)
    for line in late:
        tell(line)
    _told_once(result, cubes.found, found, [item for item in before if item.part in parts])
    if not found or result.problems:
        return
    start = perf_counter()
    try:
        told = _told(result)
        if not synthetic:
            told += told_before(destination, told, [exact.part for exact in found.values()])
        protected, doubts = _protected(found, told, before, folder / CACHE, say)
    except (DisclosureError, TablesError, ArithmeticError, BrokenExecutor) as error:
        stopped = "se interrumpió un proceso que los protegía; quizá no alcanzó la memoria"
        why = stopped if isinstance(error, BrokenExecutor) else str(error)
        result.loose.append(Problem(str(folder), None, None, None, f"los cubos no se pueden proteger: {why}"))
        return
    result.doubts += doubts
    seconds = (perf_counter() - start) / len(found)
    for declared in CUBES:
        own = {title: exact for title, exact in found.items() if exact.part.cube == declared.name}
        if own:
            _keep(result, declared, own, protected, seconds * len(own), synthetic)


def _told_once(
    result: Result, every: Mapping[str, Exact], published: Mapping[str, Exact], before: Sequence[Earlier]
) -> None:
    """Whether what waits tells again, otherwise, what was told: a problem, or a correction with its reason."""
    told = told_recounts(result.past)
    corrections, problems = waiting_recounts(every.values())
    recounts = [item for own in told.values() for item in own]
    otherwise = told_otherwise(every, result.past, before)
    result.loose += [*problems, *(() if problems else refusals(every, otherwise, recounts, corrections))]
    if not result.problems:
        result.recounts = facts_of([exact.part for exact in published.values()], told, corrections)
        for dataset, own in result.recounts.items():
            result.notices += [Notice(dataset, notice_of(item)) for item in own]


def _before(result: Result, parts: Sequence[Part]) -> list[Earlier]:
    """What the kept releases say of some parts, and of the same cubes and elections at other cut-offs."""
    told = {part for kept in result.past.kept.values() for part in parts_told(kept)}
    others = [one for one in told if any(_is_elsewhere(one, part) for part in parts)]
    return earlier(result.past, [*parts, *sorted(others)])


def _keep(
    result: Result, declared: Cube, found: Mapping[str, Exact], protected: Frames, seconds: float, synthetic: bool
) -> None:
    """The parts of one cube as a table of the release."""
    cube = united(declared, [exact.cube for exact in found.values()])
    dataset = cube_dataset(cube, [exact.job.cutoff for exact in found.values()], synthetic)
    (table,) = dataset.tables
    account = Account(dataset, seconds=seconds)
    for job in {exact.job.run: exact.job for exact in found.values()}.values():  # one run counts several elections
        account.read += job.read
        account.loaded += job.loaded
        for reason, rows in job.rejected.items():
            account.rejected[reason] = account.rejected.get(reason, 0) + rows
        if job.input:
            account.inputs.append(job.input)
    parts = [cube_frame(cube, exact.part, protected[title], synthetic) for title, exact in found.items()]
    made = validate.typed(table, pd.concat(parts, ignore_index=True))
    account.problems += validate.problems(table, made, result.tables)
    result.accounts.append(account)
    result.notices += [
        Notice(
            declared.name,
            f"en {exact.job.election}, la edad es la de la fecha de corte ({exact.job.cutoff.isoformat()})",
        )
        for exact in found.values()
        if declared.of_election and not exact.job.aged
    ]
    result.corrections[dataset.name] = ()
    result.tables[table.name] = made
    result.utility[dataset.name] = [
        replace(lost, cube=declared.name, cutoff=exact.part.cutoff, election=exact.part.election)
        for title, exact in found.items()
        for lost in utility({title: exact.cube}, protected)
    ]
    if synthetic:
        result.synthetic |= {dataset.name}


def doubts_of(cubes: Mapping[str, Cube], apart: Sequence[SamePeople]) -> list[Notice]:
    """Which published tables (`apart`) of the same day, which should give the figures of `cubes` (parts by title), do not. No
    sum proves which of them is wrong. Those of an election count votes and others made them: that they differ from its cube
    is no doubt.
    """
    doubts = [
        Notice(same.of.cube, f"es del mismo corte que {same.table} y no da las mismas cifras")
        for same in apart
        if not cubes[str(same.of)].of_election
    ]
    return list(dict.fromkeys(doubts))


def _protected(
    found: Mapping[str, Exact],
    told: Sequence[Told],
    before: Sequence[Earlier],
    place: Path,
    say: Say,
) -> tuple[Frames, list[Notice]]:
    """What may be published of every part, by title, each system by itself; and what of the tables `told` is in doubt.

    A system is protected with the tables that are told of its people; and again with what earlier releases said
    (`before`), when they show a count that would be hidden. What was chosen is kept in `place`.
    """
    cubes, frames = ({title: getattr(exact, name) for title, exact in found.items()} for name in ("cube", "frame"))
    groups = systems(cubes, frames, {title: exact.part for title, exact in found.items()})
    every = [_System({title: found[title] for title in group}, told, before, [*found.values()]) for group in groups]
    chosen = _chosen(every, place, say)
    again = [system for system, (published, _) in zip(every, chosen, strict=True) if system.learns(published)]
    renewed = dict(zip(again, _chosen(again, place, say), strict=True))
    found_of: dict[str, pd.DataFrame] = {}
    doubts: list[Notice] = []
    for system, made in zip(every, chosen, strict=True):
        published, joined = renewed.get(system, made)
        agreed = {(item.table, item.of) for item in system.tables if item.cube.name in joined}
        apart = [item for item in system.tables if (item.table, item.of) not in agreed]
        doubts += doubts_of(system.cubes, apart)
        found_of |= published
    return found_of, doubts


def _told(result: Result) -> list[Told]:
    return [
        Told(
            table,
            max(s.cutoff for s in dataset.sources(table)).isoformat(),
            partial(result.tables.__getitem__, table.name),
        )
        for dataset in result.datasets
        for table in dataset.tables
    ]


class _System:
    """The parts that count the same people, and what is public of them already."""

    def __init__(
        self, found: Mapping[str, Exact], told: Sequence[Told], earlier: Sequence[Earlier], waiting: Sequence[Exact]
    ) -> None:
        self.found = found
        self.cubes = {title: item.cube for title, item in found.items()}
        self.frames = {title: item.frame for title, item in found.items()}
        parts = {title: item.part for title, item in found.items()}
        self.tables = told_of(self.cubes, self.frames, parts, told)
        self.public = known(self.tables)
        own = [item for item in earlier if str(item.part) in self.frames]
        #: What was published of other counts of these people, and corrected: anybody can compare it.
        self.replaced = [item for item in own if item.contradicts(self.frames[str(item.part)])]
        self._before = [item for item in own if item not in self.replaced]
        self._told: list[str] = []
        self.elsewhere = {
            title: [
                *(other.frame for other in waiting if _is_before(other.part, part)),
                *(item.frame for item in earlier if _is_elsewhere(item.part, part)),
                *(item.frame for item in self.replaced if item.part == part),
            ]
            for title, part in parts.items()
        }

    def learns(self, published: Frames) -> bool:
        """Whether earlier releases show a count that `published` hides; from then on what they publish is public too."""
        self._told = sorted({item.releases[0] for item in self._before if item.adds_to(published[str(item.part)])})
        if self._told:
            self.public = {**self.public, **{_title(item): (item.cube, item.frame) for item in self._before}}
        return bool(self._told)

    @property
    def cells(self) -> int:
        """How many rows its parts have."""
        return sum(map(len, self.frames.values()))

    @property
    def key(self) -> str:
        """The hash of all that what is chosen depends on."""
        digest = hashlib.sha256()
        for path in CODE:
            digest.update(path.read_bytes())
        digest.update(json.dumps([[title, item.sha256] for title, item in self.found.items()]).encode())
        others = [(name, frame) for name, every in self.elsewhere.items() for frame in every]
        for name, frame in [*((name, self.public[name][1]) for name in sorted(self.public)), *others]:
            rows = pd.util.hash_pandas_object(frame, index=False)
            digest.update(name.encode() + rows.to_numpy().tobytes())
        return digest.hexdigest()[:16]

    def choose(self, say: Say = lambda words: None) -> Chosen:
        """What may be published of its parts, and the names of what is public that was joined; DisclosureError."""
        try:
            published, (layout, _) = protect_together(self.cubes, self.frames, say, self.public, self.elsewhere)
        except DisclosureError as error:
            known_from = f", con lo que del mismo corte ya publicó {', '.join(self._told)}" if self._told else ""
            raise DisclosureError(f"{error}{known_from}") from None
        return published, sorted({name for name, _ in layout.cells} - set(self.cubes))


def _chosen(every: Sequence[_System], place: Path, say: Say) -> list[Chosen]:
    """What each system may publish: what was kept in `place` if nothing it depends on has changed, or chosen and kept."""
    keys = [system.key for system in every]
    kept = {key: found for key in keys if (found := read_kept(place / key)) is not None}
    new = {key: system for key, system in zip(keys, every, strict=True) if key not in kept}
    if every and not new:
        say("Protegidos antes: nada de lo que decide ha cambiado")
    made = side_by_side(_System.choose, [*new.values()], [system.cells for system in new.values()], say)
    for key, chosen in zip(new, made or (system.choose(say) for system in new.values()), strict=True):
        keep(place / key, *chosen)
        kept[key] = chosen
    return [kept[key] for key in keys]


def _is_before(one: Part, other: Part) -> bool:
    """Whether a part is the same cube as another, of an earlier cut-off."""
    return (one.cube, one.election) == (other.cube, other.election) and one.cutoff < other.cutoff


def _is_elsewhere(one: Part, other: Part) -> bool:
    """Whether a part is the same cube as another, of another cut-off."""
    return (one.cube, one.election) == (other.cube, other.election) and one.cutoff != other.cutoff


def _title(item: Earlier) -> str:
    return f"{item.part} en {item.releases[0]}"
