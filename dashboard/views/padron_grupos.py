"""Who is registered? The people of a place by pueblo and by linguistic community, where the registry says it."""

from dashboard.address.selection import DATED
from dashboard.indicators.padron import REGISTERED
from dashboard.kinds.distribution import Distribution, crossing, divided

VIEWS = (
    Distribution(
        "padron_pueblo",
        "El padrón por pueblo",
        "¿De qué pueblos son las personas empadronadas?",
        crossing(REGISTERED, "pueblo"),
        ("{within} son de pueblo {group} {count} de {whole} personas empadronadas: {share}.",),
        contract=DATED,
        held=divided(REGISTERED, "pueblo"),
    ).view(),
    Distribution(
        "padron_comunidad",
        "El padrón por comunidad lingüística",
        "¿De qué comunidades lingüísticas son las personas empadronadas?",
        crossing(REGISTERED, "comunidad_linguistica"),
        (
            "{within}, la comunidad lingüística más numerosa es {name}: {count} de {whole} personas empadronadas, {share}.",
        ),
        contract=DATED,
        held=divided(REGISTERED, "comunidad_linguistica"),
    ).view(),
)
