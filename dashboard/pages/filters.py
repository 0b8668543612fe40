"""The filters of a map page: what they offer for what is chosen, what they say of it in one line, and why a population
group cannot be asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dashboard.address.phrases import LEVEL_NAMES, people, place_name, scope
from dashboard.address.selection import PAGE, Selection
from dashboard.address.vocabulary import EVERYONE, Offer
from dashboard.commitment.crosses import TOPICS as ASKED_FOR
from dashboard.commitment.supply import GROUPS
from dashboard.figures.counted import COUNTRY
from dashboard.figures.elections import ELECTION
from dashboard.indicators import INDICATORS
from dashboard.pages.form import Control, controls, trait_control
from dashboard.render.blocks import Face
from dashboard.render.dash_doors import Component, html
from dashboard.site import Site

CUTOFF, RIVAL, SEX = "corte", "frente", "sexo"
#: What the script decides of a place when the filters change, and what another question begins without.
GIVEN_UP = ("lugar", "filas")


def form(offer: Offer, selection: Selection) -> list[Control]:
    """The controls, with `selection` chosen. What the indicator does not take is not offered: an election, a cut-off, a group
    that no source crosses for it.
    """
    declared = PAGE.parameters(offer)
    traits = [item for item in declared if item.group and item.column != SEX]
    found = []
    for control in controls([item for item in declared if item not in traits], selection):
        name = control.parameter.name
        if name in (ELECTION, CUTOFF, RIVAL):
            of_time = name == CUTOFF or (name == RIVAL and selection.indicador in offer.earlier)
            found.append(_varying(control, _values(name, offer, selection), of_time))
        elif name == SEX:
            found.append(replace(control, active=offer.crosses(selection.indicador, (SEX,)), grouped=True))
        else:
            found.append(control)
    if traits:
        asked = [item for item in traits if offer.crosses(selection.indicador, (item.column,))]
        at = next((place for place, item in enumerate(found, 1) if item.parameter.name == SEX), len(found))
        found.insert(at, trait_control(asked, selection))
    return found


def kept(offer: Offer, selection: Selection) -> dict[str, str]:
    """What the address asks that has no control, and that a change of the filters leaves as it is."""
    asked = selection.parameters()
    unseen = (item.name for item in PAGE.parameters(offer) if not item.control)
    return {name: asked.get(name, "") for name in unseen if name not in GIVEN_UP}


def _values(name: str, offer: Offer, selection: Selection) -> dict[str, str]:
    """The choices of a control that depend on the indicator, the one by default first."""
    if name == RIVAL and selection.indicador in offer.earlier:
        return dict(offer.earlier[selection.indicador].get(selection.eleccion, {}))
    if name == RIVAL:
        rivals = offer.rivals(selection.indicador, selection.group)
        return {value: people(group, registered=False) for value, group in rivals.items()}
    offered = offer.elections if name == ELECTION else offer.cutoffs
    return dict(offered.get(selection.indicador, {}))


def _varying(control: Control, values: dict[str, str], of_time: bool) -> Control:
    """A control with the choices there are; one `of_time` begins with the latest, which an address leaves out, and when there
    is no other there is nothing to choose.
    """
    first = next(iter(values), "")
    return replace(
        control,
        parameter=replace(control.parameter, values=values, everything="" if values else "Ninguna"),
        value=control.value or first,
        active=len(values) > 1 if of_time else bool(values),
        left_out=first if of_time else "",
    )


def summary(site: Site, offer: Offer, selection: Selection) -> str:
    """What is asked, in one line: «2023, 1.ª vuelta · mujeres mayas · todo el país, por municipio»."""
    said = [
        offer.titled(selection.indicador),
        offer.elections.get(selection.indicador, {}).get(selection.eleccion, ""),
        offer.every_cutoff.get(selection.corte, ""),
        people(selection.group, registered=False) if selection.group != EVERYONE else "",
        f"frente a {_against(offer, selection)}" if selection.frente else "",
        f"{place_name(scope(selection), site.territories) if scope(selection) else 'todo el país'}, por "
        f"{LEVEL_NAMES[selection.nivel][0]}",
    ]
    return " · ".join(item for item in said if item)


def _against(offer: Offer, selection: Selection) -> str:
    """What the one asked for is set against, in words: a group, or an election."""
    rivals = offer.rivals(selection.indicador, selection.group)
    if selection.frente in rivals:
        return people(rivals[selection.frente], registered=False)
    return offer.every_rival[selection.frente]


def why_not(offer: Offer, topic: str, selection: Selection, face: Face) -> list[Component]:
    """Which groups cannot be asked for and why, each leading to what is missing of it."""
    indicator = INDICATORS.get(selection.indicador)
    if indicator is None:
        return []
    fixed = {column for quantity in indicator.measure.quantities for column, _ in quantity.where}
    taken = [name for name in GROUPS if offer.crosses(selection.indicador, (name,))]
    lacking = [name for name in GROUPS if name not in taken and name not in fixed]
    nowhere = [name for name in lacking if name not in offer.groups]
    here = [name for name in lacking if name in offer.groups]
    said: list[list[Component | str]] = []
    if SEX in taken and len(taken) > 1:
        said.append(["Aquí el sexo se cruza con una sola característica más. "])
    if here:
        said.append(
            [
                f"«{indicator.title}» no se puede dividir por ",
                *missing(here, f"{topic}-{COUNTRY}", face),
                ": ninguna fuente lo cruza. ",
            ]
        )
    if nowhere:
        what = ASKED_FOR[topic].lower()
        said.append([f"Nadie ha publicado la {what}" if what.endswith("ción") else f"Nadie ha publicado el {what}"])
        said[-1] += [" por ", *missing(nowhere, f"{topic}-{COUNTRY}", face), "."]
    return [html.P([part for sentence in said for part in sentence], className="nota")] if said else []


def missing(names: Sequence[str], of: str, face: Face) -> list[Component | str]:
    """Some groups, each as a link to its cross, in the page of what is missing, with what `of` says: «padron-pais»."""
    root = face.root
    found: list[Component | str] = []
    for place, name in enumerate(names):
        found += ["" if not place else " ni " if place == len(names) - 1 else ", "]
        found.append(html.A(GROUPS[name].title.lower(), href=f"{root}/que-falta#{of}-{name}"))
    return found
