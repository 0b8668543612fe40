"""Which parameters of a question go together, found by asking the contract that reads them: nothing here knows what they mean.

A parameter that the others never contradict is free. The rest are asked in the ways (`Way`) in which nothing is corrected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, permutations

from dashboard.address.parameters import Parameter

#: Whether an address with those values is honoured as it is.
Honoured = Callable[[Mapping[str, str]], bool]
#: Values of a parameter that are tried with those of another, to know whether they go together.
TRIED = 3
#: A parameter with more values than these is never what the others are told apart by.
MOST_PIVOT = 20
#: Into how many ways, at most, some parameters are told apart; and how many parameters are.
MOST_WAYS, MOST_TOGETHER = 100, 8
#: A parameter with no more values than these is tried with two more, if there are no more pairs of values of them than these.
MOST_NEEDING, MOST_TRIED = 12, 1_000
#: A parameter with more values than these (places, columns of any table) is taken whole where it does not contradict the others.
MOST_ASKED = 120


@dataclass(frozen=True)
class Way:
    """One way of asking: the values that each parameter takes, and the parameters that cannot be left out."""

    values: Mapping[str, tuple[str, ...]]
    required: frozenset[str] = field(default=frozenset())


@dataclass(frozen=True)
class Contradictions:
    """What a contract honours, asked once for each address."""

    honoured: Honoured
    #: Two parameters, if there are, of which one contains the other: it is known which values go together.
    inside: frozenset[str] = frozenset()
    _known: dict[tuple[tuple[str, str], ...], bool] = field(default_factory=dict)

    def fits(self, query: Mapping[str, str]) -> bool:
        """Whether an address is honoured."""
        key = tuple(sorted(query.items()))
        if key not in self._known:
            self._known[key] = self.honoured(query)
        return self._known[key]

    def allowed(self, item: Parameter, fixed: Mapping[str, str]) -> tuple[str, ...]:
        """The values of a parameter that go with what is fixed."""
        values = tuple(item.values)
        if len(values) > MOST_ASKED:
            return values if any(self.fits({**fixed, item.name: value}) for value in _some(values)) else ()
        return tuple(value for value in values if self.fits({**fixed, item.name: value}))

    def agreement(
        self, one: tuple[str, Sequence[str]], other: tuple[str, Sequence[str]], fixed: Mapping[str, str]
    ) -> set[bool]:
        """Whether the values of two parameters go together: always, never or sometimes."""
        if self.inside == {one[0], other[0]}:
            return {True}
        return {
            self.fits({**fixed, one[0]: first, other[0]: second})
            for first in _some(one[1])
            for second in _some(other[1])
        }


def apart(parameters: Sequence[Parameter], found: Contradictions) -> list[list[Parameter]]:
    """The parameters that depend on each other, in groups that do not; a free one is alone."""
    groups: list[list[Parameter]] = []
    for item in parameters:
        bound = [group for group in groups if any(_contradict(item, other, found) for other in group)]
        joined = [one for group in bound for one in group]
        groups = [group for group in groups if group not in bound] + [[*joined, item]]
    return groups


def _contradict(one: Parameter, other: Parameter, found: Contradictions) -> bool:
    pair = (one.name, list(one.values)), (other.name, list(other.values))
    return found.inside == {one.name, other.name} or found.agreement(*pair, {}) != {True}


def is_free(group: Sequence[Parameter], found: Contradictions) -> bool:
    """Whether a group is one parameter whose every value is honoured by itself."""
    return len(group) == 1 and len(found.allowed(group[0], {})) == len(group[0].values)


def ways(group: Sequence[Parameter], found: Contradictions) -> list[Way]:
    """The ways of asking for some parameters, the ones that differ in the values of one parameter alone told as one."""
    told = _ways(group, {}, found, MOST_WAYS)
    named = {name for way in told for name in way.values}
    for item in group:
        if item.name not in named:
            told += _with_two_more(item, [other for other in group if other is not item], found)
    return _joined(told)


def _with_two_more(item: Parameter, others: Sequence[Parameter], found: Contradictions) -> Iterator[Way]:
    """The ways of asking for a parameter with few values that is honoured only with two more, one of which has few values."""
    if len(item.values) > MOST_NEEDING:
        return
    for first, second in permutations(others, 2):
        if len(first.values) > MOST_NEEDING or len(first.values) * len(second.values) > MOST_TRIED:
            continue
        taken = {
            (value, one): tuple(
                other for other in second.values if found.fits({item.name: value, first.name: one, second.name: other})
            )
            for value in item.values
            for one in first.values
        }
        for (value, one), fit in taken.items():
            if fit:
                way = {item.name: (value,), first.name: (one,), second.name: fit}
                yield Way(way, frozenset(way))
        if any(taken.values()):
            return


def _ways(rest: Sequence[Parameter], fixed: Mapping[str, str], found: Contradictions, most: int) -> list[Way]:
    allowed = {item.name: values for item in rest if (values := found.allowed(item, fixed))}
    agreed = {
        (one, other): found.agreement((one, allowed[one]), (other, allowed[other]), fixed)
        for one, other in combinations(allowed, 2)
    }
    pivot = _pivot(rest, allowed, agreed, fixed, found)
    if not pivot or len(allowed[pivot]) > most:
        never = {frozenset(pair) for pair, said in agreed.items() if said != {True}}
        return [Way({name: allowed[name] for name in names}) for names in _sets(list(allowed), never)]
    without, left = [item for item in rest if item.name != pivot], most // len(allowed[pivot])
    told = _ways(without, fixed, found, left)
    for value in allowed[pivot]:
        told += [
            Way({pivot: (value,), **way.values}, way.required | {pivot})
            for way in _ways(without, {**fixed, pivot: value}, found, left)
        ]
    return told


def _pivot(
    rest: Sequence[Parameter],
    allowed: Mapping[str, Sequence[str]],
    agreed: Mapping[tuple[str, str], set[bool]],
    fixed: Mapping[str, str],
    found: Contradictions,
) -> str:
    """The parameter by which the others are told apart: the first that contradicts some values of another and not all, or that
    allows another which is not allowed without it. "" if there is none.
    """
    sometimes = {name for pair, said in agreed.items() if len(said) > 1 for name in pair}
    alone = [item for item in rest if item.name not in allowed]
    for name, values in allowed.items():
        if not 1 < len(values) <= MOST_PIVOT:
            continue
        if name in sometimes or any(
            found.fits({**fixed, name: value, item.name: other})
            for item in alone
            for value in values
            for other in _some(tuple(item.values))
        ):
            return name
    return ""


def _sets(names: Sequence[str], never: Iterable[frozenset[str]]) -> Iterator[tuple[str, ...]]:
    """The largest sets of names without two that never go together."""
    never = set(never)
    found: list[set[str]] = []
    for count in range(len(names), -1, -1):
        for some in combinations(names, count):
            if any(set(some) <= larger for larger in found) or any(pair <= set(some) for pair in never):
                continue
            found.append(set(some))
            yield some


def _joined(told: list[Way]) -> list[Way]:
    """The same ways, with those that are equal but for the values of one required parameter as one."""
    names = dict.fromkeys(name for way in told for name in way.values)
    for name in names:
        merged: dict[object, Way] = {}
        for way in told:
            rest = {other: values for other, values in way.values.items() if other != name}
            key = (tuple(rest.items()), way.required, name in way.values)
            if name in way.required and key in merged:
                values = tuple(dict.fromkeys((*merged[key].values[name], *way.values[name])))
                merged[key] = Way({**way.values, name: values}, way.required)
            else:
                merged.setdefault(key, way)
        told = list(merged.values())
    return _without_parts(told)


def _without_parts(told: list[Way]) -> list[Way]:
    """The ways that are not a part of another one."""
    return [way for way in told if not any(other is not way and _is_part(way, other) for other in told)]


def _is_part(way: Way, other: Way) -> bool:
    return other.required <= way.required and all(
        name in other.values and set(values) <= set(other.values[name]) for name, values in way.values.items()
    )


def _some(values: Sequence[str]) -> list[str]:
    """A few of the values: those at both ends and between."""
    if len(values) <= TRIED:
        return list(values)
    return [values[place * (len(values) - 1) // (TRIED - 1)] for place in range(TRIED)]
