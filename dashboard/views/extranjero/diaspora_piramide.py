"""How many women and how many men are counted abroad, and of what age? Of a turnout, those who voted."""

from dashboard.address.abroad import people
from dashboard.figures.diaspora import EDAD, SEXO, by_age_and_sex, is_counted
from dashboard.indicators.offers import DIASPORA
from dashboard.kinds.distribution import Distribution

VIEW = Distribution(
    "diaspora_piramide",
    "Personas en el extranjero por edad y sexo",
    "¿Cuántas mujeres y cuántos hombres, y de qué edad?",
    by_age_and_sex,
    (
        "{total_mujeres} mujeres y {total_hombres} hombres.",
        "El grupo más numeroso es el de {group}: {count} personas, {share} del total.",
    ),
    label=("edad", "Edad"),
    ordered=True,
    topic=DIASPORA,
    contract=people(EDAD, SEXO),
    held=is_counted,
).view()
