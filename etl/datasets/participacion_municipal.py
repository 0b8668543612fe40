"""Elections by municipio, one row per municipio, election and office: registered voters, votes, and the two leading parties.

Which elections there are is in the files: any number of them, each with one election or several, adds its own rows. A column
that a file does not fill for an election is a figure nobody published. What the observations call doubtful is never
published as a figure: the figure is missing, its state says `dato_dudoso`, and the observation says why. Rates are not
stored: who shows them divides sums (cast / registered, valid votes / registered, margin / valid votes).
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from etl import checks, fields
from etl.checks import votes
from etl.checks.doubtful import KEY, LEVELS, without_doubtful
from etl.checks.votes import EVENT, FIGURES, GROUPS, OBSERVACIONES, ORGANIZACIONES, RANKS, RESULTADOS
from etl.country import COUNTRY
from etl.model import Column, Dataset, Field, Frames, Input, Kind, Measured, Notice, Reference, Table

NAME = "participacion_municipal"
#: What each group of figures is called, in Spanish and in English.
TITLES = {
    "empadronados": ("empadronados", "registered voters"),
    "emitidos": ("votos emitidos", "votes cast"),
    "nulos_blanco": ("votos nulos y en blanco", "null and blank votes"),
    "validos": ("votos válidos", "valid votes"),
    "organizaciones": ("número de organizaciones", "number of organisations"),
    "partidos": ("dos primeros partidos", "first two parties"),
}


# --- Columns --------------------------------------------------------------------------------------------------------


def _votes(name: str, title: str, description: str, english: tuple[str, str]) -> Field:
    return replace(
        fields.votos_validos, name=name, title=title, description=description, nullable=True, english=english
    )


def _of_place(place: str, ordinal: str, english: str) -> tuple[Field, ...]:
    described = f"Votos de la organización que quedó en {ordinal} lugar."
    said = (f"Votes of the {english}", f"Votes of the organisation that came {english}.")
    votes = _votes(f"votos_{place}", f"Votos del {ordinal}", described, said)
    party = Field(
        f"partido_{place}",
        f"Partido en {ordinal} lugar",
        "Siglas del partido, coalición o comité cívico, iguales en todas las elecciones. Los comités son de un solo "
        "municipio: las mismas siglas en otro son otra organización.",
        Kind.TEXTO,
        nullable=True,
        english=(
            f"Party in {english} place",
            "Acronym of the party, coalition or civic committee, the same in every election. Committees are "
            "of one municipality only: the same acronym in another one is another organisation.",
        ),
    )
    original = replace(
        party,
        name=f"partido_fuente_{place}",
        title=f"{party.title}, según la fuente",
        description="Como lo escribe la fuente.",
        english=(f"{party.english[0]}, according to the source", f"As the source writes the one in {english} place."),
    )
    return party, original, votes


margen_votos = _votes(
    "margen_votos",
    "Margen",
    "Votos del primer lugar menos los del segundo.",
    ("Margin", "Votes of the first place minus those of the second."),
)
STATES = tuple(fields.state(group, *TITLES[group]) for group in GROUPS)
observacion = Field(
    "observacion",
    "Observación",
    "Qué es dudoso o llama la atención en la fuente, y la evidencia.",
    Kind.TEXTO,
    nullable=True,
    english=("Remark", "What is doubtful or striking in the source, and the evidence."),
)
nivel = Field(
    "nivel",
    "Nivel",
    "Qué se hace con lo observado.",
    Kind.CATEGORIA,
    labels=LEVELS,
    english=("Level", "What is done with what was remarked."),
)
campos = Field(
    "campos",
    "Cifras observadas",
    "A qué cifras se refiere la observación.",
    Kind.TEXTO,
    english=("Figures remarked", "Which figures the remark is about."),
)
problema = Field(
    "problema",
    "Problema",
    "Qué está mal o es dudoso en la fuente.",
    Kind.TEXTO,
    english=("Problem", "What is wrong or doubtful in the source."),
)
evidencia = Field(
    "evidencia", "Evidencia", "Por qué se sabe.", Kind.TEXTO, nullable=True, english=("Evidence", "How it is known.")
)
nombre_fuente = Field(
    "nombre_fuente",
    "Nombre en la fuente",
    "Nombre tal como lo escribe la fuente.",
    Kind.TEXTO,
    english=("Name in the source", "Name just as the source writes it."),
)
partido = Field(
    "partido",
    "Partido",
    "Siglas con que se publica la organización.",
    Kind.TEXTO,
    english=("Party", "Acronym under which the organisation is published."),
)
motivo = Field(
    "motivo",
    "Motivo",
    "Por qué se publica con otras siglas.",
    Kind.TEXTO,
    nullable=True,
    english=("Reason", "Why it is published under another acronym."),
)

_of_municipio = Reference(("codigo_municipio",), "municipios", ("codigo_municipio",))
_of_event = Reference(("eleccion", "cargo"), "elecciones_cargos", ("eleccion", "cargo"))
TABLES = (
    Table(
        NAME,
        "Elecciones por municipio",
        "Empadronados, votos y los dos partidos más votados en cada municipio, elección y cargo. Cada grupo de cifras "
        "lleva su estado: lo dudoso en la fuente no se publica como cifra.",
        (
            fields.codigo_municipio,
            fields.eleccion,
            fields.cargo,
            *map(fields.perhaps, (fields.empadronados, fields.votos_emitidos, fields.votos_validos)),
            *map(fields.perhaps, (fields.votos_blanco, fields.votos_nulos, fields.organizaciones)),
            *_of_place("primero", "primer", "first"),
            *_of_place("segundo", "segundo", "second"),
            margen_votos,
            *STATES,
            observacion,
        ),
        tuple(KEY),
        (_of_municipio, _of_event),
        measures=(
            Measured("empadronados", status="estado_empadronados"),
            Measured("votos_emitidos", status="estado_emitidos"),
            Measured("votos_validos", status="estado_validos"),
        ),
    ),
    Table(
        "participacion_municipal_observaciones",
        "Observaciones sobre las elecciones por municipio",
        "Lo que está mal o es dudoso en la fuente, municipio por municipio, con su evidencia.",
        (fields.codigo_municipio, fields.eleccion, fields.cargo, nivel, campos, problema, evidencia),
        (*KEY, "campos"),
        (_of_municipio, _of_event),
    ),
    Table(
        "participacion_municipal_partidos",
        "Nombres de las organizaciones en las elecciones por municipio",
        "Cómo se llama, en lo publicado, cada organización que la fuente nombra.",
        (nombre_fuente, partido, motivo),
        ("nombre_fuente",),
    ),
)

# --- From the sources to the tables ---------------------------------------------------------------------------------


def read(frames: Frames) -> Frames:
    """One row per municipio, election and office, with a state for each group of figures, and what was observed."""
    observed = votes.observations(frames)
    rows = frames[RESULTADOS]
    names = frames[ORGANIZACIONES].set_index("nombre_fuente")["partido"]
    for place, source in RANKS.items():
        rows = rows.assign(
            **{
                f"partido_fuente_{place}": rows[source],
                f"partido_{place}": rows[source].map(names),
                f"votos_{place}": rows[f"votos_{source}"],
            }
        )
    rows = rows.assign(margen_votos=rows["votos_primero"] - rows["votos_segundo"])
    return {
        NAME: without_doubtful(rows, observed, GROUPS),
        "participacion_municipal_observaciones": observed.assign(
            campos=[", ".join(TITLES[group][0] for group in groups) for groups in observed["grupos"]]
        ),
        "participacion_municipal_partidos": frames[ORGANIZACIONES],
    }


# --- What is said with the figures ----------------------------------------------------------------------------------


def _said(frames: Frames) -> list[Notice]:
    """One notice per election and level, with its municipios; and what the TSE did not publish."""
    observed = frames["participacion_municipal_observaciones"]
    words = {
        "dudoso": "{count} con datos dudosos en la fuente, que no se publican como cifra ({what})",
        "advertencia": "{count} con alguna advertencia ({what}); sus cifras se publican como están",
        "no_aplica": "{count} que no existían o no eligieron por separado",
    }
    titles = dict(frames["elecciones"][["eleccion", "titulo"]].itertuples(index=False, name=None))
    notices = [
        Notice(
            NAME,
            f"{titles[event]} ({fields.CARGOS[office].lower()}): "
            + words[str(level)].format(count=_municipios(group), what="; ".join(sorted(set(group["problema"])))),
            tuple(sorted(set(group["codigo_municipio"]))),
        )
        for (event, office), rows in votes.by_event(observed)
        for level, group in rows.groupby("nivel")
    ]
    events = votes.by_event(frames[NAME])
    without = "; ".join(titles[event] for (event, _), rows in events if rows["votos_emitidos"].isna().all())
    message = f"Sin votos emitidos, nulos ni en blanco por municipio: {without}. No se puede decir cuántas personas "
    message += "votaron, sino los votos válidos por cada 100 empadronados, si se conocen."
    return [*notices, *([Notice(NAME, message)] if without else [])]


def _municipios(rows: pd.DataFrame) -> str:
    count = rows["codigo_municipio"].nunique()
    return "1 municipio" if count == 1 else f"{count} municipios"


# --- Declaration ----------------------------------------------------------------------------------------------------

MUNICIPIO = COUNTRY.municipio_pattern
OF_EVENT = (
    Column("eleccion", Kind.CODIGO, pattern=fields.eleccion.pattern),
    Column("cargo", Kind.CATEGORIA, allowed=tuple(fields.CARGOS)),
)

DATASET = Dataset(
    name=NAME,
    title="Elecciones por municipio",
    topic="elecciones",
    description="Cada elección en cada municipio, con lo que se publicó de ella: empadronados, votos emitidos, nulos, en "
    "blanco y válidos, organizaciones y los dos primeros partidos.",
    inputs=(
        Input(
            RESULTADOS,
            (
                Column("codigo_municipio", Kind.CODIGO, pattern=MUNICIPIO),
                *fields.texts("municipio", nullable=True),
                *OF_EVENT,
                *(
                    Column(name, Kind.TEXTO if name in RANKS.values() else Kind.ENTERO, nullable=True)
                    for name in FIGURES
                ),
            ),
            key=tuple(KEY),
            several=True,
        ),
        Input(
            OBSERVACIONES,
            (
                Column("municipios", Kind.TEXTO, pattern=f"{MUNICIPIO}(,{MUNICIPIO})*"),
                *OF_EVENT,
                *fields.texts("campos", "problema"),
                *fields.texts("evidencia", nullable=True),
                Column("decision", Kind.TEXTO, pattern="(dudoso|advertencia|no aplica).*"),
                Column("diferencia", Kind.ENTERO, nullable=True, minimum=None),
            ),
            key=("municipios", *EVENT, "campos"),
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
        checks.codes_resolve(RESULTADOS, votes.code, "codigo_municipio", "municipios", "codigo_municipio"),
        checks.names_agree(RESULTADOS, votes.code, "municipio", "municipios", "codigo_municipio", "municipio"),
        *votes.SOURCE_CHECKS,
    ),
    checks=votes.CHECKS,
    notices=(_said,),
    needs=("territorio", "elecciones", "participacion_nacional"),
)
