"""The formats that a table can be had in: what people call each of them, its suffix and its media type."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Generic, TypeVar


@dataclass(frozen=True)
class Format:
    """A file format; `name` is how people call it."""

    suffix: str
    name: str
    media_type: str

    @property
    def label(self) -> str:
        """Its name with its suffix, when that is another word: «CSV», «Excel (XLSX)»."""
        extension = self.suffix.upper()
        return self.name if self.name.upper() == extension else f"{self.name} ({extension})"


CSV = Format("csv", "CSV", "text/csv; charset=utf-8")
XLSX = Format("xlsx", "Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
PARQUET = Format("parquet", "Parquet", "application/vnd.apache.parquet")
JSON = Format("json", "JSON", "application/json; charset=utf-8")
JSON_LINES = Format("jsonl", "JSON Lines", "application/jsonl; charset=utf-8")

Content = TypeVar("Content")


@dataclass(frozen=True)
class Writer(Generic[Content]):
    """What writes something in a format, if it has up to `most_rows`: a function of a module, which other processes can run."""

    format: Format
    write: Callable[[Content, BinaryIO], None]
    most_rows: int | None = None

    @property
    def media_type(self) -> str:
        """The media type of what it writes."""
        return self.format.media_type


def by_suffix(*writers: Writer[Content]) -> dict[str, Writer[Content]]:
    """Writers by the suffix of their files, in order."""
    return {writer.format.suffix: writer for writer in writers}
