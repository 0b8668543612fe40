"""What the files of a release are called, how its own name is made, and what can be wrong with one."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping

CURRENT = "current"
MANIFEST = "manifest.json"
DATAPACKAGE = "datapackage.json"
#: The file that holds the whole fingerprint of a release, which its name only begins.
SEAL = "huella.txt"
#: What tells everything else of a release: with one of these damaged, nothing in it can be believed.
CATALOGUES = (MANIFEST, DATAPACKAGE, SEAL)
#: What the name of a release of invented people begins with: whoever is told where a figure comes from is told that too.
SYNTHETIC = "sintetica-"
#: A name that tells what the release holds: its latest cut-off and the start of the hash of its two catalogues.
NAME = re.compile(rf"(?:{SYNTHETIC})?\d{{4}}-\d{{2}}-\d{{2}}-[0-9a-f]{{8}}")
HASH_LENGTH, SEAL_LENGTH = 8, 32


class ReleaseError(Exception):
    """A release that is missing, damaged or cannot be published; the message is for the reader, in Spanish."""


class LockedError(ReleaseError):
    """Another process is publishing in the same folder."""


class DamagedError(ReleaseError):
    """A file of a release that is not what was published: `file` is its name."""

    def __init__(self, release_id: str, file: str) -> None:
        self.file = file
        super().__init__(f"el archivo {file} de la publicación {release_id} está dañado")


def as_json(content: Mapping[str, object]) -> bytes:
    """A catalogue of a release as it is written: always the same bytes for the same content."""
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def content_hash(manifest: Mapping[str, object], package: Mapping[str, object]) -> str:
    """The end of the name of a release, from its catalogues before they say its name: both hold every file's SHA-256."""
    return hashlib.sha256(as_json(manifest) + as_json(package)).hexdigest()[:HASH_LENGTH]


def named_files(
    start: str, manifest: Mapping[str, object], package: Mapping[str, object]
) -> tuple[str, dict[str, bytes]]:
    """The name of a release, which begins with `start`, and its catalogues with that name and its fingerprint."""
    release_id = start + content_hash(manifest, package)
    told = as_json({"publicacion": release_id, **manifest})
    listed = as_json({**package, "version": release_id})
    return release_id, {
        MANIFEST: told,
        DATAPACKAGE: listed,
        SEAL: f"{fingerprint(release_id, told, listed)}\n".encode(),
    }


def fingerprint(release_id: str, manifest: bytes, package: bytes) -> str | None:
    """The fingerprint of the release `release_id`, 32 hexadecimal digits (16 bytes), from its catalogues as they are on the
    disk; None when they are not written as `as_json` writes them, or are not of that name. Any byte of them changes it.

    It is the start of the SHA-256 of both without the name, and its own first 8 digits are the end of the name. Somebody who
    looks for other catalogues with those same 8 digits finds them in some 2^32 attempts: minutes. The name alone is against
    accidents. What protects against a person is the whole fingerprint (2^64 attempts for two contents of one's own that share
    it, 2^128 for another content with a given one), and only where whoever can write in the folder of the release cannot:
    in the memory of the site that opened it, in the releases after it (`anteriores`), or wherever somebody wrote it down.
    """
    name = json.dumps(release_id, ensure_ascii=False).encode()
    first, last = b'{\n "publicacion": ' + name + b",\n", b',\n "version": ' + name + b"\n}\n"
    if not manifest.startswith(first) or not package.endswith(last):
        return None
    content = b"{\n" + manifest.removeprefix(first) + package.removesuffix(last) + b"\n}\n"
    return hashlib.sha256(content).hexdigest()[:SEAL_LENGTH]


def is_named_for(release_id: str, manifest: bytes, package: bytes) -> bool:
    """Whether `release_id`, of the form `NAME`, is the name of what its catalogues say, byte by byte."""
    found = fingerprint(release_id, manifest, package)
    return found is not None and release_id.endswith(f"-{found[:HASH_LENGTH]}")
