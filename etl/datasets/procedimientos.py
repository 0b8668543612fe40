"""How to register and vote abroad, fact by fact: what holds today apart from what held before, each with its source.

A fact is never stated more firmly than its source: what was published before the reform of 2026 and nobody has confirmed
since is `por_confirmar`, whatever the confidence in its source.
"""

from __future__ import annotations

import pandas as pd

from etl import fields
from etl.fields.abroad import perhaps_fecha
from etl.model import Dataset, Field, Frames, Input, Kind, Notice, Problem, Reference, Table

FACTS, CONTACTS = "hechos", "contactos"

# In the order in which a person needs them: topics, and within each the steps by `orden`.
TEMAS = {
    "quien_puede": "Quién puede",
    "documento": "Con qué documento",
    "donde": "Dónde inscribirse",
    "plazo": "Hasta cuándo",
    "votar": "El día de votar",
    "cambios_2026": "Qué cambió en 2026",
    "contacto": "Contactos",
    "base_legal": "Base legal",
    "datos": "Cómo aparece en los datos",
}
VIGENCIAS = {
    "vigente": "Rige hoy",
    "por_confirmar": "Publicado así; conviene confirmarlo",
    "historico": "Histórico: ya pasó o ya no rige",
}
MEDIOS = {"telefono": "Teléfono", "correo": "Correo electrónico", "pagina": "Página"}

procedimiento = Field(
    "procedimiento",
    "Hecho n.º",
    "Número del hecho en la transcripción.",
    Kind.CODIGO,
    pattern=r"\d{2}",
    english=("Fact no.", "Number of the fact in the transcription."),
)
tema = Field(
    "tema",
    "Tema",
    "A qué pregunta de una persona responde el hecho.",
    Kind.CATEGORIA,
    labels=TEMAS,
    english=("Topic", "Which question of a person the fact answers."),
)
orden = Field(
    "orden",
    "Orden",
    "Lugar del hecho dentro de su tema.",
    Kind.ENTERO,
    minimum=1,
    english=("Order", "Place of the fact within its topic."),
)
asunto = Field(
    "asunto",
    "Asunto",
    "De qué trata el hecho, en pocas palabras.",
    Kind.TEXTO,
    english=("Subject", "What the fact is about, in few words."),
)
hecho = Field("hecho", "Hecho", "Lo que dice la fuente.", Kind.TEXTO, english=("Fact", "What the source says."))
vigencia = Field(
    "vigencia",
    "Vigencia",
    "Si el hecho rige hoy, hasta donde dicen las fuentes.",
    Kind.CATEGORIA,
    labels=VIGENCIAS,
    english=("In force", "Whether the fact holds today, as far as the sources say."),
)
vigencia_texto = Field(
    "vigencia_texto",
    "Vigencia anotada",
    "La vigencia con las palabras de la transcripción.",
    Kind.TEXTO,
    english=("In force, as noted", "Whether it is in force, in the words of the transcription."),
)
desde = fields.described(
    perhaps_fecha,
    "Desde cuándo rige o se practicó, si se sabe.",
    name="desde",
    title="Desde",
    english=("From", "Since when it holds or was done, if known."),
)
hasta = fields.described(
    perhaps_fecha,
    "Hasta cuándo rigió o se practicó, si se sabe.",
    name="hasta",
    title="Hasta",
    english=("To", "Until when it held or was done, if known."),
)
vence = Field(
    "vence",
    "Vence",
    "Último día en que el hecho se puede dar por vigente, si se sabe; después es historia.",
    Kind.TEXTO,
    pattern=r"\d{4}-\d{2}-\d{2}",
    nullable=True,
    english=("Expires", "Last day on which the fact can be taken as in force, if known; afterwards it is history."),
)
hasta_que = Field(
    "hasta_que",
    "Hasta que",
    "Lo que tiene que pasar para que el hecho deje de regir, si se sabe.",
    Kind.TEXTO,
    nullable=True,
    english=("Until", "What has to happen for the fact to cease to hold, if known."),
)
termina_con = Field(
    "termina_con",
    "Termina con",
    "Tabla y elección cuyas primeras filas publicadas cumplen lo que dice la columna hasta_que.",
    Kind.CODIGO,
    pattern=r"[a-z0-9_]+:\d{4}-(1|2|consulta|repeticion)",
    nullable=True,
    english=("Ends with", "Table and election whose first published rows fulfil what column hasta_que says."),
)
reemplaza = Field(
    "reemplaza",
    "Reemplaza a",
    "Números de los hechos a los que este sustituye, separados por espacios.",
    Kind.CODIGO,
    pattern=r"\d{2}( \d{2})*",
    nullable=True,
    english=("Replaces", "Numbers of the facts that this one replaces, separated by spaces."),
)
WHEN = (desde, hasta, vence, hasta_que, termina_con, reemplaza)
perhaps_cita_fecha = fields.described(
    perhaps_fecha, "Fecha de la fuente, si se sabe.", english=("Date", "Date of the source, if known.")
)
medio = Field(
    "medio", "Medio", "Cómo se contacta.", Kind.CATEGORIA, labels=MEDIOS, english=("Means", "How contact is made.")
)
contacto = Field(
    "contacto",
    "Contacto",
    "Número, correo o página, como se lee.",
    Kind.TEXTO,
    english=("Contact", "Number, e-mail or page, as it is read."),
)
enlace = Field(
    "enlace",
    "Enlace",
    "El contacto como enlace.",
    Kind.TEXTO,
    pattern=r"(tel:\+|mailto:|https://)\S+",
    english=("Link", "The contact as a link."),
)
EVIDENCE = (
    perhaps_cita_fecha,
    fields.corte_texto,
    fields.confianza,
    fields.fuente,
    fields.url,
    fields.cita,
    fields.nota,
)

PROCEDIMIENTOS = Table(
    "procedimientos",
    "Inscribirse y votar en el extranjero",
    "Un hecho por fila, por tema y en orden de lectura. Lo que rige hoy, lo que conviene confirmar y lo histórico están "
    "separados.",
    (procedimiento, tema, orden, asunto, hecho, vigencia, vigencia_texto, *WHEN, *EVIDENCE),
    ("procedimiento",),
)
CONTACTOS = Table(
    "procedimientos_contactos",
    "Contactos para inscribirse en el extranjero",
    "Los contactos del TSE que dan los hechos de la otra tabla, con su misma fuente.",
    (orden, medio, contacto, enlace, procedimiento, vigencia, *EVIDENCE),
    ("orden",),
    (Reference(("procedimiento",), "procedimientos", ("procedimiento",)),),
)


def read(frames: Frames) -> Frames:
    """The facts, and their contacts with the evidence of the fact they come from."""
    facts = frames[FACTS]
    evidence = facts[["procedimiento", "vigencia", *(field.name for field in EVIDENCE)]]
    contacts: pd.DataFrame = frames[CONTACTS].merge(evidence, on="procedimiento", how="left")
    return {"procedimientos": facts, "procedimientos_contactos": contacts}


def _one_order(frames: Frames) -> list[Problem]:
    rows = frames[FACTS]
    repeated = rows.duplicated(["tema", "orden"]) & rows["tema"].notna() & rows["orden"].notna()
    message = "ya hay un hecho de ese tema con ese orden"
    return [Problem(FACTS, row, "orden", str(rows.at[row, "orden"]), message) for row in rows.index[repeated]]


def _contacts_come_from_a_fact(frames: Frames) -> list[Problem]:
    """Every contact is written in the fact it cites: nobody adds one without source."""
    facts = frames[FACTS].set_index("procedimiento")["hecho"]
    rows = frames[CONTACTS]
    return [
        Problem(CONTACTS, row, "contacto", text, f"el hecho {fact} no lo dice")
        for row, text, fact in zip(rows.index, rows["contacto"], rows["procedimiento"], strict=True)
        if isinstance(text, str) and isinstance(fact, str) and text not in str(facts.get(fact, ""))
    ]


def _what_ended_is_history(frames: Frames) -> list[Problem]:
    rows = frames[FACTS]
    wrong = rows["hasta"].notna() & rows["vigencia"].notna() & (rows["vigencia"] != "historico")
    message = "tiene fecha final y no es histórico"
    return [Problem(FACTS, row, "vigencia", str(rows.at[row, "vigencia"]), message) for row in rows.index[wrong]]


def _what_is_replaced_is_history(frames: Frames) -> list[Problem]:
    """A fact that another replaces exists, and is not told as if it held."""
    rows = frames[FACTS]
    status = rows.set_index("procedimiento")["vigencia"].to_dict()
    said = rows["reemplaza"].dropna().str.split()
    return [
        Problem(FACTS, row, "reemplaza", code, f"el hecho {code} no existe o no es histórico")
        for row, codes in zip(said.index, said, strict=True)
        for code in codes
        if status.get(code) != "historico"
    ]


def _days_are_days(frames: Frames) -> list[Problem]:
    rows = frames[FACTS]
    wrong = rows["vence"].notna() & pd.to_datetime(rows["vence"], format="%Y-%m-%d", errors="coerce").isna()
    message = "no es un día del calendario"
    return [Problem(FACTS, row, "vence", str(rows.at[row, "vence"]), message) for row in rows.index[wrong]]


def _ends_with_a_table(frames: Frames) -> list[Problem]:
    """What ends a fact is a table by election that this dataset knows, and the words for it are there."""
    rows = frames[FACTS]
    known = [name for name, frame in frames.items() if name not in (FACTS, CONTACTS) and "eleccion" in frame]
    problems = []
    said = rows.dropna(subset="termina_con")
    for row, asked, words in zip(said.index, said["termina_con"], said["hasta_que"].fillna(""), strict=True):
        if asked.split(":")[0] not in known:
            problems.append(
                Problem(FACTS, row, "termina_con", asked, f"se esperaba una de: {', '.join(sorted(known))}")
            )
        if not words:
            problems.append(Problem(FACTS, row, "hasta_que", "", "falta decir con palabras hasta cuándo rige el hecho"))
    return problems


def _to_confirm(frames: Frames) -> list[Notice]:
    rows = frames["procedimientos"].query("vigencia == 'por_confirmar'")
    names = "; ".join(rows["asunto"])
    message = (
        f"Conviene confirmar con el TSE lo que se publicó antes de la reforma de 2026 o de forma incompleta: {names}."
    )
    return [Notice("procedimientos", message)]


DATASET = Dataset(
    name="procedimientos",
    title="Cómo inscribirse y votar en el extranjero",
    topic="extranjero",
    description="Hechos sobre la inscripción y el voto en el extranjero, con lo que rige hoy separado de lo histórico, y "
    "cada uno con su fuente, su fecha y su confianza.",
    inputs=(
        Input(
            FACTS,
            tuple(map(fields.column, PROCEDIMIENTOS.fields)),
            key=("procedimiento",),
        ),
        Input(
            CONTACTS,
            tuple(map(fields.column, (orden, medio, contacto, enlace, procedimiento))),
            key=("orden",),
        ),
    ),
    tables=(PROCEDIMIENTOS, CONTACTOS),
    read=read,
    source_checks=(
        _one_order,
        _contacts_come_from_a_fact,
        _what_ended_is_history,
        _what_is_replaced_is_history,
        _days_are_days,
        _ends_with_a_table,
    ),
    notices=(_to_confirm,),
    needs=("centros_extranjero",),
    disclosure="Hechos públicos: no contiene datos de personas.",
)
