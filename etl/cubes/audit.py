"""The attack on the cubes of a release as anybody would make it, with nothing but the files it publishes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import pandas as pd

from etl.cubes.declared import CUBES
from etl.cubes.parts import systems
from etl.cubes.public import Told, cubes_of, known, told_of
from etl.cubes.rows import counts_the_same
from etl.cubes.workers import side_by_side
from etl.datasets import all_datasets
from etl.disclosure.attackers import Further, further
from etl.disclosure.audit import Audit, PublishedSystem, attack, join
from etl.disclosure.frames import published_system, with_known
from etl.disclosure.tables import TablesError
from etl.release import Manifest, Release

#: For all the attackers of all the systems, one after the other.
SECONDS = 24.0


def audit_releases(
    releases: list[Release], progress: Callable[[str], None] = lambda _: None
) -> list[tuple[list[str], Audit]]:
    """The verdict on the cubes of the first release: every part of them, by groups that count the same people.

    Its other tables of the same people are joined; and so are the cubes of another release, if they have the same
    cut-off and do not contradict the first: then they are of the same people, and what they publish is known too.
    """
    first, *others = [cubes_of(release) for release in releases]
    public = known(told_of(first.cubes, first.frames, first.parts, told_by(releases[0])))
    groups = systems(first.cubes, first.frames, first.parts)
    found = []
    for group in groups:
        together, frames = with_known(group, first.frames, public)
        progress(f"Reuniendo {', '.join(together)}")
        system = published_system(together, frames)
        for other in others:
            same = {title: cube for title, cube in other.cubes.items() if title in group}
            if same:
                system = _joined(system, published_system(same, other.frames), progress)
        found.append(system)
    progress(f"Atacando {len(found)} sistemas")
    audits = side_by_side(attack, found, [system.tables.cells for system in found], progress)
    return [
        (list(group), audit)
        for group, audit in zip(groups, audits or (attack(system, progress) for system in found), strict=True)
    ]


def attack_further(
    audits: Sequence[tuple[list[str], Audit]], progress: Callable[[str], None] = lambda _: None
) -> list[Further]:
    """What the attackers who do more than linear programming find in each system; `SECONDS` for all of them."""
    every = [audit for _, audit in audits]
    if every:
        progress("Atacando con lo que la programación lineal no usa")
    work = partial(further, seconds=SECONDS / max(len(every), 1))
    return side_by_side(work, every, [audit.published.tables.cells for audit in every], progress) or [*map(work, every)]


def told_by(release: Release) -> list[Told]:
    """The tables of a release that are not cubes, as its manifest says."""
    declared = {table.name: table for dataset in all_datasets() for table in dataset.tables}
    return [
        Told(declared[item["tabla"]], item["corte"], partial(pd.read_parquet, release.root / item["nombre"]))
        for item in release.manifest["archivos"]
        if item["tabla"] in declared
    ]


def wanted_of(manifest: Manifest) -> list[str]:
    """The files of a release that the attack reads: its cubes, and its other tables that count the same people."""
    cubes = {cube.name for cube in CUBES}
    tables = [table for dataset in all_datasets() for table in dataset.tables]
    others = {table.name for table in tables if any(counts_the_same(cube, table) for cube in CUBES)}
    named = [item for item in manifest["archivos"] if item["tabla"]]
    return [item["nombre"] for item in named if item["tabla"] in cubes | others]


def _joined(system: PublishedSystem, other: PublishedSystem, progress: Callable[[str], None]) -> PublishedSystem:
    try:
        return join([system, other])
    except TablesError:
        progress("La publicación anterior da otras cifras para el mismo corte: no se cruza con esta")
        return system
