"""Corrections to sources are data: what, why, who reported it, and what the source must still say (`expect`).

They live in `<dataset>.correcciones.toml` beside the dataset. A correction that no longer finds what it expects is a
problem, not a warning: the source was repaired, and the correction must go.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import pandas as pd
from pydantic import BaseModel, Field

from etl.model import Problem
from etl.pipeline import facts
from etl.pipeline.facts import STRICT, Text

FOLDER = Path(__file__).parents[1] / "datasets"


@dataclass(frozen=True)
class Correction:
    """In `file`, the `rows` rows that match `where` (column -> value) say `expect` in `column`: publish `value`."""

    file: str
    what: str
    why: str
    reported_by: str
    where: Mapping[str, str]
    column: str
    expect: str
    value: str
    rows: int


class CorrectionFacts(BaseModel):
    """One correction as it is written."""

    model_config = STRICT
    archivo: Text
    que: Text
    por_que: Text
    reporta: Text
    donde: Annotated[dict[str, str], Field(min_length=1)]
    columna: Text
    expect: str
    valor: str
    filas: Annotated[int, Field(ge=1)]


class Corrections(BaseModel):
    """A whole `<dataset>.correcciones.toml`."""

    model_config = STRICT
    correccion: list[CorrectionFacts]


def load(dataset: str, folder: Path = FOLDER) -> tuple[tuple[Correction, ...], list[Problem]]:
    """The corrections declared for `dataset` (none when it has no file), and everything that is wrong with them."""
    path = folder / f"{dataset}.correcciones.toml"
    if not path.is_file():
        return (), []
    found = facts.read(path, path.name, Corrections)
    if isinstance(found, list):
        return (), found
    return tuple(_correction(item) for item in found.correccion), []


def _correction(told: CorrectionFacts) -> Correction:
    return Correction(
        file=told.archivo,
        what=told.que,
        why=told.por_que,
        reported_by=told.reporta,
        where=told.donde,
        column=told.columna,
        expect=told.expect,
        value=told.valor,
        rows=told.filas,
    )


def apply(frame: pd.DataFrame, corrections: Sequence[Correction]) -> tuple[pd.DataFrame, list[Problem]]:
    """`frame` (raw text) corrected, and a problem for each correction that no longer fits.

    Every correction is matched against the frame as it came, so two of them can swap a pair of values.
    """
    if not corrections:  # a country of polling tables is not copied for nothing
        return frame, []
    corrected = frame.copy()
    problems: list[Problem] = []
    for item in corrections:
        if missing := {item.column, *item.where} - set(frame.columns):
            message = f"la corrección «{item.what}» usa una columna que no está"
            problems.append(Problem(item.file, None, ", ".join(sorted(missing)), None, message))
            continue
        mask = pd.Series(True, index=frame.index)
        for column, value in item.where.items():
            mask &= frame[column] == value
        found = _unfit(frame[mask], item)
        problems.extend(found)
        if not found:
            corrected.loc[mask, item.column] = item.value
    return corrected, problems


def _unfit(matched: pd.DataFrame, item: Correction) -> list[Problem]:
    if len(matched) != item.rows:
        where = ", ".join(f"{column} = {value}" for column, value in item.where.items())
        message = (
            f"la corrección «{item.what}» esperaba {item.rows} filas donde {where} y encontró {len(matched)}: "
            "revise si la fuente cambió"
        )
        return [Problem(item.file, None, item.column, None, message)]
    message = f"la corrección «{item.what}» esperaba {item.expect}: si la fuente ya se reparó, quite la corrección"
    return [
        Problem(item.file, row, item.column, value, message)
        for row, value in zip(matched.index, matched[item.column], strict=True)
        if value != item.expect
    ]
