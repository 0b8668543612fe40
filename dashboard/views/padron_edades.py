"""What ages do registered people have? The group filter of the page does not change it: it shows all ages by sex."""

from dashboard.address.selection import DATED
from dashboard.indicators.padron import REGISTERED
from dashboard.kinds.distribution import Distribution, crossing

VIEW = Distribution(
    "padron_edades",
    "El padrón por edad y sexo",
    "¿Qué edad tienen las personas empadronadas?",
    crossing(REGISTERED, "grupo_edad", "sexo"),
    (
        "{within}, el grupo más numeroso es el de {group}: {count} personas, {share} del padrón.",
        "En total, {total_mujeres} mujeres y {total_hombres} hombres.",
    ),
    label=("edad", "Edad"),
    ordered=True,
    contract=DATED,
).view()
