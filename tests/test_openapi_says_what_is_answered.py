"""Promise: what the OpenAPI document declares is what programs are answered, in every operation, and nothing that they send is a
fault of the site."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

SEED = 327
#: Whether what keeps to the document is accepted is asked elsewhere, and is promised of nine in ten: that no cross of all that
#: is asked is published, say, is refused with 400, and OpenAPI has no words for it.
BESIDES = "positive_data_acceptance"

#: With what a request that breaks the document may be refused: also with 414, when it is longer than any address may be.
REFUSALS = 'hooks = "nada.py"\n[checks]\nnegative_data_rejection.expected-statuses = [400, 404, 405, 406, 414, 415, 422, 503]\n'
#: A value with nothing in it leaves no trace in an address: a request that breaks the document only there does not break it.
TRACELESS = """
import schemathesis


def traceless(value):
    if isinstance(value, dict):
        return not value or any(map(traceless, value.values()))
    return value is None or value == []


@schemathesis.hook
def filter_query(context, query):
    return not any(map(traceless, (query or {}).values()))
"""


def tried(url: str, folder: Path, *options: str) -> dict[str, Any]:
    """What Schemathesis reports of the site at `url`, with every check but one, from a process of its own in `folder`."""
    report = folder / "informe.json"
    assert httpx.get(f"{url}/api/v1/openapi.json", timeout=120).status_code == 200  # the first time it takes a while
    (folder / "nada.py").write_text(TRACELESS, encoding="utf-8")
    (folder / "schemathesis.toml").write_text(REFUSALS, encoding="utf-8")
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{url}/api/v1/openapi.json", "--seed", str(SEED)]
    command += [
        "--checks",
        "all",
        "--exclude-checks",
        BESIDES,
        "--continue-on-failure",
        "--max-response-time",  # how long answers take is measured apart: other work of the machine must not decide here
        "120",
        "--request-timeout",
        "120",
        "--no-color",
    ]
    command += ["--report", "json", "--report-json-path", str(report), *options]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-8_000:] + done.stderr[-2_000:]
    found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    assert found["complete"] and found["failures"] == found["errors"] == [], done.stdout[-8_000:]
    return found


#: The operations of each table, which are many and of few kinds.
OF_A_TABLE = "^/api/v1/(datasets|pxweb/tables)/[a-z0-9_]+/data"


def operations(url: str, of_tables: bool) -> int:
    """How many operations the document of a site has, of its tables or the others."""
    paths = httpx.get(f"{url}/api/v1/openapi.json", timeout=60).json()["paths"]
    return sum((re.match(OF_A_TABLE, path) is not None) == of_tables for path in paths)


def test_each_kind_of_operation_answers_what_it_declares(site: str, tmp_path: Path) -> None:
    # Each file of a release is a value of another operation: all of them are asked for with every operation, below.
    kinds = ("/api/v1/(?!(datasets|pxweb/tables)/[a-z])", "/salud")
    some = "^(" + "|".join(kinds) + ")"
    found = tried(site, tmp_path, "--include-path-regex", some, "--max-examples", "1", "--phases", "examples,coverage")
    assert found["operations"]["tested"] == found["operations"]["selected"] > 4
    assert found["test_cases"]["generated"] > 40


@pytest.mark.largo
def test_every_operation_answers_what_it_declares(site: str, tmp_path: Path) -> None:
    found = tried(site, tmp_path, "--max-examples", "30", "--exclude-path-regex", OF_A_TABLE)
    assert found["operations"]["tested"] == operations(site, of_tables=False) > 40
    assert found["test_cases"]["generated"] > 5_000


@pytest.mark.largo
def test_every_table_answers_what_it_declares(site: str, tmp_path: Path) -> None:
    options = ("--include-path-regex", OF_A_TABLE, "--max-examples", "3", "--phases", "examples,fuzzing")
    found = tried(site, tmp_path, *options)
    assert found["operations"]["tested"] == operations(site, of_tables=True) > 70
