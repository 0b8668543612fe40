"""The values that only a release has: the names of its tables, of its datasets and of its files, and the releases that open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from dashboard.address.named_release import LATEST
from dashboard.figures.extracts import tables_of
from dashboard.figures.releases import known, opened
from dashboard.render import source_list
from dashboard.render.dictionary import DICTIONARY_FORMATS, NAME, PREFIX
from dashboard.render.formats import CSV
from dashboard.render.metadata import csvw
from dashboard.render.source_list import SOURCE_FORMATS, SourceList
from dashboard.render.standards import standard_files
from dashboard.render.tables import TABLE_FORMATS, takes
from dashboard.render.whole import whole_files
from dashboard.web.openapi.schemas import Schema
from dashboard.web.value_names import DATASET, FILE, NAMED_RELEASE, RELEASE, TABLE, TABLE_OF_FIGURES
from etl.release import CATALOGUES, Release, ReleaseError


def values_of(release: Release) -> dict[str, Schema]:
    """The schemas that the routes refer to, by name, with what there is where `release` is the current one."""
    tables = {name: offered for name, (offered, _) in tables_of(release).items()}
    there = [item.id for item in known(release) if item.opens]
    files: set[str] = set()
    for name in there:
        with suppress(ReleaseError):  # one that cannot be read offers nothing
            files |= set(file_names(release if name == release.id else opened(release.root.parent / name)))
    found = {
        TABLE: list(tables),
        TABLE_OF_FIGURES: [name for name, offered in tables.items() if offered.figures],
        DATASET: [entry["nombre"] for entry in release.manifest["datasets"]],
        FILE: sorted(files),
        RELEASE: there,
        NAMED_RELEASE: [*there, LATEST],
    }
    return {name: {"type": "string", "enum": values} if values else {"not": {}} for name, values in found.items()}


def file_names(release: Release) -> Iterator[str]:
    """Every file that a release offers: those that it was published with, and those that are made of them."""
    yield from CATALOGUES
    for item in release.manifest["archivos"]:
        yield item["nombre"]
        stem = item["nombre"].rpartition(".")[0]
        made = [suffix for suffix, form in TABLE_FORMATS.items() if takes(form, item)]
        yield from (f"{stem}.{suffix}" for suffix in made)
        if CSV.suffix in made:
            yield f"{stem}{csvw.ENDING}"
    if SourceList.of(release):
        yield from (f"{source_list.NAME}.{suffix}" for suffix in SOURCE_FORMATS)
    for stem in (NAME, *(f"{PREFIX}{table}" for table in release.tables)):
        yield from (f"{stem}.{suffix}" for suffix in DICTIONARY_FORMATS)
    yield from (item.name for item in whole_files(release))
    yield from (item.name for item in standard_files(release))
