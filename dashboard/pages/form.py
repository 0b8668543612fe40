"""The filter bar: a native GET form that works without scripts; with them, its changes become addresses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from dashboard.address.selection import LEVELS, URL_NAMES, Selection
from dashboard.address.vocabulary import DIMENSIONS, Territories
from dashboard.indicators import INDICATORS, Topic
from dashboard.render.jinja import render

EVERYBODY = {"sexo": "Mujeres y hombres", "grupo_edad": "Todas", "alfabetismo": "Todas"}
SHORT = {"grupo_edad": "Edad"}


def filter_form(topic: Topic, selection: Selection, path: str, territories: Territories) -> Markup:
    """The form of a map page, with `selection` chosen."""
    chosen = form_state(topic, selection)
    options = {
        "indicador": [(group, [(item.name, item.title) for item in items]) for group, items in topic.groups().items()],
        "departamento": _options("Todo el país", territories.departamentos),
        **{URL_NAMES[name]: _options(EVERYBODY[name], DIMENSIONS[name].labels or {}) for name in DIMENSIONS},
        "ver": [("", list(LEVELS.items()))],
    }
    fields = [
        {
            "name": name,
            "title": _titles()[name],
            "value": state["valor"],
            "active": state["activo"],
            "groups": options[name],
        }
        for name, state in chosen.items()
    ]
    return render("filtros.html.j2", path=path, fields=fields, place=selection.lugar or "")


def form_state(topic: Topic, selection: Selection) -> dict[str, dict[str, Any]]:
    """The value of each control and whether it applies; a dimension that no indicator of the topic takes has no control."""
    parameters = selection.parameters()
    accepted = INDICATORS[selection.indicador].accepts()
    offered = frozenset().union(*(indicator.accepts() for indicator in topic.indicators))
    controls = {
        "indicador": True,
        "departamento": True,
        **{URL_NAMES[name]: name in accepted for name in DIMENSIONS if name in offered},
        "ver": True,
    }
    values = parameters | {"ver": selection.nivel}
    return {name: {"valor": values.get(name, ""), "activo": active} for name, active in controls.items()}


def _titles() -> dict[str, str]:
    dimensions = {URL_NAMES[name]: SHORT.get(name, field.title) for name, field in DIMENSIONS.items()}
    return {"indicador": "Indicador", "departamento": "Departamento", **dimensions, "ver": "Ver por"}


def _options(everything: str, labels: Mapping[str, str]) -> list:
    return [("", [("", everything), *labels.items()])]
