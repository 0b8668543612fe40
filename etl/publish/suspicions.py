"""What looks wrong in a release that could be published, beside the current one: for a person to accept or to stop."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

import pandas as pd

from etl.model import TOTAL, Dataset
from etl.publish.pairs import PLACE_FIELDS, Movement, Names, Pair, Side

#: What makes a movement look wrong: the registry of a place grows a few per cent a year, and hardly ever shrinks.
LOSS, GAIN = 0.10, 0.25
#: A percentage of fewer people than these says nothing.
SMALL = 50


@dataclass(frozen=True)
class Suspicion:
    """One thing that looks wrong, for a person to accept or to stop."""

    table: str
    message: str


def suspicions(
    datasets: Iterable[Dataset], before: Side, after: Side, pairs: Mapping[str, Pair], names: Names
) -> Iterator[Suspicion]:
    if before.synthetic:
        yield Suspicion(
            "", "la publicación vigente es una demostración con personas inventadas: no se compara con ella"
        )
        return
    for name in sorted(before.tables.keys() - after.tables.keys()):
        yield Suspicion(name, "la tabla ya no existe")
    for pair in pairs.values():
        if pair.new_keys:
            names_of_keys = ", ".join(pair.table.field(name).title.lower() for name in pair.new_keys)
            yield Suspicion(
                pair.table.name, f"sus filas se distinguen ahora por {names_of_keys}: no se pueden comparar"
            )
        elif pair.existed:
            yield from _cutoff(pair, before, after)
            yield from _contexts(pair)
            yield from _codes(pair, names)
            yield from _jumps(pair, names)
            yield from _parts(pair)
    for dataset in datasets:
        for one, other in combinations(dataset.tables, 2):
            if one.name in pairs or other.name in pairs:
                yield from _agreement(Pair(one, before, after), Pair(other, before, after), names)


def _cutoff(pair: Pair, before: Side, after: Side) -> Iterator[Suspicion]:
    old, new = before.cutoff(pair.table), after.cutoff(pair.table)
    changes = pair.changes
    if new < old:
        yield Suspicion(pair.table.name, f"el corte retrocede de {old} a {new}")
    elif new > old and pair.quantities and not (changes.added or changes.removed or changes.changed):
        yield Suspicion(pair.table.name, f"el corte pasó de {old} a {new} y ninguna cifra se movió")


def _contexts(pair: Pair) -> Iterator[Suspicion]:
    if pair.context:
        old, new = (set(frame[pair.context].itertuples(index=False, name=None)) for frame in (pair.before, pair.after))
        for context in sorted(old - new, key=str):
            yield Suspicion(pair.table.name, f"desaparecen todas las cifras de {', '.join(map(str, context))}")


def _codes(pair: Pair, names: Names) -> Iterator[Suspicion]:
    """Places and values of groups that were not there, or no longer are."""
    for level in (name for name in pair.levels if name in pair.table.key):
        old, new = set(pair.before[level].dropna()), set(pair.after[level].dropna())
        for codes, words in ((new - old, "código nuevo"), (old - new, "código que desaparece")):
            for code in sorted(codes):
                movement = Movement(pair.table, pair.table.fields[0], level, code, (), None, None)
                yield Suspicion(pair.table.name, f"{words}: {names.of(movement)}")


def _jumps(pair: Pair, names: Names) -> Iterator[Suspicion]:
    """Sums that fell or rose too much; what appears or disappears whole is said once, as a code or a year."""
    for item in pair.changes.movements:
        share = item.share
        if share is None or item.before is None or item.after is None or item.before < SMALL:
            continue
        if share <= -LOSS or share >= GAIN:
            words = "perdió" if share < 0 else "creció"
            figures = f"{item.before:,.0f} → {item.after:,.0f} {item.quantity.unit}"
            yield Suspicion(pair.table.name, f"{names.of(item)} {words} {abs(share):.1%}: {figures}")


def _parts(pair: Pair) -> Iterator[Suspicion]:
    """In a table with totals among its rows, totals that were the sum of their parts and no longer are."""
    for column in pair.marked:
        others = [name for name in pair.table.key if name != column]
        for quantity in pair.quantities:
            old, new = (_gap(frame, column, others, quantity.name) for frame in (pair.before, pair.after))
            broken = new[(new != 0) & old.reindex(new.index).eq(0)]
            for where in broken.index:
                place = ", ".join(map(str, where if isinstance(where, tuple) else (where,)))
                title = pair.table.field(column).title
                yield Suspicion(
                    pair.table.name, f"un total no se mueve con sus partes: {quantity.title} por {title} ({place})"
                )


def _gap(frame: pd.DataFrame, column: str, others: list[str], quantity: str) -> pd.Series:
    """Each total minus the sum of its parts, where all of them are published."""
    by = [frame[name] for name in others] or [pd.Series("", index=frame.index)]
    is_total = frame[column] == TOTAL
    totals = frame[is_total].groupby(by)[quantity].sum(min_count=1)
    parts = frame[~is_total].groupby(by)[quantity]
    whole = parts.sum(min_count=1).where(parts.count() == parts.size())
    return (totals - whole).dropna()


def _agreement(one: Pair, other: Pair, names: Names) -> Iterator[Suspicion]:
    """Two tables of a dataset that gave the same sum for a place and no longer do: one moved without the other."""
    shared = [name for name in one.levels if name in other.levels and name in PLACE_FIELDS]
    quantities = [item for item in one.quantities if item.name in {same.name for same in other.quantities}]
    if one.context != other.context or not (one.existed and other.existed) or one.new_keys or other.new_keys:
        return
    for quantity in quantities:
        level = shared[-1] if shared else ""
        old = one.sums(one.before, quantity, level) - other.sums(other.before, quantity, level)
        mine, theirs = one.sums(one.after, quantity, level), other.sums(other.after, quantity, level)
        gap = (mine - theirs).dropna()
        for where in gap[(gap != 0) & old.reindex(gap.index).eq(0)].index:
            *context, code = where if isinstance(where, tuple) else (where,)
            place = Movement(one.table, quantity, level, str(code), tuple(context), None, None)
            yield Suspicion(
                one.table.name,
                f"{names.of(place)}: {quantity.title.lower()} era igual que en {other.table.name} y ya no: "
                f"{mine[where]:,.0f} y {theirs[where]:,.0f}",
            )
