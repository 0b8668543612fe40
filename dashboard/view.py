"""A View is a question; an Answer is its answer for one selection. Every face is a pure rendering of the Answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import ModuleType
from typing import Any

from dashboard.address.parameters import Asked, Contract, Parameter, Question, context
from dashboard.address.selection import PLACED
from dashboard.figures.provenance import Provenance, notices, provenance
from dashboard.figures.queries import Data
from dashboard.indicators.offers import offer
from dashboard.words import NO_DATA, Sentence, Unit
from etl.country import COUNTRY
from etl.model import Field, Kind


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
            return NO_DATA if value is None else str(value)
        return self.unit.write(value)


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


#: What every figure says of itself, on the page and in every row of a file.
EVIDENCE = (
    text_column("naturaleza", "Naturaleza", "Si la cifra es oficial, preliminar, derivada o de prensa."),
    text_column("confianza_fila", "Confianza", "Confianza de la fuente de esta cifra."),
    text_column("corte_fila", "De cuándo es", "Corte de esta cifra, en palabras."),
    text_column("fuente_fila", "Fuente", "Fuente de esta cifra."),
    text_column("url_fila", "Dirección de la fuente", "Dónde está la fuente de esta cifra.", hidden=True),
    text_column("cita_fila", "Cita", "Palabras o lugar de la fuente donde está la cifra.", hidden=True),
)


@dataclass(frozen=True)
class Result:
    """What a view's query found: columns, rows (exact values, in the order shown) and what its kind of picture needs.

    `tables` are the names of the published tables the figures come from; with `cutoffs`, only their sources of those days.
    """

    question: str
    columns: tuple[AnswerColumn, ...]
    rows: tuple[tuple[Any, ...], ...]
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
    depends on the day too: what expires is no longer told as if it held.
    """

    name: str
    title: str
    kind: PictureKind
    query: Callable[[Data, Any], Result]
    topic: str = "padron"
    contract: Contract[Any] = PLACED
    dated: bool = False

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
    """The answer of `view` for `selection` in `release`: what every face shows, each in its own way.

    `asked` is the selection as the files say it: (name of the column, title, value).
    """

    view: str
    title: str
    kind: str
    selection: Any
    asked: tuple[tuple[str, str, str], ...]
    release: str
    question: str
    columns: tuple[AnswerColumn, ...]
    rows: tuple[tuple[Any, ...], ...]
    facts: Any
    sentences: tuple[Sentence, ...]
    figure: Any
    sources: tuple[Provenance, ...]
    notes: tuple[str, ...]
    warnings: tuple[str, ...]
    synthetic: bool = False
    #: The tables that it was made from.
    tables: tuple[str, ...] = ()


def today() -> date:
    """The day in the country."""
    return COUNTRY.today()


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
        asked=tuple(context(view.parameters(data), selection)),
        release=data.release.id,
        question=result.question,
        columns=result.columns,
        rows=result.rows,
        facts=facts,
        sentences=view.kind.text(facts),
        figure=view.kind.figure(facts),
        sources=_sources(data, result),
        notes=result.notes,
        warnings=notices(data.release, result.tables),
        synthetic=data.release.synthetic,
        tables=tuple(result.tables),
    )


def _sources(data: Data, result: Result) -> tuple[Provenance, ...]:
    """The sources of the tables that a result rests on; of several deliveries, those of its cut-offs, when there are."""
    found = provenance(data.release, result.tables)
    chosen = tuple(source for source in found if source.cutoff in result.cutoffs)
    return chosen or found
