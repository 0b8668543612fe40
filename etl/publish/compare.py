"""What a new release would change against the current one: rows, sums, movements by territory and group, what looks wrong.

Everything derives from the declared tables. A quantity is a count with a unit; a place or a group is a column of the key
that the shared vocabulary names so; what says when or which count (year, election, source…) separates figures that are
never added. A table with totals among its rows is read at the level asked, so nobody is counted twice.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field

from etl.model import Dataset, Table
from etl.publish.pairs import Changes, Movement, Names, Pair, Side
from etl.publish.suspicions import Suspicion, suspicions
from etl.release import MANIFEST, Manifest, Release


@dataclass(frozen=True)
class Comparison:
    """A release that could be published, against the current one."""

    before_id: str | None
    after_id: str
    changes: tuple[Changes, ...]
    unchanged: int
    other_files: tuple[str, ...]
    suspicions: tuple[Suspicion, ...]
    names: Names = field(repr=False)
    #: Each table that is declared, after the name of its dataset.
    declared: tuple[tuple[str, Table], ...] = field(default=(), repr=False)

    @property
    def same(self) -> bool:
        """Whether the release that could be published is the one that is current."""
        return self.before_id == self.after_id

    def largest(self, count: int, levels: Container[str]) -> list[Movement]:
        """The `count` sums that moved most among those of `levels` (names of columns)."""
        moved = [item for table in self.changes for item in table.moved if item.level in levels]
        return sorted(moved, key=lambda item: (-abs(item.change), item.table.name, item.level, item.code))[:count]


def compare(
    datasets: Iterable[Dataset],
    current: Release | None,
    files: Mapping[str, bytes],
    known: tuple[Suspicion, ...] = (),
) -> Comparison:
    """What publishing `files` (as `etl.publish.contents.release_files` gives them) would change in `current`.

    `known` is what already looked wrong before comparing.
    """
    datasets = tuple(datasets)
    before = Side(current.manifest, lambda name: (current.root / name).read_bytes()) if current else Side()
    manifest: Manifest = json.loads(files[MANIFEST])
    after = Side(manifest, files.__getitem__)
    names = Names(datasets, after)
    declared = [table for dataset in datasets for table in dataset.tables]
    pairs = {table.name: Pair(table, before, after) for table in declared if before.differs(after, table.name)}
    return Comparison(
        before_id=current.id if current else None,
        after_id=manifest["publicacion"],
        changes=tuple(pair.changes for pair in pairs.values()),
        unchanged=len(declared) - len(pairs),
        other_files=tuple(
            name
            for name in sorted({*before.others, *after.others})
            if before.others.get(name) != after.others.get(name)
        ),
        suspicions=known + (tuple(suspicions(datasets, before, after, pairs, names)) if current else ()),
        names=names,
        declared=tuple((dataset.name, table) for dataset in datasets for table in dataset.tables),
    )
