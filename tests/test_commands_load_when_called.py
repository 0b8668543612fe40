"""Promise: asking what can be done is quick: a command's module, and the libraries it needs, load when it is called."""

from __future__ import annotations

import subprocess
import sys

import pytest

from etl.__main__ import COMMANDS, command
from tests.browser_support import ROOT
from tests.etl_support import etl

HEAVY = {"duckdb", "geopandas", "highspy", "numpy", "openpyxl", "pandas", "pandera", "pyarrow", "shapely", "sqlalchemy"}
LIST_LOADED = "import sys; from etl.__main__ import app; app(standalone_mode=False); print(*sys.modules, sep='\\n')"


def test_the_list_of_commands_loads_no_command_and_no_library_of_data() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIST_LOADED, "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    listing, _, modules = done.stdout.partition("\nsys\n")
    loaded = set(modules.split())
    assert all(name in listing for name in COMMANDS)
    assert "typer" in loaded
    assert loaded & HEAVY == set()
    # The words of a command line are beside what a disk says, in the room that the site may also ask.
    rooms = {name.split(".")[1] for name in loaded if name.startswith("etl.")}
    assert rooms == {"__main__", "model", "release"}
    assert "rich.progress" not in loaded


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_the_list_is_there_and_says_the_same(name: str) -> None:
    made = command(name)
    assert made.name == name
    assert made.help == COMMANDS[name].help
    shown = etl(name, "--help")
    assert shown.exit_code == 0
    assert f"python -m etl {name}" in shown.output or f" {name} " in shown.output
    assert " ".join(COMMANDS[name].help.split()[:6]) in " ".join(shown.output.split())


def test_a_name_that_is_no_command_is_refused_with_the_one_meant() -> None:
    refused = etl("publis")
    assert refused.exit_code == 2
    assert "'publish'" in refused.output
