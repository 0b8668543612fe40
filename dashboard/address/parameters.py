"""What an address may ask, declared once: from a `Parameter` derive parsing, form, canonical address, files and OpenAPI.

Pages correct what cannot be honoured and say so; files and the API refuse it (`Asked.notices` and `Asked.unknown`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Generic, Self, TypeVar

from dashboard.address.attributes import attributes, part, query, unsaid
from dashboard.address.vocabulary import Offer, once

#: What a file says of a filter that was not used.
EVERY = "todos"
#: What a contract calls all the parameters that choose a population group.
GROUPS = "grupos"
LONGEST_VALUE_SHOWN = 40
#: What stands for a character that cannot be shown (a null byte, half of a surrogate pair).
UNSHOWABLE = "\ufffd"


@dataclass(frozen=True)
class Parameter:
    """One thing that an address may ask.

    `values` are those accepted, with the words for each; a parameter of many places takes up to `most` of them, joined by
    commas. `default` is what an address without it asks for, and is left out of canonical addresses. `everything` are the
    words of the choice that filters nothing ("" when something is always chosen); `unused`, what a file says then.
    `column` is its name in files; `headings` groups its values in the form; one without `control` has none in the form.
    Those that choose a population `group` are taken all together or none.
    """

    name: str
    title: str
    sentence: str
    values: Mapping[str, str]
    default: str = ""
    everything: str = ""
    unused: str = EVERY
    column: str = ""
    pattern: str = ""
    most: int = 1
    headings: Mapping[str, Sequence[str]] | None = None
    control: bool = True
    group: bool = False


@dataclass(frozen=True)
class Question:
    """What an address asks, already read: a frozen value whose attributes a view reads. This base class has none: it is
    the question of a view that takes no parameters.

    An attribute has the name of its parameter, or the one in `ASKED_AS`. Addresses leave out an attribute that has its
    default value, unless its parameter is among `KEPT`: that default depends on the release, so a link must say it.
    """

    ASKED_AS: ClassVar[Mapping[str, str]] = {}
    KEPT: ClassVar[frozenset[str]] = frozenset()

    def values(self) -> dict[str, str]:
        """The value of every parameter by its name in the address, in canonical order; "" when it is not used."""
        return {parameter: getattr(self, name) or "" for name, parameter, _ in attributes(type(self))}

    def parameters(self) -> dict[str, str]:
        """The canonical query parameters: defaults are left out, the order is fixed."""
        said, usual = self.values().items(), unsaid(type(self))
        return {name: value for name, value in said if value and (name in self.KEPT or value != usual.get(name))}

    def only(self, names: tuple[str, ...]) -> Self:
        """The same question with nothing asked but by the parameters called `names`."""
        found: Self = part(self, names)
        return found

    def url(self, path: str, **changes: Any) -> str:
        """`path` with this question, after `changes` to its attributes."""
        asked = query(replace(self, **changes) if changes else self)
        return f"{path}?{asked}" if asked else path


Q = TypeVar("Q", bound=Question, covariant=True)


@dataclass(frozen=True)
class Asked(Generic[Q]):
    """A question and, in Spanish, what of the address had to be corrected; the parameters that it does not know; and the query
    as it was given.
    """

    selection: Q
    notices: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    given: Mapping[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Contract(Generic[Q]):
    """What a family of addresses may ask: `declare` gives its parameters; `build` makes the question from their values
    and adds to the notices what had to be corrected. With `names`, it takes only those parameters.
    """

    declare: Callable[[Offer], tuple[Parameter, ...]]
    build: Callable[[Mapping[str, str], Offer, list[str]], Q]
    names: tuple[str, ...] | None = None

    def only(self, *names: str) -> Contract[Q]:
        """The same contract for addresses that take only the parameters called `names`."""
        return replace(self, names=names)

    def parameters(self, offer: Offer) -> tuple[Parameter, ...]:
        """The parameters it takes, in canonical order: of those that the release has any value for."""
        found = once(self.declare)(offer)
        taken = (item for item in found if self.names is None or (GROUPS if item.group else item.name) in self.names)
        return offer.once(self, lambda: tuple(item for item in taken if item.values))

    def asked(self, query: Mapping[str, str], offer: Offer) -> Asked[Q]:
        """The question that `query` asks. Never raises: what cannot be honoured becomes a notice."""
        notices: list[str] = []
        declared = self.parameters(offer)
        values = {item.name: _value(item, query, notices) for item in declared}
        question = self.build(values, offer, notices)
        return Asked(question, tuple(notices), tuple(name for name in query if name not in values), query)


def _value(parameter: Parameter, query: Mapping[str, str], notices: list[str]) -> str:
    """The value of a parameter, its default when there is none to be honoured; `notices` says so."""
    asked = (query.get(parameter.name) or "").strip()
    if not asked or parameter.most > 1 or asked in parameter.values:
        return asked or parameter.default
    shown = asked if len(asked) <= LONGEST_VALUE_SHOWN else asked[:LONGEST_VALUE_SHOWN] + "…"
    notices.append(f"No hay «{shown}» en {parameter.name}: se muestra sin ese filtro.")
    return parameter.default


def context(parameters: Iterable[Parameter], question: Question) -> list[tuple[str, str, str]]:
    """What was asked, for the columns of a file: (name, title, value)."""
    values = question.values()
    return [
        (f"consulta_{item.column or item.name}", f"Pedido: {item.title.lower()}", values.get(item.name) or item.unused)
        for item in parameters
    ]


def query_of(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The parameters of an address, one value each, as text that a page can carry.

    A parameter that comes several times with different values keeps them all, joined by commas. `lugares` reads that as
    a list. Any other parameter has no such value, so the reader is told instead of one being chosen in silence.
    """
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append("".join(letter if letter.isprintable() else UNSHOWABLE for letter in value))
    return {name: ",".join(dict.fromkeys(found)) for name, found in values.items()}
