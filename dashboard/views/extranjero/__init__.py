"""The questions about the vote abroad, one module each."""

from dashboard.view import View
from dashboard.views.extranjero import (
    cifras,
    ciudades,
    consulados,
    elecciones,
    estados,
    participacion,
    procedimientos,
    sexo,
)

ABROAD_VIEWS: tuple[View, ...] = (
    ciudades.VIEW,
    estados.VIEW,
    elecciones.VIEW,
    participacion.VIEW,
    sexo.VIEW,
    cifras.VIEW,
    procedimientos.VIEW,
    consulados.VIEW,
)
