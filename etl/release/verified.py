"""Whether each file of a release is what was published: hashed once, and again only when the file changes on the disk."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

from etl.release.names import DATAPACKAGE, MANIFEST, NAME, is_named_for

#: Size, time of the last change (the one that nobody can set) and number of a file: while they stay, so does its content.
Stamp = tuple[int, int, int]


class Verified:
    """The files of the release `release_id` in `root`; `hashes` is the SHA-256 of each by name. Safe between threads."""

    def __init__(self, root: Path, release_id: str, hashes: Mapping[str, str]) -> None:
        self._root, self._id, self._hashes = root, release_id, hashes
        self._seen: dict[str, tuple[Stamp, bool]] = {}
        self._catalogues: tuple[tuple[Stamp | None, ...], tuple[str, ...]] | None = None

    def sound(self, name: str) -> bool:
        """Whether the file `name` is what was published. Costs a look at the disk, unless it has changed."""
        stamp = self._stamp(name)
        if stamp is None:
            return False
        seen = self._seen.get(name)
        if seen is None or seen[0] != stamp:
            seen = (stamp, self._hash(name) == self._hashes.get(name))
            self._seen[name] = seen
        return seen[1]

    def damaged(self) -> tuple[str, ...]:
        """The names of the files that are missing or are not what was published, the two catalogues first."""
        return (*self._damaged_catalogues(), *(name for name in self._hashes if not self.sound(name)))

    def forget(self) -> None:
        """Hash everything again the next time, even what does not seem to have changed: disks also fail in silence."""
        self._seen.clear()
        self._catalogues = None

    def _damaged_catalogues(self) -> tuple[str, ...]:
        """manifest.json and datapackage.json tell everything but their own hash: that is in the name of the release."""
        stamps = (self._stamp(MANIFEST), self._stamp(DATAPACKAGE))
        if self._catalogues is None or self._catalogues[0] != stamps:
            self._catalogues = (stamps, self._unlike_the_name())
        return self._catalogues[1]

    def _unlike_the_name(self) -> tuple[str, ...]:
        manifest, package = _read(self._root / MANIFEST), _read(self._root / DATAPACKAGE)
        if manifest is None:
            return (MANIFEST,)
        if not NAME.fullmatch(self._id):  # a name that tells nothing of the content: nothing to compare with
            return ()
        if package is None:
            return (DATAPACKAGE,)
        return () if is_named_for(self._id, manifest, package) else (MANIFEST, DATAPACKAGE)

    def _stamp(self, name: str) -> Stamp | None:
        try:
            found = os.stat(self._root / name)
        except OSError:
            return None
        return found.st_size, found.st_ctime_ns, found.st_ino

    def _hash(self, name: str) -> str | None:
        try:
            with (self._root / name).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            return None


def _read(path: Path) -> Mapping[str, object] | None:
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None
