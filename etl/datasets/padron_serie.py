"""Registered citizens over time: by municipio in 2011, 2023 and 2026; national and by departamento in between.

Figures are published as their source gives them, each with its confidence: two sources that disagree are two rows.
Approximations («7.34 millones») and percentages are not counts: they are read, and rejected with that reason. A source
that has only some departamentos is marked as partial and never added up.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from etl import checks, fields
from etl.country import COUNTRY, departamento_codes, departamentos_of, fold
from etl.model import (
    Check,
    Column,
    Dataset,
    Field,
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
OF_TODAY = "padron_municipal_edad"  # the table of the current cut-off, which is added up

# These municipios did not exist, or did not vote apart, in 2011: their figure is unknown, never 0.
NOT_IN_2011 = ("0514", "1021", "1230", "1333", "1713", "1714", "1911")

# --- Columns of the tables ------------------------------------------------------------------------------------------

mujeres = Field(
    "mujeres",
    "Mujeres",
    "Mujeres empadronadas, si la fuente lo dice.",
    Kind.ENTERO,
    unit="personas",
    minimum=0,
    nullable=True,
)
hombres = replace(mujeres, name="hombres", title="Hombres", description="Hombres empadronados, si la fuente lo dice.")
# Women and men are two columns of the same count.
COUNTED = (Measured("empadronados"), Measured("empadronados", ("mujeres", "hombres"), groups=("sexo",)))
evidence_fields = (fields.confianza, fields.fuente, fields.url, fields.cita, fields.nota)

TABLES = (
    Table(
        "padron_serie_municipal",
        "Empadronados por municipio en 2011, 2023 y 2026",
        "Padrón de cada municipio en las elecciones de 2011 y 2023 y en el corte de 2026. Los siete municipios que no "
        "existían en 2011 no tienen dato de ese año.",
        (fields.codigo_municipio, fields.anio, fields.perhaps(fields.empadronados)),
        ("codigo_municipio", "anio"),
        (Reference(("codigo_municipio",), "municipios", ("codigo_municipio",)),),
    ),
    Table(
        "padron_serie_departamental",
        "Empadronados por departamento, 2019–2023",
        "Cifras por departamento que se han publicado entre 2019 y 2023. Las de cobertura parcial no se suman.",
        (
            fields.codigo_departamento,
            fields.fecha_texto,
            fields.empadronados,
            mujeres,
            hombres,
            fields.cobertura,
            *evidence_fields,
        ),
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
        "Empadronados en el país y en el extranjero, 2011–2026",
        "Cifras nacionales publicadas del padrón. Dos fuentes que no coinciden son dos filas.",
        (fields.fecha, fields.ambito, fields.empadronados, mujeres, hombres, *evidence_fields),
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
    """The three series; those of the current cut-off are added up from `padron_municipal`, never copied."""
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
            [_departamental_2022(given), _departamental_2023(given[DEPARTAMENTAL_2023]), press]
        ),
        "padron_serie_nacional": pd.concat([national, _added_up(given)]),
    }


def _by_municipio(given: Given) -> pd.DataFrame:
    rows = given[MUNICIPAL]
    registered = _in_country(given).groupby("codigo_municipio", as_index=False)[["empadronados"]].sum()
    years = [
        rows[["codigo_municipio"]].assign(anio=year, empadronados=rows[f"empadronados_{year}"]) for year in (2011, 2023)
    ]
    return pd.concat([*years, registered.assign(anio=given.source(OF_TODAY).cutoff.year)])


def _in_country(frames: Frames) -> pd.DataFrame:
    return frames[OF_TODAY].query("residencia == 'pais'")


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
    """National figures that are sums of the municipios: 2011, 2023 in the country, and the current cut-off."""
    rows, today = given[MUNICIPAL], given.source(OF_TODAY)
    old = evidence(given.source(MUNICIPAL), "suma de los municipios")
    by_sex = given[OF_TODAY].groupby(["residencia", "sexo"])["empadronados"].sum().unstack()
    new = by_sex.reset_index().rename(columns={"residencia": "ambito"})
    return pd.concat(
        [
            pd.DataFrame(
                [{"fecha": "2011", "ambito": "total", "empadronados": rows["empadronados_2011"].sum(), **old}]
            ),
            pd.DataFrame(
                [{"fecha": "2023-04-27", "ambito": "pais", "empadronados": rows["empadronados_2023"].sum(), **old}]
            ),
            new.assign(
                fecha=today.cutoff.isoformat(),
                empadronados=new["mujeres"] + new["hombres"],
                **evidence(today, "suma de los municipios"),
            ),
        ]
    )


# --- What must hold -------------------------------------------------------------------------------------------------


def _gaps_only_where_declared(frames: Frames) -> list[Problem]:
    rows = frames[MUNICIPAL]
    missing, expected = rows["empadronados_2011"].isna(), rows["codigo_municipio"].isin(NOT_IN_2011)
    message = "solo los municipios que no existían en 2011 pueden no tener dato, y ninguno de ellos puede tenerlo"
    return [
        Problem(MUNICIPAL, row, "empadronados_2011", str(rows.at[row, "codigo_municipio"]), message)
        for row in rows.index[missing != expected]
    ]


def _partial_agrees_with_municipios(frames: Frames) -> list[Problem]:
    """What the press printed for some departamentos in 2023 is the sum of their municipios."""
    rows, municipal = frames[DEPARTAMENTAL_2023], frames[MUNICIPAL]
    sums = municipal["empadronados_2023"].groupby(departamentos_of(municipal["codigo_municipio"])).sum()
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


def _without_2011(frames: Frames) -> list[Notice]:
    message = "Siete municipios no existían o no votaron por separado en 2011: no tienen padrón de ese año."
    return [Notice("padron_serie", message, NOT_IN_2011)]


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
    description="Empadronados por municipio en 2011, 2023 y 2026, y las cifras nacionales y por departamento "
    "publicadas entre medias, cada una con su fuente y su confianza.",
    inputs=(
        Input(
            MUNICIPAL,
            (
                Column("codigo_municipio", Kind.CODIGO, pattern=fields.codigo_municipio.pattern),
                Column("empadronados_2011", Kind.ENTERO, nullable=True, minimum=1),
                Column("empadronados_2023", Kind.ENTERO, minimum=1),
            ),
            key=("codigo_municipio",),
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
        checks.all_present(MUNICIPAL, lambda rows: rows["codigo_municipio"], "codigo_municipio"),
        _gaps_only_where_declared,
        _names(DEPARTAMENTAL_2022),
        _names(DEPARTAMENTAL_2023),
        checks.parts_add(DEPARTAMENTAL_2023, "suma_check", ("mujeres", "hombres")),
        checks.parts_add(DEPARTAMENTAL_2023, "total", ("mujeres", "hombres")),
        _partial_agrees_with_municipios,
    ),
    checks=(
        checks.official_total(MUNICIPAL, ("empadronados_2011",), "empadronados_2011"),
        checks.official_total(MUNICIPAL, ("empadronados_2023",), "empadronados_2023"),
        checks.official_total(DEPARTAMENTAL_2022, ("empadronados_2022_08",), "2022-08"),
        checks.official_total(DEPARTAMENTAL_2022, ("empadronados_2022_09",), "2022-09"),
        _sexes_add_up,
        _country_and_abroad_add_up,
    ),
    notices=(_without_2011,),
    needs=("territorio", "padron_municipal"),
)
