"""Promise: what the site says of how open its data is follows from the release, and what it says of itself is so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import httpx
import pytest

from dashboard.address.parameters import Question
from dashboard.commitment.crosses import Availability
from dashboard.commitment.openness import OURS, POINTS, Looked, commitment, looked_at, principles
from dashboard.figures.releases import Known, Standing, known
from dashboard.render.tables import TABLE_FORMATS
from dashboard.site import Site
from dashboard.view import today
from etl.release import Release
from tests.site_support import Document


@pytest.fixture(scope="module")
def found(release_path: Path) -> Looked:
    release = Release.open(release_path)
    site = Site(release)
    facts = site.answer("que_falta", Question()).facts
    states = [cell.state for block in facts.blocks for row in block.rows for cell in row.cells]
    return looked_at(site.data, known(release), states, list(TABLE_FORMATS), 0, today())


def points(found: Looked) -> dict[str, tuple[int, int]]:
    """The points of each principle, and those of what depends on the site."""
    return {item.name: (item.points, item.ours) for item in principles(found)}


def test_nine_principles_and_all_that_depends_on_us_holds(found: Looked) -> None:
    told = principles(found)
    assert len(told) == 9
    assert {item.name: item.ours for item in told} == {item.name: POINTS for item in told}
    for item in told:
        assert 0 <= item.points <= POINTS and (item.points == POINTS) == all(check.holds for check in item.checks)
        assert all(check.missing for check in item.checks if not check.holds), item.name


def test_a_point_is_lost_when_something_stops_holding(found: Looked) -> None:
    before = points(found)
    all_published = replace(found, crosses=[Availability.PUBLISHED] * len(found.crosses))
    assert points(all_published)["Detallados"] == (POINTS, POINTS) and before["Detallados"][0] < POINTS
    assert points(replace(found, formats=["xlsx"]))["En formatos sin dueño"] == (0, 0)
    lost = Known("2020-01-01-aaaaaaaa", Standing.LOST, date(2020, 1, 1))
    assert points(replace(found, known=[*found.known, lost]))["Permanentes"][1] < POINTS
    assert points(replace(found, ages=[]))["Oportunos"] == (POINTS, POINTS)


def test_what_is_missing_of_the_commitment_says_whose_move_it_is(found: Looked) -> None:
    parts = commitment(
        found, [("padron", "pais", Availability.MISSING), ("participacion", "extranjero", Availability.PUBLISHED)]
    )
    assert [item.held for item in parts[:3]] == [0, 1, 1]
    assert all(item.missing and item.whose for item in parts if not item.holds)


@pytest.mark.parametrize("root", ["", "/accesible"])
def test_the_page_says_every_point_and_what_is_missing(client: httpx.Client, found: Looked, root: str) -> None:
    page = Document(client.get(f"{root}/datos/apertura").text)
    assert page.texts(".puntos-principio b") == [str(item.points) for item in principles(found)]
    said = " ".join(page.texts(".comprobaciones li"))
    for item in principles(found):
        for check in item.checks:
            assert check.asked in said and (check.holds or check.missing in said)
            if not check.holds and check.whose != OURS:
                assert "Le toca al Tribunal" in said


def test_what_is_said_of_this_site_is_so(client: httpx.Client) -> None:
    """Nobody is asked who they are, any other site may read, all of it comes in one file, and its bytes stay."""
    release = client.get("/api/v1/parametros").json()["publicacion"]
    for item in client.get(f"/descargas/{release}/manifest.json").json()["archivos"]:
        answer = client.head(f"/descargas/{release}/{item['nombre']}", headers={"Origin": "https://otro.example"})
        assert (
            answer.status_code == 200
            and "set-cookie" not in answer.headers
            and "www-authenticate" not in answer.headers
        )
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "immutable" in answer.headers["cache-control"]
    assert client.head(f"/descargas/{release}/padron_abierto.zip").status_code == 200
