"""Columns about an election: which it is, what was elected and how many votes there were."""

from __future__ import annotations

from dataclasses import replace

from etl.fields.labels import CARGOS
from etl.model import Field, Kind

# --- Elections ------------------------------------------------------------------------------------------------------

eleccion = Field(
    "eleccion",
    "Elección",
    "Evento electoral: año y vuelta (1, 2), consulta o repetición. Su fecha y su nombre están en la tabla elecciones.",
    Kind.CODIGO,
    pattern=r"\d{4}-(1|2|consulta|repeticion)",
    english=(
        "Election",
        "Electoral event: year and round (1, 2), referendum or repeat vote. Its date and name are in the "
        "table elecciones.",
    ),
)
cargo = Field(
    "cargo",
    "Cargo",
    "Qué se elegía con la papeleta contada.",
    Kind.CATEGORIA,
    labels=CARGOS,
    english=("Office", "What was being elected with the ballot that was counted."),
)
votos_emitidos = Field(
    "votos_emitidos",
    "Votos emitidos",
    "Válidos, nulos y en blanco.",
    Kind.ENTERO,
    unit="votos",
    minimum=0,
    english=("Votes cast", "Valid, null and blank."),
)
votos_validos = replace(
    votos_emitidos,
    name="votos_validos",
    title="Votos válidos",
    description="Votos a favor de alguna opción.",
    english=("Valid votes", "Votes for some option."),
)
votos_blanco = replace(
    votos_emitidos,
    name="votos_blanco",
    title="Votos en blanco",
    description="Papeletas sin marca alguna.",
    english=("Blank votes", "Ballots without any mark."),
)
votos_nulos = replace(
    votos_emitidos,
    name="votos_nulos",
    title="Votos nulos",
    description="Papeletas cuya marca no vale como voto.",
    english=("Null votes", "Ballots whose mark does not count as a vote."),
)
mesas = Field(
    "mesas",
    "Mesas",
    "Juntas receptoras de votos (JRV).",
    Kind.ENTERO,
    unit="mesas",
    minimum=0,
    english=("Polling tables", "Polling tables that receive the votes (JRV)."),
)
organizaciones = Field(
    "organizaciones",
    "Organizaciones",
    "Partidos, coaliciones y comités cívicos con votos.",
    Kind.ENTERO,
    unit="organizaciones",
    minimum=0,
    english=("Organisations", "Parties, coalitions and civic committees with votes."),
)
url = Field(
    "url",
    "Enlace",
    "Dónde se publicó la cifra: enlace, o repositorio y versión.",
    Kind.TEXTO,
    nullable=True,
    english=("Link", "Where the figure was published: a link, or a repository and version."),
)
