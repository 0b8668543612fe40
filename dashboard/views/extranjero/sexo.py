"""How many women and how many men are registered abroad? One cut-off, and not of the final registry."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.address.abroad import NOTHING
from dashboard.address.parameters import Question
from dashboard.figures.queries import Data
from dashboard.kinds import reparto
from dashboard.view import Kind, Result, View, number_column, text_column
from dashboard.views.extranjero.figures import EVIDENCE, Figures
from dashboard.words import COUNT, PERCENT
from etl import fields

LEAD = "{name}, {count} de {whole} personas empadronadas en el extranjero ({share}); {within}"


def query(data: Data, selection: Question) -> Result:
    """The counts by sexo of the last date for which there are."""
    figures = Figures(data)
    found = [row for row in figures.rows if row["sexo"] and row["preferida"] and row["valor"] is not None]
    latest = max((row["fecha"] or "" for row in found), default="")
    rows = {row["sexo"]: row for row in found if (row["fecha"] or "") == latest}
    labels = fields.sexo.labels or {}
    counts = {sexo: rows[sexo]["valor"] for sexo in labels if sexo in rows}
    whole = sum(counts.values())
    return Result(
        question="¿Cuántas mujeres y cuántos hombres?",
        columns=COLUMNS,
        rows=tuple(
            (sexo, labels[sexo], count, 100 * count / whole, *figures.published(rows[sexo]).evidence())
            for sexo, count in counts.items()
        ),
        material=reparto.Material(counts, labels, _rest(counts, labels, rows), LEAD),
        tables=("extranjero",),
        notes=tuple(_caveat(figures, whole, rows)) if rows else (),
    )


def _rest(counts: Mapping[str, int], labels: Mapping[str, str], rows: Mapping[str, Mapping]) -> str:
    """The smaller count, and when it was."""
    if not counts:
        return ""
    smaller = min(counts, key=counts.get)
    part = PERCENT.write(100 * counts[smaller] / sum(counts.values()))
    return f"{labels[smaller].lower()}, {COUNT.write(counts[smaller])} ({part}). Corte: {rows[smaller]['corte_texto']}."


def _caveat(figures: Figures, whole: int, rows) -> list[str]:
    """What a reader must know before quoting it."""
    row = next(iter(rows.values()))
    final = figures.total(row["eleccion"], "empadronados")
    return [
        f"Es el único dato por sexo que se conoce, y su confianza es {row['confianza']}: suma {COUNT.write(whole)} y no es "
        f"del padrón final de {row['eleccion'][:4]}, que fue de {final.text}."
    ]


COLUMNS = (
    text_column("sexo", "Código", "Sexo.", hidden=True),
    text_column("nombre", "Sexo", "Sexo con el que la fuente cuenta a la persona."),
    number_column("empadronados", "Empadronados", "Personas empadronadas en el extranjero.", "personas", COUNT),
    number_column("por_ciento", "Del total", "Parte del total, en por ciento.", "%", PERCENT, decimal=True),
    *EVIDENCE,
)
VIEW = View(
    "extranjero_sexo",
    "Mujeres y hombres empadronados en el extranjero",
    Kind.of(reparto),
    query,
    topic="extranjero",
    contract=NOTHING,
)
