"""Promise: what the registry, its rolls and who voted say of one another, subtracted, exposes nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl import fields
from etl.cubes.declared import EDAD, TERRITORIO, Cube, grupo_edad
from etl.disclosure.audit import attack
from etl.disclosure.bounds import Region
from etl.disclosure.frames import protect_frames, protect_together, published_system, same_people
from etl.disclosure.links import who
from etl.model import TOTAL
from tests.cubes_support import REGISTRY, VOTES

ROLL = replace(VOTES, election="2023-1")
EARLIER = replace(ROLL, election="2019-1")
PLACES = ("0101", "0102", "0201", "0202")
GROUPS = [
    (place, sex, group) for place in PLACES for sex in ("mujeres", "hombres") for group in ("maya", "ladino", "xinka")
]


def frame_of(cube: Cube, counts: Sequence[int], voted: Sequence[int] | None = None) -> pd.DataFrame:
    """Every cell of the cube from the counts of its finest ones, in the order of GROUPS."""
    rows = pd.DataFrame(GROUPS, columns=["codigo_municipio", "sexo", "pueblo"])
    rows = rows.assign(empadronados=counts, votantes=voted if voted is not None else 0)
    rows.insert(0, "codigo_departamento", rows["codigo_municipio"].str[:2])
    measures = [item.name for item in cube.measures]
    parts = []
    for margin in cube.margins:
        summed = (
            rows.groupby(list(margin))[measures].sum().reset_index() if margin else rows[measures].sum().to_frame().T
        )
        parts.append(summed.assign(**dict.fromkeys(set(cube.columns) - set(margin), TOTAL)))
    return pd.concat(parts, ignore_index=True)[[*cube.columns, *measures]].astype(dict.fromkeys(measures, "int64"))


def people(seed: int) -> tuple[dict[str, Cube], dict[str, pd.DataFrame]]:
    """A registry, the roll of an election within it, and that of an earlier one within that, with who voted."""
    chance = np.random.default_rng(seed)
    size = np.array([{"maya": 300, "ladino": 40, "xinka": 6}[group] for _, _, group in GROUPS])
    registry = chance.poisson(size)
    roll = chance.binomial(registry, 0.9)
    earlier = chance.binomial(roll, 0.85)
    cubes = {"registro": REGISTRY, "2023": ROLL, "2019": EARLIER}
    frames = {
        "registro": frame_of(REGISTRY, registry),
        "2023": frame_of(ROLL, roll, chance.binomial(roll, 0.6)),
        "2019": frame_of(EARLIER, earlier, chance.binomial(earlier, 0.6)),
    }
    return cubes, frames


def test_a_roll_is_part_of_the_registry_and_an_earlier_roll_of_the_later() -> None:
    cubes, frames = people(1)
    (registry,) = who(cubes, frames)
    assert [one.cubes for one in registry.every()] == [["registro"], ["2023"], ["2019"]]
    assert [list(group) for group in same_people(cubes, frames)] == [list(cubes)]
    more = frames["2023"].assign(empadronados=frames["2023"]["empadronados"] + 500)
    assert len(same_people({"registro": REGISTRY, "2023": ROLL}, frames | {"2023": more})) == 2


def test_a_roll_counted_with_the_ages_of_its_day_is_part_of_the_registry_but_for_the_age() -> None:
    by_age = replace(
        REGISTRY,
        dimensions=(TERRITORIO, EDAD),
        crosses=((fields.codigo_municipio, grupo_edad),),
        sensitive=(),
    )
    roll = replace(by_age, measures=(fields.empadronados, fields.votantes), election="2023-1")

    def counted(cube: Cube, young: int, old: int) -> pd.DataFrame:
        rows = [(TOTAL, TOTAL, TOTAL, young + old), (TOTAL, TOTAL, "18_25", young), (TOTAL, TOTAL, "26_30", old)]
        rows += [("01", place, age, many) for place in (TOTAL, "0101") for _, _, age, many in rows]
        made = pd.DataFrame(rows, columns=[*cube.columns, "empadronados"])
        return made.assign(votantes=made["empadronados"] // 2) if cube.election else made

    frames = {"registro": counted(by_age, 40, 60), "2023": counted(roll, 50, 30)}
    (registry,) = who({"registro": by_age, "2023": roll}, frames)
    assert [(one.cubes, one.apart) for one in registry.parts] == [(["2023"], {"grupo_edad"})]


def test_protected_one_by_one_they_tell_on_each_other_and_together_they_do_not() -> None:
    """Who registered after the roll closed is whoever is in the registry and not on the roll."""
    told = 0
    for seed in range(2):
        cubes, frames = people(seed)
        apart: dict[str, pd.DataFrame] = {}
        for name, cube in cubes.items():
            apart |= protect_together({name: cube}, frames)[0]
        told += len(attack(published_system(cubes, apart)).exposed)
        together, _ = protect_frames(cubes, frames)
        assert attack(published_system(cubes, together)).exposed == (), seed
    assert told > 8


def test_who_registered_later_is_not_counted_by_subtracting() -> None:
    """A difference of few people is never exact: the registry or the roll is hidden there."""
    cubes, frames = people(3)
    published, ((place, protection),) = protect_frames(cubes, frames)
    small = 0
    for seen, exact in ((published, frames),):
        both = exact["registro"].merge(exact["2023"], on=list(REGISTRY.columns), suffixes=("", "_roll"))
        shown = seen["registro"]["empadronados"].notna() & seen["2023"]["empadronados"].notna()
        after = both["empadronados"] - both["empadronados_roll"]
        least = np.where(both["pueblo"] == TOTAL, 5, 10)
        small = int(((after > 0) & (after < least)).sum())
        assert not ((after > 0) & (after < least) & shown.to_numpy()).any()
    assert small > 5
    assert (protection.hidden[place.implied[:, 0]]).any()


@given(st.integers(0, 10_000))
@settings(max_examples=4, deadline=None)
def test_the_room_that_the_layers_prove_is_there(seed: int) -> None:
    """What the layers say that a cell may be is within what linear programming over everything says."""
    cubes, frames = people(seed)
    _, ((place, protection),) = protect_frames(cubes, frames)
    values = np.nan_to_num(place.counts(frames))
    region = Region(place.tables, values, protection.hidden)
    for cell in np.flatnonzero(protection.hidden)[:: max(1, int(protection.hidden.sum()) // 8)]:
        low, high = region.exact(int(cell))
        assert low - 1e-4 <= protection.low[cell] <= protection.high[cell] <= high + 1e-4


def test_a_small_change_since_another_cutoff_is_hidden_too() -> None:
    cubes = {"registro": REGISTRY}
    counts = [{"maya": 300, "ladino": 40, "xinka": 25}[group] for _, _, group in GROUPS]
    before = frame_of(REGISTRY, counts)
    counts[0] -= 1  # one Maya woman of 0101 left
    frames = {"registro": frame_of(REGISTRY, counts)}
    alone, _ = protect_together(cubes, frames)
    assert alone["registro"]["empadronados"].notna().all()
    published, _ = protect_together(cubes, frames, before={"registro": [before]})
    seen = published["registro"].merge(before, on=list(REGISTRY.columns), suffixes=("", "_before"))
    moved = (seen["empadronados_before"] - seen["empadronados"]).fillna(0)
    assert not (moved[seen["pueblo"] != TOTAL] != 0).any()
    assert seen.loc[seen["pueblo"] != TOTAL, "empadronados"].isna().sum() >= 4  # and not only hers


@pytest.mark.parametrize("processes", [1, 2])
def test_how_many_threads_there_are_changes_nothing(processes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    cubes, frames = people(5)
    first, _ = protect_frames(cubes, frames)
    monkeypatch.setattr("etl.disclosure.suppression.WORKERS", processes)
    again, _ = protect_frames(cubes, frames)
    for name in cubes:
        pd.testing.assert_frame_equal(first[name], again[name])
