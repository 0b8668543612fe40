"""Promise: what docs/despliegue/ gives an operator is what systemd and a builder of images take, and it lets in very little."""

from __future__ import annotations

import configparser
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from dashboard.web.problems import FOR_PROGRAMS
from dashboard.web.security import OPEN
from etl.__main__ import COMMANDS
from tests.browser_support import ROOT, running_site

FOLDER = ROOT / "docs" / "despliegue"
UNITS = sorted(path.name for path in FOLDER.glob("padron-*.*"))
SERVICES = [name for name in UNITS if name.endswith(".service")]
MOST_EXPOSED = 2.0
ANALYZE = shutil.which("systemd-analyze")
with_systemd = pytest.mark.skipif(ANALYZE is None, reason="no hay systemd-analyze en esta máquina")


def unit(name: str) -> configparser.ConfigParser:
    """A unit, read; of an option that repeats, the last."""
    read = configparser.ConfigParser(interpolation=None, strict=False)
    read.optionxform = str
    read.read_string((FOLDER / name).read_text(encoding="utf-8"))
    return read


@with_systemd
@pytest.mark.parametrize("name", SERVICES)
def test_a_unit_is_not_exposed(name: str) -> None:
    assert ANALYZE
    done = subprocess.run(
        [ANALYZE, "security", "--offline=true", FOLDER / name], capture_output=True, text=True, timeout=60
    )
    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", done.stdout)
    assert found, done.stdout + done.stderr
    assert float(found[1]) <= MOST_EXPOSED


@with_systemd
def test_systemd_finds_nothing_wrong(tmp_path: Path) -> None:
    """With the Python of the tests where they name that of the server, which is not installed here."""
    assert ANALYZE
    for name in UNITS:
        text = (FOLDER / name).read_text(encoding="utf-8")
        text = re.sub(r"/opt/padron-abierto/\.venv(-datos)?/bin/python", sys.executable, text)
        (tmp_path / name.replace("@.", "@8050.")).write_text(text, encoding="utf-8")
        (tmp_path / name).write_text(text, encoding="utf-8")
    names = [name.replace("@.", "@8050.") for name in UNITS]
    done = subprocess.run(
        [ANALYZE, "verify", "--man=no", "--recursive-errors=no", *names],
        cwd=tmp_path,
        env=os.environ | {"SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_who_serves_cannot_write_the_data_and_who_publishes_serves_nothing() -> None:
    site, data = unit("padron-sitio@.service")["Service"], unit("padron-datos.service")["Service"]
    assert site["User"] != data["User"]
    assert site["ProtectSystem"] == data["ProtectSystem"] == "strict"
    assert "ReadWritePaths" not in site and "/srv/padron-abierto/data" in site["ReadOnlyPaths"]
    assert "data/cubos" in site["InaccessiblePaths"]
    assert site["CacheDirectory"] == "padron-abierto"


@pytest.mark.parametrize("name", SERVICES)
def test_commands_and_options_of_the_units_exist(name: str) -> None:
    words = shlex.split(unit(name)["Service"]["ExecStart"])
    words = [part for word in words for part in (word.split() if " " in word else [word])]
    module = words[words.index("-m") + 1]
    if module == "etl":
        assert words[words.index("-m") + 2] in COMMANDS
        return
    said = subprocess.run([sys.executable, "-m", module, "--help"], cwd=ROOT, capture_output=True, text=True).stdout
    options = [word for word in words if word.startswith("--")]
    assert options and [word for word in options if word not in said] == []


def test_what_fails_is_told() -> None:
    for name in ("padron-sitio@.service", "padron-datos.service"):
        assert unit(name)["Unit"]["OnFailure"] == "padron-alerta@%n.service"
    assert "padron-alerta@.service" in UNITS and "padron-datos.timer" in UNITS


# --- The image ------------------------------------------------------------------------------------------------------------


def steps() -> Iterator[tuple[str, str]]:
    """Every instruction of the Containerfile and what follows it."""
    text = re.sub(r"\\\n", " ", (FOLDER / "Containerfile").read_text(encoding="utf-8"))
    for line in text.splitlines():
        if line and not line.startswith("#"):
            word, _, rest = line.partition(" ")
            yield word, rest.strip()


def copied(folder: Path) -> None:
    """Copy into `folder` what the image gets of the project."""
    for word, rest in steps():
        if word != "COPY" or rest.startswith("--from"):
            continue
        *sources, target = rest.split()
        for source in sources:
            path, place = ROOT / source, folder / target
            assert path.exists(), source
            if path.is_dir():
                shutil.copytree(path, place, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                place = place / path.name if target.endswith("/") else place
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, place)


def test_what_the_image_has_is_enough_to_serve(release_path: Path, tmp_path: Path) -> None:
    image = tmp_path / "imagen"
    image.mkdir()
    copied(image)
    told = dict(steps())
    entry, more = json.loads(told["ENTRYPOINT"]), json.loads(told["CMD"])
    check = json.loads(told["HEALTHCHECK"].partition("CMD ")[2])
    assert told["USER"] not in ("root", "0") and entry[1:3] == ["-m", "dashboard"]
    with running_site(release_path, tmp_path / "sitio.log", *more, code=image) as url:
        assert {httpx.get(f"{url}{path}", timeout=30).status_code for path in ("/", "/accesible/padron")} == {200}
        port = url.rpartition(":")[2]
        healthy = [sys.executable, *(word.replace("8050", port) for word in check[1:])]
        assert subprocess.run(healthy, capture_output=True, timeout=60).returncode == 0
    assert subprocess.run(healthy, capture_output=True, timeout=60).returncode != 0


def test_nginx_tells_programs_and_other_sites_apart_as_the_site_does() -> None:
    """What nginx says by itself, with the site down, goes by the same addresses as what the site says."""
    written = (FOLDER / "nginx.conf").read_text(encoding="utf-8")

    def told(variable: str) -> list[str]:
        inside = re.search(rf"map \$request \${variable} {{(.*?)\n}}", written, re.DOTALL)
        assert inside
        return re.findall(r'"~([^"]+)" [^;]+;', inside[1])

    for variable, addresses in (("padron_donde_se_dice", FOR_PROGRAMS), ("padron_de_cualquiera", OPEN)):
        patterns = told(variable)
        for address in addresses:
            assert any(re.search(pattern, f"GET {address}x HTTP/1.1") for pattern in patterns), (variable, address)
        for page in ("/padron", "/ficha/1601", "/incrustar/padron_mapa", "/datos/api", "/publicaciones"):
            assert not any(re.search(pattern, f"GET {page} HTTP/1.1") for pattern in patterns), (variable, page)
