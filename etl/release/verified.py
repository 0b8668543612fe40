"""Whether each file of a release is what was published: hashed once, and again only when the file changes on the disk."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from stat import S_ISREG

from etl.release.names import CATALOGUES, DATAPACKAGE, HASH_LENGTH, MANIFEST, NAME, SEAL, fingerprint

#: Size, time of the last change (the one that nobody can set) and number of a file: while they stay, so does its content.
Stamp = tuple[int, int, int]
#: Files hashed at a time (hashing does not hold the interpreter), and bytes read at a time when everything is read again.
AT_A_TIME, CHUNK = 4, 1 << 20


class Verified:
    """The files of the release `release_id` in `root`; `hashes` is the SHA-256 of each by name. Safe between threads.

    `manifest` is the SHA-256 of the manifest.json that `hashes` were read from, when it is known: the one on the disk has to be
    that one. The fingerprint of the catalogues is kept in memory from the first time that they are found whole.
    """

    def __init__(self, root: Path, release_id: str, hashes: Mapping[str, str], manifest: str = "") -> None:
        self._root, self._id, self._hashes, self._manifest = root, release_id, hashes, manifest
        self._seen: dict[str, tuple[Stamp, bool]] = {}
        self._catalogues: tuple[tuple[Stamp | None, ...], tuple[str, ...]] | None = None
        self._digests: dict[str, str] = {}
        self._sealed = False
        self._fingerprint = ""

    @property
    def fingerprint(self) -> str:
        """The fingerprint of what its catalogues say (`etl.release.names.fingerprint`), the one of the first time that they were
        found whole; empty when they never were, or when its name tells nothing of its content.
        """
        self.damaged_catalogues()
        return self._fingerprint

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
        """The names of the files that are missing or are not what was published, the catalogues first."""
        return (*self.damaged_catalogues(), *self._unsound(self._hashes))

    def damaged_catalogues(self) -> tuple[str, ...]:
        """Which of the catalogues are not what was published: with any of them, what the release says cannot be believed."""
        stamps = tuple(self._stamp(name) for name in CATALOGUES)
        if self._catalogues is None or self._catalogues[0] != stamps:
            self._catalogues = (stamps, self._unlike_the_name())
        return self._catalogues[1]

    def sha256(self, name: str) -> str | None:
        """The SHA-256 of a file as it was published, in hexadecimal, without reading it; None if it is not known."""
        return self._hashes.get(name) or self._digests.get(name)

    def read_again(self) -> Iterator[int]:
        """Hash everything again, even what does not seem to have changed: disks also fail in silence.

        Yields the bytes that were read after each piece, so that whoever asks decides how fast it goes. What is found damaged
        is so for every other question from then on.
        """
        self._catalogues = None
        self.damaged_catalogues()
        for name in self._hashes:
            stamp = self._stamp(name)
            if stamp is None:
                continue
            digest = hashlib.sha256()
            try:
                for piece in _pieces(self._root / name):
                    digest.update(piece)
                    yield len(piece)
            except OSError:
                self._seen[name] = (stamp, False)
            else:
                self._seen[name] = (stamp, digest.hexdigest() == self._hashes[name])

    def _unsound(self, names: Iterable[str]) -> list[str]:
        """Those of `names` that are not sound, several hashed at a time."""
        listed = list(names)
        new = [name for name in listed if self._is_new(name)]
        if len(new) > 1:
            with ThreadPoolExecutor(AT_A_TIME) as pool:
                list(pool.map(self.sound, new))
        return [name for name in listed if not self.sound(name)]

    def _is_new(self, name: str) -> bool:
        seen = self._seen.get(name)
        return seen is None or seen[0] != self._stamp(name)

    def _unlike_the_name(self) -> tuple[str, ...]:
        """The catalogues tell everything but their own hash: that is in the name of the release, and whole in its seal."""
        manifest, package, seal = (_read(self._root / name) for name in CATALOGUES)
        if manifest is None or self._manifest not in ("", _sha256(manifest)):
            return (MANIFEST,)
        if NAME.fullmatch(self._root.name) and self._root.name != self._id:
            return (MANIFEST,)
        if not NAME.fullmatch(self._id):  # a name that tells nothing of the content: nothing to compare with
            return ()
        if package is None:
            return (DATAPACKAGE,)
        found = fingerprint(self._id, manifest, package)
        if not found or not self._id.endswith(f"-{found[:HASH_LENGTH]}") or self._fingerprint not in ("", found):
            return (MANIFEST, DATAPACKAGE)
        if seal != f"{found}\n".encode() and (seal is not None or self._sealed):
            return (SEAL,)
        self._fingerprint, self._sealed = found, seal is not None  # releases of before have no seal
        told = {MANIFEST: manifest, DATAPACKAGE: package, SEAL: seal}
        self._digests = {name: _sha256(content) for name, content in told.items() if content is not None}
        return ()

    def _stamp(self, name: str) -> Stamp | None:
        """None of what is not there, or is not a file of this folder: a manifest may say any name."""
        try:
            found = os.stat(self._root / name)
        except (OSError, ValueError):
            return None
        if "/" in name or not S_ISREG(found.st_mode):
            return None
        return found.st_size, found.st_ctime_ns, found.st_ino

    def _hash(self, name: str) -> str | None:
        try:
            with (self._root / name).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            return None


def _pieces(path: Path) -> Iterator[bytes]:
    """The content of a file as the disk has it, and not as the system remembers it where it lets that be asked."""
    with path.open("rb") as file:
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        while piece := file.read(CHUNK):
            yield piece


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
