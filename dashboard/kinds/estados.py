"""The choropleth of the United States: every state coloured by its figure; most have none, and that is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.kinds.classes import Classes, classify
from dashboard.view import Result
from dashboard.words import Figure, Sentence, Unit, integer, listing, plural, sentence

MOST_NAMED = 4


@dataclass(frozen=True)
class Material:
    """A figure by state (None where nobody published one), in the order shown; `lead` answers when there are figures and
    `empty` when there are none; {total}, {count}, {top}, {top_name} and {rest} are filled in. `more` follows.
    """

    values: Mapping[str, float | None]
    names: Mapping[str, str]
    title: str
    unit: Unit
    lead: str
    empty: str
    more: tuple[Sentence, ...] = ()


@dataclass(frozen=True)
class State:
    """One state: its figure, as written and in which class."""

    code: str
    name: str
    value: float | None
    text: str
    klass: int


@dataclass(frozen=True)
class Facts:
    """Every state, those with figure first."""

    title: str
    states: tuple[State, ...]
    classes: Classes
    lead: str
    empty: str
    more: tuple[Sentence, ...]

    @property
    def known(self) -> tuple[State, ...]:
        """The states with a figure, from the highest to the lowest."""
        return tuple(state for state in self.states if state.value is not None)


def facts(result: Result) -> Facts:
    """The states with their classes."""
    material: Material = result.material
    known = tuple(value for value in material.values.values() if value is not None)
    classes = classify(known, material.unit, False) if known else Classes((), material.unit)
    states = tuple(
        State(code, material.names[code], value, material.unit.write(value), classes.of(value))
        for code, value in material.values.items()
    )
    return Facts(material.title, states, classes, material.lead, material.empty, material.more)


def text(facts: Facts) -> tuple[Sentence, ...]:
    """How many, where most of them, and where nothing is known."""
    known = facts.known
    if not known:
        return (sentence(facts.empty), *facts.more)
    top, *others = known
    total = sum(state.value for state in known if state.value is not None)
    lead = sentence(
        facts.lead,
        total=Figure(integer(total), total),
        count=Figure(plural(len(known), "estado o territorio", "estados y territorios"), len(known)),
        top=Figure(top.text, top.value),
        top_name=top.name,
        rest=listing([f"{state.name} ({state.text})" for state in others[: MOST_NAMED - 1]]),
    )
    return (lead, *facts.more)


def figure(facts: Facts) -> dict[str, object]:
    """The paint: {code: [class, figure as written]}, the style of each class, and the legend."""
    return {
        "pintura": {state.code: [state.klass, state.text] for state in facts.states},
        "clases": facts.classes.styles(),
        "leyenda": [[klass, words] for klass, words in facts.classes.labels()] if facts.known else [],
        "paleta": "secuencial",
    }
