"""What is offered of a release beside the files that it was published with: the whole of it in one file, its dictionary."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from dashboard.render.dictionary import DICTIONARY_FORMATS, NAME, PREFIX, Dictionary
from dashboard.render.whole import DUCKDB, SQLITE, STEM, whole_files
from dashboard.web import links
from dashboard.web.made_files import MadeFile, Making
from dashboard.web.security import BY_OTHERS, FOR_EVER
from etl.release import DamagedError, Release

#: Media types of what no other file of a release is.
OFFERED_TYPES = (DUCKDB.media_type, SQLITE.media_type)


@dataclass(frozen=True)
class Found:
    """What an address of a release has, with its media type and its links: a file `as_published` or, if None, how to make it.
    `caching` is for how long others may keep it.
    """

    media_type: str
    links: Mapping[str, str]
    as_published: MadeFile | None = None
    making: Callable[[], Making] | None = None
    caching: str = FOR_EVER

    def prepare(self) -> Making:
        """How to make it."""
        assert self.making
        return self.making()


def offered(release: Release, name: str) -> Found | None:
    """The file of a release with a name, if it is one of these; DamagedError when what it is made from is not what was
    published.
    """
    return _dictionary(release, name) or _whole(release, name)


def _dictionary(release: Release, name: str) -> Found | None:
    """What every column is: of all the tables, or of one."""
    stem, _, suffix = name.rpartition(".")
    form = DICTIONARY_FORMATS.get(suffix)
    if form is None or not (stem == NAME or stem.startswith(PREFIX)):
        return None
    table = stem.removeprefix(PREFIX)
    tables = release.tables if stem == NAME else {key: item for key, item in release.tables.items() if key == table}
    if not tables:
        return None
    found = Dictionary(release.id, tuple(tables.values()))
    making = Making(partial(form.write, found), f"{stem}_{release.id}.{suffix}")
    return Found(form.media_type, _links(release, name), making=lambda: making)


def _whole(release: Release, name: str) -> Found | None:
    """Everything in one file; it takes seconds, in another process."""
    if not name.startswith(f"{STEM}."):
        return None
    file = next((item for item in whole_files(release) if item.name == name), None)
    if file is None:
        return None
    for damaged in release.files.damaged():
        raise DamagedError(release.id, damaged)
    making = Making(file.write, f"{STEM}_{release.id}.{file.format.suffix}", long=True, apart=True)
    caching = FOR_EVER if file.same_bytes else BY_OTHERS
    return Found(file.format.media_type, _links(release, name), making=lambda: making, caching=caching)


def _links(release: Release, name: str) -> Mapping[str, str]:
    return links.of_something(release, links.file_address(release, name))
