"""`python -m etl auditar`: the attack on a release as anybody would make it, with nothing but the files it publishes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Annotated

import pandas as pd
import typer
from rich.console import Console

from etl.cubes import CUBES, Cube
from etl.disclosure.audit import Audit, Published, attack, join
from etl.disclosure.frames import published_system, same_people
from etl.disclosure.tables import TablesError
from etl.release import Release, ReleaseError

SHOWN = 20
console = Console()


def auditar(
    publicacion: Annotated[
        Path, typer.Argument(metavar="[PUBLICACIÓN]", help="Carpeta de la publicación.", show_default=True)
    ] = Path("data/release/current"),
    anterior: Annotated[
        Path | None, typer.Option("--anterior", help="Publicación anterior: cuenta si es del mismo corte.")
    ] = None,
) -> None:
    """Intenta deducir cada celda confidencial con todo lo publicado. Sale con código 1 si alguna se deduce."""
    start = perf_counter()
    try:
        releases = [Release.open(path) for path in (publicacion, anterior) if path]
        audits = audit_releases(releases, lambda words: say(f"  {words}"))
    except (ReleaseError, TablesError) as error:
        say(f"No se pudo auditar: {error}")
        raise typer.Exit(1) from None
    for names, audit in audits:
        say(f"{', '.join(names)}: {audit.hidden:,} celdas confidenciales, {len(audit.exposed):,} deducibles")
        for item in audit.exposed[:SHOWN]:
            how = "exactamente" if item.exactly else f"a menos de {item.threshold} personas"
            say(f"- {' · '.join(item.cell.values()) or 'total'}: se deduce {how}")
    if not audits:
        say("La publicación no tiene cubos con celdas confidenciales.")
    say(f"Auditoría en {perf_counter() - start:.1f} s.")
    if any(audit.exposed for _, audit in audits):
        raise typer.Exit(1)


def audit_releases(
    releases: list[Release], progress: Callable[[str], None] = lambda _: None
) -> list[tuple[list[str], Audit]]:
    """The verdict on the cubes of the first release, by groups that count the same people.

    Another release is joined when it has the same cut-off and does not contradict the first: then it is of the same
    people, and what it publishes is known too.
    """
    first, *others = [cubes_of(release) for release in releases]
    found = []
    for group in same_people(first.cubes, first.frames):
        progress(f"Atacando {', '.join(group)}")
        system = published_system(group, first.frames)
        for other in others:
            same = {name: cube for name, cube in other.cubes.items() if name in group}
            if same and other.cutoffs == first.cutoffs:
                system = _joined(system, published_system(same, other.frames), progress)
        found.append((list(group), attack(system, progress)))
    return found


class CubesOf:
    """The cubes of a release: declarations without what was left out, frames and cut-offs."""

    def __init__(self) -> None:
        self.cubes: dict[str, Cube] = {}
        self.frames: dict[str, pd.DataFrame] = {}
        self.cutoffs: set[str] = set()


def cubes_of(release: Release) -> CubesOf:
    """The published cubes of a release, with only the dimensions and crosses that it has."""
    found = CubesOf()
    files = {item["tabla"]: item for item in release.manifest["archivos"] if item.get("tabla")}
    for declared in CUBES:
        if declared.name not in files:
            continue
        frame = pd.read_parquet(release.table(declared.name))
        cube = declared.limited_to(set(frame.columns), set(frame.columns))
        if cube is not None and len(frame):
            found.cubes[cube.name], found.frames[cube.name] = cube, frame
            found.cutoffs.add(files[declared.name]["corte"])
    return found


def _joined(system: Published, other: Published, progress: Callable[[str], None]) -> Published:
    try:
        return join([system, other])
    except TablesError:
        progress("La publicación anterior da otras cifras para el mismo corte: no se cruza con esta")
        return system


def say(text: str) -> None:
    """Print `text` as it is: one line, no markup."""
    console.print(text, soft_wrap=True, markup=False, highlight=False)
