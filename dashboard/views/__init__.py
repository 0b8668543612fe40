"""The questions the site answers, one module each."""

from dashboard.view import View
from dashboard.views import (
    comparar,
    lugar,
    mapa_tematico,
    padron_alfabetismo,
    padron_edades,
    participacion_contienda,
    participacion_mesas,
    participacion_serie,
    participacion_votos,
    que_falta,
)
from dashboard.views.censo import CENSUS_VIEWS
from dashboard.views.extranjero import ABROAD_VIEWS

VIEWS: dict[str, View] = {
    view.name: view
    for view in (
        mapa_tematico.PADRON,
        mapa_tematico.PARTICIPACION,
        lugar.PADRON,
        lugar.PARTICIPACION,
        padron_edades.VIEW,
        padron_alfabetismo.VIEW,
        participacion_serie.VIEW,
        participacion_votos.VIEW,
        participacion_contienda.VIEW,
        comparar.VIEW,
        *participacion_mesas.VIEWS,
        *CENSUS_VIEWS,
        *ABROAD_VIEWS,
        que_falta.VIEW,
    )
}
