"""One polling table: its ballots side by side, which one is apart, and what could explain it without anybody's fault."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median, multimode

from dashboard.figures.polling import LIMITS
from dashboard.kinds.actas import NO_TABLE
from dashboard.kinds.papeletas import counted
from dashboard.view import Result
from dashboard.words import Figure, Sentence, integer, listing, plural, sentence

NEAR = LIMITS[1][1]
PARTS = {"valid": "votos válidos", "null": "votos nulos", "blank": "votos en blanco"}


@dataclass(frozen=True)
class Ballot:
    """One ballot of the table: its votes by part, the sum, what the acta says and the ballots received; None, not said."""

    office: str
    words: str
    valid: int | None
    null: int | None
    blank: int | None
    added: int | None
    written: int | None
    received: int | None

    @property
    def parts(self) -> tuple[tuple[str, int], ...]:
        """The parts that are said: (name, votes)."""
        return tuple((name, votes) for name in PARTS if (votes := getattr(self, name)) is not None)


@dataclass(frozen=True)
class Material:
    """The number of the table ("" when none is asked for) and its ballots in order."""

    mesa: str
    ballots: Sequence[Ballot]


@dataclass(frozen=True)
class Mistake:
    """A part that, written with one digit of difference, would make a ballot agree with the others."""

    ballot: Ballot
    part: str
    said: int
    would_be: int
    extra: str

    def sentence(self) -> Sentence:
        """«Si en vez de 122 votos en blanco fueran 22, cuadraría: puede ser un 1 que se tecleó de más.»"""
        why = f"un {self.extra} que se tecleó de más" if self.extra else "una cifra que se tecleó mal"
        return sentence(
            "Si en vez de {said} {part} fueran {would_be}, cuadraría: puede ser {why}.",
            said=integer(self.said),
            part=PARTS[self.part],
            would_be=Figure(integer(self.would_be), self.would_be),
            why=why,
        )


@dataclass(frozen=True)
class Facts:
    """The table, its ballots, the total that most of them share (None without one) and what could explain a difference."""

    mesa: str
    ballots: tuple[Ballot, ...]
    shared: int | None
    mistake: Mistake | None

    @property
    def known(self) -> tuple[Ballot, ...]:
        """The ballots with votes."""
        return tuple(ballot for ballot in self.ballots if ballot.added is not None)

    @property
    def apart(self) -> tuple[Ballot, ...]:
        """The ballots whose sum is not the shared one."""
        return tuple(ballot for ballot in self.known if self.shared is not None and ballot.added != self.shared)

    def verdict(self, ballot: Ballot) -> tuple[str, str]:
        """(state, words) of a ballot against the others: «cuadra», «difiere» or «sin-datos»."""
        if ballot.added is None:
            return "sin-datos", "Sin datos"
        if self.shared is None:
            return ("difiere", "Difieren") if len(self.known) > 1 else ("sin-datos", "Sin otra con qué comparar")
        over = ballot.added - self.shared
        if not over:
            return "cuadra", "Cuadra"
        return "difiere", f"{integer(abs(over))} de {'más' if over > 0 else 'menos'}"


def facts(result: Result) -> Facts:
    """The ballots against the total that most of them share."""
    material: Material = result.material
    totals = [ballot.added for ballot in material.ballots if ballot.added is not None]
    common = multimode(totals)
    shared = common[0] if len(common) == 1 and totals.count(common[0]) > 1 else None
    ballots = tuple(material.ballots)
    found = [] if shared is None else [item for ballot in ballots for item in _mistakes(ballot, shared)]
    likeliest = min(found, key=lambda item: _strangeness(item, ballots), default=None)
    return Facts(material.mesa, ballots, shared, likeliest)


def _strangeness(item: Mistake, ballots: Sequence[Ballot]) -> float:
    """How far what a part would be is from that part in the other ballots."""
    others = [votes for other in ballots if other != item.ballot and (votes := getattr(other, item.part)) is not None]
    return abs(item.would_be - median(others)) if others else 0.0


def _mistakes(ballot: Ballot, shared: int) -> Iterator[Mistake]:
    """The parts of a ballot that is apart which, with one digit dropped, added, changed or two swapped, would make it agree."""
    over = 0 if ballot.added is None else ballot.added - shared
    if not over or (abs(over) <= NEAR):
        return
    for part, said in ballot.parts:
        would_be = said - over
        if would_be >= 0 and one_digit_apart(str(said), str(would_be)):
            extra = _extra(str(said), str(would_be))
            yield Mistake(ballot, part, said, would_be, extra)


def one_digit_apart(one: str, other: str) -> bool:
    """Whether two numbers differ by one digit that was added, left out or changed, or by two neighbours swapped."""
    if len(one) == len(other):
        differ = [place for place, (mine, its) in enumerate(zip(one, other, strict=True)) if mine != its]
        swapped = len(differ) == 2 and differ[1] == differ[0] + 1 and sorted(one) == sorted(other)
        return len(differ) == 1 or swapped
    longer, shorter = sorted((one, other), key=len, reverse=True)
    return len(longer) == len(shorter) + 1 and any(
        longer[:place] + longer[place + 1 :] == shorter for place in range(len(longer))
    )


def _extra(said: str, would_be: str) -> str:
    """The digit that `said` has more than `would_be`; "" when it has not one more."""
    if len(said) != len(would_be) + 1:
        return ""
    return next(said[place] for place in range(len(said)) if said[:place] + said[place + 1 :] == would_be)


def text(facts: Facts) -> tuple[Sentence, ...]:
    """Which ballots agree and which do not, and what could explain it."""
    if not facts.mesa:
        return (NO_TABLE,)
    found = [_lead(facts)]
    if len(facts.known) > 1:
        found += _explained(facts)
    return tuple(found)


def _lead(facts: Facts) -> Sentence:
    known, lacking = facts.known, len(facts.ballots) - len(facts.known)
    if not known:
        return sentence("En la mesa {mesa} ninguna acta tiene datos.", mesa=facts.mesa)
    if len(known) == 1:
        votes = known[0].added or 0
        return sentence(
            "En la mesa {mesa} se contaron {votes} de una papeleta, y no hay otra con qué compararla.",
            mesa=facts.mesa,
            votes=Figure(plural(votes, "voto", "votos"), votes),
        )
    missing = f" De {plural(lacking, 'papeleta', 'papeletas')} no hay datos." if lacking else ""
    totals = [ballot.added or 0 for ballot in known]
    if len(set(totals)) == 1:
        return sentence(
            "En la mesa {mesa} las {several} papeletas suman lo mismo: {votes}." + missing,
            mesa=facts.mesa,
            several=counted(len(known)),
            votes=Figure(plural(totals[0], "voto", "votos"), totals[0]),
        )
    least, most = min(totals), max(totals)
    return sentence(
        "En la mesa {mesa} los totales van de {least} a {most} votos: difieren en {distance}." + missing,
        mesa=facts.mesa,
        least=Figure(integer(least), least),
        most=Figure(integer(most), most),
        distance=Figure(integer(most - least), most - least),
    )


def _explained(facts: Facts) -> Iterator[Sentence]:
    if facts.shared is None or not facts.apart:
        return
    for ballot in facts.apart:
        over = (ballot.added or 0) - facts.shared
        yield sentence(
            "La de {office} tiene {over} que las que suman {shared}{written}.",
            office=ballot.words.lower(),
            over=Figure(f"{integer(abs(over))} {'más' if over > 0 else 'menos'}", over),
            shared=integer(facts.shared),
            written=_written(ballot, facts.shared),
        )
    if facts.mistake:
        yield facts.mistake.sentence()
    elif len(facts.apart) == 2 and sum((ballot.added or 0) - facts.shared for ballot in facts.apart) == 0:
        yield sentence("Un total sube lo que el otro baja: puede ser que papeletas cayeran en otra urna.")
    elif all(abs((ballot.added or 0) - facts.shared) <= 2 for ballot in facts.apart):
        yield sentence("Es muy poco: puede ser que alguien no entregara una papeleta o la dejara en otra urna.")


def _written(ballot: Ballot, shared: int) -> str:
    if ballot.written is None:
        return "; su acta no trae escrito el total"
    if ballot.written == shared:
        return f", aunque su acta también dice {integer(ballot.written)}"
    return f"; su acta dice {integer(ballot.written)}"


def figure(facts: Facts) -> list[dict[str, object]]:
    """The ballots as data."""
    return [{"cargo": ballot.office, "suma": ballot.added, "escrito": ballot.written} for ballot in facts.ballots]


def title(facts: Facts) -> str:
    """«Mesa 5556: cuatro papeletas suman 209 y una, 309»."""
    totals = [ballot.added or 0 for ballot in facts.known]
    name = f"Mesa {facts.mesa}"
    if len(totals) < 2:
        return name
    if len(set(totals)) == 1:
        return f"{name}: las {counted(len(totals))} papeletas suman {integer(totals[0])}"
    if facts.shared is not None and len(facts.apart) == 1:
        agree = counted(len(totals) - 1)
        return f"{name}: {agree} papeletas suman {integer(facts.shared)} y una, {integer(facts.apart[0].added)}"
    return f"{name}: suman {listing([integer(total) for total in sorted(set(totals))])}"
