"""A View is a question; an Answer is its answer for one selection. Every face is a pure rendering of the Answer."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from types import ModuleType
from typing import Any, TypeVar, overload

from dashboard.address.parameters import Asked, Contract, Parameter, Question, context
from dashboard.address.selection import PLACED
from dashboard.figures.elections import ELECTION, elections
from dashboard.figures.provenance import Provenance, Terms, invented, notices, out_of_scale, provenance, terms
from dashboard.figures.queries import Data
from dashboard.indicators.offers import offer
from dashboard.words import NO_DATA, Sentence, Unit
from etl.country import COUNTRY
from etl.fields import told
from etl.model import Field, Kind

Kept = TypeVar("Kept")


@dataclass(frozen=True)
class AnswerColumn:
    """A column of the answer: what it is (a Field, for files) and how it is written (a Unit, for readers; None for text).

    `hidden` columns go to the files only; `explained_by` names the column that says why a value is missing.
    """

    field: Field
    unit: Unit | None = None
    hidden: bool = False
    explained_by: str | None = None

    def write(self, value: Any) -> str:
        """`value` as a reader sees it."""
        if self.unit is None:
            return NO_DATA if value is None else (self.field.labels or {}).get(value, str(value))
        return self.unit.write(value)

    def texts(self, values: Iterable[Any]) -> list[str]:
        """Each of some values as a reader sees it."""
        if self.unit is not None:
            return self.unit.texts(values)
        if not (labels := self.field.labels):
            return [NO_DATA if value is None else str(value) for value in values]
        return [NO_DATA if value is None else labels.get(value, str(value)) for value in values]


def text_column(name: str, title: str, description: str, hidden: bool = False) -> AnswerColumn:
    """A column of words."""
    return AnswerColumn(Field(name, title, description, Kind.TEXTO), hidden=hidden)


def number_column(
    name: str, title: str, description: str, unit: str, written_as: Unit | None = None, decimal: bool = False
) -> AnswerColumn:
    """A column of numbers that may be missing; without `written_as`, for files only."""
    kind = Kind.DECIMAL if decimal else Kind.ENTERO
    field = Field(name, title, description, kind, unit=unit, nullable=True)
    return AnswerColumn(field, written_as, hidden=written_as is None)


#: What a row that was published so says of itself, in files: where it is empty, it is what the whole answer says.
OF_THE_ROW = (
    text_column(told.corte.name, told.corte.title, told.corte.description, hidden=True),
    text_column(told.clave_fuente.name, told.clave_fuente.title, told.clave_fuente.description, hidden=True),
)
#: What every figure says of itself, on the page and in every row of a file.
EVIDENCE = (
    text_column("naturaleza", "Naturaleza", "Si la cifra es oficial, preliminar, derivada o de prensa."),
    text_column("confianza_fila", "Confianza", "Confianza de la fuente de esta cifra."),
    text_column("corte_fila", "De cuándo es", "Corte de esta cifra, en palabras."),
    text_column("fuente_fila", "Fuente", "Fuente de esta cifra."),
    text_column("url_fila", "Dirección de la fuente", "Dónde está la fuente de esta cifra.", hidden=True),
    text_column("cita_fila", "Cita", "Palabras o lugar de la fuente donde está la cifra.", hidden=True),
    *OF_THE_ROW,
)


#: The rows of an answer: exact values, in the order shown.
Rows = Sequence[tuple[Any, ...]]


class WhenAsked(Sequence[tuple[Any, ...]]):
    """Rows that are made the first time that somebody looks: of thousands that only the files show."""

    def __init__(self, make: Callable[[], Iterable[tuple[Any, ...]]]) -> None:
        self._make = make

    @cached_property
    def _rows(self) -> tuple[tuple[Any, ...], ...]:
        return tuple(self._make())

    @overload
    def __getitem__(self, position: int) -> tuple[Any, ...]: ...
    @overload
    def __getitem__(self, position: slice) -> tuple[tuple[Any, ...], ...]: ...
    def __getitem__(self, position: int | slice) -> tuple[Any, ...]:
        return self._rows[position]

    def __len__(self) -> int:
        return len(self._rows)


@dataclass(frozen=True)
class Result:
    """What a view's query found: columns, rows (exact values, in the order shown) and what its kind of picture needs.

    `tables` are the names of the published tables the figures come from: of one with sources of days in `cutoffs`, only those.
    """

    question: str
    columns: tuple[AnswerColumn, ...]
    rows: Rows
    material: Any
    tables: tuple[str, ...]
    notes: tuple[str, ...] = ()
    cutoffs: tuple[date, ...] = ()


@dataclass(frozen=True)
class PictureKind:
    """A kind of picture: its facts, its words and its figure, side by side. One without words cannot exist."""

    name: str
    facts: Callable[[Result], Any]
    text: Callable[[Any], tuple[Sentence, ...]]
    figure: Callable[[Any], Any]

    @classmethod
    def of(cls, module: ModuleType) -> PictureKind:
        """The kind that `module` defines; AttributeError when any of its three parts is missing."""
        return cls(module.__name__.rsplit(".", 1)[-1], module.facts, module.text, module.figure)


@dataclass(frozen=True)
class View:
    """A question the site answers, under the name its files carry. `topic` names the indicators it can be asked for, and
    `contract` says which parameters its answer depends on: the only ones that its files take. The answer of a `dated` one
    depends on the day too: what expires is no longer told as if it held. Few of a `large` one are kept in memory. `held` says
    whether a release has anything of what it is about: where it has not, programs are not offered its files.
    """

    name: str
    title: str
    kind: PictureKind
    query: Callable[[Data, Any], Result]
    topic: str = "padron"
    contract: Contract[Any] = PLACED
    dated: bool = False
    large: bool = False
    held: Callable[[Data], bool] = lambda data: True

    def parameters(self, data: Data) -> tuple[Parameter, ...]:
        """What may be asked of it in one release."""
        return self.contract.parameters(offer(data, self.topic))

    def asked(self, query: Mapping[str, str], data: Data) -> Asked[Any]:
        """What the parameters of an address ask of it; never raises."""
        return self.contract.asked(query, offer(data, self.topic))

    def part(self, selection: Question) -> Question:
        """What of a selection it depends on: two selections that differ in the rest have one answer."""
        return selection if self.contract.names is None else selection.only(self.contract.names)


@dataclass(frozen=True)
class Answer:
    """The answer of `view` for `selection` in `release`: what every face shows, each in its own way."""

    view: str
    title: str
    kind: str
    selection: Any
    release: str
    question: str
    columns: tuple[AnswerColumn, ...]
    rows: Rows
    facts: Any
    sentences: tuple[Sentence, ...]
    sources: tuple[Provenance, ...]
    terms: Terms
    notes: tuple[str, ...]
    warnings: tuple[str, ...]
    synthetic: bool = False
    #: The tables that it was made from.
    tables: tuple[str, ...] = ()
    #: The day of each election (ISO), by its code, if it is of elections: only its files look.
    days: Callable[[], Mapping[str, str]] = field(default=dict, repr=False, compare=False)
    #: What may be asked of its view: only its files look.
    parameters: Callable[[], tuple[Parameter, ...]] = field(default=tuple, repr=False, compare=False)
    draw: Callable[[Any], Any] = field(default=lambda facts: None, repr=False, compare=False)
    #: What the faces made of nothing but this answer, by what it is.
    kept: dict[Hashable, Any] = field(default_factory=dict, repr=False, compare=False)

    def once(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        """What `make` gives, kept for as long as this answer is: for what depends on nothing else."""
        if key not in self.kept:
            self.kept[key] = make()
        found: Kept = self.kept[key]
        return found

    @cached_property
    def figure(self) -> Any:
        """What its picture is drawn from: a page with nothing but its words and its table makes none."""
        return self.draw(self.facts)

    @property
    def asked(self) -> tuple[tuple[str, str, str], ...]:
        """The selection as the files say it: (name of the column, title, value)."""
        return tuple(context(self.parameters(), self.selection))


#: The day that answers count from instead of today's, where something else was asked for.
_ON: ContextVar[date | None] = ContextVar("dia", default=None)


def today() -> date:
    """The day in the country, or the one that `on_day` says."""
    return _ON.get() or COUNTRY.today()


def is_for_ever() -> bool:
    """Whether what is answered must be the same on any day and after any other release: see `on_day`."""
    return _ON.get() is not None


@contextmanager
def on_day(day: date) -> Iterator[None]:
    """Answer as on another day: what is of a release for ever does not depend on when it is asked."""
    before = _ON.set(day)
    try:
        yield
    finally:
        _ON.reset(before)


def _election_days(data: Data, tables: Iterable[str]) -> dict[str, str]:
    """The day of each election (ISO), by its code; none when no table that figures come from is of elections."""
    of_elections = any(name in data.tables and ELECTION in data.tables[name].names for name in tables)
    return {code: item.day for code, item in elections(data).items()} if of_elections else {}


def answer(view: View, data: Data, selection: Question) -> Answer:
    """Ask `view` for its part of `selection`. Raises measures.Unaskable for what the release does not have."""
    selection = view.part(selection)
    result = view.query(data, selection)
    facts = view.kind.facts(result)
    return Answer(
        view=view.name,
        title=view.title,
        kind=view.kind.name,
        selection=selection,
        release=data.release.id,
        question=result.question,
        columns=result.columns,
        rows=result.rows,
        facts=facts,
        sentences=view.kind.text(facts),
        sources=provenance(data.release, result.tables, result.cutoffs),
        terms=terms(data.release, result.tables),
        notes=(*result.notes, *out_of_scale(data.release, result.tables)),
        warnings=notices(data.release, result.tables),
        synthetic=invented(data.release, result.tables),
        tables=tuple(result.tables),
        days=lambda: _election_days(data, result.tables),
        parameters=lambda: view.parameters(data),
        draw=view.kind.figure,
    )
