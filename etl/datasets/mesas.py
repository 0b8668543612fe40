"""Polling tables (JRV) and polling centres by municipio, election by election, numbered without gaps.

Each election is one delivery, whose cut-off is the day of the vote. Tables are numbered in the TREP's order of municipios, those
abroad after them, so the first and last of each say which place a table number belongs to: it is the second witness of the
codes in the TREP files.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from etl import checks, fields
from etl.country import departamentos_of
from etl.model import DELIVERED, Column, Dataset, Field, Frames, Input, Kind, Problem, Reference, Table

MUNICIPIOS, CENTROS, ABROAD = "por_municipio", "por_centro", "en_el_extranjero"
BY_MUNICIPIO, BY_CENTRE, OUTSIDE = "mesas_municipio", "mesas_centro", "mesas_extranjero"

centros = Field(
    "centros",
    "Centros",
    "Centros de votación.",
    Kind.ENTERO,
    unit="centros",
    minimum=1,
    english=("Centres", "Polling centres."),
)
primera_mesa = Field(
    "primera_mesa",
    "Primera mesa",
    "Número de la primera mesa del municipio.",
    Kind.ENTERO,
    minimum=1,
    english=("First table", "Number of the first polling table of the municipality."),
)
ultima_mesa = Field(
    "ultima_mesa",
    "Última mesa",
    "Número de la última mesa del municipio.",
    Kind.ENTERO,
    minimum=1,
    english=("Last table", "Number of the last polling table of the municipality."),
)
orden_centro = Field(
    "orden_centro",
    "Centro",
    "Orden del centro de votación en su municipio: la fuente no da su nombre.",
    Kind.ENTERO,
    minimum=1,
    english=("Centre", "Order of the polling centre in its municipality: the source does not give its name."),
)
NAMES = {
    "municipality_code_ine": "codigo_municipio",
    "voting_centers": "centros",
    "jrv": "mesas",
    "first_mesa": "primera_mesa",
    "last_mesa": "ultima_mesa",
    "center_order": "orden_centro",
}

_of_municipio = Reference(("codigo_municipio",), "municipios", ("codigo_municipio",))
_of_election = Reference(("eleccion",), "elecciones", ("eleccion",))
TABLES = (
    Table(
        BY_MUNICIPIO,
        "Mesas y centros de votación por municipio y elección",
        "Cuántas mesas y centros de votación hubo en cada municipio en cada elección, y qué números tuvieron las mesas.",
        (fields.codigo_municipio, fields.eleccion, centros, fields.mesas, primera_mesa, ultima_mesa),
        ("codigo_municipio", "eleccion"),
        (_of_municipio, _of_election),
        accumulates=True,
    ),
    Table(
        BY_CENTRE,
        "Mesas por centro de votación y elección",
        "Cuántas mesas hubo en cada centro de votación en cada elección.",
        (fields.codigo_municipio, fields.eleccion, orden_centro, fields.mesas),
        ("codigo_municipio", "eleccion", "orden_centro"),
        (_of_municipio, _of_election),
        accumulates=True,
    ),
    Table(
        OUTSIDE,
        "Mesas en el extranjero, por elección",
        "Cuántas mesas hubo fuera del país en cada elección y qué números tuvieron. La fuente no dice el lugar de cada una.",
        (fields.eleccion, fields.mesas, primera_mesa, ultima_mesa),
        ("eleccion",),
        (_of_election,),
        accumulates=True,
    ),
)


def read(frames: Frames) -> Frames:
    """The three tables, with the names of their columns in Spanish and the election of each delivery."""
    inputs = {BY_MUNICIPIO: MUNICIPIOS, BY_CENTRE: CENTROS, OUTSIDE: ABROAD}
    return {
        table: frames[name].rename(columns=NAMES).assign(eleccion=_elections(frames[name], frames))
        for table, name in inputs.items()
    }


def _elections(rows: pd.DataFrame, frames: Frames) -> pd.Series:
    """The election of the day of each delivery."""
    known = frames["elecciones"].drop_duplicates("fecha_eleccion").set_index("fecha_eleccion")["eleccion"]
    return rows[DELIVERED].map(known)


def _on_a_day_of_voting(frames: Frames) -> list[Problem]:
    """The cut-off of each delivery is the day of an election of the catalogue."""
    return [
        Problem(name, None, None, f"{day:%Y-%m-%d}", "ese corte no es el día de ninguna elección del catálogo")
        for name in (MUNICIPIOS, CENTROS, ABROAD)
        for day in frames[name].loc[_elections(frames[name], frames).isna(), DELIVERED].drop_duplicates()
    ]


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
    return [problem for _, rows in checks.deliveries(frames[MUNICIPIOS]) for problem in _wrong_numbers(rows)]


def _wrong_numbers(rows: pd.DataFrame) -> Iterator[Problem]:
    rows = rows.sort_values("first_mesa")
    last = rows["first_mesa"] + rows["jrv"] - 1
    first = rows["last_mesa"].shift(fill_value=0) + 1
    wrong_last = (rows["last_mesa"] != last).fillna(False)
    wrong_first = (rows["first_mesa"] != first).fillna(False) & ~wrong_last.shift(fill_value=False)
    yield from (_wrong_number(rows, "last_mesa", row, last) for row in rows.index[wrong_last])
    yield from (_wrong_number(rows, "first_mesa", row, first) for row in rows.index[wrong_first])


def _abroad_follows(frames: Frames) -> list[Problem]:
    """The tables abroad have as many numbers as tables, and the first follows the last of the country."""
    last = frames[MUNICIPIOS].groupby(DELIVERED)["last_mesa"].max()
    problems = []
    for row in checks.rows_of(frames[ABROAD].dropna(subset=["jrv", "first_mesa", "last_mesa"])):
        expected = last.get(row.corte_entrega)
        if row.last_mesa - row.first_mesa + 1 != row.jrv or (expected is not None and row.first_mesa != expected + 1):
            message = f"se esperaban {row.jrv} números seguidos después del {expected}, el último del país"
            problems.append(Problem(ABROAD, row.Index, "first_mesa", str(row.first_mesa), message))
    return problems


def _wrong_number(rows: pd.DataFrame, column: str, row: int, expected: pd.Series) -> Problem:
    message = f"{_expected(expected.at[row])}: los números de las mesas no tienen huecos ni se repiten"
    return Problem(MUNICIPIOS, row, column, str(rows.at[row, column]), message)


def _centres_add_up(frames: Frames) -> list[Problem]:
    """The centres of a municipio are as many, and have as many tables, as the municipio's row says."""
    by_delivery = dict(checks.deliveries(frames[CENTROS]))
    return [
        problem
        for cutoff, rows in checks.deliveries(frames[MUNICIPIOS])
        if cutoff in by_delivery
        for problem in _not_the_sum(rows, by_delivery[cutoff])
    ]


def _not_the_sum(rows: pd.DataFrame, centres: pd.DataFrame) -> list[Problem]:
    of_centres = centres.groupby("municipality_code_ine")["jrv"].agg(["sum", "size"])
    problems = []
    for column, measure in (("jrv", "sum"), ("voting_centers", "size")):
        expected = _code(rows).map(of_centres[measure]).astype("Int64")
        message = "no es lo que suman sus filas en el archivo por centro: "
        problems += [
            Problem(MUNICIPIOS, row, column, str(rows.at[row, column]), f"{message}{expected.at[row]}")
            for row in rows.index[(rows[column] != expected).fillna(False)]
        ]
    return problems


CODE = Column("municipality_code_ine", Kind.CODIGO, pattern=fields.codigo_municipio.pattern)

DATASET = Dataset(
    name="mesas",
    title="Mesas y centros de votación",
    topic="elecciones",
    description="Juntas receptoras de votos y centros de votación de cada elección, por municipio y en el extranjero.",
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
                    for name in ("voting_centers", "jrv", "first_mesa", "last_mesa")
                ),
            ),
            key=("municipality_code_ine",),
            accumulates=True,
        ),
        Input(
            CENTROS,
            (CODE, Column("center_order", Kind.ENTERO, minimum=1), Column("jrv", Kind.ENTERO, minimum=1)),
            key=("municipality_code_ine", "center_order"),
            accumulates=True,
        ),
        Input(
            ABROAD,
            tuple(Column(name, Kind.ENTERO, minimum=1) for name in ("jrv", "first_mesa", "last_mesa")),
            key=("first_mesa",),
            accumulates=True,
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
        _on_a_day_of_voting,
        _numbers_follow,
        _abroad_follows,
        _centres_add_up,
    ),
    checks=(
        checks.official_total(MUNICIPIOS, ("jrv",), "mesas"),
        checks.official_total(ABROAD, ("jrv",), "mesas_extranjero"),
    ),
    needs=("territorio", "elecciones"),
)
