"""Municipal elections 2011–2023 by municipio: registered, cast, null, blank and valid votes, and the two leading parties.

The TSE published cast, null and blank votes by municipio only for 2011. What the observations file calls doubtful is never
published as a figure: the figure is missing, its state says `dato_dudoso`, and the observation says why. Rates are not
stored: who shows them divides sums (cast / registered, valid votes / registered, margin / valid votes).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from etl import checks, fields
from etl.country import COUNTRY
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
    Table,
)
from etl.pipeline.doubtful import LEVELS, keys_of, level_of, without_doubtful

MUNICIPIOS, OBSERVACIONES, ORGANIZACIONES = "resultados", "observaciones", "organizaciones"
NAME = "participacion_municipal"

OFFICIAL = ("empadronados_2011", "votos_emitidos_2011", "empadronados_2023")  # columns with an official total
YEARS = (2011, 2015, 2019, 2023)
OFFICE = "corporacion_municipal"
RANKS = {"primero": "ganador", "segundo": "segundo"}  # ours -> the file's

# What each state speaks of: the columns that are published or not together.
GROUPS = {
    "empadronados": ("empadronados",),
    "emitidos": ("votos_emitidos",),
    "nulos_blanco": ("votos_nulos", "votos_blanco"),
    "validos": ("votos_validos",),
    "organizaciones": ("organizaciones",),
    "partidos": (
        *(f"{part}_{place}" for place in RANKS for part in ("partido", "partido_fuente", "votos")),
        "margen_votos",
    ),
}
TITLES = {
    "empadronados": "empadronados",
    "emitidos": "votos emitidos",
    "nulos_blanco": "votos nulos y en blanco",
    "validos": "votos válidos",
    "organizaciones": "número de organizaciones",
    "partidos": "dos primeros partidos",
}
# What the file of observations calls each figure, and its group.
OBSERVED = {name: group for group, columns in GROUPS.items() if group != "partidos" for name in columns}
OBSERVED |= dict.fromkeys(RANKS.values(), "partidos")
WHAT_IS_OBSERVED = ["municipios", "anio", "campos", "decision"]
# The source's own sums: valid + null + blank − cast votes of 2011, where it is not zero (both are observations).
KNOWN_DIFFERENCES = {"1321": 1244, "1608": 18}


# --- Columns --------------------------------------------------------------------------------------------------------


def _votes(name: str, title: str, description: str) -> Field:
    return replace(fields.votos_validos, name=name, title=title, description=description, nullable=True)


def _of_place(place: str, ordinal: str) -> tuple[Field, ...]:
    described = f"Votos de la organización que quedó en {ordinal} lugar."
    votes = _votes(f"votos_{place}", f"Votos del {ordinal}", described)
    party = Field(
        f"partido_{place}",
        f"Partido en {ordinal} lugar",
        "Siglas del partido, coalición o comité cívico, iguales en todas las elecciones. Los comités son de un solo "
        "municipio: las mismas siglas en otro son otra organización.",
        Kind.TEXTO,
        nullable=True,
    )
    original = replace(
        party,
        name=f"partido_fuente_{place}",
        title=f"{party.title}, según la fuente",
        description="Como lo escribe la fuente.",
    )
    return party, original, votes


margen_votos = _votes("margen_votos", "Margen", "Votos del primer lugar menos los del segundo.")
STATES = tuple(fields.state(group, TITLES[group]) for group in GROUPS)
observacion = Field(
    "observacion",
    "Observación",
    "Qué es dudoso o llama la atención en la fuente, y la evidencia.",
    Kind.TEXTO,
    nullable=True,
)
nivel = Field("nivel", "Nivel", "Qué se hace con lo observado.", Kind.CATEGORIA, labels=LEVELS)
campos = Field("campos", "Cifras observadas", "A qué cifras se refiere la observación.", Kind.TEXTO)
problema = Field("problema", "Problema", "Qué está mal o es dudoso en la fuente.", Kind.TEXTO)
evidencia = Field("evidencia", "Evidencia", "Por qué se sabe.", Kind.TEXTO, nullable=True)
nombre_fuente = Field("nombre_fuente", "Nombre en la fuente", "Nombre tal como lo escribe la fuente.", Kind.TEXTO)
partido = Field("partido", "Partido", "Siglas con que se publica la organización.", Kind.TEXTO)
motivo = Field("motivo", "Motivo", "Por qué se publica con otras siglas.", Kind.TEXTO, nullable=True)

_of_municipio = Reference(("codigo_municipio",), "municipios", ("codigo_municipio",))
_of_event = Reference(("eleccion",), "elecciones", ("eleccion",))
TABLES = (
    Table(
        NAME,
        "Elecciones municipales por municipio, 2011–2023",
        "Empadronados, votos y los dos partidos más votados en la elección de corporación municipal de cada municipio. "
        "Cada grupo de cifras lleva su estado: lo dudoso en la fuente no se publica como cifra.",
        (
            fields.codigo_municipio,
            fields.eleccion,
            *map(fields.perhaps, (fields.empadronados, fields.votos_emitidos, fields.votos_validos)),
            *map(fields.perhaps, (fields.votos_blanco, fields.votos_nulos, fields.organizaciones)),
            *_of_place("primero", "primer"),
            *_of_place("segundo", "segundo"),
            margen_votos,
            *STATES,
            observacion,
        ),
        ("codigo_municipio", "eleccion"),
        (_of_municipio, _of_event),
        measures=(
            Measured("empadronados", status="estado_empadronados"),
            Measured("votos_emitidos", status="estado_emitidos"),
            Measured("votos_validos", status="estado_validos"),
        ),
    ),
    Table(
        "participacion_municipal_observaciones",
        "Observaciones sobre las elecciones municipales",
        "Lo que está mal o es dudoso en la fuente, municipio por municipio, con su evidencia.",
        (fields.codigo_municipio, fields.eleccion, nivel, campos, problema, evidencia),
        ("codigo_municipio", "eleccion", "campos"),
        (_of_municipio, _of_event),
    ),
    Table(
        "participacion_municipal_partidos",
        "Nombres de las organizaciones en las elecciones municipales",
        "Cómo se llama, en lo publicado, cada organización que la fuente nombra.",
        (nombre_fuente, partido, motivo),
        ("nombre_fuente",),
    ),
)

# --- From the sources to the tables ---------------------------------------------------------------------------------


def read(frames: Frames) -> Frames:
    """One row per municipio and election, with a state for each group of figures, and what was observed."""
    observed = _observations(frames)
    rows = pd.concat([_of_year(frames, year) for year in YEARS], ignore_index=True)
    return {
        NAME: without_doubtful(rows, observed, GROUPS),
        "participacion_municipal_observaciones": observed.assign(
            campos=[", ".join(TITLES[group] for group in groups) for groups in observed["grupos"]]
        ),
        "participacion_municipal_partidos": frames[ORGANIZACIONES],
    }


def _of_year(frames: Frames, year: int) -> pd.DataFrame:
    """The figures of one election, with the columns that the file does not have for that year as missing."""
    rows = frames[MUNICIPIOS]
    names = frames[ORGANIZACIONES].set_index("nombre_fuente")["partido"]
    figures = pd.DataFrame({"codigo_municipio": rows["municipio_id"], "eleccion": f"{year}-1"})
    for name in (name for group, names_ in GROUPS.items() if group != "partidos" for name in names_):
        column = f"{name}_{year}"
        figures[name] = rows[column] if column in rows else pd.array([pd.NA] * len(rows), dtype="Int64")
    for place, source in RANKS.items():
        figures[f"partido_fuente_{place}"] = rows[f"{source}_{year}"]
        figures[f"partido_{place}"] = rows[f"{source}_{year}"].map(names)
        figures[f"votos_{place}"] = rows[f"votos_{source}_{year}"]
    return figures.assign(margen_votos=figures["votos_primero"] - figures["votos_segundo"])


def _observations(frames: Frames) -> pd.DataFrame:
    """One row per municipio and observation: `codigo_municipio`, `eleccion`, `nivel`, `grupos`, problem and evidence."""
    rows = frames[OBSERVACIONES].dropna(subset=WHAT_IS_OBSERVED)
    return (
        rows.assign(
            codigo_municipio=rows["municipios"].str.split(","),
            eleccion=rows["anio"].astype("str") + "-1",
            nivel=rows["decision"].map(level_of),
            grupos=rows["campos"].map(_groups),
        )
        .drop(columns="campos")
        .explode("codigo_municipio", ignore_index=True)
    )


def _groups(named: str) -> tuple[str, ...]:
    """The groups of figures that an observation names; `*` is all of them."""
    if named == "*":
        return tuple(GROUPS)
    return tuple(dict.fromkeys(OBSERVED[name] for name in named.split(",") if name in OBSERVED))


# --- What must hold -------------------------------------------------------------------------------------------------


def _code(rows: pd.DataFrame) -> pd.Series:
    return rows["municipio_id"]


def _present(year: int) -> tuple[str, ...]:
    """The columns of the file that have figures of `year`."""
    return tuple(column.name for column in FIGURES if column.name.endswith(f"_{year}"))


def _observations_make_sense(frames: Frames) -> list[Problem]:
    """Known municipios, known columns, an election we have, and a decision that says what to do."""
    rows, known = frames[OBSERVACIONES], set(frames["municipios"]["codigo_municipio"])
    problems = []
    for row in checks.rows_of(rows.dropna(subset=WHAT_IS_OBSERVED)):
        for code in (code for code in row.municipios.split(",") if code not in known):
            problems.append(Problem(OBSERVACIONES, row.Index, "municipios", code, "no existe ese municipio"))
        unknown = [name for name in row.campos.split(",") if row.campos != "*" and name not in OBSERVED]
        problems += [Problem(OBSERVACIONES, row.Index, "campos", name, "no es una columna") for name in unknown]
        if row.anio not in YEARS:
            problems.append(Problem(OBSERVACIONES, row.Index, "anio", str(row.anio), "no hay elección de ese año"))
    return problems


def _gaps_only_where_said(frames: Frames) -> list[Problem]:
    """A figure is missing exactly where an observation says that the municipio did not vote apart that year."""
    rows = frames[MUNICIPIOS]
    apart = keys_of(_observations(frames), "no_aplica", "validos")
    problems = []
    for year in YEARS:
        away = _code(rows).isin({code for code, event in apart if event == f"{year}-1"})
        for column in _present(year):
            values = rows[column]
            void = values.isna() | (values == 0).fillna(False) if values.dtype == "Int64" else values.isna()
            problems += [
                Problem(MUNICIPIOS, row, column, str(_code(rows).at[row]), message)
                for wrong, message in (
                    (values.isna() & ~away, "falta la cifra y ninguna observación dice que no eligió por separado"),
                    (~void & away, "hay cifra y la observación dice que el municipio no eligió por separado"),
                )
                for row in rows.index[wrong]
            ]
    return problems


def _names_are_declared(frames: Frames) -> list[Problem]:
    rows, known = frames[MUNICIPIOS], set(frames[ORGANIZACIONES]["nombre_fuente"])
    message = "organización sin declarar: añádala al archivo de organizaciones"
    return [
        Problem(MUNICIPIOS, row, column, str(rows.at[row, column]), message)
        for year in YEARS
        for column in (f"{source}_{year}" for source in RANKS.values())
        for row in rows.index[rows[column].notna() & ~rows[column].isin(known)]
    ]


def _parts_of_2011(frames: Frames) -> list[Problem]:
    """Valid, null and blank votes add up to the cast ones, but for the differences that are observed."""
    rows = frames[MUNICIPIOS]
    sums = rows["votos_validos_2011"] + rows["votos_nulos_2011"] + rows["votos_blanco_2011"]
    expected = _code(rows).map(KNOWN_DIFFERENCES).fillna(0).astype("Int64")
    wrong = (sums - rows["votos_emitidos_2011"] != expected).fillna(False)
    column = "votos_emitidos_2011"
    return [
        Problem(MUNICIPIOS, row, column, str(rows.at[row, column]), f"válidos + nulos + blancos = {sums.at[row]}")
        for row in rows.index[wrong]
    ]


def _at_most(part: str, whole: str, year: int, group: str) -> Check:
    """`part` is not greater than `whole` where the figure is not observed as doubtful."""

    def check(frames: Frames) -> list[Problem]:
        doubtful = {code for code, event in keys_of(_observations(frames), "dudoso", group) if event == f"{year}-1"}
        certain = Given({MUNICIPIOS: frames[MUNICIPIOS][~_code(frames[MUNICIPIOS]).isin(doubtful)]}, {})
        return checks.at_most(MUNICIPIOS, f"{part}_{year}", f"{whole}_{year}")(certain)

    return check


def _bounds() -> Iterator[Check]:
    yield _at_most("votos_emitidos", "empadronados", 2011, "emitidos")
    yield _at_most("votos_validos", "empadronados", 2023, "validos")
    for year in YEARS:
        yield _at_most("votos_segundo", "votos_ganador", year, "partidos")
        yield _at_most("votos_ganador", "votos_validos", year, "validos")


def _agrees_with_the_national(frames: Frames) -> list[Problem]:
    """The sums of 2011, doubtful municipios included, are the national row of the same election."""
    national = frames["participacion_nacional"].query("eleccion == '2011-1' and cargo == @OFFICE").iloc[0]
    rows = frames[MUNICIPIOS]
    parts = (*GROUPS["nulos_blanco"], *GROUPS["emitidos"], *GROUPS["validos"])
    sums = {name: int(rows[f"{name}_2011"].sum()) for name in parts}
    return [
        Problem(MUNICIPIOS, None, f"{name}_2011", str(found), f"participacion_nacional dice {national[name]}")
        for name, found in sums.items()
        if found != national[name]
    ]


# --- What is said with the figures ----------------------------------------------------------------------------------


def _said(frames: Frames) -> list[Notice]:
    """One notice per election and level, with its municipios; and what the TSE did not publish."""
    observed = frames["participacion_municipal_observaciones"]
    words = {
        "dudoso": "{count} con datos dudosos en la fuente, que no se publican como cifra ({what})",
        "advertencia": "{count} con alguna advertencia ({what}); sus cifras se publican como están",
        "no_aplica": "{count} que no existían o no eligieron por separado",
    }
    notices = [
        Notice(
            NAME,
            f"Elección municipal de {str(event)[:4]}: "
            + words[str(level)].format(count=_municipios(group), what="; ".join(sorted(set(group["problema"])))),
            tuple(sorted(set(group["codigo_municipio"]))),
        )
        for (event, level), group in observed.groupby(["eleccion", "nivel"])
    ]
    message = "De 2015, 2019 y 2023 no hay votos emitidos, nulos ni en blanco por municipio: no se puede decir cuántos "
    return [*notices, Notice(NAME, message + "votaron, sino los votos válidos por cada 100 empadronados (2023).")]


def _municipios(rows: pd.DataFrame) -> str:
    count = rows["codigo_municipio"].nunique()
    return "1 municipio" if count == 1 else f"{count} municipios"


# --- Declaration ----------------------------------------------------------------------------------------------------


def _figures() -> Iterator[Column]:
    """The columns of the file after the code, in its order."""
    for year in YEARS:
        totals = {2011: ("empadronados", "votos_emitidos", "votos_nulos", "votos_blanco"), 2023: ("empadronados",)}
        for name in (*totals.get(year, ()), "votos_validos", "organizaciones"):
            yield Column(f"{name}_{year}", Kind.ENTERO, nullable=True)
        for source in RANKS.values():
            yield from fields.texts(f"{source}_{year}", nullable=True)
            yield Column(f"votos_{source}_{year}", Kind.ENTERO, nullable=True)


FIGURES, MUNICIPIO = tuple(_figures()), COUNTRY.municipio_pattern

DATASET = Dataset(
    name=NAME,
    title="Elecciones municipales 2011–2023",
    description="Elección de corporación municipal en cada municipio: participación y votos nulos y en blanco de 2011, "
    "votos válidos, organizaciones y los dos primeros partidos de 2011, 2015, 2019 y 2023.",
    inputs=(
        Input(MUNICIPIOS, (Column("municipio_id", Kind.CODIGO, pattern=MUNICIPIO), *FIGURES), key=("municipio_id",)),
        Input(
            OBSERVACIONES,
            (
                Column("municipios", Kind.TEXTO, pattern=f"{MUNICIPIO}(,{MUNICIPIO})*"),
                Column("anio", Kind.ENTERO),
                *fields.texts("campos", "problema"),
                *fields.texts("evidencia", nullable=True),
                Column("decision", Kind.TEXTO, pattern="(dudoso|advertencia|no aplica).*"),
            ),
            key=("municipios", "anio", "campos"),
        ),
        Input(
            ORGANIZACIONES,
            (*fields.texts("nombre_fuente", "partido"), *fields.texts("motivo", nullable=True)),
            key=("nombre_fuente",),
        ),
    ),
    tables=TABLES,
    read=read,
    source_checks=(
        checks.codes_resolve(MUNICIPIOS, _code, "municipio_id", "municipios", "codigo_municipio"),
        checks.all_present(MUNICIPIOS, _code, "municipio_id"),
        _observations_make_sense,
        _names_are_declared,
        _gaps_only_where_said,
        _parts_of_2011,
        *_bounds(),
    ),
    checks=(
        *(checks.official_total(MUNICIPIOS, (name,), name) for name in OFFICIAL),
        _agrees_with_the_national,
    ),
    notices=(_said,),
    needs=("territorio", "elecciones", "participacion_nacional"),
)
