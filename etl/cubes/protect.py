"""The last step before packaging: exact cubes become tables of the release, protected together with all that is public.

Choosing what to hide takes longer than everything else, so what was chosen is kept beside the exact cubes, under the
hash of all it depends on: the cubes, what is public about the same people, and the code that chooses.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import perf_counter

import pandas as pd

from etl import disclosure
from etl.cubes.declared import CUBES, Cube
from etl.cubes.exact import Exact, waiting
from etl.cubes.kept import keep, read_kept
from etl.cubes.parts import systems, united
from etl.cubes.public import Earlier, SamePeople, Told, earlier, known, told_of
from etl.cubes.tables import cube_dataset, cube_frame
from etl.disclosure.frames import Known, protect_together
from etl.disclosure.suppression import DisclosureError
from etl.disclosure.tables import TablesError
from etl.disclosure.utility import utility
from etl.model import Frames, Notice, Problem
from etl.pipeline import validate
from etl.pipeline.run import Account, Result

CACHE = "protegidos"
HERE = Path(__file__).parent
CODE = (
    *sorted(Path(disclosure.__file__).parent.glob("*.py")),
    HERE / "declared.py",
    HERE / "parts.py",
    HERE / "public.py",
)
Say = Callable[[str], None]


def add_cubes(
    result: Result,
    folder: Path,
    destination: Path,
    say: Say = lambda words: None,
    tell: Say = lambda words: None,
    synthetic: bool = False,
) -> None:
    """Add to `result` the exact cubes waiting in `folder`, protected; whatever is wrong is among its problems.

    Every cut-off and election that waits is published. `destination` holds the releases already published: what they say
    of the same people is already public. `say` is what is being done, and `tell` what whoever publishes must know: what of
    the waiting cubes is left out. `synthetic` cubes count invented people.
    """
    cubes = waiting(folder)
    found = cubes.found
    result.loose += cubes.problems
    for line in cubes.left_out:
        tell(line)
    if not found or result.problems:
        return
    start = perf_counter()
    try:
        protected = _protected(result, found, folder, destination, say)
    except (DisclosureError, TablesError, ArithmeticError) as error:
        result.loose.append(Problem(str(folder), None, None, None, f"los cubos no se pueden proteger: {error}"))
        return
    seconds = (perf_counter() - start) / len(found)
    for declared in CUBES:
        own = {title: exact for title, exact in found.items() if exact.part.cube == declared.name}
        if own:
            _keep(result, declared, own, protected, seconds * len(own), synthetic)


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
    result.corrections[dataset.name] = ()
    result.tables[table.name] = made
    result.utility[dataset.name] = [
        replace(lost, cube=declared.name, cutoff=exact.part.cutoff, election=exact.part.election)
        for title, exact in found.items()
        for lost in utility({title: exact.cube}, protected)
    ]
    if synthetic:
        result.synthetic |= {dataset.name}


def doubts_of(cubes: Mapping[str, Cube], clashing: Sequence[Earlier], apart: Sequence[SamePeople]) -> list[Notice]:
    """Which figures of the same day, which should be equal, are not. No sum proves which of them is wrong.

    `cubes` are the parts by title; `clashing`, those of earlier releases; `apart`, published tables. Those of an election
    count votes and others made them: that they differ from its cube is no doubt.
    """
    message = "dio otras cifras para el mismo corte: compararlas puede señalar a quienes cambiaron"
    return [
        *(Notice(item.part.cube, f"la publicación {item.release} {message}") for item in clashing),
        *(
            Notice(same.of.cube, f"es del mismo corte que {same.table} y no da las mismas cifras")
            for same in apart
            if not cubes[str(same.of)].of_election
        ),
    ]


def _protected(result: Result, found: Mapping[str, Exact], folder: Path, destination: Path, say: Say) -> Frames:
    """What may be published of every part, by title, each system by itself."""
    cubes, frames = ({title: getattr(exact, name) for title, exact in found.items()} for name in ("cube", "frame"))
    published: dict[str, pd.DataFrame] = {}
    for system in systems(cubes, frames, {title: exact.part for title, exact in found.items()}):
        chosen = {title: found[title] for title in system}
        published |= _Protecting(result, chosen, folder, say).run(destination)
    return published


class _Protecting:
    """What may be published of one system: the parts that count the same people, given what is public already."""

    def __init__(self, result: Result, found: Mapping[str, Exact], folder: Path, say: Say) -> None:
        self.result, self.found, self.folder, self.say = result, found, folder, say
        self.cubes = {title: item.cube for title, item in found.items()}
        self.frames = {title: item.frame for title, item in found.items()}
        self.parts = {title: item.part for title, item in found.items()}

    def run(self, destination: Path) -> Frames:
        """Protect; and again with the releases kept in `destination`, when they show a count that would be hidden."""
        tables = told_of(self.cubes, self.frames, self.parts, self._told())
        published, joined = self._kept(known(tables))
        before = earlier(destination, self.parts.values())
        clashing = [item for item in before if item.contradicts(self.frames[str(item.part)])]
        others = [item for item in before if item not in clashing]
        if told := sorted({item.release for item in others if item.adds_to(published[str(item.part)])}):
            try:
                public = {**known(tables), **{_title(item): (item.cube, item.frame) for item in others}}
                published, joined = self._kept(public)
            except DisclosureError as error:
                raise DisclosureError(f"{error}, con lo que del mismo corte ya publicó {', '.join(told)}") from None
        apart = [item for item in tables if item.cube.name not in joined]
        self.result.doubts += doubts_of(self.cubes, clashing, apart)
        return published

    def _told(self) -> list[Told]:
        return [
            Told(
                table,
                max(s.cutoff for s in dataset.sources(table)).isoformat(),
                partial(self.result.tables.__getitem__, table.name),
            )
            for dataset in self.result.datasets
            for table in dataset.tables
        ]

    # --- What was chosen before -------------------------------------------------------------------------------------

    def _kept(self, public: Known) -> tuple[Frames, list[str]]:
        """`protect_together`, from what was kept if nothing it depends on has changed; and what is public that was joined."""
        place = self.folder / CACHE / self._key(public)
        if (kept := read_kept(place)) is not None:
            self.say("Protegidos antes: nada de lo que decide ha cambiado")
            return kept
        published, (layout, _) = protect_together(self.cubes, self.frames, self.say, public)
        joined = sorted({name for name, _ in layout.cells} - set(self.cubes))
        keep(place, published, joined)
        return published, joined

    def _key(self, public: Known) -> str:
        digest = hashlib.sha256()
        for path in CODE:
            digest.update(path.read_bytes())
        digest.update(json.dumps([[title, item.sha256] for title, item in self.found.items()]).encode())
        for name in sorted(public):
            digest.update(name.encode() + pd.util.hash_pandas_object(public[name][1], index=False).to_numpy().tobytes())
        return digest.hexdigest()[:16]


def _title(item: Earlier) -> str:
    return f"{item.part} en {item.release}"
