"""Files that are made once, by one maker while the others wait, and kept on the disk: conversions of tables, files of views,
pictures, and the compressed forms of any text.

Short ones are made in a thread and long ones, one at a time, in a process of their own; when too many wait, whoever comes is
told so. What nobody waits for any more is not made.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import struct
import threading
import weakref
import zlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import brotli

from dashboard.web.apart import Abandoned, Write, write_apart
from dashboard.web.shelf import Shelf

#: From how many cells a table is written in a process of its own, which takes half a second to start.
LONG_CELLS = 30_000
#: From how many bytes to compress a file is a long job.
LONG_BYTES = 4_000_000
#: How many short and long files are made at once, and how many of any kind may be wanted before one more is refused.
SHORT_AT_ONCE, LONG_AT_ONCE, MOST_WANTED = 2, 2, 48
BLOCK = 1 << 17
#: How a file is asked for what of it is in memory; where that cannot be asked, the disk is always waited for.
WITHOUT_WAITING = getattr(os, "RWF_NOWAIT", 0)
BROTLI_QUALITY, GZIP_LEVEL, WITH_GZIP_HEADER = 5, 6, 31
#: After its content, a kept file has its SHA-256, its name and the length of its name.
DIGEST, LENGTH = hashlib.sha256().digest_size, struct.Struct(">H")


class TooBusy(Exception):
    """So many files are being made that one more is refused."""


class NotKept(Exception):
    """The disk cannot take a file that was to be made."""


@dataclass(frozen=True)
class Making:
    """How to make a file: `write` writes it, and people save it as `name`. A `long` one does not hold back the others; one to
    be made `apart` is written in a process of its own, where `write` is sent.
    """

    write: Write
    name: str = ""
    long: bool = False
    apart: bool = False


class MadeFile:
    """A file that is there to be read, at any place and by several at once: its `size` in bytes, its SHA-256 in hexadecimal
    and the name it is saved as. It stays open while somebody has it, even if it is thrown away meanwhile.
    """

    def __init__(self, handle: int, size: int, sha256: str, name: str = "") -> None:
        self._handle, self.size, self.sha256, self.name = handle, size, sha256, name
        weakref.finalize(self, os.close, handle)

    @classmethod
    def sealed(cls, file: BinaryIO) -> MadeFile:
        """The one in a file of the shelf, which is closed."""
        with file:
            handle = os.dup(file.fileno())
        end = os.fstat(handle).st_size - LENGTH.size
        (length,) = LENGTH.unpack(os.pread(handle, LENGTH.size, end))
        size = end - length - DIGEST
        told = os.pread(handle, DIGEST + length, size)
        return cls(handle, size, told[:DIGEST].hex(), told[DIGEST:].decode())

    @classmethod
    def of_path(cls, path: Path, sha256: str) -> MadeFile:
        """A file that is there as it was published, with the SHA-256 that is known of it."""
        handle = os.open(path, os.O_RDONLY)
        return cls(handle, os.fstat(handle).st_size, sha256)

    def block(self, start: int, end: int) -> bytes:
        """The bytes from `start` on, as many as are read at once and before `end`; OSError if they are not there."""
        found = os.pread(self._handle, min(BLOCK, end - start), start)
        if not found:
            raise OSError("el archivo se cortó mientras se leía")
        return found

    def block_at_hand(self, start: int, end: int) -> memoryview:
        """The same, if it is in memory and there is no need to wait for the disk; otherwise, nothing."""
        room = bytearray(min(BLOCK, end - start))
        try:
            return memoryview(room)[: os.preadv(self._handle, [room], start, WITHOUT_WAITING)]
        except OSError:  # not in memory, or a system or a disk that cannot tell
            return memoryview(b"")

    def blocks(self) -> Iterator[bytes]:
        """Its whole content, some at a time."""
        start = 0
        while start < self.size:
            block = self.block(start, self.size)
            start += len(block)
            yield block


class _Job:
    """A file being made, and how many wait for it."""

    def __init__(self) -> None:
        self.waiting = 0
        self.stop = threading.Event()
        self.done: Future[MadeFile] = Future()
        self.done.set_running_or_notify_cancel()  # one that stops waiting does not cancel it for the others


class MadeFiles:
    """Makes files by key and keeps them on `shelf`. Safe between threads; other processes with the same shelf wait for one
    maker too. `scratch` is the folder where a process that writes a long one keeps its own files meanwhile.
    """

    def __init__(self, shelf: Shelf, scratch: Path | None = None) -> None:
        self._shelf, self._scratch = shelf, scratch
        self._jobs: dict[str, _Job] = {}
        self._lock = threading.Lock()
        self._short = ThreadPoolExecutor(SHORT_AT_ONCE, "archivo-corto")
        self._long = ThreadPoolExecutor(LONG_AT_ONCE, "archivo-largo")

    async def made(self, key: str, prepare: Callable[[], Making]) -> MadeFile:
        """The file of `key`; if there is none, one is made as `prepare`, called in a thread, says.

        Everybody who asks for the same one waits for one maker, which stops when all of them are cancelled. TooBusy when too
        many are being made, NotKept if the disk cannot take it, and whatever `prepare` or the maker raises.
        """
        if found := await asyncio.to_thread(self.kept, key):
            return found
        job = self._joined(key, prepare)
        try:
            return await asyncio.wrap_future(job.done)
        finally:
            self._leave(key, job)

    async def compressed(self, made: MadeFile, encoding: str) -> MadeFile:
        """`made` as `encoding` («br» or «gzip») makes it, made once for each content. It raises as `made` does."""

        def prepare() -> Making:
            return Making(lambda file: _compress(made.blocks(), encoding, file), made.name, made.size >= LONG_BYTES)

        return await self.made(f"{made.sha256} {encoding}", prepare)

    def keep(self, key: str, content: bytes, name: str) -> MadeFile:
        """Keep some bytes that are made already as the file of `key`, saved as `name`. NotKept if the disk cannot take it."""

        def write(file: BinaryIO) -> None:
            file.write(content)
            _seal(file, name)

        try:
            return MadeFile.sealed(self._shelf.made(key, write))
        except OSError as error:
            raise NotKept(str(error)) from error

    def kept(self, key: str) -> MadeFile | None:
        """The file of `key`, if there is one. NotKept if the disk fails."""
        try:
            found = self._shelf.find(key)
            return None if found is None else MadeFile.sealed(found)
        except OSError as error:
            raise NotKept(str(error)) from error

    def _joined(self, key: str, prepare: Callable[[], Making]) -> _Job:
        """The job that makes `key`, with one more who waits for it."""
        with self._lock:
            job = self._jobs.get(key)
            if job is None:
                if len(self._jobs) >= MOST_WANTED:
                    raise TooBusy
                job = self._jobs[key] = _Job()
                self._short.submit(self._begin, key, job, prepare)
            job.waiting += 1
            return job

    def _leave(self, key: str, job: _Job) -> None:
        """One fewer waits for a job; without anybody, it stops."""
        with self._lock:
            job.waiting -= 1
            if not job.waiting:
                job.stop.set()
                if self._jobs.get(key) is job:
                    del self._jobs[key]

    def _begin(self, key: str, job: _Job, prepare: Callable[[], Making]) -> None:
        try:
            if job.stop.is_set():
                raise Abandoned
            making = prepare()
            if not making.long:
                job.done.set_result(self._make(key, job, making))
                return
        except BaseException as error:
            job.done.set_exception(error)
            return
        self._long.submit(self._finish, key, job, making)

    def _finish(self, key: str, job: _Job, making: Making) -> None:
        try:
            job.done.set_result(self._make(key, job, making))
        except BaseException as error:
            job.done.set_exception(error)

    def _make(self, key: str, job: _Job, making: Making) -> MadeFile:
        def write(file: BinaryIO) -> None:
            if job.stop.is_set():
                raise Abandoned
            if making.apart:
                write_apart(making.write, file, job.stop, self._scratch)
            else:
                making.write(file)
            _seal(file, making.name)

        try:
            return MadeFile.sealed(self._shelf.made(key, write))
        except OSError as error:
            raise NotKept(str(error)) from error


def _seal(file: BinaryIO, name: str) -> None:
    """Add to a file, after its content, what is told of it."""
    size = file.seek(0, os.SEEK_END)
    digest = hashlib.sha256()
    for start in range(0, size, BLOCK):
        digest.update(os.pread(file.fileno(), min(BLOCK, size - start), start))
    saved_as = name.encode()
    file.write(digest.digest() + saved_as + LENGTH.pack(len(saved_as)))


def compressed(content: bytes, encoding: str) -> bytes:
    """Some bytes as `encoding` makes them: the very ones that a file with them is kept as."""
    file = BytesIO()
    _compress((content[start : start + BLOCK] for start in range(0, len(content), BLOCK)), encoding, file)
    return file.getvalue()


def _compress(blocks: Iterable[bytes], encoding: str, file: BinaryIO) -> None:
    if encoding == "br":
        squeezer = brotli.Compressor(brotli.MODE_TEXT, BROTLI_QUALITY)
        for block in blocks:
            file.write(squeezer.process(block))
        file.write(squeezer.finish())
        return
    zipper = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, WITH_GZIP_HEADER)
    for block in blocks:
        file.write(zipper.compress(block))
    file.write(zipper.flush())
