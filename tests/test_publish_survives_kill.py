"""Promise: `publish` killed at any moment leaves the current release served, whole, and the next run works."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from etl.publish.history import FILE, History, State
from etl.release import Release
from tests.checkout_support import Checkout, scaled, small_checkout

KILLS = 30
MOST_KILLS = 120
INTERRUPTED = 5
FINISHED_EVERY = 5
SEED = 327

#: Whether the run with a process id has come to the moment when it must be killed.
Moment = Callable[[int], bool]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A copy of the project with its first release."""
    checkout = small_checkout(tmp_path_factory.mktemp("copia") / "padron")
    assert checkout.etl("publish", "--si").returncode == 0
    return checkout


def declaration(checkout: Checkout) -> Path:
    """The file that says which delivery is the current one."""
    return checkout.source / "padron_municipal" / "fuente.toml"


def any_moment(whole: float, chance: random.Random) -> Moment:
    """Some instant of a run that takes `whole` seconds."""
    deadline = time.monotonic() + chance.uniform(0, whole)
    return lambda pid: time.monotonic() >= deadline


def while_it_writes(checkout: Checkout, release: str, files: int, chance: random.Random) -> Moment:
    """Some step of the change: the history is being written, some files of the new release are, or all of it is.

    The steps last a few milliseconds: they are told by what is on disk, for no clock would find them on every machine.
    """
    target = checkout.releases / release
    step = chance.randrange(files + 3)
    if step == files:
        return lambda pid: (checkout.releases / f"{FILE}-journal").exists()
    if step == files + 1:
        return lambda pid: target.exists()
    if step == files + 2:
        return lambda pid: checkout.current.id == release
    # The folder is renamed once it is full.
    return lambda pid: target.exists() or files_in(checkout.releases / f".{release}.{pid}") >= step


def files_in(folder: Path) -> int:
    """How many files a folder has, -1 if there is no such folder."""
    try:
        return len(os.listdir(folder))
    except FileNotFoundError:
        return -1


def unfinished(checkout: Checkout) -> list[Path]:
    """The hidden folders of releases half written."""
    return [path for path in checkout.releases.iterdir() if path.name.startswith(".2") and path.is_dir()]


def kill(process: subprocess.Popen[bytes], moment: Moment) -> None:
    """Kill a run at `moment`, unless it ends before."""
    while process.poll() is None and not moment(process.pid):
        time.sleep(0.0002)
    process.kill()
    process.wait()


def test_killed_at_thirty_random_moments(checkout: Checkout) -> None:
    chance = random.Random(SEED)
    old, texts = checkout.current, [declaration(checkout).read_text(encoding="utf-8")]
    assert checkout.deliver("2026-09-30", scaled({"1-2"}, 1.02)).returncode == 0
    texts.append(declaration(checkout).read_text(encoding="utf-8"))
    start = time.monotonic()
    assert checkout.etl("publish", "--si").returncode == 0
    whole = time.monotonic() - start
    text_of = dict(zip((old.id, checkout.current.id), texts, strict=True))
    files = len(list(old.root.iterdir()))

    history = History(checkout.releases)
    interrupted: list[int] = []
    kills = 0
    while kills < KILLS or len(interrupted) < INTERRUPTED:
        assert kills < MOST_KILLS, f"{kills} kills, and only {len(interrupted)} while a change was being made"
        before = checkout.current.id
        wanted = next(release for release in text_of if release != before)
        declaration(checkout).write_text(text_of[wanted], encoding="utf-8")
        last = history.entries(1)[0].id
        if kills % 3:
            shutil.rmtree(checkout.releases / wanted, ignore_errors=True)  # else it is there, whole or as it was left
            moment = while_it_writes(checkout, wanted, files, chance)
        else:
            moment = any_moment(whole, chance)
        kill(checkout.publishing(), moment)
        kills += 1
        found = Release.open(checkout.releases / "current")
        assert found.id in (before, wanted) and found.damaged_files() == []
        entry = history.entries(1)[0]
        if entry.id > last and found.id == before:
            assert (entry.state, entry.release) == (State.IN_PROGRESS, wanted)
            interrupted.append(entry.id)
        if kills % FINISHED_EVERY == 0:
            finish(checkout, wanted)
    finish(checkout, wanted)
    # Every change cut short is told as such, and nothing else is.
    states = {entry.id: entry.state for entry in history.entries()}
    assert sorted(entry for entry, state in states.items() if state is State.INTERRUPTED) == interrupted
    assert {*states.values()} == {State.DONE, State.INTERRUPTED}


def finish(checkout: Checkout, wanted: str) -> None:
    """The next run, left to end, publishes what was wanted and leaves nothing half done."""
    finished = checkout.etl("publish", "--si", "--aceptar-movimientos")
    assert finished.returncode == 0, finished.stdout
    assert (checkout.current.id, checkout.current.damaged_files()) == (wanted, [])
    assert unfinished(checkout) == []
