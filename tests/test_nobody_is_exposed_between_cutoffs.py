"""Promise: two cut-offs read together give nobody away: not who left, nor who came, nor whether they voted."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from etl.commands import audit as command
from etl.cubes import between as moments
from etl.cubes.between import Between, between
from etl.cubes.declared import CUBES, Cube
from etl.cubes.parts import Part
from etl.cubes.public import CubesOf, cubes_of
from etl.disclosure.frames import protect_frames
from etl.model import TOTAL
from tests.blind_support import SENSITIVE, coded, guesses, learnt
from tests.checkout_support import Checkout
from tests.etl_support import etl
from tests.microdata_support import LATER as CUBES_CUTOFF

SEED, PEOPLE = 1994, 6_000
REGISTRY, VOTES = (next(cube for cube in CUBES if cube.name == name) for name in ("padron_cubo", "participacion_cubo"))
BEFORE, AFTER = "2025-07-12", "2026-07-12"
#: After the cut-off that `published_cubes` publishes: too near to be published, and far enough.
A_MONTH, A_YEAR = "2026-10-31", "2027-09-30"
#: Up to how many leave of the 20,000, no guess may be right by chance either.
FEW_LEAVE = 50


@cache
def registry() -> pd.DataFrame:
    """People who do not exist, with every trait of the cubes."""
    chance = np.random.default_rng(SEED)
    people = pd.DataFrame({"codigo_municipio": chance.choice(["0101", "0102", "0201"], PEOPLE, p=[0.5, 0.3, 0.2])})
    people["codigo_departamento"] = people["codigo_municipio"].str[:2]
    people["sexo"] = chance.choice(["mujeres", "hombres"], PEOPLE)
    people["grupo_edad"] = chance.choice(["18_25", "26_30", "31_35"], PEOPLE)
    people["alfabetismo"] = chance.choice(["alfabeta", "analfabeta"], PEOPLE, p=[0.8, 0.2])
    people["pueblo"] = chance.choice(["maya", "ladino", "xinka"], PEOPLE, p=[0.5, 0.4, 0.1])
    language = np.where(chance.random(PEOPLE) < 0.5, "kiche", "mam")
    people["comunidad_linguistica"] = np.where(people["pueblo"] == "maya", language, "no_aplica")
    people["voto"] = chance.choice(["sí", "no"], PEOPLE, p=[0.6, 0.4])
    return people


def counted(cube: Cube, people: pd.DataFrame) -> pd.DataFrame:
    """Every cell of the cube that has somebody, and those that have nobody beside them."""
    counts = {"empadronados": ("sexo", "size"), "votantes": ("voto", lambda told: int((told == "sí").sum()))}
    measures = {item.name: counts[item.name] for item in cube.measures}
    every = people.assign(x=0)
    parts = []
    for margin in cube.margins:
        keys = list(margin)
        summed = every.groupby(keys).agg(**measures).reset_index() if keys else every.groupby("x").agg(**measures)
        parts.append(summed.assign(**dict.fromkeys(set(cube.columns) - set(margin), TOTAL)))
    made = pd.concat(parts, ignore_index=True)
    return made[[*cube.columns, *measures]].astype(dict.fromkeys(measures, "int64"))


@cache
def protected(gone: tuple[int, ...] = ()) -> Mapping[str, pd.DataFrame]:
    """What may be published of everybody but some, when nothing else is known of them."""
    people = registry().drop(index=list(gone))
    cubes = {"padron_cubo": REGISTRY, "participacion_cubo": replace(VOTES, election="2023-1")}
    return protect_frames(cubes, {name: counted(cube, people) for name, cube in cubes.items()})[0]


def some(many: int) -> tuple[int, ...]:
    return tuple(np.random.default_rng(SEED + many).choice(PEOPLE, many, replace=False).tolist())


@pytest.mark.parametrize("many", [1, 3, 50])
def test_the_blind_attack_finds_who_left_when_nothing_protects_them(many: int) -> None:
    gone = some(many)
    left = registry().loc[list(gone)].reset_index(drop=True)
    found = learnt(protected(), protected(gone), left, left.iloc[:0])
    assert found.people("voto") >= (1 if many < 50 else 5), found
    assert found.people(*SENSITIVE) >= (many if many < 50 else 8)
    assert found.arrived == {}


def test_it_finds_who_arrived_too_and_who_moved() -> None:
    gone = some(3)
    came = registry().loc[list(gone)].reset_index(drop=True)
    found = learnt(protected(gone), protected(), came.iloc[:0], came)
    assert found.people(*SENSITIVE) == 3 and found.left == {}


def test_it_learns_nothing_of_two_equal_cut_offs_nor_of_what_is_not_told() -> None:
    assert list(guesses(protected(), protected())) == []
    gone = some(3)
    silent = {
        name: frame.assign(**{count: pd.NA for count in ("empadronados", "votantes") if count in frame})
        for name, frame in protected(gone).items()
    }
    assert list(guesses(protected(), silent)) == []


def test_what_changes_between_cut_offs_is_told_and_fails(
    light_cubes: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a release of one cut-off nothing is compared; of two, it is told, and it is a failure."""
    pair = compared((protected(), BEFORE), (protected(some(3)), AFTER))["padron_cubo"]
    monkeypatch.setattr(command, "audit_releases", lambda releases, say: [])
    monkeypatch.setattr(command, "CUBES", ())
    monkeypatch.setattr(moments, "between", lambda releases: [pair])
    told = etl("auditar", light_cubes.current.root)
    assert told.exit_code == 1
    assert f"{pair}: de {pair.common:,} celdas con las dos cifras, {len(pair.sensitive):,} con pueblo" in told.output


@pytest.mark.largo
@pytest.mark.parametrize("day", [A_MONTH, A_YEAR], ids=["a month", "a year"])
@pytest.mark.parametrize("many", [1, 3, 50, 600])
def test_nobody_follows_from_what_is_published_of_another_cut_off(
    many: int, day: str, published_cubes: Checkout, synthetic_registry: Path, tmp_path: Path
) -> None:
    """The commands that staff type, on a registry from which some were taken, by chance."""
    copy = Checkout(shutil.copytree(published_cubes.folder, tmp_path / "padron", symlinks=True))
    people = pd.read_parquet(synthetic_registry)
    at_home = people.index[people["PAIS_RESIDENCIA"].isna()]
    gone = np.random.default_rng(SEED + many).choice(at_home, many, replace=False)
    people.drop(index=gone).to_parquet(tmp_path / "registro.parquet", index=False)
    for order in (
        ("microdata", tmp_path / "registro.parquet", "--corte", day),
        ("publish", "--si", "--aceptar-movimientos"),
    ):
        done = copy.etl(*order)
        assert done.returncode == 0, done.stdout
    told = cubes_of(copy.current)
    moments_of = {
        cutoff: {part.cube: told.frames[title] for title, part in told.parts.items() if part.cutoff == cutoff}
        for cutoff in (CUBES_CUTOFF, day)
    }
    assert ("padron_cubo" in moments_of[day]) is (day == A_YEAR)
    left = coded(people.loc[gone], CUBES_CUTOFF, "2023-1")
    both = moments_of[CUBES_CUTOFF], moments_of[day], left, left.iloc[:0]
    still, passing = learnt(*both, lambda guess: not guess.aged), learnt(*both, lambda guess: guess.aged)
    assert still.people(*SENSITIVE) == 0, still
    # In a year everybody may have changed of age: whoever guesses by it does not know when it is right, and nearly never is.
    assert passing.people(*SENSITIVE) == 0 or many > FEW_LEAVE, passing
    assert passing.right * 10 <= passing.right + passing.wrong, passing


# --- What the audit tells of it -------------------------------------------------------------------------------------------


def published(frames: Mapping[str, pd.DataFrame], cutoff: str) -> CubesOf:
    """The cubes of a release that has only those."""
    cubes = {"padron_cubo": REGISTRY, "participacion_cubo": replace(VOTES, election="2023-1")}
    parts = {name: Part(name, cutoff, "2023-1" if cube.of_election else "") for name, cube in cubes.items()}
    titles = {name: str(part) for name, part in parts.items()}
    return CubesOf(
        {titles[name]: cube for name, cube in cubes.items()},
        {titles[name]: frames[name] for name in cubes},
        {titles[name]: part for name, part in parts.items()},
    )


def named(*moments: tuple[Mapping[str, pd.DataFrame], str]) -> list[tuple[str, CubesOf]]:
    return [(f"publicación {number}", published(*moment)) for number, moment in enumerate(moments)]


def compared(*moments: tuple[Mapping[str, pd.DataFrame], str]) -> dict[str, Between]:
    return {item.cube: item for item in between(named(*moments))}


def test_the_audit_tells_every_change_of_few_people() -> None:
    (gone,) = some(1)
    person = registry().loc[gone]
    found = compared((protected(), BEFORE), (protected((gone,)), AFTER))
    assert set(found) == {"padron_cubo", "participacion_cubo"}
    cells = [item.cell for item in found["padron_cubo"].sensitive]
    assert {"pueblo": person["pueblo"]} in cells and all(
        {"pueblo", "comunidad_linguistica"} & set(cell) for cell in cells
    )
    assert all(person[name] == value for cell in cells for name, value in cell.items())
    assert found["padron_cubo"].plain > 0 and str(found["padron_cubo"]) == f"padron_cubo entre {BEFORE} y {AFTER}"
    for item in found["padron_cubo"].sensitive:
        assert item.change == -1 and item.left == (1, item.before) and item.arrived == (0, item.after)
    votes = found["participacion_cubo"]
    assert votes.election == "2023-1"
    voted = {item.measure for item in votes.sensitive if not {"pueblo", "comunidad_linguistica"} & set(item.cell)}
    assert voted == ({"votantes"} if person["voto"] == "sí" else {"empadronados que no son votantes"})


def test_a_change_of_nobody_and_one_of_many_are_told_of_nobody() -> None:
    same = compared((protected(), BEFORE), (protected(), AFTER))
    assert all(item.sensitive == () and item.plain == 0 and item.common > 100 for item in same.values())
    assert between(named((protected(), BEFORE))) == []
    frames = {
        name: frame.assign(**{count: frame[count] * 3 for count in ("empadronados", "votantes") if count in frame})
        for name, frame in protected().items()
    }
    many = compared((protected(), BEFORE), (frames, AFTER))
    assert all(item.sensitive == () for item in many.values())


def test_what_another_release_shows_of_a_cut_off_is_known_too() -> None:
    """Of one cut-off a release hid a cell and another did not: the change of that cell is known."""
    (gone,) = some(1)
    person = registry().loc[gone]
    old, new = protected(), protected((gone,))
    hide = old["padron_cubo"]["pueblo"] == person["pueblo"]
    hidden = {
        **old,
        "padron_cubo": old["padron_cubo"].assign(empadronados=old["padron_cubo"]["empadronados"].mask(hide)),
    }
    first = compared((hidden, BEFORE), (new, AFTER))["padron_cubo"]
    again = compared((hidden, BEFORE), (new, AFTER), (old, BEFORE))["padron_cubo"]
    whole = compared((old, BEFORE), (new, AFTER))["padron_cubo"]
    assert not any("pueblo" in item.cell for item in first.sensitive)
    assert again == whole


def test_two_releases_that_give_other_figures_of_one_cut_off_are_compared() -> None:
    """One is a correction of the other: who was corrected can be singled out."""
    gone = some(1)
    same = between(named((protected(), AFTER), (protected(), AFTER)))
    assert same == []
    found = compared((protected(), AFTER), (protected(gone), AFTER))
    assert found["padron_cubo"].cutoffs == (AFTER, f"{AFTER} según publicación 1")
    assert (
        found["padron_cubo"].sensitive
        == compared((protected(), BEFORE), (protected(gone), AFTER))["padron_cubo"].sensitive
    )


def test_every_pair_of_three_cut_offs_is_compared() -> None:
    found = between(named(*((protected(), day) for day in (AFTER, "2025-01-12", BEFORE))))
    pairs = [item.cutoffs for item in found if item.cube == "padron_cubo"]
    assert pairs == [("2025-01-12", BEFORE), ("2025-01-12", AFTER), (BEFORE, AFTER)]
