"""The filters of the people counted abroad: what they offer for what is chosen, and why a group cannot be asked for."""

from __future__ import annotations

from dataclasses import replace

from markupsafe import Markup

from dashboard.address.abroad import people
from dashboard.address.parameters import Parameter
from dashboard.figures import diaspora
from dashboard.figures.diaspora import CIUDAD, ESTADO
from dashboard.indicators.offers import DIASPORA
from dashboard.pages.diaspora_asked import OWN, Diaspora
from dashboard.pages.form import controls, options_form
from dashboard.render.dash_doors import Component, html
from dashboard.words import listing


def form(found: Diaspora) -> Markup:
    """The filters: those that no view of what is counted is crossed by are there, and cannot be used."""
    offer = found.site.offer(DIASPORA)
    unused = {"eleccion": found.question.cuenta not in offer.elections, "corte": len(offer.every_cutoff) < 2}
    parameters = [_offered(found, item) for item in people().parameters(offer) if not unused.get(item.name)]
    open_to = controls(parameters, found.question, lambda item: not item.group or item.column in _crossed(found))
    open_to = [
        replace(item, left_out=next(iter(offer.every_cutoff))) if item.parameter.name == "corte" else item
        for item in open_to
    ]
    return options_form(open_to, found.request.face.path, "Ver", found.rest)


def _offered(found: Diaspora, item: Parameter) -> Parameter:
    """A parameter with the values that can be chosen: the cities are those of the state that is asked for."""
    if item.column != CIUDAD or ESTADO not in found.chosen:
        return item
    inside = diaspora.insides(found.site.data)
    there = {
        code: words
        for code, words in item.values.items()
        if inside.get((CIUDAD, code), {}).get(ESTADO) == found.chosen[ESTADO]
    }
    return replace(item, values=there)


def _crossed(found: Diaspora) -> set[str]:
    """The columns by which some view of what is counted can be filtered."""
    offer, cuenta = found.site.offer(DIASPORA), found.question.cuenta
    return {
        name
        for name in offer.groups
        if any(name not in own and offer.crosses(cuenta, (*own, name)) for own in OWN.values())
    }


def why_not(found: Diaspora) -> list[Component]:
    """Why some filters cannot be used, and where to ask for them."""
    offer = found.site.offer(DIASPORA)
    titles = [item.title.lower() for name, item in offer.groups.items() if name not in _crossed(found)]
    if not titles:
        return []
    what = f"«{offer.titled(found.question.cuenta)}» no se publica cruzado por {listing(titles)}. "
    return [
        html.P([what, html.A("Qué falta por publicar", href=found.face("/que-falta"))], className="nota pie-filtros")
    ]
