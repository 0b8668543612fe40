"""`python -m etl auditar`: the attack on a release as anybody would make it, with nothing but the files it publishes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Annotated

import pandas as pd
import typer

from etl.console import say
from etl.datasets import all_datasets
from etl.disclosure.audit import Audit, Published, attack, join
from etl.disclosure.frames import published_system, same_people, with_known
from etl.disclosure.tables import TablesError
from etl.known import Told, cubes_of, known, told_of
from etl.release import Release, ReleaseError

SHOWN = 20


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

    Its other tables of the same people are joined; and so are the cubes of another release, if they have the same
    cut-off and do not contradict the first: then they are of the same people, and what they publish is known too.
    """
    first, *others = [cubes_of(release) for release in releases]
    public = known(told_of(first.cubes, first.frames, first.when, told_by(releases[0])))
    found = []
    for group in same_people(first.cubes, first.frames):
        together, frames = with_known(group, first.frames, public)
        progress(f"Atacando {', '.join(together)}")
        system = published_system(together, frames)
        for other in others:
            same = {name: cube for name, cube in other.cubes.items() if first.when.get(name) == other.when[name]}
            same = {name: cube for name, cube in same.items() if name in group}
            if same:
                system = _joined(system, published_system(same, other.frames), progress)
        found.append((list(group), attack(system, progress)))
    return found


def told_by(release: Release) -> list[Told]:
    """The tables of a release that are not cubes, as its manifest says."""
    declared = {table.name: table for dataset in all_datasets() for table in dataset.tables}
    return [
        Told(declared[item["tabla"]], item["corte"], partial(pd.read_parquet, release.root / item["nombre"]))
        for item in release.manifest["archivos"]
        if item["tabla"] in declared
    ]


def _joined(system: Published, other: Published, progress: Callable[[str], None]) -> Published:
    try:
        return join([system, other])
    except TablesError:
        progress("La publicación anterior da otras cifras para el mismo corte: no se cruza con esta")
        return system
