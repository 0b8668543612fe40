"""Who lived there in 2018? The census by pueblo, mother tongue and linguistic community, which the registry does not say."""

from dashboard.figures.measures import Quantity
from dashboard.indicators.padron import REGISTERED
from dashboard.kinds.distribution import Distribution, unless

NOTES = ("El censo cuenta habitantes, no personas empadronadas{aparte}.",)
VIEWS = (
    Distribution(
        "censo_pueblo",
        "Habitantes por pueblo (censo 2018)",
        "¿De qué pueblos son sus habitantes?",
        unless(REGISTERED, Quantity("poblacion", "Habitantes", (("censo_2018_pueblo", "poblacion"),)), "pueblo"),
        ("{within} se identificaron como de pueblo {name} {count} de {whole} habitantes censados en 2018: {share}.",),
        notes=NOTES,
    ).view(),
    Distribution(
        "censo_idioma",
        "Habitantes por idioma materno (censo 2018)",
        "¿Qué idiomas aprendieron primero?",
        unless(
            REGISTERED,
            Quantity("poblacion", "Habitantes de 4 años y más", (("censo_2018_idioma_materno", "poblacion"),)),
            "idioma",
        ),
        (
            "{within} el idioma materno más frecuente es {name}: {count} de {whole} habitantes de 4 años y más, {share}.",
        ),
        notes=NOTES,
    ).view(),
    Distribution(
        "censo_comunidad",
        "Población maya por comunidad lingüística (censo 2018)",
        "¿De qué comunidades lingüísticas es la población maya?",
        unless(
            REGISTERED,
            Quantity("poblacion", "Habitantes de pueblo maya", (("censo_2018_comunidad_linguistica", "poblacion"),)),
            "comunidad_linguistica",
        ),
        (
            "{within} la comunidad lingüística más numerosa es {name}: {count} de {whole} habitantes de pueblo maya, "
            "{share}.",
        ),
        notes=NOTES,
    ).view(),
)
