"""What does GT0105 ask for that is not published? Computed from the declared tables and the figures of the release."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby

from dashboard.address.abroad import NOTHING
from dashboard.address.parameters import Question
from dashboard.commitment.crosses import DIVISIONS, LEVELS, RESIDENCES, TOPICS, Cell, cells
from dashboard.commitment.petition import petitions_for
from dashboard.commitment.supply import Coverage
from dashboard.figures.provenance import provenance
from dashboard.figures.queries import Data
from dashboard.kinds import cruces
from dashboard.view import AnswerColumn, PictureKind, Result, View
from dashboard.words import COUNT, listing
from etl.country import COUNTRY
from etl.model import Field, Kind

NOTES = (
    "Un cruce está publicado si hay cifra de todos los lugares de ese nivel: del padrón, en algún corte; de la "
    "participación, en todas las elecciones que se celebraron. Los niveles mayores cuentan como publicados cuando se "
    "pueden sumar.",
    "«No publicado» quiere decir que no se ha hallado en ninguna fuente pública. Una cifra de confianza media-baja o baja "
    "no basta para dar un cruce por publicado.",
    "Los totales nacionales de participación de 2019 y 2023 incluyen a quienes votaron en el extranjero.",
)


def query(data: Data, selection: Question) -> Result:
    """Every cross of the commitment, with its state, its evidence and what to write to ask for it."""
    coverage = Coverage(data)
    found = cells(coverage)
    elections = {code: str(event["titulo"]) for code, event in coverage.elections.items()}
    by_row = [tuple(row) for _, row in groupby(found, lambda cell: replace(cell.cross, level=""))]
    return Result(
        question="¿Qué falta por publicar?",
        columns=COLUMNS,
        rows=tuple(_row(data, cell, elections) for cell in found),
        material=cruces.Material([cruces.Row(row, petitions_for(row, elections)) for row in by_row]),
        tables=tuple(dict.fromkeys(table for cell in found for table in cell.tables)),
        notes=NOTES,
    )


def _row(data: Data, cell: Cell, elections: dict[str, str]) -> tuple[str | int | None, ...]:
    cross, best = cell.cross, cell.best
    return (
        TOPICS[cross.topic],
        RESIDENCES[cross.residence].capitalize(),
        DIVISIONS[cross.division],
        LEVELS[cross.residence][cross.level],
        cruces.WORDS[cell.state],
        cell.detail or None,
        best.supply.dataset if best else None,
        best.supply.table.name if best else None,
        cell.cutoff,
        cell.confidence,
        " | ".join(f"{source.publisher}: {source.title}" for source in provenance(data.release, cell.tables)) or None,
        best.covered if best else None,
        best.of if best else None,
        len(cell.whole) if cell.asked else None,
        len(cell.asked) or None,
        listing([elections[code] for code in cell.pending]) or None,
        "; ".join(f"{item.title} ({item.table}): {item.why}" for item in cell.instead) or None,
        " ".join(petitions_for([cell], elections)) or None,
    )


def _text(name: str, title: str, description: str, hidden: bool = False) -> AnswerColumn:
    return AnswerColumn(Field(name, title, description, Kind.TEXTO, nullable=True), hidden=hidden)


def _count(name: str, title: str, description: str, unit: str) -> AnswerColumn:
    return AnswerColumn(Field(name, title, description, Kind.ENTERO, unit=unit, nullable=True), COUNT)


COLUMNS = (
    _text("tema", "Tema", "Padrón (empadronados) o participación (votos emitidos, votantes)."),
    _text("residencia", "Residencia", "Dentro del país o en el extranjero."),
    _text("grupo", "Grupo de población", "Por qué se divide a las personas; Total, si no se las divide."),
    _text("nivel", "Nivel", "Lugar al que llega el cruce."),
    _text("estado", "Estado", "Publicado, en parte o no publicado."),
    _text("detalle", "Qué falta", "Lugares o elecciones que hay, de cuántos."),
    _text("conjunto", "Conjunto de datos", "Conjunto que trae la cifra."),
    _text("tabla", "Tabla", "Tabla que trae la cifra."),
    _text("corte_fila", "Corte del cruce", "De cuándo es la cifra, en palabras."),
    _text("confianza_fila", "Confianza del cruce", "La menor confianza de sus cifras."),
    _text("fuente_fila", "Fuente del cruce", "Quién publicó la cifra, y en qué."),
    _count("lugares_con_cifra", "Lugares con cifra", "Lugares del nivel que tienen todas sus cifras.", "lugares"),
    _count("lugares", "Lugares", "Lugares que hay en el nivel.", "lugares"),
    _count("elecciones_con_cifra", "Elecciones completas", "Elecciones con cifra de todos los lugares.", "elecciones"),
    _count("elecciones", "Elecciones", "Elecciones celebradas en las que esas personas podían votar.", "elecciones"),
    _text("elecciones_pendientes", "Elecciones pendientes", "Elecciones que no están completas.", hidden=True),
    _text("en_su_lugar", "Qué hay en su lugar", "Tablas que cuentan algo cercano, y por qué no es lo mismo."),
    _text("solicitud", "Texto para pedirlo", "Párrafo para una solicitud de información pública.", hidden=True),
)
VIEW = View(
    "que_falta",
    f"Lo que pide el compromiso {COUNTRY.commitment} y lo que hay",
    PictureKind.of(cruces),
    query,
    contract=NOTHING,
)
