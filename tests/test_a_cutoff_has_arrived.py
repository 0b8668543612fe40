"""Promise: no figure has a cut-off that is still to come, in its country's time; said in `fuente.toml` and in the command."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from etl.pipeline import clock
from tests.etl_support import etl, note, provenance, run_on, source_copy


def cut_off(folder: Path, day: date) -> None:
    """Note `day` as the cut-off of every source of `folder`."""
    document = provenance(folder)
    sources = {name: item.model_copy(update={"corte": day}) for name, item in document.fuentes.items()}
    note(folder, document.model_copy(update={"fuentes": sources}))


def test_a_cut_off_to_come_in_a_fuente_toml_is_refused_with_its_key(tmp_path: Path) -> None:
    origin = source_copy(tmp_path, "territorio_extranjero")
    cut_off(origin / "territorio_extranjero", date(2999, 1, 1))
    problem = run_on(origin, "territorio_extranjero").problems[0]
    assert problem.file == "territorio_extranjero/fuente.toml"
    assert problem.column is not None and problem.column.endswith(".corte")
    assert problem.value == "2999-01-01" and "todavía no llega: hoy es" in problem.message


@pytest.mark.parametrize(("days", "problems"), [(-1, 0), (0, 0), (1, 1)])
def test_today_has_arrived_and_tomorrow_has_not(
    days: int, problems: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(clock.TODAY, "2026-09-30")
    origin = source_copy(tmp_path, "territorio_extranjero")
    cut_off(origin / "territorio_extranjero", date(2026, 9, 30) + timedelta(days=days))
    found = {problem.message for problem in run_on(origin, "territorio_extranjero").problems}
    assert len(found) == problems


def test_the_command_refuses_it_before_it_reads_anything(tmp_path: Path) -> None:
    for order in (("fuente", "padron_municipal", "no.csv", "--url", "x"), ("microdata", "no.csv")):
        finished = etl(*order, "--corte", "2999-01-01")
        assert finished.exit_code == 2
        assert "--corte 2999-01-01: la fecha de corte todavía no llega" in finished.output


def test_today_is_the_day_of_the_country(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(clock.TODAY)
    before = (datetime.now(UTC) - timedelta(hours=6)).date()
    assert before <= clock.today() <= (datetime.now(UTC) - timedelta(hours=6)).date()
