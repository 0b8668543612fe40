"""Promise: `publish` killed at any moment leaves the current release served, whole, and the next run works."""

from __future__ import annotations

import os
import random
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest

from etl.publish.history import FILE, History, Outcome
from etl.release import Release
from tests.browser_support import ROOT
from tests.checkout_support import Checkout, scaled, small_checkout
from tests.process_support import start

FINISHED_EVERY = 5
MOST_KILLS_EACH = 4
SEED = 327

#: Whether the run with a process id has come to the moment when it must be killed.
Moment = Callable[[int], bool]


@dataclass(frozen=True)
class Publisher:
    """Who publishes one of two releases: `starts` begins to, by its id, in a process of its own; `whole` is how long it takes."""

    releases: Path
    wanted: tuple[str, str]
    starts: Callable[[str], ForkServerProcess]
    whole: float

    @property
    def current(self) -> Release:
        """The current release."""
        return Release.open(self.releases / "current")


@dataclass(frozen=True)
class Two:
    """A copy of the project with two releases, the second current, and the declaration of the delivery behind each."""

    checkout: Checkout
    declared: dict[str, str]
    whole: float


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Two:
    """Published by the real command, both."""
    checkout = small_checkout(tmp_path_factory.mktemp("copia") / "padron")
    assert checkout.etl("publish", "--si").returncode == 0
    old, text = checkout.current.id, declaration(checkout).read_text(encoding="utf-8")
    assert checkout.deliver("2026-09-30", scaled({"1-2"}, 1.02)).returncode == 0
    began = time.monotonic()
    assert checkout.etl("publish", "--si").returncode == 0
    whole = time.monotonic() - began
    return Two(checkout, {old: text, checkout.current.id: declaration(checkout).read_text(encoding="utf-8")}, whole)


def declaration(checkout: Checkout) -> Path:
    """The file that says which delivery is the current one."""
    return checkout.source / "padron_municipal" / "fuente.toml"


def real_command(two: Two) -> Publisher:
    """`publish --si`, as a person types it."""

    def starts(wanted: str) -> ForkServerProcess:
        declaration(two.checkout).write_text(two.declared[wanted], encoding="utf-8")
        return two.checkout.publishing()

    first, second = two.declared
    return Publisher(two.checkout.releases, (first, second), starts, two.whole)


def light_publisher(two: Two, folder: Path) -> Publisher:
    """Only what `publish` does after it has built, with what it built before, in a folder of releases of its own."""
    prepared = {name: shutil.copytree(two.checkout.releases / name, folder / name) for name in two.declared}
    releases = folder / "publicaciones"
    releases.mkdir()

    def starts(wanted: str) -> ForkServerProcess:
        return start((releases, prepared[wanted]), ROOT, os.environ, module="tests.light_publisher")

    first, second = two.declared
    whole = 0.0
    for wanted in (first, second):  # the first time it also makes the history
        began = time.monotonic()
        publishing = starts(wanted)
        publishing.join()
        whole = time.monotonic() - began
        assert publishing.exitcode == 0
    return Publisher(releases, (first, second), starts, whole)


def any_moment(whole: float, chance: random.Random) -> Moment:
    """Some instant of a run that takes `whole` seconds."""
    deadline = time.monotonic() + chance.uniform(0, whole)
    return lambda pid: time.monotonic() >= deadline


def while_it_writes(publisher: Publisher, release: str, files: int, chance: random.Random) -> Moment:
    """Some step of the change: the history is being written, some files of the new release are, or all of it is.

    The steps last a few milliseconds: they are told by what is on disk, for no clock would find them on every machine.
    """
    target = publisher.releases / release
    step = chance.randrange(files + 3)
    if step == files:
        return lambda pid: (publisher.releases / f"{FILE}-journal").exists()
    if step == files + 1:
        return lambda pid: target.exists()
    if step == files + 2:
        return lambda pid: publisher.current.id == release
    # The folder is renamed once it is full.
    return lambda pid: target.exists() or files_in(publisher.releases / f".{release}.{pid}") >= step


def files_in(folder: Path) -> int:
    """How many files a folder has, -1 if there is no such folder."""
    try:
        return len(os.listdir(folder))
    except FileNotFoundError:
        return -1


def unfinished(releases: Path) -> list[Path]:
    """The hidden folders of releases half written."""
    return [path for path in releases.iterdir() if path.name.startswith(".2") and path.is_dir()]


def kill(process: ForkServerProcess, moment: Moment) -> None:
    """Kill a run at `moment`, unless it ends before."""
    assert process.pid
    while process.is_alive() and not moment(process.pid):
        time.sleep(0.0002)
    process.kill()
    process.join()


def survives(publisher: Publisher, least: int, least_interrupted: int) -> None:
    """Kill at `least` moments or more, until `least_interrupted` changes were cut short, and look at what is left."""
    chance = random.Random(SEED)
    files = len(list(publisher.current.root.iterdir()))
    history = History(publisher.releases)
    interrupted: list[int] = []
    kills, wanted = 0, ""
    while kills < least or len(interrupted) < least_interrupted:
        assert kills < MOST_KILLS_EACH * least, f"{kills} kills, and only {len(interrupted)} while a change was made"
        before = publisher.current.id
        wanted = next(release for release in publisher.wanted if release != before)
        last = history.entries(1)[0].id
        if kills % 3:
            shutil.rmtree(publisher.releases / wanted, ignore_errors=True)  # else it is there, whole or as it was left
            moment = while_it_writes(publisher, wanted, files, chance)
        else:
            moment = any_moment(publisher.whole, chance)
        kill(publisher.starts(wanted), moment)
        kills += 1
        found = publisher.current
        assert found.id in (before, wanted) and found.damaged_files() == []
        entry = history.entries(1)[0]
        if entry.id > last and found.id == before:
            assert (entry.state, entry.release) == (Outcome.IN_PROGRESS, wanted)
            interrupted.append(entry.id)
        if kills % FINISHED_EVERY == 0:
            finish(publisher, wanted)
    finish(publisher, wanted)
    # Every change cut short is told as such, and nothing else is.
    states = {entry.id: entry.state for entry in history.entries()}
    assert sorted(entry for entry, state in states.items() if state is Outcome.INTERRUPTED) == interrupted
    assert {*states.values()} == {Outcome.DONE, Outcome.INTERRUPTED}


def finish(publisher: Publisher, wanted: str) -> None:
    """The next run, left to end, publishes what was wanted and leaves nothing half done."""
    publishing = publisher.starts(wanted)
    publishing.join()
    assert publishing.exitcode == 0
    assert (publisher.current.id, publisher.current.damaged_files()) == (wanted, [])
    assert unfinished(publisher.releases) == []


def test_a_light_publisher_killed_at_thirty_moments(two: Two, tmp_path: Path) -> None:
    survives(light_publisher(two, tmp_path), 30, 5)


def test_the_real_command_killed_at_three_moments(two: Two) -> None:
    survives(real_command(two), 3, 1)


@pytest.mark.largo
def test_the_real_command_killed_at_thirty_moments(two: Two) -> None:
    survives(real_command(two), 30, 5)
