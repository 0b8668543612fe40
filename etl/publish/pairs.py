"""A table before and after: its rows, its sums by place and by group, and how each moved."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd
import pyarrow.parquet as pq
from pandas.api.typing import NAType

from etl import fields
from etl.country import departamentos_of
from etl.model import TOTAL, Dataset, Field, Kind, Table
from etl.release import Manifest

PLACE_FIELDS = {item.name: item for item in fields.PLACES}
GROUPS = {item.name: item for item in fields.GROUPS}
#: Columns that say when or which count, besides every category that is not a group.
OCCASIONS = (fields.anio, fields.fecha, fields.fecha_texto, fields.fecha_corte, fields.eleccion, fields.fuente)
SEPARATE = {item.name for item in OCCASIONS}
CUTOFF = fields.fecha_corte.name

NO_CONTEXT: frozenset[tuple[object, ...]] = frozenset({()})


@dataclass(frozen=True)
class Movement:
    """One sum before and after, None where there was none. `level` is a column, or empty for the whole table."""

    table: Table
    quantity: Field
    level: str
    code: str
    context: tuple[object, ...]
    before: float | None
    after: float | None

    @property
    def change(self) -> float:
        """How much it moved, with its sign."""
        return (self.after or 0) - (self.before or 0)

    @property
    def share(self) -> float | None:
        """The change as a part of what there was; None when there was nothing."""
        return self.change / self.before if self.before else None


@dataclass(frozen=True)
class Changes:
    """What changes in one table; rows are None where the table did not exist."""

    table: Table
    rows_before: int | None
    rows_after: int
    added: int
    removed: int
    changed: int
    movements: tuple[Movement, ...]
    known: frozenset[tuple[object, ...]] = (
        frozenset()
    )  # the contexts (years, elections, cut-offs) that there were before

    @property
    def moved(self) -> list[Movement]:
        """The sums that changed; of a year, an election or a cut-off that is new, nothing moved: it appeared."""
        return [item for item in self.movements if item.change and item.context in self.known]

    @property
    def totals(self) -> dict[str, tuple[float, float]]:
        """Sum of each quantity over the whole table, before and after: a control, even where years are added."""
        found: dict[str, tuple[float, float]] = {}
        for item in self.movements:
            if not item.level:
                before, after = found.get(item.quantity.name, (0, 0))
                found[item.quantity.name] = (before + (item.before or 0), after + (item.after or 0))
        return found


class Side:
    """One of the two releases: its manifest and its tables."""

    def __init__(self, manifest: Manifest | None = None, read: Callable[[str], bytes] | None = None) -> None:
        files = manifest["archivos"] if manifest else []
        self.synthetic = bool(manifest and manifest.get("sintetica"))
        self.tables = {item["tabla"]: item for item in files if item["tabla"]}
        self.others = {item["nombre"]: item["sha256"] for item in files if not item["tabla"]}
        self._hashes = {item["tabla"]: item["sha256"] for item in files}
        self._read = read

    def differs(self, other: Side, table: str) -> bool:
        """Whether the file of the table called `table` is not the same in both."""
        return self._hashes.get(table) != other._hashes.get(table)

    def frame(self, table: Table) -> pd.DataFrame:
        """The declared columns of `table` (missing where it lacks one); no rows if there is no such table."""
        wanted = [item.name for item in table.fields]
        if self._read is None or table.name not in self.tables:
            return pd.DataFrame(columns=wanted)
        found = pq.read_table(io.BytesIO(self._read(self.tables[table.name]["nombre"])))
        frame = (
            found.select([name for name in found.column_names if name in wanted]).to_pandas().reindex(columns=wanted)
        )
        if (
            CUTOFF in wanted and CUTOFF not in found.column_names
        ):  # as older releases: all of it is of the cut-off it has
            frame[CUTOFF] = date.fromisoformat(self.cutoff(table))
        return frame

    def cutoff(self, table: Table) -> str:
        """The cut-off of `table`, ISO; empty if there is no such table."""
        facts = self.tables.get(table.name)
        return facts.get("corte", "") if facts else ""


class Names:
    """What a reader calls each place and each value of a group."""

    def __init__(self, datasets: Iterable[Dataset], after: Side) -> None:
        self._places: dict[tuple[str, str], str] = {}
        for table in (table for dataset in datasets for table in dataset.tables):
            column = table.key[0]
            name = column.removeprefix("codigo_")
            if table.key == (column,) and column in PLACE_FIELDS and any(item.name == name for item in table.fields):
                frame = after.frame(table)
                self._places |= {(column, code): text for code, text in zip(frame[column], frame[name], strict=True)}

    def of(self, movement: Movement) -> str:
        """The place or group of a movement, as in «Municipio 0101 Guatemala» or «Sexo: Mujeres»."""
        known = {item.name: item for item in movement.table.fields} | PLACE_FIELDS
        if not movement.level:
            text = "Toda la tabla"
        elif movement.level in PLACE_FIELDS:
            title = known[movement.level].title.removeprefix("Código de ").capitalize()
            text = f"{title} {movement.code} {self._places.get((movement.level, movement.code), '')}".strip()
        else:
            declared = known[movement.level]
            text = f"{declared.title}: {(declared.labels or {}).get(movement.code, movement.code)}"
        context = ", ".join(str(part) for part in movement.context)
        return f"{text} ({context})" if context else text


# --- One table on both sides ----------------------------------------------------------------------------------------


class Pair:
    """A table before and after."""

    def __init__(self, table: Table, before: Side, after: Side) -> None:
        self.table = table
        self.existed = table.name in before.tables
        self.before, self.after = before.frame(table), after.frame(table)
        #: What a row of today is found by and the table of before did not have: their rows cannot be told to be the same.
        self.new_keys = [name for name in table.key if len(self.before) and self.before[name].isna().all()]
        if self.new_keys:
            self.before = self.before.iloc[:0].astype(self.after.dtypes.to_dict())

    @cached_property
    def quantities(self) -> list[Field]:
        """The counts that can be added."""
        return [
            item
            for item in self.table.fields
            if item.name not in self.table.key
            and item.kind in (Kind.ENTERO, Kind.DECIMAL)
            and item.unit
            and (item.minimum is not None and item.minimum >= 0)
        ]

    @cached_property
    def marked(self) -> list[str]:
        """The columns of the key that hold totals among their values."""
        return [item.name for item in self.table.fields if item.name in self.table.key and _holds_totals(item)]

    @cached_property
    def context(self) -> list[str]:
        """The columns of the key whose values are never added together."""
        key = [self.table.field(name) for name in self.table.key]
        return [
            item.name
            for item in key
            if item.name in SEPARATE or (item.kind is Kind.CATEGORIA and item.name not in GROUPS)
        ]

    @cached_property
    def contexts(self) -> frozenset[tuple[object, ...]]:
        """The values together of the columns of `context` that there were before; one, empty, where there are none."""
        if not self.context:
            return NO_CONTEXT if self.existed else frozenset()
        return frozenset(self.before[self.context].itertuples(index=False, name=None))

    @cached_property
    def levels(self) -> list[str]:
        """The places and groups that figures are added by, departamento included where there are municipios."""
        own = [name for name in self.table.key if name in PLACE_FIELDS or name in GROUPS]
        derived = fields.codigo_municipio.name in own and fields.codigo_departamento.name not in own
        return [fields.codigo_departamento.name, *own] if derived else own

    @cached_property
    def changes(self) -> Changes:
        """Rows by key, and every movement; none of a table that has another key."""
        key = list(self.table.key)
        if self.before.empty and self.after.empty:
            return Changes(self.table, 0 if self.existed else None, 0, 0, 0, 0, (), self.contexts)
        both = self.before.merge(self.after, on=key, how="outer", indicator=True, suffixes=("|", ""))
        kept = both[both["_merge"] == "both"]
        others = [item.name for item in self.table.fields if item.name not in key]
        equal = pd.Series(True, index=kept.index)
        for name in others:
            old, new = kept[f"{name}|"], kept[name]
            equal &= (old == new) | (old.isna() & new.isna())
        return Changes(
            self.table,
            len(self.before) if self.existed else None,
            len(self.after),
            added=int((both["_merge"] == "right_only").sum()),
            removed=int((both["_merge"] == "left_only").sum()),
            changed=int((~equal).sum()),
            movements=tuple(self._movements()),
            known=self.contexts,
        )

    def sums(self, frame: pd.DataFrame, quantity: Field, level: str) -> pd.Series:
        """The sum of `quantity` by context and value of `level` (empty: the whole); missing where nothing is published."""
        rows = self._at(frame, level)
        code = self._codes(rows, level)
        by = [*(rows[name] for name in self.context), code]
        return pd.to_numeric(rows[quantity.name]).groupby(by, dropna=False).sum(min_count=1)

    def _codes(self, rows: pd.DataFrame, level: str) -> pd.Series:
        if not level:
            return pd.Series("", index=rows.index, name="")
        if level in rows:
            return rows[level]
        return departamentos_of(rows[fields.codigo_municipio.name]).rename(level)

    def _at(self, frame: pd.DataFrame, level: str) -> pd.DataFrame:
        """The rows that, together, count everybody once by `level`: those with the fewest columns filled besides it.

        Of each context (a cut-off, an election) its own: a series may give one date as a total and another only in the country.
        """
        if not self.marked:
            return frame
        rows = frame[frame[level] != TOTAL] if level in self.marked else frame
        filled = (rows[self.marked] != TOTAL).sum(axis=1)
        apart = [name for name in self.context if name not in self.marked]
        least = filled.groupby([rows[name] for name in apart], dropna=False).transform("min") if apart else filled.min()
        return rows[filled.eq(least)]

    def _movements(self) -> Iterator[Movement]:
        for quantity in self.quantities:
            for level in ("", *self.levels):
                sums = (self.sums(self.before, quantity, level), self.sums(self.after, quantity, level))
                both = pd.concat(sums, axis=1, keys=("before", "after"))
                for where, old, new in zip(both.index, both["before"], both["after"], strict=True):
                    *context, code = where if isinstance(where, tuple) else (where,)
                    yield Movement(self.table, quantity, level, str(code), tuple(context), _present(old), _present(new))


def _holds_totals(declared: Field) -> bool:
    return TOTAL in (declared.labels or {}) or (declared.pattern or "").endswith(f"|{TOTAL}")


def _present(value: float | NAType) -> float | None:
    return None if pd.isna(value) else float(value)
