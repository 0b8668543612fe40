"""Raw text rows to typed columns: every cell that is not what its column declares is one problem."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from etl.model import Column, Input, Kind, Problem

NUMBER = {Kind.ENTERO: r"-?[0-9]{1,15}", Kind.DECIMAL: r"-?[0-9]{1,15}(\.[0-9]+)?"}
EXPECTED = {
    Kind.ENTERO: "se esperaba un número entero sin separador de miles",
    Kind.DECIMAL: "se esperaba un número con punto decimal y sin separador de miles",
    Kind.FECHA: "se esperaba una fecha AAAA-MM-DD",
    Kind.BOOLEANO: "se esperaba true o false",
}


def reject(frame: pd.DataFrame, declared: Input) -> tuple[pd.DataFrame, dict[str, int]]:
    """Rows that stay, and how many left for each declared reason (the first that matches a row is its reason)."""
    counts: dict[str, int] = {}
    for rule in declared.rejections:
        mask = rule.matches(frame).to_numpy(dtype=bool)
        if mask.any():
            counts[rule.reason] = int(mask.sum())
            frame = frame[~mask]
    return frame, counts


def conform(frame: pd.DataFrame, declared: Input, file: str) -> tuple[pd.DataFrame, list[Problem]]:
    """`frame`, read from `file`, with declared types (a bad cell becomes missing) and a problem per bad cell or repeated key."""
    typed: dict[str, pd.Series] = {}
    problems: list[Problem] = []
    for column in declared.columns:
        if column.name not in frame.columns:
            continue
        typed[column.name], found = _typed(frame[column.name], column, file)
        problems.extend(found)
    result = pd.DataFrame(typed, index=frame.index)
    return result, [*problems, *_repeated_keys(result, declared.key, file)]


def _typed(cells: pd.Series, column: Column, file: str) -> tuple[pd.Series, list[Problem]]:
    """Each distinct text is looked at once: a column of a million cells has few."""
    if column.kind is Kind.GEOMETRIA:
        return cells, []
    codes, found = cells.astype("str").factorize()  # -1: cut off with its row, which is already said
    texts = pd.Series(found, dtype="str")
    empty = (texts == "").to_numpy()
    wrong = [(empty, "la celda está vacía")] if not column.nullable else []
    bad = empty.copy()
    for mask, message in _rules(texts, column):
        broken = mask.to_numpy(dtype=bool) & ~bad
        wrong.append((broken, message))
        bad |= broken
    problems = [
        Problem(file, int(cells.index[place]), column.name, str(texts[codes[place]]), message)
        for mask, message in wrong
        if mask.any()
        for place in np.flatnonzero(mask[codes] & (codes >= 0)).tolist()
    ]
    good = _as_type(texts.mask(bad), column.kind).array.take(codes, allow_fill=True)
    return pd.Series(good, index=cells.index, name=cells.name), problems


def _rules(text: pd.Series, column: Column) -> Iterator[tuple[pd.Series, str]]:
    """(mask of the cells that break a rule, message), the most telling rule first."""
    if column.kind in NUMBER:
        wrong = ~text.str.fullmatch(NUMBER[column.kind])
        yield wrong, EXPECTED[column.kind]
        if column.minimum is not None:
            values = pd.to_numeric(text.mask(wrong | (text == "")))
            yield (values < column.minimum).fillna(False), f"el valor es menor que {column.minimum:g}"
    elif column.kind is Kind.FECHA:
        yield pd.to_datetime(text, format="%Y-%m-%d", errors="coerce").isna(), EXPECTED[column.kind]
    elif column.kind is Kind.BOOLEANO:
        yield ~text.isin(["true", "false"]), EXPECTED[column.kind]
    if column.pattern:
        yield ~text.str.fullmatch(column.pattern, flags=re.ASCII), "el valor no tiene la forma de un código válido"
    if column.allowed:
        yield ~text.isin(column.allowed), "valor desconocido; se esperaba uno de: " + ", ".join(column.allowed)


def _as_type(text: pd.Series, kind: Kind) -> pd.Series:
    if kind in NUMBER:
        return pd.to_numeric(text).astype(kind.pandas)
    if kind is Kind.FECHA:
        return pd.to_datetime(text, format="%Y-%m-%d")
    if kind is Kind.BOOLEANO:
        return text.map({"true": True, "false": False}).astype(kind.pandas)
    return text


def _repeated_keys(frame: pd.DataFrame, key: Sequence[str], file: str) -> list[Problem]:
    names = list(key)
    if not names or not set(names) <= set(frame.columns):
        return []
    known = frame[names].dropna()
    repeated = known[known.duplicated()]
    where = known[~known.duplicated()]
    first_rows = dict(zip(where.itertuples(index=False, name=None), where.index, strict=True))
    problems = []
    for row, values in zip(repeated.index, repeated.itertuples(index=False, name=None), strict=True):
        first = first_rows[values]
        value = "-".join(str(part) for part in values)
        message = f"clave repetida: ya está en la fila {first}"
        problems.append(Problem(file, row, ", ".join(names), value, message))
    return problems
