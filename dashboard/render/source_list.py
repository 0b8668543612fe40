"""The sources of a release as a table of their own, in each format: what the keys in the rows of its files mean."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from dashboard.render.about import SOURCE_KEY, listed
from dashboard.render.formats import CSV, JSON, Writer, by_suffix
from dashboard.render.inert import inert_row
from etl.release import Release

#: What its files are called.
NAME = "fuentes"


@dataclass(frozen=True)
class SourceList:
    """The sources of all the files of a release, each once."""

    release: str
    sources: tuple[Mapping[str, Any], ...]

    @classmethod
    def of(cls, release: Release) -> SourceList | None:
        """Those of `release`; None if it is of when sources had no key."""
        every = [source for item in release.manifest["archivos"] for source in item["fuentes"]]
        found = {source["clave"]: source for source in every if "clave" in source}
        return cls(release.id, tuple(found[key] for key in sorted(found))) if found else None


def write_csv(found: SourceList, file: BinaryIO) -> None:
    """A row for each source, with its key; UTF-8, empty for what is not said."""
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    csv.writer(text, lineterminator="\n").writerows(map(inert_row, listed(found.sources)))
    text.detach()


def write_json(found: SourceList, file: BinaryIO) -> None:
    """The sources by their keys."""
    names, *rows = listed(found.sources)
    told = [{name: text or None for name, text in zip(names, row, strict=True)} for row in rows]
    by_key = {row.pop(SOURCE_KEY): row for row in told}
    file.write(json.dumps({"publicacion": found.release, NAME: by_key}, ensure_ascii=False, indent=1).encode())


SOURCE_FORMATS = by_suffix(Writer(CSV, write_csv), Writer(JSON, write_json))
