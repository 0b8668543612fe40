"""The indicators of the registry, one declaration each: question, words, measure and unit. What pages, files and the API
show of them derives from it."""

from __future__ import annotations

from dashboard.address.vocabulary import EVERYONE
from dashboard.figures.counted import CUTOFF
from dashboard.figures.measures import ASKED, EARLIER, OTHERS, Change, Count, Difference, Gap, Quantity, Ratio
from dashboard.indicators.cortes import since_the_cutoff
from dashboard.indicators.model import Finding, Indicator, Topic
from dashboard.words import CHANGE, COUNT, MORE_OR_LESS, PER_100, PERCENT, POINTS, Unit
from etl import fields

REGISTERED = Quantity(
    "empadronados",
    "Personas empadronadas",
    (("padron_municipal_edad", "empadronados"), ("padron_municipal_alfabetismo", "empadronados")),
    counted="empadronados",
    newest=CUTOFF,
).at(residencia="pais")
EVERYBODY = REGISTERED.of(EVERYONE, "empadronados_todos", "Todas las personas empadronadas")
SET_AGAINST = REGISTERED.of(OTHERS, "empadronados_frente", "Personas empadronadas del otro grupo")
AT_THE_CUTOFF_BEFORE = Quantity(
    REGISTERED.name, REGISTERED.title, REGISTERED.places, REGISTERED.where, REGISTERED.counted, CUTOFF, EARLIER
)
WOMEN = REGISTERED.at(sexo="mujeres").called("mujeres_empadronadas", "Mujeres empadronadas")
MEN = REGISTERED.at(sexo="hombres").called("hombres_empadronados", "Hombres empadronados")
AGED_18_25 = REGISTERED.at(grupo_edad="18_25").called("empadronados_18_25", "Personas empadronadas de 18 a 25 años")
AGED_18_30 = REGISTERED.at(grupo_edad=("18_25", "26_30")).called(
    "empadronados_18_30", "Personas empadronadas de 18 a 30 años"
)
AGED_61 = REGISTERED.at(grupo_edad=("61_65", "66_70", "70_mas")).called(
    "empadronados_61_mas", "Personas empadronadas de 61 años y más"
)
ILLITERATE = REGISTERED.at(alfabetismo="analfabeta").called(
    "empadronados_analfabetas", "Personas empadronadas que no leen ni escriben"
)
ILLITERATE_WOMEN = WOMEN.at(alfabetismo="analfabeta").called(
    "mujeres_analfabetas", "Mujeres empadronadas que no leen ni escriben"
)
ILLITERATE_MEN = MEN.at(alfabetismo="analfabeta").called(
    "hombres_analfabetas", "Hombres empadronados que no leen ni escriben"
)
POPULATION = Quantity(
    "poblacion_total",
    "Población total",
    (
        ("poblacion_municipal_publicada", "poblacion_publicada"),
        ("poblacion_municipal", "poblacion"),
        # What they were called in releases of when each year was a dataset.
        ("poblacion_2026_publicada", "poblacion_publicada"),
        ("poblacion_2026", "poblacion"),
    ),
    newest="anio",
)


AGED_20_AND_OVER = tuple(group for group in fields.EDADES_QUINQUENALES if int(group.split("_")[0]) >= 20)
CENSUS_20 = Quantity(
    "poblacion_censada_20_mas", "Habitantes de 20 años y más censados en 2018", (("censo_2018_edad", "poblacion"),)
).at(edad_quinquenal=AGED_20_AND_OVER)
#: The roll that was closed for an election.
ROLL = Quantity(
    "empadronados_eleccion", "Personas empadronadas", (("padron_serie_municipal", "empadronados"),), when=ASKED
)

#: Adults in the year of an election.
ADULTS = Quantity(
    "poblacion_18_mas",
    "Habitantes de 18 años y más proyectados por el INE",
    (("poblacion_18_mas_2011_2015", "poblacion_18_mas"),),
    when=ASKED,
)
POINTS_OF_THE_WHOLE = Unit(decimals=1, phrase="puntos porcentuales", signed=True)
PROJECTED = (
    "Los adultos de {eleccion} son los de la proyección del INE con base en el censo de 2002: no se mezclan con el censo de "
    "2018 ni con la población total de otro año.",
    "El padrón puede superar a los adultos: hay quien sigue empadronado donde ya no vive, y la proyección puede quedarse corta. "
    "Las fuentes no dicen cuánto pesa cada causa.",
    "Los municipios creados después de {eleccion} no tienen padrón ni proyección de entonces.",
)
CENSUS_CAVEAT = (
    "Padrón del último corte frente a censo de 2018: no es la proporción de adultos empadronados. El censo publica los "
    "20 años y más por municipio; los 18 y más, no."
)

SIZE, MISSING, COMPOSITION, VERSUS, READING, GROWTH = (
    "Cuántas personas",
    "Frente a los adultos",
    "Mujeres y edades",
    "Un grupo frente a otro",
    "Lectura y escritura",
    "Cambio en el tiempo",
)


def _share(
    name: str,
    part: Quantity,
    who: str,
    are: str,
    short: str,
    question: str,
    findings: tuple[Finding, ...] = (),
    caveats: tuple[str, ...] = (),
) -> Indicator:
    """How many of every hundred registered are `part`: `who` they are, and what they `are` in a sentence."""
    return Indicator(
        name=name,
        title=f"{who} en el padrón",
        group=COMPOSITION,
        question=question,
        short=short,
        measure=Ratio(part, REGISTERED),
        unit=PERCENT,
        lead=f"{{en}}, {{{part.name}}} de {{empadronados}} {{quienes}} {are}: {{valor}}.",
        definition=f"{who} por cada 100 personas empadronadas.",
        findings=findings,
        caveats=caveats,
    )


TOPIC = Topic(
    name="padron",
    indicators=(
        Indicator(
            name="tasa",
            title="Empadronados por cada 100 habitantes",
            group=SIZE,
            question="¿Dónde está empadronada más parte de la población?",
            short="Empadronados por cada 100 habitantes",
            measure=Ratio(REGISTERED, POPULATION, against=True),
            unit=PER_100,
            lead="{en} hay {empadronados} {quienes}: {valor} por cada 100 habitantes{de_poblacion_total}.",
            definition="Personas empadronadas activas por cada 100 habitantes de la población total más reciente, de todas "
            "las edades (no solo mayores de 18 años): por eso ningún lugar debería acercarse a 100.",
            findings=(
                Finding(
                    lambda value: value > 100, "En {cuantos} hay más personas empadronadas que habitantes: {lista}."
                ),
            ),
            caveats=(
                "La población es la total, de todas las edades: la de 18 años y más por municipio no está publicada.",
            ),
        ),
        Indicator(
            name="empadronados",
            title="Personas empadronadas",
            group=SIZE,
            question="¿Dónde hay más {quienes}?",
            short="Personas empadronadas",
            measure=Count(REGISTERED),
            unit=COUNT,
            lead="{en} hay {valor} {quienes}.",
            definition="Ciudadanas y ciudadanos con empadronamiento activo, según la estadística del TSE.",
            highest="Donde hay más",
            lowest="Donde hay menos",
        ),
        Indicator(
            name="adultos",
            title="Empadronados por cada 100 adultos",
            group=MISSING,
            question="¿Dónde estaba empadronada más parte de los adultos en {eleccion}?",
            short="Por cada 100 adultos ({eleccion})",
            measure=Ratio(ROLL, ADULTS, complete=True, against=True),
            unit=Unit(decimals=1, phrase="por cada 100 habitantes de 18 años y más en {eleccion}"),
            lead="{en} había {empadronados_eleccion} personas empadronadas para las elecciones de {eleccion} y "
            "{poblacion_18_mas} habitantes de 18 años y más: {valor} por cada 100.",
            definition="Personas empadronadas para una elección por cada 100 habitantes de 18 años y más que el INE "
            "proyectaba para el mismo año. Es la única base con adultos del mismo año y por municipio.",
            caveats=PROJECTED,
            findings=(
                Finding(
                    lambda value: value > 100,
                    "En {cuantos} el padrón superaba a los adultos de la proyección: {lista}.",
                ),
            ),
        ),
        Indicator(
            name="diferencia-adultos",
            title="Diferencia entre empadronados y adultos",
            group=MISSING,
            question="¿Dónde faltaban más adultos en el padrón de {eleccion}?",
            short="Empadronados menos adultos ({eleccion})",
            measure=Difference(ROLL, ADULTS, complete=True),
            unit=MORE_OR_LESS,
            lead="{en} había {empadronados_eleccion} personas empadronadas para las elecciones de {eleccion} frente a "
            "{poblacion_18_mas} habitantes de 18 años y más: {valor} de diferencia.",
            definition="Personas empadronadas para una elección menos habitantes de 18 años y más que el INE "
            "proyectaba para el mismo año. Con signo menos, los adultos que faltaban en el padrón.",
            caveats=PROJECTED,
            findings=(
                Finding(
                    lambda value: value < 0, "En {cuantos} había menos personas empadronadas que adultos: {lista}."
                ),
            ),
            diverging=True,
            highest="Donde el padrón más superaba a los adultos",
            lowest="Donde faltaban más",
        ),
        Indicator(
            name="censo-20",
            title="Empadronados por cada 100 habitantes de 20 años y más (censo 2018)",
            group=MISSING,
            question="¿Cuántas personas empadronadas hay por cada 100 habitantes adultos del censo?",
            short="Por cada 100 de 20 años y más (censo 2018)",
            measure=Ratio(REGISTERED, CENSUS_20, against=True),
            unit=Unit(decimals=1, phrase="por cada 100 habitantes de 20 años y más censados en 2018"),
            lead="{en} hay {valor} personas empadronadas por cada 100 habitantes de 20 años y más que contó el censo "
            "de 2018: {empadronados} frente a {poblacion_censada_20_mas}.",
            definition="Personas empadronadas por cada 100 habitantes de 20 años y más contados por el censo de 2018. "
            "Compara dos años y dos edades distintas (el padrón incluye desde los 18): sirve para comparar lugares, no "
            "como proporción de la población adulta.",
            caveats=(CENSUS_CAVEAT,),
            findings=(
                Finding(
                    lambda value: value > 100,
                    "En {cuantos} el padrón supera a los habitantes de 20 años y más que contó el censo de 2018.",
                ),
            ),
        ),
        Indicator(
            name="diferencia-censo-20",
            title="Diferencia entre empadronados y habitantes de 20 años y más (censo 2018)",
            group=MISSING,
            question="¿Dónde hay menos personas empadronadas que habitantes de 20 años y más contó el censo?",
            short="Empadronados menos 20 años y más (censo 2018)",
            measure=Difference(REGISTERED, CENSUS_20),
            unit=MORE_OR_LESS,
            lead="{en} hay {empadronados} personas empadronadas frente a {poblacion_censada_20_mas} habitantes de 20 "
            "años y más que contó el censo de 2018: {valor} de diferencia.",
            definition="Personas empadronadas menos habitantes de 20 años y más contados por el censo de 2018. Compara "
            "dos años y dos edades distintas: donde es menor que cero faltan personas aun así, y donde es mayor no se sabe "
            "cuántas faltan.",
            caveats=(CENSUS_CAVEAT,),
            findings=(
                Finding(
                    lambda value: value < 0,
                    "En {cuantos} hay menos personas empadronadas que habitantes de 20 años y más en 2018: {lista}.",
                ),
            ),
            diverging=True,
            highest="Donde el padrón más supera al censo",
            lowest="Donde el padrón queda más corto",
        ),
        _share(
            "mujeres",
            WOMEN,
            "Mujeres",
            "son mujeres",
            "Mujeres",
            "¿Dónde son más las mujeres en el padrón?",
            findings=(Finding(lambda value: value < 50, "En {cuantos} hay más hombres que mujeres: {lista}."),),
        ),
        _share(
            "jovenes-18-25",
            AGED_18_25,
            "Personas de 18 a 25 años",
            "tienen de 18 a 25 años",
            "De 18 a 25 años",
            "¿Dónde es más joven el padrón?",
        ),
        _share(
            "jovenes-18-30",
            AGED_18_30,
            "Personas de 18 a 30 años",
            "tienen de 18 a 30 años",
            "De 18 a 30 años",
            "¿Dónde pesan más en el padrón las personas de 18 a 30 años?",
        ),
        _share(
            "mayores-61",
            AGED_61,
            "Personas de 61 años y más",
            "tienen 61 años o más",
            "De 61 años y más",
            "¿Dónde pesan más en el padrón las personas mayores?",
            caveats=("En la fuente, los grupos «66 a 70» y «70 o más» se traslapan en los 70 años.",),
        ),
        Indicator(
            name="parte",
            title="Parte del padrón",
            titled="Parte del padrón: {quienes}",
            group=VERSUS,
            question="¿Dónde pesan más en el padrón {las_personas}?",
            short="Parte del padrón",
            measure=Ratio(REGISTERED, EVERYBODY),
            unit=PERCENT,
            lead="{en} hay {empadronados} {quienes}, de {empadronados_todos} personas del padrón: {valor}.",
            definition="Personas de un grupo por cada 100 del padrón del mismo lugar.",
        ),
        Indicator(
            name="brecha",
            title="Distancia entre dos grupos, en puntos",
            titled="Distancia en el padrón entre {las_personas} y {frente}",
            group=VERSUS,
            question="¿Dónde pesan más en el padrón {las_personas} que {frente}?",
            short="Distancia, en puntos",
            measure=Gap(Ratio(REGISTERED, EVERYBODY), Ratio(SET_AGAINST, EVERYBODY)),
            unit=POINTS_OF_THE_WHOLE,
            lead="{en}, {las_personas} son {primera} del padrón y {frente}, {segunda}: {valor} puntos de distancia.",
            definition="Parte del padrón que es de un grupo menos la que es de otro, en puntos porcentuales.",
            findings=(Finding(lambda value: value < 0, "En {cuantos} la distancia es al revés: {lista}."),),
            diverging=True,
        ),
        Indicator(
            name="brecha-personas",
            title="Distancia entre dos grupos, en personas",
            titled="Distancia en personas entre {las_personas} y {frente}",
            group=VERSUS,
            question="¿Dónde son más en el padrón {las_personas} que {frente}?",
            short="Distancia, en personas",
            measure=Difference(REGISTERED, SET_AGAINST),
            unit=MORE_OR_LESS,
            lead="{en}, {las_personas} del padrón son {empadronados} y {frente}, {empadronados_frente}: {valor} de diferencia.",
            definition="Personas empadronadas de un grupo menos las de otro.",
            findings=(Finding(lambda value: value < 0, "En {cuantos} es al revés: {lista}."),),
            diverging=True,
        ),
        Indicator(
            name="analfabetismo",
            title="Personas empadronadas que no leen ni escriben",
            group=READING,
            question="¿Dónde hay más personas empadronadas que no leen ni escriben?",
            short="No leen ni escriben",
            measure=Ratio(ILLITERATE, REGISTERED),
            unit=PERCENT,
            lead="{en}, {empadronados_analfabetas} de {empadronados} {quienes} no leen ni escriben: {valor}.",
            definition="Personas registradas como analfabetas por cada 100 personas empadronadas. Es el dato que cada persona "
            "tenía al empadronarse, no una medición actual.",
            caveats=("El padrón registra el alfabetismo al empadronarse: no es una medición actual.",),
        ),
        Indicator(
            name="brecha-analfabetismo",
            title="Distancia entre mujeres y hombres que no leen ni escriben",
            group=READING,
            question="¿Dónde están más lejos las mujeres de los hombres en leer y escribir?",
            short="Distancia entre mujeres y hombres que no leen",
            measure=Gap(Ratio(ILLITERATE_WOMEN, WOMEN), Ratio(ILLITERATE_MEN, MEN)),
            unit=POINTS,
            lead="{en} no leen ni escriben {primera} de las mujeres empadronadas y {segunda} de los hombres: {valor} puntos "
            "porcentuales de distancia.",
            definition="Porcentaje de mujeres empadronadas que no leen ni escriben menos el de hombres, en puntos porcentuales.",
            findings=(
                Finding(
                    lambda value: value < 0, "En {cuantos} la distancia es al revés, más hombres que mujeres: {lista}."
                ),
            ),
            caveats=("El padrón registra el alfabetismo al empadronarse: no es una medición actual.",),
            diverging=True,
        ),
        *since_the_cutoff(REGISTERED, AT_THE_CUTOFF_BEFORE, GROWTH),
        Indicator(
            name="cambio",
            title="Cambio desde el padrón de una elección",
            titled="Cambio desde el padrón de {eleccion}",
            group=GROWTH,
            question="¿Dónde ha crecido más el padrón desde {eleccion}?",
            short="Cambio desde {eleccion}",
            measure=Change(REGISTERED, ROLL),
            unit=CHANGE,
            lead="{en} el padrón pasó de {empadronados_eleccion} personas en {eleccion} a {empadronados} al {hoy}: {valor}.",
            definition="Diferencia entre el padrón activo y el que se cerró para una elección, en por ciento del de la elección.",
            findings=(
                Finding(
                    lambda value: value < 0, "En {cuantos} hay menos personas empadronadas que en {eleccion}: {lista}."
                ),
            ),
            caveats=(
                "Un municipio creado después de la elección no tiene padrón propio de entonces; los municipios de los que se "
                "separó comparan un territorio que se redujo.",
            ),
            diverging=True,
            highest="Donde más creció",
            lowest="Donde menos creció",
        ),
    ),
    default=("tasa",),
    # The five figures that matter.
    profile=("empadronados", "tasa", "mujeres", "jovenes-18-25", "analfabetismo"),
)
