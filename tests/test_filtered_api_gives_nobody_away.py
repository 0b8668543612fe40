"""Promise: no sum, filter, order or format of the filtered API says more of a confidential cell than the published table, and
people are counted once.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import httpx
import pandas as pd
import pytest

from dashboard.address.extracts import CHAINS, Offered
from dashboard.figures.extracts import tables_of
from etl.cubes.declared import CUBES
from etl.disclosure.policy import CellStatus
from etl.model import TOTAL
from etl.release import Release
from tests.browser_support import running_site
from tests.filtered_support import API, frame_of, of_csv, of_jsonl, of_parquet

HIDDEN = (CellStatus.CONFIDENCIAL.value, CellStatus.NO_TABULADA.value)
SEED, TRIES = 327, 12
NAMES = [cube.name for cube in CUBES]


@pytest.fixture(scope="module")
def release(demonstration: Path) -> Release:
    return Release.open(demonstration / "release" / "current")


@pytest.fixture(scope="module")
def asking(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    log = tmp_path_factory.mktemp("consultas") / "servidor.log"
    with running_site(release.root, log) as url, httpx.Client(base_url=url, timeout=120) as client:
        yield client


@pytest.fixture(params=NAMES)
def offered(request: pytest.FixtureRequest, release: Release) -> Offered:
    return tables_of(release)[request.param][0]


def moments(offered: Offered, frame: pd.DataFrame) -> dict[str, str]:
    """One moment that a cube was counted at."""
    first = frame.iloc[0]
    return {name: str(first[name]) for name in ("fecha_corte", "eleccion") if name in offered.columns}


def at(frame: pd.DataFrame, when: dict[str, str]) -> pd.DataFrame:
    for name, value in when.items():
        frame = frame[frame[name].map(str) == value]
    return frame


def rows_of(asking: httpx.Client, offered: Offered, **asked: str) -> list[dict[str, Any]]:
    answer = asking.get(f"{API}/{offered.table.name}/data.json", params=asked)
    assert answer.status_code == 200, (answer.url, answer.text[:400])
    found: list[dict[str, Any]] = answer.json()["data"]
    return found


def measures(offered: Offered) -> dict[str, str]:
    """Each count of a cube with the column of its state."""
    return {item.name: state for item in offered.additive if (state := offered.state_of(item.name))}


def test_every_format_is_empty_where_the_table_is(offered: Offered, release: Release, asking: httpx.Client) -> None:
    frame = frame_of(release, offered.table.name)
    kinds = [item.kind for item in offered.columns.values()]
    for suffix, read in (("csv", of_csv), ("jsonl", of_jsonl), ("parquet", of_parquet)):
        content = asking.get(f"{API}/{offered.table.name}/data.{suffix}").content
        told = pd.DataFrame(read(content, kinds)).astype(object)
        assert len(told) == len(frame)
        for measure, state in measures(offered).items():
            hidden = frame[state].isin(HIDDEN)
            assert hidden.any() and told.loc[hidden.to_numpy(), measure].isna().all()
            assert told.loc[~hidden.to_numpy(), measure].tolist() == frame.loc[~hidden, measure].tolist()


def test_sums_are_of_published_cells_and_never_of_a_hidden_one(
    offered: Offered, release: Release, asking: httpx.Client
) -> None:
    """A part of the values of one dimension, added by another: what pandas adds, or that it is confidential."""
    chance, frame = random.Random(SEED), frame_of(release, offered.table.name)
    when = moments(offered, frame)
    frame, hidden_groups = at(frame, when), 0
    simple = [
        name for name in offered.columns if name in offered.crossed and not any(name in chain for chain in CHAINS)
    ]
    pairs = [pair for pair in combinations(simple, 2) if any({*pair} <= set(cross) for cross in offered.table.crosses)]
    for _ in range(TRIES if pairs else 0):
        by, part = chance.choice(pairs)[:: chance.choice((1, -1))]
        values = sorted({value for value in frame[part] if value != TOTAL})
        wanted = chance.sample(values, min(len(values), chance.randint(1, 4)))
        place, alone = _place(offered, frame, {by, part}, chance)
        found = rows_of(asking, offered, agrupar=by, **{part: ",".join(wanted)}, **place, **when)
        cells = frame[frame[part].isin(wanted) & (frame[by] != TOTAL)]
        for name in offered.crossed - {by, part}:
            cells = cells[cells[name] == alone.get(name, TOTAL)]
        assert {row[by] for row in found} == set(cells[by])
        for row in found:
            group = cells[cells[by] == row[by]]
            assert row["filas"] == len(group)
            for measure, state in measures(offered).items():
                hidden = group[state].isin(HIDDEN).any()
                hidden_groups += hidden
                assert row[f"estado_suma_{measure}"] == ("confidencial" if hidden else "sumada")
                assert row[measure] == (None if hidden else group[measure].sum())
    assert hidden_groups or not pairs


def _place(
    offered: Offered, frame: pd.DataFrame, crossed: set[str], chance: random.Random
) -> tuple[dict[str, str], dict[str, str]]:
    """Perhaps one municipio of a cross: how it is asked for, and what its columns are."""
    municipal = any({*crossed, "codigo_municipio"} <= set(cross) for cross in offered.table.crosses)
    if not municipal or chance.random() < 0.3:
        return {}, {}
    code = chance.choice(sorted({value for value in frame["codigo_municipio"] if value != TOTAL}))
    return {"lugar": code}, {"codigo_municipio": code, "codigo_departamento": code[:2]}


def test_nobody_is_counted_twice(offered: Offered, release: Release, asking: httpx.Client) -> None:
    """What is grouped by one dimension is what the table publishes of it: totals are not added to their parts."""
    frame = frame_of(release, offered.table.name)
    when = moments(offered, frame)
    frame = at(frame, when)
    for by in sorted(offered.crossed):
        finer = {name for chain in CHAINS if by in chain for name in chain[: chain.index(by)]}
        cells = frame[frame[by] != TOTAL]
        for name in offered.crossed - {by} - finer:
            cells = cells[cells[name] == TOTAL]
        answer = asking.get(f"{API}/{offered.table.name}/data.json", params={"agrupar": by, **when})
        if cells.empty:
            assert answer.status_code in (200, 400)
            continue
        published = {row[by]: row for row in cells.to_dict("records")}
        for row in answer.json()["data"]:
            if row["filas"] == 1:
                for measure in measures(offered):
                    value = published[row[by]][measure]
                    assert row[measure] == (None if pd.isna(value) else value)
        assert {row[by] for row in answer.json()["data"]} == set(published)


def test_rows_to_add_are_not_chosen_by_what_is_hidden(offered: Offered, asking: httpx.Client, release: Release) -> None:
    frame = frame_of(release, offered.table.name)
    when, by = moments(offered, frame), sorted(offered.crossed)[0]
    for measure, state in measures(offered).items():
        for asked in (
            {state: "publicada"},
            {f"{measure}_desde": "0"},
            {measure: "7"},
            {"con_dato": measure},
            {"vacias": measure},
            {"agrupar": f"{by},{state}"},
        ):
            answer = asking.get(f"{API}/{offered.table.name}/data.csv", params={"agrupar": by, **when, **asked})
            assert answer.status_code == 400, asked
            assert "celdas confidenciales" in answer.text, asked
    several = asking.get(f"{API}/{offered.table.name}/data.csv", params={"agrupar": by, **when, by: "total"})
    assert several.status_code in (200, 400)


def test_every_answer_about_invented_people_says_so(offered: Offered, asking: httpx.Client, release: Release) -> None:
    frame = frame_of(release, offered.table.name)
    when, by = moments(offered, frame), sorted(offered.crossed)[0]
    name = measures(offered).popitem()[0]
    lines = asking.get(f"{API}/{offered.table.name}/data.csv?columnas={name}&limite=2")
    assert lines.text.splitlines()[0] == f"{name},sintetico"
    assert "sintetico" in lines.headers["content-disposition"]
    assert all(row["sintetico"] is True for row in rows_of(asking, offered, agrupar=by, **when))
    told = asking.get(f"{API}/{offered.table.name}/data.json?limite=1").json()
    assert told["sintetico"] is True and "No se cite" in told["cita"]


def test_a_document_for_statistics_says_why_a_cell_is_missing(
    offered: Offered, asking: httpx.Client, release: Release
) -> None:
    frame = frame_of(release, offered.table.name)
    when = moments(offered, frame)
    keys = {f"valueCodes[{name}]": value for name, value in when.items()}
    told = asking.get(
        f"/api/v1/pxweb/tables/{offered.table.name}/data", params={**keys, "valueCodes[sexo]": "*"}
    ).json()
    cells = at(frame, when)
    for name in offered.crossed - {"sexo"}:
        cells = cells[cells[name] == TOTAL]
    values = told["value"] if isinstance(told["value"], list) else list(told["value"].values())
    expected = [row[measure] for row in cells.to_dict("records") for measure in measures(offered)]
    assert sorted(value for value in values if value is not None) == sorted(
        value for value in expected if value is not None
    )
    assert set(told.get("status", {}).values()) <= {*HIDDEN, "cero_estructural", "no_publicada", "sin_dato"}
    assert told["note"][0].startswith("DATOS SINTÉTICOS")
