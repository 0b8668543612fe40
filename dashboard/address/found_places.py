"""Which places a text typed by a person means: tolerant of accents, order, nicknames, joined words and one typo per word.

`assets/buscador.js` does the same, step by step, in the browser: whoever changes one changes the other, and
tests/test_a_place_is_found.py compares them.

A text is read as words. Each must be a word of the place (its name, or what people call it) or of what qualifies it (its
departamento, what it is). The places that match are in order of STEPS; when nobody matches with words as they are written, one
typo in each is accepted, and words written together or apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from dashboard.address.nicknames import NICKNAMES
from dashboard.address.vocabulary import MUNICIPIO, Territories
from etl.country import COUNTRY, departamento_of, fold

LONGEST_TEXT, MOST_WORDS = 80, 8
#: Answers that are remembered: what is being typed comes again and again.
REMEMBERED = 512
#: Places suggested when none was found.
MOST_NEAREST = 5
#: Words that tell no place from another; and those that begin so many names that alone they do not tell one either.
EMPTY = frozenset(("de", "del", "la", "las", "el", "los", "y", "en"))
SAINTS = frozenset(("san", "santa", "santo"))
#: What people shorten.
WHOLE = {
    "sta": "santa",
    "sto": "santo",
    "sn": "san",
    "cd": "ciudad",
    "pto": "puerto",
    "depto": "departamento",
    "dpto": "departamento",
    "muni": "municipio",
}
#: What a place may be called before its name.
OF_A_MUNICIPIO = ("municipio", "ciudad", "pueblo", "zona")
#: The country, which may follow any place.
COUNTRY_NAME = fold(COUNTRY.name)
#: What it costs that a word is another: the same, its beginning, with a typo, a beginning with a typo.
SAME, BEGINNING, TYPO, BEGINNING_WITH_TYPO = 0, 1, 4, 5
#: From this length the beginning of a word that qualifies is accepted; from that one, a beginning with a typo.
LEAST_BEGINNING, LEAST_WITH_TYPO = 3, 4
#: The steps, from the surest: the whole name; the whole nickname; the name begins so; its words; its words with a typo.
NAME, NICKNAME, BEGINS, WORDS, WHOLE_WITH_TYPO, WITH_TYPO = range(6)

Costs = Mapping[str, int]
#: How many letters are missing, too many, changed or swapped from one text to another.
APART: Callable[..., int] = OSA.distance


class Rank(NamedTuple):
    """How well a place matches, the best first; the last parts only make the order always the same."""

    step: int
    missing: int
    qualified: int
    cost: int
    level: bool
    name: str
    code: str


@dataclass(frozen=True)
class Found:
    """The codes of the places that a text means, the best first; `one` is the only one that it can mean, or "".

    When there are none, `nearest` are those whose names look most like it.
    """

    codes: tuple[str, ...] = ()
    one: str = ""
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Name:
    """One way of naming a place: its words without the empty ones, all of them as one text, and what qualifies them."""

    code: str
    level: bool
    own: tuple[str, ...]
    text: str
    qualifies: tuple[str, ...]
    place: str
    nickname: bool = False
    joined: bool = False


class FoundPlaces:
    """The places of a release, to be found by what people type."""

    def __init__(self, territories: Territories) -> None:
        self.territories = territories
        self.find = lru_cache(REMEMBERED)(self._find)

    @cached_property
    def nicknames(self) -> Mapping[str, tuple[str, ...]]:
        """What people call each place of the release that is called something else, by code."""
        known = self.territories
        homes = {(fold(name), fold(known.departamento_of(code))): code for code, name in known.municipios.items()}
        found: dict[str, tuple[str, ...]] = {}
        for item in NICKNAMES:
            if code := homes.get((fold(item.municipio), fold(item.departamento))):
                found[code] = (*found.get(code, ()), item.said)
        return found

    def _find(self, text: str) -> Found:
        text = text[:LONGEST_TEXT]
        typed = words(text)
        if not typed:
            return Found()
        if code := self._code(typed):
            return Found((code,), code)
        ranks = self._beginning(typed) or self._matching(typed, False) or self._matching(typed, True)
        if not ranks:
            return Found(nearest=self._nearest(typed))
        return Found(tuple(rank.code for rank in ranks), _the_one(ranks))

    def _code(self, typed: Sequence[str]) -> str:
        """The place whose code was typed, perhaps without its first zero; "" if none."""
        if len(typed) != 1 or not typed[0].isascii() or not typed[0].isdigit():
            return ""
        codes = (*self.territories.municipios, *self.territories.departamentos)
        return next((code for code in (typed[0], f"0{typed[0]}") if code in codes), "")

    # --- What is known of every place ----------------------------------------------------------------------------------

    @cached_property
    def _names(self) -> tuple[_Name, ...]:
        known = self.territories
        found = []
        for code in (*known.municipios, *known.departamentos):
            level = known.level(code) != MUNICIPIO
            qualifies = self._qualifies(code, level)
            place = " ".join(words(known.name(code)))
            ways = [(known.name(code), False), *((said, True) for said in self.nicknames.get(code, ()))]
            for said, nickname in ways:
                text = words(said)
                found.append(_Name(code, level, told(text), " ".join(text), qualifies, place, nickname))
                for joined in _joined(text):
                    found.append(_Name(code, level, told(joined), "", qualifies, place, nickname, True))
        return tuple(found)

    def _qualifies(self, code: str, level: bool) -> tuple[str, ...]:
        if level:
            return ("departamento",)
        known, home = self.territories, departamento_of(code)
        named_like_it = [
            word
            for other, said in self.nicknames.items()
            if departamento_of(other) == home and known.name(other) == known.departamentos[home]
            for text in said
            for word in told(words(text))
        ]
        own = (*told(words(known.departamentos[home])), *named_like_it)
        return tuple(dict.fromkeys((*own, *OF_A_MUNICIPIO)))

    @cached_property
    def _vocabulary(self) -> tuple[str, ...]:
        return tuple(sorted({word for name in self._names for word in (*name.own, *name.qualifies)} | {COUNTRY_NAME}))

    @cached_property
    def _holders(self) -> Mapping[str, int]:
        """The names that have a word, its own or to qualify it, as the bits of a number."""
        found = dict.fromkeys(self._vocabulary, 0)
        for number, name in enumerate(self._names):
            for word in {*name.own, *name.qualifies}:
                found[word] |= 1 << number
        return found

    @cached_property
    def _beginnings(self) -> dict[int, list[str]]:
        return {}

    # --- What is typed against it --------------------------------------------------------------------------------------

    def _costs(self, word: str, typos: bool) -> Costs:
        """What it costs that a word that was typed is each word of the places: those that it cannot be are left out."""
        known = self._vocabulary
        found = {other: BEGINNING for other in known if other.startswith(word)}
        if typos:
            if len(word) >= LEAST_WITH_TYPO:
                for length in (len(word) - 1, len(word), len(word) + 1):
                    for _, _, place in _one_apart(word, self._cut(length)):
                        found.setdefault(known[place], BEGINNING_WITH_TYPO)
            for other, _, _ in _one_apart(word, known):
                if max(len(other), len(word)) >= LEAST_BEGINNING and found.get(other, TYPO) >= TYPO:
                    found[other] = TYPO
        if word in found:
            found[word] = SAME
        return found

    def _cut(self, length: int) -> list[str]:
        """The vocabulary, each word cut to so many letters; it is kept, since few lengths are asked for."""
        if length not in self._beginnings:
            self._beginnings[length] = [word[:length] for word in self._vocabulary]
        return self._beginnings[length]

    def _beginning(self, typed: Sequence[str]) -> list[Rank]:
        """The places whose name begins with what was typed, when that is only empty words: «la», «el»."""
        text = " ".join(typed)
        if not EMPTY.issuperset(typed):
            return []
        names = (name for name in self._names if name.text.startswith(text) and not name.nickname)
        return sorted(Rank(BEGINS, 0, 0, BEGINNING, name.level, name.place, name.code) for name in names)

    def _matching(self, typed: Sequence[str], typos: bool) -> list[Rank]:
        ways = [told(typed)]
        if typos and len(typed) > 1:
            ways.append(("".join(typed),))
        best: dict[str, Rank] = {}
        for asked in ways:
            self._match(asked, " ".join(typed), typos, best)
        return sorted(best.values())

    def _match(self, asked: tuple[str, ...], text: str, typos: bool, best: dict[str, Rank]) -> None:
        costs = [self._costs(word, typos) for word in asked]
        left_out = _left_out(asked, typos)
        if left_out.issuperset(asked):
            return
        candidates = (1 << len(self._names)) - 1
        for word, found in zip(asked, costs, strict=True):
            if word not in left_out and not (typos and COUNTRY_NAME in found):
                holders = 0
                for other in found:
                    holders |= self._holders[other]
                candidates &= holders
        while candidates:
            lowest = candidates & -candidates
            candidates ^= lowest
            name = self._names[lowest.bit_length() - 1]
            if name.joined and not typos:
                continue
            rank = _rank(asked, costs, left_out, name, text if not typos else None)
            if rank and (name.code not in best or rank < best[name.code]):
                best[name.code] = rank

    def _nearest(self, typed: Sequence[str]) -> tuple[str, ...]:
        """The places that share the longest words with what was typed and, of those, the most like it."""
        text = "".join(typed)
        ranks = []
        for name in self._names:
            if not name.joined and not name.nickname:
                shared = sum(len(word) for word in {*typed} & {*name.own} - SAINTS)
                apart = APART(text, name.text.replace(" ", ""))
                ranks.append((-shared, apart, name.level, name.place, name.code))
        return tuple(rank[-1] for rank in sorted(ranks)[:MOST_NEAREST])


def words(text: str) -> tuple[str, ...]:
    """The words of a text, folded, in full and without signs: «Sta. Bárbara» is «santa», «barbara»."""
    found = re.sub(r"[^a-z0-9]+", " ", fold(text)).split()
    return tuple(WHOLE.get(word, word) for word in found[:MOST_WORDS])


def told(found: Sequence[str]) -> tuple[str, ...]:
    """Those of some words that tell a place from another; all of them if none does."""
    return tuple(word for word in found if word not in EMPTY) or tuple(found)


def _joined(text: Sequence[str]) -> Iterable[tuple[str, ...]]:
    """A name of several words as it is written together: all of it, and only its first two if it is of a saint."""
    if len(text) > 1:
        yield ("".join(text),)
    if len(text) > 2 and text[0] in SAINTS:
        yield (text[0] + text[1], *text[2:])


def _one_apart(word: str, others: Sequence[str]) -> list[tuple[str, float, int]]:
    return process.extract(word, others, scorer=APART, score_cutoff=1, limit=None)


def _left_out(asked: Sequence[str], typos: bool) -> frozenset[str]:
    """The words that may be nowhere in a name: numbers and, beside a longer word and with typos, scraps of words."""
    scraps = typos and any(len(word) > LEAST_BEGINNING for word in asked)
    return frozenset(word for word in asked if word.isdigit() or (scraps and len(word) <= LEAST_BEGINNING))


def _rank(
    asked: tuple[str, ...], costs: Sequence[Costs], left_out: frozenset[str], name: _Name, text: str | None
) -> Rank | None:
    """How well a name matches the words that were asked for; None if some word is nowhere in it. Without `text`, as it was
    typed, typos are accepted.
    """
    own, around = list(name.own), [*name.qualifies, *([COUNTRY_NAME] if text is None else [])]
    cost = qualified = 0
    said, whole = False, True
    for word, found in zip(asked, costs, strict=True):
        inside, beside = _best(own, found), _best(around, _qualifying(word, found))
        if inside and (not beside or found[inside] <= found[beside]):
            own.remove(inside)
            cost += found[inside]
            said = said or word not in SAINTS
            whole = whole and found[inside] in (SAME, TYPO)
        elif beside:
            around.remove(beside)
            cost += found[beside]
            qualified += 1
        elif word in left_out:
            cost += 0 if word.isdigit() else TYPO
        else:
            return None
    if not said and not SAINTS.issuperset(asked):
        return None
    step = _step(name, whole and not own, text)
    return Rank(step, len(own), qualified, cost, name.level, name.place, name.code)


def _step(name: _Name, whole: bool, text: str | None) -> int:
    if text is None:
        return WHOLE_WITH_TYPO if whole else WITH_TYPO
    if whole:
        return NICKNAME if name.nickname else NAME
    return BEGINS if name.text.startswith(text) else WORDS


def _best(left: Sequence[str], found: Costs) -> str:
    """Of the words that are left of a name, the one that a word that was typed is at the least cost; "" if it is none."""
    return min((word for word in left if word in found), key=found.__getitem__, default="")


def _qualifying(word: str, found: Costs) -> Costs:
    """The costs of a word as one that qualifies: a very short beginning says nothing."""
    return found if len(word) >= LEAST_BEGINNING else {other: cost for other, cost in found.items() if cost == SAME}


def _the_one(ranks: Sequence[Rank]) -> str:
    """The only place that was meant: it is a step before the next, and no other has all that was typed in its own name."""
    first = ranks[0]
    clear = len(ranks) == 1 or first.step < ranks[1].step
    rivals = (rank for rank in ranks[1:] if not rank.qualified and rank.cost <= first.cost)
    return first.code if clear and next(rivals, None) is None else ""
