"""Columns of the acta of one polling table, as the TREP has it."""

from __future__ import annotations

from dataclasses import replace

from etl import fields
from etl.country import COUNTRY
from etl.model import Field, Kind


def _votes_called(name: str, title: str, description: str, english: tuple[str, str]) -> Field:
    return replace(
        fields.votos_emitidos, name=name, title=title, description=description, nullable=True, english=english
    )


mesa = Field(
    "mesa",
    "Mesa",
    "Número de la junta receptora de votos.",
    Kind.ENTERO,
    minimum=1,
    english=("Table", "Number of the polling table (JRV)."),
)
codigo_municipio = replace(
    fields.codigo_municipio,
    description=f"Código del municipio según el INE. Los del extranjero empiezan por {COUNTRY.abroad}, con el número de la "
    "ciudad en el TREP.",
    english=(
        "Municipality code",
        f"INE code of the municipality. Those abroad begin with {COUNTRY.abroad}, followed by the number "
        "of the city in the TREP.",
    ),
)
codigo_centro = Field(
    "codigo_centro",
    "Centro de votación",
    "Código del centro de votación en el TREP.",
    Kind.CODIGO,
    pattern=r"\d+",
    nullable=True,
    english=("Polling centre", "Code of the polling centre in the TREP."),
)
contabilizada = Field(
    "contabilizada",
    "Contabilizada",
    "Si el acta entró en el recuento.",
    Kind.BOOLEANO,
    english=("Counted", "Whether the tally sheet entered the count."),
)
votos_invalidos = _votes_called(
    "votos_invalidos",
    "Votos inválidos",
    "Votos que el acta cuenta aparte de los emitidos.",
    ("Invalid votes", "Votes that the tally sheet counts apart from those cast."),
)
votos_total = _votes_called(
    "votos_total", "Total de votos", "Emitidos más inválidos.", ("Total votes", "Cast plus invalid.")
)
papeletas_recibidas = Field(
    "papeletas_recibidas",
    "Papeletas recibidas",
    "Papeletas que la mesa recibió.",
    Kind.ENTERO,
    unit="papeletas",
    minimum=0,
    nullable=True,
    english=("Ballots received", "Ballots that the table received."),
)
papeletas_no_usadas = replace(
    papeletas_recibidas,
    name="papeletas_no_usadas",
    title="Papeletas sin usar",
    description="Papeletas que sobraron.",
    english=("Unused ballots", "Ballots left over."),
)
impugnaciones = _votes_called(
    "impugnaciones",
    "Impugnaciones",
    "Votos impugnados en la mesa.",
    ("Challenges", "Votes challenged at the table."),
)
discrepancias = Field(
    "discrepancias",
    "Discrepancias",
    "Cuántas cifras del acta no cuadran; cada una está en la tabla de discrepancias.",
    Kind.ENTERO,
    unit="discrepancias",
    minimum=0,
    english=(
        "Discrepancies",
        "How many figures of the tally sheet do not add up; each is in the table of discrepancies.",
    ),
)
observacion_acta = Field(
    "observacion_acta",
    "Observación del TREP",
    "Lo que el TREP anota del acta.",
    Kind.TEXTO,
    nullable=True,
    english=("TREP remark", "What the TREP notes about the tally sheet."),
)
publicada = Field(
    "publicada",
    "Publicada",
    "Cuándo se publicó el acta (ISO 8601, hora de Guatemala).",
    Kind.TEXTO,
    nullable=True,
    english=("Published", "When the tally sheet was published (ISO 8601, Guatemala time)."),
)
archivo = Field(
    "archivo",
    "Archivo",
    "Archivo del TREP del que se tomó.",
    Kind.TEXTO,
    english=("File", "TREP file it was taken from."),
)
partido = Field(
    "partido",
    "Partido",
    "Siglas del partido o comité, como encabeza su columna en el TREP.",
    Kind.TEXTO,
    english=("Party", "Acronym of the party or committee, as it heads its column in the TREP."),
)
votos = _votes_called("votos", "Votos", "Votos del partido en la mesa.", ("Votes", "Votes of the party at the table."))
campo = Field(
    "campo",
    "Cifra",
    "Cifra que no cuadra, con el nombre de su columna.",
    Kind.TEXTO,
    english=("Figure", "Figure that does not add up, by the name of its column."),
)
escrito = Field(
    "escrito",
    "Escrito",
    "Lo que el acta dice.",
    Kind.ENTERO,
    nullable=True,
    english=("Written", "What the tally sheet says."),
)
calculado = Field(
    "calculado",
    "Calculado",
    "Lo que resulta de sumar.",
    Kind.ENTERO,
    nullable=True,
    english=("Computed", "What adding up gives."),
)
lugar_suma = Field(
    "lugar_suma",
    "Lugar de la suma",
    "De dónde es la suma: el código del municipio según el INE, con el centro si es de uno, o el número que el TREP da al "
    "departamento.",
    Kind.TEXTO,
    english=(
        "Place of the sum",
        "Where the sum is of: the INE code of the municipality, with the centre if it is of one, or the "
        "number that the TREP gives the department.",
    ),
)
explicacion = Field(
    "explicacion",
    "Explicación",
    "Qué no cuadra, en palabras.",
    Kind.TEXTO,
    english=("Explanation", "What does not add up, in words."),
)
corte = Field(
    "corte_trep",
    "Corte",
    "Fecha y hora del corte (ISO 8601, hora de Guatemala).",
    Kind.TEXTO,
    english=("Cut-off", "Date and time of the cut-off (ISO 8601, Guatemala time)."),
)
actas_esperadas = Field(
    "actas_esperadas",
    "Actas esperadas",
    "Mesas de la elección.",
    Kind.ENTERO,
    unit="actas",
    english=("Tally sheets expected", "Polling tables of the election."),
)
actas = replace(
    actas_esperadas,
    name="actas",
    title="Actas",
    description="Mesas que trae el archivo.",
    english=("Tally sheets", "Polling tables the file has."),
)
actas_contabilizadas = replace(
    actas,
    name="actas_contabilizadas",
    title="Actas contabilizadas",
    description="Las que entraron en el recuento.",
    english=("Tally sheets counted", "Those that entered the count."),
)
partidos = Field(
    "partidos",
    "Partidos",
    "Partidos y comités con columna; vacío si el archivo no trae los votos de cada uno.",
    Kind.ENTERO,
    unit="organizaciones",
    minimum=1,
    nullable=True,
    english=("Parties", "Parties and committees with a column; empty if the file does not have the votes of each."),
)


def written(base: Field) -> Field:
    """The column with what the acta says of `base`, beside what its parts add up to."""
    english = (f"{base.english[0]}, as written", f"{base.english[0]} as written on the tally sheet.")
    return _votes_called(f"{base.name}_escrito", f"{base.title}, escritos", "Como está escrito en el acta.", english)
