"""Finished tables against their declaration: pandera schemas are derived from Table and Field, never written twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import pandera.pandas as pa

from etl.model import Field, Frames, Kind, Problem, Reference, Table


def typed(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """`frame` with exactly the declared columns, in order, with their types, sorted by key."""
    chosen = frame[[item.name for item in table.fields]]
    types = {item.name: item.kind.pandas for item in table.fields if item.kind is not Kind.GEOMETRIA}
    return chosen.astype(types).sort_values(list(table.key), ignore_index=True)


def schema(table: Table) -> pa.DataFrameSchema:
    """The pandera schema of `table`: types, closed categories, patterns, ranges and nulls."""
    return pa.DataFrameSchema(
        {item.name: _column(item) for item in table.fields if item.kind is not Kind.GEOMETRIA},
        strict=False,
    )


def _column(item: Field) -> pa.Column:
    checks = []
    if item.labels:
        checks.append(pa.Check.isin(list(item.labels), error="valor que la columna no declara"))
    if item.pattern:
        checks.append(pa.Check.str_matches(f"^(?:{item.pattern})$", error="no tiene la forma declarada"))
    if item.minimum is not None:
        checks.append(pa.Check.ge(item.minimum, error=f"menor que {item.minimum:g}"))
    if item.maximum is not None:
        checks.append(pa.Check.le(item.maximum, error=f"mayor que {item.maximum:g}"))
    return pa.Column(item.kind.pandas, checks, nullable=item.nullable)


def problems(table: Table, frame: pd.DataFrame, frames: Frames) -> list[Problem]:
    """Everything in `frame`, as `typed` gives it, that its declaration does not allow.

    `frames` has the tables that references point to.
    """
    found = [*_schema_problems(table, frame), *_repeated_keys(table, frame)]
    for reference in table.references:
        found.extend(_orphans(table, frame, reference, frames))
    return found


def _schema_problems(table: Table, frame: pd.DataFrame) -> list[Problem]:
    try:
        schema(table).validate(frame, lazy=True)
    except pa.errors.SchemaErrors as error:
        cases = error.failure_cases
        return [_from_case(table, case) for case in cases.to_dict("records")]
    return []


def _repeated_keys(table: Table, frame: pd.DataFrame) -> list[Problem]:
    """The rows with the key of the row above: in a table sorted by its key that is every repeated one, and looking for them
    so takes no memory, where a table of votes has millions."""
    above, below = frame.iloc[:-1].reset_index(drop=True), frame.iloc[1:].reset_index(drop=True)
    same = pd.Series(True, index=below.index)
    for name in table.key:
        same &= (above[name] == below[name]).fillna(False).astype(bool)
    keys = below.loc[same, list(table.key)]
    return [
        Problem(f"tabla {table.name}", int(row) + 3, ", ".join(table.key), "-".join(map(str, key)), "clave repetida")
        for row, key in zip(keys.index, keys.itertuples(index=False, name=None), strict=True)
    ]


def _from_case(table: Table, case: Mapping[Any, Any]) -> Problem:
    words = {"not_nullable": "la celda está vacía"}
    check = str(case["check"])
    row = None if pd.isna(case["index"]) else int(case["index"]) + 2
    column = str(case["column"]) if case["schema_context"] == "Column" or case["column"] else None
    value = "" if pd.isna(case["failure_case"]) else str(case["failure_case"])
    return Problem(f"tabla {table.name}", row, column, value, words.get(check, check))


def _orphans(table: Table, frame: pd.DataFrame, reference: Reference, frames: Frames) -> list[Problem]:
    target = frames.get(reference.target)
    if target is None:
        return []
    names = list(reference.fields)
    rows = frame if reference.unless is None else frame[frame[reference.unless[0]] != reference.unless[1]]
    values = rows[names].drop_duplicates().dropna()
    known = target[list(reference.target_fields)].set_axis(names, axis=1)
    if len(names) == 1:
        lost = ~values[names[0]].isin(known[names[0]])
    else:
        lost = values.merge(known.drop_duplicates(), on=names, how="left", indicator=True)["_merge"] == "left_only"
    values = values[lost.to_numpy()]
    message = f"no existe en la tabla {reference.target}"
    return [
        Problem(f"tabla {table.name}", int(row) + 2, ", ".join(reference.fields), "-".join(map(str, value)), message)
        for row, value in zip(values.index, values.itertuples(index=False, name=None), strict=True)
    ]
