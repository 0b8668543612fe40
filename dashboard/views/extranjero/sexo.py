"""How many women and how many men are registered abroad? One cut-off, and not of the final registry."""

from dashboard.address.abroad import NOTHING
from dashboard.figures.abroad import Figures
from dashboard.kinds.distribution import Distribution

VIEW = Distribution(
    "extranjero_sexo",
    "Mujeres y hombres empadronados en el extranjero",
    "¿Cuántas mujeres y cuántos hombres?",
    lambda data, selection: Figures(data).breakdown("empadronados", "sexo"),
    (
        "{name}, {count} de {whole} personas empadronadas en el extranjero ({share}); {other}, {count_other} "
        "({share_other}). Corte: {cutoff}.",
    ),
    notes=(
        "Es el único dato por sexo que se conoce, y su confianza es {confidence}: suma {whole} y no es del padrón final de "
        "{year}, que fue de {final}.",
    ),
    evidence=True,
    topic="extranjero",
    contract=NOTHING,
).view()
