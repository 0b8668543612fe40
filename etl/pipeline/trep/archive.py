"""The files of a delivery: one, or those of a ZIP, of a ZIP in a ZIP or of a gzip, without what the computer hides in them.

Nothing is trusted of what an archive says of itself: how much comes out of it is counted as it comes, and it is left when it
is more than a whole country could need.
"""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO

from etl.model import Problem
from etl.pipeline.trep.shape import Member, Told

#: What `zipfile` raises for a member that is damaged, cut short, encrypted (RuntimeError) or compressed in a way it lacks.
UNREADABLE = (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError)
#: A departamento in JSON takes some 10 MB and the country, with its five ballots, some 300.
MOST_OF_A_FILE, MOST_OF_ALL = 256 << 20, 1 << 30
#: The polling tables of 2019 are 21,000 files; the country of 2023, a few hundreds.
MOST_FILES = 100_000
DEEPEST = 3
STEP = 1 << 20


@dataclass
class Opened:
    """What is found in a delivery: `problems` of what cannot be opened, and how much came out so far."""

    problems: list[Problem] = field(default_factory=list)
    size: int = 0
    files: int = 0

    def members(self, member: Member, depth: int = 0) -> Iterator[Member]:
        """The files in `member`, by name; itself when it is no archive."""
        if member.content.startswith(b"PK") and not is_workbook(member.content):
            yield from self._of_zip(member, depth + 1)
        elif member.content.startswith(b"\x1f\x8b"):
            content = self._read(member, gzip.GzipFile(fileobj=io.BytesIO(member.content)), "gzip")
            if content is not None:
                yield Member(member.name.removesuffix(".gz"), content)
        else:
            yield member

    def _of_zip(self, member: Member, depth: int) -> Iterator[Member]:
        told = Told(member.name, self.problems)
        if depth > DEEPEST:
            told.wrong(f"hay más de {DEEPEST} ZIP uno dentro de otro: sáquelo y entréguelo aparte")
            return
        try:
            archive = zipfile.ZipFile(io.BytesIO(member.content))
        except UNREADABLE:
            told.wrong("el ZIP está dañado o incompleto: no se puede abrir")
            return
        chosen = sorted((readable_name(item), item) for item in archive.infolist() if not _is_hidden(item))
        if not chosen:
            told.wrong("el ZIP no contiene ningún archivo")
        for name, item in chosen:
            inside = Member(f"{member.name}/{name}", b"")
            self.files += 1
            if self.files > MOST_FILES:
                told.wrong(f"el ZIP trae más de {MOST_FILES:,} archivos: entréguelo en partes")
                return
            content = self._of_member(inside, archive, item)
            if content is not None:
                yield from self.members(Member(inside.name, content), depth)
            if self.size > MOST_OF_ALL:
                return

    def _of_member(self, inside: Member, archive: zipfile.ZipFile, item: zipfile.ZipInfo) -> bytes | None:
        try:
            stream = archive.open(item)
        except UNREADABLE:
            message = "este archivo del ZIP está dañado, cifrado o comprimido de otra manera: no se puede leer"
            Told(inside.name, self.problems).wrong(message)
            return None
        with stream:
            return self._read(inside, stream, "archivo del ZIP")

    def _read(self, member: Member, stream: IO[bytes] | gzip.GzipFile, what: str) -> bytes | None:
        """Everything in `stream`; None, and the reason told, when it is damaged or too much."""
        told, parts, size = Told(member.name, self.problems), [], 0
        try:
            while step := stream.read(STEP):
                parts.append(step)
                size += len(step)
                self.size += len(step)
                if size > MOST_OF_A_FILE or self.size > MOST_OF_ALL:
                    most = MOST_OF_A_FILE if size > MOST_OF_A_FILE else MOST_OF_ALL
                    told.wrong(f"lo que sale al descomprimir pasa de {most >> 20:,} MiB: no se lee el resto")
                    return None
        except UNREADABLE:
            told.wrong(f"este {what} está dañado, cifrado o comprimido de otra manera: no se puede leer")
            return None
        return b"".join(parts)


def readable_name(item: zipfile.ZipInfo) -> str:
    """The name of a member: some tools write UTF-8 without saying so («4-CORPORACI├ôN»), and some, \\ for /."""
    name = item.filename
    if not item.flag_bits & 0x800:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/")


def _is_hidden(item: zipfile.ZipInfo) -> bool:
    """Whether a member is a folder, or something that a computer leaves in them without anybody asking."""
    parts = item.filename.replace("\\", "/").split("/")
    known = {"__MACOSX", "Thumbs.db", "desktop.ini"}
    return item.is_dir() or any(part.startswith(".") or part in known for part in parts if part not in (".", ".."))


def is_workbook(content: bytes) -> bool:
    """Whether a ZIP is really the inside of a document of Office."""
    if not content.startswith(b"PK"):
        return False
    try:
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    except UNREADABLE:
        return False
    return "[Content_Types].xml" in names or {"mimetype", "content.xml"} <= set(names)
