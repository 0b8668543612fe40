"""The filter bar: a native GET form that works without scripts; with them, its changes become addresses.

It derives from the declared parameters, so a new one gets its control without any change here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from dashboard.address.parameters import Parameter, Question
from dashboard.address.selection import Selection
from dashboard.address.vocabulary import Territories
from dashboard.render.jinja import render


@dataclass(frozen=True)
class Control:
    """One parameter in the form, with its value, whether it applies and the value that an address leaves out; `varies` says
    whether its choices depend on what else is chosen.
    """

    parameter: Parameter
    value: str
    active: bool
    left_out: str = ""
    varies: bool = False

    @property
    def options(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The choices by heading: (heading or "", [(value, words)])."""
        item = self.parameter
        if item.headings is not None:
            return [(title, [(name, item.values[name]) for name in names]) for title, names in item.headings.items()]
        first = [("", item.everything)] if item.everything else []
        return [("", [*first, *item.values.items()])]


def controls(
    parameters: Iterable[Parameter], question: Question, applies: Callable[[Parameter], bool] = lambda item: True
) -> list[Control]:
    """The controls of a form with `question` chosen; `applies` says of a parameter whether it can be asked."""
    values = question.values()
    return [
        Control(
            item,
            values.get(item.name) or item.default,
            applies(item),
            "" if item.name in question.KEPT else item.default,
        )
        for item in parameters
        if item.control
    ]


def filter_form(found: Iterable[Control], selection: Selection, path: str, territories: Territories) -> Markup:
    """The form of a map page, with `selection` chosen; it says what its place is inside of."""
    place = selection.lugar or ""
    inside = " ".join(territories.containing(place))
    return render("filtros.html.j2", path=path, controls=found, place=place, inside=inside)


def options_form(
    found: Iterable[Control], path: str, action: str, kept: Mapping[str, str] | None = None, prefix: str = "o"
) -> Markup:
    """A form of selects that needs no script; `action` is what its button says and `kept` what else its address asks.

    Each select has an `id` that begins with `prefix`: two forms of a page have different ones.
    """
    unseen = list((kept or {}).items())
    return render("opciones.html.j2", path=path, controls=found, action=action, kept=unseen, prefix=prefix)


def form_state(found: Iterable[Control]) -> dict[str, dict[str, Any]]:
    """What the script needs of each control: its value, whether it applies and, if they vary, its choices."""
    return {item.parameter.name: _state(item) for item in found}


def _state(item: Control) -> dict[str, Any]:
    state: dict[str, Any] = {"valor": item.value, "activo": item.active}
    return state | ({"opciones": item.options[0][1]} if item.varies else {})
