"""The questions the site answers, one module each."""

from dashboard.view import View
from dashboard.views import padron_alfabetismo, padron_edades, padron_lugar, padron_mapa

VIEWS: dict[str, View] = {
    module.VIEW.name: module.VIEW for module in (padron_mapa, padron_lugar, padron_edades, padron_alfabetismo)
}
