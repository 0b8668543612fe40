"""The votes of each party, which a row of the TREP keeps in two cells: their names and as many numbers."""

from __future__ import annotations

import json
from collections.abc import Iterator

import numpy as np
import pandas as pd


def parties(names: str) -> list[str]:
    """The names in a cell PARTIDOS."""
    return [str(name) for name in json.loads(names)]


def by_party(rows: pd.DataFrame) -> pd.DataFrame:
    """A row per row and party: `fila` (the label of the row), `partido` and `votos` (missing: not known)."""
    found = [_of_group(names, cells) for names, cells in _groups(rows)]
    nobody = {"fila": rows.index[:0], "partido": pd.Series(dtype="str"), "votos": pd.Series(dtype="Int64")}
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(nobody)


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


def _of_group(names: str, cells: pd.Series) -> pd.DataFrame:
    columns = parties(names)
    counts, known = _counts(cells, len(columns))
    votes = pd.Series(counts.ravel()).astype("Int64").mask(~known.ravel())
    partido = pd.Series(columns, dtype="str").take(np.tile(np.arange(len(columns)), len(cells)))
    labels = np.repeat(cells.index.to_numpy(), len(columns))
    return pd.DataFrame({"fila": labels, "partido": partido.array, "votos": votes})


def _counts(cells: pd.Series, width: int) -> tuple[np.ndarray, np.ndarray]:
    """The numbers of some cells VOTOS, of `width` parties, and which of them are known; the others are 0."""
    flat = ",".join(cells.tolist()).split(",")
    known = np.array([cell != "" for cell in flat], dtype=bool)
    counts = np.array([int(cell or 0) for cell in flat], dtype="int64")
    return counts.reshape(-1, width), known.reshape(-1, width)
