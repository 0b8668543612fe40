"""A small disk of the tests' own, that can be filled: a tmpfs mounted on a folder."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

FILLING = ".relleno"
BLOCK = 4096


@dataclass(frozen=True)
class SmallDisk:
    """Where it is mounted."""

    folder: Path

    def leave(self, kibibytes: int) -> None:
        """Fill it until only some room is left."""
        self.empty()
        with (self.folder / FILLING).open("wb", buffering=0) as file:
            room = os.statvfs(self.folder)
            file.write(b"\0" * (room.f_bavail * room.f_bsize - kibibytes * 1024))

    def empty(self) -> None:
        """Take away what fills it."""
        (self.folder / FILLING).unlink(missing_ok=True)


@contextmanager
def small_disk(folder: Path, kibibytes: int) -> Iterator[SmallDisk]:
    """A disk of some size on `folder`, with what was in it; skips the test where the system lets nobody mount."""
    kept = folder.with_name(f"{folder.name}.antes")
    folder.mkdir(parents=True, exist_ok=True)
    folder.rename(kept)
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={kibibytes}k", "padron-pruebas", folder], capture_output=True, text=True
    )
    if made.returncode:
        pytest.skip(f"no se puede montar un disco pequeño: {made.stderr.strip()}")
    try:
        subprocess.run(["cp", "-a", f"{kept}/.", folder], check=True)
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "-l", folder], check=True)
