"""Which places a text typed by a person means: tolerant of accents, order, nicknames, joined words and one typo per word.

`assets/encontrar.js` does the same, step by step, in the browser: whoever changes one changes the other, and
tests/test_a_place_is_found.py compares them.

A text is read as words. Each must be a word of the place (its name, or what people call it) or of what qualifies it (its
departamento, what it is). The places that match are in the order of the steps below; when nobody matches with words as they
are written, one typo in each is accepted, and words written together or apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from dashboard.address.nicknames import NICKNAMES
from dashboard.address.typed_words import EMPTY, LONGEST_TEXT, SAINTS, joined, sound, told, words
from dashboard.address.vocabulary import MUNICIPIO, Territories
from etl.country import COUNTRY, departamento_of, fold

#: Answers that are remembered: what is being typed comes again and again.
REMEMBERED = 512
#: Places suggested when none was found.
MOST_NEAREST = 5
#: What a place may be called before its name.
OF_A_MUNICIPIO = ("municipio", "ciudad", "pueblo", "zona")
#: The country, which may follow any place.
COUNTRY_NAME = fold(COUNTRY.name)
#: What it costs that a word is another: the same, its beginning, with a typo, a beginning with a typo, by how it sounds.
SAME, BEGINNING, TYPO, BEGINNING_WITH_TYPO, BY_SOUND = 0, 1, 4, 5, 6
WHOLE_WORDS = (SAME, TYPO, BY_SOUND)
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


class _Read(NamedTuple):
    """A word that was typed, with what it costs that it is each word of a name, and each of those that qualify it."""

    word: str
    costs: Costs
    beside: Costs


class FoundPlaces:
    """The places of a release, to be found by what people type."""

    def __init__(self, territories: Territories) -> None:
        self.territories = territories
        self._remembered = lru_cache(REMEMBERED)(self._find)

    def find(self, text: str) -> Found:
        """The places that a text means, which may be of any length; only its beginning is read."""
        return self._remembered(text[:LONGEST_TEXT])

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
                for together in joined(text):
                    found.append(_Name(code, level, told(together), "", qualifies, place, nickname, True))
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
    def _owners(self) -> Mapping[str, int]:
        """The names that have a word of their own, as the bits of a number."""
        return self._having(lambda name: name.own)

    @cached_property
    def _holders(self) -> Mapping[str, int]:
        """The names that have a word, of their own or to qualify them, as the bits of a number."""
        return self._having(lambda name: (*name.own, *name.qualifies))

    def _having(self, words_of: Callable[[_Name], Iterable[str]]) -> Mapping[str, int]:
        found = dict.fromkeys(self._vocabulary, 0)
        for number, name in enumerate(self._names):
            for word in {*words_of(name)}:
                found[word] |= 1 << number
        return found

    @cached_property
    def _sounds(self) -> tuple[str, ...]:
        return tuple(sound(word) for word in self._vocabulary)

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
            for _, _, place in _one_apart(sound(word), self._sounds):
                if max(len(known[place]), len(word)) >= LEAST_WITH_TYPO:
                    found.setdefault(known[place], BY_SOUND)
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
        read = [_Read(word, found, _qualifying(word, found)) for word, found in zip(asked, costs, strict=True)]
        for name in self._candidates(read, left_out, typos):
            rank = _rank(read, left_out, name, text if not typos else None)
            if rank and (name.code not in best or rank < best[name.code]):
                best[name.code] = rank

    def _candidates(self, read: Sequence[_Read], left_out: frozenset[str], typos: bool) -> Iterable[_Name]:
        """The names that have every word that may not be left out, and at least one of them of their own."""
        saints = all(item.word in SAINTS for item in read)
        candidates, owners = (1 << len(self._names)) - 1, 0
        for item in read:
            if item.word not in left_out and not (typos and COUNTRY_NAME in item.costs):
                candidates &= _any(self._holders, item.costs)
            if saints or item.word not in SAINTS:
                owners |= _any(self._owners, item.costs)
        candidates &= owners
        while candidates:
            lowest = candidates & -candidates
            candidates ^= lowest
            name = self._names[lowest.bit_length() - 1]
            if typos or not name.joined:
                yield name

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


def _one_apart(word: str, others: Sequence[str]) -> list[tuple[str, float, int]]:
    return process.extract(word, others, scorer=APART, score_cutoff=1, limit=None)


def _left_out(asked: Sequence[str], typos: bool) -> frozenset[str]:
    """The words that may be nowhere in a name: numbers and, beside a longer word and with typos, scraps of words."""
    scraps = typos and any(len(word) > LEAST_BEGINNING for word in asked)
    return frozenset(word for word in asked if word.isdigit() or (scraps and len(word) <= LEAST_BEGINNING))


def _any(having: Mapping[str, int], found: Iterable[str]) -> int:
    """The names that have any of some words, as the bits of a number."""
    bits = 0
    for word in found:
        bits |= having[word]
    return bits


def _rank(read: Sequence[_Read], left_out: frozenset[str], name: _Name, text: str | None) -> Rank | None:
    """How well a name matches the words that were read; None if some word is nowhere in it. Without `text`, as it was typed,
    typos are accepted.
    """
    own, around = list(name.own), [*name.qualifies, *([COUNTRY_NAME] if text is None else [])]
    cost = qualified = 0
    said, whole, clear = all(item.word in SAINTS for item in read), True, False
    for word, found, close in read:
        inside, beside = _best(own, found), _best(around, close)
        if inside and (not beside or found[inside] <= found[beside]):
            own.remove(inside)
            cost += found[inside]
            said = said or word not in SAINTS
            clear = clear or len(word) >= LEAST_BEGINNING or found[inside] == SAME
            whole = whole and found[inside] in WHOLE_WORDS
        elif beside:
            around.remove(beside)
            cost += found[beside]
            qualified += 1
        elif word in left_out:
            cost += 0 if word.isdigit() else TYPO
        else:
            return None
    if not said or (qualified and not clear):
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
    best, least = "", BY_SOUND + 1
    for word in left:
        if found.get(word, least) < least:
            best, least = word, found[word]
    return best


def _qualifying(word: str, found: Costs) -> Costs:
    """The costs of a word as one that qualifies: a very short beginning says nothing."""
    return found if len(word) >= LEAST_BEGINNING else {other: cost for other, cost in found.items() if cost == SAME}


def _the_one(ranks: Sequence[Rank]) -> str:
    """The only place that was meant: it is a step before the next, and no other has all that was typed in its own name."""
    first = ranks[0]
    clear = len(ranks) == 1 or first.step < ranks[1].step
    rivals = (rank for rank in ranks[1:] if not rank.qualified and rank.cost <= first.cost)
    return first.code if clear and next(rivals, None) is None else ""
