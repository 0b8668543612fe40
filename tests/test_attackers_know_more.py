"""Promise: the audit also asks who knows that counts are whole, how cells are hidden, or that she is alone: they find nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import pytest

from etl.commands import audit as command
from etl.disclosure import attackers
from etl.disclosure.attackers import Parts, all_of_one_group, ask_alone, ask_whole, follow_the_pattern, further
from etl.disclosure.audit import Audit, Exposed, PublishedSystem, attack
from etl.disclosure.bounds import Region
from etl.disclosure.frames import protect_frames, published_system
from etl.disclosure.tables import Axis, Tables
from etl.disclosure.whole import Knowledge, Near, Part
from tests.checkout_support import Checkout
from tests.cubes_support import REGISTRY as SMALL
from tests.cubes_support import VOTES
from tests.etl_support import etl
from tests.test_disclosure_of_cubes import PEOPLE, WIDER, frame_of

LATER = float("inf")


def system(
    sums: Mapping[str, Sequence[tuple[str, ...]]], shown: Mapping[str, int], thresholds: Mapping[str, int]
) -> PublishedSystem:
    """Cells with a name each, of which some are `shown`: every total with its parts, a total of several sums too."""
    pairs = [(total, parts) for total, every in sums.items() for parts in every]
    names = sorted({name for total, parts in pairs for name in (total, *parts)})
    place = {name: number for number, name in enumerate(names)}
    triplets = [
        (number, place[name], -1 if name == total else 1)
        for number, (total, parts) in enumerate(pairs)
        for name in (total, *parts)
    ]
    equation, cell, sign = (np.array(column) for column in zip(*triplets, strict=True))
    axis = Axis.flat("celda", names)
    coordinates = np.array([[axis.number[name]] for name in names])
    tables = Tables((axis,), (), (), coordinates, coordinates[:, 0], equation, cell, sign)
    counts = np.array([shown.get(name, np.nan) for name in names], dtype=float)
    return PublishedSystem(tables, counts, np.array([thresholds.get(name, 10) for name in names]))


def names_of(found: Sequence[Exposed]) -> list[str]:
    return [item.cell["celda"] for item in found]


def asked_whole(audit: Audit) -> attackers.Asked:
    return ask_whole(audit, Parts(audit.published, Knowledge.of(audit.published)), LATER)


def asked_alone(audit: Audit) -> attackers.Asked:
    return ask_alone(audit, Parts(audit.published, Knowledge.of(audit.published)), LATER)


#: u is twice p, so it is even; and it is 9 with v.
EVEN = system(
    {"u": [("p", "q")], "s": [("p", "r")], "t": [("q", "r")], "n": [("u", "v")]},
    {"s": 7, "t": 7, "n": 9},
    {"u": 9, "v": 9, "p": 4, "q": 4, "r": 4},
)


def test_whole_counts_find_what_real_numbers_do_not() -> None:
    audit = attack(EVEN)
    assert audit.exposed == ()
    found = asked_whole(audit)
    assert names_of(found.exposed) == ["u", "v"] and found.asked == 5 and found.left == 0
    assert found.tighter >= 2
    assert [(item.low, item.high) for item in found.exposed] == [(0, 8), (1, 9)]


def test_who_knows_the_rule_finds_the_only_cell_that_may_be_small() -> None:
    """b is a, 20 and z; with a it is 60: it is large, and z is never confidential. Then a is what had to be hidden."""
    sums = {"b": [("a", "k", "z")], "n": [("a", "b")]}
    told = system(sums, {"k": 20, "n": 60}, {"z": 0})
    found = follow_the_pattern(told, Knowledge.of(told))
    assert (found.below, found.likely, found.exposed) == (1, 1, ())
    exact = system(sums, {"k": 20, "n": 60}, {"a": 2, "z": 0})
    assert attack(exact).exposed == ()
    assert names_of(follow_the_pattern(exact, Knowledge.of(exact)).exposed) == ["a", "b", "z"]


def test_the_rule_tells_nothing_where_several_may_be_small() -> None:
    told = system({"n": [("a", "b", "c")]}, {"n": 40}, {})
    found = follow_the_pattern(told, Knowledge.of(told))
    assert (found.below, found.likely, found.exposed) == (0, 0, ())


def test_who_is_alone_in_her_cell_finds_one_that_is_at_most_as_large() -> None:
    """c is as many as a, and has b in it: whoever is alone in a knows that b is at most one person."""
    told = system(
        {"m": [("c", "d")], "n": [("d", "a")], "c": [("b", "y")], "s": [("a", "b", "f")]},
        {"m": 20, "n": 20, "s": 60},
        {},
    )
    audit = attack(told)
    assert audit.exposed == ()
    found = asked_alone(audit)
    assert "b" in names_of(found.exposed)
    assert next((item.low, item.high) for item in found.exposed if item.cell["celda"] == "b") == (0, 1)


def test_who_is_alone_in_a_sum_with_room_finds_nobody() -> None:
    told = system({"n": [("a", "b", "c")]}, {"n": 25}, {})
    found = asked_alone(attack(told))
    assert found.asked == 3 and found.exposed == ()
    tight = system({"n": [("a", "b", "c")]}, {"n": 9}, {})
    assert names_of(asked_alone(attack(tight)).exposed) == ["a", "b", "c"]


def test_who_is_alone_with_another_cell_in_a_sum_as_large_as_the_threshold_knows_it() -> None:
    """Each may be from 0 to 10, which is as wide as it must be; whoever is the one knows that the others are nine."""
    told = system({"n": [("a", "b")]}, {"n": 10}, {})
    audit = attack(told)
    assert audit.exposed == ()
    assert {(item.low, item.high) for item in asked_alone(audit).exposed} == {(9, 9)}


def test_a_total_of_which_she_is_the_only_hidden_part_is_she_herself() -> None:
    told = system({"m": [("a", "k")], "n": [("m", "b", "c")]}, {"k": 0, "n": 25}, {})
    assert asked_alone(attack(told)).exposed == ()


def test_groups_of_one_pueblo_are_counted_with_their_people() -> None:
    one = [*PEOPLE, *(("0301", sexo, "maya", 60, 30) for sexo in ("mujeres", "hombres"))]
    published, _ = protect_frames({"padron_cubo": SMALL}, {"padron_cubo": frame_of(SMALL, one)})
    frame = published["padron_cubo"]
    inside = frame["codigo_municipio"] == "0301"
    frame = pd.concat([frame, frame[inside & (frame["pueblo"] == "maya")].assign(pueblo="ladino", empadronados=0)])
    told = published_system({"padron_cubo": SMALL}, {"padron_cubo": frame.reset_index(drop=True)})
    found = all_of_one_group(told)
    # Of the municipio, and of the departamento that is only it: both sexes, and each of them.
    assert (found.groups, found.people) == (3, 120)
    assert all_of_one_group(EVEN) == attackers.Homogeneous(0, 0)


@pytest.mark.parametrize("people", [PEOPLE, WIDER], ids=["few", "more"])
def test_a_clean_release_gives_nobody_to_any_attacker(people: list[tuple[str, str, str, int, int]]) -> None:
    cubes = {"padron_cubo": SMALL, "participacion_cubo": VOTES}
    frames = {name: frame_of(cube, people) for name, cube in cubes.items()}
    published, _ = protect_frames(cubes, frames)
    audit = attack(published_system(cubes, published))
    found = further(audit, 20)
    assert audit.exposed == found.exposed == found.alone.exposed == ()
    assert found.integers.asked and found.alone.asked


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.largo) for seed in range(1, 9))])
def test_nothing_that_is_concluded_is_false(seed: int) -> None:
    """The exact counts are always within what is known, and what programs of a part say is no narrower than the whole says."""
    chance = np.random.default_rng(seed)
    people = [
        (place, sexo, pueblo, int(count), int(chance.integers(0, count + 1)))
        for place in ("0101", "0102", "0201", "0202", "0301")
        for sexo in ("mujeres", "hombres")
        for pueblo in ("maya", "ladino", "xinka")
        for count in [chance.choice([0, 1, 3, 12, 40, 300])]
    ]
    cubes = {"participacion_cubo": VOTES}
    exact = frame_of(VOTES, people)
    published, ((place, _),) = protect_frames(cubes, {"participacion_cubo": exact})
    truth = place.counts({"participacion_cubo": exact})
    told = published_system(cubes, published)
    known, near = Knowledge.of(told), Near(told)
    assert ((known.low <= truth) & (truth <= known.high)).all()
    everything = np.ones(told.tables.cells, dtype=bool)
    # Where nothing limits a count each program is given a limit of its own: here, the one of `Knowledge`.
    most = np.full(told.tables.cells, 2 * np.nanmax(told.counts) + 1_000)
    region = Region(told.tables, truth, told.hidden, most)
    for cell in chance.choice(np.flatnonzero(told.hidden), 4).tolist():
        for most in (5, 10_000):
            part = Part(told, near.around(cell, most, everything), known)
            real, whole = (part.bounds(cell, counted, LATER) for counted in (False, True))
            assert real and whole and real[0] <= whole[0] <= truth[cell] <= whole[1] <= real[1]
            low, high = region.exact(cell)
            assert real[0] <= low + 1e-6 and real[1] >= high - 1e-6


def test_without_time_nothing_is_asked_and_it_is_said() -> None:
    found = further(attack(EVEN), 0)
    assert found.integers.asked == 0 and found.integers.left == 5 and found.exposed == ()


def test_what_each_attacker_finds_is_told(light_cubes: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    audit = attack(EVEN)
    leaking = further(audit, 20)
    monkeypatch.setattr(command, "audit_releases", lambda releases, say: [(["padron_cubo"], audit)])
    monkeypatch.setattr(command, "attack_further", lambda audits, say: [leaking])
    told = etl("auditar", light_cubes.current.root)
    assert told.exit_code == 1
    assert "padron_cubo: 5 celdas confidenciales, 0 deducibles" in told.output
    assert "con que son enteros: de las 5 celdas más estrechas de 5" in told.output and "2 deducibles" in told.output
    assert "- u: se deduce a menos de 9 personas, con enteros" in told.output
