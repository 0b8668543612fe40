"""What is made once is kept within a limit, whole, and made by one while the others wait."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest

from dashboard.web.shelf import Shelf, Workspace


def content(text: bytes) -> Callable[[BinaryIO], None]:
    def write(file: BinaryIO) -> None:
        file.write(text)

    return write


def is_kept(shelf: Shelf, key: str) -> bool:
    found = shelf.find(key)
    if found:
        found.close()
    return found is not None


def test_one_makes_it_while_the_others_wait(tmp_path: Path) -> None:
    made: list[int] = []

    def slowly(file: BinaryIO) -> None:
        made.append(1)
        time.sleep(0.2)
        file.write(b"cifras")

    def ask(found: list[bytes]) -> None:
        # Each with a Shelf of its own, as each process has.
        with Shelf(tmp_path, 1_000_000).made("tabla.csv", slowly) as file:
            found.append(file.read())

    found: list[bytes] = []
    threads = [threading.Thread(target=ask, args=(found,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [b"cifras"] * 8
    assert len(made) == 1


def test_what_was_used_longest_ago_goes_first(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, 10_000)
    for number in range(9):
        shelf.made(f"página {number}", content(b"x" * 1_000)).close()
        time.sleep(0.01)
    assert is_kept(shelf, "página 0")
    for number in range(9, 14):
        shelf.made(f"página {number}", content(b"x" * 1_000)).close()
    assert sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()) <= 10_000
    assert is_kept(shelf, "página 0")
    assert not is_kept(shelf, "página 1")


def test_what_fails_leaves_nothing(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, 10_000)

    def fails(file: BinaryIO) -> None:
        file.write(b"medio")
        raise ValueError("no se pudo")

    with pytest.raises(ValueError, match="no se pudo"):
        shelf.made("tabla", fails)
    assert shelf.find("tabla") is None
    assert not [path for path in tmp_path.glob("??/*") if path.is_file()]


def test_a_reader_keeps_what_is_thrown_away(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, 1_000)
    with shelf.made("a", content(b"a" * 900)) as reading:
        shelf.made("b", content(b"b" * 900)).close()
        assert shelf.find("a") is None
        assert reading.read() == b"a" * 900


def test_a_killed_run_leaves_no_folder(tmp_path: Path) -> None:
    alive = Workspace(tmp_path)
    child = os.fork()
    if not child:
        Workspace(tmp_path)
        os._exit(0)  # as a process that is killed: nothing is closed
    os.waitpid(child, 0)
    assert len(list(tmp_path.iterdir())) == 2
    another = Workspace(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([alive.root, another.root])
    alive.close()
    another.close()
    assert not list(tmp_path.iterdir())
