"""The indicators of participation in elections: turnout where it is published, valid votes where it is not.

Each is asked for one election: which ones, the release says. {eleccion} is the one asked for, in words.
"""

from __future__ import annotations

from dashboard.address.vocabulary import EVERYONE
from dashboard.figures.counted import CUTOFF
from dashboard.figures.measures import (
    ASKED,
    BEFORE,
    OTHERS,
    Change,
    Count,
    Difference,
    Gap,
    Quantity,
    Ratio,
    Remainder,
    Status,
)
from dashboard.figures.turnout import Roll
from dashboard.indicators import papeletas
from dashboard.indicators.model import Finding, Indicator, Topic
from dashboard.words import CHANGE, COUNT, MORE_OR_LESS, PERCENT, Unit

TABLE, OFFICE = "participacion_municipal", "corporacion_municipal"
WHO, TURNOUT, VALID, SPOILED, RACE, GROWTH, POLLING = (
    "Quién votó",
    "Cuántas personas votaron",
    "Votos válidos",
    "Votos nulos y en blanco",
    "Competencia",
    "Cambio entre elecciones",
    "Dónde se vota",
)
PER_100_REGISTERED = Unit(decimals=1, phrase="por cada 100 personas empadronadas")
ONLY_VALID = (
    "De {eleccion} no hay votos emitidos, nulos ni en blanco por municipio: se publican los votos válidos, que son menos que "
    "las personas que votaron."
)
MAYOR = "Elección de corporación municipal (alcaldía)."


def _counted(column: str, title: str, when: str = ASKED) -> Quantity:
    return Quantity(column, title, ((TABLE, column),), when=when).at(cargo=OFFICE)


def _status(group: str, when: str = ASKED) -> Status:
    return Status(TABLE, f"estado_{group}", (("cargo", OFFICE),), when)


REGISTERED = _counted("empadronados", "Personas empadronadas")
CAST = _counted("votos_emitidos", "Votos emitidos")
VOTES = _counted("votos_validos", "Votos válidos")

#: Second rounds: the table of today, and the one of releases that only had the first of them.
RUN_OFF, RUN_OFF_OF_OLD = "segunda_vuelta", "segunda_vuelta_2015"


def _run_off(column: str, title: str, name: str = "") -> Quantity:
    return Quantity(name or column, title, ((RUN_OFF, column), (RUN_OFF_OF_OLD, column)), when=ASKED)


RUN_OFF_VOTES = _run_off("votos_validos", "Votos válidos")
ADULTS = _run_off("poblacion_18_mas", "Habitantes de 18 años y más proyectados por el INE")


def _of_the_run_off(state: str) -> tuple[Status, ...]:
    return tuple(Status(table, state, when=ASKED) for table in (RUN_OFF, RUN_OFF_OF_OLD))


#: Counted person by person from the roll of an election: who was on it, and who voted.
CUBE = "participacion_cubo"


def _person_by_person(column: str, title: str, when: str = ASKED) -> Quantity:
    return Quantity(column, title, ((CUBE, column),), newest=CUTOFF, when=when)


ROLL = _person_by_person("empadronados", "Personas empadronadas")
VOTERS = _person_by_person("votantes", "Personas que votaron")
#: The same two, for the questions that take every group of a place at once.
ON_ROLLS = Roll(ROLL, VOTERS)
VOTERS_OF_ALL = VOTERS.of(EVERYONE, "votantes_todos", "Todas las personas que votaron")
ROLL_AGAINST = ROLL.of(OTHERS, "empadronados_frente", "Personas empadronadas del otro grupo")
VOTERS_AGAINST = VOTERS.of(OTHERS, "votantes_frente", "Personas que votaron del otro grupo")
TURNOUT_NOW = Ratio(VOTERS, ROLL)
TURNOUT_BEFORE = Ratio(
    _person_by_person("votantes", "Personas que votaron", BEFORE),
    _person_by_person("empadronados", "Personas empadronadas", BEFORE),
)
DISTANCE = Unit(decimals=1, phrase="puntos porcentuales", signed=True)
ON_THE_ROLL = "Padrón de la elección: personas que residen en el país, con los rasgos que tenían en el registro."

#: Who voted, by population group: what no record of votes can tell, because the vote is secret, and a roll can.
BY_GROUP = (
    Indicator(
        name="votaron",
        title="Participación por grupo",
        titled="Participación de {quienes} en {eleccion}",
        group=WHO,
        question="¿Dónde votaron más {las_personas} en {eleccion}?",
        short="Participación en {eleccion}",
        measure=TURNOUT_NOW,
        unit=PERCENT,
        lead="{en} votaron {votantes} de {empadronados} {quienes} en {eleccion}: {valor}.",
        definition=f"Personas que votaron por cada 100 empadronadas. {ON_THE_ROLL}",
        contrasted=True,
    ),
    Indicator(
        name="abstencion",
        title="Abstención por grupo",
        titled="Abstención de {quienes} en {eleccion}",
        group=WHO,
        question="¿Dónde dejaron de votar más {las_personas} en {eleccion}?",
        short="Abstención en {eleccion}",
        measure=Remainder(VOTERS, ROLL),
        unit=PERCENT,
        lead="{en} no votaron {resto} de {empadronados} {quienes} en {eleccion}: {valor}.",
        definition=f"Personas que no votaron por cada 100 empadronadas. {ON_THE_ROLL}",
        contrasted=True,
    ),
    Indicator(
        name="votantes",
        title="Personas que votaron",
        titled="Votaron en {eleccion}: {quienes}",
        group=WHO,
        question="¿Dónde votaron más personas en {eleccion}?",
        short="Votaron en {eleccion}",
        measure=Count(VOTERS),
        unit=COUNT,
        lead="{en} votaron {valor} {quienes} en {eleccion}.",
        definition=f"Personas que votaron. {ON_THE_ROLL}",
        highest="Donde votaron más",
        lowest="Donde votaron menos",
    ),
    Indicator(
        name="padron-eleccion",
        title="Padrón de la elección",
        titled="Padrón de {eleccion}: {quienes}",
        group=WHO,
        question="¿Dónde había más {quienes} en {eleccion}?",
        short="Padrón de {eleccion}",
        measure=Count(ROLL),
        unit=COUNT,
        lead="{en} había {valor} {quienes} en {eleccion}.",
        definition=f"Personas que podían votar. {ON_THE_ROLL}",
        highest="Donde había más",
        lowest="Donde había menos",
    ),
    Indicator(
        name="parte-votantes",
        title="Parte de quienes votaron",
        titled="Parte de quienes votaron en {eleccion}: {quienes}",
        group=WHO,
        question="¿Dónde pesan más entre quienes votaron {las_personas} en {eleccion}?",
        short="Parte de quienes votaron en {eleccion}",
        measure=Ratio(VOTERS, VOTERS_OF_ALL),
        unit=PERCENT,
        lead="{en} votaron {votantes} {quienes} en {eleccion}, de {votantes_todos} personas que votaron: {valor}.",
        definition=f"Personas de un grupo por cada 100 de las que votaron en el mismo lugar. {ON_THE_ROLL}",
    ),
    Indicator(
        name="brecha-participacion",
        title="Distancia entre dos grupos, en puntos",
        titled="Distancia entre {las_personas} y {frente} en {eleccion}",
        group=WHO,
        question="¿Dónde votaron más {las_personas} que {frente} en {eleccion}?",
        short="Distancia en {eleccion}",
        measure=Gap(TURNOUT_NOW, Ratio(VOTERS_AGAINST, ROLL_AGAINST)),
        unit=DISTANCE,
        lead="{en}, en {eleccion} votaron {primera} de {las_personas} y {segunda} de {frente}: {valor} puntos de distancia.",
        definition=f"Participación de un grupo menos la de otro, en puntos porcentuales. {ON_THE_ROLL}",
        findings=(Finding(lambda value: value < 0, "En {cuantos} la distancia es al revés: {lista}."),),
        diverging=True,
        highest="Donde más superan al otro grupo",
        lowest="Donde menos",
    ),
    Indicator(
        name="brecha-votantes",
        title="Distancia entre dos grupos, en personas",
        titled="Distancia en personas entre {las_personas} y {frente} en {eleccion}",
        group=WHO,
        question="¿Dónde votaron en mayor número {las_personas} que {frente} en {eleccion}?",
        short="Distancia en personas, {eleccion}",
        measure=Difference(VOTERS, VOTERS_AGAINST),
        unit=MORE_OR_LESS,
        lead="{en}, en {eleccion} votaron {votantes} de {las_personas} y {votantes_frente} de {frente}: {valor} de diferencia.",
        definition=f"Personas que votaron de un grupo menos las de otro. {ON_THE_ROLL}",
        findings=(Finding(lambda value: value < 0, "En {cuantos} es al revés: {lista}."),),
        diverging=True,
        highest="Donde más superan al otro grupo",
        lowest="Donde menos",
    ),
    Indicator(
        name="cambio-participacion",
        title="Cambio en la participación entre dos elecciones",
        titled="Cambio en la participación de {quienes}, {antes}–{eleccion}",
        group=WHO,
        question="¿Dónde subió más la participación de {las_personas} entre {antes} y {eleccion}?",
        short="Cambio {antes}–{eleccion}, en puntos",
        measure=Gap(TURNOUT_NOW, TURNOUT_BEFORE),
        unit=DISTANCE,
        lead="{en}, la participación de {las_personas} pasó de {segunda} en {antes} a {primera} en {eleccion}: {valor} puntos.",
        definition=f"Participación en una elección menos la de otra anterior, en puntos porcentuales. {ON_THE_ROLL}",
        findings=(Finding(lambda value: value < 0, "En {cuantos} bajó: {lista}."),),
        diverging=True,
        highest="Donde más subió",
        lowest="Donde menos",
    ),
)


def _where_to_vote(name: str, title: str, words: str) -> Indicator:
    return Indicator(
        name=name,
        title=title,
        group=POLLING,
        question=f"¿Dónde hubo más {words} en {{eleccion}}?",
        short=f"{title} ({{eleccion}})",
        measure=Count(Quantity(name, title, (("mesas_municipio", name), ("mesas_municipio_2023", name)), when=ASKED)),
        unit=Unit(phrase=words),
        lead=f"{{en}} hubo {{valor}} {words} en {{eleccion}}.",
        definition=f"{title} instalados dentro del país.",
        highest="Donde hubo más",
        lowest="Donde hubo menos",
    )


def _spoiled(name: str, column: str, title: str, question: str) -> Indicator:
    return Indicator(
        name=name,
        title=title,
        group=SPOILED,
        question=question,
        short=f"{title} ({{eleccion}})",
        measure=Ratio(_counted(column, title), CAST, complete=True),
        unit=PERCENT,
        lead=f"{{en}}, {{{column}}} de {{votos_emitidos}} votos emitidos en {{eleccion}} fueron {title.lower()}: {{valor}}.",
        definition=f"{title} por cada 100 votos emitidos. {MAYOR}",
        statuses=(_status("nulos_blanco"), _status("emitidos")),
    )


TOPIC = Topic(
    name="participacion",
    indicators=(
        *BY_GROUP,
        Indicator(
            name="participacion",
            title="Participación",
            group=TURNOUT,
            question="¿Dónde votó más parte del padrón en {eleccion}?",
            short="Participación en {eleccion}",
            measure=Ratio(CAST, REGISTERED, complete=True),
            unit=PERCENT,
            lead="{en} se emitieron {votos_emitidos} votos de {empadronados} personas empadronadas en la elección de alcaldes de "
            "{eleccion}: {valor}.",
            definition=f"Votos emitidos por cada 100 personas empadronadas. {MAYOR} Solo donde se publicaron los emitidos.",
            caveats=(
                "La suma del país deja fuera los municipios con dato dudoso; el total oficial está en la serie de elecciones.",
            ),
            statuses=(_status("emitidos"), _status("empadronados")),
        ),
        Indicator(
            name="validos-por-100",
            title="Votos válidos por cada 100 empadronados",
            group=TURNOUT,
            question="¿Dónde hubo más votos válidos por cada 100 personas empadronadas en {eleccion}?",
            short="Votos válidos por cada 100 empadronados ({eleccion})",
            measure=Ratio(VOTES, REGISTERED, complete=True),
            unit=PER_100_REGISTERED,
            lead="{en} hubo {votos_validos} votos válidos en la elección de alcaldes de {eleccion}, de {empadronados} personas "
            "empadronadas: {valor} por cada 100.",
            definition=f"Votos válidos por cada 100 personas empadronadas. {MAYOR} No es la participación: faltan los votos "
            "nulos y en blanco.",
            unless=((CAST, ONLY_VALID),),
            statuses=(_status("validos"), _status("empadronados")),
        ),
        papeletas.indicator(TURNOUT),
        Indicator(
            name="segunda-vuelta",
            title="Votos válidos por cada 100 habitantes de 18 y más",
            titled="{title}, {eleccion}",
            group=TURNOUT,
            question="¿Dónde hubo más votos válidos en {eleccion} por cada 100 habitantes adultos?",
            short="Por cada 100 de 18 y más, {eleccion}",
            measure=Ratio(RUN_OFF_VOTES, ADULTS, complete=True),
            unit=Unit(decimals=1, phrase="por cada 100 habitantes de 18 años y más"),
            lead="{en} hubo {votos_validos} votos válidos en {eleccion}: {valor} por cada 100 de los {poblacion_18_mas} "
            "habitantes de 18 años y más que proyectaba el INE.",
            definition="Votos válidos de una segunda elección presidencial por cada 100 habitantes de 18 años y más según la "
            "proyección del INE (base 2002). No es la participación: de esas elecciones no hay padrón por municipio.",
            statuses=_of_the_run_off("estado_tasa"),
        ),
        Indicator(
            name="primero-segunda-vuelta",
            title="Votos de quien ganó la segunda vuelta",
            titled="Votos de {primero} en {eleccion}",
            group=RACE,
            question="¿Dónde ganó {primero} y dónde {segundo} en {eleccion}?",
            short="{primero}, {eleccion}",
            measure=Ratio(_run_off("votos_primero", "Votos del primer lugar"), RUN_OFF_VOTES, complete=True),
            unit=PERCENT,
            lead="{en}, {primero} tuvo {votos_primero} de {votos_validos} votos válidos en {eleccion}: {valor}. El resto fue "
            "para {segundo}.",
            definition="Votos del partido que ganó en el país, por cada 100 votos válidos de la segunda elección presidencial.",
            findings=(Finding(lambda value: value < 50, "En {cuantos} ganó {segundo}: {lista}."),),
            statuses=_of_the_run_off("estado_votos"),
            named=(("primero", "partido_primero"), ("segundo", "partido_segundo")),
        ),
        _spoiled("nulos", "votos_nulos", "Votos nulos", "¿Dónde fueron nulos más votos en {eleccion}?"),
        _spoiled("blancos", "votos_blanco", "Votos en blanco", "¿Dónde hubo más votos en blanco en {eleccion}?"),
        Indicator(
            name="validos",
            title="Votos válidos",
            group=VALID,
            question="¿Dónde hubo más votos válidos en {eleccion}?",
            short="Votos válidos ({eleccion})",
            measure=Count(VOTES),
            unit=COUNT,
            lead="{en} hubo {valor} votos válidos en la elección de alcaldes de {eleccion}.",
            definition=f"Votos a favor de alguna organización. {MAYOR}",
            unless=((CAST, ONLY_VALID),),
            statuses=(_status("validos"),),
            highest="Donde hubo más",
            lowest="Donde hubo menos",
        ),
        _where_to_vote("mesas", "Mesas de votación", "mesas de votación"),
        _where_to_vote("centros", "Centros de votación", "centros de votación"),
        Indicator(
            name="margen",
            title="Margen del primer lugar",
            group=RACE,
            question="¿Dónde se decidió la alcaldía por menos en {eleccion}?",
            short="Margen ({eleccion})",
            measure=Ratio(_counted("margen_votos", "Margen de votos"), VOTES, complete=True),
            unit=PERCENT,
            lead="{en}, el primer lugar ganó en {eleccion} por {margen_votos} votos de {votos_validos} válidos: {valor}.",
            definition=f"Votos del primer lugar menos los del segundo, por cada 100 votos válidos. {MAYOR}",
            findings=(Finding(lambda value: value < 1, "En {cuantos} la diferencia fue menor de 1\u00a0%: {lista}."),),
            statuses=(_status("partidos"), _status("validos")),
            only_municipios=True,
            highest="Los más holgados",
            lowest="Los más reñidos",
        ),
        Indicator(
            name="organizaciones",
            title="Organizaciones que compitieron",
            group=RACE,
            question="¿Dónde compitieron más organizaciones en {eleccion}?",
            short="Organizaciones ({eleccion})",
            measure=Count(_counted("organizaciones", "Organizaciones")),
            unit=Unit(phrase="organizaciones"),
            lead="{en} compitieron {valor} organizaciones por la alcaldía en {eleccion}.",
            definition=f"Partidos, coaliciones y comités cívicos con votos. {MAYOR}",
            statuses=(_status("organizaciones"),),
            only_municipios=True,
        ),
        Indicator(
            name="cambio-validos",
            title="Cambio en los votos válidos entre dos elecciones",
            titled="Cambio en los votos válidos, {antes}–{eleccion}",
            group=GROWTH,
            question="¿Dónde aumentaron más los votos válidos entre {antes} y {eleccion}?",
            short="Cambio {antes}–{eleccion}",
            measure=Change(VOTES, _counted("votos_validos", "Votos válidos", BEFORE), complete=True),
            unit=CHANGE,
            lead="{en} los votos válidos pasaron de {votos_validos_antes} en {antes} a {votos_validos} en {eleccion}: {valor}.",
            definition="Diferencia entre los votos válidos de una elección y los de otra anterior, en por ciento de los de la "
            f"anterior. {MAYOR}",
            caveats=("Solo los municipios con cifra publicada en las dos elecciones.",),
            statuses=(_status("validos"), _status("validos", BEFORE)),
            diverging=True,
            highest="Donde más crecieron",
            lowest="Donde menos",
        ),
    ),
    default=("votaron", "validos-por-100"),
    profile=("votaron", "participacion", "validos-por-100", "nulos", "margen", "mesas"),
)
