"""Columns of the figures of the vote abroad: each one with the question that it answers, where it is from and how official."""

from __future__ import annotations

from dataclasses import replace

from etl import fields
from etl.model import Field, Kind

INDICADORES = {
    "empadronados": "Empadronados",
    "votantes": "Votantes",
    "votos_validos": "Votos válidos",
    "votos_nulos": "Votos nulos",
    "votos_blanco": "Votos en blanco",
    "votos_invalidos": "Votos inválidos",
    "votos_organizacion": "Votos por organización",
    "juntas_receptoras": "Juntas receptoras de votos (mesas)",
    "centros": "Centros de votación",
    "ciudades": "Ciudades con centro de votación",
    "ciudades_previstas": "Ciudades adicionales previstas",
    "votos_por_mesa": "Votos por mesa",
    "no_pudieron_votar": "Personas que llegaron y no pudieron votar",
    "presupuesto": "Costo de la votación",
}
NIVELES = {
    "total": "Todo el extranjero",
    "estado": "Estado",
    "ciudad": "Ciudad",
    "zona": "Zona o grupo de centros",
}
NATURALEZAS = {
    "oficial": "Oficial",
    "preliminar": "Preliminar",
    "derivada": "Derivada de otras",
    "prensa": "De prensa",
}

cifra = Field(
    "cifra",
    "Cifra",
    "Identificador de la cifra en la transcripción; una letra separa las que venían en una misma fila.",
    Kind.CODIGO,
    pattern=r"[a-z0-9_-]+",
    english=(
        "Figure",
        "Identifier of the figure in the transcription; a letter tells apart those that came in one row.",
    ),
)
pregunta = Field(
    "pregunta",
    "Pregunta",
    "A qué responde la cifra (elección, lugar, indicador y grupo). Si varias responden a lo mismo, son versiones que no "
    "coinciden o de fechas distintas: se publican todas y una es la preferida.",
    Kind.CODIGO,
    pattern=r"[a-z0-9_-]+",
    english=(
        "Question",
        "What the figure answers (election, place, indicator and group). Where several answer the same "
        "one, they are versions that disagree or of different dates: all are published and one is "
        "preferred.",
    ),
)
eleccion = fields.described(
    fields.eleccion,
    "Elección en la que se votó o para la que se preparaba el padrón. La de 2027 aún no está en la tabla elecciones.",
    english=(
        "Election",
        "Election in which people voted or for which the roll was being prepared. That of 2027 is not "
        "yet in the table elecciones.",
    ),
)
perhaps_fecha = replace(fields.fecha, nullable=True)
nivel = Field(
    "nivel",
    "Nivel",
    "Qué abarca el lugar. En 2019 y 2023 solo se votó en los Estados Unidos: el total de una fuente que dice «EE. UU.» "
    "y el de otra que dice «extranjero» son lo mismo.",
    Kind.CATEGORIA,
    labels=NIVELES,
    english=(
        "Level",
        "What the place covers. In 2019 and 2023 people voted only in the United States: the total of a "
        "source that says “EE. UU.” and that of another that says “extranjero” are the same.",
    ),
)
perhaps_codigo_pais = replace(fields.codigo_pais, nullable=True)
perhaps_codigo_ciudad = replace(fields.codigo_ciudad, nullable=True)
lugar = Field(
    "lugar",
    "Lugar",
    "El lugar con las palabras de la fuente.",
    Kind.TEXTO,
    english=("Place", "The place in the words of the source."),
)
indicador = Field(
    "indicador",
    "Indicador",
    "Lo que mide la cifra.",
    Kind.CATEGORIA,
    labels=INDICADORES,
    english=("Indicator", "What the figure measures."),
)
organizacion = Field(
    "organizacion",
    "Organización",
    "Siglas del partido, si la cifra son sus votos.",
    Kind.TEXTO,
    nullable=True,
    english=("Organisation", "Acronym of the party, if the figure is its votes."),
)
naturaleza = Field(
    "naturaleza",
    "Naturaleza",
    "Oficial: resultado o padrón definitivo del TSE, que otra fuente reproduce. Preliminar: del TSE o de la jornada, "
    "antes de ser definitiva. Derivada: calculada de otras. De prensa: dicha sin documento del TSE a la vista.",
    Kind.CATEGORIA,
    labels=NATURALEZAS,
    english=(
        "Nature",
        "Official: result or final roll of the TSE, reproduced by another source. Preliminary: from the "
        "TSE or from the day itself, before it was final. Derived: computed from others. Press: said "
        "without a TSE document in sight.",
    ),
)
preferida = Field(
    "preferida",
    "Preferida",
    "Si es la cifra que se usa entre las que responden a lo mismo.",
    Kind.BOOLEANO,
    english=("Preferred", "Whether it is the figure used among those that answer the same."),
)
motivo = Field(
    "motivo",
    "Motivo",
    "Por qué se prefiere, o por qué no, cuando hay varias.",
    Kind.TEXTO,
    nullable=True,
    english=("Reason", "Why it is preferred, or why not, when there are several."),
)
GROUPS = tuple(
    fields.described(
        group,
        f"{group.title} al que se refiere la cifra; vacío si no lo distingue.",
        nullable=True,
        english=(group.english[0], f"{group.english[0]} the figure refers to; empty if it does not distinguish it."),
    )
    for name, group in fields.POPULATION_GROUP.items()
    if name != "residencia"
)
