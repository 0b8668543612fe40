"""How many adults are missing from the registry? Each base apart, beside the estimates that others published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.address.phrases import focus, within
from dashboard.address.selection import PLACED, Selection
from dashboard.address.vocabulary import Group
from dashboard.figures.measures import Ratio, Unaskable
from dashboard.figures.provenance import Provenance, provenance
from dashboard.figures.published import DERIVED, PublishedFigure, of_the_row
from dashboard.figures.queries import Data
from dashboard.indicators import INDICATORS, Indicator
from dashboard.indicators.by_election import asked_in
from dashboard.indicators.offers import askable
from dashboard.indicators.padron import REGISTERED
from dashboard.kinds import faltan
from dashboard.kinds.faltan import Line
from dashboard.view import EVIDENCE, PictureKind, Result, View, number_column, text_column
from dashboard.words import COUNT, MORE_OR_LESS, PERCENT, Unit, approximate_date
from etl.fields.told import JOINED
from etl.model import Confidence

AGAINST, PUBLISHED = "empadronados_y_adultos", "adultos_sin_empadronar"
PER_100 = Unit(decimals=1)


@dataclass(frozen=True)
class Compared:
    """An indicator that sets the registry of a place against a base, in the words of this question.

    `same`: the two are of the same ages, so that what the registry lacks are people missing. In the words, {} is the
    election of the registry, if it is one's.
    """

    indicator: str
    when: str
    ages: str
    base: str
    same: bool


#: The bases by municipio.
COMPARED = (
    Compared("censo-20", "de hoy", "20 años y más", "los habitantes de 20 años y más del censo de 2018", same=False),
    Compared("adultos", "para las elecciones de {}", faltan.EVERY_ADULT, "la proyección del INE para {}", same=True),
)


def query(data: Data, selection: Selection) -> Result:
    """Every comparison of the place asked for, and, for the country, what others published of it."""
    code = focus(selection)
    places = [line for item in COMPARED for line in _of_place(data, item, code)]
    whole, published = ([], []) if code else (list(_of_country(data)), list(_estimates(data)))
    lines = (*whole, *places, *published)
    if not lines:
        raise Unaskable("no hay ninguna población adulta con que comparar el padrón de este lugar")
    now = (
        next(iter(provenance(data.release, [data.place(REGISTERED).table.name])), None)
        if data.has(REGISTERED)
        else None
    )
    registered = data.sums((REGISTERED,), Group())[code][REGISTERED.name] if data.has(REGISTERED) else None
    where = within(code, data.territories)
    return Result(
        question=f"¿Cuántos adultos faltan en el padrón{'' if not code else ' de ' + data.territories.name(code)}?",
        columns=COLUMNS,
        rows=tuple(map(_row, lines)),
        material=faltan.Material(where, lines, f"al {now.cutoff_text}" if now else "", registered),
        tables=_tables(data, bool(whole), bool(published)),
        notes=(*NOTES, *_not_today(now, lines)),
    )


def _not_today(now: Provenance | None, lines: Sequence[Line]) -> list[str]:
    """That no adult population of the year of today's registry is published, while none is."""
    if now is None or any(line.base and line.year == now.cutoff.year for line in lines):
        return []
    return [f"La población adulta de {now.cutoff.year} no está publicada: no se calcula cuántos adultos faltan hoy."]


def _of_place(data: Data, item: Compared, code: str) -> Iterator[Line]:
    """The comparison of one place with a base by municipio, if the release has it and it is published."""
    for indicator in _askable(data, item):
        yield from _comparison(data, item, indicator, code)


def _askable(data: Data, item: Compared) -> Iterable[Indicator]:
    return askable(data, [INDICATORS[item.indicator]]).values()


def _comparison(data: Data, item: Compared, indicator: Indicator, code: str) -> Iterator[Line]:
    measure = indicator.measure
    if not isinstance(measure, Ratio):
        return
    election = next((found.words for found in asked_in(data, INDICATORS[item.indicator])), "")
    sums = data.figures(measure, Group())[code]
    registered, adults = (sums[quantity.name] for quantity in measure.quantities)
    value = measure.value(sums)
    if registered is None or adults is None or value is None:
        return
    sources = provenance(data.release, data.sources(measure, Group()))
    evidence = PublishedFigure(
        value,
        PER_100.write(value),
        True,
        DERIVED,
        str(Confidence.weakest(source.confidence for source in sources)),
        "; ".join(source.cutoff_text for source in sources),
        "; ".join(source.title for source in sources),
        sources[0].url,
        indicator.measure.formula(),
        max(source.cutoff for source in sources).isoformat(),
        JOINED.join(source.key for source in sources),
    )
    yield Line(
        indicator.title,
        item.when.format(election),
        item.ages,
        item.base.format(election),
        None,
        registered,
        adults,
        registered - adults,
        value,
        _share(100 - value, evidence) if item.same else None,
        True,
        indicator.definition,
        evidence,
    )


def _of_country(data: Data) -> Iterator[Line]:
    """The comparisons with a base of the whole country, the newest registry first."""
    rows = _records(data, AGAINST)
    for row in sorted(rows, key=lambda row: (row["fecha_padron"], -row["edad_minima"]), reverse=True):
        exact = row["precision"] == "exacta"
        evidence = _evidence(row, DERIVED, row["empadronados_por_100"], exact)
        registry, base = approximate_date(row["fecha_padron"]), approximate_date(row["fecha_base"])
        of = "del" if registry[0].isdigit() and " " in registry else "de"
        method = f"Padrón {of} {registry}, de los residentes en el país, frente a: {row['base']} ({base})."
        yield Line(
            f"Padrón {of} {registry} frente a {row['base'][:1].lower()}{row['base'][1:]}",
            f"{_at(row['fecha_padron'])}",
            _ages(row),
            row["base"],
            int(row["fecha_base"][:4]),
            row["empadronados"],
            row["adultos"],
            row["diferencia"],
            row["empadronados_por_100"],
            _share(100 - row["empadronados_por_100"], evidence),
            True,
            " ".join(filter(None, (method, row["nota"]))),
            evidence,
        )


def _estimates(data: Data) -> Iterator[Line]:
    """What others published, the newest first."""
    for row in sorted(_records(data, PUBLISHED), key=lambda row: row["fecha"], reverse=True):
        share, people = row["sin_empadronar_por_100"], row["sin_empadronar"]
        evidence = _evidence(row, "Estimación de otros", share, row["precision"] == "exacta")
        yield Line(
            f"Según {row['fuente']}",
            row["fecha"],
            _ages(row),
            "",
            None,
            None,
            None,
            None if people is None else -people,
            None,
            _share(share, evidence),
            False,
            " ".join(filter(None, (row["metodo"], row["nota"]))),
            evidence,
        )


def _records(data: Data, table: str) -> tuple[Mapping[str, Any], ...]:
    """The rows of a table, none when the release is of before it."""
    return data.records(table) if table in data.tables else ()


def _at(day: str) -> str:
    """When, as it follows a comma: «en 2015», «en septiembre de 2022», «al 27 de abril de 2023»."""
    return f"{'al' if len(day) == len('2023-04-27') else 'en'} {approximate_date(day)}"


def _ages(row: Mapping[str, Any]) -> str:
    first, last = row["edad_minima"], row["edad_maxima"]
    return f"{first} años y más" if last is None else f"{first} a {last} años"


def _evidence(row: Mapping[str, Any], nature: str, value: float, exact: bool) -> PublishedFigure:
    when = approximate_date(row["fecha"] if "fecha" in row else row["fecha_padron"])
    return PublishedFigure(
        value,
        PER_100.write(value),
        exact,
        nature,
        row["confianza"],
        when,
        row["fuente"],
        row["url"] or "",
        row["cita"],
        *of_the_row(row),
    )


def _share(value: float, evidence: PublishedFigure) -> PublishedFigure:
    """Those missing for every hundred adults, with the evidence of the comparison."""
    whole = float(value).is_integer() and not evidence.exact
    written = Unit(mark="%").write(value) if whole else PERCENT.write(value)
    return PublishedFigure(value, written, evidence.exact or evidence.nature == DERIVED, *evidence.evidence())


def _tables(data: Data, whole: bool, published: bool) -> tuple[str, ...]:
    """The tables that the figures come from."""
    of_places = [
        name
        for item in COMPARED
        for indicator in _askable(data, item)
        for name in data.sources(indicator.measure, Group())
    ]
    return tuple(dict.fromkeys([*([AGAINST] if whole else []), *([PUBLISHED] if published else []), *of_places]))


def _row(line: Line) -> tuple[Any, ...]:
    missing = line.missing.value if line.missing else None
    return (
        line.title,
        line.ages,
        line.base,
        line.registered,
        line.adults,
        line.people,
        line.per_100,
        missing,
        line.method,
        *line.evidence.evidence(),
    )


NOTES = (
    "Cada comparación usa una sola población: nunca se mezclan dos en una cifra.",
    "Los grupos de edad del padrón (26 a 30…) no tienen los límites de los del censo (25 a 29…): no se parten ni se "
    "estiman. Solo se compara por edad donde los límites son los mismos.",
)
COLUMNS = (
    text_column("comparacion", "Comparación", "Qué padrón y qué población adulta, o quién publicó la estimación."),
    text_column("edad", "Edad", "Edades que se comparan."),
    text_column("base", "Base", "Población con que se compara; vacía en las estimaciones de otros.", hidden=True),
    number_column("empadronados", "Empadronados", "Personas empadronadas de esas edades.", "personas", COUNT),
    number_column("adultos", "Adultos", "Habitantes de esas edades según la base.", "habitantes", COUNT, decimal=True),
    number_column(
        "diferencia",
        "Diferencia",
        "Empadronados menos adultos de la base; en las estimaciones de otros, los que dicen que faltan. Por debajo de cero, "
        "personas que faltan en el padrón.",
        "personas",
        MORE_OR_LESS,
        decimal=True,
    ),
    number_column(
        "empadronados_por_100",
        "Por cada 100",
        "Empadronados por cada 100 adultos de la base.",
        "por cada 100 adultos",
        PER_100,
        decimal=True,
    ),
    number_column(
        "sin_empadronar_por_100",
        "Sin empadronar, por cada 100",
        "Adultos sin empadronar por cada 100. Vacía si la base no es de las mismas edades; por debajo de cero, el padrón "
        "es mayor que la base.",
        "por cada 100 adultos",
        PER_100,
        decimal=True,
    ),
    text_column("metodo", "Método", "Cómo se calculó, o qué se sabe de cómo lo calculó su autor."),
    *EVIDENCE,
)
VIEW = View("padron_faltan", "Empadronados frente a adultos", PictureKind.of(faltan), query, contract=PLACED)
