"""A change of the current release that leaves a trace: written down before, done by one rename, closed after."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from etl.publish.history import Action, History, Outcome
from etl.release import CURRENT, Manifest, OnFile, Release, ReleaseError, make_current, write


def current(destination: Path) -> Release | None:
    """The release that is current in `destination`, None if there has been none; ReleaseError if it is damaged."""
    link = destination / CURRENT
    return Release.open(link) if link.is_symlink() else None


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
    """Write the release and make it current, recorded in `history`; only while holding `etl.release.only_one`."""
    entry = history.begin(action, release_id, current_id(destination), manifest, accepted)
    try:
        write(release_id, files, destination, on_file)
        release = make_current(release_id, destination)
    except ReleaseError:
        history.close(entry, Outcome.INTERRUPTED)
        raise
    history.close(entry, Outcome.DONE)
    return release


def return_to(release_id: str, destination: Path, history: History) -> Release:
    """Make an older release current again, recorded in `history`; ReleaseError if it is missing or any byte differs."""
    release = Release.open(destination / release_id)
    if damaged := release.damaged_files():
        raise ReleaseError(f"la publicación {release_id} está dañada: {', '.join(damaged)}")
    entry = history.begin(Action.ROLLBACK, release_id, current_id(destination), release.manifest, False)
    release = make_current(release_id, destination)
    history.close(entry, Outcome.DONE)
    return release
