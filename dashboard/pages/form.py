"""The filter bar: a native GET form that works without scripts; with them, its changes become addresses.

It derives from the declared parameters, so a new one gets its control without any change here. The population groups are
one control for the sexo and one for everything else: no source crosses two traits, so one select for each would offer
combinations that do not exist.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from dashboard.address.parameters import Parameter, Question
from dashboard.address.selection import Selection
from dashboard.address.vocabulary import DEPARTAMENTO, Territories
from dashboard.render.jinja import render
from dashboard.words import listing

#: The control that chooses a trait, in the form and in the address of a browser without scripts: «edad.18_25».
TRAIT, APART = "grupo", "."
EVERYBODY = "Todas las personas"
Choices = list[tuple[str, list[tuple[str, str]]]]
#: What stands for the latest of whatever another control asks for, as long as nobody chooses another: by name, those controls.
FOLLOWS = {"eleccion": ("indicador", "cuenta"), "corte": ("indicador", "cuenta")}
#: The places that are inside of the one of another control.
INSIDE = {"lugar": "departamento", "municipio": "departamento", "ciudad": "estado"}


@dataclass(frozen=True)
class Control:
    """One parameter in the form, with its value, whether it applies and the value that an address leaves out; `grouped`
    says whether it is of those that choose a population group.
    """

    parameter: Parameter
    value: str
    active: bool
    left_out: str = ""
    grouped: bool = False

    @property
    def follows(self) -> tuple[str, ...]:
        """The controls whose change leaves this one at its first choice, if that is the one chosen."""
        return FOLLOWS.get(self.parameter.name, ())

    @property
    def inside(self) -> str:
        """The control whose change leaves out the place that this one chooses."""
        return INSIDE.get(self.parameter.name, "")

    @property
    def options(self) -> Choices:
        """The choices by heading: (heading or "", [(value, words)])."""
        item = self.parameter
        first = [("", [("", item.everything)])] if item.everything else []
        if item.headings is None:
            return [("", [*(pair for _, pairs in first for pair in pairs), *item.values.items()])]
        return [
            *first,
            *((title, [(name, item.values[name]) for name in names]) for title, names in item.headings.items()),
        ]


def controls(
    parameters: Iterable[Parameter], question: Question, applies: Callable[[Parameter], bool] = lambda item: True
) -> list[Control]:
    """The controls of a form with `question` chosen; `applies` says of a parameter whether it can be asked."""
    values, unsaid = question.values(), type(question)().values()
    return [
        Control(
            item,
            values.get(item.name) or item.default,
            applies(item),
            "" if item.name in question.KEPT or unsaid.get(item.name) != item.default else item.default,
        )
        for item in parameters
        if item.control
    ]


def trait_control(traits: Sequence[Parameter], question: Question) -> Control:
    """One control for the parameters that choose a trait, which are never asked for together."""
    asked = question.values()
    values = {f"{item.name}{APART}{value}": words for item in traits for value, words in item.values.items()}
    headings = {item.title: [f"{item.name}{APART}{value}" for value in item.values] for item in traits}
    chosen = next((f"{item.name}{APART}{asked[item.name]}" for item in traits if asked.get(item.name)), "")
    names = [item.title.lower() for item in traits]
    title = f"{listing(names)[:1].upper()}{listing(names)[1:]}".replace(" y ", " o ") if names else "Otro rasgo"
    parameter = Parameter(TRAIT, title, "", values, "", EVERYBODY, headings=headings)
    return Control(parameter, chosen, bool(traits), grouped=True)


def ungrouped(query: Mapping[str, str]) -> dict[str, str] | None:
    """`query` as addresses are written, of one that a browser without scripts made with the control of traits; None for
    any other.
    """
    if TRAIT not in query:
        return None
    name, _, value = query[TRAIT].partition(APART)
    rest = {key: asked for key, asked in query.items() if key != TRAIT and asked}
    return {**rest, name: value} if name and value else rest


def filter_form(
    found: Iterable[Control],
    selection: Selection,
    path: str,
    territories: Territories,
    summary: str,
    kept: Mapping[str, str],
) -> Markup:
    """The form of a map page, with `selection` chosen; it says what its place is inside of, and keeps what is `kept` of the
    address. On a phone it is folded into its `summary`, so that the map is in sight.
    """
    place = selection.lugar or ""
    inside = " ".join(territories.containing(place))
    controls = list(found)
    return render(
        "filtros.html.j2",
        path=path,
        before=[item for item in controls if not item.grouped and item.parameter.name in BEFORE_THE_GROUP],
        group=[item for item in controls if item.grouped],
        after=sorted(
            (item for item in controls if not item.grouped and item.parameter.name not in BEFORE_THE_GROUP),
            key=lambda item: item.parameter.name != AGAINST,
        ),
        place=place,
        inside=inside,
        is_departamento=territories.level(place) == DEPARTAMENTO,
        summary=summary,
        kept=list(kept.items()),
    )


#: What is measured and of when comes first, then of whom and against what, then where.
BEFORE_THE_GROUP, AGAINST = ("indicador", "eleccion", "corte"), "frente"


def options_form(
    found: Iterable[Control],
    path: str,
    action: str,
    kept: Mapping[str, str] | None = None,
    prefix: str = "o",
    summary: str = "",
) -> Markup:
    """A form of selects that needs no script; `action` is what its button says and `kept` what else its address asks.

    Each select has an `id` that begins with `prefix`: two forms of a page have different ones. On a phone it is folded into
    its `summary`, when it has one.
    """
    unseen = list((kept or {}).items())
    return render(
        "opciones.html.j2", path=path, controls=found, action=action, kept=unseen, prefix=prefix, summary=summary
    )
