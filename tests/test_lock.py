"""Promise: everyone installs the same bytes, from whatever index they trust, and none of them is built on arrival."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Mapping
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from tests.browser_support import ROOT

LOCKS = ["requirements-sitio.lock", "requirements.lock", "requirements-test.lock"]
#: The lock that each rule of the Makefile installs.
INSTALLED = {
    "requirements.lock": ".venv/.ejecucion",
    "requirements-test.lock": ".venv/.pruebas",
    "requirements-lectores.lock": ".venv-lectores/.listo",
}
#: What the programs that read the site need, and of that, what nobody publishes a wheel of.
READERS, BUILT = "requirements-lectores.lock", ("docopt", "jsonpath-rw", "jstyleson")
#: A package of nothing, to be installed by the Makefile from a folder.
NOTHING = "paquete-de-nada"


def pins(lock: str) -> dict[str, str]:
    """Package name -> everything the lock says of it, version and hashes."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    blocks = re.findall(r"^([a-z0-9][a-z0-9._-]*)((?:\[[^]]*\])?==.*(?:\n .*)*)", text, re.MULTILINE)
    return dict(blocks)


def pinned(lock: str) -> list[Requirement]:
    """What a lock pins: name, version and, for some, the machines that need it."""
    lines = re.findall(r"^([a-z0-9][^\\\n]*==[^\\\n]*)", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE)
    return [Requirement(line.strip()) for line in lines]


def project() -> Mapping[str, list[str]]:
    """What pyproject.toml asks for: to run (``), and for each extra, with the extras that it takes in."""
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = table["optional-dependencies"]

    def whole(asked: list[str]) -> list[str]:
        plain = [one for one in asked if Requirement(one).name != table["name"]]
        taken = [extra for one in asked if one not in plain for extra in sorted(Requirement(one).extras)]
        return [*plain, *(item for extra in taken for item in whole(extras[extra]))]

    return {"": table["dependencies"], **{name: whole(asked) for name, asked in extras.items()}}


def declared() -> dict[str, set[str]]:
    """Normalised names of the packages that pyproject.toml asks for: to serve, to prepare the data too, and to test."""
    asked = project()
    site = asked[""]
    lists = dict(zip(LOCKS, (site, [*site, *asked["etl"]], [*site, *asked["test"]]), strict=True))
    return {lock: {Requirement(one).name.lower().replace("_", "-") for one in some} for lock, some in lists.items()}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_with_hashes(lock: str) -> None:
    assert declared()[lock] <= pins(lock).keys()
    assert [name for name, block in pins(lock).items() if "--hash=sha256:" not in block] == []


def test_the_readers_have_a_lock_of_their_own() -> None:
    text = (ROOT / "requirements-lectores.in").read_text(encoding="utf-8")
    asked = {Requirement(line).name.lower() for line in text.splitlines() if line and not line.startswith("#")}
    assert asked <= pins(READERS).keys()
    assert [name for name, block in pins(READERS).items() if "--hash=sha256:" not in block] == []
    assert options(ROOT / READERS) == ["--only-binary :all:", *(f"--no-binary {name}" for name in BUILT)]


@pytest.mark.parametrize("lock", [*LOCKS, READERS])
def test_no_lock_names_an_index(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert re.findall(r"://|^\s*--(?:index|extra-index|find-links|trusted-host).*", text, re.MULTILINE) == []


@pytest.mark.parametrize("lock", ["requirements-sitio.lock", "requirements.lock"])
def test_what_is_tested_is_what_runs(lock: str) -> None:
    run, test = pins(lock), pins("requirements-test.lock")
    version = {name: block.split()[0] for name, block in run.items()}
    assert {name: test[name].split()[0] for name in run} == version


def test_a_database_of_ones_own_is_an_extra() -> None:
    """The site and the ETL over files need no driver; the tests, which ask a database, take in the extra that has it."""
    assert [Requirement(one).name for one in project()["postgres"]] == ["psycopg"]
    assert "psycopg" not in pins("requirements.lock") and "psycopg" in pins("requirements-test.lock")


def test_dash_is_held_below_the_version_that_nobody_has_looked_at() -> None:
    """`dashboard.web.dash_shell` leans on names of Dash that Dash does not promise to keep."""
    dash = next(Requirement(one) for one in project()[""] if Requirement(one).name == "dash")
    looked_at = Version(distribution("dash").version)
    assert dash.specifier.contains(looked_at)
    following = [f"{looked_at.major}.{looked_at.minor + 1}", f"{looked_at.major + 1}.0"]
    assert [version for version in following if dash.specifier.contains(version)] == []


# --- Only wheels ------------------------------------------------------------------------------------------------------


def options(lock: Path) -> list[str]:
    """What a lock tells pip to do, besides the packages: one option a line."""
    return re.findall(r"^--.*", lock.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_lock_says_that_only_wheels_are_installed(lock: str) -> None:
    assert options(ROOT / lock) == ["--only-binary :all:"]


@pytest.mark.parametrize("lock", LOCKS)
def test_what_is_installed_is_the_wheel_that_the_lock_pins(lock: str) -> None:
    here = [one for one in pinned(lock) if not one.marker or one.marker.evaluate()]
    assert len(here) > 30
    wrong = [
        one.name
        for one in here
        if one.specifier != SpecifierSet(f"=={distribution(one.name).version}")
        or "\nTag: " not in (distribution(one.name).read_text("WHEEL") or "")
    ]
    assert wrong == []


def sdist(folder: Path) -> Path:
    """A source archive of NOTHING, whose build would leave a mark beside it."""
    inside = folder / f"{NOTHING}-1.0"
    inside.mkdir()
    (inside / "PKG-INFO").write_text(f"Metadata-Version: 2.1\nName: {NOTHING}\nVersion: 1.0\n")
    (inside / "setup.py").write_text(f"open({str(folder / 'se-ejecuto')!r}, 'w').close()\n")
    path = folder / f"{NOTHING.replace('-', '_')}-1.0.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        archive.add(inside, inside.name)
    shutil.rmtree(inside)
    return path


def wheel(folder: Path) -> Path:
    """A wheel of NOTHING."""
    name = NOTHING.replace("-", "_")
    path = folder / f"{name}-1.0-py3-none-any.whl"
    about = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {NOTHING}\nVersion: 1.0\n")
        archive.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{about}/RECORD", "")
    return path


@pytest.mark.parametrize("lock", INSTALLED)
def test_the_makefile_installs_a_wheel_and_refuses_what_would_be_built(lock: str, tmp_path: Path) -> None:
    """The Makefile's own rules, on a lock of one package that exists as a source archive only, then as a wheel."""
    stamp = INSTALLED[lock]
    offered = tmp_path / "paquetes"
    offered.mkdir()
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in INSTALLED:
        (tmp_path / name).write_text("")
    source = sdist(offered)
    written = {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in (source, wheel(tmp_path))}
    told = "\n".join(options(ROOT / lock))
    (tmp_path / lock).write_text(
        f"{told}\n{NOTHING}==1.0 {' '.join(f'--hash=sha256:{digest}' for digest in written.values())}\n"
    )

    def made() -> subprocess.CompletedProcess[str]:
        outside = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "MAKE"))}
        settings = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(offered)}
        command = ["make", stamp, f"PYTHON={sys.base_prefix}/bin/python3"]
        return subprocess.run(command, cwd=tmp_path, env=outside | settings, capture_output=True, text=True)

    refused = made()
    assert refused.returncode != 0 and f"No matching distribution found for {NOTHING}" in refused.stderr
    assert not (offered / "se-ejecuto").exists() and not (tmp_path / stamp).exists()
    next(path for path in written if path != source).rename(
        offered / f"{NOTHING.replace('-', '_')}-1.0-py3-none-any.whl"
    )
    taken = made()
    assert taken.returncode == 0, taken.stderr
    assert (tmp_path / stamp).exists()
