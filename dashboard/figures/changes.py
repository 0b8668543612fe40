"""What is different from one release to another, table by table, with the reason where the releases say it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from heapq import nlargest
from itertools import islice

import duckdb

from dashboard.figures.compared import DECIMALS, Cell, Counts, Pairing, Side, Value, comparing
from etl.model import Field, Kind, Table
from etl.release import FileFacts, Release

#: How many of the largest differences and of the figures that are gone are told on a page.
LARGEST, EMPTIED = 12, 12
#: Comparisons of two releases that are remembered: each weighs some kilobytes, and takes a second or two.
REMEMBERED, REMEMBERED_TABLES = 64, 2_048
ADDED, CHANGED, REMOVED = "agregada", "cambiada", "retirada"


@dataclass(frozen=True)
class Different:
    """A cell that is different, with what is needed to say it: its table, its column and the columns of its key."""

    table: Table
    key: tuple[tuple[str, Value], ...]
    column: Field
    before: Value
    after: Value

    @property
    def difference(self) -> float | None:
        """How much it moved, with its sign; None if any of both is missing or is no number."""
        if isinstance(self.before, int | float) and isinstance(self.after, int | float):
            return round(self.after - self.before, DECIMALS)
        return None


@dataclass(frozen=True)
class TableChanges:
    """What is different in one table: `identical` when its file is the same, to the byte."""

    name: str
    title: str
    dataset: str
    counts: Counts
    reasons: tuple[str, ...] = ()
    identical: bool = False
    #: Whether it is in only one of the two releases.
    new: bool = False
    gone: bool = False

    @property
    def touched(self) -> bool:
        """Whether any of its rows is not the same."""
        return bool(self.counts.added or self.counts.changed or self.counts.removed)


@dataclass(frozen=True)
class Changes:
    """What is different from the release called `before` to the one called `after`. `emptied_in_all` counts the figures that
    were and are missing, of which `emptied` are the first, and `largest` are the counts that moved most.
    """

    before: str
    after: str
    tables: tuple[TableChanges, ...]
    largest: tuple[Different, ...]
    emptied: tuple[Different, ...]
    emptied_in_all: int
    other_files: tuple[str, ...]

    def rows(self, kind: str) -> int:
        """How many rows there are of a kind («added», «changed», «removed», «same») in all the tables."""
        return sum(getattr(item.counts, kind) for item in self.tables)


@dataclass(frozen=True)
class Line:
    """A line of the list of everything that is different: a whole row (without `cell`), or one of its cells."""

    kind: str
    table: Table
    key: tuple[tuple[str, Value], ...]
    cell: Different | None = None


@dataclass(frozen=True)
class Both:
    """A table whose file is not the same in two releases. Two of the same files are the same, in whatever releases they are."""

    name: str
    before_sha256: str
    after_sha256: str
    before: Side = field(compare=False)
    after: Side = field(compare=False)
    connection: duckdb.DuckDBPyConnection = field(compare=False)


@dataclass(frozen=True)
class Compared:
    """What comparing the rows of a table finds."""

    counts: Counts
    largest: tuple[Different, ...] = ()
    emptied: tuple[Different, ...] = ()
    emptied_in_all: int = 0


@lru_cache(REMEMBERED)
def changes(before: Release, after: Release) -> Changes:
    """What is different. ReleaseError or DamagedError if a file of either is not what was published."""
    first, second = _files(before), _files(after)
    tables: list[TableChanges] = []
    found: list[Compared] = []
    with comparing() as connection:
        for name in _every(first, second):
            old, new = first.get(name), second.get(name)
            if old and new and old["sha256"] != new["sha256"]:
                sides = _side(before, name), _side(after, name)
                found.append(_compared(Both(name, old["sha256"], new["sha256"], *sides, connection)))
                tables.append(_table(before, after, new, found[-1].counts))
            else:
                tables.append(_whole(before, after, old, new))
    return Changes(
        before.id,
        after.id,
        tuple(tables),
        tuple(nlargest(LARGEST, (item for one in found for item in one.largest), key=_distance)),
        tuple(item for one in found for item in one.emptied)[:EMPTIED],
        sum(one.emptied_in_all for one in found),
        _others(before, after),
    )


def _distance(item: Different) -> float:
    return abs(item.difference or 0)


@lru_cache(REMEMBERED_TABLES)
def _compared(both: Both) -> Compared:
    """The rows of a table in two releases: most tables of two pairs of releases are the same two files."""
    pairing = Pairing(both.connection, both.before, both.after)
    counts = pairing.counts
    if not counts.changed:
        return Compared(counts)
    numbers = [name for name in pairing.own if _field(pairing.table, name).kind in (Kind.ENTERO, Kind.DECIMAL)]
    gone = {name: pairing.emptied(name) for name in numbers}
    first = (cell for name in numbers if gone[name] for cell in pairing.gone(name, EMPTIED))
    return Compared(
        counts,
        tuple(nlargest(LARGEST, _largest(pairing), key=_distance)),
        tuple(_different(pairing, cell) for cell in islice(first, EMPTIED)),
        sum(gone.values()),
    )


def lines(before: Release, after: Release) -> Iterator[Line]:
    """Everything that is different, table by table: rows that are new or gone, and each cell that says something else."""
    first, second = _files(before), _files(after)
    with comparing() as connection:
        for name in _every(first, second):
            old, new = first.get(name), second.get(name)
            if old and new and old["sha256"] == new["sha256"]:
                continue
            release = after if new else before
            first_side, second_side = _side(before if old else after, name), _side(after if new else before, name)
            pairing = Pairing(connection, first_side, second_side, "a" if not old else "b" if not new else None)
            if pairing.keyed:
                yield from _lines(release.tables[name], pairing)


def _lines(table: Table, pairing: Pairing) -> Iterator[Line]:
    for state, kind in (("removed", REMOVED), ("added", ADDED)):
        for key in pairing.keys_of(state):
            yield Line(kind, table, tuple(zip(pairing.key, key, strict=True)))
    if pairing.counts.changed:
        for column in pairing.own:
            for cell in pairing.cells(column):
                found = _different(pairing, cell)
                yield Line(CHANGED, table, found.key, found)


def _every(first: Mapping[str, FileFacts], second: Mapping[str, FileFacts]) -> Iterator[str]:
    """The tables of two releases: those of the second, and those that it has not."""
    yield from second
    yield from (name for name in first if name not in second)


def _files(release: Release) -> Mapping[str, FileFacts]:
    return {item["tabla"]: item for item in release.manifest["archivos"] if item["tabla"]}


def _others(before: Release, after: Release) -> tuple[str, ...]:
    """The files that are no tables and are not the same."""
    sides = [
        {item["nombre"]: item["sha256"] for item in release.manifest["archivos"] if not item["tabla"]}
        for release in (before, after)
    ]
    return tuple(name for name in sorted({*sides[0], *sides[1]}) if sides[0].get(name) != sides[1].get(name))


def _side(release: Release, name: str) -> Side:
    return str(release.table(name)), release.tables[name]


def _whole(before: Release, after: Release, old: FileFacts | None, new: FileFacts | None) -> TableChanges:
    """A table that is the same file in both, or that only one has."""
    facts = new or old
    assert facts is not None
    rows = facts["filas"] or 0
    counts = Counts(same=rows) if old and new else Counts(added=rows) if new else Counts(removed=rows)
    if old and new:
        return TableChanges(facts["tabla"] or "", facts["titulo"], facts["dataset"], counts, identical=True)
    reasons = _reasons(before, after, facts["dataset"]) if new else ()
    return TableChanges(
        facts["tabla"] or "", facts["titulo"], facts["dataset"], counts, reasons, new=old is None, gone=new is None
    )


def _table(before: Release, after: Release, facts: FileFacts, counts: Counts) -> TableChanges:
    dataset = facts["dataset"]
    reasons = _reasons(before, after, dataset) or (SAME_SOURCES,)
    return TableChanges(facts["tabla"] or "", facts["titulo"], dataset, counts, reasons)


#: Why a table is different when nothing that it was made from is.
SAME_SOURCES = "Las fuentes son las mismas: cambió cómo se escriben."


def _reasons(before: Release, after: Release, dataset: str) -> tuple[str, ...]:
    """Why a dataset may be different: what was corrected in it, and the files of its sources that are others."""
    corrected = _corrections(before, dataset)
    said = [text for text in _corrections(after, dataset) if text not in corrected]
    known = {item["archivo"]: item["sha256"] for item in before.manifest["entradas"] if item["dataset"] == dataset}
    for item in after.manifest["entradas"]:
        if item["dataset"] == dataset and known.get(item["archivo"]) != item["sha256"]:
            said.append(f"{'Entrega nueva' if item['archivo'] in known else 'Fuente nueva'}: {item['archivo']}.")
    return tuple(said)


def _corrections(release: Release, dataset: str) -> list[str]:
    found = (item for item in release.manifest["datasets"] if item["nombre"] == dataset)
    return [
        f"{item['que'][:1].upper()}{item['que'][1:]}: {item['por_que']}"
        for one in found
        for item in one["correcciones"]
    ]


def _largest(pairing: Pairing) -> Iterator[Different]:
    """The counts of a table that moved most."""
    for column in pairing.own:
        field = _field(pairing.table, column)
        if field.kind is Kind.ENTERO and field.unit:
            yield from (_different(pairing, cell) for cell in pairing.cells(column, LARGEST))


def _different(pairing: Pairing, cell: Cell) -> Different:
    key = tuple(zip(pairing.key, cell.key, strict=True))
    return Different(pairing.table, key, _field(pairing.table, cell.column), cell.before, cell.after)


def _field(table: Table, column: str) -> Field:
    """A column as the release describes it, or by its name alone."""
    declared = next((item for item in table.fields if item.name == column), None)
    return declared or Field(column, column, "", Kind.TEXTO)
