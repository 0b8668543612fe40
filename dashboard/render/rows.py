"""The rows of the table of an Answer, written as HTML at once: a map has hundreds of them, and trees would take longer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import Any
from urllib.parse import quote_plus

from markupsafe import Markup

from dashboard.address.parameters import Question
from dashboard.figures.queries import PUBLISHED
from dashboard.render.html import text
from dashboard.view import Answer, AnswerColumn
from dashboard.words import WITHHELD

#: What makes the link that chooses a place, of its code and its name.
Link = Callable[[str, str], str]


#: What stands for any value in an address that is to have one: written as it is, and never a value.
ANY = "~~"


def addresses(asked: Question, path: str, attribute: str) -> Callable[[str], str]:
    """What gives `path` with `asked` for each value of one attribute that has no default: a table has a link for each of
    hundreds of places, that differ in nothing else.
    """
    before, after = asked.url(path, **{attribute: ANY}).split(ANY)
    return lambda value: f"{before}{quote_plus(value, safe=',')}{after}"


def place_links(asked: Question, path: str) -> Link:
    """What makes the link that chooses a place, for codes, which are nothing but digits."""
    before, after = (escape(part) for part in asked.url(path, lugar=ANY).split(ANY))
    return lambda code, name: Markup(f'<a data-lugar="{code}" href="{before}{code}{after}">{text(name)}</a>')


def written(answer: Answer, rows: Iterable[tuple[Any, ...]], link: Link | None = None) -> Markup:
    """The <tr> of each of `rows`, of the columns that are shown: with `link`, what the first shows leads to its place."""
    kept = list(rows)
    shown = texts(answer, kept)
    (_, first), *rest = shown
    codes: Iterable[Any] = (row[0] for row in kept)
    heads = map(link, codes, first) if link else map(text, first)
    cells = [_cells(column, words) for column, words in rest]
    beside = map("".join, zip(*cells, strict=True)) if cells else [""] * len(kept)
    return Markup(
        "".join([f'<tr><th scope="row">{head}</th>{row}</tr>' for head, row in zip(heads, beside, strict=True)])
    )


def texts(answer: Answer, rows: Iterable[tuple[Any, ...]]) -> list[tuple[AnswerColumn, list[str]]]:
    """Each column that is shown, with what it says in each of `rows`."""
    columns = [*zip(*rows, strict=True)] or [()] * len(answer.columns)
    found = zip(answer.columns, columns, strict=True)
    return [(column, _texts(answer, column, values, columns)) for column, values in found if not column.hidden]


def _texts(answer: Answer, column: AnswerColumn, values: Sequence[Any], columns: Sequence[Sequence[Any]]) -> list[str]:
    """What a column says in each row: of a value that is missing, why."""
    texts = column.texts(values)
    if column.explained_by and None in values:
        at = [other.field.name for other in answer.columns].index(column.explained_by)
        explain = answer.columns[at].write
        for number, (value, state) in enumerate(zip(values, columns[at], strict=True)):
            # A share of zero people cannot be computed: it is missing although every count of its row is published.
            if value is None and state != PUBLISHED:
                texts[number] = explain(state)
    return texts


def _cells(column: AnswerColumn, texts: Iterable[str]) -> list[str]:
    plain, hidden = '<td class="num">' if column.unit else "<td>", f'<td class="num confidencial">{WITHHELD}</td>'
    return [hidden if words == WITHHELD else f"{plain}{text(words)}</td>" for words in texts]
