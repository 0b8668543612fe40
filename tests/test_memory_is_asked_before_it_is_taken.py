"""No process is called to help if the machine, or the service, has no memory left for it."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from dashboard.site import Site
from dashboard.web import renderers
from dashboard.web.memory import free_memory
from dashboard.web.renderers import Renderers
from etl.release import Release

MIB = 1 << 20


def told(root: Path, available_kb: int | None, group: str, limits: dict[str, tuple[str, int]]) -> Path:
    """A system's own account, in the files where Linux keeps it."""
    (root / "proc/self").mkdir(parents=True)
    if available_kb is not None:
        (root / "proc/meminfo").write_text(f"MemTotal: 99999999 kB\nMemAvailable:   {available_kb} kB\n")
    (root / "proc/self/cgroup").write_text(f"0::{group}\n")
    for name, (limit, anonymous) in limits.items():
        folder = root / "sys/fs/cgroup" / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "memory.max").write_text(f"{limit}\n")
        (folder / "memory.stat").write_text(f"anon {anonymous}\nfile 999999999999\n")
    return root


def test_the_machine_alone(tmp_path: Path) -> None:
    assert free_memory(told(tmp_path, 1_024, "/", {})) == MIB


def test_the_limit_of_a_service(tmp_path: Path) -> None:
    limits = {"system.slice/padron.service": (str(2_048 * MIB), 500 * MIB), "system.slice": ("max", 900 * MIB)}
    assert free_memory(told(tmp_path, 9_999_999, "/system.slice/padron.service", limits)) == 1_548 * MIB


def test_the_limit_of_what_holds_the_service(tmp_path: Path) -> None:
    limits = {"todo/sitio": ("max", 10), "todo": (str(100 * MIB), 60 * MIB)}
    assert free_memory(told(tmp_path, 9_999_999, "/todo/sitio", limits)) == 40 * MIB


def test_the_limit_of_a_container(tmp_path: Path) -> None:
    assert free_memory(told(tmp_path, 9_999_999, "/", {".": (str(64 * MIB), 60 * MIB)})) == 4 * MIB


def test_a_service_that_is_shown_nothing_of_the_machine(tmp_path: Path) -> None:
    assert free_memory(told(tmp_path, None, "/", {".": (str(64 * MIB), 60 * MIB)})) == 4 * MIB


def test_a_system_that_tells_nothing(tmp_path: Path) -> None:
    assert 0 < free_memory(tmp_path) <= sys.maxsize
    assert free_memory() > 0


def test_nobody_comes_when_there_is_no_room(
    release_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renderers, "FREE_FOR_EACH", free_memory() * 4)
    helpers = Renderers(2, tmp_path)
    helpers.call(Site(Release.open(release_path)))
    time.sleep(0.5)
    assert not helpers._all
