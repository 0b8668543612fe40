"""Who lived there in 2018? The census by pueblo, mother tongue and area: the population groups the registry does not say."""

from __future__ import annotations

from dashboard.address.phrases import focus, within
from dashboard.address.selection import Selection
from dashboard.figures.measures import Quantity
from dashboard.figures.queries import Data
from dashboard.kinds import reparto
from dashboard.view import AnswerColumn, Kind, Result, View
from dashboard.words import COUNT, PERCENT
from etl import fields
from etl.model import Field
from etl.model import Kind as FieldKind

NOT_REGISTRY = "El censo cuenta habitantes, no personas empadronadas: el padrón no publica este grupo."


def census_view(name: str, title: str, question: str, table_name: str, dimension: str, lead: str, who: str) -> View:
    """A view of one dimension of the census: `who` names the people counted in the table's heading."""
    declared = next(item for item in fields.GROUPS if item.name == dimension)
    quantity = Quantity("poblacion", who, ((table_name, "poblacion"),))
    columns = (
        AnswerColumn(declared, hidden=True),
        AnswerColumn(Field("nombre", declared.title, "La categoría en palabras.", FieldKind.TEXTO)),
        AnswerColumn(Field("poblacion", who, f"{who}.", FieldKind.ENTERO, unit="habitantes"), COUNT),
        AnswerColumn(
            Field(
                "por_ciento", "Del total", "Parte del total, en por ciento.", FieldKind.DECIMAL, unit="%", nullable=True
            ),
            PERCENT,
        ),
    )

    def query(data: Data, selection: Selection) -> Result:
        code = focus(selection)
        labels = data.labels(table_name, dimension)
        found = data.crossed(quantity, (dimension,), code)
        counts = {category: found.get((category,)) or 0 for category in labels}
        whole = sum(counts.values())
        ordered = sorted(counts, key=lambda category: -counts[category])
        return Result(
            question=question,
            columns=columns,
            rows=tuple(
                (category, labels[category], counts[category], 100 * counts[category] / whole if whole else None)
                for category in ordered
            ),
            material=reparto.Material(counts, labels, within(code, data.territories), lead),
            tables=(table_name,),
            notes=(NOT_REGISTRY,),
        )

    return View(name, title, Kind.of(reparto), query)


PUEBLO = census_view(
    "censo_pueblo",
    "Habitantes por pueblo (censo 2018)",
    "¿De qué pueblos son sus habitantes?",
    "censo_2018_pueblo",
    "pueblo",
    "{within} se identificaron como de pueblo {name} {count} de {whole} habitantes censados en 2018: {share}.",
    "Habitantes",
)
IDIOMA = census_view(
    "censo_idioma",
    "Habitantes por idioma materno (censo 2018)",
    "¿Qué idiomas aprendieron primero?",
    "censo_2018_idioma_materno",
    "idioma",
    "{within} el idioma materno más frecuente es {name}: {count} de {whole} habitantes de 4 años y más, {share}.",
    "Habitantes de 4 años y más",
)
COMUNIDAD = census_view(
    "censo_comunidad",
    "Población maya por comunidad lingüística (censo 2018)",
    "¿De qué comunidades lingüísticas es la población maya?",
    "censo_2018_comunidad_linguistica",
    "comunidad_linguistica",
    "{within} la comunidad lingüística más numerosa es {name}: {count} de {whole} habitantes de pueblo maya, {share}.",
    "Habitantes de pueblo maya",
)
CENSUS_VIEWS = (PUEBLO, IDIOMA, COMUNIDAD)
