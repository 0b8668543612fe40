"""Mother tongue (4 and over) and Maya linguistic community by municipio, XII Censo de población 2018."""

from __future__ import annotations

from etl import checks, fields
from etl.datasets.censo_2018 import CENSO, OF_MUNICIPIO, long
from etl.model import Column, Dataset, Frames, Input, Kind, Problem, Table

IDIOMA = "censo2018_municipio_idioma_materno_4mas.csv"
COMUNIDAD = "censo2018_municipio_maya_comunidad_linguistica.csv"
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


def _input(file: str, sha256: str, total: str, columns: dict[str, str]) -> Input:
    counts = (Column(name, Kind.ENTERO) for name in (total, *columns.values()))
    return Input(
        file, sha256, (Column("codigo_ine", Kind.CODIGO, pattern=r"\d{4}"), *counts), CENSO, key=("codigo_ine",)
    )


def _row_checks(file: str, total: str, columns: dict[str, str]):
    return (
        checks.codes_resolve(file, lambda rows: rows["codigo_ine"], "codigo_ine", "municipios", "codigo_municipio"),
        checks.all_present(file, lambda rows: rows["codigo_ine"], "codigo_ine"),
        checks.parts_add(file, total, tuple(columns.values())),
    )


DATASET = Dataset(
    name="censo_2018_idiomas",
    title="Idiomas en el Censo 2018",
    description="Idioma materno de la población de 4 años y más, y comunidad lingüística de la población maya, "
    "por municipio.",
    inputs=(
        _input(IDIOMA, "330fd3d1b3a8e3eabbcff7515389f8f1b9f7f870abf0c4b43755c8ac0db6751f", TOTAL_IDIOMA, IDIOMAS),
        _input(
            COMUNIDAD, "177027db476d776df8aba04b62d103574e820b45d7768143f0bb027e7e2143cb", TOTAL_COMUNIDAD, COMUNIDADES
        ),
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
