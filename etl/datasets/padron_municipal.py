"""Registered citizens by municipio, in the exact layout of the TSE's workbook (CSV or XLSX).

The source crosses sex with age and sex with literacy, never the three: two tables, so the cross nobody published cannot
be asked. Both show the newest delivery; a third one keeps the registered by sex of every delivery. The workbook's quirks:
TSE codes, `66A70` with a capital A by sex, `MAYOROIGUAL70`, and CODDEP 25 for residents abroad.
"""

from __future__ import annotations

import pandas as pd

from etl import checks, fields
from etl.country import COUNTRY, codes_abroad
from etl.model import DELIVERED, Check, Column, Dataset, Frames, Given, Input, Kind, Notice, Reference, Table

PADRON, DELIVERIES = "padron", "padron_municipal_cortes"

AGES = {
    "18_25": "18a25",
    "26_30": "26a30",
    "31_35": "31a35",
    "36_40": "36a40",
    "41_45": "41a45",
    "46_50": "46a50",
    "51_55": "51a55",
    "56_60": "56a60",
    "61_65": "61a65",
    "66_70": "66a70",
    "70_mas": "MAYOROIGUAL70",
}
SEXES = {"mujeres": "MUJERES", "hombres": "HOMBRES"}
LITERACIES = {"alfabeta": "ALFABETAS", "analfabeta": "ANALFABETAS"}


def age_column(group: str, sex: str | None = None) -> str:
    """Header of an age group in the workbook: EDAD_66a70, but MUJERES_EDAD_66A70."""
    if sex is None:
        return f"EDAD_{AGES[group]}"
    return f"{SEXES[sex]}_EDAD_{AGES[group].replace('66a70', '66A70')}"


def literacy_column(literacy: str, sex: str) -> str:
    """Header of a literacy count by sex in the workbook: MUJERES_ALFABETAS."""
    return f"{SEXES[sex]}_{LITERACIES[literacy]}"


COUNTS = (
    "TOTAL",
    *(f"TOTAL_{word}" for word in SEXES.values()),
    *(literacy_column(literacy, sex) for sex in SEXES for literacy in LITERACIES),
    *(age_column(group) for group in AGES),
    *(age_column(group, sex) for sex in SEXES for group in AGES),
)

TABLES = (
    Table(
        "padron_municipal_edad",
        "Empadronados por municipio, sexo y edad",
        "Ciudadanos empadronados activos por municipio, sexo y grupo de edad del TSE.",
        (fields.codigo_municipio, fields.residencia, fields.sexo, fields.grupo_edad, fields.empadronados),
        ("codigo_municipio", "residencia", "sexo", "grupo_edad"),
        (Reference(("codigo_municipio",), "municipios", ("codigo_municipio",), unless=("residencia", "extranjero")),),
    ),
    Table(
        "padron_municipal_alfabetismo",
        "Empadronados por municipio, sexo y alfabetismo",
        "Ciudadanos empadronados activos por municipio, sexo y alfabetismo.",
        (fields.codigo_municipio, fields.residencia, fields.sexo, fields.alfabetismo, fields.empadronados),
        ("codigo_municipio", "residencia", "sexo", "alfabetismo"),
        (Reference(("codigo_municipio",), "municipios", ("codigo_municipio",), unless=("residencia", "extranjero")),),
    ),
    Table(
        DELIVERIES,
        "Empadronados por municipio y sexo en cada corte",
        "Ciudadanos empadronados activos por municipio y sexo en cada uno de los cortes que el TSE ha entregado.",
        (fields.codigo_municipio, fields.residencia, fields.fecha, fields.sexo, fields.empadronados),
        ("codigo_municipio", "residencia", "fecha", "sexo"),
        (Reference(("codigo_municipio",), "municipios", ("codigo_municipio",), unless=("residencia", "extranjero")),),
        accumulates=True,
    ),
)


def _abroad(frame: pd.DataFrame) -> pd.Series:
    return frame["CODDEP"] == COUNTRY.abroad


def _in_country(frame: pd.DataFrame) -> pd.Series:
    return frame["CODDEP"] != COUNTRY.abroad


def _tse_code(frame: pd.DataFrame) -> pd.Series:
    """Code of each row in the TSE's catalogue («2-1»); missing for residents abroad, who are in no municipio."""
    return (frame["CODDEP"] + "-" + frame["CODMUN"]).mask(_abroad(frame))


def read(frames: Frames) -> Frames:
    """The two tidy tables of the newest workbook, sex x age and sex x literacy, one row per cell; and sex by delivery."""
    every = frames[PADRON]
    rows = checks.newest(every)
    place = _places(rows, frames)
    by_age = [
        place.assign(sexo=sex, grupo_edad=group, empadronados=rows[age_column(group, sex)])
        for sex in SEXES
        for group in AGES
    ]
    by_literacy = [
        place.assign(sexo=sex, alfabetismo=literacy, empadronados=rows[literacy_column(literacy, sex)])
        for sex in SEXES
        for literacy in LITERACIES
    ]
    dated = _places(every, frames).assign(fecha=every[DELIVERED].dt.strftime("%Y-%m-%d"))
    by_sex = [dated.assign(sexo=sex, empadronados=every[f"TOTAL_{word}"]) for sex, word in SEXES.items()]
    return {
        "padron_municipal_edad": pd.concat(by_age),
        "padron_municipal_alfabetismo": pd.concat(by_literacy),
        DELIVERIES: pd.concat(by_sex),
    }


def _places(rows: pd.DataFrame, frames: Frames) -> pd.DataFrame:
    """Our code and the residence of each row of the workbook."""
    known = frames["municipios"].set_index("codigo_tse")["codigo_municipio"]
    abroad = _abroad(rows)
    return pd.DataFrame(
        {
            "codigo_municipio": _tse_code(rows).map(known).mask(abroad, codes_abroad(rows["CODMUN"])),
            "residencia": abroad.map({True: "extranjero", False: "pais"}),
        }
    )


def _said_with_the_figures(given: Given) -> list[Notice]:
    """What a reader of these figures must know: overlapping ages, and whether residents abroad are in the delivery."""
    overlap = (
        "«66 a 70» y «70 y más» se traslapan en el original: la fuente no dice en cuál cuenta a quien tiene 70 años."
    )
    notices = [Notice("padron_municipal", overlap)]
    if not (given["padron_municipal_edad"]["residencia"] == "extranjero").any():
        cutoff = given.source(PADRON).cutoff
        message = f"El corte del {cutoff:%d-%m-%Y} no trae a los empadronados residentes en el extranjero."
        notices.append(Notice("padron_municipal", message))
    return notices


def _row_checks() -> tuple[Check, ...]:
    """What every row must hold: known codes, all municipios, and parts that add up to their totals."""
    by_sex = [
        checks.parts_add(PADRON, f"TOTAL_{word}", tuple(header(item, sex) for item in items))
        for sex, word in SEXES.items()
        for header, items in ((literacy_column, LITERACIES), (age_column, AGES))
    ]
    by_age = [checks.parts_add(PADRON, age_column(age), tuple(age_column(age, sex) for sex in SEXES)) for age in AGES]
    return (
        checks.codes_resolve(PADRON, _tse_code, "CODDEP, CODMUN", "municipios", "codigo_tse"),
        checks.all_present(PADRON, _tse_code, "CODDEP, CODMUN", target="codigo_tse"),
        checks.places_agree(PADRON, _tse_code, "MUNICIPIO", "DEPARTAMENTO", target="codigo_tse"),
        checks.abroad_is_outside(PADRON, _abroad, "DEPARTAMENTO"),
        checks.parts_add(PADRON, "TOTAL", ("TOTAL_MUJERES", "TOTAL_HOMBRES")),
        *by_sex,
        *by_age,
    )


def _total_checks() -> tuple[Check, ...]:
    """The official totals of the cut-off, residents abroad apart."""
    illiterate = tuple(literacy_column("analfabeta", sex) for sex in SEXES)
    return (
        checks.official_total(PADRON, ("TOTAL",), "empadronados", rows=_in_country),
        checks.official_total(PADRON, ("TOTAL_MUJERES",), "mujeres", rows=_in_country),
        checks.official_total(PADRON, ("TOTAL_HOMBRES",), "hombres", rows=_in_country),
        checks.official_total(PADRON, illiterate, "analfabetas", rows=_in_country),
    )


DATASET = Dataset(
    name="padron_municipal",
    title="Padrón electoral por municipio",
    topic="padron",
    description="Ciudadanos empadronados activos en todos los municipios, por sexo y edad y por sexo y "
    "alfabetismo. La fuente no cruza edad con alfabetismo.",
    inputs=(
        Input(
            PADRON,
            (
                Column("CODDEP", Kind.CODIGO, pattern=r"\d{1,2}"),
                Column("DEPARTAMENTO", Kind.TEXTO),
                Column("CODMUN", Kind.CODIGO, pattern=r"\d{1,2}"),
                Column("MUNICIPIO", Kind.TEXTO),
                *(Column(name, Kind.ENTERO) for name in COUNTS),
            ),
            key=("CODDEP", "CODMUN"),
            accumulates=True,
        ),
    ),
    tables=TABLES,
    read=read,
    source_checks=_row_checks(),
    checks=_total_checks(),
    notices=(_said_with_the_figures,),
    needs=("territorio",),
)
