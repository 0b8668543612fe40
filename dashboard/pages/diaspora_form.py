"""The filters of the people counted abroad: what they offer for what is chosen, and why a group cannot be asked for."""

from __future__ import annotations

from dataclasses import replace

from markupsafe import Markup

from dashboard.address.abroad import people
from dashboard.address.parameters import Parameter
from dashboard.commitment.crosses import PARTICIPATION, REGISTRY
from dashboard.commitment.supply import GROUPS
from dashboard.figures import diaspora
from dashboard.figures.counted import ABROAD
from dashboard.figures.diaspora import CIUDAD, ESTADO, SEXO
from dashboard.indicators.offers import DIASPORA
from dashboard.pages.diaspora_asked import OWN, Diaspora
from dashboard.pages.filters import missing
from dashboard.pages.form import controls, options_form
from dashboard.pages.que_falta import PATH as WHAT_LACKS
from dashboard.render.attributes import Attributes
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
    return options_form(open_to, found.request.face.path, "Ver", found.rest, summary=_summary(found))


def _summary(found: Diaspora) -> str:
    """What is asked, in one line: «Personas empadronadas · Mujeres · California»."""
    offer, asked = found.site.offer(DIASPORA), found.question
    said = [
        offer.titled(asked.cuenta),
        offer.elections.get(asked.cuenta, {}).get(asked.eleccion, ""),
        offer.every_cutoff.get(asked.corte, ""),
        *((offer.groups[name].labels or {})[value] for name, value in asked.who),
    ]
    return " · ".join([item for item in said if item] + ([] if asked.who else ["todas"]))


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
    """Why some filters cannot be used and which groups nobody crosses, each leading to what is missing of it."""
    offer, cuenta, face = found.site.offer(DIASPORA), found.question.cuenta, found.request.face
    topic = PARTICIPATION if cuenta in (diaspora.VOTERS, diaspora.TURNOUT) else REGISTRY
    abroad = f"{topic}-{ABROAD}"
    said: list[Component | str] = []
    if closed := [name for name in offer.groups if name not in _crossed(found)]:
        asked = [name for name in closed if name in GROUPS]
        others = [item.title.lower() for name, item in offer.groups.items() if name in closed and name not in GROUPS]
        said += [f"De «{offer.titled(cuenta)}» no se publica ningún cruce más: no se filtra por "]
        said += missing(asked, abroad, face)
        if others:
            link = html.A(listing(others), href=found.face(f"{WHAT_LACKS}#{abroad}"))
            said += [" ni por " if asked else "", link]
        said += [". "]
    if lacking := [name for name in GROUPS if name not in offer.groups]:
        what = "la participación" if topic == PARTICIPATION else "el padrón"
        said += [f"Nadie ha publicado {what} en el extranjero por ", *missing(lacking, abroad, face), "."]
    return [html.P(said, className="nota pie-filtros", id="pie-filtros")] if said else []


def sexes(found: Diaspora, own: tuple[str, ...], anchor: str) -> list[Component]:
    """The way to the same for women, for men and for both, where what is shown is crossed by it."""
    offer = found.site.offer(DIASPORA)
    if SEXO not in offer.groups or not offer.crosses(found.question.cuenta, (*own, SEXO)):
        return []
    chosen, rest = found.chosen.get(SEXO, ""), {name: value for name, value in found.chosen.items() if name != SEXO}
    items = []
    for value, words in {"": "Todas las personas", **(offer.groups[SEXO].labels or {})}.items():
        who = {**rest, SEXO: value} if value else rest
        ordered = tuple((name, who[name]) for name in diaspora.GROUPS if name in who)
        current = Attributes({"aria-current": "true"}) if value == chosen else Attributes({})
        href = found.url(replace(found.question, who=ordered), anchor)
        items.append(html.Li(html.A(words, href=href, className="boton", **current)))
    return [html.Ul(items, className="modos", **Attributes({"aria-label": "De quiénes"}))]
