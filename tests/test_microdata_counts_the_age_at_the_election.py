"""Promise: who is on the roll of an election is counted by the age on the day of its first round, and if not, it is said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from etl.cubes.protect import add_cubes
from etl.microdata.ages import election_days
from etl.model import TOTAL
from etl.pipeline.run import Result
from tests.browser_support import ROOT
from tests.forms_support import layout_with
from tests.microdata_support import (
    CORTE,
    ELECCION,
    HEADER,
    PEOPLE,
    VOTE,
    cell,
    changed,
    count,
    cubes,
    many,
    reports,
    territory,
    write_csv,
)

SECOND = "2023-2"
FIRST_ROUND = date(2023, 6, 25)
#: Birth date, and the group at the cut-off and on the roll of 2023.
BORN = (
    ("1997-06-25", "26_30", "26_30"),  # 26 on the day of the first round
    ("1997-06-26", "26_30", "18_25"),  # the day after it
    ("1997-08-01", "26_30", "18_25"),  # between the two rounds
    ("1956-06-25", "70_mas", "66_70"),
    ("1953-06-25", "70_mas", "70_mas"),
    ("2008-07-12", "18_25", "18_25"),  # 14 then: on the roll by mistake, and counted with the youngest
)
TWO_VOTES = (VOTE, f'{VOTE}\n"{SECOND}" = "VOTO_2"')


def born(*days: str) -> list[tuple[str, ...]]:
    """Women of Antigua Guatemala, on the roll, each born on a day."""
    return [changed(0, CUI=f"7{number}", FECHA_NACIMIENTO=day)[0] for number, day in enumerate(days)]


def by_age(frame: pd.DataFrame, *groups: str) -> dict[str, int]:
    """How many people of some age groups a cube counts."""
    return {group: cell(frame, grupo_edad=group) for group in groups}


def test_twenty_five_at_the_election_and_older_at_the_cutoff(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "padron.csv", born(*(day for day, _, _ in BORN)))
    assert count(source, tmp_path / "cubos").exit_code == 0
    made = cubes(tmp_path / "cubos")
    groups = ("18_25", "26_30", "66_70", "70_mas")
    for name, place in (("padron_cubo", 1), ("participacion_cubo", 2)):
        wanted = [row[place] for row in BORN]
        assert by_age(made[name], *groups) == {group: wanted.count(group) for group in groups}, name
        assert cell(made[name]) == len(BORN)
    told = reports(tmp_path / "cubos")
    assert (told[CORTE]["edad_al"], told[f"{CORTE}.{ELECCION}"]["edad_al"]) == (CORTE, FIRST_ROUND.isoformat())
    assert not any("fecha de corte" in words for report in told.values() for words in report["avisos"])


def test_both_rounds_have_the_same_roll(tmp_path: Path) -> None:
    people = [*born(*(day for day, _, _ in BORN)), *PEOPLE[1:]]
    rows = [(*row, {"SI": "NO", "NO": "SI"}.get(row[-1], "")) for row in people]
    source = write_csv(tmp_path / "padron.csv", rows, (*HEADER, "VOTO_2"))
    result = count(source, tmp_path / "cubos", *layout_with(tmp_path, TWO_VOTES), "--eleccion", SECOND)
    assert result.exit_code == 0, result.output
    first, second = (cubes(tmp_path / "cubos", election) for election in (ELECCION, SECOND))
    for name in ("participacion_cubo", "participacion_extranjero_cubo"):
        pd.testing.assert_frame_equal(first[name].drop(columns="votantes"), second[name].drop(columns="votantes"))
        assert not first[name].equals(second[name])
    assert by_age(second["participacion_cubo"], "18_25")["18_25"] >= 3  # who turned 26 between the rounds among them


def test_each_election_by_its_own_day_as_another_program_counts_it(tmp_path: Path, synthetic_registry: Path) -> None:
    days = {"2019-1": date(2019, 6, 16), ELECCION: FIRST_ROUND}
    result = count(synthetic_registry, tmp_path / "cubos", "--eleccion", "2019-1")
    assert result.exit_code == 0, result.output
    people = pd.read_parquet(synthetic_registry)
    moment = pd.to_datetime(people["FECHA_NACIMIENTO"])
    for election, day in days.items():
        early = (moment.dt.month * 100 + moment.dt.day) > day.month * 100 + day.day
        age = (day.year - moment.dt.year - early).clip(lower=18)
        mine = people.assign(young=age <= 25, old=age >= 70, home=people["CODDEP"] != "25")
        mine = mine[mine[f"VOTO_{election.replace('-', '_')}"].notna()]
        made = cubes(tmp_path / "cubos", election)
        for name, home in (("participacion_cubo", True), ("participacion_extranjero_cubo", False)):
            own = mine[mine["home"] == home]
            assert by_age(made[name], "18_25", "70_mas") == {"18_25": own["young"].sum(), "70_mas": own["old"].sum()}
            frame = made[name]
            sexes = frame[(frame["sexo"] != TOTAL) & (frame["grupo_edad"] != TOTAL)]
            finest = [column for column in frame.columns[:2] if column.startswith(("codigo", "pais"))]
            whole = sexes[(sexes[finest] == TOTAL).all(axis=1)]
            assert whole.groupby("sexo")["empadronados"].sum().ge(len(own) // 10).all()


def test_the_registry_is_the_same_whatever_elections_are_counted(tmp_path: Path) -> None:
    """Of two records of one person the one that stays is chosen by what the registry says, not by an age at an election."""
    rows = [*changed(0, FECHA_NACIMIENTO="1998-01-01", SEXO="M")[:1], *changed(0, FECHA_NACIMIENTO="1997-01-01")[:1]]
    for election in (None, ELECCION):
        result = count(
            write_csv(tmp_path / "a.csv", rows), tmp_path / str(election), "--max-rechazos", "0.5", election=election
        )
        assert result.exit_code == 0, result.output
    alone, beside = (cubes(tmp_path / str(election))["padron_cubo"] for election in (None, ELECCION))
    pd.testing.assert_frame_equal(alone, beside)


YEARS = ('fecha_nacimiento = "FECHA_NACIMIENTO"', 'edad = "FECHA_NACIMIENTO"')
UNKNOWN = "2051-1"
FALLS_BACK = {
    "ages in years": (
        ELECCION,
        (YEARS,),
        [(row[0], *row[1:5], "28", *row[6:]) for row in PEOPLE],
        "trae la edad en años",
    ),
    "an election without a day": (
        UNKNOWN,
        ((VOTE, VOTE.replace(ELECCION, UNKNOWN)),),
        PEOPLE,
        f"no se conoce: {UNKNOWN}",
    ),
}


@pytest.mark.parametrize("name", FALLS_BACK)
def test_without_a_birth_date_or_a_day_it_is_the_age_at_the_cutoff_and_it_is_said(name: str, tmp_path: Path) -> None:
    election, changes, people, words = FALLS_BACK[name]
    folder = tmp_path / "cubos"
    result = count(
        write_csv(tmp_path / "a.csv", many(people)), folder, *layout_with(tmp_path, *changes), election=election
    )
    assert result.exit_code == 0, result.output
    assert (
        "es la de la fecha de corte, y no la del día de la primera vuelta" in result.output and words in result.output
    )
    told = reports(folder)
    assert told[f"{CORTE}.{election}"]["edad_al"] is None
    assert any(words in notice for notice in told[f"{CORTE}.{election}"]["avisos"])
    made = cubes(folder, election)
    groups = ("26_30", "36_40", "70_mas")
    listed = [row for row in people[:5] if row[-1]]
    assert (
        sum(by_age(made["participacion_cubo"], *groups).values())
        <= 30 * len(listed)
        == cell(made["participacion_cubo"])
    )
    if name == "ages in years":
        assert by_age(made["participacion_cubo"], "26_30")["26_30"] == 30 * len(listed)
    published = Result([])
    add_cubes(published, folder, tmp_path / "publicaciones")
    assert published.problems == []
    notices = {notice.dataset: notice.message for notice in published.notices}
    assert f"en {election}, la edad es la de la fecha de corte ({CORTE})" in notices["participacion_cubo"]
    assert "padron_cubo" not in notices


def test_the_day_is_that_of_the_first_round_of_the_process() -> None:
    events = territory(ROOT / "data" / "source")["elecciones"]
    asked: Sequence[str] = ("2023-1", "2023-2", "2023-repeticion", "2018-consulta", "2051-1")
    assert election_days(events, asked) == {
        **dict.fromkeys(("2023-1", "2023-2", "2023-repeticion"), FIRST_ROUND),
        "2018-consulta": date(2018, 4, 15),
    }
    assert election_days(None, asked) == {}
    unknown = events.assign(fecha_eleccion=events["fecha_eleccion"].where(events["eleccion"] != "2023-1"))
    assert election_days(unknown, ("2023-1", "2023-2")) == {}  # both rolls have the same ages, whichever they are
