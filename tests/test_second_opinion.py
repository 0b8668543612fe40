"""Promise: another program, made by others, finds safe what we publish; and where the two disagree, it is said.

The other is pytauargus, the open form of the Tau-Argus of Statistics Netherlands: its audit of what we hide, and our attack of
what it hides (by OPT, the choice that loses fewest people, and by MOD, the modular method of large tables).
"""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bench import tauargus
from bench.tauargus import audited, modular, optimal
from etl.cubes.declared import CUBES, Cube
from etl.disclosure.audit import Audit, PublishedSystem, attack
from etl.disclosure.frames import protect_frames
from etl.disclosure.policy import Policy
from etl.disclosure.suppression import protect
from etl.disclosure.tables import TOTAL, Axis, Cross, Tables, link
from tests.test_disclosure import AGE, GROUP, SEX, TERRITORY, counted

pytestmark = pytest.mark.skipif(
    not tauargus.here(), reason="pytauargus no está instalado: no hay un paquete ya construido para esta máquina"
)
POLICY = Policy(5, 10, ("pueblo",), ())
#: Of each pueblo, how many people a place has on average; multiplied by one of a few factors, cell by cell.
USUAL = {"maya": 60, "ladino": 30, "garifuna": 4}
FACTORS = (0.05, 1, 2)
SHAPES = ((TERRITORY, GROUP), (TERRITORY, SEX, GROUP), (SEX, AGE, GROUP))
SECONDS = 60.0
CLOSE = 1e-4  # people: the tolerance of two solvers


def invented(number: int, axes: tuple[Axis, ...]) -> tuple[Tables, np.ndarray]:
    """A table of all the axes with invented counts, and every total; the same for the same number."""
    chance = np.random.default_rng(number)
    finest = [[node for node in axis.nodes[1:] if axis.number[node] not in axis.children] for axis in axes]
    tables = link(axes, [Cross("todo", {axis.name: None for axis in axes})])
    return tables, counted(
        tables, {each: int(chance.poisson(USUAL[each[-1]] * chance.choice(FACTORS))) for each in product(*finest)}
    )


def primary_of(tables: Tables, values: np.ndarray) -> np.ndarray:
    return POLICY.primary(tables, values, np.zeros(tables.cells, dtype=bool))


def attacked(tables: Tables, values: np.ndarray, hidden: np.ndarray, policy: Policy = POLICY) -> Audit:
    return attack(PublishedSystem(tables, np.where(hidden, np.nan, values), policy.thresholds(tables)))


def agree(audit: Audit, interval: tuple[np.ndarray, np.ndarray]) -> bool:
    """Whether both find the same lowest and highest count of every hidden cell."""
    hidden = audit.published.hidden
    ours = audit.low[hidden], audit.high[hidden]
    return all(np.abs(one - other[hidden]).max(initial=0) < CLOSE for one, other in zip(ours, interval, strict=True))


def exposed(audit: Audit) -> set[tuple[str, ...]]:
    return {tuple(item.cell.values()) for item in audit.exposed}


# --- Its audit of what we hide ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", range(6))
def test_what_we_hide_of_a_table_is_safe_by_its_audit_which_finds_the_intervals_that_our_attack_does(
    number: int, tmp_path: Path
) -> None:
    tables, values = invented(number, SHAPES[number % len(SHAPES)])
    hidden = protect(tables, values, POLICY).hidden
    low, high = audited(tables, values, hidden, tmp_path)
    assert hidden.any() and not (hidden & (high - low < POLICY.thresholds(tables) - CLOSE)).any()
    assert agree(attacked(tables, values, hidden), (low, high))


def registry(people: int, seed: int) -> pd.DataFrame:
    """Invented people of three municipios, with every trait that the cubes count; about half of them voted."""
    chance = np.random.default_rng(seed)
    rows = pd.DataFrame({"codigo_municipio": chance.choice(["0101", "0102", "0201"], people)})
    rows["codigo_departamento"] = rows["codigo_municipio"].str[:2]
    rows["sexo"] = chance.choice(["mujeres", "hombres"], people)
    rows["grupo_edad"] = chance.choice(["18_25", "70_mas"], people, p=[0.9, 0.1])
    rows["alfabetismo"] = chance.choice(["alfabeta", "analfabeta"], people, p=[0.8, 0.2])
    rows["comunidad_linguistica"] = chance.choice(["kiche", "mam", "no_aplica"], people, p=[0.5, 0.1, 0.4])
    others = chance.choice(["ladino", "xinka"], people, p=[0.9, 0.1])
    rows["pueblo"] = np.where(rows["comunidad_linguistica"] == "no_aplica", others, "maya")
    return rows.assign(empadronados=1, votantes=chance.integers(0, 2, people))


def cells_of(cube: Cube, people: pd.DataFrame) -> pd.DataFrame:
    """Every cell of a declared cube that has somebody."""
    measures = [item.name for item in cube.measures]
    parts = []
    for margin in cube.margins:
        one = people.assign(**dict.fromkeys(set(cube.columns) - set(margin), TOTAL))
        parts.append(one.groupby([*cube.columns], as_index=False)[measures].sum())
    return pd.concat(parts, ignore_index=True)


def test_what_we_hide_of_the_declared_cubes_is_safe_by_its_audit(tmp_path: Path) -> None:
    people = registry(600, seed=8)
    cubes = {cube.name: cube for cube in CUBES if cube.residence == "pais"}
    frames = {name: cells_of(cube, people) for name, cube in cubes.items()}
    _, protections = protect_frames(cubes, frames)
    assert protections
    for layout, protection in protections:
        values = np.nan_to_num(layout.counts(frames)).astype(np.int64)
        low, high = audited(layout.tables, values, protection.hidden, tmp_path)
        hidden = np.zeros(layout.tables.cells, dtype=bool)
        for cells in layout.cells.values():  # what some table shows
            hidden[cells[cells >= 0]] = protection.hidden[cells[cells >= 0]]
        assert hidden.sum() > 20
        assert not (hidden & (high - low < protection.policy.thresholds(layout.tables) - CLOSE)).any()


def test_what_our_attack_works_out_its_audit_works_out_too(tmp_path: Path) -> None:
    """Only what is small is hidden, and nothing to protect it."""
    tables, values = invented(1, SHAPES[1])
    hidden = primary_of(tables, values)
    audit = attacked(tables, values, hidden)
    assert any(item.exactly for item in audit.exposed) and agree(audit, audited(tables, values, hidden, tmp_path))


# --- Our attack of what it hides ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [0, 3, 6])
def test_what_opt_hides_is_safe_by_our_attack(number: int, tmp_path: Path) -> None:
    tables, values = invented(number, SHAPES[number % len(SHAPES)])
    hidden = optimal(tables, values, primary_of(tables, values), POLICY.thresholds(tables), tmp_path)
    audit = attacked(tables, values, hidden)
    assert audit.exposed == () and agree(audit, audited(tables, values, hidden, tmp_path))


def test_mod_leaves_open_a_table_that_our_attack_opens_and_that_we_close(tmp_path: Path) -> None:
    """Table 12, territorio × pueblo: MOD protects each part of a hierarchy by itself, and all of them together say more.

    Seven cells are known within less than their threshold, four of them small ones; its own audit says the same, once asked.
    """
    tables, values = invented(12, (TERRITORY, GROUP))
    primary = primary_of(tables, values)
    hidden, _ = modular(tables, values, primary, POLICY.thresholds(tables), tmp_path, SECONDS)
    assert hidden is not None
    audit = attacked(tables, values, hidden)
    small = {tuple(tables.name(cell).values()) for cell in np.flatnonzero(primary).tolist()}
    assert len(exposed(audit)) == 7 and len(exposed(audit) & small) == 4
    assert agree(audit, audited(tables, values, hidden, tmp_path))
    assert attacked(tables, values, protect(tables, values, POLICY).hidden).exposed == ()


# --- What is lost -------------------------------------------------------------------------------------------------------


@pytest.mark.largo
def test_what_each_loses_of_the_same_small_tables(tmp_path: Path) -> None:
    """Said as it is: in tables of a few dozen cells, OPT, which tries every choice, hides fewer than we do.

    What it needs grows so fast that it cannot be asked of a cube; `bench.second_opinion` measures one that MOD can end.
    """
    ours, theirs = np.zeros(2), np.zeros(2)
    for number in range(12):
        tables, values = invented(number, SHAPES[number % len(SHAPES)])
        primary = primary_of(tables, values)
        for lost, hidden in (
            (ours, protect(tables, values, POLICY).hidden),
            (theirs, optimal(tables, values, primary, POLICY.thresholds(tables), tmp_path)),
        ):
            lost += hidden.sum(), values[hidden].sum()
    assert (ours <= 1.5 * theirs).all()
