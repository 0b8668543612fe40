"""The last step before packaging: exact cubes become tables of the release, protected together with all that is public.

Choosing what to hide takes longer than everything else, so what was chosen is kept beside the exact cubes, under the
hash of all it depends on: the cubes, what is public about the same people, and the code that chooses.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from time import perf_counter

import pandas as pd

from etl import disclosure, validation
from etl.cube_tables import cube_dataset, cube_frame
from etl.disclosure.frames import Known, protect_frames, utility
from etl.disclosure.suppression import DisclosureError
from etl.disclosure.tables import TablesError
from etl.known import Earlier, Told, When, earlier, known_of_tables
from etl.model import Frames, Notice, Problem
from etl.steps import Account, Result
from etl.waiting import Exact, waiting

CACHE, KEPT, INDEX = "protegidos", 4, "indice.json"
HERE = Path(__file__).parent
CODE = (*sorted(Path(disclosure.__file__).parent.glob("*.py")), HERE / "cubes.py", HERE / "known.py")
Say = Callable[[str], None]


def add_cubes(result: Result, folder: Path, destination: Path, say: Say = lambda words: None) -> None:
    """Add to `result` the exact cubes waiting in `folder`, protected; whatever is wrong is among its problems.

    `destination` holds the releases already published: what they tell of the same people cannot be untold.
    """
    found, problems = waiting(folder)
    result.loose += problems
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
    made = validation.typed(table, cube_frame(exact.cube, frame, job.election))
    account.problems += validation.problems(table, made, result.tables)
    result.accounts.append(account)
    result.corrections[dataset.name] = ()
    result.tables[table.name] = made
    result.utility[dataset.name] = utility({table.name: exact.cube}, {table.name: made})


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
        """Protect; again with what the releases kept in `destination` tell, when they show what would be hidden."""
        known = dict(known_of_tables(self.cubes, self.frames, self.when, self._told()))
        published, joined = self._kept(known)
        before = earlier(destination, self.when)
        clashing = [item for item in before if item.contradicts(self.frames[item.cube.name])]
        others = [item for item in before if item not in clashing]
        if told := sorted({item.release for item in others if item.adds_to(published[item.cube.name])}):
            try:
                published, joined = self._kept(known | {_title(item): (item.cube, item.frame) for item in others})
            except DisclosureError as error:
                raise DisclosureError(f"{error}, con lo que del mismo corte ya publicó {', '.join(told)}") from None
        self._doubt(clashing, [name for name in known if name not in joined])
        return published

    def _told(self) -> list[Told]:
        return [
            Told(
                table,
                max(s.cutoff for s in dataset.sources(table)).isoformat(),
                partial(self.result.tables.get, table.name),
            )
            for dataset in self.result.datasets
            for table in dataset.tables
        ]

    def _doubt(self, clashing: list[Earlier], apart: list[str]) -> None:
        """Say what does not fit: no sum proves it, but two figures of the same day should be one."""
        for item in clashing:
            message = (
                f"la publicación {item.release} dio otras cifras para el mismo corte: compararlas puede señalar a "
            )
            self.result.doubts.append(Notice(item.cube.name, f"{message}quienes cambiaron"))
        for name in apart:
            table, _, cube = name.removesuffix(")").partition(" (")
            if not self.cubes[cube].of_election:  # those of an election come from whoever counted it
                self.result.doubts.append(Notice(cube, f"es del mismo corte que {table} y no da las mismas cifras"))

    # --- What was chosen before -------------------------------------------------------------------------------------

    def _kept(self, known: Known) -> tuple[Frames, list[str]]:
        """`protect_frames`, from what was kept if nothing it depends on has changed; and what of `known` was joined."""
        place = self.folder / CACHE / self._key(known)
        if (kept := _read(place)) is not None:
            self.say("Protegidos antes: nada de lo que decide ha cambiado")
            return kept
        published, protections = protect_frames(self.cubes, self.frames, self.say, known)
        joined = sorted({name for layout, _ in protections for name, _ in layout.cells} - set(self.cubes))
        _write(place, published, joined)
        return published, joined

    def _key(self, known: Known) -> str:
        digest = hashlib.sha256()
        for path in CODE:
            digest.update(path.read_bytes())
        digest.update(json.dumps([[name, item.sha256, *self.when[name]] for name, item in self.found.items()]).encode())
        for name in sorted(known):
            digest.update(name.encode() + pd.util.hash_pandas_object(known[name][1], index=False).to_numpy().tobytes())
        return digest.hexdigest()[:16]


def _title(item: Earlier) -> str:
    return f"{item.cube.name} de {item.release}"


def _read(place: Path) -> tuple[Frames, list[str]] | None:
    """What was kept; None if nothing was, or if it is not what was written."""
    try:
        index = json.loads((place / INDEX).read_text(encoding="utf-8"))
        contents = {name: (place / f"{name}.parquet").read_bytes() for name in index["cubos"]}
        if any(hashlib.sha256(contents[name]).hexdigest() != sha256 for name, sha256 in index["cubos"].items()):
            return None
        return {name: pd.read_parquet(io.BytesIO(content)) for name, content in contents.items()}, index["junto_con"]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(place: Path, published: Frames, joined: list[str]) -> None:
    """Keep it for the next run, whole or not at all; without room for it the next run only takes longer."""
    unfinished = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        for left in place.parent.glob(".*"):
            shutil.rmtree(left, ignore_errors=True)
        unfinished.mkdir(mode=0o700, parents=True)
        index = {"cubos": {}, "junto_con": joined}
        for name, frame in published.items():
            path = unfinished / f"{name}.parquet"
            frame.to_parquet(path, index=False)
            index["cubos"][name] = hashlib.sha256(path.read_bytes()).hexdigest()
        (unfinished / INDEX).write_text(json.dumps(index, ensure_ascii=False), encoding="utf-8")
        shutil.rmtree(place, ignore_errors=True)
        os.rename(unfinished, place)
        kept = sorted(place.parent.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
        for old in kept[KEPT:]:
            shutil.rmtree(old, ignore_errors=True)
    except OSError:
        shutil.rmtree(unfinished, ignore_errors=True)
