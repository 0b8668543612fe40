"""Promise: `publish` killed at any moment leaves the current release served, whole, and the next run works."""

from __future__ import annotations

import random
import subprocess
import time
from pathlib import Path

import pytest

from etl.history import History, State
from etl.release import Release
from tests.checkout_support import Checkout, scaled, small_checkout

KILLS = 30
SEED = 327


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A copy of the project with its first release and, registered but not published, a second delivery."""
    checkout = small_checkout(tmp_path_factory.mktemp("copia") / "padron")
    assert checkout.etl("publish", "--si").returncode == 0
    return checkout


def declaration(checkout: Checkout) -> Path:
    """The file that says which delivery is the current one."""
    return checkout.folder / "etl" / "datasets" / "padron_municipal.entrega.toml"


def wait_to_kill(process: subprocess.Popen[bytes], checkout: Checkout, whole: float, chance: random.Random) -> None:
    """Wait for a random moment: of the whole run or, every other time, of the instants when it writes."""
    if chance.random() < 0.5:
        deadline = time.monotonic() + chance.uniform(0, whole)
        while process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.002)
        return
    while process.poll() is None and not any(path.name.startswith(".2") for path in checkout.releases.iterdir()):
        time.sleep(0.0005)
    time.sleep(chance.uniform(0, 0.05))


def test_killed_at_thirty_random_moments(checkout: Checkout) -> None:
    chance = random.Random(SEED)
    old, files = checkout.current.id, [declaration(checkout).read_text(encoding="utf-8")]
    assert checkout.deliver("2026-09-30", scaled({"1-2"}, 1.02)).returncode == 0
    files.append(declaration(checkout).read_text(encoding="utf-8"))
    start = time.monotonic()
    assert checkout.etl("publish", "--si").returncode == 0
    whole = time.monotonic() - start
    ids = [old, checkout.current.id]
    kept = changed = 0
    for number in range(KILLS):
        wanted = number % 2
        before = ids[1 - wanted]
        declaration(checkout).write_text(files[wanted], encoding="utf-8")
        if number % 3 == 0:  # sometimes the release must be written again, sometimes it is already there
            forget(checkout, ids[wanted])
        process = checkout.publishing()
        wait_to_kill(process, checkout, whole, chance)
        process.kill()
        process.wait()
        found = Release.open(checkout.releases / "current")
        assert found.id in ids and found.damaged_files() == []
        kept, changed = kept + (found.id == before), changed + (found.id != before)
        finished = checkout.etl("publish", "--si", "--aceptar-movimientos")
        assert finished.returncode == 0, finished.stdout
        assert (checkout.current.id, checkout.current.damaged_files()) == (ids[wanted], [])
        assert not any(path.name.startswith(".2") for path in checkout.releases.iterdir())
    # How many moments fall before, during and after the change is up to the machine; none may be lost.
    assert kept + changed == KILLS
    states = {entry.state for entry in History(checkout.releases).entries()}
    assert states == {State.DONE, State.INTERRUPTED}


def forget(checkout: Checkout, release: str) -> None:
    """Remove a release that is not the current one."""
    for path in (checkout.releases / release).iterdir():
        path.unlink()
    (checkout.releases / release).rmdir()
