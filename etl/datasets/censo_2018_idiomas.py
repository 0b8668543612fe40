"""Mother tongue (4 and over) and Maya linguistic community by municipio, XII Censo de población 2018."""

from __future__ import annotations

from etl import checks, fields
from etl.datasets.censo_2018 import OF_MUNICIPIO, long
from etl.model import Check, Column, Dataset, Frames, Input, Kind, Problem, Table

IDIOMA = "idioma_materno"
COMUNIDAD = "comunidad_linguistica"
TOTAL_IDIOMA = "Total de poblacion de 4 años y mas"
TOTAL_COMUNIDAD = "Total de poblacion pueblo maya"

# Headers of the source, in the order of the labels: the source writes «Jakalteko /Popti'» and straight apostrophes.
COMUNIDADES = dict(
    zip(
        fields.COMUNIDADES_LINGUISTICAS,
        (
            "Achi",
            "Akateka",
            "Awakateka",
            "Ch'orti'",
            "Chalchiteka",
            "Chuj",
            "Itza'",
            "Ixil",
            "Jakalteko /Popti'",
            "K'iche'",
            "Kaqchikel",
            "Mam",
            "Mopan",
            "Poqomam",
            "Poqomchi'",
            "Q'anjob'al",
            "Q'eqchi'",
            "Sakapulteka",
            "Sipakapense",
            "Tektiteka",
            "Tz'utujil",
            "Uspanteka",
        ),
        strict=True,
    )
)
IDIOMAS = COMUNIDADES | {
    "xinka": "Xinka",
    "garifuna": "Garífuna",
    "espanol": "Español",
    "ingles": "Inglés",
    "senas": "Señas",
    "otro": "Otro idioma",
    "no_habla": "No habla",
}


def read(frames: Frames) -> Frames:
    """One row per municipio and language, and per municipio and linguistic community."""
    return {
        "censo_2018_idioma_materno": long(frames[IDIOMA], "idioma", IDIOMAS),
        "censo_2018_comunidad_linguistica": long(frames[COMUNIDAD], "comunidad_linguistica", COMUNIDADES),
    }


def _communities_are_the_maya_people(frames: Frames) -> list[Problem]:
    """The linguistic communities of a municipio add up to its Maya people in the other census table."""
    pueblos = frames["censo_2018_pueblo"]
    maya = pueblos[pueblos["pueblo"] == "maya"].set_index("codigo_municipio")["poblacion"]
    rows = frames[COMUNIDAD]
    expected = rows["codigo_ine"].map(maya)
    return [
        Problem(
            COMUNIDAD,
            row,
            TOTAL_COMUNIDAD,
            str(rows.at[row, TOTAL_COMUNIDAD]),
            f"el pueblo maya del municipio es {expected.at[row]} en el censo",
        )
        for row in rows.index[(rows[TOTAL_COMUNIDAD] != expected).fillna(False)]
    ]


def _input(name: str, total: str, columns: dict[str, str]) -> Input:
    counts = (Column(name, Kind.ENTERO) for name in (total, *columns.values()))
    code = Column("codigo_ine", Kind.CODIGO, pattern=fields.codigo_municipio.pattern)
    return Input(name, (code, *fields.texts("departamento", "municipio"), *counts), key=("codigo_ine",))


def _row_checks(name: str, total: str, columns: dict[str, str]) -> tuple[Check, ...]:
    return (
        checks.codes_resolve(name, lambda rows: rows["codigo_ine"], "codigo_ine", "municipios", "codigo_municipio"),
        checks.all_present(name, lambda rows: rows["codigo_ine"], "codigo_ine"),
        checks.places_agree(name, lambda rows: rows["codigo_ine"], "municipio", "departamento"),
        checks.parts_add(name, total, tuple(columns.values())),
    )


DATASET = Dataset(
    name="censo_2018_idiomas",
    title="Idiomas en el Censo 2018",
    topic="poblacion",
    description="Idioma materno de la población de 4 años y más, y comunidad lingüística de la población maya, "
    "por municipio.",
    inputs=(
        _input(IDIOMA, TOTAL_IDIOMA, IDIOMAS),
        _input(COMUNIDAD, TOTAL_COMUNIDAD, COMUNIDADES),
    ),
    tables=(
        Table(
            "censo_2018_idioma_materno",
            "Censo 2018 por idioma materno",
            "Población censada de 4 años y más por municipio e idioma en el que aprendió a hablar.",
            (fields.codigo_municipio, fields.idioma, fields.poblacion),
            ("codigo_municipio", "idioma"),
            OF_MUNICIPIO,
        ),
        Table(
            "censo_2018_comunidad_linguistica",
            "Censo 2018 por comunidad lingüística maya",
            "Población maya censada por municipio y comunidad lingüística.",
            (fields.codigo_municipio, fields.comunidad_linguistica, fields.poblacion),
            ("codigo_municipio", "comunidad_linguistica"),
            OF_MUNICIPIO,
        ),
    ),
    read=read,
    source_checks=(
        *_row_checks(IDIOMA, TOTAL_IDIOMA, IDIOMAS),
        *_row_checks(COMUNIDAD, TOTAL_COMUNIDAD, COMUNIDADES),
        _communities_are_the_maya_people,
    ),
    needs=("territorio", "censo_2018"),
)
