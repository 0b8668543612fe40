"""The good release before one that cannot be served: the newest of its folder that is whole."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from etl.release.names import NAME, SYNTHETIC, ReleaseError
from etl.release.opened import Release
from etl.release.register import withdrawn
from etl.release.writing import releases


def leads_to(current: Path) -> str:
    """The name of the release that `current` (a release folder or the `current` link) leads to, even if it is not there;
    empty when it is no name of a release.
    """
    name = os.path.basename(os.path.realpath(current))
    return name if NAME.fullmatch(name) else ""


def whole_before(current: Path) -> Release | None:
    """The newest release that is whole, of real or of invented people as the one that `current` leads to, and older than it.

    Older in both ways: of no later cut-off, and written no later. One that was written later and is not current was withdrawn
    (`rollback`), and nobody wants it back. None when there is none, or when `current` says no name.
    """
    name = leads_to(current)
    folder = Path(os.path.realpath(current)).parent
    limit = (_cutoff(name), _written(folder / name))
    taken_back: frozenset[str] = frozenset()
    with suppress(ReleaseError):
        taken_back = withdrawn(folder)
    found = [
        (_cutoff(other), _written(folder / other), other)
        for other in (releases(folder) if name else ())
        if other != name
        and other not in taken_back
        and NAME.fullmatch(other)
        and other.startswith(SYNTHETIC) == name.startswith(SYNTHETIC)
    ]
    for cutoff, written, other in sorted(found, reverse=True):
        if cutoff <= limit[0] and written <= limit[1]:
            try:
                release = Release.open(folder / other)
                if not release.files.damaged():
                    return release
            except ReleaseError:
                continue
    return None


def _cutoff(name: str) -> str:
    """The day in the name of a release, as ISO text."""
    return name.removeprefix(SYNTHETIC)[: len("2026-07-12")]


def _written(root: Path) -> float:
    """When a release was written: the time of its oldest file, which one that is damaged later does not change.

    Infinite for one that is not there: whatever is there was written before.
    """
    try:
        with os.scandir(root) as files:
            return min((item.stat().st_mtime for item in files), default=float("inf"))
    except OSError:
        return float("inf")
