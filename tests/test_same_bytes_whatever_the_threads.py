"""Promise: what is hidden depends on the counts alone, never on which thread is faster, on how many there are, or on how many
processors."""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from etl.cubes.declared import CUBES
from etl.cubes.exact import waiting
from etl.disclosure import blocks, suppression
from etl.disclosure.frames import protect_frames
from tests.test_second_opinion import cells_of, registry

#: Workers, seconds between turns of threads, processors, and the longest that each piece of work waits before it starts.
MANNERS = ((1, 0.005, 2, 0.0), (2, 0.005, 2, 0.0), (2, 1e-6, 1, 0.004), (5, 0.1, 2, 0.008), (8, 1e-6, 2, 0.002))


@contextmanager
def manner(workers: int, turn: float, processors: int, wait: float, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Threads that take turns in a manner of their own, and what they do, waited for at random."""
    chance, submit = random.Random(workers), ThreadPoolExecutor.submit

    def late(pool: ThreadPoolExecutor, work: Callable[..., object], *arguments: object) -> Future[object]:
        seconds = chance.uniform(0, wait)

        def later() -> object:
            time.sleep(seconds)
            return work(*arguments)

        return submit(pool, later)

    before, own = sys.getswitchinterval(), os.sched_getaffinity(0)
    with monkeypatch.context() as changed:
        changed.setattr(suppression, "WORKERS", workers)
        changed.setattr(ThreadPoolExecutor, "submit", late)
        try:
            sys.setswitchinterval(turn)
            os.sched_setaffinity(0, set(sorted(own)[:processors]))
            yield
        finally:
            sys.setswitchinterval(before)
            os.sched_setaffinity(0, own)


def bytes_of(published: dict[str, pd.DataFrame], folder: Path) -> list[bytes]:
    """Each table as a file would have it."""
    found = []
    for name, frame in published.items():
        file = folder / f"{name}.parquet".replace("/", "-")
        frame.to_parquet(file)
        found.append(file.read_bytes())
    return found


def in_every_manner(
    protect: Callable[[], dict[str, pd.DataFrame]], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    for each in MANNERS:
        with manner(*each, monkeypatch):
            made.append(bytes_of(protect(), folder))
    assert made[0] and all(one == made[0] for one in made[1:])


def test_five_protections_of_small_cubes_are_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if they were large: in as many blocks as they have branches."""
    for module in (blocks, suppression):
        monkeypatch.setattr(module, "WHOLE", 20)
    people = registry(600, seed=8)
    cubes = {cube.name: cube for cube in CUBES if cube.residence == "pais"}
    frames = {name: cells_of(cube, people) for name, cube in cubes.items()}
    in_every_manner(lambda: protect_frames(cubes, frames)[0], tmp_path, monkeypatch)


@pytest.mark.largo
def test_five_protections_of_the_demonstration_are_the_same_bytes(
    demonstration: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = waiting(demonstration / "cubos").found
    (title, exact), *_ = ((title, each) for title, each in found.items() if each.part.cube == "padron_cubo")
    cubes, frames = {title: exact.cube}, {title: exact.frame}
    assert len(exact.frame) > 10_000
    in_every_manner(lambda: protect_frames(cubes, frames)[0], tmp_path, monkeypatch)
    _, ((_, protection),) = protect_frames(cubes, frames)
    assert np.count_nonzero(protection.hidden) > blocks.WHOLE
