"""Windows-1252 files for DuckDB, which reads Latin-1: the 32 bytes in which they differ are replaced as they are read.

Each byte becomes one byte, so the file can still be read in pieces and in parallel, and no copy of it is written. Only
quotes and dashes are lost, and values are compared without them (`record.folded`).
"""

from __future__ import annotations

import io
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fsspec import AbstractFileSystem

PROTOCOL = "windows1252"
SUBSTITUTES = bytes(
    ord("'") if byte in (0x91, 0x92) else ord("?") if 0x80 <= byte < 0xA0 else byte for byte in range(256)
)


class SubstitutedFile(io.RawIOBase):
    """A file whose C1 bytes read as Latin-1 can hold them."""

    def __init__(self, path: str):
        self._file = Path(path).open("rb", buffering=0)  # noqa: SIM115 (closed by `close`)

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes, substituted."""
        return self._file.read(size).translate(SUBSTITUTES)

    def seek(self, offset: int, whence: int = 0) -> int:
        """Offsets are those of the file."""
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


class SubstitutedFiles(AbstractFileSystem):
    """The local disk, with every file substituted; DuckDB reaches it as windows1252://…"""

    protocol = PROTOCOL
    cachable = False

    def _open(self, path: str, mode: str = "rb", **options: Any) -> SubstitutedFile:
        return SubstitutedFile(self._strip_protocol(path))

    def info(self, path: str, **options: Any) -> dict[str, Any]:
        """Name, size and kind, as fsspec wants them."""
        own = self._strip_protocol(path)
        return {"name": own, "size": os.path.getsize(own), "type": "file"}

    def exists(self, path: str, **options: Any) -> bool:
        """Whether the file is there."""
        return os.path.exists(self._strip_protocol(path))

    def glob(self, path: str, **options: Any) -> list[str]:
        """The path itself: names are taken as they are, without wildcards."""
        return [self._strip_protocol(path)]

    def modified(self, path: str) -> datetime:
        """When the file was last written."""
        return datetime.fromtimestamp(os.path.getmtime(self._strip_protocol(path)), UTC)
