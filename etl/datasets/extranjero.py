"""The vote abroad, figure by figure: registered, polling tables, centres, voters, votes, each with its quote.

No publisher has a table of it: every figure was read somewhere, so every row says where, in which words, how official it
is and how far to trust it. Figures that answer the same question (`pregunta`) are all kept, and one is preferred, with
the reason. Ratios are not stored: they are computed from these counts.

What the tribunal publishes next (say, registered by age) is one more file in this layout, in data/source/extranjero.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from etl import fields
from etl.checks import rows_of
from etl.country import fold
from etl.datasets.territorio_extranjero import OF_CIUDAD, OF_ESTADO, names_agree, perhaps_codigo_estado, places_resolve
from etl.fields.abroad import (
    GROUPS,
    cifra,
    eleccion,
    indicador,
    lugar,
    motivo,
    naturaleza,
    nivel,
    organizacion,
    perhaps_codigo_ciudad,
    perhaps_codigo_pais,
    perhaps_fecha,
    preferida,
    pregunta,
)
from etl.model import Dataset, Frames, Given, Input, Measured, Notice, Problem, Reference, Table

CIFRAS = "cifras"
NOT_YET_AN_EVENT = "2027-1"  # its registry is being made; the table elecciones ends in 2023

# Figures that are the sum of others, by their code: the votes of 2019, the sexes, the cities.
SUMS = {"04": ("05", "06", "07"), "04b": ("05", "06", "07", "08"), "30": ("31", "32"), "01": ("16", "18", "21")}

UNIDADES = {
    "empadronados": "personas",
    "votantes": "personas",
    "no_pudieron_votar": "personas",
    "juntas_receptoras": "mesas",
    "centros": "centros",
    "ciudades": "ciudades",
    "ciudades_previstas": "ciudades",
    "votos_por_mesa": "votos por mesa",
    "presupuesto": "quetzales",
}  # the others count votes

EXTRANJERO = Table(
    "extranjero",
    "Cifras del voto en el extranjero",
    "Una fila por cifra publicada, con su cita, su naturaleza y su confianza. Las que se contradicen están todas; para "
    "una sola por pregunta, las preferidas.",
    (
        cifra,
        pregunta,
        eleccion,
        perhaps_fecha,
        fields.corte_texto,
        fields.residencia,
        nivel,
        perhaps_codigo_pais,
        perhaps_codigo_estado,
        perhaps_codigo_ciudad,
        lugar,
        indicador,
        organizacion,
        *GROUPS,
        fields.valor,
        fields.valor_minimo,
        fields.valor_maximo,
        fields.valor_texto,
        fields.unidad,
        fields.precision,
        naturaleza,
        preferida,
        motivo,
        fields.confianza,
        fields.fuente,
        fields.url,
        fields.cita,
        fields.nota,
    ),
    ("cifra",),
    (
        Reference(("eleccion",), "elecciones", ("eleccion",), unless=("eleccion", NOT_YET_AN_EVENT)),
        OF_ESTADO,
        OF_CIUDAD,
    ),
    measures=tuple(
        Measured(name, ("valor",), where=(("indicador", name), ("preferida", True)), level="nivel")
        for name in ("empadronados", "votantes")
    ),
)

# --- From the sources to the table ----------------------------------------------------------------------------------


def read(frames: Frames) -> Frames:
    """The figures of every file, with their unit and the question each of them answers."""
    rows = frames[CIFRAS]
    return {
        "extranjero": rows.assign(
            pregunta=_questions(rows),
            residencia="extranjero",
            unidad=rows["indicador"].map(UNIDADES).fillna("votos"),
        )
    }


def _questions(rows: pd.DataFrame) -> pd.Series:
    """What each figure answers: 2023-1-total-empadronados-mujeres."""
    parts = ["eleccion", "_lugar", "indicador", "organizacion", *(group.name for group in GROUPS)]
    named = rows.assign(_lugar=_places(rows))[parts]
    return named.apply(lambda row: "-".join(_slug(part) for part in row.dropna()), axis=1)


def _places(rows: pd.DataFrame) -> pd.Series:
    """The code of the place at its level; a zone has no code but its name."""
    places = rows["lugar"].where(rows["nivel"] == "zona", "total")
    return places.mask(rows["nivel"] == "ciudad", rows["codigo_ciudad"]).mask(
        rows["nivel"] == "estado", rows["codigo_estado"]
    )


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9-]+", "_", fold(text)).strip("_")


# --- What must hold, row by row -------------------------------------------------------------------------------------

FILLED = {
    "exacta": ("valor",),
    "aproximada": ("valor",),
    "parcial": ("valor",),
    "cota_inferior": ("valor_minimo",),
    "rango": ("valor_minimo", "valor_maximo"),
}
AMOUNTS = ("valor", "valor_minimo", "valor_maximo")
PLACED = {
    "total": (),
    "estado": ("codigo_pais", "codigo_estado"),
    "ciudad": ("codigo_pais", "codigo_ciudad"),
    "zona": ("codigo_pais",),
}


def value_fits_precision(frames: Frames) -> list[Problem]:
    """Only the amounts that the precision of a figure allows are filled: a lower bound is never taken for a count."""
    rows = frames[CIFRAS]
    found = rows[list(AMOUNTS)].notna().apply(lambda row: tuple(row.index[row]), axis=1)
    return [
        Problem(
            CIFRAS,
            row,
            "precision",
            str(rows.at[row, "precision"]),
            f"con esa precisión se llena {' y '.join(FILLED[str(rows.at[row, 'precision'])])}, y nada más",
        )
        for row in rows.index[rows["precision"].notna()]
        if found.at[row] != FILLED[str(rows.at[row, "precision"])]
    ]


def _place_fits_level(frames: Frames) -> list[Problem]:
    rows = frames[CIFRAS]
    empty = rows.isna()
    problems = []
    for row in rows.index[rows["nivel"].notna()]:
        level = str(rows.at[row, "nivel"])
        missing = [name for name in PLACED[level] if empty.at[row, name]]
        problems += [Problem(CIFRAS, row, name, "", f"hace falta con nivel {level}") for name in missing]
        if level == "total" and not empty.at[row, "codigo_ciudad"]:
            message = "un total no es de una ciudad"
            problems.append(Problem(CIFRAS, row, "codigo_ciudad", str(rows.at[row, "codigo_ciudad"]), message))
    return problems


def _votes_of_a_party_name_it(frames: Frames) -> list[Problem]:
    rows = frames[CIFRAS]
    wrong = (rows["indicador"] == "votos_organizacion") != rows["organizacion"].notna()
    message = "tiene organización todo voto por organización, y nada más"
    return [Problem(CIFRAS, row, "organizacion", str(rows.at[row, "cifra"]), message) for row in rows.index[wrong]]


# --- What must hold in the table ------------------------------------------------------------------------------------


def _problem(column: str, value: str, message: str) -> Problem:
    return Problem("tabla extranjero", None, column, value, message)


def one_preferred_with_its_reason(frames: Frames) -> list[Problem]:
    """Of the figures that answer one question exactly one is preferred, and where there are several all say why."""
    problems = []
    for question, group in frames["extranjero"].groupby("pregunta"):
        if (count := int(group["preferida"].sum())) != 1:
            problems.append(_problem("preferida", str(question), f"debe haber una sola cifra preferida y hay {count}"))
        silent = group.loc[group["motivo"].isna() & (len(group) > 1), "cifra"]
        problems += [_problem("motivo", code, f"hay otra cifra para {question}: diga por qué") for code in silent]
    return problems


def _sums(frames: Frames) -> list[Problem]:
    """The figures that are sums of others still are."""
    values = frames["extranjero"].set_index("cifra")["valor"]
    return [
        _problem("valor", code, f"{values[code]} no es la suma de {' + '.join(f'{values[part]}' for part in parts)}")
        for code, parts in SUMS.items()
        if {code, *parts} <= set(values.index) and values[code] != values[list(parts)].sum()
    ]


def _totals(given: Given) -> list[Problem]:
    """The preferred figures are the ones that the sources declare as official."""
    rows = _preferred(given["extranjero"])
    known = set(zip(rows["pregunta"], rows["valor"], strict=True))
    return [
        _problem("valor", total.name, f"se esperaba {total.value} ({total.citation})")
        for total in given.totals(CIFRAS)
        if (total.name, total.value) not in known
    ]


def _voters_are_registered(frames: Frames) -> list[Problem]:
    """Where there are both, voters are not more than registered."""
    rows = _preferred(frames["extranjero"]).assign(lugar=lambda rows: _places(rows))
    groups = [group.name for group in GROUPS]
    wide = rows[rows[groups].isna().all(axis=1)].pivot_table(
        index=["eleccion", "lugar"], columns="indicador", values="valor", aggfunc="max"
    )
    wrong = wide[(wide["votantes"] > wide["empadronados"]).fillna(False)]
    return [_problem("valor", "-".join(key), "hay más votantes que empadronados") for key in wrong.index]


def _agrees_with_the_series(given: Given) -> list[Problem]:
    """Every figure abroad of the national series is one of these, with the same date."""
    series = given["padron_serie_nacional"].query("ambito == 'extranjero'")
    ours = given["extranjero"].query("indicador == 'empadronados'")
    known = set(zip(ours["fecha"], ours["valor"], strict=True))
    closed = min(source.cutoff for source in given.sources(CIFRAS))  # later ones come from other files
    message = "la serie nacional del padrón tiene en el extranjero una cifra y una fecha que aquí no están"
    known_then = series[series["fecha"] <= closed.isoformat()]
    return [
        _problem("valor", f"{row.fecha}: {row.empadronados}", message)
        for row in rows_of(known_then)
        if (row.fecha, row.empadronados) not in known
    ]


def _preferred(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["preferida"]]


# --- What a reader is told ------------------------------------------------------------------------------------------


def _notices(frames: Frames) -> list[Notice]:
    return [Notice("extranjero", message) for message in _messages(frames["extranjero"])]


def _messages(rows: pd.DataFrame) -> Iterator[str]:
    several = int((rows["pregunta"].value_counts() > 1).sum())
    yield (
        f"Hay {several} preguntas con más de una cifra publicada sobre el voto en el extranjero: se publican todas, y la "
        "preferida dice por qué."
    )
    if not rows[[group.name for group in GROUPS if group.name != "sexo"]].notna().any(axis=None):
        yield (
            "No se ha hallado ninguna cifra del extranjero por edad, alfabetismo, pueblo o comunidad lingüística, ni por "
            "departamento de origen."
        )
    by_sex = rows[rows["sexo"].notna()]
    if by_sex["corte_texto"].nunique() == 1:
        counts = by_sex.set_index("sexo")["valor"]
        yield (
            f"Por sexo hay un solo corte, {by_sex['corte_texto'].iloc[0]}: {counts['mujeres']:,} mujeres y "
            f"{counts['hombres']:,} hombres, con confianza {by_sex['confianza'].iloc[0]}. No son del padrón final de 2023."
        )
    if (rows["precision"] == "cota_inferior").any():
        yield (
            "Lo que las fuentes dan como «más de» o «al menos» se publica como mínimo, no como valor: no se resta ni se "
            "divide."
        )


# --- Declaration ----------------------------------------------------------------------------------------------------


ADDED = ("pregunta", "residencia", "unidad")  # not in the files: they follow from the rest
COLUMNS = tuple(fields.column(field) for field in EXTRANJERO.fields if field.name not in ADDED)


DATASET = Dataset(
    name="extranjero",
    title="Voto en el extranjero",
    topic="extranjero",
    description="Empadronados, mesas, centros, votantes y votos en el extranjero en 2019, 2023 y camino de 2027, "
    "por ciudad y por sexo donde se ha publicado. Cada cifra con su cita, su naturaleza y su confianza.",
    inputs=(Input(CIFRAS, COLUMNS, key=("cifra",), several=True),),
    tables=(EXTRANJERO,),
    read=read,
    source_checks=(
        *places_resolve(CIFRAS),
        names_agree(CIFRAS, "lugar"),
        value_fits_precision,
        _place_fits_level,
        _votes_of_a_party_name_it,
    ),
    checks=(
        one_preferred_with_its_reason,
        _sums,
        _totals,
        _voters_are_registered,
        _agrees_with_the_series,
    ),
    notices=(_notices,),
    needs=("territorio_extranjero", "elecciones", "padron_serie"),
)
