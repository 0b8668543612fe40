"""What a visit asks of the people that a release counts abroad one by one, and what each view answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from dashboard.address.abroad import People, people
from dashboard.figures import diaspora
from dashboard.figures.diaspora import EDAD, ORIGEN, PLACE, SEXO
from dashboard.figures.measures import Unaskable
from dashboard.indicators.offers import DIASPORA
from dashboard.pages.model import Request, Understood, face_of
from dashboard.render import diaspora as drawn
from dashboard.site import Site
from dashboard.view import Answer
from dashboard.views import VIEWS

WHERE, FROM, MATRIX = "diaspora_donde", "diaspora_origen", "diaspora_matriz"
PYRAMID, AGES, TURNOUT = "diaspora_piramide", "diaspora_edades", "diaspora_voto"
#: What each view shows every value of: what it cannot be filtered by.
OWN = {WHERE: PLACE, FROM: (ORIGEN,), MATRIX: (ORIGEN, *PLACE), PYRAMID: (EDAD, SEXO), AGES: (EDAD,), TURNOUT: PLACE}


@dataclass(frozen=True)
class Part:
    """One view for what an address asks: its answer or why there is none, and what of the address it could not honour."""

    name: str
    answer: Answer | None
    why: str
    notices: tuple[str, ...]


@dataclass(frozen=True)
class Diaspora:
    """What is asked of the people abroad and what each view answers. `rest` is what the address asks of something else."""

    site: Site
    request: Request
    question: People
    parts: Mapping[str, Part]
    rest: Mapping[str, str]

    def answer(self, name: str) -> Answer | None:
        """The answer of a view; None when there is none."""
        return self.parts[name].answer

    @property
    def answers(self) -> list[Answer]:
        """Every answer that there is, in the order shown."""
        return [part.answer for part in self.parts.values() if part.answer]

    @property
    def chosen(self) -> dict[str, str]:
        """The value that is asked of each column."""
        return dict(self.question.who)

    def url(self, question: People, anchor: str = "") -> str:
        """The address of this page with another question about the people."""
        return f"{self.request.face.path}{self.query(question)}{'#' if anchor else ''}{anchor}"

    def query(self, question: People) -> str:
        """The same, from the question mark on."""
        return f"?{urlencode({**question.parameters(), **self.rest})}"

    def face(self, path: str) -> str:
        """The address of another page in the same mode."""
        return face_of(path, self.request.face.accessible).path

    def ways(self, anchor: str) -> drawn.Ways:
        """Where the links of places lead: to each, or out of the one that is chosen."""

        def to(column: str, value: str) -> str:
            others = {name: held for name, held in self.chosen.items() if name not in _exclude(column)}
            who = others if self.chosen.get(column) == value else {**others, column: value}
            ordered = tuple((name, who[name]) for name in diaspora.GROUPS if name in who)
            return self.url(replace(self.question, who=ordered), anchor)

        return drawn.Ways(to, self.chosen)


def _exclude(column: str) -> tuple[str, ...]:
    return PLACE if column in PLACE else (column,)


def _question(
    site: Site, request: Request, others: Iterable[str]
) -> tuple[People, dict[str, str], dict[str, str]] | None:
    """What a visit asks of the people abroad, the query of their views and the rest of it; None when none are counted."""
    offer = site.offer(DIASPORA)
    if not offer.indicators:
        return None
    query = dict(request.query)
    cuenta = query.get("cuenta") or offer.default
    own = {item.name for item in people().parameters(offer)}
    if "eleccion" in others and cuenta not in offer.elections:
        query.pop("eleccion", "")  # it is asked of the published figures, in the same page
        own.discard("eleccion")
    # Whatever is asked is shown in the form, even if some view cannot be crossed by it.
    question = people().asked(query, replace(offer, crosses=lambda *_: True)).selection
    return question, query, {name: value for name, value in request.query.items() if name in {*others} - own}


def understood(site: Site, request: Request, others: Mapping[str, str]) -> Understood | None:
    """What the page understands of an address; `others` is what it asks besides, as the site would write it; None when the
    release counts nobody abroad.
    """
    found = _question(site, request, others)
    if found is None:
        return None
    question, query, rest = found
    corrected = any(VIEWS[name].asked(query, site.data).notices for name in OWN)
    asked = {**question.parameters(), **{name: value for name, value in others.items() if value and name in rest}}
    return Understood(f"?{urlencode(asked)}" if asked else "", corrected)


def asked(site: Site, request: Request, others: Iterable[str] = ()) -> Diaspora | None:
    """What a visit asks of the people abroad; None when the release does not count them. `others` are the names of what the
    page takes besides, which its links and its form keep.
    """
    read = _question(site, request, others)
    if read is None:
        return None
    question, query, rest = read
    return Diaspora(site, request, question, {name: _part(site, name, query) for name in OWN}, rest)


def _part(site: Site, name: str, query: Mapping[str, str]) -> Part:
    view = VIEWS[name]
    asked = view.asked(query, site.data)
    try:
        return Part(name, site.answer(name, asked.selection), "", asked.notices)
    except Unaskable as error:
        return Part(name, None, str(error), asked.notices)
