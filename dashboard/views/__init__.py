"""The questions the site answers, one module each."""

from dashboard.view import View
from dashboard.views import comparar, padron_alfabetismo, padron_edades, padron_lugar, padron_mapa
from dashboard.views.censo import CENSUS_VIEWS

VIEWS: dict[str, View] = {
    view.name: view
    for view in (
        padron_mapa.VIEW,
        padron_lugar.VIEW,
        padron_edades.VIEW,
        padron_alfabetismo.VIEW,
        comparar.VIEW,
        *CENSUS_VIEWS,
    )
}
