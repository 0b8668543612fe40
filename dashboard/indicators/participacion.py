"""The indicators of participation in municipal elections: turnout where it is published, valid votes where it is not."""

from __future__ import annotations

from dashboard.figures.measures import Change, Count, Quantity, Ratio, Status
from dashboard.indicators.model import Finding, Indicator, Topic
from dashboard.words import CHANGE, COUNT, PERCENT, Unit

TABLE = "participacion_municipal"
YEARS = (2011, 2015, 2019, 2023)
TURNOUT, VALID, SPOILED, RACE, GROWTH, POLLING = (
    "Cuántas personas votaron",
    "Votos válidos",
    "Votos nulos y en blanco",
    "Competencia",
    "Cambio entre elecciones",
    "Dónde se vota",
)
PER_100_REGISTERED = Unit(decimals=1, phrase="por cada 100 personas empadronadas")
ONLY_VALID = (
    "De 2015, 2019 y 2023 no hay votos emitidos, nulos ni en blanco por municipio: se publican los votos válidos, que son menos "
    "que las personas que votaron."
)
MAYOR = "Elección de corporación municipal (alcaldía)."


def _counted(column: str, year: int, title: str) -> Quantity:
    return Quantity(f"{column}_{year}", f"{title} en {year}", ((TABLE, column),)).at(eleccion=f"{year}-1")


def _status(group: str, year: int) -> Status:
    return Status(TABLE, f"estado_{group}", (("eleccion", f"{year}-1"),))


REGISTERED = {year: _counted("empadronados", year, "Personas empadronadas") for year in (2011, 2023)}
VOTES = {year: _counted("votos_validos", year, "Votos válidos") for year in YEARS}
CAST_2011 = _counted("votos_emitidos", 2011, "Votos emitidos")
NULL_2011 = _counted("votos_nulos", 2011, "Votos nulos")
BLANK_2011 = _counted("votos_blanco", 2011, "Votos en blanco")


RUN_OFF = "segunda_vuelta_2015"
RUN_OFF_VOTES = Quantity(
    "votos_validos_2015_2", "Votos válidos en la segunda vuelta de 2015", ((RUN_OFF, "votos_validos"),)
)
FCN_VOTES = Quantity("votos_fcn_2015_2", "Votos de FCN-Nación en la segunda vuelta de 2015", ((RUN_OFF, "votos_fcn"),))
ADULTS_2015 = Quantity(
    "poblacion_18_mas_2015",
    "Habitantes de 18 años y más en 2015 (proyección del INE)",
    ((RUN_OFF, "poblacion_18_mas"),),
)


def _where_to_vote(name: str, column: str, title: str, words: str) -> Indicator:
    places = (("mesas_municipio", column), ("mesas_municipio_2023", column))
    quantity = Quantity(f"{column}_2023", f"{title} en 2023", places, newest="eleccion")
    return Indicator(
        name=f"{name}-2023",
        title=f"{title} en 2023",
        group=POLLING,
        question=f"¿Dónde hubo más {words} en 2023?",
        short=f"{title} (2023)",
        measure=Count(quantity),
        unit=Unit(phrase=words),
        lead=f"{{en}} hubo {{valor}} {words} en las elecciones de 2023.",
        definition=f"{title} instalados dentro del país en la primera vuelta de 2023.",
        highest="Donde hubo más",
        lowest="Donde hubo menos",
    )


def _spoiled(name: str, title: str, quantity: Quantity, question: str) -> Indicator:
    return Indicator(
        name=f"{name}-2011",
        title=f"{title} en 2011",
        group=SPOILED,
        question=question,
        short=f"{title} (2011)",
        measure=Ratio(quantity, CAST_2011, complete=True),
        unit=PERCENT,
        lead=f"{{en}}, {{{quantity.name}}} de {{votos_emitidos_2011}} votos emitidos en 2011 fueron {title.lower()}: {{valor}}.",
        definition=f"{title} por cada 100 votos emitidos. {MAYOR}",
        statuses=(_status("nulos_blanco", 2011), _status("emitidos", 2011)),
    )


def _valid(year: int) -> Indicator:
    return Indicator(
        name=f"validos-{year}",
        title=f"Votos válidos en {year}",
        group=VALID,
        question=f"¿Dónde hubo más votos válidos en {year}?",
        short=f"Votos válidos ({year})",
        measure=Count(VOTES[year]),
        unit=COUNT,
        lead=f"{{en}} hubo {{valor}} votos válidos en la elección de alcaldes de {year}.",
        definition=f"Votos a favor de alguna organización. {MAYOR}",
        caveats=(ONLY_VALID,) if year != 2011 else (),
        statuses=(_status("validos", year),),
        highest="Donde hubo más",
        lowest="Donde hubo menos",
    )


def _margin(year: int) -> Indicator:
    return Indicator(
        name=f"margen-{year}",
        title=f"Margen del primer lugar en {year}",
        group=RACE,
        question=f"¿Dónde se decidió la alcaldía por menos en {year}?",
        short=f"Margen ({year})",
        measure=Ratio(_counted("margen_votos", year, "Margen de votos"), VOTES[year], complete=True),
        unit=PERCENT,
        lead=f"{{en}}, el primer lugar ganó en {year} por {{margen_votos_{year}}} votos de {{votos_validos_{year}}} válidos: "
        "{valor}.",
        definition=f"Votos del primer lugar menos los del segundo, por cada 100 votos válidos. {MAYOR}",
        findings=(Finding(lambda value: value < 1, "En {cuantos} la diferencia fue menor de 1\u00a0%: {lista}."),),
        statuses=(_status("partidos", year),),
        only_municipios=True,
        highest="Los más holgados",
        lowest="Los más reñidos",
    )


def _organisations(year: int) -> Indicator:
    return Indicator(
        name=f"organizaciones-{year}",
        title=f"Organizaciones que compitieron en {year}",
        group=RACE,
        question=f"¿Dónde compitieron más organizaciones en {year}?",
        short=f"Organizaciones ({year})",
        measure=Count(_counted("organizaciones", year, "Organizaciones")),
        unit=Unit(phrase="organizaciones"),
        lead=f"{{en}} compitieron {{valor}} organizaciones por la alcaldía en {year}.",
        definition=f"Partidos, coaliciones y comités cívicos con votos. {MAYOR}",
        statuses=(_status("organizaciones", year),),
        only_municipios=True,
    )


def _growth(before: int, now: int) -> Indicator:
    return Indicator(
        name=f"cambio-validos-{before}-{now}",
        title=f"Cambio en los votos válidos, {before}–{now}",
        group=GROWTH,
        question=f"¿Dónde hubo más votos válidos que en la elección anterior, entre {before} y {now}?",
        short=f"Cambio {before}–{now}",
        measure=Change(VOTES[now], VOTES[before], complete=True),
        unit=CHANGE,
        lead=f"{{en}} los votos válidos pasaron de {{votos_validos_{before}}} en {before} a {{votos_validos_{now}}} en {now}: "
        "{valor}.",
        definition=f"Diferencia entre los votos válidos de {now} y los de {before}, en por ciento de los de {before}. {MAYOR}",
        caveats=("Solo los municipios con cifra publicada en las dos elecciones.",),
        statuses=(_status("validos", now), _status("validos", before)),
        diverging=True,
        highest="Donde más crecieron",
        lowest="Donde menos",
    )


TOPIC = Topic(
    name="participacion",
    indicators=(
        Indicator(
            name="participacion-2011",
            title="Participación en 2011",
            group=TURNOUT,
            question="¿Dónde votó más parte del padrón en 2011?",
            short="Participación en 2011",
            measure=Ratio(CAST_2011, REGISTERED[2011], complete=True),
            unit=PERCENT,
            lead="{en} se emitieron {votos_emitidos_2011} votos de {empadronados_2011} personas empadronadas en la elección de "
            "alcaldes de 2011: {valor}.",
            definition=f"Votos emitidos por cada 100 personas empadronadas. {MAYOR} Es la única con votos emitidos "
            "por municipio.",
            caveats=(
                "La suma del país deja fuera los municipios con dato dudoso; el total oficial está en la serie de elecciones.",
            ),
            statuses=(_status("emitidos", 2011), _status("empadronados", 2011)),
        ),
        Indicator(
            name="validos-por-100-2023",
            title="Votos válidos por cada 100 empadronados en 2023",
            group=TURNOUT,
            question="¿Dónde hubo más votos válidos por cada 100 personas empadronadas en 2023?",
            short="Votos válidos por cada 100 empadronados (2023)",
            measure=Ratio(VOTES[2023], REGISTERED[2023], complete=True),
            unit=PER_100_REGISTERED,
            lead="{en} hubo {votos_validos_2023} votos válidos en la elección de alcaldes de 2023, de {empadronados_2023} "
            "personas empadronadas: {valor} por cada 100.",
            definition=f"Votos válidos por cada 100 personas empadronadas. {MAYOR} No es la participación: faltan los votos "
            "nulos y en blanco, que no se publican por municipio.",
            caveats=(ONLY_VALID,),
            statuses=(_status("validos", 2023), _status("empadronados", 2023)),
        ),
        Indicator(
            name="segunda-vuelta-2015",
            title="Votos válidos por cada 100 habitantes de 18 y más, segunda vuelta de 2015",
            group=TURNOUT,
            question="¿Dónde hubo más votos válidos en la segunda vuelta de 2015 por cada 100 habitantes adultos?",
            short="Segunda vuelta de 2015, por cada 100 de 18 y más",
            measure=Ratio(RUN_OFF_VOTES, ADULTS_2015, complete=True),
            unit=Unit(decimals=1, phrase="por cada 100 habitantes de 18 años y más"),
            lead="{en} hubo {votos_validos_2015_2} votos válidos en la segunda vuelta de 2015: {valor} por cada 100 de los "
            "{poblacion_18_mas_2015} habitantes de 18 años y más que proyectaba el INE.",
            definition="Votos válidos de la segunda elección presidencial de 2015 por cada 100 habitantes de 18 años y más según "
            "la proyección del INE (base 2002). No es la participación: el padrón de 2015 por municipio no está publicado.",
            statuses=(Status(RUN_OFF, "estado_tasa"),),
        ),
        Indicator(
            name="fcn-2015",
            title="Votos de FCN-Nación en la segunda vuelta de 2015",
            group=RACE,
            question="¿Dónde ganó FCN-Nación y dónde UNE en la segunda vuelta de 2015?",
            short="FCN-Nación, segunda vuelta de 2015",
            measure=Ratio(FCN_VOTES, RUN_OFF_VOTES, complete=True),
            unit=PERCENT,
            lead="{en}, FCN-Nación tuvo {votos_fcn_2015_2} de {votos_validos_2015_2} votos válidos en la segunda vuelta de 2015: "
            "{valor}. El resto fue para UNE.",
            definition="Votos de FCN-Nación por cada 100 votos válidos de la segunda vuelta presidencial de 2015, frente a UNE.",
            findings=(Finding(lambda value: value < 50, "En {cuantos} ganó UNE: {lista}."),),
            statuses=(Status(RUN_OFF, "estado_votos"),),
        ),
        _spoiled("nulos", "Votos nulos", NULL_2011, "¿Dónde fueron nulos más votos en 2011?"),
        _spoiled("blancos", "Votos en blanco", BLANK_2011, "¿Dónde hubo más votos en blanco en 2011?"),
        *map(_valid, reversed(YEARS)),
        _where_to_vote("mesas", "mesas", "Mesas de votación", "mesas de votación"),
        _where_to_vote("centros", "centros", "Centros de votación", "centros de votación"),
        *map(_margin, reversed(YEARS)),
        *map(_organisations, reversed(YEARS)),
        *(_growth(before, now) for before, now in ((2019, 2023), (2015, 2019), (2011, 2015))),
    ),
    default="validos-por-100-2023",
    profile=("participacion-2011", "validos-por-100-2023", "nulos-2011", "margen-2023", "mesas-2023"),
)
