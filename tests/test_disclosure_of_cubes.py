"""Promise: the cubes of a release say what is confidential, publish nothing that gives it away, and can be audited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from etl import fields
from etl.cubes.audit import audit_releases
from etl.cubes.declared import SEXO, TERRITORIO, Cube
from etl.disclosure.audit import attack
from etl.disclosure.frames import protect_frames, published_system, same_people, with_known
from etl.disclosure.layout import Layout, layout
from etl.disclosure.links import who
from etl.disclosure.policy import STATE_LABELS
from etl.disclosure.tables import TablesError
from etl.disclosure.utility import utility
from etl.model import TOTAL
from etl.release import Release
from tests.cubes_support import REGISTRY as SMALL
from tests.cubes_support import VOTES
from tests.etl_support import etl
from tests.release_support import asked_of
from tests.site_support import Document

#          municipio sexo pueblo  registered, voted
PEOPLE = (
    ("0101", "mujeres", "maya", 300, 150),
    ("0101", "mujeres", "ladino", 4, 4),
    ("0101", "hombres", "maya", 200, 120),
    ("0101", "hombres", "ladino", 40, 15),
    ("0201", "mujeres", "maya", 100, 60),
    ("0201", "mujeres", "ladino", 90, 30),
    ("0201", "hombres", "maya", 80, 20),
    ("0201", "hombres", "ladino", 70, 35),
)


def frame_of(cube: Cube, people: Sequence[tuple] = PEOPLE) -> pd.DataFrame:
    """Every cell of the cube, added up from its finest ones, as `etl.cubes.declared` says."""
    rows = pd.DataFrame(people, columns=["codigo_municipio", "sexo", "pueblo", "empadronados", "votantes"])
    rows.insert(0, "codigo_departamento", rows["codigo_municipio"].str[:2])
    measures = [item.name for item in cube.measures]
    parts = []
    for margin in cube.margins:
        summed = (
            rows.groupby(list(margin))[measures].sum().reset_index() if margin else rows[measures].sum().to_frame().T
        )
        parts.append(summed.assign(**dict.fromkeys(set(cube.columns) - set(margin), TOTAL)))
    made = pd.concat(parts, ignore_index=True).astype(dict.fromkeys(measures, "int64"))
    return made[[*cube.columns, *measures]]


def cell(frame: pd.DataFrame, **values: str) -> pd.Series:
    """The row of one cell; what is not named is a total."""
    columns = ["codigo_departamento", "codigo_municipio", "sexo", "pueblo"]
    same = np.logical_and.reduce([frame[name] == values.get(name, TOTAL) for name in columns])
    return frame[same].squeeze()


def test_a_hidden_cell_has_no_count_and_says_why() -> None:
    cubes, frames = {"padron_cubo": SMALL}, {"padron_cubo": frame_of(SMALL)}
    published, _ = protect_frames(cubes, frames)
    place = {"codigo_departamento": "01", "codigo_municipio": "0101"}
    hidden = cell(published["padron_cubo"], **place, sexo="mujeres", pueblo="ladino")
    assert hidden["empadronados"] is pd.NA and hidden["estado_celda"] == "confidencial"
    assert STATE_LABELS["confidencial"] == "No se publica por confidencialidad"
    shown = cell(published["padron_cubo"], **place, sexo="mujeres")
    assert (shown["empadronados"], shown["estado_celda"]) == (304, "publicada")


def test_what_is_published_is_exact() -> None:
    cubes, frames = {"padron_cubo": SMALL, "participacion_cubo": VOTES}, {}
    for name, cube in cubes.items():
        frames[name] = frame_of(cube)
    published, _ = protect_frames(cubes, frames)
    for name, cube in cubes.items():
        for item in cube.measures:
            told = published[name][item.name].notna()
            assert (published[name].loc[told, item.name] == frames[name].loc[told, item.name]).all()


def test_cubes_of_the_same_people_hide_the_same_cells() -> None:
    cubes = {"padron_cubo": SMALL, "participacion_cubo": VOTES}
    frames = {name: frame_of(cube) for name, cube in cubes.items()}
    assert [list(group) for group in same_people(cubes, frames)] == [["padron_cubo", "participacion_cubo"]]
    published, _ = protect_frames(cubes, frames)
    one, other = (published[name]["estado_celda"].tolist() for name in cubes)
    assert one == other
    more = frames["participacion_cubo"].assign(empadronados=lambda rows: rows["empadronados"] * 2)
    assert len(same_people(cubes, frames | {"participacion_cubo": more})) == 2


def test_two_rounds_on_one_roll_are_one_system() -> None:
    """Their rolls are the same people: what one hides of them the other must hide too, though each has its own voters."""
    cubes = {name: replace(VOTES, election=name) for name in ("2023-1", "2023-2")}
    more = [(*row[:4], row[3] - row[4]) for row in PEOPLE]  # in the second round, those who had not voted did
    frames = {"2023-1": frame_of(VOTES), "2023-2": frame_of(VOTES, more)}
    assert [list(group) for group in same_people(cubes, frames)] == [["2023-1", "2023-2"]]
    published, ((place, _),) = protect_frames(cubes, frames)
    assert place.tables.axes[-1].nodes[1:] == ("no voto 2023-1", "no voto 2023-2", "voto 2023-1", "voto 2023-2")
    for shown in (published["2023-1"]["estado_celda"], published["2023-1"]["estado_votantes"]):
        assert set(shown) == {"publicada", "confidencial"}
    assert published["2023-1"]["empadronados"].equals(published["2023-2"]["empadronados"])
    assert attack(published_system(cubes, published)).exposed == ()


WIDER = [
    *PEOPLE,
    *(("0301", sexo, pueblo, 60, 30) for sexo in ("mujeres", "hombres") for pueblo in ("maya", "ladino")),
]


def test_what_is_known_already_is_not_hidden_and_still_gives_nothing_away() -> None:
    """A pattern chosen before stays as it was, whatever would be chosen now: two together could give away both."""
    cubes, frames = {"padron_cubo": SMALL}, {"padron_cubo": frame_of(SMALL, WIDER)}
    first = protect_frames(cubes, frames)[0]["padron_cubo"]
    needed = first["estado_celda"].eq("confidencial") & frames["padron_cubo"]["empadronados"].ge(60)
    other = first.assign(
        empadronados=frames["padron_cubo"]["empadronados"].astype("Int64").where(needed),
        estado_celda=needed.map({True: "publicada", False: "confidencial"}),
    )
    told = other[needed].index[0]
    other.loc[other.index != told, ["empadronados", "estado_celda"]] = (pd.NA, "confidencial")
    known = {"antes": (replace(SMALL, name="antes"), other)}
    second = protect_frames(cubes, frames, known=known)[0]["padron_cubo"]
    assert pd.isna(first.loc[told, "empadronados"])
    assert second.loc[told, "empadronados"] == frames["padron_cubo"].loc[told, "empadronados"]
    assert attack(published_system(cubes, {"padron_cubo": second})).exposed == ()
    again = protect_frames(cubes, frames, known={"antes": (replace(SMALL, name="antes"), second)})[0]["padron_cubo"]
    assert again["empadronados"].notna()[second["empadronados"].notna()].all()


def test_a_cell_that_only_an_earlier_release_has_hidden_counts_nobody() -> None:
    cubes, frames = {"padron_cubo": SMALL}, {"padron_cubo": frame_of(SMALL)}
    with_xinka = frame_of(SMALL, [*PEOPLE, ("0101", "mujeres", "xinka", 0, 0)])
    before = protect_frames(cubes, {"padron_cubo": with_xinka})[0]["padron_cubo"]
    before.loc[before["pueblo"] == "xinka", ["empadronados", "estado_celda"]] = (pd.NA, "confidencial")
    known = {"antes": (replace(SMALL, name="antes"), before)}
    published, ((place, _),) = protect_frames(cubes, frames, known=known)
    assert ("antes", "empadronados") in place.cells
    assert published["padron_cubo"]["empadronados"].dropna().between(0, 884).all()


def test_a_table_of_the_same_people_is_known_and_one_of_others_is_not() -> None:
    cubes, frames = {"padron_cubo": SMALL}, {"padron_cubo": frame_of(SMALL)}
    by_sex = replace(
        SMALL, name="por_sexo", dimensions=(TERRITORIO, SEXO), crosses=((fields.codigo_municipio, fields.sexo),)
    )
    table = frame_of(by_sex).assign(estado_celda="publicada")
    joined, _ = with_known(cubes, frames, {"por_sexo": (by_sex, table)})
    assert list(joined) == ["padron_cubo", "por_sexo"]
    more = table.assign(empadronados=table["empadronados"] + 1)
    joined, _ = with_known(cubes, frames, {"por_sexo": (by_sex, more)})
    assert list(joined) == ["padron_cubo"]


def test_a_count_without_its_flag_is_refused() -> None:
    cubes = {"padron_cubo": SMALL}
    published, _ = protect_frames(cubes, {"padron_cubo": frame_of(SMALL)})
    with pytest.raises(TablesError, match="celdas confidenciales con cifra"):
        published_system(cubes, {"padron_cubo": published["padron_cubo"].assign(estado_celda="publicada")})


def laid(cubes: dict[str, Cube], frames: dict[str, pd.DataFrame]) -> Layout:
    return layout(cubes, frames, who(cubes, {name: frame.drop_duplicates() for name, frame in frames.items()})[0])


def test_a_row_of_no_cross_and_a_repeated_row_are_refused() -> None:
    frame = frame_of(SMALL)
    with pytest.raises(TablesError, match="repetidas"):
        laid({"padron_cubo": SMALL}, {"padron_cubo": pd.concat([frame, frame.tail(1)])})
    by_sex = replace(SMALL, crosses=((fields.codigo_municipio, fields.sexo),))
    with pytest.raises(TablesError, match="ningún cruce"):
        laid({"padron_cubo": by_sex}, {"padron_cubo": frame})


def test_a_table_of_which_nearly_nothing_could_be_published_is_left_out_and_said() -> None:
    few = frame_of(SMALL, [(*row[:3], 9, 0) for row in PEOPLE])  # 9 in every finest cell: none reaches 10
    published, _ = protect_frames({"padron_cubo": SMALL}, {"padron_cubo": few})
    finest = published["padron_cubo"][(few[["codigo_municipio", "sexo", "pueblo"]] != TOTAL).all(axis=1)]
    assert set(finest["estado_celda"]) == {"no_tabulada"} and finest["empadronados"].isna().all()
    assert published_system({"padron_cubo": SMALL}, published).tables.cells < len(few)


def test_utility_counts_cells_and_people_of_the_finest_level() -> None:
    cubes, frames = {"padron_cubo": SMALL}, {"padron_cubo": frame_of(SMALL)}
    published, _ = protect_frames(cubes, frames)
    (lost,) = utility(cubes, published)
    # One small cell in a table of 2 x 2 x 2: its three sums hide a neighbour each, and so on to all eight corners.
    assert (lost.cells, lost.hidden_cells, lost.people, lost.hidden_people) == (8, 8, 884, 884)
    assert (lost.share_of_cells, lost.share_of_people) == (1, 1)


@pytest.fixture
def current(demonstration: Path) -> Path:
    """What the demonstration publishes."""
    return demonstration / "release" / "current"


@pytest.mark.largo
def test_the_cubes_of_a_release_survive_the_attack(current: Path) -> None:
    result = etl("auditar", current)
    assert result.exit_code == 0, result.output
    assert "celdas confidenciales, 0 deducibles" in result.output


@pytest.mark.parametrize("which", ["light", pytest.param("demonstration", marks=pytest.mark.largo)])
def test_the_same_release_before_adds_nothing_to_the_attack(which: str, request: pytest.FixtureRequest) -> None:
    """The light release is of a few people many times each; the demonstration's, of 20,000."""
    light = which == "light"
    release = (
        request.getfixturevalue("light_cubes").current if light else Release.open(request.getfixturevalue("current"))
    )
    audits = [audit for _, audit in audit_releases([release, release])]
    assert light or len(audits) == 4  # of two cut-offs, in the country and abroad: each with the rolls of its elections
    assert any(audit.hidden for audit in audits)
    assert [audit.exposed for audit in audits] == [()] * len(audits)


def test_the_site_says_what_is_hidden_how_much_it_is_and_what_every_column_is(current: Path) -> None:
    (response,) = asked_of(current, "/datos/padron_cubo")
    page = Document(response.text)
    (text,) = page.texts("main")
    assert "no se publica por confidencialidad" in text and "programación lineal" in text
    manifest = Release.open(current).manifest
    (lost,) = (item["utilidad"] for item in manifest["datasets"] if item["nombre"] == "padron_cubo")
    rows = [[cell.text_content() for cell in row.cssselect("td")] for row in page.all("main tbody tr")]
    for item in lost:
        whole, hidden = f"{item['celdas']:,}", f"{item['celdas_ocultas']:,} ("
        assert any(row[1:2] == [whole] and row[2].startswith(hidden) for row in rows)
    assert "confidencial = No se publica por confidencialidad" in text
