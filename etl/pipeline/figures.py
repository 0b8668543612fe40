"""Figures of the registry that were gathered one by one, each with its quote, as one row per publication."""

from __future__ import annotations

import pandas as pd

from etl.model import Confidence, Source


def wide(figures: pd.DataFrame) -> pd.DataFrame:
    """One row per date, place and publication, with total, women and men in columns, and the least of confidences.

    `figures` has one per row: `fecha`, `lugar`, `medida` (empadronados, mujeres or hombres), `valor`, `calificador` (what
    the source says of the date) and the evidence (`confianza`, `fuente`, `url`, `cita`, `nota`).
    """
    rows = []
    for (day, place, link), group in figures.groupby(["fecha", "lugar", "url"], sort=False):
        counts = dict(zip(group["medida"], group["valor"], strict=True))
        rows.append(
            {
                "fecha": day,
                "lugar": place,
                # A source may give the two sexes and misprint their sum (17-03-2019, said in its note).
                "empadronados": counts.get("empadronados", counts.get("mujeres", pd.NA) + counts.get("hombres", pd.NA)),
                "mujeres": counts.get("mujeres", pd.NA),
                "hombres": counts.get("hombres", pd.NA),
                "confianza": Confidence.weakest(group["confianza"]).value,
                "fuente": group["fuente"].iloc[0],
                "url": link,
                "cita": group["cita"].iloc[0],
                "nota": _remarks(group),
            }
        )
    return pd.DataFrame(rows)


def _remarks(group: pd.DataFrame) -> str | None:
    """What the source says of the date and of the figures, each remark once."""
    remarks = pd.concat([group["calificador"], group["nota"]]).dropna().drop_duplicates()
    return "; ".join(remarks) or None


def evidence(source: Source, citation: str) -> dict[str, str | None]:
    """The columns of evidence of figures that are all of one source."""
    return {
        "confianza": source.confidence.value,
        "fuente": source.title,
        "url": source.url,
        "cita": citation,
        "nota": None,
    }
