"""How many Guatemalans live in each state of the United States, as the consular network estimates: no registry, no census.

The list that was published has 30 jurisdictions and does not reach the published total; other estimates measure other
things (origin, birthplace) and are in a table of their own, never mixed in one ratio.
"""

from __future__ import annotations

from etl import checks, fields
from etl.datasets.territorio_extranjero import OF_ESTADO, names_agree, perhaps_codigo_estado
from etl.fields.abroad import cifra, perhaps_fecha
from etl.model import Dataset, Field, Frames, Input, Kind, Notice, Problem, Table

MINEX, OTRAS = "estimacion", "otras_estimaciones"
TOTAL = "01"  # the code of the published total among the other estimates

guatemaltecos_estimados = Field(
    "guatemaltecos_estimados",
    "Guatemaltecos, estimación",
    "Guatemaltecos que la red consular del Minex estima en el estado. Es una proyección: no es padrón ni censo.",
    Kind.ENTERO,
    unit="personas",
    minimum=0,
    english=(
        "Guatemalans, estimate",
        "Guatemalans that the consular network of Minex estimates in the state. It is a projection: "
        "neither roll nor census.",
    ),
)
medida = Field(
    "medida",
    "Medida",
    "Lo que mide la cifra, con sus límites.",
    Kind.TEXTO,
    english=("Measure", "What the figure measures, with its limits."),
)

ESTADOS = Table(
    "guatemaltecos_eeuu",
    "Guatemaltecos en los Estados Unidos por estado (estimación)",
    "Estimación de la red consular del Minex para las 30 jurisdicciones que se publicaron. Un estado que no está no tiene "
    "dato publicado: no es cero.",
    (
        fields.codigo_estado,
        fields.estado,
        guatemaltecos_estimados,
        perhaps_fecha,
        fields.corte_texto,
        fields.confianza,
        fields.fuente,
        fields.url,
        fields.nota,
    ),
    ("codigo_estado",),
    (OF_ESTADO,),
)
OTRAS_TABLA = Table(
    "guatemaltecos_eeuu_otras_fuentes",
    "Guatemaltecos en los Estados Unidos según otras fuentes",
    "El total de la estimación del Minex, lo que discrepa de ella y lo que estiman otros, cada uno con lo que mide.",
    (
        cifra,
        medida,
        perhaps_codigo_estado,
        fields.valor,
        fields.valor_texto,
        fields.unidad,
        fields.precision,
        perhaps_fecha,
        fields.corte_texto,
        fields.confianza,
        fields.fuente,
        fields.url,
        fields.nota,
    ),
    ("cifra",),
    (OF_ESTADO,),
)


def read(frames: Frames) -> Frames:
    """The two tables; the name of each state is the catalogue's."""
    names = frames["estados_eeuu"].set_index("codigo_estado")["estado"]
    rows = frames[MINEX]
    return {
        "guatemaltecos_eeuu": rows.assign(estado=rows["codigo_estado"].map(names)),
        "guatemaltecos_eeuu_otras_fuentes": frames[OTRAS],
    }


def _states_do_not_exceed_the_total(frames: Frames) -> list[Problem]:
    found, total = _sum_and_total(frames)
    message = f"los estados suman {found} y el total publicado es {total}"
    return [Problem(OTRAS, None, "valor", TOTAL, message)] if found > total else []


def _sum_and_total(frames: Frames) -> tuple[int, int]:
    others = frames["guatemaltecos_eeuu_otras_fuentes"].set_index("cifra")["valor"]
    return int(frames["guatemaltecos_eeuu"]["guatemaltecos_estimados"].sum()), int(others[TOTAL])


def _said_with_the_estimate(frames: Frames) -> list[Notice]:
    rows = frames["guatemaltecos_eeuu"]
    found, total = _sum_and_total(frames)
    repeated = rows[rows["guatemaltecos_estimados"].duplicated(keep=False)]
    messages = [
        f"La estimación del Minex trae {len(rows)} jurisdicciones, que suman {found:,}; el total publicado es {total:,}. "
        f"De los {total - found:,} que faltan no se publicó el estado.",
        *_disagreements(frames),
    ]
    if len(repeated):
        names = " y ".join(repeated["estado"])
        value = repeated["guatemaltecos_estimados"].iloc[0]
        messages.append(f"{names} tienen la misma cifra, {value:,}: se publica como viene.")
    return [Notice("guatemaltecos_eeuu", message) for message in messages]


def _disagreements(frames: Frames) -> list[str]:
    """What another source says of a state of the list: both are published, and the list's is the one by state."""
    others = frames["guatemaltecos_eeuu_otras_fuentes"].query("unidad == 'personas'").dropna(subset="codigo_estado")
    pairs = others.merge(frames["guatemaltecos_eeuu"], on="codigo_estado", suffixes=("_otra", ""))
    return [
        f"En {row.estado} la lista por estado da {row.guatemaltecos_estimados:,} y {row.fuente_otra} {row.valor:,}: se "
        "publica por estado la de la lista, y la otra entre las demás fuentes."
        for row in checks.rows_of(pairs)
    ]


DATASET = Dataset(
    name="guatemaltecos_eeuu",
    title="Guatemaltecos en los Estados Unidos",
    topic="extranjero",
    description="Estimación de la red consular por estado, y las demás estimaciones publicadas con lo que mide cada una.",
    inputs=(
        Input(
            MINEX,
            (
                *(fields.column(field) for field in ESTADOS.fields if field.name != "estado"),
                fields.column(Field("estado_ingles", "Estado, en inglés", "Nombre en la fuente.", Kind.TEXTO)),
            ),
            key=("codigo_estado",),
        ),
        Input(
            OTRAS,
            tuple(map(fields.column, OTRAS_TABLA.fields)),
            key=("cifra",),
        ),
    ),
    tables=(ESTADOS, OTRAS_TABLA),
    read=read,
    source_checks=(
        checks.codes_resolve(
            OTRAS, lambda rows: rows["codigo_estado"], "codigo_estado", "estados_eeuu", "codigo_estado"
        ),
        checks.codes_resolve(
            MINEX, lambda rows: rows["codigo_estado"], "codigo_estado", "estados_eeuu", "codigo_estado"
        ),
        names_agree(OTRAS, "medida"),
        checks.names_agree(
            MINEX, lambda rows: rows["codigo_estado"], "estado_ingles", "estados_eeuu", "codigo_estado", "estado_ingles"
        ),
    ),
    checks=(
        checks.official_total(MINEX, ("guatemaltecos_estimados",), "estados"),
        _states_do_not_exceed_the_total,
    ),
    notices=(_said_with_the_estimate,),
    disclosure="Estimaciones agregadas ya publicadas: sin control adicional.",
    needs=("territorio_extranjero",),
)
