"""The last step before packaging: exact cubes become tables of the release, protected together with all that is public.

Choosing what to hide takes longer than everything else, so what was chosen is kept beside the exact cubes, under the
hash of all it depends on: the cubes, what is public about the same people, and the code that chooses.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from time import perf_counter

import pandas as pd

from etl import disclosure
from etl.cubes.declared import Cube
from etl.cubes.exact import Exact, waiting
from etl.cubes.kept import keep, read_kept
from etl.cubes.public import Earlier, SamePeople, Told, When, earlier, known, told_of
from etl.cubes.tables import cube_dataset, cube_frame
from etl.disclosure.frames import Known, protect_frames
from etl.disclosure.suppression import DisclosureError
from etl.disclosure.tables import TablesError
from etl.disclosure.utility import utility
from etl.model import Frames, Notice, Problem
from etl.pipeline import validate
from etl.pipeline.run import Account, Result

CACHE = "protegidos"
HERE = Path(__file__).parent
CODE = (*sorted(Path(disclosure.__file__).parent.glob("*.py")), HERE / "declared.py", HERE / "public.py")
Say = Callable[[str], None]


def add_cubes(
    result: Result, folder: Path, destination: Path, say: Say = lambda words: None, tell: Say = lambda words: None
) -> None:
    """Add to `result` the exact cubes waiting in `folder`, protected; whatever is wrong is among its problems.

    `destination` holds the releases already published: what they say of the same people is already public. `say` is what
    is being done, and `tell` what whoever publishes must know: which of the waiting cubes are left out.
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
        protected = _Protecting(result, found, folder, say).run(destination)
    except (DisclosureError, TablesError, ArithmeticError) as error:
        result.loose.append(Problem(str(folder), None, None, None, f"los cubos no se pueden proteger: {error}"))
        return
    for name, exact in found.items():
        _keep(result, exact, protected[name], (perf_counter() - start) / len(found))


def _keep(result: Result, exact: Exact, frame: pd.DataFrame, seconds: float) -> None:
    job = exact.job
    dataset = cube_dataset(exact.cube, job.cutoff)
    (table,) = dataset.tables
    account = Account(dataset, job.read, job.loaded, dict(job.rejected), seconds=seconds)
    if job.input:
        account.inputs.append(job.input)
    made = validate.typed(table, cube_frame(exact.cube, frame, job.election))
    account.problems += validate.problems(table, made, result.tables)
    result.accounts.append(account)
    result.corrections[dataset.name] = ()
    result.tables[table.name] = made
    result.utility[dataset.name] = utility({table.name: exact.cube}, {table.name: made})


def doubts_of(cubes: Mapping[str, Cube], clashing: Sequence[Earlier], apart: Sequence[SamePeople]) -> list[Notice]:
    """Which figures of the same day, which should be equal, are not. No sum proves which of them is wrong.

    `clashing` are cubes of earlier releases; `apart`, published tables. Those of an election count votes and others made
    them: that they differ from its cube is no doubt.
    """
    message = "dio otras cifras para el mismo corte: compararlas puede señalar a quienes cambiaron"
    return [
        *(Notice(item.cube.name, f"la publicación {item.release} {message}") for item in clashing),
        *(
            Notice(same.of, f"es del mismo corte que {same.table} y no da las mismas cifras")
            for same in apart
            if not cubes[same.of].of_election
        ),
    ]


class _Protecting:
    """What may be published of the cubes of a release, given what is public already."""

    def __init__(self, result: Result, found: Mapping[str, Exact], folder: Path, say: Say) -> None:
        self.result, self.found, self.folder, self.say = result, found, folder, say
        self.cubes = {name: item.cube for name, item in found.items()}
        self.frames = {name: item.frame for name, item in found.items()}
        self.when: dict[str, When] = {
            name: (item.job.cutoff.isoformat(), item.job.election if item.cube.of_election else None)
            for name, item in found.items()
        }

    def run(self, destination: Path) -> Frames:
        """Protect; and again with the releases kept in `destination`, when they show a count that would be hidden."""
        tables = told_of(self.cubes, self.frames, self.when, self._told())
        published, joined = self._kept(known(tables))
        before = earlier(destination, self.when)
        clashing = [item for item in before if item.contradicts(self.frames[item.cube.name])]
        others = [item for item in before if item not in clashing]
        if told := sorted({item.release for item in others if item.adds_to(published[item.cube.name])}):
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
        """`protect_frames`, from what was kept if nothing it depends on has changed; and what is public that was joined."""
        place = self.folder / CACHE / self._key(public)
        if (kept := read_kept(place)) is not None:
            self.say("Protegidos antes: nada de lo que decide ha cambiado")
            return kept
        published, protections = protect_frames(self.cubes, self.frames, self.say, public)
        joined = sorted({name for layout, _ in protections for name, _ in layout.cells} - set(self.cubes))
        keep(place, published, joined)
        return published, joined

    def _key(self, public: Known) -> str:
        digest = hashlib.sha256()
        for path in CODE:
            digest.update(path.read_bytes())
        digest.update(json.dumps([[name, item.sha256, *self.when[name]] for name, item in self.found.items()]).encode())
        for name in sorted(public):
            digest.update(name.encode() + pd.util.hash_pandas_object(public[name][1], index=False).to_numpy().tobytes())
        return digest.hexdigest()[:16]


def _title(item: Earlier) -> str:
    return f"{item.cube.name} de {item.release}"
