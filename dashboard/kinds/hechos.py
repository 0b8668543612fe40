"""Facts that a person needs, topic by topic: what holds, what had better be confirmed and what is history, apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard.view import Result
from dashboard.words import Figure, Sentence, plural, sentence

#: The topic that answers what one needs first.
FIRST = "documento"
#: The topic of what changed last.
NEWS = "cambios_2026"
HOLDS, TO_CONFIRM, HISTORY = "vigente", "por_confirmar", "historico"


@dataclass(frozen=True)
class Fact:
    """One fact with its evidence. `status` is HOLDS, TO_CONFIRM or HISTORY, as of today; `until`, until when it holds or held,
    and `replaced_by`, what is told in its place, in words ("" when nobody says).
    """

    code: str
    topic: str
    subject: str
    words: str
    status: str
    status_words: str
    confidence: str
    cutoff: str
    source: str
    url: str
    quote: str
    note: str
    until: str = ""
    replaced_by: str = ""


@dataclass(frozen=True)
class Contact:
    """A way to reach whoever answers, as written in the fact it comes from."""

    means: str
    words: str
    link: str
    fact: str


@dataclass(frozen=True)
class Material:
    """The facts in reading order, the contacts they give, and the titles of the topics and of the statuses."""

    facts: Sequence[Fact]
    contacts: Sequence[Contact]
    topics: Mapping[str, str]
    statuses: Mapping[str, str]


@dataclass(frozen=True)
class Facts:
    """The material as it is."""

    facts: tuple[Fact, ...]
    contacts: tuple[Contact, ...]
    topics: Mapping[str, str]
    statuses: Mapping[str, str]

    def today(self, topic: str) -> tuple[Fact, ...]:
        """What holds, or is said to hold, about one topic."""
        return tuple(fact for fact in self.facts if fact.topic == topic and fact.status != HISTORY)

    @property
    def news(self) -> tuple[Fact, ...]:
        """What changed last, or is announced, and is sure to hold."""
        return tuple(fact for fact in self.today(NEWS) if fact.status == HOLDS)

    def fact(self, code: str) -> Fact:
        """The fact called `code`; StopIteration if there is none."""
        return next(fact for fact in self.facts if fact.code == code)

    @property
    def history(self) -> tuple[Fact, ...]:
        """The facts that no longer hold."""
        return tuple(fact for fact in self.facts if fact.status == HISTORY)


def facts(result: Result) -> Facts:
    """The material."""
    material: Material = result.material
    return Facts(tuple(material.facts), tuple(material.contacts), material.topics, material.statuses)


def text(facts: Facts) -> tuple[Sentence, ...]:
    """What one needs first, if it is sure; then how many facts are sure, how many to confirm and how many history."""
    sure = [fact for fact in facts.today(FIRST) if fact.status == HOLDS]
    need = [sentence("Lo primero: {words}.", words=_inside(fact.words)) for fact in sure[:1]]
    counts = {status: sum(fact.status == status for fact in facts.facts) for status in (HOLDS, TO_CONFIRM, HISTORY)}
    return (
        *need,
        sentence(
            "De {total}, {holds} según su fuente, {confirm} con el TSE y {history}.",
            total=Figure(plural(len(facts.facts), "hecho", "hechos"), len(facts.facts)),
            holds=Figure(plural(counts[HOLDS], "rige hoy", "rigen hoy"), counts[HOLDS]),
            confirm=Figure(
                plural(counts[TO_CONFIRM], "conviene confirmarlo", "conviene confirmarlos"), counts[TO_CONFIRM]
            ),
            history=Figure(plural(counts[HISTORY], "es histórico", "son históricos"), counts[HISTORY]),
        ),
    )


def _inside(words: str) -> str:
    """A fact's words inside a sentence."""
    return f"{words[:1].lower()}{words[1:]}".rstrip(".")


def figure(facts: Facts) -> dict[str, list[str]]:
    """The facts by status."""
    return {status: [fact.code for fact in facts.facts if fact.status == status] for status in facts.statuses}
