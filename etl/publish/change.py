"""A change of the current release that leaves a trace: written down before, done by one rename, closed after."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from etl.publish.before import check_nothing_changed
from etl.publish.history import Action, History, HistoryError, Outcome
from etl.release import CURRENT, MANIFEST, Manifest, OnFile, Release, ReleaseError, make_current, write


@dataclass(frozen=True)
class Standing:
    """The current release of a folder: its name, what can be opened of it, and its files that are not what was published.

    `id` is None when there has been none; `release`, when there is none or its manifest cannot be read.
    """

    id: str | None
    release: Release | None = None
    damaged: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """What is wrong with it."""
        return f"la publicación vigente, {self.id}, está dañada en el disco: {', '.join(self.damaged)}"


def standing(destination: Path) -> Standing:
    """How the current release of `destination` is, every file of it read."""
    name = current_id(destination)
    if name is None:
        return Standing(None)
    try:
        release = Release.open(destination / CURRENT, whole=False)
    except ReleaseError:
        return Standing(name, None, (MANIFEST,))
    return Standing(name, release, release.files.damaged())


def current_id(destination: Path) -> str | None:
    """The name of the current release of `destination`, even if it is damaged."""
    link = destination / CURRENT
    return link.readlink().name if link.is_symlink() else None


def publish_release(
    release_id: str,
    files: Mapping[str, bytes],
    manifest: Manifest,
    destination: Path,
    history: History,
    action: Action,
    accepted: bool = False,
    on_file: OnFile = lambda size: None,
) -> Release:
    """Write the release and make it current, recorded in `history`; only while holding `etl.release.only_one`.

    ReleaseError if what earlier ones published is lost or changed, or is not what `manifest` says there was before.
    """
    check_nothing_changed(release_id, manifest, destination)
    entry = history.begin(action, release_id, current_id(destination), manifest, accepted)
    try:
        write(release_id, files, destination, on_file)
        release = make_current(release_id, destination)
    except ReleaseError:
        with suppress(HistoryError):  # what stopped the change comes first; the next operation closes it
            history.close(entry, Outcome.INTERRUPTED)
        raise
    _close(history, entry)
    return release


def _close(history: History, entry: int) -> None:
    """The change is made: if it cannot be closed (a full disk), the next operation sees what is current and does it."""
    with suppress(HistoryError):
        history.close(entry, Outcome.DONE)


def return_to(release_id: str, destination: Path, history: History) -> Release:
    """Make an older release current again, recorded in `history`; ReleaseError if it is missing or any byte differs."""
    release = Release.open(destination / release_id)
    if damaged := release.damaged_files():
        raise ReleaseError(f"la publicación {release_id} está dañada: {', '.join(damaged)}")
    entry = history.begin(Action.ROLLBACK, release_id, current_id(destination), release.manifest, False)
    try:
        release = make_current(release_id, destination)
    except ReleaseError:
        with suppress(HistoryError):
            history.close(entry, Outcome.INTERRUPTED)
        raise
    _close(history, entry)
    return release
