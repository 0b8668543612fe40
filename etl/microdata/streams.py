"""Text files that DuckDB cannot read by itself: compressed ones, and Windows-1252, of which it only knows Latin-1.

They are decompressed, and the 32 bytes in which the two encodings differ are replaced, as they are read: no copy of them
is written. Only quotes and dashes are lost, and values are compared without them (`record.folded`).
"""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, cast

from fsspec import AbstractFileSystem

from etl.microdata.errors import MicrodataError

PROTOCOL = "flujo"
GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"
BLOCK = 1 << 22
SUBSTITUTES = bytes(
    ord("'" if byte in (0x91, 0x92) else "-" if byte in (0x96, 0x97) else "?") if 0x80 <= byte < 0xA0 else byte
    for byte in range(256)
)
#: What the readers of compressed files raise when they are damaged.
DAMAGES = (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, NotImplementedError)


@dataclass(frozen=True)
class Stream:
    """A file of text, perhaps compressed: `member` is the file inside a ZIP; `size`, its bytes once decompressed."""

    path: Path
    member: str | None = None
    compressed: bool = False
    size: int = -1
    windows1252: bool = False

    def open(self) -> IO[bytes]:
        """Its bytes, decompressed."""
        if self.member is not None:
            return zipfile.ZipFile(self.path).open(self.member)
        if self.compressed:
            return cast(IO[bytes], gzip.open(self.path, "rb"))
        return self.path.open("rb")

    def start(self, size: int) -> bytes:
        """Its first bytes."""
        with explained(self.path), self.open() as file:
            return file.read(size)

    def measured(self) -> Stream:
        """The same stream with its size and its encoding, read whole once; MicrodataError if it is damaged or cut."""
        with explained(self.path), self.open() as file:
            utf8, size = _is_utf8(file)
        return replace(self, size=size, windows1252=not utf8)


class explained:
    """A damaged compressed file is a MicrodataError."""

    def __init__(self, path: Path):
        self.path = path

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if (isinstance(error, RuntimeError) and "password" in str(error)) or isinstance(error, Encrypted):
            raise MicrodataError(f"{self.path.name} tiene contraseña: extráigalo y dé el archivo sin ella") from None
        if isinstance(error, DAMAGES):
            raise MicrodataError(f"{self.path.name} está dañado o cortado: no se puede descomprimir") from None


class Encrypted(Exception):
    """A ZIP with a password."""


def stream_of(path: Path) -> Stream:
    """The text that a file holds: itself, what a gzip file compresses, or the only file of a ZIP."""
    with path.open("rb") as file:
        mark = file.read(4)
    if mark.startswith(GZIP):
        return Stream(path, compressed=True)
    if not mark.startswith(ZIP) and path.suffix.lower() != ".zip":
        return Stream(path)
    with explained(path), zipfile.ZipFile(path) as archive:
        inside = [item for item in archive.infolist() if not item.is_dir() and not _hidden(item.filename)]
        if any(item.flag_bits & 1 for item in inside):
            raise Encrypted
    if len(inside) != 1:
        raise MicrodataError(
            f"{path.name} trae {len(inside)} archivos y debe traer uno: extráigalos en una carpeta y dé la carpeta"
        )
    if not inside[0].filename.lower().endswith(TEXT_SUFFIXES):
        raise MicrodataError(f"lo que trae {path.name} no es un CSV: extráigalo y dé el archivo")
    return Stream(path, inside[0].filename, True)


TEXT_SUFFIXES = (".csv", ".tsv", ".txt", ".dat", ".prn")


def _hidden(name: str) -> bool:
    return name.startswith("__MACOSX/") or name.rpartition("/")[2].startswith(".")


def _is_utf8(file: IO[bytes]) -> tuple[bool, int]:
    """Whether the whole file is UTF-8, and its size: read once, block by block, cutting only between characters."""
    rest, size, good = b"", 0, True
    while block := file.read(BLOCK):
        size += len(block)
        if not good:
            continue
        block = rest + block
        if block.isascii():
            rest = b""
            continue
        end = len(block)
        while end > 0 and end > len(block) - 4 and block[end - 1] & 0xC0 == 0x80:
            end -= 1
        if end and block[end - 1] >= 0xC0:
            end -= 1  # the character that starts here may go on in the next block
        else:
            end = len(block)
        rest = block[end:]
        good = _decodes(block[:end])
    return good and _decodes(rest), size


def _decodes(block: bytes) -> bool:
    try:
        block.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


class _Open(io.RawIOBase):
    """A stream as DuckDB reads it."""

    def __init__(self, stream: Stream):
        self._file = stream.open()
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes, substituted when they are Windows-1252."""
        block = self._file.read(size)
        return block.translate(SUBSTITUTES) if self._stream.windows1252 else block

    def seek(self, offset: int, whence: int = 0) -> int:
        """Offsets are those of the text."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Where the next read starts."""
        return self._file.tell()

    def seekable(self) -> bool:
        """Always."""
        return True

    def readable(self) -> bool:
        """Always."""
        return True

    def close(self) -> None:
        """Close the file underneath."""
        self._file.close()
        super().close()


class Streams(AbstractFileSystem):
    """Streams by the path of their file; DuckDB reaches them as flujo://…"""

    protocol = PROTOCOL
    cachable = False

    def __init__(self, streams: Mapping[str, Stream]):
        super().__init__()
        self._streams = streams

    def _open(self, path: str, mode: str = "rb", **options: Any) -> _Open:
        return _Open(self._streams[self._strip_protocol(path)])

    def info(self, path: str, **options: Any) -> dict[str, Any]:
        """Name, size and kind, as fsspec wants them."""
        own = self._strip_protocol(path)
        return {"name": own, "size": self._streams[own].size, "type": "file"}

    def exists(self, path: str, **options: Any) -> bool:
        """Whether the stream is there."""
        return self._strip_protocol(path) in self._streams

    def glob(self, path: str, **options: Any) -> list[str]:
        """The path itself: names are taken as they are, without wildcards."""
        return [self._strip_protocol(path)]

    def modified(self, path: str) -> datetime:
        """When the file was last written."""
        return datetime.fromtimestamp(self._streams[self._strip_protocol(path)].path.stat().st_mtime, UTC)
