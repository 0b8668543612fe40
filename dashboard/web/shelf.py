"""Things that are made once and kept on the disk: within a limit, and shared by every thread and process of the site.

Each is a file of its own under the hash of its key, written apart and renamed when it is whole: whoever opens it sees
all of it, and goes on reading it if it is thrown away meanwhile. When there is no room, what was used longest ago goes.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

#: Of what may be kept, how much can be written between two looks at how much there is.
BETWEEN_LOOKS = 16
#: After throwing away, this part of the limit is left.
LEFT = 0.75
ALIVE = "en-uso"


class Shelf:
    """Files by key in the folder `root`, which take up to `most_bytes`. Safe between threads and processes."""

    def __init__(self, root: Path, most_bytes: int) -> None:
        self._root, self._most = root, most_bytes
        self._written = 0
        (root / "cerrojos").mkdir(parents=True, exist_ok=True)

    def find(self, key: str) -> BinaryIO | None:
        """The file of `key`, open to be read; None if there is none."""
        path = self._path(key)
        try:
            found = path.open("rb")
        except FileNotFoundError:
            return None
        with suppress(OSError):
            os.utime(path)
        return found

    def made(self, key: str, write: Callable[[BinaryIO], None]) -> BinaryIO:
        """The file of `key`, open to be read; if there is none, `write` makes it, once, while others that ask for it wait.

        What `write` raises is raised, and nothing is kept; OSError if the disk cannot take it. `write` must not ask for
        another one to be made: two makers that wait for each other would wait for ever.
        """
        if found := self.find(key):
            return found
        with self._only_maker(key):
            if found := self.find(key):
                return found
            return self._make(key, write)

    def put(self, key: str, content: bytes) -> None:
        """Keep some bytes that are already made; OSError if the disk cannot take them."""
        self._make(key, lambda file: _write_all(file, content)).close()

    def _make(self, key: str, write: Callable[[BinaryIO], None]) -> BinaryIO:
        path = self._path(key)
        try:
            handle, unfinished = tempfile.mkstemp(dir=path.parent, prefix=".")
        except FileNotFoundError:  # the first of its folder
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, unfinished = tempfile.mkstemp(dir=path.parent, prefix=".")
        try:
            with os.fdopen(handle, "wb") as file:
                write(file)
                size = file.tell()
            reader = open(unfinished, "rb")  # noqa: SIM115 - handed over to whoever asked
            os.replace(unfinished, path)
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(unfinished)
            raise
        self._written += size
        if self._written > self._most / BETWEEN_LOOKS:
            self._written = 0
            self.make_room()
        return reader

    def make_room(self) -> None:
        """Throw away what was used longest ago, if there is more than may be kept."""
        found = sorted(self._kept(), key=lambda item: item[0])
        total = sum(size for _, size, _ in found)
        if total <= self._most:
            return
        for _, size, path in found:
            with suppress(FileNotFoundError):
                os.unlink(path)
            total -= size
            if total <= self._most * LEFT:
                return

    def _kept(self) -> Iterator[tuple[float, int, str]]:
        """When each file was last used, its bytes and where it is; the unfinished ones too, which die of old age."""
        for folder in self._root.glob("[0-9a-f][0-9a-f]"):
            with suppress(FileNotFoundError), os.scandir(folder) as items:
                for item in items:
                    with suppress(FileNotFoundError):
                        facts = item.stat()
                        yield facts.st_mtime, facts.st_size, item.path

    def _path(self, key: str) -> Path:
        name = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
        return self._root / name[:2] / name

    @contextmanager
    def _only_maker(self, key: str) -> Iterator[None]:
        # A fixed number of locks: two keys that share one only make each other wait.
        folder = self._root / "cerrojos"
        folder.mkdir(parents=True, exist_ok=True)  # a system that tidies up may have removed what nobody used for days
        with (folder / self._path(key).name[:3]).open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _write_all(file: BinaryIO, content: bytes) -> None:
    file.write(content)


class Workspace:
    """A folder of one run of the site, under `parent` or where the system keeps temporary files; it goes when the run ends.

    What a run that was killed left under `parent` is removed by the next one: nobody holds its lock. A folder of a run is
    only of its user, and nothing that another run wrote is ever read.
    """

    PREFIX = "padron-"

    def __init__(self, parent: Path | None = None) -> None:
        if parent:
            parent.mkdir(parents=True, exist_ok=True)
            self._sweep(parent)
        self.root = Path(tempfile.mkdtemp(prefix=self.PREFIX, dir=parent))
        self._alive = (self.root / ALIVE).open("wb")
        fcntl.flock(self._alive, fcntl.LOCK_SH)

    def close(self) -> None:
        """Remove the folder."""
        self._alive.close()
        shutil.rmtree(self.root, ignore_errors=True)

    def _sweep(self, parent: Path) -> None:
        for left in parent.glob(f"{self.PREFIX}*/{ALIVE}"):
            with suppress(OSError), left.open("rb") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(left.parent, ignore_errors=True)
