"""Every undocumented name of Dash that the site uses, and what the site expects of each.

`pyproject.toml` holds Dash below the version that nobody has looked at, and tests/test_dash_doors.py says what each of
these must do: when one changes, that is where it shows. No other module of the site reaches past what Dash documents.
It is here, and not beside the Dash application in `web`, because what draws pages without Dash needs half of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, TypeGuard

import dash
from dash import Dash
from dash.backends import get_backend
from dash.development.base_component import Component
from dash.exceptions import DependencyException

#: `Component` is the type of whatever `dash.html` makes, which has no other name.
#: `DependencyException` is what Dash raises when a script of its own does not exist.
__all__ = (
    "Component",
    "DependencyException",
    "QuietDash",
    "html",
    "is_html",
    "open_no_websocket",
    "properties_among",
    "properties_of",
    "tag_of",
)

#: What a component of `dash.html` says that it belongs to; those that draw themselves in the browser say otherwise.
HTML_NAMESPACE = "dash_html_components"
#: What a component has besides what was said of it: the names of what can be said.
OF_ITS_CLASS = ("available_properties", "available_wildcard_properties")


#: Stands for children that nobody gave.
UNSAID = object()


class QuickHtml(SimpleNamespace):
    """The elements of `dash.html`, made in a seventh of the time: a page has thousands of them.

    Each is an element of Dash in everything. What Dash copies to every one is in its class, and the names that it is given
    are looked for in a set, without preparing the words of an error first.
    """

    def __getattr__(self, name: str) -> type[Component]:
        made = _quick(getattr(dash.html, name))
        setattr(self, name, made)
        return made


def _quick(theirs: type[Component]) -> type[Component]:
    of_the_class = vars(theirs())
    taken, begins = frozenset(of_the_class["_prop_names"]), tuple(of_the_class["_valid_wildcard_attributes"])

    known_to_be_taken: set[tuple[str, ...]] = set()

    def __init__(self: Component, children: Any = UNSAID, **properties: Any) -> None:
        said = tuple(properties)
        if said not in known_to_be_taken:
            for name in properties.keys() - taken:
                if not name.startswith(begins):
                    raise TypeError(f"html.{theirs.__name__} takes no {name}")
            known_to_be_taken.add(said)
        if children is not UNSAID:
            properties["children"] = children
        self.__dict__ = properties  # it has nothing of its own yet, and a copy would take as long as all the rest

    # Dash keeps a registry of the kinds of component, as these say that they are.
    known = {name: getattr(theirs, name) for name in ("__module__", "_namespace", "_children_props")}
    return type(theirs.__name__, (theirs,), {**of_the_class, **known, "__init__": __init__})


if TYPE_CHECKING:
    from dash import html
else:
    html = QuickHtml()


def is_html(node: object) -> TypeGuard[Component]:
    """Whether `node` is an element of HTML, made by `dash.html`."""
    kind: Any = type(node)
    return _is_html(kind)


@lru_cache(2_048)
def _is_html(kind: type) -> bool:
    return issubclass(kind, Component) and kind._namespace == HTML_NAMESPACE


def tag_of(element: Component | type[Component]) -> str:
    """The name of the element in HTML: `div` for `html.Div`."""
    return element._type.lower()


def properties_among(names: Iterable[str]) -> list[str]:
    """Of all that an element has, by name, what was said of it when it was made."""
    return [name for name in names if name[0] != "_" and name not in OF_ITS_CLASS]


def properties_of(element: Component) -> Mapping[str, Any]:
    """What was said of the element when it was made, `children` included, by the names that Dash gives them."""
    return {name: vars(element)[name] for name in properties_among(vars(element))}


def open_no_websocket() -> None:
    """Keep Dash from offering a websocket, which every visitor would open and nobody would use.

    Dash reads it from the class of its server, so it must be said before an application is made.
    """
    get_backend("fastapi").websocket_capability = False


class QuietDash(Dash):
    """A Dash application that hands over its configuration and its scripts, and says the same on every visit."""

    def _config(self) -> dict[str, Any]:
        # A signature for background callbacks, which we have none of; new on every visit, it would keep a browser from ever
        # finding that the page it holds is the same.
        return {name: value for name, value in Dash._config(self).items() if name != "end_id"}

    def config_html(self) -> str:
        """What Dash's script reads when it starts: one <script> element with JSON."""
        return self._written[0]

    def scripts_html(self) -> str:
        """The <script> elements of Dash and of its components, in the order in which they must run."""
        return self._written[1]

    @cached_property
    def _written(self) -> tuple[str, str]:
        # Neither changes once the application is made, and Dash goes through all of its components to write them.
        return self._generate_config_html(), self._generate_scripts_html()
