"""Registered citizens over time: by municipio, by departamento and national, at elections and at every accepted cut-off.

Figures are published as their source gives them, each with its confidence: two sources that disagree are two rows.
Approximations («7.34 millones») and percentages are not counts: they are read, and rejected with that reason. A source
that has only some departamentos is marked as partial and never added up.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from etl import checks, fields
from etl.checks import rolls
from etl.country import COUNTRY, departamento_codes, departamentos_of, fold
from etl.model import (
    Check,
    Column,
    Dataset,
    Frames,
    Given,
    Input,
    Kind,
    Measured,
    Notice,
    Problem,
    Reference,
    Rejection,
    Table,
)
from etl.pipeline.figures import evidence, wide

MUNICIPAL, NACIONAL, EXTRANJERO = "por_municipio", "nacional", "en_el_extranjero"
DEPARTAMENTAL_2022, DEPARTAMENTAL_2023 = "por_departamento_2022", "por_departamento_2023"
DELIVERIES = "padron_municipal_cortes"  # what the tribunal has delivered, cut-off by cut-off, which is added up

# --- Columns of the tables ------------------------------------------------------------------------------------------

mujeres = replace(
    fields.empadronados,
    name="mujeres",
    title="Mujeres",
    description="Mujeres empadronadas, si la fuente lo dice.",
    nullable=True,
    english=("Women", "Registered women, if the source says."),
)
hombres = replace(
    mujeres,
    name="hombres",
    title="Hombres",
    description="Hombres empadronados, si la fuente lo dice.",
    english=("Men", "Registered men, if the source says."),
)
# Women and men are two columns of the same count.
COUNTED = (Measured("empadronados"), Measured("empadronados", ("mujeres", "hombres"), groups=("sexo",)))
padron_de = replace(
    fields.eleccion,
    description="La elección para la que se cerró ese padrón; vacío si es un corte entre elecciones.",
    nullable=True,
    english=("Election", "The election that roll was closed for; empty if it is a cut-off between elections."),
)
counts = (fields.empadronados, mujeres, hombres)
evidence_fields = (fields.confianza, fields.fuente, fields.url, fields.cita, fields.nota)

TABLES = (
    Table(
        "padron_serie_municipal",
        "Empadronados por municipio en cada elección y en cada corte",
        "Padrón de cada municipio en las elecciones de las que se publicó y en cada corte entregado por el TSE. Un "
        "municipio que no existía en una elección no tiene dato de ella.",
        (fields.codigo_municipio, fields.fecha_texto, fields.anio, padron_de, fields.perhaps(fields.empadronados)),
        ("codigo_municipio", "fecha_texto"),
        (Reference(("codigo_municipio",), "municipios", ("codigo_municipio",)),),
    ),
    Table(
        "padron_serie_departamental",
        "Empadronados por departamento",
        "Cifras por departamento que se han publicado desde 2019, y la suma de los municipios de cada corte entregado por "
        "el TSE. Las de cobertura parcial no se suman.",
        (fields.codigo_departamento, fields.fecha_texto, *counts, fields.cobertura, *evidence_fields),
        ("codigo_departamento", "fecha_texto", "fuente"),
        (
            Reference(
                ("codigo_departamento",),
                "departamentos",
                ("codigo_departamento",),
                unless=("codigo_departamento", COUNTRY.abroad),
            ),
        ),
        measures=COUNTED,
    ),
    Table(
        "padron_serie_nacional",
        "Empadronados en el país y en el extranjero",
        "Cifras nacionales publicadas del padrón. Dos fuentes que no coinciden son dos filas.",
        (fields.fecha, fields.ambito, *counts, *evidence_fields),
        ("fecha", "ambito", "fuente"),
        measures=COUNTED,
    ),
)

# --- What is rejected, and why --------------------------------------------------------------------------------------

MEASURES = {
    "empadronados_total": "empadronados",
    "empadronados": "empadronados",
    "padron": "empadronados",
    "padron_anunciado_previo": "empadronados",
    "mujeres": "mujeres",
    "hombres": "hombres",
    "mujeres_inscritas_sin_depurar": "mujeres",
    "hombres_inscritos_sin_depurar": "hombres",
}
BY_GROUP = r"(empadronados|mujeres|hombres)_(18|26|31|analfabetas).*"
NOT_A_COUNT = Rejection(
    "aproximación, porcentaje o texto: no es un conteo", lambda rows: ~rows["valor"].str.fullmatch(r"\d+")
)
NATIONAL_REJECTIONS = (
    NOT_A_COUNT,
    Rejection(
        "cifra suelta por edad o alfabetismo: no forma serie", lambda rows: rows["indicador"].str.fullmatch(BY_GROUP)
    ),
    Rejection("no es una cifra de empadronados", lambda rows: ~rows["indicador"].isin(MEASURES)),
    Rejection("cifra suelta de un municipio: no forma serie", lambda rows: rows["ambito"].str.startswith("municipio")),
)
ABROAD_REJECTIONS = (
    NOT_A_COUNT,
    Rejection("cifra redondeada: no es un conteo", lambda rows: rows["nota"].str.contains("redondead")),
    Rejection(
        "la misma cifra ya está en la serie nacional",
        lambda rows: rows["vuelta"].isin(["2022-08", "2022-09", "2023-03-13"]),
    ),
    Rejection("sin fecha de corte", lambda rows: rows["vuelta"] == "2023 (inicio)"),
)

# Day of the figures abroad that the source dates by election and round.
ABROAD_DATES = {
    ("2019", "1", "padron"): "2019-06-16",
    ("2019", "1", "padron_anunciado_previo"): "2019-06-13",
    ("2019", "2", "padron"): "2019-08-11",
    ("2023", "padrón final (depurado)", "empadronados"): "2023-04-27",
}

# --- From the sources to the tables ---------------------------------------------------------------------------------


def read(given: Given) -> Frames:
    """The three series; those of the tribunal's cut-offs are added up from `padron_municipal`, never copied."""
    names = given["departamentos"].set_index("codigo_departamento")["departamento"]
    codes = {fold(name): code for code, name in names.items()}
    figures = wide(pd.concat([_national_figures(given[NACIONAL]), _abroad_figures(given[EXTRANJERO])]))
    by_departamento = figures["lugar"].str.startswith("departamento: ")
    press = figures[by_departamento].rename(columns={"fecha": "fecha_texto"})
    press = press.assign(
        codigo_departamento=press["lugar"].str.removeprefix("departamento: ").map(fold).map(codes), cobertura="parcial"
    )
    national = figures[~by_departamento].assign(ambito=lambda rows: rows["lugar"].replace("nacional", "total"))
    return {
        "padron_serie_municipal": _by_municipio(given),
        "padron_serie_departamental": pd.concat(
            [
                _departamental_2022(given),
                _departamental_2023(given[DEPARTAMENTAL_2023]),
                press,
                _delivered(given, "codigo_departamento").rename(columns={"fecha": "fecha_texto"}),
            ]
        ),
        "padron_serie_nacional": pd.concat([national, _added_up(given)]),
    }


def _by_municipio(given: Given) -> pd.DataFrame:
    of_elections = given[MUNICIPAL].merge(given["elecciones"][["eleccion", "anio"]], on="eleccion")
    of_cutoffs = given[DELIVERIES].query("residencia == 'pais'")
    of_cutoffs = of_cutoffs.groupby(["codigo_municipio", "fecha"], as_index=False)[["empadronados"]].sum()
    of_cutoffs = of_cutoffs.assign(eleccion=None, anio=of_cutoffs["fecha"].str[:4].astype("int64"))
    return pd.concat([of_elections, of_cutoffs]).rename(columns={"fecha": "fecha_texto"})


def _delivered(given: Given, *by: str) -> pd.DataFrame:
    """Women, men and their sum in every delivery, by place of `by`, with the evidence of its source.

    `codigo_departamento` is that of the municipios, or the one of residents abroad; `ambito`, one or the other.
    """
    rows = given[DELIVERIES].rename(columns={"residencia": "ambito"})
    rows = rows.assign(codigo_departamento=departamentos_of(rows["codigo_municipio"]))
    found = rows.pivot_table(index=["fecha", *by], columns="sexo", values="empadronados", aggfunc="sum").reset_index()
    sources = {source.cutoff.isoformat(): source for source in given.sources(DELIVERIES)}
    told = pd.DataFrame([evidence(sources[day], "suma de los municipios") for day in found["fecha"]])
    counted = found.assign(empadronados=found["mujeres"] + found["hombres"], cobertura="completa")
    return pd.concat([counted, told], axis=1)


def _national_figures(rows: pd.DataFrame) -> pd.DataFrame:
    """Figures of the national file, one per row: date, place, measure, value and evidence."""
    day = rows["fecha"].str.extract(r"^(\d{4}(?:-\d{2}(?:-\d{2})?)?)", expand=False)
    qualifier = rows["fecha"].str.extract(r"\((.*)\)", expand=False)
    return rows.rename(columns={"titulo": "fuente", "cita_ubicacion": "cita", "ambito": "lugar"}).assign(
        fecha=day, calificador=qualifier, medida=rows["indicador"].map(MEASURES)
    )


def _abroad_figures(rows: pd.DataFrame) -> pd.DataFrame:
    """Figures of the file about residents abroad, in the shape of the national ones."""
    keys = zip(rows["eleccion"], rows["vuelta"], rows["indicador"], strict=True)
    days = [ABROAD_DATES.get(key, key[1].split(" ")[0]) for key in keys]
    none = pd.Series(pd.NA, index=rows.index)
    return rows.rename(columns={"titulo": "fuente", "cita_ubicacion": "cita"}).assign(
        fecha=days, calificador=none, lugar="extranjero", medida=rows["indicador"].map(MEASURES)
    )


def _departamental_2022(given: Given) -> pd.DataFrame:
    rows = given[DEPARTAMENTAL_2022]
    codes = departamento_codes(rows["cod_departamento_ine"]).fillna(COUNTRY.abroad)
    unknown = {"mujeres": pd.NA, "hombres": pd.NA}
    months = [
        pd.DataFrame({"codigo_departamento": codes, "fecha_texto": month, "empadronados": rows[column], **unknown})
        for month, column in (("2022-08", "empadronados_2022_08"), ("2022-09", "empadronados_2022_09"))
    ]
    quoted = evidence(given.source(DEPARTAMENTAL_2022), "p. 7")
    return pd.concat(months).assign(cobertura="completa", **quoted)


def _departamental_2023(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "codigo_departamento": departamento_codes(rows["cod_departamento_ine"]),
            "fecha_texto": rows["fecha_corte"].str[:7],
            "empadronados": rows["suma_check"],
            "mujeres": rows["mujeres"],
            "hombres": rows["hombres"],
            "cobertura": "parcial",
            "confianza": rows["confianza"].str.split(" ").str[0],
            "fuente": rows["titulo"],
            "url": rows["url"],
            "cita": rows["ubicacion"],
            "nota": rows["confianza"].str.extract(r"\((.*)\)", expand=False),
        }
    )


def _added_up(given: Given) -> pd.DataFrame:
    """National figures that are sums of the municipios: at the elections whose rolls are known, and at each cut-off."""
    with_abroad = given["elecciones"].set_index("eleccion")["voto_extranjero"]
    sums = given[MUNICIPAL].groupby(["eleccion", "fecha"], as_index=False)[["empadronados"]].sum()
    ambito = sums["eleccion"].map(with_abroad).map({True: "pais", False: "total"})
    sums = sums.assign(ambito=ambito, **evidence(given.source(MUNICIPAL), "suma de los municipios"))
    return pd.concat([sums, _delivered(given, "ambito")])


# --- What must hold -------------------------------------------------------------------------------------------------


def _partial_agrees_with_municipios(frames: Frames) -> list[Problem]:
    """What the press printed for some departamentos in 2023 is the sum of their municipios."""
    rows, municipal = frames[DEPARTAMENTAL_2023], frames[MUNICIPAL].query("eleccion == '2023-1'")
    sums = municipal["empadronados"].groupby(departamentos_of(municipal["codigo_municipio"])).sum()
    expected = departamento_codes(rows["cod_departamento_ine"]).map(sums)
    return [
        Problem(
            DEPARTAMENTAL_2023,
            row,
            "suma_check",
            str(rows.at[row, "suma_check"]),
            f"no es la suma de sus municipios: {expected.at[row]}",
        )
        for row in rows.index[(rows["suma_check"] != expected).fillna(False)]
    ]


def _sexes_add_up(frames: Frames) -> list[Problem]:
    problems = []
    for name in ("padron_serie_nacional", "padron_serie_departamental"):
        rows = frames[name]
        wrong = (rows["mujeres"] + rows["hombres"] != rows["empadronados"]).fillna(False)
        message = "mujeres + hombres no es el total"
        problems += [
            Problem(f"tabla {name}", int(row) + 2, "empadronados", str(rows.at[row, "empadronados"]), message)
            for row in rows.index[wrong]
        ]
    return problems


def _country_and_abroad_add_up(frames: Frames) -> list[Problem]:
    """At a date with one figure for the country, one for abroad and one for both, the third is their sum."""
    rows = frames["padron_serie_nacional"].drop_duplicates(["fecha", "ambito"], keep=False)
    wide = rows.pivot(index="fecha", columns="ambito", values="empadronados").dropna()
    wrong = wide[wide["pais"] + wide["extranjero"] != wide["total"]]
    message = "país + extranjero no es el total de esa fecha"
    return [Problem("tabla padron_serie_nacional", None, "empadronados", day, message) for day in wrong.index]


def _without_figure(frames: Frames) -> list[Notice]:
    rows, titles = frames["padron_serie_municipal"], frames["elecciones"].set_index("eleccion")["titulo"]
    missing = rows[rows["empadronados"].isna()]
    return [
        Notice(
            "padron_serie",
            f"{titles[code]}: {len(group)} municipios no existían o no votaron por separado, y no tienen padrón de ella.",
            tuple(group["codigo_municipio"]),
        )
        for code, group in missing.groupby("eleccion")
    ]


# --- Declaration ----------------------------------------------------------------------------------------------------


EVIDENCE_COLUMNS = (fields.column(fields.confianza), *fields.texts("nota", nullable=True))
WHERE_PUBLISHED = (*fields.texts("url", "titulo", "cita_ubicacion"), *EVIDENCE_COLUMNS)
DEPARTAMENTO_INE = Column("cod_departamento_ine", Kind.CODIGO, pattern=r"\d{1,2}")


def _names(name: str) -> Check:
    def codes(rows: pd.DataFrame) -> pd.Series:
        return departamento_codes(rows["cod_departamento_ine"])

    return checks.places_agree(name, codes, departamento="departamento", target="codigo_departamento")


DATASET = Dataset(
    name="padron_serie",
    title="Serie del padrón electoral",
    topic="padron",
    description="Empadronados por municipio en las elecciones y en cada corte del padrón, y las cifras nacionales y por "
    "departamento publicadas entre medias, cada una con su fuente y su confianza.",
    inputs=(
        Input(
            MUNICIPAL,
            (
                Column("codigo_municipio", Kind.CODIGO, pattern=fields.codigo_municipio.pattern),
                Column("eleccion", Kind.CODIGO, pattern=fields.eleccion.pattern),
                Column("fecha", Kind.TEXTO, pattern=fields.fecha.pattern),
                Column("empadronados", Kind.ENTERO, nullable=True, minimum=1),
            ),
            key=("codigo_municipio", "eleccion"),
            several=True,
        ),
        Input(
            DEPARTAMENTAL_2022,
            (
                *fields.texts("departamento"),
                replace(DEPARTAMENTO_INE, nullable=True),
                Column("empadronados_2022_08", Kind.ENTERO),
                Column("empadronados_2022_09", Kind.ENTERO),
            ),
            key=("departamento",),
        ),
        Input(
            DEPARTAMENTAL_2023,
            (
                *fields.texts("departamento"),
                DEPARTAMENTO_INE,
                Column("mujeres", Kind.ENTERO),
                Column("hombres", Kind.ENTERO),
                Column("total", Kind.ENTERO, nullable=True),
                Column("suma_check", Kind.ENTERO),
                *fields.texts("confianza", "fecha_corte", "url", "titulo", "ubicacion"),
            ),
            key=("cod_departamento_ine",),
        ),
        Input(
            NACIONAL,
            (*fields.texts("fecha", "ambito", "indicador"), Column("valor", Kind.ENTERO), *WHERE_PUBLISHED),
            key=("fecha", "ambito", "indicador"),
            rejections=NATIONAL_REJECTIONS,
        ),
        Input(
            EXTRANJERO,
            (*fields.texts("eleccion", "vuelta", "indicador"), Column("valor", Kind.ENTERO), *WHERE_PUBLISHED),
            key=("eleccion", "vuelta", "indicador"),
            rejections=ABROAD_REJECTIONS,
        ),
    ),
    tables=TABLES,
    read=read,
    source_checks=(
        checks.codes_resolve(
            MUNICIPAL, lambda rows: rows["codigo_municipio"], "codigo_municipio", "municipios", "codigo_municipio"
        ),
        rolls.elections_are_known(MUNICIPAL),
        rolls.are_whole(MUNICIPAL),
        _names(DEPARTAMENTAL_2022),
        _names(DEPARTAMENTAL_2023),
        checks.parts_add(DEPARTAMENTAL_2023, "suma_check", ("mujeres", "hombres")),
        checks.parts_add(DEPARTAMENTAL_2023, "total", ("mujeres", "hombres")),
        _partial_agrees_with_municipios,
    ),
    checks=(
        rolls.are_the_official(MUNICIPAL),
        checks.official_total(DEPARTAMENTAL_2022, ("empadronados_2022_08",), "2022-08"),
        checks.official_total(DEPARTAMENTAL_2022, ("empadronados_2022_09",), "2022-09"),
        _sexes_add_up,
        _country_and_abroad_add_up,
    ),
    notices=(_without_figure,),
    needs=("territorio", "elecciones", "padron_municipal"),
)
