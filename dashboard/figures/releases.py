"""Which releases there have been: the current one, the ones that are kept, and the ones that were withdrawn or are not here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from functools import lru_cache
from pathlib import Path

from etl.country import COUNTRY
from etl.release import SEAL, Release, ReleaseError, releases
from etl.release.register import Listed, cutoff_of, read_register

#: Releases of which what they hold is remembered: some text of each.
REMEMBERED = 512


class Standing(Enum):
    """Whether a release can be opened."""

    CURRENT = "Vigente"
    KEPT = "Guardada"
    WITHDRAWN = "Retirada"
    LOST = "Ya no está"


@dataclass(frozen=True)
class Held:
    """What a release that is there holds."""

    tables: int
    rows: int
    files: int
    size: int
    seal: str


@dataclass(frozen=True)
class Known:
    """A release, as far as it is known. `published` is when it first became current, if anybody wrote it down."""

    id: str
    standing: Standing
    cutoff: date
    published: datetime | None = None
    withdrawn: datetime | None = None
    motive: str = ""
    held: Held | None = None

    @property
    def opens(self) -> bool:
        """Whether it can be opened, compared and downloaded."""
        return self.standing in (Standing.CURRENT, Standing.KEPT)


def known(current: Release) -> tuple[Known, ...]:
    """Every release that was published where `current` is, the newest first. One that nobody listed goes by its cut-off."""
    folder = current.root.parent
    listed: Mapping[str, Listed] = {}
    with suppress(ReleaseError):
        listed = read_register(folder)
    there = {name for name in releases(folder) if _is_named(name)} | {current.id}
    found = [_known(current, name, listed.get(name), name in there) for name in {*listed, *there}]
    return tuple(sorted(found, key=_moment, reverse=True))


def _is_named(name: str) -> bool:
    with suppress(ValueError):
        return bool(cutoff_of(name))
    return False


def _known(current: Release, name: str, listed: Listed | None, there: bool) -> Known:
    withdrawn = listed.get("retirada") if listed else None
    held = None
    if there and not withdrawn:
        with suppress(ReleaseError, OSError, UnicodeDecodeError):
            held = _held(current.root.parent / name)
    if name == current.id:
        standing = Standing.CURRENT
    elif withdrawn:
        standing = Standing.WITHDRAWN
    else:
        standing = Standing.KEPT if held else Standing.LOST
    return Known(
        name,
        standing,
        cutoff_of(name),
        _when(listed["publicada"]) if listed else None,
        _when(withdrawn) if withdrawn else None,
        (listed or {}).get("motivo", "") if listed else "",
        held,
    )


def _moment(item: Known) -> tuple[datetime, str]:
    """Where a release goes in the list."""
    day = datetime.combine(item.cutoff, datetime.min.time(), UTC)
    return item.published or day, item.id


def _when(moment: str) -> datetime:
    """A moment in the time of the country."""
    return datetime.fromisoformat(moment).astimezone(COUNTRY.zone)


@lru_cache(REMEMBERED)
def _held(root: Path) -> Held:
    """What the release in a folder holds, which never changes; one of several errors if it cannot be read."""
    release = Release.open(root, whole=False)
    seal = (root / SEAL).read_text(encoding="ascii").strip()
    files = release.manifest["archivos"]
    tables = [item for item in files if item["tabla"]]
    return Held(
        len(tables), _sum(item["filas"] for item in tables), len(files), _sum(item["bytes"] for item in files), seal
    )


def _sum(values: Iterable[int | None]) -> int:
    return sum(value or 0 for value in values)


@lru_cache(8)
def opened(root: Path) -> Release:
    """The release in a folder, to be compared. ReleaseError if it cannot be opened."""
    return Release.open(root, whole=False)
