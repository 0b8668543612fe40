"""Promise: no hidden cell can be worked out, exactly or within its threshold, from everything that is published."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.disclosure.audit import PublishedSystem, attack, join
from etl.disclosure.policy import CellStatus, Policy
from etl.disclosure.suppression import DisclosureError, protect
from etl.disclosure.tables import TOTAL, Axis, Cross, Nest, Tables, TablesError, link

TERRITORY = Axis("territorio", {"01": TOTAL, "02": TOTAL, "0101": "01", "0102": "01", "0201": "02", "0202": "02"})
SEX = Axis.flat("sexo", ["mujeres", "hombres"])
AGE = Axis.flat("grupo_edad", ["18_25", "26_30", "31_35"])
GROUP = Axis.flat("pueblo", ["garifuna", "ladino", "maya"])
VOTE = Axis.flat("voto", ["voto", "no_voto"])


def counted(tables: Tables, people: dict[tuple[str, ...], int]) -> np.ndarray:
    """Counts of every cell, from how many people have each combination of finest values (in the order of the axes)."""
    values = np.zeros(tables.cells, dtype=np.int64)
    for combination, count in people.items():
        paths = [up(axis, node) for axis, node in zip(tables.axes, combination, strict=True)]
        cells = tables.find(np.array(list(product(*paths))))
        values[cells[cells >= 0]] += count
    return values


def up(axis: Axis, node: str) -> list[int]:
    """Positions of a node and of all it is part of."""
    found = [node]
    while found[-1] != TOTAL:
        found.append(axis.parents[found[-1]])
    return [axis.number[item] for item in found]


def cell(tables: Tables, **values: str) -> int:
    """Position of one cell by its values; what is not named is a total."""
    return int(tables.find(np.array([[axis.number[values.get(axis.name, TOTAL)] for axis in tables.axes]]))[0])


def published(tables: Tables, values: np.ndarray, hidden: np.ndarray, policy: Policy) -> PublishedSystem:
    """What a reader gets."""
    return PublishedSystem(tables, np.where(hidden, np.nan, values), policy.thresholds(tables))


# --- A table that a person can check by hand ----------------------------------------------------------------------------

#            mujeres hombres
# 18_25          3      40      3 is below 5: hidden
# 26_30         50      60
# 31_35         70      80
BY_HAND = {("mujeres", "18_25"): 3, ("hombres", "18_25"): 40, ("mujeres", "26_30"): 50}
BY_HAND |= {("hombres", "26_30"): 60, ("mujeres", "31_35"): 70, ("hombres", "31_35"): 80}


@pytest.fixture
def table() -> tuple[Tables, np.ndarray]:
    tables = link([SEX, AGE], [Cross("sexo y edad", {"sexo": None, "grupo_edad": None})])
    return tables, counted(tables, BY_HAND)


def test_hiding_only_the_small_cell_is_caught_as_exact_recovery(table) -> None:
    tables, values = table
    policy = Policy()
    hidden = policy.primary(tables, values, np.zeros(tables.cells, dtype=bool))
    assert np.flatnonzero(hidden).tolist() == [cell(tables, sexo="mujeres", grupo_edad="18_25")]
    (exposed,) = attack(published(tables, values, hidden, policy)).exposed
    assert exposed.cell == {"sexo": "mujeres", "grupo_edad": "18_25"}
    assert exposed.exactly and exposed.low == pytest.approx(3) and exposed.high == pytest.approx(3)


def test_the_square_that_loses_fewest_people_is_hidden(table) -> None:
    tables, values = table
    result = protect(tables, values, Policy())
    hidden = {tuple(tables.name(index).values()) for index in np.flatnonzero(result.hidden).tolist()}
    assert hidden == set(product(("mujeres", "hombres"), ("18_25", "26_30")))
    audit = attack(published(tables, values, result.hidden, Policy()))
    assert audit.exposed == () and audit.hidden == 4
    small = cell(tables, sexo="mujeres", grupo_edad="18_25")
    assert (audit.low[small], audit.high[small]) == (pytest.approx(0), pytest.approx(43))  # 3 + 40 = the row


def test_an_interval_narrower_than_the_threshold_is_caught_too() -> None:
    # 2 + 1 + 50 = 53: hiding 2 and 1 leaves both in [0, 3], narrower than 5.
    tables = link([AGE], [Cross("edad", {"grupo_edad": None})])
    values = counted(tables, {("18_25",): 2, ("26_30",): 1, ("31_35",): 50})
    policy = Policy()
    primary = policy.primary(tables, values, np.zeros(tables.cells, dtype=bool))
    exposed = attack(published(tables, values, primary, policy)).exposed
    assert [(item.low, item.high, item.exactly) for item in exposed] == [pytest.approx((0, 3, False))] * 2
    assert protect(tables, values, policy).hidden.sum() == 3  # the 50 too


def test_nothing_is_hidden_where_nothing_is_small() -> None:
    tables = link([SEX], [Cross("sexo", {"sexo": None})])
    values = counted(tables, {("mujeres",): 5, ("hombres",): 7})
    assert not protect(tables, values, Policy()).hidden.any()


def test_sensitive_cells_have_the_higher_threshold_and_their_totals_the_ordinary_one() -> None:
    tables = link([SEX, GROUP], [Cross("sexo y pueblo", {"sexo": None, "pueblo": None})])
    thresholds = Policy().thresholds(tables)
    assert thresholds[cell(tables, sexo="mujeres")] == 5
    assert thresholds[cell(tables, sexo="mujeres", pueblo="maya")] == 10
    assert thresholds[cell(tables, pueblo="maya")] == 10


# --- Zeros --------------------------------------------------------------------------------------------------------------


def test_a_zero_of_the_registry_is_published_and_a_structural_zero_is_said() -> None:
    tables = link([SEX, GROUP], [Cross("sexo y pueblo", {"sexo": None, "pueblo": None})])
    values = counted(tables, {("mujeres", "maya"): 500, ("hombres", "maya"): 400, ("hombres", "ladino"): 90})
    structural = np.zeros(tables.cells, dtype=bool)
    structural[[cell(tables, sexo=sex, pueblo="garifuna") for sex in ("mujeres", "hombres")]] = True
    result = protect(tables, values, Policy(), structural=structural)
    states = result.states()
    assert states[cell(tables, sexo="mujeres", pueblo="ladino")] == CellStatus.PUBLICADA
    assert states[cell(tables, sexo="mujeres", pueblo="garifuna")] == CellStatus.CERO_ESTRUCTURAL
    assert not result.hidden.any()


def test_people_in_a_structural_zero_stop_everything() -> None:
    tables = link([SEX], [Cross("sexo", {"sexo": None})])
    with pytest.raises(DisclosureError):
        protect(tables, counted(tables, {("mujeres",): 9}), Policy(), structural=np.ones(tables.cells, dtype=bool))


def test_that_everybody_voted_is_not_told_of_any_group() -> None:
    tables = link([AGE, VOTE], [Cross("edad", {"grupo_edad": None, "voto": None})])
    people = {("18_25", "voto"): 30, ("26_30", "voto"): 300, ("26_30", "no_voto"): 200}
    values = counted(tables, people | {("31_35", "voto"): 100, ("31_35", "no_voto"): 50})
    result = protect(tables, values, Policy())
    nobody = cell(tables, grupo_edad="18_25", voto="no_voto")
    assert values[nobody] == 0 and result.hidden[nobody]
    assert (
        result.hidden[cell(tables, grupo_edad="18_25", voto="voto")] or result.hidden[cell(tables, grupo_edad="18_25")]
    )
    audit = attack(published(tables, values, result.hidden, Policy()))
    assert audit.exposed == () and audit.high[nobody] >= 5


def test_those_who_did_not_vote_are_protected_though_never_published() -> None:
    # 100 registered, 98 voted: 2 did not, though neither published figure is small.
    tables = link([AGE, VOTE], [Cross("edad", {"grupo_edad": None, "voto": None})])
    people = {("18_25", "voto"): 98, ("18_25", "no_voto"): 2, ("26_30", "voto"): 60, ("26_30", "no_voto"): 40}
    values = counted(tables, people | {("31_35", "voto"): 70, ("31_35", "no_voto"): 30})
    result = protect(tables, values, Policy())
    assert result.hidden[cell(tables, grupo_edad="18_25", voto="no_voto")]
    assert (
        result.hidden[cell(tables, grupo_edad="18_25", voto="voto")] or result.hidden[cell(tables, grupo_edad="18_25")]
    )
    assert attack(published(tables, values, result.hidden, Policy())).exposed == ()


# --- Linked crosses, earlier releases, what is public already -----------------------------------------------------------


def test_a_total_hidden_in_one_cross_is_not_told_by_another() -> None:
    tables = link(
        [SEX, AGE, GROUP], [Cross("a", {"sexo": None, "grupo_edad": None}), Cross("b", {"sexo": None, "pueblo": None})]
    )
    assert len(tables.keys) == 3 * 4 + 3 * 4 - 3  # the totals by sex, and the grand total, are the same cells


def test_a_nest_is_an_equation_between_axes() -> None:
    language = Axis.flat("idioma", ["mam", "ixil", "no_aplica"])
    nest = Nest("idioma", ("mam", "ixil"), "pueblo", "maya")
    tables = link([GROUP, language], [Cross("p", {"pueblo": None}), Cross("i", {"idioma": None})], [nest])
    values = counted(tables, {("maya", "mam"): 400, ("maya", "ixil"): 300, ("ladino", "no_aplica"): 200})
    values[cell(tables, pueblo="garifuna")] += 3
    values[[cell(tables, idioma="no_aplica"), cell(tables)]] += 3
    tables.check(values)
    hidden = np.zeros(tables.cells, dtype=bool)
    hidden[[cell(tables, pueblo="garifuna"), cell(tables, pueblo="maya")]] = True
    assert [item.exactly for item in attack(published(tables, values, hidden, Policy())).exposed] == [True, True]
    assert attack(published(tables, values, protect(tables, values, Policy()).hidden, Policy())).exposed == ()


def test_the_previous_release_of_the_same_cutoff_is_part_of_what_is_known(table) -> None:
    tables, values = table
    policy = Policy()
    now = published(tables, values, protect(tables, values, policy).hidden, policy)
    before = published(tables, values, policy.primary(tables, values, np.zeros(tables.cells, dtype=bool)), policy)
    assert attack(now).exposed == ()
    assert [item.exactly for item in attack(join([now, before])).exposed] == [True]


def test_two_releases_that_differ_do_not_count_the_same_people(table) -> None:
    tables, values = table
    nothing = np.zeros(tables.cells, dtype=bool)
    with pytest.raises(TablesError):
        join([published(tables, values, nothing, Policy()), published(tables, values * 2, nothing, Policy())])


def test_what_cannot_be_protected_is_refused(table) -> None:
    tables, values = table
    public = np.ones(tables.cells, dtype=bool)
    public[cell(tables, sexo="mujeres", grupo_edad="18_25")] = False
    with pytest.raises(DisclosureError, match="no hay forma de proteger"):
        protect(tables, values, Policy(), public=public)


def test_parts_that_do_not_add_up_are_refused(table) -> None:
    tables, values = table
    values[cell(tables)] += 1
    with pytest.raises(TablesError, match="no suman su total"):
        protect(tables, values, Policy())


# --- The law, on random cubes -------------------------------------------------------------------------------------------

CROSSES = [
    Cross("a", {"territorio": None, "sexo": None, "grupo_edad": None}),
    Cross("b", {"territorio": None, "sexo": None, "pueblo": None}),
    Cross("c", {"territorio": ("01", "02"), "grupo_edad": None, "pueblo": None}),
]
LINKED = link([TERRITORY, SEX, AGE, GROUP], CROSSES)
PEOPLE = list(product(("0101", "0102", "0201", "0202"), SEX.nodes[1:], AGE.nodes[1:], GROUP.nodes[1:]))
count = st.one_of(st.just(0), st.integers(0, 3), st.integers(0, 12), st.integers(0, 400))


@settings(max_examples=40, deadline=None)
@given(st.lists(count, min_size=len(PEOPLE), max_size=len(PEOPLE)))
def test_after_protection_the_attack_finds_nothing(counts: list[int]) -> None:
    values = counted(LINKED, dict(zip(PEOPLE, counts, strict=True)))
    policy = Policy()
    result = protect(LINKED, values, policy)
    assert (result.hidden >= result.primary).all()
    assert not (result.hidden & (values == 0) & (LINKED.coordinates == 0).all(axis=1)).any()
    assert attack(published(LINKED, values, result.hidden, policy)).exposed == ()
    assert (protect(LINKED, values, policy).hidden == result.hidden).all()
