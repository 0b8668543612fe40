"""Promise: the page of operating instructions says what the command line does: its exit codes, thresholds and units."""

from __future__ import annotations

import configparser
import re

import pytest

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


@pytest.mark.parametrize("number", range(4))
def test_units_are_readable_and_run_what_exists(number: int) -> None:
    units = re.findall(r"```ini\n(.*?)```", PAGE, re.DOTALL)
    assert len(units) == 4
    unit = configparser.ConfigParser(interpolation=None)
    unit.optionxform = str
    unit.read_string(units[number])
    assert unit["Unit"]["Description"]
    assert any(
        unit.has_option(section, option) for section, option in (("Service", "ExecStart"), ("Timer", "OnCalendar"))
    )
