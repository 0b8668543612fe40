"""Promise: everyone installs the same bytes, from whatever index they trust."""

from __future__ import annotations

import re
import tomllib

import pytest

from tests.browser_support import ROOT

LOCKS = ["requirements.lock", "requirements-test.lock"]


def pins(lock: str) -> dict[str, str]:
    """Package name -> everything the lock says of it, version and hashes."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    blocks = re.findall(r"^([a-z0-9][a-z0-9._-]*)((?:\[[^]]*\])?==.*(?:\n .*)*)", text, re.MULTILINE)
    return dict(blocks)


def declared() -> dict[str, set[str]]:
    """Normalised names of the packages that pyproject.toml asks for, to run and to test."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    tests = project["optional-dependencies"]["test"]
    lists = {"requirements.lock": project["dependencies"], "requirements-test.lock": project["dependencies"] + tests}
    return {
        lock: {re.match(r"[\w.-]+", one)[0].lower().replace("_", "-") for one in some} for lock, some in lists.items()
    }


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_with_hashes(lock: str) -> None:
    assert declared()[lock] <= pins(lock).keys()
    assert [name for name, block in pins(lock).items() if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_names_an_index(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert re.findall(r"://|^\s*--(?:index|extra-index|find-links|trusted-host).*", text, re.MULTILINE) == []


def test_what_is_tested_is_what_runs() -> None:
    run, test = pins("requirements.lock"), pins("requirements-test.lock")
    version = {name: block.split()[0] for name, block in run.items()}
    assert {name: test[name].split()[0] for name in run} == version
