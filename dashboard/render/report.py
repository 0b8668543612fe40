"""The draft of an analysis: some figures of a release with their sentences, tables, sources and notes of method in place, and
marks where somebody has to write. It is parts that each kind of document writes in its own way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from dashboard.render.about import About, cited
from dashboard.render.files import about
from dashboard.render.rows import texts
from dashboard.view import EVIDENCE, Answer, AnswerColumn
from dashboard.words import NO_DATA, WITHHELD, integer, listing, long_date, plural
from etl.release.cited import Reference

#: What a page of a document can hold; the rest is in the file of the figure.
MOST_ROWS, MOST_COLUMNS = 25, 7
#: What every row says of itself in the same words is said of the table once.
SAID_ONCE = {column.field.name for column in EVIDENCE}


class Style(Enum):
    """What a paragraph is: a text, something to be replaced by whoever writes, a caption, a note or how something is cited."""

    TEXT = "texto"
    TO_WRITE = "por escribir"
    CAPTION = "leyenda"
    NOTE = "nota"


@dataclass(frozen=True)
class Link:
    """Words that lead to an address."""

    words: str
    address: str


Spoken = tuple[str | Link, ...]


@dataclass(frozen=True)
class Heading:
    """A title: 1 for the parts of the document, 2 for each figure."""

    level: int
    words: str


@dataclass(frozen=True)
class Paragraph:
    """A text, with links."""

    spoken: Spoken
    style: Style = Style.TEXT


@dataclass(frozen=True)
class Items:
    """A list."""

    items: tuple[Spoken, ...]


@dataclass(frozen=True)
class Picture:
    """A picture: where it is, the words of whoever cannot see it, and its pixels."""

    address: str
    words: str
    pixels: Callable[[], bytes]


@dataclass(frozen=True)
class Grid:
    """A table: its heads, its rows and which of its columns are numbers."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[bool, ...]

    @property
    def widths(self) -> tuple[float, ...]:
        """The part of the width that each column takes: as much as its words need, and longer texts in some lines."""
        least, wanted = zip(*map(_letters, zip(self.heads, *self.rows, strict=True)), strict=True)
        more = [most - few for few, most in zip(least, wanted, strict=True)]
        given = min(1.0, max(0, ROOM - sum(least)) / (sum(more) or 1))
        found = [few + given * extra for few, extra in zip(least, more, strict=True)]
        return tuple(one / sum(found) for one in found)


#: Letters of a small text: in the width of a page, and in a line of a cell.
ROOM, LINE = 96, 30


def _letters(texts: Sequence[str]) -> tuple[int, int]:
    """How many letters wide a column is at least, not to cut a word, and how many it would be."""
    longest_word = max((len(word) for text in texts for word in text.split()), default=1)
    least = min(longest_word + 2, LINE)
    return least, max(least, min(max(map(len, texts)) + 2, LINE))


Part = Heading | Paragraph | Items | Picture | Grid


@dataclass(frozen=True)
class Card:
    """A figure that can be cited: its answer, where the same is for ever, its files, and its picture, if it is drawn.

    Addresses are whole ones, and name the release.
    """

    answer: Answer
    address: str
    table: str
    picture: str = ""
    pixels: Callable[[], bytes] | None = None

    @property
    def about(self) -> About:
        """Its licence, its sources and how it is cited."""
        return about(self.answer)

    @property
    def said(self) -> str:
        """Its answer in words."""
        return " ".join(sentence.plain() for sentence in self.answer.sentences)

    def reference(self, number: int) -> Reference:
        """It as a work that is cited; its `number` tells it from others of the same view."""
        told = self.about
        sources = tuple(map(cited, told.sources))
        name = f"{self.answer.view}_{number}"
        return Reference(name, self.answer.question, sources, told.license_id, self.answer.release, self.address, None)


@dataclass(frozen=True)
class Report:
    """The draft: its title, its parts, the day of its figures, which is the one that its file says, and its references."""

    title: str
    parts: tuple[Part, ...]
    day: date
    references: tuple[Reference, ...]


TITLE = "[Título del informe]"


def report(cards: Sequence[Card], release: str, day: date, again: str) -> Report:
    """The draft of an analysis with some figures of a release, up to a `day`; `again` is where the same figures are gathered."""
    references = tuple(card.reference(number) for number, card in enumerate(cards, 1))
    parts: list[Part] = [
        *_beginning(release, day, again, any(card.answer.synthetic for card in cards)),
        Heading(1, "Resumen"),
        _to_write("[En un párrafo: qué se preguntó, qué se encontró y qué se pide.]"),
        Items(tuple((_first(card), f" (figura {number})") for number, card in enumerate(cards, 1))),
        Heading(1, "Lo que dicen las cifras"),
    ]
    for number, card in enumerate(cards, 1):
        parts += _figure(card, number)
    parts += [
        Heading(1, "Qué se concluye y qué se pide"),
        _to_write("[Conclusiones, y qué se pide a quién.]"),
        *_method(cards),
        Heading(1, "Fuentes"),
        *_sources(cards),
        Heading(1, "Referencias"),
        Items(tuple((one.apa(""),) for one in references)),
    ]
    return Report(TITLE, tuple(parts), day, references)


def _to_write(words: str) -> Paragraph:
    return Paragraph((words,), Style.TO_WRITE)


def _first(card: Card) -> str:
    return card.answer.sentences[0].plain() if card.answer.sentences else card.answer.question


def _beginning(release: str, day: date, again: str, invented: bool) -> list[Part]:
    kept = (
        f"Borrador hecho con Padrón Abierto, publicación {release}, con cifras hasta el {long_date(day)}. Las cifras, las "
        "tablas, las fuentes y las notas de método son las publicadas; lo que está entre corchetes lo escribe quien firma. ",
        Link("Las mismas cifras, para cambiarlas", again),
        ".",
    )
    warned = [Paragraph(("Demostración con personas inventadas: ninguna cifra es real. No se cite.",), Style.NOTE)]
    return [
        _to_write("[Organización] · [Autoras y autores] · [Fecha]"),
        Paragraph(kept, Style.NOTE),
        *(warned if invented else []),
    ]


# --- Each figure ----------------------------------------------------------------------------------------------------------


def _figure(card: Card, number: int) -> list[Part]:
    """A figure: what was asked, what is answered, its picture, its table and where it is from."""
    answer = card.answer
    shown = _columns(answer)
    drawn: list[Part] = []
    if card.pixels:
        drawn = [
            Picture(card.picture, f"{answer.question} {card.said}", card.pixels),
            Paragraph((f"Figura {number}. {answer.title}. {_sources_of(card)}",), Style.CAPTION),
        ]
    name = "Tabla" if card.pixels else "Figura"
    return [
        Heading(2, f"{number}. {answer.question}"),
        Paragraph((card.said,)),
        *drawn,
        Paragraph((f"{name} {number}. {answer.title}. {_cut(answer, shown)}",), Style.CAPTION),
        *([_grid(shown)] if answer.rows else []),
        *(Paragraph((note,), Style.NOTE) for note in answer.notes),
        Paragraph(("Enlace permanente: ", Link(card.address, card.address)), Style.NOTE),
        Paragraph(("Todas las filas y columnas, en CSV: ", Link(card.table, card.table)), Style.NOTE),
        Paragraph((f"Para citarla: {card.about.citation}",), Style.NOTE),
        _to_write("[Qué significa esta cifra para quien lee.]"),
    ]


Shown = Sequence[tuple[AnswerColumn, list[str]]]


def _columns(answer: Answer) -> Shown:
    """The first rows of a figure, without the columns that say of every row the same about where it is from."""
    found = texts(answer, answer.rows[:MOST_ROWS])
    return [
        (column, words)
        for column, words in found
        if column.field.name not in SAID_ONCE or (len(set(words)) > 1 and "" not in words)
    ]


def _cut(answer: Answer, shown: Shown) -> str:
    """What of a figure is not in its table; what there is, if it is whole."""
    rows, columns = len(answer.rows), len(shown)
    if not rows:
        return "No tiene filas."
    said = []
    if rows > MOST_ROWS:
        said.append(f"las primeras {MOST_ROWS} de {integer(rows)} filas")
    if columns > MOST_COLUMNS:
        said.append(f"{MOST_COLUMNS} de {columns} columnas")
    return f"Se muestran {listing(said)}; las demás están en el archivo." if said else plural(rows, "fila.", "filas.")


def _grid(shown: Shown) -> Grid:
    kept = shown[:MOST_COLUMNS]
    return Grid(
        tuple(column.field.title for column, _ in kept),
        tuple(zip(*(words for _, words in kept), strict=True)),
        tuple(column.unit is not None for column, _ in kept),
    )


def _sources_of(card: Card) -> str:
    said = re.search(r"Fuente: .*", card.about.citation)
    return said[0] if said else card.about.citation


# --- What is said of all of them -------------------------------------------------------------------------------------------


def _method(cards: Sequence[Card]) -> list[Part]:
    """What who reads must know of the figures: when they are of, what is missing, what each column is, what was warned."""
    warned = list(dict.fromkeys(text for card in cards for text in card.answer.warnings))
    parts: list[Part] = [
        Heading(1, "Notas de método"),
        Items(
            (
                (f"«{NO_DATA}» quiere decir que ninguna fuente publicada lo trae: no es cero.",),
                (f"«{WITHHELD}» quiere decir que la cuenta es tan pequeña que podría señalar a alguien.",),
                ("Cada cifra es del corte de su fuente: compare las de cortes distintos solo si lo dice.",),
            )
        ),
        _to_write("[Cómo se eligieron estas cifras y qué no pueden decir.]"),
    ]
    for number, card in enumerate(cards, 1):
        parts += [
            Paragraph((f"Qué es cada columna de la figura {number}:",)),
            Items(tuple((_column(column),) for column, _ in _columns(card.answer)[:MOST_COLUMNS])),
        ]
    if warned:
        parts.append(Paragraph(("Lo que las fuentes advierten:",)))
        parts.append(Items(tuple((text,) for text in warned)))
    return parts


def _column(column: AnswerColumn) -> str:
    field = column.field
    unit = field.unit or (column.unit.phrase or column.unit.mark if column.unit else "")
    return f"{field.title}{f' ({unit})' if unit else ''}: {field.description}"


SOURCE_HEADS = ("Fuente", "Quién la publicó", "De cuándo es", "Confianza", "Licencia")


def _sources(cards: Iterable[Card]) -> list[Part]:
    """The sources of all the figures, each once, and where each is."""
    found = {str(item): item for card in cards for item in card.about.sources}
    rows = [
        (item["titulo"], item["editor"], item.get("corte_texto") or item["corte"], item["confianza"], item["licencia"])
        for item in found.values()
    ]
    where = [(f"{item['titulo']}: ", Link(item["url"], item["url"])) for item in found.values() if _leads(item["url"])]
    return [Grid(SOURCE_HEADS, tuple(rows), (False,) * len(SOURCE_HEADS)), Items(tuple(where))]


def _leads(address: str) -> bool:
    return address.startswith(("https://", "http://"))
