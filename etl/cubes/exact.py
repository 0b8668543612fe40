"""The exact cubes that `microdata` left on this machine, waiting to be protected and published: read, never shown."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from etl.cubes.declared import CUBES, EXACT, REPORT, Cube, moment
from etl.cubes.parts import Part
from etl.model import TOTAL, Problem
from etl.release import reason

MEASURES = {item.name for cube in CUBES for item in cube.measures}
AGAIN = "vuelva a contar con «python -m etl microdata»"


@dataclass(frozen=True)
class Job:
    """What one run of `microdata` says of itself; `inputs` are the files it counted, with their SHA-256.

    `aged` is the day (ISO) on which ages were counted; in an election, "" when it was not the one of its first round.
    """

    cutoff: date
    election: str | None
    read: int
    loaded: int
    rejected: Mapping[str, int]
    inputs: tuple[tuple[str, str], ...]
    aged: str = ""

    @property
    def run(self) -> tuple[date, tuple[tuple[str, str], ...], int, int]:
        """What is the same in everything that one run counted."""
        return self.cutoff, self.inputs, self.read, self.loaded

    @property
    def input(self) -> tuple[str, str, int] | None:
        """Name, SHA-256 and records of what was counted; of several files, the hash of the list of their hashes.

        The hash of an exact cube is never told: it would let anybody check guesses about its hidden cells.
        """
        if not self.inputs:
            return None
        if len(self.inputs) == 1:
            return (*self.inputs[0], self.read)
        lines = "".join(f"{sha256}  {name}\n" for name, sha256 in sorted(self.inputs))
        return f"{len(self.inputs)} archivos", hashlib.sha256(lines.encode()).hexdigest(), self.read


@dataclass(frozen=True)
class Exact:
    """One part of a cube, exact: its declaration with only what the registry brought, its cells, its file's hash, its
    job and the folder where it waits.
    """

    cube: Cube
    frame: pd.DataFrame
    sha256: str
    job: Job
    folder: Path

    @property
    def part(self) -> Part:
        """Which part it is."""
        return part_of(self.cube, self.job)


@dataclass(frozen=True)
class Waiting:
    """The parts of cubes that wait, by title, cube by cube and the earliest first; what of them is left out, in words; and
    what cannot be read.
    """

    found: dict[str, Exact]
    left_out: list[str]
    problems: list[Problem]


def waiting(folder: Path) -> Waiting:
    """The cubes under `folder`, of every cut-off and election. Of a part that is there twice, the one in the folder of its
    election is taken: an earlier version left it with the registry's.
    """
    found: dict[Part, Exact] = {}
    left_out: list[str] = []
    problems: list[Problem] = []
    for path in sorted(_folders(folder), key=lambda one: moment(one) or ("", ""), reverse=True):
        try:
            job, cubes = _report(path)
        except (OSError, ValueError, KeyError, TypeError):
            problems.append(Problem(_place(path, REPORT), None, None, None, f"no se puede leer: {AGAIN}"))
            continue
        if (wrong := _misplaced(path, job)) is not None:
            problems.append(wrong)
            continue
        for declared in CUBES:
            if declared.name not in cubes:
                continue
            part = part_of(declared, job)
            if part in found:
                left_out.append(f"{part} está también en la carpeta de su elección, de donde se toma: en {path} sobra")
                continue
            exact = _exact(path, declared, cubes[declared.name], job)
            if isinstance(exact, Problem):
                problems.append(exact)
            else:
                found[part] = exact
    order = {cube.name: position for position, cube in enumerate(CUBES)}
    parts = sorted(found, key=lambda part: (order[part.cube], part))
    return Waiting({str(part): found[part] for part in parts}, left_out, problems)


def part_of(cube: Cube, job: Job) -> Part:
    """Which part of `cube` a job counted."""
    return Part(cube.name, job.cutoff.isoformat(), (job.election or "") if cube.of_election else "")


def waiting_jobs(folder: Path) -> list[tuple[Path, Job]]:
    """The counts under `folder` that can be read, with the folder of each: what they say of themselves, no cell."""
    found = []
    for path in sorted(_folders(folder)):
        with suppress(OSError, ValueError, KeyError, TypeError):
            found.append((path, _report(path)[0]))
    return found


def _folders(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return [path for path in folder.iterdir() if path.is_dir() and moment(path)]


def _place(path: Path, name: str) -> str:
    return f"{path.parent.name}/{path.name}/{name}"


def _misplaced(path: Path, job: Job) -> Problem | None:
    """A count whose folder says that it is another one: somebody changed its name, or what it says of itself.

    An earlier version left those of an election in the folder of their cut-off.
    """
    own = (job.cutoff.isoformat(), job.election or "")
    if moment(path) in (own, (own[0], "")):
        return None
    name = ".".join(filter(None, own))
    message = f"la carpeta se llama {path.name}, pero el conteo es de {name}: devuélvale su nombre, o {AGAIN}"
    return Problem(_place(path, REPORT), None, None, None, message)


def _report(path: Path) -> tuple[Job, Mapping[str, str]]:
    """The job of a folder, and the SHA-256 that each of its cubes must have."""
    content = json.loads((path / REPORT).read_text(encoding="utf-8"))
    job = Job(
        date.fromisoformat(content["corte"]),
        content["eleccion"],
        int(content["filas_leidas"]),
        int(content["filas_cargadas"]),
        {item["descripcion"]: int(item["filas"]) for item in content["motivos"]},
        tuple((item["archivo"], item["sha256"]) for item in content["entradas"]),
        str(content.get("edad_al") or ""),
    )
    return job, {name: item["sha256"] for name, item in content["cubos"].items()}


def _exact(path: Path, declared: Cube, sha256: str, job: Job) -> Exact | Problem:
    name = f"{declared.name}{EXACT}"
    try:
        content = (path / name).read_bytes()
    except OSError as error:
        return Problem(_place(path, name), None, None, None, f"no se puede leer ({reason(error)}): {AGAIN}")
    if hashlib.sha256(content).hexdigest() != sha256:
        message = f"no es el archivo que el conteo dejó (su suma SHA-256 es otra): {AGAIN}"
        return Problem(_place(path, name), None, None, None, message)
    try:
        frame = pd.read_parquet(io.BytesIO(content))
    except pa.ArrowException:
        return Problem(_place(path, name), None, None, None, f"no se puede leer: {AGAIN}")
    cube = declared.limited_to(set(frame.columns), set(frame.columns))
    if cube is None or {*cube.columns, *(item.name for item in cube.measures)} - set(frame.columns):
        return Problem(_place(path, name), None, None, None, f"es de otra versión del programa: {AGAIN}")
    frame = _of_its_crosses(cube, frame)
    counts = frame[[item.name for item in cube.measures]]
    if (counts.isna() | (counts < 0)).any(axis=None):
        return Problem(_place(path, name), None, None, None, f"tiene celdas sin un conteo de personas: {AGAIN}")
    return Exact(replace(cube, election=part_of(cube, job).election), frame, sha256, job, path)


def _of_its_crosses(cube: Cube, frame: pd.DataFrame) -> pd.DataFrame:
    """The rows that the crosses of `cube` have: an earlier version may have counted more, or by more columns."""
    measures = [item.name for item in cube.measures]
    beyond = [name for name in frame if name not in cube.columns and name not in MEASURES]
    frame = frame.loc[(frame[beyond] == TOTAL).all(axis=1), [*cube.columns, *measures]]
    filled = (frame[list(cube.columns)] != TOTAL).to_numpy() @ (1 << np.arange(len(cube.columns)))
    margins = [sum(1 << cube.columns.index(name) for name in margin) for margin in cube.margins]
    return frame[np.isin(filled, margins)].reset_index(drop=True)
