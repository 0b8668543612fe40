"""Promise: tables in which programs of the field are known to have left somebody exposed give nobody away here.

The figures are those of the reports, at github.com/sdcTools/UserSupport/issues. What is hidden is attacked twice: by linear
programming, as `auditar` does, and with whole numbers, by a program of its own. The hypercubes are in shape those of the
Norwegian census of 2021 (github.com/statisticsnorway/sdc-census-2021-hypercubes), with invented people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import highspy
import numpy as np
import pandas as pd
import pytest

from bench.counts import PEOPLE
from bench.counts import counted as people_counted
from etl.disclosure.audit import PublishedSystem, attack
from etl.disclosure.policy import Policy
from etl.disclosure.suppression import protect
from etl.disclosure.tables import TOTAL, Axis, Cross, Nest, Tables, link
from tests.test_disclosure import cell, counted

CLOSE = 1e-5


def whole_numbers(tables: Tables, values: np.ndarray, hidden: np.ndarray, least: int = 0) -> dict[int, tuple[int, int]]:
    """The lowest and the highest whole count that each hidden cell can have, by what is public and if none is below `least`."""
    program = highspy.Highs()
    program.silent()
    unknown = {at: program.addIntegral(lb=least) for at in np.flatnonzero(hidden).tolist()}
    for equation in range(tables.equations):
        inside = tables.equation == equation
        terms = list(zip(tables.cell[inside].tolist(), tables.sign[inside].tolist(), strict=True))
        known = sum(sign * int(values[at]) for at, sign in terms if at not in unknown)
        if left := [sign * unknown[at] for at, sign in terms if at in unknown]:
            program.addConstr(sum(left[1:], left[0]) == -known)
    found = {}
    for at, variable in unknown.items():
        ends = []
        for solve in (program.minimize, program.maximize):
            solve(variable)
            assert program.getModelStatus() == highspy.HighsModelStatus.kOptimal
            ends.append(round(program.val(variable)))
        found[at] = ends[0], ends[1]
    return found


def narrow(tables: Tables, values: np.ndarray, hidden: np.ndarray, policy: Policy) -> set[tuple[str, ...]]:
    """The hidden cells that either attack places in less than their threshold."""
    thresholds = policy.thresholds(tables)
    audit = attack(PublishedSystem(tables, np.where(hidden, np.nan, values), thresholds))
    found = {tuple(item.cell.values()) for item in audit.exposed}
    for at, (low, high) in whole_numbers(tables, values, hidden).items():
        assert low >= audit.low[at] - CLOSE and high <= audit.high[at] + CLOSE, "whole numbers never know less"
        if high - low < thresholds[at]:
            found.add(tuple(tables.name(at).values()))
    return found


def marked(tables: Tables, *cells: Mapping[str, str]) -> np.ndarray:
    hidden = np.zeros(tables.cells, dtype=bool)
    hidden[[cell(tables, **values) for values in cells]] = True
    return hidden


def alone(axis: Axis, people: Mapping[str, int]) -> tuple[Tables, np.ndarray]:
    """A table by one thing."""
    tables = link([axis], [Cross("una", {axis.name: None})])
    return tables, counted(tables, {(name,): count for name, count in people.items()})


# --- 136: two tables that share their cells, each protected by itself -----------------------------------------------------

REGIONS = {"A": 2, "B": 2, "I": 8, "J": 8, "K": 3, "L": 3, "M": 3, "N": 7}
COUNTIES = {"county-1": "ABIJ", "county-2": "KLMN"}
GROUPS = {"BIG": "LM", "small": "ABIJKN"}
UP_TO_3 = Policy(4, 4, (), ())


def two_hierarchies() -> tuple[Tables, np.ndarray]:
    """Regions add up to counties in one table and to groups in the other."""
    county = {region: name for name, inside in COUNTIES.items() for region in inside}
    axes = [Axis("region", county | dict.fromkeys(COUNTIES, TOTAL)), Axis.flat("group", [*GROUPS])]
    nests = [Nest("region", tuple(inside), "group", name) for name, inside in GROUPS.items()]
    tables = link(axes, [Cross("condados", {"region": None}), Cross("grupos", {"group": None})], nests)
    values = counted(tables, {(region, "small"): count for region, count in REGIONS.items()})
    for name, inside in GROUPS.items():
        values[cell(tables, group=name)] = sum(REGIONS[region] for region in inside)
    tables.check(values)
    return tables, values


def test_136_what_is_safe_in_each_of_two_tables_is_not_in_both() -> None:
    """In each table by itself no sum has one hidden cell alone; with both, K is what is left of county-2 without BIG: 3."""
    tables, values = two_hierarchies()
    small = UP_TO_3.primary(tables, values, np.zeros(tables.cells, dtype=bool))
    assert {tables.name(at)["region"] for at in np.flatnonzero(small).tolist()} == set("ABKLM")
    assert ("K",) in narrow(tables, values, small, UP_TO_3)
    assert whole_numbers(tables, values, small)[cell(tables, region="K")] == (3, 3)


def test_136_is_safe_here() -> None:
    tables, values = two_hierarchies()
    assert narrow(tables, values, protect(tables, values, UP_TO_3).hidden, UP_TO_3) == set()


# --- 160: what is hidden is known approximately ---------------------------------------------------------------------------

#: Three divisions are hidden for themselves, and what they add up to is published. The report is of turnover, in which one
#: enterprise is nearly all of it, and its figures are in a sheet that is kept nowhere we can read. People count one each, so what
#: carries over is its form: the cheapest other division gives no room, and another does.
DIVISIONS = Axis.flat("division", ["B05", "B06", "B07", "B08", "B09"])
TURNOVER = {"B05": 4, "B06": 1, "B07": 1, "B08": 40, "B09": 0}
UP_TO_9 = Policy(10, 10, (), ())
SMALL = [{"division": name} for name in ("B05", "B06", "B07")]


@pytest.mark.parametrize("more", [[], [{"division": "B09"}]], ids=["ninguna", "la más barata"])
def test_160_hidden_cells_with_little_room_are_known_approximately(more: Sequence[Mapping[str, str]]) -> None:
    tables, values = alone(DIVISIONS, TURNOVER)
    hidden = marked(tables, *SMALL, *more)
    assert narrow(tables, values, hidden, UP_TO_9) >= {("B05",), ("B06",), ("B07",)}
    assert set(whole_numbers(tables, values, hidden).values()) == {(0, 6)}  # never exactly


def test_160_is_safe_here() -> None:
    tables, values = alone(DIVISIONS, TURNOVER)
    hidden = protect(tables, values, UP_TO_9).hidden
    assert hidden[cell(tables, division="B08")] and narrow(tables, values, hidden, UP_TO_9) == set()


# --- 135 and 194: several cells of one person, and zeros -------------------------------------------------------------------

SINGLETONS = {"1": (1, 1, 7, 1, 0), "2": (1, 0, 0, 2, 8)}
#: A sum, and which of its parts are hidden in the report.
SUMS = {
    "dos ceros en un total de cero": ((0, 0, 0), (0, 1)),
    "dos ceros en un total mayor": ((10, 5, 0, 0), (2, 3)),
    "dos personas, una en cada celda": ((10, 3, 1, 1), (2, 3)),
}


def test_135_three_cells_of_one_person_each_are_safe_here() -> None:
    """Three that add up to 3 are one each, for who knows that no hidden cell is empty."""
    axes = [Axis.flat("var1", [*SINGLETONS]), Axis.flat("var2", [*"ABHMW"])]
    tables = link(axes, [Cross("tabla", {"var1": None, "var2": None})])
    counts = {(one, two): n for one, row in SINGLETONS.items() for two, n in zip("ABHMW", row, strict=True)}
    values = counted(tables, counts)
    reported = Policy(3, 3, (), ()).primary(tables, values, np.zeros(tables.cells, dtype=bool))  # one and two
    first = [cell(tables, var1="1", var2=name) for name in "ABM"]
    assert [whole_numbers(tables, values, reported, least=1)[at] for at in first] == [(1, 1)] * 3
    hidden = protect(tables, values, Policy()).hidden
    assert narrow(tables, values, hidden, Policy()) == set()
    known = whole_numbers(tables, values, hidden, least=int((values[hidden] > 0).all()))
    assert all(low < high for low, high in known.values())


@pytest.mark.parametrize("name", SUMS)
def test_194_what_adds_up_to_nearly_nobody_is_found_out_and_never_left_so(name: str) -> None:
    parts, chosen = SUMS[name]
    axis = Axis.flat("parte", [f"p{number}" for number in range(len(parts))])
    tables, values = alone(axis, {f"p{number}": count for number, count in enumerate(parts)})
    policy = Policy()
    hidden = marked(tables, *({"parte": f"p{number}"} for number in chosen))
    assert narrow(tables, values, hidden, policy) == {(f"p{number}",) for number in chosen}
    if values.any():
        ours = protect(tables, values, policy).hidden
        assert narrow(tables, values, ours, policy) == set()
        assert not (ours & (values == 0)).all()


# --- The hypercubes of a census ------------------------------------------------------------------------------------------


def tree(name: str, *branches: int) -> Axis:
    """An axis of levels: so many values of the first, each with so many parts, and so on."""
    parents: dict[str, str] = {}
    above = [TOTAL]
    for many in branches:
        below = [f"{'' if parent == TOTAL else parent}{chr(97 + number)}" for parent in above for number in range(many)]
        parents |= {
            node: parent for parent in above for node in below if node[:-1] == ("" if parent == TOTAL else parent)
        }
        above = below
    return Axis(name, parents)


@pytest.mark.largo
def test_linked_hypercubes_of_the_shape_of_a_census_are_safe() -> None:
    """Seven hypercubes: four of the country by ages one by one, three by municipality; they share sex, age and the two statuses.

    Ages are in three levels and household status in two, as there; 7 regions with 7 districts of 7 municipalities each are about
    as many as there are.
    """
    geo, sex, age = tree("geo", 7, 7, 7), tree("sex", 2), tree("age", 6, 4, 4)
    civil, household, family = tree("lms", 4, 2), tree("hst", 2, 4), tree("fst", 4, 2)
    broad = [node for node in age.nodes[1:] if len(node) < 3]
    flat = {axis.name: [node for node in axis.nodes[1:] if len(node) == 1] for axis in (civil, household)}
    crosses = [
        Cross("1.1", {"sex": None, "age": None, "lms": None}),
        Cross("1.2", {"sex": None, "age": None, "hst": None}),
        Cross("1.3", {"sex": None, "age": None, "fst": None}),
        Cross("1.4", {"sex": None, "lms": None, "hst": None}),
        Cross("3.1", {"geo": None, "sex": None, "age": broad}),
        Cross("3.2", {"geo": None, "sex": None, "hst": None}),
        Cross("3.3", {"geo": None, "sex": None, "lms": flat["lms"]}),
    ]
    axes = [geo, sex, age, civil, household, family]
    tables = link(axes, crosses)
    values = invented(tables, 200_000)
    result = protect(tables, values, UP_TO_3)
    assert result.primary.sum() > 1_000 and tables.cells > 30_000
    published = PublishedSystem(tables, np.where(result.hidden, np.nan, values), UP_TO_3.thresholds(tables))
    assert attack(published).exposed == ()


def invented(tables: Tables, people: int) -> np.ndarray:
    """Counts of people of whom each trait is drawn by itself, most of them of its first values."""
    chance = np.random.default_rng(2021)
    drawn = pd.DataFrame({PEOPLE: np.ones(people, dtype=np.int64)})
    for axis in tables.axes:
        leaves = [node for node in axis.nodes[1:] if axis.number[node] not in axis.children]
        weights = 1 / np.arange(1, len(leaves) + 1)
        drawn[axis.name] = chance.choice(leaves, people, p=weights / weights.sum())
    return people_counted(tables, drawn)
