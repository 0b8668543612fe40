"""Polling tables (JRV) and polling centres of 2023 by municipio: 24,427 tables in the country, numbered without gaps.

Tables were numbered in the TREP's order of municipios, so the first and last of each say which municipio a table number
belongs to: it is the second witness of the codes in the TREP files. The 158 tables abroad are not in this source.
"""

from __future__ import annotations

import pandas as pd

from etl import checks, fields
from etl.country import departamentos_of
from etl.model import Column, Dataset, Field, Frames, Input, Kind, Notice, Problem, Reference, Table

MUNICIPIOS, CENTROS = "por_municipio", "por_centro"

centros = Field("centros", "Centros", "Centros de votación.", Kind.ENTERO, unit="centros", minimum=1)
primera_mesa = Field("primera_mesa", "Primera mesa", "Número de la primera mesa del municipio.", Kind.ENTERO, minimum=1)
ultima_mesa = Field("ultima_mesa", "Última mesa", "Número de la última mesa del municipio.", Kind.ENTERO, minimum=1)
orden_centro = Field(
    "orden_centro",
    "Centro",
    "Orden del centro de votación en su municipio: la fuente no da su nombre.",
    Kind.ENTERO,
    minimum=1,
)
NAMES = {
    "municipality_code_ine": "codigo_municipio",
    "voting_centers_2023": "centros",
    "jrv_2023": "mesas",
    "first_mesa": "primera_mesa",
    "last_mesa": "ultima_mesa",
    "center_order": "orden_centro",
}

_of_municipio = (Reference(("codigo_municipio",), "municipios", ("codigo_municipio",)),)
TABLES = (
    Table(
        "mesas_municipio_2023",
        "Mesas y centros de votación de 2023 por municipio",
        "Cuántas mesas y centros de votación hubo en cada municipio y qué números tuvieron las mesas.",
        (fields.codigo_municipio, centros, fields.mesas, primera_mesa, ultima_mesa),
        ("codigo_municipio",),
        _of_municipio,
    ),
    Table(
        "mesas_centro_2023",
        "Mesas de 2023 por centro de votación",
        "Cuántas mesas hubo en cada centro de votación.",
        (fields.codigo_municipio, orden_centro, fields.mesas),
        ("codigo_municipio", "orden_centro"),
        _of_municipio,
    ),
)


def read(frames: Frames) -> Frames:
    """The two tables, with the names of their columns in Spanish."""
    return {
        "mesas_municipio_2023": frames[MUNICIPIOS].rename(columns=NAMES),
        "mesas_centro_2023": frames[CENTROS].rename(columns=NAMES),
    }


def _code(rows: pd.DataFrame) -> pd.Series:
    return rows["municipality_code_ine"]


def _departamento(rows: pd.DataFrame) -> pd.Series:
    return departamentos_of(_code(rows))


def _trep_code_is_the_catalogues(frames: Frames) -> list[Problem]:
    """The TREP's codes in the file are those the catalogue gives to the same municipio."""
    rows = frames[MUNICIPIOS]
    known = frames["municipios"].set_index("codigo_municipio")["codigo_trep"]
    found, expected = rows["trep_id_departamento"] + "-" + rows["trep_id_municipio"], _code(rows).map(known)
    return [
        Problem(
            MUNICIPIOS, row, "trep_id_departamento, trep_id_municipio", str(found.at[row]), _expected(expected.at[row])
        )
        for row in rows.index[(found != expected).fillna(False) & expected.notna()]
    ]


def _expected(value: object) -> str:
    return f"se esperaba {value}"


def _numbers_follow(frames: Frames) -> list[Problem]:
    """Each municipio has as many numbers as tables, and its first follows the last of the one before."""
    rows = frames[MUNICIPIOS].sort_values("first_mesa")
    last = rows["first_mesa"] + rows["jrv_2023"] - 1
    first = rows["last_mesa"].shift(fill_value=0) + 1
    wrong_last = (rows["last_mesa"] != last).fillna(False)
    wrong_first = (rows["first_mesa"] != first).fillna(False) & ~wrong_last.shift(fill_value=False)
    return [
        *(_wrong_number(rows, "last_mesa", row, last) for row in rows.index[wrong_last]),
        *(_wrong_number(rows, "first_mesa", row, first) for row in rows.index[wrong_first]),
    ]


def _wrong_number(rows: pd.DataFrame, column: str, row: int, expected: pd.Series) -> Problem:
    message = f"{_expected(expected.at[row])}: los números de las mesas no tienen huecos ni se repiten"
    return Problem(MUNICIPIOS, row, column, str(rows.at[row, column]), message)


def _centres_add_up(frames: Frames) -> list[Problem]:
    """The centres of a municipio are as many, and have as many tables, as the municipio's row says."""
    rows, centres = frames[MUNICIPIOS], frames[CENTROS]
    of_centres = centres.groupby("municipality_code_ine")["jrv_2023"].agg(["sum", "size"])
    problems = []
    for column, measure in (("jrv_2023", "sum"), ("voting_centers_2023", "size")):
        expected = _code(rows).map(of_centres[measure]).astype("Int64")
        message = "no es lo que suman sus filas en el archivo por centro: "
        problems += [
            Problem(MUNICIPIOS, row, column, str(rows.at[row, column]), f"{message}{expected.at[row]}")
            for row in rows.index[(rows[column] != expected).fillna(False)]
        ]
    return problems


def _only_in_the_country(frames: Frames) -> list[Notice]:
    message = "Las 158 mesas del extranjero (números 24428 a 24585) no están en la fuente por municipio."
    return [Notice("mesas_2023", message)]


CODE = Column("municipality_code_ine", Kind.CODIGO, pattern=fields.codigo_municipio.pattern)

DATASET = Dataset(
    name="mesas_2023",
    title="Mesas y centros de votación 2023",
    description="Juntas receptoras de votos y centros de votación de las elecciones de 2023 en los 340 municipios.",
    inputs=(
        Input(
            MUNICIPIOS,
            (
                CODE,
                Column("department", Kind.TEXTO),
                Column("trep_id_departamento", Kind.CODIGO, pattern=r"\d{1,2}"),
                Column("trep_id_municipio", Kind.CODIGO, pattern=r"\d{1,2}"),
                *(
                    Column(name, Kind.ENTERO, minimum=1)
                    for name in ("voting_centers_2023", "jrv_2023", "first_mesa", "last_mesa")
                ),
            ),
            key=("municipality_code_ine",),
        ),
        Input(
            CENTROS,
            (CODE, Column("center_order", Kind.ENTERO, minimum=1), Column("jrv_2023", Kind.ENTERO, minimum=1)),
            key=("municipality_code_ine", "center_order"),
        ),
    ),
    tables=TABLES,
    read=read,
    source_checks=(
        checks.codes_resolve(MUNICIPIOS, _code, "municipality_code_ine", "municipios", "codigo_municipio"),
        checks.codes_resolve(CENTROS, _code, "municipality_code_ine", "municipios", "codigo_municipio"),
        checks.all_present(MUNICIPIOS, _code, "municipality_code_ine"),
        checks.places_agree(MUNICIPIOS, _departamento, departamento="department", target="codigo_departamento"),
        _trep_code_is_the_catalogues,
        _numbers_follow,
        _centres_add_up,
    ),
    checks=(checks.official_total(MUNICIPIOS, ("jrv_2023",), "mesas"),),
    notices=(_only_in_the_country,),
    needs=("territorio",),
)
