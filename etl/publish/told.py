"""What each published row says of itself, beside its figures: its codes in words, the key of its source, the day that it is of,
how sure it is and under what licence. The same columns in every format, since they are columns of the table.

A table with several sources says in a column of its own which one each row is of: the file that it was read from, the title
of its source, or a day or an election that only one delivery is of. Where none does, each row rests on all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from etl.country import fold
from etl.fields import told
from etl.licenses import CITA_DE_PRENSA, DERIVED_DATA
from etl.model import Confidence, Dataset, Field, Frames, Kind, License, Source, Table

Sources = tuple[Source, ...]
ELECTION, YEAR, SOURCE, FILE = "eleccion", "anio", "fuente", "archivo"
#: Columns that say what day a row is of, or of what month or year: the first that has a value.
DATED = ("fecha_corte", "fecha", "fecha_texto", "fecha_padron")
#: The tables of actas, whose files are each of one election.
BY_ELECTION = "participacion_mesa"


def license_of(dataset: Dataset) -> License:
    """The one licence under which the figures of a dataset are published."""
    return dataset.license or DERIVED_DATA


def published(table: Table) -> Table:
    """`table` with the columns that each of its rows says of itself."""
    coded = [item for item in table.fields if item.labels and _has_other_words(item)]
    added = (*map(told.words, coded), *told.ROW)
    return replace(table, told=tuple(item for item in added if item.name not in table.names))


def _has_other_words(item: Field) -> bool:
    """Whether what a reader sees for some value of a column is more than its code with capitals and accents."""
    return any(
        fold(label).replace("-", "_") != fold(code).replace("-", "_") for code, label in (item.labels or {}).items()
    )


def with_told(dataset: Dataset, table: Table, frame: pd.DataFrame, tables: Frames) -> pd.DataFrame:
    """`frame`, the rows of `table`, with every column of `published(table)` and its numbers rounded to what they mean.

    `tables` are all those that are published: the day of each election is in one of them.
    """
    rows = _Rows(dataset, table, frame, tables)
    made = frame.copy(deep=False)
    for item in table.fields:
        if item.kind is Kind.DECIMAL and item.decimals is not None:
            made[item.name] = frame[item.name].round(item.decimals)
        if item.labels:
            made[told.words(item).name] = frame[item.name].map(dict(item.labels)).fillna(frame[item.name])
    said = {
        told.clave_fuente.name: rows.keys,
        told.corte.name: rows.cutoffs,
        told.confianza.name: rows.confidences,
        told.licencia.name: pd.Series(license_of(dataset).name, frame.index, dtype="str"),
    }
    for name, values in said.items():
        if name not in table.names:
            made[name] = values
    return made[[item.name for item in published(table).columns]]


def sources_said(dataset: Dataset, table: Table | None, frame: pd.DataFrame | None) -> Sources:
    """The sources that some row of `frame`, as published, rests on: of a file without rows, all those that are declared."""
    declared = dataset.sources(table)
    if frame is None or told.clave_fuente.name not in frame:
        return declared
    named = {key for joined in frame[told.clave_fuente.name].dropna().unique() for key in joined.split(told.JOINED)}
    return tuple(source for source in declared if source.key in named) or declared


def cutoff_said(sources: Sources, frame: pd.DataFrame | None) -> date:
    """The latest day that a row of `frame`, as published, is of: of a file without rows, the latest of its sources."""
    days = frame[told.corte.name].dropna() if frame is not None and told.corte.name in frame else None
    if days is None or days.empty:
        return max(source.cutoff for source in sources)
    return pd.Timestamp(days.max()).date()


@dataclass(frozen=True)
class _Rows:
    """The rows of one table, and what is known of each."""

    dataset: Dataset
    table: Table
    frame: pd.DataFrame
    tables: Frames

    @cached_property
    def all_sources(self) -> Sources:
        return self.dataset.sources(self.table)

    @cached_property
    def elections(self) -> Mapping[str, date]:
        """The day of each election."""
        known = self.tables.get("elecciones")
        if known is None:
            return {}
        return dict(zip(known[ELECTION], known["fecha_eleccion"].dt.date, strict=True))

    @cached_property
    def rests(self) -> tuple[pd.Series, Mapping[str, Sources]]:
        """The key of the sources of each row, and which those are."""
        column, find = self._told_by()
        if column is None:
            key = _key(self.all_sources)
            return pd.Series([key] * len(self.frame), self.frame.index, dtype="str"), {key: self.all_sources}
        found = {value: find(value) for value in self.frame[column].unique()}
        keys = {value: _key(sources) for value, sources in found.items()}
        return self.frame[column].map(keys).astype("str"), {_key(sources): sources for sources in found.values()}

    def _told_by(self) -> tuple[str | None, Callable[[Any], Sources]]:
        """The column that says which of several sources a row is of, and how; None when all of them are of every row."""
        names = self.table.names
        day = next((name for name in DATED if name in names), None)
        if len(self.all_sources) > 1:
            if FILE in names:
                return FILE, self._of_file
            if self.dataset.name == BY_ELECTION and ELECTION in names:
                return ELECTION, lambda value: self._of_election(value) or self.all_sources
            if SOURCE in names and day:
                return SOURCE, self._of_title
            if day:
                return day, self._of_day
        return None, lambda value: self.all_sources

    @property
    def keys(self) -> pd.Series:
        """The key of the sources of each row."""
        return self.rests[0]

    @property
    def confidences(self) -> pd.Series:
        """How far each row can be trusted."""
        keys, known = self.rests
        weakest = {key: Confidence.weakest(one.confidence for one in found).value for key, found in known.items()}
        return keys.map(weakest).astype("str")

    @property
    def cutoffs(self) -> pd.Series:
        """The day that each row is of."""
        keys, known = self.rests
        columns = [name for name in (*DATED, ELECTION, YEAR) if name in self.table.names]
        asked = self.frame[columns].assign(clave=keys)
        group = asked.groupby([*columns, "clave"], dropna=False, sort=False).ngroup()
        days = [
            self._day({name: value for name, value in row.items() if not pd.isna(value)}, known[row["clave"]])
            for row in asked[~group.duplicated()].to_dict("records")
        ]
        return group.map(dict(enumerate(map(pd.Timestamp, days)))).astype("datetime64[ns]")

    def _day(self, values: Mapping[Any, Any], sources: Sources) -> date:
        latest = max(source.cutoff for source in sources)
        dated = next((values[name] for name in DATED if name in values), None)
        if isinstance(dated, pd.Timestamp):
            return dated.date()
        election = str(values.get(ELECTION, ""))
        if dated is not None and len(str(dated)) == len("2026-07-12"):
            return date.fromisoformat(str(dated))
        if dated is not None:
            period = pd.Period(str(dated))
            within = period.start_time.date() <= self.elections.get(election, date.max) <= period.end_time.date()
            return min(self.elections[election] if within else period.end_time.date(), latest)
        if election in self.elections:
            same = [source.cutoff for source in self._of_election(election) if source in sources]
            return max(same, default=min(self.elections[election], latest))
        year = values.get(YEAR)
        return latest if year is None else (pd.Timestamp(latest) + pd.DateOffset(year=int(str(year)))).date()

    def _of_file(self, value: object) -> Sources:
        files = self.dataset.provenance.files if self.dataset.provenance else ()
        return tuple(item.source for item in files if item.name == value) or self.all_sources

    def _of_day(self, value: object) -> Sources:
        """The delivery of a day; of what is older than every delivery, what was not delivered so: the first that is named."""
        day = value.date().isoformat() if isinstance(value, pd.Timestamp) else str(value)
        return tuple(source for source in self.all_sources if source.cutoff.isoformat() == day) or self.all_sources[:1]

    def _of_title(self, value: object) -> Sources:
        """The sources whose titles a row says and, for whom else it quotes, the collections of quotes."""
        named = tuple(source for source in self.all_sources if source.title in str(value))
        others = [part for part in str(value).split("; ") if not any(source.title in part for source in named)]
        return (*named, *(self._quoted if others else ())) or self.all_sources

    @cached_property
    def _quoted(self) -> Sources:
        """The collections of quotes: what was taken from the press, but for the works that some row names by their title."""
        said = set(map(str, self.frame[SOURCE]))
        press = (source for source in self.all_sources if source.license == CITA_DE_PRENSA)
        return tuple(source for source in press if not any(source.title in one for one in said))

    def _of_election(self, value: object) -> Sources:
        """The sources that are of an election: of its day or later, and before the next one. None, perhaps."""
        day = self.elections.get(str(value))
        if day is None:
            return ()
        following = min((other for other in self.elections.values() if other > day), default=date.max)
        return tuple(source for source in self.all_sources if day <= source.cutoff < following)


def _key(sources: Sources) -> str:
    """What rows call some sources together."""
    return told.JOINED.join(source.key for source in sources)
