"""Promise: the page of operating instructions says what the command line does: its exit codes, thresholds and units."""

from __future__ import annotations

import re

from etl.commands.output import Exit
from etl.publish.history import FILE
from etl.publish.suspicions import GAIN, LOSS, SMALL
from tests.browser_support import ROOT

PAGE = (ROOT / "docs" / "operacion.md").read_text(encoding="utf-8")


def test_every_exit_code_says_what_to_do() -> None:
    rows = re.findall(r"^\| (\d) \| ([^|]+) \| ([^|]+) \|$", PAGE, re.MULTILINE)
    assert [int(code) for code, _, _ in rows] == [int(code) for code in Exit]
    assert all(meaning.strip() and what.strip() for _, meaning, what in rows)


def test_thresholds_and_places_are_the_ones_in_the_code() -> None:
    assert f"«perdió {LOSS:.0%} o más», «creció {GAIN:.0%} o más»".replace("%", " %") in PAGE
    assert f"donde había {SMALL} personas o más" in PAGE
    assert f"`data/release/{FILE}`" in PAGE


def test_the_units_that_publish_and_tell_are_the_ones_given() -> None:
    named = set(re.findall(r"\b(padron-[a-z]+@?)(?:[a-z]+)?\.(service|timer)", PAGE))
    assert {".".join(one) for one in named} == {"padron-datos.service", "padron-datos.timer", "padron-alerta@.service"}
    given = {path.name for path in (ROOT / "docs" / "despliegue").iterdir()}
    assert {".".join(one) for one in named} <= given
