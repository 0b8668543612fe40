"""Registered citizens against adults: our comparisons, each with its base, beside what others published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.figures.published import PublishedFigure
from dashboard.view import Result
from dashboard.words import Figure, Sentence, integer, listing, sentence

#: The whole registry is of these ages.
EVERY_ADULT = "18 años y más"


@dataclass(frozen=True)
class Line:
    """One registry against one base, or what somebody else published of it.

    `missing` are the adults who are not registered for every hundred, as the figure it is (its evidence too); below zero, the
    registry is larger than the base. None when the ages of the two differ, and then nobody can say. `ours` is False for
    what others published; `people`, what the two differ in, below zero when somebody is missing.
    """

    title: str
    when: str
    ages: str
    base: str
    year: int | None
    registered: float | None
    adults: float | None
    people: float | None
    per_100: float | None
    missing: PublishedFigure | None
    ours: bool
    method: str
    evidence: PublishedFigure

    @property
    def written(self) -> str:
        """Those missing for every hundred, as a reader sees it, never more exact than its source."""
        if self.missing is None or self.missing.value is None:
            return ""
        about = "" if self.missing.exact else "cerca de "
        return about + self.missing.text


@dataclass(frozen=True)
class Material:
    """The comparisons of a place, the newest first, and the estimates of others. `now` is the date of the registry of today
    and `registered` how many it has, in words of `place` («En el país»).
    """

    place: str
    lines: Sequence[Line]
    now: str
    registered: float | None


@dataclass(frozen=True)
class Facts:
    """The material, with what derives from it."""

    place: str
    lines: tuple[Line, ...]
    now: str
    registered: float | None

    @property
    def estimates(self) -> tuple[Line, ...]:
        """What others published."""
        return tuple(line for line in self.lines if not line.ours)

    @property
    def own(self) -> tuple[Line, ...]:
        """What is computed here."""
        return tuple(line for line in self.lines if line.ours)

    @property
    def newest(self) -> Line | None:
        """Our latest comparison of all adults, with a base of their ages."""
        return next((line for line in self.own if line.missing is not None and line.ages == EVERY_ADULT), None)

    @property
    def drawn(self) -> tuple[Line, ...]:
        """What is shown side by side: the estimates of others and our latest, if there is something to set beside it."""
        some = (*self.estimates, *([self.newest] if self.newest else []))
        return some if len(some) > 1 else ()


def facts(result: Result) -> Facts:
    """The material as it is."""
    material: Material = result.material
    return Facts(material.place, tuple(material.lines), material.now, material.registered)


def text(facts: Facts) -> tuple[Sentence, ...]:
    """What we can say of all adults; what others published, and where it does not hold; then some ages, and other bases."""
    newest = [_missing(facts.newest, facts)] if facts.newest else []
    by_age = [_of_ages(line) for line in facts.own if line.missing is not None and line.ages != EVERY_ADULT]
    others = [_incomparable(line, facts) for line in facts.own if line.missing is None]
    estimates = [_published(facts.estimates), *_contradicted(facts)] if facts.estimates else []
    return (*newest, *estimates, *by_age, *others)


def figure(facts: Facts) -> list[dict[str, object]]:
    """Those missing for every hundred, by comparison: what the bars are drawn from."""
    return [
        {"titulo": line.title, "falta": line.missing and line.missing.value, "texto": line.written, "propia": line.ours}
        for line in facts.drawn
    ]


def _missing(line: Line, facts: Facts) -> Sentence:
    head = "{place}, {when}, había {registered} personas empadronadas y {adults} adultos: "
    parts = _parts(line) | {"place": facts.place, "when": line.when}
    if (line.people or 0) < 0:
        return sentence(head + "faltaban {people}, {share} de los adultos.", **parts)
    return sentence(head + "el padrón los superaba por {people} personas.", **parts)


def _of_ages(line: Line) -> Sentence:
    head = "De {ages}, {when}, había cerca de {registered} personas empadronadas y {adults} habitantes: "
    parts = _parts(line) | {"ages": line.ages, "when": line.when}
    if (line.people or 0) < 0:
        return sentence(head + "faltaban {people}, {share}.", **parts)
    return sentence(head + "el padrón los superaba por {people} personas.", **parts)


def _incomparable(line: Line, facts: Facts) -> Sentence:
    short = (line.people or 0) < 0
    return sentence(
        "{place}, el padrón {when} tiene {people} personas " + ("menos" if short else "más") + " que {base}: {why}.",
        place=facts.place,
        when=line.when,
        base=line.base,
        why="son otras edades y otro año, y aun así no las alcanza"
        if short
        else "son otras edades y otro año, y no dice cuántos adultos faltan hoy",
        people=_people(line),
    )


def _parts(line: Line) -> dict[str, str | Figure]:
    share = line.missing
    return {
        "registered": Figure(integer(line.registered), line.registered),
        "adults": Figure(integer(line.adults), line.adults),
        "people": _people(line),
        "share": Figure(share.text, share.value) if share else "",
    }


def _people(line: Line) -> Figure:
    return Figure(integer(None if line.people is None else abs(line.people)), line.people)


def _published(estimates: Sequence[Line]) -> Sentence:
    found = [
        f"{line.written} ({line.evidence.source}, {line.when}; confianza {line.evidence.confidence})"
        for line in estimates
    ]
    if len(estimates) == 1:
        return sentence("Se ha publicado una estimación de los adultos sin empadronar: {found}.", found=found[0])
    return sentence(
        "Se han publicado {count} estimaciones de los adultos sin empadronar, que no usan el mismo método: {found}.",
        count=Figure(str(len(estimates)), len(estimates)),
        found=listing(found),
    )


def _contradicted(facts: Facts) -> list[Sentence]:
    """The estimates whose own two figures would leave fewer adults than people are registered."""
    found = []
    for line in facts.estimates:
        share = line.missing.value if line.missing else None
        if not share or line.people is None or facts.registered is None:
            continue
        adults = 100 * abs(line.people) / share
        if adults < facts.registered:
            found.append(
                sentence(
                    "Las dos cifras de la primera no caben juntas: si {people} fueran {share} de los adultos, estos serían "
                    "{adults}, menos que las {registered} personas empadronadas {now}."
                    if line is facts.estimates[0]
                    else "Las dos cifras de {source} no caben juntas: si {people} fueran {share} de los adultos, estos serían "
                    "{adults}, menos que las {registered} personas empadronadas {now}.",
                    source=line.evidence.source,
                    people=_people(line),
                    share=Figure(line.missing.text if line.missing else "", share),
                    adults=Figure(integer(adults), adults),
                    registered=Figure(integer(facts.registered), facts.registered),
                    now=facts.now,
                )
            )
    return found
