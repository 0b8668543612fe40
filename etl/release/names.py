"""What the files of a release are called, how its own name is made, and what can be wrong with one."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping

CURRENT = "current"
MANIFEST = "manifest.json"
DATAPACKAGE = "datapackage.json"
#: What the name of a release of invented people begins with: whoever is told where a figure comes from is told that too.
SYNTHETIC = "sintetica-"
#: A name that tells what the release holds: its latest cut-off and the start of the hash of its two catalogues.
NAME = re.compile(rf"(?:{SYNTHETIC})?\d{{4}}-\d{{2}}-\d{{2}}-[0-9a-f]{{8}}")
HASH_LENGTH = 8


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


def is_named_for(release_id: str, manifest: Mapping[str, object], package: Mapping[str, object]) -> bool:
    """Whether `release_id`, of the form `NAME`, is the name of what its catalogues say."""
    told = {name: value for name, value in manifest.items() if name != "publicacion"}
    listed = {name: value for name, value in package.items() if name != "version"}
    return release_id.endswith(f"-{content_hash(told, listed)}")
