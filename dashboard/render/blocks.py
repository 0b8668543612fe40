"""An Answer as Dash components: the same tree is drawn by Dash and, through `render.html`, written as plain HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from markupsafe import Markup

from dashboard.address.selection import ALL_ROWS, Selection
from dashboard.figures.provenance import Provenance
from dashboard.kinds import comparacion, mapa
from dashboard.render import rows
from dashboard.render.actions import of_place
from dashboard.render.attributes import Attributes
from dashboard.render.card import place_tables, strip
from dashboard.render.dash_doors import Component, html
from dashboard.render.files import FORMATS, about
from dashboard.render.html import piece, text, to_html
from dashboard.view import Answer, AnswerColumn
from dashboard.words import Figure, Sentence, integer, listing, plural

FIRST_ROWS = 25


@dataclass(frozen=True)
class Face:
    """Which face is drawn: its path, where its links lead, and whether it is the accessible one."""

    path: str
    accessible: bool = False

    @property
    def root(self) -> str:
        """How the addresses of the pages of its mode begin."""
        return "/accesible" if self.accessible else ""

    def link(self, selection: Selection, **changes: object) -> str:
        """The address of `selection`, changed, in this face."""
        return selection.url(self.path, **changes) if changes else _address(self.path, selection)


@lru_cache(256)
def _address(path: str, selection: Selection) -> str:
    """The address of a selection, which a page says several times."""
    return selection.url(path)


def words(sentence: Sentence) -> list[str | Markup]:
    """A sentence with its figures in bold."""
    return [Markup(_spoken(sentence))]


def _spoken(sentence: Sentence) -> str:
    return "".join(
        [f"<strong>{text(part.text)}</strong>" if isinstance(part, Figure) else text(part) for part in sentence.parts]
    )


def question(answer: Answer, place: str, notices: Sequence[str], ways: Sequence[Component] = ()) -> list[Component]:
    """The question, its answer, what stands out, and what had to be corrected in the address."""
    sentences = answer.sentences
    first, rest = sentences[:2], sentences[2:]
    spoken = [part for position, item in enumerate(first) for part in ([" "] if position else []) + words(item)]
    return [
        html.P(place, className="migas"),
        html.H1(answer.question),
        html.P(spoken, className="respuesta"),
        *(html.P(words(item), className="hallazgo") for item in rest),
        *corrections(notices, ways),
    ]


def corrections(texts: Sequence[str], ways: Sequence[Component] = ()) -> list[Component]:
    """What had to be corrected in the address, and the `ways` to where it can be seen as it was asked for.

    The list is inside the element with the role `status`: with that role, it would no longer be read as a list.
    """
    items = [*(html.Li(text) for text in texts), *(html.Li(way) for way in ways)]
    return [html.Div(html.Ul(items, className="avisos"), role="status")] if items else []


def notes(answer: Answer, warned: bool = True) -> list[Component]:
    """The caveats of the figure in sight; what the release warns about its sources, folded (unless the page does it once)."""
    found = [html.P(text, className="nota") for text in answer.notes]
    return found + (warnings(answer.warnings) if warned else [])


def warnings(texts: Sequence[str]) -> list[Component]:
    """What the release warns about some sources, folded."""
    if not texts:
        return []
    count = plural(len(texts), "advertencia", "advertencias")
    inside = html.Ul([html.Li(text) for text in texts], className="nota")
    return [html.Details([html.Summary(f"{count} de la fuente"), inside], className="advertencias")]


def source_line(sources: Sequence[Provenance]) -> Markup:
    """Who published the figures, as of when and how far to trust them."""
    named = [
        f'<a href="{escape(source.url)}">{text(source.title)}</a>'
        f"{text(f' ({source.cutoff_text}; confianza {source.confidence}{_copied(source)})')}"
        for source in sources
    ]
    return Markup(piece("p", f"Fuente{'s' * (len(sources) != 1)}: {'; '.join(named)}.", "fuente"))


def _copied(source: Provenance) -> str:
    """That somebody else copied by hand what its publisher gave, if so."""
    return "; transcripción de un tercero" if source.transcriber else ""


def place_card(answer: Answer, selection: Selection, face: Face, own: str | None = None) -> Component:
    """The chosen place against what contains it. On a page
    of its own the card is called `own` and needs neither its words again nor a way to leave it.
    """
    facts: comparacion.Facts = answer.facts
    names = list(facts.names.values())
    unit = facts.main.indicator.unit
    heading = f"tarjeta-{answer.view}" if own else "lugar-elegido"
    head = [
        html.H2(own or names[0], id=heading),
        html.P(" · ".join(names if own else names[1:]), className="de"),
    ]
    known = facts.main.values[0] is not None
    figure = html.P(
        [html.Strong(facts.main.texts[0]), " ", html.Span(unit.phrase or facts.main.indicator.short.lower())],
        className="cifra-grande" if known else "cifra-grande sin-cifra",
    )
    return html.Section(
        [
            *head,
            figure,
            *strip(facts),
            *([] if own else [html.P(words(item)) for item in answer.sentences]),
            *(_framed(table, f"{answer.title}: {label}") for label, table in place_tables(facts)),
            source_line(answer.sources),
            *([] if own else [of_place(facts, face.root, face.link(selection, lugar=None))]),
        ],
        className="tarjeta ficha-lugar",
        **Attributes({"aria-labelledby": heading}),
    )


def _framed(inner: str, label: str) -> Markup:
    """A table in a frame of its own, that scrolls instead of the page."""
    return Markup(f'<div aria-label="{escape(label)}" class="tabla-marco" role="region" tabindex="0">{inner}</div>')


def invitation(face: Face) -> Component:
    """What to do when no place is chosen."""
    how = WITHOUT_SCRIPTS if face.accessible else WITH_SCRIPTS
    return html.Section([html.H2("Elija un lugar"), html.P(how)], className="tarjeta invitacion")


WITH_SCRIPTS = (
    "Toque un lugar en el mapa o escríbalo en «¿En qué municipio vive?» para ver sus cifras junto a las de su departamento y las "
    "del país. Con el teclado: llegue al mapa con el tabulador, muévase con las flechas y elija con Entrar."
)
WITHOUT_SCRIPTS = (
    "Elija un lugar en las listas o en la tabla de esta página, o escríbalo en «¿En qué municipio vive?», para ver sus cifras "
    "junto a las de su departamento y las del país."
)


def ranking(answer: Answer, selection: Selection, face: Face) -> list[Component]:
    """The highest and the lowest places."""
    facts: mapa.Facts = answer.facts
    lists = [(facts.indicator.highest, facts.highest), (facts.indicator.lowest, facts.lowest)]
    link = place_links(selection, face)
    return [_ranked(title, places, link) for title, places in lists if places]


def _ranked(title: str, places: Sequence[mapa.Place], link: rows.Link) -> Component:
    items = [
        f'<li>{link(place.code, place.name)}<span class="de">{text(place.parent)}</span><b>{text(place.text)}</b></li>'
        for place in places
    ]
    return html.Section([html.H2(title), html.Ol(Markup("".join(items)))], className="ranking")


def place_links(selection: Selection, face: Face) -> rows.Link:
    """What makes the link that chooses a place, of its code and its name."""
    return rows.place_links(selection, face.path)


def table(answer: Answer, caption: str, selection: Selection, face: Face, most: int | None = None) -> Markup:
    """The rows of the answer as a native table, the first `most` of them."""
    head = "".join([_head(column) for column in answer.columns if not column.hidden])
    body = rows.written(answer, answer.rows[:most], place_links(selection, face) if _has_places(answer) else None)
    inner = f"<caption>{text(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody>"
    return _framed(piece("table", inner, "tabla"), caption)


def _has_places(answer: Answer) -> bool:
    """Whether the rows of an answer are of places, which may be chosen."""
    return answer.columns[0].field.name in ("codigo_municipio", "codigo_departamento")


def _head(column: AnswerColumn) -> str:
    aligned = ' class="num"' if column.unit else ""
    return f'<th{aligned} scope="col">{text(column.field.title)}</th>'


def full_table(answer: Answer, selection: Selection, face: Face) -> Component:
    """Everything the map shows: all of it in the accessible face, the first rows and a way to the rest in the other."""
    total = len(answer.rows)
    all_rows = face.accessible or selection.filas == ALL_ROWS or total <= FIRST_ROWS
    shown = "" if all_rows else f" (primeras {FIRST_ROWS} de {integer(total)} filas)"
    more = (
        []
        if all_rows
        else [
            html.P(
                html.A(
                    f"Ver las {integer(total)} filas",
                    href=face.link(selection, filas=ALL_ROWS),
                    className="boton",
                )
            )
        ]
    )
    caption = f"{answer.facts.indicator.title}, de mayor a menor{shown}"
    return html.Section(
        [
            html.H2("Todo lo que muestra el mapa"),
            table(answer, caption, selection, face, None if all_rows else FIRST_ROWS),
            *more,
        ],
        className="tabla-completa",
    )


def doubts(answer: Answer) -> list[Component]:
    """Why some places have no figure, reason by reason, when the source's reviewers said it."""
    reasons: dict[tuple[str, str], list[str]] = {}
    for place in answer.facts.places:
        if place.reason:
            name = f"{place.name} ({place.parent})" if place.parent else place.name
            reasons.setdefault((place.text, place.reason), []).append(name)
    if not reasons:
        return []
    items = [
        html.Li([html.Strong(listing(names)), f": {state}. {reason}"]) for (state, reason), names in reasons.items()
    ]
    return [html.Section([html.H2("Por qué algunos lugares no tienen cifra"), html.Ul(items)], className="prosa dudas")]


def downloads(answers: Sequence[Answer], accessible: bool, more: Sequence[Component] = ()) -> Component:
    """The files of exactly what is shown, whatever `more` there is to take, and how to cite it."""
    items = [
        html.Li([html.Span(answer.title, className="etiqueta"), *file_links(answer, accessible)]) for answer in answers
    ]
    sources = tuple(dict.fromkeys(source for answer in answers for source in answer.sources))
    return html.Section(
        [
            html.H2("Descargue exactamente lo que ve"),
            html.Ul(items),
            *more,
            *(html.P(link) for answer in answers for link in _by_address(answer)),
            source_line(sources),
            html.P(citation(answers[0]), className="cita"),
        ],
        className="descargas",
    )


def _by_address(answer: Answer) -> list[Markup]:
    """The same figures by the filtered API, where it gives them."""
    if not answer.by_address:
        return []
    return [Markup(f'{text(answer.title)}: <a href="{escape(answer.by_address)}">esta consulta por API</a>')]


def file_links(answer: Answer, accessible: bool | None) -> list[Markup]:
    """The answer as each kind of file, and the way to take it elsewhere in one mode or the other (None: without it). The links
    of a view are those of every answer of it, each with its own question.
    """
    return answer.once((file_links, accessible), lambda: [Markup("".join(_file_links(answer, accessible)))])


def _file_links(answer: Answer, accessible: bool | None) -> list[str]:
    query = escape(answer.selection.url(""))
    joint = "&amp;" if query else "?"
    return [
        f"{before}{query}{joint if excel else ''}{after}"
        for before, excel, after in _links(answer.view, answer.title, accessible)
    ]


@lru_cache(256)
def _links(view: str, title: str, accessible: bool | None) -> list[tuple[str, bool, str]]:
    """What goes before and after the question in the link of each kind of file, and whether it asks for the one for Excel."""
    kinds = [(form.format.label, suffix, "") for suffix, form in FORMATS.items()]
    kinds.insert(1, ("CSV para Excel", kinds[0][1], "excel=1"))
    root = "/accesible" if accessible else ""
    away = f'<a aria-label="Compartir: {escape(title)}" class="boton" href="{root}/compartir/{escape(view)}'
    files = [
        (
            f'<a aria-label="{escape(label)}: {escape(title)}" class="boton" download="" '
            f'href="/descargas/vista/{escape(view)}.{suffix}',
            bool(asked),
            f'{asked}">{text(label)}</a>',
        )
        for label, suffix, asked in kinds
    ]
    return files if accessible is None else [*files, (away, False, '">Compartir</a>')]


def folded_files(answer: Answer, face: Face, *more: Component) -> Markup:
    """The same beside a picture, folded: what most people come for is the figure."""
    return _folded(
        "Descargar", piece("p", "".join([*file_links(answer, face.accessible), to_html(more)]), "archivos-vista"), face
    )


def _folded(title: str, inside: str, face: Face) -> Markup:
    """What is folded under its title, and open in the accessible mode."""
    opened = " open" if face.accessible else ""
    return Markup(f'<details class="datos"{opened}><summary>{title}</summary>{inside}</details>')


def citation(answer: Answer) -> str:
    """How to cite what is shown."""
    words = about(answer).citation
    return words if answer.synthetic else f"Cómo citar: {words}"


def chart_words(answer: Answer) -> Markup:
    """The question of a chart and the sentences that answer it."""

    def made() -> Markup:
        said = [piece("p", _spoken(item), "frase") for item in answer.sentences]
        return Markup(f"<h2>{text(answer.question)}</h2>{''.join(said)}")

    return answer.once(chart_words, made)


def chart_data(answer: Answer, selection: Selection, face: Face, warned: bool = True) -> list[Component | Markup]:
    """The data of a chart as a table, its caveats and its source."""
    return [
        folded_table(answer, selection, face),
        *notes(answer, warned),
        source_line(answer.sources),
    ]


def folded_table(answer: Answer, selection: Selection, face: Face) -> Markup:
    """The data of a chart as a table, folded in the visual mode. One without places has no links, and is the same for every
    selection.
    """

    def made() -> Markup:
        return _folded("Ver los datos en tabla", table(answer, answer.title, selection, face), face)

    return made() if _has_places(answer) else answer.once((folded_table, face.accessible), made)
