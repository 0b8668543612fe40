"""Presidential run-off of 2015 by municipio: the valid votes of the two candidates, found by name.

The source has neither codes nor registered voters nor null and blank votes: the only rate it allows is valid votes per 100
inhabitants of 18 and over (INE projection, base 2002). Municipios separated between the projection and the election have
votes and no projection, and the one each left has a projection that still counts both: neither has a comparable rate.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from etl import checks, fields
from etl.country import fold
from etl.datasets import poblacion_2011_2015
from etl.model import Column, Dataset, Field, Frames, Given, Input, Kind, Notice, Problem, Reference, Rejection, Table

RESULTADOS = "resultados"
NAME = "segunda_vuelta_2015"
EVENT = "2015-2"
DEPARTAMENTAL = "NIVEL DEPARTAMENTAL"
DEFINITIVE = 4_079_400  # valid votes in the definitive count; published in participacion_nacional

# Their first elections apart were those of 2019: in 2015 they voted within the municipio they had belonged to.
NOT_APART = ("0514", "1333")
# New municipio -> the one it left, between the projection (base 2002) and the election. Wikipedia and press: La Máquina
# (Publinews 12-02-2014), La Blanca and El Chal (2014), Las Cruces (Prensa Libre, 2011), San Jorge (2014). The votes of the
# old ones fell in 2015 while the country's rose, as the municipal elections show.
SEPARATED = {"1021": "1002", "1230": "1218", "1713": "1705", "1714": "1708", "1911": "1901"}

votos_une = replace(
    fields.votos_validos, name="votos_une", title="Votos de UNE", description="Votos de Sandra Torres.", nullable=True
)
votos_fcn = replace(votos_une, name="votos_fcn", title="Votos de FCN-Nación", description="Votos de Jimmy Morales.")
poblacion_18_mas = replace(
    poblacion_2011_2015.poblacion_18_mas,
    description="Habitantes de 18 años y más en 2015 según la proyección del INE (base 2002); vacío donde no es "
    "comparable con los votos.",
    nullable=True,
)


observacion = Field("observacion", "Observación", "Por qué no hay cifra o tasa.", Kind.TEXTO, nullable=True)

TABLES = (
    Table(
        NAME,
        "Segunda elección presidencial de 2015 por municipio",
        "Votos válidos de UNE y FCN-Nación en cada municipio, con los habitantes de 18 años y más de la proyección del INE "
        "para calcular votos válidos por cada 100 de ellos: no es participación sobre el padrón.",
        (
            fields.codigo_municipio,
            fields.eleccion,
            replace(fields.votos_validos, nullable=True),
            votos_une,
            votos_fcn,
            poblacion_18_mas,
            fields.state("votos", "votos"),
            fields.state("tasa", "votos por cada 100 habitantes de 18 y más"),
            observacion,
        ),
        ("codigo_municipio",),
        (
            Reference(("codigo_municipio",), "municipios", ("codigo_municipio",)),
            Reference(("eleccion",), "elecciones", ("eleccion",)),
        ),
    ),
)


def read(frames: Frames) -> Frames:
    """The 340 municipios: votes, adults, and what is not published or not comparable, and why."""
    votes = frames[RESULTADOS].assign(codigo_municipio=_codes(frames)).set_index("codigo_municipio")
    adults = frames["poblacion_18_mas_2011_2015"].query("anio == 2015").groupby("codigo_municipio")["poblacion_18_mas"]
    rows = frames["municipios"][["codigo_municipio", "municipio"]].assign(eleccion=EVENT)
    rows["votos_une"] = rows["codigo_municipio"].map(votes["UNE_NUM_VOTES"])
    rows["votos_fcn"] = rows["codigo_municipio"].map(votes["FCN_NUM_VOTES"])
    rows["votos_validos"] = rows["votos_une"] + rows["votos_fcn"]
    rows["poblacion_18_mas"] = rows["codigo_municipio"].map(adults.sum())
    rows["estado_votos"] = rows["codigo_municipio"].isin(NOT_APART).map({True: "no_aplica", False: "publicado"})
    rows["estado_tasa"] = [_rate_state(code) for code in rows["codigo_municipio"]]
    rows["poblacion_18_mas"] = rows["poblacion_18_mas"].mask(rows["estado_tasa"] != "publicado")
    names = rows.set_index("codigo_municipio")["municipio"]
    rows["observacion"] = pd.Series([_remark(code, names) for code in rows["codigo_municipio"]], dtype="str")
    return {NAME: rows}


def _rate_state(code: str) -> str:
    if code in NOT_APART:
        return "no_aplica"
    if code in SEPARATED:
        return "sin_dato"
    return "no_comparable" if code in SEPARATED.values() else "publicado"


def _remark(code: str, names: pd.Series) -> str | None:
    if code in NOT_APART:
        return "No votó por separado en la segunda vuelta de 2015."
    if code in SEPARATED:
        return "La proyección de población (base 2002) no incluye a este municipio: hay votos, pero no tasa."
    new = [child for child, parent in SEPARATED.items() if parent == code]
    if new:
        return (
            f"La proyección de población (base 2002) cuenta aquí también a {names[new[0]]}, que votó aparte: sin tasa."
        )
    return None


def _codes(frames: Frames) -> pd.Series:
    """Code of each row, by the names of its departamento and municipio; missing when a name does not resolve."""
    rows = frames[RESULTADOS]
    known = {fold(name): code for name, code in frames["departamentos"][["departamento", "codigo_departamento"]].values}
    placed = rows.assign(codigo_departamento=rows["DEPT"].fillna("").map(fold).map(known))
    return checks.resolve_names(placed, "codigo_departamento", "MUNI", frames)


# --- What must hold -------------------------------------------------------------------------------------------------


def _names_resolve(frames: Frames) -> list[Problem]:
    """Every name is one municipio, and no two names are the same."""
    rows, codes = frames[RESULTADOS], _codes(frames)
    unknown = rows["MUNI"].notna() & codes.isna()
    message = "el nombre no resuelve a ningún municipio del departamento: añádalo a municipios_alias.csv"
    problems = [Problem(RESULTADOS, row, "MUNI", str(rows.at[row, "MUNI"]), message) for row in rows.index[unknown]]
    repeated = codes.notna() & codes.duplicated()
    message = "otra fila ya es ese municipio"
    return problems + [
        Problem(RESULTADOS, row, "MUNI", str(rows.at[row, "MUNI"]), message) for row in rows.index[repeated]
    ]


def _all_present(given: Given) -> list[Problem]:
    codes = _codes(given)
    if codes.isna().any():
        return []  # a name that does not resolve is already said
    return checks.all_present(RESULTADOS, lambda rows: codes, "MUNI", except_for=NOT_APART)(given)


def _percentages_follow(frames: Frames) -> list[Problem]:
    """The percentages printed beside the votes are those of the votes, to two decimals."""
    rows = frames[RESULTADOS]
    total = (rows["UNE_NUM_VOTES"] + rows["FCN_NUM_VOTES"]).astype("float64")
    problems = []
    for votes, percentage in (("UNE_NUM_VOTES", "PERC_UNE"), ("FCN_NUM_VOTES", "PERC_FCN")):
        expected = 100 * rows[votes].astype("float64") / total
        for row in rows.index[(rows[percentage] - expected).abs() > 0.0051]:
            message = f"los votos de la fila dan {expected.at[row]:.2f} %"
            problems.append(Problem(RESULTADOS, row, percentage, str(rows.at[row, percentage]), message))
    return problems


def _said(frames: Frames) -> list[Notice]:
    total = int(frames[NAME]["votos_validos"].sum())
    return [
        Notice(
            NAME,
            f"La segunda vuelta de 2015 por municipio suma {total:,} votos válidos, {DEFINITIVE - total} menos que los "
            f"{DEFINITIVE:,} definitivos: es un corte anterior. No trae empadronados, votos nulos ni en blanco.",
        ),
        Notice(NAME, "Dos municipios no votaron por separado en la segunda vuelta de 2015.", NOT_APART),
        Notice(
            NAME,
            "Los cinco municipios separados después de 2002 y los cinco de los que salieron no tienen tasa: la proyección "
            "de población los cuenta juntos y votaron aparte.",
            tuple(sorted([*SEPARATED, *SEPARATED.values()])),
        ),
    ]


VOTES = ("UNE_NUM_VOTES", "FCN_NUM_VOTES")

DATASET = Dataset(
    name=NAME,
    title="Segunda elección presidencial de 2015",
    description="Votos válidos de los dos candidatos en 338 municipios, y su tasa por cada 100 habitantes de 18 años y más.",
    inputs=(
        Input(
            RESULTADOS,
            (
                Column("DEPT", Kind.TEXTO),
                Column("MUNI", Kind.TEXTO),
                *(Column(name, Kind.ENTERO) for name in VOTES),
                *(Column(name, Kind.DECIMAL) for name in ("PERC_UNE", "PERC_FCN")),
            ),
            key=("DEPT", "MUNI"),
            rejections=(
                Rejection(
                    "fila de nivel departamental: es la suma de sus municipios (la de Guatemala, sin la capital)",
                    lambda rows: rows["MUNI"] == DEPARTAMENTAL,
                ),
            ),
        ),
    ),
    tables=TABLES,
    read=read,
    source_checks=(_names_resolve, _all_present, _percentages_follow),
    checks=(checks.official_total(RESULTADOS, VOTES, "votos_validos"),),
    notices=(_said,),
    needs=("territorio", "elecciones", "poblacion_2011_2015"),
)
