"""How many registered women and men cannot read nor write?"""

from dashboard.address.selection import DATED
from dashboard.indicators.padron import REGISTERED
from dashboard.kinds.distribution import Distribution, crossing

VIEW = Distribution(
    "padron_alfabetismo",
    "Alfabetismo de las personas empadronadas",
    "¿Quiénes no leen ni escriben?",
    crossing(REGISTERED, "sexo", "alfabetismo"),
    (
        "{within} no leen ni escriben {share_mujeres} de las mujeres empadronadas ({count_mujeres}) y {share_hombres} de los "
        "hombres ({count_hombres}): {gap} puntos porcentuales de distancia.",
    ),
    label=("quienes", "Sexo"),
    ordered=True,
    part="analfabeta",
    columns={"alfabeta": ("alfabetas", "Leen y escriben"), "analfabeta": ("analfabetas", "No leen ni escriben")},
    notes=("El padrón registra el alfabetismo al empadronarse: no es una medición actual.",),
    contract=DATED,
).view()
