"""The votes of each party, which a row of the TREP keeps in two cells: their names and as many numbers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd


def parties(names: str) -> list[str]:
    """The names in a cell PARTIDOS."""
    return [str(name) for name in json.loads(names)]


def by_party(rows: pd.DataFrame, keep: Sequence[str]) -> pd.DataFrame:
    """A row per row and party: the columns `keep` of the row, `partido` and `votos` (missing: not known).

    A country is millions of these rows: each column is made once, from the places of its values.
    """
    names: list[str] = []
    places, codes, counts, known = ([np.empty(0, dtype=kind)] for kind in ("int32", "int32", "int64", "bool"))
    at = pd.Series(np.arange(len(rows), dtype="int32"), index=rows.index)
    for text, cells in _groups(rows):
        here = parties(text)
        numbers, is_known = _counts(cells, len(here))
        places.append(np.repeat(at[cells.index].to_numpy(), len(here)))
        codes.append(np.tile(np.arange(len(names), len(names) + len(here), dtype="int32"), len(cells)))
        counts.append(numbers.ravel())
        known.append(is_known.ravel())
        names += here
    place = np.concatenate(places)
    columns = {name: rows[name].array.take(place) for name in keep}
    columns["partido"] = pd.array(names, dtype="str").take(np.concatenate(codes))
    votes = pd.Series(np.concatenate(counts)).astype("Int64")
    return pd.DataFrame({**columns, "votos": votes.mask(~np.concatenate(known))})


def sums(rows: pd.DataFrame) -> pd.Series:
    """What the parties of each row add up to; a number that is not known adds nothing, and no parties is not known."""
    found = pd.Series(pd.NA, index=rows.index, dtype="Int64")
    for names, cells in _groups(rows):
        counts, _ = _counts(cells, len(parties(names)))
        found.loc[cells.index] = counts.sum(axis=1)
    return found


def _groups(rows: pd.DataFrame) -> Iterator[tuple[str, pd.Series]]:
    """The cells VOTOS of the rows that have the same parties, by their names."""
    for names, cells in rows["VOTOS"].fillna("").groupby(rows["PARTIDOS"], sort=False):
        yield str(names), cells


def _counts(cells: pd.Series, width: int) -> tuple[np.ndarray, np.ndarray]:
    """The numbers of some cells VOTOS, of `width` parties, and which of them are known; the others are 0."""
    flat = ",".join(cells.tolist()).split(",")
    known = np.array([cell != "" for cell in flat], dtype=bool)
    counts = np.array([int(cell or 0) for cell in flat], dtype="int64")
    return counts.reshape(-1, width), known.reshape(-1, width)
