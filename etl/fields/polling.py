"""Columns of what the actas of the polling tables say together: their sums by place, and the ballots of one table."""

from __future__ import annotations

from dataclasses import replace

from etl import fields
from etl.model import Field, Kind

#: Votes apart up to which two totals are near, and up to which they are not far: the bounds of the classes of agreement.
NEAR, FAR = 5, 20
#: Citizens that a polling table has at most, and so ballots that it can have received.
MOST_BALLOTS = 600
ACUERDOS = {
    "iguales": "Todos los totales son iguales",
    "difieren_1_5": f"Difieren en 1 a {NEAR} votos",
    "difieren_6_20": f"Difieren en {NEAR + 1} a {FAR} votos",
    "difieren_mas_20": f"Difieren en más de {FAR} votos",
    "incompleta": "Falta alguna papeleta, o su acta no tiene votos",
}


def _count(
    name: str, title: str, description: str, unit: str, nullable: bool = False, *, english: tuple[str, str]
) -> Field:
    return Field(name, title, description, Kind.ENTERO, unit=unit, minimum=0, nullable=nullable, english=english)


lugar = Field(
    "lugar",
    "Lugar",
    "Nombre del municipio o de la ciudad del extranjero; vacío si la fuente no lo dice.",
    Kind.TEXTO,
    nullable=True,
    english=("Place", "Name of the municipality or of the city abroad; empty if the source does not say it."),
)
votos_emitidos_escrito = replace(
    fields.votos_emitidos,
    name="votos_emitidos_escrito",
    title="Votos emitidos, escritos",
    description="Suma de los totales escritos en las actas.",
    nullable=True,
    english=("Votes cast, as written", "Sum of the totals written on the tally sheets (actas)."),
)
papeletas_recibidas = _count(
    "papeletas_recibidas",
    "Papeletas recibidas",
    "Suma de las que las actas dicen haber recibido.",
    "papeletas",
    True,
    english=("Ballots received", "Sum of those the tally sheets say were received."),
)
_both = (
    f"dicen cuántas papeletas recibieron (hasta {MOST_BALLOTS}) y cuántos votos hubo, y estos no son más que aquellas"
)
_both_en = (
    f"say how many ballots they received (up to {MOST_BALLOTS}) and how many votes there were, and these are no more"
)
SUMS = (
    fields.mesas,
    _count(
        "mesas_con_datos",
        "Mesas con datos",
        "Las que tienen un acta con datos.",
        "mesas",
        english=("Tables with data", "Those that have a tally sheet with data."),
    ),
    _count(
        "mesas_iguales",
        "Mesas que cuadran",
        "El total escrito es el que resulta de sumar sus votos.",
        "mesas",
        english=("Tables that add up", "The total written is what adding up its votes gives."),
    ),
    _count(
        "mesas_sin_total_escrito",
        "Sin total escrito",
        "El total quedó sin escribir en el acta.",
        "mesas",
        english=("Without a written total", "The total was left unwritten on the tally sheet."),
    ),
    *map(
        fields.perhaps,
        (fields.votos_emitidos, fields.votos_validos, fields.votos_nulos, fields.votos_blanco),
    ),
    votos_emitidos_escrito,
    papeletas_recibidas,
    _count(
        "mesas_con_papeletas",
        "Mesas comparables",
        f"Las que {_both}.",
        "mesas",
        english=("Comparable tables", f"Those that {_both_en}."),
    ),
    _count(
        "papeletas_comparables",
        "Papeletas de esas mesas",
        f"Recibidas por las mesas que {_both}.",
        "papeletas",
        True,
        english=("Ballots of those tables", f"Received by the tables that {_both_en}."),
    ),
    _count(
        "votos_comparables",
        "Votos de esas mesas",
        f"Emitidos en las mesas que {_both}.",
        "votos",
        True,
        english=("Votes of those tables", f"Cast at the tables that {_both_en}."),
    ),
)
TOGETHER = (
    _count(
        "papeletas_con_votos",
        "Papeletas con votos",
        "Papeletas de la mesa cuya acta tiene votos.",
        "papeletas",
        english=("Ballots with votes", "Ballots of the table whose tally sheet has votes."),
    ),
    _count(
        "papeletas_de_la_eleccion",
        "Papeletas de la elección",
        "Las que cada persona recibió.",
        "papeletas",
        english=("Ballots of the election", "Those each person received."),
    ),
    _count(
        "menor_total",
        "Total menor",
        "Votos emitidos de la papeleta que menos tiene.",
        "votos",
        True,
        english=("Least total", "Votes cast with the ballot that has the fewest."),
    ),
    _count(
        "mayor_total",
        "Total mayor",
        "Votos emitidos de la papeleta que más tiene.",
        "votos",
        True,
        english=("Greatest total", "Votes cast with the ballot that has the most."),
    ),
    _count(
        "diferencia_votos",
        "Diferencia",
        "Total mayor menos total menor, si la mesa tiene todas.",
        "votos",
        True,
        english=("Difference", "Greatest total minus least total, if the table has them all."),
    ),
    Field(
        "acuerdo",
        "Acuerdo",
        "Cuánto difieren los totales de las papeletas.",
        Kind.CATEGORIA,
        labels=ACUERDOS,
        english=("Agreement", "How much the totals of the ballots differ."),
    ),
    Field(
        "papeleta_aparte",
        "Papeleta aparte",
        f"La única que se aparta en más de {NEAR} votos mientras las otras difieren en {NEAR} o menos entre sí.",
        Kind.CATEGORIA,
        labels=fields.CARGOS,
        nullable=True,
        english=(
            "Ballot apart",
            f"The only one more than {NEAR} votes away while the others differ by {NEAR} or fewer.",
        ),
    ),
    Field(
        "cuadra_con_lo_escrito",
        "Cuadra con lo escrito",
        f"Si el total escrito en el acta de esa papeleta está a {NEAR} votos o menos de la mediana de las otras.",
        Kind.BOOLEANO,
        nullable=True,
        english=(
            "Agrees with what is written",
            f"Whether the total written on the tally sheet of that ballot is within {NEAR} votes of the "
            "median of the others.",
        ),
    ),
)
